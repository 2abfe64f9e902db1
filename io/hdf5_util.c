/* SPDX-License-Identifier: BSD-3-Clause */
#include "hdf5_util.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void EddyH5Silence(void) { (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

typedef struct {
  char *text;
  size_t len;
} Reason;

/* The innermost entry that carries the system's message wins; otherwise the innermost entry. */
static herr_t Walk(unsigned n, const H5E_error2_t *e, void *data)
{
  Reason *r = data;
  const char *desc = e->desc ? e->desc : "", *mark = "error message = '";
  const char *message = strstr(desc, mark);
  if (message) {
    message += strlen(mark);
    const size_t end = strcspn(message, "'");
    snprintf(r->text, r->len, "%.*s", (int)end, message);
    return 1;
  }
  if (!n)
    snprintf(r->text, r->len, "%s", desc);
  return 0;
}

void EddyH5Reason(char reason[], size_t len)
{
  Reason r = {reason, len};
  reason[0] = 0;
  (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, Walk, &r);
  if (!reason[0])
    snprintf(reason, len, "HDF5 gives no reason");
  for (char *c = reason; *c; ++c)
    if (*c == '\n')
      *c = ' ';
}

PetscErrorCode EddyH5Error(const char *path, const char *what)
{
  char reason[512];
  EddyH5Reason(reason, sizeof reason);
  SETERRQ(PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot %s: %s", path, what, reason);
}

PetscErrorCode EddyIoAgree(MPI_Comm comm, PetscBool failed, const char *path, const char *what,
                           const char *reason)
{
  int rank, size, first;
  char text[512] = "";

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  PetscCallMPI(MPI_Comm_size(comm, &size));
  first = failed ? rank : size;
  if (size > 1)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm));
  if (first == size)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(text, sizeof text, "%s", reason ? reason : "");
  PetscCallMPI(MPI_Bcast(text, sizeof text, MPI_CHAR, first, comm));
  SETERRQ(comm, EDDY_ERR_IO, "%s: cannot %s: %s", path, what, text);
}

hid_t EddyH5SerialAccess(PetscBool lock)
{
  hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
  if (fapl < 0)
    return fapl;
  if (H5Pset_libver_bounds(fapl, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) < 0 ||
      H5Pset_sieve_buf_size(fapl, 0) < 0 || H5Pset_cache(fapl, 0, 0, 0, 0) < 0 ||
      H5Pset_fclose_degree(fapl, H5F_CLOSE_STRONG) < 0 ||
      H5Pset_file_locking(fapl, lock ? 1 : 0, 1) < 0) {
    H5Pclose(fapl);
    return H5I_INVALID_HID;
  }
  return fapl;
}

PetscErrorCode EddyH5Make(const char *path, herr_t (*Put)(hid_t file, const void *ctx),
                          const void *ctx)
{
  char reason[512] = "";

  PetscFunctionBeginUser;
  hid_t access = EddyH5SerialAccess(PETSC_TRUE), create = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_obj_track_times(create, 0);
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, create, access);
  H5Pclose(create);
  H5Pclose(access);
  EddyH5Call(path, "create the file", file);
  herr_t status = Put(file, ctx);
  if (status < 0)
    EddyH5Reason(reason, sizeof reason);
  if (H5Fclose(file) < 0 && status >= 0) {
    EddyH5Reason(reason, sizeof reason);
    status = -1;
  }
  if (status < 0)
    (void)unlink(path);
  PetscCheck(status >= 0, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot write the file: %s", path,
             reason);
  PetscFunctionReturn(PETSC_SUCCESS);
}

hid_t EddyH5StringType(void)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

hid_t EddyH5BoolType(void)
{
  hid_t type = H5Tenum_create(H5T_STD_I8LE);
  int8_t v = 0;
  H5Tenum_insert(type, "FALSE", &v);
  v = 1;
  H5Tenum_insert(type, "TRUE", &v);
  return type;
}

static herr_t WriteAttribute(hid_t loc, const char *name, hid_t file_type, hid_t mem_type, int n,
                             const void *values)
{
  const hsize_t dims[1] = {(hsize_t)(n < 0 ? 1 : n)};
  hid_t space = n < 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, dims, NULL);
  hid_t attr = H5Acreate2(loc, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
  herr_t status = attr < 0 ? -1 : 0;
  if (attr >= 0) {
    if (n != 0)
      status = H5Awrite(attr, mem_type, values);
    H5Aclose(attr);
  }
  H5Sclose(space);
  return status;
}

herr_t EddyH5WriteStrings(hid_t loc, const char *name, int n, const char *const values[])
{
  hid_t type = EddyH5StringType();
  herr_t status = WriteAttribute(loc, name, type, type, n, values);
  H5Tclose(type);
  return status;
}

herr_t EddyH5WriteString(hid_t loc, const char *name, const char *value)
{
  return EddyH5WriteStrings(loc, name, -1, &value);
}

herr_t EddyH5WriteBools(hid_t loc, const char *name, int n, const PetscBool values[])
{
  int8_t v[EDDY_MAX_LIST];
  hid_t type = EddyH5BoolType();
  const int m = n < 0 ? 1 : n;
  for (int i = 0; i < m && i < EDDY_MAX_LIST; ++i)
    v[i] = values[i] ? 1 : 0;
  herr_t status = m > EDDY_MAX_LIST ? -1 : WriteAttribute(loc, name, type, type, n, v);
  H5Tclose(type);
  return status;
}

herr_t EddyH5WriteBool(hid_t loc, const char *name, PetscBool value)
{
  return EddyH5WriteBools(loc, name, -1, &value);
}

herr_t EddyH5WriteInt(hid_t loc, const char *name, int64_t value)
{
  return WriteAttribute(loc, name, H5T_STD_I64LE, H5T_NATIVE_INT64, -1, &value);
}

herr_t EddyH5WriteReals(hid_t loc, const char *name, int n, const double values[])
{
  return WriteAttribute(loc, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, n, values);
}

/* Opens an attribute of the wanted class and reports its number of elements; negative when there is
 * none. */
static hid_t OpenAttribute(hid_t loc, const char *name, hid_t *type, hssize_t *n)
{
  if (H5Aexists(loc, name) <= 0)
    return H5I_INVALID_HID;
  hid_t attr = H5Aopen(loc, name, H5P_DEFAULT);
  if (attr < 0)
    return attr;
  hid_t space = H5Aget_space(attr);
  *type = H5Aget_type(attr);
  *n = H5Sget_simple_extent_npoints(space);
  H5Sclose(space);
  return attr;
}

PetscBool EddyH5ReadBool(hid_t loc, const char *name, PetscBool dflt)
{
  hid_t type, attr;
  hssize_t n = 0;
  PetscBool value = dflt;
  if ((attr = OpenAttribute(loc, name, &type, &n)) < 0)
    return dflt;
  const H5T_class_t class = H5Tget_class(type);
  if (n == 1 && (class == H5T_ENUM || class == H5T_INTEGER) && H5Tget_size(type) <= 8) {
    unsigned char raw[8] = {0};
    if (H5Aread(attr, type, raw) >= 0) {
      value = PETSC_FALSE;
      for (size_t i = 0; i < sizeof raw; ++i)
        if (raw[i])
          value = PETSC_TRUE;
    }
  }
  H5Tclose(type);
  H5Aclose(attr);
  return value;
}

int64_t EddyH5ReadInt(hid_t loc, const char *name, int64_t dflt)
{
  hid_t type, attr;
  hssize_t n = 0;
  int64_t value = dflt;
  if ((attr = OpenAttribute(loc, name, &type, &n)) < 0)
    return dflt;
  if (n == 1 && H5Tget_class(type) == H5T_INTEGER && H5Aread(attr, H5T_NATIVE_INT64, &value) < 0)
    value = dflt;
  H5Tclose(type);
  H5Aclose(attr);
  return value;
}

int EddyH5ReadStrings(hid_t loc, const char *name, int max, char values[][EDDY_MAX_NAME])
{
  hid_t type, attr;
  hssize_t n = 0;
  int found = 0;
  if ((attr = OpenAttribute(loc, name, &type, &n)) < 0)
    return 0;
  if (n > 0 && H5Tget_class(type) == H5T_STRING) {
    const PetscBool variable = H5Tis_variable_str(type) > 0 ? PETSC_TRUE : PETSC_FALSE;
    const size_t size = variable ? sizeof(char *) : H5Tget_size(type);
    char *raw = calloc((size_t)n, size);
    if (raw && H5Aread(attr, type, raw) >= 0) {
      for (; found < n && found < max; ++found) {
        const char *text = variable ? ((char **)raw)[found] : raw + (size_t)found * size;
        const size_t len = text ? (variable ? strlen(text) : strnlen(text, size)) : 0;
        snprintf(values[found], EDDY_MAX_NAME, "%.*s", (int)PetscMin(len, EDDY_MAX_NAME - 1),
                 text ? text : "");
      }
      if (variable) {
        hid_t space = H5Aget_space(attr);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw);
        H5Sclose(space);
      }
    }
    free(raw);
  }
  H5Tclose(type);
  H5Aclose(attr);
  return found;
}

PetscBool EddyH5ReadReals(hid_t loc, const char *name, int n, double values[])
{
  hid_t type, attr;
  hssize_t m = 0;
  PetscBool ok = PETSC_FALSE;
  if ((attr = OpenAttribute(loc, name, &type, &m)) < 0)
    return ok;
  if (m == n && H5Aread(attr, H5T_NATIVE_DOUBLE, values) >= 0)
    ok = PETSC_TRUE;
  H5Tclose(type);
  H5Aclose(attr);
  return ok;
}
