/* SPDX-License-Identifier: BSD-3-Clause */
/* Node by node from a network file to a graph; see to_graph_impl.h for what a tensor becomes. Every result is compared with the
   shape that inference found at the probe size, and with how that grows with x and y; a difference ends the translation. */
#include "to_graph_impl.h"
#include <stdio.h>

PetscErrorCode TgStop(Tg *t, const char *why)
{
  t->stopped = PETSC_TRUE;
  if (t->node)
    snprintf(t->reason, t->length, "node %d '%.60s' (%s): %s", t->k, t->node->name,
             t->node->op->name, why);
  else
    snprintf(t->reason, t->length, "%s", why);
  return PETSC_SUCCESS;
}

PetscBool TgIs(const Tg *t, const char *op) { return (PetscBool)!strcmp(t->node->op->name, op); }

PetscErrorCode TgKeep(Tg *t, size_t bytes, void *p)
{
  PetscFunctionBeginUser;
  if (t->nlist == t->size) {
    t->size = PetscMax(64, 2 * t->size);
    PetscCall(PetscRealloc(sizeof *t->list * (size_t)t->size, &t->list));
  }
  PetscCall(PetscCalloc1(bytes + 1, (char **)p));
  t->list[t->nlist++] = *(void **)p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgNew(Tg *t, PetscInt nplane, TgValue **v)
{
  PetscFunctionBeginUser;
  PetscCall(TgKeep(t, sizeof **v, v));
  (*v)->nplane = nplane;
  (*v)->factor[0] = (*v)->factor[1] = 1;
  PetscCall(TgKeep(t, sizeof(PetscInt) * (size_t)nplane, &(*v)->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgCopy(Tg *t, const TgValue *from, TgValue **v)
{
  PetscFunctionBeginUser;
  PetscCall(TgNew(t, from->nplane, v));
  PetscInt *plane = (*v)->plane;
  **v = *from;
  (*v)->plane = plane;
  PetscCall(PetscArraycpy(plane, from->plane, from->nplane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const OxTensor *TgConstant(const Tg *t, int input)
{
  return input < t->node->nin && t->node->in[input] >= 0 && t->m->value[t->node->in[input]].constant
             ? &t->m->value[t->node->in[input]].t
             : NULL;
}

void TgAppend(TgValue *v, TgTag tag, int64_t n) { v->atom[v->first[v->rank]++] = (TgAtom){tag, n}; }

int64_t TgExtent(const TgValue *v, int axis)
{
  int64_t n = 1;
  for (int i = v->first[axis]; i < v->first[axis + 1]; ++i) {
    const TgAtom *a = &v->atom[i];
    n *= a->tag < TG_CHANNEL ? a->n + v->lo[a->tag] + v->hi[a->tag] : a->n;
  }
  return n;
}

PetscBool TgIsChannel(const TgValue *v, int axis)
{
  for (int i = v->first[axis]; i < v->first[axis + 1]; ++i)
    if (v->atom[i].tag != TG_CHANNEL)
      return PETSC_FALSE;
  return PETSC_TRUE;
}

PetscBool TgHas(const TgValue *v, TgTag tag)
{
  for (int i = 0; i < v->first[v->rank]; ++i)
    if (v->atom[i].tag == tag)
      return PETSC_TRUE;
  return PETSC_FALSE;
}

PetscBool TgPlain(const TgValue *v)
{
  return (PetscBool)(v->edge[0] == EDDY_EDGE_WRAP && v->edge[1] == EDDY_EDGE_WRAP);
}

/* A constant as planes: one channel atom per axis. */
static PetscErrorCode Constant(Tg *t, const OxTensor *c, TgValue **v)
{
  PetscFunctionBeginUser;
  TgRequire(c->n <= 4096, "a large constant that is no weight of a layer");
  PetscCall(TgNew(t, (PetscInt)c->n, v));
  for (int d = 0; d < c->rank; ++d) {
    (*v)->first[d + 1] = (*v)->first[d];
    ++(*v)->rank;
    if (c->dims[d] != 1)
      TgAppend(*v, TG_CHANNEL, c->dims[d]);
  }
  for (int64_t i = 0; i < c->n; ++i)
    PetscCall(
        EddyGraphConstant(t->g, OxIsReal(c->type) ? c->d[i] : (double)c->i[i], &(*v)->plane[i]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgIn(Tg *t, int input, TgValue **v)
{
  PetscFunctionBeginUser;
  *v = NULL;
  TgRequire(input < t->node->nin && t->node->in[input] >= 0, "an operand is left out");
  const int id = t->node->in[input];
  if (t->m->value[id].constant) {
    TgCall(Constant(t, &t->m->value[id].t, v));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  TgRequire(t->value[id], "an operand follows the extents of the grid");
  *v = t->value[id];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Symbols of x and y that move the extent of axis d, and no others, as shape inference found it. Stretches at one end do not grow: they are
   parts of a periodic window. */
static PetscBool Grows(const Tg *t, const TgValue *v, const OxValue *x, int d)
{
  if (v->stretch)
    return PETSC_TRUE;
  for (int s = 0; s < t->m->nsymbol && !t->cells; ++s) {
    int64_t before = 1, after = 1;
    for (int i = v->first[d]; i < v->first[d + 1]; ++i) {
      const TgAtom *a = &v->atom[i];
      const int axis = a->tag < TG_CHANNEL ? t->axis[a->tag] : 0;
      const int64_t n = a->tag < TG_CHANNEL ? a->n + v->lo[a->tag] + v->hi[a->tag] : a->n;
      before *= n;
      after *= n + (a->tag == TG_CHANNEL || t->m->input_dims[0][axis] != -1 - s ? 0
                    : a->tag == TG_BATCH                                        ? OX_PROBE
                                         : OX_PROBE / v->factor[a->tag]);
    }
    if (after - before != x->slope[s][d])
      return PETSC_FALSE;
  }
  return PETSC_TRUE;
}

PetscErrorCode TgSet(Tg *t, int output, TgValue *v)
{
  PetscFunctionBeginUser;
  if (output >= t->node->nout || t->node->out[output] < 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  const OxValue *x = &t->m->value[t->node->out[output]];
  PetscInt planes = 1;
  TgRequire(x->t.rank == v->rank, "its result has another rank than expected");
  for (int d = 0; d < v->rank; ++d) {
    TgRequire(TgExtent(v, d) == x->t.dims[d], "its result does not follow the grid");
    TgRequire(Grows(t, v, x, d), "its result does not grow with the grid");
  }
  for (int i = 0; i < v->first[v->rank]; ++i) {
    planes *= v->atom[i].tag == TG_CHANNEL ? (PetscInt)v->atom[i].n : 1;
    for (int a = 0; a < 2; ++a)
      TgRequire(v->lo[a] <= TG_FARTHEST && v->hi[a] <= TG_FARTHEST, "a wide padding");
  }
  EddyAssert(planes == v->nplane, PETSC_COMM_SELF, "planes do not fit the axes");
  t->value[t->node->out[output]] = v;
  PetscFunctionReturn(PETSC_SUCCESS);
}

void TgMerge(TgValue *v)
{
  TgValue w = *v;
  v->first[0] = v->rank = 0;
  for (int d = 0; d < w.rank; ++d) {
    int64_t n = 1;
    v->first[d + 1] = v->first[d];
    v->rank = d + 1;
    if (TgIsChannel(&w, d)) {
      for (int i = w.first[d]; i < w.first[d + 1]; ++i)
        n *= w.atom[i].n;
      if (n != 1)
        TgAppend(v, TG_CHANNEL, n);
    } else
      for (int i = w.first[d]; i < w.first[d + 1]; ++i)
        TgAppend(v, w.atom[i].tag, w.atom[i].n);
  }
}

PetscErrorCode TgEach(Tg *t, EddyGraphOp op, double alpha, PetscInt n, const PetscInt in[],
                      PetscInt out[])
{
  return EddyGraphEach(t->g, op, alpha, n, in, out);
}

PetscErrorCode TgUnary(Tg *t, EddyGraphOp op, double alpha, const TgValue *v, TgValue **out)
{
  PetscFunctionBeginUser;
  PetscCall(TgCopy(t, v, out));
  PetscCall(EddyGraphEach(t->g, op, alpha, v->nplane, v->plane, (*out)->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgScale(Tg *t, double scale, double shift, const TgValue *v, TgValue **out)
{
  double *a, *b;

  PetscFunctionBeginUser;
  PetscCall(TgCopy(t, v, out));
  PetscCall(TgKeep(t, sizeof *a * (size_t)v->nplane, &a));
  PetscCall(TgKeep(t, sizeof *b * (size_t)v->nplane, &b));
  for (PetscInt i = 0; i < v->nplane; ++i)
    a[i] = scale, b[i] = shift;
  PetscCall(EddyGraphAffine(t->g, v->nplane, a, b, v->plane, (*out)->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgAlign(Tg *t, const TgValue *a, TgValue **b)
{
  const PetscInt one[2] = {1, 1};
  PetscInt shift[2] = {0, 0};

  PetscFunctionBeginUser;
  for (int d = 0; d < 2; ++d)
    if (TgHas(a, (TgTag)d) && TgHas(*b, (TgTag)d)) {
      TgRequire(a->factor[d] == (*b)->factor[d], "joins two resolutions");
      shift[d] = (PetscInt)(a->lo[d] - (*b)->lo[d]);
    }
  if (!shift[0] && !shift[1])
    PetscFunctionReturn(PETSC_SUCCESS);
  TgValue *from = *b;
  PetscCall(TgCopy(t, from, b));
  PetscCall(EddyGraphSample(t->g, from->nplane, from->plane, one, shift, (*b)->plane));
  for (int d = 0; d < 2; ++d) {
    (*b)->lo[d] += shift[d];
    (*b)->hi[d] -= shift[d];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Atoms of axis d of an operand whose axes are aligned from the right. */
static int AtomsOf(const TgValue *v, int rank, int d, const TgAtom **a)
{
  const int e = d - (rank - v->rank);
  *a = e < 0 ? NULL : v->atom + v->first[e];
  return e < 0 ? 0 : v->first[e + 1] - v->first[e];
}

PetscErrorCode TgBroadcast(Tg *t, int n, TgValue *const in[], TgValue **out, PetscInt **planes)
{
  TgValue *v[8], r = {.factor = {1, 1}};
  const TgValue *field = NULL;
  int owner[OX_RANK] = {0}; /* operand that gives the axis its atoms */
  PetscInt count = 1;

  PetscFunctionBeginUser;
  TgRequire(n <= 8, "more than eight operands");
  for (int k = 0; k < n; ++k) {
    TgRequire(TgPlain(in[k]), "reads a field with padding that is not periodic");
    PetscCall(TgCopy(t, in[k], &v[k]));
    TgMerge(v[k]);
    r.rank = PetscMax(r.rank, v[k]->rank);
    if (!field && (TgHas(v[k], TG_X) || TgHas(v[k], TG_Y)))
      field = v[k];
  }
  for (int k = 0; k < n && field; ++k)
    if (TgHas(v[k], TG_X) || TgHas(v[k], TG_Y))
      TgCall(TgAlign(t, field, &v[k]));
  for (int d = 0; d < r.rank; ++d) {
    const TgAtom *have = NULL, *a;
    int nhave = 0;
    for (int k = 0; k < n; ++k) {
      const int na = AtomsOf(v[k], r.rank, d, &a);
      if (!na)
        continue;
      if (!nhave)
        have = a, nhave = na, owner[d] = k;
      PetscBool same = (PetscBool)(nhave == na);
      for (int i = 0; i < na && same; ++i)
        same = (PetscBool)(have[i].tag == a[i].tag && have[i].n == a[i].n);
      TgRequire(same, "its operands differ in their axes, or depend on position");
    }
  }
  const int rank = r.rank;
  for (r.rank = 0; r.rank < rank;) {
    const TgAtom *a;
    const int na = AtomsOf(v[owner[r.rank]], rank, r.rank, &a);
    r.first[r.rank + 1] = r.first[r.rank];
    ++r.rank;
    for (int i = 0; i < na; ++i) {
      TgAppend(&r, a[i].tag, a[i].n);
      count *= a[i].tag == TG_CHANNEL ? (PetscInt)a[i].n : 1;
    }
  }
  TgRequire(count <= TG_WIDEST, "too many channels");
  PetscCall(TgNew(t, count, out));
  PetscInt *own = (*out)->plane;
  **out = field ? *field : **out;
  (*out)->plane = own;
  (*out)->nplane = count;
  (*out)->rank = r.rank;
  memcpy((*out)->first, r.first, sizeof r.first);
  memcpy((*out)->atom, r.atom, sizeof r.atom);
  PetscCall(TgKeep(t, sizeof(PetscInt) * (size_t)count * (size_t)n, planes));
  for (int k = 0; k < n; ++k)
    for (PetscInt p = 0; p < count; ++p) {
      PetscInt rest = p, at = 0, stride = 1;
      for (int d = rank - 1; d >= 0; --d) {
        const TgAtom *a;
        const int have = AtomsOf(v[k], rank, d, &a);
        for (int i = r.first[d + 1] - 1; i >= r.first[d]; --i) {
          if (r.atom[i].tag != TG_CHANNEL)
            continue;
          if (have) {
            at += stride * (rest % (PetscInt)r.atom[i].n);
            stride *= (PetscInt)r.atom[i].n;
          }
          rest /= (PetscInt)r.atom[i].n;
        }
      }
      (*planes)[(PetscInt)k * count + p] = v[k]->plane[at];
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- the walk ---- */

static const struct {
  const char *ops;
  PetscErrorCode (*Rule)(Tg *);
} rules[] = {
    {" Add Sub Mul Div Pow Min Max PRelu Less Greater Equal Where Clip ", TgArithmetic},
    {" Identity Cast Abs Neg Sqrt Exp Log Erf Tanh Sigmoid Relu LeakyRelu Elu Selu Celu Softplus "
     "Gelu HardSigmoid HardSwish Mish ",
     TgActivation},
    {" MatMul Gemm ", TgLinear},
    {" BatchNormalization ", TgBatchNorm},
    {" Reshape Flatten Squeeze Unsqueeze ", TgShape},
    {" Transpose ", TgTranspose},
    {" Slice ", TgSlice},
    {" Split ", TgSplit},
    {" Gather ", TgGather},
    {" Concat ", TgConcat},
    {" Expand ", TgExpand},
    {" Pad ", TgPad},
    {" Conv ", TgConv},
    {" ConvTranspose ", TgConvTranspose},
    {" MaxPool AveragePool ", TgPool},
    {" Resize ", TgResize},
    {" ReduceSum ReduceMean ReduceMax ReduceMin GlobalAveragePool GlobalMaxPool ", TgReduce},
    {" InstanceNormalization GroupNormalization LayerNormalization ", TgNormalise},
    {" Softmax ", TgSoftmax},
};

static PetscErrorCode Input(Tg *t)
{
  const OxTensor *in = &t->m->value[t->m->input[0]].t;
  TgValue *v;

  PetscFunctionBeginUser;
  TgRequire((in->rank == 2 || in->rank == 4) && OxIsReal(in->type) && t->m->input_dims[0][1] >= 1 &&
                t->m->input_dims[0][1] <= EDDY_NET_MAX_CHANNELS,
            "the input is no field (batch, channel, x, y) or (cells, channel) with a fixed number "
            "of channels");
  const PetscInt n = (PetscInt)t->m->input_dims[0][1];
  PetscCall(EddyGraphCreate(n, &t->g));
  PetscCall(TgNew(t, n, &v));
  t->cells = (PetscBool)(in->rank == 2);
  t->axis[0] = t->cells ? 0 : 2;
  t->axis[1] = t->cells ? 0 : 3;
  t->n[0] = in->dims[t->axis[0]];
  t->n[1] = t->cells ? 1 : in->dims[3];
  for (int d = 0; d < in->rank; ++d) {
    v->first[d + 1] = v->first[d];
    v->rank = d + 1;
    if (t->cells && d == 0) { /* x and y together are the cells */
      TgAppend(v, TG_X, t->n[0]);
      TgAppend(v, TG_Y, 1);
    } else if (d != 1 || n != 1)
      TgAppend(v, d == 0 ? TG_BATCH : d == 1 ? TG_CHANNEL : (TgTag)(d - 2), in->dims[d]);
  }
  for (PetscInt c = 0; c < n; ++c)
    v->plane[c] = c;
  t->value[t->m->input[0]] = v;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Node(Tg *t)
{
  char word[EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  snprintf(word, sizeof word, " %s ", t->node->op->name);
  for (size_t i = 0; i < sizeof rules / sizeof *rules; ++i)
    if (strstr(rules[i].ops, word)) {
      PetscCall(rules[i].Rule(t));
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  PetscFunctionReturn(TgStop(t, "is no step of the graph engine"));
}

static PetscErrorCode Output(Tg *t)
{
  const int id = t->m->output[0];
  const TgValue *v = t->value[id];
  int atoms = 0;

  PetscFunctionBeginUser;
  t->node = NULL;
  TgRequire(v, "the output does not depend on the input");
  const OxTensor *in = &t->m->value[t->m->input[0]].t;
  TgRequire(v->rank == in->rank && TgIsChannel(v, 1) && TgPlain(v) && TgHas(v, TG_X) &&
                TgHas(v, TG_Y),
            "the axes of the output are not those of the input");
  for (int a = 0; a < 2; ++a) {
    TgRequire(!v->stretch && !v->lo[a] && !v->hi[a] && v->factor[a] == 1,
              "the output is not on the grid of the input");
    const int d = t->axis[a], at = v->first[d] + (t->cells ? a : 0);
    atoms += v->first[d + 1] > at && v->atom[at].tag == (TgTag)a;
  }
  TgRequire(atoms == 2, "the axes of the output are not in the order of the input");
  PetscCall(EddyGraphFinish(t->g, v->nplane, v->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Only nodes that the output depends on through data of the field. */
static PetscErrorCode Walk(Tg *t)
{
  PetscFunctionBeginUser;
  TgCall(Input(t));
  for (t->k = 0; t->k < t->m->nnode && !t->stopped; ++t->k) {
    t->node = &t->m->node[t->k];
    PetscBool needed = PETSC_FALSE;
    for (int i = 0; i < t->node->nin && !t->node->folded; ++i)
      needed = (PetscBool)(needed || (t->node->in[i] >= 0 && t->value[t->node->in[i]]));
    if (!needed || t->node->op->cost == OX_SHAPE)
      continue;
    TgCall(Node(t));
  }
  TgCall(Output(t));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxToGraph(EddyOnnxModel m, EddyGraph **graph, char reason[], size_t size)
{
  Tg t = {.m = m, .reason = reason, .length = size};

  PetscFunctionBeginUser;
  *graph = NULL;
  reason[0] = 0;
  if (m->ninput != 1 || m->noutput != 1 || !m->inferred)
    PetscFunctionReturn(TgStop(&t, "more than one input or output, or shapes that depend on data"));
  PetscCall(PetscCalloc1(m->nvalue + 1, &t.value));
  const PetscErrorCode ierr = Walk(&t);
  for (int i = 0; i < t.nlist; ++i)
    PetscCall(PetscFree(t.list[i]));
  PetscCall(PetscFree(t.list));
  PetscCall(PetscFree(t.value));
  if (ierr || t.stopped)
    PetscCall(EddyGraphDestroy(&t.g));
  PetscCall(ierr);
  *graph = t.g;
  PetscFunctionReturn(PETSC_SUCCESS);
}
