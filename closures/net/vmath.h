/* SPDX-License-Identifier: BSD-3-Clause */
/* Vector functions of the network kernels. Included twice by net_kernels.c, with VM_BITS 64 and 32; every name carries the suffix
   _f64 or _f32 through VM(). A pack W is VM_PACK vectors handled side by side, so that the processor has independent work.

   Same arithmetic at every level but for FMA, which v2 lacks. NaN goes through; Inf gives the limit. Accuracy: tests/unit/check_vmath.c
   prints the largest error in ulp; bounds are stated in docs/closures-engine.md.
   Reduction: x = n ln 2 + r, |r| <= ln(2)/2, ln 2 in two parts of which the first has trailing zeros, so that n ln2_high is exact;
   expm1(r) = r + r^2 q(r). All polynomials interpolate at Chebyshev points (computed in 113-bit arithmetic), relative error in brackets. */
#include <immintrin.h>
#include <math.h>
#include <stddef.h>

#undef V
#undef VI
#undef W
#undef C
#undef VM_PREFIX
#undef VM_SIGN
#undef VM_HIGH
#undef VM_MAGIC
#undef VM_MANTISSA
#undef VM_TINY
#undef VM_BIG
#undef VM_ROOT
#undef VM_BIAS
#undef VM_UNIT
#undef VM
#undef VM_REAL
#undef VM_I
#undef VM_BYTES
#undef VM_LANES
#undef VM_INTRINSIC
#define VM_PASTE2(a, b) a##_f##b
#define VM_PASTE(a, b) VM_PASTE2(a, b)
#define VM(name) VM_PASTE(name, VM_BITS)
#define VM_INLINE static inline __attribute__((always_inline))
#define VM_EACH _Pragma("GCC unroll 8") for (int u = 0; u < VM_PACK; ++u)
#define VM_CAT3_(a, b, c) a##b##c
#define VM_CAT3(a, b, c) VM_CAT3_(a, b, c)
#if EDDY_SIMD_LEVEL == 4
#define VM_BYTES 64
#define VM_PREFIX _mm512_
#elif EDDY_SIMD_LEVEL == 3
#define VM_BYTES 32
#define VM_PREFIX _mm256_
#else
#define VM_BYTES 16
#define VM_PREFIX _mm_
#endif
#if VM_BITS == 64
#define VM_REAL double
#define VM_I int64_t
#define VM_INTRINSIC(name) VM_CAT3(VM_PREFIX, name, _pd)
#else
#define VM_REAL float
#define VM_I int32_t
#define VM_INTRINSIC(name) VM_CAT3(VM_PREFIX, name, _ps)
#endif
#define VM_LANES (VM_BYTES * 8 / VM_BITS)

typedef VM_REAL VM(V) __attribute__((vector_size(VM_BYTES)));
typedef VM_REAL VM(VU) __attribute__((vector_size(VM_BYTES), aligned(VM_BITS / 8), may_alias));
typedef VM_I VM(VI) __attribute__((vector_size(VM_BYTES)));
#define V VM(V)
#define VI VM(VI)
#define W VM(W)

VM_INLINE V VM(Set)(VM_REAL x) { return VM_INTRINSIC(set1)(x); }
/* b when either is NaN: write the bound first. */
VM_INLINE V VM(Min)(V a, V b) { return VM_INTRINSIC(min)(a, b); }
VM_INLINE V VM(Max)(V a, V b) { return VM_INTRINSIC(max)(a, b); }
VM_INLINE V VM(Fma)(V a, V b, V c)
{
#if EDDY_SIMD_LEVEL >= 3
  return VM_INTRINSIC(fmadd)(a, b, c);
#else
  return a * b + c;
#endif
}
VM_INLINE V VM(Round)(V a)
{
#if EDDY_SIMD_LEVEL == 4
  return VM_INTRINSIC(roundscale)(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
  return VM_INTRINSIC(round)(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#endif
}
/* a < b ? x : y; y when a is NaN. */
VM_INLINE V VM(IfLess)(V a, V b, V x, V y)
{
#if EDDY_SIMD_LEVEL == 4 && VM_BITS == 64
  return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(a, b, _CMP_LT_OQ), y, x);
#elif EDDY_SIMD_LEVEL == 4
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), y, x);
#else
  return VM_INTRINSIC(blendv)(y, x, (V)(a < b));
#endif
}
#if VM_BITS == 64
#define VM_SIGN ((VI)VM(Set)(-0.0))
#define VM_HIGH (~(int64_t)0x7ffffff) /* leading 26 bits of a double */
#define VM_MAGIC (0x1.8p52 + 1023)
#define VM_MANTISSA 52
#define VM_TINY 0x1p-1022
#define VM_BIG 0x1p54
#define VM_ROOT 0x3fe6a09e667f3bcd
#define VM_BIAS 2048
#define VM_UNIT 0x1p52
#else
#define VM_SIGN ((VI)VM(Set)(-0.0f))
#define VM_HIGH (~0xfff) /* leading 12 bits of a float */
#define VM_MAGIC (0x1.8p23f + 127)
#define VM_MANTISSA 23
#define VM_TINY 0x1p-126f
#define VM_BIG 0x1p25f
#define VM_ROOT 0x3f3504f3
#define VM_BIAS 256
#define VM_UNIT 0x1p23f
#endif
VM_INLINE V VM(Abs)(V a) { return (V)((VI)a & ~VM_SIGN); }
VM_INLINE V VM(CopySign)(V a, V s) { return (V)(((VI)a & ~VM_SIGN) | ((VI)s & VM_SIGN)); }
VM_INLINE V VM(High)(V a) { return (V)((VI)a & VM_HIGH); }
/* 2^n for integral n of a normal number. */
VM_INLINE V VM(Pow2)(V n)
{
#if EDDY_SIMD_LEVEL == 4
  return VM_INTRINSIC(scalef)(VM(Set)(1), n);
#else
  return (V)((VI)(n + VM(Set)(VM_MAGIC)) << VM_MANTISSA);
#endif
}
/* p 2^n, rounded once: n in two halves where results may be denormal. p within [1/4, 4] times a normal number. */
VM_INLINE V VM(Scale)(V p, V n)
{
#if EDDY_SIMD_LEVEL == 4
  return VM_INTRINSIC(scalef)(p, n);
#else
  const V half = VM(Round)(n * VM(Set)((VM_REAL).5));
  return p * VM(Pow2)(half) * VM(Pow2)(n - half);
#endif
}

typedef struct {
  V v[VM_PACK];
} W;
#define VM_W1(name, expr) \
  VM_INLINE W VM(name)(W a) \
  { \
    W r; \
    VM_EACH r.v[u] = expr; \
    return r; \
  }
#define VM_W2(name, expr) \
  VM_INLINE W VM(name)(W a, W b) \
  { \
    W r; \
    VM_EACH r.v[u] = expr; \
    return r; \
  }
VM_W1(WAbs, VM(Abs)(a.v[u]))
VM_W1(WRound, VM(Round)(a.v[u]))
VM_W1(WHigh, VM(High)(a.v[u]))
VM_W1(WPow2, VM(Pow2)(a.v[u]))
VM_W2(WAdd, a.v[u] + b.v[u])
VM_W2(WSub, a.v[u] - b.v[u])
VM_W2(WMul, a.v[u] * b.v[u])
VM_W2(WDiv, a.v[u] / b.v[u])
VM_W2(WMin, VM(Min)(a.v[u], b.v[u]))
VM_W2(WMax, VM(Max)(a.v[u], b.v[u]))
VM_W2(WScale, VM(Scale)(a.v[u], b.v[u]))
VM_W2(WCopySign, VM(CopySign)(a.v[u], b.v[u]))
VM_INLINE W VM(WSet)(VM_REAL x)
{
  W r;
  VM_EACH r.v[u] = VM(Set)(x);
  return r;
}
VM_INLINE W VM(WFma)(W a, W b, W c)
{
  W r;
  VM_EACH r.v[u] = VM(Fma)(a.v[u], b.v[u], c.v[u]);
  return r;
}
VM_INLINE W VM(WIfLess)(W a, W b, W x, W y)
{
  W r;
  VM_EACH r.v[u] = VM(IfLess)(a.v[u], b.v[u], x.v[u], y.v[u]);
  return r;
}
/* c[0] + c[1] x + ... by Horner's rule. */
#define VM_POLY(x, c) VM(WPoly)(x, c, (int)(sizeof(c) / sizeof *(c)))
VM_INLINE W VM(WPoly)(W x, const VM_REAL *c, int n)
{
  W p = VM(WSet)(c[n - 1]);
  _Pragma("GCC unroll 32") for (int i = n - 2; i >= 0; --i) p = VM(WFma)(p, x, VM(WSet)(c[i]));
  return p;
}

#if VM_BITS == 64
#define LOG2E 1.4426950408889634
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 1.90821492927058770002e-10
#define EXP_LOW (-760.)
#define EXP_HIGH 720.
#define ONE_LOW (-40.) /* expm1 is -1 */
#define TANH_ONE 22.   /* tanh is 1 */
#define GELU_END 39.   /* x Phi(-x) is 0 */
#define ERF_END 6.5    /* erf is 1 */
#define ERFCX_K 4.
static const double EXPM1_f64[] = {/* (expm1(r) - r) / r^2 [2e-16] */
                                   0.5,
                                   0.16666666666666669,
                                   0.041666666666624157,
                                   0.0083333333333300633,
                                   0.0013888888917199863,
                                   0.00019841269863042963,
                                   2.4801521317484083e-05,
                                   2.7557268476553695e-06,
                                   2.7620078203806394e-07,
                                   2.5100377619606372e-08};
static const double ERFCX_f64[] = {/* exp(a^2) erfc(a) (a + K) in (a - K) / (a + K) [6e-18] */
                                   1.0959956610004911,      -0.97654872908088208,
                                   0.77320870226523752,     -0.54085383131322062,
                                   0.33085158787798363,     -0.17401093724042926,
                                   0.076381514909980866,    -0.026370053332490904,
                                   0.006112055648063928,    -0.00028095893450075346,
                                   -0.00045505263734578,    0.00017681318821308878,
                                   -3.6353303651929872e-06, -1.8862140720271332e-05,
                                   4.6947042703398717e-06,  1.4268958632223825e-06,
                                   -8.4641390728260461e-07, -7.9102356860326147e-08,
                                   1.2405724098798588e-07,  3.4980198848456316e-09,
                                   -1.5222228416539406e-08, -6.849142850479369e-10,
                                   8.9315940274092754e-10};
static const double ERF_f64[] = {/* erf(x) / x in x^2, |x| <= 1 [8e-18] */
                                 1.1283791670955126,     -0.37612638903183543,
                                 0.11283791670945006,    -0.02686617064323777,
                                 0.0052239776071164225,  -0.00085483259753896918,
                                 0.00012055294904839707, -1.4924736907419661e-05,
                                 1.6447424703317362e-06, -1.6208483801871705e-07,
                                 1.3720064546777686e-08, -7.7958988270021425e-10};
static const double LOG_f64[] = {/* (2 atanh(z) - 2 z) / z^3 in z^2, |z| <= 1/3 [1e-16] */
                                 0.66666666666666663, 0.40000000000014596, 0.285714285671058,
                                 0.22222222717726978, 0.18181789421088576, 0.1538557048730195,
                                 0.13314137282887778, 0.12001138706465926, 0.088004018234451906,
                                 0.16164759653383798};
#else
#undef LOG2E
#undef LN2_HIGH
#undef LN2_LOW
#undef EXP_LOW
#undef EXP_HIGH
#undef ONE_LOW
#undef TANH_ONE
#undef GELU_END
#undef ERF_END
#undef ERFCX_K
#define LOG2E 1.44269504F
#define LN2_HIGH 0x1.62e4p-1F
#define LN2_LOW 1.42860682e-6F
#define EXP_LOW (-110.F)
#define EXP_HIGH 95.F
#define ONE_LOW (-20.F)
#define TANH_ONE 10.F
#define GELU_END 14.9F
#define ERF_END 4.5F
#define ERFCX_K 3.F
static const float EXPM1_f32[] = {0.5F, 0.166665778F, 0.0416665561F, 0.00836317427F,
                                  0.00139261771F}; /* [1e-7] */
static const float ERFCX_f32[] = {
    1.07400692F,    -0.88339448F,    0.590228438F,   -0.310466498F,    0.119527034F, /* [7e-9] */
    -0.0268376898F, -0.00121732499F, 0.00308014662F, -0.000496465887F, -0.000332907977F};
static const float ERF_f32[] = {1.12837911F,    -0.37612626F,    0.112835944F,   -0.0268542115F,
                                0.00518908724F, -0.00080168643F, 7.87587487e-05F};      /* [1e-9] */
static const float LOG_f32[] = {0.666666389F, 0.400075614F, 0.28236562F, 0.268519223F}; /* [4e-7] */
#endif
#define C(x) VM(WSet)((VM_REAL)(x))

/* x - low = n ln 2 + r with |r| <= ln(2)/2; returns expm1(r). low is small beside ln 2. */
VM_INLINE W VM(Expm1Part)(W x, W low, W *n)
{
  *n = VM(WRound)(VM(WMul)(x, C(LOG2E)));
  W r = VM(WFma)(*n, C(-LN2_HIGH), x);
  r = VM(WSub)(VM(WFma)(*n, C(-LN2_LOW), r), low);
  return VM(WFma)(VM(WMul)(r, r), VM_POLY(r, VM(EXPM1)), r);
}
VM_INLINE W VM(Exp)(W x)
{
  W n;
  const W p = VM(Expm1Part)(VM(WMax)(C(EXP_LOW), VM(WMin)(C(EXP_HIGH), x)), C(0), &n);
  return VM(WScale)(VM(WAdd)(p, C(1)), n);
}
/* exp(x) - 1 for |x| small enough that 2^n is a normal number: no clamp here. */
VM_INLINE W VM(Expm1)(W x)
{
  W n;
  const W p = VM(Expm1Part)(x, C(0), &n), s = VM(WPow2)(n);
  return VM(WFma)(p, s, VM(WSub)(s, C(1)));
}
/* tanh |x| = e / (e + 2), e = expm1(2 |x|) */
VM_INLINE W VM(Tanh)(W x)
{
  const W a = VM(WMin)(C(TANH_ONE), VM(WAbs)(x)), e = VM(Expm1)(VM(WAdd)(a, a));
  return VM(WCopySign)(VM(WDiv)(e, VM(WAdd)(e, C(2))), x);
}
/* y / (1 + exp(-x)). With e = q 2^n = exp(-|x|): y / (1 + e) above zero, y e / (1 + e) below, where 2^n comes last: no early underflow. */
VM_INLINE W VM(Logistic)(W x, W y)
{
  W n;
  const W p = VM(Expm1Part)(VM(WMax)(C(EXP_LOW), VM(WSub)(C(0), VM(WAbs)(x))), C(0), &n);
  const W q = VM(WAdd)(p, C(1)), e = VM(WScale)(q, n);
  const W r = VM(WDiv)(VM(WIfLess)(x, C(0), VM(WMul)(q, y), y), VM(WAdd)(e, C(1)));
  return VM(WScale)(r, VM(WIfLess)(x, C(0), n, C(0)));
}
VM_INLINE W VM(Sigmoid)(W x) { return VM(Logistic)(x, C(1)); }
VM_INLINE W VM(Silu)(W x) { return VM(Logistic)(x, VM(WMax)(C(EXP_LOW), x)); }
/* max(x, 0) + log(1 + e), e = exp(-|x|); log(1 + e) = 2 atanh(z), z = e / (2 + e) */
VM_INLINE W VM(Softplus)(W x)
{
  const W e = VM(Exp)(VM(WSub)(C(0), VM(WAbs)(x))), z = VM(WDiv)(e, VM(WAdd)(e, C(2))),
          z2 = VM(WMul)(z, z);
  const W l = VM(WFma)(VM(WMul)(z, z2), VM_POLY(z2, VM(LOG)), VM(WAdd)(z, z));
  return VM(WAdd)(VM(WMax)(C(0), x), l);
}
/* x = m 2^k with m in [1/sqrt 2, sqrt 2): k ln 2 + 2 atanh(z), z = (m - 1) / (m + 1). Denormal numbers are scaled first. */
VM_INLINE W VM(Log)(W x)
{
  W m, k;
  VM_EACH
  {
    const V small = VM(IfLess)(x.v[u], VM(Set)(VM_TINY), VM(Set)(1), VM(Set)(0)),
            a = x.v[u] * VM(IfLess)(x.v[u], VM(Set)(VM_TINY), VM(Set)(VM_BIG), VM(Set)(1));
    const VI bits = (VI)a - VM_ROOT; /* the exponent field counts from 1/sqrt 2 */
    const VI e = bits >> VM_MANTISSA;
    m.v[u] = (V)((VI)a - (e << VM_MANTISSA));
    k.v[u] = ((V)((e + VM_BIAS) | (VI)VM(Set)(VM_UNIT)) - VM(Set)(VM_UNIT + VM_BIAS)) -
             small * VM(Set)(VM_MANTISSA + 2);
  }
  const W z = VM(WDiv)(VM(WSub)(m, C(1)), VM(WAdd)(m, C(1))), z2 = VM(WMul)(z, z);
  W l = VM(WFma)(VM(WMul)(z, z2), VM_POLY(z2, VM(LOG)), VM(WMul)(k, C(LN2_LOW)));
  l = VM(WFma)(k, C(LN2_HIGH), VM(WAdd)(VM(WAdd)(z, z), l));
  VM_EACH
  {
    const V v = x.v[u], inf = VM(Set)((VM_REAL)INFINITY);
    V r = VM(IfLess)(v, inf, l.v[u], v); /* infinity and NaN stay */
    r = VM(IfLess)(VM(Set)(0), v, r, VM(IfLess)(v, VM(Set)(0), VM(Set)((VM_REAL)NAN), r));
    l.v[u] = (V)(((VI)r & ~(v == VM(Set)(0))) | ((VI)(VM(Set)(0) - inf) & (v == VM(Set)(0))));
  }
  return l;
}
VM_INLINE W VM(Elu)(W x, VM_REAL alpha)
{
  const W e = VM(Expm1)(VM(WMax)(C(ONE_LOW), VM(WMin)(C(0), x)));
  return VM(WIfLess)(x, C(0), VM(WMul)(C(alpha), e), x);
}
/* scale a^2 exactly in two parts: negative arguments of exp lose no digits for large a. scale is a power of two. */
VM_INLINE W VM(SquareHigh)(W a, VM_REAL scale, W *low)
{
  const W h = VM(WHigh)(a);
  *low = VM(WMul)(VM(WMul)(VM(WSub)(a, h), VM(WAdd)(a, h)), C(scale));
  return VM(WMul)(VM(WMul)(h, h), C(scale));
}
/* exp(a^2) erfc(a) / root for a = x / root, x >= 0 */
VM_INLINE W VM(Erfcx)(W x, VM_REAL root)
{
  const W s = VM(WAdd)(x, C(root * ERFCX_K)), inv = VM(WDiv)(C(1), s);
  return VM(WMul)(inv, VM_POLY(VM(WMul)(VM(WSub)(x, C(root * ERFCX_K)), inv), VM(ERFCX)));
}
/* x Phi(x) = max(x, 0) - |x| erfc(|x| / sqrt 2) / 2: no cancellation on the left, where the result is small. */
VM_INLINE W VM(Gelu)(W x)
{
  const VM_REAL root = (VM_REAL)1.4142135623730951;
  const W a = VM(WMin)(C(GELU_END), VM(WAbs)(x));
  W low, n;
  const W square = VM(SquareHigh)(a, (VM_REAL).5, &low),
          p = VM(Expm1Part)(VM(WSub)(C(0), square), low, &n);
  const W c = VM(WMul)(VM(WMul)(a, C(root / 2)), VM(Erfcx)(a, root));
  return VM(WSub)(VM(WMax)(C(0), x), VM(WScale)(VM(WFma)(c, p, c), n));
}
VM_INLINE W VM(Erf)(W x)
{
  const W a = VM(WMin)(C(ERF_END), VM(WAbs)(x));
  W low, n;
  const W square = VM(SquareHigh)(a, 1, &low), p = VM(Expm1Part)(VM(WSub)(C(0), square), low, &n);
  const W c = VM(Erfcx)(a, 1), far = VM(WSub)(C(1), VM(WScale)(VM(WFma)(c, p, c), n));
  const W near = VM(WMul)(a, VM_POLY(VM(WMul)(a, a), VM(ERF)));
  return VM(WCopySign)(VM(WIfLess)(a, C(1), near, far), x);
}
VM_INLINE W VM(Relu)(W x) { return VM(WMax)(C(0), x); }
VM_INLINE W VM(Leaky)(W x, VM_REAL alpha) { return VM(WIfLess)(x, C(0), VM(WMul)(C(alpha), x), x); }
