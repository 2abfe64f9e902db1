/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a time stepper (`time_type`) for u_t = L u + N(u), and the choice of dt.

   The run loop goes from event to event (output times, end): inside a segment of length T a fixed-step run takes
   n = ceil(T/dt) equal steps, so that event times are hit exactly and coefficients change only when T/n does; a CFL run
   (time_cfl) chooses dt = cfl / Courant, quantised down to dt_max 2^(-j/4) so that ETD coefficients can be cached, and
   shortens the last step(s) of a segment. */
#ifndef EDDY_STEPPER_H
#define EDDY_STEPPER_H
#include "disc.h"

typedef struct _p_EddyStepper *EddyStepper;

typedef struct {
  const char *name, *summary, *reference;
  PetscInt order;
  size_t ctx_size;
  PetscInt ncoef; /* coefficients per mode (for the estimate of memory) */
  PetscInt
      levels; /* history arrays of the state's size kept across steps (AB2: 1); in checkpoints */
  PetscErrorCode (*Create)(EddyStepper s, EddyOptions o);
  /* Coefficients for this dt; called when dt changes. */
  PetscErrorCode (*SetDt)(EddyStepper s, PetscReal dt);
  /* One step of st->dt from u at st->t, in place. */
  PetscErrorCode (*Step)(EddyStepper s, EddyStage *st, double *u);
  PetscErrorCode (*Destroy)(EddyStepper s);
} EddyStepperOps;

struct _p_EddyStepper {
  const EddyStepperOps *ops;
  EddyDisc disc;      /* borrowed */
  PetscReal dt;       /* coefficients are valid for this dt (0: none) */
  PetscReal dt_last;  /* size of the last step taken; with taken and history part of a checkpoint */
  PetscInt64 taken;   /* steps taken with valid history */
  double *history[4]; /* ops->levels arrays, owned */
  double *backup;   /* state and history before a step, when the disc may ask for it again; owned */
  char failed[256]; /* why the last step cannot stand, "" when it does; the same on every rank */
  void *ctx;        /* owned */
};

PetscErrorCode EddyStepperCreate(EddyOptions o, EddyDisc d, EddyStepper *s);
/* SetDt if needed, then Step, then the white-in-time kicks; advances st->t, st->step. Collective. */
PetscErrorCode EddyStepperStep(EddyStepper s, EddyStage *st, PetscReal dt, double *u);
/* Bytes on this rank that the first step allocates: coefficients and the table they are made with. */
double EddyStepperMemory(EddyStepper s);
PetscErrorCode EddyStepperDestroy(EddyStepper *s);
const EddyStepperOps *EddyStepperGetOps(PetscInt k);
#endif
