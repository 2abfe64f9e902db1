/* SPDX-License-Identifier: BSD-3-Clause */
/* One dimension: the line is its own sixteen rows.

   With nx = 16 M, x = 16 x1 + s and k = l M + j
     u(16 x1 + s) = sum_j a_s(j) exp(2 pi i j x1 / M),   a_s(j) = exp(2 pi i j s / nx) sum_l u(l M + j) exp(2 pi i l s / 16)
   [Frigo2005]: sixteen real rows of length M, which share lines like the rows of a plane: row s has lane s % 8, rows s and s + 8 are
   the two halves. The sums over l are transforms of length 16 with neighbouring j in the lanes; j = 0..M/2 are enough.
   spectrum[2][nx + 8]: all k, real and imaginary parts; sixteen, root: [block of eight j][l or place of s][2][8]. */
#include "fourier.h"

PetscErrorCode EddyFourierSplitCreate(EddyFourier f, EddySimdLevel level)
{
  PetscFunctionBeginUser;
  f->npoint = f->nx / 16;
  const PetscInt half = f->npoint / 2 + 1, nblock = (half + 7) / 8;
  PetscCall(EddyLineCreate(16, level, &f->line_16));
  PetscCall(PetscCalloc1(2 * (f->nx + 8), &f->spectrum));
  PetscCall(PetscCalloc1(nblock, &f->split_base));
  f->sixteen = (double *)aligned_alloc(64, (size_t)nblock * 256 * sizeof(double));
  f->root = (double *)aligned_alloc(64, (size_t)nblock * 256 * sizeof(double));
  PetscCheck(f->sixteen && f->root, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  memset(f->sixteen, 0, (size_t)nblock * 256 * sizeof(double));
  for (PetscInt b = 0; b < nblock; ++b) {
    f->split_base[b] = f->sixteen + 256 * (size_t)b;
    for (PetscInt s = 0; s < 16; ++s)
      for (PetscInt l = 0; l < 8; ++l) {
        const double angle = 2 * PETSC_PI * (double)((8 * b + l) * s % f->nx) / (double)f->nx;
        double *at = f->root + (16 * b + f->line_16->pos[s]) * 16 + l;
        at[0] = cos(angle), at[8] = sin(angle);
      }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFourierSplitDestroy(EddyFourier f)
{
  PetscFunctionBeginUser;
  PetscCall(EddyLineDestroy(&f->line_16));
  PetscCall(PetscFree(f->spectrum));
  PetscCall(PetscFree(f->split_base));
  free(f->sixteen);
  free(f->root);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFourierSplitLoad(EddyFourier f, const double *const *base, double *z)
{
  const PetscInt n = f->nx, M = f->npoint, half = M / 2 + 1, nblock = (half + 7) / 8;
  double *re = f->spectrum, *im = re + n + 8;
  for (PetscInt k = 0; k < f->Kx; ++k) {
    const double *in = base[k / 8] + k % 8;
    re[k] = in[0], im[k] = in[8];
    if (k)
      re[n - k] = in[0], im[n - k] = -in[8];
  }
  im[0] = 0;
  for (PetscInt b = 0; b < nblock; ++b)
    for (PetscInt l = 0; l < 16; ++l) {
      memcpy(f->split_base[b] + 16 * l, re + l * M + 8 * b, 8 * sizeof(double));
      memcpy(f->split_base[b] + 16 * l + 8, im + l * M + 8 * b, 8 * sizeof(double));
    }
  for (PetscInt b = 0; b < nblock; ++b) {
    EddyLineInverse(f->line_16, f->split_base[b]);
    f->kernels->Rotate(16, f->root + 256 * (size_t)b, 1, f->split_base[b]);
  }
  f->kernels->LoneLoad(half, M, (const double *const *)f->split_base, f->line_16->pos, z);
}

void EddyFourierSplitStore(EddyFourier f, double *const *base, double scale, const double *z)
{
  const PetscInt M = f->npoint, half = M / 2 + 1, nblock = (half + 7) / 8;
  f->kernels->LoneStore(half, M, f->split_base, f->line_16->pos, scale, z);
  for (PetscInt b = 0; b < nblock; ++b) {
    f->kernels->Rotate(16, f->root + 256 * (size_t)b, -1, f->split_base[b]);
    EddyLineForward(f->line_16, f->split_base[b]);
  }
  for (PetscInt k = 0, l = 0, j = 0; k < f->nblock * 8; ++k) {
    double *out = base[k / 8] + k % 8;
    const PetscBool mirror = (PetscBool)(j >= half);
    const PetscInt row = mirror ? 15 - l : l, at = mirror ? M - j : j;
    const double *in = f->sixteen + (16 * (at / 8) + row) * 16 + at % 8;
    out[0] = k < f->Kx ? in[0] : 0;
    out[8] = k < f->Kx ? (mirror ? -in[8] : in[8]) : 0;
    if (++j == M)
      j = 0, ++l;
  }
}
