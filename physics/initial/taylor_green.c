/* SPDX-License-Identifier: BSD-3-Clause */
/* Taylor-Green vortices [TaylorGreen1937]:  u = A sin(a x) cos(b y),  v = -A (a/b) cos(a x) sin(b
   y), a = 2 pi k / L_x,  b = 2 pi k / L_y,   omega = v_x - u_y = A (a^2/b + b) sin(a x) sin(b y).
   In viscous flow the velocity decays as exp(-nu (a^2 + b^2) t) and nothing else happens (2-D). */
#include "initial.h"
#include <math.h>

typedef struct {
  PetscReal amplitude;
  PetscInt k;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscBool catalogue;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || ic->flow, o, EddyInitialOption(ic, "type", &key),
                   "taylor_green is a start for 2-D flows, physics_type %s is not one",
                   ic->physics->ops->name);
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "speed", "L/T", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  PetscCall(
      EddyOptionsInt(o, EddyInitialOption(ic, "k", &key), "waves per box", 1, 1, 100000, &c->k));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* sin(ax) sin(by) has -1/4 at (k, k) and 1/4 at (k, -k). */
static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  if (k->ik[0] != c->k || (k->ik[1] != c->k && k->ik[1] != -c->k))
    return;
  const PetscReal a = k->k[0], b = fabs(k->k[1]);
  const PetscReal omega = c->amplitude * (a * a / b + b) * (k->ik[1] > 0 ? -.25 : .25);
  u[ic->comp] = EddyInitialShift(&ic->physics->box, k, EddyC(omega, 0));
}

const EddyInitialOps eddy_initial_taylor_green = {
    .name = "taylor_green",
    .summary = "Taylor-Green vortices",
    .reference = "TaylorGreen1937",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
