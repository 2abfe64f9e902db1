/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Every registered physics, at every SIMD level of this processor and in every dimension it is written for: antisymmetric flux, Courant
   kernel, symbol, equal bits on all levels, kernels against plain sums, exact solution, invariants. */
#include "spectral_kernels.h"
#include "support.h"
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beside the defaults: settings that switch more terms on. */
static const struct {
  const char *physics, *yaml;
} variants[] = {
    {"kdv", "physics: {c: 6, delta: 4.84e-4}"},
    {"allen_cahn", "physics: {scaling: ace, epsilon: 3}"},
    {"ks", "physics: {nu2: 0.5, nu4: 2}"},
    {"ns2d", "physics: {tracers: [dye, salt], beta: 2, drag: 0.1, hyper_nu: 1e-6}"},
};
enum { NVARIANT = sizeof variants / sizeof *variants, N = 16, LEVELS = 3 };

typedef void (*Body)(EddyPhysics p);

static double Random(void) { return 2. * rand() / RAND_MAX - 1; }

static EddyBox Box(PetscInt dim, PetscInt n)
{
  EddyBox box = {.dim = dim, .n = {1, 1, 1}, .upper = {1, 1, 1}};
  const PetscReal lower[3] = {-1, .5, 0}, length[3] = {2 * PETSC_PI, 5, 3};
  for (int d = 0; d < (int)dim; ++d) {
    box.n[d] = n;
    box.lower[d] = lower[d];
    box.upper[d] = lower[d] + length[d];
    box.periodic[d] = PETSC_TRUE;
  }
  return box;
}

static void Run(const EddyPhysicsOps *ops, EddySimdLevel level, const char *yaml, PetscInt n,
                Body body)
{
  for (PetscInt dim = ops->dim_min; dim <= PetscMin(2, ops->dim_max); ++dim) {
    const EddyBox box = Box(dim, n);
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
    EddyPhysics p;
    CK_PETSC(EddyPhysicsCreateFromOps(ops, level, o, &box, &p));
    body(p);
    CK_PETSC(EddyPhysicsDestroy(&p));
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}

/* body for all physics, levels, dimensions and variants */
static void ForAll(PetscInt n, Body body)
{
  for (int level = 0; level <= (int)EddySimdDetect(); ++level) {
    const EddyPhysicsOps *ops;
    for (PetscInt k = 0; (ops = EddyPhysicsGetOps((EddySimdLevel)level, k)); ++k) {
      char yaml[128];
      snprintf(yaml, sizeof yaml, "physics: {type: %s}", ops->name);
      Run(ops, (EddySimdLevel)level, yaml, n, body);
      for (int v = 0; v < NVARIANT; ++v)
        if (!strcmp(variants[v].physics, ops->name))
          Run(ops, (EddySimdLevel)level, variants[v].yaml, n, body);
    }
  }
}

/* ---- a block of retained modes and plain sums ---- */

typedef struct {
  PetscInt nx, ny, Kx, Ky, rows; /* points; retained kx < Kx, |ky| < Ky */
  double ky[2 * N];
  EddyModeBlock b;
} Small;

static Small SmallMake(EddyPhysics p)
{
  const PetscInt n = p->box.n[0], d = p->ops->degree;
  Small s = {.nx = n, .ny = p->box.dim > 1 ? n : 1, .Kx = (n - 1) / (d + 1) + 1};
  s.Ky = p->box.dim > 1 ? s.Kx : 1;
  s.rows = 2 * s.Ky - 1;
  return s;
}

static int RowWave(const Small *s, PetscInt m) { return (int)(m < s->Ky ? m : m - s->rows); }

static void SmallBlock(EddyPhysics p, Small *s)
{
  s->b = (EddyModeBlock){.rows = s->rows,
                         .line = s->ny,
                         .lanes = s->Kx,
                         .ky = s->ky,
                         .comp_stride = 16 * (size_t)s->rows,
                         .pair_stride = 16 * (size_t)s->ny};
  for (PetscInt m = 0; m < s->rows; ++m)
    s->ky[m] = EddyModeMake(&p->box, 0, RowWave(s, m), 0).k[1];
  for (int l = 0; l < EDDY_LANES; ++l)
    s->b.kx[l] = l < s->Kx ? EddyModeMake(&p->box, l, 0, 0).k[0] : 0;
}

/* real field of modes c[(2 Kx - 1) x (2 Ky - 1)] given by a half plane u[row][2][8]: all waves summed at every point */
static void ToPoints(const Small *s, const double *u, double *out)
{
  for (PetscInt y = 0; y < s->ny; ++y)
    for (PetscInt x = 0; x < s->nx; ++x) {
      double sum = 0;
      for (PetscInt m = 0; m < s->rows; ++m)
        for (PetscInt l = 0; l < s->Kx; ++l) {
          const double a =
              2 * PETSC_PI * ((double)l * x / s->nx + (double)RowWave(s, m) * y / s->ny);
          sum += (l ? 2 : 1) * (u[16 * m + l] * cos(a) - u[16 * m + 8 + l] * sin(a));
        }
      out[y * s->nx + x] = sum;
    }
}

static void ToModes(const Small *s, const double *f, double *u)
{
  memset(u, 0, 16 * (size_t)s->rows * sizeof *u);
  for (PetscInt m = 0; m < s->rows; ++m)
    for (PetscInt l = 0; l < s->Kx; ++l)
      for (PetscInt y = 0; y < s->ny; ++y)
        for (PetscInt x = 0; x < s->nx; ++x) {
          const double a =
              -2 * PETSC_PI * ((double)l * x / s->nx + (double)RowWave(s, m) * y / s->ny);
          const double v = f[y * s->nx + x] / (double)(s->nx * s->ny);
          u[16 * m + l] += v * cos(a);
          u[16 * m + 8 + l] += v * sin(a);
        }
}

/* derivative along d in the half plane */
static void Derive(EddyPhysics p, const Small *s, int d, const double *u, double *out)
{
  memset(out, 0, 16 * (size_t)s->rows * sizeof *u);
  for (PetscInt m = 0; m < s->rows; ++m)
    for (PetscInt l = 0; l < s->Kx; ++l) {
      const double k = EddyModeMake(&p->box, (int)l, RowWave(s, m), 0).k[d];
      out[16 * m + l] = -k * u[16 * m + 8 + l];
      out[16 * m + 8 + l] = k * u[16 * m + l];
    }
}

/* random modes of a real field without mean */
static double *RandomState(EddyPhysics p, const Small *s)
{
  double *u = calloc((size_t)p->ncomp * 16 * (size_t)s->rows, sizeof *u);
  for (PetscInt c = 0; c < p->ncomp; ++c) {
    double *uc = u + c * 16 * s->rows;
    for (PetscInt m = 0; m < s->rows; ++m)
      for (PetscInt l = 0; l < s->Kx; ++l)
        for (int r = 0; r < 2; ++r)
          uc[16 * m + 8 * r + l] = Random();
    uc[0] = uc[8] = 0;
    for (PetscInt m = 1; m < s->Ky; ++m) { /* kx = 0: conjugates */
      uc[16 * (s->rows - m)] = uc[16 * m];
      uc[16 * (s->rows - m) + 8] = -uc[16 * m + 8];
    }
  }
  return u;
}

/* The non-linear term through the three stages, with plain sums between them. */
static double *Kernels(EddyPhysics p, const Small *s, const double *u)
{
  const PetscInt nx = s->nx, ny = s->ny, pairs = PetscMax(p->in_pairs, p->out_pairs);
  const size_t line = 16 * (size_t)ny, points = (size_t)(nx * ny);
  double *plus = calloc((size_t)pairs * line, sizeof *plus),
         *minus = calloc((size_t)pairs * line, sizeof *minus);
  double *z = calloc(16 * (size_t)pairs * points, sizeof *z),
         *f = calloc((size_t)p->ncomp * 16 * (size_t)s->rows, sizeof *f);
  p->kernels.ToReal(p->ctx, &s->b, u, plus, minus);
  for (PetscInt q = 0; q < p->in_pairs; ++q)
    for (PetscInt y = 0; y < ny; ++y)
      for (PetscInt x = 0; x < nx; ++x) {
        double complex sum = 0;
        for (PetscInt k = -(s->Kx - 1); k < s->Kx; ++k)
          for (PetscInt j = 0; j < ny; ++j) {
            const double *side =
                (k < 0 ? minus : plus) + q * (PetscInt)line + 16 * j + labs((long)k);
            sum += (side[0] + I * side[8]) *
                   cexp(2 * PETSC_PI * I * ((double)k * x / nx + (double)j * y / ny));
          }
        double *zi = z + 16 * ((size_t)q * points + (size_t)(y * nx + x));
        for (int l = 0; l < EDDY_LANES; ++l)
          zi[l] = creal(sum), zi[8 + l] = cimag(sum);
      }
  p->kernels.Product(p->ctx, (PetscInt)points, 16 * points, z);
  memset(plus, 0, (size_t)pairs * line * sizeof *plus);
  memset(minus, 0, (size_t)pairs * line * sizeof *minus);
  for (PetscInt q = 0; q < p->out_pairs; ++q)
    for (PetscInt k = -(s->Kx - 1); k < s->Kx; ++k)
      for (PetscInt j = 0; j < ny; ++j) {
        double complex sum = 0;
        for (PetscInt y = 0; y < ny; ++y)
          for (PetscInt x = 0; x < nx; ++x) {
            const double *zi = z + 16 * ((size_t)q * points + (size_t)(y * nx + x)) + 3;
            sum += (zi[0] + I * zi[8]) *
                   cexp(-2 * PETSC_PI * I * ((double)k * x / nx + (double)j * y / ny));
          }
        sum /= (double)points;
        for (int side = k > 0 ? 1 : k < 0 ? 0 : 2; side >= 0; side -= 2) { /* kx = 0 is on both */
          double *at = (side ? plus : minus) + q * (PetscInt)line + 16 * j + labs((long)k);
          at[0] = creal(sum), at[8] = cimag(sum);
        }
        if (!k) {
          double *at = minus + q * (PetscInt)line + 16 * j;
          at[0] = creal(sum), at[8] = cimag(sum);
        }
      }
  p->kernels.FromHat(p->ctx, &s->b, plus, minus, f);
  free(plus), free(minus), free(z);
  return f;
}

/* The same from the equation as it is written: -dF/dx, S, or -u.grad of every component. */
static double *Written(EddyPhysics p, const Small *s, const double *u)
{
  const PetscInt n = s->nx * s->ny, mode = 16 * s->rows;
  const PetscReal x[3] = {0}, normal[3] = {1, 0, 0};
  double *f = calloc((size_t)(p->ncomp * mode), sizeof *f), *g = calloc((size_t)mode, sizeof *g);
  double *a = calloc((size_t)(3 * n), sizeof *a), *grad = calloc((size_t)n, sizeof *grad);
  if (p->ops->Velocity) {
    double *vel = calloc((size_t)(2 * mode), sizeof *vel);
    for (PetscInt m = 0; m < s->rows; ++m)
      for (PetscInt l = 0; l < s->Kx; ++l) {
        const EddyMode k = EddyModeMake(&p->box, (int)l, RowWave(s, m), 0);
        EddyComplex uk[EDDY_MAX_COMP] = {{0, 0}}, v[3];
        uk[0] = EddyC(u[16 * m + l], u[16 * m + 8 + l]);
        p->ops->Velocity(p->ctx, &k, uk, v);
        for (int d = 0; d < 2; ++d)
          vel[d * mode + 16 * m + l] = v[d].re, vel[d * mode + 16 * m + 8 + l] = v[d].im;
      }
    for (int d = 0; d < 2; ++d)
      ToPoints(s, vel + d * mode, a + d * n);
    for (PetscInt c = 0; c < p->ncomp; ++c) {
      memset(a + 2 * n, 0, (size_t)n * sizeof *a);
      for (int d = 0; d < 2; ++d) {
        Derive(p, s, d, u + c * mode, g);
        ToPoints(s, g, grad);
        for (PetscInt i = 0; i < n; ++i)
          a[2 * n + i] -= a[d * n + i] * grad[i];
      }
      ToModes(s, a + 2 * n, f + c * mode);
    }
    free(vel);
  } else {
    ToPoints(s, u, a);
    for (PetscInt i = 0; i < n; ++i) {
      if (p->ops->Flux)
        p->ops->Flux(p->ctx, x, 0, normal, a + i, NULL, a + n + i);
      if (p->ops->Source)
        p->ops->Source(p->ctx, x, 0, a + i, a + 2 * n + i);
    }
    if (p->ops->Flux) {
      ToModes(s, a + n, g);
      Derive(p, s, 0, g, f);
      for (PetscInt i = 0; i < mode; ++i)
        f[i] = -f[i];
    }
    if (p->ops->Source) {
      ToModes(s, a + 2 * n, g);
      for (PetscInt i = 0; i < mode; ++i)
        f[i] += g[i];
    }
  }
  free(a), free(g), free(grad);
  return f;
}

static double MaxAbs(PetscInt n, const double *u)
{
  double m = 0;
  for (PetscInt i = 0; i < n; ++i)
    m = fmax(m, fabs(u[i]));
  return m;
}

static void KernelsBody(EddyPhysics p)
{
  Small s = SmallMake(p);
  SmallBlock(p, &s);
  ck_assert_int_le(s.Kx, EDDY_LANES);
  double *u = RandomState(p, &s), *f = Kernels(p, &s, u), *g = Written(p, &s, u);
  const PetscInt n = p->ncomp * 16 * s.rows;
  const double scale = MaxAbs(n, g);
  ck_assert_msg(scale > 1e-3, "%s: the term is zero", p->ops->name);
  for (PetscInt i = 0; i < n; ++i)
    if (i % 8 < s.Kx)
      ck_assert_msg(fabs(f[i] - g[i]) <= 1e-13 * scale,
                    "%s %d-D v%d: element %d is %.16g, plain sums give %.16g", p->ops->name,
                    (int)p->box.dim, (int)p->level + 2, (int)i, f[i], g[i]);
  free(u), free(f), free(g);
}
START_TEST(kernels_agree_with_plain_sums) { ForAll(N, KernelsBody); }
END_TEST

/* ---- flux and Courant kernel ---- */

static void FluxBody(EddyPhysics p)
{
  if (!p->ops->Flux)
    return;
  for (int trial = 0; trial < 100; ++trial) {
    PetscReal u[EDDY_MAX_COMP], f[EDDY_MAX_COMP], g[EDDY_MAX_COMP], x[3] = {0}, n[3] = {0}, m[3];
    for (int d = 0; d < (int)p->box.dim; ++d)
      n[d] = Random();
    for (int d = 0; d < 3; ++d)
      m[d] = -n[d];
    for (PetscInt c = 0; c < p->ncomp; ++c)
      u[c] = 10 * Random();
    p->ops->Flux(p->ctx, x, 0, n, u, NULL, f);
    p->ops->Flux(p->ctx, x, 0, m, u, NULL, g);
    for (PetscInt c = 0; c < p->ncomp; ++c)
      ck_assert_double_eq(f[c], -g[c]);
  }
}
START_TEST(flux_is_antisymmetric) { ForAll(N, FluxBody); }
END_TEST

static void CourantBody(EddyPhysics p)
{
  const double inv_dx[3] = {3, 7, 0};
  double z[16 * EDDY_MAX_PAIRS];
  if (!p->kernels.Courant)
    return;
  for (int trial = 0; trial < 100; ++trial) {
    const int lane = trial % EDDY_LANES;
    double a[2 * EDDY_MAX_PAIRS];
    for (PetscInt q = 0; q < 2 * p->in_pairs; ++q) {
      a[q] = 5 * Random();
      for (int l = 0; l < EDDY_LANES; ++l)
        z[8 * q + l] = l == lane ? a[q] : 0; /* found in any lane */
    }
    const double rate = p->kernels.Courant(p->ctx, 1, 16, z, inv_dx), h = 1e-5;
    double jacobian = 0;
    if (p->ops->Flux) {
      const PetscReal x[3] = {0}, n[3] = {1, 0, 0}, up = a[0] + h, down = a[0] - h;
      PetscReal f, g;
      p->ops->Flux(p->ctx, x, 0, n, &up, NULL, &f);
      p->ops->Flux(p->ctx, x, 0, n, &down, NULL, &g);
      jacobian = fabs(f - g) / (2 * h) * inv_dx[0];
    } else
      jacobian =
          fabs(a[0]) * inv_dx[0] + fabs(a[1]) * inv_dx[1]; /* pair 0 of a flow is its velocity */
    ck_assert_msg(rate >= jacobian * (1 - 1e-6) && rate <= jacobian * (1 + 1e-6) + 1e-12,
                  "%s: Courant rate %g, differenced Jacobian %g", p->ops->name, rate, jacobian);
  }
}
START_TEST(courant_is_the_differenced_jacobian) { ForAll(N, CourantBody); }
END_TEST

/* ---- symbol ---- */

static void SymbolBody(EddyPhysics p)
{
  EddyComplex L[EDDY_MAX_COMP], M[EDDY_MAX_COMP];
  double low[EDDY_MAX_COMP] = {0};
  const int top = 4096, last = p->box.dim > 1 ? top : 0;
  for (int i = 0; i <= top; i += i < 8 ? 1 : i / 2)
    for (int j = 0; j <= last; j += j < 8 ? 1 : j / 2) {
      const EddyMode k = EddyModeMake(&p->box, i, j, 0), mirror = EddyModeMake(&p->box, i, -j, 0),
                     back = EddyModeMake(&p->box, -i, -j, 0);
      p->ops->Symbol(p->ctx, &k, L);
      p->ops->Symbol(p->ctx, &mirror, M);
      for (PetscInt c = 0; c < p->ncomp; ++c) {
        ck_assert(isfinite(L[c].re) && isfinite(L[c].im));
        ck_assert(L[c].re == M[c].re && L[c].im == M[c].im);
      }
      p->ops->Symbol(p->ctx, &back, M);
      for (PetscInt c = 0; c < p->ncomp; ++c) {
        ck_assert_msg(L[c].re == M[c].re && L[c].im == -M[c].im,
                      "%s: L(-k) is not conj L(k) at (%d, %d)", p->ops->name, i, j);
        if (i < 8 && j < 8)
          low[c] = fmax(low[c], L[c].re);
      }
    }
  for (int i = 0; i <= top; i += i < 8 ? 1 : i / 2)
    for (int j = 0; j <= last; j += j < 8 ? 1 : j / 2) {
      const EddyMode k = EddyModeMake(&p->box, i, j, 0);
      p->ops->Symbol(p->ctx, &k, L);
      for (PetscInt c = 0; c < p->ncomp; ++c)
        ck_assert_msg(L[c].re <= low[c], "%s: Re L grows with k", p->ops->name);
    }
}
START_TEST(symbol_is_even_and_bounded) { ForAll(N, SymbolBody); }
END_TEST

/* ---- equal bits on all levels ---- */

static void Fill(size_t n, double *u)
{
  for (size_t i = 0; i < n; ++i)
    u[i] = Random();
}

START_TEST(levels_give_equal_bits)
{
  enum { NZ = 5, LINE = 24, ROWS = 13 };
  const EddyBox boxes[2] = {Box(1, 64), Box(2, 64)};
  const EddyPhysicsOps *ops;
  for (PetscInt k = 0; (ops = EddyPhysicsGetOps(EDDY_SIMD_V2, k)); ++k)
    for (int v = -1; v < NVARIANT; ++v) {
      if (v >= 0 && strcmp(variants[v].physics, ops->name))
        continue;
      const EddyBox *box = &boxes[ops->dim_max > 1];
      double u[LEVELS][EDDY_MAX_COMP * ROWS * 16], lines[LEVELS][2][EDDY_MAX_PAIRS * LINE * 16],
          z[LEVELS][EDDY_MAX_PAIRS * NZ * 16], rate[LEVELS] = {0};
      double u0[EDDY_MAX_COMP * ROWS * 16], z0[EDDY_MAX_PAIRS * NZ * 16],
          lines0[2][EDDY_MAX_PAIRS * LINE * 16], ky[ROWS];
      EddyModeBlock b = {.rows = ROWS,
                         .line = LINE,
                         .lanes = 8,
                         .ky = ky,
                         .comp_stride = ROWS * 16,
                         .pair_stride = LINE * 16};
      if (box->dim == 1)
        b.rows = b.line = 1;
      for (PetscInt m = 0; m < ROWS; ++m)
        ky[m] = b.rows == 1 ? 0 : 1.1 * (double)(m < 7 ? m : m - ROWS);
      for (int l = 0; l < EDDY_LANES; ++l)
        b.kx[l] = .7 * l;
      Fill(sizeof u0 / sizeof *u0, u0);
      Fill(sizeof z0 / sizeof *z0, z0);
      Fill(sizeof lines0 / sizeof(double), lines0[0]);
      const int top = (int)EddySimdDetect();
      for (int level = 0; level <= top; ++level) {
        EddyOptions o =
            eddy_test_options(PETSC_COMM_WORLD, v < 0 ? "physics: {nu: 1e-2}" : variants[v].yaml);
        EddyPhysics p;
        CK_PETSC(EddyPhysicsCreateFromOps(EddyPhysicsGetOps((EddySimdLevel)level, k),
                                          (EddySimdLevel)level, o, box, &p));
        memset(u[level], 0, sizeof u[level]);
        memset(lines[level], 0, sizeof lines[level]);
        memcpy(z[level], z0, sizeof z0);
        p->kernels.ToReal(p->ctx, &b, u0, lines[level][0], lines[level][1]);
        if (p->kernels.Courant)
          rate[level] = p->kernels.Courant(p->ctx, NZ, NZ * 16, z0, (const double[3]){3, 7, 0});
        p->kernels.Product(p->ctx, NZ, NZ * 16, z[level]);
        p->kernels.FromHat(p->ctx, &b, lines0[0], lines0[1], u[level]);
        CK_PETSC(EddyPhysicsDestroy(&p));
        CK_PETSC(EddyOptionsDestroy(&o));
      }
      ck_assert(MaxAbs(sizeof u[0] / sizeof(double), u[0]) > 0);
      for (int level = 1; level <= top; ++level) {
        ck_assert_msg(!memcmp(lines[level], lines[0], sizeof lines[0]), "%s: ToReal", ops->name);
        ck_assert_msg(!memcmp(z[level], z[0], sizeof z[0]), "%s: Product", ops->name);
        ck_assert_msg(!memcmp(u[level], u[0], sizeof u[0]), "%s: FromHat", ops->name);
        ck_assert_msg(rate[level] == rate[0], "%s: Courant", ops->name);
      }
    }
}
END_TEST

/* ---- exact solution: u_t by differences in time against L u + N(u) on a grid that resolves it ---- */

static void SampleExact(EddyPhysics p, const Small *s, double t, double *u)
{
  for (PetscInt i = 0; i < s->nx * s->ny; ++i) {
    PetscReal v[EDDY_MAX_COMP], x[3] = {0};
    x[0] = p->box.lower[0] + EddyBoxLength(&p->box, 0) * (double)(i % s->nx) / (double)s->nx;
    x[1] = p->box.lower[1] + EddyBoxLength(&p->box, 1) * (double)(i / s->nx) / (double)s->ny;
    p->ops->Exact(p->ctx, x, t, v);
    u[i] = v[0];
  }
}

static void ExactBody(EddyPhysics p)
{
  if (!p->ops->Exact)
    return;
  Small s = {.nx = p->box.n[0], .ny = p->box.dim > 1 ? p->box.n[1] : 1};
  s.Kx = s.nx / 2, s.Ky = s.ny > 1 ? s.ny / 2 : 1, s.rows = 2 * s.Ky - 1;
  const PetscInt n = s.nx * s.ny;
  const double t = .4, tiny = 1e-6;
  double *level[5], error = 0, scale = 0, rate = 0;
  for (int q = 0; q < 5; ++q)
    level[q] = calloc((size_t)n, sizeof(double));
  SampleExact(p, &s, t, level[2]);
  SampleExact(p, &s, t + tiny, level[3]);
  for (PetscInt i = 0; i < n; ++i)
    rate = fmax(rate, fabs(level[3][i] - level[2][i]) / tiny);
  const double h =
      1e-3 * MaxAbs(n, level[2]) / rate; /* fourth-order differences: error about h^4 */
  for (int q = 0; q < 5; ++q)
    SampleExact(p, &s, t + (q - 2) * h, level[q]);
  /* waves of the points, one at a time (more than eight kx): u_t - L u - N summed in modes of component 0 */
  for (int l = 0; l < (int)s.Kx; ++l)
    for (int m = -(int)s.Ky + 1; m < (int)s.Ky; ++m) {
      const EddyMode k = EddyModeMake(&p->box, l, m, 0);
      double complex uk = 0, ut = 0, fk = 0, sk = 0;
      for (PetscInt i = 0; i < n; ++i) {
        const PetscReal x[3] = {0}, normal[3] = {1, 0, 0};
        PetscReal f = 0, src = 0;
        const double complex w = cexp(-2 * PETSC_PI * I *
                                      ((double)l * (double)(i % s.nx) / (double)s.nx +
                                       (double)m * (double)(i / s.nx) / (double)s.ny)) /
                                 (double)n;
        if (p->ops->Flux)
          p->ops->Flux(p->ctx, x, t, normal, &level[2][i], NULL, &f);
        if (p->ops->Source)
          p->ops->Source(p->ctx, x, t, &level[2][i], &src);
        uk += w * level[2][i];
        ut += w * (level[0][i] - 8 * level[1][i] + 8 * level[3][i] - level[4][i]) / (12 * h);
        fk += w * f;
        sk += w * src;
      }
      EddyComplex L[EDDY_MAX_COMP];
      p->ops->Symbol(p->ctx, &k, L);
      const double complex r = ut - (L[0].re + I * L[0].im) * uk + I * k.k[0] * fk - sk;
      error = fmax(error, cabs(r));
      scale = fmax(scale, cabs(ut));
    }
  ck_assert_msg(scale > 0, "%s: the exact solution does not change", p->ops->name);
  ck_assert_msg(error <= 1e-7 * scale, "%s: residual %g of %g", p->ops->name, error, scale);
  for (int q = 0; q < 5; ++q)
    free(level[q]);
}

START_TEST(exact_solution_satisfies_the_equation)
{
  const EddyPhysicsOps *ops;
  /* the flow's exact solution (Taylor-Green) has no non-linear term; that of KdV has no viscosity */
  for (PetscInt k = 0; (ops = EddyPhysicsGetOps(EDDY_SIMD_V2, k)); ++k)
    Run(ops, EDDY_SIMD_V2,
        strcmp(ops->name, "kdv") ? "physics: {nu: 0.1, exact_amplitude: 0.8}" : "physics: {c: 2}",
        ops->dim_max > 1 ? 16 : 128, ExactBody);
}
END_TEST

/* ---- invariants: the tendency N + i Im(L) u changes none of them ---- */

static double Diagnostic(EddyPhysics p, const Small *s, const double *u, const char *name)
{
  double sum = 0, out[EDDY_MAX_LIST];
  const PetscInt mode = 16 * s->rows, n = s->nx * s->ny;
  for (PetscInt q = 0; q < p->ops->nmode_diag; ++q) {
    if (strcmp(p->ops->mode_diag[q], name))
      continue;
    for (PetscInt m = 0; m < s->rows; ++m)
      for (PetscInt l = 0; l < s->Kx; ++l) {
        const EddyMode k = EddyModeMake(&p->box, (int)l, RowWave(s, m), 0);
        EddyComplex v[EDDY_MAX_COMP];
        for (PetscInt c = 0; c < p->ncomp; ++c)
          v[c] = EddyC(u[c * mode + 16 * m + l], u[c * mode + 16 * m + 8 + l]);
        p->ops->ModeDiag(p->ctx, &k, v, out);
        sum += (l ? 2 : 1) * out[q];
      }
    return sum;
  }
  for (PetscInt q = 0; q < p->ops->npoint_diag; ++q) {
    if (strcmp(p->ops->point_diag[q], name))
      continue;
    double *a = calloc((size_t)(3 * n), sizeof *a), *g = calloc((size_t)mode, sizeof *g);
    ToPoints(s, u, a);
    for (int d = 0; d < (int)p->box.dim; ++d) {
      Derive(p, s, d, u, g);
      ToPoints(s, g, a + (d + 1) * n);
    }
    for (PetscInt i = 0; i < n; ++i) {
      const PetscReal grad[2] = {a[n + i], a[2 * n + i]};
      p->ops->PointDiag(p->ctx, a + i, grad, out);
      sum += out[q] / (double)n;
    }
    free(a), free(g);
    return sum;
  }
  ck_abort_msg("%s: no diagnostic is called %s", p->ops->name, name);
  return 0;
}

static void InvariantBody(EddyPhysics p)
{
  if (!p->ops->invariants)
    return;
  Small s = SmallMake(p);
  SmallBlock(p, &s);
  double *u = RandomState(p, &s), *f = Kernels(p, &s, u);
  const PetscInt mode = 16 * s.rows, n = p->ncomp * mode;
  double *up = calloc((size_t)n, sizeof *up);
  u[0] = .3; /* a mean */
  for (PetscInt m = 0; m < s.rows; ++m)
    for (PetscInt l = 0; l < s.Kx; ++l) {
      const EddyMode k = EddyModeMake(&p->box, (int)l, RowWave(&s, m), 0);
      EddyComplex L[EDDY_MAX_COMP];
      p->ops->Symbol(p->ctx, &k, L);
      for (PetscInt c = 0; c < p->ncomp; ++c) {
        double *fc = f + c * mode + 16 * m + l;
        const double *uc = u + c * mode + 16 * m + l;
        fc[0] -= L[c].im * uc[8];
        fc[8] += L[c].im * uc[0];
      }
    }
  if (p->ops->Flux) { /* the mean advects: N once more with it */
    double *mean = Kernels(p, &s, u);
    u[0] = 0;
    double *none = Kernels(p, &s, u);
    u[0] = .3;
    for (PetscInt i = 0; i < n; ++i)
      f[i] += mean[i] - none[i];
    free(mean), free(none);
  } else
    u[0] = 0;
  for (PetscInt q = 0; p->ops->invariants[q]; ++q) {
    double d[2], size = fabs(Diagnostic(p, &s, u, p->ops->invariants[q]));
    for (int half = 0; half < 2;
         ++half) { /* diagnostics are at most cubic: one extrapolation makes the difference exact */
      const double h = (half ? .5 : 1) * 1e-2 / MaxAbs(n, f);
      double v[2];
      for (int sign = 0; sign < 2; ++sign) {
        for (PetscInt i = 0; i < n; ++i)
          up[i] = u[i] + (sign ? -h : h) * f[i];
        v[sign] = Diagnostic(p, &s, up, p->ops->invariants[q]);
      }
      d[half] = (v[0] - v[1]) / (2 * h);
    }
    const double drift = fabs((4 * d[1] - d[0]) / 3);
    ck_assert_msg(drift <= 1e-10 * PetscMax(1, size) * MaxAbs(n, f),
                  "%s: %s changes at the rate %g (value %g)", p->ops->name, p->ops->invariants[q],
                  drift, size);
  }
  free(u), free(f), free(up);
}
START_TEST(invariants_are_kept) { ForAll(N, InvariantBody); }
END_TEST

/* ---- registry ---- */

START_TEST(create_refuses)
{
  const EddyBox box = Box(2, 16);
  static const char *const bad[] = {"physics: {type: burgers}", "physics: {type: burgerz}",
                                    "physics: {type: kdv, c: 0}", "mesh: {n: [4, 4]}"};
  eddy_test_expect_errors(PETSC_TRUE);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, bad[i]);
    EddyPhysics p = NULL;
    ck_assert_msg(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &box, &p), "accepted %s", bad[i]);
    CK_PETSC(EddyPhysicsDestroy(&p));
    CK_PETSC(EddyOptionsDestroy(&o));
  }
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

START_TEST(create_from_options)
{
  const EddyBox box = Box(1, 32);
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, "physics: {type: ks, nu4: 2}\nsimd: v2");
  EddyPhysics p;
  EddyComplex L;
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &box, &p));
  ck_assert_int_eq(p->level, EDDY_SIMD_V2);
  const EddyMode k = EddyModeMake(&box, 3, 0, 0);
  p->ops->Symbol(p->ctx, &k, &L);
  ck_assert_double_eq(L.re, 9 - 2 * 81);
  CK_PETSC(EddyPhysicsDestroy(&p));
  ck_assert_ptr_null(p);
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

EDDY_SUITE("physics", kernels_agree_with_plain_sums, flux_is_antisymmetric,
           courant_is_the_differenced_jacobian, symbol_is_even_and_bounded, levels_give_equal_bits,
           exact_solution_satisfies_the_equation, invariants_are_kept, create_refuses,
           create_from_options)
