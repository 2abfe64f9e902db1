/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of a rank through a plan. Rows are named by their number j in their grid, which may lie beyond 0 .. n - 1: the same row of the
   periodic domain has one place, whatever it is called. */
#include "graph_impl.h"
#include <float.h>
#include <string.h>

typedef struct {
  EddyGraphPlan p;
  const EddyNetBlock *b;
  EddyNetCopy store;
  int type;                /* of the block's arrays: 0 double, 1 float */
  const EddyGraphLevel *l; /* grid of the group; NULL for scalars */
  PetscInt j, vectors, n;  /* row (tiles: first cell), vectors and cells of a row */
} Pass;

static PetscInt Fold(PetscInt j, PetscInt n)
{
  j %= n;
  return j < 0 ? j + n : j;
}

/* First cell of row j (of its own grid) of a plane, as an element of the work space. */
static ptrdiff_t At(const EddyGraphPlan p, PetscInt plane, PetscInt j)
{
  const EddyGraphPlace *w = &p->place[plane];
  if (p->g->plane[plane].kind != EDDY_PLANE_CELL)
    return (ptrdiff_t)p->constant + (ptrdiff_t)w->slot * p->wide + p->margin;
  const EddyGraphLevel *l = &p->level[w->level];
  if (!w->field)
    return (ptrdiff_t)p->stream + (ptrdiff_t)w->slot * l->ld;
  return (ptrdiff_t)l->base +
         ((ptrdiff_t)Fold(j - l->first, l->n[1]) * l->nfield + w->slot) * l->ld + l->pad;
}
static char *Row(const EddyGraphPlan p, PetscInt plane, PetscInt j)
{
  return p->work + (ptrdiff_t)p->size * At(p, plane, j);
}

/* Row j + shift of a plane, which a row of the same grid asks for, by the plane's rule. -1: what lies outside. */
static PetscInt Beyond(const EddyPlane *q, PetscInt j, PetscInt shift, PetscInt n,
                       PetscBool *outside)
{
  *outside = PETSC_FALSE;
  if (q->edge[1] == EDDY_EDGE_WRAP)
    return j + shift;
  PetscInt r = Fold(j, n) + shift;
  if (r >= 0 && r < n)
    return r;
  if (q->edge[1] == EDDY_EDGE_NEAREST)
    return r < 0 ? 0 : n - 1;
  if (q->edge[1] == EDDY_EDGE_REFLECT)
    return r < 0 ? PetscMin(-r, n - 1) : PetscMax(2 * (n - 1) - r, 0);
  *outside = PETSC_TRUE;
  return 0;
}

static void Matrix(const Pass *a, PetscInt step)
{
  const EddyGraphPlan p = a->p;
  const EddyGraphStep *s = &p->g->step[step];
  ptrdiff_t *offset = p->offset;
  PetscBool outside;
  for (PetscInt c = 0; c < s->nin; ++c) {
    const EddyPlane *q = &p->g->plane[s->in[c]];
    for (PetscInt y = 0; y < s->k[1]; ++y) {
      PetscInt r = a->j;
      outside = PETSC_FALSE;
      if (s->k[1] > 1 || s->left[1])
        r = Beyond(q, a->j, y * s->by[1] - s->left[1], a->l ? a->l->n[1] : 1, &outside);
      const ptrdiff_t at = outside ? (ptrdiff_t)p->constant +
                                         (ptrdiff_t)p->place[q->beyond].slot * p->wide + p->margin
                                   : At(p, s->in[c], r);
      for (PetscInt x = 0; x < s->k[0]; ++x)
        *offset++ = at + x * s->by[0] - s->left[0];
    }
  }
  const PetscInt ld = a->l ? a->l->ld : p->wide;
  p->kernels->matrix(&p->matrix[step], a->vectors, p->offset, p->work, Row(p, s->out[0], a->j), ld);
}

static void Sample(const Pass *a, const EddyGraphStep *s)
{
  const EddyGraphPlan p = a->p;
  for (PetscInt i = 0; i < s->nout; ++i) {
    const EddyPlane *q = &p->g->plane[s->in[i]];
    const EddyGraphLevel *from = &p->level[p->place[s->in[i]].level];
    PetscBool outside;
    const PetscInt r =
        Beyond(q, Fold(a->j, a->l->n[1]) * s->factor[1], s->shift[1], from->n[1], &outside);
    const ptrdiff_t at =
        outside ? (ptrdiff_t)p->constant + (ptrdiff_t)p->place[q->beyond].slot * p->wide + p->margin
                : At(p, s->in[i], r);
    p->more->sample(a->n, s->factor[0], p->work + (ptrdiff_t)p->size * (at + s->shift[0]),
                    Row(p, s->out[i], a->j));
  }
}

static void Spread(const Pass *a, const EddyGraphStep *s)
{
  const EddyGraphPlan p = a->p;
  const PetscInt fx = s->factor[0], fy = s->factor[1], j = Fold(a->j, a->l->n[1]);
  for (PetscInt i = 0; i < s->nout; ++i)
    for (PetscInt x = 0; x < fx; ++x)
      p->more->spread(a->n / fx, fx, Row(p, s->in[(i * fy + j % fy) * fx + x], j / fy),
                      Row(p, s->out[i], a->j) + p->size * (size_t)x);
}

/* Functions that networks without branches have too. */
static const int maps[EDDY_GRAPH_NEACH] = {
    [EDDY_GRAPH_EXP] = EDDY_NET_FN_EXP,       [EDDY_GRAPH_LOG] = EDDY_NET_FN_LOG,
    [EDDY_GRAPH_ERF] = EDDY_NET_FN_ERF,       [EDDY_GRAPH_RELU] = EDDY_ACT_RELU,
    [EDDY_GRAPH_LEAKY] = EDDY_ACT_LEAKY,      [EDDY_GRAPH_TANH] = EDDY_ACT_TANH,
    [EDDY_GRAPH_SIGMOID] = EDDY_ACT_SIGMOID,  [EDDY_GRAPH_GELU] = EDDY_ACT_GELU_ERF,
    [EDDY_GRAPH_ELU] = EDDY_ACT_ELU,          [EDDY_GRAPH_SILU] = EDDY_ACT_SILU,
    [EDDY_GRAPH_SOFTPLUS] = EDDY_ACT_SOFTPLUS};

/* Neighbours in memory without gaps go through a function of one operand together. */
static void Each(const Pass *a, const EddyGraphStep *s)
{
  const EddyGraphPlan p = a->p;
  const EddyGraphEachKernel kernel = p->more->each[s->op];
  const PetscInt operands = s->nout ? s->nin / s->nout : 0;
  const PetscBool affine = (PetscBool)(s->op == EDDY_GRAPH_AFFINE),
                  tight = (PetscBool)(operands == 1 && !affine && a->l &&
                                      a->vectors * p->kernels->lanes == a->l->ld);
  for (PetscInt i = 0; i < s->nout;) {
    const double alpha[2] = {affine ? s->weight[i] : s->alpha, affine ? s->bias[i] : 0};
    const ptrdiff_t from = At(p, s->in[i], a->j), to = At(p, s->out[i], a->j);
    PetscInt run = 1;
    while (tight && i + run < s->nout &&
           At(p, s->in[i + run], a->j) == from + (ptrdiff_t)run * a->l->ld &&
           At(p, s->out[i + run], a->j) == to + (ptrdiff_t)run * a->l->ld)
      ++run;
    const char *y[3] = {p->work + (ptrdiff_t)p->size * from, NULL, NULL};
    for (PetscInt k = 1; k < operands; ++k)
      y[k] = Row(p, s->in[k * s->nout + i], a->j);
    if (kernel)
      kernel(alpha, run * a->vectors, y[0], y[1], y[2], p->work + (ptrdiff_t)p->size * to);
    else
      p->kernels->map[maps[s->op]](alpha[0], run * a->vectors, y[0],
                                   p->work + (ptrdiff_t)p->size * to);
    i += run;
  }
}

/* Sum over the operands of one row; `at` is its place in p->sums. */
static void Reduce(const Pass *a, const EddyGraphStep *s, double *at)
{
  double r = s->op == EDDY_GRAPH_LARGEST ? -INFINITY : s->op == EDDY_GRAPH_SMALLEST ? INFINITY : 0;
  for (PetscInt i = 0; i < s->nin; ++i)
    a->p->more->reduce(s->op, a->n, Row(a->p, s->in[i], a->j), &r);
  *at = r;
}

/* The far side of the row, or what the plane's rule says, for readers that look beyond it. */
static void Close(const Pass *a, PetscInt plane)
{
  const EddyGraphPlan p = a->p;
  const EddyPlane *q = &p->g->plane[plane];
  const PetscInt n = a->n;
  char *row = Row(p, plane, a->j);
  for (int side = 0; side < 2; ++side)
    for (PetscInt i = 1; i <= a->l->reach[side]; ++i) {
      const PetscInt to = side ? n - 1 + i : -i;
      PetscInt from = side ? i - 1 : n - i;
      if (q->edge[0] == EDDY_EDGE_VALUE) {
        p->more->fill(1, q->outside, row + (ptrdiff_t)p->size * to);
        continue;
      }
      if (q->edge[0] == EDDY_EDGE_NEAREST)
        from = side ? n - 1 : 0;
      else if (q->edge[0] == EDDY_EDGE_REFLECT)
        from = side ? PetscMax(0, n - 1 - i) : PetscMin(n - 1, i);
      else
        from = Fold(from, n);
      memcpy(row + (ptrdiff_t)p->size * to, row + (ptrdiff_t)p->size * from, p->size);
    }
}

/* ---- the block's arrays ---- */

static void LoadRow(const Pass *a, const EddyGraphStep *s)
{
  const EddyNetCopy copy = {.channels = s->nout};
  a->p->kernels->load[a->type](&copy, a->n, a->b->in,
                               (ptrdiff_t)(a->j - a->p->start) * a->b->in_stride[0],
                               Row(a->p, s->out[0], a->j), a->l->ld);
}
static void StoreRow(const Pass *a, const EddyGraphStep *s)
{
  const PetscInt j = Fold(a->j - a->p->start, a->p->n[1]);
  if (j >= a->p->rows)
    return;
  for (PetscInt c = 0; c < s->nin; ++c)
    a->p->kernels->store[a->type](&a->store, a->n, a->b->out + c,
                                  (ptrdiff_t)j * a->b->out_stride[0], Row(a->p, s->in[c], a->j), 0);
}
/* Cells in block order, across the ends of rows; n of them from cell j on. */
static void Pieces(const Pass *a, const EddyGraphStep *s)
{
  const EddyNetCopy copy = {.channels = s->nout};
  PetscInt cell = a->j;
  for (PetscInt done = 0; done < a->n;) {
    const PetscInt i = cell % a->p->n[0], n = PetscMin(a->n - done, a->p->n[0] - i);
    const ptrdiff_t j = cell / a->p->n[0], more = (ptrdiff_t)a->p->size * done;
    if (s->op == EDDY_GRAPH_LOAD)
      a->p->kernels->load[a->type](&copy, n, a->b->in, i + j * a->b->in_stride[0],
                                   Row(a->p, s->out[0], 0) + more, a->l->ld);
    for (PetscInt c = 0; s->op == EDDY_GRAPH_STORE && c < s->nin; ++c)
      a->p->kernels->store[a->type](&a->store, n, a->b->out + c, i + j * a->b->out_stride[0],
                                    Row(a->p, s->in[c], 0) + more, 0);
    done += n;
    cell += n;
  }
}

/* ---- groups ---- */

static void Step(const Pass *a, PetscInt step)
{
  const EddyGraphStep *s = &a->p->g->step[step];
  if (s->op < EDDY_GRAPH_NEACH)
    Each(a, s);
  else if (s->op == EDDY_GRAPH_MATRIX)
    Matrix(a, step);
  else if (a->p->pointwise)
    Pieces(a, s);
  else if (s->op == EDDY_GRAPH_LOAD)
    LoadRow(a, s);
  else if (s->op == EDDY_GRAPH_STORE)
    StoreRow(a, s);
  else if (s->op == EDDY_GRAPH_SAMPLE)
    Sample(a, s);
  else if (s->op == EDDY_GRAPH_SPREAD)
    Spread(a, s);
}

static void Tiles(Pass *a, const EddyGraphGroup *o)
{
  const PetscInt lanes = a->p->kernels->lanes, cells = a->p->n[0] * a->p->rows;
  for (a->j = 0; a->j < cells; a->j += a->n) {
    a->n = PetscMin(a->p->tile, cells - a->j);
    a->vectors = (a->n + lanes - 1) / lanes;
    for (PetscInt i = 0; i < o->nstep; ++i)
      Step(a, o->step[i]);
  }
}

static void Rows(Pass *a, const EddyGraphGroup *o)
{
  const EddyGraphPlan p = a->p;
  const EddyGraphLevel *l = a->l;
  const PetscInt f = l->factor[1], from = (p->start + f - 1) / f, /* rows that start on this rank */
      mine = (p->start + p->rows + f - 1) / f - from;
  const PetscInt first = l->own[0] - o->lo, count = PetscMin(l->n[1], l->own[1] + o->hi - first);
  for (PetscInt r = 0; r < count; ++r) {
    a->j = first + r;
    const PetscInt own = Fold(a->j - from, l->n[1]);
    for (PetscInt i = 0, q = 0; i < o->nstep; ++i) {
      const EddyGraphStep *s = &p->g->step[o->step[i]];
      if (s->op >= EDDY_GRAPH_SUM) {
        if (own < mine)
          Reduce(a, s, p->sums + (size_t)q * (size_t)mine + (size_t)own);
        ++q;
        continue;
      }
      Step(a, o->step[i]);
      for (PetscInt k = 0; k < s->nout && p->place[s->out[k]].field; ++k)
        Close(a, s->out[k]);
    }
  }
}

/* One number in place of a row of scalars, as far as any reader goes. */
static void Broadcast(const EddyGraphPlan p, PetscInt plane, double value)
{
  p->more->fill(p->wide, value, Row(p, plane, 0) - (ptrdiff_t)p->size * p->margin);
}

static PetscErrorCode Totals(const Pass *a, const EddyGraphGroup *o, EddyGraphGather gather,
                             void *ctx)
{
  const EddyGraphPlan p = a->p;
  const EddyGraphLevel *l = a->l;
  const PetscInt f = l->factor[1], from = (p->start + f - 1) / f,
                 mine = (p->start + p->rows + f - 1) / f - from, n = l->n[1];
  const double *all = p->whole;

  PetscFunctionBeginUser;
  if (gather)
    PetscCall(gather(ctx, o->nsum, n, from, mine, p->sums, p->whole));
  else
    all = p->sums;
  for (PetscInt i = 0, q = 0; i < o->nstep; ++i) {
    const EddyGraphStep *s = &p->g->step[o->step[i]];
    if (s->op < EDDY_GRAPH_SUM)
      continue;
    const double *row = all + (size_t)q++ * (size_t)n;
    double r = row[0];
    for (PetscInt j = 1; j < n; ++j) {
      if (s->op <= EDDY_GRAPH_MEAN)
        r += row[j];
      else if (row[j] != row[j] || (s->op == EDDY_GRAPH_LARGEST ? row[j] > r : row[j] < r))
        r = row[j];
    }
    if (s->op == EDDY_GRAPH_MEAN)
      r /= (double)s->nin * (double)l->n[0] * (double)n;
    Broadcast(p, s->out[0], r);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphApply(EddyGraphPlan p, const EddyNetBlock *b, EddyGraphGather gather,
                              void *ctx)
{
  Pass a = {.p = p,
            .b = b,
            .store = {.channels = 1, .add = b->add},
            .type = p->precision == EDDY_NET_F32};

  PetscFunctionBeginUser;
  EddyAssert(p->ready && b->n[0] == p->n[0] && b->n[1] == p->rows, PETSC_COMM_SELF,
             "the plan was set up for another block");
  for (PetscInt k = 0; k < p->ngroup; ++k) {
    const EddyGraphGroup *o = &p->group[k];
    a.l = o->level < 0 ? NULL : &p->level[o->level];
    a.n = a.l ? a.l->n[0] : 1;
    a.vectors = a.l ? a.l->vectors : 1;
    if (!a.l) {
      for (PetscInt i = 0; i < o->nstep; ++i) {
        const EddyGraphStep *s = &p->g->step[o->step[i]];
        Step(&a, o->step[i]);
        for (PetscInt n = 0; n < s->nout; ++n)
          Broadcast(p, s->out[n], p->more->first(Row(p, s->out[n], 0)));
      }
    } else if (p->pointwise)
      Tiles(&a, o);
    else if (p->rows)
      Rows(&a, o);
    if (o->nsum)
      PetscCall(Totals(&a, o, gather, ctx));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
