/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of numbers in text: diagnostics.csv, spectrum.csv and the like. Serial. */
#ifndef EDDY_TABLE_H
#define EDDY_TABLE_H
#include "eddy_base.h"

typedef struct {
  char path[EDDY_MAX_PATH];
  PetscInt ncol, nrow;
  char (*name)[EDDY_MAX_NAME]; /* [ncol] */
  double *value;               /* [ncol][nrow]; NaN where a cell is empty */
} * EddyTable;

/* First line that is not a comment (#) names the columns, commas between them. A last line cut short by a running program is left out.
   Errors: EDDY_ERR_INPUT with file:line for a cell that is not a number or a line of another length. */
PetscErrorCode EddyTableRead(const char *path, EddyTable *t);
PetscErrorCode EddyTableDestroy(EddyTable *t);
/* Column by name; -1 when there is none. */
PetscInt EddyTableFind(EddyTable t, const char *name);
#endif
