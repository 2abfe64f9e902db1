/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* One-dimensional exact solutions: Burgers by Cole-Hopf (tests/reference/burgers_colehopf.csv), the KdV soliton. */
#include "solver.h"
#include <math.h>

static void Sine(const PetscReal x[3], PetscReal u[]) { u[0] = -sin(PETSC_PI * x[0]); }

START_TEST(test_cole_hopf)
{
  FILE *f = fopen(EDDY_TEST_REFERENCE "/burgers_colehopf.csv", "r");
  char line[256];
  double x, t, expected, worst = 0;
  int compared = 0;
  ck_assert_ptr_nonnull(f);
  /* u_t + u u_x = nu u_xx on [-1, 1], nu = 0.01/pi: the front is 1/(150) wide, 2048 points leave 1e-10 */
  Solver s = eddy_test_solver(PETSC_COMM_SELF,
                              "mesh: {type: box, n: [2400], lower: [-1], upper: [1]}\nphysics: "
                              "{type: burgers, nu: 3.183098861837907e-3}\n",
                              Sine);
  while (fgets(line, sizeof line, f))
    if (sscanf(line, "%lf,%lf,%lf", &x, &t, &expected) == 3) {
      PetscInt n;
      if (t > s.st.t)
        eddy_test_advance(&s, t, 1000);
      double *u = eddy_test_field(&s, NULL, s.p->comp[0], &n);
      const PetscInt i = (PetscInt)floor((x + 1) * 1200 + .5);
      ck_assert(fabs(-1 + i / 1200. - x) < 1e-12);
      worst = fmax(worst, fabs(u[i] - expected));
      ++compared;
      CK_PETSC(PetscFree(u));
    }
  fclose(f);
  ck_assert_int_eq(compared, 24);
  ck_assert_msg(worst < 1e-10, "largest difference from Cole-Hopf %g", worst);
  eddy_test_solver_end(&s);
}
END_TEST

/* u = 3 c sech^2(sqrt(c)/2 (x - c t)) of u_t + u u_x + u_xxx = 0; box long enough that the periodic images are below round-off. */
static void Soliton(const PetscReal x[3], PetscReal u[])
{
  const double c = 4, s = 1 / cosh(sqrt(c) / 2 * x[0]);
  u[0] = 3 * c * s * s;
}
START_TEST(test_soliton)
{
  PetscInt n;
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {type: box, n: [384], lower: [-20], upper: [20]}\nphysics: {type: kdv}\n", Soliton);
  static const char *const kept[] = {"mass", "momentum", "hamiltonian"};
  double start[3], error = 0;
  for (int i = 0; i < 3; ++i)
    start[i] = eddy_test_diagnostic(&s, kept[i]);
  eddy_test_advance(&s, 10, 40000); /* once around the box: 40 = c t */
  double *u = eddy_test_field(&s, NULL, s.p->comp[0], &n);
  for (PetscInt i = 0; i < n; ++i) {
    const PetscReal x[3] = {-20 + 40. * i / n, 0, 0};
    PetscReal e[1];
    Soliton(x, e);
    error = fmax(error, fabs(u[i] - e[0]) / 12);
  }
  ck_assert_msg(error < 1e-8, "soliton after one turn: relative error %g", error);
  for (int i = 0; i < 3; ++i) {
    const double drift = fabs(eddy_test_diagnostic(&s, kept[i]) / start[i] - 1);
    ck_assert_msg(drift < 1e-10, "%s drifts by %g", kept[i], drift);
  }
  CK_PETSC(PetscFree(u));
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("exact", test_cole_hopf, test_soliton)
