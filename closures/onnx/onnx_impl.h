/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of closures/onnx. Tensors hold doubles (float, double, float16, bfloat16) or 64-bit integers (integers and bool); the
   logical type decides how results are rounded or wrapped after each node.

   One function per operator serves shape inference, constant folding and evaluation: it states its outputs with OxOut
   and returns when OxCompute says that data are missing (shape inference) or too many to fold. */
#ifndef EDDY_ONNX_IMPL_H
#define EDDY_ONNX_IMPL_H
#include "onnx_model.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  OX_RANK = EDDY_ONNX_MAX_RANK,
  OX_SYMBOLS = EDDY_ONNX_MAX_SYMBOLS,
  OX_PROBE = 64,
  OX_SCRATCH = 8,
  OX_MAX_IO = 1 << 16
};
#define OX_FOLD_ONE ((int64_t)1 << 20) /* elements of one folded tensor */
#define OX_FOLD_ALL ((int64_t)1 << 24) /* and of all of them */
#define OX_MAX_FILE ((size_t)256 << 20)
#define OX_MAX_FIELDS (1 << 20)

typedef struct {
  EddyOnnxType type;
  int rank;
  int64_t dims[OX_RANK], n;
  union {
    double *d;
    int64_t *i;
    void *p; /* NULL: shape known, data not */
  };
} OxTensor;

typedef struct OxExec OxExec;
typedef enum {
  OX_LIGHT = 0,
  OX_HEAVY = 1,
  OX_SHAPE = 2
} OxCost; /* SHAPE: reads shapes, not data */
typedef struct {
  const char *name;
  PetscErrorCode (*Run)(OxExec *x);
  int min_in, max_in, max_out, since; /* first opset in which the operator exists */
  OxCost cost;
  const char *attributes;                      /* known ones, separated by blanks */
  double (*unary)(double v, const double p[]); /* element by element, for the op's own Run */
} OxOp;
const OxOp *OxFindOp(const char *name);

typedef struct {
  char *name, *s;
  int kind; /* AttributeType of the file format */
  double f;
  int64_t i, nints, nfloats;
  int64_t *ints;
  double *floats;
  OxTensor t;
} OxAttr;

typedef struct {
  char *name;
  const OxOp *op;
  int nin, nout, nattr;
  int *in, *out; /* values; -1 when left out */
  OxAttr *attr;
  PetscBool folded;
} OxNode;

typedef struct {
  char *name;
  int producer; /* node; -1 initializer, -2 input */
  int last_use; /* last node that reads it; INT_MAX for outputs and constants */
  PetscBool constant;
  OxTensor t; /* data of constants; else type, rank and dims at the probe sizes */
  int64_t slope[OX_SYMBOLS][OX_RANK]; /* growth of dims when symbol s grows by OX_PROBE */
} OxValue;

typedef struct {
  char *key, *value;
} OxPair;

struct _p_EddyOnnxModel {
  MPI_Comm comm;
  char label[EDDY_MAX_PATH];
  int opset, nnode, nvalue, ninput, noutput, nmeta, nsymbol;
  size_t max_bytes;
  double max_work;
  int64_t parameters, folded, probe[OX_SYMBOLS];
  OxNode *node;
  OxValue *value;
  int *input, *output;            /* values */
  int64_t (*input_dims)[OX_RANK]; /* fixed, or -1-symbol */
  char **symbol;
  OxPair *meta;
  int *table, ntable; /* hash of value names */
  EddyOnnxNodeInfo *info;
  EddyOnnxSummary summary;
  PetscBool inferred; /* shapes are known without data */
};

struct OxExec {
  EddyOnnxModel m;
  const OxNode *node;
  OxTensor *v;
  PetscBool f64, shapes, compute,
      blocked; /* blocked: a shape needs data that shape inference lacks */
  size_t live, limit;
  void *scratch[OX_SCRATCH];
  int nscratch;
};

/* EDDY_ERR_INPUT with one line of printable text, whatever names the file holds. */
PetscErrorCode OxRaise(MPI_Comm comm, const char *format, ...) PETSC_ATTRIBUTE_FORMAT(2, 3);
#define OxRequire(cond, comm, ...) \
  do { \
    if (PetscUnlikely(!(cond))) \
      PetscCall(OxRaise(comm, __VA_ARGS__)); \
  } while (0)
/* One line: file, node, operator, opset, reason. Always an error. */
PetscErrorCode OxFail(const OxExec *x, const char *format, ...) PETSC_ATTRIBUTE_FORMAT(2, 3);
#define OxCheck(cond, x, ...) \
  do { \
    if (PetscUnlikely(!(cond))) \
      PetscCall(OxFail(x, __VA_ARGS__)); \
  } while (0)

static inline PetscBool OxIsReal(EddyOnnxType t)
{
  return (PetscBool)(t == EDDY_ONNX_FLOAT || t == EDDY_ONNX_DOUBLE || t == EDDY_ONNX_FLOAT16 ||
                     t == EDDY_ONNX_BFLOAT16);
}

/* Input k, NULL when left out. */
static inline const OxTensor *OxIn(const OxExec *x, int k)
{
  return k < x->node->nin && x->node->in[k] >= 0 ? &x->v[x->node->in[k]] : NULL;
}
/* States output k; *t is NULL when the output is not wanted. */
PetscErrorCode OxOut(OxExec *x, int k, EddyOnnxType type, int rank, const int64_t dims[],
                     OxTensor **t);
/* Memory that lives until the node is done; zeroed. */
PetscErrorCode OxScratch(OxExec *x, int64_t count, size_t size, void *p);
/* Input k must have data, since shapes depend on it. */
PetscErrorCode OxKnown(OxExec *x, int k);
/* Refuses a node that would do more than the model's limit of products. */
PetscErrorCode OxWork(const OxExec *x, double products);
/* Values of an integer input that shapes depend on. *p is NULL when the input is left out. */
PetscErrorCode OxInts(OxExec *x, int k, int64_t *n, const int64_t **p);
const OxAttr *OxGetAttr(const OxNode *n, const char *name);
int64_t OxInt(const OxExec *x, const char *name, int64_t dflt);
double OxReal(const OxExec *x, const char *name, double dflt);
const char *OxString(const OxExec *x, const char *name, const char *dflt);
/* ints attribute; NULL and 0 when absent. */
const int64_t *OxIntList(const OxExec *x, const char *name, int64_t *n);
/* Attribute or, from `opset` on, input k: lists such as axes. NULL when neither is given. */
PetscErrorCode OxListOrInput(OxExec *x, const char *name, int k, int64_t *n, const int64_t **p);
/* axis in [-rank, rank) made positive, else an error. */
PetscErrorCode OxAxis(OxExec *x, int64_t axis, int rank, int *out);
int64_t OxProduct(int n, const int64_t dims[]);
void OxStrides(int rank, const int64_t dims[], int64_t stride[]);
/* Round or wrap to the logical type. */
void OxRound(OxTensor *t, PetscBool f64);

/* Broadcasting of up to three operands: dims of the result and the stride of each operand (0 where repeated). */
typedef struct {
  int rank, nop;
  int64_t dims[OX_RANK], stride[3][OX_RANK];
} OxCast;
PetscErrorCode OxBroadcast(OxExec *x, int nop, const OxTensor *const op[], OxCast *c);
/* Moves index and the offsets of all operands to the next element. */
static inline void OxNext(const OxCast *c, int64_t index[], int64_t at[])
{
  for (int d = c->rank - 1; d >= 0; --d) {
    for (int k = 0; k < c->nop; ++k)
      at[k] += c->stride[k][d];
    if (++index[d] < c->dims[d])
      return;
    for (int k = 0; k < c->nop; ++k)
      at[k] -= c->stride[k][d] * c->dims[d];
    index[d] = 0;
  }
}

/* tensor.c */
double OxHalfToDouble(uint16_t h);
uint16_t OxDoubleToHalf(double v);
PetscErrorCode OxTensorCopyIn(MPI_Comm comm, const char *what, const EddyTensor *t,
                              OxTensor *o); /* allocates o->p */
PetscErrorCode OxTensorCopyOut(const OxTensor *o, PetscBool f64, EddyTensor *t);
/* wire.c: walks the bytes before anything is allocated. */
PetscErrorCode OxPrescan(MPI_Comm comm, const char *label, const void *descriptor,
                         const void *bytes, size_t n);
/* graph.c */
int OxFindValue(EddyOnnxModel m, const char *name);
PetscErrorCode OxFold(EddyOnnxModel m);
PetscErrorCode OxInfer(EddyOnnxModel m);
/* interp.c */
PetscErrorCode OxExecCreate(EddyOnnxModel m, PetscBool f64, PetscBool shapes, OxExec *x);
PetscErrorCode OxExecDestroy(OxExec *x);
PetscErrorCode OxRunNode(OxExec *x, const OxNode *n);
PetscErrorCode OxTensorFree(OxExec *x, OxTensor *t);
/* classify.c */
PetscErrorCode OxClassify(EddyOnnxModel m, const OxExec *x); /* x NULL: shapes are not known */
#endif
