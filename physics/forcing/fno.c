/* SPDX-License-Identifier: BSD-3-Clause */
/* Forcing of the Fourier-neural-operator Navier-Stokes sets [Li2021, sec. 5.3], on the vorticity:
     A (sin(2 pi k (x/L_x + y/L_y)) + cos(2 pi k (x/L_x + y/L_y))),   A = 0.1, k = 1.
   1-D equations: the same with x alone, on u. */
#include "forcing.h"

typedef struct {
  PetscReal amplitude;
  PetscInt k;
} Ctx;

static PetscErrorCode Create(EddyForcing f, EddyOptions o, const char *prefix)
{
  EddyForcingKey key;
  Ctx *c = f->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsInt(o, EddyForcingOption(prefix, "k", &key), "waves per box", 1, 1, 100000,
                           &c->k));
  PetscCall(EddyOptionsReal(o, EddyForcingOption(prefix, "amplitude", &key),
                            "amplitude on the state (a flow: on the vorticity)", "state/T", .1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Amplitude(EddyForcing f, const EddyMode *k, EddyComplex out[])
{
  const Ctx *c = f->ctx;
  const PetscInt ik[2] = {c->k, f->physics->box.dim > 1 ? c->k : 0};
  out[0] = EddyForcingWave(f, k, ik, c->amplitude, c->amplitude);
}

const EddyForcingOps eddy_forcing_fno = {
    .name = "fno",
    .summary = "0.1 (sin + cos)(2 pi (x + y)) on the vorticity (Fourier neural operator sets)",
    .reference = "Li2021",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Amplitude = Amplitude,
};
