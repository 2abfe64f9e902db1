/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cells of a line, in place: [max] pointers; returns their number (counting those past max) */
static PetscInt Split(char *line, PetscInt max, char *cells[])
{
  PetscInt n = 0;
  for (char *c = line; c; ++n) {
    char *comma = strchr(c, ',');
    if (comma)
      *comma = 0;
    c += strspn(c, " \t\"");
    size_t len = strlen(c);
    while (len && strchr(" \t\r\n\"", c[len - 1]))
      c[--len] = 0;
    if (n < max)
      cells[n] = c;
    c = comma ? comma + 1 : NULL;
  }
  return n;
}

static PetscErrorCode Header(EddyTable t, char *line)
{
  char *cells[256];
  PetscFunctionBeginUser;
  t->ncol = Split(line, 256, cells);
  PetscCheck(t->ncol >= 2 && t->ncol <= 256, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %d columns: a table has 2 to 256, with commas between them", t->path,
             (int)t->ncol);
  PetscCall(PetscMalloc1(t->ncol, &t->name));
  for (PetscInt c = 0; c < t->ncol; ++c)
    PetscCall(PetscStrncpy(t->name[c], cells[c], EDDY_MAX_NAME));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One line of numbers into row[ncol] */
static PetscErrorCode Numbers(EddyTable t, int number, char *line, double row[])
{
  char *cells[256], *end;
  PetscFunctionBeginUser;
  const PetscInt n = Split(line, 256, cells);
  PetscCheck(n == t->ncol, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s:%d: %d cells, the first line has %d", t->path, number, (int)n, (int)t->ncol);
  for (PetscInt c = 0; c < n; ++c) {
    row[c] = *cells[c] ? strtod(cells[c], &end) : NAN;
    PetscCheck(!*cells[c] || !*end, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s:%d: '%.40s' in column %s is not a number", t->path, number, cells[c],
               t->name[c]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadLines(EddyTable t, FILE *f)
{
  char *line = NULL;
  size_t size = 0, max = 0;
  double *rows = NULL; /* [nrow][ncol] */
  PetscErrorCode ierr = PETSC_SUCCESS;
  PetscFunctionBeginUser;
  for (int number = 1; !ierr && getline(&line, &size, f) >= 0; ++number) {
    if (line[0] == '#' || line[strspn(line, " \t\r\n")] == 0)
      continue;
    if (!t->ncol) {
      ierr = Header(t, line);
      continue;
    }
    if (!strchr(line, '\n'))
      break; /* being written */
    if ((size_t)t->nrow == max) {
      max = max ? 2 * max : 256;
      double *more = realloc(rows, max * (size_t)t->ncol * sizeof *rows);
      if (!more)
        ierr = PETSC_ERR_MEM;
      else
        rows = more;
    }
    if (!ierr)
      ierr = Numbers(t, number, line, rows + t->nrow * t->ncol);
    if (!ierr)
      ++t->nrow;
  }
  free(line);
  if (!ierr)
    ierr = PetscMalloc1(PetscMax(1, t->nrow * t->ncol), &t->value);
  for (PetscInt r = 0; !ierr && r < t->nrow; ++r)
    for (PetscInt c = 0; c < t->ncol; ++c)
      t->value[c * t->nrow + r] = rows[r * t->ncol + c];
  free(rows);
  PetscCall(ierr);
  PetscCheck(t->nrow > 0, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no lines of numbers", t->path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyTableRead(const char *path, EddyTable *table)
{
  EddyTable t;
  PetscFunctionBeginUser;
  *table = NULL;
  errno = 0;
  FILE *f = fopen(path, "r");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: cannot be read: %s", path, strerror(errno));
  PetscErrorCode ierr = PetscNew(&t);
  if (!ierr)
    ierr = PetscStrncpy(t->path, path, sizeof t->path);
  if (!ierr)
    ierr = ReadLines(t, f);
  fclose(f);
  if (ierr)
    (void)EddyTableDestroy(&t);
  PetscCall(ierr);
  *table = t;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyTableDestroy(EddyTable *t)
{
  PetscFunctionBeginUser;
  if (!*t)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree((*t)->name));
  PetscCall(PetscFree((*t)->value));
  PetscCall(PetscFree(*t));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyTableFind(EddyTable t, const char *name)
{
  for (PetscInt c = 0; c < t->ncol; ++c)
    if (!strcasecmp(t->name[c], name))
      return c;
  return -1;
}
