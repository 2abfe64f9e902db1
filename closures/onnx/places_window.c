/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules of placement of convolutions, pools, resampling, padding, slices and joins. Joined slices of one periodic field are
   recognised as circular padding or as a roll, the forms in which exporters write them. */
#include "places.h"
#include <stdio.h>

enum { MAX_SHIFT = 31 }; /* a longer roll follows the size of the domain, not a stencil */

void OxPlaceWindow(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, const OxTensor *in,
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
      OxGlobal(o, info, "a window over an axis that is not one of space");
      return;
    }
    if (strcmp(pad, "NOTSET") && strcmp(pad, "VALID") && reach) {
      OxGlobal(o, info, "auto_pad %.20s: write the padding out", pad);
      return;
    }
    const int64_t before = pads && !strcmp(pad, "NOTSET") ? pads[d - 2] : 0,
                  after = pads && !strcmp(pad, "NOTSET") ? pads[d - 2 + in->rank - 2] : 0;
    const int64_t centre = s > 1 ? 0 : reach / 2; /* a coarse element lies at its first cell */
    if (before || after) {
      p->zero = PETSC_TRUE;
      snprintf(info->reason, sizeof(info->reason), "zero padding at the faces");
    }
    OxLook(o, info, a, centre, reach - centre);
    if (s > 1 && info->klass == EDDY_ONNX_POINTWISE)
      info->klass = EDDY_ONNX_STENCIL;
    o->lo[a] += before - centre;
    o->hi[a] += after - (reach - centre);
    if (s > 1) {
      if (o->lo[a] % s) {
        OxGlobal(o, info, "stride %lld does not start at a block", (long long)s);
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

void OxPlaceEnlarge(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, OxPlaceIn(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  const PetscBool transposed = (PetscBool)!strcmp(p->node->op->name, "ConvTranspose");
  const OxAttr *mode = OxGetAttr(p->node, "mode");
  const int reach = transposed || !mode || !strcmp(mode->s ? mode->s : "", "nearest") ? 0
                    : mode->s[0] == 'c' ? 2
                                        : 1;

  for (int d = 0; d < in->rank; ++d) {
    const int a = o->tag[d];
    if (a < 0 && in->dims[d] != out->dims[d] && !(transposed && d == 1)) {
      OxGlobal(o, info, "changes an axis that is not one of space");
      return;
    }
    if (a < 0 || in->dims[d] == out->dims[d])
      continue;
    if (o->lo[a] || o->hi[a] || !in->dims[d] ||
        (out->dims[d] % in->dims[d] && in->dims[d] % PetscMax(1, out->dims[d]))) {
      OxGlobal(o, info, "extent %lld becomes %lld: not an integer factor", (long long)in->dims[d],
               (long long)out->dims[d]);
      return;
    }
    const int64_t up = PetscMax(1, out->dims[d] / in->dims[d]);
    const int64_t taps = transposed ? OxPlanTensor(p, OxPlaceIn(p, 1))->dims[d] : up;
    const int64_t w = taps > up ? (taps - 1) / up + 1 : reach;
    OxLook(o, info, a, w, w);
    if (out->dims[d] >= in->dims[d])
      o->den[a] *= up;
    else
      o->num[a] *= in->dims[d] / out->dims[d];
    OxLook(o, info, a, up - 1, 0); /* a coarse element lies at its first cell */
    while (o->num[a] % 2 == 0 && o->den[a] % 2 == 0)
      o->num[a] /= 2, o->den[a] /= 2;
  }
  if (info->klass == EDDY_ONNX_POINTWISE)
    info->klass = EDDY_ONNX_STENCIL;
}

/* ---- padding, slices, joins ---- */

void OxPlacePad(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, OxPlaceIn(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  const OxAttr *mode = OxGetAttr(p->node, "mode"), *given = OxGetAttr(p->node, "pads");
  const char *how = mode && mode->s ? mode->s : "constant";
  const OxTensor *list = !given && OxPlaceIn(p, 1) >= 0 ? OxPlanTensor(p, OxPlaceIn(p, 1)) : NULL,
                 *axes = OxPlaceIn(p, 3) >= 0 ? OxPlanTensor(p, OxPlaceIn(p, 3)) : NULL;
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
        OxGlobal(o, info, "pads an axis that is not one of space");
      continue;
    }
    if (!strcmp(how, "wrap") && (o->lo[a] || o->hi[a])) {
      OxGlobal(o, info, "wraps a field that does not cover the domain");
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

void OxPlaceSlice(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const OxTensor *in = OxPlanTensor(p, OxPlaceIn(p, 0)), *out = OxPlanTensor(p, p->node->out[0]);
  int64_t s, e;
  int axis;

  if (SliceOf(p, p->node, &axis, &s, &e)) {
    const int a = axis < 0 ? OX_CHANNEL : o->tag[axis];
    if (a >= 0)
      o->lo[a] -= s, o->hi[a] -= in->dims[axis] - e;
    else if (a == OX_FLAT)
      OxGlobal(o, info, "cuts the flattened grid");
    return;
  }
  for (int d = 0; d < in->rank; ++d)
    if (o->tag[d] != OX_CHANNEL && in->dims[d] != out->dims[d]) {
      OxGlobal(o, info, "cuts several axes of space at once, or with steps");
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
  int base = Trace(p, OxPlaceIn(p, 0), axis, -1, &s, &e);
  const int64_t n = OxPlanTensor(p, base)->dims[axis];
  PetscBool whole = PETSC_FALSE;

  for (int k = 0; k < p->node->nin; ++k) {
    if (OxPlaceIn(p, k) < 0 || Trace(p, OxPlaceIn(p, k), axis, base, &s, &e) != base)
      return PETSC_FALSE;
    whole = (PetscBool)(whole || (s == 0 && e == n));
    if (k == 0)
      first = s;
    else if ((s - last) % n)
      gap = gap ? gap : (s - last + n) % n;
    last = e;
    total += e - s;
  }
  const OxPlace *b = OxPlaceOf(p, base);
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
      OxGlobal(o, info, "rolls by %lld cells of %lld", (long long)shift, (long long)n);
      return PETSC_TRUE;
    }
    OxLook(o, info, a, PetscMax(0, -shift), PetscMax(0, shift));
    snprintf(info->reason, sizeof(info->reason), "roll by %lld", (long long)-shift);
    return PETSC_TRUE;
  }
  o->lo[a] = -shift;
  o->hi[a] = total - n + shift;
  info->halo[a][0] = (int)PetscMax(0, OxCells(o, a, o->lo[a])),
  info->halo[a][1] = (int)PetscMax(0, OxCells(o, a, o->hi[a]));
  snprintf(info->reason, sizeof(info->reason), "circular padding");
  return PETSC_TRUE;
}

void OxPlaceConcat(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info)
{
  const int rank = OxPlanTensor(p, OxPlaceIn(p, 0))->rank;
  const int axis = (int)((OxPlaceAttr(p, "axis", 1) + rank) % rank);
  int tag = OX_CHANNEL;

  for (int k = 0; k < p->node->nin; ++k)
    if (OxPlaceIn(p, k) >= 0 && OxPlaceOf(p, OxPlaceIn(p, k))->field &&
        OxPlaceOf(p, OxPlaceIn(p, k))->tag[axis] != OX_CHANNEL)
      tag = OxPlaceOf(p, OxPlaceIn(p, k))->tag[axis];
  if (tag == OX_CHANNEL)
    OxPlaceMerge(p, o, info, axis);
  else if (tag < 0 || !Periodic(p, o, info, axis, tag))
    OxGlobal(o, info, "joins along %s in a way that is no periodic window",
             tag >= 0 ? (const char *const[]){"x", "y", "z"}[tag] : "the batch");
}
