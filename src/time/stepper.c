/* SPDX-License-Identifier: BSD-3-Clause */
/* Registry of steppers (src/time/list.def) and one step. */
#include "stepper.h"
#include <string.h>

#define EDDY_ROW(name) extern const EddyStepperOps eddy_stepper_##name;
#include "list.def"
#undef EDDY_ROW

#define EDDY_ROW(name) &eddy_stepper_##name,
static const EddyStepperOps *const table[] = {
#include "list.def"
};
#undef EDDY_ROW
enum { COUNT = sizeof table / sizeof *table };

const EddyStepperOps *EddyStepperGetOps(PetscInt k)
{
  return k >= 0 && k < COUNT ? table[k] : NULL;
}

PetscErrorCode EddyStepperCreate(EddyOptions o, EddyDisc d, EddyStepper *stepper)
{
  EddyStepper s;
  const char *names[COUNT];
  PetscInt type, best = 0;
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < COUNT; ++k) {
    names[k] = table[k]->name;
    if (d && !strcmp(names[k], d->ops->stepper))
      best = k;
  }
  PetscCall(EddyOptionsChoice(o, "time_type", "time stepper", names, COUNT, best, &type));
  PetscCall(PetscNew(&s));
  *stepper = s;
  s->ops = table[type];
  s->disc = d;
  PetscCall(PetscCalloc1(s->ops->ctx_size, (char **)&s->ctx));
  for (PetscInt i = 0; d && i < s->ops->levels; ++i)
    PetscCall(EddyDiscCreateState(d, &s->history[i]));
  PetscCall(s->ops->Create(s, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Copies state and history levels to (or from) the backup. */
static PetscErrorCode Backup(EddyStepper s, double *u, PetscBool restore)
{
  const size_t n = s->disc->size;
  PetscFunctionBeginUser;
  if (!s->backup)
    PetscCall(PetscMalloc1((size_t)(1 + s->ops->levels) * n + 1, &s->backup));
  for (PetscInt l = 0; l <= s->ops->levels; ++l) {
    double *a = l ? s->history[l - 1] : u, *b = s->backup + (size_t)l * n;
    if (restore)
      PetscCall(PetscArraycpy(a, b, n));
    else
      PetscCall(PetscArraycpy(b, a, n));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyStepperStep(EddyStepper s, EddyStage *st, PetscReal dt, double *u)
{
  PetscFunctionBeginUser;
  st->dt = dt;
  if (s->dt != dt) {
    PetscCall(s->ops->SetDt(s, dt));
    s->dt = dt;
  }
  EddyVerdict verdict = EDDY_VERDICT_KEEP;
  if (s->disc->may_reject)
    PetscCall(Backup(s, u, PETSC_FALSE));
  PetscCall(s->ops->Step(s, st, u));
  st->stage = 0;
  s->failed[0] = 0;
  if (s->disc->ops->Verdict)
    PetscCall(s->disc->ops->Verdict(s->disc, st, &verdict, s->failed, sizeof s->failed));
  if (verdict == EDDY_VERDICT_AGAIN) {
    PetscCall(Backup(s, u, PETSC_TRUE));
    PetscCall(s->ops->Step(s, st, u));
    st->stage = 0;
    PetscCall(s->disc->ops->Verdict(s->disc, st, &verdict, s->failed, sizeof s->failed));
  }
  if (s->disc->ops->Kick)
    PetscCall(s->disc->ops->Kick(s->disc, st, u));
  if (s->disc->ops->Commit)
    PetscCall(s->disc->ops->Commit(s->disc, st));
  s->dt_last = dt;
  ++s->taken;
  st->t += dt;
  ++st->step;
  PetscFunctionReturn(PETSC_SUCCESS);
}

double EddyStepperMemory(EddyStepper s)
{
  const double *re, *im;
  const double size = (double)s->disc->size;
  if (!s->disc->ops->Symbol || s->disc->ops->Symbol(s->disc, &re, &im))
    return 0;
  double table = 64;
  while (table < 3 * size / 2)
    table *= 2;
  return 8 * (size * (double)s->ops->ncoef * (im ? 1 : .5) + 3 * table);
}

PetscErrorCode EddyStepperDestroy(EddyStepper *stepper)
{
  EddyStepper s = *stepper;
  PetscFunctionBeginUser;
  if (!s)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (s->ops->Destroy)
    PetscCall(s->ops->Destroy(s));
  for (PetscInt i = 0; i < s->ops->levels; ++i)
    PetscCall(EddyDiscDestroyState(&s->history[i]));
  PetscCall(PetscFree(s->backup));
  PetscCall(PetscFree(s->ctx));
  PetscCall(PetscFree(*stepper));
  PetscFunctionReturn(PETSC_SUCCESS);
}
