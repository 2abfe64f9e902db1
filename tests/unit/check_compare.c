/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Files against files: a run that drifts in phase has a correlation known by formula, on grids of different size; sets that do not
   match are refused; the verbs write what they promise. */
#include "measure.h"
#include "report.h"
#include "support.h"
#include "table.h"
#include "writer.h"
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 3, FRAMES = 11 };

/* A set of rows w = sin(2 x + 3 y + row + drift t) + 0.01 fine, fine = cos(13 x) only on grids that hold it */
typedef struct {
  PetscInt n, rows;
  PetscInt64 first_row;
  uint64_t seed;
  double nu, drift, length, dt;
  EddyVertices mapped; /* of a mapped grid */
} Flow;
static const Flow reference = {48, ROWS, 10, 77, 1e-3, 0, 2 * PETSC_PI, 0.5, {NULL, NULL}};

static void write_flow(const Flow *w, const char *path)
{
  double times[FRAMES], nu[8], *v;
  PetscInt64 row[8];
  EddyParameter p = {.name = "physics_nu", .values = nu};
  EddyBlock field = {
      .name = "vorticity", .unit = "1/T", .dim = 2, .ncomp = 1, .where = EDDY_WHERE_NODE};
  EddyWriterPlan plan = {.comm = PETSC_COMM_WORLD,
                         .path = path,
                         .dataset_name = "made_up",
                         .n = {w->n, w->n, 1},
                         .ntrajectories = w->rows,
                         .nframes = FRAMES,
                         .times = times,
                         .nfield = 1,
                         .fields = &field,
                         .nparameter = 1,
                         .parameters = &p,
                         .row = row,
                         .provenance = "units_time: s\nunits_length: m\n",
                         .float64 = PETSC_TRUE};
  plan.box = (EddyBox){.dim = 2,
                       .n = {w->n, w->n, 1},
                       .upper = {w->length, w->length, 1},
                       .periodic = {PETSC_TRUE, PETSC_TRUE, PETSC_TRUE}};
  if (w->mapped.Vertex)
    plan.box.mapped = &w->mapped;
  for (int k = 0; k < FRAMES; ++k)
    times[k] = w->dt * k;
  for (PetscInt r = 0; r < w->rows; ++r)
    row[r] = w->first_row + r, nu[r] = w->nu;
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, "output: {list: [a], a: {type: h5}}\n");
  EddyWriter h;
  CK_PETSC(EddyWriterCreate(PETSC_COMM_WORLD, o, "a", &h));
  CK_PETSC(h->ops->Open(h, &plan));
  CK_PETSC(PetscMalloc1(w->n * w->n, &v));
  field.data = v;
  for (int d = 0; d < 3; ++d)
    field.n[d] = field.count[d] = plan.n[d];
  for (PetscInt r = 0; r < w->rows; ++r)
    for (int k = 0; k < FRAMES; ++k) {
      for (PetscInt j = 0; j < w->n; ++j)
        for (PetscInt i = 0; i < w->n; ++i) {
          const double x = 2 * PETSC_PI * (double)i / (double)w->n,
                       y = 2 * PETSC_PI * (double)j / (double)w->n;
          v[j * w->n + i] = sin(2 * x + 3 * y + (double)r + w->drift * times[k]) +
                            (w->n > 32 ? 0.5 * cos(13 * x) : 0);
        }
      const EddyRecord rec = {.trajectory = r,
                              .frame = k,
                              .row = row[r],
                              .step = k,
                              .t = times[k],
                              .seed = w->seed + (uint64_t)r,
                              .nblock = 1,
                              .blocks = &field};
      CK_PETSC(h->ops->Write(h, &rec));
    }
  CK_PETSC(h->ops->Close(h, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&h));
  CK_PETSC(EddyOptionsDestroy(&o));
  CK_PETSC(PetscFree(v));
}

static EddyStored open_flow(const Flow *w, const char *folder, const char *name)
{
  char path[512];
  EddyStored s;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  write_flow(w, path);
  snprintf(path, sizeof path, "%s/%s.hdf5", folder, name);
  CK_PETSC(EddyStoredOpen(path, NULL, NULL, &s));
  return s;
}

static const EddyMatchRules strict = {PETSC_TRUE, PETSC_TRUE};

START_TEST(drift_in_phase_gives_the_cosine_on_the_coarse_modes)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  Flow coarse = reference;
  coarse.n = 24, coarse.drift = 0.2;
  EddyStored a = open_flow(&reference, folder, "fine"), b = open_flow(&coarse, folder, "coarse");
  EddyComparison c;
  CK_PETSC(EddyComparisonCreate(a, b, &strict, &c));
  ck_assert_int_eq(c.match->nrow, ROWS);
  ck_assert_int_eq(c.match->nt, FRAMES);
  ck_assert_int_eq(c.common.n[0], 24);
  ck_assert_int_eq(c.kmax[0], 7); /* 24 points, 2/3 rule */
  for (int k = 0; k < FRAMES; ++k) {
    const double phase = 0.2 * 0.5 * k;
    ck_assert_double_eq_tol(c.correlation[k], cos(phase),
                            1e-12); /* cos(13 x) is not in the coarse modes */
    ck_assert_double_eq_tol(c.vrmse[k], sqrt(2 * (1 - cos(phase))), 1e-7);
    ck_assert_double_eq_tol(c.band_lo[k], cos(phase), 1e-12);
  }
  /* 0.95 lies between samples 3 and 4 */
  const double expect = 0.5 * (3 + (cos(0.3) - 0.95) / (cos(0.3) - cos(0.4)));
  ck_assert_double_eq_tol(c.crossing[0], expect, 1e-11);
  ck_assert_double_infinite(EddyScoreCrossing(FRAMES, c.elapsed, c.correlation, 0.5));
  ck_assert_double_eq_tol(c.kurtosis[1], 1.5, 1e-9); /* of a sine */
  CK_PETSC(EddyComparisonDestroy(&c));
  CK_PETSC(EddyStoredClose(&a));
  CK_PETSC(EddyStoredClose(&b));
}
END_TEST

START_TEST(a_set_by_itself_has_its_spectrum_and_keeps_its_means)
{
  EddyStored a = open_flow(&reference, eddy_test_folder(PETSC_COMM_WORLD), "fine");
  const PetscInt rows[1] = {1}, frames[2] = {0, 10};
  EddySummary s;
  CK_PETSC(EddySummaryCreate(a, 1, rows, 2, frames, &s));
  ck_assert(s.vorticity);
  ck_assert_double_eq_tol(s.square[4], 0.25, 1e-12); /* |(2, 3)| = 3.6: shell 4 */
  ck_assert_double_eq_tol(s.energy[4], 0.25 / 13, 1e-13);
  ck_assert_double_eq_tol(s.square[13], 0.25 * 0.25, 1e-12);
  ck_assert_int_eq(s.whole, 15);
  ck_assert_double_le(s.mean_drift, 1e-13);
  ck_assert_double_le(s.square_drift, 1e-13);
  CK_PETSC(EddySummaryDestroy(&s));
  CK_PETSC(EddyStoredClose(&a));
}
END_TEST

/* Columns of cells whose areas are 1, 3, 5, ... */
static void squares(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  x[0] = (PetscReal)(i[0] * i[0]);
  x[1] = (PetscReal)i[1];
  x[2] = 0;
}

START_TEST(cells_of_a_mapped_grid_weigh_as_their_areas)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  const PetscInt rows[1] = {1}, frames[2] = {0, 10};
  Flow still = reference, drifting;
  still.mapped.Vertex = squares;
  drifting = still;
  drifting.drift = .2;
  EddyStored a = open_flow(&still, folder, "still"), b = open_flow(&drifting, folder, "drifting");
  EddyComparison c;
  EddySummary s;
  CK_PETSC(EddyComparisonCreate(a, b, &strict, &c));
  CK_PETSC(EddySummaryCreate(b, 1, rows, 2, frames, &s));
  ck_assert_int_eq(s.nshell, 0); /* no spectrum */
  double mean[2] = {0}, d1, d2, r1, r2 = 0, square = 0, all = 0;
  for (int j = 0; j < 48; ++j)
    for (int i = 0; i < 48; ++i) {
      const double x = 2 * PETSC_PI * i / 48, y = 2 * PETSC_PI * j / 48, w = 2 * i + 1,
                   more = .5 * cos(13 * x), v = sin(2 * x + 3 * y + 1) + more,
                   later = sin(2 * x + 3 * y + 1 + 1) + more;
      r2 += w * v * v;
      mean[0] += w * v, mean[1] += w * later, square += w * later * later, all += w;
    }
  ck_assert_double_eq_tol(s.mean_drift, fabs(mean[1] - mean[0]) / all / sqrt(r2 / all), 1e-12);
  ck_assert_double_eq_tol(s.half_square, .25 * (r2 + square) / all, 1e-12);
  CK_PETSC(EddySummaryDestroy(&s));
  CK_PETSC(EddyComparisonDestroy(&c));
  CK_PETSC(EddyStoredClose(&a));
  CK_PETSC(EddyStoredClose(&b));
  /* one row, so that the errors are its own */
  still.rows = drifting.rows = 1;
  a = open_flow(&still, folder, "one"), b = open_flow(&drifting, folder, "other");
  CK_PETSC(EddyComparisonCreate(a, b, &strict, &c));
  d1 = d2 = r1 = r2 = 0;
  for (int j = 0; j < 48; ++j)
    for (int i = 0; i < 48; ++i) {
      const double x = 2 * PETSC_PI * i / 48, y = 2 * PETSC_PI * j / 48, w = 2 * i + 1,
                   more = .5 * cos(13 * x), v = sin(2 * x + 3 * y) + more,
                   later = sin(2 * x + 3 * y + 1) + more;
      d1 += w * fabs(later - v), d2 += w * pow(later - v, 2);
      r1 += w * fabs(v), r2 += w * v * v;
    }
  ck_assert_double_eq_tol(c.l1[10], d1 / r1, 1e-12);
  ck_assert_double_eq_tol(c.l2[10], sqrt(d2 / r2), 1e-12);
  CK_PETSC(EddyComparisonDestroy(&c));
  CK_PETSC(EddyStoredClose(&a));
  CK_PETSC(EddyStoredClose(&b));
}
END_TEST

START_TEST(sets_that_do_not_match_are_refused)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  Flow other[5] = {reference, reference, reference, reference, reference};
  EddyStored a = open_flow(&reference, folder, "reference");
  other[0].nu = 2e-3, other[1].seed = 78, other[2].first_row = 12, other[3].length = 7,
  other[4].dt = 0.0613;
  for (int k = 0; k < 5; ++k) {
    char name[8];
    EddyMatch m = NULL;
    snprintf(name, sizeof name, "o%d", k);
    EddyStored b = open_flow(&other[k], folder, name);
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr = EddyMatchCreate(a, b, &strict, &m);
    eddy_test_expect_errors(PETSC_FALSE);
    if (k < 4)
      ck_assert_msg(ierr == EDDY_ERR_INPUT && !m, "case %d was accepted", k);
    else
      ck_assert_msg(!ierr && m->nt == 1, "only t = 0 is common");
    CK_PETSC(EddyMatchDestroy(&m));
    if (k < 2) {
      const EddyMatchRules loose = {k != 0 ? PETSC_TRUE : PETSC_FALSE,
                                    k != 1 ? PETSC_TRUE : PETSC_FALSE};
      CK_PETSC(EddyMatchCreate(a, b, &loose, &m));
      CK_PETSC(EddyMatchDestroy(&m));
    }
    CK_PETSC(EddyStoredClose(&b));
  }
  CK_PETSC(EddyStoredClose(&a));
}
END_TEST

START_TEST(times_that_both_have_are_paired)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  Flow rare = reference;
  EddyMatch m;
  rare.dt = 1.5; /* 0, 1.5, 3, 4.5 of 0 .. 5 */
  rare.first_row = 11, rare.seed = 78, rare.rows = 2;
  EddyStored a = open_flow(&reference, folder, "often"), b = open_flow(&rare, folder, "rare");
  CK_PETSC(EddyMatchCreate(a, b, &strict, &m));
  ck_assert_int_eq(m->nrow, 2);
  ck_assert_int_eq(m->ref_row[0], 1);
  ck_assert_int_eq(m->nt, 4);
  for (PetscInt k = 0; k < 4; ++k)
    ck_assert(m->ref_frame[k] == 3 * k && m->run_frame[k] == k);
  CK_PETSC(EddyMatchDestroy(&m));
  CK_PETSC(EddyStoredClose(&a));
  CK_PETSC(EddyStoredClose(&b));
}
END_TEST

static int verb(PetscErrorCode (*f)(int, char **, int *), int argc, const char *const argv[])
{
  int code = -1;
  const PetscErrorCode ierr = f(argc, (char **)argv, &code);
  return ierr ? -(int)ierr : code;
}

START_TEST(the_verbs_write_what_they_promise)
{
  static const char *const files[] = {"correlation.png", "spectrum.png", "pdf.png", "fields.png",
                                      "compare.json",    "f.svg",        "e.pdf",   "t_00010.png"};
  char folder[300], ref[400], run[400], out[400], path[512], svg[512], pdf[512], png[512];
  Flow coarse = reference;
  coarse.n = 24, coarse.drift = 0.2;
  snprintf(folder, sizeof folder, "%s", eddy_test_folder(PETSC_COMM_WORLD));
  snprintf(ref, sizeof ref, "%s/ref", folder), snprintf(run, sizeof run, "%s/run", folder),
      snprintf(out, sizeof out, "%s/out", folder);
  write_flow(&reference, ref);
  write_flow(&coarse, run);
  strcat(ref, ".hdf5"), strcat(run, ".hdf5");
  snprintf(svg, sizeof svg, "%s/f.svg", out), snprintf(pdf, sizeof pdf, "%s/e.pdf", out),
      snprintf(png, sizeof png, "%s/t.png", out);
  ck_assert_int_eq(
      verb(EddyVerbCompare, 5, (const char *const[]){"compare", ref, run, "-output", out}),
      EDDY_EXIT_OK);
  ck_assert_int_eq(
      verb(EddyVerbPlot, 6, (const char *const[]){"plot", ref, "-row", "11", "-output", svg}),
      EDDY_EXIT_OK);
  ck_assert_int_eq(
      verb(EddyVerbPlot, 5, (const char *const[]){"plot", ref, "-spectrum", "-output", pdf}),
      EDDY_EXIT_OK);
  ck_assert_int_eq(
      verb(EddyVerbPlot, 6, (const char *const[]){"plot", run, "-frame", "all", "-output", png}),
      EDDY_EXIT_OK);
  for (size_t k = 0; k < sizeof files / sizeof *files; ++k) {
    snprintf(path, sizeof path, "%s/%s", out, files[k]);
    ck_assert_msg(!access(path, R_OK), "%s is missing", files[k]);
  }
  snprintf(path, sizeof path, "%s/compare.json", out);
  json_t *j = json_load_file(path, 0, NULL),
         *t = json_object_get(json_array_get(json_object_get(j, "runs"), 0), "correlation_time");
  const double value = json_real_value(json_object_get(json_object_get(t, "0.95"), "value"));
  ck_assert_double_eq_tol(value, 0.5 * (3 + (cos(0.3) - 0.95) / (cos(0.3) - cos(0.4))), 1e-8);
  json_decref(j);
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(
      verb(EddyVerbCompare, 5, (const char *const[]){"compare", ref, run, "-output", out}),
      -EDDY_ERR_INPUT); /* is there */
  ck_assert_int_eq(verb(EddyVerbCompare, 2, (const char *const[]){"compare", ref}),
                   -EDDY_ERR_INPUT);
  ck_assert_int_eq(
      verb(EddyVerbCompare, 5, (const char *const[]){"compare", ref, run, "-feild", "u"}),
      -EDDY_ERR_INPUT);
  ck_assert_int_eq(verb(EddyVerbPlot, 4, (const char *const[]){"plot", ref, "-frame", "99"}),
                   -EDDY_ERR_INPUT);
  ck_assert_int_eq(verb(EddyVerbPlot, 4, (const char *const[]){"plot", ref, "-row", "9"}),
                   -EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

/* Curves and single points of a table in one panel; a column that is not there is refused. */
START_TEST(a_table_is_drawn_in_one_panel)
{
  char csv[400], png[400];
  snprintf(csv, sizeof csv, "%s/cost.csv", eddy_test_folder(PETSC_COMM_WORLD));
  snprintf(png, sizeof png, "%s/cost.png", eddy_test_folder(PETSC_COMM_WORLD));
  FILE *f = fopen(csv, "w");
  ck_assert(f);
  fputs("seconds,direct,network\n0.01,3,\n0.1,4,\n1,5,\n0.05,,3.5\n0.06,,\n0.07,,4\n", f);
  ck_assert_int_eq(fclose(f), 0);
  ck_assert_int_eq(verb(EddyVerbPlot, 10,
                        (const char *const[]){"plot", csv, "-x", "seconds", "-together", "T(0.95)",
                                              "-log", "x", "-output", png}),
                   EDDY_EXIT_OK);
  ck_assert(!access(png, R_OK));
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(verb(EddyVerbPlot, 4, (const char *const[]){"plot", csv, "-x", "second"}),
                   -EDDY_ERR_INPUT);
  ck_assert_int_eq(verb(EddyVerbPlot, 4, (const char *const[]){"plot", csv, "-log", "z"}),
                   -EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

START_TEST(tables_are_read_to_the_last_whole_line)
{
  char path[512];
  EddyTable t;
  snprintf(path, sizeof path, "%s/d.csv", eddy_test_folder(PETSC_COMM_WORLD));
  FILE *f = fopen(path, "w");
  fputs("# comment\nstep,time,energy\n0,0,1.5\n10,0.25,1e-3\n20,0.5,\n30,0.7", f);
  fclose(f);
  CK_PETSC(EddyTableRead(path, &t));
  ck_assert_int_eq(t->ncol, 3);
  ck_assert_int_eq(t->nrow, 3);
  ck_assert_double_eq(t->value[EddyTableFind(t, "Energy") * 3 + 1], 1e-3);
  ck_assert_double_nan(t->value[2 * 3 + 2]);
  ck_assert_int_eq(EddyTableFind(t, "enstrophy"), -1);
  CK_PETSC(EddyTableDestroy(&t));
  f = fopen(path, "w");
  fputs("k,energy\n1,2\n2,many\n", f);
  fclose(f);
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyTableRead(path, &t), EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

EDDY_SUITE("compare", drift_in_phase_gives_the_cosine_on_the_coarse_modes,
           a_set_by_itself_has_its_spectrum_and_keeps_its_means,
           cells_of_a_mapped_grid_weigh_as_their_areas, sets_that_do_not_match_are_refused,
           times_that_both_have_are_paired, the_verbs_write_what_they_promise,
           a_table_is_drawn_in_one_panel, tables_are_read_to_the_last_whole_line)
