/* SPDX-License-Identifier: BSD-3-Clause */
/* The Well's HDF5 layout (structure: well_layout.h), written frame by frame, crash-safe.

   Rank 0 makes the whole structure with the HDF5 library in PATH.hdf5.new, syncs it and renames it
   to PATH.hdf5.part. All space is allocated then, so every frame has its place in the file; ranks
   ask the library once where that is and write there with pwrite: frames first, and when every rank
   has written, the counter. No metadata changes any more, so a kill at any instant leaves a file
   that opens with every counted frame intact, and the bytes do not depend on the number of ranks.
   (MPI-IO is not used: the collective writes of Open MPI's OMPIO report success on a full disk.)

   A frame is collected into whole x-planes on one writing rank per WRITER_BYTES (option `writers`
   sets their number; 1 is the choice for NFS). Frames without a chunk of their own are kept in
   memory, up to `batch` kB of consecutive frames of one trajectory, and go out in one call when the
   batch is full, the trajectory ends, BATCH_SECONDS passed, or at Sync and Close. Only written
   frames are counted.

   Records come in order. A record of an earlier position takes the counter back first (a row made
   again); a record that opens a later trajectory marks the ones left unfinished as failed. */
#include "collect.h"
#include "hdf5_util.h"
#include "well_layout.h"
#include "xdmf.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { WRITER_BYTES = 1 << 18, BATCH_KB = 256 }; /* a batch is still in cache when it goes out */
#define BATCH_SECONDS 5.0

/* Where things are in the file. */
typedef struct {
  PetscBool chunked;
  PetscInt64 *chunk; /* [ntrajectories * nframes] byte offsets of the frames, or NULL */
  PetscInt64 base;   /* of frame 0 when contiguous */
  PetscInt ncomp;
  char *buffer; /* waiting frames of this rank */
} Field;

typedef struct {
  PetscInt batch_kb, writers; /* options */
  PetscBool xdmf;
  MPI_Comm comm;
  PetscMPIInt rank, size;
  char final_path[EDDY_MAX_PATH], part_path[EDDY_MAX_PATH];
  PetscBool open, float64;
  PetscInt ntrajectories, nframes, nfield, n[3];
  int fd;
  PetscInt64 counter, seed, status; /* byte offsets of the lists in /provenance */
  Field *field;
  EddyCollect collect; /* made with the first record */
  PetscInt first_plane, planes;
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
      "small frames are collected up to this many kB before one write, 0: each frame at once",
      BATCH_KB, 0, 1 << 20, &c->batch_kb));
  snprintf(key, sizeof key, "%swriters", prefix);
  PetscCall(EddyOptionsInt(o, key,
                           "ranks that write to one file, 0: by frame size, 1: the choice for NFS",
                           0, 0, 1 << 20, &c->writers));
  snprintf(key, sizeof key, "%sxdmf", prefix);
  PetscCall(EddyOptionsBool(o, key, "also NAME.xdmf, which ParaView and VisIt open", PETSC_FALSE,
                            &c->xdmf));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* All bytes at a place; 0 or errno. */
static int WriteAt(int fd, PetscInt64 at, const void *data, size_t len)
{
  const char *p = data;
  while (len) {
    const ssize_t n = pwrite(fd, p, len, (off_t)at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n ? errno : EIO;
    p += n, at += n, len -= (size_t)n;
  }
  return 0;
}

static PetscErrorCode Agree(Ctx *c, int failed, const char *what)
{
  PetscFunctionBeginUser;
  PetscCall(EddyIoAgree(c->comm, failed ? PETSC_TRUE : PETSC_FALSE, c->part_path, what,
                        failed ? strerror(failed) : ""));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Every rank's data are in the file when this is called. */
static PetscErrorCode WriteCounter(EddyWriter w, PetscInt64 done)
{
  Ctx *c = w->ctx;

  PetscFunctionBeginUser;
  PetscCall(Agree(c, c->rank ? 0 : WriteAt(c->fd, c->counter, &done, sizeof done),
                  "write the frame counter"));
  w->frames_done = done;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Status of trajectories first..last, by rank 0; 0 or errno. */
static int WriteStatus(Ctx *c, PetscInt first, PetscInt last, int32_t value)
{
  int failed = 0;
  for (PetscInt i = first; i <= last && !c->rank && !failed; ++i)
    failed = WriteAt(c->fd, c->status + 4 * (PetscInt64)i, &value, sizeof value);
  return failed;
}

/* The waiting frames of one field; 0 or errno. */
static int WriteField(Ctx *c, const Field *f)
{
  const size_t unit = c->float64 ? 8 : 4,
               plane = unit * (size_t)f->ncomp * (size_t)c->n[1] * (size_t)c->n[2];
  const PetscInt64 p = (PetscInt64)c->trajectory * c->nframes + c->first;
  const PetscInt64 frame = f->chunked ? f->chunk[p] : f->base + p * c->n[0] * (PetscInt64)plane;
  return WriteAt(c->fd, frame + c->first_plane * (PetscInt64)plane, f->buffer,
                 (size_t)c->pending * (size_t)c->planes * plane);
}

/* Writes the waiting frames, then the counter. Collective. */
static PetscErrorCode Flush(EddyWriter w)
{
  Ctx *c = w->ctx;
  int failed = 0;

  PetscFunctionBeginUser;
  if (!c->pending)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < c->nfield && !failed && c->planes; ++k)
    failed = WriteField(c, &c->field[k]);
  if (!failed && !c->rank)
    failed = WriteAt(c->fd, c->seed + 8 * (PetscInt64)c->trajectory, &c->pending_seed,
                     sizeof c->pending_seed);
  if (!failed && c->first + c->pending == c->nframes)
    failed = WriteStatus(c, c->trajectory, c->trajectory, 1);
  const PetscInt64 done = (PetscInt64)c->trajectory * c->nframes + c->first + c->pending;
  c->pending = 0;
  PetscCall(Agree(c, failed, "write a frame"));
  PetscCall(WriteCounter(w, done));
  c->last_write = MPI_Wtime();
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Byte offset of a contiguous dataset. */
static PetscErrorCode FindSet(const char *path, hid_t file, const char *name, PetscInt64 *at)
{
  PetscFunctionBeginUser;
  hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
  EddyH5Call(path, "open a dataset", set);
  const haddr_t address = H5Dget_offset(set);
  H5Dclose(set);
  PetscCheck(address != HADDR_UNDEF, PETSC_COMM_SELF, EDDY_ERR_IO,
             "%s: %s has no place in the file", path, name);
  *at = (PetscInt64)address;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Byte offsets of all frames of a chunked dataset. */
static PetscErrorCode FindChunks(const Ctx *c, hid_t file, const char *name, Field *f)
{
  hsize_t at[7] = {0}, size;
  haddr_t address = HADDR_UNDEF;
  unsigned mask;

  PetscFunctionBeginUser;
  hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
  EddyH5Call(c->part_path, "open a dataset", set);
  for (PetscInt i = 0; i < c->ntrajectories; ++i)
    for (PetscInt k = 0; k < c->nframes; ++k) {
      at[0] = (hsize_t)i, at[1] = (hsize_t)k;
      EddyH5Call(c->part_path, "find a frame",
                 H5Dget_chunk_info_by_coord(set, at, &mask, &address, &size));
      PetscCheck(address != HADDR_UNDEF, PETSC_COMM_SELF, EDDY_ERR_IO,
                 "%s: %s has frames without a place in the file", c->part_path, name);
      f->chunk[(PetscInt64)i * c->nframes + k] = (PetscInt64)address;
    }
  H5Dclose(set);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rank 0: fills all places of fields and lists. */
static PetscErrorCode FindPlaces(Ctx *c, const EddyWriterPlan *p)
{
  PetscErrorCode ierr = 0;

  PetscFunctionBeginUser;
  hid_t access = EddyH5SerialAccess(PETSC_FALSE),
        file = H5Fopen(c->part_path, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  EddyH5Call(c->part_path, "open the file", file);
  for (PetscInt k = 0; k < c->nfield && !ierr; ++k) {
    char name[2 * EDDY_MAX_NAME];
    EddyWellLayoutPath(&p->fields[k], name, sizeof name);
    ierr = c->field[k].chunked ? FindChunks(c, file, name, &c->field[k])
                               : FindSet(c->part_path, file, name, &c->field[k].base);
  }
  if (!ierr)
    ierr = FindSet(c->part_path, file, "/provenance/frames_done", &c->counter);
  if (!ierr)
    ierr = FindSet(c->part_path, file, "/provenance/seed", &c->seed);
  if (!ierr)
    ierr = FindSet(c->part_path, file, "/provenance/status", &c->status);
  H5Fclose(file);
  PetscFunctionReturn(ierr);
}

/* A lock of the process on the file, so that two runs never write the same one; kept until the file
   is closed. File systems without locks are passed over. PETSC_FALSE when another process holds it.
 */
static PetscBool Lock(int fd)
{
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_SETLK, &lock) && (errno == EACCES || errno == EAGAIN) ? PETSC_FALSE
                                                                           : PETSC_TRUE;
}

/* Rank 0: a new .part, or the old one checked. */
static PetscErrorCode Prepare(Ctx *c, const EddyWriterPlan *p, PetscInt64 *done)
{
  char fresh[EDDY_MAX_PATH + 8];

  PetscFunctionBeginUser;
  *done = 0;
  const int old = open(c->part_path, O_RDWR);
  const PetscBool mine = old < 0 ? PETSC_TRUE : Lock(old);
  if (old >= 0)
    close(old);
  PetscCheck(mine, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: another process is writing this file",
             c->part_path);
  if (p->resume && old >= 0)
    PetscCall(EddyWellLayoutMatch(p, c->part_path, done));
  else {
    snprintf(fresh, sizeof fresh, "%s.new", c->final_path);
    PetscCall(EddyWellLayoutCreate(p, fresh));
    PetscCall(EddyFilePublish(fresh, c->part_path));
  }
  PetscCall(FindPlaces(c, p));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Release(Ctx *c)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < c->nfield && c->field; ++k) {
    PetscCall(PetscFree(c->field[k].chunk));
    PetscCall(PetscFree(c->field[k].buffer));
  }
  PetscCall(PetscFree(c->field));
  if (c->capacity)
    PetscCall(EddyCollectDestroy(&c->collect));
  c->capacity = c->pending = 0;
  c->open = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Places from rank 0 to all. */
static PetscErrorCode SharePlaces(Ctx *c)
{
  PetscInt64 list[3] = {c->counter, c->seed, c->status};

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Bcast(list, 3, MPIU_INT64, 0, c->comm));
  c->counter = list[0], c->seed = list[1], c->status = list[2];
  for (PetscInt k = 0; k < c->nfield; ++k) {
    Field *f = &c->field[k];
    PetscCallMPI(MPI_Bcast(&f->base, 1, MPIU_INT64, 0, c->comm));
    if (f->chunked)
      PetscCallMPI(MPI_Bcast(f->chunk, (PetscMPIInt)(c->ntrajectories * c->nframes), MPIU_INT64, 0,
                             c->comm));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode MakeFields(Ctx *c, const EddyWriterPlan *p)
{
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(PetscMax(p->nfield, 1), &c->field));
  for (PetscInt k = 0; k < p->nfield; ++k) {
    c->field[k].ncomp = p->fields[k].ncomp;
    c->field[k].chunked = EddyWellLayoutChunked(p, &p->fields[k]);
    if (c->field[k].chunked)
      PetscCall(PetscMalloc1((size_t)p->ntrajectories * p->nframes, &c->field[k].chunk));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The description follows the counted frames at Open, Sync and Close, and the name of the file. Collective. */
static PetscErrorCode Describe(Ctx *c, const char *path, PetscBool points)
{
  int code = 0;

  PetscFunctionBeginUser;
  if (!c->xdmf)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!c->rank)
    code = EddyXdmfWrite(path, points);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, c->comm));
  PetscFunctionReturn((PetscErrorCode)code);
}

static PetscErrorCode Open(EddyWriter w, const EddyWriterPlan *p)
{
  Ctx *c = w->ctx;
  PetscInt64 message[2] = {0, 0};

  PetscFunctionBeginUser;
  EddyH5Silence();
  *c = (Ctx){.batch_kb = c->batch_kb,
             .writers = c->writers,
             .xdmf = c->xdmf,
             .comm = p->comm,
             .float64 = p->float64,
             .ntrajectories = p->ntrajectories,
             .nframes = p->nframes,
             .nfield = p->nfield,
             .n = {p->n[0], p->n[1], p->n[2]},
             .fd = -1};
  PetscCallMPI(MPI_Comm_rank(p->comm, &c->rank));
  PetscCallMPI(MPI_Comm_size(p->comm, &c->size));
  PetscCheck(strlen(p->path) + 20 < sizeof c->final_path, p->comm, EDDY_ERR_INPUT,
             "%s: path too long", p->path);
  PetscCheck(H5Tequal(H5T_NATIVE_FLOAT, H5T_IEEE_F32LE) > 0, p->comm, PETSC_ERR_SUP,
             "frames are written on little-endian machines only");
  snprintf(c->final_path, sizeof c->final_path, "%s.hdf5", p->path);
  snprintf(c->part_path, sizeof c->part_path, "%s.hdf5.part", p->path);
  PetscCall(MakeFields(c, p));
  if (!c->rank)
    message[0] = Prepare(c, p, &message[1]);
  PetscCallMPI(MPI_Bcast(message, 2, MPIU_INT64, 0, p->comm));
  if (message[0]) { /* rank 0 said why */
    PetscCall(Release(c));
    PetscFunctionReturn((PetscErrorCode)message[0]);
  }
  PetscCall(SharePlaces(c));
  c->fd = open(c->part_path, O_RDWR | O_CLOEXEC);
  PetscCall(Agree(c, c->fd < 0 ? errno : 0, "open the file for writing"));
  if (!c->rank)
    (void)Lock(c->fd);
  c->open = PETSC_TRUE;
  w->frames_done = c->position = message[1];
  c->last_write = MPI_Wtime();
  PetscCall(Describe(c, c->part_path, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Who collects what, and the buffers, from the first record. */
static PetscErrorCode SetLocal(Ctx *c, const EddyRecord *r)
{
  double frame = 0;
  PetscBool chunked = PETSC_FALSE;

  PetscFunctionBeginUser;
  const size_t unit = c->float64 ? 8 : 4,
               points = (size_t)c->n[0] * (size_t)c->n[1] * (size_t)c->n[2];
  for (PetscInt k = 0; k < c->nfield; ++k) {
    frame += (double)(unit * points) * (double)c->field[k].ncomp;
    if (c->field[k].chunked)
      chunked = PETSC_TRUE;
  }
  const PetscInt fit = (PetscInt)PetscMin((double)c->batch_kb * 1024 / frame, 65536);
  c->capacity = chunked ? 1 : PetscMax(1, PetscMin(fit, c->nframes));
  const PetscInt automatic = chunked ? (PetscInt)PetscMin(frame / WRITER_BYTES, 1e6) : 1,
                 writers = c->writers && chunked ? c->writers : automatic;
  PetscCall(EddyCollectCreate(c->comm, &r->blocks[0], (PetscMPIInt)writers, &c->collect));
  EddyCollectPlanes(&c->collect, c->rank, &c->first_plane, &c->planes);
  for (PetscInt k = 0; k < c->nfield; ++k)
    PetscCall(PetscMalloc1(unit * (size_t)c->field[k].ncomp * (size_t)c->planes *
                                   (points / (size_t)c->n[0]) * (size_t)c->capacity +
                               1,
                           &c->field[k].buffer));
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
  for (PetscInt k = 0; k < c->nfield; ++k)
    for (int d = 0; d < 3; ++d)
      PetscCheck(r->blocks[k].n[d] == c->n[d] && r->blocks[k].ncomp == c->field[k].ncomp, c->comm,
                 PETSC_ERR_PLIB, "%s: field %s of the record is not on the grid of the plan",
                 c->part_path, r->blocks[k].name);
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

  PetscFunctionBeginUser;
  PetscCall(CheckRecord(c, r));
  if (!c->capacity)
    PetscCall(SetLocal(c, r));
  PetscCall(Seek(w, r));
  if (!c->pending)
    c->trajectory = r->trajectory, c->first = r->frame;
  c->pending_seed = r->seed;
  const size_t unit = c->float64 ? 8 : 4, plane = unit * (size_t)c->n[1] * (size_t)c->n[2];
  for (PetscInt k = 0; k < c->nfield; ++k)
    PetscCall(EddyCollectFrame(&c->collect, &r->blocks[k], c->float64,
                               c->field[k].buffer + (size_t)c->pending * (size_t)c->planes *
                                                        (size_t)c->field[k].ncomp * plane));
  c->pending++;
  c->position++;
  int due = c->pending == c->capacity || r->frame + 1 == c->nframes;
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

  PetscFunctionBeginUser;
  PetscCheck(c->open, c->comm, PETSC_ERR_ORDER, "%s: not open", c->final_path);
  PetscCall(Flush(w));
  PetscCall(Agree(c, (c->planes || !c->rank) && fsync(c->fd) ? errno : 0, "sync to disk"));
  PetscCall(Describe(c, c->part_path, PETSC_FALSE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Close(EddyWriter w, PetscBool complete)
{
  Ctx *c = w->ctx;
  PetscErrorCode ierr;
  int code = 0;

  PetscFunctionBeginUser;
  if (!c->open)
    PetscFunctionReturn(PETSC_SUCCESS);
  ierr = Flush(w);
  if (!ierr && complete && c->position < (PetscInt64)c->ntrajectories * c->nframes)
    ierr = Agree(c, WriteStatus(c, (PetscInt)(c->position / c->nframes), c->ntrajectories - 1, 2),
                 "write the status of a row");
  if (!ierr)
    ierr = Agree(c, (c->planes || !c->rank) && fsync(c->fd) ? errno : 0, "sync to disk");
  const int closed = close(c->fd) ? errno : 0;
  PetscCall(Release(c));
  if (ierr)
    PetscFunctionReturn(ierr);
  PetscCall(Agree(c, closed, "close the file"));
  if (!c->rank && complete)
    code = EddyFilePublish(c->part_path, c->final_path);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, c->comm));
  if (!code)
    PetscCall(Describe(c, complete ? c->final_path : c->part_path, PETSC_FALSE));
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
