/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* disc_variables characteristic: fewer oscillations than primitive variables at strong jumps, the design order, symmetric bits, a lake at rest that stays. */
#include "solver.h"
#include <math.h>
#include <string.h>

/* Total variation of the density beyond that of the exact profile, and the largest density, of Riemann problems on n cells. */
static void Tube(const char *name, const char *disc, int n, double t, double *variation,
                 double *top)
{
  char yaml[512];
  PetscInt m;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: "
           "{type: outflow}}\ninitial: {type: riemann1d, case: %s}\ndisc: {type: fv, %s}\ntime: "
           "{type: ssprk3}\n",
           n, name, disc);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, t, .4);
  double *rho = eddy_test_field(&s, NULL, "density", &m);
  *variation = *top = 0;
  for (int i = 0; i < n; ++i) {
    *top = fmax(*top, rho[i]);
    if (i)
      *variation += fabs(rho[i] - rho[i - 1]);
  }
  CK_PETSC(PetscFree(rho));
  eddy_test_solver_end(&s);
}

START_TEST(oscillations)
{
  /* variation of the exact density: left to star, star left to star right, star right to right [Toro2009, table 4.2] */
  static const struct {
    const char *name;
    double t, exact;
  } c[] = {{"sod", .2, 1 - .125},
           {"lax", .13, (.445 - .34527) + (1.30408 - .34527) + (1.30408 - .5)}};
  static const char *const scheme[] = {"reconstruction: weno5", "reconstruction: ppm",
                                       "reconstruction: muscl"};
  double excess[2][3][2];
  for (int q = 0; q < 2; ++q)
    for (int v = 0; v < 3; ++v)
      for (int k = 0; k < 2; ++k) {
        char disc[128];
        double variation, top;
        snprintf(disc, sizeof disc, "%s, variables: %s", scheme[v],
                 k ? "characteristic" : "primitive");
        Tube(c[q].name, disc, 200, c[q].t, &variation, &top);
        excess[q][v][k] = variation - c[q].exact;
        printf("%-4s %-56s variation beyond exact %+.4f, largest density %.4f\n", c[q].name, disc,
               variation - c[q].exact, top);
      }
  for (int q = 0; q < 2; ++q)
    ck_assert_msg(excess[q][0][1] < .5 * excess[q][0][0],
                  "%s, weno5: %g characteristic, %g "
                  "primitive",
                  c[q].name, excess[q][0][1], excess[q][0][0]);
}
END_TEST

/* A sound wave of amplitude 1e-6 after one period. */
START_TEST(order)
{
  static const struct {
    const char *disc;
    double slope, power;
    int n;
  } c[] = {{"reconstruction: weno5", 4.9, 5. / 3, 16},
           {"reconstruction: ppm", 3.9, 4. / 3, 16},
           {"reconstruction: muscl, limiter: none", 1.95, 1, 32}};
  for (int q = 0; q < 3; ++q) {
    double e[2] = {0, 0};
    for (int r = 0; r < 2; ++r) {
      char yaml[512];
      const int n = c[q].n << r;
      snprintf(yaml, sizeof yaml,
               "mesh: {n: [%d]}\nphysics: {type: euler, gamma: 1.6666666666666667}\ninitial: "
               "{type: linear_wave, amplitude: 1e-6}\ndisc: {type: fv, variables: characteristic, "
               "%s}\ntime: {type: ssprk3}\n",
               n, c[q].disc);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      double *start;
      CK_PETSC(PetscMalloc1(n, &start));
      memcpy(start, s.u, (size_t)n * sizeof *start);
      eddy_test_advance(&s, 1, (PetscInt64)ceil(40 * pow(n / 16., c[q].power)));
      for (int i = 0; i < n; ++i)
        e[r] += fabs(s.u[i] - start[i]) / n * 1e6;
      CK_PETSC(PetscFree(start));
      eddy_test_solver_end(&s);
    }
    printf("%-40s %.3e %.3e slope %.2f\n", c[q].disc, e[0], e[1], log2(e[0] / e[1]));
    ck_assert_msg(log2(e[0] / e[1]) >= c[q].slope, "%s: %g %g", c[q].disc, e[0], e[1]);
  }
}
END_TEST

START_TEST(diagonal_and_mirror)
{
  enum { M = 32 };
  PetscInt n;
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [32, 32]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: {type: "
      "outflow}, ymin: {type: outflow}, ymax: {type: outflow}}\ninitial: {type: riemann2d, "
      "configuration: 3}\ndisc: {variables: characteristic, reconstruction: weno5}\ntime: {type: "
      "ssprk3}\n",
      NULL);
  eddy_test_advance_cfl(&s, .2, .4);
  double *rho = eddy_test_field(&s, NULL, "density", &n);
  for (int j = 0; j < M; ++j)
    for (int i = 0; i < M; ++i)
      ck_assert_msg(rho[j * M + i] == rho[i * M + j], "cell (%d, %d)", i, j);
  CK_PETSC(PetscFree(rho));
  eddy_test_solver_end(&s);
  double *ref = NULL;
  for (int q = 0; q < 2; ++q) {
    char yaml[512];
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [50]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: "
             "{type: outflow}}\ninitial: {type: riemann1d%s}\ndisc: {variables: characteristic, "
             "reconstruction: ppm}\ntime: {type: ssprk3}\n",
             q ? ", left: [0.125, 0, 0.1], right: [1, 0, 1]" : "");
    s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance(&s, .2, 100);
    rho = eddy_test_field(&s, NULL, "density", &n);
    for (int i = 0; q && i < 50; ++i)
      ck_assert_msg(rho[i] == ref[49 - i], "mirror of cell %d", i);
    CK_PETSC(PetscFree(ref));
    ref = rho;
    eddy_test_solver_end(&s);
  }
  CK_PETSC(PetscFree(ref));
}
END_TEST

/* A lake with an island does not move; a dam breaks with fewer oscillations than in primitive variables. */
START_TEST(water)
{
  PetscInt n;
  double variation[2], top = 0;
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [30, 26]}\nphysics: {type: shallow_water, bathymetry: {type: gaussian, height: "
      "1.2, width: 0.15}}\nboundary: {xmin: {type: slip}, xmax: {type: outflow}}\ninitial: {type: "
      "lake, surface: 1}\ndisc: {variables: characteristic, reconstruction: weno5}\ntime: {type: "
      "ssprk3}\n",
      NULL);
  eddy_test_advance_cfl(&s, 2, .3);
  double *v = eddy_test_field(&s, NULL, "velocity", &n);
  for (PetscInt i = 0; i < n; ++i)
    top = fmax(top, fabs(v[i]));
  CK_PETSC(PetscFree(v));
  eddy_test_solver_end(&s);
  printf("lake with an island: largest speed %.1e\n", top);
  ck_assert_msg(top <= 1e-12, "largest speed %g", top);
  for (int q = 0; q < 2; ++q) {
    char yaml[512];
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [200], lower: [-1], upper: [1]}\nphysics: {type: shallow_water, g: "
             "1}\nboundary: {xmin: {type: outflow}, xmax: {type: outflow}}\ninitial: {type: "
             "dam_break, inside: 2, outside: 0.2, x0: 0}\ndisc: {variables: %s, reconstruction: "
             "weno5}\ntime: {type: ssprk3}\n",
             q ? "characteristic" : "primitive");
    s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .4, .4);
    double *h = eddy_test_field(&s, NULL, "depth", &n);
    variation[q] = -1.8;
    for (int i = 1; i < 200; ++i)
      variation[q] += fabs(h[i] - h[i - 1]);
    CK_PETSC(PetscFree(h));
    eddy_test_solver_end(&s);
  }
  printf("dam break, weno5: variation beyond exact %+.4f primitive, %+.4f characteristic\n",
         variation[0], variation[1]);
  ck_assert(variation[1] < variation[0]);
}
END_TEST

/* Limited waves do not bound the depth: a column of water falls onto a bed that is nearly dry. */
START_TEST(thin_water)
{
  static const char *const riemann[] = {"hllc", "hll", "rusanov"};
  for (int q = 0; q < 3; ++q) {
    char yaml[640];
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [31, 8], lower: [-1, 0], upper: [1, 0.5]}\nphysics: {type: shallow_water, "
             "manning: 0.02, bathymetry: {type: gaussian, height: 0.8, width: 0.2, centre: [0, "
             "0.25]}}\nboundary: {xmin: {type: slip}, xmax: {type: slip}}\ninitial: {type: lake, "
             "surface: 0.5, bell: 0.5, width: 0.1, centre: [0, 0.25]}\ndisc: {variables: "
             "characteristic, riemann: %s}\ntime: {type: ssprk3}\n",
             riemann[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    while (s.st.t < .2) {
      PetscReal rate;
      CK_PETSC(s.d->ops->Courant(s.d, &s.st, s.u, &rate));
      CK_PETSC(EddyStepperStep(s.s, &s.st, .35 / rate, s.u));
      ck_assert_msg(s.d->ops->Admissible(s.d, s.u), "%s: depth %g at t = %g", riemann[q],
                    eddy_test_diagnostic(&s, "min_depth"), (double)s.st.t);
    }
    eddy_test_solver_end(&s);
  }
}
END_TEST

EDDY_SUITE("fv_waves", oscillations, order, diagonal_and_mirror, water, thin_water)
