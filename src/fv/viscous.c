/* SPDX-License-Identifier: BSD-3-Clause */
/* Viscous terms: fluxes of the physics from the state and its gradients at faces, second order.

     at the face between cells a and b:  state (a + b)/2, derivative across (b - a)/dx, derivatives along the mean of those of a and b

   so the stencil of a cell is the 3 x 3 (x 3) block around it, corners of the ghost layers included. Every flux is computed once per tile (the row before hands its high faces on)
   and enters both cells with the same bits: conservation to round-off. Boxes of equal cells; mapped grids: viscous_mapped.c. */
#include "viscous.h"
#include "fv.h"
#include <stdlib.h>

static const EddyFvFaceKernels *const kernels[] = {
    &eddy_fv_face_kernels_v2, &eddy_fv_face_kernels_v3, &eddy_fv_face_kernels_v4};

PetscErrorCode EddyFvFaceStoreCreate(const EddyFv *s, EddyPhysics p, EddyFvFaceStore *f)
{
  const PetscInt scalars = p->scalar ? p->nprim - p->scalar : 0;
  const size_t lines = (size_t)(s->dim > 2 ? s->lines : 0), flux = s->ts * (size_t)s->ncomp;
  const size_t means = s->ts * (size_t)s->nprim,
               gradients = s->ts * (size_t)((s->dim + 1 + scalars) * s->dim);
  const size_t total = means + gradients + 2 * s->ts + flux * (2 + lines) + 64;
  PetscFunctionBeginUser;
  f->buffer = (double *)aligned_alloc(64, (total * sizeof(double) + 63) / 64 * 64);
  PetscCheck(f->buffer, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCall(PetscArrayzero(f->buffer, total));
  PetscCall(PetscMalloc1(lines + 1, &f->z));
  f->mean = f->buffer;
  f->grad = f->mean + means;
  f->nut = f->grad + gradients;
  f->isotropic = f->nut + s->ts;
  f->flux = f->isotropic + s->ts;
  f->y = f->flux + flux;
  for (size_t q = 0; q < lines; ++q)
    f->z[q] = f->y + flux * (q + 1);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvFaceStoreDestroy(EddyFvFaceStore *f)
{
  PetscFunctionBeginUser;
  free(f->buffer);
  PetscCall(PetscFree(f->z));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvViscousCreate(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  if (s->viscous && !s->mapped)
    PetscCall(EddyFvFaceStoreCreate(s, d->physics, &s->viscous->face));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvViscousDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  if (!s->viscous)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyFvFaceStoreDestroy(&s->viscous->face));
  PetscCall(PetscFree(s->viscous));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFvViscousBegin(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt gy = s->dim > 1, gz = s->dim > 2;
  if (!s->cells)
    return;
  for (PetscInt k = -gz; k < s->n[2] + gz; ++k)
    for (PetscInt j = -gy; j < s->n[1] + gy; ++j)
      p->fv.Temperature(p->ctx, s->n[0] + 2, s->comp, s->w + EddyFvWork(s, 0, -1, j, k),
                        s->w + EddyFvWork(s, s->viscous->temperature, -1, j, k));
}

/* Fluxes of the low faces in direction dir of n cells from w on. */
static void Fluxes(const EddyFv *s, EddyPhysics p, int dir, PetscInt n, const double *w, double *f)
{
  const EddyFvFaceKernels *r = kernels[p->level];
  const EddyFvViscous *v = s->viscous;
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const PetscInt dim = s->dim, scalars = p->scalar ? p->nprim - p->scalar : 0;
  const size_t row = s->ts;
  for (PetscInt c = 0; c < s->nprim; ++c)
    r->Mean(n, step[dir], w + (size_t)c * s->comp, v->face.mean + (size_t)c * row);
  for (PetscInt q = 0; q < dim; ++q) {
    const double *vel = w + (size_t)(p->vector + q) * s->comp;
    for (int e = 0; e < (int)dim; ++e) {
      double *to = v->face.grad + (size_t)(q * dim + e) * row;
      if (e == dir)
        r->Across(n, step[dir], s->inv_dx[e], vel, to);
      else
        r->Along(n, step[dir], step[e], s->inv_dx[e], vel, to);
    }
  }
  for (PetscInt q = 0; q <= scalars; ++q) {
    const size_t from = (size_t)(q ? p->scalar + q - 1 : v->temperature);
    r->Across(n, step[dir], s->inv_dx[dir], w + from * s->comp,
              v->face.grad + (size_t)((dim + q) * dim + dir) * row);
  }
  if (v->nut)
    r->Mean(n, step[dir], v->nut + (w - s->w), v->face.nut);
  if (v->isotropic)
    r->Mean(n, step[dir], v->isotropic + (w - s->w), v->face.isotropic);
  const EddyFvFaceRows at = {row,
                             row,
                             v->face.mean,
                             v->face.grad,
                             v->nut ? v->face.nut : NULL,
                             v->isotropic ? v->face.isotropic : NULL};
  p->fv.Viscous[dir](p->ctx, n, &at, row, f);
}

/* Adds the balance of cells between two sheets of faces, and hands the high one on. */
static void Between(const EddyFv *s, int dir, PetscInt n, double **lo, double **hi, double *out,
                    size_t os)
{
  for (PetscInt c = 0; c < s->ncomp; ++c)
    s->rows->DivideAdd(n, s->inv_dx[dir], *lo + (size_t)c * s->ts, *hi + (size_t)c * s->ts,
                       out + (size_t)c * os);
  double *t = *lo;
  *lo = *hi;
  *hi = t;
}

void EddyFvViscousRow(EddyFv *s, EddyPhysics p, PetscInt n, const double *w, PetscInt line,
                      const PetscBool first[3], double *out, size_t os)
{
  EddyFvViscous *v = s->viscous;
  Fluxes(s, p, 0, n + 1, w, v->face.flux);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    s->rows->DivideAdd(n, s->inv_dx[0], v->face.flux + (size_t)c * s->ts,
                       v->face.flux + (size_t)c * s->ts + 1, out + (size_t)c * os);
  for (int dir = 1; dir < (int)s->dim; ++dir) {
    double **lo = dir == 1 ? &v->face.y : &v->face.z[line];
    if (first[dir])
      Fluxes(s, p, dir, n, w, *lo);
    Fluxes(s, p, dir, n, w + (dir == 1 ? s->pitch : s->plane), v->face.flux);
    Between(s, dir, n, lo, &v->face.flux, out, os);
  }
}
