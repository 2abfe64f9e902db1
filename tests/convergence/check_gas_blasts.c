/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Strong shocks: Shu-Osher and Woodward-Colella against own fine grids, the point blast of Sedov and the implosion of Noh against exact solutions
   (tests/reference/sedov_constants.csv, noh_constants.csv). */
#include "solver.h"
#include <math.h>
#include <string.h>

/* Row of a reference table with the first two columns j and gamma; `values` columns after them. */
static void Constants(const char *file, int j, double gamma, int values, double v[])
{
  char path[512], line[512];
  snprintf(path, sizeof path, "%s/%s", EDDY_TEST_REFERENCE, file);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  PetscBool found = PETSC_FALSE;
  while (!found && fgets(line, sizeof line, f)) {
    char *at = line;
    const double row = strtod(at, &at);
    if (at == line || *at != ',' || (int)row != j || fabs(strtod(at + 1, &at) - gamma) > 1e-6)
      continue;
    for (int q = 0; q < values; ++q) {
      ck_assert(*at == ',');
      v[q] = strtod(at + 1, &at);
    }
    found = PETSC_TRUE;
  }
  fclose(f);
  ck_assert_msg(found, "%s has no row %d, %g", file, j, gamma);
}

/* ---- one dimension: mean difference of density to the averages of the finest grid ---- */

enum { COARSE = 200, GRIDS = 3, FINE = 2400 };
static const char *const schemes[] = {"reconstruction: muscl", "reconstruction: ppm",
                                      "reconstruction: weno5"};

static void Density(const char *text, const char *disc, int n, double t, double rho[])
{
  char yaml[768];
  snprintf(yaml, sizeof yaml, "mesh: {n: [%d], %s}\ndisc: {%s}\ntime: {type: ssprk3}\n", n, text,
           disc);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, t, .6);
  memcpy(rho, s.u, (size_t)n * sizeof *rho);
  eddy_test_solver_end(&s);
}

/* least: of the slope fitted through all grids; most: mean error on the finest of them. */
static void Line(const char *name, const char *text, double t, const double least[],
                 const double most[])
{
  static double fine[FINE], rho[FINE];
  for (int q = 0; q < 3; ++q) {
    double e[GRIDS];
    Density(text, schemes[q], FINE, t, fine);
    for (int g = 0; g < GRIDS; ++g) {
      const int n = COARSE << g, part = FINE / n;
      Density(text, schemes[q], n, t, rho);
      e[g] = 0;
      for (int i = 0; i < n; ++i) {
        double mean = 0;
        for (int k = 0; k < part; ++k)
          mean += fine[i * part + k] / part;
        e[g] += fabs(rho[i] - mean) / n;
      }
    }
    const double slope = .5 * log2(e[0] / e[2]); /* least squares through three grids */
    printf("%s, %s: mean errors %.4f %.4f %.4f, slope %.2f\n", name, schemes[q], e[0], e[1], e[2],
           slope);
    ck_assert_msg(slope >= least[q] && e[2] <= most[q], "%s, %s: %g %g %g, slope %g", name,
                  schemes[q], e[0], e[1], e[2], slope);
  }
}

START_TEST(shu_osher)
{
  static const double least[] = {.8, 1.2, 1.2}, most[] = {.025, .015, .015};
  Line("Shu-Osher",
       "lower: [-5], upper: [5]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: "
       "{type: outflow}}\ninitial: {type: shu_osher",
       1.8, least, most);
}
END_TEST

START_TEST(woodward_colella)
{
  static const double least[] = {.8, .8, .75}, most[] = {.06, .05, .06};
  Line("Woodward-Colella",
       "lower: [0], upper: [1]}\nphysics: {type: euler}\nboundary: {xmin: {type: reflecting}, "
       "xmax: {type: reflecting}}\ninitial: {type: woodward_colella",
       .038, least, most);
}
END_TEST

/* ---- around a point: the corner of a box with slip walls through the point ---- */

enum { MAX_RINGS = 400 };

static Solver Corner(int dim, int n, double size, double gamma, const char *start, const char *disc)
{
  char yaml[1024], at[64];
  snprintf(at, sizeof at, dim > 2 ? "[%d, %d, %d]" : dim > 1 ? "[%d, %d]" : "[%d]", n, n, n);
  int used = snprintf(yaml, sizeof yaml, "mesh: {n: %s, ", at);
  snprintf(at, sizeof at,
           dim > 2   ? "[%g, %g, %g]"
           : dim > 1 ? "[%g, %g]"
                     : "[%g]",
           size, size, size);
  used += snprintf(yaml + used, sizeof yaml - (size_t)used,
                   "upper: %s}\nphysics: {type: euler, gamma: %.17g}\nboundary: {xmin: {type: "
                   "slip}, xmax: {type: outflow}%s%s}\n",
                   at, gamma, dim > 1 ? ", ymin: {type: slip}, ymax: {type: outflow}" : "",
                   dim > 2 ? ", zmin: {type: slip}, zmax: {type: outflow}" : "");
  snprintf(yaml + used, sizeof yaml - (size_t)used,
           "initial: {centre: %s, %s}\ndisc: {%s}\ntime: {type: ssprk3}\n",
           dim > 2   ? "[0, 0, 0]"
           : dim > 1 ? "[0, 0]"
                     : "[0]",
           start, disc);
  return eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
}

/* Distance of a cell's centre from the corner, in cells. */
static double Away(int dim, int n, int cell)
{
  double r2 = 0;
  for (int d = 0; d < dim; ++d, cell /= n)
    r2 += (cell % n + .5) * (cell % n + .5);
  return sqrt(r2);
}

static int Cells(int dim, int n) { return dim > 2 ? n * n * n : dim > 1 ? n * n : n; }

/* Mean density over rings of one cell around the corner, n of them. */
static void Rings(const Solver *s, int dim, int n, double rho[])
{
  int count[MAX_RINGS] = {0};
  memset(rho, 0, (size_t)n * sizeof *rho);
  for (int cell = 0; cell < Cells(dim, n); ++cell) {
    const int ring = (int)Away(dim, n, cell);
    if (ring < n) {
      rho[ring] += s->u[cell];
      ++count[ring];
    }
  }
  for (int q = 0; q < n; ++q)
    rho[q] /= PetscMax(1, count[q]); /* the first ring of three dimensions holds one cell */
}

/* Where the mean density, coming from outside, first goes above `level`: linear between the middles of rings, from ring `from`. In cells. */
static double Front(const double rho[], int from, double level)
{
  for (int q = from; q > 0; --q)
    if (rho[q - 1] > level)
      return q - .5 + (rho[q - 1] - level) / (rho[q - 1] - rho[q]);
  return 0;
}

/* Shock of a blast in one to three dimensions, half way up to the highest ring, within one cell. */
START_TEST(sedov)
{
  static const int grid[] = {400, 96, 32};
  const double gamma = 1.4, size = 1.2, t = sqrt(2), density = 2;
  for (int k = 0; k < 7; ++k) {
    const int dim = k < 6 ? 1 + k / 3 : 3, q = k < 6 ? k % 3 : 1, n = grid[dim - 1];
    const double h = size / n;
    double v[2], rho[MAX_RINGS], top = 0;
    char start[128];
    Constants("sedov_constants.csv", dim, gamma, 2, v);
    const double exact = pow(t * t / (v[0] * density), 1. / (dim + 2));
    ck_assert_msg(fabs(exact - v[1]) < 1e-9, "%g %g", exact, v[1]);
    snprintf(start, sizeof start, "type: sedov, density: %g, width: %.17g", density, 2 * h);
    Solver s = Corner(dim, n, size, gamma, start, schemes[q]);
    const double energy = eddy_test_diagnostic(&s, "energy"),
                 part = pow(.5, dim) + 1e-5 / (gamma - 1) * pow(size, dim);
    ck_assert_msg(fabs(energy / part - 1) < 1e-3, "energy %g, of the octant %g", energy, part);
    eddy_test_advance_cfl(&s, t, .6);
    Rings(&s, dim, n, rho);
    for (int i = 0; i < n; ++i)
      top = fmax(top, rho[i] / density);
    const double r = h * Front(rho, n - 1, .5 * density * (1 + top));
    printf("Sedov %d-D, %d cells, %s: shock at %.4f, exact %.4f (%+.2f cells), peak %.2f of %g\n",
           dim, n, schemes[q], r, exact, (r - exact) / h, top, (gamma + 1) / (gamma - 1));
    ck_assert_msg(fabs(r - exact) <= h && top > 2, "%d-D, %s: %g, exact %g, peak %g", dim,
                  schemes[q], r, exact, top);
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* ---- Noh's implosion: density behind the shock away from the heated centre (0.4 to 0.8 of its radius), its place, and the gas that still falls ---- */

typedef struct {
  double exact, plateau, mean, at, rings,
      most; /* density behind; its average and mean error; radius; error ahead of means of rings, of cells */
} Implosion;

static Implosion Noh(int dim, int n, const char *pressure, const char *disc, double cfl)
{
  const double gamma = 5. / 3, size = .9, h = size / n, t = .6;
  double v[3], rho[MAX_RINGS];
  char start[64];
  int cells = 0;
  Constants("noh_constants.csv", dim, gamma, 3, v);
  const double front = v[1] * t;
  Implosion r = {.exact = v[0]};
  snprintf(start, sizeof start, "type: noh, pressure: %s", pressure);
  Solver s = Corner(dim, n, size, gamma, start, disc);
  eddy_test_advance_cfl(&s, t, cfl);
  Rings(&s, dim, n, rho);
  /* up to 0.28 the outer sides are not felt yet */
  r.at = Front(rho, (int)(.28 / h), .5 * (v[0] + pow(1 + t / front, dim - 1))) * h;
  for (int cell = 0; cell < Cells(dim, n); ++cell) {
    const double x = h * Away(dim, n, cell);
    if (x > .4 * front && x < .8 * front) {
      r.plateau += s.u[cell];
      r.mean += fabs(s.u[cell] / v[0] - 1);
      ++cells;
    } else if (x > 1.25 * front && x < .28)
      r.most = fmax(r.most, fabs(s.u[cell] / pow(1 + t / x, dim - 1) - 1));
  }
  r.plateau /= cells;
  r.mean /= cells;
  for (int i = (int)ceil(1.25 * front / h); h * (i + 1) < .28; ++i)
    r.rings = fmax(r.rings, fabs(rho[i] / pow(1 + t / (h * (i + .5)), dim - 1) - 1));
  printf("Noh %d-D, %d cells, pressure %s, %s: density %.2f of %g, mean error %.3f, shock at %.4f, "
         "exact %.4f (%+.2f cells); ahead: rings %.1e, cells %.1e\n",
         dim, n, pressure, disc, r.plateau, v[0], r.mean, r.at, front, (r.at - front) / h, r.rings,
         r.most);
  ck_assert_msg(fabs(r.at - front) <= h, "shock at %g, exact %g", r.at, front);
  eddy_test_solver_end(&s);
  return r;
}

/* Mach 800 (pressure 1e-6) and 25 (1e-3), where every cell ahead is right. positivity draws cells of a cold gas to constants, 15 % in the row along an axis at Mach 800;
   without it every cell there is right, too. */
START_TEST(noh)
{
  static const char *const pressure[] = {"1e-6", "1e-3"};
  for (int k = 0; k < 6; ++k) {
    char disc[128];
    snprintf(disc, sizeof disc, "%s, shock_switch: true, positivity: true", schemes[k % 3]);
    const Implosion r = Noh(2, 108, pressure[k / 3], disc, .4);
    ck_assert_msg(fabs(r.plateau / r.exact - 1) <= .03 && r.rings <= .01 &&
                      r.most <= (k < 3 ? .18 : .02),
                  "density %g, rings %g, cells %g", r.plateau, r.rings, r.most);
  }
  const Implosion bare =
      Noh(2, 108, "1e-6", "reconstruction: muscl, limiter: van_leer, shock_switch: true", .4);
  ck_assert_msg(bare.mean <= .02 && bare.most <= .02, "%g %g", bare.mean, bare.most);
}
END_TEST

START_TEST(noh_line_and_ball)
{
  static const char *const line[] = {"limiter: van_leer", "limiter: minmod",
                                     "reconstruction: ppm, positivity: true",
                                     "reconstruction: weno5, variables: characteristic"};
  for (int q = 0; q < 4; ++q) {
    const Implosion r = Noh(1, 200, "1e-6", line[q], q < 2 ? .4 : .16);
    ck_assert_msg(r.mean <= .01 && r.most <= 1e-3, "%g %g", r.mean, r.most);
  }
  double mean[2];
  for (int q = 0; q < 2; ++q)
    mean[q] =
        Noh(3, q ? 36 : 24, "1e-6", "limiter: van_leer, shock_switch: true, positivity: true", .4)
            .mean;
  ck_assert_msg(mean[1] <= .16 && mean[1] < .85 * mean[0], "%g %g", mean[0], mean[1]);
}
END_TEST

EDDY_SUITE("gas_blasts", shu_osher, woodward_colella, sedov, noh, noh_line_and_ball)
