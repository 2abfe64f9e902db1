/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalisation statistics of a set, as The Well's stats.yaml wants them: mean, std, rms of every field component, and
   mean_delta, std_delta, rms_delta of its change from one frame to the next of the same trajectory; population variance, all
   trajectories, frames and points pooled.

   They are made from the stored frames, file after file and frame after frame, so they are those of the values a reader gets and do
   not depend on the number of ranks. One frame is held in memory beside its predecessor. Rows that failed are left out. */
#ifndef EDDY_STATS_H
#define EDDY_STATS_H
#include "eddy_base.h"

/* Reads the n files (train split) and writes out_path (new name, sync, rename). Serial: call it on one rank. A set without files or
   complete trajectories gives empty maps.
   Errors: EDDY_ERR_INPUT when files differ in their fields; EDDY_ERR_IO. */
PetscErrorCode EddyStatsFromFiles(PetscInt n, const char *const paths[], const char *out_path);

/* Mean and sum of squared deviations of a stream, merged in the order given [Chan1983]. */
typedef struct {
  double n, mean, m2;
} EddyMoments;
/* Adds n values; when before is not NULL, the differences in[i] - before[i]. */
void EddyMomentsAdd(EddyMoments *m, size_t n, const double in[], const double before[]);
double EddyMomentsStd(const EddyMoments *m);
double EddyMomentsRms(const EddyMoments *m);
#endif
