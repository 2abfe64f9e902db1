/* SPDX-License-Identifier: BSD-3-Clause */
/* One-dimensional Riemann problems of gas dynamics: two constant states, a membrane at x0 across one axis. Cases (gamma = 1.4) with the membrane at
   the fraction of the box that the literature has on [0, 1]: sod [Sod1978], lax [Lax1954], toro1 to toro5 [Toro2009 section 10.8: modified Sod,
   123 problem, left blast, collision, stationary contact]; initial_left, initial_right and initial_x0 replace what a case gives. */
#include "gas.h"

static const char *const names[] = {"sod", "lax", "toro1", "toro2", "toro3", "toro4", "toro5"};
static const struct {
  PetscReal left[3], right[3], x0; /* density, velocity, pressure */
} table[] = {
    {{1, 0, 1}, {.125, 0, .1}, .5},
    {{.445, .698, 3.528}, {.5, 0, .571}, .5},
    {{1, .75, 1}, {.125, 0, .1}, .3},
    {{1, -2, .4}, {1, 2, .4}, .5},
    {{1, 0, 1000}, {1, 0, .01}, .5},
    {{5.99924, 19.5975, 460.894}, {5.99242, -6.19633, 46.095}, .4},
    {{1, -19.59745, 1000}, {1, -19.59745, .01}, .8},
};
static const char *const axes[] = {"x", "y", "z"};

typedef struct {
  EddyGas gas;
  PetscReal state[2][3], x0;
  PetscInt axis;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscInt k;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 3, &c->gas));
  PetscCall(EddyOptionsChoice(o, EddyInitialOption(ic, "case", &key), "shock tube", names,
                              sizeof names / sizeof *names, 0, &k));
  PetscCall(EddyOptionsChoice(o, EddyInitialOption(ic, "axis", &key), "axis across the membrane",
                              axes, box->dim, 0, &c->axis));
  for (int q = 0; q < 3; ++q) {
    c->state[0][q] = table[k].left[q];
    c->state[1][q] = table[k].right[q];
  }
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "left", &key),
                             "density, velocity, pressure below x0", "state", 3, -PETSC_MAX_REAL,
                             PETSC_MAX_REAL, c->state[0], NULL));
  EddyOptionsCheck(c->state[0][0] > 0 && c->state[0][2] > 0, o, key.text,
                   "needs positive density and pressure");
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "right", &key),
                             "density, velocity, pressure above x0", "state", 3, -PETSC_MAX_REAL,
                             PETSC_MAX_REAL, c->state[1], NULL));
  EddyOptionsCheck(c->state[1][0] > 0 && c->state[1][2] > 0, o, key.text,
                   "needs positive density and pressure");
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "x0", &key), "place of the membrane", "L",
                            box->lower[c->axis] + table[k].x0 * EddyBoxLength(box, (int)c->axis),
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->x0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal *w = c->state[x[c->axis] > c->x0];
  PetscReal velocity[3] = {0, 0, 0};
  velocity[c->axis] = w[1];
  EddyGasState(ic, &c->gas, w[0], velocity, w[2], u);
}

const EddyInitialOps eddy_initial_riemann1d = {
    .name = "riemann1d",
    .summary = "two constant states of a gas: Sod, Lax, Toro 1 to 5, or given ones",
    .reference = "Toro2009",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
