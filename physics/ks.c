/* SPDX-License-Identifier: BSD-3-Clause */
/* Kuramoto-Sivashinsky:  u_t + (u^2/2)_x + nu2 u_xx + nu4 u_xxxx = f, periodic in x [Kuramoto1978,
   Sivashinsky1977].

     u    velocity (slope of a front)  [L/T]
     nu2  anti-diffusion               [L^2/T], option physics_nu2, 1
     nu4  hyperdiffusion               [L^4/T], option physics_nu4, 1 (called the viscosity by
   learned-solver papers)

   Modes with k^2 < nu2/nu4 grow. Energy <u^2>/2 is produced at the rate nu2 <u_x^2> and dissipated
   at nu4 <u_xx^2>; the mean is kept. */
#include "spectral_kernels.h"
#include <math.h>

typedef struct {
  PetscReal nu2, nu4;
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(k->k2 * (c->nu2 - c->nu4 * k->k2), 0);
}

static inline void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                        const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  f[0] = .5 * u[0] * u[0] * n[0];
}

static inline double Speed(const Ctx *c, const double a[], const double inv_dx[3])
{
  return fabs(a[0]) * inv_dx[0];
}

EDDY_FLUX_KERNELS_1D
EDDY_COURANT_KERNEL(1)

static const char *const mode_diag[] = {"mean", "energy", "production", "dissipation"};
static void ModeDiag(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[])
{
  const Ctx *c = ctx;
  const double u2 = EddyCDot(u[0], u[0]);
  out[0] = k->k2 > 0 ? 0 : u[0].re;
  out[1] = .5 * u2;
  out[2] = c->nu2 * k->k2 * u2;
  out[3] = c->nu4 * k->k2 * k->k2 * u2;
}

static double Injection(const void *ctx, const EddyMode *k, const EddyComplex u[],
                        const EddyComplex f[])
{
  return EddyCDot(u[0], f[0]);
}

/* the energy is kept only when nu2 = nu4 = 0 */
static const char *const invariants[] = {"mean", "energy", NULL};

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "physics_nu2", "anti-diffusion, coefficient of u_xx", "L^2/T", 1, 0,
                            PETSC_MAX_REAL, &c->nu2));
  PetscCall(EddyOptionsReal(o, "physics_nu4", "hyperviscosity, coefficient of u_xxxx", "L^4/T", 1,
                            0, PETSC_MAX_REAL, &c->nu4));
  p->ncomp = 1;
  PetscCall(PetscStrncpy(p->comp[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "L/T", EDDY_MAX_NAME));
  p->in_fields = p->out_fields = 1;
  p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, CourantRows};
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_ks) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "ks",
    .summary = "1-D Kuramoto-Sivashinsky",
    .equation = "u_t + (u^2/2)_x + nu2 u_xx + nu4 u_xxxx = 0",
    .reference = "Kuramoto1978, Sivashinsky1977",
    .dim_min = 1,
    .dim_max = 1,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Flux = Flux,
    .nmode_diag = 4,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .Injection = Injection,
    .invariants = invariants,
};
