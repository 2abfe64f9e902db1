/* SPDX-License-Identifier: BSD-3-Clause */
/* Follows the one path from input to output. At each value the readers decide which layer comes next; values with several
   readers are the forms x sigmoid(x), the Gelu of five nodes, and circular padding. The order of axes is carried along, so that
   networks written for channels-last data need no copies. */
#include "to_net.h"
#include "onnx_impl.h"
#include <stdio.h>

enum { MAX_READERS = 8 };
typedef struct {
  EddyOnnxModel m;
  EddyNet *net;
  PetscBool zero_mean;
  int value, rank;
  int axis[OX_RANK]; /* original meaning of each axis: 0 batch, 1 channel, 2 x, 3 y */
  int64_t pad[2][2]; /* circular padding that waits for its convolution */
  int nreader, reader[MAX_READERS];
  char *reason;
  size_t size;
} Walk;

/* Not an error: the graph is of another kind. */
static PetscErrorCode Stop(Walk *w, int node, const char *why)
{
  if (node >= 0)
    snprintf(w->reason, w->size, "node %d '%.60s' (%s): %s", node, w->m->node[node].name,
             w->m->node[node].op->name, why);
  else
    snprintf(w->reason, w->size, "%s", why);
  return PETSC_SUCCESS;
}

static const OxNode *NodeOf(const Walk *w, int k) { return &w->m->node[k]; }
static PetscBool Is(const Walk *w, int k, const char *op)
{
  return (PetscBool)!strcmp(NodeOf(w, k)->op->name, op);
}

/* Nodes that read value v, each once; -1 when there are too many. */
static int Readers(const Walk *w, int v, int reader[])
{
  int n = 0;
  for (int k = 0; k < w->m->nnode; ++k)
    for (int i = 0; i < NodeOf(w, k)->nin; ++i)
      if (NodeOf(w, k)->in[i] == v && !NodeOf(w, k)->folded && !Is(w, k, "Shape")) {
        if (n == MAX_READERS)
          return -1;
        reader[n++] = k;
        break;
      }
  return n;
}
/* The only reader of v, or -1. */
static int Only(const Walk *w, int v)
{
  int reader[MAX_READERS];
  return Readers(w, v, reader) == 1 ? reader[0] : -1;
}

/* Constant operand of a two-operand node that reads v; *first tells whether it stands first. NULL when it is not constant. */
static const OxTensor *Operand(const Walk *w, int k, int v, PetscBool *first)
{
  const OxNode *n = NodeOf(w, k);
  if (n->nin != 2 || n->in[0] < 0 || n->in[1] < 0 || (n->in[0] == v) == (n->in[1] == v))
    return NULL;
  *first = (PetscBool)(n->in[1] == v);
  const OxValue *c = &w->m->value[n->in[*first ? 0 : 1]];
  return c->constant && OxIsReal(c->t.type) ? &c->t : NULL;
}
static PetscBool IsNumber(const OxTensor *t, double value)
{
  return (PetscBool)(t && t->n == 1 && fabs(t->d[0] - value) <= 1e-6 * fabs(value));
}

static int ChannelAxis(const Walk *w)
{
  for (int d = 0; d < w->rank; ++d)
    if (w->axis[d] == 1)
      return d;
  return -1;
}

/* One number per channel from a constant that is broadcast against the field. */
static PetscBool PerChannel(const Walk *w, const OxTensor *t, double value[])
{
  const int at = ChannelAxis(w) - (w->rank - t->rank);
  for (int d = 0; d < t->rank; ++d)
    if (t->dims[d] != 1 && (d != at || t->dims[d] != w->net->out))
      return PETSC_FALSE;
  if (t->rank > w->rank)
    return PETSC_FALSE;
  for (PetscInt c = 0; c < w->net->out; ++c)
    value[c] = t->d[t->n == 1 ? 0 : c];
  return PETSC_TRUE;
}

/* ---- layers ---- */

static PetscErrorCode Affine(Walk *w, int k, PetscBool *done)
{
  PetscBool first;
  const OxTensor *t = Operand(w, k, w->value, &first);
  double *c, *one;

  PetscFunctionBeginUser;
  if (!t)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc2(w->net->out, &c, w->net->out, &one));
  *done = PerChannel(w, t, c);
  if (Is(w, k, "Div") && first)
    *done = PETSC_FALSE;
  for (PetscInt i = 0; i < w->net->out; ++i) {
    one[i] = Is(w, k, "Sub") && first ? -1 : 1;
    if (Is(w, k, "Sub") && !first)
      c[i] = -c[i];
    if (Is(w, k, "Div"))
      c[i] = 1 / c[i];
  }
  const PetscBool shift = (PetscBool)(Is(w, k, "Add") || Is(w, k, "Sub"));
  PetscErrorCode ierr = PETSC_SUCCESS;
  if (*done)
    ierr = EddyNetAddAffine(w->net, shift ? one : c, shift ? c : NULL);
  PetscCall(PetscFree2(c, one));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const OxTensor *Constant(const Walk *w, int k, int input)
{
  const OxNode *n = NodeOf(w, k);
  return input < n->nin && n->in[input] >= 0 && w->m->value[n->in[input]].constant
             ? &w->m->value[n->in[input]].t
             : NULL;
}

static PetscErrorCode BatchNorm(Walk *w, int k, PetscBool *done)
{
  OxExec x = {.m = w->m, .node = NodeOf(w, k)};
  const OxTensor *s = Constant(w, k, 1), *b = Constant(w, k, 2), *mean = Constant(w, k, 3),
                 *var = Constant(w, k, 4);
  const double eps = OxReal(&x, "epsilon", 1e-5);
  double *scale, *shift;

  PetscFunctionBeginUser;
  if (!s || !b || !mean || !var || OxInt(&x, "training_mode", 0) || ChannelAxis(w) != 1)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc2(w->net->out, &scale, w->net->out, &shift));
  for (PetscInt c = 0; c < w->net->out; ++c) {
    scale[c] = s->d[c] / sqrt(var->d[c] + eps);
    shift[c] = b->d[c] - scale[c] * mean->d[c];
  }
  const PetscErrorCode ierr = EddyNetAddAffine(w->net, scale, shift);
  PetscCall(PetscFree2(scale, shift));
  PetscCall(ierr);
  *done = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* MatMul or Gemm on the last axis: y[o] = alpha sum_c x[c] B[c][o] + beta b[o]. */
static PetscErrorCode Linear(Walk *w, int k, PetscBool *done)
{
  OxExec x = {.m = w->m, .node = NodeOf(w, k)};
  const PetscBool gemm = Is(w, k, "Gemm");
  const OxTensor *b = Constant(w, k, 1), *c = gemm ? Constant(w, k, 2) : NULL;
  const PetscBool transposed = (PetscBool)(gemm && OxInt(&x, "transB", 0));
  double *weight, *bias;

  PetscFunctionBeginUser;
  if (!b || b->rank != 2 || NodeOf(w, k)->in[0] != w->value || ChannelAxis(w) != w->rank - 1 ||
      (gemm && OxInt(&x, "transA", 0)) || (NodeOf(w, k)->nin > 2 && !c))
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscInt nin = w->net->out, out = (PetscInt)b->dims[transposed ? 0 : 1];
  if (b->dims[transposed ? 1 : 0] != nin ||
      (c && c->n != 1 && (c->n != out || c->dims[c->rank - 1] != out)))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc2(nin * out, &weight, out, &bias));
  for (PetscInt o = 0; o < out; ++o) {
    for (PetscInt i = 0; i < nin; ++i)
      weight[o * nin + i] =
          (gemm ? OxReal(&x, "alpha", 1) : 1) * b->d[transposed ? o * nin + i : i * out + o];
    bias[o] = c ? OxReal(&x, "beta", 1) * c->d[c->n == 1 ? 0 : o] : 0;
  }
  const PetscErrorCode ierr = EddyNetAddLinear(w->net, out, weight, bias);
  PetscCall(PetscFree2(weight, bias));
  PetscCall(ierr);
  *done = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Groups and dilation are written out with zeros; ONNX weights [o][c][x][y] become [o][c][y][x]. */
static PetscErrorCode Conv(Walk *w, int k, PetscBool *done)
{
  OxExec x = {.m = w->m, .node = NodeOf(w, k)};
  const OxTensor *t = Constant(w, k, 1), *b = Constant(w, k, 2);
  int64_t n;
  const int64_t *stride = OxIntList(&x, "strides", &n), *dilation = OxIntList(&x, "dilations", &n),
                *pads = OxIntList(&x, "pads", &n);
  PetscInt kernel[2] = {1, 1}, left[2], by[2] = {1, 1};
  double *weight;

  PetscFunctionBeginUser;
  if (!t || w->rank < 3 || w->rank > 4 || ChannelAxis(w) != 1 || w->axis[2] != 2 ||
      (NodeOf(w, k)->nin > 2 && !b) || t->dims[0] > EDDY_NET_MAX_CHANNELS)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (strcmp(OxString(&x, "auto_pad", "NOTSET"), "NOTSET") &&
      strcmp(OxString(&x, "auto_pad", "NOTSET"), "VALID"))
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int d = 0; d < w->rank - 2; ++d) {
    by[d] = dilation ? (PetscInt)dilation[d] : 1;
    if (t->dims[d + 2] > EDDY_NET_MAX_STENCIL || by[d] > EDDY_NET_MAX_STENCIL)
      PetscFunctionReturn(PETSC_SUCCESS);
    kernel[d] = (PetscInt)(t->dims[d + 2] - 1) * by[d] + 1;
    if ((stride && stride[d] != 1) || (pads && (pads[d] || pads[d + w->rank - 2])) ||
        kernel[d] > EDDY_NET_MAX_STENCIL || w->pad[d][0] + w->pad[d][1] != kernel[d] - 1)
      PetscFunctionReturn(PETSC_SUCCESS);
  }
  const PetscInt nin = w->net->out, out = (PetscInt)t->dims[0],
                 group = (PetscInt)OxInt(&x, "group", 1), per = (PetscInt)t->dims[1],
                 taps = kernel[0] * kernel[1];
  const PetscInt ky = w->rank > 3 ? (PetscInt)t->dims[3] : 1, kx = (PetscInt)t->dims[2];
  OxRequire((double)out * nin * taps < 1e8, w->m->comm,
            "%s: node %d: convolution with too many weights", w->m->label, k);
  PetscCall(PetscCalloc1((size_t)out * nin * taps, &weight));
  for (PetscInt o = 0; o < out; ++o)
    for (PetscInt c = 0; c < per; ++c)
      for (PetscInt p = 0; p < kx; ++p)
        for (PetscInt q = 0; q < ky; ++q) {
          const PetscInt from = o / (out / group) * per + c;
          weight[((o * nin + from) * kernel[1] + q * by[1]) * kernel[0] + p * by[0]] =
              t->d[((o * per + c) * kx + p) * ky + q];
        }
  for (int d = 0; d < 2; ++d) {
    left[d] = (PetscInt)w->pad[d][0];
    w->pad[d][0] = w->pad[d][1] = 0;
  }
  const PetscErrorCode ierr = EddyNetAddConv(w->net, out, kernel, left, weight, b ? b->d : NULL);
  PetscCall(PetscFree(weight));
  PetscCall(ierr);
  *done = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Activation(Walk *w, int k, PetscBool *done)
{
  static const struct {
    const char *op;
    EddyNetActivation activation;
    double alpha;
  } table[] = {
      {"Tanh", EDDY_ACT_TANH, 0},         {"Relu", EDDY_ACT_RELU, 0},
      {"Sigmoid", EDDY_ACT_SIGMOID, 0},   {"Elu", EDDY_ACT_ELU, 1},
      {"LeakyRelu", EDDY_ACT_LEAKY, .01}, {"Softplus", EDDY_ACT_SOFTPLUS, 0},
      {"Gelu", EDDY_ACT_GELU_ERF, 0},     {"Identity", EDDY_ACT_IDENTITY, 0},
  };
  OxExec x = {.m = w->m, .node = NodeOf(w, k)};

  PetscFunctionBeginUser;
  for (size_t i = 0; i < sizeof(table) / sizeof(*table); ++i)
    if (Is(w, k, table[i].op) && strcmp(OxString(&x, "approximate", "none"), "tanh")) {
      if (table[i].activation != EDDY_ACT_IDENTITY)
        PetscCall(
            EddyNetAddActivation(w->net, table[i].activation, OxReal(&x, "alpha", table[i].alpha)));
      *done = PETSC_TRUE;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Transpose(Walk *w, int k, PetscBool *done)
{
  const OxAttr *perm = OxGetAttr(NodeOf(w, k), "perm");
  int old[OX_RANK];
  memcpy(old, w->axis, sizeof(old));
  for (int d = 0; d < w->rank; ++d)
    w->axis[d] = old[perm ? (int)((perm->ints[d] + w->rank) % w->rank) : w->rank - 1 - d];
  *done = PETSC_TRUE;
}

/* ---- values with several readers ---- */

/* v sigmoid(v) */
static int Silu(const Walk *w)
{
  for (int i = 0; i < w->nreader; ++i)
    if (w->nreader == 2 && Is(w, w->reader[i], "Sigmoid") && Is(w, w->reader[1 - i], "Mul")) {
      const OxNode *mul = NodeOf(w, w->reader[1 - i]);
      const int s = NodeOf(w, w->reader[i])->out[0];
      if ((mul->in[0] == s && mul->in[1] == w->value) ||
          (mul->in[1] == s && mul->in[0] == w->value))
        return Only(w, s) == w->reader[1 - i] ? mul->out[0] : -1;
    }
  return -1;
}

/* Follows v through a multiplication by 1/2, if there is one. */
static int Halved(const Walk *w, int v, PetscBool *half)
{
  PetscBool first;
  const int k = Only(w, v);
  if (!*half && k >= 0 && Is(w, k, "Mul") && IsNumber(Operand(w, k, v, &first), .5)) {
    *half = PETSC_TRUE;
    return NodeOf(w, k)->out[0];
  }
  return v;
}

/* v (1 + erf(v / sqrt 2)) / 2 in any order of the products; the result, or -1. */
static int Gelu(const Walk *w)
{
  PetscBool first, half = PETSC_FALSE;
  if (w->nreader != 2)
    return -1;
  for (int i = 0; i < 2; ++i) {
    const int a = w->reader[i];
    const OxTensor *c = Operand(w, a, w->value, &first);
    if (!c || !((Is(w, a, "Div") && !first && IsNumber(c, sqrt(2))) ||
                (Is(w, a, "Mul") && IsNumber(c, sqrt(.5)))))
      continue;
    const int e = Only(w, NodeOf(w, a)->out[0]);
    const int add = e >= 0 && Is(w, e, "Erf") ? Only(w, NodeOf(w, e)->out[0]) : -1;
    if (add < 0 || !Is(w, add, "Add") ||
        !IsNumber(Operand(w, add, NodeOf(w, e)->out[0], &first), 1))
      return -1;
    const int t = Halved(w, NodeOf(w, add)->out[0], &half), mul = Only(w, t);
    int other = w->value; /* the factor v itself, perhaps halved */
    if (mul != w->reader[1 - i] && !half && Is(w, w->reader[1 - i], "Mul") &&
        IsNumber(Operand(w, w->reader[1 - i], w->value, &first), .5)) {
      half = PETSC_TRUE;
      other = NodeOf(w, w->reader[1 - i])->out[0];
    }
    if (mul < 0 || !Is(w, mul, "Mul") || (other != w->value && Only(w, other) != mul) ||
        (other == w->value && mul != w->reader[1 - i]))
      return -1;
    const OxNode *n = NodeOf(w, mul);
    if (!((n->in[0] == t && n->in[1] == other) || (n->in[1] == t && n->in[0] == other)))
      return -1;
    const int r = Halved(w, n->out[0], &half);
    return half ? r : -1;
  }
  return -1;
}

/* The join of slices of v that classification found to be circular padding. */
static int CircularPad(Walk *w)
{
  int join = -1;
  for (int i = 0; i < w->nreader; ++i) {
    const int k = w->reader[i], next = Is(w, k, "Slice") ? Only(w, NodeOf(w, k)->out[0]) : k;
    if (next < 0 || (join >= 0 && next != join) || !Is(w, next, "Concat"))
      return -1;
    join = next;
  }
  if (join < 0 || w->m->info[join].klass != EDDY_ONNX_WRAP ||
      strcmp(w->m->info[join].reason, "circular padding"))
    return -1;
  return join;
}

static PetscBool TakePad(Walk *w, int k)
{
  for (int a = 0; a < 3; ++a)
    for (int s = 0; s < 2; ++s)
      if (w->m->info[k].halo[a][s]) {
        if (a > 1 || ChannelAxis(w) != 1 || w->axis[2] != 2)
          return PETSC_FALSE;
        w->pad[a][s] += w->m->info[k].halo[a][s];
      }
  return PETSC_TRUE;
}

/* v - mean(v) over all space, per channel, as the last step. */
static int ZeroMean(const Walk *w)
{
  for (int i = 0; i < 2 && w->nreader == 2; ++i) {
    const int mean = w->reader[i], sub = w->reader[1 - i];
    if (!Is(w, mean, "ReduceMean") || w->m->info[mean].klass != EDDY_ONNX_REDUCTION ||
        !Is(w, sub, "Sub"))
      continue;
    const OxNode *n = NodeOf(w, sub);
    const OxTensor *r = &w->m->value[NodeOf(w, mean)->out[0]].t;
    if (n->in[0] == w->value && n->in[1] == NodeOf(w, mean)->out[0] &&
        n->out[0] == w->m->output[0] && r->rank == w->rank && ChannelAxis(w) == 1 &&
        r->dims[1] == w->net->out && r->dims[0] == w->m->value[w->value].t.dims[0])
      return n->out[0];
  }
  return -1;
}

/* ---- the walk ---- */

static PetscErrorCode One(Walk *w, int k, PetscBool *done)
{
  static const char *const arithmetic[] = {"Add", "Sub", "Mul", "Div"};

  PetscFunctionBeginUser;
  if (Is(w, k, "Conv")) {
    PetscCall(Conv(w, k, done));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (Is(w, k, "Pad") && w->m->info[k].klass == EDDY_ONNX_WRAP) {
    *done = TakePad(w, k);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (int i = 0; i < 4; ++i)
    if (Is(w, k, arithmetic[i]))
      PetscCall(Affine(w, k, done));
  if (Is(w, k, "BatchNormalization"))
    PetscCall(BatchNorm(w, k, done));
  else if (Is(w, k, "MatMul") || Is(w, k, "Gemm"))
    PetscCall(Linear(w, k, done));
  else if (Is(w, k, "Transpose"))
    Transpose(w, k, done);
  else if (!*done)
    PetscCall(Activation(w, k, done));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One layer further; *stop with a reason, or at the output. */
static PetscErrorCode Advance(Walk *w, PetscBool *stop)
{
  PetscBool done = PETSC_FALSE;
  int k, to;

  PetscFunctionBeginUser;
  *stop = PETSC_TRUE;
  w->nreader = Readers(w, w->value, w->reader);
  if (w->nreader == 0)
    PetscFunctionReturn(Stop(w, -1, "the input does not reach the output"));
  if (w->nreader < 0)
    PetscFunctionReturn(Stop(w, -1, "a value with many readers"));
  k = w->reader[0];
  if ((to = Silu(w)) >= 0 || (to = Gelu(w)) >= 0) {
    PetscCall(EddyNetAddActivation(w->net,
                                   Is(w, w->reader[0], "Sigmoid") || Is(w, w->reader[1], "Sigmoid")
                                       ? EDDY_ACT_SILU
                                       : EDDY_ACT_GELU_ERF,
                                   0));
    w->value = to;
  } else if ((to = ZeroMean(w)) >= 0) {
    w->zero_mean = PETSC_TRUE;
    w->value = to;
  } else if ((to = CircularPad(w)) >= 0) {
    if (!TakePad(w, to))
      PetscFunctionReturn(Stop(w, to, "padding along z, or of another order of axes"));
    w->value = NodeOf(w, to)->out[0];
  } else if (w->nreader == 1) {
    PetscCall(One(w, k, &done));
    if (!done)
      PetscFunctionReturn(Stop(w, k, "is not a layer of the fast engine"));
    w->value = NodeOf(w, k)->out[0];
  } else
    PetscFunctionReturn(Stop(w, k, "the graph branches here"));
  *stop = PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Follow(Walk *w, PetscBool *whole)
{
  PetscBool stop = PETSC_FALSE;

  PetscFunctionBeginUser;
  while (w->value != w->m->output[0] && !stop)
    PetscCall(Advance(w, &stop));
  if (stop)
    PetscFunctionReturn(PETSC_SUCCESS);
  *whole = PETSC_TRUE;
  for (int d = 0; d < w->rank; ++d)
    *whole = (PetscBool)(*whole && w->axis[d] == d);
  for (int a = 0; a < 4; ++a)
    *whole = (PetscBool)(*whole && w->pad[a / 2][a % 2] == 0);
  if (!*whole)
    PetscCall(Stop(w, -1, "the output is padded, or its axes are not in the order of the input"));
  else
    PetscCall(EddyNetCheck(w->net));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxToNet(EddyOnnxModel m, EddyNet **net, PetscBool *zero_mean, char reason[],
                             size_t size)
{
  Walk w = {.m = m, .reason = reason, .size = size};
  PetscBool whole = PETSC_FALSE;

  PetscFunctionBeginUser;
  *net = NULL;
  *zero_mean = PETSC_FALSE;
  reason[0] = 0;
  if (m->ninput != 1 || m->noutput != 1 || !m->inferred)
    PetscFunctionReturn(
        Stop(&w, -1, "more than one input or output, or shapes that depend on data"));
  const OxTensor *t = &m->value[m->input[0]].t;
  if (t->rank < 2 || t->rank > 5 || !OxIsReal(t->type) || m->input_dims[0][1] < 1 ||
      m->input_dims[0][1] > EDDY_NET_MAX_CHANNELS)
    PetscFunctionReturn(Stop(
        &w, -1, "the input is no field (batch, channel, ...) with a fixed number of channels"));
  w.value = m->input[0];
  w.rank = t->rank;
  for (int d = 0; d < OX_RANK; ++d)
    w.axis[d] = d;
  PetscCall(EddyNetCreate((PetscInt)m->input_dims[0][1], &w.net));
  const PetscErrorCode ierr = Follow(&w, &whole);
  if (ierr || !whole)
    PetscCall(EddyNetDestroy(&w.net));
  PetscCall(ierr);
  *net = w.net;
  *zero_mean = (PetscBool)(whole && w.zero_mean);
  PetscFunctionReturn(PETSC_SUCCESS);
}
