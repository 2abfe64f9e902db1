/* SPDX-License-Identifier: BSD-3-Clause */
/* What the verbs of the report share: help, the paths before the first option, options, rank 0. */
#ifndef EDDY_VERB_H
#define EDDY_VERB_H
#include "options.h"

/* --help, -help or -h prints `help`. Otherwise body runs on rank 0 with the arguments before the first option and a table (PETSC_COMM_SELF)
   of the rest. Collective over PETSC_COMM_WORLD; other ranks return at once. */
PetscErrorCode EddyReportVerb(int argc, char **argv, const char *help,
                              PetscErrorCode (*body)(EddyOptions o, int npath, char **paths));
#endif
