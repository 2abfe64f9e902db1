/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows, splits and shards of an ensemble, and the options of one row. */
#include "ensemble.h"
#include <math.h>
#include <string.h>

const char *const EddySplitNames[] = {"train", "valid", "test"};
static const char *const split_by[] = {"contiguous", "shuffled"};

PetscErrorCode EddySeedFromOptions(EddyOptions o, uint64_t *seed)
{
  uint64_t set;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsSeed(o, "ensemble_seed", "seed of the ensemble, 64 bits", 0, &set));
  PetscCall(EddyOptionsSeed(o, "seed", "seed of the run; default: ensemble_seed", set, seed));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Reads every ensemble_vary_KEY; *natural is the number of rows that lists and grids ask for (0:
 * any). */
static PetscErrorCode VaryAll(EddyOptions o, EddyEnsemble *e, PetscInt64 *natural)
{
  static const char prefix[] = "ensemble_vary_";
  const char *option, *text;
  PetscInt64 product = 1, list = 0;
  PetscFunctionBeginUser;
  e->nvary = 0;
  for (PetscInt k = 0;; ++k) {
    PetscCall(EddyOptionsGetKey(o, prefix, k, &option));
    if (!option)
      break;
    EddyOptionsCheck(e->nvary < EDDY_MAX_VARY, o, option, "more than %d varied options",
                     EDDY_MAX_VARY);
    EddyVary *v = &e->vary[e->nvary++];
    PetscCall(EddyOptionsString(o, option, "distribution over rows", NULL, &text));
    PetscCall(PetscStrncpy(v->key, option + strlen(prefix), EDDY_MAX_NAME));
    PetscCall(EddyVaryParse(o, option, text ? text : "", v));
    if (v->kind == EDDY_VARY_LIST) {
      EddyOptionsCheck(!list || list == v->n, o, option,
                       "lists over rows must have one length: %d here, %d before", (int)v->n,
                       (int)list);
      list = v->n;
    }
  }
  for (PetscInt k = e->nvary - 1; k >= 0; --k) {
    if (e->vary[k].kind != EDDY_VARY_GRID)
      continue;
    e->vary[k].stride = product;
    product *= e->vary[k].n;
  }
  *natural = list ? list : product > 1 ? product : 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static int Ascending(const void *a, const void *b)
{
  const PetscInt64 x = *(const PetscInt64 *)a, y = *(const PetscInt64 *)b;
  return (x > y) - (x < y);
}

static PetscErrorCode SplitRows(EddyEnsemble *e, PetscBool shuffled)
{
  const EddyRandomKey key = {.seed = e->seed, .stream = 0xfffffffffffffff0u};
  double sum = 0;
  PetscInt64 begin = 0;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(e->rows, &e->order));
  for (PetscInt64 i = 0; i < e->rows; ++i)
    e->order[i] = i;
  for (PetscInt64 i = e->rows - 1; shuffled && i > 0; --i) { /* Fisher-Yates */
    const uint32_t counter[4] = {(uint32_t)i, (uint32_t)((uint64_t)i >> 32), 0, 0};
    double r[2];
    EddyRandomUniform2(&key, counter, r);
    const PetscInt64 j = (PetscInt64)(r[0] * (double)(i + 1)), swap = e->order[i];
    e->order[i] = e->order[j];
    e->order[j] = swap;
  }
  e->nshard = 0;
  for (int s = 0; s < EDDY_SPLITS; ++s) {
    sum += e->fraction[s];
    const PetscInt64 end =
        s == EDDY_SPLITS - 1 ? e->rows : (PetscInt64)floor(sum * (double)e->rows + 0.5);
    e->count[s] = PetscMin(end, e->rows) - begin;
    qsort(e->order + begin, (size_t)e->count[s], sizeof *e->order, Ascending);
    e->nshard += (PetscInt)((e->count[s] + e->shard - 1) / e->shard);
    begin += e->count[s];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Selection(EddyOptions o, EddyEnsemble *e)
{
  const char *text;
  long long a, b;
  int used = 0;
  PetscFunctionBeginUser;
  const PetscInt64 most = e->source ? e->order[e->rows - 1] : e->rows - 1;
  e->first = 0;
  e->last = most;
  PetscCall(EddyOptionsString(
      o, "ensemble_select",
      "rows A:B to do, both included (-ensemble_rows A:B on the command line)", NULL, &text));
  if (!text || !*text)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(sscanf(text, "%lld:%lld%n", &a, &b, &used) == 2 && !text[used], o,
                   "ensemble_select", "'%s' is not of the form A:B", text);
  EddyOptionsCheck(a >= 0 && a <= b && b <= (long long)most, o, "ensemble_select",
                   "rows %lld:%lld are not inside 0:%lld", a, b, (long long)most);
  e->first = a;
  e->last = b;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Shares of the splits and which rows they get. */
static PetscErrorCode Split(EddyOptions o, EddyEnsemble *e)
{
  PetscInt by = 0;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  e->fraction[0] = 0.8;
  e->fraction[1] = e->fraction[2] = 0.1;
  PetscCall(EddyOptionsReals(o, "ensemble_split", "shares of train, valid, test", "1", EDDY_SPLITS,
                             0, 1, e->fraction, NULL));
  PetscCall(EddyOptionsChoice(o, "ensemble_split_by", "which rows go where", split_by, 2, 0, &by));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscReal sum = e->fraction[0] + e->fraction[1] + e->fraction[2];
  EddyOptionsCheck(fabs(sum - 1) < 1e-9, o, "ensemble_split", "the shares must add up to 1, not %g",
                   (double)sum);
  for (PetscInt k = 0; k < e->nvary; ++k)
    if (e->vary[k].kind == EDDY_VARY_LIST)
      EddyOptionsCheck(e->rows <= e->vary[k].n, o, "ensemble_rows",
                       "%lld rows, but the list for %s has %d values", (long long)e->rows,
                       e->vary[k].key, (int)e->vary[k].n);
  PetscCall(SplitRows(e, by ? PETSC_TRUE : PETSC_FALSE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyEnsembleFromOptions(EddyOptions o, EddyEnsemble *e)
{
  const char *from;
  PetscInt64 natural = 0;
  PetscInt rows, shard;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  memset(e, 0, sizeof *e);
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(VaryAll(o, e, &natural));
  PetscCall(EddyOptionsString(o, "ensemble_from",
                              "folder of a stored set whose rows are started from", NULL, &from));
  if (from && !catalogue)
    PetscCall(EddyEnsembleTake(o, from, e));
  PetscCall(EddySeedFromOptions(o, &e->seed));
  PetscCall(EddyOptionsInt(o, "ensemble_rows", "trajectories", (PetscInt)PetscMax(natural, 1), 1,
                           PETSC_MAX_INT, &rows));
  PetscCall(EddyOptionsInt(o, "ensemble_shard", "trajectories per file", 16, 1, 1000000, &shard));
  PetscCall(EddyOptionsInt(o, "ensemble_ranks_per_row", "ranks that share one trajectory", 1, 1,
                           PETSC_MAX_INT, &e->ranks_per_row));
  e->shard = shard;
  if (from && !catalogue) {
    for (int k = 0; k < EDDY_SPLITS; ++k)
      e->nshard += (PetscInt)((e->count[k] + e->shard - 1) / e->shard);
  } else {
    e->rows = rows;
    PetscCall(Split(o, e));
  }
  if (!catalogue)
    PetscCall(Selection(o, e));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyEnsembleFree(EddyEnsemble *e)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < e->nvary; ++k)
    PetscCall(EddyVaryFree(&e->vary[k]));
  PetscCall(PetscFree(e->order));
  PetscCall(PetscFree(e->source));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyEnsembleShard(const EddyEnsemble *e, PetscInt k, EddyShard *s)
{
  const PetscInt64 *row = e->order;
  memset(s, 0, sizeof *s);
  for (int split = 0; split < EDDY_SPLITS; ++split) {
    const PetscInt n = (PetscInt)((e->count[split] + e->shard - 1) / e->shard);
    if (k < n) {
      const PetscInt64 begin = (PetscInt64)k * e->shard;
      s->split = split;
      s->index = k;
      s->row = row + begin;
      s->n = PetscMin(e->shard, e->count[split] - begin);
      return;
    }
    k -= n;
    row += e->count[split];
  }
}

PetscInt64 EddyEnsembleFirstRow(const EddyEnsemble *e) { return e->source ? e->order[0] : 0; }

/* The stored frame that a row starts from. */
static PetscErrorCode SetSource(const EddyEnsemble *e, PetscInt64 row, EddyOptions o)
{
  char index[32];
  PetscInt64 k = 0;
  PetscFunctionBeginUser;
  while (k < e->rows && e->order[k] != row)
    ++k;
  EddyOptionsCheck(k < e->rows, o, "ensemble_from", "the set has no complete row %lld",
                   (long long)row);
  snprintf(index, sizeof index, "%d", (int)e->source[k].index);
  PetscCall(EddyOptionsSet(o, "initial_type", "file", "row (ensemble_from)"));
  PetscCall(EddyOptionsSet(o, "initial_path", e->source[k].path, "row (ensemble_from)"));
  PetscCall(EddyOptionsSet(o, "initial_row", index, "row (ensemble_from)"));
  PetscCall(EddyOptionsSet(o, "initial_frame", "0", "row (ensemble_from)"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyEnsembleRowOptions(const EddyEnsemble *e, EddyOptions o, MPI_Comm comm,
                                      PetscInt64 row, EddyOptions *copy)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsDuplicate(o, comm, copy));
  for (PetscInt k = 0; k < e->nvary; ++k) {
    char text[EDDY_MAX_NAME], origin[2 * EDDY_MAX_NAME];
    double value;
    EddyVaryDraw(&e->vary[k], e->seed, (uint64_t)row, 0, text, &value);
    snprintf(origin, sizeof origin, "row %lld (ensemble_vary_%s)", (long long)row, e->vary[k].key);
    PetscCall(EddyOptionsSet(*copy, e->vary[k].key, text, origin));
  }
  if (e->source)
    PetscCall(SetSource(e, row, *copy));
  PetscFunctionReturn(PETSC_SUCCESS);
}
