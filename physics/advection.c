/* SPDX-License-Identifier: BSD-3-Clause */
/* Advection and diffusion of a scalar:  u_t + div(a u) = kappa lap u.

     u      scalar       [state]
     a      velocity     [L/T]      physics_velocity, one number per direction, or a field without divergence (physics_flow, finite volumes, 2-D and 3-D):
              rotation   about the centre, a = rate (-(y - y_c), x - x_c)
              swirl      amplitude (sin^2(pi x) sin(2 pi y), -sin^2(pi y) sin(2 pi x)) in a unit box; in 3-D (2 sin^2(pi x) sin(2 pi y) sin(2 pi z),
                         -sin(2 pi x) sin^2(pi y) sin(2 pi z), -sin(2 pi x) sin(2 pi y) sin^2(pi z)) [LeVeque1996]; times cos(pi t/T), or +1 before and -1
                         behind T/2, with the period T: all comes back at t = T
     kappa  diffusivity  [L^2/T]    physics_kappa

   Exact (constant velocity): one wave u = sin(k.(x - lower - a t)) exp(-kappa |k|^2 t) with physics_exact_k waves per box. The mean is kept, without diffusion also the
   energy <u^2>/2. In the spectral form the advection is the product term: a phase shift that is exact in space. Velocity fields are curls of a potential: what flows through
   faces is its circulation round them (src/fv/velocity.c), and a uniform state stays uniform. */
#include "fv_kernels.h"
#include "spectral_kernels.h"
#include <string.h>

typedef enum { CONSTANT, ROTATION, SWIRL } Flow;
static const char *const flow_names[] = {"constant", "rotation", "swirl"};
static const char *const reversal_names[] = {"cosine", "switch"};

typedef struct {
  PetscReal a[3], kappa, k[3], lower[3];
  PetscReal length[3], centre[3], rate, amplitude, period;
  PetscInt dim, flow, reversal;
} Ctx;

static void Symbol(const void *ctx, const EddyMode *k, EddyComplex L[])
{
  const Ctx *c = ctx;
  L[0] = EddyC(-c->kappa * k->k2, 0);
}

static inline void ToReal(const Ctx *c, const EddyMode *k, const EddyComplex u[], EddyComplex a[])
{
  a[0] = u[0];
}
static inline void Product(const Ctx *c, const double a[], double w[]) { w[0] = a[0]; }
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

/* ---- velocity fields: w = u and the velocity, whose first component is, at a face, that through it ---- */

static void FieldFlux(const void *ctx, PetscInt n, size_t qs, const double *restrict l,
                      const double *restrict r, size_t fs, double *restrict fl, double *restrict fr)
{
  const double *v = l + qs;
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) fl[i] = v[i] * (v[i] >= 0 ? l[i] : r[i]);
}
#define FIELD(DIM) \
  static void FieldPrim##DIM(const void *ctx, PetscInt n, size_t us, const double *restrict u, \
                             size_t as, const double *restrict aux, size_t ws, double *restrict w) \
  { \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      w[i] = u[i]; \
      for (size_t d = 0; d < (DIM); ++d) \
        w[(1 + d) * ws + (size_t)i] = aux[d * as + (size_t)i]; \
    } \
  } \
  static double FieldRate##DIM(const void *ctx, PetscInt n, size_t ws, const double *restrict w, \
                               const double inv_dx[3]) \
  { \
    double r = 0; \
    for (PetscInt i = 0; i < n; ++i) { \
      double s = 0; \
      for (size_t d = 0; d < (DIM); ++d) \
        s += fabs(w[(1 + d) * ws + (size_t)i]) * inv_dx[d]; \
      r = s > r ? s : r; \
    } \
    return r; \
  } \
  static void FieldFluxNormal##DIM(const void *ctx, PetscInt n, size_t qs, \
                                   const double *restrict l, const double *restrict r, size_t ns, \
                                   const double *restrict normal, size_t fs, double *restrict fl, \
                                   double *restrict fr) \
  { \
    const double *v = l + qs, *area = normal + (DIM)*ns; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) fl[i] = \
        v[i] * (v[i] >= 0 ? l[i] : r[i]) * area[i]; \
  } \
  static void FieldSpeedNormal##DIM(const void *ctx, PetscInt n, size_t ws, \
                                    const double *restrict w, size_t ns, \
                                    const double *restrict normal, double *restrict speed) \
  { \
    for (PetscInt i = 0; i < n; ++i) { \
      double s = 0; \
      for (size_t d = 0; d < (DIM); ++d) \
        s += w[(1 + d) * ws + (size_t)i] * normal[d * ns + (size_t)i]; \
      speed[i] = fabs(s); \
    } \
  }
FIELD(2)
FIELD(3)
#define FIELD_ROWS(DIM) \
  { \
    .ToPrim = FieldPrim##DIM, .Rate = FieldRate##DIM, .SpeedNormal = FieldSpeedNormal##DIM, \
    .FluxNormal[EDDY_RIEMANN_HLL] = FieldFluxNormal##DIM, \
    .FluxNormal[EDDY_RIEMANN_RUSANOV] = FieldFluxNormal##DIM, \
    .Flux[EDDY_RIEMANN_HLL] = {FieldFlux, FieldFlux, FieldFlux}, .Flux[EDDY_RIEMANN_RUSANOV] = { \
      FieldFlux, \
      FieldFlux, \
      FieldFlux \
    } \
  }
static const EddyFvKernels field_kernels[2] = {FIELD_ROWS(2), FIELD_ROWS(3)};

static PetscReal FlowScale(const void *ctx, PetscReal t)
{
  const Ctx *c = ctx;
  if (c->flow != SWIRL || c->period == 0)
    return 1;
  return c->reversal ? (t < .5 * c->period ? 1 : -1) : cos(PETSC_PI * t / c->period);
}

static void Potential(const void *ctx, const PetscReal x[3], PetscReal A[3])
{
  const Ctx *c = ctx;
  PetscReal q[3] = {0}, s2[3] = {0}, s[3] = {0};
  for (PetscInt d = 0; d < c->dim; ++d) {
    q[d] = PETSC_PI * (x[d] - c->lower[d]) / c->length[d];
    s2[d] = sin(q[d]) * sin(q[d]);
    s[d] = sin(2 * q[d]);
  }
  A[0] = A[1] = 0;
  if (c->flow == ROTATION) {
    const PetscReal X = x[0] - c->centre[0], Y = x[1] - c->centre[1];
    A[2] = -.5 * c->rate * (X * X + Y * Y);
    return;
  }
  A[2] = c->amplitude * c->length[1] / PETSC_PI * s2[0] * s2[1] * (c->dim > 2 ? s[2] : 1);
  if (c->dim > 2)
    A[1] = -c->amplitude * c->length[2] / PETSC_PI * s2[0] * s[1] * s2[2];
}

/* The velocity at a point, at FlowScale 1. */
static void Aux(const void *ctx, const PetscReal x[3], PetscReal aux[])
{
  const Ctx *c = ctx;
  PetscReal s2[3] = {0}, s[3] = {0};
  if (c->flow == ROTATION) {
    aux[0] = -c->rate * (x[1] - c->centre[1]);
    aux[1] = c->rate * (x[0] - c->centre[0]);
    aux[2] = 0;
    return;
  }
  for (PetscInt d = 0; d < c->dim; ++d) {
    const PetscReal q = PETSC_PI * (x[d] - c->lower[d]) / c->length[d];
    s2[d] = sin(q) * sin(q);
    s[d] = sin(2 * q);
  }
  const PetscReal z = c->dim > 2 ? s[2] : 1, A = c->amplitude;
  aux[0] = (c->dim > 2 ? 2 : 1) * A * s2[0] * s[1] * z;
  aux[1] = -A * c->length[1] / c->length[0] * s[0] * s2[1] * z;
  aux[2] = -A * c->length[2] / c->length[0] * s[0] * s[1] * s2[2];
}

static void AnyFlux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                    const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  PetscReal v[3];
  Flux(c, x, t, n, u, aux, f);
  if (c->flow == CONSTANT)
    return;
  Aux(c, x, v);
  f[0] = FlowScale(c, t) * (v[0] * n[0] + v[1] * n[1] + (c->dim > 2 ? v[2] * n[2] : 0)) * u[0];
}

static void Derive(const void *ctx, const PetscReal w[], PetscReal out[])
{
  const Ctx *c = ctx;
  for (PetscInt d = 0; d < c->dim; ++d)
    out[d] = w[1 + d];
}

/* Velocities beyond a face need not be given. */
static void Complete(const void *ctx, const PetscReal in[], PetscBool given[], PetscReal w[])
{
  const Ctx *c = ctx;
  for (PetscInt d = 0; c->flow != CONSTANT && d < c->dim; ++d)
    if (!given[1 + d]) {
      w[1 + d] = in[1 + d];
      given[1 + d] = PETSC_TRUE;
    }
}

static void ToCons(const void *ctx, const PetscReal w[], PetscReal u[]) { u[0] = w[0]; }

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

static PetscErrorCode FlowCreate(EddyPhysics p, EddyOptions o)
{
  static const EddyDerived derived[] = {{"velocity", "L/T", 1}};
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;
  const char *start;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  for (PetscInt d = 0; d < 3; ++d) {
    c->length[d] = EddyBoxLength(&p->box, (int)d);
    c->centre[d] = .5 * (p->box.lower[d] + p->box.upper[d]);
  }
  PetscCall(EddyOptionsChoice(o, "physics_flow", "velocity field; constant: physics_velocity",
                              flow_names, 3, CONSTANT, &c->flow));
  PetscCall(EddyOptionsReal(o, "physics_flow_rate", "angular velocity of rotation", "1/T",
                            2 * PETSC_PI, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->rate));
  PetscCall(EddyOptionsReals(o, "physics_flow_centre", "centre of rotation", "L", dim,
                             -PETSC_MAX_REAL, PETSC_MAX_REAL, c->centre, NULL));
  PetscCall(EddyOptionsReal(o, "physics_flow_amplitude", "largest velocity of swirl", "L/T", 1,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  PetscCall(EddyOptionsReal(o, "physics_flow_period",
                            "time after which a swirl has brought everything back; 0: steady", "T",
                            0, 0, PETSC_MAX_REAL, &c->period));
  PetscCall(EddyOptionsChoice(o, "physics_flow_reversal",
                              "how a swirl turns round: cos(pi t/T), or a switch at T/2",
                              reversal_names, 2, 0, &c->reversal));
  PetscCall(EddyOptionsIdle(o, c->flow != CONSTANT, "physics_velocity"));
  PetscCall(EddyOptionsIdle(o, c->flow != ROTATION, "physics_flow_rate physics_flow_centre"));
  PetscCall(EddyOptionsIdle(o, c->flow != SWIRL, "physics_flow_amplitude physics_flow_period"));
  PetscCall(EddyOptionsIdle(o, c->flow != SWIRL || c->period == 0, "physics_flow_reversal"));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (c->flow == CONSTANT || catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(dim > 1, o, "physics_flow", "%s needs two or three directions",
                   flow_names[c->flow]);
  PetscCall(EddyOptionsGetRaw(o, "initial_type", &start));
  EddyOptionsCheck(!start || strcmp(start, "exact"), o, "initial_type",
                   "exact needs physics_flow constant");
  p->nprim = 1 + dim;
  p->naux = 3;
  p->face_velocity = 1;
  for (PetscInt d = 0; d < dim; ++d) {
    PetscCall(PetscSNPrintf(p->prim[1 + d], EDDY_MAX_NAME, "velocity_%c", "xyz"[d]));
    PetscCall(PetscStrncpy(p->prim_unit[1 + d], "L/T", EDDY_MAX_NAME));
  }
  p->nderived = 1;
  p->derived[0] = derived[0];
  p->kernels = (EddySpectralKernels){NULL, NULL, NULL, NULL};
  p->fv = field_kernels[dim - 2];
  PetscFunctionReturn(PETSC_SUCCESS);
}

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
    p->in_fields = p->out_fields = 1;
    p->kernels = (EddySpectralKernels){ToRealRows, ProductRows, FromHatRows, CourantRows};
  }
  p->fv = scalar_kernels[dim - 1];
  PetscCall(FlowCreate(p, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_advection) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "advection",
    .summary =
        "advection and diffusion of a scalar by a constant velocity, rotation or swirl, 1-D to 3-D",
    .equation = "u_t + div(a u) = kappa lap u",
    .reference = "LeVeque1996, LeVeque2002",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Symbol = Symbol,
    .Flux = AnyFlux,
    .Aux = Aux,
    .ToCons = ToCons,
    .Derive = Derive,
    .Complete = Complete,
    .Potential = Potential,
    .FlowScale = FlowScale,
    .Diffuse = Diffuse,
    .Exact = Exact,
    .nmode_diag = 2,
    .mode_diag = mode_diag,
    .ModeDiag = ModeDiag,
    .Injection = Injection,
    .invariants = invariants,
};
