/* SPDX-License-Identifier: BSD-3-Clause */
/* Graphs of planes as data: building, and how far into the input each plane looks. */
#include "graph_impl.h"

static PetscErrorCode AddPlanes(EddyGraph *g, PetscInt n, const EddyPlane *like, PetscInt out[])
{
  PetscFunctionBeginUser;
  PetscCheck(n >= 0 && g->nplane + n <= EDDY_GRAPH_MAX_PLANES, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network of more than %d channels in all layers together", EDDY_GRAPH_MAX_PLANES);
  for (PetscInt i = 0; i < n; ++i) {
    if (!(g->nplane & (g->nplane - 1)) || !g->plane) /* doubles at powers of two */
      PetscCall(PetscRealloc(sizeof *g->plane * (size_t)PetscMax(8, 2 * g->nplane), &g->plane));
    g->plane[g->nplane] = *like;
    out[i] = g->nplane++;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Appends s with copies of its lists, and its results. */
static PetscErrorCode AddStep(EddyGraph *g, EddyGraphStep s, const PetscInt in[], EddyPlane like,
                              size_t nweight, const double weight[], size_t nbias,
                              const double bias[], PetscInt out[])
{
  EddyGraphStep *to;

  PetscFunctionBeginUser;
  PetscCheck(g->nstep < EDDY_GRAPH_MAX_STEPS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network of more than %d steps", EDDY_GRAPH_MAX_STEPS);
  for (PetscInt i = 0; i < s.nin; ++i)
    EddyAssert(in[i] >= 0 && in[i] < g->nplane, PETSC_COMM_SELF, "no such plane");
  if (!(g->nstep & (g->nstep - 1)) || !g->step)
    PetscCall(PetscRealloc(sizeof *g->step * (size_t)PetscMax(8, 2 * g->nstep), &g->step));
  to = &g->step[g->nstep];
  *to = s;
  ++g->nstep;
  PetscCall(PetscMalloc1(s.nin + 1, &to->in));
  PetscCall(PetscMalloc1(s.nout + 1, &to->out));
  PetscCall(PetscArraycpy(to->in, in, s.nin));
  if (nweight)
    PetscCall(PetscMalloc1(nweight, &to->weight));
  if (nbias)
    PetscCall(PetscMalloc1(nbias, &to->bias));
  for (size_t i = 0; i < nweight; ++i) {
    to->weight[i] = weight[i];
    PetscCheck(!PetscIsInfOrNanReal(weight[i]), PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "network step %" PetscInt_FMT ": weight %zu is %g (allowed: finite numbers)",
               g->nstep - 1, i, weight[i]);
  }
  for (size_t i = 0; i < nbias; ++i) {
    to->bias[i] = bias ? bias[i] : 0;
    PetscCheck(!PetscIsInfOrNanReal(to->bias[i]), PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "network step %" PetscInt_FMT ": bias %zu is %g (allowed: finite numbers)",
               g->nstep - 1, i, to->bias[i]);
  }
  like.step = g->nstep - 1;
  PetscCall(AddPlanes(g, s.nout, &like, to->out));
  for (PetscInt i = 0; out && i < s.nout; ++i)
    out[i] = to->out[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Kind and grid of a result computed point by point. */
static PetscErrorCode Like(const EddyGraph *g, PetscInt n, const PetscInt in[], EddyPlane *like)
{
  PetscFunctionBeginUser;
  *like = (EddyPlane){.kind = EDDY_PLANE_SCALAR, .factor = {1, 1}};
  for (PetscInt i = 0; i < n; ++i) {
    const EddyPlane *p = &g->plane[in[i]];
    if (p->kind != EDDY_PLANE_CELL)
      continue;
    EddyAssert(like->kind == EDDY_PLANE_SCALAR ||
                   (like->factor[0] == p->factor[0] && like->factor[1] == p->factor[1]),
               PETSC_COMM_SELF, "planes of one step lie on two grids");
    like->kind = EDDY_PLANE_CELL;
    like->factor[0] = p->factor[0];
    like->factor[1] = p->factor[1];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphCreate(PetscInt in, EddyGraph **graph)
{
  const EddyPlane cell = {.kind = EDDY_PLANE_CELL, .factor = {1, 1}};

  PetscFunctionBeginUser;
  PetscCheck(in >= 1 && in <= EDDY_NET_MAX_CHANNELS, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "network of %" PetscInt_FMT " input channels (allowed: 1 to %d)", in,
             EDDY_NET_MAX_CHANNELS);
  PetscCall(PetscNew(graph));
  (*graph)->in = in;
  PetscCall(AddStep(*graph, (EddyGraphStep){.op = EDDY_GRAPH_LOAD, .nout = in}, NULL, cell, 0, NULL,
                    0, NULL, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphDestroy(EddyGraph **graph)
{
  EddyGraph *g = *graph;

  PetscFunctionBeginUser;
  if (!g)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < g->nstep; ++i) {
    PetscCall(PetscFree(g->step[i].in));
    PetscCall(PetscFree(g->step[i].out));
    PetscCall(PetscFree(g->step[i].weight));
    PetscCall(PetscFree(g->step[i].bias));
  }
  PetscCall(PetscFree(g->step));
  PetscCall(PetscFree(g->plane));
  PetscCall(PetscFree(*graph));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphConstant(EddyGraph *g, double value, PetscInt *plane)
{
  const EddyPlane like = {
      .kind = EDDY_PLANE_CONSTANT, .step = -1, .factor = {1, 1}, .value = value};

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < PetscMin(g->nplane, 4096); ++i)
    if (g->plane[i].kind == EDDY_PLANE_CONSTANT && g->plane[i].value == value) {
      *plane = i;
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  PetscCall(AddPlanes(g, 1, &like, plane));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscInt Operands(EddyGraphOp op)
{
  return op < EDDY_GRAPH_ADD ? 1 : op < EDDY_GRAPH_WHERE ? 2 : 3;
}

PetscErrorCode EddyGraphEach(EddyGraph *g, EddyGraphOp op, double alpha, PetscInt n,
                             const PetscInt in[], PetscInt out[])
{
  const PetscInt nin = n * Operands(op);
  EddyPlane like;

  PetscFunctionBeginUser;
  PetscCall(Like(g, nin, in, &like));
  PetscCall(AddStep(g, (EddyGraphStep){.op = op, .nin = nin, .nout = n, .alpha = alpha}, in, like,
                    0, NULL, 0, NULL, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphAffine(EddyGraph *g, PetscInt n, const double scale[], const double shift[],
                               const PetscInt in[], PetscInt out[])
{
  EddyPlane like;

  PetscFunctionBeginUser;
  PetscCall(Like(g, n, in, &like));
  PetscCall(AddStep(g, (EddyGraphStep){.op = EDDY_GRAPH_AFFINE, .nin = n, .nout = n}, in, like,
                    (size_t)n, scale, (size_t)n, shift, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphMatrix(EddyGraph *g, PetscInt nin, const PetscInt in[], PetscInt nout,
                               const PetscInt k[2], const PetscInt left[2], const PetscInt by[2],
                               const double weight[], const double bias[], PetscInt out[])
{
  EddyPlane like;

  PetscFunctionBeginUser;
  PetscCall(Like(g, nin, in, &like));
  PetscCall(AddStep(g,
                    (EddyGraphStep){.op = EDDY_GRAPH_MATRIX,
                                    .nin = nin,
                                    .nout = nout,
                                    .k = {k[0], k[1]},
                                    .left = {left[0], left[1]},
                                    .by = {by[0], by[1]}},
                    in, like, (size_t)nin * (size_t)nout * (size_t)(k[0] * k[1]), weight,
                    (size_t)nout, bias, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphPad(EddyGraph *g, PetscInt n, const PetscInt in[],
                            const EddyGraphEdge edge[2], double outside, PetscInt out[])
{
  EddyPlane like;

  PetscFunctionBeginUser;
  PetscCall(Like(g, n, in, &like));
  like.edge[0] = edge[0];
  like.edge[1] = edge[1];
  like.outside = outside;
  PetscCall(EddyGraphConstant(g, outside, &like.beyond));
  PetscCall(AddStep(g, (EddyGraphStep){.op = EDDY_GRAPH_COPY, .nin = n, .nout = n}, in, like, 0,
                    NULL, 0, NULL, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphSample(EddyGraph *g, PetscInt n, const PetscInt in[],
                               const PetscInt factor[2], const PetscInt shift[2], PetscInt out[])
{
  EddyPlane like;

  PetscFunctionBeginUser;
  PetscCall(Like(g, n, in, &like));
  for (int d = 0; d < 2; ++d)
    like.factor[d] *= factor[d];
  PetscCall(AddStep(g,
                    (EddyGraphStep){.op = EDDY_GRAPH_SAMPLE,
                                    .nin = n,
                                    .nout = n,
                                    .factor = {factor[0], factor[1]},
                                    .shift = {shift[0], shift[1]}},
                    in, like, 0, NULL, 0, NULL, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphSpread(EddyGraph *g, PetscInt n, const PetscInt in[],
                               const PetscInt factor[2], PetscInt out[])
{
  const PetscInt nin = n * factor[0] * factor[1];
  EddyPlane like;

  PetscFunctionBeginUser;
  PetscCall(Like(g, nin, in, &like));
  for (int d = 0; d < 2; ++d) {
    EddyAssert(like.factor[d] % factor[d] == 0, PETSC_COMM_SELF, "a grid finer than the block's");
    like.factor[d] /= factor[d];
  }
  PetscCall(
      AddStep(g,
              (EddyGraphStep){
                  .op = EDDY_GRAPH_SPREAD, .nin = nin, .nout = n, .factor = {factor[0], factor[1]}},
              in, like, 0, NULL, 0, NULL, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphReduce(EddyGraph *g, EddyGraphOp op, PetscInt n, const PetscInt in[],
                               PetscInt *out)
{
  const EddyPlane like = {.kind = EDDY_PLANE_SCALAR, .factor = {1, 1}};

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; ++i)
    EddyAssert(g->plane[in[i]].kind == EDDY_PLANE_CELL, PETSC_COMM_SELF,
               "a reduction of what is not a field");
  EddyPlane grid;
  PetscCall(Like(g, n, in, &grid));
  PetscCall(
      AddStep(g, (EddyGraphStep){.op = op, .nin = n, .nout = 1}, in, like, 0, NULL, 0, NULL, out));
  ++g->nsum;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGraphFinish(EddyGraph *g, PetscInt n, const PetscInt out[])
{
  const EddyPlane none = {0};

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; ++i)
    EddyAssert(g->plane[out[i]].kind != EDDY_PLANE_CELL ||
                   (g->plane[out[i]].factor[0] == 1 && g->plane[out[i]].factor[1] == 1),
               PETSC_COMM_SELF, "a result on a coarser grid");
  g->out = n;
  PetscCall(AddStep(g, (EddyGraphStep){.op = EDDY_GRAPH_STORE, .nin = n}, out, none, 0, NULL, 0,
                    NULL, NULL));
  EddyGraphPlan p; /* knows how far the groups of steps look */
  PetscCall(EddyGraphPlanCreate(g, EDDY_NET_F64, EDDY_SIMD_V2, &p));
  g->halo = p->halo;
  g->pointwise = p->pointwise;
  for (int d = 0; d < 2; ++d) {
    g->align[d] = 1;
    for (PetscInt i = 0; i < g->nplane; ++i) {
      PetscInt a = g->align[d], b = g->plane[i].factor[d] ? g->plane[i].factor[d] : 1;
      while (a % b) /* least common multiple */
        a += g->align[d];
      g->align[d] = a;
    }
  }
  PetscCall(EddyGraphPlanDestroy(&p));
  PetscFunctionReturn(PETSC_SUCCESS);
}

double EddyGraphFlops(const EddyGraph *g)
{
  double f = 0;
  for (PetscInt i = 0; i < g->nstep; ++i) {
    const EddyGraphStep *s = &g->step[i];
    if (s->op != EDDY_GRAPH_MATRIX || g->plane[s->out[0]].kind != EDDY_PLANE_CELL)
      continue;
    const EddyPlane *p = &g->plane[s->out[0]];
    f +=
        2. * (double)(s->nin * s->nout * s->k[0] * s->k[1]) / (double)(p->factor[0] * p->factor[1]);
  }
  return f;
}
