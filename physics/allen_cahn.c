/* SPDX-License-Identifier: BSD-3-Clause */
/* Allen-Cahn:  u_t = D lap u + a (u - u^3) + f, periodic, 1-D or 2-D [AllenCahn1979].

     u  order parameter, -1 or 1 in the phases  [1]
     D  diffusivity                             [L^2/T]
     a  reaction rate                           [1/T]

   physics_scaling chooses what the options mean:
     plain  D = physics_epsilon (1e-2), a = physics_rate (1)      u_t = eps lap u + a (u - u^3)
     ace    D = 1, a = physics_epsilon^2                          u_t = lap u - eps^2 u (u^2 - 1),
   PDEgym's ACE: eps = 220 Interfaces are sqrt(2 D / a) wide. The reaction is all in the explicit
   term, as Kassam and Trefethen have it. The free energy <D |grad u|^2/2 + a (1 - u^2)^2/4> never
   grows.

   Exact: the same u everywhere, from physics_exact_amplitude: u = u0 / sqrt(u0^2 + (1 - u0^2)
   exp(-2 a t)). */
#include "spectral_kernels.h"
#include <math.h>

typedef struct {
  PetscReal diffusivity, rate, amplitude;
  PetscInt dim;
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(-c->diffusivity * k->k2, 0);
}

static inline void Source(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal u[],
                          PetscReal s[])
{
  const Ctx *c = ctx;
  s[0] = c->rate * u[0] * (1 - u[0] * u[0]);
}

EDDY_SOURCE_KERNELS

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  const PetscReal a = c->amplitude;
  u[0] = a / sqrt(a * a + (1 - a * a) * exp(-2 * c->rate * t));
}

static const char *const mode_diag[] = {"mean", "energy"};
static void ModeDiag(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[])
{
  out[0] = k->k2 > 0 ? 0 : u[0].re;
  out[1] = .5 * EddyCDot(u[0], u[0]);
}

static const char *const point_diag[] = {"free_energy"};
static void PointDiag(const void *ctx, const PetscReal u[], const PetscReal grad[], double out[])
{
  const Ctx *c = ctx;
  const PetscReal w = 1 - u[0] * u[0];
  PetscReal g2 = 0;
  for (PetscInt d = 0; d < c->dim; ++d)
    g2 += grad[d] * grad[d];
  out[0] = .5 * c->diffusivity * g2 + .25 * c->rate * w * w;
}

static double Injection(const void *ctx, const EddyMode *k, const EddyComplex u[],
                        const EddyComplex f[])
{
  return EddyCDot(u[0], f[0]);
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  static const char *const scalings[] = {"plain", "ace"};
  Ctx *c = p->ctx;
  PetscInt scaling;
  PetscReal epsilon;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsChoice(o, "physics_scaling",
                              "plain: eps lap u + a (u - u^3); ace: lap u + eps^2 (u - u^3)",
                              scalings, 2, 0, &scaling));
  PetscCall(EddyOptionsReal(
      o, "physics_epsilon", "diffusivity (plain), inverse width of an interface (ace)",
      scaling ? "1/L" : "L^2/T", scaling ? 220 : 1e-2, 0, PETSC_MAX_REAL, &epsilon));
  PetscCall(EddyOptionsReal(o, "physics_rate", "reaction rate (plain scaling)", "1/T", 1, 0,
                            PETSC_MAX_REAL, &c->rate));
  PetscCall(EddyOptionsReal(o, "physics_exact_amplitude", "start of the exact, uniform solution",
                            "1", .1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  c->diffusivity = scaling ? 1 : epsilon;
  if (scaling)
    c->rate = epsilon * epsilon;
  c->dim = p->box.dim;
  p->ncomp = 1;
  PetscCall(PetscStrncpy(p->comp[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "1", EDDY_MAX_NAME));
  p->in_fields = p->out_fields = 1;
  p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, NULL};
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_allen_cahn) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "allen_cahn",
    .summary = "Allen-Cahn phase separation, 1-D and 2-D",
    .equation = "u_t = D lap u + a (u - u^3)",
    .reference = "AllenCahn1979",
    .dim_min = 1,
    .dim_max = 2,
    .degree = 3,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Source = Source,
    .Exact = Exact,
    .nmode_diag = 2,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .npoint_diag = 1,
    .point_diag = point_diag,
    .PointDiag = PointDiag,
    .Injection = Injection,
};
