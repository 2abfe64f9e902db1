/* SPDX-License-Identifier: BSD-3-Clause */
/* For the conformance tests of physics: every registered table on a small box, and the non-linear term by plain sums over
   modes and points, once through the three stages and once from the equation as it is written. */
#ifndef EDDY_TEST_PLAIN_SUMS_H
#define EDDY_TEST_PLAIN_SUMS_H
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

static inline double Random(void) { return 2. * rand() / RAND_MAX - 1; }

static inline EddyBox Box(PetscInt dim, PetscInt n)
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

static inline void Run(const EddyPhysicsOps *ops, EddySimdLevel level, const char *yaml, PetscInt n,
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
static inline void ForAll(PetscInt n, Body body)
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

static inline Small SmallMake(EddyPhysics p)
{
  const PetscInt n = p->box.n[0], d = p->ops->degree;
  Small s = {.nx = n, .ny = p->box.dim > 1 ? n : 1, .Kx = (n - 1) / (d + 1) + 1};
  s.Ky = p->box.dim > 1 ? s.Kx : 1;
  s.rows = 2 * s.Ky - 1;
  return s;
}

static inline int RowWave(const Small *s, PetscInt m) { return (int)(m < s->Ky ? m : m - s->rows); }

static inline void SmallBlock(EddyPhysics p, Small *s)
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
static inline void ToPoints(const Small *s, const double *u, double *out)
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

static inline void ToModes(const Small *s, const double *f, double *u)
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
static inline void Derive(EddyPhysics p, const Small *s, int d, const double *u, double *out)
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
static inline double *RandomState(EddyPhysics p, const Small *s)
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

/* The non-linear term through the three stages, with plain sums between them. One field alone: the column of -kx is the conjugate, both halves of a row are points. */
static inline double *Kernels(EddyPhysics p, const Small *s, const double *u)
{
  const PetscInt nx = s->nx, ny = s->ny, pairs = (PetscMax(p->in_fields, p->out_fields) + 1) / 2;
  const PetscBool alone = (PetscBool)(p->in_fields == 1);
  const size_t line = 16 * (size_t)ny, points = (size_t)(nx * ny);
  double *plus = calloc((size_t)pairs * line, sizeof *plus),
         *minus = calloc((size_t)pairs * line, sizeof *minus);
  double *z = calloc(16 * (size_t)pairs * points, sizeof *z),
         *f = calloc((size_t)p->ncomp * 16 * (size_t)s->rows, sizeof *f);
  p->kernels.ToReal(p->ctx, &s->b, u, plus, minus);
  for (PetscInt j = 0; j < ny && alone; ++j)
    for (PetscInt l = 0; l < s->Kx; ++l) {
      const double *at = plus + 16 * ((ny - j) % ny) + l;
      minus[16 * j + l] = at[0], minus[16 * j + 8 + l] = -at[8];
    }
  for (PetscInt q = 0; q < pairs; ++q)
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
          zi[l] = creal(sum), zi[8 + l] = alone ? creal(sum) : cimag(sum);
      }
  p->kernels.Product(p->ctx, (PetscInt)points, 16 * points, z);
  memset(plus, 0, (size_t)pairs * line * sizeof *plus);
  memset(minus, 0, (size_t)pairs * line * sizeof *minus);
  for (PetscInt q = 0; q < pairs; ++q)
    for (PetscInt k = -(s->Kx - 1); k < s->Kx; ++k)
      for (PetscInt j = 0; j < ny; ++j) {
        double complex sum = 0;
        for (PetscInt y = 0; y < ny; ++y)
          for (PetscInt x = 0; x < nx; ++x) {
            const double *zi = z + 16 * ((size_t)q * points + (size_t)(y * nx + x)) + 3;
            sum += (alone ? .5 * (zi[0] + zi[8]) : zi[0] + I * zi[8]) *
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

/* The same from the equation as it is written: -div F, S, or -u.grad of every component. */
static inline double *Written(EddyPhysics p, const Small *s, const double *u)
{
  const PetscInt n = s->nx * s->ny, mode = 16 * s->rows;
  const PetscReal x[3] = {0};
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
    double *df = calloc((size_t)mode, sizeof *df);
    ToPoints(s, u, a);
    for (int d = 0; d < (int)p->box.dim && p->ops->Flux; ++d) {
      const PetscReal normal[3] = {d == 0, d == 1, d == 2};
      for (PetscInt i = 0; i < n; ++i)
        p->ops->Flux(p->ctx, x, 0, normal, a + i, NULL, a + n + i);
      ToModes(s, a + n, g);
      Derive(p, s, d, g, df);
      for (PetscInt i = 0; i < mode; ++i)
        f[i] -= df[i];
    }
    free(df);
    for (PetscInt i = 0; i < n && p->ops->Source; ++i)
      p->ops->Source(p->ctx, x, 0, a + i, a + 2 * n + i);
    if (p->ops->Source) {
      ToModes(s, a + 2 * n, g);
      for (PetscInt i = 0; i < mode; ++i)
        f[i] += g[i];
    }
  }
  free(a), free(g), free(grad);
  return f;
}

static inline double MaxAbs(PetscInt n, const double *u)
{
  double m = 0;
  for (PetscInt i = 0; i < n; ++i)
    m = fmax(m, fabs(u[i]));
  return m;
}
#endif
