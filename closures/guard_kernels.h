/* SPDX-License-Identifier: BSD-3-Clause */
/* Passes of the guards over rows, compiled once per x86-64 level. The usual pass finds nothing: each is one loop without branches, and what it finds is looked at
   again point by point in guard.c. Sums have eight parts in one order, the same at all levels. */
#ifndef EDDY_GUARD_KERNELS_H
#define EDDY_GUARD_KERNELS_H
#include "eddy_base.h"
#include <stddef.h>

typedef struct {
  int (*outside)(size_t n, const double *x, double lower,
                 double upper);                             /* any x < lower or > upper */
  int (*beyond)(size_t n, const double *x, double largest); /* any |x| > largest, or NaN */
  double (*largest)(size_t n, const double *x);             /* magnitude; infinity for NaN */
  double (*sum)(size_t n, const double *x);
  void (*shift)(size_t n, double by, double *x);     /* x -= by */
  void (*symmetric)(size_t n, double *a, double *b); /* both become their mean */
} EddyGuardKernels;
extern const EddyGuardKernels eddy_guard_kernels_v2, eddy_guard_kernels_v3, eddy_guard_kernels_v4;
#endif
