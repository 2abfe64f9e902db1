/* SPDX-License-Identifier: BSD-3-Clause */
/* On what closures are evaluated, and when; see closure_loop.h. */
#include "closure_loop.h"

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
      comp[q++] = data + (size_t)c * (size_t)loop->all.npoint;
  }
}

/* Ghosts of the current inputs, and of past ones when these have changed. */
static PetscErrorCode Ghosts(EddyClosureLoop loop, PetscInt at)
{
  EddyClosureMember *m = &loop->all.member[at];
  double *comp[9 * EDDY_MAX_LIST], *to[9 * EDDY_MAX_LIST];
  const EddyBlock *b = &m->in[0];
  const size_t wide =
      (size_t)(b->count[0] + 2 * b->halo) * (size_t)(b->count[1] + (b->dim > 1 ? 2 * b->halo : 0));
  PetscFunctionBeginUser;
  if (!loop->halo[at])
    PetscFunctionReturn(PETSC_SUCCESS);
  Components(loop, m, comp);
  for (PetscInt slot = 0; slot <= (m->past_stale ? m->c->nhistory : 0); ++slot) {
    for (PetscInt c = 0; c < m->ncomp; ++c) {
      to[c] = loop->ghosted[at] + (size_t)(slot * m->ncomp + c) * wide;
      if (slot)
        comp[c] = m->past + (size_t)((slot - 1) * m->ncomp + c) * (size_t)loop->all.npoint;
    }
    PetscCall(EddyHaloExchange(loop->halo[at], m->ncomp, (const double *const *)comp, to));
  }
  m->past_stale = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

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

/* ---- all of them ---- */

/* Blocks of all members at a state. quiet: for an output; nothing is counted and nothing moves on. */
static PetscErrorCode Evaluate(EddyDisc d, EddyClosureLoop loop, const EddyStage *st,
                               const double *u, PetscBool quiet, PetscBool *fresh)
{
  PetscBool any, past, acts;
  double *comp[9 * EDDY_MAX_LIST];
  PetscReal limit = 0;
  PetscFunctionBeginUser;
  PetscCall(EddyClosureMembersBegin(&loop->all, st, quiet, &any, &past));
  if (loop->all.retaken)
    loop->all.retaken = loop->term_valid = PETSC_FALSE;
  for (PetscInt i = 0; i < loop->all.n; ++i) {
    const EddyClosureMember *m = &loop->all.member[i];
    if (m->due && m->c->guard.on)
      limit = PetscMax(limit, m->c->guard.limit);
  }
  if (any || past || loop->viscous)
    PetscCall(EddyFieldBatchEval(loop->batch, d, loop->fourier, u, (PetscBool)(!any && !past)));
  if (limit > 0 &&
      (loop->scale_step != st->step || quiet)) { /* once per step: an order of magnitude */
    PetscCall(EddyClosureScales(d, loop, u, &loop->scale[0], &loop->scale[1]));
    loop->scale_step = quiet ? -1 : st->step;
  }
  for (PetscInt i = 0; i < loop->all.n; ++i) {
    EddyClosureMember *m = &loop->all.member[i];
    if (m->c->nhistory) {
      Components(loop, m, comp);
      PetscCall(EddyClosureMembersRemember(&loop->all, m, st, quiet, comp));
    }
    if (!m->due)
      continue;
    PetscCall(EddyClosureMembersClear(&loop->all, m, &acts));
    if (acts) {
      PetscCall(Ghosts(loop, i));
      PetscCall(EddyClosureMembersApply(
          &loop->all, m, st, Scale(d, m->c->target, loop->scale[0], loop->scale[1]), quiet));
    }
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

/* ---- output fields, steps, checkpoints ---- */

typedef struct {
  EddyDisc d;
  const EddyStage *st;
  const double *u;
} Ask;

static PetscErrorCode AskInputs(void *ctx, const EddyClosureMember *m, double *comp[])
{
  const Ask *a = ctx;
  EddyClosureLoop loop = EddySpectralGet(a->d)->closures;
  PetscFunctionBeginUser;
  PetscCall(EddyFieldBatchEval(loop->batch, a->d, loop->fourier, a->u, PETSC_FALSE));
  Components(loop, m, comp);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode AskOutputs(void *ctx)
{
  const Ask *a = ctx;
  EddyClosureLoop loop = EddySpectralGet(a->d)->closures;
  PetscBool fresh;
  PetscFunctionBeginUser;
  PetscCall(Evaluate(a->d, loop, a->st, a->u, PETSC_TRUE, &fresh));
  if (fresh)
    loop->term_valid = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopField(EddyDisc d, const EddyStage *st, const double *u,
                                    const char *name, EddyBlock *b, PetscBool *found)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  Ask at = {d, st, u};
  const EddyClosureAsk ask = {&at, AskOutputs, AskInputs};
  PetscFunctionBeginUser;
  PetscCall(
      EddyClosureMembersField(d->comm, loop ? &loop->all : NULL, name, u ? &ask : NULL, b, found));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopVerdict(EddyDisc d, const EddyStage *st, EddyVerdict *v, char why[],
                                      size_t len)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  PetscFunctionBeginUser;
  *v = EDDY_VERDICT_KEEP;
  if (loop)
    PetscCall(EddyClosureMembersVerdict(&loop->all, v, why, len));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopCommit(EddyDisc d, const EddyStage *st)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  PetscFunctionBeginUser;
  if (loop)
    PetscCall(EddyClosureMembersCommit(&loop->all, st));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopSaved(EddyDisc d, PetscInt k, EddySaved *a)
{
  EddyClosureLoop loop = EddySpectralGet(d)->closures;
  PetscFunctionBeginUser;
  a->nchunk = -1;
  if (loop)
    PetscCall(EddyClosureMembersSaved(&loop->all, k, a));
  PetscFunctionReturn(PETSC_SUCCESS);
}
