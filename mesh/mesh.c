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

PetscErrorCode EddyMeshCreate(MPI_Comm comm, EddyOptions o, EddyMesh *m)
{
  const char *names[EDDY_MAX_NAME];
  PetscInt n = 0, k;

  PetscFunctionBeginUser;
  for (const EddyMeshOps *ops; (ops = EddyMeshGetOps(n)); ++n)
    names[n] = ops->name;
  PetscCall(EddyOptionsChoice(o, "mesh_type", "kind of mesh", names, n, 0, &k));
  PetscCall(PetscNew(m));
  (*m)->comm = comm;
  (*m)->ops = EddyMeshGetOps(k);
  PetscCall((*m)->ops->Options(o, &(*m)->box));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMeshDestroy(EddyMesh *m)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(*m));
  PetscFunctionReturn(PETSC_SUCCESS);
}
