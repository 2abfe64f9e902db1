/* SPDX-License-Identifier: BSD-3-Clause */
#include "locate.h"
#include "cell.h"
#include <math.h>
#include <string.h>

enum { NEWTON = 40, MOVES = 8 };
#define EDGE 1e-9 /* of a cell: how far outside still counts as on its face */

/* Weights of the corners at t. */
static void Weights(PetscInt dim, const PetscReal t[3], double w[EDDY_CORNERS])
{
  for (int c = 0; c < EDDY_CORNERS; ++c) {
    w[c] = c < 1 << dim;
    for (int d = 0; d < (int)dim; ++d)
      w[c] *= c >> d & 1 ? t[d] : 1 - t[d];
  }
}

static PetscReal Determinant(PetscInt dim, PetscReal a[3][3])
{
  if (dim == 1)
    return a[0][0];
  if (dim == 2)
    return a[0][0] * a[1][1] - a[0][1] * a[1][0];
  return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
         a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
         a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

PetscBool EddyCellInvert(PetscInt dim, PetscReal c[EDDY_CORNERS][3], const PetscReal x[3],
                         PetscReal t[3])
{
  t[0] = t[1] = t[2] = .5;
  for (int it = 0; it < NEWTON; ++it) {
    PetscReal J[3][3] = {{0}}, r[3], most = 0;
    double w[EDDY_CORNERS];
    Weights(dim, t, w);
    for (int d = 0; d < (int)dim; ++d) {
      r[d] = x[d] - c[0][d]; /* from a corner, lest places far from the origin round steps away */
      for (int k = 1; k < 1 << dim; ++k)
        r[d] -= w[k] * (c[k][d] - c[0][d]);
    }
    for (int e = 0; e < (int)dim;
         ++e) { /* derivative along t_e: the upper half less the lower one */
      PetscReal s[3] = {t[0], t[1], t[2]};
      double up[EDDY_CORNERS], low[EDDY_CORNERS];
      s[e] = 1;
      Weights(dim, s, up);
      s[e] = 0;
      Weights(dim, s, low);
      for (int d = 0; d < (int)dim; ++d)
        for (int k = 0; k < 1 << dim; ++k)
          J[d][e] += (up[k] - low[k]) * c[k][d];
    }
    const PetscReal det = Determinant(dim, J);
    if (!(PetscAbsReal(det) > 0))
      return PETSC_FALSE;
    for (int e = 0; e < (int)dim; ++e) {
      PetscReal K[3][3];
      memcpy(K, J, sizeof K);
      for (int d = 0; d < (int)dim; ++d)
        K[d][e] = r[d];
      const PetscReal step = Determinant(dim, K) / det;
      t[e] += step;
      most = PetscMax(most, PetscAbsReal(step));
    }
    if (!(most < 1e3))
      return PETSC_FALSE;
    if (most < 1e-13)
      return PETSC_TRUE;
  }
  return PETSC_FALSE;
}

/* Index in [0, n) and how often the period was added; outside of directions that are not periodic the outermost one. */
static PetscInt Wrap(const EddyBox *box, int d, PetscInt i, int *turns)
{
  const PetscInt n = box->n[d];
  *turns = 0;
  if (!box->periodic[d])
    return PetscMin(PetscMax(i, 0), n - 1);
  const PetscInt k = (i % n + n) % n;
  *turns = (int)((i - k) / n);
  return k;
}

/* Cells lo .. lo + 1 and their centroids, those beyond a periodic face carried over. */
static void Neighbours(const EddyBox *box, const PetscInt lo[3], PetscInt at[EDDY_CORNERS][3],
                       PetscReal x[EDDY_CORNERS][3])
{
  for (int c = 0; c < EDDY_CORNERS; ++c) {
    PetscReal volume, least;
    int turns[3] = {0, 0, 0};
    at[c][0] = at[c][1] = at[c][2] = 0;
    for (int d = 0; d < (int)box->dim; ++d)
      at[c][d] = Wrap(box, d, lo[d] + (c >> d & 1), &turns[d]);
    EddyCellMeasure(box, at[c], &volume, x[c], &least);
    for (int d = 0; d < (int)box->dim; ++d)
      if (turns[d]) {
        PetscInt end[3] = {0, 0, 0};
        PetscReal a[3], b[3];
        box->mapped->Vertex(box->mapped->ctx, end, a);
        end[d] = box->n[d];
        box->mapped->Vertex(box->mapped->ctx, end, b);
        for (int q = 0; q < (int)box->dim; ++q)
          x[c][q] += turns[d] * (b[q] - a[q]);
      }
  }
}

/* From the place t in a cell to weights of the cells around. */
static void Between(const EddyBox *box, const PetscReal x[3], const PetscInt cell[3],
                    const PetscReal t[3], PetscInt at[EDDY_CORNERS][3], double w[EDDY_CORNERS])
{
  PetscInt lo[3] = {0, 0, 0};
  PetscReal centre[EDDY_CORNERS][3], s[3] = {0, 0, 0};
  PetscBool settled = PETSC_FALSE;
  for (int d = 0; d < (int)box->dim; ++d)
    lo[d] = cell[d] - (t[d] < .5);
  for (int move = 0; move < MOVES && !settled; ++move) {
    for (int d = 0; d < (int)box->dim; ++d)
      if (!box->periodic[d])
        lo[d] = PetscMax(0, PetscMin(lo[d], box->n[d] - 2));
    Neighbours(box, lo, at, centre);
    settled = EddyCellInvert(box->dim, centre, x, s);
    if (!settled)
      break;
    for (int d = 0; d < (int)box->dim; ++d) {
      const int step = s[d] < -EDGE ? -1 : s[d] > 1 + EDGE ? 1 : 0;
      const PetscBool ends =
          (PetscBool)(!box->periodic[d] && (step < 0 ? lo[d] == 0 : lo[d] >= box->n[d] - 2));
      if (step && !ends) {
        lo[d] += step;
        settled = PETSC_FALSE;
      }
    }
  }
  if (!settled) { /* along the lines of the grid */
    for (int d = 0; d < (int)box->dim; ++d) {
      lo[d] = cell[d] - (t[d] < .5);
      s[d] = t[d] < .5 ? t[d] + .5 : t[d] - .5;
      if (!box->periodic[d]) {
        s[d] = lo[d] < 0 ? 0 : lo[d] > box->n[d] - 2 ? 1 : s[d];
        lo[d] = PetscMax(0, PetscMin(lo[d], box->n[d] - 2));
      }
    }
    Neighbours(box, lo, at, centre);
  }
  for (int d = 0; d < (int)box->dim; ++d)
    s[d] = PetscMax(0, PetscMin(s[d], 1));
  Weights(box->dim, s, w);
}

/* Whether x lies within the corners of a cell and, if so, where. */
static PetscBool Within(PetscInt dim, PetscReal c[EDDY_CORNERS][3], const PetscReal x[3],
                        PetscReal t[3])
{
  for (int d = 0; d < (int)dim; ++d) {
    PetscReal lower = c[0][d], upper = c[0][d];
    for (int k = 1; k < 1 << dim; ++k) {
      lower = PetscMin(lower, c[k][d]);
      upper = PetscMax(upper, c[k][d]);
    }
    const PetscReal tiny = EDGE * (upper - lower);
    if (x[d] < lower - tiny || x[d] > upper + tiny)
      return PETSC_FALSE;
  }
  if (!EddyCellInvert(dim, c, x, t))
    return PETSC_FALSE;
  for (int d = 0; d < (int)dim; ++d)
    if (t[d] < -EDGE || t[d] > 1 + EDGE)
      return PETSC_FALSE;
  return PETSC_TRUE;
}

void EddyLocate(const EddyBox *box, PetscInt n, const PetscReal (*x)[3], PetscBool inside[],
                PetscInt (*at)[EDDY_CORNERS][3], double (*weight)[EDDY_CORNERS])
{
  for (PetscInt q = 0; q < n; ++q)
    inside[q] = PETSC_FALSE;
  for (PetscInt k = 0; k < box->n[2]; ++k)
    for (PetscInt j = 0; j < box->n[1]; ++j)
      for (PetscInt i = 0; i < box->n[0]; ++i) {
        const PetscInt cell[3] = {i, j, k};
        PetscReal c[EDDY_CORNERS][3], t[3];
        EddyCellCorners(box, cell, c);
        for (PetscInt q = 0; q < n; ++q)
          if (!inside[q] && Within(box->dim, c, x[q], t)) {
            inside[q] = PETSC_TRUE;
            Between(box, x[q], cell, t, at[q], weight[q]);
          }
      }
}
