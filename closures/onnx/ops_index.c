/* SPDX-License-Identifier: BSD-3-Clause */
/* Joining, splitting, padding, and access by index. */
#include "ops.h"
#include <stdlib.h>

/* Extents before, along and after an axis. */
static void Sides(const OxTensor *t, int axis, int64_t *before, int64_t *after)
{
  *before = OxProduct(axis, t->dims);
  *after = OxProduct(t->rank - axis - 1, t->dims + axis + 1);
}

PetscErrorCode OxOpConcat(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  int64_t dims[OX_RANK], before, after, at = 0;
  OxTensor *o;
  int axis;

  PetscFunctionBeginUser;
  OxCheck(OxGetAttr(x->node, "axis") || x->m->opset < 4, x, "needs an axis");
  PetscCall(OxAxis(x, OxInt(x, "axis", 1), a->rank, &axis));
  memcpy(dims, a->dims, sizeof(dims));
  dims[axis] = 0;
  for (int k = 0; k < x->node->nin; ++k) {
    const OxTensor *b = OxIn(x, k);
    OxCheck(b && b->type == a->type && b->rank == a->rank, x, "its inputs differ in type or rank");
    for (int d = 0; d < a->rank; ++d)
      OxCheck(d == axis || b->dims[d] == dims[d], x, "extents %lld and %lld of axis %d differ",
              (long long)b->dims[d], (long long)dims[d], d);
    dims[axis] += b->dims[axis];
  }
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  Sides(o, axis, &before, &after);
  for (int k = 0; k < x->node->nin; ++k) {
    const OxTensor *b = OxIn(x, k);
    const int64_t run = b->dims[axis] * after;
    for (int64_t j = 0; j < before && run; ++j)
      memcpy(o->i + j * dims[axis] * after + at, b->i + j * run, (size_t)run * 8);
    at += run;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpSplit(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const int nout = x->node->nout;
  const int64_t *part;
  int64_t n, before, after, at = 0;
  int axis;

  PetscFunctionBeginUser;
  PetscCall(OxAxis(x, OxInt(x, "axis", 0), a->rank, &axis));
  PetscCall(OxListOrInput(x, "split", 1, &n, &part));
  OxCheck(!part || n == nout, x, "%lld parts for %d outputs", (long long)n, nout);
  OxCheck(OxInt(x, "num_outputs", nout) == nout, x, "num_outputs is %lld, it has %d",
          (long long)OxInt(x, "num_outputs", nout), nout);
  Sides(a, axis, &before, &after);
  const int64_t even = (a->dims[axis] + nout - 1) / nout;
  OxCheck(part || x->m->opset >= 18 || a->dims[axis] % nout == 0, x,
          "extent %lld cannot be cut into %d equal parts", (long long)a->dims[axis], nout);
  for (int k = 0; k < nout; ++k) {
    OxTensor *o;
    int64_t dims[OX_RANK];
    memcpy(dims, a->dims, sizeof(dims));
    dims[axis] = part ? part[k] : PetscMin(even, a->dims[axis] - at);
    OxCheck(dims[axis] >= 0 && dims[axis] <= a->dims[axis] - at, x,
            "its parts do not fit extent %lld", (long long)a->dims[axis]);
    PetscCall(OxOut(x, k, a->type, a->rank, dims, &o));
    const int64_t run = dims[axis] * after;
    for (int64_t j = 0; x->compute && o && run && j < before; ++j)
      memcpy(o->i + j * run, a->i + (j * a->dims[axis] + at) * after, (size_t)run * 8);
    at += dims[axis];
  }
  OxCheck(at == a->dims[axis], x, "its parts sum to %lld, the extent is %lld", (long long)at,
          (long long)a->dims[axis]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpGather(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *q = OxIn(x, 1);
  int64_t dims[2 * OX_RANK] = {0}, before, after;
  OxTensor *o;
  int axis, rank = 0;

  PetscFunctionBeginUser;
  OxCheck(!OxIsReal(q->type), x, "its indices are %s", EddyOnnxTypeName(q->type));
  PetscCall(OxAxis(x, OxInt(x, "axis", 0), a->rank, &axis));
  for (int d = 0; d < axis; ++d)
    dims[rank++] = a->dims[d];
  for (int d = 0; d < q->rank; ++d)
    dims[rank++] = q->dims[d];
  for (int d = axis + 1; d < a->rank; ++d)
    dims[rank++] = a->dims[d];
  Sides(a, axis, &before, &after);
  const int64_t len = a->dims[axis];
  for (int64_t j = 0; q->p && j < q->n; ++j)
    OxCheck(q->i[j] >= -len && q->i[j] < len, x, "index %lld is outside extent %lld",
            (long long)q->i[j], (long long)len);
  PetscCall(OxOut(x, 0, a->type, rank, dims, &o));
  if (!x->compute || !o || !after)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int64_t k = 0; k < before; ++k)
    for (int64_t j = 0; j < q->n; ++j)
      memcpy(o->i + (k * q->n + j) * after,
             a->i + (k * len + (q->i[j] < 0 ? q->i[j] + len : q->i[j])) * after, (size_t)after * 8);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Without reduction an index that comes twice has no defined result: refused. */
PetscErrorCode OxOpScatterElements(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *q = OxIn(x, 1), *u = OxIn(x, 2);
  const char *how = OxString(x, "reduction", "none");
  static const char *const names[] = {"none", "add", "mul", "max", "min"};
  int64_t index[OX_RANK] = {0}, at[3] = {0}, stride[OX_RANK];
  OxTensor *o;
  int axis, mode = -1;
  char *hit;

  PetscFunctionBeginUser;
  for (int k = 0; k < 5; ++k)
    mode = strcmp(how, names[k]) ? mode : k;
  OxCheck(mode >= 0 && (mode == 0 || x->m->opset >= (mode > 2 ? 18 : 16)), x,
          "reduction '%s' is not defined in this opset", how);
  PetscCall(OxAxis(x, OxInt(x, "axis", 0), a->rank, &axis));
  OxCheck(a->type == u->type && !OxIsReal(q->type) && q->rank == a->rank && u->rank == a->rank, x,
          "its inputs differ in type or rank");
  for (int d = 0; d < a->rank; ++d)
    OxCheck(q->dims[d] == u->dims[d] && (d == axis || q->dims[d] <= a->dims[d]), x,
            "indices and updates do not fit its data along axis %d", d);
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OxScratch(x, a->n, 1, &hit));
  memcpy(o->p, a->p, (size_t)a->n * 8);
  OxCast c = {.rank = q->rank, .nop = 1};
  memcpy(c.dims, q->dims, sizeof(c.dims));
  OxStrides(a->rank, a->dims, stride);
  memcpy(c.stride[0], stride, sizeof(stride));
  c.stride[0][axis] = 0;
  for (int64_t k = 0; k < q->n; ++k, OxNext(&c, index, at)) {
    const int64_t len = a->dims[axis], i = q->i[k] < 0 ? q->i[k] + len : q->i[k];
    OxCheck(i >= 0 && i < len, x, "index %lld is outside extent %lld", (long long)q->i[k],
            (long long)len);
    const int64_t to = at[0] + i * stride[axis];
    OxCheck(mode || !hit[to], x,
            "writes one element twice without a reduction: the result is not defined");
    hit[to] = 1;
    if (OxIsReal(a->type)) {
      const double v = u->d[k], w = o->d[to];
      o->d[to] = mode == 0   ? v
                 : mode == 1 ? w + v
                 : mode == 2 ? w * v
                 : mode == 3 ? (w > v ? w : v)
                             : (w < v ? w : v);
    } else {
      const int64_t v = u->i[k], w = o->i[to];
      o->i[to] = mode == 0   ? v
                 : mode == 1 ? (int64_t)((uint64_t)w + (uint64_t)v)
                 : mode == 2 ? (int64_t)((uint64_t)w * (uint64_t)v)
                 : mode == 3 ? PetscMax(w, v)
                             : PetscMin(w, v);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Where element i of a padded axis comes from; -1: the constant. */
static int64_t Source(int64_t i, int64_t n, int mode)
{
  if (i >= 0 && i < n)
    return i;
  if (mode == 0)
    return -1;
  if (mode == 1) { /* reflect: without the edge */
    const int64_t period = PetscMax(1, 2 * n - 2);
    i = ((i % period) + period) % period;
    return i < n ? i : period - i;
  }
  return mode == 2 ? (i < 0 ? 0 : n - 1) : ((i % n) + n) % n;
}

/* Amounts: attribute before opset 11, input from then on; axes from opset 18; wrap from 19. */
PetscErrorCode OxOpPad(OxExec *x)
{
  static const char *const names[] = {"constant", "reflect", "edge", "wrap"};
  const OxTensor *a = OxIn(x, 0), *v = OxIn(x, 2);
  const char *how = OxString(x, "mode", "constant");
  const int64_t *pads, *axes;
  int64_t n, na, lo[OX_RANK] = {0}, dims[OX_RANK], stride[OX_RANK];
  int mode = -1;
  OxTensor *o;

  PetscFunctionBeginUser;
  for (int k = 0; k < 4; ++k)
    mode = strcmp(how, names[k]) ? mode : k;
  OxCheck(mode >= 0 && (mode < 3 || x->m->opset >= 19), x, "mode '%s' is not defined in this opset",
          how);
  if (x->m->opset < 11)
    pads = OxIntList(x, "pads", &n);
  else
    PetscCall(OxInts(x, 1, &n, &pads));
  PetscCall(OxInts(x, 3, &na, &axes));
  OxCheck(pads && n == 2 * (axes ? na : a->rank), x, "has %lld pads for rank %d", (long long)n,
          a->rank);
  OxCheck(!v || (v->n == 1 && v->type == a->type), x, "its value must be one %s",
          EddyOnnxTypeName(a->type));
  memcpy(dims, a->dims, sizeof(dims));
  for (int k = 0; k < n / 2; ++k) {
    int d = k;
    if (axes)
      PetscCall(OxAxis(x, axes[k], a->rank, &d));
    const int64_t before = pads[k], after = pads[k + n / 2], most = (int64_t)1 << 40;
    OxCheck(before > -most && before < most && after > -most && after < most, x,
            "pads %lld and %lld", (long long)before, (long long)after);
    lo[d] = before;
    dims[d] = a->dims[d] + before + after;
    OxCheck(dims[d] >= 0 && (mode == 0 || a->dims[d] > 0), x, "axis %d would have %lld elements", d,
            (long long)dims[d]);
  }
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  OxStrides(a->rank, a->dims, stride);
  double value = OxReal(x, "value", 0);
  int64_t bits = 0;
  if (v)
    bits = v->i[0];
  else if (OxIsReal(a->type))
    memcpy(&bits, &value, 8);
  else
    bits = (int64_t)value;
  OxCast c = {.rank = a->rank, .nop = 0};
  int64_t index[OX_RANK] = {0}, at[3] = {0};
  memcpy(c.dims, dims, sizeof(dims));
  for (int64_t k = 0; k < o->n; ++k, OxNext(&c, index, at)) {
    int64_t from = 0;
    for (int d = 0; d < a->rank && from >= 0; ++d) {
      const int64_t s = Source(index[d] - lo[d], a->dims[d], mode);
      from = s < 0 ? -1 : from + s * stride[d];
    }
    o->i[k] = from < 0 ? bits : a->i[from];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
