/* SPDX-License-Identifier: BSD-3-Clause */
/* Hyperviscosity -nu_h k^(2p) on the first state component, evaluated with the explicit term:

     nu_h  coefficient [L^2p/T]                            closure_NAME_nu
     p     order                                           closure_NAME_order
     rate  instead of nu_h: damping rate at the largest retained wavenumber, nu_h = rate / k_cut^2p  [1/T]   closure_NAME_rate

   The same term of the physics (physics_hyper_nu) is part of the linear operator and exact in time. */
#include "closure.h"
#include <math.h>

typedef struct {
  PetscReal nu, rate;
  PetscInt order;
} Ctx;

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%snu", prefix));
  PetscCall(EddyOptionsReal(o, key, "coefficient", "L^(2p)/T", 0, 0, PETSC_MAX_REAL, &x->nu));
  PetscCall(PetscSNPrintf(key, sizeof key, "%sorder", prefix));
  PetscCall(EddyOptionsInt(o, key, "power p of the Laplacian", 4, 1, 16, &x->order));
  PetscCall(PetscSNPrintf(key, sizeof key, "%srate", prefix));
  PetscCall(EddyOptionsReal(o, key, "damping rate at the largest wavenumber, if nu is not given",
                            "1/T", 10, 0, PETSC_MAX_REAL, &x->rate));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyClosure c, const EddyStage *s, const EddyClosureMode *k, EddyComplex u,
                 EddyComplex *out)
{
  const Ctx *x = c->ctx;
  const double p = 2 * (double)x->order;
  const double damp = x->nu > 0 ? x->nu * pow(k->k, p) : x->rate * pow(k->k / k->k_cut, p);
  out->re -= damp * u.re;
  out->im -= damp * u.im;
}

const EddyClosureOps eddy_closure_hyperviscosity = {
    .name = "hyperviscosity",
    .summary = "-nu_h k^2p at each wavenumber",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_MODE,
    .Create = Create,
    .Mode = Mode,
};
