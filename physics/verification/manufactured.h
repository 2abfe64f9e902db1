/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of a manufactured solution, one for the start and the forcing of that name: for the component q of the primitive state,

     w_q(x, t) = mean_q + amplitude prod_d sin(2 pi waves_d (x_d - lower_d)/L_d + phase_qd - (d == 0) (omega t + phase))

   smooth, periodic in the box, without symmetry. Positive components have the mean 1, the others 1/2. */
#ifndef EDDY_VERIFICATION_MANUFACTURED_H
#define EDDY_VERIFICATION_MANUFACTURED_H
#include "physics.h"

typedef struct {
  EddyPhysics physics; /* borrowed */
  PetscReal amplitude, omega, phase, k[3], lower[3];
  PetscReal mean[EDDY_MAX_COMP], shift[EDDY_MAX_COMP][3];
} EddyManufactured;

/* Reads physics_manufactured_*. */
PetscErrorCode EddyManufacturedCreate(EddyOptions o, EddyPhysics p, EddyManufactured *m);
/* State (as the equation conserves it) at a point. */
void EddyManufacturedState(const EddyManufactured *m, const PetscReal x[3], PetscReal t,
                           PetscReal u[]);
#endif
