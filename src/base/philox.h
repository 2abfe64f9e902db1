/* SPDX-License-Identifier: BSD-3-Clause */
/* The bare generator, for its known-answer test. */
#ifndef EDDY_PHILOX_H
#define EDDY_PHILOX_H
#include <stdint.h>
/* Ten rounds of Philox4x32 on counter with key. */
void EddyPhilox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]);
#endif
