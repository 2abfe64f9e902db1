/* SPDX-License-Identifier: BSD-3-Clause */
#include "collect.h"
#include <string.h>

PetscErrorCode EddyCollectCreate(MPI_Comm comm, const EddyBlock *b, PetscMPIInt nwriter,
                                 EddyCollect *c)
{
  PetscInt mine[6];

  PetscFunctionBeginUser;
  *c = (EddyCollect){.comm = comm};
  PetscCallMPI(MPI_Comm_rank(comm, &c->rank));
  PetscCallMPI(MPI_Comm_size(comm, &c->size));
  c->nwriter = PetscMax(1, PetscMin(nwriter, PetscMin(c->size, (PetscMPIInt)b->n[0])));
  PetscCall(PetscMalloc5(6 * c->size, &c->extent, c->size, &c->send_n, c->size, &c->send_at,
                         c->size, &c->recv_n, c->size, &c->recv_at));
  for (int d = 0; d < 3; ++d)
    c->n[d] = b->n[d], mine[d] = b->start[d], mine[3 + d] = b->count[d];
  PetscCallMPI(MPI_Allgather(mine, 6, MPIU_INT, c->extent, 6, MPIU_INT, comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyCollectPlanes(const EddyCollect *c, PetscMPIInt rank, PetscInt *first, PetscInt *count)
{
  *first = *count = 0;
  if (rank >= c->nwriter)
    return;
  *first = (PetscInt)((PetscInt64)c->n[0] * rank / c->nwriter);
  *count = (PetscInt)((PetscInt64)c->n[0] * (rank + 1) / c->nwriter) - *first;
}

/* Planes that rank `from` holds of writer `to`: first and number. */
static PetscInt Overlap(const EddyCollect *c, PetscMPIInt from, PetscMPIInt to, PetscInt *first)
{
  PetscInt x0, nx;
  const PetscInt *e = c->extent + 6 * from;
  EddyCollectPlanes(c, to, &x0, &nx);
  *first = PetscMax(x0, e[0]);
  const PetscInt n = PetscMin(x0 + nx, e[0] + e[3]) - *first;
  return n > 0 && e[4] > 0 && e[5] > 0 ? n : 0;
}

static PetscErrorCode Grow(char **buffer, size_t *size, size_t need)
{
  PetscFunctionBeginUser;
  if (need <= *size && *buffer)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree(*buffer));
  PetscCall(PetscMalloc1(PetscMax(need, 1), buffer));
  *size = need;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What came from each rank, put at its place among the planes of this writer. unit: bytes of a
 * number. */
static void Place(const EddyCollect *c, size_t ncomp, size_t unit, char *out)
{
  PetscInt x0, nx;
  EddyCollectPlanes(c, c->rank, &x0, &nx);
  const size_t point = ncomp * unit, ny = (size_t)c->n[1], nz = (size_t)c->n[2];
  for (PetscMPIInt r = 0; r < c->size; ++r) {
    PetscInt first;
    const PetscInt planes = Overlap(c, r, c->rank, &first), *e = c->extent + 6 * r;
    const char *in = c->recv + (size_t)c->recv_at[r] * unit;
    const PetscBool whole =
        e[5] == c->n[2] ? PETSC_TRUE : PETSC_FALSE; /* lines in y follow each other */
    const size_t run = (whole ? (size_t)e[4] : 1) * (size_t)e[5] * point;
    for (PetscInt x = first - x0; x < first - x0 + planes; ++x)
      for (PetscInt y = 0; y < (whole ? 1 : e[4]); ++y, in += run)
        memcpy(out + (((size_t)x * ny + (size_t)(e[1] + y)) * nz + (size_t)e[2]) * point, in, run);
  }
}

PetscErrorCode EddyCollectFrame(EddyCollect *c, const EddyBlock *b, PetscBool float64, void *out)
{
  const size_t unit = float64 ? 8 : 4, ncomp = (size_t)b->ncomp;
  PetscInt64 nsend = 0, nrecv = 0, first_plane;

  PetscFunctionBeginUser;
  EddyAssert(b->start[0] == c->extent[6 * c->rank] && b->count[1] == c->extent[6 * c->rank + 4] &&
                 b->count[2] == c->extent[6 * c->rank + 5],
             PETSC_COMM_SELF, "field %s changed its extents", b->name);
  if (c->size == 1) {
    if (float64)
      EddyPackDouble(b, out);
    else
      EddyPackFloat(b, out);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscMPIInt r = 0; r < c->size; ++r) {
    PetscInt first;
    const PetscInt *mine = c->extent + 6 * c->rank, *e = c->extent + 6 * r;
    const PetscInt planes = Overlap(c, c->rank, r, &first);
    first_plane = planes ? first - mine[0] : 0;
    PetscCall(PetscMPIIntCast((PetscInt64)planes * mine[4] * mine[5] * b->ncomp, &c->send_n[r]));
    PetscCall(PetscMPIIntCast(first_plane * mine[4] * mine[5] * b->ncomp, &c->send_at[r]));
    nsend += c->send_n[r];
    PetscCall(PetscMPIIntCast((PetscInt64)Overlap(c, r, c->rank, &first) * e[4] * e[5] * b->ncomp,
                              &c->recv_n[r]));
    PetscCall(PetscMPIIntCast(nrecv, &c->recv_at[r]));
    nrecv += c->recv_n[r];
  }
  PetscCall(Grow(&c->send, &c->send_size, (size_t)nsend * unit));
  PetscCall(Grow(&c->recv, &c->recv_size, (size_t)nrecv * unit));
  if (nsend && float64)
    EddyPackDouble(b, (double *)(void *)c->send);
  if (nsend && !float64)
    EddyPackFloat(b, (float *)(void *)c->send);
  const MPI_Datatype type = float64 ? MPI_DOUBLE : MPI_FLOAT;
  PetscCallMPI(MPI_Alltoallv(c->send, c->send_n, c->send_at, type, c->recv, c->recv_n, c->recv_at,
                             type, c->comm));
  Place(c, ncomp, unit, out);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyCollectDestroy(EddyCollect *c)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree5(c->extent, c->send_n, c->send_at, c->recv_n, c->recv_at));
  PetscCall(PetscFree(c->send));
  PetscCall(PetscFree(c->recv));
  *c = (EddyCollect){0};
  PetscFunctionReturn(PETSC_SUCCESS);
}
