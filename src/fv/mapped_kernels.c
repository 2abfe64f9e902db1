/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of mapped grids; compiled once per x86-64 level. In 3-D the frame of a face is the Householder matrix that takes the normal to the first axis,
   times a sign: with s = sign(n_x) and v = n + s e_x,  Q u = s ((v.u) v / (1 + |n_x|) - u),  Q n = e_x, Q = Q^T = Q^-1. */
#include "mapped.h"
#include <math.h>

static void ToFace1(PetscInt n, size_t gs, const double *restrict g, size_t vs, double *restrict v)
{
}

static void ToFace2(PetscInt n, size_t gs, const double *restrict g, size_t vs, double *restrict v)
{
  const double *restrict nx = g, *restrict ny = g + gs;
  double *restrict a = v, *restrict b = v + vs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double p = a[i], q = b[i];
    a[i] = nx[i] * p + ny[i] * q;
    b[i] = nx[i] * q - ny[i] * p;
  }
}

static void ToFace3(PetscInt n, size_t gs, const double *restrict g, size_t vs, double *restrict v)
{
  const double *restrict nx = g, *restrict ny = g + gs, *restrict nz = g + 2 * gs;
  double *restrict a = v, *restrict b = v + vs, *restrict c = v + 2 * vs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double s = copysign(1, nx[i]), p = a[i], q = b[i], r = c[i], x = nx[i] + s;
    const double k = (x * p + ny[i] * q + nz[i] * r) / (1 + fabs(nx[i]));
    a[i] = s * (k * x - p);
    b[i] = s * (k * ny[i] - q);
    c[i] = s * (k * nz[i] - r);
  }
}

static void FromFace1(PetscInt n, size_t gs, const double *restrict g, size_t vs,
                      double *restrict v)
{
  const double *restrict area = g + gs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) v[i] *= area[i];
}

static void FromFace2(PetscInt n, size_t gs, const double *restrict g, size_t vs,
                      double *restrict v)
{
  const double *restrict nx = g, *restrict ny = g + gs, *restrict area = g + 2 * gs;
  double *restrict a = v, *restrict b = v + vs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double p = a[i] * area[i], q = b[i] * area[i];
    a[i] = nx[i] * p - ny[i] * q;
    b[i] = ny[i] * p + nx[i] * q;
  }
}

static void FromFace3(PetscInt n, size_t gs, const double *restrict g, size_t vs,
                      double *restrict v)
{
  const double *restrict nx = g, *restrict ny = g + gs, *restrict nz = g + 2 * gs,
                         *restrict area = g + 3 * gs;
  double *restrict a = v, *restrict b = v + vs, *restrict c = v + 2 * vs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double s = copysign(area[i], nx[i]), p = a[i], q = b[i], r = c[i],
                 x = nx[i] + copysign(1, nx[i]);
    const double k = (x * p + ny[i] * q + nz[i] * r) / (1 + fabs(nx[i]));
    a[i] = s * (k * x - p);
    b[i] = s * (k * ny[i] - q);
    c[i] = s * (k * nz[i] - r);
  }
}

static void Scale(PetscInt n, const double *restrict area, double *restrict v)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) v[i] *= area[i];
}

static void Divide(PetscInt n, const double *restrict k, const double *restrict lo,
                   const double *restrict hi, double *restrict out)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] = k[i] * (lo[i] - hi[i]);
}

static void DivideAdd(PetscInt n, const double *restrict k, const double *restrict lo,
                      const double *restrict hi, double *restrict out)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] += k[i] * (lo[i] - hi[i]);
}

static void AddScaled(PetscInt n, const double *restrict k, const double *restrict f,
                      double *restrict out)
{
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) out[i] += k[i] * f[i];
}

#define MEAN(DIM) \
  static void Mean##DIM(PetscInt n, size_t gs, const double *lo, const double *hi, size_t ms, \
                        double *restrict m) \
  { \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      const double a = lo[(DIM)*gs + (size_t)i], b = hi[(DIM)*gs + (size_t)i]; \
      double v[DIM], sum = 0; \
      for (int d = 0; d < (DIM); ++d) { \
        v[d] = .5 * (a * lo[(size_t)d * gs + (size_t)i] + b * hi[(size_t)d * gs + (size_t)i]); \
        sum += v[d] * v[d]; \
      } \
      const double area = sqrt(sum), inv = 1 / area; \
      for (int d = 0; d < (DIM); ++d) \
        m[(size_t)d * ms + (size_t)i] = v[d] * inv; \
      m[(DIM)*ms + (size_t)i] = area; \
    } \
  }
MEAN(1)
MEAN(2)
MEAN(3)

static void Rate(PetscInt n, PetscBool first, const double *restrict area,
                 const double *restrict inv_volume, const double *restrict speed,
                 double *restrict sum)
{
  if (first)
    _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) sum[i] = 0;
  _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) sum[i] += area[i] * inv_volume[i] * speed[i];
}

const EddyFvMappedRows EDDY_SIMD(eddy_fv_mapped_rows) = {
    .ToFace = {ToFace1, ToFace2, ToFace3},
    .FromFace = {FromFace1, FromFace2, FromFace3},
    .Scale = Scale,
    .Divide = Divide,
    .DivideAdd = DivideAdd,
    .AddScaled = AddScaled,
    .Mean = {Mean1, Mean2, Mean3},
    .Rate = Rate,
};
