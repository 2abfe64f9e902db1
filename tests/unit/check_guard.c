/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 3 */
/* Guards: each on a small block against its formula, then in the solver with closures that misbehave; history and state. */
#include "solver.h"
#include <math.h>
#include <string.h>

enum { N = 6 };

static EddyBlock Block(PetscInt ncomp, double *data)
{
  return (EddyBlock){.rank = ncomp == 4 ? 2 : 0,
                     .dim = 2,
                     .ncomp = ncomp,
                     .n = {N, 1, 1},
                     .count = {N, 1, 1},
                     .data = data};
}

START_TEST(values_that_cannot_be_are_replaced)
{
  double v[N] = {1, NAN, -INFINITY, 1e30, -3, 7}, w[N] = {0};
  int64_t count[EDDY_NCOUNT] = {0};
  EddyGuard g;
  EddyBlock b = Block(1, v);
  EddyGuardDefaults(&g, PETSC_TRUE);
  g.clip = 2;
  EddyGuardValues(&g, 10, &b, w, count);
  const double expect[N] = {1, 0, 0, 0, -2, 2}, weight[N] = {0, 1, 1, 1, 0, 0};
  ck_assert(!memcmp(v, expect, sizeof v) && !memcmp(w, weight, sizeof w));
  ck_assert_int_eq(count[EDDY_COUNT_BAD], 3);
  ck_assert_int_eq(count[EDDY_COUNT_CLIPPED], 2);
  double huge[N] = {1e30, NAN, 1, 1, 1, 1}, none[N] = {0};
  EddyBlock c = Block(1, huge);
  g.clip = 0;
  EddyGuardValues(&g, 0, &c, none, count); /* without a limit only what is not finite */
  ck_assert(huge[0] == 1e30 && huge[1] == 0 && none[0] == 0 && none[1] == 1);
}
END_TEST

START_TEST(ranges_flag_and_blend)
{
  /* range [0, 1], margin 0.1, blending over 0.5: full from 1.6 on */
  double v[N] = {.5, 1.05, 1.35, 1.7, -.05, -5}, w[N] = {0};
  const double lower = 0, upper = 1;
  EddyGuard g;
  const EddyBlock b = Block(1, v);
  EddyGuardDefaults(&g, PETSC_TRUE);
  CK_PETSC(EddyGuardSetRanges(&g, 1, &lower, &upper, NULL, NULL, PETSC_MAX_REAL));
  ck_assert_int_eq(EddyGuardRange(&g, 1, &b, w), 3);
  ck_assert(w[0] == 0 && w[1] == 0 && fabs(w[2] - .5) < 1e-14 && w[3] == 1 && w[4] == 0 &&
            w[5] == 1);
  CK_PETSC(EddyGuardDestroy(&g));
  /* two components with correlation: inside the box, far in Mahalanobis distance */
  double x[2 * N] = {.9, .9, 0, 0, 0, 0, .9, -.9, 0, 0, 0, 0}, far[N] = {0};
  const double lo[2] = {-1, -1}, up[2] = {1, 1}, mean[2] = {0, 0};
  /* covariance {{1, .99}, {.99, 1}}/4 = A A^T, whiten = A^-1 */
  const double s = sqrt(1 - .99 * .99), whiten[4] = {2, 0, -2 * .99 / s, 2 / s};
  EddyBlock two = {.dim = 2, .ncomp = 2, .rank = 1, .n = {N, 1, 1}, .count = {N, 1, 1}, .data = x};
  EddyGuardDefaults(&g, PETSC_TRUE);
  CK_PETSC(EddyGuardSetRanges(&g, 2, lo, up, mean, whiten, 3));
  ck_assert_int_eq(EddyGuardRange(&g, 1, &two, far), 1);
  ck_assert(far[0] == 0 && far[1] == 1);
  CK_PETSC(EddyGuardDestroy(&g));
}
END_TEST

/* The margin of a point that was flagged is smaller by the hysteresis, here 0.1 - 0.3 = -0.2: it is released below 0.8. */
START_TEST(a_flagged_point_has_to_come_back_further)
{
  double v[N] = {.95, .95, .79, .79, 1.2, 1.2}, w[N] = {0};
  const double lower = 0, upper = 1, was[N] = {0, 1, 0, .3, 0, 1};
  EddyGuard g;
  const EddyBlock b = Block(1, v);
  EddyGuardDefaults(&g, PETSC_TRUE);
  g.hysteresis = .3;
  CK_PETSC(EddyGuardSetRanges(&g, 1, &lower, &upper, NULL, NULL, PETSC_MAX_REAL));
  ck_assert_int_eq(EddyGuardRangeAfter(&g, 1, &b, was, w), 3);
  const double e[2] = {.3, .8}; /* beyond the margin, in units of soft = 0.5 */
  ck_assert(w[0] == 0 && w[2] == 0 && w[3] == 0);
  ck_assert_double_eq_tol(w[1], e[0] * e[0] * (3 - 2 * e[0]), 1e-12);
  ck_assert_double_eq_tol(w[4], .2 * .2 * (3 - 2 * .2), 1e-12);
  ck_assert_double_eq_tol(w[5], e[1] * e[1] * (3 - 2 * e[1]), 1e-12);
  CK_PETSC(EddyGuardDestroy(&g));
}
END_TEST

START_TEST(projections)
{
  double t[4 * N], w[N] = {3, 1, 2, 6, 0, 0};
  int64_t count[EDDY_NCOUNT] = {0};
  const double one[4] = {2, 5, 1, -1};
  EddyGuard g;
  EddyBlock b = Block(4, t), f = Block(1, w);
  EddyGuardDefaults(&g, PETSC_FALSE);
  g.realisable = g.trace_free = PETSC_TRUE;
  for (int c = 0; c < 4; ++c)
    for (int i = 0; i < N; ++i)
      t[c * N + i] = one[c];
  CK_PETSC(EddyGuardProject(&g, PETSC_COMM_SELF, PETSC_FALSE, &b, count));
  /* symmetric: 3; realisable: diagonal (2, 0), so off-diagonal 0; trace-free: (1, -1) */
  ck_assert(t[0] == 1 && t[N] == 0 && t[2 * N] == 0 && t[3 * N] == -1);
  ck_assert_int_eq(count[EDDY_COUNT_PROJECTED], N);
  CK_PETSC(EddyGuardProject(&g, PETSC_COMM_SELF, PETSC_TRUE, &f, count));
  ck_assert(w[0] == 1 && w[1] == -1 && w[2] == 0 && w[3] == 4 && w[4] == -2);
}
END_TEST

/* ---- in the solver ---- */

/* Which point misbehaves: a hash of step, stage and place. */
static PetscBool Unlucky(const EddyStage *s, PetscInt x, PetscInt y)
{
  uint64_t h = (uint64_t)s->step * 1315423911u + (uint64_t)s->stage * 2654435761u +
               (uint64_t)x * 97u + (uint64_t)y * 40503u;
  h ^= h >> 13;
  h *= UINT64_C(0x9E3779B97F4A7C15);
  return (PetscBool)((h >> 40) % 50 == 0);
}

static PetscErrorCode Bad(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < out->count[1]; ++j)
    for (PetscInt i = 0; i < out->count[0]; ++i)
      if (Unlucky(s, i, out->start[1] + j))
        out->data[j * out->count[0] + i] = (i + j) % 3 ? NAN : 1e30;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Feeds energy: the opposite of a viscosity. */
static PetscErrorCode Feeds(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < out->count[0] * out->count[1]; ++i)
    out->data[i] += 2 * in[0].data[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Forcing by the input two accepted steps ago, and a state that counts steps. */
static PetscErrorCode Past(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < out->count[1]; ++j)
    for (PetscInt i = 0; i < out->count[0]; ++i)
      out->data[j * out->count[0] + i] -= .1 * EddyBlockRow(&in[2], 0, j)[i + 1];
  PetscFunctionReturn(PETSC_SUCCESS);
}
static PetscErrorCode Remember(EddyClosure c, EddyOptions o, const char *prefix)
{
  PetscFunctionBeginUser;
  c->nhistory = 2;
  c->nstate = 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}
static PetscErrorCode CountSteps(EddyClosure c, const EddyStage *s)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < c->state.count[0] * c->state.count[1]; ++i)
    c->state.data[i] += 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Two past inputs, one every third step: forcing by the older one. */
static PetscErrorCode Stride(EddyClosure c, EddyOptions o, const char *prefix)
{
  PetscFunctionBeginUser;
  c->nhistory = 2;
  c->history_every = 3;
  PetscFunctionReturn(PETSC_SUCCESS);
}
static PetscErrorCode One(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < out->count[0] * out->count[1]; ++i)
    out->data[i] += .1 * in[2].data[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const vorticity[] = {"vorticity", NULL};
static const EddyClosureOps stride = {.name = "stride",
                                      .summary = "",
                                      .target = EDDY_TARGET_SUBGRID_FORCING,
                                      .needs = vorticity,
                                      .Create = Stride,
                                      .Apply = One};
static const EddyClosureOps bad = {.name = "bad",
                                   .summary = "",
                                   .target = EDDY_TARGET_SUBGRID_FORCING,
                                   .learned = PETSC_TRUE,
                                   .needs = vorticity,
                                   .Apply = Bad};
static const EddyClosureOps feeds = {.name = "feeds",
                                     .summary = "",
                                     .target = EDDY_TARGET_SUBGRID_FORCING,
                                     .learned = PETSC_TRUE,
                                     .needs = vorticity,
                                     .Apply = Feeds};
static const EddyClosureOps past = {.name = "past",
                                    .summary = "",
                                    .target = EDDY_TARGET_SUBGRID_FORCING,
                                    .needs = vorticity,
                                    .halo = 1,
                                    .Create = Remember,
                                    .Apply = Past,
                                    .Commit = CountSteps};

static Solver With(const EddyClosureOps *ops, const char *options)
{
  char yaml[1024];
  snprintf(yaml, sizeof yaml,
           "mesh: {type: box, n: [24, 20], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: "
           "1e-2}\ninitial: {type: filtered_noise, peak: 3}\n%s",
           options);
  return eddy_test_solver_with(PETSC_COMM_WORLD, yaml, ops);
}

START_TEST(bad_values_are_flagged_and_replaced)
{
  PetscInt n, m;
  Solver s = With(&bad, ""), plain = With(NULL, "");
  eddy_test_advance(&s, .5, 50);
  eddy_test_advance(&plain, .5, 50);
  const EddyGuard *g = &s.closure[0]->guard;
  ck_assert(g->count[EDDY_COUNT_BAD] > 200 &&
            g->count[EDDY_COUNT_BAD] < g->count[EDDY_COUNT_POINTS] / 20);
  ck_assert_int_eq(g->count[EDDY_COUNT_CALLS], 200);
  ck_assert_int_eq(g->count[EDDY_COUNT_POINTS], 200 * 24 * 20);
  /* bad points are set to zero, the others are zero */
  double *x = eddy_test_field(&s, NULL, "vorticity", &n),
         *y = eddy_test_field(&plain, NULL, "vorticity", &m);
  ck_assert(!memcmp(x, y, (size_t)n * sizeof *x));
  double *flag = eddy_test_field(&s, NULL, "closure_flag", &n), flagged = 0;
  const EddyStage now = s.st;
  for (PetscInt j = 0; j < 20; ++j)
    for (PetscInt i = 0; i < 24; ++i) {
      ck_assert(flag[j * 24 + i] == (Unlucky(&now, i, j) ? 1 : 0));
      flagged += flag[j * 24 + i];
    }
  ck_assert(flagged > 0);
  ck_assert_int_eq(g->count[EDDY_COUNT_CALLS], 200); /* an output counts nothing */
  CK_PETSC(PetscFree(x));
  CK_PETSC(PetscFree(y));
  CK_PETSC(PetscFree(flag));
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&plain);
}
END_TEST

START_TEST(strict_ends_the_run_and_says_why)
{
  Solver s = With(&bad, "closure_strict: true\n");
  eddy_test_advance(&s, .01, 1);
  ck_assert_msg(strstr(s.s->failed, "closure c: ") && strstr(s.s->failed, " bad"), "'%s'",
                s.s->failed);
  eddy_test_solver_end(&s);
}
END_TEST

START_TEST(a_fallback_acts_where_the_closure_is_not_trusted)
{
  Solver s = With(&bad, "closure: {c: {guard: {fallback: smagorinsky}}}\n"), plain = With(NULL, "");
  eddy_test_advance(&s, .5, 50);
  eddy_test_advance(&plain, .5, 50);
  const double e[2] = {eddy_test_diagnostic(&s, "energy"), eddy_test_diagnostic(&plain, "energy")};
  ck_assert_msg(e[0] < e[1] * (1 - 1e-7) && e[0] > .9 * e[1], "%g %g", e[0], e[1]);
  eddy_test_solver_end(&s);
  /* a step with more than 0.1 % of bad points is taken again with the fallback alone: it is then that closure everywhere */
  Solver r = With(&bad, "closure: {c: {guard: {fallback: smagorinsky, reject: 0.001}}}\n"),
         full = eddy_test_solver(PETSC_COMM_WORLD,
                                 "mesh: {type: box, n: [24, 20], upper: [2pi, 2pi]}\nphysics: "
                                 "{type: ns2d, nu: 1e-2}\ninitial: {type: filtered_noise, peak: "
                                 "3}\nclosure: {list: [f], f: {type: smagorinsky}}\n",
                                 NULL);
  PetscInt n, m;
  eddy_test_advance(&r, .1, 10);
  eddy_test_advance(&full, .1, 10);
  ck_assert_int_eq(r.closure[0]->guard.count[EDDY_COUNT_REJECTED], 10);
  double *x = eddy_test_field(&r, NULL, "vorticity", &n),
         *y = eddy_test_field(&full, NULL, "vorticity", &m);
  ck_assert(!memcmp(x, y, (size_t)n * sizeof *x));
  CK_PETSC(PetscFree(x));
  CK_PETSC(PetscFree(y));
  eddy_test_solver_end(&r);
  eddy_test_solver_end(&full);
  eddy_test_solver_end(&plain);
}
END_TEST

/* A term that feeds energy is scaled until viscosity takes it away again; without the limiter the energy grows as exp(4 t). */
START_TEST(energy_input_is_limited)
{
  Solver s = With(&feeds, "closure: {c: {guard: {energy: 0.5}}}\n"),
         open = With(&feeds, "closure: {c: {guard: {energy: -1}}}\n");
  const double before = eddy_test_diagnostic(&s, "energy");
  eddy_test_advance(&s, .5, 50);
  eddy_test_advance(&open, .5, 50);
  const double e[2] = {eddy_test_diagnostic(&s, "energy"), eddy_test_diagnostic(&open, "energy")};
  ck_assert_int_eq(s.closure[0]->guard.count[EDDY_COUNT_LIMITED], 200);
  ck_assert_msg(e[0] < before && e[1] > 5 * before && e[1] < before * exp(2.1),
                "%g, with the limiter %g, without %g", before, e[0], e[1]);
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&open);
}
END_TEST

/* in[2] is the input of two accepted steps ago, with ghosts; w[k] is kept by the test. At the start there is only w[0]. */
START_TEST(history_and_state_follow_accepted_steps)
{
  enum { STEPS = 5 };
  PetscInt n, m;
  Solver s = With(&past, "");
  double *w[STEPS + 1];
  w[0] = eddy_test_field(&s, NULL, "vorticity", &n);
  for (int k = 0; k < STEPS; ++k) {
    eddy_test_advance(&s, .01 * (k + 1), 1);
    w[k + 1] = eddy_test_field(&s, NULL, "vorticity", &n);
    double *f = eddy_test_field(&s, NULL, "closure_out", &m), worst = 0, mean = 0;
    /* at step k + 1 the past is w[k], w[k - 1] */
    const double *two = w[k ? k - 1 : 0];
    for (PetscInt i = 0; i < m; ++i)
      mean += two[i] / (double)m;
    for (PetscInt j = 0; j < 20; ++j)
      for (PetscInt i = 0; i < 24; ++i)
        worst = fmax(worst, fabs(f[j * 24 + i] + .1 * (two[j * 24 + (i + 1) % 24] - mean)));
    ck_assert_msg(worst < 1e-14, "step %d: off by %g", k, worst);
    CK_PETSC(PetscFree(f));
  }
  double change = 0;
  for (PetscInt i = 0; i < n; ++i)
    change = fmax(change, fabs(w[STEPS][i] - w[STEPS - 2][i]));
  ck_assert_msg(change > 1e-4, "the flow stands still, nothing was tested");
  int counted = !s.closure[0]->state.count[1] || s.closure[0]->state.data[0] == STEPS;
  MPI_Allreduce(MPI_IN_PLACE, &counted, 1, MPI_INT, MPI_MIN, PETSC_COMM_WORLD);
  ck_assert(counted);
  for (int k = 0; k <= STEPS; ++k)
    CK_PETSC(PetscFree(w[k]));
  eddy_test_solver_end(&s);
}
END_TEST

/* Past inputs with a stride of three: before step k the newest is w at the last multiple of 3 below k, the older one three
   steps before; all are in the fields closure_in. */
START_TEST(history_with_a_stride)
{
  enum { STEPS = 11 };
  static const char *const names[] = {"closure_in_0", "closure_in_c_1", "closure_in_2"};
  PetscInt n, m;
  double *w[STEPS + 1];
  Solver s = With(&stride, "");
  w[0] = eddy_test_field(&s, NULL, "vorticity", &n);
  for (int k = 1; k <= STEPS; ++k) {
    eddy_test_advance(&s, .02 * k, 1);
    w[k] = eddy_test_field(&s, NULL, "vorticity", &n);
    const int newest = (k - 1) / 3 * 3, at[3] = {k, newest, newest >= 3 ? newest - 3 : 0};
    for (int q = 0; q < 3; ++q) {
      double *f = eddy_test_field(&s, NULL, names[q], &m);
      ck_assert_msg(m == n && !memcmp(f, w[at[q]], (size_t)n * sizeof *f),
                    "step %d: %s is not the vorticity of step %d", k, names[q], at[q]);
      CK_PETSC(PetscFree(f));
    }
    double *f = eddy_test_field(&s, NULL, "closure_out", &m), worst = 0, mean = 0;
    for (PetscInt i = 0; i < n; ++i)
      mean += w[at[2]][i] / n;
    for (PetscInt i = 0; i < n; ++i)
      worst = fmax(worst, fabs(f[i] - .1 * (w[at[2]][i] - mean)));
    ck_assert_msg(worst < 1e-14, "step %d: output off by %g", k, worst);
    CK_PETSC(PetscFree(f));
  }
  ck_assert(memcmp(w[STEPS], w[STEPS - 1], (size_t)n * sizeof(double)));
  eddy_test_expect_errors(PETSC_TRUE);
  EddyBlock b;
  ck_assert_int_eq(
      s.d->ops->GetFields(s.d, 0, &s.st, s.u, NULL, 1, (const char *const[]){"closure_in_3"}, &b),
      EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
  for (int k = 0; k <= STEPS; ++k)
    CK_PETSC(PetscFree(w[k]));
  eddy_test_solver_end(&s);
}
END_TEST

/* With PETSc's steppers too a step with bad points is taken again with the fallback alone: every step here, so that the run is the
   one with that closure, bit for bit. */
START_TEST(rejection_with_a_petsc_stepper)
{
  static const char ts[] = "time: {type: ts}\n";
  char yaml[256];
  PetscInt n, m;
  CK_PETSC(PetscOptionsSetValue(NULL, "-ts_rk_type", "4"));
  snprintf(yaml, sizeof yaml, "closure: {c: {guard: {fallback: smagorinsky, reject: 0.001}}}\n%s",
           ts);
  Solver r = With(&bad, yaml);
  snprintf(yaml, sizeof yaml, "closure: {list: [f], f: {type: smagorinsky}}\n%s", ts);
  Solver full = With(NULL, yaml), plain = With(NULL, ts);
  eddy_test_advance(&r, .1, 10);
  eddy_test_advance(&full, .1, 10);
  eddy_test_advance(&plain, .1, 10);
  ck_assert_int_eq(r.closure[0]->guard.count[EDDY_COUNT_REJECTED], 10);
  double *x = eddy_test_field(&r, NULL, "vorticity", &n),
         *y = eddy_test_field(&full, NULL, "vorticity", &m),
         *z = eddy_test_field(&plain, NULL, "vorticity", &m);
  ck_assert(!memcmp(x, y, (size_t)n * sizeof *x));
  ck_assert(memcmp(x, z, (size_t)n * sizeof *x));
  CK_PETSC(PetscFree(x));
  CK_PETSC(PetscFree(y));
  CK_PETSC(PetscFree(z));
  eddy_test_solver_end(&r);
  eddy_test_solver_end(&full);
  eddy_test_solver_end(&plain);
  CK_PETSC(PetscOptionsClearValue(NULL, "-ts_rk_type"));
}
END_TEST

EDDY_SUITE("guard", values_that_cannot_be_are_replaced, ranges_flag_and_blend,
           a_flagged_point_has_to_come_back_further, projections,
           bad_values_are_flagged_and_replaced, strict_ends_the_run_and_says_why,
           a_fallback_acts_where_the_closure_is_not_trusted, energy_input_is_limited,
           history_and_state_follow_accepted_steps, history_with_a_stride,
           rejection_with_a_petsc_stepper)
