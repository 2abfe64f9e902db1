/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Damaged network files: cut short, bits flipped, numbers made huge, parts repeated or moved; and well-formed files with wrong types, shapes,
   operators, cycles, weights in other files, huge extents. Each either loads (and then is classified, translated and run on both engines) or is refused
   with EDDY_ERR_INPUT and one line. The sanitizer builds watch memory. A seed makes the cases. The number of cases is EDDY_ONNX_FUZZ
   (default 3000); ci/fuzz.sh sets EDDY_ONNX_FUZZ_SECONDS instead. */
#include "onnx_nets.h"
#include "support.h"
#include "to_graph.h"
#include "to_net.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static uint64_t seed = 20240607; /* test program only */
static uint64_t Random(void)
{
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return seed;
}
static size_t Below(size_t n) { return n ? (size_t)(Random() % n) : 0; }

static int lines; /* of the last error; test program only */
static int taken; /* files that the graph engine ran; test program only */
static double Now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
static PetscErrorCode Capture(MPI_Comm comm, int line, const char *fun, const char *file,
                              PetscErrorCode n, PetscErrorType p, const char *mess, void *ctx)
{
  if (p == PETSC_ERROR_INITIAL) {
    lines = 1;
    for (const char *c = mess ? mess : ""; *c; ++c)
      lines += *c == '\n' && c[1];
    if (!mess || !*mess)
      lines = 0;
  }
  return n;
}

/* Resampling, pools, padding, reductions, indices: the operators with the most arithmetic on extents. */
static Onnx__ModelProto *Mixed(void)
{
  const EddyOnnxType F = EDDY_ONNX_FLOAT, Int = EDDY_ONNX_INT64;
  Onnx__ModelProto *b = onnx_build(18);
  Onnx__NodeProto *n;
  double w[64];
  for (int k = 0; k < 64; ++k)
    w[k] = sin(k);
  onnx_input(b, "x", F, "N,2,8,8");
  onnx_output(b, "y", F, "N,a,b,c");
  n = onnx_node(b, "MaxPool", "x", "p");
  onnx_ints(n, "kernel_shape", "2 2"), onnx_ints(n, "strides", "2 2"),
      onnx_ints(n, "pads", "0 1 0 1");
  onnx_weight(b, "scales", F, "4", (const double[]){1, 1, 2, 2});
  n = onnx_node(b, "Resize", "p - scales", "r");
  onnx_string(n, "mode", "linear");
  onnx_weight(b, "pads", Int, "8", (const double[]){0, 0, 1, 1, 0, 0, 1, 1});
  onnx_string(onnx_node(b, "Pad", "r pads", "q"), "mode", "reflect");
  onnx_weight(b, "wt", F, "2,2,3,3", w);
  n = onnx_node(b, "ConvTranspose", "q wt", "t");
  onnx_ints(n, "strides", "2 2"), onnx_ints(n, "output_padding", "1 1");
  onnx_weight(b, "axes", Int, "1", (const double[]){-1});
  onnx_node(b, "ReduceMean", "t axes", "m");
  onnx_node(b, "Sub", "t m", "d");
  onnx_weight(b, "starts", Int, "2", (const double[]){1, -9});
  onnx_weight(b, "ends", Int, "2", (const double[]){100, -1});
  onnx_weight(b, "at", Int, "2", (const double[]){2, 3});
  onnx_weight(b, "by", Int, "2", (const double[]){2, 1});
  onnx_node(b, "Slice", "d starts ends at by", "s");
  onnx_node(b, "Shape", "s", "shape");
  onnx_weight(b, "first", Int, "1", (const double[]){0});
  onnx_weight(b, "rest", Int, "2", (const double[]){2, -1});
  onnx_node(b, "Gather", "shape first", "n0");
  onnx_int(onnx_node(b, "Concat", "n0 rest", "to"), "axis", 0);
  onnx_node(b, "Reshape", "s to", "f");
  onnx_string(onnx_node(b, "Einsum", "f f", "e"), "equation", "bij,bkj->bik");
  onnx_weight(b, "un", Int, "1", (const double[]){1});
  onnx_node(b, "Unsqueeze", "e un", "u");
  onnx_weight(b, "shape4", Int, "4", (const double[]){1, 3, 2, 2});
  onnx_node(b, "Expand", "u shape4", "v");
  onnx_weight(b, "index", Int, "1,1,1,1", (const double[]){1});
  onnx_weight(b, "update", F, "1,1,1,1", (const double[]){5});
  n = onnx_node(b, "ScatterElements", "v index update", "y");
  onnx_int(n, "axis", 3), onnx_string(n, "reduction", "add");
  onnx_meta(b, "eddyline.golden",
            "1,2,2,2 AAAAAAAA8D8AAAAAAADwPwAAAAAAAPA/AAAAAAAA8D8= 1,2 AAAAAAAA8D8AAAAAAADwPw==");
  return b;
}

static const uint64_t huge[] = {0,
                                1,
                                127,
                                128,
                                255,
                                65536,
                                0x7fffffff,
                                0xffffffff,
                                0x7fffffffffffffff,
                                0x8000000000000000,
                                0xffffffffffffffff};

/* A damaged copy; *n its length. */
static uint8_t *Damage(const uint8_t *bytes, size_t length, size_t *n)
{
  uint8_t *d = malloc(2 * length + 64);
  memcpy(d, bytes, length);
  *n = length;
  const size_t at = Below(length), other = Below(length),
               run = 1 + Below(PetscMin(64, length - PetscMax(at, other)));
  switch (Random() % 8) {
  case 0:
    *n = at;
    break;
  case 1:
    d[at] ^= (uint8_t)(1 << Random() % 8);
    break;
  case 2:
    for (int k = 0; k < 4; ++k)
      d[Below(length)] ^= (uint8_t)(1 << Random() % 8);
    break;
  case 3:
    d[at] = (uint8_t)Random();
    break;
  case 4: { /* a number of any length in place of one byte */
    uint64_t v = huge[Random() % 11];
    uint8_t code[10];
    size_t k = 0;
    do
      code[k++] = (uint8_t)((v & 127) | (v > 127 ? 128 : 0));
    while (v >>= 7);
    memmove(d + at + k, d + at + 1, length - at - 1);
    memcpy(d + at, code, k);
    *n = length + k - 1;
    break;
  }
  case 5:
    memmove(d + at, d + other, run);
    break;
  case 6:
    memmove(d + at + run, d + at, length - at);
    memcpy(d + at, bytes + other, run);
    *n = length + run;
    break;
  default: { /* eight bytes of a weight or a shape */
    const uint64_t v = huge[Random() % 11];
    memcpy(d + at, &v, PetscMin(8, length - at));
  }
  }
  return d;
}

static void Rename(char **name, char *other)
{
  char *copy = malloc(strlen(other) + 1);
  strcpy(copy, other);
  if (*name && *name != protobuf_c_empty_string)
    free(*name);
  *name = copy;
}

static void DamageTensor(Onnx__TensorProto *t)
{
  switch (Random() % 6) {
  case 0:
    t->data_type = (int32_t)Below(20);
    break;
  case 1:
    if (t->n_dims)
      t->dims[Below(t->n_dims)] = (int64_t)huge[Below(11)];
    break;
  case 2:
    t->n_dims -= t->n_dims > 0;
    break;
  case 3:
    t->has_data_location = 1;
    t->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    break;
  case 4:
    if (t->raw_data.len)
      t->raw_data.len = Below(t->raw_data.len);
    break;
  default:
    if (t->raw_data.len >= 8) {
      const uint64_t v = huge[Below(11)];
      memcpy(t->raw_data.data + Below(t->raw_data.len / 8) * 8, &v, 8);
    }
  }
}

static void DamageNode(Onnx__GraphProto *g, Onnx__NodeProto *n)
{
  Onnx__NodeProto *other = g->node[Below(g->n_node)];
  switch (Random() % 7) {
  case 0: { /* another operator */
    int count = 0;
    while (EddyOnnxOperator(count))
      ++count;
    char name[64];
    snprintf(name, sizeof name, "%s", EddyOnnxOperator((int)Below((size_t)count)));
    Rename(&n->op_type, name);
    break;
  }
  case 1: /* another value, perhaps a later one: a cycle */
    if (n->n_input && other->n_output)
      Rename(&n->input[Below(n->n_input)], other->output[Below(other->n_output)]);
    break;
  case 2:
    if (n->n_input && g->n_initializer)
      Rename(&n->input[Below(n->n_input)], g->initializer[Below(g->n_initializer)]->name);
    break;
  case 3:
    if (n->n_output && other->n_output)
      Rename(&n->output[Below(n->n_output)], other->output[0]);
    break;
  case 4: { /* two inputs change places */
    if (n->n_input > 1) {
      char *swap = n->input[0];
      n->input[0] = n->input[n->n_input - 1], n->input[n->n_input - 1] = swap;
    }
    break;
  }
  default: {
    if (!n->n_attribute)
      break;
    Onnx__AttributeProto *a = n->attribute[Below(n->n_attribute)];
    if (a->n_ints)
      a->ints[Below(a->n_ints)] = (int64_t)(Random() & 1 ? huge[Below(11)] : Below(7));
    a->i = (int64_t)(Random() & 1 ? huge[Below(11)] : Below(7));
    a->f = (float)sin((double)Below(9)) * 1e3F;
  }
  }
}

/* A file that is whole, with one to three things wrong in it. */
static uint8_t *Wrong(const uint8_t *bytes, size_t length, size_t *n)
{
  Onnx__ModelProto *m = onnx__model_proto__unpack(NULL, length, bytes);
  ck_assert_ptr_nonnull(m);
  for (size_t k = 1 + Below(3); k > 0; --k) {
    Onnx__GraphProto *g = m->graph;
    switch (Random() % 6) {
    case 0:
      if (g->n_initializer)
        DamageTensor(g->initializer[Below(g->n_initializer)]);
      break;
    case 1: {
      Onnx__TypeProto *type = g->input[0]->type;
      if (type && type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE && Random() & 1)
        type->tensor_type->elem_type = (int32_t)Below(17);
      else if (type && type->tensor_type && type->tensor_type->shape &&
               type->tensor_type->shape->n_dim) {
        Onnx__TensorShapeProto__Dimension *d =
            type->tensor_type->shape->dim[Below(type->tensor_type->shape->n_dim)];
        if (d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE)
          d->dim_value = (int64_t)(Random() & 1 ? huge[Below(11)] : Below(12));
      }
      break;
    }
    case 2:
      m->opset_import[0]->version = (int64_t)Below(24);
      break;
    default:
      DamageNode(g, g->node[Below(g->n_node)]);
    }
  }
  *n = onnx__model_proto__get_packed_size(m);
  uint8_t *d = malloc(*n + 1);
  onnx__model_proto__pack(m, d);
  onnx__model_proto__free_unpacked(m, NULL);
  return d;
}

/* The graph engine on 8 x 8 points or 64 cells. */
static PetscErrorCode RunGraph(const EddyGraph *g)
{
  enum { SIDE = 8, MOST = 64 };
  const PetscInt n[2] = {SIDE, SIDE}, wide = SIDE, high = SIDE + 2 * g->halo;
  const void *in[MOST];
  void *out[MOST];
  EddyGraphPlan plan;
  if (g->in > MOST || g->out > MOST || SIDE % g->align[0] || SIDE % g->align[1])
    return PETSC_SUCCESS;
  double *data = calloc((size_t)((g->in * high + g->out * SIDE) * wide), sizeof *data);
  for (PetscInt k = 0; k < g->in * high * wide; ++k)
    data[k] = sin((double)k);
  for (PetscInt c = 0; c < g->in; ++c)
    in[c] = data + (c * high + g->halo) * wide;
  for (PetscInt c = 0; c < g->out; ++c)
    out[c] = data + (g->in * high + c * SIDE) * wide;
  const EddyNetBlock b = {
      .n = {SIDE, SIDE, 1}, .in = in, .out = out, .in_stride = {wide, 0}, .out_stride = {wide, 0}};
  PetscErrorCode ierr =
      EddyGraphPlanCreate(g, (EddyNetPrecision)(Random() % 2), EddySimdDetect(), &plan);
  if (!ierr) {
    CK_PETSC(EddyGraphPlanSetUp(plan, n, 0, SIDE));
    CK_PETSC(EddyGraphApply(plan, &b, NULL, NULL));
    CK_PETSC(EddyGraphPlanDestroy(&plan));
  }
  free(data);
  return ierr;
}

/* Everything a user would do with a file that loads. */
static PetscErrorCode Use(EddyOnnxModel m, FILE *sink)
{
  EddyTensor in[8], out[8];
  EddyOnnxPort port;
  EddyOnnxGolden golden;
  EddyNet *net;
  PetscBool zero_mean, small = PETSC_TRUE;
  char reason[128];
  const int ni = EddyOnnxInputCount(m), no = EddyOnnxOutputCount(m);

  CK_PETSC(EddyOnnxSetLimits(m, (size_t)16 << 20, 1e7));
  CK_PETSC(EddyOnnxClassify(m, "fast", sink));
  PetscErrorCode ierr = EddyOnnxCheckGolden(m, &golden);
  if (!ierr)
    ierr = EddyOnnxToNet(m, &net, &zero_mean, reason, sizeof reason);
  if (!ierr && net)
    CK_PETSC(EddyNetDestroy(&net));
  EddyGraph *graph = NULL;
  if (!ierr)
    ierr = EddyOnnxToGraph(m, &graph, reason, sizeof reason);
  if (!ierr && graph)
    ierr = RunGraph(graph);
  taken += graph != NULL;
  CK_PETSC(EddyGraphDestroy(&graph));
  if (ni > 8 || no > 8)
    return ierr;
  memset(in, 0, sizeof in);
  for (int k = 0; k < ni; ++k) {
    CK_PETSC(EddyOnnxGetInput(m, k, &port));
    int64_t dims[EDDY_ONNX_MAX_RANK], n = 1;
    for (int d = 0; d < port.rank; ++d) {
      dims[d] = port.dims[d] < 0 ? 6 : port.dims[d];
      small = (PetscBool)(small && dims[d] < 4096 && (n *= dims[d]) < 4096);
    }
    if (small)
      CK_PETSC(EddyTensorCreate(port.type, port.rank, dims, &in[k]));
  }
  if (small) {
    ierr = EddyOnnxRun(m, (PetscBool)(Random() & 1), ni, in, no, out);
    for (int k = 0; k < no; ++k)
      CK_PETSC(EddyTensorDestroy(&out[k]));
  }
  for (int k = 0; k < ni; ++k)
    CK_PETSC(EddyTensorDestroy(&in[k]));
  return ierr;
}

enum { NETS = 9 };
static uint8_t *File(const char *name, size_t *n)
{
  char path[512];
  snprintf(path, sizeof path, "%s/../../examples/models/%s", EDDY_TEST_REFERENCE, name);
  FILE *f = fopen(path, "rb");
  ck_assert_ptr_nonnull(f);
  uint8_t *bytes = malloc(1 << 20);
  *n = fread(bytes, 1, 1 << 20, f);
  fclose(f);
  return bytes;
}

typedef struct {
  int cases, loaded, ran;
  double worst;
} Count;

static void Case(const uint8_t *bytes, size_t length, int net, FILE *sink, Count *count)
{
  EddyOnnxModel m = NULL;
  size_t n;
  const uint64_t from = seed;
  uint8_t *d = Random() % 2 ? Damage(bytes, length, &n) : Wrong(bytes, length, &n);
  const double start = Now();
  lines = 0;
  PetscErrorCode ierr = EddyOnnxLoadMemory("damaged.onnx", d, n, &m);
  if (!ierr) {
    ++count->loaded;
    ierr = Use(m, sink);
    count->ran += !ierr;
  }
  ck_assert_msg(!ierr || (ierr == EDDY_ERR_INPUT && lines == 1),
                "network %d, case %d, seed %llu: error %d with %d lines", net, count->cases,
                (unsigned long long)from, (int)ierr, lines);
  if (m)
    CK_PETSC(EddyOnnxDestroy(&m));
  free(d);
  ++count->cases;
  const double t = Now() - start;
  if (t > count->worst) {
    count->worst = t;
    if (t > 5)
      printf("network %d, case %d, seed %llu: %.1f s\n", net, count->cases,
             (unsigned long long)from, t);
  }
}

START_TEST(damaged_files_are_refused_or_run)
{
  Onnx__ModelProto *build[] = {onnx_cnn(PETSC_FALSE), onnx_mlp(),  Mixed(),    onnx_deep(),
                               onnx_normal(),         onnx_unet(), onnx_rest()};
  const char *wish = getenv("EDDY_ONNX_FUZZ"), *seconds = getenv("EDDY_ONNX_FUZZ_SECONDS"),
             *first = getenv("EDDY_ONNX_FUZZ_SEED");
  const int cases = wish ? atoi(wish) : 3000;
  const double start = Now(), until = seconds ? start + atof(seconds) : 0;
  uint8_t *bytes[NETS];
  size_t length[NETS];
  Count count = {0};
  FILE *sink = fopen("/dev/null", "w");
  struct rusage before, after;
  double said = start;
  ck_assert_ptr_nonnull(sink);
  if (first)
    seed = strtoull(first, NULL, 10);
  getrusage(RUSAGE_SELF, &before);
  CK_PETSC(PetscPushErrorHandler(Capture, NULL));
  for (int k = 0; k < NETS; ++k) {
    EddyOnnxModel m = NULL;
    if (k < 7) {
      bytes[k] = onnx_pack(build[k], &length[k]);
      onnx_build_free(build[k]);
    } else
      bytes[k] = File(k == 7 ? "mlp_gauss_s0.onnx" : "cnn_gauss_s0.onnx", &length[k]);
    ck_assert_msg(!EddyOnnxLoadMemory("whole.onnx", bytes[k], length[k], &m),
                  "network %d does not load undamaged", k);
    CK_PETSC(EddyOnnxDestroy(&m));
  }
  while (until > 0 ? Now() < until : count.cases < cases) {
    const int k = (int)Below(NETS);
    Case(bytes[k], length[k], k, sink, &count);
    if (until > 0 && Now() > said + 60) {
      said = Now();
      getrusage(RUSAGE_SELF, &after);
      printf("%6.0f s: %d cases, %d load, worst %.2f s, memory %ld MiB\n", said - start,
             count.cases, count.loaded, count.worst, after.ru_maxrss / 1024);
      fflush(stdout);
    }
  }
  for (int k = 0; k < NETS; ++k)
    free(bytes[k]);
  CK_PETSC(PetscPopErrorHandler());
  fclose(sink);
  getrusage(RUSAGE_SELF, &after);
  printf("%d cases in %.0f s: %d load, %d of them run, %d on the graph engine; slowest %.2f s, "
         "memory grew by %ld MiB\n",
         count.cases, Now() - start, count.loaded, count.ran, taken, count.worst,
         (after.ru_maxrss - before.ru_maxrss) / 1024);
  ck_assert_int_gt(count.loaded, count.cases / 50); /* the damage is not all in the first bytes */
  ck_assert_int_lt(count.loaded, count.cases);
  ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 1024 * 1024); /* KiB */
}
END_TEST

/* A file of a few kilobytes that nests messages deeply, and one that repeats a tiny field. */
START_TEST(nesting_and_repetition_are_bounded)
{
  size_t n = 0, size = 1 << 23;
  uint8_t *bytes = malloc(size);
  EddyOnnxModel m = NULL;
  CK_PETSC(PetscPushErrorHandler(Capture, NULL));
  for (int k = 0; k < 1 << 21; ++k) /* opset_import {}: two bytes each */
    bytes[n++] = 8 << 3 | 2, bytes[n++] = 0;
  ck_assert_int_eq(EddyOnnxLoadMemory("many.onnx", bytes, n, &m), EDDY_ERR_INPUT);
  ck_assert_int_eq(lines, 1);
  /* graph { node { attribute { g { node ... : built from the inside out */
  size_t at = size, inner = 0;
  static const uint8_t tags[] = {6 << 3 | 2, 5 << 3 | 2, 1 << 3 | 2};
  for (int k = 0; k < 300000; ++k) {
    uint8_t code[12];
    size_t c = 0, v = inner;
    code[c++] = tags[k % 3];
    do
      code[c++] = (uint8_t)((v & 127) | (v > 127 ? 128 : 0));
    while (v >>= 7);
    at -= c;
    memcpy(bytes + at, code, c);
    inner += c;
  }
  size_t c = 0, v = inner;
  uint8_t code[12];
  code[c++] = 7 << 3 | 2;
  do
    code[c++] = (uint8_t)((v & 127) | (v > 127 ? 128 : 0));
  while (v >>= 7);
  at -= c;
  memcpy(bytes + at, code, c);
  ck_assert_int_eq(EddyOnnxLoadMemory("deep.onnx", bytes + at, size - at, &m), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyOnnxLoadMemory("empty.onnx", bytes, 0, &m), EDDY_ERR_INPUT);
  CK_PETSC(PetscPopErrorHandler());
  free(bytes);
}
END_TEST

EDDY_SUITE("onnx damaged files", damaged_files_are_refused_or_run,
           nesting_and_repetition_are_bounded)
