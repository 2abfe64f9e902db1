/* SPDX-License-Identifier: BSD-3-Clause */
#include "parse.h"
#include "options.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *Blanks(const char *s)
{
  while (*s == ' ' || *s == '\t')
    ++s;
  return s;
}

static PetscBool IsWord(const char *s)
{
  return (isalnum((unsigned char)*s) || *s == '_') ? PETSC_TRUE : PETSC_FALSE;
}

/* "pi" in any case and not the beginning of a longer word. */
static PetscBool TakePi(const char **s)
{
  if (tolower((unsigned char)(*s)[0]) != 'p' || tolower((unsigned char)(*s)[1]) != 'i')
    return PETSC_FALSE;
  if (IsWord(*s + 2))
    return PETSC_FALSE;
  *s += 2;
  return PETSC_TRUE;
}

/* strtod without hexadecimal numbers, inf, nan and signs. */
static EddyNumberStatus TakeDecimal(const char **s, double *v)
{
  char *end;
  const PetscBool dot = (*s)[0] == '.' ? PETSC_TRUE : PETSC_FALSE;

  if (!isdigit((unsigned char)(*s)[dot]))
    return EDDY_NUMBER_JUNK;
  if ((*s)[0] == '0' && tolower((unsigned char)(*s)[1]) == 'x')
    return EDDY_NUMBER_JUNK;
  errno = 0;
  *v = strtod(*s, &end);
  *s = end;
  return (errno == ERANGE && (*v == 0 || isinf(*v))) ? EDDY_NUMBER_RANGE : EDDY_NUMBER_OK;
}

EddyNumberStatus EddyParseNumber(const char *text, double *v)
{
  EddyNumberStatus status = EDDY_NUMBER_OK;
  const char *s = Blanks(text);
  double sign = 1, product = 1, factor = 1;
  char op = '*';

  if (*s == '-' || *s == '+')
    sign = *s++ == '-' ? -1 : 1;
  for (;;) {
    s = Blanks(s);
    if (TakePi(&s))
      factor = PETSC_PI;
    else {
      const EddyNumberStatus one = TakeDecimal(&s, &factor);
      if (one == EDDY_NUMBER_JUNK)
        return one;
      if (one == EDDY_NUMBER_RANGE)
        status = one;
      const char *after = Blanks(s);
      if (TakePi(&after))
        factor *= PETSC_PI, s = after;
    }
    if (op == '/' && factor == 0)
      return EDDY_NUMBER_RANGE;
    product = op == '*' ? product * factor : product / factor;
    s = Blanks(s);
    if (*s != '*' && *s != '/')
      break;
    op = *s++;
  }
  if (*s)
    return EDDY_NUMBER_JUNK;
  if (!isfinite(product))
    return EDDY_NUMBER_RANGE;
  *v = sign * product;
  return status;
}

PetscBool EddyParseReal(const char *text, PetscReal *v)
{
  double x;
  if (EddyParseNumber(text, &x) != EDDY_NUMBER_OK)
    return PETSC_FALSE;
  *v = x;
  return PETSC_TRUE;
}

EddyNumberStatus EddyParseInteger(const char *text, int64_t *v)
{
  double x;
  for (const char *s = text; *s; ++s)
    if (!strchr("0123456789+-.eE \t", *s))
      return EDDY_NUMBER_JUNK; /* no pi, no fractions */
  const EddyNumberStatus status = EddyParseNumber(text, &x);
  if (status == EDDY_NUMBER_JUNK)
    return status;
  if (status == EDDY_NUMBER_RANGE || fabs(x) > 9007199254740992.0)
    return EDDY_NUMBER_RANGE;
  if (x != floor(x))
    return EDDY_NUMBER_JUNK;
  *v = (int64_t)x;
  return EDDY_NUMBER_OK;
}

EddyNumberStatus EddyParseUnsigned(const char *text, uint64_t *v)
{
  const char *s = Blanks(text);
  uint64_t x = 0;

  if (!isdigit((unsigned char)*s))
    return EDDY_NUMBER_JUNK;
  EddyNumberStatus status = EDDY_NUMBER_OK;
  for (; isdigit((unsigned char)*s); ++s) {
    const uint64_t digit = (uint64_t)(*s - '0');
    if (x > (UINT64_MAX - digit) / 10)
      status = EDDY_NUMBER_RANGE;
    x = 10 * x + digit;
  }
  if (*Blanks(s))
    return EDDY_NUMBER_JUNK;
  if (status == EDDY_NUMBER_OK)
    *v = x;
  return status;
}

int EddyEditDistance(const char *a, const char *b)
{
  enum { MAX = 96 };
  int row[3][MAX + 1];
  const int na = (int)PetscMin(strlen(a), MAX), nb = (int)PetscMin(strlen(b), MAX);
  int *before = row[0], *last = row[1], *now = row[2];

  for (int j = 0; j <= nb; ++j)
    last[j] = j, before[j] = 0;
  for (int i = 1; i <= na; ++i) {
    const int ca = tolower((unsigned char)a[i - 1]);
    now[0] = i;
    for (int j = 1; j <= nb; ++j) {
      const int cb = tolower((unsigned char)b[j - 1]);
      int best = last[j - 1] + (ca != cb);
      best = PetscMin(best, PetscMin(last[j], now[j - 1]) + 1);
      if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
          tolower((unsigned char)a[i - 2]) == cb)
        best = PetscMin(best, before[j - 2] + 1);
      now[j] = best;
    }
    int *swap = before;
    before = last, last = now, now = swap;
  }
  return last[nb];
}

const char *EddyNearest(const char *word, const char *const names[], PetscInt n)
{
  const size_t len = strlen(word);
  const char *best = NULL;
  int least = (int)PetscMax((len + 1) / 3, 1) + 1; /* a third of the letters may be wrong */

  for (PetscInt k = 0; k < n; ++k) {
    int d = EddyEditDistance(word, names[k]);
    if (len >= 2 && !strncasecmp(word, names[k], len))
      d = PetscMin(d, 1); /* an abbreviation */
    if (d < least && d < (int)strlen(names[k]))
      least = d, best = names[k];
  }
  return best;
}

void EddyFormatReal(double v, char out[32])
{
  for (int digits = 15; digits <= 17; ++digits) {
    snprintf(out, 32, "%.*g", digits, v);
    if (strtod(out, NULL) == v)
      return;
  }
}

PetscBool EddyArgIsOption(const char *arg)
{
  double v;
  if (arg[0] != '-')
    return PETSC_FALSE;
  const char *s = arg[1] == '-' ? arg + 2 : arg + 1;
  if (!isalpha((unsigned char)*s))
    return PETSC_FALSE;
  char first[64]; /* the first entry of a list such as -pi,pi */
  snprintf(first, sizeof first, "%s", arg);
  first[strcspn(first, ",")] = 0;
  return EddyParseNumber(first, &v) == EDDY_NUMBER_JUNK ? PETSC_TRUE : PETSC_FALSE;
}
