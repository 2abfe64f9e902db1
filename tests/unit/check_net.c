/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Network engine against plain loops: random chains of all layers and activations, all precisions and levels, extents 1 to 70; NaN beyond the halo is not
   read and nothing beyond the block is written; bits do not depend on where a block starts, on its extents or on who supplies its ghosts. */
#include "net.h"
#include "support.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHANNELS = 300 };
static double Random(void) { return 2 * (rand() / (double)RAND_MAX) - 1; }
static PetscInt Pick(PetscInt a, PetscInt b) { return a + (PetscInt)(rand() % (int)(b - a + 1)); }

static void AddConv(EddyNet *net, PetscInt out, PetscInt kx, PetscInt ky, const PetscInt left[2])
{
  const PetscInt k[2] = {kx, ky}, n = out * net->out * kx * ky;
  double *w = malloc(sizeof *w * (size_t)n), *b = malloc(sizeof *b * (size_t)out);
  for (PetscInt i = 0; i < n; ++i)
    w[i] = 1.5 * Random() / sqrt((double)(n / out));
  for (PetscInt i = 0; i < out; ++i)
    b[i] = .3 * Random();
  CK_PETSC(EddyNetAddConv(net, out, k, left, w, b));
  free(w);
  free(b);
}
static void AddAffine(EddyNet *net)
{
  double *a = malloc(sizeof *a * (size_t)net->out), *b = malloc(sizeof *b * (size_t)net->out);
  for (PetscInt i = 0; i < net->out; ++i)
    a[i] = .5 + Random() * Random(), b[i] = Random();
  CK_PETSC(EddyNetAddAffine(net, a, b));
  free(a);
  free(b);
}

/* stencil: largest k. Layers in any order, so maps and affine layers stand first, last, twice, or alone. */
static EddyNet *RandomNet(PetscInt stencil)
{
  EddyNet *net;
  CK_PETSC(EddyNetCreate(Pick(1, 7), &net));
  for (PetscInt l = Pick(0, 8); l > 0; --l) {
    const PetscInt kind = Pick(0, 5);
    if (kind == 0)
      AddAffine(net);
    else if (kind <= 2)
      CK_PETSC(EddyNetAddActivation(net, (EddyNetActivation)Pick(0, EDDY_ACT_COUNT - 1),
                                    .1 + .3 * fabs(Random())));
    else {
      const PetscInt kx = Pick(1, stencil), ky = Pick(1, stencil),
                     left[2] = {Pick(0, kx - 1), Pick(0, ky - 1)};
      AddConv(net, Pick(0, 3) ? Pick(1, 20) : Pick(30, 40), kx, ky, Pick(0, 1) ? left : NULL);
    }
  }
  return net;
}

/* Arrays with room around the block: ghosts and a margin. Everything but the block's own cells is NaN at first. */
enum { MARGIN = 3, PLAIN = 12345 };
typedef struct {
  PetscInt n[3], ghost, ld[2], channels;
  size_t size, plane; /* bytes of an element, elements of a channel */
  char *data;
  void *at[MAX_CHANNELS];
} Arrays;
static double Get(const Arrays *a, PetscInt c, PetscInt i, PetscInt j, PetscInt k)
{
  const ptrdiff_t p = i + j * a->ld[0] + k * a->ld[1];
  return a->size == 8 ? ((double *)a->at[c])[p] : (double)((float *)a->at[c])[p];
}
static void Put(Arrays *a, PetscInt c, PetscInt i, PetscInt j, PetscInt k, double v)
{
  const ptrdiff_t p = i + j * a->ld[0] + k * a->ld[1];
  if (a->size == 8)
    ((double *)a->at[c])[p] = v;
  else
    ((float *)a->at[c])[p] = (float)v;
}
static Arrays New(PetscInt channels, const PetscInt n[3], PetscInt ghost, size_t size, double fill)
{
  Arrays a = {.n = {n[0], n[1], n[2]}, .ghost = ghost + MARGIN, .channels = channels, .size = size};
  a.ld[0] = n[0] + 2 * a.ghost;
  a.ld[1] = a.ld[0] * (n[1] + 2 * a.ghost);
  a.plane = (size_t)(a.ld[1] * n[2]);
  a.data = malloc(a.plane * (size_t)channels * size);
  for (PetscInt c = 0; c < channels; ++c)
    a.at[c] = a.data + size * (a.plane * (size_t)c + (size_t)(a.ghost + a.ghost * a.ld[0]));
  for (size_t i = 0; i < a.plane * (size_t)channels; ++i) {
    if (size == 8)
      ((double *)a.data)[i] = fill;
    else
      ((float *)a.data)[i] = (float)fill;
  }
  return a;
}

/* A periodic field known at every place. */
static double Field(PetscInt c, PetscInt i, PetscInt j, PetscInt k, const PetscInt n[3])
{
  i = (i % n[0] + n[0]) % n[0];
  j = (j % n[1] + n[1]) % n[1];
  return (double)(float)(1.5 * sin(1.3 * i + 2.1 * j * (1 + c) + .7 * c + 5. * k) +
                         .2 * cos(17. * i * j));
}
/* Cells of the block and the ghosts that the net may read; all wrapped directions have none. */
static void Fill(Arrays *a, const EddyNet *net, const PetscBool wrap[2], const PetscInt start[2],
                 const PetscInt whole[3])
{
  const PetscInt x0 = wrap[0] ? 0 : net->lo[0], x1 = wrap[0] ? 0 : net->hi[0],
                 y0 = wrap[1] ? 0 : net->lo[1], y1 = wrap[1] ? 0 : net->hi[1];
  for (PetscInt c = 0; c < a->channels; ++c)
    for (PetscInt k = 0; k < a->n[2]; ++k)
      for (PetscInt j = -y0; j < a->n[1] + y1; ++j)
        for (PetscInt i = -x0; i < a->n[0] + x1; ++i)
          Put(a, c, i, j, k, Field(c, i + start[0], j + start[1], k, whole));
}
static EddyNetBlock View(const Arrays *in, const Arrays *out, const PetscBool wrap[2],
                         PetscBool add)
{
  return (EddyNetBlock){.n = {in->n[0], in->n[1], in->n[2]},
                        .wrap = {wrap[0], wrap[1]},
                        .in = (const void *const *)in->at,
                        .out = out->at,
                        .in_stride = {in->ld[0], in->ld[1]},
                        .out_stride = {out->ld[0], out->ld[1]},
                        .add = add};
}
static const PetscBool nowrap[2] = {PETSC_FALSE, PETSC_FALSE},
                       allwrap[2] = {PETSC_TRUE, PETSC_TRUE};

/* Largest difference over the largest value; out must hold PLAIN outside the block. */
static double Difference(const Arrays *out, const Arrays *ref)
{
  double e = 0, top = 1;
  size_t outside = 0;
  for (PetscInt c = 0; c < out->channels; ++c)
    for (PetscInt k = 0; k < out->n[2]; ++k)
      for (PetscInt j = 0; j < out->n[1]; ++j)
        for (PetscInt i = 0; i < out->n[0]; ++i) {
          const double d = fabs(Get(out, c, i, j, k) - Get(ref, c, i, j, k));
          if (!(d <= e))
            e = d;
          top = fmax(top, fabs(Get(ref, c, i, j, k)));
        }
  for (size_t i = 0; i < out->plane * (size_t)out->channels; ++i)
    outside +=
        (out->size == 8 ? ((double *)out->data)[i] : (double)((float *)out->data)[i]) == PLAIN;
  ck_assert_uint_eq(outside, (out->plane - (size_t)(out->n[0] * out->n[1] * out->n[2])) *
                                 (size_t)out->channels);
  return e / top;
}

static void Against(const EddyNet *net, const PetscInt n[3], const PetscBool wrap[2], PetscBool add,
                    double worst[3])
{
  const PetscInt start[2] = {0, 0};
  Arrays in[2], ref = New(net->out, n, 0, 8, PLAIN);
  for (int f = 0; f < 2; ++f) {
    in[f] = New(net->in, n, net->halo, f ? 4 : 8, NAN);
    Fill(&in[f], net, wrap, start, n);
  }
  EddyNetBlock b = View(&in[0], &ref, wrap, PETSC_FALSE);
  CK_PETSC(EddyNetReference(net, &b));
  for (int level = 0; level <= (int)EddySimdDetect(); ++level)
    for (int p = 0; p < 3; ++p) {
      EddyNetPlan plan;
      Arrays out = New(net->out, n, 0, p == EDDY_NET_F32 ? 4 : 8, PLAIN);
      CK_PETSC(EddyNetPlanCreate(net, (EddyNetPrecision)p, (EddySimdLevel)level, &plan));
      b = View(&in[p == EDDY_NET_F32], &out, wrap, PETSC_FALSE);
      for (int twice = 0; twice < 2; ++twice)
        EddyNetApply(plan, &b);
      if (add) { /* (a + a) / 2 is exact */
        b.add = PETSC_TRUE;
        EddyNetApply(plan, &b);
        for (PetscInt c = 0; c < net->out; ++c)
          for (PetscInt k = 0; k < n[2]; ++k)
            for (PetscInt j = 0; j < n[1]; ++j)
              for (PetscInt i = 0; i < n[0]; ++i)
                Put(&out, c, i, j, k, Get(&out, c, i, j, k) / 2);
      }
      const double e = Difference(&out, &ref);
      ck_assert_msg(e <= (p ? 1e-5 : 1e-14), "%s %s: %g for %d layers, %d x %d x %d",
                    EddySimdNames[level], EddyNetPrecisionNames[p], e, (int)net->nlayer, (int)n[0],
                    (int)n[1], (int)n[2]);
      worst[p] = fmax(worst[p], e);
      CK_PETSC(EddyNetPlanDestroy(&plan));
      free(out.data);
    }
  free(in[0].data);
  free(in[1].data);
  free(ref.data);
}

START_TEST(test_against_loops)
{
  double worst[3] = {0};
  srand(3);
  for (int trial = 0; trial < 120; ++trial) {
    EddyNet *net = RandomNet(trial % 3 ? 5 : 1);
    const PetscInt n[3] = {Pick(1, 70), trial % 4 ? Pick(1, 9) : 1, trial % 5 ? 1 : 2};
    const PetscBool wrap[2] = {Pick(0, 1) ? PETSC_TRUE : PETSC_FALSE,
                               Pick(0, 1) ? PETSC_TRUE : PETSC_FALSE};
    Against(net, n, wrap, trial % 2 ? PETSC_TRUE : PETSC_FALSE, worst);
    CK_PETSC(EddyNetDestroy(&net));
  }
  printf("largest error over the largest value: f64 %.1e, mixed %.1e, f32 %.1e\n", worst[0],
         worst[1], worst[2]);
}
END_TEST

/* Every extent 1 to 70, pointwise and with a stencil. */
START_TEST(test_extents)
{
  double worst[3] = {0};
  EddyNet *net[2];
  srand(4);
  for (int s = 0; s < 2; ++s) {
    CK_PETSC(EddyNetCreate(3, &net[s]));
    AddConv(net[s], 9, s ? 3 : 1, s ? 3 : 1, NULL);
    CK_PETSC(EddyNetAddActivation(net[s], EDDY_ACT_TANH, 0));
    AddConv(net[s], 2, s ? 5 : 1, 1, NULL);
    for (PetscInt nx = 1; nx <= 70; ++nx) {
      const PetscInt n[3] = {nx, 1 + nx % 5, 1};
      Against(net[s], n, nx % 2 ? nowrap : allwrap, PETSC_FALSE, worst);
    }
    CK_PETSC(EddyNetDestroy(&net[s]));
  }
}
END_TEST

/* Rows wider than the work space: several strips. */
START_TEST(test_strips)
{
  double worst[3] = {0};
  const PetscInt n[3] = {2500, 3, 1}, wide[3] = {150, 3, 1};
  EddyNet *net;
  srand(5);
  CK_PETSC(EddyNetCreate(1, &net));
  AddConv(net, 2, 5, 3, NULL);
  CK_PETSC(EddyNetAddActivation(net, EDDY_ACT_GELU_ERF, 0));
  AddConv(net, 1, 3, 1, NULL);
  Against(net, n, nowrap, PETSC_FALSE, worst);
  Against(net, n, allwrap, PETSC_FALSE, worst);
  CK_PETSC(EddyNetDestroy(&net));
  CK_PETSC(EddyNetCreate(1, &net));
  AddConv(net, 300, 3, 1, NULL);
  AddConv(net, 2, 7, 7, NULL);
  Against(net, wide, allwrap, PETSC_FALSE, worst);
  CK_PETSC(EddyNetDestroy(&net));
}
END_TEST

/* Any window of a periodic field, with ghosts, has the bits of the whole: what ranks, tiles and strips may do. v3 and v4 agree to the bit. */
START_TEST(test_windows)
{
  const PetscInt whole[3] = {67, 23, 1}, zero[2] = {0, 0};
  srand(6);
  for (int trial = 0; trial < 40; ++trial) {
    EddyNet *net = RandomNet(trial % 2 ? 5 : 1);
    for (int level = 0; level <= (int)EddySimdDetect(); ++level)
      for (int p = 0; p < 3; ++p) {
        const size_t size = p == EDDY_NET_F32 ? 4 : 8;
        EddyNetPlan plan;
        Arrays in = New(net->in, whole, net->halo, size, NAN),
               out = New(net->out, whole, 0, size, PLAIN);
        CK_PETSC(EddyNetPlanCreate(net, (EddyNetPrecision)p, (EddySimdLevel)level, &plan));
        Fill(&in, net, allwrap, zero, whole);
        EddyNetBlock b = View(&in, &out, allwrap, PETSC_FALSE);
        EddyNetApply(plan, &b);
        for (int w = 0; w < 4; ++w) {
          const PetscBool round = w == 3 ? PETSC_TRUE : PETSC_FALSE,
                          wrap[2] = {round, PETSC_FALSE}; /* slabs keep a periodic x */
          const PetscInt n[3] = {round ? whole[0] : Pick(1, whole[0]), Pick(1, whole[1]), 1},
                         start[2] = {round ? 0 : Pick(0, whole[0] - n[0]),
                                     Pick(0, whole[1] - n[1])};
          Arrays part = New(net->in, n, net->halo, size, NAN),
                 got = New(net->out, n, 0, size, PLAIN);
          Fill(&part, net, wrap, start, whole);
          b = View(&part, &got, wrap, PETSC_FALSE);
          EddyNetApply(plan, &b);
          for (PetscInt c = 0; c < net->out; ++c)
            for (PetscInt j = 0; j < n[1]; ++j)
              for (PetscInt i = 0; i < n[0]; ++i) {
                const double x = Get(&got, c, i, j, 0),
                             y = Get(&out, c, i + start[0], j + start[1], 0);
                ck_assert_msg(!memcmp(&x, &y, sizeof x), "%s %s: %.17g, whole %.17g",
                              EddySimdNames[level], EddyNetPrecisionNames[p], x, y);
              }
          free(part.data);
          free(got.data);
        }
        free(in.data);
        free(out.data);
        CK_PETSC(EddyNetPlanDestroy(&plan));
      }
    CK_PETSC(EddyNetDestroy(&net));
  }
}
END_TEST

START_TEST(test_levels)
{
  const PetscInt n[3] = {37, 11, 1}, zero[2] = {0, 0};
  double worst[2] = {0};
  srand(7);
  for (int trial = 0; trial < 50; ++trial) {
    EddyNet *net = RandomNet(trial % 2 ? 5 : 1);
    for (int single = 0; single < 2; ++single) {
      const size_t size = single ? 4 : 8;
      Arrays in = New(net->in, n, net->halo, size, NAN), out[3];
      Fill(&in, net, allwrap, zero, n);
      for (int level = 0; level <= (int)EddySimdDetect(); ++level) {
        EddyNetPlan plan;
        out[level] = New(net->out, n, 0, size, PLAIN);
        CK_PETSC(EddyNetPlanCreate(net, single ? EDDY_NET_F32 : EDDY_NET_F64, (EddySimdLevel)level,
                                   &plan));
        EddyNetBlock b = View(&in, &out[level], allwrap, PETSC_FALSE);
        EddyNetApply(plan, &b);
        CK_PETSC(EddyNetPlanDestroy(&plan));
        if (level) {
          const double e = Difference(&out[level], &out[0]) / (single ? FLT_EPSILON : DBL_EPSILON);
          worst[single] = fmax(worst[single], e);
          ck_assert_msg(e <= 30, "%s against v2: %g ulp of the largest value", EddySimdNames[level],
                        e);
        }
        if (level == 2)
          ck_assert(!memcmp(out[2].data, out[1].data, out[1].plane * (size_t)net->out * size));
      }
      for (int level = 0; level <= (int)EddySimdDetect(); ++level)
        free(out[level].data);
      free(in.data);
    }
    CK_PETSC(EddyNetDestroy(&net));
  }
  printf("v3, v4 against v2: %.1f (f64), %.1f (f32) ulp of the largest value\n", worst[0],
         worst[1]);
}
END_TEST

/* A NaN or Inf reaches exactly the cells that read it. */
START_TEST(test_not_finite)
{
  const PetscInt n[3] = {40, 12, 1}, zero[2] = {0, 0};
  for (int level = 0; level <= (int)EddySimdDetect(); ++level)
    for (int act = 0; act < EDDY_ACT_COUNT; ++act)
      for (int p = 0; p < 3; ++p) {
        const size_t size = p == EDDY_NET_F32 ? 4 : 8;
        EddyNet *net;
        EddyNetPlan plan;
        srand(8);
        CK_PETSC(EddyNetCreate(2, &net));
        AddConv(net, 5, 3, 3, NULL);
        CK_PETSC(EddyNetAddActivation(net, (EddyNetActivation)act, .1));
        AddConv(net, 2, 1, 3, NULL);
        Arrays in = New(net->in, n, net->halo, size, NAN), out = New(net->out, n, 0, size, PLAIN);
        Fill(&in, net, allwrap, zero, n);
        Put(&in, 1, 0, 5, 0, NAN);
        CK_PETSC(EddyNetPlanCreate(net, (EddyNetPrecision)p, (EddySimdLevel)level, &plan));
        EddyNetBlock b = View(&in, &out, allwrap, PETSC_FALSE);
        EddyNetApply(plan, &b);
        for (PetscInt c = 0; c < 2; ++c)
          for (PetscInt j = 0; j < n[1]; ++j)
            for (PetscInt i = 0; i < n[0]; ++i)
              ck_assert_int_eq(isnan(Get(&out, c, i, j, 0)),
                               (i <= 1 || i == n[0] - 1) && j >= 3 && j <= 7);
        CK_PETSC(EddyNetPlanDestroy(&plan));
        CK_PETSC(EddyNetDestroy(&net));
        free(in.data);
        free(out.data);
      }
}
END_TEST

/* Axes: a net that is d/dx alone reads along x only, and its weight runs along x. */
START_TEST(test_axes)
{
  const PetscInt n[3] = {48, 32, 1}, k[2] = {3, 1};
  const double w[3] = {-.5, 0, .5};
  EddyNet *net;
  EddyNetPlan plan;
  Arrays in = New(1, n, 0, 8, NAN), out = New(1, n, 0, 8, PLAIN);
  CK_PETSC(EddyNetCreate(1, &net));
  CK_PETSC(EddyNetAddConv(net, 1, k, NULL, w, NULL));
  ck_assert_int_eq(net->halo, 1);
  ck_assert_int_eq(net->lo[1] + net->hi[1], 0);
  ck_assert(EddyNetFlops(net) == 6);
  ck_assert_uint_eq(EddyNetParameters(net), 4);
  CK_PETSC(EddyNetPlanCreate(net, EDDY_NET_F64, EddySimdDetect(), &plan));
  for (PetscInt j = 0; j < n[1]; ++j)
    for (PetscInt i = 0; i < n[0]; ++i)
      Put(&in, 0, i, j, 0, i * i + 1000 * j);
  EddyNetBlock b = View(&in, &out, allwrap, PETSC_FALSE);
  EddyNetApply(plan, &b);
  for (PetscInt j = 0; j < n[1]; ++j)
    for (PetscInt i = 1; i < n[0] - 1; ++i)
      ck_assert(Get(&out, 0, i, j, 0) == 2 * i);
  CK_PETSC(EddyNetPlanDestroy(&plan));
  CK_PETSC(EddyNetDestroy(&net));
  free(in.data);
  free(out.data);
}
END_TEST

START_TEST(test_refused)
{
  const PetscInt k[2] = {3, 3}, big[2] = {64, 1}, left[2] = {3, 0};
  const double w[9] = {0}, bad[1] = {INFINITY};
  EddyNet *net, *none = NULL;
  EddyNetPlan plan;
  CK_PETSC(EddyNetDestroy(&none));
  CK_PETSC(EddyNetCreate(1, &net));
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyNetCreate(0, &none), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddConv(net, 1, k, left, w, NULL), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddConv(net, 1, big, NULL, w, NULL), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddConv(net, 1, k, NULL, NULL, NULL), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddLinear(net, 0, w, NULL), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddLinear(net, 1, bad, NULL), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddActivation(net, EDDY_ACT_COUNT, 0), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetAddActivation(net, EDDY_ACT_ELU, NAN), EDDY_ERR_INPUT);
  ck_assert_int_eq(net->nlayer, 0);
  eddy_test_expect_errors(PETSC_FALSE);
  CK_PETSC(EddyNetAddConv(net, 1, k, NULL, w, NULL));
  CK_PETSC(EddyNetCheck(net));
  net->hi[0] = 7;
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyNetCheck(net), EDDY_ERR_INPUT);
  ck_assert_int_eq(EddyNetPlanCreate(net, EDDY_NET_F64, EDDY_SIMD_V2, &plan), EDDY_ERR_INPUT);
  ck_assert_ptr_null(plan);
  eddy_test_expect_errors(PETSC_FALSE);
  CK_PETSC(EddyNetDestroy(&net));
  ck_assert_ptr_null(net);
}
END_TEST

EDDY_SUITE("net", test_against_loops, test_extents, test_strips, test_windows, test_levels,
           test_not_finite, test_axes, test_refused)
