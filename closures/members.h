/* SPDX-License-Identifier: BSD-3-Clause */
/* The closures of a run, as far as it does not matter where their points are; shared by the discretisations (src/spectral/closure_*.c, src/fv/closures*.c).

   The owner makes the blocks of inputs and outputs, asks the closures (Apply) and turns what they give into its terms. Here: when a closure is due, its past inputs, its guards and what
   they count, closures that stand in for others, steps that are taken again, arrays for checkpoints, output fields. */
#ifndef EDDY_MEMBERS_H
#define EDDY_MEMBERS_H
#include "closure.h"

/* What closures say of a step: keep it, take it again from the state before (they then act without what was not trusted), or
   the run has failed. */
typedef enum { EDDY_VERDICT_KEEP, EDDY_VERDICT_AGAIN, EDDY_VERDICT_FAILED } EddyVerdict;
/* An array that goes to checkpoints: `nchunk` pieces {offset, count} of doubles of this rank in a global array; data is read and written in place. */
typedef struct {
  char name[EDDY_MAX_NAME];
  PetscInt64 global;
  PetscInt nchunk;
  const PetscInt64 *offset, *count;
  double *data;
} EddySaved;

/* One closure of the run, or the fallback of one. Points: those of this rank. */
typedef struct {
  EddyClosure c;
  PetscInt
      fallback_of; /* index of the member whose distrust weighs this one; -1: a closure of the list */
  PetscInt fallback;            /* its own fallback, -1: none */
  PetscInt need[EDDY_MAX_LIST]; /* of the owner: where its fields are */
  PetscInt ncomp;               /* of all needs together, set by the owner */
  EddyBlock *in;                /* [(1 + nhistory) nneed], filled by the owner */
  double *
      past; /* [nhistory + 1][ncomp][points], newest first; the last one waits for the step to be accepted */
  PetscInt64 npast, waiting; /* past inputs that are there; step whose input waits, -1: none */
  EddyBlock out;             /* last output, without ghosts: held; data is made by MembersOutput */
  double *weight, *flag;     /* [points] of the fallback; of the map */
  PetscBool clean;           /* both are zero everywhere */
  double *was;     /* [points] flags at the end of the last step; NULL without hysteresis */
  double *given;   /* [(1 + nhistory) ncomp][points] for closure_in, made on demand */
  double *state;   /* [nstate][points] */
  double hold;     /* factor of the energy limiter */
  PetscReal worst; /* largest fraction of points not trusted in this step */
  PetscBool due, past_stale; /* evaluated now; ghosts of the past inputs are not those of `past` */
  PetscBool acts;            /* fallback: some weight is not zero */
  PetscInt64 last;           /* step of the last evaluation, -1: never */
} EddyClosureMember;

enum { EDDY_MEMBERS_EXTRA = 2 };
typedef struct {
  MPI_Comm comm;
  PetscMPIInt rank, size;
  PetscInt n;
  EddyClosureMember *member;
  EddyBlock shape; /* of a scalar: extents of this rank */
  PetscInt npoint;
  PetscBool suspended; /* this step is taken with the fallbacks alone */
  PetscBool
      retaken; /* checkpoint was read: what the owner made of the members is old; cleared by the owner */
  char why[256];                    /* first event under closure_strict */
  double extra[EDDY_MEMBERS_EXTRA]; /* of the owner, the same on all ranks, saved */
  double *meta;               /* what is saved and not a field, rank 0's part goes to checkpoints */
  PetscInt nmeta, npiece;     /* pieces of one component */
  PetscBool meta_dirty;       /* Saved was called: meta may have been read */
  PetscInt64 *offset, *count; /* pieces of saved fields */
  PetscInt64 meta_offset, meta_count;
} EddyClosureMembers;

/* Members for n closures, borrowed, on the points of `shape`, and for their fallbacks. Collective. */
PetscErrorCode EddyClosureMembersCreate(MPI_Comm comm, PetscInt n, EddyClosure c[],
                                        const EddyBlock *shape, EddyClosureMembers *set);
/* The classical closure that stands in for member `of`, when its case names one: the next member, owned; its options are closure_NAME_guard_fallback_*. key: of that option. Collective. */
PetscErrorCode EddyClosureMembersFallback(EddyClosureMembers *set, EddyOptions o, PetscInt of,
                                          char *key, size_t len, PetscBool *made);
/* Target coefficient: the next closure of the list that has a constant takes it. Collective. */
PetscErrorCode EddyClosureMembersCoefficients(EddyClosureMembers *set, EddyOptions o);
/* Arrays of a member whose ncomp and out (without data) are known. Collective. */
PetscErrorCode EddyClosureMembersOutput(EddyClosureMembers *set, EddyClosureMember *m);
/* After all members have their arrays. */
PetscErrorCode EddyClosureMembersReady(EddyClosureMembers *set);
PetscErrorCode EddyClosureMembersDestroy(EddyClosureMembers *set);

/* After Saved, whose arrays may have been read: all ranks get them. Collective. */
PetscErrorCode EddyClosureMembersTakeOver(EddyClosureMembers *set);
/* Before an evaluation at a stage: what a checkpoint brought is taken over; who is due; whether past inputs want the present ones. quiet: for an output, nothing moves on. Collective. */
PetscErrorCode EddyClosureMembersBegin(EddyClosureMembers *set, const EddyStage *st,
                                       PetscBool quiet, PetscBool *any, PetscBool *past);
/* Keeps the inputs comp[ncomp] of the first stage of a step until the step is accepted; does nothing in other stages. */
PetscErrorCode EddyClosureMembersRemember(EddyClosureMembers *set, EddyClosureMember *m,
                                          const EddyStage *st, PetscBool quiet,
                                          double *const comp[]);
/* Zeroes the output; acts: whether Apply is to be called. */
PetscErrorCode EddyClosureMembersClear(EddyClosureMembers *set, EddyClosureMember *m,
                                       PetscBool *acts);
/* Apply on the inputs, then the guards; scale: what guard_limit is a multiple of. Collective. */
PetscErrorCode EddyClosureMembersApply(EddyClosureMembers *set, EddyClosureMember *m,
                                       const EddyStage *st, PetscReal scale, PetscBool quiet);
/* A step that is taken again goes without the closures that were not trusted. */
static inline PetscBool EddyClosureMembersSuspended(const EddyClosureMembers *set,
                                                    const EddyClosureMember *m)
{
  return (PetscBool)(set->suspended && m->fallback_of < 0 && m->c->guard.reject < 1);
}

/* As the members of EddyDiscOps of these names. */
PetscErrorCode EddyClosureMembersVerdict(EddyClosureMembers *set, EddyVerdict *v, char why[],
                                         size_t len);
PetscErrorCode EddyClosureMembersCommit(EddyClosureMembers *set, const EddyStage *st);
PetscErrorCode EddyClosureMembersSaved(EddyClosureMembers *set, PetscInt k, EddySaved *a);

/* How output fields ask for values at a state. */
typedef struct {
  void *ctx;
  PetscErrorCode (*Evaluate)(void *ctx); /* outputs of all, quietly */
  PetscErrorCode (*Inputs)(void *ctx, const EddyClosureMember *m,
                           double *comp[]); /* present inputs of one, [ncomp] without ghosts */
} EddyClosureAsk;
/* closure_out[_NAME], closure_flag[_NAME], closure_in[_NAME]_K: component K of what the closure reads, then of its past inputs, newest first. ask NULL: the shape alone; set NULL: no closures.
   Errors: EDDY_ERR_INPUT on comm for a name of this kind that no closure has. Collective. */
PetscErrorCode EddyClosureMembersField(MPI_Comm comm, EddyClosureMembers *set, const char *name,
                                       const EddyClosureAsk *ask, EddyBlock *b, PetscBool *found);
#endif
