/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline verify PATH [-row k]: makes rows of a set, or a single run, again from the resolved case stored in the file and compares every
   stored number. PATH is a file, a set's folder, or a folder of sets. Same build, SIMD level: the same bytes are promised;
   elsewhere the largest difference in units in the last place (of the stored precision) is printed. */
#include "cli.h"
#include "ensemble.h"
#include "well_read.h"
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char help[] = "usage: eddyline verify PATH [-row k]\n\n"
                           "Makes stored rows again from the case in the file and compares the "
                           "numbers. PATH: a file, a set, or a folder of sets.\n"
                           "  -row K   only this row of the ensemble (default: all)\n"
                           "Exit code 0: the same numbers; 3: different ones.\n";

typedef struct {
  EddyWell well;
  const EddyWellInfo *info;
  EddyRun run;
  PetscInt sink, place;
  double *frame; /* one stored field */
  PetscInt64 values, different;
  double ulp; /* largest difference */
} Check;

/* Distance in units in the last place; PETSC_INFINITY when one is not finite. */
static double Ulps(double stored, double made, PetscBool float64)
{
  if (!float64)
    made = (double)(float)made;
  if (stored == made)
    return 0;
  if (!isfinite(stored) || !isfinite(made))
    return PETSC_INFINITY;
  const double a = fmax(fabs(stored), fabs(made));
  int e;
  frexp(a, &e);
  const double unit = ldexp(1, float64 ? PetscMax(e - 53, -1074) : PetscMax(e - 24, -149));
  return fabs(stored - made) / unit;
}

static PetscErrorCode Frame(void *ctx, PetscInt sink, const EddyRecord *r)
{
  Check *c = (Check *)ctx;
  PetscFunctionBeginUser;
  if (sink != c->sink)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < r->nblock; ++k) {
    const EddyBlock *b = &r->blocks[k];
    const double *made = b->data;
    PetscInt field;
    PetscCall(EddyWellFindField(c->well, b->name, &field));
    PetscCall(EddyWellReadFrame(c->well, field, c->place, r->frame, c->frame));
    for (PetscInt m = 0; m < b->ncomp; ++m)
      for (PetscInt z = 0; z < b->count[2]; ++z)
        for (PetscInt y = 0; y < b->count[1]; ++y) {
          const PetscInt row = (m * b->n[2] + b->start[2] + z) * b->n[1] + b->start[1] + y;
          const double *stored = c->frame + (size_t)row * (size_t)b->n[0] + b->start[0];
          for (PetscInt x = 0; x < b->count[0]; ++x) {
            const double ulp = Ulps(stored[x], *made++, c->info->fields[field].float64);
            ++c->values;
            if (ulp > 0)
              ++c->different;
            c->ulp = PetscMax(c->ulp, ulp);
          }
        }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Name of the stored stream: PATH/SINK/data/SPLIT/shard.hdf5 or PATH/SINK.hdf5. */
static void SinkName(const char *path, char name[EDDY_MAX_PATH])
{
  char copy[EDDY_MAX_PATH];
  snprintf(copy, sizeof copy, "%s", path);
  char *data = strstr(copy, "/data/");
  if (data)
    *data = 0;
  const char *slash = strrchr(copy, '/');
  snprintf(name, EDDY_MAX_PATH, "%s", slash ? slash + 1 : copy);
  char *dot = data ? NULL : strstr(name, ".hdf5");
  if (dot)
    *dot = 0;
}

static PetscBool SameShape(const EddyWellInfo *info, const EddySink *s, PetscInt nfield)
{
  if (info->nfield != nfield)
    return PETSC_FALSE;
  for (PetscInt d = 0; d < info->box.dim; ++d)
    if (info->box.n[d] != s->n[d])
      return PETSC_FALSE;
  for (PetscInt k = 0; k < nfield; ++k) {
    PetscBool found = PETSC_FALSE;
    for (PetscInt j = 0; j < nfield; ++j)
      if (!strcmp(info->fields[j].name, s->field[k].name))
        found = PETSC_TRUE;
    if (!found)
      return PETSC_FALSE;
  }
  return PETSC_TRUE;
}

/* By name; files that were renamed are known by fields and grid. */
static PetscErrorCode FindSink(const char *path, Check *c)
{
  const EddyOutputs os = c->run->outputs;
  char name[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  SinkName(path, name);
  c->sink = -1;
  for (PetscInt k = os->nsink - 1; k >= 0; --k)
    if (SameShape(c->info, &os->sink[k], os->output[os->sink[k].output].nfield) &&
        (c->sink < 0 || !strcmp(os->sink[k].name, name) || strcmp(os->sink[c->sink].name, name)))
      c->sink = k;
  PetscCheck(c->sink >= 0, c->run->comm, EDDY_ERR_INPUT,
             "%s: no output of its case has these fields on this grid", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckRow(const char *path, EddyOptions base, const EddyEnsemble *e, Check *c,
                               PetscBool *same)
{
  const PetscInt64 row = c->info->row[c->place];
  EddyOptions o;
  double largest = 0;
  size_t size = 0;
  PetscFunctionBeginUser;
  const char *single;
  PetscCall(
      EddyOptionsGetRaw(base, "ensemble_row", &single)); /* a run says which row it was, if any */
  if (single && atoi(single) < 0)
    PetscCall(EddyOptionsDuplicate(base, PETSC_COMM_WORLD, &o));
  else
    PetscCall(EddyEnsembleRowOptions(e, base, PETSC_COMM_WORLD, row, &o));
  PetscCall(EddyRunCreate(PETSC_COMM_WORLD, o, e->seed, (uint64_t)row, 0, &c->run));
  PetscCall(EddyOutputsDescribe(c->run));
  PetscCall(FindSink(path, c));
  for (PetscInt k = 0; k < c->info->nfield; ++k)
    size = PetscMax(size, (size_t)c->info->fields[k].ncomp);
  for (int d = 0; d < 3; ++d)
    size *= (size_t)c->run->outputs->sink[c->sink].n[d];
  PetscCall(PetscMalloc1(size, &c->frame));
  c->run->frame = Frame;
  c->run->frame_ctx = c;
  c->values = c->different = 0;
  c->ulp = 0;
  PetscCall(EddyRunStart(c->run));
  PetscCall(EddyRunSolve(c->run));
  PetscInt64 count[2] = {c->values, c->different};
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, count, 2, MPI_INT64_T, MPI_SUM, PETSC_COMM_WORLD));
  PetscCallMPI(MPI_Allreduce(&c->ulp, &largest, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD));
  const PetscBool end = c->run->stop == EDDY_STOP_END ? PETSC_TRUE : PETSC_FALSE;
  *same = end && !count[1] ? PETSC_TRUE : PETSC_FALSE;
  if (!end)
    PetscCall(PetscPrintf(PETSC_COMM_WORLD, "  row %-6lld differs: %s\n", (long long)row,
                          c->run->message[0] ? c->run->message : "stopped before the end"));
  else if (*same)
    PetscCall(PetscPrintf(PETSC_COMM_WORLD, "  row %-6lld same: %lld numbers\n", (long long)row,
                          (long long)count[0]));
  else
    PetscCall(PetscPrintf(PETSC_COMM_WORLD,
                          "  row %-6lld differs: %lld of %lld numbers, by up to %.4g ulp\n",
                          (long long)row, (long long)count[1], (long long)count[0], largest));
  PetscCall(PetscFree(c->frame));
  PetscCall(EddyRunDestroy(&c->run));
  PetscCall(EddyOptionsDestroy(&o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckFile(const char *path, PetscInt row, PetscInt *rows, PetscInt *bad)
{
  Check *c;
  EddyOptions o;
  EddyEnsemble e;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&c));
  PetscCall(EddyWellOpen(path, &c->well));
  PetscCall(EddyWellGetInfo(c->well, &c->info));
  PetscCheck(c->info->provenance[0], PETSC_COMM_WORLD, EDDY_ERR_INPUT,
             "%s has no /provenance: only our own files can be made again", path);
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  PetscCall(EddyOptionsInsertText(o, path, c->info->provenance));
  PetscCall(EddyEnsembleFromOptions(o, &e));
  PetscBool title = PETSC_FALSE;
  for (c->place = 0; c->place < c->info->ntrajectories; ++c->place) {
    PetscBool same = PETSC_FALSE;
    if (row >= 0 && c->info->row[c->place] != row)
      continue;
    if (!title)
      PetscCall(PetscPrintf(PETSC_COMM_WORLD, "%s\n", path));
    title = PETSC_TRUE;
    PetscCall(CheckRow(path, o, &e, c, &same));
    ++*rows;
    if (!same)
      ++*bad;
  }
  PetscCall(EddyEnsembleFree(&e));
  PetscCall(EddyOptionsDestroy(&o));
  PetscCall(EddyWellClose(&c->well));
  PetscCall(PetscFree(c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Files(const char *path, glob_t *found)
{
  static const char *const patterns[] = {"%s/data/*/*.hdf5", "%s/*/data/*/*.hdf5", "%s/*.hdf5"};
  struct stat st;
  PetscFunctionBeginUser;
  memset(found, 0, sizeof *found);
  PetscCheck(!stat(path, &st), PETSC_COMM_WORLD, EDDY_ERR_INPUT, "%s: no such file or folder",
             path);
  if (!S_ISDIR(st.st_mode)) {
    glob(path, GLOB_NOCHECK, NULL, found);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (size_t k = 0; k < sizeof(patterns) / sizeof(*patterns); ++k) {
    char pattern[EDDY_MAX_PATH];
    snprintf(pattern, sizeof pattern, patterns[k], path);
    glob(pattern, found->gl_pathc ? GLOB_APPEND : 0, NULL, found);
  }
  PetscCheck(found->gl_pathc, PETSC_COMM_WORLD, EDDY_ERR_INPUT, "%s: no .hdf5 files in it", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbVerify(int argc, char **argv, int *code)
{
  EddyOptions o;
  glob_t found;
  PetscBool asked;
  PetscInt row, rows = 0, bad = 0;
  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCall(EddyCliHelp(argc, argv, help, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCheck(argc > 1 && argv[1][0] != '-', PETSC_COMM_WORLD, EDDY_ERR_INPUT,
             "no file or folder given: eddyline verify PATH [-row k]");
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  PetscCall(EddyOptionsInsertArgs(o, argc - 2, argv + 2));
  PetscCall(EddyOptionsInt(o, "row", "row to verify; -1: all", -1, -1, PETSC_MAX_INT, &row));
  PetscCall(EddyOptionsFinish(o, NULL));
  PetscCall(Files(argv[1], &found));
  for (size_t k = 0; k < found.gl_pathc; ++k)
    PetscCall(CheckFile(found.gl_pathv[k], row, &rows, &bad));
  globfree(&found);
  PetscCall(EddyOptionsDestroy(&o));
  PetscCheck(rows, PETSC_COMM_WORLD, EDDY_ERR_INPUT, "%s holds no row %d", argv[1], (int)row);
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "%d of %d rows have the same numbers\n",
                        (int)(rows - bad), (int)rows));
  if (bad)
    *code = EDDY_EXIT_SOLUTION;
  PetscFunctionReturn(PETSC_SUCCESS);
}
