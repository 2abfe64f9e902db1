/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
#include "parse.h"
#include "support.h"
#include <float.h>
#include <stdlib.h>

START_TEST(numbers_with_pi)
{
  static const struct {
    const char *text;
    double value;
  } good[] = {{"1", 1},
              {"-2.5", -2.5},
              {"1e-3", 1e-3},
              {".5", .5},
              {"+7.", 7},
              {"pi", PETSC_PI},
              {"-pi", -PETSC_PI},
              {"2pi", 2 * PETSC_PI},
              {"2 pi", 2 * PETSC_PI},
              {"3*pi", 3 * PETSC_PI},
              {"pi/2", PETSC_PI / 2},
              {"2pi/3", 2 * PETSC_PI / 3},
              {"1/3", 1.0 / 3},
              {" 4 ", 4},
              {"8.75e-4", 8.75e-4},
              {"1.7976931348623157e308", DBL_MAX}};
  static const char *const junk[] = {"",      "1e-2m", "one", "1,2",  "2e",   "--1",
                                     "0x10",  "nan",   "inf", "pie",  "pip",  "1 2",
                                     "1_000", "*2",    "2*",  "2**3", "1d-3", "-"};
  static const char *const range[] = {"1e999", "-1e999", "1e-999", "1/0", "1e300*1e300"};

  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    double v = 0;
    ck_assert_msg(EddyParseReal(good[i].text, &v), "%s refused", good[i].text);
    ck_assert_double_eq(v, good[i].value);
  }
  for (size_t i = 0; i < sizeof junk / sizeof *junk; ++i) {
    double v = 0;
    ck_assert_msg(EddyParseNumber(junk[i], &v) == EDDY_NUMBER_JUNK, "'%s' taken as %g", junk[i], v);
  }
  for (size_t i = 0; i < sizeof range / sizeof *range; ++i) {
    double v = 0;
    ck_assert_msg(EddyParseNumber(range[i], &v) == EDDY_NUMBER_RANGE, "'%s' taken as %g", range[i],
                  v);
  }
}
END_TEST

START_TEST(whole_numbers)
{
  int64_t v;
  uint64_t u;

  ck_assert_int_eq(EddyParseInteger("1e3", &v), EDDY_NUMBER_OK);
  ck_assert_int_eq(v, 1000);
  ck_assert_int_eq(EddyParseInteger("-512.0", &v), EDDY_NUMBER_OK);
  ck_assert_int_eq(v, -512);
  ck_assert_int_eq(EddyParseInteger("2.5", &v), EDDY_NUMBER_JUNK);
  ck_assert_int_eq(EddyParseInteger("1e-3", &v), EDDY_NUMBER_JUNK);
  ck_assert_int_eq(EddyParseInteger("2pi", &v), EDDY_NUMBER_JUNK);
  ck_assert_int_eq(EddyParseInteger("64k", &v), EDDY_NUMBER_JUNK);
  ck_assert_int_eq(EddyParseInteger("1e17", &v), EDDY_NUMBER_RANGE);
  ck_assert_int_eq(EddyParseUnsigned("18446744073709551615", &u), EDDY_NUMBER_OK);
  ck_assert_uint_eq(u, UINT64_MAX);
  ck_assert_int_eq(EddyParseUnsigned("18446744073709551616", &u), EDDY_NUMBER_RANGE);
  ck_assert_int_eq(EddyParseUnsigned("99999999999999999999999", &u), EDDY_NUMBER_RANGE);
  ck_assert_int_eq(EddyParseUnsigned("-1", &u), EDDY_NUMBER_JUNK);
  ck_assert_int_eq(EddyParseUnsigned("9x", &u), EDDY_NUMBER_JUNK);
}
END_TEST

START_TEST(distances_and_names)
{
  static const char *const names[] = {"etdrk4", "etdrk2", "cnrk4", "ssprk3", "kolmogorov"};

  ck_assert_int_eq(EddyEditDistance("kitten", "sitting"), 3);
  ck_assert_int_eq(EddyEditDistance("drga", "drag"), 1); /* swapped neighbours */
  ck_assert_int_eq(EddyEditDistance("", "abc"), 3);
  ck_assert_int_eq(EddyEditDistance("NU", "nu"), 0);
  ck_assert_str_eq(EddyNearest("etdrk", names, 5), "etdrk4");
  ck_assert_str_eq(EddyNearest("kolmo", names, 5), "kolmogorov");
  ck_assert_str_eq(EddyNearest("cnkr4", names, 5), "cnrk4");
  ck_assert_ptr_null(EddyNearest("leapfrog", names, 5));
  ck_assert_ptr_null(EddyNearest("x", names, 5));
}
END_TEST

START_TEST(reals_read_back)
{
  const double values[] = {0.1, 1.0 / 3, PETSC_PI, 8.75e-4, 1e22, DBL_MIN, -2.5};

  for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
    char text[32];
    EddyFormatReal(values[i], text);
    ck_assert_double_eq(strtod(text, NULL), values[i]);
  }
  char text[32];
  EddyFormatReal(0.1, text);
  ck_assert_str_eq(text, "0.1");
}
END_TEST

START_TEST(options_and_negative_numbers)
{
  ck_assert(EddyArgIsOption("-physics_nu"));
  ck_assert(EddyArgIsOption("--help"));
  ck_assert(EddyArgIsOption("-pirate"));
  ck_assert(!EddyArgIsOption("-1e-3"));
  ck_assert(!EddyArgIsOption("-pi"));
  ck_assert(!EddyArgIsOption("-pi/2,pi"));
  ck_assert(!EddyArgIsOption("-.5"));
  ck_assert(!EddyArgIsOption("case.yaml"));
  ck_assert(!EddyArgIsOption("-"));
}
END_TEST

EDDY_SUITE("parse", numbers_with_pi, whole_numbers, distances_and_names, reals_read_back,
           options_and_negative_numbers)
