/* SPDX-License-Identifier: BSD-3-Clause */
/* The two cosines of the reinforcement-learned closures for 2-D turbulence [Mojgani2023]:
     curl f = A (K_x cos(K_x x) + K_y cos(K_y y)),   K = 2 pi k / L,   k = 4 or 25.
   Their code subtracts it from an equation for lap psi, which is minus our vorticity: here it is
   added. For the same reason their
   + beta v is our - beta v. */
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
  PetscCall(EddyForcingNeedsFlow(f, o, prefix));
  PetscCall(EddyOptionsInt(o, EddyForcingOption(prefix, "k", &key), "waves per box", 4, 1, 100000,
                           &c->k));
  PetscCall(EddyOptionsReal(o, EddyForcingOption(prefix, "amplitude", &key), "force per mass",
                            "L/T^2", 1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Amplitude(EddyForcing f, const EddyMode *k, EddyComplex out[])
{
  const Ctx *c = f->ctx;
  const EddyBox *box = &f->physics->box;
  for (int d = 0; d < 2; ++d) {
    const PetscInt ik[2] = {d == 0 ? c->k : 0, d == 1 ? c->k : 0};
    const PetscReal K = 2 * PETSC_PI * c->k / EddyBoxLength(box, d);
    out[0] = EddyCAdd(out[0], EddyForcingWave(f, k, ik, K * c->amplitude, 0));
  }
}

const EddyForcingOps eddy_forcing_smarl = {
    .name = "smarl",
    .summary = "k cos(k x) + k cos(k y) on the vorticity (SMARL, py2d)",
    .reference = "Mojgani2023",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Amplitude = Amplitude,
};
