/* SPDX-License-Identifier: BSD-3-Clause */
/* From the order of a block, [ncomp][nz][ny][nx], to the order users see, [x][y][z][ncomp]: the one
 * place that transposes for files. */
#ifndef EDDY_PACK_H
#define EDDY_PACK_H
#include "eddy_base.h"

/* out: count[0] * count[1] * count[2] * ncomp values of the block without its halo. Not collective.
 */
void EddyPackFloat(const EddyBlock *b, float *out);
void EddyPackDouble(const EddyBlock *b, double *out);

/* Kernels of one x86-64 level (pack_kernels.c). */
typedef struct {
  /* out[x * column + y] = in[y * row + x] */
  void (*PlaneFloat)(PetscInt nx, PetscInt ny, size_t row, const double *in, size_t column,
                     float *out);
  /* whether all |x| <= largest; not when one is NaN */
  PetscBool (*Within)(size_t n, const double *x, double largest);
} EddyPackKernels;
extern const EddyPackKernels eddy_pack_kernels_v2, eddy_pack_kernels_v3, eddy_pack_kernels_v4;
/* Those of this processor: all give the same bits. */
const EddyPackKernels *EddyPackKernelsGet(void);
#endif
