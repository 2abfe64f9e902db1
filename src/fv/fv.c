/* SPDX-License-Identifier: BSD-3-Clause */
/* Finite volumes on a box of equal cells or a mapped grid: set-up, and what the run loop asks beside the right-hand side. See fv.h. */
#include "closures.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const EddyReconstructionNames[] = {"constant", "muscl", "ppm", "weno5"};
const char *const EddyLimiterNames[] = {"mc", "minmod", "van_leer", "van_albada", "none"};
const char *const EddyRiemannNames[] = {"hllc", "roe", "hll", "rusanov"};

/* ---- sums that do not depend on the order ---- */

enum { LIMBS = 3 };

/* Each value is cut into three pieces of 32 bits below the largest magnitude; integer sums have no order. 2^31 cells fit. */
static void Accumulate(size_t n, const double *v, const double *weight, double scale,
                       int64_t limb[LIMBS])
{
  for (size_t i = 0; i < n; ++i) {
    double x = (weight ? weight[i] * v[i] : v[i]) / scale;
    for (int q = 0; q < LIMBS; ++q) {
      x *= 4294967296.;
      const double part = rint(x);
      limb[q] += (int64_t)part;
      x -= part;
    }
  }
}

static double Total(const int64_t limb[LIMBS], double scale)
{
  long double sum = 0;
  for (int q = LIMBS - 1; q >= 0; --q)
    sum = (sum + (long double)limb[q]) / 4294967296.L;
  return (double)(sum * (long double)scale);
}

/* Sums of nc components over the box, of weight[cells] times the values when given. Collective. */
static PetscErrorCode Sums(EddyDisc d, PetscInt nc, const double *u, const double *weight,
                           double sum[])
{
  EddyFv *s = EddyFvGet(d);
  double top[EDDY_MAX_COMP] = {0}, scale[EDDY_MAX_COMP];
  int64_t limb[EDDY_MAX_COMP][LIMBS] = {{0}};
  PetscFunctionBeginUser;
  for (PetscInt c = 0; c < nc; ++c)
    for (size_t i = 0; i < s->cells; ++i) {
      const double x = u[(size_t)c * s->cells + i], a = fabs(weight ? weight[i] * x : x);
      if (!(a <= top[c])) /* NaN too */
        top[c] = a <= PETSC_MAX_REAL ? a : INFINITY;
    }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, top, (PetscMPIInt)nc, MPI_DOUBLE, MPI_MAX, d->comm));
  for (PetscInt c = 0; c < nc; ++c) {
    int e = 0;
    (void)frexp(top[c] > 0 && top[c] <= PETSC_MAX_REAL ? top[c] : 1, &e);
    scale[c] = ldexp(1, e);
    if (top[c] <= PETSC_MAX_REAL)
      Accumulate(s->cells, u + (size_t)c * s->cells, weight, scale[c], limb[c]);
  }
  PetscCallMPI(
      MPI_Allreduce(MPI_IN_PLACE, limb, LIMBS * (PetscMPIInt)nc, MPI_INT64_T, MPI_SUM, d->comm));
  for (PetscInt c = 0; c < nc; ++c)
    sum[c] = top[c] <= PETSC_MAX_REAL ? Total(limb[c], scale[c]) : NAN;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Integrals of what the physics makes of the primitive state of a cell. Collective. */
static PetscErrorCode CellSums(EddyDisc d, const double *u, double sum[])
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt nd = p->ops->ncell_diag;
  double *out;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(s->cells * (size_t)nd + 1, &out));
  for (PetscInt j = 0; j < s->n[1] * s->n[2]; ++j)
    for (PetscInt i = 0; i < s->n[0]; i += s->tile) {
      const PetscInt m = PetscMin(s->tile, s->n[0] - i);
      const size_t at = (size_t)j * (size_t)s->n[0] + (size_t)i;
      p->fv.ToPrim(p->ctx, m, s->cells, u + at, s->cells, s->aux ? s->aux + at : NULL, s->ts,
                   s->x.qm);
      for (PetscInt l = 0; l < m; ++l) {
        PetscReal w[EDDY_MAX_COMP], v[EDDY_MAX_COMP];
        for (PetscInt q = 0; q < s->nprim; ++q)
          w[q] = s->x.qm[(size_t)q * s->ts + (size_t)l];
        p->ops->CellDiag(p->ctx, w, v);
        for (PetscInt q = 0; q < nd; ++q)
          out[(size_t)q * s->cells + at + (size_t)l] = v[q];
      }
    }
  PetscCall(Sums(d, nd, out, s->mapped ? s->mapped->volume : NULL, sum));
  for (PetscInt q = 0; q < nd; ++q)
    sum[q] *= s->volume;
  PetscCall(PetscFree(out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvDiagnostics(EddyDisc d, const EddyStage *st, const double *u, PetscInt max,
                                 const char *names[], double values[], PetscInt *n)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  double sum[EDDY_MAX_COMP], box = s->volume, least[2] = {PETSC_MAX_REAL, PETSC_MAX_REAL};
  PetscReal rate;
  PetscInt k = 0;
  double extreme = -PETSC_MAX_REAL;
  PetscFunctionBeginUser;
  PetscCall(Sums(d, s->ncomp, u, s->mapped ? s->mapped->volume : NULL, sum));
  for (int e = 0; e < 3 && !s->mapped; ++e)
    box *= (double)d->box.n[e];
  if (s->mapped)
    box = s->mapped->total;
  for (PetscInt c = 0; c < s->ncomp && k < max; ++c) {
    names[k] = p->total[c][0] ? p->total[c] : "mean";
    values[k++] = sum[c] * s->volume / (p->total[c][0] ? 1 : box);
  }
  if (p->ops->ncell_diag)
    PetscCall(CellSums(d, u, sum));
  for (PetscInt q = 0; q < p->ops->ncell_diag && k < max; ++q) {
    names[k] = p->ops->cell_diag[q];
    values[k++] = sum[q];
  }
  for (PetscInt j = 0; (p->npositive || p->fv.Extreme) && j < s->n[1] * s->n[2]; ++j)
    for (PetscInt i = 0; i < s->n[0]; i += s->tile) {
      const PetscInt m = PetscMin(s->tile, s->n[0] - i);
      const size_t at = (size_t)j * (size_t)s->n[0] + (size_t)i;
      p->fv.ToPrim(p->ctx, m, s->cells, u + at, s->cells, s->aux ? s->aux + at : NULL, s->ts,
                   s->x.qm);
      for (PetscInt q = 0; q < p->npositive; ++q)
        for (PetscInt l = 0; l < m; ++l)
          least[q] = PetscMin(least[q], s->x.qm[(size_t)p->positive[q] * s->ts + (size_t)l]);
      if (p->fv.Extreme)
        extreme = PetscMax(extreme, p->fv.Extreme(p->ctx, m, s->ts, s->x.qm));
    }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, least, 2, MPI_DOUBLE, MPI_MIN, d->comm));
  for (PetscInt q = 0; q < p->npositive && k < max; ++q) {
    names[k] = s->least[q];
    values[k++] = least[q];
  }
  if (p->fv.Extreme && k < max) {
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &extreme, 1, MPI_DOUBLE, MPI_MAX, d->comm));
    names[k] = p->extreme;
    values[k++] = extreme > -PETSC_MAX_REAL ? extreme : 0;
  }
  PetscCall(EddyFvCourant(d, st, u, &rate));
  if (k < max) {
    names[k] = "courant_rate";
    values[k++] = rate;
  }
  *n = k;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- checkpoints: [ncomp][nz][ny][nx] of the whole box ---- */

static PetscErrorCode CreateChunks(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  const PetscInt *N = d->box.n;
  PetscInt q = 0;
  PetscFunctionBeginUser;
  s->nchunk = s->cells ? s->ncomp * s->n[2] * s->n[1] : 0;
  PetscCall(PetscMalloc2(s->nchunk + 1, &s->chunk_offset, s->nchunk + 1, &s->chunk_count));
  for (PetscInt c = 0; c < s->ncomp && s->cells; ++c)
    for (PetscInt k = 0; k < s->n[2]; ++k)
      for (PetscInt j = 0; j < s->n[1]; ++j, ++q) {
        s->chunk_offset[q] =
            (((PetscInt64)c * N[2] + s->start[2] + k) * N[1] + s->start[1] + j) * N[0] +
            s->start[0];
        s->chunk_count[q] = s->n[0];
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Pack(EddyDisc d, const double *u, PetscInt64 *global, PetscInt *nchunk,
                           const PetscInt64 **offset, const PetscInt64 **count, const double **data)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  *global = (PetscInt64)s->ncomp * d->box.n[0] * d->box.n[1] * d->box.n[2];
  *nchunk = s->nchunk;
  *offset = s->chunk_offset;
  *count = s->chunk_count;
  *data = u;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Unpack(EddyDisc d, const double *data, double *u)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  PetscCall(PetscArrayzero(u, d->size));
  PetscCall(PetscArraycpy(u, data, s->cells * (size_t)s->ncomp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* After a step. */
static PetscErrorCode Tidy(EddyDisc d, const EddyStage *st, double *u)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  if (p->fv.Tidy && s->cells)
    p->fv.Tidy(p->ctx, (PetscInt)s->cells, s->cells, u);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  PetscFunctionBeginUser;
  if (!s)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int i = 0; i < EDDY_FV_SLOTS; ++i)
    PetscCall(PetscFree(s->slot[i]));
  PetscCall(PetscFree2(s->chunk_offset, s->chunk_count));
  PetscCall(EddyFvMaximaDestroy(s));
  EddyFvSweepDestroy(s);
  PetscCall(EddyFvViscousDestroy(s));
  PetscCall(EddyFvMappedViscousDestroy(s));
  EddyFvBalanceDestroy(s);
  PetscCall(EddyFvStretchDestroy(s));
  PetscCall(PetscFree(s->z));
  PetscCall(PetscFree(s->ready));
  PetscCall(EddyFvClosuresDestroy(s));
  PetscCall(EddyFvMappedDestroy(s));
  PetscCall(EddyFvFilterDestroy(s));
  PetscCall(EddyFvHaloDestroy(s));
  PetscCall(EddyFvFacesDestroy(s));
  PetscCall(EddyFvShockDestroy(s));
  PetscCall(PetscFree(s->aux));
  PetscCall(PetscFree(s->force));
  free(s->low);
  free(s->w);
  PetscCall(PetscFree(d->data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Arrays of closures, then running maxima. */
static PetscErrorCode Saved(EddyDisc d, PetscInt k, EddySaved *a)
{
  PetscInt n = 0;
  PetscFunctionBeginUser;
  for (;; ++n) {
    PetscCall(EddyFvClosuresSaved(d, n, a));
    if (a->nchunk < 0)
      break;
    if (n == k)
      PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(EddyFvMaximaSaved(d, k - n, a));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const EddyDiscOps fv_ops = {
    .name = "fv",
    .stepper = "ssprk3", /* limiters and positivity hold for it */
    .Rhs = EddyFvRhs,
    .Kick = Tidy,
    .Courant = EddyFvCourant,
    .Finite = EddyFvFinite,
    .Admissible = EddyFvAdmissible,
    .Initialise = EddyFvInitialise,
    .Load = EddyFvLoad,
    .GetFields = EddyFvGetFields,
    .Diagnostics = EddyFvDiagnostics,
    .Pack = Pack,
    .Unpack = Unpack,
    .Verdict = EddyFvClosuresVerdict,
    .Commit = EddyFvClosuresCommit,
    .Saved = Saved,
    .Destroy = Destroy,
};

/* ---- set-up ---- */

static EddyRecon ReconOf(const EddyFvRows *r, PetscInt reconstruction, PetscInt limiter)
{
  const EddyRecon table[EDDY_RECON_COUNT] = {r->constant, r->muscl[limiter], r->ppm, r->weno5};
  return table[reconstruction];
}

/* What the case asks for and this engine, or this physics in it, does not have. */
static PetscErrorCode CheckOffers(EddyDisc d, EddyOptions o, PetscInt riemann)
{
  EddyPhysics p = d->physics;
  char list[256] = "";
  const char *given;
  PetscFunctionBeginUser;
  PetscCall(EddyFvFilterCheck(o, &d->box));
  PetscCall(EddyOptionsGetRaw(o, "statistics_spectrum", &given));
  if (given) {
    PetscBool on;
    PetscCall(EddyOptionsBool(o, "statistics_spectrum", "time-mean energy spectrum in spectrum.csv",
                              PETSC_FALSE, &on));
    EddyOptionsCheck(
        !on, o, "statistics_spectrum",
        "disc_type fv has no spectra of its state; eddyline plot makes them from stored fields");
  }
  for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r)
    if (p->fv.Flux[r][0]) {
      PetscCall(PetscStrlcat(list, list[0] ? ", " : "", sizeof list));
      PetscCall(PetscStrlcat(list, EddyRiemannNames[r], sizeof list));
    }
  EddyOptionsCheck(p->fv.Flux[riemann][0], o, "disc_riemann",
                   "physics_type %s has no solver %s; it has %s", p->ops->name,
                   EddyRiemannNames[riemann], list);
  for (int e = 0; e < (int)d->box.dim; ++e)
    EddyOptionsCheck(d->box.n[e] >= 4, o, "mesh_n",
                     "%d cells in direction %c: at least 4 are needed", (int)d->box.n[e], "xyz"[e]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Static fields: averages over cells are taken as the value at the centre, second order like a point value. */
static PetscErrorCode CreateAux(EddyDisc d)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  if (!s->naux)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscMalloc1(PetscMax(1, s->cells * (size_t)s->naux), &s->aux));
  for (PetscInt k = 0; k < s->n[2]; ++k)
    for (PetscInt j = 0; j < s->n[1]; ++j)
      for (PetscInt i = 0; i < s->n[0]; ++i) {
        const PetscInt cell[3] = {s->start[0] + i, s->start[1] + j, s->start[2] + k};
        PetscReal x[3] = {0, 0, 0}, aux[EDDY_MAX_COMP];
        for (int e = 0; e < (int)s->dim; ++e)
          x[e] = s->mapped ? s->mapped->centre[(size_t)e * s->cells + EddyFvCell(s, i, j, k)]
                           : d->box.lower[e] + EddyBoxLength(&d->box, e) * ((double)cell[e] + .5) /
                                                   (double)d->box.n[e];
        p->ops->Aux(p->ctx, x, aux);
        for (PetscInt q = 0; q < s->naux; ++q)
          s->aux[(size_t)q * s->cells + EddyFvCell(s, i, j, k)] = aux[q];
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetUp(EddyDisc d, EddyOptions o, PetscInt riemann)
{
  static const EddyFvRows *const rows[] = {&eddy_fv_rows_v2, &eddy_fv_rows_v3, &eddy_fv_rows_v4};
  static const EddyFvMappedRows *const turn[] = {&eddy_fv_mapped_rows_v2, &eddy_fv_mapped_rows_v3,
                                                 &eddy_fv_mapped_rows_v4};
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(d->comm, &s->rank));
  PetscCallMPI(MPI_Comm_size(d->comm, &s->size));
  s->dim = d->box.dim;
  s->ncomp = p->ncomp;
  s->nprim = p->nprim;
  s->naux = p->naux;
  s->volume = 1;
  for (int e = 0; e < (int)s->dim; ++e) {
    const double dx = EddyBoxLength(&d->box, e) / (double)d->box.n[e];
    s->inv_dx[e] = 1 / dx;
    s->volume *= dx;
  }
  if (p->ops->Diffuse)
    p->ops->Diffuse(p->ctx, s->nu);
  for (PetscInt c = 0; c < s->ncomp; ++c)
    if (s->nu[c] > 0)
      s->diffusive = PETSC_TRUE;
  for (PetscInt q = 0; q < p->npositive; ++q) {
    PetscCall(PetscSNPrintf(s->least[q], EDDY_MAX_NAME, "min_%s", p->prim[p->positive[q]]));
    s->direct[q] = -1;
    for (PetscInt c = 0; c < s->ncomp; ++c)
      if (!strcmp(p->comp[c], p->prim[p->positive[q]]))
        s->direct[q] = c;
  }
  s->rows = rows[d->level];
  s->turn = turn[d->level];
  s->nwork = s->nprim;
  for (PetscInt c = 0; c < s->nprim; ++c)
    s->from[c] = c;
  if (p->fv.Viscous[0]) {
    PetscCall(PetscNew(&s->viscous));
    s->corners = PETSC_TRUE;
    s->viscous->temperature = s->nwork++;
  }
  if (p->nbalance) {
    PetscCall(PetscNew(&s->balance));
    s->balance->ratio = s->nwork;
    for (PetscInt q = 0; q < p->nbalance; ++q)
      s->from[p->balance[q]] = s->nwork++;
  }
  if (s->diffusive && d->box.mapped)
    s->corners = PETSC_TRUE;
  PetscCall(EddyFvHaloCreate(d));
  PetscCall(EddyFvFacesCreate(d, o));
  PetscCall(EddyFvMappedCheck(d, o, riemann));
  PetscCall(EddyFvMappedCreate(d, o));
  PetscCall(EddyFvMappedWalls(d, o));
  if (s->mapped)
    PetscCall(Sums(d, 1, s->mapped->volume, NULL, &s->mapped->total));
  d->size = (s->cells * (size_t)s->ncomp + 15) / 16 * 16;
  struct _p_EddyDisc work = {.size = s->comp * (size_t)s->nwork + 64};
  PetscCall(EddyDiscCreateState(&work, &s->w));
  for (size_t i = 0; i < work.size; ++i)
    s->w[i] = 1;
  PetscCall(EddyFvSweepCreate(d));
  PetscCall(EddyFvViscousCreate(d));
  PetscCall(EddyFvMappedViscousCreate(d));
  PetscCall(EddyFvBalanceCreate(d, o));
  PetscCall(CreateChunks(d));
  PetscCall(CreateAux(d));
  PetscCall(EddyFvVelocityCreate(d));
  PetscCall(EddyFvForceCreate(d, o));
  PetscCall(EddyFvMaximaCreate(d, o));
  PetscCall(EddyFvClosuresCreate(d, o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What the case chooses. reach: neighbours that the reconstruction uses without a limiter between them and the cell. */
typedef struct {
  PetscInt reconstruction, limiter, variables, riemann, reach;
  PetscBool shock, positivity;
} Choice;

static PetscErrorCode Choose(EddyPhysics p, EddyOptions o, PetscBool catalogue, Choice *c)
{
  static const char *const variables_name[] = {"primitive", "characteristic"};
  PetscInt best = 0;
  PetscFunctionBeginUser;
  while (best < EDDY_RIEMANN_RUSANOV && p && !p->fv.Flux[best][0])
    ++best;
  PetscCall(EddyOptionsChoice(o, "disc_reconstruction", "values at faces from cell averages (fv)",
                              EddyReconstructionNames, EDDY_RECON_COUNT, EDDY_RECON_MUSCL,
                              &c->reconstruction));
  PetscCall(EddyOptionsChoice(o, "disc_limiter", "slope limiter of muscl (fv)", EddyLimiterNames,
                              EDDY_LIMITER_COUNT, 0, &c->limiter));
  PetscCall(EddyOptionsChoice(o, "disc_variables", "what is reconstructed at faces (fv)",
                              variables_name, 2, 0, &c->variables));
  PetscCall(
      EddyOptionsChoice(o, "disc_riemann", "Riemann solver (fv); default: the best of the physics",
                        EddyRiemannNames, EDDY_RIEMANN_COUNT, catalogue ? 0 : best, &c->riemann));
  PetscCall(EddyOptionsBool(o, "disc_shock_switch",
                            "hllc and roe give way to hll along strong shocks: no carbuncles (fv)",
                            PETSC_FALSE, &c->shock));
  c->reach = c->reconstruction == EDDY_RECON_PPM || c->reconstruction == EDDY_RECON_WENO5 ? 2
             : c->reconstruction == EDDY_RECON_MUSCL && c->limiter == EDDY_LIMITER_NONE   ? 1
                                                                                          : 0;
  /* limited waves do not bound primitive values */
  const PetscBool unlimited =
      (PetscBool)(c->reach || (c->variables && c->reconstruction != EDDY_RECON_CONSTANT));
  PetscCall(EddyOptionsBool(o, "disc_positivity",
                            "keep face values of density and pressure, or depth, positive (fv)",
                            unlimited ? PETSC_TRUE : PETSC_FALSE, &c->positivity));
  PetscCall(EddyOptionsIdle(o, c->reconstruction != EDDY_RECON_MUSCL, "disc_limiter"));
  PetscCall(EddyOptionsIdle(o, p && !p->npositive, "disc_positivity"));
  PetscCall(EddyOptionsIdle(o, c->reconstruction == EDDY_RECON_CONSTANT, "disc_variables"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Choices that do not go together. */
static PetscErrorCode CheckChoice(EddyDisc d, EddyOptions o, const Choice *c)
{
  EddyPhysics p = d->physics;
  PetscFunctionBeginUser;
  PetscCall(CheckOffers(d, o, c->riemann));
  EddyOptionsCheck(!c->variables || p->fv.ToWaves[0], o, "disc_variables",
                   "physics_type %s has primitive variables only", p->ops->name);
  EddyOptionsCheck(!c->variables || !p->nbalance, o, "disc_variables",
                   "an atmosphere at rest is kept by primitive variables only");
  EddyOptionsCheck(!c->variables || !d->box.mapped, o, "disc_variables",
                   "mapped grids have primitive variables only");
  EddyOptionsCheck(!c->shock || !d->box.mapped, o, "disc_shock_switch",
                   "is for mesh_type box: mapped grids do not have it");
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiscCreate_fv(EddyDisc d, EddyOptions o)
{
  EddyPhysics p = d->physics;
  EddyFv *s;
  Choice c;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(Choose(p, o, catalogue, &c));
  if (catalogue) {
    PetscCall(EddyFvMaximaCreate(d, o));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(CheckChoice(d, o, &c));
  PetscCall(PetscNew(&s));
  d->data = s;
  d->ops = &fv_ops;
  s->positivity = (PetscBool)(c.positivity && p->npositive);
  for (PetscInt q = 0; q < p->npositive; ++q)
    s->floor[p->positive[q]] = p->floor;
  s->corners = c.shock;
  PetscCall(SetUp(d, o, c.riemann));
  s->recon = ReconOf(s->rows, c.reconstruction, c.limiter);
  s->reach = c.reach;
  if (c.reconstruction == EDDY_RECON_MUSCL)
    PetscCall(EddyFvStretchCreate(d, s->rows->stretched[c.limiter]));
  if (c.variables && c.reconstruction != EDDY_RECON_CONSTANT)
    PetscCall(EddyFvSweepWaves(s, c.reconstruction == EDDY_RECON_MUSCL ? 1 : 2));
  for (int e = 0; e < 3; ++e)
    s->flux[e] = p->fv.Flux[c.riemann][e];
  if (p->npositive && c.riemann != EDDY_RIEMANN_ROE && !s->viscous && !s->balance && !s->mapped &&
      !s->corrected)
    s->kept = c.reconstruction == EDDY_RECON_CONSTANT ? 1. / 2
              : s->positivity && p->fv.Star           ? 1. / 6
                                                      : 0;
  if (c.shock)
    PetscCall(EddyFvShockCreate(d, o));
  PetscCall(EddyFvAheadCreate(d, c.reconstruction == EDDY_RECON_CONSTANT ? 0
                                 : c.reconstruction == EDDY_RECON_MUSCL  ? 1
                                                                         : 2));
  /* sources need the states in the frame of the face */
  s->flux_normal = p->vector && p->fv.Source[0] ? NULL : p->fv.FluxNormal[c.riemann];
  PetscCall(EddyFvBalanceForces(d));
  PetscFunctionReturn(PETSC_SUCCESS);
}
