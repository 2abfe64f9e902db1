/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Starts: the same modes at every resolution, formulas against points, normalisations, spectra. */
#include "initial/initial.h"
#include "support.h"
#include <math.h>
#include <string.h>

static EddyBox Box(PetscInt dim, PetscInt n)
{
  EddyBox box = {.dim = dim, .n = {1, 1, 1}, .upper = {1, 1, 1}};
  const PetscReal lower[3] = {-1, .5, 0}, length[3] = {2 * PETSC_PI, 4, 1};
  for (int d = 0; d < (int)dim; ++d) {
    box.n[d] = n;
    box.lower[d] = lower[d];
    box.upper[d] = lower[d] + length[d];
    box.periodic[d] = PETSC_TRUE;
  }
  return box;
}

typedef struct {
  EddyBox box;
  EddyOptions o;
  EddyPhysics p;
  EddyInitial ic;
} Made;

static PetscErrorCode MakeSeed(const char *yaml, EddyBox box, uint64_t seed, uint64_t row, Made *m)
{
  const EddyRandomKey key = {seed, row, 0, 0};
  *m = (Made){.box = box, .o = eddy_test_options(PETSC_COMM_WORLD, yaml)};
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, m->o, &box, &m->p));
  return EddyInitialCreate(PETSC_COMM_WORLD, m->o, m->p, &key, &m->ic);
}

static Made Make(const char *yaml, PetscInt dim, PetscInt n)
{
  Made m;
  CK_PETSC(MakeSeed(yaml, Box(dim, n), 7, 3, &m));
  return m;
}

static void Unmake(Made *m)
{
  CK_PETSC(EddyInitialDestroy(&m->ic));
  ck_assert_ptr_null(m->ic);
  CK_PETSC(EddyPhysicsDestroy(&m->p));
  CK_PETSC(EddyOptionsDestroy(&m->o));
}

static EddyComplex At(const Made *m, int i, int j)
{
  const PetscBool mirror = (PetscBool)(i < 0 || (i == 0 && j < 0));
  const EddyMode k = EddyModeMake(&m->box, mirror ? -i : i, mirror ? -j : j, 0);
  EddyComplex u[EDDY_MAX_COMP] = {{0, 0}};
  for (EddyInitial ic = m->ic; ic; ic = ic->next)
    ic->ops->Mode(ic, &k, u);
  if (mirror)
    u[0].im = -u[0].im;
  if (!i && !j)
    u[0].im = 0;
  return u[0];
}

/* sum of the modes |ik| <= top at a point; `what`: -1 the state, 0, 1 the velocity of a flow */
static double Sum(const Made *m, int top, int what, double x, double y)
{
  double sum = 0;
  for (int i = 0; i <= top; ++i)
    for (int j = m->box.dim > 1 ? -top : 0; j <= (m->box.dim > 1 ? top : 0); ++j) {
      const EddyMode k = EddyModeMake(&m->box, i, j, 0);
      const double a = k.k[0] * (x - m->box.lower[0]) + k.k[1] * (y - m->box.lower[1]);
      EddyComplex z = At(m, i, j), vel[3];
      if (what >= 0) {
        m->p->ops->Velocity(m->p->ctx, &k, &z, vel);
        z = vel[what];
      }
      sum += (i ? 2 : 1) * (z.re * cos(a) - z.im * sin(a));
    }
  return sum;
}

#define FLOW "physics: {type: ns2d}\ninitial: {type: %s, path: none}"
#define SCALAR "physics: {type: burgers}\ninitial: {type: %s, path: none}"

/* ---- every registered start ---- */

/* PETSC_FALSE when this start is not for this physics, or has no modes */
static PetscBool MakeType(PetscInt k, PetscInt dim, PetscInt n, uint64_t seed, uint64_t row,
                          Made *m)
{
  char yaml[256];
  snprintf(yaml, sizeof yaml, dim > 1 ? FLOW : SCALAR, EddyInitialGetOps(k)->name);
  eddy_test_expect_errors(PETSC_TRUE);
  const PetscErrorCode ierr = MakeSeed(yaml, Box(dim, n), seed, row, m);
  eddy_test_expect_errors(PETSC_FALSE);
  if (!ierr && m->ic->ops->Mode)
    return PETSC_TRUE;
  Unmake(m);
  return PETSC_FALSE;
}

START_TEST(one_seed_is_one_flow_at_every_resolution)
{
  PetscInt compared = 0;
  for (PetscInt dim = 1; dim <= 2; ++dim)
    for (PetscInt k = 0; EddyInitialGetOps(k); ++k) {
      Made a, b;
      if (!MakeType(k, dim, 32, 5, 2, &a))
        continue;
      ck_assert(MakeType(k, dim, 256, 5, 2, &b));
      for (int i = 0; i <= 10; ++i)
        for (int j = dim > 1 ? -10 : 0; j <= (dim > 1 ? 10 : 0); ++j) {
          const EddyComplex u = At(&a, i, j), v = At(&b, i, j);
          ck_assert_msg(u.re == v.re && u.im == v.im, "%s in %d-D: mode (%d, %d)",
                        EddyInitialGetOps(k)->name, (int)dim, i, j);
        }
      Unmake(&a), Unmake(&b);
      ++compared;
    }
  ck_assert_int_ge(compared, 15);
}
END_TEST

START_TEST(random_starts_depend_on_seed_and_row)
{
  static const char *const names[] = {"filtered_noise", "grf",         "mcwilliams",
                                      "tiles",          "sine_series", "gaussians"};
  PetscInt compared = 0;
  for (PetscInt k = 0; EddyInitialGetOps(k); ++k)
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
      Made m[3];
      if (strcmp(names[i], EddyInitialGetOps(k)->name))
        continue;
      ck_assert(MakeType(k, 2, 32, 5, 2, &m[0]) && MakeType(k, 2, 32, 6, 2, &m[1]) &&
                MakeType(k, 2, 32, 5, 3, &m[2]));
      int differ[3] = {0};
      for (int ik = 0; ik <= 2; ++ik)
        for (int jk = 1; jk <= 2; ++jk)
          for (int q = 1; q < 3; ++q)
            differ[q] += At(&m[0], ik, jk).re != At(&m[q], ik, jk).re;
      ck_assert_msg(differ[1] && differ[2], "%s", names[i]);
      for (int q = 0; q < 3; ++q)
        Unmake(&m[q]);
      ++compared;
    }
  ck_assert_int_eq(compared, 6);
}
END_TEST

START_TEST(flows_have_no_mean)
{
  for (PetscInt k = 0; EddyInitialGetOps(k); ++k) {
    Made m;
    if (!MakeType(k, 2, 32, 5, 2, &m))
      continue;
    ck_assert_msg(At(&m, 0, 0).re == 0, "%s", EddyInitialGetOps(k)->name);
    Unmake(&m);
  }
}
END_TEST

/* ---- normalisations and spectra ---- */

START_TEST(filtered_noise_has_the_given_speed)
{
  enum { NX = 128, TOP = 20 }; /* modes beyond 20 are below 1e-6 of the peak */
  Made m =
      Make("physics: {type: ns2d}\ninitial: {type: filtered_noise, peak: 4, max_speed: 7}", 2, 64);
  double max = 0, div = 0, w2 = 0;
  for (int x = 0; x < NX; x += 2)
    for (int y = 0; y < 64; ++y) {
      const double at[2] = {m.box.lower[0] + 2 * PETSC_PI * x / NX, m.box.lower[1] + 4. * y / 64};
      const double u = Sum(&m, TOP, 0, at[0], at[1]), v = Sum(&m, TOP, 1, at[0], at[1]);
      max = fmax(max, sqrt(u * u + v * v));
    }
  ck_assert_msg(max < 7 * (1 + 1e-3) && max > 7 * .97,
                "largest speed on every fourth reference point is %g", max);
  for (int i = 0; i <= TOP; ++i)
    for (int j = 1; j <= TOP; ++j) {
      const EddyMode k = EddyModeMake(&m.box, i, j, 0);
      EddyComplex z = At(&m, i, j), vel[3];
      m.p->ops->Velocity(m.p->ctx, &k, &z, vel);
      const EddyComplex d = EddyCAdd(EddyCScale(k.k[0], vel[0]), EddyCScale(k.k[1], vel[1]));
      div = fmax(div, fabs(d.re) + fabs(d.im));
      w2 += EddyCDot(z, z);
    }
  ck_assert(div <= 1e-12 * sqrt(w2));
  Unmake(&m);
}
END_TEST

START_TEST(filtered_noise_scalar)
{
  Made m = Make("physics: {type: burgers}\ninitial: {type: filtered_noise, peak: 4, max_speed: 2}",
                1, 64);
  double max = 0;
  for (int x = 0; x < 128; ++x)
    max = fmax(max, fabs(Sum(&m, 63, -1, m.box.lower[0] + 2 * PETSC_PI * x / 128, 0)));
  ck_assert_double_eq_tol(max, 2, 1e-12); /* 128 points are the reference grid */
  /* coefficients over the normals they were drawn from: the filter */
  double ratio[3];
  for (int q = 0; q < 3; ++q) {
    const EddyMode k = EddyModeMake(&m.box, 2 << q, 0, 0);
    ratio[q] = At(&m, 2 << q, 0).re / EddyInitialNormal(m.ic, &k, 0).re;
  }
  for (int q = 0; q < 3; ++q) {
    const double l = log((2 << q) / 4.) - .25, g = exp(-2 * l * l) / (2 << q), g4 = exp(-.125) / 4;
    ck_assert_double_eq_tol(ratio[q] / ratio[1], g / g4, 1e-12);
  }
  Unmake(&m);
}
END_TEST

START_TEST(grf_variance)
{
  enum { DRAWS = 4000 };
  const int ks[3][2] = {{0, 1}, {3, 1}, {5, -4}};
  double sum[3] = {0}, sum2[3] = {0};
  EddyBox box = {.dim = 2, .n = {32, 32, 1}, .upper = {1, 1, 1}, .periodic = {1, 1, 0}};
  Made m;
  CK_PETSC(MakeSeed("physics: {type: ns2d}\ninitial: {type: grf}", box, 0, 0, &m));
  for (int s = 0; s < DRAWS; ++s) {
    m.ic->key.seed = (uint64_t)s;
    for (int q = 0; q < 3; ++q) {
      const EddyComplex z = At(&m, ks[q][0], ks[q][1]);
      const double e = EddyCDot(z, z);
      sum[q] += e;
      sum2[q] += e * e;
    }
  }
  for (int q = 0; q < 3; ++q) {
    const double k2 = 4 * PETSC_PI * PETSC_PI * (ks[q][0] * ks[q][0] + ks[q][1] * ks[q][1]);
    const double expect = 2 * pow(7, 3) * pow(k2 + 49, -2.5), mean = sum[q] / DRAWS;
    const double error = sqrt((sum2[q] / DRAWS - mean * mean) / DRAWS);
    ck_assert_msg(error < .03 * mean && fabs(mean - expect) < 4 * error,
                  "E|u_k|^2 = %g +- %g, expected %g", mean, error, expect);
  }
  Unmake(&m);
}
END_TEST

START_TEST(mcwilliams_energy_and_spectrum)
{
  Made m =
      Make("physics: {type: ns2d}\ninitial: {type: mcwilliams, k_max: 40, energy: 0.7}", 2, 128);
  double energy = 0, psi2[3] = {0};
  const int at[3] = {1, 6, 20};
  for (int i = -40; i <= 40; ++i)
    for (int j = -40; j <= 40; ++j) {
      const EddyMode k = EddyModeMake(&m.box, i, j, 0);
      const EddyComplex z = At(&m, i, j);
      energy += .5 * EddyCDot(z, z) * k.inv_k2;
    }
  ck_assert_double_eq_tol(energy, .7, 1e-12);
  for (int q = 0; q < 3; ++q) { /* along x, where |k| is the index on this box */
    const EddyComplex z = At(&m, at[q], 0);
    psi2[q] = EddyCDot(z, z) / pow(at[q], 4) * at[q] * (1 + pow(at[q] / 6., 4));
  }
  ck_assert_double_eq_tol(psi2[1] / psi2[0], 1, 1e-12);
  ck_assert_double_eq_tol(psi2[2] / psi2[0], 1, 1e-12);
  ck_assert(At(&m, 40, 0).re == 0);
  Unmake(&m);
}
END_TEST

START_TEST(sine_series_is_in_its_band)
{
  Made m = Make("physics: {type: ks}\ninitial: {type: sine_series, number: 10, amplitude: 0.5, "
                "k_min: 2, k_max: 4}",
                1, 64);
  double power = 0;
  for (int i = 0; i <= 20; ++i) {
    const EddyComplex z = At(&m, i, 0);
    if (i < 2 || i > 4)
      ck_assert(z.re == 0 && z.im == 0);
    power += EddyCDot(z, z);
  }
  ck_assert(power > 0);
  double max = 0;
  for (int x = 0; x < 64; ++x)
    max = fmax(max, fabs(Sum(&m, 5, -1, m.box.lower[0] + .1 * x, 0)));
  ck_assert(max > 0 && max <= 5);
  Unmake(&m);
}
END_TEST

/* ---- formulas in x, on a box that starts at (-1, 0.5) and is not square ---- */

static const double points[][2] = {{-.9, .7}, {.3, 1.9}, {2.2, 4.1}, {5, 2.5}};
enum { NPOINT = sizeof points / sizeof *points };

START_TEST(waves_match_their_formulas)
{
  Made tg = Make("physics: {type: ns2d}\ninitial: {type: taylor_green, amplitude: 2, k: 3}", 2, 32);
  Made sine = Make(
      "physics: {type: ns2d}\ninitial: {type: sine, amplitude: 2, k: [2, -3], phase: 0.4}", 2, 32);
  Made line = Make("physics: {type: burgers}\ninitial: {type: sine, amplitude: 2, k: [2], phase: "
                   "pi/2, mean: 0.25}",
                   1, 32);
  const double a = 3, b = 3 * 2 * PETSC_PI / 4;
  for (int i = 0; i < NPOINT; ++i) {
    const double x = points[i][0], y = points[i][1];
    ck_assert_double_eq_tol(Sum(&tg, 8, 0, x, y), 2 * sin(a * x) * cos(b * y), 1e-12);
    ck_assert_double_eq_tol(Sum(&tg, 8, 1, x, y), -2 * a / b * cos(a * x) * sin(b * y), 1e-12);
    ck_assert_double_eq_tol(Sum(&sine, 8, -1, x, y), 2 * sin(2 * x - 3 * PETSC_PI / 2 * y + .4),
                            1e-12);
    ck_assert_double_eq_tol(Sum(&line, 8, -1, x, 0), .25 + 2 * cos(2 * x), 1e-12);
  }
  Unmake(&tg), Unmake(&sine), Unmake(&line);
}
END_TEST

START_TEST(gaussians_match_their_formula)
{
  Made m = Make("physics: {type: burgers}\ninitial: {type: gaussians, centre_x: [0.5, 5.2], "
                "height: [2, -1], sigma: [0.3, 0.4]}",
                1, 32);
  for (int i = 0; i < NPOINT; ++i) {
    const double x = points[i][0];
    double expect = 0;
    for (int image = -2; image <= 2; ++image) {
      const double q = x + 2 * PETSC_PI * image;
      expect += 2 * exp(-(q - .5) * (q - .5) / .18) - exp(-(q - 5.2) * (q - 5.2) / .32);
    }
    ck_assert_double_eq_tol(Sum(&m, 40, -1, x, 0), expect, 1e-12);
  }
  Unmake(&m);
  m = Make("physics: {type: allen_cahn}\ninitial: {type: gaussians, centre_x: [0.5], centre_y: "
           "[4.4], height: [2], sigma: [0.3]}",
           2, 32);
  double expect = 0; /* at (0.3, 0.6) through the boundary in y */
  for (int image = -2; image <= 2; ++image)
    expect += 2 * exp(-(.04 + pow(.6 - 4.4 + 4 * image, 2)) / .18);
  ck_assert_double_eq_tol(Sum(&m, 40, -1, .3, .6), expect, 1e-12);
  Unmake(&m);
}
END_TEST

START_TEST(shear_layer_matches_its_formula)
{
  Made m = Make("physics: {type: ns2d}\ninitial: {type: shear_layer, speed: 2, thickness: 0.2, "
                "perturbation: 0.1, perturbation_k: 2}",
                2, 64);
  for (int i = 0; i < NPOINT; ++i) {
    const double x = points[i][0], y = points[i][1];
    double u = 0;
    for (int image = -3; image <= 3; ++image)
      u += tanh((y - 1.5 + 4 * image) / .2) - tanh((y - 3.5 + 4 * image) / .2) - (image ? 0 : 1);
    ck_assert_double_eq_tol(Sum(&m, 50, 0, x, y), 2 * u,
                            1e-6); /* the layer decays as exp(-pi k d / 2) */
    ck_assert_double_eq_tol(Sum(&m, 50, 1, x, y), .1 * sin(2 * x), 1e-12);
  }
  Unmake(&m);
}
END_TEST

START_TEST(disc_matches_its_formula)
{
  Made m = Make("physics: {type: allen_cahn}\ninitial: {type: disc, value: 3, radius: 1, width: "
                "0.15, centre: [2, 2]}",
                2, 64);
  ck_assert_double_eq_tol(Sum(&m, 40, -1, 2, 2), 3, 1e-6);
  ck_assert_double_eq_tol(Sum(&m, 40, -1, 2.1, 2.05), 3, 1e-6);
  ck_assert_double_eq_tol(Sum(&m, 40, -1, 4, 2), 0, 1e-6);
  ck_assert_double_eq_tol(At(&m, 0, 0).re, 3 * PETSC_PI / (8 * PETSC_PI), 1e-14);
  Unmake(&m);
  m = Make("physics: {type: burgers}\ninitial: {type: disc, value: 3, radius: 1, width: 0.1, "
           "centre: [2]}",
           1, 64);
  ck_assert_double_eq_tol(Sum(&m, 80, -1, 2.2, 0), 3, 1e-9);
  ck_assert_double_eq_tol(Sum(&m, 80, -1, 3, 0), 1.5, 1e-6); /* the edge */
  ck_assert_double_eq_tol(Sum(&m, 80, -1, 4, 0), 0, 1e-9);
  Unmake(&m);
}
END_TEST

START_TEST(tiles_are_constant)
{
  Made m =
      Make("physics: {type: burgers}\ninitial: {type: tiles, number: 4, amplitude: [1, 2]}", 1, 64);
  const double tile = 2 * PETSC_PI / 4;
  double mean = 0, differ = 0;
  for (int j = 0; j < 4; ++j) {
    /* inside a tile the Fourier sum over 4000 modes has settled to its constant */
    const double a = Sum(&m, 4000, -1, m.box.lower[0] + (j + .3) * tile, 0);
    const double b = Sum(&m, 4000, -1, m.box.lower[0] + (j + .6) * tile, 0);
    ck_assert_double_eq_tol(a, b, 2e-3);
    ck_assert(a > 1 - 1e-3 && a < 2 + 1e-3);
    mean += a / 4;
    differ = fmax(differ, fabs(a - Sum(&m, 4000, -1, m.box.lower[0] + .3 * tile, 0)));
  }
  ck_assert_double_eq_tol(At(&m, 0, 0).re, mean, 2e-3);
  ck_assert(differ > .05);
  Unmake(&m);
  m = Make("physics: {type: allen_cahn}\ninitial: {type: tiles, number: 2}", 2, 64);
  mean = 0;
  for (int j = 0; j < 4; ++j) {
    const double x = m.box.lower[0] + (j % 2 ? .7 : .2) * 2 * PETSC_PI,
                 y = .5 + (j / 2 ? .8 : .3) * 4;
    const double a = Sum(&m, 60, -1, x, y), b = Sum(&m, 60, -1, x + .3, y - .2);
    ck_assert_double_eq_tol(a, b, .03);
    mean += a / 4;
  }
  ck_assert_double_eq_tol(At(&m, 0, 0).re, mean, .03);
  Unmake(&m);
}
END_TEST

START_TEST(starts_at_points)
{
  PetscReal u = 0, x[3] = {.8, 0, 0};
  Made m = Make("physics: {type: kdv}\ninitial: {type: kassam_trefethen}", 1, 64);
  x[0] = -1;
  m.ic->ops->Point(m.ic, x, &u);
  ck_assert_double_eq_tol(u, 3 * 256 + 3 * 625 / pow(cosh(12.5), 2), 1e-9);
  Unmake(&m);
  m = Make("physics: {type: ks}\ninitial: {type: kassam_trefethen}", 1, 64);
  x[0] = .8;
  m.ic->ops->Point(m.ic, x, &u);
  ck_assert_double_eq_tol(u, cos(.8) * (1 + sin(.8)), 1e-14);
  Unmake(&m);
  m = Make(
      "physics: {type: kdv, c: 6, exact_speed: [50], exact_centre: [1]}\ninitial: {type: exact}", 1,
      64);
  m.ic->ops->Point(m.ic, x, &u);
  ck_assert_double_eq_tol(u, 25 / pow(cosh(.5 * sqrt(50) * .2), 2), 1e-12);
  Unmake(&m);
}
END_TEST

START_TEST(a_tracer_has_its_own_start)
{
  Made m = Make("physics: {type: ns2d, tracers: [dye, salt]}\ninitial: {type: filtered_noise, "
                "salt: {type: disc, radius: 0.5}}",
                2, 64);
  EddyComplex u[EDDY_MAX_COMP] = {{0, 0}};
  ck_assert_int_eq(m.ic->comp, 0);
  ck_assert(m.ic->flow);
  ck_assert_ptr_nonnull(m.ic->next);
  ck_assert_ptr_null(m.ic->next->next);
  ck_assert(!m.ic->next->flow);
  const EddyMode k = EddyModeMake(&m.box, 0, 0, 0);
  for (EddyInitial ic = m.ic; ic; ic = ic->next)
    ic->ops->Mode(ic, &k, u);
  ck_assert(u[0].re == 0 && u[1].re == 0);
  ck_assert_double_eq_tol(u[2].re, PETSC_PI * .25 / (8 * PETSC_PI), 1e-14);
  Unmake(&m);
}
END_TEST

START_TEST(create_refuses)
{
  static const char *const bad[] = {
      "physics: {type: burgers}",
      "physics: {type: burgers}\ninitial: {type: sinus}",
      "physics: {type: burgers}\ninitial: {type: mcwilliams}",
      "physics: {type: burgers}\ninitial: {type: file}",
      "physics: {type: ks}\ninitial: {type: exact}",
      "physics: {type: burgers}\ninitial: {type: sine, k: [0]}",
      "physics: {type: burgers}\ninitial: {type: sine_series, k_min: 3, k_max: 2}",
      "physics: {type: burgers}\ninitial: {type: gaussians, centre_x: [1, 2], height: [1], sigma: "
      "[1, 1]}",
      "physics: {type: burgers}\ninitial: {type: filtered_noise, peak: -1}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    Made m;
    eddy_test_expect_errors(PETSC_TRUE);
    ck_assert_msg(MakeSeed(bad[i], Box(1, 32), 0, 0, &m), "accepted %s", bad[i]);
    eddy_test_expect_errors(PETSC_FALSE);
    Unmake(&m);
  }
}
END_TEST

EDDY_SUITE("initial", one_seed_is_one_flow_at_every_resolution,
           random_starts_depend_on_seed_and_row, flows_have_no_mean,
           filtered_noise_has_the_given_speed, filtered_noise_scalar, grf_variance,
           mcwilliams_energy_and_spectrum, sine_series_is_in_its_band, waves_match_their_formulas,
           gaussians_match_their_formula, shear_layer_matches_its_formula, disc_matches_its_formula,
           tiles_are_constant, starts_at_points, a_tracer_has_its_own_start, create_refuses)
