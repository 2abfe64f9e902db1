/* SPDX-License-Identifier: BSD-3-Clause */
/* Transposes between columns (lanes = kx) and rows (lanes = y), compiled once per x86-64 level.
   For one block, row l of the group is 16 doubles in the column: re[8 kx], im[8 kx]. */
#include "fourier.h"
#include "vector.h"

static const double zeros[16] __attribute__((aligned(64))) = {0};

/* tile[l][16] (row l, re/im of 8 kx) -> out[8 kx][16] (re/im of 8 rows), by EDDY_VL tiles; out of kx = i at out + i * step. */
static inline __attribute__((always_inline)) void Transpose(const double *const src[8], double *out,
                                                            ptrdiff_t step, PetscInt n)
{
  for (int part = 0; part < 16; part += 8)
    for (int h = 0; h < 8; h += EDDY_VL)     /* kx */
      for (int g = 0; g < 8; g += EDDY_VL) { /* rows */
        EddyV t[EDDY_VL];
        for (int l = 0; l < EDDY_VL; ++l)
          t[l] = EddyVLoad(src[g + l] + part + h);
        EddyVTranspose(t);
        for (int i = 0; i < EDDY_VL; ++i)
          if (h + i < n)
            EddyVStore(out + (h + i) * step + part + g, t[i]);
      }
}

static void RowLoad(PetscInt nblock, PetscInt Kx, PetscInt nx, const double *const *base,
                    size_t side, const PetscInt rows[8], double *z)
{
  for (PetscInt b = 0; b < nblock; ++b) {
    const PetscInt k = 8 * b, n = Kx - k < 8 ? Kx - k : 8;
    const double *src[8], *neg[8];
    for (int l = 0; l < 8; ++l) {
      src[l] = rows[l] < 0 ? zeros : base[b] + 16 * (size_t)rows[l];
      neg[l] = rows[l] < 0 ? zeros : base[b] + side + 16 * (size_t)rows[l];
    }
    if (n == 8 && k) {
      Transpose(src, z + 16 * k, 16, 8);
      Transpose(neg, z + 16 * (nx - k), -16, 8);
    } else { /* first block: -0 does not exist and would land on +0; last block: some lanes are empty */
      double tile[128] __attribute__((aligned(64)));
      Transpose(src, z + 16 * k, 16, n);
      Transpose(neg, tile, 16, 8);
      for (PetscInt i = 0; i < n; ++i)
        if (k + i)
          memcpy(z + 16 * (nx - k - i), tile + 16 * i, 16 * sizeof(double));
    }
  }
  memset(z + 16 * Kx, 0, (size_t)(nx - 2 * Kx + 1) * 16 * sizeof(double));
}

/* out[l] (row l) gets re/im of 8 kx from z; kx = i at z + i * step; lanes i >= n are zero. */
static inline __attribute__((always_inline)) void
TransposeBack(const double *z, ptrdiff_t step, PetscInt n, double scale, double *const out[8])
{
  for (int part = 0; part < 16; part += 8)
    for (int g = 0; g < 8; g += EDDY_VL)     /* rows */
      for (int h = 0; h < 8; h += EDDY_VL) { /* kx */
        EddyV t[EDDY_VL];
        for (int i = 0; i < EDDY_VL; ++i)
          t[i] = scale * EddyVLoad(h + i < n ? z + (h + i) * step + part + g : zeros);
        EddyVTranspose(t);
        for (int l = 0; l < EDDY_VL; ++l)
          if (out[g + l])
            EddyVStore(out[g + l] + part + h, t[l]);
      }
}

static void RowStore(PetscInt nblock, PetscInt Kx, PetscInt nx, double *const *base, size_t side,
                     const PetscInt rows[8], double scale, const double *z)
{
  for (PetscInt b = 0; b < nblock; ++b) {
    const PetscInt k = 8 * b, n = Kx - k < 8 ? Kx - k : 8;
    double *dst[8], *neg[8];
    for (int l = 0; l < 8; ++l) {
      dst[l] = rows[l] < 0 ? NULL : base[b] + 16 * (size_t)rows[l];
      neg[l] = rows[l] < 0 ? NULL : base[b] + side + 16 * (size_t)rows[l];
    }
    if (n == 8 && k) {
      TransposeBack(z + 16 * k, 16, 8, scale, dst);
      TransposeBack(z + 16 * (nx - k), -16, 8, scale, neg);
    } else {
      double tile[128] __attribute__((aligned(64)));
      TransposeBack(z + 16 * k, 16, n, scale, dst);
      for (PetscInt i = 0; i < n; ++i)
        memcpy(tile + 16 * i, z + 16 * (k + i ? nx - k - i : 0), 16 * sizeof(double));
      TransposeBack(tile, 16, n, scale, neg);
    }
  }
}

/* A field alone, rows a (lanes 0..7 of a group) and b (8..15): z(k) = a(k) + i b(k), z(-k) = conj a(k) + i conj b(k).
   One tile, out of kx = i at out + i * step: a + b when sum, a - b else. */
static inline __attribute__((always_inline)) void TransposeBoth(const double *const a[8], size_t pa,
                                                                const double *const b[8], size_t pb,
                                                                int sum, double *out,
                                                                ptrdiff_t step, PetscInt n)
{
  for (int h = 0; h < 8; h += EDDY_VL)     /* kx */
    for (int g = 0; g < 8; g += EDDY_VL) { /* rows */
      EddyV t[EDDY_VL];
      for (int l = 0; l < EDDY_VL; ++l) {
        const EddyV x = EddyVLoad(a[g + l] + pa + h), y = EddyVLoad(b[g + l] + pb + h);
        t[l] = sum ? x + y : x - y;
      }
      EddyVTranspose(t);
      for (int i = 0; i < EDDY_VL; ++i)
        if (h + i < n)
          EddyVStore(out + (h + i) * step + g, t[i]);
    }
}

static void LoneLoad(PetscInt Kx, PetscInt nx, const double *const *base, const PetscInt rows[16],
                     double *z)
{
  for (PetscInt k = 0; k < Kx; k += 8) {
    const PetscInt n = Kx - k < 8 ? Kx - k : 8;
    const double *a[8], *b[8], *in = base[k / 8];
    double tile[128] __attribute__((aligned(64)));
    for (int l = 0; l < 8; ++l) {
      a[l] = rows[l] < 0 ? zeros : in + 16 * (size_t)rows[l];
      b[l] = rows[8 + l] < 0 ? a[l] : in + 16 * (size_t)rows[8 + l];
    }
    TransposeBoth(a, 0, b, 8, 0, z + 16 * k, 16, n);
    TransposeBoth(a, 8, b, 0, 1, z + 16 * k + 8, 16, n);
    const int whole = n == 8 && k;
    double *minus = whole ? z + 16 * (nx - k) : tile + 16 * 7;
    TransposeBoth(a, 0, b, 8, 1, minus, -16, n);
    TransposeBoth(b, 0, a, 8, 0, minus + 8, -16, n);
    for (PetscInt i = k ? 0 : 1; i < n && !whole; ++i)
      memcpy(z + 16 * (nx - k - i), minus - 16 * i, 16 * sizeof(double));
    for (PetscInt i = 0; i < n; ++i) /* real */
      for (int l = 0; l < 8 && (k + i == 0 || 2 * (k + i) == nx); ++l)
        z[16 * (k + i) + l] = a[l][i], z[16 * (k + i) + 8 + l] = b[l][i];
  }
  if (2 * Kx <= nx)
    memset(z + 16 * Kx, 0, (size_t)(nx - 2 * Kx + 1) * 16 * sizeof(double));
}

static void LoneStore(PetscInt Kx, PetscInt nx, double *const *base, const PetscInt rows[16],
                      double scale, const double *z)
{
  const double half = .5 * scale;
  for (PetscInt k = 0; k < Kx; k += 8) {
    const PetscInt n = Kx - k < 8 ? Kx - k : 8;
    /* a = (z(k) + conj z(-k)) / 2, b = (z(k) - conj z(-k)) / 2i */
    static const struct {
      int row, part, of, sum;
    } tile[4] = {{0, 0, 0, 1}, {0, 8, 8, 0}, {8, 0, 8, 1}, {8, 8, 0, -1}};
    for (int q = 0; q < 4; ++q)
      for (int g = 0; g < 8; g += EDDY_VL)     /* rows */
        for (int h = 0; h < 8; h += EDDY_VL) { /* kx */
          EddyV t[EDDY_VL];
          for (int i = 0; i < EDDY_VL; ++i) {
            if (h + i >= n) {
              t[i] = EddyVLoad(zeros);
              continue;
            }
            const PetscInt j = k + h + i;
            const EddyV x = EddyVLoad(z + 16 * j + tile[q].of + g),
                        y = EddyVLoad(z + 16 * (j ? nx - j : 0) + tile[q].of + g);
            t[i] = half * (tile[q].sum > 0 ? x + y : tile[q].sum < 0 ? y - x : x - y);
          }
          EddyVTranspose(t);
          for (int l = 0; l < EDDY_VL; ++l) {
            const PetscInt row = rows[tile[q].row + g + l];
            if (row >= 0)
              EddyVStore(base[k / 8] + 16 * (size_t)row + tile[q].part + h, t[l]);
          }
        }
  }
}

static void Rotate(PetscInt n, const double *root, int sign, double *z)
{
  for (PetscInt i = 0; i < 16 * n; i += 16)
    for (PetscInt l = i; l < i + 8; l += EDDY_VL) {
      const EddyV c = EddyVLoad(root + l),
                  s = sign < 0 ? -EddyVLoad(root + l + 8) : EddyVLoad(root + l + 8),
                  re = EddyVLoad(z + l), im = EddyVLoad(z + l + 8);
      EddyVStore(z + l, c * re - s * im);
      EddyVStore(z + l + 8, c * im + s * re);
    }
}

typedef double Unaligned __attribute__((vector_size(8 * EDDY_VL), aligned(8)));

static void PointsOut(PetscInt nx, const PetscInt *pos, PetscInt nrow, const double *z, double *out)
{
  const PetscInt whole = nrow == 8 ? nx / EDDY_VL * EDDY_VL : 0;
  for (PetscInt x = 0; x < whole; x += EDDY_VL)
    for (int g = 0; g < 8; g += EDDY_VL) {
      EddyV t[EDDY_VL];
      for (int i = 0; i < EDDY_VL; ++i)
        t[i] = EddyVLoad(z + 16 * (size_t)pos[x + i] + g);
      EddyVTranspose(t);
      for (int l = 0; l < EDDY_VL; ++l)
        *(Unaligned *)(out + (size_t)((g + l) * nx + x)) = t[l];
    }
  for (PetscInt l = 0; l < nrow; ++l)
    for (PetscInt x = whole; x < nx; ++x)
      out[(size_t)(l * nx + x)] = z[16 * (size_t)pos[x] + (size_t)l];
}

static void PointsIn(PetscInt nx, const PetscInt *pos, PetscInt nrow, const double *in, double *z)
{
  const PetscInt whole = nrow == 8 ? nx / EDDY_VL * EDDY_VL : 0;
  for (PetscInt x = 0; x < whole; x += EDDY_VL)
    for (int g = 0; g < 8; g += EDDY_VL) {
      EddyV t[EDDY_VL];
      for (int l = 0; l < EDDY_VL; ++l)
        t[l] = *(const Unaligned *)(in + (size_t)((g + l) * nx + x));
      EddyVTranspose(t);
      for (int i = 0; i < EDDY_VL; ++i)
        EddyVStore(z + 16 * (size_t)pos[x + i] + g, t[i]);
    }
  for (PetscInt l = 0; l < nrow; ++l)
    for (PetscInt x = whole; x < nx; ++x)
      z[16 * (size_t)pos[x] + (size_t)l] = in[(size_t)(l * nx + x)];
}

const EddyFourierKernels EDDY_SIMD(eddy_fourier_kernels) = {
    .RowLoad = RowLoad,
    .LoneLoad = LoneLoad,
    .LoneStore = LoneStore,
    .Rotate = Rotate,
    .PointsOut = PointsOut,
    .PointsIn = PointsIn,
    .RowStore = RowStore,
};
