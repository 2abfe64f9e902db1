/* SPDX-License-Identifier: BSD-3-Clause */
/* Double shear layer on a periodic box [BrownMinion1995]:
     u = speed (tanh((y - y1)/d) - tanh((y - y2)/d) - 1) and its periodic images,   v = eps sin(2 pi
   m x / L_x), y1, y2 = `position` (fractions of L_y, 1/4 and 3/4), d = thickness, eps =
   perturbation, m = perturbation_k. The vorticity omega = eps (2 pi m / L_x) cos(2 pi m x / L_x) -
   speed sum_images (sech^2((y - y1)/d) - sech^2((y - y2)/d)) / d by exact Fourier coefficients:
   that of sech^2(y/d)/d is pi k d / sinh(pi k d / 2) / L_y. */
#include "initial.h"
#include <math.h>

typedef struct {
  PetscReal speed, thickness, perturbation, position[2];
  PetscInt m;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscBool catalogue;
  const PetscReal length = EddyBoxLength(&ic->physics->box, 1);
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || ic->flow, o, EddyInitialOption(ic, "type", &key),
                   "shear_layer is a start for 2-D flows, physics_type %s is not one",
                   ic->physics->ops->name);
  c->position[0] = .25;
  c->position[1] = .75;
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "speed", &key), "speed of the streams", "L/T",
                            1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->speed));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "thickness", &key), "thickness of a layer",
                            "L", length / 30, 1e-6 * length, length, &c->thickness));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "perturbation", &key),
                            "amplitude of the cross-flow", "L/T", .05, -PETSC_MAX_REAL,
                            PETSC_MAX_REAL, &c->perturbation));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "perturbation_k", &key),
                           "waves of the cross-flow per box", 1, 1, 100000, &c->m));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "position", &key),
                             "places of the two layers, as fractions of the box", "L_y", 2, 0, 1,
                             c->position, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  if (k->ik[0] == c->m && k->ik[1] == 0)
    u[ic->comp] = EddyInitialShift(box, k, EddyC(.5 * c->perturbation * k->k[0], 0));
  if (k->ik[0] != 0 || k->ik[1] == 0)
    return;
  const PetscReal length = EddyBoxLength(box, 1), q = k->k[1] * c->thickness;
  const PetscReal sech2 = PETSC_PI * q / sinh(.5 * PETSC_PI * q) / length;
  const PetscReal a = k->k[1] * length * c->position[0], b = k->k[1] * length * c->position[1];
  u[ic->comp] = EddyC(-c->speed * sech2 * (cos(a) - cos(b)), c->speed * sech2 * (sin(a) - sin(b)));
}

const EddyInitialOps eddy_initial_shear_layer = {
    .name = "shear_layer",
    .summary = "double shear layer with a perturbation",
    .reference = "BrownMinion1995",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
