/* SPDX-License-Identifier: BSD-3-Clause */
/* Shallow water over a bed, 1-D and 2-D:

     h_t + div(h u) = 0,   (h u)_t + div(h u u) + grad(g h^2/2) = -g h grad b - f k x (h u) - g n^2 |u| u / h^(1/3).

     u: depth h [L], discharge h u [L^2/T]      w: depth, velocity u [L/T], surface h + b [L]
     g    gravity              [L/T^2]  physics_g
     wet  depth that counts for the diagnostic highest_water [L] physics_wet
     b    bed                  [L]      physics_bathymetry_type, see water/bed.h
     n    Manning's roughness  [T/L^(1/3)] physics_manning
     f    Coriolis parameter f0 + beta (y - y_middle) [1/T]   physics_coriolis, physics_beta; 2-D
     dry  depth of a dry cell  [L]      physics_dry; the velocity is 2 h (h u)/(h^2 + max(h^2, dry^2)) [KurganovPetrova2007, eq. 2.17]

   Well balanced by hydrostatic reconstruction [Audusse2004]: depth, velocity and surface are reconstructed, b = surface - depth at the faces of a cell; at a
   face b* = max(b_l, b_r), h*_s = max(0, surface_s - b*), the Riemann problem is solved for the states (h*_s, u_s), and each side gets
   g/2 (h_s^2 - h*_s^2) back; inside the cell the source is -g (h_- + h_+)/2 (b_+ - b_-). Water at rest stays at rest, also around dry cells, whose face
   values are those of the cell. Depth stays >= 0 up to Courant number 1/2.
   Riemann solvers: HLL with the speeds of a dry front [Toro2001 section 10.5]; HLLC is HLL with the velocity along the face carried by the mass flux;
   Rusanov.

   Friction acts on the whole balance F of the momentum m = h u that the other terms have left behind: with G = g n^2 |u| / h^(4/3) and z = dt G,
     m_t = (F - G m) / sqrt(1 + z^2),
   which is F - G m up to dt^2, keeps steady flow (F = G m) as it is, and never turns the water round: in a stage of dt the factor of m is
   1 - z/sqrt(1 + z^2) > 0, however thin the water. h is not taken below `dry` there. (Of the kind of [Chertock2015], whose factor 1/(1 + z) is of first order
   without a correction at the end of a step.) Not handled: wind, viscosity.

   Exact (bowl only): the planar oscillation of [Thacker1981] in b = depth (r^2/a^2 - 1), displaced by physics_exact_shift:
   omega = sqrt(2 g depth)/a. */
#include "fv_kernels.h"
#include "water/bed.h"
#include <string.h>

#define NCOMP(dim) ((dim) + 1)
enum { MAXC = 3 };

typedef struct {
  PetscReal g, dry, wet, still, manning, coriolis, beta, middle, shift;
  PetscInt dim;
  PetscBool waves;
  EddyBed bed;
} Ctx;

EDDY_FV_INLINE void Prim(const Ctx *c, int dim, const double u[], const double aux[], double w[])
{
  const double h = EddyMax(u[0], 0), h2 = h * h, k = 2 * h / (h2 + EddyMax(h2, c->dry * c->dry));
  w[0] = h;
  for (int d = 0; d < dim; ++d)
    w[1 + d] = u[1 + d] * k;
  w[1 + dim] = h + aux[0];
}

EDDY_FV_INLINE void PointFlux(const Ctx *c, int dim, int dir, const double w[], double u[],
                              double f[])
{
  const double m = w[0] * w[1 + dir], p = .5 * c->g * (w[0] * w[0]);
  u[0] = w[0];
  f[0] = m;
  for (int d = 0; d < dim; ++d) {
    u[1 + d] = w[0] * w[1 + d];
    f[1 + d] = m * w[1 + d] + (d == dir ? p : 0);
  }
}

EDDY_FV_INLINE void Fan(const Ctx *c, int dim, int dir, const double l[], const double r[],
                        double *sl, double *sr)
{
  const double al = sqrt(c->g * l[0]), ar = sqrt(c->g * r[0]), ul = l[1 + dir], ur = r[1 + dir];
  const double a = EddyMin(ul - al, ur - ar), b = EddyMax(ul + al, ur + ar);
  const int ldry = l[0] <= 0, rdry = r[0] <= 0;
  *sl = ldry ? ur - 2 * ar : rdry ? ul - al : a;
  *sr = rdry ? ul + 2 * al : ldry ? ur + ar : b;
}

EDDY_FV_INLINE double CellRate(const Ctx *c, int dim, const double w[], const double inv_dx[3])
{
  const double a = sqrt(c->g * w[0]);
  double s = 0;
  for (int d = 0; d < dim; ++d)
    s += (fabs(w[1 + d]) + a) * inv_dx[d];
  return s;
}

/* HLL around the mean flux: equal fluxes of water at rest come out as they are, to the last bit. */
EDDY_FV_INLINE void Centred(const Ctx *c, int dim, int dir, const double l[], const double r[],
                            double f[])
{
  double ul[MAXC], ur[MAXC], fl[MAXC], fr[MAXC], sl, sr;
  PointFlux(c, dim, dir, l, ul, fl);
  PointFlux(c, dim, dir, r, ur, fr);
  Fan(c, dim, dir, l, r, &sl, &sr);
  sl = EddyMin(sl, 0);
  sr = EddyMax(sr, 0);
  const double k = 1 / (sr - sl + 1e-300), mean = .5 * (sr + sl) * k, jump = sl * sr * k;
  for (int q = 0; q < dim + 1; ++q)
    f[q] = .5 * (fl[q] + fr[q]) - mean * (fr[q] - fl[q]) + jump * (ur[q] - ul[q]);
}

EDDY_FV_INLINE void Contact(const Ctx *c, int dim, int dir, const double l[], const double r[],
                            double f[])
{
  Centred(c, dim, dir, l, r, f);
  for (int d = 0; d < dim; ++d)
    f[1 + d] = d == dir ? f[1 + d] : f[0] * (f[0] >= 0 ? l[1 + d] : r[1 + d]);
}

EDDY_FV_SIMPLE_SOLVERS(MAXC)

/* Hydrostatic reconstruction around a solver. */
#define BALANCED(NAME, SOLVER) \
  EDDY_FV_INLINE void NAME(const Ctx *c, int dim, int dir, const double l[], const double r[], \
                           double f[], double g[]) \
  { \
    const double bl = l[1 + dim] - l[0], br = r[1 + dim] - r[0], top = EddyMax(bl, br); \
    double sl[4], sr[4]; \
    sl[0] = EddyMax(0, l[1 + dim] - top); \
    sr[0] = EddyMax(0, r[1 + dim] - top); \
    for (int d = 0; d < dim; ++d) { \
      sl[1 + d] = l[1 + d]; \
      sr[1 + d] = r[1 + d]; \
    } \
    SOLVER(c, dim, dir, sl, sr, f); \
    for (int q = 0; q < dim + 1; ++q) \
      g[q] = f[q]; \
    f[1 + dir] += .5 * c->g * (l[0] * l[0] - sl[0] * sl[0]); \
    g[1 + dir] += .5 * c->g * (r[0] * r[0] - sr[0] * sr[0]); \
  }
BALANCED(WaterHllc, Contact)
BALANCED(WaterHll, Centred)
BALANCED(WaterRusanov, Rusanov)
EDDY_FV_SOLVER(EDDY_FV_FLUX2_KERNEL, WaterHllc, 1)
EDDY_FV_SOLVER(EDDY_FV_FLUX2_KERNEL, WaterHll, 1)
EDDY_FV_SOLVER(EDDY_FV_FLUX2_KERNEL, WaterRusanov, 1)
EDDY_FV_CELL_KERNELS(1, 2, 3, 1)
EDDY_FV_CELL_KERNELS(2, 3, 4, 1)

#define SOURCE(DIM, DIR) \
  static void Source_##DIM##_##DIR(const void *ctx, PetscInt n, size_t qs, \
                                   const double *restrict qm, const double *restrict qp, \
                                   double inv_dx, size_t fs, double *restrict f) \
  { \
    const double k = .5 * ((const Ctx *)ctx)->g * inv_dx, *em = qm + (1 + (DIM)) * qs, \
                 *ep = qp + (1 + (DIM)) * qs; \
    double *to = f + (1 + (DIR)) * fs; \
    _Pragma("omp simd") for (PetscInt i = 0; i < n; ++i) to[i] += \
        k * (qm[i] + qp[i]) * ((em[i] - qm[i]) - (ep[i] - qp[i])); \
  }
SOURCE(1, 0)
SOURCE(2, 0)
SOURCE(2, 1)

/* Waves in direction dir at speeds u - c, u + c: (d surface -/+ (c/g) du)/2; the bed, which stays, and the velocity along the face. Water at rest has no wave. */
EDDY_FV_INLINE void Eigen(const Ctx *c, int dim, int dir, const double w[], double e[4])
{
  e[0] = sqrt(EddyMax(w[0], c->dry) / c->g);
  e[1] = 1 / e[0];
}
EDDY_FV_INLINE void ToWave(const Ctx *c, int dim, int dir, const double e[4], const double d[],
                           double v[])
{
  const double k = e[0] * d[1 + dir], level = d[1 + dim];
  for (int q = 0; q < dim + 2; ++q)
    v[q] = d[q];
  v[0] = level - d[0];
  v[1 + dir] = .5 * (level - k);
  v[1 + dim] = .5 * (level + k);
}
EDDY_FV_INLINE void FromWave(const Ctx *c, int dim, int dir, const double e[4], const double v[],
                             double d[])
{
  const double level = v[1 + dir] + v[1 + dim];
  for (int q = 0; q < dim + 2; ++q)
    d[q] = v[q];
  d[0] = level - v[0];
  d[1 + dir] = e[1] * (v[1 + dim] - v[1 + dir]);
  d[1 + dim] = level;
}
EDDY_FV_INLINE double Admit(const Ctx *c, int dim, const double u[]) { return u[0]; }
EDDY_FV_STAR_KERNEL(1, 2, 3)
EDDY_FV_STAR_KERNEL(2, 3, 4)
EDDY_FV_WAVES_KERNELS(1, 0, 3)
EDDY_FV_WAVES_KERNELS(2, 0, 4)
EDDY_FV_WAVES_KERNELS(2, 1, 4)
/* x^(-1/3) of a positive normal number to round-off: a third of the exponent from the bits, then Newton. */
EDDY_FV_INLINE double InverseCubeRoot(double x)
{
  int64_t b;
  double y;
  memcpy(&b, &x, sizeof b);
  b = (int64_t)(0x553ef0ff - (int32_t)(b >> 32) / 3) << 32;
  memcpy(&y, &b, sizeof y);
  for (int k = 0; k < 5; ++k)
    y = y * (4 - x * (y * y * y)) * (1. / 3);
  return y;
}

/* Rotation, then friction of all that is in f. aux[1]: Coriolis parameter. */
#define CELL_SOURCE(DIM) \
  static void CellSource##DIM(const void *ctx, PetscInt n, double t, double dt, size_t ws, \
                              const double *restrict w, size_t as, const double *restrict aux, \
                              size_t fs, double *restrict f) \
  { \
    const Ctx *c = ctx; \
    const double dry = c->dry, k = c->g * c->manning * c->manning; \
    const double rotation = c->coriolis != 0 || c->beta != 0; \
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i) \
    { \
      const double h = EddyMax(w[i], dry), r = InverseCubeRoot(h); \
      double speed = 0, m[DIM]; \
      for (size_t d = 0; d < DIM; ++d) { \
        const double v = w[(1 + d) * ws + (size_t)i]; \
        speed += v * v; \
        m[d] = w[i] * v; \
      } \
      const double G = k * sqrt(speed) * (r * r) * (r * r), z = dt * G, s = 1 / sqrt(1 + z * z); \
      for (size_t d = 0; d < DIM; ++d) { \
        double *to = f + (1 + d) * fs; \
        const double turn = \
            DIM > 1 ? rotation * aux[(DIM > 1) * as + (size_t)i] * (d ? -m[0] : m[DIM - 1]) : 0; \
        to[i] = s * ((to[i] + turn) - G * m[d]); \
      } \
    } \
  }
CELL_SOURCE(1)
CELL_SOURCE(2)

EDDY_FV_INLINE double Minmod(double a, double b)
{
  const double m = EddyMin(fabs(a), fabs(b));
  return a * b > 0 ? copysign(m, a) : 0;
}

/* Dry cells take their average; a wet cell whose reconstruction looks across the shore without a limiter takes minmod slopes, which
   leave a level surface level. */
static void LimitDry(const void *ctx, PetscInt n, PetscInt np, ptrdiff_t step, PetscInt reach,
                     size_t ws, const double *w, size_t qs, double *qm, double *qp)
{
  const double dry = ((const Ctx *)ctx)->dry;
  const ptrdiff_t near = reach > 0 ? step : 0, far = reach > 1 ? 2 * step : near;
  for (PetscInt q = 0; q < np; ++q) {
    const double *wq = w + (size_t)q * ws, *lo = wq - step, *hi = wq + step;
    const double *a1 = w - near, *a2 = w - far, *b1 = w + near, *b2 = w + far;
    double *restrict m = qm + (size_t)q * qs, *restrict p = qp + (size_t)q * qs;
    _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
    {
      const int self = w[i] > dry;
      const double least = EddyMin(EddyMin(a1[i], a2[i]), EddyMin(b1[i], b2[i]));
      const int all = self & (least > dry);
      const double slope = .5 * Minmod(wq[i] - lo[i], hi[i] - wq[i]), half = self ? slope : 0;
      m[i] = all ? m[i] : wq[i] - half;
      p[i] = all ? p[i] : wq[i] + half;
    }
  }
}
static void Limit1(const void *ctx, PetscInt n, ptrdiff_t step, PetscInt reach, size_t ws,
                   const double *w, size_t qs, double *qm, double *qp)
{
  LimitDry(ctx, n, 3, step, reach, ws, w, qs, qm, qp);
}
static void Limit2(const void *ctx, PetscInt n, ptrdiff_t step, PetscInt reach, size_t ws,
                   const double *w, size_t qs, double *qm, double *qp)
{
  LimitDry(ctx, n, 4, step, reach, ws, w, qs, qm, qp);
}

/* A cell that lost all its water keeps a rounding of it, of either sign: negative ones become zero. The bound tells roundings from errors, which stay to be found. */
static void TidyRows(const void *ctx, PetscInt n, size_t us, double *u)
{
  const Ctx *c = ctx;
  const double bound = -1e-9 * c->dry;
  const int dim = (int)c->dim;
  double *m = u + us, *k = u + (size_t)dim * us; /* the same in 1-D */
  _Pragma("GCC ivdep") for (PetscInt i = 0; i < n; ++i)
  {
    const int rounding = (u[i] < 0) & (u[i] > bound);
    u[i] = rounding ? 0 : u[i];
    m[i] = rounding ? 0 : m[i];
    k[i] = rounding ? 0 : k[i];
  }
}

/* Highest surface of cells deeper than `wet`: films on a slope do not count. */
static double Highest(const void *ctx, PetscInt n, size_t ws, const double *w)
{
  const Ctx *c = ctx;
  const double *surface = w + (size_t)(1 + c->dim) * ws;
  double top = -PETSC_MAX_REAL;
  for (PetscInt i = 0; i < n; ++i)
    top = w[i] > c->wet && surface[i] > top ? surface[i] : top;
  return top;
}

static const EddyFvKernels kernels[2] = {
    {.ToPrim = ToPrimRows1,
     .Rate = RateRows1,
     .Speed = SpeedRows1,
     .Limit = Limit1,
     .nwave = 3,
     .Star = Star1,
     .ToWaves = {ToWaves_1_0},
     .FromWaves = {FromWaves_1_0},
     .Extreme = Highest,
     .Tidy = TidyRows,
     .two_sided = PETSC_TRUE,
     .Source = {Source_1_0},
     .CellSource = CellSource1,
     .Flux[EDDY_RIEMANN_HLLC] = {WaterHllc_1_0},
     .Flux[EDDY_RIEMANN_HLL] = {WaterHll_1_0},
     .Flux[EDDY_RIEMANN_RUSANOV] = {WaterRusanov_1_0}},
    {.ToPrim = ToPrimRows2,
     .Rate = RateRows2,
     .Speed = SpeedRows2,
     .Limit = Limit2,
     .nwave = 4,
     .Star = Star2,
     .ToWaves = {ToWaves_2_0, ToWaves_2_1},
     .FromWaves = {FromWaves_2_0, FromWaves_2_1},
     .Extreme = Highest,
     .Tidy = TidyRows,
     .two_sided = PETSC_TRUE,
     .Source = {Source_2_0, Source_2_1},
     .CellSource = CellSource2,
     .Flux[EDDY_RIEMANN_HLLC] = {WaterHllc_2_0, WaterHllc_2_1},
     .Flux[EDDY_RIEMANN_HLL] = {WaterHll_2_0, WaterHll_2_1},
     .Flux[EDDY_RIEMANN_RUSANOV] = {WaterRusanov_2_0, WaterRusanov_2_1}},
};

static void Aux(const void *ctx, const PetscReal x[3], PetscReal aux[])
{
  const Ctx *c = ctx;
  aux[0] = EddyBedAt(&c->bed, x);
  if (c->dim > 1)
    aux[1] = c->coriolis + c->beta * (x[1] - c->middle);
}

static void Flux(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
                 const PetscReal u[], const PetscReal aux[], PetscReal f[])
{
  const Ctx *c = ctx;
  const PetscReal inv = 1 / u[0];
  PetscReal un = 0;
  for (PetscInt d = 0; d < c->dim; ++d)
    un += u[1 + d] * inv * n[d];
  f[0] = u[0] * un;
  for (PetscInt d = 0; d < c->dim; ++d)
    f[1 + d] = u[1 + d] * un + .5 * c->g * u[0] * u[0] * n[d];
}

static void ToCons(const void *ctx, const PetscReal w[], PetscReal u[])
{
  const Ctx *c = ctx;
  u[0] = w[0];
  for (PetscInt d = 0; d < c->dim; ++d)
    u[1 + d] = w[0] * w[1 + d];
}

/* In the order of `derived` in Create. */
static void Derive(const void *ctx, const PetscReal w[], PetscReal out[])
{
  const Ctx *c = ctx;
  for (PetscInt d = 0; d < c->dim; ++d)
    out[d] = w[1 + d];
  out[c->dim] = w[1 + c->dim];
  out[c->dim + 1] = w[1 + c->dim] - w[0];
}

static void Exact(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[])
{
  const Ctx *c = ctx;
  const EddyBed *b = &c->bed;
  const PetscReal omega = sqrt(2 * c->g * b->height) / b->width, s = c->shift;
  const PetscReal co = cos(omega * t), si = sin(omega * t),
                  scale = b->height / (b->width * b->width);
  const PetscReal X = x[0] - b->centre[0], Y = c->dim > 1 ? x[1] - b->centre[1] : 0;
  const PetscReal bed = EddyBedAt(b, x);
  PetscReal w[4];
  /* one dimension: to and fro; two: round the centre */
  const PetscReal level = c->dim > 1 ? s * scale * (2 * X * co + 2 * Y * si - s)
                                     : s * scale * (2 * X * co - s * co * co);
  w[0] = EddyMax(0, level - bed);
  w[1] = -s * omega * si;
  w[2] = s * omega * co;
  ToCons(c, w, u);
}

/* Depth and surface belong together: the bed beyond a face is the one inside. */
static void Complete(const void *ctx, const PetscReal in[], PetscBool given[], PetscReal w[])
{
  const PetscInt e = 1 + ((const Ctx *)ctx)->dim;
  const PetscReal bed = in[e] - in[0];
  if (given[0] && !given[e])
    w[e] = w[0] + bed;
  else if (given[e] && !given[0])
    w[0] = EddyMax(0, w[e] - bed);
  given[0] = given[e] = given[0] || given[e] ? PETSC_TRUE : PETSC_FALSE;
}

/* Beyond a characteristic face, by Riemann invariants u_n + 2c (leaves) and u_n - 2c (enters); without a velocity of the far field its depth relaxes
   as the pressure of a gas does [RudyStrikwerda1980, sigma = 0.25]. */
/* With a given depth and no velocity: with physics_waves the wave of that height on the still water of physics_still runs in (its outgoing invariant is that of
   the still water, so 2 a_0 - 4 a_f enters); without, the depth relaxes to the one given. */
static void FarField(const void *ctx, PetscInt nprim, const PetscReal n[3], const PetscReal in[],
                     const PetscReal far[], const PetscBool given[], PetscReal relax,
                     PetscReal ghost[])
{
  const Ctx *c = ctx;
  const int dim = (int)c->dim;
  if (in[0] <= c->dry || far[0] <= c->dry)
    return;
  const PetscReal a = sqrt(c->g * in[0]), af = sqrt(c->g * far[0]), bed = in[1 + dim] - in[0];
  PetscReal un = 0, uf = 0;
  PetscBool anchored = PETSC_FALSE;
  for (int d = 0; d < dim; ++d) {
    un += in[1 + d] * n[d];
    uf += far[1 + d] * n[d];
    if (n[d] != 0 && given[1 + d])
      anchored = PETSC_TRUE;
  }
  const PetscReal out = un >= -a ? un + 2 * a : uf + 2 * af;
  const PetscReal enter = un >= a    ? un - 2 * a
                          : anchored ? uf - 2 * af
                          : c->waves ? 2 * sqrt(c->g * EddyMax(0, c->still - bed)) - 4 * af
                                     : un - 2 * a - .25 * relax * 2 * (af - a);
  const PetscReal speed = .5 * (out + enter), wave = .25 * (out - enter);
  if (wave <= 0)
    return;
  ghost[0] = wave * wave / c->g;
  for (int d = 0; d < dim; ++d)
    ghost[1 + d] = (un < 0 ? far[1 + d] - uf * n[d] : in[1 + d] - un * n[d]) + speed * n[d];
  ghost[1 + dim] = ghost[0] + bed;
}

static const char *const invariants[] = {"volume", NULL};

/* Bed, exact oscillation, friction, rotation. */
static PetscErrorCode TermsCreate(EddyPhysics p, EddyOptions o)
{
  Ctx *c = p->ctx;
  const char *start;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyBedCreate(o, &p->box, &c->bed));
  PetscCall(EddyOptionsReal(o, "physics_exact_shift",
                            "displacement of the exact oscillation in a bowl", "L", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->shift));
  PetscCall(EddyOptionsGetRaw(o, "initial_type", &start));
  EddyOptionsCheck(!start || strcmp(start, "exact") || c->bed.type == EDDY_BED_BOWL, o,
                   "initial_type", "exact needs physics_bathymetry_type bowl");
  EddyOptionsCheck(c->shift == 0 || c->bed.type == EDDY_BED_BOWL, o, "physics_exact_shift",
                   "needs physics_bathymetry_type bowl");
  PetscCall(EddyOptionsReal(o, "physics_manning", "roughness of the bed after Manning", "T/L^(1/3)",
                            0, 0, PETSC_MAX_REAL, &c->manning));
  PetscCall(EddyOptionsReal(o, "physics_coriolis", "Coriolis parameter in the middle of y (2-D)",
                            "1/T", 0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->coriolis));
  PetscCall(EddyOptionsReal(o, "physics_beta", "its gradient in y (2-D)", "1/(L T)", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->beta));
  EddyOptionsCheck(catalogue || p->box.dim > 1 || (c->coriolis == 0 && c->beta == 0), o,
                   c->coriolis != 0 ? "physics_coriolis" : "physics_beta", "needs a 2-D mesh");
  if (p->box.dim > 1)
    c->middle = .5 * (p->box.lower[1] + p->box.upper[1]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyPhysics p)
{
  Ctx *c = p->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyBedDestroy(&c->bed));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyPhysics p, EddyOptions o)
{
  static const char *const axis[] = {"x", "y"};
  static const EddyDerived derived[] = {
      {"velocity", "L/T", 1}, {"surface", "L", 0}, {"bathymetry", "L", 0}};
  Ctx *c = p->ctx;
  const PetscInt dim = p->box.dim;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "physics_g", "gravity", "L/T^2", 9.81, PETSC_SMALL, PETSC_MAX_REAL,
                            &c->g));
  PetscCall(EddyOptionsReal(o, "physics_dry", "depth below which a cell is dry", "L", 1e-6, 1e-12,
                            PETSC_MAX_REAL, &c->dry));
  PetscCall(EddyOptionsReal(o, "physics_wet",
                            "depth from which on a cell counts for the diagnostic highest_water",
                            "L", 1e-3, 0, PETSC_MAX_REAL, &c->wet));
  PetscCall(EddyOptionsBool(o, "physics_waves",
                            "a characteristic face with a given surface lets in the wave of that "
                            "height on still water; no: its surface relaxes to the one given",
                            PETSC_FALSE, &c->waves));
  PetscCall(EddyOptionsReal(o, "physics_still", "surface of the still water of physics_waves", "L",
                            0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->still));
  PetscCall(EddyOptionsIdle(o, !c->waves, "physics_still"));
  c->dim = dim;
  PetscCall(TermsCreate(p, o));
  p->ncomp = dim + 1;
  p->nprim = dim + 2;
  p->naux = dim > 1 ? 2 : 1;
  p->vector = 1;
  PetscCall(PetscStrncpy(p->comp[0], "depth", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim[0], "depth", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->total[0], "volume", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->unit[0], "L", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim_unit[0], "L", EDDY_MAX_NAME));
  for (PetscInt d = 0; d < dim; ++d) {
    PetscCall(PetscSNPrintf(p->comp[1 + d], EDDY_MAX_NAME, "discharge_%s", axis[d % 2]));
    PetscCall(PetscSNPrintf(p->total[1 + d], EDDY_MAX_NAME, "discharge_%s", axis[d % 2]));
    PetscCall(PetscSNPrintf(p->prim[1 + d], EDDY_MAX_NAME, "velocity_%s", axis[d % 2]));
    PetscCall(PetscStrncpy(p->unit[1 + d], "L^2/T", EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(p->prim_unit[1 + d], "L/T", EDDY_MAX_NAME));
  }
  PetscCall(PetscStrncpy(p->prim[1 + dim], "surface", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->prim_unit[1 + dim], "L", EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(p->extreme, "highest_water", EDDY_MAX_NAME));
  p->npositive = 1;
  p->least[0] = -c->dry; /* a dry cell may be a rounding below zero */
  p->nderived = sizeof derived / sizeof *derived;
  PetscCall(PetscArraycpy(p->derived, derived, p->nderived));
  p->fv = kernels[PetscMin(dim, 2) - 1];
  if (c->manning == 0 && c->coriolis == 0 && c->beta == 0)
    p->fv.CellSource = NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyPhysicsOps EDDY_SIMD(eddy_physics_shallow_water) = {
    .abi = EDDY_PHYSICS_ABI,
    .name = "shallow_water",
    .summary = "shallow water over a bed, with wetting and drying, 1-D and 2-D",
    .equation = "h_t + div(h u) = 0, (h u)_t + div(h u u) + grad(g h^2/2) = -g h grad b - f k x "
                "(h u) - g n^2 |u| u / h^(1/3)",
    .reference = "Audusse2004",
    .dim_min = 1,
    .dim_max = 2,
    .degree = 2,
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Destroy = Destroy,
    .Flux = Flux,
    .Aux = Aux,
    .ToCons = ToCons,
    .Derive = Derive,
    .FarField = FarField,
    .Complete = Complete,
    .Exact = Exact,
    .invariants = invariants,
};
