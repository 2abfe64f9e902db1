/* SPDX-License-Identifier: BSD-3-Clause */
#include "lines.h"
#include "hdf5_util.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

PetscErrorCode EddyLinesAgree(EddyLines *l, int failed, const char *what)
{
  PetscFunctionBeginUser;
  PetscCall(EddyIoAgree(l->comm, failed ? PETSC_TRUE : PETSC_FALSE, l->part_path, what,
                        failed ? strerror(failed) : ""));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Bytes of the header and the first `snapshots` snapshots, or fewer when the file has fewer; *found says how many. */
static long Offset(EddyLines *l, PetscInt64 snapshots, PetscInt64 *found)
{
  PetscInt64 lines = -1; /* the line of names is none */
  long at = 0, good = 0;
  int first = 1, comment = 0, ch;
  *found = 0;
  rewind(l->file);
  while ((ch = fgetc(l->file)) != EOF) {
    if (first)
      comment = ch == '#';
    ++at;
    first = ch == '\n';
    if (!first || comment)
      continue;
    if (++lines % l->lines)
      continue;
    good = at;
    *found = lines / l->lines;
    if (*found == snapshots)
      break;
  }
  return good;
}

int EddyLinesCut(EddyLines *l, PetscInt64 keep)
{
  const long at = Offset(l, keep, &l->position);
  if (fflush(l->file) || ftruncate(fileno(l->file), at) || fseek(l->file, 0, SEEK_END))
    return errno;
  return 0;
}

int EddyLinesFlush(EddyLines *l)
{
  errno = 0;
  return fflush(l->file) || ferror(l->file) ? (errno ? errno : EIO) : 0;
}

/* Rank 0. */
static PetscErrorCode Prepare(EddyLines *l, const char *header, PetscInt64 most, PetscBool resume)
{
  const size_t len = strlen(header);
  PetscBool exists;
  char *old;
  int failed = 0, same = 1;

  PetscFunctionBeginUser;
  PetscCall(PetscTestFile(l->part_path, 'w', &exists));
  l->file = fopen(l->part_path, resume && exists ? "r+" : "w+");
  PetscCheck(l->file, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot open for writing: %s", l->part_path,
             strerror(errno));
  if (resume && exists) {
    PetscCall(PetscMalloc1(len + 1, &old));
    same = fread(old, 1, len, l->file) == len && !memcmp(old, header, len);
    PetscCall(PetscFree(old));
    if (same)
      failed = EddyLinesCut(l, most);
  } else if (fwrite(header, 1, len, l->file) != len || fflush(l->file))
    failed = errno;
  if (!same || failed) {
    fclose(l->file);
    l->file = NULL;
  }
  PetscCheck(same, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: cannot be continued, it was made by another case; remove it or choose another "
             "output_dir",
             l->part_path);
  PetscCheck(!failed, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot write: %s", l->part_path,
             strerror(failed));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyLinesOpen(EddyLines *l, MPI_Comm comm, const char *path, PetscInt lines,
                             const char *header, PetscInt64 most, PetscBool resume)
{
  PetscInt64 message[2] = {0, 0};

  PetscFunctionBeginUser;
  *l = (EddyLines){.comm = comm, .lines = lines};
  PetscCheck(strlen(path) + 20 < sizeof l->final_path, comm, EDDY_ERR_INPUT, "%s: path too long",
             path);
  PetscCallMPI(MPI_Comm_rank(comm, &l->rank));
  snprintf(l->final_path, sizeof l->final_path, "%s.csv", path);
  snprintf(l->part_path, sizeof l->part_path, "%s.csv.part", path);
  if (!l->rank) {
    message[0] = Prepare(l, header, most, resume);
    message[1] = l->position;
  }
  PetscCallMPI(MPI_Bcast(message, 2, MPIU_INT64, 0, comm));
  if (message[0])
    PetscFunctionReturn((PetscErrorCode)message[0]); /* rank 0 said why */
  l->position = message[1];
  l->open = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyLinesPut(EddyLines *l, PetscInt nframes, PetscInt trajectory, PetscInt frame,
                            EddyLinesPrint print, void *ctx)
{
  const PetscInt64 p = (PetscInt64)trajectory * nframes + frame;
  int failed = 0;

  PetscFunctionBeginUser;
  PetscCheck(p <= l->position || !frame, l->comm, PETSC_ERR_ORDER,
             "%s: frame %" PetscInt_FMT " of trajectory %" PetscInt_FMT
             " comes before its predecessor",
             l->part_path, frame, trajectory);
  if (!l->rank) {
    if (p < l->position)
      failed = EddyLinesCut(l, p);
    for (PetscInt64 q = l->position; q < p && !failed; ++q)
      failed = print(ctx, (PetscInt)(q / nframes), (PetscInt)(q % nframes), PETSC_FALSE);
    if (!failed)
      failed = print(ctx, trajectory, frame, PETSC_TRUE);
  }
  PetscCall(EddyLinesAgree(l, failed, "write a snapshot"));
  l->position = p + 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyLinesSync(EddyLines *l)
{
  PetscFunctionBeginUser;
  PetscCall(EddyLinesAgree(l, !l->rank && (fflush(l->file) || fsync(fileno(l->file))) ? errno : 0,
                           "sync to disk"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyLinesClose(EddyLines *l, PetscBool complete)
{
  int failed = 0, code = 0;

  PetscFunctionBeginUser;
  if (!l->open)
    PetscFunctionReturn(PETSC_SUCCESS);
  l->open = PETSC_FALSE;
  if (!l->rank && fclose(l->file))
    failed = errno;
  l->file = NULL;
  PetscCall(EddyLinesAgree(l, failed, "close the file"));
  if (!l->rank)
    code = complete ? EddyFilePublish(l->part_path, l->final_path) : EddyFileSync(l->part_path);
  PetscCallMPI(MPI_Bcast(&code, 1, MPI_INT, 0, l->comm));
  PetscFunctionReturn((PetscErrorCode)code);
}
