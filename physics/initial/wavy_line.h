/* SPDX-License-Identifier: BSD-3-Clause */
/* A random periodic line for starts with a disturbed interface:

     s(a) = amplitude sum_{j=1}^{modes} c_j cos(2 pi j (a + phi_j)) / sum |c_j|,  c_j ~ U[0, 1], phi_j ~ U[0, 1],

   so that |s| <= amplitude; a runs over one period in [0, 1]. */
#ifndef EDDY_INITIAL_WAVY_LINE_H
#define EDDY_INITIAL_WAVY_LINE_H
#include "initial.h"
#include <math.h>

enum { EDDY_WAVY_MODES = 64 };
typedef struct {
  PetscInt modes;
  PetscReal c[EDDY_WAVY_MODES], phi[EDDY_WAVY_MODES];
} EddyWavyLine;

/* draw: a number of its own for every line of one start. Reads nothing. */
static inline EddyWavyLine EddyWavyLineMake(EddyInitial ic, PetscInt modes, PetscReal amplitude,
                                            int draw)
{
  EddyWavyLine s = {.modes = modes};
  PetscReal sum = 0;
  for (PetscInt j = 0; j < modes; ++j) {
    const EddyComplex r = EddyInitialUniformOf(ic, j, draw);
    s.c[j] = r.re;
    s.phi[j] = r.im;
    sum += r.re;
  }
  for (PetscInt j = 0; j < modes && sum > 0; ++j)
    s.c[j] *= amplitude / sum;
  return s;
}

static inline PetscReal EddyWavyLineAt(const EddyWavyLine *s, PetscReal a)
{
  PetscReal y = 0;
  for (PetscInt j = 0; j < s->modes; ++j)
    y += s->c[j] * cos(2 * PETSC_PI * (PetscReal)(j + 1) * (a + s->phi[j]));
  return y;
}
#endif
