/* SPDX-License-Identifier: BSD-3-Clause */
/* Mapped grids inside the finite-volume discretisation: faces and volumes made from the vertices of the mesh, and row kernels that turn velocities into the
   frame of a face. Straight edges in 2-D, bilinear faces in 3-D:

     area vector of a face   S = (x_c - x_a) x (x_d - x_b) / 2 from its diagonals; the six (four) of a cell add up to zero to round-off
     volume, centroid        Gauss quadrature of the (bi-, tri-)linear map of a cell, exact

   so that uniform flow stays uniform to round-off on any grid, and volumes add up to that of the mesh. Reconstruction works in index space along grid lines. */
#ifndef EDDY_FV_MAPPED_H
#define EDDY_FV_MAPPED_H
#include "eddy_base.h"

/* A face of the box before a cell (border.c). */
typedef struct {
  double x[3], normal[3]; /* its centre [L] and outward unit normal */
  double inner[2][3];     /* centroids of the first and the second cell inside [L] */
  double distance;        /* of the first along the normal [L] */
  double weight
      [2]; /* inward derivative at the face = sum weight[q] (u of inner cell q - u at the face) [1/L] */
} EddyFvBorder;

/* Rows of geometry: `pitch` doubles per row, the rows of one cell or face row after another. */
typedef struct {
  size_t pitch;
  double *face
      [3]; /* low faces of cells in direction e, one layer more along e: [nz][ny][dim + 1][pitch], unit normal (towards higher indices) and area */
  double *inv_volume; /* [nz][ny][pitch] */
  double *volume;     /* [nz][ny][nx] */
  double *centre;     /* [dim][nz][ny][nx] */
  EddyFvBorder *border
      [3]
      [2]; /* of faces that are not periodic and whose ghosts this rank fills: the cells along the face with EDDY_FV_GHOST more on each side */
  struct _p_EddyFvMappedViscous *viscous; /* viscous_mapped.c; NULL: no diffusion */
  double total; /* sum of volumes over the box, the same bits on any number of ranks */
  double *cell; /* tile buffers: [nprim][tile] a state, and [max(ncomp, dim + 2)][tile] */
  double *work;
} EddyFvMapped;

typedef struct {
  /* Velocity rows v[dim][n] (stride vs) into the frame of faces with normals g[dim] (stride gs): component 0 is along the normal. */
  void (*ToFace[3])(PetscInt n, size_t gs, const double *g, size_t vs, double *v);
  /* The inverse, times the area g[dim]. */
  void (*FromFace[3])(PetscInt n, size_t gs, const double *g, size_t vs, double *v);
  /* v[n] *= area */
  void (*Scale)(PetscInt n, const double *area, double *v);
  /* out = k (lo - hi) or out += k (lo - hi), k[n] */
  void (*Divide)(PetscInt n, const double *k, const double *lo, const double *hi, double *out);
  void (*DivideAdd)(PetscInt n, const double *k, const double *lo, const double *hi, double *out);
  /* out += k f */
  void (*AddScaled)(PetscInt n, const double *k, const double *f, double *out);
  /* Mean area vector of two rows of faces: m[dim + 1] (stride ms) normal and area. */
  void (*Mean[3])(PetscInt n, size_t gs, const double *lo, const double *hi, size_t ms, double *m);
  /* sum += area inv_volume speed, or = */
  void (*Rate)(PetscInt n, PetscBool first, const double *area, const double *inv_volume,
               const double *speed, double *sum);
} EddyFvMappedRows;
extern const EddyFvMappedRows eddy_fv_mapped_rows_v2, eddy_fv_mapped_rows_v3,
    eddy_fv_mapped_rows_v4;
#endif
