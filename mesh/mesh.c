/* SPDX-License-Identifier: BSD-3-Clause */
#include "mesh.h"

#define EDDY_ROW(name) extern const EddyMeshOps eddy_mesh_##name;
#include "list.def"
#undef EDDY_ROW

const char *const EddyBoundaryNames[] = {"periodic", "outflow", "reflecting", "dirichlet",
                                         "slip",     "no_slip", "inflow",     "characteristic",
                                         "mixed",    "plugin"};

PetscErrorCode EddyBoundaryFromOptions(EddyOptions o, int dir, int side, EddyBoundary *type)
{
  char key[EDDY_MAX_NAME];
  PetscInt k;

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "boundary_%c%s_type", "xyz"[dir], side ? "max" : "min"));
  PetscCall(EddyOptionsChoice(o, key, "what lies beyond this face of the box", EddyBoundaryNames,
                              EDDY_BOUNDARY_COUNT, EDDY_BOUNDARY_PERIODIC, &k));
  *type = (EddyBoundary)k;
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyMeshOps *EddyMeshGetOps(PetscInt k)
{
#define EDDY_ROW(name) &eddy_mesh_##name,
  static const EddyMeshOps *const table[] = {
#include "list.def"
  };
#undef EDDY_ROW
  return k < (PetscInt)(sizeof table / sizeof *table) ? table[k] : NULL;
}

PetscErrorCode EddyMeshCreateFromOps(MPI_Comm comm, const EddyMeshOps *ops, EddyOptions o,
                                     EddyMesh *mesh)
{
  EddyMesh m;

  PetscFunctionBeginUser;
  PetscCall(PetscNew(&m));
  *mesh = m;
  m->comm = comm;
  m->ops = ops;
  if (ops->ctx_size)
    PetscCall(PetscCalloc1(ops->ctx_size, (char **)&m->vertices.ctx));
  m->vertices.Vertex = ops->Vertex;
  if (ops->Vertex)
    m->box.mapped = &m->vertices;
  PetscCall(ops->Options(m, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMeshCreate(MPI_Comm comm, EddyOptions o, EddyMesh *m)
{
  const char *names[EDDY_MAX_NAME];
  PetscInt n = 0, k;

  PetscFunctionBeginUser;
  for (const EddyMeshOps *ops; (ops = EddyMeshGetOps(n)); ++n)
    names[n] = ops->name;
  PetscCall(EddyOptionsChoice(o, "mesh_type", "kind of mesh", names, n, 0, &k));
  PetscCall(EddyMeshCreateFromOps(comm, EddyMeshGetOps(k), o, m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyMeshEnclose(EddyMesh m)
{
  EddyBox *box = &m->box;
  PetscInt last[3];
  for (int d = 0; d < 3; ++d) {
    last[d] = d < box->dim ? box->n[d] : 0;
    box->lower[d] = d < box->dim ? PETSC_MAX_REAL : 0;
    box->upper[d] = d < box->dim ? -PETSC_MAX_REAL : 1;
  }
  for (PetscInt k = 0; k <= last[2]; ++k)
    for (PetscInt j = 0; j <= last[1]; ++j)
      for (PetscInt i = 0; i <= last[0]; ++i) {
        const PetscInt at[3] = {i, j, k};
        PetscReal x[3];
        m->ops->Vertex(m->vertices.ctx, at, x);
        for (int d = 0; d < box->dim; ++d) {
          box->lower[d] = PetscMin(box->lower[d], x[d]);
          box->upper[d] = PetscMax(box->upper[d], x[d]);
        }
      }
}

PetscErrorCode EddyMeshDestroy(EddyMesh *m)
{
  PetscFunctionBeginUser;
  if (!*m)
    PetscFunctionReturn(PETSC_SUCCESS);
  if ((*m)->ops->Free)
    (*m)->ops->Free((*m)->vertices.ctx);
  PetscCall(PetscFree((*m)->vertices.ctx));
  PetscCall(PetscFree(*m));
  PetscFunctionReturn(PETSC_SUCCESS);
}
