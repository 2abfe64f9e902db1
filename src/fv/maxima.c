/* SPDX-License-Identifier: BSD-3-Clause */
/* Running maxima of scalar fields over all steps (`statistics: {maximum: [depth]}`): where has the water been? The field "max_depth" of outputs. They belong to
   checkpoints, so a restarted run has the same. */
#include "fv.h"
#include <string.h>

static const char prefix[] = "max_";

PetscErrorCode EddyFvMaximaCreate(EddyDisc d, EddyOptions o)
{
  static const char key[] = "statistics_maximum";
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  EddyFv *s = EddyFvGet(d);
  PetscInt n;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsNames(o, key, "scalar fields whose largest value over time is kept (fv)",
                             EDDY_MAX_LIST, names, &n));
  if (!s)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < n; ++k) {
    EddyField f;
    EddyOptionsCheck(strlen(names[k]) + sizeof prefix <= EDDY_MAX_NAME, o, key, "%s is too long",
                     names[k]);
    PetscCall(EddyFieldFind(d->physics, o, key, names[k], &f));
    EddyOptionsCheck(f.ncomp == 1, o, key, "%s has %d components", names[k], (int)f.ncomp);
    PetscCall(PetscStrncpy(s->maximum[k].field, names[k], EDDY_MAX_NAME));
    PetscCall(PetscMalloc1(s->cells + 1, &s->maximum[k].value));
    for (size_t i = 0; i < s->cells; ++i)
      s->maximum[k].value[i] = -PETSC_MAX_REAL;
    s->nmaximum = k + 1;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMaximaDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < s->nmaximum; ++k)
    PetscCall(PetscFree(s->maximum[k].value));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyFvMaximaFind(const EddyFv *s, const char *name)
{
  for (PetscInt k = 0; k < s->nmaximum && !strncmp(name, prefix, sizeof prefix - 1); ++k)
    if (!strcmp(name + sizeof prefix - 1, s->maximum[k].field))
      return k;
  return -1;
}

PetscErrorCode EddyFvMaximaAdd(EddyDisc d, const double *u)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  for (PetscInt q = 0; q < s->nmaximum; ++q) {
    EddyFvValue v;
    double *to = s->maximum[q].value;
    PetscCall(EddyFvValueFind(d, s->maximum[q].field, &v));
    for (PetscInt k = 0; k < s->n[2]; ++k)
      for (PetscInt j = 0; j < s->n[1]; ++j)
        for (PetscInt i = 0; i < s->n[0]; ++i, ++to) {
          double x[9];
          EddyFvValueAt(d, &v, u, i, j, k, x);
          *to = x[0] > *to ? x[0] : *to;
        }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMaximaSaved(EddyDisc d, PetscInt k, EddySaved *a)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  *a = (EddySaved){.nchunk = -1};
  if (k >= s->nmaximum)
    PetscFunctionReturn(PETSC_SUCCESS);
  /* the rows of the first component of the state */
  *a = (EddySaved){.global = (PetscInt64)d->box.n[0] * d->box.n[1] * d->box.n[2],
                   .nchunk = s->nchunk / s->ncomp,
                   .offset = s->chunk_offset,
                   .count = s->chunk_count,
                   .data = s->maximum[k].value};
  PetscCall(PetscSNPrintf(a->name, sizeof a->name, "%s%s", prefix, s->maximum[k].field));
  PetscFunctionReturn(PETSC_SUCCESS);
}
