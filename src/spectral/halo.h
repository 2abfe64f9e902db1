/* SPDX-License-Identifier: BSD-3-Clause */
/* Ghost points of periodic blocks cut into slabs of rows: any depth, also deeper than the rows of a rank or than the
   box, and ranks without rows. A plan knows the rows of every rank; one message goes between each pair of ranks. */
#ifndef EDDY_HALO_H
#define EDDY_HALO_H
#include "eddy_base.h"

typedef struct _p_EddyHalo *EddyHalo;

/* row_start[size+1]: first row of each rank and ny. nx, ny points; `depth` ghosts (in y only when dim > 1); at most ncomp
   components at once. Collective. */
PetscErrorCode EddyHaloCreate(MPI_Comm comm, PetscInt dim, PetscInt nx, PetscInt ny,
                              const PetscInt row_start[], PetscInt depth, PetscInt ncomp,
                              EddyHalo *halo);
/** Collective.
    in   [ncomp] pointers to [rows][nx] of this rank, borrowed
    out  [ncomp] pointers to [rows + 2 depth][nx + 2 depth] (rows alone in 1-D), filled whole on ranks with rows */
PetscErrorCode EddyHaloExchange(EddyHalo h, PetscInt ncomp, const double *const in[],
                                double *const out[]);
PetscErrorCode EddyHaloDestroy(EddyHalo *halo);
#endif
