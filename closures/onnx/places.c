/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules of placement by operator. A rule fills the place of output 0 and the node's class; every rule ends with the same
   check: the extents of the result are those that its place says, at the probe size, else the node counts as global. */
#include "places.h"
#include <stdarg.h>
#include <stdio.h>

enum { MAX_SHIFT = 31 }; /* a longer roll follows the size of the domain, not a stencil */

static int In(const OxPlan *p, int k) { return k < p->node->nin ? p->node->in[k] : -1; }
static const OxPlace *Where(const OxPlan *p, int value) { return &p->place[value]; }
static int64_t Attr(const OxPlan *p, const char *name, int64_t dflt)
{
  const OxAttr *a = OxGetAttr(p->node, name);
  return a ? a->i : dflt;
}

static void Global(OxPlace *o, EddyOnnxNodeInfo *info, const char *format, ...)
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

/* Cells of the input that r elements along axis a span. */
static int64_t Cells(const OxPlace *o, int a, int64_t r)
{
  return (r * o->num[a] + o->den[a] - 1) / o->den[a];
}

static void Look(OxPlace *o, EddyOnnxNodeInfo *info, int a, int64_t left, int64_t right)
{
  left = Cells(o, a, left), right = Cells(o, a, right);
  o->reach[a][0] += left, o->reach[a][1] += right;
  info->halo[a][0] = (int)PetscMax(info->halo[a][0], left);
  info->halo[a][1] = (int)PetscMax(info->halo[a][1], right);
  if ((left || right) && info->klass == EDDY_ONNX_POINTWISE)
    info->klass = EDDY_ONNX_STENCIL;
}

/* Operands of one result, broadcast from the right; `apart` is the axis along which they are joined (-1: none). Fields that cover
   different cells are centred, and the shift becomes reach. */
static void Merge(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, int apart)
{
  const OxTensor *r = OxPlanTensor(p, p->node->out[0]);
  int64_t lo[3] = {0}, hi[3] = {0}, fields[3] = {0};
  PetscBool first = PETSC_TRUE;

  for (int d = 0; d < r->rank; ++d)
    o->tag[d] = OX_CHANNEL;
  for (int k = 0; k < p->node->nin; ++k) {
    const int v = In(p, k);
    if (v < 0 || !Where(p, v)->field)
      continue;
    const OxPlace *w = Where(p, v);
    const OxTensor *t = OxPlanTensor(p, v);
    for (int d = 0; d < t->rank; ++d) {
      const int e = d + r->rank - t->rank;
      if (w->tag[d] == OX_CHANNEL || (t->dims[d] == 1 && w->tag[d] < 0))
        continue;
      if (o->tag[e] != OX_CHANNEL && o->tag[e] != w->tag[d]) {
        Global(o, info, "axis %d means two different things", e);
        return;
      }
      o->tag[e] = w->tag[d];
      if (w->tag[d] == OX_FLAT)
        o->from = w->from;
    }
    for (int a = 0; a < 3; ++a) {
      PetscBool has = PETSC_FALSE;
      for (int d = 0; d < t->rank; ++d)
        has = (PetscBool)(has || w->tag[d] == a);
      if (has && fields[a] && (o->num[a] != w->num[a] || o->den[a] != w->den[a])) {
        Global(o, info, "joins two resolutions");
        return;
      }
      if (has) {
        o->num[a] = w->num[a], o->den[a] = w->den[a];
        lo[a] = fields[a] ? PetscMin(lo[a], w->lo[a]) : w->lo[a];
        hi[a] = fields[a] ? PetscMax(hi[a], w->lo[a]) : w->lo[a]; /* largest lo */
        ++fields[a];
      }
    }
    first = PETSC_FALSE;
  }
  if (first)
    return;
  for (int a = 0; a < 3; ++a) {
    int64_t reach[2] = {0, 0}, shift[2] = {0, 0};
    o->lo[a] = lo[a] + (hi[a] - lo[a]) / 2;
    for (int k = 0; k < p->node->nin; ++k) {
      const int v = In(p, k);
      if (v < 0 || !Where(p, v)->field)
        continue;
      const OxPlace *w = Where(p, v);
      const int64_t s =
          fields[a] > 0 ? o->lo[a] - w->lo[a] : 0; /* result i reads its operand at i + s */
      const int64_t left = PetscMax(0, -s), right = PetscMax(0, s);
      reach[0] = PetscMax(reach[0], w->reach[a][0] + Cells(o, a, left));
      reach[1] = PetscMax(reach[1], w->reach[a][1] + Cells(o, a, right));
      shift[0] = PetscMax(shift[0], left), shift[1] = PetscMax(shift[1], right);
    }
    Look(o, info, a, shift[0], shift[1]);
    o->reach[a][0] = reach[0], o->reach[a][1] = reach[1];
  }
  for (int d = 0; d < r->rank; ++d) /* extents decide the other end */
    if (o->tag[d] >= 0) {
      const int a = o->tag[d];
      o->hi[a] = r->dims[d] - p->n[a] * o->den[a] / o->num[a] - o->lo[a];
      for (int k = 0; k < p->node->nin; ++k) {
        const int v = In(p, k);
        if (v < 0 || Where(p, v)->field || d == apart)
          continue;
        const int e = d - (r->rank - OxPlanTensor(p, v)->rank);
        if (e >= 0 && OxPlanTensor(p, v)->dims[e] > 1) {
          Global(o, info, "weights that depend on position");
          return;
        }
      }
    }
}

/* ---- windows ---- */

static void Window(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, const OxTensor *in,
                   const int64_t kernel[])
{
  EddyOnnxModel m = p->m;
  OxExec x = {.m = m, .node = p->node};
  int64_t n;
  const int64_t *stride = OxIntList(&x, "strides", &n), *dilation = OxIntList(&x, "dilations", &n),
                *pads = OxIntList(&x, "pads", &n);
  const char *pad = OxString(&x, "auto_pad", "NOTSET");

  for (int d = 2; d < in->rank; ++d) {
    const int a = o->tag[d];
    const int64_t s = stride ? stride[d - 2] : 1,
                  reach = (kernel[d - 2] - 1) * (dilation ? dilation[d - 2] : 1);
    if (a < 0) {
      Global(o, info, "a window over an axis that is not one of space");
      return;
    }
    if (strcmp(pad, "NOTSET") && strcmp(pad, "VALID") && reach) {
      Global(o, info, "auto_pad %.20s: write the padding out", pad);
      return;
    }
    const int64_t before = pads && !strcmp(pad, "NOTSET") ? pads[d - 2] : 0,
                  after = pads && !strcmp(pad, "NOTSET") ? pads[d - 2 + in->rank - 2] : 0;
    const int64_t centre = s > 1 ? 0 : reach / 2; /* a coarse element lies at its first cell */
    if (before || after) {
      p->zero = PETSC_TRUE;
      snprintf(info->reason, sizeof(info->reason), "zero padding at the faces");
    }
    Look(o, info, a, centre, reach - centre);
    if (s > 1 && info->klass == EDDY_ONNX_POINTWISE)
      info->klass = EDDY_ONNX_STENCIL;
    o->lo[a] += before - centre;
    o->hi[a] += after - (reach - centre);
    if (s > 1) {
      if (o->lo[a] % s) {
        Global(o, info, "stride %lld does not start at a block", (long long)s);
        return;
      }
      o->lo[a] /= s;
      o->num[a] *= s;
      if (o->num[a] % o->den[a] == 0)
        o->num[a] /= o->den[a], o->den[a] = 1;
      o->hi[a] = 0; /* set by the check below when the last window is cut */
    }
  }
}

static void Enlarge(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, In(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  const PetscBool transposed = (PetscBool)!strcmp(p->node->op->name, "ConvTranspose");
  const OxAttr *mode = OxGetAttr(p->node, "mode");
  const int reach = transposed || !mode || !strcmp(mode->s ? mode->s : "", "nearest") ? 0
                    : mode->s[0] == 'c' ? 2
                                        : 1;

  for (int d = 0; d < in->rank; ++d) {
    const int a = o->tag[d];
    if (a < 0 && in->dims[d] != out->dims[d] && !(transposed && d == 1)) {
      Global(o, info, "changes an axis that is not one of space");
      return;
    }
    if (a < 0 || in->dims[d] == out->dims[d])
      continue;
    if (o->lo[a] || o->hi[a] || !in->dims[d] ||
        (out->dims[d] % in->dims[d] && in->dims[d] % PetscMax(1, out->dims[d]))) {
      Global(o, info, "extent %lld becomes %lld: not an integer factor", (long long)in->dims[d],
             (long long)out->dims[d]);
      return;
    }
    const int64_t w = transposed ? (OxPlanTensor(p, In(p, 1))->dims[d] - 1) : reach,
                  up = PetscMax(1, out->dims[d] / in->dims[d]);
    Look(o, info, a, transposed ? w / up : w, transposed ? w / up : w);
    if (out->dims[d] >= in->dims[d])
      o->den[a] *= up;
    else
      o->num[a] *= in->dims[d] / out->dims[d];
    while (o->num[a] % 2 == 0 && o->den[a] % 2 == 0)
      o->num[a] /= 2, o->den[a] /= 2;
  }
  if (info->klass == EDDY_ONNX_POINTWISE)
    info->klass = EDDY_ONNX_STENCIL;
}

/* ---- padding, slices, joins ---- */

static void Pad(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, In(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  const OxAttr *mode = OxGetAttr(p->node, "mode"), *given = OxGetAttr(p->node, "pads");
  const char *how = mode && mode->s ? mode->s : "constant";
  const OxTensor *list = !given && In(p, 1) >= 0 ? OxPlanTensor(p, In(p, 1)) : NULL,
                 *axes = In(p, 3) >= 0 ? OxPlanTensor(p, In(p, 3)) : NULL;
  const int64_t *pads = given  ? given->ints
                        : list ? list->i
                               : NULL,
                half = given  ? given->nints / 2
                       : list ? list->n / 2
                              : 0;

  for (int64_t k = 0; pads && k < half; ++k) {
    const int64_t d = axes && axes->i ? (axes->i[k] + in->rank) % in->rank : k;
    const int a = o->tag[d];
    if (!pads[k] && !pads[k + half])
      continue;
    if (a < 0) {
      if (in->dims[d] != out->dims[d] && a != OX_CHANNEL)
        Global(o, info, "pads an axis that is not one of space");
      continue;
    }
    if (!strcmp(how, "wrap") && (o->lo[a] || o->hi[a])) {
      Global(o, info, "wraps a field that does not cover the domain");
      return;
    }
    o->lo[a] += pads[k], o->hi[a] += pads[k + half];
    info->halo[a][0] = (int)PetscMax(0, pads[k]),
    info->halo[a][1] = (int)PetscMax(0, pads[k + half]);
    info->klass = strcmp(how, "wrap") ? EDDY_ONNX_STENCIL : EDDY_ONNX_WRAP;
    if (strcmp(how, "wrap")) {
      p->zero = PETSC_TRUE;
      snprintf(info->reason, sizeof(info->reason), "%.20s padding at the faces", how);
    }
  }
}

/* Start, end and axis of a Slice with step 1 along one axis; PETSC_FALSE for others. */
static PetscBool SliceOf(const OxPlan *p, const OxNode *n, int *axis, int64_t *s, int64_t *e)
{
  const OxTensor *in = OxPlanTensor(p, n->in[0]);
  const OxAttr *as = OxGetAttr(n, "starts"), *ax = OxGetAttr(n, "axes");
  const OxTensor *ts = n->nin > 1 ? OxPlanTensor(p, n->in[1]) : NULL,
                 *ta = n->nin > 3 && n->in[3] >= 0 ? OxPlanTensor(p, n->in[3]) : NULL,
                 *step = n->nin > 4 && n->in[4] >= 0 ? OxPlanTensor(p, n->in[4]) : NULL;
  const int64_t count = as   ? as->nints
                        : ts ? ts->n
                             : 0,
                *start = as   ? as->ints
                         : ts ? ts->i
                              : NULL,
                *axes = ax   ? ax->ints
                        : ta ? ta->i
                             : NULL;

  *axis = -1;
  for (int64_t k = 0; start && k < count; ++k) {
    const int d = (int)(axes ? (axes[k] + in->rank) % in->rank : k);
    const int64_t length = OxPlanTensor(p, n->out[0])->dims[d];
    if (step && (!step->i || step->i[k] != 1))
      return PETSC_FALSE;
    if (length == in->dims[d])
      continue;
    if (*axis >= 0)
      return PETSC_FALSE;
    *axis = d;
    *s = start[k] < 0 ? PetscMax(0, start[k] + in->dims[d]) : PetscMin(start[k], in->dims[d]);
    *e = *s + length;
  }
  return PETSC_TRUE;
}

static void Slice(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, In(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  int64_t s, e;
  int axis;

  if (SliceOf(p, p->node, &axis, &s, &e)) {
    const int a = axis < 0 ? OX_CHANNEL : o->tag[axis];
    if (a >= 0)
      o->lo[a] -= s, o->hi[a] -= in->dims[axis] - e;
    else if (a == OX_FLAT)
      Global(o, info, "cuts the flattened grid");
    return;
  }
  for (int d = 0; d < in->rank; ++d)
    if (o->tag[d] != OX_CHANNEL && in->dims[d] != out->dims[d]) {
      Global(o, info, "cuts several axes of space at once, or with steps");
      return;
    }
}

/* Interval of `base` that value v holds along `axis`, seen through slices. */
static int Trace(const OxPlan *p, int v, int axis, int base, int64_t *s, int64_t *e)
{
  *s = 0, *e = OxPlanTensor(p, v)->dims[axis];
  while (v != base && p->m->value[v].producer >= 0) {
    const OxNode *n = &p->m->node[p->m->value[v].producer];
    int64_t from, to;
    int d;
    if (strcmp(n->op->name, "Slice") || !SliceOf(p, n, &d, &from, &to) || (d >= 0 && d != axis))
      break;
    if (d >= 0)
      *s += from, *e += from;
    v = n->in[0];
  }
  return v;
}

/* Joined slices of one periodic field are a window on it: padding, or a roll. */
static PetscBool Periodic(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, int axis, int a)
{
  int64_t s, e, first = 0, last = 0, total = 0, gap = 0;
  int base = Trace(p, In(p, 0), axis, -1, &s, &e);
  const int64_t n = OxPlanTensor(p, base)->dims[axis];
  PetscBool whole = PETSC_FALSE;

  for (int k = 0; k < p->node->nin; ++k) {
    if (In(p, k) < 0 || Trace(p, In(p, k), axis, base, &s, &e) != base)
      return PETSC_FALSE;
    whole = (PetscBool)(whole || (s == 0 && e == n));
    if (k == 0)
      first = s;
    else if ((s - last) % n)
      gap = gap ? gap : (s - last + n) % n;
    last = e;
    total += e - s;
  }
  const OxPlace *b = Where(p, base);
  if (b->tag[axis] != a || b->lo[a] || b->hi[a])
    return PETSC_FALSE;
  if (gap) {
    p->wrong = (PetscBool)(p->wrong || (gap == 1 && whole));
    return PETSC_FALSE;
  }
  const int64_t shift = first > n / 2 ? first - n : first;
  *o = *b;
  info->klass = EDDY_ONNX_WRAP;
  if (total == n) {
    if (llabs(shift) > MAX_SHIFT) {
      Global(o, info, "rolls by %lld cells of %lld", (long long)shift, (long long)n);
      return PETSC_TRUE;
    }
    Look(o, info, a, PetscMax(0, -shift), PetscMax(0, shift));
    snprintf(info->reason, sizeof(info->reason), "roll by %lld", (long long)-shift);
    return PETSC_TRUE;
  }
  o->lo[a] = -shift;
  o->hi[a] = total - n + shift;
  info->halo[a][0] = (int)PetscMax(0, Cells(o, a, o->lo[a])),
  info->halo[a][1] = (int)PetscMax(0, Cells(o, a, o->hi[a]));
  snprintf(info->reason, sizeof(info->reason), "circular padding");
  return PETSC_TRUE;
}

static void Concat(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const int rank = OxPlanTensor(p, In(p, 0))->rank;
  const int axis = (int)((Attr(p, "axis", 1) + rank) % rank);
  int tag = OX_CHANNEL;

  for (int k = 0; k < p->node->nin; ++k)
    if (In(p, k) >= 0 && Where(p, In(p, k))->field && Where(p, In(p, k))->tag[axis] != OX_CHANNEL)
      tag = Where(p, In(p, k))->tag[axis];
  if (tag == OX_CHANNEL)
    Merge(p, o, info, axis);
  else if (tag < 0 || !Periodic(p, o, info, axis, tag))
    Global(o, info, "joins along %s in a way that is no periodic window",
           tag >= 0 ? (const char *const[]){"x", "y", "z"}[tag] : "the batch");
}

/* ---- reductions, products, shapes ---- */

static void Reduction(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, In(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  const OxAttr *given = OxGetAttr(p->node, "axes");
  const OxTensor *list = !given && In(p, 1) >= 0 ? OxPlanTensor(p, In(p, 1)) : NULL;
  const PetscBool pool = (PetscBool)!strncmp(p->node->op->name, "Global", 6),
                  keep = (PetscBool)(pool || Attr(p, "keepdims", 1));
  const int64_t n = given  ? given->nints
                    : list ? list->n
                           : 0,
                *axes = given  ? given->ints
                        : list ? list->i
                               : NULL;
  PetscBool gone[OX_RANK] = {PETSC_FALSE};
  int space = 0, kept = 0, e = 0;

  if (n == 0 && Attr(p, "noop_with_empty_axes", 0))
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
    Global(o, info, "reduces over some axes of space only");
  else if (space) {
    info->klass = EDDY_ONNX_REDUCTION;
    for (int a = 0; a < 3; ++a)
      if (w.lo[a] || w.hi[a])
        Global(o, info, "reduces a field with padding");
  }
  (void)out;
}

/* Axes from `first` on are normalised together. */
static void Normalised(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, int first, int count)
{
  const OxTensor *in = OxPlanTensor(p, In(p, 0));
  int space = 0;
  for (int d = first; d < first + count && d < in->rank; ++d)
    space += o->tag[d] >= 0 || o->tag[d] == OX_FLAT;
  for (int a = 0; a < 3 && space; ++a)
    if (o->lo[a] || o->hi[a]) {
      Global(o, info, "normalises a field with padding");
      return;
    }
  if (space)
    info->klass = EDDY_ONNX_REDUCTION;
}

static void Product(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const int v = In(p, 0), w = In(p, 1);
  const OxTensor *a = OxPlanTensor(p, v), *r = OxPlanTensor(p, p->node->out[0]);
  const PetscBool gemm = (PetscBool)!strcmp(p->node->op->name, "Gemm");
  const int contracted = gemm && Attr(p, "transA", 0) ? 0 : a->rank - 1;

  if (!Where(p, v)->field || (w >= 0 && Where(p, w)->field) ||
      (In(p, 2) >= 0 && Where(p, In(p, 2))->field)) {
    Global(o, info, "product of a field from the right, or of two fields");
    return;
  }
  *o = *Where(p, v);
  if (o->tag[contracted] != OX_CHANNEL || (gemm && contracted == 0)) {
    Global(o, info, "sums over points with weights");
    return;
  }
  if (OxPlanTensor(p, w)->rank > 2 || r->rank != a->rank)
    Global(o, info, "batched weights");
}

static void Einsum(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  for (int k = 0; k < p->node->nin; ++k)
    if (In(p, k) >= 0 && Where(p, In(p, k))->field &&
        IsSpatial(Where(p, In(p, k)), OxPlanTensor(p, In(p, k))->rank)) {
      Global(o, info, "Einsum over a grid is not split: write it with Mul and ReduceSum");
      return;
    }
}

/* Same elements in other axes: groups of axes with equal products keep or merge their meaning. */
static void Reshape(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const int v = In(p, 0);
  const OxPlace *w = Where(p, v);
  const OxTensor *a = OxPlanTensor(p, v), *r = OxPlanTensor(p, p->node->out[0]);
  int i = 0, j = 0;

  if (w->from >= 0) { /* back to the shape it had before */
    const OxTensor *old = OxPlanTensor(p, w->from);
    if (old->rank == r->rank && !memcmp(old->dims, r->dims, (size_t)r->rank * 8)) {
      const OxPlace *q = Where(p, w->from);
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
    } else if (j == j0 + 1 && !(tag == OX_BATCH && space == 0)) {
      o->tag[j0] = OX_FLAT;
      o->from = v;
    } else if (space) {
      Global(o, info, "reshapes axes of space into others");
      return;
    }
  }
}

static void Transpose(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxAttr *perm = OxGetAttr(p->node, "perm");
  const OxPlace w = *o;
  const int rank = OxPlanTensor(p, In(p, 0))->rank;
  for (int d = 0; d < rank; ++d)
    o->tag[d] = w.tag[perm ? (int)((perm->ints[d] + rank) % rank) : rank - 1 - d];
  if (w.from >= 0)
    Global(o, info, "transposes a flattened grid");
}

static void Gather(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *a = OxPlanTensor(p, In(p, 0)), *q = OxPlanTensor(p, In(p, 1));
  const int axis = (int)((Attr(p, "axis", 0) + a->rank) % a->rank);
  const OxPlace w = *o;
  if (!w.field || Where(p, In(p, 1))->field ||
      (w.tag[axis] != OX_CHANNEL && !(w.tag[axis] == OX_BATCH && a->dims[axis] == 1))) {
    Global(o, info, "picks points by index");
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
  const OxTensor *in = OxPlanTensor(p, In(p, 0));
  const char *op = p->node->op->name;

  switch (RuleOf(op)) {
  case MERGE:
    Merge(p, o, info, -1);
    break;
  case CONV:
    if (Where(p, In(p, 1))->field || o->tag[1] != OX_CHANNEL)
      Global(o, info, "weights made by the network, or channels on another axis");
    else
      Window(p, o, info, in, OxPlanTensor(p, In(p, 1))->dims + 2);
    break;
  case POOL:
    Window(p, o, info, in, OxGetAttr(p->node, "kernel_shape")->ints);
    break;
  case ENLARGE:
    Enlarge(p, o, info);
    break;
  case PAD:
    Pad(p, o, info);
    break;
  case SLICE:
    Slice(p, o, info);
    break;
  case JOIN:
    Concat(p, o, info);
    break;
  case REDUCE:
    Reduction(p, o, info);
    break;
  case NORM:
    if (op[0] == 'L')
      Normalised(p, o, info, (int)((Attr(p, "axis", -1) + in->rank) % in->rank), in->rank);
    else
      Normalised(p, o, info, 2, in->rank);
    break;
  case SOFTMAX:
    if (p->m->opset < 13)
      Normalised(p, o, info, (int)((Attr(p, "axis", 1) + in->rank) % in->rank), in->rank);
    else
      Normalised(p, o, info, (int)((Attr(p, "axis", -1) + in->rank) % in->rank), 1);
    if (info->klass != EDDY_ONNX_POINTWISE)
      Global(o, info, "softmax over points");
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
    if (o->tag[(Attr(p, "axis", 0) + in->rank) % in->rank] != OX_CHANNEL)
      Global(o, info, "splits an axis of space");
    break;
  case OTHER:
    if (IsSpatial(o, in->rank))
      Global(o, info, "is not split over ranks");
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
    if (In(p, k) >= 0 && Where(p, In(p, k))->field) {
      first = first ? first : Where(p, In(p, k));
      o.lost = (PetscBool)(o.lost || Where(p, In(p, k))->lost);
    }
  info->klass = EDDY_ONNX_POINTWISE;
  if (!first || p->node->op->cost == OX_SHAPE) {
    info->klass = EDDY_ONNX_CONSTANT;
    o.lost = PETSC_FALSE;
  } else if (o.lost) {
    o.field = PETSC_TRUE;
    Global(&o, info, "follows a global node");
  } else {
    if (In(p, 0) >= 0 && Where(p, In(p, 0))->field && RuleOf(p->node->op->name) != MERGE &&
        RuleOf(p->node->op->name) != JOIN)
      o = *Where(p, In(p, 0));
    o.field = PETSC_TRUE;
    Apply(p, &o, info);
    const OxTensor *r = OxPlanTensor(p, p->node->out[0] >= 0 ? p->node->out[0] : In(p, 0));
    for (int d = 0; d < r->rank && !o.lost; ++d) {
      const int a = o.tag[d];
      if (a >= 0 && r->dims[d] * o.num[a] != p->n[a] * o.den[a] + (o.lo[a] + o.hi[a]) * o.num[a])
        Global(&o, info, "extent %lld along %c does not follow the grid", (long long)r->dims[d],
               "xyz"[a]);
    }
  }
  for (int k = 0; k < p->node->nout; ++k)
    if (p->node->out[k] >= 0)
      p->place[p->node->out[k]] = o;
}
