/* SPDX-License-Identifier: BSD-3-Clause */
/* The right-hand side, one pass over tiles of rows.

     w = primitive state with ghosts (primitive.c: made a few rows ahead)  |  per row of cells: reconstruct, Riemann solver, difference in x, y, z  |  stage kernel

   Row buffers stay in L1 or L2: a tile of at most 256 cells of a row, in 3-D of 16 rows that are carried through z; y and z keep the face values and the flux of the row before
   (EddyFvSlide), so that nothing is computed twice and f never travels to memory. The sum over directions is in the order x, y, z for every
   cell, wherever tiles and blocks are cut: the result has the same bits on any number of ranks. */
#include "closures.h"
#include "viscous.h"
#include <stdlib.h>

PetscErrorCode EddyFvSweepCreate(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt np = s->nprim, nc = s->ncomp,
                 tiles = PetscMax(1, (s->n[0] + EDDY_FV_TILE - 1) / EDDY_FV_TILE);
  double *at;
  PetscFunctionBeginUser;
  s->tile = PetscMax(1, ((s->n[0] + tiles - 1) / tiles + 15) / 16 * 16);
  s->ts =
      (size_t)s->tile + 8 + 8; /* one face more; rows of components are not a power of two apart */
  s->lines = s->dim > 2 ? PetscMin(s->n[1], EDDY_FV_LINES) : s->n[1];
  const size_t slide = s->ts * (size_t)(2 * np + nc), lines = (size_t)(s->dim > 2 ? s->lines : 0);
  const size_t total = slide * (3 + lines) + s->ts * (size_t)(3 * nc + 1) + 64;
  s->buffer = (double *)aligned_alloc(64, (total * sizeof(double) + 63) / 64 * 64);
  PetscCheck(s->buffer, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCall(PetscArrayzero(s->buffer, total));
  PetscCall(PetscMalloc1(lines + 1, &s->z));
  at = s->buffer + 8;
  for (size_t q = 0; q < 3 + lines; ++q) {
    EddyFvSlide *v = q == 0 ? &s->x : q == 1 ? &s->y : q == 2 ? &s->fresh : &s->z[q - 3];
    v->qm = at;
    v->qp = v->qm + (size_t)np * s->ts;
    v->lo = v->qp + (size_t)np * s->ts;
    at += slide;
  }
  if (s->mapped) {
    const size_t size = s->ts * (size_t)(np + PetscMax(nc, s->dim + 2)) + 64;
    s->mapped->cell = (double *)aligned_alloc(64, (size * sizeof(double) + 63) / 64 * 64);
    PetscCheck(s->mapped->cell, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
    PetscCall(PetscArrayzero(s->mapped->cell, size));
    s->mapped->work = s->mapped->cell + (size_t)np * s->ts;
  }
  s->out = at;
  s->hl = s->out + (size_t)nc * s->ts;
  s->hr = s->hl + (size_t)nc * s->ts;
  s->scale = s->hr + (size_t)nc * s->ts;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvSweepWaves(EddyFv *s, PetscInt stencil)
{
  const size_t total = (size_t)((2 * stencil + 1) * s->nprim) * s->ts;
  PetscFunctionBeginUser;
  s->stencil = stencil;
  s->waves = (double *)aligned_alloc(64, (total * sizeof(double) + 63) / 64 * 64);
  PetscCheck(s->waves, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCall(PetscArrayzero(s->waves, total));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvSweepDestroy(EddyFv *s)
{
  free(s->buffer);
  free(s->waves);
}

static void Scale(const EddyFv *s, PetscInt n, const double *w, double *qm, double *qp)
{
  for (PetscInt c = 0; c < s->nprim; ++c)
    s->rows->PositiveApply(n, s->scale, w + (size_t)s->from[c] * s->comp, qm + (size_t)c * s->ts,
                           qp + (size_t)c * s->ts);
}

/* Face values keep positive fields above a floor [ZhangShu2010]; where a third of the cell would not be admissible beside them, they are drawn towards the average,
   and all the way if that was not enough [Berthon2006]: then the average stays positive up to Courant number 1/6 (docs/cases.md). Drawn no further than needed,
   since a cold gas, whose velocity changes by more than its sound speed over a cell, is all such cells. */
static void Positive(const EddyFv *s, EddyPhysics p, PetscInt n, const double *w, double *qm,
                     double *qp)
{
  for (PetscInt i = 0; i < n; ++i)
    s->scale[i] = 1;
  for (PetscInt q = 0; q < p->npositive; ++q) {
    const size_t c = (size_t)p->positive[q];
    s->rows->PositiveScale(n, s->floor[c], w + (size_t)s->from[c] * s->comp, qm + c * s->ts,
                           qp + c * s->ts, s->scale);
  }
  if (s->rows->Least(n, s->scale) < 1) {
    Scale(s, n, w, qm, qp);
    for (PetscInt i = 0; i < n; ++i)
      s->scale[i] = 1;
  }
  if (!p->fv.Star || s->balance)
    return;
  p->fv.Star(p->ctx, n, s->comp, w, s->ts, qm, qp, s->scale);
  if (!(s->rows->Least(n, s->scale) < 1))
    return;
  Scale(s, n, w, qm, qp);
  for (PetscInt i = 0; i < n; ++i)
    s->scale[i] = 1;
  p->fv.Star(p->ctx, n, s->comp, w, s->ts, qm, qp, s->scale);
  if (!(s->rows->Least(n, s->scale) < 1))
    return;
  for (PetscInt i = 0; i < n; ++i)
    s->scale[i] = s->scale[i] < 1 ? 0 : 1;
  Scale(s, n, w, qm, qp);
}

void EddyFvReconstruct(const EddyFv *s, EddyPhysics p, PetscInt n, int dir, const double *w,
                       double *qm, double *qp)
{
  const ptrdiff_t step = dir == 0 ? 1 : dir == 1 ? (ptrdiff_t)s->pitch : (ptrdiff_t)s->plane;
  const PetscInt nwave = s->waves ? p->fv.nwave : 0;
  if (nwave) { /* neighbours of a cell lie nwave rows apart there */
    const size_t apart = (size_t)nwave * s->ts, here = (size_t)s->stencil * apart;
    p->fv.ToWaves[dir](p->ctx, n, step, s->stencil, s->comp, w, s->ts, s->waves);
    for (size_t c = 0; c < (size_t)nwave; ++c)
      s->recon(n, (ptrdiff_t)apart, s->waves + here + c * s->ts, qm + c * s->ts, qp + c * s->ts);
    p->fv.FromWaves[dir](p->ctx, n, s->comp, w, s->ts, qm, qp);
  }
  const double *factor = s->stretch ? s->stretch->factor[dir] : NULL;
  for (PetscInt c = 0; factor && c < s->nprim; ++c)
    s->stretch->recon(n, step, w + (size_t)s->from[c] * s->comp, factor + (w - s->w),
                      qm + (size_t)c * s->ts, qp + (size_t)c * s->ts);
  for (PetscInt c = nwave; c < s->nprim && !factor; ++c)
    s->recon(n, step, w + (size_t)s->from[c] * s->comp, qm + (size_t)c * s->ts,
             qp + (size_t)c * s->ts);
  if (s->learned)
    EddyFvClosuresFace(s, n, dir, w, qm, qp);
  if (s->positivity)
    Positive(s, p, n, w, qm, qp);
  if (s->balance)
    EddyFvBalanceFaces(s, p, n, dir, w, qm, qp);
  if (s->low)
    EddyFvVelocityFaces(s, p, n, dir, w, qm, qp);
  if (p->fv.Limit)
    p->fv.Limit(p->ctx, n, step, s->reach, s->comp, w, s->ts, qm, qp);
}

/* Balance of n cells in x: sets out. */
static void DirectionX(EddyFv *s, EddyPhysics p, PetscInt n, const double *w, double *out,
                       size_t os)
{
  double *fr = p->fv.two_sided ? s->hr : s->hl;
  EddyFvReconstruct(s, p, EddyFvWhole(n + 2), 0, w - 1, s->fresh.qm, s->fresh.qp);
  s->flux[0](p->ctx, EddyFvWhole(n + 1), s->ts, s->fresh.qp, s->fresh.qm + 1, s->ts, s->hl, s->hr);
  if (s->shock)
    EddyFvShockSoften(s, p, 0, n + 1, w, s->fresh.qp, s->fresh.qm + 1, s->hl, s->hr);
  if (s->corrected)
    EddyFvClosuresFlux(s, p->vector, 0, n + 1, w - 1, NULL, s->hl, fr);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    s->rows->Divide(n, s->inv_dx[0], fr + (size_t)c * s->ts, s->hl + (size_t)c * s->ts + 1,
                    out + (size_t)c * os);
  if (p->fv.Source[0])
    p->fv.Source[0](p->ctx, n, s->ts, s->fresh.qm + 1, s->fresh.qp + 1, s->inv_dx[0], os, out);
}

static void Swap(double **a, double **b)
{
  double *t = *a;
  *a = *b;
  *b = t;
}

/* Moves a slide to the row of cells at w (the next one in direction dir); when `out` is given, the row left behind is complete and its balance is
   added. first: there is no row left behind. */
static void Advance(EddyFv *s, EddyPhysics p, int dir, PetscInt n, const double *w, PetscBool first,
                    EddyFvSlide *v, double *out, size_t os)
{
  double **fr = p->fv.two_sided ? &s->hr : &s->hl;
  EddyFvReconstruct(s, p, EddyFvWhole(n), dir, w, s->fresh.qm, s->fresh.qp);
  if (!first)
    s->flux[dir](p->ctx, EddyFvWhole(n), s->ts, v->qp, s->fresh.qm, s->ts, s->hl, s->hr);
  if (!first && s->shock)
    EddyFvShockSoften(s, p, dir, n, w, v->qp, s->fresh.qm, s->hl, s->hr);
  if (!first && s->corrected)
    EddyFvClosuresFlux(s, p->vector, dir, n, w - (dir == 1 ? s->pitch : s->plane), NULL, s->hl,
                       *fr);
  if (out) {
    for (PetscInt c = 0; c < s->ncomp; ++c)
      s->rows->DivideAdd(n, s->inv_dx[dir], v->lo + (size_t)c * s->ts, s->hl + (size_t)c * s->ts,
                         out + (size_t)c * os);
    if (p->fv.Source[dir])
      p->fv.Source[dir](p->ctx, n, s->ts, v->qm, v->qp, s->inv_dx[dir], os, out);
  }
  if (p->fv.Source
          [dir]) /* nobody else looks at it: one row that stays in L1 instead of one per line */
    Swap(&v->qm, &s->fresh.qm);
  Swap(&v->qp, &s->fresh.qp);
  if (!first)
    Swap(&v->lo, fr);
}

static void Diffuse(EddyFv *s, PetscInt n, const double *w, double *out, size_t os)
{
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  for (PetscInt c = 0; c < s->ncomp; ++c)
    for (int e = 0; e < (int)s->dim; ++e)
      s->rows->Diffuse(n, step[e], s->nu[c] * s->inv_dx[e] * s->inv_dx[e], w + (size_t)c * s->comp,
                       out + (size_t)c * os);
}

/* Asks for the row of w that the one below will need: see Convert of primitive.c. */
static void Ask(const EddyFv *s, PetscInt n, const double *w)
{
  for (PetscInt c = 0; c < s->nprim; ++c, w += s->comp)
    for (PetscInt i = 0; i < n; i += 8)
      __builtin_prefetch(w + i);
}

/* One right-hand side on a box of equal cells. */
typedef struct {
  EddyDisc d;
  const EddyStage *st;
  const double
      *u; /* rows of the primitive state are made from it on the way; NULL: all are there */
  double *f;
  EddyStageKernel kernel;
  void *kctx;
  PetscBool waiting; /* ghosts are on their way */
} Pass;

/* Rows j0 .. j1 - 1 of plane k, ghosts too where they are in reach, are there after this. */
static PetscErrorCode Prepare(Pass *r, PetscInt j0, PetscInt j1, PetscInt k)
{
  const EddyFv *s = EddyFvGet(r->d);
  const PetscBool y = (PetscBool)(s->ranks[1] > 1 && (j0 < 0 || j1 > s->n[1])),
                  z = (PetscBool)(s->ranks[2] > 1 && (k < 0 || k >= s->n[2]));
  PetscFunctionBeginUser;
  if (r->waiting && (y || z)) { /* ghosts of directions that are not cut are there */
    PetscCall(EddyFvAheadEnd(r->d, r->st));
    r->waiting = PETSC_FALSE;
  }
  EddyFvAheadRows(r->d, r->st, r->u, j0, j1, k);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rows j0 .. j0 + m - 1 of columns i0 .. i0 + n - 1 in planes k0 .. k1 - 1. */
static PetscErrorCode Tile(Pass *r, PetscInt i0, PetscInt n, PetscInt j0, PetscInt m, PetscInt k0,
                           PetscInt k1)
{
  EddyDisc d = r->d;
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const double *w = s->w;
  const PetscInt a = r->u ? s->ahead : 0, az = s->dim > 2 ? a : 0;
  double *f = r->f;
  PetscFunctionBeginUser;
  for (PetscInt k = k0 - az; k < k0 + az; ++k)
    PetscCall(Prepare(r, j0 - a, j0 + m + a, k));
  if (a && !az)
    PetscCall(Prepare(r, j0 - a, j0 + a, 0));
  if (s->dim > 2)
    for (PetscInt j = j0; j < j0 + m; ++j)
      for (PetscInt k = k0 - 1; k < k0 + 1; ++k)
        Advance(s, p, 2, n, w + EddyFvWork(s, 0, i0, j, k), (PetscBool)(k < k0), &s->z[j - j0],
                NULL, 0);
  for (PetscInt k = k0; k < k1; ++k) {
    if (az)
      PetscCall(Prepare(r, j0 - a, j0 + m + a, k + az));
    if (s->dim > 1)
      for (PetscInt j = j0 - 1; j <= j0; ++j)
        Advance(s, p, 1, n, w + EddyFvWork(s, 0, i0, j, k), (PetscBool)(j < j0), &s->y, NULL, 0);
    for (PetscInt j = j0; j < j0 + m; ++j) {
      const size_t at = EddyFvCell(s, i0, j, k), os = f ? s->cells : s->ts;
      double *out = f ? f + at : s->out;
      if (a && !az)
        PetscCall(Prepare(r, j + a, j + a + 1, 0));
      DirectionX(s, p, n, w + EddyFvWork(s, 0, i0, j, k), out, os);
      if (s->dim > 1)
        Advance(s, p, 1, n, w + EddyFvWork(s, 0, i0, j + 1, k), PETSC_FALSE, &s->y, out, os);
      if (s->dim > 2) {
        Ask(s, n, w + EddyFvWork(s, 0, i0, j, PetscMin(k + 3, s->n[2] + EDDY_FV_GHOST - 1)));
        Advance(s, p, 2, n, w + EddyFvWork(s, 0, i0, j, k + 1), PETSC_FALSE, &s->z[j - j0], out,
                os);
      }
      if (s->balance)
        EddyFvBalanceRow(s, p, n, w + EddyFvWork(s, 0, i0, j, k), out, os);
      if (s->viscous) {
        const PetscBool first[3] = {PETSC_TRUE, (PetscBool)(j == j0), (PetscBool)(k == k0)};
        EddyFvViscousRow(s, p, n, w + EddyFvWork(s, 0, i0, j, k), j - j0, first, out, os);
      }
      if (s->diffusive)
        Diffuse(s, n, w + EddyFvWork(s, 0, i0, j, k), out, os);
      if (p->fv.CellSource)
        p->fv.CellSource(p->ctx, n, r->st->t, r->st->dt, s->comp, w + EddyFvWork(s, 0, i0, j, k),
                         s->cells, s->aux ? s->aux + at : NULL, os, out);
      if (s->force)
        EddyFvForceRow(s, n, at, out, os);
      for (PetscInt c = 0; r->kernel && c < s->ncomp; ++c)
        r->kernel(r->kctx, (size_t)c * s->cells + at, (size_t)n, out + (size_t)c * os);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Columns i0 .. i0 + n - 1 of the block. While ghosts of y or z are on their way, the first tile begins EDDY_FV_GHOST rows or planes from the low side and
   receives where it comes to ghosts of the high side; what it left out follows. */
static PetscErrorCode Columns(Pass *r, PetscInt i0, PetscInt n)
{
  EddyFv *s = EddyFvGet(r->d);
  const PetscInt g = EDDY_FV_GHOST, ny = s->n[1], nz = s->n[2];
  const PetscInt j0 = r->waiting && s->ranks[1] > 1 ? PetscMin(g, ny) : 0,
                 k0 = r->waiting && s->ranks[2] > 1 ? PetscMin(g, nz) : 0;
  const PetscInt m = PetscMin(s->lines, ny) - j0;
  PetscFunctionBeginUser;
  PetscCall(Tile(r, i0, n, j0, m, k0, nz));
  if (k0)
    PetscCall(Tile(r, i0, n, j0, m, 0, k0));
  if (j0)
    PetscCall(Tile(r, i0, n, 0, j0, 0, nz));
  for (PetscInt j = j0 + m; j < ny; j += s->lines)
    PetscCall(Tile(r, i0, n, j, PetscMin(s->lines, ny - j), 0, nz));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvRhs(EddyDisc d, const EddyStage *st, const double *u, double *f,
                         EddyStageKernel kernel, void *kctx)
{
  EddyFv *s = EddyFvGet(d);
  const size_t used = s->cells * (size_t)s->ncomp;
  const PetscBool maxima = (PetscBool)(s->nmaximum && !st->stage),
                  ahead = (PetscBool)(s->ahead && !maxima);
  Pass r = {d, st, ahead ? u : NULL, f, kernel, kctx, PETSC_FALSE};
  double zero[16] = {0};
  PetscFunctionBeginUser;
  if (ahead)
    PetscCall(EddyFvAheadBegin(d, st, u, &r.waiting));
  else
    PetscCall(EddyFvPrimitive(d, st, u));
  if (s->viscous)
    EddyFvViscousBegin(d);
  if (maxima)
    PetscCall(EddyFvMaximaAdd(d, u));
  if (s->closures)
    PetscCall(EddyFvClosuresEval(d, st, u, PETSC_FALSE));
  if (s->force)
    EddyFvForceBegin(d, st->t);
  if (s->low)
    s->flow = d->physics->ops->FlowScale(d->physics->ctx, st->t);
  for (PetscInt i0 = 0; i0 < s->n[0] && s->cells; i0 += s->tile) {
    const PetscInt n = PetscMin(s->tile, s->n[0] - i0);
    if (!s->mapped)
      PetscCall(Columns(&r, i0, n));
    for (PetscInt j0 = 0; s->mapped && j0 < s->n[1]; j0 += s->lines)
      EddyFvMappedTile(d, st, i0, n, j0, PetscMin(s->lines, s->n[1] - j0), f, kernel, kctx);
  }
  if (r.waiting)
    PetscCall(EddyFvAheadEnd(d, st));
  if (used < d->size) { /* padding */
    if (f)
      PetscCall(PetscArrayzero(f + used, d->size - used));
    if (kernel)
      kernel(kctx, used, d->size - used, f ? f + used : zero);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvRate(EddyDisc d, const double *u, PetscReal *rate)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  double fastest[2] = {0, 0}, diffusion = 0, squares = 0;
  PetscFunctionBeginUser;
  if (s->mapped)
    fastest[0] = EddyFvMappedRate(d, u);
  for (PetscInt k = 0; k < s->n[2] && (!s->mapped || s->viscous); ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; i += s->tile) {
        const PetscInt n = PetscMin(s->tile, s->n[0] - i);
        const size_t at = EddyFvCell(s, i, j, k);
        p->fv.ToPrim(p->ctx, n, s->cells, u + at, s->cells, s->aux ? s->aux + at : NULL, s->ts,
                     s->x.qm);
        const double a = s->mapped ? 0 : p->fv.Rate(p->ctx, n, s->ts, s->x.qm, s->inv_dx);
        fastest[0] = a > fastest[0] ? a : fastest[0];
        if (s->viscous) {
          const double nu = p->fv.Diffusivity(p->ctx, n, s->ts, s->x.qm);
          fastest[1] = nu > fastest[1] ? nu : fastest[1];
        }
      }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, fastest, 2, MPI_DOUBLE, MPI_MAX, d->comm));
  for (int e = 0; e < (int)s->dim; ++e)
    squares += s->inv_dx[e] * s->inv_dx[e];
  if (s->mapped)
    squares = s->mapped->viscous ? s->mapped->viscous->squares : 0;
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    double sum = s->mapped ? 2 * s->nu[c] * squares : 0;
    for (int e = 0; e < (int)s->dim && !s->mapped; ++e)
      sum += 2 * s->nu[c] * s->inv_dx[e] * s->inv_dx[e];
    diffusion = sum > diffusion ? sum : diffusion;
  }
  *rate = fastest[0] + 2 * fastest[1] * squares + diffusion;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvCourant(EddyDisc d, const EddyStage *st, const double *u, PetscReal *rate)
{
  const EddyFv *s = EddyFvGet(d);
  double nu, squares = 0;
  PetscFunctionBeginUser;
  PetscCall(EddyFvRate(d, u, rate));
  PetscCall(EddyFvClosuresDiffusivity(d, st, u, &nu));
  for (int e = 0; e < (int)s->dim; ++e)
    squares += s->inv_dx[e] * s->inv_dx[e];
  if (s->mapped)
    squares = s->mapped->viscous ? s->mapped->viscous->squares : 0;
  *rate += 2 * nu * squares;
  PetscFunctionReturn(PETSC_SUCCESS);
}
