/* SPDX-License-Identifier: BSD-3-Clause */
/* Geometry of a mapped grid from the vertices of the mesh; every rank makes its own block, with the same bits on any number of ranks. See mapped.h. */
#include "cell.h"
#include "fv.h"
#include <math.h>
#include <stdlib.h>

void EddyFvCellAverage(const EddyBox *box, const PetscInt cell[3], PetscInt m,
                       const PetscReal abscissa[], const PetscReal weight[],
                       void (*value)(void *ctx, const PetscReal x[3], PetscReal v[]), void *ctx,
                       PetscInt nv, PetscReal avg[])
{
  const PetscInt dim = box->dim, n[3] = {m, dim > 1 ? m : 1, dim > 2 ? m : 1};
  PetscReal x[8][3], volume = 0;
  EddyCellCorners(box, cell, x);
  for (PetscInt q = 0; q < nv; ++q)
    avg[q] = 0;
  for (PetscInt k = 0; k < n[2]; ++k)
    for (PetscInt j = 0; j < n[1]; ++j)
      for (PetscInt i = 0; i < n[0]; ++i) {
        const PetscInt g[3] = {i, j, k};
        PetscReal t[3] = {0, 0, 0}, at[3], w = 1, jacobian, v[EDDY_MAX_COMP] = {0};
        for (int d = 0; d < (int)dim; ++d) {
          t[d] = .5 * (1 + abscissa[g[d]]);
          w *= weight[g[d]];
        }
        EddyCellPoint(dim, x, t, at, &jacobian);
        value(ctx, at, v);
        volume += w * jacobian;
        for (PetscInt q = 0; q < nv; ++q)
          avg[q] += w * jacobian * v[q];
      }
  for (PetscInt q = 0; q < nv; ++q)
    avg[q] /= volume;
}

/* Area vector of the low face in direction e of cell `at` (global; one past the last cell for the upper end); the last face of a periodic direction is the first. */
static void Area(const EddyBox *box, int e, const PetscInt face[3], PetscReal S[3])
{
  const EddyVertices *v = box->mapped;
  PetscInt a[3] = {face[0], face[1], face[2]};
  PetscReal x[4][3];
  S[0] = S[1] = S[2] = 0;
  if (box->periodic[e] && a[e] == box->n[e])
    a[e] = 0;
  if (box->dim == 1) {
    S[0] = 1;
    return;
  }
  if (box->dim == 2) {
    const int f = 1 - e;
    v->Vertex(v->ctx, a, x[0]);
    ++a[f];
    v->Vertex(v->ctx, a, x[1]);
    S[0] = (e == 0 ? 1 : -1) * (x[1][1] - x[0][1]);
    S[1] = (e == 0 ? -1 : 1) * (x[1][0] - x[0][0]);
    return;
  }
  const int f = (e + 1) % 3, g = (e + 2) % 3;
  PetscReal p[3], q[3];
  v->Vertex(v->ctx, a, x[0]);
  ++a[f];
  v->Vertex(v->ctx, a, x[1]);
  ++a[g];
  v->Vertex(v->ctx, a, x[2]);
  --a[f];
  v->Vertex(v->ctx, a, x[3]);
  for (int d = 0; d < 3; ++d) {
    p[d] = x[2][d] - x[0][d];
    q[d] = x[3][d] - x[1][d];
  }
  for (int d = 0; d < 3; ++d) {
    const int b = (d + 1) % 3, c = (d + 2) % 3;
    S[d] = .5 * (p[b] * q[c] - p[c] * q[b]);
  }
}

PetscReal EddyFvUnitArea(const EddyBox *box, int e, const PetscInt face[3], PetscReal n[3])
{
  PetscReal S[3];
  Area(box, e, face, S);
  const PetscReal area = sqrt(S[0] * S[0] + S[1] * S[1] + S[2] * S[2]);
  for (int d = 0; d < 3; ++d)
    n[d] = area > 0 ? S[d] / area : d == e;
  return area;
}

static PetscErrorCode Faces(EddyDisc d, int e)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvMapped *g = s->mapped;
  const PetscInt dim = s->dim;
  const PetscInt n[3] = {s->n[0] + (e == 0), s->n[1] + (e == 1), s->n[2] + (e == 2)};
  const size_t size = g->pitch * (size_t)(dim + 1) * (size_t)n[1] * (size_t)n[2];
  PetscFunctionBeginUser;
  g->face[e] = (double *)aligned_alloc(64, (size * sizeof(double) + 63) / 64 * 64);
  PetscCheck(g->face[e], PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  for (size_t i = 0; i < size; ++i) /* between the rows: any regular face */
    g->face[e][i] =
        i / g->pitch % (size_t)(dim + 1) == 0 || i / g->pitch % (size_t)(dim + 1) == (size_t)dim;
  for (PetscInt k = 0; k < n[2]; ++k)
    for (PetscInt j = 0; j < n[1]; ++j)
      for (PetscInt i = 0; i < n[0]; ++i) {
        const PetscInt at[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
        double *to = g->face[e] + EddyFvFaceRow(s, e, j, k) + i;
        PetscReal normal[3];
        to[(size_t)dim * g->pitch] = EddyFvUnitArea(&d->box, e, at, normal);
        for (PetscInt q = 0; q < dim; ++q)
          to[(size_t)q * g->pitch] = normal[q];
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Cells(EddyDisc d, EddyOptions o)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvMapped *g = s->mapped;
  const PetscInt *N = d->box.n;
  const size_t size = g->pitch * (size_t)s->n[1] * (size_t)s->n[2];
  PetscInt64 bad = INT64_MAX;
  PetscFunctionBeginUser;
  g->inv_volume = (double *)aligned_alloc(64, (size * sizeof(double) + 127) / 64 * 64);
  PetscCheck(g->inv_volume, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  for (size_t i = 0; i < size; ++i)
    g->inv_volume[i] = 1;
  PetscCall(PetscMalloc2(s->cells + 1, &g->volume, s->cells * (size_t)s->dim + 1, &g->centre));
  for (PetscInt k = 0; k < s->n[2]; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; ++i) {
        const PetscInt at[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
        const size_t cell = EddyFvCell(s, i, j, k);
        PetscReal volume, x[3], least;
        EddyCellMeasure(&d->box, at, &volume, x, &least);
        if (!(volume > 0 && least > 0 && volume <= PETSC_MAX_REAL))
          bad = PetscMin(bad, ((PetscInt64)at[2] * N[1] + at[1]) * N[0] + at[0]);
        g->volume[cell] = volume;
        g->inv_volume[EddyFvVolumeRow(s, j, k) + (size_t)i] = 1 / volume;
        for (PetscInt q = 0; q < s->dim; ++q)
          g->centre[(size_t)q * s->cells + cell] = x[q];
      }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPIU_INT64, MPI_MIN, d->comm));
  EddyOptionsCheck(bad == INT64_MAX, o, "mesh_type",
                   "cell (%d, %d, %d) is folded or turned inside out: its edges must form a "
                   "right-handed cell of positive volume",
                   (int)(bad % N[0]), (int)(bad / N[0] % N[1]), (int)(bad / N[0] / N[1]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMappedCreate(EddyDisc d, EddyOptions o)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  if (!d->box.mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&s->mapped));
  s->mapped->pitch = (size_t)(s->n[0] + 1 + 7) / 8 * 8 + 16;
  for (int e = 0; e < (int)s->dim; ++e)
    PetscCall(Faces(d, e));
  PetscCall(Cells(d, o));
  PetscCall(EddyFvBordersCreate(d));
  for (int e = 0; e < (int)s->dim; ++e)
    s->inv_dx[e] = (double)d->box.n[e]; /* positions along faces are fractions of the indices */
  s->volume = 1;                        /* sums are of volume times state */
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMappedDestroy(EddyFv *s)
{
  EddyFvMapped *g = s->mapped;
  PetscFunctionBeginUser;
  if (!g)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int e = 0; e < 3; ++e) {
    free(g->face[e]);
    for (int side = 0; side < 2; ++side)
      PetscCall(PetscFree(g->border[e][side]));
  }
  free(g->inv_volume);
  free(g->cell);
  PetscCall(PetscFree2(g->volume, g->centre));
  PetscCall(PetscFree(s->mapped));
  PetscFunctionReturn(PETSC_SUCCESS);
}
