/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Diffusion and viscous terms on mapped grids: linear functions, heat in a ring, flow between rotating cylinders, Couette flow on wavy cells, manufactured solutions where diffusion
   rules, sums, walls in parts. */
#include "solver.h"
#include <math.h>
#include <string.h>

/* A state at points, given to the engine as averages over its cells. */
typedef void (*At)(const void *ctx, const PetscReal x[3], PetscReal u[]);
typedef struct {
  At at;
  const void *ctx;
} Given;
static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Given *g = ic->ctx;
  g->at(g->ctx, x, u);
}
static Solver Start(const char *yaml, At at, const void *ctx)
{
  static const EddyInitialOps ops = {.name = "given", .Point = Point, .whole = PETSC_TRUE};
  Given given = {at, ctx};
  struct _p_EddyInitial ic = {.ops = &ops, .ctx = &given};
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  ic.physics = s.p;
  CK_PETSC(s.d->ops->Initialise(s.d, &ic, s.u));
  return s;
}

/* ---- the flux of a linear function is constant: nothing changes, but for cells next to the faces of the box, where the function is not what the faces say ---- */

static void LinearPoint(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  u[0] = 1 + .7 * x[0] - .4 * x[1] + .5 * x[2];
}
static void LinearGas(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  /* density and temperature one, shear and rotation, no stretching */
  const PetscReal v[3] = {.3 * x[1] - .2 * x[2], -.5 * x[0] + .1 * x[2], .4 * x[0] + .6 * x[1]};
  u[0] = 1;
  u[4] = 2.5;
  for (int d = 0; d < 3; ++d) {
    u[1 + d] = v[d];
    u[4] += .5 * v[d] * v[d];
  }
}

/* No flow through y = 0, stretching along all axes. */
static void BesideWall(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  const PetscReal v[2] = {.3 * x[0], -.5 * x[1]};
  u[0] = 1;
  u[1] = v[0];
  u[2] = v[1];
  u[3] = 2.5 + .5 * (v[0] * v[0] + v[1] * v[1]);
}

/* Largest change of component c in cells that are `away` from the faces (`low` from ymin), of the viscous run less that of the inviscid one. */
static double Change(const char *yaml, const char *with, const char *without, At at_point,
                     PetscInt c, PetscInt away, PetscInt low)
{
  double *f[2], top = 0;
  PetscInt n[3] = {1, 1, 1};
  for (int k = 0; k < 2; ++k) {
    char text[1024];
    snprintf(text, sizeof text, yaml, k ? without : with);
    Solver s = Start(text, at_point, NULL);
    for (int e = 0; e < 3; ++e)
      n[e] = s.mesh->box.n[e];
    CK_PETSC(PetscCalloc1(s.d->size, &f[k]));
    CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, f[k], NULL, NULL));
    eddy_test_solver_end(&s);
  }
  for (PetscInt q = 0; q < n[0] * n[1] * n[2]; ++q) {
    const PetscInt at[3] = {q % n[0], q / n[0] % n[1], q / n[0] / n[1]};
    PetscBool inside = PETSC_TRUE;
    for (int e = 0; e < 3; ++e)
      inside = (PetscBool)(inside &&
                           (n[e] == 1 || (at[e] >= (e == 1 ? low : away) && at[e] < n[e] - away)));
    const size_t i = (size_t)(c * n[0] * n[1] * n[2] + q);
    if (inside)
      top = PetscMax(top, fabs(f[0][i] - f[1][i]));
  }
  CK_PETSC(PetscFree(f[0]));
  CK_PETSC(PetscFree(f[1]));
  return top;
}

START_TEST(linear)
{
  static const char *const mesh[] = {
      "type: wavy, n: [16], amplitude: 0.1", "type: wavy, n: [12, 10], amplitude: [0.1, -0.08]",
      "type: stretched, n: [12, 10], x: {type: geometric, end: low}, y: {type: tanh}",
      "type: annulus, n: [8, 12], angle: [0.3, 1.4], inner: [1, 0.6], outer: [2, 3]",
      "type: wavy, n: [8, 7, 9], amplitude: [0.08, -0.07, 0.09]"};
  for (int q = 0; q < 5; ++q) {
    const int dim = q == 0 ? 1 : q == 4 ? 3 : 2;
    char yaml[1024];
    char faces[512] = "boundary: {";
    for (int e = 0; e < 2 * dim; ++e)
      snprintf(faces + strlen(faces), sizeof faces - strlen(faces), "%s%c%s: {type: outflow}",
               e ? ", " : "", "xyz"[e / 2], e % 2 ? "max" : "min");
    snprintf(yaml, sizeof yaml,
             "mesh: {%s}\n%s}\nphysics: {type: advection, velocity: %s, kappa: %%s}\ninitial: "
             "{type: exact}\ndisc: {type: fv}\ntime: {type: ssprk2}\n",
             mesh[q], faces,
             dim == 1   ? "0"
             : dim == 2 ? "[0, 0]"
                        : "[0, 0, 0]");
    const double change = Change(yaml, "1", "0", LinearPoint, 0, 1, 1);
    ck_assert_msg(change <= 1e-11, "%s: a linear function changes by %g", mesh[q], change);
  }
  static const char gas[] =
      "mesh: {type: wavy, n: [8, 7, 9], amplitude: [0.08, -0.07, 0.09]}\nboundary: {xmin: {type: "
      "outflow}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: {type: outflow}, zmin: {type: "
      "outflow}, zmax: {type: outflow}}\nphysics: {type: compressible_navier_stokes, "
      "%s}\ninitial: {type: uniform}\ndisc: {type: fv}\ntime: {type: ssprk2}\n";
  for (PetscInt c = 1; c < 4; ++c) {
    const double change = Change(gas, "mu: 1, zeta: 0.5", "mu: 0", LinearGas, c, 2, 2);
    ck_assert_msg(change <= 1e-11, "a linear flow changes by %g", change);
  }
  /* the stress through a slip wall is that of the flow beside it */
  static const char slip[] =
      "mesh: {type: stretched, n: [12, 10], y: {type: tanh}}\nboundary: {xmin: {type: outflow}, "
      "xmax: {type: outflow}, ymin: {type: slip}, ymax: {type: outflow}}\nphysics: {type: "
      "compressible_navier_stokes, %s}\ninitial: {type: uniform}\ndisc: {type: fv}\ntime: {type: "
      "ssprk2}\n";
  for (PetscInt c = 1; c < 3; ++c) {
    const double change = Change(slip, "mu: 1, zeta: 0.5", "mu: 0", BesideWall, c, 2, 0);
    ck_assert_msg(change <= 1e-11, "beside a slip wall it changes by %g", change);
  }
}
END_TEST

/* ---- heat in a ring with cold faces: J_0(k r) Y_0(k) - Y_0(k r) J_0(k), zero at r = 1 and 2, fades with exp(-kappa k^2 t); with the angle cos(2 theta) and J_2, Y_2 ---- */

static double RingMode(int order, double k, double r)
{
  return jn(order, k * r) * yn(order, k) - yn(order, k * r) * jn(order, k);
}
static double RingRoot(int order)
{
  double lo = 3, hi = 4;
  for (int i = 0; i < 100; ++i) {
    const double mid = .5 * (lo + hi);
    if (RingMode(order, lo, 2) * RingMode(order, mid, 2) <= 0)
      hi = mid;
    else
      lo = mid;
  }
  return lo;
}
static void RingStart(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  const double *k = ctx, r = hypot(x[0], x[1]);
  u[0] = RingMode(0, k[0], r) + RingMode(2, k[1], r) * cos(2 * atan2(x[1], x[0]));
}

/* Error at time t of the mean over cells, and of the fading of the total against its rate: what flows through the faces. */
START_TEST(heat_in_a_ring)
{
  const double kappa = .5, t = .1, k[2] = {RingRoot(0), RingRoot(2)};
  double e[3], flow[3];
  for (int i = 0; i < 3; ++i) {
    char yaml[512];
    PetscInt n;
    const int m = 8 << i;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: annulus, n: [%d, %d], cluster: 0.5}\nboundary: {xmin: {type: mixed, u: "
             "{dirichlet: 0}}, xmax: {type: mixed, u: {dirichlet: 0}}}\nphysics: {type: advection, "
             "velocity: [0, 0], kappa: %g}\ninitial: {type: exact}\ndisc: {type: fv}\ntime: {type: "
             "ssprk3}\n",
             m, 4 * m, kappa);
    Solver s = Start(yaml, RingStart, k);
    double *before = eddy_test_field(&s, NULL, "u", &n);
    const double total = eddy_test_diagnostic(&s, "mean");
    eddy_test_advance_cfl(&s, t, .5);
    double *u = eddy_test_field(&s, NULL, "u", &n);
    flow[i] = fabs(eddy_test_diagnostic(&s, "mean") / total * exp(kappa * k[0] * k[0] * t) - 1);
    e[i] = 0;
    /* the mean over the angle fades with k0, the rest with k2 */
    for (int r = 0; r < m; ++r) {
      double mean[2] = {0, 0};
      for (int a = 0; a < 4 * m; ++a) {
        mean[0] += before[a * m + r] / (4 * m);
        mean[1] += u[a * m + r] / (4 * m);
      }
      for (int a = 0; a < 4 * m; ++a)
        e[i] += (fabs(mean[1] - mean[0] * exp(-kappa * k[0] * k[0] * t)) +
                 fabs(u[a * m + r] - mean[1] -
                      (before[a * m + r] - mean[0]) * exp(-kappa * k[1] * k[1] * t))) /
                (4 * m * m);
    }
    CK_PETSC(PetscFree(before));
    CK_PETSC(PetscFree(u));
    eddy_test_solver_end(&s);
  }
  printf("heat in a ring: %.3e %.3e %.3e slope %.3f; total %.3e %.3e %.3e slope %.3f\n", e[0], e[1],
         e[2], log2(e[1] / e[2]), flow[0], flow[1], flow[2], log2(flow[1] / flow[2]));
  ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= 1e-4, "%g %g %g", e[0], e[1], e[2]);
  ck_assert_msg(log2(flow[1] / flow[2]) >= 1.9 && flow[2] <= 2e-4, "%g %g %g", flow[0], flow[1],
                flow[2]);
}
END_TEST

/* ---- log r in a ring, by its slope within and a u + b du/dn = c without; steady ---- */

static void LogStart(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  u[0] = log(hypot(x[0], x[1]));
}

START_TEST(rules_in_a_ring)
{
  double e[3];
  for (int i = 0; i < 3; ++i) {
    char yaml[512];
    PetscInt n;
    e[i] = 0;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: annulus, n: [%d, %d], cluster: 0.5}\nboundary: {xmin: {type: mixed, u: "
             "{neumann: -1}}, xmax: {type: mixed, u: {robin: [1, 1, %.17g]}}}\nphysics: {type: "
             "advection, velocity: [0, 0], kappa: 1}\ninitial: {type: exact}\ndisc: {type: "
             "fv}\ntime: {type: ssprk3}\n",
             8 << i, 32 << i, log(2) + .5);
    Solver s = Start(yaml, LogStart, NULL);
    double *before = eddy_test_field(&s, NULL, "u", &n);
    eddy_test_advance_cfl(&s, .3, .6);
    double *u = eddy_test_field(&s, NULL, "u", &n);
    for (PetscInt q = 0; q < n; ++q)
      e[i] += fabs(u[q] - before[q]) / (double)n;
    CK_PETSC(PetscFree(before));
    CK_PETSC(PetscFree(u));
    eddy_test_solver_end(&s);
  }
  printf("log r in a ring: %.3e %.3e %.3e slope %.3f\n", e[0], e[1], e[2], log2(e[1] / e[2]));
  ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= 1.2e-4, "%g %g %g", e[0], e[1], e[2]);
}
END_TEST

/* ---- a face in parts that are all alike is that face, bit for bit ---- */

START_TEST(parts)
{
  static const char *const face[] = {
      "{type: no_slip, spin: 0.4, temperature: {dirichlet: 1.1}}",
      "{type: outflow, list: [a, b], a: {type: no_slip, spin: 0.4, temperature: {dirichlet: 1.1}, "
      "to: "
      "0.3}, b: {type: no_slip, spin: 0.4, temperature: {dirichlet: 1.1}, from: 0.3}}"};
  double *field[2];
  PetscInt n = 0;
  for (int q = 0; q < 2; ++q) {
    char yaml[1024];
    snprintf(yaml, sizeof yaml,
             "mesh: {type: annulus, n: [8, 24]}\nboundary: {xmin: %s, xmax: {type: "
             "reflecting}}\nphysics: {type: compressible_navier_stokes, mu: 0.02, kappa: "
             "0.05}\ninitial: {type: riemann2d, configuration: 3}\ndisc: {type: fv}\ntime: {type: "
             "ssprk2}\n",
             face[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    eddy_test_advance_cfl(&s, .1, .4);
    field[q] = eddy_test_field(&s, NULL, "energy", &n);
    eddy_test_solver_end(&s);
  }
  ck_assert_mem_eq(field[0], field[1], (size_t)n * sizeof(double));
  CK_PETSC(PetscFree(field[0]));
  CK_PETSC(PetscFree(field[1]));
}
END_TEST

/* ---- cylinders that turn, both at temperature 1: u = A r + B/r; T = 1 - (mu/kappa)(B^2/r^2 - B^2/r_1^2) + C log r from the friction; p' = p u^2/(T r) ---- */

typedef struct {
  double A, B, mu, kappa;
} Taylor;
static const Taylor taylor = {-1. / 3, 4. / 3, .1, .15}; /* u = 1 at r = 1, 0 at r = 2 */

static double TaylorHeat(double r)
{
  const Taylor *c = &taylor;
  const double k = c->mu / c->kappa * c->B * c->B;
  return 1 + k * (1 - 1 / (r * r)) - k * .75 * log(r) / log(2);
}
static double TaylorPressure(double r)
{
  const int m = 40; /* midpoint rule with Simpson weights */
  double sum = 0;
  for (int i = 0; i < m; ++i)
    for (int q = 0; q < 3; ++q) {
      const double h = (r - 1) / m, x = 1 + h * (i + .5 * q), v = taylor.A * x + taylor.B / x;
      sum += (q == 1 ? 4 : 1) * h / 6 * v * v / (TaylorHeat(x) * x);
    }
  return exp(sum);
}
static void TaylorStart(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  const double r = hypot(x[0], x[1]), v = taylor.A * r + taylor.B / r, p = TaylorPressure(r),
               rho = p / TaylorHeat(r);
  u[0] = rho;
  u[1] = -rho * v * x[1] / r;
  u[2] = rho * v * x[0] / r;
  u[3] = 2.5 * p + .5 * rho * v * v;
}

START_TEST(taylor_couette)
{
  double e[3][4], mass = 0;
  for (int i = 0; i < 3; ++i) {
    char yaml[768];
    PetscInt n;
    const int m = 12 << i;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: annulus, n: [%d, %d]}\nboundary: {xmin: {type: no_slip, spin: 1, "
             "temperature: {dirichlet: 1}}, xmax: {type: no_slip, temperature: {dirichlet: "
             "1}}}\nphysics: {type: compressible_navier_stokes, mu: %g, kappa: %g}\ninitial: "
             "{type: uniform}\ndisc: {type: fv, reconstruction: weno5}\ntime: {type: ssprk2}\n",
             m, 4 * m, taylor.mu, taylor.kappa);
    Solver s = Start(yaml, TaylorStart, NULL);
    double *start[4];
    for (PetscInt c = 0; c < 4; ++c) {
      start[c] = eddy_test_field(&s, NULL, s.p->comp[c], &n);
      e[i][c] = 0;
    }
    mass = eddy_test_diagnostic(&s, "mass");
    eddy_test_advance_cfl(&s, 1, .6);
    ck_assert_double_le(fabs(eddy_test_diagnostic(&s, "mass") / mass - 1), 1e-13);
    for (PetscInt c = 0; c < 4; ++c) {
      double *end = eddy_test_field(&s, NULL, s.p->comp[c], &n);
      for (PetscInt q = 0; q < n; ++q)
        e[i][c] += fabs(end[q] - start[c][q]) / (double)n;
      CK_PETSC(PetscFree(end));
      CK_PETSC(PetscFree(start[c]));
    }
    eddy_test_solver_end(&s);
  }
  for (int c = 0; c < 4; ++c) {
    const double slope = log2(e[1][c] / e[2][c]);
    printf("rotating cylinders, component %d: %.3e %.3e %.3e slope %.3f\n", c, e[0][c], e[1][c],
           e[2][c], slope);
    ck_assert_msg(slope >= 1.85 && e[2][c] <= 2e-4, "component %d: %g %g %g", c, e[0][c], e[1][c],
                  e[2][c]);
  }
}
END_TEST

/* ---- Couette flow on wavy cells: u = y, p = 1, a wall at rest below, cold or insulated, a lid at temperature 1: T = 1 + mu/(2 kappa) y (1 - y) or (1 - y^2) ---- */

static const double couette_mu = .1, couette_kappa = .15;
static void CouetteStart(const void *ctx, const PetscReal x[3], PetscReal u[])
{
  const double y = x[1], k = couette_mu / (2 * couette_kappa);
  const double rho = 1 / (1 + k * (*(const PetscBool *)ctx ? 1 - y * y : y * (1 - y)));
  u[0] = rho;
  u[1] = rho * y;
  u[2] = 0;
  u[3] = 2.5 + .5 * rho * y * y;
}

START_TEST(couette)
{
  for (int q = 0; q < 2; ++q) {
    const PetscBool warm = q ? PETSC_TRUE : PETSC_FALSE;
    double e[3] = {0, 0, 0};
    for (int i = 0; i < 3; ++i) {
      char yaml[768];
      PetscInt n;
      snprintf(yaml, sizeof yaml,
               "mesh: {type: wavy, n: [%d, %d], amplitude: [0.05, 0.05]}\nboundary: {ymin: {type: "
               "no_slip%s}, ymax: {type: no_slip, velocity: [1, 0], temperature: {dirichlet: "
               "1}}}\nphysics: {type: compressible_navier_stokes, mu: %g, kappa: %g}\ninitial: "
               "{type: uniform}\ndisc: {type: fv, limiter: none}\ntime: {type: ssprk2}\n",
               8 << i, 8 << i, warm ? "" : ", temperature: {dirichlet: 1}", couette_mu,
               couette_kappa);
      Solver s = Start(yaml, CouetteStart, &warm);
      double *start[2];
      for (PetscInt c = 0; c < 2; ++c)
        start[c] = eddy_test_field(&s, NULL, s.p->comp[c], &n);
      eddy_test_advance_cfl(&s, 2, .6);
      for (PetscInt c = 0; c < 2; ++c) {
        double *end = eddy_test_field(&s, NULL, s.p->comp[c], &n);
        for (PetscInt q = 0; q < n; ++q)
          e[i] += fabs(end[q] - start[c][q]) / (double)n;
        CK_PETSC(PetscFree(end));
        CK_PETSC(PetscFree(start[c]));
      }
      eddy_test_solver_end(&s);
    }
    printf("Couette flow on wavy cells, %s: %.3e %.3e %.3e slope %.3f\n",
           warm ? "insulated below" : "cold below", e[0], e[1], e[2], log2(e[1] / e[2]));
    ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= 2e-4, "%g %g %g", e[0], e[1], e[2]);
  }
}
END_TEST

/* ---- manufactured solutions where diffusion rules: a Reynolds number of one ---- */

START_TEST(manufactured)
{
  static const char *const physics[] = {
      "type: advection, velocity: [0.2, 0.1], kappa: 0.5", "type: burgers, nu: 0.5",
      "type: compressible_navier_stokes, mu: 0.3, zeta: 0.2, kappa: 0.4"};
  for (int q = 0; q < 3; ++q) {
    double e[3] = {0, 0, 0};
    for (int i = 0; i < 3; ++i) {
      char yaml[768];
      snprintf(yaml, sizeof yaml,
               "mesh: {type: wavy, n: [%d, %d], upper: [1, 1.2], amplitude: [0.06, 0.05]}\n"
               "physics: {%s, forcing: {list: [m], m: {type: manufactured}}}\ninitial: {type: "
               "manufactured}\ndisc: {type: fv, limiter: none}\ntime: {type: ssprk2}\n",
               16 << i, 16 << i, physics[q]);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      const size_t size = (size_t)s.p->ncomp * (size_t)(256 << 2 * i);
      double *start;
      CK_PETSC(PetscMalloc1(size, &start));
      memcpy(start, s.u, size * sizeof *start);
      eddy_test_advance_cfl(&s, .1, .6);
      for (size_t k = 0; k < size; ++k)
        e[i] += fabs(s.u[k] - start[k]) / (double)size / .1;
      CK_PETSC(PetscFree(start));
      eddy_test_solver_end(&s);
    }
    printf("%-64s %.3e %.3e %.3e slope %.3f\n", physics[q], e[0], e[1], e[2], log2(e[1] / e[2]));
    ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= (q < 2 ? 4e-4 : 9e-4), "%s: %g %g %g",
                  physics[q], e[0], e[1], e[2]);
  }
}
END_TEST

EDDY_SUITE("mapped viscous", linear, heat_in_a_ring, rules_in_a_ring, parts, taylor_couette,
           couette, manufactured)
