/* SPDX-License-Identifier: BSD-3-Clause */
/* Verb `compare`: options, the sets, and the order of the work. Rank 0 does it all; other ranks return at once. */
#include "compare.h"
#include "draw.h"
#include "options.h"
#include "report.h"
#include "verb.h"
#include "writer.h"
#include <stdio.h>
#include <string.h>

static const char help[] =
    "eddyline compare REF RUN [RUN ...] [-option value ...]\n"
    "Scores runs or whole sets against a reference, on the modes of the coarser of each pair.\n"
    "REF and RUN are files in The Well's layout, set folders (data/train, data/valid, data/test), "
    "or folders of .hdf5 files; or both are tables (.csv), for example measured and computed time "
    "series:\n"
    "columns of one name are compared, and drawn with -output.\n\n"
    "  -field NAME             field to compare (vorticity if there is one, else the first)\n"
    "  -window T0,T1           times that count (tables)\n"
    "  -split train|valid|test only this split of set folders\n"
    "  -output DIR             correlation, spectrum, pdf and fields as pictures, and "
    "compare.json\n"
    "  -output_overwrite yes   replace those files if they are there\n"
    "  -format png|pdf|svg     of the pictures (png)\n"
    "  -json FILE              everything measured, as JSON\n"
    "  -match_parameters no    compare although parameters of paired rows differ\n"
    "  -match_seeds no         compare although seeds of paired rows differ\n\n"
    "Rows are paired by their number in the ensemble, times to 1e-9. The correlation is averaged "
    "over rows before the\n"
    "thresholds 0.95, 0.9, 0.8; intervals are 95 % over 1000 resamples of the rows.\n";

static const char *const formats[] = {"png", "pdf", "svg"};

typedef struct {
  const char *field, *split, *output, *json, *format;
  PetscBool overwrite;
  PetscReal window[2];
  EddyMatchRules rules;
} Settings;

static PetscErrorCode Read(EddyOptions o, Settings *s)
{
  PetscInt k;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsString(o, "field", "field to compare", NULL, &s->field));
  PetscCall(
      EddyOptionsString(o, "split", "split of set folders: train, valid or test", NULL, &s->split));
  PetscCall(EddyOptionsString(o, "output", "folder for pictures", NULL, &s->output));
  PetscCall(EddyOptionsBool(o, "output_overwrite", "replace pictures that are there", PETSC_FALSE,
                            &s->overwrite));
  PetscCall(EddyOptionsString(o, "json", "file for everything measured", NULL, &s->json));
  PetscCall(EddyOptionsChoice(o, "format", "of the pictures", formats, 3, 0, &k));
  s->format = formats[k];
  PetscCall(EddyOptionsBool(o, "match_parameters", "parameters of paired rows must agree",
                            PETSC_TRUE, &s->rules.parameters));
  PetscCall(EddyOptionsBool(o, "match_seeds", "seeds of paired rows must agree", PETSC_TRUE,
                            &s->rules.seeds));
  s->window[0] = -PETSC_MAX_REAL;
  s->window[1] = PETSC_MAX_REAL;
  PetscCall(EddyOptionsReals(o, "window", "times that count (tables)", "T", 2, -PETSC_MAX_REAL,
                             PETSC_MAX_REAL, s->window, NULL));
  PetscCall(EddyOptionsFinish(o, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Before hours of reading: may the results be written? */
static PetscErrorCode CheckOutput(const Settings *s)
{
  char path[EDDY_MAX_PATH];
  PetscBool there = PETSC_FALSE;
  PetscFunctionBeginUser;
  if (!s->output)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; EddyScoreboardFigures[k] && !s->overwrite; ++k) {
    snprintf(path, sizeof path, "%.900s/%s.%s", s->output, EddyScoreboardFigures[k], s->format);
    PetscCall(PetscTestFile(path, 0, &there));
    PetscCheck(!there, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s is there already: give another -output or -output_overwrite yes", path);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Report(const Settings *s, const EddyScoreboard *b)
{
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  EddyScoreboardPrint(b, stdout);
  if (s->json)
    PetscCall(EddyScoreboardJSON(b, s->json));
  if (s->output) {
    PetscCall(EddyMakeFolder(PETSC_COMM_SELF, s->output));
    snprintf(path, sizeof path, "%.900s/compare.json", s->output);
    PetscCall(EddyScoreboardJSON(b, path));
    PetscCall(EddyScoreboardDraw(b, s->output, s->format));
    printf("pictures and compare.json are in %s\n", s->output);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* sets[0] is the reference */
static PetscErrorCode Measure(const Settings *s, PetscInt nrun, EddyStored sets[])
{
  EddyComparison *runs;
  EddySummary *summaries;
  PetscInt widest = 0;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(nrun, &runs, nrun + 1, &summaries));
  for (PetscInt k = 0; k < nrun; ++k)
    PetscCall(EddyComparisonCreate(sets[0], sets[k + 1], &s->rules, &runs[k]));
  for (PetscInt k = 0; k < nrun; ++k) {
    const EddyMatch m = runs[k].match, w = runs[widest].match;
    PetscCall(EddySummaryCreate(sets[k + 1], m->nrow, m->run_row, m->nt, m->run_frame,
                                &summaries[k + 1]));
    if (m->nrow * m->nt > w->nrow * w->nt)
      widest = k;
  }
  const EddyMatch m = runs[widest].match;
  PetscCall(EddySummaryCreate(sets[0], m->nrow, m->ref_row, m->nt, m->ref_frame, &summaries[0]));
  EddyScoreboard b = {.nrun = nrun, .runs = runs, .summaries = summaries};
  (void)EddyStoredCaseValue(sets[0], "units_time", b.time_unit);
  (void)EddyStoredCaseValue(sets[0], "units_length", b.length_unit);
  EddyDrawUnit(sets[0]->what.unit, b.length_unit, b.time_unit, b.unit);
  PetscCall(Report(s, &b));
  for (PetscInt k = 0; k < nrun; ++k)
    PetscCall(EddyComparisonDestroy(&runs[k]));
  for (PetscInt k = 0; k <= nrun; ++k)
    PetscCall(EddySummaryDestroy(&summaries[k]));
  PetscCall(PetscFree2(runs, summaries));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode OpenAndMeasure(const Settings *s, int npath, char **paths, EddyStored sets[])
{
  PetscFunctionBeginUser;
  for (int k = 0; k < npath; ++k)
    PetscCall(EddyStoredOpen(paths[k], s->split, k ? sets[0]->what.name : s->field, &sets[k]));
  EddyStoredLabels(npath, sets);
  PetscCall(CheckOutput(s));
  PetscCall(Measure(s, npath - 1, sets));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscBool IsTable(const char *path)
{
  const size_t n = strlen(path);
  return n > 4 && !strcasecmp(path + n - 4, ".csv") ? PETSC_TRUE : PETSC_FALSE;
}

static PetscErrorCode Compare(EddyOptions o, int npath, char **paths)
{
  Settings s;
  EddyStored *sets;

  PetscFunctionBeginUser;
  PetscCall(Read(o, &s));
  PetscCheck(npath >= 2, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "compare needs a reference and at least one run: eddyline compare REF RUN [RUN ...]");
  if (IsTable(paths[0]) && IsTable(paths[1])) {
    const EddyTableJob job = {.field = s.field,
                              .output = s.output,
                              .json = s.json,
                              .format = s.format,
                              .overwrite = s.overwrite,
                              .window = {s.window[0], s.window[1]}};
    PetscCall(EddyCompareTables(&job, npath, paths));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  EddyOptionsCheck(s.window[0] == -PETSC_MAX_REAL, o, "window", "is for tables (.csv)");
  PetscCall(PetscCalloc1(npath, &sets));
  const PetscErrorCode ierr = OpenAndMeasure(&s, npath, paths, sets);
  for (int k = 0; k < npath; ++k)
    PetscCall(EddyStoredClose(&sets[k]));
  PetscCall(PetscFree(sets));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbCompare(int argc, char **argv, int *code)
{
  PetscFunctionBeginUser;
  *code = EDDY_EXIT_OK;
  PetscCall(EddyReportVerb(argc, argv, help, Compare));
  PetscFunctionReturn(PETSC_SUCCESS);
}
