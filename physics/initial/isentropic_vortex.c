/* SPDX-License-Identifier: BSD-3-Clause */
/* Isentropic vortex that is carried along unchanged [Shu1998 section 5.1]: with r the distance from its centre,

     u = u_0 - (beta/2 pi) exp((1 - r^2)/2) (y - y_c),  v = v_0 + (beta/2 pi) exp((1 - r^2)/2) (x - x_c),
     T = 1 - (gamma - 1) beta^2/(8 gamma pi^2) exp(1 - r^2),  rho = T^(1/(gamma-1)),  p = rho T.

   On a periodic box the nearest image counts; half-width 10 leaves a jump of 1e-21 there. */
#include "gas.h"
#include <math.h>

typedef struct {
  EddyGas gas;
  PetscReal beta, centre[3], velocity[3], length[3];
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  for (int d = 0; d < (int)box->dim; ++d) {
    c->velocity[d] = d < 2 ? 1 : 0;
    c->length[d] = EddyBoxLength(box, d);
  }
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "beta", &key), "strength of the vortex", "1",
                            5, 0, 8, &c->beta));
  PetscCall(EddyInitialCentre(ic, o, "centre", c->centre));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "velocity", &key),
                             "velocity of the flow around it", "L/T", box->dim, -1e6, 1e6,
                             c->velocity, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal g1 = c->gas.gamma - 1;
  PetscReal r[2], v[3];
  for (int d = 0; d < 2; ++d)
    r[d] = x[d] - c->centre[d] - c->length[d] * rint((x[d] - c->centre[d]) / c->length[d]);
  const PetscReal e = exp(1 - r[0] * r[0] - r[1] * r[1]),
                  swirl = c->beta / (2 * PETSC_PI) * sqrt(e);
  const PetscReal T = 1 - g1 * c->beta * c->beta / (8 * c->gas.gamma * PETSC_PI * PETSC_PI) * e;
  const PetscReal rho = pow(T, 1 / g1);
  v[0] = c->velocity[0] - swirl * r[1];
  v[1] = c->velocity[1] + swirl * r[0];
  v[2] = c->velocity[2];
  EddyGasState(ic, &c->gas, rho, v, rho * T, u);
}

const EddyInitialOps eddy_initial_isentropic_vortex = {
    .name = "isentropic_vortex",
    .summary = "a vortex in a gas that is carried along unchanged",
    .reference = "Shu1998",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
