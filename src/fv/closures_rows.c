/* SPDX-License-Identifier: BSD-3-Clause */
/* What closures do to the rows of the sweep; see closures.h. */
#include "closures.h"

/* Block of the cell at w in s->w; ghosts count from -3. */
static void CellOf(const EddyFv *s, const double *w, PetscInt cell[3])
{
  const ptrdiff_t at = w - s->w, in_plane = at % (ptrdiff_t)s->plane;
  cell[0] = (PetscInt)(in_plane % (ptrdiff_t)s->pitch) - 8;
  cell[1] = (PetscInt)(in_plane / (ptrdiff_t)s->pitch) - (s->dim > 1 ? EDDY_FV_GHOST : 0);
  cell[2] = (PetscInt)(at / (ptrdiff_t)s->plane) - (s->dim > 2 ? EDDY_FV_GHOST : 0);
}

/* Offset in a component of the blocks of faces; cells from -1 on in the directions of the mesh. */
static ptrdiff_t FaceAt(const EddyFv *s, const PetscInt cell[3])
{
  const EddyFvClosures *l = s->closures;
  ptrdiff_t at = 1 + (ptrdiff_t)cell[0];
  if (s->dim > 1)
    at += (1 + (ptrdiff_t)cell[1]) * (ptrdiff_t)l->pitch;
  if (s->dim > 2)
    at += (1 + (ptrdiff_t)cell[2]) * (ptrdiff_t)l->plane;
  return at;
}

void EddyFvClosuresFace(const EddyFv *s, PetscInt n, int dir, const double *w, double *qm,
                        double *qp)
{
  const EddyFvClosures *l = s->closures;
  const ptrdiff_t step = dir == 0 ? 1 : dir == 1 ? (ptrdiff_t)s->pitch : (ptrdiff_t)s->plane;
  const ptrdiff_t back[3] = {1, (ptrdiff_t)l->pitch, (ptrdiff_t)l->plane};
  PetscInt cell[3], lo, hi;
  CellOf(s, w, cell);
  /* along x: high faces of cells -1 .. n - 1, low ones of 0 .. n; in other directions the rows -1 and n have one each */
  lo = dir ? cell[dir] == -1 ? n : 0 : cell[0] == -1 ? 1 : 0;
  n = PetscMin(n, s->n[0] + (dir ? 0 : 1) - cell[0]);
  hi = dir ? cell[dir] == s->n[dir] ? 0 : n : PetscMin(n, s->n[0] - cell[0]);
  for (PetscInt i = 0; i < l->all.n; ++i) {
    const EddyFvMember *f = &l->of[i];
    const PetscInt S = f->stencil, bound = l->all.member[i].c->face_bound;
    if (!S)
      continue;
    const double *face = f->face + (size_t)(dir * 2 * S) * l->block + FaceAt(s, cell);
    for (PetscInt c = 0; c < s->nprim; ++c) {
      const double *q = w + (size_t)s->from[c] * s->comp;
      if (hi > 0)
        l->kernels->Interpolate(hi, S, l->block, face, step, q, PETSC_TRUE, bound,
                                qp + (size_t)c * s->ts);
      if (lo < n)
        l->kernels->Interpolate(n - lo, S, l->block, face + (size_t)S * l->block - back[dir] + lo,
                                step, q + lo, PETSC_FALSE, bound, qm + (size_t)c * s->ts + lo);
    }
  }
}

/* The flux of closure i at n faces: rows `stride` apart; on mapped grids turned, and times the area. */
static const double *FluxRows(const EddyFv *s, PetscInt i, PetscInt vector, int dir, PetscInt n,
                              ptrdiff_t at, const double *g, size_t *stride)
{
  const EddyFvClosures *l = s->closures;
  const double *face = l->of[i].face + (size_t)(dir * s->ncomp) * l->block + at;
  *stride = l->block;
  if (!g)
    return face;
  double *work = s->mapped->work;
  for (PetscInt c = 0; c < s->ncomp; ++c)
    for (PetscInt x = 0; x < n; ++x)
      work[(size_t)c * s->ts + (size_t)x] = face[(size_t)c * l->block + (size_t)x];
  if (vector)
    l->kernels->Turn[s->dim - 1](n, dir, s->mapped->pitch, g, s->ts, work + (size_t)vector * s->ts);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    s->turn->Scale(n, g + (size_t)s->dim * s->mapped->pitch, work + (size_t)c * s->ts);
  *stride = s->ts;
  return work;
}

void EddyFvClosuresFlux(const EddyFv *s, PetscInt vector, int dir, PetscInt n, const double *w,
                        const double *g, double *fl, double *fr)
{
  const EddyFvClosures *l = s->closures;
  PetscInt cell[3];
  size_t stride;
  CellOf(s, w, cell);
  const ptrdiff_t at = FaceAt(s, cell);
  for (int add = 0; add < 2; ++add) /* what replaces comes first */
    for (PetscInt i = 0; i < l->all.n; ++i) {
      const EddyClosureMember *m = &l->all.member[i];
      if (m->c->target != EDDY_TARGET_FLUX || (m->c->replace ? 0 : 1) != add)
        continue;
      const double *from = FluxRows(s, i, vector, dir, n, at, g, &stride),
                   *share = l->of[i].face + (size_t)(m->out.ncomp + dir) * l->block + at;
      for (PetscInt c = 0; c < s->ncomp; ++c, from += stride)
        for (double *f = fl; f; f = f == fl && fr != fl ? fr : NULL) {
          if (add)
            l->kernels->Add(n, from, f + (size_t)c * s->ts);
          else
            l->kernels->Replace(n, share, from, f + (size_t)c * s->ts);
        }
    }
}
