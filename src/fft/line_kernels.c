/* SPDX-License-Identifier: BSD-3-Clause */
/* Butterflies of the line transforms, compiled once per x86-64 level. A stage of radix r on a block of length L = r m:

     DIF (inverse):  y[q m + j] = exp(+2 pi i j q / L) sum_p x[p m + j] exp(+2 pi i p q / r)
     DIT (forward):  x[p m + j] = sum_q ( exp(-2 pi i j q / L) y[q m + j] ) exp(-2 pi i p q / r)

   then the r sub-blocks of length m. Sub-blocks are finished depth first, so that they stay in the first-level cache. */
#include "line.h"
#include "vector.h"

typedef struct {
  EddyV r, i;
} Cv;
#define INLINE static inline __attribute__((always_inline))

INLINE Cv Add(Cv a, Cv b) { return (Cv){a.r + b.r, a.i + b.i}; }
INLINE Cv Sub(Cv a, Cv b) { return (Cv){a.r - b.r, a.i - b.i}; }
INLINE Cv Scale(double s, Cv a) { return (Cv){s * a.r, s * a.i}; }
INLINE Cv TimesI(int sign, Cv a) { return sign > 0 ? (Cv){-a.i, a.r} : (Cv){a.i, -a.r}; }

INLINE void Butterfly2(Cv *x, int s)
{
  const Cv a = x[0];
  x[0] = Add(a, x[1]);
  x[1] = Sub(a, x[1]);
}

INLINE void Butterfly3(Cv *x, int s)
{
  const double h = 0.86602540378443864676; /* sin(2 pi/3) */
  const Cv t = Add(x[1], x[2]), d = TimesI(s, Scale(h, Sub(x[1], x[2])));
  const Cv m = Sub(x[0], Scale(.5, t));
  x[0] = Add(x[0], t);
  x[1] = Add(m, d);
  x[2] = Sub(m, d);
}

INLINE void Butterfly4(Cv *x, int s)
{
  const Cv a = Add(x[0], x[2]), b = Sub(x[0], x[2]), c = Add(x[1], x[3]),
           d = TimesI(s, Sub(x[1], x[3]));
  x[0] = Add(a, c);
  x[1] = Add(b, d);
  x[2] = Sub(a, c);
  x[3] = Sub(b, d);
}

INLINE void Butterfly5(Cv *x, int s)
{
  const double c1 = 0.30901699437494742410,
               c2 = -0.80901699437494742410; /* cos(2 pi/5), cos(4 pi/5) */
  const double s1 = 0.95105651629515357212,
               s2 = 0.58778525229247312917; /* sin(2 pi/5), sin(4 pi/5) */
  const Cv a = Add(x[1], x[4]), b = Add(x[2], x[3]), c = Sub(x[1], x[4]), d = Sub(x[2], x[3]);
  const Cv p = Add(x[0], Add(Scale(c1, a), Scale(c2, b))),
           q = Add(x[0], Add(Scale(c2, a), Scale(c1, b)));
  const Cv u = TimesI(s, Add(Scale(s1, c), Scale(s2, d))),
           v = TimesI(s, Sub(Scale(s2, c), Scale(s1, d)));
  x[0] = Add(x[0], Add(a, b));
  x[1] = Add(p, u);
  x[2] = Add(q, v);
  x[3] = Sub(q, v);
  x[4] = Sub(p, u);
}

INLINE void Butterfly7(Cv *x, int s)
{
  /* cos and sin of 2 pi/7, 4 pi/7, 6 pi/7 */
  const double c1 = 0.62348980185873353053, c2 = -0.22252093395631440429,
               c3 = -0.90096886790241912624;
  const double s1 = 0.78183148246802980871, s2 = 0.97492791218182360702,
               s3 = 0.43388373911755812048;
  const Cv a = Add(x[1], x[6]), b = Add(x[2], x[5]), c = Add(x[3], x[4]);
  const Cv d = Sub(x[1], x[6]), e = Sub(x[2], x[5]), f = Sub(x[3], x[4]);
  const Cv p = Add(x[0], Add(Scale(c1, a), Add(Scale(c2, b), Scale(c3, c))));
  const Cv q = Add(x[0], Add(Scale(c2, a), Add(Scale(c3, b), Scale(c1, c))));
  const Cv r = Add(x[0], Add(Scale(c3, a), Add(Scale(c1, b), Scale(c2, c))));
  const Cv u = TimesI(s, Add(Scale(s1, d), Add(Scale(s2, e), Scale(s3, f))));
  const Cv v = TimesI(s, Sub(Scale(s2, d), Add(Scale(s3, e), Scale(s1, f))));
  const Cv w = TimesI(s, Add(Sub(Scale(s3, d), Scale(s1, e)), Scale(s2, f)));
  x[0] = Add(x[0], Add(a, Add(b, c)));
  x[1] = Add(p, u);
  x[2] = Add(q, v);
  x[3] = Add(r, w);
  x[4] = Sub(r, w);
  x[5] = Sub(q, v);
  x[6] = Sub(p, u);
}

INLINE void Butterfly8(Cv *x, int s)
{
  const double h = 0.70710678118654752440; /* cos(pi/4) */
  Cv e[4] = {x[0], x[2], x[4], x[6]}, o[4] = {x[1], x[3], x[5], x[7]};
  Butterfly4(e, s);
  Butterfly4(o, s);
  const Cv o1 = Scale(h, Add(o[1], TimesI(s, o[1]))), o2 = TimesI(s, o[2]),
           o3 = Scale(h, Sub(TimesI(s, o[3]), o[3]));
  x[0] = Add(e[0], o[0]);
  x[4] = Sub(e[0], o[0]);
  x[1] = Add(e[1], o1);
  x[5] = Sub(e[1], o1);
  x[2] = Add(e[2], o2);
  x[6] = Sub(e[2], o2);
  x[3] = Add(e[3], o3);
  x[7] = Sub(e[3], o3);
}

/* One stage on a block: points z + 16 (q m + j). sign +1: twiddles after the butterfly; -1: conjugate twiddles before. */
#define STAGE(R) \
  INLINE void Point##R(double *z, size_t stride, const double *w, int sign) \
  { \
    for (int h = 0; h < EDDY_LANES; h += EDDY_VL) { \
      Cv x[R]; \
      for (int q = 0; q < R; ++q) \
        x[q] = (Cv){EddyVLoad(z + q * stride + h), EddyVLoad(z + q * stride + 8 + h)}; \
      if (w && sign < 0) \
        for (int q = 1; q < R; ++q) { \
          const double c = w[2 * q - 2], s = w[2 * q - 1]; \
          x[q] = (Cv){c * x[q].r + s * x[q].i, c * x[q].i - s * x[q].r}; \
        } \
      Butterfly##R(x, sign); \
      if (w && sign > 0) \
        for (int q = 1; q < R; ++q) { \
          const double c = w[2 * q - 2], s = w[2 * q - 1]; \
          x[q] = (Cv){c * x[q].r - s * x[q].i, c * x[q].i + s * x[q].r}; \
        } \
      for (int q = 0; q < R; ++q) { \
        EddyVStore(z + q * stride + h, x[q].r); \
        EddyVStore(z + q * stride + 8 + h, x[q].i); \
      } \
    } \
  } \
  static void Dif##R(double *z, PetscInt m, const double *w) \
  { \
    Point##R(z, 16 * (size_t)m, NULL, 1); \
    for (PetscInt j = 1; j < m; ++j) \
      Point##R(z + 16 * j, 16 * (size_t)m, w + 2 * (R - 1) * j, 1); \
  } \
  static void Dit##R(double *z, PetscInt m, const double *w) \
  { \
    Point##R(z, 16 * (size_t)m, NULL, -1); \
    for (PetscInt j = 1; j < m; ++j) \
      Point##R(z + 16 * j, 16 * (size_t)m, w + 2 * (R - 1) * j, -1); \
  }

STAGE(2)
STAGE(3)
STAGE(4)
STAGE(5)
STAGE(7)
STAGE(8)

typedef void (*Stage)(double *z, PetscInt m, const double *w);
static const Stage dif[9] = {NULL, NULL, Dif2, Dif3, Dif4, Dif5, NULL, Dif7, Dif8};
static const Stage dit[9] = {NULL, NULL, Dit2, Dit3, Dit4, Dit5, NULL, Dit7, Dit8};

static void InverseBlock(const struct _p_EddyLine *p, PetscInt s, PetscInt length, double *z)
{
  const PetscInt r = p->radix[s], m = length / r;
  dif[r](z, m, p->twiddle[s]);
  if (s + 1 < p->nstage)
    for (PetscInt q = 0; q < r; ++q)
      InverseBlock(p, s + 1, m, z + 16 * (size_t)(q * m));
}

static void ForwardBlock(const struct _p_EddyLine *p, PetscInt s, PetscInt length, double *z)
{
  const PetscInt r = p->radix[s], m = length / r;
  if (s + 1 < p->nstage)
    for (PetscInt q = 0; q < r; ++q)
      ForwardBlock(p, s + 1, m, z + 16 * (size_t)(q * m));
  dit[r](z, m, p->twiddle[s]);
}

static void Inverse(const struct _p_EddyLine *p, double *z)
{
  if (p->nstage)
    InverseBlock(p, 0, p->n, z);
}

static void Forward(const struct _p_EddyLine *p, double *z)
{
  if (p->nstage)
    ForwardBlock(p, 0, p->n, z);
}

const EddyLineKernels EDDY_SIMD(eddy_line_kernels) = {Inverse, Forward};
