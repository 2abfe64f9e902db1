/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields of a state as cell values: components, what the physics derives from the primitive state of a cell, and the gradient and
   Laplacian of the first component and what follows from the velocity gradient by central differences, on mapped grids the former two from their faces (ghost values beyond the box as the
   boundary condition gives them). */
#include "closures.h"
#include <string.h>

typedef enum { COMPONENT, DERIVED, GRADIENT, LAPLACIAN, OF_GRADIENT, OF_VELOCITY, MAXIMUM } Kind;

static PetscErrorCode Resolve(EddyDisc d, const char *name, EddyField *f, Kind *kind)
{
  const PetscInt k = EddyFvMaximaFind(EddyFvGet(d), name);
  PetscFunctionBeginUser;
  if (k >= 0) {
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, EddyFvGet(d)->maximum[k].field, f));
    PetscCall(PetscStrncpy(f->name, name, EDDY_MAX_NAME));
    f->first = k;
    *kind = MAXIMUM;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCheck(
      strncmp(name, "max_", 4), d->comm, EDDY_ERR_INPUT,
      "field %s: name %s in statistics_maximum to keep it; it is not offered behind a filter", name,
      name + 4);
  PetscCall(EddyFieldFind(d->physics, NULL, NULL, name, f));
  *kind = f->comp >= 0 ? COMPONENT : DERIVED;
  if (!f->ops)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (d->physics->vector && EddyFieldGradientPart(f->ops, NULL)) {
    *kind = OF_VELOCITY;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  const PetscBool of_gradient =
      (PetscBool)(f->ops->Point && f->ops->from[0] && !strcmp(f->ops->from[0], "gradient") &&
                  !f->ops->from[1]);
  *kind = of_gradient ? OF_GRADIENT : !strcmp(f->name, "laplacian") ? LAPLACIAN : GRADIENT;
  PetscCheck(*kind != GRADIENT || !strcmp(f->name, "gradient"), d->comm, EDDY_ERR_INPUT,
             "field %s is not offered by disc_type fv", name);
  PetscCheck(*kind != LAPLACIAN || !d->box.mapped, d->comm, EDDY_ERR_INPUT,
             "field %s is not offered on mapped grids; mesh_type box has it", name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Of component c of w. */
static void Gradient(const EddyFv *s, PetscInt c, PetscInt i, PetscInt j, PetscInt k, double g[3])
{
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const double *w = s->w + EddyFvWork(s, c, i, j, k);
  if (s->mapped) {
    EddyFvMappedGradient(s, c, i, j, k, g);
    return;
  }
  for (int e = 0; e < (int)s->dim; ++e)
    g[e] = .5 * s->inv_dx[e] * (w[step[e]] - w[-step[e]]);
}

/* A field that follows from the velocity gradient A_ij = d_j u_i of a cell, by central differences. */
static void OfVelocity(EddyDisc d, const EddyFieldOps *ops, PetscInt i0, PetscInt j0, PetscInt k0,
                       double out[])
{
  const EddyFv *s = EddyFvGet(d);
  const int dim = (int)s->dim;
  EddyGradientPart part = EDDY_GRADIENT_WHOLE;
  double a[9], t[9];
  (void)EddyFieldGradientPart(ops, &part);
  for (int i = 0; i < dim; ++i)
    Gradient(s, d->physics->vector + i, i0, j0, k0, a + i * dim);
  const double sign = part == EDDY_GRADIENT_ROTATION ? -1 : 1;
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j < dim; ++j)
      t[i * dim + j] = part == EDDY_GRADIENT_WHOLE ? a[i * dim + j]
                                                   : .5 * (a[i * dim + j] + sign * a[j * dim + i]);
  if (part == EDDY_GRADIENT_VORTICITY)
    t[0] = a[dim] - a[1];
  if (ops->Point)
    ops->Point(s->dim, t, out);
  else
    for (int q = 0; q < (part == EDDY_GRADIENT_VORTICITY ? 1 : dim * dim); ++q)
      out[q] = t[q];
}

static double Laplacian(const EddyFv *s, const double *w)
{
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  double sum = 0;
  for (int e = 0; e < (int)s->dim; ++e)
    sum += s->inv_dx[e] * s->inv_dx[e] * ((w[step[e]] + w[-step[e]]) - 2 * w[0]);
  return sum;
}

/* Values of one cell; s->w holds the primitive state with ghosts. */
static void Values(EddyDisc d, const EddyField *f, Kind kind, PetscInt i, PetscInt j, PetscInt k,
                   double out[])
{
  EddyFv *s = EddyFvGet(d);
  const double *w = s->w + EddyFvWork(s, 0, i, j, k);
  double state[EDDY_MAX_COMP], all[EDDY_MAX_LIST + 3], g[3];
  switch (kind) {
  case GRADIENT:
    Gradient(s, 0, i, j, k, out);
    break;
  case LAPLACIAN:
    out[0] = Laplacian(s, w);
    break;
  case OF_GRADIENT:
    Gradient(s, 0, i, j, k, g);
    f->ops->Point(s->dim, g, out);
    break;
  case OF_VELOCITY:
    OfVelocity(d, f->ops, i, j, k, out);
    break;
  default:
    for (PetscInt c = 0; c < s->nprim; ++c)
      state[c] = w[(size_t)c * s->comp];
    d->physics->ops->Derive(d->physics->ctx, state, all);
    for (PetscInt c = 0; c < f->ncomp; ++c)
      out[c] = all[f->first + c];
  }
}

PetscErrorCode EddyFvValueFind(EddyDisc d, const char *name, EddyFvValue *v)
{
  Kind kind = COMPONENT;
  PetscFunctionBeginUser;
  PetscCall(Resolve(d, name, &v->field, &kind));
  v->kind = kind;
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvValueAt(EddyDisc d, const EddyFvValue *v, const double *u, PetscInt i, PetscInt j,
                   PetscInt k, double out[])
{
  const EddyFv *s = EddyFvGet(d);
  if (v->kind == COMPONENT)
    out[0] = u[(size_t)v->field.comp * s->cells + EddyFvCell(s, i, j, k)];
  else
    Values(d, &v->field, (Kind)v->kind, i, j, k, out);
}

PetscErrorCode EddyFvFields(EddyDisc d, PetscInt slot, const EddyStage *st, const double *u,
                            PetscBool ready, PetscInt nfield, const char *const names[],
                            EddyBlock blocks[])
{
  EddyFv *s = EddyFvGet(d);
  size_t total = 0, at = 0;
  PetscBool primitive = PETSC_FALSE, maxima = PETSC_FALSE;
  EddyField field[EDDY_MAX_LIST];
  Kind kind[EDDY_MAX_LIST];
  PetscFunctionBeginUser;
  PetscCheck(nfield <= EDDY_MAX_LIST, d->comm, EDDY_ERR_INPUT, "more than %d fields",
             EDDY_MAX_LIST);
  for (PetscInt q = 0; q < nfield; ++q) {
    PetscCall(Resolve(d, names[q], &field[q], &kind[q]));
    EddyBlock *b = &blocks[q];
    *b = (EddyBlock){.rank = field[q].rank,
                     .dim = s->dim,
                     .ncomp = field[q].ncomp,
                     .symmetry = field[q].symmetry,
                     .where = EDDY_WHERE_CELL};
    for (int e = 0; e < 3; ++e) {
      b->n[e] = d->box.n[e];
      b->start[e] = s->start[e];
      b->count[e] = s->n[e];
    }
    PetscCall(PetscStrncpy(b->name, field[q].name, EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(b->unit, field[q].unit, EDDY_MAX_NAME));
    total += (size_t)field[q].ncomp * s->cells;
    if (kind[q] != COMPONENT)
      primitive = PETSC_TRUE;
    if (kind[q] == MAXIMUM)
      maxima = PETSC_TRUE;
  }
  if (!u)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (s->slot_size[slot] < total || !s->slot[slot]) {
    PetscCall(PetscFree(s->slot[slot]));
    PetscCall(PetscMalloc1(PetscMax(1, total), &s->slot[slot]));
    s->slot_size[slot] = total;
  }
  if (primitive && !ready)
    PetscCall(EddyFvPrimitive(d, st, u));
  if (maxima)
    PetscCall(EddyFvMaximaAdd(d, u));
  for (PetscInt q = 0; q < nfield; ++q) {
    double *out = blocks[q].data = s->slot[slot] + at;
    at += (size_t)field[q].ncomp * s->cells;
    if (kind[q] == COMPONENT || kind[q] == MAXIMUM) {
      const double *from = kind[q] == MAXIMUM ? s->maximum[field[q].first].value
                                              : u + (size_t)field[q].comp * s->cells;
      PetscCall(PetscArraycpy(out, from, s->cells));
      continue;
    }
    for (PetscInt k = 0; k < s->n[2]; ++k)
      for (PetscInt j = 0; j < s->n[1]; ++j)
        for (PetscInt i = 0; i < s->n[0]; ++i) {
          double v[9];
          Values(d, &field[q], kind[q], i, j, k, v);
          for (PetscInt c = 0; c < field[q].ncomp; ++c)
            out[(size_t)c * s->cells + EddyFvCell(s, i, j, k)] = v[c];
        }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvGetFields(EddyDisc d, PetscInt slot, const EddyStage *st, const double *u,
                               const EddyFilter *filter, PetscInt nfield, const char *const names[],
                               EddyBlock blocks[])
{
  const char *some[EDDY_MAX_LIST] = {NULL};
  EddyBlock block[EDDY_MAX_LIST];
  PetscInt n = 0, at[EDDY_MAX_LIST];
  PetscFunctionBeginUser;
  if (filter) {
    EddyDisc coarse;
    PetscCall(EddyFvFilter(d, filter, u, &coarse, &u));
    PetscCall(EddyFvGetFields(coarse, slot, st, u, NULL, nfield, names, blocks));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCheck(nfield <= EDDY_MAX_LIST, d->comm, EDDY_ERR_INPUT, "more than %d fields",
             EDDY_MAX_LIST);
  for (PetscInt q = 0; q < nfield; ++q) {
    PetscBool found;
    PetscCall(EddyFvClosuresField(d, st, u, names[q], &blocks[q], &found));
    if (found)
      continue;
    some[n] = names[q];
    at[n++] = q;
  }
  PetscCall(EddyFvFields(d, slot, st, u, PETSC_FALSE, n, some, block));
  for (PetscInt q = 0; q < n; ++q)
    blocks[at[q]] = block[q];
  PetscFunctionReturn(PETSC_SUCCESS);
}
