/* SPDX-License-Identifier: BSD-3-Clause */
/* Drawing for papers with PLplot (pngcairo, pdfcairo, svgcairo): no display, one figure is one
   file.

   A figure is a sheet measured in millimetres, origin at the lower left; PNG files have
   EDDY_DRAW_DPI pixels per inch. It holds panels (rectangles); each panel is a picture of a scalar
   or a set of curves with axes. Pictures have x to the right and y (or time) up. Signed fields get
   a diverging map symmetric about zero, others a sequential one (viridis); colour bars are drawn as
   a strip with its own axis.

   Text may use PLplot escapes (#u #d #gw #fi ##); names that come from files go through
   EddyDrawText first. Nothing here is collective: one rank draws. All arrays are borrowed for the
   call. */
#ifndef EDDY_DRAW_H
#define EDDY_DRAW_H
#include "eddy_base.h"

enum { EDDY_DRAW_DPI = 200, EDDY_DRAW_TEXT = 160 };

typedef struct _p_EddyDraw *EddyDraw;
typedef struct {
  double x0, y0, x1, y1; /* [mm] */
} EddyRect;

/* Sheet of width x height [mm]; the format follows from the extension .png, .pdf or .svg (a further
   ".part" is ignored). Errors: EDDY_ERR_INPUT for another extension or a size outside 10..2000 mm,
   EDDY_ERR_IO when the file cannot be written. */
PetscErrorCode EddyDrawCreate(const char *path, double width, double height, EddyDraw *d);
/* Ends the file. Errors: EDDY_ERR_IO when nothing arrived on disk. */
PetscErrorCode EddyDrawDestroy(EddyDraw *d);
/* Panel k (row by row from the top left) of ncol x nrow equal panels below a title strip. */
EddyRect EddyDrawPanel(EddyDraw d, int ncol, int nrow, int k);
/* One line centred over all panels. */
PetscErrorCode EddyDrawTitle(EddyDraw d, const char *title);
/* Copies text so that it is printed as it is ('#' doubled), cut to EDDY_DRAW_TEXT - 1 bytes. */
void EddyDrawText(const char *text, char out[EDDY_DRAW_TEXT]);
/* Unit for a label: the dimensions L and T of `unit` ("1/T", "L^2/T") become the names given by the units block of the case; "" when one
   of them has no name (NULL or ""), as in non-dimensional runs. "1" and "-" give "". */
void EddyDrawUnit(const char *unit, const char *length, const char *time, char out[EDDY_MAX_NAME]);
/* "name [unit]", or "name" when unit is empty, NULL or "1"; escaped. Greek names (nu, omega...)
 * stay words. */
void EddyDrawLabel(const char *name, const char *unit, char out[EDDY_DRAW_TEXT]);

typedef enum { EDDY_MAP_AUTO, EDDY_MAP_DIVERGING, EDDY_MAP_SEQUENTIAL } EddyMap;
typedef struct {
  PetscInt nx, ny;
  const double *data;    /* [ny][nx]; values that are not finite are drawn grey */
  double x0, x1, y0, y1; /* outer edges of the first and last cell; of the window with vertices */
  const double
      *vertices; /* [ny + 1][nx + 1][2] corners of the cells of a mapped grid; NULL: equal cells */
  PetscBool equal; /* one unit of x is as long as one of y */
  double lo, hi;   /* colour range; lo >= hi: from the data */
  EddyMap map;
  PetscBool nobar;                           /* no colour bar */
  const char *xlabel, *ylabel, *title, *bar; /* NULL: none */
} EddyPicture;
PetscErrorCode EddyDrawPicture(EddyDraw d, EddyRect panel, const EddyPicture *p);
/* Range and map that EDDY_MAP_AUTO and lo >= hi lead to: the same for several pictures when data is
 * their union. */
void EddyDrawRange(PetscInt n, const double data[], double *lo, double *hi, EddyMap *map);

typedef struct {
  PetscInt n;
  const double *x,
      *y; /* [n]; values that are not finite, or not positive on a log axis, break the line */
  const double *lo, *hi; /* [n] confidence band, or NULL */
  const char *label;     /* in the legend, NULL: not listed */
  PetscInt colour; /* k-th colour of the palette (colour-blind safe); -1: thin dashed grey guide */
} EddyCurve;
typedef struct {
  PetscInt ncurve;
  const EddyCurve *curves;
  PetscBool logx, logy;
  double x0, x1, y0, y1; /* limits; x0 >= x1 or y0 >= y1: from the data */
  PetscInt nline;
  const double *lines; /* [nline] dashed horizontal lines at these y */
  const char *xlabel, *ylabel, *title;
} EddyPlot;
PetscErrorCode EddyDrawCurves(EddyDraw d, EddyRect panel, const EddyPlot *p);
#endif
