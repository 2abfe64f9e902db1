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
  /* f += a, or f = (1 - share) f + a */
  void (*Add)(PetscInt n, const double *a, double *f);
  void (*Replace)(PetscInt n, const double *share, const double *a, double *f);
  /* Vectors v[dim][n] (stride vs) turned by the rotation that takes axis `dir` to the normal g[dim] (stride gs); in 3-D the one by the smaller angle from the axis, where that is
     below 90 degrees, otherwise after half a turn about the last axis. */
  void (*Turn[3])(PetscInt n, int dir, size_t gs, const double *g, size_t vs, double *v);
} EddyFvLearned;
extern const EddyFvLearned eddy_fv_learned_v2, eddy_fv_learned_v3, eddy_fv_learned_v4;
#endif
