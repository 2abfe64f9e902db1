/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a point lies in a mapped grid, and what the averages of the cells around it weigh there: between centroids the (bi-, tri-)linear map through those of 2^dim neighbours,
   so that a linear field of cell averages is met exactly; constant from the outermost centroids to the faces, periodic where the indices are. */
#ifndef EDDY_LOCATE_H
#define EDDY_LOCATE_H
#include "eddy_base.h"

enum { EDDY_CORNERS = 8 };

/* t of x in the (bi-, tri-)linear cell with corners c (bit d of the index: upper end in direction d) by Newton iterations, to round-off;
   PETSC_FALSE when they do not settle, as far outside of a skewed cell. Not collective. */
PetscBool EddyCellInvert(PetscInt dim, PetscReal c[EDDY_CORNERS][3], const PetscReal x[3],
                         PetscReal t[3]);
/* n points x[n][3]: cells at[n][EDDY_CORNERS][3] and their weights [n][EDDY_CORNERS], which add up to 1 (one cell may come twice). inside[n]: whether the point lies in the grid;
   where not, nothing else is set. The same on every rank; passes over all cells once. Not collective. */
void EddyLocate(const EddyBox *box, PetscInt n, const PetscReal (*x)[3], PetscBool inside[],
                PetscInt (*at)[EDDY_CORNERS][3], double (*weight)[EDDY_CORNERS]);
#endif
