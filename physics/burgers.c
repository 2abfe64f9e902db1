/* SPDX-License-Identifier: BSD-3-Clause */
/* Viscous Burgers:  u_t + (u^2/2)_x = nu u_xx + f, periodic in x.

     u   velocity   [L/T]
     nu  viscosity  [L^2/T], option physics_nu

   Energy <u^2>/2 falls at the rate nu <u_x^2> and is kept without viscosity as long as u is smooth;
   the mean of u is always kept.

   Exact: u(x,0) = -A sin(kappa (x - x_mid)), one wave in the box (kappa = 2 pi / L), A =
   physics_exact_amplitude; Cole-Hopf [Cole1951, Hopf1950] with f(y) = exp(-A cos(kappa y) / (2 nu
   kappa)): u(x,t) = -A int sin(kappa (x-s)) f(x-s) exp(-s^2/4 nu t) ds / int f(x-s) exp(-s^2/4 nu
   t) ds, by the trapezoidal rule, which converges geometrically here; the largest exponent is taken
   out first. */
#include "fv_kernels.h"
#include "spectral_kernels.h"
#include <math.h>

typedef struct {
  PetscReal nu, amplitude, kappa, mid;
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(-c->nu * k->k2, 0);
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

EDDY_FV_INLINE double Wave(const Ctx *c, int dir, double u) { return u; }

EDDY_FV_SCALAR
EDDY_FV_CELL_KERNELS(1, 1, 1, 0)
EDDY_FV_SCALAR_SOLVER(Hll, 1, 0)
EDDY_FV_SCALAR_SOLVER(Rusanov, 1, 0)

static void Diffuse(const void *ctx, PetscReal nu[]) { nu[0] = ((const Ctx *)ctx)->nu; }

/* Exponent and sine of the Cole-Hopf integrand at s = r sqrt(4 nu t). */
static PetscReal Exponent(const Ctx *c, PetscReal y, PetscReal r)
{
  return -r * r - c->amplitude * cos(c->kappa * y) / (2 * c->nu * c->kappa);
}

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  const PetscReal y = x[0] - c->mid;
  u[0] = -c->amplitude * sin(c->kappa * y);
  if (t <= 0 || c->nu <= 0)
    return;
  /* beyond |r| = reach the weight is below exp(-40) of its largest value; h resolves the narrowest
   * peak */
  const PetscReal width = sqrt(4 * c->nu * t), a = fabs(c->amplitude);
  const PetscReal reach = sqrt(40 + a / (c->nu * c->kappa));
  const PetscReal h = .15 / sqrt(1 + a * c->kappa * t);
  const PetscInt n = (PetscInt)ceil(reach / h);
  PetscReal top = Exponent(c, y, 0), num = 0, den = 0;
  for (PetscInt j = -n; j <= n; ++j) {
    const PetscReal e = Exponent(c, y - j * h * width, j * h);
    top = e > top ? e : top;
  }
  for (PetscInt j = -n; j <= n; ++j) {
    const PetscReal s = j * h * width, w = exp(Exponent(c, y - s, j * h) - top);
    num += w * sin(c->kappa * (y - s));
    den += w;
  }
  u[0] = -c->amplitude * num / den;
}

static const char *const mode_diag[] = {"mean", "energy", "dissipation"};
static void ModeDiag(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[])
{
  const Ctx *c = ctx;
  const double u2 = EddyCDot(u[0], u[0]);
  out[0] = k->k2 > 0 ? 0 : u[0].re;
  out[1] = .5 * u2;
  out[2] = c->nu * k->k2 * u2;
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

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "physics_nu", "kinematic viscosity", "L^2/T", 1e-2, 0,
                            PETSC_MAX_REAL, &c->nu));
  PetscCall(EddyOptionsReal(o, "physics_exact_amplitude", "amplitude of the exact solution", "L/T",
                            1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  c->kappa = 2 * PETSC_PI / EddyBoxLength(&p->box, 0);
  c->mid = .5 * (p->box.lower[0] + p->box.upper[0]);
  p->ncomp = 1;
  PetscCall(PetscStrncpy(p->comp[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "L/T", EDDY_MAX_NAME));
  p->in_pairs = p->out_pairs = 1;
  p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, CourantRows};
  p->nprim = 1;
  PetscCall(PetscStrncpy(p->prim[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim_unit[0], "L/T", EDDY_MAX_NAME));
  p->fv = (EddyFvKernels){.ToPrim = ToPrimRows1, .Rate = RateRows1};
  p->fv.Speed = SpeedRows1;
  p->fv.Flux[EDDY_RIEMANN_HLL][0] = Hll_1_0;
  p->fv.Flux[EDDY_RIEMANN_RUSANOV][0] = Rusanov_1_0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_burgers) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "burgers",
    .summary = "1-D viscous Burgers",
    .equation = "u_t + (u^2/2)_x = nu u_xx",
    .reference = "Cole1951, Hopf1950",
    .dim_min = 1,
    .dim_max = 1,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Flux = Flux,
    .Diffuse = Diffuse,
    .Exact = Exact,
    .nmode_diag = 3,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .Injection = Injection,
    .invariants = invariants,
};
