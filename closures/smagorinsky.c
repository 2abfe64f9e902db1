/* SPDX-License-Identifier: BSD-3-Clause */
/* Smagorinsky's eddy viscosity [Smagorinsky1963]:

     nu_e = (C_s Delta)^2 |S|,  |S| = sqrt(2 S_ij S_ij),  tau_ij = -2 nu_e S_ij.

     C_s    constant, 0.11 as in the learned-coefficient studies of 2-D turbulence [Mojgani2023]   closure_NAME_constant
     Delta  filter width (prod L_d / N_d)^(1/dim) times width                                      closure_NAME_width
     |S|    at each point (local), or its root mean square over the box (global), which makes the viscosity
            uniform as in the same studies                                                          closure_NAME_average

   Of a compressible flow, in finite volumes, also the isotropic part of the stress [Yoshizawa1986], as in [MoinSquiresCabotLee1991]:

     tau_kk = 2 C_I rho Delta^2 |S|^2

     C_I    constant, 0: none                                                                       closure_NAME_isotropic

   On mapped grids Delta is that of each cell, (volume)^(1/dim) times width.
   A closure of target coefficient in front of it gives the field C_s^2, which may be negative. */
#include "closure.h"
#include <math.h>

typedef struct {
  PetscReal constant, width, isotropic;
  PetscInt global;
  double *row; /* sums of |S|^2 */
} Ctx;

static const char *const averages[] = {"local", "global"};

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%sconstant", prefix));
  PetscCall(EddyOptionsReal(o, key, "Smagorinsky constant C_s", "1", .11, 0, 10, &x->constant));
  PetscCall(PetscSNPrintf(key, sizeof key, "%swidth", prefix));
  PetscCall(EddyOptionsReal(o, key, "filter width", "cells", 1, 0, 1000, &x->width));
  PetscCall(PetscSNPrintf(key, sizeof key, "%sisotropic", prefix));
  PetscCall(EddyOptionsReal(o, key, "constant C_I of the isotropic part (compressible flow)", "1",
                            0, 0, 10, &x->isotropic));
  if (x->isotropic > 0)
    c->out_ncomp = 2;
  PetscCall(PetscSNPrintf(key, sizeof key, "%saverage", prefix));
  PetscCall(EddyOptionsChoice(o, key, "strain rate at each point, or its rms over the box",
                              averages, 2, 0, &x->global));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  Ctx *x = c->ctx;
  const PetscReal delta = EddyClosureDelta(&c->box, x->width);
  const double d2 = delta * delta, cs2 = x->constant * x->constant;
  const PetscInt rows = EddyBlockRows(out), nx = out->count[0], ncomp = in[0].ncomp;
  double rms = 0;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(PetscMax(1, rows + nx), &x->row));
  double *s2 = x->row + rows;
  for (PetscInt pass = x->global ? 0 : 1; pass < 2; ++pass) {
    for (PetscInt j = 0; j < rows; ++j) {
      double *v = EddyBlockRow(out, 0, j);
      const double *k = c->coefficient ? EddyBlockRow(c->coefficient, 0, j) : NULL;
      for (PetscInt i = 0; i < nx; ++i)
        s2[i] = 0;
      for (PetscInt q = 0; q < ncomp; ++q) {
        const double *e = EddyBlockRow(&in[0], q, j);
        for (PetscInt i = 0; i < nx; ++i)
          s2[i] += 2 * e[i] * e[i];
      }
      for (PetscInt i = 0; !pass && i < nx; ++i)
        x->row[j] += s2[i];
      if (!pass)
        continue;
      const double *size = c->size ? c->size->data + (size_t)j * (size_t)nx : NULL;
      double *q = out->ncomp > 1 ? EddyBlockRow(out, 1, j) : NULL;
      for (PetscInt i = 0; i < nx; ++i) {
        const double area = size ? size[i] * size[i] * x->width * x->width : d2,
                     rate = x->global ? rms : sqrt(s2[i]);
        v[i] += (k ? k[i] : cs2) * area * rate;
        if (q)
          q[i] += 2 * x->isotropic * area * rate * rate;
      }
    }
    if (pass)
      break;
    PetscCall(EddyClosureSum(c->comm, out, 1, x->row, &rms));
    rms = sqrt(rms / ((double)out->n[0] * (double)out->n[1] * (double)out->n[2]));
  }
  PetscCall(PetscFree(x->row));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"strain", NULL};
const EddyClosureOps eddy_closure_smagorinsky = {
    .name = "smagorinsky",
    .summary = "eddy viscosity (C_s Delta)^2 |S|",
    .reference = "Smagorinsky1963",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_EDDY_VISCOSITY,
    .halo = 0,
    .needs = needs,
    .coefficient = PETSC_TRUE,
    .Create = Create,
    .Apply = Apply,
};
