/* SPDX-License-Identifier: BSD-3-Clause */
/* Boundary conditions: what lies in the ghost layers beyond the faces of the box. */
#include "fv.h"

PetscErrorCode EddyFvFacesCreate(EddyDisc d, EddyOptions o)
{
  static const char *const side_name[] = {"min", "max"};
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  for (int e = 0; e < (int)s->dim; ++e)
    for (int side = 0; side < 2; ++side) {
      char key[3 * EDDY_MAX_NAME];
      EddyBoundary type;
      PetscCall(EddyBoundaryFromOptions(o, e, side, &type));
      s->faces.type[e][side] = type;
      EddyOptionsCheck(type != EDDY_BOUNDARY_REFLECTING || p->vector, o, "physics_type",
                       "%s has no velocity that a reflecting face could mirror", p->ops->name);
      for (PetscInt c = 0; c < s->nprim && type == EDDY_BOUNDARY_DIRICHLET; ++c) {
        const char *given;
        PetscCall(PetscSNPrintf(key, sizeof key, "boundary_%c%s_%s", "xyz"[e], side_name[side],
                                p -> prim[c]));
        PetscCall(EddyOptionsGetRaw(o, key, &given));
        EddyOptionsCheck(given, o, key,
                         "must be given: a dirichlet face needs every primitive value");
        PetscCall(EddyOptionsReal(o, key, "value beyond this face", p->prim_unit[c], 0,
                                  -PETSC_MAX_REAL, PETSC_MAX_REAL, &s->faces.value[e][side][c]));
      }
      for (PetscInt q = 0; q < p->npositive && type == EDDY_BOUNDARY_DIRICHLET; ++q)
        EddyOptionsCheck(s->faces.value[e][side][p->positive[q]] > 0, o, key, "%s must be positive",
                         p->prim[p->positive[q]]);
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One ghost layer beyond a face of the box; local indices, also those of the cell it takes its values from, which may itself be a
   ghost layer of a thin block. */
static void FillLayer(const EddyFv *s, const EddyBox *box, EddyPhysics p, int e, int side,
                      PetscInt layer, PetscInt ncomp, double *w)
{
  const EddyBoundary type = s->faces.type[e][side];
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const PetscInt edge = side ? box->n[e] : 0; /* cells edge - 1 | edge */
  const PetscInt inside = type == EDDY_BOUNDARY_REFLECTING ? 2 * (edge - s->start[e]) - 1 - layer
                                                           : edge - side - s->start[e];
  PetscInt lo[3], n[3];
  EddyFvLayer(s, e, lo, n);
  for (PetscInt c = 0; c < ncomp; ++c) {
    const PetscBool flip =
        (PetscBool)(type == EDDY_BOUNDARY_REFLECTING && p->vector && c == p->vector + e);
    for (PetscInt k = lo[2]; k < lo[2] + n[2]; ++k)
      for (PetscInt j = lo[1]; j < lo[1] + n[1]; ++j) {
        double *row = w + EddyFvWork(s, c, lo[0], j, k), *to = row + layer * step[e];
        const double *from = row + inside * step[e];
        for (PetscInt i = 0; i < n[0]; ++i)
          to[i] = type == EDDY_BOUNDARY_DIRICHLET ? s->faces.value[e][side][c]
                  : flip                          ? -from[i]
                                                  : from[i];
      }
  }
}

void EddyFvFill(EddyDisc d, int e, PetscInt ncomp, double *w)
{
  EddyFv *s = EddyFvGet(d);
  for (PetscInt q = 1; q <= EDDY_FV_GHOST && s->cells && !d->box.periodic[e]; ++q) {
    if (s->start[e] - q < 0)
      FillLayer(s, &d->box, d->physics, e, 0, -q, ncomp, w);
    if (s->start[e] + s->n[e] - 1 + q >= d->box.n[e])
      FillLayer(s, &d->box, d->physics, e, 1, s->n[e] - 1 + q, ncomp, w);
  }
}
