/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads files in The Well's HDF5 layout, published (.hdf5) or unfinished (.part), ours or others'.
   Serial: every function is called on one rank (or on each rank for itself); nothing is collective.
   A file being written can be read at the same time (no lock is taken).

   What others' files lack (/provenance) is derived: box from the axes (periodic axes end one
   spacing after the last point), rows 0, 1, ..., all frames counted. */
#ifndef EDDY_WELL_READ_H
#define EDDY_WELL_READ_H
#include "eddy_base.h"

typedef struct _p_EddyWell *EddyWell;

typedef struct {
  char name[EDDY_MAX_NAME], unit[EDDY_MAX_NAME];
  PetscInt rank, ncomp; /* tensor rank 0, 1, 2; ncomp = dim^rank */
  EddySymmetry symmetry;
  PetscBool float64; /* stored in double precision */
  PetscBool sample_varying, time_varying;
} EddyWellField;

/* Everything but the frames; owned by the EddyWell, valid until it is closed. */
typedef struct {
  const char *path;
  char dataset_name[EDDY_MAX_NAME];
  EddyBox box;                     /* dim, n, lower, upper, periodic, mapped */
  EddyWhere where;                 /* points, or cells of one of our files */
  PetscInt ntrajectories, nframes; /* as planned in the file */
  PetscInt64 frames_done; /* counted frames, in order (trajectory, frame): frame f of trajectory r
                             is there when r * nframes + f < frames_done */
  PetscInt nfield;
  const EddyWellField *fields;
  const double
      *times; /* [nframes], of the first trajectory when the file has one axis per trajectory */
  PetscInt nparameter; /* time-constant scalars */
  const char (*parameters)[EDDY_MAX_NAME];
  const PetscInt64 *row;  /* [ntrajectories] row in the ensemble */
  const uint64_t *seed;   /* [ntrajectories] 0 when unknown */
  const int *status;      /* [ntrajectories] 0 not finished, 1 complete, 2 failed */
  const char *provenance; /* resolved case and versions as text, "" when there is none */
} EddyWellInfo;

/* Errors: EDDY_ERR_INPUT when the file is missing or not of this layout, with the reason. */
PetscErrorCode EddyWellOpen(const char *path, EddyWell *w);
PetscErrorCode EddyWellGetInfo(EddyWell w, const EddyWellInfo **info);
/* Index of a field by name. Errors: EDDY_ERR_INPUT with the fields of the file and the nearest
 * name. */
PetscErrorCode EddyWellFindField(EddyWell w, const char *name, PetscInt *field);
/* values: [ntrajectories] in full precision, borrowed; NULL when the file has no such parameter. */
PetscErrorCode EddyWellGetParameter(EddyWell w, const char *name, const double **values);
/* out: [ncomp][nz][ny][nx], x fastest, the whole grid. Errors: EDDY_ERR_INPUT when the frame is not
   counted or out of range; EDDY_ERR_IO when it cannot be read. */
PetscErrorCode EddyWellReadFrame(EddyWell w, PetscInt field, PetscInt trajectory, PetscInt frame,
                                 double *out);
/* Takes NULL and leaves NULL. */
PetscErrorCode EddyWellClose(EddyWell *w);
#endif
