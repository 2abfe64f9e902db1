/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Shallow water: dam breaks on wet and dry bed against exact profiles, lake at rest with a dry island, oscillation in a bowl, radial symmetry, volume. */
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE = 200 };

/* columns x, h_wet, u_wet, h_dry, u_dry */
static void ReadProfile(double wet[TABLE], double dry[TABLE])
{
  char path[1024], line[256];
  snprintf(path, sizeof path, "%s/sw_dambreak_profiles_swashes_t6.csv", EDDY_TEST_REFERENCE);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f, "cannot open %s", path);
  int n = 0;
  while (fgets(line, sizeof line, f)) {
    double x, h, u, d, v;
    if (line[0] != '#' && sscanf(line, "%lf,%lf,%lf,%lf,%lf", &x, &h, &u, &d, &v) == 5) {
      ck_assert(n < TABLE && fabs(x - (n + .5) * 10 / TABLE) < 1e-9);
      wet[n] = h, dry[n++] = d;
    }
  }
  fclose(f);
  ck_assert_int_eq(n, TABLE);
}

static double Dam(double outside, const char *disc, int m, const double exact[TABLE], double *front)
{
  char yaml[512];
  PetscInt n;
  double error = 0;
  snprintf(
      yaml, sizeof yaml,
      "mesh: {n: [%d], upper: [10]}\nphysics: {type: shallow_water, g: 9.81, dry: 1e-8}\nboundary: "
      "{xmin: {type: outflow}, xmax: {type: outflow}}\n"
      "initial: {type: dam_break, inside: 0.005, outside: %g}\ndisc: {%s}\ntime: {type: ssprk2}\n",
      TABLE * m, outside, disc);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, 6, .4);
  double *h = eddy_test_field(&s, NULL, "depth", &n);
  *front =
      5.3; /* on the plateau: how far the water beyond it would reach at the height of the plateau */
  for (int i = 0; i < TABLE * m; ++i) {
    ck_assert_msg(h[i] >= 0, "depth %g", h[i]);
    if (i >= TABLE * m * 53 / 100)
      *front += 10. / (TABLE * m) * (h[i] - outside) / (.00253935717228 - outside);
  }
  for (int i = 0; i < TABLE; ++i) {
    double mean = 0;
    for (int q = 0; q < m; ++q)
      mean += h[m * i + q] / m;
    error += fabs(mean - exact[i]) / TABLE;
  }
  CK_PETSC(PetscFree(h));
  eddy_test_solver_end(&s);
  return error / .005;
}

START_TEST(dam_breaks)
{
  static const char *const disc[] = {"limiter: mc",         "limiter: minmod",
                                     "reconstruction: ppm", "reconstruction: weno5",
                                     "riemann: hll",        "riemann: rusanov"};
  double wet[TABLE], dry[TABLE], front;
  ReadProfile(wet, dry);
  for (size_t q = 0; q < sizeof disc / sizeof *disc; ++q) {
    const double wc = Dam(.001, disc[q], 1, wet, &front), wf = Dam(.001, disc[q], 4, wet, &front),
                 x = front;
    const double dc = Dam(0, disc[q], 1, dry, &front), df = Dam(0, disc[q], 4, dry, &front);
    printf("%-22s wet %.3e %.3e shock %.5f   dry %.3e %.3e\n", disc[q], wc, wf, x, dc, df);
    ck_assert_msg(wf <= 1.5e-3 && wf <= .45 * wc, "%s: wet errors %g %g", disc[q], wc, wf);
    ck_assert_msg(df <= 4e-3 && df <= .5 * dc, "%s: dry errors %g %g", disc[q], dc, df);
    /* Stoker's shock after 6 s: its speed to a thousandth */
    ck_assert_msg(fabs((x - 5) / (6 * .209963400052) - 1) <= 1e-3, "%s: shock at %g", disc[q], x);
  }
}
END_TEST

/* Level water around an island that stands out of it, in 1-D and 2-D, for 10^4 steps. */
START_TEST(lake_at_rest)
{
  static const char *const meshes[] = {"n: [50]", "n: [20, 17]"}, *const disc[] = {
                                                                      "limiter: mc",
                                                                      "limiter: van_leer",
                                                                      "reconstruction: ppm",
                                                                      "reconstruction: weno5"};
  for (int m = 0; m < 2; ++m)
    for (int q = 0; q < 4; ++q) {
      char yaml[512];
      PetscInt n, wet = 0, dry = 0;
      double u_top = 0, drift = 0;
      snprintf(yaml, sizeof yaml,
               "mesh: {%s}\nphysics: {type: shallow_water, bathymetry: {type: gaussian, height: "
               "1.3, width: 0.12}}\n"
               "boundary: {xmin: {type: reflecting}, xmax: {type: reflecting}}\ninitial: {type: "
               "lake, surface: 1}\ndisc: {%s}\ntime: {type: ssprk2}\n",
               meshes[m], disc[q]);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      const double before = eddy_test_diagnostic(&s, "volume");
      PetscReal rate;
      CK_PETSC(s.d->ops->Courant(s.d, &s.st, s.u, &rate));
      eddy_test_advance(&s, 1e4 * .4 / rate, 10000);
      double *v = eddy_test_field(&s, NULL, "velocity", &n),
             *h = eddy_test_field(&s, NULL, "depth", &n),
             *e = eddy_test_field(&s, NULL, "surface", &n);
      for (PetscInt i = 0; i < n; ++i)
        if (h[i] > 0)
          ++wet, u_top = fmax(u_top, fabs(v[i])), drift = fmax(drift, fabs(e[i] - 1));
        else
          ++dry;
      printf("%-14s %-22s |u| %.2e surface %.2e\n", meshes[m], disc[q], u_top, drift);
      ck_assert(wet > 10 && dry > 3);
      ck_assert_msg(u_top <= 1e-13 && drift <= 1e-13, "%s, %s: |u| %g, surface %g", meshes[m],
                    disc[q], u_top, drift);
      ck_assert(fabs(eddy_test_diagnostic(&s, "volume") / before - 1) <= 1e-14);
      CK_PETSC(PetscFree(v));
      CK_PETSC(PetscFree(h));
      CK_PETSC(PetscFree(e));
      eddy_test_solver_end(&s);
    }
}
END_TEST

/* Thacker's planar oscillation over a dry beach: depth after one period, by grids; no water is lost and none is negative. */
static double Bowl(int dim, int n)
{
  char yaml[512], mesh[64];
  double error = 0;
  snprintf(mesh, sizeof mesh, dim == 1 ? "n: [%d], upper: [4]" : "n: [%d, %d], upper: [4, 4]", n,
           n);
  snprintf(yaml, sizeof yaml,
           "mesh: {%s}\nphysics: {type: shallow_water, g: 9.81, dry: 1e-5, exact_shift: 0.5, "
           "bathymetry: {type: bowl, height: %g, width: 1}}\n"
           "boundary: {xmin: {type: reflecting}, xmax: {type: reflecting}}\ninitial: {type: "
           "exact}\ntime: {type: ssprk2}\n",
           mesh, dim == 1 ? .5 : .1);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  const size_t cells = (size_t)(dim == 1 ? n : n * n);
  double *start;
  CK_PETSC(PetscMalloc1(cells, &start));
  memcpy(start, s.u, cells * sizeof *start);
  const double before = eddy_test_diagnostic(&s, "volume");
  /* volumes of the exact oscillations: 4/3 h0 a, pi a^2 h0/2 */
  ck_assert_double_eq_tol(before, dim == 1 ? 2. / 3 : .157079632679, 2e-3);
  eddy_test_advance_cfl(&s, dim == 1 ? 2.00606668071 : 4.48570146547, .4);
  for (size_t i = 0; i < cells; ++i) {
    ck_assert_msg(s.u[i] >= 0, "depth %g", s.u[i]);
    error += fabs(s.u[i] - start[i]) / (double)cells;
  }
  ck_assert(fabs(eddy_test_diagnostic(&s, "volume") / before - 1) <=
            1e-14 * PetscMax(1, 1e-3 * (double)s.st.step));
  CK_PETSC(PetscFree(start));
  eddy_test_solver_end(&s);
  return error;
}

START_TEST(bowl)
{
  for (int dim = 1; dim <= 2; ++dim) {
    const int n = dim == 1 ? 100 : 40;
    const double a = Bowl(dim, n), b = Bowl(dim, 2 * n);
    printf("bowl %d-D: %.3e %.3e slope %.2f\n", dim, a, b, log2(a / b));
    ck_assert_msg(log2(a / b) >= .8 && b <= (dim == 1 ? 5e-3 : 2e-3), "%d-D: %g %g", dim, a, b);
  }
}
END_TEST

/* Round dam: eight-fold symmetry, to the last bit. */
START_TEST(round_dam)
{
  const int N = 48;
  PetscInt n;
  Solver s = eddy_test_solver(PETSC_COMM_SELF,
                              "mesh: {n: [48, 48], lower: [-2.5, -2.5], upper: [2.5, "
                              "2.5]}\nphysics: {type: shallow_water, g: 1}\n"
                              "boundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: "
                              "{type: outflow}, ymax: {type: outflow}}\n"
                              "initial: {type: dam_break, radius: 0.5}\ntime: {type: ssprk2}\n",
                              NULL);
  eddy_test_advance_cfl(&s, 1, .4);
  double *h = eddy_test_field(&s, NULL, "depth", &n), low = 9, high = 0;
  for (int j = 0; j < N; ++j)
    for (int i = 0; i < N; ++i) {
      ck_assert_msg(h[j * N + i] == h[i * N + j] && h[j * N + i] == h[j * N + N - 1 - i],
                    "cell (%d, %d)", i, j);
      low = fmin(low, h[j * N + i]), high = fmax(high, h[j * N + i]);
    }
  ck_assert(low < .95 && high > 1.1);
  CK_PETSC(PetscFree(h));
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("shallow_water", dam_breaks, lake_at_rest, bowl, round_dam)
