/* SPDX-License-Identifier: BSD-3-Clause */
/* Gas at rest around the middle of the box: pressure[0] within radius[0] and pressure[1] outside, density[0] within radius[1], disturbed as a function of the angle
   (wavy_line.h), and density[1] outside. The blast runs over the interface and, on a periodic box, its images come back. Defaults: CE-RM of
   PDEgym [Herde2024] on a box of side 1, where pressure outside, amplitude and modes are those of the example shipped with the original's solver. */
#include "gas.h"
#include "wavy_line.h"

typedef struct {
  EddyGas gas;
  PetscReal density[2], pressure[2], radius[2], centre[2];
  EddyWavyLine line;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscReal amplitude;
  PetscInt modes;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 2, &c->gas));
  for (int d = 0; d < 2; ++d)
    c->centre[d] = .5 * (box->lower[d] + box->upper[d]);
  c->density[0] = 2, c->density[1] = 1;
  c->pressure[0] = 20, c->pressure[1] = 1;
  c->radius[0] = .1, c->radius[1] = .25;
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "density", &key),
                             "density within the interface, and outside", "M/L^3", 2, PETSC_SMALL,
                             PETSC_MAX_REAL, c->density, NULL));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "pressure", &key),
                             "pressure in the middle, and outside", "M/(L T^2)", 2, PETSC_SMALL,
                             PETSC_MAX_REAL, c->pressure, NULL));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "radius", &key),
                             "radius of the blast, and of the interface", "L", 2, 0, PETSC_MAX_REAL,
                             c->radius, NULL));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key),
                            "largest displacement of the interface", "L", .06, 0, PETSC_MAX_REAL,
                            &amplitude));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "modes", &key), "waves of the interface", 10, 1,
                           EDDY_WAVY_MODES, &modes));
  c->line = EddyWavyLineMake(ic, modes, amplitude, 0);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal X = x[0] - c->centre[0], Y = x[1] - c->centre[1], r = sqrt(X * X + Y * Y),
                  velocity[3] = {0, 0, 0};
  const int blast = r < c->radius[0];
  const int heavy = r < c->radius[1] + EddyWavyLineAt(&c->line, atan2(Y, X) / (2 * PETSC_PI));
  EddyGasState(ic, &c->gas, c->density[!heavy], velocity, c->pressure[!blast], u);
}

const EddyInitialOps eddy_initial_richtmyer_meshkov = {
    .name = "richtmyer_meshkov",
    .summary = "blast in the middle of a disturbed disc of heavy gas (PDEgym CE-RM)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
