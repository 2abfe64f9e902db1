/* SPDX-License-Identifier: BSD-3-Clause */
/* Euler equations of an ideal gas, 1-D to 3-D, conservative form [Toro2009, chapter 3]:

     rho_t + div(rho u) = 0,  (rho u)_t + div(rho u u) + grad p = rho g,  E_t + div((E + p) u) = rho u.g,
     p = (gamma - 1) (E - rho |u|^2 / 2).

   State, gravity and passive scalars: compressible.h. Riemann solvers: HLLC [ToroSpruceSpeares1994, Batten1997] with the simple signal speeds
   min(u_l - a_l, u_r - a_r), max(u_l + a_l, u_r + a_r) [Davis1988]; Roe [Roe1981] with Harten's entropy fix on the acoustic waves [Harten1983]; HLL; Rusanov.
   Not handled: real gases; there is no spectral form. */
#include "compressible.h"

#define Ctx EddyGasCtx

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

/* Waves of the primitive state in direction dir, at speeds u - a, u, u + a [Toro2009, section 3.2]: (dp - rho a du)/2, d rho - dp/a^2, (dp + rho a du)/2; what
   else there is moves with u. */
EDDY_FV_INLINE void Eigen(const Ctx *c, int dim, int dir, const double w[], double e[4])
{
  const double a2 = c->gamma * w[1 + dim] / w[0];
  e[0] = w[0] * sqrt(a2);
  e[1] = 1 / e[0];
  e[2] = 1 / a2;
}
EDDY_FV_INLINE void ToWave(const Ctx *c, int dim, int dir, const double e[4], const double d[],
                           double v[])
{
  const double k = e[0] * d[1 + dir];
  for (int q = 0; q < NCOMP(dim); ++q)
    v[q] = d[q];
  v[0] = d[0] - e[2] * d[1 + dim];
  v[1 + dir] = .5 * (d[1 + dim] - k);
  v[1 + dim] = .5 * (d[1 + dim] + k);
}
EDDY_FV_INLINE void FromWave(const Ctx *c, int dim, int dir, const double e[4], const double v[],
                             double d[])
{
  const double p = v[1 + dir] + v[1 + dim];
  for (int q = 0; q < NCOMP(dim); ++q)
    d[q] = v[q];
  d[0] = v[0] + e[2] * p;
  d[1 + dir] = e[1] * (v[1 + dim] - v[1 + dir]);
  d[1 + dim] = p;
}

/* Internal energy; of no use without density. */
EDDY_FV_INLINE double Admit(const Ctx *c, int dim, const double u[])
{
  double k = 0;
  for (int d = 0; d < dim; ++d)
    k += u[1 + d] * u[1 + d];
  return u[0] > 0 ? u[1 + dim] - .5 * k / u[0] : -PETSC_MAX_REAL;
}
EDDY_FV_STAR_KERNEL(1, 3, 3)
EDDY_FV_STAR_KERNEL(2, 4, 4)
EDDY_FV_STAR_KERNEL(3, 5, 5)

EDDY_FV_SIMPLE_SOLVERS(MAXC)
EDDY_FV_WAVES_KERNELS(1, 0, 3)
EDDY_FV_WAVES_KERNELS(2, 0, 4)
EDDY_FV_WAVES_KERNELS(2, 1, 4)
EDDY_FV_WAVES_KERNELS(3, 0, 5)
EDDY_FV_WAVES_KERNELS(3, 1, 5)
EDDY_FV_WAVES_KERNELS(3, 2, 5)
EDDY_FV_CELL_KERNELS(1, 3, 3, 0)
EDDY_FV_CELL_KERNELS(2, 4, 4, 0)
EDDY_FV_CELL_KERNELS(3, 5, 5, 0)

/* Passive scalars ride on the mass flux, upwinded by its sign: a constant stays constant, and bounds hold [Larrouturou1991]. */
EDDY_FV_INLINE void ScalarFlux(const Ctx *c, PetscInt first, PetscInt n, size_t qs, const double *l,
                               const double *r, size_t fs, double *f)
{
  for (PetscInt q = first; q < first + c->nscalar; ++q) {
    const double *a = l + (size_t)q * qs, *b = r + (size_t)q * qs;
    double *restrict to = f + (size_t)q * fs;
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) to[i] = f[i] * (f[i] >= 0 ? a[i] : b[i]);
  }
}

EDDY_FV_INLINE void ScalarPrim(const Ctx *c, PetscInt first, PetscInt n, size_t us, const double *u,
                               size_t ws, double *w)
{
  for (PetscInt q = first; q < first + c->nscalar; ++q) {
    const double *from = u + (size_t)q * us;
    double *restrict to = w + (size_t)q * ws;
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) to[i] = from[i] / u[i];
  }
}

/* Every kernel twice: plain, and S with the scalars behind it, so that the plain ones pay nothing for them. */
#define WITH_SCALARS(X, DIM, DIR) \
  static void X##S_##DIM##_##DIR(const void *ctx, PetscInt n, size_t qs, const double *l, \
                                 const double *r, size_t fs, double *fl, double *fr) \
  { \
    X##_##DIM##_##DIR(ctx, n, qs, l, r, fs, fl, fr); \
    ScalarFlux(ctx, (DIM) + 2, n, qs, l, r, fs, fl); \
  }
#define NORMAL_WITH_SCALARS(X, DIM) \
  static void X##S_##DIM##_n(const void *ctx, PetscInt n, size_t qs, const double *l, \
                             const double *r, size_t ns, const double *normal, size_t fs, \
                             double *fl, double *fr) \
  { \
    X##_##DIM##_n(ctx, n, qs, l, r, ns, normal, fs, fl, fr); \
    ScalarFlux(ctx, (DIM) + 2, n, qs, l, r, fs, fl); \
  }
#define CELL_WITH_SCALARS(DIM) \
  static void ToPrimRowsS##DIM(const void *ctx, PetscInt n, size_t us, const double *u, size_t as, \
                               const double *aux, size_t ws, double *w) \
  { \
    ToPrimRows##DIM(ctx, n, us, u, as, aux, ws, w); \
    ScalarPrim(ctx, (DIM) + 2, n, us, u, ws, w); \
  }
CELL_WITH_SCALARS(1)
CELL_WITH_SCALARS(2)
CELL_WITH_SCALARS(3)
#define SOLVER(X) \
  EDDY_FV_SOLVER(EDDY_FV_FLUX_KERNEL, X, 0) \
  EDDY_FV_SOLVER_3D(EDDY_FV_FLUX_KERNEL, X, 0) \
  EDDY_FV_SOLVER_NORMAL(X, 0, 1) \
  WITH_SCALARS(X, 1, 0) \
  WITH_SCALARS(X, 2, 0) \
  WITH_SCALARS(X, 2, 1) \
  WITH_SCALARS(X, 3, 0) \
  WITH_SCALARS(X, 3, 1) \
  WITH_SCALARS(X, 3, 2) \
  NORMAL_WITH_SCALARS(X, 1) \
  NORMAL_WITH_SCALARS(X, 2) \
  NORMAL_WITH_SCALARS(X, 3)
SOLVER(Hllc)
SOLVER(Roe)
SOLVER(Hll)
SOLVER(Rusanov)
#define ROWS(DIM, S, ...) \
  { \
    .ToPrim = ToPrimRows##S##DIM, .Rate = RateRows##DIM, .nwave = (DIM) + 2, .Star = Star##DIM, \
    .ToWaves = ROW##DIM(ToWaves), .FromWaves = ROW##DIM(FromWaves), .Speed = SpeedRows##DIM, \
    .FluxNormal = {Hllc##S##_##DIM##_n, Roe##S##_##DIM##_n, Hll##S##_##DIM##_n, \
                   Rusanov##S##_##DIM##_n}, \
    .Flux = { \
      __VA_ARGS__ \
    } \
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
#define ALL(DIM) \
  { \
    ROWS(DIM, , ROW##DIM(Hllc), ROW##DIM(Roe), ROW##DIM(Hll), ROW##DIM(Rusanov)), \
        ROWS(DIM, S, ROW##DIM(HllcS), ROW##DIM(RoeS), ROW##DIM(HllS), ROW##DIM(RusanovS)) \
  }
const EddyFvKernels EDDY_SIMD(eddy_gas_kernels)[3][2] = {ALL(1), ALL(2), ALL(3)};

const EddyPhysicsOps EDDY_SIMD(eddy_physics_euler) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "euler",
    .summary = "compressible flow of an ideal gas, inviscid, 1-D to 3-D",
    .equation = "rho_t + div(rho u) = 0, (rho u)_t + div(rho u u) + grad p = rho g, E_t + div((E + "
                "p) u) = rho u.g",
    .reference = "Toro2009",
    .dim_min = 1,
    .dim_max = 3,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = EDDY_SIMD(eddy_gas_create),
    EDDY_GAS_SHARED,
};
