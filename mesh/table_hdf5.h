/* SPDX-License-Identifier: BSD-3-Clause */
/* Vertices of mesh_type table from an HDF5 file: one dataset of floating-point numbers, [x][y][z][dim] or [z][y][x][dim]. */
#ifndef EDDY_TABLE_HDF5_H
#define EDDY_TABLE_HDF5_H
#include "options.h"

/* Rank 0: x [z][y][x][dim] of m vertices per direction from dataset `set` of the file; slow_z: the dataset has its axes from z to x. Errors: EDDY_ERR_INPUT
   through mesh_file or mesh_dataset: file, dataset, extents, what is not finite. */
PetscErrorCode EddyTableReadHdf5(EddyOptions o, const char *path, const char *set, PetscBool slow_z,
                                 PetscInt dim, const PetscInt m[3], PetscReal *x);
/* Whether the name ends as those of HDF5 files do: .h5, .hdf5, .part. */
PetscBool EddyTableIsHdf5(const char *path);
#endif
