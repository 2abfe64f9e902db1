/* SPDX-License-Identifier: BSD-3-Clause */
/* Given waves on component 0 of the state (a flow: the vorticity):
     sum_j cos_j cos(K_j.x) + sin_j sin(K_j.x),   K_j = 2 pi (kx_j/L_x, ky_j/L_y),
   lists kx, ky (2-D), cos, sin of equal lengths; cos or sin may be left out (zeros). */
#include "forcing.h"

enum { MAX_WAVE = 64 };

typedef struct {
  PetscInt number, k[MAX_WAVE][2];
  PetscReal a[MAX_WAVE], b[MAX_WAVE];
} Ctx;

static PetscErrorCode ReadCounts(EddyForcing f, EddyOptions o, const char *prefix,
                                 PetscBool catalogue)
{
  static const char *const words[] = {"kx", "ky"};
  EddyForcingKey key;
  Ctx *c = f->ctx;

  PetscFunctionBeginUser;
  for (int d = 0; d < 2; ++d) {
    PetscReal v[MAX_WAVE];
    PetscInt n;
    PetscCall(EddyOptionsRealList(o, EddyForcingOption(prefix, words[d], &key),
                                  d ? "waves per box along y" : "waves per box along x", "1",
                                  MAX_WAVE, -100000, 100000, v, &n));
    if (d == 0)
      c->number = n;
    const PetscInt expect = d < f->physics->box.dim ? c->number : 0;
    EddyOptionsCheck(catalogue || c->number > 0, o, key.text, "is not given, it lists the waves");
    EddyOptionsCheck(n == expect, o, key.text, "has %d entries, %d are needed as in kx", (int)n,
                     (int)expect);
    for (PetscInt j = 0; j < n; ++j) {
      c->k[j][d] = (PetscInt)v[j];
      EddyOptionsCheck(c->k[j][d] == v[j], o, key.text, "entry %d, %g, is not an integer",
                       (int)j + 1, (double)v[j]);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyForcing f, EddyOptions o, const char *prefix)
{
  EddyForcingKey key;
  PetscBool catalogue;
  Ctx *c = f->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(ReadCounts(f, o, prefix, catalogue));
  for (int s = 0; s < 2; ++s) {
    PetscInt n;
    PetscCall(EddyOptionsRealList(o, EddyForcingOption(prefix, s ? "sin" : "cos", &key),
                                  s ? "amplitudes of the sines" : "amplitudes of the cosines",
                                  "state/T", MAX_WAVE, -PETSC_MAX_REAL, PETSC_MAX_REAL,
                                  s ? c->b : c->a, &n));
    EddyOptionsCheck(n == 0 || n == c->number, o, key.text, "has %d entries, kx has %d", (int)n,
                     (int)c->number);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Amplitude(EddyForcing f, const EddyMode *k, EddyComplex out[])
{
  const Ctx *c = f->ctx;
  for (PetscInt j = 0; j < c->number; ++j) {
    const EddyComplex z = EddyForcingWave(f, k, c->k[j], c->a[j], c->b[j]);
    /* the mean of cos(0) is 1, of a wave 1/2 at each of +k and -k */
    out[0] = EddyCAdd(out[0], k->k2 > 0 ? z : EddyC(2 * z.re, 0));
  }
}

const EddyForcingOps eddy_forcing_modes = {
    .name = "modes",
    .summary = "a given list of waves",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Amplitude = Amplitude,
};
