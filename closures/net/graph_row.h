/* SPDX-License-Identifier: BSD-3-Clause */
/* Body of graph_kernels.c for one precision (VM_BITS 64 or 32). Operands and results are aligned rows of whole vectors. */
#include "vmath.h"
#undef R
#undef EACH
#define R VM_REAL
#define ARGUMENTS \
  const double p[2], PetscInt vectors, const void *pa, const void *pb, const void *pc, void *py

VM_INLINE V VM(Select)(VI mask, V x, V y) { return (V)((mask & (VI)x) | (~mask & (VI)y)); }
/* One vector at a time. */
#define EACH(name, expr) \
  static void VM(name)(ARGUMENTS) \
  { \
    const V *a = (const V *)pa, *b = (const V *)pb, *c = (const V *)pc; \
    V *y = (V *)py; \
    (void)b, (void)c; \
    for (PetscInt i = 0; i < vectors; ++i) \
      y[i] = expr; \
  }
EACH(Copy, a[i])
EACH(Neg, (V)((VI)a[i] ^ VM_SIGN))
EACH(Absolute, VM(Abs)(a[i]))
EACH(Root, VM_INTRINSIC(sqrt)(a[i]))
EACH(Add, a[i] + b[i])
EACH(Sub, a[i] - b[i])
EACH(Mul, a[i] * b[i])
EACH(Div, a[i] / b[i])
EACH(Smaller, VM(Select)(a[i] != a[i], a[i], VM(Min)(a[i], b[i])))
EACH(Larger, VM(Select)(a[i] != a[i], a[i], VM(Max)(a[i], b[i])))
EACH(Less, (V)((a[i] < b[i]) & (VI)VM(Set)(1)))
EACH(Equal, (V)((a[i] == b[i]) & (VI)VM(Set)(1)))
EACH(Where, VM(Select)(a[i] != VM(Set)(0), b[i], c[i]))
static void VM(Linear)(ARGUMENTS)
{
  const V *a = (const V *)pa, s = VM(Set)((R)p[0]), t = VM(Set)((R)p[1]);
  V *y = (V *)py;
  for (PetscInt i = 0; i < vectors; ++i)
    y[i] = VM(Fma)(s, a[i], t);
}

static void VM(Fill)(PetscInt n, double value, void *py)
{
  R *y = (R *)py;
  for (PetscInt i = 0; i < n; ++i)
    y[i] = (R)value;
}
static double VM(First)(const void *y) { return (double)*(const R *)y; }

/* Eight partial results whatever the vectors, so that all levels agree; NaN stays. */
static void VM(Reduce)(EddyGraphOp op, PetscInt n, const void *px, double *r)
{
  const R *x = (const R *)px;
  double s[8];
  PetscInt i = 0;
  if (op <= EDDY_GRAPH_MEAN) {
    for (int k = 0; k < 8; ++k)
      s[k] = 0;
    for (; i + 8 <= n; i += 8)
      for (int k = 0; k < 8; ++k)
        s[k] += (double)x[i + k];
    for (; i < n; ++i)
      s[i & 7] += (double)x[i];
    *r += ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    return;
  }
  const double sign = op == EDDY_GRAPH_LARGEST ? 1 : -1;
  double most = sign * *r;
  for (; i < n; ++i) {
    const double v = sign * (double)x[i];
    most = v > most || v != v ? v : most;
  }
  *r = sign * most;
}
static void VM(Sample)(PetscInt n, PetscInt factor, const void *px, void *py)
{
  const R *x = (const R *)px;
  R *y = (R *)py;
  for (PetscInt i = 0; i < n; ++i)
    y[i] = x[factor * i];
}
static void VM(Spread)(PetscInt n, PetscInt factor, const void *px, void *py)
{
  const R *x = (const R *)px;
  R *y = (R *)py;
  for (PetscInt i = 0; i < n; ++i)
    y[factor * i] = x[i];
}
#undef ARGUMENTS
