/* SPDX-License-Identifier: BSD-3-Clause */
/* Filtered noise, the start of the Kolmogorov-flow benchmarks [Kochkov2021, their repository's
   initial_conditions].

   White noise per velocity component times the filter
     G(k) = exp(-(ln(peak) + s2 - ln k)^2 / (2 s2)) / k / k^(dim-1),   s2 = 1/4,
   (a log-normal density with its mode at `peak`, over the area of a shell), made free of divergence
   and scaled so that the largest speed is `max_speed`. Other physics: the filtered scalar, scaled
   so that max |u| = max_speed. No mean.

   Largest speed: over the points of the reference grid (128 points along x, 16 times the peak if
   that is more). */
#include "initial.h"
#include "reference.h"
#include <math.h>

typedef struct {
  PetscReal peak, max_speed, scale;
} Ctx;

static PetscReal Filter(const EddyInitial ic, const EddyMode *k)
{
  const PetscReal s2 = .25;
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  const PetscReal shell = EddyReferenceShell(box, k), d = log(c->peak) + s2 - log(shell);
  return exp(-d * d / (2 * s2)) / pow(shell, (PetscReal)box->dim);
}

/* Curl of the noise velocity (projection does not change it), or the noise itself; not scaled. */
static EddyComplex Raw(EddyInitial ic, const EddyMode *k)
{
  if (!(k->k2 > 0))
    return EddyC(0, 0);
  const PetscReal filter = Filter(ic, k);
  const EddyComplex a = EddyInitialNormal(ic, k, 0);
  if (!ic->flow)
    return EddyCScale(filter, a);
  const EddyComplex b = EddyInitialNormal(ic, k, 1);
  return EddyCSub(EddyCTimesI(filter * k->k[0], b), EddyCTimesI(filter * k->k[1], a));
}

/* What max_speed is about: u = psi_y, v = -psi_x with psi = omega / k^2, or the scalar. */
static void Speed(void *ctx, const EddyMode *k, EddyComplex out[])
{
  EddyInitial ic = ctx;
  const EddyComplex w = Raw(ic, k);
  out[0] = ic->flow ? EddyCTimesI(k->k[1] * k->inv_k2, w) : w;
  if (ic->flow)
    out[1] = EddyCTimesI(-k->k[0] * k->inv_k2, w);
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal max;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "peak", &key),
                            "wavenumber of the peak, in waves per box", "2 pi/L", 4, .1, 60,
                            &c->peak));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "max_speed", &key),
                            "largest speed (largest |u| of a scalar)", "L/T", 1, 0, PETSC_MAX_REAL,
                            &c->max_speed));
  PetscCall(EddyReferenceMax(&ic->physics->box, PetscMax(128, (PetscInt)ceil(16 * c->peak)),
                             ic->flow ? 2 : 1, Speed, ic, &max));
  c->scale = max > 0 ? c->max_speed / max : 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  u[ic->comp] = EddyCScale(c->scale, Raw(ic, k));
}

const EddyInitialOps eddy_initial_filtered_noise = {
    .name = "filtered_noise",
    .summary = "noise with a peak in its spectrum and a given largest speed (jax-cfd)",
    .reference = "Kochkov2021",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
