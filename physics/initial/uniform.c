/* SPDX-License-Identifier: BSD-3-Clause */
/* The same state everywhere, from its primitive values: initial_NAME with the names of the physics (density, velocity_x, pressure; depth; u). Positive
   quantities are 1 unless given, others 0. */
#include "initial.h"

typedef struct {
  PetscReal u[EDDY_MAX_COMP];
  PetscInt n;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyPhysics p = ic->physics;
  EddyInitialKey key;
  PetscReal w[EDDY_MAX_COMP] = {0};
  PetscBool catalogue;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue) {
    PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "NAME", &key),
                              "value of the primitive quantity NAME", "state", 0, -PETSC_MAX_REAL,
                              PETSC_MAX_REAL, w));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  EddyOptionsCheck(p->fv.ToPrim, o, EddyInitialOption(ic, "type", &key),
                   "uniform needs a physics with a finite-volume form; %s has none", p->ops->name);
  c->n = p->ncomp;
  for (PetscInt q = 0; q < c->n; ++q) {
    PetscBool positive = PETSC_FALSE;
    for (PetscInt k = 0; k < p->npositive; ++k)
      if (p->positive[k] == q)
        positive = PETSC_TRUE;
    PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, p->prim[q], &key), "value of this quantity",
                              p->prim_unit[q], positive ? 1 : 0,
                              positive ? PETSC_SMALL : -PETSC_MAX_REAL, PETSC_MAX_REAL, &w[q]));
  }
  if (p->ops->ToCons)
    p->ops->ToCons(p->ctx, w, c->u);
  else
    for (PetscInt q = 0; q < c->n; ++q)
      c->u[q] = w[q];
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  for (PetscInt q = 0; q < c->n; ++q)
    u[q] = c->u[q];
}

const EddyInitialOps eddy_initial_uniform = {
    .name = "uniform",
    .summary = "the same state everywhere, by its primitive values (fv)",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
