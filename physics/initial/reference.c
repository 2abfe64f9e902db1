/* SPDX-License-Identifier: BSD-3-Clause */
/* Largest value of fields given by modes: a column sum for every kx, then a row sum for every
 * point. */
#include "reference.h"
#include <math.h>

enum { MAX_FIELD = 3, MIN_POINTS = 16, MAX_POINTS = 1024 };

typedef struct {
  PetscInt n[2], kx, ky; /* points, largest |ik| */
  EddyComplex *wave[2];  /* exp(2 pi i j / n_d) */
  EddyComplex *column;   /* [nfield][kx+1][ny] */
} Grid;

static PetscErrorCode GridCreate(const EddyBox *box, PetscInt n, PetscInt nfield, Grid *g)
{
  PetscFunctionBeginUser;
  for (int d = 0; d < 2; ++d) {
    const PetscReal points = n * EddyBoxLength(box, d) / EddyBoxLength(box, 0);
    g->n[d] = 2 * (PetscInt)ceil(.5 * PetscMin(PetscMax(points, MIN_POINTS), MAX_POINTS));
    if (d >= box->dim)
      g->n[d] = 1;
    PetscCall(PetscMalloc1(g->n[d], &g->wave[d]));
    for (PetscInt j = 0; j < g->n[d]; ++j) {
      const PetscReal a = 2 * PETSC_PI * j / g->n[d];
      g->wave[d][j] = EddyC(cos(a), sin(a));
    }
  }
  g->kx = g->n[0] / 2 - 1;
  g->ky = g->n[1] > 1 ? g->n[1] / 2 - 1 : 0;
  PetscCall(PetscCalloc1((size_t)(nfield * (g->kx + 1) * g->n[1]), &g->column));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Adds z exp(i ky y) to a column. */
static void AddWave(const Grid *g, PetscInt ky, EddyComplex z, EddyComplex *column)
{
  const PetscInt n = g->n[1];
  for (PetscInt y = 0, j = 0; y < n; ++y) {
    column[y] = EddyCAdd(column[y], EddyCMul(z, g->wave[1][j]));
    j += ky;
    if (j >= n)
      j -= n;
    if (j < 0)
      j += n;
  }
}

static void FillColumns(const Grid *g, const EddyBox *box, PetscInt nfield, EddyReferenceFn fn,
                        void *ctx)
{
  for (PetscInt kx = 0; kx <= g->kx; ++kx) {
    for (PetscInt ky = kx ? -g->ky : 0; ky <= g->ky; ++ky) {
      const EddyMode k = EddyModeMake(box, (int)kx, (int)ky, 0);
      EddyComplex z[MAX_FIELD] = {{0, 0}};
      fn(ctx, &k, z);
      for (PetscInt f = 0; f < nfield; ++f) {
        EddyComplex *column = g->column + (f * (g->kx + 1) + kx) * g->n[1];
        if (!kx && !ky)
          z[f].im = 0;
        AddWave(g, ky, z[f], column);
        if (!kx && ky)
          AddWave(g, -ky, EddyC(z[f].re, -z[f].im), column);
      }
    }
  }
}

/* Value of one field at a point: its column kx = 0 plus twice the real part of the others. */
static PetscReal Value(const Grid *g, const EddyComplex *column, PetscInt x, PetscInt y)
{
  PetscReal v = column[y].re;
  for (PetscInt kx = 1, j = x; kx <= g->kx; ++kx) {
    const EddyComplex c = column[kx * g->n[1] + y], w = g->wave[0][j];
    v += 2 * (c.re * w.re - c.im * w.im);
    j += x;
    if (j >= g->n[0])
      j -= g->n[0];
  }
  return v;
}

PetscErrorCode EddyReferenceMax(const EddyBox *box, PetscInt n, PetscInt nfield, EddyReferenceFn fn,
                                void *ctx, PetscReal *max)
{
  Grid g;
  PetscReal top = 0;

  PetscFunctionBeginUser;
  EddyAssert(box->dim <= 2 && nfield <= MAX_FIELD, PETSC_COMM_SELF, "reference grid in %d-D",
             (int)box->dim);
  PetscCall(GridCreate(box, n, nfield, &g));
  FillColumns(&g, box, nfield, fn, ctx);
  for (PetscInt y = 0; y < g.n[1]; ++y) {
    for (PetscInt x = 0; x < g.n[0]; ++x) {
      PetscReal sum = 0;
      for (PetscInt f = 0; f < nfield; ++f)
        sum += PetscSqr(Value(&g, g.column + f * (g.kx + 1) * g.n[1], x, y));
      top = sum > top ? sum : top;
    }
  }
  *max = sqrt(top);
  for (int d = 0; d < 2; ++d)
    PetscCall(PetscFree(g.wave[d]));
  PetscCall(PetscFree(g.column));
  PetscFunctionReturn(PETSC_SUCCESS);
}
