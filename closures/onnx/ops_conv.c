/* SPDX-License-Identifier: BSD-3-Clause */
/* Conv and ConvTranspose in any number of dimensions:
     Conv           y[o][p] = b[o] + sum_c sum_q w[o][c][q] x[c][p stride - begin + q dilation]
     ConvTranspose  its transpose, x scattered to p = i stride - begin + q dilation */
#include "ops.h"

static PetscErrorCode List(OxExec *x, const char *name, int n, int64_t lo, int64_t value[])
{
  int64_t count;
  const int64_t *p = OxIntList(x, name, &count);

  PetscFunctionBeginUser;
  OxCheck(!p || count == n, x, "%s has %lld entries, its input %d spatial axes", name,
          (long long)count, n);
  for (int d = 0; p && d < n; ++d) {
    OxCheck(p[d] >= lo && p[d] < ((int64_t)1 << 31), x, "%s %lld", name, (long long)p[d]);
    value[d] = p[d];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxWindowLists(OxExec *x, int n, OxWindow *w)
{
  int64_t pads[2 * OX_RANK] = {0};

  PetscFunctionBeginUser;
  OxCheck(n >= 1 && n <= OX_RANK - 2, x, "needs an input (batch, channel, x, ...) of rank 3 to %d",
          (int)OX_RANK);
  w->n = n;
  for (int d = 0; d < n; ++d)
    w->stride[d] = w->dilation[d] = 1;
  PetscCall(List(x, "strides", n, 1, w->stride));
  PetscCall(List(x, "dilations", n, 1, w->dilation));
  PetscCall(List(x, "pads", 2 * n, 0, pads));
  for (int d = 0; d < n; ++d)
    w->begin[d] = pads[d], w->end[d] = pads[n + d];
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxWindowSetUp(OxExec *x, const OxTensor *in, const int64_t kernel[],
                             PetscBool ceil_mode, OxWindow *w)
{
  const char *pad = OxString(x, "auto_pad", "NOTSET");
  int64_t given[OX_RANK];

  PetscFunctionBeginUser;
  memset(w, 0, sizeof(*w));
  PetscCall(OxWindowLists(x, in->rank - 2, w));
  memcpy(given, kernel, (size_t)w->n * 8);
  PetscCall(List(x, "kernel_shape", w->n, 1, given));
  const PetscBool same = (PetscBool)!strncmp(pad, "SAME_", 5),
                  valid = (PetscBool)!strcmp(pad, "VALID");
  OxCheck(valid || !strcmp(pad, "NOTSET") || !strcmp(pad, "SAME_UPPER") ||
              !strcmp(pad, "SAME_LOWER"),
          x, "auto_pad '%s'", pad);
  for (int d = 0; d < w->n; ++d) {
    w->size[d] = in->dims[d + 2];
    w->kernel[d] = kernel[d];
    OxCheck(given[d] == kernel[d] && kernel[d] > 0, x, "kernel_shape %lld, its weights have %lld",
            (long long)given[d], (long long)kernel[d]);
    int64_t reach;
    OxCheck(!__builtin_mul_overflow(kernel[d] - 1, w->dilation[d], &reach) &&
                reach < ((int64_t)1 << 40),
            x, "kernel too large");
    if (same) {
      w->out[d] = (w->size[d] + w->stride[d] - 1) / w->stride[d];
      const int64_t both = PetscMax(0, (w->out[d] - 1) * w->stride[d] + reach + 1 - w->size[d]);
      w->begin[d] = !strcmp(pad, "SAME_UPPER") ? both / 2 : both - both / 2;
      w->end[d] = both - w->begin[d];
    } else {
      if (valid)
        w->begin[d] = w->end[d] = 0;
      const int64_t room = w->size[d] + w->begin[d] + w->end[d] - reach - 1;
      OxCheck(room >= 0, x, "kernel of reach %lld does not fit extent %lld with pads %lld, %lld",
              (long long)reach + 1, (long long)w->size[d], (long long)w->begin[d],
              (long long)w->end[d]);
      w->out[d] = room / w->stride[d] + 1;
      /* a window that would begin beyond the data and its padding is dropped */
      if (ceil_mode && room % w->stride[d] && w->out[d] * w->stride[d] < w->size[d] + w->begin[d])
        ++w->out[d];
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Weights(OxExec *x, const OxTensor *a, const OxTensor *w, const OxTensor *b,
                              int64_t group, PetscBool transposed)
{
  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) && a->type == w->type && (!b || b->type == a->type), x,
          "is defined for floating-point inputs of one type");
  OxCheck(a->rank >= 3 && w->rank == a->rank, x, "input of rank %d, weights of rank %d", a->rank,
          w->rank);
  OxCheck(group >= 1 && a->dims[1] % group == 0 && w->dims[0] % group == 0, x, "%lld groups",
          (long long)group);
  OxCheck(transposed ? w->dims[0] == a->dims[1] : w->dims[1] == a->dims[1] / group, x,
          "%lld channels do not fit its weights", (long long)a->dims[1]);
  OxCheck(!b || (b->rank == 1 && b->n == (transposed ? w->dims[1] * group : w->dims[0])), x,
          "its bias does not fit its weights");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Element of a channel that each tap of one window reads; -1 for padding. */
static void Places(const OxWindow *w, const int64_t out[], int64_t taps, int64_t place[])
{
  int64_t q[OX_RANK] = {0};
  for (int64_t t = 0; t < taps; ++t) {
    int64_t at = 0;
    for (int d = 0; d < w->n && at >= 0; ++d) {
      const int64_t p = out[d] * w->stride[d] - w->begin[d] + q[d] * w->dilation[d];
      at = p < 0 || p >= w->size[d] ? -1 : at * w->size[d] + p;
    }
    place[t] = at;
    for (int d = w->n - 1; d >= 0 && ++q[d] == w->kernel[d]; --d)
      q[d] = 0;
  }
}

static double Dot(int64_t taps, const int64_t place[], const double *k, const double *a)
{
  double sum = 0;
  for (int64_t t = 0; t < taps; ++t)
    if (place[t] >= 0)
      sum += k[t] * a[place[t]];
  return sum;
}

PetscErrorCode OxOpConv(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *w = OxIn(x, 1), *b = OxIn(x, 2);
  const int64_t group = OxInt(x, "group", 1);
  int64_t dims[OX_RANK], *place;
  OxWindow win;
  OxTensor *o;

  PetscFunctionBeginUser;
  PetscCall(Weights(x, a, w, b, group, PETSC_FALSE));
  PetscCall(OxWindowSetUp(x, a, w->dims + 2, PETSC_FALSE, &win));
  dims[0] = a->dims[0], dims[1] = w->dims[0];
  memcpy(dims + 2, win.out, (size_t)win.n * 8);
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  const int64_t size = OxProduct(win.n, win.size), out = OxProduct(win.n, win.out),
                taps = OxProduct(win.n, win.kernel), nc = w->dims[1], per = dims[1] / group;
  PetscCall(OxWork(x, (double)o->n * (double)taps * (double)nc));
  PetscCall(OxScratch(x, taps, sizeof(*place), &place));
  int64_t p[OX_RANK] = {0};
  for (int64_t t = 0; t < out; ++t) {
    Places(&win, p, taps, place);
    for (int64_t q = 0; q < dims[0] * dims[1]; ++q) {
      const int64_t s = q / dims[1], f = q % dims[1];
      double sum = b ? b->d[f] : 0;
      for (int64_t c = 0; c < nc; ++c)
        sum += Dot(taps, place, w->d + (f * nc + c) * taps,
                   a->d + (s * a->dims[1] + f / per * nc + c) * size);
      o->d[q * out + t] = sum;
    }
    for (int d = win.n - 1; d >= 0 && ++p[d] == win.out[d]; --d)
      p[d] = 0;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Extents and pads of ConvTranspose: output_shape, auto_pad, output_padding. */
static PetscErrorCode Backward(OxExec *x, const OxTensor *a, const OxTensor *w, OxWindow *win)
{
  const char *pad = OxString(x, "auto_pad", "NOTSET");
  int64_t more[OX_RANK] = {0}, shape[2 * OX_RANK] = {0}, count, kernel[OX_RANK];
  const int64_t *given = OxIntList(x, "output_shape", &count);

  PetscFunctionBeginUser;
  memset(win, 0, sizeof(*win));
  PetscCall(OxWindowLists(x, a->rank - 2, win));
  PetscCall(List(x, "output_padding", win->n, 0, more));
  memcpy(kernel, w->dims + 2, (size_t)win->n * 8);
  PetscCall(List(x, "kernel_shape", win->n, 1, kernel));
  if (given)
    PetscCall(List(x, "output_shape", win->n, 1, shape));
  const PetscBool same = (PetscBool)!strncmp(pad, "SAME_", 5);
  OxCheck(same || !strcmp(pad, "NOTSET") || !strcmp(pad, "VALID"), x, "auto_pad '%s'", pad);
  for (int d = 0; d < win->n; ++d) {
    win->size[d] = a->dims[d + 2];
    win->kernel[d] = w->dims[d + 2];
    OxCheck(kernel[d] == win->kernel[d] && kernel[d] > 0, x,
            "kernel_shape %lld, its weights have %lld", (long long)kernel[d],
            (long long)win->kernel[d]);
    int64_t span;
    OxCheck(!__builtin_mul_overflow(win->stride[d], PetscMax(0, win->size[d] - 1), &span) &&
                span < ((int64_t)1 << 40),
            x, "result too large");
    span += more[d] + (win->kernel[d] - 1) * win->dilation[d] + 1;
    if (given || same) {
      win->out[d] = given ? shape[d] : win->size[d] * win->stride[d];
      const int64_t both = PetscMax(0, span - win->out[d]);
      win->begin[d] = !strcmp(pad, "SAME_UPPER") ? both / 2 : both - both / 2;
      win->end[d] = both - win->begin[d];
    } else
      win->out[d] = span - win->begin[d] - win->end[d];
    OxCheck(win->out[d] >= 0, x, "pads %lld and %lld leave nothing", (long long)win->begin[d],
            (long long)win->end[d]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Scatters channel a into o. */
static void Scatter(const OxWindow *w, const double *a, const double *k, double *o)
{
  const int64_t size = OxProduct(w->n, w->size), taps = OxProduct(w->n, w->kernel);
  int64_t i[OX_RANK] = {0}, q[OX_RANK] = {0};
  for (int64_t s = 0; s < size; ++s) {
    for (int64_t t = 0; t < taps; ++t) {
      int64_t at = 0;
      for (int d = 0; d < w->n && at >= 0; ++d) {
        const int64_t p = i[d] * w->stride[d] - w->begin[d] + q[d] * w->dilation[d];
        at = p < 0 || p >= w->out[d] ? -1 : at * w->out[d] + p;
      }
      if (at >= 0)
        o[at] += k[t] * a[s];
      for (int d = w->n - 1; d >= 0 && ++q[d] == w->kernel[d]; --d)
        q[d] = 0;
    }
    for (int d = w->n - 1; d >= 0 && ++i[d] == w->size[d]; --d)
      i[d] = 0;
  }
}

PetscErrorCode OxOpConvTranspose(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *w = OxIn(x, 1), *b = OxIn(x, 2);
  const int64_t group = OxInt(x, "group", 1);
  int64_t dims[OX_RANK];
  OxWindow win;
  OxTensor *o;

  PetscFunctionBeginUser;
  PetscCall(Weights(x, a, w, b, group, PETSC_TRUE));
  PetscCall(Backward(x, a, w, &win));
  dims[0] = a->dims[0];
  OxCheck(!__builtin_mul_overflow(w->dims[1], group, &dims[1]), x, "result too large");
  memcpy(dims + 2, win.out, (size_t)win.n * 8);
  PetscCall(OxOut(x, 0, a->type, a->rank, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  const int64_t size = OxProduct(win.n, win.size), out = OxProduct(win.n, win.out),
                taps = OxProduct(win.n, win.kernel), per = w->dims[1], nc = a->dims[1] / group;
  PetscCall(OxWork(x, (double)a->n * (double)taps * (double)per));
  for (int64_t s = 0; s < dims[0]; ++s)
    for (int64_t f = 0; f < dims[1]; ++f) {
      double *y = o->d + (s * dims[1] + f) * out;
      for (int64_t t = 0; b && t < out; ++t)
        y[t] = b->d[f];
      for (int64_t c = f / per * nc; c < (f / per + 1) * nc; ++c)
        Scatter(&win, a->d + (s * a->dims[1] + c) * size, w->d + (c * per + f % per) * taps, y);
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}
