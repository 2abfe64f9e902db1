/* SPDX-License-Identifier: BSD-3-Clause */
#include "closure.h"

#define EDDY_ROW(name) extern const EddyClosureOps eddy_closure_##name;
#include "list.def"
#undef EDDY_ROW

const EddyClosureOps *EddyClosureGetOps(PetscInt k)
{
#define EDDY_ROW(name) &eddy_closure_##name,
  static const EddyClosureOps *const table[] = {
#include "list.def"
  };
#undef EDDY_ROW
  return k < (PetscInt)(sizeof table / sizeof *table) ? table[k] : NULL;
}

/* One closure of the list, *c = NULL for one without a target ("none"). */
static PetscErrorCode CreateOne(EddyOptions o, const char *name, EddyClosure *c)
{
  const char *names[EDDY_MAX_NAME];
  char key[2 * EDDY_MAX_NAME], prefix[2 * EDDY_MAX_NAME];
  PetscInt n = 0, k;

  PetscFunctionBeginUser;
  *c = NULL;
  for (const EddyClosureOps *ops; (ops = EddyClosureGetOps(n)); ++n)
    names[n] = ops->name;
  PetscCall(PetscSNPrintf(prefix, sizeof prefix, "closure_%s_", name));
  PetscCall(PetscSNPrintf(key, sizeof key, "%stype", prefix));
  PetscCall(EddyOptionsChoice(o, key, "kind of closure", names, n, -1, &k));
  const EddyClosureOps *ops = EddyClosureGetOps(k);
  if (ops->target == EDDY_TARGET_NONE)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(c));
  (*c)->ops = ops;
  PetscCall(PetscStrncpy((*c)->name, name, sizeof(*c)->name));
  if (ops->ctx_size)
    PetscCall(PetscCalloc1(ops->ctx_size, (char **)&(*c)->ctx));
  if (ops->Create)
    PetscCall(ops->Create(*c, o, prefix));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureCreateList(MPI_Comm comm, EddyOptions o, PetscInt *n, EddyClosure **c)
{
  static const char *const types[] = {"list", "none"};
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscInt type, count;

  PetscFunctionBeginUser;
  *n = 0;
  *c = NULL;
  PetscCall(EddyOptionsChoice(o, "closure_type",
                              "list: the closures of closure_list; none: no closure at all", types,
                              2, 0, &type));
  PetscCall(EddyOptionsNames(o, "closure_list", "names of the closures, which are summed",
                             EDDY_MAX_LIST, names, &count));
  if (type == 1 || !count)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscCalloc1(count, c));
  for (PetscInt i = 0; i < count; ++i) {
    PetscCall(CreateOne(o, names[i], &(*c)[*n]));
    if ((*c)[*n])
      ++*n;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureDestroyList(PetscInt n, EddyClosure **c)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; ++i) {
    EddyClosure one = (*c)[i];
    if (one->ops->Destroy)
      PetscCall(one->ops->Destroy(one));
    PetscCall(PetscFree(one->ctx));
    PetscCall(PetscFree(one));
  }
  PetscCall(PetscFree(*c));
  PetscFunctionReturn(PETSC_SUCCESS);
}
