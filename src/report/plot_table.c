/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables: one panel per column over time (or over k, log-log, for a spectrum). */
#include "plot.h"
#include "table.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PANELS = 12 };

/* A quantity that this run does not have */
static PetscBool Zero(EddyTable t, PetscInt column)
{
  for (PetscInt r = 0; r < t->nrow; ++r)
    if (t->value[column * t->nrow + r] != 0)
      return PETSC_FALSE;
  return PETSC_TRUE;
}

/* Columns to draw: the named ones, or all but those that say when and those that are zero throughout. */
static PetscErrorCode Columns(const EddyPlotJob *job, EddyTable t, PetscInt x,
                              PetscInt column[PANELS], PetscInt *n)
{
  static const char *const when[] = {"step", "time", "t", "dt"};
  const char *names[256];
  PetscFunctionBeginUser;
  *n = 0;
  for (PetscInt k = 0; k < job->nfield && *n < PANELS; ++k) {
    const PetscInt c = EddyTableFind(t, job->fields[k]);
    for (PetscInt i = 0; c < 0 && i < t->ncol; ++i)
      names[i] = t->name[i];
    const char *near = c < 0 ? EddyNearest(job->fields[k], names, t->ncol) : NULL;
    PetscCheck(c >= 0, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no column '%s'; nearest: '%s'",
               t->path, job->fields[k], near ? near : t->name[t->ncol - 1]);
    column[(*n)++] = c;
  }
  for (PetscInt c = 0; !job->nfield && c < t->ncol && *n < PANELS; ++c) {
    PetscBool skip = c == x ? PETSC_TRUE : PETSC_FALSE;
    for (size_t i = 0; i < sizeof when / sizeof *when; ++i)
      if (!strcasecmp(t->name[c], when[i]))
        skip = PETSC_TRUE;
    if (Zero(t, c))
      skip = PETSC_TRUE;
    if (!skip)
      column[(*n)++] = c;
  }
  PetscCheck(*n, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no column to draw", t->path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Abscissa(const EddyPlotJob *job, EddyTable t, PetscInt *x)
{
  static const char *const usual[] = {"time", "t"};
  PetscFunctionBeginUser;
  *x = job->x ? EddyTableFind(t, job->x) : -1;
  PetscCheck(!job->x || *x >= 0, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no column '%s'", t->path,
             job->x);
  for (int k = 0; k < 2 && *x < 0; ++k)
    *x = EddyTableFind(t, usual[k]);
  *x = PetscMax(*x, 0);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyPlotTable(const EddyPlotJob *job)
{
  EddyTable t;
  EddyDraw d;
  PetscInt column[PANELS], n, x;
  EddyCurve curve[PANELS];
  char xlabel[EDDY_DRAW_TEXT], label[PANELS][EDDY_DRAW_TEXT];

  PetscFunctionBeginUser;
  PetscCall(EddyTableRead(job->path, &t));
  PetscCall(Abscissa(job, t, &x));
  const PetscBool spectrum =
      job->spectrum || !strcasecmp(t->name[x], "k") ? PETSC_TRUE : PETSC_FALSE;
  const PetscInt log = job->log != EDDY_LOG_AUTO ? job->log
                       : spectrum                ? EDDY_LOG_XY
                                                 : EDDY_LOG_NONE;
  PetscCall(Columns(job, t, x, column, &n));
  const PetscInt panels = job->together ? 1 : n;
  const int ncol = panels == 1 ? 1 : panels <= 4 ? 2 : 3, nrow = ((int)panels + ncol - 1) / ncol;
  const double width = ncol == 1 ? job->width : 0.9 * job->width;
  PetscCall(
      EddyDrawCreate(job->output, ncol * width, nrow * (ncol == 1 ? 0.7 : 0.6) * job->width, &d));
  EddyDrawLabel(t->name[x], NULL, xlabel);
  for (PetscInt k = 0; k < n; ++k) {
    EddyDrawLabel(t->name[column[k]], NULL, label[k]);
    curve[k] = (EddyCurve){.n = t->nrow,
                           .x = t->value + x * t->nrow,
                           .y = t->value + column[k] * t->nrow,
                           .label = job->together ? label[k] : NULL,
                           .colour = job->together ? k : 0};
  }
  for (PetscInt k = 0; k < panels; ++k) {
    const EddyPlot p = {.ncurve = job->together ? n : 1,
                        .curves = curve + k,
                        .logx = log == EDDY_LOG_X || log == EDDY_LOG_XY,
                        .logy = log == EDDY_LOG_Y || log == EDDY_LOG_XY,
                        .y0 = job->range[0],
                        .y1 = job->range[1],
                        .xlabel = xlabel,
                        .ylabel = job->together ? job->together : label[k]};
    PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, ncol, nrow, (int)k), &p));
  }
  PetscCall(EddyDrawDestroy(&d));
  printf("%s: %d curves of %s\n", job->output, (int)n, job->path);
  PetscCall(EddyTableDestroy(&t));
  PetscFunctionReturn(PETSC_SUCCESS);
}
