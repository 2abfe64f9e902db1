/* SPDX-License-Identifier: BSD-3-Clause */
/* Two smooth shear layers with a converged non-linear answer when the gas is viscous [Lecoanet2016, eqs. 6-10], at y_1 = 1/4 and y_2 = 3/4 of the box:

     u = U (T_1 - T_2 - 1),  rho = 1 + (jump/2)(T_1 - T_2),  v = amplitude sin(2 pi X) (G_1 + G_2),  p = pressure,  first scalar c = (T_2 - T_1 + 2)/2,
     T_i = tanh((y - y_i)/thickness),  G_i = exp(-(y - y_i)^2/width^2),  X = (x - lower)/L_x.

   There: box 1 x 2, thickness 0.05, width 0.2, amplitude 0.01, U = 1, pressure 10, gamma = 5/3, jump 0 or 1, mu = kinematic viscosity and diffusivity 2 U/Re with the density. */
#include "gas.h"
#include <math.h>

typedef struct {
  EddyGas gas;
  PetscReal speed, jump, amplitude, thickness, width, pressure;
  PetscInt scalar;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  c->scalar = ic->physics->scalar;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "speed", &key), "speed of the streams", "L/T",
                            1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->speed));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "jump", &key),
                            "density of the middle stream less that of the other, which is 1",
                            "M/L^3", 0, -.99, PETSC_MAX_REAL, &c->jump));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key),
                            "largest velocity across the layers", "L/T", .01, 0, PETSC_MAX_REAL,
                            &c->amplitude));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "thickness", &key), "of the layers", "L", .05,
                            PETSC_SMALL, PETSC_MAX_REAL, &c->thickness));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "width", &key), "of what disturbs them", "L",
                            .2, PETSC_SMALL, PETSC_MAX_REAL, &c->width));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "pressure", &key), "pressure", "M/(L T^2)", 10,
                            PETSC_SMALL, PETSC_MAX_REAL, &c->pressure));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscReal w[EDDY_MAX_COMP] = {0}, T[2], G = 0;
  for (int i = 0; i < 2; ++i) {
    const PetscReal y = x[1] - box->lower[1] - (i ? .75 : .25) * EddyBoxLength(box, 1);
    T[i] = tanh(y / c->thickness);
    G += exp(-y * y / (c->width * c->width));
  }
  w[c->gas.density] = 1 + .5 * c->jump * (T[0] - T[1]);
  w[c->gas.velocity] = c->speed * (T[0] - T[1] - 1);
  w[c->gas.velocity + 1] =
      c->amplitude * sin(2 * PETSC_PI * (x[0] - box->lower[0]) / EddyBoxLength(box, 0)) * G;
  w[c->gas.pressure] = c->pressure;
  if (c->scalar)
    w[c->scalar] = .5 * (T[1] - T[0] + 2);
  ic->physics->ops->ToCons(ic->physics->ctx, w, u);
}

const EddyInitialOps eddy_initial_smooth_shear = {
    .name = "smooth_shear",
    .summary = "two smooth shear layers of a gas, disturbed, with a scalar",
    .reference = "Lecoanet2016",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
