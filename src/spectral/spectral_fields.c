/* SPDX-License-Identifier: BSD-3-Clause */
/* Derived fields and filters of the spectral engine (the full-block path).

   A field is made of linear parts, evaluated at wavenumbers and transformed in pairs, and at most one point function of them.
   Filter: coefficients times the kernel G(k), restricted to the modes the LES on grid n retains; so a stored field lies exactly in that space.
     sharp G = 1;  Gaussian G = exp(-|k|^2 D^2 / 24);  box G = prod_d sin(k_d D_d/2)/(k_d D_d/2),  D_d = width L_d / n_d  [Pope2000 table 13.2]
   Subgrid terms, with bar the filter and N the explicit part of the right-hand side (product and steady forcing):
     subgrid_forcing = bar(N(u)) - N_les(bar u): what is added to the coarse right-hand side,
     subgrid_stress  = bar(u_i u_j) - bar(u_i) bar(u_j), both products projected on the coarse space. */
#include "spectral.h"
#include <stdlib.h>

double EddyFilterKernel(const EddyFilter *filter, const EddyMode *k, const EddyBox *box)
{
  double g = 1;
  for (int d = 0; d < (int)box->dim; ++d) {
    const double x = k->k[d] * filter->width * EddyBoxLength(box, d) / filter->n[d];
    if (filter->kind == EDDY_FILTER_GAUSSIAN)
      g *= exp(-x * x / 24);
    else if (filter->kind == EDDY_FILTER_BOX && x != 0)
      g *= sin(x / 2) / (x / 2);
  }
  return g;
}

/* Copies one coarse block out of the fine block with the same kx, rows by ky; lanes beyond either range are zero. */
static void RestrictBlock(const EddySpectral *fs, const EddySpectral *cs, const double *fine,
                          double *coarse, PetscInt lanes)
{
  const EddyFourier F = fs->fourier, C = cs->fourier;
  for (PetscInt c = 0; c < cs->ncomp; ++c)
    for (PetscInt m = 0; m < C->My; ++m) {
      const PetscInt ky = EddySpectralKy(C, m), row = ky >= 0 ? ky : ky + F->My;
      double *out = coarse + (size_t)(c * C->My + m) * 16;
      const PetscBool there = (PetscBool)(PetscAbsInt(ky) < F->Ky);
      for (PetscInt l = 0; l < 8; ++l)
        for (PetscInt part = 0; part < 16; part += 8)
          out[part + l] =
              there && l < lanes ? fine[(size_t)(c * F->My + row) * 16 + (size_t)(part + l)] : 0;
    }
}

static int BlockOwner(EddyFourier f, PetscInt b)
{
  int r = 0;
  while (f->block_start[r + 1] <= b)
    ++r;
  return r;
}

PetscErrorCode EddySpectralRestrict(EddyDisc from, const double *u, const EddyFilter *filter,
                                    EddyDisc to, double *coarse)
{
  EddySpectral *fs = EddySpectralGet(from), *cs = EddySpectralGet(to);
  EddyFourier F = fs->fourier, C = cs->fourier;
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(coarse, to->size));
  /* blocks of eight kx are the same on both grids, only their owners differ: at most one message per block */
  MPI_Request *request;
  PetscInt nrequest = 0;
  double *sendbuf;
  PetscCall(PetscMalloc2(F->b1 - F->b0 + C->b1 - C->b0 + 1, &request,
                         (size_t)(F->b1 - F->b0) * cs->block + 1, &sendbuf));
  for (PetscInt b = C->b0; b < PetscMin(C->b1, F->nblock); ++b)
    if (BlockOwner(F, b) != F->rank)
      PetscCallMPI(MPI_Irecv(coarse + (size_t)(b - C->b0) * cs->block, (PetscMPIInt)cs->block,
                             MPI_DOUBLE, BlockOwner(F, b), (int)b, from->comm,
                             &request[nrequest++]));
  for (PetscInt b = F->b0; b < PetscMin(F->b1, C->nblock); ++b) {
    const PetscInt lanes = PetscMin(8, PetscMin(F->Kx, C->Kx) - 8 * b);
    const int owner = BlockOwner(C, b);
    double *target = owner == F->rank ? coarse + (size_t)(b - C->b0) * cs->block
                                      : sendbuf + (size_t)(b - F->b0) * cs->block;
    RestrictBlock(fs, cs, u + (size_t)(b - F->b0) * fs->block, target, lanes);
    if (owner != F->rank)
      PetscCallMPI(MPI_Isend(target, (PetscMPIInt)cs->block, MPI_DOUBLE, owner, (int)b, from->comm,
                             &request[nrequest++]));
  }
  PetscCallMPI(MPI_Waitall((PetscMPIInt)nrequest, request, MPI_STATUSES_IGNORE));
  PetscCall(PetscFree2(request, sendbuf));
  if (!filter || filter->kind == EDDY_FILTER_SHARP)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt b = 0; b < C->b1 - C->b0; ++b)
    for (PetscInt m = 0; m < C->My; ++m)
      for (PetscInt l = 0; l < C->mode[b].lanes; ++l) {
        const EddyMode k = EddySpectralMode(C, b, m, l);
        const double g = EddyFilterKernel(filter, &k, &to->box);
        for (PetscInt c = 0; c < cs->ncomp; ++c) {
          const size_t o = EddySpectralOffset(cs, b, c, m) + (size_t)l;
          coarse[o] *= g, coarse[o + 8] *= g;
        }
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The coarse solver of a filter, made once. */
static PetscErrorCode Coarse(EddyDisc d, const EddyFilter *filter, EddyDisc *coarse)
{
  EddySpectral *s = EddySpectralGet(d);
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < s->nfilter; ++i) {
    const EddyFilter *f = &s->filter[i].filter;
    if (f->n[0] == filter->n[0] && f->n[1] == filter->n[1] && f->dealias == filter->dealias) {
      *coarse = s->filter[i].coarse;
      PetscFunctionReturn(PETSC_SUCCESS);
    }
  }
  EddyBox box = d->box;
  for (PetscInt i = 0; i < box.dim; ++i) {
    box.n[i] = filter->n[i];
    PetscCheck(EddyLineIsGoodSize(box.n[i]) && box.n[i] >= 4 && box.n[i] <= d->box.n[i], d->comm,
               EDDY_ERR_INPUT,
               "filters_%s_n: %" PetscInt_FMT
               " points: must be a product of 2, 3, 5, 7 from 4 to the %" PetscInt_FMT
               " points of the run",
               filter->name, box.n[i], d->box.n[i]);
  }
  PetscCall(PetscRealloc((size_t)(s->nfilter + 1) * sizeof(*s->filter), &s->filter));
  s->filter[s->nfilter].filter = *filter;
  PetscCall(EddySpectralCreateOn(d->comm, d->level, s->exchange, filter->dealias, &box, d->physics,
                                 d->nforcing, d->forcing, &s->filter[s->nfilter].coarse));
  *coarse = s->filter[s->nfilter++].coarse;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Linear part: up to nfull coefficients per mode from the state. */
typedef struct {
  const EddyFieldOps *ops; /* NULL: state component comp */
  PetscInt comp, ncomp;
  const double *modes; /* other source with the state's layout (subgrid forcing), else NULL */
} Linear;

void EddySpectralCouple(EddyDisc d, const EddyFieldOps *ops, const EddyMode *k, PetscInt j,
                        EddyComplex out[9])
{
  EddyComplex v[EDDY_MAX_COMP] = {{0, 0}}, vel[3] = {{0, 0}};
  v[j].re = 1;
  for (PetscInt c = 0; c < 9; ++c)
    out[c] = EddyC(0, 0);
  if (d->physics->ops->Velocity)
    d->physics->ops->Velocity(d->physics->ctx, k, v, vel);
  ops->Hat(d->physics, k, v, d->physics->ops->Velocity ? vel : NULL, out);
}

/* As sums of coefficient times component, so that a table of the coefficients (spectral_batch.c) gives the same bits. */
static void LinearValue(EddyDisc d, const Linear *p, const double *u, PetscInt b, PetscInt m,
                        PetscInt l, EddyComplex out[])
{
  EddySpectral *s = EddySpectralGet(d);
  EddyComplex v[EDDY_MAX_COMP], t[9];
  EddySpectralRead(s, p->modes ? p->modes : u, b, m, l, v);
  if (!p->ops) {
    out[0] = v[p->comp];
    return;
  }
  const EddyMode k = EddySpectralMode(s->fourier, b, m, l);
  for (PetscInt c = 0; c < p->ncomp; ++c)
    out[c] = EddyC(0, 0);
  for (PetscInt j = 0; j < s->ncomp; ++j) {
    EddySpectralCouple(d, p->ops, &k, j, t);
    for (PetscInt c = 0; c < p->ncomp; ++c)
      if (t[c].re != 0 || t[c].im != 0)
        out[c] = EddyCAdd(out[c], EddyCMul(t[c], v[j]));
  }
}

/* Columns of components c, c + 1 of a linear part in local block b of F. */
static void FillColumns(EddyDisc d, EddyFourier F, const Linear *p, const double *u, PetscInt b,
                        PetscInt c, PetscInt nc, double *block)
{
  const EddySpectral *s = EddySpectralGet(d);
  if (!p->ops) { /* a state component as it is */
    EddyFourierPack(F, b, 0, 1, (p->modes ? p->modes : u) + EddySpectralOffset(s, b, p->comp, 0));
    return;
  }
  for (PetscInt m = 0; m < F->My; ++m)
    for (PetscInt l = 0; l < 8; ++l) {
      EddyComplex v[9] = {{0, 0}};
      if (l < F->mode[b].lanes)
        LinearValue(d, p, u, b, m, l, v);
      for (PetscInt q = 0; q < nc; ++q) {
        block[(size_t)(q * F->My + m) * 16 + (size_t)l] = v[c + q].re;
        block[(size_t)(q * F->My + m) * 16 + 8 + (size_t)l] = v[c + q].im;
      }
    }
  EddyFourierPack(F, b, 0, nc, block);
}

/* Real values [ncomp][y1-y0][nx] of a linear part on the grid of `F`, whose modes are those of d. */
static PetscErrorCode LinearToReal(EddyDisc d, EddyFourier F, const Linear *p, const double *u,
                                   double *real)
{
  const size_t field = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  double *block;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1((size_t)F->My * 32, &block));
  for (PetscInt c = 0; c < p->ncomp; c += 2) {
    const PetscInt nc = PetscMin(2, p->ncomp - c);
    for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
      FillColumns(d, F, p, u, b, c, nc, block);
    PetscCall(EddyFourierToReal(F, 1, &nc, real + (size_t)c * field));
  }
  PetscCall(PetscFree(block));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralPointGrid(EddyDisc d, EddyFourier *F)
{
  EddySpectral *s = EddySpectralGet(d);
  PetscFunctionBeginUser;
  if (s->nx != d->box.n[0] || s->ny != d->box.n[1]) {
    if (!s->points)
      PetscCall(EddyFourierCreate(d->comm, d->level, s->exchange, &d->box, d->box.n[0], d->box.n[1],
                                  s->Kx, s->Ky, 2, EddySpectralAlone(d->physics), &s->points));
    *F = s->points;
  } else
    *F = s->fourier;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralCreatePoints(EddyDisc d, PetscInt ncolumn, EddyFourier *F)
{
  EddySpectral *s = EddySpectralGet(d);
  PetscFunctionBeginUser;
  PetscCall(EddyFourierCreate(d->comm, d->level, s->exchange, &d->box, d->box.n[0], d->box.n[1],
                              s->Kx, s->Ky, ncolumn, EddySpectralAlone(d->physics), F));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode PointField(EddyDisc d, EddyFourier F, const EddyField *field, const double *u,
                                 double *out)
{
  const size_t n = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  PetscFunctionBeginUser;
  if (!field->ops || field->ops->Hat) {
    const Linear part = {field->ops, field->comp, field->ncomp, NULL};
    PetscCall(LinearToReal(d, F, &part, u, out));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  EddyField from[4];
  PetscInt nfrom = 0, total = 0;
  for (; nfrom < 4 && field->ops->from[nfrom]; ++nfrom) {
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, field->ops->from[nfrom], &from[nfrom]));
    total += from[nfrom].ncomp;
  }
  double *in;
  PetscCall(PetscMalloc1(PetscMax(1, (size_t)total * n), &in));
  for (PetscInt i = 0, c = 0; i < nfrom; c += from[i++].ncomp)
    PetscCall(PointField(d, F, &from[i], u, in + (size_t)c * n));
  for (size_t x = 0; x < n; ++x) {
    double a[32], v[9];
    for (PetscInt c = 0; c < total; ++c)
      a[c] = in[(size_t)c * n + x];
    field->ops->Point(d->box.dim, a, v);
    for (PetscInt c = 0; c < field->ncomp; ++c)
      out[(size_t)c * n + x] = v[c];
  }
  PetscCall(PetscFree(in));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SubgridForcing(EddyDisc d, const EddyStage *st, const double *u,
                                     const EddyFilter *filter, EddyDisc coarse, PetscInt comp,
                                     double *out)
{
  double *N, *nbar, *ubar, *nles;
  EddyFourier F;
  PetscFunctionBeginUser;
  PetscCall(EddyDiscCreateState(d, &N));
  PetscCall(EddyDiscCreateState(coarse, &nbar));
  PetscCall(EddyDiscCreateState(coarse, &ubar));
  PetscCall(EddyDiscCreateState(coarse, &nles));
  PetscCall(d->ops->Rhs(d, st, u, N, NULL, NULL));
  PetscCall(EddySpectralRestrict(d, N, filter, coarse, nbar));
  PetscCall(EddySpectralRestrict(d, u, filter, coarse, ubar));
  PetscCall(coarse->ops->Rhs(coarse, st, ubar, nles, NULL, NULL));
  for (size_t i = 0; i < coarse->size; ++i)
    nbar[i] -= nles[i];
  PetscCall(EddySpectralPointGrid(coarse, &F));
  const Linear part = {NULL, comp, 1, nbar};
  PetscCall(LinearToReal(coarse, F, &part, ubar, out));
  PetscCall(EddyDiscDestroyState(&N));
  PetscCall(EddyDiscDestroyState(&nbar));
  PetscCall(EddyDiscDestroyState(&ubar));
  PetscCall(EddyDiscDestroyState(&nles));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Coefficients of u_i u_j (i <= j) on the modes of d, state layout with one component in comp 0: by the transform grid of d. */
static PetscErrorCode VelocityProduct(EddyDisc d, const double *velocity, PetscInt i, PetscInt j,
                                      double *modes)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  const size_t n = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  const PetscInt one = 1;
  double *product, *block;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(PetscMax(1, n), &product, (size_t)F->My * 16, &block));
  for (size_t x = 0; x < n; ++x)
    product[x] = velocity[(size_t)i * n + x] * velocity[(size_t)j * n + x];
  PetscCall(EddyFourierFromReal(F, 1, &one, product));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
    EddyFourierUnpack(F, b, 0, 1, block);
    PetscCall(PetscArraycpy(modes + (size_t)b * s->block, block, (size_t)F->My * 16));
  }
  PetscCall(PetscFree2(product, block));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SubgridStress(EddyDisc d, const double *u, const EddyFilter *filter,
                                    EddyDisc coarse, double *out)
{
  const PetscInt dim = d->box.dim;
  EddyFourier fine = EddySpectralGet(d)->fourier, les = EddySpectralGet(coarse)->fourier, F;
  EddyField velocity;
  double *vf, *vc, *ubar, *product, *bar, *own;
  PetscFunctionBeginUser;
  PetscCall(EddyFieldFind(d->physics, NULL, NULL, "velocity", &velocity));
  PetscCall(EddySpectralPointGrid(coarse, &F));
  const size_t nf = (size_t)(fine->y1 - fine->y0) * (size_t)fine->nx,
               nc = (size_t)(les->y1 - les->y0) * (size_t)les->nx,
               np = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  PetscCall(PetscCalloc2(PetscMax(1, (size_t)dim * nf), &vf, PetscMax(1, (size_t)dim * nc), &vc));
  PetscCall(EddyDiscCreateState(coarse, &ubar));
  PetscCall(EddyDiscCreateState(coarse, &bar));
  PetscCall(EddyDiscCreateState(coarse, &own));
  PetscCall(EddyDiscCreateState(d, &product));
  PetscCall(EddySpectralRestrict(d, u, filter, coarse, ubar));
  PetscCall(PointField(d, fine, &velocity, u, vf));
  PetscCall(PointField(coarse, les, &velocity, ubar, vc));
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = i; j < dim; ++j) {
      PetscCall(VelocityProduct(d, vf, i, j, product));
      PetscCall(EddySpectralRestrict(d, product, filter, coarse, bar));
      PetscCall(VelocityProduct(coarse, vc, i, j, own));
      for (size_t x = 0; x < coarse->size; ++x)
        bar[x] -= own[x];
      const Linear part = {NULL, 0, 1, bar};
      PetscCall(LinearToReal(coarse, F, &part, ubar, out + (size_t)(i * dim + j) * np));
      if (i != j)
        PetscCall(
            PetscArraycpy(out + (size_t)(j * dim + i) * np, out + (size_t)(i * dim + j) * np, np));
    }
  PetscCall(EddyDiscDestroyState(&ubar));
  PetscCall(EddyDiscDestroyState(&bar));
  PetscCall(EddyDiscDestroyState(&own));
  PetscCall(EddyDiscDestroyState(&product));
  PetscCall(PetscFree2(vf, vc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

typedef enum { PLAIN, FORCING, STRESS } Kind;

/* What a name asks for: a field of the table, or a subgrid term. */
static PetscErrorCode Resolve(EddyDisc d, const EddyFilter *filter, const char *name,
                              EddyField *field, Kind *kind)
{
  static const char forcing[] = "subgrid_forcing", stress[] = "subgrid_stress";
  PetscBool is_stress, is_forcing;
  PetscFunctionBeginUser;
  PetscCall(PetscStrcmp(name, stress, &is_stress));
  PetscCall(PetscStrncmp(name, forcing, sizeof forcing - 1, &is_forcing));
  *kind = is_stress ? STRESS : is_forcing ? FORCING : PLAIN;
  if (*kind == PLAIN) {
    PetscCall(EddyFieldFind(d->physics, NULL, NULL, name, field));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCheck(filter, d->comm, EDDY_ERR_INPUT,
             "field %s needs a filter: name one in `filter` of this output", name);
  PetscCheck(*kind == FORCING || d->physics->ops->Velocity, d->comm, EDDY_ERR_INPUT,
             "field %s is not offered by physics_type %s: it has no velocity", name,
             d->physics->ops->name);
  PetscCall(PetscMemzero(field, sizeof *field));
  PetscCall(PetscStrncpy(field->name, name, EDDY_MAX_NAME));
  if (is_stress) {
    field->rank = 2, field->ncomp = d->box.dim * d->box.dim, field->symmetry = EDDY_SYM_SYMMETRIC;
    PetscCall(PetscStrncpy(field->unit, "L^2/T^2", EDDY_MAX_NAME));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  field->ncomp = 1;
  const char *of = name + sizeof forcing - 1;
  PetscBool found = (PetscBool) !*of;
  for (PetscInt c = 0; c < d->physics->ncomp && !found && *of == '_'; ++c) {
    PetscCall(PetscStrcmp(of + 1, d->physics->comp[c], &found));
    field->comp = found ? c : 0;
  }
  PetscCheck(
      found, d->comm, EDDY_ERR_INPUT,
      "unknown field %s; allowed: subgrid_forcing, or subgrid_forcing_NAME of a state component",
      name);
  PetscCall(PetscSNPrintf(field->unit, EDDY_MAX_NAME, "%.40s/T", d->physics->unit[field->comp]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralGetFields(EddyDisc d, PetscInt slot, const EddyStage *st,
                                     const double *u, const EddyFilter *filter, PetscInt nfield,
                                     const char *const names[], EddyBlock blocks[])
{
  EddySpectral *s = EddySpectralGet(d);
  EddyDisc target = d;
  EddyFourier F;
  double *ubar = NULL;
  size_t total = 0, at = 0;
  PetscFunctionBeginUser;
  PetscCall(PetscLogEventBegin(s->event[3], 0, 0, 0, 0));
  EddyAssert(slot >= 0 && slot <= EDDY_MAX_LIST, d->comm, "slot out of range");
  if (filter) {
    PetscCall(Coarse(d, filter, &target));
    if (u) {
      PetscCall(EddyDiscCreateState(target, &ubar));
      PetscCall(EddySpectralRestrict(d, u, filter, target, ubar));
    }
  }
  PetscCall(EddySpectralPointGrid(target, &F));
  const size_t n = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  for (int pass = 0; pass < (u ? 2 : 1); ++pass) {
    for (PetscInt i = 0; i < nfield; ++i) {
      EddyField field;
      Kind kind = PLAIN;
      EddyBlock of_closure;
      PetscBool found = PETSC_FALSE;
      if (!filter)
        PetscCall(EddyClosureLoopField(d, st, pass ? u : NULL, names[i], &of_closure, &found));
      if (found) {
        const size_t values = (size_t)of_closure.ncomp * n;
        if (!pass)
          blocks[i] = of_closure, total += values;
        else {
          blocks[i].data = s->slot[slot] + at;
          PetscCall(PetscArraycpy(blocks[i].data, of_closure.data, values));
          at += values;
        }
        continue;
      }
      PetscCall(Resolve(d, filter, names[i], &field, &kind));
      if (!pass) {
        EddyBlock *b = &blocks[i];
        *b = (EddyBlock){.rank = field.rank,
                         .dim = d->box.dim,
                         .ncomp = field.ncomp,
                         .symmetry = field.symmetry,
                         .where = EDDY_WHERE_NODE,
                         .n = {F->nx, F->ny, 1},
                         .start = {0, F->y0, 0},
                         .count = {F->nx, F->y1 - F->y0, 1}};
        PetscCall(PetscStrncpy(b->name, field.name, EDDY_MAX_NAME));
        PetscCall(PetscStrncpy(b->unit, field.unit, EDDY_MAX_NAME));
        total += (size_t)field.ncomp * n;
        continue;
      }
      double *out = blocks[i].data = s->slot[slot] + at;
      at += (size_t)field.ncomp * n;
      if (kind == FORCING)
        PetscCall(SubgridForcing(d, st, u, filter, target, field.comp, out));
      else if (kind == STRESS)
        PetscCall(SubgridStress(d, u, filter, target, out));
      else
        PetscCall(PointField(target, F, &field, filter ? ubar : u, out));
    }
    if (!pass && u && s->slot_size[slot] < total) {
      PetscCall(PetscFree(s->slot[slot]));
      PetscCall(PetscMalloc1(total, &s->slot[slot]));
      s->slot_size[slot] = total;
    }
  }
  PetscCall(EddyDiscDestroyState(&ubar));
  PetscCall(PetscLogEventEnd(s->event[3], 0, 0, 0, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}
