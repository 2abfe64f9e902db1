/* SPDX-License-Identifier: BSD-3-Clause */
/* Pictures of scalars: cells as filled rectangles, runs of one colour merged; colour bar as a strip
 * of the same cells. */
#include "draw_private.h"
#include <plplot.h>

enum { NLEVEL = 256 };

/* Viridis of van der Walt and Smith (CC0), 20 points; linear between them. */
static const unsigned char viridis[][3] = {
    {68, 1, 84},    {72, 21, 103},  {72, 38, 119},  {69, 55, 129},  {64, 71, 136},
    {57, 86, 140},  {51, 99, 141},  {45, 112, 142}, {40, 125, 142}, {35, 138, 141},
    {31, 150, 139}, {32, 163, 135}, {41, 175, 127}, {60, 187, 117}, {85, 198, 103},
    {115, 208, 85}, {149, 216, 64}, {184, 222, 41}, {220, 227, 25}, {253, 231, 37},
};
/* Cool to warm of Moreland (2009), table 1 in steps of 1/32: perceptually symmetric about the grey
 * middle. */
static const unsigned char coolwarm[][3] = {
    {59, 76, 192},   {68, 90, 204},   {77, 104, 215},  {87, 117, 225},  {98, 130, 234},
    {108, 142, 241}, {119, 154, 247}, {130, 165, 251}, {141, 176, 254}, {152, 185, 255},
    {163, 194, 255}, {174, 201, 253}, {184, 208, 249}, {194, 213, 244}, {204, 217, 238},
    {213, 219, 230}, {221, 221, 221}, {229, 216, 209}, {236, 211, 197}, {241, 204, 185},
    {245, 196, 173}, {247, 187, 160}, {247, 177, 148}, {247, 166, 135}, {244, 154, 123},
    {241, 141, 111}, {236, 127, 99},  {229, 112, 88},  {222, 96, 77},   {213, 80, 66},
    {203, 62, 56},   {192, 40, 47},   {180, 4, 38},
};

static void SetMap(EddyMap map)
{
  const unsigned char(*t)[3] = map == EDDY_MAP_DIVERGING ? coolwarm : viridis;
  const int n = (int)(map == EDDY_MAP_DIVERGING ? sizeof coolwarm / 3 : sizeof viridis / 3);
  PLINT c[3][NLEVEL];
  for (int k = 0; k < NLEVEL; ++k) {
    const double s = (double)k / (NLEVEL - 1) * (n - 1);
    const int i = s >= n - 1 ? n - 2 : (int)s;
    for (int j = 0; j < 3; ++j)
      c[j][k] = (PLINT)(t[i][j] + (s - i) * (t[i + 1][j] - t[i][j]) + 0.5);
  }
  plscmap1(c[0], c[1], c[2], NLEVEL);
}

void EddyDrawRange(PetscInt n, const double data[], double *lo, double *hi, EddyMap *map)
{
  double a = INFINITY, b = -INFINITY;
  for (PetscInt k = 0; k < n; ++k) {
    if (!isfinite(data[k]))
      continue;
    a = data[k] < a ? data[k] : a;
    b = data[k] > b ? data[k] : b;
  }
  if (!(a <= b))
    a = 0, b = 1;
  /* a small undershoot does not make a field signed */
  const PetscBool is_signed =
      a < 0 && b > 0 && fmin(-a, b) > 0.05 * fmax(-a, b) ? PETSC_TRUE : PETSC_FALSE;
  if (*map == EDDY_MAP_AUTO)
    *map = is_signed ? EDDY_MAP_DIVERGING : EDDY_MAP_SEQUENTIAL;
  if (*map == EDDY_MAP_DIVERGING)
    b = fmax(fabs(a), fabs(b)), a = -b;
  if (!(b - a > 1e-12 * fmax(fabs(a), fabs(b)))) {
    const double pad = a != 0 ? 0.1 * fabs(a) : 1;
    a -= pad, b += pad;
  }
  *lo = a, *hi = b;
}

static int Level(double v, double lo, double hi)
{
  if (!isfinite(v))
    return -1 /* not finite */;
  const double s = (v - lo) / (hi - lo) * NLEVEL;
  return s < 0 ? 0 : s >= NLEVEL ? NLEVEL - 1 : (int)s;
}

/* Cells [ny][nx] on the window x0..x1, y0..y1 */
static void Cells(PetscInt nx, PetscInt ny, const double *a, double lo, double hi, double x0,
                  double x1, double y0, double y1)
{
  const double dx = (x1 - x0) / (double)nx, dy = (y1 - y0) / (double)ny;
  for (PetscInt j = 0; j < ny; ++j) {
    for (PetscInt i = 0; i < nx;) {
      const int level = Level(a[j * nx + i], lo, hi);
      PetscInt e = i + 1;
      while (e < nx && Level(a[j * nx + e], lo, hi) == level)
        ++e;
      const double xa = x0 + (double)i * dx, xb = x0 + (double)e * dx, ya = y0 + (double)j * dy,
                   yb = ya + dy;
      const PLFLT px[4] = {xa, xb, xb, xa}, py[4] = {ya, ya, yb, yb};
      if (level < 0)
        plcol0(EDDY_INK_PALE);
      else
        plcol1((level + 0.5) / NLEVEL);
      plfill(4, px, py);
      i = e;
    }
  }
}

/* Cells [ny][nx] of corners v [ny + 1][nx + 1][2]; each a little larger (grow, in units of x and y) so that no paper shows between them. */
static void MappedCells(PetscInt nx, PetscInt ny, const double *a, const double *v, double lo,
                        double hi, const double grow[2])
{
  for (PetscInt j = 0; j < ny; ++j)
    for (PetscInt i = 0; i < nx; ++i) {
      const int level = Level(a[j * nx + i], lo, hi);
      const PetscInt at[4] = {j * (nx + 1) + i, j * (nx + 1) + i + 1, (j + 1) * (nx + 1) + i + 1,
                              (j + 1) * (nx + 1) + i};
      PLFLT px[4], py[4], mx = 0, my = 0;
      for (int c = 0; c < 4; ++c) {
        px[c] = v[2 * at[c]], py[c] = v[2 * at[c] + 1];
        mx += .25 * px[c], my += .25 * py[c];
      }
      for (int c = 0; c < 4; ++c) {
        px[c] += px[c] > mx ? grow[0] : -grow[0];
        py[c] += py[c] > my ? grow[1] : -grow[1];
      }
      if (level < 0)
        plcol0(EDDY_INK_PALE);
      else
        plcol1((level + 0.5) / NLEVEL);
      plfill(4, px, py);
    }
}

/* Corners of blocks of cells as Reduce makes them. */
static PetscErrorCode ReduceCorners(const EddyPicture *p, PetscInt mx, PetscInt my, double **out)
{
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(2 * (mx + 1) * (my + 1), out));
  for (PetscInt j = 0; j <= my; ++j)
    for (PetscInt i = 0; i <= mx; ++i)
      for (int d = 0; d < 2; ++d)
        (*out)[2 * (j * (mx + 1) + i) + d] =
            p->vertices[2 * (j * p->ny / my * (p->nx + 1) + i * p->nx / mx) + d];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Mean over blocks of cells when there are more cells than the panel can show: new size mx x my. */
static PetscErrorCode Reduce(const EddyPicture *p, PetscInt mx, PetscInt my, double **out)
{
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(mx * my, out));
  for (PetscInt j = 0; j < my; ++j)
    for (PetscInt i = 0; i < mx; ++i) {
      const PetscInt ia = i * p->nx / mx, ib = (i + 1) * p->nx / mx, ja = j * p->ny / my,
                     jb = (j + 1) * p->ny / my;
      double s = 0;
      for (PetscInt jj = ja; jj < jb; ++jj)
        for (PetscInt ii = ia; ii < ib; ++ii)
          s += p->data[jj * p->nx + ii];
      (*out)[j * mx + i] = s / (double)((ib - ia) * (jb - ja));
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Bar(EddyDraw d, EddyRect r, double lo, double hi, const char *label)
{
  double level[NLEVEL];
  for (int k = 0; k < NLEVEL; ++k)
    level[k] = lo + (k + 0.5) / NLEVEL * (hi - lo);
  eddy_draw_window(d, r, 0, 1, lo, hi);
  Cells(1, NLEVEL, level, lo, hi, 0, 1, lo, hi);
  eddy_draw_axes(
      d, &(EddyAxes){
             .r = r, .x1 = 1, .y0 = lo, .y1 = hi, .bar = PETSC_TRUE, .ygap = 4.4, .ylabel = label});
}

PetscErrorCode EddyDrawPicture(EddyDraw d, EddyRect panel, const EddyPicture *p)
{
  double lo = p->lo, hi = p->hi;
  EddyMap map = p->map;
  double *reduced = NULL;
  PetscFunctionBeginUser;
  PetscCheck(p->nx > 0 && p->ny > 0, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: a picture of %" PetscInt_FMT " x %" PetscInt_FMT " cells", d->path, p->nx, p->ny);
  if (lo >= hi)
    EddyDrawRange(p->nx * p->ny, p->data, &lo, &hi, &map);
  else if (map == EDDY_MAP_AUTO)
    map = lo < 0 && hi > 0 ? EDDY_MAP_DIVERGING : EDDY_MAP_SEQUENTIAL;

  const double c = EDDY_DRAW_CHAR, bar = p->nobar ? 3 : 20;
  EddyRect r = {panel.x0 + 13, panel.y0 + (p->xlabel ? 4.2 : 2.6) * c, panel.x1 - bar,
                panel.y1 - (p->title ? 2.8 : 1.6) * c};
  PetscCheck(r.x1 - r.x0 > 5 && r.y1 - r.y0 > 5, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: panel too small for a picture", d->path);
  if (p->equal) {
    const double sx = (r.x1 - r.x0) / fabs(p->x1 - p->x0), sy = (r.y1 - r.y0) / fabs(p->y1 - p->y0),
                 s = fmin(sx, sy);
    const double px = 0.5 * (r.x1 - r.x0 - s * fabs(p->x1 - p->x0)),
                 py = 0.5 * (r.y1 - r.y0 - s * fabs(p->y1 - p->y0));
    r.x0 += px, r.x1 -= px, r.y0 += py, r.y1 -= py;
  }
  /* not more cells than pixels, and few enough for a vector file */
  const double per_mm = d->vector ? 3 : d->dpi / 25.4;
  const PetscInt mx = PetscMin(p->nx, PetscMax(1, (PetscInt)((r.x1 - r.x0) * per_mm)));
  const PetscInt my = PetscMin(p->ny, PetscMax(1, (PetscInt)((r.y1 - r.y0) * per_mm)));
  if (mx < p->nx || my < p->ny)
    PetscCall(Reduce(p, mx, my, &reduced));

  plsstrm(d->stream);
  SetMap(map);
  eddy_draw_window(d, r, p->x0, p->x1, p->y0, p->y1);
  if (p->vertices) {
    const double grow[2] = {.4 * fabs(p->x1 - p->x0) / ((r.x1 - r.x0) * per_mm),
                            .4 * fabs(p->y1 - p->y0) / ((r.y1 - r.y0) * per_mm)};
    double *corners;
    PetscCall(ReduceCorners(p, mx, my, &corners));
    MappedCells(mx, my, reduced ? reduced : p->data, corners, lo, hi, grow);
    PetscCall(PetscFree(corners));
  } else
    Cells(mx, my, reduced ? reduced : p->data, lo, hi, p->x0, p->x1, p->y0, p->y1);
  PetscCall(PetscFree(reduced));
  eddy_draw_axes(d, &(EddyAxes){.r = r,
                                .x0 = p->x0,
                                .x1 = p->x1,
                                .y0 = p->y0,
                                .y1 = p->y1,
                                .ygap = 4.0,
                                .xlabel = p->xlabel,
                                .ylabel = p->ylabel,
                                .title = p->title});
  if (!p->nobar)
    Bar(d, (EddyRect){r.x1 + 2, r.y0, r.x1 + 5, r.y1}, lo, hi, p->bar);
  PetscFunctionReturn(PETSC_SUCCESS);
}
