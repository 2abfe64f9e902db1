/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
#include "closure.h"
#include "support.h"
#include <string.h>

static PetscErrorCode Create(const char *yaml, PetscInt *n)
{
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  EddyClosure *list = NULL;

  PetscFunctionBeginUser;
  *n = -1;
  const PetscErrorCode ierr = EddyClosureCreateList(PETSC_COMM_WORLD, o, n, &list);
  if (!ierr)
    PetscCall(EddyClosureDestroyList(*n, &list));
  PetscCall(EddyOptionsDestroy(&o));
  return ierr;
}

START_TEST(none_is_a_closure_that_leaves_the_list)
{
  PetscInt n;
  CK_PETSC(Create("mesh: {n: 4}", &n));
  ck_assert_int_eq(n, 0);
  CK_PETSC(Create("closure: {list: [a, b], a: {type: none}, b: {type: none}}", &n));
  ck_assert_int_eq(n, 0);
  CK_PETSC(Create("closure: {type: none, list: [a], a: {type: unheard_of}}",
                  &n)); /* switched off as a whole */
  ck_assert_int_eq(n, 0);
}
END_TEST

START_TEST(unknown_closures_are_refused)
{
  PetscInt n;
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(Create("closure: {list: [a], a: {type: non}}", &n), EDDY_ERR_INPUT);
  ck_assert_int_eq(Create("closure: {list: [a]}", &n), EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

/* What every row of closures/list.def must say about itself. */
START_TEST(registered_closures_describe_themselves)
{
  PetscInt k = 0;
  for (const EddyClosureOps *ops; (ops = EddyClosureGetOps(k)); ++k) {
    ck_assert(ops->name && ops->name[0] && ops->summary && ops->halo >= 0);
    ck_assert_msg((ops->target == EDDY_TARGET_MODE) == !!ops->Mode,
                  "%s: a closure has Mode if and only if it acts at wavenumbers", ops->name);
    const int blocks = ops->target == EDDY_TARGET_NONE ? ops->learned /* known once it is read */
                                                       : ops->target != EDDY_TARGET_MODE;
    ck_assert_msg(blocks == !!ops->Apply,
                  "%s: a closure has Apply if and only if it has another target", ops->name);
  }
  ck_assert_int_gt(k, 0);
}
END_TEST

EDDY_SUITE("closure", none_is_a_closure_that_leaves_the_list, unknown_closures_are_refused,
           registered_closures_describe_themselves)
