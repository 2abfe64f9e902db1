/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Water that runs up land: shoreline of Thacker's oscillation, solitary wave on a plane beach against the analytic profiles and the run-up law of
   [Synolakis1987], conical island against the laboratory [Briggs1995]. */
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lines of numbers of a file in tests/reference; "NaN" is read as such. Returns their number. */
static int Table(const char *name, int ncol, int max, double v[])
{
  char path[1024], line[512];
  int n = 0;
  snprintf(path, sizeof path, "%s/%s", EDDY_TEST_REFERENCE, name);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f, "cannot open %s", path);
  while (fgets(line, sizeof line, f)) {
    char *c = line, *end;
    int k = 0;
    if (line[0] == '#')
      continue;
    for (; k < ncol; ++k, c = end + (*end == ',')) {
      const double x = strtod(c, &end);
      if (end == c)
        break;
      v[n * ncol + k] = x;
    }
    if (k == ncol)
      ck_assert_int_lt(++n, max);
  }
  fclose(f);
  return n;
}

/* Place where a depth falls through eps, from the wet side, in units of cells (centre of cell i: i). */
static double Crossing(const double *h, int n, double eps, int from_left)
{
  for (int k = 0; k + 1 < n; ++k) {
    const int i = from_left ? k : n - 1 - k, j = from_left ? i + 1 : i - 1;
    if (h[i] <= eps && h[j] > eps)
      return i + (eps - h[i]) / (h[j] - h[i]) * (j - i);
  }
  return NAN;
}

/* Mean distance of both shorelines (depth 5e-4) from x(t) = 2 -+ sqrt(1 - eps/h0) - cos(omega t)/2 over one period. */
static double Shoreline(int n)
{
  const double h0 = .5, eps = 5e-4, omega = 3.13209195267, half = sqrt(1 - eps / h0);
  char yaml[512];
  double error = 0;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d], upper: [4]}\nphysics: {type: shallow_water, g: 9.81, exact_shift: "
           "0.5, bathymetry: {type: bowl, height: 0.5, width: 1}}\n"
           "boundary: {xmin: {type: reflecting}, xmax: {type: reflecting}}\ninitial: {type: "
           "exact}\ntime: {type: ssprk2}\n",
           n);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  for (int k = 1; k <= 24; ++k) {
    const double t = k * 2.00606668071 / 24, middle = 2 + .5 * cos(omega * t);
    eddy_test_advance_cfl(&s, t, .4);
    for (int side = 0; side < 2; ++side) {
      const double x = (Crossing(s.u, n, eps, !side) + .5) * 4 / n;
      error += fabs(x - (middle + (side ? half : -half))) / 48;
    }
  }
  eddy_test_solver_end(&s);
  return error;
}
START_TEST(thacker_shoreline)
{
  const double h[4] = {1. / 100, 1. / 200, 1. / 400, 1. / 800};
  double e[4];
  for (int k = 0; k < 4; ++k)
    e[k] = Shoreline(100 << k);
  const double order = eddy_test_order(4, h, e);
  printf("Thacker shoreline: %.2e %.2e %.2e %.2e, order %.2f\n", e[0], e[1], e[2], e[3], order);
  ck_assert_msg(order >= .8 && e[3] < 4. / 800, "order %g, error %g", order, e[3]);
}
END_TEST

/* H/d = 0.019 on a slope of 1:19.85 in units of depth and sqrt(d/g). The toe is at x = 19.85, the still shoreline at 0. */
START_TEST(solitary_beach)
{
  enum { N = 1600, LINES = 260 };
  static double v[LINES * 9];
  const int lines = Table("solitary_beach_profiles_analytic.csv", 9, LINES, v);
  const double H = .019, dx = 80. / N, bound[8] = {.02, .02, .02, .02, .02, .02, .02, .03};
  ck_assert_int_eq(lines, 220);
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [1600], lower: [-4], upper: [76]}\nphysics: {type: shallow_water, g: 1, wet: "
      "1e-4, bathymetry: {type: beach, gradient: [-0.0503778337531486], centre: [19.85]}}\n"
      "boundary: {xmin: {type: reflecting}, xmax: {type: characteristic, depth: 1, velocity: "
      "[0]}}\ninitial: {type: solitary, surface: 1, amplitude: 0.019, x0: 38.09755657, towards: "
      "xmin}\ntime: {type: ssprk2}\n",
      NULL);
  double top = 0;
  for (int k = 0; k < 8; ++k) {
    const double t = 35 + 5 * k;
    double sum = 0;
    PetscInt n, seen = 0;
    while (s.st.t < t - 1e-9) {
      eddy_test_advance_cfl(&s, PetscMin(t, s.st.t + .25), .4);
      top = fmax(top, eddy_test_diagnostic(&s, "highest_water") - 1);
    }
    double *eta = eddy_test_field(&s, NULL, "surface", &n);
    for (int l = 0; l < lines; ++l) {
      const double ref = v[9 * l + k + 1], at = (v[9 * l] + 4) / dx - .5;
      if (isnan(ref) || at < 0)
        continue;
      const int i = (int)at;
      const double e = eta[i] + (at - i) * (eta[i + 1] - eta[i]) - 1 - ref;
      sum += e * e;
      ++seen;
    }
    ck_assert_int_gt(seen, 150);
    printf("beach, t = %g: rms %.4f of H\n", t, sqrt(sum / seen) / H);
    ck_assert_msg(sqrt(sum / seen) <= bound[k] * H, "t = %g: rms %g", t, sqrt(sum / seen) / H);
    CK_PETSC(PetscFree(eta));
  }
  const double law = 2.831 * sqrt(19.85) * pow(H, 1.25);
  printf("run-up %.5f, law %.5f\n", top, law);
  ck_assert_msg(fabs(top / law - 1) < .04, "run-up %g, law %g", top, law);
  eddy_test_solver_end(&s);
}
END_TEST

/* Case B of the conical island, half of it on cells of 10 cm: highest water by direction, 0 degrees in the lee. */
START_TEST(conical_island)
{
  enum { NX = 180, NY = 80, LINES = 32 };
  static double v[LINES * 4];
  const int lines = Table("conical_island_runup_b.csv", 4, LINES, v);
  PetscInt n;
  ck_assert_int_eq(lines, 24);
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [180, 80], lower: [1, 0], upper: [19, 8]}\nphysics: {type: shallow_water, "
      "manning: 0.016, bathymetry: {type: cone, centre: [12.96, 0], width: 3.6, crest: 1.1, "
      "height: 0.625}}\nboundary: {xmin: {type: characteristic, surface: 0.32, velocity: [0, 0]}, "
      "xmax: {type: characteristic, surface: 0.32, velocity: [0, 0]}, ymin: {type: reflecting}, "
      "ymax: {type: reflecting}}\ninitial: {type: solitary, surface: 0.32, depth: 0.32, amplitude: "
      "0.0267, x0: 5.3}\ndisc: {limiter: van_leer}\nstatistics: {maximum: [depth]}\ntime: {type: "
      "ssprk2}\n",
      NULL);
  eddy_test_advance_cfl(&s, 9, .4);
  double *most = eddy_test_field(&s, NULL, "max_depth", &n),
         *bed = eddy_test_field(&s, NULL, "bathymetry", &n), mean = 0;
  for (int l = 0; l < lines; ++l) {
    const double lab = v[4 * l + 2] / 100, a = fabs(remainder(v[4 * l + 1] - 90, 360));
    double top = 0;
    for (int j = 0; j < NY; ++j)
      for (int i = 0; i < NX; ++i) {
        const double x = 1 + (i + .5) * .1 - 12.96, y = (j + .5) * .1, m = most[j * NX + i];
        if (hypot(x, y) < 3.6 && fabs(atan2(y, x) * 180 / PETSC_PI - a) < 6 && m > 1e-3)
          top = fmax(top, m + bed[j * NX + i] - .32);
      }
    mean += fabs(top / lab - 1) / lines;
    printf("island, %5.1f degrees: run-up %.2f cm, measured %.2f\n", a, 100 * top, 100 * lab);
    /* front and flanks; in the lee the peak is narrower than two cells */
    ck_assert_msg(a < 20 || fabs(top / lab - 1) <= .2, "%g degrees: %g, measured %g", a, top, lab);
    ck_assert_msg(fabs(top / lab - 1) <= .4, "%g degrees: %g, measured %g", a, top, lab);
  }
  printf("mean difference %.3f\n", mean);
  ck_assert_msg(mean <= .15, "mean difference %g", mean);
  CK_PETSC(PetscFree(most));
  CK_PETSC(PetscFree(bed));
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("runup", thacker_shoreline, solitary_beach, conical_island)
