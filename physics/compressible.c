/* SPDX-License-Identifier: BSD-3-Clause */
/* Ideal gas: options, names, gravity and equilibrium; see compressible.h.

   Without an equilibrium gravity is the source rho g of a cell. With one [ChandrashekarKlingenberg2015, Berberich2018], rho_e and p_e its density and pressure, the source in
   direction d is (rho / rho_e) times the difference of p_e over the faces of the cell, second order like the plain one; the work is u times it. */
#include "compressible.h"
#include <string.h>

#define Ctx EddyGasCtx

static const char *const hydrostatic_names[] = {"none", "isothermal", "isentropic", "polytropic"};
/* Beyond a characteristic face, by Riemann invariants u_n + 2a/(gamma - 1) (leaves) and u_n - 2a/(gamma - 1) (enters; a of the far pressure at the entropy
   inside, so that a hot spot may leave) [Thompson1987]; entropy and velocity along the face from where the flow comes. Without a normal velocity
   of the far field its pressure relaxes [RudyStrikwerda1980, sigma = 0.25]. */
void EDDY_SIMD(eddy_gas_far_field)(const void *ctx, PetscInt nprim, const PetscReal n[3],
                                   const PetscReal in[], const PetscReal far[],
                                   const PetscBool given[], PetscReal relax, PetscReal ghost[])
{
  const EddyGasCtx *c = ctx;
  const int dim = (int)c->dim, ip = 1 + dim;
  const PetscReal a = sqrt(c->gamma * in[ip] / in[0]), k = 2 * c->inv_g1;
  const PetscReal af = a * pow(far[ip] / in[ip], .5 * c->g1 / c->gamma);
  PetscReal un = 0, uf = 0;
  PetscBool anchored = PETSC_FALSE;
  for (int d = 0; d < dim; ++d) {
    un += in[1 + d] * n[d];
    uf += far[1 + d] * n[d];
    if (n[d] != 0 && given[1 + d])
      anchored = PETSC_TRUE;
  }
  const PetscReal out = un > -a ? un + k * a : uf + k * af;
  const PetscReal enter = un >= a    ? un - k * a
                          : anchored ? uf - k * af
                                     : un - k * a - .25 * relax * k * (af - a);
  const PetscReal u = .5 * (out + enter), sound = .25 * c->g1 * (out - enter);
  if (!(sound > 0)) /* would tear the gas apart, or not a number */
    return;
  const PetscReal p = in[ip] * pow(sound / a, c->gamma * k);
  const PetscBool comes = (PetscBool)(un < 0);
  ghost[ip] = p;
  ghost[0] =
      comes && given[0] ? far[0] * pow(p / far[ip], 1 / c->gamma) : c->gamma * p / (sound * sound);
  for (int d = 0; d < dim; ++d)
    ghost[1 + d] = (comes ? far[1 + d] - uf * n[d] : in[1 + d] - un * n[d]) + u * n[d];
  for (PetscInt q = ip + 1; q < nprim; ++q)
    ghost[q] = comes ? far[q] : in[q];
}

/* Temperature p / rho at a face, at the pressure that is there. */
const char *const EDDY_SIMD(eddy_gas_face_fields)[] = {"temperature", NULL};
PetscReal EDDY_SIMD(eddy_gas_face_get)(const void *ctx, PetscInt field, const PetscReal w[])
{
  return w[1 + ((const EddyGasCtx *)ctx)->dim] / w[0];
}
void EDDY_SIMD(eddy_gas_face_set)(const void *ctx, PetscInt field, PetscReal value, PetscReal w[])
{
  w[0] = value > 0 ? w[1 + ((const EddyGasCtx *)ctx)->dim] / value : w[0];
}

const char *const EDDY_SIMD(eddy_gas_invariants)[] = {"mass",       "momentum_x", "momentum_y",
                                                      "momentum_z", "energy",     NULL};

void EDDY_SIMD(eddy_gas_flux)(const void *ctx, const PetscReal x[3], PetscReal t,
                              const PetscReal n[3], const PetscReal u[], const PetscReal aux[],
                              PetscReal f[])
{
  const Ctx *c = ctx;
  const int dim = (int)c->dim;
  PetscReal un = 0, w[MAXC];
  Prim(c, dim, u, aux, w);
  for (int d = 0; d < dim; ++d)
    un += w[1 + d] * n[d];
  f[0] = u[0] * un;
  for (int d = 0; d < dim; ++d)
    f[1 + d] = u[1 + d] * un + w[1 + dim] * n[d];
  f[1 + dim] = (u[1 + dim] + w[1 + dim]) * un;
  for (PetscInt q = dim + 2; q < dim + 2 + c->nscalar; ++q)
    f[q] = u[q] * un;
}

void EDDY_SIMD(eddy_gas_to_cons)(const void *ctx, const PetscReal w[], PetscReal u[])
{
  const Ctx *c = ctx;
  const int dim = (int)c->dim;
  u[0] = w[0];
  for (int d = 0; d < dim; ++d)
    u[1 + d] = w[0] * w[1 + d];
  u[1 + dim] = Energy(c, dim, w);
  for (PetscInt q = dim + 2; q < dim + 2 + c->nscalar; ++q)
    u[q] = w[0] * w[q];
}

/* In the order of `derived` in Names. */
void EDDY_SIMD(eddy_gas_derive)(const void *ctx, const PetscReal w[], PetscReal out[])
{
  const Ctx *c = ctx;
  const PetscInt dim = c->dim;
  const PetscReal a = sqrt(c->gamma * w[1 + dim] / w[0]);
  PetscReal v2 = 0;
  for (PetscInt d = 0; d < dim; ++d) {
    out[d] = w[1 + d];
    v2 += w[1 + d] * w[1 + d];
  }
  out += dim;
  out[0] = w[1 + dim];
  out[1] = w[1 + dim] / w[0];
  out[2] = a;
  out[3] = sqrt(v2) / a;
  out[4] = log(w[1 + dim]) - c->gamma * log(w[0]);
  for (PetscInt q = 0; q < c->nscalar; ++q)
    out[5 + q] = w[dim + 2 + q];
}

/* ---- gravity ---- */

static PetscReal Potential(const Ctx *c, const PetscReal x[3])
{
  PetscReal phi = 0, r2 = c->softening * c->softening;
  for (PetscInt d = 0; d < c->dim; ++d) {
    phi -= c->g[d] * x[d];
    r2 += (x[d] - c->centre[d]) * (x[d] - c->centre[d]);
  }
  return c->mass > 0 ? phi - c->mass / sqrt(r2) : phi;
}

void EDDY_SIMD(eddy_gas_gravity)(const void *ctx, const PetscReal x[3], PetscReal aux[])
{
  const Ctx *c = ctx;
  PetscReal r2 = c->softening * c->softening;
  for (PetscInt d = 0; d < c->dim; ++d)
    r2 += (x[d] - c->centre[d]) * (x[d] - c->centre[d]);
  for (PetscInt d = 0; d < c->dim; ++d)
    aux[d] = c->g[d] - c->mass * (x[d] - c->centre[d]) / (r2 * sqrt(r2));
}

void EDDY_SIMD(eddy_gas_equilibrium)(const void *ctx, const PetscReal x[3], PetscReal w[])
{
  const Ctx *c = ctx;
  const PetscReal rise = Potential(c, x) - c->phi0;
  PetscReal t = c->t0;
  memset(w, 0, (size_t)(c->dim + 2 + c->nscalar) * sizeof *w);
  if (c->hydrostatic <= EDDY_HYDROSTATIC_ISOTHERMAL)
    w[0] = c->rho0 * exp(-rise / t);
  else { /* positive in the box; ghost cells may lie above the top of the atmosphere */
    t = EddyMax(t - (c->index - 1) / c->index * rise, 1e-8 * c->t0);
    w[0] = c->rho0 * pow(t / c->t0, 1 / (c->index - 1));
  }
  w[1 + c->dim] = w[0] * t;
}

EDDY_FV_INLINE void Pull(size_t d, size_t dim, PetscInt n, double g, const double *field, size_t ws,
                         const double *w, size_t fs, double *f)
{
  const double *v = w + (1 + d) * ws;
  double *restrict momentum = f + (1 + d) * fs, *restrict energy = f + (1 + dim) * fs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double force = w[i] * (field ? field[i] : g);
    momentum[i] += force;
    energy[i] += force * v[i];
  }
}

/* Constant, or a field where aux says so. */
static void Gravity(const void *ctx, PetscInt n, double t, double dt, size_t ws, const double *w,
                    size_t as, const double *aux, size_t fs, double *f)
{
  const Ctx *c = ctx;
  const size_t dim = (size_t)c->dim;
  for (size_t d = 0; d < dim; ++d)
    if (aux)
      Pull(d, dim, n, 0, aux + d * as, ws, w, fs, f);
    else if (c->g[d] != 0)
      Pull(d, dim, n, c->g[d], NULL, ws, w, fs, f);
}

EDDY_FV_INLINE void Balance(const Ctx *c, size_t d, PetscInt n, double inv_dx, size_t ws,
                            const double *w, const double *cell, const double *lo, const double *hi,
                            size_t fs, double *f)
{
  const double *v = w + (1 + d) * ws, *pl = lo + ws, *ph = hi + ws;
  double *restrict momentum = f + (1 + d) * fs, *restrict energy = f + (size_t)(1 + c->dim) * fs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const double force = inv_dx * (ph[i] - pl[i]) * (w[i] / cell[i]);
    momentum[i] += force;
    energy[i] += force * v[i];
  }
}
#define BALANCE(DIR) \
  static void Balance##DIR(const void *ctx, PetscInt n, double inv_dx, size_t ws, const double *w, \
                           const double *cell, const double *lo, const double *hi, size_t fs, \
                           double *f) \
  { \
    Balance(ctx, DIR, n, inv_dx, ws, w, cell, lo, hi, fs, f); \
  }
BALANCE(0)
BALANCE(1)
BALANCE(2)

/* Corner `k` of the box, or vertex k of a mapped grid; PETSC_FALSE after the last. index: of the vertex. */
static PetscBool Corner(const EddyBox *b, PetscInt64 k, PetscInt index[3], PetscReal x[3])
{
  x[0] = x[1] = x[2] = 0;
  for (int d = 0; d < (int)b->dim; ++d) {
    const PetscInt n = b->mapped ? b->n[d] + 1 : 2;
    index[d] = (PetscInt)(k % n);
    k /= n;
    x[d] = index[d] ? b->upper[d] : b->lower[d];
  }
  if (b->mapped)
    b->mapped->Vertex(b->mapped->ctx, index, x);
  return k ? PETSC_FALSE : PETSC_TRUE;
}

/* Gravity does not pull through periodic faces, and the atmosphere does not end in the box. */
static PetscErrorCode CheckEquilibrium(EddyPhysics p, EddyOptions o)
{
  const Ctx *c = p->ctx;
  const EddyBox *b = &p->box;
  PetscInt index[3] = {0, 0, 0};
  PetscReal x[3], y[3];

  PetscFunctionBeginUser;
  for (PetscInt64 k = 0; Corner(b, k, index, x); ++k) {
    const PetscReal rise = Potential(c, x) - c->phi0, t = c->t0 - (c->index - 1) / c->index * rise;
    EddyOptionsCheck(c->hydrostatic == EDDY_HYDROSTATIC_ISOTHERMAL || t > 1e-6 * c->t0, o,
                     "physics_hydrostatic_temperature",
                     "%g: the %s atmosphere ends inside the box (temperature %.3g in a corner)",
                     c->t0, hydrostatic_names[c->hydrostatic], t);
    for (int d = 0; d < (int)b->dim; ++d) {
      PetscReal pull = b->mapped ? 0 : PetscAbsReal(c->g[d]) + c->mass;
      if (!b->periodic[d])
        continue;
      if (b->mapped && index[d] == 0) {
        PetscInt other[3] = {index[0], index[1], index[2]};
        other[d] = b->n[d];
        b->mapped->Vertex(b->mapped->ctx, other, y);
        pull = PetscAbsReal(Potential(c, y) - c->phi0 - rise);
      }
      EddyOptionsCheck(pull <= (b->mapped ? 1e-10 * c->t0 : 0), o, "physics_hydrostatic_type",
                       "%s: no equilibrium fits periodic faces in %c with gravity along it",
                       hydrostatic_names[c->hydrostatic], "xyz"[d]);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode HydrostaticCreate(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  const int dim = (int)c->dim;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  for (int d = 0; d < dim; ++d)
    c->x0[d] = p->box.lower[d];
  PetscCall(EddyOptionsChoice(o, "physics_hydrostatic_type",
                              "equilibrium under gravity that is kept to round-off",
                              hydrostatic_names, 4, EDDY_HYDROSTATIC_NONE, &c->hydrostatic));
  PetscCall(EddyOptionsReal(o, "physics_hydrostatic_temperature",
                            "p/rho of the equilibrium at the point", "L^2/T^2", 1, PETSC_SMALL,
                            PETSC_MAX_REAL, &c->t0));
  PetscCall(EddyOptionsReal(o, "physics_hydrostatic_density",
                            "density of the equilibrium at the point", "M/L^3", 1, PETSC_SMALL,
                            PETSC_MAX_REAL, &c->rho0));
  PetscCall(EddyOptionsReals(o, "physics_hydrostatic_point",
                             "where these are given; default: lower corner", "L", dim,
                             -PETSC_MAX_REAL, PETSC_MAX_REAL, c->x0, NULL));
  PetscCall(EddyOptionsReal(o, "physics_hydrostatic_index", "n of polytropic, p ~ rho^n", "1", 1.2,
                            1.0001, 100, &c->index));
  PetscCall(EddyOptionsIdle(o, c->hydrostatic == EDDY_HYDROSTATIC_NONE,
                            "physics_hydrostatic_temperature physics_hydrostatic_density "
                            "physics_hydrostatic_point"));
  PetscCall(EddyOptionsIdle(o, c->hydrostatic != EDDY_HYDROSTATIC_POLYTROPIC,
                            "physics_hydrostatic_index"));
  c->phi0 = Potential(c, c->x0);
  if (c->hydrostatic == EDDY_HYDROSTATIC_ISENTROPIC)
    c->index = c->gamma;
  if (catalogue || c->hydrostatic == EDDY_HYDROSTATIC_NONE)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(CheckEquilibrium(p, o));
  p->nbalance = 2;
  p->balance[0] = 0;
  p->balance[1] = dim + 1;
  p->fv.Balance[0] = Balance0;
  p->fv.Balance[1] = Balance1;
  p->fv.Balance[2] = Balance2;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode GravityCreate(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  const PetscInt dim = c->dim;

  PetscFunctionBeginUser;
  for (PetscInt d = 0; d < dim; ++d)
    c->centre[d] = .5 * (p->box.lower[d] + p->box.upper[d]);
  PetscCall(EddyOptionsReals(o, "physics_gravity", "acceleration", "L/T^2", dim, -PETSC_MAX_REAL,
                             PETSC_MAX_REAL, c->g, NULL));
  PetscCall(EddyOptionsReal(o, "physics_point_mass", "G M of a point mass", "L^3/T^2", 0, 0,
                            PETSC_MAX_REAL, &c->mass));
  PetscCall(EddyOptionsReals(o, "physics_point_centre", "place of the point mass", "L", dim,
                             -PETSC_MAX_REAL, PETSC_MAX_REAL, c->centre, NULL));
  PetscCall(EddyOptionsReal(o, "physics_point_softening", "softening length of the point mass", "L",
                            .01 * EddyBoxLength(&p->box, 0), 0, PETSC_MAX_REAL, &c->softening));
  PetscCall(EddyOptionsIdle(o, c->mass == 0, "physics_point_centre physics_point_softening"));
  PetscCall(HydrostaticCreate(p, o));
  if (p->nbalance)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (c->mass > 0)
    p->naux = dim;
  if (c->mass > 0 || c->g[0] != 0 || c->g[1] != 0 || c->g[2] != 0)
    p->fv.CellSource = Gravity;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- names ---- */

static PetscErrorCode Names(EddyPhysics p, char scalar[][EDDY_MAX_NAME])
{
  static const char *const axis[] = {"x", "y", "z"};
  static const EddyDerived derived[] = {{"velocity", "L/T", 1},
                                        {"pressure", "M/(L T^2)", 0},
                                        {"temperature", "L^2/T^2", 0}, /* p / rho */
                                        {"sound_speed", "L/T", 0},
                                        {"mach", "1", 0},
                                        {"entropy", "1", 0}}; /* log(p / rho^gamma) */
  enum { DERIVED = sizeof derived / sizeof *derived };
  const PetscInt dim = p->box.dim;

  PetscFunctionBeginUser;
  PetscCall(PetscArraycpy(p->derived, derived, DERIVED));
  p->nderived = DERIVED;
  for (PetscInt q = 0; q < p->ncomp; ++q) {
    const int kind = q == 0 ? 0 : q <= dim ? 1 : q == dim + 1 ? 2 : 3;
    static const char *const comp[] = {"density", "momentum_", "energy", "density_"},
                             *const prim[] = {"density", "velocity_", "pressure", ""},
                             *const total[] = {"mass", "momentum_", "energy", "mass_"},
                             *const unit[] = {"M/L^3", "M/(L^2 T)", "M/(L T^2)", "M/L^3"},
                             *const prim_unit[] = {"M/L^3", "L/T", "M/(L T^2)", "1"};
    const char *x = kind == 1 ? axis[q - 1] : kind == 3 ? scalar[q - dim - 2] : "";
    PetscCall(PetscSNPrintf(p->comp[q], EDDY_MAX_NAME, "%s%s", comp[kind], x));
    PetscCall(PetscSNPrintf(p->prim[q], EDDY_MAX_NAME, "%s%s", prim[kind], x));
    PetscCall(PetscSNPrintf(p->total[q], EDDY_MAX_NAME, "%s%s", total[kind], x));
    PetscCall(PetscStrncpy(p->unit[q], unit[kind], EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->prim_unit[q], prim_unit[kind], EDDY_MAX_NAME));
    if (kind == 3) {
      EddyDerived *f = &p->derived[p->nderived++];
      PetscCall(PetscStrncpy(f->name, x, EDDY_MAX_NAME));
      PetscCall(PetscStrncpy(f->unit, "1", EDDY_MAX_NAME));
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EDDY_SIMD(eddy_gas_create)(EddyPhysics p, EddyOptions o)
{
  char scalar[EDDY_GAS_MAX_SCALAR][EDDY_MAX_NAME];
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "physics_gamma", "ratio of specific heats", "1", 1.4, 1.0001, 100,
                            &c->gamma));
  PetscCall(EddyOptionsNames(o, "physics_scalars", "names of passive scalars", EDDY_GAS_MAX_SCALAR,
                             scalar, &c->nscalar));
  c->g1 = c->gamma - 1;
  c->inv_g1 = 1 / c->g1;
  c->dim = dim;
  p->ncomp = p->nprim = dim + 2 + c->nscalar;
  p->vector = 1;
  if (c->nscalar)
    p->scalar = dim + 2;
  PetscCall(Names(p, scalar));
  for (PetscInt q = 0; q < p->ncomp; ++q)
    for (PetscInt e = 0; e < p->nderived - (q >= dim + 2) * (p->ncomp - q); ++e)
      EddyOptionsCheck(
          q < dim + 2 || (strcmp(p->prim[q], p->derived[e].name) && strcmp(p->prim[q], "density")),
          o, "physics_scalars", "%s is taken", p->prim[q]);
  p->npositive = 2;
  p->floor = 1e-12;
  p->positive[0] = 0;
  p->positive[1] = dim + 1;
  p->fv = EDDY_SIMD(eddy_gas_kernels)[dim - 1][c->nscalar > 0];
  PetscCall(GravityCreate(p, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}
