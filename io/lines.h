/* SPDX-License-Identifier: BSD-3-Clause */
/* A text file that grows by a fixed number of lines per snapshot, written by rank 0; for the writers of this room.

   While the run goes on the file is PATH.csv.part; only whole snapshots count, so that resume cuts a torn tail and goes on. */
#ifndef EDDY_LINES_H
#define EDDY_LINES_H
#include "writer.h"
#include <stdio.h>

typedef struct {
  MPI_Comm comm;
  PetscMPIInt rank;
  char final_path[EDDY_MAX_PATH], part_path[EDDY_MAX_PATH];
  PetscInt lines; /* of a snapshot */
  FILE *file;     /* rank 0 */
  PetscBool open;
  PetscInt64 position; /* snapshots in the file */
} EddyLines;

/* Creates PATH.csv.part with this header (comment lines and the line of names), or goes on with one that has the same header when resume is set.
   header: used on rank 0; most: snapshots the file will hold. Collective. Errors: EDDY_ERR_INPUT when the header is another one, EDDY_ERR_IO. */
PetscErrorCode EddyLinesOpen(EddyLines *l, MPI_Comm comm, const char *path, PetscInt lines,
                             const char *header, PetscInt64 most, PetscBool resume);
/* Rank 0: prints the lines of a snapshot, empty fields without values; 0 or errno. */
typedef int (*EddyLinesPrint)(void *ctx, PetscInt trajectory, PetscInt frame, PetscBool values);
/* The snapshot of a trajectory of nframes, after what is there: later ones are dropped, those that a failed row never reached get empty fields. Collective.
   Errors: PETSC_ERR_ORDER when it comes before its predecessor, EDDY_ERR_IO. */
PetscErrorCode EddyLinesPut(EddyLines *l, PetscInt nframes, PetscInt trajectory, PetscInt frame,
                            EddyLinesPrint print, void *ctx);
/* Rank 0: drops all snapshots after the first `keep` and stands at the end; 0 or errno. */
int EddyLinesCut(EddyLines *l, PetscInt64 keep);
/* Rank 0: flushes what was printed; 0 or errno. */
int EddyLinesFlush(EddyLines *l);
/* Raises on all ranks when `failed` (errno) is set on rank 0. Collective. */
PetscErrorCode EddyLinesAgree(EddyLines *l, int failed, const char *what);
PetscErrorCode EddyLinesSync(EddyLines *l);
/* Publishes the file (complete) or keeps the .part. Collective. */
PetscErrorCode EddyLinesClose(EddyLines *l, PetscBool complete);
#endif
