/* SPDX-License-Identifier: BSD-3-Clause */
/* The manufactured solution (verification/manufactured.h) at t = 0: the start of runs with physics_forcing_NAME_type manufactured. */
#include "verification/manufactured.h"
#include "initial.h"

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  PetscFunctionBeginUser;
  PetscCall(EddyManufacturedCreate(o, ic->physics, ic->ctx));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  EddyManufacturedState(ic->ctx, x, 0, u);
}

const EddyInitialOps eddy_initial_manufactured = {
    .name = "manufactured",
    .summary = "manufactured solution at t = 0, for the forcing of that name",
    .ctx_size = sizeof(EddyManufactured),
    .whole = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
