/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Line transforms: against FFTW for every good length up to 240 and some long ones, both directions, all lanes; the same bits in every lane and at every level. */
#include "line.h"
#include "support.h"
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double Random(void) { return rand() / (double)RAND_MAX - .5; }

static double Error(PetscInt n, EddySimdLevel level)
{
  EddyLine line;
  double *z = aligned_alloc(64, 128 * (size_t)n), *keep = aligned_alloc(64, 128 * (size_t)n),
         error = 0;
  fftw_complex *a = fftw_malloc(sizeof *a * (size_t)n), *b = fftw_malloc(sizeof *b * (size_t)n);
  fftw_plan plan[2] = {fftw_plan_dft_1d((int)n, a, b, FFTW_BACKWARD, FFTW_ESTIMATE),
                       fftw_plan_dft_1d((int)n, a, b, FFTW_FORWARD, FFTW_ESTIMATE)};
  CK_PETSC(EddyLineCreate(n, level, &line));
  for (PetscInt i = 0; i < 16 * n; ++i)
    keep[i] = Random();
  for (int forward = 0; forward < 2; ++forward) {
    memcpy(z, keep, 128 * (size_t)n);
    if (forward)
      EddyLineForward(line, z);
    else
      EddyLineInverse(line, z);
    for (int l = 0; l < 8; ++l) {
      for (PetscInt i = 0; i < n; ++i) {
        const PetscInt p = forward ? line->pos[i] : i;
        a[i] = keep[16 * p + l] + I * keep[16 * p + 8 + l];
      }
      fftw_execute(plan[forward]);
      for (PetscInt i = 0; i < n; ++i) {
        const PetscInt p = forward ? i : line->pos[i];
        error = fmax(error, cabs(b[i] - (z[16 * p + l] + I * z[16 * p + 8 + l])));
      }
    }
  }
  CK_PETSC(EddyLineDestroy(&line));
  for (int i = 0; i < 2; ++i)
    fftw_destroy_plan(plan[i]);
  fftw_free(a);
  fftw_free(b);
  free(z);
  free(keep);
  return error / sqrt((double)n);
}

START_TEST(test_against_fftw)
{
  int count = 0;
  for (PetscInt n = 1; n <= 240; ++n)
    if (EddyLineIsGoodSize(n)) {
      const double e = Error(n, EddySimdDetect());
      ck_assert_msg(e < 2e-15, "length %d: error %g", (int)n, e);
      ++count;
    }
  ck_assert_int_eq(count, 72); /* numbers of the form 2^a 3^b 5^c 7^d up to 240 */
  static const PetscInt longer[] = {256, 512, 1000, 1024, 1536, 2048, 2187, 2401, 3125, 4096};
  for (size_t i = 0; i < sizeof longer / sizeof *longer; ++i)
    ck_assert_msg(Error(longer[i], EddySimdDetect()) < 4e-15, "length %d", (int)longer[i]);
}
END_TEST

START_TEST(test_same_bits)
{
  static const PetscInt sizes[] = {48, 64, 105, 256, 360};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    const PetscInt n = sizes[i];
    double *z[3];
    for (int level = 0; level <= (int)EddySimdDetect(); ++level) {
      EddyLine line;
      CK_PETSC(EddyLineCreate(n, (EddySimdLevel)level, &line));
      z[level] = aligned_alloc(64, 128 * (size_t)n);
      srand(3);
      for (PetscInt x = 0; x < n; ++x)
        for (int part = 0; part < 2; ++part) {
          const double v = Random();
          for (int l = 0; l < 8; ++l)
            z[level][16 * x + 8 * part + l] = l == 5 ? -v : v; /* lane 5 differs */
        }
      EddyLineInverse(line, z[level]);
      EddyLineForward(line, z[level]);
      for (PetscInt x = 0; x < 2 * n; ++x)
        for (int l = 1; l < 8; ++l)
          ck_assert(l == 5 || !memcmp(z[level] + 8 * x, z[level] + 8 * x + l, sizeof(double)));
      if (level)
        ck_assert(!memcmp(z[0], z[level], 128 * (size_t)n));
      CK_PETSC(EddyLineDestroy(&line));
    }
    for (int level = 0; level <= (int)EddySimdDetect(); ++level)
      free(z[level]);
  }
}
END_TEST

START_TEST(test_sizes)
{
  EddyLine line;
  ck_assert(!EddyLineIsGoodSize(0) && !EddyLineIsGoodSize(11) && !EddyLineIsGoodSize(2 * 13) &&
            EddyLineIsGoodSize(210));
  ck_assert_int_eq(EddyLineNearestBelow(143), 140);
  ck_assert_int_eq(EddyLineNearestAbove(143), 144);
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyLineCreate(143, EDDY_SIMD_V2, &line), EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
}
END_TEST

EDDY_SUITE("line", test_against_fftw, test_same_bits, test_sizes)
