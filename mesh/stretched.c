/* SPDX-License-Identifier: BSD-3-Clause */
/* A box whose cells are finer at one or both ends, or in the middle, of each direction: x_d = lower_d + L_d h_d(i_d / n_d). With the strength b and

     tanh       g(s) = 1 + tanh(b (s - 1)) / tanh(b)     [Vinokur1983]
     geometric  g(s) = (exp(b s) - 1) / (exp(b) - 1)     sizes of neighbours in one ratio, last over first cell about exp(b)
     sinh       g(s) = sinh(b s) / sinh(b)

   fine at s = 0, the map is h(s) = g(s) at the low end, 1 - g(1 - s) at the high end; `both` and `middle` put two halves together. Options
   mesh_AXIS_type, mesh_AXIS_strength, mesh_AXIS_end with AXIS x, y, z. */
#include "mesh.h"

typedef enum { UNIFORM, TANH, GEOMETRIC, SINH } Kind;
typedef enum { BOTH, LOW, HIGH, MIDDLE } End;
static const char *const kinds[] = {"uniform", "tanh", "geometric", "sinh"};
static const char *const ends[] = {"both", "low", "high", "middle"};

typedef struct {
  PetscReal lower[3], length[3], strength[3];
  PetscInt dim, n[3], kind[3], end[3];
} Ctx;

static PetscReal Half(PetscInt kind, PetscReal b, PetscReal s)
{
  return kind == TANH        ? 1 + tanh(b * (s - 1)) / tanh(b)
         : kind == GEOMETRIC ? expm1(b * s) / expm1(b)
         : kind == SINH      ? sinh(b * s) / sinh(b)
                             : s;
}

static PetscReal Along(const Ctx *c, int d, PetscReal s)
{
  const PetscInt kind = c->kind[d];
  const PetscReal b = c->strength[d];
  const PetscBool low = (PetscBool)(s < .5);
  switch (c->end[d]) {
  case LOW:
    return Half(kind, b, s);
  case HIGH:
    return 1 - Half(kind, b, 1 - s);
  case MIDDLE:
    return low ? .5 * (1 - Half(kind, b, 1 - 2 * s)) : .5 * (1 + Half(kind, b, 2 * s - 1));
  default:
    return low ? .5 * Half(kind, b, 2 * s) : 1 - .5 * Half(kind, b, 2 * (1 - s));
  }
}

static void Vertex(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  const Ctx *c = ctx;
  for (int d = 0; d < 3; ++d)
    x[d] = d < c->dim
               ? c->lower[d] + c->length[d] * Along(c, d, (PetscReal)i[d] / (PetscReal)c->n[d])
               : 0;
}

static PetscErrorCode Options(EddyMesh m, EddyOptions o)
{
  Ctx *c = m->vertices.ctx;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyMeshReadCells(o, &m->box));
  PetscCall(EddyMeshReadCorners(o, &m->box));
  PetscCall(EddyMeshReadFaces(o, &m->box));
  c->dim = m->box.dim;
  for (int d = 0; d < (catalogue ? 3 : c->dim); ++d) {
    char key[EDDY_MAX_NAME];
    c->n[d] = m->box.n[d];
    c->lower[d] = m->box.lower[d];
    c->length[d] = EddyBoxLength(&m->box, d);
    PetscCall(PetscSNPrintf(key, sizeof key, "mesh_%c_type", "xyz"[d]));
    PetscCall(EddyOptionsChoice(o, key, "how cells grow along this axis", kinds, 4, UNIFORM,
                                &c->kind[d]));
    PetscCall(PetscSNPrintf(key, sizeof key, "mesh_%c_strength", "xyz"[d]));
    PetscCall(
        EddyOptionsReal(o, key, "strength of the stretching", "1", 2, 1e-6, 20, &c->strength[d]));
    PetscCall(PetscSNPrintf(key, sizeof key, "mesh_%c_end", "xyz"[d]));
    PetscCall(EddyOptionsChoice(o, key, "where cells are fine along this axis", ends, 4, BOTH,
                                &c->end[d]));
    PetscCall(EddyOptionsIdle(o, c->kind[d] == UNIFORM, key));
    PetscCall(PetscSNPrintf(key, sizeof key, "mesh_%c_strength", "xyz"[d]));
    PetscCall(EddyOptionsIdle(o, c->kind[d] == UNIFORM, key));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyMeshOps eddy_mesh_stretched = {
    .name = "stretched",
    .summary = "box with cells that are finer at its ends or in its middle, per direction",
    .ctx_size = sizeof(Ctx),
    .Options = Options,
    .Vertex = Vertex,
};
