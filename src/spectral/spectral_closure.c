/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures in the right-hand side, by full blocks: the fields a closure needs on the grid of the run, its term at points, and the retained modes of
   that term, which the right-hand side adds to component 0.

   Offered: target subgrid_forcing without ghost cells. What is not offered stops at SetUp. */
#include "spectral.h"

PetscErrorCode EddySpectralClosureSetUp(EddyDisc d, EddyOptions o)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    const EddyClosureOps *ops = d->closure[i]->ops;
    char key[2 * EDDY_MAX_NAME];
    EddyField field;
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", d->closure[i]->name));
    EddyOptionsCheck(
        ops->target == EDDY_TARGET_SUBGRID_FORCING, o, key,
        "disc_type spectral takes closures of the target subgrid_forcing, %s has another one",
        ops->name);
    EddyOptionsCheck(!ops->halo, o, key,
                     "%s reads %" PetscInt_FMT
                     " ghost cells, disc_type spectral hands out blocks without any",
                     ops->name, ops->halo);
    for (PetscInt k = 0; ops->needs && ops->needs[k]; ++k)
      PetscCall(EddyFieldFind(d->physics, o, key, ops->needs[k], &field));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralClosures(EddyDisc d, const EddyStage *st, const double *u)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F;
  PetscFunctionBeginUser;
  PetscCall(EddySpectralPointGrid(d, &F));
  const size_t n = (size_t)(F->y1 - F->y0) * (size_t)F->nx, block = (size_t)F->My * 16;
  if (!s->closure)
    PetscCall(PetscMalloc2(PetscMax(1, n), &s->closure_term,
                           PetscMax(1, (size_t)(F->b1 - F->b0) * block), &s->closure));
  PetscCall(PetscArrayzero(s->closure_term, n));
  EddyBlock out = {.name = "subgrid_forcing",
                   .dim = d->box.dim,
                   .ncomp = 1,
                   .where = EDDY_WHERE_NODE,
                   .n = {F->nx, F->ny, 1},
                   .start = {0, F->y0, 0},
                   .count = {F->nx, F->y1 - F->y0, 1},
                   .data = s->closure_term};
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    const EddyClosureOps *ops = d->closure[i]->ops;
    EddyBlock in[EDDY_MAX_LIST];
    PetscInt need = 0;
    while (ops->needs && ops->needs[need])
      ++need;
    EddyAssert(need <= EDDY_MAX_LIST, d->comm, "closure %s needs %" PetscInt_FMT " fields",
               ops->name, need);
    PetscCall(EddySpectralGetFields(d, EDDY_MAX_LIST, st, u, NULL, need, ops->needs, in));
    PetscCall(ops->Apply(d->closure[i], st, in, &out));
  }
  PetscCall(EddyFourierFromReal(F, 1, s->closure_term));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
    EddyFourierForwardColumns(F, b, 1);
    EddyFourierUnpack(F, b, 1, s->closure + (size_t)b * block);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
