/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps that look at other cells: convolutions, pools, changes of grid. Result t of a window over a tensor that starts at cell -lo reads
   cells stride t - lo - begin + a step, a = 0 .. kernel - 1. */
#include "to_graph_impl.h"

/* Windows along x and y of a (batch, channel, x, y) tensor. */
typedef struct {
  PetscInt k[2], by[2], stride[2];
  int64_t begin[2], end[2];
} Window;

/* Axes 2 and 3 may be x, y or y, x; *flip tells. */
static PetscErrorCode Image(Tg *t, const TgValue *v, int dirs[2])
{
  PetscFunctionBeginUser;
  TgRequire(v->rank == 4 && !t->cells && TgIsChannel(v, 1) && TgExtent(v, 1) == v->nplane,
            "channels on another axis");
  for (int d = 0; d < 2; ++d) {
    const int i = v->first[2 + d];
    TgRequire(v->first[3 + d] == i + 1 && v->atom[i].tag < TG_CHANNEL,
              "a window over an axis that is not one of space");
    dirs[d] = v->atom[i].tag;
  }
  TgRequire(dirs[0] != dirs[1], "a window over an axis that is not one of space");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Lists(Tg *t, const int dirs[2], const int64_t kernel[2], Window *w)
{
  OxExec x = {.m = t->m, .node = t->node};
  int64_t n;
  const int64_t *stride = OxIntList(&x, "strides", &n), *dilation = OxIntList(&x, "dilations", &n),
                *pads = OxIntList(&x, "pads", &n);
  const char *automatic = OxString(&x, "auto_pad", "NOTSET");

  PetscFunctionBeginUser;
  TgRequire(!strcmp(automatic, "NOTSET") || !strcmp(automatic, "VALID"),
            "padding that follows the extents (auto_pad)");
  if (strcmp(automatic, "NOTSET"))
    pads = NULL;
  for (int d = 0; d < 2; ++d) {
    const int a = dirs[d];
    const int64_t s = stride ? stride[d] : 1, by = dilation ? dilation[d] : 1;
    TgRequire(kernel[d] >= 1 && by >= 1 && (kernel[d] - 1) * by < EDDY_NET_MAX_STENCIL && s >= 1 &&
                  s <= 16,
              "a wide window or stride");
    w->k[a] = (PetscInt)kernel[d];
    w->by[a] = (PetscInt)by;
    w->stride[a] = (PetscInt)s;
    w->begin[a] = pads ? pads[d] : 0;
    w->end[a] = pads ? pads[d + 2] : 0;
    TgRequire(w->begin[a] >= 0 && w->begin[a] <= TG_FARTHEST && w->end[a] >= 0, "a wide padding");
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Padding that waits, or that the window brings, becomes a rule of new planes. `outside` is the value of the window's own padding. */
static PetscErrorCode Edges(Tg *t, TgValue **v, const Window *w, double outside)
{
  TgValue *r;
  PetscBool any = PETSC_FALSE;

  PetscFunctionBeginUser;
  PetscCall(TgCopy(t, *v, &r));
  for (int a = 0; a < 2; ++a) {
    if (w->begin[a] || w->end[a]) {
      TgRequire(r->edge[a] == EDDY_EDGE_WRAP && !r->lo[a] && !r->hi[a],
                "zero padding of a field that is padded or cut");
      TgRequire(!any || r->outside == outside, "two kinds of padding");
      r->edge[a] = EDDY_EDGE_VALUE;
      r->outside = outside;
    }
    any = (PetscBool)(any || r->edge[a] != EDDY_EDGE_WRAP);
  }
  if (any)
    PetscCall(EddyGraphPad(t->g, r->nplane, (*v)->plane, r->edge, r->outside, r->plane));
  *v = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Extents, grid and first cell of the result of a window; shift: cell that its result 0 starts from. Planes are not set. */
static PetscErrorCode Result(Tg *t, const TgValue *v, const Window *w, PetscInt channels,
                             PetscInt shift[2], TgValue **out)
{
  TgValue *r;

  PetscFunctionBeginUser;
  PetscCall(TgNew(t, channels, &r));
  PetscInt *plane = r->plane;
  *r = *v;
  r->plane = plane;
  r->nplane = channels;
  r->rank = 0;
  for (int d = 0; d < v->rank; ++d) {
    r->first[d + 1] = r->first[d];
    r->rank = d + 1;
    for (int i = v->first[d]; d != 1 && i < v->first[d + 1]; ++i) {
      TgAppend(r, v->atom[i].tag, v->atom[i].n);
      if (v->atom[i].tag >= TG_CHANNEL)
        continue;
      const int a = v->atom[i].tag;
      const PetscInt reach = (w->k[a] - 1) * w->by[a];
      const int64_t extent = v->atom[i].n + v->lo[a] + v->hi[a] + w->begin[a] + w->end[a];
      const int64_t many = (extent - reach - 1) / w->stride[a] + 1;
      const int64_t centre = w->stride[a] > 1 ? 0 : reach / 2;
      TgRequire(extent > reach, "a window wider than the field");
      r->atom[r->first[r->rank] - 1].n = v->atom[i].n / w->stride[a];
      r->factor[a] *= w->stride[a];
      /* result c (cell of its grid) reads cells stride c + shift .. shift + reach */
      r->lo[a] = w->stride[a] > 1 ? 0 : v->lo[a] + w->begin[a] - centre;
      r->hi[a] = many - v->atom[i].n / w->stride[a] - r->lo[a];
      shift[a] = w->stride[a] > 1 ? (PetscInt)(-v->lo[a] - w->begin[a]) : -(PetscInt)centre;
      TgRequire(w->stride[a] == 1 || (v->atom[i].n % w->stride[a] == 0 && !r->hi[a]),
                "a stride that leaves a rest of the grid");
      TgRequire(v->edge[a] == EDDY_EDGE_WRAP || (!r->lo[a] && !r->hi[a]),
                "padding that does not match the window");
      r->edge[a] = EDDY_EDGE_WRAP;
    }
    if (d == 1 && channels != 1)
      TgAppend(r, TG_CHANNEL, channels);
  }
  *out = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Planes of v at cells stride c + shift + (ax, ay) by: one set per tap, [ay][ax][plane]. */
static PetscErrorCode Taps(Tg *t, const TgValue *v, const Window *w, const PetscInt shift[2],
                           PetscInt **taps)
{
  PetscFunctionBeginUser;
  PetscCall(
      TgKeep(t, sizeof **taps * (size_t)((size_t)v->nplane * (size_t)(w->k[0] * w->k[1])), taps));
  for (PetscInt y = 0; y < w->k[1]; ++y)
    for (PetscInt x = 0; x < w->k[0]; ++x) {
      const PetscInt at[2] = {shift[0] + x * w->by[0], shift[1] + y * w->by[1]};
      PetscCall(EddyGraphSample(t->g, v->nplane, v->plane, w->stride, at,
                                *taps + (size_t)(y * w->k[0] + x) * (size_t)v->nplane));
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Weights of group `q`: outputs of the group, [o][c][ky][kx], or [o][ky][kx][c] for sampled taps. */
static void Weights(const OxTensor *w, const Window *win, const int dirs[2], PetscInt q,
                    PetscInt nout, PetscBool sampled, double *weight)
{
  const PetscInt per = (PetscInt)w->dims[1], kx = win->k[0], ky = win->k[1],
                 n1 = (PetscInt)w->dims[3];
  for (PetscInt o = 0; o < nout; ++o)
    for (PetscInt c = 0; c < per; ++c)
      for (PetscInt y = 0; y < ky; ++y)
        for (PetscInt x = 0; x < kx; ++x) {
          const PetscInt e0 = dirs[0] == 0 ? x : y, e1 = dirs[0] == 0 ? y : x;
          const double v = w->d[(((q * nout + o) * per + c) * w->dims[2] + e0) * n1 + e1];
          weight[sampled ? ((o * ky + y) * kx + x) * per + c : ((o * per + c) * ky + y) * kx + x] =
              v;
        }
}

PetscErrorCode TgConv(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const OxTensor *w = TgConstant(t, 1), *b = TgConstant(t, 2);
  const PetscInt group = (PetscInt)OxInt(&x, "group", 1), one[2] = {1, 1}, none[2] = {0, 0};
  PetscInt shift[2], *taps = NULL, *in;
  int dirs[2];
  Window win;
  TgValue *v, *r;
  double *weight;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgCall(Image(t, v, dirs));
  TgRequire(w && w->rank == 4 && OxIsReal(w->type) && (t->node->nin < 3 || t->node->in[2] < 0 || b),
            "weights made by the network");
  TgCall(Lists(t, dirs, w->dims + 2, &win));
  TgRequire(w->dims[0] <= EDDY_NET_MAX_CHANNELS && group >= 1 && w->dims[0] % group == 0 &&
                w->dims[1] * group == v->nplane && w->n < 100000000,
            "weights of another size");
  TgCall(Edges(t, &v, &win, 0));
  TgCall(Result(t, v, &win, (PetscInt)w->dims[0], shift, &r));
  const PetscBool sampled = (PetscBool)(win.stride[0] > 1 || win.stride[1] > 1);
  const PetscInt nout = (PetscInt)w->dims[0] / group, per = (PetscInt)w->dims[1],
                 size = win.k[0] * win.k[1], left[2] = {-shift[0], -shift[1]};
  if (sampled)
    PetscCall(Taps(t, v, &win, shift, &taps));
  PetscCall(TgKeep(t, sizeof *weight * (size_t)((size_t)nout * (size_t)(per * size)), &weight));
  PetscCall(TgKeep(t, sizeof *in * (size_t)(per * size), &in));
  for (PetscInt q = 0; q < group; ++q) {
    const double *bias = b ? b->d + q * nout : NULL;
    Weights(w, &win, dirs, q, nout, sampled, weight);
    for (PetscInt k = 0; sampled && k < size; ++k)
      PetscCall(PetscArraycpy(in + k * per, taps + (size_t)k * (size_t)v->nplane + q * per, per));
    if (sampled)
      PetscCall(EddyGraphMatrix(t->g, per * size, in, nout, one, none, one, weight, bias,
                                r->plane + q * nout));
    else
      PetscCall(EddyGraphMatrix(t->g, per, v->plane + q * per, nout, win.k, left, win.by, weight,
                                bias, r->plane + q * nout));
  }
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Result s J + a gathers taps q with (a + begin - q) divisible by s, at cells J + (a + begin - q)/s: a small convolution for each phase a
   of the finer grid, then all phases together. */
PetscErrorCode TgConvTranspose(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const OxTensor *w = TgConstant(t, 1), *b = TgConstant(t, 2),
                 *to = &t->m->value[t->node->out[0]].t;
  const PetscInt one[2] = {1, 1};
  int dirs[2];
  Window win;
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgCall(Image(t, v, dirs));
  TgRequire(w && w->rank == 4 && OxIsReal(w->type) && OxInt(&x, "group", 1) == 1 &&
                w->dims[0] == v->nplane && (t->node->nin < 3 || t->node->in[2] < 0 || b),
            "groups, or weights made by the network");
  TgCall(Lists(t, dirs, w->dims + 2, &win));
  TgRequire(!OxGetAttr(t->node, "output_shape") && win.by[0] == 1 && win.by[1] == 1 && TgPlain(v),
            "dilation, or a shape of its own");
  const PetscInt nout = (PetscInt)w->dims[1], nin = v->nplane;
  for (int d = 0; d < 2; ++d) {
    const int a = dirs[d];
    TgRequire(!v->lo[a] && !v->hi[a] && v->factor[a] % win.stride[a] == 0 &&
                  to->dims[2 + d] == TgExtent(v, 2 + d) * win.stride[a],
              "an extent that is no multiple");
  }
  const EddyGraphEdge edge[2] = {EDDY_EDGE_VALUE, EDDY_EDGE_VALUE};
  PetscInt *padded;
  double *weight;
  const PetscInt nphase = win.stride[0] * win.stride[1];
  PetscCall(TgKeep(t, sizeof *padded * (size_t)(nin), &padded));
  PetscCall(TgKeep(t, sizeof *weight * (size_t)((size_t)nin * (size_t)(nout * win.k[0] * win.k[1])),
                   &weight));
  PetscCall(EddyGraphPad(t->g, nin, v->plane, edge, 0, padded));
  PetscInt *made, *order;
  PetscCall(TgKeep(t, sizeof *made * (size_t)(nout), &made));
  PetscCall(TgKeep(t, sizeof *order * (size_t)((size_t)nphase * (size_t)nout), &order));
  for (PetscInt p = 0; p < nphase; ++p) {
    const PetscInt at[2] = {p % win.stride[0], p / win.stride[0]};
    PetscInt k[2], left[2], last[2]; /* last: the tap that reads the lowest cell */
    PetscBool empty = PETSC_FALSE;
    for (int a = 0; a < 2; ++a) {
      const PetscInt s = win.stride[a], c = at[a] + (PetscInt)win.begin[a], q0 = c % s;
      k[a] = q0 < win.k[a] ? (win.k[a] - 1 - q0) / s + 1 : 0;
      empty = (PetscBool)(empty || !k[a]);
      last[a] = q0 + (k[a] - 1) * s;
      left[a] = -((c - last[a]) / s);
    }
    if (empty)
      k[0] = k[1] = 1, left[0] = left[1] = 0;
    for (PetscInt o = 0; o < nout; ++o)
      for (PetscInt c = 0; c < nin; ++c)
        for (PetscInt j = 0; j < k[1]; ++j)
          for (PetscInt i = 0; i < k[0]; ++i) {
            const PetscInt qx = last[0] - i * win.stride[0], qy = last[1] - j * win.stride[1];
            const PetscInt e0 = dirs[0] == 0 ? qx : qy, e1 = dirs[0] == 0 ? qy : qx;
            weight[((o * nin + c) * k[1] + j) * k[0] + i] =
                empty ? 0 : w->d[((c * nout + o) * w->dims[2] + e0) * w->dims[3] + e1];
          }
    PetscCall(
        EddyGraphMatrix(t->g, nin, padded, nout, k, left, one, weight, b ? b->d : NULL, made));
    for (PetscInt o = 0; o < nout; ++o)
      order[o * nphase + p] = made[o];
  }
  const Window same = {.k = {1, 1}, .by = {1, 1}, .stride = {1, 1}};
  PetscInt shift[2];
  TgCall(Result(t, v, &same, nout, shift, &r));
  PetscCall(EddyGraphSpread(t->g, nout, order, win.stride, r->plane));
  for (int i = 0; i < r->first[r->rank]; ++i)
    if (r->atom[i].tag < TG_CHANNEL) {
      r->factor[r->atom[i].tag] /= win.stride[r->atom[i].tag];
      r->atom[i].n *= win.stride[r->atom[i].tag];
    }
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgPool(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const PetscBool max = TgIs(t, "MaxPool");
  const OxAttr *kernel = OxGetAttr(t->node, "kernel_shape");
  const PetscInt one[2] = {1, 1}, none[2] = {0, 0};
  PetscInt shift[2], *taps;
  int dirs[2];
  Window win;
  TgValue *v, *r;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgCall(Image(t, v, dirs));
  TgRequire(kernel && kernel->nints == 2 && (t->node->nout < 2 || t->node->out[1] < 0),
            "indices of the largest, or no kernel");
  TgCall(Lists(t, dirs, kernel->ints, &win));
  const PetscBool padded = (PetscBool)(win.begin[0] || win.begin[1] || win.end[0] || win.end[1]);
  TgRequire(max || !padded || OxInt(&x, "count_include_pad", 0), "weights that depend on position");
  TgCall(Edges(t, &v, &win, max ? -INFINITY : 0));
  TgCall(Result(t, v, &win, v->nplane, shift, &r));
  const PetscInt n = v->nplane, size = win.k[0] * win.k[1];
  PetscCall(Taps(t, v, &win, shift, &taps));
  if (max) {
    PetscInt *in;
    PetscCall(TgKeep(t, sizeof *in * (size_t)(2 * n), &in));
    PetscCall(PetscArraycpy(r->plane, taps, n));
    for (PetscInt k = 1; k < size; ++k) {
      PetscCall(PetscArraycpy(in, r->plane, n));
      PetscCall(PetscArraycpy(in + n, taps + (size_t)k * (size_t)n, n));
      PetscCall(TgEach(t, EDDY_GRAPH_MAX, 0, n, in, r->plane));
    }
  } else {
    double *weight;
    PetscInt *in;
    PetscCall(TgKeep(t, sizeof *weight * (size_t)(size), &weight));
    PetscCall(TgKeep(t, sizeof *in * (size_t)(size), &in));
    for (PetscInt k = 0; k < size; ++k)
      weight[k] = 1. / size;
    for (PetscInt c = 0; c < n; ++c) {
      for (PetscInt k = 0; k < size; ++k)
        in[k] = taps[(size_t)k * (size_t)n + (size_t)c];
      PetscCall(EddyGraphMatrix(t->g, size, in, 1, one, none, one, weight, NULL, r->plane + c));
    }
  }
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- to a finer grid ---- */

/* Along axis a by a factor: phase p of the result lies at cell I + at[p], weight[p] of the way to the next one. */
static PetscErrorCode Enlarge(Tg *t, TgValue **v, int a, PetscInt factor, const PetscInt at[],
                              const double weight[])
{
  const TgValue *from = *v;
  const PetscInt n = from->nplane, one[2] = {1, 1}, none[2] = {0, 0},
                 by[2] = {a == 0 ? factor : 1, a == 1 ? factor : 1};
  const EddyGraphEdge edge[2] = {EDDY_EDGE_NEAREST, EDDY_EDGE_NEAREST};
  PetscInt *padded, *order, *made, pair[2];
  TgValue *r;
  PetscBool moved = PETSC_FALSE;

  PetscFunctionBeginUser;
  PetscCall(TgKeep(t, sizeof *padded * (size_t)(n), &padded));
  PetscCall(TgKeep(t, sizeof *order * (size_t)(n * factor), &order));
  PetscCall(TgKeep(t, sizeof *made * (size_t)(2 * n), &made));
  for (PetscInt p = 0; p < factor; ++p)
    moved = (PetscBool)(moved || at[p] || weight[p] != 0);
  if (moved)
    PetscCall(EddyGraphPad(t->g, n, from->plane, edge, 0, padded));
  for (PetscInt p = 0; p < factor; ++p) {
    PetscInt shift[2] = {0, 0};
    PetscCall(PetscArraycpy(made, from->plane, n));
    for (PetscInt k = 0; moved && k < 2; ++k) {
      shift[a] = at[p] + k;
      PetscCall(EddyGraphSample(t->g, n, padded, one, shift, made + k * n));
    }
    for (PetscInt c = 0; c < n; ++c) {
      order[c * factor + p] = made[c];
      pair[0] = made[c], pair[1] = made[moved ? n + c : c];
      if (weight[p] != 0)
        PetscCall(EddyGraphMatrix(t->g, 2, pair, 1, one, none, one,
                                  (const double[]){1 - weight[p], weight[p]}, NULL,
                                  &order[c * factor + p]));
    }
  }
  PetscCall(TgCopy(t, from, &r));
  PetscCall(EddyGraphSpread(t->g, n, order, by, r->plane));
  r->factor[a] /= factor;
  for (int i = 0; i < r->first[r->rank]; ++i)
    if (r->atom[i].tag == (TgTag)a)
      r->atom[i].n *= factor;
  *v = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgResize(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const char *mode = OxString(&x, "mode", "nearest"),
             *rounding = OxString(&x, "nearest_mode", "round_prefer_floor"),
             *where = OxString(&x, "coordinate_transformation_mode",
                               t->m->opset < 11 ? "asymmetric" : "half_pixel");
  const OxTensor *to = &t->m->value[t->node->out[0]].t;
  const PetscBool half = (PetscBool)(!strcmp(where, "half_pixel") ||
                                     !strcmp(where, "pytorch_half_pixel")),
                  nearest = (PetscBool)!strcmp(mode, "nearest");
  TgValue *v;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire((nearest || !strcmp(mode, "linear")) && (half || !strcmp(where, "asymmetric")) &&
                !OxInt(&x, "exclude_outside", 0) && !OxInt(&x, "antialias", 0) && TgPlain(v),
            "this way of interpolation");
  for (int d = 0; d < v->rank; ++d) {
    const int64_t n = TgExtent(v, d);
    PetscInt at[16];
    double weight[16];
    if (to->dims[d] == n)
      continue;
    TgRequire(!TgIsChannel(v, d) && v->first[d + 1] == v->first[d] + 1 && !t->cells,
              "changes an axis that is not one of space");
    const int a = v->atom[v->first[d]].tag;
    const PetscInt f = (PetscInt)(to->dims[d] / n);
    TgRequire(a < TG_CHANNEL && to->dims[d] == n * f && f <= 16 && !v->lo[a] && !v->hi[a] &&
                  v->factor[a] % f == 0,
              "an extent that is no multiple, or a grid finer than that of the input");
    for (PetscInt p = 0; p < f; ++p) { /* place of result p within cell 0 */
      const double place = half ? (p + .5) / f - .5 : (double)p / f, low = floor(place);
      at[p] = (PetscInt)low;
      weight[p] = place - low;
      if (nearest) {
        at[p] = (PetscInt)(!strcmp(rounding, "floor")               ? low
                           : !strcmp(rounding, "ceil")              ? ceil(place)
                           : !strcmp(rounding, "round_prefer_ceil") ? floor(place + .5)
                                                                    : ceil(place - .5));
        weight[p] = 0;
      }
    }
    PetscCall(Enlarge(t, &v, a, f, at, weight));
  }
  PetscCall(TgSet(t, 0, v));
  PetscFunctionReturn(PETSC_SUCCESS);
}
