/* SPDX-License-Identifier: BSD-3-Clause */
/* Gas of constant density and pressure in the velocity of random Gaussian vortices on a periodic box, each mode exact:

     w = sum_j A_j exp(-|x - x_j|^2 / (2 s_j^2)) minus its mean,  A_j = a_j / s_j,  a ~ U[amplitude], s ~ U[width],
     uhat = i k_y w / |k|^2, vhat = -i k_x w / |k|^2   (vorticity w = v_x - u_y, divergence zero).

   Momentum is the exact average over a cell, energy that of the averages (second order). Defaults: CE-Gauss of PDEgym [Herde2024], 100 vortices on
   a unit box. */
#include "gas.h"
#include <math.h>

typedef struct {
  PetscReal x[2], height, sigma;
} Vortex;

typedef struct {
  EddyGas gas;
  PetscReal density, pressure;
  PetscInt number;
  Vortex *vortex; /* [number] */
} Ctx;

static void Draw(EddyInitial ic, const PetscReal amplitude[2], const PetscReal width[2])
{
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  for (PetscInt j = 0; j < c->number; ++j) {
    const EddyComplex r = EddyInitialUniformOf(ic, j, 0), x = EddyInitialUniformOf(ic, j, 1);
    Vortex *v = &c->vortex[j];
    v->x[0] = x.re * EddyBoxLength(box, 0);
    v->x[1] = x.im * EddyBoxLength(box, 1);
    v->sigma = width[0] + r.im * (width[1] - width[0]);
    v->height = (amplitude[0] + r.re * (amplitude[1] - amplitude[0])) / v->sigma;
  }
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal amplitude[2] = {-1, 1}, width[2] = {.01, .1};
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyGasCreate(ic, o, 2, 2, &c->gas));
  EddyOptionsCheck(catalogue || (ic->physics->box.periodic[0] && ic->physics->box.periodic[1]), o,
                   EddyInitialOption(ic, "type", &key), "gas_vortices needs a periodic box");
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "density", &key), "density", "M/L^3", .1,
                            PETSC_SMALL, PETSC_MAX_REAL, &c->density));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "pressure", &key), "pressure", "M/(L T^2)",
                            2.5, PETSC_SMALL, PETSC_MAX_REAL, &c->pressure));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "number", &key), "number of vortices", 100, 1,
                           100000, &c->number));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "amplitude", &key), "range of the amplitude",
                             "L/T", 2, -PETSC_MAX_REAL, PETSC_MAX_REAL, amplitude, NULL));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "width", &key), "range of the width", "L", 2,
                             PETSC_SMALL, PETSC_MAX_REAL, width, NULL));
  PetscCall(PetscCalloc1(c->number, &c->vortex));
  Draw(ic, amplitude, width);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(PetscFree(c->vortex));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static EddyComplex Vorticity(const Ctx *c, const EddyBox *box, const EddyMode *k)
{
  const PetscReal area = EddyBoxLength(box, 0) * EddyBoxLength(box, 1);
  EddyComplex sum = EddyC(0, 0);
  for (PetscInt j = 0; j < c->number; ++j) {
    const Vortex *v = &c->vortex[j];
    const PetscReal decay = .5 * v->sigma * v->sigma * k->k2;
    if (decay > 50)
      continue; /* below round-off */
    const PetscReal a = v->height * 2 * PETSC_PI * v->sigma * v->sigma / area * exp(-decay),
                    phase = -(k->k[0] * v->x[0] + k->k[1] * v->x[1]);
    sum = EddyCAdd(sum, EddyC(a * cos(phase), a * sin(phase)));
  }
  return sum;
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex w[])
{
  const Ctx *c = ic->ctx;
  if (!(k->k2 > 0)) {
    w[c->gas.density] = EddyC(c->density, 0);
    w[c->gas.pressure] = EddyC(c->pressure, 0);
    return;
  }
  const EddyComplex z = Vorticity(c, &ic->physics->box, k);
  const PetscReal a = k->k[1] * k->inv_k2, b = -k->k[0] * k->inv_k2;
  w[c->gas.velocity] = EddyC(-a * z.im, a * z.re);
  w[c->gas.velocity + 1] = EddyC(-b * z.im, b * z.re);
}

const EddyInitialOps eddy_initial_gas_vortices = {
    .name = "gas_vortices",
    .summary =
        "random Gaussian vortices in a gas at constant density and pressure (PDEgym CE-Gauss)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .primitive = PETSC_TRUE,
    .Create = Create,
    .Destroy = Destroy,
    .Mode = Mode,
};
