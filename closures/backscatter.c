/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic backscatter: random forcing of the vorticity near the cut, after [Leith1990]. In each step every mode with
   k_min k_cut <= |k| <= k_max k_cut gets an independent Gaussian acceleration that is constant over the step,

     f_k = sqrt(2 rate / (M dt)) |k| (a + i b) / sqrt(2),

   so that the work it does, dt^2 |f_k|^2 / (2 k^2 dt) summed, is `rate` in the mean [L^2/T^3]; M counts the modes of the
   ring by its area, pi (k_max^2 - k_min^2) k_cut^2 / (unit of k_x unit of k_y). Draws are keyed by (seed, row, attempt,
   step) and the wavenumber: the same on any number of ranks and after a restart.

     rate          energy input [L^2/T^3]     closure_NAME_rate
     k_min, k_max  in largest wavenumbers     closure_NAME_k_min, closure_NAME_k_max */
#include "closure.h"
#include "random.h"
#include <math.h>

typedef struct {
  PetscReal rate, k_min, k_max;
  uint64_t name; /* hash: two of them in a run draw different numbers */
} Ctx;

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  x->name = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
  for (const char *t = c->name; *t; ++t)
    x->name = (x->name ^ (uint64_t)(unsigned char)*t) * UINT64_C(0x100000001b3);
  PetscCall(PetscSNPrintf(key, sizeof key, "%srate", prefix));
  PetscCall(
      EddyOptionsReal(o, key, "mean energy input", "L^2/T^3", 1e-3, 0, PETSC_MAX_REAL, &x->rate));
  PetscCall(PetscSNPrintf(key, sizeof key, "%sk_max", prefix));
  PetscCall(EddyOptionsReal(o, key, "outer radius of the ring", "k_cut", 1, 0, 2, &x->k_max));
  PetscCall(PetscSNPrintf(key, sizeof key, "%sk_min", prefix));
  PetscCall(EddyOptionsReal(o, key, "inner radius of the ring", "k_cut", .5, 0, 2, &x->k_min));
  EddyOptionsCheck(x->k_min < x->k_max, o, key, "%g is not below k_max, %g", (double)x->k_min,
                   (double)x->k_max);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyClosure c, const EddyStage *s, const EddyClosureMode *k, EddyComplex u,
                 EddyComplex *out)
{
  const Ctx *x = c->ctx;
  if (k->k < x->k_min * k->k_cut || k->k > x->k_max * k->k_cut || !(s->dt > 0))
    return;
  double area = PETSC_PI * k->k_cut * k->k_cut * (x->k_max * x->k_max - x->k_min * x->k_min);
  for (int d = 0; d < (int)c->box.dim; ++d)
    area *= EddyBoxLength(&c->box, d) / (2 * PETSC_PI);
  /* the two top bits: closures; 14 bits: the name; 48 bits: step */
  const EddyRandomKey key = {s->seed, s->row, s->attempt,
                             (UINT64_C(3) << 62) | ((x->name & 0x3fff) << 48) |
                                 ((uint64_t)s->step & ((UINT64_C(1) << 48) - 1))};
  uint32_t counter[4];
  double v[2];
  EddyRandomModeCounter(k->ik, 0, counter);
  EddyRandomNormal2(&key, counter, v);
  const double a = sqrt(x->rate / (area * s->dt)) * k->k;
  out->re += a * v[0];
  out->im += a * v[1];
}

const EddyClosureOps eddy_closure_backscatter = {
    .name = "backscatter",
    .summary = "random forcing near the cut with a given energy input",
    .reference = "Leith1990",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_MODE,
    .Create = Create,
    .Mode = Mode,
};
