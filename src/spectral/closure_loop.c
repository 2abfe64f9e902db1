/* SPDX-License-Identifier: BSD-3-Clause */
/* Which closure is evaluated when and on what, its guards, and what of it is saved; see closure_loop.h. */
#include "closure_loop.h"
#include <stdlib.h>
#include <string.h>

/* ---- inputs ---- */

/* Current inputs of a member without ghosts, one pointer per component. */
static void Components(const EddyClosureLoop loop, const EddyClosureMember *m, double *comp[])
{
  PetscInt q = 0;
  for (PetscInt i = 0; i < m->c->nneed; ++i) {
    const EddyField *field;
    double *data;
    EddyFieldBatchGet(loop->batch, m->need[i], &field, &data);
    for (PetscInt c = 0; c < field->ncomp; ++c)
      comp[q++] = data + (size_t)c * (size_t)loop->npoint;
  }
}

static size_t Slot(const EddyClosureLoop loop, const EddyClosureMember *m)
{
  return (size_t)m->ncomp * (size_t)loop->npoint;
}

/* Keeps the inputs of the first stage of a step until the step is accepted. */
static PetscErrorCode Remember(EddyClosureLoop loop, EddyClosureMember *m, const EddyStage *st)
{
  double *comp[9 * EDDY_MAX_LIST];
  const PetscInt n = m->c->nhistory;
  PetscFunctionBeginUser;
  if (m->waiting == st->step || st->step % m->c->history_every)
    PetscFunctionReturn(PETSC_SUCCESS);
  Components(loop, m, comp);
  for (PetscInt slot = m->npast ? n : 0; slot <= n; ++slot)
    for (PetscInt c = 0; c < m->ncomp; ++c)
      PetscCall(
          PetscArraycpy(m->past + (size_t)slot * Slot(loop, m) + (size_t)c * (size_t)loop->npoint,
                        comp[c], loop->npoint));
  if (!m->npast)
    m->past_stale = PETSC_TRUE;
  m->waiting = st->step;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Ghosts of the current inputs, and of past ones when these have changed. */
static PetscErrorCode Ghosts(EddyClosureLoop loop, EddyClosureMember *m)
{
  double *comp[9 * EDDY_MAX_LIST], *to[9 * EDDY_MAX_LIST];
  const EddyBlock *b = &m->in[0];
  const size_t wide =
      (size_t)(b->count[0] + 2 * b->halo) * (size_t)(b->count[1] + (b->dim > 1 ? 2 * b->halo : 0));
  PetscFunctionBeginUser;
  if (!m->halo)
    PetscFunctionReturn(PETSC_SUCCESS);
  Components(loop, m, comp);
  for (PetscInt slot = 0; slot <= (m->past_stale ? m->c->nhistory : 0); ++slot) {
    for (PetscInt c = 0; c < m->ncomp; ++c) {
      to[c] = m->ghosted + (size_t)(slot * m->ncomp + c) * wide;
      if (slot)
        comp[c] = m->past + (size_t)(slot - 1) * Slot(loop, m) + (size_t)c * (size_t)loop->npoint;
    }
    PetscCall(EddyHaloExchange(m->halo, m->ncomp, (const double *const *)comp, to));
  }
  m->past_stale = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- one closure ---- */

/* What a value of this target is compared with before it is believed. */
static PetscReal Scale(EddyDisc d, EddyTarget target, PetscReal velocity, PetscReal gradient)
{
  const PetscReal delta = EddyClosureDelta(&d->box, 1);
  switch (target) {
  case EDDY_TARGET_SUBGRID_FORCING:
    return gradient * gradient;
  case EDDY_TARGET_SUBGRID_STRESS:
    return velocity * velocity;
  case EDDY_TARGET_EDDY_VISCOSITY:
    return delta * delta * gradient;
  default:
    return 1;
  }
}

static PetscErrorCode Count(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m, int64_t *count,
                            PetscBool quiet)
{
  EddyGuard *g = &m->c->guard;
  PetscFunctionBeginUser;
  if (loop->size > 1)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, count, EDDY_NCOUNT, MPI_INT64_T, MPI_SUM, d->comm));
  const int64_t bad = count[EDDY_COUNT_BAD], flagged = count[EDDY_COUNT_FLAGGED],
                clipped = count[EDDY_COUNT_CLIPPED];
  if (m->fallback >= 0)
    loop->member[m->fallback].acts =
        (PetscBool)(bad || (flagged && g->range == EDDY_RANGE_BLEND) || loop->suspended);
  if (quiet)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; k < EDDY_NCOUNT; ++k)
    g->count[k] += count[k];
  ++g->count[EDDY_COUNT_CALLS];
  m->worst = PetscMax(m->worst, (PetscReal)(bad + flagged) /
                                    (PetscReal)PetscMax(1, count[EDDY_COUNT_POINTS]));
  if (g->strict && (bad || flagged || clipped) && !loop->why[0])
    PetscCall(PetscSNPrintf(loop->why, sizeof loop->why,
                            "closure %s: %lld bad, %lld flagged, %lld clipped of %lld points "
                            "(closure_strict)",
                            m->c->name, (long long)bad, (long long)flagged, (long long)clipped,
                            (long long)count[EDDY_COUNT_POINTS]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Guards(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m,
                             PetscReal velocity, PetscReal gradient, PetscBool quiet)
{
  const EddyGuard *g = &m->c->guard;
  int64_t count[EDDY_NCOUNT] = {0};
  PetscFunctionBeginUser;
  const EddyGuardCall call = {
      .limit = g->limit * Scale(d, m->c->target, velocity, gradient),
      .forcing = (PetscBool)(m->c->target == EDDY_TARGET_SUBGRID_FORCING),
      .nin = m->c->nneed,
      .in = m->in,
      .out = &m->out,
      .vetted = m->c->vetted,
      .largest = m->c->largest,
      .was = m->was,
      .weight = m->weight,
      .flag = m->flag,
  };
  PetscCall(EddyGuardApply(g, d->comm, &call, &m->clean, count));
  if (!g->on)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(Count(d, loop, m, count, quiet));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscBool Due(const EddyClosureMember *m, PetscInt64 step)
{
  if (m->c->target == EDDY_TARGET_MODE)
    return PETSC_FALSE;
  return (PetscBool)(!m->c->every || m->last < 0 || step / m->c->every != m->last / m->c->every);
}

/* A step that is taken again goes without the closures that were not trusted. */
static PetscBool Suspended(const EddyClosureLoop loop, const EddyClosureMember *m)
{
  return (PetscBool)(loop->suspended && m->fallback_of < 0 && m->c->guard.reject < 1);
}

static PetscErrorCode ApplyOne(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m,
                               const EddyStage *st, const PetscReal scale[2], PetscBool quiet)
{
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(m->out.data, (size_t)m->out.ncomp * (size_t)loop->npoint));
  if (Suspended(loop, m)) {
    for (PetscInt x = 0; x < loop->npoint; ++x)
      m->weight[x] = m->flag[x] = 1;
    m->clean = PETSC_FALSE;
    if (m->fallback >= 0)
      loop->member[m->fallback].acts = PETSC_TRUE;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (m->fallback_of >= 0 && !m->acts)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(Ghosts(loop, m));
  m->c->vetted = PETSC_FALSE;
  m->c->largest = 0;
  PetscCall(m->c->ops->Apply(m->c, st, m->in, &m->out));
  PetscCall(Guards(d, loop, m, scale[0], scale[1], quiet));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- all of them ---- */

static void MetaPack(EddyClosureLoop loop, PetscBool unpack)
{
  double *x = loop->meta;
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    if (unpack) {
      m->last = (PetscInt64)*x++;
      m->npast = (PetscInt64)*x++;
      m->hold = *x++;
      m->acts = (PetscBool)*x++;
      for (int k = 0; k < EDDY_NCOUNT; ++k)
        m->c->guard.count[k] = (int64_t)*x++;
      continue;
    }
    *x++ = (double)m->last;
    *x++ = (double)m->npast;
    *x++ = m->hold;
    *x++ = (double)m->acts;
    for (int k = 0; k < EDDY_NCOUNT; ++k)
      *x++ = (double)m->c->guard.count[k];
  }
}

/* After Saved: what was read is taken over by all ranks. */
static PetscErrorCode TakeOver(EddyDisc d, EddyClosureLoop loop)
{
  PetscFunctionBeginUser;
  if (!loop->meta_dirty)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCallMPI(MPI_Bcast(loop->meta, (PetscMPIInt)loop->nmeta, MPI_DOUBLE, 0, d->comm));
  MetaPack(loop, PETSC_TRUE);
  for (PetscInt i = 0; i < loop->n; ++i)
    loop->member[i].past_stale = PETSC_TRUE, loop->member[i].clean = PETSC_FALSE;
  loop->meta_dirty = PETSC_FALSE;
  loop->term_valid = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Blocks of all members at a state. quiet: for an output; nothing is counted and nothing moves on. */
static PetscErrorCode Evaluate(EddyDisc d, EddyClosureLoop loop, const EddyStage *st,
                               const double *u, PetscBool quiet, PetscBool *fresh)
{
  PetscBool any = PETSC_FALSE, past = PETSC_FALSE;
  PetscReal limit = 0;
  PetscFunctionBeginUser;
  PetscCall(TakeOver(d, loop));
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    const EddyGuard *g = &m->c->guard;
    m->due = m->fallback_of >= 0 ? loop->member[m->fallback_of].due : Due(m, st->step);
    if (m->due)
      any = PETSC_TRUE;
    if (m->due && g->on)
      limit = PetscMax(limit, g->limit);
    if (m->c->nhistory && !quiet && m->waiting != st->step && st->step % m->c->history_every == 0)
      past = PETSC_TRUE;
  }
  if (any || past || loop->viscous)
    PetscCall(EddyFieldBatchEval(loop->batch, d, loop->fourier, u, (PetscBool)(!any && !past)));
  if (limit > 0 &&
      (loop->scale_step != st->step || quiet)) { /* once per step: an order of magnitude */
    PetscCall(EddyClosureScales(d, loop, u, &loop->scale[0], &loop->scale[1]));
    loop->scale_step = quiet ? -1 : st->step;
  }
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    if (m->c->nhistory && !quiet)
      PetscCall(Remember(loop, m, st));
    if (!m->due)
      continue;
    PetscCall(ApplyOne(d, loop, m, st, loop->scale, quiet));
    if (!quiet)
      m->last = st->step;
  }
  *fresh = any;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopEval(EddyDisc d, const EddyStage *st, const double *u,
                                   const double **term)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  PetscBool fresh;
  PetscFunctionBeginUser;
  PetscCall(Evaluate(d, loop, st, u, PETSC_FALSE, &fresh));
  PetscCall(EddyClosureTerms(d, loop, st, u, fresh, PETSC_FALSE));
  *term = loop->sum;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* closure_in_K or closure_in_NAME_K: component K of what the closure reads at this state, then of its past inputs, newest first. */
static PetscErrorCode Given(EddyDisc d, EddyClosureLoop loop, const double *u, const char *name,
                            EddyBlock *b, PetscBool *found)
{
  static const char word[] = "closure_in_";
  const size_t len = sizeof word - 1;
  double *comp[9 * EDDY_MAX_LIST];
  char *end;
  PetscFunctionBeginUser;
  if (!loop || strncmp(name, word, len))
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < loop->n && !*found; ++i) {
    EddyClosureMember *m = &loop->member[i];
    const char *number = name + len;
    const size_t own = strlen(m->c->name);
    const PetscInt all = m->ncomp * (1 + m->c->nhistory);
    if (m->fallback_of >= 0 || !m->ncomp)
      continue;
    if (!strncmp(number, m->c->name, own) && number[own] == '_')
      number += own + 1;
    const long k = strtol(number, &end, 10);
    if (end == number || *end)
      continue; /* another closure's */
    PetscCheck(k >= 0 && k < all, d->comm, EDDY_ERR_INPUT,
               "closure %s reads %d components: %s is not one of %s0 to %s%d", m->c->name, (int)all,
               name, word, word, (int)all - 1);
    if (!m->given)
      PetscCall(PetscCalloc1((size_t)all * (size_t)loop->npoint + 1, &m->given));
    double *to = m->given + (size_t)k * (size_t)loop->npoint;
    const double *from =
        k < m->ncomp ? NULL : m->past + (size_t)(k - m->ncomp) * (size_t)loop->npoint;
    if (u && (k < m->ncomp || !m->npast)) { /* before the first step the past is the present */
      PetscCall(EddyFieldBatchEval(loop->batch, d, loop->fourier, u, PETSC_FALSE));
      Components(loop, m, comp);
      from = comp[k % m->ncomp];
    }
    if (u)
      PetscCall(PetscArraycpy(to, from, loop->npoint));
    *b = loop->shape;
    PetscCall(PetscStrncpy(b->name, name, sizeof b->name));
    b->data = to;
    *found = PETSC_TRUE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopField(EddyDisc d, const EddyStage *st, const double *u,
                                    const char *name, EddyBlock *b, PetscBool *found)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  static const char *const kinds[] = {"closure_out", "closure_flag"};
  PetscBool fresh;
  PetscFunctionBeginUser;
  *found = PETSC_FALSE;
  PetscCall(Given(d, loop, u, name, b, found));
  for (int k = 0; k < 2; ++k) {
    const size_t len = strlen(kinds[k]);
    if (strncmp(name, kinds[k], len) || (name[len] && name[len] != '_'))
      continue;
    for (PetscInt i = 0; loop && i < loop->n && !*found; ++i) {
      EddyClosureMember *m = &loop->member[i];
      if (m->fallback_of >= 0 || m->c->target == EDDY_TARGET_MODE ||
          (name[len] && strcmp(name + len + 1, m->c->name)))
        continue;
      if (u) {
        PetscCall(Evaluate(d, loop, st, u, PETSC_TRUE, &fresh));
        if (fresh)
          loop->term_valid = PETSC_FALSE;
      }
      *b = k ? loop->shape : m->out;
      PetscCall(PetscStrncpy(b->name, name, sizeof b->name));
      if (k)
        b->data = m->flag;
      *found = PETSC_TRUE;
    }
    PetscCheck(*found, d->comm, EDDY_ERR_INPUT, "no closure gives the field %s", name);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopVerdict(EddyDisc d, const EddyStage *st, EddyVerdict *v, char why[],
                                      size_t len)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  PetscFunctionBeginUser;
  *v = EDDY_VERDICT_KEEP;
  if (!loop)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (loop->why[0]) {
    *v = EDDY_VERDICT_FAILED;
    PetscCall(PetscStrncpy(why, loop->why, len));
  }
  if (*v || loop->suspended)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    if (m->fallback_of >= 0 || m->c->guard.reject >= 1 || !(m->worst > m->c->guard.reject))
      continue;
    ++m->c->guard.count[EDDY_COUNT_REJECTED];
    *v = EDDY_VERDICT_AGAIN;
  }
  if (*v != EDDY_VERDICT_AGAIN)
    PetscFunctionReturn(PETSC_SUCCESS);
  loop->suspended = PETSC_TRUE;
  for (PetscInt i = 0; i < loop->n; ++i)
    loop->member[i].last = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopCommit(EddyDisc d, const EddyStage *st)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; loop && i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    const PetscInt n = m->c->nhistory;
    if (n && m->waiting == st->step) {
      memmove(m->past + Slot(loop, m), m->past, (size_t)(n - 1) * Slot(loop, m) * sizeof(double));
      memcpy(m->past, m->past + (size_t)n * Slot(loop, m), Slot(loop, m) * sizeof(double));
      m->past_stale = PETSC_TRUE;
      ++m->npast;
    }
    m->waiting = -1;
    m->worst = 0;
    if (m->was && !Suspended(loop, m))
      PetscCall(PetscArraycpy(m->was, m->flag, loop->npoint));
    if (loop->suspended)
      m->last = -1; /* asked again in the next step */
    if (m->c->ops->Commit && !Suspended(loop, m))
      PetscCall(m->c->ops->Commit(m->c, st));
  }
  if (loop)
    loop->suspended = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- checkpoints ---- */

PetscErrorCode EddyClosureLoopSaved(EddyDisc d, PetscInt k, EddySaved *a)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  const PetscInt64 points = (PetscInt64)d->box.n[0] * (PetscInt64)d->box.n[1];
  PetscInt at = 1;
  PetscFunctionBeginUser;
  a->nchunk = -1;
  if (!loop)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!k) {
    MetaPack(loop, PETSC_FALSE);
    loop->meta_dirty = PETSC_TRUE;
    *a = (EddySaved){"closures",         loop->nmeta,       loop->rank ? 0 : 1,
                     &loop->meta_offset, &loop->meta_count, loop->meta};
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    const struct {
      const char *what;
      PetscInt comps;
      double *data;
    } kinds[] = {{"held", m->c->every ? m->out.ncomp : 0, m->out.data},
                 {"weight", m->c->every && m->fallback >= 0 ? 1 : 0, m->weight},
                 {"flagged", m->was ? 1 : 0, m->was},
                 {"past", m->ncomp * m->c->nhistory, m->past},
                 {"state", m->c->nstate, m->state}};
    for (size_t q = 0; q < sizeof kinds / sizeof *kinds; ++q) {
      if (!kinds[q].comps || at++ != k)
        continue;
      *a = (EddySaved){.global = points * kinds[q].comps,
                       .nchunk = loop->npoint ? kinds[q].comps : 0,
                       .offset = loop->offset,
                       .count = loop->count,
                       .data = kinds[q].data};
      PetscCall(
          PetscSNPrintf(a->name, sizeof a->name, "closure_%.40s_%s", m->c->name, kinds[q].what));
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
