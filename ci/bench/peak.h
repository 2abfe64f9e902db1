/* SPDX-License-Identifier: BSD-3-Clause */
/* What one core can do at most, measured in registers between the runs of a benchmark. */
#ifndef EDDY_BENCH_PEAK_H
#define EDDY_BENCH_PEAK_H
#include "eddy_base.h"
#include <immintrin.h>
#include <time.h>

static inline double BenchNow(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Twelve independent chains of `step` in vectors of `lanes`: lanes per second. */
#define PEAK(name, target_, type, set, lanes, step, clobber) \
  static inline __attribute__((target(target_))) double name(int loops) \
  { \
    enum { CHAINS = 12 }; \
    type a[CHAINS], sum; \
    const type x = set(.999), y = set(1e-4); \
    _Pragma("GCC unroll 16") for (int i = 0; i < CHAINS; ++i) a[i] = set(1.5 + i * 1e-3) + y; \
    const double t = BenchNow(); \
    for (int l = 0; l < loops; ++l) { \
      _Pragma("GCC unroll 16") for (int i = 0; i < CHAINS; ++i) a[i] = step; \
      __asm__ volatile("" \
                       : clobber(a[0]), clobber(a[1]), clobber(a[2]), clobber(a[3]), \
                         clobber(a[4]), clobber(a[5]), clobber(a[6]), clobber(a[7]), \
                         clobber(a[8]), clobber(a[9]), clobber(a[10]), clobber(a[11])); \
    } \
    const double s = BenchNow() - t; \
    sum = x; \
    _Pragma("GCC unroll 16") for (int i = 0; i < CHAINS; ++i) sum += a[i]; \
    __asm__ volatile("" : clobber(sum)); \
    return (double)lanes * CHAINS * loops / s; \
  }
PEAK(Fma64v4, "avx512f", __m512d, _mm512_set1_pd, 8, _mm512_fmadd_pd(a[i], x, y), "+v")
PEAK(Fma32v4, "avx512f", __m512, _mm512_set1_ps, 16, _mm512_fmadd_ps(a[i], x, y), "+v")
PEAK(Divide64v4, "avx512f", __m512d, _mm512_set1_pd, 8, _mm512_div_pd(x, a[i]), "+v")
PEAK(Root64v4, "avx512f", __m512d, _mm512_set1_pd, 8, _mm512_sqrt_pd(a[i]), "+v")
PEAK(Fma64v3, "avx2,fma", __m256d, _mm256_set1_pd, 4, _mm256_fmadd_pd(a[i], x, y), "+x")
PEAK(Fma32v3, "avx2,fma", __m256, _mm256_set1_ps, 8, _mm256_fmadd_ps(a[i], x, y), "+x")
PEAK(Divide64v3, "avx2,fma", __m256d, _mm256_set1_pd, 4, _mm256_div_pd(x, a[i]), "+x")
PEAK(Root64v3, "avx2,fma", __m256d, _mm256_set1_pd, 4, _mm256_sqrt_pd(a[i]), "+x")
PEAK(Fma64v2, "sse4.2", __m128d, _mm_set1_pd, 2, _mm_add_pd(_mm_mul_pd(a[i], x), y), "+x")
PEAK(Fma32v2, "sse4.2", __m128, _mm_set1_ps, 4, _mm_add_ps(_mm_mul_ps(a[i], x), y), "+x")
PEAK(Divide64v2, "sse4.2", __m128d, _mm_set1_pd, 2, _mm_div_pd(x, a[i]), "+x")
PEAK(Root64v2, "sse4.2", __m128d, _mm_set1_pd, 2, _mm_sqrt_pd(a[i]), "+x")

/* FMA: flop/s, a fused (v2: separate) multiply and add being two; DIVIDE, ROOT: results per second. */
typedef enum { BENCH_FMA64, BENCH_FMA32, BENCH_DIVIDE64, BENCH_ROOT64 } BenchOperation;
static inline double BenchPeak(EddySimdLevel level, BenchOperation operation)
{
  double (*const peak[3][4])(int) = {{Fma64v2, Fma32v2, Divide64v2, Root64v2},
                                     {Fma64v3, Fma32v3, Divide64v3, Root64v3},
                                     {Fma64v4, Fma32v4, Divide64v4, Root64v4}};
  return operation <= BENCH_FMA32 ? 2 * peak[level][operation](200000)
                                  : peak[level][operation](20000);
}
#endif
