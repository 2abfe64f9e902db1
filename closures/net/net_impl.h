/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the network engine: the packed plan and the kernels of one x86-64 level.

   A plan is a chain of rings. Ring 0 holds rows of the input, ring l rows of what matrix l-1 makes; a row is [channels][ld] cells. Ring
   l keeps as many rows as matrix l reads (ky), so a block streams through all layers while its rows are in cache. Networks that read no
   neighbours use tiles of cells instead of rows, whatever the shape of the block, and two buffers in turn: then everything stays in L1. */
#ifndef EDDY_NET_IMPL_H
#define EDDY_NET_IMPL_H
#include "net.h"

/* Functions of the vector maps beyond the activations (graphs use them). */
enum { EDDY_NET_FN_EXP = EDDY_ACT_COUNT, EDDY_NET_FN_ERF, EDDY_NET_FN_LOG, EDDY_NET_FN_COUNT };

/* y[o] = fused(bias[o] + sum_k w[o][k] x[offset[k]]) for whole vectors of cells. Weights are packed by blocks of outputs:
   block of m outputs (m = most, and one rest): [terms][m]. */
typedef struct {
  PetscInt terms, out;
  const void *weight, *bias;
  EddyNetActivation fused; /* identity, relu or leaky */
  double alpha;
} EddyNetMatrix;

/* Between the block's arrays (array[c] + at, elements double or float) and rows [channels][ld] inside. Scale and shift act in double;
   NULL means none. */
typedef struct {
  PetscInt channels;
  const double *scale, *shift;
  PetscBool add;
} EddyNetCopy;

/* Kernels of one precision; pointers are to double or float. */
typedef struct {
  PetscInt lanes, most,
      tile; /* cells per vector, outputs per block, cells per tile of a pointwise net */
  void (*matrix)(const EddyNetMatrix *m, PetscInt vectors, const ptrdiff_t *offset, const void *x,
                 void *y, ptrdiff_t ldy);
  void (*map[EDDY_NET_FN_COUNT])(double alpha, PetscInt vectors, const void *x,
                                 void *y); /* y may be x */
  void (*affine)(PetscInt vectors, double scale, double shift, void *y);
  void (*load[2])(const EddyNetCopy *copy, PetscInt n, const void *const *array, ptrdiff_t at,
                  void *rows, ptrdiff_t ld);
  void (*store[2])(const EddyNetCopy *copy, PetscInt n, void *const *array, ptrdiff_t at,
                   const void *rows, ptrdiff_t ld);
} EddyNetKernels; /* load, store: [0] double arrays, [1] float arrays */
extern const EddyNetKernels eddy_net_kernels_v2[2], eddy_net_kernels_v3[2],
    eddy_net_kernels_v4[2]; /* [0] double, [1] float */
const EddyNetKernels *EddyNetKernelsGet(EddySimdLevel level, PetscBool single);
/* [out][terms] to blocks of `most` outputs [block][term][output], in memory to be freed; elements of `size` bytes. */
PetscErrorCode EddyNetPackMatrix(const EddyNetKernels *kernels, size_t size, PetscInt terms,
                                 PetscInt out, const double weight[], const double bias[],
                                 EddyNetMatrix *matrix);

typedef struct {
  EddyNetKind kind; /* affine or activation */
  EddyNetActivation activation;
  double alpha;
  double *scale, *shift; /* [channels], owned */
} EddyNetOp;

typedef struct {
  PetscInt channels, ld; /* ld in elements, a whole number of cache lines */
  PetscInt slots,
      head;         /* rows kept at a time; first rows kept for the far side of a periodic block */
  PetscInt k[2];    /* stencil of the matrix that reads this ring, 1 x 1 for the last */
  PetscInt more[2]; /* cells beyond the block that later matrices still read: sums of k - 1 */
  PetscInt nop;
  EddyNetOp *op;
  EddyNetMatrix matrix; /* that reads this ring; terms = 0 for the last */
  ptrdiff_t *offset;    /* [terms] from the ring's base */
  char *base;           /* [head + slots][channels][ld], borrowed from the plan's work space */
  /* State of one sweep. */
  PetscInt rows, made, width;
} EddyNetRing;

struct _p_EddyNetPlan {
  const EddyNetKernels *kernels;
  EddyNetPrecision precision;
  size_t size, array; /* bytes of an element inside, and of the block's arrays */
  PetscBool pointwise;
  PetscInt in, out, lo[2], widest; /* widest: most cells of the block in one row */
  double *scale[2],
      *shift[2]; /* first and last affine layer in double; NULL when there is none; owned */
  EddyNetCopy load, store;
  PetscInt nring;
  EddyNetRing *ring;
  char *work; /* all rings, within memory */
  void *memory;
};
/* Leading dimension of rows of a width, with room for a last vector. */
PetscInt EddyNetLead(const struct _p_EddyNetPlan *p, PetscInt width);
#endif
