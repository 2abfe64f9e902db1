/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Statistics of a set against plain sums over the stored values in long double. */
#include "io_case.h"
#include "stats.h"
#include <math.h>
#include <string.h>
#include <yaml.h>

/* Values of field k of the file, float as stored. */
static double stored(PetscInt k, PetscInt traj, PetscInt frame, const PetscInt x[3], PetscInt q)
{
  return (float)io_case_value(k, traj, frame, x, q);
}

static void plain(const IoCase *c, PetscInt rows, PetscInt k, PetscInt q, PetscBool delta,
                  double out[3])
{
  long double n = 0, sum = 0, square = 0, m2 = 0;
  for (int pass = 0; pass < 2; ++pass)
    for (PetscInt r = 0; r < rows; ++r)
      for (PetscInt f = delta; f < c->plan.nframes; ++f)
        for (PetscInt y = 0; y < c->plan.n[1]; ++y)
          for (PetscInt x = 0; x < c->plan.n[0]; ++x) {
            const PetscInt at[3] = {x, y, 0};
            long double v = stored(k, r, f, at, q);
            if (delta)
              v -= stored(k, r, f - 1, at, q);
            if (pass)
              m2 += (v - sum / n) * (v - sum / n);
            else
              n += 1, sum += v, square += v * v;
          }
  out[0] = (double)(sum / n), out[1] = sqrt((double)(m2 / n)), out[2] = sqrt((double)(square / n));
}

/* The number after the path of keys in the file, e.g. {"std", "velocity"} and its q-th scalar below. */
static double lookup(const char *file, const char *group, const char *field, int q)
{
  FILE *f = fopen(file, "r");
  yaml_parser_t parser;
  yaml_event_t e;
  int depth = 0, in_group = 0, in_field = 0, seen = 0, key = 0, done = 0;
  double v = NAN;
  ck_assert_ptr_nonnull(f);
  ck_assert(yaml_parser_initialize(&parser));
  yaml_parser_set_input_file(&parser, f);
  while (!done) {
    ck_assert(yaml_parser_parse(&parser, &e));
    const char *text = e.type == YAML_SCALAR_EVENT ? (const char *)e.data.scalar.value : "";
    if (e.type == YAML_MAPPING_START_EVENT)
      ++depth, key = 1;
    else if (e.type == YAML_MAPPING_END_EVENT)
      --depth, key = 1;
    else if (e.type == YAML_SCALAR_EVENT && depth == 1)
      in_group = !strcmp(text, group);
    else if (e.type == YAML_SCALAR_EVENT && depth == 2) {
      char *end;
      const double number = strtod(text, &end);
      if (*end)
        in_field = in_group && !strcmp(text, field), seen = 0;
      else if (in_field && seen++ == q)
        v = number;
    }
    done = e.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&e);
  }
  (void)key;
  yaml_parser_delete(&parser);
  fclose(f);
  return v;
}

START_TEST(test_against_sums)
{
  static const char *const names[2][3] = {{"mean", "std", "rms"},
                                          {"mean_delta", "std_delta", "rms_delta"}};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[2][300], file[2][310], out[320];
  const char *files[2] = {file[0], file[1]};
  IoCase c;
  for (int i = 0; i < 2;
       ++i) { /* the second file breaks off in its second row, which must not count */
    snprintf(path[i], sizeof path[i], "%s/set%d", folder, i);
    snprintf(file[i], sizeof file[i], "%.290s.hdf5", path[i]);
    io_case_make(&c, PETSC_COMM_WORLD, path[i], 2, (PetscInt[3]){12, 10, 1}, 2, 5);
    EddyWriter w = io_case_writer(PETSC_COMM_WORLD, "output: {list: [set], set: {type: h5}}\n");
    CK_PETSC(w->ops->Open(w, &c.plan));
    CK_PETSC(io_case_write(&c, w, 0, i ? 7 : 10));
    CK_PETSC(w->ops->Close(w, PETSC_TRUE));
    CK_PETSC(EddyWriterDestroy(&w));
  }
  snprintf(out, sizeof out, "%s/stats.yaml", folder);
  CK_PETSC(EddyStatsFromFiles(2, files, out));
  /* file 0 rows 0, 1 and file 1 row 0 have the values of rows 0, 1, 0 */
  for (PetscInt k = 0; k < CASE_FIELDS; ++k)
    for (PetscInt q = 0; q < c.fields[k].ncomp; ++q)
      for (int delta = 0; delta < 2; ++delta) {
        double two[3], one[3], expect[3];
        plain(&c, 2, k, q, delta ? PETSC_TRUE : PETSC_FALSE, two);
        plain(&c, 1, k, q, delta ? PETSC_TRUE : PETSC_FALSE, one);
        expect[0] = (2 * two[0] + one[0]) / 3;
        expect[2] = sqrt((2 * two[2] * two[2] + one[2] * one[2]) / 3);
        expect[1] = sqrt((2 * (two[1] * two[1] + pow(two[0] - expect[0], 2)) + one[1] * one[1] +
                          pow(one[0] - expect[0], 2)) /
                         3);
        for (int i = 0; i < 3; ++i) {
          const double got = lookup(out, names[delta][i], c.fields[k].name, (int)q);
          ck_assert_msg(fabs(got - expect[i]) <= 1e-8 * expect[2],
                        "%s of %s %d: %.12e, expected %.12e", names[delta][i], c.fields[k].name,
                        (int)q, got, expect[i]);
        }
      }
}
END_TEST

/* Numbers far from zero keep their deviation; merging in pieces changes nothing. */
START_TEST(test_moments)
{
  double x[1000];
  EddyMoments whole = {0}, pieces = {0}, difference = {0};
  for (int i = 0; i < 1000; ++i)
    x[i] = 1e8 + sin(i);
  EddyMomentsAdd(&whole, 1000, x, NULL);
  for (int i = 0; i < 1000; i += 8)
    EddyMomentsAdd(&pieces, 8, x + i, NULL);
  EddyMomentsAdd(&difference, 1000, x, x);
  ck_assert(fabs(EddyMomentsStd(&whole) - sqrt(0.5)) < 1e-3);
  ck_assert(fabs(EddyMomentsStd(&whole) - EddyMomentsStd(&pieces)) < 1e-7);
  ck_assert(fabs(EddyMomentsRms(&whole) / whole.mean - 1) < 1e-12);
  ck_assert(EddyMomentsRms(&difference) == 0);
}
END_TEST

START_TEST(test_empty)
{
  char out[320], text[200] = "";
  snprintf(out, sizeof out, "%s/stats.yaml", eddy_test_folder(PETSC_COMM_WORLD));
  CK_PETSC(EddyStatsFromFiles(0, NULL, out));
  FILE *f = fopen(out, "r");
  ck_assert_ptr_nonnull(f);
  ck_assert(fread(text, 1, sizeof text - 1, f) > 0);
  fclose(f);
  ck_assert_str_eq(text,
                   "mean: {}\nstd: {}\nrms: {}\nmean_delta: {}\nstd_delta: {}\nrms_delta: {}\n");
}
END_TEST

EDDY_SUITE("stats", test_against_sums, test_moments, test_empty)
