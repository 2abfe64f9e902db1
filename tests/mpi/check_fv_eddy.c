/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 */
/* Smagorinsky's viscosity in a compressible flow against formulas: in a linear velocity field, where every difference is exact, and in a parabolic one; and closures on mapped grids:
   as on equal cells where the lines are straight, and a uniform pressure as a flux leaves a uniform state alone on any grid. */
#include "solver.h"
#include <math.h>
#include <string.h>

enum { DIM = 3 };
static const double A[DIM][DIM] = {{.3, -.2, .5}, {.7, .1, -.4}, {.2, .6, -.25}};

static void State(int dim, const double v[], double u[])
{
  double square = 0;
  u[0] = 1;
  for (int d = 0; d < dim; ++d) {
    u[1 + d] = v[d];
    square += v[d] * v[d];
  }
  u[1 + dim] = 2.5 + .5 * square;
}
static void Linear2(const PetscReal x[3], PetscReal u[])
{
  double v[2] = {0};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      v[i] += A[i][j] * x[j];
  State(2, v, u);
}
static void Linear3(const PetscReal x[3], PetscReal u[])
{
  double v[3] = {0};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      v[i] += A[i][j] * x[j];
  State(3, v, u);
}
/* u_y = x^2, x > 1 */
static void Parabola(const PetscReal x[3], PetscReal u[])
{
  const double v[2] = {0, x[0] * x[0]};
  State(2, v, u);
}

static double *Rhs(Solver *s, const char *name)
{
  PetscInt n;
  double *f, *x;
  CK_PETSC(EddyDiscCreateState(s->d, &f));
  CK_PETSC(s->d->ops->Rhs(s->d, &s->st, s->u, f, NULL, NULL));
  Solver a = *s;
  a.u = f;
  x = eddy_test_field(&a, NULL, name, &n);
  CK_PETSC(EddyDiscDestroyState(&f));
  return x;
}

#define GAS "physics: {type: compressible_navier_stokes, turbulent_prandtl: 0.7}\n"
#define OPEN2 \
  "boundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: {type: " \
  "outflow}}\ninitial: {type: zero}\ntime: {type: ssprk2}\n"
#define OPEN3 \
  "boundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: {type: " \
  "outflow}, zmin: {type: outflow}, zmax: {type: outflow}}\ninitial: {type: zero}\ntime: {type: " \
  "ssprk2}\n"
#define SMAGORINSKY "closure: {list: [s], s: {type: smagorinsky, constant: 0.2%s}}\n"

/* Whole fields at the cells two or more away from faces of the box: largest |got - constant - slope x|; the state of a cell is that at its low corner. */
static double Off(const Solver *s, const double *got, double constant, double slope)
{
  const PetscInt *n = s->d->box.n;
  double most = 0;
  for (PetscInt k = 0; k < n[2]; ++k)
    for (PetscInt j = 2; j < n[1] - 2; ++j)
      for (PetscInt i = 2; i < n[0] - 2; ++i) {
        const double x =
            s->d->box.lower[0] + (double)i * EddyBoxLength(&s->d->box, 0) / (double)n[0];
        if (s->d->box.dim > 2 && (k < 2 || k >= n[2] - 2))
          continue;
        most = fmax(most, fabs(got[(k * n[1] + j) * n[0] + i] - constant - slope * x));
      }
  return most;
}

/* What the closure adds to the right-hand side of a field, which is given away. */
static double Added(Solver *with, Solver *without, const char *name, double constant, double slope)
{
  double *a = Rhs(with, name), *b = Rhs(without, name), off;
  const PetscInt *n = with->d->box.n;
  for (PetscInt i = 0; i < n[0] * n[1] * n[2]; ++i)
    a[i] -= b[i];
  off = Off(with, a, constant, slope);
  CK_PETSC(PetscFree(a));
  CK_PETSC(PetscFree(b));
  return off;
}

static void LinearCase(int dim, const char *mesh, void (*state)(const PetscReal[3], PetscReal[]),
                       double delta)
{
  char yaml[2048], plain[1024];
  const double CI = .09;
  double ss = 0, trace = 0;
  PetscInt n;
  snprintf(plain, sizeof plain, "mesh: {%s}\n" GAS "%s", mesh, dim > 2 ? OPEN3 : OPEN2);
  snprintf(yaml, sizeof yaml, "%s" SMAGORINSKY, plain, ", isotropic: 0.09");
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, state),
         none = eddy_test_solver(PETSC_COMM_WORLD, plain, state);
  for (int i = 0; i < dim; ++i) {
    trace += A[i][i];
    for (int j = 0; j < dim; ++j)
      ss += .25 * (A[i][j] + A[j][i]) * (A[i][j] + A[j][i]);
  }
  const double rate2 = 2 * ss, nut = .04 * delta * delta * sqrt(rate2),
               q = 2 * CI * delta * delta * rate2;
  /* tau:grad u - (q/3) div u; the stress is uniform, so no force */
  const double heat = nut * (2 * ss - (2. / 3) * trace * trace) - q / 3 * trace;
  double *out = eddy_test_field(&s, NULL, "closure_out", &n);
  ck_assert_msg(Off(&s, out, nut, 0) < 1e-13, "nu_t in %d-D", dim);
  CK_PETSC(PetscFree(out));
  ck_assert_msg(Added(&s, &none, "energy", heat, 0) < 1e-11, "energy in %d-D", dim);
  ck_assert_msg(Added(&s, &none, "momentum_x", 0, 0) < 1e-11, "momentum in %d-D", dim);
  ck_assert(fabs(heat) > 1e-5);
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&none);
}

START_TEST(linear)
{
  LinearCase(2, "n: [12, 10], upper: [1.2, 1]", Linear2, .1);
  LinearCase(3, "n: [8, 7, 6], upper: [0.8, 0.7, 0.6]", Linear3, .1);
}
END_TEST

/* Conduction and diffusion by the viscosity: temperature 1 + x^2 and a dye 2 x^2 in the linear flow. */
static void Warm(const PetscReal x[3], PetscReal u[])
{
  Linear2(x, u);
  u[3] += 2.5 * x[0] * x[0];
  u[4] = 2 * x[0] * x[0];
}
static void WarmStill(const PetscReal x[3], PetscReal u[])
{
  Linear2(x, u);
  u[4] = 0;
}
START_TEST(turbulent_prandtl)
{
  static const char plain[] =
      "mesh: {n: [12, 10], upper: [1.2, 1]}\nphysics: {type: compressible_navier_stokes, "
      "turbulent_prandtl: 0.7, scalars: [dye]}\n" OPEN2;
  char yaml[2048];
  PetscInt n;
  snprintf(yaml, sizeof yaml, "%s" SMAGORINSKY, plain, "");
  double nut = 0, *added[2];
  for (int q = 0; q < 2; ++q) {
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, q ? WarmStill : Warm),
           none = eddy_test_solver(PETSC_COMM_WORLD, plain, q ? WarmStill : Warm);
    double *out = eddy_test_field(&s, NULL, "closure_out", &n), *without = Rhs(&none, "energy");
    nut = out[5 * 12 + 6];
    ck_assert_msg(Off(&s, out, nut, 0) < 1e-13, "nu_t");
    CK_PETSC(PetscFree(out));
    added[q] = Rhs(&s, "energy");
    for (PetscInt i = 0; i < n; ++i)
      added[q][i] -= without[i];
    CK_PETSC(PetscFree(without));
    if (!q) {
      const double off = Added(&s, &none, s.p->comp[4], nut / .7 * 4, 0);
      ck_assert_msg(off < 1e-11, "dye: %g", off);
    } else {
      for (PetscInt i = 0; i < n; ++i)
        added[0][i] -= added[1][i];
      ck_assert_msg(Off(&s, added[0], nut / .7 * 3.5 * 2, 0) < 1e-11, "conduction");
    }
    eddy_test_solver_end(&s);
    eddy_test_solver_end(&none);
  }
  ck_assert(nut > 1e-4);
  CK_PETSC(PetscFree(added[0]));
  CK_PETSC(PetscFree(added[1]));
}
END_TEST

START_TEST(parabola)
{
  static const char plain[] = "mesh: {n: [12, 9], lower: [1, 0], upper: [2.2, 0.9]}\n" GAS OPEN2;
  char yaml[2048];
  snprintf(yaml, sizeof yaml, "%s" SMAGORINSKY, plain, "");
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, Parabola),
         none = eddy_test_solver(PETSC_COMM_WORLD, plain, Parabola);
  /* |S| = 2 x, tau_xy = (C_s Delta)^2 (2 x)^2 */
  const double off = Added(&s, &none, "momentum_y", 0, 8 * .04 * .01);
  ck_assert_msg(off < 1e-11, "%g", off);
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&none);
}
END_TEST

/* ---- mapped grids ---- */

static const char *const density[] = {"density", NULL};
/* Pressure 1 + density: no mass, momentum along the axis of the direction. */
static PetscErrorCode Pressure(EddyClosure c, const EddyStage *s, const EddyBlock in[],
                               EddyBlock *out)
{
  const PetscInt dim = out->dim, nc = out->ncomp / dim;
  PetscFunctionBeginUser;
  for (PetscInt e = 0; e < dim; ++e)
    for (PetscInt j = 0; j < EddyBlockRows(out); ++j)
      for (PetscInt i = 0; i < out->count[0]; ++i)
        EddyBlockRow(out, e * nc + 1 + e, j)[i] += 1 + EddyBlockRow(&in[0], 0, j)[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}
/* All momenta, along and across. */
static PetscErrorCode Wild(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt q = 0; q < out->ncomp; ++q)
    for (PetscInt j = 0; j < EddyBlockRows(out); ++j)
      for (PetscInt i = 0; i < out->count[0]; ++i)
        EddyBlockRow(out, q, j)[i] += .1 * cos((double)q + 3 * EddyBlockRow(&in[0], 0, j)[i]);
  PetscFunctionReturn(PETSC_SUCCESS);
}
static const EddyClosureOps pressure = {.name = "pressure",
                                        .target = EDDY_TARGET_FLUX,
                                        .needs = density,
                                        .Apply = Pressure},
                            wild = {.name = "wild",
                                    .target = EDDY_TARGET_FLUX,
                                    .needs = density,
                                    .Apply = Wild};

/* A closed surface feels no force from a uniform pressure, whatever the normals of its faces. */
START_TEST(uniform)
{
  static const char *const meshes[] = {
      "mesh: {type: wavy, n: [12, 10], upper: [1, 1.2], amplitude: [0.08, 0.05]}\n",
      "mesh: {type: annulus, n: [9, 16], inner: 1, outer: 2.5}\nboundary: {xmin: {type: outflow}, "
      "xmax: {type: outflow}}\n",
      "mesh: {type: wavy, n: [8, 7, 6], upper: [1, 1, 1], amplitude: [0.06, 0.04, 0.05]}\n"};
  for (int q = 0; q < 3; ++q) {
    char yaml[1024];
    double most = 0;
    snprintf(yaml, sizeof yaml,
             "%sphysics: {type: euler}\ninitial: {type: uniform}\ndisc: {type: fv}\ntime: {type: "
             "ssprk2}\nclosure: {c: {mode: add}}\n",
             meshes[q]);
    Solver s = eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &pressure);
    double *f = Rhs(&s, "momentum_x"), *g = Rhs(&s, "momentum_y");
    const PetscInt *n = s.d->box.n;
    for (PetscInt k = 0; k < n[2]; ++k) /* faces of the box are left to the scheme */
      for (PetscInt j = 0; j < n[1]; ++j)
        for (PetscInt i = q == 1 ? 1 : 0; i < n[0] - (q == 1); ++i) {
          const PetscInt at = (k * n[1] + j) * n[0] + i;
          most = fmax(most, fmax(fabs(f[at]), fabs(g[at])));
        }
    ck_assert_msg(most < 1e-11, "%s %g", meshes[q], most);
    CK_PETSC(PetscFree(f));
    CK_PETSC(PetscFree(g));
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* Straight lines along the axes: the same as on equal cells, to rounding. */
static double Apart(Solver *a, Solver *b)
{
  double most = 0;
  for (int c = 0; c < 4; ++c) {
    PetscInt n;
    double *x = eddy_test_field(a, NULL, a->p->comp[c], &n),
           *y = eddy_test_field(b, NULL, b->p->comp[c], &n);
    for (PetscInt i = 0; i < n; ++i)
      most = fmax(most, fabs(x[i] - y[i]));
    CK_PETSC(PetscFree(x));
    CK_PETSC(PetscFree(y));
  }
  return most;
}

START_TEST(straight)
{
  static const char *const mesh[] = {"", ", type: wavy, amplitude: [0, 0]"},
                           rest[] = "physics: {type: compressible_navier_stokes, mu: 1e-3}\n"
                                    "initial: {type: linear_wave, amplitude: 0.1, k: [1, 1], wave: "
                                    "shear, flow: 0.5}\ndisc: {type: fv}\ntime: {type: ssprk2}\n",
                           *const closures[] = {"closure: {c: {mode: add}}\n",
                                                "closure: {c: {mode: replace, blend: 0.5}}\n",
                                                "closure: {list: [s], s: {type: smagorinsky, "
                                                "constant: 0.5, isotropic: 0.1}}\n"};
  for (int q = 0; q < 3; ++q) {
    Solver s[2], none = {0};
    PetscReal rate[2];
    for (int m = 0; m < 2; ++m) {
      char yaml[1024];
      snprintf(yaml, sizeof yaml, "mesh: {n: [16, 12]%s}\n%s%s", mesh[m], rest, closures[q]);
      s[m] = q < 2 ? eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &wild)
                   : eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
      if (!m) {
        *strstr(yaml, "closure") = 0;
        none = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
        eddy_test_advance(&none, .02, 8);
      }
      eddy_test_advance(&s[m], .02, 8);
      CK_PETSC(s[m].d->ops->Courant(s[m].d, &s[m].st, s[m].u, &rate[m]));
    }
    ck_assert_msg(Apart(&s[0], &s[1]) < 1e-12, "%s %g", closures[q], Apart(&s[0], &s[1]));
    ck_assert(Apart(&s[0], &none) > 1e-6);
    ck_assert_msg(fabs(rate[0] - rate[1]) < 1e-6 * rate[0], "%s rate %g, mapped %g", closures[q],
                  rate[0], rate[1]);
    eddy_test_solver_end(&s[0]);
    eddy_test_solver_end(&s[1]);
    eddy_test_solver_end(&none);
  }
}
END_TEST

EDDY_SUITE("fv_eddy", linear, turbulent_prandtl, parabola, uniform, straight)
