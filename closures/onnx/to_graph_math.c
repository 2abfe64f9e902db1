/* SPDX-License-Identifier: BSD-3-Clause */
/* Arithmetic, activations and linear layers as steps of a graph. */
#include "to_graph_impl.h"

static PetscBool AllConstant(const Tg *t, PetscInt n, const PetscInt plane[])
{
  for (PetscInt i = 0; i < n; ++i)
    if (t->g->plane[plane[i]].kind != EDDY_PLANE_CONSTANT)
      return PETSC_FALSE;
  return PETSC_TRUE;
}

/* x + c, c - x, x c, x / c as scale x + shift; PETSC_FALSE when it is none of these. */
static PetscErrorCode Affine(Tg *t, PetscInt n, const PetscInt plane[], PetscInt out[],
                             PetscBool *done)
{
  const PetscBool first = AllConstant(t, n, plane);
  const PetscInt *c = first ? plane : plane + n, *x = first ? plane + n : plane;
  const char op = t->node->op->name[0]; /* Add Sub Mul Div */
  double *a, *b;

  PetscFunctionBeginUser;
  *done = PETSC_FALSE;
  if (!AllConstant(t, n, c) || (op == 'D' && first))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(TgKeep(t, sizeof *a * (size_t)(n), &a));
  PetscCall(TgKeep(t, sizeof *b * (size_t)(n), &b));
  *done = PETSC_TRUE;
  for (PetscInt i = 0; i < n; ++i) {
    const double v = t->g->plane[c[i]].value;
    a[i] = op == 'M' ? v : op == 'D' ? 1 / v : op == 'S' && first ? -1 : 1;
    b[i] = op == 'A' || (op == 'S' && first) ? v : op == 'S' ? -v : 0;
    *done = (PetscBool)(*done && isfinite(a[i]) && isfinite(b[i]));
  }
  if (*done)
    PetscCall(EddyGraphAffine(t->g, n, a, b, x, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* x^p for one constant p: whole powers by squaring, halves by a root, others as exp(p log x). */
static PetscErrorCode Power(Tg *t, const TgValue *x, double p, TgValue **out)
{
  const double whole = fabs(p);
  TgValue *base = NULL, *r = NULL;

  PetscFunctionBeginUser;
  if (whole <= 16 && whole == floor(whole) && whole > 0) {
    PetscCall(TgCopy(t, x, &base));
    for (int n = (int)whole; n; n >>= 1) {
      if (n & 1) {
        PetscInt *in;
        if (!r)
          PetscCall(TgCopy(t, base, &r));
        else {
          TgValue *const pair[] = {r, base};
          TgCall(TgBroadcast(t, 2, pair, &r, &in));
          PetscCall(TgEach(t, EDDY_GRAPH_MUL, 0, r->nplane, in, r->plane));
        }
      }
      if (n > 1) {
        TgValue *const pair[] = {base, base};
        PetscInt *in;
        TgCall(TgBroadcast(t, 2, pair, &base, &in));
        PetscCall(TgEach(t, EDDY_GRAPH_MUL, 0, base->nplane, in, base->plane));
      }
    }
  } else if (whole == .5)
    PetscCall(TgUnary(t, EDDY_GRAPH_SQRT, 0, x, &r));
  else {
    TgRequire(p != 0, "the power 0");
    PetscCall(TgUnary(t, EDDY_GRAPH_LOG, 0, x, &r));
    PetscCall(TgScale(t, p, 0, r, &r));
    PetscCall(TgUnary(t, EDDY_GRAPH_EXP, 0, r, &r));
    *out = r;
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (p < 0) {
    PetscInt one;
    PetscCall(EddyGraphConstant(t->g, 1, &one));
    TgValue *n;
    PetscInt *in;
    PetscCall(TgCopy(t, r, &n));
    PetscCall(TgKeep(t, sizeof *in * (size_t)(2 * r->nplane), &in));
    for (PetscInt i = 0; i < r->nplane; ++i)
      in[i] = one, in[r->nplane + i] = r->plane[i];
    PetscCall(TgEach(t, EDDY_GRAPH_DIV, 0, r->nplane, in, n->plane));
    r = n;
  }
  *out = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Bounds first: NaN comes through. */
static PetscErrorCode Clip(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  TgValue *v;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  for (int side = 0; side < 2; ++side) {
    const char *const names[] = {"min", "max"};
    const OxAttr *a = OxGetAttr(t->node, names[side]);
    const OxTensor *c = TgConstant(t, 1 + side);
    PetscInt bound, *in;
    TgValue *r;
    if (!a && (side + 1 >= t->node->nin || t->node->in[side + 1] < 0))
      continue;
    TgRequire(a || (c && c->n == 1 && OxIsReal(c->type)), "bounds that are no numbers");
    PetscCall(EddyGraphConstant(t->g, a ? OxReal(&x, names[side], 0) : c->d[0], &bound));
    PetscCall(TgCopy(t, v, &r));
    PetscCall(TgKeep(t, sizeof *in * (size_t)(2 * v->nplane), &in));
    for (PetscInt i = 0; i < v->nplane; ++i)
      in[i] = v->plane[i], in[v->nplane + i] = bound;
    PetscCall(TgEach(t, side ? EDDY_GRAPH_MIN : EDDY_GRAPH_MAX, 0, v->nplane, in, r->plane));
    v = r;
  }
  PetscCall(TgSet(t, 0, v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* x < 0 ? slope x : x */
static PetscErrorCode PRelu(Tg *t, TgValue *const in[])
{
  TgValue *r, *y;
  PetscInt *plane, zero;

  PetscFunctionBeginUser;
  TgCall(TgBroadcast(t, 2, in, &r, &plane));
  const PetscInt n = r->nplane;
  PetscInt *arg;
  PetscCall(EddyGraphConstant(t->g, 0, &zero));
  PetscCall(TgKeep(t, sizeof *arg * (size_t)(5 * n), &arg));
  PetscInt *scaled = arg + 3 * n, *less = arg + 4 * n;
  PetscCall(TgEach(t, EDDY_GRAPH_MUL, 0, n, plane, scaled));
  for (PetscInt i = 0; i < n; ++i)
    arg[i] = plane[i], arg[n + i] = zero;
  PetscCall(TgEach(t, EDDY_GRAPH_LESS, 0, n, arg, less));
  for (PetscInt i = 0; i < n; ++i)
    arg[i] = less[i], arg[n + i] = scaled[i], arg[2 * n + i] = plane[i];
  PetscCall(TgCopy(t, r, &y));
  PetscCall(TgEach(t, EDDY_GRAPH_WHERE, 0, n, arg, y->plane));
  PetscCall(TgSet(t, 0, y));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgArithmetic(Tg *t)
{
  static const struct {
    const char *op;
    EddyGraphOp step;
  } table[] = {{"Add", EDDY_GRAPH_ADD},     {"Sub", EDDY_GRAPH_SUB},
               {"Mul", EDDY_GRAPH_MUL},     {"Div", EDDY_GRAPH_DIV},
               {"Min", EDDY_GRAPH_MIN},     {"Max", EDDY_GRAPH_MAX},
               {"Less", EDDY_GRAPH_LESS},   {"Greater", EDDY_GRAPH_LESS},
               {"Equal", EDDY_GRAPH_EQUAL}, {"Where", EDDY_GRAPH_WHERE}};
  TgValue *in[8], *r;
  PetscInt *plane;
  const int n = t->node->nin;

  PetscFunctionBeginUser;
  if (TgIs(t, "Clip")) {
    PetscCall(Clip(t));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  TgRequire(n <= 8, "more than eight operands");
  TgRequire(t->m->opset >= 7, "broadcasting of old files");
  for (int k = 0; k < n; ++k)
    TgCall(TgIn(t, TgIs(t, "Greater") ? n - 1 - k : k, &in[k]));
  if (TgIs(t, "Pow")) {
    const OxTensor *p = TgConstant(t, 1);
    TgRequire(p && p->n == 1, "a power that is no number");
    TgRequire(TgPlain(in[0]), "reads a field with padding that is not periodic");
    TgCall(Power(t, in[0], OxIsReal(p->type) ? p->d[0] : (double)p->i[0], &r));
    PetscCall(TgSet(t, 0, r));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (TgIs(t, "PRelu")) {
    PetscCall(PRelu(t, in));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  EddyGraphOp step = EDDY_GRAPH_COPY;
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i)
    if (TgIs(t, table[i].op))
      step = table[i].step;
  TgCall(TgBroadcast(t, n, in, &r, &plane));
  PetscBool done = PETSC_FALSE;
  if (n == 2 && step >= EDDY_GRAPH_ADD && step <= EDDY_GRAPH_DIV)
    PetscCall(Affine(t, r->nplane, plane, r->plane, &done));
  if (n == 1)
    PetscCall(PetscArraycpy(r->plane, plane, r->nplane));
  for (int k = 1; !done && k < (step == EDDY_GRAPH_WHERE ? 2 : n);
       ++k) { /* Min, Max: one after another */
    if (k > 1)
      for (PetscInt i = 0; i < r->nplane; ++i)
        plane[i] = r->plane[i], plane[r->nplane + i] = plane[k * r->nplane + i];
    PetscCall(TgEach(t, step, 0, r->nplane, plane, r->plane));
  }
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- functions of one operand ---- */

static PetscErrorCode Two(Tg *t, EddyGraphOp op, const TgValue *a, const TgValue *b, TgValue **out)
{
  PetscInt *in;

  PetscFunctionBeginUser;
  PetscCall(TgCopy(t, a, out));
  PetscCall(TgKeep(t, sizeof *in * (size_t)(2 * a->nplane), &in));
  PetscCall(PetscArraycpy(in, a->plane, a->nplane));
  PetscCall(PetscArraycpy(in + a->nplane, b->plane, a->nplane));
  PetscCall(TgEach(t, op, 0, a->nplane, in, (*out)->plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* a x + b within [0, 1] */
static PetscErrorCode Ramp(Tg *t, double a, double b, const TgValue *v, TgValue **out)
{
  TgValue *x, *bound;

  PetscFunctionBeginUser;
  PetscCall(TgScale(t, a, b, v, &x));
  for (int side = 0; side < 2; ++side) {
    PetscCall(TgCopy(t, v, &bound));
    for (PetscInt i = 0; i < v->nplane; ++i)
      PetscCall(EddyGraphConstant(t->g, side, &bound->plane[i]));
    PetscCall(Two(t, side ? EDDY_GRAPH_MIN : EDDY_GRAPH_MAX, x, bound, &x));
  }
  *out = x;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Functions made of several steps. */
static PetscErrorCode Compound(Tg *t, const TgValue *v, TgValue **r)
{
  OxExec x = {.m = t->m, .node = t->node};
  TgValue *a, *b;

  PetscFunctionBeginUser;
  if (TgIs(t, "Selu")) {
    PetscCall(TgUnary(t, EDDY_GRAPH_ELU, OxReal(&x, "alpha", 1.67326319217681884765625), v, &a));
    PetscCall(TgScale(t, OxReal(&x, "gamma", 1.05070102214813232421875), 0, a, r));
  } else if (TgIs(t, "Celu")) {
    const double alpha = OxReal(&x, "alpha", 1);
    TgRequire(alpha != 0, "alpha is 0");
    PetscCall(TgScale(t, 1 / alpha, 0, v, &a));
    PetscCall(TgUnary(t, EDDY_GRAPH_ELU, 1, a, &b));
    PetscCall(TgScale(t, alpha, 0, b, r));
  } else if (TgIs(t, "HardSigmoid"))
    PetscCall(Ramp(t, OxReal(&x, "alpha", .2), OxReal(&x, "beta", .5), v, r));
  else if (TgIs(t, "HardSwish")) {
    PetscCall(Ramp(t, 1. / 6, .5, v, &a));
    PetscCall(Two(t, EDDY_GRAPH_MUL, v, a, r));
  } else if (TgIs(t, "Mish")) {
    PetscCall(TgUnary(t, EDDY_GRAPH_SOFTPLUS, 0, v, &a));
    PetscCall(TgUnary(t, EDDY_GRAPH_TANH, 0, a, &b));
    PetscCall(Two(t, EDDY_GRAPH_MUL, v, b, r));
  } else { /* Gelu by tanh: x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2 */
    PetscCall(Two(t, EDDY_GRAPH_MUL, v, v, &a));
    PetscCall(TgScale(t, .044715, 1, a, &b));
    PetscCall(Two(t, EDDY_GRAPH_MUL, v, b, &a));
    PetscCall(TgScale(t, sqrt(2 / PETSC_PI), 0, a, &b));
    PetscCall(TgUnary(t, EDDY_GRAPH_TANH, 0, b, &a));
    PetscCall(TgScale(t, .5, .5, a, &b));
    PetscCall(Two(t, EDDY_GRAPH_MUL, v, b, r));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode TgActivation(Tg *t)
{
  static const struct {
    const char *op;
    EddyGraphOp step;
    double alpha;
  } table[] = {
      {"Abs", EDDY_GRAPH_ABS, 0},   {"Neg", EDDY_GRAPH_NEG, 0},
      {"Sqrt", EDDY_GRAPH_SQRT, 0}, {"Exp", EDDY_GRAPH_EXP, 0},
      {"Log", EDDY_GRAPH_LOG, 0},   {"Erf", EDDY_GRAPH_ERF, 0},
      {"Tanh", EDDY_GRAPH_TANH, 0}, {"Sigmoid", EDDY_GRAPH_SIGMOID, 0},
      {"Relu", EDDY_GRAPH_RELU, 0}, {"LeakyRelu", EDDY_GRAPH_LEAKY, .01},
      {"Elu", EDDY_GRAPH_ELU, 1},   {"Softplus", EDDY_GRAPH_SOFTPLUS, 0},
      {"Gelu", EDDY_GRAPH_GELU, 0},
  };
  OxExec x = {.m = t->m, .node = t->node};
  TgValue *v, *r = NULL;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  if (TgIs(t, "Identity") || TgIs(t, "Cast")) {
    TgRequire(TgIs(t, "Identity") || OxIsReal(t->m->value[t->node->out[0]].t.type),
              "to a type that is not real");
    PetscCall(TgSet(t, 0, v));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  TgRequire(OxIsReal(t->m->value[t->node->in[0]].t.type), "of whole numbers");
  const PetscBool tanh_gelu = (PetscBool)!strcmp(OxString(&x, "approximate", "none"), "tanh");
  for (size_t i = 0; i < sizeof table / sizeof *table && !tanh_gelu; ++i)
    if (TgIs(t, table[i].op))
      PetscCall(TgUnary(t, table[i].step, OxReal(&x, "alpha", table[i].alpha), v, &r));
  if (!r)
    TgCall(Compound(t, v, &r));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- linear layers ---- */

/* y[o] = alpha sum_c x[c] B[c][o] + beta b[o] on the last axis; other channels are layers of their own. */
PetscErrorCode TgLinear(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const PetscBool gemm = TgIs(t, "Gemm");
  const PetscBool transposed = (PetscBool)(gemm && OxInt(&x, "transB", 0));
  const OxTensor *b = TgConstant(t, 1), *c = gemm ? TgConstant(t, 2) : NULL;
  const PetscInt one[2] = {1, 1}, none[2] = {0, 0};
  TgValue *v, *r;
  double *weight, *bias;

  PetscFunctionBeginUser;
  TgRequire(b && b->rank == 2 && OxIsReal(b->type), "weights that are no constant matrix");
  TgCall(TgIn(t, 0, &v));
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  TgRequire(v->rank >= 1 && TgIsChannel(v, v->rank - 1) && !(gemm && OxInt(&x, "transA", 0)) &&
                !(gemm && v->rank != 2) && !(t->node->nin > 2 && t->node->in[2] >= 0 && !c),
            "its last axis is not the channels");
  const PetscInt nin = (PetscInt)TgExtent(v, v->rank - 1),
                 nout = (PetscInt)b->dims[transposed ? 0 : 1], outer = v->nplane / nin;
  TgRequire(b->dims[transposed ? 1 : 0] == nin && nout >= 1 && nout <= EDDY_NET_MAX_CHANNELS,
            "weights of another size");
  TgRequire(!c || c->n == 1 || (c->n == nout && c->dims[c->rank - 1] == nout),
            "a bias of another size");
  PetscCall(TgCopy(t, v, &r));
  TgMerge(r);
  TgValue shape = *r;
  PetscCall(TgNew(t, outer * nout, &r));
  PetscInt *plane = r->plane;
  *r = shape;
  r->plane = plane;
  r->nplane = outer * nout;
  r->first[r->rank] = r->first[r->rank - 1];
  if (nout != 1)
    TgAppend(r, TG_CHANNEL, nout);
  PetscCall(TgKeep(t, sizeof *weight * (size_t)(nin * nout), &weight));
  PetscCall(TgKeep(t, sizeof *bias * (size_t)(nout), &bias));
  for (PetscInt o = 0; o < nout; ++o) {
    for (PetscInt i = 0; i < nin; ++i)
      weight[o * nin + i] =
          (gemm ? OxReal(&x, "alpha", 1) : 1) * b->d[transposed ? o * nin + i : i * nout + o];
    bias[o] = c ? OxReal(&x, "beta", 1) * c->d[c->n == 1 ? 0 : o] : 0;
  }
  for (PetscInt k = 0; k < outer; ++k)
    PetscCall(EddyGraphMatrix(t->g, nin, v->plane + k * nin, nout, one, none, one, weight, bias,
                              r->plane + k * nout));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Channels are on axis 1. */
PetscErrorCode TgBatchNorm(Tg *t)
{
  OxExec x = {.m = t->m, .node = t->node};
  const OxTensor *s = TgConstant(t, 1), *b = TgConstant(t, 2), *mean = TgConstant(t, 3),
                 *var = TgConstant(t, 4);
  const double eps = OxReal(&x, "epsilon", 1e-5);
  TgValue *v, *r;
  double *scale, *shift;

  PetscFunctionBeginUser;
  TgCall(TgIn(t, 0, &v));
  TgRequire(TgPlain(v), "reads a field with padding that is not periodic");
  TgRequire(s && b && mean && var && !OxInt(&x, "training_mode", 0) && v->rank >= 2 &&
                TgIsChannel(v, 1) && TgExtent(v, 1) == v->nplane,
            "in training form, or channels on another axis");
  PetscCall(TgCopy(t, v, &r));
  PetscCall(TgKeep(t, sizeof *scale * (size_t)(v->nplane), &scale));
  PetscCall(TgKeep(t, sizeof *shift * (size_t)(v->nplane), &shift));
  for (PetscInt c = 0; c < v->nplane; ++c) {
    scale[c] = s->d[c] / sqrt(var->d[c] + eps);
    shift[c] = b->d[c] - scale[c] * mean->d[c];
  }
  PetscCall(EddyGraphAffine(t->g, v->nplane, scale, shift, v->plane, r->plane));
  PetscCall(TgSet(t, 0, r));
  PetscFunctionReturn(PETSC_SUCCESS);
}
