/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure.h"
#include "points.h"
#include <math.h>
#include <string.h>

const double EddyThresholds[EDDY_NTHRESHOLD] = {0.95, 0.9, 0.8};

double EddyFiniteMean(PetscInt n, const double v[])
{
  double sum = 0;
  PetscInt m = 0;
  for (PetscInt k = 0; k < n; ++k)
    if (isfinite(v[k]))
      sum += v[k], ++m;
  return m ? sum / (double)m : NAN;
}

#define TAIL 1e-12 /* share of <f^2> that counts as nothing */

static PetscBool Periodic(const EddyBox *b)
{
  for (int d = 0; d < b->dim; ++d)
    if (!b->periodic[d] || b->mapped)
      return PETSC_FALSE;
  return PETSC_TRUE;
}

/* ---- one set ---- */

typedef struct {
  EddySummary *s;
  EddyModes modes;
  double *field;
  EddyComplex *hat;
  double weight;     /* of one frame in the mean spectrum */
  PetscBool full[3]; /* modes beyond the 2/3 rule are used */
} Scan;

static PetscErrorCode ScanOpen(EddySummary *s, Scan *v)
{
  const EddyBox *box = &s->set->info->box;
  PetscFunctionBeginUser;
  *v = (Scan){.s = s};
  PetscCall(PetscMalloc1(EddyStoredFrameSize(s->set), &v->field));
  if (!Periodic(box))
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyModesCreate(box, &v->modes));
  PetscCall(PetscMalloc1(EddyModesCount(v->modes), &v->hat));
  s->nshell = EddyModesShells(v->modes), s->whole = EddyModesWholeShells(v->modes);
  s->dk = EddyModesShellWidth(v->modes);
  PetscCall(PetscCalloc3(s->nshell, &s->k, s->nshell, &s->energy, s->nshell, &s->square));
  for (PetscInt k = 0; k < s->nshell; ++k)
    s->k[k] = (double)k * s->dk;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ScanClose(Scan *v)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(v->field));
  PetscCall(PetscFree(v->hat));
  PetscCall(EddyModesDestroy(&v->modes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void ScanFrame(Scan *v, double mean[EDDY_MAX_COMP], double *square)
{
  EddySummary *s = v->s;
  const PetscInt ncomp = s->set->what.ncomp, n = EddyStoredFrameSize(s->set) / ncomp;
  double tail[3];
  *square = 0;
  double volume = 0;
  for (PetscInt i = 0; i < n; ++i)
    volume += s->weight ? s->weight[i] : 1;
  EddyHistogramAdd(&s->histogram, n * ncomp, v->field, n, s->weight);
  for (PetscInt c = 0; c < ncomp; ++c) {
    const double *f = v->field + c * n;
    mean[c] = 0;
    for (PetscInt i = 0; i < n; ++i) {
      const double w = s->weight ? s->weight[i] : 1;
      mean[c] += w * f[i], *square += w * (f[i] * f[i]);
    }
    mean[c] /= volume;
    if (!v->modes)
      continue;
    EddyModesForward(v->modes, f, v->hat);
    EddyModesTail(v->modes, v->hat, tail);
    for (int d = 0; d < 3; ++d)
      if (tail[d] > TAIL)
        v->full[d] = PETSC_TRUE;
    EddyModesAddShells(v->modes, v->hat, EDDY_SHELL_SQUARE, v->weight, s->square);
    EddyModesAddShells(v->modes, v->hat, s->vorticity ? EDDY_SHELL_VORTICITY : EDDY_SHELL_SQUARE,
                       v->weight, s->energy);
  }
  *square /= volume;
  s->half_square += .5 * v->weight * *square;
}

static PetscErrorCode ScanRow(Scan *v, PetscInt row, PetscInt nt, const PetscInt frames[])
{
  EddySummary *s = v->s;
  double mean[EDDY_MAX_COMP], mean0[EDDY_MAX_COMP] = {0}, square, square0 = 0;
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < nt; ++k) {
    PetscCall(EddyStoredReadFrame(s->set, row, frames[k], v->field));
    ScanFrame(v, mean, &square);
    if (!k)
      square0 = square, memcpy(mean0, mean, sizeof mean0);
    for (PetscInt c = 0; c < s->set->what.ncomp && square0 > 0; ++c)
      s->mean_drift = fmax(s->mean_drift, fabs(mean[c] - mean0[c]) / sqrt(square0));
    if (square0 > 0)
      s->square_drift = fmax(s->square_drift, fabs(square / square0 - 1));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySummaryCreate(EddyStored set, PetscInt nrow, const PetscInt rows[], PetscInt nt,
                                 const PetscInt frames[], EddySummary *s)
{
  Scan v;
  PetscFunctionBeginUser;
  *s = (EddySummary){.set = set};
  PetscCheck(set->what.ncomp <= EDDY_MAX_COMP, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %s has more than %d components", set->path, set->what.name, (int)EDDY_MAX_COMP);
  s->vorticity =
      set->info->box.dim == 2 && set->what.ncomp == 1 && !strcmp(set->what.name, "vorticity")
          ? PETSC_TRUE
          : PETSC_FALSE;
  PetscCall(EddyPointsVolumes(&set->info->box, &s->weight));
  PetscCall(ScanOpen(s, &v));
  v.weight = 1.0 / ((double)nrow * (double)nt);
  for (PetscInt r = 0; r < nrow; ++r)
    PetscCall(ScanRow(&v, rows[r], nt, frames));
  for (int d = 0; d < set->info->box.dim && s->nshell; ++d) {
    const EddyBox *b = &set->info->box;
    const double k = 2 * PETSC_PI / EddyBoxLength(b, d) * (double)((b->n[d] - 1) / 3);
    if (!v.full[d])
      s->whole = PetscMin(s->whole, (PetscInt)floor(k / s->dk + 1e-9));
  }
  PetscCall(ScanClose(&v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySummaryDestroy(EddySummary *s)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree3(s->k, s->energy, s->square));
  PetscCall(PetscFree(s->weight));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- a pair ---- */

/* One side of the pair: its own grid and the way to the common one */
typedef struct {
  EddyStored set;
  EddyModes own;
  double *field; /* [ncomp] on the own grid */
  EddyComplex *hat;
  PetscInt held[3]; /* largest mode number per direction */
  double *common;   /* [ncomp] on the common grid */
} Side;

typedef struct {
  Side side[2]; /* reference, run */
  EddyModes modes;
  EddyComplex *hat;
  PetscBool identity;
  PetscInt n; /* points of the common grid */
} Pair;

/* A few frames tell whether the set uses the modes beyond the 2/3 rule. */
static PetscErrorCode Held(Side *s, const EddyMatch m, const PetscInt rows[],
                           const PetscInt frames[])
{
  const EddyBox *box = &s->set->info->box;
  const PetscInt points = EddyStoredFrameSize(s->set) / s->set->what.ncomp;
  PetscBool full[3] = {PETSC_FALSE, PETSC_FALSE, PETSC_FALSE};
  PetscFunctionBeginUser;
  for (PetscInt a = 0; a < PetscMin(m->nrow, 4); ++a)
    for (PetscInt b = 0; b < PetscMin(m->nt, 4); ++b) {
      PetscCall(EddyStoredReadFrame(
          s->set, rows[a * (m->nrow - 1) / PetscMax(1, PetscMin(m->nrow, 4) - 1)],
          frames[b * (m->nt - 1) / PetscMax(1, PetscMin(m->nt, 4) - 1)], s->field));
      for (PetscInt c = 0; c < s->set->what.ncomp; ++c) {
        double tail[3];
        EddyModesForward(s->own, s->field + c * points, s->hat);
        EddyModesTail(s->own, s->hat, tail);
        for (int d = 0; d < 3; ++d)
          if (tail[d] > TAIL)
            full[d] = PETSC_TRUE;
      }
    }
  for (int d = 0; d < 3; ++d)
    s->held[d] = d < box->dim ? (box->n[d] - 1) / (full[d] ? 2 : 3) : 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PairOpen(EddyComparison *c, Pair *p)
{
  EddyStored sets[2] = {c->ref, c->run};
  const EddyMatch m = c->match;
  const PetscBool periodic =
      Periodic(&c->ref->info->box) && Periodic(&c->run->info->box) ? PETSC_TRUE : PETSC_FALSE;

  PetscFunctionBeginUser;
  c->common = c->ref->info->box;
  for (int d = 0; d < 3; ++d)
    c->common.n[d] = PetscMin(c->ref->info->box.n[d], c->run->info->box.n[d]);
  p->n = c->common.n[0] * c->common.n[1] * c->common.n[2];
  for (int k = 0; k < 2; ++k) {
    Side *s = &p->side[k];
    s->set = sets[k];
    PetscCall(PetscMalloc2(EddyStoredFrameSize(s->set), &s->field, p->n * s->set->what.ncomp,
                           &s->common));
    if (!periodic)
      continue;
    PetscCall(EddyModesCreate(&s->set->info->box, &s->own));
    PetscCall(PetscMalloc1(EddyModesCount(s->own), &s->hat));
    PetscCall(Held(s, m, k ? m->run_row : m->ref_row, k ? m->run_frame : m->ref_frame));
  }
  p->identity = PETSC_TRUE; /* the same modes on the same grid: nothing to cut */
  for (int d = 0; d < c->common.dim; ++d) {
    const Side *a = &p->side[0], *b = &p->side[1];
    c->kmax[d] = PetscMin(a->held[d], b->held[d]);
    if (a->set->info->box.n[d] != b->set->info->box.n[d] || a->held[d] != b->held[d])
      p->identity = PETSC_FALSE;
  }
  if (c->ref->info->where != c->run->info->where) /* cells and points never coincide */
    p->identity = PETSC_FALSE;
  if (!periodic)
    p->identity = PETSC_TRUE;
  if (!p->identity) {
    PetscCall(EddyModesCreate(&c->common, &p->modes));
    PetscCall(PetscMalloc1(EddyModesCount(p->modes), &p->hat));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PairClose(Pair *p)
{
  PetscFunctionBeginUser;
  for (int k = 0; k < 2; ++k) {
    PetscCall(PetscFree2(p->side[k].field, p->side[k].common));
    PetscCall(PetscFree(p->side[k].hat));
    PetscCall(EddyModesDestroy(&p->side[k].own));
  }
  PetscCall(PetscFree(p->hat));
  PetscCall(EddyModesDestroy(&p->modes));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadCommon(Pair *p, int k, const PetscInt kmax[3], PetscInt row,
                                 PetscInt frame)
{
  Side *s = &p->side[k];
  const PetscInt ncomp = s->set->what.ncomp, points = EddyStoredFrameSize(s->set) / ncomp;
  PetscFunctionBeginUser;
  PetscCall(EddyStoredReadFrame(s->set, row, frame, s->field));
  for (PetscInt c = 0; c < ncomp; ++c) {
    if (p->identity) {
      PetscCall(PetscArraycpy(s->common + c * p->n, s->field + c * points, p->n));
      continue;
    }
    EddyModesForward(s->own, s->field + c * points, s->hat);
    if (s->set->info->where == EDDY_WHERE_CELL)
      EddyModesShift(s->own, .5, s->hat);
    PetscCall(EddyModesTruncate(s->own, s->hat, p->modes, kmax, p->hat));
    EddyModesInverse(p->modes, p->hat, s->common + c * p->n);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Takes the mean off each component, so that the correlation of vectors is centred component by component. */
static void Centre(PetscInt ncomp, PetscInt n, const double weight[], double f[])
{
  for (PetscInt c = 0; c < ncomp; ++c) {
    double mean = 0, volume = 0;
    for (PetscInt i = 0; i < n; ++i) {
      const double w = weight ? weight[i] : 1;
      mean += w * f[c * n + i], volume += w;
    }
    mean /= volume;
    for (PetscInt i = 0; i < n; ++i)
      f[c * n + i] -= mean;
  }
}

static PetscErrorCode MeasurePair(EddyComparison *c, Pair *p)
{
  const EddyMatch m = c->match;
  const PetscInt ncomp = c->run->what.ncomp, size = ncomp * p->n;
  double *ref = p->side[0].common, *run = p->side[1].common;
  EddyHistogram *h;

  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(2, &h));
  for (PetscInt r = 0; r < m->nrow; ++r)
    for (PetscInt k = 0; k < m->nt; ++k) {
      PetscCall(ReadCommon(p, 0, c->kmax, m->ref_row[r], m->ref_frame[k]));
      PetscCall(ReadCommon(p, 1, c->kmax, m->run_row[r], m->run_frame[k]));
      EddyHistogramAdd(&h[0], size, ref, p->n, c->weight);
      EddyHistogramAdd(&h[1], size, run, p->n, c->weight);
      const EddyErrors e = EddyScoreErrors(size, run, ref, p->n, c->weight);
      c->vrmse[k] += e.vrmse / (double)m->nrow;
      c->l1[k] += e.l1 / (double)m->nrow;
      c->l2[k] += e.l2 / (double)m->nrow;
      if (ncomp > 1)
        Centre(ncomp, p->n, c->weight, ref), Centre(ncomp, p->n, c->weight, run);
      const double rho = EddyScoreCorrelation(size, run, ref, p->n, c->weight);
      c->rows[r * m->nt + k] = isfinite(rho) ? rho : 0; /* a field with NaN follows nothing */
    }
  for (int k = 0; k < 2; ++k)
    c->kurtosis[k] = EddyHistogramKurtosis(&h[k]);
  PetscCall(PetscFree(h));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyComparisonCreate(EddyStored ref, EddyStored run, const EddyMatchRules *rules,
                                    EddyComparison *c)
{
  Pair p = {0};
  PetscFunctionBeginUser;
  *c = (EddyComparison){.ref = ref, .run = run};
  PetscCall(EddyMatchCreate(ref, run, rules, &c->match));
  const PetscInt nt = c->match->nt, nrow = c->match->nrow;
  PetscCall(PetscCalloc4(nt, &c->elapsed, nt, &c->correlation, nt, &c->band_lo, nt, &c->band_hi));
  PetscCall(PetscCalloc4(nt, &c->vrmse, nt, &c->l1, nt, &c->l2, nrow * nt, &c->rows));
  for (PetscInt k = 0; k < nt; ++k)
    c->elapsed[k] = c->match->times[k] - c->match->times[0];
  PetscCall(EddyPointsVolumes(&ref->info->box, &c->weight));
  PetscCall(PairOpen(c, &p));
  PetscCall(MeasurePair(c, &p));
  PetscCall(PairClose(&p));
  EddyScoreMean(nrow, nt, c->rows, c->correlation);
  EddyInterval v = {.nthreshold = EDDY_NTHRESHOLD,
                    .threshold = EddyThresholds,
                    .lo = c->lo,
                    .hi = c->hi,
                    .band_lo = c->band_lo,
                    .band_hi = c->band_hi};
  PetscCall(EddyScoreBootstrap(nrow, nt, c->elapsed, c->rows, &v));
  for (PetscInt h = 0; h < EDDY_NTHRESHOLD; ++h)
    c->crossing[h] = EddyScoreCrossing(nt, c->elapsed, c->correlation, EddyThresholds[h]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyComparisonDestroy(EddyComparison *c)
{
  PetscFunctionBeginUser;
  PetscCall(EddyMatchDestroy(&c->match));
  PetscCall(PetscFree4(c->elapsed, c->correlation, c->band_lo, c->band_hi));
  PetscCall(PetscFree4(c->vrmse, c->l1, c->l2, c->rows));
  PetscCall(PetscFree(c->weight));
  PetscFunctionReturn(PETSC_SUCCESS);
}
