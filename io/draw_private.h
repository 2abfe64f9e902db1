/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by draw.c, draw_picture.c and draw_curves.c only. */
#ifndef EDDY_DRAW_PRIVATE_H
#define EDDY_DRAW_PRIVATE_H
#include "draw.h"
#include <math.h>

#define EDDY_DRAW_CHAR \
  2.5 /* height of a character [mm]: about 7 points, the size of text in figures of journals */
enum {
  EDDY_INK_PAPER = 0,
  EDDY_INK_BLACK,
  EDDY_INK_GREY,
  EDDY_INK_PALE,
  EDDY_INK_FIRST,
  EDDY_INK_COUNT = 6
};

struct _p_EddyDraw {
  char path[EDDY_MAX_PATH];
  double width, height; /* [mm] */
  double dpi;
  int stream, before; /* PLplot streams: ours and the one of the caller */
  PetscBool vector, titled;
};

typedef struct {
  EddyRect r;
  double x0, x1, y0, y1; /* log10 of the limits on a log axis */
  PetscBool logx, logy;
  PetscBool bar; /* strip of colours: numbers on the right, none below */
  double ygap;   /* distance of the y label from the axis, in characters */
  const char *xlabel, *ylabel, *title;
} EddyAxes;

void eddy_draw_window(EddyDraw d, EddyRect r, double x0, double x1, double y0, double y1);
void eddy_draw_axes(EddyDraw d, const EddyAxes *a);
/* Pen width in points */
void eddy_draw_pen(EddyDraw d, double points);
#endif
