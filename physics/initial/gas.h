/* SPDX-License-Identifier: BSD-3-Clause */
/* For starts of gas dynamics: places of density, velocity and pressure in the primitive state of the physics, and its ratio of
   specific heats. */
#ifndef EDDY_INITIAL_GAS_H
#define EDDY_INITIAL_GAS_H
#include "initial.h"

typedef struct {
  PetscInt density, velocity, pressure;
  PetscReal gamma;
} EddyGas;

/* Errors: the physics has no such state, or the box has fewer than dim_min or more than dim_max directions; none against a catalogue. */
PetscErrorCode EddyGasCreate(EddyInitial ic, EddyOptions o, PetscInt dim_min, PetscInt dim_max,
                             EddyGas *g);
/* Conserved state u from density, velocity [3] and pressure. */
void EddyGasState(EddyInitial ic, const EddyGas *g, PetscReal density, const PetscReal velocity[3],
                  PetscReal pressure, PetscReal u[]);
#endif
