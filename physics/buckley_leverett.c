/* SPDX-License-Identifier: BSD-3-Clause */
/* Buckley-Leverett: two immiscible fluids pushed through a porous medium, 1-D to 3-D [BuckleyLeverett1942; LeVeque2002, section 16.1.1]:

     u_t + div(v f(u)) = 0,   f(u) = u^2 / (u^2 + M (1 - u)^2)

     u   saturation of the pushing fluid  [1], 0 to 1
     v   total velocity                   [L/T]  physics_velocity, one number per direction
     M   ratio of mobilities              [1]    physics_mobility

   f is neither convex nor concave, but it rises from 0 to 1: continued as a constant outside [0, 1], Godunov's flux is the upwind one for any two
   states, which is what `hll` means here; `rusanov` uses the largest f' between the two. The rate for the Courant number is that of the largest f' anywhere:
   the fastest wave of a step from 0 to 1 moves where neither side does.

   Exact: a plane front normal to v, u = 1 behind physics_exact_position (distance from the origin along v) and 0 ahead of it at t = 0. Behind the shock,
   whose foot is the tangent from the origin, u* = sqrt(M/(1 + M)), speed f'(u*), lies a rarefaction f'(u) = x/t [Welge1952]. */
#include "fv_kernels.h"

typedef struct {
  PetscReal v[3], M;
  PetscReal steepest, most;                /* where f' is largest, and its value */
  PetscReal along[3], speed, front, shock; /* v/|v|, |v|, of the exact solution, f'(u*) */
  PetscInt dim;
} Ctx;

EDDY_FV_INLINE double Clip(double u) { return EddyMin(EddyMax(u, 0), 1); }
EDDY_FV_INLINE double Fraction(const Ctx *c, double u)
{
  const double a = Clip(u), b = 1 - a;
  return a * a / (a * a + c->M * (b * b));
}
EDDY_FV_INLINE double Slope(const Ctx *c, double u)
{
  const double a = Clip(u), b = 1 - a, d = a * a + c->M * (b * b);
  return 2 * c->M * (a * b) / (d * d);
}

static void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                 const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  f[0] = (c->v[0] * n[0] + c->v[1] * n[1] + c->v[2] * n[2]) * Fraction(c, u[0]);
}

EDDY_FV_INLINE void Prim(const Ctx *c, int dim, const double u[], const double aux[], double w[])
{
  w[0] = u[0];
}
EDDY_FV_INLINE double CellRate(const Ctx *c, int dim, const double w[], const double inv_dx[3])
{
  double s = 0;
  for (int d = 0; d < dim; ++d)
    s += fabs(c->v[d]) * inv_dx[d];
  return s * c->most;
}
EDDY_FV_INLINE void Upwind(const Ctx *c, int dim, int dir, const double l[], const double r[],
                           double f[])
{
  const double v = c->v[dir], side = v >= 0 ? l[0] : r[0];
  f[0] = v * Fraction(c, side);
}
/* f' rises up to `steepest` and falls behind it. */
EDDY_FV_INLINE void Rusanov(const Ctx *c, int dim, int dir, const double l[], const double r[],
                            double f[])
{
  const double a = EddyMin(l[0], r[0]), b = EddyMax(l[0], r[0]);
  const double at_ends = EddyMax(Slope(c, a), Slope(c, b));
  const double s = (a < c->steepest) & (c->steepest < b) ? c->most : at_ends;
  f[0] = .5 * c->v[dir] * (Fraction(c, l[0]) + Fraction(c, r[0])) -
         .5 * fabs(c->v[dir]) * s * (r[0] - l[0]);
}

EDDY_FV_CELL_KERNELS(1, 1, 1, 0)
EDDY_FV_CELL_KERNELS(2, 1, 1, 0)
EDDY_FV_CELL_KERNELS(3, 1, 1, 0)
EDDY_FV_SCALAR_SOLVER(Upwind, 3, 0)
EDDY_FV_SCALAR_SOLVER(Upwind, 3, 1)
EDDY_FV_SCALAR_SOLVER(Upwind, 3, 2)
EDDY_FV_SCALAR_SOLVER(Rusanov, 3, 0)
EDDY_FV_SCALAR_SOLVER(Rusanov, 3, 1)
EDDY_FV_SCALAR_SOLVER(Rusanov, 3, 2)
EDDY_FV_SCALAR_NORMAL(Upwind, Rusanov, v)

/* u in [u*, 1] with f'(u) = s; f' falls there. */
static PetscReal Rarefaction(const Ctx *c, PetscReal foot, PetscReal s)
{
  PetscReal low = foot, high = 1;
  for (int i = 0; i < 60; ++i) {
    const PetscReal mid = .5 * (low + high);
    if (Slope(c, mid) > s)
      low = mid;
    else
      high = mid;
  }
  return .5 * (low + high);
}

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  PetscReal y = -c->front;
  for (PetscInt d = 0; d < c->dim; ++d)
    y += c->along[d] * x[d];
  u[0] = y < 0 ? 1 : 0;
  if (y >= 0 && y < c->shock * c->speed * t)
    u[0] = Rarefaction(c, sqrt(c->M / (1 + c->M)), y / (c->speed * t));
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;
  PetscReal v2 = 0, low = 0, high = 1;

  PetscFunctionBeginUser;
  c->dim = dim;
  c->v[0] = 1;
  PetscCall(EddyOptionsReals(o, "physics_velocity", "velocity, one number per direction", "L/T",
                             dim, -PETSC_MAX_REAL, PETSC_MAX_REAL, c->v, NULL));
  PetscCall(EddyOptionsReal(o, "physics_mobility",
                            "mobility of the pushed fluid over that of the pushing one", "1", 1,
                            1e-6, 1e6, &c->M));
  PetscCall(EddyOptionsReal(o, "physics_exact_position", "where the exact front starts, along v",
                            "L", 0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->front));
  for (PetscInt d = 0; d < dim; ++d)
    v2 += c->v[d] * c->v[d];
  c->speed = sqrt(v2);
  EddyOptionsCheck(v2 > 0, o, "physics_velocity", "must not be zero");
  for (PetscInt d = 0; d < dim; ++d)
    c->along[d] = c->v[d] / c->speed;
  /* f'' = 0: 2 (1 + M) u^3 - 3 (1 + M) u^2 + M = 0, which falls from M to -1 */
  for (int i = 0; i < 60; ++i) {
    const PetscReal u = .5 * (low + high);
    if ((1 + c->M) * (2 * u - 3) * u * u + c->M > 0)
      low = u;
    else
      high = u;
  }
  c->steepest = .5 * (low + high);
  c->most = Slope(c, c->steepest);
  c->shock = Slope(c, sqrt(c->M / (1 + c->M)));
  p->ncomp = p->nprim = 1;
  PetscCall(PetscStrncpy(p->comp[0], "saturation", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "1", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim[0], "saturation", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim_unit[0], "1", EDDY_MAX_NAME));
  p->fv = (EddyFvKernels){
      .ToPrim = dim == 1   ? ToPrimRows1
                : dim == 2 ? ToPrimRows2
                           : ToPrimRows3,
      .Rate = dim == 1   ? RateRows1
              : dim == 2 ? RateRows2
                         : RateRows3,
      .SpeedNormal = EDDY_FV_SPEED_NORMAL_OF(dim),
      .FluxNormal[EDDY_RIEMANN_HLL] = EDDY_FV_NORMAL_OF(Upwind, dim),
      .FluxNormal[EDDY_RIEMANN_RUSANOV] = EDDY_FV_NORMAL_OF(Rusanov, dim),
      .Flux[EDDY_RIEMANN_HLL] = {Upwind_3_0, Upwind_3_1, Upwind_3_2}, /* knows no dimension */
      .Flux[EDDY_RIEMANN_RUSANOV] = {Rusanov_3_0, Rusanov_3_1, Rusanov_3_2}};
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const invariants[] = {"mean", NULL};

const EddyPhysicsOps EDDY_SIMD(eddy_physics_buckley_leverett) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "buckley_leverett",
    .summary = "two fluids in a porous medium, a flux that is not convex, 1-D to 3-D",
    .equation = "u_t + div(v f(u)) = 0, f = u^2/(u^2 + M (1 - u)^2)",
    .reference = "BuckleyLeverett1942, Welge1952",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Flux = Flux,
    .Exact = Exact,
    .invariants = invariants,
};
