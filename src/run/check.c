/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline check: composes the run of a case without running it; every option, memory, steps. */
#include "cli.h"
#include "ensemble.h"
#include "run.h"
#include "run_impl.h"

static const char usage[] = "eddyline check CASE.yaml [-option value ...]\n"
                            "  Reads the case as `run` would and prints every option with value, "
                            "unit, what is allowed and\n"
                            "  where the value comes from; memory per rank and number of steps. "
                            "Exit code 2 when anything in\n"
                            "  the case is wrong.\n";

/* "1.5 GB" */
static void FormatBytes(double bytes, char out[32])
{
  static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
  int u = 0;
  for (; bytes >= 1000 && u < 4; ++u)
    bytes /= 1000;
  snprintf(out, 32, "%.3g %s", bytes, units[u]);
}

static PetscErrorCode Report(EddyOptions o, EddyRun run, const EddyEnsemble *e)
{
  const MPI_Comm comm = PETSC_COMM_WORLD;
  double bytes, most;
  PetscInt64 steps;
  PetscMPIInt size;
  char text[32];

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsView(o, stdout));
  PetscCall(EddyRunEstimate(run, &bytes, &steps));
  PetscCallMPI(MPI_Allreduce(&bytes, &most, 1, MPI_DOUBLE, MPI_MAX, comm));
  PetscCallMPI(MPI_Comm_size(comm, &size));
  FormatBytes(most, text);
  PetscCall(PetscPrintf(comm, "\nmemory  %s on the largest of %d rank%s\n", text, size,
                        size == 1 ? "" : "s"));
  if (steps)
    PetscCall(PetscPrintf(comm, "steps   %" PetscInt64_FMT "\n", steps));
  else
    PetscCall(PetscPrintf(comm, "steps   chosen by time_cfl as the run goes\n"));
  if (e->rows > 1)
    PetscCall(PetscPrintf(comm, "rows    %" PetscInt64_FMT " in %" PetscInt_FMT " files\n", e->rows,
                          e->nshard));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbCheck(int argc, char **argv, int *code)
{
  char name[EDDY_MAX_NAME], dir[EDDY_MAX_PATH];
  const char *dataset;
  EddyOptions o, row, catalogue;
  EddyEnsemble e;
  EddyRun run;
  PetscBool asked;
  PetscInt number;

  PetscFunctionBeginUser;
  PetscCall(EddyCliHelp(argc, argv, usage, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyCaseRead(argc, argv, "eddyline check CASE.yaml [-option value ...]", &o, name));
  PetscCall(EddyEnsembleFromOptions(o, &e));
  if (e.source) { /* start, parameters and times come from the stored rows: the first one stands for all */
    PetscCall(EddyEnsembleRowOptions(&e, o, PETSC_COMM_WORLD, EddyEnsembleFirstRow(&e), &row));
    PetscCall(EddyOptionsDestroy(&o));
    PetscCall(EddyEnsembleFree(&e));
    o = row;
    PetscCall(EddyEnsembleFromOptions(o, &e));
  }
  PetscCall(EddyOptionsInt(o, "ensemble_row",
                           "run this row of the ensemble; -1: the case as it stands", -1, -1,
                           PETSC_MAX_INT, &number));
  if (e.nvary && !e.source) { /* options that only rows have: the first row stands for all */
    PetscCall(EddyEnsembleRowOptions(&e, o, PETSC_COMM_WORLD, EddyEnsembleFirstRow(&e), &row));
    PetscCall(EddyRunCreate(PETSC_COMM_WORLD, row, e.seed, 0, 0, &run));
    PetscCall(EddyRunDestroy(&run));
    PetscCall(EddyOptionsDestroy(&row));
  }
  PetscCall(EddyRunCreate(PETSC_COMM_WORLD, o, e.seed, 0, 0, &run));
  PetscCall(EddyRunDeclareFiles(o, name, dir, sizeof dir, &dataset));
  PetscCall(EddyCatalogueCreate(PETSC_COMM_WORLD, &catalogue));
  PetscCall(EddyOptionsFinish(o, catalogue));
  PetscCall(Report(o, run, &e));
  PetscCall(EddyOptionsDestroy(&catalogue));
  PetscCall(EddyRunDestroy(&run));
  PetscCall(EddyEnsembleFree(&e));
  PetscCall(EddyOptionsDestroy(&o));
  PetscFunctionReturn(PETSC_SUCCESS);
}
