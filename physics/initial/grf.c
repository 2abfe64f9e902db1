/* SPDX-License-Identifier: BSD-3-Clause */
/* Gaussian random field of the Fourier-neural-operator data sets [Li2021, sec. 5.3 and their
   generator]: N(0, sigma^2 (-lap + tau^2)^(-alpha)) on the unit box,   sigma = tau^(alpha - dim/2)
   (dim 2: tau^1.5 at alpha 2.5), uhat_k = amplitude sigma (4 pi^2 |k|^2 + tau^2)^(-alpha/2) (xi + i
   eta),   xi, eta ~ N(0,1), k != 0, k in waves per L_x: a larger box holds the same picture,
   stretched. Their generator takes the real part of a complex field with sqrt(2) times these
   coefficients, which is this law. On a flow it is the vorticity. */
#include "initial.h"
#include "reference.h"
#include <math.h>

typedef struct {
  PetscReal alpha, tau, amplitude, sigma;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "alpha", &key), "exponent of the covariance",
                            "1", 2.5, 0, 20, &c->alpha));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "tau", &key), "inverse length", "1/L_x", 7,
                            PETSC_SMALL, 1e6, &c->tau));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "factor", "state", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  c->sigma = pow(c->tau, c->alpha - .5 * (PetscReal)ic->physics->box.dim);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  if (!(k->k2 > 0))
    return;
  const PetscReal q = 2 * PETSC_PI * EddyReferenceShell(&ic->physics->box, k);
  const PetscReal a = c->amplitude * c->sigma * pow(q * q + c->tau * c->tau, -.5 * c->alpha);
  u[ic->comp] = EddyCScale(a, EddyInitialNormal(ic, k, 0));
}

const EddyInitialOps eddy_initial_grf = {
    .name = "grf",
    .summary = "Gaussian random field of the Fourier-neural-operator data sets",
    .reference = "Li2021",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
