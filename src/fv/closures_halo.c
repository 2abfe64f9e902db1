/* SPDX-License-Identifier: BSD-3-Clause */
/* Ghost cells of closures: any depth, also beyond the next rank or the box, corners too. One direction after another, each with the ghosts of those before. */
#include "closures.h"

/* Global cell whose value stands in a ghost cell, and whether it is a mirror image. */
static PetscInt Source(const EddyFv *s, const EddyBox *box, int e, PetscInt cell, PetscBool *mirror)
{
  const PetscInt n = box->n[e];
  *mirror = PETSC_FALSE;
  if (box->periodic[e])
    return (cell % n + n) % n;
  const int side = cell >= n;
  if (cell >= 0 && !side)
    return cell;
  if (EddyFaceIsWall(s->faces.face[e][side].patch[0].type)) {
    *mirror = PETSC_TRUE;
    cell = side ? 2 * n - 1 - cell : -1 - cell;
  }
  return PetscMax(0, PetscMin(n - 1, cell));
}

static PetscInt OwnerOf(const EddyFv *s, int e, PetscInt cell)
{
  PetscInt c = 0;
  while (s->cut[e][c + 1] <= cell)
    ++c;
  return c;
}

static PetscMPIInt RankAt(const EddyFv *s, int e, PetscInt c)
{
  PetscInt at[3] = {s->coord[0], s->coord[1], s->coord[2]};
  at[e] = c;
  return (PetscMPIInt)(at[0] + s->ranks[0] * (at[1] + s->ranks[1] * at[2]));
}

/* Array [outer][extent][inner] of one direction; a layer is [outer][inner]. */
typedef struct {
  size_t outer, inner, extent;
  PetscInt depth;
} Shape;

static double *Layer(const Shape *a, double *data, size_t q, PetscInt layer)
{
  return data + (q * a->extent + (size_t)(layer + a->depth)) * a->inner;
}

/* The layers that the block at `of` wants from the block at `from`, in their order, packed to or unpacked from a buffer; returns how many there are. */
static PetscInt Layers(EddyDisc d, int e, PetscInt of, PetscInt from, const Shape *a, double *data,
                       double *buffer, PetscBool pack)
{
  const EddyFv *s = EddyFvGet(d);
  const PetscInt first = s->cut[e][of], n = s->cut[e][of + 1] - first;
  PetscInt count = 0;
  for (PetscInt i = -a->depth; n > 0 && i < n + a->depth; ++i) {
    PetscBool mirror;
    if (!i)
      i = n;
    const PetscInt cell = Source(s, &d->box, e, first + i, &mirror);
    if (i >= n + a->depth || OwnerOf(s, e, cell) != from)
      continue;
    for (size_t q = 0; buffer && q < a->outer; ++q) {
      double *b = buffer + ((size_t)count * a->outer + q) * a->inner;
      if (pack)
        (void)PetscArraycpy(b, Layer(a, data, q, cell - s->start[e]), a->inner);
      else
        (void)PetscArraycpy(Layer(a, data, q, i), b, a->inner);
    }
    ++count;
  }
  return count;
}

/* Layers that come from this block itself, then signs of mirror images. */
static void Own(EddyDisc d, int e, const Shape *a, double *data)
{
  const EddyFv *s = EddyFvGet(d);
  for (PetscInt i = -a->depth; i < s->n[e] + a->depth; ++i) {
    PetscBool mirror;
    if (i >= 0 && i < s->n[e])
      continue;
    const PetscInt cell = Source(s, &d->box, e, s->start[e] + i, &mirror);
    if (OwnerOf(s, e, cell) != s->coord[e])
      continue;
    for (size_t q = 0; q < a->outer; ++q)
      (void)PetscArraycpy(Layer(a, data, q, i), Layer(a, data, q, cell - s->start[e]), a->inner);
  }
}

static void Signs(EddyDisc d, int e, const Shape *a, PetscInt ncomp, const unsigned char flip[],
                  double *data)
{
  const EddyFv *s = EddyFvGet(d);
  for (PetscInt i = -a->depth; i < s->n[e] + a->depth; ++i) {
    PetscBool mirror = PETSC_FALSE;
    if (i >= 0 && i < s->n[e])
      continue;
    (void)Source(s, &d->box, e, s->start[e] + i, &mirror);
    for (size_t q = 0; mirror && q < a->outer; ++q) {
      double *x = Layer(a, data, q, i);
      if (flip[q / (a->outer / (size_t)ncomp)] >> e & 1)
        for (size_t l = 0; l < a->inner; ++l)
          x[l] = -x[l];
    }
  }
}

static PetscErrorCode Exchange(EddyDisc d, int e, const Shape *a, double *data)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt line = s->ranks[e], me = s->coord[e];
  MPI_Request *request;
  double **buffer;
  PetscInt n = 0;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(2 * line, &request, 2 * line, &buffer));
  for (PetscInt q = 0; q < line; ++q) {
    const size_t in = (size_t)Layers(d, e, me, q, a, NULL, NULL, PETSC_FALSE) * a->outer * a->inner,
                 out = (size_t)Layers(d, e, q, me, a, NULL, NULL, PETSC_TRUE) * a->outer * a->inner;
    if (q != me && in) {
      PetscCall(PetscMalloc1(in, &buffer[q]));
      PetscCallMPI(MPI_Irecv(buffer[q], (PetscMPIInt)in, MPI_DOUBLE, RankAt(s, e, q), 16 + e,
                             d->comm, &request[n++]));
    }
    if (q != me && out) {
      PetscCall(PetscMalloc1(out, &buffer[line + q]));
      (void)Layers(d, e, q, me, a, data, buffer[line + q], PETSC_TRUE);
      PetscCallMPI(MPI_Isend(buffer[line + q], (PetscMPIInt)out, MPI_DOUBLE, RankAt(s, e, q),
                             16 + e, d->comm, &request[n++]));
    }
  }
  Own(d, e, a, data);
  PetscCallMPI(MPI_Waitall((PetscMPIInt)n, request, MPI_STATUSES_IGNORE));
  for (PetscInt q = 0; q < line; ++q)
    if (buffer[q])
      (void)Layers(d, e, me, q, a, data, buffer[q], PETSC_FALSE);
  for (PetscInt q = 0; q < 2 * line; ++q)
    PetscCall(PetscFree(buffer[q]));
  PetscCall(PetscFree2(request, buffer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvClosuresGhosts(EddyDisc d, PetscInt depth, PetscInt ncomp,
                                    const unsigned char flip[], double *data)
{
  EddyFv *s = EddyFvGet(d);
  size_t extent[3] = {1, 1, 1};
  PetscFunctionBeginUser;
  if (!s->cells || !depth)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int e = 0; e < (int)s->dim; ++e)
    extent[e] = (size_t)s->n[e] + 2 * (size_t)depth;
  for (int e = 0; e < (int)s->dim; ++e) {
    Shape a = {.outer = (size_t)ncomp, .inner = 1, .extent = extent[e], .depth = depth};
    for (int q = 0; q < (int)s->dim; ++q)
      if (q > e)
        a.outer *= extent[q];
      else if (q < e)
        a.inner *= extent[q];
    PetscCall(Exchange(d, e, &a, data));
    if (!d->box.periodic[e])
      Signs(d, e, &a, ncomp, flip, data);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
