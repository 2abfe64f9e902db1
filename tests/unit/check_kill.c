/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* kill -9 of a writing process at random instants: the .part opens (or is not there yet), every counted frame is intact, and the
   resumed file has the bytes of an undisturbed one. Three kinds: large frames each written at once, batches of small frames,
   and small frames without batches. Half of the writers run at full speed, so that kills fall inside write calls; the other half pause
   between frames, so that kills fall between them. */
#include "io_case.h"
#include "well_read.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 36, ROWS = 3, FRAMES = 40 };

static const char *const yaml[] = {"output: {list: [set], set: {type: h5}}\n",
                                   "output: {list: [set], set: {type: h5, batch: 20}}\n",
                                   "output: {list: [set], set: {type: h5, batch: 0}}\n"};
static const PetscInt grid[][3] = {{96, 80, 1}, {10, 12, 1}, {10, 12, 1}};

/* From the counted position to the end. `pace` in microseconds between frames. */
static PetscInt64 make(const char *path, int kind, PetscBool resume, useconds_t pace)
{
  IoCase c;
  io_case_make(&c, PETSC_COMM_SELF, path, 2, grid[kind], ROWS, FRAMES);
  c.plan.resume = resume;
  EddyWriter w = io_case_writer(PETSC_COMM_SELF, yaml[kind]);
  CK_PETSC(w->ops->Open(w, &c.plan));
  const PetscInt64 from = w->frames_done;
  for (PetscInt64 p = from; p < ROWS * FRAMES; ++p) {
    CK_PETSC(io_case_write(&c, w, p, p + 1));
    if (pace)
      usleep(pace);
  }
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&w));
  return from;
}

static PetscInt64 wrong_values(const char *file, int kind, PetscInt64 *done)
{
  EddyWell w;
  const EddyWellInfo *info;
  PetscInt64 wrong = 0;
  double *v;
  const PetscInt *n = grid[kind];
  CK_PETSC(EddyWellOpen(file, &w));
  CK_PETSC(EddyWellGetInfo(w, &info));
  CK_PETSC(PetscMalloc1(4 * n[0] * n[1], &v));
  *done = info->frames_done;
  for (PetscInt64 p = 0; p < *done; ++p)
    for (PetscInt k = 0; k < info->nfield; ++k) {
      const double *at = v;
      CK_PETSC(EddyWellReadFrame(w, k, (PetscInt)(p / FRAMES), (PetscInt)(p % FRAMES), v));
      for (PetscInt q = 0; q < info->fields[k].ncomp; ++q)
        for (PetscInt y = 0; y < n[1]; ++y)
          for (PetscInt x = 0; x < n[0]; ++x)
            wrong += *at++ != (double)(float)io_case_value(k, (PetscInt)(p / FRAMES),
                                                           (PetscInt)(p % FRAMES),
                                                           (PetscInt[3]){x, y, 0}, q);
    }
  CK_PETSC(PetscFree(v));
  CK_PETSC(EddyWellClose(&w));
  return wrong;
}

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

START_TEST(test_kill)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[300], file[320], part[330], hash[65], reference[3][65];
  PetscInt64 resumed_inside = 0;
  for (int kind = 0; kind < 3; ++kind) {
    snprintf(path, sizeof path, "%s/reference%d", folder, kind);
    snprintf(file, sizeof file, "%.290s.hdf5", path);
    const double start = now();
    make(path, kind, PETSC_FALSE, 0);
    const double seconds = now() - start;
    CK_PETSC(EddyFileSha256(file, reference[kind]));
    for (int kill_no = 0; kill_no < KILLS / 3; ++kill_no) {
      struct stat st;
      PetscInt64 done = 0;
      snprintf(path, sizeof path, "%s/set%d_%d", folder, kind, kill_no);
      snprintf(file, sizeof file, "%.290s.hdf5", path);
      snprintf(part, sizeof part, "%.290s.hdf5.part", path);
      const pid_t child = fork();
      ck_assert_int_ge(child, 0);
      if (!child) {
        make(path, kind, PETSC_FALSE, kill_no % 2 ? 200 : 0);
        _exit(0);
      }
      if (kill_no % 2) /* somewhere among the paced writes */
        while (stat(part, &st) && stat(file, &st))
          usleep(100);
      const double wait = (kill_no % 2 ? seconds + ROWS * FRAMES * 260e-6 : 1.2 * seconds) *
                          (double)rand() / RAND_MAX;
      usleep((useconds_t)(1e6 * wait));
      kill(child, SIGKILL);
      ck_assert_int_eq(waitpid(child, NULL, 0), child);
      if (!stat(part, &st))
        ck_assert_int_eq(wrong_values(part, kind, &done), 0);
      if (stat(file, &st)) {
        const PetscInt64 from = make(path, kind, PETSC_TRUE, 0);
        ck_assert_int_eq(from, done);
        resumed_inside += from > 0 && from < ROWS * FRAMES;
      }
      CK_PETSC(EddyFileSha256(file, hash));
      ck_assert_str_eq(hash, reference[kind]);
    }
  }
  ck_assert_msg(resumed_inside >= KILLS / 6, "only %d of %d kills hit a file being written",
                (int)resumed_inside, (int)KILLS);
}
END_TEST

EDDY_SUITE("kill", test_kill)
