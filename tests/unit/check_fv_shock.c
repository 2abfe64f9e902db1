/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* disc_shock_switch: odd-even decoupling along a Mach 6 shock in a duct [Quirk1994] grows without it and stays away with it; contacts, shear layers and
   smooth flow keep their bits. */
#include "solver.h"
#include <math.h>
#include <string.h>

enum { NX = 200, NY = 20 };

/* A shock at x = 20 into gas at rest; along the middle of the duct the density alternates by 1e-6 from column to column. */
static void Duct(const PetscReal x[3], PetscReal u[])
{
  const double M = 6, g = 1.4, c = 1;
  const double p = 1 + 2 * g / (g + 1) * (M * M - 1),
               rho = 1.4 * (g + 1) * M * M / ((g - 1) * M * M + 2),
               v = 2 / (g + 1) * (M - 1 / M) * c;
  const int left = x[0] < 20, i = (int)x[0], j = (int)x[1];
  const double noise = j == NY / 2 ? (i % 2 ? 1e-6 : -1e-6) : 0;
  const double r = (left ? rho : 1.4) * (1 + noise), w = left ? v : 0, q = left ? p : 1;
  u[0] = r;
  u[1] = r * w;
  u[2] = 0;
  u[3] = q / (g - 1) + .5 * r * w * w;
}

/* Largest velocity across the duct, over the sound speed ahead, at t. */
static double Across(const char *disc, double t)
{
  char yaml[512];
  PetscInt n;
  double top = 0;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d, %d], upper: [%d, %d]}\nphysics: {type: euler}\nboundary: {xmin: {type: "
           "outflow}, xmax: {type: outflow}, ymin: {type: slip}, ymax: {type: slip}}\ndisc: {type: "
           "fv, %s}\ntime: {type: ssprk2}\n",
           NX, NY, NX, NY, disc);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Duct);
  eddy_test_advance_cfl(&s, t, .4);
  double *v = eddy_test_field(&s, NULL, "velocity", &n);
  for (int i = 0; i < NX * NY; ++i)
    top = fmax(top, fabs(v[NX * NY + i]));
  CK_PETSC(PetscFree(v));
  eddy_test_solver_end(&s);
  return top;
}

START_TEST(odd_even)
{
  static const char *const scheme[] = {"reconstruction: constant", "reconstruction: muscl",
                                       "reconstruction: weno5", "riemann: roe"};
  for (int q = 0; q < 4; ++q) {
    double v[3];
    char disc[128];
    for (int k = 0; k < 2; ++k) {
      snprintf(disc, sizeof disc, "%s, shock_switch: %s", scheme[q], k ? "true" : "false");
      v[k] = Across(disc, 28);
    }
    printf("%-26s velocity across the duct: %.2e without, %.2e with the switch\n", scheme[q], v[0],
           v[1]);
    ck_assert_msg(v[0] >= 1e-4 && v[1] <= 1e-6, "%s: %g without, %g with the switch", scheme[q],
                  v[0], v[1]);
  }
}
END_TEST

/* A contact and a shear layer at rest, with density 1 : 1000 and Mach 5 : -5 at one pressure. */
static void Layer(const PetscReal x[3], PetscReal u[])
{
  const int top = x[1] >= .5;
  u[0] = top ? 1 : 1000;
  u[1] = u[0] * (top ? 5 : -5);
  u[2] = 0;
  u[3] = 1 / .4 + 12.5 * u[0];
}

START_TEST(sharp_elsewhere)
{
  static const char *const start[] = {"", "initial: {type: isentropic_vortex}\n",
                                      "initial: {type: linear_wave, amplitude: 0.1, k: [1, 2]}\n"};
  for (int q = 0; q < 3; ++q) {
    double *state[2];
    PetscInt n = 0;
    for (int k = 0; k < 2; ++k) {
      char yaml[512];
      snprintf(yaml, sizeof yaml,
               "mesh: {n: [24, 24], lower: [%d, %d], upper: [%d, %d]}\nphysics: {type: euler}\n%s"
               "disc: {type: fv, shock_switch: %s}\ntime: {type: ssprk2}\n",
               q == 1 ? -5 : 0, q == 1 ? -5 : 0, q == 1 ? 5 : 1, q == 1 ? 5 : 1, start[q],
               k ? "true" : "false");
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, q ? NULL : Layer);
      eddy_test_advance_cfl(&s, .1, .4);
      state[k] = eddy_test_field(&s, NULL, "density", &n);
      eddy_test_solver_end(&s);
    }
    ck_assert_msg(!memcmp(state[0], state[1], (size_t)n * sizeof(double)), "case %d changes", q);
    if (!q)
      ck_assert(fabs(state[1][11 * 24] - 1000) < 1e-9 && fabs(state[1][12 * 24] - 1) < 1e-12);
    CK_PETSC(PetscFree(state[0]));
    CK_PETSC(PetscFree(state[1]));
  }
}
END_TEST

EDDY_SUITE("fv_shock", odd_even, sharp_elsewhere)
