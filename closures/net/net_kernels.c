/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels of the network engine, compiled once per x86-64 level. Lanes are cells; weights are broadcast; a block of outputs by a few
   vectors of cells stays in registers while the terms go by. Terms of a cell are added in one order (channel, y, x), one FMA each. */
#include "net_impl.h"
#include <string.h>

/* Outputs by vectors in registers, and vectors side by side in the maps: 32 registers at v4, 16 below. */
#if EDDY_SIMD_LEVEL == 4
#define MOST 8
#define ACROSS 3
#define VM_PACK 4
#elif EDDY_SIMD_LEVEL == 3
#define MOST 4
#define ACROSS 3
#define VM_PACK 2
#else
#define MOST 4
#define ACROSS 2
#define VM_PACK 2
#endif

#define VM_BITS 64
#include "net_tile.h"
#undef VM_BITS
#define VM_BITS 32
#include "net_tile.h"

#define TABLE(bits, tile_) \
  { \
    .lanes = sizeof(V_f##bits) * 8 / bits, .most = MOST, .tile = tile_, .matrix = Matrix_f##bits, \
    .map = {[EDDY_ACT_IDENTITY] = MapIdentity_f##bits, [EDDY_ACT_RELU] = MapRelu_f##bits, \
            [EDDY_ACT_LEAKY] = MapLeaky_f##bits,       [EDDY_ACT_TANH] = MapTanh_f##bits, \
            [EDDY_ACT_SIGMOID] = MapSigmoid_f##bits,   [EDDY_ACT_GELU_ERF] = MapGelu_f##bits, \
            [EDDY_ACT_ELU] = MapElu_f##bits,           [EDDY_ACT_SILU] = MapSilu_f##bits, \
            [EDDY_ACT_SOFTPLUS] = MapSoftplus_f##bits, [EDDY_NET_FN_EXP] = MapExp_f##bits, \
            [EDDY_NET_FN_ERF] = MapErf_f##bits,        [EDDY_NET_FN_LOG] = MapLog_f##bits}, \
    .affine = Affine_f##bits, .load = {LoadDouble_f##bits, LoadFloat_f##bits}, \
    .store = {StoreDouble_f##bits, StoreFloat_f##bits}, \
  }
const EddyNetKernels EDDY_SIMD(eddy_net_kernels)[2] = {TABLE(64, TILE_f64), TABLE(32, TILE_f32)};
