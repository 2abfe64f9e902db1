/* SPDX-License-Identifier: BSD-3-Clause */
/* Contract of a physics: one PDE  u_t + div F(u) = S(u) + L u, one file, one row in physics/list.def.

   A physics acts at a point of space or at a wavenumber; it holds no loop over cells, no MPI and no files.
   Physics files are compiled once per x86-64 level; the table is `const EddyPhysicsOps EDDY_SIMD(eddy_physics_NAME)`.

   Spectral form, three stages (DESIGN 3): ToReal (mode) -> inverse -> Product (point) -> forward -> FromHat (mode).
   Real fields travel in complex pairs: aux[2p] + i aux[2p+1] is one complex line. An equation with one field on both sides of Product has
   no pairs: two rows of the field share a line. Write the stages pointwise, then EDDY_SPECTRAL_KERNELS (or EDDY_FLUX_KERNELS / EDDY_SOURCE_KERNELS) from
   physics/spectral_kernels.h makes the row kernels next to them.
   Fourier convention: u(x) = sum_k uhat_k exp(i k.(x-lower)), the forward transform carries 1/N. */
#ifndef EDDY_PHYSICS_H
#define EDDY_PHYSICS_H
#include "options.h"

#define EDDY_PHYSICS_ABI 2

/* A wavenumber: physical k [1/L], |k|^2 and 1/|k|^2 (0 at k = 0). Integer index ik. */
typedef struct {
  double k[3], k2, inv_k2;
  int ik[3];
} EddyMode;

typedef struct _p_EddyPhysics *EddyPhysics;

/* Eight neighbouring kx (lanes) times all retained ky (rows): see src/spectral/fourier.h for the layout. */
typedef struct {
  PetscInt rows;         /* M = 2 Ky - 1 retained ky, in FFT order 0..Ky-1, -(Ky-1)..-1 */
  PetscInt line;         /* transform length of a column (ny of the transform grid) */
  PetscInt lanes;        /* valid lanes, 1..8 */
  double kx[EDDY_LANES]; /* physical kx of each lane (0 in unused lanes) */
  const double *ky;      /* [rows] physical ky */
  size_t comp_stride;    /* doubles between components of u and f */
  size_t pair_stride;    /* doubles between pairs of plus and minus */
} EddyModeBlock;

/* Made by the macros; one table per registered physics and level. u, f: [ncomp][rows][2][8]; plus, minus:
   [pairs][line][2][8] in natural order of ky with the lines of +kx and -kx; z: [pairs][n][2][8] points.
   One field alone: plus is its column, minus is not used, both halves of z are points of it. */
typedef struct {
  void (*ToReal)(const void *ctx, const EddyModeBlock *b, const double *u, double *plus,
                 double *minus);
  void (*Product)(const void *ctx, PetscInt n, size_t pair_stride, double *z);
  void (*FromHat)(const void *ctx, const EddyModeBlock *b, const double *plus, const double *minus,
                  double *f);
  /* max over n x 8 points of sum_d |speed_d| / dx_d, from z as ToReal left it after the inverse; NULL if there is no Courant number */
  double (*Courant)(const void *ctx, PetscInt n, size_t pair_stride, const double *z,
                    const double inv_dx[3]);
} EddySpectralKernels;

/* Riemann solvers of the finite-volume engine (`disc_riemann`); a physics offers those it has a kernel for. */
typedef enum {
  EDDY_RIEMANN_HLLC,
  EDDY_RIEMANN_ROE,
  EDDY_RIEMANN_HLL,
  EDDY_RIEMANN_RUSANOV,
  EDDY_RIEMANN_COUNT
} EddyRiemann;

/* Finite-volume form, made by the macros of physics/fv_kernels.h: rows of n cells or faces, component c of a row at c * stride.
   u: conserved state [ncomp], aux: static fields [naux], w: primitive state [nprim], which is what is reconstructed. */
typedef void (*EddyFvFlux)(const void *ctx, PetscInt n, size_t qs, const double *l, const double *r,
                           size_t fs, double *fl, double *fr);
/* The same through faces of any direction, times their area: normal[dim + 1] is the unit normal, then the area (component d at d * ns). */
typedef void (*EddyFvFluxNormal)(const void *ctx, PetscInt n, size_t qs, const double *l,
                                 const double *r, size_t ns, const double *normal, size_t fs,
                                 double *fl, double *fr);

/* What viscous fluxes are made of at n faces normal to direction dir: mean[nprim] is the primitive state there; grad[q * dim + e] the derivative along e of the
   velocity components q < dim, and of the temperature (q = dim) and the scalars (q > dim), of which only e == dir is set; nut: kinematic eddy viscosity
   [L^2/T] or NULL; isotropic: trace of the subgrid stress per density [L^2/T^2] or NULL, only with nut. */
typedef struct {
  size_t ms, gs;
  const double *mean, *grad, *nut, *isotropic;
} EddyFvFaceRows;

typedef struct {
  void (*ToPrim)(const void *ctx, PetscInt n, size_t us, const double *u, size_t as,
                 const double *aux, size_t ws, double *w);
  /* Flux from the states l, r left and right of n faces normal to direction dir: Flux[solver][dir]. fl enters the balance of the cell left of
     a face, fr that of the right one; physics without two_sided write fl only. */
  EddyFvFlux Flux[EDDY_RIEMANN_COUNT][3];
  PetscBool two_sided;
  /* max over n cells of sum_d |fastest speed_d| inv_dx[d] */
  double (*Rate)(const void *ctx, PetscInt n, size_t ws, const double *w, const double inv_dx[3]);
  /* Optional. Source inside a cell from its own face values qm (low face) and qp (high face) in direction dir, added to f. */
  void (*Source[3])(const void *ctx, PetscInt n, size_t qs, const double *qm, const double *qp,
                    double inv_dx, size_t fs, double *f);
  /* Optional. Source of a cell that needs no neighbours (rotation, friction, reaction) at time t of a step dt, added to f, which holds all other terms:
     a stiff source may weigh them too. */
  void (*CellSource)(const void *ctx, PetscInt n, double t, double dt, size_t ws, const double *w,
                     size_t as, const double *aux, size_t fs, double *f);
  /* Optional, for disc_variables characteristic: differences of the first nwave primitive fields to cell i, of its neighbours -reach .. reach in direction dir, as amplitudes of
     waves with the eigenvectors at cell i: v[(k + reach) * nwave + q][i], rows vs apart; and back: face values qm, qp from their amplitudes, in place. */
  PetscInt nwave;
  void (*ToWaves[3])(const void *ctx, PetscInt n, ptrdiff_t step, PetscInt reach, size_t ws,
                     const double *w, size_t vs, double *v);
  void (*FromWaves[3])(const void *ctx, PetscInt n, size_t ws, const double *w, size_t qs,
                       double *qm, double *qp);
  /* Optional, for disc_positivity: scale[n] is what it was where the average less the mean of its face values, 3 u - u(qm) - u(qp), is admissible [Berthon2006],
     elsewhere at most the part of the distance of the face values from the average at which it should be. */
  void (*Star)(const void *ctx, PetscInt n, size_t ws, const double *w, size_t qs, const double *qm,
               const double *qp, double *scale);
  /* Optional. Replaces face values that may not be used (dry cells, and cells that look further than `reach` neighbours and see dry ones); step: distance in
     memory of neighbours, reach: neighbours on each side that an unlimited reconstruction uses, 0 when none. */
  void (*Limit)(const void *ctx, PetscInt n, ptrdiff_t step, PetscInt reach, size_t ws,
                const double *w, size_t qs, double *qm, double *qp);
  /* For mapped grids; NULL: not offered there. speed[n] = fastest |speed| along the first axis. The engine turns the velocity of a state into the frame of a face and
     calls Flux[solver][0], Speed and, with the values at face and centre for the two ends of half a cell of length one, Source[0]. Physics with a
     vector must therefore look the same in every direction; set `axes` when an option breaks that. FluxNormal does the same in one kernel, faster, for physics without
     Source. Physics without a vector give SpeedNormal and FluxNormal instead (in 1-D neither is needed). */
  void (*Speed)(const void *ctx, PetscInt n, size_t ws, const double *w, double *speed);
  void (*SpeedNormal)(const void *ctx, PetscInt n, size_t ws, const double *w, size_t ns,
                      const double *normal, double *speed);
  EddyFvFluxNormal FluxNormal[EDDY_RIEMANN_COUNT];
  const char *axes; /* name of the option that gives axes a meaning beyond the vector, NULL: none */
  /* Optional, together: diffusive fluxes f[ncomp] of n faces as they enter u_t + div f = 0; temperature of n cells; largest diffusivity [L^2/T] over n cells. */
  void (*Viscous[3])(const void *ctx, PetscInt n, const EddyFvFaceRows *at, size_t fs, double *f);
  /* The same through faces of any direction, times their area, for mapped grids: normal[dim + 1] as for FluxNormal; of the temperature and the scalars grad[q * dim]
     is the derivative along the normal and the other rows are not read. */
  void (*ViscousNormal)(const void *ctx, PetscInt n, const EddyFvFaceRows *at, size_t ns,
                        const double *normal, size_t fs, double *f);
  void (*Temperature)(const void *ctx, PetscInt n, size_t ws, const double *w, double *out);
  double (*Diffusivity)(const void *ctx, PetscInt n, size_t ws, const double *w);
  double
      eddy_diffusivity; /* with Viscous: the largest diffusivity that a unit of eddy viscosity brings */
  /* Optional, with p->nbalance: source of n cells in direction dir from the equilibrium: cell[nbalance] its averages, lo and hi its values at the low and the
     high face, added to f; it cancels the fluxes of the equilibrium: inv_dx times the difference of the last component between hi and lo is the force of the
     equilibrium (mapped grids hand over a force and zero). */
  void (*Balance[3])(const void *ctx, PetscInt n, double inv_dx, size_t ws, const double *w,
                     const double *cell, const double *lo, const double *hi, size_t fs, double *f);
  /* Optional. Takes roundings out of the conserved state of n cells after every step (a depth of -1e-20). */
  void (*Tidy)(const void *ctx, PetscInt n, size_t us, double *u);
  /* Optional. A value of n cells whose largest over the box is the diagnostic p->extreme; -PETSC_MAX_REAL where there is none. */
  double (*Extreme)(const void *ctx, PetscInt n, size_t ws, const double *w);
} EddyFvKernels;

/* A field that follows from the primitive state of a cell: rows of p->derived. */
typedef struct {
  char name[EDDY_MAX_NAME], unit[EDDY_MAX_NAME];
  PetscInt rank; /* 0 or 1 (dim components) */
} EddyDerived;

typedef struct {
  int abi;
  const char *name, *summary, *equation, *reference;
  PetscInt dim_min, dim_max;
  PetscInt degree; /* of the non-linearity: 1 linear, 2 quadratic (2/3 rule), 3 cubic (1/2 rule) */
  size_t ctx_size; /* the Ctx that all pointwise functions get */
  /* Reads physics_* options into p->ctx, sets p->ncomp, p->comp, p->in_fields, p->out_fields, p->kernels. p->box is set. */
  PetscErrorCode (*Create)(EddyPhysics p, EddyOptions o);
  PetscErrorCode (*Destroy)(EddyPhysics p); /* optional, frees what ctx owns */
  /* Linear term at a wavenumber: L[ncomp]; even in ky. Includes viscosity, drag, dispersion. */
  void (*Symbol)(const void *ctx, const EddyMode *k, EddyComplex L[]);
  /* Optional. Velocity [dim] from the state at a wavenumber (for fields: velocity, gradients, strain). */
  void (*Velocity)(const void *ctx, const EddyMode *k, const EddyComplex u[], EddyComplex vel[]);
  /* Optional. Flux in direction n at a point, for finite volumes and the default spectral form. */
  void (*Flux)(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal n[3],
               const PetscReal u[], const PetscReal aux[], PetscReal f[]);
  /* Optional. Source at a point. */
  void (*Source)(const void *ctx, const PetscReal x[3], PetscReal t, const PetscReal u[],
                 PetscReal s[]);
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
  double (*Injection)(const void *ctx, const EddyMode *k, const EddyComplex u[],
                      const EddyComplex f[]);
  /* Optional, for finite volumes: static fields aux[naux] at a point (bathymetry), conserved from primitive state, and the values of all derived fields
     of a cell one after another. */
  void (*Aux)(const void *ctx, const PetscReal x[3], PetscReal aux[]);
  void (*ToCons)(const void *ctx, const PetscReal w[], PetscReal u[]);
  void (*Derive)(const void *ctx, const PetscReal w[], PetscReal out[]);
  /* Optional, for finite volumes: components of a cell that starts leave at zero, from the others. */
  void (*Begin)(const void *ctx, const PetscReal aux[], PetscReal u[]);
  /* Optional, for finite volumes: primitive state at rest that sources and fluxes keep as it is (hydrostatics). */
  void (*Equilibrium)(const void *ctx, const PetscReal x[3], PetscReal w[]);
  /* Optional, for finite volumes, together, with p->face_velocity: a given velocity is FlowScale(t) curl A of the vector potential A at a point (in 2-D A[2] is
     the stream function); |FlowScale| <= 1. */
  void (*Potential)(const void *ctx, const PetscReal x[3], PetscReal A[3]);
  PetscReal (*FlowScale)(const void *ctx, PetscReal t);
  /* Optional, for finite volumes. Further diagnostics: integrals over the box of functions of the primitive state of a cell. */
  PetscInt ncell_diag;
  const char *const *cell_diag;
  void (*CellDiag)(const void *ctx, const PetscReal w[], PetscReal out[]);
  /* Optional. L as diffusivities nu[ncomp] of the components, L u = nu lap u, for finite volumes; agrees with Symbol. */
  void (*Diffuse)(const void *ctx, PetscReal nu[]);
  /* Optional, for faces of the box in finite volumes (docs/cases.md, boundary).
     FarField: state beyond a characteristic face. n: outward normal; in: state of the cell inside; far[nprim]: the far field where given[q], in elsewhere; relax:
     small number (dx over the length of the box) for what is not given; ghost holds `in` on entry. Waves that enter are taken from far, those that leave from in.
     Complete: fields that follow from others, when only some of w are given: sets them and given; in: state of the cell inside.
     face_fields: names, NULL-terminated, of further fields that a face may fix, and how to read and set one in a primitive state. */
  void (*FarField)(const void *ctx, PetscInt nprim, const PetscReal n[3], const PetscReal in[],
                   const PetscReal far[], const PetscBool given[], PetscReal relax,
                   PetscReal ghost[]);
  void (*Complete)(const void *ctx, const PetscReal in[], PetscBool given[], PetscReal w[]);
  const char *const *face_fields;
  PetscReal (*FaceGet)(const void *ctx, PetscInt field, const PetscReal w[]);
  void (*FaceSet)(const void *ctx, PetscInt field, PetscReal value, PetscReal w[]);
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
  void *ctx;                               /* owned, ops->ctx_size bytes, zeroed */
  PetscInt ncomp;                          /* state components */
  char comp[EDDY_MAX_COMP][EDDY_MAX_NAME]; /* their names, e.g. "vorticity", "tracer_dye" */
  char unit[EDDY_MAX_COMP][EDDY_MAX_NAME];
  PetscInt in_fields,
      out_fields;              /* real fields before and after Product: even numbers, or both 1 */
  EddySpectralKernels kernels; /* ToReal NULL: no spectral form */
  /* Finite-volume form; fv.ToPrim NULL: none. */
  EddyFvKernels fv;
  PetscInt nprim, naux, nderived;
  char prim[EDDY_MAX_COMP][EDDY_MAX_NAME], prim_unit[EDDY_MAX_COMP][EDDY_MAX_NAME];
  char total
      [EDDY_MAX_COMP]
      [EDDY_MAX_NAME]; /* names of the integrals of the state over the box; "": mean is reported */
  char extreme[EDDY_MAX_NAME]; /* name of the diagnostic made by fv.Extreme */
  PetscInt vector; /* first component of the velocity in w and of the momentum in u; 0: none */
  PetscInt
      face_velocity; /* component of w that is, at a face, the velocity through it, from Potential; 0: none */
  PetscInt positive[2], npositive; /* components of w that must stay positive */
  PetscReal least[2];              /* averages of these at or below it end the run */
  PetscReal floor; /* face values of these are kept above it by the positivity limiter */
  PetscInt
      scalar; /* first of the passive scalars, which end w and, times the density, u; 0: none */
  PetscInt balance[2],
      nbalance; /* components of w that are reconstructed as ratios to the equilibrium */
  EddyDerived derived[EDDY_MAX_LIST];
};

/* Reads physics_type and the options of that type. Collective. */
PetscErrorCode EddyPhysicsCreate(MPI_Comm comm, EddyOptions o, const EddyBox *box, EddyPhysics *p);
/* A given registered table (catalogue, tests). */
PetscErrorCode EddyPhysicsCreateFromOps(const EddyPhysicsOps *ops, EddySimdLevel level,
                                        EddyOptions o, const EddyBox *box, EddyPhysics *p);
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
static inline EddyComplex EddyCScale(double a, EddyComplex z)
{
  return (EddyComplex){a * z.re, a * z.im};
}
static inline EddyComplex EddyCTimesI(double a, EddyComplex z)
{
  return (EddyComplex){-a * z.im, a * z.re};
} /* i a z */
static inline EddyComplex EddyCAdd(EddyComplex a, EddyComplex b)
{
  return (EddyComplex){a.re + b.re, a.im + b.im};
}
static inline EddyComplex EddyCSub(EddyComplex a, EddyComplex b)
{
  return (EddyComplex){a.re - b.re, a.im - b.im};
}
static inline EddyComplex EddyCMul(EddyComplex a, EddyComplex b)
{
  return (EddyComplex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
static inline double EddyCDot(EddyComplex a, EddyComplex b)
{
  return a.re * b.re + a.im * b.im;
} /* Re conj(a) b */
#endif
