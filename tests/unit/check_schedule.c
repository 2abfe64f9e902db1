/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
#include "schedule.h"
#include "support.h"

static EddySchedule make(const char *yaml, PetscReal t0, PetscReal t1)
{
  EddySchedule s;
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  CK_PETSC(EddyScheduleCreate(o, "output_a_", t0, t1, &s));
  CK_PETSC(EddyOptionsDestroy(&o));
  return s;
}

START_TEST(test_every)
{
  EddySchedule s = make("output: {a: {every: 0.07, start: 40}}\n", 0, 60);
  ck_assert_int_eq(s.n, 286);
  for (PetscInt k = 0; k < s.n; ++k)
    ck_assert(s.times[k] == 40 + 0.07 * (double)k && s.times[k] <= 60);
  CK_PETSC(EddyScheduleDestroy(&s));
  /* the end counts although 0.1 is not a binary fraction, and is hit exactly */
  s = make("output: {a: {every: 0.1}}\n", 0, 0.3);
  ck_assert_int_eq(s.n, 4);
  ck_assert(s.times[0] == 0 && s.times[3] == 0.3);
  CK_PETSC(EddyScheduleDestroy(&s));
  s = make("output: {a: {every: 1, end: 2.5}}\n", 0, 7);
  ck_assert_int_eq(s.n, 3);
  CK_PETSC(EddyScheduleDestroy(&s));
  ck_assert_ptr_null(s.times);
}
END_TEST

START_TEST(test_end_only)
{
  EddySchedule s = make("output: {a: {type: h5}}\n", 1, 5);
  ck_assert_int_eq(s.n, 1);
  ck_assert(s.times[0] == 5);
  CK_PETSC(EddyScheduleDestroy(&s));
}
END_TEST

START_TEST(test_times)
{
  EddySchedule s = make("output: {a: {times: [0, 0.5, pi]}}\n", 0, 5);
  ck_assert_int_eq(s.n, 3);
  ck_assert(s.times[2] == PETSC_PI);
  CK_PETSC(EddyScheduleDestroy(&s));
}
END_TEST

START_TEST(test_due)
{
  EddySchedule s = make("output: {a: {every: 0.1}}\n", 0, 1);
  PetscInt seen = 0;
  PetscReal t = 0;
  for (int step = 0; step <= 1000; ++step, t += 1e-3) /* t drifts by rounding */
    if (EddyScheduleDue(&s, t)) {
      ck_assert_int_eq(step, 100 * seen);
      EddyScheduleAdvance(&s);
      ++seen;
    }
  ck_assert_int_eq(seen, 11);
  ck_assert(!EddyScheduleDue(&s, 1));
  CK_PETSC(EddyScheduleDestroy(&s));
}
END_TEST

START_TEST(test_refused)
{
  const char *const wrong[] = {"output: {a: {every: 0, start: 1}}\n",
                               "output: {a: {every: -1}}\n",
                               "output: {a: {every: 1, start: 11}}\n",
                               "output: {a: {every: 1, start: -1}}\n",
                               "output: {a: {every: 1, end: 11}}\n",
                               "output: {a: {every: 1, start: 5, end: 4}}\n",
                               "output: {a: {start: 5}}\n",
                               "output: {a: {times: [1, 1]}}\n",
                               "output: {a: {times: [1, 11]}}\n",
                               "output: {a: {times: [1], every: 1}}\n",
                               "output: {a: {every: 1e-12}}\n"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    EddySchedule s;
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, wrong[i]);
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr = EddyScheduleCreate(o, "output_a_", 0, 10, &s);
    eddy_test_expect_errors(PETSC_FALSE);
    ck_assert_msg(ierr == EDDY_ERR_INPUT, "case %d: %s gave %d", (int)i, wrong[i], (int)ierr);
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}
END_TEST

EDDY_SUITE("schedule", test_every, test_end_only, test_times, test_due, test_refused)
