/* SPDX-License-Identifier: BSD-3-Clause */
/* The equilibrium of a gas under gravity (physics_hydrostatic_type), and a pulse of pressure on it: p = p_e + amplitude exp(-|x - centre|^2 / width^2), density as in
   equilibrium [ChandrashekarKlingenberg2015, section 6.1]. */
#include "gas.h"
#include <math.h>

typedef struct {
  EddyGas gas;
  PetscReal amplitude, width, centre[3];
  PetscInt dim;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 3, &c->gas));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || ic->physics->nbalance, o, EddyInitialOption(ic, "type", &key),
                   "hydrostatic needs physics_hydrostatic_type: isothermal, isentropic or "
                   "polytropic");
  c->dim = box->dim;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key),
                            "height of the pulse of pressure", "M/(L T^2)", 0, -PETSC_MAX_REAL,
                            PETSC_MAX_REAL, &c->amplitude));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "width", &key), "width of the pulse", "L",
                            .1 * EddyBoxLength(box, 0), PETSC_SMALL, PETSC_MAX_REAL, &c->width));
  PetscCall(EddyInitialCentre(ic, o, "centre of the pulse", c->centre));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  PetscReal w[EDDY_MAX_COMP] = {0}, r2 = 0;
  for (PetscInt d = 0; d < c->dim; ++d)
    r2 += (x[d] - c->centre[d]) * (x[d] - c->centre[d]);
  ic->physics->ops->Equilibrium(ic->physics->ctx, x, w);
  if (c->amplitude != 0)
    w[c->gas.pressure] += c->amplitude * exp(-r2 / (c->width * c->width));
  ic->physics->ops->ToCons(ic->physics->ctx, w, u);
}

const EddyInitialOps eddy_initial_hydrostatic = {
    .name = "hydrostatic",
    .summary = "a gas in equilibrium under gravity, and a pulse on it",
    .reference = "ChandrashekarKlingenberg2015",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
