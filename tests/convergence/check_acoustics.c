/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Linear acoustics: plane waves with the order of the reconstruction, what an interface lets through, energy, conservation in a random medium, absorbing layers,
   media from one seed. */
#include "solver.h"
#include <math.h>
#include <string.h>

static double Average(const Solver *s, const int cell[3], int n, double t, int c)
{
  static const double root[2] = {-.57735026918962576451, .57735026918962576451};
  const EddyBox *box = &s->p->box;
  const int dim = (int)box->dim, points = 1 << dim;
  double sum = 0;
  /* two Gauss points on each half of the cell */
  for (int half = 0; half < points; ++half)
    for (int q = 0; q < points; ++q) {
      PetscReal x[3] = {0}, v[4];
      for (int d = 0; d < dim; ++d)
        x[d] = box->lower[d] + EddyBoxLength(box, d) *
                                   (cell[d] + .25 + .5 * (half >> d & 1) + .25 * root[q >> d & 1]) /
                                   n;
      s->p->ops->Exact(s->p->ctx, x, t, v);
      sum += v[c];
    }
  return sum / (points * points);
}

/* One period of an oblique wave in a medium of its own density and speed: mean error of pressure and velocity over the amplitude. */
START_TEST(plane_waves)
{
  static const struct {
    int dim, n;
    const char *cells, *k, *disc, *time;
    double slope, error, power;
  } cases[] = {
      {1, 32, "%d", "[1]", "limiter: none", "ssprk2", 1.95, 3e-3, 1},
      {1, 32, "%d", "[-1]", "reconstruction: ppm", "ssprk3", 3.9, 2e-5, 4. / 3},
      {1, 16, "%d", "[2]", "reconstruction: weno5", "ssprk3", 4.8, 2e-3, 5. / 3},
      {2, 16, "%d, %d", "[1, 1]", "limiter: none", "ssprk2", 1.9, 2e-2, 1},
      {2, 16, "%d, %d", "[1, -1]", "reconstruction: weno5", "ssprk3", 4.5, 1e-3, 5. / 3},
      {3, 8, "%d, %d, %d", "[1, 1, 1]", "reconstruction: weno5", "ssprk3", 3.5, 2e-2, 1},
  };
  for (size_t q = 0; q < sizeof cases / sizeof *cases; ++q) {
    double e[2] = {0, 0};
    for (int i = 0; i < 2; ++i) {
      char yaml[512], cells[64];
      const int n = cases[q].n << i, dim = cases[q].dim;
      snprintf(cells, sizeof cells, cases[q].cells, n, n, n);
      snprintf(yaml, sizeof yaml,
               "mesh: {n: [%s]%s}\nphysics: {type: acoustics, density: 1.3, sound_speed: 0.7, "
               "exact_k: %s}\ninitial: {type: exact}\ndisc: {%s}\ntime: {type: %s}\n",
               cells,
               dim == 1   ? ""
               : dim == 2 ? ", upper: [1, 1]"
                          : ", upper: [1, 1, 1]",
               cases[q].k, cases[q].disc, cases[q].time);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      eddy_test_advance(&s, .4,
                        (PetscInt64)ceil(.4 * .7 * dim * 16 / .4 * pow(n / 16., cases[q].power)));
      const int ny = dim > 1 ? n : 1, nz = dim > 2 ? n : 1, total = n * ny * nz;
      for (int c = 0; c < 2; ++c)
        for (int at = 0; at < total; ++at) {
          const int cell[3] = {at % n, at / n % n, at / n / n};
          e[i] += fabs(s.u[c * total + at] - Average(&s, cell, n, .4, c)) / (2. * total);
        }
      eddy_test_solver_end(&s);
    }
    printf("plane wave %d-D %-24s %.3e %.3e slope %.2f\n", cases[q].dim, cases[q].disc, e[0], e[1],
           log2(e[0] / e[1]));
    ck_assert_msg(log2(e[0] / e[1]) >= cases[q].slope && e[1] <= cases[q].error, "case %d: %g %g",
                  (int)q, e[0], e[1]);
  }
}
END_TEST

/* A pulse to the right in Z_1 meets Z_2 at x = 1/2: pressure R = (Z_2 - Z_1)/(Z_2 + Z_1) comes back, T = 1 + R goes on. */
static const double width = .04, centre = .25;
static double half; /* starts of this kind are given at the low ends of cells */
static void Rightwards(const PetscReal x[3], PetscReal u[])
{
  const double s = (x[0] + half - centre) / width, p = exp(-.5 * s * s);
  u[0] = p;
  u[1] = p; /* Z_1 = 1 */
}
START_TEST(interface)
{
  /* density and sound speed on the right; the first has the impedance of the left: nothing comes back */
  static const double right[][2] = {{.5, 2}, {4, 1.5}, {.3, .8}, {1000, 1}};
  for (size_t q = 0; q < sizeof right / sizeof *right; ++q) {
    const double rho = right[q][0], c = right[q][1], Z = rho * c, R = (Z - 1) / (Z + 1), T = 1 + R,
                 t = .45;
    double e[2];
    for (int i = 0; i < 2; ++i) {
      const int n = 450 << i;
      char yaml[512];
      snprintf(yaml, sizeof yaml,
               "mesh: {n: [%d], upper: [1.5]}\nphysics: {type: acoustics, medium: {type: layers, "
               "interfaces: [0.5], values: [1, %.17g], densities: [1, %.17g]}}\nboundary: {xmin: "
               "{type: outflow}, xmax: {type: outflow}}\ninitial: {type: zero}\ndisc: {limiter: "
               "mc}\ntime: {type: ssprk3}\n",
               n, c, rho);
      half = .75 / n;
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, Rightwards);
      eddy_test_advance_cfl(&s, t, .4);
      e[i] = 0;
      for (int k = 0; k < n; ++k) {
        const double x = 1.5 * (k + .5) / n;
        const double back = (1 - x - centre - t) / width,
                     on = ((x - .5) / c + .5 - centre - t) / width,
                     there = (x - centre - t) / width;
        const double p =
            x < .5 ? exp(-.5 * there * there) + R * exp(-.5 * back * back) : T * exp(-.5 * on * on);
        e[i] += fabs(s.u[k] - p) * 1.5 / n;
      }
      e[i] /= width * 2.5 * (1 + fabs(R));
      eddy_test_solver_end(&s);
    }
    printf(
        "interface Z = %-6g R = %+.3f T = %.3f: mean error %.3e %.3e of the pulses, slope %.2f\n",
        Z, R, T, e[0], e[1], log2(e[0] / e[1]));
    ck_assert_msg(e[1] <= 5e-3 && log2(e[0] / e[1]) >= 1.5, "Z %g: %g %g", Z, e[0], e[1]);
  }
}
END_TEST

/* A box of inclusions between walls: the energy falls only by the scheme, p/K is kept to round-off. */
START_TEST(energy_and_conservation)
{
  static const char *const disc[] = {"reconstruction: constant", "limiter: mc",
                                     "reconstruction: weno5"};
  double left[3];
  for (int q = 0; q < 3; ++q) {
    char yaml[768];
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [48, 40], lower: [-1, -1], upper: [1, 1]}\nphysics: {type: acoustics, "
             "bulk_modulus: 4, medium: {type: inclusions, seed: 5, range: [0.4, 50]}}\nboundary: "
             "{xmin: {type: "
             "reflecting}, xmax: {type: reflecting}, ymin: {type: reflecting}, ymax: {type: "
             "reflecting}}\ninitial: {type: pulses, radius: [0.1, 0.2]}\ndisc: {%s}\ntime: {type: "
             "ssprk3}\n",
             disc[q]);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    const double k0 = eddy_test_diagnostic(&s, "compression"),
                 e0 = eddy_test_diagnostic(&s, "energy");
    double last = e0;
    for (int i = 0; i < 10; ++i) {
      eddy_test_advance_cfl(&s, .1 * (i + 1), .4);
      const double e = eddy_test_diagnostic(&s, "energy");
      ck_assert_msg(e <= last * (1 + 1e-12) && e > 0, "energy grows from %g to %g", last, e);
      last = e;
    }
    left[q] = last / e0;
    const double drift = fabs(eddy_test_diagnostic(&s, "compression") - k0) / k0;
    printf("inclusions %-24s energy left %.4f, drift of compression %.1e\n", disc[q], left[q],
           drift);
    ck_assert_msg(drift <= 1e-13, "compression drifts by %g", drift);
    eddy_test_solver_end(&s);
  }
  ck_assert(left[0] < left[1] && left[1] < left[2] && left[2] > .7);
}
END_TEST

static double Rms(const double *p, int n)
{
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += p[i] * p[i] / n;
  return sqrt(sum);
}
/* Among inclusions nothing is left in the end behind absorbing layers, whose corners overlap. */
START_TEST(dying_out)
{
  Solver s = eddy_test_solver(
      PETSC_COMM_SELF,
      "mesh: {n: [40, 40], lower: [-1, -1], upper: [1, 1]}\nphysics: {type: acoustics, "
      "bulk_modulus: 4, absorb: {width: 0.4}, medium: {type: inclusions, seed: 5, range: [0.4, "
      "50]}}\n"
      "boundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: "
      "{type: outflow}}\ninitial: {type: pulses, radius: [0.1, 0.2], margin: 0}\n"
      "disc: {limiter: mc}\ntime: {type: ssprk2}\n",
      NULL);
  const double start = Rms(s.u, 1600);
  double left[3];
  for (int i = 0; i < 3; ++i) {
    eddy_test_advance_cfl(&s, 10 * (i + 1), .4);
    left[i] = Rms(s.u, 1600) / start;
  }
  printf("among inclusions, left of the pressure after 10, 20, 30: %.1e %.1e %.1e\n", left[0],
         left[1], left[2]);
  ck_assert(left[0] < .1 && left[1] < left[0] && left[2] < left[1]);
  eddy_test_solver_end(&s);
}
END_TEST

/* One seed is one medium at every resolution; another seed is another. */
START_TEST(media)
{
  static const char *const media[] = {"layers", "gaussians", "inclusions, range: [0.5, 9]", "maze",
                                      "inclusions, mixed: true, number: [3, 3]"};
  for (int q = 0; q < 5; ++q) {
    double *field[3];
    for (int i = 0; i < 3; ++i) {
      char yaml[512];
      const int n = i == 1 ? 144 : 48; /* centres of the coarse cells are centres of fine ones */
      PetscInt size;
      snprintf(yaml, sizeof yaml,
               "mesh: {n: [%d, %d], upper: [1, 1]}\nphysics: {type: acoustics, medium: {seed: %d, "
               "type: %s}}\ninitial: "
               "{type: zero}\ntime: {type: ssprk2}\n",
               n, n, i == 2 ? 12 : 11, media[q]);
      Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
      field[i] = eddy_test_field(&s, NULL, "sound_speed", &size);
      eddy_test_solver_end(&s);
    }
    int other = 0, jumps = 0;
    for (int j = 0; j < 48; ++j)
      for (int i = 0; i < 48; ++i) {
        const double a = field[0][j * 48 + i];
        ck_assert_msg(fabs(a - field[1][(3 * j + 1) * 144 + 3 * i + 1]) <= 1e-12 * a,
                      "%s: (%d, %d)", media[q], i, j);
        ck_assert(a > 0);
        other += a != field[2][j * 48 + i];
        jumps += a != field[0][0];
      }
    ck_assert_msg(other > 100 && jumps > 100, "%s: %d %d", media[q], other, jumps);
    for (int i = 0; i < 3; ++i)
      CK_PETSC(PetscFree(field[i]));
  }
}
END_TEST

EDDY_SUITE("acoustics", plane_waves, interface, energy_and_conservation, dying_out, media)
