/* SPDX-License-Identifier: BSD-3-Clause */
#include "schedule.h"
#include <math.h>

enum { MAX_TIMES = 4096, MAX_EVENTS = 100000000 };

/* Close enough to be the same instant: 1e-12 of the larger of both and of the distance between
 * events. */
static PetscBool Same(PetscReal a, PetscReal b, PetscReal scale)
{
  return fabs(a - b) <= 1e-12 * PetscMax(PetscMax(fabs(a), fabs(b)), fabs(scale)) ? PETSC_TRUE
                                                                                  : PETSC_FALSE;
}

static PetscErrorCode FromList(EddyOptions o, const char *key, PetscReal t_begin, PetscReal t_end,
                               PetscInt n, const PetscReal t[], EddySchedule *s)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; ++i) {
    EddyOptionsCheck(!i || t[i] > t[i - 1], o, key, "times must ascend, %g follows %g", t[i],
                     t[i ? i - 1 : 0]);
    EddyOptionsCheck(t[i] >= t_begin && t[i] <= t_end, o, key,
                     "time %g is outside the run, %g to %g", t[i], t_begin, t_end);
  }
  PetscCall(PetscMalloc1(n, &s->times));
  PetscCall(PetscArraycpy(s->times, t, n));
  s->n = n;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode FromInterval(EddyOptions o, const char *key, PetscReal start, PetscReal end,
                                   PetscReal every, EddySchedule *s)
{
  PetscFunctionBeginUser;
  const PetscReal ratio = (end - start) / every;
  EddyOptionsCheck(ratio < MAX_EVENTS, o, key, "%g gives more than %d events between %g and %g",
                   every, (int)MAX_EVENTS, start, end);
  s->n = (PetscInt)floor(ratio * (1 + 1e-12) + 1e-12) + 1;
  PetscCall(PetscMalloc1(s->n, &s->times));
  for (PetscInt k = 0; k < s->n; ++k)
    s->times[k] = start + (PetscReal)k * every;
  if (Same(s->times[s->n - 1], end, every))
    s->times[s->n - 1] = end;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyScheduleCreate(EddyOptions o, const char *prefix, PetscReal t_begin,
                                  PetscReal t_end, EddySchedule *s)
{
  char every_key[2 * EDDY_MAX_NAME], start_key[2 * EDDY_MAX_NAME], end_key[2 * EDDY_MAX_NAME],
      times_key[2 * EDDY_MAX_NAME];
  const char *every_given, *start_given, *end_given;
  PetscReal every, start, end, *times;
  PetscInt n = 0;

  PetscFunctionBeginUser;
  *s = (EddySchedule){0};
  snprintf(every_key, sizeof every_key, "%severy", prefix);
  snprintf(start_key, sizeof start_key, "%sstart", prefix);
  snprintf(end_key, sizeof end_key, "%send", prefix);
  snprintf(times_key, sizeof times_key, "%stimes", prefix);
  PetscCall(PetscMalloc1(MAX_TIMES, &times));
  PetscCall(EddyOptionsReal(o, every_key, "time between events, 0: only at the end of the run", "T",
                            0, 0, PETSC_MAX_REAL, &every));
  PetscCall(EddyOptionsReal(o, start_key, "time of the first event", "T", t_begin, PETSC_MIN_REAL,
                            PETSC_MAX_REAL, &start));
  PetscCall(EddyOptionsReal(o, end_key, "no event after this time", "T", t_end, PETSC_MIN_REAL,
                            PETSC_MAX_REAL, &end));
  PetscCall(EddyOptionsRealList(o, times_key, "list of event times, instead of every", "T",
                                MAX_TIMES, PETSC_MIN_REAL, PETSC_MAX_REAL, times, &n));
  PetscCall(EddyOptionsGetRaw(o, every_key, &every_given));
  PetscCall(EddyOptionsGetRaw(o, start_key, &start_given));
  PetscCall(EddyOptionsGetRaw(o, end_key, &end_given));
  EddyOptionsCheck(!n || !every_given, o, times_key, "give either times or every, not both");
  if (n)
    PetscCall(FromList(o, times_key, t_begin, t_end, n, times, s));
  else {
    EddyOptionsCheck(start <= t_end, o, start_key, "%g is after the end of the run, %g", start,
                     t_end);
    EddyOptionsCheck(start >= t_begin, o, start_key, "%g is before the begin of the run, %g", start,
                     t_begin);
    EddyOptionsCheck(end <= t_end || Same(end, t_end, 0), o, end_key,
                     "%g is after the end of the run, %g", end, t_end);
    EddyOptionsCheck(end >= start, o, end_key, "%g is before the first event, %g: no event is left",
                     end, start);
    if (every > 0)
      PetscCall(FromInterval(o, every_key, start, PetscMin(end, t_end), every, s));
    else {
      EddyOptionsCheck(!start_given, o, start_key, "needs %s beside it", every_key);
      EddyOptionsCheck(!end_given, o, end_key, "needs %s beside it", every_key);
      PetscCall(FromList(o, every_key, t_begin, t_end, 1, &t_end, s));
    }
  }
  PetscCall(PetscFree(times));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyScheduleDestroy(EddySchedule *s)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(s->times));
  *s = (EddySchedule){0};
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscBool EddyScheduleDue(const EddySchedule *s, PetscReal t)
{
  if (s->next >= s->n)
    return PETSC_FALSE;
  const PetscReal gap =
      s->n > 1 ? s->times[s->next ? s->next : 1] - s->times[s->next ? s->next - 1 : 0] : 0;
  return Same(t, s->times[s->next], gap);
}

void EddyScheduleAdvance(EddySchedule *s)
{
  if (s->next < s->n)
    s->next++;
}
