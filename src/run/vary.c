/* SPDX-License-Identifier: BSD-3-Clause */
/* Varied options of an ensemble. A draw depends on (seed, row, attempt) and on the name of the
   option, so that adding another varied option, more rows or more ranks changes nothing that was
   there. */
#include "ensemble.h"
#include <math.h>
#include <string.h>

static const char *const kinds[] = {"uniform", "loguniform", "normal", "integer",
                                    "choice",  "list",       "grid"};
enum { NKIND = sizeof(kinds) / sizeof(*kinds) };
static const char allowed[] =
    "uniform a b, loguniform a b, normal mean sd, integer a b, choice ..., list ..., grid ...";

/* FNV-1a, 64 bits: the stream of an option; the top bit keeps clear of the streams of initial
 * conditions and forcings. */
static uint64_t StreamOf(const char *key)
{
  uint64_t h = 0xcbf29ce484222325u;
  for (const char *c = key; *c; ++c)
    h = (h ^ (unsigned char)*c) * 0x100000001b3u;
  return h | 0x8000000000000000u;
}

static PetscErrorCode CheckNumbers(EddyOptions o, const char *option, const EddyVary *v)
{
  const char *kind = kinds[v->kind];
  PetscFunctionBeginUser;
  EddyOptionsCheck(v->n == 2, o, option, "%s takes two numbers, not %d words", kind, (int)v->n);
  EddyOptionsCheck(v->numeric, o, option, "%s takes two numbers: '%s %s'", kind, v->word[0],
                   v->word[1]);
  const double a = v->value[0], b = v->value[1];
  if (v->kind == EDDY_VARY_NORMAL)
    EddyOptionsCheck(b >= 0, o, option, "the standard deviation %g is negative", b);
  else
    EddyOptionsCheck(a <= b, o, option, "%s %g %g: the first bound must not exceed the second",
                     kind, a, b);
  if (v->kind == EDDY_VARY_LOGUNIFORM)
    EddyOptionsCheck(a > 0, o, option, "loguniform needs positive bounds, not %g", a);
  if (v->kind == EDDY_VARY_INTEGER)
    EddyOptionsCheck(a == floor(a) && b == floor(b) && fabs(a) < 1e15 && fabs(b) < 1e15, o, option,
                     "integer takes two whole numbers, not %g and %g", a, b);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVaryParse(EddyOptions o, const char *option, const char *text, EddyVary *v)
{
  char *copy, *save = NULL;
  PetscFunctionBeginUser;
  PetscCall(PetscStrallocpy(text, &copy));
  const char *kind = strtok_r(copy, " \t,[]", &save);
  int k = 0;
  while (kind && k < NKIND && strcmp(kind, kinds[k]))
    ++k;
  if (!kind || k == NKIND) {
    const char *near = kind ? EddyNearest(kind, kinds, NKIND) : NULL;
    PetscCall(EddyOptionsError(o, option, "'%s' is no distribution%s%s%s; allowed: %s",
                               kind ? kind : "", near ? " (nearest: " : "", near ? near : "",
                               near ? ")" : "", allowed));
  }
  v->kind = (EddyVaryKind)k;
  v->numeric = PETSC_TRUE;
  v->n = 0;
  v->stride = 1;
  PetscCall(PetscCalloc1(EDDY_MAX_CHOICE, &v->word));
  PetscCall(PetscCalloc1(EDDY_MAX_CHOICE, &v->value));
  for (char *w = strtok_r(NULL, " \t,[]", &save); w; w = strtok_r(NULL, " \t,[]", &save)) {
    PetscReal x = 0;
    EddyOptionsCheck(v->n < EDDY_MAX_CHOICE, o, option, "more than %d values", EDDY_MAX_CHOICE);
    EddyOptionsCheck(strlen(w) < EDDY_MAX_NAME, o, option, "'%s' is longer than %d characters", w,
                     EDDY_MAX_NAME - 1);
    PetscCall(PetscStrncpy(v->word[v->n], w, EDDY_MAX_NAME));
    if (!EddyParseReal(w, &x))
      v->numeric = PETSC_FALSE;
    v->value[v->n++] = x;
  }
  PetscCall(PetscFree(copy));
  if (k <= EDDY_VARY_INTEGER)
    PetscCall(CheckNumbers(o, option, v));
  else
    EddyOptionsCheck(v->n > 0, o, option, "%s needs at least one value", kinds[k]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVaryFree(EddyVary *v)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(v->word));
  PetscCall(PetscFree(v->value));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyVaryDraw(const EddyVary *v, uint64_t seed, uint64_t row, uint64_t attempt,
                  char text[EDDY_MAX_NAME], double *value)
{
  const EddyRandomKey key = {
      .seed = seed, .row = row, .attempt = attempt, .stream = StreamOf(v->key)};
  const uint32_t zero[4] = {0, 0, 0, 0};
  double r[2], x;
  if (v->kind == EDDY_VARY_TABLE) {
    PetscInt k = 0;
    while (k + 1 < v->n && v->row[k] < (PetscInt64)row)
      ++k;
    *value = v->value[k];
    snprintf(text, EDDY_MAX_NAME, "%.17g", *value);
    return;
  }
  if (v->kind >= EDDY_VARY_CHOICE) { /* words are passed on as they were written */
    uint64_t k = row % (uint64_t)v->n;
    if (v->kind == EDDY_VARY_GRID)
      k = row / (uint64_t)v->stride % (uint64_t)v->n;
    if (v->kind == EDDY_VARY_CHOICE) {
      EddyRandomUniform2(&key, zero, r);
      k = (uint64_t)(r[0] * (double)v->n);
    }
    snprintf(text, EDDY_MAX_NAME, "%s", v->word[k]);
    *value = v->numeric ? v->value[k] : (double)k;
    return;
  }
  const double a = v->value[0], b = v->value[1];
  if (v->kind == EDDY_VARY_NORMAL) {
    EddyRandomNormal2(&key, zero, r);
    x = a + b * r[0];
  } else {
    EddyRandomUniform2(&key, zero, r);
    if (v->kind == EDDY_VARY_LOGUNIFORM)
      x = exp(log(a) + (log(b) - log(a)) * r[0]);
    else if (v->kind == EDDY_VARY_INTEGER)
      x = a + floor((b - a + 1) * r[0]);
    else
      x = a + (b - a) * r[0];
    x = x < a ? a : x > b ? b : x;
  }
  snprintf(text, EDDY_MAX_NAME, v->kind == EDDY_VARY_INTEGER ? "%.0f" : "%.17g", x);
  *value = x;
}
