/* SPDX-License-Identifier: BSD-3-Clause */
/* Boundary conditions of the finite-volume engine: what lies in the ghost cells beyond a face of the box.

   A face has one type everywhere, and named patches with types of their own (a later one lies over an earlier one):

     boundary: {ymin: {type: reflecting, list: [inlet], inlet: {type: inflow, to: 0.2, density: 1, velocity: [3, 0], pressure: 1}}}

   Options, FACE being e.g. ymin or ymin_inlet:
     boundary_FACE_type              EddyBoundary (mesh.h)
     boundary_FACE_list              patches; of a patch: _from, _to [L] (dim - 1 coordinates along the face, in the order of the axes; the whole face when left
                                     out), _speed [L/T] at which both ends move
     boundary_FACE_FIELD             value beyond the face; FIELD: a primitive field, or one of the physics' face_fields
     boundary_FACE_FIELD_dirichlet   value at the face
     boundary_FACE_FIELD_neumann     outward derivative at the face
     boundary_FACE_FIELD_robin       [a, b, c]: a u + b du/dn = c at the face, a b >= 0
     boundary_FACE_velocity          [dim] velocity of a wall, or of what lies beyond
     boundary_FACE_spin              angular velocity [rad/T] of a wall about the line along z through boundary_FACE_spin_centre [2], added to its velocity
     boundary_FACE_table_path        CSV t, v1, v2, ...: values beyond the face in time, linear in between; _fields: names of the columns after the first (default: its
                                     header), _hold: constant outside its times (refused otherwise)
     boundary_FACE_library           shared object (face_plugin.h) of a plugin face, boundary_FACE_arguments: text for it

   Each field has an affine rule: ghost = a w + b, w being the value of the cell at the face, or of the cell as far inside as the ghost is outside. */
#ifndef EDDY_FV_FACES_H
#define EDDY_FV_FACES_H
#include "mesh.h"

typedef enum {
  EDDY_FACE_INSIDE,    /* as the cell inside */
  EDDY_FACE_BEYOND,    /* value[0] in every ghost cell */
  EDDY_FACE_DIRICHLET, /* value[0] at the face */
  EDDY_FACE_NEUMANN,   /* outward derivative value[0] */
  EDDY_FACE_ROBIN      /* value[0] u + value[1] du/dn = value[2] */
} EddyFaceKind;
typedef struct {
  EddyFaceKind kind;
  double value[3];
  PetscInt column; /* of the table that gives value[0]; -1: none */
} EddyFaceRule;

/* Values in time: t[n] rising, v[n][columns]. */
typedef struct {
  PetscInt n, columns;
  double *t, *v;
} EddyFaceTable;

typedef struct _p_EddyFacePlug *EddyFacePlug;

typedef struct {
  EddyBoundary type;
  char name[3 * EDDY_MAX_NAME];      /* "boundary_ymin_inlet" */
  double from[2], to[2], speed[2];   /* along the face; infinite: the whole */
  double wall[3];                    /* velocity of a wall */
  PetscInt wall_column[3];           /* of the table, -1: none */
  double spin, spin_centre[2];       /* angular velocity of a wall [1/T] about a line along z [L] */
  EddyFaceRule field[EDDY_MAX_COMP]; /* of primitive fields */
  EddyFaceRule extra[EDDY_MAX_COMP]; /* of the physics' face_fields */
  PetscBool given[EDDY_MAX_COMP];    /* fields that do not come from inside */
  PetscBool fixed, pointwise;        /* any field is given; cells need a look one by one */
  EddyFaceTable table;
  EddyFacePlug plug;
} EddyFvPatch;

typedef struct {
  PetscInt n;
  EddyFvPatch *patch; /* [n], the whole face first */
} EddyFvFace;
typedef struct {
  EddyFvFace face[3][2];
} EddyFvFaces;

static inline PetscBool EddyFaceIsWall(EddyBoundary type)
{
  return (PetscBool)(type == EDDY_BOUNDARY_REFLECTING || type == EDDY_BOUNDARY_SLIP ||
                     type == EDDY_BOUNDARY_NO_SLIP);
}
/* Velocity of a wall at a point x of it (NULL: without its spin); column: of its table, now. */
static inline void EddyFaceWall(const EddyFvPatch *p, const double column[], const double x[3],
                                double v[3])
{
  for (int e = 0; e < 3; ++e)
    v[e] = p->wall_column[e] >= 0 ? column[p->wall_column[e]] : p->wall[e];
  if (x) {
    v[0] -= p->spin * (x[1] - p->spin_centre[1]);
    v[1] += p->spin * (x[0] - p->spin_centre[0]);
  }
}
/* Velocity in the mirror of a wall that moves with `wall`: the part along the unit normal n turns round, with no_slip all of it does. */
static inline void EddyFaceMirror(int dim, PetscBool no_slip, const double n[3],
                                  const double wall[3], const double in[], double out[])
{
  double along = 0;
  for (int e = 0; e < dim; ++e)
    along += (in[e] - wall[e]) * n[e];
  for (int e = 0; e < dim; ++e)
    out[e] = no_slip ? 2 * wall[e] - in[e] : in[e] - 2 * along * n[e];
}

/* Reads a table on rank 0 for all. columns: names of what follows the time, ncolumn of them, from the header when *ncolumn = 0 on entry. Errors: EDDY_ERR_INPUT
   naming `key`. Collective. */
PetscErrorCode EddyFaceTableRead(MPI_Comm comm, EddyOptions o, const char *key, const char *path,
                                 char columns[][EDDY_MAX_NAME], PetscInt *ncolumn,
                                 EddyFaceTable *table);
PetscErrorCode EddyFaceTableDestroy(EddyFaceTable *table);
/* Linear between the lines, constant outside them. */
void EddyFaceTableAt(const EddyFaceTable *table, double t, double v[]);

/* Opens the library of a plugin face. nprim fields of names prim[]. Collective. */
PetscErrorCode EddyFacePlugCreate(EddyOptions o, const char *face, const EddyBox *box, int e,
                                  int side, PetscInt nprim, char prim[][EDDY_MAX_NAME],
                                  EddyFacePlug *plug);
PetscErrorCode EddyFacePlugDestroy(EddyFacePlug *plug);
/* State of one ghost cell; a plug-in that fails leaves NaN, which ends the run. */
void EddyFacePlugState(EddyFacePlug plug, double t, const double x[3], const double normal[3],
                       double distance, const double *inside, const double *mirror, double *ghost);
#endif
