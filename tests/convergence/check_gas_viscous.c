/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Compressible Navier-Stokes against exact solutions: shear and heat modes, sound that fades, a shock with its structure, a vortex at low Mach number, conservation. */
#include "solver.h"
#include <math.h>
#include <string.h>

/* Replaces the state: cell averages of conserved values from primitive ones by Gauss's rule with four points along every direction. */
static void Fill(Solver *s, const void *ctx,
                 void (*at)(const void *ctx, const PetscReal x[3], PetscReal w[]))
{
  static const double gx[] = {-.861136311594052575, -.339981043584856265, .339981043584856265,
                              .861136311594052575},
                      gw[] = {.173927422568726929, .326072577431273071, .326072577431273071,
                              .173927422568726929};
  const EddyBox *b = &s->mesh->box;
  const PetscInt nx = b->n[0], ny = b->n[1], cells = nx * ny;
  const int my = b->dim > 1 ? 4 : 1;
  double *data;
  CK_PETSC(PetscCalloc1(cells * s->p->ncomp, &data));
  for (PetscInt q = 0; q < cells; ++q)
    for (int j = 0; j < my; ++j)
      for (int i = 0; i < 4; ++i) {
        const PetscReal dx = EddyBoxLength(b, 0) / (double)nx,
                        dy = EddyBoxLength(b, 1) / (double)ny;
        const PetscReal x[3] = {
            b->lower[0] + dx * ((double)(q % nx) + .5 + .5 * gx[i]),
            b->lower[1] + dy * ((double)(q / nx) + .5 + (my > 1 ? .5 * gx[j] : 0)), 0};
        PetscReal w[EDDY_MAX_COMP] = {0}, u[EDDY_MAX_COMP];
        at(ctx, x, w);
        s->p->ops->ToCons(s->p->ctx, w, u);
        for (PetscInt c = 0; c < s->p->ncomp; ++c)
          data[c * cells + q] += gw[i] * (my > 1 ? gw[j] : 1) * u[c];
      }
  CK_PETSC(s->d->ops->Load(s->d, b->n, data, s->u));
  CK_PETSC(PetscFree(data));
}

/* sum u_c sin(k x + phase) * 2/n over the cells of a 1-D state, or of a 2-D one with the phase along x + y. */
static double Amplitude(const Solver *s, PetscInt comp, double phase)
{
  const EddyBox *b = &s->mesh->box;
  const PetscInt nx = b->n[0], cells = nx * b->n[1];
  double sum = 0;
  for (PetscInt q = 0; q < cells; ++q) {
    const double x = ((double)(q % nx) + .5) / (double)nx,
                 y = b->dim > 1 ? ((double)(q / nx) + .5) / (double)b->n[1] : 0;
    sum += s->u[comp * cells + q] * sin(2 * PETSC_PI * (x + y) + phase);
  }
  return 2 * sum / (double)cells;
}

/* ---- a shear mode, along an axis and across the diagonal: exp(-mu k^2 t / rho) ---- */

typedef struct {
  double amplitude, along,
      across; /* velocity = amplitude sin(2 pi (x + y)) (across, -across) or along y */
} Shear;
static void ShearAt(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const Shear *c = ctx;
  const double a = c->amplitude * sin(2 * PETSC_PI * (x[0] + (c->across > 0 ? x[1] : 0)));
  w[0] = 1;
  w[1] = a * c->across;
  w[2] = c->across > 0 ? -a * c->across : a;
  w[3] = 1;
}

static double ShearError(int n, const Shear *c)
{
  char yaml[512];
  const double mu = 2e-2, k2 = 4 * PETSC_PI * PETSC_PI * (c->across > 0 ? 2 : 1), t = .5;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [%d, %d]}\nphysics: {type: compressible_navier_stokes, mu: %g}\ninitial: "
           "{type: linear_wave}\ndisc: {limiter: none}\ntime: {type: ssprk2}\n",
           n, c->across > 0 ? n : 4, mu);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  Fill(&s, c, ShearAt);
  const PetscInt comp = 2, cells = s.mesh->box.n[0] * s.mesh->box.n[1];
  double before = 0, after = 0;
  for (PetscInt q = 0; q < cells; ++q)
    before += s.u[comp * cells + q] * s.u[comp * cells + q];
  eddy_test_advance_cfl(&s, t, .4);
  for (PetscInt q = 0; q < cells; ++q)
    after += s.u[comp * cells + q] * s.u[comp * cells + q];
  eddy_test_solver_end(&s);
  return fabs(sqrt(after / before) * exp(mu * k2 * t) - 1);
}

START_TEST(shear)
{
  const Shear mode[] = {{1e-4, 1, 0}, {1e-4, 0, 1}};
  for (int q = 0; q < 2; ++q) {
    double e[3];
    for (int i = 0; i < 3; ++i)
      e[i] = ShearError(16 << i, &mode[q]);
    printf("shear %s: %.3e %.3e %.3e slope %.3f\n", q ? "oblique" : "along y", e[0], e[1], e[2],
           log2(e[1] / e[2]));
    ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= 2e-3, "shear %d: %g %g %g", q, e[0], e[1],
                  e[2]);
  }
}
END_TEST

/* ---- heat: a small density wave at constant pressure fades with sigma = kappa k^2 / (rho c_p), c_p = gamma/(gamma - 1), and the velocity that goes with it ---- */

static const double heat_kappa = 5e-3;
static double HeatRate(PetscInt dim)
{
  return heat_kappa * 4 * PETSC_PI * PETSC_PI * (double)dim * .4 / 1.4;
}
static void HeatAt(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const PetscInt dim = *(const PetscInt *)ctx;
  const double phase = 2 * PETSC_PI * (x[0] + (dim > 1 ? x[1] : 0)), a = 1e-5;
  w[0] = 1 + a * sin(phase);
  for (PetscInt d = 0; d < dim; ++d)
    w[1 + d] = -a * HeatRate(dim) * cos(phase) / (2 * PETSC_PI * (double)dim);
  w[1 + dim] = 1;
}

START_TEST(heat)
{
  for (PetscInt dim = 1; dim < 3; ++dim) {
    double e[3];
    for (int i = 0; i < 3; ++i) {
      char yaml[512], size[64];
      const int n = 8 << i;
      const double t = 4;
      snprintf(size, sizeof size, dim > 1 ? "[%d, %d]" : "[%d]", n, n);
      snprintf(yaml, sizeof yaml,
               "mesh: {n: %s}\nphysics: {type: compressible_navier_stokes, kappa: %g}\n"
               "initial: {type: linear_wave}\ndisc: {limiter: none}\ntime: {type: ssprk2}\n",
               size, heat_kappa);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      Fill(&s, &dim, HeatAt);
      const double before = Amplitude(&s, 0, 0);
      eddy_test_advance_cfl(&s, t, .4);
      const double after = Amplitude(&s, 0, 0);
      e[i] = fabs(log(before / after) / (HeatRate(dim) * t) - 1);
      eddy_test_solver_end(&s);
    }
    printf("heat %d-D: %.3e %.3e %.3e slope %.3f\n", (int)dim, e[0], e[1], e[2], log2(e[1] / e[2]));
    ck_assert_msg(log2(e[1] / e[2]) >= 1.9 && e[2] <= 1e-2, "heat %d-D: %g %g %g", (int)dim, e[0],
                  e[1], e[2]);
  }
}
END_TEST

/* ---- sound: amplitude fades with k^2/(2 rho) (4/3 mu + zeta + kappa (gamma - 1)^2/gamma) [LandauLifshitz1987, section 79], c_p = gamma/(gamma-1) ---- */

START_TEST(sound)
{
  static const struct {
    const char *text;
    double mu, zeta, kappa;
  } coefficient[] = {{"mu: 1e-3", 1e-3, 0, 0},
                     {"zeta: 1e-3", 0, 1e-3, 0},
                     {"kappa: 1e-3", 0, 0, 1e-3},
                     {"mu: 1e-3, prandtl: 0.75", 1e-3, 0, 1e-3 * 3.5 / .75}};
  for (int q = 0; q < 4; ++q)
    for (int dim = 1; dim < 3; ++dim) {
      double e[2];
      for (int i = 0; i < 2; ++i) {
        char yaml[512], size[64];
        const int n = 32 << i;
        /* sound speed 1: one period */
        const double g = 1.4, k2 = 4 * PETSC_PI * PETSC_PI * dim, t = 1 / sqrt(dim);
        const double rate = .5 * k2 *
                            (4. / 3 * coefficient[q].mu + coefficient[q].zeta +
                             coefficient[q].kappa * (g - 1) * (g - 1) / g);
        snprintf(size, sizeof size, dim > 1 ? "[%d, %d]" : "[%d]", n, n);
        snprintf(yaml, sizeof yaml,
                 "mesh: {n: %s}\nphysics: {type: compressible_navier_stokes, %s}\ninitial: {type: "
                 "linear_wave, amplitude: 1e-6%s}\ndisc: {reconstruction: weno5}\ntime: {type: "
                 "ssprk3}\n",
                 size, coefficient[q].text, dim > 1 ? ", k: [1, 1]" : "");
        Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
        const double before = hypot(Amplitude(&s, 0, 0), Amplitude(&s, 0, .5 * PETSC_PI));
        eddy_test_advance_cfl(&s, t, .3);
        const double after = hypot(Amplitude(&s, 0, 0), Amplitude(&s, 0, .5 * PETSC_PI));
        e[i] = fabs(log(before / after) / (rate * t) - 1);
        eddy_test_solver_end(&s);
      }
      printf("sound %s, %d-D: %.3e %.3e\n", coefficient[q].text, dim, e[0], e[1]);
      ck_assert_msg(e[1] <= 1e-2, "sound %s, %d-D: %g %g", coefficient[q].text, dim, e[0], e[1]);
    }
}
END_TEST

/* ---- the structure of a shock at rest, Pr = 3/4 [Becker1922]: with mu' = 4/3 mu and the mass flux m the enthalpy is constant and
        (u_1 log(u_1 - u) - u_2 log(u - u_2))/(u_1 - u_2) = (gamma + 1) m x/(2 gamma mu') ---- */

enum { MACH = 2 };
static const double shock_mu = .05, shock_gamma = 1.4;
static void ShockAt(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const double g = shock_gamma, u1 = MACH,
               u2 = u1 * ((g - 1) * MACH * MACH + 2) / ((g + 1) * MACH * MACH);
  const double k = (g + 1) * u1 / (2 * g * 4. / 3 * shock_mu), middle = .5 * (u1 + u2);
  const double origin = (u1 * log(u1 - middle) - u2 * log(middle - u2)) / (u1 - u2);
  double lo = u2, hi = u1; /* u falls from u1 to u2 along x, the left side rises */
  for (int i = 0; i < 200; ++i) {
    const double u = .5 * (lo + hi);
    const double at = (u1 * log(u1 - u) - u2 * log(u - u2)) / (u1 - u2) - origin;
    if (at > k * x[0])
      lo = u;
    else
      hi = u;
  }
  const double u = .5 * (lo + hi),
               enthalpy = 1 / (g - 1) + .5 * u1 * u1; /* sound speed 1 upstream */
  const double temperature = (g - 1) / g * (enthalpy - .5 * u * u);
  w[0] = u1 / u;
  w[1] = u;
  w[2] = w[0] * temperature;
}

START_TEST(shock)
{
  double e[3];
  for (int i = 0; i < 3; ++i) {
    char yaml[512];
    const int n = 128 << i;
    snprintf(
        yaml, sizeof yaml,
        "mesh: {n: [%d], lower: [-1], upper: [1]}\nphysics: {type: compressible_navier_stokes, "
        "mu: %g, prandtl: 0.75}\nboundary: {xmin: {type: dirichlet, density: 1, velocity_x: %d, "
        "pressure: %.17g}, xmax: {type: outflow}}\ninitial: {type: riemann1d}\ndisc: {limiter: "
        "none}\ntime: {type: ssprk2}\n",
        n, shock_mu, MACH, 1 / shock_gamma);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    double *start;
    Fill(&s, NULL, ShockAt);
    CK_PETSC(PetscMalloc1(s.d->size, &start));
    memcpy(start, s.u, s.d->size * sizeof *start);
    eddy_test_advance_cfl(&s, 1, .8);
    e[i] = 0;
    for (int c = 0; c < n; ++c)
      e[i] += fabs(s.u[c] - start[c]) * 2 / n;
    CK_PETSC(PetscFree(start));
    eddy_test_solver_end(&s);
  }
  printf("shock structure: %.3e %.3e %.3e slope %.3f\n", e[0], e[1], e[2], log2(e[1] / e[2]));
  ck_assert_msg(log2(e[1] / e[2]) >= 1.95 && e[2] <= 1e-3, "shock: %g %g %g", e[0], e[1], e[2]);
}
END_TEST

/* ---- Taylor-Green vortices at Mach 0.05 decay like those of an incompressible fluid: velocity with exp(-2 nu k^2 t) ---- */

static void VortexAt(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const double k = 2 * PETSC_PI, a = *(const double *)ctx;
  w[0] = 1;
  w[1] = a * sin(k * x[0]) * cos(k * x[1]);
  w[2] = -a * cos(k * x[0]) * sin(k * x[1]);
  w[3] = 1 / 1.4 + .25 * a * a * (cos(2 * k * x[0]) + cos(2 * k * x[1]));
}

START_TEST(taylor_green)
{
  const double a = .05, nu = 2e-3, t = 3, k = 2 * PETSC_PI;
  Solver s = eddy_test_solver(PETSC_COMM_SELF,
                              "mesh: {n: [48, 48]}\nphysics: {type: compressible_navier_stokes, "
                              "mu: 2e-3, zeta: 1e-3}\ninitial: {type: "
                              "linear_wave}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
                              NULL);
  Fill(&s, &a, VortexAt);
  double mean[2] = {0, 0};
  for (int q = 0; q < 2; ++q) {
    for (int c = 48 * 48; c < 3 * 48 * 48; ++c)
      mean[q] += s.u[c] * s.u[c];
    if (!q)
      eddy_test_advance_cfl(&s, t, .4);
  }
  const double rate = -.5 * log(mean[1] / mean[0]) / t, exact = 2 * nu * k * k;
  printf("Taylor-Green at Mach 0.05: velocity fades with %.5g, incompressible %.5g\n", rate, exact);
  ck_assert_msg(fabs(rate / exact - 1) <= 1e-2, "rate %g, exact %g", rate, exact);
  eddy_test_solver_end(&s);
}
END_TEST

/* ---- Couette flow between a wall at rest and a lid, both at temperature 1: u = y, T = 1 + mu/(2 kappa) y (1 - y), p constant ---- */

static const double couette_mu = .1, couette_kappa = .1;
static void CouetteAt(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const double y = x[1];
  w[1] = y;
  w[3] = 1;
  w[0] = 1 / (1 + couette_mu / (2 * couette_kappa) * y * (1 - y));
}

START_TEST(couette)
{
  double e[3];
  for (int i = 0; i < 3; ++i) {
    char yaml[512];
    const int n = 8 << i;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [4, %d], upper: [1, 1]}\nphysics: {type: compressible_navier_stokes, mu: "
             "%g, kappa: %g}\n"
             "boundary: {ymin: {type: no_slip, temperature: {dirichlet: 1}}, ymax: {type: no_slip, "
             "velocity: [1, 0], "
             "temperature: {dirichlet: 1}}}\ninitial: {type: linear_wave, amplitude: 0}\ndisc: "
             "{limiter: none}\n"
             "time: {type: ssprk2}\n",
             n, couette_mu, couette_kappa);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    double *start;
    Fill(&s, NULL, CouetteAt);
    CK_PETSC(PetscMalloc1(s.d->size, &start));
    memcpy(start, s.u, s.d->size * sizeof *start);
    eddy_test_advance_cfl(&s, 20, .4); /* two diffusion times: the discrete flow is steady */
    e[i] = 0;
    for (int c = 0; c < 4 * 4 * n; ++c)
      e[i] += fabs(s.u[c] - start[c]) / (4 * n);
    CK_PETSC(PetscFree(start));
    eddy_test_solver_end(&s);
  }
  printf("Couette: %.3e %.3e %.3e slope %.3f\n", e[0], e[1], e[2], log2(e[1] / e[2]));
  ck_assert_msg(log2(e[1] / e[2]) >= 1.9 && e[2] <= 1e-3, "Couette: %g %g %g", e[0], e[1], e[2]);
}
END_TEST

/* ---- mass, momentum and energy stay to round-off ; exchanged axes give the exchanged flow ---- */

static void BlobAt(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const double X = x[0] - .5, Y = x[1] - .5, e = exp(-30 * (X * X + Y * Y));
  w[0] = 1 + e;
  w[1] = -Y * e;
  w[2] = -X * e; /* exchange of the axes: u(x, y) = v(y, x) */
  w[3] = 1 + 2 * e;
}

START_TEST(conservation)
{
  static const char *const total[] = {"mass", "momentum_x", "momentum_y", "energy"};
  enum { M = 24 };
  double before[4];
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [24, 24]}\nphysics: {type: compressible_navier_stokes, mu: 1e-2, zeta: "
      "5e-3, prandtl: 0.7}\ninitial: {type: linear_wave}\ntime: {type: ssprk2}\n",
      NULL);
  Fill(&s, NULL, BlobAt);
  for (int q = 0; q < 4; ++q)
    before[q] = eddy_test_diagnostic(&s, total[q]);
  eddy_test_advance_cfl(&s, .5, .4);
  for (int q = 0; q < 4; ++q) {
    const double drift = fabs(eddy_test_diagnostic(&s, total[q]) - before[q]);
    ck_assert_msg(drift <= 1e-13, "%s moved by %g", total[q], drift);
  }
  double top = 0;
  for (int j = 0; j < M; ++j)
    for (int i = 0; i < M; ++i)
      for (int c = 0; c < 2; ++c) {
        const double a = s.u[(c ? 1 : 0) * M * M + j * M + i],
                     b = s.u[(c ? 2 : 0) * M * M + i * M + j];
        top = fmax(top, fabs(a - b));
      }
  ck_assert_msg(top <= 1e-14, "exchanged axes differ by %g", top);
  eddy_test_solver_end(&s);
}
END_TEST

/* ---- a plane flow in three dimensions, in the planes of axes (0, 1), (1, 2) and (2, 0), is that in two ---- */

START_TEST(planes)
{
  enum { N = 12, THIN = 4, M = N * N };
  static const char *const gas =
      "physics: {type: compressible_navier_stokes, mu: 1e-2, zeta: 5e-3, prandtl: "
      "0.7, gravity: [%s]}\ninitial: {type: linear_wave}\ntime: {type: ssprk2}\n";
  static const char *const gravity[] = {"0.5, -1", "0.5, -1, 0", "0, 0.5, -1", "-1, 0, 0.5"};
  char yaml[512], physics[384];
  snprintf(physics, sizeof physics, gas, gravity[0]);
  snprintf(yaml, sizeof yaml, "mesh: {n: [%d, %d]}\n%s", N, N, physics);
  Solver flat = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  Fill(&flat, NULL, BlobAt);
  double *start;
  CK_PETSC(PetscMalloc1(flat.d->size, &start));
  memcpy(start, flat.u, flat.d->size * sizeof *start);
  eddy_test_advance(&flat, .2, 40);
  for (int q = 0; q < 3; ++q) {
    const int a = q, b = (q + 1) % 3;
    int n[3] = {THIN, THIN, THIN};
    double *data, top = 0;
    n[a] = n[b] = N;
    snprintf(physics, sizeof physics, gas, gravity[1 + q]);
    snprintf(yaml, sizeof yaml, "mesh: {n: [%d, %d, %d]}\n%s", n[0], n[1], n[2], physics);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    const int cells = n[0] * n[1] * n[2];
    CK_PETSC(PetscCalloc1(5 * cells, &data));
    for (int pass = 0; pass < 2; ++pass) {
      for (int c = 0; c < cells; ++c) {
        const int at[3] = {c % n[0], c / n[0] % n[1], c / n[0] / n[1]}, from = at[b] * N + at[a];
        const int comp[4] = {0, 1 + a, 1 + b, 4}; /* of the four of the plane */
        for (int k = 0; k < 4; ++k)
          if (pass)
            top = fmax(top, fabs(s.u[comp[k] * cells + c] - flat.u[k * M + from]));
          else
            data[comp[k] * cells + c] = start[k * M + from];
      }
      if (!pass) {
        CK_PETSC(s.d->ops->Load(s.d, s.mesh->box.n, data, s.u));
        eddy_test_advance(&s, .2, 40);
      }
    }
    printf("plane of axes %d and %d: differs by %.1e\n", a, b, top);
    ck_assert_msg(top <= 1e-13, "plane of axes %d and %d differs by %g", a, b, top);
    CK_PETSC(PetscFree(data));
    eddy_test_solver_end(&s);
  }
  CK_PETSC(PetscFree(start));
  eddy_test_solver_end(&flat);
}
END_TEST

EDDY_SUITE("gas_viscous", shear, heat, sound, shock, taylor_green, couette, conservation, planes)
