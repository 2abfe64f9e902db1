/* SPDX-License-Identifier: BSD-3-Clause */
/* A run from a case, left to right:

     options -> mesh -> physics -> forcings, closures -> discretisation -> stepper -> run loop
                                                                 schedules -> writers <-'     */
#include "ensemble.h"
#include "spectrum.h"
#include "well_read.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How a run is carried out, not what it computes: kept out of files that are compared byte by byte.
 */
static const char *const how_keys[] = {
    "output_dir",     "output_overwrite", "restart",         "time_walltime",
    "time_max_steps", "checkpoint_every", "ensemble_select", "ensemble_ranks_per_row"};

PetscErrorCode EddyRunCreate(MPI_Comm comm, EddyOptions o, uint64_t seed, uint64_t row,
                             uint64_t attempt, EddyRun *out)
{
  EddyRun r;
  const EddyRandomKey key = {.seed = seed, .row = row, .attempt = attempt};
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&r));
  *out = r;
  r->comm = comm;
  r->options = o;
  r->wall0 = MPI_Wtime();
  PetscCallMPI(MPI_Comm_rank(comm, &r->rank));
  PetscCallMPI(MPI_Comm_size(comm, &r->size));
  PetscCall(EddyMeshCreate(comm, o, &r->mesh));
  PetscCall(EddyPhysicsCreate(comm, o, &r->mesh->box, &r->physics));
  PetscCall(EddyForcingCreateList(comm, o, r->physics, &r->nforcing, &r->forcing));
  PetscCall(EddyInitialCreate(comm, o, r->physics, &key, &r->initial));
  PetscCall(EddyClosureCreateList(comm, o, &r->nclosure, &r->closure));
  PetscCall(EddyDiscCreate(comm, o, &r->mesh->box, r->physics, r->nforcing, r->forcing, r->nclosure,
                           r->closure, &r->disc));
  PetscCall(EddyStepperCreate(o, r->disc, &r->stepper));
  PetscCall(EddyTimesFromOptions(o, &r->times));
  PetscCall(EddyOutputsCreate(o, r->physics, &r->times, &r->outputs));
  PetscCall(EddyDiagFromOptions(o, &r->times, &r->diag));
  PetscCall(EddyCheckpointOptions(o, &r->checkpoint_wall, &r->checkpoint_every));
  r->st.t = r->times.start - r->times.spinup;
  r->st.seed = seed;
  r->st.row = row;
  r->st.attempt = attempt;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunDestroy(EddyRun *run)
{
  EddyRun r = *run;
  PetscFunctionBeginUser;
  if (!r)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyDiscDestroyState(&r->u));
  PetscCall(PetscFree(r->diag.ek));
  PetscCall(EddyOutputsDestroy(&r->outputs));
  PetscCall(EddyStepperDestroy(&r->stepper));
  PetscCall(EddyDiscDestroy(&r->disc));
  PetscCall(EddyClosureDestroyList(r->nclosure, &r->closure));
  PetscCall(EddyInitialDestroy(&r->initial));
  PetscCall(EddyForcingDestroyList(r->nforcing, &r->forcing));
  PetscCall(EddyPhysicsDestroy(&r->physics));
  PetscCall(EddyMeshDestroy(&r->mesh));
  PetscCall(PetscFree(r));
  *run = NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Values of a periodic box from points to averages over cells, or back. One rank. */
static PetscErrorCode BetweenCells(const EddyBox *box, PetscBool to_points, PetscInt ncomp,
                                   double *data)
{
  const size_t size = (size_t)box->n[0] * (size_t)box->n[1] * (size_t)box->n[2];
  EddyModes m;
  EddyComplex *hat;
  PetscFunctionBeginUser;
  PetscCall(EddyModesCreate(box, &m));
  PetscCall(PetscMalloc1(EddyModesCount(m), &hat));
  for (PetscInt c = 0; c < ncomp; ++c) {
    EddyModesForward(m, data + (size_t)c * size, hat);
    EddyModesToCells(m, to_points, hat);
    EddyModesInverse(m, hat, data + (size_t)c * size);
  }
  PetscCall(PetscFree(hat));
  PetscCall(EddyModesDestroy(&m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The state components of one stored snapshot, [ncomp][nz][ny][nx], read by rank 0. */
static PetscErrorCode ReadSnapshot(EddyRun r, const char *path, PetscInt row, PetscInt frame,
                                   PetscInt n[3], double **data)
{
  const EddyBox *box = &r->mesh->box;
  const EddyWellInfo *info;
  EddyWell w = NULL;
  PetscFunctionBeginUser;
  if (!r->rank) {
    PetscCall(EddyWellOpen(path, &w));
    PetscCall(EddyWellGetInfo(w, &info));
    if (frame < 0 && info->frames_done > (PetscInt64)row * info->nframes)
      frame = (PetscInt)PetscMin(info->nframes, info->frames_done - row * info->nframes) - 1;
    PetscCheck(info->box.dim == box->dim, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s: fields of %d dimensions cannot start a run of %d", path, (int)info->box.dim,
               (int)box->dim);
    for (PetscInt d = 0; d < box->dim; ++d)
      PetscCheck(PetscAbsReal(EddyBoxLength(&info->box, d) / EddyBoxLength(box, d) - 1) < 1e-6,
                 PETSC_COMM_SELF, EDDY_ERR_INPUT,
                 "%s: its box is %g long in direction %d, the box of the run %g", path,
                 (double)EddyBoxLength(&info->box, d), d, (double)EddyBoxLength(box, d));
    for (int d = 0; d < 3; ++d)
      n[d] = info->box.n[d];
  }
  PetscCallMPI(MPI_Bcast(n, 3, MPIU_INT, 0, r->comm));
  const size_t size = (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
  PetscCall(PetscMalloc1(size * (size_t)r->physics->ncomp, data));
  for (PetscInt c = 0; c < r->physics->ncomp && !r->rank; ++c) {
    PetscInt field;
    PetscCall(EddyWellFindField(w, r->physics->comp[c], &field));
    PetscCall(EddyWellReadFrame(w, field, row, frame, *data + (size_t)c * size));
  }
  const PetscBool cells = (PetscBool)!strcmp(r->disc->ops->name, "fv");
  if (!r->rank && cells != (info->where == EDDY_WHERE_CELL)) {
    PetscBool periodic = PETSC_TRUE;
    for (PetscInt d = 0; d < box->dim; ++d)
      periodic = (PetscBool)(periodic && info->box.periodic[d] && !info->box.mapped);
    PetscCheck(periodic, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s: its cells do not fill a periodic box, which a spectral run would need", path);
    PetscCall(BetweenCells(&info->box, (PetscBool)!cells, r->physics->ncomp, *data));
  }
  PetscCall(EddyWellClose(&w));
  for (PetscInt c = 0; c < r->physics->ncomp; ++c) /* by component: counts are int */
    PetscCallMPI(MPI_Bcast(*data + (size_t)c * size, (PetscMPIInt)size, MPI_DOUBLE, 0, r->comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Initial state; the first check that it is finite is the loop's. */
PetscErrorCode EddyRunStart(EddyRun r)
{
  PetscFunctionBeginUser;
  if (!r->u)
    PetscCall(EddyDiscCreateState(r->disc, &r->u));
  if (r->initial->ops->File) {
    const char *path;
    double *data;
    PetscInt row, frame, n[3];
    PetscCall(r->initial->ops->File(r->initial, &path, &row, &frame));
    PetscCall(ReadSnapshot(r, path, row, frame, n, &data));
    PetscCall(r->disc->ops->Load(r->disc, n, data, r->u));
    PetscCall(PetscFree(data));
  } else {
    PetscCall(r->disc->ops->Initialise(r->disc, r->initial, r->u));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static double ResidentBytes(void)
{
  long pages = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (f) {
    if (fscanf(f, "%*d %ld", &pages) != 1)
      pages = 0;
    fclose(f);
  }
  return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

PetscErrorCode EddyRunEstimate(EddyRun r, double *bytes, PetscInt64 *steps)
{
  PetscFunctionBeginUser;
  /* what is there now, measured, and what the first steps and outputs will add */
  *steps = 0;
  *bytes = ResidentBytes() + EddyStepperMemory(r->stepper) + 8. * (double)r->disc->size;
  for (PetscInt k = 0; k < r->outputs->nsink; ++k) {
    const EddySink *sink = &r->outputs->sink[k];
    const double points = (double)sink->n[0] * (double)sink->n[1] * (double)sink->n[2] / r->size;
    for (PetscInt f = 0; f < r->outputs->output[sink->output].nfield; ++f)
      *bytes += points * (double)sink->field[f].ncomp *
                (8 + (r->outputs->output[sink->output].float64 ? 8 : 4));
  }
  if (r->times.cfl > 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscReal t = r->times.start - r->times.spinup;
  PetscInt next[EDDY_MAX_LIST] = {0};
  while (t < r->times.end) { /* the segments of the loop */
    PetscReal t1 = r->times.end;
    for (PetscInt k = 0; k < r->outputs->noutput; ++k) {
      const EddySchedule *s = &r->outputs->output[k].schedule;
      while (next[k] < s->n && s->times[next[k]] <= t)
        ++next[k];
      if (next[k] < s->n && s->times[next[k]] < t1)
        t1 = s->times[next[k]];
    }
    *steps += (PetscInt64)PetscCeilReal((t1 - t) / r->times.dt * (1 - 1e-9));
    t = t1;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Whether a line of the resolved case belongs into it: not how keys, and not the default times of an output, which follow
   from the run and could not be given as they are (every: 0). */
static PetscErrorCode KeepKey(EddyOptions o, const char *key, PetscBool *keep)
{
  static const char *const times[] = {"_every", "_start", "_end"};
  const size_t n = strlen(key);
  const char *origin;
  PetscFunctionBeginUser;
  *keep = PETSC_TRUE;
  for (size_t k = 0; k < sizeof(how_keys) / sizeof(*how_keys); ++k)
    if (!strcmp(key, how_keys[k]))
      *keep = PETSC_FALSE;
  if (strncmp(key, "output_", 7))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOptionsGetOrigin(o, key, &origin));
  for (size_t k = 0; k < sizeof(times) / sizeof(*times); ++k) {
    const size_t m = strlen(times[k]);
    if (n > m && !strcmp(key + n - m, times[k]) && !strcmp(origin, "default"))
      *keep = PETSC_FALSE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunProvenance(EddyRun r, EddyOptions o, char **text)
{
  char *yaml, *to;
  size_t len;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsToYAML(o, &yaml));
  PetscCall(PetscStrlen(yaml, &len));
  PetscCall(PetscMalloc1(len + 256, text));
  to = *text + snprintf(*text, 256, "# eddyline %s, SIMD level %s\n", EDDY_VERSION,
                        EddySimdNames[r->disc->level]);
  for (const char *line = yaml; *line;) {
    const char *end = strchr(line, '\n');
    const size_t n = end ? (size_t)(end - line) + 1 : strlen(line);
    char key[3 * EDDY_MAX_NAME];
    PetscBool keep;
    snprintf(key, sizeof key, "%.*s", (int)PetscMin(strcspn(line, ":"), sizeof key - 1), line);
    PetscCall(KeepKey(o, key, &keep));
    if (keep) {
      memcpy(to, line, n);
      to += n;
    }
    line += n;
  }
  *to = 0;
  PetscCall(PetscFree(yaml));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunParameters(const char *yaml, PetscInt max, char name[][EDDY_MAX_NAME],
                                 double value[], PetscInt *n)
{
  PetscFunctionBeginUser;
  *n = 0;
  for (const char *line = yaml; line && *line && *n < max; line = strchr(line, '\n')) {
    char key[EDDY_MAX_NAME], word[EDDY_MAX_NAME];
    if (*line == '\n')
      ++line;
    if (sscanf(line, "%63[^:\n]: %63[^\n]", key, word) != 2)
      continue;
    if (strncmp(key, "physics_", 8) || strstr(key, "_forcing_"))
      continue;
    PetscReal v;
    if (!EddyParseReal(word, &v))
      continue;
    PetscCall(PetscStrncpy(name[*n], key, EDDY_MAX_NAME));
    value[(*n)++] = v;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyCaseName(const char *path, char name[EDDY_MAX_NAME])
{
  const char *base = strrchr(path, '/');
  base = base ? base + 1 : path;
  snprintf(name, EDDY_MAX_NAME, "%s", base);
  char *dot = strrchr(name, '.');
  if (dot && dot != name)
    *dot = 0;
}

PetscErrorCode EddyCaseRead(int argc, char **argv, const char *usage, EddyOptions *o,
                            char name[EDDY_MAX_NAME])
{
  const char *given;
  PetscFunctionBeginUser;
  PetscCheck(argc > 1 && argv[1][0] != '-', PETSC_COMM_WORLD, EDDY_ERR_INPUT,
             "no case file given: %s", usage);
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, o));
  PetscCall(EddyOptionsInsertFile(*o, argv[1]));
  PetscCall(EddyOptionsInsertArgs(*o, argc - 2, argv + 2));
  EddyCaseName(argv[1], name);
  PetscCall(EddyOptionsGetRaw(*o, "dataset_name", &given));
  if (!given)
    PetscCall(EddyOptionsSet(*o, "dataset_name", name, "name of the case file"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyTextWrite(MPI_Comm comm, const char *path, const char *text)
{
  char part[EDDY_MAX_PATH + 8];
  int rank;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  if (!rank) {
    snprintf(part, sizeof part, "%s.part", path);
    FILE *f = fopen(part, "w");
    PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", part);
    const int bad = fputs(text, f) < 0;
    PetscCheck(!fclose(f) && !bad, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", part);
    PetscCall(EddyFilePublish(part, path));
  }
  PetscCallMPI(MPI_Barrier(comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunDeclareFiles(EddyOptions o, const char *name, char *dir, size_t len,
                                   const char **dataset)
{
  static const char *const card[][2] = {{"dataset_title", "one line for the card"},
                                        {"dataset_authors", "who made it"},
                                        {"dataset_license", "licence of the data"},
                                        {"dataset_version", "version of the data"}};
  const char *text;
  PetscBool flag;
  PetscFunctionBeginUser;
  for (size_t k = 0; k < sizeof(card) / sizeof(*card); ++k)
    PetscCall(EddyOptionsString(o, card[k][0], card[k][1], NULL, &text));
  PetscCall(EddyOptionsString(o, "dataset_name", "name in files and card", "eddyline", dataset));
  PetscCall(
      EddyOptionsBool(o, "output_overwrite", "replace files that are there", PETSC_FALSE, &flag));
  PetscCall(EddyOptionsString(o, "restart", "auto or a checkpoint", NULL, &text));
  PetscCall(EddyOptionsString(o, "output_dir", "folder for all files; default: name of the case",
                              NULL, &text));
  if (dir)
    snprintf(dir, len, "%s", text ? text : name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunDeclareOptions(EddyOptions o)
{
  EddyTimes times;
  EddyOutputs outputs;
  EddyDiag diag;
  EddyEnsemble ensemble;
  PetscReal wall, every;
  PetscInt row;
  const char *text;
  PetscFunctionBeginUser;
  PetscCall(EddyTimesFromOptions(o, &times));
  PetscCall(EddyOutputsCreate(o, NULL, &times, &outputs));
  PetscCall(EddyOutputsDestroy(&outputs));
  for (PetscInt k = 0; EddyWriterGetOps(k); ++k) {
    struct _p_EddyWriter w = {.ops = EddyWriterGetOps(k), .name = "NAME"};
    if (!w.ops->Create)
      continue;
    if (w.ops->ctx_size)
      PetscCall(PetscCalloc1(w.ops->ctx_size, (char **)&w.ctx));
    PetscCall(w.ops->Create(&w, o, "output_NAME_"));
    PetscCall(PetscFree(w.ctx));
  }
  PetscCall(EddyDiagFromOptions(o, &times, &diag));
  PetscCall(EddyCheckpointOptions(o, &wall, &every));
  PetscCall(EddyRunDeclareFiles(o, NULL, NULL, 0, &text));
  PetscCall(EddyEnsembleFromOptions(o, &ensemble));
  PetscCall(EddyEnsembleFree(&ensemble));
  PetscCall(EddyOptionsString(o, "ensemble_vary_NAME", "distribution of option NAME over rows",
                              NULL, &text));
  PetscCall(EddyOptionsInt(o, "ensemble_row",
                           "run this row of the ensemble; -1: the case as it stands", -1, -1,
                           PETSC_MAX_INT, &row));
  PetscFunctionReturn(PETSC_SUCCESS);
}
