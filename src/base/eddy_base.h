/* SPDX-License-Identifier: BSD-3-Clause */
/* The only header that every file includes: errors and exit codes, SIMD levels, small value types.

   Errors. Functions return PetscErrorCode and are called through PetscCall. What a user can cause is raised
   with EDDY_ERR_INPUT (exit code 2), a failed solution with EDDY_ERR_SOLUTION (3), I/O with EDDY_ERR_IO (4).
   The program installs a handler that prints one line and ends all ranks (src/base/error.c). */
#ifndef EDDY_BASE_H
#define EDDY_BASE_H

#include <petscsys.h>
#include <stdint.h>

#ifndef PETSC_SUCCESS /* named from PETSc 3.19 on */
#define PETSC_SUCCESS 0
#endif

#define EDDY_VERSION "0.1.0"

enum {
  EDDY_EXIT_OK = 0,
  EDDY_EXIT_INPUT = 2,
  EDDY_EXIT_SOLUTION = 3,
  EDDY_EXIT_IO = 4,
  EDDY_EXIT_STOPPED = 5
};
#define EDDY_ERR_INPUT PETSC_ERR_USER_INPUT
#define EDDY_ERR_SOLUTION PETSC_ERR_CONV_FAILED
#define EDDY_ERR_IO PETSC_ERR_FILE_WRITE

/* Our own bugs; on in Debug builds (PetscAssert depends on how PETSc was packaged). */
#ifndef NDEBUG
#define EddyAssert(cond, comm, ...) \
  do { \
    if (PetscUnlikely(!(cond))) \
      SETERRQ(comm, PETSC_ERR_PLIB, __VA_ARGS__); \
  } while (0)
#else
#define EddyAssert(cond, comm, ...) ((void)0)
#endif

/* Hot files are compiled once per x86-64 level; their public tables carry the level in their name. */
#define EDDY_SIMD_PASTE2(name, level) name##_v##level
#define EDDY_SIMD_PASTE(name, level) EDDY_SIMD_PASTE2(name, level)
#ifdef EDDY_SIMD_LEVEL
#define EDDY_SIMD(name) EDDY_SIMD_PASTE(name, EDDY_SIMD_LEVEL)
#endif
typedef enum { EDDY_SIMD_V2 = 0, EDDY_SIMD_V3 = 1, EDDY_SIMD_V4 = 2 } EddySimdLevel;
/* Best level of this processor. Not collective. */
EddySimdLevel EddySimdDetect(void);
extern const char *const EddySimdNames[]; /* "v2", "v3", "v4" */

enum {
  EDDY_MAX_NAME = 64,
  EDDY_MAX_PATH = 1024,
  EDDY_MAX_LIST = 16,
  EDDY_MAX_COMP = 16,
  EDDY_LANES = 8
};

/* A value of a Fourier coefficient. Plain struct: C99 complex products would test for NaN in every lane. */
typedef struct {
  double re, im;
} EddyComplex;

/* Vertices of a mapped (curvilinear, structured) grid: i[d] from 0 to n[d], x in all three directions (0 in unused ones). Owned by the mesh. */
typedef struct {
  void (*Vertex)(const void *ctx, const PetscInt i[3], PetscReal x[3]);
  void *ctx;
} EddyVertices;

/* The box a problem lives in; value type, filled by mesh/. Unused directions have n = 1, extent 0..1. On a mapped grid n and periodic
   belong to the indices, lower and upper enclose the vertices. */
typedef struct {
  PetscInt dim, n[3];
  PetscReal lower[3], upper[3];
  PetscBool periodic[3];
  PetscBool wall[3][2];       /* low and high face: slip or no-slip; what files say of it */
  const EddyVertices *mapped; /* borrowed from the mesh; NULL: equal cells */
} EddyBox;
static inline PetscReal EddyBoxLength(const EddyBox *b, int d) { return b->upper[d] - b->lower[d]; }

/* Where and when a right-hand side, closure or forcing is evaluated. */
typedef struct {
  PetscReal t, dt;       /* time of this stage, size of this step */
  PetscInt64 step;       /* accepted steps so far */
  PetscInt stage;        /* 0 for the first stage of a step */
  uint64_t seed;         /* seed of the run or the ensemble */
  uint64_t row, attempt; /* trajectory in the ensemble, 0 for a single run */
} EddyStage;

typedef enum { EDDY_WHERE_CELL, EDDY_WHERE_NODE, EDDY_WHERE_MODE, EDDY_WHERE_SCALAR } EddyWhere;
typedef enum { EDDY_SYM_NONE, EDDY_SYM_SYMMETRIC, EDDY_SYM_ANTISYMMETRIC } EddySymmetry;

/* A real-space field on this rank: data is [ncomp][nz+2h][ny+2h][nx+2h], x fastest, h = halo (0 in unused
   directions). Extents n are global, start/count the part of this rank (count may be 0). Tensors of rank r in
   dim dimensions have ncomp = dim^r, components in row-major order (xx, xy, yx, yy). */
typedef struct {
  char name[EDDY_MAX_NAME], unit[EDDY_MAX_NAME];
  PetscInt rank, dim, ncomp, halo;
  EddySymmetry symmetry;
  EddyWhere where;
  PetscInt n[3], start[3], count[3];
  double *data;
} EddyBlock;

#endif
