/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline xdmf FILE ...: makes stored files readable by ParaView and VisIt (io/xdmf.h), also unfinished ones. */
#include "report.h"
#include "verb.h"
#include "xdmf.h"

static const char help[] =
    "usage: eddyline xdmf FILE.hdf5 ...\n\nWrites FILE.xdmf beside each file (.hdf5, or .hdf5.part "
    "of "
    "a run that goes on or was killed), which ParaView and VisIt\nopen as a series in time; "
    "FILE.xdmf.points holds the points of grids of equal cells.\n";

static PetscErrorCode Describe(EddyOptions o, int npath, char **paths)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsFinish(o, o));
  PetscCheck(npath, PETSC_COMM_SELF, EDDY_ERR_INPUT, "give files: eddyline xdmf FILE.hdf5 ...");
  for (int k = 0; k < npath; ++k)
    PetscCall(EddyXdmfWrite(paths[k], PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbXdmf(int argc, char **argv, int *code)
{
  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCall(EddyReportVerb(argc, argv, help, Describe));
  PetscFunctionReturn(PETSC_SUCCESS);
}
