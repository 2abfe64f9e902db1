/* SPDX-License-Identifier: BSD-3-Clause */
/* From a graph to a plan: groups, how far they look, places of planes, packed weights. */
#include "graph_impl.h"
#include <stdlib.h>
#include <string.h>

static PetscBool IsReduction(EddyGraphOp op) { return (PetscBool)(op >= EDDY_GRAPH_SUM); }

/* Does s read its operands at other cells than its result's? */
static PetscBool Looks(const EddyGraph *g, const EddyGraphStep *s)
{
  if (s->op == EDDY_GRAPH_SAMPLE || s->op == EDDY_GRAPH_SPREAD)
    return PETSC_TRUE;
  return (PetscBool)(s->op == EDDY_GRAPH_MATRIX && (s->k[0] > 1 || s->k[1] > 1));
}

static PetscErrorCode Level(EddyGraphPlan p, const PetscInt factor[2], PetscInt *level)
{
  PetscFunctionBeginUser;
  for (*level = 0; *level < p->nlevel; ++*level)
    if (p->level[*level].factor[0] == factor[0] && p->level[*level].factor[1] == factor[1])
      PetscFunctionReturn(PETSC_SUCCESS);
  PetscCheck(p->nlevel < EDDY_GRAPH_MAX_LEVELS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network with more than %d grids", EDDY_GRAPH_MAX_LEVELS);
  p->level[p->nlevel++] = (EddyGraphLevel){.factor = {factor[0], factor[1]}};
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Grid on which a step goes through its rows: that of its result, or of what it reduces or stores. */
static PetscErrorCode StepLevel(EddyGraphPlan p, const EddyGraphStep *s, PetscInt *level)
{
  const PetscInt one[2] = {1, 1};

  PetscFunctionBeginUser;
  *level = -1;
  if (s->op == EDDY_GRAPH_LOAD || s->op == EDDY_GRAPH_STORE)
    PetscCall(Level(p, one, level));
  else {
    const EddyPlane *q = &p->g->plane[IsReduction(s->op) ? s->in[0] : s->out[0]];
    if (q->kind == EDDY_PLANE_CELL)
      PetscCall(Level(p, q->factor, level));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A step comes in the stage of its operands, or in the next one when it reads them elsewhere. */
static PetscErrorCode Stages(EddyGraphPlan p, PetscInt level[])
{
  const EddyGraph *g = p->g;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < g->nstep; ++i) {
    const EddyGraphStep *s = &g->step[i];
    PetscCall(StepLevel(p, s, &level[i]));
    for (PetscInt k = 0; k < s->nin; ++k) {
      const EddyPlane *q = &g->plane[s->in[k]];
      if (q->kind == EDDY_PLANE_CONSTANT)
        continue;
      const EddyGraphStep *from = &g->step[q->step];
      const PetscBool later = (PetscBool)(level[q->step] != level[i] || IsReduction(from->op) ||
                                          (q->kind == EDDY_PLANE_CELL && Looks(g, s)));
      p->stage[i] = PetscMax(p->stage[i], p->stage[q->step] + later);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Groups(EddyGraphPlan p, const PetscInt level[])
{
  const EddyGraph *g = p->g;
  PetscInt last = 0, at = 0;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < g->nstep; ++i)
    last = PetscMax(last, p->stage[i]);
  PetscCall(PetscCalloc1((size_t)(last + 1) * (size_t)(p->nlevel + 1), &p->group));
  for (PetscInt stage = 0; stage <= last; ++stage)
    for (PetscInt l = -1; l < p->nlevel; ++l) {
      EddyGraphGroup *o = &p->group[p->ngroup];
      *o = (EddyGraphGroup){.stage = stage, .level = l, .step = p->order + at};
      for (PetscInt i = 0; i < g->nstep; ++i) {
        if (p->stage[i] != stage || level[i] != l)
          continue;
        p->order[at++] = i;
        ++o->nstep;
        o->nsum += IsReduction(g->step[i].op);
        for (PetscInt k = 0; k < g->step[i].nout; ++k)
          p->place[g->step[i].out[k]].group = p->ngroup;
      }
      if (o->nstep)
        ++p->ngroup;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rows of an operand that rows -lo .. hi of the result's grid ask for, and cells beyond the row. */
static void Need(const EddyGraph *g, const EddyGraphStep *s, const EddyPlane *q, PetscInt lo,
                 PetscInt hi, PetscInt rows[2], PetscInt reach[2])
{
  const PetscInt t = s->factor[1];
  rows[0] = lo;
  rows[1] = hi;
  reach[0] = reach[1] = 0;
  if (s->op == EDDY_GRAPH_MATRIX) {
    PetscInt below = s->left[1], above = (s->k[1] - 1) * s->by[1] - s->left[1];
    if (q->edge[1] != EDDY_EDGE_WRAP) /* folded back to the other side */
      below = above = PetscMax(below, above) + 1;
    rows[0] = lo + PetscMax(0, below);
    rows[1] = hi + PetscMax(0, above);
    reach[0] = PetscMax(0, s->left[0]);
    reach[1] = PetscMax(0, (s->k[0] - 1) * s->by[0] - s->left[0]);
  } else if (s->op == EDDY_GRAPH_SAMPLE) {
    const PetscInt more =
        q->edge[1] != EDDY_EDGE_WRAP ? (s->shift[1] < 0 ? -s->shift[1] : s->shift[1]) + 1 : 0;
    rows[0] = PetscMax(0, t * lo + t - 1 - s->shift[1]) + more;
    rows[1] = PetscMax(0, t * hi + s->shift[1]) + more;
    reach[0] = PetscMax(0, -s->shift[0]);
    reach[1] = PetscMax(0, s->shift[0]);
  } else if (s->op == EDDY_GRAPH_SPREAD) {
    rows[0] = (lo + t - 1) / t;
    rows[1] = (hi + t - 1) / t;
  }
}

/* From the last group to the first: rows a group makes beyond the own ones, and what that asks of groups before. */
static void Rows(EddyGraphPlan p)
{
  const EddyGraph *g = p->g;
  for (PetscInt k = p->ngroup - 1; k >= 0; --k) {
    const EddyGraphGroup *o = &p->group[k];
    for (PetscInt i = 0; o->level >= 0 && i < o->nstep; ++i) {
      const EddyGraphStep *s = &g->step[o->step[i]];
      for (PetscInt n = 0; n < s->nin; ++n) {
        const EddyPlane *q = &g->plane[s->in[n]];
        PetscInt rows[2], reach[2];
        if (q->kind != EDDY_PLANE_CELL)
          continue;
        EddyGraphGroup *from = &p->group[p->place[s->in[n]].group];
        EddyGraphLevel *l = &p->level[from->level];
        const PetscBool own = (PetscBool)(IsReduction(s->op) || s->op == EDDY_GRAPH_STORE);
        Need(g, s, q, own ? 0 : o->lo, own ? 0 : o->hi, rows, reach);
        from->lo = PetscMax(from->lo, rows[0]);
        from->hi = PetscMax(from->hi, rows[1]);
        l->lo = PetscMax(l->lo, rows[0]);
        l->hi = PetscMax(l->hi, rows[1]);
        for (int d = 0; d < 2; ++d)
          l->reach[d] = PetscMax(l->reach[d], reach[d]);
        p->place[s->in[n]].last = PetscMax(p->place[s->in[n]].last, k);
        if (from != o || Looks(g, s))
          p->place[s->in[n]].field = PETSC_TRUE;
      }
    }
  }
  const EddyGraphGroup *load = &p->group[p->place[g->step[0].out[0]].group];
  p->halo = PetscMax(load->lo, load->hi);
}

/* n places side by side that are free at `now`; busy[k]: one past the last user of place k, both counted from 1. */
static PetscInt Find(PetscInt n, PetscInt now, PetscInt busy[], PetscInt *count)
{
  PetscInt at = 0, run = 0;
  for (; run < n; ++at)
    run = at < *count && busy[at] >= now ? 0 : run + 1;
  *count = PetscMax(*count, at);
  return at - n;
}

/* Planes of one step lie side by side, so that a matrix can write them. Fields are given out by groups, rows of a stream by steps. */
static PetscErrorCode Places(EddyGraphPlan p)
{
  const EddyGraph *g = p->g;
  PetscInt *busy[EDDY_GRAPH_MAX_LEVELS], *stream, *end;

  PetscFunctionBeginUser;
  for (PetscInt l = 0; l < p->nlevel; ++l)
    PetscCall(PetscCalloc1(2 * g->nplane + 1, &busy[l]));
  PetscCall(PetscCalloc2(2 * g->nplane + 1, &stream, g->nplane + 1, &end));
  for (PetscInt i = 0; i < g->nplane; ++i)
    end[i] = -1;
  for (PetscInt k = 0, at = 0; k < p->ngroup; ++k)
    for (PetscInt i = 0; i < p->group[k].nstep; ++i, ++at) {
      const EddyGraphStep *s = &g->step[p->group[k].step[i]];
      for (PetscInt n = 0; n < s->nin; ++n)
        end[s->in[n]] = at;
    }
  for (PetscInt k = 0, at = 0; k < p->ngroup; ++k) {
    const EddyGraphGroup *o = &p->group[k];
    PetscInt count = 0;
    for (PetscInt i = 0; i < o->nstep; ++i, ++at) {
      const EddyGraphStep *s = &g->step[o->step[i]];
      PetscBool field = PETSC_FALSE;
      PetscInt last = k, until = at;
      for (PetscInt n = 0; n < s->nout; ++n) {
        field = (PetscBool)(field || p->place[s->out[n]].field);
        last = PetscMax(last, p->place[s->out[n]].last);
        until = PetscMax(until, end[s->out[n]]);
      }
      if (!s->nout || o->level < 0 || IsReduction(s->op)) { /* scalars have rows of their own */
        for (PetscInt n = 0; n < s->nout; ++n)
          p->place[s->out[n]].slot = p->nconstant++;
        continue;
      }
      EddyGraphLevel *l = &p->level[o->level];
      const PetscInt first = field ? Find(s->nout, k + 1, busy[o->level], &l->nfield)
                                   : Find(s->nout, at + 1, stream, &count);
      for (PetscInt n = 0; n < s->nout; ++n) {
        EddyGraphPlace *w = &p->place[s->out[n]];
        w->level = o->level;
        w->field = field;
        w->slot = first + n;
        if (field)
          busy[o->level][first + n] = last + 1;
        else
          stream[first + n] = until + 1;
      }
      l->nstream = PetscMax(l->nstream, count);
    }
  }
  for (PetscInt i = 0; i < g->nplane; ++i)
    if (g->plane[i].kind == EDDY_PLANE_CONSTANT)
      p->place[i].slot = p->nconstant++;
  for (PetscInt l = 0; l < p->nlevel; ++l)
    PetscCall(PetscFree(busy[l]));
  PetscCall(PetscFree2(stream, end));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Pack(EddyGraphPlan p)
{
  const EddyGraph *g = p->g;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < g->nstep; ++i) {
    const EddyGraphStep *s = &g->step[i];
    if (s->op != EDDY_GRAPH_MATRIX)
      continue;
    const PetscInt terms = s->nin * s->k[0] * s->k[1];
    PetscCall(
        EddyNetPackMatrix(p->kernels, p->size, terms, s->nout, s->weight, s->bias, &p->matrix[i]));
    p->most = PetscMax(p->most, terms);
  }
  PetscCall(PetscMalloc1(p->most + 1, &p->offset));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Fill(EddyGraphPlan p)
{
  const EddyGraph *g = p->g;
  PetscInt *level;
  int sums = 0;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(g->nstep, &p->order));
  PetscCall(PetscCalloc1(g->nstep, &p->stage));
  PetscCall(PetscCalloc1(g->nplane, &p->place));
  PetscCall(PetscCalloc1(g->nstep, &p->matrix));
  PetscCall(PetscMalloc1(g->nstep, &level));
  PetscErrorCode ierr = Stages(p, level);
  if (!ierr)
    ierr = Groups(p, level);
  PetscCall(PetscFree(level));
  PetscCall(ierr);
  Rows(p);
  PetscCall(Places(p));
  PetscCall(Pack(p));
  p->pointwise = PETSC_TRUE;
  for (PetscInt i = 0; i < g->nstep; ++i) {
    sums += IsReduction(g->step[i].op);
    p->pointwise = (PetscBool)(p->pointwise && !Looks(g, &g->step[i]));
  }
  p->pointwise = (PetscBool)(p->pointwise && !sums && p->ngroup == 1);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphPlanCreate(const EddyGraph *g, EddyNetPrecision precision,
                                   EddySimdLevel level, EddyGraphPlan *plan)
{
  const EddyGraphKernels *const tables[] = {eddy_graph_kernels_v2, eddy_graph_kernels_v3,
                                            eddy_graph_kernels_v4};
  const PetscBool single = precision == EDDY_NET_F64 ? PETSC_FALSE : PETSC_TRUE;
  EddyGraphPlan p;
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  *plan = NULL;
  PetscCheck(level <= EddySimdDetect(), PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "this processor lacks x86-64 level %s", EddySimdNames[level]);
  PetscCall(PetscNew(&p));
  p->g = g;
  p->kernels = EddyNetKernelsGet(level, single);
  p->more = &tables[level][single ? 1 : 0];
  p->precision = precision;
  p->size = single ? sizeof(float) : sizeof(double);
  ierr = Fill(p);
  if (ierr) {
    PetscCall(EddyGraphPlanDestroy(&p));
    PetscFunctionReturn(ierr);
  }
  *plan = p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyGraphPlanPasses(EddyGraphPlan p) { return p->ngroup; }

static PetscErrorCode FreeWork(EddyGraphPlan p)
{
  PetscFunctionBeginUser;
  free(p->memory);
  p->memory = NULL;
  PetscCall(PetscFree(p->sums));
  PetscCall(PetscFree(p->whole));
  p->ready = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphPlanDestroy(EddyGraphPlan *plan)
{
  EddyGraphPlan p = *plan;

  PetscFunctionBeginUser;
  if (!p)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; p->matrix && i < p->g->nstep; ++i) {
    free((void *)p->matrix[i].weight);
    free((void *)p->matrix[i].bias);
  }
  PetscCall(FreeWork(p));
  PetscCall(PetscFree(p->matrix));
  PetscCall(PetscFree(p->group));
  PetscCall(PetscFree(p->order));
  PetscCall(PetscFree(p->stage));
  PetscCall(PetscFree(p->place));
  PetscCall(PetscFree(p->offset));
  PetscCall(PetscFree(*plan));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- work space ---- */

static PetscInt Up(PetscInt n, PetscInt unit) { return (n + unit - 1) / unit * unit; }

/* Extents of all grids, and elements of the work space. */
static size_t Extents(EddyGraphPlan p, size_t *reductions)
{
  const PetscInt line = (PetscInt)(64 / p->size), lanes = p->kernels->lanes;
  size_t at = 0, stream = 0;
  PetscInt wide = line, margin = 0, most = 0;
  for (PetscInt k = 0; k < p->nlevel; ++k) {
    EddyGraphLevel *l = &p->level[k];
    const PetscInt f = l->factor[1];
    for (int d = 0; d < 2; ++d)
      l->n[d] = p->n[d] / l->factor[d];
    l->own[0] = p->start / f;
    l->own[1] = (p->start + p->rows + f - 1) / f;
    l->first = l->own[0] - l->lo;
    l->rows = p->rows ? PetscMin(l->n[1], l->own[1] + l->hi - l->first) : 0;
    l->vectors = (l->n[0] + lanes - 1) / lanes;
    l->pad = Up(l->reach[0], line);
    if (p->pointwise) {
      p->tile = p->kernels->tile;
      while (2 * p->tile * l->nstream * (PetscInt)p->size <= 24 * 1024 && p->tile < 256)
        p->tile *= 2;
      l->ld = p->tile;
    } else /* odd: planes spread over the sets of the cache */
      l->ld = line * ((l->pad + Up(l->vectors * lanes + l->reach[1] + lanes, line)) / line | 1);
    l->base = at;
    at += (size_t)l->ld * (size_t)l->nfield * (size_t)l->rows;
    stream = PetscMax(stream, (size_t)l->nstream * (size_t)l->ld);
    margin = PetscMax(margin, l->pad);
    wide = PetscMax(wide, l->ld);
  }
  p->stream = at;
  p->constant = at + stream;
  p->margin = margin;
  p->wide = margin + wide;
  for (PetscInt k = 0; k < p->ngroup; ++k)
    most = PetscMax(most, p->group[k].nsum);
  *reductions = (size_t)most;
  return p->constant + (size_t)(p->nconstant + 1) * (size_t)p->wide;
}

PetscErrorCode EddyGraphPlanSetUp(EddyGraphPlan p, const PetscInt n[2], PetscInt start,
                                  PetscInt rows)
{
  size_t reductions;

  PetscFunctionBeginUser;
  if (p->ready && p->n[0] == n[0] && p->n[1] == n[1] && p->start == start && p->rows == rows)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (p->ready && p->pointwise) { /* tiles of cells: the work space is the same for all extents */
    p->n[0] = n[0], p->n[1] = n[1];
    p->start = start;
    p->rows = rows;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(FreeWork(p));
  for (int d = 0; d < 2; ++d) {
    PetscCheck(n[d] % p->g->align[d] == 0, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "the coarse grids of this network need a number of points along %c that is a "
               "multiple of %" PetscInt_FMT ", not %" PetscInt_FMT,
               "xy"[d], p -> g -> align[d], n[d]);
    p->n[d] = n[d];
  }
  p->start = start;
  p->rows = rows;
  const size_t elements = Extents(p, &reductions);
  p->memory = calloc(1, elements * p->size + 64);
  PetscCheck(p->memory, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory for a network plan (%zu bytes)",
             elements * p->size);
  p->work = (char *)(((uintptr_t)p->memory + 63) & ~(uintptr_t)63);
  PetscCall(PetscMalloc1(reductions * (size_t)PetscMax(rows, 1) + 1, &p->sums));
  PetscCall(PetscMalloc1(reductions * (size_t)n[1] + 1, &p->whole));
  for (PetscInt i = 0; i < p->g->nplane; ++i)
    if (p->g->plane[i].kind == EDDY_PLANE_CONSTANT)
      p->more->fill(p->wide, p->g->plane[i].value,
                    p->work + p->size * (p->constant + (size_t)p->place[i].slot * (size_t)p->wide));
  p->ready = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}
