/* SPDX-License-Identifier: BSD-3-Clause */
/* Piecewise constant on `number` x `number` equal tiles (1-D: intervals), values ~ U[amplitude], mean removed on a flow; PDEgym's
   NS-PwC is 10 x 10 in [-1, 1] on the vorticity [Herde2024]. Fourier coefficients are exact: with h_d = L_d / number,
     uhat_k = sum_tiles v prod_d exp(-i k_d (j_d + 1/2) h_d) sin(k_d h_d / 2) / (k_d h_d / 2) / number. */
#include "initial.h"
#include <math.h>

typedef struct {
  PetscInt number;
  PetscReal *value; /* [number][number], x fastest */
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscReal amplitude[2] = {-1, 1};
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "number", &key), "tiles per direction", 10, 1,
                           1000, &c->number));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "amplitude", &key), "range of the values",
                             "state", 2, -PETSC_MAX_REAL, PETSC_MAX_REAL, amplitude, NULL));
  const PetscInt n = ic->physics->box.dim > 1 ? c->number * c->number : c->number;
  PetscCall(PetscMalloc1(n, &c->value));
  for (PetscInt j = 0; j < n; ++j)
    c->value[j] = amplitude[0] + (amplitude[1] - amplitude[0]) * EddyInitialUniformOf(ic, j, 0).re;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(PetscFree(c->value));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Coefficient of the j-th interval of n at wavenumber index k. */
static EddyComplex Interval(int k, PetscInt j, PetscInt n)
{
  const PetscReal half = PETSC_PI * k / (PetscReal)n, phase = -2 * half * ((PetscReal)j + .5);
  const PetscReal a = (k ? sin(half) / half : 1) / (PetscReal)n;
  return EddyC(a * cos(phase), a * sin(phase));
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  const PetscInt n = c->number, dim = ic->physics->box.dim, rows = dim > 1 ? n : 1;
  EddyComplex sum = EddyC(0, 0);
  if (ic->flow && !(k->k2 > 0))
    return;
  for (PetscInt j = 0; j < rows; ++j) {
    EddyComplex row = EddyC(0, 0);
    for (PetscInt i = 0; i < n; ++i)
      row = EddyCAdd(row, EddyCScale(c->value[j * n + i], Interval(k->ik[0], i, n)));
    sum = EddyCAdd(sum, dim > 1 ? EddyCMul(row, Interval(k->ik[1], j, n)) : row);
  }
  u[ic->comp] = sum;
}

const EddyInitialOps eddy_initial_tiles = {
    .name = "tiles",
    .summary = "random constants on equal tiles (PDEgym NS-PwC)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Destroy = Destroy,
    .Mode = Mode,
};
