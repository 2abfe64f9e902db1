/* SPDX-License-Identifier: BSD-3-Clause */
/* Starts of shallow water, at rest, over the bed b of the physics: depth max(0, surface - b).

     lake       one surface everywhere, with a bell of water on it when bell is not 0: bell exp(-r^2/(2 width^2))
     dam_break  surface `inside` where x < x0, or within radius of the centre when a radius is given, `outside` elsewhere; the radial dam of
                PDEBench is inside 2, outside 1, g 1 [Takamoto2022] */
#include "initial.h"
#include <math.h>
#include <string.h>

typedef struct {
  PetscReal surface, bell, width, outside, radius, x0, centre[3];
} Ctx;

/* Errors: not a physics of water. */
static PetscErrorCode Common(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  EddyPhysics p = ic->physics;
  Ctx *c = ic->ctx;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || (p->naux && !strcmp(p->prim[0], "depth")), o,
                   EddyInitialOption(ic, "type", &key),
                   "%s is a start of shallow water, physics_type %s has no depth", ic->ops->name,
                   p->ops->name);
  for (int d = 0; d < (int)p->box.dim; ++d)
    c->centre[d] = .5 * (p->box.lower[d] + p->box.upper[d]);
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "centre", &key), "centre of bell or dam", "L",
                             p->box.dim, -PETSC_MAX_REAL, PETSC_MAX_REAL, c->centre, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode LakeCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(Common(ic, o));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "surface", &key), "height of the surface", "L",
                            1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->surface));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "bell", &key),
                            "height of a bell of water on it", "L", 0, -PETSC_MAX_REAL,
                            PETSC_MAX_REAL, &c->bell));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "width", &key),
                            "standard deviation of the bell", "L", .1, PETSC_SMALL, PETSC_MAX_REAL,
                            &c->width));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DamCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(Common(ic, o));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "inside", &key), "surface behind the dam", "L",
                            2, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->surface));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "outside", &key), "surface before the dam",
                            "L", 1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->outside));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "radius", &key),
                            "radius of a round dam; 0: straight, across x", "L", 0, 0,
                            PETSC_MAX_REAL, &c->radius));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "x0", &key), "place of a straight dam", "L",
                            c->centre[0], -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->x0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Fill(EddyInitial ic, const PetscReal x[3], PetscReal surface, PetscReal u[])
{
  PetscReal w[EDDY_MAX_COMP] = {0}, bed[EDDY_MAX_COMP];
  ic->physics->ops->Aux(ic->physics->ctx, x, bed);
  w[0] = PetscMax(0, surface - bed[0]);
  ic->physics->ops->ToCons(ic->physics->ctx, w, u);
}

static PetscReal Square(EddyInitial ic, const PetscReal x[3])
{
  const Ctx *c = ic->ctx;
  PetscReal sum = 0;
  for (PetscInt d = 0; d < ic->physics->box.dim; ++d)
    sum += (x[d] - c->centre[d]) * (x[d] - c->centre[d]);
  return sum;
}

static void LakePoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  Fill(ic, x, c->surface + c->bell * exp(-.5 * Square(ic, x) / (c->width * c->width)), u);
}

static void DamPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscBool inside = c->radius > 0 ? (PetscBool)(Square(ic, x) < c->radius * c->radius)
                                         : (PetscBool)(x[0] < c->x0);
  Fill(ic, x, inside ? c->surface : c->outside, u);
}

const EddyInitialOps eddy_initial_lake = {
    .name = "lake",
    .summary = "water at rest over the bed, with a bell of water on it",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE, /* like the bed: so that the surface is level in every cell */
    .Create = LakeCreate,
    .Point = LakePoint,
};
const EddyInitialOps eddy_initial_dam_break = {
    .name = "dam_break",
    .summary = "water of two depths behind a straight or round dam",
    .reference = "Takamoto2022",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = DamCreate,
    .Point = DamPoint,
};
