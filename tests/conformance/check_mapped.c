/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Mapped grids: uniform flow of every registered physics with a finite-volume form stays uniform on every kind of grid, for every solver and
   reconstruction. */
#include "solver.h"
#include <math.h>
#include <string.h>

static const char *const grids[3][4] = {
    {"type: stretched, n: [20], x: {type: tanh}", "type: wavy, n: [20], amplitude: [0.1]", NULL,
     NULL},
    {"type: stretched, n: [20, 12], x: {type: sinh, end: middle}, y: {type: geometric, end: low}",
     "type: wavy, n: [20, 12], amplitude: [0.1, 0.07], waves: [1, 2]",
     "type: annulus, n: [8, 24], inner: [0.5, 1.2], outer: 3, cluster: 1.5", NULL},
    {"type: stretched, n: [8, 6, 7], z: {type: tanh, end: high}",
     "type: wavy, n: [8, 7, 6], amplitude: [0.1, -0.1, 0.08]",
     "type: annulus, n: [5, 16, 4], inner: 1, outer: [3, 2]", NULL},
};

static const char *Velocity(PetscInt dim)
{
  return dim == 1 ? "[1.3]" : dim == 2 ? "[1.3, -0.4]" : "[1.3, -0.4, 0.7]";
}

/* A case of uniform flow; on rings the inner and outer face have the state of the flow beyond them. */
static void Case(const char *physics, const char *grid, PetscInt dim, const char *disc, char *yaml,
                 size_t len)
{
  static const char *const names[] = {"density",    "velocity_x", "velocity_y", "velocity_z",
                                      "pressure",   "depth",      "u",          "surface",
                                      "saturation", "sound_speed"};
  static const double values[] = {1.1, 2.5, -.7, .4, .8, 1.5, .3, 1.5, .4, 1.2};
  char state[512] = "";
  for (int q = 0; q < 10; ++q)
    snprintf(state + strlen(state), sizeof state - strlen(state), ", %s: %g", names[q], values[q]);
  const PetscBool ring = strstr(grid, "annulus") ? PETSC_TRUE : PETSC_FALSE;
  snprintf(yaml, len,
           "mesh: {%s}\nphysics: {type: %s, nu: 0, kappa: 0, velocity: %s}\ninitial: {type: "
           "uniform%s}\ndisc: {type: fv, %s}\ntime: {type: ssprk2}\n%s%s%s%s%s",
           grid, physics, Velocity(dim), state, disc,
           ring ? "boundary: {xmin: {type: dirichlet" : "", ring ? state : "",
           ring ? "}, xmax: {type: dirichlet" : "", ring ? state : "", ring ? "}}\n" : "");
}

/* Largest change of a component over its largest value, after `steps` steps of Courant number 0.4. */
static double Drift(const char *yaml, int steps)
{
  double drift = 0;
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
  double *start[EDDY_MAX_COMP];
  PetscInt n = 0;
  for (PetscInt c = 0; c < s.p->ncomp; ++c)
    start[c] = eddy_test_field(&s, NULL, s.p->comp[c], &n);
  for (int k = 0; k < steps; ++k) {
    PetscReal rate;
    CK_PETSC(s.d->ops->Courant(s.d, &s.st, s.u, &rate));
    ck_assert(rate > 0);
    CK_PETSC(EddyStepperStep(s.s, &s.st, .4 / rate, s.u));
  }
  for (PetscInt c = 0; c < s.p->ncomp; ++c) {
    double *end = eddy_test_field(&s, NULL, s.p->comp[c], &n);
    for (PetscInt i = 0; i < n; ++i) {
      ck_assert(end[i] - end[i] == 0);
      drift = PetscMax(drift, fabs(end[i] - start[c][i]) / PetscMax(1, fabs(start[c][i])));
    }
    CK_PETSC(PetscFree(end));
    CK_PETSC(PetscFree(start[c]));
  }
  eddy_test_solver_end(&s);
  return drift;
}

START_TEST(free_stream)
{
  static const char *const recon[] = {"reconstruction: muscl", "reconstruction: ppm",
                                      "reconstruction: weno5"};
  static const char *const solver[] = {"hllc", "roe", "hll", "rusanov"};
  const EddyPhysicsOps *ops;
  int seen = 0, rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  for (PetscInt k = 0; (ops = EddyPhysicsGetOps(EDDY_SIMD_V2, k)); ++k)
    for (PetscInt dim = ops->dim_min; dim <= ops->dim_max; ++dim) {
      EddyBox box = {.dim = dim, .n = {8, 8, 8}, .upper = {1, 1, 1}};
      EddyPhysics p;
      EddyOptions o = eddy_test_options(PETSC_COMM_SELF, "physics: {nu: 0, kappa: 0}");
      CK_PETSC(EddyPhysicsCreateFromOps(ops, EDDY_SIMD_V2, o, &box, &p));
      const EddyFvKernels fv = p->fv;
      CK_PETSC(EddyPhysicsDestroy(&p));
      CK_PETSC(EddyOptionsDestroy(&o));
      for (int g = 0; fv.ToPrim && grids[dim - 1][g]; ++g)
        for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r)
          for (int q = 0; fv.Flux[r][0] && q < 3; ++q) {
            char disc[128], yaml[4096];
            snprintf(disc, sizeof disc, "%s, riemann: %s", recon[q], solver[r]);
            Case(ops->name, grids[dim - 1][g], dim, disc, yaml, sizeof yaml);
            const double drift = Drift(yaml, 20);
            if (!rank)
              printf("%-14s %d-D %-28.28s %-24s %-8s %.1e\n", ops->name, (int)dim,
                     grids[dim - 1][g], recon[q], solver[r], drift);
            ck_assert_msg(drift <= 1e-13, "%s on %s, %s: uniform flow drifts by %g", ops->name,
                          grids[dim - 1][g], disc, drift);
            ++seen;
          }
    }
  ck_assert_int_ge(seen, 40);
}
END_TEST

EDDY_SUITE("mapped", free_stream)
