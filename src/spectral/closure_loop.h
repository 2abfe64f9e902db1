/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures inside the right-hand side; shared by closure_loop.c (who is evaluated when, on which blocks) and
   closure_terms.c (what becomes of the blocks). Not for others.

   One evaluation at a state:  fields at points -> ghosts -> Apply, guards, into the closure's own block (held between its
   evaluations)  |  sums per target -> stress, forcing -> modes -> right-hand side.
   All transforms go in complex pairs, the inverse ones together and the forward ones together. */
#ifndef EDDY_CLOSURE_LOOP_H
#define EDDY_CLOSURE_LOOP_H
#include "halo.h"
#include "spectral.h"

enum {
  EDDY_GROUP_HELD,
  EDDY_GROUP_FRESH,
  EDDY_NGROUP
}; /* forcing and stress; -2 nu_e S with the present strain */

/* Tendency of state component `comp` per unit of a (part 0) or b (part 1) of the stress, see closure_terms.c. */
typedef struct {
  PetscInt comp, part;
  double *t; /* [local block][row][2][8] */
} EddyStressTable;

struct _p_EddyClosureLoop {
  EddyClosureMembers all;
  EddyHalo *halo;   /* [all.n], NULL where closures read no ghosts */
  double **ghosted; /* [all.n] [1 + nhistory][ncomp] blocks with ghosts; NULL likewise */
  EddyFourier fourier;
  EddyFieldBatch batch;
  PetscInt viscous, forced, stressed; /* how many closures have these targets */
  double *gain,
      *drain;    /* [size/2] energy input per conj(u) f, linear loss per |u|^2; NULL: no limiter */
  double *speed; /* [size/2] mean square velocity per |u|^2 of a mode; NULL: asked mode by mode */
  double *steep; /* [size/2] that of its gradient */
  PetscReal scale[2]; /* rms of velocity and gradient at the start of step scale_step */
  PetscInt64 scale_step;
  PetscInt ntable;
  EddyStressTable *table;
  double *points;            /* [pairs][2][rows][nx]: fields on their way to modes */
  double *modes;             /* [pairs * 2][My][2][8] of one block */
  double *term[EDDY_NGROUP]; /* [size], in the layout of the state */
  double *sum;               /* [size] */
  PetscBool term_valid;      /* term[HELD] belongs to the held blocks */
};

/* Sums the blocks of all members and brings them to modes; fresh: some held block is new. Collective. */
PetscErrorCode EddyClosureTerms(EddyDisc d, EddyClosureLoop loop, const EddyStage *st,
                                const double *u, PetscBool fresh, PetscBool quiet);
/* Tables of the stress, from the physics' Momentum. Not collective. */
PetscErrorCode EddyClosureStressTables(EddyDisc d, EddyClosureLoop loop);
/* Tables of the energy limiter, from the physics' Injection and Symbol. Collective. Errors: energy is no sum over components. */
PetscErrorCode EddyClosureEnergyTables(EddyDisc d, EddyClosureLoop loop);
/* Tables for EddyClosureScales, for physics of one component with a velocity. Not collective. */
PetscErrorCode EddyClosureScaleTables(EddyDisc d, EddyClosureLoop loop);
/* rms of the velocity and of its gradient. Collective. */
PetscErrorCode EddyClosureScales(EddyDisc d, const EddyClosureLoop loop, const double *u,
                                 PetscReal *velocity, PetscReal *gradient);
#endif
