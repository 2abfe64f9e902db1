/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
#include "checkpoint.h"
#include "support.h"
#include "writer.h"
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { GLOBAL = 1013 };

/* Pieces of `width` doubles dealt to the ranks in turn (some that follow each other when there is one rank), last one short. */
typedef struct {
  PetscInt64 offset[GLOBAL], count[GLOBAL];
  double data[GLOBAL];
  EddyCheckpointArray array;
} Pieces;

static double value(PetscInt64 i, int salt) { return sin((double)i + 0.1 * salt) * 1e-3; }

static void deal(MPI_Comm comm, Pieces *p, const char *name, PetscInt64 width, int salt,
                 PetscBool fill)
{
  int rank, size;
  PetscInt64 n = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  memset(p, 0, sizeof *p);
  snprintf(p->array.name, EDDY_MAX_NAME, "%s", name);
  for (PetscInt64 at = 0, k = 0; at < GLOBAL; at += width, ++k) {
    if (k % size != rank)
      continue;
    const PetscInt64 m = PetscMin(width, GLOBAL - at);
    p->offset[p->array.nchunk] = at, p->count[p->array.nchunk++] = m;
    for (PetscInt64 i = 0; i < m; ++i, ++n)
      p->data[n] = fill ? value(at + i, salt) : NAN;
  }
  p->array.global = GLOBAL, p->array.offset = p->offset, p->array.count = p->count,
  p->array.data = p->data;
}

static PetscInt64 wrong(const Pieces *p, int salt)
{
  PetscInt64 bad = 0, n = 0;
  for (PetscInt k = 0; k < p->array.nchunk; ++k)
    for (PetscInt64 i = 0; i < p->count[k]; ++i, ++n)
      bad += p->data[n] != value(p->offset[k] + i, salt);
  MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPIU_INT64, MPI_SUM, PETSC_COMM_WORLD);
  return bad;
}

static PetscErrorCode put(MPI_Comm comm, const char *folder, PetscInt64 step, PetscInt64 width)
{
  static Pieces a, b;
  const EddyCheckpointInt ints[] = {{"step", step},
                                    {"seed", (PetscInt64)UINT64_C(0xfedcba9876543210)}};
  const EddyCheckpointReal reals[] = {{"t", 0.1}, {"dt", 1e-300}};
  deal(comm, &a, "u", width, (int)step, PETSC_TRUE);
  deal(comm, &b, "history_0", width + 3, (int)step + 1, PETSC_TRUE);
  const EddyCheckpointArray arrays[] = {a.array, b.array};
  return EddyCheckpointWrite(comm, folder, step, "physics_nu: 0.001\n", 2, arrays, 2, ints, 2,
                             reals);
}

/* Reads with another cut than the one written. */
static void get(const char *path, PetscInt64 step, PetscInt64 width)
{
  static Pieces a, b;
  EddyCheckpointInt ints[] = {{"seed", 0}, {"step", 0}};
  EddyCheckpointReal reals[] = {{"dt", 0}, {"t", 0}};
  char *text;
  deal(PETSC_COMM_WORLD, &a, "u", width, 0, PETSC_FALSE);
  deal(PETSC_COMM_WORLD, &b, "history_0", width, 0, PETSC_FALSE);
  EddyCheckpointArray arrays[] = {b.array, a.array};
  CK_PETSC(EddyCheckpointRead(PETSC_COMM_WORLD, path, &text, 2, arrays, 2, ints, 2, reals));
  ck_assert_str_eq(text, "physics_nu: 0.001\n");
  CK_PETSC(PetscFree(text));
  ck_assert_int_eq(wrong(&a, (int)step), 0);
  ck_assert_int_eq(wrong(&b, (int)step + 1), 0);
  ck_assert(ints[1].value == step && (uint64_t)ints[0].value == UINT64_C(0xfedcba9876543210));
  ck_assert(reals[0].value == 1e-300 && reals[1].value == 0.1);
}

static int world_rank(void)
{
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  return rank;
}

START_TEST(test_round_trip)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[EDDY_MAX_PATH];
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
  ck_assert_int_eq(path[0], 0);
  for (PetscInt64 width = 1; width < 2 * GLOBAL; width = 3 * width + 1) {
    CK_PETSC(put(PETSC_COMM_WORLD, folder, 100 + width, width));
    CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
    ck_assert_ptr_nonnull(strstr(path, ".h5"));
    get(path, 100 + width, 17);
    get(path, 100 + width, GLOBAL);
  }
}
END_TEST

/* The file does not depend on the ranks; it is the same again. */
START_TEST(test_same_bytes)
{
  char one[300], all[300], path[EDDY_MAX_PATH], mine[EDDY_MAX_PATH], a[65], b[65];
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  snprintf(one, sizeof one, "%s/one", folder);
  snprintf(all, sizeof all, "%s/all", folder);
  CK_PETSC(EddyMakeFolder(PETSC_COMM_WORLD, one));
  CK_PETSC(EddyMakeFolder(PETSC_COMM_WORLD, all));
  if (!world_rank())
    CK_PETSC(put(PETSC_COMM_SELF, one, 5, 100));
  CK_PETSC(put(PETSC_COMM_WORLD, all, 5, 9));
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, all, path));
  if (world_rank())
    return;
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_SELF, one, mine));
  CK_PETSC(EddyFileSha256(path, a));
  CK_PETSC(EddyFileSha256(mine, b));
  ck_assert_str_eq(a, b);
}
END_TEST

static void spoil(const char *path)
{
  const int fd = open(path, O_RDWR);
  const off_t end = lseek(fd, -20, SEEK_END);
  ck_assert(fd >= 0 && end > 0);
  ck_assert_int_eq(write(fd, "x", 1), 1);
  close(fd);
}

/* Two are kept; a damaged one is passed over; without any good one there is none. */
START_TEST(test_keep_and_damage)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[EDDY_MAX_PATH], command[600];
  for (PetscInt64 step = 98; step <= 101; ++step)
    CK_PETSC(put(PETSC_COMM_WORLD, folder, step, 40));
  snprintf(command, sizeof command, "test $(ls %s/*.h5 | wc -l) = 2 && test $(ls %s | wc -l) = 4",
           folder, folder);
  if (!world_rank())
    ck_assert_int_eq(system(command), 0);
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
  get(path, 101, 30);
  MPI_Barrier(PETSC_COMM_WORLD);
  if (!world_rank())
    spoil(path);
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
  get(path, 100, 30);
  MPI_Barrier(PETSC_COMM_WORLD);
  if (!world_rank())
    spoil(path);
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
  ck_assert_int_eq(path[0], 0);
}
END_TEST

/* Wrong size, missing value: an error that all ranks see. */
START_TEST(test_refused)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[EDDY_MAX_PATH];
  static Pieces a;
  CK_PETSC(put(PETSC_COMM_WORLD, folder, 7, 40));
  CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
  for (int i = 0; i < 3; ++i) {
    EddyCheckpointInt missing = {"absent", 0};
    deal(PETSC_COMM_WORLD, &a, i == 1 ? "absent" : "u", 40, 0, PETSC_FALSE);
    if (i == 2)
      a.array.global++;
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr =
        EddyCheckpointRead(PETSC_COMM_WORLD, path, NULL, 1, &a.array, i == 0, &missing, 0, NULL);
    eddy_test_expect_errors(PETSC_FALSE);
    ck_assert_int_eq(ierr, EDDY_ERR_IO);
  }
}
END_TEST

/* A full disk leaves the older checkpoint. */
START_TEST(test_disk_full)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[EDDY_MAX_PATH];
  struct rlimit limit, small;
  CK_PETSC(put(PETSC_COMM_WORLD, folder, 7, 40));
  signal(SIGXFSZ, SIG_IGN);
  for (rlim_t size = 1000; size <= 12000; size += 5500) {
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = size;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr = put(PETSC_COMM_WORLD, folder, 8, 40);
    eddy_test_expect_errors(PETSC_FALSE);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(ierr, EDDY_ERR_IO);
    MPI_Barrier(PETSC_COMM_WORLD);
    CK_PETSC(EddyCheckpointFind(PETSC_COMM_WORLD, folder, path));
    get(path, 7, 40);
  }
}
END_TEST

EDDY_SUITE("checkpoint", test_round_trip, test_same_bytes, test_keep_and_damage, test_refused,
           test_disk_full)
