/* SPDX-License-Identifier: BSD-3-Clause */
/* The right-hand side on a mapped grid, in the same pass over tiles of rows as sweep.c:

     V du/dt = - sum over faces of A Q^T f(Q w_l, Q w_r),   Q turns vectors into the frame of a face,

   f the flux along the first axis. At a reflecting wall the state beyond is the mirror image of the one within, in the frame of the face, so that nothing
   flows through it. Sources of half a cell (face to centre) act in the frame of that face: for water, -g (h_f + h_c)/2 (b_f - b_c) along its normal,
   which balances the pressure of a level surface on any grid because the areas of a cell add up to zero. */
#include "closures.h"
#include <stdlib.h>

/* Walls may slide along themselves only: nothing flows through a face of theirs. Component c of a velocity that a table gives is looked at as a velocity of one. */
static PetscBool Slides(const EddyFvPatch *patch, const EddyFvBorder *b)
{
  double column[EDDY_MAX_COMP], v[3], through = 0, size = 0;
  for (int c = 0; c < EDDY_MAX_COMP; ++c)
    column[c] = 0;
  EddyFaceWall(patch, column, b->x, v);
  for (int c = 0; c < 3; ++c) {
    if (patch->wall_column[c] >= 0 && PetscAbsReal(b->normal[c]) > 1e-8)
      return PETSC_FALSE;
    through += v[c] * b->normal[c];
    size += v[c] * v[c];
  }
  return (PetscBool)(PetscAbsReal(through) <= 1e-8 * PetscSqrtReal(size));
}

/* Whether a face of this rank of patch q of a face of the box would move through itself. */
static PetscBool Pushes(EddyDisc d, int e, int side, PetscInt q)
{
  const EddyFv *s = EddyFvGet(d);
  const EddyFvPatch *patch = &s->faces.face[e][side].patch[q];
  const PetscInt n[3] = {e == 0 ? 1 : s->n[0], e == 1 ? 1 : s->n[1], e == 2 ? 1 : s->n[2]};
  if (!EddyFaceIsWall(patch->type) || !s->cells || !s->mapped->border[e][side])
    return PETSC_FALSE;
  for (PetscInt l = 0; l < n[0] * n[1] * n[2]; ++l) {
    const PetscInt cell[3] = {l % n[0], l / n[0] % n[1], l / n[0] / n[1]};
    if (EddyFvPatchAt(s, &d->box, 0, e, side, cell) == patch &&
        !Slides(patch, EddyFvBorderAt(s, e, side, cell)))
      return PETSC_TRUE;
  }
  return PETSC_FALSE;
}

PetscErrorCode EddyFvMappedWalls(EddyDisc d, EddyOptions o)
{
  const EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  for (int e = 0; e < (int)s->dim && s->mapped; ++e)
    for (int side = 0; side < 2; ++side)
      for (PetscInt q = 0; q < s->faces.face[e][side].n; ++q) {
        const EddyFvPatch *patch = &s->faces.face[e][side].patch[q];
        char key[4 * EDDY_MAX_NAME];
        int bad = Pushes(d, e, side, q);
        PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPI_INT, MPI_MAX, d->comm));
        PetscCall(PetscSNPrintf(key, sizeof key, "%s_%s", patch->name,
                                patch->table.n     ? "table_path"
                                : patch->spin != 0 ? "spin"
                                                   : "velocity"));
        EddyOptionsCheck(!bad, o, key,
                         "moves the wall into or out of itself; on mapped grids walls slide along "
                         "themselves (along a circle: spin)");
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMappedCheck(EddyDisc d, EddyOptions o, PetscInt riemann)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const char *given;
  PetscFunctionBeginUser;
  if (!d->box.mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscBool normal = (PetscBool)(p->fv.FluxNormal[riemann] && p->fv.SpeedNormal);
  PetscCall(EddyOptionsGetRaw(o, "mesh_type", &given));
  EddyOptionsCheck(normal || (p->fv.Speed && (p->vector || s->dim == 1)), o, "mesh_type",
                   "physics_type %s has no form for mapped grids such as %s; mesh_type box has",
                   p->ops->name, given);
  EddyOptionsCheck(!p->fv.axes, o, p->fv.axes,
                   "is not offered on mesh_type %s; mesh_type box has it", given);
  EddyOptionsCheck(!s->viscous || p->fv.ViscousNormal, o, "mesh_type",
                   "%s has no viscous terms of physics_type %s; take mesh_type box", given,
                   p->ops->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The outer state of n faces of a wall from the inner one, in the frame of the face. */
static void Mirror(const EddyFv *s, EddyPhysics p, PetscInt n, const double *inner, double *outer)
{
  for (PetscInt c = 0; c < s->nprim; ++c)
    for (PetscInt i = 0; i < n; ++i)
      outer[(size_t)c * s->ts + (size_t)i] =
          (c == p->vector ? -1 : 1) * inner[(size_t)c * s->ts + (size_t)i];
}

/* Walls among a row of faces: `count` faces from the first one on (low) or from `at` on (high). */
typedef struct {
  PetscBool low, high;
  PetscInt at, count;
} Wall;

/* A row of cells (i0.., j, k) of a tile. */
typedef struct {
  EddyDisc d;
  double t;
  PetscInt i0, n;
} Row;

/* Whether the low face of cell (i, j, k) in direction e is a wall of the box. */
static PetscBool IsWall(const Row *row, int e, PetscInt i, PetscInt j, PetscInt k)
{
  const EddyDisc d = row->d;
  const EddyFv *s = EddyFvGet(d);
  const PetscInt cell[3] = {i, j, k}, at = s->start[e] + cell[e];
  if (!d->physics->vector || d->box.periodic[e] || (at != 0 && at != d->box.n[e]))
    return PETSC_FALSE;
  return EddyFaceIsWall(EddyFvPatchAt(s, &d->box, row->t, e, at > 0, cell)->type);
}

static void FromFace(const EddyFv *s, EddyPhysics p, PetscInt n, const double *g, double *f)
{
  const double *area = g + (size_t)s->dim * s->mapped->pitch;
  const PetscInt v0 = p->vector, v1 = s->dim > 1 && v0 ? v0 + s->dim : v0;
  for (PetscInt c = 0; c < s->ncomp; ++c)
    if (c < v0 || c >= v1)
      s->turn->Scale(n, area, f + (size_t)c * s->ts);
  if (v1 > v0)
    s->turn->FromFace[s->dim - 1](n, s->mapped->pitch, g, s->ts, f + (size_t)v0 * s->ts);
}

static void ToFace(const EddyFv *s, EddyPhysics p, PetscInt n, const double *g, double *w)
{
  if (s->dim > 1 && p->vector)
    s->turn->ToFace[s->dim - 1](n, s->mapped->pitch, g, s->ts, w + (size_t)p->vector * s->ts);
}

/* Fluxes through n faces g from the states l and r, which are turned into their frames; results from element `at` on. */
static void Turned(const EddyFv *s, EddyPhysics p, PetscInt at, PetscInt n, const double *g,
                   double *l, double *r, const Wall *wall)
{
  ToFace(s, p, n, g + at, l + at);
  ToFace(s, p, n, g + at, r + at);
  if (wall->low)
    Mirror(s, p, wall->count, r + at, l + at);
  if (wall->high)
    Mirror(s, p, wall->count, l + wall->at, r + wall->at);
  s->flux[0](p->ctx, n, s->ts, l + at, r + at, s->ts, s->hl + at, s->hr + at);
  FromFace(s, p, n, g + at, s->hl + at);
  if (p->fv.two_sided)
    FromFace(s, p, n, g + at, s->hr + at);
}

static void Flux(const EddyFv *s, EddyPhysics p, PetscInt n, const double *g, double *l, double *r,
                 const Wall *wall)
{
  if (!s->flux_normal) {
    Turned(s, p, 0, n, g, l, r, wall);
    return;
  }
  s->flux_normal(p->ctx, n, s->ts, l, r, s->mapped->pitch, g, s->ts, s->hl, s->hr);
  if (wall->low)
    Turned(s, p, 0, wall->count, g, l, r, &(Wall){.low = PETSC_TRUE, .count = wall->count});
  if (wall->high)
    Turned(s, p, wall->at, wall->count, g, l, r,
           &(Wall){.high = PETSC_TRUE, .at = wall->at, .count = wall->count});
}

/* Fluxes through the low faces of a row of cells in direction dir (y or z); walls may take parts of a face of the box. */
static void Crossing(const Row *row, int dir, PetscInt j, PetscInt k, const double *g, double *l,
                     double *r)
{
  const EddyFv *s = EddyFvGet(row->d);
  EddyPhysics p = row->d->physics;
  const PetscInt n = row->n, m = EddyFvWhole(n), at = s->start[dir] + (dir == 1 ? j : k);
  if (at != 0 && at != row->d->box.n[dir]) {
    Flux(s, p, m, g, l, r, &(Wall){0});
    return;
  }
  if (s->flux_normal)
    s->flux_normal(p->ctx, m, s->ts, l, r, s->mapped->pitch, g, s->ts, s->hl, s->hr);
  for (PetscInt from = 0, to; from < n; from = to) {
    const PetscBool wall = IsWall(row, dir, row->i0 + from, j, k);
    for (to = from + 1; to < n && IsWall(row, dir, row->i0 + to, j, k) == wall;)
      ++to;
    to = to == n ? m : to;
    const Wall run = {(PetscBool)(wall && !at), (PetscBool)(wall && at), from, to - from};
    if (wall || !s->flux_normal)
      Turned(s, p, from, to - from, g, l, r, &run);
  }
}

/* Adds the source of the half cells between face and centre; low: the face is the low one. */
static void HalfSource(EddyFv *s, EddyPhysics p, PetscInt n, PetscBool low, const double *g,
                       const double *inv_volume, const double *w, const double *face, double *out,
                       size_t os)
{
  double *cell = s->mapped->cell, *f = s->mapped->work;
  for (PetscInt c = 0; c < s->nprim; ++c)
    for (PetscInt i = 0; i < n; ++i)
      cell[(size_t)c * s->ts + (size_t)i] = w[(size_t)c * s->comp + (size_t)i];
  ToFace(s, p, n, g, cell);
  for (size_t i = 0; i < s->ts * (size_t)s->ncomp; ++i)
    f[i] = 0;
  p->fv.Source[0](p->ctx, n, s->ts, low ? face : cell, low ? cell : face, 1, s->ts, f);
  FromFace(s, p, n, g, f);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    s->turn->AddScaled(n, inv_volume, f + (size_t)c * s->ts, out + (size_t)c * os);
}

static void DirectionX(const Row *row, PetscInt j, PetscInt k, double *out, size_t os)
{
  EddyFv *s = EddyFvGet(row->d);
  EddyPhysics p = row->d->physics;
  const PetscInt n = row->n;
  const double *w = s->w + EddyFvWork(s, 0, row->i0, j, k);
  const double *g = s->mapped->face[0] + EddyFvFaceRow(s, 0, j, k) + row->i0;
  const double *inv_volume = s->mapped->inv_volume + EddyFvVolumeRow(s, j, k) + row->i0;
  const Wall wall = {IsWall(row, 0, row->i0, j, k), IsWall(row, 0, row->i0 + n, j, k), n, 1};
  double *fr = p->fv.two_sided ? s->hr : s->hl;
  EddyFvReconstruct(s, p, EddyFvWhole(n + 2), 0, w - 1, s->x.qm, s->x.qp);
  Flux(s, p, EddyFvWhole(n + 1), g, s->x.qp, s->x.qm + 1, &wall);
  if (s->corrected)
    EddyFvClosuresFlux(s, p->vector, 0, n + 1, w - 1, g, s->hl, fr);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    s->turn->Divide(n, inv_volume, fr + (size_t)c * s->ts, s->hl + (size_t)c * s->ts + 1,
                    out + (size_t)c * os);
  if (p->fv.Source[0]) {
    HalfSource(s, p, n, PETSC_TRUE, g, inv_volume, w, s->x.qm + 1, out, os);
    HalfSource(s, p, n, PETSC_FALSE, g + 1, inv_volume, w, s->x.qp + 1, out, os);
  }
}

static void Swap(double **a, double **b)
{
  double *t = *a;
  *a = *b;
  *b = t;
}

/* As Advance of sweep.c: to row (j, k); the row left behind is (j, k) minus one in direction dir. */
static void Advance(const Row *row, int dir, PetscInt j, PetscInt k, PetscBool first,
                    EddyFvSlide *v, double *out, size_t os)
{
  EddyFv *s = EddyFvGet(row->d);
  EddyPhysics p = row->d->physics;
  const PetscInt n = row->n, m = EddyFvWhole(n);
  const ptrdiff_t step = dir == 1 ? (ptrdiff_t)s->pitch : (ptrdiff_t)s->plane;
  const double *w = s->w + EddyFvWork(s, 0, row->i0, j, k);
  double **fr = p->fv.two_sided ? &s->hr : &s->hl;
  EddyFvReconstruct(s, p, m, dir, w, s->fresh.qm, s->fresh.qp);
  const double *g = first ? NULL : s->mapped->face[dir] + EddyFvFaceRow(s, dir, j, k) + row->i0;
  if (!first)
    Crossing(row, dir, j, k, g, v->qp, s->fresh.qm);
  if (!first && s->corrected)
    EddyFvClosuresFlux(s, p->vector, dir, n, w - step, g, s->hl, *fr);
  if (out) {
    const PetscInt jb = j - (dir == 1), kb = k - (dir == 2);
    const double *inv_volume = s->mapped->inv_volume + EddyFvVolumeRow(s, jb, kb) + row->i0;
    for (PetscInt c = 0; c < s->ncomp; ++c)
      s->turn->DivideAdd(n, inv_volume, v->lo + (size_t)c * s->ts, s->hl + (size_t)c * s->ts,
                         out + (size_t)c * os);
    if (p->fv.Source[dir]) {
      const double *low = s->mapped->face[dir] + EddyFvFaceRow(s, dir, jb, kb) + row->i0;
      HalfSource(s, p, n, PETSC_TRUE, low, inv_volume, w - step, v->qm, out, os);
      HalfSource(s, p, n, PETSC_FALSE, g, inv_volume, w - step, v->qp, out, os);
    }
  }
  Swap(&v->qm, &s->fresh.qm);
  Swap(&v->qp, &s->fresh.qp);
  if (!first)
    Swap(&v->lo, fr);
}

void EddyFvMappedTile(EddyDisc d, const EddyStage *st, PetscInt i0, PetscInt n, PetscInt j0,
                      PetscInt m, double *f, EddyStageKernel kernel, void *kctx)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const Row row = {d, st->t, i0, n};
  if (s->dim > 2)
    for (PetscInt j = j0; j < j0 + m; ++j)
      for (PetscInt k = -1; k < 1; ++k)
        Advance(&row, 2, j, k, (PetscBool)(k < 0), &s->z[j - j0], NULL, 0);
  for (PetscInt k = 0; k < s->n[2]; ++k) {
    if (s->dim > 1)
      for (PetscInt j = j0 - 1; j <= j0; ++j)
        Advance(&row, 1, j, k, (PetscBool)(j < j0), &s->y, NULL, 0);
    for (PetscInt j = j0; j < j0 + m; ++j) {
      const size_t at = EddyFvCell(s, i0, j, k), os = f ? s->cells : s->ts;
      double *out = f ? f + at : s->out;
      DirectionX(&row, j, k, out, os);
      if (s->dim > 1)
        Advance(&row, 1, j + 1, k, PETSC_FALSE, &s->y, out, os);
      if (s->dim > 2)
        Advance(&row, 2, j, k + 1, PETSC_FALSE, &s->z[j - j0], out, os);
      if (s->mapped->viscous) {
        const PetscInt cell[3] = {i0, j, k};
        const PetscBool begin[3] = {PETSC_TRUE, (PetscBool)(j == j0), (PetscBool)(k == 0)};
        EddyFvMappedViscousRow(d, st, n, cell, j - j0, begin, out, os);
      }
      if (s->balance)
        EddyFvBalanceRow(s, p, n, s->w + EddyFvWork(s, 0, i0, j, k), out, os);
      if (p->fv.CellSource)
        p->fv.CellSource(p->ctx, n, st->t, st->dt, s->comp, s->w + EddyFvWork(s, 0, i0, j, k),
                         s->cells, s->aux ? s->aux + at : NULL, os, out);
      if (s->force)
        EddyFvForceRow(s, n, at, out, os);
      for (PetscInt c = 0; kernel && c < s->ncomp; ++c)
        kernel(kctx, (size_t)c * s->cells + at, (size_t)n, out + (size_t)c * os);
    }
  }
}

double EddyFvMappedRate(EddyDisc d, const double *u)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  EddyFvMapped *g = s->mapped;
  double r = 0, *sum = s->hl, *speed = s->hr, *mean = g->work, *w = s->x.qm, *turned = g->cell;
  for (PetscInt k = 0; k < s->n[2]; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; i += s->tile) {
        const PetscInt n = PetscMin(s->tile, s->n[0] - i);
        const size_t at = EddyFvCell(s, i, j, k);
        p->fv.ToPrim(p->ctx, n, s->cells, u + at, s->cells, s->aux ? s->aux + at : NULL, s->ts, w);
        for (int e = 0; e < (int)s->dim; ++e) {
          const double *lo = g->face[e] + EddyFvFaceRow(s, e, j, k) + i;
          const double *hi =
              e == 0 ? lo + 1 : g->face[e] + EddyFvFaceRow(s, e, j + (e == 1), k + (e == 2)) + i;
          s->turn->Mean[s->dim - 1](n, g->pitch, lo, hi, s->ts, mean);
          if (p->fv.SpeedNormal)
            p->fv.SpeedNormal(p->ctx, n, s->ts, w, s->ts, mean, speed);
          else {
            for (size_t q = 0; q < s->ts * (size_t)s->nprim; ++q)
              turned[q] = w[q];
            if (s->dim > 1)
              s->turn->ToFace[s->dim - 1](n, s->ts, mean, s->ts,
                                          turned + (size_t)p->vector * s->ts);
            p->fv.Speed(p->ctx, n, s->ts, turned, speed);
          }
          s->turn->Rate(n, (PetscBool)(e == 0), mean + (size_t)s->dim * s->ts,
                        g->inv_volume + EddyFvVolumeRow(s, j, k) + i, speed, sum);
        }
        for (PetscInt l = 0; l < n; ++l)
          r = sum[l] > r ? sum[l] : r;
      }
  return r;
}

void EddyFvMappedGradient(const EddyFv *s, PetscInt c, PetscInt i, PetscInt j, PetscInt k,
                          double grad[3])
{
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const EddyFvMapped *g = s->mapped;
  const double *w = s->w + EddyFvWork(s, c, i, j, k);
  const double inv_volume = g->inv_volume[EddyFvVolumeRow(s, j, k) + (size_t)i];
  grad[0] = grad[1] = grad[2] = 0;
  for (int e = 0; e < (int)s->dim; ++e) {
    const double *lo = g->face[e] + EddyFvFaceRow(s, e, j, k) + i;
    const double *hi =
        e == 0 ? lo + 1 : g->face[e] + EddyFvFaceRow(s, e, j + (e == 1), k + (e == 2)) + i;
    /* from the value of the cell, as the areas add up to zero */
    const double a = .5 * (w[step[e]] - w[0]) * hi[(size_t)s->dim * g->pitch],
                 b = .5 * (w[-step[e]] - w[0]) * lo[(size_t)s->dim * g->pitch];
    for (PetscInt q = 0; q < s->dim; ++q)
      grad[q] += inv_volume * (a * hi[(size_t)q * g->pitch] - b * lo[(size_t)q * g->pitch]);
  }
}
