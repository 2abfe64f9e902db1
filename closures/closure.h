/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a closure: a term the resolved equations lack, classical or learned, evaluated inside the solver. One file,
   one row in closures/list.def. closure: {list: [net], net: {type: none}}.

   Apply reads const blocks of derived fields with `halo` ghost cells and fills the block of its target, which its owner
   zeroed: closures on one target sum. Apply is the same function in the loop and on stored snapshots. A closure that acts at a
   wavenumber (target mode) gives Mode instead.

   Targets and what their owner makes of them (tau and nu_e: right-hand side of the momentum equation):
     subgrid_forcing  rank 0  added to the right-hand side of the first state component
     subgrid_stress   rank 2  tau_ij; minus its divergence is added to the momentum equation (the symmetric, trace-free part acts)
     eddy_viscosity   rank 0  nu_e; tau_ij = -2 nu_e S_ij with the strain of the present state
     coefficient      rank 0  takes the place of the constant of the next closure in the list that has one
     mode             at a wavenumber, added to the right-hand side there
   In finite volumes, for the face on the high side of each cell in each direction (src/fv/closures.h):
     flux                [dim][ncomp] added to the numerical flux, or in its place (closure_NAME_mode)
     face_interpolation  [dim][2][S] weights of the S (4 or 6) nearest cells, added to the reconstruction of the low and the high side */
#ifndef EDDY_CLOSURE_H
#define EDDY_CLOSURE_H
#include "guard.h"
#include "options.h"

typedef struct _p_EddyClosure *EddyClosure;
typedef enum {
  EDDY_TARGET_NONE,
  EDDY_TARGET_SUBGRID_FORCING,
  EDDY_TARGET_SUBGRID_STRESS,
  EDDY_TARGET_EDDY_VISCOSITY,
  EDDY_TARGET_COEFFICIENT,
  EDDY_TARGET_FLUX,
  EDDY_TARGET_FACE_INTERPOLATION,
  EDDY_TARGET_MODE,
  EDDY_NTARGET
} EddyTarget;
extern const char *const EddyTargetNames[]; /* "none", "subgrid_forcing", ... */
/* Bounds of learned face values: none, the two cells of the face, or monotonicity preserving, which lets smooth extrema be. */
typedef enum { EDDY_FACE_FREE, EDDY_FACE_NEIGHBOURS, EDDY_FACE_MP, EDDY_NFACE } EddyFaceBound;

/* A wavenumber as closures see it: integers, |k| [1/L], and the largest retained |k| along an axis. */
typedef struct {
  int ik[3];
  double k, k_cut;
} EddyClosureMode;

typedef struct {
  const char *name, *summary, *reference;
  size_t ctx_size;
  EddyTarget target;
  PetscInt halo;            /* ghost cells Apply reads around each point */
  const char *const *needs; /* derived fields by name, NULL-terminated */
  PetscBool learned;        /* guards that only a learned term needs are on by default */
  PetscBool
      coefficient; /* takes the output of a closure of target coefficient in place of its constant */
  PetscBool spectrum; /* wants Spectrum */
  /* Reads options into ctx. May set c->target, halo, nneed, need, nhistory, history_every, nstate and guard, which hold what the
     table says. */
  PetscErrorCode (*Create)(EddyClosure c, EddyOptions o, const char *prefix);
  PetscErrorCode (*Destroy)(EddyClosure c);
  /** Allocates for the grid of c->box, known now; may be called again with another one. Collective. */
  PetscErrorCode (*SetUp)(EddyClosure c);
  /** Adds the closure's term for one block. Called on every rank of c->comm, also without rows, so that it may reduce.
      s    time, dt, step, stage; borrowed
      in   one block per name in needs, then the same blocks for each past input, newest first; halo ghosts filled; borrowed
      out  block of the target without ghosts; added to; borrowed
      Errors: PETSC_ERR_SUP when in->halo < halo. */
  PetscErrorCode (*Apply)(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out);
  /** Target mode: the term at one wavenumber, to be added; called for one of k and -k. Not collective.
      u, out  coefficients of the first state component */
  void (*Mode)(EddyClosure c, const EddyStage *s, const EddyClosureMode *k, EddyComplex u,
               EddyComplex *out);
  /** Target mode with `spectrum`: shell sums E(j) of the state before Mode is called, j = 0..nk-1 in units of `unit` [1/L]. */
  PetscErrorCode (*Spectrum)(EddyClosure c, const EddyStage *s, PetscInt nk, const double ek[],
                             double unit);
  /** Once per accepted step, for closures with state; s is the step taken. Collective. */
  PetscErrorCode (*Commit)(EddyClosure c, const EddyStage *s);
} EddyClosureOps;

struct _p_EddyClosure {
  const EddyClosureOps *ops;
  char name[EDDY_MAX_NAME];
  MPI_Comm comm;
  void *ctx; /* owned, ops->ctx_size bytes, zeroed */
  /* what it is, from the table or from Create */
  EddyTarget target;
  PetscInt halo, nneed;
  char need[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscInt need_ncomp[EDDY_MAX_LIST],
      out_ncomp;                    /* components it was made for, 0: any; checked by the owner */
  PetscInt nhistory, history_every; /* past inputs, one every so many steps */
  PetscInt nstate;                  /* components of `state` */
  PetscInt face_order,
      face_bound;    /* target face_interpolation: degrees that get nothing, EddyFaceBound */
  PetscBool replace; /* target flux: takes the place of the numerical flux */
  PetscReal
      blend; /* target flux: share of it that acts, with `replace` of the flux that is replaced */
  PetscReal diffusivity; /* target flux: what it stands for, known to the step size [L^2/T] */
  PetscInt every;        /* 0: evaluated at each stage; n: once every n steps, held in between */
  EddyGuard guard;
  /* from SetUp on */
  EddyBox box;
  EddySimdLevel level;
  /* what Apply has seen while rows were in cache, so that the guards need not look again; the owner clears both before Apply */
  PetscBool vetted; /* EddyGuardInside holds for all inputs, and `largest` is right */
  double largest;   /* no value it gave is larger in magnitude or NaN */
  /* while it runs, set by the owner; borrowed */
  EddyBlock
      state; /* [nstate] of this rank's points, no ghosts, in checkpoints; changed in Commit only */
  const EddyBlock *coefficient; /* values to use in place of the constant, or NULL */
  const EddyBlock *
      size; /* (volume)^(1/dim) of the cells of this rank, no ghosts; NULL: equal cells (EddyClosureDelta) */
};

/* All closures of closure_list; `none` is dropped from the list. Collective. */
PetscErrorCode EddyClosureCreateList(MPI_Comm comm, EddyOptions o, PetscInt *n, EddyClosure **c);
PetscErrorCode EddyClosureDestroyList(PetscInt n, EddyClosure **c);
/* One closure of a given registered table, its options at prefix ("closure_NAME_"). Collective. */
PetscErrorCode EddyClosureCreateFromOps(MPI_Comm comm, EddyOptions o, const EddyClosureOps *ops,
                                        const char *name, const char *prefix, EddyClosure *c);
PetscErrorCode EddyClosureDestroy(EddyClosure *c);
/* Tells the closure its grid. Collective. */
PetscErrorCode EddyClosureSetUp(EddyClosure c, const EddyBox *box, EddySimdLevel level);
const EddyClosureOps *EddyClosureGetOps(PetscInt k);

/** Sums over all points that have the same bits on any number of ranks: row sums are gathered and added in order. Collective.
    b    whose points: count and start are used
    row  [nq][count[1] count[2]] sums over the points of each of this rank's rows, borrowed
    sum  [nq] */
PetscErrorCode EddyClosureSum(MPI_Comm comm, const EddyBlock *b, PetscInt nq, const double *row,
                              double sum[]);
/* Filter width (prod L_d / N_d)^(1/dim) times `cells`. */
PetscReal EddyClosureDelta(const EddyBox *box, PetscReal cells);
/* Points of a block without ghosts, and the first one of row j of component c (row = y + ny z). */
static inline PetscInt EddyBlockRows(const EddyBlock *b) { return b->count[1] * b->count[2]; }
static inline double *EddyBlockRow(const EddyBlock *b, PetscInt c, PetscInt row)
{
  const PetscInt hy = b->dim > 1 ? b->halo : 0, hz = b->dim > 2 ? b->halo : 0;
  const PetscInt y = row % b->count[1], z = row / b->count[1];
  const size_t nx = (size_t)b->count[0] + 2 * (size_t)b->halo,
               ny = (size_t)b->count[1] + 2 * (size_t)hy, nz = (size_t)b->count[2] + 2 * (size_t)hz;
  return b->data + (((size_t)c * nz + (size_t)(z + hz)) * ny + (size_t)(y + hy)) * nx +
         (size_t)b->halo;
}
#endif
