/* SPDX-License-Identifier: BSD-3-Clause */
#include "germano.h"
#include <math.h>
#include <string.h>

/* Quantities that are test-filtered, in this order. */
enum { U, V, UU, UV, VV, SXX, SXY, SYY, MXX, MXY, MYY, FIELD, NQ = FIELD + 4 };

typedef struct {
  PetscInt nx, nfield, field;
  const EddyBlock *in;
  EddyGermanoMagnitude magnitude;
  double *row[3]; /* [NQ][nx] filtered along x, of three neighbouring rows */
  double *plain;  /* [NQ][nx + 2] */
  double *test;   /* [NQ][nx] filtered along both */
  double *m;      /* [nx + 2] */
  double *nu;     /* [rows][nx] Delta^p m */
} Work;

PetscErrorCode EddyGermanoOptions(EddyGermano *g, EddyOptions o, const char *prefix,
                                  PetscReal largest)
{
  static const char *const averages[] = {"global", "local", "positive"};
  char key[3 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%swidth", prefix));
  PetscCall(EddyOptionsReal(o, key, "filter width", "cells", 1, 1e-3, 1000, &g->width));
  PetscCall(PetscSNPrintf(key, sizeof key, "%saverage", prefix));
  PetscCall(EddyOptionsChoice(o, key,
                              "one coefficient for the box, one at each point, or one for the box "
                              "of the points that dissipate",
                              averages, 3, EDDY_GERMANO_GLOBAL, &g->average));
  PetscCall(PetscSNPrintf(key, sizeof key, "%sclip", prefix));
  PetscCall(EddyOptionsBool(o, key, "coefficient cut to [0, largest]", PETSC_TRUE, &g->clip));
  PetscCall(PetscSNPrintf(key, sizeof key, "%slargest", prefix));
  PetscCall(EddyOptionsReal(o, key, "largest coefficient with clip", "1", largest, 0,
                            PETSC_MAX_REAL, &g->largest));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGermanoSetUp(EddyClosure c)
{
  PetscFunctionBeginUser;
  PetscCheck(c->box.dim == 2, c->comm, EDDY_ERR_INPUT,
             "closure %s: the dynamic procedure is for two dimensions, this box has %d", c->name,
             (int)c->box.dim);
  PetscCheck(!c->size, c->comm, EDDY_ERR_INPUT,
             "closure %s: the test filter of the dynamic procedure is for equal cells (mesh_type "
             "box)",
             c->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Row j (-1 .. rows) of component c, from its first ghost in x. */
static const double *Ghosted(const EddyBlock *b, PetscInt c, PetscInt j)
{
  return EddyBlockRow(b, c, 0) + (ptrdiff_t)j * (b->count[0] + 2 * b->halo) - 1;
}

/* Quantities of row j, filtered along x. */
static void FilterRow(Work *w, PetscInt j, double *to)
{
  const PetscInt n = w->nx + 2;
  const double *u = Ghosted(&w->in[0], 0, j), *v = Ghosted(&w->in[0], 1, j), *f[4];
  const double *sxx = Ghosted(&w->in[1], 0, j), *sxy = Ghosted(&w->in[1], 1, j),
               *syy = Ghosted(&w->in[1], 3, j);
  double *q = w->plain;
  for (PetscInt c = 0; c < w->nfield; ++c) {
    f[c] = Ghosted(&w->in[w->field], c, j);
    memcpy(q + (FIELD + c) * n, f[c], (size_t)n * sizeof(double));
  }
  w->magnitude(n, f, w->m);
  for (PetscInt i = 0; i < n; ++i) {
    q[U * n + i] = u[i];
    q[V * n + i] = v[i];
    q[UU * n + i] = u[i] * u[i];
    q[UV * n + i] = u[i] * v[i];
    q[VV * n + i] = v[i] * v[i];
    q[SXX * n + i] = sxx[i];
    q[SXY * n + i] = sxy[i];
    q[SYY * n + i] = syy[i];
    q[MXX * n + i] = w->m[i] * sxx[i];
    q[MXY * n + i] = w->m[i] * sxy[i];
    q[MYY * n + i] = w->m[i] * syy[i];
  }
  for (PetscInt c = 0; c < FIELD + w->nfield; ++c)
    for (PetscInt i = 0; i < w->nx; ++i)
      to[c * w->nx + i] =
          (q[c * n + i] + q[c * n + i + 2]) * (1. / 6) + q[c * n + i + 1] * (2. / 3);
}

/* L:M and M:M of row j; the rows around it are filtered one by one. */
static void Products(Work *w, PetscInt j, double delta_p, double ratio_p, double lm[], double mm[])
{
  const PetscInt n = w->nx;
  const double *f[4];
  double *t = w->test;
  if (!j)
    for (PetscInt k = 0; k < 2; ++k)
      FilterRow(w, k - 1, w->row[k]);
  FilterRow(w, j + 1, w->row[(j + 2) % 3]);
  const double *a = w->row[j % 3], *b = w->row[(j + 1) % 3], *c = w->row[(j + 2) % 3];
  for (PetscInt i = 0; i < (FIELD + w->nfield) * n; ++i)
    t[i] = (a[i] + c[i]) * (1. / 6) + b[i] * (2. / 3);
  for (PetscInt q = 0; q < w->nfield; ++q)
    f[q] = t + (FIELD + q) * n;
  w->magnitude(n, f, w->m);
  for (PetscInt i = 0; i < n; ++i) {
    const double u = t[U * n + i], v = t[V * n + i], r = ratio_p * w->m[i];
    const double mxx = 2 * delta_p * (t[MXX * n + i] - r * t[SXX * n + i]);
    const double mxy = 2 * delta_p * (t[MXY * n + i] - r * t[SXY * n + i]);
    const double myy = 2 * delta_p * (t[MYY * n + i] - r * t[SYY * n + i]);
    lm[i] = (t[UU * n + i] - u * u) * mxx + 2 * (t[UV * n + i] - u * v) * mxy +
            (t[VV * n + i] - v * v) * myy;
    mm[i] = mxx * mxx + 2 * mxy * mxy + myy * myy;
  }
}

static double Coefficient(const EddyGermano *g, double lm, double mm)
{
  const double c = mm > 0 ? lm / mm : 0;
  return !g->clip ? c : c < 0 ? 0 : c > g->largest ? g->largest : c;
}

/* The local coefficient times Delta^p m, or the sums for the global one. */
static PetscErrorCode Sweep(EddyClosure cl, const EddyGermano *g, Work *w, double delta_p,
                            double ratio_p, EddyBlock *out, double *global)
{
  const PetscInt rows = EddyBlockRows(out), nx = w->nx;
  const PetscBool local = (PetscBool)(g->average == EDDY_GERMANO_LOCAL);
  double *sums, *lm, *mm, sum[2];
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc3(2 * rows + 1, &sums, nx, &lm, nx, &mm));
  for (PetscInt j = 0; j < rows; ++j) {
    Products(w, j, delta_p, ratio_p, lm, mm);
    for (PetscInt i = 0; i < nx; ++i) {
      sums[j] += g->average == EDDY_GERMANO_POSITIVE && lm[i] < 0 ? 0 : lm[i];
      sums[rows + j] += mm[i];
    }
    for (PetscInt i = 0; local && i < nx; ++i)
      EddyBlockRow(out, 0, j)[i] += Coefficient(g, lm[i], mm[i]) * w->nu[(size_t)(j * nx + i)];
  }
  if (!local) {
    PetscCall(EddyClosureSum(cl->comm, out, 2, sums, sum));
    *global = Coefficient(g, sum[0], sum[1]);
  }
  PetscCall(PetscFree3(sums, lm, mm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGermanoApply(EddyClosure c, const EddyGermano *g, int power, PetscInt field,
                                EddyGermanoMagnitude magnitude, const EddyBlock in[],
                                EddyBlock *out)
{
  const PetscInt nx = out->count[0], rows = EddyBlockRows(out);
  const double delta_p = pow(EddyClosureDelta(&c->box, g->width), power), ratio_p = 1 << power;
  Work w = {.nx = nx, .nfield = in[field].ncomp, .field = field, .in = in, .magnitude = magnitude};
  double global = 0, *memory;

  PetscFunctionBeginUser;
  PetscCheck(in[0].halo >= 1, PETSC_COMM_SELF, PETSC_ERR_SUP,
             "the dynamic procedure needs one ghost cell");
  PetscCall(PetscMalloc2((size_t)((4 * NQ + 1) * nx + (NQ + 1) * (nx + 2)), &memory,
                         (size_t)(rows * nx) + 1, &w.nu));
  for (int k = 0; k < 3; ++k)
    w.row[k] = memory + k * NQ * nx;
  w.test = memory + 3 * NQ * nx;
  w.plain = memory + 4 * NQ * nx;
  w.m = w.plain + NQ * (nx + 2);
  for (PetscInt j = 0; j < rows; ++j) {
    const double *f[4];
    for (PetscInt q = 0; q < w.nfield; ++q)
      f[q] = EddyBlockRow(&in[field], q, j);
    magnitude(nx, f, w.nu + (size_t)(j * nx));
    for (PetscInt i = 0; i < nx; ++i)
      w.nu[(size_t)(j * nx + i)] *= delta_p;
  }
  PetscCall(Sweep(c, g, &w, delta_p, ratio_p, out, &global));
  for (PetscInt j = 0; j < rows && g->average != EDDY_GERMANO_LOCAL; ++j)
    for (PetscInt i = 0; i < nx; ++i)
      EddyBlockRow(out, 0, j)[i] += global * w.nu[(size_t)(j * nx + i)];
  PetscCall(PetscFree2(memory, w.nu));
  PetscFunctionReturn(PETSC_SUCCESS);
}
