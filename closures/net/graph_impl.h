/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the graph engine: the plan and its kernels.

   Steps are grouped. A group holds steps on one grid whose operands, but for those of the same point, come from groups before it; it
   goes through its rows once, all steps on a row before the next row. Planes that only their own group reads live in one row (stream),
   which stays in L1; others keep all rows their readers look at (field), with copies of the far side of the row on both sides. Graphs
   that read no other cell have one group, which goes through tiles of cells instead of rows. Groups of scalars have one row of one vector.

   Places of planes are given out again when their last reader is done. */
#ifndef EDDY_GRAPH_IMPL_H
#define EDDY_GRAPH_IMPL_H
#include "graph.h"
#include "net_impl.h"

typedef void (*EddyGraphEachKernel)(const double p[2], PetscInt vectors, const void *a,
                                    const void *b, const void *c, void *y);
typedef struct {
  EddyGraphEachKernel each[EDDY_GRAPH_NEACH];      /* NULL: a map of EddyNetKernels */
  void (*fill)(PetscInt n, double value, void *y); /* n elements */
  double (*first)(const void *y);
  void (*reduce)(EddyGraphOp op, PetscInt n, const void *x, double *r); /* r: so far; unit row */
  void (*sample)(PetscInt n, PetscInt factor, const void *x, void *y);  /* y[i] = x[factor i] */
  void (*spread)(PetscInt n, PetscInt factor, const void *x, void *y);  /* y[factor i] = x[i] */
} EddyGraphKernels;
extern const EddyGraphKernels eddy_graph_kernels_v2[2], eddy_graph_kernels_v3[2],
    eddy_graph_kernels_v4[2]; /* [0] double, [1] float */

typedef struct {
  PetscInt factor[2];
  PetscInt lo, hi;          /* rows kept beyond this rank's own */
  PetscInt reach[2];        /* cells read beyond the row, left and right */
  PetscInt nfield, nstream; /* places for planes */
  /* of one set-up */
  PetscInt n[2]; /* cells of the grid */
  PetscInt own[2], first,
      rows; /* own rows: own[0] .. own[1] - 1 cover the block; first row kept, how many */
  PetscInt pad, ld, vectors;
  size_t base; /* of the fields, elements from the start of the work space */
} EddyGraphLevel;

typedef struct {
  PetscInt stage, level; /* level -1: scalars */
  PetscInt nstep, *step;
  PetscInt lo, hi;    /* rows beyond the own ones, in cells of the level */
  PetscInt nsum, sum; /* reductions in this group, first place of their rows */
} EddyGraphGroup;

typedef struct {
  PetscInt level, slot, group, last; /* group that makes it, last one that reads it */
  PetscBool field;
} EddyGraphPlace;

struct _p_EddyGraphPlan {
  const EddyGraph *g;
  const EddyNetKernels *kernels;
  const EddyGraphKernels *more;
  EddyNetPrecision precision;
  size_t size;
  PetscBool pointwise, ready;
  PetscInt nlevel, ngroup, halo, most; /* most: terms of a matrix */
  EddyGraphLevel level[EDDY_GRAPH_MAX_LEVELS];
  EddyGraphGroup *group;
  PetscInt *order, *stage; /* [nstep] steps by group; stage of each step */
  EddyGraphPlace *place;   /* [nplane] */
  EddyNetMatrix *matrix;   /* [nstep] */
  PetscInt nconstant;      /* rows of constants and scalars */
  ptrdiff_t *offset;       /* [most] */
  PetscInt n[2], start, rows, tile;
  size_t stream, constant; /* elements from the start of the work space */
  PetscInt wide, margin;   /* row of a constant, and its part left of the first cell */
  double *sums, *whole;    /* [reductions of a group][rows], [..][n] */
  char *work;
  void *memory;
};
#endif
