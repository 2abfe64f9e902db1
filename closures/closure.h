/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a closure: a term the resolved equations lack, classical or learned, evaluated inside the solver. One file,
   one row in closures/list.def. closure: {list: [net], net: {type: none}}.

   Apply reads const blocks of derived fields with `halo` ghost cells and fills the block of its target, which its owner
   zeroed: closures on one target sum. Apply is the same function in the loop and on stored snapshots. */
#ifndef EDDY_CLOSURE_H
#define EDDY_CLOSURE_H
#include "options.h"

typedef struct _p_EddyClosure *EddyClosure;
typedef enum { EDDY_TARGET_NONE, EDDY_TARGET_SUBGRID_FORCING, EDDY_TARGET_SUBGRID_STRESS, EDDY_TARGET_EDDY_VISCOSITY, EDDY_TARGET_COEFFICIENT } EddyTarget;

typedef struct {
  const char *name, *summary, *reference;
  size_t ctx_size;
  EddyTarget target;
  PetscInt halo;            /* ghost cells Apply reads around each point */
  const char *const *needs; /* derived fields by name, NULL-terminated */
  PetscErrorCode (*Create)(EddyClosure c, EddyOptions o, const char *prefix);
  PetscErrorCode (*Destroy)(EddyClosure c);
  /** Adds the closure's term for one block. Not collective.
      s    time, dt, step, stage; borrowed
      in   one block per name in needs, halo ghosts filled; borrowed
      out  block of the target without ghosts; added to; borrowed
      Errors: PETSC_ERR_SUP when in->halo < halo. */
  PetscErrorCode (*Apply)(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out);
  /* Once per accepted step, for closures with state. */
  PetscErrorCode (*Commit)(EddyClosure c, const EddyStage *s);
} EddyClosureOps;

struct _p_EddyClosure {
  const EddyClosureOps *ops;
  char name[EDDY_MAX_NAME];
  void *ctx;
};

/* All closures of closure_list; `none` is dropped from the list. Collective. */
PetscErrorCode EddyClosureCreateList(MPI_Comm comm, EddyOptions o, PetscInt *n, EddyClosure **c);
PetscErrorCode EddyClosureDestroyList(PetscInt n, EddyClosure **c);
const EddyClosureOps *EddyClosureGetOps(PetscInt k);
#endif
