/* SPDX-License-Identifier: BSD-3-Clause */
/* Registry of initial conditions (physics/initial/list.def) and what their files share: option
 * keys, phases, draws. */
#include "initial.h"
#include <math.h>
#include <string.h>

#define EDDY_ROW(name) extern const EddyInitialOps eddy_initial_##name;
#include "list.def"
#undef EDDY_ROW
#define EDDY_ROW(name) &eddy_initial_##name,
static const EddyInitialOps *const tables[] = {
#include "list.def"
};
#undef EDDY_ROW

enum { NTABLE = sizeof(tables) / sizeof(*tables) };

/* Streams of the generator: starts use 1, 2, ... by component, forcings have the top bit
 * (forcing.c). */
enum { STREAM = 1 };

const EddyInitialOps *EddyInitialGetOps(PetscInt k)
{
  return k >= 0 && k < NTABLE ? tables[k] : NULL;
}

const char *EddyInitialOption(EddyInitial ic, const char *word, EddyInitialKey *key)
{
  snprintf(key->text, sizeof key->text, "%s%s", ic->prefix, word);
  return key->text;
}

PetscErrorCode EddyInitialCentre(EddyInitial ic, EddyOptions o, const char *help,
                                 PetscReal centre[])
{
  EddyInitialKey key;
  const EddyBox *box = &ic->physics->box;
  PetscFunctionBeginUser;
  for (int d = 0; d < (int)box->dim; ++d)
    centre[d] = .5 * (box->lower[d] + box->upper[d]);
  PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "centre", &key), help, "L", box->dim,
                             -PETSC_MAX_REAL, PETSC_MAX_REAL, centre, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

EddyComplex EddyInitialShift(const EddyBox *box, const EddyMode *k, EddyComplex z)
{
  double phase = 0;
  for (int d = 0; d < (int)box->dim; ++d)
    phase += k->k[d] * box->lower[d];
  return EddyCMul(z, EddyC(cos(phase), sin(phase)));
}

EddyComplex EddyInitialNormal(EddyInitial ic, const EddyMode *k, int draw)
{
  uint32_t counter[4];
  double v[2];
  EddyRandomModeCounter(k->ik, draw, counter);
  EddyRandomNormal2(&ic->key, counter, v);
  return EddyC(v[0], v[1]);
}

EddyComplex EddyInitialUniform(EddyInitial ic, const EddyMode *k, int draw)
{
  uint32_t counter[4];
  double v[2];
  EddyRandomModeCounter(k->ik, draw, counter);
  EddyRandomUniform2(&ic->key, counter, v);
  return EddyC(v[0], v[1]);
}

EddyComplex EddyInitialUniformOf(EddyInitial ic, PetscInt n, int draw)
{
  const uint32_t counter[4] = {(uint32_t)n, 0, 0, (uint32_t)draw};
  double v[2];
  EddyRandomUniform2(&ic->key, counter, v);
  return EddyC(v[0], v[1]);
}

PetscErrorCode EddyInitialCreateFromOps(const EddyInitialOps *ops, EddyOptions o, EddyPhysics p,
                                        const EddyRandomKey *key, const char *prefix, PetscInt comp,
                                        EddyInitial *ic)
{
  EddyInitial q;

  PetscFunctionBeginUser;
  PetscCall(PetscNew(&q));
  *ic = q;
  q->ops = ops;
  q->physics = p;
  q->key = *key;
  q->key.stream = STREAM + (uint64_t)comp;
  q->comp = comp;
  q->centre = ops->centre;
  q->flow = p->ops->Velocity && p->box.dim == 2 && !strcmp(p->comp[comp], "vorticity");
  PetscCall(PetscStrncpy(q->prefix, prefix, sizeof q->prefix));
  PetscCall(PetscCalloc(ops->ctx_size ? ops->ctx_size : 1, &q->ctx));
  PetscCall(ops->Create(q, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The type that key names, NULL when it is not given (in a catalogue: the first one). */
static PetscErrorCode ReadType(EddyOptions o, const char *key, const EddyInitialOps **ops)
{
  const char *names[NTABLE], *given;
  PetscBool catalogue;
  PetscInt type;

  PetscFunctionBeginUser;
  *ops = NULL;
  PetscCall(EddyOptionsGetRaw(o, key, &given));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (!given && !catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < NTABLE; ++k)
    names[k] = tables[k]->name;
  PetscCall(EddyOptionsChoice(o, key, "initial condition", names, NTABLE, 0, &type));
  *ops = tables[type];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Declares the options of every type under this prefix. */
static PetscErrorCode DeclareAll(EddyOptions o, EddyPhysics p, const EddyRandomKey *key,
                                 const char *prefix, PetscInt comp)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < NTABLE; ++k) {
    EddyInitial ic;
    PetscCall(EddyInitialCreateFromOps(tables[k], o, p, key, prefix, comp, &ic));
    PetscCall(EddyInitialDestroy(&ic));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyInitialCreate(MPI_Comm comm, EddyOptions o, EddyPhysics p,
                                 const EddyRandomKey *key, EddyInitial *ic)
{
  const EddyInitialOps *ops;
  EddyInitial *end = ic;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  *ic = NULL;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue)
    PetscCall(DeclareAll(o, p, key, "initial_", 0));
  PetscCall(ReadType(o, "initial_type", &ops));
  EddyOptionsCheck(ops, o, "initial_type",
                   "is not given; choose a start, `eddyline info` lists them (zero is one)");
  EddyOptionsCheck(
      catalogue || !p->npositive || ops->whole || ops->File || ops == &eddy_initial_exact, o,
      "initial_type", "%s gives one field, but physics_type %s needs a start of all its components",
      ops->name, p->ops->name);
  PetscCall(EddyInitialCreateFromOps(ops, o, p, key, "initial_", 0, end));
  for (PetscInt comp = 1; comp < p->ncomp; ++comp) {
    char prefix[2 * EDDY_MAX_NAME], type[3 * EDDY_MAX_NAME];
    /* a passive scalar of a gas is given by itself, not times the density */
    snprintf(prefix, sizeof prefix, "initial_%s_",
             p->scalar && comp >= p->scalar ? p->prim[comp] : p->comp[comp]);
    snprintf(type, sizeof type, "%stype", prefix);
    PetscCall(ReadType(o, type, &ops));
    if (!ops)
      continue;
    if (catalogue)
      PetscCall(DeclareAll(o, p, key, prefix, comp));
    EddyOptionsCheck(!ops->File || (*ic)->ops->File, o, type,
                     "file needs initial_type file, which holds every component");
    end = &(*end)->next;
    PetscCall(EddyInitialCreateFromOps(ops, o, p, key, prefix, comp, end));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyInitialDestroy(EddyInitial *ic)
{
  PetscFunctionBeginUser;
  while (*ic) {
    EddyInitial q = *ic;
    if (q->ops->Destroy)
      PetscCall(q->ops->Destroy(q));
    *ic = q->next;
    PetscCall(PetscFree(q->ctx));
    PetscCall(PetscFree(q));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
