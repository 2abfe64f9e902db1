/* SPDX-License-Identifier: BSD-3-Clause */
/* The Well's HDF5 layout (structure: well_layout.h), written frame by frame, crash-safe.

   Rank 0 makes the whole structure in a file PATH.hdf5.new, syncs it and renames it to
   PATH.hdf5.part; then all ranks open it and write raw data only: the frames, then (when every rank
   has written) the counter. A kill at any instant leaves a file that opens with every counted frame
   intact. One rank writes through POSIX calls without sieve buffer and chunk cache, several write
   collectively through MPI-IO; the bytes are the same.

   Small frames are collected in memory, up to `batch` bytes of consecutive frames of one
   trajectory, and go out in one write when the batch is full, the trajectory ends, BATCH_SECONDS
   passed, or at Sync and Close. Only written frames are counted.

   Records come in order. A record of an earlier position takes the counter back first (a row made
   again); a record that opens a later trajectory marks the ones left unfinished as failed. */
#include "hdf5_util.h"
#include "pack.h"
#include "well_layout.h"
#include <string.h>

enum { NAXIS = 7 };
#define BATCH_SECONDS 5.0

typedef struct {
  hid_t set, space;
  int naxis;
  size_t local;  /* values of one frame on this rank */
  size_t offset; /* values before this field in the buffer */
} Field;

typedef struct {
  PetscInt batch_kb; /* option */
  MPI_Comm comm;
  PetscMPIInt rank, size;
  char final_path[EDDY_MAX_PATH], part_path[EDDY_MAX_PATH];
  PetscBool open, float64;
  PetscInt ntrajectories, nframes, nfield, dim, n[3];
  hid_t file, transfer, one, counter, seed, status;
  Field *field;
  PetscInt start[3], count[3];         /* of this rank, fixed by the first record */
  char *buffer;                        /* field after field: [frame of the batch][x][y][z][ncomp] */
  PetscInt capacity;                   /* frames of a batch; 0 before the first record */
  PetscInt pending, trajectory, first; /* frames waiting, their trajectory and first frame */
  uint64_t pending_seed;
  PetscInt64 position; /* next expected: trajectory * nframes + frame, waiting frames included */
  double last_write;
} Ctx;

static PetscErrorCode Create(EddyWriter w, EddyOptions o, const char *prefix)
{
  Ctx *c = w->ctx;
  char key[2 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  snprintf(key, sizeof key, "%sbatch", prefix);
  PetscCall(EddyOptionsInt(
      o, key,
      "small frames are collected up to this many kB before one write, 0: each frame at once", 1024,
      0, 1 << 20, &c->batch_kb));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One element of a /provenance list, by rank 0. Negative on failure. */
static herr_t WriteElement(Ctx *c, hid_t set, hid_t type, PetscInt index, const void *value)
{
  const hsize_t at[1] = {(hsize_t)index}, one[1] = {1};
  hid_t space = H5Dget_space(set);
  herr_t status = H5Sselect_hyperslab(space, H5S_SELECT_SET, at, NULL, one, NULL);
  if (status >= 0)
    status = H5Dwrite(set, type, c->one, space, H5P_DEFAULT, value);
  H5Sclose(space);
  return status;
}

static PetscErrorCode Agree(Ctx *c, herr_t status, const char *what)
{
  char reason[512] = "";

  PetscFunctionBeginUser;
  if (status < 0)
    EddyH5Reason(reason, sizeof reason);
  PetscCall(
      EddyIoAgree(c->comm, status < 0 ? PETSC_TRUE : PETSC_FALSE, c->part_path, what, reason));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Every rank's data are in the file when this is called. */
static PetscErrorCode WriteCounter(EddyWriter w, PetscInt64 done)
{
  Ctx *c = w->ctx;

  PetscFunctionBeginUser;
  const int64_t value = done;
  PetscCall(Agree(c, c->rank ? 0 : WriteElement(c, c->counter, H5T_NATIVE_INT64, 0, &value),
                  "write the frame counter"));
  w->frames_done = done;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static herr_t WriteStatus(Ctx *c, PetscInt first, PetscInt last, int value)
{
  herr_t status = 0;
  for (PetscInt i = first; i <= last && !c->rank && status >= 0; ++i)
    status = WriteElement(c, c->status, H5T_NATIVE_INT, i, &value);
  return status;
}

/* The waiting frames of one field by one call. */
static herr_t WriteField(Ctx *c, const Field *f)
{
  hsize_t start[NAXIS] = {(hsize_t)c->trajectory, (hsize_t)c->first},
          count[NAXIS] = {1, (hsize_t)c->pending}, total = (hsize_t)c->pending * f->local;
  const size_t bytes = c->float64 ? 8 : 4;
  for (PetscInt d = 0; d < c->dim; ++d)
    start[2 + d] = (hsize_t)c->start[d], count[2 + d] = (hsize_t)c->count[d];
  for (int a = 2 + (int)c->dim; a < f->naxis; ++a)
    count[a] = (hsize_t)c->dim;
  hid_t memory = H5Screate_simple(1, total ? &total : (hsize_t[]){1}, NULL);
  herr_t status = total ? H5Sselect_hyperslab(f->space, H5S_SELECT_SET, start, NULL, count, NULL)
                        : H5Sselect_none(f->space);
  if (!total)
    H5Sselect_none(memory);
  if (status >= 0)
    status = H5Dwrite(f->set, c->float64 ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT, memory, f->space,
                      c->transfer, c->buffer + f->offset * bytes);
  H5Sclose(memory);
  return status;
}

/* Writes the waiting frames, then the counter. Collective. */
static PetscErrorCode Flush(EddyWriter w)
{
  Ctx *c = w->ctx;
  herr_t status = 0;

  PetscFunctionBeginUser;
  if (!c->pending)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < c->nfield; ++k) {
    const herr_t s = WriteField(c, &c->field[k]); /* collective: called on after a failure */
    if (status >= 0)
      status = s;
  }
  if (status >= 0 && !c->rank)
    status = WriteElement(c, c->seed, H5T_NATIVE_UINT64, c->trajectory, &c->pending_seed);
  if (status >= 0 && c->first + c->pending == c->nframes)
    status = WriteStatus(c, c->trajectory, c->trajectory, 1);
  const PetscInt64 done = (PetscInt64)c->trajectory * c->nframes + c->first + c->pending;
  c->pending = 0;
  PetscCall(Agree(c, status, "write a frame"));
  PetscCall(WriteCounter(w, done));
  c->last_write = MPI_Wtime();
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Opens the .part on all ranks for raw writes. */
static herr_t OpenFile(Ctx *c, const EddyWriterPlan *p)
{
  hid_t access = EddyH5SerialAccess(PETSC_TRUE);
  if (access < 0)
    return -1;
  if (c->size > 1 && H5Pset_fapl_mpio(access, c->comm, MPI_INFO_NULL) < 0)
    return -1;
  c->file = H5Fopen(c->part_path, H5F_ACC_RDWR, access);
  H5Pclose(access);
  if (c->file < 0)
    return -1;
  c->transfer = H5Pcreate(H5P_DATASET_XFER);
  if (c->size > 1 && H5Pset_dxpl_mpio(c->transfer, H5FD_MPIO_COLLECTIVE) < 0)
    return -1;
  c->one = H5Screate_simple(1, (hsize_t[]){1}, NULL);
  c->counter = H5Dopen2(c->file, "/provenance/frames_done", H5P_DEFAULT);
  c->seed = H5Dopen2(c->file, "/provenance/seed", H5P_DEFAULT);
  c->status = H5Dopen2(c->file, "/provenance/status", H5P_DEFAULT);
  if (c->counter < 0 || c->seed < 0 || c->status < 0)
    return -1;
  for (PetscInt k = 0; k < c->nfield; ++k) {
    char path[2 * EDDY_MAX_NAME];
    EddyWellLayoutPath(&p->fields[k], path, sizeof path);
    c->field[k].set = H5Dopen2(c->file, path, H5P_DEFAULT);
    if (c->field[k].set < 0)
      return -1;
    c->field[k].space = H5Dget_space(c->field[k].set);
    c->field[k].naxis = H5Sget_simple_extent_ndims(c->field[k].space);
  }
  return 0;
}

static herr_t CloseFile(Ctx *c)
{
  herr_t status = 0;
  for (PetscInt k = 0; k < c->nfield && c->field; ++k) {
    if (c->field[k].space >= 0)
      H5Sclose(c->field[k].space);
    if (c->field[k].set >= 0)
      H5Dclose(c->field[k].set);
  }
  if (c->counter >= 0)
    H5Dclose(c->counter);
  if (c->seed >= 0)
    H5Dclose(c->seed);
  if (c->status >= 0)
    H5Dclose(c->status);
  if (c->one >= 0)
    H5Sclose(c->one);
  if (c->transfer >= 0)
    H5Pclose(c->transfer);
  if (c->file >= 0)
    status = H5Fclose(c->file);
  c->open = PETSC_FALSE;
  return status;
}

/* Rank 0: a new .part, or the old one checked. */
static PetscErrorCode Prepare(Ctx *c, const EddyWriterPlan *p, PetscInt64 *done)
{
  char fresh[EDDY_MAX_PATH + 8];
  PetscBool exists;

  PetscFunctionBeginUser;
  *done = 0;
  PetscCall(PetscTestFile(c->part_path, 'r', &exists));
  if (p->resume && exists)
    PetscCall(EddyWellLayoutMatch(p, c->part_path, done));
  else {
    snprintf(fresh, sizeof fresh, "%s.new", c->final_path);
    PetscCall(EddyWellLayoutCreate(p, fresh));
    PetscCall(EddyFilePublish(fresh, c->part_path));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Open(EddyWriter w, const EddyWriterPlan *p)
{
  Ctx *c = w->ctx;
  PetscInt64 message[2] = {0, 0};
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  EddyH5Silence();
  const PetscInt batch_kb = c->batch_kb;
  *c = (Ctx){.batch_kb = batch_kb,
             .comm = p->comm,
             .float64 = p->float64,
             .ntrajectories = p->ntrajectories,
             .nframes = p->nframes,
             .nfield = p->nfield,
             .dim = p->box.dim,
             .n = {p->n[0], p->n[1], p->n[2]}};
  c->file = c->transfer = c->one = c->counter = c->seed = c->status = H5I_INVALID_HID;
  PetscCallMPI(MPI_Comm_rank(p->comm, &c->rank));
  PetscCallMPI(MPI_Comm_size(p->comm, &c->size));
  PetscCheck(strlen(p->path) + 20 < sizeof c->final_path, p->comm, EDDY_ERR_INPUT,
             "%s: path too long", p->path);
  snprintf(c->final_path, sizeof c->final_path, "%s.hdf5", p->path);
  snprintf(c->part_path, sizeof c->part_path, "%s.hdf5.part", p->path);
  if (!c->rank)
    message[0] = Prepare(c, p, &message[1]);
  PetscCallMPI(MPI_Bcast(message, 2, MPIU_INT64, 0, p->comm));
  if (message[0])
    PetscFunctionReturn((PetscErrorCode)message[0]); /* rank 0 said why */
  PetscCall(PetscCalloc1(PetscMax(p->nfield, 1), &c->field));
  for (PetscInt k = 0; k < p->nfield; ++k)
    c->field[k].set = c->field[k].space = H5I_INVALID_HID;
  c->open = PETSC_TRUE;
  const herr_t opened = OpenFile(c, p);
  ierr = Agree(c, opened, "open the file for writing");
  if (ierr) {
    (void)CloseFile(c);
    PetscCall(PetscFree(c->field));
    PetscFunctionReturn(ierr);
  }
  w->frames_done = c->position = message[1];
  c->last_write = MPI_Wtime();
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Extents of this rank and the buffer, from the first record. */
static PetscErrorCode SetLocal(Ctx *c, const EddyRecord *r)
{
  size_t frame = 0;
  double global = 0;

  PetscFunctionBeginUser;
  const size_t bytes = c->float64 ? 8 : 4;
  for (int d = 0; d < 3; ++d)
    c->start[d] = r->blocks[0].start[d], c->count[d] = r->blocks[0].count[d];
  for (PetscInt k = 0; k < c->nfield; ++k) {
    const EddyBlock *b = &r->blocks[k];
    c->field[k].local =
        (size_t)b->ncomp * (size_t)b->count[0] * (size_t)b->count[1] * (size_t)b->count[2];
    frame += c->field[k].local;
    global += (double)bytes * b->ncomp * c->n[0] * c->n[1] * c->n[2];
  }
  const double fit = PetscMin((double)c->batch_kb * 1024 / global, 65536);
  c->capacity = PetscMax(1, PetscMin((PetscInt)fit, c->nframes));
  if (global >= EDDY_WELL_CHUNK_MIN)
    c->capacity = 1;
  PetscCall(PetscMalloc1(PetscMax(frame * (size_t)c->capacity * bytes, 1), &c->buffer));
  frame = 0;
  for (PetscInt k = 0; k < c->nfield; ++k) {
    c->field[k].offset = frame;
    frame += c->field[k].local * (size_t)c->capacity;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckRecord(Ctx *c, const EddyRecord *r)
{
  PetscFunctionBeginUser;
  PetscCheck(c->open, c->comm, PETSC_ERR_ORDER, "%s: record for a file that is not open",
             c->final_path);
  PetscCheck(r->nblock == c->nfield && r->trajectory >= 0 && r->trajectory < c->ntrajectories &&
                 r->frame >= 0 && r->frame < c->nframes,
             c->comm, PETSC_ERR_PLIB,
             "%s: record outside the plan: trajectory %" PetscInt_FMT ", frame %" PetscInt_FMT
             ", %" PetscInt_FMT " fields",
             c->part_path, r->trajectory, r->frame, r->nblock);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Brings file and counter to the position of the record when it is not the next one. */
static PetscErrorCode Seek(EddyWriter w, const EddyRecord *r)
{
  Ctx *c = w->ctx;

  PetscFunctionBeginUser;
  const PetscInt64 p = (PetscInt64)r->trajectory * c->nframes + r->frame;
  if (c->pending && (p != c->position || r->trajectory != c->trajectory))
    PetscCall(Flush(w));
  if (p == c->position)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscInt current = (PetscInt)(c->position / c->nframes),
                 last = (PetscInt)((c->position - 1) / c->nframes);
  if (p < c->position) {
    PetscCall(WriteCounter(w, p)); /* before the data change */
    PetscCall(Agree(c, WriteStatus(c, r->trajectory, PetscMin(last, c->ntrajectories - 1), 0),
                    "write the status of a row"));
  } else {
    PetscCheck(!r->frame, c->comm, PETSC_ERR_ORDER,
               "%s: frame %" PetscInt_FMT " of trajectory %" PetscInt_FMT
               " comes before its predecessor",
               c->part_path, r->frame, r->trajectory);
    PetscCall(Agree(c, WriteStatus(c, current, r->trajectory - 1, 2), "write the status of a row"));
  }
  c->position = p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Write(EddyWriter w, const EddyRecord *r)
{
  Ctx *c = w->ctx;
  int due;

  PetscFunctionBeginUser;
  PetscCall(CheckRecord(c, r));
  if (!c->capacity)
    PetscCall(SetLocal(c, r));
  PetscCall(Seek(w, r));
  if (!c->pending)
    c->trajectory = r->trajectory, c->first = r->frame;
  c->pending_seed = r->seed;
  for (PetscInt k = 0; k < c->nfield; ++k) {
    const EddyBlock *b = &r->blocks[k];
    const Field *f = &c->field[k];
    EddyAssert((size_t)b->ncomp * b->count[0] * b->count[1] * b->count[2] == f->local,
               PETSC_COMM_SELF, "field %s changed its extents", b->name);
    const size_t at = f->offset + (size_t)c->pending * f->local;
    if (!f->local)
      continue;
    if (c->float64)
      EddyPackDouble(b, (double *)(void *)c->buffer + at);
    else
      EddyPackFloat(b, (float *)(void *)c->buffer + at);
  }
  c->pending++;
  c->position++;
  due = c->pending == c->capacity || r->frame + 1 == c->nframes;
  if (!due) {
    due = MPI_Wtime() - c->last_write > BATCH_SECONDS;
    if (c->size > 1)
      PetscCallMPI(MPI_Bcast(&due, 1, MPI_INT, 0, c->comm));
  }
  if (due)
    PetscCall(Flush(w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Sync(EddyWriter w)
{
  Ctx *c = w->ctx;
  int code = 0;

  PetscFunctionBeginUser;
  PetscCall(Flush(w));
  PetscCall(Agree(c, H5Fflush(c->file, H5F_SCOPE_LOCAL), "flush the file"));
  if (!c->rank)
    code = EddyFileSync(c->part_path);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, c->comm));
  PetscFunctionReturn((PetscErrorCode)code);
}

static PetscErrorCode Close(EddyWriter w, PetscBool complete)
{
  Ctx *c = w->ctx;
  PetscErrorCode flushed;
  int code = 0;

  PetscFunctionBeginUser;
  if (!c->open)
    PetscFunctionReturn(PETSC_SUCCESS);
  flushed = Flush(w);
  if (!flushed && complete && c->position < (PetscInt64)c->ntrajectories * c->nframes)
    flushed =
        Agree(c, WriteStatus(c, (PetscInt)(c->position / c->nframes), c->ntrajectories - 1, 2),
              "write the status of a row");
  const herr_t closed = CloseFile(c);
  PetscCall(PetscFree(c->field));
  PetscCall(PetscFree(c->buffer));
  c->capacity = 0;
  if (flushed)
    PetscFunctionReturn(flushed);
  PetscCall(Agree(c, closed, "close the file"));
  if (!c->rank)
    code = complete ? EddyFilePublish(c->part_path, c->final_path) : EddyFileSync(c->part_path);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, c->comm));
  PetscFunctionReturn((PetscErrorCode)code);
}

const EddyWriterOps eddy_writer_h5 = {
    .name = "h5",
    .summary = "HDF5 in The Well's layout, with provenance, crash-safe and resumable",
    .extension = ".hdf5",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Open = Open,
    .Write = Write,
    .Sync = Sync,
    .Close = Close,
};
