/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Every registered physics, at every SIMD level of this processor and in every dimension it is written for: kernels against plain
   sums, antisymmetric flux, Courant kernel, symbol, equal bits on all levels, and what the registry refuses. */
#include "plain_sums.h"

static void KernelsBody(EddyPhysics p)
{
  if (!p->kernels.ToReal)
    return;
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
    PetscReal aux[EDDY_MAX_COMP];
    for (PetscInt c = 0; c < p->ncomp; ++c)
      u[c] = 10 * Random();
    if (p->naux)
      p->ops->Aux(p->ctx, x, aux);
    p->ops->Flux(p->ctx, x, 0, n, u, aux, f);
    p->ops->Flux(p->ctx, x, 0, m, u, aux, g);
    for (PetscInt c = 0; c < p->ncomp; ++c)
      ck_assert_double_eq(f[c], -g[c]);
  }
}
START_TEST(flux_is_antisymmetric) { ForAll(N, FluxBody); }
END_TEST

static void CourantBody(EddyPhysics p)
{
  const double inv_dx[3] = {3, p->box.dim > 1 ? 7 : 0, 0};
  double z[16 * EDDY_MAX_PAIRS];
  if (!p->kernels.Courant)
    return;
  for (int trial = 0; trial < 100; ++trial) {
    const int lane = trial % EDDY_LANES;
    double a[2 * EDDY_MAX_PAIRS];
    for (PetscInt q = 0; q < PetscMax(2, p->in_fields); ++q) { /* alone: either half */
      a[q] = q < p->in_fields ? 5 * Random() : 0;
      for (int l = 0; l < EDDY_LANES; ++l)
        z[8 * q + l] = l == lane ? a[q] : 0; /* found in any lane */
    }
    const double rate = p->kernels.Courant(p->ctx, 1, 16, z, inv_dx), h = 1e-5;
    double jacobian = 0;
    for (int d = 0; d < (int)p->box.dim && p->ops->Flux; ++d) {
      const PetscReal x[3] = {0}, n[3] = {d == 0, d == 1, 0}, up = a[0] + h, down = a[0] - h;
      PetscReal f, g;
      p->ops->Flux(p->ctx, x, 0, n, &up, NULL, &f);
      p->ops->Flux(p->ctx, x, 0, n, &down, NULL, &g);
      jacobian += fabs(f - g) / (2 * h) * inv_dx[d];
    }
    if (!p->ops->Flux)
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
  if (!p->ops->Symbol)
    return;
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
      if (!ops->Symbol || (v >= 0 && strcmp(variants[v].physics, ops->name)))
        continue; /* finite volumes only: check_fv_physics.c */
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

/* ---- registry ---- */

START_TEST(create_refuses)
{
  const EddyBox box = Box(2, 16);
  static const char *const bad[] = {"physics: {type: ks}", "physics: {type: burgerz}",
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
           create_refuses, create_from_options)
