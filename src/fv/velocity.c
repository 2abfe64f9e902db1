/* SPDX-License-Identifier: BSD-3-Clause */
/* Given velocity fields: what flows through a face is the circulation of the vector potential A of the physics around it,

     v = (1/area) sum over edges A(middle).dx,   in 2-D the difference of the stream function at its two ends,

   so that the six (four) faces of a cell let in what they let out, to round-off, on any grid. Kept as [dim] components laid out like one of w: the value of a cell
   is that of its low face. Made from vertices alone: the same bits on any number of ranks. */
#include "fv.h"
#include <math.h>

static void VertexAt(const EddyBox *box, const PetscInt at[3], PetscReal x[3])
{
  if (box->mapped) {
    box->mapped->Vertex(box->mapped->ctx, at, x);
    return;
  }
  for (int e = 0; e < 3; ++e)
    x[e] = e < (int)box->dim
               ? box->lower[e] + EddyBoxLength(box, e) * (double)at[e] / (double)box->n[e]
               : 0;
}

/* A.dx of the straight edge from a to b. */
static PetscReal Edge(EddyPhysics p, const PetscReal a[3], const PetscReal b[3])
{
  PetscReal middle[3], A[3] = {0, 0, 0};
  for (int e = 0; e < 3; ++e)
    middle[e] = .5 * (a[e] + b[e]);
  p->ops->Potential(p->ctx, middle, A);
  return A[0] * (b[0] - a[0]) + A[1] * (b[1] - a[1]) + A[2] * (b[2] - a[2]);
}

/* Mean velocity through the low face of a cell in direction e; the last face of a periodic direction is the first. */
static PetscReal Through(EddyDisc d, int e, const PetscInt cell[3])
{
  const EddyBox *box = &d->box;
  const EddyPhysics p = d->physics;
  PetscInt at[3] = {cell[0], cell[1], cell[2]};
  PetscReal x[4][3], A[2][3];
  if (box->periodic[e] && at[e] == box->n[e])
    at[e] = 0;
  if (box->dim == 2) {
    const PetscInt other[3] = {at[0] + (e == 1), at[1] + (e == 0), 0};
    VertexAt(box, at, x[0]);
    VertexAt(box, other, x[1]);
    for (int q = 0; q < 2; ++q)
      p->ops->Potential(p->ctx, x[q], A[q]);
    const PetscReal jump = e == 0 ? A[1][2] - A[0][2] : A[0][2] - A[1][2];
    return jump / hypot(x[1][0] - x[0][0], x[1][1] - x[0][1]);
  }
  for (int q = 0; q < 4; ++q) { /* round the face: 00, 10, 11, 01 */
    PetscInt corner[3] = {at[0], at[1], at[2]};
    corner[(e + 1) % 3] += q == 1 || q == 2;
    corner[(e + 2) % 3] += q > 1;
    VertexAt(box, corner, x[q]);
  }
  PetscReal sum = 0, S[3];
  for (int q = 0; q < 4; ++q) { /* an edge has one value, whichever way it is gone */
    const PetscBool forth = (PetscBool)(q < 2);
    sum += forth ? Edge(p, x[q], x[q + 1]) : -Edge(p, x[(q + 1) % 4], x[q]);
  }
  for (int a = 0; a < 3; ++a) {
    const int b = (a + 1) % 3, c = (a + 2) % 3;
    S[a] = .5 *
           ((x[2][b] - x[0][b]) * (x[3][c] - x[1][c]) - (x[2][c] - x[0][c]) * (x[3][b] - x[1][b]));
  }
  return sum / sqrt(S[0] * S[0] + S[1] * S[1] + S[2] * S[2]);
}

PetscErrorCode EddyFvVelocityCreate(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  const size_t size = s->comp * (size_t)s->dim + 64;
  PetscFunctionBeginUser;
  if (!d->physics->face_velocity)
    PetscFunctionReturn(PETSC_SUCCESS);
  struct _p_EddyDisc work = {.size = size};
  PetscCall(EddyDiscCreateState(&work, &s->low));
  for (int e = 0; e < (int)s->dim && s->cells; ++e) {
    const PetscInt n[3] = {s->n[0] + (e == 0), s->n[1] + (e == 1), s->n[2] + (e == 2)};
    for (PetscInt k = 0; k < n[2]; ++k)
      for (PetscInt j = 0; j < n[1]; ++j)
        for (PetscInt i = 0; i < n[0]; ++i) {
          const PetscInt cell[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
          s->low[EddyFvWork(s, e, i, j, k)] = Through(d, e, cell);
        }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvVelocityFaces(const EddyFv *s, EddyPhysics p, PetscInt n, int dir, const double *w,
                         double *qm, double *qp)
{
  const ptrdiff_t step = dir == 0 ? 1 : dir == 1 ? (ptrdiff_t)s->pitch : (ptrdiff_t)s->plane;
  const double *low = s->low + (size_t)dir * s->comp + (w - s->w), *high = low + step;
  const double k = s->flow;
  double *restrict m = qm + (size_t)p->face_velocity * s->ts, *restrict q =
                                                                  qp +
                                                                  (size_t)p->face_velocity * s->ts;
  for (PetscInt i = 0; i < n; ++i) {
    m[i] = k * low[i];
    q[i] = k * high[i];
  }
}
