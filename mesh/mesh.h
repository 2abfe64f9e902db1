/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a mesh: a kind from mesh/list.def (`mesh_type`), its options, the box it fills and, unless all cells are equal, where its
   vertices are. A mesh knows indices and points; faces, volumes and metrics are made from vertices by who needs them. */
#ifndef EDDY_MESH_H
#define EDDY_MESH_H
#include "options.h"

typedef struct _p_EddyMesh *EddyMesh;

typedef struct {
  const char *name, *summary;
  size_t ctx_size; /* of m->vertices.ctx, zeroed; 0: none */
  /* Reads options, fills m->box and the context; box.dim follows from the length of mesh_n. Collective. */
  PetscErrorCode (*Options)(EddyMesh m, EddyOptions o);
  /* Vertex i[d] = 0 .. n[d] of a mapped grid; the same bits on every rank. NULL: a box of equal cells. In a periodic direction vertices
     0 and n bound the same face: they differ by a translation, or are one. */
  void (*Vertex)(const void *ctx, const PetscInt i[3], PetscReal x[3]);
  void (*Free)(void *ctx); /* of what the context owns; optional */
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

struct _p_EddyMesh {
  MPI_Comm comm;
  const EddyMeshOps *ops;
  EddyBox box;
  EddyVertices vertices; /* box.mapped points here when ops->Vertex is there */
};

/* Options: mesh_type, mesh_n (points or cells per direction) and those of the type. Collective. */
PetscErrorCode EddyMeshCreate(MPI_Comm comm, EddyOptions o, EddyMesh *m);
PetscErrorCode EddyMeshCreateFromOps(MPI_Comm comm, const EddyMeshOps *ops, EddyOptions o,
                                     EddyMesh *m);
PetscErrorCode EddyMeshDestroy(EddyMesh *m);
/* Registered kinds, NULL after the last. */
const EddyMeshOps *EddyMeshGetOps(PetscInt k);

/* For implementations: mesh_n into dim and n; mesh_lower, mesh_upper [L]; boundary_FACE_type into periodic and wall. */
PetscErrorCode EddyMeshReadCells(EddyOptions o, EddyBox *box);
PetscErrorCode EddyMeshReadCorners(EddyOptions o, EddyBox *box);
PetscErrorCode EddyMeshReadFaces(EddyOptions o, EddyBox *box);
/* lower and upper from all vertices. */
void EddyMeshEnclose(EddyMesh m);
#endif
