/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Vector functions of the networks at every level of this processor: largest error in ulp against long double libm over dense samples (the table
   that is printed), limits, signed zeros, denormals, NaN, tails of every length. */
#include "net_impl.h"
#include "support.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 120000 };
typedef long double Exact(long double x);
static Exact ExactSigmoid, ExactGelu, ExactElu, ExactSilu, ExactSoftplus;

/* Bounds are those of docs/closures-engine.md. */
static const struct {
  const char *name;
  int fn;
  Exact *exact;
  double bound[2]; /* ulp: double, float */
  double reach[2]; /* samples within +- reach */
} table[] = {
    {"exp", EDDY_NET_FN_EXP, expl, {1.2, 1.2}, {746, 104}},
    {"erf", EDDY_NET_FN_ERF, erfl, {1.8, 2.7}, {7, 5}},
    {"tanh", EDDY_ACT_TANH, tanhl, {2.3, 2.3}, {25, 12}},
    {"sigmoid", EDDY_ACT_SIGMOID, ExactSigmoid, {2.3, 2.3}, {746, 104}},
    {"gelu", EDDY_ACT_GELU_ERF, ExactGelu, {8, 8}, {40, 16}},
    {"elu", EDDY_ACT_ELU, ExactElu, {1.4, 1.4}, {50, 30}},
    {"silu", EDDY_ACT_SILU, ExactSilu, {3.2, 3.2}, {756, 110}},
    {"softplus", EDDY_ACT_SOFTPLUS, ExactSoftplus, {2.6, 2.6}, {746, 104}},
};

static long double ExactSigmoid(long double x)
{
  return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}
static long double ExactElu(long double x) { return x < 0 ? expm1l(x) : x; }
static long double ExactSilu(long double x) { return x * ExactSigmoid(x); }
static long double ExactSoftplus(long double x)
{
  return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x)));
}
/* x erfc(-x / sqrt 2) / 2, with the rounding of the argument taken back: it counts x^2 times. */
static long double ExactGelu(long double x)
{
  const long double high = .70710678118654752440084436210484904L, low = 1.89503255889325708e-20L;
  const long double a = -x * high, rest = fmal(-x, high, -a) - x * low;
  return x / 2 * (erfcl(a) - 2 / sqrtl(acosl(-1)) * expl(-a * a) * rest);
}

static double Random(void) { return rand() / (double)RAND_MAX; }
/* Half uniform, half uniform in the exponent. */
static double Sample(double reach, double least)
{
  const double s = rand() % 2 ? -1 : 1;
  return rand() % 2 ? s * reach * Random()
                    : s * exp(log(least) + Random() * (log(reach) - log(least)));
}

static void Map(const EddyNetKernels *k, int fn, size_t size, int n, const double *x, double *y)
{
  const int vectors = (n + k->lanes - 1) / k->lanes, all = vectors * k->lanes;
  void *data = aligned_alloc(64, ((size_t)all * size + 63) / 64 * 64);
  for (int i = 0; i < all; ++i) {
    const double v = i < n ? x[i] : 0;
    if (size == 8)
      ((double *)data)[i] = v;
    else
      ((float *)data)[i] = (float)v;
  }
  k->map[fn](1, vectors, data, data);
  for (int i = 0; i < n; ++i)
    y[i] = size == 8 ? ((double *)data)[i] : (double)((float *)data)[i];
  free(data);
}

static double Ulps(double y, long double exact, size_t size)
{
  const int digits = size == 8 ? DBL_MANT_DIG : FLT_MANT_DIG,
            least = size == 8 ? DBL_MIN_EXP : FLT_MIN_EXP;
  int e;
  if ((long double)y == exact)
    return 0;
  if (fabsl(exact) > (size == 8 ? (long double)DBL_MAX : (long double)FLT_MAX))
    return isinf(y) ? 0 : INFINITY;
  frexpl(exact, &e);
  return (double)(fabsl(y - exact) / ldexpl(1, (e < least ? least : e) - digits));
}

START_TEST(test_accuracy)
{
  double *x = malloc(SAMPLES * sizeof *x), *y = malloc(SAMPLES * sizeof *y);
  srand(1);
  printf("function  precision   v2     v3     v4   largest error in ulp\n");
  for (size_t f = 0; f < sizeof table / sizeof *table; ++f)
    for (int single = 0; single < 2; ++single) {
      const size_t size = single ? 4 : 8;
      for (int i = 0; i < SAMPLES; ++i) {
        x[i] = Sample(table[f].reach[single], single ? 1e-44 : 1e-320);
        if (single)
          x[i] = (double)(float)x[i];
      }
      printf("%-9s %s      ", table[f].name, single ? "f32" : "f64");
      for (int level = 0; level <= (int)EddySimdDetect(); ++level) {
        double worst = 0, at = 0;
        Map(EddyNetKernelsGet((EddySimdLevel)level, single ? PETSC_TRUE : PETSC_FALSE), table[f].fn,
            size, SAMPLES, x, y);
        for (int i = 0; i < SAMPLES; ++i) {
          const double u = Ulps(y[i], table[f].exact((long double)x[i]), size);
          if (!(u <= worst))
            worst = u, at = x[i];
        }
        printf("%6.2f ", worst);
        ck_assert_msg(worst <= table[f].bound[single], "%s f%d %s: %g ulp at %.17g", table[f].name,
                      single ? 32 : 64, EddySimdNames[level], worst, at);
      }
      printf("\n");
    }
  free(x);
  free(y);
}
END_TEST

START_TEST(test_edges)
{
  static const struct {
    int fn;
    double x, y;
  } edge[] = {
      {EDDY_NET_FN_EXP, INFINITY, INFINITY},
      {EDDY_NET_FN_EXP, -INFINITY, 0},
      {EDDY_NET_FN_EXP, 1e300, INFINITY},
      {EDDY_NET_FN_EXP, -1e30, 0},
      {EDDY_NET_FN_EXP, 0, 1},
      {EDDY_NET_FN_ERF, INFINITY, 1},
      {EDDY_NET_FN_ERF, -INFINITY, -1},
      {EDDY_NET_FN_ERF, -0., -0.},
      {EDDY_ACT_TANH, INFINITY, 1},
      {EDDY_ACT_TANH, -INFINITY, -1},
      {EDDY_ACT_TANH, -0., -0.},
      {EDDY_ACT_TANH, 1e30, 1},
      {EDDY_ACT_SIGMOID, INFINITY, 1},
      {EDDY_ACT_SIGMOID, -INFINITY, 0},
      {EDDY_ACT_SIGMOID, 0, .5},
      {EDDY_ACT_GELU_ERF, INFINITY, INFINITY},
      {EDDY_ACT_GELU_ERF, -1e30, 0},
      {EDDY_ACT_GELU_ERF, 0, 0},
      {EDDY_ACT_ELU, INFINITY, INFINITY},
      {EDDY_ACT_ELU, -INFINITY, -1},
      {EDDY_ACT_ELU, 0, 0},
      {EDDY_ACT_SILU, INFINITY, INFINITY},
      {EDDY_ACT_SILU, 0, 0},
      {EDDY_ACT_SILU, -1e30, 0},
      {EDDY_ACT_SOFTPLUS, INFINITY, INFINITY},
      {EDDY_ACT_SOFTPLUS, -INFINITY, 0},
      {EDDY_ACT_RELU, -INFINITY, 0},
      {EDDY_ACT_RELU, INFINITY, INFINITY},
      {EDDY_ACT_LEAKY, -2, -2},
      {EDDY_ACT_LEAKY, INFINITY, INFINITY},
  };
  for (int level = 0; level <= (int)EddySimdDetect(); ++level)
    for (int single = 0; single < 2; ++single) {
      const EddyNetKernels *k =
          EddyNetKernelsGet((EddySimdLevel)level, single ? PETSC_TRUE : PETSC_FALSE);
      const size_t size = single ? 4 : 8;
      double y;
      for (size_t i = 0; i < sizeof edge / sizeof *edge; ++i) {
        Map(k, edge[i].fn, size, 1, &edge[i].x, &y);
        ck_assert_msg(y == edge[i].y && (!signbit(edge[i].y) || signbit(y)),
                      "function %d f%d %s at %g: %g", edge[i].fn, single ? 32 : 64,
                      EddySimdNames[level], edge[i].x, y);
      }
      for (int fn = 0; fn < EDDY_NET_FN_COUNT; ++fn) {
        const double x = NAN;
        Map(k, fn, size, 1, &x, &y);
        ck_assert_msg(isnan(y), "function %d f%d %s of NaN: %g", fn, single ? 32 : 64,
                      EddySimdNames[level], y);
      }
    }
}
END_TEST

/* A value has the same bits alone, in any lane, and beside any number of others; tanh and erf are odd. */
START_TEST(test_lanes)
{
  enum { N = 70 };
  double x[N], y[N], z[N];
  srand(2);
  for (int i = 0; i < N; ++i)
    x[i] = (double)(float)Sample(8, 1e-6);
  for (int level = 0; level <= (int)EddySimdDetect(); ++level)
    for (int single = 0; single < 2; ++single)
      for (int fn = 0; fn < EDDY_NET_FN_COUNT; ++fn) {
        const EddyNetKernels *k =
            EddyNetKernelsGet((EddySimdLevel)level, single ? PETSC_TRUE : PETSC_FALSE);
        const size_t size = single ? 4 : 8;
        Map(k, fn, size, N, x, y);
        for (int n = 1; n <= N; ++n) {
          Map(k, fn, size, n, x + N - n, z);
          ck_assert_msg(!memcmp(z, y + N - n, (size_t)n * sizeof *z), "function %d, %d values", fn,
                        n);
        }
        for (int i = 0; i < N; ++i)
          z[i] = -x[i];
        Map(k, fn, size, N, z, z);
        if (fn == EDDY_ACT_TANH || fn == EDDY_NET_FN_ERF)
          for (int i = 0; i < N; ++i)
            ck_assert(z[i] == -y[i]);
      }
}
END_TEST

EDDY_SUITE("vmath", test_accuracy, test_edges, test_lanes)
