/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Forcings: steady ones against their formulas in x, the stochastic ring against its energy input rate. */
#include "forcing/forcing.h"
#include "support.h"
#include <math.h>
#include <string.h>

typedef struct {
  EddyBox box;
  EddyOptions o;
  EddyPhysics p;
  EddyForcing *f;
  PetscInt n;
} Made;

static PetscErrorCode TryMake(const char *yaml, PetscInt dim, PetscInt n, Made *m)
{
  const PetscReal lower[3] = {-1, .5, 0}, length[3] = {2 * PETSC_PI, 4, 1};
  *m = (Made){.box = {.dim = dim, .n = {1, 1, 1}, .upper = {1, 1, 1}}};
  for (int d = 0; d < (int)dim; ++d) {
    m->box.n[d] = n;
    m->box.lower[d] = lower[d];
    m->box.upper[d] = lower[d] + length[d];
  }
  m->o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, m->o, &m->box, &m->p));
  return EddyForcingCreateList(PETSC_COMM_WORLD, m->o, m->p, &m->n, &m->f);
}

static Made Make(const char *yaml, PetscInt dim, PetscInt n)
{
  Made m;
  CK_PETSC(TryMake(yaml, dim, n, &m));
  return m;
}

static void Unmake(Made *m)
{
  CK_PETSC(EddyForcingDestroyList(m->n, &m->f));
  ck_assert_ptr_null(m->f);
  CK_PETSC(EddyPhysicsDestroy(&m->p));
  CK_PETSC(EddyOptionsDestroy(&m->o));
}

/* sum over all forcings and modes |ik| <= 12 at a point */
static double Sum(const Made *m, double x, double y)
{
  double sum = 0;
  for (PetscInt q = 0; q < m->n; ++q)
    for (int i = 0; i <= 12; ++i)
      for (int j = m->box.dim > 1 ? (i ? -12 : 0) : 0; j <= (m->box.dim > 1 ? 12 : 0); ++j) {
        const EddyMode k = EddyModeMake(&m->box, i, j, 0);
        const double a = k.k[0] * (x - m->box.lower[0]) + k.k[1] * (y - m->box.lower[1]);
        EddyComplex z[EDDY_MAX_COMP] = {{0, 0}};
        m->f[q]->ops->Amplitude(m->f[q], &k, z);
        sum += (i || j ? 2 : 1) * (z[0].re * cos(a) - (i || j ? z[0].im : 0) * sin(a));
      }
  return sum;
}

static const double points[][2] = {{-.9, .7}, {.3, 1.9}, {2.2, 4.1}, {5, 2.5}};
enum { NPOINT = sizeof points / sizeof *points };
#define KY (2 * PETSC_PI / 4)

static double KolmogorovX(double x, double y) { return -2 * 3 * KY * cos(3 * KY * y); }
static double KolmogorovY(double x, double y) { return 2 * 3 * cos(3 * x); }
static double Smarl(double x, double y) { return .5 * (4 * cos(4 * x) + 4 * KY * cos(4 * KY * y)); }
static double Fno(double x, double y) { return .1 * (sin(x + KY * y) + cos(x + KY * y)); }
static double Modes(double x, double y)
{
  return 2 * cos(3 * x - KY * y) - .5 * sin(3 * x - KY * y) + .3 * cos(-2 * KY * y) +
         sin(-2 * KY * y);
}
static double Both(double x, double y) { return KolmogorovX(x, y) + Fno(x, y); }
static double Sine(double x, double y) { return 2 * sin(3 * x); }

START_TEST(steady_forcings_match_their_formulas)
{
  static const struct {
    const char *yaml;
    PetscInt dim;
    double (*formula)(double x, double y);
  } cases[] = {
      {"physics: {type: ns2d, forcing: {list: [a], a: {type: kolmogorov, k: 3, amplitude: 2}}}", 2,
       KolmogorovX},
      {"physics: {type: ns2d, forcing: {list: [a], a: {type: kolmogorov, k: 3, amplitude: 2, "
       "direction: y}}}",
       2, KolmogorovY},
      {"physics: {type: ns2d, forcing: {list: [a], a: {type: smarl, k: 4, amplitude: 0.5}}}", 2,
       Smarl},
      {"physics: {type: ns2d, forcing: {list: [a], a: {type: fno}}}", 2, Fno},
      {"physics: {type: ns2d, forcing: {list: [a], a: {type: modes, kx: [3, 0], ky: [-1, -2], cos: "
       "[2, 0.3], sin: [-0.5, 1]}}}",
       2, Modes},
      {"physics: {type: ns2d, forcing: {list: [a, b], a: {type: kolmogorov, k: 3, amplitude: 2}, "
       "b: {type: fno}}}",
       2, Both},
      {"physics: {type: burgers, forcing: {list: [a], a: {type: kolmogorov, k: 3, amplitude: 2}}}",
       1, Sine},
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    Made m = Make(cases[c].yaml, cases[c].dim, 32);
    for (int i = 0; i < NPOINT; ++i) {
      const double f = Sum(&m, points[i][0], points[i][1]),
                   expect = cases[c].formula(points[i][0], points[i][1]);
      ck_assert_msg(fabs(f - expect) < 1e-12, "%s: %g, formula %g", cases[c].yaml, f, expect);
    }
    Unmake(&m);
  }
}
END_TEST

START_TEST(kolmogorov_coefficient)
{
  Made m = Make("physics: {type: ns2d, forcing: {list: [f], f: {type: kolmogorov, k: 4}}}", 2, 32);
  m.p->box.lower[1] = 0; /* no phase */
  m.p->box.upper[1] = 4;
  const EddyMode k = EddyModeMake(&m.box, 0, 4, 0);
  EddyComplex z[EDDY_MAX_COMP] = {{0, 0}};
  m.f[0]->ops->Amplitude(m.f[0], &k, z);
  ck_assert_double_eq_tol(z[0].re, -.5 * 4 * KY, 1e-14);
  ck_assert_double_eq_tol(z[0].im, 0, 1e-14);
  Unmake(&m);
}
END_TEST

/* energy that one kick adds to a fluid at rest */
static double KickEnergy(const Made *m, const EddyStage *s, double *cross, const EddyStage *other)
{
  double energy = 0;
  *cross = 0;
  for (int i = 0; i <= 8; ++i)
    for (int j = m->box.dim > 1 ? (i ? -8 : 0) : 0; j <= (m->box.dim > 1 ? 8 : 0); ++j) {
      const EddyMode k = EddyModeMake(&m->box, i, j, 0);
      EddyComplex a[EDDY_MAX_COMP] = {{0, 0}}, b[EDDY_MAX_COMP] = {{0, 0}};
      double out[EDDY_MAX_LIST];
      m->f[0]->ops->Kick(m->f[0], &k, s, a);
      m->f[0]->ops->Kick(m->f[0], &k, other, b);
      m->p->ops->ModeDiag(m->p->ctx, &k, a, out);
      PetscInt e = 0;
      while (strcmp(m->p->ops->mode_diag[e], "energy"))
        ++e;
      energy += (i || j ? 2 : 1) * out[e];
      *cross += (i || j ? 2 : 1) * m->p->ops->Injection(m->p->ctx, &k, a, b);
    }
  return energy;
}

static void CheckRate(const char *yaml, PetscInt dim, double rate)
{
  enum { DRAWS = 4000 };
  const double dt = .01;
  Made m = Make(yaml, dim, 32);
  double sum = 0, sum2 = 0, cross = 0, cross2 = 0;
  for (int q = 0; q < DRAWS; ++q) {
    EddyStage s = {.dt = dt, .step = q, .seed = 9, .row = 4}, next = s;
    double c;
    next.step = q + DRAWS;
    const double e = KickEnergy(&m, &s, &c, &next) / dt;
    sum += e, sum2 += e * e;
    cross += c / dt, cross2 += c * c / (dt * dt);
  }
  const double mean = sum / DRAWS, error = sqrt((sum2 / DRAWS - mean * mean) / DRAWS);
  ck_assert_msg(error < .02 * rate && fabs(mean - rate) < 4 * error, "rate %g +- %g, asked for %g",
                mean, error, rate);
  /* steps are independent: the cross term that a moving fluid sees has mean zero */
  ck_assert_msg(fabs(cross / DRAWS) < 4 * sqrt(cross2) / DRAWS, "steps are correlated: %g",
                cross / DRAWS);
  Unmake(&m);
}

START_TEST(ring_has_its_energy_input_rate)
{
  CheckRate(
      "physics: {type: ns2d, forcing: {list: [r], r: {type: ring, rate: 0.3, k_min: 3, k_max: 5}}}",
      2, .3);
  CheckRate("physics: {type: burgers, forcing: {list: [r], r: {type: ring, rate: 2, k_min: 2, "
            "k_max: 6}}}",
            1, 2);
}
END_TEST

START_TEST(ring_is_one_flow_at_every_resolution)
{
  static const char *const yaml = "physics: {type: ns2d, forcing: {list: [q, r], q: {type: fno}, "
                                  "r: {type: ring, k_min: 3, k_max: 5}}}";
  Made a = Make(yaml, 2, 32), b = Make(yaml, 2, 256);
  const EddyStage s = {.dt = .01, .step = 12, .seed = 9},
                  quarter = {.dt = .0025, .step = 12, .seed = 9},
                  later = {.dt = .01, .step = 13, .seed = 9};
  PetscInt forced = 0;
  for (int i = 0; i <= 8; ++i)
    for (int j = i ? -8 : 1; j <= 8; ++j) {
      const EddyMode k = EddyModeMake(&a.box, i, j, 0);
      EddyComplex u[4] = {{0, 0}};
      a.f[1]->ops->Kick(a.f[1], &k, &s, &u[0]);
      b.f[1]->ops->Kick(b.f[1], &k, &s, &u[1]);
      a.f[1]->ops->Kick(a.f[1], &k, &quarter, &u[2]);
      a.f[1]->ops->Kick(a.f[1], &k, &later, &u[3]);
      const double shell = sqrt(k.k2);
      ck_assert((u[0].re != 0) == (shell > 3 - 1e-9 && shell < 5 + 1e-9));
      ck_assert(u[0].re == u[1].re && u[0].im == u[1].im);
      ck_assert_double_eq_tol(u[2].re, .5 * u[0].re, 1e-15);
      if (u[0].re != 0)
        ck_assert(u[0].re != u[3].re);
      forced += u[0].re != 0;
    }
  ck_assert_int_gt(forced, 10);
  Unmake(&a), Unmake(&b);
}
END_TEST

START_TEST(create_refuses)
{
  static const char *const bad[] = {
      "physics: {type: burgers, forcing: {list: [a]}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: smarl}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: kolmogorof}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: ring, k_min: 5, k_max: 4}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: ring, k_min: 5, k_max: 16}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: ring, k_min: 3.2, k_max: 3.8}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: modes}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: modes, kx: [1, 2], cos: [1]}}}",
      "physics: {type: burgers, forcing: {list: [a], a: {type: modes, kx: [1.5], cos: [1]}}}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    Made m;
    eddy_test_expect_errors(PETSC_TRUE);
    ck_assert_msg(TryMake(bad[i], 1, 32, &m), "accepted %s", bad[i]);
    eddy_test_expect_errors(PETSC_FALSE);
    Unmake(&m);
  }
}
END_TEST

EDDY_SUITE("forcing", steady_forcings_match_their_formulas, kolmogorov_coefficient,
           ring_has_its_energy_input_rate, ring_is_one_flow_at_every_resolution, create_refuses)
