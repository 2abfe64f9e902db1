/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of this room: the parts of a run and of an ensemble. Not installed.

   Life of a run: EddyRunCreate (run.c) -> EddyRunSolve (loop.c), which calls the frame sink
   (output.c, or an ensemble's shard, or verify), diagnostics.c, restart.c and progress.c as times
   come up. */
#ifndef EDDY_RUN_IMPL_H
#define EDDY_RUN_IMPL_H
#include "checkpoint.h"
#include "run.h"
#include "schedule.h"
#include "writer.h"

enum { EDDY_MAX_DIAG = 64, EDDY_MAX_SINK = EDDY_MAX_LIST, EDDY_MAX_TEXT = 512 };

/* ---- time (loop.c) ---- */
typedef struct {
  PetscReal start, end, spinup; /* outputs from start on; the run begins at start - spinup */
  PetscReal dt;                 /* fixed step, or the largest one under CFL control; 0: not given */
  PetscReal cfl;                /* 0: fixed step */
  PetscInt max_steps;           /* 0: no limit */
  PetscReal walltime;           /* seconds, 0: no limit */
} EddyTimes;
PetscErrorCode EddyTimesFromOptions(EddyOptions o, EddyTimes *t);

/* A stretch between two events, cut into n equal steps. */
typedef struct {
  PetscReal t0, t1, target; /* target: the dt it was made for */
  PetscInt64 n, i;
} EddySegment;

/* ---- outputs (output.c) ---- */
typedef struct {
  char name[EDDY_MAX_NAME];
  PetscInt nfield;
  char field[EDDY_MAX_LIST][EDDY_MAX_NAME];
  EddySchedule schedule;
  PetscBool float64;
  const EddyWriterOps *format;
} EddyOutput;

/* One stored stream: an output through one filter, or on the grid of the run. */
typedef struct {
  char name[2 * EDDY_MAX_NAME]; /* "set", "set_a" */
  PetscInt output;              /* index of its output */
  PetscBool filtered;
  EddyFilter filter;
  PetscInt n[3];                  /* stored grid, after EddyOutputsDescribe */
  EddyBlock field[EDDY_MAX_LIST]; /* name, unit, rank, symmetry; data is NULL */
} EddySink;

typedef struct _p_EddyOutputs {
  PetscInt noutput, nsink, nfilter;
  EddyOutput output[EDDY_MAX_LIST];
  EddyFilter filter[EDDY_MAX_LIST];
  EddySink sink[EDDY_MAX_SINK];
  EddyBlock block[EDDY_MAX_SINK]
                 [EDDY_MAX_LIST]; /* of the last snapshot; data owned by the discretisation */
} * EddyOutputs;

/* Reads filters_* and output_*; p names the state components and the derived fields. Collective. */
PetscErrorCode EddyOutputsCreate(EddyOptions o, EddyPhysics p, const EddyTimes *times,
                                 EddyOutputs *out);
PetscErrorCode EddyOutputsDestroy(EddyOutputs *out);
/* Grid and field descriptions of every sink, from a state (any, also zero). Collective. */
PetscErrorCode EddyOutputsDescribe(EddyRun r);

/* Where frames go: called once per snapshot, sink and run, on all ranks of the run's communicator.
 */
typedef PetscErrorCode (*EddyFrameFn)(void *ctx, PetscInt sink, const EddyRecord *record);

/* Writers of all sinks of a run or of a shard. */
typedef struct {
  MPI_Comm comm;
  PetscInt n;
  EddyWriter writer[EDDY_MAX_SINK];
} EddyFiles;
/* What the files of one group have in common. */
typedef struct {
  const char *(*path)(void *ctx, PetscInt sink, char buffer[EDDY_MAX_PATH]); /* without extension */
  void *ctx;
  const char *dataset_name, *provenance;
  PetscInt ntrajectories;
  const PetscInt64 *row;
  PetscInt nparameter;
  const EddyParameter *parameters;
  PetscBool resume;
  const PetscBool *use; /* [nsink], NULL: all sinks */
} EddyFilesPlan;
PetscErrorCode EddyFilesOpen(MPI_Comm comm, EddyOptions o, EddyOutputs out, const EddyBox *box,
                             const EddyFilesPlan *plan, EddyFiles *files);
PetscErrorCode EddyFilesSync(EddyFiles *files);
/* Publishes (complete) or keeps the .part; frees the writers. */
PetscErrorCode EddyFilesClose(EddyFiles *files, PetscBool complete);
/* EddyFrameFn whose ctx is an EddyFiles. */
PetscErrorCode EddyFilesWrite(void *files, PetscInt sink, const EddyRecord *record);

/* Writes what is due at the time of the run; *ok is false when a field is not finite or too large
   for its precision (nothing is written then). Collective. */
PetscErrorCode EddyRunWriteDue(EddyRun r, PetscBool *ok);

/* ---- diagnostics (diagnostics.c) ---- */
typedef struct {
  PetscReal every; /* 0: only first and last */
  PetscInt64 next; /* index of the next sample */
  PetscInt n;
  const char *name[EDDY_MAX_DIAG];
  double first[EDDY_MAX_DIAG], last[EDDY_MAX_DIAG];
  FILE *file;       /* rank 0, NULL when nothing is written */
  PetscInt64 bytes; /* length of the file: a restart cuts it there */
  PetscBool spectrum;
  PetscReal spectrum_start;
  PetscInt nk;
  PetscInt64 nsample;
  double *ek; /* [nk] sums over samples, owned */
} EddyDiag;
PetscErrorCode EddyDiagFromOptions(EddyOptions o, const EddyTimes *t, EddyDiag *g);
/* Opens OUTPUT_DIR/diagnostics.csv, cut to `bytes` when that is positive. Rank 0 works. Collective.
 */
PetscErrorCode EddyDiagOpen(EddyRun r, const char *folder);
/* First values; also written as the first line. Collective. */
PetscErrorCode EddyDiagStart(EddyRun r);
/* A line when a sample is due or forced. Collective. */
PetscErrorCode EddyDiagSample(EddyRun r, PetscBool force);
/* Closes the file, writes spectrum.csv. Collective. */
PetscErrorCode EddyDiagFinish(EddyRun r, const char *folder);
/* Drift of the invariants of the physics: *n names, first values and changes since. */
void EddyDiagDrift(EddyRun r, PetscInt *n, const char *name[], double first[], double change[]);

/* ---- signals (signals.c) ---- */
/* TERM, INT, USR1, USR2 set a flag; a second TERM or INT kills. Restores the old handlers. */
PetscErrorCode EddySignalsInstall(void);
PetscErrorCode EddySignalsRestore(void);
PetscBool EddySignalsPending(void);
/* "90", "90.5", "1:30:00". PETSC_FALSE when it is neither. */
PetscBool EddyParseDuration(const char *text, PetscReal *seconds);

/* ---- progress (progress.c) ---- */
typedef struct {
  PetscBool on, terminal;
  char label[EDDY_MAX_NAME]; /* before the line */
  double begin, last;        /* seconds */
  PetscReal t0;
  PetscInt64 step0;
} EddyProgress;
void EddyProgressBegin(EddyProgress *p, PetscBool on, PetscReal t, PetscInt64 step);
void EddyProgressShow(EddyProgress *p, const EddyTimes *times, const EddyStage *st, PetscBool last);
/* "1 h 02 min", "3.2 s" */
void EddyFormatSeconds(double seconds, char text[32]);

/* ---- the run ---- */
struct _p_EddyRun {
  MPI_Comm comm;
  int rank, size;
  EddyOptions options; /* borrowed */
  EddyMesh mesh;
  EddyPhysics physics;
  PetscInt nforcing, nclosure;
  EddyForcing *forcing;
  EddyClosure *closure;
  EddyDisc disc;
  EddyStepper stepper;
  EddyInitial initial;
  EddyTimes times;
  EddyOutputs outputs;
  EddyDiag diag;
  EddyStage st;
  EddySegment seg;
  PetscBool restored; /* from a checkpoint: the state was checked and written then */
  double *u;          /* disc->size doubles, NULL until EddyRunStart */
  /* how it is watched */
  EddyFrameFn frame;
  void *frame_ctx;
  EddyProgress progress;
  PetscBool monitor; /* diagnostics along the way; else only first and last */
  double wall0;      /* MPI_Wtime at the start of the program */
  /* checkpoints (restart.c) */
  const char *checkpoint_folder;               /* NULL: none; borrowed */
  PetscReal checkpoint_wall, checkpoint_every; /* seconds, or T; 0: off */
  double checkpoint_last;                      /* MPI_Wtime */
  PetscInt64 checkpoint_next;                  /* index of the next one by time */
  EddyFiles *files; /* synced before a checkpoint; may be NULL; borrowed */
  /* how it ended */
  EddyStop stop;
  char message[EDDY_MAX_TEXT]; /* the same on every rank count */
  int bad_rank;                /* lowest rank that saw a failure */
  PetscInt64 step0;            /* where this process began */
  double wall, wall_output;    /* seconds in the loop, and of these in outputs */
};

/* Initial state at times.start - spinup. Collective. */
PetscErrorCode EddyRunStart(EddyRun r);
/* From the current state to the end or a stop; the reason is in r->stop and r->message. Collective.
 */
PetscErrorCode EddyRunSolve(EddyRun r);
/* Next output time or the end. */
PetscReal EddyRunNextEvent(EddyRun r);

/* ---- restart (restart.c) ---- */
PetscErrorCode EddyCheckpointOptions(EddyOptions o, PetscReal *wall, PetscReal *every);
PetscErrorCode EddyRunCheckpoint(EddyRun r);
/* Loads path into a created run (instead of EddyRunStart). Collective. */
PetscErrorCode EddyRunRestore(EddyRun r, const char *path);
/* Removes a folder of checkpoints. Rank 0 works. */
PetscErrorCode EddyCheckpointsRemove(MPI_Comm comm, const char *folder);

/* ---- texts (run.c) ---- */
/* Resolved case without the keys that say how, not what, is computed (output_dir, restart,
   time_walltime, ...), headed by comment lines with version and SIMD level: the same bytes for
   every rank count and every restart. PetscFree. Collective. */
PetscErrorCode EddyRunProvenance(EddyRun r, EddyOptions o, char **text);
/* Numeric physics_* lines of a resolved case. */
PetscErrorCode EddyRunParameters(const char *yaml, PetscInt max, char name[][EDDY_MAX_NAME],
                                 double value[], PetscInt *n);
/* Case name: the file's name without folder and extension. */
void EddyCaseName(const char *path, char name[EDDY_MAX_NAME]);
/* Options of the folder and the card: output_dir, output_overwrite, restart, dataset_*. Default
 * folder: `name` (may be NULL). */
PetscErrorCode EddyRunDeclareFiles(EddyOptions o, const char *name, char *dir, size_t len,
                                   const char **dataset);
/* Text file, written under a temporary name and renamed. Rank 0 works. Collective. */
PetscErrorCode EddyTextWrite(MPI_Comm comm, const char *path, const char *text);
/* Reads "CASE.yaml -option value ..." into a new table; raises with usage when the file is missing.
 * `name` gets the case's name. */
PetscErrorCode EddyCaseRead(int argc, char **argv, const char *usage, EddyOptions *o,
                            char name[EDDY_MAX_NAME]);
#endif
