/* SPDX-License-Identifier: BSD-3-Clause */
#include "table_hdf5.h"
#include <hdf5.h>
#include <string.h>
#include <unistd.h>

PetscBool EddyTableIsHdf5(const char *path)
{
  const char *dot = strrchr(path, '.');
  return (PetscBool)(dot &&
                     (!strcmp(dot, ".h5") || !strcmp(dot, ".hdf5") || !strcmp(dot, ".part")));
}

static void Print(char text[64], int n, const hsize_t dims[])
{
  text[0] = 0;
  for (int d = 0; d < n; ++d)
    snprintf(text + strlen(text), 64 - strlen(text), d ? " x %llu" : "%llu",
             (unsigned long long)dims[d]);
}

typedef struct {
  hid_t file, set, space, type;
  int axes;
  hsize_t dims[8];
} Source;

static void Close(Source *s)
{
  if (s->type >= 0)
    H5Tclose(s->type);
  if (s->space >= 0)
    H5Sclose(s->space);
  if (s->set >= 0)
    H5Dclose(s->set);
  if (s->file >= 0)
    H5Fclose(s->file);
}

/* NULL, or what is wrong; HDF5 prints nothing of its own. */
static const char *Open(const char *path, const char *name, Source *s)
{
  const char *wrong = NULL;
  H5E_BEGIN_TRY
  {
    s->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (s->file >= 0)
      s->set = H5Dopen2(s->file, name, H5P_DEFAULT);
    if (s->set >= 0) {
      s->space = H5Dget_space(s->set);
      s->type = H5Dget_type(s->set);
      s->axes = H5Sget_simple_extent_ndims(s->space);
      if (s->axes > 0 && s->axes <= 8)
        (void)H5Sget_simple_extent_dims(s->space, s->dims, NULL);
    }
  }
  H5E_END_TRY;
  if (s->file < 0)
    wrong = access(path, R_OK) ? "cannot be opened" : "is not an HDF5 file";
  else if (s->set < 0)
    wrong = "has no dataset";
  else if (H5Tget_class(s->type) != H5T_FLOAT)
    wrong = "has no floating-point numbers in dataset";
  return wrong;
}

/* From [x][y][z][dim] to x fastest. */
static void Transpose(PetscInt dim, const PetscInt m[3], const double *from, PetscReal *to)
{
  for (PetscInt k = 0; k < m[2]; ++k)
    for (PetscInt j = 0; j < m[1]; ++j)
      for (PetscInt i = 0; i < m[0]; ++i, to += dim)
        memcpy(to, from + (size_t)dim * (size_t)((i * m[1] + j) * m[2] + k),
               (size_t)dim * sizeof *to);
}

static PetscErrorCode Check(EddyOptions o, const char *path, const char *name, const Source *s,
                            PetscBool slow_z, PetscInt dim, const PetscInt m[3])
{
  hsize_t want[4];
  char have[64] = "no axes", need[64];

  PetscFunctionBeginUser;
  for (int d = 0; d < (int)dim; ++d)
    want[d] = (hsize_t)m[slow_z ? dim - 1 - d : d];
  want[dim] = (hsize_t)dim;
  Print(need, (int)dim + 1, want);
  if (s->axes > 0 && s->axes <= 8)
    Print(have, s->axes, s->dims);
  EddyOptionsCheck(s->axes == dim + 1 && !memcmp(s->dims, want, ((size_t)dim + 1) * sizeof *want),
                   o, "mesh_dataset",
                   "%s of %s is %s; mesh_n needs %s (one more than cells per direction, then the "
                   "coordinates; mesh_order xyz or zyx)",
                   name, path, have, need);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyTableReadHdf5(EddyOptions o, const char *path, const char *name,
                                 PetscBool slow_z, PetscInt dim, const PetscInt m[3], PetscReal *x)
{
  const size_t all = (size_t)dim * (size_t)m[0] * (size_t)m[1] * (size_t)m[2];
  Source s = {.file = -1, .set = -1, .space = -1, .type = -1};
  double *as_stored = NULL;

  PetscFunctionBeginUser;
  const char *wrong = Open(path, name, &s);
  PetscErrorCode ierr = wrong ? PETSC_SUCCESS : Check(o, path, name, &s, slow_z, dim, m);
  if (!wrong && !ierr && !slow_z)
    ierr = PetscMalloc1(all, &as_stored);
  if (!wrong && !ierr) {
    double *to = slow_z ? x : as_stored;
    if (H5Dread(s.set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0)
      wrong = "cannot be read: dataset";
    else if (!slow_z)
      Transpose(dim, m, as_stored, x);
  }
  Close(&s);
  PetscCall(PetscFree(as_stored));
  EddyOptionsCheck(!wrong || s.file >= 0, o, "mesh_file", "%s %s", path, wrong);
  EddyOptionsCheck(!wrong, o, "mesh_dataset", "%s %s %s", path, wrong, name);
  PetscCall(ierr);
  for (size_t i = 0; i < all; ++i) {
    const size_t v = i / (size_t)dim;
    EddyOptionsCheck(x[i] - x[i] == 0, o, "mesh_dataset",
                     "%s of %s: vertex (%zu, %zu, %zu) is not finite", name, path, v % (size_t)m[0],
                     v / (size_t)m[0] % (size_t)m[1], v / (size_t)m[0] / (size_t)m[1]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
