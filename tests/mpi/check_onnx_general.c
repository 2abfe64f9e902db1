/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Networks with skip connections, normalisations over space, coarser grids and halos deeper than a rank, on any number of ranks: the bits of one
   rank, and the interpreter's result to round-off; also through the closure in the solver's right-hand side. */
#include "graph_run.h"
#include "onnx_nets.h"
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define F EDDY_ONNX_FLOAT

static void Compare(const char *what, Onnx__ModelProto *b, PetscInt nx, PetscInt ny,
                    const PetscInt *cut)
{
  EddyOnnxModel m = onnx_load(b, PETSC_FALSE);
  for (int p = 0; p < 2; ++p) {
    GraphRun r = {.n = {nx, ny},
                  .cut = cut,
                  .precision = (EddyNetPrecision)p,
                  .level = EddySimdDetect(),
                  .amplitude = 1};
    PetscInt n, want;
    double *all = graph_result(PETSC_COMM_WORLD, m, &r, &n);
    r.cut = NULL;
    double *alone = graph_result(PETSC_COMM_SELF, m, &r, &n), *z = graph_oracle(m, &r, &want);
    ck_assert_int_eq(n, want);
    ck_assert_msg(!memcmp(all, alone, sizeof *all * (size_t)n),
                  "%s: not the same bits on all ranks", what);
    const double error = graph_error(n, all, z);
    ck_assert_msg(error <= (p ? 2e-5 : 1e-13), "%s, %s: difference from the interpreter %g", what,
                  EddyNetPrecisionNames[p], error);
    free(all);
    free(alone);
    free(z);
  }
  CK_PETSC(EddyOnnxDestroy(&m));
}

START_TEST(halo_deeper_than_a_block)
{
  Compare("eight cells deep on 16 x 16", onnx_deep(), 16, 16, NULL);
  Compare("eight cells deep on 32 x 6", onnx_deep(), 32, 6, NULL);
}
END_TEST

START_TEST(normalised_over_space)
{
  static const PetscInt cut[5][5] = {{0}, {0, 24}, {0, 1, 24}, {0, 17, 17, 24}, {0, 3, 3, 20, 24}};
  int size;
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  Compare("GroupNorm", onnx_normal(), 20, 24, NULL);
  Compare("GroupNorm, uneven slabs", onnx_normal(), 20, 24, cut[PetscMin(size, 4)]);
}
END_TEST

START_TEST(coarser_grids)
{
  static const PetscInt cut[5][5] = {{0}, {0, 16}, {0, 5, 16}, {0, 3, 9, 16}, {0, 1, 6, 11, 16}};
  int size;
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  Compare("U-Net", onnx_unet(), 24, 16, NULL);
  Compare("U-Net, slabs that cut coarse cells", onnx_unet(), 24, 16, cut[PetscMin(size, 4)]);
  Compare("U-Net, wide", onnx_unet(), 8, 64, NULL);
}
END_TEST

START_TEST(other_operators) { Compare("rest", onnx_rest(), 18, 22, NULL); }
END_TEST

/* ---- through the closure ---- */

static void StartField(const PetscReal x[3], PetscReal u[])
{
  u[0] = sin(3 * x[0]) * cos(2 * x[1]) + cos(x[0]) + .5 * sin(5 * x[1] + x[0]);
}
static double *Term(MPI_Comm comm, const char *model, const char *engine, PetscInt *n)
{
  char yaml[1024];
  double *term;
  snprintf(yaml, sizeof yaml,
           "mesh: {type: box, n: [16, 16], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: "
           "1e-3}\nclosure: {list: [net], net: {type: onnx, model: %s, engine: %s, features: "
           "velocity_gradient, target: subgrid_forcing}}\n",
           model, engine);
  Solver s = eddy_test_solver(comm, yaml, StartField);
  CK_PETSC(EddyDiscCreateState(s.d, &term));
  CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, term, NULL, NULL));
  double *u = s.u;
  s.u = term;
  double *field = eddy_test_field(&s, NULL, "vorticity", n);
  s.u = u;
  CK_PETSC(EddyDiscDestroyState(&term));
  eddy_test_solver_end(&s);
  return field;
}

START_TEST(in_the_loop)
{
  Onnx__ModelProto *nets[] = {onnx_start(17, 4), onnx_rest()};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512];
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  onnx_conv(nets[0], "x", "a", 4, 8, 5);
  onnx_group_norm(nets[0], "a", "g", 2, 8);
  onnx_node(nets[0], "Tanh", "g", "t");
  onnx_conv(nets[0], "t", "b", 8, 8, 5);
  onnx_node(nets[0], "Add", "b t", "c");
  onnx_conv(nets[0], "c", "y", 8, 1, 5);
  for (int k = 0; k < 2; ++k) {
    size_t length;
    uint8_t *bytes = onnx_pack(nets[k], &length);
    onnx_build_free(nets[k]);
    snprintf(path, sizeof path, "%s/net%d.onnx", folder, k);
    if (!rank) {
      FILE *f = fopen(path, "wb");
      ck_assert_ptr_nonnull(f);
      ck_assert_uint_eq(fwrite(bytes, 1, length, f), length);
      fclose(f);
    }
    free(bytes);
    MPI_Barrier(PETSC_COMM_WORLD);
    PetscInt n;
    double *all = Term(PETSC_COMM_WORLD, path, "fast", &n),
           *alone = Term(PETSC_COMM_SELF, path, "fast", &n),
           *slow = Term(PETSC_COMM_WORLD, path, "reference", &n);
    ck_assert_msg(!memcmp(all, alone, sizeof *all * (size_t)n), "net %d: not the same bits", k);
    const double error = graph_error(n, all, slow);
    ck_assert_msg(error < 1e-12, "net %d: difference from the interpreter %g", k, error);
    CK_PETSC(PetscFree(all));
    CK_PETSC(PetscFree(alone));
    CK_PETSC(PetscFree(slow));
  }
}
END_TEST

/* A pointwise network that gives NaN (the logarithm of negative numbers) and reads values beyond its ranges: the guards count the same events whether rows are
   looked at inside the engine or afterwards, and none where there is none. */
START_TEST(guards_see_every_value)
{
  static const char *const engines[] = {"fast", "reference"};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], yaml[1024];
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  for (int k = 0; k < 3; ++k) { /* nothing wrong; NaN; out of range */
    Onnx__ModelProto *b = onnx_build(17);
    size_t length;
    onnx_input(b, "x", F, "n,4");
    onnx_output(b, "y", F, "n,4");
    onnx_weight(b, "c", F, "", (const double[]){k == 1 ? .1 : 30});
    onnx_node(b, "Add", "x c", "s");
    onnx_node(b, "Log", "s", "l");
    onnx_node(b, "Mul", "l x", "y");
    uint8_t *bytes = onnx_pack(b, &length);
    onnx_build_free(b);
    snprintf(path, sizeof path, "%s/log%d.onnx", folder, k);
    if (!rank) {
      FILE *f = fopen(path, "wb");
      ck_assert_ptr_nonnull(f);
      ck_assert_uint_eq(fwrite(bytes, 1, length, f), length);
      fclose(f);
    }
    free(bytes);
    MPI_Barrier(PETSC_COMM_WORLD);
    int64_t count[2][EDDY_NCOUNT];
    for (int e = 0; e < 2; ++e) {
      double *f;
      snprintf(
          yaml, sizeof yaml,
          "mesh: {type: box, n: [40, 36], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: "
          "1e-3}\nclosure: {list: [net], net: {type: onnx, model: %s, engine: %s, features: "
          "velocity_gradient, target: subgrid_stress, guard: {limit: 0, lower: [-%g, -20, -20, "
          "-20], upper: [%g, 20, 20, 20]}}}\n",
          path, engines[e], k == 2 ? .1 : 20., k == 2 ? .1 : 20.);
      Solver s = eddy_test_solver(PETSC_COMM_WORLD, yaml, StartField);
      CK_PETSC(EddyDiscCreateState(s.d, &f));
      CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, f, NULL, NULL));
      memcpy(count[e], s.closure[0]->guard.count, sizeof count[e]);
      CK_PETSC(EddyDiscDestroyState(&f));
      eddy_test_solver_end(&s);
    }
    ck_assert_msg(!memcmp(count[0], count[1], sizeof count[0]), "network %d: other counts", k);
    ck_assert_int_eq(count[0][EDDY_COUNT_BAD] > 0, k == 1);
    ck_assert_int_eq(count[0][EDDY_COUNT_FLAGGED] > 0, k == 2);
    ck_assert_int_eq(count[0][EDDY_COUNT_POINTS], 40 * 36);
  }
}
END_TEST

EDDY_SUITE("networks as graphs on ranks", halo_deeper_than_a_block, normalised_over_space,
           coarser_grids, other_operators, in_the_loop, guards_see_every_value)
