/* SPDX-License-Identifier: BSD-3-Clause */
#include "gas.h"
#include <string.h>

static PetscInt Find(EddyPhysics p, const char *name)
{
  for (PetscInt c = 0; c < p->nprim; ++c)
    if (!strcmp(p->prim[c], name))
      return c;
  return -1;
}

PetscErrorCode EddyGasCreate(EddyInitial ic, EddyOptions o, PetscInt dim_min, PetscInt dim_max,
                             EddyGas *g)
{
  EddyInitialKey key;
  EddyPhysics p = ic->physics;
  PetscReal w[EDDY_MAX_COMP] = {0}, u[EDDY_MAX_COMP];
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  g->density = Find(p, "density");
  g->velocity = Find(p, "velocity_x");
  g->pressure = Find(p, "pressure");
  EddyOptionsCheck(
      g->density >= 0 && g->velocity >= 0 && g->pressure >= 0, o,
      EddyInitialOption(ic, "type", &key),
      "%s is a start of gas dynamics, physics_type %s has no density, velocity and pressure",
      ic->ops->name, p->ops->name);
  EddyOptionsCheck(p->box.dim >= dim_min && p->box.dim <= dim_max, o,
                   EddyInitialOption(ic, "type", &key),
                   "%s is for %d-D to %d-D boxes, this one has %d directions", ic->ops->name,
                   (int)dim_min, (int)dim_max, (int)p->box.dim);
  /* gas at rest with p = 1: E = 1/(gamma - 1) */
  w[g->density] = w[g->pressure] = 1;
  p->ops->ToCons(p->ctx, w, u);
  g->gamma = 1 + 1 / u[g->pressure];
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyGasState(EddyInitial ic, const EddyGas *g, PetscReal density, const PetscReal velocity[3],
                  PetscReal pressure, PetscReal u[])
{
  PetscReal w[EDDY_MAX_COMP] = {0};
  w[g->density] = density;
  for (PetscInt d = 0; d < ic->physics->box.dim; ++d)
    w[g->velocity + d] = velocity[d];
  w[g->pressure] = pressure;
  ic->physics->ops->ToCons(ic->physics->ctx, w, u);
}
