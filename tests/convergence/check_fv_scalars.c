/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Scalar conservation laws by finite volumes in 1-D to 3-D against exact solutions: Burgers with viscosity, Buckley-Leverett's shock and rarefaction. */
#include "solver.h"
#include <math.h>
#include <string.h>

/* Mean |u - average of the exact solution|, by the midpoint rule on m points per direction, over the cells that are at least `margin` cells inside. */
static double Error(const Solver *s, int n, int m, int margin)
{
  const EddyBox *box = &s->p->box;
  const int dim = (int)box->dim, ny = dim > 1 ? n : 1, nz = dim > 2 ? n : 1;
  const int points = dim == 1 ? m : dim == 2 ? m * m : m * m * m;
  double sum = 0;
  long cells = 0;
  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = margin; i < n - margin; ++i) {
        if (dim > 1 && (j < margin || j >= n - margin))
          continue;
        const int cell[3] = {i, j, k};
        double mean = 0;
        for (int q = 0; q < points; ++q) {
          const int at[3] = {q % m, q / m % m, q / m / m};
          PetscReal x[3] = {0}, v;
          for (int d = 0; d < dim; ++d)
            x[d] = box->lower[d] + EddyBoxLength(box, d) * (cell[d] + (at[d] + .5) / m) / n;
          s->p->ops->Exact(s->p->ctx, x, s->st.t, &v);
          mean += v / points;
        }
        sum += fabs(s->u[(k * ny + j) * n + i] - mean);
        ++cells;
      }
  return sum / (double)cells;
}

static void Mesh(int dim, int n, const char *rest, char *yaml, size_t size)
{
  char cells[64] = "";
  for (int d = 0; d < dim; ++d)
    snprintf(cells + strlen(cells), sizeof cells - strlen(cells), "%s%d", d ? ", " : "", n);
  snprintf(yaml, size, "mesh: {n: [%s]%s", cells, rest);
}

/* An oblique wave that steepens; the last case turns the direction of the flux against the wave. */
START_TEST(burgers)
{
  static const struct {
    int dim, n;
    const char *rest;
  } cases[] = {
      {1, 64, "}\nphysics: {type: burgers, nu: 3e-2}\n"},
      {2, 32, ", upper: [1, 1.5]}\nphysics: {type: burgers, nu: 6e-2}\n"},
      {2, 32, ", upper: [1, 1]}\nphysics: {type: burgers, nu: 6e-2, direction: [1, -0.3]}\n"},
      {3, 12, ", upper: [1, 1, 1]}\nphysics: {type: burgers, nu: 0.1, direction: [0.5, 1, 0.2]}\n"},
  };
  for (size_t q = 0; q < sizeof cases / sizeof *cases; ++q) {
    double e[2];
    for (int i = 0; i < 2; ++i) {
      char yaml[512];
      const int n = cases[q].n << i;
      Mesh(cases[q].dim, n, cases[q].rest, yaml, sizeof yaml);
      strcat(yaml,
             "initial: {type: exact}\ndisc: {type: fv, limiter: none}\ntime: {type: ssprk2}\n");
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      eddy_test_advance_cfl(&s, .1, .4);
      e[i] = Error(&s, n, cases[q].dim > 1 ? 2 : 4, 0);
      eddy_test_solver_end(&s);
    }
    printf("burgers %d-D %.3e %.3e slope %.2f\n", cases[q].dim, e[0], e[1], log2(e[0] / e[1]));
    ck_assert_msg(log2(e[0] / e[1]) >= 1.8 && e[1] <= 3e-3, "case %d: %g %g", (int)q, e[0], e[1]);
  }
}
END_TEST

/* Spectral and finite-volume Burgers in two dimensions, the first exact in space. */
START_TEST(burgers_spectral)
{
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [48, 48]}\nphysics: {type: burgers, nu: 3e-2, direction: [1, 0.5]}\ninitial: "
      "{type: exact}\ntime: {type: etdrk4}\n",
      NULL);
  PetscInt n;
  double top = 0;
  eddy_test_advance(&s, .2, 200);
  double *u = eddy_test_field(&s, NULL, "u", &n);
  for (int i = 0; i < 48 * 48; ++i) {
    const PetscReal x[3] = {i % 48 / 48., i / 48 / 48., 0};
    PetscReal v;
    s.p->ops->Exact(s.p->ctx, x, .2, &v);
    top = fmax(top, fabs(v - u[i]));
  }
  printf("burgers 2-D spectral: largest error %.3e\n", top);
  ck_assert_msg(top <= 2e-4, "error %g", top);
  CK_PETSC(PetscFree(u));
  eddy_test_solver_end(&s);
}
END_TEST

/* Shock, foot and rarefaction: first order in the mean norm, for every solver and reconstruction, and oblique in two dimensions. A scheme that lets
   through a shock that breaks the entropy condition ends far away. */
START_TEST(buckley_leverett)
{
  static const char *const disc[] = {"reconstruction: constant", "limiter: mc",
                                     "reconstruction: weno5", "limiter: mc, riemann: rusanov"};
  static const double slope[] = {.65, .8, .6, .8};
  const char *rest =
      "}\nphysics: {type: buckley_leverett, mobility: 0.5, exact_position: 0.2}\nboundary: {xmin: "
      "{type: dirichlet, saturation: 1}, xmax: {type: outflow}}\ninitial: {type: exact}\n";
  for (int q = 0; q < 4; ++q) {
    double e[3];
    for (int i = 0; i < 3; ++i) {
      char yaml[512];
      const int n = 100 << i;
      Mesh(1, n, rest, yaml, sizeof yaml);
      snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml),
               "disc: {type: fv, %s}\ntime: {type: ssprk3}\n", disc[q]);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      eddy_test_advance_cfl(&s, .35, .4);
      e[i] = Error(&s, n, 16, 0);
      for (int c = 0; c < n; ++c)
        ck_assert_msg(q == 2 || (s.u[c] >= -1e-12 && s.u[c] <= 1 + 1e-12),
                      "%s: saturation %g in cell %d", disc[q], s.u[c], c);
      eddy_test_solver_end(&s);
    }
    printf("buckley_leverett %-32s %.3e %.3e %.3e slope %.2f\n", disc[q], e[0], e[1], e[2],
           log2(e[0] / e[2]) / 2);
    ck_assert_msg(log2(e[0] / e[2]) / 2 >= slope[q] && e[2] <= (q ? 2e-3 : 8e-3), "%s: %g %g %g",
                  disc[q], e[0], e[1], e[2]);
  }
}
END_TEST

START_TEST(buckley_leverett_oblique)
{
  const char *rest =
      ", upper: [1, 1]}\nphysics: {type: buckley_leverett, velocity: [0.8, 0.6], "
      "exact_position: 0.7}\nboundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: "
      "outflow}, ymax: {type: outflow}}\ninitial: {type: exact}\ndisc: {type: fv}\ntime: {type: "
      "ssprk2}\n";
  double e[2];
  for (int i = 0; i < 2; ++i) {
    char yaml[512];
    const int n = 64 << i;
    Mesh(2, n, rest, yaml, sizeof yaml);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .1, .4);
    e[i] = Error(&s, n, 4, n / 4);
    eddy_test_solver_end(&s);
  }
  printf("buckley_leverett 2-D %.3e %.3e slope %.2f\n", e[0], e[1], log2(e[0] / e[1]));
  ck_assert_msg(log2(e[0] / e[1]) >= .65 && e[1] <= 4e-3, "%g %g", e[0], e[1]);
}
END_TEST

/* ---- advection by velocity fields ---- */

/* A uniform state stays uniform: the faces of a cell let in what they let out. */
START_TEST(uniform_in_a_flow)
{
  static const char *const cases[] = {
      "mesh: {n: [30, 22], upper: [1, 1.3]}\nphysics: {type: advection, flow: swirl, flow_period: "
      "1}",
      "mesh: {n: [30, 22], upper: [1, 1]}\nphysics: {type: advection, flow: rotation}\nboundary: "
      "{xmin: "
      "{type: outflow}, xmax: {type: outflow}, ymin: {type: dirichlet, u: 1.7}, ymax: {type: "
      "outflow}}",
      "mesh: {type: wavy, n: [30, 22], upper: [1, 1], amplitude: [0.08, 0.05]}\nphysics: {type: "
      "advection, flow: swirl}",
      "mesh: {n: [12, 9, 10], upper: [1, 1.2, 1.1]}\nphysics: {type: advection, flow: swirl}",
      "mesh: {type: wavy, n: [12, 9, 10], upper: [1, 1, 1]}\nphysics: {type: advection, flow: "
      "swirl}"};
  for (size_t q = 0; q < sizeof cases / sizeof *cases; ++q) {
    char yaml[768];
    double top = 0;
    snprintf(yaml, sizeof yaml,
             "%s\ninitial: {type: uniform, u: 1.7}\ndisc: {type: fv, reconstruction: weno5}\ntime: "
             "{type: ssprk3}\n",
             cases[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .3, .4);
    const size_t cells = (size_t)(s.p->box.n[0] * s.p->box.n[1] * s.p->box.n[2]);
    for (size_t i = 0; i < cells; ++i)
      top = fmax(top, fabs(s.u[i] - 1.7));
    printf("uniform state in a flow, case %d: largest change %.1e\n", (int)q, top);
    ck_assert_msg(top <= 1e-13, "case %d: %g", (int)q, top);
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* A bell after one turn, or in a swirl that runs back, against itself. */
START_TEST(bell_comes_back)
{
  static const struct {
    const char *mesh, *flow, *start, *disc;
    int n;
    double end, slope, error;
  } cases[] = {
      {"n: [%d, %d], upper: [1, 1]", "flow: rotation",
       "height: [1], width: [0.08], centre_x: [0.5], centre_y: [0.72]", "limiter: none", 48, 1, 1.8,
       .05},
      {"n: [%d, %d], upper: [1, 1]", "flow: rotation",
       "height: [1], width: [0.08], centre_x: [0.5], centre_y: [0.72]", "reconstruction: weno5", 32,
       1, 3, 4e-3},
      {"n: [%d, %d], upper: [1, 1]", "flow: swirl, flow_period: 1",
       "height: [1], width: [0.1], centre_x: [0.3], centre_y: [0.35]", "limiter: none", 48, 1, 1.8,
       6e-3},
      {"n: [%d, %d], upper: [1, 1]",
       "flow: swirl, flow_period: 1, flow_reversal: switch, flow_amplitude: 1.5",
       "height: [1], width: [0.1], centre_x: [0.3], centre_y: [0.35]", "reconstruction: ppm", 48, 1,
       1.8, .025},
      {"type: wavy, n: [%d, %d], upper: [1, 1]", "flow: swirl, flow_period: 1",
       "height: [1], width: [0.1], centre_x: [0.3], centre_y: [0.35]", "limiter: none", 48, 1, 1.8,
       8e-3},
      {"n: [%d, %d, %d], upper: [1, 1, 1]", "flow: swirl, flow_period: 0.5",
       "height: [1], width: [0.12], centre_x: [0.4], centre_y: [0.4], centre_z: [0.4]",
       "limiter: none", 16, .5, 1.8, .02},
  };
  for (size_t q = 0; q < sizeof cases / sizeof *cases; ++q) {
    double e[2] = {0, 0};
    for (int i = 0; i < 2; ++i) {
      char yaml[768], mesh[128];
      const int n = cases[q].n << i;
      snprintf(mesh, sizeof mesh, cases[q].mesh, n, n, n);
      snprintf(yaml, sizeof yaml,
               "mesh: {%s}\nphysics: {type: advection, %s}\ninitial: {type: pulses, %s}\ndisc: "
               "{%s}\ntime: {type: ssprk3}\n",
               mesh, cases[q].flow, cases[q].start, cases[q].disc);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      const size_t cells = (size_t)(s.p->box.n[0] * s.p->box.n[1] * s.p->box.n[2]);
      double *start, size = 0;
      CK_PETSC(PetscMalloc1(cells, &start));
      memcpy(start, s.u, cells * sizeof *start);
      eddy_test_advance_cfl(&s, cases[q].end, .4);
      for (size_t k = 0; k < cells; ++k) {
        e[i] += fabs(s.u[k] - start[k]);
        size += fabs(start[k]);
      }
      e[i] /= size;
      CK_PETSC(PetscFree(start));
      eddy_test_solver_end(&s);
    }
    printf("bell, %-60s %-22s %.3e %.3e slope %.2f\n", cases[q].flow, cases[q].disc, e[0], e[1],
           log2(e[0] / e[1]));
    ck_assert_msg(log2(e[0] / e[1]) >= cases[q].slope && e[1] <= cases[q].error, "case %d: %g %g",
                  (int)q, e[0], e[1]);
  }
}
END_TEST

/* A slotted disc after one turn: no new extrema beyond a percent, half of it still there. */
static void Slotted(const PetscReal x[3], PetscReal u[])
{
  const double X = x[0] - .5, Y = x[1] - .72;
  u[0] = X * X + Y * Y < .15 * .15 && !(fabs(X) < .03 && Y < .06) ? 1 : 0;
}
START_TEST(slotted_disc)
{
  double e[2] = {0, 0};
  for (int i = 0; i < 2; ++i) {
    char yaml[512];
    const int n = 64 << i;
    double least = 1, most = 0;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [%d, %d], upper: [1, 1]}\nphysics: {type: advection, flow: "
             "rotation}\ninitial: {type: zero}\ndisc: {limiter: mc}\ntime: {type: ssprk2}\n",
             n, n);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Slotted);
    double *start, sum = 0;
    CK_PETSC(PetscMalloc1(n * n, &start));
    memcpy(start, s.u, (size_t)(n * n) * sizeof *start);
    eddy_test_advance_cfl(&s, 1, .4);
    for (int k = 0; k < n * n; ++k) {
      e[i] += fabs(s.u[k] - start[k]);
      sum += start[k];
      least = fmin(least, s.u[k]);
      most = fmax(most, s.u[k]);
    }
    e[i] /= sum;
    printf("slotted disc on %d^2: error %.3f, from %.2e to 1 %+.2e\n", n, e[i], least, most - 1);
    ck_assert_msg(least >= -.01 && most <= 1.01, "%g %g", least, most);
    CK_PETSC(PetscFree(start));
    eddy_test_solver_end(&s);
  }
  ck_assert_msg(e[1] < .75 * e[0] && e[1] <= .36, "%g %g", e[0], e[1]);
}
END_TEST

EDDY_SUITE("fv_scalars", burgers, burgers_spectral, buckley_leverett, buckley_leverett_oblique,
           uniform_in_a_flow, bell_comes_back, slotted_disc)
