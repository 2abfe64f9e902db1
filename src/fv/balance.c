/* SPDX-License-Identifier: BSD-3-Clause */
/* Well-balanced sources: what is reconstructed is the ratio of the state to a given equilibrium [ChandrashekarKlingenberg2015, Berberich2018].

     ratio = average of the state / average of the equilibrium;   value at a face = reconstructed ratio * equilibrium at the face

   A state in equilibrium has ratio 1, both sides of a face then hold the equilibrium there, and the source of the physics (EddyFvKernels.Balance) is what
   cancels these fluxes. On a mapped grid the source is made from what the fluxes of the equilibrium itself leave in each cell, by the same kernels, so that it cancels
   them bit for bit on any grid. Ghosts of the averages follow the rules of the boundary, so ratios continue beyond walls and open faces as they are inside. */
#include "fv.h"
#include "viscous.h"
#include <stdlib.h>

static const EddyFvFaceKernels *const kernels[] = {
    &eddy_fv_face_kernels_v2, &eddy_fv_face_kernels_v3, &eddy_fv_face_kernels_v4};

static void EquilibriumPoint(void *ctx, const PetscReal x[3], PetscReal u[])
{
  EddyPhysics p = (EddyPhysics)ctx;
  PetscReal w[EDDY_MAX_COMP] = {0};
  p->ops->Equilibrium(p->ctx, x, w);
  p->ops->ToCons(p->ctx, w, u);
}

/* Middle of the low face of a cell (global indices) in direction e. */
static void Place(const EddyBox *box, int e, const PetscInt cell[3], PetscReal x[3])
{
  const PetscInt dim = box->dim;
  x[0] = x[1] = x[2] = 0;
  if (!box->mapped) {
    for (int q = 0; q < (int)dim; ++q)
      x[q] = box->lower[q] +
             EddyBoxLength(box, q) * ((double)cell[q] + (q == e ? 0 : .5)) / (double)box->n[q];
    return;
  }
  const int corners = 1 << (dim - 1);
  for (int c = 0; c < corners; ++c) {
    PetscInt at[3] = {cell[0], cell[1], cell[2]};
    PetscReal v[3];
    if (box->periodic[e] && at[e] == box->n[e])
      at[e] = 0;
    for (int q = 0, bit = 0; q < (int)dim; ++q)
      if (q != e)
        at[q] += c >> bit++ & 1;
    box->mapped->Vertex(box->mapped->ctx, at, v);
    for (int q = 0; q < (int)dim; ++q)
      x[q] += v[q] / corners;
  }
}

/* The equilibrium in cell (i, j, k) of the block: its averages, and values at low faces. Mapped grids end at the box: ghosts of averages come from the rules of
   the boundary, and only faces of cells of the block are asked for. The averages go through the conserved state, so that they have the bits that
   the primitive state of the equilibrium has: ratios are 1 and nothing moves. */
static void SetCell(EddyDisc d, PetscInt i, PetscInt j, PetscInt k, double *average)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt cell[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
  PetscReal u[EDDY_MAX_COMP], avg[EDDY_MAX_COMP], aux[EDDY_MAX_COMP] = {0};
  const PetscInt local[3] = {i, j, k};
  int beyond[3], outside = 0;
  for (int e = 0; e < 3; ++e)
    outside += beyond[e] = s->mapped && (local[e] < 0 || local[e] >= s->n[e]);
  if (!outside) {
    EddyFvBoxAverage(&d->box, cell, PETSC_FALSE, s->ncomp, EquilibriumPoint, p, u);
    p->fv.ToPrim(p->ctx, 1, 1, u, 1, aux, 1, avg);
    for (PetscInt c = 0; c < s->nprim; ++c)
      average[EddyFvWork(s, c, i, j, k)] = avg[c];
  }
  for (int e = 0; e < (int)s->dim; ++e) {
    PetscReal x[3], w[EDDY_MAX_COMP] = {0};
    if (outside > beyond[e] || (beyond[e] && local[e] < 0))
      continue;
    Place(&d->box, e, cell, x);
    p->ops->Equilibrium(p->ctx, x, w);
    for (PetscInt q = 0; q < p->nbalance; ++q)
      s->balance->face[e][EddyFvWork(s, q, i, j, k)] = w[p->balance[q]];
  }
}

PetscErrorCode EddyFvBalanceCreate(EddyDisc d, EddyOptions o)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  EddyFvBalance *b = s->balance;
  const PetscInt gx = 1, gy = s->dim > 1, gz = s->dim > 2;
  PetscFunctionBeginUser;
  if (!b)
    PetscFunctionReturn(PETSC_SUCCESS);
  struct _p_EddyDisc work = {.size = s->comp * (size_t)p->nbalance + 64},
                     whole = {.size = s->comp * (size_t)s->nprim + 64};
  double *average;
  for (int f = 0; f < 2 * (int)s->dim; ++f)
    for (PetscInt q = 0; q < s->faces.face[f / 2][f % 2].n; ++q) {
      const EddyFvPatch *patch = &s->faces.face[f / 2][f % 2].patch[q];
      const EddyBoundary type = patch->type;
      EddyOptionsCheck((type == EDDY_BOUNDARY_PERIODIC || type == EDDY_BOUNDARY_OUTFLOW ||
                        EddyFaceIsWall(type)) &&
                           !patch->fixed,
                       o, patch->name,
                       "does not go with an equilibrium (physics_hydrostatic_type): outflow and "
                       "walls keep it where no field is given");
    }
  PetscCall(EddyDiscCreateState(&whole, &average));
  PetscCall(EddyDiscCreateState(&work, &b->cell));
  for (int e = 0; e < (int)s->dim; ++e) {
    PetscCall(EddyDiscCreateState(&work, &b->face[e]));
    for (size_t i = 0; i < work.size; ++i)
      b->face[e][i] = 1;
  }
  /* one layer more: high faces of the last cells are low faces of the ghosts */
  for (PetscInt k = -gz; s->cells && k < s->n[2] + gz; ++k)
    for (PetscInt j = -gy; j < s->n[1] + gy; ++j)
      for (PetscInt i = -gx; i < s->n[0] + gx; ++i)
        SetCell(d, i, j, k, average);
  PetscCall(EddyFvGhosts(d, 0, s->nprim, average));
  for (size_t i = 0; i < work.size; ++i)
    b->cell[i] = 1;
  for (PetscInt q = 0; q < p->nbalance; ++q)
    for (size_t i = 0; i < s->comp; ++i) {
      const double a = average[(size_t)p->balance[q] * s->comp + i];
      b->cell[(size_t)q * s->comp + i] = a > 0 ? a : 1; /* corners and padding are not set */
    }
  PetscCall(EddyDiscDestroyState(&average));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvBalanceForces(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  EddyFvBalance *b = s->balance;
  struct _p_EddyDisc work = {.size = s->comp * (size_t)p->nbalance + 64};
  const EddyStage st = {.stage = 1};
  double *u, *f;
  PetscFunctionBeginUser;
  if (!b || !s->mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyDiscCreateState(d, &u));
  PetscCall(EddyDiscCreateState(d, &f));
  for (PetscInt k = 0; k < s->n[2] && s->cells; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; ++i) {
        const PetscInt cell[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
        PetscReal avg[EDDY_MAX_COMP];
        EddyFvBoxAverage(&d->box, cell, PETSC_FALSE, s->ncomp, EquilibriumPoint, p, avg);
        for (PetscInt c = 0; c < s->ncomp; ++c)
          u[(size_t)c * s->cells + EddyFvCell(s, i, j, k)] = avg[c];
      }
  /* the fluxes alone: what else acts belongs to no equilibrium */
  double *const forcings = s->force;
  struct _p_EddyFvClosures *const closures = s->closures;
  const PetscBool learned = s->learned, corrected = s->corrected;
  s->force = NULL;
  s->closures = NULL;
  s->learned = s->corrected = PETSC_FALSE;
  PetscCall(EddyFvRhs(d, &st, u, f, NULL, NULL));
  s->force = forcings;
  s->closures = closures;
  s->learned = learned;
  s->corrected = corrected;
  PetscCall(EddyDiscCreateState(&work, &b->zero));
  for (int e = 0; e < (int)s->dim; ++e) {
    PetscCall(EddyDiscCreateState(&work, &b->force[e]));
    for (PetscInt k = 0; k < s->n[2] && s->cells; ++k)
      for (PetscInt j = 0; j < s->n[1]; ++j)
        for (PetscInt i = 0; i < s->n[0]; ++i)
          b->force[e][EddyFvWork(s, p->nbalance - 1, i, j, k)] =
              -f[(size_t)(p->vector + e) * s->cells + EddyFvCell(s, i, j, k)];
  }
  PetscCall(EddyDiscDestroyState(&u));
  PetscCall(EddyDiscDestroyState(&f));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvBalanceDestroy(EddyFv *s)
{
  if (!s->balance)
    return;
  (void)EddyDiscDestroyState(&s->balance->cell);
  (void)EddyDiscDestroyState(&s->balance->zero);
  for (int e = 0; e < 3; ++e) {
    (void)EddyDiscDestroyState(&s->balance->face[e]);
    (void)EddyDiscDestroyState(&s->balance->force[e]);
  }
  (void)PetscFree(s->balance);
}

void EddyFvBalanceBegin(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt g = EDDY_FV_GHOST, gy = s->dim > 1 ? g : 0, gz = s->dim > 2 ? g : 0;
  for (PetscInt q = 0; q < p->nbalance && s->cells; ++q)
    for (PetscInt k = -gz; k < s->n[2] + gz; ++k)
      for (PetscInt j = -gy; j < s->n[1] + gy; ++j) {
        const size_t at = EddyFvWork(s, 0, -g, j, k);
        kernels[p->level]->Ratio(s->n[0] + 2 * g, s->w + at + (size_t)p->balance[q] * s->comp,
                                 s->balance->cell + at + (size_t)q * s->comp,
                                 s->w + at + (size_t)(s->balance->ratio + q) * s->comp);
      }
}

static const ptrdiff_t *Steps(const EddyFv *s, ptrdiff_t step[3])
{
  step[0] = 1;
  step[1] = (ptrdiff_t)s->pitch;
  step[2] = (ptrdiff_t)s->plane;
  return step;
}

void EddyFvBalanceFaces(const EddyFv *s, EddyPhysics p, PetscInt n, int dir, const double *w,
                        double *qm, double *qp)
{
  ptrdiff_t step[3];
  const double *face = s->balance->face[dir] + (w - s->w);
  for (PetscInt q = 0; q < p->nbalance; ++q, face += s->comp) {
    const size_t c = (size_t)p->balance[q] * s->ts;
    kernels[p->level]->Scale(n, face, qm + c);
    kernels[p->level]->Scale(n, face + Steps(s, step)[dir], qp + c);
  }
}

void EddyFvBalanceRow(const EddyFv *s, EddyPhysics p, PetscInt n, const double *w, double *out,
                      size_t os)
{
  ptrdiff_t step[3];
  const ptrdiff_t at = w - s->w;
  for (int e = 0; e < (int)s->dim; ++e) {
    if (s->mapped) { /* not yet made: this is the equilibrium itself */
      if (s->balance->force[e])
        p->fv.Balance[e](p->ctx, n, 1, s->comp, w, s->balance->cell + at, s->balance->zero + at,
                         s->balance->force[e] + at, os, out);
      continue;
    }
    const double *face = s->balance->face[e] + at;
    p->fv.Balance[e](p->ctx, n, s->inv_dx[e], s->comp, w, s->balance->cell + at, face,
                     face + Steps(s, step)[e], os, out);
  }
}
