/* SPDX-License-Identifier: BSD-3-Clause */
/* test: slow */
/* Riemann problems: the seven tubes against cell averages of exact solutions found here [Toro2009, chapter 4], with the order of the mean error; the double Mach reflection of the
   example against what must hold of it: self-similar growth, the incident shock, the jump across the stem where it stands on the wall. */
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- exact solution ---- */

typedef struct {
  double rho, u, p;
} Gas;
static const double gamma_ = 1.4;

/* Change of velocity across the wave into pressure p, and its derivative [Toro2009, eqs. 4.6, 4.7, 4.37]. */
static double Wave(double p, const Gas *s, double *slope)
{
  const double c = sqrt(gamma_ * s->p / s->rho);
  if (p <= s->p) {
    *slope = pow(p / s->p, -(gamma_ + 1) / (2 * gamma_)) / (s->rho * c);
    return 2 * c / (gamma_ - 1) * (pow(p / s->p, (gamma_ - 1) / (2 * gamma_)) - 1);
  }
  const double A = 2 / ((gamma_ + 1) * s->rho), B = (gamma_ - 1) / (gamma_ + 1) * s->p,
               root = sqrt(A / (p + B));
  *slope = root * (1 - .5 * (p - s->p) / (p + B));
  return (p - s->p) * root;
}

static void Star(const Gas *l, const Gas *r, double *p, double *u)
{
  double dl, dr, a = 0, b = 0;
  *p = 1e-8 * fmin(l->p, r->p); /* f is concave and rises: Newton from below stays there */
  for (int i = 0; i < 200; ++i) {
    a = Wave(*p, l, &dl);
    b = Wave(*p, r, &dr);
    const double step = (a + b + r->u - l->u) / (dl + dr);
    *p -= step;
    if (fabs(step) <= 1e-15 * *p)
      break;
  }
  *u = .5 * (l->u + r->u + Wave(*p, r, &dr) - Wave(*p, l, &dl));
}

/* Density at speed S = x/t; side -1: left of the contact. */
static double Side(const Gas *s, double sign, double p, double u, double S)
{
  const double c = sqrt(gamma_ * s->p / s->rho), ratio = p / s->p, v = sign * s->u,
               at = sign * S; /* mirrored, so that the wave runs to the right */
  if (ratio > 1) {
    const double front =
        v + c * sqrt((gamma_ + 1) / (2 * gamma_) * ratio + (gamma_ - 1) / (2 * gamma_));
    const double k = (gamma_ - 1) / (gamma_ + 1);
    return at > front ? s->rho : s->rho * (ratio + k) / (k * ratio + 1);
  }
  const double behind = s->rho * pow(ratio, 1 / gamma_),
               tail = sign * u + c * pow(ratio, (gamma_ - 1) / (2 * gamma_));
  if (at > v + c)
    return s->rho;
  if (at < tail)
    return behind;
  return s->rho *
         pow(2 / (gamma_ + 1) - (gamma_ - 1) / ((gamma_ + 1) * c) * (v - at), 2 / (gamma_ - 1));
}

static const struct {
  const char *name;
  Gas l, r;
  double x0, t;
} tubes[] = {
    {"sod", {1, 0, 1}, {.125, 0, .1}, .5, .2},
    {"lax", {.445, .698, 3.528}, {.5, 0, .571}, .5, .13},
    {"toro1", {1, .75, 1}, {.125, 0, .1}, .3, .2},
    {"toro2", {1, -2, .4}, {1, 2, .4}, .5, .15},
    {"toro3", {1, 0, 1000}, {1, 0, .01}, .5, .012},
    {"toro4", {5.99924, 19.5975, 460.894}, {5.99242, -6.19633, 46.095}, .4, .035},
    {"toro5", {1, -19.59745, 1000}, {1, -19.59745, .01}, .8, .012},
};

/* Exact star states agree with the table of high precision: its columns 11 and 12. */
START_TEST(star_states)
{
  char path[1024], line[1024];
  int found = 0;
  snprintf(path, sizeof path, "%s/riemann_star_states.csv", EDDY_TEST_REFERENCE);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f, "cannot open %s", path);
  while (fgets(line, sizeof line, f))
    for (int q = 0; q < 7; ++q) {
      const size_t length = strlen(tubes[q].name);
      char *at = line;
      double p, u;
      if (strncmp(line, tubes[q].name, length) || !strchr("_,", line[length]))
        continue;
      for (int c = 0; c < 10; ++c)
        at = strchr(at, ',') + 1;
      const double p0 = strtod(at, &at), u0 = strtod(at + 1, &at);
      Star(&tubes[q].l, &tubes[q].r, &p, &u);
      ck_assert_msg(fabs(p - p0) <= 1e-12 * p && fabs(u - u0) <= 1e-12 * (1 + fabs(tubes[q].l.u)),
                    "%s: %.16g %.16g", tubes[q].name, p, u);
      ++found;
    }
  fclose(f);
  ck_assert_int_eq(found, 7);
}
END_TEST

/* Between neighbouring quadrants of every configuration of Lax and Liu stands one wave: the pressure between the states is that of one of them, or of both at a
   contact, where the velocity across is the same; the velocity along changes at contacts only. To the four digits that are printed. */
START_TEST(one_wave)
{
  double worst = 0;
  for (int k = 1; k <= 19; ++k) {
    char yaml[256];
    snprintf(yaml, sizeof yaml,
             "mesh: {n: [4, 4]}\nphysics: {type: euler}\ninitial: {type: riemann2d, configuration: "
             "%d}\ntime: {type: ssprk2}\n",
             k);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
    static const int low[4] = {0, 12, 0, 3},
                     high[4] = {3, 15, 12, 15}; /* cells: SW-SE, NW-NE, SW-NW, SE-NE */
    for (int f = 0; f < 4; ++f) {
      const int across = f < 2 ? 1 : 2, along = 3 - across;
      Gas g[2];
      double v[2], p, u;
      for (int q = 0; q < 2; ++q) {
        const double *c = s.u + (q ? high[f] : low[f]);
        g[q] = (Gas){c[0], c[16 * across] / c[0],
                     .4 * (c[48] - .5 * (c[16] * c[16] + c[32] * c[32]) / c[0])};
        v[q] = c[16 * along] / c[0];
      }
      Star(&g[0], &g[1], &p, &u);
      const double off = fmin(fabs(p / g[0].p - 1), fabs(p / g[1].p - 1));
      worst = fmax(worst, off);
      ck_assert_msg(off <= 1e-3, "configuration %d, interface %d: pressure %g between %g and %g", k,
                    f, p, g[0].p, g[1].p);
      ck_assert_msg(fabs(v[0] - v[1]) <= 1e-12 || fabs(g[0].p / g[1].p - 1) <= 1e-12,
                    "configuration %d, interface %d: velocity along %g, %g", k, f, v[0], v[1]);
    }
    eddy_test_solver_end(&s);
  }
  printf("Lax-Liu 1 to 19: one wave between neighbours, pressure off by %.1e at most\n", worst);
}
END_TEST

/* Mean difference of the density to cell averages of the exact one on n cells. */
static double Tube(int q, const char *disc, int n, double cfl)
{
  enum { PARTS = 50 };
  char yaml[512];
  double p, u, error = 0;
  snprintf(
      yaml, sizeof yaml,
      "mesh: {n: [%d]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: {type: "
      "outflow}}\ninitial: {type: riemann1d, case: %s}\ndisc: {%s}\ntime: {type: ssprk3}\n",
      n, tubes[q].name, disc);
  Star(&tubes[q].l, &tubes[q].r, &p, &u);
  Solver s = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  eddy_test_advance_cfl(&s, tubes[q].t, cfl);
  for (int i = 0; i < n; ++i) {
    double mean = 0;
    for (int k = 0; k < PARTS; ++k) {
      const double S = ((i + (k + .5) / PARTS) / n - tubes[q].x0) / tubes[q].t;
      mean += Side(S < u ? &tubes[q].l : &tubes[q].r, S < u ? -1 : 1, p, u, S) / PARTS;
    }
    error += fabs(s.u[i] - mean) / n;
  }
  eddy_test_solver_end(&s);
  return error;
}

/* Shocks are first order, contacts n/(n + 1) for a scheme of order n: 2/3 to 5/6; less in Toro 4, whose left shock hardly moves over the grid and sheds waves. */
START_TEST(orders)
{
  static const char *const schemes[] = {"reconstruction: muscl", "reconstruction: ppm",
                                        "reconstruction: weno5, variables: characteristic"};
  enum { GRIDS = 4 };
  for (int v = 0; v < 3; ++v)
    for (int q = 0; q < 7; ++q) {
      double e[GRIDS], slope = 0;
      for (int g = 0; g < GRIDS; ++g) {
        e[g] = Tube(q, schemes[v], 100 << g, .4);
        slope += (g - 1.5) * -log2(e[g]) / 5; /* least squares */
      }
      printf("%-22s %-6s mean errors %.2e %.2e %.2e %.2e, order %.2f\n", schemes[v], tubes[q].name,
             e[0], e[1], e[2], e[3], slope);
      ck_assert_msg(slope >= (q == 5 ? .5 : .6) && slope <= 1.4, "%s, %s: order %g", schemes[v],
                    tubes[q].name, slope);
      ck_assert_msg(e[3] <= .03 * fmax(tubes[q].l.rho, tubes[q].r.rho), "%s, %s: %g", schemes[v],
                    tubes[q].name, e[3]);
    }
}
END_TEST

/* ---- double Mach reflection ---- */

typedef struct {
  double foot, height, top,
      stem; /* stem on the wall, point where three shocks meet, incident shock at the top less its exact place, pressure behind the stem */
} Reflection;

/* Place in a row, coming from the right, where the pressure goes through `level`, linear between cells. */
static double Front(const double *p, int n, double h, double level)
{
  for (int i = n - 2; i >= 0; --i)
    if (p[i] > level)
      return h * (i + .5 + (p[i] - level) / (p[i] - p[i + 1]));
  return 0;
}

static Reflection Measure(Solver *s, double t)
{
  const PetscInt nx = s->p->box.n[0], ny = s->p->box.n[1];
  const double h = 4. / (double)nx;
  PetscInt size;
  double *p = eddy_test_field(s, NULL, "pressure", &size);
  Reflection r = {.foot = Front(p, (int)nx, h, 58.75)};
  /* below the triple point the stem runs ahead of the incident shock, by less the higher: a line through the rows where it is two cells and more */
  double n = 0, y1 = 0, y2 = 0, o1 = 0, oy = 0;
  for (PetscInt j = 0; j < ny - 1; ++j) {
    const double y = h * ((double)j + .5), exact = 1. / 6 + (y + 20 * t) / sqrt(3),
                 off = Front(p + j * nx, (int)nx, h, 58.75) - exact;
    r.top = off;
    if (off < 2 * h || n < (double)j)
      continue;
    n += 1;
    y1 += y;
    y2 += y * y;
    o1 += off;
    oy += off * y;
  }
  const double slope = (n * oy - o1 * y1) / (n * y2 - y1 * y1);
  r.height = (y1 - o1 / slope) / n;
  for (PetscInt i = (PetscInt)(r.foot / h) - 5; i < (PetscInt)(r.foot / h) - 1; ++i)
    r.stem += p[i] / 4;
  CK_PETSC(PetscFree(p));
  return r;
}

START_TEST(double_mach)
{
  char path[1024], text[4096];
  snprintf(path, sizeof path, "%s/../../examples/26_double_mach.yaml", EDDY_TEST_REFERENCE);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f, "cannot open %s", path);
  text[fread(text, 1, sizeof text - 1, f)] = 0;
  fclose(f);
  char *cells = strstr(text, "[240, 60]"), *end = strstr(text, "output:");
  ck_assert(cells && end);
  *end = 0; /* no output */
  Reflection r[2][2];
  for (int g = 0; g < 2; ++g) {
    const double h = 1. / (g ? 60 : 30);
    memcpy(cells, g ? "[240, 60]" : "[120, 30]", 9);
    Solver s = eddy_test_solver(PETSC_COMM_SELF, text, NULL);
    for (int k = 0; k < 2; ++k) {
      const double t = .1 * (k + 1);
      eddy_test_advance_cfl(&s, t, .4);
      r[g][k] = Measure(&s, t);
      const double M = (r[g][k].foot - 1. / 6) / t, behind = 1 + 2.8 / 2.4 * (M * M - 1);
      printf("double Mach, %d cells high, t = %.1f: stem on the wall at %.3f (speed %.2f), triple "
             "point %.3f high (%.2f t, ray at %.1f degrees), incident shock on top off by %+.2f "
             "cells, pressure "
             "behind the stem %.0f, of a shock that fast %.0f\n",
             g ? 60 : 30, t, r[g][k].foot, M, r[g][k].height, r[g][k].height / t,
             180 / PETSC_PI * atan2(r[g][k].height, (r[g][k].height + 20 * t) / sqrt(3)),
             r[g][k].top / h, r[g][k].stem, behind);
      ck_assert_msg(fabs(r[g][k].top) <= h, "incident shock off by %g", r[g][k].top);
      ck_assert_msg(!g || fabs(r[g][k].stem / behind - 1) <= .05, "pressure behind the stem %g, %g",
                    r[g][k].stem, behind);
    }
    eddy_test_solver_end(&s);
    /* everything grows in proportion to time */
    ck_assert_msg(fabs(r[g][1].foot - 1. / 6 - 2 * (r[g][0].foot - 1. / 6)) <= 2 * h &&
                      fabs(r[g][1].height - 2 * r[g][0].height) <= 2 * h,
                  "not self-similar: %g %g, %g %g", r[g][0].foot, r[g][1].foot, r[g][0].height,
                  r[g][1].height);
  }
  ck_assert_msg(fabs(r[0][1].foot - r[1][1].foot) <= 1. / 30 &&
                    fabs(r[0][1].height - r[1][1].height) <= 1.5 / 30,
                "grids differ: %g %g, %g %g", r[0][1].foot, r[1][1].foot, r[0][1].height,
                r[1][1].height);
}
END_TEST

EDDY_SUITE("gas_riemann", star_states, one_wave, orders, double_mach)
