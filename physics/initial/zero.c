/* SPDX-License-Identifier: BSD-3-Clause */
/* u = value everywhere (0 unless initial_value says otherwise; a flow has no mean vorticity on a
 * periodic box). */
#include "initial.h"

typedef struct {
  PetscReal value;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "value", &key), "uniform value", "state", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->value));
  EddyOptionsCheck(!ic->flow || c->value == 0, o, EddyInitialOption(ic, "value", &key),
                   "must be 0: the vorticity of a periodic flow has no mean");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  if (!(k->k2 > 0))
    u[ic->comp] = EddyC(c->value, 0);
}

const EddyInitialOps eddy_initial_zero = {
    .name = "zero",
    .summary = "at rest, or one value everywhere",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
