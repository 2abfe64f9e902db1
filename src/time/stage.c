/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of coefficients per mode; equal symbols (isotropic terms have many) are computed once through a hash table. */
#include "stage.h"
#include <stdlib.h>

const EddyStageKernels *EddyStageKernelsGet(EddySimdLevel level)
{
  static const EddyStageKernels *const tables[] = {&eddy_stage_kernels_v2, &eddy_stage_kernels_v3,
                                                   &eddy_stage_kernels_v4};
  return tables[level];
}

typedef struct {
  uint64_t re, im;
  size_t at; /* group and lane + 1 where the value was stored; 0: free */
} Seen;

static uint64_t Bits(double x)
{
  uint64_t b;
  memcpy(&b, &x, sizeof b);
  return b;
}

static Seen *Find(Seen *table, size_t mask, uint64_t re, uint64_t im)
{
  size_t h = (size_t)((re ^ (im * 0x9E3779B97F4A7C15u)) * 0xD1342543DE82EF95u >> 20) & mask;
  while (table[h].at && (table[h].re != re || table[h].im != im))
    h = (h + 1) & mask;
  return &table[h];
}

PetscErrorCode EddyCoefCreate(EddyDisc d, double dt, PetscInt ncoef, EddyCoefFormula formula,
                              double **coef, PetscBool *complex_symbol)
{
  static const double none[8] = {0};
  const double *re = none, *im = NULL;
  PetscFunctionBeginUser;
  if (d->ops->Symbol)
    PetscCall(d->ops->Symbol(d, &re, &im));
  const size_t groups = d->ops->Symbol ? d->size / 16 : 1, width = (size_t)ncoef * (im ? 16 : 8),
               step = im ? 16 : 8;
  size_t mask = 64;
  while (mask < 3 * groups * 8)
    mask *= 2;
  Seen *table;
  PetscCall(EddyCoefDestroy(coef));
  *complex_symbol = im ? PETSC_TRUE : PETSC_FALSE;
  *coef = (double *)aligned_alloc(64, PetscMax(64, groups * width * sizeof(double)));
  PetscCheck(*coef, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for stepper coefficients");
  PetscCall(PetscCalloc1(mask, &table));
  --mask;
  for (size_t i = 0; i < 8 * groups; ++i) {
    const EddyComplex L = {re[i], im ? im[i] : 0};
    double *out = *coef + i / 8 * width + i % 8;
    Seen *seen = Find(table, mask, Bits(L.re), Bits(L.im));
    if (seen->at) {
      const size_t j = seen->at - 1;
      const double *from = *coef + j / 8 * width + j % 8;
      for (PetscInt q = 0; q < ncoef; ++q) {
        out[(size_t)q * step] = from[(size_t)q * step];
        if (im)
          out[(size_t)q * step + 8] = from[(size_t)q * step + 8];
      }
      continue;
    }
    EddyComplex v[EDDY_MAX_COEF];
    formula(L, dt, v);
    for (PetscInt q = 0; q < ncoef; ++q) {
      out[(size_t)q * step] = v[q].re;
      if (im)
        out[(size_t)q * step + 8] = v[q].im;
    }
    *seen = (Seen){Bits(L.re), Bits(L.im), i + 1};
  }
  PetscCall(PetscFree(table));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCoefDestroy(double **coef)
{
  PetscFunctionBeginUser;
  free(*coef);
  *coef = NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}
