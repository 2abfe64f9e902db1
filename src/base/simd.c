/* SPDX-License-Identifier: BSD-3-Clause */
/* x86-64 levels of the psABI: v3 adds AVX2, FMA, BMI; v4 adds AVX-512 F, BW, CD, DQ, VL. */
#include "options.h"

const char *const EddySimdNames[] = {"v2", "v3", "v4"};

EddySimdLevel EddySimdDetect(void)
{
  __builtin_cpu_init();
  const int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                 __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                 __builtin_cpu_supports("avx512vl");
  return v4 ? EDDY_SIMD_V4 : v3 ? EDDY_SIMD_V3 : EDDY_SIMD_V2;
}

PetscErrorCode EddySimdFromOptions(EddyOptions o, EddySimdLevel *level)
{
  const EddySimdLevel best = EddySimdDetect();
  PetscInt k;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsChoice(o, "simd",
                              "x86-64 level of the kernels (default: best of this processor)",
                              EddySimdNames, 3, (PetscInt)best, &k));
  EddyOptionsCheck(k <= (PetscInt)best, o, "simd",
                   "%s is not offered by this processor (allowed: up to %s)", EddySimdNames[k],
                   EddySimdNames[best]);
  *level = (EddySimdLevel)k;
  PetscFunctionReturn(PETSC_SUCCESS);
}
