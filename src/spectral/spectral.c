/* SPDX-License-Identifier: BSD-3-Clause */
/* Pseudo-spectral right-hand side with retained modes and fused rows; see fourier.h for layout and spectral.h for options.

   One evaluation:  columns: ToReal, inverse in y  |  rows: inverse in x, Product, forward in x  |  columns: forward in y, FromHat, forcing, closures, stage kernel.
   Three passes over the work array, none over fields in real space. */
#include "spectral.h"
#include <stdlib.h>

const char *const EddyDealiasNames[] = {"two_thirds", "three_halves", "none"};
static const char *const exchange_names[] = {"auto", "shared", "alltoall"};

void EddySpectralModes(EddyDealias dealias, PetscInt degree, PetscInt n, PetscInt *K,
                       PetscInt *grid)
{
  const PetscInt d = PetscMax(degree, 1);
  *grid = n;
  *K = dealias == EDDY_DEALIAS_TWO_THIRDS ? (n - 1) / (d + 1) + 1 : (n - 1) / 2 + 1;
  if (n > 1 && dealias == EDDY_DEALIAS_THREE_HALVES)
    *grid = EddyLineNearestAbove(((d + 1) * n + 1) / 2);
}

static PetscErrorCode Rhs(EddyDisc d, const EddyStage *st, const double *u, double *f,
                          EddyStageKernel kernel, void *kctx)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  EddyPhysics p = d->physics;
  const EddySpectralKernels *k = &p->kernels;
  const PetscInt nb = F->b1 - F->b0, in = p->in_fields, out = p->out_fields;
  const double points = (double)F->ny * (double)F->nx / F->size, lines = nb * 8;
  const double *term = NULL;
  PetscFunctionBeginUser;
  if (s->closures)
    PetscCall(EddyClosureLoopEval(d, st, u, &term));
  PetscCall(PetscLogEventBegin(s->event[0], 0, 0, 0, 0));
  for (PetscInt b = 0; b < nb; ++b) {
    double *z = EddyFourierColumn(F, b, 0);
    EddyFourierZeroGap(F, b, in);
    k->ToReal(p->ctx, &F->mode[b], u + (size_t)b * s->block, z, z + 16 * F->ld);
    EddyFourierInverseColumns(F, b, in);
  }
  PetscCall(PetscLogFlops(5 * in * lines * (double)F->ny * log2(PetscMax(2., (double)F->ny))));
  PetscCall(PetscLogEventEnd(s->event[0], 0, 0, 0, 0));
  PetscCall(PetscLogEventBegin(s->event[1], 0, 0, 0, 0));
  PetscCall(EddyFourierRowsBegin(F, PetscMax(in, out), PETSC_FALSE));
  for (PetscInt g = 0; g < EddyFourierGroups(F, in); ++g) {
    EddyFourierRowLoad(F, g, in, PETSC_FALSE);
    k->Product(p->ctx, F->npoint, 16 * (size_t)F->npoint, F->row);
    EddyFourierRowStore(F, g, out, PETSC_FALSE);
  }
  PetscCall(EddyFourierRowsEnd(F, PetscMax(in, out), PETSC_FALSE));
  PetscCall(PetscLogFlops(2.5 * (in + out) * points * log2(PetscMax(2., (double)F->nx))));
  PetscCall(PetscLogEventEnd(s->event[1], 0, 0, 0, 0));
  PetscCall(PetscLogEventBegin(s->event[2], 0, 0, 0, 0));
  for (PetscInt b = 0; b < nb; ++b) {
    double *z = EddyFourierColumn(F, b, 0), *fb = f ? f + (size_t)b * s->block : s->rhs;
    EddyFourierForwardColumns(F, b, out);
    k->FromHat(p->ctx, &F->mode[b], z, z + 16 * F->ld, fb);
    for (PetscInt e = s->entry_start[b]; e < s->entry_start[b + 1]; ++e) {
      fb[s->entry[e].offset] += s->entry[e].re;
      fb[s->entry[e].offset + 8] += s->entry[e].im;
    }
    if (term)
      for (size_t i = 0; i < s->block; ++i)
        fb[i] += term[(size_t)b * s->block + i];
    if (kernel)
      kernel(kctx, (size_t)b * s->block, s->block, fb);
  }
  PetscCall(PetscLogFlops(5 * out * lines * (double)F->ny * log2(PetscMax(2., (double)F->ny))));
  PetscCall(PetscLogEventEnd(s->event[2], 0, 0, 0, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Courant(EddyDisc d, const EddyStage *st, const double *u, PetscReal *rate)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  EddyPhysics p = d->physics;
  double inv_dx[3] = {0, 0, 0}, r = 0;
  PetscFunctionBeginUser;
  for (int i = 0; i < (int)d->box.dim; ++i)
    inv_dx[i] = d->box.n[i] / EddyBoxLength(&d->box, i);
  if (p->kernels.Courant) {
    for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
      double *z = EddyFourierColumn(F, b, 0);
      EddyFourierZeroGap(F, b, p->in_fields);
      p->kernels.ToReal(p->ctx, &F->mode[b], u + (size_t)b * s->block, z, z + 16 * F->ld);
      EddyFourierInverseColumns(F, b, p->in_fields);
    }
    PetscCall(EddyFourierRowsBegin(F, p->in_fields, PETSC_FALSE));
    for (PetscInt g = 0; g < EddyFourierGroups(F, p->in_fields); ++g) {
      EddyFourierRowLoad(F, g, p->in_fields, PETSC_FALSE);
      const double a =
          p->kernels.Courant(p->ctx, F->npoint, 16 * (size_t)F->npoint, F->row, inv_dx);
      r = a > r ? a : r;
    }
    PetscCall(EddyFourierRowsEnd(F, p->in_fields, PETSC_FALSE));
  }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &r, 1, MPI_DOUBLE, MPI_MAX, d->comm));
  *rate = r;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* u += value at every local mode: called for the canonical half, conjugated elsewhere. */
typedef void (*ModeValue)(void *ctx, const EddyMode *k, EddyComplex out[]);
static void AddModes(EddySpectral *s, ModeValue value, void *ctx, double *u)
{
  EddyFourier f = s->fourier;
  for (PetscInt b = 0; b < f->b1 - f->b0; ++b)
    for (PetscInt m = 0; m < f->My; ++m)
      for (PetscInt l = 0; l < f->mode[b].lanes; ++l) {
        EddyComplex v[EDDY_MAX_COMP] = {{0, 0}};
        EddyMode k = EddySpectralMode(f, b, m, l);
        const PetscBool mirror = (PetscBool)(k.ik[0] == 0 && k.ik[1] < 0),
                        zero = (PetscBool)(k.ik[0] == 0 && k.ik[1] == 0);
        if (mirror)
          k = EddyModeMake(&f->box, 0, -k.ik[1], 0);
        value(ctx, &k, v);
        for (PetscInt c = 0; c < s->ncomp; ++c) {
          if (mirror)
            v[c].im = -v[c].im;
          if (zero)
            v[c].im = 0;
          u[EddySpectralOffset(s, b, c, m) + (size_t)l] += v[c].re,
              u[EddySpectralOffset(s, b, c, m) + (size_t)l + 8] += v[c].im;
        }
      }
}

static void SteadyValue(void *ctx, const EddyMode *k, EddyComplex out[])
{
  EddyForcing f = (EddyForcing)ctx;
  f->ops->Amplitude(f, k, out);
}
static void InitialValue(void *ctx, const EddyMode *k, EddyComplex out[])
{
  EddyInitial ic = (EddyInitial)ctx;
  ic->ops->Mode(ic, k, out);
}
typedef struct {
  EddyForcing f;
  const EddyStage *s;
} KickCtx;
static void KickValue(void *ctx, const EddyMode *k, EddyComplex out[])
{
  KickCtx *c = (KickCtx *)ctx;
  c->f->ops->Kick(c->f, k, c->s, out);
}

static PetscErrorCode Kick(EddyDisc d, const EddyStage *st, double *u)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < d->nforcing; ++i)
    if (d->forcing[i]->ops->Kick) {
      KickCtx c = {d->forcing[i], st};
      AddModes(EddySpectralGet(d), KickValue, &c, u);
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One component at a time: a tracer must not share a complex line with the flow, it would change its bits. */
static PetscErrorCode InitialPoints(EddyDisc d, EddyInitial ic, double *u)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier f = s->fourier;
  const size_t field = (size_t)(f->y1 - f->y0) * (size_t)f->nx;
  const PetscInt one = 1;
  double *real;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(PetscMax(1, field), &real));
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    for (PetscInt y = f->y0; y < f->y1; ++y)
      for (PetscInt i = 0; i < f->nx; ++i) {
        PetscReal v[EDDY_MAX_COMP] = {0}, x[3] = {0, 0, 0};
        x[0] = d->box.lower[0] + EddyBoxLength(&d->box, 0) * i / f->nx;
        if (d->box.dim > 1)
          x[1] = d->box.lower[1] + EddyBoxLength(&d->box, 1) * y / f->ny;
        for (EddyInitial q = ic; q; q = q->next)
          if (q->ops->Point)
            q->ops->Point(q, x, v);
        real[(size_t)(y - f->y0) * (size_t)f->nx + (size_t)i] = v[c];
      }
    PetscCall(EddyFourierFromReal(f, 1, &one, real));
    for (PetscInt b = 0; b < f->b1 - f->b0; ++b)
      EddyFourierUnpack(f, b, 0, 1, u + EddySpectralOffset(s, b, c, 0));
  }
  PetscCall(PetscFree(real));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralInitialise(EddyDisc d, EddyInitial ic, double *u)
{
  PetscBool points = PETSC_FALSE;
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(u, d->size));
  for (EddyInitial q = ic; q; q = q->next) {
    if (q->ops->Point)
      points = PETSC_TRUE;
    PetscCheck(q->ops->Mode || q->ops->Point, d->comm, PETSC_ERR_SUP,
               "initial_type %s gives neither modes nor points", q->ops->name);
  }
  if (points)
    PetscCall(InitialPoints(d, ic, u));
  for (EddyInitial q = ic; q; q = q->next)
    if (q->ops->Mode)
      AddModes(EddySpectralGet(d), InitialValue, q, u);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The whole field is on every rank: each transforms all of it and keeps its blocks. */
PetscErrorCode EddySpectralLoad(EddyDisc d, const PetscInt n[3], const double *data, double *u)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier f = s->fourier, g;
  const PetscInt Kx = (n[0] - 1) / 2 + 1, Ky = (n[1] - 1) / 2 + 1, one = 1;
  const size_t field = (size_t)n[0] * (size_t)n[1];
  double *block;
  PetscFunctionBeginUser;
  PetscCheck(n[2] == 1 && EddyLineIsGoodSize(n[0]) && EddyLineIsGoodSize(n[1]), d->comm,
             EDDY_ERR_INPUT,
             "a field on %" PetscInt_FMT " x %" PetscInt_FMT " x %" PetscInt_FMT
             " points cannot be loaded: sizes must be products of 2, 3, 5, 7",
             n[0], n[1], n[2]);
  PetscCall(EddyFourierCreate(PETSC_COMM_SELF, d->level, EDDY_EXCHANGE_AUTO, &d->box, n[0], n[1],
                              Kx, Ky, 1, PETSC_TRUE, &g));
  PetscCall(PetscMalloc1((size_t)g->My * 16, &block));
  PetscCall(PetscArrayzero(u, d->size));
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    PetscCall(EddyFourierFromReal(g, 1, &one, data + (size_t)c * field));
    for (PetscInt b = f->b0; b < PetscMin(f->b1, g->nblock); ++b) {
      EddyFourierUnpack(g, b, 0, 1, block);
      for (PetscInt m = 0; m < f->My; ++m) {
        const PetscInt ky = EddySpectralKy(f, m), row = ky >= 0 ? ky : ky + g->My;
        if (PetscAbsInt(ky) >= Ky)
          continue;
        for (PetscInt l = 0; l < PetscMin(f->mode[b - f->b0].lanes, Kx - 8 * b); ++l)
          for (PetscInt part = 0; part < 16; part += 8)
            u[EddySpectralOffset(s, b - f->b0, c, m) + (size_t)(part + l)] =
                block[(size_t)row * 16 + (size_t)(part + l)];
      }
    }
  }
  PetscCall(PetscFree(block));
  PetscCall(EddyFourierDestroy(&g));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Symbol(EddyDisc d, const double **re, const double **im)
{
  PetscFunctionBeginUser;
  *re = EddySpectralGet(d)->symbol_re;
  *im = EddySpectralGet(d)->symbol_im;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CreateSymbol(EddyDisc d)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier f = s->fourier;
  int has_im = 0;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(PetscMax(1, d->size / 2), &s->symbol_re));
  PetscCall(PetscCalloc1(PetscMax(1, d->size / 2), &s->symbol_im));
  for (PetscInt b = 0; b < f->b1 - f->b0; ++b)
    for (PetscInt m = 0; m < f->My; ++m)
      for (PetscInt l = 0; l < f->mode[b].lanes; ++l) {
        EddyComplex L[EDDY_MAX_COMP];
        const EddyMode k = EddySpectralMode(f, b, m, l);
        d->physics->ops->Symbol(d->physics->ctx, &k, L);
        for (PetscInt c = 0; c < s->ncomp; ++c) {
          const size_t o = EddySpectralOffset(s, b, c, m) / 2 + (size_t)l;
          s->symbol_re[o] = L[c].re;
          s->symbol_im[o] = L[c].im;
          if (L[c].im != 0)
            has_im = 1;
        }
      }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &has_im, 1, MPI_INT, MPI_MAX, d->comm));
  if (!has_im)
    PetscCall(PetscFree(s->symbol_im));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Steady forcings summed into one list of non-zero coefficients, ordered by block. */
static PetscErrorCode CreateForcing(EddyDisc d)
{
  EddySpectral *s = EddySpectralGet(d);
  double *f;
  PetscFunctionBeginUser;
  PetscCall(EddyDiscCreateState(d, &f));
  for (PetscInt i = 0; i < d->nforcing; ++i)
    if (d->forcing[i]->ops->Amplitude)
      AddModes(s, SteadyValue, d->forcing[i], f);
  for (int pass = 0; pass < 2; ++pass) {
    s->nentry = 0;
    for (PetscInt b = 0; b < s->fourier->b1 - s->fourier->b0; ++b) {
      if (pass)
        s->entry_start[b] = s->nentry;
      for (size_t o = (size_t)b * s->block; o < (size_t)(b + 1) * s->block;
           o += (o % 8 == 7 ? 9 : 1))
        if (f[o] != 0 || f[o + 8] != 0) {
          if (pass)
            s->entry[s->nentry] = (EddyForcingEntry){o - (size_t)b * s->block, f[o], f[o + 8]};
          ++s->nentry;
        }
    }
    if (!pass)
      PetscCall(PetscCalloc2(s->fourier->b1 - s->fourier->b0 + 1, &s->entry_start,
                             PetscMax(1, s->nentry), &s->entry));
    else
      s->entry_start[s->fourier->b1 - s->fourier->b0] = s->nentry;
  }
  PetscCall(EddyDiscDestroyState(&f));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Pack(EddyDisc d, const double *u, PetscInt64 *global, PetscInt *nchunk,
                           const PetscInt64 **offset, const PetscInt64 **count, const double **data)
{
  EddySpectral *s = EddySpectralGet(d);
  PetscFunctionBeginUser;
  s->chunk_offset = (PetscInt64)s->fourier->b0 * (PetscInt64)s->block;
  s->chunk_count = (PetscInt64)d->size;
  *global = (PetscInt64)s->fourier->nblock * (PetscInt64)s->block;
  *nchunk = d->size ? 1 : 0;
  *offset = &s->chunk_offset;
  *count = &s->chunk_count;
  *data = u;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Unpack(EddyDisc d, const double *data, double *u)
{
  PetscFunctionBeginUser;
  PetscCall(PetscArraycpy(u, data, d->size));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyDisc d)
{
  EddySpectral *s = EddySpectralGet(d);
  PetscFunctionBeginUser;
  if (!s)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyClosureLoopDestroy(&s->closures));
  for (PetscInt i = 0; i < s->nfilter; ++i)
    PetscCall(EddyDiscDestroy(&s->filter[i].coarse));
  PetscCall(PetscFree(s->filter));
  for (int i = 0; i <= EDDY_MAX_LIST; ++i)
    PetscCall(PetscFree(s->slot[i]));
  PetscCall(PetscFree(s->spectrum));
  PetscCall(PetscFree2(s->entry_start, s->entry));
  PetscCall(PetscFree(s->symbol_im));
  PetscCall(PetscFree(s->symbol_re));
  free(s->rhs);
  PetscCall(EddyFourierDestroy(&s->points));
  PetscCall(EddyFourierDestroy(&s->fourier));
  PetscCall(PetscFree(d->data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const EddyDiscOps spectral_ops = {
    .name = "spectral",
    .stepper = "etdrk4",
    .Rhs = Rhs,
    .Kick = Kick,
    .Symbol = Symbol,
    .Courant = Courant,
    .Finite = EddySpectralFinite,
    .Initialise = EddySpectralInitialise,
    .Load = EddySpectralLoad,
    .GetFields = EddySpectralGetFields,
    .Diagnostics = EddySpectralDiagnostics,
    .Spectrum = EddySpectralSpectrum,
    .Pack = Pack,
    .Unpack = Unpack,
    .Verdict = EddyClosureLoopVerdict,
    .Commit = EddyClosureLoopCommit,
    .Saved = EddyClosureLoopSaved,
    .Destroy = Destroy,
};

static PetscErrorCode SetUp(EddyDisc d, EddyExchange exchange, EddyDealias dealias)
{
  EddySpectral *s;
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&s));
  d->data = s;
  d->ops = &spectral_ops;
  static const char *const events[4] = {"EddyModesToCols", "EddyRows", "EddyColsToModes",
                                        "EddyFields"};
  for (int i = 0; i < 4; ++i)
    PetscCall(PetscLogEventRegister(events[i], PETSC_OBJECT_CLASSID, &s->event[i]));
  s->exchange = exchange;
  s->dealias = dealias;
  s->ncomp = p->ncomp;
  EddySpectralModes(dealias, p->ops->degree, d->box.n[0], &s->Kx, &s->nx);
  EddySpectralModes(dealias, p->ops->degree, d->box.n[1], &s->Ky, &s->ny);
  EddyAssert((p->in_fields == 1 && p->out_fields == 1) ||
                 (p->in_fields % 2 == 0 && p->out_fields % 2 == 0),
             d->comm, "physics %s: %d fields in and %d out; even numbers, or both 1", p->ops->name,
             (int)p->in_fields, (int)p->out_fields);
  const PetscInt most = PetscMax(2, PetscMax(p->in_fields, p->out_fields));
  PetscCall(EddyFourierCreate(d->comm, d->level, exchange, &d->box, s->nx, s->ny, s->Kx, s->Ky,
                              most, EddySpectralAlone(p), &s->fourier));
  s->block = (size_t)(s->ncomp * s->fourier->My) * 16;
  d->size = (size_t)(s->fourier->b1 - s->fourier->b0) * s->block;
  s->rhs = (double *)aligned_alloc(64, s->block * sizeof(double));
  PetscCheck(s->rhs, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory");
  PetscCall(CreateSymbol(d));
  PetscCall(CreateForcing(d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralCreateOn(MPI_Comm comm, EddySimdLevel level, EddyExchange exchange,
                                    EddyDealias dealias, const EddyBox *box, EddyPhysics p,
                                    PetscInt nforcing, EddyForcing *forcing, EddyDisc *disc)
{
  EddyDisc d;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&d));
  *disc = d;
  d->comm = comm;
  d->level = level;
  d->box = *box;
  d->physics = p;
  d->nforcing = nforcing;
  d->forcing = forcing;
  PetscCall(SetUp(d, exchange, dealias));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A forcing beyond the retained modes would act in part or not at all, in silence. */
static PetscErrorCode CheckForcing(EddyDisc d, EddyOptions o)
{
  const EddySpectral *s = EddySpectralGet(d);
  const PetscInt kept[2] = {s->Kx - 1, s->Ky - 1};
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < d->nforcing; ++i) {
    EddyForcing f = d->forcing[i];
    EddyComplex out[EDDY_MAX_COMP] = {{0, 0}};
    const EddyMode k = EddyModeMake(&d->box, 1, 0, 0);
    char key[2 * EDDY_MAX_NAME];
    if (f->ops->Amplitude) /* also where a rank has no modes */
      f->ops->Amplitude(f, &k, out);
    PetscCall(PetscSNPrintf(key, sizeof key, "physics_forcing_%s_type", f->name));
    for (PetscInt x = 0; x < PetscMin(2, d->box.dim); ++x)
      EddyOptionsCheck(f->reach[x] <= kept[x], o, key,
                       "acts on waves up to %d per box in direction %d, but %d points with "
                       "disc_dealias %s keep %d",
                       (int)f->reach[x], (int)x, (int)d->box.n[x], EddyDealiasNames[s->dealias],
                       (int)kept[x]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiscCreate_spectral(EddyDisc d, EddyOptions o)
{
  PetscInt dealias, exchange;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsChoice(o, "disc_dealias", "rule that removes aliases of products",
                              EddyDealiasNames, 3, 0, &dealias));
  PetscCall(EddyOptionsChoice(o, "disc_exchange", "redistribution between ranks", exchange_names, 3,
                              0, &exchange));
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(d->box.dim <= 2, o, "mesh_n", "disc_type spectral is for 1-D and 2-D boxes");
  for (PetscInt i = 0; i < d->box.dim; ++i)
    EddyOptionsCheck(
        EddyLineIsGoodSize(d->box.n[i]) && d->box.n[i] >= 4, o, "mesh_n",
        "%" PetscInt_FMT
        " points: spectral sizes are products of 2, 3, 5, 7, at least 4; nearest: %" PetscInt_FMT
        " and %" PetscInt_FMT,
        d->box.n[i], EddyLineNearestBelow(d->box.n[i]),
        EddyLineNearestAbove(PetscMax(4, d->box.n[i])));
  PetscCall(SetUp(d, (EddyExchange)exchange, (EddyDealias)dealias));
  PetscCall(CheckForcing(d, o));
  if (d->nclosure)
    PetscCall(EddyClosureLoopCreate(d, o, &EddySpectralGet(d)->closures));
  PetscFunctionReturn(PETSC_SUCCESS);
}
