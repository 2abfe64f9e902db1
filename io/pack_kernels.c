/* SPDX-License-Identifier: BSD-3-Clause */
/* Passes over a snapshot, compiled once per x86-64 level: the transpose of a plane of one component to floats, and the check of values. */
#include "pack.h"
#include "vector.h"

enum { TILE = 16 }; /* as in pack.c */
typedef double Row __attribute__((vector_size(8 * EDDY_VL), aligned(8)));
typedef float Narrow __attribute__((vector_size(4 * EDDY_VL)));
typedef float Column __attribute__((vector_size(4 * EDDY_VL), aligned(4), may_alias));

/* One tile of EDDY_VL x EDDY_VL points. */
static inline __attribute__((always_inline)) void Tile(size_t row, const double *in, size_t column,
                                                       float *out)
{
  EddyV t[EDDY_VL];
  for (int j = 0; j < EDDY_VL; ++j)
    t[j] = *(const Row *)(in + (size_t)j * row);
  EddyVTranspose(t);
  for (int i = 0; i < EDDY_VL; ++i)
    *(Column *)(out + (size_t)i * column) = __builtin_convertvector(t[i], Narrow);
}

static void PlaneFloat(PetscInt nx, PetscInt ny, size_t row, const double *in, size_t column,
                       float *out)
{
  const PetscInt wide = nx - nx % TILE, high = ny - ny % TILE;
  for (PetscInt j = 0; j < high; j += TILE)
    for (PetscInt i = 0; i < wide; i += TILE)
      for (PetscInt k = 0; k < TILE; k += EDDY_VL)
        for (PetscInt l = 0; l < TILE; l += EDDY_VL)
          Tile(row, in + (size_t)(j + l) * row + (size_t)(i + k), column,
               out + (size_t)(i + k) * column + (size_t)(j + l));
  for (PetscInt i = 0; i < nx; ++i)
    for (PetscInt j = i < wide ? high : 0; j < ny; ++j)
      out[(size_t)i * column + (size_t)j] = (float)in[(size_t)j * row + (size_t)i];
}

static PetscBool Within(size_t n, const double *x, double largest)
{
  EddyVMask bad = {0};
  int rest = 0;
  size_t i = 0;
  for (; i + EDDY_VL <= n; i += EDDY_VL) {
    const EddyV v = *(const Row *)(x + i);
    bad |= ~((v <= largest) & (v >= -largest)); /* also when NaN */
  }
  for (; i < n; ++i)
    rest |= !(x[i] <= largest && x[i] >= -largest);
  for (int l = 0; l < EDDY_VL; ++l)
    rest |= bad[l] != 0;
  return rest ? PETSC_FALSE : PETSC_TRUE;
}

const EddyPackKernels EDDY_SIMD(eddy_pack_kernels) = {PlaneFloat, Within};
