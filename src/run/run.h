/* SPDX-License-Identifier: BSD-3-Clause */
/* One simulation composed from a case (run.c), an ensemble of them (ensemble.c), and the verbs of
 * the program. */
#ifndef EDDY_RUN_H
#define EDDY_RUN_H
#include "disc.h"
#include "stepper.h"

/* Verbs: argv[0] is the verb. Each prints its own --help. Returned errors become exit codes
   (error.c); *code is set otherwise (0, 3 failed solution, 5 stopped after a checkpoint).
   Collective over PETSC_COMM_WORLD. */
PetscErrorCode EddyVerbRun(int argc, char **argv, int *code);
PetscErrorCode EddyVerbGenerate(int argc, char **argv, int *code);
PetscErrorCode EddyVerbVerify(int argc, char **argv, int *code);
PetscErrorCode EddyVerbCheck(int argc, char **argv, int *code);
PetscErrorCode EddyVerbInfo(int argc, char **argv, int *code);
PetscErrorCode EddyVerbClosure(int argc, char **argv, int *code);
PetscErrorCode EddyVerbFeatures(int argc, char **argv, int *code);

/* Reads every option that belongs to runs, outputs, filters, statistics and ensembles (not those of
   registered types): for the catalogue. Collective. */
PetscErrorCode EddyRunDeclareOptions(EddyOptions o);

/* Every option of every registered type, made by running each Options/Create in catalogue mode.
 * Collective. */
PetscErrorCode EddyCatalogueCreate(MPI_Comm comm, EddyOptions *catalogue);

typedef struct _p_EddyRun *EddyRun;
/* Why a run ended: its end time; not finite, step collapsed (exit code 3); signal, wall time,
 * time_max_steps (5, after a checkpoint). */
typedef enum {
  EDDY_STOP_NOT,
  EDDY_STOP_END,
  EDDY_STOP_NAN,
  EDDY_STOP_DT,
  EDDY_STOP_SIGNAL,
  EDDY_STOP_WALLTIME,
  EDDY_STOP_STEPS
} EddyStop;

/* Reads all blocks of the case from o (diagram in STYLE), creates mesh, physics, forcings,
 * closures, disc, stepper. Collective. */
PetscErrorCode EddyRunCreate(MPI_Comm comm, EddyOptions o, uint64_t seed, uint64_t row,
                             uint64_t attempt, EddyRun *r);
PetscErrorCode EddyRunDestroy(EddyRun *r);
/* Bytes per rank and number of steps foreseen (0 under CFL control), for check. */
PetscErrorCode EddyRunEstimate(EddyRun r, double *bytes, PetscInt64 *steps);
#endif
