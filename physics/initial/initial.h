/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of an initial condition (`initial_type`): values at points, or Fourier coefficients keyed by wavenumber.

   A type sets Point or Mode, not both. Random ones draw from EddyRandom with the key given at Create and a
   counter made of the integer wavenumber, so that one seed is one flow at every resolution; normalisation (energy,
   max_speed, ...) is therefore computed at Create on a fixed reference grid (serial, the same on every rank),
   never on the grid of the run. */
#ifndef EDDY_INITIAL_H
#define EDDY_INITIAL_H
#include "physics.h"
#include "random.h"

typedef struct _p_EddyInitial *EddyInitial;

typedef struct {
  const char *name, *summary, *reference;
  size_t ctx_size;
  /* Reads initial_* options into ic->ctx. */
  PetscErrorCode (*Create)(EddyInitial ic, EddyOptions o);
  PetscErrorCode (*Destroy)(EddyInitial ic); /* optional, frees what ctx owns */
  /* State components at a point x of the box. */
  void (*Point)(EddyInitial ic, const PetscReal x[3], PetscReal u[]);
  /* State coefficients at a mode. Called only for the half with kx > 0, or kx = 0 and ky > 0, or k = 0 (then im is ignored); the engine fills the conjugates. */
  void (*Mode)(EddyInitial ic, const EddyMode *k, EddyComplex u[]);
  /* From a file: the engine loads the named snapshot by modes (any resolution). */
  PetscErrorCode (*File)(EddyInitial ic, const char **path, PetscInt *row, PetscInt *frame);
} EddyInitialOps;

struct _p_EddyInitial {
  const EddyInitialOps *ops;
  EddyPhysics physics; /* borrowed */
  EddyRandomKey key;
  void *ctx;           /* owned */
};

/* Reads initial_type. key: seed of the run, row, attempt; the stream is chosen here. Collective. */
PetscErrorCode EddyInitialCreate(MPI_Comm comm, EddyOptions o, EddyPhysics p, const EddyRandomKey *key, EddyInitial *ic);
PetscErrorCode EddyInitialDestroy(EddyInitial *ic);
const EddyInitialOps *EddyInitialGetOps(PetscInt k);
#endif
