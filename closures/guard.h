/* SPDX-License-Identifier: BSD-3-Clause */
/* Guards: what stands between the output of a closure and the solver. Applied by the owner of the target to any closure.

     finite   a value that is not finite, or larger than guard_limit times the scale of the flow, is bad: replaced
     range    a point whose inputs leave the ranges the closure was made for (box, Mahalanobis distance) is flagged:
              counted, and with `blend` mixed with the fallback, out = (1 - a) out + a fallback; with `hysteresis` a point that
              was flagged at the end of the last step stays so until it is back by that much of the width
     clip     values cut at +-guard_clip
     project  mean_zero, symmetric, trace_free, realisable
     energy   the term is scaled down when it feeds more energy than guard_energy times the resolved dissipation
     reject   a step with more than this fraction of bad or flagged points is taken again with the fallback alone

   Each event is counted in EddyGuard.count. The scale of the flow for a forcing of
   the vorticity is the mean square of the velocity gradient, for a stress that of the velocity, for a viscosity Delta^2 times
   the rms gradient, for a coefficient 1. */
#ifndef EDDY_GUARD_H
#define EDDY_GUARD_H
#include "options.h"

typedef enum { EDDY_RANGE_OFF, EDDY_RANGE_COUNT, EDDY_RANGE_BLEND } EddyRangeMode;
typedef enum {
  EDDY_COUNT_POINTS,    /* points evaluated */
  EDDY_COUNT_BAD,       /* not finite or beyond the limit */
  EDDY_COUNT_FLAGGED,   /* inputs out of range */
  EDDY_COUNT_CLIPPED,   /* values cut */
  EDDY_COUNT_PROJECTED, /* points made realisable */
  EDDY_COUNT_LIMITED,   /* evaluations scaled by the energy limiter */
  EDDY_COUNT_REJECTED,  /* steps taken again */
  EDDY_COUNT_CALLS,     /* evaluations */
  EDDY_NCOUNT
} EddyGuardCount;
extern const char *const EddyGuardCountNames[];

typedef struct {
  PetscBool on, strict;
  PetscReal limit;  /* 0: only the finite check */
  PetscReal clip;   /* [unit of the target], 0: off */
  PetscReal energy; /* times the resolved dissipation; < 0: off */
  PetscReal reject; /* fraction of points; >= 1: never */
  EddyRangeMode range;
  PetscReal margin;     /* of the width of a range, before a point is flagged */
  PetscReal soft;       /* of the width of a range, over which blending goes from 0 to 1 */
  PetscReal hysteresis; /* of the width of a range: margin of a flagged point less that of others */
  PetscBool mean_zero, symmetric, trace_free, realisable;
  char fallback[EDDY_MAX_NAME]; /* type of a classical closure, "" for none */
  /* ranges of the inputs, one per component of the needs in order; NULL when not known; owned */
  PetscInt nrange;
  double *lower, *upper;
  double *mean,
      *whiten; /* [nrange], [nrange][nrange] lower triangle; |whiten (x - mean)| <= radius */
  PetscReal radius;
  EddySimdLevel level;        /* of the kernels */
  int64_t count[EDDY_NCOUNT]; /* of all ranks */
} EddyGuard;

/* Reads closure_NAME_guard_* with the defaults g holds (see EddyGuardDefaults). Collective. */
PetscErrorCode EddyGuardFromOptions(EddyGuard *g, EddyOptions o, const char *prefix);
void EddyGuardDefaults(EddyGuard *g, PetscBool learned);
/* Ranges a model brings along; copied. mean, whiten may be NULL. A range given in the case wins. */
PetscErrorCode EddyGuardSetRanges(EddyGuard *g, PetscInt n, const double lower[],
                                  const double upper[], const double mean[], const double whiten[],
                                  PetscReal radius);
PetscErrorCode EddyGuardDestroy(EddyGuard *g);

/** Weight of the fallback at each point from the inputs: 0 inside the ranges, 1 well outside. Not collective.
    in      one block per need, ghosts are not looked at
    weight  [points of this rank]; returns the number of flagged points */
PetscInt EddyGuardRange(const EddyGuard *g, PetscInt nin, const EddyBlock in[], double weight[]);
/** The same with a memory: was[points of this rank] > 0 where the point was flagged at the end of the last step, NULL: nowhere. */
PetscInt EddyGuardRangeAfter(const EddyGuard *g, PetscInt nin, const EddyBlock in[],
                             const double was[], double weight[]);
/** Replaces bad values by 0 and sets weight 1 there; cuts at clip. Not collective.
    limit  largest value believed, 0: any finite one */
void EddyGuardValues(const EddyGuard *g, PetscReal limit, EddyBlock *out, double weight[],
                     int64_t count[EDDY_NCOUNT]);
/* One output for EddyGuardApply; all borrowed. */
typedef struct {
  PetscReal limit;   /* as for EddyGuardValues */
  PetscBool forcing; /* mean_zero applies */
  PetscInt nin;
  const EddyBlock *in;
  EddyBlock *out;
  PetscBool
      vetted; /* no input leaves its range and no value is larger than `largest`: not looked at again */
  double largest;
  const double *was;     /* [points] as for EddyGuardRangeAfter, or NULL */
  double *weight, *flag; /* [points] of the fallback; of the map: both set */
} EddyGuardCall;
/** All of the above on one output, in this order: range, values, blending away from points that are not trusted, projection. Collective.
    clean    in: weight and flag are zero everywhere; out: they still are
    count    events of this rank */
PetscErrorCode EddyGuardApply(const EddyGuard *g, MPI_Comm comm, const EddyGuardCall *call,
                              PetscBool *clean, int64_t count[EDDY_NCOUNT]);
/* n points of all input components, from in[c] + in_at on, certainly lie within the widened ranges (or ranges are not looked at), and *largest becomes the largest magnitude met so
   far among those of out, infinity for NaN. For closures that look while rows are in cache. */
PetscBool EddyGuardVet(const EddyGuard *g, PetscInt n, PetscInt nin, const double *const in[],
                       ptrdiff_t in_at, PetscInt nout, const double *const out[], ptrdiff_t out_at,
                       double *largest);
/** Symmetric, trace-free, realisable for a stress, mean-zero for a forcing, as asked. Collective. */
PetscErrorCode EddyGuardProject(const EddyGuard *g, MPI_Comm comm, PetscBool forcing,
                                EddyBlock *out, int64_t count[EDDY_NCOUNT]);
#endif
