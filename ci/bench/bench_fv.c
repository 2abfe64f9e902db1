/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_fv [PART OF A KEY | wall]: whole steps of the finite-volume engine, without step-size control, as cells updated per second of the processor time of one rank: medians over repeats
   that are interleaved over the cases. Prints lines "key value", with the shares of three ceilings measured between the repeats: copies between two arrays of the size of the state, FMA, and the divider. With `wall`: 2-D MUSCL only, by wall time, on any number of ranks. */
#include "peak.h"
#include "stepper.h"
#include <stdlib.h>
#include <string.h>

enum { REPEATS = 9 };
typedef struct {
  const char *key, *mesh, *physics, *initial, *disc, *time;
  int bytes; /* compulsory traffic per cell and step, doubles read and written once per stage */
  enum { UNCOUNTED, MUSCL, PPM, WENO5 } scheme; /* of Euler with HLLC on a box; others: no count */
} Case;
#define EULER "{type: euler, gamma: 1.4}"
#define WAVE2 "{type: linear_wave, amplitude: 0.1, k: [1, 1]}"
#define WAVE3 "{type: linear_wave, amplitude: 0.1, k: [1, 1, 1]}"
static const Case cases[] = {
    {"euler2d_256.muscl", "[256, 256]", EULER, WAVE2, "reconstruction: muscl", "ssprk2",
     2 * 8 * 4 * 5, MUSCL},
    {"euler2d_512.muscl", "[512, 512]", EULER, WAVE2, "reconstruction: muscl", "ssprk2",
     2 * 8 * 4 * 5, MUSCL},
    {"euler2d_256.ppm", "[256, 256]", EULER, WAVE2, "reconstruction: ppm", "ssprk3", 3 * 8 * 4 * 5,
     PPM},
    {"euler2d_256.weno5", "[256, 256]", EULER, WAVE2, "reconstruction: weno5", "ssprk3",
     3 * 8 * 4 * 5, WENO5},
    {"euler2d_512.weno5", "[512, 512]", EULER, WAVE2, "reconstruction: weno5", "ssprk3",
     3 * 8 * 4 * 5, WENO5},
    {"euler3d_64.muscl", "[64, 64, 64]", EULER, WAVE3, "reconstruction: muscl", "ssprk2",
     2 * 8 * 5 * 5, MUSCL},
    {"euler3d_64.ppm", "[64, 64, 64]", EULER, WAVE3, "reconstruction: ppm", "ssprk3", 3 * 8 * 5 * 5,
     PPM},
    {"euler3d_64.weno5", "[64, 64, 64]", EULER, WAVE3, "reconstruction: weno5", "ssprk3",
     3 * 8 * 5 * 5, WENO5},
    {"euler2d_256.muscl_waves", "[256, 256]", EULER, WAVE2, "variables: characteristic", "ssprk2",
     2 * 8 * 4 * 5, UNCOUNTED},
    {"euler2d_256.weno5_waves", "[256, 256]", EULER, WAVE2,
     "reconstruction: weno5, variables: characteristic", "ssprk3", 3 * 8 * 4 * 5, UNCOUNTED},
    {"euler2d_256.muscl_shock_switch", "[256, 256]", EULER, WAVE2, "shock_switch: true", "ssprk2",
     2 * 8 * 4 * 5, UNCOUNTED},
    {"navier_stokes2d_256.muscl", "[256, 256]",
     "{type: compressible_navier_stokes, mu: 1e-3, prandtl: 0.7}", WAVE2, "reconstruction: muscl",
     "ssprk2", 2 * 8 * 4 * 5, UNCOUNTED},
    {"navier_stokes3d_64.muscl", "[64, 64, 64]",
     "{type: compressible_navier_stokes, mu: 1e-3, prandtl: 0.7}", WAVE3, "reconstruction: muscl",
     "ssprk2", 2 * 8 * 5 * 5, UNCOUNTED},
    {"euler2d_256_scalars.muscl", "[256, 256]", "{type: euler, scalars: [a, b]}", WAVE2,
     "reconstruction: muscl", "ssprk2", 2 * 8 * 6 * 5, UNCOUNTED},
    {"hydrostatic2d_256.muscl", "[256, 256]",
     "{type: euler, gravity: [0, -1], hydrostatic: {type: isothermal}}",
     "{type: hydrostatic, amplitude: 0.1}\nboundary: {ymin: {type: reflecting}, ymax: {type: "
     "reflecting}}",
     "reconstruction: muscl", "ssprk2", 2 * 8 * 4 * 5, UNCOUNTED},
    {"water2d_256.muscl", "[256, 256]",
     "{type: shallow_water, bathymetry: {type: gaussian, height: 0.5}}", "{type: lake, bell: 0.3}",
     "reconstruction: muscl", "ssprk2", 2 * 8 * 17, UNCOUNTED},
    {"advection2d_256.muscl", "[256, 256]", "{type: advection, velocity: [1, 0.5]}", "{type: sine}",
     "reconstruction: muscl", "ssprk2", 2 * 8 * 5, UNCOUNTED},
    {"euler2d_256.mapped", "[256, 256], type: wavy, amplitude: [0.03, 0.03]", EULER, WAVE2,
     "reconstruction: muscl", "ssprk2", 2 * 8 * (4 * 5 + 7), UNCOUNTED},
    {"euler3d_64.mapped", "[64, 64, 64], type: wavy, amplitude: [0.03, 0.03, 0.03]", EULER, WAVE3,
     "reconstruction: muscl", "ssprk2", 2 * 8 * (5 * 5 + 13), UNCOUNTED},
    {"navier_stokes2d_256.mapped", "[256, 256], type: wavy, amplitude: [0.03, 0.03]",
     "{type: compressible_navier_stokes, mu: 1e-3, prandtl: 0.7}", WAVE2, "reconstruction: muscl",
     "ssprk2", 2 * 8 * (4 * 5 + 7 + 8), UNCOUNTED},
};
enum { NCASE = sizeof cases / sizeof *cases };

typedef struct {
  EddyOptions o;
  EddyMesh m;
  EddyPhysics p;
  EddyDisc d;
  EddyInitial ic;
  EddyStepper s;
  EddyStage st;
  double *u, dt, cells;
} Run;

/* Operations per cell and step. flops: additions, subtractions, multiplications, divisions and square roots of the formulas, one each; comparisons, selections, minima, magnitudes and
   signs count nothing. Faces: one per cell and direction. divisions, roots: those among them, which one slow unit of the core does. */
typedef struct {
  double flops, divisions, roots;
} Work;
static Work Count(const Case *c, double dim)
{
  const double stages = c->scheme == MUSCL ? 2 : 3, nc = dim + 2;
  const double prim = 3 * dim + 4, hllc = 46 + 5 * dim, stage = 7 * nc;
  /* face values of a component; positivity of density, pressure and the third of a cell beside them (not muscl) */
  const double recon = c->scheme == MUSCL ? 9 : c->scheme == PPM ? 40 : 97;
  const double positive = c->scheme == MUSCL ? 0 : 24 + 14 * dim;
  const double quotients = c->scheme == MUSCL ? 0 : (c->scheme == PPM ? 1 : 5) * nc + 2;
  return (Work){stages * (prim + dim * (nc * recon + positive + hllc) + (3 * dim - 1) * nc + stage),
                stages * (1 + dim * (quotients + 3)), stages * dim * 2};
}

static double Now(PetscBool wall)
{
  struct timespec t;
  clock_gettime(wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int Order(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static PetscErrorCode Make(const Case *c, Run *r)
{
  char yaml[1024];
  const EddyRandomKey key = {.seed = 1};
  PetscReal rate;
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(
      yaml, sizeof yaml,
      "mesh: {n: %s}\nphysics: %s\ninitial: %s\ndisc: {type: fv, %s}\ntime: {type: %s}\n", c->mesh,
      c->physics, c->initial, c->disc, c->time));
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &r->o));
  PetscCall(EddyOptionsInsertText(r->o, "bench", yaml));
  PetscCall(EddyMeshCreate(PETSC_COMM_WORLD, r->o, &r->m));
  PetscCall(EddyPhysicsCreate(PETSC_COMM_WORLD, r->o, &r->m->box, &r->p));
  PetscCall(EddyDiscCreate(PETSC_COMM_WORLD, r->o, &r->m->box, r->p, 0, NULL, 0, NULL, &r->d));
  PetscCall(EddyInitialCreate(PETSC_COMM_WORLD, r->o, r->p, &key, &r->ic));
  PetscCall(EddyDiscCreateState(r->d, &r->u));
  PetscCall(r->d->ops->Initialise(r->d, r->ic, r->u));
  PetscCall(EddyStepperCreate(r->o, r->d, &r->s));
  PetscCall(r->d->ops->Courant(r->d, &r->st, r->u, &rate));
  r->dt = .2 / rate;
  r->cells = 1;
  for (int e = 0; e < 3; ++e)
    r->cells *= (double)r->m->box.n[e];
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Free(Run *r)
{
  PetscFunctionBeginUser;
  PetscCall(EddyStepperDestroy(&r->s));
  PetscCall(EddyDiscDestroyState(&r->u));
  PetscCall(EddyInitialDestroy(&r->ic));
  PetscCall(EddyDiscDestroy(&r->d));
  PetscCall(EddyPhysicsDestroy(&r->p));
  PetscCall(EddyMeshDestroy(&r->m));
  PetscCall(EddyOptionsDestroy(&r->o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Copy between two arrays of n doubles by one core [GB/s], best of a few: the yardstick of bandwidth, at the level of the memory where a state of this size lives. */
static double Copied(size_t n)
{
  const int loops = (int)PetscMax(1, ((size_t)1 << 22) / n);
  double *a = calloc(n, sizeof *a), *b = calloc(n, sizeof *b), best = 0;
  for (int k = 0; k < 6 && a && b; ++k) {
    const double begin = Now(PETSC_FALSE);
    for (int l = 0; l < loops; ++l)
      for (size_t i = 0; i < n; ++i)
        a[i] = b[i] + (k + l);
    const double rate = 2e-9 * sizeof *a * (double)n * loops / (Now(PETSC_FALSE) - begin);
    best = a[n / 2] >= 0 && rate > best ? rate : best;
  }
  free(a);
  free(b);
  return best;
}

static PetscErrorCode Bench(const char *only)
{
  static Run run[NCASE];
  static double t[NCASE][REPEATS];
  int rank;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
  static double peak[3][REPEATS];
  const EddySimdLevel level = EddySimdDetect();
  const PetscBool wall = only && !strcmp(only, "wall") ? PETSC_TRUE : PETSC_FALSE;
  const int n = wall ? 2 : NCASE;
  PetscBool on[NCASE];
  for (int c = 0; c < n; ++c) {
    on[c] = wall || !only || strstr(cases[c].key, only) ? PETSC_TRUE : PETSC_FALSE;
    if (on[c])
      PetscCall(Make(&cases[c], &run[c]));
  }
  for (int k = -1; k < REPEATS; ++k) {
    for (int q = 0; q < 3 && k >= 0; ++q)
      peak[q][k] = BenchPeak(level, q == 0 ? BENCH_FMA64 : q == 1 ? BENCH_DIVIDE64 : BENCH_ROOT64);
    for (int c = 0; c < n; ++c) {
      if (!on[c])
        continue;
      const int steps = k < 0 ? 2 : (int)PetscMax(2, 1.5e6 / run[c].cells);
      PetscCallMPI(MPI_Barrier(PETSC_COMM_WORLD));
      const double begin = Now(wall);
      for (int i = 0; i < steps; ++i)
        PetscCall(EddyStepperStep(run[c].s, &run[c].st, run[c].dt, run[c].u));
      if (k >= 0)
        t[c][k] = (Now(wall) - begin) / steps;
    }
  }
  for (int q = 0; q < 3; ++q)
    qsort(peak[q], REPEATS, sizeof(double), Order);
  for (int c = 0; c < n; ++c) {
    PetscBool ok;
    char where[256];
    if (!on[c])
      continue;
    PetscCall(run[c].d->ops->Finite(run[c].d, run[c].u, &ok, where, sizeof where));
    PetscCheck(ok, PETSC_COMM_WORLD, EDDY_ERR_SOLUTION, "%s: %s", cases[c].key, where);
    qsort(t[c], REPEATS, sizeof(double), Order);
    if (!rank) {
      const double median = t[c][REPEATS / 2];
      printf("%s.zones_per_s %.4g\n%s.best_zones_per_s %.4g\n%s.step_ms %.4f\n", cases[c].key,
             run[c].cells / median, cases[c].key, run[c].cells / t[c][0], cases[c].key,
             median * 1e3);
      printf("%s.bytes_per_zone %d\n%s.gbytes_per_s %.3g\n%s.copy_gbytes_per_s %.3g\n",
             cases[c].key, cases[c].bytes, cases[c].key,
             1e-9 * cases[c].bytes * run[c].cells / median, cases[c].key, Copied(run[c].d->size));
      if (cases[c].scheme) {
        const Work work = Count(&cases[c], run[c].m->box.dim);
        const double rate = run[c].cells / median;
        printf("%s.flops_per_zone %.0f\n%s.fma_percent %.3g\n%s.divider_percent %.3g\n",
               cases[c].key, work.flops, cases[c].key,
               100 * work.flops * rate / peak[0][REPEATS / 2], cases[c].key,
               100 * rate *
                   (work.divisions / peak[1][REPEATS / 2] + work.roots / peak[2][REPEATS / 2]));
      }
    }
    PetscCall(Free(&run[c]));
  }
  if (!rank)
    printf("fma_gflops %.4g\ndivide_g_per_s %.3g\nroot_g_per_s %.3g\nsimd "
           "%s\n",
           1e-9 * peak[0][REPEATS / 2], 1e-9 * peak[1][REPEATS / 2], 1e-9 * peak[2][REPEATS / 2],
           EddySimdNames[level]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

int main(int argc, char **argv)
{
  if (PetscInitialize(&argc, &argv, NULL, NULL))
    return 1;
  const PetscErrorCode ierr = Bench(argc > 1 ? argv[1] : NULL);
  return ierr || PetscFinalize() ? 1 : 0;
}
