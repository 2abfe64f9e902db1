/* SPDX-License-Identifier: BSD-3-Clause */
/* Sum of random sines, the start of the LPSDA sets [Brandstetter2022]:
     u = sum_j A_j prod_d sin(2 pi l_jd (x_d - lower_d) / L_d + phi_jd),
   A_j ~ U[-amplitude, amplitude], l_jd uniform in {k_min, ..., k_max}, phi_jd ~ U[0, 2 pi). KS and
   KdV sets: 10 sines, amplitude 0.5, k 1 to 2; Burgers: 20 waves, k 1 to 6. On a flow it is the
   vorticity. */
#include "initial.h"
#include <math.h>

typedef struct {
  PetscReal a, phi[2];
  PetscInt l[2];
} Sine;

typedef struct {
  PetscInt number;
  Sine *sine; /* [number] */
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscReal amplitude;
  PetscInt k_min, k_max;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "number", &key), "number of sines", 10, 1,
                           100000, &c->number));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "largest amplitude",
                            "state", .5, 0, PETSC_MAX_REAL, &amplitude));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "k_max", &key), "most waves per box", 2, 1,
                           100000, &k_max));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "k_min", &key), "fewest waves per box", 1, 1,
                           100000, &k_min));
  EddyOptionsCheck(k_min <= k_max, o, key.text, "is %d, more than k_max, %d", (int)k_min,
                   (int)k_max);
  PetscCall(PetscCalloc1(c->number, &c->sine));
  for (PetscInt j = 0; j < c->number; ++j) {
    Sine *s = &c->sine[j];
    s->a = amplitude * (2 * EddyInitialUniformOf(ic, j, 0).re - 1);
    for (int d = 0; d < 2; ++d) {
      const EddyComplex r = EddyInitialUniformOf(ic, j, 1 + d);
      s->l[d] = k_min + (PetscInt)(r.re * (PetscReal)(k_max - k_min + 1));
      s->phi[d] = 2 * PETSC_PI * r.im;
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(PetscFree(c->sine));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* sin(l x + phi) has (sin phi - i cos phi)/2 at l and its conjugate at -l. */
static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  for (PetscInt j = 0; j < c->number; ++j) {
    const Sine *s = &c->sine[j];
    EddyComplex z = EddyC(s->a, 0);
    PetscInt d = 0;
    for (; d < ic->physics->box.dim; ++d) {
      if (k->ik[d] != s->l[d] && k->ik[d] != -s->l[d])
        break;
      const int sign = k->ik[d] > 0 ? 1 : -1;
      z = EddyCMul(z, EddyC(.5 * sin(s->phi[d]), -.5 * sign * cos(s->phi[d])));
    }
    if (d == ic->physics->box.dim)
      u[ic->comp] = EddyCAdd(u[ic->comp], z);
  }
}

const EddyInitialOps eddy_initial_sine_series = {
    .name = "sine_series",
    .summary = "sum of random sines (LPSDA)",
    .reference = "Brandstetter2022",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Destroy = Destroy,
    .Mode = Mode,
};
