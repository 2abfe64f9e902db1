/* SPDX-License-Identifier: BSD-3-Clause */
/* A box with wavy grid lines, smooth and periodic: with s_d = i_d / n_d

     x_d = lower_d + L_d (s_d + a_d prod_e sin(2 pi m_e s_e)),

   a: mesh_amplitude, m: mesh_waves. The faces of the box stay where they are. Lines cross when 2 pi m_d |a_d| reaches 1. */
#include "mesh.h"

typedef struct {
  PetscReal lower[3], length[3], amplitude[3];
  PetscInt dim, n[3], waves[3];
} Ctx;

static void Vertex(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  const Ctx *c = ctx;
  PetscReal wave = 1;
  for (int d = 0; d < c->dim; ++d) {
    /* whole periods go first, so that vertices 0 and n see one wave */
    const PetscInt turn = c->waves[d] * i[d] % c->n[d];
    wave *= sin(2 * PETSC_PI * (PetscReal)turn / (PetscReal)c->n[d]);
  }
  for (int d = 0; d < 3; ++d)
    x[d] = d < c->dim ? c->lower[d] + c->length[d] * ((PetscReal)i[d] / (PetscReal)c->n[d] +
                                                      c->amplitude[d] * wave)
                      : 0;
}

static PetscErrorCode Options(EddyMesh m, EddyOptions o)
{
  Ctx *c = m->vertices.ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyMeshReadCells(o, &m->box));
  PetscCall(EddyMeshReadCorners(o, &m->box));
  PetscCall(EddyMeshReadFaces(o, &m->box));
  c->dim = m->box.dim;
  for (int d = 0; d < c->dim; ++d) {
    c->n[d] = m->box.n[d];
    c->lower[d] = m->box.lower[d];
    c->length[d] = EddyBoxLength(&m->box, d);
    c->amplitude[d] = .05;
    c->waves[d] = 1;
  }
  PetscCall(EddyOptionsReals(o, "mesh_amplitude", "of the waves, in lengths of the box", "1",
                             c->dim, -1, 1, c->amplitude, NULL));
  PetscCall(EddyOptionsInts(o, "mesh_waves", "waves of the grid lines per direction", c->dim, 1,
                            1000, c->waves, NULL));
  for (int d = 0; d < c->dim; ++d)
    EddyOptionsCheck(
        2 * PETSC_PI * (PetscReal)c->waves[d] * PetscAbsReal(c->amplitude[d]) < 1, o,
        "mesh_amplitude",
        "%g folds the grid in direction %c: it must stay below 1 / (2 pi waves) = %.4g",
        (double)c->amplitude[d], "xyz"[d], (double)(1 / (2 * PETSC_PI * (PetscReal)c->waves[d])));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyMeshOps eddy_mesh_wavy = {
    .name = "wavy",
    .summary = "box with smoothly wavy grid lines, for verification on curved cells",
    .ctx_size = sizeof(Ctx),
    .Options = Options,
    .Vertex = Vertex,
};
