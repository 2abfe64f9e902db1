/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of boundary values in time: a CSV file, lines t, v1, v2, ...; '#' begins a comment, a first line of words is a header. */
#include "faces.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096 };

/* The whole file on every rank; caller frees. */
static PetscErrorCode Slurp(MPI_Comm comm, EddyOptions o, const char *key, const char *path,
                            char **text)
{
  long size = -1;
  PetscMPIInt rank;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  FILE *f = rank ? NULL : fopen(path, "rb");
  if (f && !fseek(f, 0, SEEK_END))
    size = ftell(f);
  if (size > 1 << 28)
    size = -1;
  PetscCallMPI(MPI_Bcast(&size, 1, MPI_LONG, 0, comm));
  if (size < 0 && f)
    fclose(f);
  EddyOptionsCheck(size >= 0, o, key, "the file '%s' cannot be read", path);
  PetscCall(PetscCalloc1(size + 1, text));
  if (f) {
    rewind(f);
    size = (long)fread(*text, 1, (size_t)size, f);
    fclose(f);
  }
  PetscCallMPI(MPI_Bcast(*text, (PetscMPIInt)size, MPI_CHAR, 0, comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Next word up to a comma, without blanks around it; *at moves behind the comma, to NULL after the last. */
static char *Cell(char **at)
{
  char *begin = *at + strspn(*at, " \t"), *end = strchr(begin, ',');
  *at = end ? end + 1 : NULL;
  if (end)
    *end = 0;
  for (end = begin + strlen(begin); end > begin && strchr(" \t\r", end[-1]);)
    *--end = 0;
  return begin;
}

/* Numbers of a line; -1 when there is something else. */
static PetscInt Numbers(char *line, PetscInt max, double v[])
{
  PetscInt n = 0;
  for (char *at = line; at; ++n) {
    char *end;
    const char *word = Cell(&at);
    const double x = strtod(word, &end);
    if (end == word || *end || x - x != 0)
      return -1;
    if (n < max)
      v[n] = x;
  }
  return n;
}

PetscErrorCode EddyFaceTableRead(MPI_Comm comm, EddyOptions o, const char *key, const char *path,
                                 char columns[][EDDY_MAX_NAME], PetscInt *ncolumn,
                                 EddyFaceTable *table)
{
  char *text, copy[LINE];
  double v[EDDY_MAX_LIST + 1];
  PetscInt lines = 1, number = 0;
  PetscFunctionBeginUser;
  PetscCall(Slurp(comm, o, key, path, &text));
  for (const char *c = text; *c; ++c)
    lines += *c == '\n';
  PetscCall(PetscCalloc2(lines, &table->t, lines * EDDY_MAX_LIST, &table->v));
  for (char *line = text, *next; line; line = next) {
    next = strchr(line, '\n');
    if (next)
      *next++ = 0;
    ++number;
    line[strcspn(line, "#\r")] = 0;
    if (!line[strspn(line, " \t")])
      continue;
    PetscCall(PetscStrncpy(copy, line, sizeof copy));
    const PetscInt n = Numbers(copy, EDDY_MAX_LIST + 1, v);
    if (n < 0 && !table->n && !table->columns) { /* header */
      char *at = line;
      (void)Cell(&at);
      while (at && table->columns < EDDY_MAX_LIST) {
        const char *word = Cell(&at);
        if (*ncolumn <= 0 || table->columns >= *ncolumn)
          PetscCall(PetscStrncpy(columns[table->columns], word, EDDY_MAX_NAME));
        ++table->columns;
      }
      if (*ncolumn <= 0)
        *ncolumn = table->columns;
      continue;
    }
    EddyOptionsCheck(*ncolumn > 0, o, key,
                     "'%s' has no header with names of fields; give them with table_fields", path);
    EddyOptionsCheck(n == *ncolumn + 1, o, key,
                     "line %d of '%s' is not %d numbers: time and %d "
                     "fields",
                     (int)number, path, (int)*ncolumn + 1, (int)*ncolumn);
    EddyOptionsCheck(!table->n || v[0] > table->t[table->n - 1], o, key,
                     "line %d of '%s': times must rise", (int)number, path);
    table->t[table->n] = v[0];
    for (PetscInt c = 0; c < *ncolumn; ++c)
      table->v[table->n * *ncolumn + c] = v[c + 1];
    ++table->n;
  }
  table->columns = *ncolumn;
  PetscCall(PetscFree(text));
  EddyOptionsCheck(table->n > 1, o, key, "'%s' has %d lines of numbers; at least 2 are needed",
                   path, (int)table->n);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFaceTableDestroy(EddyFaceTable *table)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree2(table->t, table->v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFaceTableAt(const EddyFaceTable *table, double t, double v[])
{
  PetscInt lo = 0, hi = table->n - 1;
  while (hi - lo > 1) {
    const PetscInt mid = (lo + hi) / 2;
    if (table->t[mid] <= t)
      lo = mid;
    else
      hi = mid;
  }
  const double s = (t - table->t[lo]) / (table->t[hi] - table->t[lo]);
  const double part = s < 0 ? 0 : s > 1 ? 1 : s;
  for (PetscInt c = 0; c < table->columns; ++c) {
    const double a = table->v[lo * table->columns + c], b = table->v[hi * table->columns + c];
    v[c] = part == 1 ? b : a + part * (b - a);
  }
}
