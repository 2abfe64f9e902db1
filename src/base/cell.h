/* SPDX-License-Identifier: BSD-3-Clause */
/* One cell of a mapped grid: the image of the unit cube under the (bi-, tri-)linear map through its corners. */
#ifndef EDDY_CELL_H
#define EDDY_CELL_H
#include "eddy_base.h"

/* Corners of a cell (global indices): x[c] with bit d of c the upper end in direction d. */
void EddyCellCorners(const EddyBox *box, const PetscInt cell[3], PetscReal x[8][3]);
/* Point of a cell at t in [0, 1]^dim, and the determinant of the map there. */
void EddyCellPoint(PetscInt dim, PetscReal x[8][3], const PetscReal t[3], PetscReal at[3],
                   PetscReal *jacobian);
/* Volume, centroid, and the least determinant at a corner: a folded cell has one below zero. Two Gauss points are exact. */
void EddyCellMeasure(const EddyBox *box, const PetscInt cell[3], PetscReal *volume,
                     PetscReal centre[3], PetscReal *least);
#endif
