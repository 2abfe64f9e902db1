/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradient (Clark) model, the leading term of the stress of a Gaussian or box filter [ClarkFerzigerReynolds1979]:

     tau_ij = (Delta^2 / 12) A_ik A_jk,  A_ij = d u_i / d x_j.

     Delta  filter width (prod L_d / N_d)^(1/dim) times width   closure_NAME_width, 2 as for a filter of two cells
     scale  factor on the whole, 1                              closure_NAME_constant

   It correlates best of all classical models with the true stress and has backscatter, so that it is usually not stable
   alone: sum it with an eddy viscosity. */
#include "closure.h"

typedef struct {
  PetscReal constant, width;
} Ctx;

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%sconstant", prefix));
  PetscCall(EddyOptionsReal(o, key, "factor on the model", "1", 1, 0, 10, &x->constant));
  PetscCall(PetscSNPrintf(key, sizeof key, "%swidth", prefix));
  PetscCall(EddyOptionsReal(o, key, "filter width", "cells", 2, 0, 1000, &x->width));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  const Ctx *x = c->ctx;
  const double delta = EddyClosureDelta(&c->box, x->width), a = x->constant * delta * delta / 12;
  const PetscInt dim = out->dim;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = 0; j < dim; ++j)
      for (PetscInt row = 0; row < EddyBlockRows(out); ++row) {
        double *tau = EddyBlockRow(out, i * dim + j, row);
        for (PetscInt k = 0; k < dim; ++k) {
          const double *p = EddyBlockRow(&in[0], i * dim + k, row);
          const double *q = EddyBlockRow(&in[0], j * dim + k, row);
          for (PetscInt n = 0; n < out->count[0]; ++n)
            tau[n] += a * p[n] * q[n];
        }
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"velocity_gradient", NULL};
const EddyClosureOps eddy_closure_gradient = {
    .name = "gradient",
    .summary = "gradient (Clark) stress Delta^2/12 A A^T",
    .reference = "ClarkFerzigerReynolds1979",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_SUBGRID_STRESS,
    .halo = 0,
    .needs = needs,
    .Create = Create,
    .Apply = Apply,
};
