/* SPDX-License-Identifier: BSD-3-Clause */
#include "match.h"
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  char (*path)[EDDY_MAX_PATH];
  PetscInt n, max;
} Paths;

static int ByName(const void *a, const void *b) { return strcmp(a, b); }

/* Adds folder's *.hdf5 in order of their names; a folder that is not there adds none. */
static PetscErrorCode AddFolder(Paths *list, const char *folder)
{
  PetscFunctionBeginUser;
  DIR *d = opendir(folder);
  if (!d)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscInt first = list->n;
  for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
    const char *dot = strrchr(e->d_name, '.');
    if (!dot || strcmp(dot, ".hdf5"))
      continue;
    if (list->n == list->max) {
      list->max = list->max ? 2 * list->max : 16;
      void *more = realloc(list->path, (size_t)list->max * sizeof *list->path);
      if (!more)
        closedir(d);
      PetscCheck(more, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for %s", folder);
      list->path = more;
    }
    snprintf(list->path[list->n++], EDDY_MAX_PATH, "%s/%s", folder, e->d_name);
  }
  closedir(d);
  qsort(list->path + first, (size_t)(list->n - first), sizeof *list->path, ByName);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode FindFiles(const char *path, const char *split, Paths *list)
{
  static const char *const splits[] = {"train", "valid", "test"};
  char folder[EDDY_MAX_PATH];
  struct stat st;
  PetscBool known = split ? PETSC_FALSE : PETSC_TRUE;

  PetscFunctionBeginUser;
  PetscCheck(!stat(path, &st), PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no such file or folder", path);
  if (!S_ISDIR(st.st_mode)) {
    list->path = malloc(sizeof *list->path);
    PetscCheck(list->path, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for %s", path);
    list->n = list->max = 1;
    PetscCall(PetscStrncpy(list->path[0], path, EDDY_MAX_PATH));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (int k = 0; k < 3; ++k) {
    if (split && strcmp(split, splits[k]))
      continue;
    known = PETSC_TRUE;
    snprintf(folder, sizeof folder, "%.900s/data/%s", path, splits[k]);
    PetscCall(AddFolder(list, folder));
  }
  PetscCheck(known, PETSC_COMM_SELF, EDDY_ERR_INPUT, "-split %s: a split is train, valid or test",
             split);
  if (!list->n && !split)
    PetscCall(AddFolder(list, path));
  PetscCheck(list->n, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no .hdf5 file in %s%s", path,
             split ? "data/" : "it, nor in data/train, data/valid or data/test",
             split ? split : "");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckAlike(EddyStored s, const EddyWellInfo *b)
{
  const EddyWellInfo *a = s->info;
  PetscFunctionBeginUser;
  PetscCheck(a->box.dim == b->box.dim && !memcmp(a->box.n, b->box.n, sizeof a->box.n),
             PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s and %s: different grids in one set", a->path,
             b->path);
  PetscBool same = a->nframes == b->nframes ? PETSC_TRUE : PETSC_FALSE;
  for (PetscInt k = 0; same && k < a->nframes; ++k)
    if (fabs(a->times[k] - b->times[k]) > 1e-9 * fmax(1, fabs(a->times[k])))
      same = PETSC_FALSE;
  PetscCheck(same, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s and %s: different times in one set",
             a->path, b->path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Index of the field in file k of s, and that it is the same everywhere */
static PetscErrorCode ChooseField(EddyStored s, PetscInt k, const EddyWellInfo *info,
                                  const char *name)
{
  PetscFunctionBeginUser;
  PetscCheck(info->nfield > 0, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no fields", info->path);
  if (!k && !name) {
    s->field[0] = 0;
    for (PetscInt i = 0; i < info->nfield; ++i)
      if (!strcmp(info->fields[i].name, "vorticity"))
        s->field[0] = i;
  } else
    PetscCall(EddyWellFindField(s->files[k], k ? s->what.name : name, &s->field[k]));
  const EddyWellField *f = &info->fields[s->field[k]];
  if (!k)
    s->what = *f;
  PetscCheck(f->ncomp == s->what.ncomp, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %s has %" PetscInt_FMT " components, %" PetscInt_FMT " in %s", info->path,
             f->name, f->ncomp, s->what.ncomp, s->info->path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static int ByRow(const void *a, const void *b)
{
  const EddyStoredRow *x = a, *y = b;
  return (x->row > y->row) - (x->row < y->row);
}

static PetscErrorCode ListRows(EddyStored s)
{
  const EddyWellInfo *info;
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < s->nfile; ++k) {
    PetscCall(EddyWellGetInfo(s->files[k], &info));
    s->nrow += info->ntrajectories;
  }
  PetscCall(PetscMalloc1(s->nrow, &s->rows));
  PetscInt n = 0;
  for (PetscInt k = 0; k < s->nfile; ++k) {
    PetscCall(EddyWellGetInfo(s->files[k], &info));
    for (PetscInt j = 0; j < info->ntrajectories; ++j) {
      const PetscInt64 left = info->frames_done - (PetscInt64)j * info->nframes;
      s->rows[n++] = (EddyStoredRow){
          .file = k,
          .trajectory = j,
          .row = info->row[j],
          .seed = info->seed[j],
          .status = info->status[j],
          .frames = (PetscInt)PetscMax(0, PetscMin(left, (PetscInt64)info->nframes))};
    }
  }
  qsort(s->rows, (size_t)s->nrow, sizeof *s->rows, ByRow);
  for (PetscInt k = 1; k < s->nrow; ++k) {
    const EddyWellInfo *a, *b;
    PetscCall(EddyWellGetInfo(s->files[s->rows[k - 1].file], &a));
    PetscCall(EddyWellGetInfo(s->files[s->rows[k].file], &b));
    PetscCheck(s->rows[k].row != s->rows[k - 1].row, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "row %" PetscInt64_FMT " is in %s and again in %s: name one file", s->rows[k].row,
               a->path, b->path);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode OpenFiles(EddyStored s, const Paths *list, const char *field)
{
  const EddyWellInfo *info;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(list->n, &s->files, list->n, &s->field));
  for (PetscInt k = 0; k < list->n; ++k) {
    PetscCall(EddyWellOpen(list->path[k], &s->files[k]));
    s->nfile = k + 1;
    PetscCall(EddyWellGetInfo(s->files[k], &info));
    if (!k)
      s->info = info;
    PetscCall(CheckAlike(s, info));
    PetscCall(ChooseField(s, k, info, field));
  }
  PetscCall(ListRows(s));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyStoredOpen(const char *path, const char *split, const char *field,
                              EddyStored *set)
{
  EddyStored s;
  Paths list = {0};

  PetscFunctionBeginUser;
  *set = NULL;
  PetscErrorCode ierr = FindFiles(path, split, &list);
  if (!ierr) {
    PetscCall(PetscNew(&s));
    PetscCall(PetscStrncpy(s->path, path, sizeof s->path));
    ierr = OpenFiles(s, &list, field);
    if (ierr)
      (void)EddyStoredClose(&s);
    else
      *set = s;
  }
  free(list.path);
  PetscCall(ierr);
  EddyStoredLabels(1, set);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyStoredClose(EddyStored *set)
{
  PetscFunctionBeginUser;
  if (!*set)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < (*set)->nfile; ++k)
    PetscCall(EddyWellClose(&(*set)->files[k]));
  PetscCall(PetscFree2((*set)->files, (*set)->field));
  PetscCall(PetscFree((*set)->rows));
  PetscCall(PetscFree(*set));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyStoredReadFrame(EddyStored s, PetscInt r, PetscInt frame, double out[])
{
  const EddyStoredRow *row = &s->rows[r];
  PetscFunctionBeginUser;
  PetscCall(
      EddyWellReadFrame(s->files[row->file], s->field[row->file], row->trajectory, frame, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyStoredFrameSize(EddyStored s)
{
  const PetscInt *n = s->info->box.n;
  return s->what.ncomp * n[0] * n[1] * n[2];
}

/* The last `words` parts of a path, ending cut off */
static void Tail(const char *path, int words, char label[EDDY_MAX_NAME])
{
  char text[EDDY_MAX_PATH];
  snprintf(text, sizeof text, "%s", path);
  size_t len = strlen(text);
  while (len > 1 && text[len - 1] == '/')
    text[--len] = 0;
  char *dot = strrchr(text, '.');
  if (dot && (!strcmp(dot, ".hdf5") || !strcmp(dot, ".h5")))
    *dot = 0;
  const char *start = text + strlen(text);
  while (start > text && words > 0)
    if (*--start == '/' && --words == 0)
      ++start;
  const size_t n = strlen(start);
  snprintf(label, EDDY_MAX_NAME, "%s", n < EDDY_MAX_NAME ? start : start + n - EDDY_MAX_NAME + 1);
}

void EddyStoredLabels(PetscInt n, EddyStored sets[])
{
  for (int words = 1; words < 8; ++words) {
    PetscBool distinct = PETSC_TRUE;
    for (PetscInt k = 0; k < n; ++k)
      Tail(sets[k]->path, words, sets[k]->label);
    for (PetscInt k = 0; k < n; ++k)
      for (PetscInt j = 0; j < k; ++j)
        if (!strcmp(sets[k]->label, sets[j]->label))
          distinct = PETSC_FALSE;
    if (distinct)
      return;
  }
}

PetscBool EddyStoredCaseValue(EddyStored s, const char *key, char value[EDDY_MAX_NAME])
{
  const size_t len = strlen(key);
  for (const char *line = s->info->provenance; line && *line; line = strchr(line, '\n')) {
    if (*line == '\n')
      ++line;
    if (strncmp(line, key, len) || line[len] != ':')
      continue;
    return sscanf(line + len + 1, " %63[^\n]", value) == 1 ? PETSC_TRUE : PETSC_FALSE;
  }
  return PETSC_FALSE;
}

/* ---- pairing ---- */

/* Mapped grids are compared cell by cell: all vertices must agree. */
static PetscErrorCode CheckVertices(EddyStored a, EddyStored b)
{
  const EddyBox *x = &a->info->box, *y = &b->info->box;
  double size = 0;
  PetscFunctionBeginUser;
  if (!x->mapped || !y->mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscInt last[3] = {0, 0, 0};
  for (int d = 0; d < x->dim; ++d) {
    PetscCheck(x->n[d] == y->n[d], PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s and %s: mapped grids of different size (%d and %d cells in %c)", a->path,
               b->path, (int)x->n[d], (int)y->n[d], 'x' + d);
    last[d] = x->n[d];
    size = PetscMax(size, EddyBoxLength(x, d));
  }
  for (PetscInt k = 0; k <= last[2]; ++k)
    for (PetscInt j = 0; j <= last[1]; ++j)
      for (PetscInt i = 0; i <= last[0]; ++i) {
        const PetscInt at[3] = {i, j, k};
        PetscReal p[3], q[3];
        x->mapped->Vertex(x->mapped->ctx, at, p);
        y->mapped->Vertex(y->mapped->ctx, at, q);
        for (int d = 0; d < x->dim; ++d)
          PetscCheck(fabs(p[d] - q[d]) <= 1e-9 * size, PETSC_COMM_SELF, EDDY_ERR_INPUT,
                     "%s and %s: different mapped grids", a->path, b->path);
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckDomain(EddyStored a, EddyStored b)
{
  const EddyBox *x = &a->info->box, *y = &b->info->box;
  PetscFunctionBeginUser;
  PetscCheck(x->dim == y->dim, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s has %" PetscInt_FMT " dimensions, %s has %" PetscInt_FMT, a->path, x->dim, b->path,
             y->dim);
  PetscCheck(!x->mapped == !y->mapped, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s is on a mapped grid, %s is not: no common points", (x->mapped ? a : b)->path,
             (x->mapped ? b : a)->path);
  PetscCall(CheckVertices(a, b));
  for (int d = 0; d < x->dim; ++d) {
    const double tiny =
        1e-5 * EddyBoxLength(x, d); /* axes of other programs are single precision */
    PetscCheck(fabs(x->lower[d] - y->lower[d]) < tiny && fabs(x->upper[d] - y->upper[d]) < tiny,
               PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "different domains: %c from %g to %g in %s, from %g to %g in %s", 'x' + d,
               x->lower[d], x->upper[d], a->path, y->lower[d], y->upper[d], b->path);
    PetscCheck(x->n[d] == y->n[d] || (x->periodic[d] && y->periodic[d] && !x->mapped),
               PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s and %s: different grids on an axis (%c) that is not periodic: no common modes",
               a->path, b->path, 'x' + d);
  }
  PetscCheck(a->what.ncomp == b->what.ncomp, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s has %" PetscInt_FMT " components in %s, %" PetscInt_FMT " in %s", a->what.name,
             a->what.ncomp, a->path, b->what.ncomp, b->path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Terms that stand for what a grid does not hold: their defaults follow the resolution, and runs that differ in them are compared on purpose. */
static PetscBool IsNumerical(const char *name)
{
  static const char *const prefixes[] = {"physics_svv_", "closure_", "mesh_", "time_", "disc_"};
  for (size_t k = 0; k < sizeof prefixes / sizeof *prefixes; ++k)
    if (!strncmp(name, prefixes[k], strlen(prefixes[k])))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

static PetscErrorCode CheckRow(EddyStored a, PetscInt i, EddyStored b, PetscInt j,
                               const EddyMatchRules *rules)
{
  const EddyStoredRow *x = &a->rows[i], *y = &b->rows[j];
  const EddyWellInfo *info;
  PetscFunctionBeginUser;
  PetscCheck(
      !rules->seeds || !x->seed || !y->seed || x->seed == y->seed, PETSC_COMM_SELF, EDDY_ERR_INPUT,
      "row %" PetscInt64_FMT
      ": seed %llu in %s, %llu in %s: other initial states (-match_seeds no compares all the same)",
      x->row, (unsigned long long)x->seed, a->path, (unsigned long long)y->seed, b->path);
  PetscCall(EddyWellGetInfo(a->files[x->file], &info));
  for (PetscInt k = 0; rules->parameters && k < info->nparameter; ++k) {
    const double *u, *v;
    PetscCall(EddyWellGetParameter(a->files[x->file], info->parameters[k], &u));
    PetscCall(EddyWellGetParameter(b->files[y->file], info->parameters[k], &v));
    if (!u || !v || IsNumerical(info->parameters[k]))
      continue;
    const double p = u[x->trajectory], q = v[y->trajectory];
    PetscCheck(fabs(p - q) <= 1e-6 * fmax(fabs(p), fabs(q)), PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "row %" PetscInt64_FMT
               ": %s is %g in %s, %g in %s (-match_parameters no compares all the same)",
               x->row, info->parameters[k], p, a->path, q, b->path);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PairRows(EddyStored a, EddyStored b, const EddyMatchRules *rules, EddyMatch m)
{
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc2(b->nrow, &m->ref_row, b->nrow, &m->run_row));
  PetscInt i = 0;
  for (PetscInt j = 0; j < b->nrow; ++j) {
    while (i < a->nrow && a->rows[i].row < b->rows[j].row)
      ++i;
    PetscCheck(i < a->nrow && a->rows[i].row == b->rows[j].row, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "row %" PetscInt64_FMT " of %s is not in the reference %s", b->rows[j].row, b->path,
               a->path);
    PetscCall(CheckRow(a, i, b, j, rules));
    if (b->rows[j].status == 2) {
      ++m->failed_rows;
      continue;
    }
    if (a->rows[i].status == 2 || !a->rows[i].frames || !b->rows[j].frames)
      continue;
    m->ref_row[m->nrow] = i, m->run_row[m->nrow++] = j;
  }
  m->dropped_rows = a->nrow - m->nrow;
  PetscCheck(m->nrow, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: no row that is complete here and in %s (%" PetscInt_FMT " failed)", b->path,
             a->path, m->failed_rows);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PairTimes(EddyStored a, EddyStored b, EddyMatch m)
{
  PetscInt na = a->info->nframes, nb = b->info->nframes;
  PetscFunctionBeginUser;
  for (PetscInt r = 0; r < m->nrow; ++r) { /* times that all rows have */
    na = PetscMin(na, a->rows[m->ref_row[r]].frames);
    nb = PetscMin(nb, b->rows[m->run_row[r]].frames);
  }
  PetscCall(PetscMalloc3(nb, &m->ref_frame, nb, &m->run_frame, nb, &m->times));
  PetscInt i = 0;
  for (PetscInt j = 0; j < nb; ++j) {
    const double t = b->info->times[j],
                 tiny = 1e-9 * fmax(fabs(t), 1e-3 * fabs(b->info->times[nb - 1]));
    while (i < na && a->info->times[i] < t - tiny)
      ++i;
    if (i == na)
      break;
    if (fabs(a->info->times[i] - t) > tiny)
      continue;
    m->ref_frame[m->nt] = i, m->run_frame[m->nt] = j;
    m->times[m->nt++] = t;
  }
  m->dropped_times = PetscMax(a->info->nframes, b->info->nframes) - m->nt;
  PetscCheck(m->nt, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "no common time: %s has %g to %g, %s has %g to %g; write both at the same times",
             a->path, a->info->times[0], a->info->times[na - 1], b->path, b->info->times[0],
             b->info->times[nb - 1]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMatchCreate(EddyStored reference, EddyStored run, const EddyMatchRules *rules,
                               EddyMatch *match)
{
  EddyMatch m;
  PetscErrorCode ierr;
  PetscFunctionBeginUser;
  *match = NULL;
  PetscCall(CheckDomain(reference, run));
  PetscCall(PetscNew(&m));
  ierr = PairRows(reference, run, rules, m);
  if (!ierr)
    ierr = PairTimes(reference, run, m);
  if (ierr)
    (void)EddyMatchDestroy(&m);
  PetscCall(ierr);
  *match = m;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMatchDestroy(EddyMatch *m)
{
  PetscFunctionBeginUser;
  if (!*m)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree2((*m)->ref_row, (*m)->run_row));
  PetscCall(PetscFree3((*m)->ref_frame, (*m)->run_frame, (*m)->times));
  PetscCall(PetscFree(*m));
  PetscFunctionReturn(PETSC_SUCCESS);
}
