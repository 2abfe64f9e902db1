/* SPDX-License-Identifier: BSD-3-Clause */
/* Reconstruction of face values from cell averages along a line, five cells wide. Every formula is written so that it
   gives mirrored bits for mirrored averages.

     muscl   q -/+ s/2, s a limited slope [VanLeer1979]
     ppm     fourth-order interface values, limited so that smooth extrema are kept [McCorquodaleColella2011 section 2.4.1]
     weno5   WENO-Z [Borges2008], both faces from the same smoothness indicators */
#include "rows.h"
#include <math.h>

#define INLINE static inline __attribute__((always_inline))
INLINE double Min(double a, double b) { return a < b ? a : b; }
INLINE double Max(double a, double b) { return a > b ? a : b; }

static void Constant(PetscInt n, ptrdiff_t s, const double *restrict q, double *restrict qm,
                     double *restrict qp)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i)
  {
    qm[i] = q[i];
    qp[i] = q[i];
  }
}

/* Slopes from the differences a (to the low neighbour) and b; zero at an extremum but for None. */
INLINE double Mc(double a, double b)
{
  const double m = Min(2 * Min(fabs(a), fabs(b)), .5 * fabs(a + b));
  return a * b > 0 ? copysign(m, a) : 0;
}
INLINE double Minmod(double a, double b)
{
  return a * b > 0 ? copysign(Min(fabs(a), fabs(b)), a) : 0;
}
INLINE double VanLeer(double a, double b)
{
  const double p = a * b;
  return p > 0 ? 2 * p / (p > 0 ? a + b : 1) : 0;
}
INLINE double VanAlbada(double a, double b)
{
  const double p = a * b;
  return p > 0 ? p * (a + b) / (p > 0 ? a * a + b * b : 1) : 0;
}
INLINE double None(double a, double b) { return .5 * (a + b); }

#define MUSCL(LIMITER) \
  static void Muscl##LIMITER(PetscInt n, ptrdiff_t s, const double *restrict q, \
                             double *restrict qm, double *restrict qp) \
  { \
    const double *lo = q - s, *hi = q + s; \
    _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) \
    { \
      const double half = .5 * LIMITER(q[i] - lo[i], hi[i] - q[i]); \
      qm[i] = q[i] - half; \
      qp[i] = q[i] + half; \
    } \
  }
MUSCL(Mc)
MUSCL(Minmod)
MUSCL(VanLeer)
MUSCL(VanAlbada)
MUSCL(None)

/* Interface value between b and c of a b | c d. */
INLINE double Interface(double a, double b, double c, double d)
{
  return (7. / 12) * (b + c) - (1. / 12) * (a + d);
}

static void Ppm(PetscInt n, ptrdiff_t s, const double *restrict q, double *restrict qm,
                double *restrict qp)
{
  const double *a2 = q - 2 * s, *a1 = q - s, *b1 = q + s, *b2 = q + 2 * s;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i)
  {
    const double q0 = q[i], m1 = a1[i], m2 = a2[i], p1 = b1[i], p2 = b2[i];
    const double dm = q0 - Interface(m2, m1, q0, p1), dp = Interface(m1, q0, p1, p2) - q0;
    /* second differences of the parabola and of the averages [eqs. 26-28] */
    const double d2 = 6 * (dp - dm), c2 = (m1 + p1) - 2 * q0, l2 = (m2 + q0) - 2 * m1,
                 r2 = (q0 + p2) - 2 * p1;
    const double least = Min(Min(1.25 * fabs(l2), 1.25 * fabs(r2)), Min(1.25 * fabs(c2), fabs(d2)));
    const int same =
        (d2 > 0 && c2 > 0 && l2 > 0 && r2 > 0) || (d2 < 0 && c2 < 0 && l2 < 0 && r2 < 0);
    const double big = Max(Max(fabs(q0), Max(fabs(m1), fabs(p1))), Max(fabs(m2), fabs(p2)));
    const double ratio = same && fabs(d2) > 1e-12 * big ? least / fabs(d2) : 0;
    /* beside the top of a symmetric bump p2 = q0 or q0 = m2 but for rounding: an extremum on both sides of it, not on one */
    const double up = p2 - q0, down = q0 - m2;
    const int extremum = dm * dp <= 0 || up * down <= 1e-12 * big * Max(fabs(up), fabs(down));
    const double keep = ratio >= 1 - 1e-12 ? 1 : ratio;
    /* monotone otherwise [eq. 30] */
    const double tm = fabs(dm) >= 2 * fabs(dp) ? 2 * dp : dm;
    const double tp = fabs(dp) >= 2 * fabs(dm) ? 2 * dm : dp;
    qm[i] = q0 - (extremum ? keep * dm : tm);
    qp[i] = q0 + (extremum ? keep * dp : tp);
  }
}

/* Smoothness of the one-sided stencils far, mid, near (near: the cell itself) [JiangShu1996]. */
INLINE double Beta(double far, double mid, double near)
{
  const double a = (far + near) - 2 * mid, b = (far + 3 * near) - 4 * mid;
  return (13. / 12) * (a * a) + .25 * (b * b);
}
/* Value at the face between c and d of a b c | d e with weights of the stencils abc, bcd, cde. */
INLINE double Weighted(double wa, double wb, double wc, double a, double b, double c, double d,
                       double e)
{
  const double va = (1. / 3) * a - (7. / 6) * b + (11. / 6) * c;
  const double vb = (-1. / 6) * b + (5. / 6) * c + (1. / 3) * d;
  const double vc = (1. / 3) * c + (5. / 6) * d - (1. / 6) * e;
  return (wa * va + wc * vc + wb * vb) / (wa + wc + wb);
}

static void Weno5(PetscInt n, ptrdiff_t s, const double *restrict q, double *restrict qm,
                  double *restrict qp)
{
  const double *a2 = q - 2 * s, *a1 = q - s, *b1 = q + s, *b2 = q + 2 * s;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i)
  {
    const double q0 = q[i], m1 = a1[i], m2 = a2[i], p1 = b1[i], p2 = b2[i];
    const double sl = Beta(m2, m1, q0), sr = Beta(p2, p1, q0);
    const double c = (m1 + p1) - 2 * q0, g = m1 - p1;
    const double sc = (13. / 12) * (c * c) + .25 * (g * g), tau = fabs(sl - sr), eps = 1e-40;
    const double tl = tau / (sl + eps), tc = tau / (sc + eps), tr = tau / (sr + eps);
    const double wl = 1 + tl * tl, wc = .6 * (1 + tc * tc), wr = 1 + tr * tr;
    qp[i] = Weighted(.1 * wl, wc, .3 * wr, m2, m1, q0, p1, p2);
    qm[i] = Weighted(.1 * wr, wc, .3 * wl, p2, p1, q0, m1, m2);
  }
}

static void Divide(PetscInt n, double k, const double *restrict lo, const double *restrict hi,
                   double *restrict out)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] = k * (lo[i] - hi[i]);
}

static void DivideAdd(PetscInt n, double k, const double *restrict lo, const double *restrict hi,
                      double *restrict out)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] += k * (lo[i] - hi[i]);
}

static void Diffuse(PetscInt n, ptrdiff_t s, double k, const double *restrict q,
                    double *restrict out)
{
  const double *lo = q - s, *hi = q + s;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] += k * ((lo[i] + hi[i]) - 2 * q[i]);
}

static void PositiveScale(PetscInt n, double least, const double *restrict q,
                          const double *restrict qm, const double *restrict qp,
                          double *restrict scale)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i)
  {
    const double floor = Min(Max(least, .05 * q[i]), q[i]), low = Min(qm[i], qp[i]),
                 room = q[i] - floor, drop = q[i] - low;
    const double t = low < floor ? room / (drop > 0 ? drop : 1) : 1;
    scale[i] = Min(scale[i], t);
  }
}

static void PositiveApply(PetscInt n, const double *restrict scale, const double *restrict q,
                          double *restrict qm, double *restrict qp)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i)
  {
    qm[i] = scale[i] < 1 ? q[i] + scale[i] * (qm[i] - q[i]) : qm[i];
    qp[i] = scale[i] < 1 ? q[i] + scale[i] * (qp[i] - q[i]) : qp[i];
  }
}

static double Least(PetscInt n, const double *restrict v)
{
  double r = v[0];
  _Pragma("omp simd reduction(min : r)") for (PetscInt i = 0; i < n; ++i) r = v[i] < r ? v[i] : r;
  return r;
}

static void Shock(PetscInt n, ptrdiff_t s, const double *restrict p, const double *restrict u,
                  double *restrict theta)
{
  const double *pl = p - s, *ph = p + s, *ul = u - s, *uh = u + s;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i)
  {
    const double least = Min(pl[i], ph[i]), jump = fabs(ph[i] - pl[i]);
    const double t = Max(0, Min(1, jump / (least > 0 ? least : 1) - 1));
    theta[i] = Max(theta[i], ul[i] > uh[i] ? t : 0);
  }
}

static void Blend(PetscInt n, const double *restrict theta, const double *restrict soft,
                  double *restrict f)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) f[i] =
      theta[i] > 0 ? f[i] + theta[i] * (soft[i] - f[i]) : f[i];
}

const EddyFvRows EDDY_SIMD(eddy_fv_rows) = {
    .constant = Constant,
    .muscl = {MusclMc, MusclMinmod, MusclVanLeer, MusclVanAlbada, MusclNone},
    .ppm = Ppm,
    .weno5 = Weno5,
    .Divide = Divide,
    .DivideAdd = DivideAdd,
    .Diffuse = Diffuse,
    .PositiveScale = PositiveScale,
    .PositiveApply = PositiveApply,
    .Least = Least,
    .Shock = Shock,
    .Blend = Blend,
};
