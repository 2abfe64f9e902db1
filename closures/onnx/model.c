/* SPDX-License-Identifier: BSD-3-Clause */
/* From the bytes of a file to a graph: every field is checked here once, so that the rest may trust it. */
#include "options.h"
#include "proto.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static const char *Text(const char *s) { return s ? s : ""; }

/* Memory that the model owns and that errors may leave half filled: plain calloc, freed by EddyOnnxDestroy. */
static PetscErrorCode New(MPI_Comm comm, size_t n, size_t size, void *p)
{
  *(void **)p = calloc(n ? n : 1, size);
  PetscCheck(*(void **)p, comm, PETSC_ERR_MEM, "out of memory");
  return PETSC_SUCCESS;
}
static PetscErrorCode Copy(MPI_Comm comm, const char *s, char **copy)
{
  PetscFunctionBeginUser;
  PetscCall(New(comm, strlen(Text(s)) + 1, 1, copy));
  strcpy(*copy, Text(s));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- values ---- */

static unsigned Hash(const char *s)
{
  unsigned h = 2166136261u;
  for (; *s; ++s)
    h = (h ^ (unsigned char)*s) * 16777619u;
  return h;
}

static int Slot(EddyOnnxModel m, const char *name)
{
  unsigned h = Hash(name);
  for (;; ++h) {
    const int k = (int)(h & (unsigned)(m->ntable - 1));
    if (m->table[k] < 0 || !strcmp(m->value[m->table[k]].name, name))
      return k;
  }
}
int OxFindValue(EddyOnnxModel m, const char *name) { return m->table[Slot(m, name)]; }

static PetscErrorCode AddValue(EddyOnnxModel m, const char *name, int producer, int *id)
{
  PetscFunctionBeginUser;
  OxValue *v = &m->value[m->nvalue];
  v->producer = producer;
  v->last_use = -1;
  PetscCall(Copy(m->comm, name, &v->name));
  m->table[Slot(m, name)] = *id = m->nvalue++;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Initializers(EddyOnnxModel m, const Onnx__GraphProto *g)
{
  char what[EDDY_MAX_PATH];

  PetscFunctionBeginUser;
  OxRequire(g->n_sparse_initializer == 0, m->comm, "%s: sparse weights are not handled", m->label);
  for (size_t k = 0; k < g->n_initializer; ++k) {
    const Onnx__TensorProto *t = g->initializer[k];
    int id;
    PetscCall(
        PetscSNPrintf(what, sizeof(what), "%.400s: weight '%.100s'", m->label, Text(t->name)));
    OxRequire(OxFindValue(m, Text(t->name)) < 0, m->comm, "%s comes twice", what);
    PetscCall(AddValue(m, Text(t->name), -1, &id));
    PetscCall(OxDecode(m->comm, what, t, &m->value[id].t));
    m->value[id].constant = PETSC_TRUE;
    if (OxIsReal(m->value[id].t.type))
      m->parameters += m->value[id].t.n;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Number of a symbolic extent; unnamed ones are each their own. */
static PetscErrorCode Symbol(EddyOnnxModel m, const char *given, int input, int d, int *s)
{
  char name[EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  if (given && *given)
    PetscCall(PetscStrncpy(name, given, sizeof(name)));
  else
    PetscCall(PetscSNPrintf(name, sizeof(name), "n%d_%d", input, d));
  for (*s = 0; *s < m->nsymbol; ++*s)
    if (!strcmp(m->symbol[*s], name))
      PetscFunctionReturn(PETSC_SUCCESS);
  OxRequire(m->nsymbol < OX_SYMBOLS, m->comm, "%s: more than %d symbolic extents", m->label,
            (int)OX_SYMBOLS);
  PetscCall(Copy(m->comm, name, &m->symbol[m->nsymbol++]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode TensorType(EddyOnnxModel m, const char *what, const Onnx__ValueInfoProto *v,
                                 const Onnx__TypeProto__Tensor **t)
{
  PetscFunctionBeginUser;
  OxRequire(v->type && v->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE &&
                v->type->tensor_type,
            m->comm, "%s: %s '%.100s' is not a tensor", m->label, what, Text(v->name));
  *t = v->type->tensor_type;
  OxRequire(EddyOnnxTypeSize((EddyOnnxType)(*t)->elem_type), m->comm,
            "%s: %s '%.100s' is a tensor of %s: not handled", m->label, what, Text(v->name),
            EddyOnnxTypeName((EddyOnnxType)(*t)->elem_type));
  OxRequire(!(*t)->shape || (*t)->shape->n_dim <= OX_RANK, m->comm,
            "%s: %s '%.100s' has rank %zu, at most %d is handled", m->label, what, Text(v->name),
            (*t)->shape->n_dim, (int)OX_RANK);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Inputs(EddyOnnxModel m, const Onnx__GraphProto *g)
{
  PetscFunctionBeginUser;
  for (size_t k = 0; k < g->n_input; ++k) {
    const Onnx__ValueInfoProto *v = g->input[k];
    const Onnx__TypeProto__Tensor *t;
    const int weight = OxFindValue(m, Text(v->name));
    int id;
    OxRequire(weight < 0 || m->value[weight].producer == -1, m->comm,
              "%s: input '%.100s' comes twice", m->label, Text(v->name));
    if (weight >= 0)
      continue; /* a weight that older files list again */
    PetscCall(TensorType(m, "input", v, &t));
    PetscCall(AddValue(m, Text(v->name), -2, &id));
    OxTensor *o = &m->value[id].t;
    o->type = (EddyOnnxType)t->elem_type;
    o->rank = t->shape ? (int)t->shape->n_dim : -1;
    for (int d = 0; d < o->rank; ++d) {
      const Onnx__TensorShapeProto__Dimension *e = t->shape->dim[d];
      int s = 0;
      if (e->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE) {
        OxRequire(e->dim_value >= 0 && e->dim_value < ((int64_t)1 << 40), m->comm,
                  "%s: input '%.100s' has extent %lld", m->label, Text(v->name),
                  (long long)e->dim_value);
        m->input_dims[m->ninput][d] = e->dim_value;
        continue;
      }
      PetscCall(Symbol(m,
                       e->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
                           ? e->dim_param
                           : NULL,
                       m->ninput, d, &s));
      m->input_dims[m->ninput][d] = -1 - s;
    }
    m->input[m->ninput++] = id;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- nodes ---- */

/* Kind of an attribute by its name; a wrong kind would be read as zero. */
static int KindOf(const char *op, const char *name)
{
  static const struct {
    const char *names;
    int kind;
  } table[] = {
      {" alpha beta gamma epsilon momentum min max cubic_coeff_a extrapolation_value value_float ",
       ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT},
      {" auto_pad mode reduction equation coordinate_transformation_mode nearest_mode approximate "
       "keep_aspect_ratio_policy ",
       ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING},
      {" axes dilations kernel_shape pads strides output_padding output_shape perm split starts "
       "ends value_ints ",
       ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS},
      {" value_floats ", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS},
      {" value ", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR},
  };
  char word[EDDY_MAX_NAME];
  snprintf(word, sizeof(word), " %s ", name);
  if (!strcmp(op, "Pad") && !strcmp(name, "value"))
    return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
  for (size_t k = 0; k < sizeof(table) / sizeof(*table); ++k)
    if (strstr(table[k].names, word))
      return table[k].kind;
  return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
}

static PetscBool Listed(const char *list, const char *word)
{
  const size_t n = strlen(word);
  for (const char *p = strstr(list, word); n && p; p = strstr(p + 1, word))
    if ((p == list || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

static PetscErrorCode Attribute(const OxExec *x, const Onnx__AttributeProto *p, OxAttr *a)
{
  const char *name = Text(p->name), *op = x->node->op->name;
  char what[EDDY_MAX_PATH];
  MPI_Comm comm = x->m->comm;

  PetscFunctionBeginUser;
  PetscCall(Copy(comm, name, &a->name));
  /* written by exporters before opset 6 as a hint for memory */
  OxCheck(Listed(x->node->op->attributes, name) ||
              (!strcmp(name, "consumed_inputs") && x->m->opset < 6),
          x, "attribute '%.60s' is not handled", name);
  a->kind = p->has_type ? (int)p->type : KindOf(op, name);
  OxCheck(a->kind == KindOf(op, name) || !strcmp(name, "consumed_inputs"), x,
          "attribute '%.60s' has the wrong kind", name);
  a->f = p->f;
  a->i = p->i;
  if (p->has_s) {
    PetscCall(New(comm, p->s.len + 1, 1, &a->s));
    memcpy(a->s, p->s.data, p->s.len);
  }
  a->nints = (int64_t)p->n_ints;
  PetscCall(New(comm, p->n_ints, sizeof(*a->ints), &a->ints));
  if (p->n_ints)
    memcpy(a->ints, p->ints, p->n_ints * sizeof(*a->ints));
  a->nfloats = (int64_t)p->n_floats;
  PetscCall(New(comm, p->n_floats, sizeof(*a->floats), &a->floats));
  for (size_t k = 0; k < p->n_floats; ++k)
    a->floats[k] = p->floats[k];
  if (a->kind == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR) {
    OxCheck(p->t, x, "attribute '%.60s' has no tensor", name);
    PetscCall(PetscSNPrintf(what, sizeof(what), "%.400s: node '%.100s': attribute '%.60s'",
                            x->m->label, x->node->name, name));
    PetscCall(OxDecode(comm, what, p->t, &a->t));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Operator(EddyOnnxModel m, const Onnx__NodeProto *p, int k, const OxOp **op)
{
  const char *names[512];
  PetscInt n = 0;

  PetscFunctionBeginUser;
  OxRequire(!*Text(p->domain) || !strcmp(p->domain, "ai.onnx"), m->comm,
            "%s: node %d '%.100s': operator %.60s of domain '%.60s' is not handled", m->label, k,
            Text(p->name), Text(p->op_type), p->domain);
  *op = OxFindOp(Text(p->op_type));
  if (*op && m->opset >= (*op)->since)
    PetscFunctionReturn(PETSC_SUCCESS);
  OxRequire(!*op, m->comm, "%s: node %d '%.100s' (%s, opset %d): is handled from opset %d on",
            m->label, k, Text(p->name), (*op)->name, m->opset, (*op)->since);
  for (; n < 512 && EddyOnnxOperator((int)n); ++n)
    names[n] = EddyOnnxOperator((int)n);
  const char *near = EddyNearest(Text(p->op_type), names, n);
  PetscCall(OxRaise(m->comm, "%s: node %d '%.100s' (%.60s, opset %d): operator is not handled%s%s",
                    m->label, k, Text(p->name), Text(p->op_type), m->opset,
                    near ? "; nearest is " : "", near ? near : ""));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Node(EddyOnnxModel m, const Onnx__GraphProto *g, int k)
{
  const Onnx__NodeProto *p = g->node[k];
  OxNode *n = &m->node[k];
  OxExec x = {.m = m, .node = n};

  PetscFunctionBeginUser;
  PetscCall(Operator(m, p, k, &n->op));
  PetscCall(Copy(m->comm,
                 *Text(p->name) ? p->name
                 : p->n_output  ? Text(p->output[0])
                                : "",
                 &n->name));
  OxCheck(p->n_input <= OX_MAX_IO && p->n_output <= OX_MAX_IO, &x, "too many inputs or outputs");
  n->nin = (int)p->n_input;
  while (n->nin && !*Text(p->input[n->nin - 1]))
    --n->nin;
  n->nout = (int)p->n_output;
  OxCheck(n->nin >= n->op->min_in && n->nin <= n->op->max_in, &x,
          "has %d inputs, allowed are %d to %d", n->nin, n->op->min_in, n->op->max_in);
  OxCheck(n->nout >= 1 && n->nout <= n->op->max_out, &x, "has %d outputs, allowed are 1 to %d",
          n->nout, n->op->max_out);
  PetscCall(New(m->comm, (size_t)n->nin, sizeof(int), &n->in));
  PetscCall(New(m->comm, (size_t)n->nout, sizeof(int), &n->out));
  for (int i = 0; i < n->nin; ++i) {
    const char *name = Text(p->input[i]);
    n->in[i] = *name ? OxFindValue(m, name) : -1;
    OxCheck(*name || i >= n->op->min_in, &x, "input %d is left out", i);
    OxCheck(!*name || n->in[i] >= 0, &x,
            "reads '%.100s' before any node makes it (a cycle, a wrong order, or a missing input)",
            name);
    if (n->in[i] >= 0)
      m->value[n->in[i]].last_use = k;
  }
  PetscCall(New(m->comm, p->n_attribute, sizeof(*n->attr), &n->attr));
  for (size_t i = 0; i < p->n_attribute; ++i) {
    ++n->nattr;
    PetscCall(Attribute(&x, p->attribute[i], &n->attr[i]));
    for (size_t j = 0; j < i; ++j)
      OxCheck(strcmp(n->attr[i].name, n->attr[j].name), &x, "attribute '%.60s' comes twice",
              n->attr[i].name);
  }
  for (int i = 0; i < n->nout; ++i) {
    const char *name = Text(p->output[i]);
    n->out[i] = -1;
    if (!*name)
      continue;
    OxCheck(OxFindValue(m, name) < 0, &x, "makes '%.100s', which exists already", name);
    PetscCall(AddValue(m, name, k, &n->out[i]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Declared types and fixed extents of the outputs, once shapes are known. */
static PetscErrorCode Outputs(EddyOnnxModel m, const Onnx__GraphProto *g)
{
  PetscFunctionBeginUser;
  OxRequire(g->n_output > 0, m->comm, "%s: the graph has no outputs", m->label);
  for (size_t k = 0; k < g->n_output; ++k) {
    const int id = OxFindValue(m, Text(g->output[k]->name));
    OxRequire(id >= 0, m->comm, "%s: output '%.100s' is made by no node", m->label,
              Text(g->output[k]->name));
    m->value[id].last_use = INT_MAX;
    m->output[m->noutput++] = id;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckOutputs(EddyOnnxModel m, const Onnx__GraphProto *g)
{
  const Onnx__TypeProto__Tensor *t;

  PetscFunctionBeginUser;
  for (int k = 0; k < m->noutput; ++k) {
    const OxValue *v = &m->value[m->output[k]];
    if (!g->output[k]->type || !v->t.type)
      continue;
    PetscCall(TensorType(m, "output", g->output[k], &t));
    OxRequire((EddyOnnxType)t->elem_type == v->t.type, m->comm,
              "%s: output '%.100s' is declared %s, its node makes %s", m->label, v->name,
              EddyOnnxTypeName((EddyOnnxType)t->elem_type), EddyOnnxTypeName(v->t.type));
    if (!t->shape)
      continue;
    OxRequire((int)t->shape->n_dim == v->t.rank, m->comm,
              "%s: output '%.100s' is declared with rank %zu, its node makes rank %d", m->label,
              v->name, t->shape->n_dim, v->t.rank);
    for (int d = 0; d < v->t.rank; ++d) {
      PetscBool fixed = PETSC_TRUE;
      for (int s = 0; s < m->nsymbol; ++s)
        fixed = (PetscBool)(fixed && v->slope[s][d] == 0);
      if (fixed &&
          t->shape->dim[d]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE)
        OxRequire(t->shape->dim[d]->dim_value == v->t.dims[d], m->comm,
                  "%s: extent %d of output '%.100s' is declared %lld, its node makes %lld",
                  m->label, d, v->name, (long long)t->shape->dim[d]->dim_value,
                  (long long)v->t.dims[d]);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- the whole ---- */

static PetscErrorCode Opset(EddyOnnxModel m, const Onnx__ModelProto *p)
{
  int64_t v = 0;

  PetscFunctionBeginUser;
  for (size_t k = 0; k < p->n_opset_import; ++k)
    if (!*Text(p->opset_import[k]->domain) || !strcmp(p->opset_import[k]->domain, "ai.onnx"))
      v = PetscMax(v, p->opset_import[k]->version);
  OxRequire(v >= EDDY_ONNX_MIN_OPSET && v <= EDDY_ONNX_MAX_OPSET, m->comm,
            "%s: opset %lld; handled are %d to %d", m->label, (long long)v,
            (int)EDDY_ONNX_MIN_OPSET, (int)EDDY_ONNX_MAX_OPSET);
  m->opset = (int)v;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Build(EddyOnnxModel m, const Onnx__ModelProto *p)
{
  const Onnx__GraphProto *g = p->graph;
  size_t values = 1;

  PetscFunctionBeginUser;
  OxRequire(g, m->comm, "%s: no graph in the file: not an ONNX model", m->label);
  PetscCall(Opset(m, p));
  PetscCall(New(m->comm, p->n_metadata_props, sizeof(*m->meta), &m->meta));
  for (size_t k = 0; k < p->n_metadata_props; ++k) {
    ++m->nmeta;
    PetscCall(Copy(m->comm, p->metadata_props[k]->key, &m->meta[k].key));
    PetscCall(Copy(m->comm, p->metadata_props[k]->value, &m->meta[k].value));
  }
  values += g->n_initializer + g->n_input;
  for (size_t k = 0; k < g->n_node; ++k)
    values += g->node[k]->n_output;
  for (m->ntable = 16; (size_t)m->ntable < 2 * values; m->ntable *= 2)
    ;
  PetscCall(New(m->comm, (size_t)m->ntable, sizeof(int), &m->table));
  for (int k = 0; k < m->ntable; ++k)
    m->table[k] = -1;
  PetscCall(New(m->comm, values, sizeof(*m->value), &m->value));
  PetscCall(New(m->comm, g->n_input, sizeof(int), &m->input));
  PetscCall(New(m->comm, g->n_output, sizeof(int), &m->output));
  PetscCall(New(m->comm, g->n_input, sizeof(*m->input_dims), &m->input_dims));
  PetscCall(New(m->comm, OX_SYMBOLS, sizeof(*m->symbol), &m->symbol));
  PetscCall(New(m->comm, g->n_node, sizeof(*m->node), &m->node));
  PetscCall(New(m->comm, g->n_node, sizeof(*m->info), &m->info));
  PetscCall(Initializers(m, g));
  PetscCall(Inputs(m, g));
  for (int k = 0; k < (int)g->n_node; ++k) {
    ++m->nnode;
    PetscCall(Node(m, g, k));
  }
  PetscCall(Outputs(m, g));
  PetscCall(OxFold(m));
  PetscCall(OxInfer(m));
  PetscCall(CheckOutputs(m, g));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Load(MPI_Comm comm, const char *label, const void *bytes, size_t n,
                           EddyOnnxModel *model)
{
  EddyOnnxModel m;

  PetscFunctionBeginUser;
  *model = NULL;
  PetscCall(OxPrescan(comm, label, &onnx__model_proto__descriptor, bytes, n));
  Onnx__ModelProto *p = onnx__model_proto__unpack(NULL, n, bytes);
  OxRequire(p, comm, "%s: not an ONNX file (or damaged)", label);
  PetscErrorCode ierr = New(comm, 1, sizeof(*m), &m);
  if (!ierr) {
    m->comm = comm;
    m->max_bytes = EDDY_ONNX_MAX_BYTES;
    m->max_work = 0x1p40;
    ierr = PetscStrncpy(m->label, label, sizeof(m->label));
    if (!ierr)
      ierr = Build(m, p);
    m->comm = PETSC_COMM_SELF; /* later errors belong to one rank */
    if (ierr)
      PetscCall(EddyOnnxDestroy(&m));
  }
  onnx__model_proto__free_unpacked(p, NULL);
  PetscCall(ierr);
  *model = m;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxLoadMemory(const char *label, const void *bytes, size_t n, EddyOnnxModel *m)
{
  PetscFunctionBeginUser;
  PetscCall(Load(PETSC_COMM_SELF, label, bytes, n, m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxLoad(MPI_Comm comm, const char *path, EddyOnnxModel *m)
{
  long long n = 0;
  char *bytes = NULL;
  int rank;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  if (!rank)
    OxReadFile(path, &n, &bytes);
  PetscCallMPI(MPI_Bcast(&n, 1, MPI_LONG_LONG, 0, comm));
  if (n < 0)
    free(bytes);
  OxRequire(n != -2, comm, "%s: larger than 256 MiB", path);
  OxRequire(n >= 0, comm, "%s: cannot be read", path);
  if (rank)
    bytes = malloc((size_t)n + 1);
  PetscCheck(bytes, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCallMPI(MPI_Bcast(bytes, (int)n, MPI_BYTE, 0, comm));
  const PetscErrorCode ierr = Load(comm, path, bytes, (size_t)n, m);
  free(bytes);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxDestroy(EddyOnnxModel *model)
{
  EddyOnnxModel m = *model;

  PetscFunctionBeginUser;
  *model = NULL;
  if (!m)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int k = 0; k < m->nnode; ++k) {
    for (int i = 0; i < m->node[k].nattr; ++i) {
      OxAttr *a = &m->node[k].attr[i];
      free(a->name), free(a->s), free(a->ints), free(a->floats), free(a->t.p);
    }
    free(m->node[k].name), free(m->node[k].in), free(m->node[k].out), free(m->node[k].attr);
  }
  for (int k = 0; k < m->nvalue; ++k)
    free(m->value[k].name), free(m->value[k].t.p);
  for (int k = 0; k < m->nmeta; ++k)
    free(m->meta[k].key), free(m->meta[k].value);
  for (int k = 0; k < m->nsymbol; ++k)
    free(m->symbol[k]);
  free(m->node), free(m->value), free(m->meta), free(m->symbol), free(m->input), free(m->output);
  free(m->input_dims), free(m->table), free(m->info), free(m);
  PetscFunctionReturn(PETSC_SUCCESS);
}
