/* SPDX-License-Identifier: BSD-3-Clause */
/* Typed readers: text to value, checked, and a declaration for check, info and nearest names. */
#include "options_impl.h"
#include "parse.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_TEXT = 1024 }; /* of the names a choice allows */

/* Allowed values in words; limits near the largest numbers count as none, a tiny positive one as ">
 * 0". */
static void RealRange(PetscReal lo, PetscReal hi, char out[96])
{
  char l[32], h[32];
  const PetscBool low = lo > -1e300 ? PETSC_TRUE : PETSC_FALSE,
                  high = hi < 1e300 ? PETSC_TRUE : PETSC_FALSE;
  const PetscBool positive = (lo > 0 && lo < 1e-99) ? PETSC_TRUE : PETSC_FALSE;

  EddyFormatReal(lo, l);
  EddyFormatReal(hi, h);
  if (positive && high)
    snprintf(out, 96, "> 0 and <= %s", h);
  else if (positive)
    snprintf(out, 96, "> 0");
  else if (low && high)
    snprintf(out, 96, "%s to %s", l, h);
  else if (low)
    snprintf(out, 96, ">= %s", l);
  else if (high)
    snprintf(out, 96, "<= %s", h);
  else
    snprintf(out, 96, "any number");
}

static void IntRange(PetscInt lo, PetscInt hi, char out[96])
{
  const PetscBool low = lo > PETSC_MIN_INT ? PETSC_TRUE : PETSC_FALSE,
                  high = hi < PETSC_MAX_INT ? PETSC_TRUE : PETSC_FALSE;

  if (low && high)
    snprintf(out, 96, "%" PetscInt_FMT " to %" PetscInt_FMT, lo, hi);
  else if (low)
    snprintf(out, 96, "whole, >= %" PetscInt_FMT, lo);
  else if (high)
    snprintf(out, 96, "whole, <= %" PetscInt_FMT, hi);
  else
    snprintf(out, 96, "whole number");
}

static PetscErrorCode Declare(EddyOptions o, const char *key, const char *what, const char *unit,
                              const char *value, const char *fallback, const char *range)
{
  const EddyGiven *g = o->catalogue ? NULL : EddyOptionsFindGiven(o, key);
  const EddyDeclared d = {key,      what,  unit ? unit : "",          value,
                          fallback, range, g ? g->origin : "default", PETSC_FALSE};

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsDeclare(o, &d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The value given for a key, NULL if the default holds; an empty value is an error. */
static PetscErrorCode Text(EddyOptions o, const char *key, const char *what, const char *range,
                           const char **text)
{
  const EddyGiven *g = o->catalogue ? NULL : EddyOptionsFindGiven(o, key);

  PetscFunctionBeginUser;
  *text = g ? g->value : NULL;
  EddyOptionsCheck(!g || g->value[strspn(g->value, " \t")], o, key,
                   "the value is missing: %s (allowed: %s)", what, range);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode OneReal(EddyOptions o, const char *key, const char *what, const char *text,
                              PetscReal lo, PetscReal hi, PetscReal *v)
{
  char range[96];
  double x = 0;

  PetscFunctionBeginUser;
  RealRange(lo, hi, range);
  const EddyNumberStatus status = EddyParseNumber(text, &x);
  EddyOptionsCheck(status != EDDY_NUMBER_JUNK, o, key, "'%s' is not a number: %s (allowed: %s)",
                   text, what, range);
  EddyOptionsCheck(status != EDDY_NUMBER_RANGE, o, key,
                   "'%s' does not fit a double: %s (allowed: %s)", text, what, range);
  EddyOptionsCheck(x >= lo && x <= hi, o, key, "%s is out of range: %s (allowed: %s)", text, what,
                   range);
  *v = x;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode OneInt(EddyOptions o, const char *key, const char *what, const char *text,
                             PetscInt lo, PetscInt hi, PetscInt *v)
{
  char range[96];
  int64_t x = 0;

  PetscFunctionBeginUser;
  IntRange(lo, hi, range);
  const EddyNumberStatus status = EddyParseInteger(text, &x);
  EddyOptionsCheck(status != EDDY_NUMBER_JUNK, o, key,
                   "'%s' is not a whole number: %s (allowed: %s)", text, what, range);
  EddyOptionsCheck(status == EDDY_NUMBER_OK && x >= lo && x <= hi, o, key,
                   "%s is out of range: %s (allowed: %s)", text, what, range);
  *v = (PetscInt)x;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsReal(EddyOptions o, const char *key, const char *what, const char *unit,
                               PetscReal dflt, PetscReal lo, PetscReal hi, PetscReal *v)
{
  char range[96], value[32], fallback[32];
  const char *text;

  PetscFunctionBeginUser;
  RealRange(lo, hi, range);
  PetscCall(Text(o, key, what, range, &text));
  PetscReal x = dflt;
  if (text) {
    EddyOptionsCheck(!strchr(text, ','), o, key, "wrong list length: one number expected, not '%s'",
                     text);
    PetscCall(OneReal(o, key, what, text, lo, hi, &x));
  }
  EddyFormatReal(x, value);
  EddyFormatReal(dflt, fallback);
  PetscCall(
      Declare(o, key, what, unit, isnan(x) ? NULL : value, isnan(dflt) ? NULL : fallback, range));
  *v = x;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsInt(EddyOptions o, const char *key, const char *what, PetscInt dflt,
                              PetscInt lo, PetscInt hi, PetscInt *v)
{
  char range[96], value[32], fallback[32];
  const char *text;

  PetscFunctionBeginUser;
  IntRange(lo, hi, range);
  PetscCall(Text(o, key, what, range, &text));
  PetscInt x = dflt;
  if (text) {
    EddyOptionsCheck(!strchr(text, ','), o, key, "wrong list length: one number expected, not '%s'",
                     text);
    PetscCall(OneInt(o, key, what, text, lo, hi, &x));
  }
  snprintf(value, sizeof value, "%" PetscInt_FMT, x);
  snprintf(fallback, sizeof fallback, "%" PetscInt_FMT, dflt);
  PetscCall(Declare(o, key, what, NULL, value, fallback, range));
  *v = x;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsSeed(EddyOptions o, const char *key, const char *what, uint64_t dflt,
                               uint64_t *v)
{
  static const char range[] = "0 to 18446744073709551615";
  char value[32], fallback[32];
  const char *text;

  PetscFunctionBeginUser;
  PetscCall(Text(o, key, what, range, &text));
  uint64_t x = dflt;
  if (text) {
    const EddyNumberStatus status = EddyParseUnsigned(text, &x);
    EddyOptionsCheck(status != EDDY_NUMBER_JUNK, o, key,
                     "'%s' is not a seed: %s (allowed: digits only, %s)", text, what, range);
    EddyOptionsCheck(status == EDDY_NUMBER_OK, o, key, "%s does not fit 64 bits: %s (allowed: %s)",
                     text, what, range);
  }
  snprintf(value, sizeof value, "%" PRIu64, x);
  snprintf(fallback, sizeof fallback, "%" PRIu64, dflt);
  PetscCall(Declare(o, key, what, NULL, value, fallback, range));
  *v = x;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsBool(EddyOptions o, const char *key, const char *what, PetscBool dflt,
                               PetscBool *v)
{
  static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
  const EddyGiven *g = o->catalogue ? NULL : EddyOptionsFindGiven(o, key);
  int k = dflt ? 1 : 0;

  PetscFunctionBeginUser;
  if (g && g->bare)
    k = 1; /* -output_overwrite */
  else if (g) {
    for (k = 0; k < 6; ++k)
      if (!strcasecmp(g->value, words[k]))
        break;
    EddyOptionsCheck(k < 6, o, key,
                     "'%s' is neither true nor false: %s (allowed: true false yes no on off)",
                     g->value, what);
  }
  *v = k % 2 ? PETSC_TRUE : PETSC_FALSE;
  PetscCall(Declare(o, key, what, NULL, words[k % 2], words[dflt ? 1 : 0], "true or false"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsChoice(EddyOptions o, const char *key, const char *what,
                                 const char *const names[], PetscInt n, PetscInt dflt, PetscInt *v)
{
  char range[LIST_TEXT] = "";
  size_t used = 0;
  const char *text;
  PetscInt k = dflt;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n && used < sizeof range; ++i)
    used += (size_t)snprintf(range + used, sizeof range - used, "%s%s", i ? " " : "", names[i]);
  PetscCall(Text(o, key, what, range, &text));
  EddyOptionsCheck(text || dflt >= 0, o, key, "must be given: %s (allowed: %s)", what, range);
  if (text) {
    for (k = 0; k < n; ++k)
      if (!strcasecmp(text, names[k]))
        break;
    if (k == n) {
      const char *near = EddyNearest(text, names, n);
      PetscCall(EddyOptionsError(o, key, "'%s' is unknown: %s%s%s%s (allowed: %s)", text, what,
                                 near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "",
                                 range));
    }
  }
  if (k < 0)
    k = 0; /* a catalogue has no "must be given" */
  PetscCall(Declare(o, key, what, NULL, names[k], dflt >= 0 ? names[dflt] : NULL, range));
  *v = k;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsString(EddyOptions o, const char *key, const char *what, const char *dflt,
                                 const char **v)
{
  const char *text;

  PetscFunctionBeginUser;
  PetscCall(Text(o, key, what, "text", &text));
  PetscCall(Declare(o, key, what, NULL, text ? text : dflt, dflt, "text"));
  if (text)
    *v = text;
  else
    PetscCall(EddyOptionsKeep(o, dflt, v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Entries of "a,b" or "[a, b]" as a NULL-terminated array in one block; caller frees. */
static PetscErrorCode Split(EddyOptions o, const char *key, const char *text, char ***entries,
                            PetscInt *n)
{
  const size_t len = strlen(text);
  PetscInt count = 1;

  PetscFunctionBeginUser;
  for (const char *s = text; *s; ++s)
    count += *s == ',';
  char **list = malloc((size_t)(count + 1) * sizeof(char *) + len + 1);
  PetscCheck(list, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for %s", key);
  char *copy = (char *)(list + count + 1);
  memcpy(copy, text, len + 1);
  copy += strspn(copy, " \t");
  char *end = copy + strlen(copy);
  while (end > copy && strchr(" \t", end[-1]))
    *--end = 0;
  if (*copy == '[' && end > copy + 1 && end[-1] == ']')
    *--end = 0, ++copy;
  for (*n = 0; *n < count; ++*n) {
    char *next = strchr(copy, ',');
    if (next)
      *next = 0;
    copy += strspn(copy, " \t");
    for (end = copy + strlen(copy); end > copy && strchr(" \t", end[-1]);)
      *--end = 0;
    list[*n] = copy;
    if (next)
      copy = next + 1;
  }
  if (count == 1 && !*list[0])
    *n = 0;
  list[*n] = NULL;
  *entries = list;
  for (PetscInt i = 0; i < *n; ++i)
    if (!*list[i]) {
      free(list);
      PetscCall(EddyOptionsError(o, key, "entry %" PetscInt_FMT " of the list '%s' is empty", i + 1,
                                 text));
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* "[a, b]" of n numbers, ints if not NULL, else reals; caller frees. NULL for n = 0. */
static char *Join(PetscInt n, const PetscInt *ints, const PetscReal *reals)
{
  enum { ONE = 34 };
  char *out = n ? malloc((size_t)n * ONE + 3) : NULL;
  size_t used = 1;

  if (!out)
    return NULL;
  out[0] = '[';
  for (PetscInt i = 0; i < n; ++i) {
    char one[32];
    EddyFormatReal(ints ? (double)ints[i] : reals[i], one);
    used += (size_t)snprintf(out + used, ONE, "%s%s", i ? ", " : "", one);
  }
  memcpy(out + used, "]", 2);
  return out;
}

/* Shared by the list readers: reals, or ints if that is not NULL; exactly max entries or up to max.
 */
typedef struct {
  const char *key, *what, *unit;
  PetscBool exact;
  PetscInt max, ilo, ihi;
  PetscReal lo, hi;
  PetscInt *ints;
  PetscReal *reals;
} List;

static PetscErrorCode ReadEntries(EddyOptions o, const List *l, char **entries, PetscInt n)
{
  const char *plural = l->max == 1 ? "y" : "ies";

  PetscFunctionBeginUser;
  EddyOptionsCheck(!l->exact || n == l->max, o, l->key,
                   "wrong list length: %" PetscInt_FMT " given, %" PetscInt_FMT
                   " entr%s expected: %s",
                   n, l->max, plural, l->what);
  EddyOptionsCheck(n <= l->max, o, l->key,
                   "wrong list length: %" PetscInt_FMT " given, at most %" PetscInt_FMT
                   " allowed: %s",
                   n, l->max, l->what);
  for (PetscInt i = 0; i < n; ++i) {
    if (l->ints)
      PetscCall(OneInt(o, l->key, l->what, entries[i], l->ilo, l->ihi, &l->ints[i]));
    else
      PetscCall(OneReal(o, l->key, l->what, entries[i], l->lo, l->hi, &l->reals[i]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadList(EddyOptions o, const List *l, PetscInt *n, PetscBool *set)
{
  char one[96], range[128];
  const PetscInt ndefault = l->exact ? l->max : 0;
  const char *text;

  PetscFunctionBeginUser;
  if (l->ints)
    IntRange(l->ilo, l->ihi, one);
  else
    RealRange(l->lo, l->hi, one);
  snprintf(range, sizeof range, "%s%" PetscInt_FMT " x %s", l->exact ? "" : "up to ", l->max, one);
  PetscCall(Text(o, l->key, l->what, range, &text));
  *set = text ? PETSC_TRUE : PETSC_FALSE;
  *n = ndefault;
  char *fallback = Join(ndefault, l->ints, l->reals), *value = NULL;
  PetscErrorCode ierr = PETSC_SUCCESS;
  if (text) {
    char **entries;
    ierr = Split(o, l->key, text, &entries, n);
    if (!ierr) {
      ierr = ReadEntries(o, l, entries, *n);
      free(entries);
    }
  }
  if (!ierr) {
    value = Join(*n, l->ints, l->reals);
    ierr = Declare(o, l->key, l->what, l->unit, value, fallback, range);
  }
  free(fallback);
  free(value);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsReals(EddyOptions o, const char *key, const char *what, const char *unit,
                                PetscInt n, PetscReal lo, PetscReal hi, PetscReal v[],
                                PetscBool *set)
{
  const List l = {.key = key,
                  .what = what,
                  .unit = unit,
                  .exact = PETSC_TRUE,
                  .max = n,
                  .lo = lo,
                  .hi = hi,
                  .reals = v};
  PetscInt count;
  PetscBool given;

  PetscFunctionBeginUser;
  PetscCall(ReadList(o, &l, &count, &given));
  if (set)
    *set = given;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsInts(EddyOptions o, const char *key, const char *what, PetscInt n,
                               PetscInt lo, PetscInt hi, PetscInt v[], PetscBool *set)
{
  const List l = {
      .key = key, .what = what, .exact = PETSC_TRUE, .max = n, .ilo = lo, .ihi = hi, .ints = v};
  PetscInt count;
  PetscBool given;

  PetscFunctionBeginUser;
  PetscCall(ReadList(o, &l, &count, &given));
  if (set)
    *set = given;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsRealList(EddyOptions o, const char *key, const char *what,
                                   const char *unit, PetscInt max, PetscReal lo, PetscReal hi,
                                   PetscReal v[], PetscInt *n)
{
  const List l = {.key = key,
                  .what = what,
                  .unit = unit,
                  .exact = PETSC_FALSE,
                  .max = max,
                  .lo = lo,
                  .hi = hi,
                  .reals = v};
  PetscBool given;

  PetscFunctionBeginUser;
  PetscCall(ReadList(o, &l, n, &given));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Checks the entries of a list of names and copies them. */
static PetscErrorCode TakeNames(EddyOptions o, const char *key, const char *what, char **entries,
                                PetscInt n, PetscInt max, char v[][EDDY_MAX_NAME])
{
  const size_t len = strlen(key);
  const PetscBool naming = (len >= 4 && !strcmp(key + len - 4, "list"))
                               ? PETSC_TRUE
                               : PETSC_FALSE; /* entries become words of keys */

  PetscFunctionBeginUser;
  EddyOptionsCheck(n <= max, o, key,
                   "wrong list length: %" PetscInt_FMT " given, at most %" PetscInt_FMT
                   " allowed: %s",
                   n, max, what);
  for (PetscInt i = 0; i < n; ++i) {
    EddyOptionsCheck(strlen(entries[i]) < EDDY_MAX_NAME, o, key,
                     "'%.40s...' is too long for a name (allowed: %d letters)", entries[i],
                     EDDY_MAX_NAME - 1);
    for (const char *s = entries[i]; naming && *s; ++s)
      EddyOptionsCheck(
          strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", *s), o, key,
          "'%s' is not a name (allowed: letters, digits, '_', '-')", entries[i]);
    for (PetscInt j = 0; j < i; ++j)
      EddyOptionsCheck(strcasecmp(v[j], entries[i]), o, key, "'%s' is in the list twice",
                       entries[i]);
    PetscCall(PetscStrncpy(v[i], entries[i], EDDY_MAX_NAME));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsNames(EddyOptions o, const char *key, const char *what, PetscInt max,
                                char v[][EDDY_MAX_NAME], PetscInt *n)
{
  const EddyGiven *g = o->catalogue ? NULL : EddyOptionsFindGiven(o, key);
  char *value = NULL;

  PetscFunctionBeginUser;
  *n = 0;
  if (o->catalogue) {
    *n = 1;
    PetscCall(PetscStrncpy(v[0], "NAME", EDDY_MAX_NAME));
  }
  if (g) {
    char **entries;
    EddyOptionsCheck(!g->bare, o, key, "the value is missing: %s (allowed: a list of names)", what);
    PetscCall(Split(o, key, g->value, &entries, n));
    PetscErrorCode ierr = TakeNames(o, key, what, entries, *n, max, v);
    free(entries);
    PetscCall(ierr);
    value = calloc((size_t)*n + 1, EDDY_MAX_NAME + 2);
    PetscCheck(value, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for %s", key);
    char *end = value;
    *end++ = '[';
    for (PetscInt i = 0; i < *n; ++i)
      end += snprintf(end, EDDY_MAX_NAME + 2, "%s%s", i ? ", " : "", v[i]);
    *end = ']';
  }
  const PetscErrorCode ierr = Declare(o, key, what, NULL, value, NULL, "names");
  free(value);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}
