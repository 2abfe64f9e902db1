/* SPDX-License-Identifier: BSD-3-Clause */
/* A box [lower, upper] with n equal cells (or grid points) per direction; 1 to 3 directions, periodic
 * where no boundary condition is given. */
#include "mesh.h"

/* Entries of a list in text. */
static PetscInt Count(const char *text)
{
  PetscInt n = 1;
  for (; *text; ++text)
    n += *text == ',';
  return n;
}

PetscErrorCode EddyMeshReadCells(EddyOptions o, EddyBox *box)
{
  const char *text;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsGetRaw(o, "mesh_n", &text));
  EddyOptionsCheck(text, o, "mesh_n",
                   "must be given: points or cells per direction (allowed: 1 to 3 whole numbers, "
                   "e.g. [64, 64])");
  box->dim = text ? Count(text) : 2;
  EddyOptionsCheck(box->dim <= 3, o, "mesh_n",
                   "wrong list length: %" PetscInt_FMT " given (allowed: 1 to 3 directions)",
                   box->dim);
  for (int d = 0; d < 3; ++d) {
    box->n[d] = catalogue && d < box->dim ? 16 : 1;
    box->lower[d] = 0;
    box->upper[d] = 1;
    box->periodic[d] = PETSC_TRUE;
  }
  PetscCall(EddyOptionsInts(o, "mesh_n", "points or cells per direction", box->dim, 1, 65536,
                            box->n, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMeshReadCorners(EddyOptions o, EddyBox *box)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReals(o, "mesh_lower", "lower corner of the box", "L", box->dim, -1e100,
                             1e100, box->lower, NULL));
  PetscCall(EddyOptionsReals(o, "mesh_upper", "upper corner of the box", "L", box->dim, -1e100,
                             1e100, box->upper, NULL));
  for (int d = 0; d < box->dim; ++d)
    EddyOptionsCheck(box->upper[d] > box->lower[d], o, "mesh_upper",
                     "%g is not above mesh_lower %g in direction %c", (double)box->upper[d],
                     (double)box->lower[d], "xyz"[d]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMeshReadFaces(EddyOptions o, EddyBox *box)
{
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  for (int d = 0; d < (catalogue ? 3 : box->dim); ++d) {
    char key[EDDY_MAX_NAME];
    EddyBoundary type[2];
    for (int side = 0; side < 2; ++side) {
      PetscCall(EddyBoundaryFromOptions(o, d, side, &type[side]));
      box->wall[d][side] =
          (PetscBool)(type[side] == EDDY_BOUNDARY_REFLECTING || type[side] == EDDY_BOUNDARY_SLIP ||
                      type[side] == EDDY_BOUNDARY_NO_SLIP);
    }
    const PetscBool low = (PetscBool)(type[0] == EDDY_BOUNDARY_PERIODIC),
                    high = (PetscBool)(type[1] == EDDY_BOUNDARY_PERIODIC);
    PetscCall(PetscSNPrintf(key, sizeof key, "boundary_%c%s_type", "xyz"[d], low ? "min" : "max"));
    EddyOptionsCheck(low == high, o, key, "is periodic, but the face opposite is %s",
                     EddyBoundaryNames[low ? type[1] : type[0]]);
    box->periodic[d] = low;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Options(EddyMesh m, EddyOptions o)
{
  PetscFunctionBeginUser;
  PetscCall(EddyMeshReadCells(o, &m->box));
  PetscCall(EddyMeshReadCorners(o, &m->box));
  PetscCall(EddyMeshReadFaces(o, &m->box));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyMeshOps eddy_mesh_box = {
    .name = "box",
    .summary = "box with equal cells, periodic unless boundary says otherwise",
    .Options = Options,
};
