/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* ETDRK4 against the table of error levels (tests/reference/etdrk4_error_vs_step.csv): the relative maximum error against the own finest solution within a
   factor 2 of the table, and the order 4 +- 0.15 on Burgers and Allen-Cahn. Set-ups: Kassam and Trefethen (2005), Zabusky and Kruskal (1965), Chebfun `spin`. */
#include "solver.h"
#include <math.h>
#include <string.h>

static double Sech2(double x) { return 1 / (cosh(x) * cosh(x)); }
static void StartKs(const PetscReal x[3], PetscReal u[])
{
  u[0] = cos(x[0] / 16) * (1 + sin(x[0] / 16));
}
static void StartKdv(const PetscReal x[3], PetscReal u[])
{
  u[0] = 3 * 625 * Sech2(.5 * 25 * (x[0] + 2)) + 3 * 256 * Sech2(.5 * 16 * (x[0] + 1));
}
static void StartBurgers(const PetscReal x[3], PetscReal u[])
{
  u[0] = exp(-10 * sin(x[0] / 2) * sin(x[0] / 2));
}
static void StartZk(const PetscReal x[3], PetscReal u[]) { u[0] = cos(PETSC_PI * x[0]); }
static void StartAc(const PetscReal x[3], PetscReal u[])
{
  const double a = x[0] - PETSC_PI / 2, b = x[0] - 4.2, c = x[0] - 5.4;
  u[0] = tanh(2 * sin(x[0])) / 3 - exp(-23.5 * a * a) + exp(-27 * b * b) + exp(-38 * c * c);
}

typedef struct {
  const char *name, *yaml;
  void (*start)(const PetscReal x[3], PetscReal u[]);
  double order_bound; /* |order - 4|, 0: level only */
} Problem;

static const Problem problems[] = {
    {"ks_kt",
     "mesh: {type: box, n: [256], upper: [32pi]}\nphysics: {type: ks}\ndisc: {dealias: none}\n",
     StartKs, 0},
    {"kdv_two_soliton_kt",
     "mesh: {type: box, n: [512], lower: [-pi], upper: [pi]}\nphysics: {type: kdv}\ndisc: "
     "{dealias: none}\n",
     StartKdv, 0},
    {"burgers_kt",
     "mesh: {type: box, n: [256], lower: [-pi], upper: [pi]}\nphysics: {type: burgers, nu: "
     "0.03}\ndisc: {dealias: none}\n",
     StartBurgers, .15},
    {"zabusky_kruskal",
     "mesh: {type: box, n: [512], upper: [2]}\nphysics: {type: kdv, delta: 4.84e-4}\ndisc: "
     "{dealias: none}\n",
     StartZk, 0},
    {"allen_cahn_periodic",
     "mesh: {type: box, n: [256], upper: [2pi]}\nphysics: {type: allen_cahn, epsilon: 5e-3}\ndisc: "
     "{dealias: none}\n",
     StartAc, .15},
};

static double *Solve(const Problem *p, double t, PetscInt64 n, PetscInt *size)
{
  Solver s = eddy_test_solver(PETSC_COMM_SELF, p->yaml, p->start);
  eddy_test_advance(&s, t, n);
  double *u = eddy_test_field(&s, NULL, s.p->comp[0], size);
  eddy_test_solver_end(&s);
  return u;
}

/* All lines of the table with this problem and end time. */
static void Compare(const Problem *p, double t, int n, const PetscInt64 steps[],
                    const double expected[])
{
  PetscInt size;
  double *fine = Solve(p, t, 4 * steps[n - 1], &size), h[16], e[16], scale = 0;
  for (PetscInt i = 0; i < size; ++i)
    scale = fmax(scale, fabs(fine[i]));
  for (int k = 0; k < n; ++k) {
    double *u = Solve(p, t, steps[k], &size);
    h[k] = t / (double)steps[k];
    e[k] = 0;
    for (PetscInt i = 0; i < size; ++i)
      e[k] = fmax(e[k], fabs(u[i] - fine[i]) / scale);
    CK_PETSC(PetscFree(u));
    printf("%-20s t %-8.5g steps %-5d error %.3e table %.3e\n", p->name, t, (int)steps[k], e[k],
           expected[k]);
  }
  CK_PETSC(PetscFree(fine));
  for (int k = 0; k < n; ++k)
    ck_assert_msg(e[k] < 2 * expected[k] && e[k] > expected[k] / 2,
                  "%s: %d steps: error %.3e, table %.3e", p->name, (int)steps[k], e[k],
                  expected[k]);
  if (p->order_bound > 0) {
    const double order = eddy_test_order(3, h + n - 3, e + n - 3);
    ck_assert_msg(fabs(order - 4) <= p->order_bound, "%s: order %.3f", p->name, order);
  }
}

START_TEST(test_levels)
{
  FILE *f = fopen(EDDY_TEST_REFERENCE "/etdrk4_error_vs_step.csv", "r");
  char line[256], name[64], last[64] = "";
  int n = 0, N, steps, compared = 0;
  double dt, error, t_last = 0, expected[16];
  PetscInt64 count[16];
  ck_assert_ptr_nonnull(f);
  for (PetscBool more = PETSC_TRUE; more;) {
    more = fgets(line, sizeof line, f) ? PETSC_TRUE : PETSC_FALSE;
    const PetscBool row =
        more && sscanf(line, "%63[^,],%d,%d,%lf,%lf", name, &N, &steps, &dt, &error) == 5
            ? PETSC_TRUE
            : PETSC_FALSE;
    if (more && !row)
      continue;
    if (n && (!more || strcmp(name, last) || fabs(dt * steps - t_last) > 1e-6 * t_last)) {
      for (size_t i = 0; i < sizeof problems / sizeof *problems; ++i)
        if (!strcmp(problems[i].name, last)) {
          Compare(&problems[i], t_last, n, count, expected);
          ++compared;
        }
      n = 0;
    }
    if (!row)
      continue;
    strcpy(last, name);
    t_last = dt * steps;
    count[n] = steps;
    expected[n++] = error;
  }
  fclose(f);
  ck_assert_int_eq(compared, 6);
}
END_TEST

EDDY_SUITE("etdrk4", test_levels)
