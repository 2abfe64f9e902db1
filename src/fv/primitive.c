/* SPDX-License-Identifier: BSD-3-Clause */
/* From the state to the primitive state with ghosts.

   All at once, for whoever reads the whole of w (fields, closures, viscous terms, equilibria, running maxima, mapped grids):

     rows that other ranks wait for | send | all other rows | receive, ghosts beyond the box

   or, for a right-hand side that reads rows near by only (s->ahead > 0), the rim, then bands of rows as the sweep comes to them:

     rim: rows less than EDDY_FV_GHOST from a face of the block in y and z | send | the sweep begins; bands, their ghosts in x | receive, ghosts in y and z, when first needed

   so that a row of w is still in cache when it is read, and so is the row of u when the stage kernel updates it: w crosses the memory bus once instead of twice and u once instead of twice. */
#include "fv.h"
#include <string.h>

/* Row (j, k), with the ghosts in x that are its own cells. Rows of a 3-D tile are too short for the processor to see where the next plane begins: asks for the row after the next. */
static void Convert(EddyDisc d, const double *u, PetscInt j, PetscInt k)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const size_t at = EddyFvCell(s, 0, j, k);
  double *w = s->w + EddyFvWork(s, 0, 0, j, k);
  for (PetscInt c = 0; c < s->ncomp && s->dim > 2; ++c)
    for (PetscInt i = 0; i < s->n[0]; i += 8)
      __builtin_prefetch(u + (size_t)c * s->cells + at + (size_t)(2 * s->n[0] + i));
  p->fv.ToPrim(p->ctx, s->n[0], s->cells, u + at, s->cells, s->aux ? s->aux + at : NULL, s->comp,
               w);
  EddyFvWrapRow(s, s->nprim, w);
}

PetscErrorCode EddyFvPrimitive(EddyDisc d, const EddyStage *st, const double *u)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  for (int sent = 1; sent >= 0; --sent) {
    for (PetscInt k = 0; k < s->n[2]; ++k)
      for (PetscInt j = 0; j < s->n[1]; ++j)
        if (EddyFvSendsRow(s, j, k) == (PetscBool)sent)
          Convert(d, u, j, k);
    if (sent)
      PetscCall(EddyFvGhostsBegin(d, s->nprim, s->w));
  }
  PetscCall(EddyFvGhostsEnd(d, st->t, s->nprim, s->w));
  if (s->balance)
    EddyFvBalanceBegin(d);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvAheadCreate(EddyDisc d, PetscInt stencil)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt rows = s->n[1] - 2 * EDDY_FV_GHOST, planes = s->dim > 2 ? s->n[2] : 1;
  PetscFunctionBeginUser;
  if (s->dim < 2 || s->corners || s->mapped || s->balance || s->closures || s->ranks[0] > 1)
    PetscFunctionReturn(PETSC_SUCCESS);
  s->ahead = stencil + 1;
  s->band = s->dim > 2 ? EDDY_FV_LINES : EDDY_FV_BAND;
  s->bands = rows > 0 ? (rows + s->band - 1) / s->band : 0;
  PetscCall(PetscMalloc1(s->bands * planes + 1, &s->ready));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rows j0 .. j1 - 1 of planes k0 .. k1 - 1. */
static void Rows(EddyDisc d, double t, const double *u, PetscInt j0, PetscInt j1, PetscInt k0,
                 PetscInt k1)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt lo[3] = {0, j0, k0}, hi[3] = {s->n[0], j1, k1};
  for (PetscInt k = k0; k < k1; ++k)
    for (PetscInt j = j0; j < j1; ++j)
      Convert(d, u, j, k);
  if (j0 < j1 && k0 < k1)
    EddyFvFillDirection(d, t, 0, lo, hi, s->w);
}

PetscErrorCode EddyFvAheadBegin(EddyDisc d, const EddyStage *st, const double *u,
                                PetscBool *waiting)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt g = EDDY_FV_GHOST, ny = s->n[1], nz = s->n[2], gz = s->dim > 2 ? g : 0;
  const PetscInt y0 = PetscMin(g, ny), y1 = PetscMax(y0, ny - g), z0 = PetscMin(gz, nz),
                 z1 = PetscMax(z0, nz - gz);
  PetscFunctionBeginUser;
  Rows(d, st->t, u, 0, y0, 0, nz);
  Rows(d, st->t, u, y1, ny, 0, nz);
  Rows(d, st->t, u, y0, y1, 0, z0);
  Rows(d, st->t, u, y0, y1, z1, nz);
  memset(s->ready, 0, (size_t)s->bands * (size_t)(s->dim > 2 ? nz : 1));
  PetscCall(EddyFvGhostsBegin(d, s->nprim, s->w));
  EddyFvGhostsOwn(d, st->t, s->w);
  *waiting = (PetscBool)(s->ranks[1] > 1 || s->ranks[2] > 1);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvAheadEnd(EddyDisc d, const EddyStage *st)
{
  PetscFunctionBeginUser;
  PetscCall(EddyFvGhostsOthers(d, st->t, EddyFvGet(d)->w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvAheadRows(EddyDisc d, const EddyStage *st, const double *u, PetscInt j0, PetscInt j1,
                     PetscInt k)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt g = EDDY_FV_GHOST, end = s->n[1] - g;
  if (s->dim > 2 && (k < g || k >= s->n[2] - g))
    return;
  j0 = PetscMax(j0, g);
  j1 = PetscMin(j1, end);
  for (PetscInt b = (j0 - g) / s->band; g + b * s->band < j1; ++b) {
    char *ready = &s->ready[(s->dim > 2 ? k * s->bands : 0) + b];
    if (!*ready)
      Rows(d, st->t, u, g + b * s->band, PetscMin(g + (b + 1) * s->band, end), k, k + 1);
    *ready = 1;
  }
}
