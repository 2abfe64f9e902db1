/* SPDX-License-Identifier: BSD-3-Clause */
/* From the current state to the end, event by event (output times, end), so that event times are
   hit exactly.

   Between two events the time is cut into n = ceil(T / dt (1 - 1e-9)) equal steps; under CFL
   control dt is cfl / Courant, brought down to dt_max 2^(-j/4), and the rest of the segment is cut
   anew when that changes. Lengths T that differ by rounding give the same dt, bit for bit, so that
   coefficients are kept. Diagnostics and checkpoints look at the state after a step and never
   change dt.

   One reduction per step carries: not finite or not admitted, signal, wall time, checkpoint due. */
#include "run_impl.h"
#include <math.h>
#include <string.h>

PetscErrorCode EddyTimesFromOptions(EddyOptions o, EddyTimes *t)
{
  const char *wall;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsReal(o, "time_start", "time of the first state that counts", "T", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &t->start));
  PetscCall(EddyOptionsReal(o, "time_end", "end of the run", "T", t->start, -PETSC_MAX_REAL,
                            PETSC_MAX_REAL, &t->end));
  PetscCall(EddyOptionsReal(o, "ensemble_spinup", "time the flow runs before time_start", "T", 0, 0,
                            PETSC_MAX_REAL, &t->spinup));
  PetscCall(EddyOptionsReal(o, "time_dt", "time step; the largest one when time_cfl is given", "T",
                            0, 0, PETSC_MAX_REAL, &t->dt));
  PetscCall(
      EddyOptionsReal(o, "time_cfl", "Courant number; 0: fixed step", "1", 0, 0, 1e3, &t->cfl));
  PetscCall(EddyOptionsInt(o, "time_max_steps",
                           "stop with a checkpoint after so many steps; 0: no limit", 0, 0,
                           PETSC_MAX_INT, &t->max_steps));
  PetscCall(EddyOptionsString(o, "time_walltime",
                              "stop with a checkpoint after so long, seconds or HH:MM:SS", NULL,
                              &wall));
  t->walltime = 0;
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (wall)
    EddyOptionsCheck(EddyParseDuration(wall, &t->walltime), o, "time_walltime",
                     "'%s' is neither seconds nor HH:MM:SS", wall);
  EddyOptionsCheck(t->end > t->start, o, "time_end", "the end %g must lie after time_start = %g",
                   (double)t->end, (double)t->start);
  EddyOptionsCheck(t->dt > 0 || t->cfl > 0, o, "time_dt",
                   "give a step time_dt > 0 or a Courant number time_cfl > 0");
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscReal EddyRunNextEvent(EddyRun r)
{
  PetscReal t = r->times.end;
  if (r->st.t < r->times.start)
    t = r->times.start;
  for (PetscInt k = 0; k < r->outputs->noutput; ++k) {
    const EddySchedule *s = &r->outputs->output[k].schedule;
    if (s->next < s->n && s->times[s->next] < t)
      t = s->times[s->next];
  }
  return t;
}

static void SegmentMake(EddyRun r, PetscReal dt)
{
  EddySegment *g = &r->seg;
  g->t0 = r->st.t;
  g->t1 = EddyRunNextEvent(r);
  g->target = dt;
  g->i = 0;
  g->n = (PetscInt64)ceil((g->t1 - g->t0) / dt * (1 - 1e-9));
  if (g->n < 1)
    g->n = 1;
}

/* Step that CFL control or the case asks for; 0 when it collapsed. */
static PetscErrorCode TargetDt(EddyRun r, PetscReal *dt)
{
  PetscReal rate = 0, largest = r->times.dt;
  PetscFunctionBeginUser;
  *dt = r->times.dt;
  if (r->times.cfl <= 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (largest <= 0)
    largest = (r->times.end - r->times.start) / 64; /* a power of two: only an anchor */
  PetscCall(r->disc->ops->Courant(r->disc, &r->st, r->u, &rate));
  *dt = largest;
  if (rate > 0 && r->times.cfl / rate < largest) {
    const double j = ceil(4 * log2(largest * rate / r->times.cfl) - 1e-9);
    *dt = largest * exp2(-j / 4);
  }
  if (!(*dt > 1e-12 * (r->times.end - r->times.start)))
    *dt = 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode StepOnce(EddyRun r)
{
  EddySegment *g = &r->seg;
  PetscReal target;
  PetscFunctionBeginUser;
  PetscCall(TargetDt(r, &target));
  if (target <= 0) {
    r->stop = EDDY_STOP_DT;
    snprintf(r->message, sizeof r->message,
             "step %lld, t = %.6g: the step that time_cfl = %g allows collapsed",
             (long long)r->st.step, (double)r->st.t, (double)r->times.cfl);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (g->i >= g->n || g->target != target || g->t1 != EddyRunNextEvent(r))
    SegmentMake(r, target);
  PetscReal dt = (g->t1 - g->t0) / (PetscReal)g->n;
  if (fabs(dt - r->stepper->dt) <= 1e-11 * dt)
    dt = r->stepper->dt;
  r->st.dt = dt;
  PetscCall(EddyStepperStep(r->stepper, &r->st, dt, r->u));
  if (r->stepper->failed[0]) {
    r->stop = EDDY_STOP_NAN;
    snprintf(r->message, sizeof r->message, "step %lld, t = %.6g: %s", (long long)r->st.step,
             (double)r->st.t, r->stepper->failed);
  }
  ++g->i;
  r->st.t = g->i == g->n ? g->t1 : g->t0 + (g->t1 - g->t0) * ((PetscReal)g->i / (PetscReal)g->n);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Exponent all ones: infinite or not a number. Integer arithmetic, so no compiler flag can remove
 * it. */
static int NotFinite(const double *u, size_t n)
{
  uint64_t any = 0;
  for (size_t i = 0; i < n; ++i) {
    uint64_t bits;
    memcpy(&bits, &u[i], sizeof bits);
    any |= ((bits & 0x7ff0000000000000u) + 0x0010000000000000u) & 0x8000000000000000u;
  }
  return any ? 1 : 0;
}

static PetscErrorCode SayNotFinite(EddyRun r, int bad)
{
  char where[EDDY_MAX_TEXT / 2] = "state";
  PetscBool ok;
  int rank = bad ? r->rank : r->size;
  PetscFunctionBeginUser;
  r->stop = EDDY_STOP_NAN;
  PetscCall(r->disc->ops->Finite(r->disc, r->u, &ok, where, sizeof where));
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &rank, 1, MPI_INT, MPI_MIN, r->comm));
  PetscCallMPI(MPI_Bcast(where, sizeof where, MPI_CHAR, 0, r->comm));
  char *rank_text = strstr(where, ", rank ");
  if (rank_text) { /* reasons are the same on any rank count */
    char *end = rank_text + strlen(", rank ");
    end += strspn(end, "0123456789");
    memmove(rank_text, end, strlen(end) + 1);
  }
  snprintf(r->message, sizeof r->message, "step %lld, t = %.6g: %s", (long long)r->st.step,
           (double)r->st.t, where);
  r->bad_rank = rank;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscBool CheckpointDue(EddyRun r)
{
  if (!r->checkpoint_folder)
    return PETSC_FALSE;
  if (r->checkpoint_wall > 0 && MPI_Wtime() - r->checkpoint_last >= r->checkpoint_wall)
    return PETSC_TRUE;
  return PETSC_FALSE;
}

/* What happened to this step, agreed by all ranks. */
static PetscErrorCode Watch(EddyRun r, PetscBool *checkpoint)
{
  enum { BAD, SIGNAL, WALL, SAVE, NFLAG };
  int flag[NFLAG] = {NotFinite(r->u, r->disc->size), EddySignalsPending(), 0, 0};
  PetscFunctionBeginUser;
  if (!flag[BAD] && r->disc->ops->Admissible && !r->disc->ops->Admissible(r->disc, r->u))
    flag[BAD] = 1;
  const int bad = flag[BAD];
  if (!r->rank) {
    flag[WALL] = r->times.walltime > 0 && MPI_Wtime() - r->wall0 >= r->times.walltime;
    flag[SAVE] = CheckpointDue(r);
  }
  if (r->size > 1)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, flag, NFLAG, MPI_INT, MPI_MAX, r->comm));
  if (flag[BAD])
    PetscCall(SayNotFinite(r, bad));
  else if (flag[SIGNAL])
    r->stop = EDDY_STOP_SIGNAL;
  else if (flag[WALL])
    r->stop = EDDY_STOP_WALLTIME;
  else if (r->times.max_steps && r->st.step >= r->times.max_steps)
    r->stop = EDDY_STOP_STEPS;
  *checkpoint = flag[SAVE] ? PETSC_TRUE : PETSC_FALSE;
  if (r->checkpoint_every > 0 &&
      r->st.t >= r->times.start + (PetscReal)r->checkpoint_next * r->checkpoint_every) {
    *checkpoint = PETSC_TRUE;
    while (r->st.t >= r->times.start + (PetscReal)r->checkpoint_next * r->checkpoint_every)
      ++r->checkpoint_next;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Outputs, diagnostics, checkpoint at the time just reached. */
static PetscErrorCode Observe(EddyRun r, PetscBool checkpoint)
{
  PetscBool ok;
  const double begin = MPI_Wtime();
  PetscFunctionBeginUser;
  PetscCall(EddyRunWriteDue(r, &ok));
  r->wall_output += MPI_Wtime() - begin;
  if (!ok) {
    r->stop = EDDY_STOP_NAN;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  /* an output time that differs from the end by rounding is the end */
  if (r->st.t >= r->times.end - 1e-12 * fabs(r->times.end))
    r->stop = EDDY_STOP_END;
  PetscCall(EddyDiagSample(r, r->stop == EDDY_STOP_END ? PETSC_TRUE : PETSC_FALSE));
  if (r->stop == EDDY_STOP_SIGNAL || r->stop == EDDY_STOP_WALLTIME || r->stop == EDDY_STOP_STEPS)
    checkpoint = PETSC_TRUE;
  if (checkpoint && r->checkpoint_folder && r->stop != EDDY_STOP_END)
    PetscCall(EddyRunCheckpoint(r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunSolve(EddyRun r)
{
  const double begin = MPI_Wtime();
  PetscBool checkpoint;
  PetscFunctionBeginUser;
  r->stop = EDDY_STOP_NOT;
  r->step0 = r->st.step;
  r->checkpoint_last = begin;
  EddyProgressBegin(&r->progress, r->progress.on, r->st.t, r->st.step);
  if (!r->restored) { /* the initial state counts as a step: checked, written, sampled */
    PetscCall(Watch(r, &checkpoint));
    if (r->stop != EDDY_STOP_NAN) {
      PetscCall(EddyDiagStart(r));
      PetscCall(Observe(r, PETSC_FALSE));
    }
  }
  while (r->stop == EDDY_STOP_NOT) {
    PetscCall(StepOnce(r));
    if (r->stop)
      break;
    PetscCall(Watch(r, &checkpoint));
    if (r->stop == EDDY_STOP_NAN)
      break;
    PetscCall(Observe(r, checkpoint));
    EddyProgressShow(&r->progress, &r->times, &r->st, PETSC_FALSE);
  }
  EddyProgressShow(&r->progress, &r->times, &r->st, PETSC_TRUE);
  r->wall = MPI_Wtime() - begin;
  PetscFunctionReturn(PETSC_SUCCESS);
}
