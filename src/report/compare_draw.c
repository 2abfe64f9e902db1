/* SPDX-License-Identifier: BSD-3-Clause */
#include "compare.h"
#include "draw.h"
#include "points.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const EddyScoreboardFigures[] = {"correlation", "spectrum", "pdf", "fields", NULL};
typedef char Text[EDDY_DRAW_TEXT];
enum { SHOWN = 3 }; /* runs whose last frame is drawn beside the reference */

static PetscErrorCode DrawCorrelation(const EddyScoreboard *b, const char *path)
{
  EddyCurve *u;
  Text *label, xlabel;
  EddyDraw d;
  double low = 0;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(b->nrun, &u, b->nrun, &label));
  for (PetscInt r = 0; r < b->nrun; ++r) {
    const EddyComparison *c = &b->runs[r];
    const PetscBool band = c->match->nrow > 1 ? PETSC_TRUE : PETSC_FALSE;
    EddyDrawText(c->run->label, label[r]);
    u[r] = (EddyCurve){.n = c->match->nt,
                       .x = c->elapsed,
                       .y = c->correlation,
                       .lo = band ? c->band_lo : NULL,
                       .hi = band ? c->band_hi : NULL,
                       .label = label[r],
                       .colour = r};
    for (PetscInt k = 0; k < c->match->nt; ++k)
      low = fmin(low, band ? c->band_lo[k] : c->correlation[k]);
  }
  EddyDrawLabel(b->runs[0].match->times[0] == 0 ? "t" : "t since start", b->time_unit, xlabel);
  const EddyPlot p = {.ncurve = b->nrun,
                      .curves = u,
                      .y0 = low < 0 ? low - 0.05 : 0,
                      .y1 = 1.05,
                      .nline = EDDY_NTHRESHOLD,
                      .lines = EddyThresholds,
                      .xlabel = xlabel,
                      .ylabel = "correlation with reference"};
  PetscCall(EddyDrawCreate(path, 95, 70, &d));
  PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &p));
  PetscCall(EddyDrawDestroy(&d));
  PetscCall(PetscFree2(u, label));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One panel of spectra: complete shells but the mean, and nothing below 1e-14 of the largest value (rounding) */
static PetscErrorCode Spectra(const EddyScoreboard *b, EddyDraw d, EddyRect panel, PetscBool energy,
                              const Text label[])
{
  EddyCurve *u;
  double largest = 0;
  Text xlabel;
  char unit[EDDY_MAX_NAME + 2] = "";

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(b->nrun + 1, &u));
  for (PetscInt r = 0; r <= b->nrun; ++r) {
    const EddySummary *s = &b->summaries[r];
    const double *e = energy ? s->energy : s->square;
    const PetscInt n = s->whole;
    for (PetscInt k = 1; k <= n; ++k)
      largest = fmax(largest, e[k]);
    u[r] = (EddyCurve){.n = n, .x = s->k + 1, .y = e + 1, .label = label[r], .colour = r};
  }
  for (PetscInt r = 0; r <= b->nrun; ++r)
    while (u[r].n > 1 && u[r].y[u[r].n - 1] < 1e-14 * largest)
      --u[r].n;
  if (b->length_unit[0])
    snprintf(unit, sizeof unit, "1/%s", b->length_unit);
  EddyDrawLabel("k", unit, xlabel);
  const EddyPlot p = {.ncurve = b->nrun + 1,
                      .curves = u,
                      .logx = PETSC_TRUE,
                      .logy = PETSC_TRUE,
                      .xlabel = xlabel,
                      .ylabel = energy ? "E(k)" : "Z(k)",
                      .title = !b->summaries[0].vorticity ? NULL
                               : energy                   ? "energy"
                                                          : "enstrophy"};
  PetscCall(EddyDrawCurves(d, panel, &p));
  PetscCall(PetscFree(u));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawSpectrum(const EddyScoreboard *b, const char *path)
{
  const int ncol = b->summaries[0].vorticity ? 2 : 1;
  Text *label;
  EddyDraw d;
  PetscFunctionBeginUser;
  if (!b->summaries[0].nshell)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscCalloc1(b->nrun + 1, &label));
  for (PetscInt r = 0; r <= b->nrun; ++r)
    EddyDrawText(b->summaries[r].set->label, label[r]);
  PetscCall(EddyDrawCreate(path, ncol == 2 ? 170 : 95, 70, &d));
  PetscCall(Spectra(b, d, EddyDrawPanel(d, ncol, 1, 0), PETSC_TRUE, (const Text *)label));
  if (ncol == 2)
    PetscCall(Spectra(b, d, EddyDrawPanel(d, ncol, 1, 1), PETSC_FALSE, (const Text *)label));
  PetscCall(EddyDrawDestroy(&d));
  PetscCall(PetscFree(label));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawPdf(const EddyScoreboard *b, const char *path)
{
  typedef struct {
    double x[EDDY_BINS], p[EDDY_BINS];
  } Density;
  Density *v;
  EddyCurve *u;
  Text *label, xlabel;
  EddyDraw d;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc3(b->nrun + 1, &v, b->nrun + 1, &u, b->nrun + 1, &label));
  for (PetscInt r = 0; r <= b->nrun; ++r) {
    const EddySummary *s = &b->summaries[r];
    Text name;
    EddyDrawText(s->set->label, name);
    snprintf(label[r], sizeof label[r], "%.120s (kurtosis %.2f)", name,
             EddyHistogramKurtosis(&s->histogram));
    const PetscInt n = EddyHistogramDensity(&s->histogram, 4, v[r].x, v[r].p);
    u[r] = (EddyCurve){.n = n, .x = v[r].x, .y = v[r].p, .label = label[r], .colour = r};
  }
  EddyDrawLabel(b->runs[0].ref->what.name, b->unit, xlabel);
  const EddyPlot p = {.ncurve = b->nrun + 1,
                      .curves = u,
                      .logy = PETSC_TRUE,
                      .xlabel = xlabel,
                      .ylabel = "probability density"};
  PetscCall(EddyDrawCreate(path, 95, 70, &d));
  PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &p));
  PetscCall(EddyDrawDestroy(&d));
  PetscCall(PetscFree3(v, u, label));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- last frames ---- */

typedef struct {
  EddyStored set;
  PetscInt row, frame;
  double *data; /* component 0 */
} Last;

static PetscErrorCode ReadLast(const EddyScoreboard *b, PetscInt n, Last last[])
{
  const EddyMatch m = b->runs[0].match;
  PetscFunctionBeginUser;
  for (PetscInt r = 0; r < n; ++r) {
    const EddyMatch o = r ? b->runs[r - 1].match : m;
    last[r].set = r ? b->runs[r - 1].run : b->runs[0].ref;
    last[r].row = r ? o->run_row[0] : m->ref_row[0];
    last[r].frame = r ? o->run_frame[o->nt - 1] : m->ref_frame[m->nt - 1];
    PetscCall(PetscMalloc1(EddyStoredFrameSize(last[r].set), &last[r].data));
    PetscCall(EddyStoredReadFrame(last[r].set, last[r].row, last[r].frame, last[r].data));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawLines(const EddyScoreboard *b, PetscInt n, const Last last[],
                                const char *path)
{
  EddyCurve u[1 + SHOWN];
  Text label[1 + SHOWN], xlabel, ylabel, title;
  double *x[1 + SHOWN];
  EddyDraw d;

  PetscFunctionBeginUser;
  for (PetscInt r = 0; r < n; ++r) {
    const EddyBox *box = &last[r].set->info->box;
    PetscCall(PetscMalloc1(box->n[0], &x[r]));
    for (PetscInt i = 0; i < box->n[0]; ++i) {
      double at[3];
      EddyPointAt(box, box->n, last[r].set->info->where, (PetscInt[]){i, 0, 0}, at);
      x[r][i] = at[0];
    }
    EddyDrawText(last[r].set->label, label[r]);
    u[r] =
        (EddyCurve){.n = box->n[0], .x = x[r], .y = last[r].data, .label = label[r], .colour = r};
  }
  EddyDrawLabel("x", b->length_unit, xlabel);
  EddyDrawLabel(last[0].set->what.name, b->unit, ylabel);
  snprintf(title, sizeof title, "t = %.6g", last[0].set->info->times[last[0].frame]);
  const EddyPlot p = {.ncurve = n, .curves = u, .xlabel = xlabel, .ylabel = ylabel, .title = title};
  PetscCall(EddyDrawCreate(path, 130, 70, &d));
  PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &p));
  PetscCall(EddyDrawDestroy(&d));
  for (PetscInt r = 0; r < n; ++r)
    PetscCall(PetscFree(x[r]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawPictures(const EddyScoreboard *b, PetscInt n, const Last last[],
                                   const char *path)
{
  const EddyBox *ref = &last[0].set->info->box;
  Text title, xlabel, ylabel, bar, grid;
  double lo, hi;
  EddyMap map = EDDY_MAP_AUTO;
  EddyDraw d;

  PetscFunctionBeginUser;
  /* one colour range for all, that of the reference */
  EddyDrawRange(ref->n[0] * ref->n[1], last[0].data, &lo, &hi, &map);
  EddyDrawLabel("x", b->length_unit, xlabel);
  EddyDrawLabel("y", b->length_unit, ylabel);
  EddyDrawLabel(last[0].set->what.name, b->unit, bar);
  const double width = 50,
               ratio = PetscMin(PetscMax(EddyBoxLength(ref, 1) / EddyBoxLength(ref, 0), 0.2), 5);
  PetscCall(EddyDrawCreate(path, (double)n * width + 20, (width - 16) * ratio + 24, &d));
  snprintf(title, sizeof title, "t = %.6g%s%s", last[0].set->info->times[last[0].frame],
           b->time_unit[0] ? " " : "", b->time_unit);
  PetscCall(EddyDrawTitle(d, title));
  const EddyRect sheet = EddyDrawPanel(d, 1, 1, 0);
  for (PetscInt r = 0; r < n; ++r) {
    const EddyBox *box = &last[r].set->info->box;
    const PetscBool end = r == n - 1 ? PETSC_TRUE : PETSC_FALSE;
    const EddyRect panel = {(double)r * width, sheet.y0, end ? sheet.x1 : (double)(r + 1) * width,
                            sheet.y1};
    EddyDrawText(last[r].set->label, grid);
    double *vertices;
    PetscCall(EddyPointsLayer(box, box->n[2] / 2, &vertices));
    EddyPicture p = {.nx = box->n[0],
                     .vertices = vertices,
                     .ny = box->n[1],
                     .data = last[r].data,
                     .x0 = box->lower[0],
                     .x1 = box->upper[0],
                     .y0 = box->lower[1],
                     .y1 = box->upper[1],
                     .equal = PETSC_TRUE,
                     .lo = lo,
                     .hi = hi,
                     .map = map,
                     .nobar = end ? PETSC_FALSE : PETSC_TRUE,
                     .xlabel = xlabel,
                     .ylabel = r ? NULL : ylabel,
                     .title = grid,
                     .bar = bar};
    PetscCall(EddyDrawPicture(d, panel, &p));
    PetscCall(PetscFree(vertices));
  }
  PetscCall(EddyDrawDestroy(&d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawFields(const EddyScoreboard *b, const char *path)
{
  const PetscInt n = 1 + PetscMin(b->nrun, (PetscInt)SHOWN);
  Last last[1 + SHOWN] = {{0}};
  PetscFunctionBeginUser;
  PetscCall(ReadLast(b, n, last));
  if (b->runs[0].ref->info->box.dim == 1)
    PetscCall(DrawLines(b, n, last, path));
  else
    PetscCall(DrawPictures(b, n, last, path));
  for (PetscInt r = 0; r < n; ++r)
    PetscCall(PetscFree(last[r].data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyScoreboardDraw(const EddyScoreboard *b, const char *folder, const char *format)
{
  static PetscErrorCode (*const draw[])(const EddyScoreboard *, const char *) = {
      DrawCorrelation, DrawSpectrum, DrawPdf, DrawFields};
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  for (int k = 0; EddyScoreboardFigures[k]; ++k) {
    snprintf(path, sizeof path, "%.900s/%s.%s", folder, EddyScoreboardFigures[k], format);
    PetscCall(draw[k](b, path));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
