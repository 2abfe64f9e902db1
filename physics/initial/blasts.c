/* SPDX-License-Identifier: BSD-3-Clause */
/* Strong shocks of the literature, for verification of gas dynamics.

   shu_osher         1-D, meant for [-5, 5]: a Mach 3 shock at x0 = -4 runs into density 1 + 0.2 sin(5 x) [ShuOsher1989, example 8]
   woodward_colella  1-D, meant for [0, 1] between walls: density 1 at rest, pressure 1000 for x < 0.1, 0.01, and 100 for x > 0.9 [WoodwardColella1984]; the
                     places are fractions of the box
   double_mach       2-D, meant for [0, 4] x [0, 1], gamma 1.4: a Mach 10 shock that makes 60 degrees with the wall y = lower and touches it at x0 = 1/6
                     [WoodwardColella1984]
   sedov             gas at rest with density rho and pressure p0, and the energy `energy` in a bell around `centre`,
                     E exp(-r^2/width^2)/(sqrt(pi) width)^dim: planar, cylindrical (E per length) or spherical blast by the dimension of the box [KammTimmes2007]. E is that of the
                     whole space, also when walls through the centre cut a half, a quadrant or an octant out of it
   noh               gas of density 1 and pressure p0 falls onto `centre` with speed 1 from everywhere [Noh1987]

   Options: initial_x0 (shu_osher, double_mach); initial_energy, density, pressure, width, centre (sedov); initial_pressure, centre (noh). */
#include "gas.h"
#include <math.h>

typedef struct {
  EddyGas gas;
  PetscReal energy, density, pressure, width, x0, centre[3];
} Ctx;

/* ---- shocks on a line ---- */

static PetscErrorCode LineCreate(EddyInitial ic, EddyOptions o)
{
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 1, &c->gas));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ShuOsherCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(LineCreate(ic, o));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "x0", &key), "place of the shock", "L", -4,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->x0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void ShuOsherPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  /* 3.857143, 2.629369, 10.33333 of the paper: behind a Mach 3 shock at gamma 1.4 */
  const PetscBool behind = x[0] < c->x0;
  const PetscReal velocity[3] = {behind ? 4 * sqrt(35) / 9 : 0, 0, 0};
  EddyGasState(ic, &c->gas, behind ? 27. / 7 : 1 + .2 * sin(5 * x[0]), velocity,
               behind ? 31. / 3 : 1, u);
}

static void WoodwardColellaPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  const PetscReal at = (x[0] - box->lower[0]) / EddyBoxLength(box, 0), velocity[3] = {0, 0, 0};
  EddyGasState(ic, &c->gas, 1, velocity, at < .1 ? 1000 : at < .9 ? .01 : 100, u);
}

/* ---- an oblique shock before a wall ---- */

static PetscErrorCode DoubleMachCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 2, &c->gas));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "x0", &key), "foot of the shock on the wall",
                            "L", 1. / 6, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->x0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void DoubleMachPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscBool behind = x[0] < c->x0 + (x[1] - ic->physics->box.lower[1]) / sqrt(3);
  const PetscReal speed = behind ? 8.25 : 0, velocity[3] = {speed * .5 * sqrt(3), -.5 * speed, 0};
  EddyGasState(ic, &c->gas, behind ? 8 : 1.4, velocity, behind ? 116.5 : 1, u);
}

/* ---- blasts and implosions around a point ---- */

static PetscErrorCode ReadCentre(EddyInitial ic, EddyOptions o, PetscReal pressure)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 3, &c->gas));
  PetscCall(EddyInitialCentre(ic, o, "centre", c->centre));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "pressure", &key), "pressure of the cold gas",
                            "p", pressure, PETSC_SMALL * PETSC_SMALL, PETSC_MAX_REAL,
                            &c->pressure));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SedovCreate(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscReal shortest = PETSC_MAX_REAL;
  PetscFunctionBeginUser;
  PetscCall(ReadCentre(ic, o, 1e-5));
  for (int d = 0; d < (int)box->dim; ++d)
    shortest = PetscMin(shortest, EddyBoxLength(box, d));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "energy", &key),
                            "energy of the blast, of the whole space", "p L^dim", 1, PETSC_SMALL,
                            PETSC_MAX_REAL, &c->energy));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "density", &key), "density", "rho", 1,
                            PETSC_SMALL, PETSC_MAX_REAL, &c->density));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "width", &key), "width of the bell of energy",
                            "L", .02 * shortest, PETSC_SMALL, PETSC_MAX_REAL, &c->width));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscReal Radius(EddyInitial ic, const PetscReal x[3], PetscReal from[3])
{
  const Ctx *c = ic->ctx;
  PetscReal r2 = 0;
  for (PetscInt d = 0; d < 3; ++d) {
    from[d] = d < ic->physics->box.dim ? x[d] - c->centre[d] : 0;
    r2 += from[d] * from[d];
  }
  return sqrt(r2);
}

static void SedovPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal velocity[3] = {0, 0, 0};
  PetscReal from[3], bell = c->energy;
  const PetscReal r = Radius(ic, x, from) / c->width;
  for (PetscInt d = 0; d < ic->physics->box.dim; ++d)
    bell /= sqrt(PETSC_PI) * c->width;
  EddyGasState(ic, &c->gas, c->density, velocity,
               c->pressure + (c->gas.gamma - 1) * bell * exp(-r * r), u);
}

static PetscErrorCode NohCreate(EddyInitial ic, EddyOptions o)
{
  PetscFunctionBeginUser;
  PetscCall(ReadCentre(ic, o, 1e-6));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void NohPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  PetscReal velocity[3];
  const PetscReal r = Radius(ic, x, velocity);
  for (int d = 0; d < 3; ++d)
    velocity[d] = r > 0 ? -velocity[d] / r : 0;
  EddyGasState(ic, &c->gas, 1, velocity, c->pressure, u);
}

const EddyInitialOps eddy_initial_shu_osher = {
    .name = "shu_osher",
    .summary = "a Mach 3 shock that runs into waves of density",
    .reference = "ShuOsher1989",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = ShuOsherCreate,
    .Point = ShuOsherPoint,
};
const EddyInitialOps eddy_initial_woodward_colella = {
    .name = "woodward_colella",
    .summary = "two blast waves that meet",
    .reference = "WoodwardColella1984",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = LineCreate,
    .Point = WoodwardColellaPoint,
};
const EddyInitialOps eddy_initial_double_mach = {
    .name = "double_mach",
    .summary = "a Mach 10 shock that meets a wall at 60 degrees",
    .reference = "WoodwardColella1984",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = DoubleMachCreate,
    .Point = DoubleMachPoint,
};
const EddyInitialOps eddy_initial_sedov = {
    .name = "sedov",
    .summary = "energy released at a point of a cold gas",
    .reference = "KammTimmes2007",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .Create = SedovCreate,
    .Point = SedovPoint,
};
const EddyInitialOps eddy_initial_noh = {
    .name = "noh",
    .summary = "a cold gas that falls onto a point from everywhere",
    .reference = "Noh1987",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = NohCreate,
    .Point = NohPoint,
};
