/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by all Check programs: main() (PETSc initialised, CK_NOFORK so that MPI works), CK_PETSC, scratch folders. A program
   defines `Suite *eddy_suite(void)`; asserts are on values reduced over ranks so that all ranks agree; rank 0 prints. */
#ifndef EDDY_TEST_SUPPORT_H
#define EDDY_TEST_SUPPORT_H
#include "options.h"
#include <check.h>

#define CK_PETSC(call) \
  do { \
    PetscErrorCode ierr_ = (call); \
    ck_assert_msg(!ierr_, "%s returned %d", #call, (int)ierr_); \
  } while (0)

Suite *eddy_suite(void);
/* One-test suite from a list of test functions: EDDY_SUITE("options", test_a, test_b). */
#define EDDY_SUITE(title, ...) \
  Suite *eddy_suite(void) \
  { \
    const TTest *const tests[] = {__VA_ARGS__}; \
    Suite *s = suite_create(title); \
    for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); ++i) { \
      TCase *tc = tcase_create(tests[i]->name); \
      tcase_set_timeout(tc, 0); \
      tcase_add_test(tc, tests[i]); \
      suite_add_tcase(s, tc); \
    } \
    return s; \
  }

/* Options from YAML text, on comm. */
EddyOptions eddy_test_options(MPI_Comm comm, const char *yaml);
/* New empty folder, the same path on every rank. */
const char *eddy_test_folder(MPI_Comm comm);
/* Least-squares slope of log(error) over log(h). */
double eddy_test_order(int n, const double h[], const double error[]);
/* Lines of ncol numbers of a file in tests/reference (or a path from there), comments and headers left out, "NaN" read as such: v[max][ncol]. Returns their
   number, less than max. */
int eddy_test_table(const char *name, int ncol, int max, double v[]);
/* True while errors raised inside are expected: the handler returns them silently. */
void eddy_test_expect_errors(PetscBool on);
#endif
