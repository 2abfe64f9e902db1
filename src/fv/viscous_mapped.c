/* SPDX-License-Identifier: BSD-3-Clause */
/* Viscous terms and diffusion on mapped grids, second order on smooth ones, exact for linear functions on any:

     u_b - u_a = grad u . (x_b - x_a)     across the face between cells a and b, x the centroids of the cells
     (u_a+ - u_a-  +  u_b+ - u_b-)/4 = grad u . (x_a+ - x_a-  +  x_b+ - x_b-)/4     along it

   are as many equations as derivatives; the inverses of their matrices are kept for every face (full non-orthogonal correction [Blazek2015, section 4.4]). The flux through a face
   enters both cells with the same bits: conservation to round-off. Ghost cells lie where border.c puts them; faces of the box get what viscous_walls.c says. */
#include "fv.h"
#include "viscous.h"
#include <stdlib.h>

static const EddyFvGradientKernels *const kernels[] = {
    &eddy_fv_gradient_kernels_v2, &eddy_fv_gradient_kernels_v3, &eddy_fv_gradient_kernels_v4};

static size_t MetricRow(const EddyFv *s, int e, PetscInt j, PetscInt k)
{
  return EddyFvFaceRow(s, e, j, k) / (size_t)(s->dim + 1) * (size_t)(s->dim * s->dim);
}

/* ---- set-up ---- */

/* Inverse of a dim x dim matrix with rows a[f]: m[e][f]. */
static void Invert(int dim, PetscReal a[3][3], PetscReal m[3][3])
{
  for (int i = dim; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      a[i][j] = a[j][i] = i == j;
  PetscReal det = 0;
  for (int f = 0; f < 3; ++f)
    for (int e = 0; e < 3; ++e) {
      const int g = (f + 1) % 3, h = (f + 2) % 3, p = (e + 1) % 3, q = (e + 2) % 3;
      m[e][f] = a[g][p] * a[h][q] - a[g][q] * a[h][p];
    }
  for (int e = 0; e < 3; ++e)
    det += a[0][e] * m[e][0];
  for (int e = 0; e < 3; ++e)
    for (int f = 0; f < 3; ++f)
      m[e][f] /= det;
}

/* Centres of the cells of this rank and of one layer around: [n2 + 2][n1 + 2][n0 + 2][3]. */
static PetscErrorCode Centres(EddyDisc d, PetscReal (**x)[3])
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt n0 = s->n[0] + 2, n1 = s->n[1] + 2, n2 = s->n[2] + 2;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1((size_t)(n0 * n1 * n2), x));
  for (PetscInt q = 0; q < n0 * n1 * n2; ++q) {
    const PetscInt at[3] = {q % n0 - 1, q / n0 % n1 - 1, q / n0 / n1 - 1};
    const PetscInt cell[3] = {s->start[0] + at[0], s->start[1] + at[1], s->start[2] + at[2]};
    PetscBool unused = PETSC_FALSE;
    for (int e = (int)s->dim; e < 3; ++e)
      unused = (PetscBool)(unused || at[e] != 0);
    if (!unused)
      EddyFvCentre(&d->box, cell, (*x)[q]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Metric(EddyDisc d, int e, PetscReal (*x)[3])
{
  EddyFv *s = EddyFvGet(d);
  EddyFvMappedViscous *v = s->mapped->viscous;
  const int dim = (int)s->dim;
  const PetscInt n[3] = {s->n[0] + (e == 0), s->n[1] + (e == 1), s->n[2] + (e == 2)};
  const PetscInt step[3] = {1, s->n[0] + 2, (s->n[0] + 2) * (s->n[1] + 2)};
  const size_t pitch = s->mapped->pitch;
  const size_t size = pitch * (size_t)(dim * dim) * (size_t)n[1] * (size_t)n[2];
  PetscFunctionBeginUser;
  v->metric[e] = (double *)aligned_alloc(64, (size * sizeof(double) + 63) / 64 * 64);
  PetscCheck(v->metric[e], PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCall(PetscArrayzero(v->metric[e], size));
  for (PetscInt k = 0; k < n[2]; ++k)
    for (PetscInt j = 0; j < n[1]; ++j)
      for (PetscInt i = 0; i < n[0]; ++i) {
        const PetscInt b = (k + 1) * step[2] + (j + 1) * step[1] + i + 1, a = b - step[e];
        double *to = v->metric[e] + MetricRow(s, e, j, k) + i;
        PetscReal D[3][3] = {{0}}, m[3][3];
        for (int f = 0; f < dim; ++f) {
          const PetscInt t = step[(e + f) % dim];
          for (int c = 0; c < dim; ++c)
            D[f][c] = f == 0 ? x[b][c] - x[a][c]
                             : .25 * ((x[b + t][c] - x[b - t][c]) + (x[a + t][c] - x[a - t][c]));
        }
        Invert(dim, D, m);
        for (int c = 0; c < dim; ++c)
          for (int f = 0; f < dim; ++f)
            to[(size_t)(c * dim + f) * pitch] = m[c][f];
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Largest sum of (area / volume)^2; at the faces of the box derivatives are one-sided, whose largest eigenvalue is up to 3/2 times that of the inside. */
static PetscErrorCode Squares(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  const EddyFvMapped *g = s->mapped;
  double top = 0;
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < s->n[2]; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; ++i) {
        const PetscInt at[3] = {i, j, k};
        double sum = 0;
        for (int e = 0; e < (int)s->dim; ++e) {
          const size_t area = (size_t)s->dim * g->pitch + (size_t)i;
          const double *low = g->face[e] + EddyFvFaceRow(s, e, j, k) + area;
          const double *high =
              e ? g->face[e] + EddyFvFaceRow(s, e, j + (e == 1), k + (e == 2)) + area : low + 1;
          const double inv =
              g->inv_volume[EddyFvVolumeRow(s, j, k) + (size_t)i] * PetscMax(*low, *high);
          const PetscInt cell = s->start[e] + at[e];
          const PetscBool end =
              (PetscBool)(!d->box.periodic[e] && (cell == 0 || cell == d->box.n[e] - 1));
          sum += (end ? 1.5 : 1) * inv * inv;
        }
        top = PetscMax(top, sum);
      }
  PetscCallMPI(MPI_Allreduce(&top, &g->viscous->squares, 1, MPI_DOUBLE, MPI_MAX, d->comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMappedViscousCreate(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  EddyFvMappedViscous *v;
  PetscReal(*x)[3];
  PetscFunctionBeginUser;
  if (!s->mapped || !(s->viscous || s->diffusive))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscNew(&v));
  s->mapped->viscous = v;
  v->temperature = -1;
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q) {
    PetscBool same;
    PetscCall(PetscStrcmp(p->ops->face_fields[q], "temperature", &same));
    v->temperature = same ? q : v->temperature;
  }
  PetscCall(EddyFvFaceStoreCreate(s, p, &v->face));
  PetscCall(Centres(d, &x));
  for (int e = 0; e < (int)s->dim; ++e)
    PetscCall(Metric(d, e, x));
  PetscCall(PetscFree(x));
  PetscCall(Squares(d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvMappedViscousDestroy(EddyFv *s)
{
  EddyFvMappedViscous *v = s->mapped ? s->mapped->viscous : NULL;
  PetscFunctionBeginUser;
  if (!v)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int e = 0; e < 3; ++e)
    free(v->metric[e]);
  PetscCall(EddyFvFaceStoreDestroy(&v->face));
  PetscCall(PetscFree(s->mapped->viscous));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- fluxes ---- */

/* n faces in direction e, the low ones of the cells (i, j, k), (i + 1, j, k), ... */
typedef struct {
  EddyDisc d;
  double t;
  int e;
  PetscInt n, i, j, k;
  ptrdiff_t across, along[2];
  const double *w, *face, *metric;
} Faces;

static Faces FacesAt(EddyDisc d, double t, int e, PetscInt n, PetscInt i, PetscInt j, PetscInt k)
{
  const EddyFv *s = EddyFvGet(d);
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const int dim = (int)s->dim;
  return (Faces){d,
                 t,
                 e,
                 n,
                 i,
                 j,
                 k,
                 step[e],
                 {step[(e + 1) % dim], step[(e + 2) % dim]},
                 s->w + EddyFvWork(s, 0, i, j, k),
                 s->mapped->face[e] + EddyFvFaceRow(s, e, j, k) + i,
                 s->mapped->viscous->metric[e] + MetricRow(s, e, j, k) + i};
}

/* Those of the faces that lie in the low or high face of the box; n = 0: none. */
static EddyFvBorderRow BorderOf(const Faces *f, int side)
{
  const EddyFv *s = EddyFvGet(f->d);
  const PetscInt at[3] = {f->i, f->j, f->k}, end = side ? f->d->box.n[f->e] : 0;
  EddyFvBorderRow r = {.e = f->e, .side = side, .t = f->t, .w = f->w, .cell = {f->i, f->j, f->k}};
  const PetscInt first = s->start[f->e] + at[f->e];
  if (f->d->box.periodic[f->e])
    return r;
  if (f->e == 0) {
    r.at = end - first;
    r.n = r.at >= 0 && r.at < f->n ? 1 : 0;
    r.cell[0] += r.at - side;
  } else {
    r.n = first == end ? f->n : 0;
    r.cell[f->e] -= side;
  }
  return r;
}

static void Viscous(const Faces *f, double *out)
{
  const EddyFv *s = EddyFvGet(f->d);
  const EddyPhysics p = f->d->physics;
  const EddyFvGradientKernels *r = kernels[p->level];
  static const EddyFvFaceKernels *const means[] = {
      &eddy_fv_face_kernels_v2, &eddy_fv_face_kernels_v3, &eddy_fv_face_kernels_v4};
  const EddyFvFaceStore *v = &s->mapped->viscous->face;
  const PetscInt dim = s->dim, scalars = p->scalar ? p->nprim - p->scalar : 0;
  const size_t row = s->ts, ms = s->mapped->pitch;
  for (PetscInt c = 0; c < s->nprim; ++c)
    means[p->level]->Mean(f->n, f->across, f->w + (size_t)c * s->comp, v->mean + (size_t)c * row);
  for (PetscInt q = 0; q < dim; ++q)
    r->Gradient[dim - 1](f->n, f->across, f->along, ms, f->metric,
                         f->w + (size_t)(p->vector + q) * s->comp, row,
                         v->grad + (size_t)(q * dim) * row);
  for (PetscInt q = 0; q <= scalars; ++q) {
    const size_t from = (size_t)(q ? p->scalar + q - 1 : s->viscous->temperature);
    r->Slope[dim - 1](f->n, f->across, f->along, ms, f->metric, f->face, f->w + from * s->comp,
                      v->grad + (size_t)((dim + q) * dim) * row);
  }
  const double *nut = s->viscous->nut;
  if (nut)
    means[p->level]->Mean(f->n, f->across, nut + (f->w - s->w), v->nut);
  for (int side = 0; side < 2; ++side) {
    const EddyFvBorderRow b = BorderOf(f, side);
    if (b.n)
      EddyFvViscousBorder(f->d, &b, v->mean, v->grad);
  }
  double *isotropic = s->viscous->isotropic ? v->isotropic : NULL;
  if (isotropic)
    means[p->level]->Mean(f->n, f->across, s->viscous->isotropic + (f->w - s->w), isotropic);
  const EddyFvFaceRows at = {row, row, v->mean, v->grad, nut ? v->nut : NULL, isotropic};
  p->fv.ViscousNormal(p->ctx, f->n, &at, ms, f->face, row, out);
}

static void Diffusion(const Faces *f, double *out)
{
  const EddyFv *s = EddyFvGet(f->d);
  const EddyFvGradientKernels *r = kernels[f->d->physics->level];
  double *slope = s->mapped->viscous->face.grad;
  const size_t ms = s->mapped->pitch;
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    r->Slope[s->dim - 1](f->n, f->across, f->along, ms, f->metric, f->face,
                         f->w + (size_t)c * s->comp, slope);
    for (int side = 0; side < 2; ++side) {
      const EddyFvBorderRow b = BorderOf(f, side);
      if (b.n)
        EddyFvDiffusionBorder(f->d, &b, c, slope);
    }
    r->Diffuse(f->n, s->nu[c], f->face + (size_t)s->dim * ms, slope, out + (size_t)c * s->ts);
  }
}

static void Fluxes(EddyDisc d, double t, int e, PetscInt n, PetscInt i, PetscInt j, PetscInt k,
                   double *out)
{
  const Faces f = FacesAt(d, t, e, n, i, j, k);
  if (EddyFvGet(d)->viscous)
    Viscous(&f, out);
  else
    Diffusion(&f, out);
}

void EddyFvMappedViscousRow(EddyDisc d, const EddyStage *st, PetscInt n, const PetscInt cell[3],
                            PetscInt line, const PetscBool first[3], double *out, size_t os)
{
  EddyFv *s = EddyFvGet(d);
  EddyFvFaceStore *v = &s->mapped->viscous->face;
  const PetscInt i = cell[0], j = cell[1], k = cell[2];
  const double *inv_volume = s->mapped->inv_volume + EddyFvVolumeRow(s, j, k) + i;
  for (int e = 0; e < (int)s->dim; ++e) {
    double **lo = e == 1 ? &v->y : &v->z[line];
    if (e && first[e])
      Fluxes(d, st->t, e, n, i, j, k, *lo);
    Fluxes(d, st->t, e, e ? n : n + 1, i, j + (e == 1), k + (e == 2), v->flux);
    for (size_t c = 0; c < (size_t)s->ncomp; ++c)
      s->turn->DivideAdd(n, inv_volume, (e ? *lo : v->flux) + c * s->ts,
                         v->flux + c * s->ts + (e ? 0 : 1), out + c * os);
    if (e) { /* the high faces are the low ones of the next row */
      double *swap = *lo;
      *lo = v->flux;
      v->flux = swap;
    }
  }
}
