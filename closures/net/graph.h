/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks that are graphs: branches, skip connections, arithmetic between channels, sums over space, coarser grids. EddyGraph is
   plain data, a list of steps on planes; EddyGraphPlan runs it on the rows of one rank.

   A plane is one channel: a value per cell (cell), one value for all space (scalar, made by a reduction), or a constant. A cell plane
   lives on a grid coarser than the block's by whole factors per direction. Moving channels about (slices, joins, reshapes) costs
   nothing: it only changes which planes a step reads.

   Space is periodic with whole rows in x; y is cut into slabs of rows. Each rank computes its own rows and those its rows look at, from
   ghost rows of the input alone: between load and store there is no communication but the sums of reductions. A plane may be read
   beyond the domain by another rule than periodic (EddyGraphEdge, set by EddyGraphPad).

   Bits: as for EddyNet, a cell depends on its own inputs, precision and x86-64 level, never on rank, row or tile; reductions add the sums of
   rows in the order of the rows. NaN and Inf go through. */
#ifndef EDDY_GRAPH_H
#define EDDY_GRAPH_H
#include "net.h"

enum {
  EDDY_GRAPH_MAX_PLANES = 1 << 16,
  EDDY_GRAPH_MAX_STEPS = 1 << 14,
  EDDY_GRAPH_MAX_LEVELS = 16
};

typedef enum {
  /* point by point; operands may be of any kind */
  EDDY_GRAPH_COPY,
  EDDY_GRAPH_AFFINE, /* weight[i] x + bias[i] for the i-th plane */
  EDDY_GRAPH_NEG,
  EDDY_GRAPH_ABS,
  EDDY_GRAPH_SQRT,
  EDDY_GRAPH_EXP,
  EDDY_GRAPH_LOG,
  EDDY_GRAPH_ERF,
  EDDY_GRAPH_RELU,
  EDDY_GRAPH_LEAKY, /* x < 0 ? alpha x : x */
  EDDY_GRAPH_TANH,
  EDDY_GRAPH_SIGMOID,
  EDDY_GRAPH_GELU,
  EDDY_GRAPH_ELU, /* x < 0 ? alpha (exp(x) - 1) : x */
  EDDY_GRAPH_SILU,
  EDDY_GRAPH_SOFTPLUS,
  EDDY_GRAPH_ADD,
  EDDY_GRAPH_SUB,
  EDDY_GRAPH_MUL,
  EDDY_GRAPH_DIV,
  EDDY_GRAPH_MIN, /* NaN when either is */
  EDDY_GRAPH_MAX,
  EDDY_GRAPH_LESS,  /* 1 or 0 */
  EDDY_GRAPH_EQUAL, /* 1 or 0 */
  EDDY_GRAPH_WHERE, /* a != 0 ? b : c */
  EDDY_GRAPH_NEACH,
  /* others */
  EDDY_GRAPH_LOAD = EDDY_GRAPH_NEACH,
  EDDY_GRAPH_STORE,
  EDDY_GRAPH_MATRIX, /* convolution or linear layer */
  EDDY_GRAPH_SAMPLE, /* y(i, j) = x(factor i + shift, ...): to a coarser grid, or a roll */
  EDDY_GRAPH_SPREAD, /* y(factor i + a, factor j + b) = x_ab(i, j): to a finer grid */
  EDDY_GRAPH_SUM,    /* over all cells and all operands */
  EDDY_GRAPH_MEAN,
  EDDY_GRAPH_LARGEST,
  EDDY_GRAPH_SMALLEST
} EddyGraphOp;
typedef enum {
  EDDY_EDGE_WRAP,
  EDDY_EDGE_VALUE,
  EDDY_EDGE_NEAREST,
  EDDY_EDGE_REFLECT
} EddyGraphEdge;
typedef enum { EDDY_PLANE_CELL, EDDY_PLANE_SCALAR, EDDY_PLANE_CONSTANT } EddyPlaneKind;

typedef struct {
  EddyPlaneKind kind;
  PetscInt step;         /* that makes it; -1 for constants */
  PetscInt factor[2];    /* cells of the block per cell, x, y; 1 for others */
  double value;          /* of a constant */
  EddyGraphEdge edge[2]; /* what lies beyond the domain in x, y; wrap unless made by EddyGraphPad */
  double outside;        /* EDDY_EDGE_VALUE */
  PetscInt beyond;       /* constant plane of that value */
} EddyPlane;

typedef struct {
  EddyGraphOp op;
  PetscInt nin, nout;
  PetscInt *in, *out; /* planes; point by point: [operand][nout]; owned */
  double alpha;
  PetscInt k[2], left[2], by[2]; /* matrix: taps, cells before the centre, dilation in x, y */
  double *weight, *bias;         /* matrix [nout][nin][ky][kx], [nout]; affine [nout]; owned */
  PetscInt factor[2], shift[2];  /* sample, spread */
} EddyGraphStep;

typedef struct {
  PetscInt in, out; /* channels */
  PetscInt nplane, nstep;
  EddyPlane *plane;
  EddyGraphStep *step; /* step 0 loads planes 0 .. in-1, the last one stores */
  PetscInt halo;       /* ghost rows the input needs; set by EddyGraphFinish */
  PetscInt align[2];   /* extents must be multiples of this; set by EddyGraphFinish */
  PetscInt nsum;       /* reductions over space */
  PetscBool pointwise; /* no plane is read at another cell */
} EddyGraph;

/* Building, in an order in which planes are made before they are read. Not collective. Arrays are copied; out receives the new planes.
   Errors: EDDY_ERR_INPUT for weights that are not finite and for more planes or steps than the limits. */
PetscErrorCode EddyGraphCreate(PetscInt in, EddyGraph **g);
PetscErrorCode EddyGraphDestroy(EddyGraph **g);
PetscErrorCode EddyGraphConstant(EddyGraph *g, double value, PetscInt *plane);
/* n results of a function of one to three operands: in [operands][n]; operands of one call on one grid. alpha: leaky, elu. */
PetscErrorCode EddyGraphEach(EddyGraph *g, EddyGraphOp op, double alpha, PetscInt n,
                             const PetscInt in[], PetscInt out[]);
PetscErrorCode EddyGraphAffine(EddyGraph *g, PetscInt n, const double scale[], const double shift[],
                               const PetscInt in[], PetscInt out[]);
/* k, left, by: [x, y]; weight [nout][nin][ky][kx]; bias may be NULL. */
PetscErrorCode EddyGraphMatrix(EddyGraph *g, PetscInt nin, const PetscInt in[], PetscInt nout,
                               const PetscInt k[2], const PetscInt left[2], const PetscInt by[2],
                               const double weight[], const double bias[], PetscInt out[]);
/* Copies with a rule for what lies beyond the domain. */
PetscErrorCode EddyGraphPad(EddyGraph *g, PetscInt n, const PetscInt in[],
                            const EddyGraphEdge edge[2], double outside, PetscInt out[]);
PetscErrorCode EddyGraphSample(EddyGraph *g, PetscInt n, const PetscInt in[],
                               const PetscInt factor[2], const PetscInt shift[2], PetscInt out[]);
/* in [n][factor y][factor x] */
PetscErrorCode EddyGraphSpread(EddyGraph *g, PetscInt n, const PetscInt in[],
                               const PetscInt factor[2], PetscInt out[]);
/* One scalar from n cell planes of one grid: sum, mean, largest, smallest. */
PetscErrorCode EddyGraphReduce(EddyGraph *g, EddyGraphOp op, PetscInt n, const PetscInt in[],
                               PetscInt *out);
/* Ends with the planes to store; sets halo, align. Nothing can be added afterwards. */
PetscErrorCode EddyGraphFinish(EddyGraph *g, PetscInt n, const PetscInt out[]);
/* Products and sums of the matrices per cell of the block, as EddyNetFlops. */
double EddyGraphFlops(const EddyGraph *g);

typedef struct _p_EddyGraphPlan *EddyGraphPlan;
/** Sums of rows from all ranks: fills whole[nq][n] from row[nq][rows] of each rank, whose first row is `first`. Collective. */
typedef PetscErrorCode (*EddyGraphGather)(void *ctx, PetscInt nq, PetscInt n, PetscInt first,
                                          PetscInt rows, const double row[], double whole[]);
/* g is kept: destroy it after the plan. level: at most EddySimdDetect(). Not collective. */
PetscErrorCode EddyGraphPlanCreate(const EddyGraph *g, EddyNetPrecision precision,
                                   EddySimdLevel level, EddyGraphPlan *plan);
PetscErrorCode EddyGraphPlanDestroy(EddyGraphPlan *plan);
/* Work space for the rows start .. start + rows - 1 of a grid of n[0] x n[1]; may be called again. Not collective.
   Errors: EDDY_ERR_INPUT when n is no multiple of align. */
PetscErrorCode EddyGraphPlanSetUp(EddyGraphPlan plan, const PetscInt n[2], PetscInt start,
                                  PetscInt rows);
/** The rows of this rank. Collective when the graph has reductions, then also on ranks without rows. Allocates nothing.
    b        n = {n[0], rows, 1}; in: `halo` ghost rows below and above (columns beyond the row are not read); out without
             ghosts; arrays borrowed; wrap is not looked at. add as for EddyNetBlock
    gather   NULL when this rank has all rows */
PetscErrorCode EddyGraphApply(EddyGraphPlan plan, const EddyNetBlock *b, EddyGraphGather gather,
                              void *ctx);
/* How the steps were grouped, for reports: passes over the rows. */
PetscInt EddyGraphPlanPasses(EddyGraphPlan plan);
#endif
