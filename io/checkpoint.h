/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints: one HDF5 file of named double arrays and named integers, written under a temporary name, synced, renamed; the
   two newest are kept; a SHA-256 beside the file guards the content. Readable on any rank count. */
#ifndef EDDY_CHECKPOINT_H
#define EDDY_CHECKPOINT_H
#include "eddy_base.h"

typedef struct {
  char name[EDDY_MAX_NAME];
  PetscInt64 global; /* doubles in the whole array */
  PetscInt nchunk;   /* pieces of this rank */
  const PetscInt64 *offset, *count;
  double *data; /* the pieces, one after the other; written from or read into */
} EddyCheckpointArray;

typedef struct {
  char name[EDDY_MAX_NAME];
  PetscInt64 value;
} EddyCheckpointInt;
typedef struct {
  char name[EDDY_MAX_NAME];
  double value;
} EddyCheckpointReal;

/* case_text is stored and compared on reading by the caller. Collective; folder exists. File name: folder/checkpoint_STEP.h5 */
PetscErrorCode EddyCheckpointWrite(MPI_Comm comm, const char *folder, PetscInt64 step,
                                   const char *case_text, PetscInt narray,
                                   const EddyCheckpointArray arrays[], PetscInt nint,
                                   const EddyCheckpointInt ints[], PetscInt nreal,
                                   const EddyCheckpointReal reals[]);
/* Newest valid checkpoint in folder (checksum verified; a damaged one is passed over with a note); path[0] = 0 if none. Collective. */
PetscErrorCode EddyCheckpointFind(MPI_Comm comm, const char *folder, char path[EDDY_MAX_PATH]);
/* Fills values and data (arrays give name, global, chunks of this rank). Errors: EDDY_ERR_IO when missing or of another size. Collective.
   case_text: allocated copy, caller frees with PetscFree; may be NULL. */
PetscErrorCode EddyCheckpointRead(MPI_Comm comm, const char *path, char **case_text,
                                  PetscInt narray, EddyCheckpointArray arrays[], PetscInt nint,
                                  EddyCheckpointInt ints[], PetscInt nreal,
                                  EddyCheckpointReal reals[]);
#endif
