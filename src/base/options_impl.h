/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the options table; for src/base/options*.c and yaml.c only. */
#ifndef EDDY_OPTIONS_IMPL_H
#define EDDY_OPTIONS_IMPL_H
#include "options.h"

typedef enum {
  EDDY_FROM_FILE,
  EDDY_FROM_COMMAND,
  EDDY_FROM_OVERRIDE
} EddyFrom; /* later ones win */

/* A value somebody gave. Strings belong to the pool of the table. */
typedef struct {
  const char *key, *value, *origin;
  EddyFrom from;
  PetscBool bare; /* a command line flag without value; value is "" */
} EddyGiven;

struct _p_EddyOptions {
  MPI_Comm comm;
  PetscBool catalogue;
  char label[EDDY_MAX_PATH]; /* of the first case read */
  PetscInt ngiven, maxgiven;
  EddyGiven *given; /* in order of appearance */
  PetscInt ndeclared, maxdeclared;
  EddyDeclared *declared; /* in order of reading */
  PetscInt npool, maxpool;
  char *
      *pool; /* every string handed out; freed with the table, so that borrowed values stay valid */
};

/* Copy of text[0..len) that lives as long as o; lower-case but for components NAME when key is
 * true. */
PetscErrorCode EddyOptionsKeep(EddyOptions o, const char *text, const char **kept);
PetscErrorCode EddyOptionsKeepKey(EddyOptions o, const char *text, const char **kept);
EddyGiven *EddyOptionsFindGiven(EddyOptions o, const char *key);
EddyDeclared *EddyOptionsFindDeclared(EddyOptions o, const char *key);
/* Adds or replaces a value; a lower kind of origin does not replace a higher one. */
PetscErrorCode EddyOptionsPut(EddyOptions o, const char *key, const char *value, const char *origin,
                              EddyFrom from, PetscBool bare);
/* One of PETSc's own keys (ksp_type, log_view, ...). */
PetscBool EddyOptionsIsPetsc(const char *key);
/* Of these, what PETSc reads when it starts, so that a case file comes too late. */
PetscBool EddyOptionsIsPetscStart(const char *key);

/* A key matches a pattern when it is equal, or equal with one or more words in place of NAME. In
   the latter case
   [*first, *first + *len) is the part of key that stands for NAME. */
PetscBool EddyOptionsMatch(const char *pattern, const char *key, size_t *first, size_t *len);
#endif
