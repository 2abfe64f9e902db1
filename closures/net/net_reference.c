/* SPDX-License-Identifier: BSD-3-Clause */
/* The network by plain loops in double: the oracle of the engine. Whole layers at a time on the block and what is left of its ghosts. */
#include "net.h"
#include <math.h>

static double Activate(EddyNetActivation f, double alpha, double x)
{
  switch (f) {
  case EDDY_ACT_RELU:
    return x < 0 ? 0 : x;
  case EDDY_ACT_LEAKY:
    return x < 0 ? alpha * x : x;
  case EDDY_ACT_TANH:
    return tanh(x);
  case EDDY_ACT_SIGMOID:
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
  case EDDY_ACT_GELU_ERF:
    return x < -40 ? 0 : .5 * x * erfc(-x * M_SQRT1_2);
  case EDDY_ACT_ELU:
    return x < 0 ? alpha * expm1(x) : x;
  case EDDY_ACT_SILU:
    return x < -800 ? 0 : x / (1 + exp(-x));
  case EDDY_ACT_SOFTPLUS:
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
  default:
    return x;
  }
}

/* Value of channel c at (i, j), with periodic directions folded back. */
static double Input(const EddyNetBlock *b, PetscInt c, PetscInt i, PetscInt j, PetscInt k)
{
  const double *x = (const double *)b->in[c];
  if (b->wrap[0])
    i = (i % b->n[0] + b->n[0]) % b->n[0];
  if (b->wrap[1])
    j = (j % b->n[1] + b->n[1]) % b->n[1];
  return x[i + j * b->in_stride[0] + k * b->in_stride[1]];
}

static double Layer(const EddyNetLayer *l, PetscInt o, const double *x, size_t plane, PetscInt nx,
                    PetscInt i, PetscInt j)
{
  if (l->kind == EDDY_NET_AFFINE)
    return l->weight[o] * x[(size_t)o * plane + (size_t)(j * nx + i)] + l->bias[o];
  if (l->kind == EDDY_NET_ACTIVATION)
    return Activate(l->activation, l->alpha, x[(size_t)o * plane + (size_t)(j * nx + i)]);
  const double *w = l->weight + (size_t)o * (size_t)l->in * (size_t)(l->k[0] * l->k[1]);
  double s = l->bias[o];
  for (PetscInt c = 0; c < l->in; ++c)
    for (PetscInt b = 0; b < l->k[1]; ++b)
      for (PetscInt a = 0; a < l->k[0]; ++a)
        s += *w++ * x[(size_t)c * plane + (size_t)((j + b) * nx + i + a)];
  return s;
}

PetscErrorCode EddyNetReference(const EddyNet *net, const EddyNetBlock *block)
{
  const PetscInt *n = block->n, NX = n[0] + net->lo[0] + net->hi[0],
                 NY = n[1] + net->lo[1] + net->hi[1];
  const size_t plane = (size_t)NX * (size_t)NY;
  PetscInt most = net->in;
  double *x, *y;

  PetscFunctionBeginUser;
  if (!n[0] || !n[1] || !n[2])
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt l = 0; l < net->nlayer; ++l)
    most = PetscMax(most, net->layer[l].out);
  PetscCall(PetscMalloc1(plane * (size_t)most, &x));
  PetscCall(PetscMalloc1(plane * (size_t)most, &y));
  for (PetscInt k = 0; k < n[2]; ++k) {
    PetscInt nx = NX, ny = NY;
    for (PetscInt c = 0; c < net->in; ++c)
      for (PetscInt j = 0; j < ny; ++j)
        for (PetscInt i = 0; i < nx; ++i)
          x[(size_t)c * plane + (size_t)(j * nx + i)] =
              Input(block, c, i - net->lo[0], j - net->lo[1], k);
    for (PetscInt l = 0; l < net->nlayer; ++l) {
      const EddyNetLayer *layer = &net->layer[l];
      const PetscInt mx = nx - layer->k[0] + 1, my = ny - layer->k[1] + 1;
      for (PetscInt o = 0; o < layer->out; ++o)
        for (PetscInt j = 0; j < my; ++j)
          for (PetscInt i = 0; i < mx; ++i)
            y[(size_t)o * plane + (size_t)(j * mx + i)] = Layer(layer, o, x, plane, nx, i, j);
      double *const t = x;
      x = y;
      y = t;
      nx = mx;
      ny = my;
    }
    for (PetscInt c = 0; c < net->out; ++c)
      for (PetscInt j = 0; j < ny; ++j)
        for (PetscInt i = 0; i < nx; ++i) {
          double *out =
              (double *)block->out[c] + i + j * block->out_stride[0] + k * block->out_stride[1];
          *out = (block->add ? *out : 0) + x[(size_t)c * plane + (size_t)(j * nx + i)];
        }
  }
  PetscCall(PetscFree(x));
  PetscCall(PetscFree(y));
  PetscFunctionReturn(PETSC_SUCCESS);
}
