/* SPDX-License-Identifier: BSD-3-Clause */
/* Derived fields: one table used by writers, closure inputs, monitors, plot and compare. A field is either linear in
   the state (Hat, at a wavenumber) or a function at a point of other fields of this table (Point, `from`).
   The state components of the physics are fields too, by their own names (EddyFieldFind looks there first). */
#ifndef EDDY_FIELDS_H
#define EDDY_FIELDS_H
#include "physics.h"

typedef struct {
  const char *name, *formula, *unit;
  PetscInt rank; /* tensor rank: ncomp = dim^rank */
  EddySymmetry symmetry;
  PetscInt dim_min, dim_max;
  PetscBool needs_velocity; /* offered only when the physics has Velocity */
  /* Linear: out[dim^rank] from the state; vel is the velocity at this mode (NULL if the physics has none). */
  void (*Hat)(EddyPhysics p, const EddyMode *k, const EddyComplex u[], const EddyComplex vel[],
              EddyComplex out[]);
  /* Point function of `from` (NULL-terminated names of linear fields), their components concatenated. */
  const char *from[4];
  void (*Point)(PetscInt dim, const double in[], double out[]);
} EddyFieldOps;

/* What a field name means for a physics: a state component (comp >= 0, ops NULL), a field of the primitive state that the physics
   names itself (derived >= 0, ops NULL; `first` is its place in what Derive returns), or a row of the table. */
typedef struct {
  const EddyFieldOps *ops;
  PetscInt comp, derived, first, ncomp, rank;
  EddySymmetry symmetry;
  char name[EDDY_MAX_NAME], unit[EDDY_MAX_NAME];
} EddyField;

/* Errors: unknown or not offered by this physics, naming option key, nearest name and what is allowed
   (o may be NULL when the name does not come from a case: a plain error then). */
PetscErrorCode EddyFieldFind(EddyPhysics p, EddyOptions o, const char *key, const char *name,
                             EddyField *f);
const EddyFieldOps *EddyFieldGetOps(PetscInt k);

/* Part of the velocity gradient at a point that a field is, or is a function of (Point); PETSC_FALSE: it is none. part may be NULL. */
typedef enum {
  EDDY_GRADIENT_WHOLE,
  EDDY_GRADIENT_STRAIN,
  EDDY_GRADIENT_ROTATION,
  EDDY_GRADIENT_VORTICITY
} EddyGradientPart;
PetscBool EddyFieldGradientPart(const EddyFieldOps *f, EddyGradientPart *part);
#endif
