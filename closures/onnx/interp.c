/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs nodes in file order; used with data (EddyOnnxRun), with constants only (folding) and without data (shapes). */
#include "onnx_impl.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

static void Printable(char *s)
{
  for (; *s; ++s)
    if ((unsigned char)*s < ' ' || *s == 127)
      *s = '?';
}

PetscErrorCode OxRaise(MPI_Comm comm, const char *format, ...)
{
  char text[1024];
  va_list ap;

  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  Printable(text);
  SETERRQ(comm, EDDY_ERR_INPUT, "%s", text);
}

PetscErrorCode OxFail(const OxExec *x, const char *format, ...)
{
  char why[512];
  va_list ap;

  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  return OxRaise(x->m->comm, "%.300s: node %d '%.100s' (%s, opset %d): %s", x->m->label,
                 (int)(x->node - x->m->node), x->node->name, x->node->op->name, x->m->opset, why);
}

PetscErrorCode OxExecCreate(EddyOnnxModel m, PetscBool f64, PetscBool shapes, OxExec *x)
{
  PetscFunctionBeginUser;
  memset(x, 0, sizeof(*x));
  x->m = m;
  x->f64 = f64;
  x->shapes = shapes;
  x->limit = shapes ? (size_t)512 << 20 : m->max_bytes;
  PetscCall(PetscCalloc1(m->nvalue + 1, &x->v));
  for (int k = 0; k < m->nvalue; ++k)
    if (m->value[k].constant)
      x->v[k] = m->value[k].t; /* borrowed */
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxTensorFree(OxExec *x, OxTensor *t)
{
  if (t->p)
    x->live -= (size_t)PetscMax(1, t->n) * 8;
  free(t->p);
  t->p = NULL;
  return PETSC_SUCCESS;
}

PetscErrorCode OxExecDestroy(OxExec *x)
{
  PetscFunctionBeginUser;
  for (int k = 0; x->v && k < x->m->nvalue; ++k)
    if (!x->m->value[k].constant)
      PetscCall(OxTensorFree(x, &x->v[k]));
  while (x->nscratch > 0)
    free(x->scratch[--x->nscratch]);
  PetscCall(PetscFree(x->v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Allocate(OxExec *x, int64_t count, size_t size, void **p)
{
  OxCheck(count >= 0 && (size_t)count <= (x->limit - PetscMin(x->live, x->limit)) / size, x,
          "needs more than %zu MiB of memory", x->limit >> 20);
  *p = calloc((size_t)PetscMax(1, count), size);
  OxCheck(*p, x, "out of memory");
  return PETSC_SUCCESS;
}

PetscErrorCode OxScratch(OxExec *x, int64_t count, size_t size, void *p)
{
  PetscFunctionBeginUser;
  OxCheck(x->nscratch < OX_SCRATCH, x, "too many work arrays");
  PetscCall(Allocate(x, count, size, (void **)p));
  x->scratch[x->nscratch++] = *(void **)p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOut(OxExec *x, int k, EddyOnnxType type, int rank, const int64_t dims[],
                     OxTensor **t)
{
  PetscFunctionBeginUser;
  *t = NULL;
  if (k >= x->node->nout || x->node->out[k] < 0)
    PetscFunctionReturn(PETSC_SUCCESS);
  OxTensor *o = &x->v[x->node->out[k]];
  OxCheck(rank <= OX_RANK, x, "its result has rank %d, at most %d is handled", rank, (int)OX_RANK);
  OxCheck(!o->p, x, "writes the value '%s' twice", x->m->value[x->node->out[k]].name);
  o->type = type;
  o->rank = rank;
  for (int d = 0; d < rank; ++d) {
    OxCheck(dims[d] >= 0, x, "extent %d of its result would be %lld", d, (long long)dims[d]);
    o->dims[d] = dims[d];
  }
  o->n = OxProduct(rank, dims);
  OxCheck(o->n >= 0, x, "its result is too large");
  if (x->shapes && o->n > OX_FOLD_ONE)
    x->compute = PETSC_FALSE;
  if (x->compute) {
    PetscCall(Allocate(x, o->n, 8, &o->p));
    x->live += (size_t)PetscMax(1, o->n) * 8;
  }
  *t = o;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxRunNode(OxExec *x, const OxNode *n)
{
  PetscFunctionBeginUser;
  x->node = n;
  x->compute = (PetscBool) !(x->shapes && n->op->cost == OX_HEAVY);
  for (int k = 0; k < n->nin; ++k)
    if (OxIn(x, k) && !OxIn(x, k)->p && n->op->cost != OX_SHAPE)
      x->compute = PETSC_FALSE;
  PetscCall(n->op->Run(x));
  while (x->nscratch > 0)
    free(x->scratch[--x->nscratch]);
  for (int k = 0; k < n->nout; ++k) {
    if (n->out[k] < 0)
      continue;
    OxTensor *t = &x->v[n->out[k]];
    OxCheck(t->type, x, "does not make its output %d", k);
    OxRound(t, x->f64);
    if (!x->compute)
      PetscCall(OxTensorFree(x, t));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxWork(const OxExec *x, double products)
{
  OxCheck(products <= x->m->max_work, x, "would take %.3g products, at most %.3g are allowed",
          products, x->m->max_work);
  return PETSC_SUCCESS;
}

PetscErrorCode OxKnown(OxExec *x, int k)
{
  x->blocked = (PetscBool)!OxIn(x, k)->p;
  OxCheck(!x->blocked, x, "its shape depends on the data of '%s'",
          x->m->value[x->node->in[k]].name);
  return PETSC_SUCCESS;
}

PetscErrorCode OxInts(OxExec *x, int k, int64_t *n, const int64_t **p)
{
  const OxTensor *t = OxIn(x, k);

  PetscFunctionBeginUser;
  *n = 0;
  *p = NULL;
  if (!t)
    PetscFunctionReturn(PETSC_SUCCESS);
  OxCheck(!OxIsReal(t->type), x, "input %d must be integer, it is %s", k,
          EddyOnnxTypeName(t->type));
  OxCheck(t->rank <= 1, x, "input %d must be a list, it has rank %d", k, t->rank);
  PetscCall(OxKnown(x, k));
  *n = t->n;
  *p = t->i;
  PetscFunctionReturn(PETSC_SUCCESS);
}

const OxAttr *OxGetAttr(const OxNode *n, const char *name)
{
  for (int k = 0; k < n->nattr; ++k)
    if (!strcmp(n->attr[k].name, name))
      return &n->attr[k];
  return NULL;
}
int64_t OxInt(const OxExec *x, const char *name, int64_t dflt)
{
  const OxAttr *a = OxGetAttr(x->node, name);
  return a ? a->i : dflt;
}
double OxReal(const OxExec *x, const char *name, double dflt)
{
  const OxAttr *a = OxGetAttr(x->node, name);
  return a ? a->f : dflt;
}
const char *OxString(const OxExec *x, const char *name, const char *dflt)
{
  const OxAttr *a = OxGetAttr(x->node, name);
  return a && a->s ? a->s : dflt;
}
static const int64_t empty_list[1] = {0};
const int64_t *OxIntList(const OxExec *x, const char *name, int64_t *n)
{
  const OxAttr *a = OxGetAttr(x->node, name);
  *n = a ? a->nints : 0;
  return a ? (a->ints ? a->ints : empty_list) : NULL;
}

PetscErrorCode OxListOrInput(OxExec *x, const char *name, int k, int64_t *n, const int64_t **p)
{
  PetscFunctionBeginUser;
  *p = OxIntList(x, name, n);
  if (!*p)
    PetscCall(OxInts(x, k, n, p));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxAxis(OxExec *x, int64_t axis, int rank, int *out)
{
  OxCheck(axis >= -rank && axis < rank, x, "axis %lld is outside a tensor of rank %d",
          (long long)axis, rank);
  *out = (int)(axis < 0 ? axis + rank : axis);
  return PETSC_SUCCESS;
}

PetscErrorCode OxBroadcast(OxExec *x, int nop, const OxTensor *const op[], OxCast *c)
{
  PetscFunctionBeginUser;
  memset(c, 0, sizeof(*c));
  c->nop = nop;
  for (int k = 0; k < nop; ++k)
    c->rank = PetscMax(c->rank, op[k]->rank);
  for (int d = 0; d < c->rank; ++d) {
    c->dims[d] = 1;
    for (int k = 0; k < nop; ++k) {
      const int e = d - (c->rank - op[k]->rank);
      if (e < 0 || op[k]->dims[e] == 1)
        continue;
      OxCheck(c->dims[d] == 1 || c->dims[d] == op[k]->dims[e], x,
              "shapes cannot be combined: extents %lld and %lld", (long long)c->dims[d],
              (long long)op[k]->dims[e]);
      c->dims[d] = op[k]->dims[e];
    }
  }
  for (int k = 0; k < nop; ++k) {
    int64_t s[OX_RANK];
    OxStrides(op[k]->rank, op[k]->dims, s);
    for (int e = 0; e < op[k]->rank; ++e)
      c->stride[k][e + c->rank - op[k]->rank] = op[k]->dims[e] == 1 ? 0 : s[e];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- a run ---- */

static PetscErrorCode Bind(OxExec *x, int k, const EddyTensor *t)
{
  EddyOnnxModel m = x->m;
  const OxValue *v = &m->value[m->input[k]];
  OxTensor *o = &x->v[m->input[k]];
  char what[256];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(what, sizeof(what), "%.150s: input '%.60s'", m->label, v->name));
  OxRequire(t->type == v->t.type || (x->f64 && t->type == EDDY_ONNX_DOUBLE && OxIsReal(v->t.type)),
            m->comm, "%s is %s, not %s", what, EddyOnnxTypeName(v->t.type),
            EddyOnnxTypeName(t->type));
  OxRequire(v->t.rank < 0 || t->rank == v->t.rank, m->comm, "%s has rank %d, not %d", what,
            v->t.rank, t->rank);
  for (int d = 0; d < v->t.rank; ++d)
    OxRequire(m->input_dims[k][d] < 0 || m->input_dims[k][d] == t->dims[d], m->comm,
              "%s: extent %d is %lld, not %lld", what, d, (long long)m->input_dims[k][d],
              (long long)t->dims[d]);
  if (x->shapes) {
    memset(o, 0, sizeof(*o));
    o->type = v->t.type;
    o->rank = t->rank;
    memcpy(o->dims, t->dims, sizeof(o->dims));
    o->n = EddyTensorCount(t);
    OxRequire(o->n >= 0, m->comm, "%s: shape is not possible", what);
  } else {
    PetscCall(OxTensorCopyIn(m->comm, what, t, o));
    x->live += (size_t)PetscMax(1, o->n) * 8;
    o->type = v->t.type;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A symbol has one value in all inputs. */
static PetscErrorCode CheckSymbols(OxExec *x)
{
  EddyOnnxModel m = x->m;
  int64_t value[OX_SYMBOLS];

  PetscFunctionBeginUser;
  for (int s = 0; s < m->nsymbol; ++s)
    value[s] = -1;
  for (int k = 0; k < m->ninput; ++k)
    for (int d = 0; d < m->value[m->input[k]].t.rank; ++d) {
      const int64_t s = -1 - m->input_dims[k][d], n = x->v[m->input[k]].dims[d];
      if (s < 0)
        continue;
      OxRequire(value[s] < 0 || value[s] == n, m->comm,
                "%s: extent '%s' is %lld in one input and %lld in another", m->label, m->symbol[s],
                (long long)value[s], (long long)n);
      value[s] = n;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Run(OxExec *x, int ninput, const EddyTensor inputs[])
{
  EddyOnnxModel m = x->m;

  PetscFunctionBeginUser;
  for (int k = 0; k < ninput; ++k)
    PetscCall(Bind(x, k, &inputs[k]));
  PetscCall(CheckSymbols(x));
  for (int k = 0; k < m->nnode; ++k) {
    const OxNode *n = &m->node[k];
    if (n->folded)
      continue;
    PetscCall(OxRunNode(x, n));
    for (int i = 0; i < n->nin; ++i)
      if (n->in[i] >= 0 && !m->value[n->in[i]].constant && m->value[n->in[i]].last_use <= k)
        PetscCall(OxTensorFree(x, &x->v[n->in[i]]));
    for (int i = 0; i < n->nout; ++i)
      if (n->out[i] >= 0 && m->value[n->out[i]].last_use < 0)
        PetscCall(OxTensorFree(x, &x->v[n->out[i]]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Whole(OxExec *x, int ninput, const EddyTensor inputs[], int noutput,
                            EddyTensor outputs[])
{
  EddyOnnxModel m = x->m;

  PetscFunctionBeginUser;
  PetscCall(Run(x, ninput, inputs));
  for (int k = 0; k < noutput; ++k) {
    const OxTensor *t = &x->v[m->output[k]];
    if (!x->shapes) {
      PetscCall(OxTensorCopyOut(t, x->f64, &outputs[k]));
      continue;
    }
    outputs[k].type = t->type;
    outputs[k].rank = t->rank;
    memcpy(outputs[k].dims, t->dims, sizeof(t->dims));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Evaluate(EddyOnnxModel m, PetscBool f64, PetscBool shapes, int ninput,
                               const EddyTensor inputs[], int noutput, EddyTensor outputs[])
{
  OxExec x;

  PetscFunctionBeginUser;
  OxRequire(ninput == m->ninput && noutput == m->noutput, m->comm,
            "%s: has %d inputs and %d outputs, not %d and %d", m->label, m->ninput, m->noutput,
            ninput, noutput);
  memset(outputs, 0, (size_t)noutput * sizeof(*outputs));
  PetscCall(OxExecCreate(m, f64, shapes, &x));
  const PetscErrorCode ierr = Whole(&x, ninput, inputs, noutput, outputs);
  PetscCall(OxExecDestroy(&x));
  if (ierr)
    for (int k = 0; k < noutput; ++k)
      PetscCall(EddyTensorDestroy(&outputs[k]));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxRun(EddyOnnxModel m, PetscBool f64, int ninput, const EddyTensor inputs[],
                           int noutput, EddyTensor outputs[])
{
  PetscFunctionBeginUser;
  PetscCall(Evaluate(m, f64, PETSC_FALSE, ninput, inputs, noutput, outputs));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxInferShapes(EddyOnnxModel m, int ninput, const EddyTensor inputs[],
                                   int noutput, EddyTensor outputs[])
{
  PetscFunctionBeginUser;
  PetscCall(Evaluate(m, PETSC_FALSE, PETSC_TRUE, ninput, inputs, noutput, outputs));
  PetscFunctionReturn(PETSC_SUCCESS);
}
