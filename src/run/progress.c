/* SPDX-License-Identifier: BSD-3-Clause */
/* Progress of a run: percent, step, time, steps/s, time left. One line that is updated on a
   terminal, a plain line every few seconds elsewhere (logs). Rank 0 prints. */
#include "run_impl.h"
#include <unistd.h>

static const double terminal_seconds = 0.2, plain_seconds = 5;

void EddyFormatSeconds(double s, char text[32])
{
  if (s < 60)
    snprintf(text, 32, "%.1f s", s);
  else if (s < 3600)
    snprintf(text, 32, "%d min %02d s", (int)s / 60, (int)s % 60);
  else if (s < 1e8)
    snprintf(text, 32, "%d h %02d min", (int)(s / 3600), (int)s / 60 % 60);
  else
    snprintf(text, 32, "long");
}

void EddyProgressBegin(EddyProgress *p, PetscBool on, PetscReal t, PetscInt64 step)
{
  p->on = on;
  /* mpirun gives every rank a terminal as stdout, wherever its own goes, but a pipe as stderr */
  p->terminal = isatty(STDOUT_FILENO) && isatty(STDERR_FILENO) ? PETSC_TRUE : PETSC_FALSE;
  p->begin = p->last = MPI_Wtime();
  p->t0 = t;
  p->step0 = step;
}

void EddyProgressShow(EddyProgress *p, const EddyTimes *times, const EddyStage *st, PetscBool last)
{
  if (!p->on)
    return;
  const double now = MPI_Wtime();
  if (!last && now - p->last < (p->terminal ? terminal_seconds : plain_seconds))
    return;
  if (last && p->last == p->begin && !p->terminal)
    return; /* short run: the table says it all */
  p->last = now;
  const double begin = times->start - times->spinup;
  const double percent = 100 * (st->t - begin) / (times->end - begin);
  const double rate = (double)(st->step - p->step0) / (now - p->begin + 1e-9);
  const double gone = st->t - p->t0;
  char left[32];
  EddyFormatSeconds(gone > 0 ? (now - p->begin) * (times->end - st->t) / gone : 1e9, left);
  printf("%s%s%5.1f %%  step %lld  t = %.6g  %.4g steps/s  left %s%s", p->terminal ? "\r" : "",
         p->label, percent, (long long)st->step, (double)st->t, rate, left,
         p->terminal ? "   " : "\n");
  if (p->terminal && last)
    printf("\n");
  fflush(stdout);
}
