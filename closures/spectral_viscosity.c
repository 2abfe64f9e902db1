/* SPDX-License-Identifier: BSD-3-Clause */
/* Spectral eddy viscosity [Kraichnan1976] with the fit of [CholletLesieur1981]:

     f_k = -nu_e(k) k^2 w_k,  nu_e(k) = c0 sqrt(E(k_c) / k_c) (1 + c1 exp(-c2 k_c / k)),

   E(k_c) the energy spectrum of the present state at the largest retained wavenumber, per unit wavenumber.

     c0  0.267   closure_NAME_plateau      c1  34.5   closure_NAME_cusp      c2  3.03   closure_NAME_decay

   The constants are those of a 3-D inertial range; with cusp 0 it is a viscosity that follows the energy at the cut. */
#include "closure.h"
#include <math.h>

typedef struct {
  PetscReal plateau, cusp, decay;
  PetscInt nk;
  double *density;
  double unit;
} Ctx;

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%splateau", prefix));
  PetscCall(EddyOptionsReal(o, key, "c0", "1", .267, 0, 100, &x->plateau));
  PetscCall(PetscSNPrintf(key, sizeof key, "%scusp", prefix));
  PetscCall(EddyOptionsReal(o, key, "c1", "1", 34.5, 0, 1e4, &x->cusp));
  PetscCall(PetscSNPrintf(key, sizeof key, "%sdecay", prefix));
  PetscCall(EddyOptionsReal(o, key, "c2", "1", 3.03, 0, 100, &x->decay));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Spectrum(EddyClosure c, const EddyStage *s, PetscInt nk, const double ek[],
                               double unit)
{
  Ctx *x = c->ctx;

  PetscFunctionBeginUser;
  if (x->nk != nk) {
    PetscCall(PetscFree(x->density));
    PetscCall(PetscMalloc1(nk, &x->density));
    x->nk = nk;
  }
  x->unit = unit;
  for (PetscInt j = 0; j < nk; ++j)
    x->density[j] = ek[j] / unit;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyClosure c, const EddyStage *s, const EddyClosureMode *k, EddyComplex u,
                 EddyComplex *out)
{
  const Ctx *x = c->ctx;
  PetscInt j = (PetscInt)(k->k_cut / x->unit + .5);
  if (j >= x->nk)
    j = x->nk - 1;
  const double nu = x->plateau * sqrt(x->density[j] / k->k_cut) *
                    (1 + x->cusp * exp(-x->decay * k->k_cut / k->k));
  out->re -= nu * k->k * k->k * u.re;
  out->im -= nu * k->k * k->k * u.im;
}

static PetscErrorCode Destroy(EddyClosure c)
{
  Ctx *x = c->ctx;

  PetscFunctionBeginUser;
  PetscCall(PetscFree(x->density));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyClosureOps eddy_closure_spectral_viscosity = {
    .name = "spectral_viscosity",
    .summary = "Kraichnan's eddy viscosity per wavenumber, fit of Chollet and Lesieur",
    .reference = "Kraichnan1976, CholletLesieur1981",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_MODE,
    .spectrum = PETSC_TRUE,
    .Create = Create,
    .Destroy = Destroy,
    .Spectrum = Spectrum,
    .Mode = Mode,
};
