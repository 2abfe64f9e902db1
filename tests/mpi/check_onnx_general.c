/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Networks with skip connections, normalisations over space, coarser grids and halos deeper than a rank, on any number of ranks: the bits of one
   rank, and the interpreter's result to round-off; also through the closure in the solver's right-hand side. */
#include "graph_run.h"
#include "onnx_build.h"
#include "solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define F EDDY_ONNX_FLOAT
static void Weight(Onnx__ModelProto *b, const char *name, const char *shape, int n, double scale)
{
  double *w = malloc(sizeof *w * (size_t)n);
  for (int k = 0; k < n; ++k)
    w[k] = scale * sin(1.7 * k + .3 * n + name[0]);
  onnx_weight(b, name, F, shape, w);
  free(w);
}
/* Convolution with circular padding, k x k; `name` begins all of its values, result `out`. */
static void Conv(Onnx__ModelProto *b, const char *in, const char *out, int nin, int nout, int k)
{
  char x[64], y[64], w[64], shape[64], wires[256];
  snprintf(x, sizeof x, "%s_px", out), snprintf(y, sizeof y, "%s_py", out),
      snprintf(w, sizeof w, "%s_w", out);
  if (k > 1) {
    onnx_circular(b, in, x, 2, k / 2, PETSC_FALSE);
    onnx_circular(b, x, y, 3, k / 2, PETSC_FALSE);
  } else
    snprintf(y, sizeof y, "%s", in);
  snprintf(shape, sizeof shape, "%d,%d,%d,%d", nout, nin, k, k);
  Weight(b, w, shape, nout * nin * k * k, 1.2 / sqrt(nin * k * k));
  snprintf(wires, sizeof wires, "%s %s", y, w);
  onnx_node(b, "Conv", wires, out);
}
static Onnx__ModelProto *Start(int opset, int nin)
{
  char shape[64];
  Onnx__ModelProto *b = onnx_build(opset);
  snprintf(shape, sizeof shape, "N,%d,H,W", nin);
  onnx_input(b, "x", F, shape);
  onnx_output(b, "y", F, "N,1,H,W");
  return b;
}
/* GroupNorm as exporters write it: groups flattened, instance normalisation, back, scale and shift. */
static void GroupNorm(Onnx__ModelProto *b, const char *in, const char *out, int groups,
                      int channels)
{
  char wires[512], name[64], shape[64];
  double one[16], zero[16] = {0};
  for (int k = 0; k < 16; ++k)
    one[k] = 1;
  snprintf(name, sizeof name, "%s_to", out);
  onnx_weight(b, name, EDDY_ONNX_INT64, "3", (const double[]){0, groups, -1});
  snprintf(wires, sizeof wires, "%s %s_to", in, out);
  snprintf(name, sizeof name, "%s_flat", out);
  onnx_node(b, "Reshape", wires, name);
  snprintf(shape, sizeof shape, "%d", groups);
  snprintf(name, sizeof name, "%s_one", out);
  onnx_weight(b, name, F, shape, one);
  snprintf(name, sizeof name, "%s_zero", out);
  onnx_weight(b, name, F, shape, zero);
  snprintf(wires, sizeof wires, "%s_flat %s_one %s_zero", out, out, out);
  snprintf(name, sizeof name, "%s_norm", out);
  onnx_node(b, "InstanceNormalization", wires, name);
  snprintf(name, sizeof name, "%s_shape", out);
  onnx_node(b, "Shape", in, name);
  snprintf(wires, sizeof wires, "%s_norm %s_shape", out, out);
  snprintf(name, sizeof name, "%s_back", out);
  onnx_node(b, "Reshape", wires, name);
  snprintf(shape, sizeof shape, "%d,1,1", channels);
  snprintf(name, sizeof name, "%s_s", out);
  Weight(b, name, shape, channels, .9);
  snprintf(name, sizeof name, "%s_b", out);
  Weight(b, name, shape, channels, .2);
  snprintf(wires, sizeof wires, "%s_back %s_s", out, out);
  snprintf(name, sizeof name, "%s_scaled", out);
  onnx_node(b, "Mul", wires, name);
  snprintf(wires, sizeof wires, "%s_scaled %s_b", out, out);
  onnx_node(b, "Add", wires, out);
}

/* Four 5 x 5 convolutions, eight cells deep, and a skip connection around two of them. */
static Onnx__ModelProto *Deep(void)
{
  Onnx__ModelProto *b = Start(17, 2);
  Conv(b, "x", "a", 2, 6, 5);
  onnx_node(b, "Tanh", "a", "ta");
  Conv(b, "ta", "c", 6, 6, 5);
  onnx_node(b, "Relu", "c", "rc");
  Conv(b, "rc", "d", 6, 6, 5);
  onnx_node(b, "Add", "d ta", "skip");
  onnx_node(b, "Tanh", "skip", "ts");
  Conv(b, "ts", "y", 6, 1, 5);
  return b;
}
/* Residual blocks with GroupNorm and a last step that takes the mean away. */
static Onnx__ModelProto *Normal(void)
{
  Onnx__ModelProto *b = Start(17, 3);
  Conv(b, "x", "a", 3, 8, 3);
  GroupNorm(b, "a", "ga", 2, 8);
  onnx_node(b, "Sigmoid", "ga", "sa");
  onnx_node(b, "Mul", "ga sa", "ra");
  Conv(b, "ra", "c", 8, 8, 3);
  GroupNorm(b, "c", "gc", 4, 8);
  onnx_node(b, "Add", "gc ra", "skip");
  onnx_int(onnx_node(b, "Concat", "skip x", "wide"), "axis", 1);
  Conv(b, "wide", "d", 11, 1, 3);
  onnx_ints(onnx_node(b, "ReduceMean", "d", "m"), "axes", "2 3");
  onnx_node(b, "Sub", "d m", "y");
  return b;
}
/* Two coarser grids: MaxPool down and nearest up, strided convolution down and ConvTranspose up, bilinear on the way. */
static Onnx__ModelProto *UNet(void)
{
  Onnx__ModelProto *b = Start(18, 2);
  Onnx__NodeProto *n;
  Conv(b, "x", "a", 2, 4, 3);
  onnx_node(b, "Relu", "a", "ra");
  n = onnx_node(b, "MaxPool", "ra", "p");
  onnx_ints(n, "kernel_shape", "2 2"), onnx_ints(n, "strides", "2 2");
  Conv(b, "p", "c", 4, 6, 3);
  onnx_node(b, "Tanh", "c", "tc");
  Weight(b, "down", "8,6,2,2", 192, .3);
  n = onnx_node(b, "Conv", "tc down", "q");
  onnx_ints(n, "strides", "2 2");
  GroupNorm(b, "q", "gq", 4, 8);
  Conv(b, "gq", "e", 8, 8, 3);
  Weight(b, "up", "8,6,2,2", 192, .3);
  n = onnx_node(b, "ConvTranspose", "e up", "u");
  onnx_ints(n, "strides", "2 2");
  onnx_int(onnx_node(b, "Concat", "u tc", "uc"), "axis", 1);
  Conv(b, "uc", "f", 12, 4, 3);
  onnx_weight(b, "scales", F, "4", (const double[]){1, 1, 2, 2});
  n = onnx_node(b, "Resize", "f - scales", "g");
  onnx_string(n, "mode", "nearest"), onnx_string(n, "nearest_mode", "floor"),
      onnx_string(n, "coordinate_transformation_mode", "asymmetric");
  n = onnx_node(b, "Resize", "f - scales", "h");
  onnx_string(n, "mode", "linear");
  n = onnx_node(b, "AveragePool", "ra", "r");
  onnx_ints(n, "kernel_shape", "2 2"), onnx_ints(n, "strides", "2 2");
  n = onnx_node(b, "Resize", "r - scales", "s");
  onnx_string(n, "mode", "nearest");
  onnx_int(onnx_node(b, "Concat", "g h s ra", "all"), "axis", 1);
  Conv(b, "all", "y", 16, 1, 3);
  return b;
}
/* Faces of other kinds, rolls, extremes over space, normalisation over channels and space together, groups and dilation. */
static Onnx__ModelProto *Rest(void)
{
  Onnx__ModelProto *b = Start(18, 4);
  Onnx__NodeProto *n;
  Weight(b, "wz", "4,4,3,3", 144, .3);
  n = onnx_node(b, "Conv", "x wz", "z");
  onnx_ints(n, "pads", "1 1 1 1");
  onnx_weight(b, "pads", EDDY_ONNX_INT64, "8", (const double[]){0, 0, 2, 1, 0, 0, 2, 1});
  onnx_string(onnx_node(b, "Pad", "z pads", "pz"), "mode", "reflect");
  Weight(b, "wd", "4,2,3,3", 72, .4);
  n = onnx_node(b, "Conv", "pz wd", "d");
  onnx_ints(n, "dilations", "2 1"), onnx_int(n, "group", 2);
  onnx_weight(b, "s1", EDDY_ONNX_INT64, "1", (const double[]){2});
  onnx_weight(b, "e1", EDDY_ONNX_INT64, "1", (const double[]){1 << 30});
  onnx_weight(b, "s0", EDDY_ONNX_INT64, "1", (const double[]){0});
  onnx_weight(b, "ay", EDDY_ONNX_INT64, "1", (const double[]){3});
  onnx_node(b, "Slice", "d s1 e1 ay", "late");
  onnx_node(b, "Slice", "d s0 s1 ay", "early");
  onnx_int(onnx_node(b, "Concat", "late early", "roll"), "axis", 3);
  onnx_node(b, "Sub", "d roll", "diff");
  onnx_weight(b, "space", EDDY_ONNX_INT64, "2", (const double[]){2, 3});
  onnx_node(b, "ReduceMax", "diff space", "most");
  onnx_node(b, "ReduceMin", "diff space", "least");
  onnx_node(b, "Sub", "most least", "span");
  onnx_node(b, "Div", "diff span", "unit");
  Weight(b, "sl", "4,1,1", 4, 1);
  onnx_int(onnx_node(b, "LayerNormalization", "unit sl", "layer"), "axis", 1);
  n = onnx_node(b, "MaxPool", "layer", "mp");
  onnx_ints(n, "kernel_shape", "3 3"), onnx_ints(n, "pads", "1 1 1 1");
  onnx_node(b, "GlobalAveragePool", "mp", "gap");
  onnx_node(b, "Mul", "mp gap", "gated");
  onnx_ints(onnx_node(b, "Transpose", "gated", "last"), "perm", "0 2 3 1");
  Weight(b, "wm", "4,1", 4, 1);
  onnx_node(b, "MatMul", "last wm", "lm");
  onnx_ints(onnx_node(b, "Transpose", "lm", "y"), "perm", "0 3 1 2");
  return b;
}

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
  Compare("eight cells deep on 16 x 16", Deep(), 16, 16, NULL);
  Compare("eight cells deep on 32 x 6", Deep(), 32, 6, NULL);
}
END_TEST

START_TEST(normalised_over_space)
{
  static const PetscInt cut[5][5] = {{0}, {0, 24}, {0, 1, 24}, {0, 17, 17, 24}, {0, 3, 3, 20, 24}};
  int size;
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  Compare("GroupNorm", Normal(), 20, 24, NULL);
  Compare("GroupNorm, uneven slabs", Normal(), 20, 24, cut[PetscMin(size, 4)]);
}
END_TEST

START_TEST(coarser_grids)
{
  static const PetscInt cut[5][5] = {{0}, {0, 16}, {0, 5, 16}, {0, 3, 9, 16}, {0, 1, 6, 11, 16}};
  int size;
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  Compare("U-Net", UNet(), 24, 16, NULL);
  Compare("U-Net, slabs that cut coarse cells", UNet(), 24, 16, cut[PetscMin(size, 4)]);
  Compare("U-Net, wide", UNet(), 8, 64, NULL);
}
END_TEST

START_TEST(other_operators) { Compare("rest", Rest(), 18, 22, NULL); }
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
  Onnx__ModelProto *nets[] = {Start(17, 4), Rest()};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512];
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  Conv(nets[0], "x", "a", 4, 8, 5);
  GroupNorm(nets[0], "a", "g", 2, 8);
  onnx_node(nets[0], "Tanh", "g", "t");
  Conv(nets[0], "t", "b", 8, 8, 5);
  onnx_node(nets[0], "Add", "b t", "c");
  Conv(nets[0], "c", "y", 8, 1, 5);
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

EDDY_SUITE("networks as graphs on ranks", halo_deeper_than_a_block, normalised_over_space,
           coarser_grids, other_operators, in_the_loop)
