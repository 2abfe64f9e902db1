/* SPDX-License-Identifier: BSD-3-Clause */
#include "well_layout.h"
#include "hdf5_util.h"
#include "points.h"
#include "well_read.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FIELDS = 64, MAX_PARAMETERS = 64 };

static const char *const axis_names[3] = {"x", "y", "z"};
static const char *const tensor_groups[3] = {"t0_fields", "t1_fields", "t2_fields"};

/* Functions of this file return a negative status as HDF5 does; the caller closes the file and
 * makes the message. */
#define Try(call) \
  do { \
    if ((call) < 0) \
      return -1; \
  } while (0)

void EddyWellLayoutPath(const EddyBlock *field, char path[], size_t len)
{
  snprintf(path, len, "/%s/%s", tensor_groups[field->rank], field->name);
}

/* Group without time stamps. */
static hid_t MakeGroup(hid_t loc, const char *name)
{
  hid_t plist = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(plist, 0);
  hid_t group = H5Gcreate2(loc, name, H5P_DEFAULT, plist, H5P_DEFAULT);
  H5Pclose(plist);
  return group;
}

/* Dataset without time stamps, allocated at once, not filled; chunk NULL: contiguous. */
static hid_t MakeSet(hid_t loc, const char *name, hid_t type, int rank, const hsize_t dims[],
                     const hsize_t chunk[])
{
  hid_t plist = H5Pcreate(H5P_DATASET_CREATE),
        space = rank ? H5Screate_simple(rank, dims, NULL) : H5Screate(H5S_SCALAR);
  H5Pset_obj_track_times(plist, 0);
  H5Pset_alloc_time(plist, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER);
  if (chunk)
    H5Pset_chunk(plist, rank, chunk);
  hid_t set = H5Dcreate2(loc, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  H5Pclose(plist);
  H5Sclose(space);
  return set;
}

/* A list [n] (n < 0: one value without axes) with the two flags that the layout asks for when flags
 * is true. */
static herr_t WriteSet(hid_t loc, const char *name, hid_t file_type, hid_t mem_type, PetscInt n,
                       const void *values, PetscBool flags, PetscBool sample, PetscBool time)
{
  const hsize_t dims[1] = {(hsize_t)PetscMax(n, 0)};
  hid_t set = MakeSet(loc, name, file_type, n < 0 ? 0 : 1, dims, NULL);
  if (set < 0)
    return -1;
  herr_t status = H5Dwrite(set, mem_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  if (flags && status >= 0)
    status = EddyH5WriteBool(set, "sample_varying", sample);
  if (flags && status >= 0)
    status = EddyH5WriteBool(set, "time_varying", time);
  H5Dclose(set);
  return status;
}

static herr_t WriteRoot(hid_t file, const EddyWriterPlan *p)
{
  const char *names[MAX_PARAMETERS];
  Try(EddyH5WriteString(file, "dataset_name", p->dataset_name));
  Try(EddyH5WriteString(file, "grid_type", p->box.mapped ? "mapped" : "cartesian"));
  Try(EddyH5WriteInt(file, "n_spatial_dims", p->box.dim));
  Try(EddyH5WriteInt(file, "n_trajectories", p->ntrajectories));
  for (PetscInt k = 0; k < p->nparameter; ++k) {
    double range[2] = {p->parameters[k].values[0], p->parameters[k].values[0]};
    names[k] = p->parameters[k].name;
    for (PetscInt i = 1; i < p->ntrajectories; ++i) {
      range[0] = PetscMin(range[0], p->parameters[k].values[i]);
      range[1] = PetscMax(range[1], p->parameters[k].values[i]);
    }
    /* one value, or the range when trajectories differ: a root attribute cannot hold thousands */
    Try(EddyH5WriteReals(file, names[k], range[0] == range[1] ? -1 : 2, range));
  }
  return EddyH5WriteStrings(file, "simulation_parameters", (int)p->nparameter, names);
}

static herr_t WriteDimensions(hid_t file, const EddyWriterPlan *p)
{
  const EddyBox *b = &p->box;
  herr_t status = 0;
  hid_t group = MakeGroup(file, "dimensions");
  if (group < 0)
    return -1;
  status = EddyH5WriteStrings(group, "spatial_dims", (int)b->dim, axis_names);
  if (status >= 0)
    status = WriteSet(group, "time", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, p->nframes, p->times,
                      PETSC_TRUE, PETSC_FALSE, PETSC_TRUE);
  for (PetscInt d = 0; d < b->dim && status >= 0; ++d) {
    const PetscInt n = p->n[d];
    const double shift = p->nfield && p->fields[0].where == EDDY_WHERE_CELL ? 0.5 : 0;
    /* indices of a mapped grid run from 0 to 1 */
    const double dx = (b->mapped ? 1 : EddyBoxLength(b, (int)d)) / (double)n,
                 x0 = b->mapped ? 0 : b->lower[d];
    double *x;
    if (PetscMalloc1(n, &x))
      return -1;
    for (PetscInt i = 0; i < n; ++i)
      x[i] = x0 + ((double)i + shift) * dx;
    status = WriteSet(group, axis_names[d], H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, n, x, PETSC_TRUE,
                      PETSC_FALSE, PETSC_FALSE);
    if (PetscFree(x))
      return -1;
  }
  H5Gclose(group);
  return status;
}

/* A group per axis and kind, with the ends of the axis that are of that kind marked in the mask. */
static herr_t WriteBoundary(hid_t parent, const EddyWriterPlan *p, int d, const char *kind,
                            const char *word, PetscBool low, PetscBool high)
{
  char name[EDDY_MAX_NAME];
  int8_t *mask;
  if (!low && !high)
    return 0;
  snprintf(name, sizeof name, "%s_%s", axis_names[d], word);
  hid_t group = MakeGroup(parent, name);
  if (group < 0 || PetscCalloc1(p->n[d], &mask))
    return -1;
  mask[0] = (int8_t)low;
  if (high)
    mask[p->n[d] - 1] = 1;
  hid_t type = EddyH5BoolType();
  herr_t status =
      WriteSet(group, "mask", type, type, p->n[d], mask, PETSC_FALSE, PETSC_FALSE, PETSC_FALSE);
  H5Tclose(type);
  if (PetscFree(mask))
    status = -1;
  if (status >= 0)
    status = EddyH5WriteString(group, "bc_type", kind);
  if (status >= 0)
    status = EddyH5WriteStrings(group, "associated_dims", 1, &axis_names[d]);
  if (status >= 0)
    status = EddyH5WriteStrings(group, "associated_fields", 0, NULL);
  if (status >= 0)
    status = EddyH5WriteBool(group, "sample_varying", PETSC_FALSE);
  if (status >= 0)
    status = EddyH5WriteBool(group, "time_varying", PETSC_FALSE);
  H5Gclose(group);
  return status;
}

static herr_t WriteBoundaries(hid_t file, const EddyWriterPlan *p)
{
  herr_t status = 0;
  hid_t group = MakeGroup(file, "boundary_conditions");
  if (group < 0)
    return -1;
  for (int d = 0; d < (int)p->box.dim && status >= 0; ++d)
    if (p->box.periodic[d]) {
      status = WriteBoundary(group, p, d, "PERIODIC", "periodic", PETSC_TRUE, PETSC_TRUE);
    } else {
      const PetscBool *wall = p->box.wall[d];
      status = WriteBoundary(group, p, d, "WALL", "wall", wall[0], wall[1]);
      if (status >= 0)
        status =
            WriteBoundary(group, p, d, "OPEN", "open", (PetscBool)!wall[0], (PetscBool)!wall[1]);
    }
  H5Gclose(group);
  return status;
}

static herr_t WriteScalars(hid_t file, const EddyWriterPlan *p)
{
  const char *names[MAX_PARAMETERS];
  herr_t status = 0;
  hid_t group = MakeGroup(file, "scalars");
  if (group < 0)
    return -1;
  for (PetscInt k = 0; k < p->nparameter && status >= 0; ++k) {
    names[k] = p->parameters[k].name;
    status = WriteSet(group, names[k], H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, p->ntrajectories,
                      p->parameters[k].values, PETSC_TRUE, PETSC_TRUE, PETSC_FALSE);
  }
  if (status >= 0)
    status = EddyH5WriteStrings(group, "field_names", (int)p->nparameter, names);
  H5Gclose(group);
  return status;
}

PetscBool EddyWellLayoutChunked(const EddyWriterPlan *p, const EddyBlock *f)
{
  double bytes = (p->float64 ? 8.0 : 4.0) * (double)f->ncomp;
  for (PetscInt d = 0; d < p->box.dim; ++d)
    bytes *= (double)p->n[d];
  return bytes >= EDDY_WELL_CHUNK_MIN ? PETSC_TRUE : PETSC_FALSE;
}

static herr_t WriteField(hid_t group, const EddyWriterPlan *p, const EddyBlock *f)
{
  hsize_t dims[7], chunk[7];
  PetscBool varying[3] = {PETSC_TRUE, PETSC_TRUE, PETSC_TRUE};
  int n = 0;
  dims[n] = (hsize_t)p->ntrajectories, chunk[n++] = 1;
  dims[n] = (hsize_t)p->nframes, chunk[n++] = 1;
  for (PetscInt d = 0; d < p->box.dim; ++d)
    dims[n] = (hsize_t)p->n[d], chunk[n++] = (hsize_t)p->n[d];
  for (PetscInt r = 0; r < f->rank; ++r)
    dims[n] = (hsize_t)p->box.dim, chunk[n++] = (hsize_t)p->box.dim;
  hid_t set = MakeSet(group, f->name, p->float64 ? H5T_IEEE_F64LE : H5T_IEEE_F32LE, n, dims,
                      EddyWellLayoutChunked(p, f) ? chunk : NULL);
  if (set < 0)
    return -1;
  herr_t status = EddyH5WriteBools(set, "dim_varying", (int)p->box.dim, varying);
  if (status >= 0)
    status = EddyH5WriteBool(set, "sample_varying", PETSC_TRUE);
  if (status >= 0)
    status = EddyH5WriteBool(set, "time_varying", PETSC_TRUE);
  if (status >= 0 && f->rank == 2)
    status = EddyH5WriteBool(set, "symmetric",
                             f->symmetry == EDDY_SYM_SYMMETRIC ? PETSC_TRUE : PETSC_FALSE);
  if (status >= 0 && f->rank == 2)
    status = EddyH5WriteBool(set, "antisymmetric",
                             f->symmetry == EDDY_SYM_ANTISYMMETRIC ? PETSC_TRUE : PETSC_FALSE);
  if (status >= 0 && f->unit[0])
    status = EddyH5WriteString(set, "unit", f->unit);
  H5Dclose(set);
  return status;
}

static herr_t WriteFields(hid_t file, const EddyWriterPlan *p)
{
  const char *names[MAX_FIELDS];
  herr_t status = 0;
  for (PetscInt rank = 0; rank < 3 && status >= 0; ++rank) {
    int n = 0;
    hid_t group = MakeGroup(file, tensor_groups[rank]);
    if (group < 0)
      return -1;
    for (PetscInt k = 0; k < p->nfield && status >= 0; ++k) {
      if (p->fields[k].rank != rank)
        continue;
      names[n++] = p->fields[k].name;
      status = WriteField(group, p, &p->fields[k]);
    }
    if (status >= 0)
      status = EddyH5WriteStrings(group, "field_names", n, names);
    H5Gclose(group);
  }
  return status;
}

static herr_t WriteCase(hid_t group, const char *text)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, strlen(text) + 1);
  H5Tset_cset(type, H5T_CSET_UTF8);
  herr_t status =
      WriteSet(group, "case", type, type, -1, text, PETSC_FALSE, PETSC_FALSE, PETSC_FALSE);
  H5Tclose(type);
  return status;
}

static herr_t WriteProvenance(hid_t file, const EddyWriterPlan *p)
{
  const PetscInt n = p->ntrajectories, dim = p->box.dim;
  const int64_t done = 0;
  void *zero;
  hid_t group = MakeGroup(file, "provenance"), parameters;
  if (group < 0)
    return -1;
  if (PetscCalloc1((size_t)n * 8, (char **)&zero))
    return -1;
  herr_t status = EddyH5WriteInt(group, "schema", EDDY_WELL_SCHEMA);
  if (status >= 0)
    status = EddyH5WriteString(group, "writer", "eddyline " EDDY_VERSION);
  if (status >= 0)
    status = EddyH5WriteReals(group, "lower", (int)dim, p->box.lower);
  if (status >= 0)
    status = EddyH5WriteReals(group, "upper", (int)dim, p->box.upper);
  if (status >= 0)
    status = WriteCase(group, p->provenance ? p->provenance : "");
  if (status >= 0)
    status = WriteSet(group, "frames_done", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &done, PETSC_FALSE,
                      PETSC_FALSE, PETSC_FALSE);
  if (status >= 0)
    status = WriteSet(group, "row", H5T_STD_I64LE, H5T_NATIVE_INT64, n,
                      p->row ? (const void *)p->row : zero, PETSC_FALSE, PETSC_FALSE, PETSC_FALSE);
  if (status >= 0)
    status = WriteSet(group, "seed", H5T_STD_U64LE, H5T_NATIVE_UINT64, n, zero, PETSC_FALSE,
                      PETSC_FALSE, PETSC_FALSE);
  if (status >= 0)
    status = WriteSet(group, "status", H5T_STD_I32LE, H5T_NATIVE_INT, n, zero, PETSC_FALSE,
                      PETSC_FALSE, PETSC_FALSE);
  if (status >= 0)
    status = WriteSet(group, "time", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, p->nframes, p->times,
                      PETSC_FALSE, PETSC_FALSE, PETSC_FALSE);
  parameters = status >= 0 ? MakeGroup(group, "parameters") : H5I_INVALID_HID;
  if (parameters < 0)
    status = -1;
  for (PetscInt k = 0; k < p->nparameter && status >= 0; ++k)
    status = WriteSet(parameters, p->parameters[k].name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, n,
                      p->parameters[k].values, PETSC_FALSE, PETSC_FALSE, PETSC_FALSE);
  if (parameters >= 0)
    H5Gclose(parameters);
  H5Gclose(group);
  return PetscFree(zero) ? -1 : status;
}

/* What the layout cannot hold. */
static PetscErrorCode CheckPlan(const EddyWriterPlan *p)
{
  PetscFunctionBeginUser;
  PetscCheck(p->nfield <= MAX_FIELDS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %" PetscInt_FMT " fields, at most %d fit in one file", p->path, p->nfield,
             (int)MAX_FIELDS);
  PetscCheck(p->nparameter <= MAX_PARAMETERS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %" PetscInt_FMT " parameters, at most %d fit in one file", p->path, p->nparameter,
             (int)MAX_PARAMETERS);
  PetscCheck(p->ntrajectories > 0 && p->nframes > 0, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: a file needs at least one trajectory and one frame", p->path);
  for (PetscInt k = 0; k < p->nfield; ++k) {
    PetscInt ncomp = 1;
    const EddyBlock *f = &p->fields[k];
    for (PetscInt r = 0; r < f->rank; ++r)
      ncomp *= p->box.dim;
    PetscCheck(f->rank >= 0 && f->rank <= 2 && ncomp == f->ncomp, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s: field %s has rank %" PetscInt_FMT " and %" PetscInt_FMT
               " components; The Well's layout holds scalars, vectors and full tensors",
               p->path, f->name, f->rank, f->ncomp);
    for (PetscInt j = 0; j < k; ++j)
      PetscCheck(strcmp(f->name, p->fields[j].name), PETSC_COMM_SELF, EDDY_ERR_INPUT,
                 "%s: field %s is listed twice", p->path, f->name);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static herr_t PutAll(hid_t file, const void *plan)
{
  const EddyWriterPlan *p = plan;
  Try(WriteRoot(file, p));
  Try(WriteDimensions(file, p));
  Try(WriteBoundaries(file, p));
  Try(WriteScalars(file, p));
  Try(WriteFields(file, p));
  Try(EddyVerticesWrite(file, &p->box));
  return WriteProvenance(file, p);
}

/* Frames, 160 bytes of index per chunk, lists, and room for the rest. */
static PetscInt64 Estimate(const EddyWriterPlan *p)
{
  const double frames = (double)p->ntrajectories * (double)p->nframes,
               points = (double)p->n[0] * (double)p->n[1] * (double)p->n[2];
  double bytes = EddyVerticesBytes(&p->box) + 262144 + 12.0 * (double)p->nframes +
                 (20 + 12.0 * (double)p->nparameter) * (double)p->ntrajectories +
                 (p->provenance ? (double)strlen(p->provenance) : 0);
  for (PetscInt k = 0; k < p->nfield; ++k)
    bytes += frames * (points * (double)p->fields[k].ncomp * (p->float64 ? 8 : 4) +
                       (EddyWellLayoutChunked(p, &p->fields[k]) ? 160 : 0));
  return (PetscInt64)bytes;
}

PetscErrorCode EddyWellLayoutCreate(const EddyWriterPlan *plan, const char *path)
{
  struct stat st;

  PetscFunctionBeginUser;
  EddyH5Silence();
  PetscCall(CheckPlan(plan));
  PetscCall(EddyFileReserve(path, Estimate(plan)));
  PetscCall(EddyH5Make(path, PutAll, plan));
  PetscCheck(!stat(path, &st), PETSC_COMM_SELF, EDDY_ERR_IO, "%s: %s", path, strerror(errno));
  PetscCall(EddyFileReserve(path, (PetscInt64)st.st_size));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Name of the first difference between plan and file, NULL when there is none. */
static const char *Difference(const EddyWriterPlan *p, const EddyWellInfo *f, EddyWell w)
{
  if (p->box.dim != f->box.dim)
    return "number of dimensions";
  for (PetscInt d = 0; d < p->box.dim; ++d) {
    if (p->n[d] != f->box.n[d])
      return "grid";
    if (p->box.lower[d] != f->box.lower[d] || p->box.upper[d] != f->box.upper[d] ||
        p->box.periodic[d] != f->box.periodic[d])
      return "box";
  }
  if (p->ntrajectories != f->ntrajectories)
    return "number of trajectories";
  if (p->nframes != f->nframes)
    return "number of frames";
  for (PetscInt i = 0; i < p->nframes; ++i)
    if (p->times[i] != f->times[i])
      return "output times";
  if (p->nfield != f->nfield)
    return "field list";
  for (PetscInt k = 0; k < p->nfield; ++k) {
    const EddyWellField *found = NULL;
    for (PetscInt j = 0; j < f->nfield; ++j)
      if (!strcmp(f->fields[j].name, p->fields[k].name))
        found = &f->fields[j];
    if (!found || found->rank != p->fields[k].rank)
      return "field list";
    if (found->float64 != p->float64)
      return "precision";
  }
  if (p->nparameter != f->nparameter)
    return "parameter list";
  for (PetscInt k = 0; k < p->nparameter; ++k) {
    const double *values = NULL;
    if (EddyWellGetParameter(w, p->parameters[k].name, &values) || !values)
      return "parameter list";
    if (memcmp(values, p->parameters[k].values, sizeof(double) * (size_t)p->ntrajectories))
      return "parameter values";
  }
  for (PetscInt i = 0; i < p->ntrajectories && p->row; ++i)
    if (p->row[i] != f->row[i])
      return "rows";
  return strcmp(f->provenance, p->provenance ? p->provenance : "") ? "resolved case" : NULL;
}

PetscErrorCode EddyWellLayoutMatch(const EddyWriterPlan *plan, const char *path,
                                   PetscInt64 *frames_done)
{
  EddyWell w;
  const EddyWellInfo *info;

  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(path, &w));
  PetscCall(EddyWellGetInfo(w, &info));
  const char *difference = Difference(plan, info, w);
  *frames_done = info->frames_done;
  PetscCall(EddyWellClose(&w));
  PetscCheck(!difference, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: cannot be continued, it was made by another case (the %s differs); remove it or "
             "choose another output_dir",
             path, difference);
  PetscFunctionReturn(PETSC_SUCCESS);
}
