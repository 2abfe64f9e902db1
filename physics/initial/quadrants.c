/* SPDX-License-Identifier: BSD-3-Clause */
/* A gas at constant random states on tiles[0] x tiles[1] parts of the box: density ~ U[density], every velocity component ~ U[velocity],
   pressure ~ U[pressure]. The parts are divided by straight lines, or by curved ones when amplitude > 0: part (i, j) holds

     i = floor(tiles_x frac(X + s_x(X, Y))),  j = floor(tiles_y frac(Y + s_y(X, Y))),  X = (x - lower_x)/L_x, Y = (y - lower_y)/L_y,
     s(X, Y) = sum_{a, b = 1}^{waves} c_ab sin(2 pi ((a + shift) X + (b + shift) Y + phi_ab)),  c_ab ~ U[-amplitude, amplitude], phi_ab ~ U[0, 1].

   After the sets CE-RP (defaults), CE-CRP (amplitude 0.1, waves 2, shift 8) and CE-RPUI (ranges of their own, amplitude 0.01) of PDEgym [Herde2024] and
   the multi-quadrant sets of The Well [Ohana2024]; constants not given there are ours. */
#include "gas.h"
#include <math.h>

enum { MAX_TILES = 64, MAX_WAVES = 16 };

typedef struct {
  EddyGas gas;
  PetscInt tiles[2], waves, shift;
  PetscReal amplitude;
  PetscReal (*state)[4];   /* [tiles[1]][tiles[0]] density, velocity (2), pressure */
  PetscReal (*wave)[2][2]; /* [waves][waves] coefficient and phase of s_x, s_y */
} Ctx;

static PetscErrorCode ReadRange(EddyInitial ic, EddyOptions o, const char *word, const char *what,
                                const char *unit, PetscReal least, PetscReal range[2])
{
  EddyInitialKey key;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, word, &key), what, unit, 2, least,
                             PETSC_MAX_REAL, range, NULL));
  EddyOptionsCheck(range[0] <= range[1], o, key.text, "goes from %g down to %g", (double)range[0],
                   (double)range[1]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscReal Between(const PetscReal range[2], PetscReal r)
{
  return range[0] + r * (range[1] - range[0]);
}

static PetscErrorCode Draw(EddyInitial ic, const PetscReal range[3][2])
{
  Ctx *c = ic->ctx;
  const PetscInt n = c->tiles[0] * c->tiles[1], m = c->waves * c->waves;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(n, &c->state));
  PetscCall(PetscMalloc1(m, &c->wave));
  for (PetscInt j = 0; j < n; ++j) {
    const EddyComplex a = EddyInitialUniformOf(ic, j, 0), b = EddyInitialUniformOf(ic, j, 1);
    c->state[j][0] = Between(range[0], a.re);
    c->state[j][1] = Between(range[1], b.re);
    c->state[j][2] = Between(range[1], b.im);
    c->state[j][3] = Between(range[2], a.im);
  }
  for (PetscInt j = 0; j < m; ++j)
    for (int d = 0; d < 2; ++d) {
      const EddyComplex r = EddyInitialUniformOf(ic, j, 2 + d);
      c->wave[j][d][0] = c->amplitude * (2 * r.re - 1);
      c->wave[j][d][1] = r.im;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal range[3][2] = {{.1, 1}, {-1, 1}, {.1, 1}};

  PetscFunctionBeginUser;
  PetscCall(EddyGasCreate(ic, o, 2, 2, &c->gas));
  c->tiles[0] = c->tiles[1] = 2;
  PetscCall(EddyOptionsInts(o, EddyInitialOption(ic, "tiles", &key), "parts along x and y", 2, 1,
                            MAX_TILES, c->tiles, NULL));
  PetscCall(ReadRange(ic, o, "density", "range of the density", "M/L^3", PETSC_SMALL, range[0]));
  PetscCall(ReadRange(ic, o, "velocity", "range of the velocity components", "L/T", -PETSC_MAX_REAL,
                      range[1]));
  PetscCall(
      ReadRange(ic, o, "pressure", "range of the pressure", "M/(L T^2)", PETSC_SMALL, range[2]));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "amplitude", &key),
                            "largest amplitude of a wave of the dividing lines", "L", 0, 0, 10,
                            &c->amplitude));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "waves", &key),
                           "waves of the dividing lines per direction", 2, 1, MAX_WAVES,
                           &c->waves));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "shift", &key),
                           "added to the wave numbers 1, 2, ... of the dividing lines", 8, 0, 1000,
                           &c->shift));
  PetscCall(Draw(ic, (const PetscReal(*)[2])range));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  Ctx *c = ic->ctx;
  PetscFunctionBeginUser;
  PetscCall(PetscFree(c->state));
  PetscCall(PetscFree(c->wave));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscReal X[2], s[2] = {0, 0}, velocity[3] = {0, 0, 0};
  PetscInt at[2];
  for (int d = 0; d < 2; ++d)
    X[d] = (x[d] - box->lower[d]) / EddyBoxLength(box, d);
  for (PetscInt b = 0; b < c->waves && c->amplitude > 0; ++b)
    for (PetscInt a = 0; a < c->waves; ++a)
      for (int d = 0; d < 2; ++d) {
        const PetscReal *w = c->wave[b * c->waves + a][d];
        s[d] += w[0] * sin(2 * PETSC_PI *
                           ((PetscReal)(a + 1 + c->shift) * X[0] +
                            (PetscReal)(b + 1 + c->shift) * X[1] + w[1]));
      }
  for (int d = 0; d < 2; ++d) {
    const PetscReal f = X[d] + s[d] - floor(X[d] + s[d]);
    at[d] = PetscMin((PetscInt)(f * (PetscReal)c->tiles[d]), c->tiles[d] - 1);
  }
  const PetscReal *w = c->state[at[1] * c->tiles[0] + at[0]];
  velocity[0] = w[1];
  velocity[1] = w[2];
  EddyGasState(ic, &c->gas, w[0], velocity, w[3], u);
}

const EddyInitialOps eddy_initial_quadrants = {
    .name = "quadrants",
    .summary = "random constant states of a gas, straight or curved parts (PDEgym CE-RP, CE-CRP, "
               "CE-RPUI; The Well)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = Create,
    .Destroy = Destroy,
    .Point = Point,
};
