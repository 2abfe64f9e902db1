/* SPDX-License-Identifier: BSD-3-Clause */
/* Body of net_kernels.c for one precision (VM_BITS 64 or 32): the matrix on a row or tile of cells, maps, loads and stores. */
#include "vmath.h"
#undef R
#undef MATRIX
#undef MAP
#undef LOAD
#undef STORE
#define R VM_REAL

/* m outputs by n vectors. */
#define MATRIX(m, n) \
  static void VM(Block##m##x##n)(const EddyNetMatrix *p, const R *restrict w, const R *restrict b, \
                                 const ptrdiff_t *restrict offset, const R *restrict x, \
                                 R *restrict y, ptrdiff_t ldy) \
  { \
    V acc[m][n]; \
    _Pragma("GCC unroll 8") for (int o = 0; o < m; ++o) \
        _Pragma("GCC unroll 8") for (int v = 0; v < n; ++v) acc[o][v] = VM(Set)(b[o]); \
    for (PetscInt k = 0; k < p->terms; ++k) { \
      const R *xk = x + offset[k]; \
      V c[n]; \
      _Pragma("GCC unroll 8") for (int v = 0; v < n; ++v) c[v] = *(const VU *)(xk + v * VM_LANES); \
      _Pragma("GCC unroll 8") for (int o = 0; o < m; ++o) \
      { \
        const V f = VM(Set)(w[k * m + o]); \
        _Pragma("GCC unroll 8") for (int v = 0; v < n; ++v) acc[o][v] = \
            VM(Fma)(f, c[v], acc[o][v]); \
      } \
    } \
    if (p->fused == EDDY_ACT_RELU) { \
      _Pragma("GCC unroll 8") for (int o = 0; o < m; ++o) \
          _Pragma("GCC unroll 8") for (int v = 0; v < n; ++v) acc[o][v] = \
              VM(Max)(VM(Set)(0), acc[o][v]); \
    } else if (p->fused == EDDY_ACT_LEAKY) { \
      const V a = VM(Set)((R)p->alpha); \
      _Pragma("GCC unroll 8") for (int o = 0; o < m; ++o) \
          _Pragma("GCC unroll 8") for (int v = 0; v < n; ++v) acc[o][v] = \
              VM(IfLess)(acc[o][v], VM(Set)(0), a * acc[o][v], acc[o][v]); \
    } \
    _Pragma("GCC unroll 8") for (int o = 0; o < m; ++o) \
            _Pragma("GCC unroll 8") for (int v = 0; v < n; ++v) * \
        (VU *)(y + o * ldy + v * VM_LANES) = acc[o][v]; \
  }
#define VU VM(VU)
#if MOST == 8
#define EACH_OUTPUT(F, n) F(1, n) F(2, n) F(3, n) F(4, n) F(5, n) F(6, n) F(7, n) F(8, n)
#define NAMES(n) \
  { \
    VM(Block1x##n), VM(Block2x##n), VM(Block3x##n), VM(Block4x##n), VM(Block5x##n), \
        VM(Block6x##n), VM(Block7x##n), VM(Block8x##n) \
  }
#else
#define EACH_OUTPUT(F, n) F(1, n) F(2, n) F(3, n) F(4, n)
#define NAMES(n) \
  { \
    VM(Block1x##n), VM(Block2x##n), VM(Block3x##n), VM(Block4x##n) \
  }
#endif
EACH_OUTPUT(MATRIX, 1)
EACH_OUTPUT(MATRIX, 2)
#if ACROSS == 3
EACH_OUTPUT(MATRIX, 3)
#endif

typedef void (*VM(Block))(const EddyNetMatrix *, const R *, const R *, const ptrdiff_t *, const R *,
                          R *, ptrdiff_t);
static const VM(Block) VM(blocks)[ACROSS][MOST] = {NAMES(1), NAMES(2),
#if ACROSS == 3
                                                   NAMES(3)
#endif
};

/* The row is cut into pieces of nearly equal numbers of vectors. */
static void VM(Matrix)(const EddyNetMatrix *m, PetscInt vectors, const ptrdiff_t *offset,
                       const void *px, void *py, ptrdiff_t ldy)
{
  const R *x = (const R *)px;
  R *y = (R *)py;
  for (PetscInt pieces = (vectors + ACROSS - 1) / ACROSS; pieces > 0; --pieces) {
    const PetscInt n = (vectors + pieces - 1) / pieces;
    const R *w = (const R *)m->weight, *b = (const R *)m->bias;
    for (PetscInt o = 0; o < m->out; o += MOST) {
      const PetscInt count = m->out - o < MOST ? m->out - o : MOST;
      VM(blocks)[n - 1][count - 1](m, w, b, offset, x, y + o * ldy, ldy);
      w += m->terms * count;
      b += count;
    }
    vectors -= n;
    x += n * VM_LANES;
    y += n * VM_LANES;
  }
}

/* Packs of VM_PACK vectors; the last one may be partly idle: expanded apart, since joining the two costs 5 % on full packs. y may be x. */
#define MAP(name, expr) \
  static void VM(Map##name)(double alpha, PetscInt vectors, const void *px, void *py) \
  { \
    const V *in = (const V *)px; \
    V *y = (V *)py; \
    for (PetscInt i = 0; i < vectors; i += VM_PACK) { \
      const PetscInt n = vectors - i; \
      W x; \
      if (n >= VM_PACK) { \
        VM_EACH x.v[u] = in[i + u]; \
        x = expr; \
        VM_EACH y[i + u] = x.v[u]; \
      } else { \
        VM_EACH x.v[u] = in[i + (u < n ? u : 0)]; \
        x = expr; \
        VM_EACH if (u < n) y[i + u] = x.v[u]; \
      } \
    } \
  }
static void VM(MapIdentity)(double alpha, PetscInt vectors, const void *px, void *py)
{
  if (px != py)
    memcpy(py, px, (size_t)vectors * sizeof(V));
}
MAP(Relu, VM(Relu)(x))
MAP(Leaky, VM(Leaky)(x, (R)alpha))
MAP(Tanh, VM(Tanh)(x))
MAP(Sigmoid, VM(Sigmoid)(x))
MAP(Gelu, VM(Gelu)(x))
MAP(Elu, VM(Elu)(x, (R)alpha))
MAP(Silu, VM(Silu)(x))
MAP(Softplus, VM(Softplus)(x))
MAP(Exp, VM(Exp)(x))
MAP(Erf, VM(Erf)(x))
MAP(Log, VM(Log)(x))

static void VM(Affine)(PetscInt vectors, double scale, double shift, void *py)
{
  V *y = (V *)py;
  const V a = VM(Set)((R)scale), b = VM(Set)((R)shift);
  for (PetscInt i = 0; i < vectors; ++i)
    y[i] = VM(Fma)(a, y[i], b);
}

/* A tile is one piece of the matrix, or a few where vectors are short. */
enum { VM(TILE) = ACROSS * VM_LANES * (VM_LANES < 8 ? 8 / VM_LANES : 1) };

/* Full tiles have a constant length: no loop overhead for small networks. */
#define EACH_CELL(n, what) \
  if (n == VM(TILE)) \
    for (PetscInt i = 0; i < VM(TILE); ++i) \
      what; \
  else \
    for (PetscInt i = 0; i < n; ++i) \
    what
#define LOAD(name, type) \
  static void VM(name)(const EddyNetCopy *copy, PetscInt n, const void *const *array, \
                       ptrdiff_t at, void *rows, ptrdiff_t ld) \
  { \
    for (PetscInt c = 0; c < copy->channels; ++c) { \
      const type *restrict src = (const type *)array[c] + at; \
      R *restrict dst = (R *)rows + c * ld; \
      if (n == \
          VM(TILE)) /* the next tile: many arrays at once are too much for the prefetcher of the processor */ \
        for (size_t i = 0; i < VM(TILE) * sizeof(type); i += 64) \
          _mm_prefetch((const char *)(src + VM(TILE)) + i, _MM_HINT_T0); \
      if (!copy->scale) { \
        EACH_CELL(n, dst[i] = (R)src[i]); \
      } else { \
        const double scale = copy->scale[c], shift = copy->shift[c]; \
        EACH_CELL(n, dst[i] = (R)(scale * (double)src[i] + shift)); \
      } \
    } \
  }
LOAD(LoadDouble, double)
LOAD(LoadFloat, float)
#define STORE(name, type) \
  static void VM(name)(const EddyNetCopy *copy, PetscInt n, void *const *array, ptrdiff_t at, \
                       const void *rows, ptrdiff_t ld) \
  { \
    for (PetscInt c = 0; c < copy->channels; ++c) { \
      const R *restrict src = (const R *)rows + c * ld; \
      type *restrict dst = (type *)array[c] + at; \
      if (n == VM(TILE)) \
        for (size_t i = 0; i < VM(TILE) * sizeof(type); i += 64) \
          __builtin_prefetch((char *)(dst + VM(TILE)) + i, 1); \
      if (copy->scale || copy->add) { \
        const double scale = copy->scale ? copy->scale[c] : 1, \
                     shift = copy->scale ? copy->shift[c] : 0; \
        if (copy->add) { \
          EACH_CELL(n, dst[i] = (type)((double)dst[i] + (scale * (double)src[i] + shift))); \
        } else { \
          EACH_CELL(n, dst[i] = (type)(scale * (double)src[i] + shift)); \
        } \
      } else { \
        EACH_CELL(n, dst[i] = (type)src[i]); \
      } \
    } \
  }
STORE(StoreDouble, double)
STORE(StoreFloat, float)

#undef VU
#undef EACH_OUTPUT
#undef NAMES
#undef EACH_CELL
