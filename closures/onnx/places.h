/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the elements of a tensor lie on the grid, and how far into the network's input each of them has looked. */
#ifndef EDDY_ONNX_PLACES_H
#define EDDY_ONNX_PLACES_H
#include "onnx_impl.h"

enum {
  OX_CHANNEL = -1,
  OX_BATCH = -2,
  OX_FLAT = -3
}; /* meaning of an axis that is not one of space */
typedef struct {
  PetscBool field, lost;  /* depends on the input's data; behind a global node */
  int tag[OX_RANK];       /* per tensor axis: 0..2 space, or one of the above */
  int64_t lo[3], hi[3];   /* covers cells -lo .. n + hi - 1 of its own grid */
  int64_t num[3], den[3]; /* one element spans num/den cells of the input */
  int64_t reach[3][2];    /* in cells of the input */
  int from;               /* FLAT: the value that was flattened, else -1 */
} OxPlace;

typedef struct {
  EddyOnnxModel m;
  const OxExec *x;
  const OxNode *node;
  OxPlace *place; /* [nvalue] */
  int64_t n[3];   /* extents of the grid */
  int dim;
  PetscBool zero, wrong; /* a face rule other than periodic; a wrong circular padding */
} OxPlan;

static inline const OxTensor *OxPlanTensor(const OxPlan *p, int value) { return &p->x->v[value]; }
static inline int OxPlaceIn(const OxPlan *p, int k)
{
  return k < p->node->nin ? p->node->in[k] : -1;
}
static inline const OxPlace *OxPlaceOf(const OxPlan *p, int value) { return &p->place[value]; }
static inline int64_t OxPlaceAttr(const OxPlan *p, const char *name, int64_t dflt)
{
  const OxAttr *a = OxGetAttr(p->node, name);
  return a ? a->i : dflt;
}
/* Cells of the input that r elements along axis a span. */
static inline int64_t OxCells(const OxPlace *o, int a, int64_t r)
{
  return (r * o->num[a] + o->den[a] - 1) / o->den[a];
}

/* Marks a node that cannot be split, with its reason. */
void OxGlobal(OxPlace *o, EddyOnnxNodeInfo *info, const char *format, ...)
    PETSC_ATTRIBUTE_FORMAT(3, 4);
/* The node looks `left` and `right` elements further along axis a. */
void OxLook(OxPlace *o, EddyOnnxNodeInfo *info, int a, int64_t left, int64_t right);
/* Operands of one result, broadcast from the right; `apart` is the axis along which they are joined (-1: none). Fields that cover
   different cells are centred, and the shift becomes reach. */
void OxPlaceMerge(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, int apart);
/* places_window.c */
void OxPlaceWindow(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info, const OxTensor *in,
                   const int64_t kernel[]);
void OxPlaceEnlarge(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info);
void OxPlacePad(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info);
void OxPlaceSlice(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info);
void OxPlaceConcat(OxPlan *p, OxPlace *o, EddyOnnxNodeInfo *info);
/* Classifies p->node, fills the places of its outputs, and halo and reason of info. */
void OxPlaceNode(OxPlan *p, EddyOnnxNodeInfo *info);
#endif
