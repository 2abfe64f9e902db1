/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of the spectral engine made from pointwise functions, so that these inline and vectorise over
   eight lanes (neighbouring kx, or neighbouring rows). A physics file defines

     static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], EddyComplex aux[]);
     static inline void Product(const Ctx *c, const double aux[], double prod[]);
     static inline void FromHat(const Ctx *c, const EddyMode *k, const EddyComplex prod[], EddyComplex rhs[]);

   and says EDDY_SPECTRAL_KERNELS(NCOMP, IN_FIELDS, OUT_FIELDS), which defines ToRealRows, ProductRows,
   FromHatRows. Numbers of fields are even, or both 1. Counts may be expressions of `c` (run time); constants are unrolled. EddyMode has no integer
   index and no kz here. Bounds: EDDY_MAX_COMP components, EDDY_MAX_PAIRS pairs.

   The lane loops carry `GCC ivdep` and unrolled inner loops, not `omp simd`: that one gives every lane private copies of the small arrays, which gcc 12 then
   neither scalarises nor vectorises (measured: a factor 4 on these kernels).

   Lines of +kx and -kx: with a0, a1 real in space, Z = a0 + i a1 has Z(k) = a0(k) + i a1(k) and
   Z(-k) = conj(a0(k)) + i conj(a1(k)); so one evaluation at (kx, ky) gives plus[ky] and minus[-ky].
   One field alone has one column, plus, and its points fill both halves of a row buffer. */
#ifndef EDDY_SPECTRAL_KERNELS_H
#define EDDY_SPECTRAL_KERNELS_H
#include "physics.h"

enum { EDDY_MAX_PAIRS = 8 };

static inline EddyMode EddyModeLane(const EddyModeBlock *b, PetscInt m, int l)
{
  EddyMode k = {{b->kx[l], b->ky[m], 0}, 0, 0, {0, 0, 0}};
  k.k2 = k.k[0] * k.k[0] + k.k[1] * k.k[1];
  k.inv_k2 = k.k2 > 0 ? 1 / k.k2 : 0;
  return k;
}

#define EDDY_SPECTRAL_KERNELS(NCOMP, IN_FIELDS, OUT_FIELDS) \
  EDDY_SPECTRAL_KERNELS_NAMED(, NCOMP, IN_FIELDS, OUT_FIELDS)

/* With a suffix, one file can hold several instances (with and without tracers). */
#define EDDY_SPECTRAL_KERNELS_NAMED(SUFFIX, NCOMP, IN_FIELDS, OUT_FIELDS) \
  static void ToRealRows##SUFFIX(const void *ctx, const EddyModeBlock *b, const double *u, \
                                 double *plus, double *minus) \
  { \
    const Ctx *c = (const Ctx *)ctx; \
    const PetscInt rows = b->rows, half = (rows + 1) / 2; \
    const size_t cs = b->comp_stride, ps = b->pair_stride; \
    for (PetscInt m = 0; m < rows; ++m) { \
      const PetscInt up = m < half ? m : b->line - (rows - m); \
      const PetscInt down = up ? b->line - up : 0; \
      const double *restrict um = u + 16 * m; \
      double *restrict zp = plus + 16 * up, *restrict zm = minus + 16 * down; \
      _Pragma("GCC ivdep") for (int l = 0; l < EDDY_LANES; ++l) \
      { \
        const EddyMode k = EddyModeLane(b, m, l); \
        EddyComplex v[EDDY_MAX_COMP], a[2 * EDDY_MAX_PAIRS]; \
        _Pragma("GCC unroll 16") for (PetscInt q = 0; q < (NCOMP); ++q) v[q] = \
            (EddyComplex){um[q * cs + l], um[q * cs + 8 + l]}; \
        ToReal(c, &k, v, a); \
        if ((IN_FIELDS) == 1) { \
          zp[l] = a[0].re; \
          zp[8 + l] = a[0].im; \
        } \
        _Pragma("GCC unroll 16") for (PetscInt p = 0; p < (IN_FIELDS) / 2; ++p) \
        { \
          const EddyComplex x = a[2 * p], y = a[2 * p + 1]; \
          zp[p * ps + l] = x.re - y.im; \
          zp[p * ps + 8 + l] = x.im + y.re; \
          zm[p * ps + l] = x.re + y.im; \
          zm[p * ps + 8 + l] = y.re - x.im; \
        } \
      } \
    } \
  } \
  static void ProductRows##SUFFIX(const void *ctx, PetscInt n, size_t ps, double *z) \
  { \
    const Ctx *c = (const Ctx *)ctx; \
    for (PetscInt i = 0; i < n; ++i) { \
      double *zi = z + 16 * i; \
      _Pragma("GCC ivdep") for (int l = 0; l < ((IN_FIELDS) == 1 ? 2 * EDDY_LANES : EDDY_LANES); \
                                ++l) \
      { \
        double a[2 * EDDY_MAX_PAIRS], w[2 * EDDY_MAX_PAIRS]; \
        a[0] = zi[l]; \
        _Pragma("GCC unroll 16") for (PetscInt p = 0; p < (IN_FIELDS) / 2; ++p) \
        { \
          a[2 * p] = zi[p * ps + l]; \
          a[2 * p + 1] = zi[p * ps + 8 + l]; \
        } \
        Product(c, a, w); \
        if ((OUT_FIELDS) == 1) \
          zi[l] = w[0]; \
        _Pragma("GCC unroll 16") for (PetscInt p = 0; p < (OUT_FIELDS) / 2; ++p) \
        { \
          zi[p * ps + l] = w[2 * p]; \
          zi[p * ps + 8 + l] = w[2 * p + 1]; \
        } \
      } \
    } \
  } \
  static void FromHatRows##SUFFIX(const void *ctx, const EddyModeBlock *b, const double *plus, \
                                  const double *minus, double *f) \
  { \
    const Ctx *c = (const Ctx *)ctx; \
    const PetscInt rows = b->rows, half = (rows + 1) / 2; \
    const size_t cs = b->comp_stride, ps = b->pair_stride; \
    for (PetscInt m = 0; m < rows; ++m) { \
      const PetscInt up = m < half ? m : b->line - (rows - m); \
      const PetscInt down = up ? b->line - up : 0; \
      const double *restrict zp = plus + 16 * up; \
      const double *restrict zm = ((OUT_FIELDS) == 1 ? plus : minus) + 16 * down; \
      double *restrict fm = f + 16 * m; \
      _Pragma("GCC ivdep") for (int l = 0; l < EDDY_LANES; ++l) \
      { \
        const EddyMode k = EddyModeLane(b, m, l); \
        EddyComplex r[EDDY_MAX_COMP], w[2 * EDDY_MAX_PAIRS]; \
        if ((OUT_FIELDS) == 1) { /* kx = 0: exactly conjugate to -ky */ \
          const double br = b->kx[l] == 0 ? zm[l] : zp[l]; \
          const double bi = b->kx[l] == 0 ? -zm[8 + l] : zp[8 + l]; \
          w[0] = (EddyComplex){.5 * (zp[l] + br), .5 * (zp[8 + l] + bi)}; \
        } \
        _Pragma("GCC unroll 16") for (PetscInt p = 0; p < (OUT_FIELDS) / 2; ++p) \
        { \
          const double ar = zp[p * ps + l], ai = zp[p * ps + 8 + l]; \
          const double br = zm[p * ps + l], bi = zm[p * ps + 8 + l]; \
          w[2 * p] = (EddyComplex){.5 * (ar + br), .5 * (ai - bi)}; \
          w[2 * p + 1] = (EddyComplex){.5 * (ai + bi), .5 * (br - ar)}; \
        } \
        FromHat(c, &k, w, r); \
        _Pragma("GCC unroll 16") for (PetscInt q = 0; q < (NCOMP); ++q) \
        { \
          fm[q * cs + l] = r[q].re; \
          fm[q * cs + 8 + l] = r[q].im; \
        } \
      } \
    } \
  }

/* Courant kernel from a pointwise rate; the file defines Speed first:

     static inline double Speed(const Ctx *c, const double aux[], const double inv_dx[3]);

   which returns sum_d |speed_d| inv_dx[d] from the values that ToReal made. Makes CourantRows. */
#define EDDY_COURANT_KERNEL(IN_FIELDS) EDDY_COURANT_KERNEL_NAMED(, IN_FIELDS)
#define EDDY_COURANT_KERNEL_NAMED(SUFFIX, IN_FIELDS) \
  static double CourantRows##SUFFIX(const void *ctx, PetscInt n, size_t ps, const double *z, \
                                    const double inv_dx[3]) \
  { \
    const Ctx *c = (const Ctx *)ctx; \
    enum { LANES = (IN_FIELDS) == 1 ? 2 * EDDY_LANES : EDDY_LANES }; \
    double m[LANES] = {0}, r = 0; \
    for (PetscInt i = 0; i < n; ++i) { \
      const double *zi = z + 16 * i; \
      _Pragma("GCC ivdep") for (int l = 0; l < LANES; ++l) \
      { \
        double a[2 * EDDY_MAX_PAIRS]; \
        a[0] = zi[l]; \
        _Pragma("GCC unroll 16") for (PetscInt p = 0; p < (IN_FIELDS) / 2; ++p) \
        { \
          a[2 * p] = zi[p * ps + l]; \
          a[2 * p + 1] = zi[p * ps + 8 + l]; \
        } \
        const double s = Speed(c, a, inv_dx); \
        m[l] = s > m[l] ? s : m[l]; \
      } \
    } \
    for (int l = 0; l < LANES; ++l) \
      r = m[l] > r ? m[l] : r; \
    return r; \
  }

/* Scalar conservation law in one dimension from the pointwise Flux of the contract: aux = u, product = F(u)
   along x, right-hand side = -i kx F. The file defines Flux first. */
#define EDDY_FLUX_KERNELS_1D \
  static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], \
                            EddyComplex a[]) \
  { \
    a[0] = u[0]; \
  } \
  static inline void Product(const Ctx *c, const double a[], double w[]) \
  { \
    static const PetscReal x[3] = {0, 0, 0}, n[3] = {1, 0, 0}; \
    Flux(c, x, 0, n, a, NULL, w); \
  } \
  static inline void FromHat(const Ctx *c, const EddyMode *k, const EddyComplex w[], \
                             EddyComplex r[]) \
  { \
    r[0] = EddyCTimesI(-k->k[0], w[0]); \
  } \
  EDDY_SPECTRAL_KERNELS(1, 1, 1)

/* Scalar equation with a pointwise Source: aux = u, product = S(u). The file defines Source first. */
#define EDDY_SOURCE_KERNELS \
  static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], \
                            EddyComplex a[]) \
  { \
    a[0] = u[0]; \
  } \
  static inline void Product(const Ctx *c, const double a[], double w[]) \
  { \
    static const PetscReal x[3] = {0, 0, 0}; \
    Source(c, x, 0, a, w); \
  } \
  static inline void FromHat(const Ctx *c, const EddyMode *k, const EddyComplex w[], \
                             EddyComplex r[]) \
  { \
    r[0] = w[0]; \
  } \
  EDDY_SPECTRAL_KERNELS(1, 1, 1)
#endif
