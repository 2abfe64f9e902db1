/* SPDX-License-Identifier: BSD-3-Clause */
/* The work of `generate`, shared by its files. Inside of this room.

     generate.c   the verb: plan, groups of ranks, the case in the folder
     shard.c      one shard: its rows, its files, dropping of failed rows
     rows.c       what is remembered of each row: DIR/rows/SPLIT_INDEX.jsonl
     publish.c    when all shards are there: statistics, card, manifest, checksums */
#ifndef EDDY_GENERATE_H
#define EDDY_GENERATE_H
#include "ensemble.h"

enum { EDDY_MAX_DRIFT = 8 };
typedef enum { EDDY_ROW_MISSING, EDDY_ROW_OK, EDDY_ROW_FAILED } EddyRowStatus;
/* Facts of a finished row that do not depend on where it ran. */
typedef struct {
  PetscInt64 row, steps;
  EddyRowStatus status;
  char reason[EDDY_MAX_TEXT];
  PetscInt ndrift;
  char drift_name[EDDY_MAX_DRIFT][EDDY_MAX_NAME];
  double drift[EDDY_MAX_DRIFT];
} EddyRowRecord;

typedef struct {
  EddyOptions o; /* of the case */
  EddyEnsemble e;
  EddyOutputs outputs; /* of row 0: names, fields, grids, times */
  EddyMesh mesh;       /* of row 0 */
  EddyBox box;
  char physics[EDDY_MAX_NAME], equation[EDDY_MAX_TEXT];
  MPI_Comm world, group;
  int world_rank, group_rank, ngroup, igroup;
  char name[EDDY_MAX_NAME], dir[EDDY_MAX_PATH / 4];
  const char *dataset;
  char *provenance;
  PetscBool use[EDDY_MAX_SINK]; /* h5 outputs */
  PetscInt nfixed;              /* numbers of the physics that do not vary */
  char fixed_name[EDDY_MAX_DIAG][EDDY_MAX_NAME];
  double fixed_value[EDDY_MAX_DIAG];
  double wall0;
  PetscInt64 rows_here, rows_done, rows_failed; /* of this group */
  double last_print;
  PetscBool terminal;
  EddyStop stop;
} EddyGenerate;

/* Runs what is missing of a shard, then publishes its files. g->stop is set when a signal or the
 * wall time came. Collective over the group. */
PetscErrorCode EddyShardDo(EddyGenerate *g, PetscInt k);
/* All rows of the shard have a record and its files are published. One rank. */
PetscErrorCode EddyShardDone(const EddyGenerate *g, PetscInt k, PetscBool *done);
/* DIR/SINK/data/SPLIT/shard_INDEX, and the same below the set's folder. */
void EddyShardPath(const EddyGenerate *g, PetscInt sink, const EddyShard *s, const char *suffix,
                   char path[EDDY_MAX_PATH]);

/* Reads the records of a shard, MISSING where there is none; a torn last line counts as none. One
 * rank. */
PetscErrorCode EddyRowsRead(const EddyGenerate *g, const EddyShard *s, EddyRowRecord record[]);
/* Writes all records that are not MISSING. One rank. */
PetscErrorCode EddyRowsWrite(const EddyGenerate *g, const EddyShard *s,
                             const EddyRowRecord record[]);
PetscErrorCode EddyRowsAppend(const EddyGenerate *g, const EddyShard *s,
                              const EddyRowRecord *record);

/* stats.yaml, card, manifest.jsonl, SHA256SUMS of every stored stream. One rank. */
PetscErrorCode EddySetPublish(EddyGenerate *g, PetscInt64 *failed);
#endif
