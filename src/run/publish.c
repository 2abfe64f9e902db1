/* SPDX-License-Identifier: BSD-3-Clause */
/* What makes shards a set, written once all of them are there, for every stored stream (rank 0 works):

     manifest.jsonl   one line per row: split, file, place in it, seed, parameters, status and reason, steps, drift of invariants
     stats.yaml       mean, std, rms of fields and of their changes, from the train split
     NAME.yaml        card: grid, fields, boundary conditions, files, and the equation, seed, parameters
     SHA256SUMS       of all of these, for sha256sum -c */
#include "generate.h"
#include "stats.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static PetscErrorCode OpenPart(const char *path, char part[EDDY_MAX_PATH + 8], FILE **f)
{
  PetscFunctionBeginUser;
  snprintf(part, EDDY_MAX_PATH + 8, "%s.part", path);
  *f = fopen(part, "w");
  PetscCheck(*f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", part);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ClosePart(FILE *f, const char *part, const char *path)
{
  PetscFunctionBeginUser;
  const int bad = ferror(f);
  PetscCheck(!fclose(f) && !bad, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", part);
  PetscCall(EddyFilePublish(part, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void FileOf(const EddyShard *s, char file[64])
{
  snprintf(file, 64, "data/%s/shard_%05d.hdf5", EddySplitNames[s->split], (int)s->index);
}

static json_t *Parameters(const EddyGenerate *g, PetscInt64 row)
{
  json_t *p = json_object();
  for (PetscInt k = 0; k < g->e.nvary; ++k) {
    char text[EDDY_MAX_NAME];
    double value;
    EddyVaryDraw(&g->e.vary[k], g->e.seed, (uint64_t)row, 0, text, &value);
    json_object_set_new(p, g->e.vary[k].key,
                        g->e.vary[k].numeric ? json_real(value) : json_string(text));
  }
  for (PetscInt k = 0; k < g->nfixed; ++k)
    json_object_set_new(p, g->fixed_name[k], json_real(g->fixed_value[k]));
  return p;
}

static json_t *Line(const EddyGenerate *g, const EddyShard *s, const EddyRowRecord *r,
                    PetscInt place)
{
  const PetscBool ok = r->status == EDDY_ROW_OK ? PETSC_TRUE : PETSC_FALSE;
  char file[64], seed[32];
  json_t *line = json_object(), *drift = json_object();
  FileOf(s, file);
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)g->e.seed);
  json_object_set_new(line, "row", json_integer(r->row));
  json_object_set_new(line, "split", json_string(EddySplitNames[s->split]));
  json_object_set_new(line, "file", ok ? json_string(file) : json_null());
  json_object_set_new(line, "index", ok ? json_integer(place) : json_null());
  /* JSON integers end at 2^63: larger seeds are text */
  json_object_set_new(line, "seed",
                      g->e.seed >> 63 ? json_string(seed) : json_integer((json_int_t)g->e.seed));
  json_object_set_new(line, "parameters", Parameters(g, r->row));
  json_object_set_new(line, "status", json_string(ok ? "ok" : "failed"));
  json_object_set_new(line, "reason", json_string(r->reason));
  json_object_set_new(line, "steps", json_integer(r->steps));
  for (PetscInt k = 0; k < r->ndrift; ++k)
    json_object_set_new(drift, r->drift_name[k], json_real(r->drift[k]));
  json_object_set_new(line, "drift", drift);
  return line;
}

static PetscErrorCode Manifest(const EddyGenerate *g, const char *path, PetscInt64 good[])
{
  char part[EDDY_MAX_PATH + 8];
  FILE *f;
  PetscFunctionBeginUser;
  PetscCall(OpenPart(path, part, &f));
  for (PetscInt k = 0; k < g->e.nshard; ++k) {
    EddyShard s;
    EddyRowRecord *record;
    EddyEnsembleShard(&g->e, k, &s);
    PetscCall(PetscMalloc1(s.n, &record));
    PetscCall(EddyRowsRead(g, &s, record));
    good[k] = 0;
    for (PetscInt64 i = 0; i < s.n; ++i) {
      json_t *line = Line(g, &s, &record[i], (PetscInt)good[k]);
      char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(17));
      if (text)
        fprintf(f, "%s\n", text);
      free(text);
      json_decref(line);
      if (record[i].status == EDDY_ROW_OK)
        ++good[k];
    }
    PetscCall(PetscFree(record));
  }
  PetscCall(ClosePart(f, part, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Names of the components of a field as loaders number them: stress_xy. */
static void PutComponents(FILE *f, const EddyBlock *b, const char **separator)
{
  static const char axis[] = "xyz";
  for (PetscInt c = 0; c < b->ncomp; ++c) {
    fprintf(f, "%s%s", *separator, b->name);
    if (b->rank == 1)
      fprintf(f, "_%c", axis[c % b->dim]);
    if (b->rank == 2)
      fprintf(f, "_%c%c", axis[c / b->dim], axis[c % b->dim]);
    *separator = ", ";
  }
}

static void PutFields(FILE *f, const EddyOutput *out, const EddySink *sink)
{
  fprintf(f, "field_names:\n");
  for (PetscInt rank = 0; rank < 3; ++rank) {
    const char *separator = "";
    fprintf(f, "  %d: [", (int)rank);
    for (PetscInt k = 0; k < out->nfield; ++k)
      if (sink->field[k].rank == rank)
        PutComponents(f, &sink->field[k], &separator);
    fprintf(f, "]\n");
  }
  fprintf(f, "constant_field_names: {0: [], 1: [], 2: []}\n");
  fprintf(f, "field_units: {");
  for (PetscInt k = 0; k < out->nfield; ++k)
    fprintf(f, "%s%s: \"%s\"", k ? ", " : "", sink->field[k].name, sink->field[k].unit);
  fprintf(f, "}\n");
}

static PetscErrorCode PutText(FILE *f, EddyOptions o, const char *key, const char *name)
{
  const char *value;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsGetRaw(o, key, &value));
  json_t *text = json_string(value ? value : ""); /* JSON strings are YAML strings */
  char *quoted = json_dumps(text, JSON_ENCODE_ANY);
  fprintf(f, "%s: %s\n", name, quoted ? quoted : "\"\"");
  free(quoted);
  json_decref(text);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Card(const EddyGenerate *g, PetscInt k, const char *path,
                           const PetscInt64 good[])
{
  const EddySink *sink = &g->outputs->sink[k];
  const EddyOutput *out = &g->outputs->output[sink->output];
  char part[EDDY_MAX_PATH + 8];
  PetscInt nfile = 0;
  FILE *f;
  PetscFunctionBeginUser;
  PetscCall(OpenPart(path, part, &f));
  fprintf(f, "dataset_name: %s\nn_spatial_dims: %d\ngrid_type: %s\nspatial_resolution: [",
          g->dataset, (int)g->box.dim, g->box.mapped ? "mapped" : "cartesian");
  for (PetscInt d = 0; d < g->box.dim; ++d)
    fprintf(f, "%s%d", d ? ", " : "", (int)sink->n[d]);
  fprintf(f, "]\nscalar_names: []\nconstant_scalar_names: [");
  for (PetscInt j = 0; j < g->e.nvary; ++j)
    fprintf(f, "%s%s", j ? ", " : "", g->e.vary[j].key);
  for (PetscInt j = 0; j < g->nfixed; ++j)
    fprintf(f, "%s%s", j || g->e.nvary ? ", " : "", g->fixed_name[j]);
  fprintf(f, "]\n");
  PutFields(f, out, sink);
  fprintf(f, "boundary_condition_types: [%s]\n", g->box.periodic[0] ? "PERIODIC" : "WALL");
  for (PetscInt s = 0; s < g->e.nshard; ++s)
    if (good[s])
      ++nfile;
  fprintf(f, "n_files: %d\nn_trajectories_per_file: [", (int)nfile);
  const char *separator = "";
  for (PetscInt s = 0; s < g->e.nshard; ++s) {
    if (!good[s])
      continue;
    fprintf(f, "%s%lld", separator, (long long)good[s]);
    separator = ", ";
  }
  fprintf(f, "]\nn_steps_per_trajectory: [");
  for (PetscInt s = 0; s < nfile; ++s)
    fprintf(f, "%s%d", s ? ", " : "", (int)out->schedule.n);
  fprintf(f, "]\n");
  PetscCall(PutText(f, g->o, "dataset_title", "title"));
  PetscCall(PutText(f, g->o, "dataset_authors", "authors"));
  PetscCall(PutText(f, g->o, "dataset_license", "license"));
  PetscCall(PutText(f, g->o, "dataset_version", "version"));
  fprintf(f, "physics: %s\nequation: \"%s\"\nextent: [", g->physics, g->equation);
  for (PetscInt d = 0; d < g->box.dim; ++d)
    fprintf(f, "%s[%.17g, %.17g]", d ? ", " : "", (double)g->box.lower[d], (double)g->box.upper[d]);
  fprintf(f, "]\ntimes: {first: %.17g, last: %.17g, number: %d}\n", (double)out->schedule.times[0],
          (double)out->schedule.times[out->schedule.n - 1], (int)out->schedule.n);
  if (sink->filtered)
    fprintf(f, "filter: %s\n", sink->filter.name);
  fprintf(f,
          "precision: %s\nseed: %llu\nrows: {train: %lld, valid: %lld, test: %lld}\ngenerator: "
          "eddyline %s\ncase: |\n",
          out->float64 ? "float64" : "float32", (unsigned long long)g->e.seed,
          (long long)g->e.count[0], (long long)g->e.count[1], (long long)g->e.count[2],
          EDDY_VERSION);
  for (const char *line = g->provenance; *line;) {
    const size_t n = strcspn(line, "\n");
    fprintf(f, "  %.*s\n", (int)n, line);
    line += n + (line[n] == '\n');
  }
  PetscCall(ClosePart(f, part, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Stats(const EddyGenerate *g, PetscInt k, const char *path,
                            const PetscInt64 good[])
{
  char **file;
  PetscInt n = 0;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(g->e.nshard + 1, &file));
  for (PetscInt j = 0; j < g->e.nshard; ++j) {
    EddyShard s;
    char name[EDDY_MAX_PATH];
    EddyEnsembleShard(&g->e, j, &s);
    if (s.split || !good[j])
      continue;
    EddyShardPath(g, k, &s, ".hdf5", name);
    PetscCall(PetscStrallocpy(name, &file[n++]));
  }
  PetscCall(EddyStatsFromFiles(n, (const char *const *)file, path));
  for (PetscInt j = 0; j < n; ++j)
    PetscCall(PetscFree(file[j]));
  PetscCall(PetscFree(file));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PutSum(FILE *f, const char *dir, const char *name)
{
  char path[2 * EDDY_MAX_PATH], hex[65];
  PetscFunctionBeginUser;
  snprintf(path, sizeof path, "%s/%s", dir, name);
  PetscCall(EddyFileSha256(path, hex));
  fprintf(f, "%s  %s\n", hex, name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PublishSink(EddyGenerate *g, PetscInt k, PetscInt64 good[])
{
  char dir[EDDY_MAX_PATH / 2], path[EDDY_MAX_PATH], part[EDDY_MAX_PATH + 8],
      card[EDDY_MAX_NAME + 8], file[64];
  FILE *f;
  PetscFunctionBeginUser;
  snprintf(dir, sizeof dir, "%s/%s", g->dir, g->outputs->sink[k].name);
  snprintf(path, sizeof path, "%s/manifest.jsonl", dir);
  PetscCall(Manifest(g, path, good));
  snprintf(path, sizeof path, "%s/SHA256SUMS", dir);
  if (!access(path, F_OK))
    PetscFunctionReturn(PETSC_SUCCESS); /* shards never change once published */
  snprintf(path, sizeof path, "%s/stats.yaml", dir);
  PetscCall(Stats(g, k, path, good));
  snprintf(card, sizeof card, "%.*s.yaml", EDDY_MAX_NAME - 1, g->dataset);
  snprintf(path, sizeof path, "%s/%s", dir, card);
  PetscCall(Card(g, k, path, good));
  snprintf(path, sizeof path, "%s/SHA256SUMS", dir);
  PetscCall(OpenPart(path, part, &f));
  for (PetscInt j = 0; j < g->e.nshard; ++j) {
    EddyShard s;
    EddyEnsembleShard(&g->e, j, &s);
    FileOf(&s, file);
    if (good[j])
      PetscCall(PutSum(f, dir, file));
  }
  PetscCall(PutSum(f, dir, card));
  PetscCall(PutSum(f, dir, "manifest.jsonl"));
  PetscCall(PutSum(f, dir, "stats.yaml"));
  PetscCall(ClosePart(f, part, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySetPublish(EddyGenerate *g, PetscInt64 *failed)
{
  PetscInt64 *good;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(g->e.nshard + 1, &good));
  for (PetscInt k = 0; k < g->outputs->nsink; ++k)
    if (g->use[k])
      PetscCall(PublishSink(g, k, good));
  *failed = g->e.rows;
  for (PetscInt j = 0; j < g->e.nshard; ++j)
    *failed -= good[j];
  PetscCall(PetscFree(good));
  PetscFunctionReturn(PETSC_SUCCESS);
}
