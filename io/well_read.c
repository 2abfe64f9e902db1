/* SPDX-License-Identifier: BSD-3-Clause */
#include "well_read.h"
#include "hdf5_util.h"
#include "options.h"
#include "points.h"
#include <string.h>

enum { WELL_MAX_FIELDS = 64, WELL_MAX_RANK = 2 + 3 + 2 };

typedef struct {
  hid_t set;
  PetscBool dim_varying[3];
} Source;

struct _p_EddyWell {
  hid_t file;
  EddyWellInfo info;
  char path[EDDY_MAX_PATH];
  EddyWellField field[WELL_MAX_FIELDS];
  Source source[WELL_MAX_FIELDS];
  char parameter[WELL_MAX_FIELDS][EDDY_MAX_NAME];
  double *values; /* [nparameter][ntrajectories] */
  double *times;
  PetscInt64 *row;
  uint64_t *seed;
  int *status;
  char *provenance;
  char axis[3][EDDY_MAX_NAME];
  EddyVertices *vertices; /* of a mapped grid */
  double spacing;         /* of points along the first axis */
  double *frame;          /* one frame as stored: [x][y][z][ncomp] */
  size_t frame_size;
};

static const char *const tensor_groups[3] = {"t0_fields", "t1_fields", "t2_fields"};

#define CheckLayout(cond, w, ...) \
  do { \
    if (PetscUnlikely(!(cond))) { \
      char why_[256]; \
      snprintf(why_, sizeof why_, __VA_ARGS__); \
      SETERRQ(PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: not a file in The Well's layout: %s", \
              (w)->path, why_); \
    } \
  } while (0)

/* Extents of a dataset; -1 when it cannot be opened or has more axes than expected. */
static int Extents(hid_t set, int max, hsize_t dims[])
{
  hid_t space = H5Dget_space(set);
  int n = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
  if (n > max)
    n = -1;
  if (n > 0)
    H5Sget_simple_extent_dims(space, dims, NULL);
  if (space >= 0)
    H5Sclose(space);
  return n;
}

/* Whole dataset of n elements into values; PETSC_FALSE when missing or of another size. */
static PetscBool ReadAll(hid_t loc, const char *name, hid_t type, hssize_t n, void *values)
{
  PetscBool ok = PETSC_FALSE;
  if (H5Lexists(loc, name, H5P_DEFAULT) <= 0)
    return ok;
  hid_t set = H5Dopen2(loc, name, H5P_DEFAULT);
  if (set < 0)
    return ok;
  hid_t space = H5Dget_space(set);
  if (H5Sget_simple_extent_npoints(space) == n &&
      H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0)
    ok = PETSC_TRUE;
  H5Sclose(space);
  H5Dclose(set);
  return ok;
}

static PetscErrorCode ReadAxes(EddyWell w, hid_t group)
{
  EddyBox *b = &w->info.box;

  PetscFunctionBeginUser;
  const int n = EddyH5ReadStrings(group, "spatial_dims", 3, w->axis);
  CheckLayout(n == b->dim, w, "/dimensions names %d axes, the file has %d", n, (int)b->dim);
  for (int d = 0; d < 3; ++d) {
    b->n[d] = 1;
    b->lower[d] = 0, b->upper[d] = 1;
  }
  for (int d = 0; d < n; ++d) {
    hsize_t dims[1] = {0};
    double *x;
    hid_t set = H5Lexists(group, w->axis[d], H5P_DEFAULT) > 0
                    ? H5Dopen2(group, w->axis[d], H5P_DEFAULT)
                    : H5I_INVALID_HID;
    CheckLayout(set >= 0, w, "no /dimensions/%s", w->axis[d]);
    const int rank = Extents(set, 1, dims);
    H5Dclose(set);
    CheckLayout(rank == 1 && dims[0] > 0 && dims[0] < PETSC_MAX_INT, w,
                "/dimensions/%s is not a list", w->axis[d]);
    b->n[d] = (PetscInt)dims[0];
    PetscCall(PetscMalloc1(dims[0], &x));
    const PetscBool ok = ReadAll(group, w->axis[d], H5T_NATIVE_DOUBLE, (hssize_t)dims[0], x);
    const double dx = dims[0] > 1 ? (x[dims[0] - 1] - x[0]) / (double)(dims[0] - 1) : 1;
    b->lower[d] = x[0];
    if (d == 0)
      w->spacing = dx;
    b->upper[d] = x[dims[0] - 1] + (b->periodic[d] ? dx : 0);
    PetscCall(PetscFree(x));
    CheckLayout(ok, w, "/dimensions/%s cannot be read", w->axis[d]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadTimes(EddyWell w, hid_t group)
{
  hsize_t dims[2] = {0, 0};
  double *all = NULL;

  PetscFunctionBeginUser;
  hid_t set = H5Lexists(group, "time", H5P_DEFAULT) > 0 ? H5Dopen2(group, "time", H5P_DEFAULT)
                                                        : H5I_INVALID_HID;
  CheckLayout(set >= 0, w, "no /dimensions/time");
  const int rank = Extents(set, 2, dims);
  const hsize_t n = rank == 2 ? dims[0] * dims[1] : dims[0];
  PetscBool ok = PETSC_FALSE;
  if (rank >= 1 && n > 0) {
    PetscCall(PetscMalloc1(n, &all));
    ok = H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0 ? PETSC_TRUE
                                                                                  : PETSC_FALSE;
  }
  H5Dclose(set);
  w->times = all;
  w->info.nframes = (PetscInt)(rank == 2 ? dims[1] : dims[0]);
  CheckLayout(ok, w, "/dimensions/time is not a list of numbers");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* An axis is periodic when a group of type PERIODIC is associated with it. */
static herr_t VisitBoundary(hid_t loc, const char *name, const H5L_info_t *info, void *data)
{
  EddyWell w = data;
  char type[1][EDDY_MAX_NAME] = {""}, axes[3][EDDY_MAX_NAME];
  hid_t group = H5Gopen2(loc, name, H5P_DEFAULT);
  if (group < 0)
    return 0;
  if (EddyH5ReadStrings(group, "bc_type", 1, type) == 1 && !strcasecmp(type[0], "PERIODIC")) {
    const int n = EddyH5ReadStrings(group, "associated_dims", 3, axes);
    for (int i = 0; i < n; ++i)
      for (int d = 0; d < 3; ++d)
        if (!strcmp(axes[i], w->axis[d]))
          w->info.box.periodic[d] = PETSC_TRUE;
  }
  H5Gclose(group);
  return 0;
}

static PetscErrorCode ReadField(EddyWell w, hid_t group, int rank, const char *name)
{
  const EddyBox *b = &w->info.box;
  const int k = w->info.nfield, dim = (int)b->dim;
  EddyWellField *f = &w->field[k];
  Source *s = &w->source[k];
  hsize_t dims[WELL_MAX_RANK] = {0}, expect[WELL_MAX_RANK];
  char unit[1][EDDY_MAX_NAME];
  int n = 0;

  PetscFunctionBeginUser;
  s->set = H5Lexists(group, name, H5P_DEFAULT) > 0 ? H5Dopen2(group, name, H5P_DEFAULT)
                                                   : H5I_INVALID_HID;
  CheckLayout(s->set >= 0, w, "no /%s/%s", tensor_groups[rank], name);
  w->info.nfield++;
  PetscCall(PetscStrncpy(f->name, name, sizeof f->name));
  if (EddyH5ReadStrings(s->set, "unit", 1, unit))
    PetscCall(PetscStrncpy(f->unit, unit[0], sizeof f->unit));
  f->rank = rank;
  f->ncomp = 1;
  for (int r = 0; r < rank; ++r)
    f->ncomp *= dim;
  f->sample_varying = EddyH5ReadBool(s->set, "sample_varying", PETSC_TRUE);
  f->time_varying = EddyH5ReadBool(s->set, "time_varying", PETSC_TRUE);
  f->symmetry = EddyH5ReadBool(s->set, "symmetric", PETSC_FALSE)       ? EDDY_SYM_SYMMETRIC
                : EddyH5ReadBool(s->set, "antisymmetric", PETSC_FALSE) ? EDDY_SYM_ANTISYMMETRIC
                                                                       : EDDY_SYM_NONE;
  for (int d = 0; d < dim; ++d)
    s->dim_varying[d] = PETSC_TRUE;
  hid_t attr = H5Aexists(s->set, "dim_varying") > 0 ? H5Aopen(s->set, "dim_varying", H5P_DEFAULT)
                                                    : H5I_INVALID_HID;
  if (attr >= 0) {
    unsigned char flags[64] = {0};
    hid_t type = H5Aget_type(attr), space = H5Aget_space(attr);
    const size_t size = H5Tget_size(type);
    if (H5Sget_simple_extent_npoints(space) == dim && size * (size_t)dim <= sizeof flags &&
        H5Aread(attr, type, flags) >= 0)
      for (int d = 0; d < dim; ++d)
        s->dim_varying[d] = flags[(size_t)d * size] ? PETSC_TRUE : PETSC_FALSE;
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attr);
  }
  hid_t type = H5Dget_type(s->set);
  f->float64 = H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == 8 ? PETSC_TRUE : PETSC_FALSE;
  H5Tclose(type);
  if (f->sample_varying)
    expect[n++] = (hsize_t)w->info.ntrajectories;
  if (f->time_varying)
    expect[n++] = (hsize_t)w->info.nframes;
  for (int d = 0; d < dim; ++d)
    if (s->dim_varying[d])
      expect[n++] = (hsize_t)b->n[d];
  for (int r = 0; r < rank; ++r)
    expect[n++] = (hsize_t)dim;
  const int got = Extents(s->set, WELL_MAX_RANK, dims);
  PetscBool same = got == n ? PETSC_TRUE : PETSC_FALSE;
  for (int i = 0; i < n && same; ++i)
    if (dims[i] != expect[i])
      same = PETSC_FALSE;
  CheckLayout(same, w, "/%s/%s has %d axes or an extent other than its flags say (%d axes)",
              tensor_groups[rank], name, got, n);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadFields(EddyWell w)
{
  char(*names)[EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(WELL_MAX_FIELDS, &names));
  for (int rank = 0; rank < 3; ++rank) {
    hid_t group = H5Lexists(w->file, tensor_groups[rank], H5P_DEFAULT) > 0
                      ? H5Gopen2(w->file, tensor_groups[rank], H5P_DEFAULT)
                      : H5I_INVALID_HID;
    CheckLayout(group >= 0, w, "no group /%s", tensor_groups[rank]);
    const int n =
        EddyH5ReadStrings(group, "field_names", WELL_MAX_FIELDS - (int)w->info.nfield, names);
    for (int i = 0; i < n; ++i)
      PetscCall(ReadField(w, group, rank, names[i]));
    H5Gclose(group);
  }
  PetscCall(PetscFree(names));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Values of one scalar for every trajectory: exact ones of /provenance/parameters when present. */
static PetscErrorCode ReadParameter(EddyWell w, hid_t scalars, const char *name)
{
  const PetscInt n = w->info.ntrajectories;
  double *v = w->values + (size_t)w->info.nparameter * n;
  char exact[EDDY_MAX_NAME + 32];

  PetscFunctionBeginUser;
  if (H5Lexists(scalars, name, H5P_DEFAULT) <= 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  hid_t set = H5Dopen2(scalars, name, H5P_DEFAULT);
  CheckLayout(set >= 0, w, "/scalars/%s cannot be opened", name);
  const PetscBool varies = EddyH5ReadBool(set, "sample_varying", PETSC_FALSE),
                  steady =
                      EddyH5ReadBool(set, "time_varying", PETSC_FALSE) ? PETSC_FALSE : PETSC_TRUE;
  H5Dclose(set);
  if (!steady)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(exact, sizeof exact, "provenance/parameters/%s", name);
  PetscBool ok = PETSC_FALSE;
  if (H5Lexists(w->file, "provenance", H5P_DEFAULT) > 0 &&
      H5Lexists(w->file, "provenance/parameters", H5P_DEFAULT) > 0)
    ok = ReadAll(w->file, exact, H5T_NATIVE_DOUBLE, n, v);
  if (!ok)
    ok = ReadAll(scalars, name, H5T_NATIVE_DOUBLE, varies ? n : 1, v);
  CheckLayout(ok, w, "/scalars/%s cannot be read", name);
  if (!varies)
    for (PetscInt i = 1; i < n; ++i)
      v[i] = v[0];
  PetscCall(PetscStrncpy(w->parameter[w->info.nparameter++], name, EDDY_MAX_NAME));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadParameters(EddyWell w)
{
  char(*names)[EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  hid_t group = H5Lexists(w->file, "scalars", H5P_DEFAULT) > 0
                    ? H5Gopen2(w->file, "scalars", H5P_DEFAULT)
                    : H5I_INVALID_HID;
  CheckLayout(group >= 0, w, "no group /scalars");
  PetscCall(PetscMalloc1(WELL_MAX_FIELDS, &names));
  PetscCall(PetscCalloc1((size_t)WELL_MAX_FIELDS * w->info.ntrajectories, &w->values));
  const int n = EddyH5ReadStrings(group, "field_names", WELL_MAX_FIELDS, names);
  for (int i = 0; i < n; ++i)
    PetscCall(ReadParameter(w, group, names[i]));
  H5Gclose(group);
  PetscCall(PetscFree(names));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadProvenance(EddyWell w)
{
  EddyWellInfo *info = &w->info;
  const PetscInt n = info->ntrajectories, dim = info->box.dim;
  int64_t done = 0;
  double v[3];

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc3(n, &w->row, n, &w->seed, n, &w->status));
  info->frames_done = (PetscInt64)n * info->nframes;
  for (PetscInt i = 0; i < n; ++i)
    w->row[i] = i, w->status[i] = 1;
  hid_t group = H5Lexists(w->file, "provenance", H5P_DEFAULT) > 0
                    ? H5Gopen2(w->file, "provenance", H5P_DEFAULT)
                    : H5I_INVALID_HID;
  if (group >= 0) {
    if (ReadAll(group, "frames_done", H5T_NATIVE_INT64, 1, &done))
      info->frames_done = done;
    (void)ReadAll(group, "row", H5T_NATIVE_INT64, n, w->row);
    (void)ReadAll(group, "seed", H5T_NATIVE_UINT64, n, w->seed);
    (void)ReadAll(group, "status", H5T_NATIVE_INT, n, w->status);
    (void)ReadAll(group, "time", H5T_NATIVE_DOUBLE, info->nframes, w->times);
    if (EddyH5ReadReals(group, "lower", (int)dim, v)) {
      /* the first point of cells stands half a cell inside */
      if (info->box.lower[0] != v[0] && fabs(info->box.lower[0] - v[0]) > w->spacing / 4)
        info->where = EDDY_WHERE_CELL;
      PetscCall(PetscArraycpy(info->box.lower, v, dim));
    }
    if (EddyH5ReadReals(group, "upper", (int)dim, v))
      PetscCall(PetscArraycpy(info->box.upper, v, dim));
    hid_t set = H5Lexists(group, "case", H5P_DEFAULT) > 0 ? H5Dopen2(group, "case", H5P_DEFAULT)
                                                          : H5I_INVALID_HID;
    if (set >= 0) {
      hid_t type = H5Dget_type(set);
      if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0) {
        PetscCall(PetscCalloc1(H5Tget_size(type) + 1, &w->provenance));
        if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, w->provenance) < 0)
          w->provenance[0] = 0;
      }
      H5Tclose(type);
      H5Dclose(set);
    }
    H5Gclose(group);
  }
  if (!w->provenance)
    PetscCall(PetscCalloc1(1, &w->provenance));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadStructure(EddyWell w)
{
  EddyWellInfo *info = &w->info;
  char name[1][EDDY_MAX_NAME] = {""};

  PetscFunctionBeginUser;
  const int64_t dim = EddyH5ReadInt(w->file, "n_spatial_dims", -1),
                n = EddyH5ReadInt(w->file, "n_trajectories", -1);
  CheckLayout(dim >= 1 && dim <= 3, w, "attribute n_spatial_dims is missing or not 1, 2 or 3");
  CheckLayout(n >= 1 && n < PETSC_MAX_INT, w,
              "attribute n_trajectories is missing or not positive");
  info->box.dim = (PetscInt)dim;
  info->ntrajectories = (PetscInt)n;
  if (EddyH5ReadStrings(w->file, "dataset_name", 1, name))
    PetscCall(PetscStrncpy(info->dataset_name, name[0], sizeof info->dataset_name));
  hid_t group = H5Lexists(w->file, "dimensions", H5P_DEFAULT) > 0
                    ? H5Gopen2(w->file, "dimensions", H5P_DEFAULT)
                    : H5I_INVALID_HID;
  CheckLayout(group >= 0, w, "no group /dimensions");
  (void)EddyH5ReadStrings(group, "spatial_dims", 3, w->axis);
  if (H5Lexists(w->file, "boundary_conditions", H5P_DEFAULT) > 0)
    (void)H5Literate_by_name(w->file, "boundary_conditions", H5_INDEX_NAME, H5_ITER_INC, NULL,
                             VisitBoundary, w, H5P_DEFAULT);
  PetscCall(ReadAxes(w, group));
  PetscCall(ReadTimes(w, group));
  H5Gclose(group);
  info->where = EDDY_WHERE_NODE;
  PetscCall(ReadProvenance(w));
  PetscCall(EddyVerticesRead(w->file, &info->box, &w->vertices));
  if (w->vertices)
    info->where = EDDY_WHERE_CELL;
  PetscCall(ReadParameters(w));
  PetscCall(ReadFields(w));
  info->fields = w->field;
  info->times = w->times;
  info->parameters = (const char(*)[EDDY_MAX_NAME])w->parameter;
  info->row = w->row;
  info->seed = w->seed;
  info->status = w->status;
  info->provenance = w->provenance;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyWellOpen(const char *path, EddyWell *well)
{
  EddyWell w;
  PetscBool exists;
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  *well = NULL;
  EddyH5Silence();
  PetscCall(PetscTestFile(path, 'r', &exists));
  PetscCheck(exists, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no such file, or it may not be read",
             path);
  PetscCheck(H5Fis_hdf5(path) > 0, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: not an HDF5 file", path);
  PetscCall(PetscNew(&w));
  PetscCall(PetscStrncpy(w->path, path, sizeof w->path));
  w->info.path = w->path;
  hid_t access = EddyH5SerialAccess(PETSC_FALSE);
  w->file = access < 0 ? H5I_INVALID_HID : H5Fopen(path, H5F_ACC_RDONLY, access);
  if (access >= 0)
    H5Pclose(access);
  ierr = w->file < 0 ? EddyH5Error(path, "open the file") : ReadStructure(w);
  if (ierr)
    (void)EddyWellClose(&w);
  PetscCall(ierr);
  *well = w;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyWellGetInfo(EddyWell w, const EddyWellInfo **info)
{
  PetscFunctionBeginUser;
  *info = &w->info;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyWellFindField(EddyWell w, const char *name, PetscInt *field)
{
  const char *names[WELL_MAX_FIELDS];
  char all[1024] = "";

  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < w->info.nfield; ++k) {
    if (!strcasecmp(w->field[k].name, name)) {
      *field = k;
      PetscFunctionReturn(PETSC_SUCCESS);
    }
    names[k] = w->field[k].name;
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", k ? ", " : "", names[k]);
  }
  const char *near = EddyNearest(name, names, w->info.nfield);
  SETERRQ(PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no field '%s'%s%s%s; it has %s", w->path, name,
          near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "", all);
}

PetscErrorCode EddyWellGetParameter(EddyWell w, const char *name, const double **values)
{
  PetscFunctionBeginUser;
  *values = NULL;
  for (PetscInt k = 0; k < w->info.nparameter; ++k)
    if (!strcmp(w->parameter[k], name))
      *values = w->values + (size_t)k * w->info.ntrajectories;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* [x][y][z][c] with the axes of s->dim_varying only -> [c][z][y][x], missing axes repeated. */
static void Unpack(const EddyBox *b, const Source *s, PetscInt ncomp, const double *in, double *out)
{
  const PetscInt *n = b->n;
  size_t stride[3] = {0}, step = (size_t)ncomp;
  for (int d = (int)b->dim - 1; d >= 0; --d)
    if (s->dim_varying[d])
      stride[d] = step, step *= (size_t)n[d];
  for (PetscInt c = 0; c < ncomp; ++c)
    for (PetscInt k = 0; k < n[2]; ++k)
      for (PetscInt j0 = 0; j0 < n[1]; j0 += 16)
        for (PetscInt i0 = 0; i0 < n[0]; i0 += 16)
          for (PetscInt j = j0; j < PetscMin(j0 + 16, n[1]); ++j)
            for (PetscInt i = i0; i < PetscMin(i0 + 16, n[0]); ++i)
              out[(((size_t)c * n[2] + k) * n[1] + j) * n[0] + i] =
                  in[i * stride[0] + j * stride[1] + k * stride[2] + c];
}

PetscErrorCode EddyWellReadFrame(EddyWell w, PetscInt field, PetscInt trajectory, PetscInt frame,
                                 double *out)
{
  const EddyWellInfo *info = &w->info;
  hsize_t start[WELL_MAX_RANK] = {0}, count[WELL_MAX_RANK], size = 1;
  int n = 0;

  PetscFunctionBeginUser;
  PetscCheck(field >= 0 && field < info->nfield, PETSC_COMM_SELF, PETSC_ERR_ARG_OUTOFRANGE,
             "field %" PetscInt_FMT " of %" PetscInt_FMT, field, info->nfield);
  PetscCheck(trajectory >= 0 && trajectory < info->ntrajectories && frame >= 0 &&
                 frame < info->nframes,
             PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: trajectory %" PetscInt_FMT ", frame %" PetscInt_FMT
             " asked for, the file has %" PetscInt_FMT " and %" PetscInt_FMT,
             w->path, trajectory, frame, info->ntrajectories, info->nframes);
  PetscCheck((PetscInt64)trajectory * info->nframes + frame < info->frames_done, PETSC_COMM_SELF,
             EDDY_ERR_INPUT,
             "%s: trajectory %" PetscInt_FMT ", frame %" PetscInt_FMT
             " is not written yet (%" PetscInt64_FMT " frames are)",
             w->path, trajectory, frame, info->frames_done);
  const EddyWellField *f = &w->field[field];
  const Source *s = &w->source[field];
  if (f->sample_varying)
    start[n] = (hsize_t)trajectory, count[n++] = 1;
  if (f->time_varying)
    start[n] = (hsize_t)frame, count[n++] = 1;
  for (PetscInt d = 0; d < info->box.dim; ++d)
    if (s->dim_varying[d])
      count[n] = (hsize_t)info->box.n[d], size *= count[n++];
  for (PetscInt r = 0; r < f->rank; ++r)
    count[n] = (hsize_t)info->box.dim, size *= count[n++];
  if (size > w->frame_size) {
    PetscCall(PetscFree(w->frame));
    PetscCall(PetscMalloc1(size, &w->frame));
    w->frame_size = size;
  }
  hid_t space = H5Dget_space(s->set), memory = H5Screate_simple(1, &size, NULL);
  herr_t status = n ? H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) : 0;
  if (status >= 0)
    status = H5Dread(s->set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, w->frame);
  H5Sclose(memory);
  H5Sclose(space);
  EddyH5Call(w->path, "read a frame", status);
  Unpack(&info->box, s, f->ncomp, w->frame, out);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyWellClose(EddyWell *well)
{
  PetscFunctionBeginUser;
  if (!*well)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyWell w = *well;
  for (PetscInt k = 0; k < w->info.nfield; ++k)
    if (w->source[k].set >= 0)
      H5Dclose(w->source[k].set);
  if (w->file >= 0)
    H5Fclose(w->file);
  PetscCall(PetscFree(w->values));
  PetscCall(PetscFree(w->times));
  PetscCall(PetscFree3(w->row, w->seed, w->status));
  PetscCall(PetscFree(w->provenance));
  PetscCall(PetscFree(w->frame));
  PetscCall(EddyVerticesFree(&w->vertices));
  PetscCall(PetscFree(*well));
  PetscFunctionReturn(PETSC_SUCCESS);
}
