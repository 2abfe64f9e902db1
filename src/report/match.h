/* SPDX-License-Identifier: BSD-3-Clause */
/* Files and set folders as lists of rows, and the pairing of two of them. Serial. */
#ifndef EDDY_MATCH_H
#define EDDY_MATCH_H
#include "well_read.h"

typedef struct {
  PetscInt file, trajectory, frames; /* frames: counted ones of this row */
  PetscInt64 row;
  uint64_t seed;
  int status; /* as in EddyWellInfo */
} EddyStoredRow;

typedef struct {
  char path[EDDY_MAX_PATH],
      label[EDDY_MAX_NAME]; /* label: short and distinct name for tables and legends */
  PetscInt nfile, nrow;
  EddyWell *files;
  PetscInt *field;          /* [nfile] index of the field in each */
  const EddyWellInfo *info; /* of the first file */
  EddyWellField what;       /* the field */
  EddyStoredRow *rows;      /* [nrow] ascending by row */
} * EddyStored;

/* path: a file in The Well's layout, a set folder (data/train, data/valid, data/test, all or only `split`), or a folder with .hdf5 files.
   field NULL: vorticity if there is one, else the first. Errors: EDDY_ERR_INPUT for nothing found, a file that cannot be read, files of one
   set that differ in grid, times or field, a row that appears twice. */
PetscErrorCode EddyStoredOpen(const char *path, const char *split, const char *field,
                              EddyStored *set);
PetscErrorCode EddyStoredClose(EddyStored *set);
/* Frame of row entry r: out [ncomp][nz][ny][nx]. */
PetscErrorCode EddyStoredReadFrame(EddyStored set, PetscInt r, PetscInt frame, double out[]);
/* Values per cell and frame: ncomp * nx * ny * nz. */
PetscInt EddyStoredFrameSize(EddyStored set);
/* Shortens the labels of n sets to the last words of their paths that tell them apart. */
void EddyStoredLabels(PetscInt n, EddyStored sets[]);
/* Value of a key in the resolved case of the first file, e.g. units_time; PETSC_FALSE when there is none. */
PetscBool EddyStoredCaseValue(EddyStored set, const char *key, char value[EDDY_MAX_NAME]);

typedef struct {
  PetscInt nrow, nt;
  PetscInt *ref_row, *run_row;     /* [nrow] entries of EddyStored.rows */
  PetscInt *ref_frame, *run_frame; /* [nt] */
  double *times;                   /* [nt] */
  PetscInt dropped_rows,
      dropped_times;    /* rows of the reference without partner or failed; times without partner */
  PetscInt failed_rows; /* rows of the run that failed */
} * EddyMatch;

typedef struct {
  PetscBool parameters, seeds; /* must agree */
} EddyMatchRules;

/* Pairs rows by their id in the ensemble and times to 1e-9 relative. Errors: EDDY_ERR_INPUT, one line with the first difference, when
   dimension, domain, components, parameters or seeds differ, a row of the run is not in the reference, or no time is common. */
PetscErrorCode EddyMatchCreate(EddyStored reference, EddyStored run, const EddyMatchRules *rules,
                               EddyMatch *match);
PetscErrorCode EddyMatchDestroy(EddyMatch *match);
#endif
