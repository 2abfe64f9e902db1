/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline VERB ...: initialise, run the verb, finalise. */
#include "cli.h"
#include "options.h"

int main(int argc, char **argv)
{
  PetscErrorCode ierr;
  int code = EDDY_EXIT_OK;

  MPI_Init(&argc, &argv); /* so that PetscFinalize leaves MPI to EddyProgramEnd */
  ierr = EddyErrorHandlerInstall();
  if (!ierr)
    ierr = PetscOptionsSetValue(NULL, "-skip_petscrc", NULL);
  if (!ierr && EddyCliAsksHelp(argc, argv))
    ierr = PetscInitialize(NULL, NULL, NULL, NULL);
  else if (!ierr)
    ierr = PetscInitialize(&argc, &argv, NULL, NULL);
  if (!ierr)
    ierr = EddyCliRun(argc, argv, &code);
  if (!ierr)
    ierr = PetscFinalize();
  return EddyProgramEnd(ierr, code);
}
