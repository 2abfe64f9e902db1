/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline features FILE: derived fields of stored snapshots, computed by the discretisation of the run that made the file, so that they are what the
   solver would feed to a closure on the same state. */
#include "cli.h"
#include "disc.h"
#include "run.h"
#include "well_read.h"
#include "writer.h"
#include <string.h>

static const char usage[] = "eddyline features FILE -fields a,b [-output NAME]\n"
                            "  Computes derived fields of every snapshot of FILE and writes them "
                            "to NAME.hdf5 (default: FILE_features). FILE must hold all\n"
                            "  components of the state; physics and box come from its provenance. "
                            "`eddyline info` lists the fields.\n";

typedef struct {
  EddyOptions o;
  EddyMesh mesh;
  EddyPhysics p;
  EddyDisc d;
  double *u;
} Solver;

/* The solver of the file on the file's own grid. */
static PetscErrorCode Make(const EddyWellInfo *info, EddyOptions arguments, Solver *s)
{
  char n[64];
  PetscFunctionBeginUser;
  PetscCheck(info->provenance[0], PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s does not say which case made it (no provenance)", info->path);
  PetscCall(EddyOptionsCreate(PETSC_COMM_SELF, &s->o));
  PetscCall(EddyOptionsInsertText(s->o, info->path, info->provenance));
  PetscCall(PetscSNPrintf(n, sizeof n, info->box.dim == 1 ? "%d" : "%d,%d", (int)info->box.n[0],
                          (int)info->box.n[1]));
  PetscCall(EddyOptionsSet(s->o, "mesh_n", n, info->path));
  PetscCall(EddyMeshCreate(PETSC_COMM_SELF, s->o, &s->mesh));
  PetscCall(EddyPhysicsCreate(PETSC_COMM_SELF, s->o, &s->mesh->box, &s->p));
  PetscCall(EddyDiscCreate(PETSC_COMM_SELF, s->o, &s->mesh->box, s->p, 0, NULL, 0, NULL, &s->d));
  PetscCall(EddyDiscCreateState(s->d, &s->u));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode End(Solver *s)
{
  PetscFunctionBeginUser;
  PetscCall(EddyDiscDestroyState(&s->u));
  PetscCall(EddyDiscDestroy(&s->d));
  PetscCall(EddyPhysicsDestroy(&s->p));
  PetscCall(EddyMeshDestroy(&s->mesh));
  PetscCall(EddyOptionsDestroy(&s->o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Snapshot(Solver *s, EddyWell in, const EddyWellInfo *info,
                               const PetscInt comp[], PetscInt r, PetscInt f, PetscInt nname,
                               const char *const names[], EddyBlock blocks[])
{
  const PetscInt points = info->box.n[0] * info->box.n[1];
  double *data;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(s->p->ncomp * points, &data));
  for (PetscInt c = 0; c < s->p->ncomp; ++c)
    PetscCall(EddyWellReadFrame(in, comp[c], r, f, data + c * points));
  const PetscInt n[3] = {info->box.n[0], info->box.n[1], 1};
  PetscCall(s->d->ops->Load(s->d, n, data, s->u));
  PetscCall(PetscFree(data));
  const EddyStage st = {.t = info->times[f], .row = (uint64_t)info->row[r], .seed = info->seed[r]};
  PetscCall(s->d->ops->GetFields(s->d, 0, &st, s->u, NULL, nname, names, blocks));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Work(EddyOptions o, const char *path, const char *output, PetscInt nname,
                           const char *const names[])
{
  EddyWell in;
  EddyWriter w;
  const EddyWellInfo *info;
  Solver s = {0};
  EddyBlock blocks[EDDY_MAX_LIST];
  PetscInt comp[EDDY_MAX_COMP];
  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(path, &in));
  PetscCall(EddyWellGetInfo(in, &info));
  PetscCall(Make(info, o, &s));
  for (PetscInt c = 0; c < s.p->ncomp; ++c)
    PetscCall(EddyWellFindField(in, s.p->comp[c], &comp[c]));
  for (PetscInt i = 0; i < nname; ++i) {
    EddyField field; /* for the message: names the option and the nearest field */
    PetscCall(EddyFieldFind(s.p, o, "fields", names[i], &field));
  }
  const EddyStage st = {0};
  PetscCall(s.d->ops->GetFields(s.d, 0, &st, NULL, NULL, nname, names, blocks));
  PetscCall(EddyOptionsSet(o, "output_features_type", "h5", "command line"));
  PetscCall(EddyWriterCreate(PETSC_COMM_SELF, o, "features", &w));
  const EddyWriterPlan plan = {.comm = PETSC_COMM_SELF,
                               .path = output,
                               .dataset_name = info->dataset_name,
                               .box = info->box,
                               .n = {info->box.n[0], info->box.n[1], 1},
                               .ntrajectories = info->ntrajectories,
                               .nframes = info->nframes,
                               .times = info->times,
                               .nfield = nname,
                               .fields = blocks,
                               .row = info->row,
                               .provenance = info->provenance,
                               .float64 = info->fields[comp[0]].float64};
  PetscCall(w->ops->Open(w, &plan));
  for (PetscInt64 k = 0; k < info->frames_done; ++k) {
    const PetscInt r = (PetscInt)(k / info->nframes), f = (PetscInt)(k % info->nframes);
    PetscCall(Snapshot(&s, in, info, comp, r, f, nname, names, blocks));
    const EddyRecord record = {.trajectory = r,
                               .frame = f,
                               .row = info->row[r],
                               .t = info->times[f],
                               .seed = info->seed[r],
                               .nblock = nname,
                               .blocks = blocks};
    PetscCall(w->ops->Write(w, &record));
  }
  PetscCall(w->ops->Close(w, PETSC_TRUE));
  PetscCall(EddyWriterDestroy(&w));
  printf("%s.hdf5: %lld snapshots of %d field%s\n", output, (long long)info->frames_done,
         (int)nname, nname == 1 ? "" : "s");
  PetscCall(End(&s));
  PetscCall(EddyWellClose(&in));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbFeatures(int argc, char **argv, int *code)
{
  char list[EDDY_MAX_LIST][EDDY_MAX_NAME], output[EDDY_MAX_PATH];
  const char *positional[1], *names[EDDY_MAX_LIST], *given;
  EddyOptions o;
  PetscBool asked;
  PetscInt n, nname;
  int rank;
  PetscFunctionBeginUser;
  PetscCall(EddyCliHelp(argc, argv, usage, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCallMPI(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  PetscCall(EddyArgsSplit(o, argc - 1, argv + 1, 1, positional, &n));
  PetscCheck(n == 1, PETSC_COMM_WORLD, EDDY_ERR_INPUT,
             "features: a file is missing; see eddyline features --help");
  PetscCall(EddyOptionsNames(o, "fields", "derived fields", EDDY_MAX_LIST, list, &nname));
  EddyOptionsCheck(nname, o, "fields", "name the fields, e.g. -fields velocity,strain");
  for (PetscInt i = 0; i < nname; ++i)
    names[i] = list[i];
  PetscCall(EddyOptionsString(o, "output", "file for the result, without .hdf5", NULL, &given));
  PetscCall(PetscStrncpy(output, given ? given : positional[0], sizeof output));
  char *dot = given ? NULL : strstr(output, ".hdf5");
  if (dot)
    PetscCall(PetscStrncpy(dot, "_features", sizeof output - (size_t)(dot - output)));
  if (!rank)
    PetscCall(Work(o, positional[0], output, nname, names));
  PetscCallMPI(MPI_Barrier(PETSC_COMM_WORLD));
  PetscCall(EddyOptionsDestroy(&o));
  PetscFunctionReturn(PETSC_SUCCESS);
}
