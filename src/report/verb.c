/* SPDX-License-Identifier: BSD-3-Clause */
#include "verb.h"
#include <stdio.h>
#include <string.h>

PetscErrorCode EddyReportVerb(int argc, char **argv, const char *help,
                              PetscErrorCode (*body)(EddyOptions o, int npath, char **paths))
{
  EddyOptions o;
  int npath = 0, rank;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
  if (rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 1; k < argc; ++k)
    if (!strcmp(argv[k], "--help") || !strcmp(argv[k], "-help") || !strcmp(argv[k], "-h")) {
      fputs(help, stdout);
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  while (npath + 1 < argc && argv[npath + 1][0] != '-')
    ++npath;
  PetscCall(EddyOptionsCreate(PETSC_COMM_SELF, &o));
  PetscErrorCode ierr = EddyOptionsInsertArgs(o, argc - 1 - npath, argv + 1 + npath);
  if (!ierr)
    ierr = body(o, npath, argv + 1);
  PetscCall(EddyOptionsDestroy(&o));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}
