/* SPDX-License-Identifier: BSD-3-Clause */
/* The ways out of a comparison: table, JSON, pictures. Serial; everything is borrowed. */
#ifndef EDDY_COMPARE_H
#define EDDY_COMPARE_H
#include "measure.h"

typedef struct {
  PetscInt nrun;
  const EddyComparison *runs;                                /* [nrun] */
  const EddySummary *summaries;                              /* [1 + nrun] reference, then runs */
  char unit[EDDY_MAX_NAME];                                  /* of the field, for labels */
  char time_unit[EDDY_MAX_NAME], length_unit[EDDY_MAX_NAME]; /* "" when non-dimensional */
} EddyScoreboard;

void EddyScoreboardPrint(const EddyScoreboard *b, FILE *out);
/* Errors: EDDY_ERR_IO when the file cannot be written. */
PetscErrorCode EddyScoreboardJSON(const EddyScoreboard *b, const char *path);
/* correlation, spectrum, pdf and fields as FOLDER/NAME.FORMAT; names[] of the files, NULL after the last. */
PetscErrorCode EddyScoreboardDraw(const EddyScoreboard *b, const char *folder, const char *format);
extern const char *const EddyScoreboardFigures[];

/* Tables (.csv): rms, mean and largest difference, correlation, largest values and their times of every column that reference and run share, printed; json: the
   same as a file; output: folder for tables.FORMAT. Serial. */
typedef struct {
  const char *field, *output, *json, *format; /* NULL: all columns, no picture, no file */
  PetscBool overwrite;
  PetscReal window[2]; /* times that count */
} EddyTableJob;
PetscErrorCode EddyCompareTables(const EddyTableJob *job, int npath, char *const paths[]);
#endif
