/* SPDX-License-Identifier: BSD-3-Clause */
/* The sheet: file, page, fonts, colours, panels, axes. Pictures are in draw_picture.c, curves in
 * draw_curves.c. */
#include "draw_private.h"
#include <ctype.h>
#include <errno.h>
#include <plplot.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Colour map 0: paper, ink, greys, then the palette of Okabe and Ito (2008) with yellow left out
 * (too light for lines). */
static const unsigned char ink[][3] = {
    {255, 255, 255}, {0, 0, 0},     {150, 150, 150}, {215, 215, 215}, {0, 114, 178},
    {213, 94, 0},    {0, 158, 115}, {204, 121, 167}, {230, 159, 0},   {86, 180, 233},
};

static const struct {
  const char *extension, *driver;
} formats[] = {{".png", "pngcairo"}, {".pdf", "pdfcairo"}, {".svg", "svgcairo"}};

static PetscErrorCode Driver(const char *path, const char **driver, PetscBool *pixels)
{
  char name[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  PetscCall(PetscStrncpy(name, path, sizeof name));
  char *end = name + strlen(name);
  if (end - name > 5 && !strcmp(end - 5, ".part"))
    *(end -= 5) = 0;
  *driver = NULL;
  for (size_t k = 0; k < sizeof formats / sizeof *formats; ++k)
    if (end - name > 4 && !strcmp(end - 4, formats[k].extension)) {
      *driver = formats[k].driver;
      *pixels = k == 0 ? PETSC_TRUE : PETSC_FALSE;
    }
  PetscCheck(*driver, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: pictures are .png, .pdf or .svg: give a name with one of these endings", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* PLplot ends the process when a driver is missing, so look first. */
static PetscErrorCode HasDriver(const char *driver)
{
  const char *menu[64], *dev[64];
  const char **pmenu = menu, **pdev = dev;
  int n = 64;
  PetscBool found = PETSC_FALSE;
  PetscFunctionBeginUser;
  plgFileDevs(&pmenu, &pdev, &n);
  for (int k = 0; k < n && k < 64; ++k)
    if (!strcmp(dev[k], driver))
      found = PETSC_TRUE;
  PetscCheck(found, PETSC_COMM_SELF, EDDY_ERR_IO,
             "drawing: PLplot has no driver %s (package libplplot-dev or plplot-driver-cairo)",
             driver);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CanWrite(const char *path)
{
  FILE *f = fopen(path, "wb");
  PetscFunctionBeginUser;
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written: %s", path, strerror(errno));
  fclose(f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDrawCreate(const char *path, double width, double height, EddyDraw *d)
{
  const char *driver;
  PetscBool pixels = PETSC_FALSE;
  PetscFunctionBeginUser;
  PetscCheck(width >= 10 && width <= 2000 && height >= 10 && height <= 2000, PETSC_COMM_SELF,
             EDDY_ERR_INPUT, "%s: a picture of %g x %g mm: sides are 10 to 2000 mm", path, width,
             height);
  PetscCall(Driver(path, &driver, &pixels));
  PetscCall(HasDriver(driver));
  PetscCall(CanWrite(path));
  PetscCall(PetscNew(d));
  PetscCall(PetscStrncpy((*d)->path, path, sizeof(*d)->path));
  (*d)->width = width, (*d)->height = height;
  (*d)->dpi = pixels ? EDDY_DRAW_DPI : 72;
  (*d)->vector = pixels ? PETSC_FALSE : PETSC_TRUE;

  PLINT before;
  const PLINT nx = (PLINT)(width / 25.4 * (*d)->dpi + 0.5),
              ny = (PLINT)(height / 25.4 * (*d)->dpi + 0.5);
  plgstrm(&before);
  (*d)->before = before;
  PLINT stream;
  plmkstrm(&stream);
  (*d)->stream = stream;
  plsdev(driver);
  plsfnam(path);
  plspage((*d)->dpi, (*d)->dpi, nx, ny, 0, 0);
  plscmap0n(sizeof ink / sizeof *ink);
  for (PLINT k = 0; k < (PLINT)(sizeof ink / sizeof *ink); ++k)
    plscol0(k, ink[k][0], ink[k][1], ink[k][2]);
  plscmap1n(256);
  plinit();
  plfontld(1);
  plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, PL_FCI_MEDIUM);
  pladv(0);
  /* the cairo drivers count 72 pixels per inch whatever plspage says */
  const double mm = (*d)->dpi / 72;
  plschr(EDDY_DRAW_CHAR * mm, 1.0);
  plsmaj(1.2 * mm, 1.0);
  plsmin(0.7 * mm, 1.0);
  plssym(1.2 * mm, 1.0);
  plcol0(EDDY_INK_BLACK);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDrawDestroy(EddyDraw *d)
{
  struct stat st;
  PetscFunctionBeginUser;
  if (!*d)
    PetscFunctionReturn(PETSC_SUCCESS);
  plsstrm((*d)->stream);
  plend1();
  plsstrm((*d)->before);
  const int bad = stat((*d)->path, &st);
  PetscCheck(!bad && st.st_size > 0, PETSC_COMM_SELF, EDDY_ERR_IO,
             "%s: the picture could not be written (is the disk full?)", (*d)->path);
  PetscCall(PetscFree(*d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

EddyRect EddyDrawPanel(EddyDraw d, int ncol, int nrow, int k)
{
  const double top = d->height - (d->titled ? 2.6 * EDDY_DRAW_CHAR : 0);
  const double w = d->width / ncol, h = top / nrow;
  const int i = k % ncol, j = k / ncol;
  return (EddyRect){i * w, top - (j + 1) * h, (i + 1) * w, top - j * h};
}

PetscErrorCode EddyDrawTitle(EddyDraw d, const char *title)
{
  PetscFunctionBeginUser;
  eddy_draw_window(d, (EddyRect){0, 0, d->width, d->height}, 0, d->width, 0, d->height);
  plcol0(EDDY_INK_BLACK);
  plschr(0, 1.1);
  plptex(0.5 * d->width, d->height - 1.5 * EDDY_DRAW_CHAR, 1, 0, 0.5, title);
  plschr(0, 1);
  d->titled = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyDrawText(const char *text, char out[EDDY_DRAW_TEXT])
{
  int n = 0;
  for (; *text && n < EDDY_DRAW_TEXT - 2; ++text) {
    if (*text == '#')
      out[n++] = '#';
    out[n++] = *text;
  }
  out[n] = 0;
}

void EddyDrawUnit(const char *unit, const char *length, const char *time, char out[EDDY_MAX_NAME])
{
  size_t n = 0;
  out[0] = 0;
  if (!unit || !strcmp(unit, "1") || !strcmp(unit, "-"))
    return;
  for (const char *c = unit; *c; ++c) {
    const PetscBool alone =
        (c == unit || !isalpha((unsigned char)c[-1])) && !isalpha((unsigned char)c[1])
            ? PETSC_TRUE
            : PETSC_FALSE;
    const char letter[2] = {*c, 0};
    const char *word = alone && *c == 'L' ? length : alone && *c == 'T' ? time : letter;
    if (!word || !*word || n + strlen(word) >= EDDY_MAX_NAME) {
      out[0] = 0;
      return;
    }
    n += (size_t)snprintf(out + n, EDDY_MAX_NAME - n, "%s", word);
  }
}

void EddyDrawLabel(const char *name, const char *unit, char out[EDDY_DRAW_TEXT])
{
  char text[EDDY_DRAW_TEXT];
  const int unitless = !unit || !*unit || !strcmp(unit, "1") || !strcmp(unit, "-");
  snprintf(text, sizeof text, unitless ? "%s" : "%s [%s]", name, unit);
  for (char *c = text; *c; ++c)
    if (*c == '_')
      *c = ' ';
  EddyDrawText(text, out);
}

/* ---- for the other files of the drawing ---- */

void eddy_draw_window(EddyDraw d, EddyRect r, double x0, double x1, double y0, double y1)
{
  plsstrm(d->stream);
  plvpor(r.x0 / d->width, r.x1 / d->width, r.y0 / d->height, r.y1 / d->height);
  plwind(x0, x1, y0, y1);
}

void eddy_draw_pen(EddyDraw d, double points) { plwidth(points * d->dpi / 72); }

/* Distance between labelled ticks: 1, 2 or 5 times a power of ten, about one per `space`
 * millimetres. */
static double Tick(double length, double range, double space, int *minor)
{
  const double raw = range * space / (length > 0 ? length : 1);
  const double p = pow(10, floor(log10(raw))), m = raw / p;
  const int lead = m < 1.5 ? 1 : m < 3.2 ? 2 : m < 7 ? 5 : 10;
  *minor = lead == 2 ? 4 : 5;
  return p * lead;
}

/* Power of ten taken out of the numbers at a linear axis, so that they stay short */
static int Power(double a, double b)
{
  const double m = fmax(fabs(a), fabs(b));
  return m > 0 && (m >= 1e4 || m < 1.5e-2) ? (int)floor(log10(m)) : 0;
}

static void Label(const char *text, int power, char out[EDDY_DRAW_TEXT])
{
  if (!power)
    snprintf(out, EDDY_DRAW_TEXT, "%s", text ? text : "");
  else
    snprintf(out, EDDY_DRAW_TEXT, "%s%s10#u%d#d", text ? text : "",
             text && *text ? "   #[0x00d7] " : "", power);
}

/* Labels of a log axis every few decades (PLplot itself labels each one) */
static void Decades(const EddyAxes *a, PetscBool isx, double room)
{
  const double lo = isx ? a->x0 : a->y0, hi = isx ? a->x1 : a->y1;
  const int step = (int)fmax(1, ceil((hi - lo) * (isx ? 9 : 6) / room));
  char text[32];
  for (int e = (int)ceil(lo - 1e-9); e <= floor(hi + 1e-9); ++e) {
    if (e % step)
      continue;
    snprintf(text, sizeof text, "10#u%d#d", e);
    if (isx)
      plmtex("b", 1.6, (e - lo) / (hi - lo), 0.5, text);
    else
      plmtex("lv", 0.6, (e - lo) / (hi - lo), 1, text);
  }
}

/* Characters of the widest of the numbers lo, lo + tick, ..., hi. */
static int Wide(double lo, double hi, double tick)
{
  const int decimals = tick < 1 ? (int)ceil(-log10(tick) - 1e-9) : 0;
  char text[64];
  const int a = snprintf(text, sizeof text, "%.*f", decimals, lo),
            b = snprintf(text, sizeof text, "%.*f", decimals, hi);
  return a > b ? a : b;
}

void eddy_draw_axes(EddyDraw d, const EddyAxes *a)
{
  const double w = a->r.x1 - a->r.x0, h = a->r.y1 - a->r.y0;
  const int px = a->logx ? 0 : Power(a->x0, a->x1), py = a->logy ? 0 : Power(a->y0, a->y1);
  const double sx = pow(10, -px), sy = pow(10, -py), x0 = a->x0 * sx, x1 = a->x1 * sx,
               y0 = a->y0 * sy, y1 = a->y1 * sy;
  const char *xopt = a->bar ? "bc" : a->logx ? (x1 - x0 > 12 ? "bctl" : "bcstl") : "bcnst";
  const char *yopt = a->bar ? "bcmstv" : a->logy ? (y1 - y0 > 12 ? "bctl" : "bcstl") : "bcnstv";
  char label[EDDY_DRAW_TEXT];
  double tick[2] = {1, 1};
  int minor[2] = {0, 0};
  eddy_draw_window(d, a->r, x0, x1, y0, y1);
  plcol0(EDDY_INK_BLACK);
  eddy_draw_pen(d, 0.5);
  if (!a->logx)
    tick[0] = Tick(w, fabs(x1 - x0), 13, &minor[0]);
  if (!a->logy)
    tick[1] = Tick(h, fabs(y1 - y0), 10, &minor[1]);
  plsxax(6, 0);
  plsyax(6, 0);
  plbox(xopt, a->bar ? 0 : tick[0], minor[0], yopt, tick[1], minor[1]);
  if (a->logx)
    Decades(a, PETSC_TRUE, w);
  if (a->logy)
    Decades(a, PETSC_FALSE, h);
  Label(a->xlabel, px, label);
  if (*label && !a->bar)
    plmtex("b", 3.2, 0.5, 0.5, label);
  Label(a->ylabel, py, label);
  if (*label)
    plmtex(a->bar ? "r" : "l",
           a->bar ? fmin(5.4, fmax(a->ygap, 1.6 + 0.75 * Wide(y0, y1, tick[1]))) : a->ygap, 0.5,
           0.5, label); /* beside a bar: beyond its numbers, within the room there is */
  if (a->title)
    plmtex("t", 1.2, 0.5, 0.5, a->title);
}
