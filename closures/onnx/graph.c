/* SPDX-License-Identifier: BSD-3-Clause */
/* Constant folding and shape inference. Operators know their shapes for given extents only; symbolic extents are found by
   running the graph without data at probe sizes: once at a base size, once per symbol with that symbol larger by OX_PROBE. The difference is the
   slope, so an extent prints as "H", "H + 2" or "H/2". Chains of Shape, Gather, Concat that feed Reshape or Pad are evaluated
   in the same pass, since integer tensors keep their data. */
#include "onnx_impl.h"
#include <stdio.h>
#include <stdlib.h>

static PetscErrorCode FoldNode(OxExec *x, OxNode *n)
{
  EddyOnnxModel m = x->m;

  PetscFunctionBeginUser;
  if (n->op->cost != OX_LIGHT)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; k < n->nin; ++k)
    if (n->in[k] >= 0 && !m->value[n->in[k]].constant)
      PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OxRunNode(x, n));
  if (!x->compute)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; k < n->nout; ++k)
    m->folded += n->out[k] >= 0 ? x->v[n->out[k]].n : 0;
  OxCheck(m->folded <= OX_FOLD_ALL, x, "constants of the graph grow beyond 2^24 elements");
  n->folded = PETSC_TRUE;
  for (int k = 0; k < n->nout; ++k)
    if (n->out[k] >= 0) {
      m->value[n->out[k]].t = x->v[n->out[k]];
      m->value[n->out[k]].constant = PETSC_TRUE;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxFold(EddyOnnxModel m)
{
  OxExec x;
  PetscErrorCode ierr = PETSC_SUCCESS;

  PetscFunctionBeginUser;
  PetscCall(OxExecCreate(m, PETSC_TRUE, PETSC_TRUE, &x)); /* constants stay exact for f64 */
  for (int k = 0; k < m->nnode && !ierr; ++k)
    ierr = FoldNode(&x, &m->node[k]);
  PetscCall(OxExecDestroy(&x));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Base sizes: 2 for what looks like a batch, else multiples of 64 that differ (so that no two axes match by chance) or are equal. */
static void Sizes(EddyOnnxModel m, PetscBool equal, int64_t size[])
{
  for (int s = 0; s < m->nsymbol; ++s)
    size[s] = OX_PROBE * (equal ? 1 : s + 1);
  for (int k = 0; k < m->ninput; ++k)
    if (m->value[m->input[k]].t.rank >= 3 && m->input_dims[k][0] < 0)
      size[-1 - m->input_dims[k][0]] = 2;
}

/* Runs the graph without data; all values stay. */
static PetscErrorCode Probe(EddyOnnxModel m, const int64_t size[], OxExec *x)
{
  PetscFunctionBeginUser;
  for (int k = 0; k < m->ninput; ++k) {
    OxTensor *t = &x->v[m->input[k]];
    memset(t, 0, sizeof(*t));
    t->type = m->value[m->input[k]].t.type;
    t->rank = m->value[m->input[k]].t.rank;
    for (int d = 0; d < t->rank; ++d)
      t->dims[d] = m->input_dims[k][d] >= 0 ? m->input_dims[k][d] : size[-1 - m->input_dims[k][d]];
    t->n = OxProduct(t->rank, t->dims);
    OxRequire(t->n >= 0, m->comm, "%s: input '%.100s' is too large", m->label,
              m->value[m->input[k]].name);
  }
  for (int k = 0; k < m->nnode; ++k)
    if (!m->node[k].folded)
      PetscCall(OxRunNode(x, &m->node[k]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Base(EddyOnnxModel m, const int64_t size[], PetscBool *blocked)
{
  OxExec x;

  PetscFunctionBeginUser;
  PetscCall(OxExecCreate(m, PETSC_FALSE, PETSC_TRUE, &x));
  PetscErrorCode ierr = Probe(m, size, &x);
  for (int k = 0; k < m->nvalue && !ierr; ++k)
    if (!m->value[k].constant) {
      m->value[k].t = x.v[k];
      m->value[k].t.p = NULL;
    }
  *blocked = (PetscBool)(ierr && x.blocked);
  m->inferred = (PetscBool)!ierr;
  if (!ierr)
    ierr = OxClassify(m, &x);
  PetscCall(OxExecDestroy(&x));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Slope(EddyOnnxModel m, const int64_t base[], int s)
{
  int64_t size[OX_SYMBOLS];
  OxExec x;

  PetscFunctionBeginUser;
  memcpy(size, base, sizeof(size));
  size[s] += OX_PROBE;
  PetscCall(OxExecCreate(m, PETSC_FALSE, PETSC_TRUE, &x));
  const PetscErrorCode ierr = Probe(m, size, &x);
  for (int k = 0; k < m->nvalue && !ierr; ++k)
    for (int d = 0; !m->value[k].constant && d < m->value[k].t.rank; ++d)
      m->value[k].slope[s][d] = x.v[k].dims[d] - m->value[k].t.dims[d];
  PetscCall(OxExecDestroy(&x));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxInfer(EddyOnnxModel m)
{
  int64_t size[OX_SYMBOLS] = {0};
  PetscBool blocked = PETSC_FALSE;
  PetscErrorCode ierr = PETSC_SUCCESS;

  PetscFunctionBeginUser;
  for (int k = 0; k < m->ninput; ++k)
    OxRequire(m->value[m->input[k]].t.rank >= 0, m->comm, "%s: input '%.100s' has no shape",
              m->label, m->value[m->input[k]].name);
  /* silent at first: a network may ask for equal extents, or take shapes from its inputs */
  for (int equal = 0; equal < 2 && !m->inferred && !blocked; ++equal) {
    Sizes(m, (PetscBool)equal, size);
    PetscCall(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
    ierr = Base(m, size, &blocked);
    PetscCall(PetscPopErrorHandler());
  }
  if (blocked) {
    PetscCall(OxClassify(m, NULL));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (ierr)
    PetscCall(Base(m, size, &blocked));
  PetscCall(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
  for (int s = 0; s < m->nsymbol; ++s) /* symbols that cannot grow alone print as the base size */
    (void)!Slope(m, size, s);
  PetscCall(PetscPopErrorHandler());
  memcpy(m->probe, size, sizeof(size));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- ports ---- */

PetscErrorCode EddyOnnxSetLimits(EddyOnnxModel m, size_t bytes, double work)
{
  m->max_bytes = bytes;
  m->max_work = work;
  return PETSC_SUCCESS;
}

int EddyOnnxInputCount(EddyOnnxModel m) { return m->ninput; }
int EddyOnnxOutputCount(EddyOnnxModel m) { return m->noutput; }
int EddyOnnxOpset(EddyOnnxModel m) { return m->opset; }
int EddyOnnxNodeCount(EddyOnnxModel m) { return m->nnode; }
int64_t EddyOnnxParameterCount(EddyOnnxModel m) { return m->parameters; }

/* base + sum slope/64 (symbol - probe) as text. */
static void Extent(EddyOnnxModel m, const OxValue *v, int d, char *text, size_t size)
{
  int64_t rest = v->t.dims[d];
  size_t n = 0;
  text[0] = 0;
  for (int s = 0; s < m->nsymbol; ++s) {
    const int64_t k = v->slope[s][d];
    if (!k)
      continue;
    rest -= k * m->probe[s] / OX_PROBE;
    int up = (int)k, down = OX_PROBE;
    while (up % 2 == 0 && down > 1)
      up /= 2, down /= 2;
    if (up != 1)
      n += (size_t)snprintf(text + n, size - n, "%s%d %.20s", n ? " + " : "", up, m->symbol[s]);
    else
      n += (size_t)snprintf(text + n, size - n, "%s%.20s", n ? " + " : "", m->symbol[s]);
    if (down > 1 && n < size)
      n += (size_t)snprintf(text + n, size - n, "/%d", down);
    if (n >= size)
      return;
  }
  if (!n)
    snprintf(text, size, "%lld", (long long)rest);
  else if (rest)
    snprintf(text + n, size - n, " %c %lld", rest < 0 ? '-' : '+', (long long)llabs(rest));
}

static void Port(EddyOnnxModel m, int id, const int64_t dims[], EddyOnnxPort *p)
{
  const OxValue *v = &m->value[id];
  size_t n = 1;
  memset(p, 0, sizeof(*p));
  p->name = v->name;
  p->type = v->t.type;
  p->rank = v->t.rank;
  p->text[0] = '[';
  for (int d = 0; d < v->t.rank; ++d) {
    char one[96];
    p->dims[d] = dims ? dims[d] : v->t.dims[d];
    Extent(m, v, d, one, sizeof(one));
    n += (size_t)snprintf(p->text + n, sizeof(p->text) - n, "%s%.28s", d ? ", " : "", one);
  }
  snprintf(p->text + n, sizeof(p->text) - n, "]");
}

PetscErrorCode EddyOnnxGetInput(EddyOnnxModel m, int k, EddyOnnxPort *p)
{
  PetscFunctionBeginUser;
  OxRequire(k >= 0 && k < m->ninput, m->comm, "%s: no input %d", m->label, k);
  Port(m, m->input[k], m->input_dims[k], p);
  PetscFunctionReturn(PETSC_SUCCESS);
}
PetscErrorCode EddyOnnxGetOutput(EddyOnnxModel m, int k, EddyOnnxPort *p)
{
  PetscFunctionBeginUser;
  OxRequire(k >= 0 && k < m->noutput, m->comm, "%s: no output %d", m->label, k);
  Port(m, m->output[k], NULL, p);
  PetscFunctionReturn(PETSC_SUCCESS);
}
