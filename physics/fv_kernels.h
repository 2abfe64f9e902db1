/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of the finite-volume engine from pointwise functions, see EddyFvKernels in physics.h. They inline into
   simd loops, once per x86-64 level: no libm call but sqrt and fabs, minimum and maximum as a < b ? a : b, and no
   early return in a pointwise function.

   A physics file defines Ctx and, with dim and dir compile-time constants after inlining,

     EDDY_FV_INLINE void Prim(const Ctx *c, int dim, const double u[], const double aux[], double w[]);
     EDDY_FV_INLINE void PointFlux(const Ctx *c, int dim, int dir, const double w[], double u[], double f[]);
         conserved state and flux in direction dir of a primitive state
     EDDY_FV_INLINE void Fan(const Ctx *c, int dim, int dir, const double l[], const double r[], double *sl, double *sr);
         bounds of the signal speeds of a Riemann problem
     EDDY_FV_INLINE double CellRate(const Ctx *c, int dim, const double w[], const double inv_dx[3]);

   and then says EDDY_FV_KERNELS(dim, ncomp, nprim, naux) for every dimension it offers. Solvers of its own (HLLC, Roe) are pointwise functions
   X(c, dim, dir, l, r, f) and become kernels by EDDY_FV_FLUX_KERNEL(name, dim, dir, ncomp, nprim, X). */
#ifndef EDDY_FV_KERNELS_H
#define EDDY_FV_KERNELS_H
#include "physics.h"
#include <math.h>

#define EDDY_FV_INLINE static inline __attribute__((always_inline))

enum { EDDY_FV_CHUNK = 128 };
static inline __attribute__((always_inline)) double EddyMin(double a, double b)
{
  return a < b ? a : b;
}
static inline __attribute__((always_inline)) double EddyMax(double a, double b)
{
  return a > b ? a : b;
}

/* Kernel NAME of faces normal to DIR. */
#define EDDY_FV_FLUX_KERNEL(NAME, DIM, DIR, NC, NP, FUNCTION) \
  static void NAME(const void *ctx, PetscInt n, size_t qs, const double *restrict l, \
                   const double *restrict r, size_t fs, double *restrict fl, double *restrict fr) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double wl[NP], wr[NP], f[NC]; \
      for (int q = 0; q < (NP); ++q) { \
        wl[q] = l[(size_t)q * qs + (size_t)i]; \
        wr[q] = r[(size_t)q * qs + (size_t)i]; \
      } \
      FUNCTION(&c, DIM, DIR, wl, wr, f); \
      for (int q = 0; q < (NC); ++q) \
        fl[(size_t)q * fs + (size_t)i] = f[q]; \
    } \
  }

/* A vector in the frame of a face of unit normal n, component 0 along it, and back. 2-D: a rotation; 3-D: the Householder matrix that takes n to the first
   axis, times a sign, which is its own inverse (mapped_kernels.c). */
EDDY_FV_INLINE void EddyTurn(int dim, int back, const double n[], double v[])
{
  if (dim == 1)
    v[0] *= n[0];
  if (dim == 2) {
    const double a = v[0], b = v[1], m = back ? -n[1] : n[1];
    v[0] = n[0] * a + m * b;
    v[1] = n[0] * b - m * a;
  }
  if (dim == 3) {
    const double s = copysign(1, n[0]), x = n[0] + s;
    const double k = (x * v[0] + n[1] * v[1] + n[2] * v[2]) * (1 / (1 + fabs(n[0])));
    v[0] = s * (k * x - v[0]);
    v[1] = s * (k * n[1] - v[1]);
    v[2] = s * (k * n[2] - v[2]);
  }
}

/* Kernel NAME of faces of any normal [DIM] and area (EddyFvFluxNormal), with the vector at component VEC of w and u: the solver along the first axis, in the frame of the
   face. */
#define EDDY_FV_NORMAL_KERNEL(NAME, DIM, NC, NP, VEC, FUNCTION) \
  static void NAME(const void *ctx, PetscInt n, size_t qs, const double *restrict l, \
                   const double *restrict r, size_t ns, const double *restrict normal, size_t fs, \
                   double *restrict fl, double *restrict fr) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double wl[NP], wr[NP], f[NC], m[DIM]; \
      for (int d = 0; d < (DIM); ++d) \
        m[d] = normal[(size_t)d * ns + (size_t)i]; \
      for (int q = 0; q < (NP); ++q) { \
        wl[q] = l[(size_t)q * qs + (size_t)i]; \
        wr[q] = r[(size_t)q * qs + (size_t)i]; \
      } \
      EddyTurn(DIM, 0, m, wl + (VEC)); \
      EddyTurn(DIM, 0, m, wr + (VEC)); \
      FUNCTION(&c, DIM, 0, wl, wr, f); \
      EddyTurn(DIM, 1, m, f + (VEC)); \
      for (int q = 0; q < (NC); ++q) \
        fl[(size_t)q * fs + (size_t)i] = f[q] * normal[(DIM)*ns + (size_t)i]; \
    } \
  }

/* The same with a flux of its own for each side: FUNCTION(c, dim, dir, l, r, f, g). */
#define EDDY_FV_FLUX2_KERNEL(NAME, DIM, DIR, NC, NP, FUNCTION) \
  static void NAME(const void *ctx, PetscInt n, size_t qs, const double *restrict l, \
                   const double *restrict r, size_t fs, double *restrict fl, double *restrict fr) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double wl[NP], wr[NP], f[NC], g[NC]; \
      for (int q = 0; q < (NP); ++q) { \
        wl[q] = l[(size_t)q * qs + (size_t)i]; \
        wr[q] = r[(size_t)q * qs + (size_t)i]; \
      } \
      FUNCTION(&c, DIM, DIR, wl, wr, f, g); \
      for (int q = 0; q < (NC); ++q) { \
        fl[(size_t)q * fs + (size_t)i] = f[q]; \
        fr[(size_t)q * fs + (size_t)i] = g[q]; \
      } \
    } \
  }

/* ToPrim, Rate and Speed of one dimension. */
#define EDDY_FV_CELL_KERNELS(DIM, NC, NP, NA) \
  static void ToPrimRows##DIM(const void *ctx, PetscInt n, size_t us, const double *restrict u, \
                              size_t as, const double *restrict aux, size_t ws, \
                              double *restrict w) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double a[NC], x[(NA) + 1], b[NP]; \
      for (int q = 0; q < (NC); ++q) \
        a[q] = u[(size_t)q * us + (size_t)i]; \
      for (int q = 0; q < (NA); ++q) \
        x[q] = aux[(size_t)q * as + (size_t)i]; \
      Prim(&c, DIM, a, x, b); \
      for (int q = 0; q < (NP); ++q) \
        w[(size_t)q * ws + (size_t)i] = b[q]; \
    } \
  } \
  __attribute__((unused)) static void SpeedRows##DIM( \
      const void *ctx, PetscInt n, size_t ws, const double *restrict w, double *restrict speed) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    const double along[3] = {1, 0, 0}; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double b[NP]; \
      for (int q = 0; q < (NP); ++q) \
        b[q] = w[(size_t)q * ws + (size_t)i]; \
      speed[i] = CellRate(&c, DIM, b, along); \
    } \
  } \
  static double RateRows##DIM(const void *ctx, PetscInt n, size_t ws, const double *restrict w, \
                              const double inv_dx[3]) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    const double idx[3] = {inv_dx[0], inv_dx[1], inv_dx[2]}; \
    double s[EDDY_FV_CHUNK], r = 0; \
    for (PetscInt i0 = 0; i0 < n; i0 += EDDY_FV_CHUNK) { \
      const PetscInt m = n - i0 < EDDY_FV_CHUNK ? n - i0 : EDDY_FV_CHUNK; \
      const double *wi = w + i0; \
      _Pragma("GCC ivdep") for (PetscInt i = 0; i < m; ++i) \
      { \
        double b[NP]; \
        for (int q = 0; q < (NP); ++q) \
          b[q] = wi[(size_t)q * ws + (size_t)i]; \
        s[i] = CellRate(&c, DIM, b, idx); \
      } \
      _Pragma("omp simd reduction(max : r)") for (PetscInt i = 0; i < m; ++i) r = \
          s[i] > r ? s[i] : r; \
    } \
    return r; \
  }

/* HLL [HartenLaxVanLeer1983] and Rusanov [Rusanov1961] from PointFlux and Fan. */
#define EDDY_FV_SIMPLE_SOLVERS(MAXC) \
  EDDY_FV_INLINE void Hll(const Ctx *c, int dim, int dir, const double l[], const double r[], \
                          double f[]) \
  { \
    double ul[MAXC], ur[MAXC], fl[MAXC], fr[MAXC], sl, sr; \
    PointFlux(c, dim, dir, l, ul, fl); \
    PointFlux(c, dim, dir, r, ur, fr); \
    Fan(c, dim, dir, l, r, &sl, &sr); \
    sl = EddyMin(sl, 0); \
    sr = EddyMax(sr, 0); \
    const double k = 1 / (sr - sl + 1e-300); /* both zero: nothing moves */ \
    for (int q = 0; q < NCOMP(dim); ++q) \
      f[q] = (sr * fl[q] - sl * fr[q] + sl * sr * (ur[q] - ul[q])) * k; \
  } \
  EDDY_FV_INLINE void Rusanov(const Ctx *c, int dim, int dir, const double l[], const double r[], \
                              double f[]) \
  { \
    double ul[MAXC], ur[MAXC], fl[MAXC], fr[MAXC], sl, sr; \
    PointFlux(c, dim, dir, l, ul, fl); \
    PointFlux(c, dim, dir, r, ur, fr); \
    Fan(c, dim, dir, l, r, &sl, &sr); \
    sl = fabs(sl); \
    sr = fabs(sr); \
    const double s = .5 * EddyMax(sl, sr); \
    for (int q = 0; q < NCOMP(dim); ++q) \
      f[q] = .5 * (fl[q] + fr[q]) - s * (ur[q] - ul[q]); \
  }

/* Projection on the waves of a direction, see EddyFvKernels. The file defines, e[] being what both need of the state of the cell,

     EDDY_FV_INLINE void Eigen(const Ctx *c, int dim, int dir, const double w[], double e[4]);
     EDDY_FV_INLINE void ToWave(const Ctx *c, int dim, int dir, const double e[4], const double d[], double v[]);
     EDDY_FV_INLINE void FromWave(const Ctx *c, int dim, int dir, const double e[4], const double v[], double d[]);  */
#define EDDY_FV_WAVES_ROWS(DIM, DIR, NP, REACH) \
  static void ToWaves_##DIM##_##DIR##_##REACH(const void *ctx, PetscInt n, ptrdiff_t step, \
                                              size_t ws, const double *restrict w, size_t vs, \
                                              double *restrict v) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double here[NP], e[4], d[NP], a[NP]; \
      for (int q = 0; q < (NP); ++q) \
        here[q] = w[(size_t)q * ws + (size_t)i]; \
      Eigen(&c, DIM, DIR, here, e); \
      for (int k = -(REACH); k <= (REACH); ++k) { \
        for (int q = 0; q < (NP); ++q) \
          d[q] = w[(ptrdiff_t)((size_t)q * ws + (size_t)i) + k * step] - here[q]; \
        ToWave(&c, DIM, DIR, e, d, a); \
        for (int q = 0; q < (NP); ++q) \
          v[(size_t)((k + (REACH)) * (NP) + q) * vs + (size_t)i] = a[q]; \
      } \
    } \
  }
#define EDDY_FV_WAVES_KERNELS(DIM, DIR, NP) \
  EDDY_FV_WAVES_ROWS(DIM, DIR, NP, 1) \
  EDDY_FV_WAVES_ROWS(DIM, DIR, NP, 2) \
  static void ToWaves_##DIM##_##DIR(const void *ctx, PetscInt n, ptrdiff_t step, PetscInt reach, \
                                    size_t ws, const double *w, size_t vs, double *v) \
  { \
    if (reach == 1) \
      ToWaves_##DIM##_##DIR##_1(ctx, n, step, ws, w, vs, v); \
    else \
      ToWaves_##DIM##_##DIR##_2(ctx, n, step, ws, w, vs, v); \
  } \
  static void FromWaves_##DIM##_##DIR(const void *ctx, PetscInt n, size_t ws, \
                                      const double *restrict w, size_t qs, double *restrict qm, \
                                      double *restrict qp) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double here[NP], e[4], am[NP], ap[NP], dm[NP], dp[NP]; \
      for (int q = 0; q < (NP); ++q) { \
        here[q] = w[(size_t)q * ws + (size_t)i]; \
        am[q] = qm[(size_t)q * qs + (size_t)i]; \
        ap[q] = qp[(size_t)q * qs + (size_t)i]; \
      } \
      Eigen(&c, DIM, DIR, here, e); \
      FromWave(&c, DIM, DIR, e, am, dm); \
      FromWave(&c, DIM, DIR, e, ap, dp); \
      for (int q = 0; q < (NP); ++q) { \
        qm[(size_t)q * qs + (size_t)i] = here[q] + dm[q]; \
        qp[(size_t)q * qs + (size_t)i] = here[q] + dp[q]; \
      } \
    } \
  }

/* Star (EddyFvKernels) of one dimension. The file defines, for the first NC conserved components, what is not negative where a state is admissible,

     EDDY_FV_INLINE double Admit(const Ctx *c, int dim, const double u[]);

   and falls at least with the square of the face values' distance from the average: from I_0 at distance 0 to I_1 < 0 here it is 0 where that is
   sqrt(I_0/(I_0 - I_1)) of what it is now. */
#define EDDY_FV_STAR_KERNEL(DIM, NC, NP) \
  static void Star##DIM(const void *ctx, PetscInt n, size_t ws, const double *restrict w, \
                        size_t qs, const double *restrict qm, const double *restrict qp, \
                        double *restrict scale) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double a[NP], l[NP], r[NP], ua[NC], ul[NC], ur[NC], us[NC], f[NC]; \
      for (int q = 0; q < (NP); ++q) { \
        a[q] = w[(size_t)q * ws + (size_t)i]; \
        l[q] = qm[(size_t)q * qs + (size_t)i]; \
        r[q] = qp[(size_t)q * qs + (size_t)i]; \
      } \
      PointFlux(&c, DIM, 0, a, ua, f); \
      PointFlux(&c, DIM, 0, l, ul, f); \
      PointFlux(&c, DIM, 0, r, ur, f); \
      for (int q = 0; q < (NC); ++q) \
        us[q] = 3 * ua[q] - (ul[q] + ur[q]); \
      const double here = Admit(&c, DIM, ua), star = Admit(&c, DIM, us); \
      const double part = here > 0 ? .9 * sqrt(here / (here - (star < 0 ? star : 0))) : 0; \
      scale[i] = star >= 0 ? scale[i] : part < scale[i] ? part : scale[i]; \
    } \
  }

/* Kernel names X_1_0, X_2_0, X_2_1, X_3_0, ... of a pointwise solver. KERNEL: one of the two macros above. */
#define EDDY_FV_SOLVER(KERNEL, X, NP1) \
  KERNEL(X##_1_0, 1, 0, NCOMP(1), NCOMP(1) + NP1, X) \
  KERNEL(X##_2_0, 2, 0, NCOMP(2), NCOMP(2) + NP1, X) \
  KERNEL(X##_2_1, 2, 1, NCOMP(2), NCOMP(2) + NP1, X)
#define EDDY_FV_SOLVER_3D(KERNEL, X, NP1) \
  KERNEL(X##_3_0, 3, 0, NCOMP(3), NCOMP(3) + NP1, X) \
  KERNEL(X##_3_1, 3, 1, NCOMP(3), NCOMP(3) + NP1, X) \
  KERNEL(X##_3_2, 3, 2, NCOMP(3), NCOMP(3) + NP1, X)

/* Kernels X_1_n, X_2_n, X_3_n of one-sided solvers for mapped grids. */
#define EDDY_FV_SOLVER_NORMAL(X, NP1, VEC) \
  EDDY_FV_NORMAL_KERNEL(X##_1_n, 1, NCOMP(1), NCOMP(1) + NP1, VEC, X) \
  EDDY_FV_NORMAL_KERNEL(X##_2_n, 2, NCOMP(2), NCOMP(2) + NP1, VEC, X) \
  EDDY_FV_NORMAL_KERNEL(X##_3_n, 3, NCOMP(3), NCOMP(3) + NP1, VEC, X)

/* Scalar conservation law from the pointwise Flux of the contract and its signal speed, which the file defines first:

     EDDY_FV_INLINE double Wave(const Ctx *c, int dir, double u);

   then EDDY_FV_SCALAR makes all but the kernels of a dimension, and EDDY_FV_SCALAR_KERNELS(dim) those. HLL between the speeds of both sides is
   the upwind flux wherever these have one sign. */
#define EDDY_FV_SCALAR \
  EDDY_FV_INLINE void Prim(const Ctx *c, int dim, const double u[], const double aux[], \
                           double w[]) \
  { \
    w[0] = u[0]; \
  } \
  EDDY_FV_INLINE void PointFlux(const Ctx *c, int dim, int dir, const double w[], double u[], \
                                double f[]) \
  { \
    const double x[3] = {0, 0, 0}, n[3] = {dir == 0, dir == 1, dir == 2}; \
    u[0] = w[0]; \
    Flux(c, x, 0, n, w, NULL, f); \
  } \
  EDDY_FV_INLINE void Fan(const Ctx *c, int dim, int dir, const double l[], const double r[], \
                          double *sl, double *sr) \
  { \
    const double a = Wave(c, dir, l[0]), b = Wave(c, dir, r[0]); \
    *sl = EddyMin(a, b); \
    *sr = EddyMax(a, b); \
  } \
  EDDY_FV_INLINE double CellRate(const Ctx *c, int dim, const double w[], const double inv_dx[3]) \
  { \
    double s = 0; \
    for (int d = 0; d < dim; ++d) \
      s += fabs(Wave(c, d, w[0])) * inv_dx[d]; \
    return s; \
  } \
  EDDY_FV_INLINE int NCOMP(int dim) { return 1; } \
  EDDY_FV_SIMPLE_SOLVERS(1)
/* Kernels of a scalar for mapped grids of dimension DIM, when directions enter through the vector VECTOR of its Ctx alone: X_DIM_n of the solver X, and SpeedNormalDIM. */
#define EDDY_FV_SCALAR_NORMAL_SOLVER(X, DIM, VECTOR) \
  static void X##_##DIM##_n(const void *ctx, PetscInt n, size_t qs, const double *restrict l, \
                            const double *restrict r, size_t ns, const double *restrict normal, \
                            size_t fs, double *restrict fl, double *restrict fr) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double wl[1] = {l[i]}, wr[1] = {r[i]}, f[1], a = 0; \
      for (int d = 0; d < (DIM); ++d) \
        a += c.VECTOR[d] * normal[(size_t)d * ns + (size_t)i]; \
      Ctx along = c; \
      along.VECTOR[0] = a; \
      X(&along, 1, 0, wl, wr, f); \
      fl[i] = f[0] * normal[(DIM)*ns + (size_t)i]; \
    } \
  }
#define EDDY_FV_SCALAR_NORMAL_SPEED(DIM, VECTOR) \
  static void SpeedNormal_##DIM(const void *ctx, PetscInt n, size_t ws, const double *restrict w, \
                                size_t ns, const double *restrict normal, double *restrict speed) \
  { \
    const Ctx c = *(const Ctx *)ctx; \
    const double x[3] = {1, 0, 0}; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      double b[1] = {w[i]}, a = 0; \
      for (int d = 0; d < (DIM); ++d) \
        a += c.VECTOR[d] * normal[(size_t)d * ns + (size_t)i]; \
      Ctx along = c; \
      along.VECTOR[0] = a; \
      speed[i] = CellRate(&along, 1, b, x); \
    } \
  }
#define EDDY_FV_SCALAR_NORMAL(X, Y, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SOLVER(X, 1, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SOLVER(X, 2, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SOLVER(X, 3, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SOLVER(Y, 1, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SOLVER(Y, 2, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SOLVER(Y, 3, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SPEED(1, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SPEED(2, VECTOR) \
  EDDY_FV_SCALAR_NORMAL_SPEED(3, VECTOR)
/* The kernel of a dimension: NAME_1_n, NAME_2_n or NAME_3_n. */
#define EDDY_FV_NORMAL_OF(NAME, dim) \
  ((dim) == 1 ? NAME##_1_n : (dim) == 2 ? NAME##_2_n : NAME##_3_n)
#define EDDY_FV_SPEED_NORMAL_OF(dim) \
  ((dim) == 1 ? SpeedNormal_1 : (dim) == 2 ? SpeedNormal_2 : SpeedNormal_3)
#define EDDY_FV_SCALAR_ROWS(DIM) \
  { \
    .ToPrim = ToPrimRows##DIM, .Rate = RateRows##DIM, .Speed = SpeedRows##DIM, \
    .SpeedNormal = SpeedNormal_##DIM, .FluxNormal[EDDY_RIEMANN_HLL] = Hll_##DIM##_n, \
    .FluxNormal[EDDY_RIEMANN_RUSANOV] = Rusanov_##DIM##_n, \
    .Flux[EDDY_RIEMANN_HLL] = {Hll_3_0, Hll_3_1, Hll_3_2}, /* the flux knows no dimension */ \
        .Flux[EDDY_RIEMANN_RUSANOV] = { \
          Rusanov_3_0, \
          Rusanov_3_1, \
          Rusanov_3_2 \
        } \
  }
#define EDDY_FV_SCALAR_TABLE(VECTOR) \
  EDDY_FV_SCALAR \
  EDDY_FV_CELL_KERNELS(1, 1, 1, 0) \
  EDDY_FV_CELL_KERNELS(2, 1, 1, 0) \
  EDDY_FV_CELL_KERNELS(3, 1, 1, 0) \
  EDDY_FV_SCALAR_SOLVER(Hll, 3, 0) \
  EDDY_FV_SCALAR_SOLVER(Hll, 3, 1) \
  EDDY_FV_SCALAR_SOLVER(Hll, 3, 2) \
  EDDY_FV_SCALAR_SOLVER(Rusanov, 3, 0) \
  EDDY_FV_SCALAR_SOLVER(Rusanov, 3, 1) \
  EDDY_FV_SCALAR_SOLVER(Rusanov, 3, 2) \
  EDDY_FV_SCALAR_NORMAL(Hll, Rusanov, VECTOR) \
  static const EddyFvKernels scalar_kernels[3] = {EDDY_FV_SCALAR_ROWS(1), EDDY_FV_SCALAR_ROWS(2), \
                                                  EDDY_FV_SCALAR_ROWS(3)};
#define EDDY_FV_SCALAR_SOLVER(X, DIM, DIR) EDDY_FV_FLUX_KERNEL(X##_##DIM##_##DIR, DIM, DIR, 1, 1, X)
#endif
