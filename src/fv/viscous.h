/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of viscous.c, viscous_mapped.c and balance.c, once per x86-64 level. q points to the first of n cells, s is the distance in memory to the cell across the face. */
#ifndef EDDY_FV_VISCOUS_H
#define EDDY_FV_VISCOUS_H
#include "fv.h"

typedef struct {
  void (*Mean)(PetscInt n, ptrdiff_t s, const double *q, double *out);
  void (*Across)(PetscInt n, ptrdiff_t s, double k, const double *q, double *out);
  void (*Along)(PetscInt n, ptrdiff_t s, ptrdiff_t t, double k, const double *q, double *out);
  /* out = q / by;  q *= by */
  void (*Ratio)(PetscInt n, const double *q, const double *by, double *out);
  void (*Scale)(PetscInt n, const double *by, double *q);
} EddyFvFaceKernels;
extern const EddyFvFaceKernels eddy_fv_face_kernels_v2, eddy_fv_face_kernels_v3,
    eddy_fv_face_kernels_v4;

/* On mapped grids. m: [dim * dim] rows ms apart, m[e * dim + f] = d xi_f / d x_e with f = 0 across the face, normal: [dim] rows ms apart; along: [dim - 1]. */
typedef struct {
  /* out[e] (rows os apart) = derivative along axis e */
  void (*Gradient[3])(PetscInt n, ptrdiff_t across, const ptrdiff_t along[2], size_t ms,
                      const double *m, const double *q, size_t os, double *out);
  /* out = derivative along the normal */
  void (*Slope[3])(PetscInt n, ptrdiff_t across, const ptrdiff_t along[2], size_t ms,
                   const double *m, const double *normal, const double *q, double *out);
  /* f = -nu area slope */
  void (*Diffuse)(PetscInt n, double nu, const double *area, const double *slope, double *f);
} EddyFvGradientKernels;
extern const EddyFvGradientKernels eddy_fv_gradient_kernels_v2, eddy_fv_gradient_kernels_v3,
    eddy_fv_gradient_kernels_v4;

PetscErrorCode EddyFvFaceStoreCreate(const EddyFv *s, EddyPhysics p, EddyFvFaceStore *f);
PetscErrorCode EddyFvFaceStoreDestroy(EddyFvFaceStore *f);

/* Diffusion on a mapped grid (viscous_mapped.c). */
typedef struct _p_EddyFvMappedViscous {
  double *metric
      [3]; /* m of the low faces in direction e, rows like mapped->face[e]: [nz][ny][dim * dim][pitch]; f counts e, e + 1, e + 2 modulo dim [1/L] */
  EddyFvFaceStore face;
  PetscInt temperature; /* index in the physics' face_fields, -1: none */
  double squares;       /* largest sum over directions of (area / volume)^2 [1/L^2] */
} EddyFvMappedViscous;

/* Faces of one row that lie in a face of the box: the row's faces at .. at + n - 1, the first one before or behind cell (local indices). w points to the cell on the high side of face
   0 of the row. */
typedef struct {
  int e, side;
  PetscInt at, n, cell[3];
  double t;
  const double *w;
} EddyFvBorderRow;
/* Gradients and means [rows of s->ts] of those faces as walls and rules of faces want them. Not collective. */
void EddyFvViscousBorder(EddyDisc d, const EddyFvBorderRow *r, double *mean, double *grad);
/* The same for the derivative along the (rising) normal of component c of w alone. */
void EddyFvDiffusionBorder(EddyDisc d, const EddyFvBorderRow *r, PetscInt c, double *slope);
#endif
