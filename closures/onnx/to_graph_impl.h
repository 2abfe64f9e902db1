/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the translation to graphs. A tensor is a list of atoms, in the order of its elements: the batch, channels, x, y. An axis holds
   some atoms side by side, so that reshapes regroup atoms and split those of channels. Elements along channel atoms are
   planes of the graph. Along x and y a tensor covers cells -lo .. n + hi - 1 of its grid: circular padding and slices change lo and hi, not
   the planes. */
#ifndef EDDY_ONNX_TO_GRAPH_IMPL_H
#define EDDY_ONNX_TO_GRAPH_IMPL_H
#include "onnx_impl.h"
#include "to_graph.h"

typedef enum { TG_X = 0, TG_Y = 1, TG_CHANNEL, TG_BATCH } TgTag;
enum { TG_ATOMS = 24, TG_WIDEST = 1 << 15, TG_FARTHEST = 62 };
typedef struct {
  TgTag tag;
  int64_t n; /* at the probe size; of x and y: cells of the grid, without lo and hi */
} TgAtom;
typedef struct {
  int rank, first[OX_RANK + 1]; /* axis d has atoms first[d] .. first[d+1]-1 */
  TgAtom atom[TG_ATOMS];
  int64_t lo[2], hi[2];
  PetscBool stretch;     /* some cells at one end, however many there are */
  EddyGraphEdge edge[2]; /* rule of a padding that waits for its convolution or pool */
  double outside;
  PetscInt factor[2];
  PetscInt nplane, *plane; /* [channel atoms], last fastest; owned by the translation */
} TgValue;

typedef struct {
  EddyOnnxModel m;
  EddyGraph *g;
  int k; /* node */
  const OxNode *node;
  TgValue **value; /* [nvalue], NULL: not there yet */
  int64_t n[2];    /* the grid at the probe size */
  int axis[2];     /* of the input, along x and y */
  PetscBool cells; /* input (cells, channel) */
  void **list;     /* planes of all values, to be freed */
  int nlist, size;
  PetscBool stopped;
  char *reason;
  size_t length;
} Tg;

/* The node is of another kind: not an error. */
PetscErrorCode TgStop(Tg *t, const char *why);
/* Memory that lives until the translation ends; zeroed. */
PetscErrorCode TgKeep(Tg *t, size_t bytes, void *p);
/* *v is NULL after TgStop. */
PetscErrorCode TgIn(Tg *t, int input, TgValue **v);
PetscErrorCode TgNew(Tg *t, PetscInt nplane, TgValue **v);
PetscErrorCode TgCopy(Tg *t, const TgValue *from, TgValue **v);
PetscErrorCode TgSet(Tg *t, int output, TgValue *v);
const OxTensor *TgConstant(const Tg *t, int input); /* NULL when it is none */
PetscBool TgIs(const Tg *t, const char *op);
int64_t TgExtent(const TgValue *v, int axis);
PetscBool TgIsChannel(const TgValue *v, int axis); /* channel atoms only, or extent 1 */
PetscBool TgHas(const TgValue *v, TgTag tag);
PetscBool TgPlain(const TgValue *v); /* no padding waits */
void TgAppend(TgValue *v, TgTag tag, int64_t n);
/* Axes with channel atoms alone become one atom each, or none for extent 1. */
void TgMerge(TgValue *v);
/* Planes of b as if it covered the cells a covers. */
PetscErrorCode TgAlign(Tg *t, const TgValue *a, TgValue **b);
/* Result of a function of n values broadcast against each other: its planes are those of the operands, [operand][plane]. */
PetscErrorCode TgBroadcast(Tg *t, int n, TgValue *const in[], TgValue **out, PetscInt **planes);
/* Axes become dims with the same elements in the same order. */
PetscErrorCode TgRegroup(Tg *t, const TgValue *v, int rank, const int64_t dims[], TgValue **out);
PetscErrorCode TgEach(Tg *t, EddyGraphOp op, double alpha, PetscInt n, const PetscInt in[],
                      PetscInt out[]);
/* Same, with every value in the place of its operand's planes. */
PetscErrorCode TgUnary(Tg *t, EddyGraphOp op, double alpha, const TgValue *v, TgValue **out);
PetscErrorCode TgScale(Tg *t, double scale, double shift, const TgValue *v, TgValue **out);

/* Rules by family; each handles t->node or stops. */
PetscErrorCode TgArithmetic(Tg *t);
PetscErrorCode TgActivation(Tg *t);
PetscErrorCode TgLinear(Tg *t);
PetscErrorCode TgBatchNorm(Tg *t);
PetscErrorCode TgShape(Tg *t);
PetscErrorCode TgTranspose(Tg *t);
PetscErrorCode TgSlice(Tg *t);
PetscErrorCode TgSplit(Tg *t);
PetscErrorCode TgGather(Tg *t);
PetscErrorCode TgConcat(Tg *t);
PetscErrorCode TgExpand(Tg *t);
PetscErrorCode TgPad(Tg *t);
PetscErrorCode TgConv(Tg *t);
PetscErrorCode TgConvTranspose(Tg *t);
PetscErrorCode TgPool(Tg *t);
PetscErrorCode TgResize(Tg *t);
PetscErrorCode TgReduce(Tg *t);
PetscErrorCode TgNormalise(Tg *t);
PetscErrorCode TgSoftmax(Tg *t);

/* Inside a rule: leaves it after TgStop or an error. */
#define TgCall(call) \
  do { \
    PetscCall(call); \
    if (t->stopped) \
      PetscFunctionReturn(PETSC_SUCCESS); \
  } while (0)
#define TgRequire(cond, why) \
  do { \
    if (!(cond)) \
      PetscFunctionReturn(TgStop(t, why)); \
  } while (0)
#endif
