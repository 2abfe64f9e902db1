/* SPDX-License-Identifier: BSD-3-Clause */
/* Which closure of a finite-volume run is evaluated when and on what, its guards, what the sweep gets of it and what is saved; see closures.h. */
#include "closures.h"
#include <math.h>
#include <string.h>

/* ---- one closure ---- */

static PetscErrorCode Gather(EddyDisc d, EddyFvClosures *l, EddyFvMember *m)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < m->c->nneed; ++i)
    for (PetscInt q = 0; q < m->in[i].ncomp; ++q)
      for (PetscInt j = 0; j < s->n[1] * s->n[2] && s->n[0]; ++j)
        PetscCall(PetscArraycpy(EddyBlockRow(&m->in[i], q, j),
                                l->field[m->need[i]].data + (size_t)q * s->cells +
                                    (size_t)j * (size_t)s->n[0],
                                s->n[0]));
  PetscCall(EddyFvClosuresGhosts(d, m->c->halo, m->ncomp, m->flip, m->ghosted));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Largest magnitude of the state, and the fastest speed. Collective. */
static PetscErrorCode Scales(EddyDisc d, const EddyStage *st, const double *u, PetscReal scale[2])
{
  EddyFv *s = EddyFvGet(d);
  double top = 0;
  PetscReal rate;
  PetscFunctionBeginUser;
  for (size_t i = 0; i < s->cells * (size_t)s->ncomp; ++i)
    top = fabs(u[i]) > top ? fabs(u[i]) : top;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &top, 1, MPI_DOUBLE, MPI_MAX, d->comm));
  PetscCall(EddyFvCourant(d, st, u, &rate));
  scale[0] = top;
  scale[1] = rate * EddyClosureDelta(&d->box, 1);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Count(EddyDisc d, EddyFvClosures *l, EddyFvMember *m, int64_t *count)
{
  EddyGuard *g = &m->c->guard;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, count, EDDY_NCOUNT, MPI_INT64_T, MPI_SUM, d->comm));
  const int64_t bad = count[EDDY_COUNT_BAD], flagged = count[EDDY_COUNT_FLAGGED],
                clipped = count[EDDY_COUNT_CLIPPED];
  for (int k = 0; k < EDDY_NCOUNT; ++k)
    g->count[k] += count[k];
  ++g->count[EDDY_COUNT_CALLS];
  m->worst = PetscMax(m->worst, (PetscReal)(bad + flagged) /
                                    (PetscReal)PetscMax(1, count[EDDY_COUNT_POINTS]));
  if (g->strict && (bad || flagged || clipped) && !l->why[0])
    PetscCall(PetscSNPrintf(l->why, sizeof l->why,
                            "closure %s: %lld bad, %lld flagged, %lld clipped of %lld cells "
                            "(closure_strict)",
                            m->c->name, (long long)bad, (long long)flagged, (long long)clipped,
                            (long long)count[EDDY_COUNT_POINTS]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Guards(EddyDisc d, EddyFvClosures *l, EddyFvMember *m, PetscBool quiet)
{
  const EddyGuard *g = &m->c->guard;
  const size_t n = EddyFvGet(d)->cells;
  const EddyTarget t = m->c->target;
  const PetscReal scale = t == EDDY_TARGET_FLUX ? l->scale[0] * l->scale[1]
                          : t == EDDY_TARGET_EDDY_VISCOSITY
                              ? l->scale[1] * EddyClosureDelta(&d->box, 1)
                              : 1;
  int64_t count[EDDY_NCOUNT] = {0};
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(m->weight, n));
  PetscCall(PetscArrayzero(m->flag, n));
  if (!g->on)
    PetscFunctionReturn(PETSC_SUCCESS);
  count[EDDY_COUNT_POINTS] = (int64_t)n;
  count[EDDY_COUNT_FLAGGED] = n ? EddyGuardRange(g, m->c->nneed, m->in, m->flag) : 0;
  if (g->range == EDDY_RANGE_BLEND)
    PetscCall(PetscArraycpy(m->weight, m->flag, n));
  EddyGuardValues(g, g->limit * scale, &m->out, m->weight, count);
  for (size_t x = 0; x < n; ++x) {
    const double w = m->weight[x];
    m->flag[x] = w > m->flag[x] ? w : m->flag[x];
    for (PetscInt c = 0; w > 0 && c < m->out.ncomp; ++c)
      m->out.data[(size_t)c * n + x] *= 1 - w;
  }
  if (!quiet)
    PetscCall(Count(d, l, m, count));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* First cell of row j (= y + ny z) of component q of the blocks of faces. */
static double *FaceRow(const EddyFv *s, const EddyFvMember *m, PetscInt q, PetscInt j)
{
  const EddyFvClosures *l = s->closures;
  const size_t y = (size_t)(j % PetscMax(1, s->n[1])), z = (size_t)(j / PetscMax(1, s->n[1]));
  return m->face + (size_t)q * l->size + 1 + (s->dim > 1 ? (y + 1) * l->pitch : 0) +
         (s->dim > 2 ? (z + 1) * l->plane : 0);
}

/* Nothing acts on the faces of the box that are not periodic. */
static void Walls(const EddyFv *s, const EddyBox *box, EddyFvMember *m)
{
  const EddyFvClosures *l = s->closures;
  const size_t step[3] = {1, l->pitch, l->plane};
  const PetscInt each = m->out.ncomp / s->dim;
  for (int e = 0; e < (int)s->dim; ++e) {
    const size_t extent = (size_t)s->n[e] + 2;
    for (int side = 0; side < 2 && !box->periodic[e]; ++side) {
      if (side ? s->start[e] + s->n[e] < box->n[e] : s->start[e] > 0)
        continue;
      const size_t layer = side ? (size_t)s->n[e] : 0;
      for (PetscInt q = e * each; q < (e + 1) * each; ++q)
        for (size_t x = 0; x < l->size; ++x)
          if (x / step[e] % extent == layer)
            m->face[(size_t)q * l->size + x] = 0;
    }
  }
}

/* Values of faces from the closure's block: projected weights, or fluxes. Collective. */
static PetscErrorCode Faces(EddyDisc d, EddyFvMember *m)
{
  EddyFv *s = EddyFvGet(d);
  const EddyFvClosures *l = s->closures;
  static const unsigned char none[EDDY_MAX_COMP * 3 + 36] = {0};
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < s->n[1] * s->n[2] && s->cells; ++j) {
    for (PetscInt q = 0; q < m->out.ncomp; ++q)
      PetscCall(PetscArraycpy(FaceRow(s, m, q, j),
                              m->out.data + (size_t)q * s->cells + (size_t)j * (size_t)s->n[0],
                              s->n[0]));
    for (PetscInt q = 0; m->stencil && q < m->out.ncomp; q += m->stencil)
      l->kernels->Project(s->n[0], m->stencil, l->size, m->c->face_order,
                          (const double(*)[6])m->basis, FaceRow(s, m, q, j));
  }
  PetscCall(EddyFvClosuresGhosts(d, 1, m->out.ncomp, none, m->face));
  if (s->cells && m->c->target != EDDY_TARGET_EDDY_VISCOSITY)
    Walls(s, &d->box, m);
  m->stale = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Sum of the eddy viscosities with one ghost, where the viscous fluxes look for it. */
static void Viscosity(EddyFv *s)
{
  EddyFvClosures *l = s->closures;
  const PetscInt gy = s->dim > 1, gz = s->dim > 2, n = s->n[0] + 2;
  PetscBool first = PETSC_TRUE;
  for (PetscInt i = 0; i < l->n && s->cells; ++i) {
    const EddyFvMember *m = &l->member[i];
    if (m->c->target != EDDY_TARGET_EDDY_VISCOSITY)
      continue;
    for (PetscInt k = -gz; k < s->n[2] + gz; ++k)
      for (PetscInt j = -gy; j < s->n[1] + gy; ++j) {
        const double *from = m->face + (size_t)(j + gy) * l->pitch + (size_t)(k + gz) * l->plane;
        double *to = l->nut + EddyFvWork(s, 0, -1, j, k);
        for (PetscInt x = 0; x < n; ++x)
          to[x] = first ? from[x] : to[x] + from[x];
      }
    first = PETSC_FALSE;
  }
}

/* A step that is taken again goes without the closures that were not trusted. */
static PetscBool Suspended(const EddyFvClosures *l, const EddyFvMember *m)
{
  return (PetscBool)(l->suspended && m->c->guard.reject < 1);
}

static PetscErrorCode ApplyOne(EddyDisc d, EddyFvClosures *l, EddyFvMember *m, const EddyStage *st,
                               PetscBool quiet)
{
  const size_t n = EddyFvGet(d)->cells;
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(m->out.data, (size_t)m->out.ncomp * n));
  m->stale = PETSC_TRUE;
  if (Suspended(l, m)) {
    for (size_t x = 0; x < n; ++x)
      m->weight[x] = m->flag[x] = 1;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(Gather(d, l, m));
  PetscCall(m->c->ops->Apply(m->c, st, m->in, &m->out));
  PetscCall(Guards(d, l, m, quiet));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- all of them ---- */

static void Meta(EddyFvClosures *l, PetscBool unpack)
{
  double *x = l->meta;
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    if (unpack)
      m->last = (PetscInt64)*x++;
    else
      *x++ = (double)m->last;
    for (int k = 0; k < EDDY_NCOUNT; ++k, ++x)
      if (unpack)
        m->c->guard.count[k] = (int64_t)*x;
      else
        *x = (double)m->c->guard.count[k];
  }
}

/* After Saved: what was read is taken over by all ranks. */
static PetscErrorCode TakeOver(EddyDisc d, EddyFvClosures *l)
{
  PetscFunctionBeginUser;
  if (!l->meta_dirty)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCallMPI(MPI_Bcast(l->meta, (PetscMPIInt)l->nmeta, MPI_DOUBLE, 0, d->comm));
  Meta(l, PETSC_TRUE);
  for (PetscInt i = 0; i < l->n; ++i)
    l->member[i].stale = PETSC_TRUE;
  l->meta_dirty = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresEval(EddyDisc d, const EddyStage *st, const double *u, PetscBool quiet)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscBool any = PETSC_FALSE, scaled = PETSC_FALSE, viscous = PETSC_FALSE;
  PetscFunctionBeginUser;
  PetscCall(TakeOver(d, l));
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    const PetscInt every = m->c->every;
    m->due = (PetscBool)(!every || m->last < 0 || st->step / every != m->last / every);
    any = (PetscBool)(any || m->due);
    scaled = (PetscBool)(scaled || (m->due && m->c->target != EDDY_TARGET_FACE_INTERPOLATION &&
                                    m->c->guard.on && m->c->guard.limit > 0));
  }
  if (any)
    PetscCall(
        EddyFvFields(d, EDDY_FV_CLOSURE_SLOT, st, u, PETSC_TRUE, l->nfield, l->name, l->field));
  if (scaled && (l->scale_step != st->step || quiet)) { /* once per step: an order of magnitude */
    PetscCall(Scales(d, st, u, l->scale));
    l->scale_step = quiet ? -1 : st->step;
  }
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    if (m->due) {
      PetscCall(ApplyOne(d, l, m, st, quiet));
      if (!quiet)
        m->last = st->step;
    }
    if (m->stale && !quiet) {
      PetscCall(Faces(d, m));
      viscous = (PetscBool)(viscous || m->c->target == EDDY_TARGET_EDDY_VISCOSITY);
    }
  }
  if (viscous)
    Viscosity(EddyFvGet(d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresField(EddyDisc d, const EddyStage *st, const double *u,
                                   const char *name, EddyBlock *b, PetscBool *found)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  static const char *const kinds[] = {"closure_out", "closure_flag"};
  PetscFunctionBeginUser;
  *found = PETSC_FALSE;
  for (int k = 0; k < 2 && !*found; ++k) {
    const size_t len = strlen(kinds[k]);
    if (strncmp(name, kinds[k], len) || (name[len] && name[len] != '_'))
      continue;
    for (PetscInt i = 0; l && i < l->n && !*found; ++i) {
      EddyFvMember *m = &l->member[i];
      if (name[len] && strcmp(name + len + 1, m->c->name))
        continue;
      PetscCheck(k || m->out.ncomp == 1, d->comm, EDDY_ERR_INPUT,
                 "%s: target %s has %d values in a cell and is not stored", name,
                 EddyTargetNames[m->c->target], (int)m->out.ncomp);
      if (u) {
        PetscCall(EddyFvPrimitive(d, st, u));
        PetscCall(EddyFvClosuresEval(d, st, u, PETSC_TRUE));
      }
      *b = k ? l->shape : m->out;
      PetscCall(PetscStrncpy(b->name, name, sizeof b->name));
      if (k)
        b->data = m->flag;
      *found = PETSC_TRUE;
    }
    PetscCheck(*found, d->comm, EDDY_ERR_INPUT, "no closure gives the field %s", name);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresVerdict(EddyDisc d, const EddyStage *st, EddyVerdict *v, char why[],
                                     size_t len)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscFunctionBeginUser;
  *v = EDDY_VERDICT_KEEP;
  if (!l)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (l->why[0]) {
    *v = EDDY_VERDICT_FAILED;
    PetscCall(PetscStrncpy(why, l->why, len));
  }
  if (*v || l->suspended)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    if (m->c->guard.reject >= 1 || !(m->worst > m->c->guard.reject))
      continue;
    ++m->c->guard.count[EDDY_COUNT_REJECTED];
    *v = EDDY_VERDICT_AGAIN;
  }
  if (*v != EDDY_VERDICT_AGAIN)
    PetscFunctionReturn(PETSC_SUCCESS);
  l->suspended = PETSC_TRUE;
  for (PetscInt i = 0; i < l->n; ++i)
    l->member[i].last = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresCommit(EddyDisc d, const EddyStage *st)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; l && i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    m->worst = 0;
    if (l->suspended)
      m->last = -1; /* asked again in the next step */
    if (m->c->ops->Commit && !Suspended(l, m))
      PetscCall(m->c->ops->Commit(m->c, st));
  }
  if (l)
    l->suspended = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresSaved(EddyDisc d, PetscInt k, EddySaved *a)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvClosures *l = s->closures;
  const PetscInt64 cells = (PetscInt64)d->box.n[0] * d->box.n[1] * d->box.n[2];
  PetscInt at = 1;
  PetscFunctionBeginUser;
  a->nchunk = -1;
  if (!l)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!k) {
    PetscCall(TakeOver(d, l));
    Meta(l, PETSC_FALSE);
    l->meta_dirty = PETSC_TRUE;
    *a = (EddySaved){"closures",      l->nmeta,       s->rank ? 0 : 1,
                     &l->meta_offset, &l->meta_count, l->meta};
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    const struct {
      const char *what;
      PetscInt comps;
      double *data;
    } kinds[] = {{"held", m->c->every ? m->out.ncomp : 0, m->out.data},
                 {"state", m->c->nstate, m->state}};
    for (size_t q = 0; q < sizeof kinds / sizeof *kinds; ++q) {
      if (!kinds[q].comps || at++ != k)
        continue;
      *a = (EddySaved){.global = cells * kinds[q].comps,
                       .nchunk = s->cells ? kinds[q].comps * s->n[1] * s->n[2] : 0,
                       .offset = l->offset,
                       .count = l->count,
                       .data = kinds[q].data};
      PetscCall(
          PetscSNPrintf(a->name, sizeof a->name, "closure_%.40s_%s", m->c->name, kinds[q].what));
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- rows of the sweep ---- */

/* Block of the cell at w in s->w; ghosts count from -3. */
static void CellOf(const EddyFv *s, const double *w, PetscInt cell[3])
{
  const ptrdiff_t at = w - s->w, in_plane = at % (ptrdiff_t)s->plane;
  cell[0] = (PetscInt)(in_plane % (ptrdiff_t)s->pitch) - 8;
  cell[1] = (PetscInt)(in_plane / (ptrdiff_t)s->pitch) - (s->dim > 1 ? EDDY_FV_GHOST : 0);
  cell[2] = (PetscInt)(at / (ptrdiff_t)s->plane) - (s->dim > 2 ? EDDY_FV_GHOST : 0);
}

/* Offset in a component of the blocks of faces; cells from -1 on in the directions of the mesh. */
static ptrdiff_t FaceAt(const EddyFv *s, const PetscInt cell[3])
{
  const EddyFvClosures *l = s->closures;
  ptrdiff_t at = 1 + (ptrdiff_t)cell[0];
  if (s->dim > 1)
    at += (1 + (ptrdiff_t)cell[1]) * (ptrdiff_t)l->pitch;
  if (s->dim > 2)
    at += (1 + (ptrdiff_t)cell[2]) * (ptrdiff_t)l->plane;
  return at;
}

void EddyFvClosuresFace(const EddyFv *s, PetscInt n, int dir, const double *w, double *qm,
                        double *qp)
{
  const EddyFvClosures *l = s->closures;
  const ptrdiff_t step = dir == 0 ? 1 : dir == 1 ? (ptrdiff_t)s->pitch : (ptrdiff_t)s->plane;
  const ptrdiff_t back[3] = {1, (ptrdiff_t)l->pitch, (ptrdiff_t)l->plane};
  PetscInt cell[3], lo, hi;
  CellOf(s, w, cell);
  /* along x: high faces of cells -1 .. n - 1, low ones of 0 .. n; in other directions the rows -1 and n have one each */
  lo = dir ? cell[dir] == -1 ? n : 0 : cell[0] == -1 ? 1 : 0;
  n = PetscMin(n, s->n[0] + (dir ? 0 : 1) - cell[0]);
  hi = dir ? cell[dir] == s->n[dir] ? 0 : n : PetscMin(n, s->n[0] - cell[0]);
  for (PetscInt i = 0; i < l->n; ++i) {
    const EddyFvMember *m = &l->member[i];
    const PetscInt S = m->stencil;
    if (!S)
      continue;
    const double *face = m->face + (size_t)(dir * 2 * S) * l->size + FaceAt(s, cell);
    for (PetscInt c = 0; c < s->nprim; ++c) {
      const double *q = w + (size_t)s->from[c] * s->comp;
      if (hi > 0)
        l->kernels->Interpolate(hi, S, l->size, face, step, q, PETSC_TRUE, m->c->face_bound,
                                qp + (size_t)c * s->ts);
      if (lo < n)
        l->kernels->Interpolate(n - lo, S, l->size, face + (size_t)S * l->size - back[dir] + lo,
                                step, q + lo, PETSC_FALSE, m->c->face_bound,
                                qm + (size_t)c * s->ts + lo);
    }
  }
}

void EddyFvClosuresFlux(const EddyFv *s, int dir, PetscInt n, const double *w, double *fl,
                        double *fr)
{
  const EddyFvClosures *l = s->closures;
  PetscInt cell[3];
  CellOf(s, w, cell);
  for (PetscInt i = 0; i < l->n; ++i) {
    const EddyFvMember *m = &l->member[i];
    if (m->c->target != EDDY_TARGET_FLUX)
      continue;
    for (PetscInt c = 0; c < s->ncomp; ++c) {
      const double *face = m->face + (size_t)(dir * s->ncomp + c) * l->size + FaceAt(s, cell);
      for (double *f = fl; f; f = f == fl && fr != fl ? fr : NULL)
        for (PetscInt x = 0; x < n; ++x)
          f[(size_t)c * s->ts + (size_t)x] += face[x];
    }
  }
}
