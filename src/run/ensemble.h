/* SPDX-License-Identifier: BSD-3-Clause */
/* An ensemble: rows (trajectories) with varied options, split into train, valid, test, stored in
   shards. Inside of this room.

   ensemble: {rows: 160, seed: 909, vary: {physics_nu: loguniform 5e-4 2e-3}, split: [0.8, 0.1,
   0.1], shard: 16}

   Row numbers 0..rows-1 never change meaning: what a row is follows from (seed, row) and the case
   alone. Rows belong to splits contiguously (`ensemble_split_by: contiguous`, train first) or by a
   permutation drawn from the seed (`shuffled`, for grids and lists); a shard holds consecutive rows
   of one split and is one file per stored stream. */
#ifndef EDDY_ENSEMBLE_H
#define EDDY_ENSEMBLE_H
#include "random.h"
#include "run_impl.h"

enum { EDDY_MAX_VARY = 32, EDDY_MAX_CHOICE = 256, EDDY_SPLITS = 3 };
extern const char *const EddySplitNames[]; /* "train", "valid", "test" */

/* ---- vary.c ---- */
typedef enum {
  EDDY_VARY_UNIFORM,
  EDDY_VARY_LOGUNIFORM,
  EDDY_VARY_NORMAL,
  EDDY_VARY_INTEGER,
  EDDY_VARY_CHOICE,
  EDDY_VARY_LIST,
  EDDY_VARY_GRID,
  EDDY_VARY_TABLE /* by row, from a stored set */
} EddyVaryKind;
typedef struct {
  char key[EDDY_MAX_NAME];
  EddyVaryKind kind;
  PetscInt n;                  /* words after the kind */
  char (*word)[EDDY_MAX_NAME]; /* [n], owned */
  double *value;               /* [n], owned; words that are numbers */
  PetscBool numeric;           /* all words are numbers */
  PetscInt64 stride;           /* grid: rows between changes */
  const PetscInt64 *row;       /* table: rows of the values, ascending; borrowed */
} EddyVary;
/* One word of text per rule: `uniform a b`, `loguniform a b`, `normal mean sd`, `integer a b`,
   `choice w...`, `list w...` (by row), `grid w...` (product of all grids, later keys fastest;
   repeats with new seeds). Errors name what is allowed. */
PetscErrorCode EddyVaryParse(EddyOptions o, const char *option, const char *text, EddyVary *v);
PetscErrorCode EddyVaryFree(EddyVary *v);
/* The value of a row as option text (17 digits) and as number (index of the word when words are not
 * numbers). */
void EddyVaryDraw(const EddyVary *v, uint64_t seed, uint64_t row, uint64_t attempt,
                  char text[EDDY_MAX_NAME], double *value);

/* ---- ensemble.c ---- */
/* Stored trajectory a row starts from. */
typedef struct {
  char path[EDDY_MAX_PATH];
  PetscInt index;
} EddySource;
typedef struct {
  PetscInt64 rows, shard; /* in all, per file */
  PetscInt64 first, last; /* selected rows, both included */
  uint64_t seed;
  PetscReal fraction[EDDY_SPLITS];
  PetscInt64 count[EDDY_SPLITS];
  PetscInt64 *order;  /* [rows] rows by split, ascending inside each; owned */
  EddySource *source; /* [rows] in the same order when the rows come from a set, else NULL; owned */
  PetscInt ranks_per_row, nvary, nshard;
  EddyVary vary[EDDY_MAX_VARY];
} EddyEnsemble;
typedef struct {
  PetscInt split, index; /* file data/SPLIT/shard_INDEX */
  PetscInt64 n;
  const PetscInt64 *row; /* [n], borrowed */
} EddyShard;
/* Rows, parameters and times of a stored set (from.c); called by EddyEnsembleFromOptions for ensemble_from. */
PetscErrorCode EddyEnsembleTake(EddyOptions o, const char *set, EddyEnsemble *e);
/* A row that stands for all: 0, or the first of the set. */
PetscInt64 EddyEnsembleFirstRow(const EddyEnsemble *e);
/* Reads ensemble_*. Free with EddyEnsembleFree. Collective. */
PetscErrorCode EddyEnsembleFromOptions(EddyOptions o, EddyEnsemble *e);
PetscErrorCode EddyEnsembleFree(EddyEnsemble *e);
void EddyEnsembleShard(const EddyEnsemble *e, PetscInt k, EddyShard *s);
/* Copy of o with the values of a row. Collective over comm. */
PetscErrorCode EddyEnsembleRowOptions(const EddyEnsemble *e, EddyOptions o, MPI_Comm comm,
                                      PetscInt64 row, EddyOptions *copy);
/* Option `seed`, default `ensemble_seed`. */
PetscErrorCode EddySeedFromOptions(EddyOptions o, uint64_t *seed);
#endif
