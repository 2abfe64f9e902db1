/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a writer: it knows its format only. When to write belongs to schedule.h, what to write to the run.

   A writer gets a plan before the first record (everything that must exist in the file beforehand), then one EddyRecord
   per snapshot in the order of (trajectory, time). It may not assume a seekable sink. Unfinished files end in ".part". */
#ifndef EDDY_WRITER_H
#define EDDY_WRITER_H
#include "options.h"

typedef struct {
  char name[EDDY_MAX_NAME];
  const double *values; /* [ntrajectories], borrowed */
} EddyParameter;

typedef struct {
  MPI_Comm comm;
  const char *path; /* final path without extension; the writer adds its own */
  const char *dataset_name;
  EddyBox box;            /* of the run; */
  PetscInt n[3];          /* points of the stored grid */
  PetscInt ntrajectories; /* rows in this file */
  PetscInt nframes;       /* per trajectory */
  const PetscReal *times; /* [nframes] */
  PetscInt nfield;
  const EddyBlock *fields; /* [nfield] name, unit, rank, ncomp, symmetry; extents and data unused */
  PetscInt nparameter;
  const EddyParameter *parameters; /* one value per trajectory: /scalars */
  const PetscInt64 *row;           /* [ntrajectories] row in the ensemble */
  const char
      *provenance;   /* resolved case, version, scheme, seed...: the same bytes on any rank count */
  PetscBool float64; /* store double instead of float */
  PetscBool resume;  /* continue an existing .part if its layout is the planned one */
} EddyWriterPlan;

typedef struct {
  PetscInt trajectory, frame; /* position in the file */
  PetscInt64 row, step;
  PetscReal t;
  uint64_t seed;
  PetscInt nblock;
  const EddyBlock *blocks; /* in the order of plan->fields, halo 0 */
} EddyRecord;

typedef struct _p_EddyWriter *EddyWriter;
typedef struct {
  const char *name, *summary, *extension;
  size_t ctx_size;
  PetscErrorCode (*Create)(EddyWriter w, EddyOptions o, const char *prefix); /* reads its options */
  PetscErrorCode (*Open)(
      EddyWriter w,
      const EddyWriterPlan *plan); /* creates the .part, all structure, or reopens it */
  PetscErrorCode (*Write)(EddyWriter w, const EddyRecord *r);
  PetscErrorCode (*Sync)(EddyWriter w); /* flush and fsync, optional */
  PetscErrorCode (*Close)(
      EddyWriter w,
      PetscBool
          complete); /* complete: publish by rename; else keep .part. Frees what Open took; call it before Destroy */
} EddyWriterOps;

struct _p_EddyWriter {
  const EddyWriterOps *ops;
  char name[EDDY_MAX_NAME];
  PetscInt64
      frames_done; /* counted snapshots in the file after Open (resume) and after each Write */
  void *ctx;
};

/* Writer of output NAME: reads output_NAME_type. Collective. */
PetscErrorCode EddyWriterCreate(MPI_Comm comm, EddyOptions o, const char *name, EddyWriter *w);
PetscErrorCode EddyWriterDestroy(EddyWriter *w);
const EddyWriterOps *EddyWriterGetOps(PetscInt k);

/* fsync of a file or folder by path; rename with fsync of the folder. Rank-0 helpers. */
PetscErrorCode EddyFileSync(const char *path);
PetscErrorCode EddyFilePublish(const char *from, const char *to);
/* Reserves disk space for the first `bytes` of a file, made if it is not there, so that a full disk is an error now and not in the middle
   of a run (or inside the HDF5 library, which does not survive it). On failure the file is removed. */
PetscErrorCode EddyFileReserve(const char *path, PetscInt64 bytes);
/* Whole text under a new name, synced, then renamed to path: a reader sees the old or the new content. */
PetscErrorCode EddyFileWriteText(const char *path, const char *text);
/* SHA-256 of a file as 64 hex digits + NUL. */
PetscErrorCode EddyFileSha256(const char *path, char hex[65]);
/* mkdir -p on rank 0. */
PetscErrorCode EddyMakeFolder(MPI_Comm comm, const char *path);
#endif
