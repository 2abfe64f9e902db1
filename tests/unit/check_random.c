/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
#include "philox.h"
#include "random.h"
#include "support.h"
#include <math.h>
#include <string.h>

/* Published known answers: Random123 1.14, tests/kat_vectors, lines "philox4x32 10" (counter, key,
 * result). */
START_TEST(known_answers)
{
  static const uint32_t lines[3][10] = {
      {0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6627e8d5,
       0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
      {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
       0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
      {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
       0x94fdcceb, 0x5001e420, 0x24126ea1},
  };
  for (int i = 0; i < 3; ++i) {
    uint32_t out[4];
    EddyPhilox(lines[i] + 4, lines[i], out);
    for (int w = 0; w < 4; ++w)
      ck_assert_uint_eq(out[w], lines[i][6 + w]);
  }
}
END_TEST

/* Every part of the key and of the counter matters, high words too. */
START_TEST(keys_and_counters_differ)
{
  const EddyRandomKey zero = {0};
  uint32_t seen[13][4];
  int n = 0;

  for (int part = 0; part < 9; ++part) {
    EddyRandomKey key = zero;
    const uint64_t bit = part % 2 ? (uint64_t)1 << 40 : 1;
    if (part < 2)
      key.seed = bit;
    else if (part < 4)
      key.row = bit;
    else if (part < 6)
      key.attempt = bit;
    else if (part < 8)
      key.stream = bit;
    EddyRandomWords(&key, (const uint32_t[4]){0}, seen[n++]);
  }
  for (int c = 0; c < 4; ++c) {
    uint32_t counter[4] = {0};
    counter[c] = 1;
    EddyRandomWords(&zero, counter, seen[n++]);
  }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j)
      ck_assert_msg(memcmp(seen[i], seen[j], sizeof seen[i]), "draws %d and %d are equal", i, j);
}
END_TEST

/* Moments of 10^5 draws within five standard errors. */
START_TEST(moments)
{
  enum { N = 50000 };
  const EddyRandomKey key = {.seed = 909, .stream = 3};
  double mean_u = 0, mean = 0, square = 0, fourth = 0, cross = 0, lag = 0, last = 0;

  for (uint32_t i = 0; i < N; ++i) {
    const uint32_t counter[4] = {i, 0, 0, 7};
    double u[2], z[2];
    EddyRandomUniform2(&key, counter, u);
    EddyRandomNormal2(&key, counter, z);
    for (int k = 0; k < 2; ++k) {
      ck_assert(u[k] >= 0 && u[k] < 1 && isfinite(z[k]));
      mean_u += u[k] / (2 * N);
      mean += z[k] / (2 * N);
      square += z[k] * z[k] / (2 * N);
      fourth += z[k] * z[k] * z[k] * z[k] / (2 * N);
    }
    cross += z[0] * z[1] / N;
    lag += z[0] * last / N;
    last = z[0];
  }
  ck_assert_double_lt(fabs(mean_u - 0.5), 5 / sqrt(12.0 * 2 * N));
  ck_assert_double_lt(fabs(mean), 5 / sqrt(2.0 * N));
  ck_assert_double_lt(fabs(square - 1), 5 * sqrt(2 / (2.0 * N)));
  ck_assert_double_lt(fabs(fourth - 3), 5 * sqrt(96 / (2.0 * N)));
  ck_assert_double_lt(fabs(cross), 5 / sqrt((double)N));
  ck_assert_double_lt(fabs(lag), 5 / sqrt((double)N));
}
END_TEST

START_TEST(negative_wavenumbers_are_counters)
{
  uint32_t a[4], b[4];
  EddyRandomModeCounter((const int[3]){3, -2, 0}, 1, a);
  EddyRandomModeCounter((const int[3]){3, 2, 0}, 1, b);
  ck_assert_uint_eq(a[1], 0xfffffffeu);
  ck_assert(memcmp(a, b, sizeof a));
}
END_TEST

EDDY_SUITE("random", known_answers, keys_and_counters_differ, moments,
           negative_wavenumbers_are_counters)
