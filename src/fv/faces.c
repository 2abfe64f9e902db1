/* SPDX-License-Identifier: BSD-3-Clause */
/* Boundary conditions: fills the ghost layers beyond the faces of the box by the rules of faces.h. */
#include "fv.h"
#include <math.h>

/* One ghost layer of a patch on a range of cells. */
typedef struct {
  const EddyFvPatch *patch;
  int e, side;
  PetscInt m;             /* number of the layer, 1 at the face */
  PetscInt lo[3], hi[3];  /* local cells; lo[e] is the layer */
  ptrdiff_t edge, mirror; /* from a ghost cell to the cell at the face, and to the mirrored one */
  double t, normal[3];    /* outward */
  double column[EDDY_MAX_COMP]; /* of the table at time t */
} Layer;

/* Ghost value = a w + b of the cell w that `mirror` says. */
static void Affine(const EddyFaceRule *r, const Layer *l, double dx, double *a, double *b,
                   PetscBool *mirror)
{
  const double v = r->column >= 0 ? l->column[r->column] : r->value[0],
               across = (double)(2 * l->m - 1) * dx; /* from the cell to its mirror image */
  const double half = .5 * r->value[0], slope = r->value[1] / across, sum = half + slope;
  *mirror = (PetscBool)(r->kind > EDDY_FACE_BEYOND || EddyFaceIsWall(l->patch->type));
  *a = 1;
  *b = 0;
  switch (r->kind) {
  case EDDY_FACE_BEYOND:
    *a = 0;
    *b = v;
    break;
  case EDDY_FACE_DIRICHLET:
    *a = -1;
    *b = 2 * v;
    break;
  case EDDY_FACE_NEUMANN:
    *b = v * across;
    break;
  case EDDY_FACE_ROBIN:
    *a = (slope - half) / sum;
    *b = r->value[2] / sum;
    break;
  default:
    break;
  }
}

/* Width of the cell at the face before a ghost cell. */
static double Width(const EddyFv *s, const Layer *l, const PetscInt cell[3])
{
  return s->mapped ? 2 * EddyFvBorderAt(s, l->e, l->side, cell)->distance : 1 / s->inv_dx[l->e];
}

/* Rules that need the distance between cells, where each cell has its own. */
static void Distant(const EddyFv *s, const Layer *l, PetscInt c, double *w)
{
  for (PetscInt k = l->lo[2]; k < l->hi[2]; ++k)
    for (PetscInt j = l->lo[1]; j < l->hi[1]; ++j)
      for (PetscInt i = l->lo[0]; i < l->hi[0]; ++i) {
        const PetscInt cell[3] = {i, j, k};
        double a, b, *to = w + EddyFvWork(s, c, i, j, k);
        PetscBool mirror;
        Affine(&l->patch->field[c], l, Width(s, l, cell), &a, &b, &mirror);
        *to = a * to[mirror ? l->mirror : l->edge] + b;
      }
}

static void Fields(const EddyFv *s, const Layer *l, double *w)
{
  for (PetscInt c = 0; c < s->nprim; ++c) {
    double a, b;
    PetscBool mirror;
    if (s->mapped && l->patch->field[c].kind > EDDY_FACE_DIRICHLET) {
      Distant(s, l, c, w);
      continue;
    }
    Affine(&l->patch->field[c], l, 1 / s->inv_dx[l->e], &a, &b, &mirror);
    const ptrdiff_t from = mirror ? l->mirror : l->edge;
    const PetscInt n = l->hi[0] - l->lo[0];
    for (PetscInt k = l->lo[2]; k < l->hi[2]; ++k)
      for (PetscInt j = l->lo[1]; j < l->hi[1]; ++j) {
        double *to = w + EddyFvWork(s, c, l->lo[0], j, k);
        if (a == 1 && b == 0)
          for (PetscInt i = 0; i < n; ++i)
            to[i] = to[i + from];
        else if (a == 0)
          for (PetscInt i = 0; i < n; ++i)
            to[i] = b;
        else
          for (PetscInt i = 0; i < n; ++i)
            to[i] = a * to[i + from] + b;
      }
  }
}

/* The point of the face before a ghost cell. */
static void Where(const EddyFv *s, const EddyBox *box, const Layer *l, const PetscInt cell[3],
                  double x[3])
{
  for (int e = 0; e < 3; ++e)
    x[e] = 0;
  for (int e = 0; e < (int)s->dim; ++e)
    x[e] = s->mapped   ? EddyFvBorderAt(s, l->e, l->side, cell)->x[e]
           : e == l->e ? (l->side ? box->upper[e] : box->lower[e])
                       : box->lower[e] + ((double)(s->start[e] + cell[e]) + .5) / s->inv_dx[e];
}

/* Velocity beyond a wall. */
static void Walls(const EddyFv *s, const EddyBox *box, PetscInt vector, const Layer *l, double *w)
{
  const PetscBool no_slip = (PetscBool)(l->patch->type == EDDY_BOUNDARY_NO_SLIP);
  const int dim = (int)s->dim;
  const double *normal = l->normal;
  double wall[3], in[3], out[3], x[3];
  EddyFaceWall(l->patch, l->column, NULL, wall);
  for (PetscInt k = l->lo[2]; k < l->hi[2]; ++k)
    for (PetscInt j = l->lo[1]; j < l->hi[1]; ++j)
      for (PetscInt i = l->lo[0]; i < l->hi[0]; ++i) {
        double *to = w + EddyFvWork(s, vector, i, j, k);
        const PetscInt cell[3] = {i, j, k};
        for (int e = 0; e < dim; ++e)
          in[e] = to[(ptrdiff_t)((size_t)e * s->comp) + l->mirror];
        if (s->mapped)
          normal = EddyFvBorderAt(s, l->e, l->side, cell)->normal;
        if (l->patch->spin != 0) {
          Where(s, box, l, cell, x);
          EddyFaceWall(l->patch, l->column, x, wall);
        }
        EddyFaceMirror(dim, no_slip, normal, wall, in, out);
        for (int e = 0; e < dim; ++e)
          to[(size_t)e * s->comp] = out[e];
      }
}

/* Pressure and density go on beyond a wall of a mapped grid as they come to it, by their difference over the two cells inside, at most doubled or halved: in a viscous flow along a curved wall
   they have a slope there, which a mirror image has not. */
static void Continue(const EddyFv *s, EddyPhysics p, const Layer *l, double *w)
{
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const ptrdiff_t second = l->edge + (l->side ? -1 : 1) * step[l->e];
  for (PetscInt q = 0; q < p->npositive; ++q) {
    if (l->patch->given[p->positive[q]])
      continue;
    for (PetscInt k = l->lo[2]; k < l->hi[2]; ++k)
      for (PetscInt j = l->lo[1]; j < l->hi[1]; ++j)
        for (PetscInt i = l->lo[0]; i < l->hi[0]; ++i) {
          double *to = w + EddyFvWork(s, p->positive[q], i, j, k);
          const double a = to[l->edge], v = a + (double)l->m * (a - to[second]);
          *to = PetscMin(PetscMax(v, .5 * a), 2 * a);
        }
  }
}

/* What a rule field by field cannot say: other fields of the physics, consistency, positivity, waves, plug-ins. */
static void Point(const EddyFv *s, const EddyBox *box, EddyPhysics p, const Layer *l,
                  const double in[], const double mirror[], const PetscInt cell[3], double ghost[])
{
  const EddyFvPatch *patch = l->patch;
  PetscBool given[EDDY_MAX_COMP];
  for (PetscInt q = 0; q < s->nprim; ++q)
    given[q] = patch->given[q];
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q)
    if (patch->extra[q].kind != EDDY_FACE_INSIDE) {
      double a, b;
      PetscBool far;
      Affine(&patch->extra[q], l, Width(s, l, cell), &a, &b, &far);
      const double before = p->ops->FaceGet(p->ctx, q, far ? mirror : in);
      p->ops->FaceSet(p->ctx, q, a * before + b, ghost);
    }
  if (p->ops->Complete && patch->fixed)
    p->ops->Complete(p->ctx, EddyFaceIsWall(patch->type) ? mirror : in, given, ghost);
  if (patch->type == EDDY_BOUNDARY_CHARACTERISTIC) {
    double far[EDDY_MAX_COMP];
    for (PetscInt q = 0; q < s->nprim; ++q) {
      far[q] = ghost[q];
      ghost[q] = in[q];
    }
    p->ops->FarField(p->ctx, s->nprim, l->normal, in, far, given, 1 / (double)box->n[l->e], ghost);
  }
  if (patch->plug) {
    double x[3];
    Where(s, box, l, cell, x);
    EddyFacePlugState(patch->plug, l->t, x, l->normal, ((double)l->m - .5) * Width(s, l, cell), in,
                      mirror, ghost);
  }
  for (PetscInt q = 0; q < p->npositive; ++q) {
    const PetscInt c = p->positive[q];
    ghost[c] = ghost[c] < p->floor ? in[c] : ghost[c];
  }
}

static void Points(const EddyFv *s, const EddyBox *box, EddyPhysics p, const Layer *l, double *w)
{
  double in[EDDY_MAX_COMP], mirror[EDDY_MAX_COMP], ghost[EDDY_MAX_COMP];
  for (PetscInt k = l->lo[2]; k < l->hi[2]; ++k)
    for (PetscInt j = l->lo[1]; j < l->hi[1]; ++j)
      for (PetscInt i = l->lo[0]; i < l->hi[0]; ++i) {
        const PetscInt cell[3] = {i, j, k};
        double *to = w + EddyFvWork(s, 0, i, j, k);
        for (PetscInt c = 0; c < s->nprim; ++c) {
          double *at = to + (size_t)c * s->comp;
          in[c] = at[l->edge];
          mirror[c] = at[l->mirror];
          ghost[c] = at[0];
        }
        Layer here = *l;
        for (int e = 0; e < 3 && s->mapped; ++e)
          here.normal[e] = EddyFvBorderAt(s, l->e, l->side, cell)->normal[e];
        Point(s, box, p, &here, in, mirror, cell, ghost);
        for (PetscInt c = 0; c < s->nprim; ++c)
          to[(size_t)c * s->comp] = ghost[c];
      }
}

/* First cell (global index) whose centre is at x or beyond, between lo and hi; on mapped grids x is a fraction of the indices. */
static PetscInt CellAt(const EddyFv *s, const EddyBox *box, int e, double x, PetscInt lo,
                       PetscInt hi)
{
  const double at = ceil((x - (s->mapped ? 0 : box->lower[e])) * s->inv_dx[e] - .5 - 1e-9);
  return at <= (double)lo ? lo : at >= (double)hi ? hi : (PetscInt)at;
}

const EddyFvPatch *EddyFvPatchAt(const EddyFv *s, const EddyBox *box, double t, int e, int side,
                                 const PetscInt cell[3])
{
  const EddyFvFace *face = &s->faces.face[e][side];
  for (PetscInt q = face->n - 1; q > 0; --q) {
    const EddyFvPatch *patch = &face->patch[q];
    PetscBool inside = PETSC_TRUE;
    for (int a = 0, along = 0; a < (int)s->dim; ++a) {
      if (a == e)
        continue;
      const double move = patch->speed[along] * t;
      const PetscInt at = s->start[a] + cell[a];
      inside =
          (PetscBool)(inside && CellAt(s, box, a, patch->from[along] + move, at, at + 1) == at &&
                      CellAt(s, box, a, patch->to[along] + move, at, at + 1) > at);
      ++along;
    }
    if (inside)
      return patch;
  }
  return &face->patch[0];
}

/* One ghost layer, local index `layer`, beyond a face. The cells it takes its values from may be ghosts of a thin block. */
static void FillLayer(EddyDisc d, double t, int e, int side, PetscInt layer, const PetscInt lo[3],
                      const PetscInt hi[3], double *w)
{
  EddyFv *s = EddyFvGet(d);
  const EddyBox *box = &d->box;
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const PetscInt edge = side ? box->n[e] : 0, global = s->start[e] + layer; /* edge - 1 | edge */
  for (PetscInt q = 0; q < s->faces.face[e][side].n; ++q) {
    const EddyFvPatch *patch = &s->faces.face[e][side].patch[q];
    Layer l = {.patch = patch, .e = e, .side = side, .t = t};
    PetscBool empty = PETSC_FALSE;
    l.m = side ? global - edge + 1 : -global;
    l.edge = (edge - side - global) * step[e];
    l.mirror = (2 * (edge - global) - 1) * step[e];
    l.normal[e] = side ? 1 : -1;
    for (int a = 0, along = 0; a < 3; ++a) {
      l.lo[a] = a == e ? layer : lo[a];
      l.hi[a] = a == e ? layer + 1 : hi[a];
      if (a == e || a >= (int)s->dim)
        continue;
      const double move = patch->speed[along] * t;
      const PetscInt first = s->start[a] + lo[a], last = s->start[a] + hi[a];
      l.lo[a] = CellAt(s, box, a, patch->from[along] + move, first, last) - s->start[a];
      l.hi[a] = CellAt(s, box, a, patch->to[along] + move, first, last) - s->start[a];
      if (l.hi[a] <= l.lo[a])
        empty = PETSC_TRUE;
      ++along;
    }
    if (empty)
      continue;
    if (patch->table.n)
      EddyFaceTableAt(&patch->table, t, l.column);
    Fields(s, &l, w);
    if (EddyFaceIsWall(patch->type) && d->physics->vector)
      Walls(s, box, d->physics->vector, &l, w);
    if (EddyFaceIsWall(patch->type) && s->mapped && s->viscous && !s->balance)
      Continue(s, d->physics, &l, w);
    if (patch->pointwise)
      Points(s, box, d->physics, &l, w);
  }
}

void EddyFvFillDirection(EddyDisc d, double t, int e, const PetscInt lo[3], const PetscInt hi[3],
                         double *w)
{
  EddyFv *s = EddyFvGet(d);
  for (PetscInt q = 1; q <= EDDY_FV_GHOST && !d->box.periodic[e] && s->cells; ++q) {
    if (s->start[e] - q < 0)
      FillLayer(d, t, e, 0, -q, lo, hi, w);
    if (s->start[e] + s->n[e] - 1 + q >= d->box.n[e])
      FillLayer(d, t, e, 1, s->n[e] - 1 + q, lo, hi, w);
  }
}

PetscErrorCode EddyFvFacesDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  for (int e = 0; e < 3; ++e)
    for (int side = 0; side < 2; ++side) {
      EddyFvFace *f = &s->faces.face[e][side];
      for (PetscInt q = 0; q < f->n; ++q) {
        PetscCall(EddyFaceTableDestroy(&f->patch[q].table));
        PetscCall(EddyFacePlugDestroy(&f->patch[q].plug));
      }
      PetscCall(PetscFree(f->patch));
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}
