/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs the option reader of every registered type of every room against an empty table in catalogue mode. Readers
   return defaults there, so what a type does with them has no meaning; only the declarations are kept. */
#include "catalogue.h"
#include "run.h"
#include "writer.h"
#include <string.h>

typedef struct {
  MPI_Comm comm;
  EddyCatalogueVisit visit;
  void *ctx;
  EddySimdLevel level;
  EddyBox box;
  EddyPhysics physics; /* any, for the rooms right of it */
  EddyOptions scratch; /* of physics */
} Walk;

/* A new table in catalogue mode. */
static PetscErrorCode Begin(Walk *w, EddyOptions *table)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsCreate(w->comm, table));
  PetscCall(EddyOptionsSetCatalogue(*table, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Visits a filled table and frees it. */
static PetscErrorCode End(Walk *w, const char *room, const char *name, const char *summary,
                          EddyOptions *table)
{
  PetscFunctionBeginUser;
  PetscCall(w->visit(w->ctx, room, name, summary, *table));
  PetscCall(EddyOptionsDestroy(table));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkMesh(Walk *w)
{
  EddyOptions o;
  EddyMesh m;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyMeshGetOps(k); ++k) {
    PetscCall(Begin(w, &o));
    PetscCall(EddyMeshCreateFromOps(w->comm, EddyMeshGetOps(k), o, &m));
    PetscCall(EddyMeshDestroy(&m));
    PetscCall(End(w, "mesh", EddyMeshGetOps(k)->name, EddyMeshGetOps(k)->summary, &o));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyMeshCreate(w->comm, o, &m));
  w->box = m->box;
  PetscCall(EddyMeshDestroy(&m));
  PetscCall(End(w, "mesh", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkPhysics(Walk *w)
{
  EddyOptions o;
  EddyPhysics p;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyPhysicsGetOps(w->level, k); ++k) {
    const EddyPhysicsOps *ops = EddyPhysicsGetOps(w->level, k);
    PetscCall(Begin(w, &o));
    PetscCall(EddyPhysicsCreateFromOps(ops, w->level, o, &w->box, &p));
    PetscCall(EddyPhysicsDestroy(&p));
    PetscCall(End(w, "physics", ops->name, ops->summary, &o));
    if (w->physics && strcmp(ops->name, "ns2d"))
      continue; /* ns2d has most: components, tracers */
    PetscCall(EddyPhysicsDestroy(&w->physics));
    PetscCall(EddyPhysicsCreateFromOps(ops, w->level, w->scratch, &w->box, &w->physics));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyPhysicsCreate(w->comm, o, &w->box, &p));
  PetscCall(EddyPhysicsDestroy(&p));
  PetscCall(End(w, "physics", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkForcing(Walk *w)
{
  EddyOptions o;
  EddyForcing *list, f;
  PetscInt n;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyForcingGetOps(k); ++k) {
    const EddyForcingOps *ops = EddyForcingGetOps(k);
    PetscCall(Begin(w, &o));
    PetscCall(EddyForcingCreateFromOps(ops, o, w->physics, "NAME", 0, &f));
    PetscCall(EddyForcingDestroy(&f));
    PetscCall(End(w, "forcing", ops->name, ops->summary, &o));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyForcingCreateList(w->comm, o, w->physics, &n, &list));
  PetscCall(EddyForcingDestroyList(n, &list));
  PetscCall(End(w, "forcing", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkInitial(Walk *w)
{
  const EddyRandomKey key = {0};
  EddyOptions o;
  EddyInitial ic;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyInitialGetOps(k); ++k) {
    const EddyInitialOps *ops = EddyInitialGetOps(k);
    PetscCall(Begin(w, &o));
    PetscCall(EddyInitialCreateFromOps(ops, o, w->physics, &key, "initial_", 0, &ic));
    PetscCall(EddyInitialDestroy(&ic));
    PetscCall(End(w, "initial", ops->name, ops->summary, &o));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyInitialCreate(w->comm, o, w->physics, &key, &ic));
  PetscCall(EddyInitialDestroy(&ic));
  PetscCall(End(w, "initial", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkDisc(Walk *w)
{
  EddyOptions o;
  EddyDisc d;
  EddyStepper s;

  PetscFunctionBeginUser;
  PetscCall(Begin(w, &o));
  PetscCall(EddyDiscCreate(w->comm, o, &w->box, w->physics, 0, NULL, 0, NULL, &d));
  PetscCall(EddyDiscDestroy(&d));
  PetscCall(End(w, "disc", NULL, NULL, &o));
  for (PetscInt k = 0; EddyStepperGetOps(k); ++k) {
    struct _p_EddyStepper one = {.ops = EddyStepperGetOps(k)};
    PetscCall(Begin(w, &o));
    PetscCall(PetscCalloc1(one.ops->ctx_size + 1, (char **)&one.ctx));
    PetscCall(one.ops->Create(&one, o));
    if (one.ops->Destroy)
      PetscCall(one.ops->Destroy(&one));
    PetscCall(PetscFree(one.ctx));
    PetscCall(End(w, "time", one.ops->name, one.ops->summary, &o));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyStepperCreate(o, NULL, &s));
  PetscCall(EddyStepperDestroy(&s));
  PetscCall(End(w, "time", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkClosures(Walk *w)
{
  EddyOptions o;
  EddyClosure *list;
  PetscInt n;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyClosureGetOps(k); ++k) {
    const EddyClosureOps *ops = EddyClosureGetOps(k);
    EddyClosure one;
    PetscCall(Begin(w, &o));
    PetscCall(EddyClosureCreateFromOps(w->comm, o, ops, "NAME", "closure_NAME_", &one));
    PetscCall(EddyClosureDestroy(&one));
    PetscCall(End(w, "closure", ops->name, ops->summary, &o));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyClosureCreateList(w->comm, o, &n, &list));
  PetscCall(EddyClosureDestroyList(n, &list));
  PetscCall(End(w, "closure", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WalkOutput(Walk *w)
{
  EddyOptions o;
  EddyWriter writer;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyWriterGetOps(k); ++k) {
    struct _p_EddyWriter one = {.ops = EddyWriterGetOps(k), .name = "NAME"};
    PetscCall(Begin(w, &o));
    PetscCall(PetscCalloc1(one.ops->ctx_size + 1, (char **)&one.ctx));
    if (one.ops->Create)
      PetscCall(one.ops->Create(&one, o, "output_NAME_"));
    PetscCall(PetscFree(one.ctx));
    PetscCall(End(w, "output", one.ops->name, one.ops->summary, &o));
  }
  PetscCall(Begin(w, &o));
  PetscCall(EddyWriterCreate(w->comm, o, "NAME", &writer));
  PetscCall(EddyWriterDestroy(&writer));
  PetscCall(EddyRunDeclareOptions(o));
  PetscCall(End(w, "run, output, ensemble", NULL, NULL, &o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCatalogueWalk(MPI_Comm comm, EddyCatalogueVisit visit, void *ctx)
{
  Walk w = {.comm = comm, .visit = visit, .ctx = ctx, .level = EddySimdDetect()};

  PetscFunctionBeginUser;
  PetscCall(Begin(&w, &w.scratch));
  PetscCall(WalkMesh(&w));
  PetscCall(WalkPhysics(&w));
  PetscCall(WalkForcing(&w));
  PetscCall(WalkInitial(&w));
  PetscCall(WalkDisc(&w));
  PetscCall(WalkClosures(&w));
  PetscCall(WalkOutput(&w));
  PetscCall(EddyPhysicsDestroy(&w.physics));
  PetscCall(EddyOptionsDestroy(&w.scratch));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Merge(void *ctx, const char *room, const char *name, const char *summary,
                            EddyOptions table)
{
  EddyOptions all = (EddyOptions)ctx;
  EddyDeclared d;

  PetscFunctionBeginUser;
  for (PetscInt k = 0; EddyOptionsGetDeclared(table, k, &d); ++k)
    PetscCall(EddyOptionsDeclare(all, &d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCatalogueCreate(MPI_Comm comm, EddyOptions *catalogue)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsCreate(comm, catalogue));
  PetscCall(EddyOptionsSetCatalogue(*catalogue, PETSC_TRUE));
  PetscCall(EddyCatalogueWalk(comm, Merge, *catalogue));
  PetscFunctionReturn(PETSC_SUCCESS);
}
