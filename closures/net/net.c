/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks as data: building and checking. */
#include "net.h"

const char *const EddyNetActivationNames[EDDY_ACT_COUNT] = {
    "identity", "relu", "leaky", "tanh", "sigmoid", "gelu", "elu", "silu", "softplus"};
const char *const EddyNetPrecisionNames[3] = {"f64", "mixed", "f32"};

PetscErrorCode EddyNetCreate(PetscInt in, EddyNet **net)
{
  PetscFunctionBeginUser;
  PetscCheck(in >= 1 && in <= EDDY_NET_MAX_CHANNELS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network of %" PetscInt_FMT " input channels (allowed: 1 to %d)", in,
             EDDY_NET_MAX_CHANNELS);
  PetscCall(PetscNew(net));
  (*net)->in = (*net)->out = in;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetDestroy(EddyNet **net)
{
  PetscFunctionBeginUser;
  if (!*net)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt l = 0; l < (*net)->nlayer; ++l) {
    PetscCall(PetscFree((*net)->layer[l].weight));
    PetscCall(PetscFree((*net)->layer[l].bias));
  }
  PetscCall(PetscFree((*net)->layer));
  PetscCall(PetscFree(*net));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static size_t WeightCount(const EddyNetLayer *l)
{
  return l->kind == EDDY_NET_CONV
             ? (size_t)l->out * (size_t)l->in * (size_t)l->k[0] * (size_t)l->k[1]
         : l->kind == EDDY_NET_AFFINE ? (size_t)l->in
                                      : 0;
}

/* Shape of one layer after `in` channels. */
static PetscErrorCode CheckShape(PetscInt index, const EddyNetLayer *l, PetscInt in)
{
  PetscFunctionBeginUser;
  PetscCheck(l->kind == EDDY_NET_AFFINE || l->kind == EDDY_NET_CONV ||
                 l->kind == EDDY_NET_ACTIVATION,
             PETSC_COMM_SELF, EDDY_ERR_INPUT, "network layer %" PetscInt_FMT ": unknown kind %d",
             index, (int)l->kind);
  PetscCheck(l->in == in, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT " takes %" PetscInt_FMT
             " channels, the layer before gives %" PetscInt_FMT,
             index, l->in, in);
  PetscCheck(l->out >= 1 && l->out <= EDDY_NET_MAX_CHANNELS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT ": %" PetscInt_FMT
             " output channels (allowed: 1 to %d)",
             index, l->out, EDDY_NET_MAX_CHANNELS);
  PetscCheck(l->kind == EDDY_NET_CONV || l->out == l->in, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT " may not change the number of channels", index);
  for (int d = 0; d < 2; ++d) {
    PetscCheck(l->k[d] >= 1 && l->k[d] <= (l->kind == EDDY_NET_CONV ? EDDY_NET_MAX_STENCIL : 1),
               PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "network layer %" PetscInt_FMT ": stencil of %" PetscInt_FMT
               " cells in %c (allowed: 1 to %d)",
               index, l->k[d], "xy"[d], l -> kind == EDDY_NET_CONV ? EDDY_NET_MAX_STENCIL : 1);
    PetscCheck(l->left[d] >= 0 && l->left[d] < l->k[d], PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "network layer %" PetscInt_FMT ": %" PetscInt_FMT
               " cells before the centre in %c (allowed: 0 to %" PetscInt_FMT ")",
               index, l->left[d], "xy"[d], l -> k[d] - 1);
  }
  PetscCheck(l->activation >= 0 && l->activation < EDDY_ACT_COUNT, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT ": unknown activation %d", index, (int)l->activation);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckNumbers(PetscInt index, const EddyNetLayer *l)
{
  const size_t nw = WeightCount(l), nb = l->kind == EDDY_NET_ACTIVATION ? 0 : (size_t)l->out;

  PetscFunctionBeginUser;
  PetscCheck((!nw || l->weight) && (!nb || l->bias), PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT " lacks its weights", index);
  for (size_t i = 0; i < nw; ++i)
    PetscCheck(!PetscIsInfOrNanReal(l->weight[i]), PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "network layer %" PetscInt_FMT ": weight %zu is %g (allowed: finite numbers)", index,
               i, l->weight[i]);
  for (size_t i = 0; i < nb; ++i)
    PetscCheck(!PetscIsInfOrNanReal(l->bias[i]), PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "network layer %" PetscInt_FMT ": bias %zu is %g (allowed: finite numbers)", index,
               i, l->bias[i]);
  PetscCheck(!PetscIsInfOrNanReal(l->alpha), PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT ": alpha is %g (allowed: finite numbers)", index,
             l->alpha);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Appends a layer; fallback is the weight where none is given. The net is unchanged after an error. */
static PetscErrorCode Add(EddyNet *net, EddyNetLayer l, const double weight[], double fallback,
                          const double bias[])
{
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  l.in = net->out;
  PetscCheck(net->nlayer < EDDY_NET_MAX_LAYERS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network of more than %d layers", EDDY_NET_MAX_LAYERS);
  PetscCall(CheckShape(net->nlayer, &l, net->out));
  const size_t nw = WeightCount(&l), nb = l.kind == EDDY_NET_ACTIVATION ? 0 : (size_t)l.out;
  PetscCall(PetscMalloc1(nw, &l.weight));
  PetscCall(PetscMalloc1(nb, &l.bias));
  for (size_t i = 0; i < nw; ++i)
    l.weight[i] = weight ? weight[i] : fallback;
  for (size_t i = 0; i < nb; ++i)
    l.bias[i] = bias ? bias[i] : 0;
  ierr = CheckNumbers(net->nlayer, &l);
  if (!ierr)
    ierr = PetscRealloc(sizeof *net->layer * (size_t)(net->nlayer + 1), &net->layer);
  if (ierr) {
    PetscCall(PetscFree(l.weight));
    PetscCall(PetscFree(l.bias));
    PetscFunctionReturn(ierr);
  }
  net->layer[net->nlayer++] = l;
  net->out = l.out;
  for (int d = 0; d < 2; ++d) {
    net->lo[d] += l.left[d];
    net->hi[d] += l.k[d] - 1 - l.left[d];
    net->halo = PetscMax(net->halo, PetscMax(net->lo[d], net->hi[d]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetAddAffine(EddyNet *net, const double scale[], const double shift[])
{
  PetscFunctionBeginUser;
  PetscCall(Add(net, (EddyNetLayer){.kind = EDDY_NET_AFFINE, .out = net->out, .k = {1, 1}}, scale,
                1, shift));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetAddConv(EddyNet *net, PetscInt out, const PetscInt k[2],
                              const PetscInt left[2], const double weight[], const double bias[])
{
  EddyNetLayer l = {.kind = EDDY_NET_CONV, .out = out, .k = {k[0], k[1]}};

  PetscFunctionBeginUser;
  PetscCheck(weight, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network layer %" PetscInt_FMT " lacks its weights", net->nlayer);
  for (int d = 0; d < 2; ++d)
    l.left[d] = left ? left[d] : (k[d] - 1) / 2;
  PetscCall(Add(net, l, weight, 0, bias));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetAddLinear(EddyNet *net, PetscInt out, const double weight[],
                                const double bias[])
{
  const PetscInt one[2] = {1, 1};

  PetscFunctionBeginUser;
  PetscCall(EddyNetAddConv(net, out, one, NULL, weight, bias));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetAddActivation(EddyNet *net, EddyNetActivation activation, double alpha)
{
  PetscFunctionBeginUser;
  PetscCall(Add(net,
                (EddyNetLayer){.kind = EDDY_NET_ACTIVATION,
                               .out = net->out,
                               .k = {1, 1},
                               .activation = activation,
                               .alpha = alpha},
                NULL, 0, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetCheck(const EddyNet *net)
{
  PetscInt channels = net->in, lo[2] = {0, 0}, hi[2] = {0, 0}, halo = 0;

  PetscFunctionBeginUser;
  PetscCheck(net->in >= 1 && net->in <= EDDY_NET_MAX_CHANNELS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network of %" PetscInt_FMT " input channels (allowed: 1 to %d)", net->in,
             EDDY_NET_MAX_CHANNELS);
  PetscCheck(net->nlayer >= 0 && net->nlayer <= EDDY_NET_MAX_LAYERS, PETSC_COMM_SELF,
             EDDY_ERR_INPUT, "network of %" PetscInt_FMT " layers (allowed: 0 to %d)", net->nlayer,
             EDDY_NET_MAX_LAYERS);
  for (PetscInt i = 0; i < net->nlayer; ++i) {
    const EddyNetLayer *l = &net->layer[i];
    PetscCall(CheckShape(i, l, channels));
    PetscCall(CheckNumbers(i, l));
    channels = l->out;
    for (int d = 0; d < 2; ++d) {
      lo[d] += l->left[d];
      hi[d] += l->k[d] - 1 - l->left[d];
      halo = PetscMax(halo, PetscMax(lo[d], hi[d]));
    }
  }
  PetscCheck(net->out == channels, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network says %" PetscInt_FMT " output channels, its last layer gives %" PetscInt_FMT,
             net->out, channels);
  PetscCheck(net->halo == halo && net->lo[0] == lo[0] && net->lo[1] == lo[1] &&
                 net->hi[0] == hi[0] && net->hi[1] == hi[1],
             PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network says a halo of %" PetscInt_FMT ", its layers need %" PetscInt_FMT
             " (or differ in lo, hi)",
             net->halo, halo);
  PetscFunctionReturn(PETSC_SUCCESS);
}

double EddyNetFlops(const EddyNet *net)
{
  double f = 0;
  for (PetscInt i = 0; i < net->nlayer; ++i)
    f += 2. * (double)WeightCount(&net->layer[i]);
  return f;
}

size_t EddyNetParameters(const EddyNet *net)
{
  size_t n = 0;
  for (PetscInt i = 0; i < net->nlayer; ++i)
    if (net->layer[i].kind != EDDY_NET_ACTIVATION)
      n += WeightCount(&net->layer[i]) + (size_t)net->layer[i].out;
  return n;
}
