/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Order of accuracy of finite volumes: small waves of every family, a vortex, Burgers with viscosity, advection; slope and error, in space and time. */
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mean |component - averages of the start at time t| over the amplitude. */
static double Distance(const Solver *s, const double *now, const double *then, size_t n,
                       double scale)
{
  double sum = 0;
  for (size_t i = 0; i < n; ++i)
    sum += fabs(now[i] - then[i]) / (double)n;
  return sum / scale;
}

/* Error of the density (or transverse momentum) after one period of a wave with speed `speed` through n cells, over the amplitude. */
static double Wave(const char *disc, const char *time, const char *wave, double flow,
                   const char *extra, int n, int dim, double speed, double cfl_power, int comp)
{
  char yaml[1024];
  const double amplitude = 1e-6;
  if (dim == 1)
    snprintf(yaml, sizeof yaml, "mesh: {n: [%d]}\n", n);
  else if (dim == 2)
    snprintf(yaml, sizeof yaml, "mesh: {n: [%d, %d], upper: [1, 1]}\n", n, n);
  else
    snprintf(yaml, sizeof yaml, "mesh: {n: [%d, %d, %d], upper: [1, 1, 1]}\n", n, n, n);
  const size_t used = strlen(yaml);
  snprintf(yaml + used, sizeof yaml - used,
           "physics: {type: euler, gamma: 1.6666666666666667}\ninitial: {type: linear_wave, "
           "amplitude: %g, wave: %s, flow: %g%s}\ndisc: {type: fv, %s}\ntime: {type: %s}\n",
           amplitude, wave, flow, extra, disc, time);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  const size_t cells = (size_t)(dim == 1 ? n : dim == 2 ? n * n : n * n * n);
  double *start;
  CK_PETSC(PetscMalloc1(s.d->size, &start));
  memcpy(start, s.u, s.d->size * sizeof *start);
  /* dt such that the error in time is of the order of that in space */
  const double period = 1 / fabs(speed) / sqrt(dim);
  const PetscInt64 steps =
      (PetscInt64)ceil(period * dim * (fabs(flow) + 1) * 16 / .4 * pow(n / 16., cfl_power));
  eddy_test_advance(&s, period, steps);
  const double e =
      Distance(&s, s.u + (size_t)comp * cells, start + (size_t)comp * cells, cells, amplitude);
  CK_PETSC(PetscFree(start));
  eddy_test_solver_end(&s);
  return e;
}

typedef struct {
  const char *disc, *time;
  double cfl_power, slope,
      error; /* least slope over the last pair of grids, largest error on the finest */
  int n;     /* coarsest of three grids */
} Scheme;
/* MC cuts the extrema of a sine: its slope is gated 0.3 lower, on the vortex it has the full order. */
static const Scheme schemes[] = {
    {"reconstruction: muscl, limiter: none", "ssprk2", 1, 1.95, 2e-3, 32},
    {"reconstruction: muscl, limiter: mc", "ssprk2", 1, 1.65, 4e-3, 32},
    {"reconstruction: ppm", "ssprk3", 4. / 3, 3.9, 2e-4, 16},
    {"reconstruction: weno5", "ssprk3", 5. / 3, 4.9, 5e-5,
     8}, /* finer: the square of the amplitude */
};

START_TEST(waves)
{
  static const struct {
    const char *name;
    double flow, speed;
  } family[] = {{"sound_right", 0, 1}, {"sound_left", 0, 1}, {"entropy", 1, 1}};
  for (size_t q = 0; q < sizeof schemes / sizeof *schemes; ++q)
    for (int f = 0; f < 3; ++f) {
      const Scheme *c = &schemes[q];
      double e[3];
      for (int i = 0; i < 3; ++i)
        e[i] = Wave(c->disc, c->time, family[f].name, family[f].flow, "", c->n << i, 1,
                    family[f].speed, c->cfl_power, 0);
      const double slope = log2(e[1] / e[2]);
      printf("%-38s %-12s %.3e %.3e %.3e slope %.3f\n", c->disc, family[f].name, e[0], e[1], e[2],
             slope);
      ck_assert_msg(slope >= c->slope && e[2] <= c->error, "%s, %s: errors %g %g %g, slope %g",
                    c->disc, family[f].name, e[0], e[1], e[2], slope);
    }
}
END_TEST

/* Waves to the left and to the right have equal errors, bit by bit. */
START_TEST(left_and_right)
{
  for (size_t q = 0; q < sizeof schemes / sizeof *schemes; ++q) {
    const double r = Wave(schemes[q].disc, schemes[q].time, "sound_right", 0, "", 32, 1, 1, 1, 0),
                 l = Wave(schemes[q].disc, schemes[q].time, "sound_left", 0, ", k: [-1]", 32, 1, 1,
                          1, 0);
    printf("%-38s right %.17g left %.17g\n", schemes[q].disc, r, l);
    ck_assert_msg(l == r, "%s: %g %g", schemes[q].disc, l, r);
  }
}
END_TEST

/* Oblique in two and three dimensions, every family; reconstruction along the axes keeps the order for small waves. */
START_TEST(oblique)
{
  static const struct {
    const char *name;
    double flow, speed;
    int comp;
  } family[] = {{"sound_right", 0, 1, 0}, {"entropy", 1, 1, 0}, {"shear", 1, 1, 1}};
  static const char *const k[] = {", k: [1, 1]", ", k: [1, 1, 1]"};
  for (size_t q = 0; q < sizeof schemes / sizeof *schemes; ++q)
    for (int f = 0; f < 6; ++f) {
      const Scheme *c = &schemes[q];
      const int dim = 2 + f / 3, n = dim < 3 ? c->n : 8;
      double e[2];
      if (dim > 2 && (q == 1 || q == 2)) /* limited ones need more cells than a test can pay for */
        continue;
      for (int i = 0; i < 2; ++i)
        e[i] = Wave(c->disc, c->time, family[f % 3].name, family[f % 3].flow, k[dim - 2], n << i,
                    dim, family[f % 3].speed, c->cfl_power, family[f % 3].comp);
      const double slope = log2(e[0] / e[1]);
      printf("%-38s %d-D %-12s %.3e %.3e slope %.3f\n", c->disc, dim, family[f % 3].name, e[0],
             e[1], slope);
      ck_assert_msg(slope >= c->slope - (dim < 3 ? .05 : .1), "%s, oblique %d-D %s: %g %g", c->disc,
                    dim, family[f % 3].name, e[0], e[1]);
    }
}
END_TEST

/* The vortex moves by (t, t): the start with another centre is the exact solution. Second order in more than one dimension, where fluxes are taken at
   the middle of faces. */
START_TEST(vortex)
{
  static const char *const disc[] = {"reconstruction: muscl, limiter: none",
                                     "reconstruction: muscl, limiter: mc", "reconstruction: ppm",
                                     "reconstruction: weno5"};
  for (int q = 0; q < 4; ++q) {
    double e[3];
    for (int i = 0; i < 3; ++i) {
      char yaml[512];
      const int n = 32 << i;
      const char *text =
          "mesh: {n: [%d, %d], lower: [-5, -5], upper: [5, 5]}\nphysics: {type: euler}\ninitial: "
          "{type: isentropic_vortex, centre: [%d, %d]}\ndisc: {%s}\ntime: {type: ssprk3}\n";
      snprintf(yaml, sizeof yaml, text, n, n, 1, 1, disc[q]);
      Solver exact = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      snprintf(yaml, sizeof yaml, text, n, n, 0, 0, disc[q]);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      eddy_test_advance_cfl(&s, 1, .4);
      e[i] = Distance(&s, s.u, exact.u, (size_t)(n * n), 1);
      eddy_test_solver_end(&s);
      eddy_test_solver_end(&exact);
    }
    printf("vortex %-38s %.3e %.3e %.3e slope %.3f\n", disc[q], e[0], e[1], e[2],
           log2(e[1] / e[2]));
    ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= 2e-4, "%s: vortex %g %g %g", disc[q], e[0],
                  e[1], e[2]);
  }
}
END_TEST

/* Scalars with diffusion against exact solutions, in the engine that has no linear term: every stepper. */
START_TEST(scalars)
{
  static const char *const text[] = {
      "mesh: {n: [%d]}\nphysics: {type: burgers, nu: 2e-2}\ninitial: {type: exact}\ndisc: {type: "
      "fv, limiter: none}\ntime: {type: %s}\n",
      "mesh: {n: [%d]}\nphysics: {type: advection, velocity: 0.7, kappa: 5e-3}\ninitial: {type: "
      "exact}\ndisc: {type: fv, limiter: none}\ntime: {type: %s}\n"};
  static const char *const steppers[] = {"ssprk2", "ssprk3", "etdrk4", "etdrk2",
                                         "cnrk4",  "ab2cn",  "ts"};
  for (int q = 0; q < 2; ++q)
    for (int k = 0; k < 7; ++k) {
      double e[2];
      for (int i = 0; i < 2; ++i) {
        char yaml[512];
        const int n = 128 << i;
        snprintf(yaml, sizeof yaml, text[q], n, steppers[k]);
        Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
        eddy_test_advance(&s, .25, 1024 << (2 * i));
        e[i] = 0;
        for (int c = 0; c < n; ++c) {
          /* average by Simpson's rule */
          double mean = 0;
          for (int g = 0; g < 3; ++g) {
            const PetscReal x[3] = {(c + .5 * g) / n, 0, 0};
            PetscReal v;
            s.p->ops->Exact(s.p->ctx, x, .25, &v);
            mean += (g == 1 ? 4 : 1) * v / 6;
          }
          e[i] += fabs(s.u[c] - mean) / n;
        }
        eddy_test_solver_end(&s);
      }
      printf("%-10s %-8s %.3e %.3e slope %.3f\n", q ? "advection" : "burgers", steppers[k], e[0],
             e[1], log2(e[0] / e[1]));
      ck_assert_msg(log2(e[0] / e[1]) >= 1.9 && e[1] <= 1e-3, "%s, %s: %g %g",
                    q ? "advection" : "burgers", steppers[k], e[0], e[1]);
    }
}
END_TEST

/* Both engines solve one physics file: Burgers on 256 points and cells. */
START_TEST(both_engines)
{
  static const char *const disc[] = {"type: spectral", "type: fv, reconstruction: weno5"};
  double mean[2][256], top = 0;
  for (int q = 0; q < 2; ++q) {
    char yaml[512];
    PetscInt n;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [256]}\nphysics: {type: burgers, nu: 2e-2}\ninitial: {type: "
             "sine_series}\ndisc: {%s}\ntime: {type: ssprk3}\n",
             disc[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance(&s, .1, 1600);
    double *u = eddy_test_field(&s, NULL, "u", &n);
    for (int i = 0; i < 256; ++i) {
      /* averages over [i, i + 1] h of the spectral values: their trapezoid with the next correction */
      const double a = u[i], b = u[(i + 1) % 256], l = u[(i + 255) % 256], r = u[(i + 2) % 256];
      mean[q][i] = q ? u[i] : .5 * (a + b) - (l - a - b + r) / 24;
    }
    CK_PETSC(PetscFree(u));
    eddy_test_solver_end(&s);
  }
  double size = 0;
  for (int i = 0; i < 256; ++i) {
    top = fmax(top, fabs(mean[0][i] - mean[1][i]));
    size = fmax(size, fabs(mean[0][i]));
  }
  printf("engines differ by %.3e of %.3e\n", top, size);
  ck_assert_msg(size > .1 && top <= 1e-3 * size, "engines differ by %g of %g", top, size);
}
END_TEST

EDDY_SUITE("fv_order", waves, left_and_right, oblique, vortex, scalars, both_engines)
