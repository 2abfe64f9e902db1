/* SPDX-License-Identifier: BSD-3-Clause */
/* What each node means when the grid is spread over ranks, and whether the whole network can be. */
#include "places.h"
#include <stdio.h>

const char *const EddyOnnxClassNames[] = {"constant", "pointwise", "stencil",
                                          "wrap",     "reduction", "global"};

static void StartPlace(OxPlan *p)
{
  for (int k = 0; k < p->m->nvalue; ++k) {
    p->place[k].from = -1;
    for (int a = 0; a < 3; ++a)
      p->place[k].num[a] = p->place[k].den[a] = 1;
    for (int d = 0; d < OX_RANK; ++d)
      p->place[k].tag[d] = OX_CHANNEL;
  }
  for (int k = 0; k < p->m->ninput; ++k) {
    const OxTensor *t = OxPlanTensor(p, p->m->input[k]);
    OxPlace *o = &p->place[p->m->input[k]];
    o->field = PETSC_TRUE;
    if (t->rank > 0)
      o->tag[0] = OX_BATCH;
    for (int d = 2; d < t->rank && d < 5; ++d) {
      o->tag[d] = d - 2;
      if (k == 0)
        p->n[d - 2] = t->dims[d], p->dim = d - 1;
    }
  }
}

/* The largest element of the finest grids each rank must hold whole. */
static void Align(OxPlan *p, EddyOnnxSummary *s)
{
  for (int a = 0; a < 3; ++a) {
    s->align[a] = 1;
    for (int k = 0; k < p->m->nvalue; ++k)
      if (p->place[k].field && !p->place[k].lost && p->place[k].num[a] % p->place[k].den[a] == 0)
        s->align[a] = (int)PetscMax(s->align[a], p->place[k].num[a] / p->place[k].den[a]);
  }
}

/* Slices that only feed periodic windows are part of them. */
static void MarkSlices(EddyOnnxModel m)
{
  for (int k = m->nnode - 1; k >= 0; --k) {
    PetscBool all = PETSC_TRUE;
    const int v = m->node[k].out[0];
    if (strcmp(m->node[k].op->name, "Slice") || m->info[k].klass != EDDY_ONNX_POINTWISE || v < 0 ||
        m->value[v].last_use <= k || m->value[v].last_use >= m->nnode)
      continue;
    for (int j = k + 1; j <= m->value[v].last_use; ++j)
      for (int i = 0; i < m->node[j].nin; ++i)
        all = (PetscBool)(all && (m->node[j].in[i] != v || m->info[j].klass == EDDY_ONNX_WRAP));
    if (all)
      m->info[k].klass = EDDY_ONNX_WRAP;
  }
}

static void Conclude(OxPlan *p, EddyOnnxSummary *s)
{
  EddyOnnxModel m = p->m;
  s->dim = p->dim;
  s->zero_padding = p->zero;
  s->distributable = PETSC_TRUE;
  Align(p, s);
  for (int k = 0; k < m->nnode; ++k) {
    s->reductions = (PetscBool)(s->reductions || m->info[k].klass == EDDY_ONNX_REDUCTION);
    if (m->info[k].klass == EDDY_ONNX_GLOBAL && s->distributable) {
      s->distributable = PETSC_FALSE;
      snprintf(s->reason, sizeof(s->reason), "node %d '%.60s' (%s): %.100s", k, m->info[k].name,
               m->info[k].op, m->info[k].reason);
    }
  }
  for (int k = 0; k < m->noutput && s->distributable; ++k) {
    const OxPlace *o = &p->place[m->output[k]];
    const OxTensor *t = OxPlanTensor(p, m->output[k]);
    int axes = 0;
    for (int d = 0; d < t->rank; ++d)
      axes += o->tag[d] >= 0;
    for (int a = 0; a < p->dim; ++a) {
      s->halo[a][0] = (int)PetscMax(s->halo[a][0], o->reach[a][0]);
      s->halo[a][1] = (int)PetscMax(s->halo[a][1], o->reach[a][1]);
      if (axes != p->dim || o->lo[a] || o->hi[a] || o->num[a] != o->den[a]) {
        s->distributable = PETSC_FALSE;
        snprintf(s->reason, sizeof(s->reason),
                 "output '%.60s' is not on the grid of the input along %c",
                 m->value[m->output[k]].name, "xyz"[a]);
      }
    }
  }
}

PetscErrorCode OxClassify(EddyOnnxModel m, const OxExec *x)
{
  OxPlan p = {.m = m, .x = x};

  PetscFunctionBeginUser;
  memset(&m->summary, 0, sizeof(m->summary));
  for (int k = 0; k < m->nnode; ++k) {
    memset(&m->info[k], 0, sizeof(m->info[k]));
    m->info[k].name = m->node[k].name;
    m->info[k].op = m->node[k].op->name;
    m->info[k].klass = EDDY_ONNX_GLOBAL;
  }
  if (!x) {
    PetscCall(PetscSNPrintf(m->summary.reason, sizeof(m->summary.reason),
                            "shapes depend on the data of an input"));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(PetscCalloc1(m->nvalue + 1, &p.place));
  StartPlace(&p);
  for (int k = 0; k < m->nnode; ++k) {
    p.node = &m->node[k];
    OxPlaceNode(&p, &m->info[k]);
    if (p.wrong) {
      OxExec at = *x;
      at.node = p.node;
      PetscCall(PetscFree(p.place));
      PetscCall(OxFail(&at,
                       "joins slices that skip the cell at the periodic edge: the wrong circular "
                       "padding of older exporters. Export with the padding written out"));
    }
  }
  MarkSlices(m);
  Conclude(&p, &m->summary);
  PetscCall(PetscFree(p.place));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxGetNode(EddyOnnxModel m, int k, EddyOnnxNodeInfo *info)
{
  PetscFunctionBeginUser;
  OxRequire(k >= 0 && k < m->nnode, m->comm, "%s: no node %d", m->label, k);
  *info = m->info[k];
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxGetSummary(EddyOnnxModel m, EddyOnnxSummary *s)
{
  PetscFunctionBeginUser;
  *s = m->summary;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxClassify(EddyOnnxModel m, const char *engine, FILE *out)
{
  const EddyOnnxSummary *s = &m->summary;
  EddyOnnxPort port;

  PetscFunctionBeginUser;
  fprintf(out, "%s: opset %d, %d nodes, %lld parameters\n", m->label, m->opset, m->nnode,
          (long long)m->parameters);
  for (int k = 0; k < m->ninput + m->noutput; ++k) {
    if (k < m->ninput)
      PetscCall(EddyOnnxGetInput(m, k, &port));
    else
      PetscCall(EddyOnnxGetOutput(m, k - m->ninput, &port));
    fprintf(out, "  %-7s %-24s %-8s %s\n", k < m->ninput ? "input" : "output", port.name,
            EddyOnnxTypeName(port.type), port.text);
  }
  fprintf(out, "  %4s  %-22s %-10s %-10s %-20s %s\n", "node", "operator", "class", "engine", "halo",
          "remark");
  for (int k = 0; k < m->nnode; ++k) {
    const EddyOnnxNodeInfo *i = &m->info[k];
    char halo[64] = "";
    size_t n = 0;
    if (i->klass == EDDY_ONNX_CONSTANT)
      continue;
    for (int a = 0; a < s->dim; ++a)
      if (i->halo[a][0] || i->halo[a][1])
        n += (size_t)snprintf(halo + n, sizeof(halo) - n, "%s%c %d+%d", n ? ", " : "", "xyz"[a],
                              i -> halo[a][0], i -> halo[a][1]);
    fprintf(out, "  %4d  %-22s %-10s %-10s %-20s %s\n", k, i->op, EddyOnnxClassNames[i->klass],
            engine, halo, i->reason);
  }
  if (s->distributable)
    fprintf(out, "  any number of ranks: yes%s%s, halo",
            s->reductions ? ", with sums over space" : "",
            s->zero_padding ? ", with face rules of its own" : "");
  else if (strcmp(engine, "fast")) /* that one shares what it takes */
    fprintf(out, "  any number of ranks: no: %s\n", s->reason);
  for (int a = 0; a < s->dim && s->distributable; ++a)
    fprintf(out, "%s %c %d+%d", a ? "," : "", "xyz"[a], s -> halo[a][0], s -> halo[a][1]);
  if (s->distributable)
    fprintf(out, "%s\n", s->dim ? "" : " 0");
  PetscFunctionReturn(PETSC_SUCCESS);
}
