/* SPDX-License-Identifier: BSD-3-Clause */
/* Cell averages of a start: from points by Gauss quadrature (four points per direction; the centre alone for states with jumps), from Fourier
   coefficients by their sum, each mode averaged over the cell exactly. */
#include "fv.h"
#include <math.h>

enum { GAUSS = 4 };
static const double gauss_x[GAUSS] = {-.861136311594052575, -.339981043584856265,
                                      .339981043584856265, .861136311594052575};
static const double gauss_w[GAUSS] = {.173927422568726929, .326072577431273071, .326072577431273071,
                                      .173927422568726929};

static double Centre(const EddyBox *box, int e, PetscInt i)
{
  return box->lower[e] + EddyBoxLength(box, e) * ((double)i + .5) / (double)box->n[e];
}

void EddyFvBoxAverage(const EddyBox *box, const PetscInt cell[3], PetscBool one, PetscInt nc,
                      EddyFvPoint at, void *ctx, PetscReal avg[])
{
  const PetscInt dim = box->dim;
  if (box->mapped && !one) {
    EddyFvCellAverage(box, cell, GAUSS, gauss_x, gauss_w, at, ctx, nc, avg);
    return;
  }
  const int m[3] = {one ? 1 : GAUSS, one || dim < 2 ? 1 : GAUSS, one || dim < 3 ? 1 : GAUSS};
  for (PetscInt c = 0; c < nc; ++c)
    avg[c] = 0;
  for (int k = 0; k < m[2]; ++k)
    for (int j = 0; j < m[1]; ++j)
      for (int i = 0; i < m[0]; ++i) {
        const int q[3] = {i, j, k};
        PetscReal x[3] = {0, 0, 0}, v[EDDY_MAX_COMP] = {0}, weight = 1;
        for (int e = 0; e < (int)dim; ++e) {
          x[e] = Centre(box, e, cell[e]);
          if (one)
            continue;
          x[e] += .5 * gauss_x[q[e]] * EddyBoxLength(box, e) / (double)box->n[e];
          weight *= gauss_w[q[e]];
        }
        at(ctx, x, v);
        for (PetscInt c = 0; c < nc; ++c)
          avg[c] += weight * v[c];
      }
}

static void StartPoint(void *ctx, const PetscReal x[3], PetscReal u[])
{
  EddyInitial ic = (EddyInitial)ctx;
  ic->ops->Point(ic, x, u);
}

/* The value at the centroid of a mapped cell. */
static void MappedCentre(EddyDisc d, EddyInitial ic, size_t at, PetscReal avg[])
{
  const EddyFv *s = EddyFvGet(d);
  PetscReal x[3] = {0, 0, 0};
  for (PetscInt e = 0; e < s->dim; ++e)
    x[e] = s->mapped->centre[(size_t)e * s->cells + at];
  for (PetscInt c = 0; c < s->ncomp; ++c)
    avg[c] = 0;
  ic->ops->Point(ic, x, avg);
}

static void AddPoints(EddyDisc d, EddyInitial ic, double *u)
{
  EddyFv *s = EddyFvGet(d);
  for (PetscInt k = 0; k < s->n[2]; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; ++i) {
        const PetscInt cell[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
        PetscReal avg[EDDY_MAX_COMP];
        if (s->mapped && ic->centre)
          MappedCentre(d, ic, EddyFvCell(s, i, j, k), avg);
        else
          EddyFvBoxAverage(&d->box, cell, ic->centre, s->ncomp, StartPoint, ic, avg);
        for (PetscInt c = 0; c < s->ncomp; ++c)
          u[(size_t)c * s->cells + EddyFvCell(s, i, j, k)] += avg[c];
      }
}

/* exp(i k x) averaged over a cell, for |k| < n/2, by [mode][cell of this rank]; mode m stands for wave m or m - (2K-1). */
static PetscErrorCode Waves(EddyDisc d, int e, PetscInt K, EddyComplex **table)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt n = s->n[e], modes = 2 * K - 1;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1((size_t)modes * (size_t)n + 1, table));
  for (PetscInt m = 0; m < modes; ++m) {
    const PetscInt wave = m < K ? m : m - modes;
    const double half = PETSC_PI * (double)wave / (double)d->box.n[e],
                 mean = wave ? sin(half) / half : 1;
    for (PetscInt i = 0; i < n; ++i) {
      const double a = 2 * half * ((double)(s->start[e] + i) + .5);
      (*table)[(size_t)m * (size_t)n + (size_t)i] = (EddyComplex){mean * cos(a), mean * sin(a)};
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Adds component comp of a start given by modes to [nz][ny][nx] values `to`. */
static PetscErrorCode AddModes(EddyDisc d, EddyInitial ic, PetscInt comp, double *to)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt Kx = (d->box.n[0] - 1) / 2 + 1, Ky = s->dim > 1 ? (d->box.n[1] - 1) / 2 + 1 : 1,
                 My = 2 * Ky - 1, nx = s->n[0], ny = s->n[1];
  EddyComplex *wx, *wy, *row;
  PetscFunctionBeginUser;
  PetscCheck(s->dim < 3, d->comm, EDDY_ERR_INPUT, "initial_type %s is for 1-D and 2-D boxes",
             ic->ops->name);
  PetscCall(Waves(d, 0, Kx, &wx));
  PetscCall(Waves(d, 1, Ky, &wy));
  PetscCall(PetscMalloc1(nx + 1, &row));
  for (PetscInt m = 0; m < My; ++m) {
    const int ky = (int)(m < Ky ? m : m - My);
    for (PetscInt i = 0; i < nx; ++i)
      row[i] = (EddyComplex){0, 0};
    /* half of the modes: kx > 0, or kx = 0 and ky >= 0; the others are their conjugates */
    for (PetscInt l = ky < 0 ? 1 : 0; l < Kx; ++l) {
      const EddyMode k = EddyModeMake(&d->box, (int)l, ky, 0);
      EddyComplex v[EDDY_MAX_COMP] = {{0, 0}};
      ic->ops->Mode(ic, &k, v);
      const PetscBool zero = (PetscBool)(!l && !ky);
      const EddyComplex z = EddyCScale(zero ? 1 : 2, EddyC(v[comp].re, zero ? 0 : v[comp].im));
      if (z.re == 0 && z.im == 0)
        continue;
      for (PetscInt i = 0; i < nx; ++i)
        row[i] = EddyCAdd(row[i], EddyCMul(z, wx[l * nx + i]));
    }
    for (PetscInt j = 0; j < ny; ++j)
      for (PetscInt i = 0; i < nx; ++i)
        to[EddyFvCell(s, i, j, 0)] += EddyCMul(row[i], wy[m * ny + j]).re;
  }
  PetscCall(PetscFree(wx));
  PetscCall(PetscFree(wy));
  PetscCall(PetscFree(row));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Primitive components by modes, then every cell to the conserved state. */
static PetscErrorCode AddPrimitive(EddyDisc d, EddyInitial ic, double *u)
{
  EddyFv *s = EddyFvGet(d);
  double *w;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1((size_t)s->nprim * s->cells + 1, &w));
  for (PetscInt c = 0; c < s->nprim; ++c)
    PetscCall(AddModes(d, ic, c, w + (size_t)c * s->cells));
  for (size_t i = 0; i < s->cells; ++i) {
    PetscReal a[EDDY_MAX_COMP], b[EDDY_MAX_COMP];
    for (PetscInt c = 0; c < s->nprim; ++c)
      a[c] = w[(size_t)c * s->cells + i];
    d->physics->ops->ToCons(d->physics->ctx, a, b);
    for (PetscInt c = 0; c < s->ncomp; ++c)
      u[(size_t)c * s->cells + i] += b[c];
  }
  PetscCall(PetscFree(w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvInitialise(EddyDisc d, EddyInitial ic, double *u)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(u, d->size));
  for (EddyInitial q = ic; q; q = q->next) {
    const PetscBool scalar = (PetscBool)(d->physics->scalar && q->comp >= d->physics->scalar);
    double *own = u + (size_t)q->comp * s->cells;
    if (scalar) /* replaces what the start of the gas said of it */
      PetscCall(PetscArrayzero(own, s->cells));
    if (q->ops->Point)
      AddPoints(d, q, u);
    else {
      PetscCheck(q->ops->Mode, d->comm, PETSC_ERR_SUP,
                 "initial_type %s gives neither modes nor points", q->ops->name);
      PetscCheck(!d->box.mapped, d->comm, EDDY_ERR_INPUT,
                 "initial_type %s is a sum of waves for mesh_type box; mapped grids need a start "
                 "that is given at points",
                 q->ops->name);
      PetscCall(q->ops->primitive ? AddPrimitive(d, q, u)
                                  : AddModes(d, q, q->comp, u + (size_t)q->comp * s->cells));
    }
    for (size_t i = 0; scalar && i < s->cells; ++i)
      own[i] *= u[i];
  }
  for (size_t i = 0; d->physics->ops->Begin && i < s->cells; ++i) {
    PetscReal a[EDDY_MAX_COMP], v[EDDY_MAX_COMP];
    for (PetscInt c = 0; c < d->physics->naux; ++c)
      a[c] = s->aux[(size_t)c * s->cells + i];
    for (PetscInt c = 0; c < s->ncomp; ++c)
      v[c] = u[(size_t)c * s->cells + i];
    d->physics->ops->Begin(d->physics->ctx, a, v);
    for (PetscInt c = 0; c < s->ncomp; ++c)
      u[(size_t)c * s->cells + i] = v[c];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Averages of whole cells of a finer grid, or the value of the cell of a coarser one: both keep every integral. */
PetscErrorCode EddyFvLoad(EddyDisc d, const PetscInt n[3], const double *data, double *u)
{
  EddyFv *s = EddyFvGet(d);
  PetscInt fine[3], coarse[3];
  PetscFunctionBeginUser;
  for (int e = 0; e < 3; ++e) {
    fine[e] = n[e] % d->box.n[e] ? 1 : n[e] / d->box.n[e];
    coarse[e] = d->box.n[e] % n[e] ? 1 : d->box.n[e] / n[e];
    PetscCheck(n[e] * coarse[e] == d->box.n[e] * fine[e], d->comm, EDDY_ERR_INPUT,
               "a field of %d cells in direction %c cannot start a run of %d: one must be a "
               "multiple of the other",
               (int)n[e], "xyz"[e], (int)d -> box.n[e]);
    PetscCheck(!d->box.mapped || n[e] == d->box.n[e], d->comm, EDDY_ERR_INPUT,
               "a field of %d cells in direction %c cannot start a run of %d on a mapped grid",
               (int)n[e], "xyz"[e], (int)d -> box.n[e]);
  }
  PetscCall(PetscArrayzero(u, d->size));
  const double weight = 1. / (double)(fine[0] * fine[1] * fine[2]);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    for (PetscInt k = 0; k < s->n[2] * fine[2]; ++k)
      for (PetscInt j = 0; j < s->n[1] * fine[1]; ++j)
        for (PetscInt i = 0; i < s->n[0] * fine[0]; ++i) {
          const PetscInt at[3] = {(s->start[0] * fine[0] + i) / coarse[0],
                                  (s->start[1] * fine[1] + j) / coarse[1],
                                  (s->start[2] * fine[2] + k) / coarse[2]};
          u[(size_t)c * s->cells + EddyFvCell(s, i / fine[0], j / fine[1], k / fine[2])] +=
              weight *
              data[(((size_t)c * (size_t)n[2] + (size_t)at[2]) * (size_t)n[1] + (size_t)at[1]) *
                       (size_t)n[0] +
                   (size_t)at[0]];
        }
  PetscFunctionReturn(PETSC_SUCCESS);
}
