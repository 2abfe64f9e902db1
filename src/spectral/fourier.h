/* SPDX-License-Identifier: BSD-3-Clause */
/* Distributed transforms between retained modes and points of a periodic box (1-D and 2-D).

   Modes. kx = 0..Kx-1, ky = -(Ky-1)..Ky-1. Neighbouring kx are grouped in blocks of eight lanes; block b holds kx = 8b..8b+7 for all ky:
     u[block][comp][row][2][8],  row m = 0..My-1 is ky = 0..Ky-1, -(Ky-1)..-1,  My = 2 Ky - 1;
   lanes kx >= Kx are zero. Blocks are dealt to ranks in contiguous ranges (a rank may have none). The eight-lane form makes every loop over modes a
   vector loop, and a column transform eight lines at once.

   Work array. Lines of complex pairs a0 + i a1 (two real fields in one complex transform): per block, pair and side (+kx, -kx) one column
     W[block][pair][side][ny + pad][2][8].
   Columns are transformed in place. Rows are taken eight at a time: loaded from all blocks with an 8 x 8 transpose into a row buffer [pair][nx][2][8]
   (lanes = rows), transformed, multiplied, transformed back and stored, so that fields in real space never travel to memory.

   Redistribution between columns (blocks over ranks) and rows (groups of eight rows over ranks):
     one rank: none;  all ranks on one node: W lies in a shared MPI window and rows are read where they are (no copy, two barriers);
     else: packed MPI_Alltoallv. All three give the same bits, for any number of ranks. */
#ifndef EDDY_FOURIER_H
#define EDDY_FOURIER_H
#include "line.h"
#include "physics.h"

typedef enum { EDDY_EXCHANGE_AUTO, EDDY_EXCHANGE_SHARED, EDDY_EXCHANGE_ALLTOALL } EddyExchange;

/* Kernels of one level (fourier_kernels.c). rows[l]: place of row l of the group in each column, -1 for none. */
typedef struct {
  /* row buffer of one pair from `nblock` blocks: base[b] + side stride; z[nx][2][8], natural kx order; the gap is zeroed. */
  void (*RowLoad)(PetscInt nblock, PetscInt Kx, PetscInt nx, const double *const *base,
                  size_t side_stride, const PetscInt rows[8], double *z);
  /* the inverse, scaled; the lane of kx = 0 on the minus side gets the plus value; unused lanes get zero. */
  /* points of nrow rows (lanes 0..nrow-1) out of one half of a row buffer (re or im, z + 8) into out[row * nx + x] and back; pos: place of point x */
  void (*PointsOut)(PetscInt nx, const PetscInt *pos, PetscInt nrow, const double *z, double *out);
  void (*PointsIn)(PetscInt nx, const PetscInt *pos, PetscInt nrow, const double *in, double *z);
  void (*RowStore)(PetscInt nblock, PetscInt Kx, PetscInt nx, double *const *base,
                   size_t side_stride, const PetscInt rows[8], double scale, const double *z);
} EddyFourierKernels;
extern const EddyFourierKernels eddy_fourier_kernels_v2, eddy_fourier_kernels_v3,
    eddy_fourier_kernels_v4;

typedef struct _p_EddyFourier {
  MPI_Comm comm;
  int rank, size;
  EddyBox box;
  PetscInt nx, ny;       /* transform grid */
  PetscInt Kx, Ky, My;   /* retained modes */
  PetscInt nblock;       /* all blocks */
  PetscInt *block_start; /* [size+1] first block of each rank */
  PetscInt b0, b1;       /* blocks of this rank */
  PetscInt *group_start; /* [size+1] groups of eight rows of each rank */
  PetscInt y0, y1;       /* natural rows of this rank: 8 group_start .. */
  PetscInt npair;        /* capacity of W and of the row buffer */
  size_t ld;             /* rows of a column with padding */
  EddyModeBlock *mode;   /* [b1-b0] per local block; comp_stride = 16 My, pair_stride = 32 ld */
  double *ky;            /* [My] */
  EddyLine line_x, line_y;
  const EddyFourierKernels *kernels;
  EddyExchange exchange;
  MPI_Win window;
  MPI_Comm node_comm; /* used for the barriers of the shared window */
  double *work;       /* W of this rank's blocks */
  double *
      *column; /* [nblock] W of every block that this rank can address (own, or all when shared) */
  double *send, *recv; /* alltoall only */
  PetscInt active;     /* pairs of the present row phase */
  int *send_count, *send_disp, *recv_count, *recv_disp;
  double **row_base; /* [nblock] scratch: base of each block for the row phase */
  double *row;       /* [npair][nx][2][8] */
} * EddyFourier;

/* Kx, Ky retained (Kx <= nx/2, ...); npair complex pairs at most. Collective. Errors: sizes with other prime factors. */
PetscErrorCode EddyFourierCreate(MPI_Comm comm, EddySimdLevel level, EddyExchange exchange,
                                 const EddyBox *box, PetscInt nx, PetscInt ny, PetscInt Kx,
                                 PetscInt Ky, PetscInt npair, EddyFourier *f);
PetscErrorCode EddyFourierDestroy(EddyFourier *f);
/* Doubles of a state with ncomp components on this rank. */
static inline size_t EddyFourierStateSize(EddyFourier f, PetscInt ncomp)
{
  return (size_t)(f->b1 - f->b0) * (size_t)(ncomp * f->My) * 16;
}

/* Columns of one local block (index from b0), pairs 0..npair-1: plus side of pair 0, and the stride to the minus side is 16 ld. */
static inline double *EddyFourierColumn(EddyFourier f, PetscInt local, PetscInt pair)
{
  return f->column[f->b0 + local] + (size_t)(2 * pair) * 16 * f->ld;
}
/* Zero the rows of a column pair that no mode fills (before ToReal). */
void EddyFourierZeroGap(EddyFourier f, PetscInt local, PetscInt npair);
void EddyFourierInverseColumns(EddyFourier f, PetscInt local, PetscInt npair);
void EddyFourierForwardColumns(EddyFourier f, PetscInt local, PetscInt npair);

/* Pairs of real fields <-> coefficients of ncomp components, [ncomp][My][2][8], of one local block: component c is member c % 2 of pair c / 2 (a missing partner is zero). */
void EddyFourierPack(EddyFourier f, PetscInt local, PetscInt ncomp, const double *u);
void EddyFourierUnpack(EddyFourier f, PetscInt local, PetscInt ncomp, double *u);

/* Row phase: columns -> rows and back. Begin after the inverse columns; End before the forward columns of the results. Collective.
   natural: rows of a group are neighbours in y (real-space blocks); else in the order of the transform (faster, for products). */
PetscErrorCode EddyFourierRowsBegin(EddyFourier f, PetscInt npair, PetscBool natural);
PetscErrorCode EddyFourierRowsEnd(EddyFourier f, PetscInt npair, PetscBool natural);
/* Groups of this rank: 0..*n-1. Load: modes -> points of group g in f->row, pair p at p*16*nx (point x at line_x->pos[x]); Store: points -> modes, scaled by 1/(nx ny). */
PetscInt EddyFourierGroups(EddyFourier f);
void EddyFourierRowLoad(EddyFourier f, PetscInt g, PetscInt npair, PetscBool natural);
void EddyFourierRowStore(EddyFourier f, PetscInt g, PetscInt npair, PetscBool natural);

/* Modes -> nfield real fields and back (pair p holds fields 2p and 2p + 1, a missing last partner is not stored, or read as zero).
   real: [nfield][y1-y0][nx] of this rank's rows. The caller fills or reads columns. */
PetscErrorCode EddyFourierToReal(EddyFourier f, PetscInt nfield, double *real);
PetscErrorCode EddyFourierFromReal(EddyFourier f, PetscInt nfield, const double *real);
#endif
