/* SPDX-License-Identifier: BSD-3-Clause */
/* Verb `plot`: options, then stored fields or a table by the ending of the file. */
#include "plot.h"
#include "report.h"
#include "verb.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "eddyline plot FILE [-option value ...]\n"
    "Draws a file in The Well's layout (or a folder of them), or a table such as diagnostics.csv.\n"
    "A 2-D field becomes a picture, a 1-D run a space-time picture (one frame: a curve), a table "
    "one panel per column.\n\n"
    "  -field NAME[,NAME]  field, or columns of a table\n"
    "  -component K        of a vector or tensor, from 0\n"
    "  -row K              row of the ensemble (the first)\n"
    "  -frame K|last|all   snapshot from 0 (last); all: numbered pictures in one colour range\n"
    "  -spectrum           energy spectrum E(k), log-log: of the frame, or the mean over time\n"
    "  -curves             mean, rms and extremes of the field over time\n"
    "  -x NAME             of a table: column along x (time, t, k or the first)\n"
    "  -together LABEL     of a table: all columns in one panel with this label; single points are "
    "dots\n"
    "  -log none|x|y|xy    of a table: logarithmic axes (of a spectrum both, else none)\n"
    "  -output NAME        .png, .pdf or .svg; written anew if it is there (default: file and "
    "field, .png, in this folder)\n"
    "  -range LO,HI        colour range, or limits of y\n"
    "  -map auto|diverging|sequential\n"
    "  -width MM           of the picture (95)\n";

static PetscErrorCode ReadFrameOption(EddyOptions o, EddyPlotJob *job)
{
  const char *text;
  char *end;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsString(o, "frame", "snapshot: a number from 0, last or all", NULL, &text));
  job->frame = EDDY_FRAME_LAST;
  job->frame_given = text ? PETSC_TRUE : PETSC_FALSE;
  if (!text || !strcmp(text, "last"))
    PetscFunctionReturn(PETSC_SUCCESS);
  job->frame = EDDY_FRAME_ALL;
  if (!strcmp(text, "all"))
    PetscFunctionReturn(PETSC_SUCCESS);
  const long k = strtol(text, &end, 10);
  EddyOptionsCheck(!*end && k >= 0 && k < PETSC_MAX_INT, o, "frame",
                   "'%s' is not a snapshot: a number from 0, last or all", text);
  job->frame = (PetscInt)k;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Read(EddyOptions o, EddyPlotJob *job)
{
  static const char *const maps[] = {"auto", "diverging", "sequential"};
  static const char *const logs[] = {"auto", "none", "x", "y", "xy"};
  static const EddyMap map[] = {EDDY_MAP_AUTO, EDDY_MAP_DIVERGING, EDDY_MAP_SEQUENTIAL};
  PetscInt row, k;
  PetscBool set;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsNames(o, "field", "field or columns to draw", EDDY_MAX_LIST, job->fields,
                             &job->nfield));
  PetscCall(EddyOptionsInt(o, "component", "of a vector or tensor", 0, 0, EDDY_MAX_COMP - 1,
                           &job->component));
  PetscCall(
      EddyOptionsInt(o, "row", "row of the ensemble; -1: the first", -1, -1, PETSC_MAX_INT, &row));
  job->row = row;
  PetscCall(ReadFrameOption(o, job));
  PetscCall(EddyOptionsBool(o, "spectrum", "energy spectrum", PETSC_FALSE, &job->spectrum));
  PetscCall(
      EddyOptionsBool(o, "curves", "mean, rms and extremes over time", PETSC_FALSE, &job->curves));
  PetscCall(EddyOptionsString(o, "output", "name of the picture", NULL, &job->output));
  PetscCall(EddyOptionsReals(o, "range", "colour range or limits of y", "", 2, -PETSC_MAX_REAL,
                             PETSC_MAX_REAL, job->range, &set));
  EddyOptionsCheck(!set || job->range[0] < job->range[1], o, "range",
                   "lower end %g is not below the upper end %g", (double)job->range[0],
                   (double)job->range[1]);
  PetscCall(EddyOptionsChoice(o, "map", "colour map", maps, 3, 0, &k));
  job->map = map[k];
  PetscCall(EddyOptionsString(o, "x", "column of a table along x", NULL, &job->x));
  PetscCall(EddyOptionsString(o, "together", "label of one panel with all columns", NULL,
                              &job->together));
  PetscCall(EddyOptionsChoice(o, "log", "logarithmic axes of a table", logs, 5, EDDY_LOG_AUTO,
                              &job->log));
  PetscCall(EddyOptionsReal(o, "width", "of the picture", "mm", 95, 40, 1000, &job->width));
  PetscCall(EddyOptionsFinish(o, o));
  EddyOptionsCheck(!(job->spectrum && job->curves), o, "curves",
                   "give one of -spectrum and -curves");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Plot(EddyOptions o, int npath, char **paths)
{
  EddyPlotJob job = {.row = -1};
  char name[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  PetscCall(Read(o, &job));
  PetscCheck(npath == 1, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "plot draws one file: eddyline plot FILE [-option value ...]%s%s",
             npath ? ", not also " : "", npath ? paths[1] : "");
  job.path = paths[0];
  const char *base = strrchr(job.path, '/'), *dot = strrchr(job.path, '.');
  base = base && base[1] ? base + 1 : job.path;
  if (!job.output) {
    const int n = dot && dot > base ? (int)(dot - base) : (int)strcspn(base, "/");
    snprintf(name, sizeof name, "%.*s%s%s%s.png", n, base, job.nfield ? "_" : "",
             job.nfield ? job.fields[0] : "",
             job.spectrum ? "_spectrum"
             : job.curves ? "_curves"
                          : "");
    job.output = name;
  }
  if (dot && !strcasecmp(dot, ".csv"))
    PetscCall(EddyPlotTable(&job));
  else
    PetscCall(EddyPlotField(&job));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbPlot(int argc, char **argv, int *code)
{
  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCall(EddyReportVerb(argc, argv, help, Plot));
  PetscFunctionReturn(PETSC_SUCCESS);
}
