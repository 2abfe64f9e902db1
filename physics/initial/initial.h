/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of an initial condition (`initial_type`): values at points, or Fourier coefficients keyed by wavenumber.

   A type sets Point or Mode, not both. Random ones draw from EddyRandom with the key given at Create and a
   counter made of the integer wavenumber, so that one seed is one flow at every resolution; normalisation (energy,
   max_speed, ...) is therefore computed at Create on a fixed reference grid (serial, the same on every rank),
   never on the grid of the run (reference.h).

   Wavenumbers in options are counts of waves: k means 2 pi k / L in a direction, and |k| is in units of 2 pi / L_x, so that on a
   box of 2 pi they are the wavenumbers of the literature. Formulas in x use the coordinates of the box.

   Flow physics (2-D, state vorticity) get the vorticity of the start; every other physics gets its first component.
   Further components (tracers, scalars of a gas) are zero unless the case says e.g. initial: {dye: {type: disc}} for a tracer called dye: such a start
   is a further object in the chain `next`, with its own type, that fills only the component `comp`. */
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
  /* State components at a point x of the box: sets u[ic->comp], the others are left as they are. */
  void (*Point)(EddyInitial ic, const PetscReal x[3], PetscReal u[]);
  /* State coefficients at a mode: sets u[ic->comp]. Called only for the half with kx > 0, or kx = 0 and ky > 0, or k = 0 (then im is ignored); the engine fills the conjugates. */
  void (*Mode)(EddyInitial ic, const EddyMode *k, EddyComplex u[]);
  PetscBool whole;     /* Point sets every component: a start of a system of equations */
  PetscBool centre;    /* start value of that of the object */
  PetscBool primitive; /* Mode sets the primitive state of every component (finite volumes only) */
  /* From a file: the engine loads the named snapshot by modes (any resolution). */
  PetscErrorCode (*File)(EddyInitial ic, const char **path, PetscInt *row, PetscInt *frame);
} EddyInitialOps;

struct _p_EddyInitial {
  const EddyInitialOps *ops;
  EddyPhysics physics; /* borrowed */
  EddyRandomKey key;
  void *ctx;     /* owned */
  PetscInt comp; /* the component it fills, 0 but in the chain */
  PetscBool
      centre; /* Point has jumps: cells get the value at their centre, not an average by quadrature */
  PetscBool flow;                 /* component `comp` is the vorticity of a 2-D flow */
  char prefix[2 * EDDY_MAX_NAME]; /* of its options: "initial_", "initial_dye_" */
  EddyInitial next;               /* start of a further component, owned; NULL after the last */
};

/* Reads initial_type (required). key: seed of the run, row, attempt; the stream is chosen here. The start is the sum over the
   chain it -> it->next -> ..., each called with zeros in u. Collective.
   Errors: no type given, unknown type, a type that this physics or dimension has no use for. Against a catalogue it declares the
   options of every type. */
PetscErrorCode EddyInitialCreate(MPI_Comm comm, EddyOptions o, EddyPhysics p,
                                 const EddyRandomKey *key, EddyInitial *ic);
PetscErrorCode EddyInitialDestroy(EddyInitial *ic);
const EddyInitialOps *EddyInitialGetOps(PetscInt k);
/* A given registered table for one component (catalogue, tests). */
PetscErrorCode EddyInitialCreateFromOps(const EddyInitialOps *ops, EddyOptions o, EddyPhysics p,
                                        const EddyRandomKey *key, const char *prefix, PetscInt comp,
                                        EddyInitial *ic);

/* For the files of this room: the option key of a word ("peak" -> "initial_peak"), in a buffer of the caller. */
typedef struct {
  char text[3 * EDDY_MAX_NAME];
} EddyInitialKey;
const char *EddyInitialOption(EddyInitial ic, const char *word, EddyInitialKey *key);
/* Option `centre`, a point, [dim of the box], the middle of the box by default. help: what it is the centre of. */
PetscErrorCode EddyInitialCentre(EddyInitial ic, EddyOptions o, const char *help,
                                 PetscReal centre[]);
/* Turns the coefficient of exp(i k.x) into that of exp(i k.(x - lower)). */
EddyComplex EddyInitialShift(const EddyBox *box, const EddyMode *k, EddyComplex z);
/* Two independent standard normals, or two uniforms in [0,1), of a mode; `draw` tells several draws of one mode apart. */
EddyComplex EddyInitialNormal(EddyInitial ic, const EddyMode *k, int draw);
EddyComplex EddyInitialUniform(EddyInitial ic, const EddyMode *k, int draw);
/* Two uniforms in [0,1) of the n-th item of a list (a sine, a Gaussian). */
EddyComplex EddyInitialUniformOf(EddyInitial ic, PetscInt n, int draw);
#endif
