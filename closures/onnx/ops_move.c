/* SPDX-License-Identifier: BSD-3-Clause */
/* Constants, shapes, and operators that keep the order of elements or permute axes. */
#include "ops.h"
#include <stdlib.h>

/* Same elements, new shape. */
static PetscErrorCode Copy(OxExec *x, int rank, const int64_t dims[])
{
  const OxTensor *a = OxIn(x, 0);
  OxTensor *o;

  PetscFunctionBeginUser;
  OxCheck(OxProduct(rank, dims) == a->n, x, "its result has %lld elements, its input %lld",
          (long long)OxProduct(rank, dims), (long long)a->n);
  PetscCall(OxOut(x, 0, a->type, rank, dims, &o));
  if (x->compute && o)
    memcpy(o->p, a->p, (size_t)a->n * 8);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpIdentity(OxExec *x) { return Copy(x, OxIn(x, 0)->rank, OxIn(x, 0)->dims); }

PetscErrorCode OxOpConstant(OxExec *x)
{
  const OxNode *n = x->node;
  OxTensor *o;

  PetscFunctionBeginUser;
  OxCheck(n->nattr == 1, x, "needs one attribute with its value");
  const OxAttr *a = n->attr;
  const PetscBool list = (PetscBool)(strlen(a->name) > 1 && a->name[strlen(a->name) - 1] == 's');
  const int64_t len = a->nints + a->nfloats;
  if (!strcmp(a->name, "value")) {
    OxCheck(a->t.p, x, "its value is not a tensor");
    PetscCall(OxOut(x, 0, a->t.type, a->t.rank, a->t.dims, &o));
    if (o && x->compute)
      memcpy(o->p, a->t.p, (size_t)a->t.n * 8);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(OxOut(x, 0, strstr(a->name, "float") ? EDDY_ONNX_FLOAT : EDDY_ONNX_INT64, list ? 1 : 0,
                  &len, &o));
  if (!o || !x->compute)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!list && OxIsReal(o->type))
    o->d[0] = a->f;
  else if (!list)
    o->i[0] = a->i;
  else if (len)
    memcpy(o->p, OxIsReal(o->type) ? (const void *)a->floats : (const void *)a->ints,
           (size_t)len * 8);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpConstantOfShape(OxExec *x)
{
  const OxAttr *a = OxGetAttr(x->node, "value");
  const int64_t *dims;
  int64_t n;
  OxTensor *o;

  PetscFunctionBeginUser;
  PetscCall(OxInts(x, 0, &n, &dims));
  OxCheck(n <= OX_RANK, x, "shape of %lld entries", (long long)n);
  OxCheck(!a || (a->t.p && a->t.n == 1), x, "its value must be one element");
  PetscCall(OxOut(x, 0, a ? a->t.type : EDDY_ONNX_FLOAT, (int)n, dims, &o));
  if (x->compute && o && a)
    for (int64_t k = 0; k < o->n; ++k)
      o->i[k] = a->t.i[0];
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpShape(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  int64_t s = OxInt(x, "start", 0), e = OxInt(x, "end", a->rank);
  OxTensor *o;

  PetscFunctionBeginUser;
  s = PetscMax(0, PetscMin(a->rank, s < 0 ? s + a->rank : s));
  e = PetscMax(0, PetscMin(a->rank, e < 0 ? e + a->rank : e));
  const int64_t n = PetscMax(0, e - s);
  PetscCall(OxOut(x, 0, EDDY_ONNX_INT64, 1, &n, &o));
  if (x->compute && o && n)
    memcpy(o->i, a->dims + s, (size_t)n * 8);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpReshape(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const int64_t *s;
  int64_t n, dims[OX_RANK] = {0}, known = 1;
  int open = -1;

  PetscFunctionBeginUser;
  PetscCall(OxInts(x, 1, &n, &s));
  OxCheck(s && n <= OX_RANK, x, "shape of %lld entries", (long long)n);
  for (int d = 0; d < n; ++d) {
    dims[d] = s[d];
    if (s[d] == 0 && !OxInt(x, "allowzero", 0)) {
      OxCheck(d < a->rank, x, "0 in its shape at place %d copies an axis that its input lacks", d);
      dims[d] = a->dims[d];
    }
    OxCheck(dims[d] >= -1, x, "extent %lld in its shape", (long long)dims[d]);
    OxCheck(dims[d] != -1 || open < 0, x, "-1 twice in its shape");
    if (dims[d] == -1)
      open = d;
    else
      OxCheck(!__builtin_mul_overflow(known, dims[d], &known), x, "its shape is too large");
  }
  if (open >= 0) {
    OxCheck(known > 0 && a->n % known == 0, x, "%lld elements cannot be put into its shape",
            (long long)a->n);
    dims[open] = a->n / known;
  }
  PetscCall(Copy(x, (int)n, dims));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpFlatten(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const int64_t axis = OxInt(x, "axis", 1), s = axis < 0 ? axis + a->rank : axis;
  int64_t dims[2];

  PetscFunctionBeginUser;
  OxCheck(s >= 0 && s <= a->rank, x, "axis %lld is outside a tensor of rank %d", (long long)axis,
          a->rank);
  dims[0] = OxProduct((int)s, a->dims);
  dims[1] = OxProduct(a->rank - (int)s, a->dims + s);
  PetscCall(Copy(x, 2, dims));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpSqueeze(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const int64_t *axes;
  int64_t n, dims[OX_RANK] = {0};
  PetscBool drop[OX_RANK] = {PETSC_FALSE};
  int rank = 0, d;

  PetscFunctionBeginUser;
  PetscCall(OxListOrInput(x, "axes", 1, &n, &axes));
  for (int64_t k = 0; k < n; ++k) {
    PetscCall(OxAxis(x, axes[k], a->rank, &d));
    OxCheck(a->dims[d] == 1, x, "axis %d has extent %lld, not 1", d, (long long)a->dims[d]);
    drop[d] = PETSC_TRUE;
  }
  for (d = 0; d < a->rank; ++d)
    if (!(axes ? drop[d] : a->dims[d] == 1))
      dims[rank++] = a->dims[d];
  PetscCall(Copy(x, rank, dims));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpUnsqueeze(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const int64_t *axes;
  int64_t n, dims[OX_RANK] = {0};
  PetscBool added[OX_RANK] = {PETSC_FALSE};

  PetscFunctionBeginUser;
  PetscCall(OxListOrInput(x, "axes", 1, &n, &axes));
  OxCheck(axes && n + a->rank <= OX_RANK, x, "needs axes, and a result of rank %d at most",
          (int)OX_RANK);
  const int rank = a->rank + (int)n;
  for (int64_t k = 0; k < n; ++k) {
    int d;
    PetscCall(OxAxis(x, axes[k], rank, &d));
    OxCheck(!added[d], x, "axis %d is given twice", d);
    added[d] = PETSC_TRUE;
  }
  for (int d = 0, e = 0; d < rank; ++d)
    dims[d] = added[d] ? 1 : a->dims[e++];
  PetscCall(Copy(x, rank, dims));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Element at index[] of the result comes from `start` + sum index[d] stride[d] of the input. */
static void Strided(const OxTensor *a, int64_t start, const int64_t stride[], OxTensor *o)
{
  OxCast c = {.rank = o->rank, .nop = 1};
  int64_t index[OX_RANK] = {0}, at[3] = {start};
  memcpy(c.dims, o->dims, sizeof(c.dims));
  memcpy(c.stride[0], stride, sizeof(c.dims));
  for (int64_t k = 0; k < o->n; ++k, OxNext(&c, index, at))
    o->i[k] = a->i[at[0]];
}

PetscErrorCode OxOpTranspose(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  int64_t n, dims[OX_RANK] = {0}, s[OX_RANK], stride[OX_RANK] = {0};
  const int64_t *perm = OxIntList(x, "perm", &n);
  PetscBool seen[OX_RANK] = {PETSC_FALSE};
  OxTensor *o;

  PetscFunctionBeginUser;
  OxCheck(!perm || n == a->rank, x, "perm has %lld entries for rank %d", (long long)n, a->rank);
  OxStrides(a->rank, a->dims, s);
  for (int d = 0; d < a->rank; ++d) {
    int e = a->rank - 1 - d;
    if (perm)
      PetscCall(OxAxis(x, perm[d], a->rank, &e));
    OxCheck(!seen[e], x, "axis %d twice in perm", e);
    seen[e] = PETSC_TRUE;
    dims[d] = a->dims[e];
    stride[d] = s[e];
  }
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (x->compute && o)
    Strided(a, 0, stride, o);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpExpand(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  OxTensor to = {.type = EDDY_ONNX_INT64}, *o;
  const int64_t *s;
  int64_t n;
  OxCast c;

  PetscFunctionBeginUser;
  PetscCall(OxInts(x, 1, &n, &s));
  OxCheck(s && n <= OX_RANK, x, "shape of %lld entries", (long long)n);
  to.rank = (int)n;
  for (int d = 0; d < n; ++d) {
    OxCheck(s[d] >= 0, x, "extent %lld in its shape", (long long)s[d]);
    to.dims[d] = s[d];
  }
  const OxTensor *const op[] = {a, &to};
  PetscCall(OxBroadcast(x, 2, op, &c));
  PetscCall(OxOut(x, 0, a->type, c.rank, c.dims, &o));
  if (x->compute && o)
    Strided(a, 0, c.stride[0], o);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static int64_t Clamp(int64_t v, int64_t lo, int64_t hi) { return v < lo ? lo : v > hi ? hi : v; }

/* Attributes before opset 10, inputs from then on. */
PetscErrorCode OxOpSlice(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const PetscBool old = (PetscBool)(x->m->opset < 10);
  const int64_t *start, *end, *axes = NULL, *step = NULL;
  int64_t n, ne, na = 0, ns = 0, first = 0, dims[OX_RANK], stride[OX_RANK] = {0};
  OxTensor *o;

  PetscFunctionBeginUser;
  if (old) {
    start = OxIntList(x, "starts", &n), end = OxIntList(x, "ends", &ne),
    axes = OxIntList(x, "axes", &na);
  } else {
    PetscCall(OxInts(x, 1, &n, &start));
    PetscCall(OxInts(x, 2, &ne, &end));
    PetscCall(OxInts(x, 3, &na, &axes));
    PetscCall(OxInts(x, 4, &ns, &step));
  }
  OxCheck(start && end && n == ne && n <= a->rank && (!axes || na == n) && (!step || ns == n), x,
          "starts, ends, axes and steps differ in length");
  OxStrides(a->rank, a->dims, stride);
  memcpy(dims, a->dims, sizeof(dims));
  for (int64_t k = 0; k < n; ++k) {
    int d;
    PetscCall(OxAxis(x, axes ? axes[k] : k, a->rank, &d));
    const int64_t by = step ? step[k] : 1, len = a->dims[d];
    OxCheck(by != 0 && by > -OX_FOLD_ALL && by < OX_FOLD_ALL, x, "step %lld", (long long)by);
    OxCheck(dims[d] == len, x, "axis %d is given twice", d);
    int64_t s = start[k] < 0 ? start[k] + len : start[k],
            e = end[k] < 0 ? (end[k] < INT64_MIN + len ? INT64_MIN : end[k] + len) : end[k];
    s = by > 0 ? Clamp(s, 0, len) : Clamp(s, 0, len - 1);
    e = by > 0 ? Clamp(e, 0, len) : Clamp(e, -1, len - 1);
    const int64_t count = by > 0 ? (e - s + by - 1) / by : (s - e - by - 1) / -by;
    dims[d] = len == 0 ? 0 : PetscMax(0, count);
    first += dims[d] ? s * stride[d] : 0;
    stride[d] *= by;
  }
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (x->compute && o && o->n)
    Strided(a, first, stride, o);
  PetscFunctionReturn(PETSC_SUCCESS);
}
