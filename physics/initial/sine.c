/* SPDX-License-Identifier: BSD-3-Clause */
/* One wave:  u = mean + amplitude sin(k.x + phase),  k = 2 pi (k_x/L_x, k_y/L_y) with integer
   counts initial_k. On a flow it is the vorticity, without mean. Zabusky and Kruskal's cos(pi x) on
   [0, 2] is k: [1], phase: pi/2. */
#include "initial.h"
#include <math.h>

typedef struct {
  PetscReal amplitude, phase, mean;
  PetscInt k[3];
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "amplitude", "state", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "phase", &key), "phase", "rad", 0, -1e6, 1e6,
                            &c->phase));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "mean", &key), "mean", "state", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->mean));
  EddyOptionsCheck(!ic->flow || c->mean == 0, o, key.text,
                   "must be 0: the vorticity of a periodic flow has no mean");
  c->k[0] = 1;
  PetscCall(EddyOptionsInts(o, EddyInitialOption(ic, "k", &key), "waves per box, by direction",
                            ic->physics->box.dim, -100000, 100000, c->k, NULL));
  EddyOptionsCheck(c->k[0] || c->k[1] || c->k[2], o, key.text, "is zero in every direction");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  int sign = 0;
  if (k->ik[0] == c->k[0] && k->ik[1] == c->k[1] && k->ik[2] == c->k[2])
    sign = 1;
  if (k->ik[0] == -c->k[0] && k->ik[1] == -c->k[1] && k->ik[2] == -c->k[2])
    sign = -1;
  if (!(k->k2 > 0))
    u[ic->comp] = EddyC(c->mean, 0);
  if (!sign)
    return;
  const EddyComplex z =
      EddyC(.5 * c->amplitude * sin(c->phase), -.5 * sign * c->amplitude * cos(c->phase));
  u[ic->comp] = EddyInitialShift(&ic->physics->box, k, z);
}

const EddyInitialOps eddy_initial_sine = {
    .name = "sine",
    .summary = "one wave of given wavenumber, amplitude and phase",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
