/* SPDX-License-Identifier: BSD-3-Clause */
#include "stats.h"
#include "well_read.h"
#include "writer.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two passes over one frame, in cache, then the merge of Chan, Golub, LeVeque 1983, eq. 2.1. */
void EddyMomentsAdd(EddyMoments *m, size_t n, const double in[], const double before[])
{
  double sum = 0, m2 = 0;
  if (!n)
    return;
  for (size_t i = 0; i < n; ++i)
    sum += before ? in[i] - before[i] : in[i];
  const double mean = sum / (double)n;
  for (size_t i = 0; i < n; ++i) {
    const double d = (before ? in[i] - before[i] : in[i]) - mean;
    m2 += d * d;
  }
  const double total = m->n + (double)n, delta = mean - m->mean;
  m->m2 += m2 + delta * delta * m->n * (double)n / total;
  m->mean += delta * (double)n / total;
  m->n = total;
}

double EddyMomentsStd(const EddyMoments *m) { return m->n > 0 ? sqrt(m->m2 / m->n) : 0; }
double EddyMomentsRms(const EddyMoments *m)
{
  return m->n > 0 ? sqrt(m->mean * m->mean + m->m2 / m->n) : 0;
}

typedef struct {
  char name[EDDY_MAX_NAME];
  PetscInt rank, ncomp, dim;
  EddyMoments *value, *delta; /* [ncomp] */
} FieldStats;

typedef struct {
  PetscInt nfield;
  FieldStats *field;
} Stats;

static PetscErrorCode Start(Stats *s, const EddyWellInfo *info)
{
  PetscFunctionBeginUser;
  s->nfield = info->nfield;
  PetscCall(PetscCalloc1(PetscMax(s->nfield, 1), &s->field));
  for (PetscInt k = 0; k < s->nfield; ++k) {
    const EddyWellField *f = &info->fields[k];
    s->field[k] = (FieldStats){.rank = f->rank, .ncomp = f->ncomp, .dim = info->box.dim};
    PetscCall(PetscStrncpy(s->field[k].name, f->name, sizeof s->field[k].name));
    PetscCall(PetscCalloc2(f->ncomp, &s->field[k].value, f->ncomp, &s->field[k].delta));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode AddField(EddyWell w, const EddyWellInfo *info, PetscInt k, FieldStats *s)
{
  const size_t n = (size_t)info->box.n[0] * (size_t)info->box.n[1] * (size_t)info->box.n[2];
  double *now, *before;

  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(n * (size_t)s->ncomp, &now));
  PetscCall(PetscMalloc1(n * (size_t)s->ncomp, &before));
  for (PetscInt i = 0; i < info->ntrajectories; ++i) {
    if (info->status[i] != 1)
      continue;
    for (PetscInt f = 0; f < info->nframes; ++f) {
      double *swap = now;
      now = before, before = swap;
      PetscCall(EddyWellReadFrame(w, k, i, f, now));
      for (PetscInt q = 0; q < s->ncomp; ++q) {
        EddyMomentsAdd(&s->value[q], n, now + (size_t)q * n, NULL);
        if (f)
          EddyMomentsAdd(&s->delta[q], n, now + (size_t)q * n, before + (size_t)q * n);
      }
    }
  }
  PetscCall(PetscFree(now));
  PetscCall(PetscFree(before));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode AddFile(Stats *s, const char *path)
{
  EddyWell w;
  const EddyWellInfo *info;

  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(path, &w));
  PetscCall(EddyWellGetInfo(w, &info));
  if (!s->field)
    PetscCall(Start(s, info));
  PetscCheck(s->nfield == info->nfield, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: has %" PetscInt_FMT " fields, other files of the set have %" PetscInt_FMT, path,
             info->nfield, s->nfield);
  for (PetscInt k = 0; k < s->nfield; ++k) {
    PetscInt found;
    PetscCall(EddyWellFindField(w, s->field[k].name, &found));
    PetscCheck(info->fields[found].ncomp == s->field[k].ncomp, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s: field %s has another rank than in other files of the set", path,
               s->field[k].name);
    PetscCall(AddField(w, info, found, &s->field[k]));
  }
  PetscCall(EddyWellClose(&w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static double Mean(const EddyMoments *m) { return m->mean; }

/* "%.8E" always has a dot and a signed exponent: what YAML 1.1 readers need to see a number. */
static void PrintField(FILE *out, const FieldStats *f, const EddyMoments *m,
                       double (*get)(const EddyMoments *))
{
  if (f->rank == 0) {
    fprintf(out, "  %s: %.8E\n", f->name, get(m));
    return;
  }
  fprintf(out, "  %s:\n", f->name);
  for (PetscInt q = 0; q < f->ncomp; ++q) {
    const PetscBool opens = q % f->dim ? PETSC_FALSE : PETSC_TRUE;
    fprintf(out, "  %s- %.8E\n", f->rank == 1 ? "" : opens ? "- " : "  ", get(&m[q]));
  }
}

static PetscErrorCode Print(const Stats *s, const char *path)
{
  static const struct {
    const char *name;
    PetscBool delta;
    double (*get)(const EddyMoments *);
  } rows[] = {{"mean", PETSC_FALSE, Mean},
              {"std", PETSC_FALSE, EddyMomentsStd},
              {"rms", PETSC_FALSE, EddyMomentsRms},
              {"mean_delta", PETSC_TRUE, Mean},
              {"std_delta", PETSC_TRUE, EddyMomentsStd},
              {"rms_delta", PETSC_TRUE, EddyMomentsRms}};
  char *text = NULL;
  size_t len = 0;

  PetscFunctionBeginUser;
  FILE *out = open_memstream(&text, &len);
  PetscCheck(out, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory for %s", path);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    PetscBool any = PETSC_FALSE;
    for (PetscInt k = 0; k < s->nfield; ++k) {
      const EddyMoments *m = rows[i].delta ? s->field[k].delta : s->field[k].value;
      if (m->n <= 0)
        continue;
      if (!any)
        fprintf(out, "%s:\n", rows[i].name);
      any = PETSC_TRUE;
      PrintField(out, &s->field[k], m, rows[i].get);
    }
    if (!any)
      fprintf(out, "%s: {}\n", rows[i].name);
  }
  fclose(out);
  const PetscErrorCode ierr = EddyFileWriteText(path, text);
  free(text);
  PetscFunctionReturn(ierr);
}

PetscErrorCode EddyStatsFromFiles(PetscInt n, const char *const paths[], const char *out_path)
{
  Stats s = {0};
  PetscErrorCode ierr = 0;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n && !ierr; ++i)
    ierr = AddFile(&s, paths[i]);
  if (!ierr)
    ierr = Print(&s, out_path);
  for (PetscInt k = 0; k < s.nfield; ++k)
    PetscCall(PetscFree2(s.field[k].value, s.field[k].delta));
  PetscCall(PetscFree(s.field));
  PetscFunctionReturn(ierr);
}
