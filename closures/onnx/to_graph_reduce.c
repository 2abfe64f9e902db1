/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums, means and extremes over channels (local) or over all space (scalars of the graph), and the normalisations made of them. */
#include "to_graph_impl.h"

/* Axes that go: channel atoms and, all together or not at all, x and y. */
static PetscErrorCode Gone(Tg *t, const TgValue *v, const PetscBool gone[], PetscBool *space)
{
  int here = 0, all = 0;

  PetscFunctionBeginUser;
  for (int d = 0; d < v->rank; ++d)
    for (int i = v->first[d]; i < v->first[d + 1]; ++i) {
      TgRequire(!gone[d] || v->atom[i].tag != TG_BATCH || v->atom[i].n == 1, "reduces the batch");
      all += v->atom[i].tag < TG_CHANNEL;
      here += gone[d] && v->atom[i].tag < TG_CHANNEL;
    }
  TgRequire(!here || here == all, "reduces over some axes of space only");
  *space = (PetscBool)(here > 0);
  for (int a = 0; a < 2 && here; ++a)
    TgRequire(!v->lo[a] && !v->hi[a], "reduces a field with padding");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One plane from n: over channels of a cell, or over all cells too. */
static PetscErrorCode One(Tg *t, EddyGraphOp op, PetscBool space, PetscInt n, const PetscInt in[],
                          PetscInt *out)
{
  const PetscInt one[2] = {1, 1}, none[2] = {0, 0};
  PetscBool cell = PETSC_TRUE;

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; ++i)
    cell = (PetscBool)(cell && t->g->plane[in[i]].kind == EDDY_PLANE_CELL);
  if (space) {
    TgRequire(cell, "reduces what is no field over space");
    PetscCall(EddyGraphReduce(t->g, op, n, in, out));
  } else if (op <= EDDY_GRAPH_MEAN) {
    double *weight;
    PetscCall(TgKeep(t, sizeof *weight * (size_t)(n), &weight));
    for (PetscInt i = 0; i < n; ++i)
      weight[i] = op == EDDY_GRAPH_MEAN ? 1. / n : 1;
    PetscCall(EddyGraphMatrix(t->g, n, in, 1, one, none, one, weight, NULL, out));
  } else {
    *out = in[0];
    for (PetscInt i = 1; i < n; ++i) {
      const PetscInt pair[2] = {*out, in[i]};
      PetscCall(
          TgEach(t, op == EDDY_GRAPH_LARGEST ? EDDY_GRAPH_MAX : EDDY_GRAPH_MIN, 0, 1, pair, out));
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* v reduced over axes `gone`, which stay with extent 1. */
static PetscErrorCode Over(Tg *t, EddyGraphOp op, const TgValue *v, const PetscBool gone[],
                           TgValue **out)
{
  PetscInt kept = 1, *list, n;
  PetscBool space;
  TgValue *r;

  PetscFunctionBeginUser;
  TgCall(Gone(t, v, gone, &space));
  for (int d = 0; d < v->rank; ++d)
    for (int i = v->first[d]; !gone[d] && i < v->first[d + 1]; ++i)
      kept *= v->atom[i].tag == TG_CHANNEL ? (PetscInt)v->atom[i].n : 1;
  PetscCall(TgNew(t, kept, &r));
  PetscInt *plane = r->plane;
  *r = *v;
  r->plane = plane;
  r->nplane = kept;
  r->rank = 0;
  for (int d = 0; d < v->rank; ++d) {
    r->first[d + 1] = r->first[d];
    r->rank = d + 1;
    for (int i = v->first[d]; !gone[d] && i < v->first[d + 1]; ++i)
      TgAppend(r, v->atom[i].tag, v->atom[i].n);
  }
  if (space)
    r->factor[0] = r->factor[1] = 1;
  PetscCall(TgKeep(t, sizeof *list * (size_t)(v->nplane), &list));
  for (PetscInt k = 0; k < kept && !t->stopped; ++k) {
    n = 0;
    for (PetscInt p = 0; p < v->nplane; ++p) {
      PetscInt rest = p, at = 0, stride = 1;
      for (int d = v->rank - 1; d >= 0; --d)
        for (int i = v->first[d + 1] - 1; i >= v->first[d]; --i) {
          if (v->atom[i].tag != TG_CHANNEL)
            continue;
          if (!gone[d]) {
            at += stride * (rest % (PetscInt)v->atom[i].n);
            stride *= (PetscInt)v->atom[i].n;
          }
          rest /= (PetscInt)v->atom[i].n;
        }
      if (at == k)
        list[n++] = v->plane[p];
    }
    PetscCall(One(t, op, space, n, list, &r->plane[k]));
  }
  *out = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgReduce(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  static const struct {
    const char *op;
    EddyGraphOp step;
  } table[] = {{"ReduceSum", EDDY_GRAPH_SUM},          {"ReduceMean", EDDY_GRAPH_MEAN},
               {"ReduceMax", EDDY_GRAPH_LARGEST},      {"ReduceMin", EDDY_GRAPH_SMALLEST},
               {"GlobalAveragePool", EDDY_GRAPH_MEAN}, {"GlobalMaxPool", EDDY_GRAPH_LARGEST}};
  const PetscBool pool = (PetscBool)!strncmp(t->node->op->name, "Global", 6);
  const OxAttr *given = OxGetAttr(t->node, "axes");
  const OxTensor *list = given ? NULL : TgConstant(t, 1), *to = &t->m->value[t->node->out[0]].t;
  const int64_t n = given  ? given->nints
                    : list ? list->n
                           : 0,
                *axes = given  ? given->ints
                        : list ? list->i
                               : NULL;
  PetscBool gone[OX_RANK] = {PETSC_FALSE};
  EddyGraphOp op = EDDY_GRAPH_SUM;
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  TgRequire(pool || given || list || t->node->nin < 2 || t->node->in[1] < 0,
            "axes that are no constants");
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i)
    if (TgIs(t, table[i].op))
      op = table[i].step;
  if (!pool && !n && OxInt(&x, "noop_with_empty_axes", 0)) {
    PetscCall(TgSet(t, 0, v));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (int d = 0; d < v->rank; ++d)
    gone[d] = (PetscBool)(pool ? d >= 2 : n == 0);
  for (int64_t k = 0; k < n; ++k)
    gone[(axes[k] + v->rank) % v->rank] = PETSC_TRUE;
  TgCall(Over(t, op, v, gone, &r));
  TgCall(TgRegroup(t, r, to->rank, to->dims, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Pair(Tg *t, EddyGraphOp op, TgValue *a, TgValue *b, TgValue **out)
{
  TgValue *const in[] = {a, b};
  PetscInt *plane;

  PetscFunctionBeginUser;
  TgCall(TgBroadcast(t, 2, in, out, &plane));
  PetscCall(TgEach(t, op, 0, (*out)->nplane, plane, (*out)->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* (v - mean) / sqrt(var + eps) over axes `gone`. */
static PetscErrorCode Standard(Tg *t, TgValue *v, const PetscBool gone[], double eps, TgValue **out)
{
  TgValue *mean, *d, *square, *var, *root;

  PetscFunctionBeginUser;
  TgCall(Over(t, EDDY_GRAPH_MEAN, v, gone, &mean));
  TgCall(Pair(t, EDDY_GRAPH_SUB, v, mean, &d));
  TgCall(Pair(t, EDDY_GRAPH_MUL, d, d, &square));
  TgCall(Over(t, EDDY_GRAPH_MEAN, square, gone, &var));
  PetscCall(TgScale(t, 1, eps, var, &root));
  PetscCall(TgUnary(t, EDDY_GRAPH_SQRT, 0, root, &root));
  TgCall(Pair(t, EDDY_GRAPH_DIV, d, root, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* scale[k] v + bias[k], k the channel on axis 1 of count * per channels, `per` of which share one. */
static PetscErrorCode PerChannel(Tg *t, const TgValue *v, const OxTensor *scale,
                                 const OxTensor *bias, TgValue **out)
{
  double *a, *b;

  PetscFunctionBeginUser;
  TgRequire(v->nplane % PetscMax(1, scale->n) == 0 && scale->n == bias->n,
            "a scale of another size");
  PetscCall(TgCopy(t, v, out));
  PetscCall(TgKeep(t, sizeof *a * (size_t)(v->nplane), &a));
  PetscCall(TgKeep(t, sizeof *b * (size_t)(v->nplane), &b));
  for (PetscInt i = 0; i < v->nplane; ++i) {
    const PetscInt k = i / (v->nplane / (PetscInt)scale->n);
    a[i] = scale->d[k];
    b[i] = bias->d[k];
  }
  PetscCall(EddyGraphAffine(t->g, v->nplane, a, b, v->plane, (*out)->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgNormalise(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const double eps = OxReal(&x, "epsilon", 1e-5);
  const OxTensor *s = TgConstant(t, 1), *b = TgConstant(t, 2),
                 *to = &t->m->value[t->node->out[0]].t;
  PetscBool gone[OX_RANK] = {PETSC_FALSE};
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  TgRequire(v->rank >= 2 && (t->node->nout < 2 || t->node->out[1] < 0), "moments as results");
  if (TgIs(t, "LayerNormalization")) {
    const int axis = (int)((OxInt(&x, "axis", -1) + v->rank) % v->rank);
    TgValue *scale, *shift = NULL;
    for (int d = axis; d < v->rank; ++d)
      gone[d] = PETSC_TRUE;
    TgCall(TgIn(t, 1, &scale));
    if (t->node->nin > 2 && t->node->in[2] >= 0)
      TgCall(TgIn(t, 2, &shift));
    TgCall(Standard(t, v, gone, eps, &r));
    TgCall(Pair(t, EDDY_GRAPH_MUL, r, scale, &r));
    if (shift)
      TgCall(Pair(t, EDDY_GRAPH_ADD, r, shift, &r));
    PetscCall(TgSet(t, 0, r));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  TgRequire(s && b && OxIsReal(s->type) && OxIsReal(b->type) && TgIsChannel(v, 1),
            "a scale made by the network");
  TgValue *split = v;
  if (TgIs(t, "GroupNormalization")) { /* (batch, group, channel of the group, ...) */
    const int64_t groups = OxInt(&x, "num_groups", 0), channels = TgExtent(v, 1);
    int64_t dims[OX_RANK];
    TgRequire(groups >= 1 && channels % groups == 0 && v->rank < OX_RANK, "groups that do not fit");
    dims[0] = TgExtent(v, 0), dims[1] = groups, dims[2] = channels / groups;
    for (int d = 2; d < v->rank; ++d)
      dims[d + 1] = TgExtent(v, d);
    TgCall(TgRegroup(t, v, v->rank + 1, dims, &split));
  }
  for (int d = 2; d < split->rank; ++d)
    gone[d] = PETSC_TRUE;
  TgCall(Standard(t, split, gone, eps, &r));
  TgCall(PerChannel(t, r, s, b, &r));
  TgCall(TgRegroup(t, r, to->rank, to->dims, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* exp(v - max) / sum exp(v - max) over channels. */
PetscErrorCode TgSoftmax(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  PetscBool gone[OX_RANK] = {PETSC_FALSE};
  TgValue *v, *top, *d, *e, *sum, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  const int axis = (int)((OxInt(&x, "axis", t->m->opset < 13 ? 1 : -1) + v->rank) % v->rank);
  TgRequire(TgPlain(v) && TgIsChannel(v, axis) && (t->m->opset >= 13 || axis == v->rank - 1),
            "softmax over points");
  gone[axis] = PETSC_TRUE;
  TgCall(Over(t, EDDY_GRAPH_LARGEST, v, gone, &top));
  TgCall(Pair(t, EDDY_GRAPH_SUB, v, top, &d));
  PetscCall(TgUnary(t, EDDY_GRAPH_EXP, 0, d, &e));
  TgCall(Over(t, EDDY_GRAPH_SUM, e, gone, &sum));
  TgCall(Pair(t, EDDY_GRAPH_DIV, e, sum, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}
