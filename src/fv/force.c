/* SPDX-License-Identifier: BSD-3-Clause */
/* Forcings of finite volumes: those that give a state (manufactured solutions), whose source is averaged over every cell,

     S = d/dt (1/V) int u dV + (1/V) sum over faces int (F(u) - nu grad u).n dA,

   by Gauss points in cells and on faces; faces are the straight edges and bilinear faces that the vertices of the mesh span, areas and volumes those of the sweep. Each cell is
   computed by itself: the same bits on any number of ranks. Time derivatives and gradients of the given state are fourth-order differences of it. */
#include "fv.h"
#include <math.h>

enum { POINTS = 3 };
static const double at_point[POINTS] = {.112701665379258311, .5, .887298334620741689};
static const double weight_of[POINTS] = {5. / 18, 8. / 18, 5. / 18};

typedef struct {
  EddyDisc d;
  PetscReal t, tiny;      /* time, and the step of differences in space [L] */
  const double *aux;      /* of the cell */
  PetscReal corner[8][3]; /* bit e of the index: upper end in direction e */
} Cell;

static void CornersOf(Cell *c, const PetscInt cell[3])
{
  const EddyBox *box = &c->d->box;
  for (int q = 0; q < 1 << box->dim; ++q) {
    PetscInt at[3] = {0, 0, 0};
    for (int e = 0; e < 3; ++e) {
      at[e] = cell[e] + (q >> e & 1);
      c->corner[q][e] = e < (int)box->dim ? box->lower[e] + EddyBoxLength(box, e) * (double)at[e] /
                                                                (double)box->n[e]
                                          : 0;
    }
    if (box->mapped)
      box->mapped->Vertex(box->mapped->ctx, at, c->corner[q]);
  }
}

/* Point at s in [0, 1]^dim and the columns J[e] = dx/ds_e. */
static void Map(const Cell *c, const PetscReal s[3], PetscReal x[3], PetscReal J[3][3])
{
  const int dim = (int)c->d->box.dim;
  for (int e = 0; e < 3; ++e)
    x[e] = J[0][e] = J[1][e] = J[2][e] = 0;
  for (int q = 0; q < 1 << dim; ++q) {
    PetscReal value = 1, slope[3] = {1, 1, 1};
    for (int a = 0; a < dim; ++a) {
      const int up = q >> a & 1;
      value *= up ? s[a] : 1 - s[a];
      for (int e = 0; e < dim; ++e)
        slope[e] *= a == e ? (up ? 1 : -1) : (up ? s[a] : 1 - s[a]);
    }
    for (int a = 0; a < dim; ++a) {
      x[a] += value * c->corner[q][a];
      for (int e = 0; e < dim; ++e)
        J[e][a] += slope[e] * c->corner[q][a];
    }
  }
}

/* Area vector per ds of the surface s_e = constant, towards rising s_e; times J[e] it is the determinant. */
static void Normal(int dim, int e, PetscReal J[3][3], PetscReal n[3])
{
  const PetscReal *a = J[(e + 1) % 3], *b = J[(e + 2) % 3];
  n[0] = dim == 1 ? 1 : 0;
  n[1] = n[2] = 0;
  if (dim == 2) { /* J of the other direction, turned */
    const PetscReal *o = J[1 - e];
    n[0] = e == 0 ? o[1] : -o[1];
    n[1] = e == 0 ? -o[0] : o[0];
  }
  if (dim == 3) {
    n[0] = a[1] * b[2] - a[2] * b[1];
    n[1] = a[2] * b[0] - a[0] * b[2];
    n[2] = a[0] * b[1] - a[1] * b[0];
  }
}

/* Primitive state of the given one at a point, with the temperature behind it. */
static void Primitive(const Cell *c, EddyForcing force, const PetscReal x[3], PetscReal w[])
{
  const EddyPhysics p = c->d->physics;
  PetscReal u[EDDY_MAX_COMP];
  force->ops->State(force, x, c->t, u);
  p->fv.ToPrim(p->ctx, 1, 1, u, 1, c->aux, 1, w);
  p->fv.Temperature(p->ctx, 1, 1, w, &w[p->nprim]);
}

/* Adds the viscous flux of the physics through a face with area vector n, on a box across axis dir. */
static void ViscousFlux(const Cell *c, EddyForcing force, const PetscReal x[3], int dir,
                        const PetscReal n[3], PetscReal f[])
{
  const EddyPhysics p = c->d->physics;
  const int dim = (int)c->d->box.dim, scalars = p->scalar ? (int)(p->nprim - p->scalar) : 0;
  PetscReal w[4][EDDY_MAX_COMP + 1], grad[3 * (EDDY_MAX_COMP + 4)] = {0}, mean[EDDY_MAX_COMP + 1],
                                                               v[EDDY_MAX_COMP];
  const EddyFvFaceRows at = {1, 1, mean, grad, NULL, NULL};
  const PetscBool mapped = c->d->box.mapped ? PETSC_TRUE : PETSC_FALSE;
  Primitive(c, force, x, mean);
  for (int e = 0; e < dim; ++e) {
    for (int q = 0; q < 4; ++q) {
      PetscReal y[3] = {x[0], x[1], x[2]};
      y[e] += (q < 2 ? q - 2 : q - 1) * c->tiny;
      Primitive(c, force, y, w[q]);
    }
    for (int q = 0; q <= dim + scalars; ++q) {
      const int k = q < dim    ? (int)p->vector + q
                    : q == dim ? (int)p->nprim
                               : (int)p->scalar + q - dim - 1;
      const PetscReal slope = ((w[0][k] - w[3][k]) - 8 * (w[1][k] - w[2][k])) / (12 * c->tiny);
      if (q >= dim && mapped)
        grad[q * dim] += n[e] * slope;
      else if (q < dim || e == dir)
        grad[q * dim + e] = slope;
    }
  }
  if (mapped) { /* the vector as it is, with an area of one */
    const PetscReal normal[4] = {n[0], dim > 1 ? n[1] : 1, dim > 2 ? n[2] : 1, 1};
    p->fv.ViscousNormal(p->ctx, 1, &at, 1, normal, 1, v);
  } else
    p->fv.Viscous[dir](p->ctx, 1, &at, 1, v);
  for (PetscInt k = 0; k < p->ncomp; ++k)
    f[k] += (mapped ? 1 : n[dir]) * v[k];
}

/* Flux through n at a point, viscosity included. */
static void PointFlux(const Cell *c, EddyForcing force, const PetscReal x[3], int dir,
                      const PetscReal n[3], PetscReal f[])
{
  const EddyPhysics p = c->d->physics;
  const EddyFv *s = EddyFvGet(c->d);
  PetscReal u[4][EDDY_MAX_COMP];
  force->ops->State(force, x, c->t, u[0]);
  p->ops->Flux(p->ctx, x, c->t, n, u[0], c->aux, f);
  if (s->viscous)
    ViscousFlux(c, force, x, dir, n, f);
  for (int e = 0; e < (int)s->dim && s->diffusive; ++e) {
    for (int q = 0; q < 4; ++q) {
      PetscReal y[3] = {x[0], x[1], x[2]};
      y[e] += (q < 2 ? q - 2 : q - 1) * c->tiny;
      force->ops->State(force, y, c->t, u[q]);
    }
    for (PetscInt k = 0; k < s->ncomp; ++k)
      f[k] -= s->nu[k] * n[e] * ((u[0][k] - u[3][k]) - 8 * (u[1][k] - u[2][k])) / (12 * c->tiny);
  }
}

static void FaceSum(const Cell *c, EddyForcing force, int e, int side, PetscReal sum[])
{
  const EddyFv *s = EddyFvGet(c->d);
  const int dim = (int)s->dim, m = dim > 1 ? POINTS : 1, l = dim > 2 ? POINTS : 1;
  for (int b = 0; b < l; ++b)
    for (int a = 0; a < m; ++a) {
      PetscReal t[3] = {0, 0, 0}, x[3], J[3][3], n[3], f[EDDY_MAX_COMP], w = side ? 1 : -1;
      const int one = (e + 1) % dim, two = (e + 2) % 3;
      t[e] = side;
      if (dim > 1) {
        t[one] = at_point[a];
        w *= weight_of[a];
      }
      if (dim > 2) {
        t[two] = at_point[b];
        w *= weight_of[b];
      }
      Map(c, t, x, J);
      Normal(dim, e, J, n);
      PointFlux(c, force, x, e, n, f);
      for (PetscInt k = 0; k < s->ncomp; ++k)
        sum[k] += w * f[k];
    }
}

/* Adds V d/dt of the cell average. */
static void TimeSum(const Cell *c, EddyForcing force, PetscReal h, PetscReal sum[])
{
  const EddyFv *s = EddyFvGet(c->d);
  const int dim = (int)s->dim, n[3] = {POINTS, dim > 1 ? POINTS : 1, dim > 2 ? POINTS : 1};
  for (int q = 0; q < n[0] * n[1] * n[2]; ++q) {
    const int g[3] = {q % n[0], q / n[0] % n[1], q / n[0] / n[1]};
    PetscReal t[3] = {0, 0, 0}, x[3], J[3][3], face[3], u[4][EDDY_MAX_COMP], w = 0;
    for (int e = 0; e < dim; ++e)
      t[e] = at_point[g[e]];
    Map(c, t, x, J);
    Normal(dim, 0, J, face);
    for (int e = 0; e < dim; ++e)
      w += face[e] * J[0][e];
    for (int e = 0; e < dim; ++e)
      w *= weight_of[g[e]];
    for (int i = 0; i < 4; ++i)
      force->ops->State(force, x, c->t + (i < 2 ? i - 2 : i - 1) * h, u[i]);
    for (PetscInt k = 0; k < s->ncomp; ++k)
      sum[k] += w * ((u[0][k] - u[3][k]) - 8 * (u[1][k] - u[2][k])) / (12 * h);
  }
}

void EddyFvForceBegin(EddyDisc d, PetscReal t)
{
  EddyFv *s = EddyFvGet(d);
  Cell c = {.d = d, .t = t};
  PetscBool steady = PETSC_TRUE;
  for (PetscInt i = 0; i < d->nforcing; ++i)
    steady = (PetscBool)(steady && d->forcing[i]->steady);
  if (s->force_ready && (steady || t == s->force_time))
    return;
  s->force_ready = PETSC_TRUE;
  s->force_time = t;
  c.tiny = PETSC_MAX_REAL;
  for (int e = 0; e < (int)s->dim; ++e)
    c.tiny = PetscMin(c.tiny, 1e-3 * EddyBoxLength(&d->box, e));
  for (PetscInt q = 0; q < s->n[0] * s->n[1] * s->n[2]; ++q) {
    const PetscInt cell[3] = {s->start[0] + q % s->n[0], s->start[1] + q / s->n[0] % s->n[1],
                              s->start[2] + q / s->n[0] / s->n[1]};
    PetscReal sum[EDDY_MAX_COMP] = {0}, aux[EDDY_MAX_COMP];
    for (PetscInt k = 0; k < s->naux; ++k)
      aux[k] = s->aux[(size_t)k * s->cells + (size_t)q];
    c.aux = aux;
    CornersOf(&c, cell);
    for (PetscInt i = 0; i < d->nforcing; ++i) {
      for (int e = 0; e < (int)s->dim; ++e)
        for (int side = 0; side < 2; ++side)
          FaceSum(&c, d->forcing[i], e, side, sum);
      if (!d->forcing[i]->steady)
        TimeSum(&c, d->forcing[i], d->forcing[i]->tiny, sum);
    }
    const double volume = s->mapped ? s->mapped->volume[q] : s->volume;
    for (PetscInt k = 0; k < s->ncomp; ++k)
      s->force[(size_t)k * s->cells + (size_t)q] = sum[k] / volume;
  }
}

void EddyFvForceRow(const EddyFv *s, PetscInt n, size_t at, double *out, size_t os)
{
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    const double *from = s->force + (size_t)c * s->cells + at;
    double *to = out + (size_t)c * os;
    for (PetscInt i = 0; i < n; ++i)
      to[i] += from[i];
  }
}

PetscErrorCode EddyFvForceCreate(EddyDisc d, EddyOptions o)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < d->nforcing; ++i) {
    EddyForcing f = d->forcing[i];
    char key[2 * EDDY_MAX_NAME];
    PetscCall(PetscSNPrintf(key, sizeof key, "physics_forcing_%s_type", f->name));
    EddyOptionsCheck(f->ops->State, o, key,
                     "%s acts on Fourier modes, which disc_type fv has not; it has manufactured",
                     f->ops->name);
    EddyOptionsCheck(!p->fv.CellSource && !s->balance, o, key,
                     "manufactured knows fluxes and viscosity; physics_type %s has "
                     "further terms here",
                     p->ops->name);
  }
  if (d->nforcing)
    PetscCall(PetscCalloc1(s->cells * (size_t)s->ncomp + 1, &s->force));
  PetscFunctionReturn(PETSC_SUCCESS);
}
