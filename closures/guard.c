/* SPDX-License-Identifier: BSD-3-Clause */
/* Guards, see guard.h. Loops over rows of points; nothing here knows which solver it serves. */
#include "closure.h"
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

PetscInt EddyGuardRange(const EddyGuard *g, PetscInt nin, const EddyBlock in[], double weight[])
{
  return EddyGuardRangeAfter(g, nin, in, NULL, weight);
}

PetscInt EddyGuardRangeAfter(const EddyGuard *g, PetscInt nin, const EddyBlock in[],
                             const double was[], double weight[])
{
  PetscInt flagged = 0, ncomp = 0;
  const PetscInt nx = nin ? in[0].count[0] : 0;
  for (PetscInt i = 0; i < nin; ++i)
    ncomp += in[i].ncomp;
  if (g->range == EDDY_RANGE_OFF || !g->nrange || ncomp != g->nrange)
    return 0;
  for (PetscInt j = 0; j < EddyBlockRows(&in[0]); ++j) {
    const double *row[EDDY_MAX_LIST * 9];
    PetscInt q = 0;
    for (PetscInt i = 0; i < nin; ++i)
      for (PetscInt c = 0; c < in[i].ncomp; ++c)
        row[q++] = EddyBlockRow(&in[i], c, j);
    for (PetscInt x = 0; x < nx; ++x) {
      double value[EDDY_MAX_LIST * 9];
      for (PetscInt c = 0; c < ncomp; ++c)
        value[c] = row[c][x];
      const double e = Excess(g, value, was && was[j * nx + x] > 0 ? g->hysteresis : 0);
      if (!(e > 0))
        continue;
      ++flagged;
      weight[j * nx + x] = e < 1 ? e * e * (3 - 2 * e) : 1;
    }
  }
  return flagged;
}

void EddyGuardValues(const EddyGuard *g, PetscReal limit, EddyBlock *out, double weight[],
                     int64_t count[EDDY_NCOUNT])
{
  const size_t n = (size_t)out->count[0] * (size_t)EddyBlockRows(out);
  const double largest = limit > 0 ? limit : DBL_MAX, clip = g->clip;
  for (PetscInt c = 0; c < out->ncomp; ++c) {
    double *v = out->data + (size_t)c * n;
    int any = 0; /* the usual pass finds nothing and is one vector loop */
    for (size_t i = 0; i < n; ++i)
      any |= !(fabs(v[i]) <= largest);
    for (size_t i = 0; any && i < n; ++i)
      if (!(fabs(v[i]) <= largest)) {
        for (PetscInt q = 0; q < out->ncomp; ++q)
          out->data[(size_t)q * n + i] = 0;
        weight[i] = 1;
        ++count[EDDY_COUNT_BAD];
      }
    for (size_t i = 0; clip > 0 && i < n; ++i)
      if (fabs(v[i]) > clip) {
        v[i] = v[i] > 0 ? clip : -clip;
        ++count[EDDY_COUNT_CLIPPED];
      }
  }
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

static void ProjectTensor(const EddyGuard *g, EddyBlock *out, int64_t count[EDDY_NCOUNT])
{
  const PetscInt dim = out->dim;
  const size_t n = (size_t)out->count[0] * (size_t)EddyBlockRows(out);
  for (size_t x = 0; x < n; ++x) {
    double *t = out->data + x, trace = 0;
    for (PetscInt i = 0; i < dim; ++i)
      for (PetscInt j = i + 1; g->symmetric && j < dim; ++j) {
        double *a = &t[(size_t)(i * dim + j) * n], *b = &t[(size_t)(j * dim + i) * n];
        *a = *b = .5 * (*a + *b);
      }
    if (g->realisable)
      count[EDDY_COUNT_PROJECTED] += Realisable(dim, n, t);
    for (PetscInt i = 0; i < dim; ++i)
      trace += t[(size_t)(i * dim + i) * n];
    for (PetscInt i = 0; g->trace_free && i < dim; ++i)
      t[(size_t)(i * dim + i) * n] -= trace / (double)dim;
  }
}

PetscErrorCode EddyGuardProject(const EddyGuard *g, MPI_Comm comm, PetscBool forcing,
                                EddyBlock *out, int64_t count[EDDY_NCOUNT])
{
  const PetscInt rows = EddyBlockRows(out), nx = out->count[0];
  const size_t n = (size_t)nx * (size_t)rows;
  double *row, mean;

  PetscFunctionBeginUser;
  if (out->rank == 2)
    ProjectTensor(g, out, count);
  if (!g->mean_zero || !forcing)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1(PetscMax(1, rows), &row));
  for (PetscInt j = 0; j < rows; ++j) {
    row[j] = 0;
    for (PetscInt x = 0; x < nx; ++x)
      row[j] += out->data[j * nx + x];
  }
  PetscCall(EddyClosureSum(comm, out, 1, row, &mean));
  mean /= (double)out->n[0] * (double)out->n[1] * (double)out->n[2];
  for (size_t i = 0; i < n; ++i)
    out->data[i] -= mean;
  PetscCall(PetscFree(row));
  PetscFunctionReturn(PETSC_SUCCESS);
}
