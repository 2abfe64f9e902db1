/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules of placement by operator. A rule fills the place of output 0 and the node's class; every rule ends with the same
   check: the extents of the result are those that its place says, at the probe size, else the node counts as global. */
#include "places.h"
#include <stdarg.h>
#include <stdio.h>

void OxGlobal(OxPlace *o, EddyOnnxNodeInfo *info, const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  vsnprintf(info->reason, sizeof(info->reason), format, ap);
  va_end(ap);
  info->klass = EDDY_ONNX_GLOBAL;
  o->lost = PETSC_TRUE;
}

static PetscBool IsSpatial(const OxPlace *o, int rank)
{
  for (int d = 0; d < rank; ++d)
    if (o->tag[d] >= 0 || o->tag[d] == OX_FLAT)
      return PETSC_TRUE;
  return PETSC_FALSE;
}

void OxLook(OxPlace *o, EddyOnnxNodeInfo *info, int a, int64_t left, int64_t right)
{
  left = OxCells(o, a, left), right = OxCells(o, a, right);
  o->reach[a][0] += left, o->reach[a][1] += right;
  info->halo[a][0] = (int)PetscMax(info->halo[a][0], left);
  info->halo[a][1] = (int)PetscMax(info->halo[a][1], right);
  if ((left || right) && info->klass == EDDY_ONNX_POINTWISE)
    info->klass = EDDY_ONNX_STENCIL;
}

static PetscBool HasAxis(const OxPlace *w, int rank, int a)
{
  for (int d = 0; d < rank; ++d)
    if (w->tag[d] == a)
      return PETSC_TRUE;
  return PETSC_FALSE;
}

/* Meaning of the result's axes; smallest and largest lo among the operands along each axis of space. PETSC_FALSE when they disagree. */
static PetscBool Meanings(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, const OxTensor *r,
                          int64_t lo[3], int64_t most[3])
{
  int fields[3] = {0};

  for (int k = 0; k < p->node->nin; ++k) {
    const int v = OxPlaceIn(p, k);
    if (v < 0 || !OxPlaceOf(p, v)->field)
      continue;
    const OxPlace *w = OxPlaceOf(p, v);
    const OxTensor *t = OxPlanTensor(p, v);
    for (int d = 0; d < t->rank; ++d) {
      const int e = d + r->rank - t->rank;
      if (w->tag[d] == OX_CHANNEL || (t->dims[d] == 1 && w->tag[d] < 0))
        continue;
      if (o->tag[e] != OX_CHANNEL && o->tag[e] != w->tag[d]) {
        OxGlobal(o, info, "axis %d means two different things", e);
        return PETSC_FALSE;
      }
      o->tag[e] = w->tag[d];
      if (w->tag[d] == OX_FLAT)
        o->from = w->from;
    }
    for (int a = 0; a < 3; ++a) {
      if (!HasAxis(w, t->rank, a))
        continue;
      if (fields[a] && (o->num[a] != w->num[a] || o->den[a] != w->den[a])) {
        OxGlobal(o, info, "joins two resolutions");
        return PETSC_FALSE;
      }
      o->num[a] = w->num[a], o->den[a] = w->den[a];
      lo[a] = fields[a] ? PetscMin(lo[a], w->lo[a]) : w->lo[a];
      most[a] = fields[a] ? PetscMax(most[a], w->lo[a]) : w->lo[a];
      ++fields[a];
    }
  }
  return PETSC_TRUE;
}

/* A constant with more than one element along axis d of a result of rank `rank`. */
static PetscBool Positioned(const OxPlan *p, int d, int rank)
{
  for (int k = 0; k < p->node->nin; ++k) {
    const int v = OxPlaceIn(p, k);
    if (v < 0 || OxPlaceOf(p, v)->field)
      continue;
    const int e = d - (rank - OxPlanTensor(p, v)->rank);
    if (e >= 0 && OxPlanTensor(p, v)->dims[e] > 1)
      return PETSC_TRUE;
  }
  return PETSC_FALSE;
}

void OxPlaceMerge(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, int apart)
{
  const OxTensor *r = OxPlanTensor(p, p->node->out[0]);
  int64_t lo[3] = {0}, most[3] = {0};

  for (int d = 0; d < r->rank; ++d)
    o->tag[d] = OX_CHANNEL;
  if (!Meanings(p, o, info, r, lo, most))
    return;
  for (int a = 0; a < 3; ++a) {
    int64_t reach[2] = {0, 0}, shift[2] = {0, 0};
    o->lo[a] = lo[a] + (most[a] - lo[a]) / 2;
    for (int k = 0; k < p->node->nin; ++k) {
      const int v = OxPlaceIn(p, k);
      if (v < 0 || !OxPlaceOf(p, v)->field)
        continue;
      const OxPlace *w = OxPlaceOf(p, v);
      /* result i reads its operand at i + s */
      const int64_t s = HasAxis(w, OxPlanTensor(p, v)->rank, a) ? o->lo[a] - w->lo[a] : 0;
      const int64_t left = PetscMax(0, -s), right = PetscMax(0, s);
      reach[0] = PetscMax(reach[0], w->reach[a][0] + OxCells(o, a, left));
      reach[1] = PetscMax(reach[1], w->reach[a][1] + OxCells(o, a, right));
      shift[0] = PetscMax(shift[0], left), shift[1] = PetscMax(shift[1], right);
    }
    OxLook(o, info, a, shift[0], shift[1]);
    o->reach[a][0] = reach[0], o->reach[a][1] = reach[1];
  }
  for (int d = 0; d < r->rank; ++d) /* extents decide the other end */
    if (o->tag[d] >= 0) {
      const int a = o->tag[d];
      o->hi[a] = r->dims[d] - p->n[a] * o->den[a] / o->num[a] - o->lo[a];
      if (d != apart && Positioned(p, d, r->rank)) {
        OxGlobal(o, info, "weights that depend on position");
        return;
      }
    }
}

/* ---- reductions, products, shapes ---- */

static void Reduction(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, OxPlaceIn(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  const OxAttr *given = OxGetAttr(p->node, "axes");
  const OxTensor *list = !given && OxPlaceIn(p, 1) >= 0 ? OxPlanTensor(p, OxPlaceIn(p, 1)) : NULL;
  const PetscBool pool = (PetscBool)!strncmp(p->node->op->name, "Global", 6),
                  keep = (PetscBool)(pool || OxPlaceAttr(p, "keepdims", 1));
  const int64_t n = given  ? given->nints
                    : list ? list->n
                           : 0,
                *axes = given  ? given->ints
                        : list ? list->i
                               : NULL;
  PetscBool gone[OX_RANK] = {PETSC_FALSE};
  int space = 0, kept = 0, e = 0;

  if (n == 0 && OxPlaceAttr(p, "noop_with_empty_axes", 0))
    return;
  for (int d = 0; d < in->rank; ++d)
    gone[d] = (PetscBool)(pool ? d >= 2 : n == 0);
  for (int64_t k = 0; axes && k < n; ++k)
    gone[(axes[k] + in->rank) % in->rank] = PETSC_TRUE;
  const OxPlace w = *o;
  for (int d = 0; d < in->rank; ++d) {
    if (w.tag[d] >= 0 || w.tag[d] == OX_FLAT)
      gone[d] ? ++space : ++kept;
    if (!gone[d] || keep)
      o->tag[e++] = gone[d] ? OX_CHANNEL : w.tag[d];
  }
  if (space && kept)
    OxGlobal(o, info, "reduces over some axes of space only");
  else if (space) {
    info->klass = EDDY_ONNX_REDUCTION;
    for (int a = 0; a < 3; ++a)
      if (w.lo[a] || w.hi[a])
        OxGlobal(o, info, "reduces a field with padding");
  }
  (void)out;
}

/* Axes from `first` on are normalised together. */
static void Normalised(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, int first, int count)
{
  const OxTensor *in = OxPlanTensor(p, OxPlaceIn(p, 0));
  int space = 0;
  for (int d = first; d < first + count && d < in->rank; ++d)
    space += o->tag[d] >= 0 || o->tag[d] == OX_FLAT;
  for (int a = 0; a < 3 && space; ++a)
    if (o->lo[a] || o->hi[a]) {
      OxGlobal(o, info, "normalises a field with padding");
      return;
    }
  if (space)
    info->klass = EDDY_ONNX_REDUCTION;
}

static void Product(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const int v = OxPlaceIn(p, 0), w = OxPlaceIn(p, 1);
  const OxTensor *a = OxPlanTensor(p, v), *r = OxPlanTensor(p, p->node->out[0]);
  const PetscBool gemm = (PetscBool)!strcmp(p->node->op->name, "Gemm");
  const int contracted = gemm && OxPlaceAttr(p, "transA", 0) ? 0 : a->rank - 1;

  if (!OxPlaceOf(p, v)->field || (w >= 0 && OxPlaceOf(p, w)->field) ||
      (OxPlaceIn(p, 2) >= 0 && OxPlaceOf(p, OxPlaceIn(p, 2))->field)) {
    OxGlobal(o, info, "product of a field from the right, or of two fields");
    return;
  }
  *o = *OxPlaceOf(p, v);
  if (o->tag[contracted] != OX_CHANNEL || (gemm && contracted == 0)) {
    OxGlobal(o, info, "sums over points with weights");
    return;
  }
  if (OxPlanTensor(p, w)->rank > 2 || r->rank != a->rank)
    OxGlobal(o, info, "batched weights");
}

static void Einsum(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  for (int k = 0; k < p->node->nin; ++k)
    if (OxPlaceIn(p, k) >= 0 && OxPlaceOf(p, OxPlaceIn(p, k))->field &&
        IsSpatial(OxPlaceOf(p, OxPlaceIn(p, k)), OxPlanTensor(p, OxPlaceIn(p, k))->rank)) {
      OxGlobal(o, info, "Einsum over a grid is not split: write it with Mul and ReduceSum");
      return;
    }
}

/* Channels, then space, become groups of channels and one axis with the rest: GroupNorm as exporters write it. */
static PetscBool Groups(const OxTensor *a, const OxPlace *w, int i0, int i, const OxTensor *r,
                        int j0, int j)
{
  int64_t channels = 1;
  int d = i0;
  for (; d < i && w->tag[d] == OX_CHANNEL; ++d)
    channels *= a->dims[d];
  for (; d < i; ++d)
    if (w->tag[d] < 0)
      return PETSC_FALSE;
  for (int e = j0; e < j - 1; ++e) {
    if (!r->dims[e] || channels % r->dims[e])
      return PETSC_FALSE;
    channels /= r->dims[e];
  }
  return PETSC_TRUE;
}

/* Same elements in other axes: groups of axes with equal products keep or merge their meaning. */
static void Reshape(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const int v = OxPlaceIn(p, 0);
  const OxPlace *w = OxPlaceOf(p, v);
  const OxTensor *a = OxPlanTensor(p, v), *r = OxPlanTensor(p, p->node->out[0]);
  int i = 0, j = 0;

  if (w->from >= 0) { /* back to the shape it had before */
    const OxTensor *old = OxPlanTensor(p, w->from);
    if (old->rank == r->rank && !memcmp(old->dims, r->dims, (size_t)r->rank * 8)) {
      const OxPlace *q = OxPlaceOf(p, w->from);
      memcpy(o->tag, q->tag, sizeof(o->tag));
      memcpy(o->lo, q->lo, sizeof(o->lo));
      memcpy(o->hi, q->hi, sizeof(o->hi));
      o->from = -1;
      return;
    }
  }
  while (i < a->rank || j < r->rank) {
    const int i0 = i, j0 = j;
    int64_t x = i < a->rank ? a->dims[i++] : 1, y = j < r->rank ? r->dims[j++] : 1;
    while (x != y) {
      if (x < y && i < a->rank)
        x *= a->dims[i++];
      else if (x > y && j < r->rank)
        y *= r->dims[j++];
      else
        break;
    }
    int space = 0, tag = OX_CHANNEL, wide = 0;
    for (int d = i0; d < i; ++d) {
      space += w->tag[d] >= 0 || w->tag[d] == OX_FLAT;
      wide += a->dims[d] != 1;
      if (w->tag[d] != OX_CHANNEL && (a->dims[d] != 1 || w->tag[d] >= 0))
        tag = w->tag[d];
    }
    for (int e = j0; e < j; ++e)
      o->tag[e] = OX_CHANNEL;
    if (tag == OX_CHANNEL || x != y)
      continue;
    if (wide <= 1 && space <= 1) { /* extents of 1 come and go */
      for (int e = j0; e < j; ++e)
        if (r->dims[e] == y)
          o->tag[e] = tag;
    } else if (space && Groups(a, w, i0, i, r, j0, j)) {
      o->tag[j - 1] = OX_FLAT;
      o->from = v;
    } else if (space) {
      OxGlobal(o, info, "reshapes axes of space into others");
      return;
    }
  }
}

static void Transpose(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxAttr *perm = OxGetAttr(p->node, "perm");
  const OxPlace w = *o;
  const int rank = OxPlanTensor(p, OxPlaceIn(p, 0))->rank;
  for (int d = 0; d < rank; ++d)
    o->tag[d] = w.tag[perm ? (int)((perm->ints[d] + rank) % rank) : rank - 1 - d];
  if (w.from >= 0)
    OxGlobal(o, info, "transposes a flattened grid");
}

static void Gather(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *a = OxPlanTensor(p, OxPlaceIn(p, 0)), *q = OxPlanTensor(p, OxPlaceIn(p, 1));
  const int axis = (int)((OxPlaceAttr(p, "axis", 0) + a->rank) % a->rank);
  const OxPlace w = *o;
  if (!w.field || OxPlaceOf(p, OxPlaceIn(p, 1))->field ||
      (w.tag[axis] != OX_CHANNEL && !(w.tag[axis] == OX_BATCH && a->dims[axis] == 1))) {
    OxGlobal(o, info, "picks points by index");
    return;
  }
  for (int d = 0; d < q->rank; ++d)
    o->tag[axis + d] = OX_CHANNEL;
  for (int d = axis + 1; d < a->rank; ++d)
    o->tag[d - 1 + q->rank] = w.tag[d];
}

/* ---- the table ---- */

typedef enum {
  POINT,
  MERGE,
  CONV,
  POOL,
  ENLARGE,
  PAD,
  SLICE,
  JOIN,
  REDUCE,
  NORM,
  SOFTMAX,
  PRODUCT,
  EINSUM,
  SHAPE,
  TRANSPOSE,
  GATHER,
  SPLIT,
  OTHER
} Rule;
static Rule RuleOf(const char *op)
{
  static const struct {
    const char *ops;
    Rule rule;
  } table[] = {
      {" Add Sub Mul Div Pow PRelu Equal Greater Less Max Min Where ", MERGE},
      {" Conv ", CONV},
      {" MaxPool AveragePool ", POOL},
      {" ConvTranspose Resize ", ENLARGE},
      {" Pad ", PAD},
      {" Slice ", SLICE},
      {" Concat ", JOIN},
      {" ReduceSum ReduceMean ReduceMax ReduceMin GlobalAveragePool GlobalMaxPool ", REDUCE},
      {" InstanceNormalization GroupNormalization LayerNormalization ", NORM},
      {" Softmax ", SOFTMAX},
      {" MatMul Gemm ", PRODUCT},
      {" Einsum ", EINSUM},
      {" Reshape Flatten Squeeze Unsqueeze ", SHAPE},
      {" Transpose ", TRANSPOSE},
      {" Gather ", GATHER},
      {" Split ", SPLIT},
      {" Expand ScatterElements ConstantOfShape ", OTHER},
  };
  char word[EDDY_MAX_NAME];
  snprintf(word, sizeof(word), " %s ", op);
  for (size_t k = 0; k < sizeof(table) / sizeof(*table); ++k)
    if (strstr(table[k].ops, word))
      return table[k].rule;
  return POINT;
}

static void Apply(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, OxPlaceIn(p, 0));
  const char *op = p->node->op->name;

  switch (RuleOf(op)) {
  case MERGE:
    OxPlaceMerge(p, o, info, -1);
    break;
  case CONV:
    if (OxPlaceOf(p, OxPlaceIn(p, 1))->field || o->tag[1] != OX_CHANNEL)
      OxGlobal(o, info, "weights made by the network, or channels on another axis");
    else
      OxPlaceWindow(p, o, info, in, OxPlanTensor(p, OxPlaceIn(p, 1))->dims + 2);
    break;
  case POOL:
    OxPlaceWindow(p, o, info, in, OxGetAttr(p->node, "kernel_shape")->ints);
    break;
  case ENLARGE:
    OxPlaceEnlarge(p, o, info);
    break;
  case PAD:
    OxPlacePad(p, o, info);
    break;
  case SLICE:
    OxPlaceSlice(p, o, info);
    break;
  case JOIN:
    OxPlaceConcat(p, o, info);
    break;
  case REDUCE:
    Reduction(p, o, info);
    break;
  case NORM:
    if (op[0] == 'L')
      Normalised(p, o, info, (int)((OxPlaceAttr(p, "axis", -1) + in->rank) % in->rank), in->rank);
    else
      Normalised(p, o, info, 2, in->rank);
    break;
  case SOFTMAX:
    if (p->m->opset < 13)
      Normalised(p, o, info, (int)((OxPlaceAttr(p, "axis", 1) + in->rank) % in->rank), in->rank);
    else
      Normalised(p, o, info, (int)((OxPlaceAttr(p, "axis", -1) + in->rank) % in->rank), 1);
    if (info->klass != EDDY_ONNX_POINTWISE)
      OxGlobal(o, info, "softmax over points");
    break;
  case PRODUCT:
    Product(p, o, info);
    break;
  case EINSUM:
    Einsum(p, o, info);
    break;
  case SHAPE:
    Reshape(p, o, info);
    break;
  case TRANSPOSE:
    Transpose(p, o, info);
    break;
  case GATHER:
    Gather(p, o, info);
    break;
  case SPLIT:
    if (o->tag[(OxPlaceAttr(p, "axis", 0) + in->rank) % in->rank] != OX_CHANNEL)
      OxGlobal(o, info, "splits an axis of space");
    break;
  case OTHER:
    if (IsSpatial(o, in->rank))
      OxGlobal(o, info, "is not split over ranks");
    break;
  default:
    break;
  }
}

void OxPlaceNode(OxPlan *p, EddyOnnxNodeInfo *info)
{
  OxPlace o = {.from = -1, .num = {1, 1, 1}, .den = {1, 1, 1}};
  const OxPlace *first = NULL;

  for (int k = 0; k < p->node->nin; ++k)
    if (OxPlaceIn(p, k) >= 0 && OxPlaceOf(p, OxPlaceIn(p, k))->field) {
      first = first ? first : OxPlaceOf(p, OxPlaceIn(p, k));
      o.lost = (PetscBool)(o.lost || OxPlaceOf(p, OxPlaceIn(p, k))->lost);
    }
  info->klass = EDDY_ONNX_POINTWISE;
  if (!first || p->node->op->cost == OX_SHAPE) {
    info->klass = EDDY_ONNX_CONSTANT;
    o.lost = PETSC_FALSE;
  } else if (o.lost) {
    o.field = PETSC_TRUE;
    OxGlobal(&o, info, "follows a global node");
  } else {
    if (OxPlaceIn(p, 0) >= 0 && OxPlaceOf(p, OxPlaceIn(p, 0))->field &&
        RuleOf(p->node->op->name) != MERGE && RuleOf(p->node->op->name) != JOIN)
      o = *OxPlaceOf(p, OxPlaceIn(p, 0));
    o.field = PETSC_TRUE;
    Apply(p, &o, info);
    const OxTensor *r = OxPlanTensor(p, p->node->out[0] >= 0 ? p->node->out[0] : OxPlaceIn(p, 0));
    for (int d = 0; d < r->rank && !o.lost; ++d) {
      const int a = o.tag[d];
      if (a >= 0 && r->dims[d] * o.num[a] != p->n[a] * o.den[a] + (o.lo[a] + o.hi[a]) * o.num[a])
        OxGlobal(&o, info, "extent %lld along %c does not follow the grid", (long long)r->dims[d],
                 "xyz"[a]);
    }
  }
  for (int k = 0; k < p->node->nout; ++k)
    if (p->node->out[k] >= 0)
      p->place[p->node->out[k]] = o;
}
