/* SPDX-License-Identifier: BSD-3-Clause */
/* Geometry of a mapped grid at the faces of the box and beyond: where ghost cells lie, and what derivatives at a face of the box are made of.

   Ghost cells are the cells on the other side of a periodic grid, or mirror images in the plane of the face of the box. With a and b the distances along the normal of
   the face from it to the far ends of the first and the second cell inside, the parabola through the value at the face with the averages u1, u2 of these cells has there the
   inward derivative

     du/dn = c1 (u1 - u_w) + c2 (u2 - u_w),   c1 = 2 (a^2 + a b + b^2) / (a b^2),   c2 = -2 a / b^2       [(7 u1 - u2 - 6 u_w) / (2 dx) for equal cells],

   second order, and exact for linear functions on any spacing. */
#include "cell.h"
#include "fv.h"
#include <math.h>

/* Takes the indices of a cell along a face into the box, a direction `but` left out: clamped, or turned round a periodic direction; shift: from where the cell lies to where it was wanted. */
static void Settle(const EddyBox *box, int but, PetscInt cell[3], PetscReal shift[3])
{
  shift[0] = shift[1] = shift[2] = 0;
  for (int a = 0; a < (int)box->dim; ++a) {
    const PetscInt n = box->n[a];
    if (a == but || (cell[a] >= 0 && cell[a] < n))
      continue;
    if (!box->periodic[a]) {
      cell[a] = cell[a] < 0 ? 0 : n - 1;
      continue;
    }
    PetscInt low[3] = {0, 0, 0}, high[3] = {0, 0, 0};
    PetscReal x[3], y[3];
    const PetscReal turn = cell[a] < 0 ? -1 : 1;
    high[a] = n;
    box->mapped->Vertex(box->mapped->ctx, low, x);
    box->mapped->Vertex(box->mapped->ctx, high, y);
    for (int d = 0; d < 3; ++d)
      shift[d] += turn * (y[d] - x[d]);
    cell[a] = (cell[a] % n + n) % n;
  }
}

/* Centre of the corners, and outward unit normal, of the face of the box before a cell (global indices, any along the face). */
static void Face(const EddyBox *box, int e, int side, const PetscInt cell[3], PetscReal x[3],
                 PetscReal n[3])
{
  PetscInt at[3] = {cell[0], cell[1], cell[2]};
  PetscReal shift[3];
  const int corners = 1 << (box->dim - 1);
  Settle(box, e, at, shift);
  at[e] = side ? box->n[e] : 0;
  (void)EddyFvUnitArea(box, e, at, n);
  for (int d = 0; d < 3; ++d) {
    n[d] *= side ? 1 : -1;
    x[d] = shift[d];
  }
  for (int c = 0; c < corners; ++c) {
    PetscInt v[3] = {at[0], at[1], at[2]};
    PetscReal y[3];
    for (int a = 0, bit = 0; a < (int)box->dim; ++a)
      if (a != e)
        v[a] += c >> bit++ & 1;
    box->mapped->Vertex(box->mapped->ctx, v, y);
    for (int d = 0; d < 3; ++d)
      x[d] += y[d] / corners;
  }
}

void EddyFvCentre(const EddyBox *box, const PetscInt cell[3], PetscReal x[3])
{
  PetscInt at[3] = {cell[0], cell[1], cell[2]};
  for (int e = 0; e < (int)box->dim; ++e) {
    const PetscInt n = box->n[e];
    PetscReal shift[3], on[3], normal[3], along = 0;
    if (at[e] >= 0 && at[e] < n)
      continue;
    if (box->periodic[e]) {
      Settle(box, -1, at,
             shift); /* corners: what is not periodic is clamped there, so put it back */
      for (int a = 0; a < 3; ++a)
        at[a] = box->periodic[a] ? at[a] : cell[a];
      EddyFvCentre(box, at, x);
      for (int d = 0; d < 3; ++d)
        x[d] += shift[d];
      return;
    }
    const int side = at[e] >= n;
    at[e] = side ? 2 * n - 1 - at[e] : -1 - at[e];
    EddyFvCentre(box, at, x);
    Face(box, e, side, cell, on, normal);
    for (int d = 0; d < 3; ++d)
      along += (on[d] - x[d]) * normal[d];
    for (int d = 0; d < 3; ++d)
      x[d] += 2 * along * normal[d];
    return;
  }
  PetscReal volume, least;
  EddyCellMeasure(box, cell, &volume, x, &least);
}

static void Border(const EddyBox *box, int e, int side, const PetscInt cell[3], EddyFvBorder *b)
{
  PetscInt at[3] = {cell[0], cell[1], cell[2]};
  PetscReal along[2] = {0, 0}, shift[3];
  Face(box, e, side, cell, b->x, b->normal);
  Settle(box, e, at, shift);
  for (int q = 0; q < 2; ++q) {
    at[e] = side ? box->n[e] - 1 - q : q;
    EddyFvCentre(box, at, b->inner[q]);
    for (int d = 0; d < 3; ++d) {
      b->inner[q][d] += shift[d];
      along[q] += (b->x[d] - b->inner[q][d]) * b->normal[d];
    }
  }
  const PetscReal near = along[0], y = 2 * near, z = 2 * (along[1] - near); /* ends of the cells */
  b->distance = near;
  b->weight[0] = 2 * (y * y + y * z + z * z) / (y * z * z);
  b->weight[1] = -2 * y / (z * z);
  if (!(z > 1.1 * y)) { /* cells so skew that the second does not lie behind the first */
    b->weight[0] = 1 / near;
    b->weight[1] = 0;
  }
}

PetscErrorCode EddyFvBordersCreate(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  for (int e = 0; e < (int)s->dim && s->cells; ++e)
    for (int side = 0; side < 2; ++side) {
      PetscInt lo[3] = {0, 0, 0}, n[3] = {1, 1, 1};
      const PetscInt gap = side ? d->box.n[e] - s->start[e] - s->n[e] : s->start[e];
      if (d->box.periodic[e] || gap >= EDDY_FV_GHOST)
        continue;
      for (int a = 0; a < (int)s->dim; ++a)
        if (a != e) {
          lo[a] = -EDDY_FV_GHOST;
          n[a] = s->n[a] + 2 * EDDY_FV_GHOST;
        }
      PetscCall(PetscMalloc1((size_t)(n[0] * n[1] * n[2]), &s->mapped->border[e][side]));
      for (PetscInt q = 0; q < n[0] * n[1] * n[2]; ++q) {
        const PetscInt cell[3] = {s->start[0] + lo[0] + q % n[0],
                                  s->start[1] + lo[1] + q / n[0] % n[1],
                                  s->start[2] + lo[2] + q / n[0] / n[1]};
        Border(&d->box, e, side, cell, &s->mapped->border[e][side][q]);
      }
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyFvBorder *EddyFvBorderAt(const EddyFv *s, int e, int side, const PetscInt cell[3])
{
  PetscInt at = 0;
  for (int a = (int)s->dim - 1; a >= 0; --a)
    if (a != e)
      at = at * (s->n[a] + 2 * EDDY_FV_GHOST) + cell[a] + EDDY_FV_GHOST;
  return &s->mapped->border[e][side][at];
}
