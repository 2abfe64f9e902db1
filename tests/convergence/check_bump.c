/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Steady flow over a bump b = max(0, 0.2 - 0.05 (x - 10)^2) in a channel of 25 m [Delestre2013]: subcritical, transcritical, transcritical with a jump. Discharge
   and energy h + b + q^2/(2 g h^2) are constant (the energy on either side of the jump); started from rest. */
#include "solver.h"
#include <math.h>

static const double gravity = 9.81;
static double Bed(double x) { return fmax(0, .2 - .05 * (x - 10) * (x - 10)); }

typedef struct {
  const char *name;
  double q, out; /* discharge [m^2/s], level at the outlet and at the start [m] */
  int critical;  /* critical on the top of the bump */
  double jump;   /* place of a jump, 99: none */
} Flow;

/* Depth of energy e over the bed: the sub- or supercritical root of h^3 - (e - b) h^2 + q^2/(2 g) = 0 */
static double Depth(const Flow *f, double e, double x, int fast)
{
  const double k = f->q * f->q / (2 * gravity), hc = cbrt(2 * k), head = e - Bed(x);
  double low = fast ? 1e-9 : hc, high = fast ? hc : head;
  for (int it = 0; it < 200; ++it) {
    const double h = .5 * (low + high), energy = h + k / (h * h);
    if ((energy > head) == fast)
      low = h;
    else
      high = h;
  }
  return .5 * (low + high);
}
static double Exact(const Flow *f, double x)
{
  const double k = f->q * f->q / (2 * gravity), end = f->out + k / (f->out * f->out),
               top = 1.5 * cbrt(2 * k) + .2;
  return !f->critical  ? Depth(f, end, x, 0)
         : x < 10      ? Depth(f, top, x, 0)
         : x < f->jump ? Depth(f, top, x, 1)
                       : Depth(f, end, x, 0);
}

/* Where the flow of the crest's energy and that of the outlet's have the same g h^2/2 + q^2/h */
static double Jump(const Flow *f)
{
  const double k = f->q * f->q / (2 * gravity), end = f->out + k / (f->out * f->out),
               top = 1.5 * cbrt(2 * k) + .2;
  double low = 10.5, high = 12; /* before the jump the fast flow has more, after it less */
  for (int it = 0; it < 100; ++it) {
    const double x = .5 * (low + high), a = Depth(f, top, x, 1), b = Depth(f, end, x, 0);
    if (.5 * gravity * a * a + f->q * f->q / a < .5 * gravity * b * b + f->q * f->q / b)
      high = x;
    else
      low = x;
  }
  return .5 * (low + high);
}

/* Away from the jump the mean error of the depth, mean and largest error of the discharge, relative; place of the jump. The limiter is van_leer: mc leaves ripples
   of a thousandth running in the fast flow. */
static void Run(const Flow *f, int n, const char *bed, double error[3], double *jump)
{
  char yaml[1024];
  PetscInt cells;
  const double dx = 25. / n, in = Exact(f, 0), out = Exact(f, 25);
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d], upper: [25]}\nphysics: {type: shallow_water, bathymetry: {type: file, "
           "file: %s}}\nboundary: {xmin: {type: characteristic, depth: %.17g, velocity: [%.17g]}, "
           "xmax: {type: characteristic, depth: %.17g, velocity: [%.17g]}}\ninitial: {type: lake, "
           "surface: "
           "%.17g}\ndisc: {limiter: van_leer}\ntime: {type: ssprk2}\n",
           n, bed, in, f->q / in, out, f->q / out, f->out);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, 300, .4);
  double *h = eddy_test_field(&s, NULL, "depth", &cells), seen = 0, steepest = 0;
  error[0] = error[1] = error[2] = 0;
  *jump = 99;
  for (int i = 0; i < n; ++i) {
    const double x = (i + .5) * dx, off = fabs(s.u[n + i] / f->q - 1);
    if (i + 1 < n && h[i + 1] + Bed(x + dx) - h[i] - Bed(x) > steepest) {
      steepest = h[i + 1] + Bed(x + dx) - h[i] - Bed(x);
      *jump = x + .5 * dx;
    }
    if (fabs(x - f->jump) < .5)
      continue;
    error[0] += fabs(h[i] / Exact(f, x) - 1);
    error[1] += off;
    error[2] = fmax(error[2], off);
    ++seen;
  }
  error[0] /= seen;
  error[1] /= seen;
  CK_PETSC(PetscFree(h));
  eddy_test_solver_end(&s);
}

START_TEST(bump)
{
  Flow flow[3] = {{"subcritical", 4.42, 2, 0, 99},
                  {"transcritical", 1.53, .66, 1, 99},
                  {"with a jump", .18, .33, 1, 99}};
  static const double order[3] = {1.8, 1.8, 1},
                      bound[3][2] = {{1.2e-5, 1.6e-5}, {6e-5, 5e-5}, {3e-4, 1.1e-3}};
  char path[600];
  snprintf(path, sizeof path, "%s/bump.csv", eddy_test_folder(PETSC_COMM_SELF));
  FILE *file = fopen(path, "w");
  ck_assert(file != NULL);
  fprintf(file, "x,z\n");
  for (int i = 0; i <= 2500; ++i)
    fprintf(file, "%.17g,%.17g\n", .01 * i, Bed(.01 * i));
  fclose(file);
  flow[2].jump = Jump(&flow[2]);
  printf("jump at %.10f\n", flow[2].jump);
  ck_assert_double_eq_tol(flow[2].jump, 11.6656183843, 1e-9);
  for (int k = 0; k < 3; ++k) {
    double h[3], e[3][3], jump = 99;
    for (int g = 0; g < 3; ++g) {
      double all[3];
      Run(&flow[k], 100 << g, path, all, &jump);
      h[g] = 25. / (100 << g);
      for (int q = 0; q < 3; ++q)
        e[q][g] = all[q];
      printf("%s, %d cells: depth %.2e, discharge %.2e, at most %.2e, steepest at %.3f\n",
             flow[k].name, 100 << g, all[0], all[1], all[2], jump);
    }
    const double depth = eddy_test_order(3, h, e[0]), discharge = eddy_test_order(3, h, e[1]);
    printf("%s: orders %.2f, %.2f\n", flow[k].name, depth, discharge);
    ck_assert_msg(depth >= order[k] && discharge >= order[k], "%s: orders %g, %g", flow[k].name,
                  depth, discharge);
    ck_assert_msg(e[0][2] < bound[k][0] && e[1][2] < bound[k][1], "%s: errors %g, %g", flow[k].name,
                  e[0][2], e[1][2]);
    ck_assert(k < 2 || fabs(jump - flow[k].jump) < 25. / 400);
  }
}
END_TEST

EDDY_SUITE("bump", bump)
