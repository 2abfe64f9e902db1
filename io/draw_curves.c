/* SPDX-License-Identifier: BSD-3-Clause */
/* Curves: linear or log axes, bands, threshold lines, a legend in the emptiest corner. */
#include "draw_private.h"
#include <plplot.h>
#include <string.h>

typedef struct {
  EddyDraw d;
  const EddyPlot *p;
  EddyAxes a;
} Frame;

static double Axis(PetscBool log, double v) { return log ? (v > 0 ? log10(v) : NAN) : v; }

static void Extend(double v, double *lo, double *hi)
{
  if (!isfinite(v))
    return;
  *lo = v < *lo ? v : *lo;
  *hi = v > *hi ? v : *hi;
}

/* Limits on the axis (log10 on log axes). Room is added on linear y axes only: time and k begin
 * where the data do. */
static void Limits(const EddyPlot *p, EddyAxes *a)
{
  double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
  for (PetscInt c = 0; c < p->ncurve; ++c) {
    const EddyCurve *u = &p->curves[c];
    for (PetscInt k = 0; k < u->n; ++k) {
      const double x = Axis(p->logx, u->x[k]);
      if (u->colour < 0 || !isfinite(x))
        continue;
      Extend(x, &x0, &x1);
      Extend(Axis(p->logy, u->y[k]), &y0, &y1);
      if (u->lo)
        Extend(Axis(p->logy, u->lo[k]), &y0, &y1);
      if (u->hi)
        Extend(Axis(p->logy, u->hi[k]), &y0, &y1);
    }
  }
  if (p->x0 < p->x1)
    x0 = Axis(p->logx, p->x0), x1 = Axis(p->logx, p->x1);
  if (!(isfinite(x0) && isfinite(x1)))
    x0 = 0, x1 = 1;
  if (!(x0 < x1))
    x0 -= 0.5, x1 += 0.5;
  if (!(isfinite(y0) && isfinite(y1)))
    y0 = 0, y1 = 1;
  /* a curve that varies by rounding only is shown flat */
  const double least = p->logy ? 0.5 : 1e-12 * fmax(fabs(y0), fabs(y1));
  if (!(y1 - y0 > least)) {
    const double pad = p->logy ? 0.5 : (y0 != 0 ? 0.05 * fabs(y0) : 1);
    y0 -= pad, y1 += pad;
  }
  const double pad = 0.06 * (y1 - y0);
  y0 -= pad, y1 += pad;
  if (p->logx && x1 - x0 < 1)
    x0 = floor(x0 * 2) / 2, x1 = ceil(x1 * 2) / 2;
  if (p->logy && y1 - y0 < 2)
    y0 = floor(y0), y1 = ceil(y1);
  if (p->y0 < p->y1)
    y0 = Axis(p->logy, p->y0), y1 = Axis(p->logy, p->y1);
  a->x0 = x0, a->x1 = x1, a->y0 = y0, a->y1 = y1;
  a->logx = p->logx, a->logy = p->logy;
}

static void Style(EddyDraw d, PetscInt colour)
{
  /* beyond the palette the dash pattern changes, so that no two of 18 curves look the same */
  static const PLINT pattern[] = {1, 2, 4};
  if (colour < 0) {
    plcol0(EDDY_INK_GREY);
    pllsty(2);
    eddy_draw_pen(d, 0.7);
  } else {
    plcol0(EDDY_INK_FIRST + (PLINT)(colour % EDDY_INK_COUNT));
    pllsty(pattern[(colour / EDDY_INK_COUNT) % 3]);
    eddy_draw_pen(d, 1.0);
  }
}

/* Calls draw for each run of points with finite x, y (and band) */
static void Line(const Frame *f, const EddyCurve *u, PLFLT *x, PLFLT *y)
{
  PetscInt n = 0;
  for (PetscInt k = 0; k <= u->n; ++k) {
    const double xv = k < u->n ? Axis(f->p->logx, u->x[k]) : NAN,
                 yv = k < u->n ? Axis(f->p->logy, u->y[k]) : NAN;
    if (isfinite(xv) && isfinite(yv)) {
      x[n] = xv, y[n++] = yv;
      continue;
    }
    if (n > 1)
      plline((PLINT)n, x, y);
    if (n == 1) {
      plssym(0, 2.5);
      plpoin(1, x, y, 17);
      plssym(0, 1);
    }
    n = 0;
  }
}

static void Band(const Frame *f, const EddyCurve *u, PLFLT *x, PLFLT *y)
{
  PetscInt n = 0;
  const double floor_y = f->a.y0;
  for (int side = 0; side < 2; ++side)
    for (PetscInt j = 0; j < u->n; ++j) {
      const PetscInt k = side ? u->n - 1 - j : j;
      const double xv = Axis(f->p->logx, u->x[k]);
      double yv = Axis(f->p->logy, side ? u->lo[k] : u->hi[k]);
      if (!isfinite(xv) || !isfinite(u->lo[k]) || !isfinite(u->hi[k]))
        continue;
      if (!isfinite(yv))
        yv = floor_y; /* lower end not positive on a log axis */
      x[n] = xv, y[n++] = yv;
    }
  if (n > 2)
    plfill((PLINT)n, x, y);
}

static void Thresholds(const Frame *f)
{
  plcol0(EDDY_INK_GREY);
  pllsty(2);
  eddy_draw_pen(f->d, 0.5);
  for (PetscInt k = 0; k < f->p->nline; ++k) {
    const double y = Axis(f->p->logy, f->p->lines[k]);
    if (isfinite(y))
      pljoin(f->a.x0, y, f->a.x1, y);
  }
  pllsty(1);
}

/* Length of text in characters, escapes left out */
static double TextLength(const char *s)
{
  double n = 0;
  for (; *s; ++s) {
    if (*s == '#') {
      ++s;
      if (*s == 'u' || *s == 'd' || *s == '-' || *s == '+')
        continue;
      if (*s == 'g' || *s == 'f') {
        if (*s == 'g')
          ++n;
        if (s[1])
          ++s;
        continue;
      }
      if (!*s)
        break;
    }
    if (((unsigned char)*s & 0xC0) != 0x80)
      n += 1;
  }
  return n;
}

/* Points of curves inside a box given as fractions of the axes */
static PetscInt Crowd(const Frame *f, double x0, double x1, double y0, double y1)
{
  PetscInt hits = 0;
  for (PetscInt c = 0; c < f->p->ncurve; ++c) {
    const EddyCurve *u = &f->p->curves[c];
    for (PetscInt k = 0; k < u->n; ++k) {
      const double x = (Axis(f->p->logx, u->x[k]) - f->a.x0) / (f->a.x1 - f->a.x0);
      const double y = (Axis(f->p->logy, u->y[k]) - f->a.y0) / (f->a.y1 - f->a.y0);
      if (x >= x0 && x <= x1 && y >= y0 && y <= y1)
        ++hits;
    }
  }
  for (PetscInt k = 0; k < f->p->nline; ++k) {
    const double y = (Axis(f->p->logy, f->p->lines[k]) - f->a.y0) / (f->a.y1 - f->a.y0);
    if (y >= y0 && y <= y1)
      hits += 5;
  }
  return hits;
}

static void Legend(const Frame *f)
{
  const double c = EDDY_DRAW_CHAR, w = f->a.r.x1 - f->a.r.x0, h = f->a.r.y1 - f->a.r.y0;
  const double size = 0.85, step = 1.55 * c * size;
  double chars = 0;
  PetscInt n = 0;
  for (PetscInt k = 0; k < f->p->ncurve; ++k)
    if (f->p->curves[k].label)
      ++n, chars = fmax(chars, TextLength(f->p->curves[k].label));
  if (!n)
    return;
  const double bw = 10 + 0.64 * c * size * chars + 1.5, bh = (double)n * step + 0.6 * c;
  double best[2] = {0, 0};
  PetscInt least = -1;
  for (int k = 0; k < 4; ++k) { /* upper right, upper left, lower left, lower right */
    const double x = k == 0 || k == 3 ? w - bw - 1.5 : 1.5, y = k < 2 ? h - bh - 1.5 : 1.5;
    const PetscInt hits = Crowd(f, x / w, (x + bw) / w, y / h, (y + bh) / h);
    if (least < 0 || hits < least)
      least = hits, best[0] = x, best[1] = y;
  }
  eddy_draw_window(f->d, f->a.r, 0, w, 0, h);
  const PLFLT bx[4] = {best[0], best[0] + bw, best[0] + bw, best[0]},
              by[4] = {best[1], best[1], best[1] + bh, best[1] + bh};
  plscol0a(EDDY_INK_PAPER, 255, 255, 255, 0.8);
  plcol0(EDDY_INK_PAPER);
  plfill(4, bx, by);
  plscol0a(EDDY_INK_PAPER, 255, 255, 255, 1);
  plschr(0, size);
  double y = best[1] + bh - 0.3 * c - 0.5 * step;
  for (PetscInt k = 0; k < f->p->ncurve; ++k) {
    const EddyCurve *u = &f->p->curves[k];
    if (!u->label)
      continue;
    Style(f->d, u->colour);
    pljoin(best[0] + 1, y, best[0] + 8, y);
    plcol0(EDDY_INK_BLACK);
    pllsty(1);
    plptex(best[0] + 9.5, y, 1, 0, 0, u->label);
    y -= step;
  }
  plschr(0, 1);
}

static PetscErrorCode Bands(const Frame *f, PLFLT *x, PLFLT *y)
{
  PetscFunctionBeginUser;
  for (PetscInt c = 0; c < f->p->ncurve; ++c) {
    const EddyCurve *u = &f->p->curves[c];
    PLINT r, g, b;
    if (!u->lo || !u->hi || u->colour < 0)
      continue;
    const PLINT k = EDDY_INK_FIRST + (PLINT)(u->colour % EDDY_INK_COUNT);
    plgcol0(k, &r, &g, &b);
    plscol0a(k, r, g, b, 0.22);
    plcol0(k);
    Band(f, u, x, y);
    plscol0a(k, r, g, b, 1);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDrawCurves(EddyDraw d, EddyRect panel, const EddyPlot *p)
{
  Frame f = {.d = d, .p = p};
  const double c = EDDY_DRAW_CHAR;
  PetscInt most = 1;
  PLFLT *x, *y;
  PetscFunctionBeginUser;
  Limits(p, &f.a);
  f.a.r = (EddyRect){panel.x0 + 16, panel.y0 + 4.2 * c, panel.x1 - 4,
                     panel.y1 - (p->title ? 2.8 : 1.6) * c};
  f.a.xlabel = p->xlabel, f.a.ylabel = p->ylabel, f.a.title = p->title, f.a.ygap = 4.6;
  PetscCheck(f.a.r.x1 - f.a.r.x0 > 5 && f.a.r.y1 - f.a.r.y0 > 5, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: panel too small for curves", d->path);
  for (PetscInt k = 0; k < p->ncurve; ++k)
    most = PetscMax(most, p->curves[k].n);
  PetscCall(PetscMalloc2(2 * most, &x, 2 * most, &y));
  eddy_draw_window(d, f.a.r, f.a.x0, f.a.x1, f.a.y0, f.a.y1);
  PetscCall(Bands(&f, x, y));
  Thresholds(&f);
  for (PetscInt k = 0; k < p->ncurve; ++k) {
    Style(d, p->curves[k].colour);
    Line(&f, &p->curves[k], x, y);
  }
  pllsty(1);
  eddy_draw_axes(d, &f.a);
  Legend(&f);
  PetscCall(PetscFree2(x, y));
  PetscFunctionReturn(PETSC_SUCCESS);
}
