/* SPDX-License-Identifier: BSD-3-Clause */
/* Leith's eddy viscosity for the enstrophy cascade of two-dimensional turbulence [Leith1996]:

     nu_e = (C_l Delta)^3 |grad w|.

     C_l    constant, 0.17 as in [Mojgani2023]                          closure_NAME_constant
     Delta  filter width (L_x L_y / (N_x N_y))^(1/2) times width        closure_NAME_width
     |grad w|  at each point (local), or its mean over the box (global) closure_NAME_average

   A closure of target coefficient in front of it gives the field C_l^3, which may be negative. */
#include "closure.h"
#include <math.h>

typedef struct {
  PetscReal constant, width;
  PetscInt global;
} Ctx;

static const char *const averages[] = {"local", "global"};

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%sconstant", prefix));
  PetscCall(EddyOptionsReal(o, key, "Leith constant C_l", "1", .17, 0, 10, &x->constant));
  PetscCall(PetscSNPrintf(key, sizeof key, "%swidth", prefix));
  PetscCall(EddyOptionsReal(o, key, "filter width", "cells", 1, 0, 1000, &x->width));
  PetscCall(PetscSNPrintf(key, sizeof key, "%saverage", prefix));
  PetscCall(EddyOptionsChoice(o, key, "vorticity gradient at each point, or its mean over the box",
                              averages, 2, 0, &x->global));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Mean of |grad w| over the box. */
static PetscErrorCode Mean(EddyClosure c, const EddyBlock *in, const EddyBlock *out, double *mean)
{
  const PetscInt rows = EddyBlockRows(out), nx = out->count[0];
  double *row;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(PetscMax(1, rows), &row));
  for (PetscInt j = 0; j < rows; ++j) {
    const double *gx = EddyBlockRow(in, 0, j), *gy = EddyBlockRow(in, 1, j);
    for (PetscInt i = 0; i < nx; ++i)
      row[j] += sqrt(gx[i] * gx[i] + gy[i] * gy[i]);
  }
  PetscCall(EddyClosureSum(c->comm, out, 1, row, mean));
  *mean /= (double)out->n[0] * (double)out->n[1] * (double)out->n[2];
  PetscCall(PetscFree(row));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  const Ctx *x = c->ctx;
  const double delta = EddyClosureDelta(&c->box, x->width), d3 = delta * delta * delta;
  const double c3 = x->constant * x->constant * x->constant;
  double mean = 0;

  PetscFunctionBeginUser;
  if (x->global)
    PetscCall(Mean(c, &in[0], out, &mean));
  for (PetscInt j = 0; j < EddyBlockRows(out); ++j) {
    const double *gx = EddyBlockRow(&in[0], 0, j), *gy = EddyBlockRow(&in[0], 1, j);
    const double *k = c->coefficient ? EddyBlockRow(c->coefficient, 0, j) : NULL;
    double *v = EddyBlockRow(out, 0, j);
    for (PetscInt i = 0; i < out->count[0]; ++i)
      v[i] += (k ? k[i] : c3) * d3 * (x->global ? mean : sqrt(gx[i] * gx[i] + gy[i] * gy[i]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"vorticity_gradient", NULL};
const EddyClosureOps eddy_closure_leith = {
    .name = "leith",
    .summary = "eddy viscosity (C_l Delta)^3 |grad w|",
    .reference = "Leith1996",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_EDDY_VISCOSITY,
    .halo = 0,
    .needs = needs,
    .coefficient = PETSC_TRUE,
    .Create = Create,
    .Apply = Apply,
};
