/* SPDX-License-Identifier: BSD-3-Clause */
/* Values and derivatives at the low faces of n cells, second order and compact; mirrored cells give mirrored bits. */
#include "viscous.h"

/* Mean of the cells on both sides. */
static void Mean(PetscInt n, ptrdiff_t s, const double *restrict q, double *restrict out)
{
  const double *lo = q - s;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] = .5 * (lo[i] + q[i]);
}

/* Derivative across the face; k: inverse distance of cells. */
static void Across(PetscInt n, ptrdiff_t s, double k, const double *restrict q,
                   double *restrict out)
{
  const double *lo = q - s;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] = k * (q[i] - lo[i]);
}

/* Derivative along the face: mean of the central differences of the cells on both sides, t the distance in memory of their neighbours. */
static void Along(PetscInt n, ptrdiff_t s, ptrdiff_t t, double k, const double *restrict q,
                  double *restrict out)
{
  const double *ap = q + t, *am = q - t, *bp = q + t - s, *bm = q - t - s, h = .25 * k;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] =
      h * ((ap[i] - am[i]) + (bp[i] - bm[i]));
}

static void Ratio(PetscInt n, const double *restrict q, const double *restrict by,
                  double *restrict out)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] = q[i] / by[i];
}

static void Scale(PetscInt n, const double *restrict by, double *restrict q)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) q[i] *= by[i];
}

const EddyFvFaceKernels EDDY_SIMD(eddy_fv_face_kernels) = {
    .Mean = Mean,
    .Across = Across,
    .Along = Along,
    .Ratio = Ratio,
    .Scale = Scale,
};
