/* SPDX-License-Identifier: BSD-3-Clause */
/* Stage kernels of the steppers, compiled once per x86-64 level: linear combinations of states with one coefficient per mode.

   Coefficients lie together per group of eight modes, in the order of the state: real symbol [group][q][8], complex symbol [group][q][2][8], so that a stage reads one
   stream. States are [group][2][8] (re, im). */
#ifndef EDDY_STAGE_H
#define EDDY_STAGE_H
#include "stepper.h"

enum { EDDY_MAX_COEF = 8 };

/* What a stage works on; borrowed pointers to whole states. Unused ones are NULL. */
typedef struct {
  const double *coef; /* see above */
  PetscInt ncoef;
  PetscBool complex_symbol;
  PetscBool
      uniform; /* no symbol: L = 0, one group of coefficients serves all; first and count of a part are then free */
  double *u, *a, *b, *n0, *sum;
  double s[4]; /* scalars of low-storage and Adams-Bashforth schemes */
} EddyStageArgs;

typedef struct {
  EddyStageKernel etdrk4[4]; /* coefficients: E, E2, Q, f1, 2 f2, f3 */
  EddyStageKernel etdrk2[2]; /* E, phi1 dt, phi2 dt */
  EddyStageKernel cnrk;      /* L; s: beta, gamma dt, mu */
  EddyStageKernel ab2cn;  /* (1 + L dt/2)/(1 - L dt/2), dt/(1 - L dt/2); s: weights of N_n, N_n-1 */
  EddyStageKernel ssprk3; /* L; s: weight of u^n, of stage value, of dt F */
  EddyStageKernel full;   /* L; f += L u */
} EddyStageKernels;
extern const EddyStageKernels eddy_stage_kernels_v2, eddy_stage_kernels_v3, eddy_stage_kernels_v4;

/* Coefficients of one scheme for one dt. Formula: q values from L dt. Repeated symbols are computed once. */
typedef void (*EddyCoefFormula)(EddyComplex L, double dt, EddyComplex out[]);
PetscErrorCode EddyCoefCreate(EddyDisc d, double dt, PetscInt ncoef, EddyCoefFormula formula,
                              double **coef, PetscBool *complex_symbol);
PetscErrorCode EddyCoefDestroy(double **coef);
/* Table of this level. */
const EddyStageKernels *EddyStageKernelsGet(EddySimdLevel level);
#endif
