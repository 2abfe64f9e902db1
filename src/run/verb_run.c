/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline run CASE.yaml: one simulation into a folder of its own.

     OUTPUT_DIR/NAME.hdf5        each output (NAME.hdf5.part until complete)
     OUTPUT_DIR/diagnostics.csv  time series; spectrum.csv when asked for
     OUTPUT_DIR/closures.csv     events of the guards, when there are closures
     OUTPUT_DIR/case.yaml        the resolved case
     OUTPUT_DIR/run.log          what does not belong into compared files: host, ranks, wall time
     OUTPUT_DIR/checkpoints/     while unfinished */
#include "cli.h"
#include "ensemble.h"
#include "xdmf.h"
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "eddyline run CASE.yaml [-option value ...]";
static const char help[] =
    "usage: eddyline run CASE.yaml [-option value ...]\n\nRuns one simulation. Exit code 0 done, 2 "
    "bad input, 3 the solution failed, 4 I/O, 5 "
    "stopped after a checkpoint.\n"
    "  -output_dir DIR        folder for all files (default: name of the case)\n"
    "  -output_overwrite      replace what is there\n"
    "  -restart auto|PATH     continue from the newest checkpoint in the folder, or from a given "
    "one\n"
    "  -time_walltime T       checkpoint and stop after T (seconds or HH:MM:SS)\n"
    "  -time_max_steps N      checkpoint and stop after N steps\n"
    "  -checkpoint_every T    time, or wall time as 600s or HH:MM:SS (default 00:30:00); 0: none\n"
    "  -ensemble_row K        the flow that generate makes as row K\n"
    "  -seed N                64-bit seed\n"
    "TERM, INT, USR1, USR2: checkpoint and stop. `eddyline check CASE.yaml` lists every option.\n";

typedef struct {
  EddyOptions o;
  EddyRun run;
  EddyFiles files;
  char name[EDDY_MAX_NAME], dir[EDDY_MAX_PATH / 2], checkpoints[EDDY_MAX_PATH], from[EDDY_MAX_PATH];
  const char *case_path, *dataset;
  char *provenance;
} Verb;

static const char *SinkPath(void *ctx, PetscInt sink, char buffer[EDDY_MAX_PATH])
{
  const Verb *v = (const Verb *)ctx;
  snprintf(buffer, EDDY_MAX_PATH, "%s/%s", v->dir, v->run->outputs->sink[sink].name);
  return buffer;
}

static const char *FinalPath(Verb *v, PetscInt sink, char buffer[EDDY_MAX_PATH])
{
  const EddyOutputs os = v->run->outputs;
  const char *extension = os->output[os->sink[sink].output].format->extension;
  snprintf(buffer, EDDY_MAX_PATH, "%s/%s%s%s", v->dir, os->sink[sink].name,
           extension[0] == '.' || !extension[0] ? "" : ".", extension);
  return buffer;
}

/* Pictures are a folder, which grows frame by frame; files are there when they are complete. */
static PetscBool IsFile(const Verb *v, PetscInt sink)
{
  const EddyOutputs os = v->run->outputs;
  return os->output[os->sink[sink].output].format->extension[0] ? PETSC_TRUE : PETSC_FALSE;
}

static PetscErrorCode Options(Verb *v, int argc, char **argv)
{
  EddyEnsemble e;
  EddyOptions catalogue;
  PetscInt row;
  PetscFunctionBeginUser;
  PetscCall(EddyCaseRead(argc, argv, usage, &v->o, v->name));
  v->case_path = argv[1];
  PetscCall(EddyEnsembleFromOptions(v->o, &e));
  PetscCall(EddyOptionsInt(v->o, "ensemble_row",
                           "run this row of the ensemble; -1: the case as it stands", -1, -1,
                           PETSC_MAX_INT, &row));
  if (row >= 0) {
    EddyOptionsCheck(e.source || row < e.rows, v->o, "ensemble_row", "row %d is not inside 0:%lld",
                     (int)row, (long long)e.rows - 1);
    EddyOptions copy;
    PetscCall(EddyEnsembleRowOptions(&e, v->o, PETSC_COMM_WORLD, row, &copy));
    PetscCall(EddyEnsembleFree(&e));
    PetscCall(EddyOptionsDestroy(&v->o));
    v->o = copy;
    PetscCall(EddyEnsembleFromOptions(v->o, &e)); /* declares them in the copy */
    PetscCall(EddyOptionsInt(v->o, "ensemble_row",
                             "run this row of the ensemble; -1: the case as it stands", -1, -1,
                             PETSC_MAX_INT, &row));
  }
  PetscCall(EddyRunCreate(PETSC_COMM_WORLD, v->o, e.seed, (uint64_t)PetscMax(row, 0), 0, &v->run));
  PetscCall(EddyRunDeclareFiles(v->o, v->name, v->dir, sizeof v->dir, &v->dataset));
  PetscCall(EddyEnsembleFree(&e));
  PetscCall(EddyCatalogueCreate(PETSC_COMM_WORLD, &catalogue));
  PetscCall(EddyOptionsFinish(v->o, catalogue));
  PetscCall(EddyOptionsDestroy(&catalogue));
  PetscCall(EddyRunProvenance(v->run, v->o, &v->provenance));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Removes what this run would write. Rank 0. */
static void RemoveOld(Verb *v)
{
  static const char *const own[] = {"case.yaml", "run.log", "diagnostics.csv", "spectrum.csv",
                                    "closures.csv"};
  char path[EDDY_MAX_PATH], part[EDDY_MAX_PATH + 8];
  for (size_t k = 0; k < sizeof(own) / sizeof(*own); ++k) {
    snprintf(path, sizeof path, "%s/%s", v->dir, own[k]);
    unlink(path);
  }
  for (PetscInt k = 0; k < v->run->outputs->nsink; ++k) {
    snprintf(part, sizeof part, "%s.part", FinalPath(v, k, path));
    unlink(path);
    unlink(part);
    if (IsFile(v, k))
      EddyXdmfRemove(path);
  }
}

/* Refuses to touch an earlier run unless told to replace or to continue it; finds the checkpoint.
 */
static PetscErrorCode Folder(Verb *v)
{
  const char *restart;
  char path[EDDY_MAX_PATH] = "";
  PetscBool overwrite, present = PETSC_FALSE;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsBool(v->o, "output_overwrite", "replace files that are there", PETSC_FALSE,
                            &overwrite));
  PetscCall(EddyOptionsString(v->o, "restart", "auto or a checkpoint", NULL, &restart));
  snprintf(v->checkpoints, sizeof v->checkpoints, "%s/checkpoints", v->dir);
  v->from[0] = 0;
  if (restart && !strcmp(restart, "auto"))
    PetscCall(EddyCheckpointFind(v->run->comm, v->checkpoints, v->from));
  else if (restart)
    PetscCall(PetscStrncpy(v->from, restart, sizeof v->from));
  if (!v->run->rank) {
    for (PetscInt k = 0; k < v->run->outputs->nsink && !present; ++k)
      present = IsFile(v, k) && !access(FinalPath(v, k, path), F_OK) ? PETSC_TRUE : PETSC_FALSE;
    if (!present && !restart) {
      snprintf(path, sizeof path, "%s/case.yaml", v->dir);
      present = access(path, F_OK) ? PETSC_FALSE : PETSC_TRUE;
    }
  }
  PetscCallMPI(MPI_Bcast(&present, 1, MPI_INT, 0, v->run->comm));
  PetscCallMPI(MPI_Bcast(path, sizeof path, MPI_CHAR, 0, v->run->comm));
  PetscCheck(!present || overwrite, v->run->comm, EDDY_ERR_INPUT,
             restart ? "%s exists: this run is complete; -output_overwrite starts it again"
                     : "%s exists: -output_overwrite replaces the run, -restart auto continues it, "
                       "-output_dir puts it elsewhere",
             path);
  if (!v->from[0]) {
    if (!v->run->rank && (overwrite || restart))
      RemoveOld(v);
    PetscCall(EddyCheckpointsRemove(v->run->comm, v->checkpoints));
  }
  PetscCall(EddyMakeFolder(v->run->comm, v->dir));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Log(Verb *v, const char *text)
{
  char path[EDDY_MAX_PATH], host[256] = "", when[64];
  const time_t now = time(NULL);
  PetscFunctionBeginUser;
  if (v->run->rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(path, sizeof path, "%s/run.log", v->dir);
  FILE *f = fopen(path, "a");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", path);
  gethostname(host, sizeof host - 1);
  strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", localtime(&now));
  fprintf(f, "%s  eddyline %s  host %s  ranks %d  %s\n", when, EDDY_VERSION, host, v->run->size,
          text);
  fclose(f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Open(Verb *v)
{
  EddyRun r = v->run;
  char path[EDDY_MAX_PATH], name[EDDY_MAX_DIAG][EDDY_MAX_NAME];
  double value[EDDY_MAX_DIAG];
  EddyParameter parameter[EDDY_MAX_DIAG];
  const PetscInt64 row = (PetscInt64)r->st.row;
  EddyFilesPlan plan = {.path = SinkPath,
                        .ctx = v,
                        .dataset_name = v->dataset,
                        .provenance = v->provenance,
                        .ntrajectories = 1,
                        .row = &row};
  PetscFunctionBeginUser;
  PetscCall(EddyRunParameters(v->provenance, EDDY_MAX_DIAG, name, value, &plan.nparameter));
  for (PetscInt k = 0; k < plan.nparameter; ++k) {
    PetscCall(PetscStrncpy(parameter[k].name, name[k], EDDY_MAX_NAME));
    parameter[k].values = &value[k];
  }
  plan.parameters = parameter;
  plan.resume = v->from[0] ? PETSC_TRUE : PETSC_FALSE;
  PetscCall(EddyOutputsDescribe(r));
  if (v->from[0])
    PetscCall(EddyRunRestore(r, v->from));
  else
    PetscCall(EddyRunStart(r));
  snprintf(path, sizeof path, "%s/case.yaml", v->dir);
  PetscCall(EddyTextWrite(r->comm, path, v->provenance));
  PetscCall(EddyFilesOpen(r->comm, v->o, r->outputs, &r->mesh->box, &plan, &v->files));
  for (PetscInt k = 0; k < r->outputs->nsink; ++k) {
    const PetscInt need = r->outputs->output[r->outputs->sink[k].output].schedule.next;
    PetscCheck(!v->from[0] || v->files.writer[k]->frames_done >= need, r->comm, EDDY_ERR_IO,
               "%s has %lld snapshots, the checkpoint needs %d: start again with -output_overwrite",
               FinalPath(v, k, path), (long long)v->files.writer[k]->frames_done, (int)need);
  }
  PetscCall(EddyDiagOpen(r, v->dir));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Largest resident size of this process so far [MB]. */
static double PeakMemory(void)
{
  struct rusage use;
  return getrusage(RUSAGE_SELF, &use) ? 0 : (double)use.ru_maxrss / 1e3;
}

static void Summary(Verb *v)
{
  const EddyRun r = v->run;
  const PetscInt64 steps = r->st.step - r->step0;
  char text[32], path[EDDY_MAX_PATH];
  const char *name[EDDY_MAX_DIAG];
  double first[EDDY_MAX_DIAG], change[EDDY_MAX_DIAG];
  PetscInt n;
  EddyFormatSeconds(r->wall, text);
  printf("\n  case              %s, %s on %d rank%s\n", v->name, r->physics->ops->name, r->size,
         r->size > 1 ? "s" : "");
  printf("  time              %.6g of %.6g\n", (double)r->st.t, (double)r->times.end);
  printf("  steps             %lld in %s, %.4g steps/s\n", (long long)steps, text,
         (double)steps / (r->wall + 1e-9));
  printf("  output share      %.2f %% of the time, peak memory %.1f MB\n",
         100 * r->wall_output / (r->wall + 1e-9), PeakMemory());
  EddyDiagDrift(r, &n, name, first, change);
  for (PetscInt k = 0; k < n; ++k)
    printf("  %-17s changed by %.3e, from %.6g\n", name[k], change[k], first[k]);
  if (!r->nclosure)
    printf("  closures          none\n");
  for (PetscInt k = 0; k < r->nclosure; ++k) {
    const EddyClosure c = r->closure[k];
    printf("  closure           %s (%s)", c->name, c->ops->name);
    for (int q = EDDY_COUNT_BAD; q < EDDY_COUNT_CALLS && c->guard.count[EDDY_COUNT_CALLS]; ++q)
      if (c->guard.count[q] || q == EDDY_COUNT_BAD)
        printf(", %lld %s", (long long)c->guard.count[q], EddyGuardCountNames[q]);
    printf("\n");
  }
  for (PetscInt k = 0; k < r->outputs->nsink; ++k)
    printf("  written           %s%s, %d of %d snapshots\n", FinalPath(v, k, path),
           r->stop == EDDY_STOP_END || !IsFile(v, k) ? "" : ".part",
           (int)r->outputs->output[r->outputs->sink[k].output].schedule.next,
           (int)r->outputs->output[r->outputs->sink[k].output].schedule.n);
  printf("  written           %s/diagnostics.csv, %scase.yaml, run.log\n", v->dir,
         r->diag.nsample ? "spectrum.csv, " : "");
  if (r->stop == EDDY_STOP_END && r->outputs->nsink)
    printf("  next              eddyline plot %s\n", FinalPath(v, 0, path));
  if (r->stop >= EDDY_STOP_SIGNAL)
    printf("  next              eddyline run %s/case.yaml -output_dir %s -restart auto\n", v->dir,
           v->dir);
  fflush(stdout);
}

/* One line per closure: how often it was asked, and what its guards met. */
static PetscErrorCode ClosureEvents(Verb *v)
{
  const EddyRun r = v->run;
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  if (!r->nclosure || r->rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(path, sizeof path, "%s/closures.csv", v->dir);
  FILE *f = fopen(path, "w");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", path);
  fprintf(f, "closure,type,target");
  for (int q = 0; q < EDDY_NCOUNT; ++q)
    fprintf(f, ",%s", EddyGuardCountNames[q]);
  fprintf(f, "\n");
  for (PetscInt k = 0; k < r->nclosure; ++k) {
    const EddyClosure c = r->closure[k];
    fprintf(f, "%s,%s,%s", c->name, c->ops->name, EddyTargetNames[c->target]);
    for (int q = 0; q < EDDY_NCOUNT; ++q)
      fprintf(f, ",%lld", (long long)c->guard.count[q]);
    fprintf(f, "\n");
  }
  const int bad = fclose(f);
  PetscCheck(!bad, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Says how it ended; exit code. */
static PetscErrorCode End(Verb *v, int *code)
{
  static const char *const why[] = {"",
                                    "end reached",
                                    "failed",
                                    "failed",
                                    "stopped by a signal",
                                    "stopped by time_walltime",
                                    "stopped by time_max_steps"};
  EddyRun r = v->run;
  char text[2 * EDDY_MAX_TEXT];
  PetscFunctionBeginUser;
  const PetscBool end = r->stop == EDDY_STOP_END ? PETSC_TRUE : PETSC_FALSE;
  PetscCall(EddyFilesClose(&v->files, end));
  PetscCall(EddyDiagFinish(r, v->dir));
  PetscCall(ClosureEvents(v));
  if (end)
    PetscCall(EddyCheckpointsRemove(r->comm, v->checkpoints));
  if (!r->rank)
    Summary(v);
  snprintf(text, sizeof text, "%s at step %lld, t = %.6g, %.3f s%s%s", why[r->stop],
           (long long)r->st.step, (double)r->st.t, r->wall, r->message[0] ? ": " : "", r->message);
  PetscCall(Log(v, text));
  *code = end                                                   ? EDDY_EXIT_OK
          : r->stop == EDDY_STOP_NAN || r->stop == EDDY_STOP_DT ? EDDY_EXIT_SOLUTION
                                                                : EDDY_EXIT_STOPPED;
  if (!r->rank && *code == EDDY_EXIT_SOLUTION)
    fprintf(stderr,
            "eddyline: the solution failed on rank %d: %s; files are kept up to the last good "
            "snapshot\n",
            r->bad_rank, r->message);
  if (!r->rank && *code == EDDY_EXIT_STOPPED)
    fprintf(stderr, "eddyline: %s; checkpoint written, -restart auto continues\n", why[r->stop]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbRun(int argc, char **argv, int *code)
{
  Verb *v;
  PetscBool asked;
  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCall(EddyCliHelp(argc, argv, help, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&v));
  PetscCall(EddySignalsInstall());
  PetscCall(Options(v, argc, argv));
  PetscCall(Folder(v));
  v->run->frame = EddyFilesWrite;
  v->run->frame_ctx = &v->files;
  v->run->files = &v->files;
  v->run->checkpoint_folder = v->checkpoints;
  v->run->progress.on = v->run->rank ? PETSC_FALSE : PETSC_TRUE;
  PetscCall(Open(v));
  PetscCall(Log(v, v->from[0] ? "continued" : "started"));
  PetscCall(EddyRunSolve(v->run));
  PetscCall(End(v, code));
  PetscCall(EddySignalsRestore());
  PetscCall(PetscFree(v->provenance));
  PetscCall(EddyRunDestroy(&v->run));
  PetscCall(EddyOptionsDestroy(&v->o));
  PetscCall(PetscFree(v));
  PetscFunctionReturn(PETSC_SUCCESS);
}
