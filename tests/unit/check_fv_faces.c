/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Boundary conditions of finite volumes: ghost values by rule, patches, exact solutions of pistons, inflows in time, diffusion between faces, waves that
   leave. */
#include "fv.h"
#include "solver.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static double *Ghost(Solver *s, PetscInt c, PetscInt i, PetscInt j)
{
  EddyFv *v = EddyFvGet(s->d);
  return v->w + EddyFvWork(v, c, i, j, 0);
}

/* Primitive state a + b x + c y of 16 x 8 cells in [0, 2] x [0, 1], ghosts at time t. */
static Solver Linear(const char *boundary, double t)
{
  char yaml[1536];
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [16, 8], upper: [2, 1]}\nphysics: {type: euler}\nboundary: %s\ninitial: "
           "{type: linear_wave, amplitude: 0, k: [1, 1]}\ntime: {type: ssprk2, dt: 1, end: 2}\n",
           boundary);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  for (int j = 0; j < 8; ++j)
    for (int i = 0; i < 16; ++i) {
      const double x = (i + .5) / 8, y = (j + .5) / 8;
      const PetscReal w[4] = {1 + .1 * x, .3 + .2 * x + .1 * y, -.2 + .1 * y, 2 + .5 * x};
      PetscReal u[4];
      s.p->ops->ToCons(s.p->ctx, w, u);
      for (int c = 0; c < 4; ++c)
        s.u[c * 128 + j * 16 + i] = u[c];
    }
  s.st.t = t;
  CK_PETSC(EddyFvPrimitive(s.d, &s.st, s.u));
  return s;
}

static void Near(Solver *s, PetscInt c, PetscInt i, PetscInt j, double expected, const char *what)
{
  const double v = *Ghost(s, c, i, j);
  ck_assert_msg(fabs(v - expected) <= 1e-13, "%s: field %d of cell (%d, %d) is %.16g, not %.16g",
                what, (int)c, (int)i, (int)j, v, expected);
}

START_TEST(rules)
{
  Solver s = Linear("{xmin: {type: mixed, density: {dirichlet: 2}, velocity_x: {neumann: -0.2}, "
                    "velocity_y: {robin: [1, 0.5, 3]}, pressure: 4}, xmax: {type: outflow, "
                    "pressure: 0.7, temperature: {neumann: 0}}, ymin: {type: no_slip, velocity: "
                    "[0.5, 0.25], temperature: {dirichlet: 2}}, ymax: {type: slip, velocity: [9, "
                    "0.5]}}",
                    0);
  for (int m = 1; m <= 3; ++m) {
    const double in = *Ghost(&s, 2, m - 1, 2), across = (2 * m - 1) / 8.;
    Near(&s, 0, -m, 2, 4 - *Ghost(&s, 0, m - 1, 2), "dirichlet");
    /* the outward derivative of a linear field: the line goes on */
    Near(&s, 1, -m, 2, .3 + .2 * (.5 - m) / 8 + .1 * 2.5 / 8, "neumann");
    const double out = *Ghost(&s, 2, -m, 2);
    ck_assert_double_eq_tol(.5 * (in + out) + .5 * (out - in) / across, 3, 1e-13);
    Near(&s, 3, -m, 2, 4, "beyond");
    Near(&s, 3, 15 + m, 5, .7, "pressure of the outflow");
    /* zero slope of the temperature at the given pressure */
    Near(&s, 0, 15 + m, 5, .7 * *Ghost(&s, 0, 16 - m, 5) / *Ghost(&s, 3, 16 - m, 5),
         "temperature of the outflow");
    Near(&s, 1, 15 + m, 5, *Ghost(&s, 1, 15, 5), "velocity of the outflow");
    for (int e = 0; e < 2; ++e)
      Near(&s, 1 + e, 4, -m, (e ? .5 : 1) - *Ghost(&s, 1 + e, 4, m - 1), "no slip");
    Near(&s, 3, 4, -m, *Ghost(&s, 3, 4, m - 1), "pressure at a wall");
    const double inside = *Ghost(&s, 3, 4, m - 1) / *Ghost(&s, 0, 4, m - 1);
    ck_assert_double_eq_tol(*Ghost(&s, 3, 4, -m) / *Ghost(&s, 0, 4, -m), 4 - inside, 1e-13);
    Near(&s, 1, 4, 7 + m, *Ghost(&s, 1, 4, 8 - m), "slip along the wall");
    Near(&s, 2, 4, 7 + m, 1 - *Ghost(&s, 2, 4, 8 - m), "slip across the wall");
  }
  eddy_test_solver_end(&s);
}
END_TEST

/* Two patches over a face, one of which moves; inflow defaults. */
START_TEST(patches)
{
  static const char boundary[] =
      "{xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: slip, list: [hole, jet], hole: "
      "{type: outflow, from: 0.5, to: 1}, jet: {type: inflow, from: 0.9, to: 1.2, density: 3, "
      "velocity_y: 5, pressure: 6}}, ymax: {type: inflow, density: 2, velocity: [1, -1], pressure: "
      "3, list: [ahead], ahead: {type: dirichlet, density: 4, velocity_x: 0, velocity_y: 0, "
      "pressure: 7, from: 0.25, speed: 0.5}}}";
  for (int late = 0; late < 2; ++late) {
    Solver s = Linear(boundary, late);
    for (int i = 0; i < 16; ++i) {
      const double x = (i + .5) / 8;
      const int jet = x >= .9 && x < 1.2, hole = x >= .5 && x < 1;
      for (int m = 1; m <= 3; ++m) {
        Near(&s, 0, i, -m, jet ? 3 : *Ghost(&s, 0, i, hole ? 0 : m - 1), "density below");
        Near(&s, 1, i, -m, jet ? 0 : *Ghost(&s, 1, i, hole ? 0 : m - 1), "velocity_x below");
        Near(&s, 2, i, -m,
             jet    ? 5
             : hole ? *Ghost(&s, 2, i, 0)
                    : -*Ghost(&s, 2, i, m - 1),
             "velocity_y below");
        Near(&s, 3, i, 7 + m, x >= .25 + .5 * late ? 7 : 3, "moving patch");
      }
    }
    /* corners on request: x first, then y on the widened range */
    const PetscInt lo[3] = {-3, 0, 0}, hi[3] = {19, 8, 1};
    EddyFvFillDirection(s.d, late, 1, lo, hi, EddyFvGet(s.d)->w);
    Near(&s, 0, -2, -3, *Ghost(&s, 0, -2, 2), "corner");
    Near(&s, 3, 17, 9, 7, "corner");
    Near(&s, 3, -1, 9, 3, "corner");
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* A piston of speed V drives a shock into gas at rest: pressure and density behind it by Rankine and Hugoniot; drawn back, a simple wave. */
START_TEST(piston)
{
  static const char *const type[] = {"slip", "no_slip"};
  const double g = 1.4, c = sqrt(g);
  for (int q = 0; q < 4; ++q) {
    const double V = q < 2 ? 1 : -.5;
    char yaml[512];
    PetscInt n;
    snprintf(
        yaml, sizeof yaml,
        "mesh: {n: [200]}\nphysics: {type: euler}\nboundary: {xmin: {type: %s, velocity: "
        "[%g]}, xmax: {type: outflow}}\ninitial: {type: riemann1d, left: [1, 0, 1], right: [1, "
        "0, 1]}\ntime: {type: ssprk2}\n",
        type[q % 2], V);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .3, .4);
    double *rho = eddy_test_field(&s, NULL, "density", &n),
           *p = eddy_test_field(&s, NULL, "pressure", &n);
    const double m = .25 * (g + 1) * V / c + sqrt(1 + pow(.25 * (g + 1) * V / c, 2));
    const double ps =
        V > 0 ? 1 + 2 * g / (g + 1) * (m * m - 1) : pow(1 + .5 * (g - 1) * V / c, 2 * g / (g - 1));
    const double rs = V > 0 ? (g + 1) * m * m / ((g - 1) * m * m + 2) : pow(ps, 1 / g);
    const int at = V > 0 ? 80 : 8; /* between the particle at the piston and the wave */
    printf("piston %s %g: pressure %.5f, exact %.5f; density %.5f, exact %.5f\n", type[q % 2], V,
           p[at], ps, rho[at], rs);
    ck_assert_msg(fabs(p[at] - ps) <= 2e-3 * ps && fabs(rho[at] - rs) <= 1e-2 * rs,
                  "piston %g: pressure %g, exact %g; density %g, exact %g", V, p[at], ps, rho[at],
                  rs);
    CK_PETSC(PetscFree(rho));
    CK_PETSC(PetscFree(p));
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* Values in time through an inlet: u(x, t) = f(t - x) for advection with speed 1, f linear between the lines of the table. */
START_TEST(table)
{
  const char *folder = eddy_test_folder(PETSC_COMM_SELF);
  char path[1024], yaml[2048];
  snprintf(path, sizeof path, "%s/wave.csv", folder);
  FILE *f = fopen(path, "w");
  ck_assert(f != NULL);
  fputs("# time, value\nt, u\n0, 0\n0.25, 0.5\n\n0.5, 0.25\n1.0, 1.25\n", f);
  fclose(f);
  double error[2];
  for (int r = 0; r < 2; ++r) {
    const int n = 100 << r;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [%d]}\nphysics: {type: advection, velocity: 1}\nboundary: {xmin: {type: "
             "inflow, table: {path: %s}}, xmax: {type: outflow}}\ninitial: {type: zero}\ndisc: "
             "{type: fv}\ntime: {type: ssprk3, dt: 1, end: 1}\n",
             n, path);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .9, .4);
    error[r] = 0;
    for (int i = 0; i < n; ++i) {
      const double t = .9 - (i + .5) / n;
      const double exact = t < 0 ? 0 : t < .25 ? 2 * t : t < .5 ? .75 - t : .25 + 2 * (t - .5);
      error[r] += fabs(s.u[i] - exact) / n;
    }
    eddy_test_solver_end(&s);
  }
  printf("inflow by a table: error %.3e %.3e\n", error[0], error[1]);
  ck_assert_msg(error[1] <= 1e-3 && error[1] <= .5 * error[0], "errors %g %g", error[0], error[1]);
}
END_TEST

/* Steady advection and diffusion between faces: u = A + B exp(a x / kappa) by every pair of kinds, second order. */
START_TEST(diffusion)
{
  static const char *const pair[] = {
      "{xmin: {type: mixed, u: {dirichlet: 1}}, xmax: {type: mixed, u: {dirichlet: 2}}}",
      "{xmin: {type: mixed, u: {dirichlet: 1}}, xmax: {type: mixed, u: {neumann: 0.5}}}",
      "{xmin: {type: mixed, u: {robin: [1, 0.5, 1]}}, xmax: {type: mixed, u: {robin: [2, 1, 3]}}}"};
  for (int q = 0; q < 3; ++q) {
    /* rows: u and outward du/dn of A + B e^x at 0 and 1 */
    const double e = exp(1);
    const double m[3][2][3] = {
        {{1, 1, 1}, {1, e, 2}}, {{1, 1, 1}, {0, e, .5}}, {{1, 1 - .5, 1}, {2, 2 * e + e, 3}}};
    const double det = m[q][0][0] * m[q][1][1] - m[q][0][1] * m[q][1][0];
    const double A = (m[q][0][2] * m[q][1][1] - m[q][0][1] * m[q][1][2]) / det,
                 B = (m[q][0][0] * m[q][1][2] - m[q][0][2] * m[q][1][0]) / det;
    double error[2];
    for (int r = 0; r < 2; ++r) {
      char yaml[768];
      const int n = 12 << r;
      snprintf(yaml, sizeof yaml,
               "mesh: {n: [%d]}\nphysics: {type: advection, velocity: 1, kappa: 1}\nboundary: "
               "%s\ninitial: {type: zero}\ndisc: {type: fv, limiter: none}\ntime: {type: ssprk2}\n",
               n, pair[q]);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      eddy_test_advance(&s, 12, (PetscInt64)(12 * 3 * n * n));
      error[r] = 0;
      for (int i = 0; i < n; ++i) {
        const double mean = A + B * n * (exp((i + 1.) / n) - exp((double)i / n));
        error[r] = fmax(error[r], fabs(s.u[i] - mean));
      }
      eddy_test_solver_end(&s);
    }
    printf("%-90s %.3e %.3e slope %.2f\n", pair[q], error[0], error[1], log2(error[0] / error[1]));
    ck_assert_msg(error[1] <= 5e-3 && log2(error[0] / error[1]) >= 1.7, "%s: errors %g %g", pair[q],
                  error[0], error[1]);
  }
}
END_TEST

/* Largest pressure or depth left over when a pulse has gone, over the amplitude it came with. */
static double Reflected(const char *physics, const char *face, const char *field, double level,
                        double size, double flow, double c, double *drift)
{
  char yaml[1024];
  const int n = 200;
  const double amplitude = size;
  PetscInt count;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d], upper: [2]}\nphysics: {type: %s}\nboundary: {xmin: %s, xmax: "
           "%s}\ninitial: {type: %s}\ndisc: {type: fv}\ntime: {type: ssprk3}\n",
           n, physics, face, face, !strcmp(field, "pressure") ? "riemann1d" : "lake, surface: 1");
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  for (int i = 0; i < n; ++i) {
    const double x = (i + .5) / 100 - 1, bump = amplitude * exp(-50 * x * x);
    PetscReal w[4] = {1, flow, level + bump, 0}, u[4];
    if (strcmp(field, "pressure")) {
      w[0] = level + bump;
      w[2] = w[0];
    } else
      w[0] = pow(w[2] / level, 1 / 1.4);
    s.p->ops->ToCons(s.p->ctx, w, u);
    for (int q = 0; q < s.p->ncomp; ++q)
      s.u[q * n + i] = u[q];
  }
  eddy_test_advance_cfl(&s, 2.4 / c,
                        .4); /* both halves have crossed their face, what comes back is inside */
  double *v = eddy_test_field(&s, NULL, field, &count), top = 0, mean = 0;
  for (int i = 0; i < n; ++i) {
    top = fmax(top, fabs(v[i] - level) / amplitude);
    mean += (v[i] - level) / n / amplitude;
  }
  *drift = mean;
  CK_PETSC(PetscFree(v));
  eddy_test_solver_end(&s);
  return top;
}

START_TEST(leaving_waves)
{
  static const struct {
    const char *physics, *field, *far, *fixed;
    double level, size, flow, c;
  } c[] = {
      {"euler", "pressure", "density: 1, velocity_x: 0.3, pressure: 1", "pressure: 1", 1, 1e-3, .3,
       .88},
      {"euler", "pressure", "density: 1, velocity_x: 0.3, pressure: 1", "pressure: 1", 1, .3, .3,
       .88},
      {"shallow_water, g: 1", "depth", "surface: 1, velocity_x: 0.2", "surface: 1", 1, 1e-3, .2,
       .8},
      {"shallow_water, g: 1", "depth", "surface: 1, velocity_x: 0.2", "surface: 1", 1, .2, .2, .8},
  };
  for (size_t q = 0; q < sizeof c / sizeof *c; ++q) {
    double r[4], drift[4];
    for (int v = 0; v < 4; ++v) {
      char face[256];
      snprintf(face, sizeof face, "{type: %s%s%s}", v < 2 ? "characteristic" : "outflow",
               v == 2 ? "" : ", ",
               v == 0   ? c[q].far
               : v == 2 ? ""
                        : c[q].fixed);
      r[v] = Reflected(c[q].physics, face, c[q].field, c[q].level, c[q].size, c[q].flow, c[q].c,
                       &drift[v]);
    }
    printf("%-20s amplitude %-6g left over: characteristic %.2e (mean %.1e), with the %s only %.2e "
           "(%.1e), zero gradient %.2e (%.1e), fixed %s %.2e (%.1e)\n",
           c[q].physics, c[q].size, r[0], drift[0], c[q].fixed, r[1], drift[1], r[2], drift[2],
           c[q].fixed, r[3], drift[3]);
    ck_assert_msg(r[0] <= (c[q].size < .01 ? 2e-4 : 2e-3) && r[1] <= .03 && r[3] >= .3,
                  "%s: %g comes back from a characteristic face, %g with the %s only, %g from a "
                  "fixed one",
                  c[q].physics, r[0], r[1], c[q].fixed, r[3]);
  }
}
END_TEST

/* A box at the wrong pressure: a zero-gradient face keeps it for ever, a characteristic one brings the far field within a few crossings, a relaxing one slowly. */
START_TEST(far_field)
{
  static const char *const face[] = {
      "{type: outflow}", "{type: characteristic, density: 1, velocity_x: 0, pressure: 1}",
      "{type: characteristic, pressure: 1}"};
  double p[3];
  for (int q = 0; q < 3; ++q) {
    char yaml[512];
    PetscInt n;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [64]}\nphysics: {type: euler}\nboundary: {xmin: %s, xmax: %s}\ninitial: "
             "{type: riemann1d, left: [1, 0, 1.2], right: [1, 0, 1.2]}\ntime: {type: ssprk2}\n",
             face[q], face[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, 3, .4);
    double *v = eddy_test_field(&s, NULL, "pressure", &n);
    p[q] = v[32] - 1;
    CK_PETSC(PetscFree(v));
    eddy_test_solver_end(&s);
  }
  printf(
      "pressure off by 0.2, after 3 crossings: zero gradient %.2e, characteristic %.2e, pressure "
      "only %.2e\n",
      p[0], p[1], p[2]);
  ck_assert(fabs(p[0] - .2) < 1e-12 && fabs(p[1]) < 1e-4 && p[2] < .15 && p[2] > 0);
}
END_TEST

EDDY_SUITE("fv_faces", rules, patches, piston, table, diffusion, leaving_waves, far_field)
