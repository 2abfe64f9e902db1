/* SPDX-License-Identifier: BSD-3-Clause */
/* Row kernels of the finite-volume engine that know no physics; compiled once per x86-64 level. */
#ifndef EDDY_FV_ROWS_H
#define EDDY_FV_ROWS_H
#include "eddy_base.h"

/* Values at the low (qm) and high (qp) face of n cells from their averages q; s: distance in memory of neighbours in the direction of
   the reconstruction. Reads q[-2 s] to q[n - 1 + 2 s]. */
typedef void (*EddyRecon)(PetscInt n, ptrdiff_t s, const double *q, double *qm, double *qp);

/* The same on a line of cells of different size: differences to the low neighbour times factor, those to the high one times 2 - factor[s] (stretch.c). */
typedef void (*EddyReconStretched)(PetscInt n, ptrdiff_t s, const double *q, const double *factor,
                                   double *qm, double *qp);

typedef enum {
  EDDY_RECON_CONSTANT,
  EDDY_RECON_MUSCL,
  EDDY_RECON_PPM,
  EDDY_RECON_WENO5,
  EDDY_RECON_COUNT
} EddyReconstruction;
typedef enum {
  EDDY_LIMITER_MC,
  EDDY_LIMITER_MINMOD,
  EDDY_LIMITER_VAN_LEER,
  EDDY_LIMITER_VAN_ALBADA,
  EDDY_LIMITER_NONE,
  EDDY_LIMITER_COUNT
} EddyLimiter;
extern const char *const EddyReconstructionNames[], *const EddyLimiterNames[],
                                                        *const EddyRiemannNames[];

typedef struct {
  EddyRecon constant, muscl[EDDY_LIMITER_COUNT], ppm, weno5;
  EddyReconStretched stretched[EDDY_LIMITER_COUNT]; /* muscl */
  /* out = k (lo - hi), or out += k (lo - hi) */
  void (*Divide)(PetscInt n, double k, const double *lo, const double *hi, double *out);
  void (*DivideAdd)(PetscInt n, double k, const double *lo, const double *hi, double *out);
  /* out += k ((q[-s] + q[s]) - 2 q) */
  void (*Diffuse)(PetscInt n, ptrdiff_t s, double k, const double *q, double *out);
  /* [ZhangShu2010, section 2.2] face values of one component pulled towards the average q until they are at least `least` (or the average, when
     that is smaller): scale[n] gets the factor, its smallest over calls. */
  void (*PositiveScale)(PetscInt n, double least, const double *q, const double *qm,
                        const double *qp, double *scale);
  void (*PositiveApply)(PetscInt n, const double *scale, const double *q, double *qm, double *qp);
  /* Smallest of n values. */
  double (*Least)(PetscInt n, const double *v);
  /* theta = max(theta, |p+ - p-| / min(p+, p-) - 1 between 0 and 1) where u- > u+; p and u are read one neighbour away on each side. */
  void (*Shock)(PetscInt n, ptrdiff_t s, const double *p, const double *u, double *theta);
  /* f += theta (soft - f); f is left alone where theta is zero */
  void (*Blend)(PetscInt n, const double *theta, const double *soft, double *f);
} EddyFvRows;
extern const EddyFvRows eddy_fv_rows_v2, eddy_fv_rows_v3, eddy_fv_rows_v4;
#endif
