/* SPDX-License-Identifier: BSD-3-Clause */
#include "bed.h"
#include <math.h>

static const char *const names[] = {"flat", "gaussian", "bowl", "slope", "beach", "cone", "file"};

static PetscErrorCode FromFile(EddyOptions o, const EddyBox *box, EddyBed *b)
{
  static const char key[] = "physics_bathymetry_file";
  const char *path;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsString(
      o, key, "bed on a regular grid: .csv (x,y,z), .asc (ESRI), .h5 (x, y, z)", NULL, &path));
  PetscCall(EddyOptionsReal(o, "physics_bathymetry_scale",
                            "factor on the heights of the file; -1 when it holds depths", "1", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &b->scale));
  PetscCall(EddyOptionsReal(o, "physics_bathymetry_offset", "added to the heights of the file", "L",
                            0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &b->offset));
  PetscCall(EddyOptionsIdle(o, b->type != EDDY_BED_FILE,
                            "physics_bathymetry_scale physics_bathymetry_offset"));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(path || b->type != EDDY_BED_FILE, o, key,
                   "is not given: physics_bathymetry_type file needs it");
  EddyOptionsCheck(!path || b->type == EDDY_BED_FILE, o, key, "needs physics_bathymetry_type file");
  if (!path)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOptionsReadable(o, key, path));
  PetscCall(EddyGriddedRead(path, box->dim, &b->values));
  for (int d = 0; d < (int)box->dim; ++d) {
    const EddyGridded *g = &b->values;
    const PetscReal half = .5 * PetscMax(g->step[d], b->cell[d]) * (1 + 1e-9);
    const PetscReal top = g->first[d] + g->step[d] * (PetscReal)(g->n[d] - 1);
    if (box->mapped) { /* cells of all sizes, anywhere */
      b->cell[d] = g->step[d];
      continue;
    }
    EddyOptionsCheck(box->lower[d] >= g->first[d] - half && box->upper[d] <= top + half, o, key,
                     "%s covers %c from %g to %g, the mesh reaches from %g to %g", path, "xyz"[d],
                     (double)g -> first[d], (double)top, (double)box -> lower[d],
                     (double)box -> upper[d]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyBedCreate(EddyOptions o, const EddyBox *box, EddyBed *b)
{
  PetscReal least = PETSC_MAX_REAL;
  PetscFunctionBeginUser;
  b->dim = box->dim;
  for (int d = 0; d < (int)box->dim; ++d) {
    b->centre[d] = .5 * (box->lower[d] + box->upper[d]);
    b->cell[d] = EddyBoxLength(box, d) / (PetscReal)PetscMax(1, box->n[d]);
    least = PetscMin(least, EddyBoxLength(box, d));
  }
  PetscCall(EddyOptionsChoice(o, "physics_bathymetry_type", "shape of the bed", names,
                              EDDY_BED_COUNT, EDDY_BED_FLAT, &b->type));
  PetscCall(EddyOptionsReal(o, "physics_bathymetry_height",
                            "height of gaussian and cone, depth of the bowl", "L", 1, 0,
                            PETSC_MAX_REAL, &b->height));
  PetscCall(EddyOptionsReal(
      o, "physics_bathymetry_width",
      "standard deviation of the gaussian, radius of the bowl, of the foot of the cone", "L",
      .25 * least, PETSC_SMALL, PETSC_MAX_REAL, &b->width));
  PetscCall(EddyOptionsReal(o, "physics_bathymetry_crest", "radius of the flat top of the cone",
                            "L", 0, 0, PETSC_MAX_REAL, &b->crest));
  PetscCall(EddyOptionsReals(o, "physics_bathymetry_centre",
                             "centre of the bed, a point of the foot of the beach", "L", box->dim,
                             -PETSC_MAX_REAL, PETSC_MAX_REAL, b->centre, NULL));
  PetscCall(EddyOptionsReals(o, "physics_bathymetry_gradient", "gradient of slope and beach", "1",
                             box->dim, -PETSC_MAX_REAL, PETSC_MAX_REAL, b->gradient, NULL));
  const PetscInt t = b->type;
  const PetscBool level = (PetscBool)(t == EDDY_BED_FLAT || t == EDDY_BED_FILE),
                  sloping = (PetscBool)(t == EDDY_BED_SLOPE || t == EDDY_BED_BEACH);
  PetscCall(
      EddyOptionsIdle(o, level || sloping, "physics_bathymetry_height physics_bathymetry_width"));
  PetscCall(EddyOptionsIdle(o, level || t == EDDY_BED_SLOPE, "physics_bathymetry_centre"));
  PetscCall(EddyOptionsIdle(o, t != EDDY_BED_CONE, "physics_bathymetry_crest"));
  PetscCall(EddyOptionsIdle(o, !sloping, "physics_bathymetry_gradient"));
  EddyOptionsCheck(b->type != EDDY_BED_CONE || b->crest < b->width, o, "physics_bathymetry_crest",
                   "%g is not below physics_bathymetry_width %g", (double)b->crest,
                   (double)b->width);
  PetscCall(FromFile(o, box, b));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscReal EddyBedAt(const EddyBed *b, const PetscReal x[3])
{
  PetscReal r2 = 0, along = 0;
  for (PetscInt d = 0; d < b->dim; ++d) {
    const PetscReal r = x[d] - b->centre[d];
    r2 += r * r;
    along += b->gradient[d] * r;
  }
  switch (b->type) {
  case EDDY_BED_GAUSSIAN:
    return b->height * exp(-.5 * (r2 / (b->width * b->width)));
  case EDDY_BED_BOWL:
    return b->height * (r2 / (b->width * b->width) - 1);
  case EDDY_BED_SLOPE:
    return along;
  case EDDY_BED_BEACH:
    return PetscMax(0, along);
  case EDDY_BED_CONE:
    return b->height * PetscMin(1, PetscMax(0, (b->width - sqrt(r2)) / (b->width - b->crest)));
  case EDDY_BED_FILE:
    return b->offset + b->scale * EddyGriddedMean(&b->values, x, b->cell);
  default:
    return 0;
  }
}

PetscErrorCode EddyBedDestroy(EddyBed *b)
{
  PetscFunctionBeginUser;
  PetscCall(EddyGriddedDestroy(&b->values));
  PetscFunctionReturn(PETSC_SUCCESS);
}
