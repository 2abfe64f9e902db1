/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of viscous.c and balance.c, once per x86-64 level. q points to the first of n cells, s is the distance in memory to the cell across the face. */
#ifndef EDDY_FV_VISCOUS_H
#define EDDY_FV_VISCOUS_H
#include "eddy_base.h"

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
#endif
