/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over axes, softmax and normalisations. */
#include "ops.h"

typedef enum { SUM, MEAN, MAX, MIN } Kind;

/* Axes: attribute, or input from opset 13 (ReduceSum) or 18 (the others). */
static PetscErrorCode Reduce(OxExec *x, Kind kind)
{
  const OxTensor *a = OxIn(x, 0);
  const PetscBool keep = (PetscBool)(OxInt(x, "keepdims", 1) != 0);
  PetscBool gone[OX_RANK] = {PETSC_FALSE};
  const int64_t *axes;
  int64_t n, dims[OX_RANK] = {0}, full[OX_RANK], s[OX_RANK];
  int rank = 0, d;
  OxTensor *o;

  PetscFunctionBeginUser;
  PetscCall(OxListOrInput(x, "axes", 1, &n, &axes));
  if (n == 0 && OxInt(x, "noop_with_empty_axes", 0)) {
    PetscCall(OxOpIdentity(x));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (d = 0; d < a->rank; ++d)
    gone[d] = (PetscBool)(n == 0);
  for (int64_t k = 0; k < n; ++k) {
    PetscCall(OxAxis(x, axes[k], a->rank, &d));
    gone[d] = PETSC_TRUE;
  }
  int64_t count = 1;
  for (d = 0; d < a->rank; ++d) {
    full[d] = gone[d] ? 1 : a->dims[d];
    count *= gone[d] ? a->dims[d] : 1;
    if (keep || !gone[d])
      dims[rank++] = full[d];
  }
  OxCheck(count > 0 || kind == SUM, x, "no elements to reduce");
  PetscCall(OxOut(x, 0, a->type, rank, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  const double none = kind == MAX ? -INFINITY : kind == MIN ? INFINITY : 0;
  for (int64_t k = 0; k < o->n; ++k)
    if (OxIsReal(a->type))
      o->d[k] = none;
    else
      o->i[k] = kind == MAX ? INT64_MIN : kind == MIN ? INT64_MAX : 0;
  OxCast c = {.rank = a->rank, .nop = 1};
  int64_t index[OX_RANK] = {0}, at[3] = {0};
  memcpy(c.dims, a->dims, sizeof(c.dims));
  OxStrides(a->rank, full, s);
  for (d = 0; d < a->rank; ++d)
    c.stride[0][d] = gone[d] ? 0 : s[d];
  for (int64_t k = 0; k < a->n; ++k, OxNext(&c, index, at)) {
    if (OxIsReal(a->type)) {
      const double v = a->d[k];
      double *r = &o->d[at[0]];
      *r = kind == SUM || kind == MEAN ? *r + v
           : isnan(*r) || isnan(v)     ? NAN
           : kind == MAX               ? fmax(*r, v)
                                       : fmin(*r, v);
    } else {
      const int64_t v = a->i[k];
      int64_t *r = &o->i[at[0]];
      *r = kind == SUM || kind == MEAN ? (int64_t)((uint64_t)*r + (uint64_t)v)
           : kind == MAX               ? PetscMax(*r, v)
                                       : PetscMin(*r, v);
    }
  }
  for (int64_t k = 0; kind == MEAN && k < o->n; ++k)
    if (OxIsReal(a->type))
      o->d[k] /= (double)count;
    else
      o->i[k] /= count;
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode OxOpReduceSum(OxExec *x) { return Reduce(x, SUM); }
PetscErrorCode OxOpReduceMean(OxExec *x) { return Reduce(x, MEAN); }
PetscErrorCode OxOpReduceMax(OxExec *x) { return Reduce(x, MAX); }
PetscErrorCode OxOpReduceMin(OxExec *x) { return Reduce(x, MIN); }

static PetscErrorCode Global(OxExec *x, Kind kind)
{
  const OxTensor *a = OxIn(x, 0);
  int64_t dims[OX_RANK];
  OxTensor *o;

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) && a->rank >= 2, x,
          "needs a floating-point input (batch, channel, ...), it has rank %d", a->rank);
  for (int d = 0; d < a->rank; ++d)
    dims[d] = d < 2 ? a->dims[d] : 1;
  const int64_t len = OxProduct(a->rank - 2, a->dims + 2);
  OxCheck(len > 0, x, "no elements to reduce");
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  for (int64_t k = 0; x->compute && o && k < o->n; ++k) {
    double r = kind == MAX ? a->d[k * len] : 0;
    for (int64_t j = 0; j < len; ++j)
      r = kind == MAX ? fmax(r, a->d[k * len + j]) : r + a->d[k * len + j];
    o->d[k] = kind == MAX ? r : r / (double)len;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode OxOpGlobalAveragePool(OxExec *x) { return Global(x, MEAN); }
PetscErrorCode OxOpGlobalMaxPool(OxExec *x) { return Global(x, MAX); }

/* Before opset 13: over all axes from `axis` (1) on; from then on over `axis` (-1) alone. */
PetscErrorCode OxOpSoftmax(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const PetscBool old = (PetscBool)(x->m->opset < 13);
  OxTensor *o;
  int axis;

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type), x, "is not defined for %s", EddyOnnxTypeName(a->type));
  PetscCall(OxAxis(x, OxInt(x, "axis", old ? 1 : -1), a->rank, &axis));
  const int64_t before = OxProduct(axis, a->dims),
                len = OxProduct(old ? a->rank - axis : 1, a->dims + axis),
                after = old ? 1 : OxProduct(a->rank - axis - 1, a->dims + axis + 1);
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int64_t b = 0; b < before; ++b)
    for (int64_t c = 0; c < after; ++c) {
      const int64_t first = b * len * after + c;
      double top = -INFINITY, sum = 0;
      for (int64_t k = 0; k < len; ++k)
        top = fmax(top, a->d[first + k * after]);
      for (int64_t k = 0; k < len; ++k)
        sum += o->d[first + k * after] = exp(a->d[first + k * after] - top);
      for (int64_t k = 0; k < len; ++k)
        o->d[first + k * after] /= sum;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Vector(OxExec *x, int k, int64_t n)
{
  const OxTensor *t = OxIn(x, k);
  OxCheck(t && OxIsReal(t->type) && t->rank == 1 && t->n == n, x,
          "input %d must be a vector of %lld", k, (long long)n);
  return PETSC_SUCCESS;
}

/* With the stored mean and variance, or (training_mode) with those of the batch. */
PetscErrorCode OxOpBatchNormalization(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *s = OxIn(x, 1), *b = OxIn(x, 2), *mean = OxIn(x, 3),
                 *var = OxIn(x, 4);
  const PetscBool train = (PetscBool)(OxInt(x, "training_mode", 0) != 0);
  const double eps = OxReal(x, "epsilon", 1e-5), keep = OxReal(x, "momentum", .9);
  OxTensor *o, *om, *ov;

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) && a->rank >= 1, x, "needs a floating-point input");
  OxCheck(x->m->opset >= 9 ||
              (OxInt(x, "spatial", 1) == 1 && (x->m->opset >= 7 || OxInt(x, "is_test", 0) == 1)),
          x, "of this opset is read with is_test = 1 and spatial = 1 only");
  OxCheck(x->m->opset >= 14 || (x->node->nout < 2 || x->node->out[1] < 0), x, "in training form");
  OxCheck(x->node->nout < 4 || (x->node->out[3] < 0 && x->node->out[4] < 0), x, "in training form");
  const int64_t nc = a->rank > 1 ? a->dims[1] : 1,
                len = a->rank > 2 ? OxProduct(a->rank - 2, a->dims + 2) : 1, nb = a->dims[0];
  for (int k = 1; k < 5; ++k)
    PetscCall(Vector(x, k, nc));
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  PetscCall(OxOut(x, 1, mean->type, 1, &nc, &om));
  PetscCall(OxOut(x, 2, var->type, 1, &nc, &ov));
  for (int64_t c = 0; x->compute && c < nc; ++c) {
    double m = mean->d[c], v = var->d[c];
    if (train) {
      m = v = 0;
      for (int64_t k = 0; k < nb * len; ++k)
        m += a->d[(k / len * nc + c) * len + k % len];
      m /= (double)(nb * len);
      for (int64_t k = 0; k < nb * len; ++k)
        v += pow(a->d[(k / len * nc + c) * len + k % len] - m, 2);
      v /= (double)(nb * len);
    }
    if (om)
      om->d[c] = train ? keep * mean->d[c] + (1 - keep) * m : m;
    if (ov)
      ov->d[c] = train ? keep * var->d[c] + (1 - keep) * v : v;
    for (int64_t k = 0; o && k < nb * len; ++k) {
      const int64_t at = (k / len * nc + c) * len + k % len;
      o->d[at] = s->d[c] * (a->d[at] - m) / sqrt(v + eps) + b->d[c];
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Mean and variance of `len` neighbours, then scale and shift by a function of the element's place. */
static void Moments(const double *a, int64_t len, double *m, double *v)
{
  *m = *v = 0;
  for (int64_t k = 0; k < len; ++k)
    *m += a[k];
  *m /= (double)len;
  for (int64_t k = 0; k < len; ++k)
    *v += (a[k] - *m) * (a[k] - *m);
  *v /= (double)len;
}

static PetscErrorCode Groups(OxExec *x, int64_t groups, PetscBool per_channel)
{
  const OxTensor *a = OxIn(x, 0), *s = OxIn(x, 1), *b = OxIn(x, 2);
  const double eps = OxReal(x, "epsilon", 1e-5);
  OxTensor *o;
  double m, v;

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) && a->rank >= 2, x,
          "needs a floating-point input (batch, channel, ...)");
  const int64_t nc = a->dims[1], len = OxProduct(a->rank - 2, a->dims + 2);
  OxCheck(groups > 0 && nc % groups == 0, x, "%lld channels in %lld groups", (long long)nc,
          (long long)groups);
  PetscCall(Vector(x, 1, per_channel ? nc : groups));
  PetscCall(Vector(x, 2, per_channel ? nc : groups));
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  const int64_t per = nc / groups;
  for (int64_t g = 0; x->compute && o && per * len > 0 && g < a->dims[0] * groups; ++g) {
    const double *in = a->d + g * per * len;
    Moments(in, per * len, &m, &v);
    for (int64_t k = 0; k < per * len; ++k) {
      const int64_t q = per_channel ? g % groups * per + k / len : g % groups;
      o->d[g * per * len + k] = s->d[q] * (in[k] - m) / sqrt(v + eps) + b->d[q];
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpInstanceNormalization(OxExec *x)
{
  OxCheck(OxIn(x, 0)->rank >= 2, x, "needs an input (batch, channel, ...)");
  return Groups(x, OxIn(x, 0)->dims[1], PETSC_TRUE);
}
/* Scale and bias belong to groups in opset 18, to channels from 21 on. */
PetscErrorCode OxOpGroupNormalization(OxExec *x)
{
  return Groups(x, OxInt(x, "num_groups", 0), (PetscBool)(x->m->opset >= 21));
}

PetscErrorCode OxOpLayerNormalization(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *s = OxIn(x, 1), *b = OxIn(x, 2);
  const double eps = OxReal(x, "epsilon", 1e-5);
  int64_t dims[OX_RANK], index[OX_RANK] = {0}, at[3] = {0};
  OxTensor tail = {0}, *o, *om, *os;
  OxCast c;
  int axis;

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) && s && s->type == a->type && (!b || b->type == a->type), x,
          "is defined for floating-point inputs of one type");
  PetscCall(OxAxis(x, OxInt(x, "axis", -1), a->rank, &axis));
  tail.rank = a->rank - axis;
  memcpy(tail.dims, a->dims + axis, (size_t)tail.rank * 8);
  const int64_t len = OxProduct(tail.rank, tail.dims), n = OxProduct(axis, a->dims);
  const OxTensor *const op[] = {&tail, s, b};
  PetscCall(OxBroadcast(x, b ? 3 : 2, op, &c));
  OxCheck(c.rank == tail.rank && OxProduct(c.rank, c.dims) == len, x,
          "scale or bias do not fit the normalised axes");
  for (int d = 0; d < a->rank; ++d)
    dims[d] = d < axis ? a->dims[d] : 1;
  const EddyOnnxType stash = OxInt(x, "stash_type", 1) == 1 && !x->f64 ? EDDY_ONNX_FLOAT : a->type;
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  PetscCall(OxOut(x, 1, stash, a->rank, dims, &om));
  PetscCall(OxOut(x, 2, stash, a->rank, dims, &os));
  for (int64_t k = 0; x->compute && len && k < n; ++k) {
    double m, v;
    Moments(a->d + k * len, len, &m, &v);
    if (om)
      om->d[k] = m;
    if (os)
      os->d[k] = 1 / sqrt(v + eps);
    for (int64_t j = 0; o && j < len; ++j, OxNext(&c, index, at))
      o->d[k * len + j] =
          (a->d[k * len + j] - m) / sqrt(v + eps) * s->d[at[1]] + (b ? b->d[at[2]] : 0);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
