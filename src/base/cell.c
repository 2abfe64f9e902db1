/* SPDX-License-Identifier: BSD-3-Clause */
#include "cell.h"

enum { GAUSS2 = 2 };

void EddyCellCorners(const EddyBox *box, const PetscInt cell[3], PetscReal x[8][3])
{
  for (int c = 0; c < 1 << box->dim; ++c) {
    PetscInt at[3] = {0, 0, 0};
    for (int d = 0; d < (int)box->dim; ++d)
      at[d] = cell[d] + (c >> d & 1);
    box->mapped->Vertex(box->mapped->ctx, at, x[c]);
  }
}

void EddyCellPoint(PetscInt dim, PetscReal x[8][3], const PetscReal t[3], PetscReal at[3],
                   PetscReal *jacobian)
{
  PetscReal J[3][3] = {{0}};
  at[0] = at[1] = at[2] = 0;
  for (int c = 0; c < 1 << dim; ++c) {
    PetscReal value = 1, slope[3] = {1, 1, 1};
    for (int d = 0; d < (int)dim; ++d) {
      const int up = c >> d & 1;
      value *= up ? t[d] : 1 - t[d];
      for (int e = 0; e < (int)dim; ++e)
        slope[e] *= d == e ? (up ? 1 : -1) : (up ? t[d] : 1 - t[d]);
    }
    for (int d = 0; d < (int)dim; ++d) {
      at[d] += value * x[c][d];
      for (int e = 0; e < (int)dim; ++e)
        J[d][e] += slope[e] * x[c][d];
    }
  }
  *jacobian = dim == 1   ? J[0][0]
              : dim == 2 ? J[0][0] * J[1][1] - J[0][1] * J[1][0]
                         : J[0][0] * (J[1][1] * J[2][2] - J[1][2] * J[2][1]) -
                               J[0][1] * (J[1][0] * J[2][2] - J[1][2] * J[2][0]) +
                               J[0][2] * (J[1][0] * J[2][1] - J[1][1] * J[2][0]);
}

void EddyCellMeasure(const EddyBox *box, const PetscInt cell[3], PetscReal *volume,
                     PetscReal centre[3], PetscReal *least)
{
  static const PetscReal root[GAUSS2] = {.211324865405187118, .788675134594812882};
  const PetscInt dim = box->dim;
  PetscReal x[8][3], at[3], jacobian;
  EddyCellCorners(box, cell, x);
  *volume = 0;
  *least = PETSC_MAX_REAL;
  centre[0] = centre[1] = centre[2] = 0;
  for (int c = 0; c < 1 << dim; ++c) {
    PetscReal t[3] = {0, 0, 0}, corner[3] = {0, 0, 0};
    for (int d = 0; d < (int)dim; ++d) {
      t[d] = root[c >> d & 1];
      corner[d] = c >> d & 1;
    }
    EddyCellPoint(dim, x, corner, at, &jacobian);
    *least = PetscMin(*least, jacobian);
    EddyCellPoint(dim, x, t, at, &jacobian);
    const PetscReal w = jacobian / (PetscReal)(1 << dim);
    *volume += w;
    for (int d = 0; d < (int)dim; ++d)
      centre[d] += w * (at[d] - x[0][d]);
  }
  for (int d = 0; d < (int)dim; ++d)
    centre[d] = x[0][d] + centre[d] / *volume;
}
