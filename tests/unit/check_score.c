/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Scores against formulas: shifted sines, crossing times, bootstrap of a known spread, histogram of known moments. */
#include "random.h"
#include "score.h"
#include "support.h"
#include <math.h>

START_TEST(shifted_sines_correlate_by_the_cosine)
{
  enum { N = 90 };
  double a[N], b[N];
  for (double shift = 0; shift < 6.3; shift += 0.37) {
    for (int i = 0; i < N; ++i) {
      a[i] = 4 + 3 * sin(2 * PETSC_PI * 5 * i / N); /* mean and amplitude must not matter */
      b[i] = -1 + 0.2 * sin(2 * PETSC_PI * 5 * i / N + shift);
    }
    ck_assert_double_eq_tol(EddyScoreCorrelation(N, a, b, 0, NULL), cos(shift), 1e-13);
  }
  for (int i = 0; i < N; ++i)
    b[i] = 2;
  ck_assert_double_eq(EddyScoreCorrelation(N, a, b, 0, NULL), 0);
  ck_assert_double_eq(EddyScoreCorrelation(N, b, b, 0, NULL), 1);
}
END_TEST

START_TEST(errors_follow_their_formulas)
{
  enum { N = 64 };
  double ref[N], run[N];
  for (int i = 0; i < N; ++i) {
    ref[i] = 1 + sin(2 * PETSC_PI * i / N); /* <ref^2> = 3/2, variance 1/2, <|ref|> = 1 */
    run[i] = ref[i] + 0.3 * cos(4 * PETSC_PI * i / N); /* <d^2> = 0.045 */
  }
  double l1 = 0;
  for (int i = 0; i < N; ++i)
    l1 += fabs(0.3 * cos(4 * PETSC_PI * i / N)) / N;
  const EddyErrors e = EddyScoreErrors(N, run, ref, 0, NULL);
  ck_assert_double_eq_tol(e.vrmse, sqrt(0.045 / 0.5), 1e-14);
  ck_assert_double_eq_tol(e.l2, sqrt(0.045 / 1.5), 1e-14);
  ck_assert_double_eq_tol(e.l1, l1, 1e-14);
  ck_assert_double_eq(EddyScoreErrors(N, ref, ref, 0, NULL).vrmse, 0);
}
END_TEST

/* Cells of different volume count as often as the smallest of them would fit: the same numbers as of the repeated values. */
START_TEST(weights_stand_for_repeated_values)
{
  enum { N = 12, COMP = 2 };
  double a[COMP * N], b[COMP * N], w[N], ra[COMP * N * N], rb[COMP * N * N];
  EddyHistogram *h;
  PetscInt n = 0, m = 0;
  for (int i = 0; i < N; ++i)
    w[i] = .5 * (i % 5 + 1);
  for (int c = 0; c < COMP; ++c)
    for (int i = 0; i < N; ++i, ++n) {
      a[n] = sin(1.3 * (double)n) + c, b[n] = cos(.7 * (double)n) + .5 * a[n];
      for (int k = 0; k <= i % 5; ++k, ++m)
        ra[m] = a[n], rb[m] = b[n];
    }
  const EddyErrors e = EddyScoreErrors(n, a, b, N, w), r = EddyScoreErrors(m, ra, rb, 0, NULL);
  ck_assert_double_eq_tol(e.vrmse, r.vrmse, 1e-14);
  ck_assert_double_eq_tol(e.l1, r.l1, 1e-14);
  ck_assert_double_eq_tol(e.l2, r.l2, 1e-14);
  ck_assert(fabs(e.l2 - EddyScoreErrors(n, a, b, 0, NULL).l2) > 1e-3);
  ck_assert_double_eq_tol(EddyScoreCorrelation(n, a, b, N, w),
                          EddyScoreCorrelation(m, ra, rb, 0, NULL), 1e-14);
  CK_PETSC(PetscCalloc1(2, &h));
  EddyHistogramAdd(&h[0], n, a, N, w);
  EddyHistogramAdd(&h[1], m, ra, 0, NULL);
  ck_assert_double_eq_tol(EddyHistogramKurtosis(&h[0]), EddyHistogramKurtosis(&h[1]), 1e-13);
  ck_assert_double_eq_tol(EddyHistogramDeviation(&h[0]), EddyHistogramDeviation(&h[1]), 1e-13);
  CK_PETSC(PetscFree(h));
}
END_TEST

START_TEST(crossing_is_linear_between_times)
{
  const double t[4] = {0, 1, 3, 4}, c[4] = {1, 0.96, 0.7, 0.98}, low[4] = {0.5, 1, 1, 1};
  ck_assert_double_eq_tol(EddyScoreCrossing(4, t, c, 0.95), 1 + 2 * 0.01 / 0.26, 1e-14);
  ck_assert_double_eq_tol(EddyScoreCrossing(4, t, c, 0.8), 1 + 2 * 0.16 / 0.26, 1e-14);
  ck_assert_double_infinite(EddyScoreCrossing(4, t, c, 0.6));
  ck_assert_double_eq(EddyScoreCrossing(4, t, low, 0.9), 0);
}
END_TEST

START_TEST(the_mean_is_taken_before_the_threshold)
{
  /* one row falls at once, the other never: the mean crosses 0.8 at t = 0.4, the mean of their times would be infinite */
  const double t[2] = {0, 1}, c[4] = {1, 0, 1, 1};
  double mean[2];
  EddyScoreMean(2, 2, c, mean);
  ck_assert_double_eq(mean[1], 0.5);
  ck_assert_double_eq_tol(EddyScoreCrossing(2, t, mean, 0.8), 0.4, 1e-14);
}
END_TEST

START_TEST(bootstrap_finds_the_standard_error)
{
  enum { ROWS = 100, NT = 2 };
  const EddyRandomKey key = {.seed = 5};
  const double t[NT] = {0, 1}, threshold[1] = {0.5};
  double c[ROWS * NT], mean[NT], variance = 0, lo[1], hi[1], again[1], band_lo[NT], band_hi[NT];
  for (int r = 0; r < ROWS; ++r) {
    const uint32_t counter[4] = {(uint32_t)r, 0, 0, 0};
    double z[2];
    EddyRandomNormal2(&key, counter, z);
    c[r * NT] = 1, c[r * NT + 1] = 0.2 * z[0];
  }
  EddyScoreMean(ROWS, NT, c, mean);
  for (int r = 0; r < ROWS; ++r)
    variance += pow(c[r * NT + 1] - mean[1], 2) / ROWS;
  EddyInterval v = {.nthreshold = 1,
                    .threshold = threshold,
                    .lo = lo,
                    .hi = hi,
                    .band_lo = band_lo,
                    .band_hi = band_hi};
  CK_PETSC(EddyScoreBootstrap(ROWS, NT, t, c, &v));
  const double se = sqrt(variance / ROWS);
  ck_assert_double_eq(band_lo[0], 1);
  ck_assert_double_eq(band_hi[0], 1);
  ck_assert_double_eq_tol((band_hi[1] - band_lo[1]) / (2 * 1.96 * se), 1,
                          0.12); /* 1000 resamples: 5 % */
  ck_assert_double_eq_tol(0.5 * (band_hi[1] + band_lo[1]), mean[1], 0.3 * se);
  const double crossing = EddyScoreCrossing(NT, t, mean, 0.5);
  ck_assert(lo[0] < crossing && crossing < hi[0]);
  again[0] = hi[0];
  CK_PETSC(EddyScoreBootstrap(ROWS, NT, t, c, &v));
  ck_assert_double_eq(hi[0], again[0]); /* the same numbers every time */
  CK_PETSC(EddyScoreBootstrap(1, NT, t, c, &v));
  ck_assert_double_eq(lo[0], EddyScoreCrossing(NT, t, c, 0.5));
  ck_assert_double_eq(hi[0], lo[0]);
}
END_TEST

START_TEST(histogram_keeps_counts_and_moments_when_it_widens)
{
  EddyHistogram *h;
  double x[EDDY_BINS], p[EDDY_BINS], total = 0, mean = 0, v[1000];
  CK_PETSC(PetscCalloc1(1, &h));
  for (int pass = 0; pass < 5; ++pass) { /* uniform on (-w, w), w = 1, 2, 4, 8, 16 */
    for (int i = 0; i < 1000; ++i)
      v[i] = (1 << pass) * ((i + 0.5) / 500 - 1);
    EddyHistogramAdd(h, 1000, v, 0, NULL);
  }
  v[0] = NAN;
  EddyHistogramAdd(h, 1, v, 0, NULL);
  ck_assert_double_eq(h->count, 5000);
  const PetscInt n = EddyHistogramDensity(h, 1, x, p);
  const double width = 2 * h->half / EDDY_BINS;
  for (PetscInt k = 0; k < n; ++k)
    total += p[k] * width, mean += p[k] * x[k] * width;
  ck_assert_double_eq_tol(total, 1, 1e-12);
  ck_assert_double_eq_tol(mean, 0, 1e-12);
  /* uniform on (-w, w): <v^2> = w^2/3, <v^4> = w^4/5 */
  double m2 = 0, m4 = 0;
  for (int pass = 0; pass < 5; ++pass)
    m2 += pow(4, pass) / 15, m4 += pow(16, pass) / 25;
  ck_assert_double_eq_tol(EddyHistogramKurtosis(h), m4 / (m2 * m2), 1e-4);
  CK_PETSC(PetscFree(h));
}
END_TEST

/* |sin| > sin(pi/3) on a third of the points; half a bin is the resolution. */
START_TEST(histogram_knows_its_tails)
{
  enum { N = 200000 };
  EddyHistogram *h;
  double *v;
  CK_PETSC(PetscCalloc1(1, &h));
  CK_PETSC(PetscMalloc1(N, &v));
  for (int i = 0; i < N; ++i)
    v[i] = 7 + 2 * sin(2 * PETSC_PI * (i + .5) / N);
  EddyHistogramAdd(h, N, v, 0, NULL);
  ck_assert_double_eq_tol(EddyHistogramDeviation(h), sqrt(2), 1e-9);
  ck_assert_double_eq_tol(EddyHistogramTail(h, 2 * sin(PETSC_PI / 3)), 1. / 3, 2e-3);
  ck_assert_double_eq_tol(EddyHistogramTail(h, 0), 1, 1e-12);
  ck_assert(EddyHistogramTail(h, 2.1) == 0);
  CK_PETSC(PetscFree(v));
  CK_PETSC(PetscFree(h));
}
END_TEST

EDDY_SUITE("score", shifted_sines_correlate_by_the_cosine, errors_follow_their_formulas,
           weights_stand_for_repeated_values, crossing_is_linear_between_times,
           the_mean_is_taken_before_the_threshold, bootstrap_finds_the_standard_error,
           histogram_keeps_counts_and_moments_when_it_widens, histogram_knows_its_tails)
