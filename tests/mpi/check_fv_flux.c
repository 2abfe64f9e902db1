/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Closures of finite volumes against formulas: a flux in place of that of the scheme, fallbacks, past inputs and other output fields, what the step size sees. */
#include "solver.h"
#include <math.h>
#include <string.h>

/* Centred flux of u_t + (u_x + u_y / 2) = 0, its past input kept for closure_in. */
static PetscErrorCode Centred(EddyClosure c, const EddyStage *s, const EddyBlock in[],
                              EddyBlock *out)
{
  const PetscInt step[2] = {1, in[0].count[0] + 2 * in[0].halo};
  PetscFunctionBeginUser;
  for (PetscInt q = 0; q < out->ncomp; ++q)
    for (PetscInt j = 0; j < EddyBlockRows(out); ++j) {
      const double *u = EddyBlockRow(&in[0], 0, j);
      for (PetscInt i = 0; i < out->count[0]; ++i)
        EddyBlockRow(out, q, j)[i] += (q ? .5 : 1) * .5 * (u[i] + u[i + step[q]]);
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}
static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  PetscFunctionBeginUser;
  c->nhistory = 2;
  c->history_every = 3;
  PetscFunctionReturn(PETSC_SUCCESS);
}
static const char *const scalar[] = {"u", NULL}, *const gas[] = {"density", NULL};
static const EddyClosureOps centred = {.name = "centred",
                                       .target = EDDY_TARGET_FLUX,
                                       .halo = 1,
                                       .needs = scalar,
                                       .Create = Create,
                                       .Apply = Centred};

#define ADVECTION \
  "mesh: {n: [%s]}\nphysics: {type: advection, velocity: [%s]}\ninitial: {type: %s}\n" \
  "disc: {type: fv, reconstruction: constant}\ntime: {type: ssprk3}\n"

/* Right-hand side of a state; owned by the caller, whole field. */
static double *Rhs(Solver *s, PetscInt *n)
{
  double *f, *x;
  CK_PETSC(EddyDiscCreateState(s->d, &f));
  CK_PETSC(s->d->ops->Rhs(s->d, &s->st, s->u, f, NULL, NULL));
  Solver a = *s;
  a.u = f;
  x = eddy_test_field(&a, NULL, "u", n);
  CK_PETSC(EddyDiscDestroyState(&f));
  return x;
}

/* Share b of the upwind flux gives way to the centred one. */
static void Replaced(const char *n, const char *velocity, const char *initial, int nx, double b)
{
  char yaml[1024];
  PetscInt count;
  snprintf(yaml, sizeof yaml, ADVECTION "closure: {c: {mode: replace, blend: %g}}\n", n, velocity,
           initial, b);
  Solver s = eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &centred);
  double *u = eddy_test_field(&s, NULL, "u", &count), *f = Rhs(&s, &count), most = 0;
  const int ny = (int)count / nx;
  for (int j = 0; j < ny; ++j)
    for (int i = 0; i < nx; ++i) {
      double sum = 0;
      for (int e = 0; e < (ny > 1 ? 2 : 1); ++e) {
        const int up = e ? (j + 1) % ny * nx + i : j * nx + (i + 1) % nx,
                  down = e ? (j + ny - 1) % ny * nx + i : j * nx + (i + nx - 1) % nx;
        const double a = e ? .5 : 1, idx = e ? ny : nx, here = u[j * nx + i];
        sum -= a * idx * ((1 - b) * (here - u[down]) + b * .5 * (here + u[up] - (u[down] + here)));
      }
      most = fmax(most, fabs(sum - f[j * nx + i]));
    }
  ck_assert_msg(most < 1e-12, "%s cells, blend %g: %g", n, b, most);
  CK_PETSC(PetscFree(u));
  CK_PETSC(PetscFree(f));
  eddy_test_solver_end(&s);
}

START_TEST(replaced)
{
  static const double blends[] = {0, .25, 1};
  for (int q = 0; q < 3; ++q) {
    Replaced("24", "1", "sine_series", 24, blends[q]);
    Replaced("12, 10", "1, 0.5", "grf", 12, blends[q]);
  }
}
END_TEST

START_TEST(inputs)
{
  char yaml[1024];
  PetscInt n;
  double *then[3], *now;
  snprintf(yaml, sizeof yaml, ADVECTION "closure: {c: {every: step}}\n", "12, 10", "1, 0.5", "grf");
  Solver s = eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &centred);
  now = eddy_test_field(&s, NULL, "closure_in_2", &n);
  then[0] = eddy_test_field(&s, NULL, "u", &n);
  ck_assert_msg(!memcmp(now, then[0], (size_t)n * sizeof *now), "before the first step");
  CK_PETSC(PetscFree(now));
  for (int i = 0; i < 8; ++i) { /* kept: steps 0, 3, 6 */
    if (i == 3 || i == 6)
      then[i / 3] = eddy_test_field(&s, NULL, "u", &n);
    CK_PETSC(EddyStepperStep(s.s, &s.st, 1e-3, s.u));
  }
  static const char *const names[] = {"closure_in_0", "closure_in_c_1", "closure_in_2"};
  for (int k = 0; k < 3; ++k) {
    double *want = k ? then[3 - k] : eddy_test_field(&s, NULL, "u", &n);
    now = eddy_test_field(&s, NULL, names[k], &n);
    ck_assert_msg(!memcmp(now, want, (size_t)n * sizeof *now), "%s", names[k]);
    CK_PETSC(PetscFree(now));
    if (!k)
      CK_PETSC(PetscFree(want));
  }
  for (int k = 0; k < 3; ++k)
    CK_PETSC(PetscFree(then[k]));
  eddy_test_solver_end(&s);
}
END_TEST

/* ---- viscosities ---- */

#define GAS \
  "mesh: {n: [20, 9]}\nphysics: {type: compressible_navier_stokes, mu: 1e-3}\n" \
  "initial: {type: linear_wave, amplitude: 0.1, k: [1, 1], wave: shear, flow: 0.5}\n" \
  "time: {type: ssprk2}\n"

/* 0.01, or no number. */
static PetscErrorCode Uniform(EddyClosure c, const EddyStage *s, const EddyBlock in[],
                              EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < EddyBlockRows(out); ++j)
    for (PetscInt i = 0; i < out->count[0]; ++i)
      EddyBlockRow(out, 0, j)[i] += c->ops->name[0] == 'b' ? NAN : .01;
  PetscFunctionReturn(PETSC_SUCCESS);
}
static const EddyClosureOps uniform = {.name = "uniform",
                                       .target = EDDY_TARGET_EDDY_VISCOSITY,
                                       .needs = gas,
                                       .Apply = Uniform},
                            broken = {.name = "broken",
                                      .target = EDDY_TARGET_EDDY_VISCOSITY,
                                      .needs = gas,
                                      .Apply = Uniform};

/* Where nothing is trusted the fallback acts, as if it were alone. */
START_TEST(fallback)
{
  Solver s = eddy_test_solver_with(
             PETSC_COMM_WORLD,
             GAS "closure: {c: {guard: {fallback: smagorinsky, fallback_constant: 0.3}}}\n",
             &broken),
         alone = eddy_test_solver(
             PETSC_COMM_WORLD, GAS "closure: {list: [s], s: {type: smagorinsky, constant: 0.3}}\n",
             NULL),
         none = eddy_test_solver(PETSC_COMM_WORLD, GAS, NULL);
  PetscInt n;
  eddy_test_advance(&s, .01, 10);
  eddy_test_advance(&alone, .01, 10);
  eddy_test_advance(&none, .01, 10);
  double *a = eddy_test_field(&s, NULL, "momentum_x", &n),
         *b = eddy_test_field(&alone, NULL, "momentum_x", &n),
         *c = eddy_test_field(&none, NULL, "momentum_x", &n);
  ck_assert(!memcmp(a, b, (size_t)n * sizeof *a));
  ck_assert(memcmp(a, c, (size_t)n * sizeof *a));
  ck_assert_int_eq(s.closure[0]->guard.count[EDDY_COUNT_BAD],
                   s.closure[0]->guard.count[EDDY_COUNT_POINTS]);
  CK_PETSC(PetscFree(a));
  CK_PETSC(PetscFree(b));
  CK_PETSC(PetscFree(c));
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&alone);
  eddy_test_solver_end(&none);
}
END_TEST

static PetscReal Rate(Solver *s)
{
  PetscReal rate;
  CK_PETSC(s->d->ops->Courant(s->d, &s->st, s->u, &rate));
  return rate;
}

START_TEST(step)
{
  Solver s = eddy_test_solver_with(PETSC_COMM_WORLD, GAS, &uniform),
         none = eddy_test_solver(PETSC_COMM_WORLD, GAS, NULL);
  /* heat: gamma / 0.9 is more than 4/3 */
  const double squares = 20 * 20 + 9 * 9, want = 2 * .01 * (1.4 / .9) * squares;
  for (int i = 0; i < 3; ++i) {
    ck_assert_msg(fabs(Rate(&s) - Rate(&none) - want) < (i ? 1e-4 : 1e-12) * want,
                  "%g instead of %g", Rate(&s) - Rate(&none), want);
    CK_PETSC(EddyStepperStep(s.s, &s.st, 1e-4, s.u));
    CK_PETSC(EddyStepperStep(none.s, &none.st, 1e-4, none.u));
  }
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&none);

  char yaml[1024];
  snprintf(yaml, sizeof yaml,
           ADVECTION "closure: {c: {mode: add, blend: 0.5, diffusivity: 0.04}}\n", "24", "1",
           "sine_series");
  s = eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &centred);
  ck_assert_double_eq_tol(Rate(&s), 24 + 2 * .02 * 24 * 24, 1e-12);
  eddy_test_solver_end(&s);
}
END_TEST

/* Ghosts of closures follow whole faces: a wall on a part of one is refused, an opening in an open face is not. */
START_TEST(part_of_a_wall)
{
  for (int k = 0; k < 2; ++k) {
    char yaml[512], *said = NULL;
    EddyMesh mesh;
    EddyPhysics p;
    EddyClosure c;
    EddyDisc d = NULL;
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [8, 8]}\nphysics: {type: euler}\ndisc: {type: fv}\n"
             "boundary: {xmin: {type: %s, list: [gap], gap: {type: outflow, from: 0.25, to: 0.5}}, "
             "xmax: {type: outflow}}\n",
             k ? "outflow" : "slip");
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
    CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &mesh));
    CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &mesh->box, &p));
    EddyClosureOps ops = centred;
    ops.needs = gas;
    CK_PETSC(EddyClosureCreateFromOps(PETSC_COMM_WORLD, o, &ops, "c", "closure_c_", &c));
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr =
        EddyDiscCreate(PETSC_COMM_WORLD, o, &mesh->box, p, 0, NULL, 1, &c, &d);
    eddy_test_expect_errors(PETSC_FALSE);
    if (k) {
      CK_PETSC(ierr);
      CK_PETSC(EddyDiscDestroy(&d));
    } else {
      ck_assert_int_eq(ierr, EDDY_ERR_INPUT);
      CK_PETSC(PetscErrorMessage(ierr, NULL, &said));
      ck_assert_ptr_nonnull(strstr(said, "not at all, which boundary_xmin is not"));
    }
    CK_PETSC(EddyClosureDestroy(&c));
    CK_PETSC(EddyPhysicsDestroy(&p));
    CK_PETSC(EddyMeshDestroy(&mesh));
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}
END_TEST

EDDY_SUITE("fv_flux", replaced, inputs, fallback, step, part_of_a_wall)
