/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Mapped grids: uniform flow of every registered physics with a finite-volume form stays uniform on every kind of grid, for every solver and
   reconstruction. */
#include "solver.h"
#include <math.h>
#include <string.h>

static const char *const grids[3][4] = {
    {"type: stretched, n: [20], x: {type: tanh}", "type: wavy, n: [20], amplitude: [0.1]", NULL,
     NULL},
    {"type: stretched, n: [20, 12], x: {type: sinh, end: middle}, y: {type: geometric, end: low}",
     "type: wavy, n: [20, 12], amplitude: [0.1, 0.07], waves: [1, 2]",
     "type: annulus, n: [8, 24], inner: [0.5, 1.2], outer: 3, cluster: 1.5", NULL},
    {"type: stretched, n: [8, 6, 7], z: {type: tanh, end: high}",
     "type: wavy, n: [8, 7, 6], amplitude: [0.1, -0.1, 0.08]",
     "type: annulus, n: [5, 16, 4], inner: 1, outer: [3, 2]", NULL},
};

static const char *Velocity(PetscInt dim)
{
  return dim == 1 ? "[1.3]" : dim == 2 ? "[1.3, -0.4]" : "[1.3, -0.4, 0.7]";
}

/* A case of uniform flow; on rings the inner and outer face have the state of the flow beyond them. */
static void Case(EddyPhysics p, const char *grid, const char *disc, char *yaml, size_t len)
{
  static const struct {
    const char *name;
    double value;
  } known[] = {{"density", 1.1},   {"velocity_x", 2.5}, {"velocity_y", -.7}, {"velocity_z", .4},
               {"pressure", .8},   {"depth", 1.5},      {"surface", 1.5},    {"u", .3},
               {"saturation", .4}, {"sound_speed", 1.2}};
  char state[512] = "";
  for (PetscInt c = 0; c < p->nprim; ++c) {
    double value = .45;
    for (size_t q = 0; q < sizeof known / sizeof *known; ++q)
      if (!strcmp(p->prim[c], known[q].name))
        value = known[q].value;
    snprintf(state + strlen(state), sizeof state - strlen(state), ", %s: %g", p->prim[c], value);
  }
  const PetscBool ring = strstr(grid, "annulus") ? PETSC_TRUE : PETSC_FALSE;
  snprintf(yaml, len,
           "mesh: {%s}\nphysics: {type: %s, nu: 0.01, kappa: 0.02, mu: 0.03, velocity: "
           "%s}\ninitial: {type: "
           "uniform%s}\ndisc: {type: fv, %s}\ntime: {type: ssprk2}\n%s%s%s%s%s",
           grid, p->ops->name, Velocity(p->box.dim), state, disc,
           ring ? "boundary: {xmin: {type: dirichlet" : "", ring ? state : "",
           ring ? "}, xmax: {type: dirichlet" : "", ring ? state : "", ring ? "}}\n" : "");
}

/* Largest change of a component over its largest value, after `steps` steps of Courant number 0.4. */
static double Drift(const char *yaml, int steps)
{
  double drift = 0;
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
  double *start[EDDY_MAX_COMP];
  PetscInt n = 0;
  for (PetscInt c = 0; c < s.p->ncomp; ++c)
    start[c] = eddy_test_field(&s, NULL, s.p->comp[c], &n);
  for (int k = 0; k < steps; ++k) {
    PetscReal rate;
    CK_PETSC(s.d->ops->Courant(s.d, &s.st, s.u, &rate));
    ck_assert(rate > 0);
    CK_PETSC(EddyStepperStep(s.s, &s.st, .4 / rate, s.u));
  }
  for (PetscInt c = 0; c < s.p->ncomp; ++c) {
    double *end = eddy_test_field(&s, NULL, s.p->comp[c], &n);
    for (PetscInt i = 0; i < n; ++i) {
      ck_assert(end[i] - end[i] == 0);
      drift = PetscMax(drift, fabs(end[i] - start[c][i]) / PetscMax(1, fabs(start[c][i])));
    }
    CK_PETSC(PetscFree(end));
    CK_PETSC(PetscFree(start[c]));
  }
  eddy_test_solver_end(&s);
  return drift;
}

START_TEST(free_stream)
{
  static const char *const recon[] = {"reconstruction: muscl", "reconstruction: ppm",
                                      "reconstruction: weno5"};
  static const char *const solver[] = {"hllc", "roe", "hll", "rusanov"};
  const EddyPhysicsOps *ops;
  int seen = 0, rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  for (PetscInt k = 0; (ops = EddyPhysicsGetOps(EDDY_SIMD_V2, k)); ++k)
    for (PetscInt dim = ops->dim_min; dim <= ops->dim_max; ++dim) {
      EddyBox box = {.dim = dim, .n = {8, 8, 8}, .upper = {1, 1, 1}};
      EddyPhysics p;
      EddyOptions o = eddy_test_options(PETSC_COMM_SELF, "physics: {nu: 0.01, kappa: 0.01}");
      CK_PETSC(EddyPhysicsCreateFromOps(ops, EDDY_SIMD_V2, o, &box, &p));
      const EddyFvKernels *fv = &p->fv;
      for (int g = 0; fv->ToPrim && grids[dim - 1][g]; ++g)
        for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r)
          for (int q = 0; fv->Flux[r][0] && q < 3 && !(fv->Viscous[0] && r); ++q) {
            char disc[128], yaml[4096];
            snprintf(disc, sizeof disc, "%s, riemann: %s", recon[q], solver[r]);
            Case(p, grids[dim - 1][g], disc, yaml, sizeof yaml);
            const double drift = Drift(yaml, 20);
            if (!rank)
              printf("%-14s %d-D %-28.28s %-24s %-8s %.1e\n", ops->name, (int)dim,
                     grids[dim - 1][g], recon[q], solver[r], drift);
            ck_assert_msg(drift <= 1e-13, "%s on %s, %s: uniform flow drifts by %g", ops->name,
                          grids[dim - 1][g], disc, drift);
            ++seen;
          }
      CK_PETSC(EddyPhysicsDestroy(&p));
      CK_PETSC(EddyOptionsDestroy(&o));
    }
  ck_assert_int_ge(seen, 150);
}
END_TEST

/* The same after many steps. */
START_TEST(free_stream_long)
{
  static const char *const yaml[] = {
      "mesh: {type: wavy, n: [24, 16], amplitude: [0.06, 0.06], waves: [1, 2]}\nphysics: {type: "
      "euler}\ninitial: {type: uniform, velocity_x: 0.8, velocity_y: -0.5}\ndisc: {type: "
      "fv}\ntime: {type: ssprk2}\n",
      "mesh: {type: annulus, n: [6, 24]}\nphysics: {type: euler}\ninitial: {type: uniform, "
      "velocity_x: 0.5}\nboundary: {xmin: {type: dirichlet, density: 1, velocity: [0.5, 0], "
      "pressure: 1}, xmax: {type: characteristic, density: 1, velocity: [0.5, 0], pressure: "
      "1}}\ndisc: {type: fv}\ntime: {type: ssprk2}\n"};
  for (int q = 0; q < 2; ++q) {
    const double drift = Drift(yaml[q], 2000);
    ck_assert_msg(drift <= 1e-13, "case %d: uniform flow drifts by %g in 2000 steps", q, drift);
  }
}
END_TEST

/* ---- walls, sums ---- */

static const char ring_of_walls[] =
    "mesh: {type: annulus, n: [12, 32], inner: [0.5, 0.7], outer: 2, cluster: 1}\nphysics: {type: "
    "%s\ninitial: {type: riemann2d, configuration: 3}\ndisc: {type: fv, reconstruction: "
    "%s}\ntime: {type: ssprk3}\n";

/* Nothing flows through walls: mass and energy stay, to round-off; on periodic grids the momentum too. */
START_TEST(conservation)
{
  static const char *const recon[] = {"muscl", "ppm", "weno5", "muscl", "weno5"};
  static const char *const slip =
      "euler}\nboundary: {xmin: {type: reflecting}, xmax: {type: slip}}";
  /* insulated walls at rest, one of them in parts */
  static const char *const no_slip =
      "compressible_navier_stokes, mu: 0.01, prandtl: 0.7}\nboundary: {xmin: {type: no_slip}, "
      "xmax: "
      "{type: slip, list: [a, b], a: {type: no_slip, from: 0.1, to: 0.4}, b: {type: no_slip, from: "
      "0.8}}}";
  for (int q = 0; q < 5; ++q) {
    char yaml[1024];
    snprintf(yaml, sizeof yaml, ring_of_walls, q < 3 ? slip : no_slip, recon[q]);
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
    const double mass = eddy_test_diagnostic(&s, "mass"),
                 energy = eddy_test_diagnostic(&s, "energy");
    eddy_test_advance_cfl(&s, .3, .4);
    ck_assert_double_le(fabs(eddy_test_diagnostic(&s, "mass") - mass), 2e-14 * mass);
    ck_assert_double_le(fabs(eddy_test_diagnostic(&s, "energy") - energy), 2e-14 * energy);
    eddy_test_solver_end(&s);
  }
  Solver s = eddy_test_solver(
      PETSC_COMM_WORLD,
      "mesh: {type: wavy, n: [10, 9, 8], amplitude: [0.05, 0.06, 0.07]}\nphysics: {type: "
      "euler}\ninitial: {type: linear_wave, amplitude: 0.2, k: [1, 1, 1], flow: 0.5}\ndisc: {type: "
      "fv}\ntime: {type: ssprk2}\n",
      NULL);
  static const char *const total[] = {"mass", "momentum_x", "momentum_y", "momentum_z", "energy"};
  double before[5];
  for (int q = 0; q < 5; ++q)
    before[q] = eddy_test_diagnostic(&s, total[q]);
  eddy_test_advance_cfl(&s, .3, .4);
  for (int q = 0; q < 5; ++q)
    ck_assert_double_le(fabs(eddy_test_diagnostic(&s, total[q]) - before[q]), 2e-14);
  eddy_test_solver_end(&s);
}
END_TEST

/* The volume of a ring of straight-edged cells is that of its polygons, R^2 - r^2 times n sin(2 pi / n) / 2; of a wavy box that of the box. */
START_TEST(volumes)
{
  const char *unit = "physics: {type: euler}\ninitial: {type: uniform}\ndisc: {type: fv}\n";
  char yaml[1024];
  snprintf(yaml, sizeof yaml,
           "mesh: {type: annulus, n: [7, 20, 5], inner: 1, outer: 3, height: [-1, 1]}\n%s"
           "boundary: {xmin: {type: outflow}, xmax: {type: outflow}}\n",
           unit);
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
  ck_assert_double_eq_tol(eddy_test_diagnostic(&s, "mass"), 2 * 8 * 10 * sin(2 * PETSC_PI / 20),
                          1e-12);
  eddy_test_solver_end(&s);
  snprintf(yaml, sizeof yaml,
           "mesh: {type: wavy, n: [6, 7, 8], upper: [1, 2, 3], amplitude: [0.08, 0.06, -0.08]}\n%s",
           unit);
  s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
  ck_assert_double_eq_tol(eddy_test_diagnostic(&s, "mass"), 6, 1e-13);
  eddy_test_solver_end(&s);
}
END_TEST

/* ---- water at rest ---- */

START_TEST(lake_at_rest)
{
  static const char *const mesh[] = {
      "type: wavy, n: [24, 20], amplitude: [0.06, 0.05]",
      "type: stretched, n: [24, 20], x: {type: tanh}, y: {type: geometric, end: low}",
      "type: annulus, n: [12, 32], inner: 0.4, outer: 1.5, centre: [0.5, 0.5]"};
  static const char *const recon[] = {"muscl", "weno5"};
  for (int m = 0; m < 3; ++m)
    for (int island = 0; island < 2; ++island)
      for (int q = 0; q < 2; ++q) {
        char yaml[1024];
        snprintf(yaml, sizeof yaml,
                 "mesh: {%s}\nphysics: {type: shallow_water, g: 9.81, bathymetry: {type: gaussian, "
                 "height: %g, width: 0.15, centre: [0.6, 0.9]}}\ninitial: {type: lake, surface: "
                 "1}\n%sdisc: {type: fv, reconstruction: %s}\ntime: {type: ssprk2}\n",
                 mesh[m], island ? 1.4 : .6,
                 m == 2 ? "boundary: {xmin: {type: reflecting}, xmax: {type: reflecting}}\n" : "",
                 recon[q]);
        Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
        eddy_test_advance(&s, .2, 200);
        for (PetscInt c = 1; c < 3; ++c) {
          PetscInt n;
          double *f = eddy_test_field(&s, NULL, s.p->comp[c], &n), top = 0;
          for (PetscInt i = 0; i < n; ++i)
            top = PetscMax(top, fabs(f[i]));
          ck_assert_msg(top <= 1e-13, "%s, bed %d, %s: discharge %g", mesh[m], island, recon[q],
                        top);
          CK_PETSC(PetscFree(f));
        }
        eddy_test_solver_end(&s);
      }
}
END_TEST

/* ---- the same bits on any number of ranks ---- */

START_TEST(ranks)
{
  static const char *const yaml[] = {
      "mesh: {type: annulus, n: [9, 16], inner: [0.5, 0.7], outer: 2}\nphysics: {type: "
      "euler}\nboundary: {xmin: {type: reflecting}, xmax: {type: outflow, list: [far], far: {type: "
      "characteristic, from: 0.2, to: 0.7, density: 1, velocity: [0.3, 0], pressure: "
      "1}}}\ninitial: {type: riemann2d, configuration: 6}\ndisc: {type: fv, reconstruction: "
      "weno5}\ntime: {type: ssprk3}\n",
      "mesh: {type: wavy, n: [6, 5, 7], amplitude: [0.05, 0.06, 0.07]}\nphysics: {type: "
      "euler}\nboundary: {zmin: {type: reflecting}, zmax: {type: outflow}}\ninitial: {type: "
      "linear_wave, amplitude: 0.1, k: [1, 1, 1]}\ndisc: {type: fv, reconstruction: ppm}\ntime: "
      "{type: ssprk2}\n",
      "mesh: {type: stretched, n: [300, 5], x: {type: tanh}}\nphysics: {type: shallow_water, "
      "bathymetry: {type: gaussian, height: 0.9}}\ninitial: {type: lake, bell: 0.4}\ndisc: {type: "
      "fv}\ntime: {type: ssprk2}\n",
      "mesh: {type: wavy, n: [5, 4], amplitude: [0.05, 0.1]}\nphysics: {type: advection, velocity: "
      "[1, 0.4]}\ninitial: {type: exact}\ndisc: {type: fv, reconstruction: ppm}\ntime: {type: "
      "ssprk2}\n",
      "mesh: {type: annulus, n: [9, 16]}\nphysics: {type: compressible_navier_stokes, mu: 0.02, "
      "prandtl: 0.7, scalars: [dye], diffusivity: 0.01}\nboundary: {xmin: {type: no_slip, spin: "
      "0.5, "
      "temperature: {dirichlet: 1.2}}, xmax: {type: slip, list: [lid, gap], lid: {type: no_slip, "
      "spin: -0.3, to: 0.45, dye: {dirichlet: 1}}, gap: {type: mixed, from: 0.7, temperature: "
      "{robin: [1, 0.5, 1]}, velocity_x: {neumann: 0.1}}}}\ninitial: {type: riemann2d, "
      "configuration: 6}\ndisc: {type: fv}\ntime: {type: ssprk2}\n",
      "mesh: {type: wavy, n: [6, 5, 7], amplitude: [0.05, 0.06, 0.07]}\nphysics: {type: "
      "compressible_navier_stokes, mu: 0.01, kappa: 0.02}\nboundary: {zmin: {type: no_slip, spin: "
      "1, spin_centre: [0.5, 0.5], temperature: {dirichlet: 1}}, zmax: {type: reflecting}, ymin: "
      "{type: outflow}, ymax: {type: no_slip, velocity: [1, 0, 0]}}\ninitial: {type: linear_wave, "
      "amplitude: 0.1, k: [1, 1, 1]}\ndisc: {type: fv, reconstruction: ppm}\ntime: {type: "
      "ssprk2}\n",
      "mesh: {type: wavy, n: [300, 4], amplitude: [0.001, 0.1]}\nphysics: {type: advection, "
      "velocity: [1, 0.4], kappa: 0.001}\ninitial: {type: exact}\nboundary: {ymin: {type: mixed, "
      "u: "
      "{dirichlet: 1}}, ymax: {type: outflow}}\ndisc: {type: fv}\ntime: {type: ssprk2}\n",
  };
  for (size_t q = 0; q < sizeof yaml / sizeof *yaml; ++q) {
    double *field[2], rate[2];
    PetscInt n = 0;
    for (int k = 0; k < 2; ++k) {
      Solver s = eddy_test_solver(k ? PETSC_COMM_SELF : PETSC_COMM_WORLD, yaml[q], NULL);
      eddy_test_advance(&s, .01, 10);
      rate[k] = eddy_test_diagnostic(&s, "courant_rate");
      field[k] = eddy_test_field(&s, NULL, s.p->comp[s.p->ncomp > 1], &n);
      eddy_test_solver_end(&s);
    }
    ck_assert_mem_eq(field[0], field[1], (size_t)n * sizeof(double));
    ck_assert_mem_eq(&rate[0], &rate[1], sizeof(double));
    CK_PETSC(PetscFree(field[0]));
    CK_PETSC(PetscFree(field[1]));
  }
}
END_TEST

/* ---- a quarter turn ---- */

/* Pressure pulse in moving gas near a body, turned by `quarters`; cell (i, j) of an annulus takes the values of (i, j - quarters n/4) turned. */
static void Pulse(Solver *s, int quarters)
{
  const PetscInt n0 = s->mesh->box.n[0], n1 = s->mesh->box.n[1];
  for (PetscInt j = 0; j < n1; ++j)
    for (PetscInt i = 0; i < n0; ++i) {
      const PetscInt from = (j - quarters * n1 / 4 + n1) % n1;
      const double t = 2 * PETSC_PI * ((double)from + .5) / (double)n1,
                   r = 1 + ((double)i + .5) / (double)n0;
      const double x = r * cos(t) - 1.4, y = r * sin(t) - .3, e = exp(-10 * (x * x + y * y));
      PetscReal w[4] = {1 + .5 * e, .3 + .2 * e, -.1, 1 + 2 * e}, u[4];
      for (int q = 0; q < quarters; ++q) {
        const PetscReal a = w[1];
        w[1] = -w[2];
        w[2] = a;
      }
      s->p->ops->ToCons(s->p->ctx, w, u);
      for (PetscInt c = 0; c < 4; ++c)
        s->u[(size_t)(c * n0 * n1 + j * n0 + i)] = u[c];
    }
}

START_TEST(quarter_turn)
{
  static const char yaml[] =
      "mesh: {type: annulus, n: [12, 48]}\nphysics: {type: euler}\nboundary: {xmin: {type: "
      "reflecting}, xmax: {type: outflow}}\ninitial: {type: uniform}\ndisc: {type: fv}\ntime: "
      "{type: ssprk2}\n";
  Solver a = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL),
         b = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  const PetscInt n0 = 12, n1 = 48, cells = n0 * n1;
  Pulse(&a, 0);
  Pulse(&b, 1);
  eddy_test_advance(&a, .2, 80);
  eddy_test_advance(&b, .2, 80);
  double moved = 0;
  for (PetscInt j = 0; j < n1; ++j)
    for (PetscInt i = 0; i < n0; ++i) {
      const PetscInt at = j * n0 + i, to = (j + n1 / 4) % n1 * n0 + i;
      ck_assert_double_eq_tol(a.u[at], b.u[to], 1e-12);
      ck_assert_double_eq_tol(a.u[cells + at], b.u[2 * cells + to], 1e-12);
      ck_assert_double_eq_tol(a.u[2 * cells + at], -b.u[cells + to], 1e-12);
      ck_assert_double_eq_tol(a.u[3 * cells + at], b.u[3 * cells + to], 1e-12);
      moved = PetscMax(moved, fabs(a.u[cells + at]));
    }
  ck_assert_double_ge(moved, .1);
  eddy_test_solver_end(&a);
  eddy_test_solver_end(&b);
}
END_TEST

/* ---- the frame of a face ---- */

/* A grid of equal cells made by a map gives what the box gives. */
START_TEST(agrees_with_the_box)
{
  static const char *const mesh[] = {"n: [24, 20]", "type: stretched, n: [24, 20]"};
  static const char *const physics[] = {
      "physics: {type: euler}\ninitial: {type: riemann2d, configuration: 3}\nboundary: {xmin: "
      "{type: outflow}, xmax: {type: reflecting}, ymin: {type: outflow}, ymax: {type: outflow}}\n",
      "physics: {type: shallow_water, bathymetry: {type: gaussian, height: 0.8}}\ninitial: {type: "
      "lake, bell: 0.3}\nboundary: {ymin: {type: reflecting}, ymax: {type: outflow}}\n",
      "physics: {type: advection, velocity: [1, -0.4]}\ninitial: {type: exact}\n",
      "physics: {type: advection, velocity: [1, -0.4], kappa: 0.01}\ninitial: {type: exact}\n",
      "physics: {type: compressible_navier_stokes, mu: 0.01, zeta: 0.02, kappa: 0.03}\ninitial: "
      "{type: linear_wave, amplitude: 0.2, k: [1, 1]}\nboundary: {ymin: {type: outflow}, ymax: "
      "{type: outflow}}\n"};
  for (int q = 0; q < 5; ++q) {
    double *field[2];
    PetscInt n = 0;
    for (int k = 0; k < 2; ++k) {
      char yaml[1024];
      snprintf(yaml, sizeof yaml, "mesh: {%s}\n%sdisc: {type: fv}\ntime: {type: ssprk2}\n", mesh[k],
               physics[q]);
      Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
      eddy_test_advance(&s, .05, 20);
      field[k] = eddy_test_field(&s, NULL, s.p->comp[s.p->ncomp > 1], &n);
      eddy_test_solver_end(&s);
    }
    for (PetscInt i = 0; i < n; ++i)
      ck_assert_double_eq_tol(field[0][i], field[1][i], 1e-12);
    CK_PETSC(PetscFree(field[0]));
    CK_PETSC(PetscFree(field[1]));
  }
}
END_TEST

/* Gradients by the faces of a cell converge on a wavy grid. */
START_TEST(gradients)
{
  double error[2] = {0, 0};
  for (int k = 0; k < 2; ++k) {
    char yaml[512];
    PetscInt n;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: wavy, n: [%d, %d], amplitude: [0.04, 0.04]}\nphysics: {type: "
             "advection}\ninitial: {type: exact}\ndisc: {type: fv}\ntime: {type: ssprk2}\n",
             32 << k, 32 << k);
    Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
    double *f = eddy_test_field(&s, NULL, "gradient", &n), *u = eddy_test_field(&s, NULL, "u", &n);
    const PetscInt cells = n;
    for (PetscInt i = 0; i < cells; ++i) /* (2 pi cos)^2 + (2 pi sin)^2 */
      error[k] +=
          fabs(f[i] * f[i] + pow(2 * PETSC_PI * u[i], 2) - pow(2 * PETSC_PI, 2)) / (double)cells +
          fabs(f[cells + i]) / (double)cells;
    CK_PETSC(PetscFree(f));
    CK_PETSC(PetscFree(u));
    eddy_test_solver_end(&s);
  }
  ck_assert_msg(error[1] < .3 * error[0], "errors of gradients %g, %g", error[0], error[1]);
}
END_TEST

EDDY_SUITE("mapped", free_stream, free_stream_long, conservation, volumes, lake_at_rest, ranks,
           quarter_turn, agrees_with_the_box, gradients)
