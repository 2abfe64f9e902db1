/* SPDX-License-Identifier: BSD-3-Clause */
/* The starts of the one-dimensional sets of PDEBench for compressible flow [Takamoto2022]. Density, pressure and velocity are drawn one by one, as

     sines   s |.| [sum_j A_j sin(2 pi l_j X + phi_j)] W(X) with two waves l_j out of 1 ... k_max, A ~ U[0, 1], the absolute value with probability 0.1, s = +-1,
             a window W as in random_waves with probability 0.5; density and pressure are shifted and scaled to [0, 1] on 1024 points, times one
             number of their range plus another
     jumps   one value left and another right of a membrane of its own at X ~ U[0.25, 0.75]

   Numbers of a range are log-uniform where it is positive, uniform otherwise. The default range of the velocity of jumps is what that program
   draws, exp U[-0.5, 0.5]. X = (x - lower)/L.

   program: what the program of PDEBench does besides. All k_max sines are summed, the l-th with l n_l waves, n_l times it was drawn, so that those not drawn are constants
   A sin phi; the window is one of 2 X - 1, in the right half of the box, and 0.45 wide; the membrane stands at X = (0.25 + r/2) with the r of the right value. */
#include "gas.h"
#include <math.h>

enum { POINTS = 1024, WAVES = 2, MAX_K = 64, DENSITY = 0, PRESSURE = 1, VELOCITY = 2 };
static const char *const kinds[] = {"sines", "jumps"};

typedef struct {
  PetscInt sines, wave[MAX_K];
  PetscReal a[MAX_K], phi[MAX_K], edge[2], smooth, sign, shift, scale, base;
  PetscBool absolute, window;
  PetscReal side[2], x0;
} Line;

typedef struct {
  EddyGas gas;
  PetscInt kind;
  Line line[3];
} Ctx;

static PetscReal Sines(const Line *l, PetscReal X)
{
  PetscReal v = 0;
  for (PetscInt j = 0; j < l->sines; ++j)
    v += l->a[j] * sin(2 * PETSC_PI * (PetscReal)l->wave[j] * X + l->phi[j]);
  v = l->sign * (l->absolute ? fabs(v) : v);
  return l->window
             ? v * .5 * (tanh((X - l->edge[0]) / l->smooth) - tanh((X - l->edge[1]) / l->smooth))
             : v;
}

static PetscReal Between(const PetscReal range[2], PetscReal r)
{
  return range[0] > 0 ? range[0] * pow(range[1] / range[0], r)
                      : range[0] + r * (range[1] - range[0]);
}

static void Draw(EddyInitial ic, int field, const PetscReal range[2], PetscInt k_max,
                 PetscBool program)
{
  Line *l = &((Ctx *)ic->ctx)->line[field];
  const int base = 10 * field;
  const EddyComplex a = EddyInitialUniformOf(ic, 0, base), b = EddyInitialUniformOf(ic, 1, base),
                    e = EddyInitialUniformOf(ic, 2, base), m = EddyInitialUniformOf(ic, 3, base);
  PetscReal lo = PETSC_MAX_REAL, hi = -PETSC_MAX_REAL;
  PetscInt drawn[MAX_K] = {0};
  l->sines = program ? k_max : WAVES;
  for (PetscInt j = 0; j < WAVES; ++j) {
    l->wave[j] = 1 + (PetscInt)(EddyInitialUniformOf(ic, j, base + 2).re * (PetscReal)k_max);
    if (program)
      ++drawn[l->wave[j] - 1];
  }
  for (PetscInt j = 0; j < l->sines; ++j) {
    const EddyComplex r = EddyInitialUniformOf(ic, j, base + 1);
    l->a[j] = r.re;
    l->phi[j] = 2 * PETSC_PI * r.im;
    if (program)
      l->wave[j] = (j + 1) * drawn[j];
  }
  l->absolute = (PetscBool)(a.re < .1);
  l->sign = a.im < .5 ? -1 : 1;
  l->window = (PetscBool)(b.re < .5);
  l->edge[0] = .1 + .35 * e.re;
  l->edge[1] = .55 + .35 * (program ? e.re : e.im);
  l->smooth = .01;
  if (program) { /* x in [-1, 1] */
    l->edge[0] = .5 * (1 + l->edge[0]);
    l->edge[1] = .5 * (1 + l->edge[1]);
    l->smooth *= .5;
  }
  l->x0 = .25 + .5 * (program ? m.im : b.im);
  l->side[0] = Between(range, m.re);
  l->side[1] = Between(range, m.im);
  l->scale = 1;
  if (field == VELOCITY)
    return;
  for (int i = 0; i < POINTS; ++i) {
    const PetscReal v = Sines(l, (i + .5) / POINTS);
    lo = PetscMin(lo, v);
    hi = PetscMax(hi, v);
  }
  l->shift = lo;
  l->scale = hi > lo ? l->side[0] / (hi - lo) : 0;
  l->base = l->side[1];
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  static const char *const words[] = {"density", "pressure", "velocity"}, *const units[] = {
                                                                              "M/L^3", "M/(L T^2)",
                                                                              "L/T"};
  PetscReal range[3][2] = {{1, 10}, {10, 100}, {exp(-.5), exp(.5)}};
  PetscInt k_max;
  PetscBool program;

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 1, 1, &c->gas));
  PetscCall(EddyOptionsChoice(o, EddyInitialOption(ic, "kind", &key), "shape of the fields", kinds,
                              2, 0, &c->kind));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "k_max", &key), "most waves per box", 3, 1,
                           10000, &k_max));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "program", &key),
                            "draws as the program of PDEBench does: waves not drawn are constants",
                            PETSC_FALSE, &program));
  EddyOptionsCheck(!program || k_max <= MAX_K, o, EddyInitialOption(ic, "k_max", &key),
                   "%d is above %d, the most with initial_program", (int)k_max, MAX_K);
  for (int f = 0; f < 3; ++f) {
    PetscCall(EddyOptionsReals(
        o, EddyInitialOption(ic, words[f], &key),
        f == VELOCITY ? "range of the velocity of jumps" : "range of this field", units[f], 2,
        f == VELOCITY ? -PETSC_MAX_REAL : PETSC_SMALL, PETSC_MAX_REAL, range[f], NULL));
    EddyOptionsCheck(range[f][0] <= range[f][1], o, key.text, "goes from %g down to %g",
                     (double)range[f][0], (double)range[f][1]);
    Draw(ic, f, range[f], k_max, program);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  const PetscReal X = (x[0] - box->lower[0]) / EddyBoxLength(box, 0);
  PetscReal v[3], velocity[3] = {0, 0, 0};
  for (int f = 0; f < 3; ++f) {
    const Line *l = &c->line[f];
    v[f] = c->kind ? l->side[X >= l->x0] : l->base + l->scale * (Sines(l, X) - l->shift);
    if (f != VELOCITY) /* between the points of the scaling the sum may be lower by a hair */
      v[f] = PetscMax(v[f], .5 * PetscMin(l->side[0], l->side[1]));
  }
  velocity[0] = v[VELOCITY];
  EddyGasState(ic, &c->gas, v[DENSITY], velocity, v[PRESSURE], u);
}

const EddyInitialOps eddy_initial_gas_sines = {
    .name = "gas_sines",
    .summary = "random sines or random jumps of density, velocity and pressure (PDEBench 1-D)",
    .reference = "Takamoto2022",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Point = Point,
};
