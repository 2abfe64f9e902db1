/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Solitary waves on plane beaches, in units of the depth and sqrt(g d): the series of [Synolakis1987] against its published profiles; the solver against the
   series, on the slope alone (where it is exact) and from the wave at sea; run-up of the laboratory [Synolakis1987], non-breaking and breaking;
   run-up on a beach as steep and cells as wide as those of the conical island. x runs seawards from the still shore. */
#include "beach.h"
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define X0 19.85

/* Crest at t = 0: where the wave is 1/20 of its height at the toe */
static double Crest(double H, double toe) { return toe + acosh(sqrt(20)) / sqrt(.75 * H); }

/* The independent series meets the published table to its digits. */
START_TEST(series)
{
  enum { LINES = 260 };
  static double v[LINES * 9];
  const int lines = eddy_test_table("solitary_beach_profiles_analytic.csv", 9, LINES, v);
  const double H = .019;
  EddyTestBeach b = eddy_test_beach(H, X0, Crest(H, X0));
  ck_assert_int_eq(lines, 220);
  for (int k = 0; k < 8; ++k) {
    double sum = 0, eta, u;
    int n = 0;
    eddy_test_beach_time(b, 35 + 5 * k);
    for (int l = 0; l < lines; ++l)
      if (!isnan(v[9 * l + k + 1]) && v[9 * l] < 19.8 && eddy_test_beach_at(b, v[9 * l], &eta, &u))
        sum += pow(eta - v[9 * l + k + 1], 2), ++n;
    printf("series, t = %d: rms %.5f of H over %d places\n", 35 + 5 * k, sqrt(sum / n) / H, n);
    ck_assert_msg(n > 150 && sqrt(sum / n) < 5e-4 * H, "t = %d: %g", 35 + 5 * k, sqrt(sum / n) / H);
  }
  eddy_test_beach_end(b);
}
END_TEST

/* On a slope without end the series is exact: from time `start` on, what comes in at x = upper given. Depth, and the place where it is 1e-3. The waves do not break
   on their way down either, being lower than 0.479 toe^(-10/9) [Synolakis1987]. */
typedef struct {
  double toe, H, start, first, step, lower, upper; /* six times from `first` on */
  double depth_order, depth, edge; /* bounds: order and error [H]; error of the edge [cells] */
} Slope;
static EddyTestBeach wave;     /* of Start */
static double half_cell, down; /* its places are lower corners; slope */
static void Start(const PetscReal x[3], PetscReal u[])
{
  double eta, v;
  const double middle = x[0] + half_cell;
  if (eddy_test_beach_at(wave, middle, &eta, &v)) {
    u[0] = PetscMax(0, eta + middle * down);
    u[1] = u[0] * v;
  }
}
static double Film(double eps)
{
  double low = eddy_test_beach_shore(wave), high = low + 5, eta, u;
  while (high - low > 1e-9) {
    const double middle = .5 * (low + high);
    if (eddy_test_beach_at(wave, middle, &eta, &u) && eta + middle * down > eps)
      high = middle;
    else
      low = middle;
  }
  return low;
}
static void OnTheSlope(const Slope *c, int n, const char *table, double error[2])
{
  char yaml[1024];
  PetscInt cells;
  const double dx = (c->upper - c->lower) / n;
  eddy_test_beach_time(wave, c->start);
  half_cell = .5 * dx;
  down = 1 / c->toe;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d], lower: [%g], upper: [%g]}\nphysics: {type: shallow_water, g: 1, "
           "bathymetry: {type: slope, gradient: [%.17g], centre: [0]}}\nboundary: {xmin: {type: "
           "reflecting}, xmax: {type: characteristic, table: {path: %s, fields: [surface, "
           "velocity_x]}}}\ntime: {type: ssprk2}\n",
           n, c->lower, c->upper, -down, table);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Start);
  error[0] = error[1] = 0;
  for (int k = 0; k < 6; ++k) {
    const double t = c->first + k * c->step;
    double eta, u;
    int i = 0;
    eddy_test_advance_cfl(&s, t - c->start, .4);
    eddy_test_beach_time(wave, t);
    double *h = eddy_test_field(&s, NULL, "depth", &cells);
    for (int q = 0; q < n; ++q) {
      const double x = c->lower + (q + .5) * dx;
      error[0] += fabs(h[q] - (eddy_test_beach_at(wave, x, &eta, &u) ? eta + x * down : 0)) / n / 6;
    }
    while (h[i + 1] < 1e-3)
      ++i;
    const double edge = c->lower + (i + .5 + (1e-3 - h[i]) / (h[i + 1] - h[i])) * dx;
    error[1] += fabs(edge - Film(1e-3)) / 6;
    CK_PETSC(PetscFree(h));
  }
  eddy_test_solver_end(&s);
}
static void Orders(const Slope *c)
{
  char path[600];
  double h[4], e[4], edge[4], both[2], eta, u;
  snprintf(path, sizeof path, "%s/sea.csv", eddy_test_folder(PETSC_COMM_SELF));
  wave = eddy_test_beach(c->H, c->toe, Crest(c->H, c->toe));
  FILE *f = fopen(path, "w");
  ck_assert(f != NULL);
  fprintf(f, "t,surface,velocity_x\n");
  for (int k = 0; k <= 200; ++k) { /* a little longer than the run */
    const double t = k * (c->first + 5 * c->step - c->start) / 198;
    eddy_test_beach_time(wave, c->start + t);
    ck_assert(eddy_test_beach_at(wave, c->upper, &eta, &u));
    fprintf(f, "%.17g,%.17g,%.17g\n", t, eta, u);
  }
  fclose(f);
  for (int k = 0; k < 4; ++k) {
    const int n = 200 << k;
    OnTheSlope(c, n, path, both);
    h[k] = (c->upper - c->lower) / n, e[k] = both[0], edge[k] = both[1];
    printf("slope 1:%g, %4d cells: depth %.1e of H, edge of the water %.3f of a cell\n", c->toe, n,
           e[k] / c->H, edge[k] / h[k]);
  }
  const double depth_order = eddy_test_order(4, h, e), edge_order = eddy_test_order(4, h, edge);
  printf("slope 1:%g: orders %.2f, %.2f\n", c->toe, depth_order, edge_order);
  ck_assert_msg(depth_order >= c->depth_order && e[3] < c->depth * c->H, "order %g, error %g",
                depth_order, e[3] / c->H);
  ck_assert_msg(edge_order >= 1.3 && edge[3] < c->edge * h[3], "order %g, %g", edge_order, edge[3]);
  eddy_test_beach_end(wave);
}
START_TEST(on_the_slope)
{
  static const Slope slope[2] = {{19.85, .015, 30, 40, 5, -3, 30, 1.3, 4e-4, .1},
                                 {4, .08, 9, 15, 1.5, -2, 7.9, 1.2, 2e-4, .1}};
  for (int k = 0; k < 2; ++k)
    Orders(&slope[k]);
}
END_TEST

/* The wave from the sea on a beach of slope 1:toe, with friction n (of units of depth and time); cells of about dx. */
static Solver Sea(double H, double toe, double n, double dx, double *lower, int *cells)
{
  char yaml[1024];
  const double run = toe * (4 * H + .15), crest = Crest(H, toe);
  const double upper = crest + 2.5 * (crest - toe) + 4;
  *cells = (int)((upper + run) / dx);
  *lower = upper - *cells * dx;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d], lower: [%.17g], upper: [%.17g]}\nphysics: {type: shallow_water, g: 1, "
           "manning: %g, bathymetry: {type: beach, gradient: [%.17g], centre: [%g]}}\n"
           "boundary: {xmin: {type: reflecting}, xmax: {type: characteristic, depth: 1, velocity: "
           "[0]}}\ninitial: {type: solitary, surface: 1, amplitude: %.17g, x0: %.17g, towards: "
           "xmin}\nstatistics: {maximum: [depth]}\ntime: {type: ssprk2}\n",
           *cells, *lower, upper, n, -1 / toe, toe, H, crest);
  return eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
}

/* eta of cells at a place, 0 on dry land */
static double Level(const double *surface, const double *depth, double lower, double dx, double x)
{
  const double at = (x - lower) / dx - .5;
  const int i = (int)at;
  ck_assert(at > 0);
  return depth[i] > 0 && depth[i + 1] > 0
             ? surface[i] + (at - i) * (surface[i + 1] - surface[i]) - 1
             : NAN;
}

/* H = 0.0185: the series takes the wave linear before the toe, the solver does not. */
START_TEST(gentle)
{
  const double H = .0185, dx = .05;
  double lower, eta, u;
  int cells;
  EddyTestBeach b = eddy_test_beach(H, X0, Crest(H, X0));
  Solver s = Sea(H, X0, 0, dx, &lower, &cells);
  printf("H = 0.0185: run-up of the series %.4f, its law %.4f\n",
         eddy_test_beach_runup(b, Crest(H, X0), Crest(H, X0) + 50),
         2.831 * sqrt(X0) * pow(H, 1.25));
  for (int t = 35; t <= 65; t += 5) {
    PetscInt n;
    double sum = 0, seen = 0;
    eddy_test_advance_cfl(&s, t, .4);
    double *e = eddy_test_field(&s, NULL, "surface", &n),
           *h = eddy_test_field(&s, NULL, "depth", &n);
    eddy_test_beach_time(b, t);
    for (double x = eddy_test_beach_shore(b) + 2 * dx; x < X0; x += .1)
      if (eddy_test_beach_at(b, x, &eta, &u) && !isnan(Level(e, h, lower, dx, x)))
        sum += pow(Level(e, h, lower, dx, x) - eta, 2), ++seen;
    const double rms = sqrt(sum / seen) / H;
    printf("H = 0.0185, t = %d: rms %.4f of H to the series\n", t, rms);
    ck_assert_msg(seen > 150 && rms <= .02, "t = %d: %g", t, rms);
    CK_PETSC(PetscFree(e));
    CK_PETSC(PetscFree(h));
  }
  eddy_test_beach_end(b);
  eddy_test_solver_end(&s);
}
END_TEST

/* Highest level of the water in the last cell that was ever wet */
static double RunUp(double H, double toe, double n, double dx)
{
  double lower;
  int cells, i = 0;
  PetscInt count;
  Solver s = Sea(H, toe, n, dx, &lower, &cells);
  eddy_test_advance_cfl(&s, Crest(H, toe) + (toe > 10 ? 50 : 12), .4);
  double *most = eddy_test_field(&s, NULL, "max_depth", &count),
         *bed = eddy_test_field(&s, NULL, "bathymetry", &count);
  while (most[i] < 3e-3)
    ++i;
  ck_assert_int_gt(i, 0);
  const double top = most[i] + bed[i] - 1;
  CK_PETSC(PetscFree(most));
  CK_PETSC(PetscFree(bed));
  eddy_test_solver_end(&s);
  return top;
}

/* Highest run-up beside the mean of the experiments with H within 10 %. */
START_TEST(run_up)
{
  enum { LINES = 90 };
  static double v[LINES * 3];
  const int lines = eddy_test_table("solitary_beach_runup_lab.csv", 3, LINES, v);
  const double H[6] = {.0185, .04, .075, .165, .28, .6};
  ck_assert_int_eq(lines, 77);
  for (int k = 0; k < 6; ++k) {
    double lab = 0, low = 9, high = 0;
    int n = 0;
    for (int l = 0; l < lines; ++l)
      if (fabs(v[3 * l] / H[k] - 1) <
          .1) { /* to this H by the slope of the logarithms, 5/4 before breaking, 0.58 after */
        const double r = v[3 * l + 1] * pow(H[k] / v[3 * l], H[k] < .045 ? 1.25 : .582);
        lab += r, ++n, low = fmin(low, r), high = fmax(high, r);
      }
    ck_assert_int_ge(n, 3);
    lab /= n;
    const double free = RunUp(H[k], X0, 0, .05), rough = RunUp(H[k], X0, .043, .05);
    printf("H = %.4f: run-up %.4f (%+.0f %%), with friction %.4f (%+.0f %%); %d experiments %.4f "
           "(%.3f to %.3f)\n",
           H[k], free, 100 * (free / lab - 1), rough, 100 * (rough / lab - 1), n, lab, low, high);
    ck_assert_msg(fabs(rough / lab - 1) < .15, "H = %g: %g, laboratory %g", H[k], rough, lab);
  }
}
END_TEST

/* A beach of 1:4 and cells of 5 cm on water of 32 cm: what the cells of the conical island cost. */
START_TEST(steep)
{
  const double H[2] = {.0445, .0872};
  for (int q = 0; q < 2; ++q) {
    EddyTestBeach b = eddy_test_beach(H[q], 4, Crest(H[q], 4));
    const double exact = eddy_test_beach_runup(b, Crest(H[q], 4), Crest(H[q], 4) + 12);
    const double coarse = RunUp(H[q], 4, 0, .15625), fine = RunUp(H[q], 4, 0, .01953125);
    printf("1:4, H = %.4f: run-up %.4f on cells of 0.156, %.4f on 0.020, series %.4f\n", H[q],
           coarse, fine, exact);
    ck_assert_msg(fabs(coarse / fine - 1) < .1 && fabs(fine / exact - 1) < .15, "%g %g %g", coarse,
                  fine, exact);
    eddy_test_beach_end(b);
  }
}
END_TEST

EDDY_SUITE("beach", series, on_the_slope, gentle, run_up, steep)
