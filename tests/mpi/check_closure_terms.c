/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 5 */
/* Closures in the right-hand side: their terms are added, they sum, they see the fields they ask for, Commit comes once per step. */
#include "solver.h"
#include <math.h>

static const char yaml[] = "mesh: {type: box, n: [48, 32], upper: [2pi, 2pi]}\n"
                           "physics: {type: ns2d, nu: 1e-2}\n"
                           "initial: {type: filtered_noise, max_speed: 1}\n"
                           "time: {type: etdrk4, dt: 0.01, end: 1}\n";

typedef struct {
  double rate;
  PetscInt commits;
} Ctx;

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  const Ctx *ctx = (const Ctx *)c->ctx;
  PetscFunctionBeginUser;
  /* in[1] is the velocity */
  PetscCheck(in[1].ncomp == 2 && in[0].count[1] == out->count[1], PETSC_COMM_SELF, PETSC_ERR_PLIB,
             "blocks have the wrong shape");
  for (PetscInt i = 0; i < out->count[0] * out->count[1]; ++i)
    out->data[i] -= ctx->rate * in[0].data[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Commit(EddyClosure c, const EddyStage *s)
{
  PetscFunctionBeginUser;
  ++((Ctx *)c->ctx)->commits;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"vorticity", "velocity", NULL};
static const EddyClosureOps relax = {.name = "relax",
                                     .target = EDDY_TARGET_SUBGRID_FORCING,
                                     .needs = needs,
                                     .Apply = Apply,
                                     .Commit = Commit};

START_TEST(terms_are_added)
{
  Ctx ctx[2] = {{.rate = 0.3}, {.rate = 0.5}};
  struct _p_EddyClosure object[2] = {{.ops = &relax, .name = "a", .ctx = &ctx[0]},
                                     {.ops = &relax, .name = "b", .ctx = &ctx[1]}};
  EddyClosure closure[2] = {&object[0], &object[1]};
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
  double *plain, *closed, worst = 0, largest = 0;
  CK_PETSC(EddyDiscCreateState(s.d, &plain));
  CK_PETSC(EddyDiscCreateState(s.d, &closed));
  CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, plain, NULL, NULL));
  s.d->nclosure = 2;
  s.d->closure = closure;
  CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, closed, NULL, NULL));
  for (size_t i = 0; i < s.d->size; ++i) {
    const double error = fabs(closed[i] - plain[i] + 0.8 * s.u[i]);
    worst = error > worst ? error : worst;
    largest = fabs(s.u[i]) > largest ? fabs(s.u[i]) : largest;
  }
  MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
  ck_assert_double_gt(largest, 1e-2);
  ck_assert_double_lt(worst, 1e-14 * (1 + 30 * largest));
  eddy_test_advance(&s, 0.05, 5);
  ck_assert_int_eq(ctx[0].commits, 5);
  s.d->nclosure = 0;
  CK_PETSC(EddyDiscDestroyState(&plain));
  CK_PETSC(EddyDiscDestroyState(&closed));
  eddy_test_solver_end(&s);
}
END_TEST

START_TEST(what_is_not_offered_stops)
{
  static const EddyClosureOps wide = {
      .name = "wide", .target = EDDY_TARGET_SUBGRID_FORCING, .halo = 2, .Apply = Apply};
  static const EddyClosureOps stress = {
      .name = "stress", .target = EDDY_TARGET_SUBGRID_STRESS, .Apply = Apply};
  static const char *const unknown[] = {"temperature", NULL};
  static const EddyClosureOps hungry = {
      .name = "hungry", .target = EDDY_TARGET_SUBGRID_FORCING, .needs = unknown, .Apply = Apply};
  const EddyClosureOps *const tables[] = {&wide, &stress, &hungry};
  for (int k = 0; k < 3; ++k) {
    struct _p_EddyClosure object = {.ops = tables[k], .name = "a"};
    EddyClosure closure = &object;
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
    EddyDisc d = NULL;
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr =
        EddyDiscCreate(PETSC_COMM_WORLD, s.o, &s.mesh->box, s.p, 0, NULL, 1, &closure, &d);
    eddy_test_expect_errors(PETSC_FALSE);
    ck_assert_int_eq(ierr, EDDY_ERR_INPUT);
    CK_PETSC(PetscFree(d));
    eddy_test_solver_end(&s);
  }
}
END_TEST

EDDY_SUITE("closure", terms_are_added, what_is_not_offered_stops)
