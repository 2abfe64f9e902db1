/* SPDX-License-Identifier: BSD-3-Clause */
/* A medium at rest that waves travel through: density and sound speed as functions of the place, given or random. */
#ifndef EDDY_MEDIA_MEDIUM_H
#define EDDY_MEDIA_MEDIUM_H
#include "options.h"

typedef enum {
  EDDY_MEDIUM_CONSTANT,
  EDDY_MEDIUM_LAYERS,
  EDDY_MEDIUM_GAUSSIANS,
  EDDY_MEDIUM_INCLUSIONS,
  EDDY_MEDIUM_MAZE,
  EDDY_MEDIUM_COUNT
} EddyMediumType;

enum { EDDY_MEDIUM_MAX = 64 };

/* A Gaussian: value times exp(-r^2/(2 axis[0]^2)). An ellipsoid: value inside the half axes, turned by (co, si) in the plane of x and y. */
typedef struct {
  PetscReal centre[3], axis[3], co, si, value;
} EddyMediumBlob;

/* A part of the background between lower and upper: a constant, a bump base + rise exp(-r^2/spread), bilinear in x and y between corners, or a constant with smooth
   noise, a sum of waves. */
typedef enum { EDDY_PART_CONSTANT, EDDY_PART_BUMP, EDDY_PART_CORNERS, EDDY_PART_NOISE } EddyPart;
enum { EDDY_PART_WAVES = 64 };
typedef struct {
  EddyPart kind;
  PetscReal lower[3], upper[3], base, rise, spread, centre[3], corner[4], size,
      wave[EDDY_PART_WAVES][3], phase[EDDY_PART_WAVES];
} EddyMediumPart;

typedef struct {
  PetscInt dim, type, direction;
  PetscReal lower[3], upper[3];
  PetscReal density, speed,
      bulk;   /* bulk > 0: the medium is a density, and c = sqrt(bulk/density) */
  PetscInt n; /* interfaces, blobs or rooms per direction of the maze */
  PetscReal place[EDDY_MEDIUM_MAX];             /* interfaces, rising */
  PetscReal value[EDDY_MEDIUM_MAX + 1];         /* of the layers; paths and walls of a maze */
  PetscReal layer_density[EDDY_MEDIUM_MAX + 1]; /* of given layers */
  PetscBool own_density;                        /* layers have one */
  EddyMediumPart part[2]; /* background left and right of split along direction */
  PetscReal split;
  EddyMediumBlob blob[EDDY_MEDIUM_MAX];
  unsigned char open[2 * EDDY_MEDIUM_MAX + 1][2 * EDDY_MEDIUM_MAX + 1]; /* of the maze, [y][x] */
} EddyMedium;

/* Reads physics_density, physics_sound_speed, physics_bulk_modulus and physics_medium_*. What varies is the sound speed, or, when a bulk modulus is given, the
   density. Random media draw from physics_medium_seed and the number of the item only: one seed is one medium at every resolution.

     constant    one value
     layers      across medium_direction; medium_interfaces and medium_values (sound speeds; with medium_densities both), or medium_number of them at random places, values ~ U[medium_range]
     gaussians   background ~ U[medium_background] plus medium_number Gaussians, heights ~ U[medium_range], standard deviation ~ U[medium_size] of the box
     inclusions  background of medium_domains parts, each ~ U[medium_background], or bilinear between four such corners with medium_corners; medium_number
                 ellipses (ellipsoids) in it, axes ~ U[medium_size] [L], turned by up to 45 degrees, log of the value ~ U[log medium_range].
                 medium_mixed, after the program of [Ohana2024]: the parts meet across x or y, at 0.1 to 0.9 of the box; each is, with equal chance, a constant, bilinear
                 between its corners, a bump with base and peak ~ U[medium_background], spread ~ U[0.1, 5] (L^2, L half of the box) and centre in the part, or a
                 constant with noise of standard deviation 1/(2 sqrt(pi) s) and correlation exp(-r^2/(4 s^2)), s ~ U[5, 10] cells of 256 in the box
     maze        medium_number rooms per direction, medium_values: of paths and walls (2-D), open at the low end of the lower and the high end of the upper side

   Errors: a value that is not positive, lists that do not fit, a maze that is not 2-D. Collective. */
PetscErrorCode EddyMediumCreate(EddyOptions o, const EddyBox *box, EddyMedium *m);
void EddyMediumAt(const EddyMedium *m, const PetscReal x[3], PetscReal *density, PetscReal *speed);
/* Whether an inclusion covers x. */
PetscBool EddyMediumInside(const EddyMedium *m, const PetscReal x[3]);
#endif
