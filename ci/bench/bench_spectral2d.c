/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_spectral2d N [baseline 0|1]: times the 2-D Navier-Stokes right-hand side, its parts, and an ETDRK4 step; with baseline 1 also four plain FFTW
   transforms (patient, the faster of in and out of place, r2c/c2r), interleaved with the rest. Prints lines "key value" (milliseconds or ratios): medians. */
#include "spectral.h"
#include "stepper.h"
#include <fftw3.h>
#include <stdlib.h>

enum { REPEATS = 21 };
typedef struct {
  fftw_plan inverse[2], forward[2]; /* out of place, in place */
  double *real, *both;
  fftw_complex *hat;
} Baseline;

static int Order(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
static double Median(double *t)
{
  qsort(t, REPEATS, sizeof *t, Order);
  return t[REPEATS / 2];
}

static Baseline Plan(int n)
{
  const size_t complexes = (size_t)n * (size_t)(n / 2 + 1);
  Baseline b = {.real = fftw_malloc(sizeof(double) * (size_t)n * (size_t)n),
                .both = fftw_malloc(sizeof(fftw_complex) * complexes),
                .hat = fftw_malloc(sizeof(fftw_complex) * complexes)};
  fftw_set_timelimit(60);
  b.inverse[0] = fftw_plan_dft_c2r_2d(n, n, b.hat, b.real, FFTW_PATIENT | FFTW_DESTROY_INPUT);
  b.forward[0] = fftw_plan_dft_r2c_2d(n, n, b.real, b.hat, FFTW_PATIENT | FFTW_DESTROY_INPUT);
  b.inverse[1] = fftw_plan_dft_c2r_2d(n, n, (fftw_complex *)b.both, b.both, FFTW_PATIENT);
  b.forward[1] = fftw_plan_dft_r2c_2d(n, n, b.both, (fftw_complex *)b.both, FFTW_PATIENT);
  for (size_t i = 0; i < (size_t)n * (size_t)n; ++i)
    b.real[i] = 0;
  for (size_t i = 0; i < complexes; ++i)
    b.hat[i] = 0, b.both[2 * i] = b.both[2 * i + 1] = 0;
  return b;
}

static double FourPlain(const Baseline *b, int in_place, int n)
{
  const double t = MPI_Wtime();
  for (int i = 0; i < n; ++i) {
    fftw_execute(b->inverse[in_place]);
    fftw_execute(b->inverse[in_place]);
    fftw_execute(b->forward[in_place]);
    fftw_execute(b->forward[in_place]);
  }
  return (MPI_Wtime() - t) / n;
}

/* The transforms of one right-hand side alone: columns and rows, without loads between the two layouts, modes or products. */
static double Bare(EddyDisc d, int n)
{
  EddyFourier F = EddySpectralGet(d)->fourier;
  const double t = MPI_Wtime();
  for (int i = 0; i < n; ++i) {
    for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
      EddyFourierZeroGap(F, b, 2);
      EddyFourierInverseColumns(F, b, 2);
    }
    for (PetscInt g = 0; g < EddyFourierGroups(F, 2); ++g) {
      EddyLineInverse(F->line_x, F->row);
      EddyLineForward(F->line_x, F->row);
      for (int l = 0; l < 16; ++l)
        F->row[l] *= 1e-3;
    }
    for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
      EddyFourierForwardColumns(F, b, 2);
  }
  return (MPI_Wtime() - t) / n;
}

/* Row phase alone: loads, transforms, stores and redistribution; the difference to Bare's rows is the cost of the transposes. */
static double Rows(EddyDisc d, int n, PetscBool transforms)
{
  EddyFourier F = EddySpectralGet(d)->fourier;
  double t = MPI_Wtime();
  for (int i = 0; i < n; ++i)
    for (PetscInt g = 0; g < EddyFourierGroups(F, 2); ++g) {
      if (transforms) {
        EddyLineInverse(F->line_x, F->row);
        EddyLineForward(F->line_x, F->row);
        for (int l = 0; l < 16; ++l)
          F->row[l] *= 1e-3;
      } else {
        EddyFourierRowLoad(F, g, 2, PETSC_FALSE);
        EddyFourierRowStore(F, g, 2, PETSC_FALSE);
      }
    }
  return (MPI_Wtime() - t) / n;
}

static double Rhs(EddyDisc d, EddyStage *st, const double *u, double *f, int n)
{
  MPI_Barrier(PETSC_COMM_WORLD);
  const double t = MPI_Wtime();
  for (int i = 0; i < n; ++i)
    if (d->ops->Rhs(d, st, u, f, NULL, NULL))
      exit(1);
  return (MPI_Wtime() - t) / n;
}

static double Steps(EddyStepper s, EddyStage *st, double *u, int n)
{
  MPI_Barrier(PETSC_COMM_WORLD);
  const double t = MPI_Wtime();
  for (int i = 0; i < n; ++i)
    if (EddyStepperStep(s, st, 1e-5, u))
      exit(1);
  return (MPI_Wtime() - t) / n;
}

static PetscErrorCode Run(int n, PetscBool baseline)
{
  EddyOptions o;
  EddyMesh m;
  EddyPhysics p;
  EddyDisc d;
  EddyInitial ic;
  EddyStepper s;
  EddyStage st = {0};
  const EddyRandomKey key = {.seed = 1};
  char yaml[256];
  double *u, *f, t[7][REPEATS];
  const int loops = n >= 2048 ? 1 : n >= 1024 ? 4 : n >= 512 ? 15 : 60;
  int rank;
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(yaml, sizeof yaml,
                          "mesh: {type: box, n: [%d, %d], upper: [2pi, 2pi]}\nphysics: {type: "
                          "ns2d, nu: 1e-3}\ninitial: {type: filtered_noise}\n",
                          n, n));
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  PetscCall(EddyOptionsInsertText(o, "bench", yaml));
  PetscCall(EddyMeshCreate(PETSC_COMM_WORLD, o, &m));
  PetscCall(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &m->box, &p));
  PetscCall(EddyDiscCreate(PETSC_COMM_WORLD, o, &m->box, p, 0, NULL, 0, NULL, &d));
  PetscCall(EddyInitialCreate(PETSC_COMM_WORLD, o, p, &key, &ic));
  PetscCall(EddyDiscCreateState(d, &u));
  PetscCall(EddyDiscCreateState(d, &f));
  PetscCall(d->ops->Initialise(d, ic, u));
  PetscCall(EddyStepperCreate(o, d, &s));
  Baseline b = {0};
  if (baseline)
    b = Plan(n);
  for (int r = 0; r < REPEATS; ++r) {
    if (baseline)
      for (int q = 0; q < 2; ++q)
        t[q][r] = FourPlain(&b, q, loops);
    t[2][r] = Rhs(d, &st, u, f, loops);
    t[3][r] = Steps(s, &st, u, (loops + 3) / 4);
    if (!baseline)
      continue;
    t[4][r] = Bare(d, loops);
    t[5][r] = Rows(d, loops, PETSC_TRUE);
    t[6][r] = Rows(d, loops, PETSC_FALSE);
  }
  const double rhs = Median(t[2]), step = Median(t[3]);
  PetscCallMPI(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
  if (!rank) {
    printf("rhs_ms %.4f\nstep_ms %.4f\netdrk4_over_rhs %.4f\n", rhs * 1e3, step * 1e3,
           step / 4 / rhs);
    if (baseline) {
      const double out = Median(t[0]), in = Median(t[1]), bare = Median(t[4]),
                   transpose = Median(t[6]) - Median(t[5]);
      const double plain = out < in ? out : in;
      printf("fft_out_ms %.4f\nfft_in_ms %.4f\nrhs_over_fft %.4f\nbare_over_fft %.4f\n", out * 1e3,
             in * 1e3, rhs / plain, bare / plain);
      printf("share_transforms %.3f\nshare_transposes %.3f\nshare_modes_products %.3f\n",
             bare / rhs, transpose / rhs, 1 - (bare + transpose) / rhs);
      printf("simd %s\n", EddySimdNames[p->level]);
    }
  }
  PetscCall(EddyStepperDestroy(&s));
  PetscCall(EddyInitialDestroy(&ic));
  PetscCall(EddyDiscDestroyState(&u));
  PetscCall(EddyDiscDestroyState(&f));
  PetscCall(EddyDiscDestroy(&d));
  PetscCall(EddyPhysicsDestroy(&p));
  PetscCall(EddyMeshDestroy(&m));
  PetscCall(EddyOptionsDestroy(&o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

int main(int argc, char **argv)
{
  if (PetscInitialize(&argc, &argv, NULL, NULL))
    return 1;
  const int n = argc > 1 ? atoi(argv[1]) : 256;
  const PetscErrorCode ierr = Run(n, argc > 2 && atoi(argv[2]) ? PETSC_TRUE : PETSC_FALSE);
  return ierr || PetscFinalize() ? 1 : 0;
}
