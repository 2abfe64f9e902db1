/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout, memory and redistribution of the transforms; see fourier.h. */
#include "fourier.h"
#include <stdlib.h>
#include <sys/mman.h>

/* Two-megabyte pages cut the cost of the strided row phase; a hint only. */
static PetscErrorCode Allocate(size_t doubles, double **p)
{
  const size_t page = (size_t)1 << 21, bytes = (doubles * sizeof(double) + 63) / 64 * 64;
  PetscFunctionBeginUser;
  *p = aligned_alloc(bytes >= page ? page : 64,
                     bytes >= page ? (bytes + page - 1) / page * page : PetscMax(bytes, 64));
  PetscCheck(*p, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory: %.3g MB for spectral work arrays",
             bytes / 1e6);
#ifdef MADV_HUGEPAGE
  if (bytes >= page)
    (void)madvise(*p, bytes, MADV_HUGEPAGE);
#endif
  memset(*p, 0, bytes);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static size_t BlockSize(EddyFourier f) { return (size_t)f->ncolumn * 16 * f->ld; }

static PetscErrorCode CreateWindow(EddyFourier f)
{
  PetscFunctionBeginUser;
  const MPI_Aint bytes = (MPI_Aint)(BlockSize(f) * (size_t)(f->b1 - f->b0) * sizeof(double)) + 64;
  double *mine;
  PetscCallMPI(MPI_Win_allocate_shared(bytes, 1, MPI_INFO_NULL, f->node_comm, &mine, &f->window));
  PetscCallMPI(MPI_Win_lock_all(MPI_MODE_NOCHECK, f->window));
  for (int r = 0; r < f->size; ++r) {
    MPI_Aint n;
    int unit;
    double *base;
    PetscCallMPI(MPI_Win_shared_query(f->window, r, &n, &unit, &base));
    base = (double *)(((uintptr_t)base + 63) & ~(uintptr_t)63);
    for (PetscInt b = f->block_start[r]; b < f->block_start[r + 1]; ++b)
      f->column[b] = base + BlockSize(f) * (size_t)(b - f->block_start[r]);
    if (r == f->rank)
      memset(base, 0, (size_t)bytes - 64); /* first touch by the owner */
  }
  PetscCallMPI(MPI_Barrier(f->node_comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CreateExchange(EddyFourier f)
{
  PetscFunctionBeginUser;
  PetscCall(Allocate(BlockSize(f) * (size_t)(f->b1 - f->b0), &f->work));
  for (PetscInt b = f->b0; b < f->b1; ++b)
    f->column[b] = f->work + BlockSize(f) * (size_t)(b - f->b0);
  if (f->size == 1)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscInt rows = 8 * (f->group_start[f->rank + 1] - f->group_start[f->rank]);
  PetscCall(Allocate(
      (size_t)(f->b1 - f->b0) * (size_t)(f->ncolumn * 8 * f->group_start[f->size]) * 16, &f->send));
  PetscCall(Allocate((size_t)f->nblock * (size_t)(f->ncolumn * rows) * 16, &f->recv));
  PetscCall(PetscMalloc4(f->size, &f->send_count, f->size, &f->send_disp, f->size, &f->recv_count,
                         f->size, &f->recv_disp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CreateModes(EddyFourier f)
{
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(f->My, &f->ky));
  for (PetscInt m = 0; m < f->My; ++m) {
    const PetscInt j = m < f->Ky ? m : m - f->My;
    f->ky[m] = f->box.dim > 1 ? 2 * PETSC_PI / EddyBoxLength(&f->box, 1) * j : 0;
  }
  PetscCall(PetscCalloc1(PetscMax(1, f->b1 - f->b0), &f->mode));
  for (PetscInt b = f->b0; b < f->b1; ++b) {
    EddyModeBlock *m = &f->mode[b - f->b0];
    m->rows = f->My;
    m->line = f->ny;
    m->lanes = PetscMin(8, f->Kx - 8 * b);
    m->ky = f->ky;
    m->comp_stride = 16 * (size_t)f->My;
    m->pair_stride = 32 * f->ld;
    for (PetscInt l = 0; l < m->lanes; ++l)
      m->kx[l] = 2 * PETSC_PI / EddyBoxLength(&f->box, 0) * (8 * b + l);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFourierCreate(MPI_Comm comm, EddySimdLevel level, EddyExchange exchange,
                                 const EddyBox *box, PetscInt nx, PetscInt ny, PetscInt Kx,
                                 PetscInt Ky, PetscInt ncolumn, PetscBool alone,
                                 EddyFourier *fourier)
{
  static const EddyFourierKernels *const kernels[] = {
      &eddy_fourier_kernels_v2, &eddy_fourier_kernels_v3, &eddy_fourier_kernels_v4};
  EddyFourier f;
  int node;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&f));
  *fourier = f;
  f->comm = comm;
  PetscCallMPI(MPI_Comm_rank(comm, &f->rank));
  PetscCallMPI(MPI_Comm_size(comm, &f->size));
  f->box = *box;
  f->nx = nx, f->ny = ny, f->Kx = Kx, f->Ky = Ky, f->My = 2 * Ky - 1;
  f->ncolumn = ncolumn;
  f->kernels = kernels[level];
  f->window = MPI_WIN_NULL;
  f->node_comm = MPI_COMM_NULL;
  f->ld =
      (size_t)(ny >= 32 ? ny + 8
                        : ny); /* padding: equal places of the blocks do not share a cache set */
  f->nblock = (Kx + 7) / 8;
  const PetscInt groups = (ny + 7) / 8, deals = (ny + 15) / 16;
  PetscCall(PetscMalloc2(f->size + 1, &f->block_start, f->size + 1, &f->group_start));
  for (int r = 0; r <= f->size; ++r) {
    f->block_start[r] = (PetscInt)((PetscInt64)f->nblock * r / f->size);
    f->group_start[r] = PetscMin(groups, 2 * (PetscInt)((PetscInt64)deals * r / f->size));
  }
  f->b0 = f->block_start[f->rank], f->b1 = f->block_start[f->rank + 1];
  f->y0 = PetscMin(ny, 8 * f->group_start[f->rank]),
  f->y1 = PetscMin(ny, 8 * f->group_start[f->rank + 1]);
  f->alone = alone;
  f->split = (PetscBool)(alone && ny == 1 && nx % 16 == 0);
  f->npoint = nx;
  if (f->split)
    PetscCall(EddyFourierSplitCreate(f, level));
  PetscCall(EddyLineCreate(f->npoint, level, &f->line_x));
  PetscCall(EddyLineCreate(ny, level, &f->line_y));
  PetscCall(CreateModes(f));
  PetscCall(PetscCalloc2(f->nblock, &f->column, f->nblock, &f->row_base));
  PetscCall(Allocate((size_t)((ncolumn + 1) / 2) * 16 * (size_t)nx, &f->row));
  PetscCallMPI(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &f->node_comm));
  PetscCallMPI(MPI_Comm_size(f->node_comm, &node));
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &node, 1, MPI_INT, MPI_MIN, comm));
  PetscCheck(node == f->size || exchange != EDDY_EXCHANGE_SHARED, comm, EDDY_ERR_INPUT,
             "disc_exchange shared needs all ranks on one node");
  f->exchange = f->size > 1 && node == f->size && exchange != EDDY_EXCHANGE_ALLTOALL
                    ? EDDY_EXCHANGE_SHARED
                    : EDDY_EXCHANGE_ALLTOALL;
  if (f->exchange == EDDY_EXCHANGE_SHARED)
    PetscCall(CreateWindow(f));
  else
    PetscCall(CreateExchange(f));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFourierDestroy(EddyFourier *fourier)
{
  EddyFourier f = *fourier;
  PetscFunctionBeginUser;
  if (!f)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (f->window != MPI_WIN_NULL) {
    PetscCallMPI(MPI_Win_unlock_all(f->window));
    PetscCallMPI(MPI_Win_free(&f->window));
  }
  if (f->node_comm != MPI_COMM_NULL)
    PetscCallMPI(MPI_Comm_free(&f->node_comm));
  free(f->work);
  free(f->send);
  free(f->recv);
  free(f->row);
  PetscCall(PetscFree4(f->send_count, f->send_disp, f->recv_count, f->recv_disp));
  PetscCall(PetscFree2(f->column, f->row_base));
  PetscCall(PetscFree2(f->block_start, f->group_start));
  PetscCall(PetscFree(f->ky));
  PetscCall(PetscFree(f->mode));
  PetscCall(EddyFourierSplitDestroy(f));
  PetscCall(EddyLineDestroy(&f->line_x));
  PetscCall(EddyLineDestroy(&f->line_y));
  PetscCall(PetscFree(*fourier));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void ZeroGap(EddyFourier f, PetscInt local, PetscInt column, PetscInt ncolumn)
{
  for (PetscInt s = column; s < column + ncolumn; ++s)
    memset(EddyFourierColumn(f, local, s) + 16 * (size_t)f->Ky, 0,
           (size_t)(f->ny - f->My) * 16 * sizeof(double));
}

void EddyFourierZeroGap(EddyFourier f, PetscInt local, PetscInt ncolumn)
{
  ZeroGap(f, local, 0, ncolumn);
}

void EddyFourierInverseColumns(EddyFourier f, PetscInt local, PetscInt ncolumn)
{
  for (PetscInt s = 0; s < ncolumn; ++s)
    EddyLineInverse(f->line_y, EddyFourierColumn(f, local, s));
}

void EddyFourierForwardColumns(EddyFourier f, PetscInt local, PetscInt ncolumn)
{
  for (PetscInt s = 0; s < ncolumn; ++s)
    EddyLineForward(f->line_y, EddyFourierColumn(f, local, s));
}

/* Places of row m of the modes in a column, and of its mirror -ky. */
static void Places(EddyFourier f, PetscInt m, size_t *up, size_t *down)
{
  const PetscInt y = m < f->Ky ? m : f->ny - (f->My - m);
  *up = 16 * (size_t)y, *down = y ? 16 * (size_t)(f->ny - y) : 0;
}

/* Components that share lines, of those that are left of a field. */
static PetscInt Together(EddyFourier f, PetscInt left) { return f->alone || left == 1 ? 1 : 2; }

void EddyFourierPack(EddyFourier f, PetscInt local, PetscInt column, PetscInt ncomp,
                     const double *u)
{
  size_t up, down;
  ZeroGap(f, local, column, ncomp);
  for (PetscInt c = 0, n; c < ncomp; c += n) {
    n = Together(f, ncomp - c);
    const double *a = u + (size_t)(c * f->My) * 16, *b = a + (size_t)f->My * 16;
    double *plus = EddyFourierColumn(f, local, column + c), *minus = plus + 16 * f->ld;
    for (PetscInt m = 0; m < f->My; ++m, a += 16, b += 16) {
      Places(f, m, &up, &down);
      if (n == 1) {
        memcpy(plus + up, a, 16 * sizeof(double));
        continue;
      }
      for (int l = 0; l < 8; ++l) {
        plus[up + l] = a[l] - b[8 + l], plus[up + 8 + l] = a[8 + l] + b[l];
        minus[down + l] = a[l] + b[8 + l], minus[down + 8 + l] = b[l] - a[8 + l];
      }
    }
    EddyLineInverse(f->line_y, plus);
    if (n == 2)
      EddyLineInverse(f->line_y, minus);
  }
}

void EddyFourierUnpack(EddyFourier f, PetscInt local, PetscInt column, PetscInt ncomp, double *u)
{
  size_t up, down;
  for (PetscInt c = 0, n; c < ncomp; c += n) {
    n = Together(f, ncomp - c);
    double *a = u + (size_t)(c * f->My) * 16, *b = a + (size_t)f->My * 16;
    double *plus = EddyFourierColumn(f, local, column + c), *minus = plus + 16 * f->ld;
    EddyLineForward(f->line_y, plus);
    if (n == 2)
      EddyLineForward(f->line_y, minus);
    for (PetscInt m = 0; m < f->My; ++m, a += 16, b += 16) {
      Places(f, m, &up, &down);
      if (n == 1) {
        memcpy(a, plus + up, 16 * sizeof(double));
        if (f->b0 + local == 0) /* kx = 0: exactly conjugate to -ky */
          a[0] = .5 * (plus[up] + plus[down]), a[8] = .5 * (plus[up + 8] - plus[down + 8]);
        continue;
      }
      for (int l = 0; l < 8; ++l) {
        a[l] = .5 * (plus[up + l] + minus[down + l]);
        a[8 + l] = .5 * (plus[up + 8 + l] - minus[down + 8 + l]);
        b[l] = .5 * (plus[up + 8 + l] + minus[down + 8 + l]);
        b[8 + l] = .5 * (minus[down + l] - plus[up + l]);
      }
    }
  }
}

/* Places in a column of the eight rows of global group g; -1 beyond ny. */
static void GroupRows(EddyFourier f, PetscInt g, PetscBool natural, PetscInt rows[8])
{
  for (PetscInt l = 0; l < 8; ++l) {
    const PetscInt y = 8 * g + l;
    rows[l] = y >= f->ny ? -1 : (natural ? f->line_y->pos[y] : y);
  }
}

/* Copies between columns of this rank and the packed buffer for rank r: [block][column][row of r][16]. */
static void Copy(EddyFourier f, int r, PetscInt ncolumn, PetscBool natural, PetscBool back)
{
  double *buffer = f->send + f->send_disp[r];
  for (PetscInt b = f->b0; b < f->b1; ++b)
    for (PetscInt s = 0; s < ncolumn; ++s) {
      double *column = f->column[b] + (size_t)s * 16 * f->ld;
      for (PetscInt g = f->group_start[r]; g < f->group_start[r + 1]; ++g) {
        PetscInt rows[8];
        GroupRows(f, g, natural, rows);
        for (int l = 0; l < 8; ++l, buffer += 16)
          if (rows[l] >= 0) {
            if (back)
              memcpy(column + 16 * (size_t)rows[l], buffer, 16 * sizeof(double));
            else
              memcpy(buffer, column + 16 * (size_t)rows[l], 16 * sizeof(double));
          }
      }
    }
}

static PetscErrorCode Exchange(EddyFourier f, PetscInt ncolumn, PetscBool natural, PetscBool back)
{
  PetscFunctionBeginUser;
  int sent = 0, received = 0;
  const PetscInt mine = 8 * (f->group_start[f->rank + 1] - f->group_start[f->rank]);
  for (int r = 0; r < f->size; ++r) {
    f->send_count[r] =
        (int)((f->b1 - f->b0) * ncolumn * 8 * (f->group_start[r + 1] - f->group_start[r]) * 16);
    f->recv_count[r] = (int)((f->block_start[r + 1] - f->block_start[r]) * ncolumn * mine * 16);
    f->send_disp[r] = sent, f->recv_disp[r] = received;
    sent += f->send_count[r], received += f->recv_count[r];
  }
  if (back) {
    PetscCallMPI(MPI_Alltoallv(f->recv, f->recv_count, f->recv_disp, MPI_DOUBLE, f->send,
                               f->send_count, f->send_disp, MPI_DOUBLE, f->comm));
    for (int r = 0; r < f->size; ++r)
      Copy(f, r, ncolumn, natural, PETSC_TRUE);
  } else {
    for (int r = 0; r < f->size; ++r)
      Copy(f, r, ncolumn, natural, PETSC_FALSE);
    PetscCallMPI(MPI_Alltoallv(f->send, f->send_count, f->send_disp, MPI_DOUBLE, f->recv,
                               f->recv_count, f->recv_disp, MPI_DOUBLE, f->comm));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode WindowSync(EddyFourier f)
{
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Win_sync(f->window));
  PetscCallMPI(MPI_Barrier(f->node_comm));
  PetscCallMPI(MPI_Win_sync(f->window));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFourierRowsBegin(EddyFourier f, PetscInt ncolumn, PetscBool natural)
{
  PetscFunctionBeginUser;
  f->active = ncolumn;
  if (f->size == 1)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (f->exchange == EDDY_EXCHANGE_SHARED)
    PetscCall(WindowSync(f));
  else
    PetscCall(Exchange(f, ncolumn, natural, PETSC_FALSE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFourierRowsEnd(EddyFourier f, PetscInt ncolumn, PetscBool natural)
{
  PetscFunctionBeginUser;
  if (f->size == 1)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (f->exchange == EDDY_EXCHANGE_SHARED)
    PetscCall(WindowSync(f));
  else
    PetscCall(Exchange(f, ncolumn, natural, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscInt Eights(EddyFourier f)
{
  return f->group_start[f->rank + 1] - f->group_start[f->rank];
}

PetscInt EddyFourierGroups(EddyFourier f, PetscInt nfield)
{
  return nfield == 1 ? (Eights(f) + 1) / 2 : Eights(f);
}

/* Bases of all blocks for a column, stride to the next column, and the rows of n groups of eight from local group g on. */
static size_t RowBases(EddyFourier f, PetscInt g, PetscInt n, PetscInt column, PetscBool natural,
                       PetscInt rows[])
{
  for (PetscInt i = 0; i < n; ++i)
    GroupRows(f, f->group_start[f->rank] + g + i, natural, rows + 8 * i);
  if (f->size == 1 || f->exchange == EDDY_EXCHANGE_SHARED) {
    for (PetscInt b = 0; b < f->nblock; ++b)
      f->row_base[b] = f->column[b] + (size_t)column * 16 * f->ld;
    return 16 * f->ld;
  }
  const size_t mine = (size_t)(8 * Eights(f)) * 16;
  for (PetscInt b = 0; b < f->nblock; ++b)
    f->row_base[b] = f->recv + ((size_t)b * (size_t)f->active + (size_t)column) * mine;
  for (PetscInt l = 0; l < 8 * n; ++l)
    if (rows[l] >= 0)
      rows[l] = 8 * g + l;
  return mine;
}

/* Group g of a pair of fields, or of one alone, from its first column into z, and back. */
static void Load(EddyFourier f, PetscInt g, PetscInt column, PetscBool alone, PetscBool natural,
                 double *z)
{
  PetscInt rows[16];
  const PetscInt n = alone ? 2 : 1;
  const size_t side = RowBases(f, n * g, n, column, natural, rows);
  const double *const *base = (const double *const *)f->row_base;
  if (f->split)
    EddyFourierSplitLoad(f, base, z);
  else if (alone)
    f->kernels->LoneLoad(f->Kx, f->nx, base, rows, z);
  else
    f->kernels->RowLoad(f->nblock, f->Kx, f->nx, base, side, rows, z);
  EddyLineInverse(f->line_x, z);
}

static void Store(EddyFourier f, PetscInt g, PetscInt column, PetscBool alone, PetscBool natural,
                  double *z)
{
  PetscInt rows[16];
  const PetscInt n = alone ? 2 : 1;
  const double scale = 1 / ((double)f->nx * (double)f->ny);
  const size_t side = RowBases(f, n * g, n, column, natural, rows);
  EddyLineForward(f->line_x, z);
  if (f->split)
    EddyFourierSplitStore(f, f->row_base, scale, z);
  else if (alone)
    f->kernels->LoneStore(f->Kx, f->nx, f->row_base, rows, scale, z);
  else
    f->kernels->RowStore(f->nblock, f->Kx, f->nx, f->row_base, side, rows, scale, z);
}

void EddyFourierRowLoad(EddyFourier f, PetscInt g, PetscInt nfield, PetscBool natural)
{
  for (PetscInt c = 0; c < nfield; c += 2)
    Load(f, g, c, (PetscBool)(nfield == 1), natural, f->row + (size_t)c * 8 * (size_t)f->npoint);
}

void EddyFourierRowStore(EddyFourier f, PetscInt g, PetscInt nfield, PetscBool natural)
{
  for (PetscInt c = 0; c < nfield; c += 2)
    Store(f, g, c, (PetscBool)(nfield == 1), natural, f->row + (size_t)c * 8 * (size_t)f->npoint);
}

static PetscInt Sum(PetscInt n, const PetscInt a[])
{
  PetscInt sum = 0;
  for (PetscInt i = 0; i < n; ++i)
    sum += a[i];
  return sum;
}

/* Rows of one half of the row buffer: number, at most eight, from row y of this rank on. */
static PetscInt Rows(EddyFourier f, PetscInt y)
{
  return PetscMax(0, PetscMin(8, f->y1 - f->y0 - y));
}

PetscErrorCode EddyFourierToReal(EddyFourier f, PetscInt nfield, const PetscInt ncomp[],
                                 double *real)
{
  const size_t nx = (size_t)f->nx, field = (size_t)(f->y1 - f->y0) * nx;
  const PetscInt ncolumn = Sum(nfield, ncomp), *pos = f->line_x->pos;
  PetscFunctionBeginUser;
  PetscCall(EddyFourierRowsBegin(f, ncolumn, PETSC_TRUE));
  for (PetscInt i = 0, column = 0; i < nfield; column += ncomp[i++])
    for (PetscInt c = 0; c < ncomp[i]; c += Together(f, ncomp[i] - c)) {
      const PetscBool alone = (PetscBool)(Together(f, ncomp[i] - c) == 1);
      double *re = real + (size_t)(column + c) * field, *im = alone ? re + 8 * nx : re + field;
      for (PetscInt g = 0, y = 0; g < EddyFourierGroups(f, alone ? 1 : 2); ++g) {
        Load(f, g, column + c, alone, PETSC_TRUE, f->row);
        if (f->split) {
          for (PetscInt x = 0; x < f->npoint; ++x)
            memcpy(re + 16 * x, f->row + 16 * pos[x], 16 * sizeof(double));
          continue;
        }
        f->kernels->PointsOut(f->nx, pos, Rows(f, y), f->row, re + (size_t)y * nx);
        f->kernels->PointsOut(f->nx, pos, Rows(f, alone ? y + 8 : y), f->row + 8,
                              im + (size_t)y * nx);
        y += alone ? 16 : 8;
      }
    }
  PetscCall(EddyFourierRowsEnd(f, ncolumn, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFourierFromReal(EddyFourier f, PetscInt nfield, const PetscInt ncomp[],
                                   const double *real)
{
  const size_t nx = (size_t)f->nx, field = (size_t)(f->y1 - f->y0) * nx;
  const PetscInt ncolumn = Sum(nfield, ncomp), *pos = f->line_x->pos;
  PetscFunctionBeginUser;
  f->active = ncolumn;
  /* another rank may still read its columns from the call before */
  if (f->size > 1 && f->exchange == EDDY_EXCHANGE_SHARED)
    PetscCall(WindowSync(f));
  for (PetscInt i = 0, column = 0; i < nfield; column += ncomp[i++])
    for (PetscInt c = 0; c < ncomp[i]; c += Together(f, ncomp[i] - c)) {
      const PetscBool alone = (PetscBool)(Together(f, ncomp[i] - c) == 1);
      const double *re = real + (size_t)(column + c) * field,
                   *im = alone ? re + 8 * nx : re + field;
      for (PetscInt g = 0, y = 0; g < EddyFourierGroups(f, alone ? 1 : 2); ++g) {
        const PetscInt n = Rows(f, y), m = Rows(f, alone ? y + 8 : y);
        if (f->split) {
          for (PetscInt x = 0; x < f->npoint; ++x)
            memcpy(f->row + 16 * pos[x], re + 16 * x, 16 * sizeof(double));
        } else {
          if (n < 8 || m < 8)
            memset(f->row, 0, 16 * nx * sizeof(double));
          f->kernels->PointsIn(f->nx, pos, n, re + (size_t)y * nx, f->row);
          f->kernels->PointsIn(f->nx, pos, m, im + (size_t)y * nx, f->row + 8);
        }
        Store(f, g, column + c, alone, PETSC_TRUE, f->row);
        y += alone ? 16 : 8;
      }
    }
  PetscCall(EddyFourierRowsEnd(f, ncolumn, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}
