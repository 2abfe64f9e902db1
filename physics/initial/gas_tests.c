/* SPDX-License-Identifier: BSD-3-Clause */
/* Single flows of a gas that sets carry as tests [Takamoto2022], on any box; X, Y in [0, 1] across it.

   one_layer    two streams, +-1 along x, density 2/(1 + ratio) above and ratio times as much below the line Y = 1/2 + displacement sin(2 pi waves X),
                pressure rho_mean/(gamma mach^2), rho_mean = 1: Mach numbers are those of the mean density
   orszag_tang  density gamma^2, pressure gamma, velocity (-sin 2 pi Y, sin 2 pi X): the vortex of Orszag and Tang without its magnetic field
   blast        gas at rest with one pressure inside `radius` of `centre` and another outside, one density

   Cells get the value at their centre. */
#include "gas.h"
#include <math.h>

typedef struct {
  EddyGas gas;
  PetscReal ratio, displacement, mach, density, pressure[2], radius, centre[3];
  PetscInt waves;
} Ctx;

static PetscReal Across(EddyInitial ic, const PetscReal x[3], int d)
{
  const EddyBox *box = &ic->physics->box;
  return (x[d] - box->lower[d]) / EddyBoxLength(box, d);
}

static PetscErrorCode LayerCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "ratio", &key),
                            "density below over density above", "1", 1, PETSC_SMALL, PETSC_MAX_REAL,
                            &c->ratio));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "mach", &key),
                            "speed of the streams over the sound speed of the mean density", "1",
                            .1, PETSC_SMALL, 100, &c->mach));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "displacement", &key),
                            "amplitude of the line between them, in box heights", "1", .005, 0, .5,
                            &c->displacement));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "waves", &key), "waves of the line per box", 4,
                           0, 10000, &c->waves));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void LayerPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal line = .5 + c->displacement *
                                  sin(2 * PETSC_PI * (PetscReal)c->waves * Across(ic, x, 0)),
                  above = 2 / (1 + c->ratio);
  const PetscBool up = (PetscBool)(Across(ic, x, 1) > line);
  const PetscReal velocity[3] = {up ? 1 : -1, 0, 0};
  EddyGasState(ic, &c->gas, up ? above : c->ratio * above, velocity,
               1 / (c->gas.gamma * c->mach * c->mach), u);
}

static PetscErrorCode VortexCreate(EddyInitial ic, EddyOptions o)
{
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void VortexPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal gamma = c->gas.gamma, velocity[3] = {-sin(2 * PETSC_PI * Across(ic, x, 1)),
                                                       sin(2 * PETSC_PI * Across(ic, x, 0)), 0};
  EddyGasState(ic, &c->gas, gamma * gamma, velocity, gamma, u);
}

static PetscErrorCode BlastCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 3, &c->gas));
  c->pressure[0] = 100, c->pressure[1] = .1;
  PetscCall(EddyInitialCentre(ic, o, "centre", c->centre));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "radius", &key), "radius of the blast", "L",
                            .05 * EddyBoxLength(box, 0), PETSC_SMALL, PETSC_MAX_REAL, &c->radius));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "pressure", &key),
                             "pressure inside, and outside", "M/(L T^2)", 2, PETSC_SMALL,
                             PETSC_MAX_REAL, c->pressure, NULL));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "density", &key), "density", "M/L^3", 1,
                            PETSC_SMALL, PETSC_MAX_REAL, &c->density));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void BlastPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal velocity[3] = {0, 0, 0};
  PetscReal r2 = 0;
  for (int d = 0; d < (int)ic->physics->box.dim; ++d)
    r2 += (x[d] - c->centre[d]) * (x[d] - c->centre[d]);
  EddyGasState(ic, &c->gas, c->density, velocity, c->pressure[r2 > c->radius * c->radius], u);
}

#define ROW(NAME, CREATE, POINT, SUMMARY) \
  const EddyInitialOps eddy_initial_##NAME = { \
      .name = #NAME, \
      .summary = SUMMARY, \
      .reference = "Takamoto2022", \
      .ctx_size = sizeof(Ctx), \
      .whole = PETSC_TRUE, \
      .centre = PETSC_TRUE, \
      .Create = CREATE, \
      .Point = POINT, \
  }
ROW(one_layer, LayerCreate, LayerPoint,
    "two streams of gas with one sharp, wavy line between them");
ROW(orszag_tang, VortexCreate, VortexPoint, "the vortex of Orszag and Tang, of gas alone");
ROW(blast, BlastCreate, BlastPoint, "a ball of gas under pressure");
