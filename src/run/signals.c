/* SPDX-License-Identifier: BSD-3-Clause */
/* Signals that ask for a checkpoint and an orderly end: TERM, INT, USR1, USR2 (batch systems send
   TERM or USR1 ahead of the limit; mpirun forwards USR1 and USR2). A handler may touch nothing but
   a sig_atomic_t flag, so this file holds the one variable that a process must share. */
#include "run_impl.h"
#include <signal.h>
#include <string.h>

enum { NSIGNAL = 4 };
static const int watched[NSIGNAL] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2};
static volatile sig_atomic_t pending = 0;

static void Handler(int sig) { pending = sig; }

PetscErrorCode EddySignalsInstall(void)
{
  PetscFunctionBeginUser;
  pending = 0;
  for (int k = 0; k < NSIGNAL; ++k) {
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_handler = Handler;
    sigemptyset(&a.sa_mask);
    /* interrupted system calls go on; a second TERM or INT takes the default action and ends the
     * process */
    a.sa_flags = SA_RESTART;
    if (watched[k] == SIGTERM || watched[k] == SIGINT)
      a.sa_flags |= (int)SA_RESETHAND;
    PetscCheck(!sigaction(watched[k], &a, NULL), PETSC_COMM_SELF, PETSC_ERR_SYS,
               "cannot install the handler of signal %d", watched[k]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySignalsRestore(void)
{
  PetscFunctionBeginUser;
  for (int k = 0; k < NSIGNAL; ++k)
    signal(watched[k], SIG_DFL);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscBool EddySignalsPending(void) { return pending ? PETSC_TRUE : PETSC_FALSE; }

PetscBool EddyParseDuration(const char *text, PetscReal *seconds)
{
  int h, m, used = 0;
  double s;
  if (sscanf(text, "%d:%d:%lf%n", &h, &m, &s, &used) == 3 && !text[used] && h >= 0 && m >= 0 &&
      m < 60 && s >= 0 && s < 60) {
    *seconds = 3600.0 * h + 60.0 * m + s;
    return PETSC_TRUE;
  }
  if (!EddyParseReal(text, seconds))
    return PETSC_FALSE;
  return *seconds >= 0 ? PETSC_TRUE : PETSC_FALSE;
}
