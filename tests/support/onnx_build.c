/* SPDX-License-Identifier: BSD-3-Clause */
#include "onnx_build.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *New(size_t n)
{
  void *p = calloc(n ? n : 1, 1);
  ck_assert_ptr_nonnull(p);
  return p;
}
static char *Copy(const char *s) { return strcpy(New(strlen(s) + 1), s); }

/* Adds p to an array of pointers. */
static void Append(void *list, size_t *n, void *p)
{
  void **l = realloc(*(void ***)list, (*n + 1) * sizeof(void *));
  ck_assert_ptr_nonnull(l);
  l[(*n)++] = p;
  *(void ***)list = l;
}

/* k-th word of a list separated by blanks or commas, NULL after the last; valid until the next call. */
static const char *Word(const char *list, int k)
{
  static char word[128]; /* test program only */
  for (int i = 0;; ++i) {
    list += strspn(list, " ,");
    const size_t n = strcspn(list, " ,");
    if (!n)
      return NULL;
    if (i == k) {
      snprintf(word, sizeof word, "%.*s", (int)n, list);
      return word;
    }
    list += n;
  }
}

Onnx__ModelProto *onnx_build(int opset)
{
  Onnx__ModelProto *m = New(sizeof *m);
  Onnx__OperatorSetIdProto *o = New(sizeof *o);
  onnx__model_proto__init(m);
  onnx__operator_set_id_proto__init(o);
  o->has_version = 1, o->version = opset;
  Append(&m->opset_import, &m->n_opset_import, o);
  m->has_ir_version = 1, m->ir_version = 8;
  m->graph = New(sizeof *m->graph);
  onnx__graph_proto__init(m->graph);
  m->graph->name = Copy("test");
  return m;
}
void onnx_build_free(Onnx__ModelProto *m) { onnx__model_proto__free_unpacked(m, NULL); }

static Onnx__ValueInfoProto *Port(const char *name, EddyOnnxType type, const char *shape)
{
  Onnx__ValueInfoProto *v = New(sizeof *v);
  Onnx__TypeProto *t = New(sizeof *t);
  Onnx__TypeProto__Tensor *e = New(sizeof *e);
  onnx__value_info_proto__init(v);
  onnx__type_proto__init(t);
  onnx__type_proto__tensor__init(e);
  v->name = Copy(name);
  v->type = t;
  t->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
  t->tensor_type = e;
  e->has_elem_type = 1, e->elem_type = type;
  e->shape = New(sizeof *e->shape);
  onnx__tensor_shape_proto__init(e->shape);
  const char *word;
  for (int k = 0; (word = Word(shape, k)); ++k) {
    Onnx__TensorShapeProto__Dimension *d = New(sizeof *d);
    onnx__tensor_shape_proto__dimension__init(d);
    if (*word >= '0' && *word <= '9') {
      d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
      d->dim_value = strtoll(word, NULL, 10);
    } else {
      d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
      d->dim_param = Copy(word);
    }
    Append(&e->shape->dim, &e->shape->n_dim, d);
  }
  return v;
}
void onnx_input(Onnx__ModelProto *m, const char *name, EddyOnnxType type, const char *shape)
{
  Append(&m->graph->input, &m->graph->n_input, Port(name, type, shape));
}
void onnx_output(Onnx__ModelProto *m, const char *name, EddyOnnxType type, const char *shape)
{
  Append(&m->graph->output, &m->graph->n_output, Port(name, type, shape));
}

void onnx_weight(Onnx__ModelProto *m, const char *name, EddyOnnxType type, const char *shape,
                 const double *values)
{
  Onnx__TensorProto *t = New(sizeof *t);
  EddyTensor e;
  int64_t dims[EDDY_ONNX_MAX_RANK];
  int rank = 0;
  const char *word;
  onnx__tensor_proto__init(t);
  t->name = Copy(name);
  t->has_data_type = 1, t->data_type = type;
  while ((word = Word(shape, rank)))
    dims[rank++] = strtoll(word, NULL, 10);
  t->n_dims = (size_t)rank;
  t->dims = New(sizeof dims);
  memcpy(t->dims, dims, (size_t)rank * sizeof *dims);
  CK_PETSC(EddyTensorCreate(type, rank, dims, &e));
  for (int64_t k = 0; k < EddyTensorCount(&e); ++k)
    EddyTensorSet(&e, k, values[k]);
  t->has_raw_data = 1;
  t->raw_data.len = (size_t)EddyTensorCount(&e) * EddyOnnxTypeSize(type);
  t->raw_data.data = New(t->raw_data.len);
  memcpy(t->raw_data.data, e.data, t->raw_data.len);
  CK_PETSC(EddyTensorDestroy(&e));
  Append(&m->graph->initializer, &m->graph->n_initializer, t);
}

Onnx__NodeProto *onnx_node(Onnx__ModelProto *m, const char *op, const char *inputs,
                           const char *outputs)
{
  Onnx__NodeProto *n = New(sizeof *n);
  const char *word;
  onnx__node_proto__init(n);
  n->op_type = Copy(op);
  for (int k = 0; (word = Word(inputs, k)); ++k)
    Append(&n->input, &n->n_input, Copy(strcmp(word, "-") ? word : ""));
  for (int k = 0; (word = Word(outputs, k)); ++k)
    Append(&n->output, &n->n_output, Copy(word));
  Append(&m->graph->node, &m->graph->n_node, n);
  return n;
}

static Onnx__AttributeProto *Attribute(Onnx__NodeProto *n, const char *name,
                                       Onnx__AttributeProto__AttributeType type)
{
  Onnx__AttributeProto *a = New(sizeof *a);
  onnx__attribute_proto__init(a);
  a->name = Copy(name);
  a->has_type = 1, a->type = type;
  Append(&n->attribute, &n->n_attribute, a);
  return a;
}
void onnx_int(Onnx__NodeProto *n, const char *name, int64_t value)
{
  Onnx__AttributeProto *a = Attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
  a->has_i = 1, a->i = value;
}
void onnx_float(Onnx__NodeProto *n, const char *name, double value)
{
  Onnx__AttributeProto *a = Attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
  a->has_f = 1, a->f = (float)value;
}
void onnx_string(Onnx__NodeProto *n, const char *name, const char *value)
{
  Onnx__AttributeProto *a = Attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
  a->has_s = 1, a->s.len = strlen(value), a->s.data = (uint8_t *)Copy(value);
}
void onnx_ints(Onnx__NodeProto *n, const char *name, const char *values)
{
  Onnx__AttributeProto *a = Attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
  const char *word;
  a->ints = New(32 * sizeof *a->ints);
  while (a->n_ints < 32 && (word = Word(values, (int)a->n_ints)))
    a->ints[a->n_ints++] = strtoll(word, NULL, 10);
}
void onnx_meta(Onnx__ModelProto *m, const char *key, const char *value)
{
  Onnx__StringStringEntryProto *p = New(sizeof *p);
  onnx__string_string_entry_proto__init(p);
  p->key = Copy(key), p->value = Copy(value);
  Append(&m->metadata_props, &m->n_metadata_props, p);
}

uint8_t *onnx_pack(const Onnx__ModelProto *m, size_t *n)
{
  *n = onnx__model_proto__get_packed_size(m);
  uint8_t *bytes = New(*n);
  ck_assert_uint_eq(onnx__model_proto__pack(m, bytes), *n);
  return bytes;
}

EddyOnnxModel onnx_load(Onnx__ModelProto *m, PetscBool fails)
{
  EddyOnnxModel model = NULL;
  size_t n;
  uint8_t *bytes = onnx_pack(m, &n);
  onnx_build_free(m);
  eddy_test_expect_errors(fails);
  const PetscErrorCode ierr = EddyOnnxLoadMemory("test.onnx", bytes, n, &model);
  eddy_test_expect_errors(PETSC_FALSE);
  free(bytes);
  ck_assert_int_eq(ierr, fails ? EDDY_ERR_INPUT : 0);
  return model;
}

/* ---- networks ---- */

void onnx_circular(Onnx__ModelProto *m, const char *in, const char *out, int axis, int p,
                   PetscBool wrong)
{
  char name[64], wires[256];
  const double step = 1, a = axis, left[2] = {wrong ? -p - 1 : -p, wrong ? -1 : INT32_MAX},
               right[2] = {wrong, p + wrong};
  const double *const values[] = {&left[0], &left[1], &right[0], &right[1], &a, &step};
  static const char *const suffix[] = {"ls", "le", "rs", "re", "ax", "st"};
  for (int k = 0; k < 6; ++k) {
    snprintf(name, sizeof name, "%s_%s", out, suffix[k]);
    onnx_weight(m, name, EDDY_ONNX_INT64, "1", values[k]);
  }
  snprintf(wires, sizeof wires, "%s %s_ls %s_le %s_ax %s_st", in, out, out, out, out);
  snprintf(name, sizeof name, "%s_left", out);
  onnx_node(m, "Slice", wires, name);
  snprintf(wires, sizeof wires, "%s %s_rs %s_re %s_ax %s_st", in, out, out, out, out);
  snprintf(name, sizeof name, "%s_right", out);
  onnx_node(m, "Slice", wires, name);
  snprintf(wires, sizeof wires, "%s_left %s %s_right", out, in, out);
  onnx_int(onnx_node(m, "Concat", wires, out), "axis", axis);
}

/* Numbers that look random. */
static void Fill(int n, double w[])
{
  for (int k = 0; k < n; ++k)
    w[k] = .4 * sin(1.7 * k + .3 * n);
}

Onnx__ModelProto *onnx_cnn(PetscBool wrong)
{
  Onnx__ModelProto *m = onnx_build(17);
  double w[128];
  onnx_input(m, "x", EDDY_ONNX_FLOAT, "N,2,H,W");
  onnx_output(m, "y", EDDY_ONNX_FLOAT, "N,1,H,W");
  Fill(128, w);
  onnx_weight(m, "mean", EDDY_ONNX_FLOAT, "1,2,1,1", w);
  onnx_weight(m, "std", EDDY_ONNX_FLOAT, "1,2,1,1", (const double[]){1.5, .7});
  onnx_node(m, "Sub", "x mean", "x1");
  onnx_node(m, "Div", "x1 std", "x2");
  onnx_circular(m, "x2", "p0", 2, 1, wrong);
  onnx_circular(m, "p0", "p1", 3, 1, wrong);
  onnx_weight(m, "w1", EDDY_ONNX_FLOAT, "4,2,3,3", w);
  onnx_weight(m, "b1", EDDY_ONNX_FLOAT, "4", w + 5);
  onnx_node(m, "Conv", "p1 w1 b1", "c1");
  onnx_node(m, "Tanh", "c1", "t1");
  onnx_circular(m, "t1", "p2", 2, 2, wrong);
  onnx_circular(m, "p2", "p3", 3, 2, wrong);
  onnx_weight(m, "w2", EDDY_ONNX_FLOAT, "1,4,5,5", w);
  onnx_node(m, "Conv", "p3 w2", "y");
  return m;
}

Onnx__ModelProto *onnx_mlp(void)
{
  Onnx__ModelProto *m = onnx_build(13);
  double w[64];
  Fill(64, w);
  onnx_input(m, "x", EDDY_ONNX_FLOAT, "n,3");
  onnx_output(m, "y", EDDY_ONNX_FLOAT, "n,2");
  onnx_weight(m, "scale", EDDY_ONNX_FLOAT, "3", (const double[]){2, .5, 3});
  onnx_node(m, "Mul", "x scale", "x1");
  onnx_weight(m, "w1", EDDY_ONNX_FLOAT, "8,3", w);
  onnx_weight(m, "b1", EDDY_ONNX_FLOAT, "8", w + 9);
  onnx_int(onnx_node(m, "Gemm", "x1 w1 b1", "h1"), "transB", 1);
  onnx_weight(m, "root", EDDY_ONNX_FLOAT, "", (const double[]){sqrt(2)});
  onnx_weight(m, "one", EDDY_ONNX_FLOAT, "", (const double[]){1});
  onnx_weight(m, "half", EDDY_ONNX_FLOAT, "", (const double[]){.5});
  onnx_node(m, "Div", "h1 root", "g1");
  onnx_node(m, "Erf", "g1", "g2");
  onnx_node(m, "Add", "g2 one", "g3");
  onnx_node(m, "Mul", "h1 g3", "g4");
  onnx_node(m, "Mul", "g4 half", "g5");
  onnx_weight(m, "w2", EDDY_ONNX_FLOAT, "8,8", w);
  onnx_node(m, "MatMul", "g5 w2", "h2");
  onnx_node(m, "Sigmoid", "h2", "s1");
  onnx_node(m, "Mul", "h2 s1", "s2");
  onnx_weight(m, "w3", EDDY_ONNX_FLOAT, "8,2", w);
  onnx_node(m, "MatMul", "s2 w3", "y");
  return m;
}

char *onnx_base64(const void *bytes, size_t n)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *b = bytes;
  char *text = New(4 * ((n + 2) / 3) + 1), *t = text;
  for (size_t k = 0; k < n; k += 3) {
    const unsigned v = (unsigned)b[k] << 16 | (k + 1 < n ? (unsigned)b[k + 1] << 8 : 0) |
                       (k + 2 < n ? b[k + 2] : 0u);
    *t++ = digits[v >> 18];
    *t++ = digits[v >> 12 & 63];
    *t++ = k + 1 < n ? digits[v >> 6 & 63] : '=';
    *t++ = k + 2 < n ? digits[v & 63] : '=';
  }
  return text;
}
