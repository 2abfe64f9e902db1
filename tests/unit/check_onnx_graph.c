/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Shapes with symbols, classification, translation to layers, golden sample, operators newer than the conformance suite, and what
   a refusal says. */
#include "onnx_build.h"
#include "support.h"
#include "to_net.h"
#include <math.h>
#include <stdlib.h>

static const EddyOnnxType F = EDDY_ONNX_FLOAT;
static char message[1024]; /* test program only: what the last error said */

static PetscErrorCode Capture(MPI_Comm comm, int line, const char *fun, const char *file,
                              PetscErrorCode n, PetscErrorType p, const char *mess, void *ctx)
{
  if (p == PETSC_ERROR_INITIAL)
    snprintf(message, sizeof message, "%s", mess ? mess : "");
  return n;
}

/* The build is refused, in one line that holds every word. */
static void Refused(Onnx__ModelProto *build, const char *const words[])
{
  size_t n;
  EddyOnnxModel m = NULL;
  uint8_t *bytes = onnx_pack(build, &n);
  onnx_build_free(build);
  message[0] = 0;
  CK_PETSC(PetscPushErrorHandler(Capture, NULL));
  const PetscErrorCode ierr = EddyOnnxLoadMemory("test.onnx", bytes, n, &m);
  CK_PETSC(PetscPopErrorHandler());
  free(bytes);
  ck_assert_int_eq(ierr, EDDY_ERR_INPUT);
  ck_assert_ptr_null(m);
  ck_assert_msg(!strchr(message, '\n'), "several lines: %s", message);
  for (int k = 0; words[k]; ++k)
    ck_assert_msg(strstr(message, words[k]) != NULL, "'%s' is not in: %s", words[k], message);
}
#define REFUSED(build, ...) Refused(build, (const char *const[]){__VA_ARGS__, NULL})

static EddyTensor Tensor(EddyOnnxType type, int rank, const int64_t dims[])
{
  EddyTensor t;
  CK_PETSC(EddyTensorCreate(type, rank, dims, &t));
  for (int64_t k = 0; k < EddyTensorCount(&t); ++k)
    EddyTensorSet(&t, k, sin(.37 * (double)k + .1) + .2 * cos(1.9 * (double)k));
  return t;
}
#define TENSOR(type, rank, ...) Tensor(type, rank, (const int64_t[]){__VA_ARGS__})

/* One float in, one float out, in double. */
static EddyTensor RunOne(EddyOnnxModel m, const EddyTensor *in)
{
  EddyTensor out;
  CK_PETSC(EddyOnnxRun(m, PETSC_TRUE, 1, in, 1, &out));
  return out;
}

/* ---- shapes ---- */

static void OutputIs(Onnx__ModelProto *build, const char *text)
{
  EddyOnnxPort p;
  EddyOnnxModel m = onnx_load(build, PETSC_FALSE);
  CK_PETSC(EddyOnnxGetOutput(m, 0, &p));
  ck_assert_str_eq(p.text, text);
  CK_PETSC(EddyOnnxDestroy(&m));
}

static Onnx__ModelProto *OneNode(int opset, const char *op, const char *shape, Onnx__NodeProto **n)
{
  Onnx__ModelProto *m = onnx_build(opset);
  onnx_input(m, "x", F, shape);
  *n = onnx_node(m, op, "x", "y");
  int commas = 0;
  for (const char *c = shape; *c; ++c)
    commas += *c == ',';
  onnx_output(m, "y", F, commas == 1 ? "a,b" : commas == 2 ? "a,b,c" : "a,b,c,d");
  return m;
}

START_TEST(shapes_follow_symbols)
{
  Onnx__NodeProto *n;
  Onnx__ModelProto *m = onnx_cnn(PETSC_FALSE);
  OutputIs(m, "[N, 1, H, W]");
  m = OneNode(13, "AveragePool", "N,2,H,W", &n);
  onnx_ints(n, "kernel_shape", "3 3");
  OutputIs(m, "[N, 2, H - 2, W - 2]");
  m = OneNode(13, "MaxPool", "N,2,H,W", &n);
  onnx_ints(n, "kernel_shape", "2 4"), onnx_ints(n, "strides", "2 4");
  OutputIs(m, "[N, 2, H/2, W/4]");
  m = OneNode(13, "Transpose", "N,2,H", &n);
  onnx_ints(n, "perm", "2 1 0");
  OutputIs(m, "[H, 2, N]");
  m = OneNode(13, "Concat", "N,2,H", &n);
  onnx_int(n, "axis", 2);
  free(n->input), n->input = NULL, n->n_input = 0;
  n->input = malloc(2 * sizeof(char *)), n->n_input = 2;
  n->input[0] = strcpy(malloc(2), "x"), n->input[1] = strcpy(malloc(2), "x");
  OutputIs(m, "[N, 2, 2 H]");
}
END_TEST

/* Shape -> Gather -> Concat -> Reshape, as exporters write view(n, -1, 3). */
START_TEST(integer_chains_are_evaluated_without_data)
{
  Onnx__ModelProto *b = onnx_build(13);
  EddyTensor in = {.type = F, .rank = 3, .dims = {5, 6, 4}}, out;
  EddyOnnxPort p;
  onnx_input(b, "x", F, "n,6,4");
  onnx_output(b, "y", F, "n,a,3");
  onnx_weight(b, "zero", EDDY_ONNX_INT64, "1", (const double[]){0});
  onnx_weight(b, "rest", EDDY_ONNX_INT64, "2", (const double[]){-1, 3});
  onnx_node(b, "Shape", "x", "s");
  onnx_node(b, "Gather", "s zero", "n0");
  onnx_int(onnx_node(b, "Concat", "n0 rest", "to"), "axis", 0);
  onnx_node(b, "Reshape", "x to", "y");
  EddyOnnxModel m = onnx_load(b, PETSC_FALSE);
  CK_PETSC(EddyOnnxGetOutput(m, 0, &p));
  ck_assert_str_eq(p.text, "[n, 8, 3]");
  CK_PETSC(EddyOnnxInferShapes(m, 1, &in, 1, &out));
  ck_assert_int_eq(out.dims[0], 5);
  ck_assert_int_eq(out.dims[1], 8);
  ck_assert_ptr_null(out.data);
  CK_PETSC(EddyOnnxDestroy(&m));
}
END_TEST

/* ---- classification ---- */

static EddyOnnxNodeInfo Info(EddyOnnxModel m, int k)
{
  EddyOnnxNodeInfo i;
  CK_PETSC(EddyOnnxGetNode(m, k, &i));
  return i;
}

START_TEST(circular_network_is_a_halo_exchange)
{
  EddyOnnxModel m = onnx_load(onnx_cnn(PETSC_FALSE), PETSC_FALSE);
  EddyOnnxSummary s;
  CK_PETSC(EddyOnnxGetSummary(m, &s));
  ck_assert(s.distributable && !s.reductions && !s.zero_padding);
  ck_assert_int_eq(s.dim, 2);
  for (int a = 0; a < 2; ++a)
    for (int e = 0; e < 2; ++e)
      ck_assert_int_eq(s.halo[a][e], 3);
  static const EddyOnnxClass expected[] = {
      EDDY_ONNX_POINTWISE, EDDY_ONNX_POINTWISE, EDDY_ONNX_WRAP, EDDY_ONNX_WRAP,
      EDDY_ONNX_WRAP,      EDDY_ONNX_WRAP,      EDDY_ONNX_WRAP, EDDY_ONNX_WRAP,
      EDDY_ONNX_STENCIL,   EDDY_ONNX_POINTWISE};
  for (int k = 0; k < 10; ++k)
    ck_assert_msg(Info(m, k).klass == expected[k], "node %d (%s) is %s", k, Info(m, k).op,
                  EddyOnnxClassNames[Info(m, k).klass]);
  ck_assert_int_eq(Info(m, 4).halo[0][0], 1);
  ck_assert_int_eq(Info(m, 4).halo[1][0], 0);
  CK_PETSC(EddyOnnxDestroy(&m));
  m = onnx_load(onnx_mlp(), PETSC_FALSE);
  CK_PETSC(EddyOnnxGetSummary(m, &s));
  ck_assert(s.distributable);
  ck_assert_int_eq(s.dim, 0);
  CK_PETSC(EddyOnnxDestroy(&m));
}
END_TEST

START_TEST(wrong_circular_padding_is_refused)
{
  REFUSED(onnx_cnn(PETSC_TRUE), "Concat", "opset 17", "circular padding", "p0");
}
END_TEST

static EddyOnnxSummary SummaryOf(Onnx__ModelProto *b, EddyOnnxClass last)
{
  EddyOnnxSummary s;
  EddyOnnxModel m = onnx_load(b, PETSC_FALSE);
  CK_PETSC(EddyOnnxGetSummary(m, &s));
  const EddyOnnxNodeInfo i = Info(m, EddyOnnxNodeCount(m) - 1);
  ck_assert_msg(i.klass == last, "%s is %s (%s)", i.op, EddyOnnxClassNames[i.klass], i.reason);
  CK_PETSC(EddyOnnxDestroy(&m));
  return s;
}

/* roll(x, -1) - roll(x, 1) along x, written as Slice and Concat. */
START_TEST(rolls_are_stencils_of_a_periodic_field)
{
  Onnx__ModelProto *b = onnx_build(17);
  onnx_input(b, "x", F, "N,1,H,W");
  onnx_output(b, "y", F, "N,1,H,W");
  onnx_weight(b, "0", EDDY_ONNX_INT64, "1", (const double[]){0});
  onnx_weight(b, "1", EDDY_ONNX_INT64, "1", (const double[]){1});
  onnx_weight(b, "2", EDDY_ONNX_INT64, "1", (const double[]){2});
  onnx_weight(b, "-1", EDDY_ONNX_INT64, "1", (const double[]){-1});
  onnx_weight(b, "end", EDDY_ONNX_INT64, "1", (const double[]){INT32_MAX});
  onnx_node(b, "Slice", "x 1 end 2", "a");
  onnx_node(b, "Slice", "x 0 1 2", "b");
  onnx_int(onnx_node(b, "Concat", "a b", "right"), "axis", 2);
  onnx_node(b, "Slice", "x -1 end 2", "c");
  onnx_node(b, "Slice", "x 0 -1 2", "d");
  onnx_int(onnx_node(b, "Concat", "c d", "left"), "axis", 2);
  onnx_node(b, "Sub", "right left", "y");
  const EddyOnnxSummary s = SummaryOf(b, EDDY_ONNX_POINTWISE);
  ck_assert(s.distributable);
  ck_assert_int_eq(s.halo[0][0], 1);
  ck_assert_int_eq(s.halo[0][1], 1);
  ck_assert_int_eq(s.halo[1][0], 0);
}
END_TEST

/* The same by cropping a padded field: operands that cover different cells. */
START_TEST(cropped_operands_are_centred)
{
  Onnx__ModelProto *b = onnx_build(17);
  onnx_input(b, "x", F, "N,1,H,W");
  onnx_output(b, "y", F, "N,1,H,W");
  onnx_circular(b, "x", "p", 3, 1, PETSC_FALSE);
  onnx_weight(b, "0", EDDY_ONNX_INT64, "1", (const double[]){0});
  onnx_weight(b, "2", EDDY_ONNX_INT64, "1", (const double[]){2});
  onnx_weight(b, "3", EDDY_ONNX_INT64, "1", (const double[]){3});
  onnx_weight(b, "-2", EDDY_ONNX_INT64, "1", (const double[]){-2});
  onnx_weight(b, "end", EDDY_ONNX_INT64, "1", (const double[]){INT32_MAX});
  onnx_node(b, "Slice", "p 2 end 3", "a");
  onnx_node(b, "Slice", "p 0 -2 3", "b");
  onnx_node(b, "Sub", "a b", "y");
  const EddyOnnxSummary s = SummaryOf(b, EDDY_ONNX_STENCIL);
  ck_assert(s.distributable);
  ck_assert_int_eq(s.halo[1][0], 1);
  ck_assert_int_eq(s.halo[1][1], 1);
  ck_assert_int_eq(s.halo[0][0], 0);
}
END_TEST

START_TEST(reductions_faces_and_global_nodes_are_told_apart)
{
  Onnx__NodeProto *n;
  Onnx__ModelProto *b = OneNode(13, "ReduceMean", "N,2,H,W", &n);
  onnx_ints(n, "axes", "2 3");
  onnx_node(b, "Sub", "x y", "z");
  free(b->graph->output[0]->name), b->graph->output[0]->name = strcpy(malloc(2), "z");
  EddyOnnxSummary s = SummaryOf(b, EDDY_ONNX_POINTWISE);
  ck_assert(s.distributable && s.reductions);

  b = OneNode(13, "ReduceMean", "N,2,H,W", &n);
  onnx_ints(n, "axes", "1");
  s = SummaryOf(b, EDDY_ONNX_POINTWISE);
  ck_assert(s.distributable && !s.reductions);

  b = OneNode(13, "ReduceMean", "N,2,H,W", &n);
  onnx_ints(n, "axes", "3");
  s = SummaryOf(b, EDDY_ONNX_GLOBAL);
  ck_assert(!s.distributable);
  ck_assert_msg(strstr(s.reason, "ReduceMean") && strstr(s.reason, "some axes of space"), "%s",
                s.reason);

  b = OneNode(13, "AveragePool", "N,2,H,W", &n);
  onnx_ints(n, "kernel_shape", "3 3"), onnx_ints(n, "pads", "1 1 1 1");
  s = SummaryOf(b, EDDY_ONNX_STENCIL);
  ck_assert(s.distributable && s.zero_padding);
  ck_assert_int_eq(s.halo[0][0], 1);

  b = OneNode(13, "MaxPool", "N,2,H,W", &n);
  onnx_ints(n, "kernel_shape", "2 2"), onnx_ints(n, "strides", "2 2");
  s = SummaryOf(b, EDDY_ONNX_STENCIL);
  ck_assert(!s.distributable);
  ck_assert_int_eq(s.align[0], 2);

  b = OneNode(13, "Softmax", "N,2,H,W", &n);
  onnx_int(n, "axis", 2);
  s = SummaryOf(b, EDDY_ONNX_GLOBAL);
  ck_assert(!s.distributable);

  b = onnx_build(13); /* weights over points */
  onnx_input(b, "x", F, "N,1,4,4");
  onnx_output(b, "y", F, "N,1,4,4");
  onnx_weight(b, "w", F, "4,4", (const double[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7});
  onnx_node(b, "MatMul", "x w", "y");
  s = SummaryOf(b, EDDY_ONNX_GLOBAL);
  ck_assert(!s.distributable);
}
END_TEST

/* ---- layers ---- */

/* The network of layers on periodic blocks against the interpreter. */
static void SameAsNet(Onnx__ModelProto *build, PetscBool mean)
{
  EddyOnnxModel m = onnx_load(build, PETSC_FALSE);
  EddyNet *net;
  PetscBool zero_mean;
  char reason[256];
  EddyOnnxPort port;
  CK_PETSC(EddyOnnxToNet(m, &net, &zero_mean, reason, sizeof reason));
  ck_assert_msg(net != NULL, "%s", reason);
  ck_assert_int_eq(zero_mean, mean);
  CK_PETSC(EddyOnnxGetInput(m, 0, &port));
  const int nx = 12, ny = port.rank == 2 ? 1 : 9, n = nx * ny;
  EddyTensor x = port.rank == 2 ? TENSOR(EDDY_ONNX_DOUBLE, 2, nx, net->in)
                                : TENSOR(EDDY_ONNX_DOUBLE, 4, 1, net->in, nx, ny),
             y = RunOne(m, &x);
  double *in = malloc(sizeof(double) * (size_t)(n * net->in)),
         *out = malloc(sizeof(double) * (size_t)(n * net->out));
  const void *pin[16];
  void *pout[16];
  for (int c = 0; c < net->in; ++c) {
    pin[c] = in + c * n;
    for (int i = 0; i < nx; ++i)
      for (int j = 0; j < ny; ++j)
        in[c * n + j * nx + i] =
            EddyTensorGet(&x, port.rank == 2 ? i * net->in + c : (c * nx + i) * ny + j);
  }
  for (int c = 0; c < net->out; ++c)
    pout[c] = out + c * n;
  EddyNetBlock block = {.n = {nx, ny, 1},
                        .wrap = {PETSC_TRUE, PETSC_TRUE},
                        .in = pin,
                        .out = pout,
                        .in_stride = {nx, n},
                        .out_stride = {nx, n}};
  CK_PETSC(EddyNetReference(net, &block));
  for (int c = 0; c < net->out; ++c) {
    double sum = 0;
    for (int k = 0; k < n; ++k)
      sum += mean ? out[c * n + k] / n : 0;
    for (int i = 0; i < nx; ++i)
      for (int j = 0; j < ny; ++j) {
        const double want = EddyTensorGet(&y, port.rank == 2 ? i * net->out + c
                                                             : (c * nx + i) * ny + j),
                     got = out[c * n + j * nx + i] - sum;
        ck_assert_msg(fabs(want - got) < 1e-8, "channel %d at %d, %d: %.12g, interpreter %.12g", c,
                      i, j, got, want);
      }
  }
  free(in), free(out);
  CK_PETSC(EddyTensorDestroy(&x));
  CK_PETSC(EddyTensorDestroy(&y));
  CK_PETSC(EddyNetDestroy(&net));
  CK_PETSC(EddyOnnxDestroy(&m));
}

START_TEST(layers_give_what_the_interpreter_gives)
{
  SameAsNet(onnx_cnn(PETSC_FALSE), PETSC_FALSE);
  SameAsNet(onnx_mlp(), PETSC_FALSE);
  Onnx__ModelProto *b = onnx_cnn(PETSC_FALSE); /* y - mean(y) */
  onnx_ints(onnx_node(b, "ReduceMean", "y", "m"), "axes", "2 3");
  onnx_node(b, "Sub", "y m", "z");
  free(b->graph->output[0]->name), b->graph->output[0]->name = strcpy(malloc(2), "z");
  SameAsNet(b, PETSC_TRUE);
  b = onnx_build(
      19); /* Pad of mode wrap on one side, groups, dilation, an activation as one node */
  double w[64];
  for (int k = 0; k < 64; ++k)
    w[k] = cos(k);
  onnx_input(b, "x", F, "N,2,H,W");
  onnx_output(b, "y", F, "N,4,H,W");
  onnx_weight(b, "pads", EDDY_ONNX_INT64, "8", (const double[]){0, 0, 4, 1, 0, 0, 0, 1});
  onnx_string(onnx_node(b, "Pad", "x pads", "p"), "mode", "wrap");
  onnx_weight(b, "w", F, "4,1,3,2", w);
  Onnx__NodeProto *n = onnx_node(b, "Conv", "p w", "c");
  onnx_int(n, "group", 2), onnx_ints(n, "dilations", "2 2");
  onnx_float(onnx_node(b, "Elu", "c", "y"), "alpha", .5);
  SameAsNet(b, PETSC_FALSE);
}
END_TEST

START_TEST(graphs_that_are_no_chain_say_where)
{
  EddyNet *net;
  PetscBool zero_mean;
  char reason[256];
  Onnx__NodeProto *n;
  Onnx__ModelProto *b = OneNode(13, "AveragePool", "N,2,H,W", &n);
  onnx_ints(n, "kernel_shape", "3 3"), onnx_ints(n, "pads", "1 1 1 1");
  EddyOnnxModel m = onnx_load(b, PETSC_FALSE);
  CK_PETSC(EddyOnnxToNet(m, &net, &zero_mean, reason, sizeof reason));
  ck_assert_ptr_null(net);
  ck_assert_msg(strstr(reason, "AveragePool") != NULL, "%s", reason);
  CK_PETSC(EddyOnnxDestroy(&m));
}
END_TEST

/* ---- operators that the suite is too old for ---- */

START_TEST(newer_operators)
{
  Onnx__NodeProto *n;
  EddyTensor x = TENSOR(EDDY_ONNX_DOUBLE, 3, 2, 4, 5);
  EddyOnnxModel m = onnx_load(OneNode(20, "Gelu", "N,4,5", &n), PETSC_FALSE);
  EddyTensor y = RunOne(m, &x);
  for (int k = 0; k < 40; ++k)
    ck_assert_double_eq_tol(EddyTensorGet(&y, k),
                            EddyTensorGet(&x, k) * .5 * (1 + erf(EddyTensorGet(&x, k) / sqrt(2))),
                            1e-14);
  CK_PETSC(EddyTensorDestroy(&y));
  CK_PETSC(EddyOnnxDestroy(&m));
  m = onnx_load(OneNode(18, "Mish", "N,4,5", &n), PETSC_FALSE);
  y = RunOne(m, &x);
  for (int k = 0; k < 40; ++k)
    ck_assert_double_eq_tol(EddyTensorGet(&y, k),
                            EddyTensorGet(&x, k) * tanh(log(1 + exp(EddyTensorGet(&x, k)))), 1e-14);
  CK_PETSC(EddyTensorDestroy(&y));
  CK_PETSC(EddyOnnxDestroy(&m));

  Onnx__ModelProto *b = onnx_build(21);
  onnx_input(b, "x", F, "N,4,5");
  onnx_output(b, "y", F, "N,4,5");
  onnx_weight(b, "s", F, "4", (const double[]){1, 2, 3, 4});
  onnx_weight(b, "b", F, "4", (const double[]){0, 1, 0, -1});
  onnx_int(onnx_node(b, "GroupNormalization", "x s b", "y"), "num_groups", 2);
  m = onnx_load(b, PETSC_FALSE);
  y = RunOne(m, &x);
  for (int g = 0; g < 4; ++g) {
    double mean = 0, var = 0;
    for (int k = 0; k < 10; ++k)
      mean += EddyTensorGet(&x, g * 10 + k) / 10;
    for (int k = 0; k < 10; ++k)
      var += pow(EddyTensorGet(&x, g * 10 + k) - mean, 2) / 10;
    for (int k = 0; k < 10; ++k) {
      const int c = g % 2 * 2 + k / 5;
      const double want =
          (EddyTensorGet(&x, g * 10 + k) - mean) / sqrt(var + (double)1e-5f) * (c + 1) + (c == 1) -
          (c == 3);
      ck_assert_double_eq_tol(EddyTensorGet(&y, g * 10 + k), want, 1e-9);
    }
  }
  CK_PETSC(EddyTensorDestroy(&y));
  CK_PETSC(EddyOnnxDestroy(&m));

  b = onnx_build(19);
  onnx_input(b, "x", F, "N,4,5");
  onnx_output(b, "y", F, "N,4,L");
  onnx_weight(b, "pads", EDDY_ONNX_INT64, "6", (const double[]){0, 0, 2, 0, 0, 7});
  onnx_string(onnx_node(b, "Pad", "x pads", "y"), "mode", "wrap");
  m = onnx_load(b, PETSC_FALSE);
  y = RunOne(m, &x);
  ck_assert_int_eq(y.dims[2], 14);
  for (int r = 0; r < 8; ++r)
    for (int k = 0; k < 14; ++k)
      ck_assert_double_eq(EddyTensorGet(&y, r * 14 + k), EddyTensorGet(&x, r * 5 + (k + 3) % 5));
  CK_PETSC(EddyTensorDestroy(&y));
  CK_PETSC(EddyOnnxDestroy(&m));
  CK_PETSC(EddyTensorDestroy(&x));
}
END_TEST

/* ---- golden sample and metadata ---- */

static Onnx__ModelProto *WithGolden(double change)
{
  EddyOnnxModel m = onnx_load(onnx_mlp(), PETSC_FALSE);
  EddyTensor x = TENSOR(EDDY_ONNX_DOUBLE, 2, 5, 3), y = RunOne(m, &x);
  EddyTensorSet(&y, 4, EddyTensorGet(&y, 4) + change);
  char *a = onnx_base64(x.data, 15 * 8), *b = onnx_base64(y.data, 10 * 8), text[1024];
  snprintf(text, sizeof text, "5,3 %s 5,2 %s", a, b);
  Onnx__ModelProto *build = onnx_mlp();
  onnx_meta(build, "eddyline.golden", text);
  onnx_meta(build, "eddyline.features", "strain_norm, rotation_norm,delta");
  free(a), free(b);
  CK_PETSC(EddyTensorDestroy(&x));
  CK_PETSC(EddyTensorDestroy(&y));
  CK_PETSC(EddyOnnxDestroy(&m));
  return build;
}

START_TEST(golden_sample_is_checked)
{
  EddyOnnxGolden g;
  char list[4][EDDY_MAX_NAME];
  int n;
  EddyOnnxModel m = onnx_load(WithGolden(0), PETSC_FALSE);
  CK_PETSC(EddyOnnxCheckGolden(m, &g));
  ck_assert(g.present && g.error < 1e-12);
  CK_PETSC(EddyOnnxMetadataList(m, "eddyline.features", 4, list, &n));
  ck_assert_int_eq(n, 3);
  ck_assert_str_eq(list[1], "rotation_norm");
  ck_assert_ptr_null(EddyOnnxMetadata(m, "eddyline.target"));
  CK_PETSC(EddyOnnxDestroy(&m));
  m = onnx_load(onnx_mlp(), PETSC_FALSE);
  CK_PETSC(EddyOnnxCheckGolden(m, &g));
  ck_assert(!g.present);
  CK_PETSC(EddyOnnxDestroy(&m));
  static const char *const damaged[] = {NULL,
                                        "",
                                        "5,3",
                                        "5,3 AAAA 5,2 AAAA",
                                        "x",
                                        "5,,3 AA",
                                        "99999999,99999999 AAAA",
                                        "1,1,1,1,1,1,1,1,1,1 AAAA",
                                        "-5,3 AAAA"};
  for (int k = 0; k < 9; ++k) {
    Onnx__ModelProto *b = k ? onnx_mlp() : WithGolden(1e-2);
    if (k)
      onnx_meta(b, "eddyline.golden", damaged[k]);
    m = onnx_load(b, PETSC_FALSE);
    eddy_test_expect_errors(PETSC_TRUE);
    ck_assert_int_eq(EddyOnnxCheckGolden(m, &g), EDDY_ERR_INPUT);
    eddy_test_expect_errors(PETSC_FALSE);
    CK_PETSC(EddyOnnxDestroy(&m));
  }
}
END_TEST

/* ---- refusals ---- */

START_TEST(refusals_name_node_operator_opset_and_reason)
{
  Onnx__NodeProto *n;
  REFUSED(OneNode(13, "Tanhh", "N,4,5", &n), "test.onnx", "node 0", "Tanhh", "opset 13",
          "nearest is Tanh");
  REFUSED(OneNode(13, "LSTM", "N,4,5", &n), "LSTM", "not handled");
  REFUSED(OneNode(11, "Celu", "N,4,5", &n), "Celu", "opset 11", "from opset 12");
  REFUSED(OneNode(22, "Tanh", "N,4,5", &n), "opset 22", "1 to 21");
  Onnx__ModelProto *b = OneNode(13, "Tanh", "N,4,5", &n);
  onnx_float(n, "gain", 2);
  REFUSED(b, "node 0", "Tanh", "attribute 'gain'");
  b = OneNode(13, "LeakyRelu", "N,4,5", &n);
  onnx_int(n, "alpha", 2);
  REFUSED(b, "LeakyRelu", "'alpha'", "wrong kind");
  b = OneNode(13, "Tanh", "N,4,5", &n);
  free(n->input[0]), n->input[0] = strcpy(malloc(2), "y");
  REFUSED(b, "Tanh", "'y'", "cycle");
  b = OneNode(13, "Tanh", "N,4,5", &n);
  n->domain = strcpy(malloc(8), "my.own");
  REFUSED(b, "Tanh", "my.own");
  b = OneNode(13, "Tanh", "N,4,5", &n);
  b->graph->input[0]->type->tensor_type->elem_type = EDDY_ONNX_INT64;
  REFUSED(b, "Tanh", "int64");
  b = OneNode(13, "Tanh", "N,4,5", &n);
  b->graph->output[0]->type->tensor_type->elem_type = EDDY_ONNX_DOUBLE;
  REFUSED(b, "output 'y'", "double", "float");
  b = onnx_mlp();
  b->graph->initializer[1]->has_data_location = 1,
  b->graph->initializer[1]->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
  REFUSED(b, "'w1'", "another file");
  b = onnx_mlp();
  b->graph->initializer[1]->dims[0] = INT64_MAX / 4;
  REFUSED(b, "'w1'", "shape");
  b = onnx_mlp();
  b->graph->initializer[1]->dims[0] = 9;
  REFUSED(b, "'w1'", "27", "24");
  b = onnx_mlp();
  b->graph->initializer[1]->data_type = 99;
  REFUSED(b, "'w1'", "unknown type");
  b = onnx_build(13); /* a result of 2^45 elements is stated, not made */
  onnx_input(b, "x", F, "n,3");
  onnx_output(b, "y", F, "a,b");
  onnx_weight(b, "s", EDDY_ONNX_INT64, "2", (const double[]){1 << 24, 1 << 21});
  onnx_node(b, "ConstantOfShape", "s", "c");
  onnx_weight(b, "zero", EDDY_ONNX_INT64, "", (const double[]){0});
  onnx_int(onnx_node(b, "ReduceSum", "c", "y"), "keepdims", 1);
  EddyOnnxModel m = onnx_load(b, PETSC_FALSE);
  EddyTensor x = TENSOR(F, 2, 2, 3), y;
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyOnnxRun(m, PETSC_FALSE, 1, &x, 1, &y), EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
  CK_PETSC(EddyTensorDestroy(&x));
  CK_PETSC(EddyOnnxDestroy(&m));
}
END_TEST

EDDY_SUITE("onnx graph", shapes_follow_symbols, integer_chains_are_evaluated_without_data,
           circular_network_is_a_halo_exchange, wrong_circular_padding_is_refused,
           rolls_are_stencils_of_a_periodic_field, cropped_operands_are_centred,
           reductions_faces_and_global_nodes_are_told_apart, layers_give_what_the_interpreter_gives,
           graphs_that_are_no_chain_say_where, newer_operators, golden_sample_is_checked,
           refusals_name_node_operator_opset_and_reason)
