/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Random starts of a gas: means and ranges as their pages say, divergence, the same function on every grid; smooth shear layers. */
#include "solver.h"
#include <math.h>

static Solver Make(const char *mesh, const char *initial)
{
  char yaml[512];
  snprintf(
      yaml, sizeof yaml,
      "mesh: %s\nphysics: {type: euler, gamma: 1.6666666666666667}\ninitial: {%s}\ndisc: {type: "
      "fv}\ntime: {type: ssprk2}\n",
      mesh, initial);
  return eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
}

START_TEST(waves)
{
  static const struct {
    const char *mesh;
    int n, dim;
  } grid[] = {{"{n: [64, 64], upper: [1, 1]}", 64, 2},
              {"{n: [24, 24, 24], upper: [1, 1, 1]}", 24, 3}};
  for (int g = 0; g < 2; ++g) {
    const int dim = grid[g].dim, n = grid[g].n, cells = dim > 2 ? n * n * n : n * n;
    Solver s =
        Make(grid[g].mesh, "type: gas_waves, mach: 0.3, density: [2, 2], temperature: [3, 3], "
                           "perturbation: [0.1, 0.1], p_window: 0");
    double speed = 0, rho = 0, p = 0, off[2] = {0, 0};
    for (int c = 0; c < cells; ++c) {
      double v2 = 0;
      for (int d = 0; d < dim; ++d)
        v2 += pow(s.u[(1 + d) * cells + c] / s.u[c], 2);
      const double pressure = 2. / 3 * (s.u[(1 + dim) * cells + c] - .5 * s.u[c] * v2);
      speed += sqrt(v2) / cells;
      rho += s.u[c] / cells;
      p += pressure / cells;
      off[0] += fabs(s.u[c] / 2 - 1) / cells;
      off[1] += fabs(pressure / 6 - 1) / cells;
    }
    printf("%d-D: speed %.4f of %.4f, density %.4f, pressure %.4f, disturbed by %.4f %.4f\n", dim,
           speed, .3 * sqrt(5.), rho, p, off[0], off[1]);
    ck_assert_double_eq_tol(speed, .3 * sqrt(5.), .01);
    ck_assert_double_eq_tol(rho, 2, 1e-12); /* a whole number of waves */
    ck_assert_double_eq_tol(p, 6, 1e-9);
    ck_assert_double_eq_tol(off[0], .1, .005);
    ck_assert_double_eq_tol(off[1], .1, .005);
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* Divergence by central differences of the velocity, which for wave number k is k sin(k h)/(k h): small against its gradient. */
START_TEST(turbulent)
{
  enum { N = 128, M = N * N };
  Solver s = Make("{n: [128, 128], upper: [1, 1]}", "type: gas_waves, mach: 0.5, turbulent: true"),
         half =
             Make("{n: [384, 384], upper: [1, 1]}", "type: gas_waves, mach: 0.5, turbulent: true");
  double div = 0, shear = 0, speed = 0;
  for (int j = 0; j < N; ++j)
    for (int i = 0; i < N; ++i) {
      const int e = j * N + (i + 1) % N, w = j * N + (i + N - 1) % N, no = (j + 1) % N * N + i,
                so = (j + N - 1) % N * N + i;
      const double *u = s.u + M, *v = s.u + 2 * M;
      div += pow(u[e] - u[w] + v[no] - v[so], 2);
      shear += pow(u[no] - u[so], 2) + pow(v[e] - v[w], 2);
      speed += hypot(u[j * N + i], v[j * N + i]) / M;
      ck_assert_double_eq(s.u[j * N + i], 1);
      /* the centre of a cell is the centre of the middle one of nine */
      ck_assert_double_eq_tol(u[j * N + i], half.u[9 * M + (3 * j + 1) * 3 * N + 3 * i + 1], 1e-12);
    }
  printf("turbulent: divergence %.2e of the gradient, mean speed %.4f\n", sqrt(div / shear), speed);
  ck_assert_msg(div <= 1e-4 * shear, "divergence %g of %g", sqrt(div), sqrt(shear));
  ck_assert_double_eq_tol(speed, 1, .005);
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&half);
}
END_TEST

/* Outside of a window the gas is uniform and at rest; kinds in one dimension stay in their ranges. */
START_TEST(windows_and_lines)
{
  Solver s = Make("{n: [64, 64], upper: [1, 1]}", "type: gas_waves, p_window: 1");
  enum { M = 64 * 64, L = 512 };
  double most = 0;
  ck_assert_double_eq_tol(s.u[0], s.u[63], 1e-6);
  ck_assert_double_eq_tol(s.u[0], s.u[M - 1], 1e-6);
  ck_assert(fabs(s.u[M]) <= 1e-6);
  for (int c = 0; c < M; ++c)
    most = fmax(most, fabs(s.u[M + c]));
  ck_assert(most > 1e-3);
  eddy_test_solver_end(&s);

  for (int kind = 0; kind < 2; ++kind) {
    Solver line = Make("{n: [512], lower: [-1], upper: [1]}",
                       kind ? "type: gas_sines, kind: jumps" : "type: gas_sines");
    int jumps = 0;
    double lo[2] = {1e30, 1e30}, hi[2] = {0, 0};
    for (int i = 0; i < L; ++i) {
      const double rho = line.u[i],
                   p = 2. / 3 * (line.u[2 * L + i] - .5 * line.u[L + i] * line.u[L + i] / rho);
      lo[0] = fmin(lo[0], rho), hi[0] = fmax(hi[0], rho);
      lo[1] = fmin(lo[1], p), hi[1] = fmax(hi[1], p);
      jumps += i && rho != line.u[i - 1];
    }
    printf("kind %d: density %.3f to %.3f, pressure %.3f to %.3f, %d changes of density\n", kind,
           lo[0], hi[0], lo[1], hi[1], jumps);
    ck_assert(kind ? jumps == 1 : jumps > L / 2);
    ck_assert(lo[0] >= .99 && lo[1] >= 9.9 && hi[0] > lo[0] && hi[1] > lo[1]);
    ck_assert(hi[0] <= (kind ? 10.01 : 20.01) && hi[1] <= (kind ? 100.1 : 200.1));
    eddy_test_solver_end(&line);
  }
}
END_TEST

START_TEST(shear)
{
  enum { NX = 16, NY = 64, M = NX * NY };
  Solver s =
      eddy_test_solver(PETSC_COMM_SELF,
                       "mesh: {n: [16, 64], upper: [1, 2]}\nphysics: {type: "
                       "compressible_navier_stokes, mu: 2e-5, scalars: [dye]}\ninitial: {type: "
                       "smooth_shear, jump: 1}\ntime: {type: ssprk2}\n",
                       NULL);
  const int mid = NY / 2 * NX, low = 0;
  ck_assert_double_eq_tol(s.u[mid], 2, 1e-6);
  ck_assert_double_eq_tol(s.u[low], 1, 1e-6);
  ck_assert_double_eq_tol(s.u[M + mid] / s.u[mid], 1, 1e-6);
  ck_assert_double_eq_tol(s.u[M + low] / s.u[low], -1, 1e-6);
  ck_assert_double_eq_tol(s.u[4 * M + mid], 0, 1e-6);
  ck_assert_double_eq_tol(s.u[4 * M + low], 1, 1e-6);
  eddy_test_solver_end(&s);
}
END_TEST

/* As the program of PDEBench draws: sums keep constants, so that lines have a mean; windows are 0.45 wide, on a line in its right half; membranes stand where
   the value right of them says. */
START_TEST(program)
{
  enum { L = 1024 };
  double mean[2] = {0, 0}, period = 0, top = 0;
  for (int k = 0; k < 3; ++k) {
    char yaml[512];
    snprintf(
        yaml, sizeof yaml,
        "mesh: {n: [%d]}\nphysics: {type: advection}\ninitial: {type: random_waves, k_max: %d, "
        "p_abs: 0, p_window: 0, program: %s}\ndisc: {type: fv}\ntime: {type: ssprk2}\n",
        L, k < 2 ? 4 : 1, k ? "true" : "false");
    Solver line = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    for (int i = 0; i < L; ++i) {
      mean[k > 0] += k < 2 ? line.u[i] / L : 0;
      top = fmax(top, k < 2 ? 0 : fabs(line.u[i]));
      period = fmax(period, k < 2 ? 0 : fabs(line.u[i] - line.u[(i + L / 2) % L]));
    }
    eddy_test_solver_end(&line);
  }
  printf("mean of a profile %.1e, with its constants %.2f\n", mean[0], mean[1]);
  ck_assert(fabs(mean[0]) <= 1e-12 && fabs(mean[1]) > .1 && fabs(mean[1]) <= 3);
  /* out of one, the same sine is drawn twice: two waves */
  ck_assert_msg(period <= 1e-12 && top > .01, "%g of %g", period, top);

  Solver s =
      Make("{n: [1024], lower: [-1], upper: [1]}", "type: gas_sines, kind: jumps, program: true");
  int at = 0;
  for (int i = 1; i < L; ++i)
    if (s.u[i] != s.u[i - 1])
      at = i;
  const double right = log(s.u[L - 1]) / log(10); /* of 1 to 10 */
  ck_assert_double_eq_tol(at / (double)L, .25 + .5 * right, 2. / L);
  eddy_test_solver_end(&s);
  s = Make("{n: [512, 512], upper: [1, 1]}", "type: gas_waves, p_window: 1, program: true");
  int wide = 0;
  double most = 0;
  for (int i = 0; i < 512; ++i)
    most = fmax(most, fabs(s.u[(512 + 256) * 512 + i]));
  for (int i = 0; i < 512; ++i)
    wide += fabs(s.u[(512 + 256) * 512 + i]) > 1e-3 * most;
  printf("window %.3f wide, edges of 0.01\n", wide / 512.);
  ck_assert(wide > .44 * 512 && wide < .56 * 512);
  eddy_test_solver_end(&s);
}
END_TEST

/* Single flows: what their page says, at places that tell. */
START_TEST(single_flows)
{
  enum { N = 40, M = N * N };
  const double gamma = 5. / 3;
  Solver s = Make("{n: [40, 40], upper: [1, 1]}",
                  "type: one_layer, ratio: 3, mach: 0.5, waves: 1, displacement: 0.25");
  const int peak = N / 4, trough = 3 * N / 4,
            mid = N / 2 + 4; /* the line is at 3/4 and 1/4 there */
  ck_assert_double_eq_tol(s.u[mid * N + peak], 1.5, 1e-14);
  ck_assert_double_eq_tol(s.u[mid * N + trough], .5, 1e-14);
  ck_assert_double_eq_tol(s.u[M + mid * N + peak], -1.5, 1e-14);
  ck_assert_double_eq_tol(s.u[M + mid * N + trough], .5, 1e-14);
  ck_assert_double_eq_tol(s.u[3 * M] - .5 * 1.5, 1 / (gamma * .25 * (gamma - 1)), 1e-12);
  eddy_test_solver_end(&s);
  s = Make("{n: [40, 40], upper: [1, 1]}", "type: orszag_tang");
  for (int c = 0; c < M; ++c) {
    const int turned = M - 1 - c;
    ck_assert_double_eq_tol(s.u[c], gamma * gamma, 1e-14);
    ck_assert_double_eq_tol(s.u[M + c], -s.u[M + turned], 1e-12);
    ck_assert_double_eq_tol(s.u[2 * M + c], -s.u[2 * M + turned], 1e-12);
  }
  ck_assert(s.u[M] < 0 && s.u[2 * M] > 0);
  eddy_test_solver_end(&s);
  s = Make("{n: [40, 40], upper: [2, 2]}", "type: blast, radius: 0.3, pressure: [7, 2]");
  double energy = 0;
  for (int c = 0; c < M; ++c)
    energy += s.u[3 * M + c] * (gamma - 1) * 4 / M;
  ck_assert_double_eq_tol(energy, 2 * 4 + 5 * PETSC_PI * .09, .05);
  eddy_test_solver_end(&s);
  s = Make("{n: [40, 40], upper: [1, 1]}", "type: riemann2d, northwest: [0.5, 1, 2, 3]");
  ck_assert_double_eq_tol(s.u[30 * N + 10], .5, 1e-15);
  ck_assert_double_eq_tol(s.u[2 * M + 30 * N + 10], 1, 1e-15);
  ck_assert_double_eq_tol(s.u[30 * N + 30], 1.5, 1e-15); /* configuration 3 */
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("gas_starts", waves, turbulent, windows_and_lines, shear, program, single_flows)
