/* SPDX-License-Identifier: BSD-3-Clause */
/* Two-dimensional Riemann problems of gas dynamics: constant states in the four quadrants around the middle of the box. The 19 configurations
   of Lax and Liu [LaxLiu1998] on [0, 1]^2 with gamma = 1.4 and outflow. Configurations 3, 4 and 12 are symmetric about x = y.
   initial_northeast, _northwest, _southwest and _southeast replace what a configuration gives. */
#include "gas.h"

/* density, velocity u, v, pressure in the quadrants NE, NW, SW, SE; between neighbours stands one wave, a shock, a fan or a contact, which a test checks */
static const PetscReal table[19][4][4] = {
    {{1.0, 0.0, 0.0, 1.0},
     {0.5197, -0.7259, 0.0, 0.4},
     {0.1072, -0.7259, -1.4045, 0.0439},
     {0.2579, 0.0, -1.4045, 0.15}},
    {{1.0, 0.0, 0.0, 1.0},
     {0.5197, -0.7259, 0.0, 0.4},
     {1.0, -0.7259, -0.7259, 1.0},
     {0.5197, 0.0, -0.7259, 0.4}},
    {{1.5, 0.0, 0.0, 1.5},
     {0.5323, 1.206, 0.0, 0.3},
     {0.138, 1.206, 1.206, 0.029},
     {0.5323, 0.0, 1.206, 0.3}},
    {{1.1, 0.0, 0.0, 1.1},
     {0.5065, 0.8939, 0.0, 0.35},
     {1.1, 0.8939, 0.8939, 1.1},
     {0.5065, 0.0, 0.8939, 0.35}},
    {{1.0, -0.75, -0.5, 1.0},
     {2.0, -0.75, 0.5, 1.0},
     {1.0, 0.75, 0.5, 1.0},
     {3.0, 0.75, -0.5, 1.0}},
    {{1.0, 0.75, -0.5, 1.0},
     {2.0, 0.75, 0.5, 1.0},
     {1.0, -0.75, 0.5, 1.0},
     {3.0, -0.75, -0.5, 1.0}},
    {{1.0, 0.1, 0.1, 1.0},
     {0.5197, -0.6259, 0.1, 0.4},
     {0.8, 0.1, 0.1, 0.4},
     {0.5197, 0.1, -0.6259, 0.4}},
    {{0.5197, 0.1, 0.1, 0.4},
     {1.0, -0.6259, 0.1, 1.0},
     {0.8, 0.1, 0.1, 1.0},
     {1.0, 0.1, -0.6259, 1.0}},
    {{1.0, 0.0, 0.3, 1.0},
     {2.0, 0.0, -0.3, 1.0},
     {1.039, 0.0, -0.8133, 0.4},
     {0.5197, 0.0, -0.4259, 0.4}},
    {{1.0, 0.0, 0.4297, 1.0},
     {0.5, 0.0, 0.6076, 1.0},
     {0.2281, 0.0, -0.6076, 0.3333},
     {0.4562, 0.0, -0.4297, 0.3333}},
    {{1.0, 0.1, 0.0, 1.0},
     {0.5313, 0.8276, 0.0, 0.4},
     {0.8, 0.1, 0.0, 0.4},
     {0.5313, 0.1, 0.7276, 0.4}},
    {{0.5313, 0.0, 0.0, 0.4},
     {1.0, 0.7276, 0.0, 1.0},
     {0.8, 0.0, 0.0, 1.0},
     {1.0, 0.0, 0.7276, 1.0}},
    {{1.0, 0.0, -0.3, 1.0},
     {2.0, 0.0, 0.3, 1.0},
     {1.0625, 0.0, 0.8145, 0.4},
     {0.5313, 0.0, 0.4276, 0.4}},
    {{2.0, 0.0, -0.5606, 8.0},
     {1.0, 0.0, -1.2172, 8.0},
     {0.4736, 0.0, 1.2172, 2.6667},
     {0.9474, 0.0, 1.1606, 2.6667}},
    {{1.0, 0.1, -0.3, 1.0},
     {0.5197, -0.6259, -0.3, 0.4},
     {0.8, 0.1, -0.3, 0.4},
     {0.5313, 0.1, 0.4276, 0.4}},
    {{0.5313, 0.1, 0.1, 0.4},
     {1.0222, -0.6179, 0.1, 1.0},
     {0.8, 0.1, 0.1, 1.0},
     {1.0, 0.1, 0.8276, 1.0}},
    {{1.0, 0.0, -0.4, 1.0},
     {2.0, 0.0, -0.3, 1.0},
     {1.0625, 0.0, 0.2145, 0.4},
     {0.5197, 0.0, -1.1259, 0.4}},
    {{1.0, 0.0, 1.0, 1.0},
     {2.0, 0.0, -0.3, 1.0},
     {1.0625, 0.0, 0.2145, 0.4},
     {0.5197, 0.0, 0.2741, 0.4}},
    {{1.0, 0.0, 0.3, 1.0},
     {2.0, 0.0, -0.3, 1.0},
     {1.0625, 0.0, 0.2145, 0.4},
     {0.5197, 0.0, -0.4259, 0.4}},
};

typedef struct {
  EddyGas gas;
  PetscInt configuration;
  PetscReal centre[3], state[4][4]; /* density, velocity (2), pressure in NE, NW, SW, SE */
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  static const char *const quadrant[4] = {"northeast", "northwest", "southwest", "southeast"};
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "configuration", &key),
                           "configuration of Lax and Liu", 3, 1, 19, &c->configuration));
  for (int q = 0; q < 4; ++q) {
    PetscCall(PetscArraycpy(c->state[q], table[c->configuration - 1][q], 4));
    PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, quadrant[q], &key),
                               "density, velocity x, y, pressure there", "state", 4,
                               -PETSC_MAX_REAL, PETSC_MAX_REAL, c->state[q], NULL));
    EddyOptionsCheck(c->state[q][0] > 0 && c->state[q][3] > 0, o, key.text,
                     "needs positive density and pressure");
  }
  for (int d = 0; d < (int)box->dim; ++d)
    c->centre[d] = .5 * (box->lower[d] + box->upper[d]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const int east = x[0] > c->centre[0], north = x[1] > c->centre[1];
  const PetscReal *w = c->state[north ? (east ? 0 : 1) : (east ? 3 : 2)];
  const PetscReal velocity[3] = {w[1], w[2], 0};
  EddyGasState(ic, &c->gas, w[0], velocity, w[3], u);
}

const EddyInitialOps eddy_initial_riemann2d = {
    .name = "riemann2d",
    .summary = "four constant states of a gas: the configurations of Lax and Liu, or given ones",
    .reference = "LaxLiu1998",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
