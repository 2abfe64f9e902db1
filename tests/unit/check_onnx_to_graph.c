/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Networks that branch, on the graph engine: every operator it takes, and the pointwise networks of examples/models, against the interpreter in all precisions
   and levels; same bits wherever a block starts. */
#include "graph_run.h"
#include "onnx_build.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double bound[] = {1e-13, 2e-5, 2e-5};

/* All precisions and levels, and cells that begin elsewhere. m is destroyed. */
static void Compare(const char *what, EddyOnnxModel m, const PetscInt n[2], double amplitude,
                    double shift)
{
  PetscInt have, want;
  for (int level = 0; level <= (int)EddySimdDetect(); ++level)
    for (int p = 0; p < 3; ++p) {
      const GraphRun r = {.n = {n[0], n[1]},
                          .precision = (EddyNetPrecision)p,
                          .level = (EddySimdLevel)level,
                          .amplitude = amplitude,
                          .shift = shift};
      double *y = graph_result(PETSC_COMM_SELF, m, &r, &have), *z = graph_oracle(m, &r, &want);
      ck_assert_int_eq(have, want);
      const double error = graph_error(have, y, z);
      ck_assert_msg(error <= bound[p], "%s, %s, %s, %d x %d: difference %g", what,
                    EddyNetPrecisionNames[p], EddySimdNames[level], (int)n[0], (int)n[1], error);
      free(y);
      free(z);
    }
  CK_PETSC(EddyOnnxDestroy(&m));
}

START_TEST(examples)
{
  static const PetscInt n[][2] = {{64, 64}, {5, 3}, {1, 1}, {33, 7}};
  for (int s = 0; s < 3; ++s)
    for (int k = 0; k < 4; ++k) {
      char path[512];
      EddyOnnxModel m;
      snprintf(path, sizeof path, "%s/../../examples/models/mlp_gauss_s%d.onnx",
               EDDY_TEST_REFERENCE, s);
      CK_PETSC(EddyOnnxLoad(PETSC_COMM_SELF, path, &m));
      Compare(path, m, n[k], 2, .1);
    }
}
END_TEST

/* One node on channels of a pointwise network: y = op(x). */
static EddyOnnxModel Unary(const char *op, const char *attribute, double value)
{
  Onnx__ModelProto *b = onnx_build(20);
  onnx_input(b, "x", EDDY_ONNX_FLOAT, "n,3");
  onnx_output(b, "y", EDDY_ONNX_FLOAT, "n,3");
  Onnx__NodeProto *n = onnx_node(b, op, "x", "y");
  if (attribute && !strcmp(attribute, "approximate"))
    onnx_string(n, attribute, "tanh");
  else if (attribute)
    onnx_float(n, attribute, value);
  return onnx_load(b, PETSC_FALSE);
}

START_TEST(functions)
{
  static const struct {
    const char *op, *attribute;
    double value, amplitude, shift;
  } all[] = {
      {"Abs", NULL, 0, 3, 0},         {"Neg", NULL, 0, 3, 0},
      {"Sqrt", NULL, 0, 1, 3},        {"Exp", NULL, 0, 2, 0},
      {"Log", NULL, 0, 1, 2.2},       {"Erf", NULL, 0, 2, 0},
      {"Tanh", NULL, 0, 2, 0},        {"Sigmoid", NULL, 0, 3, 0},
      {"Relu", NULL, 0, 3, 0},        {"LeakyRelu", "alpha", .2, 3, 0},
      {"Elu", "alpha", .7, 3, 0},     {"Selu", NULL, 0, 3, 0},
      {"Celu", "alpha", 1.5, 3, 0},   {"Softplus", NULL, 0, 3, 0},
      {"Gelu", NULL, 0, 3, 0},        {"Gelu", "approximate", 0, 3, 0},
      {"HardSigmoid", NULL, 0, 3, 0}, {"HardSwish", NULL, 0, 3, 0},
      {"Mish", NULL, 0, 3, 0},        {"Identity", NULL, 0, 3, 0},
  };
  const PetscInt n[2] = {19, 7};
  for (size_t k = 0; k < sizeof all / sizeof *all; ++k)
    Compare(all[k].op, Unary(all[k].op, all[k].attribute, all[k].value), n, all[k].amplitude,
            all[k].shift);
}
END_TEST

/* Arithmetic of two channels, constants on either side, comparisons, all through one graph with branches. */
START_TEST(branches)
{
  const EddyOnnxType F = EDDY_ONNX_FLOAT, Int = EDDY_ONNX_INT64;
  const PetscInt n[2] = {21, 5};
  Onnx__ModelProto *b = onnx_build(18);
  double w[256];
  for (int k = 0; k < 256; ++k)
    w[k] = .4 * sin(1.7 * k);
  onnx_input(b, "x", F, "n,6");
  onnx_output(b, "y", F, "n,9");
  onnx_weight(b, "axis", Int, "1", (const double[]){1});
  onnx_weight(b, "zero", Int, "1", (const double[]){0});
  onnx_weight(b, "six", Int, "1", (const double[]){6});
  onnx_weight(b, "two", Int, "1", (const double[]){2});
  onnx_node(b, "Slice", "x zero six axis two", "even"); /* 3 channels */
  Onnx__NodeProto *g = onnx_node(b, "Gather", "x pick", "odd");
  onnx_weight(b, "pick", Int, "3", (const double[]){5, -3, 1});
  onnx_int(g, "axis", 1);
  onnx_node(b, "Add", "even odd", "sum");
  onnx_node(b, "Sub", "sum even", "back");
  onnx_weight(b, "scale", F, "3", (const double[]){2, -.5, 3});
  onnx_weight(b, "five", F, "", (const double[]){5});
  onnx_node(b, "Mul", "scale back", "scaled");
  onnx_node(b, "Sub", "five scaled", "from");
  onnx_node(b, "Div", "from five", "part");
  onnx_weight(b, "square", F, "", (const double[]){2});
  onnx_node(b, "Pow", "even square", "even2");
  onnx_node(b, "Add", "even2 five", "safe");
  onnx_node(b, "Div", "odd safe", "ratio");
  onnx_weight(b, "p", F, "", (const double[]){-1.3});
  onnx_node(b, "Pow", "safe p", "power");
  onnx_node(b, "Greater", "even odd", "which");
  onnx_node(b, "Where", "which ratio power", "chosen");
  onnx_node(b, "Max", "even odd part", "most");
  onnx_weight(b, "lo", F, "", (const double[]){-.5});
  onnx_weight(b, "hi", F, "", (const double[]){.8});
  onnx_node(b, "Clip", "most lo hi", "clipped");
  onnx_weight(b, "slope", F, "3", (const double[]){.1, .2, .3});
  onnx_node(b, "PRelu", "from slope", "leaky");
  onnx_int(onnx_node(b, "Concat", "chosen clipped leaky", "all"), "axis", 1);
  onnx_weight(b, "w1", F, "16,9", w);
  onnx_int(onnx_node(b, "Gemm", "all w1", "h"), "transB", 1);
  onnx_node(b, "Tanh", "h", "t");
  onnx_weight(b, "shape", Int, "3", (const double[]){-1, 4, 4});
  onnx_node(b, "Reshape", "t shape", "groups");
  onnx_weight(b, "last", Int, "1", (const double[]){-1});
  onnx_node(b, "ReduceMax", "groups last", "largest");
  onnx_node(b, "Sub", "groups largest", "below");
  onnx_int(onnx_node(b, "Softmax", "below", "soft"), "axis", -1);
  onnx_ints(onnx_node(b, "Transpose", "soft", "turned"), "perm", "0 2 1");
  onnx_weight(b, "flat", Int, "2", (const double[]){-1, 16});
  onnx_node(b, "Reshape", "turned flat", "row");
  onnx_weight(b, "s", F, "16", w + 3);
  onnx_node(b, "LayerNormalization", "row s", "normal");
  onnx_weight(b, "w2", F, "16,9", w);
  onnx_node(b, "MatMul", "normal w2", "m");
  onnx_node(b, "Add", "m all", "y");
  Compare("branches", onnx_load(b, PETSC_FALSE), n, 1, .2);
}
END_TEST

/* NaN reaches the cells that read it and no others; infinities give limits. */
START_TEST(log_of_anything)
{
  static const double x[] = {0,
                             -1,
                             INFINITY,
                             NAN,
                             5e-324,
                             1e-310,
                             1,
                             2.2250738585072014e-308,
                             1.7976931348623157e308,
                             .99999999999999989,
                             1.0000000000000002,
                             .7071,
                             3};
  EddyOnnxModel m = Unary("Log", NULL, 0);
  char reason[256];
  EddyGraph *g;
  CK_PETSC(EddyOnnxToGraph(m, &g, reason, sizeof reason));
  ck_assert_ptr_nonnull(g);
  for (int level = 0; level <= (int)EddySimdDetect(); ++level) {
    EddyGraphPlan plan;
    const PetscInt n[2] = {13, 1};
    double y[3][13];
    const void *const in[] = {x, x, x};
    void *const out[] = {y[0], y[1], y[2]};
    const EddyNetBlock b = {
        .n = {13, 1, 1}, .in = in, .out = out, .in_stride = {13, 0}, .out_stride = {13, 0}};
    CK_PETSC(EddyGraphPlanCreate(g, EDDY_NET_F64, (EddySimdLevel)level, &plan));
    CK_PETSC(EddyGraphPlanSetUp(plan, n, 0, 1));
    CK_PETSC(EddyGraphApply(plan, &b, NULL, NULL));
    for (int k = 0; k < 13; ++k) {
      const double want = log(x[k]);
      ck_assert_msg(isnan(want)   ? isnan(y[1][k])
                    : isinf(want) ? y[1][k] == want
                                  : fabs(y[1][k] - want) <= 4e-16 * fabs(want),
                    "%s: log %g is %.17g, not %.17g", EddySimdNames[level], x[k], y[1][k], want);
    }
    CK_PETSC(EddyGraphPlanDestroy(&plan));
  }
  CK_PETSC(EddyGraphDestroy(&g));
  CK_PETSC(EddyOnnxDestroy(&m));
}
END_TEST

EDDY_SUITE("networks as graphs", examples, functions, branches, log_of_anything)
