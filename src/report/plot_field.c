/* SPDX-License-Identifier: BSD-3-Clause */
/* Stored fields: pictures, space-time pictures, curves, spectra. */
#include "match.h"
#include "measure.h"
#include "plot.h"
#include "points.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef char Text[EDDY_DRAW_TEXT];
typedef struct {
  const EddyPlotJob *job;
  EddyStored set;
  const EddyBox *box;
  PetscInt entry, nframe; /* row entry of the set, its counted frames */
  PetscInt first, last;   /* frames to draw */
  PetscInt points;        /* of one component */
  double *field;          /* one frame, all components */
  Text xlabel, ylabel, tlabel, label;
  char time_unit[EDDY_MAX_NAME];
} Source;

static PetscErrorCode Select(Source *s)
{
  const EddyPlotJob *job = s->job;
  const EddyStored set = s->set;
  PetscFunctionBeginUser;
  s->entry = job->row < 0 ? 0 : -1;
  for (PetscInt r = 0; r < set->nrow; ++r)
    if (set->rows[r].row == job->row)
      s->entry = r;
  PetscCheck(s->entry >= 0, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: no row %" PetscInt64_FMT "; it has %d rows from %" PetscInt64_FMT
             " to %" PetscInt64_FMT,
             set->path, job->row, (int)set->nrow, set->rows[0].row, set->rows[set->nrow - 1].row);
  s->nframe = set->rows[s->entry].frames;
  PetscCheck(s->nframe > 0, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: row %" PetscInt64_FMT " has no snapshot yet", set->path, set->rows[s->entry].row);
  PetscCheck(job->frame < s->nframe, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: no frame %d; it has 0 to %d", set->path, (int)job->frame, (int)s->nframe - 1);
  s->first = job->frame == EDDY_FRAME_ALL    ? 0
             : job->frame == EDDY_FRAME_LAST ? s->nframe - 1
                                             : job->frame;
  s->last = job->frame >= 0 ? job->frame : s->nframe - 1;
  PetscCheck(job->component < set->what.ncomp, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %s has %d components, numbered from 0; %d asked for", set->path, set->what.name,
             (int)set->what.ncomp, (int)job->component);
  s->box = &set->info->box;
  s->points = EddyStoredFrameSize(set) / set->what.ncomp;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Labels(Source *s)
{
  static const char axis[] = "xyz";
  char length[EDDY_MAX_NAME] = "", unit[EDDY_MAX_NAME], name[EDDY_MAX_NAME + 8];
  const EddyWellField *f = &s->set->what;
  const PetscInt c = s->job->component, dim = s->box->dim;
  (void)EddyStoredCaseValue(s->set, "units_length", length);
  (void)EddyStoredCaseValue(s->set, "units_time", s->time_unit);
  if (f->rank == 1)
    snprintf(name, sizeof name, "%s %c", f->name, axis[c % 3]);
  else if (f->rank == 2)
    snprintf(name, sizeof name, "%s %c%c", f->name, axis[(c / dim) % 3], axis[c % dim]);
  else
    snprintf(name, sizeof name, "%s", f->name);
  EddyDrawUnit(f->unit, length, s->time_unit, unit);
  EddyDrawLabel(name, unit, s->label);
  EddyDrawLabel("x", length, s->xlabel);
  EddyDrawLabel("y", length, s->ylabel);
  EddyDrawLabel("t", s->time_unit, s->tlabel);
}

/* Frame k; returns its chosen component, borrowed until the next call. */
static PetscErrorCode Frame(Source *s, PetscInt k, const double **component)
{
  PetscFunctionBeginUser;
  PetscCall(EddyStoredReadFrame(s->set, s->entry, k, s->field));
  *component = s->field + s->job->component * s->points;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Title(const Source *s, PetscInt frame, Text title)
{
  snprintf(title, EDDY_DRAW_TEXT, "t = %.6g%s%s", s->set->info->times[frame],
           s->time_unit[0] ? " " : "", s->time_unit);
  if (s->set->nrow > 1)
    snprintf(title + strlen(title), EDDY_DRAW_TEXT - strlen(title), ", row %" PetscInt64_FMT,
             s->set->rows[s->entry].row);
}

/* name.png -> name_00012.png when all frames are drawn */
static void Numbered(const Source *s, PetscInt frame, char path[EDDY_MAX_PATH])
{
  const char *dot = strrchr(s->job->output, '.');
  const int stem = dot ? (int)(dot - s->job->output) : (int)strlen(s->job->output);
  if (s->job->frame == EDDY_FRAME_ALL)
    snprintf(path, EDDY_MAX_PATH, "%.*s_%05d%s", stem, s->job->output, (int)frame, dot ? dot : "");
  else
    snprintf(path, EDDY_MAX_PATH, "%s", s->job->output);
}

/* One range for all frames that are drawn */
static PetscErrorCode CommonRange(Source *s, double *lo, double *hi, EddyMap *map)
{
  double ends[2] = {INFINITY, -INFINITY};
  const double *f = NULL;
  PetscFunctionBeginUser;
  *lo = s->job->range[0], *hi = s->job->range[1], *map = s->job->map;
  if (*lo < *hi)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = s->first; k <= s->last; ++k) {
    PetscCall(Frame(s, k, &f));
    for (PetscInt i = 0; i < s->points; ++i)
      if (isfinite(f[i]))
        ends[0] = fmin(ends[0], f[i]), ends[1] = fmax(ends[1], f[i]);
  }
  EddyDrawRange(2, ends, lo, hi, map);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Pictures(Source *s)
{
  const EddyBox *b = s->box;
  const double inner = s->job->width - 33, ratio = EddyBoxLength(b, 1) / EddyBoxLength(b, 0);
  const double height = fmin(fmax(inner * ratio, 15), 4 * s->job->width) + 17;
  char path[EDDY_MAX_PATH];
  double lo, hi;
  const double *f = NULL;
  EddyMap map;
  EddyDraw d;
  Text title;
  double *vertices;
  PetscFunctionBeginUser;
  PetscCall(CommonRange(s, &lo, &hi, &map));
  PetscCall(EddyPointsLayer(b, b->n[2] / 2, &vertices));
  for (PetscInt k = s->first; k <= s->last; ++k) {
    PetscCall(Frame(s, k, &f));
    Numbered(s, k, path);
    Title(s, k, title);
    const EddyPicture p = {.nx = b->n[0],
                           .ny = b->n[1],
                           .data = f + (b->n[2] / 2) * b->n[1] * b->n[0],
                           .x0 = b->lower[0],
                           .x1 = b->upper[0],
                           .y0 = b->lower[1],
                           .y1 = b->upper[1],
                           .vertices = vertices,
                           .equal = PETSC_TRUE,
                           .lo = lo,
                           .hi = hi,
                           .map = map,
                           .xlabel = s->xlabel,
                           .ylabel = s->ylabel,
                           .title = title,
                           .bar = s->label};
    PetscCall(EddyDrawCreate(path, s->job->width, height, &d));
    PetscCall(EddyDrawPicture(d, EddyDrawPanel(d, 1, 1, 0), &p));
    PetscCall(EddyDrawDestroy(&d));
  }
  PetscCall(PetscFree(vertices));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Lines(Source *s)
{
  char path[EDDY_MAX_PATH];
  double *x, lo = s->job->range[0], hi = s->job->range[1];
  const double *f = NULL;
  EddyMap map;
  EddyDraw d;
  Text title;
  PetscFunctionBeginUser;
  if (s->job->frame == EDDY_FRAME_ALL)
    PetscCall(CommonRange(s, &lo, &hi, &map));
  PetscCall(PetscMalloc1(s->points, &x));
  for (PetscInt i = 0; i < s->points; ++i) {
    double at[3];
    EddyPointAt(s->box, s->box->n, s->set->info->where, (PetscInt[]){i, 0, 0}, at);
    x[i] = at[0];
  }
  for (PetscInt k = s->first; k <= s->last; ++k) {
    PetscCall(Frame(s, k, &f));
    Numbered(s, k, path);
    Title(s, k, title);
    const EddyCurve u = {.n = s->points, .x = x, .y = f};
    const EddyPlot p = {.ncurve = 1,
                        .curves = &u,
                        .x0 = s->box->lower[0],
                        .x1 = s->box->upper[0],
                        .y0 = lo,
                        .y1 = hi,
                        .xlabel = s->xlabel,
                        .ylabel = s->label,
                        .title = title};
    PetscCall(EddyDrawCreate(path, s->job->width, 0.65 * s->job->width, &d));
    PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &p));
    PetscCall(EddyDrawDestroy(&d));
  }
  PetscCall(PetscFree(x));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* All frames of a 1-D row, time upwards; frames at unequal times are put on a uniform axis by the nearest one. */
static PetscErrorCode SpaceTime(Source *s)
{
  const double *t = s->set->info->times, *f = NULL;
  const PetscInt n = s->nframe;
  const double t0 = t[0], t1 = t[n - 1], half = 0.5 * (t1 - t0) / (double)(n - 1);
  double *all;
  EddyDraw d;
  Text title = "";
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(n * s->points, &all));
  for (PetscInt k = 0, near = 0; k < n; ++k) {
    const double want = t0 + (t1 - t0) * (double)k / (double)(n - 1);
    while (near + 1 < n && fabs(t[near + 1] - want) <= fabs(t[near] - want))
      ++near;
    PetscCall(Frame(s, near, &f));
    PetscCall(PetscArraycpy(all + k * s->points, f, s->points));
  }
  if (s->set->nrow > 1)
    snprintf(title, sizeof title, "row %" PetscInt64_FMT, s->set->rows[s->entry].row);
  const EddyPicture p = {.nx = s->points,
                         .ny = n,
                         .data = all,
                         .x0 = s->box->lower[0],
                         .x1 = s->box->upper[0],
                         .y0 = t0 - half,
                         .y1 = t1 + half,
                         .lo = s->job->range[0],
                         .hi = s->job->range[1],
                         .map = s->job->map,
                         .xlabel = s->xlabel,
                         .ylabel = s->tlabel,
                         .title = title[0] ? title : NULL,
                         .bar = s->label};
  PetscCall(EddyDrawCreate(s->job->output, s->job->width, 0.85 * s->job->width, &d));
  PetscCall(EddyDrawPicture(d, EddyDrawPanel(d, 1, 1, 0), &p));
  PetscCall(EddyDrawDestroy(&d));
  PetscCall(PetscFree(all));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode OverTime(Source *s)
{
  static const char *const names[4] = {"mean", "rms", "minimum", "maximum"};
  const PetscInt n = s->nframe;
  const double *f = NULL;
  double *v, *volume;
  EddyCurve u[4];
  EddyDraw d;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(4 * n, &v));
  PetscCall(EddyPointsVolumes(s->box, &volume));
  for (PetscInt k = 0; k < n; ++k) {
    double sum = 0, square = 0, all = 0, lo = INFINITY, hi = -INFINITY;
    PetscCall(Frame(s, k, &f));
    for (PetscInt i = 0; i < s->points; ++i) {
      const double w = volume ? volume[i] : 1;
      sum += w * f[i], square += w * (f[i] * f[i]), all += w;
      lo = fmin(lo, f[i]), hi = fmax(hi, f[i]);
    }
    v[k] = sum / all, v[n + k] = sqrt(square / all);
    v[2 * n + k] = lo, v[3 * n + k] = hi;
  }
  for (int c = 0; c < 4; ++c)
    u[c] = (EddyCurve){
        .n = n, .x = s->set->info->times, .y = v + c * n, .label = names[c], .colour = c};
  const EddyPlot p = {.ncurve = 4,
                      .curves = u,
                      .y0 = s->job->range[0],
                      .y1 = s->job->range[1],
                      .xlabel = s->tlabel,
                      .ylabel = s->label};
  PetscCall(EddyDrawCreate(s->job->output, s->job->width, 0.75 * s->job->width, &d));
  PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &p));
  PetscCall(EddyDrawDestroy(&d));
  PetscCall(PetscFree(v));
  PetscCall(PetscFree(volume));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Spectrum(Source *s)
{
  const PetscInt first = s->job->frame_given ? s->first : 0, n = s->last - first + 1;
  PetscInt *frames;
  char length[EDDY_MAX_NAME] = "", unit[EDDY_MAX_NAME + 2] = "";
  EddySummary v;
  EddyDraw d;
  Text xlabel, title;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(n, &frames));
  for (PetscInt k = 0; k < n; ++k)
    frames[k] = first + k;
  PetscCall(EddySummaryCreate(s->set, 1, &s->entry, n, frames, &v));
  PetscCall(PetscFree(frames));
  PetscCheck(v.nshell > 1, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: a spectrum needs a periodic box%s",
             s->set->path, s->box->mapped ? ", this is a mapped grid" : "");
  double largest = 0;
  PetscInt m = v.whole;
  for (PetscInt k = 1; k <= m; ++k)
    largest = fmax(largest, v.energy[k]);
  while (m > 1 && v.energy[m] < 1e-14 * largest)
    --m; /* rounding */
  if (EddyStoredCaseValue(s->set, "units_length", length))
    snprintf(unit, sizeof unit, "1/%.60s", length);
  EddyDrawLabel("k", unit, xlabel);
  if (n > 1)
    snprintf(title, sizeof title, "mean of %d frames, t = %.4g to %.4g", (int)n,
             s->set->info->times[first], s->set->info->times[s->last]);
  else
    Title(s, first, title);
  const EddyCurve u = {.n = m, .x = v.k + 1, .y = v.energy + 1};
  const EddyPlot p = {.ncurve = 1,
                      .curves = &u,
                      .logx = PETSC_TRUE,
                      .logy = PETSC_TRUE,
                      .y0 = s->job->range[0],
                      .y1 = s->job->range[1],
                      .xlabel = xlabel,
                      .ylabel = "E(k)",
                      .title = title};
  PetscCall(EddyDrawCreate(s->job->output, s->job->width, 0.75 * s->job->width, &d));
  PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &p));
  PetscCall(EddyDrawDestroy(&d));
  PetscCall(EddySummaryDestroy(&v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Draw(Source *s)
{
  const EddyPlotJob *job = s->job;
  PetscFunctionBeginUser;
  PetscCall(Select(s));
  Labels(s);
  PetscCall(PetscMalloc1(EddyStoredFrameSize(s->set), &s->field));
  const PetscBool line = s->box->dim == 1 ? PETSC_TRUE : PETSC_FALSE;
  if (job->spectrum)
    PetscCall(Spectrum(s));
  else if (job->curves)
    PetscCall(OverTime(s));
  else if (!line)
    PetscCall(Pictures(s));
  else if (job->frame_given || s->nframe < 2)
    PetscCall(Lines(s));
  else
    PetscCall(SpaceTime(s));
  if (job->frame == EDDY_FRAME_ALL && !job->spectrum && !job->curves)
    printf("%s: %d numbered pictures of %s\n", job->output, (int)s->nframe, s->set->what.name);
  else
    printf("%s: %s of %s\n", job->output, s->set->what.name, job->path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyPlotField(const EddyPlotJob *job)
{
  Source s = {.job = job};
  PetscFunctionBeginUser;
  PetscCheck(job->nfield < 2, PETSC_COMM_SELF, EDDY_ERR_INPUT, "-field: one field at a time of %s",
             job->path);
  PetscCall(EddyStoredOpen(job->path, NULL, job->nfield ? job->fields[0] : NULL, &s.set));
  const PetscErrorCode ierr = Draw(&s);
  PetscCall(PetscFree(s.field));
  PetscCall(EddyStoredClose(&s.set));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}
