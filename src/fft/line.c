/* SPDX-License-Identifier: BSD-3-Clause */
/* Plans of the line transforms: radices, twiddle factors, digit reversal. */
#include "line.h"

static PetscInt Strip(PetscInt n, PetscInt p)
{
  while (n % p == 0)
    n /= p;
  return n;
}

PetscBool EddyLineIsGoodSize(PetscInt n)
{
  return n >= 1 && Strip(Strip(Strip(Strip(n, 2), 3), 5), 7) == 1 ? PETSC_TRUE : PETSC_FALSE;
}

PetscInt EddyLineNearestBelow(PetscInt n)
{
  while (n > 1 && !EddyLineIsGoodSize(n))
    --n;
  return n;
}

PetscInt EddyLineNearestAbove(PetscInt n)
{
  while (!EddyLineIsGoodSize(n))
    ++n;
  return n;
}

/* Odd radices first (long strides are cheap there), then eights; a rest of 2 or 4 goes last, 16 is split 4 x 4. */
static void Factorise(EddyLine p)
{
  PetscInt n = p->n, twos = 0;
  static const PetscInt odd[3] = {7, 5, 3};
  for (int i = 0; i < 3; ++i)
    for (; n % odd[i] == 0; n /= odd[i])
      p->radix[p->nstage++] = odd[i];
  for (; n % 2 == 0; n /= 2)
    ++twos;
  for (; twos >= 3 && twos != 4; twos -= 3)
    p->radix[p->nstage++] = 8;
  for (; twos >= 2; twos -= 2)
    p->radix[p->nstage++] = 4;
  if (twos)
    p->radix[p->nstage++] = 2;
}

/* cos and sin of 2 pi a / n with the argument folded to the first octant, so that symmetric factors have equal bits. */
static void UnitRoot(PetscInt a, PetscInt n, double w[2])
{
  PetscInt64 x = 8 * (PetscInt64)(a % n); /* in units of an eighth turn / n */
  const PetscInt octant = (PetscInt)(x / n);
  x -= (PetscInt64)octant * n;
  if (octant & 1)
    x = n - x;
  const double t = PETSC_PI / 4 * ((double)x / n), c = cos(t), s = sin(t);
  const PetscBool swap = (PetscBool)(octant == 1 || octant == 2 || octant == 5 || octant == 6);
  w[0] = (swap ? s : c) * (octant >= 2 && octant <= 5 ? -1 : 1);
  w[1] = (swap ? c : s) * (octant >= 4 ? -1 : 1);
}

PetscErrorCode EddyLineCreate(PetscInt n, EddySimdLevel level, EddyLine *line)
{
  static const EddyLineKernels *const kernels[] = {&eddy_line_kernels_v2, &eddy_line_kernels_v3,
                                                   &eddy_line_kernels_v4};
  EddyLine p;
  PetscFunctionBeginUser;
  PetscCheck(EddyLineIsGoodSize(n), PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "transform length %" PetscInt_FMT
             " is not a product of 2, 3, 5, 7; nearest: %" PetscInt_FMT " and %" PetscInt_FMT,
             n, EddyLineNearestBelow(n), EddyLineNearestAbove(n));
  PetscCall(PetscNew(&p));
  p->n = n;
  p->run_inverse = kernels[level]->inverse;
  p->run_forward = kernels[level]->forward;
  Factorise(p);
  PetscInt length = n;
  for (PetscInt s = 0; s < p->nstage; ++s) {
    const PetscInt r = p->radix[s], m = length / r;
    PetscCall(PetscMalloc1(2 * m * (r - 1), &p->twiddle[s]));
    for (PetscInt j = 0; j < m; ++j)
      for (PetscInt q = 1; q < r; ++q)
        UnitRoot(j * q, length, p->twiddle[s] + 2 * ((r - 1) * j + q - 1));
    length = m;
  }
  PetscCall(PetscMalloc1(n, &p->pos));
  for (PetscInt x = 0; x < n; ++x) {
    PetscInt rest = x, span = n, pos = 0;
    for (PetscInt s = 0; s < p->nstage; ++s) {
      span /= p->radix[s];
      pos += (rest % p->radix[s]) * span;
      rest /= p->radix[s];
    }
    p->pos[x] = pos;
  }
  *line = p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyLineDestroy(EddyLine *line)
{
  PetscFunctionBeginUser;
  if (!*line)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt s = 0; s < (*line)->nstage; ++s)
    PetscCall(PetscFree((*line)->twiddle[s]));
  PetscCall(PetscFree((*line)->pos));
  PetscCall(PetscFree(*line));
  PetscFunctionReturn(PETSC_SUCCESS);
}
