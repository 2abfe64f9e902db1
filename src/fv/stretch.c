/* SPDX-License-Identifier: BSD-3-Clause */
/* muscl on mapped grids sees the sizes of cells [Mignone2014]. With h the distance of the middles of the two faces of a cell along a grid line, a cell lies
   (h_{i-1} + h_i)/2 from its neighbour; differences become those of a cell of size h_i,

     a = (q_i - q_{i-1}) 2 h_i / (h_i + h_{i-1}),   b = (q_{i+1} - q_i) 2 h_i / (h_i + h_{i+1}),

   (the second factor is 2 less the first one of cell i + 1), and the half of their limited slope stays below |q_i - q_{i-1}| and |q_{i+1} - q_i|. A linear function
   along the line is met exactly, whatever the sizes; on a curved line up to its bending. Directions of equal cells everywhere take the kernels of the box. ppm and
   weno5 keep their formulas of equal cells. */
#include "cell.h"
#include "fv.h"
#include <math.h>
#include <stdlib.h>

#define ROUNDING 1e-12

/* Length of a cell (global indices) along direction e; beyond the box that of the mirrored cell, or of the one that comes round. */
static PetscReal Size(const EddyBox *box, int e, const PetscInt cell[3])
{
  const PetscInt n = box->n[e];
  PetscInt at[3] = {cell[0], cell[1], cell[2]};
  PetscReal x[8][3], h = 0;
  if (at[e] < 0)
    at[e] = box->periodic[e] ? at[e] + n : -1 - at[e];
  else if (at[e] >= n)
    at[e] = box->periodic[e] ? at[e] - n : 2 * n - 1 - at[e];
  at[e] = PetscMax(0, PetscMin(at[e], n - 1)); /* fewer cells than ghosts */
  EddyCellCorners(box, at, x);
  for (int d = 0; d < (int)box->dim; ++d) {
    PetscReal along = 0;
    for (int c = 0; c < 1 << box->dim; ++c)
      along += (c >> e & 1 ? 1 : -1) * x[c][d];
    h += along * along;
  }
  return sqrt(h);
}

PetscErrorCode EddyFvStretchCreate(EddyDisc d, EddyReconStretched recon)
{
  EddyFv *s = EddyFvGet(d);
  struct _p_EddyDisc work = {.size = s->comp + 64};
  PetscFunctionBeginUser;
  if (!s->mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&s->stretch));
  s->stretch->recon = recon;
  for (int e = 0; e < (int)s->dim; ++e) {
    double **factor = &s->stretch->factor[e], most = 0;
    PetscInt lo[3] = {0, 0, 0}, hi[3] = {s->n[0], s->n[1], s->n[2]};
    lo[e] = -1;
    hi[e] += 2;
    PetscCall(EddyDiscCreateState(&work, factor));
    for (size_t i = 0; i < work.size; ++i)
      (*factor)[i] = 1;
    for (PetscInt k = lo[2]; s->cells && k < hi[2]; ++k)
      for (PetscInt j = lo[1]; j < hi[1]; ++j)
        for (PetscInt i = lo[0]; i < hi[0]; ++i) {
          PetscInt cell[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
          const double h = Size(&d->box, e, cell);
          --cell[e];
          const double f = 2 * h / (h + Size(&d->box, e, cell));
          (*factor)[EddyFvWork(s, 0, i, j, k)] = f;
          most = PetscMax(most, fabs(f - 1));
        }
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, d->comm));
    if (most < ROUNDING)
      PetscCall(EddyDiscDestroyState(factor));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvStretchDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  for (int e = 0; e < 3 && s->stretch; ++e)
    PetscCall(EddyDiscDestroyState(&s->stretch->factor[e]));
  PetscCall(PetscFree(s->stretch));
  PetscFunctionReturn(PETSC_SUCCESS);
}
