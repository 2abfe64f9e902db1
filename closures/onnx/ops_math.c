/* SPDX-License-Identifier: BSD-3-Clause */
/* Element by element: functions of one tensor, of two or three broadcast tensors, and changes of type. */
#include "ops.h"

double OxAbs(double v, const double p[]) { return fabs(v); }
double OxNeg(double v, const double p[]) { return -v; }
double OxSqrt(double v, const double p[]) { return sqrt(v); }
double OxExp(double v, const double p[]) { return exp(v); }
double OxLog(double v, const double p[]) { return log(v); }
double OxErf(double v, const double p[]) { return erf(v); }
double OxTanh(double v, const double p[]) { return tanh(v); }
double OxSigmoid(double v, const double p[])
{
  return v >= 0 ? 1 / (1 + exp(-v)) : exp(v) / (1 + exp(v));
}
double OxSoftplus(double v, const double p[]) { return v > 0 ? v + log1p(exp(-v)) : log1p(exp(v)); }
double OxRelu(double v, const double p[]) { return v < 0 ? 0 : v; } /* NaN stays */
double OxLeakyRelu(double v, const double p[]) { return v < 0 ? p[0] * v : v; }
double OxElu(double v, const double p[]) { return v < 0 ? p[0] * expm1(v) : v; }
double OxSelu(double v, const double p[]) { return p[1] * (v <= 0 ? p[0] * expm1(v) : v); }
double OxCelu(double v, const double p[]) { return v < 0 ? p[0] * expm1(v / p[0]) : v; }
double OxHardSigmoid(double v, const double p[])
{
  return isnan(v) ? v : fmax(0, fmin(1, p[0] * v + p[1]));
}
double OxHardSwish(double v, const double p[])
{
  return isnan(v) ? v : v * fmax(0, fmin(1, v / 6 + .5));
}
double OxMish(double v, const double p[]) { return v * tanh(OxSoftplus(v, p)); }
double OxGelu(double v, const double p[])
{
  return p[0] ? .5 * v * (1 + tanh(sqrt(2 / PETSC_PI) * (v + .044715 * v * v * v)))
              : .5 * v * (1 + erf(v / sqrt(2)));
}

/* Parameters of an activation when its attributes are left out. */
static void Parameters(const OxExec *x, double p[2])
{
  const char *name = x->node->op->name;
  p[0] = !strcmp(name, "Selu")          ? 1.67326319217681884765625
         : !strcmp(name, "LeakyRelu")   ? .01
         : !strcmp(name, "HardSigmoid") ? .2
                                        : 1;
  p[0] = OxReal(x, "alpha", p[0]);
  p[1] =
      !strcmp(name, "Selu") ? OxReal(x, "gamma", 1.05070102214813232421875) : OxReal(x, "beta", .5);
  if (!strcmp(name, "Gelu"))
    p[0] = !strcmp(OxString(x, "approximate", "none"), "tanh");
}

PetscErrorCode OxOpUnary(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const PetscBool whole =
      (PetscBool)(!strcmp(x->node->op->name, "Abs") || !strcmp(x->node->op->name, "Neg") ||
                  !strcmp(x->node->op->name, "Relu"));
  OxTensor *o;
  double p[2];

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) || whole, x, "is not defined for %s", EddyOnnxTypeName(a->type));
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  Parameters(x, p);
  for (int64_t k = 0; k < a->n; ++k)
    if (OxIsReal(a->type))
      o->d[k] = x->node->op->unary(a->d[k], p);
    else if (!strcmp(x->node->op->name, "Relu"))
      o->i[k] = PetscMax(a->i[k], 0);
    else
      o->i[k] = a->i[k] > 0 && !strcmp(x->node->op->name, "Abs") ? a->i[k]
                                                                 : (int64_t)(0 - (uint64_t)a->i[k]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- two operands ---- */

/* Before opset 7 the second operand was aligned by attributes `broadcast` and `axis`. */
static PetscErrorCode Aligned(OxExec *x, const OxTensor *a, const OxTensor *b, OxTensor *c)
{
  int axis;

  PetscFunctionBeginUser;
  *c = *b;
  if (x->m->opset >= 7) {
    OxCheck(!OxGetAttr(x->node, "broadcast") && !OxGetAttr(x->node, "axis"), x,
            "attributes broadcast and axis ended with opset 6");
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (!OxInt(x, "broadcast", 0) || !OxGetAttr(x->node, "axis") || b->rank == 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OxAxis(x, OxInt(x, "axis", 0), a->rank, &axis));
  OxCheck(axis + b->rank <= a->rank, x, "axis %d leaves no room for its second input", axis);
  c->rank = a->rank - axis;
  for (int d = b->rank; d < c->rank; ++d)
    c->dims[d] = 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

typedef double (*RealOp)(double a, double b);
typedef int64_t (*IntOp)(int64_t a, int64_t b);

static PetscErrorCode Binary(OxExec *x, RealOp real, IntOp integer, PetscBool test)
{
  const OxTensor *a = OxIn(x, 0);
  OxTensor b, *o;
  OxCast c;
  int64_t index[OX_RANK] = {0}, at[3] = {0};

  PetscFunctionBeginUser;
  PetscCall(Aligned(x, a, OxIn(x, 1), &b));
  OxCheck(a->type == b.type, x, "its inputs are %s and %s", EddyOnnxTypeName(a->type),
          EddyOnnxTypeName(b.type));
  OxCheck(integer || OxIsReal(a->type), x, "is not defined for %s", EddyOnnxTypeName(a->type));
  const OxTensor *const op[] = {a, &b};
  PetscCall(OxBroadcast(x, 2, op, &c));
  PetscCall(OxOut(x, 0, test ? EDDY_ONNX_BOOL : a->type, c.rank, c.dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int64_t k = 0; k < o->n; ++k, OxNext(&c, index, at))
    if (!OxIsReal(a->type))
      o->i[k] = integer(a->i[at[0]], b.i[at[1]]);
    else if (test)
      o->i[k] = real(a->d[at[0]], b.d[at[1]]) != 0;
    else
      o->d[k] = real(a->d[at[0]], b.d[at[1]]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Integer arithmetic wraps, as it does in NumPy. */
static double AddR(double a, double b) { return a + b; }
static double SubR(double a, double b) { return a - b; }
static double MulR(double a, double b) { return a * b; }
static double DivR(double a, double b) { return a / b; }
static double PReluR(double a, double b) { return a < 0 ? a * b : a; }
static double EqualR(double a, double b) { return a == b; }
static double GreaterR(double a, double b) { return a > b; }
static double LessR(double a, double b) { return a < b; }
static int64_t AddI(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
static int64_t SubI(int64_t a, int64_t b) { return (int64_t)((uint64_t)a - (uint64_t)b); }
static int64_t MulI(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
static int64_t DivI(int64_t a, int64_t b) { return b == 0 ? 0 : b == -1 ? SubI(0, a) : a / b; }
static int64_t PReluI(int64_t a, int64_t b) { return a < 0 ? MulI(a, b) : a; }
static int64_t EqualI(int64_t a, int64_t b) { return a == b; }
static int64_t GreaterI(int64_t a, int64_t b) { return a > b; }
static int64_t LessI(int64_t a, int64_t b) { return a < b; }

PetscErrorCode OxOpAdd(OxExec *x) { return Binary(x, AddR, AddI, PETSC_FALSE); }
PetscErrorCode OxOpSub(OxExec *x) { return Binary(x, SubR, SubI, PETSC_FALSE); }
PetscErrorCode OxOpMul(OxExec *x) { return Binary(x, MulR, MulI, PETSC_FALSE); }
PetscErrorCode OxOpEqual(OxExec *x) { return Binary(x, EqualR, EqualI, PETSC_TRUE); }
PetscErrorCode OxOpGreater(OxExec *x) { return Binary(x, GreaterR, GreaterI, PETSC_TRUE); }
PetscErrorCode OxOpLess(OxExec *x) { return Binary(x, LessR, LessI, PETSC_TRUE); }

PetscErrorCode OxOpDiv(OxExec *x)
{
  const OxTensor *b = OxIn(x, 1);

  PetscFunctionBeginUser;
  if (!OxIsReal(b->type) && b->p)
    for (int64_t k = 0; k < b->n; ++k)
      OxCheck(b->i[k] != 0, x, "division of integers by zero");
  PetscCall(Binary(x, DivR, DivI, PETSC_FALSE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One slope per channel (axis 1) is the form torch writes before opset 7 and PRelu-6 allows: [C] against [N, C, ...]. */
PetscErrorCode OxOpPRelu(OxExec *x)
{
  PetscFunctionBeginUser;
  OxTensor *b = &x->v[x->node->in[1]];
  const OxTensor *a = OxIn(x, 0), kept = *b;
  if (x->m->opset < 7 && b->rank == 1 && a->rank > 2) {
    b->rank = a->rank - 1;
    for (int d = 1; d < b->rank; ++d)
      b->dims[d] = 1;
  }
  const PetscErrorCode ierr = Binary(x, PReluR, PReluI, PETSC_FALSE);
  *b = kept;
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Exponent and base may differ in type; the result has the type of the base. */
PetscErrorCode OxOpPow(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  OxTensor b, *o;
  OxCast c;
  int64_t index[OX_RANK] = {0}, at[3] = {0};

  PetscFunctionBeginUser;
  PetscCall(Aligned(x, a, OxIn(x, 1), &b));
  const OxTensor *const op[] = {a, &b};
  PetscCall(OxBroadcast(x, 2, op, &c));
  PetscCall(OxOut(x, 0, a->type, c.rank, c.dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int64_t k = 0; k < o->n; ++k, OxNext(&c, index, at)) {
    const double e = OxIsReal(b.type) ? b.d[at[1]] : (double)b.i[at[1]];
    const double v = pow(OxIsReal(a->type) ? a->d[at[0]] : (double)a->i[at[0]], e);
    if (OxIsReal(a->type))
      o->d[k] = v;
    else
      o->i[k] = fabs(v) < 9e18 ? (int64_t)v : 0;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- any number of operands: folded from the left ---- */

static PetscErrorCode Fold(OxExec *x, int sign)
{
  const int nop = x->node->nin;
  OxCast c;
  OxTensor sum, *o;

  PetscFunctionBeginUser;
  for (int k = 0; k < nop; ++k)
    OxCheck(OxIn(x, k) && OxIn(x, k)->type == OxIn(x, 0)->type, x, "its inputs differ in type");
  sum = *OxIn(x, 0);
  for (int k = 1; k < nop; ++k) { /* shape of the result */
    const OxTensor *const op[] = {&sum, OxIn(x, k)};
    PetscCall(OxBroadcast(x, 2, op, &c));
    sum.rank = c.rank;
    memcpy(sum.dims, c.dims, sizeof(c.dims));
  }
  PetscCall(OxOut(x, 0, sum.type, sum.rank, sum.dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; k < nop; ++k) {
    const OxTensor *a = OxIn(x, k), *const op[] = {o, a};
    int64_t index[OX_RANK] = {0}, at[3] = {0};
    PetscCall(OxBroadcast(x, 2, op, &c));
    for (int64_t j = 0; j < o->n; ++j, OxNext(&c, index, at))
      if (OxIsReal(o->type)) {
        const double v = a->d[at[1]];
        if (k == 0 || isnan(v) || sign * v > sign * o->d[j])
          o->d[j] = v;
      } else if (k == 0 || (sign > 0 ? a->i[at[1]] > o->i[j] : a->i[at[1]] < o->i[j]))
        o->i[j] = a->i[at[1]];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode OxOpMax(OxExec *x) { return Fold(x, 1); }
PetscErrorCode OxOpMin(OxExec *x) { return Fold(x, -1); }

PetscErrorCode OxOpWhere(OxExec *x)
{
  const OxTensor *q = OxIn(x, 0), *a = OxIn(x, 1), *b = OxIn(x, 2), *const op[] = {q, a, b};
  OxTensor *o;
  OxCast c;
  int64_t index[OX_RANK] = {0}, at[3] = {0};

  PetscFunctionBeginUser;
  OxCheck(q->type == EDDY_ONNX_BOOL, x, "its condition is %s, not bool", EddyOnnxTypeName(q->type));
  OxCheck(a->type == b->type, x, "its inputs are %s and %s", EddyOnnxTypeName(a->type),
          EddyOnnxTypeName(b->type));
  PetscCall(OxBroadcast(x, 3, op, &c));
  PetscCall(OxOut(x, 0, a->type, c.rank, c.dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int64_t k = 0; k < o->n; ++k, OxNext(&c, index, at))
    o->i[k] = q->i[at[0]] ? a->i[at[1]] : b->i[at[2]];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Bounds: attributes before opset 11, inputs from then on. */
PetscErrorCode OxOpClip(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  OxTensor *o;

  PetscFunctionBeginUser;
  for (int k = 1; k < x->node->nin; ++k) {
    const OxTensor *b = OxIn(x, k);
    OxCheck(!b || (b->n == 1 && b->type == a->type), x, "bound %d must be one %s", k,
            EddyOnnxTypeName(a->type));
    OxCheck(!b || x->m->opset >= 11, x, "bounds are inputs from opset 11 only");
  }
  OxCheck(x->m->opset < 11 || (!OxGetAttr(x->node, "min") && !OxGetAttr(x->node, "max")), x,
          "bounds are attributes before opset 11 only");
  PetscCall(OxOut(x, 0, a->type, a->rank, a->dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  const OxTensor *lo = OxIn(x, 1), *hi = OxIn(x, 2);
  for (int64_t k = 0; k < a->n; ++k)
    if (OxIsReal(a->type)) {
      const double l = lo ? lo->d[0] : OxReal(x, "min", -INFINITY),
                   h = hi ? hi->d[0] : OxReal(x, "max", INFINITY);
      double v = a->d[k];
      v = v < l ? l : v;
      o->d[k] = v > h ? h : v;
    } else {
      const int64_t v = lo ? PetscMax(a->i[k], lo->i[0]) : a->i[k];
      o->i[k] = hi ? PetscMin(v, hi->i[0]) : v;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpCast(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  const EddyOnnxType to = (EddyOnnxType)OxInt(x, "to", 0);
  OxTensor *o;

  PetscFunctionBeginUser;
  OxCheck(EddyOnnxTypeSize(to), x, "cannot change %s to %s", EddyOnnxTypeName(a->type),
          EddyOnnxTypeName(to));
  PetscCall(OxOut(x, 0, to, a->rank, a->dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int64_t k = 0; k < a->n; ++k)
    if (OxIsReal(a->type) && OxIsReal(to))
      o->d[k] = a->d[k];
    else if (OxIsReal(to))
      o->d[k] = (double)a->i[k];
    else if (!OxIsReal(a->type))
      o->i[k] = a->i[k];
    else if (to == EDDY_ONNX_BOOL)
      o->i[k] = a->d[k] != 0;
    else
      o->i[k] = fabs(a->d[k]) < 9.2e18 ? (int64_t)a->d[k] : INT64_MIN;
  PetscFunctionReturn(PETSC_SUCCESS);
}
