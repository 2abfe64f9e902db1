/* SPDX-License-Identifier: BSD-3-Clause */
/* Korteweg-de Vries:  u_t + c (u^2/2)_x + delta u_xxx = nu u_xx + f, periodic in x
   [KortewegDeVries1895].

     u      elevation   [U]
     c      advection   [L/(T U)], option physics_c: 1 for u u_x, 6 for the form of the
   inverse-scattering papers delta  dispersion  [L^3/T], option physics_delta: 1 (LPSDA,
   Kassam-Trefethen), 0.022^2 = 4.84e-4 for Zabusky-Kruskal nu     viscosity   [L^2/T], option
   physics_nu, 0

   Kept when nu = 0: mass <u>, momentum <u^2>/2, Hamiltonian <delta u_x^2/2 - c u^3/6>.

   Exact: solitons of speed V centred at x0 at t = 0 (lists physics_exact_speed,
   physics_exact_centre), u = (3 V / c) sech^2( sqrt(V/delta)/2 (x - x0 - V t) ), summed over
   periodic images: exact for one soliton on the infinite line, to exp(-sqrt(V/delta) L) on a box of
   length L. Several solitons are an exact solution only while they are apart; as a start they are
   the usual superposition [KassamTrefethen2005, sec. 4: A = 25 at -2 and B = 16 at -1 are V = 625
   and 256]. */
#include "spectral_kernels.h"
#include <math.h>

enum { MAX_SOLITON = 8 };

typedef struct {
  PetscReal c, delta, nu, length;
  PetscInt nsoliton;
  PetscReal speed[MAX_SOLITON], centre[MAX_SOLITON];
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(-c->nu * k->k2, c->delta * k->k2 * k->k[0]);
}

static inline void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                        const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  f[0] = .5 * c->c * u[0] * u[0] * n[0];
}

static inline double Speed(const Ctx *c, const double a[], const double inv_dx[3])
{
  return fabs(c->c * a[0]) * inv_dx[0];
}

EDDY_FLUX_KERNELS_1D
EDDY_COURANT_KERNEL(1)

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  u[0] = 0;
  for (PetscInt s = 0; s < c->nsoliton; ++s) {
    const PetscReal V = c->speed[s], y = x[0] - c->centre[s] - V * t;
    const PetscReal near = y - c->length * floor(y / c->length + .5);
    for (int image = -2; image <= 2; ++image) {
      const PetscReal q = 1 / cosh(.5 * sqrt(V / c->delta) * (near + image * c->length));
      u[0] += 3 * V / c->c * q * q;
    }
  }
}

static const char *const mode_diag[] = {"mass", "momentum", "dissipation"};
static void ModeDiag(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[])
{
  const Ctx *c = ctx;
  const double u2 = EddyCDot(u[0], u[0]);
  out[0] = k->k2 > 0 ? 0 : u[0].re;
  out[1] = .5 * u2;
  out[2] = c->nu * k->k2 * u2;
}

static const char *const point_diag[] = {"hamiltonian"};
static void PointDiag(const void *ctx, const PetscReal u[], const PetscReal grad[], double out[])
{
  const Ctx *c = ctx;
  out[0] = .5 * c->delta * grad[0] * grad[0] - c->c / 6 * u[0] * u[0] * u[0];
}

static double Injection(const void *ctx, const EddyMode *k, const EddyComplex u[],
                        const EddyComplex f[])
{
  return EddyCDot(u[0], f[0]);
}

static const char *const invariants[] = {"mass", "momentum", "hamiltonian", NULL};

static PetscErrorCode ReadSolitons(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  PetscInt ncentre;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsRealList(o, "physics_exact_speed", "speeds of the solitons (exact solution)",
                                "L/T", MAX_SOLITON, PETSC_SMALL, PETSC_MAX_REAL, c->speed,
                                &c->nsoliton));
  PetscCall(EddyOptionsRealList(o, "physics_exact_centre",
                                "centres of the solitons at t = 0 (exact solution)", "L",
                                MAX_SOLITON, -PETSC_MAX_REAL, PETSC_MAX_REAL, c->centre, &ncentre));
  EddyOptionsCheck(ncentre == c->nsoliton || (!ncentre && c->nsoliton == 1), o,
                   "physics_exact_centre", "has %d entries, physics_exact_speed has %d",
                   (int)ncentre, (int)c->nsoliton);
  /* one soliton, well inside the box: sqrt(V/delta) L = 40 */
  if (!ncentre)
    c->centre[0] = .5 * (p->box.lower[0] + p->box.upper[0]);
  if (!c->nsoliton) {
    c->nsoliton = 1;
    c->speed[0] = c->delta * PetscSqr(40 / c->length);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;

  PetscFunctionBeginUser;
  c->length = EddyBoxLength(&p->box, 0);
  PetscCall(EddyOptionsReal(o, "physics_c", "advection, coefficient of u u_x", "L/(T U)", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->c));
  PetscCall(EddyOptionsReal(o, "physics_delta",
                            "dispersion, coefficient of u_xxx (4.84e-4 for Zabusky-Kruskal)",
                            "L^3/T", 1, PETSC_SMALL, PETSC_MAX_REAL, &c->delta));
  PetscCall(EddyOptionsReal(o, "physics_nu", "kinematic viscosity", "L^2/T", 0, 0, PETSC_MAX_REAL,
                            &c->nu));
  EddyOptionsCheck(c->c != 0, o, "physics_c", "is 0: the equation would be linear");
  PetscCall(ReadSolitons(p, o));
  p->ncomp = 1;
  PetscCall(PetscStrncpy(p->comp[0], "u", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "U", EDDY_MAX_NAME));
  p->in_fields = p->out_fields = 1;
  p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, CourantRows};
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_kdv) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "kdv",
    .summary = "1-D Korteweg-de Vries",
    .equation = "u_t + c (u^2/2)_x + delta u_xxx = nu u_xx",
    .reference = "KortewegDeVries1895, ZabuskyKruskal1965",
    .dim_min = 1,
    .dim_max = 1,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Flux = Flux,
    .Exact = Exact,
    .nmode_diag = 3,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .npoint_diag = 1,
    .point_diag = point_diag,
    .PointDiag = PointDiag,
    .Injection = Injection,
    .invariants = invariants,
};
