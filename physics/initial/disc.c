/* SPDX-License-Identifier: BSD-3-Clause */
/* A disc (1-D: an interval):  u = value inside |x - centre| < radius, 0 outside, smoothed by a
   Gaussian of standard deviation `width`; by its exact Fourier coefficients, with J_1 the Bessel
   function: 2-D  value 2 pi R J_1(k R)/k / volume,   1-D  value 2 sin(k R)/k / L,   times
   exp(-width^2 k^2/2 - i k.(centre - lower)). The tracer of PDEgym's NS-Tracer-PwC is radius 1/4 in
   the middle of a unit box [Herde2024]. A sharp disc (width 0) shows Gibbs oscillations on any
   grid; half a grid step of width removes most of them. */
#include "initial.h"
#include <math.h>

typedef struct {
  PetscReal value, radius, width, centre[3];
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  const EddyBox *box = &ic->physics->box;
  Ctx *c = ic->ctx;
  PetscReal half = PETSC_MAX_REAL;

  PetscFunctionBeginUser;
  for (int d = 0; d < (int)box->dim; ++d)
    half = PetscMin(half, .5 * EddyBoxLength(box, d));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "value", &key), "value inside", "state", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->value));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "radius", &key), "radius", "L", .5 * half,
                            PETSC_SMALL, half, &c->radius));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "width", &key), "width of the edge", "L", 0, 0,
                            half, &c->width));
  PetscCall(EddyInitialCentre(ic, o, "centre", c->centre));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  const PetscReal q = sqrt(k->k2), R = c->radius;
  PetscReal a = c->value * exp(-.5 * c->width * c->width * k->k2), phase = 0;
  if (ic->flow && !(q > 0))
    return; /* no mean vorticity */
  if (box->dim == 1)
    a *= q > 0 ? 2 * sin(q * R) / q : 2 * R;
  else
    a *= q > 0 ? 2 * PETSC_PI * R * j1(q * R) / q : PETSC_PI * R * R;
  for (int d = 0; d < (int)box->dim; ++d) {
    a /= EddyBoxLength(box, d);
    phase -= k->k[d] * (c->centre[d] - box->lower[d]);
  }
  u[ic->comp] = EddyC(a * cos(phase), a * sin(phase));
}

const EddyInitialOps eddy_initial_disc = {
    .name = "disc",
    .summary = "a disc of one value, sharp or smooth (a tracer blob, a vortex patch)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
