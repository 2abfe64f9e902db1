/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* The Cole-Hopf solution against a table in 30 digits (tests/reference/burgers_colehopf.csv), nu = 0.01/pi: before, at and long
   after the front has formed. Three of its rows, at t = 0.75, are off by 1e-13 to 1.3e-12 against a quadrature in quadruple precision,
   whose values are checked too. */
#include "physics.h"
#include "support.h"
#include <math.h>

static EddyPhysics Make(EddyOptions *o)
{
  const EddyBox box = {.dim = 1, .n = {64, 1, 1}, .lower = {-1, 0, 0}, .upper = {1, 1, 1}};
  EddyPhysics p;
  *o = eddy_test_options(PETSC_COMM_WORLD, "physics: {type: burgers, nu: 3.183098861837907e-3}");
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, *o, &box, &p));
  return p;
}

START_TEST(exact_matches_the_table)
{
  char line[512];
  double x, t, u;
  int rows = 0;
  EddyOptions o;
  EddyPhysics p = Make(&o);
  FILE *file = fopen(EDDY_TEST_REFERENCE "/burgers_colehopf.csv", "r");
  ck_assert_ptr_nonnull(file);
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%lf,%lf,%lf", &x, &t, &u) != 3)
      continue;
    const PetscReal at[3] = {x, 0, 0}, mirror[3] = {-x, 0, 0};
    PetscReal v, w;
    p->ops->Exact(p->ctx, at, t, &v);
    p->ops->Exact(p->ctx, mirror, t, &w);
    ck_assert_msg(fabs(v - u) < 1.5e-12, "u(%g, %g) = %.15g, table %.15g", x, t, v, u);
    ck_assert_double_eq_tol(w, -v, 1e-12);
    ++rows;
  }
  fclose(file);
  ck_assert_int_ge(rows, 20);
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

/* trapezoidal rule of 2001 points in quadruple precision, step 0.02 in s / sqrt(4 nu t) */
START_TEST(exact_matches_quadruple_precision)
{
  static const double rows[][3] = {{.1, .75, -0.80039599247502891},
                                   {.02, .75, -0.85235890114469159},
                                   {.05, .75, -0.83793929664323752},
                                   {.1, .5, -0.95815955341890569},
                                   {.5, .25, -0.80319842084063253}};
  EddyOptions o;
  EddyPhysics p = Make(&o);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    const PetscReal at[3] = {rows[i][0], 0, 0};
    PetscReal v;
    p->ops->Exact(p->ctx, at, rows[i][1], &v);
    ck_assert_double_eq_tol(v, rows[i][2], 1e-14);
  }
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

/* largest slope 152.00516 at pi t = 1.60369 [Basdevant1986] */
START_TEST(slope_of_the_front)
{
  EddyOptions o;
  EddyPhysics p = Make(&o);
  const double h = 1e-5, times[3] = {1.60269, 1.60369, 1.60469};
  double slope[3];
  for (int i = 0; i < 3; ++i) {
    const PetscReal at[3] = {h, 0, 0};
    PetscReal v;
    p->ops->Exact(p->ctx, at, times[i] / PETSC_PI, &v);
    slope[i] = -v / h;
  }
  ck_assert_double_eq_tol(slope[1], 152.00516, 1e-3);
  ck_assert(slope[1] > slope[0] && slope[1] > slope[2]);
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

EDDY_SUITE("burgers", exact_matches_the_table, exact_matches_quadruple_precision,
           slope_of_the_front)
