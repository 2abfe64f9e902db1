/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalisation of random starts on a fixed reference grid, which depends on the box and on the start but never on the grid
   of the run. Serial, direct sums (no FFT library: the same bits whatever plans the run uses). 1-D and 2-D. */
#ifndef EDDY_INITIAL_REFERENCE_H
#define EDDY_INITIAL_REFERENCE_H
#include "physics.h"

/* Coefficients of `nfield` real fields at a mode of the half plane that EddyInitialOps.Mode sees. */
typedef void (*EddyReferenceFn)(void *ctx, const EddyMode *k, EddyComplex out[]);

/* Largest sqrt(sum_f field_f^2) over the reference grid of n points along x (2-D: n L_y / L_x along y, 16 to 1024), from the modes
   |ik_d| < n_d / 2. nfield <= 3. Same on every rank. Not collective. */
PetscErrorCode EddyReferenceMax(const EddyBox *box, PetscInt n, PetscInt nfield, EddyReferenceFn fn,
                                void *ctx, PetscReal *max);

/* sqrt(k2) in units of 2 pi / L_x. */
static inline PetscReal EddyReferenceShell(const EddyBox *box, const EddyMode *k)
{
  return PetscSqrtReal(k->k2) * EddyBoxLength(box, 0) / (2 * PETSC_PI);
}
#endif
