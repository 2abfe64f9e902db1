/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers that score a run against a reference: pure functions of arrays. Means <.> are those of all values, or weighted with weight[nw], where value i counts
   weight[i % nw] (components one after another on cells of different volume); weight NULL: equally.

   correlation   <(a - <a>)(b - <b>)> / sqrt(<(a - <a>)^2> <(b - <b>)^2>), means over space
   crossing      first time at which the mean over rows falls below a threshold, linear between
   times; the mean is taken BEFORE the threshold vrmse         sqrt(<(a - b)^2> / <(b - <b>)^2>), b
   the reference;   L1 = <|a - b|> / <|b|>,  L2 = sqrt(<(a - b)^2> / <b^2>) interval percentiles 2.5
   and 97.5 over resamples of the rows with replacement (bootstrap), counter-based random numbers */
#ifndef EDDY_SCORE_H
#define EDDY_SCORE_H
#include "eddy_base.h"

/* 1 when both fields are constant and equal, 0 when one is constant. */
double EddyScoreCorrelation(PetscInt n, const double a[], const double b[], PetscInt nw,
                            const double weight[]);

typedef struct {
  double vrmse, l1, l2; /* NaN where the reference makes them 0/0, infinite where x/0 */
} EddyErrors;
EddyErrors EddyScoreErrors(PetscInt n, const double run[], const double reference[], PetscInt nw,
                           const double weight[]);

/* First t with c below threshold; INFINITY when there is none, t[0] when it starts below. */
double EddyScoreCrossing(PetscInt nt, const double t[], const double c[], double threshold);
/* mean[nt] of c [nrow][nt] over rows. */
void EddyScoreMean(PetscInt nrow, PetscInt nt, const double c[], double mean[]);

enum { EDDY_BOOTSTRAP = 1000 };
typedef struct {
  PetscInt nthreshold;
  const double *threshold;
  double *lo,
      *hi; /* [nthreshold] interval of the crossing time; INFINITY: not crossed by the end */
  double *band_lo, *band_hi; /* [nt] interval of the mean */
} EddyInterval;
/* c [nrow][nt]. With one row the interval is the value itself. */
PetscErrorCode EddyScoreBootstrap(PetscInt nrow, PetscInt nt, const double t[], const double c[],
                                  EddyInterval *interval);

/* Histogram of values around centre, doubling its width when a value falls outside, and moments
 * about centre. */
enum { EDDY_BINS = 256 };
typedef struct {
  double centre, half; /* bins cover centre - half .. centre + half; half 0: empty */
  double count, bin[EDDY_BINS], moment[5];
} EddyHistogram;
void EddyHistogramAdd(EddyHistogram *h, PetscInt n, const double values[], PetscInt nw,
                      const double weight[]);
/* <(f - <f>)^4> / <(f - <f>)^2>^2; 3 for a Gaussian; NaN for a constant. */
double EddyHistogramKurtosis(const EddyHistogram *h);
/* sqrt(<(f - <f>)^2>); NaN when empty. */
double EddyHistogramDeviation(const EddyHistogram *h);
/* Share of values with |f - <f>| > distance; values are taken as spread evenly over their bin. NaN when empty. */
double EddyHistogramTail(const EddyHistogram *h, double distance);
/* Density p and bin centre x of bins that are not empty, adjacent bins merged `merge` by `merge`;
 * returns their number (<= EDDY_BINS). */
PetscInt EddyHistogramDensity(const EddyHistogram *h, PetscInt merge, double x[EDDY_BINS],
                              double p[EDDY_BINS]);
#endif
