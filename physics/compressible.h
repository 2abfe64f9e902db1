/* SPDX-License-Identifier: BSD-3-Clause */
/* Ideal gas: state, gravity, equilibrium and passive scalars, shared by euler and compressible_navier_stokes.

     u: density rho [M/L^3], momentum rho u [M/(L^2 T)], energy E [M/(L T^2)] per volume without that of gravity, rho s for every scalar s
     w: density, velocity u [L/T], pressure p [M/(L T^2)], scalars s [1]
     gamma        ratio of specific heats [1], physics_gamma
     temperature  p / rho [L^2/T^2]: gas constant 1
     g            -grad phi [L/T^2], phi = -physics_gravity . x - physics_point_mass / sqrt(|x - centre|^2 + softening^2)

   Hydrostatic equilibrium grad p = rho g, kept to round-off (EddyPhysicsOps.Equilibrium): with temperature T_0 and density rho_0 at the point x_0
     isothermal   rho = rho_0 exp(-(phi - phi_0)/T_0), p = rho T_0
     polytropic   p ~ rho^n: T = T_0 - (n-1)/n (phi - phi_0), rho = rho_0 (T/T_0)^(1/(n-1)), p = rho T; isentropic: n = gamma. */
#ifndef EDDY_COMPRESSIBLE_H
#define EDDY_COMPRESSIBLE_H
#include "fv_kernels.h"

#define NCOMP(dim) ((dim) + 2)
enum { MAXC = 5, EDDY_GAS_MAX_SCALAR = 6 };
typedef enum {
  EDDY_HYDROSTATIC_NONE,
  EDDY_HYDROSTATIC_ISOTHERMAL,
  EDDY_HYDROSTATIC_ISENTROPIC,
  EDDY_HYDROSTATIC_POLYTROPIC
} EddyHydrostatic;

typedef struct {
  PetscReal gamma, g1, inv_g1; /* gamma - 1 and its inverse */
  PetscInt dim, nscalar;
  PetscReal mu, zeta, kappa,
      diffusivity; /* viscosity, bulk viscosity, conductivity [M/(L T)], of scalars [L^2/T] */
  PetscReal fixed,
      kinematic; /* 1 and 0, or 0 and 1: coefficients as they are, or times the density */
  PetscReal turbulent_prandtl;          /* of an eddy viscosity, for heat and scalars */
  PetscReal g[3];                       /* constant part of gravity */
  PetscReal mass, softening, centre[3]; /* point mass times the constant of gravity [L^3/T^2] */
  PetscInt hydrostatic;
  PetscReal t0, rho0, x0[3], phi0, index;
} EddyGasCtx;

EDDY_FV_INLINE void Prim(const EddyGasCtx *c, int dim, const double u[], const double aux[],
                         double w[])
{
  const double inv = 1 / u[0];
  double k = 0;
  for (int d = 0; d < dim; ++d) {
    w[1 + d] = u[1 + d] * inv;
    k += w[1 + d] * w[1 + d];
  }
  w[0] = u[0];
  w[1 + dim] = c->g1 * (u[1 + dim] - .5 * u[0] * k);
}

EDDY_FV_INLINE double Energy(const EddyGasCtx *c, int dim, const double w[])
{
  double k = 0;
  for (int d = 0; d < dim; ++d)
    k += w[1 + d] * w[1 + d];
  return w[1 + dim] * c->inv_g1 + .5 * w[0] * k;
}

/* What both tables share; per SIMD level. kernels[dim - 1][with scalars]. */
extern const EddyFvKernels EDDY_SIMD(eddy_gas_kernels)[3][2];
extern const char *const EDDY_SIMD(eddy_gas_invariants)[];
/* Reads the options of this page, names the components, sets the kernels. */
PetscErrorCode EDDY_SIMD(eddy_gas_create)(EddyPhysics p, EddyOptions o);
void EDDY_SIMD(eddy_gas_flux)(const void *ctx, const PetscReal x[3], PetscReal t,
                              const PetscReal n[3], const PetscReal u[], const PetscReal aux[],
                              PetscReal f[]);
void EDDY_SIMD(eddy_gas_to_cons)(const void *ctx, const PetscReal w[], PetscReal u[]);
void EDDY_SIMD(eddy_gas_derive)(const void *ctx, const PetscReal w[], PetscReal out[]);
void EDDY_SIMD(eddy_gas_gravity)(const void *ctx, const PetscReal x[3], PetscReal aux[]);
void EDDY_SIMD(eddy_gas_equilibrium)(const void *ctx, const PetscReal x[3], PetscReal w[]);
void EDDY_SIMD(eddy_gas_far_field)(const void *ctx, PetscInt nprim, const PetscReal n[3],
                                   const PetscReal in[], const PetscReal far[],
                                   const PetscBool given[], PetscReal relax, PetscReal ghost[]);
extern const char *const EDDY_SIMD(eddy_gas_face_fields)[];
PetscReal EDDY_SIMD(eddy_gas_face_get)(const void *ctx, PetscInt field, const PetscReal w[]);
void EDDY_SIMD(eddy_gas_face_set)(const void *ctx, PetscInt field, PetscReal value, PetscReal w[]);
/* The members of EddyPhysicsOps that both tables share. */
#define EDDY_GAS_SHARED \
  .Flux = EDDY_SIMD(eddy_gas_flux), .ToCons = EDDY_SIMD(eddy_gas_to_cons), \
  .Derive = EDDY_SIMD(eddy_gas_derive), .Aux = EDDY_SIMD(eddy_gas_gravity), \
  .Equilibrium = EDDY_SIMD(eddy_gas_equilibrium), .FarField = EDDY_SIMD(eddy_gas_far_field), \
  .face_fields = EDDY_SIMD(eddy_gas_face_fields), .FaceGet = EDDY_SIMD(eddy_gas_face_get), \
  .FaceSet = EDDY_SIMD(eddy_gas_face_set), .invariants = EDDY_SIMD(eddy_gas_invariants)
#endif
