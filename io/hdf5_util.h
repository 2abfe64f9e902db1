/* SPDX-License-Identifier: BSD-3-Clause */
/* Small helpers over the HDF5 C interface, shared by the files of this room: errors as one line,
   typed attributes.

   HDF5 prints its own stack of errors by default; EddyH5Silence switches that off for the process,
   and EddyH5Error turns the innermost reason (for example "No space left on device") into one line
   with the path. */
#ifndef EDDY_HDF5_UTIL_H
#define EDDY_HDF5_UTIL_H
#include "eddy_base.h"
#include <hdf5.h>

void EddyH5Silence(void);
/* Innermost reason of the last failed HDF5 call. */
void EddyH5Reason(char reason[], size_t len);
/* Returns EDDY_ERR_IO "PATH: cannot WHAT: reason". Not collective. */
PetscErrorCode EddyH5Error(const char *path, const char *what);
#define EddyH5Call(path, what, call) \
  do { \
    if (PetscUnlikely((call) < 0)) \
      PetscCall(EddyH5Error(path, what)); \
  } while (0)
/* Every rank passes whether it failed, and why. When any did, all return EDDY_ERR_IO with the
   reason of the lowest such rank; the communicator stays in step. Collective. */
PetscErrorCode EddyIoAgree(MPI_Comm comm, PetscBool failed, const char *path, const char *what,
                           const char *reason);

/* Access list for a serial file: formats EARLIEST..V18, no sieve buffer, no chunk cache, strong
   close. `lock` asks for a file lock where the file system has them. H5I_INVALID_HID on failure. */
hid_t EddyH5SerialAccess(PetscBool lock);
/* Makes a file, replacing what was there, and closes it; what Put leaves unfinished (it returns negative, as HDF5 does) is unlinked. Not collective. EDDY_ERR_IO. */
PetscErrorCode EddyH5Make(const char *path, herr_t (*Put)(hid_t file, const void *ctx),
                          const void *ctx);
/* Variable-length string type; enum {FALSE=0, TRUE=1} over int8, which Python reads as bool. Caller
 * closes with H5Tclose. */
hid_t EddyH5StringType(void);
hid_t EddyH5BoolType(void);

/* Attributes of an open object; n = -1 writes a scalar, n = 0 an empty list. Negative on failure,
 * as HDF5 does. */
herr_t EddyH5WriteStrings(hid_t loc, const char *name, int n, const char *const values[]);
herr_t EddyH5WriteString(hid_t loc, const char *name, const char *value);
herr_t EddyH5WriteBools(hid_t loc, const char *name, int n, const PetscBool values[]);
herr_t EddyH5WriteBool(hid_t loc, const char *name, PetscBool value);
herr_t EddyH5WriteInt(hid_t loc, const char *name, int64_t value);
herr_t EddyH5WriteReals(hid_t loc, const char *name, int n, const double values[]);

/* Readers return the default when the attribute is missing or of another kind. */
PetscBool EddyH5ReadBool(hid_t loc, const char *name, PetscBool dflt);
int64_t EddyH5ReadInt(hid_t loc, const char *name, int64_t dflt);
/* Up to max strings (fixed or variable length), each cut to EDDY_MAX_NAME - 1; returns their
 * number, 0 when missing. */
int EddyH5ReadStrings(hid_t loc, const char *name, int max, char values[][EDDY_MAX_NAME]);
/* Exactly n doubles; PETSC_FALSE when missing or of another length. */
PetscBool EddyH5ReadReals(hid_t loc, const char *name, int n, double values[]);
#endif
