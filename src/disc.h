/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a discretisation: the right-hand side of u_t = L u + N(u), with the state as a plain local array.

   The layout of the state belongs to the discretisation; steppers only combine arrays of `size` doubles element by
   element. Steppers hand a stage kernel to Rhs: it is called as soon as f is ready on elements [first, first+count), while
   these are in cache, each element exactly once. */
#ifndef EDDY_DISC_H
#define EDDY_DISC_H
#include "fields/fields.h"
#include "forcing/forcing.h"
#include "initial/initial.h"
#include "members.h"
#include "mesh.h"
#include "physics.h"

typedef struct _p_EddyDisc *EddyDisc;
/* f: values of the right-hand side on [first, first + count), first and count multiples of 16 (any, when there is no Symbol). */
typedef void (*EddyStageKernel)(void *kctx, size_t first, size_t count, double *f);

/* A filter: the stored field lies exactly in the space that an LES on grid n with `dealias` holds (DESIGN 2). */
typedef enum { EDDY_FILTER_SHARP, EDDY_FILTER_GAUSSIAN, EDDY_FILTER_BOX } EddyFilterKind;
typedef enum { EDDY_DEALIAS_TWO_THIRDS, EDDY_DEALIAS_THREE_HALVES, EDDY_DEALIAS_NONE } EddyDealias;
extern const char *const EddyDealiasNames[]; /* "two_thirds", "three_halves", "none" */
typedef struct {
  char name[EDDY_MAX_NAME];
  EddyFilterKind kind;
  PetscInt n[3];
  PetscReal width; /* in cells of n */
  EddyDealias dealias;
} EddyFilter;

typedef struct {
  const char *name;
  const char *stepper; /* time_type by default */
  /** f = N(u) at stage s (explicit part, forcing and closures included); then kernel(kctx, ...) per part. Collective.
      u, f  [size] doubles, borrowed; f may not alias u. kernel may be NULL; f may be NULL with a kernel: values then only
            live while the kernel sees them (less memory traffic). */
  PetscErrorCode (*Rhs)(EddyDisc d, const EddyStage *s, const double *u, double *f,
                        EddyStageKernel kernel, void *kctx);
  /** White-in-time forcings: u += kick, after an accepted step. Collective. */
  PetscErrorCode (*Kick)(EddyDisc d, const EddyStage *s, double *u);
  /** Linear term of every pair (re, im): L[first..] as two arrays of size/2 in the order lane blocks have (see
      layout); im is NULL when L is real. Owned by d, valid until Destroy. Member left out: L = 0. */
  PetscErrorCode (*Symbol)(EddyDisc d, const double **re, const double **im);
  /** Largest sum_d |speed_d|/dx_d over the box [1/T], for a Courant number. Collective. */
  PetscErrorCode (*Courant)(EddyDisc d, const EddyStage *s, const double *u, PetscReal *rate);
  /** PETSC_FALSE when this rank holds a state that the physics does not admit, such as a negative density; finite values are
      looked at elsewhere. NULL: everything finite is admitted. Not collective. */
  PetscBool (*Admissible)(EddyDisc d, const double *u);
  /** PETSC_FALSE when any value is not finite or not admitted; the field and place in `where` (rank 0 of the comm gets it). Collective. */
  PetscErrorCode (*Finite)(EddyDisc d, const double *u, PetscBool *ok, char where[], size_t len);
  /** State from an initial condition with Point or Mode. Collective. */
  PetscErrorCode (*Initialise)(EddyDisc d, EddyInitial ic, double *u);
  /** State from values on any grid of the same box: data is the whole field [ncomp][nz][ny][nx] on every rank, borrowed. Collective. */
  PetscErrorCode (*Load)(EddyDisc d, const PetscInt n[3], const double *data, double *u);
  /** Fields by EddyField on the grid of the run (filter NULL) or of a filter, without ghosts; blocks[i] gets extents and data
      (owned by d, valid until the next call with the same `slot`, 0..EDDY_MAX_LIST). `subgrid_forcing` and `subgrid_stress` are offered
      when filter is given and the physics has a coarse solver. Collective. */
  PetscErrorCode (*GetFields)(EddyDisc d, PetscInt slot, const EddyStage *s, const double *u,
                              const EddyFilter *filter, PetscInt nfield, const char *const names[],
                              EddyBlock blocks[]);
  /** Diagnostics: names and values, the same on every rank and for every rank count. Collective. */
  PetscErrorCode (*Diagnostics)(EddyDisc d, const EddyStage *s, const double *u, PetscInt max,
                                const char *names[], double values[], PetscInt *n);
  /** Shell sums E(k) of |u|^2/2 of the velocity (or of the first component): *nk values, k = 0.. in units of 2 pi / L_max. Collective. */
  PetscErrorCode (*Spectrum)(EddyDisc d, const double *u, const double **ek, PetscInt *nk);
  /** State as canonical rows, independent of rank count: `nchunk` pieces {offset, count} of doubles of this rank in a global array of
      `global` doubles; checkpoints store exactly this. Collective. */
  PetscErrorCode (*Pack)(EddyDisc d, const double *u, PetscInt64 *global, PetscInt *nchunk,
                         const PetscInt64 **offset, const PetscInt64 **count, const double **data);
  /** The inverse: data holds this rank's pieces in the order given by Pack. */
  PetscErrorCode (*Unpack)(EddyDisc d, const double *data, double *u);
  /** After a step, before its kicks: whether it stands; why (FAILED) is the same on all ranks. NULL: always. Collective. */
  PetscErrorCode (*Verdict)(EddyDisc d, const EddyStage *s, EddyVerdict *v, char why[], size_t len);
  /** Once per accepted step, s as it was when the step began: closures with state and history move on. NULL: closures are not evaluated. Collective. */
  PetscErrorCode (*Commit)(EddyDisc d, const EddyStage *s);
  /** k-th array of the closures' held values, state and history, for checkpoints; a->nchunk < 0 after the last. Collective. */
  PetscErrorCode (*Saved)(EddyDisc d, PetscInt k, EddySaved *a);
  PetscErrorCode (*Destroy)(EddyDisc d);
} EddyDiscOps;

struct _p_EddyDisc {
  const EddyDiscOps *ops;
  MPI_Comm comm;
  EddySimdLevel level;
  EddyBox box;         /* of the run */
  EddyPhysics physics; /* borrowed */
  PetscInt nforcing, nclosure;
  EddyForcing *forcing; /* borrowed */
  EddyClosure *closure; /* borrowed */
  PetscBool may_reject; /* Verdict may ask for a step to be taken again */
  size_t size;          /* doubles of the local state, a multiple of 16; may be 0 */
  void *data;           /* of the implementation */
};

/* Reads disc_type (spectral | fv) and its options. Everything handed in is kept as borrowed. Collective. */
PetscErrorCode EddyDiscCreate(MPI_Comm comm, EddyOptions o, const EddyBox *box, EddyPhysics p,
                              PetscInt nforcing, EddyForcing *forcing, PetscInt nclosure,
                              EddyClosure *closure, EddyDisc *d);
PetscErrorCode EddyDiscDestroy(EddyDisc *d);
/* Aligned (64 bytes), zeroed array of d->size doubles. */
PetscErrorCode EddyDiscCreateState(EddyDisc d, double **u);
PetscErrorCode EddyDiscDestroyState(double **u);

/* Creator of a discretisation, one row each in src/disc.def. */
typedef PetscErrorCode (*EddyDiscCreateFn)(EddyDisc d, EddyOptions o);
#endif
