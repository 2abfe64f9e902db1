/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline generate CASE.yaml: an ensemble as a training set.

     DIR/SINK/data/{train,valid,test}/shard_00000.hdf5   SINK: output, or output_filter
     DIR/SINK/stats.yaml, NAME.yaml, manifest.jsonl, SHA256SUMS
     DIR/case.yaml       the resolved case; DIR/generate.log: host, ranks, wall time
     DIR/rows/           records of finished rows, checkpoints of unfinished ones

   Shards are dealt to groups of `ensemble_ranks_per_row` ranks. What is there is kept: generate again, or after a kill, fills
   what is missing with the same bytes, on any number of ranks. */
#include "generate.h"
#include "cli.h"
#include <glob.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "eddyline generate CASE.yaml [-option value ...]";
static const char help[] =
    "usage: eddyline generate CASE.yaml [-option value ...]\n\n"
    "Makes a set of trajectories with splits, statistics, manifest and checksums. Run it again to "
    "continue.\n"
    "  -output_dir DIR            folder of the set (default: name of the case)\n"
    "  -output_overwrite          remove an older set of this folder first\n"
    "  -ensemble_rows A:B         do only these rows, both included (job arrays)\n"
    "  -ensemble_ranks_per_row N  ranks that share one trajectory (default 1)\n"
    "  -time_walltime T           stop in good order after T (seconds or HH:MM:SS)\n"
    "In the case: ensemble: {rows, seed, split, split_by, shard, spinup, vary: {KEY: "
    "DISTRIBUTION}} with\n"
    "uniform a b | loguniform a b | normal mean sd | integer a b | choice ... | list ... | grid "
    "...\n";

/* Removes the lines of a key from flat YAML. */
static void DropKey(char *yaml, const char *key)
{
  const size_t n = strlen(key);
  for (char *line = yaml; line && *line;) {
    char *end = strchr(line, '\n');
    end = end ? end + 1 : line + strlen(line);
    if (!strncmp(line, key, n) && line[n] == ':')
      memmove(line, end, strlen(end) + 1);
    else
      line = end;
  }
}

/* "-ensemble_rows A:B" selects; the number of rows stays that of the case. */
static PetscErrorCode Read(EddyGenerate *g, int argc, char **argv)
{
  char **copy;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(argc + 1, &copy));
  for (int k = 0; k < argc; ++k)
    copy[k] = argv[k];
  char option[] = "-ensemble_select";
  for (int k = 1; k + 1 < argc; ++k)
    if ((!strcmp(argv[k], "-ensemble_rows") || !strcmp(argv[k], "--ensemble_rows")) &&
        strchr(argv[k + 1], ':'))
      copy[k] = option;
  PetscCall(EddyCaseRead(argc, copy, usage, &g->o, g->name));
  PetscCall(PetscFree(copy));
  PetscCall(EddyEnsembleFromOptions(g->o, &g->e));
  for (PetscInt k = 0; k < g->e.nvary; ++k) {
    static const char *const fixed[] = {"mesh_",    "output_",    "filters_", "ensemble_",
                                        "dataset_", "time_start", "time_end", "seed"};
    char key[2 * EDDY_MAX_NAME];
    snprintf(key, sizeof key, "ensemble_vary_%s", g->e.vary[k].key);
    for (size_t j = 0; j < sizeof(fixed) / sizeof(*fixed); ++j)
      EddyOptionsCheck(strncmp(g->e.vary[k].key, fixed[j], strlen(fixed[j])), g->o, key,
                       "%s must be the same for all rows of a set", g->e.vary[k].key);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Groups(EddyGenerate *g)
{
  int size, per = (int)g->e.ranks_per_row;
  PetscFunctionBeginUser;
  g->world = PETSC_COMM_WORLD;
  PetscCallMPI(MPI_Comm_rank(g->world, &g->world_rank));
  PetscCallMPI(MPI_Comm_size(g->world, &size));
  EddyOptionsCheck(per <= size, g->o, "ensemble_ranks_per_row",
                   "%d ranks per row, but the program runs on %d", per, size);
  g->ngroup = size / per; /* ranks left over join the last group */
  g->igroup = PetscMin(g->world_rank / per, g->ngroup - 1);
  PetscCallMPI(MPI_Comm_split(g->world, g->igroup, g->world_rank, &g->group));
  PetscCallMPI(MPI_Comm_rank(g->group, &g->group_rank));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckVaried(EddyGenerate *g, EddyOptions o)
{
  char *yaml;
  PetscInt used = 0;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsToYAML(o, &yaml));
  for (PetscInt k = 0; k < g->e.nvary; ++k) {
    char option[2 * EDDY_MAX_NAME], line[2 * EDDY_MAX_NAME];
    snprintf(option, sizeof option, "ensemble_vary_%s", g->e.vary[k].key);
    snprintf(line, sizeof line, "\n%s:", g->e.vary[k].key);
    const PetscBool read =
        strstr(yaml, line) || !strncmp(yaml, line + 1, strlen(line + 1)) ? PETSC_TRUE : PETSC_FALSE;
    EddyOptionsCheck(read || g->e.vary[k].kind == EDDY_VARY_TABLE, g->o, option,
                     "this case does not read %s, so varying it would change nothing",
                     g->e.vary[k].key);
    if (read)
      g->e.vary[used++] = g->e.vary[k];
    else
      PetscCall(EddyVaryFree(&g->e.vary[k])); /* of the stored physics, not of this one */
  }
  g->e.nvary = used;
  PetscCall(PetscFree(yaml));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Row 0, created and dropped: checks every option, gives grids, fields, times and the resolved case. */
static PetscErrorCode Probe(EddyGenerate *g)
{
  EddyOptions o, catalogue;
  EddyEnsemble declared;
  EddyRun r;
  char line[64];
  PetscFunctionBeginUser;
  PetscCall(EddyEnsembleRowOptions(&g->e, g->o, g->group, EddyEnsembleFirstRow(&g->e), &o));
  PetscCall(EddyEnsembleFromOptions(o, &declared));
  PetscCall(EddyEnsembleFree(&declared));
  PetscCall(EddyRunDeclareFiles(o, g->name, g->dir, sizeof g->dir, &g->dataset));
  PetscCall(EddyRunDeclareFiles(g->o, g->name, g->dir, sizeof g->dir, &g->dataset));
  PetscCall(EddyRunCreate(g->group, o, g->e.seed, (uint64_t)EddyEnsembleFirstRow(&g->e), 0, &r));
  if (!g->igroup) { /* one group speaks */
    PetscCall(EddyCatalogueCreate(g->group, &catalogue));
    PetscCall(EddyOptionsFinish(o, catalogue));
    PetscCall(EddyOptionsDestroy(&catalogue));
  }
  PetscCall(CheckVaried(g, o));
  PetscCall(EddyOutputsDescribe(r));
  PetscCall(EddyRunProvenance(r, o, &g->provenance));
  for (PetscInt k = 0; k < g->e.nvary; ++k)
    DropKey(g->provenance, g->e.vary[k].key);
  DropKey(g->provenance, "ensemble_rows");
  if (g->e.source) { /* of each row */
    DropKey(g->provenance, "initial_path");
    DropKey(g->provenance, "initial_row");
  }
  PetscCall(
      EddyRunParameters(g->provenance, EDDY_MAX_DIAG, g->fixed_name, g->fixed_value, &g->nfixed));
  const size_t used = strlen(g->provenance);
  snprintf(line, sizeof line, "ensemble_rows: %lld\n", (long long)g->e.rows);
  char *whole;
  PetscCall(PetscMalloc1(used + sizeof line, &whole));
  snprintf(whole, used + sizeof line, "%s%s", g->provenance, line);
  PetscCall(PetscFree(g->provenance));
  g->provenance = whole;
  g->outputs = r->outputs;
  r->outputs = NULL;
  g->box = r->mesh->box;
  g->mesh = r->mesh; /* the box of a mapped grid points into it */
  r->mesh = NULL;
  PetscCall(PetscStrncpy(g->physics, r->physics->ops->name, sizeof g->physics));
  PetscCall(PetscStrncpy(g->equation, r->physics->ops->equation ? r->physics->ops->equation : "",
                         sizeof g->equation));
  PetscCall(EddyRunDestroy(&r));
  PetscCall(EddyOptionsDestroy(&o));
  PetscInt nuse = 0;
  for (PetscInt k = 0; k < g->outputs->nsink; ++k) {
    g->use[k] = strcmp(g->outputs->output[g->outputs->sink[k].output].format->name, "h5")
                    ? PETSC_FALSE
                    : PETSC_TRUE;
    if (g->use[k])
      ++nuse;
    else
      PetscCall(PetscPrintf(g->world,
                            "note: output %s is not of type h5 and is left out of the set\n",
                            g->outputs->sink[k].name));
  }
  EddyOptionsCheck(nuse, g->o, "output_list", "a set needs at least one output of type h5");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rank 0: files of this set by pattern. */
static void Remove(const char *format, const char *dir, const char *name)
{
  char pattern[EDDY_MAX_PATH];
  glob_t found;
  snprintf(pattern, sizeof pattern, format, dir, name);
  if (!glob(pattern, 0, NULL, &found))
    for (size_t k = 0; k < found.gl_pathc; ++k)
      unlink(found.gl_pathv[k]);
  globfree(&found);
}

static void RemoveOld(const EddyGenerate *g)
{
  static const char *const of_sink[] = {"%s/%s/data/*/shard_*", "%s/%s/*.yaml",
                                        "%s/%s/manifest.jsonl", "%s/%s/SHA256SUMS"};
  for (PetscInt k = 0; k < g->outputs->nsink; ++k)
    for (size_t j = 0; j < sizeof(of_sink) / sizeof(*of_sink); ++j)
      Remove(of_sink[j], g->dir, g->outputs->sink[k].name);
  Remove("%s/%s/*.jsonl", g->dir, "rows");
  Remove("%s/%s/checkpoints_*/checkpoint_*", g->dir, "rows");
  Remove("%s/%s", g->dir, "case.yaml");
}

/* A folder holds one set: its resolved case must be this one. Rank 0. */
static PetscErrorCode CompareCase(EddyGenerate *g, const char *path)
{
  char here[EDDY_MAX_PATH];
  const char *mine = g->provenance;
  PetscFunctionBeginUser;
  FILE *f = fopen(path, "r");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be read", path);
  while (fgets(here, sizeof here, f)) {
    const size_t n = strlen(here);
    if (!strncmp(here, mine, n)) {
      mine += n;
      continue;
    }
    fclose(f);
    here[strcspn(here, "\n")] = 0;
    SETERRQ(PETSC_COMM_SELF, EDDY_ERR_INPUT,
            "%s belongs to another set: it has '%s', this case '%.*s'; -output_dir puts it "
            "elsewhere, -output_overwrite replaces it",
            path, here, (int)strcspn(mine, "\n"), mine);
  }
  fclose(f);
  PetscCheck(!*mine, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s belongs to another set: it lacks '%.*s'; -output_dir puts it elsewhere, "
             "-output_overwrite replaces it",
             path, (int)strcspn(mine, "\n"), mine);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Folder(EddyGenerate *g)
{
  char path[EDDY_MAX_PATH];
  PetscBool overwrite;
  int old = 0;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsBool(g->o, "output_overwrite", "replace files that are there", PETSC_FALSE,
                            &overwrite));
  snprintf(path, sizeof path, "%s/rows", g->dir);
  if (!g->world_rank && overwrite)
    RemoveOld(g);
  PetscCall(EddyMakeFolder(g->world, path));
  snprintf(path, sizeof path, "%s/case.yaml", g->dir);
  if (!g->world_rank) {
    old = !access(path, F_OK);
    if (old)
      PetscCall(CompareCase(g, path));
  }
  PetscCallMPI(MPI_Bcast(&old, 1, MPI_INT, 0, g->world));
  if (!old)
    PetscCall(EddyTextWrite(g->world, path, g->provenance));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Shards that hold selected rows only belong to this job. */
static PetscBool Mine(const EddyGenerate *g, PetscInt k)
{
  EddyShard s;
  EddyEnsembleShard(&g->e, k, &s);
  for (PetscInt64 i = 0; i < s.n; ++i)
    if (s.row[i] < g->e.first || s.row[i] > g->e.last)
      return PETSC_FALSE;
  return PETSC_TRUE;
}

static PetscErrorCode DoShards(EddyGenerate *g, PetscInt *nmine)
{
  PetscInt *mine;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(g->e.nshard + 1, &mine));
  *nmine = 0;
  for (PetscInt k = 0; k < g->e.nshard; ++k)
    if (Mine(g, k))
      mine[(*nmine)++] = k;
  for (PetscInt j = g->igroup; j < *nmine; j += g->ngroup) {
    EddyShard s;
    EddyEnsembleShard(&g->e, mine[j], &s);
    g->rows_here += s.n;
  }
  for (PetscInt j = g->igroup; j < *nmine && !g->stop; j += g->ngroup)
    PetscCall(EddyShardDo(g, mine[j]));
  PetscCall(PetscFree(mine));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Log(const EddyGenerate *g, const char *text)
{
  char path[EDDY_MAX_PATH], host[256] = "", when[64];
  const time_t now = time(NULL);
  int size;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_size(g->world, &size));
  if (g->world_rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(path, sizeof path, "%s/generate.log", g->dir);
  FILE *f = fopen(path, "a");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", path);
  gethostname(host, sizeof host - 1);
  strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", localtime(&now));
  fprintf(f, "%s  eddyline %s  host %s  ranks %d in %d groups  %s\n", when, EDDY_VERSION, host,
          size, g->ngroup, text);
  fclose(f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Publishes the set when every shard is there; table at the end. */
static PetscErrorCode Finish(EddyGenerate *g, PetscInt nmine)
{
  PetscInt there = 0;
  PetscInt64 failed = 0;
  char text[128], wall[32];
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Barrier(g->world));
  if (!g->world_rank) {
    for (PetscInt k = 0; k < g->e.nshard; ++k) {
      PetscBool done;
      PetscCall(EddyShardDone(g, k, &done));
      if (done)
        ++there;
    }
    if (there == g->e.nshard)
      PetscCall(EddySetPublish(g, &failed));
  }
  PetscCallMPI(MPI_Barrier(g->world));
  EddyFormatSeconds(MPI_Wtime() - g->wall0, wall);
  snprintf(text, sizeof text, "%d of %d shards there, %s", (int)there, (int)g->e.nshard, wall);
  PetscCall(Log(g, text));
  if (g->world_rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  printf("\n  set               %s: %s, %lld rows (%lld train, %lld valid, %lld test), seed %llu\n",
         g->dataset, g->physics, (long long)g->e.rows, (long long)g->e.count[0],
         (long long)g->e.count[1], (long long)g->e.count[2], (unsigned long long)g->e.seed);
  printf("  shards            %d of %d there, %d in this job, %s\n", (int)there, (int)g->e.nshard,
         (int)nmine, wall);
  if (there == g->e.nshard) {
    printf("  failed rows       %lld%s\n", (long long)failed,
           failed ? " (see manifest.jsonl)" : "");
    for (PetscInt k = 0; k < g->outputs->nsink; ++k)
      if (g->use[k])
        printf("  written           %s/%s: data, stats.yaml, %s.yaml, manifest.jsonl, SHA256SUMS\n",
               g->dir, g->outputs->sink[k].name, g->dataset);
    printf("  next              eddyline verify %s/%s -row 0\n", g->dir, g->outputs->sink[0].name);
  } else {
    printf(
        "  next              eddyline generate %s/case.yaml -output_dir %s makes what is missing\n",
        g->dir, g->dir);
  }
  fflush(stdout);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyGenerate *g)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOutputsDestroy(&g->outputs));
  PetscCall(EddyMeshDestroy(&g->mesh));
  PetscCall(EddyEnsembleFree(&g->e));
  PetscCall(PetscFree(g->provenance));
  PetscCallMPI(MPI_Comm_free(&g->group));
  PetscCall(EddyOptionsDestroy(&g->o));
  PetscCall(PetscFree(g));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbGenerate(int argc, char **argv, int *code)
{
  EddyGenerate *g;
  PetscBool asked;
  PetscInt nmine = 0;
  int stop;
  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCall(EddyCliHelp(argc, argv, help, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&g));
  g->wall0 = MPI_Wtime();
  g->terminal = isatty(STDOUT_FILENO) && isatty(STDERR_FILENO) ? PETSC_TRUE : PETSC_FALSE;
  PetscCall(EddySignalsInstall());
  PetscCall(Read(g, argc, argv));
  PetscCall(Groups(g));
  PetscCall(Probe(g));
  PetscCall(Folder(g));
  PetscCall(Log(g, "started"));
  PetscCall(DoShards(g, &nmine));
  PetscCall(Finish(g, nmine));
  stop = (int)g->stop;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &stop, 1, MPI_INT, MPI_MAX, g->world));
  if (stop) {
    *code = EDDY_EXIT_STOPPED;
    if (!g->world_rank)
      fprintf(stderr, "eddyline: stopped before the set was complete; generate again continues\n");
  }
  PetscCall(EddySignalsRestore());
  PetscCall(Destroy(g));
  PetscFunctionReturn(PETSC_SUCCESS);
}
