/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints: folder/checkpoint_STEP.h5 beside checkpoint_STEP.h5.sha256.

   Rank 0 makes checkpoint_STEP.h5.new with HDF5: attributes `case` (a dataset), /ints, /reals, and one contiguous dataset per array,
   allocated at once. Then each rank writes its pieces in their places with pwrite, as the frame writer does (h5.c), and syncs;
   rank 0 hashes the whole file, writes the hash, renames file and hash, syncs the folder and removes all but the two newest.
   A crash at any instant leaves the older ones untouched. Reading needs no particular number of ranks: pieces are given by the reader. */
#include "checkpoint.h"
#include "hdf5_util.h"
#include "writer.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEEP = 2, MAX_FOUND = 256 };

/* ---- writing ---- */

static herr_t WriteList(hid_t file, const char *group_name, PetscInt n,
                        const EddyCheckpointInt *ints, const EddyCheckpointReal *reals)
{
  hid_t plist = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(plist, 0);
  hid_t group = H5Gcreate2(file, group_name, H5P_DEFAULT, plist, H5P_DEFAULT);
  H5Pclose(plist);
  if (group < 0)
    return -1;
  herr_t status = 0;
  for (PetscInt i = 0; i < n && status >= 0; ++i) {
    if (ints)
      status = EddyH5WriteInt(group, ints[i].name, ints[i].value);
    else
      status = EddyH5WriteReals(group, reals[i].name, -1, &reals[i].value);
  }
  H5Gclose(group);
  return status;
}

/* Contiguous dataset with a place in the file; data may be NULL. */
static herr_t MakeSet(hid_t file, const char *name, hid_t type, hid_t space, const void *data,
                      PetscInt64 *offset)
{
  hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(plist, 0);
  H5Pset_alloc_time(plist, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER);
  hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  H5Pclose(plist);
  if (set < 0)
    return -1;
  herr_t status = data ? H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) : 0;
  const haddr_t at = H5Dget_offset(set);
  if (offset)
    *offset = at == HADDR_UNDEF ? -1 : (PetscInt64)at;
  H5Dclose(set);
  return status;
}

static herr_t MakeArrays(hid_t file, PetscInt narray, const EddyCheckpointArray arrays[],
                         PetscInt64 offset[])
{
  hid_t plist = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(plist, 0);
  hid_t group = H5Gcreate2(file, "arrays", H5P_DEFAULT, plist, H5P_DEFAULT);
  H5Pclose(plist);
  if (group < 0)
    return -1;
  herr_t status = 0;
  for (PetscInt k = 0; k < narray && status >= 0; ++k) {
    const hsize_t dims[1] = {(hsize_t)arrays[k].global};
    hid_t space = H5Screate_simple(1, dims, NULL);
    status = MakeSet(group, arrays[k].name, H5T_IEEE_F64LE, space, NULL, &offset[k]);
    if (arrays[k].global && offset[k] < 0)
      status = -1;
    H5Sclose(space);
  }
  H5Gclose(group);
  return status;
}

static herr_t MakeText(hid_t file, const char *text)
{
  hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
  H5Tset_size(type, strlen(text) + 1);
  H5Tset_cset(type, H5T_CSET_UTF8);
  herr_t status = MakeSet(file, "case", type, space, text, NULL);
  H5Sclose(space);
  H5Tclose(type);
  return status;
}

/* What rank 0 writes, and the places of the arrays. */
typedef struct {
  const char *case_text;
  PetscInt64 step;
  PetscInt narray, nint, nreal;
  const EddyCheckpointArray *arrays;
  const EddyCheckpointInt *ints;
  const EddyCheckpointReal *reals;
} Content;

typedef struct {
  const Content *content;
  PetscInt64 *offset;
} Made;

static herr_t Put(hid_t file, const void *ctx)
{
  const Made *m = ctx;
  const Content *c = m->content;
  herr_t status = EddyH5WriteInt(file, "step", c->step);
  if (status >= 0)
    status = MakeText(file, c->case_text ? c->case_text : "");
  if (status >= 0)
    status = WriteList(file, "ints", c->nint, c->ints, NULL);
  if (status >= 0)
    status = WriteList(file, "reals", c->nreal, NULL, c->reals);
  if (status >= 0)
    status = MakeArrays(file, c->narray, c->arrays, m->offset);
  return status;
}

static PetscErrorCode MakeFile(const char *path, const Content *content, PetscInt64 offset[])
{
  const Made m = {content, offset};
  PetscInt64 bytes = 65536 + (content->case_text ? (PetscInt64)strlen(content->case_text) : 0);

  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < content->narray; ++k)
    bytes += 8 * content->arrays[k].global;
  PetscCall(EddyFileReserve(path, bytes));
  PetscCall(EddyH5Make(path, Put, &m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Reads or writes len bytes at a place; 0 or errno. */
static int Transfer(int fd, PetscInt64 at, char *data, size_t len, PetscBool write)
{
  while (len) {
    const ssize_t n = write ? pwrite(fd, data, len, (off_t)at) : pread(fd, data, len, (off_t)at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n ? errno : EIO;
    data += n, at += n, len -= (size_t)n;
  }
  return 0;
}

/* All pieces of one array; pieces that follow each other go in one call. 0 or errno. */
static int TransferArray(int fd, PetscInt64 base, const EddyCheckpointArray *a, PetscBool write)
{
  char *data = (char *)a->data;
  int failed = 0;
  for (PetscInt k = 0; k < a->nchunk && !failed;) {
    const PetscInt64 first = a->offset[k];
    PetscInt64 n = 0;
    for (; k < a->nchunk && a->offset[k] == first + n; ++k)
      n += a->count[k];
    failed = Transfer(fd, base + 8 * first, data, 8 * (size_t)n, write);
    data += 8 * n;
  }
  return failed;
}

/* Every rank's pieces of all arrays. Collective. */
static PetscErrorCode TransferAll(MPI_Comm comm, const char *path, PetscInt narray,
                                  const EddyCheckpointArray arrays[], const PetscInt64 base[],
                                  PetscBool write)
{
  int failed = 0;

  PetscFunctionBeginUser;
  const int fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (fd < 0)
    failed = errno;
  for (PetscInt k = 0; k < narray && !failed; ++k)
    failed = TransferArray(fd, base[k], &arrays[k], write);
  if (write && !failed && fsync(fd))
    failed = errno;
  if (fd >= 0)
    close(fd);
  PetscCall(EddyIoAgree(comm, failed ? PETSC_TRUE : PETSC_FALSE, path,
                        write ? "write the checkpoint" : "read the checkpoint",
                        failed ? strerror(failed) : ""));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- names ---- */

static void HashPath(const char *path, char hash[], size_t len)
{
  snprintf(hash, len, "%s.sha256", path);
}

static int Descending(const void *a, const void *b)
{
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x < y) - (x > y);
}

/* Steps of the checkpoints in a folder, newest first; their number (at most MAX_FOUND). */
static int List(const char *folder, int64_t steps[])
{
  int n = 0;
  DIR *dir = opendir(folder);
  if (!dir)
    return 0;
  for (struct dirent *e; n < MAX_FOUND && (e = readdir(dir));) {
    int end = 0;
    if (sscanf(e->d_name, "checkpoint_%" SCNd64 ".h5%n", &steps[n], &end) == 1 && end &&
        !e->d_name[end])
      ++n;
  }
  closedir(dir);
  qsort(steps, (size_t)n, sizeof *steps, Descending);
  return n;
}

static void Name(const char *folder, int64_t step, char path[], size_t len)
{
  snprintf(path, len, "%s/checkpoint_%010" PRId64 ".h5", folder, step);
}

/* Unfinished files of runs that were killed. */
static void RemoveLeftovers(const char *folder)
{
  DIR *dir = opendir(folder);
  if (!dir)
    return;
  for (struct dirent *e; (e = readdir(dir));) {
    const size_t len = strlen(e->d_name);
    if (strncmp(e->d_name, "checkpoint_", 11) || len < 4 || strcmp(e->d_name + len - 4, ".new"))
      continue;
    (void)unlinkat(dirfd(dir), e->d_name, 0);
  }
  closedir(dir);
}

/* Rank 0: hash, rename, remove old ones. */
static PetscErrorCode Publish(const char *folder, const char *fresh, const char *path)
{
  char hash[EDDY_MAX_PATH + 16], line[EDDY_MAX_PATH + 80], hex[65], old[EDDY_MAX_PATH];
  int64_t steps[MAX_FOUND];

  PetscFunctionBeginUser;
  PetscCall(EddyFileSha256(fresh, hex));
  HashPath(path, hash, sizeof hash);
  snprintf(line, sizeof line, "%s  %s\n", hex, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
  PetscCall(EddyFileWriteText(hash, line));
  PetscCall(EddyFilePublish(fresh, path));
  RemoveLeftovers(folder);
  const int n = List(folder, steps);
  for (int i = KEEP; i < n; ++i) {
    Name(folder, steps[i], old, sizeof old);
    (void)unlink(old);
    HashPath(old, hash, sizeof hash);
    (void)unlink(hash);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCheckpointWrite(MPI_Comm comm, const char *folder, PetscInt64 step,
                                   const char *case_text, PetscInt narray,
                                   const EddyCheckpointArray arrays[], PetscInt nint,
                                   const EddyCheckpointInt ints[], PetscInt nreal,
                                   const EddyCheckpointReal reals[])
{
  const Content content = {case_text, step, narray, nint, nreal, arrays, ints, reals};
  char path[EDDY_MAX_PATH], fresh[EDDY_MAX_PATH + 8];
  PetscInt64 *offset;
  PetscMPIInt rank;
  int code = 0;

  PetscFunctionBeginUser;
  EddyH5Silence();
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  PetscCheck(strlen(folder) + 48 < sizeof path, comm, EDDY_ERR_INPUT, "%s: path too long", folder);
  Name(folder, step, path, sizeof path);
  snprintf(fresh, sizeof fresh, "%s.new", path);
  PetscCall(PetscCalloc1(PetscMax(narray, 1), &offset));
  if (!rank)
    code = MakeFile(fresh, &content, offset);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, comm));
  if (code) {
    PetscCall(PetscFree(offset));
    PetscFunctionReturn((PetscErrorCode)code);
  }
  PetscCallMPI(MPI_Bcast(offset, (PetscMPIInt)narray, MPIU_INT64, 0, comm));
  code = TransferAll(comm, fresh, narray, arrays, offset, PETSC_TRUE);
  PetscCall(PetscFree(offset));
  if (code && !rank)
    (void)unlink(fresh);
  if (code)
    PetscFunctionReturn((PetscErrorCode)code);
  if (!rank)
    code = Publish(folder, fresh, path);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, comm));
  PetscFunctionReturn((PetscErrorCode)code);
}

/* ---- reading ---- */

/* Whether the content has its hash. */
static PetscErrorCode Verify(const char *path, PetscBool *good)
{
  char hash[EDDY_MAX_PATH + 16], hex[65], stored[65] = "";

  PetscFunctionBeginUser;
  *good = PETSC_FALSE;
  HashPath(path, hash, sizeof hash);
  FILE *f = fopen(hash, "r");
  if (!f)
    PetscFunctionReturn(PETSC_SUCCESS);
  const int got = fscanf(f, "%64[0-9a-f]", stored);
  fclose(f);
  PetscCall(EddyFileSha256(path, hex));
  *good = got == 1 && !strcmp(hex, stored) ? PETSC_TRUE : PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCheckpointFind(MPI_Comm comm, const char *folder, char path[EDDY_MAX_PATH])
{
  int64_t steps[MAX_FOUND];
  PetscMPIInt rank;
  PetscBool good = PETSC_FALSE;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  path[0] = 0;
  const int n = rank ? 0 : List(folder, steps);
  for (int i = 0; i < n && !good; ++i) {
    Name(folder, steps[i], path, EDDY_MAX_PATH);
    PetscCall(Verify(path, &good));
    if (!good)
      (void)fprintf(stderr, "eddyline: note: %s does not match its checksum, passed over\n", path);
  }
  if (!good)
    path[0] = 0;
  PetscCallMPI(MPI_Bcast(path, EDDY_MAX_PATH, MPI_CHAR, 0, comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rank 0: sizes, places, values. */
static PetscErrorCode ReadArrays(const char *path, hid_t file, PetscInt narray,
                                 const EddyCheckpointArray arrays[], PetscInt64 base[])
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < narray; ++k) {
    char name[EDDY_MAX_NAME + 16];
    snprintf(name, sizeof name, "/arrays/%s", arrays[k].name);
    hid_t set = H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Dopen2(file, name, H5P_DEFAULT)
                                                       : H5I_INVALID_HID;
    PetscCheck(set >= 0, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: the checkpoint has no array %s", path,
               arrays[k].name);
    hid_t space = H5Dget_space(set);
    const hssize_t n = H5Sget_simple_extent_npoints(space);
    const haddr_t at = H5Dget_offset(set);
    H5Sclose(space);
    H5Dclose(set);
    PetscCheck(n == arrays[k].global, PETSC_COMM_SELF, EDDY_ERR_IO,
               "%s: array %s has %lld values, %" PetscInt64_FMT
               " are needed: the checkpoint is of another grid",
               path, arrays[k].name, (long long)n, arrays[k].global);
    PetscCheck(!n || at != HADDR_UNDEF, PETSC_COMM_SELF, EDDY_ERR_IO,
               "%s: array %s was never written", path, arrays[k].name);
    base[k] = n ? (PetscInt64)at : 0;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadValues(const char *path, hid_t file, PetscInt nint,
                                 EddyCheckpointInt ints[], PetscInt nreal,
                                 EddyCheckpointReal reals[])
{
  PetscFunctionBeginUser;
  hid_t group = H5Gopen2(file, "/ints", H5P_DEFAULT);
  EddyH5Call(path, "read the checkpoint", group);
  for (PetscInt i = 0; i < nint; ++i) {
    PetscCheck(H5Aexists(group, ints[i].name) > 0, PETSC_COMM_SELF, EDDY_ERR_IO,
               "%s: the checkpoint has no value %s", path, ints[i].name);
    ints[i].value = EddyH5ReadInt(group, ints[i].name, 0);
  }
  H5Gclose(group);
  group = H5Gopen2(file, "/reals", H5P_DEFAULT);
  EddyH5Call(path, "read the checkpoint", group);
  for (PetscInt i = 0; i < nreal; ++i)
    PetscCheck(EddyH5ReadReals(group, reals[i].name, 1, &reals[i].value), PETSC_COMM_SELF,
               EDDY_ERR_IO, "%s: the checkpoint has no value %s", path, reals[i].name);
  H5Gclose(group);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadText(const char *path, hid_t file, char **text)
{
  PetscFunctionBeginUser;
  hid_t set = H5Dopen2(file, "/case", H5P_DEFAULT);
  EddyH5Call(path, "read the checkpoint", set);
  hid_t type = H5Dget_type(set);
  PetscCall(PetscCalloc1(H5Tget_size(type) + 1, text));
  herr_t status = H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *text);
  H5Tclose(type);
  H5Dclose(set);
  EddyH5Call(path, "read the checkpoint", status);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rank 0: everything but the array data. */
static PetscErrorCode ReadHead(const char *path, PetscInt narray,
                               const EddyCheckpointArray arrays[], PetscInt64 base[], PetscInt nint,
                               EddyCheckpointInt ints[], PetscInt nreal, EddyCheckpointReal reals[],
                               char **text)
{
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  *text = NULL;
  hid_t access = EddyH5SerialAccess(PETSC_FALSE), file = H5Fopen(path, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  EddyH5Call(path, "open the checkpoint", file);
  ierr = ReadArrays(path, file, narray, arrays, base);
  if (!ierr)
    ierr = ReadValues(path, file, nint, ints, nreal, reals);
  if (!ierr)
    ierr = ReadText(path, file, text);
  H5Fclose(file);
  PetscFunctionReturn(ierr);
}

PetscErrorCode EddyCheckpointRead(MPI_Comm comm, const char *path, char **case_text,
                                  PetscInt narray, EddyCheckpointArray arrays[], PetscInt nint,
                                  EddyCheckpointInt ints[], PetscInt nreal,
                                  EddyCheckpointReal reals[])
{
  PetscInt64 *base, head[2] = {0, 0};
  char *text = NULL;
  PetscMPIInt rank;
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  EddyH5Silence();
  if (case_text)
    *case_text = NULL;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  PetscCall(PetscCalloc1(PetscMax(narray, 1), &base));
  if (!rank) {
    head[0] = ReadHead(path, narray, arrays, base, nint, ints, nreal, reals, &text);
    head[1] = text ? (PetscInt64)strlen(text) : 0;
  }
  PetscCallMPI(MPI_Bcast(head, 2, MPIU_INT64, 0, comm));
  ierr = (PetscErrorCode)head[0];
  if (!ierr) {
    PetscCallMPI(MPI_Bcast(base, (PetscMPIInt)narray, MPIU_INT64, 0, comm));
    for (PetscInt i = 0; i < nint; ++i)
      PetscCallMPI(MPI_Bcast(&ints[i].value, 1, MPIU_INT64, 0, comm));
    for (PetscInt i = 0; i < nreal; ++i)
      PetscCallMPI(MPI_Bcast(&reals[i].value, 1, MPI_DOUBLE, 0, comm));
    if (rank)
      PetscCall(PetscCalloc1(head[1] + 1, &text));
    PetscCallMPI(MPI_Bcast(text, (PetscMPIInt)head[1] + 1, MPI_CHAR, 0, comm));
    ierr = TransferAll(comm, path, narray, arrays, base, PETSC_FALSE);
  }
  PetscCall(PetscFree(base));
  if (case_text && !ierr)
    *case_text = text;
  else
    PetscCall(PetscFree(text));
  PetscFunctionReturn(ierr);
}
