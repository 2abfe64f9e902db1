/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients at the low faces of n cells of a mapped grid by the chain rule (viscous_mapped.c): differences d_f of the values along the grid lines times m[e][f], the inverse of the same
   differences of the centres of the cells. across: distance in memory to the cell beyond the face, along: of neighbours along it. */
#include "viscous.h"

/* Differences at a face: across it, and the means of central ones along it. */
#define DIFFERENCES(DIM) \
  double d[DIM]; \
  d[0] = q[i] - lo[i]; \
  for (int f = 1; f < (DIM); ++f) \
  d[f] = .25 * ((up[f - 1][i] - down[f - 1][i]) + (upper[f - 1][i] - lower[f - 1][i]))

#define ROWS_OF(DIM) \
  const double *lo = q - across, *up[2], *down[2], *upper[2], *lower[2]; \
  for (int f = 1; f < (DIM); ++f) { \
    up[f - 1] = q + along[f - 1]; \
    down[f - 1] = q - along[f - 1]; \
    upper[f - 1] = lo + along[f - 1]; \
    lower[f - 1] = lo - along[f - 1]; \
  }

#define KERNELS(DIM) \
  static void Gradient##DIM(PetscInt n, ptrdiff_t across, const ptrdiff_t along[2], size_t ms, \
                            const double *restrict m, const double *restrict q, size_t os, \
                            double *restrict out) \
  { \
    ROWS_OF(DIM) \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      DIFFERENCES(DIM); \
      for (int e = 0; e < (DIM); ++e) { \
        double sum = 0; \
        for (int f = 0; f < (DIM); ++f) \
          sum += m[(size_t)(e * (DIM) + f) * ms + (size_t)i] * d[f]; \
        out[(size_t)e * os + (size_t)i] = sum; \
      } \
    } \
  } \
  static void Slope##DIM(PetscInt n, ptrdiff_t across, const ptrdiff_t along[2], size_t ms, \
                         const double *restrict m, const double *restrict normal, \
                         const double *restrict q, double *restrict out) \
  { \
    ROWS_OF(DIM) \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      DIFFERENCES(DIM); \
      double slope = 0; \
      for (int e = 0; e < (DIM); ++e) { \
        double sum = 0; \
        for (int f = 0; f < (DIM); ++f) \
          sum += m[(size_t)(e * (DIM) + f) * ms + (size_t)i] * d[f]; \
        slope += normal[(size_t)e * ms + (size_t)i] * sum; \
      } \
      out[i] = slope; \
    } \
  }
KERNELS(1)
KERNELS(2)
KERNELS(3)

static void Diffuse(PetscInt n, double nu, const double *restrict area,
                    const double *restrict slope, double *restrict f)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) f[i] = -nu * area[i] * slope[i];
}

const EddyFvGradientKernels EDDY_SIMD(eddy_fv_gradient_kernels) = {
    .Gradient = {Gradient1, Gradient2, Gradient3},
    .Slope = {Slope1, Slope2, Slope3},
    .Diffuse = Diffuse,
};
