/* SPDX-License-Identifier: BSD-3-Clause */
/* A small wave of one family of the linearised Euler equations on a gas with density 1, sound speed 1 (pressure 1/gamma) and velocity `flow` along the
   wave vector k: amplitude sin(k.(x - lower)) times the right eigenvector. After one period it is back, up to the square of the
   amplitude [Stone2008 section 8]. Speeds along k: sound_left flow - 1, sound_right flow + 1, entropy and shear flow. */
#include "gas.h"
#include <math.h>

typedef enum { SOUND_RIGHT, SOUND_LEFT, ENTROPY, SHEAR } Family;
static const char *const names[] = {"sound_right", "sound_left", "entropy", "shear"};

typedef struct {
  EddyGas gas;
  PetscReal amplitude, flow, k[3], n[3], lower[3];
  PetscInt family;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscInt waves[3] = {1, 0, 0};
  PetscReal norm = 0;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 3, &c->gas));
  PetscCall(EddyOptionsChoice(o, EddyInitialOption(ic, "wave", &key), "family of the wave", names,
                              4, 0, &c->family));
  EddyOptionsCheck(c->family != SHEAR || box->dim > 1, o, key.text, "shear needs two directions");
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "amplitude", "1", 1e-6, 0,
                            1, &c->amplitude));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "flow", &key),
                            "velocity along the wave vector; sound speed 1", "L/T", 0, -1e6, 1e6,
                            &c->flow));
  PetscCall(EddyOptionsInts(o, EddyInitialOption(ic, "k", &key), "waves per box, by direction",
                            box->dim, -1000, 1000, waves, NULL));
  EddyOptionsCheck(waves[0] || waves[1] || waves[2], o, key.text, "is zero in every direction");
  for (int d = 0; d < (int)box->dim; ++d) {
    c->k[d] = 2 * PETSC_PI * (PetscReal)waves[d] / EddyBoxLength(box, d);
    c->lower[d] = box->lower[d];
    norm += c->k[d] * c->k[d];
  }
  for (int d = 0; d < 3; ++d)
    c->n[d] = c->k[d] / sqrt(norm);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  /* density, velocity along n, velocity across, pressure of the eigenvector */
  static const PetscReal vector[4][4] = {{1, 1, 0, 1}, {1, -1, 0, 1}, {1, 0, 0, 0}, {0, 0, 1, 0}};
  const PetscReal *r = vector[c->family];
  PetscReal phase = 0, v[3], a;
  for (int d = 0; d < 3; ++d)
    phase += c->k[d] * (x[d] - c->lower[d]);
  a = c->amplitude * sin(phase);
  /* across: n turned by a right angle in the (x, y) plane, or along y where n is z */
  const PetscReal flat = sqrt(c->n[0] * c->n[0] + c->n[1] * c->n[1]);
  const PetscReal across[3] = {flat > 0 ? -c->n[1] / flat : 0, flat > 0 ? c->n[0] / flat : 1, 0};
  for (int d = 0; d < 3; ++d)
    v[d] = (c->flow + a * r[1]) * c->n[d] + a * r[2] * across[d];
  EddyGasState(ic, &c->gas, 1 + a * r[0], v, 1 / c->gas.gamma + a * r[3], u);
}

const EddyInitialOps eddy_initial_linear_wave = {
    .name = "linear_wave",
    .summary = "a small wave of one family in a gas: sound, entropy, shear",
    .reference = "Stone2008",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
