/* SPDX-License-Identifier: BSD-3-Clause */
/* Fast networks: a chain of layers on the cells of a block, as plain data (EddyNet), its plain-loop interpreter
   (EddyNetReference, the oracle), and the engine (EddyNetPlan, EddyNetApply).

   A network maps `in` channels to `out` channels at every cell (i, j[, k]):
     affine       y[c]  = scale[c] x[c] + shift[c]
     conv         y[o]  = bias[o] + sum_c sum_b sum_a weight[o][c][b][a] x[c](i + a - left[0], j + b - left[1])
     linear       conv with kx = ky = 1
     activation   y[c]  = f(x[c])
   Conv is the cross-correlation of ONNX and PyTorch. Indices are those of a block: a runs along x (fastest), b along y. ONNX
   names its axes (x, y), so its weight [o][c][p][q] is ours with a = p, b = q: weight[o][c][b][a] = W[o][c][a][b]. 1-D: ky = 1.
   Planes of a 3-D block are independent. There is no padding: cells outside the block are the caller's ghosts (or, where the
   block holds all of a periodic direction, its other side). Groups and dilation are written out with zeros.

   Bits: the value of a cell depends on its own inputs, the precision and the x86-64 level, never on where it lies in the block,
   the tile or the rank. NaN and Inf go through every layer (relu(NaN) is NaN). */
#ifndef EDDY_NET_H
#define EDDY_NET_H
#include "eddy_base.h"
#include <stddef.h>

enum { EDDY_NET_MAX_CHANNELS = 4096, EDDY_NET_MAX_STENCIL = 63, EDDY_NET_MAX_LAYERS = 256 };

typedef enum { EDDY_NET_AFFINE, EDDY_NET_CONV, EDDY_NET_ACTIVATION } EddyNetKind;
typedef enum {
  EDDY_ACT_IDENTITY,
  EDDY_ACT_RELU,
  EDDY_ACT_LEAKY, /* x < 0 ? alpha x : x */
  EDDY_ACT_TANH,
  EDDY_ACT_SIGMOID,
  EDDY_ACT_GELU_ERF, /* x (1 + erf(x / sqrt 2)) / 2 */
  EDDY_ACT_ELU,      /* x < 0 ? alpha (exp(x) - 1) : x */
  EDDY_ACT_SILU,     /* x / (1 + exp(-x)) */
  EDDY_ACT_SOFTPLUS, /* log(1 + exp(x)) */
  EDDY_ACT_COUNT
} EddyNetActivation;
extern const char *const EddyNetActivationNames[EDDY_ACT_COUNT];

typedef struct {
  EddyNetKind kind;
  PetscInt in, out; /* channels; equal but for conv */
  PetscInt k[2];    /* conv: kx, ky; else 1, 1 */
  PetscInt left[2]; /* conv: cells read before the centre in x, y: 0 .. k-1; after it k-1-left */
  double *weight;   /* conv [out][in][ky][kx], affine [in] scale, else NULL; owned by the net */
  double *bias;     /* conv [out], affine [in] shift, else NULL; owned by the net */
  EddyNetActivation activation;
  double alpha; /* leaky, elu */
} EddyNetLayer;

typedef struct {
  PetscInt in, out; /* channels of the whole network */
  PetscInt nlayer;
  EddyNetLayer *layer;
  PetscInt lo[2],
      hi[2];     /* cells read below and above a cell, per direction x, y: sums over conv layers */
  PetscInt halo; /* largest of lo, hi */
} EddyNet;

/* Building. Not collective. Arrays are copied. Errors: EDDY_ERR_INPUT for a count, stencil or number out of range, with the layer's
   index. bias, scale, shift may be NULL (0, 1, 0). A network without layers is the identity. */
PetscErrorCode EddyNetCreate(PetscInt in, EddyNet **net);
PetscErrorCode EddyNetDestroy(EddyNet **net);
PetscErrorCode EddyNetAddAffine(EddyNet *net, const double scale[], const double shift[]);
PetscErrorCode EddyNetAddLinear(EddyNet *net, PetscInt out, const double weight[],
                                const double bias[]);
/* k[2] = {kx, ky}; left NULL: (k - 1) / 2, centred for odd k. weight [out][in][ky][kx]. */
PetscErrorCode EddyNetAddConv(EddyNet *net, PetscInt out, const PetscInt k[2],
                              const PetscInt left[2], const double weight[], const double bias[]);
PetscErrorCode EddyNetAddActivation(EddyNet *net, EddyNetActivation activation, double alpha);
/* Whole structure: channels chain, stencils, finite numbers, lo/hi/halo. For nets filled by hand. */
PetscErrorCode EddyNetCheck(const EddyNet *net);
/* Arithmetic of one cell: 2 per weight (activations count nothing), and the number of weights and biases. */
double EddyNetFlops(const EddyNet *net);
size_t EddyNetParameters(const EddyNet *net);

/* One block. Channel c of cell (i, j, k) is at in[c][i + j * in_stride[0] + k * in_stride[1]] (elements; x is contiguous), for
   -lo[0] <= i < n[0] + hi[0], -lo[1] <= j < n[1] + hi[1], 0 <= k < n[2]; where wrap[d] is set the block holds all of a periodic
   direction d, and only 0 <= index < n[d] is read. Nothing else is read. out likewise for the n cells, without ghosts; it may not
   overlap in. Elements are double, or float for EDDY_NET_F32. Arrays are borrowed. */
typedef struct {
  PetscInt n[3]; /* any extent >= 0; 1 in unused directions */
  PetscBool wrap[2];
  const void *const *in;
  void *const *out;
  ptrdiff_t in_stride[2], out_stride[2]; /* y, z */
  PetscBool add;                         /* out += result */
} EddyNetBlock;

/* F64: everything double. MIXED: double arrays, first and last affine layers in double, float between. F32: as MIXED with float arrays. */
typedef enum { EDDY_NET_F64, EDDY_NET_MIXED, EDDY_NET_F32 } EddyNetPrecision;
extern const char *const EddyNetPrecisionNames[3];

typedef struct _p_EddyNetPlan *EddyNetPlan;
/* Packs the weights and makes the work space, whose size does not depend on the extents of blocks. net may be destroyed afterwards.
   level: at most EddySimdDetect(). Not collective; a plan serves one thread. */
PetscErrorCode EddyNetPlanCreate(const EddyNet *net, EddyNetPrecision precision,
                                 EddySimdLevel level, EddyNetPlan *plan);
PetscErrorCode EddyNetPlanDestroy(EddyNetPlan *plan);
/* Allocates nothing, cannot fail. */
void EddyNetApply(EddyNetPlan plan, const EddyNetBlock *block);

/* The same by plain loops in double, one cell at a time: slow, for tests and golden samples.
   Block as for EDDY_NET_F64. Errors: PETSC_ERR_MEM. */
PetscErrorCode EddyNetReference(const EddyNet *net, const EddyNetBlock *block);
#endif
