/* SPDX-License-Identifier: BSD-3-Clause */
/* The dynamic procedure [Germano1991, Lilly1992] for eddy viscosities nu_e = C Delta^p m:

     L_ij = T(u_i u_j) - T(u_i) T(u_j),  M_ij = 2 Delta^p (T(m S_ij) - 2^p m^ T(S_ij)),  C = <L_ij M_ij> / <M_ij M_ij>,

   m^ the magnitude of the test-filtered fields. T is a box of width 2 Delta by Simpson's rule, weights (1/6, 2/3, 1/6) per
   direction (second moment (2 Delta)^2 / 12, that of the box), so that one ghost cell is enough. < > is the box (global) or
   the point alone (local); with clip, C is cut to [0, largest]. Two dimensions. */
#ifndef EDDY_GERMANO_H
#define EDDY_GERMANO_H
#include "closure.h"

typedef struct {
  PetscReal width, largest;
  PetscInt local; /* 0 global, 1 local */
  PetscBool clip;
} EddyGermano;

/* m from the components of one field at n points: comp[q][n]. */
typedef void (*EddyGermanoMagnitude)(PetscInt n, const double *const comp[], double m[]);

/* Reads closure_NAME_width, average, clip, largest. */
PetscErrorCode EddyGermanoOptions(EddyGermano *g, EddyOptions o, const char *prefix,
                                  PetscReal largest);
/** nu_e added to out. in: velocity, strain, and the field of the magnitude (index `field`), each with at least one ghost. Collective. */
PetscErrorCode EddyGermanoApply(EddyClosure c, const EddyGermano *g, int power, PetscInt field,
                                EddyGermanoMagnitude magnitude, const EddyBlock in[],
                                EddyBlock *out);
#endif
