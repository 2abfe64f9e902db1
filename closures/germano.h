/* SPDX-License-Identifier: BSD-3-Clause */
/* The dynamic procedure [Germano1991, Lilly1992] for eddy viscosities nu_e = C Delta^p m:

     L_ij = T(u_i u_j) - T(u_i) T(u_j),  M_ij = 2 Delta^p (T(m S_ij) - 2^p m^ T(S_ij)),  C = <L_ij M_ij> / <M_ij M_ij>,

   m^ the magnitude of the test-filtered fields. T is a box of width 2 Delta by Simpson's rule, weights (1/6, 2/3, 1/6) per
   direction (second moment (2 Delta)^2 / 12, that of the box), so that one ghost cell is enough. < > is the box (global) or
   the point alone (local); positive: C = <max(L_ij M_ij, 0)> / <M_ij M_ij> over the box, the points that ask for a negative
   viscosity left out of the sum as in py2d. With clip, C is cut to [0, largest]. Two dimensions.

   In two dimensions L_ij S_ij vanishes at the leading order of a compact filter: for a smooth flow L = Delta^2/3 A A^T, where
   A = S + W is the gradient of u, and A A^T : S = tr(S^3) - tr(S W S) + tr(W S S) - tr(W W S) = 0, since S^2 and W^2 are
   multiples of the unit matrix. What the global average sees is a small remainder of either sign. */
#ifndef EDDY_GERMANO_H
#define EDDY_GERMANO_H
#include "closure.h"

enum { EDDY_GERMANO_GLOBAL, EDDY_GERMANO_LOCAL, EDDY_GERMANO_POSITIVE };
typedef struct {
  PetscReal width, largest;
  PetscInt average; /* EDDY_GERMANO_GLOBAL, .. */
  PetscBool clip;
} EddyGermano;

/* m from the components of one field at n points: comp[q][n]. */
typedef void (*EddyGermanoMagnitude)(PetscInt n, const double *const comp[], double m[]);

/* Reads closure_NAME_width, average, clip, largest. */
PetscErrorCode EddyGermanoOptions(EddyGermano *g, EddyOptions o, const char *prefix,
                                  PetscReal largest);
/* Refuses what the procedure does not have. */
PetscErrorCode EddyGermanoSetUp(EddyClosure c);
/** nu_e added to out. in: velocity, strain, and the field of the magnitude (index `field`), each with at least one ghost. Collective. */
PetscErrorCode EddyGermanoApply(EddyClosure c, const EddyGermano *g, int power, PetscInt field,
                                EddyGermanoMagnitude magnitude, const EddyBlock in[],
                                EddyBlock *out);
#endif
