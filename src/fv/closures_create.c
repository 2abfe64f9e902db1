/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures of a finite-volume run are checked and given their blocks; see closures.h. */
#include "closures.h"
#include <math.h>
#include <string.h>

static PetscBool Accepts(EddyDisc d, EddyTarget t)
{
  const PetscBool viscous = (PetscBool)(EddyFvGet(d)->viscous != NULL);
  return (
      PetscBool)(t == EDDY_TARGET_FLUX || t == EDDY_TARGET_FACE_INTERPOLATION ||
                 (viscous && (t == EDDY_TARGET_EDDY_VISCOSITY || t == EDDY_TARGET_COEFFICIENT)));
}

static const char *Unit(EddyTarget t)
{
  return t == EDDY_TARGET_FLUX ? "state L/T" : t == EDDY_TARGET_EDDY_VISCOSITY ? "L^2/T" : "1";
}

/* Number of components of the target; 0 when that of the closure fits nothing. */
static PetscInt Components(EddyDisc d, EddyClosure c)
{
  const PetscInt dim = d->box.dim, flux = dim * d->physics->ncomp, n = c->out_ncomp;
  switch (c->target) {
  case EDDY_TARGET_EDDY_VISCOSITY:
    return n <= 2 ? PetscMax(1, n) : 0;
  case EDDY_TARGET_COEFFICIENT:
    return n <= 1;
  case EDDY_TARGET_FLUX:
    return !n || n == flux ? flux : 0;
  default:
    return n == dim * 8 || n == dim * 12 ? n : 0;
  }
}

/* What a target has here, in words. */
static PetscErrorCode Wanted(EddyDisc d, EddyTarget t, char *text, size_t len)
{
  const PetscInt dim = d->box.dim;
  PetscFunctionBeginUser;
  if (t == EDDY_TARGET_EDDY_VISCOSITY)
    PetscCall(PetscStrncpy(text, "1 or 2", len));
  else if (t == EDDY_TARGET_COEFFICIENT)
    PetscCall(PetscStrncpy(text, "1", len));
  else if (t == EDDY_TARGET_FLUX)
    PetscCall(PetscSNPrintf(text, len, "%d (directions times state components)",
                            (int)(dim * d->physics->ncomp)));
  else
    PetscCall(PetscSNPrintf(text, len, "%d or %d (directions, sides, 4 or 6 cells)", (int)(8 * dim),
                            (int)(12 * dim)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Check(EddyDisc d, EddyOptions o, EddyClosure c, const char *key)
{
  char want[96];
  PetscFunctionBeginUser;
  EddyOptionsCheck(Accepts(d, c->target), o, key,
                   "closure %s gives %s, which physics_type %s in disc_type fv does not accept; it "
                   "accepts flux, face_interpolation%s",
                   c->name, EddyTargetNames[c->target], d->physics->ops->name,
                   EddyFvGet(d)->viscous ? ", eddy_viscosity, coefficient" : "");
  EddyOptionsCheck(c->ops->Apply, o, key, "closure %s has no function for its target %s", c->name,
                   EddyTargetNames[c->target]);
  for (PetscInt i = 0; i < c->nneed; ++i) {
    EddyField f;
    PetscCall(EddyFieldFind(d->physics, o, key, c->need[i], &f));
    EddyOptionsCheck(!c->need_ncomp[i] || c->need_ncomp[i] == f.ncomp, o, key,
                     "closure %s was made for %d components of %s, which has %d", c->name,
                     (int)c->need_ncomp[i], c->need[i], (int)f.ncomp);
  }
  PetscCall(Wanted(d, c->target, want, sizeof want));
  EddyOptionsCheck(Components(d, c), o, key,
                   "closure %s gives %d components, its target %s has %s here", c->name,
                   (int)c->out_ncomp, EddyTargetNames[c->target], want);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Guards that need the spectral engine or another target, asked for in the case. */
static PetscErrorCode CheckGuards(EddyDisc d, EddyOptions o, EddyClosure c)
{
  const EddyGuard *g = &c->guard;
  const struct {
    const char *word;
    PetscBool on;
    const char *why;
  } not [] = {{"energy", (PetscBool)(g->energy >= 0), "has no energy budget of its terms"},
              {"trace_free", g->trace_free, "has no subgrid_stress"},
              {"realisable", g->realisable, "has no subgrid_stress"}};
  PetscFunctionBeginUser;
  for (size_t i = 0; i < sizeof not / sizeof *not ; ++i) {
    char key[3 * EDDY_MAX_NAME];
    const char *given;
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_guard_%s", c->name, not [i].word));
    PetscCall(EddyOptionsGetRaw(o, key, &given));
    EddyOptionsCheck(!given || !not [i].on, o, key, "is not offered: disc_type fv %s", not [i].why);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Beyond a wall neighbours are mirror images, elsewhere the outermost cells: by face, not by parts of one. */
static PetscErrorCode CheckFaces(EddyDisc d, EddyOptions o, EddyClosure c)
{
  const EddyFv *s = EddyFvGet(d);
  char key[3 * EDDY_MAX_NAME];
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", c->name));
  for (int e = 0; e < (int)s->dim; ++e)
    for (int side = 0; side < 2; ++side) {
      const EddyFvFace *face = &s->faces.face[e][side];
      for (PetscInt q = 1; q < face->n && c->halo; ++q)
        EddyOptionsCheck(EddyFaceIsWall(face->patch[q].type) == EddyFaceIsWall(face->patch[0].type),
                         o, key,
                         "closure %s reads neighbours; it needs faces that are walls as a whole or "
                         "not at all, which boundary_%c%s is not",
                         c->name, "xyz"[e], side ? "max" : "min");
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What mapped grids do not have: mirror images of vectors beyond a wall, a distance of cells in physics without diffusion. */
static PetscErrorCode CheckMapped(EddyDisc d, EddyOptions o, EddyClosure c, const EddyFvMember *f,
                                  PetscInt ncomp)
{
  const EddyFv *s = EddyFvGet(d);
  char key[3 * EDDY_MAX_NAME];
  PetscFunctionBeginUser;
  if (!s->mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_diffusivity", c->name));
  EddyOptionsCheck(c->diffusivity == 0 || s->mapped->viscous, o, key,
                   "on mapped grids is for physics with diffusion of their own");
  PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", c->name));
  for (int e = 0; e < (int)s->dim; ++e)
    for (int side = 0; side < 2; ++side)
      for (PetscInt q = 0; q < ncomp && c->halo && !d->box.periodic[e]; ++q)
        EddyOptionsCheck(!f->flip[q] || !EddyFaceIsWall(s->faces.face[e][side].patch[0].type), o,
                         key,
                         "closure %s reads neighbours of a vector or tensor, which have no mirror "
                         "image beyond a "
                         "wall of a mapped grid",
                         c->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Sizes of the cells of a mapped grid. */
static PetscErrorCode Sizes(EddyFv *s, EddyFvClosures *l)
{
  PetscFunctionBeginUser;
  l->size = l->all.shape;
  if (!s->mapped)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1(s->cells + 1, &l->size.data));
  for (size_t i = 0; i < s->cells; ++i)
    l->size.data[i] = pow(s->mapped->volume[i], 1 / (double)s->dim);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A flux in place of that of the scheme: one closure alone, one flux per face. */
static PetscErrorCode CheckReplace(EddyDisc d, EddyOptions o, const EddyClosureMembers *all)
{
  const char *other = NULL;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < all->n; ++i) {
    EddyClosure c = all->member[i].c;
    char key[3 * EDDY_MAX_NAME];
    if (!c->replace)
      continue;
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_mode", c->name));
    EddyOptionsCheck(!d->physics->fv.two_sided, o, key,
                     "physics_type %s has a flux of its own on each side of a face, which one "
                     "cannot replace: take add",
                     d->physics->ops->name);
    EddyOptionsCheck(!other, o, key, "closure %s replaces the numerical flux already", other);
    other = c->name;
  }
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

/* Blocks of the inputs, present and past. */
static PetscErrorCode Inputs(EddyDisc d, EddyFvClosures *l, PetscInt i)
{
  EddyFv *s = EddyFvGet(d);
  EddyClosureMember *m = &l->all.member[i];
  EddyClosure c = m->c;
  const PetscInt slots = 1 + c->nhistory;
  const size_t h = (size_t)c->halo;
  size_t wide = (size_t)s->n[0] + 2 * h, at = 0;
  EddyField f[EDDY_MAX_LIST];
  PetscFunctionBeginUser;
  for (int e = 1; e < (int)s->dim; ++e)
    wide *= (size_t)s->n[e] + 2 * h;
  PetscCall(PetscCalloc1(PetscMax(1, slots * c->nneed), &m->in));
  for (PetscInt q = 0; q < c->nneed; ++q) {
    m->need[q] = FieldOf(l, c->need[q]);
    PetscCheck(m->need[q] < EDDY_MAX_LIST, d->comm, EDDY_ERR_INPUT,
               "closures read more than %d fields", EDDY_MAX_LIST);
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, c->need[q], &f[q]));
    m->ncomp += f[q].ncomp;
  }
  PetscCall(PetscCalloc2(m->ncomp + 1, &l->of[i].flip, (size_t)(slots * m->ncomp) * wide + 1,
                         &l->of[i].ghosted));
  for (PetscInt slot = 0, flips = 0; slot < slots; ++slot)
    for (PetscInt q = 0; q < c->nneed; ++q) {
      EddyBlock *b = &m->in[slot * c->nneed + q];
      *b = l->all.shape;
      PetscCall(PetscStrncpy(b->name, f[q].name, sizeof b->name));
      PetscCall(PetscStrncpy(b->unit, f[q].unit, sizeof b->unit));
      b->rank = f[q].rank;
      b->ncomp = f[q].ncomp;
      b->symmetry = f[q].symmetry;
      b->halo = c->halo;
      b->data = l->of[i].ghosted + at;
      at += (size_t)f[q].ncomp * wide;
      for (PetscInt k = 0; k < f[q].ncomp && !slot; ++k)
        l->of[i].flip[flips++] = Flip(d, &f[q], k);
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

static PetscErrorCode Output(EddyDisc d, EddyFvClosures *l, PetscInt i)
{
  EddyFv *s = EddyFvGet(d);
  EddyClosureMember *m = &l->all.member[i];
  EddyFvMember *f = &l->of[i];
  EddyClosure c = m->c;
  enum { ROOM = 64 }; /* rows are read a little beyond their ends */
  PetscFunctionBeginUser;
  m->out = l->all.shape;
  m->out.ncomp = Components(d, c);
  PetscCall(PetscStrncpy(m->out.name, EddyTargetNames[c->target], EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(m->out.unit, Unit(c->target), EDDY_MAX_NAME));
  PetscCall(EddyClosureMembersOutput(&l->all, m));
  if (c->target == EDDY_TARGET_COEFFICIENT)
    PetscFunctionReturn(PETSC_SUCCESS);
  f->stale = PETSC_TRUE;
  f->nface = m->out.ncomp + (c->replace ? s->dim : 0);
  PetscCall(PetscCalloc1((size_t)f->nface * l->block + 2 * ROOM, &f->face_data));
  f->face = f->face_data + ROOM;
  if (c->target == EDDY_TARGET_FACE_INTERPOLATION) {
    f->stencil = m->out.ncomp / (2 * s->dim);
    Basis(f->stencil, c->face_order, f->basis);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What the sweep has to do for a closure. */
static PetscErrorCode Acts(EddyFv *s, EddyFvClosures *l, const EddyClosureMember *m)
{
  PetscFunctionBeginUser;
  if (m->c->target == EDDY_TARGET_FLUX)
    s->corrected = PETSC_TRUE;
  else if (m->c->target == EDDY_TARGET_FACE_INTERPOLATION)
    s->learned = PETSC_TRUE;
  if (m->c->target != EDDY_TARGET_EDDY_VISCOSITY)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!l->nut)
    PetscCall(PetscCalloc1(s->comp + 64, &l->nut));
  if (!l->isotropic && m->out.ncomp > 1)
    PetscCall(PetscCalloc1(s->comp + 64, &l->isotropic));
  s->viscous->nut = l->nut;
  s->viscous->isotropic = l->isotropic;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Members(EddyDisc d, EddyOptions o, EddyFvClosures *l)
{
  char key[3 * EDDY_MAX_NAME];
  PetscBool made;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", d->closure[i]->name));
    PetscCall(Check(d, o, d->closure[i], key));
    PetscCall(CheckGuards(d, o, d->closure[i]));
    if (d->closure[i]->guard.reject < 1)
      d->may_reject = PETSC_TRUE;
  }
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    PetscCall(EddyClosureMembersFallback(&l->all, o, i, key, sizeof key, &made));
    if (made)
      PetscCall(Check(d, o, l->all.member[l->all.n - 1].c, key));
  }
  PetscCall(CheckReplace(d, o, &l->all));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresCreate(EddyDisc d, EddyOptions o)
{
  static const EddyFvLearned *const kernels[] = {&eddy_fv_learned_v2, &eddy_fv_learned_v3,
                                                 &eddy_fv_learned_v4};
  EddyFv *s = EddyFvGet(d);
  EddyBlock shape = {.dim = s->dim, .ncomp = 1, .where = EDDY_WHERE_CELL};
  EddyFvClosures *l;
  PetscFunctionBeginUser;
  if (!d->nclosure)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&l));
  s->closures = l;
  l->kernels = kernels[d->level];
  l->scale_step = -1;
  l->block = 1;
  for (int e = 0; e < 3; ++e) {
    shape.n[e] = d->box.n[e];
    shape.start[e] = s->start[e];
    shape.count[e] = s->n[e];
    if (e < (int)s->dim)
      l->block *= (size_t)s->n[e] + 2;
  }
  l->pitch = (size_t)s->n[0] + 2;
  l->plane = s->dim > 1 ? l->pitch * ((size_t)s->n[1] + 2) : l->pitch;
  PetscCall(EddyClosureMembersCreate(d->comm, d->nclosure, d->closure, &shape, &l->all));
  l->all.npoint = (PetscInt)s->cells;
  l->all.extra[0] = -1; /* nu_t is not known */
  PetscCall(Members(d, o, l));
  PetscCall(Sizes(s, l));
  PetscCall(PetscCalloc1(l->all.n, &l->of));
  for (PetscInt i = 0; i < l->all.n; ++i) {
    EddyClosure c = l->all.member[i].c;
    c->size = s->mapped ? &l->size : NULL;
    PetscCall(EddyClosureSetUp(c, &d->box, d->level));
    PetscCall(Inputs(d, l, i));
    PetscCall(CheckFaces(d, o, c));
    PetscCall(CheckMapped(d, o, c, &l->of[i], l->all.member[i].ncomp));
    PetscCall(Output(d, l, i));
    PetscCall(Acts(s, l, &l->all.member[i]));
  }
  PetscCall(EddyClosureMembersCoefficients(&l->all, o));
  PetscCall(EddyClosureMembersReady(&l->all));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresDestroy(EddyFv *s)
{
  EddyFvClosures *l = s->closures;
  PetscFunctionBeginUser;
  if (!l)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; l->of && i < l->all.n; ++i) {
    PetscCall(PetscFree2(l->of[i].flip, l->of[i].ghosted));
    PetscCall(PetscFree(l->of[i].face_data));
  }
  PetscCall(EddyClosureMembersDestroy(&l->all));
  PetscCall(PetscFree(l->of));
  PetscCall(PetscFree(l->size.data));
  PetscCall(PetscFree(l->nut));
  PetscCall(PetscFree(l->isotropic));
  PetscCall(PetscFree(s->closures));
  PetscFunctionReturn(PETSC_SUCCESS);
}
