/* SPDX-License-Identifier: BSD-3-Clause */
#include "writer.h"

#define EDDY_ROW(name) extern const EddyWriterOps eddy_writer_##name;
#include "list.def"
#undef EDDY_ROW

#define EDDY_ROW(name) &eddy_writer_##name,
static const EddyWriterOps *const registered[] = {
#include "list.def"
    NULL};
#undef EDDY_ROW

enum { NUMBER = sizeof registered / sizeof *registered - 1 };

const EddyWriterOps *EddyWriterGetOps(PetscInt k)
{
  return k >= 0 && k < NUMBER ? registered[k] : NULL;
}

PetscErrorCode EddyWriterCreate(MPI_Comm comm, EddyOptions o, const char *name, EddyWriter *writer)
{
  const char *names[NUMBER];
  char prefix[EDDY_MAX_NAME + 16], key[EDDY_MAX_NAME + 24];
  PetscInt type;
  EddyWriter w;

  PetscFunctionBeginUser;
  *writer = NULL;
  for (PetscInt k = 0; k < NUMBER; ++k)
    names[k] = registered[k]->name;
  snprintf(prefix, sizeof prefix, "output_%s_", name);
  snprintf(key, sizeof key, "%stype", prefix);
  PetscCall(EddyOptionsChoice(o, key, "format of this output", names, NUMBER, 0, &type));
  PetscCall(PetscNew(&w));
  w->ops = registered[type];
  PetscCall(PetscStrncpy(w->name, name, sizeof w->name));
  if (w->ops->ctx_size)
    PetscCall(PetscCalloc1(w->ops->ctx_size, (char **)&w->ctx));
  *writer = w;
  if (w->ops->Create)
    PetscCall(w->ops->Create(w, o, prefix));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyWriterDestroy(EddyWriter *w)
{
  PetscFunctionBeginUser;
  if (!*w)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree((*w)->ctx));
  PetscCall(PetscFree(*w));
  PetscFunctionReturn(PETSC_SUCCESS);
}
