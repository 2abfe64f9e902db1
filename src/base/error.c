/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors of the program: one line on stderr, one exit code, all ranks end (DESIGN section 1).

   An error raised on a communicator is printed by its rank 0, which then ends every rank with
   MPI_Abort and our code; the others go back to main and wait there (EddyProgramEnd). An error
   raised on PETSC_COMM_SELF ends the program from where it happened, so that nobody waits in a
   collective call; ranks other than 0 hold back a moment, so that an error that all ranks have is
   printed once. MPI_Abort rather than a return code after MPI_Finalize: mpirun adds eleven lines to
   the latter. */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "options.h"
#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

int EddyExitCode(PetscErrorCode ierr)
{
  static const struct {
    PetscErrorCode ierr;
    int code;
  } table[] = {
      {PETSC_SUCCESS, EDDY_EXIT_OK},
      {EDDY_ERR_INPUT, EDDY_EXIT_INPUT},
      {PETSC_ERR_SUP, EDDY_EXIT_INPUT},
      {PETSC_ERR_USER, EDDY_EXIT_INPUT}, /* PETSc: its options, such as a missing -options_file */
      {PETSC_ERR_ARG_UNKNOWN_TYPE, EDDY_EXIT_INPUT},
      {PETSC_ERR_ARG_OUTOFRANGE, EDDY_EXIT_INPUT},
      {EDDY_ERR_SOLUTION, EDDY_EXIT_SOLUTION},
      {PETSC_ERR_NOT_CONVERGED, EDDY_EXIT_SOLUTION},
      {PETSC_ERR_FP, EDDY_EXIT_SOLUTION},
      {EDDY_ERR_IO, EDDY_EXIT_IO},
      {PETSC_ERR_FILE_OPEN, EDDY_EXIT_IO},
      {PETSC_ERR_FILE_READ, EDDY_EXIT_IO},
      {PETSC_ERR_FILE_UNEXPECTED, EDDY_EXIT_IO},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i)
    if (table[i].ierr == ierr)
      return table[i].code;
  return 1;
}

/* Open MPI explains MPI_Abort in eight lines; the user has our line. Other MPI libraries have no
 * such symbol. */
typedef int (*ShowHelp)(const char *file, const char *topic, int header, ...);
static int ShowNothing(const char *file, const char *topic, int header, ...) { return 0; }

static void Abort(int code)
{
  ShowHelp *show = (ShowHelp *)dlsym(RTLD_DEFAULT, "opal_show_help");
  if (show)
    *show = ShowNothing;
  fflush(NULL);
  MPI_Abort(MPI_COMM_WORLD, code);
}

/* Blank-separated words of message on one line. */
static void OneLine(const char *message, char *out, size_t size)
{
  size_t n = 0;
  for (const char *s = message; *s && n + 1 < size; ++s) {
    const char c = (*s == '\n' || *s == '\t' || *s == '\r') ? ' ' : *s;
    if (c != ' ' || (n && out[n - 1] != ' '))
      out[n++] = c;
  }
  while (n && out[n - 1] == ' ')
    --n;
  out[n] = 0;
}

static PetscErrorCode Handler(MPI_Comm comm, int line, const char *function, const char *file,
                              PetscErrorCode n, PetscErrorType type, const char *message, void *ctx)
{
  char text[2048];
  int rank = 0, world = 1, size = 1;

  if (type == PETSC_ERROR_REPEAT)
    return n;
  MPI_Comm_rank(comm == MPI_COMM_NULL ? MPI_COMM_SELF : comm, &rank);
  MPI_Comm_size(comm == MPI_COMM_NULL ? MPI_COMM_SELF : comm, &size);
  MPI_Comm_rank(MPI_COMM_WORLD, &world);
  if (rank)
    return n;
  if (size == 1 && world)
    usleep(100000u * (unsigned)PetscMin(world, 20));
  OneLine(message ? message : "", text, sizeof text);
  if (EddyExitCode(n) == 1)
    fprintf(stderr, "eddyline: internal error %d in %s: %s\n", (int)n, function ? function : "?",
            text);
  else
    fprintf(stderr, "eddyline: %s\n", text);
  Abort(EddyExitCode(n));
  return n;
}

PetscErrorCode EddyErrorHandlerInstall(void)
{
  PetscErrorCode ierr = PetscPushErrorHandler(Handler, NULL);
  /* PETSc's signal handlers would report the end of the other ranks as errors of their own */
  if (!ierr)
    ierr = PetscOptionsSetValue(NULL, "-no_signal_handler", "true");
  return ierr;
}

int EddyProgramEnd(PetscErrorCode ierr, int code)
{
  int rank;

  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (ierr) { /* the rank that printed the line ends us all; should it be lost, we do */
    signal(SIGTERM, SIG_DFL);
    sleep(30);
    Abort(EddyExitCode(ierr));
  }
  fflush(NULL);
  int worst = code;
  MPI_Allreduce(&code, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  if (worst) {
    signal(SIGTERM, SIG_DFL);
    if (rank == 0)
      Abort(worst);
    sleep(30);
  }
  MPI_Finalize();
  return worst;
}
