/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli.h"
#include "options.h"
#include "report.h"
#include "run.h"
#include <string.h>

typedef struct {
  const char *name, *arguments, *summary;
  PetscErrorCode (*Verb)(int argc, char **argv, int *code);
} Verb;

static const Verb verbs[] = {
    {"run", "CASE.yaml [-option value ...]", "one simulation", EddyVerbRun},
    {"generate", "CASE.yaml [-option value ...]",
     "an ensemble: a training set with splits, statistics, checksums", EddyVerbGenerate},
    {"compare", "REF RUN ...", "scores runs or sets against a reference", EddyVerbCompare},
    {"plot", "FILE", "pictures and curves", EddyVerbPlot},
    {"check", "CASE.yaml [-option value ...]",
     "every option with value, unit, range and origin; memory and steps", EddyVerbCheck},
    {"info", "[FILE]", "registered things with their options, or what a file is", EddyVerbInfo},
    {"closure", "MODEL.onnx", "what a network is; its term on stored snapshots, scored",
     EddyVerbClosure},
    {"features", "FILE", "derived fields of stored snapshots", EddyVerbFeatures},
    {"verify", "PATH [-row k]", "re-creates rows of a set and compares bytes", EddyVerbVerify},
    {"xdmf", "FILE ...", "makes stored files readable by ParaView and VisIt", EddyVerbXdmf},
};
enum { NVERB = sizeof verbs / sizeof *verbs };

static PetscBool Is(const char *arg, const char *a, const char *b)
{
  return (!strcmp(arg, a) || !strcmp(arg, b)) ? PETSC_TRUE : PETSC_FALSE;
}

PetscBool EddyCliAsksHelp(int argc, char **argv)
{
  for (int i = 1; i < argc; ++i)
    if (Is(argv[i], "--help", "-h") || Is(argv[i], "-help", "--version"))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

PetscErrorCode EddyCliHelp(int argc, char **argv, const char *text, PetscBool *asked)
{
  PetscFunctionBeginUser;
  *asked = EddyCliAsksHelp(argc, argv);
  if (*asked)
    PetscCall(PetscPrintf(PETSC_COMM_WORLD, "%s", text));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Usage(void)
{
  const MPI_Comm comm = PETSC_COMM_WORLD;

  PetscFunctionBeginUser;
  PetscCall(PetscPrintf(
      comm,
      "eddyline %s: PDE solvers with pluggable closures, reference data and training sets\n\n",
      EDDY_VERSION));
  for (int i = 0; i < NVERB; ++i)
    PetscCall(PetscPrintf(comm, "  eddyline %-9s %-30s %s\n", verbs[i].name, verbs[i].arguments,
                          verbs[i].summary));
  PetscCall(PetscPrintf(comm,
                        "\n`eddyline VERB --help` says more about a verb, `eddyline info` lists "
                        "what a case may hold.\n"
                        "Under MPI: mpirun -n 4 eddyline ...   Exit codes: 0 done, 2 bad input, 3 "
                        "the solution failed, 4 I/O, 5 stopped after a checkpoint.\n"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCliRun(int argc, char **argv, int *code)
{
  const char *names[NVERB];

  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCheck(argc > 1, PETSC_COMM_WORLD, EDDY_ERR_INPUT,
             "a verb is missing (allowed: run generate compare plot check info closure features "
             "verify xdmf; see "
             "eddyline --help)");
  const char *word = argv[1];
  if (Is(word, "--version", "-version")) {
    PetscCall(PetscPrintf(PETSC_COMM_WORLD, "eddyline %s\n", EDDY_VERSION));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (Is(word, "--help", "-h") || Is(word, "-help", "help")) {
    PetscCall(Usage());
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (int i = 0; i < NVERB; ++i) {
    names[i] = verbs[i].name;
    if (strcmp(word, verbs[i].name))
      continue;
    PetscCall(verbs[i].Verb(argc - 1, argv + 1, code));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  const char *near = EddyNearest(word, names, NVERB);
  SETERRQ(PETSC_COMM_WORLD, EDDY_ERR_INPUT,
          "'%s' is not a verb%s%s%s (allowed: run generate compare plot check info closure "
          "features verify xdmf)",
          word, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}
