/* SPDX-License-Identifier: BSD-3-Clause */
/* What viscous terms and diffusion on mapped grids see at faces of the box. Derivatives are one-sided, from the value at the face and the two cells inside (border.c), wherever the
   case gives a value at the face or a derivative there; elsewhere they come from the ghost cells like those of any face.

     no-slip wall    velocity u_w(x) of the wall, spin included:  grad u = grad u_w + n d(u - u_w)/dn, as u - u_w is zero along it;  mean velocity u_w
     slip wall       no shear and no work: only the normal component of the stress is left, with u.n = 0 at the wall
     temperature, scalars at walls    no flux, or the rule of the case
     other faces     the normal derivative that a rule (dirichlet, neumann, robin) gives */
#include "fv.h"
#include "viscous.h"

/* One face: `sign` turns outward into rising; columns of the table of its patch, now. */
typedef struct {
  const EddyFv *s;
  const EddyFvPatch *patch;
  const EddyFvBorder *b;
  const double *first, *second; /* component 0 of w in the cells inside */
  double sign, column[EDDY_MAX_COMP];
} Face;

static void FaceAt(EddyDisc d, const EddyFvBorderRow *r, PetscInt q, Face *f)
{
  const EddyFv *s = EddyFvGet(d);
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const PetscInt cell[3] = {r->cell[0] + q, r->cell[1], r->cell[2]};
  f->s = s;
  f->patch = EddyFvPatchAt(s, &d->box, r->t, r->e, r->side, cell);
  f->b = EddyFvBorderAt(s, r->e, r->side, cell);
  f->first = r->w + r->at + q - (r->side ? step[r->e] : 0);
  f->second = f->first + (r->side ? -1 : 1) * step[r->e];
  f->sign = r->side ? 1 : -1;
  if (f->patch->table.n)
    EddyFaceTableAt(&f->patch->table, r->t, f->column);
}

/* Outward derivative of component c of w where a rule gives it. */
static PetscBool Ruled(const Face *f, const EddyFaceRule *rule, PetscInt c, double *slope)
{
  const double *k = f->b->weight, *v = rule->value;
  const size_t at = (size_t)c * f->s->comp;
  const double sum = k[0] + k[1], inside = k[0] * f->first[at] + k[1] * f->second[at];
  switch (rule->kind) {
  case EDDY_FACE_DIRICHLET:
    *slope = sum * v[0] - inside;
    return PETSC_TRUE;
  case EDDY_FACE_NEUMANN:
    *slope = v[0];
    return PETSC_TRUE;
  case EDDY_FACE_ROBIN: /* v0 u + v1 (sum u - inside) = v2 */
    *slope = sum * (v[2] + v[1] * inside) / (v[0] + v[1] * sum) - inside;
    return PETSC_TRUE;
  default:
    return PETSC_FALSE;
  }
}

/* Velocity at a no-slip wall: gradient g[q * dim + e] (rows gs apart), value v. */
static void NoSlip(const Face *f, int dim, PetscInt vector, size_t gs, double *g, double *v)
{
  double wall[3], at[2][3];
  EddyFaceWall(f->patch, f->column, f->b->x, wall);
  for (int q = 0; q < 2; ++q)
    EddyFaceWall(f->patch, f->column, f->b->inner[q], at[q]);
  for (int q = 0; q < dim; ++q) {
    const size_t c = (size_t)(vector + q) * f->s->comp;
    const double inward =
        f->b->weight[0] * (f->first[c] - at[0][q]) + f->b->weight[1] * (f->second[c] - at[1][q]);
    for (int e = 0; e < dim; ++e)
      g[(size_t)(q * dim + e) * gs] = -inward * f->b->normal[e];
    v[(size_t)q * gs] = wall[q];
  }
  if (dim > 1) {
    g[gs] -= f->patch->spin;
    g[(size_t)dim * gs] += f->patch->spin;
  }
}

/* At a slip wall: a gradient with the same divergence whose stress is along the normal; the velocity along the wall alone. */
static void Slip(const Face *f, int dim, PetscInt vector, size_t gs, double *g, double *v)
{
  const double *n = f->b->normal;
  double along = 0, stretch = 0, inward = 0, through = 0;
  for (int q = 0; q < dim; ++q) {
    const size_t c = (size_t)(vector + q) * f->s->comp;
    for (int e = 0; e < dim; ++e)
      stretch += n[q] * g[(size_t)(q * dim + e) * gs] * n[e];
    along += g[(size_t)(q * dim + q) * gs];
    inward += n[q] * (f->b->weight[0] * f->first[c] + f->b->weight[1] * f->second[c]);
    through += n[q] * v[(size_t)q * gs];
  }
  along = dim > 1 ? (along - stretch) / (dim - 1) : 0;
  for (int q = 0; q < dim; ++q) {
    for (int e = 0; e < dim; ++e)
      g[(size_t)(q * dim + e) * gs] = (q == e ? along : 0) - (inward + along) * n[q] * n[e];
    v[(size_t)q * gs] -= through * n[q];
  }
}

/* The normal derivative that a rule gives instead of that of the gradient g[dim] of velocity component q. */
static void Normal(const Face *f, int dim, PetscInt c, size_t gs, double *g)
{
  double slope, now = 0;
  if (!Ruled(f, &f->patch->field[c], c, &slope))
    return;
  for (int e = 0; e < dim; ++e)
    now += g[(size_t)e * gs] * f->b->normal[e];
  for (int e = 0; e < dim; ++e)
    g[(size_t)e * gs] += (slope - now) * f->b->normal[e];
}

/* Derivative of the temperature or of a scalar (component c of w) along the rising normal; insulated walls unless something is given. */
static void Slope(const Face *f, const EddyFaceRule *rule, PetscInt c, PetscBool given, double *to)
{
  double slope;
  if (rule && Ruled(f, rule, c, &slope))
    *to = f->sign * slope;
  else if (EddyFaceIsWall(f->patch->type) && !given && (!rule || rule->kind == EDDY_FACE_INSIDE))
    *to = 0;
}

void EddyFvViscousBorder(EddyDisc d, const EddyFvBorderRow *r, double *mean, double *grad)
{
  const EddyFv *s = EddyFvGet(d);
  const EddyPhysics p = d->physics;
  const int dim = (int)s->dim;
  const PetscInt heat = s->mapped->viscous->temperature;
  for (PetscInt q = 0; q < r->n; ++q) {
    Face f;
    FaceAt(d, r, q, &f);
    double *g = grad + r->at + q, *v = mean + (size_t)p->vector * s->ts + r->at + q;
    if (f.patch->type == EDDY_BOUNDARY_NO_SLIP)
      NoSlip(&f, dim, p->vector, s->ts, g, v);
    else if (EddyFaceIsWall(f.patch->type))
      Slip(&f, dim, p->vector, s->ts, g, v);
    else
      for (int c = 0; c < dim; ++c)
        Normal(&f, dim, p->vector + c, s->ts, g + (size_t)(c * dim) * s->ts);
    PetscBool given = PETSC_FALSE; /* what the temperature follows from */
    for (PetscInt c = 0; c < p->npositive; ++c)
      given = (PetscBool)(given || f.patch->given[p->positive[c]]);
    Slope(&f, heat < 0 ? NULL : &f.patch->extra[heat], s->viscous->temperature, given,
          g + (size_t)(dim * dim) * s->ts);
    for (PetscInt c = p->scalar; c && c < p->nprim; ++c)
      Slope(&f, &f.patch->field[c], c, PETSC_FALSE,
            g + (size_t)((dim + 1 + c - p->scalar) * dim) * s->ts);
  }
}

void EddyFvDiffusionBorder(EddyDisc d, const EddyFvBorderRow *r, PetscInt c, double *slope)
{
  for (PetscInt q = 0; q < r->n; ++q) {
    Face f;
    FaceAt(d, r, q, &f);
    Slope(&f, &f.patch->field[c], c, PETSC_FALSE, slope + r->at + q);
  }
}
