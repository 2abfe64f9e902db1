/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 */
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Runs call, which must fail as bad input with `part` in its message. */
#define CK_REFUSED(call, part) \
  do { \
    char *said_ = NULL; \
    eddy_test_expect_errors(PETSC_TRUE); \
    const PetscErrorCode refused_ = (call); \
    eddy_test_expect_errors(PETSC_FALSE); \
    ck_assert_msg(refused_ == EDDY_ERR_INPUT, "%s returned %d", #call, (int)refused_); \
    CK_PETSC(PetscErrorMessage(refused_, NULL, &said_)); \
    ck_assert_msg(strstr(said_, part), "'%s' does not say '%s'", said_, part); \
    ck_assert_ptr_null(strchr(said_, '\n')); \
  } while (0)

static EddyOptions Empty(void)
{
  EddyOptions o;
  CK_PETSC(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  return o;
}

START_TEST(nests_lists_and_comments)
{
  EddyOptions o =
      eddy_test_options(PETSC_COMM_WORLD, "# question\n"
                                          "mesh: {type: box, n: [64, 48], upper: [2pi, 2pi]}\n"
                                          "Physics:          # comment\n"
                                          "  type: ns2d\n"
                                          "  nu: 1e-3        # [L^2/T]\n"
                                          "  forcing:\n"
                                          "    list:\n"
                                          "      - f\n"
                                          "      - g\n"
                                          "    f: {type: kolmogorov, k: 4}\n"
                                          "ensemble: {vary: {physics_nu: loguniform 5e-4 2e-3}}\n");
  PetscInt n[2], count;
  PetscReal nu, upper[2] = {1, 1};
  PetscBool set;
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  const char *text;

  CK_PETSC(EddyOptionsInts(o, "mesh_n", "points", 2, 1, 100, n, &set));
  ck_assert(set && n[0] == 64 && n[1] == 48);
  CK_PETSC(EddyOptionsReals(o, "mesh_upper", "corner", "L", 2, 0, 10, upper, NULL));
  ck_assert_double_eq(upper[1], 2 * PETSC_PI);
  CK_PETSC(EddyOptionsReal(o, "physics_nu", "viscosity", "", 1, 0, PETSC_MAX_REAL, &nu));
  ck_assert_double_eq(nu, 1e-3);
  CK_PETSC(EddyOptionsGetOrigin(o, "physics_nu", &text));
  ck_assert_str_eq(text, "test.yaml:5");
  CK_PETSC(EddyOptionsNames(o, "physics_forcing_list", "forcings", EDDY_MAX_LIST, names, &count));
  ck_assert(count == 2 && !strcmp(names[1], "g"));
  CK_PETSC(EddyOptionsGetKey(o, "ensemble_vary_", 0, &text));
  ck_assert_str_eq(text, "ensemble_vary_physics_nu");
  CK_PETSC(EddyOptionsGetRaw(o, text, &text));
  ck_assert_str_eq(text, "loguniform 5e-4 2e-3");
  CK_PETSC(EddyOptionsGetKey(o, "ensemble_vary_", 1, &text));
  ck_assert_ptr_null(text);
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(bad_yaml_is_refused_with_its_line)
{
  static const struct {
    const char *yaml, *message;
  } bad[] = {
      {"a: 1\nb: {c: 1, d: 2\ne: 3\n", "test.yaml:3: YAML syntax"},
      {"physics:\n\tnu: 1\n", "test.yaml:2: YAML syntax: a tab"},
      {"a: 'open\n", "test.yaml:"},
      {"physics:\n  nu: 1\n  type: x\n  nu: 2\n",
       "test.yaml:4: physics_nu: given twice, first at line 2"},
      {"physics:\n  nu: 1\n  NU: 2\n", "keys ignore case"},
      {"physics: {nu: 1}\nphysics_nu: 2\n", "test.yaml:2: physics_nu: given twice"},
      {"physics: {nu: 1}\nphysics: {k: 2}\n", "test.yaml:2: physics: given twice"},
      {"physics:\n  nu:\n  type: x\n", "test.yaml:2: physics_nu: the value is missing"},
      {"physics: {nu: ~}\n", "physics_nu: the value is missing"},
      {"mesh: {n: [64, ]}\nphysics: {nu: null}\n", "test.yaml:2: physics_nu: the value is missing"},
      {"output:\n  - {every: 1}\n", "test.yaml:2: output: a list of maps"},
      {"mesh: {n: [[1, 2], 3]}\n", "test.yaml:1: mesh_n: a list inside a list"},
      {"mesh: {n: [1, ~]}\n", "entry 2 of the list has no value"},
      {"a: &x 1\nb: *x\n", "test.yaml:1: anchors"},
      {"b: *x\n", "test.yaml:1: aliases"},
      {"b: !!int 3\n", "test.yaml:1: tags"},
      {"a: 1\n---\nb: 2\n", "test.yaml:2: a second YAML document"},
      {"- a\n- b\n", "test.yaml:1: a case is a map"},
      {"hello\n", "test.yaml:1: a case is a map"},
      {"# nothing\n", "the case is empty"},
      {"? [a, b]\n: 1\n", "a key must be a word"},
      {"a b: 1\n", "'a b' is not a key"},
      {"a: \x01\n", "test.yaml:1: YAML syntax: control characters"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    EddyOptions o = Empty();
    CK_REFUSED(EddyOptionsInsertText(o, "test.yaml", bad[i].yaml), bad[i].message);
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}
END_TEST

START_TEST(a_missing_file_is_refused)
{
  EddyOptions o = Empty();
  CK_REFUSED(EddyOptionsInsertFile(o, "/nowhere/case.yaml"),
             "/nowhere/case.yaml: the case file cannot be read: No such file");
  CK_REFUSED(EddyOptionsInsertFile(o, "/"), "cannot be read: Is a directory");
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(the_command_line_wins)
{
  char *argv[] = {"-physics_nu", "-2.5", "--time_end=4", "-output_overwrite", "-PHYSICS_drag", "3"};
  const char *late[] = {"-physics_nu", "stray"};
  EddyOptions o = Empty();
  PetscReal v;
  PetscBool flag;
  const char *text;

  CK_PETSC(EddyOptionsInsertArgs(o, 6, argv));
  CK_PETSC(EddyOptionsInsertText(o, "test.yaml", "physics: {nu: 1, drag: 0.1}\ntime: {end: 1}\n"));
  CK_PETSC(EddyOptionsReal(o, "physics_nu", "", "", 1, -10, 10, &v));
  ck_assert_double_eq(v, -2.5);
  CK_PETSC(EddyOptionsReal(o, "physics_drag", "", "", 1, -10, 10, &v));
  ck_assert_double_eq(v, 3);
  CK_PETSC(EddyOptionsReal(o, "time_end", "", "", 1, -10, 10, &v));
  ck_assert_double_eq(v, 4);
  CK_PETSC(EddyOptionsBool(o, "output_overwrite", "", PETSC_FALSE, &flag));
  ck_assert(flag);
  CK_PETSC(EddyOptionsGetOrigin(o, "physics_nu", &text));
  ck_assert_str_eq(text, "command line");
  CK_PETSC(EddyOptionsSet(o, "physics_nu", "7", "row 3"));
  CK_PETSC(EddyOptionsReal(o, "physics_nu", "", "", 1, -10, 10, &v));
  ck_assert_double_eq(v, 7);
  CK_REFUSED(EddyOptionsInsertArgs(o, 1, (char *const *)late + 1),
             "command line: stray: unexpected argument");
  CK_PETSC(EddyOptionsInsertArgs(o, 1, (char *const *)late));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(wrong_values_are_refused)
{
  EddyOptions o = eddy_test_options(
      PETSC_COMM_WORLD,
      "junk: 1e-2m\nhuge: 1e999\nlow: -1\nlist: [1, 2, 3]\nhalf: 2.5\nseed: 18446744073709551616\n"
      "flag: maybe\ntype: etdkr4\nempty: ''\ntwice: [a, A]\nnames: [a/b]\nbig: 3000000000\nhole: "
      "'1,,2'\n");
  static const char *const types[] = {"etdrk4", "cnrk4"};
  PetscReal x, xs[3];
  PetscInt n, ns[3];
  uint64_t seed;
  PetscBool flag;
  char names[2][EDDY_MAX_NAME];

  CK_REFUSED(EddyOptionsReal(o, "junk", "width", "", 1, 0, 1, &x),
             "test.yaml:1: junk: '1e-2m' is not a number: width (allowed: 0 to 1)");
  CK_REFUSED(EddyOptionsReal(o, "huge", "width", "", 1, 0, PETSC_MAX_REAL, &x),
             "test.yaml:2: huge: '1e999' does not fit a double");
  CK_REFUSED(EddyOptionsReal(o, "low", "width", "", 1, 0, PETSC_MAX_REAL, &x),
             "test.yaml:3: low: -1 is out of range: width (allowed: >= 0)");
  CK_REFUSED(EddyOptionsReal(o, "list", "width", "", 1, 0, 1, &x), "wrong list length: one number");
  CK_REFUSED(EddyOptionsReals(o, "list", "corner", "", 2, 0, 9, xs, NULL),
             "wrong list length: 3 given, 2 entries expected");
  CK_REFUSED(EddyOptionsRealList(o, "list", "corner", "", 2, 0, 9, xs, &n),
             "wrong list length: 3 given, at most 2");
  CK_REFUSED(EddyOptionsInts(o, "list", "counts", 3, 2, 9, ns, NULL),
             "test.yaml:4: list: 1 is out of range: counts (allowed: 2 to 9)");
  CK_REFUSED(EddyOptionsInt(o, "half", "count", 1, 0, 9, &n), "'2.5' is not a whole number");
  CK_REFUSED(EddyOptionsInt(o, "big", "count", 1, PETSC_MIN_INT, PETSC_MAX_INT, &n),
             "3000000000 is out of range");
  CK_REFUSED(EddyOptionsSeed(o, "seed", "seed", 1, &seed), "does not fit 64 bits");
  CK_REFUSED(EddyOptionsBool(o, "flag", "a flag", PETSC_FALSE, &flag),
             "allowed: true false yes no on off");
  CK_REFUSED(EddyOptionsChoice(o, "type", "stepper", types, 2, 0, &n),
             "did you mean 'etdrk4'? (allowed: etdrk4 cnrk4)");
  CK_REFUSED(EddyOptionsChoice(o, "typ", "stepper", types, 2, -1, &n),
             "test.yaml: typ: must be given: stepper (allowed: etdrk4 cnrk4); is type "
             "(test.yaml:8) meant");
  CK_REFUSED(EddyOptionsReal(o, "empty", "width", "", 1, 0, 1, &x), "the value is missing");
  CK_REFUSED(EddyOptionsNames(o, "twice", "names", 2, names, &n), "in the list twice");
  CK_REFUSED(EddyOptionsReals(o, "hole", "corner", "", 3, 0, 9, xs, NULL),
             "entry 2 of the list '1,,2' is empty");
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(whole_numbers_may_have_exponents)
{
  EddyOptions o =
      eddy_test_options(PETSC_COMM_WORLD, "n: 1e3\nseed: 18446744073709551615\nv: [pi/2, -pi]\n");
  PetscInt n;
  uint64_t seed;
  PetscReal v[2];

  CK_PETSC(EddyOptionsInt(o, "n", "", 1, 0, 5000, &n));
  ck_assert_int_eq(n, 1000);
  CK_PETSC(EddyOptionsSeed(o, "seed", "", 1, &seed));
  ck_assert_uint_eq(seed, UINT64_MAX);
  CK_PETSC(EddyOptionsReals(o, "v", "", "", 2, -4, 4, v, NULL));
  ck_assert_double_eq(v[1], -PETSC_PI);
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

/* What a small program would register. */
static EddyOptions Catalogue(void)
{
  EddyOptions c = Empty();
  static const char *const types[] = {"ns2d", "ks"};
  char names[2][EDDY_MAX_NAME];
  PetscReal x;
  PetscInt n;

  CK_PETSC(EddyOptionsSetCatalogue(c, PETSC_TRUE));
  CK_PETSC(EddyOptionsChoice(c, "physics_type", "the equation", types, 2, -1, &n));
  CK_PETSC(EddyOptionsReal(c, "physics_nu", "kinematic viscosity", "L^2/T", 1e-3, 0, PETSC_MAX_REAL,
                           &x));
  CK_PETSC(EddyOptionsReal(c, "physics_drag", "linear drag", "1/T", 0, 0, PETSC_MAX_REAL, &x));
  CK_PETSC(EddyOptionsNames(c, "output_list", "names of the outputs", 2, names, &n));
  ck_assert_str_eq(names[0], "NAME");
  CK_PETSC(EddyOptionsReal(c, "output_NAME_every", "time between snapshots", "T", 1, 0,
                           PETSC_MAX_REAL, &x));
  CK_PETSC(EddyOptionsReal(c, "ensemble_vary_NAME", "distribution", "", 1, 0, PETSC_MAX_REAL, &x));
  return c;
}

/* The case is read for physics_type and output_list only, then finished. */
static PetscErrorCode Finish(const char *yaml)
{
  EddyOptions c = Catalogue(), o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  const char *text;
  PetscInt n;

  CK_PETSC(EddyOptionsString(o, "physics_type", "the equation", "ns2d", &text));
  CK_PETSC(EddyOptionsNames(o, "output_list", "names of the outputs", EDDY_MAX_LIST, names, &n));
  const PetscErrorCode ierr = EddyOptionsFinish(o, c);
  CK_PETSC(EddyOptionsDestroy(&o));
  CK_PETSC(EddyOptionsDestroy(&c));
  return ierr;
}

START_TEST(unknown_keys_get_the_nearest_name)
{
  CK_PETSC(
      Finish("physics: {type: ks}\noutput: {list: [set]}\nksp: {type: cg}\nts_max_steps: 4\n"));
  CK_REFUSED(Finish("log_view: ':out'\n"),
             "test.yaml:1: log_view: PETSc reads this when it starts: give it on the command line");
  CK_REFUSED(
      Finish("physics: {tpye: ks}\n"),
      "test.yaml:1: physics_tpye: unknown option; did you mean physics_type (the equation)?");
  CK_REFUSED(Finish("\nphysics: {vicosity: 1}\n"),
             "test.yaml:2: physics_vicosity: unknown option; did you mean physics_nu (kinematic "
             "viscosity)?");
  CK_REFUSED(Finish("phisics: {drag: 1}\n"), "did you mean physics_drag");
  CK_REFUSED(
      Finish("output: {list: [set], set: {everry: 1}}\n"),
      "output_set_everry: unknown option; did you mean output_set_every (time between snapshots)?");
  CK_REFUSED(Finish("output: {list: [set], sett: {every: 1}}\n"),
             "output_sett_every: this entry is not in the list; did you mean 'set'?");
  CK_REFUSED(Finish("physics: {zzz: 1}\n"),
             "physics_zzz: unknown option (this block has: physics_type physics_nu physics_drag)");
  CK_REFUSED(Finish("ensemble: {vary: {physics_nuu: uniform 1 2}}\n"),
             "test.yaml:1: ensemble_vary_physics_nuu: no option physics_nuu to vary; did you mean "
             "physics_nu");
  CK_REFUSED(Finish("zzz: {qqq: 1}\n"), "zzz_qqq: unknown option");
}
END_TEST

START_TEST(keys_of_other_types_are_notes)
{
  CK_PETSC(Finish("physics: {type: ks, drag: 1}\noutput: {list: [set], set: {every: 1}, other: "
                  "{every: 2}}\nensemble: {vary: {physics_nu: uniform 1 2}}\n"));
}
END_TEST

START_TEST(a_catalogue_never_fails)
{
  EddyOptions c = Empty();
  const char *text = "x";
  PetscReal v[2] = {3, 4};
  PetscBool flag;

  CK_PETSC(EddyOptionsSetCatalogue(c, PETSC_TRUE));
  CK_PETSC(EddyOptionsIsCatalogue(c, &flag));
  ck_assert(flag);
  CK_PETSC(EddyOptionsString(c, "initial_file", "path", NULL, &text));
  ck_assert_ptr_null(text);
  CK_PETSC(EddyOptionsReals(c, "v", "", "", 2, 0, 1, v, NULL));
  ck_assert_double_eq(v[0], 3);
  CK_PETSC(EddyOptionsError(c, "v", "cannot be"));
  CK_PETSC(EddyOptionsDestroy(&c));
}
END_TEST

START_TEST(the_resolved_case_reads_back)
{
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD,
                                    "mesh: {n: [8, 4], upper: [2pi, 1]}\ntitle: 'a: \"b\", "
                                    "c'\noutput: {dir: /somewhere, list: [a, b]}\nsimd: v2\n");
  PetscInt n[2], count;
  PetscReal upper[2], nu;
  const char *title, *dir, *again_title;
  char names[2][EDDY_MAX_NAME], *yaml, *again;

  for (int pass = 0; pass < 2; ++pass) {
    CK_PETSC(EddyOptionsReals(o, "mesh_upper", "corner", "L", 2, 0, 10, upper, NULL));
    CK_PETSC(EddyOptionsInts(o, "mesh_n", "points", 2, 1, 10, n, NULL));
    CK_PETSC(EddyOptionsReal(o, "physics_nu", "viscosity", "L^2/T", 1e-3, 0, 1, &nu));
    CK_PETSC(EddyOptionsString(o, "title", "title", NULL, &title));
    CK_PETSC(EddyOptionsString(o, "output_dir", "folder", "x", &dir));
    CK_PETSC(EddyOptionsString(o, "not_given", "text", NULL, &again_title));
    CK_PETSC(EddyOptionsNames(o, "output_list", "names", 2, names, &count));
    if (pass)
      break;
    CK_PETSC(EddyOptionsToYAML(o, &yaml));
    ck_assert_str_eq(yaml, "mesh_n: [8, 4]\nmesh_upper: [6.283185307179586, 1]\noutput_list: [a, "
                           "b]\nphysics_nu: 0.001\ntitle: \"a: \\\"b\\\", c\"\n");
    CK_PETSC(EddyOptionsDestroy(&o));
    o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  }
  ck_assert_double_eq(upper[0], 2 * PETSC_PI);
  ck_assert_str_eq(title, "a: \"b\", c");
  CK_PETSC(EddyOptionsToYAML(o, &again));
  ck_assert_str_eq(again, yaml);
  CK_PETSC(PetscFree(yaml));
  CK_PETSC(PetscFree(again));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(copies_keep_values_only)
{
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, "nu: 2\n"), copy;
  PetscReal nu;
  char *yaml;

  CK_PETSC(EddyOptionsReal(o, "nu", "", "", 1, 0, 9, &nu));
  CK_PETSC(EddyOptionsDuplicate(o, PETSC_COMM_SELF, &copy));
  CK_PETSC(EddyOptionsToYAML(copy, &yaml));
  ck_assert_str_eq(yaml, "");
  CK_PETSC(PetscFree(yaml));
  CK_PETSC(EddyOptionsSet(copy, "nu", "5", "row 1"));
  CK_PETSC(EddyOptionsReal(o, "nu", "", "", 1, 0, 9, &nu));
  ck_assert_double_eq(nu, 2);
  CK_PETSC(EddyOptionsDestroy(&o));
  CK_PETSC(EddyOptionsReal(copy, "nu", "", "", 1, 0, 9, &nu));
  ck_assert_double_eq(nu, 5);
  CK_PETSC(EddyOptionsDestroy(&copy));
}
END_TEST

START_TEST(the_table_names_value_unit_range_and_origin)
{
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, "physics: {nu: 2e-3}\n");
  PetscReal nu;
  char *text = NULL;
  size_t size = 0;
  int rank;

  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  CK_PETSC(EddyOptionsReal(o, "physics_nu", "kinematic viscosity", "L^2/T", 1, 1e-300,
                           PETSC_MAX_REAL, &nu));
  FILE *out = open_memstream(&text, &size);
  CK_PETSC(EddyOptionsView(o, out));
  fclose(out);
  if (rank)
    ck_assert_uint_eq(size, 0);
  else
    ck_assert_ptr_nonnull(
        strstr(text, "physics_nu  0.002  L^2/T  > 0      test.yaml:1  kinematic viscosity"));
  free(text);
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(exit_codes)
{
  ck_assert_int_eq(EddyExitCode(PETSC_SUCCESS), 0);
  ck_assert_int_eq(EddyExitCode(EDDY_ERR_INPUT), 2);
  ck_assert_int_eq(EddyExitCode(EDDY_ERR_SOLUTION), 3);
  ck_assert_int_eq(EddyExitCode(EDDY_ERR_IO), 4);
  ck_assert_int_eq(EddyExitCode(PETSC_ERR_PLIB), 1);
}
END_TEST

EDDY_SUITE("options", nests_lists_and_comments, bad_yaml_is_refused_with_its_line,
           a_missing_file_is_refused, the_command_line_wins, wrong_values_are_refused,
           whole_numbers_may_have_exponents, unknown_keys_get_the_nearest_name,
           keys_of_other_types_are_notes, a_catalogue_never_fails, the_resolved_case_reads_back,
           copies_keep_values_only, the_table_names_value_unit_range_and_origin, exit_codes)
