/* SPDX-License-Identifier: BSD-3-Clause */
/* When an output happens: `every` (time) from `start` to `end`, or a list `times`. Times are computed as start + k every
   (never accumulated), both ends included, with the initial time if start is not after it. */
#ifndef EDDY_SCHEDULE_H
#define EDDY_SCHEDULE_H
#include "options.h"

typedef struct {
  PetscInt n;       /* number of events */
  PetscReal *times; /* owned, ascending */
  PetscInt next;    /* index of the next event */
} EddySchedule;

/* Options prefix+"every", "start", "end", "times" [T]. Default: only the end time. Errors: every <= 0, start after t_end, none left. */
PetscErrorCode EddyScheduleCreate(EddyOptions o, const char *prefix, PetscReal t_begin,
                                  PetscReal t_end, EddySchedule *s);
PetscErrorCode EddyScheduleDestroy(EddySchedule *s);
/* True when t is event `next` (to 1e-12 relative); the caller then writes and calls Advance. */
PetscBool EddyScheduleDue(const EddySchedule *s, PetscReal t);
void EddyScheduleAdvance(EddySchedule *s);
#endif
