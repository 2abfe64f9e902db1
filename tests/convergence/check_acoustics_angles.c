/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Sound at an angle: what absorbing sides throw back, what an interface throws back and lets through. */
#include "solver.h"
#include <math.h>

/* A packet of plane waves runs against an open side at an angle; the pressure in the box when it should have left, over that of the start, is the reflection.
   Open sides let waves through that come straight on, and throw back (1 - cos a)/(1 + cos a) of others; a matched layer that power cos a of its reflection. */
static double angle;
static void Packet(const PetscReal x[3], PetscReal u[])
{
  const double ky = angle > 0 ? 8 * PETSC_PI : 0, k = angle > 0 ? ky / sin(angle) : 8 * PETSC_PI;
  const double s = (x[0] + 1.5) / .5;
  u[0] = exp(-.5 * s * s) * sin(k * cos(angle) * x[0] + ky * x[1]);
  u[1] = u[0] * cos(angle);
  u[2] = u[0] * sin(angle);
}
static double Rms(const double *p, int n)
{
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += p[i] * p[i] / n;
  return sqrt(sum);
}
START_TEST(absorbing_sides)
{
  static const double degrees[] = {0, 45, 70}, most[2][3] = {{1e-5, .15, .3}, {1e-6, 2e-4, 2e-3}};
  enum { NX = 250, NY = 10 };
  for (int q = 0; q < 3; ++q)
    for (int layer = 0; layer < 2; ++layer) {
      char yaml[768];
      angle = degrees[q] * PETSC_PI / 180;
      snprintf(
          yaml, sizeof yaml,
          "mesh: {n: [%d, %d], lower: [-4, 0], upper: [1, 0.25]}\nphysics: {type: "
          "acoustics%s}\nboundary: {xmin: {type: reflecting}, xmax: {type: outflow}}\ninitial: "
          "{type: zero}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
          NX, NY, layer ? ", absorb: {width: 0.4}" : "");
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Packet);
      const double before = Rms(s.u, NX * NY);
      eddy_test_advance_cfl(&s, 7.5 / cos(angle), .4);
      const double left = Rms(s.u, NX * NY) / before;
      printf("reflection at %2.0f degrees, %-25s %.1e\n", degrees[q],
             layer ? "matched layer of 20 cells" : "open side", left);
      ck_assert_msg(left <= most[layer][q], "%g degrees, layer %d: %g", degrees[q], layer, left);
      eddy_test_solver_end(&s);
    }
}
END_TEST

/* A pulse in two layers, one of which is crossed by the absorbing sides: the same inside as in a box so wide that nothing has come back yet. */
START_TEST(absorbing_corners)
{
  enum { N = 48 };
  double *p[3], top = 0, far[2] = {0, 0};
  for (int q = 0; q < 3; ++q) { /* wide; layers; open sides */
    char yaml[768];
    const int n = q ? N : 3 * N;
    PetscInt size;
    snprintf(
        yaml, sizeof yaml,
        "mesh: {n: [%d, %d], lower: [%d, %d], upper: [%d, %d]}\nphysics: {type: acoustics%s, "
        "medium: {type: layers, direction: y, interfaces: [0.6], values: [1, 1.5]}}\nboundary: "
        "{xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: {type: "
        "outflow}}\ninitial: {type: pulses, centre_x: [0.5], centre_y: [0.45], height: [1], "
        "width: [0.05]}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
        n, n, q ? 0 : -1, q ? 0 : -1, q ? 1 : 2, q ? 1 : 2,
        q == 1 ? ", absorb: {width: 0.25}" : "");
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .9, .4);
    p[q] = eddy_test_field(&s, NULL, "pressure", &size);
    eddy_test_solver_end(&s);
  }
  for (int j = N / 4; j < 3 * N / 4; ++j)
    for (int i = N / 4; i < 3 * N / 4; ++i) {
      const double exact = p[0][(N + j) * 3 * N + N + i];
      top = fmax(top, fabs(exact));
      for (int q = 0; q < 2; ++q)
        far[q] = fmax(far[q], fabs(p[1 + q][j * N + i] - exact));
    }
  printf(
      "pulse of height 1 in two layers, %.3f of it left: differs by %.1e with matched layers of 12 "
      "cells, %.1e with open sides\n",
      top, far[0], far[1]);
  ck_assert_msg(top > 1e-3 && far[0] <= 4e-4 && far[0] <= .05 * far[1], "%g %g of %g", far[0],
                far[1], top);
  for (int q = 0; q < 3; ++q)
    CK_PETSC(PetscFree(p[q]));
}
END_TEST

/* Snell's law. A packet of plane waves meets another medium at 30 degrees: its Fourier integral at the wave number that goes on, (k_x', k_y) with
   k_x'^2 + k_y^2 = (c k/c')^2, is that of the packet times T dk_x/dk_x', the one thrown back (-k_x, k_y) times R, with
   R = (Z' cos a - Z cos a')/(Z' cos a + Z cos a'), T = 1 + R. */
static const double slant = 30 * PETSC_PI / 180;
static void Slanted(const PetscReal x[3], PetscReal u[])
{
  const double ky = 2 * PETSC_PI, k = ky / sin(slant), s = (x[0] + 1.4) / .35;
  u[0] = exp(-.5 * s * s) * cos(k * cos(slant) * x[0] + ky * x[1]);
  u[1] = u[0] * cos(slant);
  u[2] = u[0] * sin(slant);
}
static double Part(const double *p, int nx, int ny, double kx, double ky, int from, int to)
{
  double re = 0, im = 0;
  for (int j = 0; j < ny; ++j)
    for (int i = from; i < to; ++i) {
      const double phase = kx * 6 * (i + .5) / nx + ky * (j + .5) / ny;
      re += p[j * nx + i] * cos(phase);
      im += p[j * nx + i] * sin(phase);
    }
  return hypot(re, im);
}
START_TEST(oblique_interface)
{
  /* density and sound speed beyond */
  static const double right[][2] = {{1, 1.5}, {.4, .7}, {6, 1.2}};
  enum { NX = 360, NY = 24 };
  const double ky = 2 * PETSC_PI, k = ky / sin(slant), kx = k * cos(slant);
  for (int q = 0; q < 3; ++q) {
    const double rho = right[q][0], c = right[q][1], on = sqrt(k * k / (c * c) - ky * ky),
                 cosine = on * c / k, Z = rho * c,
                 R = (Z * cos(slant) - cosine) / (Z * cos(slant) + cosine),
                 through = (1 + R) * c * cosine / cos(slant);
    char yaml[768];
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [%d, %d], lower: [-3, 0], upper: [3, 1]}\nphysics: {type: acoustics, "
             "medium: {type: layers, interfaces: [0], values: [1, %g], densities: [1, "
             "%g]}}\nboundary: {xmin: {type: outflow}, xmax: {type: outflow}}\ninitial: {type: "
             "zero}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
             NX, NY, c, rho);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Slanted);
    const double before = Part(s.u, NX, NY, kx, ky, 0, NX);
    eddy_test_advance_cfl(&s, 2.9, .5);
    const double r = Part(s.u, NX, NY, -kx, ky, 0, NX / 2) / before,
                 t = Part(s.u, NX, NY, on, ky, NX / 2, NX) / before;
    printf("30 degrees onto density %g, speed %g: goes on at %.1f degrees with %.4f of %.4f, back "
           "%.4f of %.4f\n",
           rho, c, 180 / PETSC_PI * acos(cosine), t, through, r, fabs(R));
    ck_assert_msg(fabs(t - through) <= .02 * through && fabs(r - fabs(R)) <= .01, "%g %g: %g %g",
                  rho, c, t, r);
    eddy_test_solver_end(&s);
  }
}
END_TEST

EDDY_SUITE("acoustics_angles", absorbing_sides, absorbing_corners, oblique_interface)
