/* SPDX-License-Identifier: BSD-3-Clause */
#include "compare.h"
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- table ---- */

static void Grid(const EddyBox *b, char out[EDDY_MAX_NAME])
{
  if (b->dim == 1)
    snprintf(out, EDDY_MAX_NAME, "%d", (int)b->n[0]);
  if (b->dim == 2)
    snprintf(out, EDDY_MAX_NAME, "%d x %d", (int)b->n[0], (int)b->n[1]);
  if (b->dim == 3)
    snprintf(out, EDDY_MAX_NAME, "%d x %d x %d", (int)b->n[0], (int)b->n[1], (int)b->n[2]);
}

static void Number(double v, char out[EDDY_MAX_NAME])
{
  if (isnan(v))
    snprintf(out, EDDY_MAX_NAME, "-");
  else
    snprintf(out, EDDY_MAX_NAME, v == 0 || (fabs(v) >= 1e-3 && fabs(v) < 1e5) ? "%.4g" : "%.2e", v);
}

/* "6.41 [6.02, 6.80]", "> 12" when the mean never falls below the threshold; the interval is left out with one row */
static void Crossing(const EddyComparison *c, int k, char out[EDDY_MAX_NAME])
{
  char value[24], hi[24];
  const double end = c->elapsed[c->match->nt - 1];
  if (isinf(c->crossing[k]))
    snprintf(value, sizeof value, "> %.4g", end);
  else
    snprintf(value, sizeof value, "%.4g", c->crossing[k]);
  if (isinf(c->hi[k]))
    snprintf(hi, sizeof hi, "> %.4g", end);
  else
    snprintf(hi, sizeof hi, "%.4g", c->hi[k]);
  if (c->match->nrow == 1 || isinf(c->lo[k]))
    snprintf(out, EDDY_MAX_NAME, "%s", value);
  else
    snprintf(out, EDDY_MAX_NAME, "%s [%.4g, %s]", value, c->lo[k], hi);
}

enum { NCOLUMN = 10 };
typedef char Cell[EDDY_MAX_NAME];

/* First column to the left, others to the right, as wide as their widest cell */
static void Table(FILE *out, PetscInt nrow, PetscInt ncol, const Cell cells[])
{
  int width[NCOLUMN] = {0};
  for (PetscInt r = 0; r < nrow; ++r)
    for (PetscInt c = 0; c < ncol; ++c)
      width[c] = PetscMax(width[c], (int)strlen(cells[r * ncol + c]));
  for (PetscInt r = 0; r < nrow; ++r) {
    for (PetscInt c = 0; c < ncol; ++c)
      fprintf(out, "%s%*s", c ? "  " : "  ", c ? width[c] : -width[c], cells[r * ncol + c]);
    fprintf(out, "\n");
  }
}

static void ScoreTable(const EddyScoreboard *b, FILE *out)
{
  static const char *const head[NCOLUMN] = {"run",       "grid",     "rows",       "T(0.95)",
                                            "T(0.9)",    "T(0.8)",   "VRMSE mean", "at end",
                                            "L2 at end", "L1 at end"};
  Cell *cell;
  if (PetscMalloc1((b->nrun + 1) * NCOLUMN, &cell))
    return;
  for (int c = 0; c < NCOLUMN; ++c)
    snprintf(cell[c], sizeof *cell, "%s", head[c]);
  for (PetscInt r = 0; r < b->nrun; ++r) {
    const EddyComparison *c = &b->runs[r];
    const PetscInt end = c->match->nt - 1;
    Cell *line = cell + (r + 1) * NCOLUMN;
    snprintf(line[0], sizeof *line, "%s", c->run->label);
    Grid(&c->run->info->box, line[1]);
    snprintf(line[2], sizeof *line, "%d", (int)c->match->nrow);
    for (int k = 0; k < EDDY_NTHRESHOLD; ++k)
      Crossing(c, k, line[3 + k]);
    Number(EddyFiniteMean(c->match->nt, c->vrmse), line[6]);
    Number(c->vrmse[end], line[7]);
    Number(c->l2[end], line[8]);
    Number(c->l1[end], line[9]);
  }
  Table(out, b->nrun + 1, NCOLUMN, (const Cell *)cell);
  if (PetscFree(cell))
    return;
}

static void SummaryTable(const EddyScoreboard *b, FILE *out)
{
  static const char *const head[] = {"set",    "grid",         "kurtosis",      "<f^2>/2",
                                     "energy", "drift of <f>", "drift of <f^2>"};
  const PetscInt ncol = b->summaries[0].vorticity ? 7 : 6;
  Cell *cell;
  if (PetscMalloc1((b->nrun + 2) * ncol, &cell))
    return;
  for (PetscInt r = 0; r < b->nrun + 2; ++r) {
    const EddySummary *s = r ? &b->summaries[r - 1] : NULL;
    double square = 0, energy = 0;
    PetscInt c = 0;
    Cell *line = cell + r * ncol;
    for (PetscInt k = 0; s && k < s->nshell; ++k)
      square += s->square[k], energy += s->energy[k];
    if (s && !s->nshell)
      square = s->half_square, energy = NAN;
    for (int k = 0; k < 7; ++k) {
      if (k == 4 && ncol == 6)
        continue;
      if (!s)
        snprintf(line[c], sizeof *line, "%s", head[k]);
      else if (k == 0)
        snprintf(line[c], sizeof *line, "%.50s%s", s->set->label, r == 1 ? " (reference)" : "");
      else if (k == 1)
        Grid(&s->set->info->box, line[c]);
      else
        Number(k == 2   ? EddyHistogramKurtosis(&s->histogram)
               : k == 3 ? square
               : k == 4 ? energy
               : k == 5 ? s->mean_drift
                        : s->square_drift,
               line[c]);
      ++c;
    }
  }
  Table(out, b->nrun + 2, ncol, (const Cell *)cell);
  if (PetscFree(cell))
    return;
}

enum { NWAVE = 5, NTAIL = 2 };
static const double tails[NTAIL] = {3, 5}; /* in units of the rms of the reference */

/* Shape of the spectrum and of the distribution beside the reference: the ratio at five shells up to the last one that all sets hold. */
static void ShapeTable(const EddyScoreboard *b, FILE *out)
{
  enum { NCOL = 1 + NWAVE + NTAIL };
  const EddySummary *ref = &b->summaries[0];
  const double rms = EddyHistogramDeviation(&ref->histogram);
  PetscInt whole = ref->whole;
  Cell *cell;
  for (PetscInt r = 1; r <= b->nrun; ++r)
    whole = PetscMin(whole, b->summaries[r].whole);
  if (PetscMalloc1((b->nrun + 2) * NCOL, &cell))
    return;
  snprintf(cell[0], sizeof *cell, "set");
  for (PetscInt r = 0; r < b->nrun + 2; ++r) {
    const EddySummary *s = r ? &b->summaries[r - 1] : ref;
    Cell *line = cell + r * NCOL;
    if (r)
      snprintf(line[0], sizeof *line, "%.50s%s", s->set->label, r == 1 ? " (reference)" : "");
    for (int w = 0; w < NWAVE; ++w) {
      const PetscInt k = whole * (w + 1) / NWAVE;
      if (!r)
        snprintf(line[1 + w], sizeof *line, "k = %.4g", (double)k * ref->dk);
      else
        Number(whole ? s->square[k] / ref->square[k] : NAN, line[1 + w]);
    }
    for (int t = 0; t < NTAIL; ++t) {
      if (!r)
        snprintf(line[1 + NWAVE + t], sizeof *line, "beyond %g rms", tails[t]);
      else
        Number(EddyHistogramTail(&s->histogram, tails[t] * rms), line[1 + NWAVE + t]);
    }
  }
  fprintf(out,
          "\nSpectrum of f^2 over that of the reference; share of points further from the mean "
          "than 3 and 5 rms of the reference (%.4g)\n\n",
          rms);
  Table(out, b->nrun + 2, NCOL, (const Cell *)cell);
  if (PetscFree(cell))
    return;
}

void EddyScoreboardPrint(const EddyScoreboard *b, FILE *out)
{
  const EddyComparison *c = &b->runs[0];
  const EddyStored ref = c->ref;
  const char *unit = b->time_unit;
  Cell grid;
  Grid(&ref->info->box, grid);
  fprintf(out, "%s against %s (%s), correlation times since t = %.6g%s%s", ref->what.name,
          ref->label, grid, c->match->times[0], *unit ? " " : "", unit);
  fprintf(out, c->match->nrow > 1 ? ", 95 %% intervals over rows\n\n" : "\n\n");
  ScoreTable(b, out);
  fprintf(out, "\nEach by itself on its own grid, over the matched rows and times\n\n");
  SummaryTable(b, out);
  ShapeTable(b, out);
  for (PetscInt r = 0; r < b->nrun; ++r) {
    const EddyMatch m = b->runs[r].match;
    if (m->dropped_times)
      fprintf(out, "note: %s: %d times without partner are left out, %d are compared\n",
              b->runs[r].run->label, (int)m->dropped_times, (int)m->nt);
    if (m->failed_rows)
      fprintf(out, "note: %s: %d rows failed and are left out\n", b->runs[r].run->label,
              (int)m->failed_rows);
    if (m->dropped_rows > m->failed_rows)
      fprintf(out, "note: %s: %d rows of the reference are missing in it or failed\n",
              b->runs[r].run->label, (int)(m->dropped_rows - m->failed_rows));
  }
}

/* ---- JSON ---- */

/* JSON has no infinity and no NaN: null */
static json_t *Real(double v) { return isfinite(v) ? json_real(v) : json_null(); }
static json_t *Reals(PetscInt n, const double v[])
{
  json_t *a = json_array();
  for (PetscInt k = 0; k < n; ++k)
    json_array_append_new(a, Real(v[k]));
  return a;
}
static json_t *Ints(PetscInt n, const PetscInt v[])
{
  json_t *a = json_array();
  for (PetscInt k = 0; k < n; ++k)
    json_array_append_new(a, json_integer(v[k]));
  return a;
}

static json_t *Summary(const EddySummary *s)
{
  double x[EDDY_BINS], p[EDDY_BINS];
  const PetscInt n = EddyHistogramDensity(&s->histogram, 1, x, p);
  json_t *o = json_object(), *spectrum = json_object(), *pdf = json_object();
  json_object_set_new(o, "path", json_string(s->set->path));
  json_object_set_new(o, "label", json_string(s->set->label));
  json_object_set_new(o, "grid", Ints(s->set->info->box.dim, s->set->info->box.n));
  json_object_set_new(o, "kurtosis", Real(EddyHistogramKurtosis(&s->histogram)));
  json_object_set_new(o, "mean_drift", Real(s->mean_drift));
  json_object_set_new(o, "square_drift", Real(s->square_drift));
  json_object_set_new(spectrum, "k", Reals(s->nshell, s->k));
  json_object_set_new(spectrum, "energy", Reals(s->nshell, s->energy));
  if (s->vorticity)
    json_object_set_new(spectrum, "enstrophy", Reals(s->nshell, s->square));
  json_object_set_new(o, "spectrum", spectrum);
  json_object_set_new(pdf, "value", Reals(n, x));
  json_object_set_new(pdf, "density", Reals(n, p));
  json_object_set_new(o, "pdf", pdf);
  return o;
}

static json_t *MeanAndEnd(PetscInt n, const double v[])
{
  json_t *o = json_object();
  json_object_set_new(o, "mean", Real(EddyFiniteMean(n, v)));
  json_object_set_new(o, "end", Real(v[n - 1]));
  json_object_set_new(o, "series", Reals(n, v));
  return o;
}

static json_t *Run(const EddyComparison *c, const EddySummary *s)
{
  static const char *const names[EDDY_NTHRESHOLD] = {"0.95", "0.9", "0.8"};
  const EddyMatch m = c->match;
  json_t *o = Summary(s), *times = json_object();
  for (int k = 0; k < EDDY_NTHRESHOLD; ++k) {
    json_t *t = json_object();
    json_object_set_new(t, "value", Real(c->crossing[k]));
    json_object_set_new(t, "low", Real(c->lo[k]));
    json_object_set_new(t, "high", Real(c->hi[k]));
    json_object_set_new(t, "crossed", json_boolean(isfinite(c->crossing[k])));
    json_object_set_new(times, names[k], t);
  }
  json_object_set_new(o, "rows", json_integer(m->nrow));
  json_object_set_new(o, "failed_rows", json_integer(m->failed_rows));
  json_object_set_new(o, "times_compared", json_integer(m->nt));
  json_object_set_new(o, "common_grid", Ints(c->common.dim, c->common.n));
  json_object_set_new(o, "common_modes", Ints(c->common.dim, c->kmax));
  json_object_set_new(o, "correlation_time", times);
  json_object_set_new(o, "time", Reals(m->nt, m->times));
  json_object_set_new(o, "correlation", Reals(m->nt, c->correlation));
  json_object_set_new(o, "correlation_low", Reals(m->nt, c->band_lo));
  json_object_set_new(o, "correlation_high", Reals(m->nt, c->band_hi));
  json_object_set_new(o, "vrmse", MeanAndEnd(m->nt, c->vrmse));
  json_object_set_new(o, "relative_l2", MeanAndEnd(m->nt, c->l2));
  json_object_set_new(o, "relative_l1", MeanAndEnd(m->nt, c->l1));
  json_object_set_new(o, "kurtosis_common", Real(c->kurtosis[1]));
  json_object_set_new(o, "kurtosis_common_reference", Real(c->kurtosis[0]));
  return o;
}

PetscErrorCode EddyScoreboardJSON(const EddyScoreboard *b, const char *path)
{
  json_t *o = json_object(), *runs = json_array();
  PetscFunctionBeginUser;
  json_object_set_new(o, "eddyline", json_string(EDDY_VERSION));
  json_object_set_new(o, "field", json_string(b->runs[0].ref->what.name));
  json_object_set_new(o, "unit", json_string(b->unit));
  json_object_set_new(o, "time_unit", json_string(b->time_unit));
  json_object_set_new(o, "bootstrap_resamples", json_integer(EDDY_BOOTSTRAP));
  json_object_set_new(o, "reference", Summary(&b->summaries[0]));
  for (PetscInt r = 0; r < b->nrun; ++r)
    json_array_append_new(runs, Run(&b->runs[r], &b->summaries[r + 1]));
  json_object_set_new(o, "runs", runs);
  errno = 0;
  const int bad =
      json_dump_file(o, path, JSON_INDENT(1) | JSON_REAL_PRECISION(10) | JSON_PRESERVE_ORDER);
  json_decref(o);
  PetscCheck(!bad, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written: %s", path,
             errno ? strerror(errno) : "invalid text in a name");
  PetscFunctionReturn(PETSC_SUCCESS);
}
