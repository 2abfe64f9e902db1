/* SPDX-License-Identifier: BSD-3-Clause */
/* Box filter of finite volumes: cell averages of a coarser grid whose cells are unions of cells of the run. It is exact: every integral stays.
   Fields are those of a run on the coarse grid that holds the averaged state. On a mapped grid averages are weighed with volumes; the cells of the coarse grid have straight
   edges between every ratio-th vertex, where unions of cells may be slightly curved.

   Directions one after another, x first: ranks in line pass on the cells of a coarse cell that begins at an earlier rank, then the cells of each coarse cell
   are added up in their order. So the averages have the same bits on any number of ranks. */
#include "fv.h"
#include <stdlib.h>

/* Straight edges between far vertices must not fold the cells of the coarse grid. */
static PetscErrorCode CheckFolds(EddyOptions o, const char *key, const EddyBox *box,
                                 const PetscInt n[3])
{
  EddyCoarseVertices vertices;
  EddyBox coarse;
  PetscFunctionBeginUser;
  EddyCoarseBox(box, n, &vertices, &coarse);
  for (PetscInt k = 0; k < n[2] && coarse.mapped; ++k)
    for (PetscInt j = 0; j < n[1]; ++j)
      for (PetscInt i = 0; i < n[0]; ++i) {
        const PetscInt at[3] = {i, j, k};
        PetscReal volume, centre[3], least;
        EddyCellMeasure(&coarse, at, &volume, centre, &least);
        EddyOptionsCheck(
            volume > 0 && least > 0, o, key,
            "too coarse for this grid: cell (%d, %d, %d) with straight edges is folded", (int)i,
            (int)j, (int)k);
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvFilterCheck(EddyOptions o, const EddyBox *box)
{
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME], key[2 * EDDY_MAX_NAME];
  PetscInt n;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsNames(o, "filters_list", "names of filters", EDDY_MAX_LIST, names, &n));
  for (PetscInt k = 0; k < n; ++k) {
    const char *given;
    PetscReal width;
    PetscInt cells[3] = {1, 1, 1};
    PetscBool set;
    PetscCall(PetscSNPrintf(key, sizeof key, "filters_%s_type", names[k]));
    PetscCall(EddyOptionsGetRaw(o, key, &given));
    EddyOptionsCheck(!given || !strcmp(given, "box"), o, key,
                     "disc_type fv averages over cells: box is allowed, not %s", given);
    PetscCall(PetscSNPrintf(key, sizeof key, "filters_%s_width", names[k]));
    PetscCall(EddyOptionsGetRaw(o, key, &given));
    EddyOptionsCheck(!given || (EddyParseReal(given, &width) && width == 1), o, key,
                     "disc_type fv averages over one cell of n: 1 is allowed, not %s", given);
    PetscCall(PetscSNPrintf(key, sizeof key, "filters_%s_n", names[k]));
    PetscCall(EddyOptionsInts(o, key, "grid of the LES it feeds, points per direction", box->dim, 4,
                              PETSC_MAX_INT, cells, &set));
    for (int e = 0; set && e < (int)box->dim; ++e)
      EddyOptionsCheck(box->n[e] % cells[e] == 0, o, key,
                       "%d cells in direction %c do not divide the %d of the run", (int)cells[e],
                       "xyz"[e], (int)box -> n[e]);
    if (set)
      PetscCall(CheckFolds(o, key, box, cells));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* An array [outer][extent][inner] of a direction: ncomp and the slower directions, the direction, the faster ones. */
typedef struct {
  size_t outer, inner;
} Shape;
static Shape ShapeOf(const EddyFv *s, int e, const PetscInt extent[3], PetscInt ncomp)
{
  Shape a = {(size_t)ncomp, 1};
  for (int q = 0; q < 3; ++q)
    if (q > e)
      a.outer *= (size_t)extent[q];
    else if (q < e)
      a.inner *= (size_t)extent[q];
  return a;
}

/* Elements [from, from + count) of the direction, between an array and another one that has them from `to` on. */
static PetscErrorCode CopyPart(Shape a, const double *in, PetscInt in_extent, PetscInt from,
                               double *out, PetscInt out_extent, PetscInt to, PetscInt count)
{
  PetscFunctionBeginUser;
  for (size_t q = 0; q < a.outer; ++q)
    PetscCall(PetscArraycpy(out + (q * (size_t)out_extent + (size_t)to) * a.inner,
                            in + (q * (size_t)in_extent + (size_t)from) * a.inner,
                            (size_t)count * a.inner));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscMPIInt RankInLine(const EddyFv *s, int e, PetscInt c)
{
  PetscInt at[3] = {s->coord[0], s->coord[1], s->coord[2]};
  at[e] = c;
  return (PetscMPIInt)(at[0] + s->ranks[0] * (at[1] + s->ranks[1] * at[2]));
}

/* Cells that the block at `to` of the coarse grid needs and the block at `from` of the run has. */
static PetscInt Overlap(const EddyFv *s, const EddyFv *c, int e, PetscInt ratio, PetscInt from,
                        PetscInt to, PetscInt *first)
{
  *first = PetscMax(s->cut[e][from], ratio * c->cut[e][to]);
  return PetscMax(0, PetscMin(s->cut[e][from + 1], ratio * c->cut[e][to + 1]) - *first);
}

/* need [outer][ratio * cells of the coarse block][inner] from the blocks in line. Collective. */
static PetscErrorCode Collect(EddyDisc d, const EddyFv *c, int e, PetscInt ratio, Shape a,
                              const double *in, double *need)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt line = s->ranks[e], me = s->coord[e], extent = ratio * c->n[e];
  const PetscMPIInt tag = 8 + e;
  MPI_Request *request;
  double **buffer;
  PetscInt n = 0, first, count;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(2 * line, &request, 2 * line, &buffer));
  for (PetscInt q = 0; q < line; ++q) {
    count = Overlap(s, c, e, ratio, q, me, &first);
    if (count && q == me)
      PetscCall(CopyPart(a, in, s->n[e], first - s->start[e], need, extent,
                         first - ratio * c->start[e], count));
    const size_t size = (size_t)count * a.outer * a.inner;
    if (q == me || !size)
      continue;
    PetscCall(PetscMalloc1(size, &buffer[q]));
    PetscCallMPI(MPI_Irecv(buffer[q], (PetscMPIInt)size, MPI_DOUBLE, RankInLine(s, e, q), tag,
                           d->comm, &request[n++]));
  }
  for (PetscInt q = 0; q < line; ++q) {
    count = Overlap(s, c, e, ratio, me, q, &first);
    const size_t size = (size_t)count * a.outer * a.inner;
    if (q == me || !size)
      continue;
    PetscCall(PetscMalloc1(size, &buffer[line + q]));
    PetscCall(CopyPart(a, in, s->n[e], first - s->start[e], buffer[line + q], count, 0, count));
    PetscCallMPI(MPI_Isend(buffer[line + q], (PetscMPIInt)size, MPI_DOUBLE, RankInLine(s, e, q),
                           tag, d->comm, &request[n++]));
  }
  PetscCallMPI(MPI_Waitall((PetscMPIInt)n, request, MPI_STATUSES_IGNORE));
  for (PetscInt q = 0; q < line; ++q)
    if (buffer[q]) {
      count = Overlap(s, c, e, ratio, q, me, &first);
      PetscCall(CopyPart(a, buffer[q], count, 0, need, extent, first - ratio * c->start[e], count));
    }
  for (PetscInt q = 0; q < 2 * line; ++q)
    PetscCall(PetscFree(buffer[q]));
  PetscCall(PetscFree2(request, buffer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* out [outer][cells][inner]: sums over `ratio` elements of the direction, times weight. */
static void Add(Shape a, PetscInt cells, PetscInt ratio, double weight, const double *in,
                double *out)
{
  const size_t inner = a.inner;
  for (size_t q = 0; q < a.outer * (size_t)cells; ++q, out += inner) {
    for (size_t x = 0; x < inner; ++x)
      out[x] = in[x];
    in += inner;
    for (PetscInt l = 1; l < ratio; ++l, in += inner)
      for (size_t x = 0; x < inner; ++x)
        out[x] += in[x];
    for (size_t x = 0; x < inner; ++x)
      out[x] *= weight;
  }
}

/* Means [ncomp] over the cells of each coarse cell of this rank. Collective. */
static PetscErrorCode Means(EddyDisc d, const EddyDisc coarse, PetscInt ncomp, const double *u,
                            double *out)
{
  EddyFv *s = EddyFvGet(d), *c = EddyFvGet(coarse);
  PetscInt extent[3] = {s->n[0], s->n[1], s->n[2]};
  double *held = NULL;
  PetscFunctionBeginUser;
  for (int e = 0; e < (int)s->dim; ++e) {
    const PetscInt ratio = d->box.n[e] / coarse->box.n[e];
    const Shape a = ShapeOf(s, e, extent, ncomp);
    double *need, *next = out;
    PetscCall(PetscMalloc1(a.outer * a.inner * (size_t)(ratio * c->n[e]) + 1, &need));
    PetscCall(Collect(d, c, e, ratio, a, held ? held : u, need));
    PetscCall(PetscFree(held));
    if (e + 1 < (int)s->dim) {
      PetscCall(PetscMalloc1(a.outer * a.inner * (size_t)c->n[e] + 1, &held));
      next = held;
    }
    Add(a, c->n[e], ratio, 1. / (double)ratio, need, next);
    PetscCall(PetscFree(need));
    extent[e] = c->n[e];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Averages [ncomp] of the coarse cells of this rank: on mapped grids means of volume times u over means of volumes. Collective. */
static PetscErrorCode Coarsen(EddyDisc d, const EddyDisc coarse, PetscInt ncomp, const double *u,
                              double *out)
{
  EddyFv *s = EddyFvGet(d), *c = EddyFvGet(coarse);
  double *integral, *volume;
  PetscFunctionBeginUser;
  if (!s->mapped) {
    PetscCall(Means(d, coarse, ncomp, u, out));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(PetscMalloc2((size_t)ncomp * s->cells + 1, &integral, c->cells + 1, &volume));
  for (PetscInt q = 0; q < ncomp; ++q)
    for (size_t i = 0; i < s->cells; ++i)
      integral[(size_t)q * s->cells + i] = s->mapped->volume[i] * u[(size_t)q * s->cells + i];
  PetscCall(Means(d, coarse, ncomp, integral, out));
  PetscCall(Means(d, coarse, 1, s->mapped->volume, volume));
  for (PetscInt q = 0; q < ncomp; ++q)
    for (size_t i = 0; i < c->cells; ++i)
      out[(size_t)q * c->cells + i] /= volume[i];
  PetscCall(PetscFree2(integral, volume));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyDisc d, const PetscInt n[3], EddyDisc *out)
{
  EddyFv *s = EddyFvGet(d), *c;
  EddyDisc q;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&q));
  PetscCall(PetscNew(&c));
  *out = q;
  *q = (struct _p_EddyDisc){
      .comm = d->comm, .level = d->level, .box = d->box, .physics = d->physics, .data = c};
  c->rank = s->rank;
  c->size = s->size;
  c->ncomp = s->ncomp;
  c->nprim = s->nprim;
  c->naux = s->naux;
  c->dim = s->dim;
  c->rows = s->rows;
  c->faces = s->faces;
  c->turn = s->turn;
  c->volume = s->volume;
  EddyCoarseBox(&d->box, n, &c->vertices, &q->box);
  for (int e = 0; e < 3; ++e) {
    const PetscInt ratio = d->box.n[e] / n[e];
    c->ranks[e] = s->ranks[e];
    c->inv_dx[e] = s->inv_dx[e] / (double)ratio;
    c->volume *= (double)ratio;
  }
  PetscCall(EddyFvHaloCreate(q));
  PetscCall(EddyFvMappedCreate(q, NULL)); /* no cell is folded: CheckFolds */
  q->size = (c->cells * (size_t)c->ncomp + 15) / 16 * 16;
  PetscCall(EddyDiscCreateState(q, &c->average));
  struct _p_EddyDisc work = {.size = c->comp * (size_t)c->nprim + 64};
  PetscCall(EddyDiscCreateState(&work, &c->w));
  for (size_t i = 0; i < work.size; ++i)
    c->w[i] = 1;
  if (c->naux) {
    PetscCall(PetscMalloc1(PetscMax(1, c->cells * (size_t)c->naux), &c->aux));
    PetscCall(Coarsen(d, q, c->naux, s->aux, c->aux));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvFilter(EddyDisc d, const EddyFilter *filter, const double *u, EddyDisc *out,
                            const double **average)
{
  EddyFv *s = EddyFvGet(d);
  EddyDisc q = NULL;
  PetscFunctionBeginUser;
  for (int k = 0; k < EDDY_MAX_LIST && !q; ++k) {
    if (!s->coarse[k]) {
      for (int e = 0; e < (int)s->dim; ++e)
        PetscCheck(d->box.n[e] % filter->n[e] == 0 && filter->kind == EDDY_FILTER_BOX, d->comm,
                   EDDY_ERR_INPUT,
                   "filters_%s: disc_type fv averages over whole cells (type box, n that divides "
                   "mesh_n)",
                   filter->name);
      PetscCall(Create(d, filter->n, &s->coarse[k]));
    }
    const PetscInt *n = s->coarse[k]->box.n;
    if (n[0] == filter->n[0] && n[1] == filter->n[1] && n[2] == filter->n[2])
      q = s->coarse[k];
  }
  PetscCheck(q, d->comm, EDDY_ERR_INPUT, "more than %d grids of filters", EDDY_MAX_LIST);
  *out = q;
  *average = NULL;
  if (!u)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(Coarsen(d, q, s->ncomp, u, EddyFvGet(q)->average));
  *average = EddyFvGet(q)->average;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvFilterDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  for (int k = 0; k < EDDY_MAX_LIST; ++k) {
    EddyFv *c = s->coarse[k] ? EddyFvGet(s->coarse[k]) : NULL;
    if (!c)
      continue;
    for (int i = 0; i < EDDY_FV_SLOTS; ++i)
      PetscCall(PetscFree(c->slot[i]));
    PetscCall(EddyFvHaloDestroy(c));
    PetscCall(EddyFvMappedDestroy(c));
    PetscCall(EddyDiscDestroyState(&c->average));
    PetscCall(EddyDiscDestroyState(&c->w));
    PetscCall(PetscFree(c->aux));
    PetscCall(PetscFree(c));
    PetscCall(PetscFree(s->coarse[k]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
