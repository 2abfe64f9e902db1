/* SPDX-License-Identifier: BSD-3-Clause */
/* Verbs that read files only: compare, plot and xdmf. They know no solver. */
#ifndef EDDY_REPORT_H
#define EDDY_REPORT_H
#include "eddy_base.h"
PetscErrorCode EddyVerbCompare(int argc, char **argv, int *code);
PetscErrorCode EddyVerbPlot(int argc, char **argv, int *code);
PetscErrorCode EddyVerbXdmf(int argc, char **argv, int *code);
#endif
