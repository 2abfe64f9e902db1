/* SPDX-License-Identifier: BSD-3-Clause */
/* Records of finished rows, one JSON line each in DIR/rows/SPLIT_INDEX.jsonl, appended when a row
   ends. They hold what the manifest needs and nothing about machine, time or number of ranks. */
#include "generate.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {"missing", "ok", "failed"};

static void Path(const EddyGenerate *g, const EddyShard *s, char path[EDDY_MAX_PATH])
{
  snprintf(path, EDDY_MAX_PATH, "%s/rows/%s_%05d.jsonl", g->dir, EddySplitNames[s->split],
           (int)s->index);
}

static char *ToLine(const EddyRowRecord *r)
{
  json_t *drift = json_object();
  for (PetscInt k = 0; k < r->ndrift; ++k)
    json_object_set_new(drift, r->drift_name[k], json_real(r->drift[k]));
  json_t *line = json_pack("{s:I, s:s, s:s, s:I, s:o}", "row", (json_int_t)r->row, "status",
                           status_names[r->status], "reason", r->reason, "steps",
                           (json_int_t)r->steps, "drift", drift);
  char *text = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
  json_decref(line);
  return text;
}

static PetscBool FromLine(const char *text, EddyRowRecord *r)
{
  json_t *line = json_loads(text, 0, NULL), *drift = NULL, *value;
  const char *status, *reason, *name;
  json_int_t row, steps;
  PetscBool ok = PETSC_FALSE;
  memset(r, 0, sizeof *r);
  if (line && !json_unpack(line, "{s:I, s:s, s:s, s:I, s:o}", "row", &row, "status", &status,
                           "reason", &reason, "steps", &steps, "drift", &drift)) {
    r->row = row;
    r->steps = steps;
    r->status = !strcmp(status, status_names[EDDY_ROW_OK]) ? EDDY_ROW_OK : EDDY_ROW_FAILED;
    snprintf(r->reason, sizeof r->reason, "%s", reason);
    json_object_foreach(drift, name, value)
    {
      if (r->ndrift == EDDY_MAX_DRIFT)
        break;
      snprintf(r->drift_name[r->ndrift], EDDY_MAX_NAME, "%s", name);
      r->drift[r->ndrift++] = json_number_value(value);
    }
    ok = PETSC_TRUE;
  }
  json_decref(line);
  return ok;
}

PetscErrorCode EddyRowsRead(const EddyGenerate *g, const EddyShard *s, EddyRowRecord record[])
{
  char path[EDDY_MAX_PATH], *line = NULL;
  size_t size = 0;
  EddyRowRecord r;
  PetscFunctionBeginUser;
  for (PetscInt64 k = 0; k < s->n; ++k) {
    memset(&record[k], 0, sizeof record[k]);
    record[k].row = s->row[k];
  }
  Path(g, s, path);
  FILE *f = fopen(path, "r");
  if (!f)
    PetscFunctionReturn(PETSC_SUCCESS);
  while (getline(&line, &size, f) > 0) {
    if (!strchr(line, '\n') || !FromLine(line, &r))
      continue;
    for (PetscInt64 k = 0; k < s->n; ++k)
      if (s->row[k] == r.row)
        record[k] = r;
  }
  free(line);
  fclose(f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Put(FILE *f, const char *path, const EddyRowRecord *r)
{
  PetscFunctionBeginUser;
  char *line = ToLine(r);
  const PetscBool ok = line && fprintf(f, "%s\n", line) > 0 ? PETSC_TRUE : PETSC_FALSE;
  free(line);
  PetscCheck(ok, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRowsWrite(const EddyGenerate *g, const EddyShard *s,
                             const EddyRowRecord record[])
{
  char path[EDDY_MAX_PATH], part[EDDY_MAX_PATH + 8];
  PetscFunctionBeginUser;
  Path(g, s, path);
  snprintf(part, sizeof part, "%s.part", path);
  FILE *f = fopen(part, "w");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", part);
  for (PetscInt64 k = 0; k < s->n; ++k)
    if (record[k].status)
      PetscCall(Put(f, part, &record[k]));
  PetscCheck(!fclose(f), PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", part);
  PetscCall(EddyFilePublish(part, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRowsAppend(const EddyGenerate *g, const EddyShard *s,
                              const EddyRowRecord *record)
{
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  Path(g, s, path);
  FILE *f = fopen(path, "a");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", path);
  PetscCall(Put(f, path, record));
  PetscCheck(!fclose(f), PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}
