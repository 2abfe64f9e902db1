/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* XDMF beside HDF5 files: everything it names is there with the announced extents, values stand at their points, and it follows a run through a kill. */
#include "io_case.h"
#include "well_read.h"
#include "xdmf.h"
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const yaml = "output: {list: [set], set: {type: h5, xdmf: yes, batch: 0}}\n";

static int world_rank(void)
{
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  return rank;
}

static char *slurp(const char *path)
{
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f, "%s is not there", path);
  fseek(f, 0, SEEK_END);
  const long n = ftell(f);
  rewind(f);
  char *text = calloc((size_t)n + 1, 1);
  ck_assert_int_eq((long)fread(text, 1, (size_t)n, f), n);
  fclose(f);
  return text;
}

/* ---- a small reader ---- */

typedef struct {
  int n;
  hsize_t v[24];
} List;

static List numbers(const char *from)
{
  List l = {0};
  for (char *end; l.n < 24; from = end) {
    const unsigned long long v = strtoull(from, &end, 10);
    if (end == from)
      break;
    l.v[l.n++] = v;
  }
  return l;
}

static hsize_t product(int n, const hsize_t v[])
{
  hsize_t all = 1;
  for (int i = 0; i < n; ++i)
    all *= v[i];
  return all;
}

/* Text of attribute KEY in the element at `at`. */
static void value_of(const char *at, const char *key, char out[64])
{
  char word[32];
  snprintf(word, sizeof word, " %s=\"", key);
  const char *p = strstr(at, word);
  ck_assert_msg(p && p < strchr(at, '>'), "no %s in %.40s", key, at);
  p += strlen(word);
  snprintf(out, 64, "%.*s", (int)strcspn(p, "\""), p);
}

/* The dataset that a DataItem of format HDF names: its extents and precision are those announced. */
static hid_t open_item(const char *folder, const char *at, hid_t *file, List *dims)
{
  char text[64], path[512];
  hsize_t have[8];
  value_of(at, "Format", text);
  ck_assert_str_eq(text, "HDF");
  value_of(at, "Dimensions", text);
  *dims = numbers(text);
  const char *name = strchr(at, '>') + 1, *colon = strstr(name, ":/"), *end = strchr(name, '<');
  ck_assert(colon && colon < end);
  snprintf(path, sizeof path, "%s/%.*s", folder, (int)(colon - name), name);
  *file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  ck_assert_msg(*file >= 0, "%s cannot be opened", path);
  snprintf(path, sizeof path, "%.*s", (int)(end - colon - 1), colon + 1);
  hid_t set = H5Dopen2(*file, path, H5P_DEFAULT), space = H5Dget_space(set),
        type = H5Dget_type(set);
  ck_assert_msg(set >= 0, "no dataset %s", path);
  ck_assert_int_eq(H5Sget_simple_extent_ndims(space), dims->n);
  H5Sget_simple_extent_dims(space, have, NULL);
  for (int d = 0; d < dims->n; ++d)
    ck_assert_int_eq(have[d], dims->v[d]);
  value_of(at, "Precision", text);
  ck_assert_int_eq(H5Tget_size(type), strtoul(text, NULL, 10));
  H5Tclose(type);
  H5Sclose(space);
  return set;
}

static double *read_item(const char *folder, const char *at, const List *slab)
{
  hid_t file, set;
  List dims;
  set = open_item(folder, at, &file, &dims);
  hid_t space = H5Dget_space(set);
  hsize_t size = product(dims.n, dims.v);
  if (slab) {
    const hsize_t *start = slab->v, *stride = start + dims.n, *count = stride + dims.n;
    ck_assert_int_eq(slab->n, 3 * dims.n);
    for (int d = 0; d < dims.n; ++d)
      ck_assert(stride[d] == 1 && start[d] + count[d] <= dims.v[d]);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, count, NULL);
    size = product(dims.n, count);
  }
  double *v = malloc((size_t)size * sizeof *v);
  hid_t memory = H5Screate_simple(1, &size, NULL);
  ck_assert(H5Dread(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, v) >= 0);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(set);
  H5Fclose(file);
  return v;
}

/* Mean of the corners of cell q (in the order of the values), or point q itself. */
static void place(const List *m, PetscBool cells, hsize_t q, const double *points, double x[3])
{
  hsize_t at[3] = {0};
  const int axes = m->n, corners = cells ? 1 << axes : 1;
  for (int d = axes - 1; d >= 0; --d) {
    const hsize_t n = m->v[d] - (cells ? 1 : 0);
    at[d] = q % n;
    q /= n;
  }
  x[0] = x[1] = x[2] = 0;
  for (int c = 0; c < corners; ++c) {
    hsize_t p = 0;
    for (int d = 0; d < axes; ++d)
      p = p * m->v[d] + at[d] + (hsize_t)(c >> d & 1);
    for (int d = 0; d < axes; ++d)
      x[d] += points[p * (hsize_t)axes + (hsize_t)d] / corners;
  }
}

typedef double (*Exact)(const IoCase *c, PetscInt field, PetscInt traj, PetscInt frame,
                        const double x[3], PetscInt comp);

typedef struct {
  const IoCase *c;
  const char *folder;
  Exact exact;
  PetscInt traj, frame;
  List m; /* points of the grid */
  double *points;
  int attributes;
} Reader;

static void check_attribute(Reader *r, const char *at)
{
  static const char *const types[] = {"Scalar", "Vector", "Tensor"};
  char name[64], type[64], text[64];
  value_of(at, "Name", name);
  value_of(at, "AttributeType", type);
  value_of(at, "Center", text);
  const PetscBool cells = (PetscBool)!strcmp(text, "Cell");
  ck_assert(cells || !strcmp(text, "Node"));
  ck_assert_int_eq(cells, r->c->fields[0].where == EDDY_WHERE_CELL);
  const char *outer = strstr(at, "<DataItem"), *inner = strstr(outer + 1, "<DataItem"),
             *heavy = strstr(inner + 1, "<DataItem");
  value_of(outer, "Dimensions", text);
  const List shape = numbers(text), slab = numbers(strchr(inner, '>') + 1);
  double *v = read_item(r->folder, heavy, &slab);
  PetscInt field = 0, first = 0;
  while (field < CASE_FIELDS - 1 &&
         strncmp(name, r->c->fields[field].name, strlen(r->c->fields[field].name)))
    ++field;
  const char *rest = name + strlen(r->c->fields[field].name);
  if (rest[0])
    first = (rest[1] - 'x') * r->c->plan.box.dim + rest[2] - 'x';
  hsize_t n = 1;
  for (int d = 0; d < r->m.n; ++d) {
    ck_assert_int_eq(shape.v[d], r->m.v[d] - (cells ? 1 : 0));
    n *= shape.v[d];
  }
  const int ncomp = shape.n > r->m.n ? (int)shape.v[r->m.n] : 1;
  ck_assert_int_eq(product(shape.n, shape.v), product(slab.n / 3, slab.v + slab.n / 3 * 2));
  ck_assert_str_eq(type, types[ncomp == 1 ? 0 : field]);
  ck_assert(rest[0] || ncomp == r->c->fields[field].ncomp);
  for (hsize_t q = 0; q < n; ++q) {
    double x[3];
    place(&r->m, cells, q, r->points, x);
    for (int k = 0; k < ncomp; ++k)
      ck_assert_double_eq_tol(v[q * (hsize_t)ncomp + (hsize_t)k],
                              r->exact(r->c, field, r->traj, r->frame, x, first + k), 1e-3);
  }
  free(v);
  ++r->attributes;
}

/* Everything in the text; `frames` counted ones in all. */
static void check_text(const IoCase *c, const char *path, PetscInt64 frames, Exact exact)
{
  char folder[400], text[64];
  Reader r = {.c = c, .folder = folder, .exact = exact, .traj = -1};
  PetscInt64 grids = 0;
  snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
  char *all = slurp(path);
  for (const char *at = strchr(all, '<'); at; at = strchr(at + 1, '<')) {
    if (!strncmp(at, "<Grid", 5)) {
      value_of(at, "GridType", text);
      const PetscBool series = (PetscBool)!strcmp(text, "Collection");
      if (series) {
        ++r.traj;
        r.frame = -1;
        value_of(at, "CollectionType", text);
        ck_assert_str_eq(text, "Temporal");
        value_of(at, "Name", text);
        ck_assert_int_eq(atol(text + 4), c->row[r.traj]);
      } else
        ++r.frame, ++grids;
    } else if (!strncmp(at, "<Time", 5)) {
      value_of(at, "Value", text);
      ck_assert(strtod(text, NULL) == c->times[r.frame]);
    } else if (!strncmp(at, "<Topology", 9)) {
      value_of(at, "TopologyType", text);
      ck_assert_str_eq(text, c->plan.box.dim == 3 ? "3DSMesh" : "2DSMesh");
      value_of(at, "Dimensions", text);
      r.m = numbers(text);
    } else if (!strncmp(at, "<Geometry", 9)) {
      value_of(at, "GeometryType", text);
      ck_assert_str_eq(text, c->plan.box.dim == 3 ? "XYZ" : "XY");
      const char *item = strstr(at, "<DataItem");
      hid_t file;
      List dims;
      H5Dclose(open_item(folder, item, &file, &dims));
      H5Fclose(file);
      ck_assert(dims.n == r.m.n + 1 && dims.v[r.m.n] == (hsize_t)r.m.n &&
                !memcmp(dims.v, r.m.v, (size_t)r.m.n * sizeof *dims.v));
      free(r.points);
      r.points = read_item(folder, item, NULL);
    } else if (!strncmp(at, "<Attribute", 10))
      check_attribute(&r, at);
  }
  ck_assert_int_eq(grids, frames);
  ck_assert_int_eq(r.attributes, frames * (c->plan.box.dim == 2 ? 6 : 3));
  free(r.points);
  free(all);
}

/* ---- grids ---- */

/* Indices from coordinates. */
static double on_box(const IoCase *c, PetscInt field, PetscInt traj, PetscInt frame,
                     const double x[3], PetscInt comp)
{
  const EddyBox *b = &c->plan.box;
  PetscInt at[3] = {0, 0, 0};
  for (int d = 0; d < b->dim; ++d)
    at[d] = (PetscInt)floor((x[d] - b->lower[d]) * (double)b->n[d] / EddyBoxLength(b, d) +
                            (c->fields[0].where == EDDY_WHERE_CELL ? 0 : .5));
  return io_case_value(field, traj, frame, at, comp);
}

/* A mapped grid: x runs with the first index, sheared and stretched. */
static void vertex(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  const IoCase *c = ctx;
  x[0] = (PetscReal)i[0] + .3 * (PetscReal)i[1];
  x[1] = 2 * (PetscReal)i[1];
  x[2] = (PetscReal)i[2] - .2 * (PetscReal)i[0];
  for (int d = (int)c->plan.box.dim; d < 3; ++d)
    x[d] = 0;
}

static double on_map(const IoCase *c, PetscInt field, PetscInt traj, PetscInt frame,
                     const double x[3], PetscInt comp)
{
  const PetscInt dim = c->plan.box.dim;
  const double j = dim > 1 ? x[1] / 2 : 0, i = x[0] - .3 * j, k = dim > 2 ? x[2] + .2 * i : 0;
  const PetscInt at[3] = {(PetscInt)floor(i), (PetscInt)floor(j), (PetscInt)floor(k)};
  return io_case_value(field, traj, frame, at, comp);
}

static void make(IoCase *c, MPI_Comm comm, const char *path, PetscInt dim, EddyWhere where,
                 EddyVertices *mapped, PetscInt rows, PetscInt frames)
{
  io_case_make(c, comm, path, dim, (PetscInt[3]){7, 6, 5}, rows, frames);
  for (int k = 0; k < CASE_FIELDS; ++k)
    c->fields[k].where = where;
  if (!mapped)
    return;
  mapped->Vertex = vertex;
  mapped->ctx = c;
  c->plan.box.mapped = mapped;
}

static void whole(const IoCase *c)
{
  EddyWriter w = io_case_writer(c->plan.comm, yaml);
  CK_PETSC(w->ops->Open(w, &c->plan));
  CK_PETSC(io_case_write(c, w, 0, (PetscInt64)c->plan.ntrajectories * c->plan.nframes));
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&w));
}

static void same_files(const char *a, const char *b, PetscBool names)
{
  char x[65], y[65];
  if (names) { /* texts that name "world" and "alone" */
    char *s = slurp(a), *t = slurp(b);
    for (char *p = strstr(t, "alone"); p; p = strstr(p, "alone"))
      memcpy(p, "world", 5);
    ck_assert_str_eq(s, t);
    free(s);
    free(t);
    return;
  }
  CK_PETSC(EddyFileSha256(a, x));
  CK_PETSC(EddyFileSha256(b, y));
  ck_assert_str_eq(x, y);
}

START_TEST(test_grids)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  for (int i = 0; i < 9; ++i) {
    const PetscInt dim = i % 3 + 1;
    const int kind = i / 3; /* points of a transform, equal cells, mapped cells */
    char path[512], file[600], alone[512], other[600];
    EddyVertices mapped, own;
    IoCase c, one;
    snprintf(path, sizeof path, "%s/world%d", folder, i);
    snprintf(alone, sizeof alone, "%s/alone%d", folder, i);
    make(&c, PETSC_COMM_WORLD, path, dim, kind ? EDDY_WHERE_CELL : EDDY_WHERE_NODE,
         kind == 2 ? &mapped : NULL, 2, 3);
    whole(&c);
    if (world_rank())
      continue;
    snprintf(file, sizeof file, "%s.xdmf", path);
    check_text(&c, file, 6, kind == 2 ? on_map : on_box);
    make(&one, PETSC_COMM_SELF, alone, dim, kind ? EDDY_WHERE_CELL : EDDY_WHERE_NODE,
         kind == 2 ? &own : NULL, 2, 3);
    whole(&one);
    snprintf(other, sizeof other, "%s.xdmf", alone);
    same_files(file, other, PETSC_TRUE);
    snprintf(file, sizeof file, "%s.hdf5", path);
    snprintf(other, sizeof other, "%s.hdf5", alone);
    same_files(file, other, PETSC_FALSE);
    if (kind < 2 || dim == 1) {
      snprintf(file, sizeof file, "%s.xdmf.points", path);
      snprintf(other, sizeof other, "%s.xdmf.points", alone);
      same_files(file, other, PETSC_FALSE);
    }
  }
}
END_TEST

/* After a kill the text names the unfinished file and no more frames than it has; continued, all is as if nothing had happened. */
START_TEST(test_resume)
{
  char path[512], file[600], copy[600];
  IoCase c;
  snprintf(path, sizeof path, "%s/set", eddy_test_folder(PETSC_COMM_WORLD));
  snprintf(file, sizeof file, "%s.xdmf", path);
  make(&c, PETSC_COMM_WORLD, path, 2, EDDY_WHERE_CELL, NULL, 2, 4);
  whole(&c);
  char *undisturbed = world_rank() ? NULL : slurp(file);
  snprintf(copy, sizeof copy, "%s.hdf5", path);
  if (!world_rank())
    remove(copy);
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, yaml);
  CK_PETSC(w->ops->Open(w, &c.plan));
  if (!world_rank())
    check_text(&c, file, 0, on_box);
  CK_PETSC(io_case_write(&c, w, 0, 3));
  CK_PETSC(w->ops->Sync(w));
  if (!world_rank())
    check_text(&c, file, 3, on_box);
  CK_PETSC(io_case_write(&c, w, 3, 5)); /* written and not yet named: what a kill leaves */
  if (!world_rank())
    check_text(&c, file, 3, on_box);
  CK_PETSC(w->ops->Close(w, PETSC_FALSE));
  CK_PETSC(EddyWriterDestroy(&w));
  if (!world_rank()) {
    check_text(&c, file, 5, on_box);
    snprintf(copy, sizeof copy, "%s.hdf5.part", path);
    remove(file);
    CK_PETSC(EddyXdmfWrite(copy, PETSC_TRUE)); /* eddyline xdmf */
    check_text(&c, file, 5, on_box);
  }
  c.plan.resume = PETSC_TRUE;
  w = io_case_writer(PETSC_COMM_WORLD, yaml);
  CK_PETSC(w->ops->Open(w, &c.plan));
  ck_assert_int_eq(w->frames_done, 5);
  CK_PETSC(io_case_write(&c, w, 5, 8));
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&w));
  if (world_rank())
    return;
  check_text(&c, file, 8, on_box);
  char *now = slurp(file);
  ck_assert_str_eq(now, undisturbed);
  free(now);
  free(undisturbed);
}
END_TEST

START_TEST(test_paths)
{
  char out[EDDY_MAX_PATH], path[EDDY_MAX_PATH + 8];
  CK_PETSC(EddyXdmfPath("a.b/set.hdf5.part", "", out));
  ck_assert_str_eq(out, "a.b/set.xdmf");
  CK_PETSC(EddyXdmfPath("set.h5", ".points", out));
  ck_assert_str_eq(out, "set.xdmf.points");
  memset(path, 'a', sizeof path - 1);
  path[sizeof path - 1] = 0;
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyXdmfPath(path, "", out), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyXdmfWrite("/nowhere/set.hdf5", PETSC_TRUE), EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

EDDY_SUITE("xdmf", test_grids, test_resume, test_paths)
