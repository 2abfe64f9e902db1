/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* 10^5 steps of forced turbulence with a closure that returns NaN, infinity, 1e30 or noise at random points: the run goes on,
   the energy stays bounded, every bad point is counted. */
#include "random.h"
#include "solver.h"
#include <math.h>

enum { STEPS = 100000, N = 16 };

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  static const double values[] = {NAN, INFINITY, -INFINITY, 1e30, -1e30};
  const EddyRandomKey key = {s->seed, (uint64_t)s->step, (uint64_t)s->stage, 1};
  int64_t *made = c->ctx;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < 3; ++k) {
    const uint32_t counter[4] = {(uint32_t)k, 0, 0, 0};
    uint32_t w[4];
    EddyRandomWords(&key, counter, w);
    const PetscInt at = (PetscInt)(w[0] % (N * N));
    *made += isfinite(out->data[at]) && fabs(out->data[at]) < 1e29;
    out->data[at] = values[w[1] % 5];
  }
  /* what is left feeds energy at random */
  const uint32_t counter[4] = {99, 0, 0, 0};
  double noise[2];
  EddyRandomNormal2(&key, counter, noise);
  for (PetscInt i = 0; i < N * N; ++i)
    out->data[i] += noise[0] * in[0].data[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"vorticity", NULL};
static const EddyClosureOps bad = {.name = "bad",
                                   .summary = "",
                                   .ctx_size = sizeof(int64_t),
                                   .target = EDDY_TARGET_SUBGRID_FORCING,
                                   .learned = PETSC_TRUE,
                                   .needs = needs,
                                   .Apply = Apply};

START_TEST(a_bad_network_cannot_break_a_run)
{
  Solver s = eddy_test_solver_with(
      PETSC_COMM_WORLD,
      "mesh: {type: box, n: [16, 16], upper: [2pi, 2pi]}\n"
      "physics: {type: ns2d, nu: 1e-3, drag: 0.1, forcing: {list: [f], f: {type: kolmogorov, k: "
      "2}}}\n"
      "initial: {type: filtered_noise, peak: 3}\n",
      &bad);
  double largest = 0, last;
  for (int k = 0; k < 100; ++k) {
    eddy_test_advance(&s, .01 * (k + 1) * STEPS / 100, STEPS / 100);
    last = eddy_test_diagnostic(&s, "energy");
    ck_assert_msg(isfinite(last), "energy %g at t = %g", last, (double)s.st.t);
    largest = fmax(largest, last);
  }
  const EddyGuard *g = &s.closure[0]->guard;
  ck_assert_int_eq(g->count[EDDY_COUNT_CALLS], 4 * STEPS);
  ck_assert_int_eq(g->count[EDDY_COUNT_BAD], *(int64_t *)s.closure[0]->ctx);
  ck_assert(g->count[EDDY_COUNT_LIMITED] > 0);
  /* forcing of unit amplitude against a drag of 0.1: a laminar flow would have <|u|^2>/2 = 25 */
  ck_assert_msg(largest > .01 && largest < 100, "energy reached %g", largest);
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("bad closure", a_bad_network_cannot_break_a_run)
