/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow; ranks 1 2 */
/* The stored subgrid term, by three paths that share no product: (1) as generate stores it; (2) the coarse side by an LES solver of its own at coarse n, loaded from
   the stored filtered vorticity, the fine side by a DNS at twice the resolution; (3) minus the curl of the divergence of the stored subgrid stress, by FFTW. */
#include "solver.h"
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <string.h>

enum { DNS = 96, LES = 32 };

static Solver Make(PetscInt n, const char *forcing)
{
  char yaml[512];
  snprintf(yaml, sizeof yaml,
           "mesh: {type: box, n: [%d, %d], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 1e-3, "
           "drag: 0.1%s}\ninitial: {type: filtered_noise, peak: 6}\n",
           (int)n, (int)n, forcing);
  return eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
}

/* Filtered (or plain) tendency N(u) as a field in space. */
static double *Tendency(Solver *s, const EddyFilter *filter, PetscInt *n)
{
  double *f, *u = s->u;
  CK_PETSC(EddyDiscCreateState(s->d, &f));
  CK_PETSC(s->d->ops->Rhs(s->d, &s->st, s->u, f, NULL, NULL));
  s->u = f;
  double *field = eddy_test_field(s, filter, "vorticity", n);
  s->u = u;
  CK_PETSC(EddyDiscDestroyState(&f));
  return field;
}

static double Largest(const double *a, const double *b, PetscInt n)
{
  double m = 0;
  for (PetscInt i = 0; i < n; ++i)
    m = fmax(m, fabs(a[i] - (b ? b[i] : 0)));
  return m;
}

/* -(d_xx - d_yy) t_xy - d_xy (t_yy - t_xx) on a LES x LES grid. */
static void CurlDiv(const double *t, double *out)
{
  const int n = LES * LES;
  fftw_complex *a[2], *r = fftw_malloc(sizeof *r * (size_t)n);
  for (int i = 0; i < 2; ++i) {
    a[i] = fftw_malloc(sizeof **a * (size_t)n);
    for (int x = 0; x < n; ++x)
      a[i][x] = i ? t[3 * n + x] - t[x] : t[n + x];
    fftw_plan p = fftw_plan_dft_2d(LES, LES, a[i], a[i], FFTW_FORWARD, FFTW_ESTIMATE);
    fftw_execute(p);
    fftw_destroy_plan(p);
  }
  for (int j = 0; j < LES; ++j)
    for (int i = 0; i < LES; ++i) {
      const double kx = i < LES / 2 ? i : i - LES, ky = j < LES / 2 ? j : j - LES;
      r[LES * j + i] = ((kx * kx - ky * ky) * a[0][LES * j + i] + kx * ky * a[1][LES * j + i]) / n;
    }
  fftw_plan p = fftw_plan_dft_2d(LES, LES, r, r, FFTW_BACKWARD, FFTW_ESTIMATE);
  fftw_execute(p);
  fftw_destroy_plan(p);
  for (int x = 0; x < n; ++x)
    out[x] = creal(r[x]);
  for (int i = 0; i < 2; ++i)
    fftw_free(a[i]);
  fftw_free(r);
}

static void Compare(EddyFilterKind kind, const char *forcing)
{
  const EddyFilter filter = {.kind = kind, .n = {LES, LES, 1}, .width = 2};
  PetscInt n, m;
  Solver dns = Make(DNS, forcing), twice = Make(2 * DNS, forcing), les = Make(LES, forcing);
  eddy_test_advance(&dns, .1, 50);
  double *stored = eddy_test_field(&dns, &filter, "subgrid_forcing", &n);
  const double scale = Largest(stored, NULL, n);
  ck_assert(scale > 1e-3);

  double *w = eddy_test_field(&dns, NULL, "vorticity", &m),
         *bar = eddy_test_field(&dns, &filter, "vorticity", &m);
  const PetscInt fine[3] = {DNS, DNS, 1}, coarse[3] = {LES, LES, 1};
  CK_PETSC(twice.d->ops->Load(twice.d, fine, w, twice.u));
  CK_PETSC(les.d->ops->Load(les.d, coarse, bar, les.u));
  double *nbar = Tendency(&twice, &filter, &m), *nles = Tendency(&les, NULL, &m);
  ck_assert_int_eq(n, m);
  for (PetscInt i = 0; i < n; ++i)
    nbar[i] -= nles[i];
  const double other = Largest(nbar, stored, n) / scale;
  ck_assert_msg(other < 1e-12, "filter %d: stored term and two separate solvers differ by %g",
                (int)kind, other);

  if (!forcing[0]) {
    double *tau = eddy_test_field(&dns, &filter, "subgrid_stress", &m), div[LES * LES];
    CurlDiv(tau, div);
    const double third = Largest(div, stored, n) / scale;
    ck_assert_msg(third < 1e-12, "filter %d: stored term and curl div of the stress differ by %g",
                  (int)kind, third);
    CK_PETSC(PetscFree(tau));
  }
  double *all[] = {stored, w, bar, nbar, nles};
  for (int i = 0; i < 5; ++i)
    CK_PETSC(PetscFree(all[i]));
  eddy_test_solver_end(&dns);
  eddy_test_solver_end(&twice);
  eddy_test_solver_end(&les);
}

START_TEST(test_paths)
{
  for (int kind = 0; kind < 3; ++kind) {
    Compare((EddyFilterKind)kind, "");
    Compare((EddyFilterKind)kind, ", forcing: {list: [f], f: {type: kolmogorov, k: 4}}");
  }
}
END_TEST

/* The stored field lies in the space of the LES: no mode above (n-1)/3. */
START_TEST(test_space)
{
  const EddyFilter filter = {.kind = EDDY_FILTER_GAUSSIAN, .n = {LES, LES, 1}, .width = 1};
  PetscInt n;
  Solver dns = Make(DNS, "");
  double *s = eddy_test_field(&dns, &filter, "subgrid_forcing", &n), above = 0, below = 0;
  fftw_complex *a = fftw_malloc(sizeof *a * LES * LES);
  for (int x = 0; x < LES * LES; ++x)
    a[x] = s[x];
  fftw_plan p = fftw_plan_dft_2d(LES, LES, a, a, FFTW_FORWARD, FFTW_ESTIMATE);
  fftw_execute(p);
  fftw_destroy_plan(p);
  for (int j = 0; j < LES; ++j)
    for (int i = 0; i < LES; ++i) {
      const int kx = i <= LES / 2 ? i : LES - i, ky = j <= LES / 2 ? j : LES - j;
      double *m = kx > (LES - 1) / 3 || ky > (LES - 1) / 3 ? &above : &below;
      *m = fmax(*m, cabs(a[LES * j + i]));
    }
  ck_assert_msg(above < 1e-13 * below, "modes above the cut: %g of %g", above, below);
  fftw_free(a);
  CK_PETSC(PetscFree(s));
  eddy_test_solver_end(&dns);
}
END_TEST

EDDY_SUITE("subgrid", test_paths, test_space)
