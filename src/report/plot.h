/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by plot.c (the verb), plot_field.c (stored fields) and plot_table.c (tables). */
#ifndef EDDY_PLOT_H
#define EDDY_PLOT_H
#include "draw.h"
#include "options.h"

typedef struct {
  const char *path, *output; /* output: name with its ending */
  char fields[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscInt nfield;           /* named fields or columns; 0: the default ones */
  PetscInt64 row;            /* -1: the first */
  PetscInt frame, component; /* frame: EDDY_FRAME_... or an index */
  PetscBool frame_given, spectrum, curves;
  PetscReal range[2], width;
  EddyMap map;
  /* tables */
  const char *x, *together; /* column along x; label of y when all columns share one panel; NULL */
  PetscInt log;             /* EDDY_LOG_... */
} EddyPlotJob;
enum { EDDY_LOG_AUTO, EDDY_LOG_NONE, EDDY_LOG_X, EDDY_LOG_Y, EDDY_LOG_XY };
enum { EDDY_FRAME_LAST = -1, EDDY_FRAME_ALL = -2 };

PetscErrorCode EddyPlotField(const EddyPlotJob *job);
PetscErrorCode EddyPlotTable(const EddyPlotJob *job);
#endif
