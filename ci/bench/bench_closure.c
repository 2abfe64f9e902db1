/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_closure [v2|v3|v4]: networks of closures on one core, beside the FMA peak of the same core measured between the runs. Prints lines "key value":
   CASE.PRECISION.{peak_fraction,gflops,ms} and what 64 cells cost beyond their arithmetic. Medians of processor time; activations count no arithmetic. */
#include "net.h"
#include "peak.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 15, POINTS = 256, GRID = 128 };
typedef struct {
  const char *name;
  PetscInt nlayer, width[6], k;
  EddyNetActivation activation;
  PetscInt n;
} Case;
static const Case cases[] = {
    {"mlp_tanh", 3, {10, 64, 64, 3}, 1, EDDY_ACT_TANH, POINTS},
    {"mlp_relu", 3, {10, 64, 64, 3}, 1, EDDY_ACT_RELU, POINTS},
    {"mlp_gelu", 3, {10, 64, 64, 3}, 1, EDDY_ACT_GELU_ERF, POINTS},
    {"mlp128_relu", 4, {6, 128, 128, 128, 6}, 1, EDDY_ACT_RELU, POINTS},
    {"mlp32_relu", 5, {8, 32, 32, 32, 32, 8}, 1, EDDY_ACT_RELU, POINTS},
    {"cnn3", 4, {2, 32, 32, 32, 2}, 3, EDDY_ACT_RELU, GRID},
    {"cnn5", 4, {2, 32, 32, 32, 2}, 5, EDDY_ACT_RELU, GRID},
    {"cnn3_256", 4, {2, 32, 32, 32, 2}, 3, EDDY_ACT_RELU, 2 * GRID},
    {"cnn5_256", 4, {2, 32, 32, 32, 2}, 5, EDDY_ACT_RELU, 2 * GRID},
    {"cnn3_64", 4, {2, 32, 32, 32, 2}, 3, EDDY_ACT_RELU, GRID / 2},
};

static int Order(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
static double Median(double *t)
{
  qsort(t, REPEATS, sizeof *t, Order);
  return t[REPEATS / 2];
}

static PetscErrorCode Build(const Case *c, EddyNet **net)
{
  const PetscInt k[2] = {c->k, c->k};

  PetscFunctionBeginUser;
  PetscCall(EddyNetCreate(c->width[0], net));
  for (PetscInt l = 0; l < c->nlayer; ++l) {
    const PetscInt in = c->width[l], out = c->width[l + 1], terms = in * c->k * c->k;
    double *w, *b;
    PetscCall(PetscMalloc2(terms * out, &w, out, &b));
    for (PetscInt i = 0; i < terms * out; ++i)
      w[i] = sin(1 + 7.1 * l + .37 * i) / sqrt(terms);
    for (PetscInt i = 0; i < out; ++i)
      b[i] = .1 * cos(l + i);
    PetscCall(EddyNetAddConv(*net, out, k, NULL, w, b));
    if (l + 1 < c->nlayer)
      PetscCall(EddyNetAddActivation(*net, c->activation, 0));
    PetscCall(PetscFree2(w, b));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Arrays of a whole periodic block. */
typedef struct {
  EddyNetBlock b;
  const void *in[32];
  void *out[32];
  void *data;
} Block;
static PetscErrorCode MakeBlock(const EddyNet *net, PetscInt n, size_t size, Block *x)
{
  const size_t cells = (size_t)n * (size_t)n, bytes = cells * size;

  PetscFunctionBeginUser;
  *x = (Block){.b = {.n = {n, n, 1},
                     .wrap = {PETSC_TRUE, PETSC_TRUE},
                     .in_stride = {n, 0},
                     .out_stride = {n, 0}}};
  x->data = aligned_alloc(64, bytes * (size_t)(net->in + net->out));
  for (PetscInt c = 0; c < net->in; ++c)
    x->in[c] = (char *)x->data + bytes * (size_t)c;
  for (PetscInt c = 0; c < net->out; ++c)
    x->out[c] = (char *)x->data + bytes * (size_t)(net->in + c);
  for (size_t i = 0; i < cells * (size_t)net->in; ++i) {
    if (size == sizeof(double))
      ((double *)x->data)[i] = sin(.37 * (double)i);
    else
      ((float *)x->data)[i] = (float)sin(.37 * (double)i);
  }
  x->b.in = x->in;
  x->b.out = x->out;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static double Time(EddyNetPlan plan, const EddyNetBlock *b, int loops)
{
  const double t = BenchNow();
  for (int i = 0; i < loops; ++i)
    EddyNetApply(plan, b);
  return (BenchNow() - t) / loops;
}

static PetscErrorCode Run(const Case *c, EddyNetPrecision precision, EddySimdLevel level)
{
  EddyNet *net;
  EddyNetPlan plan;
  Block x;
  double t[REPEATS], peak[REPEATS], few[REPEATS];

  PetscFunctionBeginUser;
  PetscCall(Build(c, &net));
  PetscCall(EddyNetPlanCreate(net, precision, level, &plan));
  PetscCall(MakeBlock(net, c->n, precision == EDDY_NET_F32 ? sizeof(float) : sizeof(double), &x));
  const double flops = EddyNetFlops(net) * c->n * c->n;
  EddyNetBlock small = x.b;
  small.n[0] = 64;
  small.n[1] = 1;
  const int loops = (int)PetscMax(1, 1e9 / flops);
  Time(plan, &x.b, 1);
  for (int r = 0; r < REPEATS; ++r) {
    peak[r] = BenchPeak(level, precision == EDDY_NET_F64 ? BENCH_FMA64 : BENCH_FMA32);
    t[r] = Time(plan, &x.b, loops);
    if (c->k == 1)
      few[r] = Time(plan, &small, 2000);
  }
  const double s = Median(t), top = Median(peak);
  const char *p = EddyNetPrecisionNames[precision];
  printf("%s.%s.peak_fraction %.4f\n%s.%s.gflops %.1f\n%s.%s.ms %.4f\n", c->name, p,
         flops / s / top, c->name, p, flops / s / 1e9, c->name, p, s * 1e3);
  printf("%s.%s.peak_gflops %.1f\n", c->name, p, top / 1e9);
  if (c->k == 1)
    printf("%s.%s.call_us %.3f\n", c->name, p, (Median(few) - 64 * s / c->n / c->n) * 1e6);
  free(x.data);
  PetscCall(EddyNetPlanDestroy(&plan));
  PetscCall(EddyNetDestroy(&net));
  PetscFunctionReturn(PETSC_SUCCESS);
}

int main(int argc, char **argv)
{
  if (PetscInitialize(&argc, &argv, NULL, NULL))
    return 1;
  EddySimdLevel level = EddySimdDetect();
  for (int l = 0; l < 3; ++l)
    if (argc > 1 && !strcmp(argv[1], EddySimdNames[l]))
      level = (EddySimdLevel)l;
  printf("simd %s\n", EddySimdNames[level]);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
    for (int p = 0; p < 3; ++p)
      if (Run(&cases[i], (EddyNetPrecision)p, level))
        return 1;
  return PetscFinalize() ? 1 : 0;
}
