/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear acoustics in a medium at rest, 1-D to 3-D [LeVeque2002, sections 2.7 and 9.9]:

     p_t + K div u = 0,   u_t + grad p / rho = 0,   K = rho c^2;

   for constant rho this is u_tt = c^2 lap u of the pressure, for constant K = rho c^2 u_tt = div(c^2 grad u).

     p      pressure     [M/(L T^2)]       rho    density          [M/L^3]
     u      velocity     [L/T]             c      sound speed      [L/T]     both from physics_medium_* (media/medium.h), constant in a cell

   State: p, u[, q]. w: p, u, rho, c[, q]. The two waves of a face travel in media of their own: with the impedance Z = rho c,

     p* = (Z_r p_l + Z_l p_r + Z_l Z_r (u_l - u_r)) / (Z_l + Z_r),   u* = (Z_l u_l + Z_r u_r + p_l - p_r) / (Z_l + Z_r)

   is the exact solution; each side gets it with its own K and 1/rho, so that the integrals of p/K and rho u are kept to round-off. p and u are
   reconstructed, the medium is not. Smooth media are second order, constant ones have the order of the reconstruction.

   Absorbing layers, physics_absorb_width thick inside the outflow faces, are perfectly matched [Berenger1994]: the pressure is the sum of shares, one for every
   direction, each with the part of the divergence and the damping of its own direction,

     p_t + K div u = -sum_d sigma_d q_d,   q_d,t + K d u_d/dx_d = -sigma_d q_d,   u_d,t + (1/rho) dp/dx_d = -sigma_d u_d,   q_0 = p - sum_{d > 0} q_d,

   so that in the limit of fine cells no plane wave is thrown back where a layer begins, at any angle. sigma_d = sigma_0 s^2, s = 0 to 1 towards the face, with
   exp(-2 int sigma/c) = physics_absorb_reflection (more when that needs sigma_0 > 1.5 c/dx) of a wave of the highest sound speed that crosses the layer at a right angle and comes back; at an angle a that power cos a of it.
   A start fills p; its shares in a layer are those of the sigma, so that what starts there is damped, too. In 1-D p and u are all.

   Exact (constant medium): a plane wave with physics_exact_k waves per box and amplitude physics_exact_amplitude. */
#include "fv_kernels.h"
#include "media/medium.h"
#include <string.h>

#define NCOMP(dim) ((dim) + 1)

typedef struct {
  PetscReal k[3], lower[3], amplitude,
      wave; /* of the exact solution: wavenumber [1/L], its length */
  PetscReal low[3], high[3], width,
      absorb; /* faces with a layer (far away where there is none), sigma_0 */
  PetscInt dim;
  EddyMedium *medium; /* owned */
} Ctx;

EDDY_FV_INLINE void Prim(const Ctx *c, int dim, const double u[], const double aux[], double w[])
{
  for (int q = 0; q < dim + 1; ++q)
    w[q] = u[q];
  w[1 + dim] = aux[0];
  w[2 + dim] = aux[1];
}

EDDY_FV_INLINE double CellRate(const Ctx *c, int dim, const double w[], const double inv_dx[3])
{
  double s = 0;
  for (int d = 0; d < dim; ++d)
    s += inv_dx[d];
  return w[2 + dim] * s;
}

EDDY_FV_INLINE void Exactly(const Ctx *c, int dim, int dir, const double l[], const double r[],
                            double f[], double g[])
{
  const double zl = l[1 + dim] * l[2 + dim], zr = r[1 + dim] * r[2 + dim], k = 1 / (zl + zr);
  const double ul = l[1 + dir], ur = r[1 + dir];
  const double p = k * ((zr * l[0] + zl * r[0]) + zl * zr * (ul - ur));
  const double u = k * ((zl * ul + zr * ur) + (l[0] - r[0]));
  f[0] = zl * l[2 + dim] * u;
  g[0] = zr * r[2 + dim] * u;
  for (int d = 0; d < dim; ++d) {
    f[1 + d] = d == dir ? p / l[1 + dim] : 0;
    g[1 + d] = d == dir ? p / r[1 + dim] : 0;
  }
}

/* With the shares of the pressure, of directions 1 and 2. */
EDDY_FV_INLINE void Shared(const Ctx *c, int dim, int dir, const double l[], const double r[],
                           double f[], double g[])
{
  Exactly(c, dim, dir, l, r, f, g);
  for (int d = 1; d < dim; ++d) {
    f[dim + d] = d == dir ? f[0] : 0;
    g[dim + d] = d == dir ? g[0] : 0;
  }
}

EDDY_FV_CELL_KERNELS(1, 2, 4, 2)
EDDY_FV_CELL_KERNELS(2, 3, 5, 2)
EDDY_FV_CELL_KERNELS(3, 4, 6, 2)
EDDY_FV_SOLVER(EDDY_FV_FLUX2_KERNEL, Exactly, 2)
EDDY_FV_SOLVER_3D(EDDY_FV_FLUX2_KERNEL, Exactly, 2)
EDDY_FV_FLUX2_KERNEL(Shared_2_0, 2, 0, 4, 5, Shared)
EDDY_FV_FLUX2_KERNEL(Shared_2_1, 2, 1, 4, 5, Shared)
EDDY_FV_FLUX2_KERNEL(Shared_3_0, 3, 0, 6, 6, Shared)
EDDY_FV_FLUX2_KERNEL(Shared_3_1, 3, 1, 6, 6, Shared)
EDDY_FV_FLUX2_KERNEL(Shared_3_2, 3, 2, 6, 6, Shared)

/* Faces see the medium of their own cell. */
#define LIMIT(DIM) \
  static void Limit##DIM(const void *ctx, PetscInt n, ptrdiff_t step, PetscInt reach, size_t ws, \
                         const double *w, size_t qs, double *qm, double *qp) \
  { \
    for (size_t q = (DIM) + 1; q < (DIM) + 3; ++q) { \
      const double *from = w + q * ws; \
      double *restrict m = qm + q * qs, *restrict p = qp + q * qs; \
      _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) m[i] = p[i] = from[i]; \
    } \
  } \
  static void Damp##DIM(const void *ctx, PetscInt n, double t, double dt, size_t ws, \
                        const double *restrict w, size_t as, const double *restrict aux, \
                        size_t fs, double *restrict f) \
  { \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      const double *const v = w + i, *const sigma = aux + 2 * as + i; \
      double *const out = f + i; \
      double sum = sigma[0] * v[0]; \
      for (size_t d = 0; d < (DIM); ++d) \
        out[(1 + d) * fs] -= sigma[d * as] * v[(1 + d) * ws]; \
      for (size_t d = 1; d < (DIM); ++d) { \
        const double q = v[((DIM) + 2 + d) * ws]; \
        sum += (sigma[d * as] - sigma[0]) * q; \
        out[((DIM) + d) * fs] -= sigma[d * as] * q; \
      } \
      out[0] -= sum; \
    } \
  } \
  __attribute__((unused)) static void ToShares##DIM(const void *ctx, PetscInt n, size_t us, \
                                                    const double *u, size_t as, const double *aux, \
                                                    size_t ws, double *w) \
  { \
    for (size_t q = 0; q < 2 * (DIM) + 2; ++q) { \
      const double *from = q < (DIM) + 1   ? u + q * us \
                           : q < (DIM) + 3 ? aux + (q - (DIM)-1) * as \
                                           : u + (q - 2) * us; \
      memcpy(w + q * ws, from, (size_t)n * sizeof *w); \
    } \
  }
LIMIT(1)
LIMIT(2)
LIMIT(3)

#define ROWS(DIM, TO, SOURCE, ...) \
  { \
    .ToPrim = TO, .Rate = RateRows##DIM, .Speed = SpeedRows##DIM, .Limit = Limit##DIM, \
    .CellSource = SOURCE, .two_sided = PETSC_TRUE, .Flux[EDDY_RIEMANN_ROE] = { \
      __VA_ARGS__ \
    } \
  }
/* Without and with layers. */
static const EddyFvKernels kernels[2][3] = {
    {
        ROWS(1, ToPrimRows1, NULL, Exactly_1_0),
        ROWS(2, ToPrimRows2, NULL, Exactly_2_0, Exactly_2_1),
        ROWS(3, ToPrimRows3, NULL, Exactly_3_0, Exactly_3_1, Exactly_3_2),
    },
    {
        ROWS(1, ToShares1, Damp1, Exactly_1_0),
        ROWS(2, ToShares2, Damp2, Shared_2_0, Shared_2_1),
        ROWS(3, ToShares3, Damp3, Shared_3_0, Shared_3_1, Shared_3_2),
    }};

/* Density and sound speed at a point, and the damping of every direction when there are layers. */
static void Aux(const void *ctx, const PetscReal x[3], PetscReal aux[])
{
  const Ctx *c = ctx;
  EddyMediumAt(c->medium, x, &aux[0], &aux[1]);
  for (PetscInt d = 0; c->absorb > 0 && d < c->dim; ++d) {
    const PetscReal a = 1 - (x[d] - c->low[d]) / c->width, b = 1 - (c->high[d] - x[d]) / c->width;
    aux[2 + d] = c->absorb * ((a > 0 ? a * a : 0) + (b > 0 ? b * b : 0));
  }
}

/* The shares of a pressure that a start has put into a layer. */
static void Begin(const void *ctx, const PetscReal aux[], PetscReal u[])
{
  const Ctx *c = ctx;
  PetscReal sum = 0;
  for (PetscInt d = 0; c->absorb > 0 && d < c->dim; ++d)
    sum += aux[2 + d];
  for (PetscInt d = 1; sum > 0 && d < c->dim; ++d)
    u[c->dim + d] = u[0] * aux[2 + d] / sum;
}

static void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                 const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  PetscReal un = 0;
  for (PetscInt d = 0; d < c->dim; ++d) {
    un += u[1 + d] * n[d];
    f[1 + d] = u[0] * n[d] / aux[0];
  }
  f[0] = aux[0] * aux[1] * aux[1] * un;
  for (PetscInt d = 1; c->absorb > 0 && d < c->dim; ++d)
    f[c->dim + d] = aux[0] * aux[1] * aux[1] * u[1 + d] * n[d];
}

static void ToCons(const void *ctx, const PetscReal w[], PetscReal u[])
{
  const Ctx *c = ctx;
  for (PetscInt q = 0; q < c->dim + 1; ++q)
    u[q] = w[q];
  for (PetscInt d = 1; c->absorb > 0 && d < c->dim; ++d)
    u[c->dim + d] = w[c->dim + 2 + d];
}

/* In the order of `derived` in Create. */
static void Derive(const void *ctx, const PetscReal w[], PetscReal out[])
{
  const Ctx *c = ctx;
  for (PetscInt q = 0; q < c->dim + 2; ++q)
    out[q] = w[1 + q];
}

/* Energy, and what is kept: p/K and rho u, per volume. */
static void CellDiag(const void *ctx, const PetscReal w[], PetscReal out[])
{
  const Ctx *c = ctx;
  const PetscReal rho = w[1 + c->dim], speed = w[2 + c->dim], K = rho * speed * speed;
  PetscReal u2 = 0;
  for (PetscInt d = 0; d < c->dim; ++d)
    u2 += w[1 + d] * w[1 + d];
  out[0] = .5 * (w[0] * w[0] / K + rho * u2);
  out[1] = w[0] / K;
}
static const char *const cell_diag[] = {"energy", "compression"};
static const char *const invariants[] = {"compression", NULL};

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  PetscReal phase = -c->wave * c->medium->speed * t;
  for (PetscInt d = 0; d < c->dim; ++d)
    phase += c->k[d] * (x[d] - c->lower[d]);
  u[0] = c->amplitude * sin(phase);
  for (PetscInt d = 0; d < c->dim; ++d)
    u[1 + d] = u[0] * c->k[d] / (c->wave * c->medium->density * c->medium->speed);
  for (PetscInt d = 1; c->absorb > 0 && d < c->dim; ++d)
    u[c->dim + d] = 0;
}

/* The highest sound speed on a grid of points of its own, the same for every resolution. */
static PetscReal Fastest(const EddyBox *box, const EddyMedium *medium)
{
  const PetscInt n = box->dim > 2 ? 32 : 128, rows = box->dim > 1 ? n : 1,
                 planes = box->dim > 2 ? n : 1;
  PetscReal most = 0;
  for (PetscInt q = 0; q < n * rows * planes; ++q) {
    const PetscInt at[3] = {q % n, q / n % n, q / n / n};
    PetscReal x[3] = {0, 0, 0}, density, speed;
    for (int d = 0; d < (int)box->dim; ++d)
      x[d] = box->lower[d] + EddyBoxLength(box, d) * ((PetscReal)at[d] + .5) / (PetscReal)n;
    EddyMediumAt(medium, x, &density, &speed);
    most = PetscMax(most, speed);
  }
  return most;
}

/* Layers lie inside the faces that waves can leave by. */
static PetscErrorCode LayersCreate(EddyPhysics p, EddyOptions o)
{
  static const char *const side_name[] = {"min", "max"};
  Ctx *c = p->ctx;
  PetscReal reflection;
  PetscInt faces = 0;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "physics_absorb_width",
                            "thickness of absorbing layers inside the outflow faces; 0: none", "L",
                            0, 0, PETSC_MAX_REAL, &c->width));
  PetscCall(EddyOptionsReal(o, "physics_absorb_reflection",
                            "what a layer leaves of a wave straight across it, there and back", "1",
                            1e-8, 1e-12, .999, &reflection));
  PetscCall(EddyOptionsIdle(o, c->width == 0, "physics_absorb_reflection"));
  if (!(c->width > 0))
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscReal fastest = Fastest(&p->box, c->medium);
  c->absorb = -1.5 * log(reflection) * fastest / c->width;
  for (int d = 0; d < 3; ++d) {
    c->low[d] = -PETSC_MAX_REAL / 4;
    c->high[d] = PETSC_MAX_REAL / 4;
  }
  for (int d = 0; d < (int)c->dim; ++d)
    for (int side = 0; side < 2; ++side) {
      char key[EDDY_MAX_NAME];
      const char *type;
      PetscCall(PetscSNPrintf(key, sizeof key, "boundary_%c%s_type", "xyz"[d], side_name[side]));
      PetscCall(EddyOptionsGetRaw(o, key, &type));
      if (!type || (strcmp(type, "outflow") && strcmp(type, "characteristic")))
        continue;
      ++faces;
      /* what explicit steps stand: thin layers leave more than physics_absorb_reflection */
      c->absorb =
          PetscMin(c->absorb, 1.5 * fastest * (PetscReal)p->box.n[d] / EddyBoxLength(&p->box, d));
      EddyOptionsCheck(c->width <= .5 * EddyBoxLength(&p->box, d), o, "physics_absorb_width",
                       "%g is more than half of the box in direction %c", (double)c->width,
                       "xyz"[d]);
      if (side)
        c->high[d] = p->box.upper[d];
      else
        c->low[d] = p->box.lower[d];
    }
  EddyOptionsCheck(faces, o, "physics_absorb_width",
                   "needs a face that is outflow: boundary_xmin_type outflow, for example");
  p->fv = kernels[1][c->dim - 1];
  if (c->dim > 1)
    p->fv.axes = "physics_absorb_width";
  p->naux += c->dim;
  for (PetscInt d = 1; d < c->dim; ++d) {
    const PetscInt q = p->ncomp++, w = p->nprim++;
    PetscCall(PetscSNPrintf(p->comp[q], EDDY_MAX_NAME, "pressure_share_%c", "xyz"[d]));
    PetscCall(PetscStrncpy(p->unit[q], "M/(L T^2)", EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->prim[w], p->comp[q], EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->prim_unit[w], "M/(L T^2)", EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->total[q], p->comp[q], EDDY_MAX_NAME));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode NamesCreate(EddyPhysics p)
{
  static const char *const axis[] = {"x", "y", "z"};
  static const EddyDerived derived[] = {
      {"velocity", "L/T", 1}, {"density", "M/L^3", 0}, {"sound_speed", "L/T", 0}};
  const PetscInt dim = p->box.dim;

  PetscFunctionBeginUser;
  for (PetscInt q = 0; q < dim + 3; ++q) {
    char name[EDDY_MAX_NAME];
    const PetscBool u = (PetscBool)(q > 0 && q <= dim);
    PetscCall(PetscSNPrintf(name, sizeof name, "%s%s",
                            q == 0         ? "pressure"
                            : u            ? "velocity_"
                            : q == dim + 1 ? "density"
                                           : "sound_speed",
                            u ? axis[q - 1] : ""));
    const char *unit = q == 0 ? "M/(L T^2)" : q == dim + 1 ? "M/L^3" : "L/T";
    PetscCall(PetscStrncpy(p->prim[q], name, EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->prim_unit[q], unit, EDDY_MAX_NAME));
    if (q > dim)
      continue;
    PetscCall(PetscStrncpy(p->comp[q], name, EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->unit[q], unit, EDDY_MAX_NAME));
    PetscCall(PetscSNPrintf(p->total[q], EDDY_MAX_NAME, "%s", name));
  }
  p->nderived = sizeof derived / sizeof *derived;
  PetscCall(PetscArraycpy(p->derived, derived, p->nderived));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;
  PetscInt waves[3] = {1, 0, 0};
  const char *start;

  PetscFunctionBeginUser;
  c->dim = dim;
  PetscCall(PetscNew(&c->medium));
  PetscCall(EddyMediumCreate(o, &p->box, c->medium));
  if (c->medium->bulk > 0)
    c->medium->speed = sqrt(c->medium->bulk / c->medium->density);
  PetscCall(EddyOptionsInts(o, "physics_exact_k", "waves per box of the exact solution", dim,
                            -100000, 100000, waves, NULL));
  PetscCall(EddyOptionsReal(o, "physics_exact_amplitude", "amplitude of the exact solution",
                            "M/(L T^2)", 1, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->amplitude));
  for (PetscInt d = 0; d < dim; ++d) {
    c->k[d] = 2 * PETSC_PI * (PetscReal)waves[d] / EddyBoxLength(&p->box, (int)d);
    c->wave += c->k[d] * c->k[d];
    c->lower[d] = p->box.lower[d];
  }
  c->wave = sqrt(c->wave);
  EddyOptionsCheck(c->wave > 0, o, "physics_exact_k", "must not be zero");
  PetscCall(EddyOptionsGetRaw(o, "initial_type", &start));
  EddyOptionsCheck(!start || strcmp(start, "exact") || c->medium->type == EDDY_MEDIUM_CONSTANT, o,
                   "initial_type", "exact needs physics_medium_type constant");
  p->ncomp = dim + 1;
  p->nprim = dim + 3;
  p->naux = 2;
  p->vector = 1;
  p->fv = kernels[0][dim - 1];
  PetscCall(NamesCreate(p));
  PetscCall(LayersCreate(p, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyPhysics p)
{
  Ctx *c = p->ctx;

  PetscFunctionBeginUser;
  PetscCall(PetscFree(c->medium));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_acoustics) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "acoustics",
    .summary = "sound waves in a medium of layers, bumps, inclusions or walls, with absorbing "
               "sides, 1-D to 3-D",
    .equation = "p_t + rho c^2 div u = 0, u_t + grad p / rho = 0",
    .reference = "LeVeque2002",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 1,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Destroy = Destroy,
    .Flux = Flux,
    .Aux = Aux,
    .Begin = Begin,
    .ToCons = ToCons,
    .Derive = Derive,
    .ncell_diag = 2,
    .cell_diag = cell_diag,
    .CellDiag = CellDiag,
    .Exact = Exact,
    .invariants = invariants,
};
