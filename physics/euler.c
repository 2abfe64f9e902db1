/* SPDX-License-Identifier: BSD-3-Clause */
/* Euler equations of an ideal gas, 1-D to 3-D, conservative form [Toro2009, chapter 3]:

     rho_t + div(rho u) = 0,  (rho u)_t + div(rho u u) + grad p = 0,  E_t + div((E + p) u) = 0,
     p = (gamma - 1) (E - rho |u|^2 / 2).

     u: density rho [M/L^3], momentum rho u [M/(L^2 T)], energy E [M/(L T^2)] per volume
     w: density, velocity u [L/T], pressure p [M/(L T^2)]
     gamma   ratio of specific heats [1], physics_gamma

   Riemann solvers: HLLC [ToroSpruceSpeares1994, Batten1997] with the simple signal speeds min(u_l - a_l, u_r - a_r), max(u_l + a_l, u_r + a_r)
   [Davis1988]; Roe [Roe1981] with Harten's entropy fix on the acoustic waves [Harten1983]; HLL; Rusanov.
   Not handled: viscosity, gravity, real gases; there is no spectral form. */
#include "fv_kernels.h"

#define NCOMP(dim) ((dim) + 2)
enum { MAXC = 5 };

typedef struct {
  PetscReal gamma, g1, inv_g1; /* gamma - 1 and its inverse */
  PetscInt dim;
} Ctx;

EDDY_FV_INLINE void Prim(const Ctx *c, int dim, const double u[], const double aux[], double w[])
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

EDDY_FV_INLINE double Energy(const Ctx *c, int dim, const double w[])
{
  double k = 0;
  for (int d = 0; d < dim; ++d)
    k += w[1 + d] * w[1 + d];
  return w[1 + dim] * c->inv_g1 + .5 * w[0] * k;
}

EDDY_FV_INLINE void PointFlux(const Ctx *c, int dim, int dir, const double w[], double u[],
                              double f[])
{
  const double e = Energy(c, dim, w), m = w[0] * w[1 + dir], p = w[1 + dim];
  u[0] = w[0];
  f[0] = m;
  for (int d = 0; d < dim; ++d) {
    u[1 + d] = w[0] * w[1 + d];
    f[1 + d] = m * w[1 + d] + (d == dir ? p : 0);
  }
  u[1 + dim] = e;
  f[1 + dim] = (e + p) * w[1 + dir];
}

EDDY_FV_INLINE void Fan(const Ctx *c, int dim, int dir, const double l[], const double r[],
                        double *sl, double *sr)
{
  const double al = sqrt(c->gamma * l[1 + dim] / l[0]), ar = sqrt(c->gamma * r[1 + dim] / r[0]);
  *sl = EddyMin(l[1 + dir] - al, r[1 + dir] - ar);
  *sr = EddyMax(l[1 + dir] + al, r[1 + dir] + ar);
}

EDDY_FV_INLINE double CellRate(const Ctx *c, int dim, const double w[], const double inv_dx[3])
{
  const double a = sqrt(c->gamma * w[1 + dim] / w[0]);
  double s = 0;
  for (int d = 0; d < dim; ++d)
    s += (fabs(w[1 + d]) + a) * inv_dx[d];
  return s;
}

/* Flux of the state at x/t = 0: the star state on the side of the contact, or the given one when the whole fan leaves. Through a wall and a
   contact at rest no mass flows, to the last bit. */
EDDY_FV_INLINE void Hllc(const Ctx *c, int dim, int dir, const double l[], const double r[],
                         double f[])
{
  const int un = 1 + dir, ip = 1 + dim;
  double sl, sr;
  Fan(c, dim, dir, l, r, &sl, &sr);
  const double el = Energy(c, dim, l), er = Energy(c, dim, r);
  const double ml = l[0] * (sl - l[un]), mr = r[0] * (sr - r[un]);
  const double sm = ((r[ip] - l[ip]) + (ml * l[un] - mr * r[un])) / (ml - mr);
  const int left = sm >= 0;
  const double rho = left ? l[0] : r[0], u = left ? l[un] : r[un], p = left ? l[ip] : r[ip];
  const double e = left ? el : er, m = left ? ml : mr, wave = left ? sl : sr;
  const double ps = p + m * (sm - u);
  const double k = 1 / (wave - sm), rho_s = m * k, e_s = ((wave - u) * e - p * u + ps * sm) * k;
  const int outside = left ? sl >= 0 : sr <= 0; /* the whole fan leaves to one side */
  const double un_f = outside ? u : sm, p_f = outside ? p : ps;
  const double flux = (outside ? rho : rho_s) * un_f;
  f[0] = flux;
  for (int d = 0; d < dim; ++d)
    f[1 + d] = d == dir ? flux * un_f + p_f : flux * (left ? l[1 + d] : r[1 + d]);
  f[1 + dim] = ((outside ? e : e_s) + p_f) * un_f;
}

/* |lambda| rounded off below delta, so that expansion shocks open. */
EDDY_FV_INLINE double Rounded(double lambda, double delta)
{
  const double a = fabs(lambda);
  return a < delta ? .5 * (a * a / delta + delta) : a;
}

EDDY_FV_INLINE void Roe(const Ctx *c, int dim, int dir, const double l[], const double r[],
                        double f[])
{
  const int un = 1 + dir, ip = 1 + dim;
  double ul[MAXC], ur[MAXC], fl[MAXC], fr[MAXC], v[3], v2 = 0;
  PointFlux(c, dim, dir, l, ul, fl);
  PointFlux(c, dim, dir, r, ur, fr);
  const double ql = sqrt(l[0]), qr = sqrt(r[0]), inv = 1 / (ql + qr);
  for (int d = 0; d < dim; ++d) {
    v[d] = (ql * l[1 + d] + qr * r[1 + d]) * inv;
    v2 += v[d] * v[d];
  }
  const double h = (ql * (ul[ip] + l[ip]) / l[0] + qr * (ur[ip] + r[ip]) / r[0]) * inv;
  const double a2 = c->g1 * (h - .5 * v2), a = sqrt(a2), rho = ql * qr;
  const double drho = r[0] - l[0], du = r[un] - l[un], dp = r[ip] - l[ip];
  const double w0 = .5 * (dp - rho * a * du) / a2, w2 = .5 * (dp + rho * a * du) / a2;
  const double w1 = drho - dp / a2, delta = .2 * (fabs(v[dir]) + a);
  const double s0 = Rounded(v[dir] - a, delta) * w0, s2 = Rounded(v[dir] + a, delta) * w2;
  const double s1 = fabs(v[dir]), shear = s1 * rho;
  f[0] = (s0 + s2) + s1 * w1;
  double work = 0;
  for (int d = 0; d < dim; ++d) {
    const double dv = d == dir ? 0 : shear * (r[1 + d] - l[1 + d]), n = d == dir ? a : 0;
    f[1 + d] = (s0 * (v[d] - n) + s2 * (v[d] + n)) + (s1 * w1 * v[d] + dv);
    work += dv * v[d];
  }
  f[ip] = (s0 * (h - v[dir] * a) + s2 * (h + v[dir] * a)) + (s1 * w1 * .5 * v2 + work);
  for (int q = 0; q < dim + 2; ++q)
    f[q] = .5 * (fl[q] + fr[q]) - .5 * f[q];
}

EDDY_FV_SIMPLE_SOLVERS(MAXC)
EDDY_FV_CELL_KERNELS(1, 3, 3, 0)
EDDY_FV_CELL_KERNELS(2, 4, 4, 0)
EDDY_FV_CELL_KERNELS(3, 5, 5, 0)
#define SOLVER(X) \
  EDDY_FV_SOLVER(EDDY_FV_FLUX_KERNEL, X, 0) EDDY_FV_SOLVER_3D(EDDY_FV_FLUX_KERNEL, X, 0)
SOLVER(Hllc)
SOLVER(Roe)
SOLVER(Hll)
SOLVER(Rusanov)
#define ROWS(DIM, ...) \
  { \
    .ToPrim = ToPrimRows##DIM, .Rate = RateRows##DIM, .Flux = { __VA_ARGS__ } \
  }
#define ROW1(X) \
  { \
    X##_1_0 \
  }
#define ROW2(X) \
  { \
    X##_2_0, X##_2_1 \
  }
#define ROW3(X) \
  { \
    X##_3_0, X##_3_1, X##_3_2 \
  }
static const EddyFvKernels kernels[3] = {
    ROWS(1, ROW1(Hllc), ROW1(Roe), ROW1(Hll), ROW1(Rusanov)),
    ROWS(2, ROW2(Hllc), ROW2(Roe), ROW2(Hll), ROW2(Rusanov)),
    ROWS(3, ROW3(Hllc), ROW3(Roe), ROW3(Hll), ROW3(Rusanov)),
};

static void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                 const PetscReal u[], const PetscReal aux[], PetscReal f[])
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
}

static void ToCons(const void *ctx, const PetscReal w[], PetscReal u[])
{
  const Ctx *c = ctx;
  const int dim = (int)c->dim;
  u[0] = w[0];
  for (int d = 0; d < dim; ++d)
    u[1 + d] = w[0] * w[1 + d];
  u[1 + dim] = Energy(c, dim, w);
}

/* In the order of `derived` in Create. */
static void Derive(const void *ctx, const PetscReal w[], PetscReal out[])
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
}

/* Beyond a characteristic face, by Riemann invariants u_n + 2a/(gamma - 1) (leaves) and u_n - 2a/(gamma - 1) (enters; a of the far pressure at the entropy
   inside, so that a hot spot may leave) [Thompson1987]; entropy and velocity along the face from where the flow comes. Without a normal velocity
   of the far field its pressure relaxes [RudyStrikwerda1980, sigma = 0.25]. */
static void FarField(const void *ctx, PetscInt nprim, const PetscReal n[3], const PetscReal in[],
                     const PetscReal far[], const PetscBool given[], PetscReal relax,
                     PetscReal ghost[])
{
  const Ctx *c = ctx;
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
static const char *const face_fields[] = {"temperature", NULL};
static PetscReal FaceGet(const void *ctx, PetscInt field, const PetscReal w[])
{
  return w[1 + ((const Ctx *)ctx)->dim] / w[0];
}
static void FaceSet(const void *ctx, PetscInt field, PetscReal value, PetscReal w[])
{
  w[0] = value > 0 ? w[1 + ((const Ctx *)ctx)->dim] / value : w[0];
}

static const char *const invariants[] = {"mass",       "momentum_x", "momentum_y",
                                         "momentum_z", "energy",     NULL};

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  static const char *const axis[] = {"x", "y", "z"};
  static const EddyDerived derived[] = {{"velocity", "L/T", 1},
                                        {"pressure", "M/(L T^2)", 0},
                                        {"temperature", "L^2/T^2", 0}, /* p / rho */
                                        {"sound_speed", "L/T", 0},
                                        {"mach", "1", 0},
                                        {"entropy", "1", 0}}; /* log(p / rho^gamma) */
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "physics_gamma", "ratio of specific heats", "1", 1.4, 1.0001, 100,
                            &c->gamma));
  c->g1 = c->gamma - 1;
  c->inv_g1 = 1 / c->g1;
  c->dim = dim;
  p->ncomp = p->nprim = dim + 2;
  p->vector = 1;
  for (PetscInt q = 0; q < dim + 2; ++q) {
    const PetscBool rho = (PetscBool)(q == 0), e = (PetscBool)(q == dim + 1);
    const char *x = rho || e ? "" : axis[q - 1];
    PetscCall(PetscSNPrintf(p->comp[q], EDDY_MAX_NAME, "%s%s",
                            rho ? "density"
                            : e ? "energy"
                                : "momentum_",
                            x));
    PetscCall(PetscSNPrintf(p->prim[q], EDDY_MAX_NAME, "%s%s",
                            rho ? "density"
                            : e ? "pressure"
                                : "velocity_",
                            x));
    PetscCall(PetscSNPrintf(p->total[q], EDDY_MAX_NAME, "%s%s",
                            rho ? "mass"
                            : e ? "energy"
                                : "momentum_",
                            x));
    PetscCall(PetscStrncpy(p->unit[q],
                           rho ? "M/L^3"
                           : e ? "M/(L T^2)"
                               : "M/(L^2 T)",
                           EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->prim_unit[q],
                           rho ? "M/L^3"
                           : e ? "M/(L T^2)"
                               : "L/T",
                           EDDY_MAX_NAME));
  }
  p->npositive = 2;
  p->floor = 1e-12;
  p->positive[0] = 0;
  p->positive[1] = dim + 1;
  p->nderived = sizeof derived / sizeof *derived;
  PetscCall(PetscArraycpy(p->derived, derived, p->nderived));
  p->fv = kernels[dim - 1];
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_euler) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "euler",
    .summary = "compressible flow of an ideal gas, inviscid, 1-D to 3-D",
    .equation =
        "rho_t + div(rho u) = 0, (rho u)_t + div(rho u u) + grad p = 0, E_t + div((E + p) u) = 0",
    .reference = "Toro2009",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Flux = Flux,
    .ToCons = ToCons,
    .Derive = Derive,
    .FarField = FarField,
    .face_fields = face_fields,
    .FaceGet = FaceGet,
    .FaceSet = FaceSet,
    .invariants = invariants,
};
