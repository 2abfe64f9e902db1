/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Spectra of stored fields: shells, Parseval, energy from vorticity, truncation; any grid and box. */
#include "spectrum.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>

static EddyBox box(PetscInt dim, PetscInt nx, PetscInt ny, PetscInt nz, double lx, double ly)
{
  return (EddyBox){.dim = dim,
                   .n = {nx, ny, nz},
                   .upper = {lx, dim > 1 ? ly : 1, dim > 2 ? lx : 1},
                   .periodic = {PETSC_TRUE, PETSC_TRUE, PETSC_TRUE}};
}

/* Values without pattern in (-1, 1), the same on every machine */
static double noise(unsigned *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (double)(*state >> 8) / (1 << 23) - 1;
}

START_TEST(a_mode_lands_in_its_shell_with_its_energy)
{
  const EddyBox b = box(2, 48, 40, 1, 2 * PETSC_PI, 2 * PETSC_PI);
  const int kx = 3, ky = -4; /* |k| = 5 */
  EddyModes m;
  double f[48 * 40];
  for (int j = 0; j < 40; ++j)
    for (int i = 0; i < 48; ++i)
      f[j * 48 + i] = 1.5 * cos(2 * PETSC_PI * (kx * i / 48.0 + ky * j / 40.0) + 0.7);
  CK_PETSC(EddyModesCreate(&b, &m));
  EddyComplex *hat = malloc((size_t)EddyModesCount(m) * sizeof *hat);
  double *e = calloc((size_t)EddyModesShells(m), sizeof *e),
         *w = calloc((size_t)EddyModesShells(m), sizeof *w);
  EddyModesForward(m, f, hat);
  EddyModesAddShells(m, hat, EDDY_SHELL_SQUARE, 1, e);
  EddyModesAddShells(m, hat, EDDY_SHELL_VORTICITY, 1, w);
  ck_assert_double_eq_tol(EddyModesShellWidth(m), 1, 1e-14);
  for (PetscInt k = 0; k < EddyModesShells(m); ++k) {
    ck_assert_double_eq_tol(e[k], k == 5 ? 1.5 * 1.5 / 4 : 0, 1e-14); /* <f^2>/2 = a^2/4 */
    ck_assert_double_eq_tol(w[k], k == 5 ? 1.5 * 1.5 / 4 / 25 : 0, 1e-15);
  }
  free(hat), free(e), free(w);
  CK_PETSC(EddyModesDestroy(&m));
}
END_TEST

START_TEST(shells_sum_to_half_the_square)
{
  static const struct {
    PetscInt dim, n[3];
    double lx, ly;
  } cases[] = {{1, {35, 1, 1}, 64, 1},
               {1, {36, 1, 1}, 2, 1},
               {2, {30, 28, 1}, 6, 3},
               {2, {15, 21, 1}, 1, 5},
               {3, {10, 9, 8}, 2, 3}};
  unsigned state = 1;
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    const EddyBox b =
        box(cases[c].dim, cases[c].n[0], cases[c].n[1], cases[c].n[2], cases[c].lx, cases[c].ly);
    const PetscInt n = b.n[0] * b.n[1] * b.n[2];
    double *f = malloc((size_t)n * sizeof *f), *g = malloc((size_t)n * sizeof *g), square = 0,
           sum = 0;
    EddyModes m;
    for (PetscInt i = 0; i < n; ++i)
      f[i] = noise(&state), square += f[i] * f[i] / (double)n;
    CK_PETSC(EddyModesCreate(&b, &m));
    EddyComplex *hat = malloc((size_t)EddyModesCount(m) * sizeof *hat);
    double *e = calloc((size_t)EddyModesShells(m), sizeof *e);
    EddyModesForward(m, f, hat);
    EddyModesAddShells(m, hat, EDDY_SHELL_SQUARE, 1, e);
    for (PetscInt k = 0; k < EddyModesShells(m); ++k)
      sum += e[k];
    ck_assert_double_eq_tol(sum, square / 2, 1e-13);
    EddyModesInverse(m, hat, g);
    for (PetscInt i = 0; i < n; ++i)
      ck_assert_double_eq_tol(g[i], f[i], 1e-13);
    free(f), free(g), free(hat), free(e);
    CK_PETSC(EddyModesDestroy(&m));
  }
}
END_TEST

/* A field of known modes, evaluated at the points of any grid */
static void modes_on(const EddyBox *b, int kmax, double f[])
{
  unsigned state = 7;
  for (PetscInt i = 0; i < b->n[0] * b->n[1]; ++i)
    f[i] = 0;
  for (int ky = -kmax; ky <= kmax; ++ky)
    for (int kx = 0; kx <= kmax; ++kx) {
      const double a = noise(&state), p = noise(&state);
      for (PetscInt j = 0; j < b->n[1]; ++j)
        for (PetscInt i = 0; i < b->n[0]; ++i)
          f[j * b->n[0] + i] +=
              a * cos(2 * PETSC_PI *
                          (kx * (double)i / (double)b->n[0] + ky * (double)j / (double)b->n[1]) +
                      p);
    }
}

START_TEST(truncation_to_coarse_modes_is_exact)
{
  const EddyBox fine = box(2, 54, 60, 1, 2, 2), coarse = box(2, 16, 20, 1, 2, 2);
  const PetscInt kmax[3] = {5, 5, 0}, too_many[3] = {8, 5, 0};
  double *f = malloc(54 * 60 * sizeof *f), *g = malloc(54 * 60 * sizeof *g), c[16 * 20],
         expect[16 * 20];
  EddyModes a, b;
  modes_on(&fine, 5, f);
  modes_on(&coarse, 5, expect);
  /* what the coarse grid cannot hold must vanish, not fold back */
  modes_on(&fine, 11, g);
  CK_PETSC(EddyModesCreate(&fine, &a));
  CK_PETSC(EddyModesCreate(&coarse, &b));
  EddyComplex *ha = malloc((size_t)EddyModesCount(a) * sizeof *ha),
              *hb = malloc((size_t)EddyModesCount(b) * sizeof *hb),
              *hc = malloc((size_t)EddyModesCount(b) * sizeof *hc);
  EddyModesForward(a, f, ha);
  CK_PETSC(EddyModesTruncate(a, ha, b, kmax, hb));
  EddyModesInverse(b, hb, c);
  for (int i = 0; i < 16 * 20; ++i)
    ck_assert_double_eq_tol(c[i], expect[i], 1e-12);
  EddyModesForward(a, g, ha);
  CK_PETSC(EddyModesTruncate(a, ha, b, kmax, hb));
  EddyModesInverse(b, hb, c);
  EddyModesForward(b, c, hc);
  for (PetscInt i = 0; i < EddyModesCount(b); ++i) {
    ck_assert_double_eq_tol(hc[i].re, hb[i].re, 1e-13);
    ck_assert_double_eq_tol(hc[i].im, hb[i].im, 1e-13);
  }
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyModesTruncate(a, ha, b, too_many, hb), PETSC_ERR_ARG_OUTOFRANGE);
  eddy_test_expect_errors(PETSC_FALSE);
  free(f), free(g), free(ha), free(hb), free(hc);
  CK_PETSC(EddyModesDestroy(&a));
  CK_PETSC(EddyModesDestroy(&b));
}
END_TEST

START_TEST(the_tail_is_what_the_two_thirds_rule_leaves_out)
{
  const EddyBox b = box(2, 64, 64, 1, 1, 1);
  double *f = malloc(64 * 64 * sizeof *f), tail[3];
  EddyModes m;
  CK_PETSC(EddyModesCreate(&b, &m));
  EddyComplex *hat = malloc((size_t)EddyModesCount(m) * sizeof *hat);
  for (int k = 21; k <= 22; ++k) { /* 64 points hold |k| <= 21 under the rule */
    for (int j = 0; j < 64; ++j)
      for (int i = 0; i < 64; ++i)
        f[j * 64 + i] = 2 + sin(2 * PETSC_PI * i / 64.0) + cos(2 * PETSC_PI * k * j / 64.0);
    EddyModesForward(m, f, hat);
    EddyModesTail(m, hat, tail);
    ck_assert_double_eq_tol(tail[0], 0, 1e-25);
    ck_assert_double_eq_tol(tail[1], k == 21 ? 0 : 0.5, k == 21 ? 1e-25 : 1e-13);
  }
  free(f), free(hat);
  CK_PETSC(EddyModesDestroy(&m));
}
END_TEST

EDDY_SUITE("spectrum", a_mode_lands_in_its_shell_with_its_energy, shells_sum_to_half_the_square,
           truncation_to_coarse_modes_is_exact, the_tail_is_what_the_two_thirds_rule_leaves_out)
