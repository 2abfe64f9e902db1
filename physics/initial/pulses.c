/* SPDX-License-Identifier: BSD-3-Clause */
/* Sum of round pulses given at points, in 1-D to 3-D, on any box and grid:  u = sum_j A_j f(|x - x_j| / R_j) with

     gaussian  f(s) = exp(-s^2/2)
     cosine    f(s) = (1 + cos(pi s))/2 inside s < 1
     ring      f(s) = (1 + cos(pi (s - 1)/w))/2 where |s - 1| < w = initial_thickness: of radius R
     rim       A + cos(pi (r - R)/w) where |r - R| <= w, 0 elsewhere: of radius R, w ~ U[initial_rim] when random, initial_thickness R when given

   Random: `number` of them (least and most), A ~ U[amplitude], R ~ U[radius], centres uniform in the box less `margin` of its length on every side. Given: centre_x (and _y, _z), height, width. In a
   physics with a medium, max_density keeps pulses out of what is denser: centres are drawn again and the pulse is cut off there; outside_inclusions cuts it off
   where an inclusion is. initial_hollow: R is at least w plus this.
   Sources of the acoustic sets [Ohana2024, Herde2024]. Fills one component, of acoustics the pressure. */
#include "initial.h"
#include "media/medium.h"
#include <math.h>
#include <string.h>

enum { MOST = 64, DRAWS = 1000 };
typedef enum { GAUSSIAN, COSINE, RING, RIM } Profile;
static const char *const profiles[] = {"gaussian", "cosine", "ring", "rim"};

typedef struct {
  PetscReal x[3], height, radius, rim;
} Pulse;

typedef struct {
  PetscInt n, profile, density; /* place of the density among the static fields, -1: none */
  PetscReal thickness, max_density;
  Pulse pulse[MOST];
  EddyMedium *medium; /* to cut pulses off at its inclusions, or NULL; owned */
} Ctx;

static PetscBool TooDense(EddyInitial ic, const PetscReal x[3])
{
  const Ctx *c = ic->ctx;
  PetscReal aux[EDDY_MAX_COMP];
  if (c->density < 0)
    return PETSC_FALSE;
  ic->physics->ops->Aux(ic->physics->ctx, x, aux);
  return (PetscBool)(aux[c->density] > c->max_density);
}

static PetscErrorCode ReadGiven(EddyInitial ic, EddyOptions o)
{
  static const char *const words[] = {"height", "width", "centre_x", "centre_y", "centre_z"};
  static const char *const what[] = {"heights of given pulses", "radii of given pulses",
                                     "x of given pulses", "y of given pulses", "z of given pulses"};
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  PetscReal v[5][MOST] = {{0}};
  PetscInt n;

  PetscFunctionBeginUser;
  for (int q = 0; q < 2 + (int)ic->physics->box.dim; ++q) {
    PetscCall(EddyOptionsRealList(o, EddyInitialOption(ic, words[q], &key), what[q],
                                  q ? "L" : "state", MOST, q == 1 ? PETSC_SMALL : -PETSC_MAX_REAL,
                                  PETSC_MAX_REAL, v[q], &n));
    EddyOptionsCheck(!q || n == c->n, o, key.text, "has %d entries, %d are needed as in height",
                     (int)n, (int)c->n);
    c->n = n;
  }
  for (PetscInt j = 0; j < c->n; ++j)
    c->pulse[j] = (Pulse){{v[2][j], v[3][j], v[4][j]}, v[0][j], v[1][j], c->thickness * v[1][j]};
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawRandom(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  Ctx *c = ic->ctx;
  const EddyBox *box = &ic->physics->box;
  PetscInt number[2] = {2, 6};
  PetscReal amplitude[2] = {.5, 2}, radius[2] = {.02, .06}, rim[2] = {.05, .15}, hollow, margin;
  const PetscBool given = (PetscBool)(c->n > 0);

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsInts(o, EddyInitialOption(ic, "number", &key),
                            "least and most random pulses", 2, 1, MOST, number, NULL));
  EddyOptionsCheck(number[1] >= number[0], o, key.text, "must not fall");
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "amplitude", &key), "range of the heights",
                             "state", 2, -PETSC_MAX_REAL, PETSC_MAX_REAL, amplitude, NULL));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "radius", &key), "range of the radii", "L", 2,
                             PETSC_SMALL, PETSC_MAX_REAL, radius, NULL));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "margin", &key),
                            "part of the box that centres keep away from its sides", "1", .1, 0,
                            .49, &margin));
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "rim", &key),
                             "range of the half thickness of rims", "L", 2, PETSC_SMALL,
                             PETSC_MAX_REAL, rim, NULL));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "hollow", &key),
                            "least radius of a rim above its half thickness; 0: none", "L", 0, 0,
                            PETSC_MAX_REAL, &hollow));
  EddyOptionsCheck(c->profile != RIM || given || !(hollow > 0) || rim[1] + hollow <= radius[1], o,
                   key.text, "%g and the rim %g are more than the largest radius %g",
                   (double)hollow, (double)rim[1], (double)radius[1]);
  if (given)
    PetscFunctionReturn(PETSC_SUCCESS);
  c->n = number[0] +
         PetscMin(number[1] - number[0], (PetscInt)(EddyInitialUniformOf(ic, MOST, 0).re *
                                                    (PetscReal)(number[1] - number[0] + 1)));
  for (PetscInt j = 0; j < c->n; ++j) {
    Pulse *p = &c->pulse[j];
    const EddyComplex a = EddyInitialUniformOf(ic, j, 0);
    int draw = 1;
    p->height = amplitude[0] + a.re * (amplitude[1] - amplitude[0]);
    p->rim = rim[0] + EddyInitialUniformOf(ic, j, 2 * DRAWS).re * (rim[1] - rim[0]);
    const PetscReal least =
        hollow > 0 && c->profile == RIM ? PetscMax(radius[0], p->rim + hollow) : radius[0];
    p->radius = least + a.im * (radius[1] - least);
    do {
      const EddyComplex u = EddyInitialUniformOf(ic, j, draw),
                        v = EddyInitialUniformOf(ic, j, draw + 1);
      const PetscReal r[3] = {u.re, u.im, v.re};
      for (int d = 0; d < (int)box->dim; ++d)
        p->x[d] = box->lower[d] + EddyBoxLength(box, d) * (margin + (1 - 2 * margin) * r[d]);
      draw += 2;
    } while (TooDense(ic, p->x) && draw < 2 * DRAWS);
    EddyOptionsCheck(draw < 2 * DRAWS, o, EddyInitialOption(ic, "max_density", &key),
                     "leaves no room for a pulse");
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  EddyPhysics p = ic->physics;
  Ctx *c = ic->ctx;
  PetscBool outside, catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsChoice(o, EddyInitialOption(ic, "profile", &key), "shape of a pulse",
                              profiles, 4, GAUSSIAN, &c->profile));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "thickness", &key),
                            "half thickness of a ring over its radius", "1", .5, PETSC_SMALL, 1,
                            &c->thickness));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "max_density", &key),
                            "no pulse where the medium is denser; 0: anywhere", "M/L^3", 0, 0,
                            PETSC_MAX_REAL, &c->max_density));
  PetscCall(EddyOptionsBool(o, EddyInitialOption(ic, "outside_inclusions", &key),
                            "no pressure where an inclusion is", PETSC_FALSE, &outside));
  if (outside && !catalogue) {
    EddyOptionsCheck(!strcmp(p->ops->name, "acoustics"), o, key.text,
                     "physics_type %s has no inclusions", p->ops->name);
    PetscCall(PetscNew(&c->medium));
    PetscCall(EddyMediumCreate(o, &p->box, c->medium));
  }
  c->density = -1;
  if (c->max_density > 0) {
    EddyOptionsCheck(p->naux && !strcmp(p->ops->name, "acoustics"), o,
                     EddyInitialOption(ic, "max_density", &key), "physics_type %s has no medium",
                     p->ops->name);
    c->density = 0;
  }
  PetscCall(ReadGiven(ic, o));
  PetscCall(DrawRandom(ic, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscReal Shape(const Ctx *c, PetscReal s)
{
  const PetscReal r = c->profile == RING ? fabs(s - 1) / c->thickness : s;
  if (c->profile == GAUSSIAN)
    return exp(-.5 * s * s);
  return r < 1 ? .5 * (1 + cos(PETSC_PI * r)) : 0;
}

static void Point(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  PetscReal sum = 0;
  for (PetscInt j = 0; j < c->n; ++j) {
    const Pulse *p = &c->pulse[j];
    PetscReal r2 = 0;
    for (int d = 0; d < (int)ic->physics->box.dim; ++d)
      r2 += (x[d] - p->x[d]) * (x[d] - p->x[d]);
    if (c->profile == RIM) {
      const PetscReal s = (sqrt(r2) - p->radius) / p->rim;
      sum += fabs(s) <= 1 ? p->height + cos(PETSC_PI * s) : 0;
    } else
      sum += p->height * Shape(c, sqrt(r2) / p->radius);
  }
  u[ic->comp] = TooDense(ic, x) || (c->medium && EddyMediumInside(c->medium, x)) ? 0 : sum;
}

static PetscErrorCode Destroy(EddyInitial ic)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(((Ctx *)ic->ctx)->medium));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyInitialOps eddy_initial_pulses = {
    .name = "pulses",
    .summary =
        "round pulses, Gaussians, rings or rims, random or given, on any box (sources of sound)",
    .reference = "Ohana2024",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Destroy = Destroy,
    .Point = Point,
};
