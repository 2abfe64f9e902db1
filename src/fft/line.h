/* SPDX-License-Identifier: BSD-3-Clause */
/* Complex transforms of eight lines at once: one line per vector lane.

   Data is z[n][2][8]: for each point eight real parts, then eight imaginary parts (64-byte aligned). Since every lane does the
   same scalar operations in the same order, a line has the same bits in any lane, beside any neighbours, on any rank count, and
   (no contraction to FMA) at any x86-64 level; no plan depends on timing. That is why these transforms are our own:
   FFTW's choice of codelets depends on batch, alignment and planner mood (reference: docs/architecture.md).

   Inverse is decimation in frequency (natural order in, digit-reversed order out), Forward is its transpose (digit-reversed in, natural out):
     Inverse: z[pos(x)] = sum_k a[k] exp(+2 pi i k x / n),   Forward: a[k] = sum_x z[pos(x)] exp(-2 pi i k x / n)   (no 1/n).
   A pointwise product between the two needs no reordering at all [Frigo2005 section 5; mixed radix Cooley-Tukey 1965]. */
#ifndef EDDY_LINE_H
#define EDDY_LINE_H
#include "eddy_base.h"

enum { EDDY_LINE_MAX_STAGES = 24 };

typedef struct _p_EddyLine {
  PetscInt n;
  PetscInt nstage, radix[EDDY_LINE_MAX_STAGES];
  double *twiddle[EDDY_LINE_MAX_STAGES]; /* stage s: [m][radix-1][2], exp(+2 pi i j q / L) */
  PetscInt *pos;                         /* [n] pos[x]: place of point x in the transformed order */
  void (*run_inverse)(const struct _p_EddyLine *, double *z);
  void (*run_forward)(const struct _p_EddyLine *, double *z);
} * EddyLine;

/* n >= 1 must be a product of 2, 3, 5, 7 (see EddyLineGoodSize). Not collective. */
PetscErrorCode EddyLineCreate(PetscInt n, EddySimdLevel level, EddyLine *line);
PetscErrorCode EddyLineDestroy(EddyLine *line);
/* In place on z[n][2][8]. Allocate nothing, cannot fail. */
static inline void EddyLineInverse(EddyLine line, double *z) { line->run_inverse(line, z); }
static inline void EddyLineForward(EddyLine line, double *z) { line->run_forward(line, z); }
/* Largest length <= n, and smallest >= n, that the transforms take. */
PetscBool EddyLineIsGoodSize(PetscInt n);
PetscInt EddyLineNearestBelow(PetscInt n);
PetscInt EddyLineNearestAbove(PetscInt n);

/* Kernels of one x86-64 level (line_kernels.c). */
typedef struct {
  void (*inverse)(const struct _p_EddyLine *, double *z);
  void (*forward)(const struct _p_EddyLine *, double *z);
} EddyLineKernels;
extern const EddyLineKernels eddy_line_kernels_v2, eddy_line_kernels_v3, eddy_line_kernels_v4;
#endif
