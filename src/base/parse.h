/* SPDX-License-Identifier: BSD-3-Clause */
/* Text to numbers and nearest names; used by the options only (the public part is in options.h). */
#ifndef EDDY_PARSE_H
#define EDDY_PARSE_H
#include "eddy_base.h"

typedef enum { EDDY_NUMBER_OK, EDDY_NUMBER_JUNK, EDDY_NUMBER_RANGE } EddyNumberStatus;

/* A number: factors joined by '*' and '/', each a decimal number or pi ("2pi", "-pi/2", "3*pi",
   "1e-3"). RANGE when it overflows or underflows to zero, JUNK when any character is left over. */
EddyNumberStatus EddyParseNumber(const char *text, double *v);
/* A whole number in [-2^53, 2^53]; "1e3" and "512.0" are whole, "2.5" is JUNK. */
EddyNumberStatus EddyParseInteger(const char *text, int64_t *v);
/* Decimal digits only, up to 2^64 - 1. */
EddyNumberStatus EddyParseUnsigned(const char *text, uint64_t *v);
/* Edits (insert, delete, replace, swap neighbours) that turn a into b, ignoring case. */
int EddyEditDistance(const char *a, const char *b);
/* Shortest of 15..17 digits that reads back as the same double. */
void EddyFormatReal(double v, char out[32]);
/* "-key" or "--key", and not a negative number such as -1e-3 or -pi. */
PetscBool EddyArgIsOption(const char *arg);
#endif
