/* SPDX-License-Identifier: BSD-3-Clause */
/* Registry of physics: the tables of physics/list.def, one per x86-64 level, and the object made
 * from one. */
#include "physics.h"
#include <string.h>

#define EDDY_ROW(name) \
  extern const EddyPhysicsOps eddy_physics_##name##_v2, eddy_physics_##name##_v3, \
      eddy_physics_##name##_v4;
#include "list.def"
#undef EDDY_ROW

#define EDDY_ROW(name) \
  {&eddy_physics_##name##_v2, &eddy_physics_##name##_v3, &eddy_physics_##name##_v4},
static const EddyPhysicsOps *const tables[][3] = {
#include "list.def"
};
#undef EDDY_ROW

enum { NTABLE = sizeof(tables) / sizeof(*tables) };

const EddyPhysicsOps *EddyPhysicsGetOps(EddySimdLevel level, PetscInt k)
{
  return k >= 0 && k < NTABLE ? tables[k][level] : NULL;
}

/* The dimension of the mesh against what the equation is written for. */
static PetscErrorCode CheckDimension(const EddyPhysicsOps *ops, EddyOptions o, const EddyBox *box)
{
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue || (box->dim >= ops->dim_min && box->dim <= ops->dim_max))
    PetscFunctionReturn(PETSC_SUCCESS);
  if (ops->dim_min == ops->dim_max)
    PetscCall(EddyOptionsError(
        o, "mesh_n", "gives a mesh in %d dimensions, but physics_type %s is an equation in %d",
        (int)box->dim, ops->name, (int)ops->dim_min));
  PetscCall(EddyOptionsError(
      o, "mesh_n", "gives a mesh in %d dimensions, but physics_type %s is an equation in %d to %d",
      (int)box->dim, ops->name, (int)ops->dim_min, (int)ops->dim_max));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyPhysicsCreateFromOps(const EddyPhysicsOps *ops, EddySimdLevel level,
                                        EddyOptions o, const EddyBox *box, EddyPhysics *p)
{
  EddyPhysics q;

  PetscFunctionBeginUser;
  *p = NULL;
  PetscCheck(ops->abi == EDDY_PHYSICS_ABI, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "physics %s was built for contract version %d, this program has %d", ops->name,
             ops->abi, EDDY_PHYSICS_ABI);
  PetscCall(CheckDimension(ops, o, box));
  PetscCall(PetscNew(&q));
  q->ops = ops;
  q->level = level;
  q->box = *box;
  *p = q;
  PetscCall(PetscCalloc(ops->ctx_size ? ops->ctx_size : 1, &q->ctx));
  PetscCall(ops->Create(q, o));
  EddyAssert(q->ncomp > 0 && q->ncomp <= EDDY_MAX_COMP, PETSC_COMM_SELF, "%s: %d components",
             ops->name, (int)q->ncomp);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyPhysicsCreate(MPI_Comm comm, EddyOptions o, const EddyBox *box, EddyPhysics *p)
{
  const char *names[NTABLE], *given;
  PetscBool catalogue;
  PetscInt type;
  EddySimdLevel level;

  PetscFunctionBeginUser;
  *p = NULL;
  for (PetscInt k = 0; k < NTABLE; ++k)
    names[k] = tables[k][0]->name;
  PetscCall(EddyOptionsGetRaw(o, "physics_type", &given));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(given || catalogue, o, "physics_type",
                   "is not given; choose an equation, `eddyline info` lists them");
  PetscCall(EddyOptionsChoice(o, "physics_type", "the equation to solve", names, NTABLE, 0, &type));
  PetscCall(EddySimdFromOptions(o, &level));
  PetscCall(EddyPhysicsCreateFromOps(tables[type][level], level, o, box, p));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyPhysicsDestroy(EddyPhysics *p)
{
  PetscFunctionBeginUser;
  if (!*p)
    PetscFunctionReturn(PETSC_SUCCESS);
  if ((*p)->ops->Destroy)
    PetscCall((*p)->ops->Destroy(*p));
  PetscCall(PetscFree((*p)->ctx));
  PetscCall(PetscFree(*p));
  *p = NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}
