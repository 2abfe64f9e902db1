/* SPDX-License-Identifier: BSD-3-Clause */
/* Which closure of a finite-volume run is evaluated when and on what, and what the sweep gets of it; see closures.h. */
#include "closures.h"
#include <math.h>
#include <string.h>

/* ---- inputs ---- */

/* Present inputs of a member without ghosts, one pointer per component. */
static void Present(const EddyFvClosures *l, const EddyClosureMember *m, double *comp[])
{
  PetscInt at = 0;
  for (PetscInt i = 0; i < m->c->nneed; ++i)
    for (PetscInt q = 0; q < m->in[i].ncomp; ++q)
      comp[at++] = l->field[m->need[i]].data + (size_t)q * (size_t)l->all.npoint;
}

/* Blocks with ghosts of the present inputs, and of past ones when these have changed. Collective. */
static PetscErrorCode Gather(EddyDisc d, EddyFvClosures *l, PetscInt i)
{
  EddyFv *s = EddyFvGet(d);
  EddyClosureMember *m = &l->all.member[i];
  EddyFvMember *f = &l->of[i];
  double *comp[9 * EDDY_MAX_LIST];
  PetscFunctionBeginUser;
  Present(l, m, comp);
  for (PetscInt slot = 0; slot <= (m->past_stale ? m->c->nhistory : 0) && m->c->nneed; ++slot) {
    const EddyBlock *b = &m->in[slot * m->c->nneed];
    PetscInt at = 0;
    for (PetscInt k = 0; k < m->ncomp && slot; ++k)
      comp[k] = m->past + (size_t)((slot - 1) * m->ncomp + k) * s->cells;
    for (PetscInt k = 0; k < m->c->nneed; ++k)
      for (PetscInt q = 0; q < b[k].ncomp; ++q, ++at)
        for (PetscInt j = 0; j < s->n[1] * s->n[2] && s->n[0]; ++j)
          PetscCall(PetscArraycpy(EddyBlockRow(&b[k], q, j), comp[at] + (size_t)j * (size_t)s->n[0],
                                  s->n[0]));
    PetscCall(EddyFvClosuresGhosts(d, m->c->halo, m->ncomp, f->flip, b[0].data));
  }
  m->past_stale = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- what a value is compared with before it is believed ---- */

static PetscReal Delta(EddyDisc d)
{
  const EddyFv *s = EddyFvGet(d);
  const double n = (double)d->box.n[0] * (double)d->box.n[1] * (double)d->box.n[2];
  return s->mapped ? pow(s->mapped->total / n, 1 / (double)s->dim) : EddyClosureDelta(&d->box, 1);
}

/* Largest magnitude of the state, and the fastest speed. Collective. */
static PetscErrorCode Scales(EddyDisc d, const double *u, PetscReal scale[2])
{
  EddyFv *s = EddyFvGet(d);
  double top = 0;
  PetscReal rate;
  PetscFunctionBeginUser;
  for (size_t i = 0; i < s->cells * (size_t)s->ncomp; ++i)
    top = fabs(u[i]) > top ? fabs(u[i]) : top;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &top, 1, MPI_DOUBLE, MPI_MAX, d->comm));
  PetscCall(EddyFvRate(d, u, &rate));
  scale[0] = top;
  scale[1] = rate * Delta(d);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscReal Scale(EddyDisc d, const EddyFvClosures *l, const EddyClosureMember *m)
{
  const PetscReal speed = l->scale[1], viscosity = speed * Delta(d);
  if (m->c->target == EDDY_TARGET_FLUX)
    return l->scale[0] * speed;
  if (m->c->target == EDDY_TARGET_EDDY_VISCOSITY)
    return m->out.ncomp > 1 ? PetscMax(viscosity, speed * speed) : viscosity;
  return 1;
}

/* ---- from the blocks of closures to faces ---- */

/* How much of the output of a member acts in a cell. */
static const double *Weights(const EddyFvClosures *l, const EddyClosureMember *m)
{
  return m->fallback_of >= 0 ? l->all.member[m->fallback_of].weight : NULL;
}

/* First cell of row j (= y + ny z) of component q of the blocks of faces. */
static double *FaceRow(const EddyFv *s, const EddyFvMember *f, PetscInt q, PetscInt j)
{
  const EddyFvClosures *l = s->closures;
  const size_t y = (size_t)(j % PetscMax(1, s->n[1])), z = (size_t)(j / PetscMax(1, s->n[1]));
  return f->face + (size_t)q * l->block + 1 + (s->dim > 1 ? (y + 1) * l->pitch : 0) +
         (s->dim > 2 ? (z + 1) * l->plane : 0);
}

/* Nothing acts on the faces of the box that are not periodic. */
static void Walls(const EddyFv *s, const EddyBox *box, PetscInt nout, EddyFvMember *f)
{
  const EddyFvClosures *l = s->closures;
  const size_t step[3] = {1, l->pitch, l->plane};
  const PetscInt each = nout / s->dim;
  for (int e = 0; e < (int)s->dim; ++e) {
    const size_t extent = (size_t)s->n[e] + 2;
    for (int side = 0; side < 2 && !box->periodic[e]; ++side) {
      if (side ? s->start[e] + s->n[e] < box->n[e] : s->start[e] > 0)
        continue;
      const size_t layer = side ? (size_t)s->n[e] : 0;
      for (PetscInt q = 0; q < f->nface; ++q)
        for (size_t x = 0; (q < nout ? q / each : q - nout) == e && x < l->block; ++x)
          if (x / step[e] % extent == layer)
            f->face[(size_t)q * l->block + x] = 0;
    }
  }
}

/* Values of faces from the closure's block: projected weights, fluxes, or the viscosity of cells. Collective. */
static PetscErrorCode Faces(EddyDisc d, EddyFvClosures *l, PetscInt i)
{
  EddyFv *s = EddyFvGet(d);
  const EddyClosureMember *m = &l->all.member[i];
  EddyFvMember *f = &l->of[i];
  static const unsigned char none[EDDY_MAX_COMP * 3 + 36] = {0};
  const PetscBool flux = (PetscBool)(m->c->target == EDDY_TARGET_FLUX);
  const double blend = flux ? m->c->blend : 1, *weight = Weights(l, m);
  const size_t nx = (size_t)s->n[0];
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < s->n[1] * s->n[2] && s->cells; ++j) {
    for (PetscInt q = 0; q < f->nface; ++q) {
      const double *w = weight ? weight + (size_t)j * nx : NULL, *away = m->weight + (size_t)j * nx,
                   *out = m->out.data + (size_t)q * s->cells + (size_t)j * nx;
      double *to = FaceRow(s, f, q, j);
      for (size_t x = 0; x < nx; ++x)
        to[x] = q >= m->out.ncomp ? blend * (1 - away[x]) : (w ? w[x] : blend) * out[x];
    }
    for (PetscInt q = 0; f->stencil && q < m->out.ncomp; q += f->stencil)
      l->kernels->Project(s->n[0], f->stencil, l->block, m->c->face_order,
                          (const double(*)[6])f->basis, FaceRow(s, f, q, j));
  }
  PetscCall(EddyFvClosuresGhosts(d, 1, f->nface, none, f->face));
  if (s->cells && m->c->target != EDDY_TARGET_EDDY_VISCOSITY)
    Walls(s, &d->box, m->out.ncomp, f);
  f->stale = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Sum over closures of component q of their eddy viscosities with one ghost, where the viscous fluxes look for it; returns the largest value. */
static double Viscosity(EddyFv *s, PetscInt q, double *sum)
{
  EddyFvClosures *l = s->closures;
  const PetscInt gy = s->dim > 1, gz = s->dim > 2, n = s->n[0] + 2;
  PetscBool first = PETSC_TRUE;
  double most = 0;
  for (PetscInt i = 0; i < l->all.n && s->cells && sum; ++i) {
    const EddyClosureMember *m = &l->all.member[i];
    if (m->c->target != EDDY_TARGET_EDDY_VISCOSITY || q >= m->out.ncomp)
      continue;
    for (PetscInt k = -gz; k < s->n[2] + gz; ++k)
      for (PetscInt j = -gy; j < s->n[1] + gy; ++j) {
        const double *from = l->of[i].face + (size_t)q * l->block + (size_t)(j + gy) * l->pitch +
                             (size_t)(k + gz) * l->plane;
        double *to = sum + EddyFvWork(s, 0, -1, j, k);
        for (PetscInt x = 0; x < n; ++x) {
          to[x] = first ? from[x] : to[x] + from[x];
          most = to[x] > most ? to[x] : most;
        }
      }
    first = PETSC_FALSE;
  }
  return most;
}

/* ---- all of them ---- */

/* Who needs the scales of the flow. */
static PetscBool Scaled(const EddyClosureMember *m)
{
  return (PetscBool)(m->due && m->c->target != EDDY_TARGET_FACE_INTERPOLATION && m->c->guard.on &&
                     m->c->guard.limit > 0);
}

PetscErrorCode EddyFvClosuresEval(EddyDisc d, const EddyStage *st, const double *u, PetscBool quiet)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscBool any, past, acts, scaled = PETSC_FALSE, viscous = PETSC_FALSE;
  double *comp[9 * EDDY_MAX_LIST];
  PetscFunctionBeginUser;
  PetscCall(EddyClosureMembersBegin(&l->all, st, quiet, &any, &past));
  for (PetscInt i = 0; i < l->all.n; ++i) {
    l->of[i].stale = (PetscBool)(l->of[i].stale || l->all.retaken);
    scaled = (PetscBool)(scaled || Scaled(&l->all.member[i]));
  }
  l->all.retaken = PETSC_FALSE;
  if (any || past)
    PetscCall(
        EddyFvFields(d, EDDY_FV_CLOSURE_SLOT, st, u, PETSC_TRUE, l->nfield, l->name, l->field));
  if (scaled && (l->scale_step != st->step || quiet)) { /* once per step: an order of magnitude */
    PetscCall(Scales(d, u, l->scale));
    l->scale_step = quiet ? -1 : st->step;
  }
  for (PetscInt i = 0; i < l->all.n; ++i) {
    EddyClosureMember *m = &l->all.member[i];
    if (m->c->nhistory && (any || past)) {
      Present(l, m, comp);
      PetscCall(EddyClosureMembersRemember(&l->all, m, st, quiet, comp));
    }
    if (m->due) {
      l->of[i].stale = PETSC_TRUE;
      PetscCall(EddyClosureMembersClear(&l->all, m, &acts));
      if (acts) {
        PetscCall(Gather(d, l, i));
        PetscCall(EddyClosureMembersApply(&l->all, m, st, Scale(d, l, m), quiet));
      }
      if (!quiet)
        m->last = st->step;
    }
    if (l->of[i].stale && !quiet && l->of[i].nface) {
      PetscCall(Faces(d, l, i));
      viscous = (PetscBool)(viscous || m->c->target == EDDY_TARGET_EDDY_VISCOSITY);
    }
  }
  if (viscous) {
    l->now = Viscosity(EddyFvGet(d), 0, l->nut);
    (void)Viscosity(EddyFvGet(d), 1, l->isotropic);
  }
  if (!quiet)
    l->most = PetscMax(l->most, l->now);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Largest sum of the viscosities of this rank's cells as they were given last. */
static double Largest(const EddyFvClosures *l)
{
  double most = 0;
  for (PetscInt x = 0; x < l->all.npoint; ++x) {
    double sum = 0;
    for (PetscInt i = 0; i < l->all.n; ++i) {
      const EddyClosureMember *m = &l->all.member[i];
      const double *w = Weights(l, m);
      if (m->c->target == EDDY_TARGET_EDDY_VISCOSITY)
        sum += (w ? w[x] : 1) * m->out.data[x];
    }
    most = sum > most ? sum : most;
  }
  return most;
}

PetscErrorCode EddyFvClosuresDiffusivity(EddyDisc d, const EddyStage *st, const double *u,
                                         double *nu)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscFunctionBeginUser;
  *nu = 0;
  if (!l)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyClosureMembersTakeOver(&l->all));
  if (l->nut && l->all.extra[0] < 0) {
    PetscCall(EddyFvPrimitive(d, st, u));
    PetscCall(EddyFvClosuresEval(d, st, u, PETSC_TRUE));
    l->all.extra[0] = Largest(l);
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, l->all.extra, 1, MPI_DOUBLE, MPI_MAX, d->comm));
  }
  if (l->nut)
    *nu = l->all.extra[0] * d->physics->fv.eddy_diffusivity;
  for (PetscInt i = 0; i < l->all.n; ++i)
    *nu += l->all.member[i].c->blend * l->all.member[i].c->diffusivity;
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
  EddyFvClosures *l = EddyFvGet(a->d)->closures;
  PetscFunctionBeginUser;
  PetscCall(EddyFvFields(a->d, EDDY_FV_CLOSURE_SLOT, a->st, a->u, PETSC_FALSE, l->nfield, l->name,
                         l->field));
  Present(l, m, comp);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode AskOutputs(void *ctx)
{
  const Ask *a = ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyFvPrimitive(a->d, a->st, a->u));
  PetscCall(EddyFvClosuresEval(a->d, a->st, a->u, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresField(EddyDisc d, const EddyStage *st, const double *u,
                                   const char *name, EddyBlock *b, PetscBool *found)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  Ask at = {d, st, u};
  const EddyClosureAsk ask = {&at, AskOutputs, AskInputs};
  PetscFunctionBeginUser;
  PetscCall(EddyClosureMembersField(d->comm, l ? &l->all : NULL, name, u ? &ask : NULL, b, found));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresVerdict(EddyDisc d, const EddyStage *st, EddyVerdict *v, char why[],
                                     size_t len)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscFunctionBeginUser;
  *v = EDDY_VERDICT_KEEP;
  if (l)
    PetscCall(EddyClosureMembersVerdict(&l->all, v, why, len));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresCommit(EddyDisc d, const EddyStage *st)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscFunctionBeginUser;
  if (!l)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyClosureMembersCommit(&l->all, st));
  if (l->nut)
    PetscCallMPI(MPI_Allreduce(&l->most, l->all.extra, 1, MPI_DOUBLE, MPI_MAX, d->comm));
  l->most = 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresSaved(EddyDisc d, PetscInt k, EddySaved *a)
{
  EddyFvClosures *l = EddyFvGet(d)->closures;
  PetscFunctionBeginUser;
  a->nchunk = -1;
  if (l)
    PetscCall(EddyClosureMembersSaved(&l->all, k, a));
  PetscFunctionReturn(PETSC_SUCCESS);
}
