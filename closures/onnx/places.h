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
/* Classifies p->node, fills the places of its outputs, and halo and reason of info. */
void OxPlaceNode(OxPlan *p, EddyOnnxNodeInfo *info);
#endif
