/* SPDX-License-Identifier: BSD-3-Clause */
/* Sum of Gaussians on the periodic box:  u = sum_j A_j exp(-|x - x_j|^2 / (2 s_j^2)),  by their
   exact Fourier coefficients uhat_k = A_j (2 pi s_j^2)^(dim/2) / volume  exp(-s_j^2 k^2 / 2 - i
   k.(x_j - lower)).

   Random (default): `number` of them, A ~ U[amplitude], s ~ U[width], centres uniform; over_width
   divides A by s. PDEgym's NS-Gauss is the default on a unit box: 100, a ~ U[-1,1], s ~ U[.01,.1],
   A = a/s [Herde2024]. Given: lists centre_x (and centre_y), height, sigma of equal lengths.
   Lengths in units of the box. On a flow it is the vorticity, without its mean. */
#include "initial.h"
#include <math.h>

enum { MAX_GIVEN = 64 };

typedef struct {
  PetscReal x[2], height, sigma;
} Bump;

typedef struct {
  PetscInt number;
  Bump *bump; /* [number] */
} Ctx;

static PetscErrorCode ReadGiven(EddyInitial ic, EddyOptions o)
{
  static const char *const words[] = {"centre_x", "centre_y", "height", "sigma"};
  static const char *const what[] = {"x of given Gaussians", "y of given Gaussians",
                                     "heights of given Gaussians", "widths of given Gaussians"};
  static const char *const unit[] = {"L", "L", "state", "L"};
  EddyInitialKey key;
  PetscReal v[4][MAX_GIVEN];
  PetscInt n[4];
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  for (int i = 0; i < 4; ++i) {
    PetscCall(EddyOptionsRealList(o, EddyInitialOption(ic, words[i], &key), what[i], unit[i],
                                  MAX_GIVEN, i == 3 ? PETSC_SMALL : -PETSC_MAX_REAL, PETSC_MAX_REAL,
                                  v[i], &n[i]));
    const PetscInt expect = i == 1 && ic->physics->box.dim < 2 ? 0 : n[0];
    EddyOptionsCheck(n[i] == expect, o, key.text, "has %d entries, %d are needed as in centre_x",
                     (int)n[i], (int)expect);
  }
  if (!n[0])
    PetscFunctionReturn(PETSC_SUCCESS);
  c->number = n[0];
  PetscCall(PetscCalloc1(c->number, &c->bump));
  for (PetscInt j = 0; j < c->number; ++j)
    c->bump[j] = (Bump){{v[0][j], n[1] ? v[1][j] : 0}, v[2][j], v[3][j]};
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawRandom(EddyInitial ic, EddyOptions o, PetscBool use)
{
  EddyInitialKey key;
  PetscReal amplitude[2] = {-1, 1}, width[2] = {.01, .1};
  PetscInt number;
  PetscBool over;
  const EddyBox *box = &ic->physics->box;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "number", &key), "number of random Gaussians",
                           100, 1, 1000000, &number));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "amplitude", &key), "range of the amplitude",
                             "state", 2, -PETSC_MAX_REAL, PETSC_MAX_REAL, amplitude, NULL));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "width", &key), "range of the width", "L", 2,
                             PETSC_SMALL, PETSC_MAX_REAL, width, NULL));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "over_width", &key),
                            "divide the amplitude by the width", PETSC_TRUE, &over));
  if (!use)
    PetscFunctionReturn(PETSC_SUCCESS);
  c->number = number;
  PetscCall(PetscCalloc1(number, &c->bump));
  for (PetscInt j = 0; j < number; ++j) {
    const EddyComplex r = EddyInitialUniformOf(ic, j, 0), x = EddyInitialUniformOf(ic, j, 1);
    Bump *b = &c->bump[j];
    b->x[0] = box->lower[0] + x.re * EddyBoxLength(box, 0);
    b->x[1] = box->lower[1] + x.im * EddyBoxLength(box, 1);
    b->sigma = width[0] + r.im * (width[1] - width[0]);
    b->height = (amplitude[0] + r.re * (amplitude[1] - amplitude[0])) / (over ? b->sigma : 1);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(ReadGiven(ic, o));
  PetscCall(DrawRandom(ic, o, c->bump ? PETSC_FALSE : PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(PetscFree(c->bump));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  EddyComplex sum = EddyC(0, 0);
  if (ic->flow && !(k->k2 > 0))
    return;
  for (PetscInt j = 0; j < c->number; ++j) {
    const Bump *b = &c->bump[j];
    const PetscReal decay = .5 * b->sigma * b->sigma * k->k2;
    if (decay > 700)
      continue; /* exp underflows */
    PetscReal a = b->height * exp(-decay), phase = 0;
    for (int d = 0; d < (int)box->dim; ++d) {
      a *= sqrt(2 * PETSC_PI) * b->sigma / EddyBoxLength(box, d);
      phase -= k->k[d] * (b->x[d] - box->lower[d]);
    }
    sum = EddyCAdd(sum, EddyC(a * cos(phase), a * sin(phase)));
  }
  u[ic->comp] = sum;
}

const EddyInitialOps eddy_initial_gaussians = {
    .name = "gaussians",
    .summary = "sum of Gaussians, random or given (PDEgym NS-Gauss)",
    .reference = "Herde2024",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Destroy = Destroy,
    .Mode = Mode,
};
