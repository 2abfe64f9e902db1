/* SPDX-License-Identifier: BSD-3-Clause */
/* The starts of the stiff-stepper literature, by physics, with z = 2 pi x / L:
     ks          cos z (1 + sin z)                                        L = 32 pi
   [KassamTrefethen2005, sec. 4] burgers     exp(-10 sin^2(z/2)) L = 2 pi, nu = 0.03 kdv         3
   A^2 sech^2(A (z+2)/2) + 3 B^2 sech^2(B (z+1)/2)        z in [-pi, pi), A = 25, B = 16 allen_cahn
   tanh(2 sin z)/3 - exp(-23.5 (z - pi/2)^2) + exp(-27 (z - 4.2)^2) + exp(-38 (z - 5.4)^2) z in [0,
   2 pi), epsilon = 5e-3, Chebfun's spin('ac') */
#include "initial.h"
#include <math.h>
#include <string.h>

typedef PetscReal (*Start)(PetscReal z);
typedef struct {
  Start start;
} Ctx;

static PetscReal Wrap(PetscReal z, PetscReal from)
{
  return z - 2 * PETSC_PI * floor((z - from) / (2 * PETSC_PI));
}

static PetscReal Ks(PetscReal z) { return cos(z) * (1 + sin(z)); }

static PetscReal Burgers(PetscReal z) { return exp(-10 * PetscSqr(sin(.5 * z))); }

static PetscReal Kdv(PetscReal z)
{
  const PetscReal A = 25, B = 16, y = Wrap(z, -PETSC_PI);
  return 3 * PetscSqr(A / cosh(.5 * A * (y + 2))) + 3 * PetscSqr(B / cosh(.5 * B * (y + 1)));
}

static PetscReal AllenCahn(PetscReal z)
{
  const PetscReal y = Wrap(z, 0);
  return tanh(2 * sin(y)) / 3 - exp(-23.5 * PetscSqr(y - .5 * PETSC_PI)) +
         exp(-27 * PetscSqr(y - 4.2)) + exp(-38 * PetscSqr(y - 5.4));
}

static const struct {
  const char *physics;
  Start start;
} starts[] = {{"ks", Ks}, {"burgers", Burgers}, {"kdv", Kdv}, {"allen_cahn", AllenCahn}};

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscBool catalogue;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  for (size_t i = 0; i < sizeof starts / sizeof *starts; ++i)
    if (!strcmp(starts[i].physics, ic->physics->ops->name))
      c->start = starts[i].start;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || c->start, o, EddyInitialOption(ic, "type", &key),
                   "kassam_trefethen is for ks, burgers, kdv and allen_cahn, not for %s",
                   ic->physics->ops->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  u[ic->comp] = c->start(2 * PETSC_PI * x[0] / EddyBoxLength(&ic->physics->box, 0));
}

const EddyInitialOps eddy_initial_kassam_trefethen = {
    .name = "kassam_trefethen",
    .summary = "starts of the stiff-stepper literature (KS, Burgers, KdV, Allen-Cahn)",
    .reference = "KassamTrefethen2005",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Point = Point,
};
