/* SPDX-License-Identifier: BSD-3-Clause */
/* Two-dimensional incompressible Navier-Stokes, vorticity form, with passive tracers

     w_t + u.grad w + beta v = nu lap w - nu_h (-lap)^p w - mu w - mu_h (-lap)^-q w + SVV + F,
     c_t + u.grad c = kappa lap c,       w = v_x - u_y,  u = psi_y,  v = -psi_x,  w = -lap psi.

     w      vorticity                    [1/T]
     nu     kinematic viscosity          [L^2/T]     physics_nu
     nu_h   hyperviscosity, order p      [L^2p/T]    physics_hyper_nu, physics_hyper_order
     mu     linear drag                  [1/T]       physics_drag
     mu_h   hypoviscosity, order q       [L^-2q/T]   physics_hypo_nu, physics_hypo_order
     beta   gradient of planetary vorticity [1/LT]   physics_beta
     SVV    spectral vanishing viscosity eps k^2 Q(k) [Tadmor1989, MadayTadmor1989 eq. 2.5]: Q = exp(-((N-k)/(k-m))^2) for k > m, k and m as
            integer wavenumbers, N the largest of them   physics_svv_eps, physics_svv_cutoff, physics_svv_max

   The non-linear term needs two transforms each way: with a = u v, b = v^2 - u^2 (curl of div(u u), [Basdevant1983])
     -u.grad w = -(d_xx - d_yy) a - d_xy b,   in modes (kx^2 - ky^2) a + kx ky b.
   The mean flow is zero (k = 0 of the velocity). Not handled: boundaries, variable viscosity. */
#include "spectral_kernels.h"

typedef struct {
  PetscReal nu, hyper_nu, drag, hypo_nu, beta, svv_eps, svv_cutoff, svv_max,
      unit; /* unit: 2 pi / longest side */
  PetscInt hyper_order, hypo_order, tracers;
  PetscReal kappa[EDDY_MAX_PAIRS], length[2];
} Ctx;

static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], EddyComplex a[])
{
  const EddyComplex psi = EddyCScale(k->inv_k2, u[0]);
  a[0] = EddyCTimesI(k->k[1], psi);
  a[1] = EddyCTimesI(-k->k[0], psi);
}

static inline void Product(const Ctx *c, const double a[], double w[])
{
  const double u = a[0], v = a[1];
  w[0] = u * v;
  w[1] = v * v - u * u;
}

static inline void FromHat(const Ctx *c, const EddyMode *k, const EddyComplex w[], EddyComplex r[])
{
  const double a = k->k[0] * k->k[0] - k->k[1] * k->k[1], b = k->k[0] * k->k[1];
  r[0] = EddyCAdd(EddyCScale(a, w[0]), EddyCScale(b, w[1]));
}

static inline double Speed(const Ctx *c, const double a[], const double inv_dx[3])
{
  const double u = a[0] < 0 ? -a[0] : a[0], v = a[1] < 0 ? -a[1] : a[1];
  return u * inv_dx[0] + v * inv_dx[1];
}

EDDY_SPECTRAL_KERNELS_NAMED(Flow, 1, 2, 2)
EDDY_COURANT_KERNEL(2)

/* With tracers: pair 1 + t carries (c_t, 0) and comes back as (u c_t, v c_t). The flow keeps its own lines, so that its bits do not
   depend on the tracers. */
static inline void ToRealTracers(const Ctx *c, const EddyMode *k, const EddyComplex u[],
                                 EddyComplex a[])
{
  ToReal(c, k, u, a);
  for (PetscInt t = 1; t <= c->tracers; ++t) {
    a[2 * t] = u[t];
    a[2 * t + 1] = EddyC(0, 0);
  }
}

static inline void ProductTracers(const Ctx *c, const double a[], double w[])
{
  Product(c, a, w);
  for (PetscInt t = 1; t <= c->tracers; ++t) {
    w[2 * t] = a[0] * a[2 * t];
    w[2 * t + 1] = a[1] * a[2 * t];
  }
}

static inline void FromHatTracers(const Ctx *c, const EddyMode *k, const EddyComplex w[],
                                  EddyComplex r[])
{
  FromHat(c, k, w, r);
  for (PetscInt t = 1; t <= c->tracers; ++t)
    r[t] = EddyCAdd(EddyCTimesI(-k->k[0], w[2 * t]), EddyCTimesI(-k->k[1], w[2 * t + 1]));
}
#define ToReal ToRealTracers
#define Product ProductTracers
#define FromHat FromHatTracers
EDDY_SPECTRAL_KERNELS_NAMED(Tracers, 1 + c->tracers, 2 + 2 * c->tracers, 2 + 2 * c->tracers)
#undef ToReal
#undef Product
#undef FromHat

static double Vanishing(const Ctx *c, double k2)
{
  const double k = sqrt(k2) / c->unit;
  if (c->svv_eps <= 0 || k <= c->svv_cutoff)
    return 0;
  const double q = (c->svv_max - k) / (k - c->svv_cutoff);
  return c->svv_eps * k2 * (k < c->svv_max ? exp(-q * q) : 1);
}

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = (const Ctx *)ctx;
  double decay = c->nu * k->k2 + c->drag + Vanishing(c, k->k2);
  if (c->hyper_nu > 0)
    decay += c->hyper_nu * pow(k->k2, (double)c->hyper_order);
  if (c->hypo_nu > 0 && k->k2 > 0)
    decay += c->hypo_nu * pow(k->k2, -(double)c->hypo_order);
  L[0] = EddyC(-decay, c->beta * k->k[0] * k->inv_k2);
  for (PetscInt t = 0; t < c->tracers; ++t)
    L[1 + t] = EddyC(-c->kappa[t] * k->k2, 0);
}

static void Velocity(const void *ctx, const EddyMode *k, const EddyComplex u[], EddyComplex vel[])
{
  ToReal((const Ctx *)ctx, k, u, vel);
}

/* Taylor-Green vortex: an eigenfunction of the linear term on which the non-linear term vanishes. */
static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = (const Ctx *)ctx;
  const PetscReal kx = 2 * PETSC_PI / c->length[0], ky = 2 * PETSC_PI / c->length[1];
  u[0] = 2 * sin(kx * x[0]) * sin(ky * x[1]) * exp(-(c->nu * (kx * kx + ky * ky) + c->drag) * t);
  for (PetscInt s = 0; s < c->tracers; ++s)
    u[1 + s] = 0;
}

static const char *const mode_diag[] = {"energy", "enstrophy", "palinstrophy", "dissipation",
                                        "tracer_variance"};
static const char *const invariants[] = {"energy", "enstrophy", NULL};

/* Dissipation is the rate at which all linear terms take energy: -Re L |u|^2 / 2 per mode and conjugate. */
static void ModeDiag(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[])
{
  const Ctx *c = (const Ctx *)ctx;
  const double w2 = EddyCDot(u[0], u[0]);
  EddyComplex L[EDDY_MAX_COMP];
  Symbol(ctx, k, L);
  out[0] = .5 * w2 * k->inv_k2;
  out[1] = .5 * w2;
  out[2] = .5 * w2 * k->k2;
  out[3] = -L[0].re * w2 * k->inv_k2;
  out[4] = 0;
  for (PetscInt t = 0; t < c->tracers; ++t)
    out[4] += EddyCDot(u[1 + t], u[1 + t]);
}

static double Injection(const void *ctx, const EddyMode *k, const EddyComplex u[],
                        const EddyComplex f[])
{
  return EddyCDot(u[0], f[0]) * k->inv_k2;
}

static const char *const targets[] = {"subgrid_forcing", "subgrid_stress", "eddy_viscosity",
                                      "coefficient",     "mode",           NULL};

/* The curl of the force; tracers feel nothing. */
static void Momentum(const void *ctx, const EddyMode *k, const EddyComplex g[], EddyComplex out[])
{
  const Ctx *c = (const Ctx *)ctx;
  out[0] = EddyCSub(EddyCTimesI(k->k[0], g[1]), EddyCTimesI(k->k[1], g[0]));
  for (PetscInt t = 0; t < c->tracers; ++t)
    out[1 + t] = EddyC(0, 0);
}

static PetscErrorCode CreateTracers(EddyPhysics p, EddyOptions o, Ctx *c)
{
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsNames(o, "physics_tracers", "names of passive tracers", EDDY_MAX_PAIRS - 1,
                             names, &c->tracers));
  for (PetscInt t = 0; t < c->tracers; ++t) {
    char key[3 * EDDY_MAX_NAME];
    PetscCall(PetscSNPrintf(key, sizeof key, "physics_%s_kappa", names[t]));
    PetscCall(EddyOptionsReal(o, key, "diffusivity of this tracer", "L^2/T", c->nu, 0,
                              PETSC_MAX_REAL, &c->kappa[t]));
    PetscCall(PetscStrncpy(p->comp[1 + t], names[t], EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->unit[1 + t], "1", EDDY_MAX_NAME));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = (Ctx *)p->ctx;
  PetscReal largest;
  PetscFunctionBeginUser;
  for (int d = 0; d < 2; ++d)
    c->length[d] = EddyBoxLength(&p->box, d);
  c->unit = 2 * PETSC_PI / PetscMax(c->length[0], c->length[1]);
  largest = (PetscReal)((PetscMax(p->box.n[0], p->box.n[1]) - 1) / 3);
  PetscCall(EddyOptionsReal(o, "physics_nu", "kinematic viscosity", "L^2/T", 1e-3, 0,
                            PETSC_MAX_REAL, &c->nu));
  PetscCall(EddyOptionsReal(o, "physics_hyper_nu", "hyperviscosity", "L^(2p)/T", 0, 0,
                            PETSC_MAX_REAL, &c->hyper_nu));
  PetscCall(EddyOptionsInt(o, "physics_hyper_order", "power p of the hyperviscous Laplacian", 2, 1,
                           16, &c->hyper_order));
  PetscCall(EddyOptionsReal(o, "physics_drag", "linear (Rayleigh) drag", "1/T", 0, 0,
                            PETSC_MAX_REAL, &c->drag));
  PetscCall(EddyOptionsReal(o, "physics_hypo_nu", "hypoviscosity", "L^(-2q)/T", 0, 0,
                            PETSC_MAX_REAL, &c->hypo_nu));
  PetscCall(EddyOptionsInt(o, "physics_hypo_order", "power q of the inverse Laplacian", 1, 1, 8,
                           &c->hypo_order));
  PetscCall(EddyOptionsReal(o, "physics_beta", "gradient of planetary vorticity (beta plane)",
                            "1/(L T)", 0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->beta));
  PetscCall(EddyOptionsReal(o, "physics_svv_eps", "spectral vanishing viscosity", "L^2/T", 0, 0,
                            PETSC_MAX_REAL, &c->svv_eps));
  PetscCall(EddyOptionsReal(o, "physics_svv_cutoff",
                            "wavenumber index from which it acts; 0: root of the largest kept", "1",
                            0, 0, PETSC_MAX_REAL, &c->svv_cutoff));
  PetscCall(EddyOptionsReal(o, "physics_svv_max",
                            "wavenumber index where it is full; 0: the largest kept", "1", 0, 0,
                            PETSC_MAX_REAL, &c->svv_max));
  /* 0 rather than a default that follows the grid: runs of one flow on several grids keep equal parameters */
  if (c->svv_cutoff <= 0)
    c->svv_cutoff = sqrt(largest);
  if (c->svv_max <= 0)
    c->svv_max = largest;
  PetscCall(PetscStrncpy(p->comp[0], "vorticity", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "1/T", EDDY_MAX_NAME));
  PetscCall(CreateTracers(p, o, c));
  p->ncomp = 1 + c->tracers;
  p->in_fields = p->out_fields = 2 * p->ncomp;
  if (c->tracers)
    p->kernels = (EddySpectralKernels){ToRealRowsTracers, ProductRowsTracers, FromHatRowsTracers,
                                       CourantRows};
  else
    p->kernels =
        (EddySpectralKernels){ToRealRowsFlow, ProductRowsFlow, FromHatRowsFlow, CourantRows};
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_ns2d) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "ns2d",
    .summary = "2-D incompressible Navier-Stokes, vorticity form, passive tracers",
    .equation = "w_t + u.grad w + beta v = nu lap w - drag w + F",
    .reference = "Basdevant1983",
    .dim_min = 2,
    .dim_max = 2,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Velocity = Velocity,
    .Exact = Exact,
    .nmode_diag = 5,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .Injection = Injection,
    .invariants = invariants,
    .targets = targets,
    .Momentum = Momentum,
};
