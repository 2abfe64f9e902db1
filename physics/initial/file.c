/* SPDX-License-Identifier: BSD-3-Clause */
/* A stored snapshot, at any resolution: the modes that both grids hold are copied, the others are
 * zero. */
#include "initial.h"

typedef struct {
  char path[EDDY_MAX_PATH];
  PetscInt row, frame;
} Ctx;

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscBool catalogue;
  const char *path;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsString(o, EddyInitialOption(ic, "path", &key), "file with snapshots", NULL,
                              &path));
  EddyOptionsCheck(path || catalogue, o, key.text, "is not given: initial_type file needs a file");
  if (path)
    PetscCall(PetscStrncpy(c->path, path, sizeof c->path));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "row", &key), "trajectory in the file", 0, 0,
                           PETSC_MAX_INT, &c->row));
  PetscCall(EddyOptionsInt(o, EddyInitialOption(ic, "frame", &key), "snapshot, -1 is the last", -1,
                           -1, PETSC_MAX_INT, &c->frame));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode File(EddyInitial ic, const char **path, PetscInt *row, PetscInt *frame)
{
  const Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  *path = c->path;
  *row = c->row;
  *frame = c->frame;
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyInitialOps eddy_initial_file = {
    .name = "file",
    .summary = "a stored snapshot, at any resolution",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .File = File,
};
