/* SPDX-License-Identifier: BSD-3-Clause */
/* White-in-time forcing of a ring of wavenumbers k_min <= |k| <= k_max (in waves per L_x)
   [Lilly1969 in its white-noise limit; energy input as in Alvelius1999]. After every step each of
   the M modes of the ring gets an independent Gaussian increment of its velocity with  E |du_k|^2 =
   2 rate dt / M:  the increments do not know the state, so the energy <|u|^2>/2 grows by exactly
   rate dt in expectation whatever the flow, the step or the resolution. For the vorticity d omega_k
   = |k| du_k. Other physics: u itself.

   Draws are keyed by (seed, row, attempt, forcing, step) and the wavenumber: one seed is one
   forcing at every resolution that holds the ring (with the same steps). */
#include "forcing.h"
#include <math.h>

typedef struct {
  PetscReal rate, k_min, k_max;
  PetscInt modes; /* M, both signs of k */
} Ctx;

static PetscBool InRing(EddyForcing f, const EddyMode *k)
{
  const Ctx *c = f->ctx;
  const PetscReal shell = sqrt(k->k2) * EddyBoxLength(&f->physics->box, 0) / (2 * PETSC_PI);
  /* a relative 1e-12: k_min = 3 means that (3, 0) is in, whatever the rounding of 2 pi / L */
  return shell >= c->k_min * (1 - 1e-12) && shell <= c->k_max * (1 + 1e-12);
}

static PetscErrorCode Create(EddyForcing f, EddyOptions o, const char *prefix)
{
  EddyForcingKey key;
  PetscBool catalogue;
  const EddyBox *box = &f->physics->box;
  Ctx *c = f->ctx;
  int top[2] = {0, 0};

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsReal(o, EddyForcingOption(prefix, "rate", &key), "energy input rate",
                            "L^2/T^3", .1, 0, PETSC_MAX_REAL, &c->rate));
  PetscCall(EddyOptionsReal(o, EddyForcingOption(prefix, "k_min", &key),
                            "inner radius of the ring, in waves per box", "2 pi/L", 3, .1, 10000,
                            &c->k_min));
  PetscCall(EddyOptionsReal(o, EddyForcingOption(prefix, "k_max", &key),
                            "outer radius of the ring, in waves per box", "2 pi/L", 5, .1, 10000,
                            &c->k_max));
  EddyOptionsCheck(c->k_min <= c->k_max, o, key.text, "is %g, less than k_min, %g",
                   (double)c->k_max, (double)c->k_min);
  for (int d = 0; d < PetscMin((int)box->dim, 2); ++d) {
    top[d] = (int)floor(c->k_max * EddyBoxLength(box, d) / EddyBoxLength(box, 0) * (1 + 1e-12));
    EddyOptionsCheck(catalogue || top[d] <= (box->n[d] - 1) / 2, o, key.text,
                     "is %g: the ring does not fit on the grid, which has %d points",
                     (double)c->k_max, (int)box->n[d]);
    f->reach[d] = top[d];
  }
  for (int i = -top[0]; i <= top[0]; ++i) {
    for (int j = -top[1]; j <= top[1]; ++j) {
      const EddyMode k = EddyModeMake(box, i, j, 0);
      c->modes += InRing(f, &k);
    }
  }
  EddyOptionsCheck(catalogue || c->modes > 0, o, key.text, "no wavenumber lies between %g and %g",
                   (double)c->k_min, (double)c->k_max);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Kick(EddyForcing f, const EddyMode *k, const EddyStage *s, EddyComplex out[])
{
  const Ctx *c = f->ctx;
  if (!InRing(f, k))
    return;
  /* top bit: forcings; 15 bits: which one; 48 bits: step */
  const EddyRandomKey key = {s->seed, s->row, s->attempt,
                             (UINT64_C(1) << 63) | ((uint64_t)f->index << 48) |
                                 ((uint64_t)s->step & ((UINT64_C(1) << 48) - 1))};
  uint32_t counter[4];
  double v[2];
  EddyRandomModeCounter(k->ik, 0, counter);
  EddyRandomNormal2(&key, counter, v);
  /* E (v0^2 + v1^2) = 2 */
  PetscReal a = sqrt(c->rate * s->dt / (PetscReal)c->modes);
  if (f->flow)
    a *= sqrt(k->k2);
  out[0] = EddyC(a * v[0], a * v[1]);
}

const EddyForcingOps eddy_forcing_ring = {
    .name = "ring",
    .summary = "white in time on a ring of wavenumbers, with a given energy input rate",
    .reference = "Lilly1969, Alvelius1999",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Kick = Kick,
};
