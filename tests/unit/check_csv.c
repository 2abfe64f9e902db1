/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 3 */
#include "io_case.h"
#include <math.h>
#include <string.h>

static const char *const csv = "output: {list: [set], set: {type: csv, digits: 17}}\n";

static int world_rank(void)
{
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  return rank;
}

static void make_file(MPI_Comm comm, const char *path, PetscInt64 stop)
{
  IoCase c;
  io_case_make(&c, comm, path, 2, (PetscInt[3]){5, 4, 1}, 2, 3);
  EddyWriter w = io_case_writer(comm, csv);
  CK_PETSC(w->ops->Open(w, &c.plan));
  if (stop >= 0) {
    CK_PETSC(io_case_write(&c, w, 0, stop));
    CK_PETSC(w->ops->Close(w, PETSC_FALSE));
    c.plan.resume = PETSC_TRUE;
    int rank;
    MPI_Comm_rank(comm, &rank);
    if (!rank) { /* a torn line at the end, as a kill leaves it */
      char part[400];
      snprintf(part, sizeof part, "%s.csv.part", path);
      FILE *f = fopen(part, "a");
      ck_assert_ptr_nonnull(f);
      fprintf(f, "40,0.1,0.3");
      fclose(f);
    }
    CK_PETSC(w->ops->Open(w, &c.plan));
    ck_assert_int_eq(w->frames_done, stop);
  }
  CK_PETSC(io_case_write(&c, w, PetscMax(stop - 1, 0), 6));
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  ck_assert_int_eq(w->frames_done, 6);
  CK_PETSC(EddyWriterDestroy(&w));
}

START_TEST(test_values)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[300], file[310], line[1000];
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  snprintf(file, sizeof file, "%.290s.csv", path);
  make_file(PETSC_COMM_WORLD, path, -1);
  if (world_rank())
    return;
  io_case_make(&c, PETSC_COMM_SELF, path, 2, (PetscInt[3]){5, 4, 1}, 2, 3);
  FILE *f = fopen(file, "r");
  ck_assert_ptr_nonnull(f);
  do
    ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
  while (line[0] == '#');
  ck_assert_str_eq(line, "row,t,x,y,vorticity,velocity_x,velocity_y,subgrid_stress_xx,subgrid_"
                         "stress_xy,subgrid_stress_yx,subgrid_stress_yy\n");
  for (PetscInt p = 0; p < 6; ++p)
    for (PetscInt x = 0; x < 5; ++x)
      for (PetscInt y = 0; y < 4; ++y) {
        const PetscInt at[3] = {x, y, 0};
        ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
        char *s = line;
        ck_assert_int_eq(strtol(s, &s, 10), 40 + p / 3);
        ck_assert(strtod(s + 1, &s) == c.times[p % 3]);
        ck_assert(fabs(strtod(s + 1, &s) - (-0.1 + (double)x * (2 * PETSC_PI + 0.1) / 5)) < 1e-8);
        ck_assert(fabs(strtod(s + 1, &s) - (-0.1 + (double)y * (2 * PETSC_PI + 0.1) / 4)) < 1e-8);
        for (PetscInt k = 0; k < CASE_FIELDS; ++k)
          for (PetscInt q = 0; q < c.fields[k].ncomp; ++q)
            ck_assert(strtod(s + 1, &s) == io_case_value(k, p / 3, p % 3, at, q));
        ck_assert_int_eq(*s, '\n');
      }
  ck_assert_ptr_null(fgets(line, sizeof line, f));
  fclose(f);
}
END_TEST

/* Any number of ranks, interrupted with a torn line anywhere: the same bytes. */
START_TEST(test_same_bytes)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[300], file[310], reference[65] = "", hash[65];
  for (PetscInt64 stop = -2; stop <= 6; ++stop) {
    snprintf(path, sizeof path, "%s/set%d", folder, (int)stop);
    snprintf(file, sizeof file, "%.290s.csv", path);
    if (stop > -2)
      make_file(PETSC_COMM_WORLD, path, stop);
    else if (!world_rank())
      make_file(PETSC_COMM_SELF, path, stop);
    if (world_rank())
      continue;
    CK_PETSC(EddyFileSha256(file, hash));
    if (!reference[0])
      strcpy(reference, hash);
    ck_assert_str_eq(reference, hash);
  }
}
END_TEST

START_TEST(test_refused)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[300];
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  io_case_make(&c, PETSC_COMM_WORLD, path, 2, (PetscInt[3]){512, 512, 1}, 1, 1);
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, csv);
  eddy_test_expect_errors(PETSC_TRUE);
  const PetscErrorCode ierr = w->ops->Open(w, &c.plan);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_int_eq(ierr, EDDY_ERR_INPUT);
  CK_PETSC(EddyWriterDestroy(&w));
}
END_TEST

EDDY_SUITE("csv", test_values, test_same_bytes, test_refused)
