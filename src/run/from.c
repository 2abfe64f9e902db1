/* SPDX-License-Identifier: BSD-3-Clause */
/* An ensemble over the rows of a stored set: each row starts from a stored initial frame with the parameters stored beside it, so
   that a coarse model can be scored on a test split.

   ensemble: {from: kolmogorov/set_a, split: test}

   Rows keep their numbers and their split. Parameters (physics_*) that the case gives itself win over stored ones. Times: without
   time_start the run begins at the first stored time and time_end counts from there (default: the last stored
   time). Without a seed of its own the set's seed is used. */
#include "ensemble.h"
#include "well_read.h"
#include <glob.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  PetscInt64 row;
  PetscInt file, index;
  double *value; /* of the parameters */
} Entry;

typedef struct {
  PetscInt n, max, nparameter;
  Entry *entry;
  char (*name)[EDDY_MAX_NAME];
  double t0, t1;
  uint64_t seed;
} Stored;

static int ByRow(const void *a, const void *b)
{
  const PetscInt64 x = ((const Entry *)a)->row, y = ((const Entry *)b)->row;
  return (x > y) - (x < y);
}

static PetscErrorCode AddFile(const char *path, PetscInt file, Stored *s)
{
  const EddyWellInfo *info;
  EddyWell w;
  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(path, &w));
  PetscCall(EddyWellGetInfo(w, &info));
  if (!s->name) {
    s->nparameter = info->nparameter;
    PetscCall(PetscCalloc1(info->nparameter + 1, &s->name));
    for (PetscInt k = 0; k < info->nparameter; ++k)
      PetscCall(PetscStrncpy(s->name[k], info->parameters[k], EDDY_MAX_NAME));
    s->t0 = info->times[0];
    s->t1 = info->times[info->nframes - 1];
    s->seed = info->seed[0];
  }
  if (s->n + info->ntrajectories > s->max) {
    s->max = 2 * (s->n + info->ntrajectories);
    PetscCall(PetscRealloc((size_t)s->max * sizeof *s->entry, &s->entry));
  }
  for (PetscInt i = 0; i < info->ntrajectories; ++i) {
    if (info->status[i] != 1)
      continue;
    Entry *x = &s->entry[s->n++];
    x->row = info->row[i];
    x->file = file;
    x->index = i;
    PetscCall(PetscCalloc1(s->nparameter + 1, &x->value));
    for (PetscInt k = 0; k < s->nparameter; ++k) {
      const double *value;
      PetscCall(EddyWellGetParameter(w, s->name[k], &value));
      PetscCheck(value, PETSC_COMM_SELF, EDDY_ERR_INPUT,
                 "%s has no parameter %s, other files of the set have", path, s->name[k]);
      x->value[k] = value[i];
    }
  }
  PetscCall(EddyWellClose(&w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Parameters of the rows as varied options, unless the case gives them. */
static PetscErrorCode Vary(EddyOptions o, const Stored *s, EddyEnsemble *e)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < s->nparameter; ++k) {
    const char *given, *origin;
    if (strncmp(s->name[k], "physics_", 8))
      continue;
    PetscCall(EddyOptionsGetRaw(o, s->name[k], &given));
    PetscCall(EddyOptionsGetOrigin(o, s->name[k], &origin));
    if (given && strncmp(origin, "row ", 4))
      continue;
    EddyOptionsCheck(e->nvary < EDDY_MAX_VARY, o, "ensemble_from",
                     "the set has more than %d parameters", EDDY_MAX_VARY);
    EddyVary *v = &e->vary[e->nvary++];
    PetscCall(PetscStrncpy(v->key, s->name[k], EDDY_MAX_NAME));
    v->kind = EDDY_VARY_TABLE;
    v->numeric = PETSC_TRUE;
    v->n = s->n;
    v->row = e->order;
    v->word = NULL;
    PetscCall(PetscMalloc1(s->n, &v->value));
    for (PetscInt i = 0; i < s->n; ++i)
      v->value[i] = s->entry[i].value[k];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Times(EddyOptions o, const Stored *s)
{
  const char *start, *given;
  char text[EDDY_MAX_NAME];
  PetscReal end;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsGetRaw(o, "ensemble_seed", &given));
  snprintf(text, sizeof text, "%llu", (unsigned long long)s->seed);
  if (!given)
    PetscCall(EddyOptionsSet(o, "ensemble_seed", text, "ensemble_from"));
  PetscCall(EddyOptionsGetRaw(o, "time_start", &start));
  if (start)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOptionsReal(o, "time_end", "end of the run", "T", s->t1 - s->t0, -PETSC_MAX_REAL,
                            PETSC_MAX_REAL, &end));
  snprintf(text, sizeof text, "%.17g", s->t0);
  PetscCall(EddyOptionsSet(o, "time_start", text, "ensemble_from"));
  snprintf(text, sizeof text, "%.17g", s->t0 + (double)end);
  PetscCall(EddyOptionsSet(o, "time_end", text, "ensemble_from"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyEnsembleTake(EddyOptions o, const char *set, EddyEnsemble *e)
{
  char pattern[EDDY_MAX_PATH];
  PetscInt split = 2;
  glob_t found;
  Stored s = {0};
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsChoice(o, "ensemble_split", "split of the set", EddySplitNames, EDDY_SPLITS,
                              2, &split));
  snprintf(pattern, sizeof pattern, "%s/data/%s/*.hdf5", set, EddySplitNames[split]);
  EddyOptionsCheck(!glob(pattern, 0, NULL, &found), o, "ensemble_from",
                   "%s: no files; give the folder that holds data/%s", pattern,
                   EddySplitNames[split]);
  for (size_t k = 0; k < found.gl_pathc; ++k)
    PetscCall(AddFile(found.gl_pathv[k], (PetscInt)k, &s));
  EddyOptionsCheck(s.n, o, "ensemble_from", "%s holds no complete rows", pattern);
  qsort(s.entry, (size_t)s.n, sizeof *s.entry, ByRow);
  e->rows = s.n;
  e->count[0] = e->count[1] = e->count[2] = 0;
  e->count[split] = s.n;
  PetscCall(PetscMalloc1(s.n, &e->order));
  PetscCall(PetscMalloc1(s.n, &e->source));
  for (PetscInt i = 0; i < s.n; ++i) {
    e->order[i] = s.entry[i].row;
    PetscCall(PetscStrncpy(e->source[i].path, found.gl_pathv[s.entry[i].file], EDDY_MAX_PATH));
    e->source[i].index = s.entry[i].index;
  }
  globfree(&found);
  PetscCall(Vary(o, &s, e));
  PetscCall(Times(o, &s));
  for (PetscInt i = 0; i < s.n; ++i)
    PetscCall(PetscFree(s.entry[i].value));
  PetscCall(PetscFree(s.entry));
  PetscCall(PetscFree(s.name));
  PetscFunctionReturn(PETSC_SUCCESS);
}
