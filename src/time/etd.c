/* SPDX-License-Identifier: BSD-3-Clause */
/* Exponential time differencing: ETDRK4 and ETDRK2 [CoxMatthews2002], coefficients as means over a circle of radius 1 around L dt, which
   avoids the cancellation in (exp(z) - 1 - ...)/z^n [KassamTrefethen2005 section 3]. 64 points leave 1e-16.

     z = L dt,  E = e^z,  E2 = e^{z/2},  Q = dt (e^{z/2} - 1)/z,
     f1 = dt (-4 - z + e^z (4 - 3 z + z^2))/z^3,  f2 = dt (2 + z + e^z (z - 2))/z^3,  f3 = dt (-4 - 3 z - z^2 + e^z (4 - z))/z^3 */
#include "stage.h"
#include <complex.h>

enum { CONTOUR = 64 };

typedef struct {
  double *coef, *a, *b, *n0, *sum;
  EddyStageArgs args;
} Ctx;

static EddyComplex Cx(double complex z) { return (EddyComplex){creal(z), cimag(z)}; }

/* Integrand of each coefficient at z on the contour. */
typedef void (*Integrand)(double complex z, double complex out[3]);
static void Etdrk4Integrand(double complex z, double complex out[])
{
  const double complex e = cexp(z), z3 = z * z * z;
  out[0] = (cexp(z / 2) - 1) / z;
  out[1] = (-4 - z + e * (4 - 3 * z + z * z)) / z3;
  out[2] = 2 * (2 + z + e * (z - 2)) / z3;
  out[3] = (-4 - 3 * z - z * z + e * (4 - z)) / z3;
}
static void Etdrk2Integrand(double complex z, double complex out[])
{
  const double complex e = cexp(z);
  out[0] = (e - 1) / z;
  out[1] = (e - 1 - z) / (z * z);
}

/* Mean over the circle; for real z the mean over the upper half is taken and made real, so that conjugate modes stay conjugate. */
static void Mean(Integrand f, PetscInt n, double complex z, double dt, EddyComplex out[])
{
  const PetscBool real = cimag(z) == 0 ? PETSC_TRUE : PETSC_FALSE;
  double complex sum[4] = {0}, v[4];
  for (int j = 0; j < CONTOUR; ++j) {
    const double angle = (real ? PETSC_PI : 2 * PETSC_PI) * (j + .5) / CONTOUR;
    f(z + (cos(angle) + I * sin(angle)), v);
    for (PetscInt q = 0; q < n; ++q)
      sum[q] += v[q];
  }
  for (PetscInt q = 0; q < n; ++q)
    out[q] = Cx(dt / CONTOUR * (real ? creal(sum[q]) : sum[q]));
}

static void Etdrk4Formula(EddyComplex L, double dt, EddyComplex out[])
{
  const double complex z = dt * (L.re + I * L.im);
  out[0] = Cx(cexp(z));
  out[1] = Cx(cexp(z / 2));
  Mean(Etdrk4Integrand, 4, z, dt, out + 2);
}

static void Etdrk2Formula(EddyComplex L, double dt, EddyComplex out[])
{
  const double complex z = dt * (L.re + I * L.im);
  out[0] = Cx(cexp(z));
  Mean(Etdrk2Integrand, 2, z, dt, out + 1);
}

static PetscErrorCode Create(EddyStepper s, EddyOptions o)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  if (!s->disc)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyDiscCreateState(s->disc, &c->a));
  PetscCall(EddyDiscCreateState(s->disc, &c->n0));
  if (s->ops->order < 4)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyDiscCreateState(s->disc, &c->b));
  PetscCall(EddyDiscCreateState(s->disc, &c->sum));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetDt(EddyStepper s, PetscReal dt)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscBool complex_symbol;
  const PetscInt n = s->ops->order == 4 ? 6 : 3;
  PetscFunctionBeginUser;
  PetscCall(EddyCoefCreate(s->disc, dt, n, s->ops->order == 4 ? Etdrk4Formula : Etdrk2Formula,
                           &c->coef, &complex_symbol));
  c->args = (EddyStageArgs){.coef = c->coef,
                            .ncoef = n,
                            .complex_symbol = complex_symbol,
                            .uniform = s->disc->ops->Symbol ? PETSC_FALSE : PETSC_TRUE,
                            .a = c->a,
                            .b = c->b,
                            .n0 = c->n0,
                            .sum = c->sum};
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode StepRk4(EddyStepper s, EddyStage *st, double *u)
{
  Ctx *c = (Ctx *)s->ctx;
  const EddyStageKernels *k = EddyStageKernelsGet(s->disc->level);
  static const PetscReal time[4] = {0, .5, .5, 1};
  const PetscReal t0 = st->t;
  const double *value[4] = {u, c->a, c->b, c->a};
  PetscFunctionBeginUser;
  c->args.u = u;
  for (st->stage = 0; st->stage < 4; ++st->stage) {
    st->t = t0 + time[st->stage] * st->dt;
    PetscCall(
        s->disc->ops->Rhs(s->disc, st, value[st->stage], NULL, k->etdrk4[st->stage], &c->args));
  }
  st->t = t0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode StepRk2(EddyStepper s, EddyStage *st, double *u)
{
  Ctx *c = (Ctx *)s->ctx;
  const EddyStageKernels *k = EddyStageKernelsGet(s->disc->level);
  const PetscReal t0 = st->t;
  PetscFunctionBeginUser;
  c->args.u = u;
  st->stage = 0;
  PetscCall(s->disc->ops->Rhs(s->disc, st, u, NULL, k->etdrk2[0], &c->args));
  st->stage = 1;
  st->t = t0 + st->dt;
  PetscCall(s->disc->ops->Rhs(s->disc, st, c->a, NULL, k->etdrk2[1], &c->args));
  st->t = t0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyStepper s)
{
  Ctx *c = (Ctx *)s->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyCoefDestroy(&c->coef));
  PetscCall(EddyDiscDestroyState(&c->a));
  PetscCall(EddyDiscDestroyState(&c->b));
  PetscCall(EddyDiscDestroyState(&c->n0));
  PetscCall(EddyDiscDestroyState(&c->sum));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyStepperOps eddy_stepper_etdrk4 = {
    .name = "etdrk4",
    .summary = "exponential Runge-Kutta, order 4",
    .reference = "KassamTrefethen2005",
    .order = 4,
    .ncoef = 6,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDt,
    .Step = StepRk4,
    .Destroy = Destroy,
};
const EddyStepperOps eddy_stepper_etdrk2 = {
    .name = "etdrk2",
    .summary = "exponential Runge-Kutta, order 2",
    .reference = "CoxMatthews2002",
    .order = 2,
    .ncoef = 3,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .SetDt = SetDt,
    .Step = StepRk2,
    .Destroy = Destroy,
};
