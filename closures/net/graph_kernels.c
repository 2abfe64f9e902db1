/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels of graphs beyond the matrix and the maps (net_kernels.c): arithmetic of one to three operands, sums of a row, changes of grid.
   Compiled once per x86-64 level. */
#include "graph_impl.h"

#if EDDY_SIMD_LEVEL == 4
#define VM_PACK 4
#else
#define VM_PACK 2
#endif

#define VM_BITS 64
#include "graph_row.h"
#undef VM_BITS
#define VM_BITS 32
#include "graph_row.h"

#define TABLE(bits) \
  { \
    .each = {[EDDY_GRAPH_COPY] = Copy_f##bits,   [EDDY_GRAPH_AFFINE] = Linear_f##bits, \
             [EDDY_GRAPH_NEG] = Neg_f##bits,     [EDDY_GRAPH_ABS] = Absolute_f##bits, \
             [EDDY_GRAPH_SQRT] = Root_f##bits,   [EDDY_GRAPH_ADD] = Add_f##bits, \
             [EDDY_GRAPH_SUB] = Sub_f##bits,     [EDDY_GRAPH_MUL] = Mul_f##bits, \
             [EDDY_GRAPH_DIV] = Div_f##bits,     [EDDY_GRAPH_MIN] = Smaller_f##bits, \
             [EDDY_GRAPH_MAX] = Larger_f##bits,  [EDDY_GRAPH_LESS] = Less_f##bits, \
             [EDDY_GRAPH_EQUAL] = Equal_f##bits, [EDDY_GRAPH_WHERE] = Where_f##bits}, \
    .fill = Fill_f##bits, .first = First_f##bits, .reduce = Reduce_f##bits, \
    .sample = Sample_f##bits, .spread = Spread_f##bits \
  }
const EddyGraphKernels EDDY_SIMD(eddy_graph_kernels)[2] = {TABLE(64), TABLE(32)};
