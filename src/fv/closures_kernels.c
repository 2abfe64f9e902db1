/* SPDX-License-Identifier: BSD-3-Clause */
/* Learned face values [BarSinai2019, Zhuang2021]: an increment from weighted differences, and the bounds of it.

     neighbours  between the two cells of the face
     mp          monotonicity preserving [SureshHuynh1997, section 2 with alpha = 4]: as the former next to jumps, out of the way at smooth extrema */
#include "closures_kernels.h"
#include "closure.h"
#include <math.h>

#define INLINE static inline __attribute__((always_inline))
INLINE double Min(double a, double b) { return a < b ? a : b; }
INLINE double Max(double a, double b) { return a > b ? a : b; }
INLINE double Minmod4(double a, double b, double c, double d)
{
  const double up = Min(Min(a, b), Min(c, d)), down = Max(Max(a, b), Max(c, d));
  return up > 0 ? up : down < 0 ? down : 0;
}

/* Bounds of the value between cells c and p of a b c | p q. */
INLINE double Monotone(double a, double b, double c, double p, double q, double v)
{
  const double dm = a - 2 * b + c, d0 = b - 2 * c + p, dp = c - 2 * p + q;
  const double mp = Minmod4(4 * d0 - dp, 4 * dp - d0, d0, dp),
               mm = Minmod4(4 * d0 - dm, 4 * dm - d0, d0, dm);
  const double upper = c + 4 * (c - b), middle = .5 * (c + p) - .5 * mp,
               large = c + .5 * (c - b) + (4. / 3) * mm;
  const double low = Max(Min(Min(c, p), middle), Min(Min(c, upper), large)),
               high = Min(Max(Max(c, p), middle), Max(Max(c, upper), large));
  return Max(low, Min(high, v));
}

INLINE void Sum(PetscInt n, PetscInt S, size_t stride, const double *restrict weight,
                ptrdiff_t step, const double *restrict own, PetscBool high, PetscInt bound,
                double *restrict v)
{
  const ptrdiff_t first = (high ? 1 - S / 2 : -S / 2) * step, on = high ? step : -step;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double *q = own + i;
    double sum = 0;
    for (PetscInt k = 0; k < S; ++k)
      sum += weight[(size_t)k * stride + (size_t)i] * (q[first + k * step] - q[0]);
    double x = v[i] + sum;
    if (bound == EDDY_FACE_NEIGHBOURS)
      x = Max(Min(q[0], q[on]), Min(Max(q[0], q[on]), x));
    else if (bound == EDDY_FACE_MP)
      x = Monotone(q[-2 * on], q[-on], q[0], q[on], q[2 * on], x);
    v[i] = sum != 0 ? x : v[i];
  }
}

#define CASE(s, b) \
  if (S == s && bound == b) \
  Sum(n, s, stride, weight, step, own, high, b, v)
static void Interpolate(PetscInt n, PetscInt S, size_t stride, const double *weight, ptrdiff_t step,
                        const double *own, PetscBool high, PetscInt bound, double *v)
{
  CASE(4, EDDY_FACE_FREE);
  CASE(4, EDDY_FACE_NEIGHBOURS);
  CASE(4, EDDY_FACE_MP);
  CASE(6, EDDY_FACE_FREE);
  CASE(6, EDDY_FACE_NEIGHBOURS);
  CASE(6, EDDY_FACE_MP);
}

INLINE void Clean(PetscInt n, int S, size_t stride, int nbasis, const double (*restrict basis)[6],
                  double *restrict z)
{
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    double v[6];
    for (int k = 0; k < S; ++k)
      v[k] = z[(size_t)k * stride + (size_t)i];
    for (int m = 0; m < nbasis; ++m) {
      double part = 0;
      for (int k = 0; k < S; ++k)
        part += basis[m][k] * v[k];
      for (int k = 0; k < S; ++k)
        v[k] -= part * basis[m][k];
    }
    for (int k = 0; k < S; ++k)
      z[(size_t)k * stride + (size_t)i] = v[k];
  }
}

#define CLEAN(s, order) \
  if (S == s && nbasis == order) \
  Clean(n, s, stride, order, basis, z)
static void Project(PetscInt n, PetscInt S, size_t stride, PetscInt nbasis,
                    const double (*basis)[6], double *z)
{
  CLEAN(4, 1);
  CLEAN(4, 2);
  CLEAN(4, 3);
  CLEAN(6, 1);
  CLEAN(6, 2);
  CLEAN(6, 3);
}

static void Add(PetscInt n, const double *restrict a, double *restrict f)
{
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) f[i] += a[i];
}

static void Replace(PetscInt n, const double *restrict share, const double *restrict a,
                    double *restrict f)
{
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) f[i] = (1 - share[i]) * f[i] + a[i];
}

static void Turn1(PetscInt n, int dir, size_t gs, const double *g, size_t vs, double *restrict v)
{
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) v[i] *= g[i];
}

static void Turn2(PetscInt n, int dir, size_t gs, const double *g, size_t vs, double *restrict v)
{
  const double *c = dir ? g + gs : g, *s = dir ? g : g + gs, sign = dir ? -1 : 1;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double a = v[i], b = v[vs + (size_t)i], k = sign * s[i];
    v[i] = c[i] * a - k * b;
    v[vs + (size_t)i] = k * a + c[i] * b;
  }
}

/* From the axis, or its opposite, a with a.n >= 0:  v - (h.v) h/(1 + a.n) + 2 (a.v) n,  h = a + n. */
static void Turn3(PetscInt n, int dir, size_t gs, const double *g, size_t vs, double *restrict v)
{
  const size_t e = (size_t)dir, f = (e + 1) % 3, l = (e + 2) % 3;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const size_t x = (size_t)i;
    const double ne = g[e * gs + x], nf = g[f * gs + x], nl = g[l * gs + x];
    const double t = ne < 0 ? -1 : 1, a = t * v[e * vs + x], b = t * v[f * vs + x],
                 c = v[l * vs + x];
    const double he = ne + t, k = (he * a + nf * b + nl * c) / (1 + fabs(ne)), along = 2 * t * a;
    v[e * vs + x] = a - k * he + along * ne;
    v[f * vs + x] = b - k * nf + along * nf;
    v[l * vs + x] = c - k * nl + along * nl;
  }
}

const EddyFvLearned EDDY_SIMD(eddy_fv_learned) = {
    .Interpolate = Interpolate,
    .Project = Project,
    .Add = Add,
    .Replace = Replace,
    .Turn = {Turn1, Turn2, Turn3},
};
