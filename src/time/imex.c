/* SPDX-License-Identifier: BSD-3-Clause */
/* Schemes that need no exponentials.

   cnrk4   Crank-Nicolson for L inside the five low-storage stages of Carpenter and Kennedy (1994) for N, as jax-cfd does:
             h = N(u) + beta_k h,  (1 - mu_k L) u' = u + gamma_k dt h + mu_k L u,  mu_k = dt (alpha_{k+1} - alpha_k)/2
           order 4 in N, 2 in L.
   ab2cn   Adams-Bashforth 2 for N (variable step: weights 1 + w, -w with w = dt/(2 dt_old); first step Euler), Crank-Nicolson for L.
   ssprk2  Shu and Osher (1988), two stages (Heun), L explicit too.
   ssprk3  the same with three stages. */
#include "stage.h"

typedef struct {
  double *coef, *a, *b, *h;
  EddyStageArgs args;
} Ctx;

static void SymbolFormula(EddyComplex L, double dt, EddyComplex out[]) { out[0] = L; }

static EddyComplex Quotient(EddyComplex a, EddyComplex b)
{
  const double n = 1 / (b.re * b.re + b.im * b.im);
  return (EddyComplex){(a.re * b.re + a.im * b.im) * n, (a.im * b.re - a.re * b.im) * n};
}

static void Ab2cnFormula(EddyComplex L, double dt, EddyComplex out[])
{
  const EddyComplex plus = {1 + .5 * dt * L.re, .5 * dt * L.im},
                    minus = {1 - .5 * dt * L.re, -.5 * dt * L.im};
  out[0] = Quotient(plus, minus);
  out[1] = Quotient((EddyComplex){dt, 0}, minus);
}

static PetscErrorCode Create(EddyStepper s, EddyOptions o)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  if (!s->disc)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyDiscCreateState(s->disc, &c->a));
  PetscCall(EddyDiscCreateState(s->disc, &c->b));
  PetscCall(EddyDiscCreateState(s->disc, &c->h));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetDtSymbol(EddyStepper s, PetscReal dt)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  c->args = (EddyStageArgs){.ncoef = 1,
                            .uniform = s->disc->ops->Symbol ? PETSC_FALSE : PETSC_TRUE,
                            .a = c->a,
                            .b = c->b,
                            .n0 = c->h};
  PetscCall(EddyCoefCreate(s->disc, dt, 1, SymbolFormula, &c->coef, &c->args.complex_symbol));
  c->args.coef = c->coef;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetDtAb2(EddyStepper s, PetscReal dt)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  c->args = (EddyStageArgs){.ncoef = 2, .uniform = s->disc->ops->Symbol ? PETSC_FALSE : PETSC_TRUE};
  PetscCall(EddyCoefCreate(s->disc, dt, 2, Ab2cnFormula, &c->coef, &c->args.complex_symbol));
  c->args.coef = c->coef;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode StepCnrk4(EddyStepper s, EddyStage *st, double *u)
{
  static const PetscReal alpha[6] = {
      0, 0.1496590219993, 0.3704009573644, 0.6222557631345, 0.9582821306748, 1};
  static const PetscReal beta[5] = {0, -0.4178904745, -1.192151694643, -1.697784692471,
                                    -1.514183444257};
  static const PetscReal gamma[5] = {0.1496590219993, 0.3792103129999, 0.8229550293869,
                                     0.6994504559488, 0.1530572479681};
  Ctx *c = (Ctx *)s->ctx;
  const PetscReal t0 = st->t;
  PetscFunctionBeginUser;
  c->args.u = u;
  for (PetscInt k = 0; k < 5; ++k) {
    st->stage = k;
    st->t = t0 + alpha[k] * st->dt;
    c->args.s[0] = beta[k];
    c->args.s[1] = gamma[k] * st->dt;
    c->args.s[2] = .5 * st->dt * (alpha[k + 1] - alpha[k]);
    PetscCall(s->disc->ops->Rhs(s->disc, st, u, NULL, EddyStageKernelsGet(s->disc->level)->cnrk,
                                &c->args));
  }
  st->t = t0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* history[0] is N of the last step. */
static PetscErrorCode StepAb2cn(EddyStepper s, EddyStage *st, double *u)
{
  Ctx *c = (Ctx *)s->ctx;
  const PetscReal w = s->taken && s->dt_last > 0 ? .5 * st->dt / s->dt_last : 0;
  PetscFunctionBeginUser;
  c->args.u = u;
  c->args.n0 = s->history[0];
  c->args.s[0] = 1 + w;
  c->args.s[1] = -w;
  st->stage = 0;
  PetscCall(s->disc->ops->Rhs(s->disc, st, u, NULL, EddyStageKernelsGet(s->disc->level)->ab2cn,
                              &c->args));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Stages v_k = w0 u + w1 (v_k-1 + dt F(v_k-1)), v_0 = u, of a scheme in Shu-Osher form; the last one is written into u. */
static PetscErrorCode ShuOsher(EddyStepper s, EddyStage *st, double *u, PetscInt stages,
                               const PetscReal weight[][2], const PetscReal time[])
{
  Ctx *c = (Ctx *)s->ctx;
  const PetscReal t0 = st->t;
  PetscFunctionBeginUser;
  c->args.u = u;
  for (PetscInt k = 0; k < stages; ++k) {
    st->stage = k;
    st->t = t0 + time[k] * st->dt;
    c->args.s[0] = weight[k][0];
    c->args.s[1] = weight[k][1];
    c->args.s[2] = weight[k][1] * st->dt;
    c->args.b = k ? c->b : u;
    c->args.a = k == stages - 1 ? u : c->b; /* elementwise, so the stage value may be overwritten */
    PetscCall(s->disc->ops->Rhs(s->disc, st, c->args.b, NULL,
                                EddyStageKernelsGet(s->disc->level)->ssprk3, &c->args));
  }
  st->t = t0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode StepSsprk3(EddyStepper s, EddyStage *st, double *u)
{
  /* the weights of a stage add up to 1 exactly, or sums would drift by an ulp per step */
  static const PetscReal weight[3][2] = {{0, 1}, {.75, .25}, {1 - 2. / 3, 2. / 3}},
                         time[3] = {0, 1, .5};
  PetscFunctionBeginUser;
  PetscCall(ShuOsher(s, st, u, 3, weight, time));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode StepSsprk2(EddyStepper s, EddyStage *st, double *u)
{
  static const PetscReal weight[2][2] = {{0, 1}, {.5, .5}}, time[2] = {0, 1};
  PetscFunctionBeginUser;
  PetscCall(ShuOsher(s, st, u, 2, weight, time));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyStepper s)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyCoefDestroy(&c->coef));
  PetscCall(EddyDiscDestroyState(&c->a));
  PetscCall(EddyDiscDestroyState(&c->b));
  PetscCall(EddyDiscDestroyState(&c->h));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyStepperOps eddy_stepper_cnrk4 = {
    .name = "cnrk4",
    .summary = "Crank-Nicolson with Carpenter-Kennedy low-storage RK4",
    .reference = "CarpenterKennedy1994",
    .order = 2,
    .ncoef = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDtSymbol,
    .Step = StepCnrk4,
    .Destroy = Destroy,
};
const EddyStepperOps eddy_stepper_ab2cn = {
    .name = "ab2cn",
    .summary = "Adams-Bashforth 2 with Crank-Nicolson",
    .reference = "Canuto2006",
    .order = 2,
    .levels = 1,
    .ncoef = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDtAb2,
    .Step = StepAb2cn,
    .Destroy = Destroy,
};
const EddyStepperOps eddy_stepper_ssprk3 = {
    .name = "ssprk3",
    .summary = "strong-stability-preserving Runge-Kutta 3, all explicit",
    .reference = "ShuOsher1988",
    .order = 3,
    .ncoef = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDtSymbol,
    .Step = StepSsprk3,
    .Destroy = Destroy,
};
const EddyStepperOps eddy_stepper_ssprk2 = {
    .name = "ssprk2",
    .summary = "strong-stability-preserving Runge-Kutta 2, all explicit",
    .reference = "ShuOsher1988",
    .order = 2,
    .ncoef = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDtSymbol,
    .Step = StepSsprk2,
    .Destroy = Destroy,
};
