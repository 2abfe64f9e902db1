/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a physics: one PDE  u_t + div F(u) = S(u) + L u, one file, one row in physics/list.def.

   A physics acts at a point of space or at a wavenumber; it holds no loop over cells, no MPI and no files.
   Physics files are compiled once per x86-64 level; the table is `const EddyPhysicsOps EDDY_SIMD(eddy_physics_NAME)`.

   Spectral form, three stages (DESIGN 3): ToReal (mode) -> inverse -> Product (point) -> forward -> FromHat (mode).
   Real fields travel in complex pairs: aux[2p] + i aux[2p+1] is one complex line; a lone field leaves its partner
   zero. Write the stages pointwise, then EDDY_SPECTRAL_KERNELS (or EDDY_FLUX_KERNELS / EDDY_SOURCE_KERNELS) from
   physics/spectral_kernels.h makes the row kernels next to them.
   Fourier convention: u(x) = sum_k uhat_k exp(i k.(x-lower)), the forward transform carries 1/N. */
#ifndef EDDY_PHYSICS_H
#define EDDY_PHYSICS_H
#include "options.h"

#define EDDY_PHYSICS_ABI 1

/* A wavenumber: physical k [1/L], |k|^2 and 1/|k|^2 (0 at k = 0). Integer index ik. */
typedef struct {
  double k[3], k2, inv_k2;
  int ik[3];
} EddyMode;

typedef struct _p_EddyPhysics *EddyPhysics;

/* Eight neighbouring kx (lanes) times all retained ky (rows): see src/spectral/fourier.h for the layout. */
typedef struct {
  PetscInt rows;               /* M = 2 Ky - 1 retained ky, in FFT order 0..Ky-1, -(Ky-1)..-1 */
  PetscInt line;               /* transform length of a column (ny of the transform grid) */
  PetscInt lanes;              /* valid lanes, 1..8 */
  double kx[EDDY_LANES];       /* physical kx of each lane (0 in unused lanes) */
  const double *ky;            /* [rows] physical ky */
  size_t comp_stride;          /* doubles between components of u and f */
  size_t pair_stride;          /* doubles between pairs of plus and minus */
} EddyModeBlock;

/* Made by the macros; one table per registered physics and level. u, f: [ncomp][rows][2][8]; plus, minus:
   [pairs][line][2][8] in natural order of ky with the lines of +kx and -kx; z: [pairs][n][2][8] points. */
typedef struct {
  void (*ToReal)(const void *ctx, const EddyModeBlock *b, const double *u, double *plus, double *minus);
  void (*Product)(const void *ctx, PetscInt n, size_t pair_stride, double *z);
  void (*FromHat)(const void *ctx, const EddyModeBlock *b, const double *plus, const double *minus, double *f);
  /* max over n x 8 points of sum_d |speed_d| / dx_d, from z as ToReal left it after the inverse; NULL if there is no Courant number */
  double (*Courant)(const void *ctx, PetscInt n, size_t pair_stride, const double *z, const double inv_dx[3]);
} EddySpectralKernels;

typedef struct {
  int abi;
  const char *name, *summary, *equation, *reference;
  PetscInt dim_min, dim_max;
  PetscInt degree; /* of the non-linearity: 1 linear, 2 quadratic (2/3 rule), 3 cubic (1/2 rule) */
  size_t ctx_size; /* the Ctx that all pointwise functions get */
  /* Reads physics_* options into p->ctx, sets p->ncomp, p->comp, p->in_pairs, p->out_pairs, p->kernels. p->box is set. */
  PetscErrorCode (*Create)(EddyPhysics p, EddyOptions o);
  /* Linear term at a wavenumber: L[ncomp]; even in ky. Includes viscosity, drag, dispersion. */
  void (*Symbol)(const void *ctx, const EddyMode *k, EddyComplex L[]);
  /* Optional. Velocity [dim] from the state at a wavenumber (for fields: velocity, gradients, strain). */
  void (*Velocity)(const void *ctx, const EddyMode *k, const EddyComplex u[], EddyComplex vel[]);
  /* Optional. Flux in direction n at a point, for finite volumes and the default spectral form. */
  void (*Flux)(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3], const PetscReal u[], const PetscReal aux[], PetscReal f[]);
  /* Optional. Source at a point. */
  void (*Source)(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal u[], PetscReal s[]);
  /* Optional. Exact solution at a point for the initial condition named "exact" (verification). */
  void (*Exact)(const void *ctx, const PetscReal x[3], PetscReal t, PetscReal u[]);
  /* Diagnostics that are sums over modes (quadratic): names, and the value of one mode; the engine weighs conjugates and sums in fixed order. */
  PetscInt nmode_diag;
  const char *const *mode_diag;
  void (*ModeDiag)(const void *ctx, const EddyMode *k, const EddyComplex u[], double out[]);
  /* Diagnostics that are means over the box of a function of the state at a point (u: [ncomp] values, grad: [ncomp][dim]). */
  PetscInt npoint_diag;
  const char *const *point_diag;
  void (*PointDiag)(const void *ctx, const PetscReal u[], const PetscReal grad[], double out[]);
  /* Rate at which a forcing f (Fourier coefficient) changes the energy through this mode: energy injection. Optional. */
  double (*Injection)(const void *ctx, const EddyMode *k, const EddyComplex u[], const EddyComplex f[]);
  /* Names of the diagnostics that the equation keeps when inviscid and unforced (drift is reported); NULL-terminated, may be NULL. */
  const char *const *invariants;
  /* Targets of closures this equation accepts, by name (closures/closure.h); NULL-terminated, may be NULL: none. */
  const char *const *targets;
  /* Tendency of the state from a force g[dim] in the momentum equation, at a wavenumber: for targets that are a stress. */
  void (*Momentum)(const void *ctx, const EddyMode *k, const EddyComplex g[], EddyComplex out[]);
} EddyPhysicsOps;

struct _p_EddyPhysics {
  const EddyPhysicsOps *ops;
  EddySimdLevel level;
  EddyBox box;
  void *ctx;                              /* owned, ops->ctx_size bytes, zeroed */
  PetscInt ncomp;                         /* state components */
  char comp[EDDY_MAX_COMP][EDDY_MAX_NAME]; /* their names, e.g. "vorticity", "tracer_dye" */
  char unit[EDDY_MAX_COMP][EDDY_MAX_NAME];
  PetscInt in_pairs, out_pairs;           /* complex pairs before and after Product */
  EddySpectralKernels kernels;
};

/* Reads physics_type and the options of that type. Collective. */
PetscErrorCode EddyPhysicsCreate(MPI_Comm comm, EddyOptions o, const EddyBox *box, EddyPhysics *p);
/* A given registered table (catalogue, tests). */
PetscErrorCode EddyPhysicsCreateFromOps(const EddyPhysicsOps *ops, EddySimdLevel level, EddyOptions o, const EddyBox *box, EddyPhysics *p);
PetscErrorCode EddyPhysicsDestroy(EddyPhysics *p);
/* Registered tables of one level, NULL after the last. */
const EddyPhysicsOps *EddyPhysicsGetOps(EddySimdLevel level, PetscInt k);

/* Mode from integers; collects k2 and its inverse. */
static inline EddyMode EddyModeMake(const EddyBox *box, int ix, int iy, int iz)
{
  EddyMode m = {{0}, 0, 0, {ix, iy, iz}};
  for (int d = 0; d < (int)box->dim; ++d) {
    m.k[d] = 2 * PETSC_PI / (box->upper[d] - box->lower[d]) * m.ik[d];
    m.k2 += m.k[d] * m.k[d];
  }
  m.inv_k2 = m.k2 > 0 ? 1 / m.k2 : 0;
  return m;
}

/* Complex arithmetic for pointwise functions. */
static inline EddyComplex EddyC(double re, double im) { return (EddyComplex){re, im}; }
static inline EddyComplex EddyCScale(double a, EddyComplex z) { return (EddyComplex){a * z.re, a * z.im}; }
static inline EddyComplex EddyCTimesI(double a, EddyComplex z) { return (EddyComplex){-a * z.im, a * z.re}; } /* i a z */
static inline EddyComplex EddyCAdd(EddyComplex a, EddyComplex b) { return (EddyComplex){a.re + b.re, a.im + b.im}; }
static inline EddyComplex EddyCSub(EddyComplex a, EddyComplex b) { return (EddyComplex){a.re - b.re, a.im - b.im}; }
static inline EddyComplex EddyCMul(EddyComplex a, EddyComplex b) { return (EddyComplex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
static inline double EddyCDot(EddyComplex a, EddyComplex b) { return a.re * b.re + a.im * b.im; } /* Re conj(a) b */
#endif
