/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline closure MODEL: what a network is, and its term on stored snapshots, by the same Apply that the solver calls. One rank works. */
#include "cli.h"
#include "closure.h"
#include "net/net.h"
#include "onnx/to_graph.h"
#include "onnx/to_net.h"
#include "run.h"
#include "well_read.h"
#include "writer.h"
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "eddyline closure MODEL.onnx [-input FILE [-output NAME] [-score FILE]] [-bench 256,256]\n"
    "  Without options: inputs and outputs, parameters, class and halo of every node, what the "
    "fast engine takes, golden sample.\n"
    "  -input FILE    evaluates the network on every snapshot of FILE, which must hold its "
    "features\n"
    "  -output NAME   writes the result to NAME.hdf5, in the layout of FILE\n"
    "  -score FILE    compares the result with the stored target in FILE (default: the input "
    "file): correlation and relative error\n"
    "  -bench NX,NY   times the network on a grid of that size\n"
    "  -features a,b -target T -precision f64|mixed -engine auto|fast|reference   as "
    "closure_NAME_... in a case\n";

typedef struct {
  EddyOptions o;
  EddyClosure c;
  const char *model, *input, *output, *score;
  PetscInt bench[2];
  PetscBool timed;
} Verb;

/* Block of a field on the whole periodic box with c->halo ghost points. Memory in b->data, owned by the caller. */
static PetscErrorCode MakeBlock(const EddyBox *box, const char *name, PetscInt ncomp, PetscInt halo,
                                EddyBlock *b)
{
  PetscFunctionBeginUser;
  *b = (EddyBlock){.dim = box->dim,
                   .ncomp = ncomp,
                   .halo = halo,
                   .where = EDDY_WHERE_NODE,
                   .n = {box->n[0], box->n[1], 1},
                   .count = {box->n[0], box->n[1], 1}};
  PetscCall(PetscStrncpy(b->name, name, EDDY_MAX_NAME));
  PetscCall(PetscCalloc1(
      (size_t)ncomp * (size_t)(b->n[0] + 2 * halo) * (size_t)(b->n[1] + 2 * halo), &b->data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void FillBlock(EddyBlock *b, const double *values)
{
  const PetscInt nx = b->n[0], ny = b->n[1], h = b->halo;
  for (PetscInt c = 0; c < b->ncomp; ++c)
    for (PetscInt j = -h; j < ny + h; ++j) {
      double *row =
          b->data + ((size_t)c * (size_t)(ny + 2 * h) + (size_t)(j + h)) * (size_t)(nx + 2 * h);
      const double *from =
          values + ((size_t)c * (size_t)ny + (size_t)(((j % ny) + ny) % ny)) * (size_t)nx;
      for (PetscInt i = -h; i < nx + h; ++i)
        row[i + h] = from[((i % nx) + nx) % nx];
    }
}

/* The closure with the options of the command line in place of those of a case. */
static PetscErrorCode MakeClosure(Verb *v, const char *model)
{
  static const char *const words[] = {"features", "target", "precision", "engine"};
  const EddyClosureOps *ops = NULL;
  PetscFunctionBeginUser;
  for (PetscInt k = 0; !ops || strcmp(ops->name, "onnx"); ++k)
    ops = EddyClosureGetOps(k);
  PetscCall(EddyOptionsSet(v->o, "closure_net_model", model, "command line"));
  for (size_t w = 0; w < sizeof words / sizeof *words; ++w) {
    const char *value;
    char key[2 * EDDY_MAX_NAME];
    PetscCall(EddyOptionsString(v->o, words[w], "as closure_NAME_... in a case", NULL, &value));
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_net_%s", words[w]));
    if (value)
      PetscCall(EddyOptionsSet(v->o, key, value, "command line"));
  }
  PetscCall(EddyClosureCreateFromOps(PETSC_COMM_SELF, v->o, ops, "net", "closure_net_", &v->c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Describe(Verb *v)
{
  EddyOnnxModel m;
  EddyOnnxPort in, out;
  EddyOnnxGolden golden;
  EddyNet *net = NULL;
  EddyGraph *graph = NULL;
  PetscBool zero_mean = PETSC_FALSE;
  char reason[256] = "";
  PetscFunctionBeginUser;
  PetscCall(EddyOnnxLoad(PETSC_COMM_SELF, v->model, &m));
  PetscCall(EddyOnnxGetInput(m, 0, &in));
  PetscCall(EddyOnnxGetOutput(m, 0, &out));
  PetscCall(EddyOnnxCheckGolden(m, &golden));
  PetscCall(EddyOnnxToNet(m, &net, &zero_mean, reason, sizeof reason));
  if (!net)
    PetscCall(EddyOnnxToGraph(m, &graph, reason, sizeof reason));
  printf("model        %s, opset %d, %d nodes, %lld parameters\n", v->model, EddyOnnxOpset(m),
         EddyOnnxNodeCount(m), (long long)EddyOnnxParameterCount(m));
  printf("input        %s %s %s\noutput       %s %s %s\n", in.name, EddyOnnxTypeName(in.type),
         in.text, out.name, EddyOnnxTypeName(out.type), out.text);
  static const char *const keys[] = {"eddyline.features", "eddyline.target",
                                     "eddyline.filter",   "eddyline.dealias",
                                     "eddyline.ranges",   "eddyline.train_sha256"};
  for (size_t k = 0; k < sizeof keys / sizeof *keys; ++k) {
    const char *value = EddyOnnxMetadata(m, keys[k]);
    printf("%-12s %s\n", strchr(keys[k], '.') + 1, value ? value : "-");
  }
  if (golden.present)
    printf("golden       reproduced to %.2e (allowed %.2e)\n", golden.error, golden.tolerance);
  else
    printf("golden       none: what the exporter wrote cannot be checked\n");
  if (net)
    printf("engine       fast: %d layers, halo %d, %.0f flops per point%s\n", (int)net->nlayer,
           (int)net->halo, EddyNetFlops(net), zero_mean ? ", mean removed" : "");
  else if (graph) {
    printf("engine       fast: graph of %d steps on %d channels, halo %d, %.0f flops per point, %d "
           "sums over space",
           (int)graph->nstep, (int)graph->nplane, (int)graph->halo, EddyGraphFlops(graph),
           (int)graph->nsum);
    if (graph->align[0] > 1 || graph->align[1] > 1)
      printf(", extents multiples of %d x %d", (int)graph->align[0], (int)graph->align[1]);
    printf("\n");
  } else
    printf("engine       reference interpreter%s: %s\n",
           in.rank == 2 ? "" : ", the field gathered on one rank", reason);
  PetscCall(EddyOnnxClassify(m, net || graph ? "fast" : "reference", stdout));
  if (net)
    PetscCall(EddyNetDestroy(&net));
  PetscCall(EddyGraphDestroy(&graph));
  PetscCall(EddyOnnxDestroy(&m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

typedef struct {
  double ab, aa, bb, a, b, dd;
  double n;
} Sums;

static void AddScore(Sums *s, PetscInt n, const double *a, const double *b)
{
  for (PetscInt i = 0; i < n; ++i) {
    s->ab += a[i] * b[i], s->aa += a[i] * a[i], s->bb += b[i] * b[i];
    s->a += a[i], s->b += b[i], s->dd += (a[i] - b[i]) * (a[i] - b[i]);
  }
  s->n += n;
}

static void PrintScore(const char *name, const Sums *s)
{
  const double va = s->aa - s->a * s->a / s->n, vb = s->bb - s->b * s->b / s->n;
  printf("score        %s: correlation %.5f, relative L2 error %.5f\n", name,
         (s->ab - s->a * s->b / s->n) / sqrt(va * vb), sqrt(s->dd / s->bb));
}

/* Every snapshot of the input file through Apply. */
static PetscErrorCode OnFile(Verb *v)
{
  EddyWell in, ref = NULL;
  EddyWriter w = NULL;
  const EddyWellInfo *info;
  EddyBlock block[EDDY_MAX_LIST], out;
  PetscInt field[EDDY_MAX_LIST], target = -1;
  EddyClosure c = v->c;
  Sums sums[9] = {{0}};
  double *values, *stored;
  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(v->input, &in));
  PetscCall(EddyWellGetInfo(in, &info));
  PetscCheck(info->box.dim == 2, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: closures are applied to 2-D fields", v->input);
  PetscCheck(c->target != EDDY_TARGET_FLUX && c->target != EDDY_TARGET_FACE_INTERPOLATION,
             PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "closure %s gives %s, which acts inside a run alone: it is no field", c->name,
             EddyTargetNames[c->target]);
  PetscCall(EddyClosureSetUp(c, &info->box, EddySimdDetect()));
  const PetscInt points = info->box.n[0] * info->box.n[1],
                 ncomp = c->target == EDDY_TARGET_SUBGRID_STRESS ? 4 : 1;
  for (PetscInt i = 0; i < c->nneed; ++i) {
    PetscCall(EddyWellFindField(in, c->need[i], &field[i]));
    PetscCall(MakeBlock(&info->box, c->need[i], info->fields[field[i]].ncomp, c->halo, &block[i]));
  }
  PetscCall(MakeBlock(&info->box, EddyTargetNames[c->target], ncomp, 0, &out));
  out.rank = ncomp == 4 ? 2 : 0;
  PetscCall(PetscMalloc2(4 * points, &values, 4 * points, &stored));
  if (v->score) {
    PetscCall(EddyWellOpen(v->score, &ref));
    PetscCall(EddyWellFindField(ref, EddyTargetNames[c->target], &target));
  }
  if (v->output) {
    PetscCall(EddyOptionsSet(v->o, "output_closure_type", "h5", "command line"));
    PetscCall(EddyWriterCreate(PETSC_COMM_SELF, v->o, "closure", &w));
    const EddyWriterPlan plan = {.comm = PETSC_COMM_SELF,
                                 .path = v->output,
                                 .dataset_name = info->dataset_name,
                                 .box = info->box,
                                 .n = {info->box.n[0], info->box.n[1], 1},
                                 .ntrajectories = info->ntrajectories,
                                 .nframes = info->nframes,
                                 .times = info->times,
                                 .nfield = 1,
                                 .fields = &out,
                                 .row = info->row,
                                 .provenance = info->provenance};
    PetscCall(w->ops->Open(w, &plan));
  }
  for (PetscInt64 k = 0; k < info->frames_done; ++k) {
    const PetscInt r = (PetscInt)(k / info->nframes), f = (PetscInt)(k % info->nframes);
    for (PetscInt i = 0; i < c->nneed; ++i) {
      PetscCall(EddyWellReadFrame(in, field[i], r, f, values));
      FillBlock(&block[i], values);
    }
    PetscCall(PetscArrayzero(out.data, ncomp * points));
    const EddyStage s = {.t = info->times[f], .row = (uint64_t)info->row[r], .seed = info->seed[r]};
    PetscCall(c->ops->Apply(c, &s, block, &out));
    if (ref) {
      PetscCall(EddyWellReadFrame(ref, target, r, f, stored));
      for (PetscInt q = 0; q < ncomp; ++q)
        AddScore(&sums[q], points, out.data + q * points, stored + q * points);
    }
    const EddyRecord record = {.trajectory = r,
                               .frame = f,
                               .row = info->row[r],
                               .t = s.t,
                               .seed = s.seed,
                               .nblock = 1,
                               .blocks = &out};
    if (w)
      PetscCall(w->ops->Write(w, &record));
  }
  printf("applied      %lld snapshots of %s\n", (long long)info->frames_done, v->input);
  for (PetscInt q = 0; ref && q < ncomp; ++q) {
    static const char *const comp[] = {"xx", "xy", "yx", "yy"};
    char name[2 * EDDY_MAX_NAME];
    PetscCall(PetscSNPrintf(name, sizeof name, "%s%s%s", EddyTargetNames[c->target],
                            ncomp == 4 ? "_" : "", ncomp == 4 ? comp[q] : ""));
    PrintScore(name, &sums[q]);
  }
  if (w) {
    PetscCall(w->ops->Close(w, PETSC_TRUE));
    printf("written      %s.hdf5\n", v->output);
    PetscCall(EddyWriterDestroy(&w));
  }
  for (PetscInt i = 0; i < c->nneed; ++i)
    PetscCall(PetscFree(block[i].data));
  PetscCall(PetscFree(out.data));
  PetscCall(PetscFree2(values, stored));
  PetscCall(EddyWellClose(&ref));
  PetscCall(EddyWellClose(&in));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static int Order(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* One evaluation of either engine, and its time. */
static PetscErrorCode Timed(EddyNetPlan plan, EddyGraphPlan steps, const EddyNetBlock *b, double *t)
{
  PetscFunctionBeginUser;
  *t = MPI_Wtime();
  if (steps)
    PetscCall(EddyGraphApply(steps, b, NULL, NULL));
  else
    EddyNetApply(plan, b);
  *t = MPI_Wtime() - *t;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode BenchOne(const Verb *v, const EddyNet *net, const EddyGraph *graph,
                               EddyNetPrecision precision, const EddyNetBlock *b)
{
  EddyNetPlan plan = NULL;
  EddyGraphPlan steps = NULL;
  const PetscInt points = b->n[0] * b->n[1];
  const double flops = (net ? EddyNetFlops(net) : EddyGraphFlops(graph)) * points;
  double t[15];
  PetscFunctionBeginUser;
  if (net)
    PetscCall(EddyNetPlanCreate(net, precision, EddySimdDetect(), &plan));
  else {
    PetscCall(EddyGraphPlanCreate(graph, precision, EddySimdDetect(), &steps));
    PetscCall(EddyGraphPlanSetUp(steps, b->n, 0, b->n[1]));
  }
  for (int r = 0; r < 15; ++r)
    PetscCall(Timed(plan, steps, b, &t[r]));
  qsort(t, 15, sizeof *t, Order);
  printf("bench        %s: %d x %d points in %.3f ms, %.1f ns per point, %.1f GF/s\n",
         EddyNetPrecisionNames[precision], (int)b->n[0], (int)b->n[1], t[7] * 1e3,
         t[7] / points * 1e9, flops / t[7] * 1e-9);
  PetscCall(EddyNetPlanDestroy(&plan));
  PetscCall(EddyGraphPlanDestroy(&steps));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Median time of the fast engine on a grid; ghosts included, values are a smooth field. */
static PetscErrorCode Bench(Verb *v)
{
  EddyOnnxModel m;
  EddyNet *net = NULL;
  EddyGraph *graph = NULL;
  PetscBool zero_mean;
  char reason[256] = "";
  PetscFunctionBeginUser;
  PetscCall(EddyOnnxLoad(PETSC_COMM_SELF, v->model, &m));
  PetscCall(EddyOnnxToNet(m, &net, &zero_mean, reason, sizeof reason));
  if (!net)
    PetscCall(EddyOnnxToGraph(m, &graph, reason, sizeof reason));
  PetscCheck(net || graph, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: -bench times the fast engine, which cannot take it: %s", v->model, reason);
  const EddyBox box = {.dim = 2, .n = {v->bench[0], v->bench[1], 1}};
  const PetscInt nin = net ? net->in : graph->in, nout = net ? net->out : graph->out,
                 halo = net ? net->halo : graph->halo;
  EddyBlock in, out;
  PetscCall(MakeBlock(&box, "in", nin, halo, &in));
  PetscCall(MakeBlock(&box, "out", nout, 0, &out));
  const size_t all = (size_t)nin * (size_t)(box.n[0] + 2 * halo) * (size_t)(box.n[1] + 2 * halo);
  for (size_t i = 0; i < all; ++i)
    in.data[i] = sin(1e-2 * (double)i);
  const void **pin;
  void **pout;
  PetscCall(PetscMalloc2(nin, &pin, nout, &pout));
  for (PetscInt q = 0; q < nin; ++q)
    pin[q] = EddyBlockRow(&in, q, 0);
  for (PetscInt q = 0; q < nout; ++q)
    pout[q] = EddyBlockRow(&out, q, 0);
  const EddyNetBlock b = {.n = {box.n[0], box.n[1], 1},
                          .in = pin,
                          .out = pout,
                          .in_stride = {box.n[0] + 2 * halo, 0},
                          .out_stride = {box.n[0], 0}};
  for (int precision = 0; precision < 2; ++precision)
    PetscCall(BenchOne(v, net, graph, (EddyNetPrecision)precision, &b));
  PetscCall(PetscFree2(pin, pout));
  PetscCall(PetscFree(in.data));
  PetscCall(PetscFree(out.data));
  PetscCall(EddyNetDestroy(&net));
  PetscCall(EddyGraphDestroy(&graph));
  PetscCall(EddyOnnxDestroy(&m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbClosure(int argc, char **argv, int *code)
{
  Verb v = {.bench = {256, 256}};
  const char *positional[1];
  PetscInt n;
  PetscBool asked;
  int rank;
  PetscFunctionBeginUser;
  PetscCall(EddyCliHelp(argc, argv, usage, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCallMPI(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &v.o));
  PetscCall(EddyArgsSplit(v.o, argc - 1, argv + 1, 1, positional, &n));
  PetscCheck(n == 1, PETSC_COMM_WORLD, EDDY_ERR_INPUT,
             "closure: the file of a network is missing; see eddyline closure --help");
  v.model = positional[0];
  PetscCall(EddyOptionsString(v.o, "input", "file with the features", NULL, &v.input));
  PetscCall(
      EddyOptionsString(v.o, "output", "file for the result, without .hdf5", NULL, &v.output));
  PetscCall(EddyOptionsString(v.o, "score", "file with the stored target", NULL, &v.score));
  PetscCall(EddyOptionsInts(v.o, "bench", "grid to time the network on", 2, 1, 1 << 14, v.bench,
                            &v.timed));
  if (v.score && !v.input)
    v.input = v.score;
  if (!rank) {
    PetscCall(Describe(&v));
    if (v.input) {
      PetscCall(MakeClosure(&v, v.model));
      PetscCall(OnFile(&v));
      PetscCall(EddyClosureDestroy(&v.c));
    }
    if (v.timed)
      PetscCall(Bench(&v));
  }
  PetscCallMPI(MPI_Barrier(PETSC_COMM_WORLD));
  PetscCall(EddyOptionsDestroy(&v.o));
  PetscFunctionReturn(PETSC_SUCCESS);
}
