/* SPDX-License-Identifier: BSD-3-Clause */
/* Distributed transforms between retained modes and points of a periodic box (1-D and 2-D).

   Modes. kx = 0..Kx-1, ky = -(Ky-1)..Ky-1. Neighbouring kx are grouped in blocks of eight lanes; block b holds kx = 8b..8b+7 for all ky:
     u[block][comp][row][2][8],  row m = 0..My-1 is ky = 0..Ky-1, -(Ky-1)..-1,  My = 2 Ky - 1;
   lanes kx >= Kx are zero. Blocks are dealt to ranks in contiguous ranges (a rank may have none). The eight-lane form makes every loop over modes a
   vector loop, and a column transform eight lines at once.

   Work array. A column is what one kx keeps of a line in y:  W[block][column][ny + pad][2][8].  Two real fields a0, a1 in one complex line a0 + i a1 have two
   columns (+kx, -kx). A field alone has one, the other being its conjugate; then two of its rows, y and y + 8 of a group of sixteen, share a complex line in x.
   Columns are transformed in place. Rows are taken eight at a time (sixteen of a field alone): loaded from all blocks with an 8 x 8 transpose into a row buffer
   [pair][nx][2][8] (lanes = rows; alone: rows y re, rows y + 8 im), transformed, multiplied, transformed back and stored, so that fields in real space never
   travel to memory. Ranks own groups of sixteen rows, so that what shares a line, and with it the bits, does not depend on their number.

   Redistribution between columns (blocks over ranks) and rows (groups of sixteen rows over ranks):
     one rank: none;  all ranks on one node: W lies in a shared MPI window and rows are read where they are (no copy, two barriers);
     else: packed MPI_Alltoallv. All three give the same bits, for any number of ranks. */
#ifndef EDDY_FOURIER_H
#define EDDY_FOURIER_H
#include "line.h"
#include "physics.h"

typedef enum { EDDY_EXCHANGE_AUTO, EDDY_EXCHANGE_SHARED, EDDY_EXCHANGE_ALLTOALL } EddyExchange;

/* Kernels of one level (fourier_kernels.c). rows[l]: place of row l of the group in each column, -1 for none. z[nx][2][8], natural kx order. */
typedef struct {
  /* row buffer of one pair from `nblock` blocks: base[b] and, of -kx, base[b] + side; the gap is zeroed. */
  void (*RowLoad)(PetscInt nblock, PetscInt Kx, PetscInt nx, const double *const *base, size_t side,
                  const PetscInt rows[8], double *z);
  /* the inverse, scaled; the lane of kx = 0 on the minus side gets the plus value; unused lanes get zero. */
  void (*RowStore)(PetscInt nblock, PetscInt Kx, PetscInt nx, double *const *base, size_t side,
                   const PetscInt rows[8], double scale, const double *z);
  /* The same for sixteen rows of a field alone; a row without partner is its own, so that products meet no values but those of the field. */
  void (*LoneLoad)(PetscInt Kx, PetscInt nx, const double *const *base, const PetscInt rows[16],
                   double *z);
  void (*LoneStore)(PetscInt Kx, PetscInt nx, double *const *base, const PetscInt rows[16],
                    double scale, const double *z);
  /* z[n][2][8] times root[n][2][8], conjugate when sign < 0 */
  void (*Rotate)(PetscInt n, const double *root, int sign, double *z);
  /* points of nrow rows (lanes 0..nrow-1) out of one half of a row buffer (re or im, z + 8) into out[row * nx + x] and back; pos: place of point x */
  void (*PointsOut)(PetscInt nx, const PetscInt *pos, PetscInt nrow, const double *z, double *out);
  void (*PointsIn)(PetscInt nx, const PetscInt *pos, PetscInt nrow, const double *in, double *z);
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
  PetscInt
      *group_start; /* [size+1] groups of eight rows of each rank, even numbers but for the last */
  PetscInt y0, y1;  /* natural rows of this rank: 8 group_start .. */
  PetscInt ncolumn; /* capacity of W; the row buffer holds half as many lines */
  size_t ld;        /* rows of a column with padding */
  EddyModeBlock *mode; /* [b1-b0] per local block; comp_stride = 16 My, pair_stride = 32 ld */
  double *ky;          /* [My] */
  EddyLine line_x, line_y;
  const EddyFourierKernels *kernels;
  EddyExchange exchange;
  MPI_Win window;
  MPI_Comm node_comm; /* used for the barriers of the shared window */
  double *work;       /* W of this rank's blocks */
  double *
      *column; /* [nblock] W of every block that this rank can address (own, or all when shared) */
  double *send, *recv; /* alltoall only */
  PetscInt active;     /* columns of the present row phase */
  int *send_count, *send_disp, *recv_count, *recv_disp;
  double **row_base; /* [nblock] scratch: base of each block for the row phase */
  double *row;       /* [(ncolumn + 1) / 2][nx][2][8] */
  PetscInt npoint;   /* points of a line in the row buffer: nx, or nx / 16 when split */
  /* Split: one dimension and one field (fourier_split.c). */
  PetscBool alone, split;
  EddyLine line_16;
  double *spectrum, *sixteen, *root, **split_base;
} * EddyFourier;

/* Kx, Ky retained (Kx <= nx/2, ...); ncolumn columns at most: one per real field. alone: all fields go alone; then a line of one dimension is cut into
   sixteen rows, if its length allows. Collective. Errors: sizes with other prime factors. */
PetscErrorCode EddyFourierCreate(MPI_Comm comm, EddySimdLevel level, EddyExchange exchange,
                                 const EddyBox *box, PetscInt nx, PetscInt ny, PetscInt Kx,
                                 PetscInt Ky, PetscInt ncolumn, PetscBool alone, EddyFourier *f);
PetscErrorCode EddyFourierDestroy(EddyFourier *f);
/* Doubles of a state with ncomp components on this rank. */
static inline size_t EddyFourierStateSize(EddyFourier f, PetscInt ncomp)
{
  return (size_t)(f->b1 - f->b0) * (size_t)(ncomp * f->My) * 16;
}

/* A column of one local block (index from b0); the next column is 16 ld further. */
static inline double *EddyFourierColumn(EddyFourier f, PetscInt local, PetscInt column)
{
  return f->column[f->b0 + local] + (size_t)column * 16 * f->ld;
}
/* Zero the rows of columns 0..ncolumn-1 that no mode fills (before ToReal). */
void EddyFourierZeroGap(EddyFourier f, PetscInt local, PetscInt ncolumn);
void EddyFourierInverseColumns(EddyFourier f, PetscInt local, PetscInt ncolumn);
void EddyFourierForwardColumns(EddyFourier f, PetscInt local, PetscInt ncolumn);

/* Coefficients of ncomp components, [ncomp][My][2][8], of one local block <-> their ncomp columns from `column` on, transformed in y: components go in pairs, an
   odd last one is alone. */
void EddyFourierPack(EddyFourier f, PetscInt local, PetscInt column, PetscInt ncomp,
                     const double *u);
void EddyFourierUnpack(EddyFourier f, PetscInt local, PetscInt column, PetscInt ncomp, double *u);

/* Row phase: columns -> rows and back. Begin after the inverse columns; End before the forward columns of the results. Collective.
   natural: rows of a group are neighbours in y (real-space blocks); else in the order of the transform (faster, for products). */
PetscErrorCode EddyFourierRowsBegin(EddyFourier f, PetscInt ncolumn, PetscBool natural);
PetscErrorCode EddyFourierRowsEnd(EddyFourier f, PetscInt ncolumn, PetscBool natural);
/* Groups of this rank: 0..n-1, of eight rows, of sixteen when nfield is 1 (else it is even). Load: modes -> points of group g in f->row, pair p at p*16*npoint (point x at
   line_x->pos[x]; split: point 16 x + s at line_x->pos[x], lane s of 16); Store: points -> modes, scaled by 1/(nx ny). */
PetscInt EddyFourierGroups(EddyFourier f, PetscInt nfield);
void EddyFourierRowLoad(EddyFourier f, PetscInt g, PetscInt nfield, PetscBool natural);
void EddyFourierRowStore(EddyFourier f, PetscInt g, PetscInt nfield, PetscBool natural);

/* Columns -> real fields and back: nfield fields of ncomp[i] components, columns one after another as Pack leaves them.
   real: [sum of ncomp][y1-y0][nx] of this rank's rows. The caller fills or reads columns. Collective. */
PetscErrorCode EddyFourierToReal(EddyFourier f, PetscInt nfield, const PetscInt ncomp[],
                                 double *real);
PetscErrorCode EddyFourierFromReal(EddyFourier f, PetscInt nfield, const PetscInt ncomp[],
                                   const double *real);

/* A line as sixteen rows: base[b][2][8] of all kx <-> z[npoint][2][8], natural order of the short line. */
PetscErrorCode EddyFourierSplitCreate(EddyFourier f, EddySimdLevel level);
PetscErrorCode EddyFourierSplitDestroy(EddyFourier f);
void EddyFourierSplitLoad(EddyFourier f, const double *const *base, double *z);
void EddyFourierSplitStore(EddyFourier f, double *const *base, double scale, const double *z);
#endif
