/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads matched rows and times of stored sets and measures them: what `compare` prints, stores and draws. Serial.

   Common grid: per direction the fewer points and the fewer modes of the two. A set whose fields have nothing beyond the 2/3 rule (share of
   <f^2> below 1e-12, the level of single precision) holds the modes up to (n - 1)/3, another one all up to (n - 1)/2 (no Nyquist mode). */
#ifndef EDDY_MEASURE_H
#define EDDY_MEASURE_H
#include "match.h"
#include "score.h"
#include "spectrum.h"

enum { EDDY_NTHRESHOLD = 3 };
extern const double EddyThresholds[EDDY_NTHRESHOLD]; /* 0.95, 0.9, 0.8 */

/* A set by itself, on its own grid, over the matched rows and times. */
typedef struct {
  EddyStored set;      /* borrowed */
  PetscBool vorticity; /* 2-D vorticity: energy is |w|^2 / (2 k^2) */
  PetscInt nshell,
      whole; /* shells, and the largest one whose modes are all held; 0 when the box is not periodic */
  double dk, *k, *energy,
      *square; /* [nshell]: energy sums to <|u|^2>/2, square to <f^2>/2 (enstrophy of a vorticity) */
  double *
      weight; /* [points] volumes of the cells of a mapped grid, which weigh all means; NULL: equal cells */
  double half_square; /* mean over space, rows and times of f^2/2 */
  EddyHistogram histogram;
  double
      mean_drift; /* largest |<f>(t) - <f>(0)| over the rms of the first state, over rows and times */
  double square_drift; /* largest |<f^2>(t) / <f^2>(0) - 1| */
} EddySummary;

PetscErrorCode EddySummaryCreate(EddyStored set, PetscInt nrow, const PetscInt rows[], PetscInt nt,
                                 const PetscInt frames[], EddySummary *s);
PetscErrorCode EddySummaryDestroy(EddySummary *s);

/* A run against the reference on the common grid. */
typedef struct {
  EddyStored ref, run; /* borrowed */
  EddyMatch match;     /* owned */
  EddyBox common;
  PetscInt kmax[3];
  double *elapsed;                         /* [nt] since the first matched time */
  double *rows;                            /* [nrow][nt] correlation of each row */
  double *correlation, *band_lo, *band_hi; /* [nt] mean over rows and its interval */
  double *vrmse, *l1, *l2;                 /* [nt] means over rows */
  double crossing[EDDY_NTHRESHOLD], lo[EDDY_NTHRESHOLD],
      hi[EDDY_NTHRESHOLD]; /* INFINITY: not by the end */
  double kurtosis[2];      /* reference and run, common grid */
  double *weight;          /* [points] as in EddySummary */
} EddyComparison;

PetscErrorCode EddyComparisonCreate(EddyStored ref, EddyStored run, const EddyMatchRules *rules,
                                    EddyComparison *c);
PetscErrorCode EddyComparisonDestroy(EddyComparison *c);
/* Mean over the finite values; NaN when there is none. */
double EddyFiniteMean(PetscInt n, const double v[]);
#endif
