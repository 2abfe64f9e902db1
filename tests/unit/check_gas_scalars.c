/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Passive scalars of a gas: a constant stays constant through shocks, bounds hold, the gas does not notice them, diffusion has its rate, names. */
#include "solver.h"
#include <math.h>
#include <string.h>

static const char *const discs[] = {"reconstruction: muscl", "reconstruction: muscl, riemann: roe",
                                    "reconstruction: muscl, limiter: minmod, riemann: rusanov",
                                    "reconstruction: constant, riemann: hll"};

static Solver Quadrants(const char *type, const char *disc, const char *dye, int n)
{
  char yaml[1024];
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d, %d]}\nphysics: {type: %s}\nboundary: {xmin: {type: outflow}, xmax: "
           "{type: reflecting}, ymin: {type: outflow}, ymax: {type: outflow}}\ninitial: {type: "
           "riemann2d, configuration: 3%s}\ndisc: {%s}\ntime: {type: ssprk2}\n",
           n, n, type, dye, disc);
  return eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
}

/* smoke is 0.3 of the density everywhere, dye a disc of ones; both go through four shocks. */
START_TEST(bounds)
{
  enum { N = 32, M = N * N };
  for (size_t q = 0; q < sizeof discs / sizeof *discs; ++q) {
    Solver s = Quadrants("euler, scalars: [smoke, dye]", discs[q],
                         ", smoke: {type: sine, amplitude: 0, mean: 0.3}", N),
           plain = Quadrants("euler", discs[q], "", N);
    double lo = 1, hi = 0, off = 0;
    for (int i = 0; i < M; ++i) {
      const double x = (i % N + .5) / N - .5, y = (i / N + .5) / N - .5;
      s.u[5 * M + i] = x * x + y * y < .09 ? s.u[i] : 0;
    }
    eddy_test_advance(&s, .3, 150);
    eddy_test_advance(&plain, .3, 150);
    ck_assert_msg(!memcmp(s.u, plain.u, 4 * M * sizeof(double)), "the gas feels the scalars");
    for (int i = 0; i < M; ++i) {
      off = fmax(off, fabs(s.u[4 * M + i] / s.u[i] - .3));
      lo = fmin(lo, s.u[5 * M + i] / s.u[i]);
      hi = fmax(hi, s.u[5 * M + i] / s.u[i]);
    }
    printf("%-56s constant off by %.1e, bounds %.3g %.17g\n", discs[q], off, lo, hi);
    ck_assert_msg(off <= 1e-14, "%s: a constant is off by %g", discs[q], off);
    ck_assert_msg(lo >= -1e-15 && hi <= 1 + 1e-14 && hi > .5, "%s: bounds %g %g", discs[q], lo, hi);
    eddy_test_solver_end(&s);
    eddy_test_solver_end(&plain);
  }
}
END_TEST

/* In a gas at rest a wave of the scalar fades with D k^2. */
START_TEST(diffusion)
{
  double e[2];
  for (int i = 0; i < 2; ++i) {
    const int n = 32 << i;
    const double k2 = 8 * PETSC_PI * PETSC_PI, t = 1, D = 1e-2;
    char yaml[512];
    snprintf(
        yaml, sizeof yaml,
        "mesh: {n: [%d, %d]}\nphysics: {type: compressible_navier_stokes, scalars: [dye], "
        "diffusivity: %g}\ninitial: {type: linear_wave, amplitude: 0, dye: {type: sine, k: [1, "
        "1]}}\ntime: {type: ssprk2}\n",
        n, n, D);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    double sum[2] = {0, 0};
    for (int q = 0; q < 2; ++q) {
      for (int c = 0; c < n * n; ++c)
        sum[q] += s.u[4 * n * n + c] * s.u[4 * n * n + c];
      if (!q)
        eddy_test_advance_cfl(&s, t, .4);
    }
    ck_assert(sum[0] > 1e-3 * n * n);
    e[i] = fabs(-.5 * log(sum[1] / sum[0]) / (D * k2 * t) - 1);
    eddy_test_solver_end(&s);
  }
  printf("diffusion of a scalar: %.3e %.3e\n", e[0], e[1]);
  ck_assert_msg(log2(e[0] / e[1]) >= 1.9 && e[1] <= 2e-3, "diffusion: %g %g", e[0], e[1]);
}
END_TEST

START_TEST(names)
{
  PetscInt n;
  Solver s = Quadrants("euler, scalars: [smoke, dye]", discs[0], ", dye: {type: disc}", 8);
  ck_assert_str_eq(s.p->comp[5], "density_dye");
  ck_assert_str_eq(s.p->prim[5], "dye");
  double *dye = eddy_test_field(&s, NULL, "dye", &n), most = 0;
  ck_assert_int_eq(n, 64);
  for (int i = 0; i < n; ++i) {
    ck_assert_double_eq_tol(dye[i], s.u[5 * 64 + i] / s.u[i], 1e-15);
    most = fmax(most, dye[i]);
  }
  ck_assert(most > .9 && eddy_test_diagnostic(&s, "mass_dye") > 0);
  CK_PETSC(PetscFree(dye));
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("gas_scalars", bounds, diffusion, names)
