/* SPDX-License-Identifier: BSD-3-Clause */
/* Several derived fields of one state, for closures: the linear ones by tables of their coefficients, all transforms in
   one go, then the point functions.

   A linear field is out_c = sum_j T_cj(k) u_j. Every field keeps the pairs of components it has in GetFields (an odd last
   component is alone), so its bits do not depend on what else is asked for. */
#include "spectral.h"
#include <string.h>

enum { MAX_FIELDS = 4 * EDDY_MAX_LIST, MAX_FROM = 4 };

/* One table T_cj; NULL t: the component itself. */
typedef struct {
  PetscInt out, in;
  double *t; /* [local block][row][2][8] */
} Coupling;

struct _p_EddyFieldBatch {
  PetscInt nfield, nlinear, ncoupling, ncomp; /* of the linear fields */
  EddyField field[MAX_FIELDS], linear[MAX_FIELDS];
  PetscInt from[MAX_FIELDS][MAX_FROM]; /* linear fields of each field, -1 after the last */
  PetscInt first[MAX_FIELDS + 1],
      size[MAX_FIELDS]; /* first component of each linear field, and number */
  Coupling *coupling;
  PetscInt coupling_start[MAX_FIELDS + 1];
  double *block; /* [ncomp][My][2][8] */
  double *real;  /* [ncomp][rows][nx] */
  double *data[MAX_FIELDS], *own[MAX_FIELDS];
};

static PetscInt AddLinear(EddyFieldBatch b, const EddyField *f)
{
  for (PetscInt i = 0; i < b->nlinear; ++i)
    if (!strcmp(b->linear[i].name, f->name))
      return i;
  b->linear[b->nlinear] = *f;
  b->size[b->nlinear] = f->ncomp;
  b->first[b->nlinear + 1] = b->first[b->nlinear] + f->ncomp;
  return b->nlinear++;
}

/* The tables of one linear field that are not zero everywhere. */
static PetscErrorCode Tables(EddyFieldBatch b, EddyDisc d, PetscInt field)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  const EddyField *f = &b->linear[field];
  const size_t n = (size_t)(F->b1 - F->b0) * (size_t)F->My * 16;
  PetscFunctionBeginUser;
  b->coupling_start[field] = b->ncoupling;
  if (!f->ops) {
    b->coupling[b->ncoupling++] = (Coupling){b->first[field], f->comp, NULL};
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt j = 0; j < s->ncomp; ++j) {
    double *t[9];
    int used[9] = {0};
    for (PetscInt c = 0; c < f->ncomp; ++c)
      PetscCall(PetscCalloc1(n + 1, &t[c]));
    for (PetscInt k = 0; k < F->b1 - F->b0; ++k)
      for (PetscInt m = 0; m < F->My; ++m)
        for (PetscInt l = 0; l < F->mode[k].lanes; ++l) {
          EddyComplex v[9];
          const EddyMode mode = EddySpectralMode(F, k, m, l);
          EddySpectralCouple(d, f->ops, &mode, j, v);
          for (PetscInt c = 0; c < f->ncomp; ++c) {
            double *at = t[c] + (size_t)(k * F->My + m) * 16 + (size_t)l;
            at[0] = v[c].re;
            at[8] = v[c].im;
            used[c] |= v[c].re != 0 || v[c].im != 0;
          }
        }
    for (PetscInt c = 0; c < f->ncomp; ++c) {
      if (used[c])
        b->coupling[b->ncoupling++] = (Coupling){b->first[field] + c, j, t[c]};
      else
        PetscCall(PetscFree(t[c]));
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFieldBatchCreate(EddyDisc d, PetscInt n, const char *const names[],
                                    EddyFieldBatch *batch)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFieldBatch b;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&b));
  *batch = b;
  b->nfield = n;
  PetscCheck(n <= EDDY_MAX_LIST * 2, d->comm, EDDY_ERR_INPUT,
             "closures ask for %d fields, at most %d are allowed", (int)n, EDDY_MAX_LIST * 2);
  for (PetscInt i = 0; i < n; ++i) {
    EddyField *f = &b->field[i];
    for (PetscInt q = 0; q < MAX_FROM; ++q)
      b->from[i][q] = -1;
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, names[i], f));
    if (!f->ops || f->ops->Hat) {
      b->from[i][0] = AddLinear(b, f);
      continue;
    }
    for (PetscInt q = 0; q < MAX_FROM && f->ops->from[q]; ++q) {
      EddyField from;
      PetscCall(EddyFieldFind(d->physics, NULL, NULL, f->ops->from[q], &from));
      b->from[i][q] = AddLinear(b, &from);
    }
  }
  b->ncomp = b->first[b->nlinear];
  PetscCall(PetscCalloc1(PetscMax(1, b->ncomp * s->ncomp), &b->coupling));
  for (PetscInt i = 0; i < b->nlinear; ++i)
    PetscCall(Tables(b, d, i));
  b->coupling_start[b->nlinear] = b->ncoupling;
  PetscCall(PetscCalloc1((size_t)(b->ncomp * s->fourier->My) * 16 + 1, &b->block));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyFieldBatchColumns(EddyFieldBatch b) { return b->ncomp; }

/* Coefficients of the components [0, ncomp) of one block: starts from zero so that -0 never appears. */
static void Coefficients(EddyFieldBatch b, EddySpectral *s, PetscInt k, PetscInt nlinear,
                         const double *u)
{
  const PetscInt rows = s->fourier->My;
  const size_t n = (size_t)rows * 16;
  memset(b->block, 0, (size_t)b->first[nlinear] * n * sizeof(double));
  for (PetscInt q = 0; q < b->coupling_start[nlinear]; ++q) {
    const Coupling *c = &b->coupling[q];
    const double *restrict v = u + EddySpectralOffset(s, k, c->in, 0);
    double *restrict out = b->block + (size_t)c->out * n;
    if (!c->t) {
      memcpy(out, v, n * sizeof(double));
      continue;
    }
    const double *restrict t = c->t + (size_t)k * n;
    for (size_t m = 0; m < n; m += 16)
      for (size_t l = m; l < m + 8; ++l) {
        out[l] += t[l] * v[l] - t[l + 8] * v[l + 8];
        out[l + 8] += t[l] * v[l + 8] + t[l + 8] * v[l];
      }
  }
}

static void Points(EddyFieldBatch b, PetscInt i, PetscInt dim, size_t n)
{
  const EddyFieldOps *ops = b->field[i].ops;
  const double *in[32];
  PetscInt total = 0;
  for (PetscInt q = 0; q < MAX_FROM && b->from[i][q] >= 0; ++q)
    for (PetscInt c = 0; c < b->linear[b->from[i][q]].ncomp; ++c)
      in[total++] = b->real + (size_t)(b->first[b->from[i][q]] + c) * n;
  for (size_t x = 0; x < n; ++x) {
    double a[32], v[9];
    for (PetscInt c = 0; c < total; ++c)
      a[c] = in[c][x];
    ops->Point(dim, a, v);
    for (PetscInt c = 0; c < b->field[i].ncomp; ++c)
      b->data[i][(size_t)c * n + x] = v[c];
  }
}

PetscErrorCode EddyFieldBatchEval(EddyFieldBatch b, EddyDisc d, EddyFourier F, const double *u,
                                  PetscBool first_only)
{
  EddySpectral *s = EddySpectralGet(d);
  const PetscInt nlinear = first_only ? 1 : b->nlinear, ncomp = b->first[nlinear];
  const size_t n = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  PetscFunctionBeginUser;
  if (!ncomp)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!b->real) {
    PetscCall(PetscCalloc1((size_t)b->ncomp * n + 1, &b->real));
    for (PetscInt i = 0; i < b->nfield; ++i) {
      const PetscBool linear = (PetscBool)(!b->field[i].ops || b->field[i].ops->Hat);
      if (!linear)
        PetscCall(PetscCalloc1((size_t)b->field[i].ncomp * n + 1, &b->own[i]));
      b->data[i] = linear ? b->real + (size_t)b->first[b->from[i][0]] * n : b->own[i];
    }
  }
  for (PetscInt k = 0; k < F->b1 - F->b0; ++k) {
    Coefficients(b, s, k, nlinear, u);
    for (PetscInt i = 0; i < nlinear; ++i)
      EddyFourierPack(F, k, b->first[i], b->size[i], b->block + (size_t)(b->first[i] * F->My) * 16);
  }
  PetscCall(EddyFourierToReal(F, nlinear, b->size, b->real));
  for (PetscInt i = 0; i < b->nfield && !first_only; ++i)
    if (b->own[i])
      Points(b, i, d->box.dim, n);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFieldBatchGet(EddyFieldBatch b, PetscInt i, const EddyField **field, double **data)
{
  *field = &b->field[i];
  *data = b->data[i];
}

PetscErrorCode EddyFieldBatchDestroy(EddyFieldBatch *batch)
{
  EddyFieldBatch b = *batch;
  PetscFunctionBeginUser;
  if (!b)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt q = 0; q < b->ncoupling; ++q)
    PetscCall(PetscFree(b->coupling[q].t));
  for (PetscInt i = 0; i < b->nfield; ++i)
    PetscCall(PetscFree(b->own[i]));
  PetscCall(PetscFree(b->coupling));
  PetscCall(PetscFree(b->block));
  PetscCall(PetscFree(b->real));
  PetscCall(PetscFree(*batch));
  PetscFunctionReturn(PETSC_SUCCESS);
}
