/* SPDX-License-Identifier: BSD-3-Clause */
/* Random waves in a gas, the start of the two- and three-dimensional sets of PDEBench for compressible flow [Takamoto2022]. Every field is

     S(x) = sum over i, j(, k) in -k_max ... k_max without 0 of a_k sin(k.x + phi),  phi ~ U[0, 2 pi),  a_k = |k|^(-1/2) in 2-D, |k|^(-1) in 3-D;

   velocity S scaled to the mean speed mach sqrt(gamma T_0), density rho_0 (1 + d S/<|S|>), pressure rho_0 T_0 (1 + e S/<|S|>), with rho_0 ~ U[density], T_0 ~
   U[temperature], d and e ~ U[perturbation]. With probability p_window all of it is confined to a window with edges tanh(x/0.01), in box lengths, and
   uniform gas at rest outside. turbulent: density 1, mean speed 1, uniform pressure 1/(gamma mach^2), velocity without divergence.
   program: windows are 0.45 wide, as in the program of PDEBench, which draws both edges from one number. Means are those of a fixed grid. Ours: density and pressure stay above 1 % of their means. Cells get the value at their centre, as there. */
#include "gas.h"
#include <math.h>

enum {
  MAX_K = 8,
  SIDE = 2 * MAX_K + 1,
  FIELDS = 5,
  SCALARS = 3
}; /* fields: velocity (3), density, pressure */

typedef struct {
  EddyGas gas;
  PetscInt k_max, dim;
  PetscReal rho0, p0, scale[FIELDS], edge[3][2];
  PetscBool window;
  EddyComplex *c; /* [FIELDS][2 k_max + 1 (z)][.. (y)][.. (x)] */
} Ctx;

static size_t Side(const Ctx *c) { return 2 * (size_t)c->k_max + 1; }
static size_t Modes(const Ctx *c) { return Side(c) * Side(c) * (c->dim > 2 ? Side(c) : 1); }

static void Draw(EddyInitial ic, PetscBool turbulent)
{
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  const PetscInt K = c->k_max, side = (PetscInt)Side(c);
  for (size_t m = 0; m < Modes(c); ++m) {
    const PetscInt at[3] = {(PetscInt)m % side - K, (PetscInt)m / side % side - K,
                            c->dim > 2 ? (PetscInt)m / side / side - K : 1};
    PetscReal k[3] = {0, 0, 0}, k2 = 0;
    for (int d = 0; d < (int)c->dim; ++d) {
      k[d] = 2 * PETSC_PI * (PetscReal)at[d] / EddyBoxLength(box, d);
      k2 += k[d] * k[d];
    }
    const PetscBool used = (PetscBool)(at[0] && at[1] && at[2]);
    const PetscReal a = used ? (c->dim > 2 ? 1 / sqrt(k2) : 1 / sqrt(sqrt(k2))) : 0;
    for (int f = 0; f < FIELDS; ++f) {
      const EddyComplex r = EddyInitialUniformOf(ic, (PetscInt)m, f / 2);
      const PetscReal phi = 2 * PETSC_PI * (f % 2 ? r.im : r.re);
      c->c[(size_t)f * Modes(c) + m] = EddyC(a * cos(phi), a * sin(phi));
    }
    if (!turbulent || !used)
      continue;
    EddyComplex along = {0, 0}; /* k.v / k^2 */
    for (int d = 0; d < (int)c->dim; ++d)
      along = EddyCAdd(along, EddyCScale(k[d] / k2, c->c[(size_t)d * Modes(c) + m]));
    for (int d = 0; d < (int)c->dim; ++d)
      c->c[(size_t)d * Modes(c) + m] =
          EddyCSub(c->c[(size_t)d * Modes(c) + m], EddyCScale(k[d], along));
  }
}

/* The sums of all fields at a place in units of the box. */
static void Sums(const Ctx *c, const PetscReal X[3], PetscReal S[FIELDS])
{
  const size_t side = Side(c), nz = c->dim > 2 ? side : 1;
  EddyComplex e[3][SIDE];
  for (int d = 0; d < (int)c->dim; ++d) {
    const EddyComplex one = EddyC(cos(2 * PETSC_PI * X[d]), sin(2 * PETSC_PI * X[d]));
    e[d][c->k_max] = EddyC(1, 0);
    for (PetscInt q = 1; q <= c->k_max; ++q) {
      const EddyComplex z = EddyCMul(e[d][c->k_max + q - 1], one);
      e[d][c->k_max + q] = z;
      e[d][c->k_max - q] = EddyC(z.re, -z.im);
    }
  }
  for (int f = 0; f < FIELDS; ++f) {
    const EddyComplex *at = c->c + (size_t)f * Modes(c);
    EddyComplex all = {0, 0};
    for (size_t k = 0; k < nz; ++k) {
      EddyComplex plane = {0, 0};
      for (size_t j = 0; j < side; ++j) {
        EddyComplex row = {0, 0};
        for (size_t i = 0; i < side; ++i, ++at)
          row = EddyCAdd(row, EddyCMul(*at, e[0][i]));
        plane = EddyCAdd(plane, EddyCMul(row, e[1][j]));
      }
      all = EddyCAdd(all, nz > 1 ? EddyCMul(plane, e[2][k]) : plane);
    }
    S[f] = all.im;
  }
}

/* 1 / mean |S| of density and pressure, 1 / mean speed for the velocity. */
static void Normalise(Ctx *c)
{
  const PetscInt n = c->dim > 2 ? 4 * c->k_max : 16 * c->k_max, nz = c->dim > 2 ? n : 1;
  PetscReal mean[FIELDS] = {0};
  for (PetscInt q = 0; q < n * n * nz; ++q) {
    const PetscReal X[3] = {((PetscReal)(q % n) + .5) / (PetscReal)n,
                            ((PetscReal)(q / n % n) + .5) / (PetscReal)n,
                            ((PetscReal)(q / n / n) + .5) / (PetscReal)n};
    PetscReal S[FIELDS], speed = 0;
    Sums(c, X, S);
    for (int d = 0; d < (int)c->dim; ++d)
      speed += S[d] * S[d];
    mean[0] += sqrt(speed);
    mean[SCALARS] += fabs(S[SCALARS]);
    mean[SCALARS + 1] += fabs(S[SCALARS + 1]);
  }
  for (int f = 0; f < FIELDS; ++f)
    c->scale[f] = (PetscReal)(n * n * nz) / mean[f < SCALARS ? 0 : f];
}

static PetscErrorCode Range(EddyInitial ic, EddyOptions o, const char *word, const char *what,
                            const char *unit, PetscReal lo, PetscReal hi, PetscReal least,
                            PetscInt draw, PetscReal *v, PetscReal *other)
{
  EddyInitialKey key;
  PetscReal range[2] = {lo, hi};
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, word, &key), what, unit, 2, least,
                             PETSC_MAX_REAL, range, NULL));
  EddyOptionsCheck(range[0] <= range[1], o, key.text, "goes from %g down to %g", (double)range[0],
                   (double)range[1]);
  const EddyComplex r = EddyInitialUniformOf(ic, 0, (int)draw);
  *v = range[0] + r.re * (range[1] - range[0]);
  if (other)
    *other = range[0] + r.im * (range[1] - range[0]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal mach, t0, disturb[2], p_window;
  PetscBool turbulent, program, catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyGasCreate(ic, o, 2, 3, &c->gas));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "mach", &key),
                            "mean speed over the sound speed of the mean state", "1", .1,
                            PETSC_SMALL, 100, &mach));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "k_max", &key), "most waves per box", 4, 1,
                           MAX_K, &c->k_max));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "turbulent", &key),
                            "velocity without divergence in a uniform gas", PETSC_FALSE,
                            &turbulent));
  PetscCall(Range(ic, o, "density", "range of the mean density", "M/L^3", .1, 10, PETSC_SMALL, 10,
                  &c->rho0, NULL));
  PetscCall(Range(ic, o, "temperature", "range of the mean temperature p/rho", "L^2/T^2", .1, 10,
                  PETSC_SMALL, 11, &t0, NULL));
  PetscCall(Range(ic, o, "perturbation", "range of the relative disturbance", "1", .01, .2, 0, 12,
                  &disturb[0], &disturb[1]));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "p_window", &key), "probability of a window",
                            "1", .5, 0, 1, &p_window));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "program", &key),
                            "windows as the program of PDEBench draws them: 0.45 wide", PETSC_FALSE,
                            &program));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  c->dim = ic->physics->box.dim;
  PetscCall(PetscCalloc1(FIELDS * Modes(c), &c->c));
  Draw(ic, turbulent);
  Normalise(c);
  if (turbulent) {
    c->rho0 = 1;
    t0 = 1 / (c->gas.gamma * mach * mach);
    disturb[0] = disturb[1] = p_window = 0;
  }
  c->p0 = c->rho0 * t0;
  for (int f = 0; f < FIELDS; ++f)
    c->scale[f] *= f < SCALARS ? mach * sqrt(c->gas.gamma * t0) : disturb[f - SCALARS];
  c->window = (PetscBool)(EddyInitialUniformOf(ic, 0, 13).re < p_window);
  for (int d = 0; d < 3; ++d) {
    const EddyComplex r = EddyInitialUniformOf(ic, 1 + d, 13);
    c->edge[d][0] = .1 + .35 * r.re;
    c->edge[d][1] = .55 + .35 * (program ? r.re : r.im);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscReal X[3] = {0, 0, 0}, S[FIELDS], v[3] = {0, 0, 0}, mask = 1;
  for (int d = 0; d < (int)c->dim; ++d) {
    X[d] = (x[d] - box->lower[d]) / EddyBoxLength(box, d);
    if (c->window)
      mask *= .5 * (tanh((X[d] - c->edge[d][0]) / .01) - tanh((X[d] - c->edge[d][1]) / .01));
  }
  Sums(c, X, S);
  for (int d = 0; d < (int)c->dim; ++d)
    v[d] = mask * c->scale[d] * S[d];
  const PetscReal rho = 1 + mask * c->scale[SCALARS] * S[SCALARS],
                  p = 1 + mask * c->scale[SCALARS + 1] * S[SCALARS + 1];
  EddyGasState(ic, &c->gas, c->rho0 * PetscMax(rho, .01), v, c->p0 * PetscMax(p, .01), u);
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(((Ctx *)ic->ctx)->c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyInitialOps eddy_initial_gas_waves = {
    .name = "gas_waves",
    .summary = "random waves or random solenoidal flow in a gas (PDEBench 2-D and 3-D)",
    .reference = "Takamoto2022",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Destroy = Destroy,
    .Point = Point,
};
