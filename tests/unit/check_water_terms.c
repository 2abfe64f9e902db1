/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Shallow water with friction, rotation and beds from files: normal depth on an incline, steady flow over a bed made for it, thin water that friction may not
   turn round, inertial and geostrophic motion, gridded values. */
#include "gridded.h"
#include "solver.h"
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MANNING .03
#define SLOPE .05

/* The balance g S h = g n^2 u^2 h^(-1/3): u = sqrt(S) h^(2/3) / n. The inflow is too deep for it. */
START_TEST(normal_depth)
{
  const double q = 1.5, depth = pow(q * MANNING / sqrt(SLOPE), .6), in = 1.15 * depth;
  char yaml[1024];
  PetscInt n;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [400], upper: [400]}\nphysics: {type: shallow_water, manning: %g, "
           "bathymetry: {type: slope, gradient: [%g], centre: [0]}}\n"
           "boundary: {xmin: {type: dirichlet, depth: %.17g, velocity_x: %.17g, surface: %.17g}, "
           "xmax: {type: outflow}}\n"
           "initial: {type: dam_break, inside: 0.3, outside: -99, x0: 5}\ntime: {type: ssprk2}\n",
           MANNING, -SLOPE, in, q / in, in);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, 150, .4);
  double *h = eddy_test_field(&s, NULL, "depth", &n),
         *u = eddy_test_field(&s, NULL, "velocity", &n);
  double off = 0;
  for (int i = 300; i < 390; ++i)
    off = fmax(off, fmax(fabs(h[i] / depth - 1), fabs(u[i] * depth / q - 1)));
  printf("normal depth %.6f, velocity %.6f: off by %.2e\n", depth, q / depth, off);
  ck_assert_msg(off <= 1e-12, "normal depth %g, off by %g", depth, off);
  CK_PETSC(PetscFree(h));
  CK_PETSC(PetscFree(u));
  eddy_test_solver_end(&s);
}
END_TEST

/* MacDonald's way to exact steady flow: depth given, bed from db/dx = (q^2/(g h^3) - 1) h' - n^2 q^2 h^(-10/3), integrated here and read from a file. */
static double Depth(double x) { return .55 + .12 * exp(-.5 * (x - 80) * (x - 80) / 25); }
static double BedGradient(double x)
{
  const double h = Depth(x), dh = -(x - 80) / 25 * (h - .55), q = 3;
  return (q * q / (9.81 * h * h * h) - 1) * dh - MANNING * MANNING * q * q * pow(h, -10. / 3);
}
static double MacDonald(int cells, const char *bed)
{
  char yaml[1024];
  const double h0 = Depth(0);
  double error = 0;
  PetscInt n;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d], upper: [100]}\nphysics: {type: shallow_water, manning: %g, bathymetry: "
           "{type: file, file: %s}}\n"
           "boundary: {xmin: {type: dirichlet, depth: %.17g, velocity_x: %.17g, surface: %.17g}, "
           "xmax: {type: outflow}}\n"
           "initial: {type: dam_break, inside: 0.5, outside: -99, x0: 5}\ntime: {type: "
           "ssprk2}\n",
           cells, MANNING, bed, h0, 3 / h0, h0 - BedGradient(0) * 50. / cells);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, 60, .4);
  double *h = eddy_test_field(&s, NULL, "depth", &n),
         *u = eddy_test_field(&s, NULL, "velocity", &n);
  for (int i = cells * 6 / 10; i < cells; ++i) /* what the inlet does to the flow has died out */
    error += (fabs(h[i] - Depth((i + .5) * 100. / cells)) + fabs(h[i] * u[i] / 3 - 1)) / cells;
  CK_PETSC(PetscFree(h));
  CK_PETSC(PetscFree(u));
  eddy_test_solver_end(&s);
  return error;
}
START_TEST(steady_flow)
{
  const char *folder = eddy_test_folder(PETSC_COMM_SELF);
  char path[600];
  snprintf(path, sizeof path, "%s/bed.csv", folder);
  FILE *f = fopen(path, "w");
  ck_assert(f);
  fprintf(f, "# bed of a steady flow\nx,z\n");
  double z = 0;
  for (int i = 0; i <= 4000; ++i) {
    const double x = i * .025;
    fprintf(f, "%.17g,%.17g\n", x, z);
    z += .025 / 6 * (BedGradient(x) + 4 * BedGradient(x + .0125) + BedGradient(x + .025));
  }
  fclose(f);
  const double a = MacDonald(100, path), b = MacDonald(200, path), c = MacDonald(400, path);
  printf("steady flow with friction: %.3e %.3e %.3e slopes %.2f %.2f\n", a, b, c, log2(a / b),
         log2(b / c));
  ck_assert_msg(log2(b / c) >= 1.8 && c <= 2e-5, "errors %g %g %g", a, b, c);
}
END_TEST

/* A film on a rough bed, steps far beyond the time of friction: it slows down, never turns round, and its depth stays. */
START_TEST(film)
{
  Solver s = eddy_test_solver(PETSC_COMM_SELF,
                              "mesh: {n: [8]}\nphysics: {type: shallow_water, manning: 0.1}\n"
                              "initial: {type: lake, surface: 1e-4}\ntime: {type: ssprk2}\n",
                              NULL);
  double before = 2;
  for (int i = 0; i < 8; ++i)
    s.u[8 + i] = s.u[i] * before;
  for (int k = 0; k < 200; ++k) {
    eddy_test_advance(&s, s.st.t + 1, 1);
    const double u = s.u[8] / s.u[0];
    ck_assert_msg(u > 0 && u < before, "step %d: velocity %g after %g", k, u, before);
    ck_assert_double_eq(s.u[3], 1e-4);
    before = u;
  }
  printf("film: velocity %.3e\n", before);
  ck_assert(before < 1e-4);
  eddy_test_solver_end(&s);
}
END_TEST

/* Velocity that decays by friction on a level bed, du/dt = -g n^2 u^2 / h^(4/3): u = u0 / (1 + u0 k t); second order in the step. */
START_TEST(decay)
{
  double error[2];
  for (int q = 0; q < 2; ++q) {
    Solver s = eddy_test_solver(PETSC_COMM_SELF,
                                "mesh: {n: [8, 8]}\nphysics: {type: shallow_water, manning: "
                                "0.05}\ninitial: {type: lake, surface: 0.2}\ntime: {type: "
                                "ssprk2}\n",
                                NULL);
    const double k = 9.81 * .05 * .05 * pow(.2, -4. / 3);
    for (int i = 0; i < 64; ++i)
      s.u[64 + i] = .2 * .6, s.u[128 + i] = .2 * .8;
    eddy_test_advance(&s, 8, 40 << q);
    error[q] = hypot(s.u[64] / .2 - .6 / (1 + 8 * k), s.u[128] / .2 - .8 / (1 + 8 * k));
    ck_assert_double_eq_tol(s.u[64] / s.u[128], .75, 1e-14);
    eddy_test_solver_end(&s);
  }
  printf("decay: %.3e %.3e slope %.2f\n", error[0], error[1], log2(error[0] / error[1]));
  ck_assert(log2(error[0] / error[1]) >= 1.8 && error[1] < 2e-4);
}
END_TEST

/* A uniform current on a rotating plane turns with the period 2 pi / f, clockwise for f > 0. */
START_TEST(inertial_oscillation)
{
  double error[2];
  for (int q = 0; q < 2; ++q) {
    Solver s = eddy_test_solver(PETSC_COMM_SELF,
                                "mesh: {n: [8, 8]}\nphysics: {type: shallow_water, coriolis: "
                                "2}\ninitial: {type: lake, surface: 1}\ntime: {type: ssprk3}\n",
                                NULL);
    for (int i = 0; i < 64; ++i)
      s.u[64 + i] = .3;
    eddy_test_advance(&s, PETSC_PI / 4, 25 << q); /* a quarter of a period */
    ck_assert_msg(fabs(s.u[64]) < 1e-4 && s.u[128] < -.29, "%g %g", s.u[64], s.u[128]);
    eddy_test_advance(&s, PETSC_PI, 75 << q);
    error[q] = hypot(s.u[64 + 9] - .3, s.u[128 + 9]);
    eddy_test_solver_end(&s);
  }
  printf("inertial period: %.3e %.3e slope %.2f\n", error[0], error[1], log2(error[0] / error[1]));
  ck_assert(log2(error[0] / error[1]) >= 2.8 && error[1] < 1e-5);
}
END_TEST

/* A jet u(y) = exp(-((y - 1/2)/0.1)^2)/2 on the plane f = 3 + 4 (y - 1/2), held by the slope of the surface g eta_y = -f u: it stays. */
enum { JET = 64 };
static double jet_dx;
static void Jet(const PetscReal x[3], PetscReal u[])
{
  const double Y = (x[1] + .5 * jet_dx - .5) / .1;
  /* f u = (3 + .4 Y) exp(-Y^2)/2, integrated over y = .1 Y */
  const double eta = -.1 * (1.5 * .5 * sqrt(PETSC_PI) * erf(Y) - .1 * exp(-Y * Y));
  u[0] = 2 + eta / 10;
  u[1] = u[0] * .5 * exp(-Y * Y);
}
static double Geostrophic(int n, double *change)
{
  char yaml[512];
  PetscInt cells;
  double error = 0, v_top = 0;
  jet_dx = 1. / n;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [4, %d], upper: [%g, 1]}\nphysics: {type: shallow_water, g: 10, coriolis: 3, "
           "beta: 4}\nboundary: {ymin: {type: reflecting}, ymax: {type: reflecting}}\ndisc: "
           "{limiter: none}\ntime: {type: ssprk3}\n",
           n, 4. / n);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Jet);
  double *a = eddy_test_field(&s, NULL, "velocity", &cells);
  eddy_test_advance_cfl(&s, .5, .4);
  double *b = eddy_test_field(&s, NULL, "velocity", &cells);
  for (int i = 0; i < 4 * n; ++i) {
    error += fabs(b[i] - a[i]) / (4 * n);
    v_top = fmax(v_top, fabs(b[4 * n + i]));
  }
  *change = v_top;
  CK_PETSC(PetscFree(a));
  CK_PETSC(PetscFree(b));
  eddy_test_solver_end(&s);
  return error;
}
START_TEST(geostrophic_jet)
{
  double va, vb;
  const double a = Geostrophic(JET, &va), b = Geostrophic(2 * JET, &vb);
  printf("geostrophic jet: %.3e %.3e slope %.2f, across %.2e %.2e\n", a, b, log2(a / b), va, vb);
  ck_assert_msg(log2(a / b) >= 1.7 && b <= 1e-3 && vb <= 2e-3, "errors %g %g, across %g", a, b, vb);
}
END_TEST

static double Plane(double x, double y) { return 1 + 2 * x - 3 * y; }

static void WriteAsc(const char *path)
{
  FILE *f = fopen(path, "w");
  ck_assert(f);
  fprintf(f, "# a plane\nncols 5\nnrows 4\nxllcenter -1\nyllcenter 2\ncellsize 0.5\n");
  for (int j = 4; j-- > 0;)
    for (int i = 0; i < 5; ++i)
      fprintf(f, "%.17g%c", Plane(-1 + .5 * i, 2 + .5 * j), i == 4 ? '\n' : ' ');
  fclose(f);
}
static void WriteCsv(const char *path)
{
  FILE *f = fopen(path, "w");
  ck_assert(f);
  fprintf(f, "x,y,z\n");
  for (int q = 0; q < 20; ++q) { /* in no order */
    const int p = q * 7 % 20, i = p % 5, j = p / 5;
    fprintf(f, "%.17g,%.17g,%.17g\n", -1 + .5 * i, 2 + .5 * j, Plane(-1 + .5 * i, 2 + .5 * j));
  }
  fclose(f);
}
static void WriteHdf5(const char *path)
{
  double x[5], y[4], z[5][4];
  const double *const data[3] = {x, y, z[0]};
  static const char *const name[3] = {"x", "y", "z"};
  const hsize_t n[3][2] = {{5}, {4}, {5, 4}};
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 4; ++j)
      x[i] = -1 + .5 * i, y[j] = 2 + .5 * j, z[i][j] = Plane(x[i], y[j]);
  const hid_t f = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  for (int q = 0; q < 3; ++q) {
    const hid_t s = H5Screate_simple(q == 2 ? 2 : 1, n[q], NULL),
                d = H5Dcreate2(f, name[q], H5T_NATIVE_DOUBLE, s, H5P_DEFAULT, H5P_DEFAULT,
                               H5P_DEFAULT);
    ck_assert(H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, data[q]) >= 0);
    H5Dclose(d);
    H5Sclose(s);
  }
  H5Fclose(f);
}

/* A plane from each kind of file, at places inside, averaged over cells of several sizes; beyond the points the last value. A kink is averaged exactly. */
START_TEST(gridded_files)
{
  static const char *const names[] = {"bed.asc", "bed.csv", "bed.h5"};
  static void (*const write[])(const char *) = {WriteAsc, WriteCsv, WriteHdf5};
  const char *folder = eddy_test_folder(PETSC_COMM_SELF);
  char path[600];
  for (int q = 0; q < 3; ++q) {
    EddyGridded g;
    snprintf(path, sizeof path, "%s/%s", folder, names[q]);
    write[q](path);
    CK_PETSC(EddyGriddedRead(path, 2, &g));
    ck_assert(g.n[0] == 5 && g.n[1] == 4);
    for (int k = 0; k < 50; ++k) {
      const PetscReal cell[3] = {.01 + .02 * k, .9 - .015 * k, 0};
      const PetscReal x[3] = {-.49 + .0196 * k, 2.46 + .011 * k, 0};
      ck_assert_double_eq_tol(EddyGriddedMean(&g, x, cell), Plane(x[0], x[1]), 1e-13);
    }
    const PetscReal tiny[3] = {.01, .01, 0}, off[3] = {-9, 9, 0}, two[3] = {2, .01, 0},
                    edge[3] = {-1, 2.5, 0};
    ck_assert_double_eq_tol(EddyGriddedMean(&g, off, tiny), Plane(-1, 3.5), 1e-12);
    ck_assert_double_eq_tol(EddyGriddedMean(&g, edge, two), Plane(-1, 2.5) + .5, 1e-12);
    CK_PETSC(EddyGriddedDestroy(&g));
  }
}
END_TEST

/* Level water round rocks of a rough bed from a file, some dry and some under water, with friction and rotation, for 10^4 steps. */
START_TEST(rough_lake)
{
  const char *folder = eddy_test_folder(PETSC_COMM_SELF);
  char path[600], yaml[1024];
  PetscInt n, wet = 0, dry = 0;
  double top = 0, drift = 0;
  snprintf(path, sizeof path, "%s/rocks.csv", folder);
  FILE *f = fopen(path, "w");
  ck_assert(f);
  for (int j = 0; j < 12; ++j)
    for (int i = 0; i < 12; ++i)
      fprintf(f, "%.17g,%.17g,%.17g\n", i / 11., j / 11.,
              .5 + .7 * sin(7. * i * i + 3 * j) * cos(5. * j));
  fclose(f);
  snprintf(
      yaml, sizeof yaml,
      "mesh: {n: [20, 17]}\nphysics: {type: shallow_water, manning: 0.03, coriolis: 1, beta: 1, "
      "bathymetry: {type: file, file: %s}}\nboundary: {xmin: {type: reflecting}, xmax: {type: "
      "reflecting}, ymin: {type: reflecting}, ymax: {type: reflecting}}\ninitial: {type: lake, "
      "surface: 0.8}\ntime: {type: ssprk2}\n",
      path);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  const double before = eddy_test_diagnostic(&s, "volume");
  PetscReal rate;
  CK_PETSC(s.d->ops->Courant(s.d, &s.st, s.u, &rate));
  eddy_test_advance(&s, 1e4 * .4 / rate, 10000);
  double *v = eddy_test_field(&s, NULL, "velocity", &n),
         *h = eddy_test_field(&s, NULL, "depth", &n), *e = eddy_test_field(&s, NULL, "surface", &n);
  for (PetscInt i = 0; i < n; ++i) {
    ck_assert(h[i] >= 0);
    if (h[i] > 0)
      ++wet, top = fmax(top, fmax(fabs(v[i]), fabs(v[n + i]))),
             drift = fmax(drift, fabs(e[i] - .8));
    else
      ++dry;
  }
  printf("rough lake, %d wet and %d dry cells: |u| %.2e, surface %.2e\n", (int)wet, (int)dry, top,
         drift);
  ck_assert(wet > 100 && dry > 20);
  ck_assert_msg(top <= 1e-13 && drift <= 1e-13, "|u| %g, surface %g", top, drift);
  ck_assert(fabs(eddy_test_diagnostic(&s, "volume") / before - 1) <= 1e-14);
  CK_PETSC(PetscFree(v));
  CK_PETSC(PetscFree(h));
  CK_PETSC(PetscFree(e));
  eddy_test_solver_end(&s);
}
END_TEST

/* A pulse of 5 % of the depth comes in through xmin from a table, is seen at its height half-way, comes back from the wall and leaves through xmin. */
START_TEST(waves_through_a_face)
{
  const char *folder = eddy_test_folder(PETSC_COMM_SELF);
  char path[600], yaml[1024];
  PetscInt n;
  snprintf(path, sizeof path, "%s/wave.csv", folder);
  FILE *f = fopen(path, "w");
  ck_assert(f);
  fprintf(f, "t,surface\n");
  for (int k = 0; k <= 400; ++k) {
    const double t = .2 * k, w = sin(PETSC_PI * t / 10);
    fprintf(f, "%.17g,%.17g\n", t, t < 10 ? .05 * w * w : 0);
  }
  fclose(f);
  snprintf(
      yaml, sizeof yaml,
      "mesh: {n: [300], upper: [30]}\nphysics: {type: shallow_water, g: 1, waves: yes, still: 0, "
      "bathymetry: {type: slope, gradient: [1e-9], centre: [1e9]}}\nboundary: {xmin: {type: "
      "characteristic, table: {path: %s, fields: [surface]}}, xmax: {type: reflecting}}\ninitial: "
      "{type: lake, surface: 0}\ntime: {type: ssprk2}\n",
      path);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  double seen = 0, wall = 0, left = 0;
  for (int k = 1; k <= 80; ++k) {
    eddy_test_advance_cfl(&s, k, .4);
    double *e = eddy_test_field(&s, NULL, "surface", &n);
    if (k < 28)
      seen = fmax(seen, e[150]);
    for (int i = 0; i < 300; ++i) {
      wall = fmax(wall, e[i]);
      if (k == 80)
        left = fmax(left, fabs(e[i]));
    }
    CK_PETSC(PetscFree(e));
  }
  printf("wave of 0.05: %.4f half-way, %.4f at the wall, %.1e stay behind\n", seen, wall, left);
  ck_assert_msg(fabs(seen / .05 - 1) < .01 && wall > .095 && left < 5e-4, "%g %g %g", seen, wall,
                left);
  eddy_test_solver_end(&s);
}
END_TEST

/* Geostrophic balance over a day in a channel: a jet in the middle, and a uniform current, which is off beside the walls because their mirror images are level. */
START_TEST(geostrophic_channel)
{
  static const char *const start[] = {
      "surface: 1000 - 1e-4*6e4*tanh(y/6e4)/9.81, velocity: [1/cosh(y/6e4)^2, 0]",
      "surface: 1000 - 1e-4*y/9.81, velocity: [1, 0]"};
  enum { N = 64, NX = 4 };
  double change[2] = {0, 0}, wall = 0;
  for (int q = 0; q < 2; ++q) {
    char yaml[768];
    PetscInt n;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [%d, %d], lower: [0, -4e5], upper: [5e4, 4e5]}\nphysics: {type: "
             "shallow_water, coriolis: 1e-4}\nboundary: {ymin: {type: slip}, ymax: {type: "
             "slip}}\ninitial: {type: formula, %s}\ndisc: {reconstruction: weno5}\ntime: {type: "
             "ssprk3}\n",
             NX, N, start[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    double *before = eddy_test_field(&s, NULL, "velocity", &n);
    eddy_test_advance_cfl(&s, 86400, .4);
    double *after = eddy_test_field(&s, NULL, "velocity", &n);
    for (int j = 0; j < N; ++j) {
      const double d = fabs(after[j * NX] - before[j * NX]);
      if (j == 0 || j == N - 1)
        wall = fmax(wall, d);
      else if (q == 0 || (j > 2 && j < N - 3))
        change[q] = fmax(change[q], d);
    }
    CK_PETSC(PetscFree(before));
    CK_PETSC(PetscFree(after));
    eddy_test_solver_end(&s);
  }
  printf("geostrophic balance of 1 m/s over a day: jet off by %.1e, current by %.1e, beside walls "
         "by %.1e\n",
         change[0], change[1], wall);
  ck_assert_msg(change[0] < 1e-4 && change[1] < 1e-4, "%g %g", change[0], change[1]);
  ck_assert_msg(wall < .05, "%g", wall);
}
END_TEST

EDDY_SUITE("water_terms", rough_lake, waves_through_a_face, normal_depth, steady_flow, film, decay,
           inertial_oscillation, geostrophic_jet, gridded_files, geostrophic_channel)
