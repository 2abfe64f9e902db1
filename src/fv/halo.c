/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks of cells over ranks, exchange of ghost layers.

   Ghost layers are looked up one by one in the list of blocks, so they may come from beyond the next rank when blocks
   are thinner than the stencil. Blocks may be empty. Where corners are wanted the directions go one after another, each with the ghost
   layers of those before it. */
#include "fv.h"
#include <string.h>

static PetscInt Wrap(PetscInt i, PetscInt n) { return (i % n + n) % n; }

/* Doubles that cross the cuts of p blocks in a direction. */
static double Surface(const EddyBox *box, const PetscInt p[3])
{
  double sum = 0;
  for (int d = 0; d < (int)box->dim; ++d) {
    double area = 1;
    for (int e = 0; e < (int)box->dim; ++e)
      if (e != d)
        area *= (double)box->n[e] / (double)p[e];
    if (p[d] > 1) /* rows of x are what is worked on: not cut without need */
      sum += area * (d ? 1 : 1.5);
    if (p[d] > box->n[d])
      sum += 1e30;
  }
  return sum;
}

/* rows: whole rows of x on each rank, as closures that add over rows or read the whole field expect. */
static void Cut(EddyFv *s, const EddyBox *box, PetscBool rows)
{
  double best = -1;
  for (PetscInt a = 1; a <= s->size; ++a)
    for (PetscInt b = 1; b <= s->size / a; ++b) {
      const PetscInt p[3] = {a, b, s->size / a / b};
      if ((rows && a > 1) || p[0] * p[1] * p[2] != s->size || (box->dim < 2 && p[1] > 1) ||
          (box->dim < 3 && p[2] > 1))
        continue;
      const double cost = Surface(box, p);
      if (best >= 0 && cost >= best)
        continue;
      best = cost;
      for (int d = 0; d < 3; ++d)
        s->ranks[d] = p[d];
    }
}

static PetscErrorCode Blocks(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  PetscInt rest = s->rank;
  PetscFunctionBeginUser;
  if (!s->ranks[0]) /* else given */
    Cut(s, &d->box, (PetscBool)(d->nclosure && s->dim > 1));
  s->cells = 1;
  for (int e = 0; e < 3; ++e) {
    const PetscInt p = s->ranks[e], n = d->box.n[e];
    s->coord[e] = rest % p;
    rest /= p;
    PetscCall(PetscMalloc1(p + 1, &s->cut[e]));
    for (PetscInt r = 0; r <= p; ++r)
      s->cut[e][r] = (PetscInt)((PetscInt64)n * r / p);
    s->start[e] = s->cut[e][s->coord[e]];
    s->n[e] = s->cut[e][s->coord[e] + 1] - s->start[e];
    s->cells *= (size_t)s->n[e];
  }
  const PetscInt g = EDDY_FV_GHOST, gy = s->dim > 1 ? g : 0, gz = s->dim > 2 ? g : 0;
  s->pitch =
      8 + (size_t)EddyFvWhole(s->n[0]); /* ghosts of a row end where those of the next begin */
  s->plane = s->pitch * (size_t)(s->n[1] + 2 * gy);
  s->comp = s->plane * (size_t)(s->n[2] + 2 * gz) + 64;
  s->origin = (size_t)gz * s->plane + (size_t)gy * s->pitch + 8;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rank of the block at `c` in direction e, otherwise in line with this one. */
static PetscMPIInt RankAt(const EddyFv *s, int e, PetscInt c)
{
  PetscInt at[3] = {s->coord[0], s->coord[1], s->coord[2]};
  at[e] = c;
  return (PetscMPIInt)(at[0] + s->ranks[0] * (at[1] + s->ranks[1] * at[2]));
}

/* Visits the ghost layers of the block at c in direction e: `layer` (local index there), and owner and local index at the owner. */
typedef struct {
  PetscInt layer, owner, at, side;
} Layer;
static PetscInt Layers(const EddyFv *s, const EddyBox *box, int e, PetscInt c, Layer out[])
{
  const PetscInt first = s->cut[e][c], n = s->cut[e][c + 1] - first, g = EDDY_FV_GHOST;
  PetscInt count = 0;
  for (PetscInt i = -g; n > 0 && i < n + g; ++i) {
    PetscInt cell = first + i, owner = 0;
    if (i == 0)
      i = n, cell = first + i;
    if (cell < 0 || cell >= box->n[e]) {
      if (!box->periodic[e])
        continue;
      cell = Wrap(cell, box->n[e]);
    }
    while (s->cut[e][owner + 1] <= cell)
      ++owner;
    out[count++] = (Layer){i, owner, cell - s->cut[e][owner], i < 0 ? 0 : 1};
  }
  return count;
}

/* Doubles of a layer of one component. */
static size_t LayerSize(const EddyFv *s, PetscInt e)
{
  PetscInt lo[3], n[3];
  EddyFvLayer(s, (int)e, lo, n);
  return s->cells ? (size_t)(n[0] * n[1] * n[2]) : 0;
}

/* Joins a layer to the last piece when it continues it. */
static void Append(EddyFvPiece *p, PetscInt *n, int e, PetscMPIInt rank, PetscInt side, PetscInt at)
{
  EddyFvPiece *last = *n ? &p[*n - 1] : NULL;
  if (last && last->rank == rank && last->dir == e && last->tag == 2 * e + (int)side &&
      last->at + last->count == at)
    ++last->count;
  else
    p[(*n)++] = (EddyFvPiece){rank, 2 * e + (int)side, e, at, 1, 0};
}

PetscErrorCode EddyFvHaloCreate(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvHalo *h = &s->halo;
  enum { MANY = 2 * EDDY_FV_GHOST };
  size_t in = 0, out = 0;
  PetscFunctionBeginUser;
  PetscCall(Blocks(d));
  const PetscInt most = 3 * MANY * PetscMax(s->ranks[0], PetscMax(s->ranks[1], s->ranks[2]));
  PetscCall(PetscMalloc3(3 * MANY, &h->recv, most, &h->send, 3 * MANY, &h->copy));
  for (int e = 0; e < (int)s->dim && s->cells; ++e) {
    Layer layer[MANY];
    PetscInt n = Layers(s, &d->box, e, s->coord[e], layer);
    for (PetscInt q = 0; q < n; ++q)
      if (layer[q].owner != s->coord[e])
        Append(h->recv, &h->nrecv, e, RankAt(s, e, layer[q].owner), layer[q].side, layer[q].layer);
      else {
        h->copy[h->ncopy].dir = e;
        h->copy[h->ncopy].from = layer[q].at;
        h->copy[h->ncopy++].to = layer[q].layer;
      }
    for (PetscInt c = 0; c < s->ranks[e]; ++c) {
      if (c == s->coord[e])
        continue;
      n = Layers(s, &d->box, e, c, layer);
      for (PetscInt q = 0; q < n; ++q)
        if (layer[q].owner == s->coord[e])
          Append(h->send, &h->nsend, e, RankAt(s, e, c), layer[q].side, layer[q].at);
    }
  }
  for (PetscInt q = 0; q < h->nrecv; ++q) {
    h->recv[q].offset = in;
    in += LayerSize(s, h->recv[q].dir) * (size_t)(h->recv[q].count * s->nprim);
  }
  for (PetscInt q = 0; q < h->nsend; ++q) {
    h->send[q].offset = out;
    out += LayerSize(s, h->send[q].dir) * (size_t)(h->send[q].count * s->nprim);
  }
  PetscCall(PetscMalloc3(PetscMax(1, in), &h->in, PetscMax(1, out), &h->out,
                         h->nrecv + h->nsend + 1, &h->request));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvHaloDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree3(s->halo.recv, s->halo.send, s->halo.copy));
  PetscCall(PetscFree3(s->halo.in, s->halo.out, s->halo.request));
  for (int e = 0; e < 3; ++e)
    PetscCall(PetscFree(s->cut[e]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Between w and a buffer; returns the doubles moved. */
static size_t Move(const EddyFv *s, PetscInt ncomp, const EddyFvPiece *p, double *w, double *buffer,
                   PetscBool pack)
{
  PetscInt lo[3], n[3];
  size_t at = 0;
  EddyFvLayer(s, (int)p->dir, lo, n);
  lo[p->dir] = p->at;
  n[p->dir] = p->count;
  for (PetscInt c = 0; c < ncomp; ++c)
    for (PetscInt k = lo[2]; k < lo[2] + n[2]; ++k)
      for (PetscInt j = lo[1]; j < lo[1] + n[1]; ++j) {
        double *row = w + EddyFvWork(s, c, lo[0], j, k);
        if (pack)
          for (PetscInt i = 0; i < n[0]; ++i)
            buffer[at++] = row[i];
        else
          for (PetscInt i = 0; i < n[0]; ++i)
            row[i] = buffer[at++];
      }
  return at;
}

/* Ghosts of direction e from this rank's own cells, every row once. */
static void Copy(const EddyFv *s, PetscInt ncomp, int e, double *w)
{
  PetscInt lo[3], n[3];
  const ptrdiff_t step = e == 1 ? (ptrdiff_t)s->pitch : (ptrdiff_t)s->plane;
  EddyFvLayer(s, e, lo, n);
  for (PetscInt c = 0; c < ncomp && s->cells; ++c)
    for (PetscInt k = lo[2]; k < lo[2] + n[2]; ++k)
      for (PetscInt j = lo[1]; j < lo[1] + n[1]; ++j) {
        double *row = w + EddyFvWork(s, c, lo[0], j, k);
        for (PetscInt q = 0; q < s->halo.ncopy; ++q)
          if (s->halo.copy[q].dir == e)
            memcpy(row + s->halo.copy[q].to * step, row + s->halo.copy[q].from * step,
                   (size_t)n[0] * sizeof *row);
      }
}

void EddyFvWrapRow(const EddyFv *s, PetscInt ncomp, double *row)
{
  for (PetscInt q = 0; q < s->halo.ncopy && !s->halo.copy[q].dir; ++q)
    for (PetscInt c = 0; c < ncomp; ++c)
      row[(ptrdiff_t)((size_t)c * s->comp) + s->halo.copy[q].to] =
          row[(size_t)c * s->comp + (size_t)s->halo.copy[q].from];
}

/* Direction dir alone, or all at once (dir < 0): sends what this rank's cells hold now. */
static PetscErrorCode Begin(EddyDisc d, int dir, PetscInt ncomp, double *w)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvHalo *h = &s->halo;
  PetscFunctionBeginUser;
  h->pending = 0;
  for (PetscInt q = 0; q < h->nrecv; ++q) {
    const EddyFvPiece *p = &h->recv[q];
    const size_t size = LayerSize(s, p->dir) * (size_t)(ncomp * p->count);
    if (dir >= 0 && p->dir != dir)
      continue;
    PetscCallMPI(MPI_Irecv(h->in + p->offset, (PetscMPIInt)size, MPI_DOUBLE, p->rank, p->tag,
                           d->comm, &h->request[h->pending++]));
  }
  for (PetscInt q = 0; q < h->nsend; ++q) {
    const EddyFvPiece *p = &h->send[q];
    if (dir >= 0 && p->dir != dir)
      continue;
    const size_t size = Move(s, ncomp, p, w, h->out + p->offset, PETSC_TRUE);
    PetscCallMPI(MPI_Isend(h->out + p->offset, (PetscMPIInt)size, MPI_DOUBLE, p->rank, p->tag,
                           d->comm, &h->request[h->pending++]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Receive(EddyDisc d, int dir, PetscInt ncomp, double *w)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvHalo *h = &s->halo;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Waitall((PetscMPIInt)h->pending, h->request, MPI_STATUSES_IGNORE));
  h->pending = 0;
  for (PetscInt q = 0; q < h->nrecv; ++q)
    if (dir < 0 || h->recv[q].dir == dir)
      Move(s, ncomp, &h->recv[q], w, h->in + h->recv[q].offset, PETSC_FALSE);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscBool EddyFvSendsRow(const EddyFv *s, PetscInt j, PetscInt k)
{
  for (PetscInt q = 0; q < s->halo.nsend; ++q) {
    const EddyFvPiece *p = &s->halo.send[q];
    const PetscInt at = p->dir == 1 ? j : k;
    if (p->dir == 0 || (at >= p->at && at < p->at + p->count))
      return PETSC_TRUE;
  }
  return PETSC_FALSE;
}

PetscErrorCode EddyFvGhostsBegin(EddyDisc d, PetscInt ncomp, double *w)
{
  PetscFunctionBeginUser;
  if (!EddyFvGet(d)->corners)
    PetscCall(Begin(d, -1, ncomp, w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Ghosts in direction e that lie beyond the box. */
static void Beyond(EddyDisc d, double t, int e, double *w)
{
  EddyFv *s = EddyFvGet(d);
  PetscInt lo[3], hi[3];
  EddyFvLayer(s, e, lo, hi);
  for (int q = 0; q < 3; ++q)
    hi[q] += lo[q];
  EddyFvFillDirection(d, t, e, lo, hi, w);
}

PetscErrorCode EddyFvGhostsEnd(EddyDisc d, double t, PetscInt ncomp, double *w)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  EddyAssert(ncomp <= s->nprim, d->comm, "buffers have room for %d components", (int)s->nprim);
  if (!s->corners)
    PetscCall(Receive(d, -1, ncomp, w));
  for (int e = 0; e < (int)s->dim; ++e) {
    if (s->corners)
      PetscCall(Begin(d, e, ncomp, w));
    if (e)
      Copy(s, ncomp, e, w);
    if (s->corners)
      PetscCall(Receive(d, e, ncomp, w));
    Beyond(d, t, e, w);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvGhostsOwn(EddyDisc d, double t, double *w)
{
  EddyFv *s = EddyFvGet(d);
  for (int e = 1; e < (int)s->dim; ++e) {
    Copy(s, s->nprim, e, w);
    if (s->ranks[e] == 1)
      Beyond(d, t, e, w);
  }
}

PetscErrorCode EddyFvGhostsOthers(EddyDisc d, double t, double *w)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  PetscCall(Receive(d, -1, s->nprim, w));
  for (int e = 1; e < (int)s->dim; ++e)
    if (s->ranks[e] > 1)
      Beyond(d, t, e, w);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvGhosts(EddyDisc d, double t, PetscInt ncomp, double *w)
{
  const EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < s->n[2] && s->cells; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      EddyFvWrapRow(s, ncomp, w + EddyFvWork(s, 0, 0, j, k));
  PetscCall(EddyFvGhostsBegin(d, ncomp, w));
  PetscCall(EddyFvGhostsEnd(d, t, ncomp, w));
  PetscFunctionReturn(PETSC_SUCCESS);
}
