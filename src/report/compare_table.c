/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables against a table: time series of probes beside measured ones. Columns are paired by name, the run is read between its own lines (linear) at the
   times of the reference that both cover. */
#include "compare.h"
#include "draw.h"
#include "table.h"
#include "writer.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANELS = 24 };

typedef struct {
  PetscInt n;
  double rms, bias, scatter; /* scatter: rms about the bias */
  double mean, range;        /* of |difference|; of the reference */
  double largest, correlation;
  double top[2], when[2]; /* largest value and its time, of reference and run */
} Score;

/* Column of time, else the first */
static PetscInt Abscissa(EddyTable t)
{
  static const char *const names[] = {"t", "time", "x"};
  for (size_t k = 0; k < sizeof names / sizeof *names; ++k)
    if (EddyTableFind(t, names[k]) >= 0)
      return EddyTableFind(t, names[k]);
  return 0;
}

/* y(x) between the lines of a table with rising x; NaN outside. *at remembers the place. */
static double Between(PetscInt n, const double *x, const double *y, double at_x, PetscInt *at)
{
  if (!(at_x >= x[0] - 1e-9 * fabs(x[0])) || !(at_x <= x[n - 1] + 1e-9 * fabs(x[n - 1])))
    return NAN;
  while (*at + 2 < n && x[*at + 1] < at_x)
    ++*at;
  if (n == 1)
    return y[0];
  const double w = (at_x - x[*at]) / (x[*at + 1] - x[*at]);
  return w <= 0 ? y[*at] : w >= 1 ? y[*at + 1] : y[*at] + w * (y[*at + 1] - y[*at]);
}

static Score Measure(EddyTable ref, PetscInt rc, EddyTable run, PetscInt c,
                     const PetscReal window[2])
{
  const double *t = ref->value + Abscissa(ref) * ref->nrow, *a = ref->value + rc * ref->nrow;
  const double *x = run->value + Abscissa(run) * run->nrow, *y = run->value + c * run->nrow;
  double sa = 0, sb = 0, aa = 0, bb = 0, ab = 0, dd = 0, sum = 0, low = INFINITY;
  PetscInt at = 0;
  Score s = {.top = {-INFINITY, -INFINITY}};
  for (PetscInt k = 0; k < ref->nrow; ++k) {
    const double b = Between(run->nrow, x, y, t[k], &at);
    if (!isfinite(a[k]) || !isfinite(b) || t[k] < window[0] || t[k] > window[1])
      continue;
    ++s.n;
    sa += a[k], sb += b, aa += a[k] * a[k], bb += b * b, ab += a[k] * b;
    dd += (a[k] - b) * (a[k] - b);
    sum += fabs(a[k] - b);
    low = fmin(low, a[k]);
    s.largest = fmax(s.largest, fabs(a[k] - b));
    if (a[k] > s.top[0])
      s.top[0] = a[k], s.when[0] = t[k];
    if (b > s.top[1])
      s.top[1] = b, s.when[1] = t[k];
  }
  const double n = (double)s.n;
  s.rms = sqrt(dd / n);
  s.bias = (sb - sa) / n;
  s.scatter = sqrt(fmax(0, dd / n - s.bias * s.bias));
  s.mean = sum / n;
  s.range = s.top[0] - low;
  s.correlation = (ab - sa * sb / n) / sqrt((aa - sa * sa / n) * (bb - sb * sb / n));
  return s;
}

static PetscErrorCode CheckRising(EddyTable t)
{
  const double *x = t->value + Abscissa(t) * t->nrow;
  PetscFunctionBeginUser;
  for (PetscInt k = 1; k < t->nrow; ++k)
    PetscCheck(x[k] > x[k - 1], PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s: column %s does not rise (%g after %g)", t->path, t->name[Abscissa(t)], x[k],
               x[k - 1]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Columns of the reference that the run has too, or the named one. */
static PetscErrorCode Pairs(const EddyTableJob *job, EddyTable ref, EddyTable run,
                            PetscInt pair[PANELS][2], PetscInt *n)
{
  PetscFunctionBeginUser;
  *n = 0;
  for (PetscInt c = 0; c < ref->ncol && *n < PANELS; ++c) {
    const PetscInt q = EddyTableFind(run, ref->name[c]);
    if (c == Abscissa(ref) || q < 0 || q == Abscissa(run) ||
        (job->field && strcasecmp(job->field, ref->name[c])))
      continue;
    pair[*n][0] = c;
    pair[(*n)++][1] = q;
  }
  PetscCheck(*n, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s and %s have no column in common%s%s",
             ref->path, run->path, job->field ? " called " : "", job->field ? job->field : "");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Print(EddyTable ref, EddyTable run, PetscInt n, PetscInt pair[][2], const Score s[])
{
  const char *x = ref->name[Abscissa(ref)];
  printf("%s against %s\n\n", run->path, ref->path);
  printf("  %-12s %6s %10s %9s %10s %10s %10s %10s %11s %10s  at %-8s %10s  at %s\n", "column",
         "values", "rms", "rms/range", "unbiased", "mean diff", "mean |d|", "largest",
         "correlation", "max ref", x, "max run", x);
  for (PetscInt k = 0; k < n; ++k)
    printf("  %-12s %6d %10.4g %9.4f %10.4g %10.3g %10.4g %10.4g %11.4f %10.4g  %-11.5g %10.4g  "
           "%.5g\n",
           ref->name[pair[k][0]], (int)s[k].n, s[k].rms, s[k].rms / s[k].range, s[k].scatter,
           s[k].bias, s[k].mean, s[k].largest, s[k].correlation, s[k].top[0], s[k].when[0],
           s[k].top[1], s[k].when[1]);
  printf("\n");
}

static PetscErrorCode Json(const EddyTableJob *job, EddyTable ref, PetscInt nrun, EddyTable runs[])
{
  char *text;
  size_t len;
  PetscFunctionBeginUser;
  FILE *f = open_memstream(&text, &len);
  PetscCheck(f, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory");
  fprintf(f, "{\"runs\": [");
  for (PetscInt r = 0; r < nrun; ++r) {
    PetscInt pair[PANELS][2], n;
    PetscCall(Pairs(job, ref, runs[r], pair, &n));
    fprintf(f, "%s{\"columns\": {", r ? ", " : "");
    for (PetscInt k = 0; k < n; ++k) {
      const Score s = Measure(ref, pair[k][0], runs[r], pair[k][1], job->window);
      fprintf(f,
              "%s\"%s\": {\"values\": %d, \"rms\": %.9g, \"bias\": %.9g, \"scatter\": %.9g, "
              "\"mean_absolute\": %.9g, \"range_reference\": %.9g, \"largest\": %.9g, "
              "\"max_reference\": %.9g, \"max_reference_at\": %.9g, \"max\": %.9g, \"max_at\": "
              "%.9g}",
              k ? ", " : "", ref->name[pair[k][0]], (int)s.n, s.rms, s.bias, s.scatter, s.mean,
              s.range, s.largest, s.top[0], s.when[0], s.top[1], s.when[1]);
    }
    fprintf(f, "}}");
  }
  fprintf(f, "]}\n");
  fclose(f);
  const PetscErrorCode ierr = EddyFileWriteText(job->json, text);
  free(text);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Draw(const EddyTableJob *job, EddyTable ref, PetscInt nrun, EddyTable runs[])
{
  char path[EDDY_MAX_PATH], xlabel[EDDY_DRAW_TEXT], ylabel[EDDY_DRAW_TEXT];
  PetscInt pair[PANELS][2], n;
  EddyDraw d;
  PetscFunctionBeginUser;
  PetscCall(Pairs(job, ref, runs[0], pair, &n));
  PetscCall(EddyMakeFolder(PETSC_COMM_SELF, job->output));
  snprintf(path, sizeof path, "%.900s/tables.%s", job->output, job->format);
  PetscBool there;
  PetscCall(PetscTestFile(path, 0, &there));
  PetscCheck(!there || job->overwrite, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s is there already: give another -output or -output_overwrite yes", path);
  const int ncol = n > 4 ? 2 : 1, nrow = ((int)n + ncol - 1) / ncol;
  PetscCall(EddyDrawCreate(path, ncol * 140, 5 + nrow * 52, &d));
  EddyDrawLabel(ref->name[Abscissa(ref)], NULL, xlabel);
  for (PetscInt k = 0; k < n; ++k) {
    EddyCurve curve[EDDY_MAX_LIST + 1];
    int m = 0;
    curve[m++] = (EddyCurve){.n = ref->nrow,
                             .x = ref->value + Abscissa(ref) * ref->nrow,
                             .y = ref->value + pair[k][0] * ref->nrow,
                             .label = k ? NULL : "reference",
                             .colour = 0};
    for (PetscInt r = 0; r < nrun && m <= EDDY_MAX_LIST; ++r) {
      const PetscInt c = EddyTableFind(runs[r], ref->name[pair[k][0]]);
      if (c >= 0)
        curve[m++] = (EddyCurve){.n = runs[r]->nrow,
                                 .x = runs[r]->value + Abscissa(runs[r]) * runs[r]->nrow,
                                 .y = runs[r]->value + c * runs[r]->nrow,
                                 .label = k ? NULL : runs[r]->path,
                                 .colour = m};
    }
    const double *x = runs[0]->value + Abscissa(runs[0]) * runs[0]->nrow;
    const PetscBool open = (PetscBool)(job->window[0] > -PETSC_MAX_REAL);
    EddyDrawLabel(ref->name[pair[k][0]], NULL, ylabel);
    const EddyPlot p = {.ncurve = m,
                        .curves = curve,
                        .x0 = open ? job->window[0] : x[0],
                        .x1 = open ? job->window[1] : x[runs[0]->nrow - 1],
                        .xlabel = xlabel,
                        .ylabel = ylabel};
    PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, ncol, nrow, (int)k), &p));
  }
  PetscCall(EddyDrawDestroy(&d));
  printf("%s: %d columns\n", path, (int)n);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCompareTables(const EddyTableJob *job, int npath, char *const paths[])
{
  EddyTable *t;
  PetscInt pair[PANELS][2], n;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(npath, &t));
  for (int k = 0; k < npath; ++k) {
    PetscCall(EddyTableRead(paths[k], &t[k]));
    PetscCall(CheckRising(t[k]));
  }
  for (int r = 1; r < npath; ++r) {
    Score s[PANELS];
    PetscCall(Pairs(job, t[0], t[r], pair, &n));
    for (PetscInt k = 0; k < n; ++k) {
      s[k] = Measure(t[0], pair[k][0], t[r], pair[k][1], job->window);
      PetscCheck(s[k].n, PETSC_COMM_SELF, EDDY_ERR_INPUT,
                 "%s and %s have no value of %s at a common %s", paths[0], paths[r],
                 t[0]->name[pair[k][0]], t[0]->name[Abscissa(t[0])]);
    }
    Print(t[0], t[r], n, pair, s);
  }
  if (job->json)
    PetscCall(Json(job, t[0], npath - 1, t + 1));
  if (job->output)
    PetscCall(Draw(job, t[0], npath - 1, t + 1));
  for (int k = 0; k < npath; ++k)
    PetscCall(EddyTableDestroy(&t[k]));
  PetscCall(PetscFree(t));
  PetscFunctionReturn(PETSC_SUCCESS);
}
