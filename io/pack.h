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
#endif
