/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Every registered physics: its exact solution satisfies its equation, its invariants are kept. */
#include "plain_sums.h"

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
  if (!p->ops->Exact || !p->kernels.ToReal)
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
        const PetscReal x[3] = {0};
        PetscReal src = 0;
        const double complex w = cexp(-2 * PETSC_PI * I *
                                      ((double)l * (double)(i % s.nx) / (double)s.nx +
                                       (double)m * (double)(i / s.nx) / (double)s.ny)) /
                                 (double)n;
        for (int d = 0; d < (int)p->box.dim && p->ops->Flux; ++d) {
          const PetscReal normal[3] = {d == 0, d == 1, d == 2};
          PetscReal f = 0;
          p->ops->Flux(p->ctx, x, t, normal, &level[2][i], NULL, &f);
          fk += I * k.k[d] * w * f;
        }
        if (p->ops->Source)
          p->ops->Source(p->ctx, x, t, &level[2][i], &src);
        uk += w * level[2][i];
        ut += w * (level[0][i] - 8 * level[1][i] + 8 * level[3][i] - level[4][i]) / (12 * h);
        sk += w * src;
      }
      EddyComplex L[EDDY_MAX_COMP];
      p->ops->Symbol(p->ctx, &k, L);
      const double complex r = ut - (L[0].re + I * L[0].im) * uk + fk - sk;
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
        ops->dim_max > 1 ? 64 : 128, ExactBody);
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
  if (!p->ops->invariants || !p->kernels.ToReal)
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

EDDY_SUITE("physics_exact", exact_solution_satisfies_the_equation, invariants_are_kept)
