/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the pseudo-spectral discretisation; shared by the files of this room only.

   State: [local block][component][row][2][8], see fourier.h. Options: disc_dealias (two_thirds | three_halves | none),
   disc_exchange (auto | shared | alltoall).
   Retained modes per direction on a grid of N points for a non-linearity of degree d (DESIGN 3): K = floor((N-1)/(d+1)) + 1 of one sign with two_thirds;
   with three_halves the modes of the grid N, K = floor((N-1)/2) + 1 (Nyquist dropped), are computed on a grid of (d+1)/2 N points; none keeps the same modes on
   the grid N itself, products aliased. */
#ifndef EDDY_SPECTRAL_H
#define EDDY_SPECTRAL_H
#include "disc.h"
#include "fourier.h"

/* One non-zero coefficient of the steady forcing: added at [offset] (re) and [offset + 8] (im) of its block. */
typedef struct {
  size_t offset;
  double re, im;
} EddyForcingEntry;

typedef struct {
  PetscInt n[3];
  EddyFourier fourier;
} EddyOutputGrid;

typedef struct {
  EddyFilter filter;
  EddyDisc coarse;
} EddyFilterGrid;

/* Derived fields evaluated together on the points of the run (spectral_batch.c). Each has the bits GetFields gives it. */
typedef struct _p_EddyFieldBatch *EddyFieldBatch;
/* Closures of a run (closure_loop.c). */
typedef struct _p_EddyClosureLoop *EddyClosureLoop;

typedef struct {
  EddyFourier fourier;
  EddyExchange exchange;
  EddyDealias dealias;
  PetscInt ncomp, nx, ny, Kx, Ky; /* transform grid and modes */
  size_t block;                   /* doubles of the state per block */
  double *symbol_re, *symbol_im;  /* [block][comp][row][8]; im NULL when L is real */
  PetscInt nentry,
      *entry_start; /* forcing entries sorted by block: entry_start[b] .. entry_start[b+1] */
  EddyForcingEntry *entry;
  double *rhs;        /* one block: right-hand side that only a stage kernel sees */
  EddyFourier points; /* transforms on the grid of the run when it is not the transform grid */
  PetscInt nfilter;
  EddyFilterGrid *filter;
  double *slot[EDDY_MAX_LIST + 1]; /* data of GetFields */
  size_t slot_size[EDDY_MAX_LIST + 1];
  double *spectrum;
  PetscInt nspectrum;
  PetscInt64 chunk_offset, chunk_count; /* of Pack */
  PetscLogEvent event[4];   /* columns to rows, rows, rows to columns, fields: for -log_view */
  EddyClosureLoop closures; /* NULL when there are none */
} EddySpectral;

static inline EddySpectral *EddySpectralGet(EddyDisc d) { return (EddySpectral *)d->data; }
/* Fields of one-field equations in one dimension do not share lines: a line is cut into sixteen rows. */
static inline PetscBool EddySpectralAlone(EddyPhysics p)
{
  return (PetscBool)(p->box.dim == 1 && p->in_fields == 1);
}
/* Offset of (local block, component, row) in a state. */
static inline size_t EddySpectralOffset(const EddySpectral *s, PetscInt block, PetscInt comp,
                                        PetscInt row)
{
  return (size_t)block * s->block + (size_t)(comp * s->fourier->My + row) * 16;
}
/* Integer wavenumber of a row, and the mode of (local block, row, lane). */
static inline PetscInt EddySpectralKy(EddyFourier f, PetscInt row)
{
  return row < f->Ky ? row : row - f->My;
}
static inline EddyMode EddySpectralMode(EddyFourier f, PetscInt block, PetscInt row, PetscInt lane)
{
  return EddyModeMake(&f->box, (int)(8 * (f->b0 + block) + lane), (int)EddySpectralKy(f, row), 0);
}
/* Coefficients of all components at one place. */
static inline void EddySpectralRead(const EddySpectral *s, const double *u, PetscInt block,
                                    PetscInt row, PetscInt lane, EddyComplex v[])
{
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    const size_t o = EddySpectralOffset(s, block, c, row) + (size_t)lane;
    v[c] = (EddyComplex){u[o], u[o + 8]};
  }
}
static inline void EddySpectralWrite(const EddySpectral *s, double *u, PetscInt block, PetscInt row,
                                     PetscInt lane, const EddyComplex v[])
{
  for (PetscInt c = 0; c < s->ncomp; ++c) {
    const size_t o = EddySpectralOffset(s, block, c, row) + (size_t)lane;
    u[o] = v[c].re;
    u[o + 8] = v[c].im;
  }
}

/* A discretisation on another grid of the same box: filters (coarse side) and verification. Collective. */
PetscErrorCode EddySpectralCreateOn(MPI_Comm comm, EddySimdLevel level, EddyExchange exchange,
                                    EddyDealias dealias, const EddyBox *box, EddyPhysics p,
                                    PetscInt nforcing, EddyForcing *forcing, EddyDisc *d);
/* Retained modes (one sign) and transform length for n points. */
void EddySpectralModes(EddyDealias dealias, PetscInt degree, PetscInt n, PetscInt *K,
                       PetscInt *grid);
/* u of `from` restricted to the modes of `to`, times the kernel of filter (may be NULL). Collective. */
PetscErrorCode EddySpectralRestrict(EddyDisc from, const double *u, const EddyFilter *filter,
                                    EddyDisc to, double *coarse);
double EddyFilterKernel(const EddyFilter *filter, const EddyMode *k, const EddyBox *box);

/* Coefficients out[] of a linear field (ops) for the unit state of component j: the field is sum_j out_j u_j. */
void EddySpectralCouple(EddyDisc d, const EddyFieldOps *ops, const EddyMode *k, PetscInt j,
                        EddyComplex out[9]);
/* Transforms of fields on the points of the run (the transform grid may be finer) with room for ncolumn components. Collective. */
PetscErrorCode EddySpectralCreatePoints(EddyDisc d, PetscInt ncolumn, EddyFourier *f);

/* names: without doubles; kept are the fields, not the strings. The fields that names[0..nfirst-1] are made of come first. Collective. */
PetscErrorCode EddyFieldBatchCreate(EddyDisc d, PetscInt n, const char *const names[],
                                    EddyFieldBatch *b);
/* Columns that the Fourier transform handed to Eval needs. */
PetscInt EddyFieldBatchColumns(EddyFieldBatch b);
/* Values of all fields, or of the first alone (it must be linear). Collective. */
PetscErrorCode EddyFieldBatchEval(EddyFieldBatch b, EddyDisc d, EddyFourier F, const double *u,
                                  PetscBool first_only);
/* Field i: description, and data [ncomp][rows][nx] without ghosts, valid until the next Eval. */
void EddyFieldBatchGet(EddyFieldBatch b, PetscInt i, const EddyField **field, double **data);
PetscErrorCode EddyFieldBatchDestroy(EddyFieldBatch *b);

/* Checks the closures of d against its physics and prepares them. Collective. Errors: a target the physics does not accept. */
PetscErrorCode EddyClosureLoopCreate(EddyDisc d, EddyOptions o, EddyClosureLoop *loop);
/* Evaluates what is due at stage st of u; term: [size] their sum, in the layout of the state, valid until the next call. Collective. */
PetscErrorCode EddyClosureLoopEval(EddyDisc d, const EddyStage *st, const double *u,
                                   const double **term);
/* closure_out[_NAME], closure_flag[_NAME], closure_in[_NAME]_K: description and (u not NULL) values, borrowed. Collective. */
PetscErrorCode EddyClosureLoopField(EddyDisc d, const EddyStage *st, const double *u,
                                    const char *name, EddyBlock *b, PetscBool *found);
PetscErrorCode EddyClosureLoopVerdict(EddyDisc d, const EddyStage *st, EddyVerdict *v, char why[],
                                      size_t len);
PetscErrorCode EddyClosureLoopCommit(EddyDisc d, const EddyStage *st);
PetscErrorCode EddyClosureLoopSaved(EddyDisc d, PetscInt k, EddySaved *a);
PetscErrorCode EddyClosureLoopDestroy(EddyClosureLoop *loop);

PetscErrorCode EddySpectralGetFields(EddyDisc d, PetscInt slot, const EddyStage *st,
                                     const double *u, const EddyFilter *filter, PetscInt nfield,
                                     const char *const names[], EddyBlock blocks[]);
/* Transforms to the grid of points of d->box: the transform grid itself, or a second one (three_halves). Borrowed. */
PetscErrorCode EddySpectralPointGrid(EddyDisc d, EddyFourier *F);
PetscErrorCode EddySpectralInitialise(EddyDisc d, EddyInitial ic, double *u);
PetscErrorCode EddySpectralLoad(EddyDisc d, const PetscInt n[3], const double *data, double *u);
PetscErrorCode EddySpectralDiagnostics(EddyDisc d, const EddyStage *st, const double *u,
                                       PetscInt max, const char *names[], double values[],
                                       PetscInt *n);
PetscErrorCode EddySpectralSpectrum(EddyDisc d, const double *u, const double **ek, PetscInt *nk);
PetscErrorCode EddySpectralFinite(EddyDisc d, const double *u, PetscBool *ok, char where[],
                                  size_t len);
#endif
