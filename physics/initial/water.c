/* SPDX-License-Identifier: BSD-3-Clause */
/* Starts of shallow water over the bed b of the physics: depth max(0, surface - b).

     lake       one surface everywhere, with a bell of water on it when bell is not 0: bell exp(-r^2/(2 width^2))
     dam_break  surface `inside` where x < x0, or within radius of the centre when a radius is given, `outside` elsewhere; the radial dam of
                PDEBench is inside 2, outside 1, g 1 [Takamoto2022]
     solitary   a solitary wave eta = H sech^2(sqrt(3 H / (4 d^3)) (x - x0)) on still water `surface` of depth d, moving along x with the velocity
                eta sqrt(g/d) [Synolakis1987]

   The first two are at rest. */
#include "initial.h"
#include <math.h>
#include <string.h>

typedef struct {
  PetscReal surface, bell, width, outside, radius, x0, centre[3];
  PetscReal amplitude, depth, speed; /* of a solitary wave; speed: sqrt(g/d), with its sign */
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
  PetscCall(EddyInitialCentre(ic, o, "centre of bell or dam", c->centre));
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
  PetscCall(EddyOptionsIdle(o, c->radius > 0, key.text));
  PetscCall(EddyOptionsIdle(o, c->radius == 0, EddyInitialOption(ic, "centre", &key)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SolitaryCreate(EddyInitial ic, EddyOptions o)
{
  static const char *const sides[] = {"xmin", "xmax"};
  static const PetscReal along[3] = {1, 0, 0}, still[EDDY_MAX_COMP] = {1};
  EddyInitialKey key;
  PetscReal flux[EDDY_MAX_COMP] = {0, .5}; /* of water at rest of depth 1: g/2 */
  PetscInt towards;
  PetscBool catalogue;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(Common(ic, o));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "surface", &key), "height of the surface", "L",
                            0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->surface));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "height of the wave", "L",
                            .1, 0, PETSC_MAX_REAL, &c->amplitude));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "depth", &key),
                            "depth of the still water it runs on", "L", 1, PETSC_SMALL,
                            PETSC_MAX_REAL, &c->depth));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "x0", &key), "place of the crest", "L",
                            c->centre[0], -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->x0));
  PetscCall(EddyOptionsChoice(o, EddyInitialOption(ic, "towards", &key), "side the wave runs to",
                              sides, 2, 1, &towards));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (!catalogue)
    ic->physics->ops->Flux(ic->physics->ctx, still, 0, along, still, NULL, flux);
  c->speed = (towards ? 1 : -1) * PetscSqrtReal(2 * flux[1] / c->depth);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Fill(EddyInitial ic, const PetscReal x[3], PetscReal surface, PetscReal velocity,
                 PetscReal u[])
{
  PetscReal w[EDDY_MAX_COMP] = {0}, bed[EDDY_MAX_COMP];
  ic->physics->ops->Aux(ic->physics->ctx, x, bed);
  w[0] = PetscMax(0, surface - bed[0]);
  w[1] = w[0] > 0 ? velocity : 0;
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
  Fill(ic, x, c->surface + c->bell * exp(-.5 * Square(ic, x) / (c->width * c->width)), 0, u);
}

static void DamPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscBool inside = c->radius > 0 ? (PetscBool)(Square(ic, x) < c->radius * c->radius)
                                         : (PetscBool)(x[0] < c->x0);
  Fill(ic, x, inside ? c->surface : c->outside, 0, u);
}

static void SolitaryPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal d = c->depth, q = sqrt(.75 * c->amplitude / d) / d * (x[0] - c->x0),
                  eta = c->amplitude / (cosh(q) * cosh(q));
  Fill(ic, x, c->surface + eta, eta * c->speed, u);
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
const EddyInitialOps eddy_initial_solitary = {
    .name = "solitary",
    .summary = "a solitary wave on still water, running along x",
    .reference = "Synolakis1987",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = SolitaryCreate,
    .Point = SolitaryPoint,
};
