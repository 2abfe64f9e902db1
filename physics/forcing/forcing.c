/* SPDX-License-Identifier: BSD-3-Clause */
/* Registry of forcings (physics/forcing/list.def), the list a case names, and what the files of
 * this room share. */
#include "forcing.h"
#include <math.h>
#include <string.h>

#define EDDY_ROW(name) extern const EddyForcingOps eddy_forcing_##name;
#include "list.def"
#undef EDDY_ROW
#define EDDY_ROW(name) &eddy_forcing_##name,
static const EddyForcingOps *const tables[] = {
#include "list.def"
};
#undef EDDY_ROW

enum { NTABLE = sizeof(tables) / sizeof(*tables) };

const EddyForcingOps *EddyForcingGetOps(PetscInt k)
{
  return k >= 0 && k < NTABLE ? tables[k] : NULL;
}

EddyComplex EddyForcingWave(EddyForcing f, const EddyMode *k, const PetscInt K[2], PetscReal a,
                            PetscReal b)
{
  for (int d = 0; d < 2; ++d)
    f->reach[d] = PetscMax(f->reach[d], PetscAbsInt(K[d]));
  const EddyBox *box = &f->physics->box;
  PetscReal phase = 0;
  int sign = 0;
  if (k->ik[0] == K[0] && k->ik[1] == K[1])
    sign = 1;
  if (k->ik[0] == -K[0] && k->ik[1] == -K[1])
    sign = -1;
  if (!sign)
    return EddyC(0, 0);
  for (int d = 0; d < (int)box->dim; ++d)
    phase += k->k[d] * box->lower[d];
  return EddyCMul(EddyC(.5 * a, -.5 * sign * b), EddyC(cos(phase), sin(phase)));
}

PetscErrorCode EddyForcingNeedsFlow(EddyForcing f, EddyOptions o, const char *prefix)
{
  EddyForcingKey key;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || f->flow, o, EddyForcingOption(prefix, "type", &key),
                   "%s is a forcing of 2-D flows, physics_type %s is not one", f->ops->name,
                   f->physics->ops->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyForcingCreateFromOps(const EddyForcingOps *ops, EddyOptions o, EddyPhysics p,
                                        const char *name, PetscInt index, EddyForcing *f)
{
  char prefix[2 * EDDY_MAX_NAME];
  EddyForcing q;

  PetscFunctionBeginUser;
  PetscCall(PetscNew(&q));
  *f = q;
  q->ops = ops;
  q->physics = p;
  q->index = index;
  q->flow = p->ops->Velocity && p->box.dim == 2 && !strcmp(p->comp[0], "vorticity");
  PetscCall(PetscStrncpy(q->name, name, sizeof q->name));
  PetscCall(PetscCalloc(ops->ctx_size ? ops->ctx_size : 1, &q->ctx));
  snprintf(prefix, sizeof prefix, "physics_forcing_%s_", name);
  PetscCall(ops->Create(q, o, prefix));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyForcingDestroy(EddyForcing *f)
{
  PetscFunctionBeginUser;
  if (!*f)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree((*f)->ctx));
  PetscCall(PetscFree(*f));
  *f = NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The table that physics_forcing_NAME_type chooses. */
static PetscErrorCode ReadType(EddyOptions o, const char *name, const EddyForcingOps **ops)
{
  const char *names[NTABLE], *given;
  char prefix[2 * EDDY_MAX_NAME];
  EddyForcingKey key;
  PetscBool catalogue;
  PetscInt type;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < NTABLE; ++k)
    names[k] = tables[k]->name;
  snprintf(prefix, sizeof prefix, "physics_forcing_%s_", name);
  EddyForcingOption(prefix, "type", &key);
  PetscCall(EddyOptionsGetRaw(o, key.text, &given));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(given || catalogue, o, key.text,
                   "is not given, but physics_forcing_list names %s", name);
  PetscCall(EddyOptionsChoice(o, key.text, "kind of forcing", names, NTABLE, 0, &type));
  *ops = tables[type];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Declares the options of every kind under this name. */
static PetscErrorCode DeclareAll(EddyOptions o, EddyPhysics p, const char *name)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < NTABLE; ++k) {
    EddyForcing f;
    PetscCall(EddyForcingCreateFromOps(tables[k], o, p, name, 0, &f));
    PetscCall(EddyForcingDestroy(&f));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyForcingCreateList(MPI_Comm comm, EddyOptions o, EddyPhysics p, PetscInt *n,
                                     EddyForcing **f)
{
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscBool catalogue;

  PetscFunctionBeginUser;
  *f = NULL;
  PetscCall(EddyOptionsNames(o, "physics_forcing_list", "names of the forcings, which are summed",
                             EDDY_MAX_LIST, names, n));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(PetscCalloc1(*n + 1, f));
  for (PetscInt i = 0; i < *n; ++i) {
    const EddyForcingOps *ops = NULL;
    PetscCall(ReadType(o, names[i], &ops));
    if (catalogue)
      PetscCall(DeclareAll(o, p, names[i]));
    PetscCall(EddyForcingCreateFromOps(ops, o, p, names[i], i, &(*f)[i]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyForcingDestroyList(PetscInt n, EddyForcing **f)
{
  PetscFunctionBeginUser;
  if (!*f)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < n; ++i)
    PetscCall(EddyForcingDestroy(&(*f)[i]));
  PetscCall(PetscFree(*f));
  PetscFunctionReturn(PETSC_SUCCESS);
}
