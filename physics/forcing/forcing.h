/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a forcing. Several are summed: physics: {forcing: {list: [a, b], a: {type: kolmogorov, k: 4}}} gives
   keys physics_forcing_list, physics_forcing_a_type, physics_forcing_a_k.

   Steady: Amplitude gives the Fourier coefficient added to the right-hand side of the state (2-D Navier-Stokes: of the
   vorticity equation); the engine tabulates non-zero modes once. White in time (kick): Kick gives the increment added
   after a step of size dt, drawn from the key with the step as part of the stream.

   Forcings act on component 0 of the state. Wavenumbers in options are counts of waves per box, as for the starts
   (initial.h); formulas in x use the coordinates of the box. Linear drag and viscosities belong to the physics. */
#ifndef EDDY_FORCING_H
#define EDDY_FORCING_H
#include "physics.h"
#include "random.h"

typedef struct _p_EddyForcing *EddyForcing;

typedef struct {
  const char *name, *summary, *reference;
  size_t ctx_size;
  /* prefix is "physics_forcing_a_". Reads options into f->ctx. */
  PetscErrorCode (*Create)(EddyForcing f, EddyOptions o, const char *prefix);
  /* Called for the same half of the modes as EddyInitialOps.Mode; out[ncomp], zero on entry. */
  void (*Amplitude)(EddyForcing f, const EddyMode *k, EddyComplex out[]);
  void (*Kick)(EddyForcing f, const EddyMode *k, const EddyStage *s, EddyComplex out[]);
  /* Instead of these, for finite volumes: the state (as conserved) that the forced equation has as its solution; set f->steady and f->tiny in Create. */
  void (*State)(EddyForcing f, const PetscReal x[3], PetscReal t, PetscReal u[]);
} EddyForcingOps;

struct _p_EddyForcing {
  const EddyForcingOps *ops;
  EddyPhysics physics; /* borrowed */
  char name[EDDY_MAX_NAME];
  PetscInt index; /* position in the list: part of the random stream */
  PetscBool flow; /* component 0 is the vorticity of a 2-D flow */
  PetscInt reach
      [2]; /* largest |integer wavenumber| it acts on, known once Amplitude was called (Kick: from Create) */
  PetscBool steady; /* State does not depend on time; else */
  PetscReal tiny;   /* a time [T] over which it hardly changes */
  void *ctx;        /* owned, ops->ctx_size bytes */
};

/* All forcings of physics_forcing_list; *f is an array of *n objects. Collective. Against a catalogue it declares the options of
   every kind. */
PetscErrorCode EddyForcingCreateList(MPI_Comm comm, EddyOptions o, EddyPhysics p, PetscInt *n,
                                     EddyForcing **f);
PetscErrorCode EddyForcingDestroyList(PetscInt n, EddyForcing **f);
const EddyForcingOps *EddyForcingGetOps(PetscInt k);
/* A given registered table (catalogue, tests). */
PetscErrorCode EddyForcingCreateFromOps(const EddyForcingOps *ops, EddyOptions o, EddyPhysics p,
                                        const char *name, PetscInt index, EddyForcing *f);
PetscErrorCode EddyForcingDestroy(EddyForcing *f);

/* For the files of this room: the option key of a word, in a buffer of the caller. */
typedef struct {
  char text[3 * EDDY_MAX_NAME];
} EddyForcingKey;
static inline const char *EddyForcingOption(const char *prefix, const char *word,
                                            EddyForcingKey *key)
{
  snprintf(key->text, sizeof key->text, "%s%s", prefix, word);
  return key->text;
}
/* Coefficient at k of  a cos(K.x) + b sin(K.x)  for the integer wavenumber K: 0 unless k = K or k = -K. */
EddyComplex EddyForcingWave(EddyForcing f, const EddyMode *k, const PetscInt K[2], PetscReal a,
                            PetscReal b);
/* Forcings of a flow only: raises an error that names prefix + "type". */
PetscErrorCode EddyForcingNeedsFlow(EddyForcing f, EddyOptions o, const char *prefix);
#endif
