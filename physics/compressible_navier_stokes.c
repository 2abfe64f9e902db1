/* SPDX-License-Identifier: BSD-3-Clause */
/* Compressible Navier-Stokes equations of an ideal gas, 1-D to 3-D: those of euler.c with

     stress   tau = mu (grad u + grad u^T - 2/3 div u) + zeta div u      in the momentum,  tau.u in the energy      [LandauLifshitz1987, eq. 15.3]
     heat     kappa grad T, T = p/rho;  scalars rho D grad s

     mu, zeta  shear and bulk viscosity [M/(L T)], physics_mu, physics_zeta
     kappa     conductivity [M/(L T)], physics_kappa, or mu gamma/((gamma - 1) Pr) from physics_prandtl
     D         diffusivity of scalars [L^2/T], physics_diffusivity

   All constant, or with physics_kinematic the constants of the fluid per density: mu -> rho mu, zeta -> rho zeta, kappa -> rho kappa [L^2/T], as the program of
   PDEBench [Takamoto2022] has it for eta = mu and zeta = eta, without conduction and without the mixed derivatives that are here. The 2/3 is that of three dimensions in 1-D and 2-D too. An eddy viscosity nu_t [L^2/T] adds rho nu_t to mu,
   rho nu_t gamma/((gamma - 1) Pr_t) to kappa and nu_t/Pr_t to D, Pr_t from physics_turbulent_prandtl; the isotropic part q [L^2/T^2] of its stress acts as a pressure rho q/3
   [MoinSquiresCabotLee1991]. */
#include "compressible.h"

#define Ctx EddyGasCtx

/* g[q * dim + e]: d_e of velocity q, and of the temperature at q = dim. */
EDDY_FV_INLINE void Stress(const Ctx *c, int dim, int dir, const double w[], const double g[],
                           double nut, double f[])
{
  const double eddy = w[0] * nut, per = c->fixed + c->kinematic * w[0], mu = per * c->mu + eddy,
               kappa = per * c->kappa + eddy * (c->gamma * c->inv_g1 / c->turbulent_prandtl);
  double div = 0, work = 0;
  for (int d = 0; d < dim; ++d)
    div += g[d * dim + d];
  for (int d = 0; d < dim; ++d) {
    double tau = mu * (g[d * dim + dir] + g[dir * dim + d]);
    if (d == dir)
      tau += (per * c->zeta - (2. / 3) * mu) * div;
    work += tau * w[1 + d];
    f[1 + d] = -tau;
  }
  f[0] = 0;
  f[1 + dim] = -(work + kappa * g[dim * dim + dir]);
}

/* Rows; `eddy` is a constant after inlining, since a masked load from no address costs hundreds of cycles. */
EDDY_FV_INLINE void Rows(const Ctx *ctx, int dim, int dir, int eddy, PetscInt n,
                         const EddyFvFaceRows *at, size_t fs, double *restrict f)
{
  const Ctx c = *ctx;
  const EddyFvFaceRows a = *at;
  const double share = 1 / c.turbulent_prandtl;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    double w[4], g[12], out[MAXC];
    for (int q = 0; q < dim + 1; ++q)
      w[q] = a.mean[(size_t)q * a.ms + (size_t)i];
    for (int q = 0; q < (dim + 1) * dim; ++q)
      g[q] = a.grad[(size_t)q * a.gs + (size_t)i];
    Stress(&c, dim, dir, w, g, eddy ? a.nut[i] : 0, out);
    for (int q = 0; q < dim + 2; ++q)
      f[(size_t)q * fs + (size_t)i] = out[q];
  }
  for (int q = 0; q < (int)c.nscalar; ++q) {
    const double *g = a.grad + (size_t)((dim + 1 + q) * dim + dir) * a.gs;
    double *restrict to = f + (size_t)(dim + 2 + q) * fs;
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) to[i] =
        -a.mean[i] * (c.diffusivity + (eddy ? share * a.nut[i] : 0)) * g[i];
  }
}

/* The isotropic part of a subgrid stress. */
EDDY_FV_INLINE void Isotropic(int dim, int dir, PetscInt n, const EddyFvFaceRows *at, size_t fs,
                              double *restrict f)
{
  const double *rho = at->mean, *u = rho + (size_t)(1 + dir) * at->ms;
  double *restrict momentum = f + (size_t)(1 + dir) * fs, *restrict energy =
                                                              f + (size_t)(dim + 1) * fs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double p = (1. / 3) * rho[i] * at->isotropic[i];
    momentum[i] += p;
    energy[i] += p * u[i];
  }
}

#define VISCOUS(DIM, DIR) \
  static void Viscous_##DIM##_##DIR(const void *ctx, PetscInt n, const EddyFvFaceRows *at, \
                                    size_t fs, double *f) \
  { \
    if (at->nut) \
      Rows(ctx, DIM, DIR, 1, n, at, fs, f); \
    else \
      Rows(ctx, DIM, DIR, 0, n, at, fs, f); \
    if (at->isotropic) \
      Isotropic(DIM, DIR, n, at, fs, f); \
  }
VISCOUS(1, 0)
VISCOUS(2, 0)
VISCOUS(2, 1)
VISCOUS(3, 0)
VISCOUS(3, 1)
VISCOUS(3, 2)

/* Stress and heat through faces with normal[dim + 1]: normals and areas. */
EDDY_FV_INLINE void NormalRows(const Ctx *ctx, int dim, int eddy, PetscInt n,
                               const EddyFvFaceRows *at, size_t ns, const double *restrict normal,
                               size_t fs, double *restrict f)
{
  const Ctx c = *ctx;
  const EddyFvFaceRows a = *at;
  const double share = 1 / c.turbulent_prandtl, heat = c.gamma * c.inv_g1 * share;
  const double *restrict area = normal + (size_t)dim * ns;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    double g[9], m[3], div = 0, work = 0;
    for (int q = 0; q < dim * dim; ++q)
      g[q] = a.grad[(size_t)q * a.gs + (size_t)i];
    for (int d = 0; d < dim; ++d) {
      m[d] = area[i] * normal[(size_t)d * ns + (size_t)i];
      div += g[d * dim + d];
    }
    const double rho = a.mean[i], turbulent = eddy ? rho * a.nut[i] : 0,
                 per = c.fixed + c.kinematic * rho, mu = per * c.mu + turbulent,
                 kappa = per * c.kappa + turbulent * heat,
                 spread = (per * c.zeta - (2. / 3) * mu) * div;
    f[i] = 0;
    for (int d = 0; d < dim; ++d) {
      double sum = 0;
      for (int e = 0; e < dim; ++e)
        sum += (g[d * dim + e] + g[e * dim + d]) * m[e];
      const double tau = mu * sum + spread * m[d];
      work += tau * a.mean[(size_t)(1 + d) * a.ms + (size_t)i];
      f[(size_t)(1 + d) * fs + (size_t)i] = -tau;
    }
    f[(size_t)(1 + dim) * fs + (size_t)i] =
        -(work + kappa * a.grad[(size_t)(dim * dim) * a.gs + (size_t)i] * area[i]);
  }
  for (int q = 0; q < (int)c.nscalar; ++q) {
    const double *g = a.grad + (size_t)((dim + 1 + q) * dim) * a.gs;
    double *restrict to = f + (size_t)(dim + 2 + q) * fs;
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) to[i] =
        -a.mean[i] * (c.diffusivity + (eddy ? share * a.nut[i] : 0)) * g[i] * area[i];
  }
}

EDDY_FV_INLINE void NormalIsotropic(int dim, PetscInt n, const EddyFvFaceRows *at, size_t ns,
                                    const double *restrict normal, size_t fs, double *restrict f)
{
  const EddyFvFaceRows a = *at;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double p = (1. / 3) * a.mean[i] * a.isotropic[i] * normal[(size_t)dim * ns + (size_t)i];
    double work = 0;
    for (int d = 0; d < dim; ++d) {
      const double force = p * normal[(size_t)d * ns + (size_t)i];
      f[(size_t)(1 + d) * fs + (size_t)i] += force;
      work += force * a.mean[(size_t)(1 + d) * a.ms + (size_t)i];
    }
    f[(size_t)(1 + dim) * fs + (size_t)i] += work;
  }
}

#define VISCOUS_NORMAL(DIM) \
  static void ViscousNormal_##DIM(const void *ctx, PetscInt n, const EddyFvFaceRows *at, \
                                  size_t ns, const double *normal, size_t fs, double *f) \
  { \
    if (at->nut) \
      NormalRows(ctx, DIM, 1, n, at, ns, normal, fs, f); \
    else \
      NormalRows(ctx, DIM, 0, n, at, ns, normal, fs, f); \
    if (at->isotropic) \
      NormalIsotropic(DIM, n, at, ns, normal, fs, f); \
  }
VISCOUS_NORMAL(1)
VISCOUS_NORMAL(2)
VISCOUS_NORMAL(3)

static void Temperature(const void *ctx, PetscInt n, size_t ws, const double *w,
                        double *restrict out)
{
  const double *p = w + (size_t)(1 + ((const Ctx *)ctx)->dim) * ws;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) out[i] = p[i] / w[i];
}

/* The largest of the eigenvalues (4/3 mu + zeta)/rho, (gamma - 1) kappa/rho, D of the diffusion. */
static double Diffusivity(const void *ctx, PetscInt n, size_t ws, const double *w)
{
  const Ctx *c = ctx;
  const double top = EddyMax((4. / 3) * c->mu + c->zeta, c->g1 * c->kappa);
  double least = PETSC_MAX_REAL;
  _Pragma("omp simd reduction(min : least)") for (PetscInt i = 0; i < n; ++i) least =
      w[i] < least ? w[i] : least;
  return EddyMax(c->fixed * top / least + c->kinematic * top, c->nscalar ? c->diffusivity : 0);
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  PetscReal prandtl;
  PetscBool kinematic;

  PetscFunctionBeginUser;
  PetscCall(EDDY_SIMD(eddy_gas_create)(p, o));
  PetscCall(EddyOptionsReal(o, "physics_mu", "dynamic shear viscosity of the gas", "M/(L T)", 0, 0,
                            PETSC_MAX_REAL, &c->mu));
  PetscCall(EddyOptionsReal(o, "physics_zeta", "dynamic bulk viscosity of the gas", "M/(L T)", 0, 0,
                            PETSC_MAX_REAL, &c->zeta));
  PetscCall(EddyOptionsReal(o, "physics_kappa", "conductivity, temperature being p/rho", "M/(L T)",
                            0, 0, PETSC_MAX_REAL, &c->kappa));
  PetscCall(EddyOptionsReal(o, "physics_prandtl", "gives the conductivity from mu; 0: kappa does",
                            "1", 0, 0, PETSC_MAX_REAL, &prandtl));
  PetscCall(EddyOptionsReal(o, "physics_diffusivity", "diffusivity of the passive scalars", "L^2/T",
                            0, 0, PETSC_MAX_REAL, &c->diffusivity));
  PetscCall(EddyOptionsReal(o, "physics_turbulent_prandtl",
                            "turbulent Prandtl number of an eddy viscosity, for heat and scalars",
                            "1", .9, 1e-6, PETSC_MAX_REAL, &c->turbulent_prandtl));
  PetscCall(EddyOptionsBool(o, "physics_kinematic",
                            "mu, zeta and kappa are per density [L^2/T], times the local one",
                            PETSC_FALSE, &kinematic));
  c->kinematic = kinematic ? 1 : 0;
  c->fixed = 1 - c->kinematic;
  EddyOptionsCheck(prandtl == 0 || c->kappa == 0, o, "physics_prandtl",
                   "is given together with physics_kappa: one of them says how heat is conducted");
  EddyOptionsCheck(c->diffusivity == 0 || c->nscalar, o, "physics_diffusivity",
                   "is that of passive scalars, and physics_scalars names none");
  PetscCall(EddyOptionsIdle(o, c->mu == 0, "physics_prandtl"));
  if (prandtl > 0)
    c->kappa = c->mu * c->gamma * c->inv_g1 / prandtl;
  if (p->box.dim == 1)
    p->fv.Viscous[0] = Viscous_1_0;
  else if (p->box.dim == 2) {
    p->fv.Viscous[0] = Viscous_2_0;
    p->fv.Viscous[1] = Viscous_2_1;
  } else {
    p->fv.Viscous[0] = Viscous_3_0;
    p->fv.Viscous[1] = Viscous_3_1;
    p->fv.Viscous[2] = Viscous_3_2;
  }
  p->fv.ViscousNormal = p->box.dim == 1   ? ViscousNormal_1
                        : p->box.dim == 2 ? ViscousNormal_2
                                          : ViscousNormal_3;
  p->fv.Temperature = Temperature;
  p->fv.Diffusivity = Diffusivity;
  p->fv.eddy_diffusivity =
      PetscMax(4. / 3, PetscMax(c->gamma, c->nscalar ? 1 : 0) / c->turbulent_prandtl);
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_compressible_navier_stokes) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "compressible_navier_stokes",
    .summary = "compressible flow of an ideal gas with viscosity and conduction, 1-D to 3-D",
    .equation = "rho_t + div(rho u) = 0, (rho u)_t + div(rho u u) + grad p = div tau + rho g, E_t "
                "+ div((E + p) u) = div(tau.u + kappa grad T) + rho u.g",
    .reference = "LandauLifshitz1987",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    EDDY_GAS_SHARED,
};
