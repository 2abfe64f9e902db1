/* SPDX-License-Identifier: BSD-3-Clause */
/* MaxPool (with the indices of the maxima) and AveragePool. */
#include "ops.h"

typedef struct {
  double value;
  int64_t where, count,
      inside; /* place of the maximum, elements met, of those within the padding */
} Pooled;

static Pooled Window(const OxWindow *w, const OxTensor *a, int64_t base, const int64_t out[],
                     PetscBool max)
{
  const int64_t taps = OxProduct(w->n, w->kernel);
  int64_t q[OX_RANK] = {0};
  Pooled r = {.value = max ? -INFINITY : 0, .where = -1};
  for (int64_t t = 0; t < taps; ++t) {
    int64_t at = 0;
    PetscBool padded = PETSC_TRUE;
    for (int d = 0; d < w->n; ++d) {
      const int64_t p = out[d] * w->stride[d] - w->begin[d] + q[d] * w->dilation[d];
      if (p < -w->begin[d] || p >= w->size[d] + w->end[d])
        padded = PETSC_FALSE;
      at = at < 0 || p < 0 || p >= w->size[d] ? -1 : at * w->size[d] + p;
    }
    r.inside += padded;
    if (at >= 0) {
      const double v = OxIsReal(a->type) ? a->d[base + at] : (double)a->i[base + at];
      if (max && (r.where < 0 || v > r.value || isnan(v)))
        r.value = v, r.where = at;
      else if (!max)
        r.value += v;
      ++r.count;
    }
    for (int d = w->n - 1; d >= 0 && ++q[d] == w->kernel[d]; --d)
      q[d] = 0;
  }
  return r;
}

static int64_t ColumnMajor(const OxWindow *w, int64_t at)
{
  int64_t index[OX_RANK], r = 0;
  for (int d = w->n - 1; d >= 0; --d) {
    index[d] = at % w->size[d];
    at /= w->size[d];
  }
  for (int d = w->n - 1; d >= 0; --d)
    r = r * w->size[d] + index[d];
  return r;
}

static PetscErrorCode Pool(OxExec *x, PetscBool max)
{
  const OxTensor *a = OxIn(x, 0);
  const PetscBool with_pads = (PetscBool)(OxInt(x, "count_include_pad", 0) != 0);
  int64_t dims[OX_RANK], n;
  const int64_t *kernel = OxIntList(x, "kernel_shape", &n);
  OxTensor *o, *q = NULL;
  OxWindow w;

  PetscFunctionBeginUser;
  OxCheck(a->rank >= 3 && kernel && n == a->rank - 2, x, "kernel_shape of %lld entries for rank %d",
          (long long)n, a->rank);
  OxCheck(max || OxIsReal(a->type), x, "is not defined for %s", EddyOnnxTypeName(a->type));
  for (int64_t d = 0; d < n; ++d)
    OxCheck(kernel[d] > 0 && kernel[d] < 1 << 20, x, "kernel_shape %lld", (long long)kernel[d]);
  OxCheck(max || x->m->opset >= 19 || !OxGetAttr(x->node, "dilations"), x,
          "has dilations from opset 19 only");
  PetscCall(OxWindowSetUp(x, a, kernel, (PetscBool)(OxInt(x, "ceil_mode", 0) != 0), &w));
  memcpy(dims, a->dims, sizeof(dims));
  memcpy(dims + 2, w.out, (size_t)w.n * 8);
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (max)
    PetscCall(OxOut(x, 1, EDDY_ONNX_INT64, a->rank, dims, &q));
  if (!x->compute)
    PetscFunctionReturn(PETSC_SUCCESS);
  const int64_t size = OxProduct(w.n, w.size), out = OxProduct(w.n, w.out);
  PetscCall(OxWork(x, (double)OxProduct(a->rank, dims) * (double)OxProduct(w.n, w.kernel)));
  for (int64_t c = 0; c < a->dims[0] * a->dims[1]; ++c) {
    int64_t p[OX_RANK] = {0};
    for (int64_t t = 0; t < out; ++t) {
      const Pooled r = Window(&w, a, c * size, p, max);
      const double v =
          max ? r.value : r.value / (double)PetscMax(1, with_pads ? r.inside : r.count);
      if (o && OxIsReal(a->type))
        o->d[c * out + t] = v;
      else if (o)
        o->i[c * out + t] = r.where < 0 ? INT64_MIN : a->i[c * size + r.where];
      if (q)
        q->i[c * out + t] =
            c * size +
            (OxInt(x, "storage_order", 0) ? ColumnMajor(&w, PetscMax(0, r.where)) : r.where);
      for (int d = w.n - 1; d >= 0 && ++p[d] == w.out[d]; --d)
        p[d] = 0;
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode OxOpMaxPool(OxExec *x) { return Pool(x, PETSC_TRUE); }
PetscErrorCode OxOpAveragePool(OxExec *x) { return Pool(x, PETSC_FALSE); }
