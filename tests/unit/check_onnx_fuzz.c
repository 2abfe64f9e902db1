/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Damaged network files: cut short, bits flipped, numbers made huge, parts repeated or moved. Each either loads (and then is classified,
   translated and run) or is refused with EDDY_ERR_INPUT and one line. The sanitizer builds watch memory. A seed makes the cases. The number
   of cases is EDDY_ONNX_FUZZ (default 3000): the long harness sets it. */
#include "onnx_build.h"
#include "support.h"
#include "to_net.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static uint64_t seed = 20240607; /* test program only */
static uint64_t Random(void)
{
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return seed;
}
static size_t Below(size_t n) { return n ? (size_t)(Random() % n) : 0; }

static int lines; /* of the last error; test program only */
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
  CK_PETSC(EddyOnnxClassify(m, sink));
  PetscErrorCode ierr = EddyOnnxCheckGolden(m, &golden);
  if (!ierr)
    ierr = EddyOnnxToNet(m, &net, &zero_mean, reason, sizeof reason);
  if (!ierr && net)
    CK_PETSC(EddyNetDestroy(&net));
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

START_TEST(damaged_files_are_refused_or_run)
{
  Onnx__ModelProto *build[] = {onnx_cnn(PETSC_FALSE), onnx_mlp(), Mixed()};
  const char *wish = getenv("EDDY_ONNX_FUZZ");
  const int cases = wish ? atoi(wish) : 3000;
  int loaded = 0, ran = 0;
  FILE *sink = fopen("/dev/null", "w");
  struct rusage before, after;
  ck_assert_ptr_nonnull(sink);
  getrusage(RUSAGE_SELF, &before);
  CK_PETSC(PetscPushErrorHandler(Capture, NULL));
  for (int k = 0; k < 3; ++k) {
    EddyOnnxModel m = NULL;
    size_t length;
    uint8_t *bytes = onnx_pack(build[k], &length);
    onnx_build_free(build[k]);
    ck_assert_msg(!EddyOnnxLoadMemory("whole.onnx", bytes, length, &m),
                  "network %d does not load undamaged", k);
    CK_PETSC(EddyOnnxDestroy(&m));
    for (int c = 0; c < cases / 3; ++c) {
      size_t n;
      uint8_t *d = Damage(bytes, length, &n);
      lines = 0;
      PetscErrorCode ierr = EddyOnnxLoadMemory("damaged.onnx", d, n, &m);
      if (!ierr) {
        ++loaded;
        ierr = Use(m, sink);
        ran += !ierr;
      }
      ck_assert_msg(!ierr || (ierr == EDDY_ERR_INPUT && lines == 1),
                    "network %d, case %d: error %d with %d lines", k, c, (int)ierr, lines);
      if (m)
        CK_PETSC(EddyOnnxDestroy(&m));
      free(d);
    }
    free(bytes);
  }
  CK_PETSC(PetscPopErrorHandler());
  fclose(sink);
  getrusage(RUSAGE_SELF, &after);
  printf("%d cases: %d load, %d of them run; memory grew by %ld MiB\n", cases, loaded, ran,
         (after.ru_maxrss - before.ru_maxrss) / 1024);
  ck_assert_int_gt(loaded, cases / 50); /* the damage is not all in the first bytes */
  ck_assert_int_lt(loaded, cases);
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
