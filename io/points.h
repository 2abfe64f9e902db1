/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the values of a stored field stand: at the points lower + i dx of a transform grid (EDDY_WHERE_NODE), at the centres lower + (i + 1/2) dx of equal
   cells (EDDY_WHERE_CELL), or in the cells of a mapped grid, whose vertices are stored in the file. */
#ifndef EDDY_POINTS_H
#define EDDY_POINTS_H
#include "hdf5_util.h"

/* Coordinates x[dim] of point `at` of a grid of n on the box; on a mapped grid the mean of the corners of a cell. Not collective. */
void EddyPointAt(const EddyBox *box, const PetscInt n[3], EddyWhere where, const PetscInt at[3],
                 double x[3]);
/* Vertices of the layer k of cells of a 2-D or 3-D mapped grid for pictures, [ny + 1][nx + 1][2] (x, y), owned by the caller (PetscFree); NULL for equal cells. */
PetscErrorCode EddyPointsLayer(const EddyBox *box, PetscInt k, double **vertices);

/* Volumes of the cells of a mapped grid [nz][ny][nx], owned by the caller (PetscFree); NULL for equal cells. */
PetscErrorCode EddyPointsVolumes(const EddyBox *box, double **volume);

/* /mapped/vertices [nx + 1][ny + 1][nz + 1][dim] of an open file, written slab by slab; nothing for equal cells. Serial. Negative when HDF5 failed. */
herr_t EddyVerticesWrite(hid_t file, const EddyBox *box);
double EddyVerticesBytes(const EddyBox *box);
/* The same back, as box->mapped; nothing when the file has none. */
PetscErrorCode EddyVerticesRead(hid_t file, EddyBox *box, EddyVertices **vertices);
PetscErrorCode EddyVerticesFree(EddyVertices **vertices);
#endif
