/* SPDX-License-Identifier: BSD-3-Clause */
/* A network read from an ONNX file: typed graph, checks, reference interpreter, and what each node means when the grid
   is spread over ranks.

   Axes of a field network are (batch, channel, x, y[, z]); of a pointwise network (cells, channel). Opsets 9 to 21; older
   files load as far as their operators kept their meaning. What cannot be honoured stops the load with one line: file,
   node, operator, opset, reason (EDDY_ERR_INPUT).

   Interpreter: plain loops, every tensor in memory as double or 64-bit integer. Without f64 the result of each node is rounded to
   the node's own type, so float networks are evaluated as if every operator summed in double and stored in float; with
   f64 nothing is rounded and float outputs come back as double. It is the oracle of the fast engine, not fast itself.

   Limits, each reported by name when exceeded: file 256 MiB, 2^20 fields in the file, nesting 32, rank 8, folded constants
   2^24 elements in total, memory of a run EDDY_ONNX_MAX_BYTES, work of a
   node 2^40 (EddyOnnxSetLimits). */
#ifndef EDDY_ONNX_MODEL_H
#define EDDY_ONNX_MODEL_H
#include "eddy_base.h"

/* Numbers of the file format. */
typedef enum {
  EDDY_ONNX_NONE = 0,
  EDDY_ONNX_FLOAT = 1,
  EDDY_ONNX_UINT8 = 2,
  EDDY_ONNX_INT8 = 3,
  EDDY_ONNX_UINT16 = 4,
  EDDY_ONNX_INT16 = 5,
  EDDY_ONNX_INT32 = 6,
  EDDY_ONNX_INT64 = 7,
  EDDY_ONNX_STRING = 8,
  EDDY_ONNX_BOOL = 9,
  EDDY_ONNX_FLOAT16 = 10,
  EDDY_ONNX_DOUBLE = 11,
  EDDY_ONNX_UINT32 = 12,
  EDDY_ONNX_UINT64 = 13,
  EDDY_ONNX_BFLOAT16 = 16
} EddyOnnxType;

enum {
  EDDY_ONNX_MAX_RANK = 8,
  EDDY_ONNX_MIN_OPSET = 1,
  EDDY_ONNX_MAX_OPSET = 21,
  EDDY_ONNX_MAX_SYMBOLS = 12
};
#define EDDY_ONNX_MAX_BYTES ((size_t)4 << 30)

/* A tensor at the border: data holds prod(dims) elements of the C type (bool: one byte; float16 and bfloat16: their 16 bits),
   last index fastest. Memory comes from PetscMalloc when the library made it; free with EddyTensorDestroy. */
typedef struct {
  EddyOnnxType type;
  int rank;
  int64_t dims[EDDY_ONNX_MAX_RANK];
  void *data;
} EddyTensor;

typedef struct _p_EddyOnnxModel *EddyOnnxModel;

/* ---- tensors ---- */
const char *EddyOnnxTypeName(EddyOnnxType type);
size_t EddyOnnxTypeSize(EddyOnnxType type); /* 0 for strings and unknown types */
int64_t EddyTensorCount(const EddyTensor *t);
PetscErrorCode EddyTensorCreate(EddyOnnxType type, int rank, const int64_t dims[],
                                EddyTensor *t); /* zeroed */
PetscErrorCode EddyTensorDestroy(EddyTensor *t);
/* Element k as a double. */
double EddyTensorGet(const EddyTensor *t, int64_t k);
void EddyTensorSet(EddyTensor *t, int64_t k, double value);
/* A tensor file (input_0.pb of the conformance suite). Errors: EDDY_ERR_INPUT. Not collective. */
PetscErrorCode EddyTensorLoad(const char *path, EddyTensor *t);

/* ---- model ---- */
/* Reads on rank 0, broadcasts, checks; the same model, or the same error, on every rank. Collective. */
PetscErrorCode EddyOnnxLoad(MPI_Comm comm, const char *path, EddyOnnxModel *m);
/* From memory; `label` stands for the file name in messages. Not collective. bytes borrowed. */
PetscErrorCode EddyOnnxLoadMemory(const char *label, const void *bytes, size_t n, EddyOnnxModel *m);
PetscErrorCode EddyOnnxDestroy(EddyOnnxModel *m);
/* Bounds of one run: bytes of tensors held at once (4 GiB), multiplications and window elements of one node (2^40). */
PetscErrorCode EddyOnnxSetLimits(EddyOnnxModel m, size_t bytes, double work);

/* An input or output. dims[d] >= 0 is fixed; negative is symbolic (inputs). Extents of outputs are those at the probe sizes;
   text tells how they follow the symbols. Strings borrowed. */
typedef struct {
  const char *name;
  EddyOnnxType type;
  int rank;
  int64_t dims[EDDY_ONNX_MAX_RANK];
  char text[256]; /* "[N, 2, H, W]" */
} EddyOnnxPort;
int EddyOnnxInputCount(EddyOnnxModel m); /* inputs without those that have an initializer */
int EddyOnnxOutputCount(EddyOnnxModel m);
PetscErrorCode EddyOnnxGetInput(EddyOnnxModel m, int k, EddyOnnxPort *p);
PetscErrorCode EddyOnnxGetOutput(EddyOnnxModel m, int k, EddyOnnxPort *p);
int EddyOnnxOpset(EddyOnnxModel m);
int EddyOnnxNodeCount(EddyOnnxModel m);
int64_t EddyOnnxParameterCount(EddyOnnxModel m); /* elements of float initializers */
/* Shapes of the outputs for given shapes of the inputs, without computing. out: type, rank, dims set, data NULL. */
PetscErrorCode EddyOnnxInferShapes(EddyOnnxModel m, int ninput, const EddyTensor inputs[],
                                   int noutput, EddyTensor outputs[]);

/** Evaluates. Not collective.
    inputs   ninput == EddyOnnxInputCount tensors in file order; borrowed. Type must be the declared one; with f64 a float input
             may be given as double
    outputs  noutput tensors, filled with new memory; destroy each. Float outputs are double with f64
    Errors: EDDY_ERR_INPUT for a wrong type or shape, for a shape no operator accepts, and beyond EDDY_ONNX_MAX_BYTES. */
PetscErrorCode EddyOnnxRun(EddyOnnxModel m, PetscBool f64, int ninput, const EddyTensor inputs[],
                           int noutput, EddyTensor outputs[]);

/* ---- metadata (docs/closures.md, "Model file") ---- */
/* Value of metadata_props[key], NULL when absent. Borrowed. */
const char *EddyOnnxMetadata(EddyOnnxModel m, const char *key);
typedef struct {
  PetscBool present;       /* a model without golden sample loads; the caller warns */
  double error, tolerance; /* largest |y - y_golden| / max |y_golden|, and what was allowed */
} EddyOnnxGolden;
/* Evaluates the golden sample in f64 and in the model's own type. Errors: EDDY_ERR_INPUT when the sample cannot be read, has the wrong
   shape, or is not reproduced. */
PetscErrorCode EddyOnnxCheckGolden(EddyOnnxModel m, EddyOnnxGolden *g);
/* Comma-separated list of a metadata value: number of entries (at most max), each in list[k]. */
PetscErrorCode EddyOnnxMetadataList(EddyOnnxModel m, const char *key, int max,
                                    char list[][EDDY_MAX_NAME], int *n);

/* ---- what each node means on a grid spread over ranks ---- */
typedef enum {
  EDDY_ONNX_CONSTANT,  /* does not depend on the field: shapes, folded constants */
  EDDY_ONNX_POINTWISE, /* local */
  EDDY_ONNX_STENCIL,   /* needs `halo` neighbours; faces by pad mode on non-periodic sides */
  EDDY_ONNX_WRAP,      /* circular padding or roll: a periodic halo exchange */
  EDDY_ONNX_REDUCTION, /* over all space: local part, then a sum in fixed order */
  EDDY_ONNX_GLOBAL     /* mixes points in a way that cannot be split: one rank only */
} EddyOnnxClass;
extern const char *const EddyOnnxClassNames[];
typedef struct {
  const char *name, *op; /* borrowed */
  EddyOnnxClass klass;
  int halo[3][2]; /* points to the left and right along x, y, z, in cells of the network's input */
  char reason[128]; /* why a node is global, which padding, "" */
} EddyOnnxNodeInfo;
typedef struct {
  int dim;                 /* spatial axes of input 0; 0 for a pointwise network (cells, channel) */
  int halo[3][2];          /* of the whole network */
  int align[3];            /* block boundaries must be multiples of this (pooling, strides) */
  PetscBool distributable; /* no global node, output on the grid of the input */
  PetscBool reductions;    /* some node sums over space */
  PetscBool zero_padding;  /* some face rule other than periodic */
  char reason[192];        /* first obstacle, "" */
} EddyOnnxSummary;
PetscErrorCode EddyOnnxGetNode(EddyOnnxModel m, int k, EddyOnnxNodeInfo *info);
PetscErrorCode EddyOnnxGetSummary(EddyOnnxModel m, EddyOnnxSummary *s);
/* Table of nodes with class and halo, and the summary. engine: which one runs the nodes, for the table. */
PetscErrorCode EddyOnnxClassify(EddyOnnxModel m, const char *engine, FILE *out);

/* ---- operators ---- */
/* k-th operator the loader knows, NULL after the last. */
const char *EddyOnnxOperator(int k);
#endif
