/* SPDX-License-Identifier: BSD-3-Clause */
/* A YAML case as a list of flat keys with their lines. Knows no options table and no MPI. */
#ifndef EDDY_YAML_CASE_H
#define EDDY_YAML_CASE_H
#include "eddy_base.h"

typedef struct {
  char *key;   /* words of the nest joined by '_', as written */
  char *value; /* scalar, or entries of a list joined by ','; NULL for a map */
  int line;    /* of the key, from 1 */
} EddyYamlEntry;

typedef struct {
  int n, max;
  EddyYamlEntry *entry; /* in order of appearance, maps included */
  char error[1024];     /* "label:line: key: what is wrong" when reading failed */
} EddyYamlCase;

/* PETSC_FALSE, and error set, for a syntax error, a duplicate key, a missing value, a list of maps,
   an anchor, a tag, a second document or anything but a map of blocks. Free in any case. */
PetscBool EddyYamlRead(const char *label, const char *text, EddyYamlCase *c);
void EddyYamlFree(EddyYamlCase *c);
#endif
