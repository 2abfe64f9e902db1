/* SPDX-License-Identifier: BSD-3-Clause */
/* Viscous Burgers of a scalar:  u_t + div(a u^2/2) = nu lap u + f, 1-D to 3-D (spectral: 1-D and 2-D).

     u   velocity   [L/T]
     a   direction  [1],     option physics_direction, one number per direction of the box
     nu  viscosity  [L^2/T], option physics_nu

   Energy <u^2>/2 falls at the rate nu <|grad u|^2> and is kept without viscosity as long as u is smooth;
   the mean of u is always kept.

   Exact: u(x,0) = -A sin(k.(x - x_mid)), one wave per direction of the box (k_d = 2 pi / L_d), A =
   physics_exact_amplitude. With y the distance along k, kappa = |k| and s = a.k/kappa, s u solves Burgers' equation in y:
   Cole-Hopf [Cole1951, Hopf1950] with B = s A and f(y) = exp(-B cos(kappa y) / (2 nu kappa)): s u(y,t) = -B int
   sin(kappa (y-r)) f(y-r) exp(-r^2/4 nu t) dr / int f(y-r) exp(-r^2/4 nu t) dr, by the trapezoidal rule, which converges
   geometrically here; the largest exponent is taken out first. */
#include "fv_kernels.h"
#include "spectral_kernels.h"
#include <math.h>

typedef struct {
  PetscReal nu, amplitude, a[3];
  PetscReal kappa, e[3], mid[3],
      along; /* of the exact solution: |k|, k/|k|, middle of the box, a.k/|k| */
  PetscInt dim;
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(-c->nu * k->k2, 0);
}

static inline void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                        const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  f[0] = .5 * u[0] * u[0] * (c->a[0] * n[0] + c->a[1] * n[1] + c->a[2] * n[2]);
}

static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], EddyComplex a[])
{
  a[0] = u[0];
}
static inline void Product(const Ctx *c, const double a[], double w[]) { w[0] = .5 * a[0] * a[0]; }
static inline void FromHat(const Ctx *c, const EddyMode *k, const EddyComplex w[], EddyComplex r[])
{
  r[0] = EddyCTimesI(-(c->a[0] * k->k[0] + c->a[1] * k->k[1]), w[0]);
}

static inline double Speed(const Ctx *c, const double a[], const double inv_dx[3])
{
  return fabs(a[0]) * (fabs(c->a[0]) * inv_dx[0] + fabs(c->a[1]) * inv_dx[1]);
}

EDDY_SPECTRAL_KERNELS(1, 1, 1)
EDDY_COURANT_KERNEL(1)

EDDY_FV_INLINE double Wave(const Ctx *c, int dir, double u) { return c->a[dir] * u; }

EDDY_FV_SCALAR_TABLE(a)

static void Diffuse(const void *ctx, PetscReal nu[]) { nu[0] = ((const Ctx *)ctx)->nu; }

/* Exponent of the Cole-Hopf integrand of amplitude b at r sqrt(4 nu t). */
static PetscReal Exponent(const Ctx *c, PetscReal b, PetscReal y, PetscReal r)
{
  return -r * r - b * cos(c->kappa * y) / (2 * c->nu * c->kappa);
}

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  const PetscReal b = c->amplitude * c->along;
  PetscReal y = 0;
  for (PetscInt d = 0; d < c->dim; ++d)
    y += c->e[d] * (x[d] - c->mid[d]);
  u[0] = -c->amplitude * sin(c->kappa * y);
  if (t <= 0 || c->nu <= 0)
    return;
  /* beyond |r| = reach the weight is below exp(-40) of its largest value; h resolves the narrowest
   * peak */
  const PetscReal width = sqrt(4 * c->nu * t), a = fabs(b);
  const PetscReal reach = sqrt(40 + a / (c->nu * c->kappa));
  const PetscReal h = .15 / sqrt(1 + a * c->kappa * t);
  const PetscInt n = (PetscInt)ceil(reach / h);
  PetscReal top = Exponent(c, b, y, 0), num = 0, den = 0;
  for (PetscInt j = -n; j <= n; ++j) {
    const PetscReal e = Exponent(c, b, y - j * h * width, j * h);
    top = e > top ? e : top;
  }
  for (PetscInt j = -n; j <= n; ++j) {
    const PetscReal s = j * h * width, w = exp(Exponent(c, b, y - s, j * h) - top);
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
  const PetscInt dim = p->box.dim;

  PetscFunctionBeginUser;
  for (PetscInt d = 0; d < dim; ++d)
    c->a[d] = 1;
  PetscCall(EddyOptionsReals(o, "physics_direction", "direction of the flux, per direction", "1",
                             dim, -PETSC_MAX_REAL, PETSC_MAX_REAL, c->a, NULL));
  PetscCall(EddyOptionsReal(o, "physics_nu", "kinematic viscosity", "L^2/T", 1e-2, 0,
                            PETSC_MAX_REAL, &c->nu));
  PetscCall(EddyOptionsReal(o, "physics_exact_amplitude", "amplitude of the exact solution", "L/T",
                            1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  c->dim = dim;
  for (PetscInt d = 0; d < dim; ++d) {
    c->mid[d] = .5 * (p->box.lower[d] + p->box.upper[d]);
    c->e[d] = 2 * PETSC_PI / EddyBoxLength(&p->box, (int)d);
    c->kappa += c->e[d] * c->e[d];
  }
  c->kappa = dim > 1 ? sqrt(c->kappa) : c->e[0];
  for (PetscInt d = 0; d < dim; ++d) {
    c->e[d] /= c->kappa;
    c->along += c->a[d] * c->e[d];
  }
  p->ncomp = 1;
  PetscCall(PetscStrncpy(p->comp[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "L/T", EDDY_MAX_NAME));
  if (dim < 3) {
    p->in_fields = p->out_fields = 1;
    p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, CourantRows};
  }
  p->nprim = 1;
  PetscCall(PetscStrncpy(p->prim[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim_unit[0], "L/T", EDDY_MAX_NAME));
  p->fv = scalar_kernels[dim - 1];
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_burgers) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "burgers",
    .summary = "viscous Burgers of a scalar, 1-D to 3-D",
    .equation = "u_t + div(a u^2/2) = nu lap u",
    .reference = "Cole1951, Hopf1950",
    .dim_min = 1,
    .dim_max = 3,
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
