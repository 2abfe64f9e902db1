/* SPDX-License-Identifier: BSD-3-Clause */
#include "xdmf.h"
#include "hdf5_util.h"
#include "points.h"
#include "well_read.h"
#include "writer.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What every grid of a file has in common. */
typedef struct {
  const EddyWellInfo *info;
  FILE *f;
  const char *heavy;              /* the HDF5 file, without folder */
  char points[2 * EDDY_MAX_PATH]; /* file:/dataset of the points */
  int axes, precision;            /* of the grid: 2 or 3; bytes of a coordinate */
  hsize_t n[3], m[3];             /* values and points along them */
  PetscBool cells;
} Ctx;

PetscErrorCode EddyXdmfPath(const char *path, const char *suffix, char out[EDDY_MAX_PATH])
{
  static const char *const endings[] = {".part", ".hdf5", ".h5"};
  size_t len = strlen(path);

  PetscFunctionBeginUser;
  for (int k = 0; k < 3; ++k) {
    const size_t end = strlen(endings[k]);
    if (len > end && !strncmp(path + len - end, endings[k], end))
      len -= end;
  }
  PetscCheck(len + strlen(suffix) + 16 < EDDY_MAX_PATH, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: path too long", path);
  snprintf(out, EDDY_MAX_PATH, "%.*s.xdmf%s", (int)len, path, suffix);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyXdmfRemove(const char *path)
{
  char file[EDDY_MAX_PATH];
  for (int k = 0; k < 2; ++k)
    if (!EddyXdmfPath(path, k ? ".points" : "", file))
      (void)unlink(file);
}

static const char *Base(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Text with the three characters that XML keeps for itself. */
static void Escaped(FILE *f, const char *s)
{
  for (; *s; ++s)
    if (*s == '&')
      fputs("&amp;", f);
    else if (*s == '<')
      fputs("&lt;", f);
    else if (*s == '"')
      fputs("&quot;", f);
    else
      fputc(*s, f);
}

static void Numbers(FILE *f, int n, const hsize_t v[])
{
  for (int d = 0; d < n; ++d)
    fprintf(f, d ? " %llu" : "%llu", (unsigned long long)v[d]);
}

/* ---- points of equal cells ---- */

static herr_t PutPoints(hid_t file, const void *ctx)
{
  const Ctx *c = ctx;
  const EddyBox *b = &c->info->box;
  const hsize_t dims[4] = {c->m[0], c->m[1], c->axes == 3 ? c->m[2] : 2, 3},
                size = c->m[1] * (c->axes == 3 ? c->m[2] * 3 : 2);
  hsize_t start[4] = {0}, count[4] = {1, dims[1], dims[2], 3};
  herr_t status = 0;
  float *x;
  if (PetscMalloc1((size_t)size, &x))
    return -1;
  hid_t plist = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(c->axes + 1, dims, NULL),
        memory = H5Screate_simple(1, &size, NULL);
  H5Pset_obj_track_times(plist, 0);
  hid_t set = H5Dcreate2(file, "points", H5T_IEEE_F32LE, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  for (hsize_t i = 0; i < c->m[0] && set >= 0 && status >= 0; ++i) {
    float *to = x;
    for (hsize_t j = 0; j < c->m[1]; ++j)
      for (hsize_t k = 0; k < (c->axes == 3 ? c->m[2] : 1); ++k) {
        const PetscInt at[3] = {(PetscInt)i, b->dim > 1 ? (PetscInt)j : 0, (PetscInt)k};
        PetscReal v[3] = {0, 0, 0};
        if (b->mapped)
          b->mapped->Vertex(b->mapped->ctx, at, v);
        else
          EddyPointAt(b, b->n, EDDY_WHERE_NODE, at, v);
        if (b->dim == 1)
          v[1] = j ? EddyBoxLength(b, 0) / 20 : 0; /* a strip */
        for (int d = 0; d < c->axes; ++d)
          *to++ = (float)v[d];
      }
    start[0] = i;
    status = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
    if (status >= 0)
      status = H5Dwrite(set, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, x);
  }
  if (set < 0)
    status = -1;
  else
    H5Dclose(set);
  H5Sclose(memory);
  H5Sclose(space);
  H5Pclose(plist);
  return PetscFree(x) ? -1 : status;
}

static PetscErrorCode WritePoints(const Ctx *c, const char *path)
{
  char fresh[EDDY_MAX_PATH + 8];

  PetscFunctionBeginUser;
  snprintf(fresh, sizeof fresh, "%s.new", path);
  PetscCall(EddyH5Make(fresh, PutPoints, c));
  PetscCall(EddyFilePublish(fresh, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- text ---- */

/* One attribute: all components of a field, or component `one` when it is not negative. */
static void Attribute(const Ctx *c, const EddyWellField *field, int one, PetscInt trajectory,
                      PetscInt frame)
{
  static const char axes[] = "xyz";
  const EddyBox *b = &c->info->box;
  const int dim = (int)b->dim, whole = one < 0 ? (int)field->ncomp : 1;
  hsize_t start[8] = {0}, stride[8], count[8], dims[8], shape[4];
  int n = 0, m = 0;
  if (field->sample_varying)
    start[n] = (hsize_t)trajectory, count[n] = 1, dims[n++] = (hsize_t)c->info->ntrajectories;
  if (field->time_varying)
    start[n] = (hsize_t)frame, count[n] = 1, dims[n++] = (hsize_t)c->info->nframes;
  for (int d = 0; d < dim; ++d, ++n)
    count[n] = dims[n] = (hsize_t)b->n[d];
  for (int r = 0; r < field->rank; ++r, ++n) {
    dims[n] = (hsize_t)dim;
    count[n] = one < 0 ? (hsize_t)dim : 1;
    start[n] = one < 0 ? 0 : (hsize_t)(r + 1 < field->rank ? one / dim : one % dim);
  }
  for (int d = 0; d < n; ++d)
    stride[d] = 1;
  for (m = 0; m < c->axes; ++m)
    shape[m] = c->n[m];
  if (whole > 1)
    shape[m++] = (hsize_t)whole;
  fprintf(c->f, "        <Attribute Name=\"");
  Escaped(c->f, field->name);
  if (one >= 0)
    fprintf(c->f, "_%c%c", axes[one / dim], axes[one % dim]);
  fprintf(c->f,
          "\" AttributeType=\"%s\" Center=\"%s\">\n          <DataItem ItemType=\"HyperSlab\" "
          "Type=\"HyperSlab\" Dimensions=\"",
          whole == 1         ? "Scalar"
          : field->rank == 1 ? "Vector"
                             : "Tensor",
          c->cells ? "Cell" : "Node");
  Numbers(c->f, m, shape);
  fprintf(c->f, "\">\n            <DataItem Format=\"XML\" Dimensions=\"3 %d\">", n);
  Numbers(c->f, n, start);
  fputs("  ", c->f);
  Numbers(c->f, n, stride);
  fputs("  ", c->f);
  Numbers(c->f, n, count);
  fprintf(c->f,
          "</DataItem>\n            <DataItem Format=\"HDF\" NumberType=\"Float\" Precision=\"%d\" "
          "Dimensions=\"",
          field->float64 ? 8 : 4);
  Numbers(c->f, n, dims);
  fputs("\">", c->f);
  Escaped(c->f, c->heavy);
  fprintf(c->f, ":/t%d_fields/", (int)field->rank);
  Escaped(c->f, field->name);
  fputs("</DataItem>\n          </DataItem>\n        </Attribute>\n", c->f);
}

/* One snapshot. */
static void Grid(const Ctx *c, PetscInt trajectory, PetscInt frame)
{
  const hsize_t coordinates = (hsize_t)c->axes;
  fprintf(c->f,
          "      <Grid Name=\"frame_%d\" GridType=\"Uniform\">\n        <Time Value=\"%.17g\"/>\n"
          "        <Topology TopologyType=\"%dDSMesh\" Dimensions=\"",
          (int)frame, c->info->times[frame], c->axes);
  Numbers(c->f, c->axes, c->m);
  fprintf(c->f,
          "\"/>\n        <Geometry GeometryType=\"%s\">\n          <DataItem Format=\"HDF\" "
          "NumberType=\"Float\" Precision=\"%d\" Dimensions=\"",
          c->axes == 3 ? "XYZ" : "XY", c->precision);
  Numbers(c->f, c->axes, c->m);
  fputc(' ', c->f);
  Numbers(c->f, 1, &coordinates);
  fputs("\">", c->f);
  Escaped(c->f, c->points);
  fputs("</DataItem>\n        </Geometry>\n", c->f);
  for (PetscInt k = 0; k < c->info->nfield; ++k) {
    const EddyWellField *field = &c->info->fields[k];
    if (field->rank < 2 || field->ncomp == 9 || field->ncomp == 1)
      Attribute(c, field, -1, trajectory, frame);
    else
      for (int q = 0; q < (int)field->ncomp; ++q)
        Attribute(c, field, q, trajectory, frame);
  }
  fputs("      </Grid>\n", c->f);
}

static void Text(const Ctx *c)
{
  const EddyWellInfo *info = c->info;
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Xdmf Version=\"2.0\">\n  <Domain>\n", c->f);
  for (PetscInt r = 0; r < info->ntrajectories; ++r) {
    const PetscInt64 left = info->frames_done - (PetscInt64)r * info->nframes;
    if (left <= 0)
      break;
    fprintf(c->f,
            "    <Grid Name=\"row_%lld\" GridType=\"Collection\" CollectionType=\"Temporal\">\n",
            (long long)info->row[r]);
    for (PetscInt k = 0; k < PetscMin(left, info->nframes); ++k)
      Grid(c, r, k);
    fputs("    </Grid>\n", c->f);
  }
  fputs("  </Domain>\n</Xdmf>\n", c->f);
}

static void SetGrid(Ctx *c)
{
  const EddyBox *b = &c->info->box;
  c->axes = PetscMax(2, (int)b->dim);
  c->cells = (PetscBool)(b->mapped || c->info->where == EDDY_WHERE_CELL);
  for (int d = 0; d < c->axes; ++d) {
    c->n[d] = d < b->dim ? (hsize_t)b->n[d] : 1;
    c->m[d] = c->n[d] + (c->cells ? 1 : 0);
  }
}

static PetscErrorCode Work(const EddyWellInfo *info, const char *path, PetscBool points)
{
  char xdmf[EDDY_MAX_PATH], file[EDDY_MAX_PATH];
  char *text = NULL;
  size_t len;
  Ctx c = {.info = info, .heavy = Base(path)};

  PetscFunctionBeginUser;
  SetGrid(&c);
  PetscCall(EddyXdmfPath(path, "", xdmf));
  PetscCall(EddyXdmfPath(path, ".points", file));
  if (info->box.mapped && info->box.dim > 1) {
    snprintf(c.points, sizeof c.points, "%s:/mapped/vertices", c.heavy);
    c.precision = 8;
  } else {
    snprintf(c.points, sizeof c.points, "%s:/points", Base(file));
    c.precision = 4;
    if (points)
      PetscCall(WritePoints(&c, file));
  }
  c.f = open_memstream(&text, &len);
  PetscCheck(c.f, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory for the text of %s", xdmf);
  Text(&c);
  const PetscErrorCode ierr = fclose(c.f) ? PETSC_ERR_MEM : EddyFileWriteText(xdmf, text);
  free(text);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyXdmfWrite(const char *path, PetscBool points)
{
  const EddyWellInfo *info;
  EddyWell w;

  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(path, &w));
  PetscCall(EddyWellGetInfo(w, &info));
  const PetscErrorCode ierr = Work(info, path, points);
  PetscCall(EddyWellClose(&w));
  PetscFunctionReturn(ierr);
}
