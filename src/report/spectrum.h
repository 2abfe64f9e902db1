/* SPDX-License-Identifier: BSD-3-Clause */
/* Fourier modes of stored fields: one real periodic field on an arbitrary grid, serial, any box.

   hat holds the half spectrum [nz][ny][nx/2+1] of modes m_d = 0, 1, .., -1; the forward transform
   is normalised, so f = sum hat exp(i k x) and mode 0 is the mean. Shells have width dk = 2 pi /
   (longest side), shell s holds the modes with |k|/dk in [s - 1/2, s + 1/2), and sums are plain:
   sum over shells of |hat|^2/2 = <f^2>/2. */
#ifndef EDDY_SPECTRUM_H
#define EDDY_SPECTRUM_H
#include "eddy_base.h"

typedef struct _p_EddyModes *EddyModes;

PetscErrorCode EddyModesCreate(const EddyBox *box, EddyModes *m);
PetscErrorCode EddyModesDestroy(EddyModes *m);
/* Number of entries of hat. */
PetscInt EddyModesCount(EddyModes m);
/* field [nz][ny][nx] -> hat, and back; arguments are not changed. */
void EddyModesForward(EddyModes m, const double field[], EddyComplex hat[]);
void EddyModesInverse(EddyModes m, const EddyComplex hat[], double field[]);
/* Sharp truncation to the grid of `to`: modes with |m_d| <= kmax[d] are copied, all others zero.
   Errors: PETSC_ERR_ARG_OUTOFRANGE when kmax reaches the Nyquist mode of either grid. */
PetscErrorCode EddyModesTruncate(EddyModes from, const EddyComplex a[], EddyModes to,
                                 const PetscInt kmax[3], EddyComplex b[]);
/* Modes of a field whose points stand s spacings beyond lower (cells: 1/2), from those taken as if they stood at lower: hat *= exp(-i k s dx). */
void EddyModesShift(EddyModes m, double s, EddyComplex hat[]);
/* Point values at lower + i dx to averages over the cells [lower + i dx, lower + (i + 1) dx], or back: exact for the modes the grid holds. */
void EddyModesToCells(EddyModes m, PetscBool back, EddyComplex hat[]);
/* Share of <f^2> in modes beyond the 2/3 rule of direction d, mean left out; 0 for a field that is
 * constant. */
void EddyModesTail(EddyModes m, const EddyComplex hat[], double tail[3]);

typedef enum {
  EDDY_SHELL_SQUARE, /* |f|^2 / 2: kinetic energy of a velocity component, enstrophy of a vorticity
                      */
  EDDY_SHELL_VORTICITY /* |w|^2 / (2 k^2): kinetic energy of a 2-D flow from its vorticity, mode 0
                          left out */
} EddyShellKind;
/* Every mode of the grid lies in one of these shells. */
PetscInt EddyModesShells(EddyModes m);
double EddyModesShellWidth(EddyModes m);
/* Largest shell that the grid holds completely. */
PetscInt EddyModesWholeShells(EddyModes m);
/* Adds factor times the shell sums to E [EddyModesShells]. */
void EddyModesAddShells(EddyModes m, const EddyComplex hat[], EddyShellKind kind, double factor,
                        double E[]);
#endif
