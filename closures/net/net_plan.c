/* SPDX-License-Identifier: BSD-3-Clause */
/* From a network to a plan: layers grouped into matrices with what follows them, weights packed for one precision and level. */
#include "net_impl.h"
#include <stdlib.h>
#include <string.h>

/* Rows of all rings of a block that streams through should stay in the second-level cache. */
enum { CACHE = 1200 * 1024, NARROWEST = 64, WIDEST = 1024 };

const EddyNetKernels *EddyNetKernelsGet(EddySimdLevel level, PetscBool single)
{
  const EddyNetKernels *const tables[] = {eddy_net_kernels_v2, eddy_net_kernels_v3,
                                          eddy_net_kernels_v4};
  return &tables[level][single ? 1 : 0];
}

static PetscErrorCode Aligned(size_t bytes, void *p)
{
  PetscFunctionBeginUser;
  *(void **)p = aligned_alloc(64, (bytes + 64) / 64 * 64);
  PetscCheck(*(void **)p, PETSC_COMM_SELF, PETSC_ERR_MEM,
             "no memory for a network plan (%zu bytes)", bytes);
  memset(*(void **)p, 0, (bytes + 64) / 64 * 64);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Zeros, in pages that cost nothing until they are used. */
static PetscErrorCode Work(EddyNetPlan p, size_t bytes)
{
  PetscFunctionBeginUser;
  p->memory = calloc(1, bytes + 64);
  PetscCheck(p->memory, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory for a network plan (%zu bytes)",
             bytes);
  p->work = (char *)(((uintptr_t)p->memory + 63) & ~(uintptr_t)63);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Copy(PetscInt n, const double *from, double **to)
{
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(n, to));
  PetscCall(PetscArraycpy(*to, from, n));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Put(size_t size, void *array, size_t i, double x)
{
  if (size == sizeof(double))
    ((double *)array)[i] = x;
  else
    ((float *)array)[i] = (float)x;
}

PetscErrorCode EddyNetPackMatrix(const EddyNetKernels *kernels, size_t size, PetscInt terms,
                                 PetscInt out, const double weight[], const double bias[],
                                 EddyNetMatrix *matrix)
{
  void *w, *b;
  size_t at = 0;

  PetscFunctionBeginUser;
  PetscCall(Aligned(size * (size_t)terms * (size_t)out, &w));
  matrix->weight = w;
  PetscCall(Aligned(size * (size_t)out, &b));
  matrix->bias = b;
  for (PetscInt o = 0; o < out; ++o)
    Put(size, b, (size_t)o, bias[o]);
  for (PetscInt first = 0; first < out; first += kernels->most)
    for (PetscInt t = 0; t < terms; ++t)
      for (PetscInt o = first; o < PetscMin(first + kernels->most, out); ++o)
        Put(size, w, at++, weight[(size_t)o * (size_t)terms + (size_t)t]);
  matrix->terms = terms;
  matrix->out = out;
  matrix->fused = EDDY_ACT_IDENTITY;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Pack(EddyNetPlan p, EddyNetRing *r, const EddyNetLayer *l)
{
  const PetscInt terms = l->in * l->k[0] * l->k[1];

  PetscFunctionBeginUser;
  PetscCall(EddyNetPackMatrix(p->kernels, p->size, terms, l->out, l->weight, l->bias, &r->matrix));
  PetscCall(PetscMalloc1(terms, &r->offset));
  for (int d = 0; d < 2; ++d)
    r->k[d] = l->k[d];
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode AddOp(EddyNetRing *r, const EddyNetLayer *l)
{
  EddyNetOp *op;

  PetscFunctionBeginUser;
  PetscCall(PetscRealloc(sizeof *r->op * (size_t)(r->nop + 1), &r->op));
  op = &r->op[r->nop];
  *op = (EddyNetOp){.kind = l->kind, .activation = l->activation, .alpha = l->alpha};
  ++r->nop;
  if (l->kind == EDDY_NET_AFFINE) {
    PetscCall(Copy(l->in, l->weight, &op->scale));
    PetscCall(Copy(l->in, l->bias, &op->shift));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Puts layers on rings: a matrix starts a new one; relu and leaky are done by the matrix, a first affine layer by the load. */
static PetscErrorCode Chain(EddyNetPlan p, const EddyNet *net)
{
  EddyNetRing *r = p->ring;

  PetscFunctionBeginUser;
  r->channels = net->in;
  for (PetscInt i = 0; i < net->nlayer; ++i) {
    const EddyNetLayer *l = &net->layer[i];
    if (l->kind == EDDY_NET_CONV) {
      PetscCall(Pack(p, r, l));
      (++r)->channels = l->out;
    } else if (l->kind == EDDY_NET_AFFINE && r == p->ring && !r->nop && !p->scale[0]) {
      PetscCall(Copy(l->in, l->weight, &p->scale[0]));
      PetscCall(Copy(l->in, l->bias, &p->shift[0]));
    } else if (l->kind == EDDY_NET_ACTIVATION && r > p->ring && !r->nop && !r[-1].matrix.fused &&
               (l->activation == EDDY_ACT_RELU || l->activation == EDDY_ACT_LEAKY)) {
      r[-1].matrix.fused = l->activation;
      r[-1].matrix.alpha = l->alpha;
    } else if (l->kind == EDDY_NET_AFFINE || l->activation != EDDY_ACT_IDENTITY)
      PetscCall(AddOp(r, l));
  }
  if (r->nop && r->op[r->nop - 1].kind == EDDY_NET_AFFINE) {
    p->scale[1] = r->op[--r->nop].scale;
    p->shift[1] = r->op[r->nop].shift;
  }
  p->load = (EddyNetCopy){.channels = net->in, .scale = p->scale[0], .shift = p->shift[0]};
  p->store = (EddyNetCopy){.channels = net->out, .scale = p->scale[1], .shift = p->shift[1]};
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyNetLead(const struct _p_EddyNetPlan *p, PetscInt width)
{
  const PetscInt line = (PetscInt)(64 / p->size),
                 lines = (width + p->kernels->lanes + line - 1) / line;
  return line * (lines | 1); /* odd: channels spread over the sets of the cache */
}

/* Tiles: two buffers in turn. */
static PetscErrorCode MakeTiles(EddyNetPlan p)
{
  const PetscInt tile = p->kernels->tile;
  PetscInt most = 0;

  PetscFunctionBeginUser;
  for (PetscInt l = 0; l < p->nring; ++l)
    most = PetscMax(most, p->ring[l].channels);
  const size_t bytes = p->size * (size_t)most * (size_t)tile;
  PetscCall(Work(p, 2 * bytes));
  for (PetscInt l = 0; l < p->nring; ++l) {
    EddyNetRing *r = &p->ring[l];
    r->base = p->work + (l % 2 ? bytes : 0);
    r->ld = tile;
    for (PetscInt t = 0; t < r->matrix.terms; ++t)
      r->offset[t] = (ptrdiff_t)t * tile;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode MakeRings(EddyNetPlan p)
{
  size_t column = 0, bytes = 0;

  PetscFunctionBeginUser;
  for (PetscInt l = p->nring - 1; l >= 0; --l) {
    EddyNetRing *r = &p->ring[l];
    for (int d = 0; d < 2; ++d)
      r->more[d] = (l + 1 < p->nring ? r[1].more[d] : 0) + r->k[d] - 1;
    r->slots = r->k[1];
    r->head = r->k[1] - 1;
    column += p->size * (size_t)(r->channels * r->slots);
  }
  p->widest =
      (PetscInt)PetscMax(NARROWEST, PetscMin(WIDEST, CACHE / column / NARROWEST * NARROWEST));
  for (int pass = 0; pass < 2; ++pass) {
    size_t at = 0;
    for (PetscInt l = 0; l < p->nring; ++l) {
      EddyNetRing *r = &p->ring[l];
      if (pass)
        r->base = p->work + at;
      at += p->size * (size_t)EddyNetLead(p, p->widest + r->more[0]) * (size_t)r->channels *
            (size_t)(r->slots + r->head);
    }
    bytes = at;
    if (!pass)
      PetscCall(Work(p, bytes));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Fill(EddyNetPlan p, const EddyNet *net)
{
  PetscFunctionBeginUser;
  p->in = net->in;
  p->out = net->out;
  p->pointwise = PETSC_TRUE;
  p->nring = 1;
  for (PetscInt l = 0; l < net->nlayer; ++l) {
    p->nring += net->layer[l].kind == EDDY_NET_CONV;
    if (net->layer[l].k[0] > 1 || net->layer[l].k[1] > 1)
      p->pointwise = PETSC_FALSE;
  }
  for (int d = 0; d < 2; ++d)
    p->lo[d] = net->lo[d];
  PetscCall(PetscCalloc1(p->nring, &p->ring));
  for (PetscInt l = 0; l < p->nring; ++l)
    p->ring[l].k[0] = p->ring[l].k[1] = 1;
  PetscCall(Chain(p, net));
  if (p->pointwise)
    PetscCall(MakeTiles(p));
  else
    PetscCall(MakeRings(p));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetPlanCreate(const EddyNet *net, EddyNetPrecision precision,
                                 EddySimdLevel level, EddyNetPlan *plan)
{
  EddyNetPlan p;
  PetscErrorCode ierr;

  PetscFunctionBeginUser;
  *plan = NULL;
  PetscCall(EddyNetCheck(net));
  PetscCheck(precision >= EDDY_NET_F64 && precision <= EDDY_NET_F32, PETSC_COMM_SELF,
             EDDY_ERR_INPUT, "unknown network precision %d", (int)precision);
  PetscCheck(level <= EddySimdDetect(), PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "this processor lacks x86-64 level %s", EddySimdNames[level]);
  PetscCall(PetscNew(&p));
  p->kernels = EddyNetKernelsGet(level, precision == EDDY_NET_F64 ? PETSC_FALSE : PETSC_TRUE);
  p->precision = precision;
  p->size = precision == EDDY_NET_F64 ? sizeof(double) : sizeof(float);
  ierr = Fill(p, net);
  if (ierr) {
    PetscCall(EddyNetPlanDestroy(&p));
    PetscFunctionReturn(ierr);
  }
  *plan = p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyNetPlanDestroy(EddyNetPlan *plan)
{
  EddyNetPlan p = *plan;

  PetscFunctionBeginUser;
  if (!p)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt l = 0; p->ring && l < p->nring; ++l) {
    EddyNetRing *r = &p->ring[l];
    free((void *)r->matrix.weight);
    free((void *)r->matrix.bias);
    PetscCall(PetscFree(r->offset));
    for (PetscInt i = 0; i < r->nop; ++i) {
      PetscCall(PetscFree(r->op[i].scale));
      PetscCall(PetscFree(r->op[i].shift));
    }
    PetscCall(PetscFree(r->op));
  }
  for (int i = 0; i < 2; ++i) {
    PetscCall(PetscFree(p->scale[i]));
    PetscCall(PetscFree(p->shift[i]));
  }
  PetscCall(PetscFree(p->ring));
  free(p->memory);
  PetscCall(PetscFree(*plan));
  PetscFunctionReturn(PETSC_SUCCESS);
}
