/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 3 */
/* Modes of fields that go in pairs and alone, in planes and in lines cut into rows: against plain sums, there and back, for lengths that do and do not
   divide by sixteen, with both kinds of redistribution; kx = 0 exactly conjugate. */
#include "fourier.h"
#include "support.h"
#include <complex.h>
#include <math.h>

enum { NCOMP = 3 };
static const struct {
  PetscInt n[2], K[2];
  PetscBool alone;
} cases[] = {{{16, 1}, {6, 1}, PETSC_TRUE},    {{32, 1}, {16, 1}, PETSC_TRUE},
             {{48, 1}, {24, 1}, PETSC_TRUE},   {{80, 1}, {27, 1}, PETSC_TRUE},
             {{60, 1}, {20, 1}, PETSC_TRUE},   {{224, 1}, {75, 1}, PETSC_TRUE},
             {{96, 1}, {32, 1}, PETSC_FALSE},  {{24, 40}, {8, 14}, PETSC_FALSE},
             {{35, 21}, {12, 7}, PETSC_FALSE}, {{16, 32}, {8, 16}, PETSC_TRUE}};

/* A real field at a point, of many waves. */
static double Value(PetscInt c, PetscInt x, PetscInt y, const PetscInt n[2])
{
  const double a = 2 * PETSC_PI * (double)x / (double)n[0],
               b = 2 * PETSC_PI * (double)y / (double)n[1];
  return 1 / (1.3 + cos(a - .3 * (double)c) * sin((n[1] > 1 ? 1 : 0) * b + .7)) + .1 * (double)c;
}

static double complex Mode(PetscInt c, PetscInt k, PetscInt j, const PetscInt n[2])
{
  double complex sum = 0;
  for (PetscInt y = 0; y < n[1]; ++y)
    for (PetscInt x = 0; x < n[0]; ++x)
      sum += Value(c, x, y, n) *
             cexp(-2 * PETSC_PI * I *
                  ((double)(k * x % n[0]) / (double)n[0] + (double)(j * y % n[1]) / (double)n[1]));
  return sum / (double)(n[0] * n[1]);
}

/* Largest error of the modes of this rank's blocks and of what comes back beside what went in, both of the retained modes only. */
static double Error(EddyFourier f, const PetscInt n[2])
{
  const size_t field = (size_t)(f->y1 - f->y0) * (size_t)n[0], comp = (size_t)f->My * 16;
  const PetscInt ncomp[2] = {NCOMP, 1};
  double *in = calloc((NCOMP + 1) * field + 1, sizeof *in),
         *out = calloc((NCOMP + 1) * field + 1, sizeof *out),
         *modes = calloc((size_t)(f->b1 - f->b0) * (NCOMP + 1) * comp + 1, sizeof *modes),
         worst = 0;
  for (PetscInt c = 0; c <= NCOMP; ++c)
    for (PetscInt y = f->y0; y < f->y1; ++y)
      for (PetscInt x = 0; x < n[0]; ++x)
        in[(size_t)c * field + (size_t)((y - f->y0) * n[0] + x)] = Value(c, x, y, n);
  CK_PETSC(EddyFourierFromReal(f, 2, ncomp, in));
  for (PetscInt b = 0; b < f->b1 - f->b0; ++b) {
    double *u = modes + (size_t)b * (NCOMP + 1) * comp;
    EddyFourierUnpack(f, b, 0, NCOMP, u);
    EddyFourierUnpack(f, b, NCOMP, 1, u + NCOMP * comp);
    for (PetscInt c = 0; c <= NCOMP; ++c)
      for (PetscInt m = 0; m < f->My; ++m)
        for (PetscInt l = 0; l < f->mode[b].lanes; ++l) {
          const double *at = u + (size_t)c * comp + (size_t)(16 * m + l),
                       *mirror = u + (size_t)c * comp + (size_t)(16 * (m ? f->My - m : 0));
          const double complex exact =
              Mode(c, 8 * (f->b0 + b) + l, m < f->Ky ? m : n[1] + m - f->My, n);
          worst = fmax(worst, cabs(at[0] + I * at[8] - exact));
          if (f->b0 + b == 0 && l == 0)
            ck_assert(at[0] == mirror[0] && at[8] == -mirror[8]);
        }
  }
  /* twice there: the second time nothing is lost */
  for (int pass = 0; pass < 2; ++pass) {
    for (PetscInt b = 0; b < f->b1 - f->b0; ++b) {
      const double *u = modes + (size_t)b * (NCOMP + 1) * comp;
      EddyFourierPack(f, b, 0, NCOMP, u);
      EddyFourierPack(f, b, NCOMP, 1, u + NCOMP * comp);
    }
    CK_PETSC(EddyFourierToReal(f, 2, ncomp, pass ? out : in));
    if (pass)
      break;
    CK_PETSC(EddyFourierFromReal(f, 2, ncomp, in));
    for (PetscInt b = 0; b < f->b1 - f->b0; ++b) {
      EddyFourierUnpack(f, b, 0, NCOMP, modes + (size_t)b * (NCOMP + 1) * comp);
      EddyFourierUnpack(f, b, NCOMP, 1, modes + ((size_t)b * (NCOMP + 1) + NCOMP) * comp);
    }
  }
  for (size_t i = 0; i < (NCOMP + 1) * field; ++i)
    worst = fmax(worst, fabs(in[i] - out[i]));
  free(in), free(out), free(modes);
  return worst;
}

START_TEST(modes_are_plain_sums)
{
  const int top = (int)EddySimdDetect();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
    for (int e = 0; e < 2; ++e) {
      const PetscInt *n = cases[i].n;
      const EddyBox box = {.dim = n[1] > 1 ? 2 : 1, .n = {n[0], n[1], 1}, .upper = {1, 1, 1}};
      EddyFourier f;
      CK_PETSC(EddyFourierCreate(PETSC_COMM_WORLD, (EddySimdLevel)(e ? 0 : top),
                                 e ? EDDY_EXCHANGE_ALLTOALL : EDDY_EXCHANGE_AUTO, &box, n[0], n[1],
                                 cases[i].K[0], cases[i].K[1], NCOMP + 1, cases[i].alone, &f));
      double error = Error(f, n);
      MPI_Allreduce(MPI_IN_PLACE, &error, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
      ck_assert_msg(error < 2e-14, "case %d: error %g", (int)i, error);
      CK_PETSC(EddyFourierDestroy(&f));
    }
}
END_TEST

EDDY_SUITE("fourier", modes_are_plain_sums)
