/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static PetscBool expect_errors = PETSC_FALSE; /* test program only */

void eddy_test_expect_errors(PetscBool on) { expect_errors = on; }

static PetscErrorCode Handler(MPI_Comm comm, int line, const char *fun, const char *file,
                              PetscErrorCode n, PetscErrorType p, const char *mess, void *ctx)
{
  if (!expect_errors)
    return PetscTraceBackErrorHandler(comm, line, fun, file, n, p, mess, ctx);
  return n;
}

EddyOptions eddy_test_options(MPI_Comm comm, const char *yaml)
{
  EddyOptions o = NULL;
  CK_PETSC(EddyOptionsCreate(comm, &o));
  CK_PETSC(EddyOptionsInsertText(o, "test.yaml", yaml));
  return o;
}

const char *eddy_test_folder(MPI_Comm comm)
{
  static char path[256];
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  if (!rank) {
    snprintf(path, sizeof path, "/tmp/eddyline_test_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(path));
  }
  (void)MPI_Bcast(path, sizeof path, MPI_CHAR, 0, comm);
  return path;
}

double eddy_test_order(int n, const double h[], const double error[])
{
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (int i = 0; i < n; ++i) {
    const double x = log(h[i]), y = log(error[i]);
    sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

int main(int argc, char **argv)
{
  int rank, failed;
  if (PetscOptionsSetValue(NULL, "-skip_petscrc", NULL))
    return 1;
  if (PetscInitialize(&argc, &argv, NULL, NULL))
    return 1;
  if (PetscPushErrorHandler(Handler, NULL))
    return 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  SRunner *runner = srunner_create(eddy_suite());
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, rank ? CK_SILENT : CK_NORMAL);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, PETSC_COMM_WORLD);
  if (PetscFinalize())
    return 1;
  return failed ? 1 : 0;
}

int eddy_test_table(const char *name, int ncol, int max, double v[])
{
  char path[1024], line[512];
  int n = 0;
  snprintf(path, sizeof path, "%s/%s", EDDY_TEST_REFERENCE, name);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  while (fgets(line, sizeof line, f)) {
    char *c = line, *end;
    int k = 0;
    if (line[0] == '#')
      continue;
    for (; k < ncol; ++k, c = end + (*end == ',')) {
      const double x = strtod(c, &end);
      if (end == c)
        break;
      v[n * ncol + k] = x;
    }
    if (k == ncol)
      ck_assert_int_lt(++n, max);
  }
  fclose(f);
  return n;
}
