/* SPDX-License-Identifier: BSD-3-Clause */
/* Two streams of gas with sharp interfaces near y = 1/4 and y = 3/4 of the box: (density[0], velocity[0]) between them, (density[1], velocity[1]) outside,
   one pressure. Each interface is displaced by a random sum of cosines of at most `amplitude` box heights (wavy_line.h). Defaults: CE-KH of
   PDEgym [Herde2024]; amplitude and modes as transcribed from the set's cards. */
#include "gas.h"
#include "wavy_line.h"

typedef struct {
  EddyGas gas;
  PetscReal density[2], velocity[2], pressure;
  EddyWavyLine line[2];
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal amplitude;
  PetscInt modes;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  c->density[0] = 2, c->density[1] = 1;
  c->velocity[0] = -.5, c->velocity[1] = .5;
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "density", &key),
                             "density between the interfaces, and outside", "M/L^3", 2, PETSC_SMALL,
                             PETSC_MAX_REAL, c->density, NULL));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "velocity", &key),
                             "velocity in x between the interfaces, and outside", "L/T", 2,
                             -PETSC_MAX_REAL, PETSC_MAX_REAL, c->velocity, NULL));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "pressure", &key), "pressure", "M/(L T^2)",
                            2.5, PETSC_SMALL, PETSC_MAX_REAL, &c->pressure));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key),
                            "largest displacement of an interface in box heights", "1", .05, 0, .25,
                            &amplitude));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "modes", &key), "waves of an interface", 10, 1,
                           EDDY_WAVY_MODES, &modes));
  for (int q = 0; q < 2; ++q)
    c->line[q] = EddyWavyLineMake(ic, modes, amplitude, q);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  const PetscReal X = (x[0] - box->lower[0]) / EddyBoxLength(box, 0),
                  Y = (x[1] - box->lower[1]) / EddyBoxLength(box, 1);
  const int inside =
      Y > .25 + EddyWavyLineAt(&c->line[0], X) && Y < .75 + EddyWavyLineAt(&c->line[1], X);
  const PetscReal velocity[3] = {c->velocity[!inside], 0, 0};
  EddyGasState(ic, &c->gas, c->density[!inside], velocity, c->pressure, u);
}

const EddyInitialOps eddy_initial_kelvin_helmholtz = {
    .name = "kelvin_helmholtz",
    .summary = "two streams of gas with disturbed interfaces (PDEgym CE-KH)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
