/* SPDX-License-Identifier: BSD-3-Clause */
/* Forcing that makes a chosen smooth field the exact solution, for measuring the order of finite volumes:

     S = u_t + div F(u) - nu lap u   of the field of verification/manufactured.h

   The engine averages S over cells from fluxes through their faces (src/fv/force.c). Start from initial_type manufactured. Options: physics_manufactured_*. */
#include "verification/manufactured.h"
#include "forcing.h"
#include <math.h>

static PetscErrorCode Create(EddyForcing f, EddyOptions o, const char *prefix)
{
  EddyForcingKey key;
  EddyPhysics p = f->physics;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || (p->fv.ToPrim && p->ops->Flux), o,
                   EddyForcingOption(prefix, "type", &key),
                   "manufactured needs an equation with a flux in finite volumes; physics_type %s "
                   "has none",
                   p->ops->name);
  PetscCall(EddyManufacturedCreate(o, p, f->ctx));
  const PetscReal omega = fabs(((const EddyManufactured *)f->ctx)->omega);
  f->steady = (PetscBool)(omega == 0);
  f->tiny = 1e-2 / (omega > 0 ? omega : 1);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void State(EddyForcing f, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  EddyManufacturedState(f->ctx, x, t, u);
}

const EddyForcingOps eddy_forcing_manufactured = {
    .name = "manufactured",
    .summary = "makes a chosen smooth field the exact solution (finite volumes, for verification)",
    .ctx_size = sizeof(EddyManufactured),
    .Create = Create,
    .State = State,
};
