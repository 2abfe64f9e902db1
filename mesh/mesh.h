/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a mesh: a kind from mesh/list.def (`mesh_type`), its options, and the box it fills. */
#ifndef EDDY_MESH_H
#define EDDY_MESH_H
#include "options.h"

typedef struct {
  const char *name, *summary;
  /* Reads options and fills the box; box->dim follows from the length of mesh_n. */
  PetscErrorCode (*Options)(EddyOptions o, EddyBox *box);
} EddyMeshOps;

/* What lies beyond a face of the box: boundary_FACE_type, FACE one of xmin xmax ymin ymax zmin zmax. The fields of a face and its patches are read by the
   discretisation (src/fv/faces_options.c); docs/cases.md has the table. */
typedef enum {
  EDDY_BOUNDARY_PERIODIC,
  EDDY_BOUNDARY_OUTFLOW,
  EDDY_BOUNDARY_REFLECTING,
  EDDY_BOUNDARY_DIRICHLET,
  EDDY_BOUNDARY_SLIP, /* another word for reflecting */
  EDDY_BOUNDARY_NO_SLIP,
  EDDY_BOUNDARY_INFLOW,
  EDDY_BOUNDARY_CHARACTERISTIC,
  EDDY_BOUNDARY_MIXED,
  EDDY_BOUNDARY_PLUGIN,
  EDDY_BOUNDARY_COUNT
} EddyBoundary;
extern const char *const EddyBoundaryNames[]; /* [EDDY_BOUNDARY_COUNT] */
PetscErrorCode EddyBoundaryFromOptions(EddyOptions o, int dir, int side, EddyBoundary *type);

typedef struct _p_EddyMesh {
  MPI_Comm comm;
  const EddyMeshOps *ops;
  EddyBox box;
} * EddyMesh;

/* Options: mesh_type, mesh_n (points or cells per direction), mesh_lower, mesh_upper [L]. Collective. */
PetscErrorCode EddyMeshCreate(MPI_Comm comm, EddyOptions o, EddyMesh *m);
PetscErrorCode EddyMeshDestroy(EddyMesh *m);
/* Registered kinds, NULL after the last. */
const EddyMeshOps *EddyMeshGetOps(PetscInt k);
#endif
