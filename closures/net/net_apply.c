/* SPDX-License-Identifier: BSD-3-Clause */
/* A block through a plan. Index i of ring l is the place i + (cells read so far to the left): then a row reads cells i .. i + k - 1 of the
   row before it, stores are aligned, and a periodic direction needs only its first k - 1 cells (or rows) again at its far end. */
#include "net_impl.h"
#include <string.h>

typedef struct {
  EddyNetPlan p;
  const EddyNetBlock *b;
  EddyNetCopy store;
  int type;              /* of the block's arrays: 0 double, 1 float */
  PetscInt plane, first; /* z index; first cell of this strip */
  PetscInt width;        /* cells of this strip */
  PetscBool ring[2];     /* this sweep goes around in x, y */
} Sweep;

static void Ops(const EddyNetPlan p, const EddyNetRing *r, char *row, PetscInt vectors)
{
  const PetscBool full = vectors * p->kernels->lanes == r->ld
                             ? PETSC_TRUE
                             : PETSC_FALSE; /* no gaps between channels */
  for (PetscInt i = 0; i < r->nop; ++i) {
    const EddyNetOp *op = &r->op[i];
    if (full && op->kind == EDDY_NET_ACTIVATION) {
      p->kernels->map[op->activation](op->alpha, vectors * r->channels, row, row);
      continue;
    }
    for (PetscInt c = 0; c < r->channels; ++c) {
      char *y = row + p->size * (size_t)(c * r->ld);
      if (op->kind == EDDY_NET_AFFINE)
        p->kernels->affine(vectors, op->scale[c], op->shift[c], y);
      else
        p->kernels->map[op->activation](op->alpha, vectors, y, y);
    }
  }
}

/* Pointwise networks: cells in block order, a tile at a time, across the ends of rows. */
static void Pieces(const Sweep *s, PetscInt64 cell, PetscInt count, PetscBool load, char *rows)
{
  const EddyNetPlan p = s->p;
  const EddyNetBlock *b = s->b;
  for (PetscInt done = 0; done < count;) {
    const PetscInt64 line = cell / b->n[0];
    const PetscInt i = (PetscInt)(cell % b->n[0]), n = PetscMin(count - done, b->n[0] - i);
    const ptrdiff_t j = (ptrdiff_t)(line % b->n[1]), k = (ptrdiff_t)(line / b->n[1]);
    char *at = rows + p->size * (size_t)done;
    if (load)
      p->kernels->load[s->type](&p->load, n, b->in, i + j * b->in_stride[0] + k * b->in_stride[1],
                                at, p->kernels->tile);
    else
      p->kernels->store[s->type](&s->store, n, b->out,
                                 i + j * b->out_stride[0] + k * b->out_stride[1], at,
                                 p->kernels->tile);
    done += n;
    cell += n;
  }
}

static void ApplyTiles(const Sweep *s)
{
  const EddyNetPlan p = s->p;
  const PetscInt tile = p->kernels->tile, lanes = p->kernels->lanes;
  const PetscInt64 cells = (PetscInt64)s->b->n[0] * s->b->n[1] * s->b->n[2];
  for (PetscInt64 cell = 0; cell < cells; cell += tile) {
    const PetscInt n = (PetscInt)PetscMin(tile, cells - cell), vectors = (n + lanes - 1) / lanes;
    Pieces(s, cell, n, PETSC_TRUE, p->ring->base);
    Ops(p, p->ring, p->ring->base, vectors);
    for (EddyNetRing *r = p->ring; r < p->ring + p->nring - 1; ++r) {
      p->kernels->matrix(&r->matrix, vectors, r->offset, r->base, r[1].base, tile);
      Ops(p, r + 1, r[1].base, vectors);
    }
    Pieces(s, cell, n, PETSC_FALSE, p->ring[p->nring - 1].base);
  }
}

static PetscInt Slot(const Sweep *s, const EddyNetRing *r, PetscInt j)
{
  if (s->ring[1]) {
    j %= r->rows;
    if (j < r->head)
      return j;
  }
  return r->head + j % r->slots;
}
static char *Row(const Sweep *s, const EddyNetRing *r, PetscInt j)
{
  return r->base + s->p->size * (size_t)Slot(s, r, j) * (size_t)r->channels * (size_t)r->ld;
}

static void LoadRow(const Sweep *s, const EddyNetRing *r, PetscInt j, char *row)
{
  const EddyNetPlan p = s->p;
  const EddyNetBlock *b = s->b;
  const ptrdiff_t line =
      (s->ring[1] ? j : j - p->lo[1]) * b->in_stride[0] + s->plane * b->in_stride[1];
  PetscInt i = s->ring[0] ? 0 : s->first - p->lo[0];
  if (!b->wrap[0]) {
    p->kernels->load[s->type](&p->load, r->width, b->in, line + i, row, r->ld);
    return;
  }
  i = (i % b->n[0] + b->n[0]) % b->n[0];
  for (PetscInt done = 0; done < r->width;) {
    const PetscInt n = PetscMin(r->width - done, b->n[0] - i);
    p->kernels->load[s->type](&p->load, n, b->in, line + i, row + p->size * (size_t)done, r->ld);
    done += n;
    i = 0;
  }
}

static void StoreRow(const Sweep *s, const EddyNetRing *r, PetscInt j)
{
  const EddyNetPlan p = s->p;
  const EddyNetBlock *b = s->b;
  const char *row = Row(s, r, j);
  const ptrdiff_t line =
      (s->ring[1] ? (j + p->lo[1]) % b->n[1] : j) * b->out_stride[0] + s->plane * b->out_stride[1];
  if (!s->ring[0]) {
    p->kernels->store[s->type](&s->store, s->width, b->out, line + s->first, row, r->ld);
    return;
  }
  const PetscInt shift = p->lo[0] % b->n[0], n = b->n[0] - shift;
  p->kernels->store[s->type](&s->store, n, b->out, line + shift, row, r->ld);
  if (shift)
    p->kernels->store[s->type](&s->store, shift, b->out, line, row + p->size * (size_t)n, r->ld);
}

/* Row j of ring l from the rows of ring l - 1. */
static void MatrixRow(const Sweep *s, PetscInt l, PetscInt j, char *row)
{
  EddyNetRing *from = &s->p->ring[l - 1];
  const EddyNetRing *to = &s->p->ring[l];
  const ptrdiff_t ld = from->ld, slot = from->channels * ld;
  ptrdiff_t *offset = from->offset;
  for (PetscInt c = 0; c < from->channels; ++c)
    for (PetscInt b = 0; b < from->k[1]; ++b) {
      const ptrdiff_t at = Slot(s, from, j + b) * slot + c * ld;
      for (PetscInt a = 0; a < from->k[0]; ++a)
        *offset++ = at + a;
    }
  s->p->kernels->matrix(&from->matrix,
                        (to->width + s->p->kernels->lanes - 1) / s->p->kernels->lanes, from->offset,
                        from->base, row, to->ld);
}

/* The far side of a periodic row. */
static void Close(const Sweep *s, const EddyNetRing *r, char *row)
{
  const size_t size = s->p->size;
  for (PetscInt c = 0; c < r->channels; ++c) {
    char *y = row + size * (size_t)(c * r->ld);
    for (PetscInt i = 0; i < r->k[0] - 1; ++i)
      memcpy(y + size * (size_t)(r->width + i), y + size * (size_t)i, size);
  }
}

static void MakeRow(const Sweep *s, PetscInt l)
{
  EddyNetRing *r = &s->p->ring[l];
  const PetscInt j = r->made++;
  char *row = Row(s, r, j);
  if (l)
    MatrixRow(s, l, j, row);
  else
    LoadRow(s, r, j, row);
  Ops(s->p, r, row, (r->width + s->p->kernels->lanes - 1) / s->p->kernels->lanes);
  if (s->ring[0])
    Close(s, r, row);
}

/* Rows of ring l up to last: each needs k rows of the ring before, which keeps no more than that. */
static void Need(const Sweep *s, PetscInt l, PetscInt last)
{
  EddyNetRing *r = &s->p->ring[l];
  while (r->made <= last) {
    if (l)
      Need(s, l - 1, PetscMin(r->made + r[-1].k[1] - 1, r[-1].rows - 1));
    MakeRow(s, l);
  }
}

static void ApplyStrip(Sweep *s)
{
  const EddyNetPlan p = s->p;
  const EddyNetBlock *b = s->b;
  const PetscInt last = p->nring - 1;
  for (PetscInt l = 0; l <= last; ++l) {
    EddyNetRing *r = &p->ring[l];
    r->made = 0;
    r->rows = b->n[1] + (s->ring[1] ? 0 : r->more[1]);
    r->width = s->width + (s->ring[0] ? 0 : r->more[0]);
    r->ld = EddyNetLead(p, s->width + r->more[0]);
  }
  for (PetscInt j = 0; j < b->n[1]; ++j) {
    Need(s, last, j);
    StoreRow(s, &p->ring[last], j);
  }
}

void EddyNetApply(EddyNetPlan p, const EddyNetBlock *b)
{
  Sweep s = {.p = p, .b = b, .store = p->store, .type = p->precision == EDDY_NET_F32};
  s.store.add = b->add;
  if (b->n[0] < 1 || b->n[1] < 1 || b->n[2] < 1)
    return;
  if (p->pointwise) {
    ApplyTiles(&s);
    return;
  }
  const PetscInt lanes = p->kernels->lanes, strips = (b->n[0] + p->widest - 1) / p->widest;
  const PetscInt width =
      strips == 1 ? b->n[0] : ((b->n[0] + strips - 1) / strips + lanes - 1) / lanes * lanes;
  s.ring[0] = b->wrap[0] && strips == 1 ? PETSC_TRUE : PETSC_FALSE;
  s.ring[1] = b->wrap[1];
  for (s.plane = 0; s.plane < b->n[2]; ++s.plane)
    for (s.first = 0; s.first < b->n[0]; s.first += width) {
      s.width = PetscMin(width, b->n[0] - s.first);
      ApplyStrip(&s);
    }
}
