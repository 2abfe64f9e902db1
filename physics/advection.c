/* SPDX-License-Identifier: BSD-3-Clause */
/* Advection and diffusion of a scalar by a constant velocity:  u_t + a.grad u = kappa lap u.

     u      scalar       [state]
     a      velocity     [L/T]      physics_velocity, one number per direction
     kappa  diffusivity  [L^2/T]    physics_kappa

   Exact: one wave u = sin(k.(x - lower - a t)) exp(-kappa |k|^2 t) with physics_exact_k waves per box. The mean is kept, without diffusion also the
   energy <u^2>/2. In the spectral form the advection is the product term: a phase shift that is exact in space. */
#include "fv_kernels.h"
#include "spectral_kernels.h"

typedef struct {
  PetscReal a[3], kappa, k[3], lower[3];
  PetscInt dim;
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(-c->kappa * k->k2, 0);
}

static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], EddyComplex a[])
{
  a[0] = u[0];
  a[1] = EddyC(0, 0);
}
static inline void Product(const Ctx *c, const double a[], double w[])
{
  w[0] = a[0];
  w[1] = 0;
}
static inline void FromHat(const Ctx *c, const EddyMode *k, const EddyComplex w[], EddyComplex r[])
{
  r[0] = EddyCTimesI(-(c->a[0] * k->k[0] + c->a[1] * k->k[1]), w[0]);
}
static inline double Speed(const Ctx *c, const double a[], const double inv_dx[3])
{
  return fabs(c->a[0]) * inv_dx[0] + fabs(c->a[1]) * inv_dx[1];
}

EDDY_SPECTRAL_KERNELS(1, 1, 1)
EDDY_COURANT_KERNEL(1)

static inline void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                        const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  f[0] = (c->a[0] * n[0] + c->a[1] * n[1] + c->a[2] * n[2]) * u[0];
}

EDDY_FV_INLINE double Wave(const Ctx *c, int dir, double u) { return c->a[dir]; }

EDDY_FV_SCALAR_TABLE(a)

static void Diffuse(const void *ctx, PetscReal nu[]) { nu[0] = ((const Ctx *)ctx)->kappa; }

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  PetscReal phase = 0, k2 = 0;
  for (PetscInt d = 0; d < c->dim; ++d) {
    phase += c->k[d] * (x[d] - c->lower[d] - c->a[d] * t);
    k2 += c->k[d] * c->k[d];
  }
  u[0] = sin(phase) * exp(-c->kappa * k2 * t);
}

static const char *const mode_diag[] = {"mean", "energy"};
static void ModeDiag(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[])
{
  out[0] = k->k2 > 0 ? 0 : u[0].re;
  out[1] = .5 * EddyCDot(u[0], u[0]);
}

static double Injection(const void *ctx, const EddyMode *k, const EddyComplex u[],
                        const EddyComplex f[])
{
  return EddyCDot(u[0], f[0]);
}

static const char *const invariants[] = {"mean", "energy", NULL};

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;
  PetscInt waves[3] = {1, 0, 0};

  PetscFunctionBeginUser;
  c->dim = dim;
  c->a[0] = 1;
  PetscCall(EddyOptionsReals(o, "physics_velocity", "velocity, one number per direction", "L/T",
                             dim, -PETSC_MAX_REAL, PETSC_MAX_REAL, c->a, NULL));
  PetscCall(
      EddyOptionsReal(o, "physics_kappa", "diffusivity", "L^2/T", 0, 0, PETSC_MAX_REAL, &c->kappa));
  PetscCall(EddyOptionsInts(o, "physics_exact_k", "waves per box of the exact solution", dim,
                            -100000, 100000, waves, NULL));
  for (PetscInt d = 0; d < dim; ++d) {
    c->k[d] = 2 * PETSC_PI * (PetscReal)waves[d] / EddyBoxLength(&p->box, (int)d);
    c->lower[d] = p->box.lower[d];
  }
  p->ncomp = p->nprim = 1;
  PetscCall(PetscStrncpy(p->comp[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "1", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim_unit[0], "1", EDDY_MAX_NAME));
  if (dim < 3) {
    p->in_pairs = p->out_pairs = 1;
    p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, CourantRows};
  }
  p->fv = scalar_kernels[dim - 1];
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_advection) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "advection",
    .summary = "advection and diffusion of a scalar by a constant velocity, 1-D to 3-D",
    .equation = "u_t + a.grad u = kappa lap u",
    .reference = "LeVeque2002",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Flux = Flux,
    .Diffuse = Diffuse,
    .Exact = Exact,
    .nmode_diag = 2,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .Injection = Injection,
    .invariants = invariants,
};
