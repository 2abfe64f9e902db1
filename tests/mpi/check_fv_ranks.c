/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Finite volumes have the same bits on any number of ranks: every case on all ranks together and on every rank alone; blocks thinner than the ghost layers,
   ranks without cells, walls next to them. */
#include "solver.h"
#include <string.h>

static const char *const cases[] = {
    "mesh: {n: [37]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: {type: "
    "reflecting}}\ninitial: {type: riemann1d}\ntime: {type: ssprk2}\n",
    "mesh: {n: [5]}\nphysics: {type: euler}\ninitial: {type: linear_wave, amplitude: 0.1}\ndisc: "
    "{reconstruction: weno5}\ntime: {type: ssprk3}\n",
    "mesh: {n: [7]}\nphysics: {type: euler}\nboundary: {xmin: {type: reflecting}, xmax: {type: "
    "outflow}}\ninitial: {type: riemann1d}\ndisc: {reconstruction: ppm}\ntime: {type: ssprk3}\n",
    "mesh: {n: [24, 18]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: {type: "
    "outflow}, ymin: {type: reflecting}, ymax: {type: outflow}}\ninitial: {type: riemann2d, "
    "configuration: 6}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
    "mesh: {n: [300, 5]}\nphysics: {type: euler}\ninitial: {type: linear_wave, amplitude: 0.1, k: "
    "[1, 1]}\ntime: {type: ssprk2}\n",
    "mesh: {n: [5, 300]}\nphysics: {type: euler}\ninitial: {type: linear_wave, amplitude: 0.1, k: "
    "[1, 1], wave: shear, flow: 1}\ntime: {type: etdrk4}\n",
    "mesh: {n: [6, 7, 9]}\nphysics: {type: euler}\nboundary: {zmin: {type: reflecting}, zmax: "
    "{type: outflow}}\ninitial: {type: linear_wave, amplitude: 0.1, k: [1, 1, 1]}\ntime: {type: "
    "ssprk2}\n",
    "mesh: {n: [4, 4, 4]}\nphysics: {type: advection, velocity: [1, 0.5, -0.3], kappa: 0.01, "
    "exact_k: [1, 1, 0]}\ninitial: {type: exact}\ndisc: {reconstruction: ppm}\ntime: {type: "
    "ab2cn}\n",
    "mesh: {n: [21, 13]}\nphysics: {type: shallow_water, bathymetry: {type: gaussian, height: 1.2, "
    "width: 0.15}}\nboundary: {xmin: {type: reflecting}, xmax: {type: outflow}}\ninitial: {type: "
    "lake, surface: 1, bell: 0.3, centre: [0.2, 0.3]}\ntime: {type: ssprk2}\n",
    "mesh: {n: [23, 17]}\nphysics: {type: euler}\nboundary: {xmin: {type: outflow}, xmax: {type: "
    "outflow}, ymin: {type: slip}, ymax: {type: outflow}}\ninitial: {type: riemann2d, "
    "configuration: 4}\ndisc: {reconstruction: weno5, variables: characteristic}\ntime: {type: "
    "ssprk3}\n",
    "mesh: {n: [15, 14]}\nphysics: {type: euler}\nboundary: {xmin: {type: inflow, density: 5, "
    "velocity: [9, 0], pressure: 40}, xmax: {type: outflow}, ymin: {type: slip}, ymax: {type: "
    "outflow}}\ninitial: {type: riemann2d, configuration: 3}\ndisc: {shock_switch: true}\ntime: "
    "{type: ssprk2}\n",
    "mesh: {n: [6, 5, 7]}\nphysics: {type: euler}\nboundary: {zmin: {type: slip}, zmax: {type: "
    "inflow, density: 5, velocity: [0, 0, -9], pressure: 40}}\ninitial: {type: linear_wave, "
    "amplitude: 0.5, k: [1, 1, 1]}\ndisc: {shock_switch: true}\ntime: {type: ssprk2}\n",
    "mesh: {n: [33, 12]}\nphysics: {type: advection, velocity: [1, 0.5]}\ninitial: {type: "
    "grf}\ndisc: {type: fv}\ntime: {type: cnrk4}\n",
    "mesh: {n: [23, 17], upper: [1, 1]}\nphysics: {type: acoustics, bulk_modulus: 4, absorb: "
    "{width: 0.3}, medium: {type: inclusions, seed: 3}}\nboundary: {xmin: {type: reflecting}, "
    "xmax: "
    "{type: outflow}, ymin: {type: outflow}, ymax: {type: outflow}}\ninitial: {type: "
    "pulses}\ntime: {type: ssprk2}\n",
    "mesh: {n: [7, 9, 6]}\nphysics: {type: burgers, nu: 1e-2, direction: [1, 0.5, -0.3]}\ninitial: "
    "{type: "
    "exact}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
    "mesh: {n: [21, 14], upper: [1, 1]}\nphysics: {type: advection, flow: swirl, flow_period: 1, "
    "kappa: 1e-3}\ninitial: {type: "
    "pulses}\ntime: {type: ssprk2}\n",
    "mesh: {n: [9, 7, 8], upper: [1, 1, 1]}\nphysics: {type: advection, flow: swirl}\ninitial: "
    "{type: "
    "pulses, radius: [0.1, 0.2]}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
    "mesh: {n: [19, 11]}\nphysics: {type: buckley_leverett, velocity: [1, -0.4], exact_position: "
    "0.3}\nboundary: {xmin: {type: dirichlet, saturation: 1}, xmax: {type: outflow}}\ninitial: "
    "{type: exact}\ntime: {type: ssprk2}\n",
    "mesh: {type: wavy, n: [19, 15]}\nphysics: {type: euler, manufactured: {omega: 3}, forcing: "
    "{list: [m], m: {type: manufactured}}}\ninitial: {type: manufactured}\ntime: {type: ssprk2}\n",
    "mesh: {n: [19, 11]}\nphysics: {type: euler}\nboundary: {xmin: {type: inflow, density: 1, "
    "velocity_x: 0.5, pressure: 2}, xmax: {type: characteristic, density: 1, velocity: [0, 0], "
    "pressure: 1}, ymin: {type: slip, list: [hole], hole: {type: inflow, density: 2, velocity_y: "
    "0.4, pressure: 1, from: 0.3, to: 0.7, speed: 4}}, ymax: {type: no_slip, velocity: [0.5, "
    "-0.1], "
    "temperature: {robin: [1, 0.1, 1]}}}\ninitial: {type: riemann2d, configuration: 6}\ndisc: "
    "{reconstruction: weno5}\ntime: {type: ssprk3}\n",
    "mesh: {n: [5, 9]}\nphysics: {type: shallow_water, bathymetry: {type: gaussian, height: 0.3, "
    "width: 0.15}}\nboundary: {xmin: {type: characteristic, surface: 1.1, velocity: [0, 0]}, xmax: "
    "{type: mixed, surface: {neumann: 0.1}}, ymin: {type: inflow, surface: 1.2}, ymax: {type: "
    "slip}}\ninitial: {type: lake, surface: 1, bell: 0.3, centre: [0.2, 0.3]}\ntime: {type: "
    "ssprk2}\n",
    "mesh: {n: [65]}\nphysics: {type: burgers, nu: 1e-2}\ninitial: {type: sine_series}\ndisc: "
    "{type: fv}\ntime: {type: ts}\n",
    "mesh: {n: [19, 23]}\nphysics: {type: compressible_navier_stokes, mu: 0.02, zeta: 0.01, "
    "prandtl: "
    "0.7, scalars: [dye, smoke], diffusivity: 0.01}\nboundary: {ymin: {type: no_slip, velocity: "
    "[0.5, 0]}, ymax: {type: reflecting}}\ninitial: {type: linear_wave, amplitude: 0.1, k: [1, 1], "
    "dye: {type: disc}, smoke: {type: sine, k: [1, 1]}}\ntime: {type: ssprk2}\n",
    "mesh: {n: [5, 6, 7]}\nphysics: {type: compressible_navier_stokes, mu: 0.02}\nboundary: {xmin: "
    "{type: no_slip}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: {type: reflecting}}\n"
    "initial: {type: linear_wave, amplitude: 0.1, k: [1, 1, 1], wave: shear}\ntime: {type: "
    "ssprk3}\n",
    "mesh: {n: [300, 4]}\nphysics: {type: compressible_navier_stokes, mu: 0.001}\ninitial: {type: "
    "linear_wave, amplitude: 0.1, k: [1, 1]}\ntime: {type: ssprk2}\n",
    "mesh: {n: [4]}\nphysics: {type: compressible_navier_stokes, mu: 0.01}\ninitial: {type: "
    "linear_wave, amplitude: 0.1}\ntime: {type: ssprk2}\n",
    "mesh: {n: [22, 17], upper: [1, 1]}\nphysics: {type: compressible_navier_stokes, mu: 0.001, "
    "gravity: [0.2, -1], hydrostatic: {type: polytropic}}\nboundary: {xmin: {type: reflecting}, "
    "xmax: {type: outflow}, ymin: {type: reflecting}, ymax: {type: outflow}}\ninitial: {type: "
    "hydrostatic, amplitude: 0.1}\ntime: {type: ssprk2}\n",
    "mesh: {type: wavy, n: [13, 11]}\nphysics: {type: euler, gravity: [0.2, -1], hydrostatic: "
    "{type: "
    "polytropic}}\nboundary: {xmin: {type: reflecting}, xmax: {type: outflow}, ymin: {type: "
    "reflecting}, ymax: {type: outflow}}\ninitial: {type: hydrostatic, amplitude: 0.1}\ntime: "
    "{type: "
    "ssprk2}\n",
    "mesh: {n: [6, 5, 8]}\nphysics: {type: euler, gravity: [0, 0, -1], point: {mass: 0.1}, "
    "scalars: "
    "[dye]}\nboundary: {zmin: {type: reflecting}, zmax: {type: outflow}}\ninitial: {type: "
    "linear_wave, amplitude: 0.1, k: [1, 1, 1]}\ntime: {type: ssprk2}\n",
};

typedef struct {
  double *field[8], diag[32];
  PetscInt n[8], count, ndiag;
} Result;

static Result Run(MPI_Comm comm, const char *yaml)
{
  Result r = {0};
  const char *names[32], *const last[] = {"gradient", "laplacian"};
  Solver s = eddy_test_solver(comm, yaml, NULL);
  eddy_test_advance(&s, .01, 10);
  CK_PETSC(s.d->ops->Diagnostics(s.d, &s.st, s.u, 32, names, r.diag, &r.ndiag));
  for (PetscInt c = 0; c < s.p->ncomp; ++c, ++r.count)
    r.field[r.count] = eddy_test_field(&s, NULL, s.p->comp[c], &r.n[r.count]);
  for (int q = 0; q < (s.d->box.mapped ? 1 : 2); ++q, ++r.count) /* laplacian: equal cells only */
    r.field[r.count] = eddy_test_field(&s, NULL, last[q], &r.n[r.count]);
  eddy_test_solver_end(&s);
  return r;
}

START_TEST(test_equal)
{
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    Result alone = Run(PETSC_COMM_SELF, cases[i]), all = Run(PETSC_COMM_WORLD, cases[i]);
    int same = alone.ndiag == all.ndiag &&
               !memcmp(alone.diag, all.diag, (size_t)all.ndiag * sizeof(double)),
        differ = 0;
    for (PetscInt f = 0; f < all.count; ++f) {
      same = same && !memcmp(alone.field[f], all.field[f], (size_t)all.n[f] * sizeof(double));
      for (PetscInt q = 1; f == 0 && q < all.n[0]; ++q)
        differ = differ || all.field[0][q] != all.field[0][0];
      CK_PETSC(PetscFree(alone.field[f]));
      CK_PETSC(PetscFree(all.field[f]));
    }
    MPI_Allreduce(MPI_IN_PLACE, &same, 1, MPI_INT, MPI_MIN, PETSC_COMM_WORLD);
    ck_assert_msg(same, "case %d: not the same bits", (int)i);
    ck_assert_msg(differ, "case %d: the field is uniform", (int)i);
  }
}
END_TEST

/* A state taken apart and put together again, on other ranks too: the pieces are those of the canonical array. */
START_TEST(test_pack)
{
  Solver s = eddy_test_solver(PETSC_COMM_WORLD, cases[3], NULL);
  const PetscInt64 *offset, *count;
  PetscInt64 global, covered = 0;
  PetscInt nchunk;
  const double *data;
  double *v;
  CK_PETSC(EddyDiscCreateState(s.d, &v));
  CK_PETSC(s.d->ops->Pack(s.d, s.u, &global, &nchunk, &offset, &count, &data));
  ck_assert_int_eq(global, 4 * 24 * 18);
  for (PetscInt q = 0; q < nchunk; ++q)
    covered += count[q];
  MPI_Allreduce(MPI_IN_PLACE, &covered, 1, MPI_INT64_T, MPI_SUM, PETSC_COMM_WORLD);
  ck_assert_int_eq(covered, global);
  CK_PETSC(s.d->ops->Unpack(s.d, data, v));
  ck_assert(!memcmp(v, s.u, s.d->size * sizeof *v));
  CK_PETSC(EddyDiscDestroyState(&v));
  eddy_test_solver_end(&s);
}
END_TEST

EDDY_SUITE("fv_ranks", test_equal, test_pack)
