/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Oscillations in a bowl b = h0 (r^2/a^2 - 1) with a moving shore [Thacker1981], errors by grids at eight times of a period: planar (the surface stays plane and
   swings, 1-D, or goes round, 2-D) and radial (water rises and falls in the middle), the mean error of depth and discharge and of the place where the depth is
   5e-3 h0. The parameters are those of SWASHES [Delestre2013]. */
#include "solver.h"
#include <math.h>

enum { TIMES = 8 };
typedef enum { PLANAR_1D, PLANAR_2D, RADIAL } Kind;
static const double h0s[] = {.5, .1, .1}, centre = 2, gravity = 9.81;

/* Of Start */
static Kind kind;
static double half_cell;

static double Omega(Kind k) { return sqrt((k == RADIAL ? 8 : 2) * gravity * h0s[k]); }

/* Depth and discharge at a place */
static void Exact(Kind k, double x, double y, double t, double u[3])
{
  const double h0 = h0s[k], w = Omega(k), c = cos(w * t), s = sin(w * t), shift = .5;
  const double X = x - centre, Y = k == PLANAR_1D ? 0 : y - centre, r2 = X * X + Y * Y;
  double v[2], h;
  if (k == RADIAL) {
    const double r0 = .8, A = (1 - r0 * r0) / (1 + r0 * r0), f = 1 / (1 - A * c);
    h = h0 * (sqrt(1 - A * A) * f - r2 * (1 - A * A) * f * f);
    v[0] = .5 * w * X * A * s * f;
    v[1] = .5 * w * Y * A * s * f;
  } else {
    const double level = k == PLANAR_1D ? 2 * X * c - shift * c * c : 2 * X * c + 2 * Y * s - shift;
    h = shift * h0 * level - h0 * (r2 - 1);
    v[0] = -shift * w * s;
    v[1] = shift * w * c;
  }
  u[0] = fmax(0, h);
  u[1] = u[0] * v[0];
  u[2] = u[0] * v[1];
}
static void Start(const PetscReal x[3], PetscReal u[])
{
  double e[3];
  Exact(kind, x[0] + half_cell, x[1] + half_cell, 0, e);
  for (int q = 0; q < (kind == PLANAR_1D ? 2 : 3); ++q)
    u[q] = e[q];
}

/* Both places on the line through the middle where the depth h[n] of cells falls through eps, as distances from the middle; linear between cells. */
static void Edges(const double *h, int n, double eps, double edge[2])
{
  for (int side = 0; side < 2; ++side) {
    int i = side ? n - 1 : 0;
    const int in = side ? -1 : 1;
    while (h[i + in] <= eps)
      i += in;
    edge[side] = fabs((i + .5 + in * (eps - h[i]) / (h[i + in] - h[i])) * 4 / n - centre);
  }
}
static void ExactEdges(Kind k, double y, double t, double eps, double edge[2])
{
  for (int side = 0; side < 2; ++side) {
    double in = 0, out = 1.9, u[3];
    Exact(k, centre, y, t, u);
    if (u[0] <= eps) /* the middle is dry: not in these oscillations */
      ck_abort();
    while (out - in > 1e-12) {
      const double middle = .5 * (in + out);
      Exact(k, centre + (side ? middle : -middle), y, t, u);
      if (u[0] > eps)
        in = middle;
      else
        out = middle;
    }
    edge[side] = in;
  }
}

static void Run(Kind k, int n, double error[3])
{
  char yaml[512], mesh[64];
  const int dim = k == PLANAR_1D ? 1 : 2, rows = dim == 1 ? 1 : n;
  const double eps = 5e-3 * h0s[k], dx = 4. / n, period = 2 * PETSC_PI / Omega(k);
  const size_t cells = (size_t)n * (size_t)rows;
  kind = k;
  half_cell = .5 * dx;
  snprintf(mesh, sizeof mesh, dim == 1 ? "n: [%d], upper: [4]" : "n: [%d, %d], upper: [4, 4]", n,
           n);
  snprintf(yaml, sizeof yaml,
           "mesh: {%s}\nphysics: {type: shallow_water, g: 9.81, bathymetry: {type: bowl, height: "
           "%g, width: 1}}\nboundary: {xmin: {type: reflecting}, xmax: {type: reflecting}}\ntime: "
           "{type: ssprk2}\n",
           mesh, h0s[k]);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Start);
  const double before = eddy_test_diagnostic(&s, "volume");
  error[0] = error[1] = error[2] = 0;
  for (int q = 1; q <= TIMES; ++q) {
    double edge[2], exact[2], e[3];
    const double t = q * period / TIMES;
    eddy_test_advance_cfl(&s, t, .4);
    for (size_t c = 0; c < cells; ++c) {
      Exact(k, ((double)(c % (size_t)n) + .5) * dx, ((double)(c / (size_t)n) + .5) * dx, t, e);
      ck_assert_msg(s.u[c] >= 0, "depth %g", s.u[c]);
      error[0] += fabs(s.u[c] - e[0]) / h0s[k] / (double)cells / TIMES;
      for (int d = 0; d < dim; ++d)
        error[1] += fabs(s.u[cells * (size_t)(1 + d) + c] - e[1 + d]) /
                    (h0s[k] * sqrt(gravity * h0s[k])) / (double)cells / TIMES;
    }
    Edges(s.u + (rows / 2) * n, n, eps, edge);
    ExactEdges(k, (rows / 2 + .5) * dx, t, eps, exact);
    for (int side = 0; side < 2; ++side)
      error[2] += fabs(edge[side] - exact[side]) / 2 / TIMES;
  }
  ck_assert(fabs(eddy_test_diagnostic(&s, "volume") / before - 1) <=
            1e-14 * PetscMax(1, 1e-3 * (double)s.st.step));
  eddy_test_solver_end(&s);
}

/* Largest error on the finest grid and least order, of depth, discharge and edge */
static void Table(const char *name, Kind k, int n, int grids, const double bound[3],
                  const double order[3])
{
  double h[4], e[3][4], all[3];
  for (int g = 0; g < grids; ++g) {
    Run(k, n << g, all);
    h[g] = 4. / (n << g);
    for (int q = 0; q < 3; ++q)
      e[q][g] = all[q];
    printf("%s %4d cells: depth %.2e, discharge %.2e, edge %.2e (%.2f of a cell)\n", name, n << g,
           all[0], all[1], all[2], all[2] / h[g]);
  }
  for (int q = 0; q < 3; ++q) {
    const double p = eddy_test_order(grids, h, e[q]);
    printf("%s order %.2f\n", name, p);
    ck_assert_msg(p >= order[q] && e[q][grids - 1] <= bound[q], "%s, %d: order %g, error %g", name,
                  q, p, e[q][grids - 1]);
  }
}

START_TEST(planar_1d)
{
  Table("planar 1-D", PLANAR_1D, 100, 4, (double[]){8e-5, 8e-5, 1e-3}, (double[]){1.5, 1.5, 1.2});
}
END_TEST
START_TEST(planar_2d)
{
  Table("planar 2-D", PLANAR_2D, 40, 3, (double[]){7e-4, 1e-3, 9e-3}, (double[]){1.4, 1.4, 1.2});
}
END_TEST
START_TEST(radial)
{
  Table("radial", RADIAL, 40, 3, (double[]){7e-4, 1e-3, 9e-3}, (double[]){1.4, 1.4, 1.2});
}
END_TEST

EDDY_SUITE("bowl", planar_1d, planar_2d, radial)
