/* SPDX-License-Identifier: BSD-3-Clause */
/* Tiles of 16 x 16 points: 16 input rows of two cache lines and 16 output rows of one, all in L1
 * for any size. Planes of one component as floats, the usual snapshot, have a kernel of their own. */
#include "pack.h"

enum { TILE = 16 };

#define PACK(Scope, Name, Type) \
  static void Name##Plane(PetscInt nx, PetscInt ny, size_t row, const double *in, size_t out_x, \
                          size_t out_y, Type *out) \
  { \
    for (PetscInt j0 = 0; j0 < ny; j0 += TILE) \
      for (PetscInt i0 = 0; i0 < nx; i0 += TILE) { \
        const PetscInt j1 = PetscMin(j0 + TILE, ny), i1 = PetscMin(i0 + TILE, nx); \
        for (PetscInt i = i0; i < i1; ++i) \
          for (PetscInt j = j0; j < j1; ++j) \
            out[(size_t)i * out_x + (size_t)j * out_y] = (Type)in[(size_t)j * row + i]; \
      } \
  } \
\
  Scope void Name(const EddyBlock *b, Type *out) \
  { \
    const PetscInt *n = b->count, \
                   h[3] = {b->halo, b->dim > 1 ? b->halo : 0, b->dim > 2 ? b->halo : 0}; \
    const size_t nc = (size_t)b->ncomp, mx = (size_t)(n[0] + 2 * h[0]), \
                 my = (size_t)(n[1] + 2 * h[1]), mz = (size_t)(n[2] + 2 * h[2]); \
    for (size_t c = 0; c < nc; ++c) { \
      const double *in = \
          b->data + ((c * mz + (size_t)h[2]) * my + (size_t)h[1]) * mx + (size_t)h[0]; \
      if (n[2] == 1) { \
        Name##Plane(n[0], n[1], mx, in, nc *(size_t)n[1], nc, out + c); \
        continue; \
      } \
      for (PetscInt j = 0; j < n[1]; ++j) /* planes of (x, z): z is the fast axis of out */ \
        Name##Plane(n[0], n[2], my *mx, in + (size_t)j * mx, nc * (size_t)(n[1] * n[2]), nc, \
                    out + c + nc * (size_t)(j * n[2])); \
    } \
  }

const EddyPackKernels *EddyPackKernelsGet(void)
{
  static const EddyPackKernels *const level[] = {&eddy_pack_kernels_v2, &eddy_pack_kernels_v3,
                                                 &eddy_pack_kernels_v4};
  return level[EddySimdDetect()];
}

PACK(static, PackFloat, float)
PACK(, EddyPackDouble, double)

void EddyPackFloat(const EddyBlock *b, float *out)
{
  const PetscInt *n = b->count, h = b->halo;
  const size_t row = (size_t)n[0] + 2 * (size_t)h;
  if (b->ncomp == 1 && b->dim == 2)
    EddyPackKernelsGet()->PlaneFloat(n[0], n[1], row, b->data + (size_t)h * (row + 1), (size_t)n[1],
                                     out);
  else
    PackFloat(b, out);
}
