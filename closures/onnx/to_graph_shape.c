/* SPDX-License-Identifier: BSD-3-Clause */
/* Changes of shape: they cost nothing, since only the order of planes and the cells a tensor covers change. */
#include "to_graph_impl.h"

/* The atoms in their order, channel atoms split where dims ask for it. */
PetscErrorCode TgRegroup(Tg *t, const TgValue *v, int rank, const int64_t dims[], TgValue **out)
{
  TgAtom rest[TG_ATOMS];
  int n = 0, at = 0;
  TgValue *r;

  PetscFunctionBeginUser;
  for (int i = 0; i < v->first[v->rank]; ++i)
    if (v->atom[i].n != 1 || v->atom[i].tag < TG_CHANNEL)
      rest[n++] = v->atom[i];
  PetscCall(TgCopy(t, v, &r));
  r->rank = 0;
  for (int d = 0; d < rank; ++d) {
    int64_t need = dims[d];
    r->first[d + 1] = r->first[d];
    r->rank = d + 1;
    for (; at < n;) {
      TgAtom *a = &rest[at];
      const int64_t whole = a->tag < TG_CHANNEL ? a->n + v->lo[a->tag] + v->hi[a->tag] : a->n;
      if (need == 1 && whole != 1)
        break;
      TgRequire(r->first[r->rank] < TG_ATOMS - 1 && whole >= 1 && need >= 1, "too many axes");
      if (need % whole == 0) {
        TgAppend(r, a->tag, a->n);
        need /= whole;
        ++at;
      } else {
        TgRequire(a->tag == TG_CHANNEL && whole % need == 0, "mixes axes of space");
        TgAppend(r, TG_CHANNEL, need);
        a->n /= need;
        need = 1;
      }
    }
    TgRequire(need == 1, "its result does not follow the grid");
  }
  TgRequire(at == n, "its result does not follow the grid");
  *out = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgShape(Tg *t)
{
  const OxTensor *to = &t->m->value[t->node->out[0]].t;
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgCall(TgRegroup(t, v, to->rank, to->dims, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Planes of v with its axes in another order: source[d] is the axis that becomes axis d. */
static PetscErrorCode Permute(Tg *t, const TgValue *v, const int source[], TgValue **out)
{
  PetscInt stride[TG_ATOMS], s = 1;
  TgValue *r;

  PetscFunctionBeginUser;
  for (int i = v->first[v->rank] - 1; i >= 0; --i) {
    stride[i] = v->atom[i].tag == TG_CHANNEL ? s : 0;
    s *= v->atom[i].tag == TG_CHANNEL ? (PetscInt)v->atom[i].n : 1;
  }
  PetscCall(TgCopy(t, v, &r));
  PetscInt by[TG_ATOMS], n = 0;
  r->rank = 0;
  for (int d = 0; d < v->rank; ++d) {
    r->first[d + 1] = r->first[d];
    r->rank = d + 1;
    for (int i = v->first[source[d]]; i < v->first[source[d] + 1]; ++i) {
      TgAppend(r, v->atom[i].tag, v->atom[i].n);
      by[n++] = stride[i];
    }
  }
  for (PetscInt p = 0; p < r->nplane; ++p) {
    PetscInt rest = p, at = 0;
    for (PetscInt i = n - 1; i >= 0; --i)
      if (r->atom[i].tag == TG_CHANNEL) {
        at += by[i] * (rest % (PetscInt)r->atom[i].n);
        rest /= (PetscInt)r->atom[i].n;
      }
    r->plane[p] = v->plane[at];
  }
  *out = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgTranspose(Tg *t)
{
  const OxAttr *perm = OxGetAttr(t->node, "perm");
  int source[OX_RANK];
  TgValue *v, *r = NULL;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  for (int d = 0; d < v->rank; ++d)
    source[d] = perm ? (int)((perm->ints[d] + v->rank) % v->rank) : v->rank - 1 - d;
  PetscCall(Permute(t, v, source, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Channels index[0..n-1] of axis d, in that order. */
static PetscErrorCode Pick(Tg *t, const TgValue *from, int d, int64_t n, const int64_t index[],
                           TgValue **out)
{
  TgValue *v, *r;
  PetscInt inner = 1;

  PetscFunctionBeginUser;
  PetscCall(TgCopy(t, from, &v));
  TgMerge(v);
  const PetscInt have = (PetscInt)TgExtent(v, d);
  for (int i = v->first[d + 1]; i < v->first[v->rank]; ++i)
    inner *= v->atom[i].tag == TG_CHANNEL ? (PetscInt)v->atom[i].n : 1;
  TgRequire(n >= 1 && have >= 1 && v->nplane / have * n <= TG_WIDEST, "too many channels, or none");
  PetscCall(TgNew(t, v->nplane / have * (PetscInt)n, &r));
  PetscInt *plane = r->plane;
  const PetscInt count = r->nplane;
  *r = *v;
  r->plane = plane;
  r->nplane = count;
  r->rank = 0;
  for (int e = 0; e < v->rank; ++e) {
    r->first[e + 1] = r->first[e];
    r->rank = e + 1;
    for (int i = v->first[e]; e != d && i < v->first[e + 1]; ++i)
      TgAppend(r, v->atom[i].tag, v->atom[i].n);
    if (e == d && n != 1)
      TgAppend(r, TG_CHANNEL, n);
  }
  for (PetscInt p = 0; p < count; ++p) {
    const PetscInt lowest = p % inner, k = p / inner % (PetscInt)n,
                   highest = p / inner / (PetscInt)n;
    plane[p] = v->plane[(highest * have + (PetscInt)index[k]) * inner + lowest];
  }
  *out = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A stretch of an axis of space: the tensor covers fewer cells. */
static PetscErrorCode Cut(Tg *t, TgValue **v, int d, int64_t start, int64_t end)
{
  const TgValue *from = *v;
  const int64_t extent = TgExtent(from, d);
  const int i = from->first[d];

  PetscFunctionBeginUser;
  TgRequire(from->first[d + 1] == i + 1 && from->atom[i].tag < TG_CHANNEL && !t->cells &&
                TgPlain(from),
            "cuts an axis that is not one of space alone");
  const int a = from->atom[i].tag;
  PetscCall(TgCopy(t, from, v));
  (*v)->lo[a] -= start;
  (*v)->hi[a] -= extent - end;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One axis of a Slice. */
static PetscErrorCode SliceAxis(Tg *t, TgValue **v, int d, int64_t start, int64_t end, int64_t step)
{
  const int64_t extent = TgExtent(*v, d), far = TG_FARTHEST;
  const PetscBool near = (PetscBool)(llabs(start) <= far && (llabs(end) <= far || end >= 1 << 30)),
                  stretch = (PetscBool)((start >= 0) == (end >= 0 && end < 1 << 30));
  int64_t *index, n = 0;

  PetscFunctionBeginUser;
  TgRequire(step != 0, "step 0");
  start += start < 0 ? extent : 0;
  end += end < 0 ? extent : 0;
  start =
      step > 0 ? PetscMin(PetscMax(start, 0), extent) : PetscMin(PetscMax(start, 0), extent - 1);
  end = step > 0 ? PetscMin(PetscMax(end, 0), extent) : PetscMin(PetscMax(end, -1), extent - 1);
  if (step == 1 && start == 0 && end == extent)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!TgIsChannel(*v, d)) {
    TgRequire(step == 1 && end > start, "steps along an axis of space");
    TgRequire(near || !t->m->nsymbol, "cuts far from the ends of an axis of space");
    TgCall(Cut(t, v, d, start, end));
    (*v)->stretch = (PetscBool)((*v)->stretch || stretch);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(TgKeep(t, sizeof *index * (size_t)(extent + 1), &index));
  for (int64_t k = start; step > 0 ? k < end : k > end; k += step)
    index[n++] = k;
  const PetscErrorCode ierr = Pick(t, *v, d, n, index, v);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Values of an attribute or of a constant input; NULL when there is none. */
static const int64_t *List(const Tg *t, const char *name, int input, int64_t *n)
{
  const OxAttr *a = OxGetAttr(t->node, name);
  const OxTensor *c = a ? NULL : TgConstant(t, input);
  *n = a ? a->nints : c ? c->n : 0;
  return a ? a->ints : c && !OxIsReal(c->type) ? c->i : NULL;
}
static PetscBool Given(const Tg *t, const char *name, int input)
{
  return (PetscBool)(OxGetAttr(t->node, name) || (input < t->node->nin && t->node->in[input] >= 0));
}

PetscErrorCode TgSlice(Tg *t)
{
  int64_t n, ne, na, ns;
  const int64_t *start = List(t, "starts", 1, &n), *end = List(t, "ends", 2, &ne),
                *axes = List(t, "axes", 3, &na), *steps = List(t, "steps", 4, &ns);
  TgValue *v;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire(start && end && n == ne && (axes || !Given(t, "axes", 3)) &&
                (steps || !Given(t, "steps", 4)),
            "bounds that follow the extents of the grid");
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  for (int64_t k = 0; k < n; ++k) {
    const int d = (int)(axes ? (axes[k] + v->rank) % v->rank : k);
    TgCall(SliceAxis(t, &v, d, start[k], end[k], steps ? steps[k] : 1));
  }
  PetscCall(TgSet(t, 0, v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgSplit(Tg *t)
{
  const OxAttr *axis = OxGetAttr(t->node, "axis");
  TgValue *v, *r;
  int64_t at = 0;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  const int d = (int)(((axis ? axis->i : 0) + v->rank) % v->rank);
  TgRequire(TgIsChannel(v, d), "splits an axis of space");
  const int64_t extent = TgExtent(v, d);
  for (int k = 0; k < t->node->nout; ++k) {
    if (t->node->out[k] < 0) {
      TgRequire(0, "a part that nobody reads");
    }
    const int64_t n = t->m->value[t->node->out[k]].t.dims[d];
    TgRequire(at + n <= extent, "parts that do not fit");
    r = v;
    TgCall(SliceAxis(t, &r, d, at, at + n, 1));
    TgCall(TgSet(t, k, r));
    at += n;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgGather(Tg *t)
{
  const OxAttr *axis = OxGetAttr(t->node, "axis");
  const OxTensor *c = TgConstant(t, 1), *to = &t->m->value[t->node->out[0]].t;
  int64_t index[256];
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgRequire(c && !OxIsReal(c->type) && c->n >= 1 && c->n <= 256, "indices that are no constants");
  TgCall(TgIn(t, 0, &v));
  const int d = (int)(((axis ? axis->i : 0) + v->rank) % v->rank);
  TgRequire(TgIsChannel(v, d), "picks points by index");
  const int64_t extent = TgExtent(v, d);
  for (int64_t k = 0; k < c->n; ++k) {
    index[k] = c->i[k] < 0 ? c->i[k] + extent : c->i[k];
    TgRequire(index[k] >= 0 && index[k] < extent, "an index out of range");
  }
  TgCall(Pick(t, v, d, c->n, index, &r));
  TgCall(TgRegroup(t, r, to->rank, to->dims, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Stretches of one periodic field that follow each other, also around the end: a tensor that covers other cells. */
static PetscErrorCode JoinSpace(Tg *t, int d, TgValue *const in[])
{
  const TgValue *b = in[0];
  const int i = b->first[d];
  TgValue *r;

  PetscFunctionBeginUser;
  TgRequire(b->first[d + 1] == i + 1 && b->atom[i].tag < TG_CHANNEL && !t->cells,
            "joins points of an axis that is not one of space alone");
  const int a = b->atom[i].tag, other = 1 - a;
  const int64_t n = b->atom[i].n;
  int64_t total = 0, next = -b->lo[a];
  for (int k = 0; k < t->node->nin; ++k) {
    const TgValue *v = in[k];
    TgRequire(v->nplane == b->nplane && v->rank == b->rank && v->lo[other] == b->lo[other] &&
                  v->hi[other] == b->hi[other] && v->factor[a] == b->factor[a] && TgPlain(v) &&
                  v->first[d + 1] == v->first[d] + 1 && v->atom[v->first[d]].tag == (TgTag)a,
              "joins points of different fields");
    for (PetscInt p = 0; p < v->nplane; ++p)
      TgRequire(v->plane[p] == b->plane[p], "joins points of different fields");
    const int64_t start = -v->lo[a], end = n + v->hi[a];
    TgRequire((start - next) % n == 0, "joins points that are not neighbours");
    next = end;
    total += end - start;
  }
  int64_t first = -b->lo[a] % n;
  first = first > n / 2 ? first - n : first < -n / 2 ? first + n : first;
  PetscCall(TgCopy(t, b, &r));
  r->lo[a] = -first;
  r->hi[a] = total - n + first;
  r->stretch = PETSC_FALSE;
  if (total == n && first) { /* a roll: other cells under the same numbers */
    const PetscInt one[2] = {1, 1};
    PetscInt shift[2] = {0, 0};
    TgRequire(llabs(first) <= TG_FARTHEST, "a roll that follows the size of the domain");
    shift[a] = (PetscInt)first;
    PetscCall(EddyGraphSample(t->g, b->nplane, b->plane, one, shift, r->plane));
    r->lo[a] = r->hi[a] = 0;
  }
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Atoms of two values agree on all axes but d, where both have channels. */
static PetscBool Fit(const TgValue *a, const TgValue *b, int d)
{
  if (a->rank != b->rank)
    return PETSC_FALSE;
  for (int e = 0; e < a->rank; ++e) {
    if (e == d)
      continue;
    if (a->first[e + 1] - a->first[e] != b->first[e + 1] - b->first[e])
      return PETSC_FALSE;
    for (int i = a->first[e], j = b->first[e]; i < a->first[e + 1]; ++i, ++j)
      if (a->atom[i].tag != b->atom[j].tag || a->atom[i].n != b->atom[j].n)
        return PETSC_FALSE;
  }
  return PETSC_TRUE;
}

PetscErrorCode TgConcat(Tg *t)
{
  const OxAttr *axis = OxGetAttr(t->node, "axis");
  enum { MOST = 64 };
  TgValue *in[MOST], *v[MOST], *r;
  const TgValue *field = NULL;
  const int n = t->node->nin;
  PetscInt total = 0, inner = 1, outer = 1, extent[MOST], all = 0;

  PetscFunctionBeginUser;
  TgRequire(n <= MOST, "more than 64 operands");
  for (int k = 0; k < n; ++k)
    TgCall(TgIn(t, k, &in[k]));
  const int d = (int)(((axis ? axis->i : 1) + in[0]->rank) % in[0]->rank);
  if (!TgIsChannel(in[0], d)) {
    PetscCall(JoinSpace(t, d, in));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (int k = 0; k < n; ++k) {
    TgRequire(TgPlain(in[k]), "reads a field with padding that is not periodic");
    PetscCall(TgCopy(t, in[k], &v[k]));
    TgMerge(v[k]);
    if (!field && TgHas(v[k], TG_X))
      field = v[k];
  }
  for (int k = 0; k < n; ++k) {
    if (field)
      TgCall(TgAlign(t, field, &v[k]));
    TgRequire(TgIsChannel(v[k], d) && Fit(v[0], v[k], d), "its operands differ in their axes");
    extent[k] = (PetscInt)TgExtent(v[k], d);
    total += v[k]->nplane;
    all += extent[k];
  }
  for (int i = v[0]->first[d + 1]; i < v[0]->first[v[0]->rank]; ++i)
    inner *= v[0]->atom[i].tag == TG_CHANNEL ? (PetscInt)v[0]->atom[i].n : 1;
  outer = v[0]->nplane / (extent[0] * inner);
  TgRequire(total <= TG_WIDEST, "too many channels");
  PetscCall(TgNew(t, total, &r));
  PetscInt *plane = r->plane, at = 0;
  *r = *(field ? field : v[0]);
  r->plane = plane;
  r->nplane = total;
  r->rank = 0;
  for (int e = 0; e < v[0]->rank; ++e) {
    r->first[e + 1] = r->first[e];
    r->rank = e + 1;
    for (int i = v[0]->first[e]; e != d && i < v[0]->first[e + 1]; ++i)
      TgAppend(r, v[0]->atom[i].tag, v[0]->atom[i].n);
    if (e == d && all != 1)
      TgAppend(r, TG_CHANNEL, all);
  }
  for (PetscInt o = 0; o < outer; ++o)
    for (int k = 0; k < n; ++k)
      for (PetscInt i = 0; i < extent[k] * inner; ++i)
        plane[at++] = v[k]->plane[o * extent[k] * inner + i];
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Axes of extent 1 are repeated; new ones come in front. */
PetscErrorCode TgExpand(Tg *t)
{
  const OxTensor *to = &t->m->value[t->node->out[0]].t;
  TgValue *v, *r;
  int64_t dims[OX_RANK];

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  for (int d = 0; d < to->rank; ++d)
    dims[d] = d < to->rank - v->rank ? 1 : TgExtent(v, d - (to->rank - v->rank));
  TgCall(TgRegroup(t, v, to->rank, dims, &r));
  for (int d = 0; d < to->rank; ++d) {
    if (dims[d] == to->dims[d])
      continue;
    TgRequire(dims[d] == 1 && to->dims[d] <= TG_WIDEST && TgIsChannel(r, d), "repeats a field");
    int64_t *index;
    PetscCall(TgKeep(t, sizeof *index * (size_t)(to->dims[d]), &index));
    const PetscErrorCode ierr = Pick(t, r, d, to->dims[d], index, &r);
    TgCall(ierr);
  }
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgPad(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const char *how = OxString(&x, "mode", "constant");
  int64_t n, na;
  const int64_t *pads = List(t, "pads", 1, &n), *axes = List(t, "axes", 3, &na);
  const OxTensor *value = TgConstant(t, 2);
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire(pads && (axes || !Given(t, "axes", 3)) && !t->cells, "extents that are no constants");
  TgRequire(!Given(t, "", 2) || (value && value->n == 1 && OxIsReal(value->type)),
            "a value that is no number");
  PetscCall(TgCopy(t, v, &r));
  for (int64_t k = 0; k < n / 2; ++k) {
    const int d = (int)(axes ? (axes[k] + v->rank) % v->rank : k), i = v->first[d];
    if (!pads[k] && !pads[k + n / 2])
      continue;
    TgRequire(v->first[d + 1] == i + 1 && v->atom[i].tag < TG_CHANNEL,
              "pads an axis that is not one of space");
    const int a = v->atom[i].tag;
    TgRequire(!r->lo[a] && !r->hi[a] && r->edge[a] == EDDY_EDGE_WRAP,
              "pads a field that is padded or cut");
    r->lo[a] = pads[k];
    r->hi[a] = pads[k + n / 2];
    r->edge[a] = !strcmp(how, "wrap")      ? EDDY_EDGE_WRAP
                 : !strcmp(how, "edge")    ? EDDY_EDGE_NEAREST
                 : !strcmp(how, "reflect") ? EDDY_EDGE_REFLECT
                                           : EDDY_EDGE_VALUE;
    TgRequire(r->edge[a] == EDDY_EDGE_WRAP || (pads[k] >= 0 && pads[k + n / 2] >= 0),
              "cuts by negative padding");
  }
  r->outside = value ? value->d[0] : OxReal(&x, "value", 0);
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}
