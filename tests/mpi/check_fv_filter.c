/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Box filter of finite volumes: every coarse average is the mean of its cells whatever the ranks, sums stay, fields are those of a run on the coarse grid. */
#include "cell.h"
#include "fv.h"
#include "solver.h"
#include <math.h>
#include <string.h>

static void Start2(const PetscReal x[3], PetscReal u[])
{
  u[0] = 1 + .3 * x[0] * x[1] + .1 * cos(9 * x[0]);
  u[1] = .4 * x[1] * u[0];
  u[2] = -.2 * x[0];
  u[3] = 3 + x[0];
}
static void Start1(const PetscReal x[3], PetscReal u[]) { u[0] = exp(x[0]) + .2 * cos(17 * x[0]); }
static void Start3(const PetscReal x[3], PetscReal u[])
{
  u[0] = x[0] + sin(5 * x[1]) * cos(3 * x[2]);
}

static const struct {
  const char *yaml, *component[4];
  void (*start)(const PetscReal x[3], PetscReal u[]);
  PetscInt fine[3], n[3];
} cases[] = {
    {"mesh: {n: [24, 20]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: {type: "
     "reflecting}}\n",
     {"density", "momentum_x", "momentum_y", "energy"},
     Start2,
     {24, 20, 1},
     {6, 4, 1}},
    {"mesh: {n: [40]}\nphysics: {type: burgers}\ndisc: {type: fv}\n",
     {"u"},
     Start1,
     {40, 1, 1},
     {5, 1, 1}},
    {"mesh: {n: [8, 12, 6]}\nphysics: {type: advection, velocity: [1, 1, 1]}\ndisc: {type: fv}\n",
     {"u"},
     Start3,
     {8, 12, 6},
     {4, 4, 6}},
    {"mesh: {type: wavy, n: [24, 20], amplitude: [0.06, 0.06]}\nphysics: {type: euler}\nboundary: "
     "{xmin: {type: outflow}, xmax: {type: reflecting}}\n",
     {"density", "momentum_x", "momentum_y", "energy"},
     Start2,
     {24, 20, 1},
     {6, 4, 1}},
    {"mesh: {type: wavy, n: [8, 12, 6], amplitude: [0.03, 0.03, 0.03]}\nphysics: {type: advection, "
     "velocity: [1, 1, 1]}\ndisc: {type: fv}\n",
     {"u"},
     Start3,
     {8, 12, 6},
     {4, 4, 6}},
};
enum { MAPPED = 3 };

static double Volume(const EddyBox *box, PetscInt i, PetscInt j, PetscInt k)
{
  const PetscInt at[3] = {i, j, k};
  PetscReal volume = 1, centre[3], least;
  if (box->mapped)
    EddyCellMeasure(box, at, &volume, centre, &least);
  return volume;
}

START_TEST(averages)
{
  for (size_t q = 0; q < sizeof cases / sizeof *cases; ++q) {
    const PetscInt *n = cases[q].n, *N = cases[q].fine;
    EddyFilter f = {.name = "a", .kind = EDDY_FILTER_BOX, .n = {n[0], n[1], n[2]}, .width = 1};
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, cases[q].yaml, cases[q].start);
    for (int c = 0; c < 4 && cases[q].component[c]; ++c) {
      PetscInt all, some;
      double *fine = eddy_test_field(&s, NULL, cases[q].component[c], &all),
             *coarse = eddy_test_field(&s, &f, cases[q].component[c], &some), sum[2] = {0, 0},
             total = 0;
      ck_assert_int_eq(some, n[0] * n[1] * n[2]);
      for (PetscInt k = 0; k < n[2]; ++k)
        for (PetscInt j = 0; j < n[1]; ++j)
          for (PetscInt i = 0; i < n[0]; ++i) {
            const PetscInt r[3] = {N[0] / n[0], N[1] / n[1], N[2] / n[2]};
            double mean = 0, volume = 0;
            for (PetscInt z = k * r[2]; z < (k + 1) * r[2]; ++z)
              for (PetscInt y = j * r[1]; y < (j + 1) * r[1]; ++y)
                for (PetscInt x = i * r[0]; x < (i + 1) * r[0]; ++x) {
                  const double v = Volume(&s.mesh->box, x, y, z);
                  mean += v * fine[(z * N[1] + y) * N[0] + x];
                  volume += v;
                }
            mean /= volume;
            total += volume;
            ck_assert(fabs(coarse[(k * n[1] + j) * n[0] + i] - mean) <= 1e-15 * (1 + fabs(mean)));
            sum[1] += volume * coarse[(k * n[1] + j) * n[0] + i];
          }
      for (PetscInt i = 0; i < all; ++i)
        sum[0] += Volume(&s.mesh->box, i % N[0], i / N[0] % N[1], i / N[0] / N[1]) * fine[i];
      sum[0] /= total;
      sum[1] /= total;
      ck_assert(fabs(sum[1] - sum[0]) <= 1e-14 * (1 + fabs(sum[0])));
      CK_PETSC(PetscFree(fine));
      CK_PETSC(PetscFree(coarse));
    }
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* Bits on all ranks and alone; gradients and pressure are those of a coarse run that starts from the averages. */
static void Fields(int k)
{
  static const char *const names[] = {"density", "pressure", "velocity", "gradient_magnitude",
                                      "laplacian"};
  EddyFilter f = {.name = "a", .kind = EDDY_FILTER_BOX, .n = {6, 4, 1}, .width = 1};
  char coarse[512];
  double *state;
  PetscInt n;
  Solver all = eddy_test_solver(PETSC_COMM_WORLD, cases[k].yaml, Start2),
         one = eddy_test_solver(PETSC_COMM_SELF, cases[k].yaml, Start2), c;
  snprintf(coarse, sizeof coarse, "mesh: {%sn: [6, 4]%s}%s", k == MAPPED ? "type: wavy, " : "",
           k == MAPPED ? ", amplitude: [0.06, 0.06]" : "", strchr(cases[k].yaml, '\n'));
  c = eddy_test_solver(PETSC_COMM_SELF, coarse, Start2);
  CK_PETSC(PetscMalloc1(4 * 24, &state));
  for (int q = 0; q < 4; ++q) {
    double *v = eddy_test_field(&one, &f, cases[k].component[q], &n);
    memcpy(state + q * 24, v, 24 * sizeof *v);
    CK_PETSC(PetscFree(v));
  }
  CK_PETSC(c.d->ops->Load(c.d, f.n, state, c.u));
  for (size_t q = 0; q < sizeof names / sizeof *names - (k == MAPPED); ++q) /* no laplacian there */
  {
    double *a = eddy_test_field(&all, &f, names[q], &n),
           *b = eddy_test_field(&one, &f, names[q], &n),
           *e = eddy_test_field(&c, NULL, names[q], &n);
    ck_assert_int_eq(n, q == 2 ? 48 : 24);
    ck_assert_msg(!memcmp(a, b, (size_t)n * sizeof *a), "%s: other bits on more ranks", names[q]);
    ck_assert_msg(!memcmp(a, e, (size_t)n * sizeof *a), "%s: not that of a coarse run", names[q]);
    CK_PETSC(PetscFree(a));
    CK_PETSC(PetscFree(b));
    CK_PETSC(PetscFree(e));
  }
  CK_PETSC(PetscFree(state));
  eddy_test_solver_end(&all);
  eddy_test_solver_end(&one);
  eddy_test_solver_end(&c);
}

START_TEST(fields)
{
  Fields(0);
  Fields(MAPPED);
}
END_TEST

/* Every second vertex runs backwards: what stands between them does not matter here. */
static void Backwards(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  x[0] = i[0] % 2 ? i[0] : -i[0];
  x[1] = i[1];
  x[2] = 0;
}

START_TEST(folded_cells_are_refused)
{
  const EddyVertices vertices = {Backwards, NULL};
  const EddyBox box = {.dim = 2, .n = {8, 8, 1}, .mapped = &vertices};
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, "filters: {list: [a], a: {n: [4, 4]}}\n");
  char *said = NULL;
  eddy_test_expect_errors(PETSC_TRUE);
  const PetscErrorCode ierr = EddyFvFilterCheck(o, &box);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_int_eq(ierr, EDDY_ERR_INPUT);
  CK_PETSC(PetscErrorMessage(ierr, NULL, &said));
  ck_assert_ptr_nonnull(strstr(said, "cell (0, 0, 0) with straight edges is folded"));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

EDDY_SUITE("fv_filter", averages, fields, folded_cells_are_refused)
