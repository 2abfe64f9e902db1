/* SPDX-License-Identifier: BSD-3-Clause */
/* The exact solution of the physics at t = 0 (its options are physics_exact_*): the start of
 * verification runs. */
#include "initial.h"

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || (ic->physics->ops->Exact && ic->comp == 0), o,
                   EddyInitialOption(ic, "type", &key), "physics_type %s has no exact solution",
                   ic->physics->ops->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  ic->physics->ops->Exact(ic->physics->ctx, x, 0, u);
}

const EddyInitialOps eddy_initial_exact = {
    .name = "exact",
    .summary = "exact solution of the physics at t = 0",
    .Create = Create,
    .Point = Point,
};
