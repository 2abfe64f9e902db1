/* SPDX-License-Identifier: BSD-3-Clause */
/* One shard of a set: its rows one after the other, each into the next free place of the files. A
   row is kept when it has a record and all its frames are counted; anything else is made again,
   with the same bytes. A row that failed leaves its place to the next one; a shard with failed rows
   is rewritten without them before it is published. */
#include "generate.h"
#include "well_read.h"
#include "xdmf.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  EddyGenerate *g;
  EddyShard s;
  EddyRowRecord *record; /* [s.n] */
  EddyFiles files;
  PetscBool use[EDDY_MAX_SINK]; /* not yet published */
  PetscInt place;               /* of the row that runs */
} Shard;

void EddyShardPath(const EddyGenerate *g, PetscInt sink, const EddyShard *s, const char *suffix,
                   char path[EDDY_MAX_PATH])
{
  snprintf(path, EDDY_MAX_PATH, "%s/%s/data/%s/shard_%05d%s", g->dir, g->outputs->sink[sink].name,
           EddySplitNames[s->split], (int)s->index, suffix);
}

static const char *SinkPath(void *ctx, PetscInt sink, char buffer[EDDY_MAX_PATH])
{
  const Shard *h = (const Shard *)ctx;
  EddyShardPath(h->g, sink, &h->s, "", buffer);
  return buffer;
}

static PetscErrorCode Frame(void *ctx, PetscInt sink, const EddyRecord *record)
{
  Shard *h = (Shard *)ctx;
  EddyRecord r = *record;
  PetscFunctionBeginUser;
  r.trajectory = h->place;
  PetscCall(EddyFilesWrite(&h->files, sink, &r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscInt Frames(const Shard *h, PetscInt sink)
{
  return h->g->outputs->output[h->g->outputs->sink[sink].output].schedule.n;
}

/* Files of this shard for some of its rows. */
static PetscErrorCode OpenFiles(Shard *h, MPI_Comm comm, PetscInt n, const PetscInt64 row[],
                                PetscBool resume)
{
  EddyGenerate *g = h->g;
  EddyParameter parameter[EDDY_MAX_VARY + EDDY_MAX_DIAG];
  double *value;
  PetscInt np = 0;
  EddyFilesPlan plan = {.path = SinkPath,
                        .ctx = h,
                        .dataset_name = g->dataset,
                        .provenance = g->provenance,
                        .ntrajectories = n,
                        .row = row,
                        .resume = resume,
                        .use = h->use};
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1((g->e.nvary + g->nfixed) * n + 1, &value));
  for (PetscInt k = 0; k < g->e.nvary; ++k, ++np) {
    PetscCall(PetscStrncpy(parameter[np].name, g->e.vary[k].key, EDDY_MAX_NAME));
    parameter[np].values = value + np * n;
    for (PetscInt i = 0; i < n; ++i) {
      char text[EDDY_MAX_NAME];
      EddyVaryDraw(&g->e.vary[k], g->e.seed, (uint64_t)row[i], 0, text, &value[np * n + i]);
    }
  }
  for (PetscInt k = 0; k < g->nfixed; ++k, ++np) {
    PetscCall(PetscStrncpy(parameter[np].name, g->fixed_name[k], EDDY_MAX_NAME));
    parameter[np].values = value + np * n;
    for (PetscInt i = 0; i < n; ++i)
      value[np * n + i] = g->fixed_value[k];
  }
  plan.parameters = parameter;
  plan.nparameter = np;
  PetscCall(EddyFilesOpen(comm, g->o, g->outputs, &g->box, &plan, &h->files));
  PetscCall(PetscFree(value));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Remember(EddyRun r, EddyRowRecord *rec)
{
  const char *name[EDDY_MAX_DIAG];
  double first[EDDY_MAX_DIAG], change[EDDY_MAX_DIAG];
  PetscInt n;
  rec->status = r->stop == EDDY_STOP_END ? EDDY_ROW_OK : EDDY_ROW_FAILED;
  rec->steps = r->st.step;
  rec->ndrift = 0;
  snprintf(rec->reason, sizeof rec->reason, "%s", r->message);
  if (rec->status == EDDY_ROW_FAILED)
    return;
  EddyDiagDrift(r, &n, name, first, change);
  for (PetscInt k = 0; k < n && k < EDDY_MAX_DRIFT; ++k) {
    snprintf(rec->drift_name[k], EDDY_MAX_NAME, "%s", name[k]);
    rec->drift[rec->ndrift++] = first[k] != 0 ? change[k] / fabs(first[k]) : change[k];
  }
}

/* The schedules of a row must be those of the set. */
static PetscErrorCode CheckTimes(const Shard *h, EddyRun r)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < r->outputs->noutput; ++k) {
    const EddySchedule *a = &r->outputs->output[k].schedule,
                       *b = &h->g->outputs->output[k].schedule;
    PetscCheck(a->n == b->n && !memcmp(a->times, b->times, (size_t)a->n * sizeof *a->times),
               h->g->group, EDDY_ERR_INPUT, "row %lld has other output times than row 0",
               (long long)r->st.row);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Continues from a checkpoint when the frames before it are in the files; else from the beginning.
 */
static PetscErrorCode Begin(Shard *h, EddyRun r, const char *folder, PetscBool *fresh)
{
  char path[EDDY_MAX_PATH] = "";
  PetscFunctionBeginUser;
  if (!*fresh)
    PetscCall(EddyCheckpointFind(r->comm, folder, path));
  *fresh = PETSC_TRUE;
  if (!path[0]) {
    PetscCall(EddyRunStart(r));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(EddyRunRestore(r, path));
  for (PetscInt k = 0; k < h->g->outputs->nsink; ++k) {
    const PetscInt next = r->outputs->output[r->outputs->sink[k].output].schedule.next;
    if (h->files.writer[k] &&
        h->files.writer[k]->frames_done < (PetscInt64)h->place * Frames(h, k) + next)
      *fresh = PETSC_FALSE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode RunRow(Shard *h, EddyRowRecord *rec, PetscBool fresh)
{
  EddyGenerate *g = h->g;
  char folder[EDDY_MAX_PATH];
  EddyOptions o;
  EddyRun r;
  const char *dataset;
  PetscFunctionBeginUser;
  snprintf(folder, sizeof folder, "%s/rows/checkpoints_%08lld", g->dir, (long long)rec->row);
  PetscCall(EddyEnsembleRowOptions(&g->e, g->o, g->group, rec->row, &o));
  PetscCall(EddyRunDeclareFiles(o, g->name, NULL, 0, &dataset));
  PetscCall(EddyRunCreate(g->group, o, g->e.seed, (uint64_t)rec->row, 0, &r));
  PetscCall(CheckTimes(h, r));
  r->frame = Frame;
  r->frame_ctx = h;
  r->files = &h->files;
  r->checkpoint_folder = folder;
  r->wall0 = g->wall0;
  r->progress.on = g->world_rank ? PETSC_FALSE : PETSC_TRUE;
  snprintf(r->progress.label, sizeof r->progress.label, "row %lld (%lld of %lld)  ",
           (long long)rec->row, (long long)g->rows_done + 1, (long long)g->rows_here);
  PetscCall(Begin(h, r, folder, &fresh));
  if (fresh) {
    PetscCall(EddyRunSolve(r));
    if (r->stop >= EDDY_STOP_SIGNAL)
      g->stop = r->stop;
    else {
      Remember(r, rec);
      PetscCall(EddyCheckpointsRemove(g->group, folder));
    }
  }
  PetscCall(EddyRunDestroy(&r));
  PetscCall(EddyOptionsDestroy(&o));
  if (!fresh)
    PetscCall(RunRow(h, rec, PETSC_TRUE)); /* the checkpoint is ahead of the files */
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Progress(EddyGenerate *g)
{
  const double now = MPI_Wtime(), gone = now - g->wall0;
  const PetscBool last = g->rows_done == g->rows_here ? PETSC_TRUE : PETSC_FALSE;
  char left[32], share[64] = "";
  if (g->world_rank || (!last && now - g->last_print < (g->terminal ? 0.2 : 5)))
    return;
  g->last_print = now;
  EddyFormatSeconds(gone / (double)g->rows_done * (double)(g->rows_here - g->rows_done), left);
  if (g->ngroup > 1)
    snprintf(share, sizeof share, " (share of 1 of %d groups)", g->ngroup);
  printf("%s%5.1f %%  rows %lld of %lld%s, %lld failed  %.4g rows/h  left %s%s",
         g->terminal ? "\r" : "", 100.0 * (double)g->rows_done / (double)g->rows_here,
         (long long)g->rows_done, (long long)g->rows_here, share, (long long)g->rows_failed,
         3600 * g->ngroup * (double)g->rows_done / gone, left, g->terminal && !last ? "   " : "\n");
  fflush(stdout);
}

/* Files published already, an interrupted rewrite undone. Rank 0 of the group looks. */
static PetscErrorCode Look(Shard *h, PetscBool *any)
{
  EddyGenerate *g = h->g;
  int missing[EDDY_MAX_SINK] = {0};
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < g->outputs->nsink && !g->group_rank; ++k) {
    char path[EDDY_MAX_PATH], part[EDDY_MAX_PATH];
    if (!g->use[k])
      continue;
    EddyShardPath(g, k, &h->s, ".hdf5", path);
    missing[k] = access(path, F_OK) ? 1 : 0;
    EddyShardPath(g, k, &h->s, ".old", path);
    EddyShardPath(g, k, &h->s, ".hdf5.part", part);
    if (!missing[k])
      unlink(path);
    else if (!access(path, F_OK))
      PetscCheck(!rename(path, part), PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be renamed", path);
  }
  PetscCallMPI(MPI_Bcast(missing, EDDY_MAX_SINK, MPI_INT, 0, g->group));
  *any = PETSC_FALSE;
  for (PetscInt k = 0; k < EDDY_MAX_SINK; ++k) {
    h->use[k] = missing[k] ? PETSC_TRUE : PETSC_FALSE;
    if (missing[k])
      *any = PETSC_TRUE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Frames of the first `good` places of the old file into a new one of that size. One rank. */
static PetscErrorCode CopyRows(Shard *h, PetscInt sink, const char *old, PetscInt good,
                               const PetscInt64 row[])
{
  const EddyOutput *out = &h->g->outputs->output[h->g->outputs->sink[sink].output];
  EddyBlock block[EDDY_MAX_LIST];
  EddyWell well;
  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(old, &well));
  for (PetscInt j = 0; j < out->nfield; ++j) {
    size_t size = (size_t)h->g->outputs->sink[sink].field[j].ncomp;
    block[j] = h->g->outputs->sink[sink].field[j];
    block[j].halo = 0;
    for (int d = 0; d < 3; ++d) {
      block[j].start[d] = 0;
      block[j].count[d] = block[j].n[d];
      size *= (size_t)block[j].n[d];
    }
    PetscCall(PetscMalloc1(size, &block[j].data));
  }
  for (PetscInt i = 0; i < good; ++i) {
    for (PetscInt f = 0; f < out->schedule.n; ++f) {
      EddyRecord r = {.trajectory = i,
                      .frame = f,
                      .row = row[i],
                      .t = out->schedule.times[f],
                      .seed = h->g->e.seed,
                      .nblock = out->nfield,
                      .blocks = block};
      for (PetscInt j = 0; j < out->nfield; ++j) {
        PetscInt field;
        PetscCall(EddyWellFindField(well, out->field[j], &field));
        PetscCall(EddyWellReadFrame(well, field, i, f, block[j].data));
      }
      PetscCall(EddyFilesWrite(&h->files, sink, &r));
    }
  }
  for (PetscInt j = 0; j < out->nfield; ++j)
    PetscCall(PetscFree(block[j].data));
  PetscCall(EddyWellClose(&well));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Publishes the files without the failed rows. Rank 0 of the group works. */
static PetscErrorCode Rewrite(Shard *h, PetscInt good, const PetscInt64 row[])
{
  EddyGenerate *g = h->g;
  char part[EDDY_MAX_PATH], old[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < g->outputs->nsink; ++k) {
    if (!h->use[k])
      continue;
    EddyShardPath(g, k, &h->s, ".hdf5.part", part);
    EddyShardPath(g, k, &h->s, ".old", old);
    if (!good) {
      unlink(part);
      EddyXdmfRemove(part);
    } else
      PetscCheck(!rename(part, old), PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be renamed", part);
  }
  if (!good)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OpenFiles(h, PETSC_COMM_SELF, good, row, PETSC_FALSE));
  for (PetscInt k = 0; k < g->outputs->nsink; ++k) {
    if (!h->use[k])
      continue;
    EddyShardPath(g, k, &h->s, ".old", old);
    PetscCall(CopyRows(h, k, old, good, row));
  }
  PetscCall(EddyFilesClose(&h->files, PETSC_TRUE));
  for (PetscInt k = 0; k < g->outputs->nsink; ++k) {
    EddyShardPath(g, k, &h->s, ".old", old);
    if (h->use[k])
      unlink(old);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Finish(Shard *h)
{
  PetscInt64 *row;
  PetscInt good = 0;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(h->s.n, &row));
  for (PetscInt64 i = 0; i < h->s.n; ++i)
    if (h->record[i].status == EDDY_ROW_OK)
      row[good++] = h->s.row[i];
  PetscCall(EddyFilesClose(&h->files, good == h->s.n ? PETSC_TRUE : PETSC_FALSE));
  if (good < h->s.n && !h->g->group_rank)
    PetscCall(Rewrite(h, good, row));
  PetscCallMPI(MPI_Barrier(h->g->group));
  PetscCall(PetscFree(row));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Places are taken in the order of rows; a record without its frames does not count. */
static PetscErrorCode DoRows(Shard *h)
{
  EddyGenerate *g = h->g;
  PetscBool again = PETSC_FALSE;
  PetscFunctionBeginUser;
  h->place = 0;
  for (PetscInt64 i = 0; i < h->s.n && !g->stop; ++i) {
    EddyRowRecord *rec = &h->record[i];
    PetscBool kept = rec->status && !again ? PETSC_TRUE : PETSC_FALSE;
    for (PetscInt k = 0; k < g->outputs->nsink && rec->status == EDDY_ROW_OK; ++k)
      if (h->files.writer[k] &&
          h->files.writer[k]->frames_done < (PetscInt64)(h->place + 1) * Frames(h, k))
        kept = PETSC_FALSE;
    if (!kept) {
      again = PETSC_TRUE; /* later rows have been written over or never were */
      rec->status = EDDY_ROW_MISSING;
      PetscCall(RunRow(h, rec, PETSC_FALSE));
      if (g->stop)
        break;
      if (!g->group_rank)
        PetscCall(EddyRowsAppend(g, &h->s, rec));
    }
    if (rec->status == EDDY_ROW_OK)
      ++h->place;
    else
      ++g->rows_failed;
    ++g->rows_done;
    Progress(g);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyShardDo(EddyGenerate *g, PetscInt k)
{
  Shard *h;
  PetscBool any, done = PETSC_FALSE;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&h));
  h->g = g;
  EddyEnsembleShard(&g->e, k, &h->s);
  if (!g->group_rank)
    PetscCall(EddyShardDone(g, k, &done));
  PetscCallMPI(MPI_Bcast(&done, 1, MPI_INT, 0, g->group));
  if (done) {
    g->rows_done += h->s.n;
  } else {
    PetscCall(PetscCalloc1(h->s.n, &h->record));
    for (PetscInt j = 0; j < g->outputs->nsink; ++j) {
      char folder[EDDY_MAX_PATH];
      snprintf(folder, sizeof folder, "%s/%s/data/%s", g->dir, g->outputs->sink[j].name,
               EddySplitNames[h->s.split]);
      if (g->use[j])
        PetscCall(EddyMakeFolder(g->group, folder));
    }
    PetscCall(Look(h, &any));
    if (!g->group_rank) {
      PetscCall(EddyRowsRead(g, &h->s, h->record));
      PetscCall(EddyRowsWrite(g, &h->s, h->record)); /* without a torn line */
    }
    PetscCallMPI(MPI_Bcast(h->record, (PetscMPIInt)((size_t)h->s.n * sizeof *h->record), MPI_BYTE,
                           0, g->group));
    PetscCall(OpenFiles(h, g->group, (PetscInt)h->s.n, h->s.row, PETSC_TRUE));
    PetscCall(DoRows(h));
    if (g->stop)
      PetscCall(EddyFilesClose(&h->files, PETSC_FALSE));
    else
      PetscCall(Finish(h));
    PetscCall(PetscFree(h->record));
  }
  PetscCall(PetscFree(h));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyShardDone(const EddyGenerate *g, PetscInt k, PetscBool *done)
{
  EddyShard s;
  EddyRowRecord *record;
  PetscInt good = 0;
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  EddyEnsembleShard(&g->e, k, &s);
  PetscCall(PetscMalloc1(s.n, &record));
  PetscCall(EddyRowsRead(g, &s, record));
  *done = PETSC_TRUE;
  for (PetscInt64 i = 0; i < s.n; ++i) {
    if (record[i].status == EDDY_ROW_MISSING)
      *done = PETSC_FALSE;
    if (record[i].status == EDDY_ROW_OK)
      ++good;
  }
  PetscCall(PetscFree(record));
  for (PetscInt j = 0; j < g->outputs->nsink && *done && good; ++j) {
    EddyShardPath(g, j, &s, ".hdf5", path);
    if (g->use[j] && access(path, F_OK))
      *done = PETSC_FALSE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
