/* SPDX-License-Identifier: BSD-3-Clause */
/* Philox4x32-10, J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as
   easy as 1, 2, 3, SC11, 2011 [Salmon2011], section 3.3 and table 2. */
#include "random.h"
#include "philox.h"
#include <math.h>

/* One round: two 32 x 32 -> 64 multiplications, exchanged halves, key added by XOR. */
static void Round(uint32_t c[4], const uint32_t key[2])
{
  const uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
  const uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ key[0], (uint32_t)p1,
                            (uint32_t)(p0 >> 32) ^ c[3] ^ key[1], (uint32_t)p0};
  for (int i = 0; i < 4; ++i)
    c[i] = next[i];
}

void EddyPhilox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4])
{
  uint32_t k[2] = {key[0], key[1]};
  for (int i = 0; i < 4; ++i)
    out[i] = counter[i];
  for (int r = 0; r < 10; ++r) {
    Round(out, k);
    k[0] += 0x9E3779B9u; /* golden ratio, table 2 */
    k[1] += 0xBB67AE85u; /* sqrt(3) - 1 */
  }
}

/* 256 bits of key in two Philox calls: (seed; row, attempt low), then that (; attempt high,
 * stream). */
static void HashKey(const EddyRandomKey *key, uint32_t k[2])
{
  const uint32_t seed[2] = {(uint32_t)key->seed, (uint32_t)(key->seed >> 32)};
  const uint32_t first[4] = {(uint32_t)key->row, (uint32_t)(key->row >> 32), (uint32_t)key->attempt,
                             0x45646479u};
  uint32_t a[4], b[4];

  EddyPhilox(seed, first, a);
  const uint32_t second[4] = {(uint32_t)key->stream ^ a[2], (uint32_t)(key->stream >> 32) ^ a[3],
                              (uint32_t)(key->attempt >> 32), 0x6c696e65u};
  EddyPhilox(a, second, b);
  k[0] = b[0], k[1] = b[1];
}

void EddyRandomWords(const EddyRandomKey *key, const uint32_t counter[4], uint32_t out[4])
{
  uint32_t k[2];
  HashKey(key, k);
  EddyPhilox(k, counter, out);
}

void EddyRandomUniform2(const EddyRandomKey *key, const uint32_t counter[4], double out[2])
{
  uint32_t w[4];
  EddyRandomWords(key, counter, w);
  for (int i = 0; i < 2; ++i) {
    const uint64_t bits = (uint64_t)w[2 * i] << 32 | w[2 * i + 1];
    out[i] = (double)(bits >> 11) * 0x1p-53;
  }
}

void EddyRandomNormal2(const EddyRandomKey *key, const uint32_t counter[4], double out[2])
{
  double u[2];
  EddyRandomUniform2(key, counter, u);
  const double r = sqrt(-2 * log(1 - u[0])); /* 1 - u is in (0, 1] */
  out[0] = r * cos(2 * PETSC_PI * u[1]);
  out[1] = r * sin(2 * PETSC_PI * u[1]);
}
