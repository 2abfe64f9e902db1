/* SPDX-License-Identifier: BSD-3-Clause */
/* Values at the points of a regular grid, 1-D or 2-D, from a file (bathymetry and the like).

     .csv        one point per line, x,z or x,y,z in any order; comment lines (#), a line of names at the top or none
     .asc        ESRI grid: ncols, nrows, xllcenter | xllcorner, yllcenter | yllcorner, cellsize, then rows from the largest y down; comment lines (#). 2-D
     .h5 .hdf5   datasets x [nx], y [ny], z [nx][ny] (1-D: x, z) at the top of the file

   Points must be equally spaced in each direction (to 1e-4 of the spacing) and complete. */
#ifndef EDDY_GRIDDED_H
#define EDDY_GRIDDED_H
#include "options.h"

typedef struct {
  PetscInt dim, n[3];          /* points; 1 beyond dim */
  PetscReal first[3], step[3]; /* place of the first point, spacing [L] */
  PetscReal *z;                /* [ny][nx], owned; NULL: nothing was read */
} EddyGridded;

/* Every rank reads the file. Errors: EDDY_ERR_INPUT with file and line, or what is missing. Not collective. */
PetscErrorCode EddyGriddedRead(const char *path, PetscInt dim, EddyGridded *g);
/* The bilinear function through the points, averaged exactly over the box of size `cell` around x; constant beyond the outermost points. */
PetscReal EddyGriddedMean(const EddyGridded *g, const PetscReal x[3], const PetscReal cell[3]);
PetscErrorCode EddyGriddedDestroy(EddyGridded *g);
#endif
