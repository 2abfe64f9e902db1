/* SPDX-License-Identifier: BSD-3-Clause */
#include "score.h"
#include "random.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A factor 1 changes no bits. */
static double Weight(PetscInt i, PetscInt nw, const double weight[])
{
  return weight ? weight[i % nw] : 1;
}

double EddyScoreCorrelation(PetscInt n, const double a[], const double b[], PetscInt nw,
                            const double weight[])
{
  double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0, all = 0;
  for (PetscInt i = 0; i < n; ++i) {
    const double w = Weight(i, nw, weight);
    ma += w * a[i], mb += w * b[i], all += w;
  }
  ma /= all, mb /= all;
  for (PetscInt i = 0; i < n; ++i) {
    const double x = a[i] - ma, y = b[i] - mb, w = Weight(i, nw, weight);
    ab += w * (x * y), aa += w * (x * x), bb += w * (y * y);
  }
  if (aa == 0 && bb == 0)
    return ma == mb ? 1 : 0;
  return aa == 0 || bb == 0 ? 0 : ab / (sqrt(aa) * sqrt(bb));
}

EddyErrors EddyScoreErrors(PetscInt n, const double run[], const double reference[], PetscInt nw,
                           const double weight[])
{
  double mean = 0, d1 = 0, d2 = 0, r1 = 0, r2 = 0, v = 0, all = 0;
  for (PetscInt i = 0; i < n; ++i) {
    const double d = run[i] - reference[i], w = Weight(i, nw, weight);
    mean += w * reference[i], all += w;
    d1 += w * fabs(d), d2 += w * (d * d);
    r1 += w * fabs(reference[i]), r2 += w * (reference[i] * reference[i]);
  }
  mean /= all;
  for (PetscInt i = 0; i < n; ++i)
    v += Weight(i, nw, weight) * ((reference[i] - mean) * (reference[i] - mean));
  return (EddyErrors){.vrmse = sqrt(d2 / v), .l1 = d1 / r1, .l2 = sqrt(d2 / r2)};
}

double EddyScoreCrossing(PetscInt nt, const double t[], const double c[], double threshold)
{
  for (PetscInt k = 0; k < nt; ++k) {
    if (c[k] >= threshold)
      continue;
    if (k == 0)
      return t[0];
    return t[k - 1] + (t[k] - t[k - 1]) * (c[k - 1] - threshold) / (c[k - 1] - c[k]);
  }
  return INFINITY;
}

void EddyScoreMean(PetscInt nrow, PetscInt nt, const double c[], double mean[])
{
  for (PetscInt k = 0; k < nt; ++k) {
    mean[k] = 0;
    for (PetscInt r = 0; r < nrow; ++r)
      mean[k] += c[r * nt + k];
    mean[k] /= (double)nrow;
  }
}

static int Ascending(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Quantile q of n sorted values, linear between order statistics; infinite neighbours make it
 * infinite */
static double Quantile(PetscInt n, const double sorted[], double q)
{
  const double s = q * (double)(n - 1);
  const PetscInt i = (PetscInt)s;
  if (i >= n - 1 || s == (double)i)
    return sorted[PetscMin(i, n - 1)];
  return isinf(sorted[i]) || isinf(sorted[i + 1])
             ? sorted[i + 1]
             : sorted[i] + (s - (double)i) * (sorted[i + 1] - sorted[i]);
}

static void Range(PetscInt n, double values[], double *lo, double *hi)
{
  qsort(values, (size_t)n, sizeof *values, Ascending);
  *lo = Quantile(n, values, 0.025);
  *hi = Quantile(n, values, 0.975);
}

PetscErrorCode EddyScoreBootstrap(PetscInt nrow, PetscInt nt, const double t[], const double c[],
                                  EddyInterval *v)
{
  const EddyRandomKey key = {.seed = 1000, .stream = 0xB007};
  double *mean, *crossing, *column;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc3((size_t)EDDY_BOOTSTRAP * nt, &mean, (size_t)EDDY_BOOTSTRAP * v->nthreshold,
                         &crossing, EDDY_BOOTSTRAP, &column));
  for (PetscInt b = 0; b < EDDY_BOOTSTRAP; ++b) {
    double *m = mean + b * nt;
    for (PetscInt r = 0; r < nrow; ++r) {
      const uint32_t counter[4] = {(uint32_t)b, (uint32_t)r, 0, 0};
      double u[2];
      EddyRandomUniform2(&key, counter, u);
      const PetscInt pick = PetscMin((PetscInt)(u[0] * (double)nrow), nrow - 1);
      for (PetscInt k = 0; k < nt; ++k)
        m[k] += c[pick * nt + k];
    }
    for (PetscInt k = 0; k < nt; ++k)
      m[k] /= (double)nrow;
    for (PetscInt h = 0; h < v->nthreshold; ++h)
      crossing[h * EDDY_BOOTSTRAP + b] = EddyScoreCrossing(nt, t, m, v->threshold[h]);
  }
  for (PetscInt h = 0; h < v->nthreshold; ++h)
    Range(EDDY_BOOTSTRAP, crossing + h * EDDY_BOOTSTRAP, &v->lo[h], &v->hi[h]);
  for (PetscInt k = 0; k < nt; ++k) {
    for (PetscInt b = 0; b < EDDY_BOOTSTRAP; ++b)
      column[b] = mean[b * nt + k];
    Range(EDDY_BOOTSTRAP, column, &v->band_lo[k], &v->band_hi[k]);
  }
  PetscCall(PetscFree3(mean, crossing, column));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Twice the width: pairs of bins of the inner half, counted from the centre, become one */
static void Widen(EddyHistogram *h)
{
  double wide[EDDY_BINS] = {0};
  for (int k = 0; k < EDDY_BINS; ++k)
    wide[EDDY_BINS / 4 + k / 2] += h->bin[k];
  memcpy(h->bin, wide, sizeof wide);
  h->half *= 2;
}

static void FirstRange(EddyHistogram *h, PetscInt n, const double values[])
{
  double lo = INFINITY, hi = -INFINITY;
  for (PetscInt i = 0; i < n; ++i)
    if (isfinite(values[i]))
      lo = fmin(lo, values[i]), hi = fmax(hi, values[i]);
  if (lo > hi)
    return;
  const double mid = 0.5 * (lo + hi);
  h->centre = lo < 0 && hi > 0 ? 0 : mid;
  h->half = fmax(1.25 * fmax(hi - h->centre, h->centre - lo), 1e-12 * fmax(fabs(mid), 1e-280));
}

void EddyHistogramAdd(EddyHistogram *h, PetscInt n, const double values[], PetscInt nw,
                      const double weight[])
{
  if (h->half == 0)
    FirstRange(h, n, values);
  if (h->half == 0)
    return;
  for (PetscInt i = 0; i < n; ++i) {
    const double v = values[i] - h->centre;
    if (!isfinite(v))
      continue;
    while (fabs(v) >= h->half)
      Widen(h);
    const int k = (int)((v / h->half + 1) * (EDDY_BINS / 2));
    double p = Weight(i, nw, weight);
    h->bin[k < EDDY_BINS ? k : EDDY_BINS - 1] += p;
    h->count += p;
    for (int q = 1; q < 5; ++q)
      h->moment[q] += p *= v;
  }
}

double EddyHistogramKurtosis(const EddyHistogram *h)
{
  const double n = h->count, a = h->moment[1] / n, m2 = h->moment[2] / n, m3 = h->moment[3] / n,
               m4 = h->moment[4] / n;
  const double v = m2 - a * a;
  return (m4 - 4 * a * m3 + 6 * a * a * m2 - 3 * a * a * a * a) / (v * v);
}

double EddyHistogramDeviation(const EddyHistogram *h)
{
  const double a = h->moment[1] / h->count;
  return sqrt(h->moment[2] / h->count - a * a);
}

double EddyHistogramTail(const EddyHistogram *h, double distance)
{
  const double width = 2 * h->half / EDDY_BINS, mean = h->centre + h->moment[1] / h->count;
  const double in[2] = {mean - distance, mean + distance};
  double sum = 0;
  for (int k = 0; k < EDDY_BINS; ++k) {
    const double lo = h->centre - h->half + k * width, hi = lo + width;
    const double out = fmax(0, fmin(hi, in[0]) - lo) + fmax(0, hi - fmax(lo, in[1]));
    sum += h->bin[k] * fmin(1, out / width);
  }
  return sum / h->count;
}

PetscInt EddyHistogramDensity(const EddyHistogram *h, PetscInt merge, double x[EDDY_BINS],
                              double p[EDDY_BINS])
{
  const double width = 2 * h->half / EDDY_BINS;
  PetscInt n = 0;
  for (PetscInt k = 0; k + merge <= EDDY_BINS; k += merge) {
    double sum = 0;
    for (PetscInt i = 0; i < merge; ++i)
      sum += h->bin[k + i];
    if (sum == 0)
      continue;
    x[n] = h->centre - h->half + ((double)k + 0.5 * (double)merge) * width;
    p[n++] = sum / (h->count * width * (double)merge);
  }
  return n;
}
