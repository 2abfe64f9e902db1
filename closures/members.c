/* SPDX-License-Identifier: BSD-3-Clause */
/* See members.h. */
#include "members.h"
#include <stdlib.h>
#include <string.h>

/* ---- making ---- */

PetscErrorCode EddyClosureMembersCreate(MPI_Comm comm, PetscInt n, EddyClosure c[],
                                        const EddyBlock *shape, EddyClosureMembers *set)
{
  PetscFunctionBeginUser;
  *set = (EddyClosureMembers){.comm = comm, .n = n};
  PetscCallMPI(MPI_Comm_rank(comm, &set->rank));
  PetscCallMPI(MPI_Comm_size(comm, &set->size));
  PetscCall(PetscCalloc1(2 * n + 1, &set->member));
  for (PetscInt i = 0; i < n; ++i) {
    set->member[i].c = c[i];
    set->member[i].fallback_of = set->member[i].fallback = -1;
  }
  if (shape)
    set->shape = *shape;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersFallback(EddyClosureMembers *set, EddyOptions o, PetscInt of,
                                          char *key, size_t len, PetscBool *made)
{
  EddyClosure main = set->member[of].c;
  EddyClosureMember *m = &set->member[set->n];
  char prefix[3 * EDDY_MAX_NAME], list[512] = "";
  const EddyClosureOps *ops = NULL, *one;
  PetscFunctionBeginUser;
  *made = (PetscBool)(main->guard.fallback[0] != 0);
  if (!*made)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscSNPrintf(key, len, "closure_%s_guard_fallback", main->name));
  PetscCall(PetscSNPrintf(prefix, sizeof prefix, "%s_", key));
  for (PetscInt k = 0; (one = EddyClosureGetOps(k)); ++k) {
    if (one->learned || !one->Apply || one->target == EDDY_TARGET_COEFFICIENT)
      continue;
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", list[0] ? ", " : "",
             one->name);
    if (!strcmp(one->name, main->guard.fallback))
      ops = one;
  }
  EddyOptionsCheck(ops, o, key, "'%s' cannot stand in for a closure; allowed are %s",
                   main->guard.fallback, list);
  EddyOptionsCheck(main->target != EDDY_TARGET_COEFFICIENT && main->target != EDDY_TARGET_MODE, o,
                   key, "a closure of target %s has no fallback", EddyTargetNames[main->target]);
  PetscCall(EddyClosureCreateFromOps(set->comm, o, ops, main->name, prefix, &m->c));
  PetscCall(PetscStrlcat(m->c->name, "_fallback", sizeof m->c->name));
  m->c->every = main->every;
  m->c->guard.strict = PETSC_FALSE;
  m->fallback_of = of;
  m->fallback = -1;
  set->member[of].fallback = set->n++;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersCoefficients(EddyClosureMembers *set, EddyOptions o)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < set->n && set->member[i].fallback_of < 0; ++i) {
    EddyClosureMember *m = &set->member[i];
    PetscInt to = i + 1;
    char key[2 * EDDY_MAX_NAME];
    if (m->c->target != EDDY_TARGET_COEFFICIENT)
      continue;
    while (to < set->n &&
           (set->member[to].fallback_of >= 0 || !set->member[to].c->ops->coefficient))
      ++to;
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", m->c->name));
    EddyOptionsCheck(
        to < set->n, o, key,
        "closure %s gives a coefficient, but no closure after it in closure_list takes "
        "one (smagorinsky, leith do)",
        m->c->name);
    set->member[to].c->coefficient = &m->out;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersOutput(EddyClosureMembers *set, EddyClosureMember *m)
{
  EddyClosure c = m->c;
  const size_t n = (size_t)set->npoint;
  PetscFunctionBeginUser;
  if (c->nhistory)
    PetscCall(PetscCalloc1((size_t)((1 + c->nhistory) * m->ncomp) * n + 1, &m->past));
  PetscCall(PetscCalloc1((size_t)m->out.ncomp * n + 1, &m->out.data));
  PetscCall(PetscCalloc2(n + 1, &m->weight, n + 1, &m->flag));
  if (c->guard.on && c->guard.hysteresis > 0 && c->guard.range != EDDY_RANGE_OFF)
    PetscCall(PetscCalloc1(n + 1, &m->was));
  if (c->nstate)
    PetscCall(PetscCalloc1((size_t)c->nstate * n + 1, &m->state));
  c->state = set->shape;
  c->state.ncomp = c->nstate;
  c->state.data = m->state;
  m->hold = 1;
  m->last = m->waiting = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Pieces of a component [nz][ny][nx] of the whole box; whole rows and planes are one. */
static PetscErrorCode Pieces(EddyClosureMembers *set, PetscInt comps)
{
  const EddyBlock *b = &set->shape;
  const PetscBool rows = (PetscBool)(b->count[0] == b->n[0]),
                  planes = (PetscBool)(rows && b->count[1] == b->n[1]);
  const PetscInt ny = rows ? 1 : b->count[1], nz = planes ? 1 : b->count[2];
  PetscFunctionBeginUser;
  set->npiece = set->npoint ? ny * nz : 0;
  PetscCall(
      PetscMalloc2(comps * set->npiece + 1, &set->offset, comps * set->npiece + 1, &set->count));
  for (PetscInt q = 0, at = 0; q < comps && set->npoint; ++q)
    for (PetscInt k = 0; k < nz; ++k)
      for (PetscInt j = 0; j < ny; ++j, ++at) {
        set->offset[at] =
            (((PetscInt64)q * b->n[2] + b->start[2] + k) * b->n[1] + b->start[1] + j) * b->n[0] +
            b->start[0];
        set->count[at] = set->npoint / set->npiece;
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersReady(EddyClosureMembers *set)
{
  PetscInt comps = 1;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < set->n; ++i) {
    const EddyClosureMember *m = &set->member[i];
    comps = PetscMax(comps, PetscMax(m->out.ncomp, m->c->nstate));
    comps = PetscMax(comps, m->ncomp * m->c->nhistory);
  }
  PetscCall(Pieces(set, comps));
  set->nmeta = set->n * (4 + EDDY_NCOUNT) + EDDY_MEMBERS_EXTRA;
  set->meta_count = set->nmeta;
  PetscCall(PetscCalloc1(set->nmeta, &set->meta));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersDestroy(EddyClosureMembers *set)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < set->n; ++i) {
    EddyClosureMember *m = &set->member[i];
    PetscCall(PetscFree(m->in));
    PetscCall(PetscFree(m->past));
    PetscCall(PetscFree(m->out.data));
    PetscCall(PetscFree2(m->weight, m->flag));
    PetscCall(PetscFree(m->was));
    PetscCall(PetscFree(m->given));
    PetscCall(PetscFree(m->state));
    if (m->fallback_of >= 0)
      PetscCall(EddyClosureDestroy(&m->c));
    else
      m->c->coefficient = m->c->size = NULL;
  }
  PetscCall(PetscFree2(set->offset, set->count));
  PetscCall(PetscFree(set->meta));
  PetscCall(PetscFree(set->member));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- evaluation ---- */

static void Meta(EddyClosureMembers *set, PetscBool unpack)
{
  double *x = set->meta;
  for (PetscInt i = 0; i < set->n; ++i) {
    EddyClosureMember *m = &set->member[i];
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
  for (int k = 0; k < EDDY_MEMBERS_EXTRA; ++k, ++x)
    if (unpack)
      set->extra[k] = *x;
    else
      *x = set->extra[k];
}

PetscErrorCode EddyClosureMembersTakeOver(EddyClosureMembers *set)
{
  PetscFunctionBeginUser;
  if (!set->meta_dirty)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCallMPI(MPI_Bcast(set->meta, (PetscMPIInt)set->nmeta, MPI_DOUBLE, 0, set->comm));
  Meta(set, PETSC_TRUE);
  for (PetscInt i = 0; i < set->n; ++i) {
    set->member[i].past_stale = PETSC_TRUE;
    set->member[i].clean = PETSC_FALSE;
  }
  set->meta_dirty = PETSC_FALSE;
  set->retaken = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscBool Due(const EddyClosureMember *m, PetscInt64 step)
{
  if (m->c->target == EDDY_TARGET_MODE)
    return PETSC_FALSE;
  return (PetscBool)(!m->c->every || m->last < 0 || step / m->c->every != m->last / m->c->every);
}

/* Does the input of this step become a past one? Before the first step the past is the present. */
static PetscBool Remembers(const EddyClosureMember *m, const EddyStage *st, PetscBool quiet)
{
  if (!m->c->nhistory || quiet)
    return (PetscBool)(m->c->nhistory && !m->npast);
  return (PetscBool)(m->waiting != st->step && st->step % m->c->history_every == 0);
}

PetscErrorCode EddyClosureMembersBegin(EddyClosureMembers *set, const EddyStage *st,
                                       PetscBool quiet, PetscBool *any, PetscBool *past)
{
  PetscFunctionBeginUser;
  *any = *past = PETSC_FALSE;
  PetscCall(EddyClosureMembersTakeOver(set));
  for (PetscInt i = 0; i < set->n; ++i) {
    EddyClosureMember *m = &set->member[i];
    m->due = m->fallback_of >= 0 ? set->member[m->fallback_of].due : Due(m, st->step);
    if (m->due)
      *any = PETSC_TRUE;
    if (Remembers(m, st, quiet))
      *past = PETSC_TRUE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static size_t Slot(const EddyClosureMembers *set, const EddyClosureMember *m)
{
  return (size_t)m->ncomp * (size_t)set->npoint;
}

PetscErrorCode EddyClosureMembersRemember(EddyClosureMembers *set, EddyClosureMember *m,
                                          const EddyStage *st, PetscBool quiet,
                                          double *const comp[])
{
  const PetscInt n = m->c->nhistory;
  PetscFunctionBeginUser;
  if (!Remembers(m, st, quiet))
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt slot = m->npast ? n : 0; slot <= (quiet ? n - 1 : n); ++slot)
    for (PetscInt c = 0; c < m->ncomp; ++c)
      PetscCall(
          PetscArraycpy(m->past + (size_t)slot * Slot(set, m) + (size_t)c * (size_t)set->npoint,
                        comp[c], set->npoint));
  if (!m->npast)
    m->past_stale = PETSC_TRUE;
  if (!quiet)
    m->waiting = st->step;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersClear(EddyClosureMembers *set, EddyClosureMember *m,
                                       PetscBool *acts)
{
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(m->out.data, (size_t)m->out.ncomp * (size_t)set->npoint));
  *acts = (PetscBool)(m->fallback_of < 0 || m->acts);
  if (!EddyClosureMembersSuspended(set, m))
    PetscFunctionReturn(PETSC_SUCCESS);
  *acts = PETSC_FALSE;
  for (PetscInt x = 0; x < set->npoint; ++x)
    m->weight[x] = m->flag[x] = 1;
  m->clean = PETSC_FALSE;
  if (m->fallback >= 0)
    set->member[m->fallback].acts = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Count(EddyClosureMembers *set, EddyClosureMember *m, int64_t *count,
                            PetscBool quiet)
{
  EddyGuard *g = &m->c->guard;
  PetscFunctionBeginUser;
  if (set->size > 1)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, count, EDDY_NCOUNT, MPI_INT64_T, MPI_SUM, set->comm));
  const int64_t bad = count[EDDY_COUNT_BAD], flagged = count[EDDY_COUNT_FLAGGED],
                clipped = count[EDDY_COUNT_CLIPPED];
  if (m->fallback >= 0)
    set->member[m->fallback].acts =
        (PetscBool)(bad || (flagged && g->range == EDDY_RANGE_BLEND) || set->suspended);
  if (quiet)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; k < EDDY_NCOUNT; ++k)
    g->count[k] += count[k];
  ++g->count[EDDY_COUNT_CALLS];
  m->worst = PetscMax(m->worst, (PetscReal)(bad + flagged) /
                                    (PetscReal)PetscMax(1, count[EDDY_COUNT_POINTS]));
  if (g->strict && (bad || flagged || clipped) && !set->why[0])
    PetscCall(PetscSNPrintf(set->why, sizeof set->why,
                            "closure %s: %lld bad, %lld flagged, %lld clipped of %lld points "
                            "(closure_strict)",
                            m->c->name, (long long)bad, (long long)flagged, (long long)clipped,
                            (long long)count[EDDY_COUNT_POINTS]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersApply(EddyClosureMembers *set, EddyClosureMember *m,
                                       const EddyStage *st, PetscReal scale, PetscBool quiet)
{
  const EddyGuard *g = &m->c->guard;
  int64_t count[EDDY_NCOUNT] = {0};
  PetscFunctionBeginUser;
  m->c->vetted = PETSC_FALSE;
  m->c->largest = 0;
  PetscCall(m->c->ops->Apply(m->c, st, m->in, &m->out));
  const EddyGuardCall call = {
      .limit = g->limit * scale,
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
  PetscCall(EddyGuardApply(g, set->comm, &call, &m->clean, count));
  if (g->on)
    PetscCall(Count(set, m, count, quiet));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- steps ---- */

PetscErrorCode EddyClosureMembersVerdict(EddyClosureMembers *set, EddyVerdict *v, char why[],
                                         size_t len)
{
  PetscFunctionBeginUser;
  *v = EDDY_VERDICT_KEEP;
  if (set->why[0]) {
    *v = EDDY_VERDICT_FAILED;
    PetscCall(PetscStrncpy(why, set->why, len));
  }
  if (*v || set->suspended)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < set->n; ++i) {
    EddyClosureMember *m = &set->member[i];
    if (m->fallback_of >= 0 || m->c->guard.reject >= 1 || !(m->worst > m->c->guard.reject))
      continue;
    ++m->c->guard.count[EDDY_COUNT_REJECTED];
    *v = EDDY_VERDICT_AGAIN;
  }
  if (*v != EDDY_VERDICT_AGAIN)
    PetscFunctionReturn(PETSC_SUCCESS);
  set->suspended = PETSC_TRUE;
  for (PetscInt i = 0; i < set->n; ++i)
    set->member[i].last = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersCommit(EddyClosureMembers *set, const EddyStage *st)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < set->n; ++i) {
    EddyClosureMember *m = &set->member[i];
    const PetscInt n = m->c->nhistory;
    if (n && m->waiting == st->step) {
      memmove(m->past + Slot(set, m), m->past, (size_t)(n - 1) * Slot(set, m) * sizeof(double));
      memcpy(m->past, m->past + (size_t)n * Slot(set, m), Slot(set, m) * sizeof(double));
      m->past_stale = PETSC_TRUE;
      ++m->npast;
    }
    m->waiting = -1;
    m->worst = 0;
    if (m->was && !EddyClosureMembersSuspended(set, m))
      PetscCall(PetscArraycpy(m->was, m->flag, set->npoint));
    if (set->suspended)
      m->last = -1; /* asked again in the next step */
    if (m->c->ops->Commit && !EddyClosureMembersSuspended(set, m))
      PetscCall(m->c->ops->Commit(m->c, st));
  }
  set->suspended = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersSaved(EddyClosureMembers *set, PetscInt k, EddySaved *a)
{
  const PetscInt64 points =
      (PetscInt64)set->shape.n[0] * (PetscInt64)set->shape.n[1] * (PetscInt64)set->shape.n[2];
  PetscInt at = 1;
  PetscFunctionBeginUser;
  a->nchunk = -1;
  if (!k) {
    PetscCall(EddyClosureMembersTakeOver(set));
    Meta(set, PETSC_FALSE);
    set->meta_dirty = PETSC_TRUE;
    *a = (EddySaved){"closures",        set->nmeta,       set->rank ? 0 : 1,
                     &set->meta_offset, &set->meta_count, set->meta};
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt i = 0; i < set->n; ++i) {
    EddyClosureMember *m = &set->member[i];
    const struct {
      const char *what;
      PetscInt comps;
      double *data;
    } kinds[] = {{"held", m->c->every ? m->out.ncomp : 0, m->out.data},
                 {"weight", m->c->every && (m->fallback >= 0 || m->c->replace) ? 1 : 0, m->weight},
                 {"flagged", m->was ? 1 : 0, m->was},
                 {"past", m->ncomp * m->c->nhistory, m->past},
                 {"state", m->c->nstate, m->state}};
    for (size_t q = 0; q < sizeof kinds / sizeof *kinds; ++q) {
      if (!kinds[q].comps || at++ != k)
        continue;
      *a = (EddySaved){.global = points * kinds[q].comps,
                       .nchunk = kinds[q].comps * set->npiece,
                       .offset = set->offset,
                       .count = set->count,
                       .data = kinds[q].data};
      PetscCall(
          PetscSNPrintf(a->name, sizeof a->name, "closure_%.40s_%s", m->c->name, kinds[q].what));
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- output fields ---- */

static PetscErrorCode Given(EddyClosureMembers *set, const char *name, const EddyClosureAsk *ask,
                            EddyBlock *b, PetscBool *found)
{
  static const char word[] = "closure_in_";
  const size_t len = sizeof word - 1, n = (size_t)set->npoint;
  double *comp[9 * EDDY_MAX_LIST];
  char *end;
  PetscFunctionBeginUser;
  if (strncmp(name, word, len))
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < set->n && !*found; ++i) {
    EddyClosureMember *m = &set->member[i];
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
    PetscCheck(k >= 0 && k < all, set->comm, EDDY_ERR_INPUT,
               "closure %s reads %d components: %s is not one of %s0 to %s%d", m->c->name, (int)all,
               name, word, word, (int)all - 1);
    if (!m->given)
      PetscCall(PetscCalloc1((size_t)all * n + 1, &m->given));
    double *to = m->given + (size_t)k * n;
    const double *from = k < m->ncomp ? NULL : m->past + (size_t)(k - m->ncomp) * n;
    if (ask && (k < m->ncomp || !m->npast)) { /* before the first step the past is the present */
      PetscCall(ask->Inputs(ask->ctx, m, comp));
      from = comp[k % m->ncomp];
    }
    if (ask)
      PetscCall(PetscArraycpy(to, from, n));
    *b = set->shape;
    PetscCall(PetscStrncpy(b->name, name, sizeof b->name));
    b->data = to;
    *found = PETSC_TRUE;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureMembersField(MPI_Comm comm, EddyClosureMembers *set, const char *name,
                                       const EddyClosureAsk *ask, EddyBlock *b, PetscBool *found)
{
  static const char *const kinds[] = {"closure_out", "closure_flag"};
  PetscFunctionBeginUser;
  *found = PETSC_FALSE;
  if (set)
    PetscCall(Given(set, name, ask, b, found));
  for (int k = 0; k < 2; ++k) {
    const size_t len = strlen(kinds[k]);
    if (strncmp(name, kinds[k], len) || (name[len] && name[len] != '_'))
      continue;
    for (PetscInt i = 0; set && i < set->n && !*found; ++i) {
      EddyClosureMember *m = &set->member[i];
      PetscInt values = 1;
      if (m->fallback_of >= 0 || m->c->target == EDDY_TARGET_MODE ||
          (name[len] && strcmp(name + len + 1, m->c->name)))
        continue;
      for (PetscInt r = 0; r < m->out.rank; ++r)
        values *= m->out.dim;
      PetscCheck(k || m->out.ncomp == values || m->c->target == EDDY_TARGET_EDDY_VISCOSITY,
                 set->comm, EDDY_ERR_INPUT,
                 "%s: target %s has %d values in a cell and is not stored", name,
                 EddyTargetNames[m->c->target], (int)m->out.ncomp);
      if (ask)
        PetscCall(ask->Evaluate(ask->ctx));
      *b = k ? set->shape : m->out;
      b->ncomp = k ? 1 : values;
      PetscCall(PetscStrncpy(b->name, name, sizeof b->name));
      if (k)
        b->data = m->flag;
      *found = PETSC_TRUE;
    }
    PetscCheck(*found, comm, EDDY_ERR_INPUT, "no closure gives the field %s", name);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
