/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Drawing: files of the right kind and size, x to the right and y up, colours of the maps, frames of the png writer. */
#include "draw.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(const char *path, long *size)
{
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "%s is not there", path);
  fseek(f, 0, SEEK_END);
  *size = ftell(f);
  rewind(f);
  char *text = calloc((size_t)*size + 1, 1);
  ck_assert_int_eq((long)fread(text, 1, (size_t)*size, f), *size);
  fclose(f);
  return text;
}

static void png_size(const char *path, unsigned *w, unsigned *h, long *bytes)
{
  unsigned char *p = (unsigned char *)read_all(path, bytes);
  ck_assert_int_gt(*bytes, 24);
  ck_assert_msg(!memcmp(p, "\x89PNG\r\n\x1a\n", 8), "%s is not a PNG", path);
  *w = (unsigned)p[16] << 24 | (unsigned)p[17] << 16 | (unsigned)p[18] << 8 | p[19];
  *h = (unsigned)p[20] << 24 | (unsigned)p[21] << 16 | (unsigned)p[22] << 8 | p[23];
  free(p);
}

static void draw(const char *path, PetscInt nx, PetscInt ny, const double *data, EddyMap map)
{
  EddyDraw d;
  CK_PETSC(EddyDrawCreate(path, 90, 70, &d));
  if (data)
    CK_PETSC(EddyDrawPicture(d, EddyDrawPanel(d, 1, 1, 0),
                             &(EddyPicture){.nx = nx,
                                            .ny = ny,
                                            .data = data,
                                            .x1 = 1,
                                            .y1 = 1,
                                            .map = map,
                                            .nobar = PETSC_TRUE,
                                            .xlabel = "x",
                                            .ylabel = "y"}));
  CK_PETSC(EddyDrawDestroy(&d));
  ck_assert_ptr_null(d);
}

START_TEST(png_has_the_size_of_the_sheet_and_is_not_blank)
{
  char path[512], blank[512];
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  double a[64 * 64];
  unsigned w, h;
  long bytes, empty;
  for (int j = 0; j < 64; ++j)
    for (int i = 0; i < 64; ++i)
      a[j * 64 + i] = sin(0.3 * i) * cos(0.2 * j);
  snprintf(path, sizeof path, "%s/a.png", folder);
  snprintf(blank, sizeof blank, "%s/b.png.part", folder);
  draw(path, 64, 64, a, EDDY_MAP_AUTO);
  draw(blank, 0, 0, NULL, EDDY_MAP_AUTO);
  png_size(path, &w, &h, &bytes);
  ck_assert_uint_eq(w, (unsigned)(90 / 25.4 * EDDY_DRAW_DPI + 0.5));
  ck_assert_uint_eq(h, (unsigned)(70 / 25.4 * EDDY_DRAW_DPI + 0.5));
  png_size(blank, &w, &h, &empty);
  ck_assert_int_gt(bytes, 4 * empty);
}
END_TEST

/* First path filled with this colour [%]: the corner it starts from, y up */
static void corner(const char *svg, const unsigned char rgb[3], double *x, double *y)
{
  char want[64];
  for (const char *p = svg; (p = strstr(p, "fill:rgb(")); ++p) {
    double c[3];
    ck_assert_int_eq(sscanf(p, "fill:rgb(%lf%%,%lf%%,%lf%%)", &c[0], &c[1], &c[2]), 3);
    if (fabs(c[0] * 2.55 - rgb[0]) > 1 || fabs(c[1] * 2.55 - rgb[1]) > 1 ||
        fabs(c[2] * 2.55 - rgb[2]) > 1)
      continue;
    const char *m = strstr(p, " d=\"M ");
    ck_assert_ptr_nonnull(m);
    ck_assert_int_eq(sscanf(m, " d=\"M %lf %lf", x, y), 2);
    ck_assert_ptr_nonnull(strstr(m, "matrix(1,0,0,-1,"));
    return;
  }
  snprintf(want, sizeof want, "no area of colour %d %d %d", rgb[0], rgb[1], rgb[2]);
  ck_abort_msg("%s", want);
}

START_TEST(x_is_to_the_right_and_y_up)
{
  static const unsigned char low[3] = {68, 1, 84}, high[3] = {253, 231, 37},
                             blue[3] = {59, 76, 192}, red[3] = {180, 4, 38};
  const double positive[4] = {0, 1, 0.4, 0.5}, sign[4] = {-1, 0.1, 1, 0.2};
  char path[512];
  double x0, y0, x1, y1;
  long size;
  snprintf(path, sizeof path, "%s/a.svg", eddy_test_folder(PETSC_COMM_WORLD));
  draw(path, 2, 2, positive, EDDY_MAP_AUTO);
  char *svg = read_all(path, &size);
  corner(svg, low, &x0, &y0);
  corner(svg, high, &x1, &y1);
  ck_assert_double_gt(x1, x0 + 20);
  ck_assert_double_eq_tol(y1, y0, 1e-3);
  free(svg);
  draw(path, 2, 2, sign, EDDY_MAP_AUTO);
  svg = read_all(path, &size);
  corner(svg, blue, &x0, &y0);
  corner(svg, red, &x1, &y1);
  ck_assert_double_eq_tol(x1, x0, 1e-3);
  ck_assert_double_gt(y1, y0 + 20);
  free(svg);
}
END_TEST

START_TEST(range_is_symmetric_for_signed_fields_only)
{
  const double sign[3] = {-1, 3, NAN}, positive[3] = {-0.01, 3, 2}, constant[2] = {5, 5};
  double lo, hi;
  EddyMap map = EDDY_MAP_AUTO;
  EddyDrawRange(3, sign, &lo, &hi, &map);
  ck_assert(map == EDDY_MAP_DIVERGING && lo == -3 && hi == 3);
  map = EDDY_MAP_AUTO;
  EddyDrawRange(3, positive, &lo, &hi, &map);
  ck_assert(map == EDDY_MAP_SEQUENTIAL && lo == -0.01 && hi == 3);
  map = EDDY_MAP_AUTO;
  EddyDrawRange(2, constant, &lo, &hi, &map);
  ck_assert(lo < 5 && hi > 5);
}
END_TEST

START_TEST(labels_have_units_and_no_escapes)
{
  char out[EDDY_DRAW_TEXT], unit[EDDY_MAX_NAME];
  EddyDrawLabel("subgrid_forcing", "1/s^2", out);
  ck_assert_str_eq(out, "subgrid forcing [1/s^2]");
  EddyDrawLabel("run#1", "1", out);
  ck_assert_str_eq(out, "run##1");
  EddyDrawUnit("L^2/T", "m", "s", unit);
  ck_assert_str_eq(unit, "m^2/s");
  EddyDrawUnit("L^2/T", "m", "", unit);
  ck_assert_str_eq(unit, "");
  EddyDrawUnit("kg/m", NULL, NULL, unit);
  ck_assert_str_eq(unit, "kg/m");
}
END_TEST

START_TEST(wrong_names_and_folders_are_refused)
{
  EddyDraw d = NULL;
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyDrawCreate("/tmp/a.jpg", 90, 70, &d), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyDrawCreate("/nowhere/at/all.png", 90, 70, &d), EDDY_ERR_IO);
  ck_assert_int_eq(EddyDrawCreate("/tmp/a.png", 1e5, 70, &d), EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_ptr_null(d);
}
END_TEST

START_TEST(curves_survive_what_cannot_be_drawn)
{
  const double x[5] = {0, 1, 2, 3, 4}, y[5] = {1, NAN, 1e-3, -1, INFINITY},
               flat[5] = {2, 2, 2, 2, 2}, zero[5] = {0};
  const EddyCurve curves[3] = {{.n = 5, .x = x, .y = y, .lo = zero, .hi = flat, .label = "a"},
                               {.n = 5, .x = x, .y = flat, .label = "b", .colour = 7},
                               {.n = 0}};
  char path[512];
  unsigned w, h;
  long bytes;
  snprintf(path, sizeof path, "%s/c.png", eddy_test_folder(PETSC_COMM_WORLD));
  for (int log = 0; log < 4; ++log)
    for (PetscInt n = 0; n <= 3; ++n) {
      EddyDraw d;
      CK_PETSC(EddyDrawCreate(path, 90, 70, &d));
      CK_PETSC(EddyDrawCurves(
          d, EddyDrawPanel(d, 1, 1, 0),
          &(EddyPlot){
              .ncurve = n, .curves = curves, .logx = log & 1, .logy = log & 2, .xlabel = "t"}));
      CK_PETSC(EddyDrawDestroy(&d));
      png_size(path, &w, &h, &bytes);
      ck_assert_int_gt(bytes, 1000);
    }
}
END_TEST

EDDY_SUITE("draw", png_has_the_size_of_the_sheet_and_is_not_blank, x_is_to_the_right_and_y_up,
           range_is_symmetric_for_signed_fields_only, labels_have_units_and_no_escapes,
           wrong_names_and_folders_are_refused, curves_survive_what_cannot_be_drawn)
