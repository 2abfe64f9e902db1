/* SPDX-License-Identifier: BSD-3-Clause */
#include "points.h"
#include "cell.h"

void EddyPointAt(const EddyBox *box, const PetscInt n[3], EddyWhere where, const PetscInt at[3],
                 double x[3])
{
  const double shift = where == EDDY_WHERE_CELL ? .5 : 0;
  if (!box->mapped) {
    for (int d = 0; d < (int)box->dim; ++d)
      x[d] = box->lower[d] + ((double)at[d] + shift) * EddyBoxLength(box, d) / (double)n[d];
    return;
  }
  const int corners = 1 << box->dim;
  for (int d = 0; d < (int)box->dim; ++d)
    x[d] = 0;
  for (int c = 0; c < corners; ++c) {
    PetscInt i[3] = {0, 0, 0};
    PetscReal v[3];
    for (int d = 0; d < (int)box->dim; ++d)
      i[d] = at[d] + (c >> d & 1);
    box->mapped->Vertex(box->mapped->ctx, i, v);
    for (int d = 0; d < (int)box->dim; ++d)
      x[d] += v[d] / corners;
  }
}

PetscErrorCode EddyPointsLayer(const EddyBox *box, PetscInt k, double **vertices)
{
  PetscFunctionBeginUser;
  *vertices = NULL;
  if (!box->mapped || box->dim < 2)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1((size_t)(box->n[0] + 1) * (size_t)(box->n[1] + 1) * 2, vertices));
  double *to = *vertices;
  for (PetscInt j = 0; j <= box->n[1]; ++j)
    for (PetscInt i = 0; i <= box->n[0]; ++i, to += 2) {
      const PetscInt at[3] = {i, j, box->dim > 2 ? k : 0};
      PetscReal x[3];
      box->mapped->Vertex(box->mapped->ctx, at, x);
      to[0] = x[0], to[1] = x[1];
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyPointsVolumes(const EddyBox *box, double **volume)
{
  PetscFunctionBeginUser;
  *volume = NULL;
  if (!box->mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1((size_t)box->n[0] * (size_t)box->n[1] * (size_t)box->n[2], volume));
  double *to = *volume;
  for (PetscInt k = 0; k < box->n[2]; ++k)
    for (PetscInt j = 0; j < box->n[1]; ++j)
      for (PetscInt i = 0; i < box->n[0]; ++i) {
        const PetscInt at[3] = {i, j, k};
        PetscReal centre[3], least;
        EddyCellMeasure(box, at, to++, centre, &least);
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- in files ---- */

typedef struct {
  double *x; /* as stored */
  PetscInt dim, m[3];
} Table;

static void Vertex(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  const Table *t = ctx;
  const size_t at =
      ((size_t)i[0] * (size_t)t->m[1] + (size_t)i[1]) * (size_t)t->m[2] + (size_t)i[2];
  for (int d = 0; d < 3; ++d)
    x[d] = d < t->dim ? t->x[at * (size_t)t->dim + (size_t)d] : 0;
}

/* Extents; returns the number of axes. */
static int Shape(const EddyBox *box, hsize_t dims[4], PetscInt m[3])
{
  for (int d = 0; d < 3; ++d)
    m[d] = d < (int)box->dim ? box->n[d] + 1 : 1;
  for (int d = 0; d < (int)box->dim; ++d)
    dims[d] = (hsize_t)m[d];
  dims[box->dim] = (hsize_t)box->dim;
  return (int)box->dim + 1;
}

double EddyVerticesBytes(const EddyBox *box)
{
  double bytes = 8. * (double)box->dim;
  for (int d = 0; d < (int)box->dim; ++d)
    bytes *= (double)box->n[d] + 1;
  return box->mapped ? bytes + 4096 : 0;
}

static herr_t WriteSlabs(hid_t set, const EddyBox *box, int rank, const hsize_t dims[4],
                         const PetscInt m[3])
{
  hsize_t start[4] = {0}, count[4] = {1, dims[1], dims[2], dims[3]};
  hsize_t size = 1;
  herr_t status = 0;
  double *x;
  for (int d = 1; d < rank; ++d)
    size *= dims[d];
  if (PetscMalloc1((size_t)size, &x))
    return -1;
  hid_t space = H5Dget_space(set), memory = H5Screate_simple(1, &size, NULL);
  for (PetscInt i = 0; i < m[0] && status >= 0; ++i) {
    double *to = x;
    for (PetscInt j = 0; j < m[1]; ++j)
      for (PetscInt k = 0; k < m[2]; ++k) {
        const PetscInt at[3] = {i, j, k};
        PetscReal v[3];
        box->mapped->Vertex(box->mapped->ctx, at, v);
        for (int d = 0; d < (int)box->dim; ++d)
          *to++ = v[d];
      }
    start[0] = (hsize_t)i;
    status = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
    if (status >= 0)
      status = H5Dwrite(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, x);
  }
  H5Sclose(memory);
  H5Sclose(space);
  return PetscFree(x) ? -1 : status;
}

herr_t EddyVerticesWrite(hid_t file, const EddyBox *box)
{
  hsize_t dims[4] = {1, 1, 1, 1};
  PetscInt m[3];
  if (!box->mapped)
    return 0;
  const int rank = Shape(box, dims, m);
  hid_t create = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(create, 0);
  hid_t group = H5Gcreate2(file, "mapped", H5P_DEFAULT, create, H5P_DEFAULT);
  H5Pclose(create);
  if (group < 0)
    return -1;
  hid_t plist = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(rank, dims, NULL);
  H5Pset_obj_track_times(plist, 0);
  H5Pset_alloc_time(plist, H5D_ALLOC_TIME_EARLY);
  hid_t set = H5Dcreate2(group, "vertices", H5T_IEEE_F64LE, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  H5Sclose(space);
  H5Pclose(plist);
  herr_t status = set < 0 ? -1 : WriteSlabs(set, box, rank, dims, m);
  if (set >= 0)
    H5Dclose(set);
  H5Gclose(group);
  return status;
}

PetscErrorCode EddyVerticesRead(hid_t file, EddyBox *box, EddyVertices **vertices)
{
  hsize_t want[4] = {1, 1, 1, 1}, dims[4] = {0}, all = 1;
  Table *t;
  PetscFunctionBeginUser;
  *vertices = NULL;
  if (H5Lexists(file, "mapped", H5P_DEFAULT) <= 0 ||
      H5Lexists(file, "mapped/vertices", H5P_DEFAULT) <= 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&t));
  const int rank = Shape(box, want, t->m);
  t->dim = box->dim;
  hid_t set = H5Dopen2(file, "mapped/vertices", H5P_DEFAULT), space = H5Dget_space(set);
  PetscBool ok = (PetscBool)(H5Sget_simple_extent_ndims(space) == rank);
  if (ok)
    H5Sget_simple_extent_dims(space, dims, NULL);
  for (int d = 0; d < rank; ++d) {
    ok = (PetscBool)(ok && dims[d] == want[d]);
    all *= want[d];
  }
  if (ok) {
    PetscCall(PetscMalloc1((size_t)all, &t->x));
    ok = (PetscBool)(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, t->x) >= 0);
  }
  H5Sclose(space);
  H5Dclose(set);
  if (!ok)
    PetscCall(PetscFree(t->x));
  if (!ok)
    PetscCall(PetscFree(t));
  PetscCheck(ok, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "/mapped/vertices does not fit the grid of the fields, or cannot be read");
  PetscCall(PetscNew(vertices));
  (*vertices)->Vertex = Vertex;
  (*vertices)->ctx = t;
  box->mapped = *vertices;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerticesFree(EddyVertices **vertices)
{
  PetscFunctionBeginUser;
  if (!*vertices)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree(((Table *)(*vertices)->ctx)->x));
  PetscCall(PetscFree((*vertices)->ctx));
  PetscCall(PetscFree(*vertices));
  PetscFunctionReturn(PETSC_SUCCESS);
}
