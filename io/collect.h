/* SPDX-License-Identifier: BSD-3-Clause */
/* Brings a block that is cut in boxes over the ranks into whole x-planes [x][y][z][ncomp] on the
   first `nwriter` ranks: the pieces of a file that each can be written by one call. */
#ifndef EDDY_COLLECT_H
#define EDDY_COLLECT_H
#include "pack.h"

typedef struct {
  MPI_Comm comm;
  PetscMPIInt rank, size, nwriter;
  PetscInt n[3];
  PetscInt *extent;                                 /* [size][6]: start and count of every rank */
  PetscMPIInt *send_n, *send_at, *recv_n, *recv_at; /* [size] each */
  char *send, *recv;
  size_t send_size, recv_size;
} EddyCollect;

/* Extents are those of b, kept for all frames. Collective. */
PetscErrorCode EddyCollectCreate(MPI_Comm comm, const EddyBlock *b, PetscMPIInt nwriter,
                                 EddyCollect *c);
/* x-planes of a writer: first and number; none beyond nwriter. */
void EddyCollectPlanes(const EddyCollect *c, PetscMPIInt rank, PetscInt *first, PetscInt *count);
/* out: the planes of this rank as float or double. Collective. */
PetscErrorCode EddyCollectFrame(EddyCollect *c, const EddyBlock *b, PetscBool float64, void *out);
PetscErrorCode EddyCollectDestroy(EddyCollect *c);
#endif
