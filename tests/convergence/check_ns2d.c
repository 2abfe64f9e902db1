/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow; ranks 1 3 */
/* Two-dimensional Navier-Stokes: Taylor-Green to 1e-12, inviscid invariants to 1e-10, energy budget with each forcing, order of each stepper,
   one seed one flow at every resolution, tracer and flow independent of each other's presence. */
#include "solver.h"
#include <math.h>
#include <string.h>

static void TaylorGreen(const PetscReal x[3], PetscReal u[]) { u[0] = 2 * sin(x[0]) * sin(x[1]); }

START_TEST(test_taylor_green)
{
  static const char *const rules[] = {"two_thirds", "three_halves", "none"};
  for (int r = 0; r < 3; ++r) {
    char yaml[512];
    PetscInt n;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: box, n: [48, 40], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 0.01, "
             "drag: 0.1}\ndisc: {dealias: %s}\n",
             rules[r]);
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, TaylorGreen);
    eddy_test_advance(&s, 10, 10000);
    double *w = eddy_test_field(&s, NULL, "vorticity", &n), error = 0;
    for (PetscInt j = 0; j < 40; ++j)
      for (PetscInt i = 0; i < 48; ++i)
        error = fmax(error, fabs(w[48 * j + i] - 2 * sin(2 * PETSC_PI * i / 48) *
                                                     sin(2 * PETSC_PI * j / 40) *
                                                     exp(-(0.02 + 0.1) * 10)));
    const double relative = error / (2 * exp(-1.2));
    ck_assert_msg(relative < 1e-12, "%s: relative error %g", rules[r], relative);
    ck_assert_msg(fabs(eddy_test_diagnostic(&s, "energy") / (.25 * exp(-2.4)) - 1) < 1e-12,
                  "energy of %s", rules[r]);
    CK_PETSC(PetscFree(w));
    eddy_test_solver_end(&s);
  }
}
END_TEST

START_TEST(test_invariants)
{
  Solver s = eddy_test_solver(PETSC_COMM_WORLD,
                              "mesh: {type: box, n: [64, 64], upper: [2pi, 2pi]}\nphysics: {type: "
                              "ns2d, nu: 0}\ninitial: {type: mcwilliams}\n",
                              NULL);
  const double e0 = eddy_test_diagnostic(&s, "energy"), z0 = eddy_test_diagnostic(&s, "enstrophy");
  /* ten turnovers at the initial enstrophy */
  const double t = 10 / sqrt(2 * z0);
  eddy_test_advance(&s, t, 4000);
  const double e = eddy_test_diagnostic(&s, "energy") / e0 - 1,
               z = eddy_test_diagnostic(&s, "enstrophy") / z0 - 1;
  ck_assert_msg(fabs(e) < 1e-10 && fabs(z) < 1e-10, "drift of energy %g, enstrophy %g", e, z);
  eddy_test_solver_end(&s);
}
END_TEST

/* dE/dt = injection - dissipation for N(u) + L u + f as the solver computes them: instantaneous budget to round-off, from the right-hand side itself. */
START_TEST(test_budget)
{
  static const char *const forcings[] = {"type: kolmogorov, k: 4", "type: smarl, k: 4",
                                         "type: fno"};
  for (int i = 0; i < 3; ++i) {
    char yaml[1024];
    PetscInt n, m;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: box, n: [64, 48], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 1e-2, "
             "drag: 0.1, hyper_nu: 1e-6, beta: 3, forcing: {list: [f], f: {%s}}}\ninitial: {type: "
             "filtered_noise}\n",
             forcings[i]);
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
    eddy_test_advance(&s, 0.2, 40);
    double *f, sum = 0, *psi = eddy_test_field(&s, NULL, "stream_function", &n);
    CK_PETSC(EddyDiscCreateState(s.d, &f));
    CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, f, NULL, NULL));
    const double dissipation = eddy_test_diagnostic(&s, "dissipation"),
                 injection = eddy_test_diagnostic(&s, "injection");
    double *u = s.u;
    s.u = f;
    double *tendency = eddy_test_field(&s, NULL, "vorticity", &m);
    s.u = u;
    for (PetscInt x = 0; x < n; ++x)
      sum += psi[x] * tendency[x] / n; /* <psi N> + <psi f> = 0 + injection */
    ck_assert_msg(fabs(sum - injection) < 1e-12 * (fabs(injection) + dissipation),
                  "%s: <psi (N + f)> %.17g, injection %.17g", forcings[i], sum, injection);
    ck_assert(dissipation > 0 && fabs(injection) > 0);
    CK_PETSC(PetscFree(psi));
    CK_PETSC(PetscFree(tendency));
    CK_PETSC(EddyDiscDestroyState(&f));
    /* and over time: E(t) - E(0) against the trapezoidal integral of injection - dissipation, second order in the interval */
    double gap[2];
    for (int k = 0; k < 2; ++k) {
      Solver r = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
      const int steps = 20 << k;
      const double e0 = eddy_test_diagnostic(&r, "energy");
      double integral = 0,
             last = eddy_test_diagnostic(&r, "injection") - eddy_test_diagnostic(&r, "dissipation");
      for (int q = 0; q < steps; ++q) {
        eddy_test_advance(&r, r.st.t + .1 / steps, 1);
        const double now =
            eddy_test_diagnostic(&r, "injection") - eddy_test_diagnostic(&r, "dissipation");
        integral += .5 * (last + now) * .1 / steps;
        last = now;
      }
      gap[k] = fabs(eddy_test_diagnostic(&r, "energy") - e0 - integral) / e0;
      eddy_test_solver_end(&r);
    }
    ck_assert_msg(gap[1] < 1e-5 && gap[1] < gap[0] / 3.5, "%s: budget over time %g, %g",
                  forcings[i], gap[0], gap[1]);
    eddy_test_solver_end(&s);
  }
}
END_TEST

static const struct {
  const char *type;
  double order, bound;
} steppers[] = {{"etdrk4", 4, 1e-9}, {"etdrk2", 2, 1e-5}, {"cnrk4", 2, 1e-5},
                {"ab2cn", 2, 1e-4},  {"ssprk3", 3, 1e-7}, {"ts", 3, 1e-7}};

START_TEST(test_orders)
{
  const char *const yaml =
      "mesh: {type: box, n: [32, 32], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 0.02, beta: "
      "2}\ninitial: {type: filtered_noise, peak: 3, max_speed: 2}\ntime: {type: %s}\n";
  char text[512];
  PetscInt n;
  snprintf(text, sizeof text, yaml, "etdrk4");
  Solver fine = eddy_test_solver(PETSC_COMM_WORLD, text, NULL);
  eddy_test_advance(&fine, .5, 3200);
  double *w = eddy_test_field(&fine, NULL, "vorticity", &n), scale = 0;
  for (PetscInt x = 0; x < n; ++x)
    scale = fmax(scale, fabs(w[x]));
  eddy_test_solver_end(&fine);
  for (size_t i = 0; i < sizeof steppers / sizeof *steppers; ++i) {
    double h[3], e[3];
    for (int k = 0; k < 3; ++k) {
      const int steps = 200 << k;
      snprintf(text, sizeof text, yaml, steppers[i].type);
      Solver s = eddy_test_solver(PETSC_COMM_WORLD, text, NULL);
      eddy_test_advance(&s, .5, steps);
      double *v = eddy_test_field(&s, NULL, "vorticity", &n);
      h[k] = .5 / steps;
      e[k] = 0;
      for (PetscInt x = 0; x < n; ++x)
        e[k] = fmax(e[k], fabs(v[x] - w[x]) / scale);
      CK_PETSC(PetscFree(v));
      eddy_test_solver_end(&s);
    }
    const double order = eddy_test_order(3, h, e);
    ck_assert_msg(fabs(order - steppers[i].order) < .2 && e[2] < steppers[i].bound,
                  "%s: order %.3f, errors %g %g %g", steppers[i].type, order, e[0], e[1], e[2]);
  }
  CK_PETSC(PetscFree(w));
}
END_TEST

START_TEST(test_one_seed_one_flow)
{
  static const char *const types[] = {"filtered_noise", "mcwilliams", "grf"};
  for (int i = 0; i < 3; ++i) {
    double *field[2];
    PetscInt n;
    const EddyFilter coarse = {.kind = EDDY_FILTER_SHARP, .n = {32, 32, 1}};
    for (int k = 0; k < 2; ++k) {
      char yaml[512];
      snprintf(yaml, sizeof yaml,
               "mesh: {type: box, n: [%d, %d], upper: [2pi, 2pi]}\nphysics: {type: ns2d}\ninitial: "
               "{type: %s}\n",
               48 << k, 40 << k, types[i]);
      Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
      field[k] = eddy_test_field(&s, &coarse, "vorticity", &n);
      eddy_test_solver_end(&s);
    }
    ck_assert_msg(!memcmp(field[0], field[1], (size_t)n * sizeof(double)),
                  "%s differs between resolutions", types[i]);
    for (int k = 0; k < 2; ++k)
      CK_PETSC(PetscFree(field[k]));
  }
}
END_TEST

/* The flow has the same bits with and without a tracer; a tracer that starts as the vorticity and has its diffusivity stays the vorticity. */
static void TwoFields(const PetscReal x[3], PetscReal u[])
{
  u[0] = u[1] = sin(x[0]) * cos(2 * x[1]) + .3 * cos(3 * x[0] + x[1]);
}
START_TEST(test_tracer)
{
  const char *const yaml =
      "mesh: {type: box, n: [32, 24], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 0.01%s}\n";
  char text[512];
  PetscInt n;
  double *w[2], *c = NULL, error = 0;
  for (int k = 0; k < 2; ++k) {
    snprintf(text, sizeof text, yaml, k ? ", tracers: [dye]" : "");
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, text, TwoFields);
    eddy_test_advance(&s, 1, 200);
    w[k] = eddy_test_field(&s, NULL, "vorticity", &n);
    if (k)
      c = eddy_test_field(&s, NULL, "dye", &n);
    eddy_test_solver_end(&s);
  }
  ck_assert(!memcmp(w[0], w[1], (size_t)n * sizeof(double)));
  for (PetscInt x = 0; x < n; ++x)
    error = fmax(error, fabs(c[x] - w[1][x]));
  ck_assert_msg(error < 1e-12, "tracer differs from the vorticity by %g", error);
  CK_PETSC(PetscFree(c));
  for (int k = 0; k < 2; ++k)
    CK_PETSC(PetscFree(w[k]));
}
END_TEST

EDDY_SUITE("ns2d", test_taylor_green, test_invariants, test_budget, test_orders,
           test_one_seed_one_flow, test_tracer)
