/* SPDX-License-Identifier: BSD-3-Clause */
/* Guards, see guard.h. Loops over rows of points; nothing here knows which solver it serves. */
#include "closure.h"
#include "guard_kernels.h"
#include <float.h>
#include <math.h>
#include <string.h>

const char *const EddyGuardCountNames[] = {"points",    "bad",     "flagged",  "clipped",
                                           "projected", "limited", "rejected", "calls"};
static const char *const range_names[] = {"off", "count", "blend"};

void EddyGuardDefaults(EddyGuard *g, PetscBool learned)
{
  *g = (EddyGuard){.on = PETSC_TRUE,
                   .limit = learned ? 1e3 : 0,
                   .energy = learned ? 1 : -1,
                   .reject = 1,
                   .range = learned ? EDDY_RANGE_COUNT : EDDY_RANGE_OFF,
                   .margin = .1,
                   .soft = .5,
                   .mean_zero = PETSC_TRUE,
                   .symmetric = PETSC_TRUE,
                   .radius = PETSC_MAX_REAL};
}

typedef struct {
  char text[3 * EDDY_MAX_NAME];
} Key;
static const char *Name(Key *k, const char *prefix, const char *word)
{
  snprintf(k->text, sizeof k->text, "%sguard_%s", prefix, word);
  return k->text;
}

static PetscErrorCode Ranges(EddyGuard *g, EddyOptions o, const char *prefix)
{
  PetscReal lower[EDDY_MAX_COMP], upper[EDDY_MAX_COMP];
  PetscInt n, m;
  Key key;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsRealList(o, Name(&key, prefix, "upper"),
                                "largest value of each input component", "of the input",
                                EDDY_MAX_COMP, -PETSC_MAX_REAL, PETSC_MAX_REAL, upper, &m));
  PetscCall(EddyOptionsRealList(o, Name(&key, prefix, "lower"),
                                "smallest value of each input component", "of the input",
                                EDDY_MAX_COMP, -PETSC_MAX_REAL, PETSC_MAX_REAL, lower, &n));
  EddyOptionsCheck(n == m, o, key.text, "%d values, but guard_upper has %d", (int)n, (int)m);
  for (PetscInt i = 0; i < n; ++i)
    EddyOptionsCheck(lower[i] < upper[i], o, key.text, "value %d, %g, is not below guard_upper, %g",
                     (int)i + 1, (double)lower[i], (double)upper[i]);
  if (n)
    PetscCall(EddyGuardSetRanges(g, n, lower, upper, NULL, NULL, g->radius));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGuardFromOptions(EddyGuard *g, EddyOptions o, const char *prefix)
{
  PetscInt range = (PetscInt)g->range;
  const char *fallback;
  Key key;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsBool(o, Name(&key, prefix, "on"), "checks of the output", g->on, &g->on));
  PetscCall(EddyOptionsBool(o, "closure_strict", "stop at the first event of a guard", PETSC_FALSE,
                            &g->strict));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "limit"),
                            "largest value believed, times the scale of the flow; 0: any finite",
                            "1", g->limit, 0, PETSC_MAX_REAL, &g->limit));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "clip"), "values are cut at +-clip; 0: off",
                            "of the target", 0, 0, PETSC_MAX_REAL, &g->clip));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "energy"),
                            "energy input allowed, times the resolved dissipation; < 0: any", "1",
                            g->energy, -1, PETSC_MAX_REAL, &g->energy));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "reject"),
                            "fraction of bad or flagged points from which a step is taken again "
                            "with the fallback; 1: never",
                            "1", g->reject, 0, 1, &g->reject));
  PetscCall(EddyOptionsChoice(o, Name(&key, prefix, "range"), "points with inputs out of range",
                              range_names, 3, range, &range));
  g->range = (EddyRangeMode)range;
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "margin"),
                            "tolerated beyond a range, times its width", "1", g->margin, 0,
                            PETSC_MAX_REAL, &g->margin));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "soft"),
                            "blending goes from 0 to 1 over this, times the width of a range", "1",
                            g->soft, 1e-6, PETSC_MAX_REAL, &g->soft));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "hysteresis"),
                            "a flagged point stays so until it is back by this much of the width",
                            "1", 0, 0, PETSC_MAX_REAL, &g->hysteresis));
  PetscCall(EddyOptionsReal(o, Name(&key, prefix, "radius"),
                            "largest Mahalanobis distance of the inputs", "1", g->radius, 0,
                            PETSC_MAX_REAL, &g->radius));
  PetscCall(EddyOptionsBool(o, Name(&key, prefix, "mean_zero"), "a forcing has no mean",
                            g->mean_zero, &g->mean_zero));
  PetscCall(EddyOptionsBool(o, Name(&key, prefix, "symmetric"), "a stress is made symmetric",
                            g->symmetric, &g->symmetric));
  PetscCall(EddyOptionsBool(o, Name(&key, prefix, "trace_free"), "a stress is made trace-free",
                            g->trace_free, &g->trace_free));
  PetscCall(EddyOptionsBool(o, Name(&key, prefix, "realisable"),
                            "a stress is made positive semi-definite", g->realisable,
                            &g->realisable));
  PetscCall(EddyOptionsString(o, Name(&key, prefix, "fallback"),
                              "classical closure where this one is not trusted", NULL, &fallback));
  if (fallback)
    PetscCall(PetscStrncpy(g->fallback, fallback, sizeof g->fallback));
  PetscCall(Ranges(g, o, prefix));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Copy(size_t n, const double from[], double **to)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(*to));
  if (!from)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1(n, to));
  PetscCall(PetscArraycpy(*to, from, n));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGuardSetRanges(EddyGuard *g, PetscInt n, const double lower[],
                                  const double upper[], const double mean[], const double whiten[],
                                  PetscReal radius)
{
  PetscFunctionBeginUser;
  if (g->lower)
    PetscFunctionReturn(PETSC_SUCCESS);
  g->nrange = n;
  g->radius = PetscMin(g->radius, radius);
  PetscCall(Copy((size_t)n, lower, &g->lower));
  PetscCall(Copy((size_t)n, upper, &g->upper));
  PetscCall(Copy((size_t)n, mean, &g->mean));
  PetscCall(Copy((size_t)(n * n), whiten, &g->whiten));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGuardDestroy(EddyGuard *g)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(g->lower));
  PetscCall(PetscFree(g->upper));
  PetscCall(PetscFree(g->mean));
  PetscCall(PetscFree(g->whiten));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Distance of the inputs x[nrange] from their ranges: > 0 when a point is flagged, 1 where blending is complete. back: what a
   point that was flagged has to come back by, in widths (in radii for the distance). */
static double Excess(const EddyGuard *g, const double x[], double back)
{
  double most = 0;
  for (PetscInt i = 0; i < g->nrange; ++i) {
    const double width = g->upper[i] - g->lower[i];
    const double above = x[i] - g->upper[i], below = g->lower[i] - x[i],
                 beyond = above > below ? above : below;
    const double e = (beyond - (g->margin - back) * width) / (g->soft * width);
    most = e > most ? e : most;
  }
  if (g->mean && g->whiten && g->radius < PETSC_MAX_REAL) {
    double r2 = 0;
    for (PetscInt i = 0; i < g->nrange; ++i) {
      double z = 0;
      for (PetscInt j = 0; j <= i; ++j)
        z += g->whiten[i * g->nrange + j] * (x[j] - g->mean[j]);
      r2 += z * z;
    }
    const double e = (sqrt(r2) - (1 - back) * g->radius) / (g->soft * g->radius);
    most = e > most ? e : most;
  }
  return most;
}

static const EddyGuardKernels *Kernels(const EddyGuard *g)
{
  static const EddyGuardKernels *const tables[] = {&eddy_guard_kernels_v2, &eddy_guard_kernels_v3,
                                                   &eddy_guard_kernels_v4};
  return tables[g->level];
}

/* Is any point of a row worth a closer look? Bounds a little inside the tolerated ones: Excess decides. */
static PetscBool Suspect(const EddyGuard *g, PetscInt ncomp, PetscInt nx, const double *const row[])
{
  if (g->mean && g->whiten && g->radius < PETSC_MAX_REAL)
    return PETSC_TRUE;
  for (PetscInt c = 0; c < ncomp; ++c) {
    const double width = g->upper[c] - g->lower[c], margin = (g->margin - g->hysteresis) * width,
                 lower = g->lower[c] - margin, upper = g->upper[c] + margin,
                 less = 1e-12 * (fabs(lower) + fabs(upper) + width);
    if (Kernels(g)->outside((size_t)nx, row[c], lower + less, upper - less))
      return PETSC_TRUE;
  }
  return PETSC_FALSE;
}

PetscBool EddyGuardVet(const EddyGuard *g, PetscInt n, PetscInt nin, const double *const in[],
                       ptrdiff_t in_at, PetscInt nout, const double *const out[], ptrdiff_t out_at,
                       double *largest)
{
  const double *row[EDDY_MAX_LIST * 9];
  for (PetscInt c = 0; c < nout; ++c) {
    const double v = Kernels(g)->largest((size_t)n, out[c] + out_at);
    *largest = v > *largest ? v : *largest;
  }
  if (g->range == EDDY_RANGE_OFF || !g->nrange)
    return PETSC_TRUE;
  if (nin != g->nrange || nin > EDDY_MAX_LIST * 9)
    return PETSC_FALSE;
  for (PetscInt c = 0; c < nin; ++c)
    row[c] = in[c] + in_at;
  return (PetscBool)!Suspect(g, nin, n, row);
}

/* One row: weights of flagged points; returns how many. */
static PetscInt RangeRow(const EddyGuard *g, PetscInt ncomp, PetscInt nx, const double *const row[],
                         const double was[], double weight[])
{
  PetscInt flagged = 0;
  if (!Suspect(g, ncomp, nx, row))
    return 0;
  for (PetscInt x = 0; x < nx; ++x) {
    double value[EDDY_MAX_LIST * 9];
    for (PetscInt c = 0; c < ncomp; ++c)
      value[c] = row[c][x];
    const double e = Excess(g, value, was && was[x] > 0 ? g->hysteresis : 0);
    if (!(e > 0))
      continue;
    ++flagged;
    weight[x] = e < 1 ? e * e * (3 - 2 * e) : 1;
  }
  return flagged;
}

/* Rows of all inputs; returns the number of components, 0 when ranges are not looked at. */
static PetscInt Ranged(const EddyGuard *g, PetscInt nin, const EddyBlock in[])
{
  PetscInt ncomp = 0;
  for (PetscInt i = 0; i < nin; ++i)
    ncomp += in[i].ncomp;
  return g->range == EDDY_RANGE_OFF || !g->nrange || ncomp != g->nrange ? 0 : ncomp;
}
static void InputRows(PetscInt nin, const EddyBlock in[], PetscInt j, const double *row[])
{
  for (PetscInt i = 0; i < nin; ++i)
    for (PetscInt c = 0; c < in[i].ncomp; ++c)
      *row++ = EddyBlockRow(&in[i], c, j);
}

PetscInt EddyGuardRange(const EddyGuard *g, PetscInt nin, const EddyBlock in[], double weight[])
{
  return EddyGuardRangeAfter(g, nin, in, NULL, weight);
}

PetscInt EddyGuardRangeAfter(const EddyGuard *g, PetscInt nin, const EddyBlock in[],
                             const double was[], double weight[])
{
  const PetscInt ncomp = Ranged(g, nin, in), nx = nin ? in[0].count[0] : 0;
  const double *row[EDDY_MAX_LIST * 9];
  PetscInt flagged = 0;
  for (PetscInt j = 0; ncomp && j < EddyBlockRows(&in[0]); ++j) {
    InputRows(nin, in, j, row);
    flagged += RangeRow(g, ncomp, nx, row, was ? was + j * nx : NULL, weight + j * nx);
  }
  return flagged;
}

/* n points of all components, `stride` apart. */
static void Values(const EddyGuard *g, PetscReal limit, PetscInt ncomp, size_t n, size_t stride,
                   double *data, double weight[], int64_t count[EDDY_NCOUNT])
{
  const double largest = limit > 0 ? limit : DBL_MAX, clip = g->clip;
  for (PetscInt c = 0; c < ncomp; ++c) {
    double *v = data + (size_t)c * stride;
    const int any = Kernels(g)->beyond(n, v, clip > 0 ? PetscMin(clip, largest) : largest);
    for (size_t i = 0; any && i < n; ++i)
      if (!(fabs(v[i]) <= largest)) {
        for (PetscInt q = 0; q < ncomp; ++q)
          data[(size_t)q * stride + i] = 0;
        weight[i] = 1;
        ++count[EDDY_COUNT_BAD];
      }
    for (size_t i = 0; any && clip > 0 && i < n; ++i)
      if (fabs(v[i]) > clip) {
        v[i] = v[i] > 0 ? clip : -clip;
        ++count[EDDY_COUNT_CLIPPED];
      }
  }
}

void EddyGuardValues(const EddyGuard *g, PetscReal limit, EddyBlock *out, double weight[],
                     int64_t count[EDDY_NCOUNT])
{
  const size_t n = (size_t)out->count[0] * (size_t)EddyBlockRows(out);
  Values(g, limit, out->ncomp, n, n, out->data, weight, count);
}

/* Nearest in shape: diagonal >= 0, |off-diagonal| <= sqrt(product). */
static PetscBool Realisable(PetscInt dim, size_t n, double *t)
{
  PetscBool changed = PETSC_FALSE;
  for (PetscInt i = 0; i < dim; ++i)
    if (t[(size_t)(i * dim + i) * n] < 0) {
      t[(size_t)(i * dim + i) * n] = 0;
      changed = PETSC_TRUE;
    }
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = i + 1; j < dim; ++j) {
      double *a = &t[(size_t)(i * dim + j) * n], *b = &t[(size_t)(j * dim + i) * n];
      const double most = sqrt(t[(size_t)(i * dim + i) * n] * t[(size_t)(j * dim + j) * n]);
      const double v = .5 * (*a + *b);
      if (fabs(v) <= most)
        continue;
      *a = *b = v > 0 ? most : -most;
      changed = PETSC_TRUE;
    }
  return changed;
}

/* n points of a tensor whose components are `stride` apart. */
static void Tensor(const EddyGuard *g, PetscInt dim, size_t n, size_t stride, double *data,
                   int64_t count[EDDY_NCOUNT])
{
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = i + 1; g->symmetric && j < dim; ++j)
      Kernels(g)->symmetric(n, data + (size_t)(i * dim + j) * stride,
                            data + (size_t)(j * dim + i) * stride);
  for (size_t x = 0; x < n && (g->realisable || g->trace_free); ++x) {
    double *t = data + x, trace = 0;
    if (g->realisable)
      count[EDDY_COUNT_PROJECTED] += Realisable(dim, stride, t);
    for (PetscInt i = 0; i < dim; ++i)
      trace += t[(size_t)(i * dim + i) * stride];
    for (PetscInt i = 0; g->trace_free && i < dim; ++i)
      t[(size_t)(i * dim + i) * stride] -= trace / (double)dim;
  }
}

/* Takes the mean over the box away; row[]: sums of this rank's rows. */
static PetscErrorCode RemoveMean(const EddyGuard *g, MPI_Comm comm, EddyBlock *out,
                                 const double row[])
{
  double mean;

  PetscFunctionBeginUser;
  PetscCall(EddyClosureSum(comm, out, 1, row, &mean));
  mean /= (double)out->n[0] * (double)out->n[1] * (double)out->n[2];
  Kernels(g)->shift((size_t)out->count[0] * (size_t)EddyBlockRows(out), mean, out->data);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGuardProject(const EddyGuard *g, MPI_Comm comm, PetscBool forcing,
                                EddyBlock *out, int64_t count[EDDY_NCOUNT])
{
  const PetscInt rows = EddyBlockRows(out), nx = out->count[0];
  const size_t n = (size_t)nx * (size_t)rows;
  double *row;

  PetscFunctionBeginUser;
  if (out->rank == 2)
    Tensor(g, out->dim, n, n, out->data, count);
  if (!g->mean_zero || !forcing)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1(PetscMax(1, rows), &row));
  for (PetscInt j = 0; j < rows; ++j)
    row[j] = Kernels(g)->sum((size_t)nx, out->data + (size_t)j * (size_t)nx);
  PetscCall(RemoveMean(g, comm, out, row));
  PetscCall(PetscFree(row));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Points that are not trusted fade: out *= 1 - weight, and the map says so. */
static void Fade(PetscInt ncomp, size_t n, size_t stride, const double weight[], double flag[],
                 double *data)
{
  for (size_t x = 0; x < n; ++x) {
    const double w = weight[x];
    flag[x] = w > flag[x] ? w : flag[x];
    for (PetscInt c = 0; w > 0 && c < ncomp; ++c)
      data[(size_t)c * stride + x] *= 1 - w;
  }
}

/* Row by row, so that a row is in cache while all guards look at it. */
PetscErrorCode EddyGuardApply(const EddyGuard *g, MPI_Comm comm, const EddyGuardCall *a,
                              PetscBool *clean, int64_t count[EDDY_NCOUNT])
{
  EddyBlock *out = a->out;
  const PetscInt rows = EddyBlockRows(out), ncomp = a->vetted ? 0 : Ranged(g, a->nin, a->in);
  const PetscBool small =
      (PetscBool)(a->vetted && a->largest <= (a->limit > 0 ? a->limit : DBL_MAX) &&
                  (g->clip <= 0 || a->largest <= g->clip));
  const size_t nx = (size_t)out->count[0], n = nx * (size_t)rows;
  const PetscBool mean = (PetscBool)(g->mean_zero && a->forcing);
  const double *row[EDDY_MAX_LIST * 9];
  double *weight = a->weight, *flag = a->flag;
  double *sum;

  PetscFunctionBeginUser;
  if (!*clean) {
    memset(weight, 0, n * sizeof(double));
    memset(flag, 0, n * sizeof(double));
    *clean = PETSC_TRUE;
  }
  if (!g->on)
    PetscFunctionReturn(PETSC_SUCCESS);
  count[EDDY_COUNT_POINTS] = (int64_t)n;
  PetscCall(PetscMalloc1(PetscMax(1, rows), &sum));
  for (PetscInt j = 0; j < rows; ++j) {
    const size_t at = (size_t)j * nx;
    double *data = out->data + at;
    const int64_t before = count[EDDY_COUNT_BAD];
    PetscInt flagged = 0;
    if (ncomp) {
      InputRows(a->nin, a->in, j, row);
      flagged = RangeRow(g, ncomp, (PetscInt)nx, row, a->was ? a->was + at : NULL, flag + at);
      count[EDDY_COUNT_FLAGGED] += flagged;
    }
    if (flagged && g->range == EDDY_RANGE_BLEND)
      memcpy(weight + at, flag + at, nx * sizeof(double));
    if (!small)
      Values(g, a->limit, out->ncomp, nx, n, data, weight + at, count);
    if (count[EDDY_COUNT_BAD] > before || (flagged && g->range == EDDY_RANGE_BLEND))
      Fade(out->ncomp, nx, n, weight + at, flag + at, data);
    if (out->rank == 2)
      Tensor(g, out->dim, nx, n, data, count);
    if (mean)
      sum[j] = Kernels(g)->sum(nx, data);
  }
  *clean = (PetscBool)(!count[EDDY_COUNT_BAD] && !count[EDDY_COUNT_FLAGGED]);
  if (mean)
    PetscCall(RemoveMean(g, comm, out, sum));
  PetscCall(PetscFree(sum));
  PetscFunctionReturn(PETSC_SUCCESS);
}
