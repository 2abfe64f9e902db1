/* SPDX-License-Identifier: BSD-3-Clause */
/* Formulas of a case: "1 + 0.2*sin(2pi*x)" is read once and evaluated at many points.

   Numbers (2pi and 3x are products), variables given by the caller, pi, + - * / ^ (also **), comparisons < > <= >= (1 or 0), brackets and the functions of
   the table in formula.c. Powers bind from the right and before a sign: -x^2 is -(x^2). */
#ifndef EDDY_FORMULA_H
#define EDDY_FORMULA_H
#include "eddy_base.h"

enum { EDDY_FORMULA_CODE = 256, EDDY_FORMULA_STACK = 32, EDDY_FORMULA_TEXT = 320 };

/* Program of a stack machine. Plain data: no object to free. */
typedef struct {
  PetscInt n;
  unsigned char op[EDDY_FORMULA_CODE];
  double value[EDDY_FORMULA_CODE]; /* of a constant, or the index of a variable */
} EddyFormula;

/* Reads text with the variables name[n]. PETSC_FALSE with one line in message[EDDY_FORMULA_TEXT] when it is not a formula or too long. Not collective. */
PetscBool EddyFormulaRead(const char *text, PetscInt n, const char *const name[], EddyFormula *f,
                          char message[EDDY_FORMULA_TEXT]);
/* Its value for the variables v[n]. */
double EddyFormulaAt(const EddyFormula *f, const double v[]);
#endif
