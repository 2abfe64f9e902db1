/* SPDX-License-Identifier: BSD-3-Clause */
#include "guard_kernels.h"
#include <float.h>
#include <math.h>

static int Outside(size_t n, const double *x, double lower, double upper)
{
  int64_t any = 0;
  _Pragma("GCC ivdep") for (size_t i = 0; i < n; ++i) any |= (x[i] < lower) | (x[i] > upper);
  return any != 0;
}

static int Beyond(size_t n, const double *x, double largest)
{
  int64_t all = 1;
  _Pragma("GCC ivdep") for (size_t i = 0; i < n; ++i) all &= fabs(x[i]) <= largest;
  return !all;
}

static double Largest(size_t n, const double *x)
{
  double m[32] = {0};
  int64_t all = 1;
  size_t i = 0;
  for (; i + 32 <= n; i += 32)
    for (int k = 0; k < 32; ++k) {
      const double v = fabs(x[i + (size_t)k]);
      all &= v <= DBL_MAX;
      m[k] = v > m[k] ? v : m[k];
    }
  for (; i < n; ++i) {
    const double v = fabs(x[i]);
    all &= v <= DBL_MAX;
    m[0] = v > m[0] ? v : m[0];
  }
  for (int k = 1; k < 32; ++k)
    m[0] = m[k] > m[0] ? m[k] : m[0];
  return all ? m[0] : INFINITY;
}

static double Sum(size_t n, const double *x)
{
  double s[8] = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; ++k)
      s[k] += x[i + (size_t)k];
  for (; i < n; ++i)
    s[i & 7] += x[i];
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static void Shift(size_t n, double by, double *x)
{
  _Pragma("GCC ivdep") for (size_t i = 0; i < n; ++i) x[i] -= by;
}

static void Symmetric(size_t n, double *restrict a, double *restrict b)
{
  _Pragma("GCC ivdep") for (size_t i = 0; i < n; ++i)
  {
    const double v = .5 * (a[i] + b[i]);
    a[i] = v;
    b[i] = v;
  }
}

const EddyGuardKernels EDDY_SIMD(eddy_guard_kernels) = {Outside, Beyond, Largest,
                                                        Sum,     Shift,  Symmetric};
