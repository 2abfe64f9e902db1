/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Manufactured solutions: order of every registered physics with a finite-volume form, for every scheme, on equal cells and on a wavy grid. Steady
   in two dimensions, travelling in one. `ctest -R check_fv_manufactured -V` prints the table. */
#include "solver.h"
#include <math.h>
#include <string.h>

static const double T = .2, omega = 2;
typedef struct {
  const char *name, *disc;
  double design, power; /* order of the reconstruction; dt ~ dx^power where that is to be seen */
} Scheme;
static const Scheme schemes[] = {{"muscl", "limiter: none", 2, 1},
                                 {"ppm", "reconstruction: ppm", 4, 4. / 3},
                                 {"weno5", "reconstruction: weno5", 5, 5. / 3}};

typedef struct {
  const char *name, *mesh;
  int dim, n, grids;
  PetscBool travels, diffuses;
} Grid;
static const Grid grids[] = {
    {"1-D, equal cells", "n: [%d], upper: [1]", 1, 16, 3, PETSC_TRUE, PETSC_FALSE},
    {"2-D, equal cells", "n: [%d, %d], upper: [1, 1.2]", 2, 16, 3, PETSC_FALSE, PETSC_TRUE},
    {"2-D, wavy cells", "type: wavy, n: [%d, %d], upper: [1, 1.2], amplitude: [0.06, 0.05]", 2, 16,
     3, PETSC_FALSE, PETSC_TRUE},
};

static Solver Make(const char *physics, const Grid *g, const char *disc, int n, double phase)
{
  char yaml[1024], mesh[128];
  snprintf(mesh, sizeof mesh, g->mesh, n, n);
  snprintf(yaml, sizeof yaml,
           "mesh: {%s}\nphysics: {type: %s, nu: %g, kappa: %g, mu: %g, velocity: %s, manufactured: "
           "{omega: "
           "%g, phase: %.17g}, forcing: {list: [m], m: {type: manufactured}}}\ninitial: {type: "
           "manufactured}\ndisc: {type: fv, %s}\ntime: {type: ssprk3}\n",
           mesh, physics, g->diffuses ? 5e-3 : 0., g->diffuses ? 7e-3 : 0., g->diffuses ? 6e-3 : 0.,
           g->dim > 1 ? "[0.8, -0.5]" : "[0.8]", g->travels ? omega : 0., phase, disc);
  return eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
}

/* Mean error over the components, over the amplitude of the solution. */
static double Error(const char *physics, const Grid *g, const char *disc, double power, int n)
{
  Solver s = Make(physics, g, disc, n, 0), exact = Make(physics, g, disc, n, omega * T);
  const size_t size = (size_t)s.p->ncomp * (size_t)(g->dim > 1 ? n * n : n);
  const double *u = g->travels ? exact.u : NULL;
  double *start, sum = 0;
  CK_PETSC(PetscMalloc1(size, &start));
  memcpy(start, s.u, size * sizeof *start);
  eddy_test_advance_cfl(&s, T, .4 * (g->dim > 1 ? 1 : pow(16. / n, power - 1)));
  for (size_t i = 0; i < size; ++i)
    sum += fabs(s.u[i] - (u ? u : start)[i]) / (double)size;
  CK_PETSC(PetscFree(start));
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&exact);
  return sum / .1;
}

START_TEST(orders)
{
  const EddyPhysicsOps *ops;
  int seen = 0;
  printf("%-26s %-18s %-8s %9s %9s %9s  order\n", "physics", "grid", "scheme", "n", "2 n", "4 n");
  for (PetscInt k = 0; (ops = EddyPhysicsGetOps(EDDY_SIMD_V2, k)); ++k)
    for (size_t q = 0; q < sizeof grids / sizeof *grids; ++q) {
      const Grid *g = &grids[q];
      EddyBox box = {.dim = g->dim, .n = {8, g->dim > 1 ? 8 : 1, 1}, .upper = {1, 1, 1}};
      EddyPhysics p;
      EddyOptions o = eddy_test_options(PETSC_COMM_SELF, "physics: {nu: 0, kappa: 0}");
      if (g->dim < ops->dim_min || g->dim > ops->dim_max)
        continue;
      CK_PETSC(EddyPhysicsCreateFromOps(ops, EDDY_SIMD_V2, o, &box, &p));
      const int has = p->fv.ToPrim && ops->Flux;
      /* fluxes are taken at the middle of faces and primitive states from averages: second order but in one dimension and where these do not matter */
      const PetscBool high = (PetscBool)(g->dim == 1 && (p->ncomp == 1 || ops->degree == 1));
      CK_PETSC(EddyPhysicsDestroy(&p));
      CK_PETSC(EddyOptionsDestroy(&o));
      for (size_t r = 0; has && r < sizeof schemes / sizeof *schemes; ++r) {
        double e[3], order;
        for (int i = 0; i < g->grids; ++i)
          e[i] = Error(ops->name, g, schemes[r].disc, schemes[r].power, g->n << i);
        order = log2(e[1] / e[2]);
        printf("%-26s %-18s %-8s %.3e %.3e %.3e  %.2f\n", ops->name, g->name, schemes[r].name, e[0],
               e[1], e[2], order);
        ck_assert_msg(order >= (high ? schemes[r].design - .3 : 1.85) && e[2] <= .01,
                      "%s, %s, %s: %g %g %g", ops->name, g->name, schemes[r].name, e[0], e[1],
                      e[2]);
        ++seen;
      }
    }
  ck_assert_int_ge(seen, 36);
}
END_TEST

EDDY_SUITE("fv_manufactured", orders)
