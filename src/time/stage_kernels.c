/* SPDX-License-Identifier: BSD-3-Clause */
/* See stage.h. Each kernel is written for one mode (re, im) and instantiated for a real and a complex symbol; lanes vectorise. */
#include "stage.h"
#include <string.h>

typedef struct {
  const double *c; /* coefficients of this group */
  int cplx, l;
} At;
typedef EddyComplex C;
#define INLINE static inline __attribute__((always_inline))

INLINE C Load(const double *p, int l) { return (C){p[l], p[8 + l]}; }
INLINE void Store(double *p, int l, C v)
{
  p[l] = v.re;
  p[8 + l] = v.im;
}
INLINE C Mul(At at, int q, C v)
{
  if (!at.cplx)
    return (C){at.c[8 * q + at.l] * v.re, at.c[8 * q + at.l] * v.im};
  const double re = at.c[16 * q + at.l], im = at.c[16 * q + 8 + at.l];
  return (C){re * v.re - im * v.im, re * v.im + im * v.re};
}
INLINE C Add(C a, C b) { return (C){a.re + b.re, a.im + b.im}; }
INLINE C Scale(double s, C a) { return (C){s * a.re, s * a.im}; }

enum { NSTATE = 5 };
/* The last, incomplete group of a part: its states in a copy of their own, [NSTATE][16]. */
static EddyStageArgs TailBegin(const EddyStageArgs *A, size_t at, size_t n, double copy[NSTATE][16])
{
  const double *const from[NSTATE] = {A->u, A->a, A->b, A->n0, A->sum};
  EddyStageArgs T = *A;
  for (int q = 0; q < NSTATE; ++q)
    for (size_t i = 0; i < 16; ++i)
      copy[q][i] = from[q] && i < n ? from[q][at + i] : 0;
  T.u = copy[0], T.a = copy[1], T.b = copy[2], T.n0 = copy[3], T.sum = copy[4];
  return T;
}
/* Only what the kernel changed goes back: two of the states may be one array. */
static void TailEnd(const EddyStageArgs *A, size_t at, size_t n, double copy[NSTATE][16])
{
  double *const to[NSTATE] = {A->u, A->a, A->b, A->n0, A->sum};
  double old[NSTATE][16];
  for (int q = 0; q < NSTATE; ++q)
    for (size_t i = 0; i < n; ++i)
      old[q][i] = to[q] ? to[q][at + i] : 0;
  for (int q = 0; q < NSTATE; ++q)
    for (size_t i = 0; to[q] && i < n; ++i)
      /* by bits: a zero of the other sign is a change too */
      /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
      if (memcmp(&copy[q][i], &old[q][i], sizeof(double)))
        to[q][at + i] = copy[q][i];
}

/* KERNEL(name, body): body sees A (args), at, o (offset of the group), f (right-hand side of the group), l. */
#define KERNEL(NAME, ...) \
  INLINE void NAME##Loop(EddyStageArgs *A, size_t first, size_t count, double *fs, int cplx) \
  { \
    const size_t width = A->uniform ? 0 : (size_t)A->ncoef * (cplx ? 16 : 8); \
    for (size_t i = 0; i < count; i += 16) { \
      const size_t o = first + i; \
      double *f = fs + i; \
      const double *coef = A->coef + o / 16 * width; \
      _Pragma("GCC ivdep") for (int l = 0; l < 8; ++l) \
      { \
        const At at = {coef, cplx, l}; \
        __VA_ARGS__ \
      } \
    } \
  } \
  static void NAME(void *ctx, size_t first, size_t count, double *f) \
  { \
    EddyStageArgs A = *(EddyStageArgs *)ctx; \
    if (A.complex_symbol) \
      NAME##Loop(&A, first, count, f, 1); \
    else { \
      const size_t n = count % 16, whole = count - n; \
      NAME##Loop(&A, first, whole, f, 0); \
      if (n) { \
        double copy[NSTATE][16], g[16] = {0}; \
        EddyStageArgs T = TailBegin(&A, first + whole, n, copy); \
        memcpy(g, f + whole, n * sizeof *g); \
        NAME##Loop(&T, 0, 16, g, 0); \
        memcpy(f + whole, g, n * sizeof *g); \
        TailEnd(&A, first + whole, n, copy); \
      } \
    } \
  }

/* ETDRK4 [KassamTrefethen2005 eqs. 2.2-2.5 in the form of CoxMatthews2002 eqs. 26-29] */
KERNEL(Etdrk4First, {
  const C n = Load(f, l);
  Store(A->n0 + o, l, n);
  Store(A->a + o, l, Add(Mul(at, 1, Load(A->u + o, l)), Mul(at, 2, n)));
})
KERNEL(Etdrk4Second, {
  const C n = Load(f, l);
  Store(A->sum + o, l, n);
  Store(A->b + o, l, Add(Mul(at, 1, Load(A->u + o, l)), Mul(at, 2, n)));
})
KERNEL(Etdrk4Third, {
  const C n = Load(f, l), d = Add(Scale(2, n), Scale(-1, Load(A->n0 + o, l)));
  Store(A->sum + o, l, Add(Load(A->sum + o, l), n));
  Store(A->a + o, l, Add(Mul(at, 1, Load(A->a + o, l)), Mul(at, 2, d)));
})
KERNEL(Etdrk4Fourth, {
  const C linear = Add(Mul(at, 0, Load(A->u + o, l)), Mul(at, 3, Load(A->n0 + o, l)));
  Store(A->u + o, l, Add(linear, Add(Mul(at, 4, Load(A->sum + o, l)), Mul(at, 5, Load(f, l)))));
})

/* ETDRK2 [CoxMatthews2002 eq. 22] */
KERNEL(Etdrk2First, {
  const C n = Load(f, l);
  Store(A->n0 + o, l, n);
  Store(A->a + o, l, Add(Mul(at, 0, Load(A->u + o, l)), Mul(at, 1, n)));
})
KERNEL(Etdrk2Second, {
  const C d = Add(Load(f, l), Scale(-1, Load(A->n0 + o, l)));
  Store(A->u + o, l, Add(Load(A->a + o, l), Mul(at, 2, d)));
})

/* One low-storage stage: h = N + beta h; u = (u + gamma dt h + mu L u) / (1 - mu L). The quotient is one complex division. */
KERNEL(Cnrk, {
  const C h = Add(Load(f, l), Scale(A->s[0], Load(A->n0 + o, l))), u = Load(A->u + o, l);
  const double re = at.c[l], im = cplx ? at.c[8 + l] : 0;
  const C lu = {re * u.re - im * u.im, re * u.im + im * u.re};
  const C top = Add(u, Add(Scale(A->s[1], h), Scale(A->s[2], lu)));
  const double p = 1 - A->s[2] * re, q = -A->s[2] * im, n = 1 / (p * p + q * q);
  Store(A->n0 + o, l, h);
  Store(A->u + o, l, (C){(top.re * p + top.im * q) * n, (top.im * p - top.re * q) * n});
})

KERNEL(Ab2cn, {
  const C n = Load(f, l), d = Add(Scale(A->s[0], n), Scale(A->s[1], Load(A->n0 + o, l)));
  Store(A->n0 + o, l, n);
  Store(A->u + o, l, Add(Mul(at, 0, Load(A->u + o, l)), Mul(at, 1, d)));
})

/* Shu-Osher form: a = s0 u + s1 v + s2 (N(v) + L v), v the stage value in b. */
KERNEL(Ssprk3, {
  const C v = Load(A->b + o, l), F = Add(Load(f, l), Mul(at, 0, v));
  Store(A->a + o, l,
        Add(Scale(A->s[0], Load(A->u + o, l)), Add(Scale(A->s[1], v), Scale(A->s[2], F))));
})

/* Rows of finite volumes are too short for the processor to see the next one coming: asks for it, where the state and the result are not what the right-hand side
   has just read. */
static void Ssprk3Ask(void *ctx, size_t first, size_t count, double *f)
{
  const EddyStageArgs *A = ctx;
  for (size_t i = 0; i < count; i += 8) {
    __builtin_prefetch(A->u + first + count + i);
    __builtin_prefetch(A->a + first + count + i, 1);
  }
  Ssprk3(ctx, first, count, f);
}

KERNEL(Full, { Store(f, l, Add(Load(f, l), Mul(at, 0, Load(A->u + o, l)))); })

const EddyStageKernels EDDY_SIMD(eddy_stage_kernels) = {
    .etdrk4 = {Etdrk4First, Etdrk4Second, Etdrk4Third, Etdrk4Fourth},
    .etdrk2 = {Etdrk2First, Etdrk2Second},
    .cnrk = Cnrk,
    .ab2cn = Ab2cn,
    .ssprk3 = Ssprk3Ask,
    .full = Full,
};
