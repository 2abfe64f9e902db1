/* SPDX-License-Identifier: BSD-3-Clause */
/* The bed of shallow water: a formula or a file, as a function of the place. */
#ifndef EDDY_WATER_BED_H
#define EDDY_WATER_BED_H
#include "gridded.h"

typedef enum {
  EDDY_BED_FLAT,
  EDDY_BED_GAUSSIAN,
  EDDY_BED_BOWL,
  EDDY_BED_SLOPE,
  EDDY_BED_BEACH,
  EDDY_BED_CONE,
  EDDY_BED_FILE,
  EDDY_BED_COUNT
} EddyBedType;

typedef struct {
  PetscInt dim, type;
  PetscReal height, width, crest, centre[3], gradient[3], scale, offset;
  PetscReal cell[3];  /* size of a cell of the mesh [L]: values of a file are averaged over it */
  EddyGridded values; /* of EDDY_BED_FILE, owned */
} EddyBed;

/* Reads physics_bathymetry_*:
     flat      0
     gaussian  height exp(-r^2/(2 width^2))
     bowl      height (r^2/width^2 - 1)
     slope     gradient . (x - centre)
     beach     max(0, gradient . (x - centre))
     cone      an island cut off at the top: height within the radius crest, falling straight to 0 at the radius width
     file      offset + scale z, z between the points of a grid in a file (gridded.h), averaged over a cell (on mapped meshes over one spacing of the file)
   r: distance from the centre. Errors: EDDY_ERR_INPUT. Collective over ranks that pass the same options. */
PetscErrorCode EddyBedCreate(EddyOptions o, const EddyBox *box, EddyBed *bed);
PetscReal EddyBedAt(const EddyBed *bed, const PetscReal x[3]);
PetscErrorCode EddyBedDestroy(EddyBed *bed);
#endif
