/* SPDX-License-Identifier: BSD-3-Clause */
/* Any PETSc TS (`-ts_type rk`, `arkimex`, ...): the whole right-hand side L u + N(u) as RHSFunction. One step of the run is one TSSolve over dt, in which an
   adaptive TS may take several steps; implicit types want `-snes_mf`. Fixed by default (`-ts_adapt_type basic` adapts). */
#include "stage.h"
#include <petscts.h>

typedef struct {
  TS ts;
  Vec u;
  double *coef, *copy;
  EddyStageArgs args;
  EddyStage *stage;
  EddyStepper stepper;
} Ctx;

static PetscErrorCode Function(TS ts, PetscReal t, Vec u, Vec f, void *ctx)
{
  Ctx *c = (Ctx *)ctx;
  EddyDisc d = c->stepper->disc;
  const double *x;
  double *y, *aligned = c->copy;
  EddyStage st = *c->stage;
  PetscFunctionBeginUser;
  /* PETSc's arrays are 16-byte aligned only; the engine needs 64 */
  PetscCall(VecGetArrayRead(u, &x));
  PetscCall(PetscArraycpy(aligned, x, d->size));
  PetscCall(VecRestoreArrayRead(u, &x));
  st.t = t;
  c->args.u = aligned;
  PetscCall(d->ops->Rhs(d, &st, aligned, aligned + d->size, EddyStageKernelsGet(d->level)->full,
                        &c->args));
  PetscCall(VecGetArrayWrite(f, &y));
  PetscCall(PetscArraycpy(y, aligned + d->size, d->size));
  PetscCall(VecRestoreArrayWrite(f, &y));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void SymbolFormula(EddyComplex L, double dt, EddyComplex out[]) { out[0] = L; }

static PetscErrorCode Create(EddyStepper s, EddyOptions o)
{
  Ctx *c = (Ctx *)s->ctx;
  EddyDisc d = s->disc;
  TSAdapt adapt;
  PetscFunctionBeginUser;
  if (!d)
    PetscFunctionReturn(PETSC_SUCCESS);
  c->stepper = s;
  struct _p_EddyDisc twice = *d;
  twice.size = 2 * d->size;
  PetscCall(EddyDiscCreateState(&twice, &c->copy));
  PetscCall(EddyCoefCreate(d, 1, 1, SymbolFormula, &c->coef, &c->args.complex_symbol));
  c->args.coef = c->coef;
  c->args.ncoef = 1;
  c->args.uniform = d->ops->Symbol ? PETSC_FALSE : PETSC_TRUE;
  PetscCall(VecCreateMPI(d->comm, (PetscInt)d->size, PETSC_DETERMINE, &c->u));
  PetscCall(TSCreate(d->comm, &c->ts));
  PetscCall(TSSetProblemType(c->ts, TS_NONLINEAR));
  PetscCall(TSSetRHSFunction(c->ts, NULL, Function, c));
  PetscCall(TSSetType(c->ts, TSRK));
  PetscCall(TSSetExactFinalTime(c->ts, TS_EXACTFINALTIME_MATCHSTEP));
  PetscCall(TSGetAdapt(c->ts, &adapt));
  PetscCall(TSAdaptSetType(adapt, TSADAPTNONE));
  PetscCall(TSSetFromOptions(c->ts));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetDt(EddyStepper s, PetscReal dt)
{
  PetscFunctionBeginUser;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Step(EddyStepper s, EddyStage *st, double *u)
{
  Ctx *c = (Ctx *)s->ctx;
  double *x;
  TSConvergedReason reason;
  PetscFunctionBeginUser;
  c->stage = st;
  PetscCall(VecGetArrayWrite(c->u, &x));
  PetscCall(PetscArraycpy(x, u, s->disc->size));
  PetscCall(VecRestoreArrayWrite(c->u, &x));
  PetscCall(TSSetTime(c->ts, st->t));
  PetscCall(TSSetStepNumber(c->ts, 0));
  PetscCall(TSSetTimeStep(c->ts, st->dt));
  PetscCall(TSSetMaxTime(c->ts, st->t + st->dt));
  PetscCall(TSSolve(c->ts, c->u));
  PetscCall(TSGetConvergedReason(c->ts, &reason));
  PetscCheck(reason > 0, s->disc->comm, EDDY_ERR_SOLUTION, "time_type ts: %s at t = %g",
             TSConvergedReasons[reason], (double)st->t);
  PetscCall(VecGetArray(c->u, &x));
  PetscCall(PetscArraycpy(u, x, s->disc->size));
  PetscCall(VecRestoreArray(c->u, &x));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyStepper s)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyCoefDestroy(&c->coef));
  PetscCall(EddyDiscDestroyState(&c->copy));
  PetscCall(VecDestroy(&c->u));
  PetscCall(TSDestroy(&c->ts));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyStepperOps eddy_stepper_ts = {
    .name = "ts",
    .summary = "any PETSc TS (-ts_type rk, ...), all explicit unless -snes_mf",
    .reference = "PETSc manual, chapter TS",
    .order = 3,
    .ncoef = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDt,
    .Step = Step,
    .Destroy = Destroy,
};
