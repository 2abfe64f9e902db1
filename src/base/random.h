/* SPDX-License-Identifier: BSD-3-Clause */
/* Counter-based random numbers: Philox4x32-10 [Salmon2011]. A value depends on (seed, row, attempt, stream) and a
   counter only, never on the order of calls, the rank count or the resolution. */
#ifndef EDDY_RANDOM_H
#define EDDY_RANDOM_H
#include "eddy_base.h"

typedef struct {
  uint64_t seed, row, attempt, stream;
} EddyRandomKey;

/* Four 32-bit words for counter (c0, c1, c2, c3); key words are hashed from the key by two more Philox rounds. */
void EddyRandomWords(const EddyRandomKey *key, const uint32_t counter[4], uint32_t out[4]);
/* Two uniforms in [0,1), 53 bits. */
void EddyRandomUniform2(const EddyRandomKey *key, const uint32_t counter[4], double out[2]);
/* Two independent standard normals (Box-Muller). */
void EddyRandomNormal2(const EddyRandomKey *key, const uint32_t counter[4], double out[2]);
/* Counter of a wavenumber (integers, may be negative) and a component or draw number: one seed is one flow at every resolution. */
static inline void EddyRandomModeCounter(const int k[3], int comp, uint32_t counter[4])
{
  for (int d = 0; d < 3; ++d)
    counter[d] = (uint32_t)k[d];
  counter[3] = (uint32_t)comp;
}
#endif
