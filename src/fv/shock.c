/* SPDX-License-Identifier: BSD-3-Clause */
/* Shock-aware flux (disc_shock_switch). Solvers that keep contacts, HLLC and Roe, let odd and even cells along a strong shock part when the shock lies along the
   grid: carbuncles [Quirk1994]. There the flux through the faces along the shock, which have it on either side of them in another direction, is blended to HLL:

     F = (1 - theta) F_sharp + theta F_hll,   theta of a face: the largest of both its cells and of all directions e across its normal,
     theta of a cell in direction e: r = |p_{+1} - p_{-1}| / min(p_{+1}, p_{-1}) from 1 to 2 mapped to 0 to 1, where u_e falls (compression), else 0.

   p: the last positive field of the physics (pressure, depth). Fluxes away from strong shocks, and of contacts and shear layers anywhere, keep their bits. */
#include "fv.h"
#include <stdlib.h>

struct _p_EddyFvShock {
  double *buffer, *cell, *theta, *fl, *fr; /* rows [tile]; fluxes [ncomp][tile] */
  EddyFvFlux hll[3];
};

PetscErrorCode EddyFvShockCreate(EddyDisc d, EddyOptions o)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  struct _p_EddyFvShock *x;
  const size_t total = s->ts * (size_t)(2 + 2 * s->ncomp);
  PetscFunctionBeginUser;
  EddyOptionsCheck(s->dim > 1, o, "disc_shock_switch", "a line has no faces along a shock");
  EddyOptionsCheck(p->vector && p->npositive && p->fv.Flux[EDDY_RIEMANN_HLL][0], o,
                   "disc_shock_switch", "physics_type %s has no shocks to look for", p->ops->name);
  EddyOptionsCheck(s->flux[0] == p->fv.Flux[EDDY_RIEMANN_HLLC][0] ||
                       s->flux[0] == p->fv.Flux[EDDY_RIEMANN_ROE][0],
                   o, "disc_shock_switch", "is for disc_riemann hllc and roe");
  PetscCall(PetscNew(&x));
  s->shock = x;
  for (int e = 0; e < 3; ++e)
    x->hll[e] = p->fv.Flux[EDDY_RIEMANN_HLL][e];
  x->buffer = (double *)aligned_alloc(64, (total * sizeof(double) + 63) / 64 * 64);
  PetscCheck(x->buffer, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCall(PetscArrayzero(x->buffer, total));
  x->cell = x->buffer;
  x->theta = x->cell + s->ts;
  x->fl = x->theta + s->ts;
  x->fr = x->fl + (size_t)s->ncomp * s->ts;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvShockDestroy(EddyFv *s)
{
  PetscFunctionBeginUser;
  if (s->shock)
    free(s->shock->buffer);
  PetscCall(PetscFree(s->shock));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Largest theta over the directions across dir of n cells from w on; theta holds what to begin with. */
static void Cells(const EddyFv *s, EddyPhysics p, int dir, PetscInt n, const double *w,
                  double *theta)
{
  const ptrdiff_t step[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  const double *pressure = w + (size_t)p->positive[p->npositive - 1] * s->comp;
  for (int e = 0; e < (int)s->dim; ++e)
    if (e != dir)
      s->rows->Shock(n, step[e], pressure, w + (size_t)(p->vector + e) * s->comp, theta);
}

void EddyFvShockSoften(EddyFv *s, EddyPhysics p, int dir, PetscInt n, const double *w,
                       const double *l, const double *r, double *fl, double *fr)
{
  struct _p_EddyFvShock *x = s->shock;
  const ptrdiff_t back[3] = {1, (ptrdiff_t)s->pitch, (ptrdiff_t)s->plane};
  double any = 0;
  for (PetscInt i = 0; i < n; ++i)
    x->theta[i] = 0;
  if (dir) {
    Cells(s, p, dir, n, w, x->theta);
    Cells(s, p, dir, n, w - back[dir], x->theta);
  } else {
    for (PetscInt i = 0; i < n + 1; ++i)
      x->cell[i] = 0;
    Cells(s, p, dir, n + 1, w - 1, x->cell);
    for (PetscInt i = 0; i < n; ++i)
      x->theta[i] = x->cell[i] > x->cell[i + 1] ? x->cell[i] : x->cell[i + 1];
  }
  for (PetscInt i = 0; i < n; ++i)
    any = x->theta[i] > any ? x->theta[i] : any;
  if (!(any > 0))
    return;
  x->hll[dir](p->ctx, n, s->ts, l, r, s->ts, x->fl, x->fr);
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    const size_t at = (size_t)c * s->ts;
    s->rows->Blend(n, x->theta, x->fl + at, fl + at);
    if (p->fv.two_sided)
      s->rows->Blend(n, x->theta, x->fr + at, fr + at);
  }
}
