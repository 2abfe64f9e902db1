/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Varied options, splits and shards: what a row is depends on (seed, row, option) alone. */
#include "ensemble.h"
#include "support.h"
#include <math.h>
#include <string.h>

static EddyEnsemble Make(EddyOptions *o, const char *yaml)
{
  EddyEnsemble e;
  *o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  CK_PETSC(EddyEnsembleFromOptions(*o, &e));
  return e;
}

static void Drop(EddyOptions *o, EddyEnsemble *e)
{
  CK_PETSC(EddyEnsembleFree(e));
  CK_PETSC(EddyOptionsDestroy(o));
}

static double Draw(const EddyEnsemble *e, const char *key, uint64_t row)
{
  char text[EDDY_MAX_NAME];
  double v = NAN;
  for (PetscInt k = 0; k < e->nvary; ++k)
    if (!strcmp(e->vary[k].key, key))
      EddyVaryDraw(&e->vary[k], e->seed, row, 0, text, &v);
  return v;
}

START_TEST(test_distributions)
{
  enum { N = 4000 };
  EddyOptions o;
  EddyEnsemble e = Make(&o, "ensemble: {rows: 4000, seed: 7, vary: {a: uniform -1 3, b: loguniform "
                            "1e-4 1e-2, c: normal 5 "
                            "0.5, d: integer 2 4, e: choice x y}}\n");
  double a = 0, b = 0, c = 0, c2 = 0;
  int d[8] = {0}, word[2] = {0};
  for (uint64_t i = 0; i < N; ++i) {
    const double x = Draw(&e, "a", i), y = Draw(&e, "b", i), z = Draw(&e, "c", i);
    ck_assert(x >= -1 && x <= 3 && y >= 1e-4 && y <= 1e-2);
    a += x, b += log10(y), c += z, c2 += (z - 5) * (z - 5);
    ++d[(int)Draw(&e, "d", i)];
    ++word[(int)Draw(&e, "e", i)];
  }
  /* five standard errors of the mean */
  ck_assert_double_lt(fabs(a / N - 1), 5 * 4 / sqrt(12.0 * N));
  ck_assert_double_lt(fabs(b / N + 3), 5 * 2 / sqrt(12.0 * N));
  ck_assert_double_lt(fabs(c / N - 5), 5 * 0.5 / sqrt((double)N));
  ck_assert_double_lt(fabs(sqrt(c2 / N) - 0.5), 5 * 0.5 / sqrt(2.0 * N));
  ck_assert_int_eq(d[2] + d[3] + d[4], N);
  for (int k = 2; k <= 4; ++k)
    ck_assert_double_lt(fabs(d[k] - N / 3.0), 5 * sqrt(N * 2.0 / 9));
  ck_assert_double_lt(fabs(word[0] - N / 2.0), 5 * sqrt(N / 4.0));
  Drop(&o, &e);
}
END_TEST

START_TEST(test_rows_do_not_change)
{
  EddyOptions o, q;
  EddyEnsemble e = Make(&o, "ensemble: {rows: 10, seed: 7, vary: {physics_nu: uniform 0 1}}\n");
  EddyEnsemble f = Make(&q, "ensemble: {rows: 50, seed: 7, shard: 3, vary: {physics_drag: uniform "
                            "0 1, physics_nu: uniform 0 1}}\n");
  for (uint64_t i = 0; i < 10; ++i) {
    ck_assert(Draw(&e, "physics_nu", i) == Draw(&f, "physics_nu", i));
    ck_assert(Draw(&f, "physics_drag", i) != Draw(&f, "physics_nu", i));
    ck_assert(!i || Draw(&e, "physics_nu", i) != Draw(&e, "physics_nu", i - 1));
  }
  Drop(&o, &e);
  Drop(&q, &f);
}
END_TEST

START_TEST(test_text_is_the_value)
{
  EddyOptions o, row;
  EddyEnsemble e = Make(&o, "physics: {nu: 1}\nensemble: {rows: 3, seed: 18446744073709551615, "
                            "vary: {physics_nu: loguniform 1e-4 1}}\n");
  for (PetscInt64 i = 0; i < 3; ++i) {
    PetscReal nu;
    CK_PETSC(EddyEnsembleRowOptions(&e, o, PETSC_COMM_SELF, i, &row));
    CK_PETSC(EddyOptionsReal(row, "physics_nu", "viscosity", "", 0, 0, 2, &nu));
    ck_assert(nu == Draw(&e, "physics_nu", (uint64_t)i));
    CK_PETSC(EddyOptionsDestroy(&row));
  }
  Drop(&o, &e);
}
END_TEST

START_TEST(test_grid_and_list)
{
  EddyOptions o;
  EddyEnsemble e = Make(&o, "ensemble: {vary: {a: grid 1 2 3, b: grid 10 20}}\n");
  ck_assert_int_eq(e.rows, 6);
  for (uint64_t i = 0; i < 6; ++i) {
    ck_assert(Draw(&e, "a", i) == 1.0 + (double)(i / 2));
    ck_assert(Draw(&e, "b", i) == 10.0 + 10.0 * (double)(i % 2));
  }
  Drop(&o, &e);
  e = Make(&o, "ensemble: {vary: {a: list 0.5 0.25 0.125}}\n");
  ck_assert_int_eq(e.rows, 3);
  ck_assert(Draw(&e, "a", 2) == 0.125);
  Drop(&o, &e);
}
END_TEST

/* Every row is in one shard of one split; sizes are the shares. */
static void CheckShards(const char *yaml, const PetscInt64 count[3])
{
  EddyOptions o;
  EddyEnsemble e = Make(&o, yaml);
  int seen[64] = {0};
  PetscInt64 total = 0, split[3] = {0};
  for (PetscInt k = 0; k < e.nshard; ++k) {
    EddyShard s;
    EddyEnsembleShard(&e, k, &s);
    ck_assert_int_gt(s.n, 0);
    ck_assert_int_le(s.n, e.shard);
    for (PetscInt64 i = 0; i < s.n; ++i) {
      ++seen[s.row[i]];
      ck_assert(!i || s.row[i] > s.row[i - 1]);
    }
    split[s.split] += s.n;
    total += s.n;
  }
  ck_assert_int_eq(total, e.rows);
  for (PetscInt64 i = 0; i < e.rows; ++i)
    ck_assert_int_eq(seen[i], 1);
  for (int s = 0; s < 3; ++s)
    ck_assert_int_eq(split[s], count[s]);
  Drop(&o, &e);
}

START_TEST(test_shards)
{
  CheckShards("ensemble: {rows: 50, shard: 7}\n", (const PetscInt64[]){40, 5, 5});
  CheckShards("ensemble: {rows: 50, shard: 7, split_by: shuffled, seed: 3}\n",
              (const PetscInt64[]){40, 5, 5});
  CheckShards("ensemble: {rows: 1}\n", (const PetscInt64[]){1, 0, 0});
  CheckShards("ensemble: {rows: 7, shard: 100, split: [0, 0, 1]}\n", (const PetscInt64[]){0, 0, 7});
}
END_TEST

START_TEST(test_refused)
{
  static const char *const wrong[] = {
      "ensemble: {vary: {a: uniform 2 1}}\n",         "ensemble: {vary: {a: loguniform 0 1}}\n",
      "ensemble: {vary: {a: normal 0 -1}}\n",         "ensemble: {vary: {a: unifrm 0 1}}\n",
      "ensemble: {vary: {a: uniform 0}}\n",           "ensemble: {vary: {a: uniform 0 x}}\n",
      "ensemble: {vary: {a: integer 0.5 2}}\n",       "ensemble: {vary: {a: choice}}\n",
      "ensemble: {split: [0.5, 0.1, 0.1]}\n",         "ensemble: {rows: 0}\n",
      "ensemble: {rows: 4, vary: {a: list 1 2 3}}\n", "ensemble: {rows: 4, select: \"2:4\"}\n",
      "ensemble: {seed: 18446744073709551616}\n"};
  for (size_t k = 0; k < sizeof(wrong) / sizeof(*wrong); ++k) {
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, wrong[k]);
    EddyEnsemble e;
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr = EddyEnsembleFromOptions(o, &e);
    eddy_test_expect_errors(PETSC_FALSE);
    ck_assert_msg(ierr == EDDY_ERR_INPUT, "%s gave %d", wrong[k], (int)ierr);
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}
END_TEST

START_TEST(test_durations)
{
  PetscReal s;
  ck_assert(EddyParseDuration("90", &s) && s == 90);
  ck_assert(EddyParseDuration("1:30:05.5", &s) && s == 5405.5);
  ck_assert(!EddyParseDuration("1:70:00", &s));
  ck_assert(!EddyParseDuration("soon", &s));
  ck_assert(!EddyParseDuration("-1", &s));
}
END_TEST

EDDY_SUITE("vary", test_distributions, test_rows_do_not_change, test_text_is_the_value,
           test_grid_and_list, test_shards, test_refused, test_durations)
