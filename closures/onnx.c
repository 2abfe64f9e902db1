/* SPDX-License-Identifier: BSD-3-Clause */
/* A network from an ONNX file as a closure: closure: {list: [net], net: {type: onnx, model: cnn.onnx}}.

   What it reads and what it gives is said by the file itself (eddyline.features, eddyline.target; docs/closures.md, "Model file") or by the
   options closure_NAME_features and closure_NAME_target. Channels are the components of the features in their order. Axes of a field
   network are (batch, channel, x, y), of a pointwise one (cells, channel). Normalisation lives inside the graph only.

   Two ways to evaluate, chosen once at Create (closure_NAME_engine):
     fast       closures/net, with ghost cells instead of padding: each rank works on its own rows, a cell has the same bits on any number
                of ranks. Chains of pointwise layers and periodic convolutions (net.h), or graphs with branches, skip connections,
                normalisations over space, coarser grids (graph.h)
     reference  everything else: a pointwise network on the rank's own cells, any other: the field is gathered on the first rank, the whole network is evaluated there by the plain-loop
                interpreter, and the result is dealt out: right for any operator and the same on any number of ranks, but not fast */
#include "closure.h"
#include "net/graph.h"
#include "onnx/to_graph.h"
#include "onnx/to_net.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
  EddyOnnxModel model;
  EddyNet *net; /* chain; graph: anything else that is fast; both NULL: reference */
  EddyNetPlan plan;
  EddyGraph *graph;
  EddyGraphPlan steps;
  EddyNetPrecision precision;
  PetscBool pointwise, stress3; /* network of (cells, channel); symmetric stress as xx, xy, yy */
  PetscBool zero_mean;          /* fast: the graph ends with y - mean(y) */
  PetscInt nin, nout;
  const void **in;
  void **out;
  double *global,
      *mine; /* reference: whole fields on the first rank; own rows, [channel][rows][nx] */
} Ctx;

static const char *const engines[] = {"auto", "fast", "reference"};

static PetscErrorCode Key(const char *prefix, const char *word, char key[3 * EDDY_MAX_NAME])
{
  return PetscSNPrintf(key, 3 * EDDY_MAX_NAME, "%s%s", prefix, word);
}

/* Names of features and target from the case, else from the file. */
static PetscErrorCode Interface(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME], names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  const char *model, *target;
  PetscInt n, given;
  PetscFunctionBeginUser;
  PetscCall(Key(prefix, "model", key));
  PetscCall(EddyOptionsGetRaw(o, key, &model));
  PetscCall(Key(prefix, "features", key));
  PetscCall(EddyOptionsNames(o, key, "fields the network reads, in order (default: the file says)",
                             EDDY_MAX_LIST, names, &n));
  if (!n && x->model) {
    int count = 0;
    PetscCall(EddyOnnxMetadataList(x->model, "eddyline.features", EDDY_MAX_LIST, names, &count));
    n = count;
    EddyOptionsCheck(
        n, o, key,
        "%s does not say which fields it reads (metadata eddyline.features): name them here",
        model);
  }
  c->nneed = n;
  for (PetscInt i = 0; i < n; ++i)
    PetscCall(PetscStrncpy(c->need[i], names[i], EDDY_MAX_NAME));
  PetscCall(Key(prefix, "target", key));
  PetscCall(EddyOptionsChoice(o, key, "what the network gives (none: the file says)",
                              EddyTargetNames, EDDY_TARGET_MODE, 0, &given));
  c->target = (EddyTarget)given;
  if (c->target != EDDY_TARGET_NONE || !x->model)
    PetscFunctionReturn(PETSC_SUCCESS);
  target = EddyOnnxMetadata(x->model, "eddyline.target");
  EddyOptionsCheck(target, o, key,
                   "%s does not say what it gives (metadata eddyline.target): name it here", model);
  for (PetscInt t = 1; t < EDDY_TARGET_MODE; ++t)
    if (!strcmp(target, EddyTargetNames[t]))
      c->target = (EddyTarget)t;
  EddyOptionsCheck(c->target != EDDY_TARGET_NONE, o, key,
                   "%s: unknown eddyline.target %s (allowed: subgrid_forcing subgrid_stress "
                   "eddy_viscosity coefficient flux face_interpolation)",
                   model, target);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* lower:upper,lower:upper,... per channel */
static PetscErrorCode Ranges(EddyClosure c)
{
  Ctx *x = c->ctx;
  const char *text = EddyOnnxMetadata(x->model, "eddyline.ranges");
  double lower[64], upper[64];
  PetscInt n = 0;
  PetscFunctionBeginUser;
  for (char *end; text && n < 64; ++n) {
    lower[n] = strtod(text, &end);
    if (end == text || *end != ':')
      break;
    upper[n] = strtod(end + 1, &end);
    text = *end == ',' ? end + 1 : NULL;
  }
  if (n == x->nin)
    PetscCall(EddyGuardSetRanges(&c->guard, n, lower, upper, NULL, NULL, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Load(EddyClosure c, EddyOptions o, const char *key, const char *path,
                           const char *prefix, PetscInt engine)
{
  Ctx *x = c->ctx;
  EddyOnnxPort in, out;
  EddyOnnxGolden golden;
  char reason[256] = "", other[3 * EDDY_MAX_NAME];
  PetscFunctionBeginUser;
  PetscCall(EddyOnnxLoad(c->comm, path, &x->model));
  EddyOptionsCheck(EddyOnnxInputCount(x->model) == 1 && EddyOnnxOutputCount(x->model) == 1, o, key,
                   "%s has %d inputs and %d outputs; a closure has one of each", path,
                   EddyOnnxInputCount(x->model), EddyOnnxOutputCount(x->model));
  PetscCall(EddyOnnxGetInput(x->model, 0, &in));
  PetscCall(EddyOnnxGetOutput(x->model, 0, &out));
  x->pointwise = in.rank == 2 ? PETSC_TRUE : PETSC_FALSE;
  EddyOptionsCheck(
      (in.rank == 2 || in.rank == 4) && out.rank == in.rank, o, key,
      "%s: input %s, output %s; a closure in 2-D is (batch, channel, x, y) or (cells, channel)",
      path, in.text, out.text);
  EddyOptionsCheck(in.dims[1] > 0 && out.dims[1] > 0, o, key,
                   "%s: the number of channels must be fixed (input %s, output %s)", path, in.text,
                   out.text);
  x->nin = (PetscInt)in.dims[1];
  x->nout = (PetscInt)out.dims[1];
  PetscCall(EddyOnnxCheckGolden(x->model, &golden));
  if (!golden.present)
    PetscCall(PetscPrintf(c->comm,
                          "note: %s has no golden sample (eddyline.golden): what the exporter "
                          "wrote cannot be checked\n",
                          path));
  if (engine != 2) {
    PetscCall(EddyOnnxToNet(x->model, &x->net, &x->zero_mean, reason, sizeof reason));
    if (!x->net)
      PetscCall(EddyOnnxToGraph(x->model, &x->graph, reason, sizeof reason));
    PetscCall(Key(prefix, "engine", other));
    EddyOptionsCheck(x->net || x->graph || engine != 1, o, other,
                     "%s cannot run on the fast engine: %s", path, reason);
  }
  if (x->net || x->graph)
    c->halo = x->net ? x->net->halo : x->graph->halo;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Targets whose number of components the physics and the scheme know; they are checked by the owner. */
static PetscBool PerFace(EddyTarget t)
{
  return (PetscBool)(t == EDDY_TARGET_FLUX || t == EDDY_TARGET_FACE_INTERPOLATION);
}

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME], model[3 * EDDY_MAX_NAME];
  const char *path;
  PetscInt engine, precision;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  PetscCall(Key(prefix, "engine", key));
  PetscCall(EddyOptionsChoice(o, key, "fast kernels or the reference interpreter", engines, 3, 0,
                              &engine));
  PetscCall(Key(prefix, "precision", key));
  PetscCall(EddyOptionsChoice(o, key, "arithmetic of the network", EddyNetPrecisionNames, 2, 0,
                              &precision));
  x->precision = (EddyNetPrecision)precision;
  PetscCall(Key(prefix, "model", model));
  PetscCall(EddyOptionsString(o, model, "file of the network (.onnx)", NULL, &path));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (!catalogue) {
    EddyOptionsCheck(path, o, model, "closure type onnx needs the file of a network");
    PetscCall(Load(c, o, model, path, prefix, engine));
  }
  PetscCall(Interface(c, o, prefix));
  if (PerFace(c->target))
    c->out_ncomp = x->nout;
  if (!catalogue)
    PetscCall(Ranges(c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What a graph asks of the grid: extents the file fixes, multiples for its coarser grids. */
static PetscErrorCode Grid(EddyClosure c)
{
  const Ctx *x = c->ctx;
  EddyOnnxPort in;
  PetscFunctionBeginUser;
  if (!x->graph || x->pointwise)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOnnxGetInput(x->model, 0, &in));
  for (int d = 0; d < 2; ++d) {
    PetscCheck(in.dims[2 + d] < 0 || in.dims[2 + d] == c->box.n[d], c->comm, EDDY_ERR_INPUT,
               "closure %s: the network is for %lld points along %c, the grid has %" PetscInt_FMT,
               c->name, (long long)in.dims[2 + d], "xy"[d], c -> box.n[d]);
    PetscCheck(c->box.n[d] % x->graph->align[d] == 0, c->comm, EDDY_ERR_INPUT,
               "closure %s: the coarse grids of the network need a multiple of %" PetscInt_FMT
               " points along %c, the grid has %" PetscInt_FMT,
               c->name, x->graph->align[d], "xy"[d], c -> box.n[d]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetUp(EddyClosure c)
{
  Ctx *x = c->ctx;
  const PetscInt dim = c->box.dim, want = c->target == EDDY_TARGET_SUBGRID_STRESS ? dim * dim
                                          : PerFace(c->target)                    ? x->nout
                                                                                  : 1;
  PetscFunctionBeginUser;
  PetscCheck(dim < 3 || x->pointwise, c->comm, EDDY_ERR_INPUT,
             "closure %s: a network of (batch, channel, x, y) cannot act on a box in 3-D", c->name);
  x->stress3 = c->target == EDDY_TARGET_SUBGRID_STRESS && dim == 2 && x->nout == 3 ? PETSC_TRUE
                                                                                   : PETSC_FALSE;
  PetscCheck(x->nout == want || x->stress3, c->comm, EDDY_ERR_INPUT,
             "closure %s: the network gives %" PetscInt_FMT
             " channels, target %s has %" PetscInt_FMT "%s",
             c->name, x->nout, EddyTargetNames[c->target], want,
             c->target == EDDY_TARGET_SUBGRID_STRESS ? " (or 3: xx, xy, yy)" : "");
  PetscCall(PetscFree2(x->in, x->out));
  PetscCall(PetscMalloc2(x->nin, &x->in, x->nout, &x->out));
  if (x->net && !x->plan)
    PetscCall(EddyNetPlanCreate(x->net, x->precision, c->level, &x->plan));
  if (x->graph && !x->steps)
    PetscCall(EddyGraphPlanCreate(x->graph, x->precision, c->level, &x->steps));
  PetscCall(Grid(c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* own: [nout][rows][nx], added to the components of the target; xy of a symmetric stress also to yx. */
static void AddOwn(const Ctx *x, const double *own, EddyBlock *out)
{
  const PetscInt nx = out->count[0], rows = EddyBlockRows(out);
  for (PetscInt q = 0; q < out->ncomp; ++q) {
    const PetscInt k = x->stress3 ? (q + 1) / 2 : q; /* xx, xy, xy, yy */
    for (PetscInt j = 0; j < rows; ++j) {
      double *y = EddyBlockRow(out, q, j);
      for (PetscInt i = 0; i < nx; ++i)
        y[i] += own[(size_t)(k * rows + j) * (size_t)nx + (size_t)i];
    }
  }
}

/* Takes the mean over the box from each channel of own, in an order that does not depend on the ranks. */
static PetscErrorCode RemoveMean(EddyClosure c, const EddyBlock *out, double *own)
{
  const Ctx *x = c->ctx;
  const PetscInt nx = out->count[0], rows = EddyBlockRows(out);
  double *sums, mean[64];
  PetscFunctionBeginUser;
  PetscCheck(x->nout <= 64, c->comm, PETSC_ERR_SUP, "more than 64 output channels");
  PetscCall(PetscCalloc1(PetscMax(1, x->nout * rows), &sums));
  for (PetscInt r = 0; r < x->nout * rows; ++r)
    for (PetscInt i = 0; i < nx; ++i)
      sums[r] += own[(size_t)r * (size_t)nx + (size_t)i];
  PetscCall(EddyClosureSum(c->comm, out, x->nout, sums, mean));
  PetscCall(PetscFree(sums));
  for (PetscInt r = 0; r < x->nout * rows; ++r)
    for (PetscInt i = 0; i < nx; ++i)
      own[(size_t)r * (size_t)nx + (size_t)i] -=
          mean[r / rows] / ((double)out->n[0] * (double)out->n[1]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Sums of rows of all ranks in their places: each is non-zero on one rank only, so the order does not matter. */
static PetscErrorCode Gather(void *ctx, PetscInt nq, PetscInt n, PetscInt first, PetscInt rows,
                             const double row[], double whole[])
{
  const EddyClosure c = ctx;
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(whole, (size_t)nq * (size_t)n));
  for (PetscInt q = 0; q < nq; ++q)
    PetscCall(
        PetscArraycpy(whole + (size_t)q * (size_t)n + first, row + (size_t)q * (size_t)rows, rows));
  PetscCallMPI(
      MPI_Allreduce(MPI_IN_PLACE, whole, (PetscMPIInt)(nq * n), MPI_DOUBLE, MPI_SUM, c->comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Also on ranks without rows when the graph has sums. */
static PetscErrorCode RunGraph(EddyClosure c, const EddyBlock *out, const EddyNetBlock *b)
{
  const Ctx *x = c->ctx;
  const PetscInt n[2] = {out->n[0], out->n[1]};
  int size;
  PetscFunctionBeginUser;
  EddyAssert(out->count[0] == out->n[0], c->comm, "blocks hold whole rows");
  PetscCallMPI(MPI_Comm_size(c->comm, &size));
  PetscCall(EddyGraphPlanSetUp(x->steps, n, out->start[1], b->n[1]));
  PetscCall(EddyGraphApply(x->steps, b, size > 1 ? Gather : NULL, c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A pointwise network on a few rows at a time; what it read and gave is looked at for the guards while it is in cache. */
static PetscErrorCode RunCells(EddyClosure c, EddyNetBlock b, PetscBool vet)
{
  Ctx *x = c->ctx;
  const PetscInt rows = b.n[1], few = PetscMax(1, 512 / PetscMax(1, b.n[0]));
  const PetscBool tight = (PetscBool)(b.in_stride[0] == b.n[0] &&
                                      b.out_stride[0] == b.n[0]); /* rows follow each other */
  PetscBool inside = vet;
  PetscFunctionBeginUser;
  c->largest = 0;
  for (PetscInt j = 0; j < rows; j += few) {
    b.n[1] = PetscMin(few, rows - j);
    if (x->steps) {
      const PetscInt n[2] = {b.n[0], b.n[1]};
      PetscCall(EddyGraphPlanSetUp(x->steps, n, 0, b.n[1]));
      PetscCall(EddyGraphApply(x->steps, &b, NULL, NULL));
    } else
      EddyNetApply(x->plan, &b);
    for (PetscInt r = 0; r < (tight ? 1 : b.n[1]) && inside; ++r)
      inside = EddyGuardVet(&c->guard, tight ? b.n[0] * b.n[1] : b.n[0], x->nin,
                            (const double *const *)x->in, r * b.in_stride[0], x->nout,
                            (const double *const *)x->out, r * b.out_stride[0], &c->largest);
    for (PetscInt k = 0; k < x->nin; ++k)
      x->in[k] = (const double *)x->in[k] + few * b.in_stride[0];
    for (PetscInt k = 0; k < x->nout; ++k)
      x->out[k] = (double *)x->out[k] + few * b.out_stride[0];
  }
  c->vetted = inside;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ApplyFast(EddyClosure c, const EddyBlock in[], EddyBlock *out)
{
  Ctx *x = c->ctx;
  const PetscInt nx = out->count[0], rows = EddyBlockRows(out);
  const PetscBool aside = x->stress3 || x->zero_mean ? PETSC_TRUE : PETSC_FALSE;
  PetscInt k = 0;
  PetscFunctionBeginUser;
  if (aside && !x->mine)
    PetscCall(PetscMalloc1(PetscMax(1, (size_t)(x->nout * rows * nx)), &x->mine));
  for (PetscInt i = 0; i < c->nneed; ++i)
    for (PetscInt q = 0; q < in[i].ncomp; ++q)
      x->in[k++] = rows ? EddyBlockRow(&in[i], q, 0) : NULL;
  for (k = 0; k < x->nout; ++k)
    x->out[k] = aside ? x->mine + (size_t)(k * rows * nx) : rows ? EddyBlockRow(out, k, 0) : NULL;
  const EddyNetBlock b = {
      .n = {nx, rows, 1},
      .in = x->in,
      .out = x->out,
      .in_stride = {in[0].count[0] + 2 * in[0].halo, 0},
      .out_stride = {nx + (aside ? 0 : 2 * out->halo), 0},
      .add = aside ? PETSC_FALSE : PETSC_TRUE,
  };
  if (x->pointwise && rows && (!x->graph || x->graph->pointwise))
    PetscCall(RunCells(c, b, (PetscBool)(c->guard.on && !x->zero_mean)));
  else if (x->steps)
    PetscCall(RunGraph(c, out, &b));
  else if (rows)
    EddyNetApply(x->plan, &b);
  if (x->zero_mean)
    PetscCall(RemoveMean(c, out, x->mine));
  if (aside)
    AddOwn(x, x->mine, out);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rows of all ranks on rank 0, [channel][ny][nx], or back. */
static PetscErrorCode Move(EddyClosure c, const EddyBlock *b, PetscInt channels, double *mine,
                           double *global, PetscBool gather)
{
  int size, rank, *count, *start;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_size(c->comm, &size));
  PetscCallMPI(MPI_Comm_rank(c->comm, &rank));
  PetscCall(PetscMalloc2(size, &count, size, &start));
  const int n = (int)(b->count[0] * b->count[1]), at = (int)(b->start[1] * b->n[0] + b->start[0]);
  PetscCallMPI(MPI_Allgather(&n, 1, MPI_INT, count, 1, MPI_INT, c->comm));
  PetscCallMPI(MPI_Allgather(&at, 1, MPI_INT, start, 1, MPI_INT, c->comm));
  const size_t plane = (size_t)b->n[0] * (size_t)b->n[1];
  for (PetscInt q = 0; q < channels; ++q) {
    double *whole = rank ? NULL : global + (size_t)q * plane, *own = mine + (size_t)q * (size_t)n;
    if (gather)
      PetscCallMPI(MPI_Gatherv(own, n, MPI_DOUBLE, whole, count, start, MPI_DOUBLE, 0, c->comm));
    else
      PetscCallMPI(MPI_Scatterv(whole, count, start, MPI_DOUBLE, own, n, MPI_DOUBLE, 0, c->comm));
  }
  PetscCall(PetscFree2(count, start));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The network on [channel][ny][nx] values, in place. ONNX axes are (x, y), ours [y][x]: the one place that transposes. */
static PetscErrorCode Evaluate(EddyClosure c, PetscInt nx, PetscInt ny, double *global)
{
  Ctx *x = c->ctx;
  const int64_t field[4] = {1, x->nin, nx, ny}, cells[2] = {(int64_t)nx * ny, x->nin};
  EddyTensor in, out;
  PetscFunctionBeginUser;
  PetscCall(
      EddyTensorCreate(EDDY_ONNX_DOUBLE, x->pointwise ? 2 : 4, x->pointwise ? cells : field, &in));
  for (PetscInt q = 0; q < x->nin; ++q)
    for (PetscInt j = 0; j < ny; ++j)
      for (PetscInt i = 0; i < nx; ++i) {
        const int64_t cell = (int64_t)i * ny + j;
        EddyTensorSet(&in, x->pointwise ? cell * x->nin + q : (int64_t)q * nx * ny + cell,
                      global[((size_t)q * (size_t)ny + (size_t)j) * (size_t)nx + (size_t)i]);
      }
  PetscCall(EddyOnnxRun(x->model, PETSC_TRUE, 1, &in, 1, &out));
  PetscCheck(EddyTensorCount(&out) == (int64_t)x->nout * nx * ny, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "closure %s: the network gives %lld values on %d x %d points, not %d channels",
             c->name, (long long)EddyTensorCount(&out), (int)nx, (int)ny, (int)x->nout);
  for (PetscInt q = 0; q < x->nout; ++q)
    for (PetscInt j = 0; j < ny; ++j)
      for (PetscInt i = 0; i < nx; ++i) {
        const int64_t cell = (int64_t)i * ny + j;
        global[((size_t)q * (size_t)ny + (size_t)j) * (size_t)nx + (size_t)i] =
            EddyTensorGet(&out, x->pointwise ? cell * x->nout + q : (int64_t)q * nx * ny + cell);
      }
  PetscCall(EddyTensorDestroy(&in));
  PetscCall(EddyTensorDestroy(&out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ApplyReference(EddyClosure c, const EddyBlock in[], EddyBlock *out)
{
  Ctx *x = c->ctx;
  const PetscInt nx = out->count[0], rows = EddyBlockRows(out), most = PetscMax(x->nin, x->nout);
  const size_t n = (size_t)nx * (size_t)rows;
  int rank;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(c->comm, &rank));
  if (!x->mine) {
    PetscCall(PetscMalloc1(PetscMax(1, (size_t)most * n), &x->mine));
    PetscCall(PetscMalloc1(
        rank || x->pointwise ? 1 : (size_t)most * (size_t)out->n[0] * (size_t)out->n[1],
        &x->global));
  }
  for (PetscInt i = 0, k = 0; i < c->nneed; ++i)
    for (PetscInt q = 0; q < in[i].ncomp; ++q, ++k)
      for (PetscInt j = 0; j < rows; ++j)
        PetscCall(PetscArraycpy(x->mine + (size_t)k * n + (size_t)(j * nx),
                                EddyBlockRow(&in[i], q, j), nx));
  if (x->pointwise) { /* each rank has its own cells */
    if (rows)
      PetscCall(Evaluate(c, nx, rows, x->mine));
  } else {
    PetscCall(Move(c, out, x->nin, x->mine, x->global, PETSC_TRUE));
    if (!rank)
      PetscCall(Evaluate(c, out->n[0], out->n[1], x->global));
    PetscCall(Move(c, out, x->nout, x->mine, x->global, PETSC_FALSE));
  }
  AddOwn(x, x->mine, out);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  Ctx *x = c->ctx;
  PetscInt channels = 0;
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < c->nneed; ++i)
    channels += in[i].ncomp;
  PetscCheck(channels == x->nin, c->comm, EDDY_ERR_INPUT,
             "closure %s: its %d features have %d components, the network reads %d channels",
             c->name, (int)c->nneed, (int)channels, (int)x->nin);
  PetscCall(x->plan || x->steps ? ApplyFast(c, in, out) : ApplyReference(c, in, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyClosure c)
{
  Ctx *x = c->ctx;
  PetscFunctionBeginUser;
  PetscCall(EddyNetPlanDestroy(&x->plan));
  if (x->net)
    PetscCall(EddyNetDestroy(&x->net));
  PetscCall(EddyGraphPlanDestroy(&x->steps));
  PetscCall(EddyGraphDestroy(&x->graph));
  if (x->model)
    PetscCall(EddyOnnxDestroy(&x->model));
  PetscCall(PetscFree2(x->in, x->out));
  PetscCall(PetscFree(x->global));
  PetscCall(PetscFree(x->mine));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyClosureOps eddy_closure_onnx = {
    .name = "onnx",
    .summary = "a network from an ONNX file",
    .reference = "docs/closures.md",
    .ctx_size = sizeof(Ctx),
    .target = EDDY_TARGET_NONE,
    .learned = PETSC_TRUE,
    .Create = Create,
    .Destroy = Destroy,
    .SetUp = SetUp,
    .Apply = Apply,
};
