/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints of a run and their reading: state and history levels (packed as the discretisation
   stores them on any rank count), stage, segment, step size, diagnostics, statistics. Schedules
   follow from the time; files continue from the frames they hold, which are synced before a
   checkpoint is written. */
#include "run_impl.h"
#include <dirent.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LEVEL = 4, MAX_SAVED = 8 * EDDY_MAX_LIST + 1, MAX_ARRAY = MAX_LEVEL + 2 + MAX_SAVED };
static const char *const level_names[MAX_LEVEL] = {"history_0", "history_1", "history_2",
                                                   "history_3"};

/* Everything of a run that is not an array; one table for both ways. */
typedef struct {
  EddyCheckpointInt ints[12];
  EddyCheckpointReal reals[8 + 2 * EDDY_MAX_DIAG];
  PetscInt nint, nreal;
} Scalars;

static void PutInt(Scalars *s, const char *name, PetscInt64 v)
{
  snprintf(s->ints[s->nint].name, EDDY_MAX_NAME, "%s", name);
  s->ints[s->nint++].value = v;
}

static void PutReal(Scalars *s, const char *name, double v)
{
  snprintf(s->reals[s->nreal].name, EDDY_MAX_NAME, "%s", name);
  s->reals[s->nreal++].value = v;
}

PetscErrorCode EddyCheckpointOptions(EddyOptions o, PetscReal *wall, PetscReal *every)
{
  const char *text;
  size_t n;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  *wall = *every = 0;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsString(
      o, "checkpoint_every",
      "time between checkpoints: a number [T], or wall time as 600s or HH:MM:SS; 0: none",
      "00:30:00", &text));
  if (catalogue || !text)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscStrlen(text, &n));
  char copy[EDDY_MAX_NAME];
  PetscCall(PetscStrncpy(copy, text, sizeof copy));
  if (strchr(text, ':')) {
    EddyOptionsCheck(EddyParseDuration(text, wall), o, "checkpoint_every", "'%s' is not HH:MM:SS",
                     text);
  } else if (n > 1 && n < sizeof copy && copy[n - 1] == 's') {
    copy[n - 1] = 0;
    EddyOptionsCheck(EddyParseReal(copy, wall) && *wall >= 0, o, "checkpoint_every",
                     "'%s' is not a number of seconds", text);
  } else {
    EddyOptionsCheck(EddyParseReal(text, every) && *every >= 0, o, "checkpoint_every",
                     "'%s' is neither a time >= 0, nor 600s, nor HH:MM:SS", text);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Arrays with this rank's pieces; data allocated, filled from u's when `fill`. */
static PetscErrorCode ArraysMake(EddyRun r, PetscBool fill, EddyCheckpointArray a[MAX_ARRAY],
                                 PetscInt *n, PetscInt64 *mine)
{
  const double *data;
  const PetscInt nlevel = r->stepper->ops->levels;
  PetscFunctionBeginUser;
  *n = 0;
  for (PetscInt l = -1; l < nlevel; ++l) {
    EddyCheckpointArray *x = &a[(*n)++];
    double *u = l < 0 ? r->u : r->stepper->history[l];
    PetscCall(PetscStrncpy(x->name, l < 0 ? "state" : level_names[l], EDDY_MAX_NAME));
    PetscCall(r->disc->ops->Pack(r->disc, u, &x->global, &x->nchunk, &x->offset, &x->count, &data));
    *mine = 0;
    for (PetscInt k = 0; k < x->nchunk; ++k)
      *mine += x->count[k];
    PetscCall(PetscMalloc1(*mine + 1, &x->data));
    if (fill && *mine)
      memcpy(x->data, data, (size_t)*mine * sizeof(double));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Arrays of the closures, read and written in place. Collective. */
static PetscErrorCode ArraysOfClosures(EddyRun r, EddyCheckpointArray a[], PetscInt *n)
{
  EddySaved s = {.nchunk = -1};
  PetscFunctionBeginUser;
  for (PetscInt k = 0; r->disc->ops->Saved && k < MAX_SAVED; ++k) {
    PetscCall(r->disc->ops->Saved(r->disc, k, &s));
    if (s.nchunk < 0)
      break;
    EddyCheckpointArray *x = &a[(*n)++];
    *x = (EddyCheckpointArray){.global = s.global,
                               .nchunk = s.nchunk,
                               .offset = s.offset,
                               .count = s.count,
                               .data = s.data};
    PetscCall(PetscStrncpy(x->name, s.name, sizeof x->name));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The spectrum sums live on rank 0's part. */
static void SpectrumArray(EddyRun r, EddyCheckpointArray *x, const PetscInt64 *offset,
                          const PetscInt64 *count)
{
  snprintf(x->name, EDDY_MAX_NAME, "spectrum");
  x->global = r->diag.nk;
  x->nchunk = r->rank ? 0 : 1;
  x->offset = offset;
  x->count = count;
  x->data = r->diag.ek;
}

static void ScalarsFromRun(EddyRun r, Scalars *s)
{
  const EddyDiag *g = &r->diag;
  s->nint = s->nreal = 0;
  PutInt(s, "step", r->st.step);
  PutInt(s, "segment_n", r->seg.n);
  PutInt(s, "segment_i", r->seg.i);
  PutInt(s, "history_taken", r->stepper->taken);
  PutInt(s, "diagnostics_next", g->next);
  PutInt(s, "diagnostics_bytes", g->bytes);
  PutInt(s, "diagnostics_n", g->n);
  PutInt(s, "spectrum_n", g->nk);
  PutInt(s, "spectrum_samples", g->nsample);
  PutInt(s, "checkpoint_next", r->checkpoint_next);
  PutReal(s, "t", r->st.t);
  PutReal(s, "dt", r->st.dt);
  PutReal(s, "stepper_dt", r->stepper->dt);
  PutReal(s, "segment_t0", r->seg.t0);
  PutReal(s, "segment_t1", r->seg.t1);
  PutReal(s, "segment_target", r->seg.target);
  PutReal(s, "stepper_dt_last", r->stepper->dt_last);
}

static void FirstNames(PetscInt n, Scalars *s, const double *value)
{
  for (PetscInt k = 0; k < n; ++k) {
    char name[EDDY_MAX_NAME];
    snprintf(name, sizeof name, "diagnostics_first_%d", (int)k);
    PutReal(s, name, value ? value[k] : 0);
  }
}

PetscErrorCode EddyRunCheckpoint(EddyRun r)
{
  EddyCheckpointArray a[MAX_ARRAY];
  PetscInt n;
  PetscInt64 mine, sums[2] = {0, r->diag.nk};
  Scalars *s;
  char *text;
  PetscFunctionBeginUser;
  if (r->files)
    PetscCall(EddyFilesSync(r->files));
  if (r->diag.file) {
    fflush(r->diag.file);
    fsync(fileno(r->diag.file));
  }
  PetscCallMPI(MPI_Bcast(&r->diag.bytes, 1, MPI_INT64_T, 0, r->comm));
  PetscCall(PetscNew(&s));
  ScalarsFromRun(r, s);
  FirstNames(r->diag.n, s, r->diag.first);
  PetscCall(ArraysMake(r, PETSC_TRUE, a, &n, &mine));
  const PetscInt nstate = n;
  PetscCall(ArraysOfClosures(r, a, &n));
  if (r->diag.nk)
    SpectrumArray(r, &a[n++], &sums[0], &sums[1]);
  PetscCall(EddyRunProvenance(r, r->options, &text));
  PetscCall(EddyMakeFolder(r->comm, r->checkpoint_folder));
  PetscCall(EddyCheckpointWrite(r->comm, r->checkpoint_folder, r->st.step, text, n, a, s->nint,
                                s->ints, s->nreal, s->reals));
  for (PetscInt k = 0; k < nstate; ++k)
    PetscCall(PetscFree(a[k].data));
  PetscCall(PetscFree(text));
  PetscCall(PetscFree(s));
  r->checkpoint_last = MPI_Wtime();
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ScalarsToRun(EddyRun r, const Scalars *s)
{
  EddyDiag *g = &r->diag;
  const EddyCheckpointInt *i = s->ints;
  const EddyCheckpointReal *x = s->reals;
  PetscFunctionBeginUser;
  r->st.step = i[0].value;
  r->seg.n = i[1].value;
  r->seg.i = i[2].value;
  g->next = i[4].value;
  g->bytes = i[5].value;
  g->n = (PetscInt)i[6].value;
  g->nk = (PetscInt)i[7].value;
  g->nsample = i[8].value;
  r->checkpoint_next = i[9].value;
  r->st.t = x[0].value;
  r->st.dt = x[1].value;
  r->seg.t0 = x[3].value;
  r->seg.t1 = x[4].value;
  r->seg.target = x[5].value;
  if (x[2].value > 0) {
    PetscCall(r->stepper->ops->SetDt(r->stepper, x[2].value));
    r->stepper->dt = x[2].value;
  }
  r->stepper->taken = i[3].value;
  r->stepper->dt_last = x[6].value;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Names and values of the lines that differ, as notes; the grid and the state must be the same. */
static PetscErrorCode CompareCases(EddyRun r, const char *path, const char *old)
{
  static const char *const fixed[] = {"mesh_", "physics_type", "disc_type", "disc_dealias",
                                      "time_type"};
  char *text;
  PetscFunctionBeginUser;
  PetscCall(EddyRunProvenance(r, r->options, &text));
  for (const char *line = text; line && *line; line = strchr(line, '\n')) {
    char now[EDDY_MAX_PATH];
    if (*line == '\n')
      ++line;
    if (*line == '#' || sscanf(line, "%1023[^\n]", now) != 1)
      continue;
    const char *colon = strchr(now, ':'), *was = old;
    if (!colon)
      continue;
    const size_t nkey = (size_t)(colon - now) + 1, n = strlen(now);
    while (was && strncmp(was, now, nkey))
      was = (was = strchr(was, '\n')) ? was + 1 : NULL;
    if (was && !strncmp(was, now, n) && (was[n] == '\n' || !was[n]))
      continue;
    for (size_t k = 0; was && k < sizeof(fixed) / sizeof(*fixed); ++k)
      PetscCheck(strncmp(now, fixed[k], strlen(fixed[k])), r->comm, EDDY_ERR_INPUT,
                 "%s cannot be continued with %s: the checkpoint has %.*s", path, now,
                 (int)strcspn(was, "\n"), was);
    if (was)
      PetscCall(PetscPrintf(r->comm, "note: continuing with %s (the checkpoint has %.*s)\n", now,
                            (int)strcspn(was, "\n"), was));
  }
  PetscCall(PetscFree(text));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Schedules continue after the time of the checkpoint: what was due then is in the files. */
static void SkipWritten(EddyRun r)
{
  for (PetscInt k = 0; k < r->outputs->noutput; ++k) {
    EddySchedule *s = &r->outputs->output[k].schedule;
    while (s->next < s->n && (s->times[s->next] <= r->st.t || EddyScheduleDue(s, r->st.t)))
      EddyScheduleAdvance(s);
  }
}

PetscErrorCode EddyRunRestore(EddyRun r, const char *path)
{
  EddyCheckpointArray a[MAX_ARRAY];
  EddyDiag *g = &r->diag;
  PetscInt n;
  PetscInt64 mine, sums[2] = {0, 0};
  Scalars *s;
  char *text;
  double now[EDDY_MAX_DIAG];
  PetscFunctionBeginUser;
  if (!r->u)
    PetscCall(EddyDiscCreateState(r->disc, &r->u));
  PetscCall(PetscNew(&s));
  ScalarsFromRun(r, s);
  PetscCall(
      EddyCheckpointRead(r->comm, path, &text, 0, NULL, s->nint, s->ints, s->nreal, s->reals));
  PetscCall(CompareCases(r, path, text));
  PetscCall(PetscFree(text));
  PetscCall(ScalarsToRun(r, s));
  PetscCall(ArraysMake(r, PETSC_FALSE, a, &n, &mine));
  const PetscInt nstate = n;
  PetscCall(ArraysOfClosures(r, a, &n));
  sums[1] = g->nk;
  if (g->nk) {
    PetscCall(PetscFree(g->ek));
    PetscCall(PetscCalloc1(g->nk, &g->ek));
    SpectrumArray(r, &a[n++], &sums[0], &sums[1]);
  }
  s->nreal = 0;
  FirstNames(g->n, s, NULL);
  PetscCall(EddyCheckpointRead(r->comm, path, NULL, n, a, 0, NULL, s->nreal, s->reals));
  for (PetscInt k = 0; k < g->n; ++k)
    g->first[k] = s->reals[k].value;
  for (PetscInt k = 0; k < nstate; ++k) {
    PetscCall(r->disc->ops->Unpack(r->disc, a[k].data, k ? r->stepper->history[k - 1] : r->u));
    PetscCall(PetscFree(a[k].data));
  }
  if (g->nk)
    PetscCallMPI(MPI_Bcast(g->ek, (PetscMPIInt)g->nk, MPI_DOUBLE, 0, r->comm));
  if (r->disc->ops->Diagnostics) /* the names */
    PetscCall(r->disc->ops->Diagnostics(r->disc, &r->st, r->u, EDDY_MAX_DIAG, g->name, now, &g->n));
  memcpy(g->last, now, sizeof now);
  SkipWritten(r);
  r->restored = PETSC_TRUE;
  PetscCall(PetscFree(s));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCheckpointsRemove(MPI_Comm comm, const char *folder)
{
  int rank;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  DIR *d = rank ? NULL : opendir(folder);
  if (d) {
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
      char path[EDDY_MAX_PATH];
      if (strncmp(e->d_name, "checkpoint_", 11))
        continue;
      snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
      unlink(path);
    }
    closedir(d);
    rmdir(folder);
  }
  PetscCallMPI(MPI_Barrier(comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}
