/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures of a finite-volume run are checked and given their blocks; see closures.h. */
#include "closures.h"
#include <math.h>
#include <string.h>

static PetscBool Accepts(EddyDisc d, EddyTarget t)
{
  return (PetscBool)(t == EDDY_TARGET_FLUX || t == EDDY_TARGET_FACE_INTERPOLATION ||
                     (t == EDDY_TARGET_EDDY_VISCOSITY && EddyFvGet(d)->viscous));
}

static const char *Unit(EddyTarget t)
{
  return t == EDDY_TARGET_FLUX ? "state L/T" : t == EDDY_TARGET_EDDY_VISCOSITY ? "L^2/T" : "1";
}

/* Number of components of the target; 0 when that of the closure fits nothing. */
static PetscInt Components(EddyDisc d, EddyClosure c)
{
  const PetscInt dim = d->box.dim, flux = dim * d->physics->ncomp;
  if (c->target == EDDY_TARGET_EDDY_VISCOSITY)
    return c->out_ncomp <= 1 ? 1 : 0;
  if (c->target == EDDY_TARGET_FLUX)
    return !c->out_ncomp || c->out_ncomp == flux ? flux : 0;
  return c->out_ncomp == dim * 8 || c->out_ncomp == dim * 12 ? c->out_ncomp : 0;
}

static PetscErrorCode Check(EddyDisc d, EddyOptions o, EddyClosure c)
{
  const PetscInt dim = d->box.dim;
  char key[3 * EDDY_MAX_NAME], want[96];
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", c->name));
  EddyOptionsCheck(Accepts(d, c->target), o, key,
                   "closure %s gives %s, which physics_type %s in disc_type fv does not accept; it "
                   "accepts flux, face_interpolation%s",
                   c->name, EddyTargetNames[c->target], d->physics->ops->name,
                   EddyFvGet(d)->viscous ? ", eddy_viscosity" : "");
  EddyOptionsCheck(c->ops->Apply, o, key, "closure %s has no function for its target %s", c->name,
                   EddyTargetNames[c->target]);
  EddyOptionsCheck(!c->nhistory, o, key,
                   "closure %s reads past inputs, which disc_type fv does not keep", c->name);
  for (PetscInt i = 0; i < c->nneed; ++i) {
    EddyField f;
    PetscCall(EddyFieldFind(d->physics, o, key, c->need[i], &f));
    EddyOptionsCheck(!c->need_ncomp[i] || c->need_ncomp[i] == f.ncomp, o, key,
                     "closure %s was made for %d components of %s, which has %d", c->name,
                     (int)c->need_ncomp[i], c->need[i], (int)f.ncomp);
  }
  if (c->target == EDDY_TARGET_EDDY_VISCOSITY)
    PetscCall(PetscStrncpy(want, "1", sizeof want));
  else if (c->target == EDDY_TARGET_FLUX)
    PetscCall(PetscSNPrintf(want, sizeof want, "%d (directions times state components)",
                            (int)(dim * d->physics->ncomp)));
  else
    PetscCall(PetscSNPrintf(want, sizeof want, "%d or %d (directions, sides, 4 or 6 cells)",
                            (int)(8 * dim), (int)(12 * dim)));
  EddyOptionsCheck(Components(d, c), o, key,
                   "closure %s gives %d components, its target %s has %s here", c->name,
                   (int)c->out_ncomp, EddyTargetNames[c->target], want);
  PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_guard_fallback", c->name));
  EddyOptionsCheck(!c->guard.fallback[0], o, key,
                   "a closure of target %s has no fallback: the scheme alone acts where it is not "
                   "trusted",
                   EddyTargetNames[c->target]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Index of a field in the batch, with what its components do in a mirror. */
static PetscInt FieldOf(EddyFvClosures *l, const char *name)
{
  PetscInt at = 0;
  while (at < l->nfield && strcmp(l->name[at], name))
    ++at;
  if (at == l->nfield && at < EDDY_MAX_LIST)
    l->name[l->nfield++] = name;
  return at;
}

/* A vector loses the sign of its component normal to a mirror, a tensor that of every such index, momentum as a component of the state like a vector. */
static unsigned char Flip(EddyDisc d, const EddyField *f, PetscInt component)
{
  const PetscInt dim = d->box.dim, v = d->physics->vector;
  unsigned char bits = 0;
  if (f->comp >= 0)
    return v && f->comp >= v && f->comp < v + dim ? (unsigned char)(1 << (f->comp - v)) : 0;
  if (!strcmp(f->name, "vorticity"))
    return (unsigned char)((1 << dim) - 1);
  for (PetscInt r = 0; r < f->rank; ++r, component /= dim)
    bits ^= (unsigned char)(1 << component % dim);
  return bits;
}

static PetscErrorCode Inputs(EddyDisc d, EddyFvClosures *l, EddyFvMember *m)
{
  EddyFv *s = EddyFvGet(d);
  EddyClosure c = m->c;
  const size_t h = (size_t)c->halo;
  size_t wide = (size_t)s->n[0] + 2 * h, at = 0;
  PetscFunctionBeginUser;
  for (int e = 1; e < (int)s->dim; ++e)
    wide *= (size_t)s->n[e] + 2 * h;
  PetscCall(PetscCalloc1(PetscMax(1, c->nneed), &m->in));
  for (PetscInt i = 0; i < c->nneed; ++i) {
    m->need[i] = FieldOf(l, c->need[i]);
    PetscCheck(m->need[i] < EDDY_MAX_LIST, d->comm, EDDY_ERR_INPUT,
               "closures read more than %d fields", EDDY_MAX_LIST);
    EddyField f;
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, c->need[i], &f));
    m->ncomp += f.ncomp;
  }
  PetscCall(PetscCalloc2(m->ncomp + 1, &m->flip, (size_t)m->ncomp * wide + 1, &m->ghosted));
  for (PetscInt i = 0, q = 0; i < c->nneed; ++i) {
    EddyBlock *b = &m->in[i];
    EddyField f;
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, c->need[i], &f));
    *b = l->shape;
    PetscCall(PetscStrncpy(b->name, f.name, sizeof b->name));
    PetscCall(PetscStrncpy(b->unit, f.unit, sizeof b->unit));
    b->rank = f.rank;
    b->ncomp = f.ncomp;
    b->symmetry = f.symmetry;
    b->halo = c->halo;
    b->data = m->ghosted + at;
    at += (size_t)f.ncomp * wide;
    for (PetscInt k = 0; k < f.ncomp; ++k)
      m->flip[q++] = Flip(d, &f, k);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Orthonormal polynomials of degree 0 .. order - 1 on S equal cells; averages over cells span what points do. */
static void Basis(PetscInt S, PetscInt order, double basis[3][6])
{
  for (PetscInt m = 0; m < order; ++m) {
    double norm = 0;
    for (PetscInt k = 0; k < S; ++k)
      basis[m][k] = pow((double)k - .5 * (double)(S - 1), (double)m);
    for (PetscInt j = 0; j < m; ++j) {
      double part = 0;
      for (PetscInt k = 0; k < S; ++k)
        part += basis[j][k] * basis[m][k];
      for (PetscInt k = 0; k < S; ++k)
        basis[m][k] -= part * basis[j][k];
    }
    for (PetscInt k = 0; k < S; ++k)
      norm += basis[m][k] * basis[m][k];
    for (PetscInt k = 0; k < S; ++k)
      basis[m][k] /= sqrt(norm);
  }
}

static PetscErrorCode Output(EddyDisc d, EddyFvClosures *l, EddyFvMember *m)
{
  EddyFv *s = EddyFvGet(d);
  EddyClosure c = m->c;
  enum { ROOM = 64 }; /* rows are read a little beyond their ends */
  PetscFunctionBeginUser;
  m->out = l->shape;
  m->out.ncomp = Components(d, c);
  PetscCall(PetscStrncpy(m->out.name, EddyTargetNames[c->target], EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(m->out.unit, Unit(c->target), EDDY_MAX_NAME));
  PetscCall(PetscCalloc1((size_t)m->out.ncomp * s->cells + 1, &m->out.data));
  PetscCall(PetscCalloc2(s->cells + 1, &m->weight, s->cells + 1, &m->flag));
  PetscCall(PetscCalloc1((size_t)c->nstate * s->cells + 1, &m->state));
  c->state = l->shape;
  c->state.ncomp = c->nstate;
  c->state.data = m->state;
  m->last = -1;
  m->stale = PETSC_TRUE;
  PetscCall(PetscCalloc1((size_t)m->out.ncomp * l->size + 2 * ROOM, &m->face_data));
  m->face = m->face_data + ROOM;
  if (c->target == EDDY_TARGET_FACE_INTERPOLATION) {
    m->stencil = m->out.ncomp / (2 * s->dim);
    Basis(m->stencil, c->face_order, m->basis);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rows of saved arrays: [q][nz][ny][nx] of the whole box. */
static PetscErrorCode Pieces(EddyDisc d, EddyFvClosures *l, PetscInt comps)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt *N = d->box.n, rows = s->n[1] * s->n[2];
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc2(comps * rows + 1, &l->offset, comps * rows + 1, &l->count));
  for (PetscInt q = 0, at = 0; q < comps; ++q)
    for (PetscInt k = 0; k < s->n[2]; ++k)
      for (PetscInt j = 0; j < s->n[1]; ++j, ++at) {
        l->offset[at] = (((PetscInt64)q * N[2] + s->start[2] + k) * N[1] + s->start[1] + j) * N[0] +
                        s->start[0];
        l->count[at] = s->n[0];
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresCreate(EddyDisc d, EddyOptions o)
{
  static const EddyFvLearned *const kernels[] = {&eddy_fv_learned_v2, &eddy_fv_learned_v3,
                                                 &eddy_fv_learned_v4};
  EddyFv *s = EddyFvGet(d);
  EddyFvClosures *l;
  PetscInt pieces = 1;
  PetscFunctionBeginUser;
  if (!d->nclosure)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&l));
  s->closures = l;
  PetscCall(PetscCalloc1(d->nclosure, &l->member));
  l->n = d->nclosure;
  l->kernels = kernels[d->level];
  l->scale_step = -1;
  l->shape = (EddyBlock){.dim = s->dim, .ncomp = 1, .where = EDDY_WHERE_CELL};
  l->size = 1;
  for (int e = 0; e < 3; ++e) {
    l->shape.n[e] = d->box.n[e];
    l->shape.start[e] = s->start[e];
    l->shape.count[e] = s->n[e];
    if (e < (int)s->dim)
      l->size *= (size_t)s->n[e] + 2;
  }
  l->pitch = (size_t)s->n[0] + 2;
  l->plane = s->dim > 1 ? l->pitch * ((size_t)s->n[1] + 2) : l->pitch;
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    m->c = d->closure[i];
    PetscCall(Check(d, o, m->c));
    if (m->c->guard.reject < 1)
      d->may_reject = PETSC_TRUE;
    PetscCall(EddyClosureSetUp(m->c, &d->box, d->level));
    PetscCall(Inputs(d, l, m));
    PetscCall(Output(d, l, m));
    pieces = PetscMax(pieces, PetscMax(m->out.ncomp, m->c->nstate));
    if (m->c->target == EDDY_TARGET_FLUX)
      s->corrected = PETSC_TRUE;
    else if (m->c->target == EDDY_TARGET_FACE_INTERPOLATION)
      s->learned = PETSC_TRUE;
    else if (!l->nut) {
      PetscCall(PetscCalloc1(s->comp + 64, &l->nut));
      s->viscous->nut = l->nut;
    }
  }
  PetscCall(Pieces(d, l, pieces));
  l->nmeta = l->n * (1 + EDDY_NCOUNT);
  l->meta_count = l->nmeta;
  PetscCall(PetscCalloc1(l->nmeta, &l->meta));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresDestroy(EddyFv *s)
{
  EddyFvClosures *l = s->closures;
  PetscFunctionBeginUser;
  if (!l)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < l->n; ++i) {
    EddyFvMember *m = &l->member[i];
    PetscCall(PetscFree(m->in));
    PetscCall(PetscFree2(m->flip, m->ghosted));
    PetscCall(PetscFree(m->out.data));
    PetscCall(PetscFree2(m->weight, m->flag));
    PetscCall(PetscFree(m->state));
    PetscCall(PetscFree(m->face_data));
  }
  PetscCall(PetscFree2(l->offset, l->count));
  PetscCall(PetscFree(l->nut));
  PetscCall(PetscFree(l->meta));
  PetscCall(PetscFree(l->member));
  PetscCall(PetscFree(s->closures));
  PetscFunctionReturn(PETSC_SUCCESS);
}
