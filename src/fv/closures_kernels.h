/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of closures in finite volumes; compiled once per x86-64 level. */
#ifndef EDDY_FV_CLOSURES_KERNELS_H
#define EDDY_FV_CLOSURES_KERNELS_H
#include "eddy_base.h"

typedef struct {
  /* v += sum_k weight[k] (cell k - own cell) at n faces; a sum of exactly zero leaves v as it is.
     weight  row k at k * stride, of the S cells around each face, low to high
     own     own cells of the faces, step: distance of neighbours in memory; high: the face is on their high side
     bound   EddyFaceBound */
  void (*Interpolate)(PetscInt n, PetscInt S, size_t stride, const double *weight, ptrdiff_t step,
                      const double *own, PetscBool high, PetscInt bound, double *v);
  /* Takes the parts along `nbasis` orthonormal vectors of S entries out of z, entry k of a point at k * stride. */
  void (*Project)(PetscInt n, PetscInt S, size_t stride, PetscInt nbasis, const double (*basis)[6],
                  double *z);
} EddyFvLearned;
extern const EddyFvLearned eddy_fv_learned_v2, eddy_fv_learned_v3, eddy_fv_learned_v4;
#endif
