/* SPDX-License-Identifier: BSD-3-Clause */
/* The start of the one-dimensional sets of PDEBench [Takamoto2022]: a sum of `number` sines with wave numbers drawn from 1 ... k_max,

     u = s |.| [ sum_j A_j sin(2 pi l_j X + phi_j) ] W(X),  A_j ~ U[0, amplitude], phi_j ~ U[0, 2 pi), X = (x - lower)/L,

   where with probability p_abs the absolute value is taken, s is +1 or -1 with equal chance, and with probability p_window the sum is multiplied by
   W = (tanh((X - a)/0.01) - tanh((X - b)/0.01))/2, a ~ U[.1, .45], b ~ U[.55, .9]. positive: shifted and scaled to [0, 1] on 1024 points afterwards.

   program: what the program of PDEBench does instead of what its paper says. All k_max sines are summed, l-th with l n_l waves, n_l times it was drawn: a
   sine that was not drawn is the constant A_l sin(phi_l), one drawn twice has twice its waves; and b = a + 0.45, as both come from one number. */
#include "initial.h"
#include <math.h>

enum { MAX_SINES = 64, POINTS = 1024 };

typedef struct {
  PetscInt number, wave[MAX_SINES];
  PetscReal a[MAX_SINES], phi[MAX_SINES], edge[2], sign, shift, scale;
  PetscBool absolute, window;
} Ctx;

static PetscReal Value(const Ctx *c, PetscReal X)
{
  PetscReal v = 0;
  for (PetscInt j = 0; j < c->number; ++j)
    v += c->a[j] * sin(2 * PETSC_PI * (PetscReal)c->wave[j] * X + c->phi[j]);
  v = c->sign * (c->absolute ? fabs(v) : v);
  if (c->window)
    v *= .5 * (tanh((X - c->edge[0]) / .01) - tanh((X - c->edge[1]) / .01));
  return c->scale * (v - c->shift);
}

static void Draw(EddyInitial ic, PetscReal amplitude, PetscInt k_max, PetscReal p_abs,
                 PetscReal p_window, PetscBool program)
{
  Ctx *c = ic->ctx;
  PetscInt drawn[MAX_SINES] = {0};
  const EddyComplex a = EddyInitialUniformOf(ic, 0, 2), b = EddyInitialUniformOf(ic, 1, 2),
                    e = EddyInitialUniformOf(ic, 2, 2);
  for (PetscInt j = 0; j < c->number; ++j)
    c->wave[j] = 1 + (PetscInt)(EddyInitialUniformOf(ic, j, 1).re * (PetscReal)k_max);
  if (program) {
    for (PetscInt j = 0; j < c->number; ++j)
      ++drawn[c->wave[j] - 1];
    c->number = k_max;
    for (PetscInt l = 0; l < k_max; ++l)
      c->wave[l] = (l + 1) * drawn[l];
  }
  for (PetscInt j = 0; j < c->number; ++j) {
    const EddyComplex r = EddyInitialUniformOf(ic, j, 0);
    c->a[j] = amplitude * r.re;
    c->phi[j] = 2 * PETSC_PI * r.im;
  }
  c->absolute = (PetscBool)(a.re < p_abs);
  c->window = (PetscBool)(a.im < p_window);
  c->sign = b.re < .5 ? -1 : 1;
  c->edge[0] = .1 + .35 * e.re;
  c->edge[1] = .55 + .35 * (program ? e.re : e.im);
}

static void Normalise(Ctx *c)
{
  PetscReal low = PETSC_MAX_REAL, high = -PETSC_MAX_REAL;
  for (int i = 0; i < POINTS; ++i) {
    const PetscReal v = Value(c, (i + .5) / POINTS);
    low = PetscMin(low, v);
    high = PetscMax(high, v);
  }
  c->shift = low;
  c->scale = high > low ? 1 / (high - low) : 1;
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal amplitude, p_abs, p_window;
  PetscInt k_max;
  PetscBool positive, program, catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || ic->physics->box.dim == 1, o, EddyInitialOption(ic, "type", &key),
                   "random_waves is for 1-D boxes, this one has %d directions",
                   (int)ic->physics->box.dim);
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "number", &key), "number of sines", 2, 1,
                           MAX_SINES, &c->number));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "k_max", &key), "most waves per box", 8, 1,
                           10000, &k_max));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key), "largest amplitude",
                            "state", 1, 0, PETSC_MAX_REAL, &amplitude));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "p_abs", &key),
                            "probability of an absolute value", "1", .1, 0, 1, &p_abs));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "p_window", &key), "probability of a window",
                            "1", .1, 0, 1, &p_window));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "positive", &key),
                            "shift and scale the start to [0, 1]", PETSC_FALSE, &positive));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "program", &key),
                            "sums as the program of PDEBench does: waves not drawn are constants",
                            PETSC_FALSE, &program));
  EddyOptionsCheck(!program || k_max <= MAX_SINES, o, EddyInitialOption(ic, "k_max", &key),
                   "%d is above %d, the most with initial_program", (int)k_max, MAX_SINES);
  c->scale = 1;
  Draw(ic, amplitude, k_max, p_abs, p_window, program);
  if (positive)
    Normalise(c);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const EddyBox *box = &ic->physics->box;
  u[ic->comp] = Value(ic->ctx, (x[0] - box->lower[0]) / EddyBoxLength(box, 0));
}

const EddyInitialOps eddy_initial_random_waves = {
    .name = "random_waves",
    .summary = "few random sines, at times windowed or folded (PDEBench 1-D)",
    .reference = "Takamoto2022",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Point = Point,
};
