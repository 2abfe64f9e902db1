/* SPDX-License-Identifier: BSD-3-Clause */
/* Kolmogorov forcing [MeshalkinSinai1961; Kochkov2021 with k = 4, amplitude 1]. With K = 2 pi k / L
   of the direction it varies in: direction x (default)  f = A sin(K y) e_x,   curl f = -K A cos(K
   y) direction y            f = A sin(K x) e_y,   curl f =  K A cos(K x) 1-D equations: f = A sin(K
   x) on u. The drag that usually goes with it is physics_drag. */
#include "forcing.h"

typedef struct {
  PetscReal amplitude;
  PetscInt k, direction;
} Ctx;

static PetscErrorCode Create(EddyForcing f, EddyOptions o, const char *prefix)
{
  static const char *const directions[] = {"x", "y"};
  EddyForcingKey key;
  Ctx *c = f->ctx;

  PetscFunctionBeginUser;
  if (f->physics->box.dim > 1)
    PetscCall(EddyForcingNeedsFlow(f, o, prefix));
  PetscCall(EddyOptionsInt(o, EddyForcingOption(prefix, "k", &key), "waves per box", 4, 1, 100000,
                           &c->k));
  PetscCall(EddyOptionsReal(o, EddyForcingOption(prefix, "amplitude", &key), "force per mass",
                            "L/T^2", 1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  PetscCall(EddyOptionsChoice(o, EddyForcingOption(prefix, "direction", &key),
                              "direction of the force; it varies along the other one", directions,
                              2, 0, &c->direction));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Amplitude(EddyForcing f, const EddyMode *k, EddyComplex out[])
{
  const Ctx *c = f->ctx;
  const EddyBox *box = &f->physics->box;
  const int along = f->flow && c->direction == 0; /* index of the direction it varies in */
  const PetscReal K = 2 * PETSC_PI * c->k / EddyBoxLength(box, along);
  const PetscInt ik[2] = {along ? 0 : c->k, along ? c->k : 0};
  if (!f->flow)
    out[0] = EddyForcingWave(f, k, ik, 0, c->amplitude);
  else
    out[0] = EddyForcingWave(f, k, ik, (along ? -K : K) * c->amplitude, 0);
}

const EddyForcingOps eddy_forcing_kolmogorov = {
    .name = "kolmogorov",
    .summary = "A sin(k y) along x (or A sin(k x) along y)",
    .reference = "MeshalkinSinai1961, Kochkov2021",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Amplitude = Amplitude,
};
