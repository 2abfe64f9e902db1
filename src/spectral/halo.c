/* SPDX-License-Identifier: BSD-3-Clause */
#include "halo.h"
#include <stdlib.h>
#include <string.h>

/* A row that moves: local row of the sender, row of the ghosted block of the receiver. */
typedef struct {
  PetscInt peer, from, to;
} Move;

struct _p_EddyHalo {
  MPI_Comm comm;
  int rank, size;
  PetscInt nx, ny, hx, hy, rows, ncomp;
  PetscInt nsend, nrecv, ncopy;
  Move *send, *recv, *copy; /* sorted by peer, then by the order of the receiver */
  double *sendbuf, *recvbuf;
  MPI_Request *request;
};

static int Owner(const EddyHalo h, const PetscInt row_start[], PetscInt row)
{
  int r = 0;
  while (row_start[r + 1] <= row)
    ++r;
  return r;
}

/* Ghost rows of rank r in order: depth below, depth above. Calls back the owner of each. */
static void Ghosts(EddyHalo h, const PetscInt row_start[], int r, int pass)
{
  const PetscInt y0 = row_start[r], rows = row_start[r + 1] - y0;
  for (PetscInt g = 0; rows && g < 2 * h->hy; ++g) {
    const PetscInt at = g < h->hy ? g : rows + g; /* row of the ghosted block */
    const PetscInt row = (((y0 + at - h->hy) % h->ny) + h->ny) % h->ny;
    const int owner = Owner(h, row_start, row);
    const Move m = {.from = row - row_start[owner], .to = at};
    if (owner == r && r == h->rank) {
      if (pass)
        h->copy[h->ncopy] = m;
      ++h->ncopy;
    } else if (owner == h->rank) {
      if (pass)
        h->send[h->nsend] = (Move){r, m.from, m.to};
      ++h->nsend;
    } else if (r == h->rank) {
      if (pass)
        h->recv[h->nrecv] = (Move){owner, m.from, m.to};
      ++h->nrecv;
    }
  }
}

static int ByPeer(const void *a, const void *b)
{
  const Move *x = a, *y = b;
  if (x->peer != y->peer)
    return x->peer < y->peer ? -1 : 1;
  return x->to < y->to ? -1 : x->to > y->to;
}

PetscErrorCode EddyHaloCreate(MPI_Comm comm, PetscInt dim, PetscInt nx, PetscInt ny,
                              const PetscInt row_start[], PetscInt depth, PetscInt ncomp,
                              EddyHalo *halo)
{
  EddyHalo h;

  PetscFunctionBeginUser;
  PetscCall(PetscNew(&h));
  *halo = h;
  h->comm = comm;
  PetscCallMPI(MPI_Comm_rank(comm, &h->rank));
  PetscCallMPI(MPI_Comm_size(comm, &h->size));
  h->nx = nx;
  h->ny = ny;
  h->hx = depth;
  h->hy = dim > 1 ? depth : 0;
  h->rows = row_start[h->rank + 1] - row_start[h->rank];
  h->ncomp = ncomp;
  for (int pass = 0; pass < 2; ++pass) {
    h->nsend = h->nrecv = h->ncopy = 0;
    for (int r = 0; r < h->size; ++r)
      Ghosts(h, row_start, r, pass);
    if (!pass)
      PetscCall(
          PetscMalloc3(h->nsend + 1, &h->send, h->nrecv + 1, &h->recv, h->ncopy + 1, &h->copy));
  }
  qsort(h->send, (size_t)h->nsend, sizeof *h->send, ByPeer);
  qsort(h->recv, (size_t)h->nrecv, sizeof *h->recv, ByPeer);
  const size_t line = (size_t)ncomp * (size_t)nx;
  PetscCall(PetscMalloc3((size_t)h->nsend * line + 1, &h->sendbuf, (size_t)h->nrecv * line + 1,
                         &h->recvbuf, 2 * h->size, &h->request));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyHaloDestroy(EddyHalo *halo)
{
  EddyHalo h = *halo;

  PetscFunctionBeginUser;
  if (!h)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree3(h->send, h->recv, h->copy));
  PetscCall(PetscFree3(h->sendbuf, h->recvbuf, h->request));
  PetscCall(PetscFree(*halo));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One row of nx points with its periodic ghosts in x; the halo may be longer than the row. */
static void PutRow(const EddyHalo h, const double *in, double *out)
{
  memcpy(out + h->hx, in, (size_t)h->nx * sizeof *in);
  for (PetscInt i = 1; i <= h->hx; ++i) {
    out[h->hx - i] = in[(h->nx - i % h->nx) % h->nx];
    out[h->hx + h->nx + i - 1] = in[(i - 1) % h->nx];
  }
}

/* End of the run of moves with the same peer that begins at k. */
static PetscInt Run(const Move *m, PetscInt n, PetscInt k)
{
  PetscInt end = k;
  while (end < n && m[end].peer == m[k].peer)
    ++end;
  return end;
}

PetscErrorCode EddyHaloExchange(EddyHalo h, PetscInt ncomp, const double *const in[],
                                double *const out[])
{
  const PetscInt nx = h->nx;
  const size_t line = (size_t)ncomp * (size_t)nx, wide = (size_t)nx + 2 * (size_t)h->hx;
  PetscInt nrequest = 0;

  PetscFunctionBeginUser;
  EddyAssert(ncomp <= h->ncomp, h->comm, "too many components for this halo");
  for (PetscInt k = 0, end; k < h->nrecv; k = end) {
    end = Run(h->recv, h->nrecv, k);
    PetscCallMPI(MPI_Irecv(h->recvbuf + (size_t)k * line, (PetscMPIInt)((size_t)(end - k) * line),
                           MPI_DOUBLE, (int)h->recv[k].peer, 0, h->comm, &h->request[nrequest++]));
  }
  for (PetscInt k = 0, end; k < h->nsend; k = end) {
    end = Run(h->send, h->nsend, k);
    for (PetscInt m = k; m < end; ++m)
      for (PetscInt c = 0; c < ncomp; ++c)
        memcpy(h->sendbuf + (size_t)m * line + (size_t)(c * nx),
               in[c] + (size_t)(h->send[m].from * nx), (size_t)nx * sizeof(double));
    PetscCallMPI(MPI_Isend(h->sendbuf + (size_t)k * line, (PetscMPIInt)((size_t)(end - k) * line),
                           MPI_DOUBLE, (int)h->send[k].peer, 0, h->comm, &h->request[nrequest++]));
  }
  for (PetscInt c = 0; c < ncomp; ++c) {
    for (PetscInt j = 0; j < h->rows; ++j)
      PutRow(h, in[c] + (size_t)(j * nx), out[c] + (size_t)(j + h->hy) * wide);
    for (PetscInt m = 0; m < h->ncopy; ++m)
      PutRow(h, in[c] + (size_t)(h->copy[m].from * nx), out[c] + (size_t)h->copy[m].to * wide);
  }
  PetscCallMPI(MPI_Waitall((PetscMPIInt)nrequest, h->request, MPI_STATUSES_IGNORE));
  for (PetscInt m = 0; m < h->nrecv; ++m)
    for (PetscInt c = 0; c < ncomp; ++c)
      PutRow(h, h->recvbuf + (size_t)m * line + (size_t)(c * nx),
             out[c] + (size_t)h->recv[m].to * wide);
  PetscFunctionReturn(PETSC_SUCCESS);
}
