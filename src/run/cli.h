/* SPDX-License-Identifier: BSD-3-Clause */
/* The verbs of the program. */
#ifndef EDDY_CLI_H
#define EDDY_CLI_H
#include "eddy_base.h"

/* eddyline VERB ..., eddyline --help, eddyline --version. Errors: unknown verb, with the nearest.
 * Collective. */
PetscErrorCode EddyCliRun(int argc, char **argv, int *code);
/* --help, -h or --version is among the arguments; these are ours and not PETSc's. */
PetscBool EddyCliAsksHelp(int argc, char **argv);
/* Prints text on rank 0 of PETSC_COMM_WORLD when --help or -h is among the arguments of a verb. */
PetscErrorCode EddyCliHelp(int argc, char **argv, const char *text, PetscBool *asked);
#endif
