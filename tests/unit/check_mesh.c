/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
#include "mesh.h"
#include "support.h"
#include <string.h>

/* The box of a case; NULL message: it must be accepted. */
static EddyBox Box(const char *yaml, const char *message)
{
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  EddyBox box = {0};
  EddyMesh m = NULL;
  char *said = NULL;

  eddy_test_expect_errors(message ? PETSC_TRUE : PETSC_FALSE);
  const PetscErrorCode ierr = EddyMeshCreate(PETSC_COMM_WORLD, o, &m);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_msg(!ierr == !message, "%s returned %d", yaml, (int)ierr);
  if (message) {
    CK_PETSC(PetscErrorMessage(ierr, NULL, &said));
    ck_assert_msg(strstr(said, message), "'%s' does not say '%s'", said, message);
  } else {
    box = m->box;
    CK_PETSC(EddyMeshDestroy(&m));
    ck_assert_ptr_null(m);
  }
  CK_PETSC(EddyOptionsDestroy(&o));
  return box;
}

START_TEST(dimensions_follow_the_list)
{
  const EddyBox b = Box("mesh: {n: [8, 6], lower: [-1, 0], upper: [1, 2pi]}", NULL);
  ck_assert(b.dim == 2 && b.n[0] == 8 && b.n[1] == 6 && b.n[2] == 1);
  ck_assert_double_eq(EddyBoxLength(&b, 0), 2);
  ck_assert_double_eq(EddyBoxLength(&b, 1), 2 * PETSC_PI);
  ck_assert_double_eq(EddyBoxLength(&b, 2), 1);
  ck_assert(b.periodic[0] && b.periodic[1]);
  ck_assert_int_eq(Box("mesh: {type: box, n: 16}", NULL).dim, 1);
  ck_assert_int_eq(Box("mesh: {n: [4, 4, 65536]}", NULL).n[2], 65536);
}
END_TEST

START_TEST(wrong_boxes_are_refused)
{
  Box("mesh: {type: box}", "mesh_n: must be given");
  Box("mesh: {n: [1, 2, 3, 4]}", "wrong list length: 4 given");
  Box("mesh: {n: [4, 0]}", "0 is out of range");
  Box("mesh: {n: 65537}", "65537 is out of range");
  Box("mesh: {n: [4, 4], upper: 1}", "wrong list length: 1 given, 2 entries expected");
  Box("mesh: {n: 4, lower: 2}", "1 is not above mesh_lower 2 in direction x");
  Box("mesh: {n: 4, upper: 1e400}", "does not fit a double");
  Box("mesh: {n: 4, type: bax}", "did you mean 'box'?");
}
END_TEST

EDDY_SUITE("mesh", dimensions_follow_the_list, wrong_boxes_are_refused)
