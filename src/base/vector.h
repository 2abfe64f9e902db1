/* SPDX-License-Identifier: BSD-3-Clause */
/* Vector type of the level a hot file is compiled for. Lane loops run over EDDY_LANES / EDDY_VL vectors. */
#ifndef EDDY_VECTOR_H
#define EDDY_VECTOR_H
#include "eddy_base.h"

#if EDDY_SIMD_LEVEL == 4
#define EDDY_VL 8
#elif EDDY_SIMD_LEVEL == 3
#define EDDY_VL 4
#else
#define EDDY_VL 2
#endif
typedef double EddyV __attribute__((vector_size(8 * EDDY_VL)));
typedef int64_t EddyVMask __attribute__((vector_size(8 * EDDY_VL)));

static inline EddyV EddyVLoad(const double *p) { return *(const EddyV *)p; }
static inline void EddyVStore(double *p, EddyV v) { *(EddyV *)p = v; }

/* In-place transpose of an EDDY_VL x EDDY_VL tile by swapping off-diagonal blocks of size 1, 2, 4. */
#define EDDY_V_SWAP(a, b, lo, hi) \
  do { \
    const EddyV lo_ = __builtin_shuffle(a, b, lo), hi_ = __builtin_shuffle(a, b, hi); \
    a = lo_; \
    b = hi_; \
  } while (0)
static inline __attribute__((always_inline)) void EddyVTranspose(EddyV a[EDDY_VL])
{
#if EDDY_VL == 8
  for (int i = 0; i < 8; i += 2)
    EDDY_V_SWAP(a[i], a[i + 1], ((EddyVMask){0, 8, 2, 10, 4, 12, 6, 14}),
                ((EddyVMask){1, 9, 3, 11, 5, 13, 7, 15}));
  for (int i = 0; i < 8; i += 4)
    for (int j = i; j < i + 2; ++j)
      EDDY_V_SWAP(a[j], a[j + 2], ((EddyVMask){0, 1, 8, 9, 4, 5, 12, 13}),
                  ((EddyVMask){2, 3, 10, 11, 6, 7, 14, 15}));
  for (int j = 0; j < 4; ++j)
    EDDY_V_SWAP(a[j], a[j + 4], ((EddyVMask){0, 1, 2, 3, 8, 9, 10, 11}),
                ((EddyVMask){4, 5, 6, 7, 12, 13, 14, 15}));
#elif EDDY_VL == 4
  for (int i = 0; i < 4; i += 2)
    EDDY_V_SWAP(a[i], a[i + 1], ((EddyVMask){0, 4, 2, 6}), ((EddyVMask){1, 5, 3, 7}));
  for (int j = 0; j < 2; ++j)
    EDDY_V_SWAP(a[j], a[j + 2], ((EddyVMask){0, 1, 4, 5}), ((EddyVMask){2, 3, 6, 7}));
#else
  EDDY_V_SWAP(a[0], a[1], ((EddyVMask){0, 2}), ((EddyVMask){1, 3}));
#endif
}
#endif
