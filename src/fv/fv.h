/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the finite-volume discretisation; shared by the files of this room only.

   State: cell averages [ncomp][nz][ny][nx] of this rank's block, no ghosts, padded at the end to a multiple of 16. Work array w: the primitive state
   [nprim][nz + 2g][ny + 2g][pitch] with g = 3 ghost cells in the directions of the mesh; interior rows start at 64-byte boundaries. Corners are filled only when
   `corners` is set (viscous terms, shock switch): else every direction reads along its own line only.

   Options: disc_reconstruction (muscl | constant | ppm | weno5), disc_limiter (of muscl), disc_variables (primitive | characteristic), disc_riemann, disc_shock_switch, disc_positivity,
   boundary_FACE_* (faces.h). */
#ifndef EDDY_FV_H
#define EDDY_FV_H
#include "cell.h"
#include "disc.h"
#include "faces.h"
#include "mapped.h"
#include "rows.h"

enum { EDDY_FV_GHOST = 3, EDDY_FV_TILE = 256, EDDY_FV_LINES = 16, EDDY_FV_BAND = 8 };
enum { EDDY_FV_CLOSURE_SLOT = EDDY_MAX_LIST + 1, EDDY_FV_SLOTS };

/* Ghost layers that come from, or interior layers that go to, one rank: count layers from local index `at` on in direction dir. */
typedef struct {
  PetscMPIInt rank, tag;
  PetscInt dir, at, count;
  size_t offset; /* in the buffer [doubles] */
} EddyFvPiece;

/* Periodic neighbours and neighbours of a block; layers of one's own when a direction is not cut. */
typedef struct {
  PetscInt nrecv, nsend, ncopy, pending; /* pending: requests between Begin and End */
  EddyFvPiece *recv, *send;
  struct {
    PetscInt dir, from, to;
  } * copy;
  double *in, *out;
  MPI_Request *request;
} EddyFvHalo;

/* One line of faces as it moves through the block in y or z: what the last row of cells left behind. */
typedef struct {
  double *qm, *qp; /* [nprim][tile] face values of the last row */
  double *lo;      /* [ncomp][tile] flux through its low face, as it enters its own balance */
} EddyFvSlide;

/* Faces of a row of cells: rows of [tile], and the fluxes [ncomp][tile] of the faces just done, of low faces in y, and in z by line of a tile, which the row before left behind. */
typedef struct {
  double *mean, *grad, *nut, *isotropic, *flux, *y, **z, *buffer;
} EddyFvFaceStore;

/* Viscous terms (viscous.c). */
typedef struct {
  EddyFvFaceStore face; /* on equal cells */
  double *
      nut; /* kinematic eddy viscosity of cells, laid out like a component of w with its ghosts; NULL: none; borrowed */
  double *isotropic;    /* likewise, isotropic part of the subgrid stress per density */
  PetscInt temperature; /* component of w behind the primitive state */
} EddyFvViscous;

/* Equilibrium of the physics (balance.c): averages over cells, values at the low face of cells in every direction; laid out like w, [nbalance]. The ratios of the state to it are
   components of w from `ratio` on. */
typedef struct {
  double *cell, *face[3];
  double *force
      [3]; /* on mapped grids: what the fluxes of the equilibrium leave of each momentum, in the place of its last component */
  double *zero;
  PetscInt ratio;
} EddyFvBalance;

/* Sizes of the cells of a mapped grid (stretch.c): by direction 2 h_i / (h_i + h_{i-1}) of every cell, laid out like a component of w. */
typedef struct {
  EddyReconStretched recon;
  double *factor[3]; /* NULL: equal cells along this direction */
} EddyFvStretch;

typedef struct {
  PetscMPIInt rank, size;
  PetscInt ncomp, nprim, naux, dim;
  PetscInt ranks[3], coord[3], start[3], n[3]; /* block of this rank */
  PetscInt *cut[3];                            /* [ranks[d] + 1] first cells */
  size_t pitch, plane, comp, origin;           /* of w */
  size_t cells;                                /* of this rank */
  double *w, *aux;                             /* aux: [naux][nz][ny][nx] */
  double inv_dx[3], volume, nu[EDDY_MAX_COMP];
  PetscBool diffusive, positivity, corners;
  double kept;    /* Courant number up to which averages stay positive; 0: none is known */
  PetscInt nwork; /* components of w: primitive state, temperature, ratios */
  PetscInt from[EDDY_MAX_COMP]; /* component of w that is reconstructed for each primitive value */
  EddyFvViscous *viscous;       /* NULL: none */
  EddyFvBalance *balance;       /* NULL: none */
  double floor
      [EDDY_MAX_COMP]; /* face values of positive components stay above (or above the average) */
  EddyFvHalo halo;
  EddyFvFaces faces;
  const EddyFvRows *rows;
  EddyRecon recon;
  EddyFvStretch *stretch; /* muscl on cells of different size; NULL: recon */
  PetscInt reach; /* neighbours that recon uses without a limiter between them and the cell */
  EddyFvFlux flux[3];
  struct _p_EddyFvShock *shock; /* switch to HLL along strong shocks (shock.c); NULL: none */
  EddyFvMapped *mapped; /* NULL: a box of equal cells; volume is then that of a cell, otherwise 1 */
  const EddyFvMappedRows *turn;
  EddyFvFluxNormal flux_normal; /* of mapped grids, NULL: flux[0] in the frame of a face */
  PetscInt
      ahead; /* rows that the sweep is before the primitive state is made; 0: it is made at once */
  PetscInt band, bands; /* rows made together; bands of a plane */
  char *ready;          /* [nz][bands] */
  PetscInt lines;       /* rows of a tile: all, in 3-D at most EDDY_FV_LINES */
  PetscInt tile;        /* cells of a row that are worked on together */
  size_t ts;            /* row stride of tile buffers */
  double *buffer;       /* all tile buffers */
  double *
      waves; /* [2 stencil + 1][nprim][tile] amplitudes of waves, for characteristic variables; NULL: primitive ones */
  PetscInt stencil; /* neighbours on each side that recon reads */
  double *out, *scale, *hl, *hr;
  EddyFvSlide x, y, fresh, *z; /* fresh: of the row just reconstructed */
  double *slot[EDDY_FV_SLOTS];
  size_t slot_size[EDDY_FV_SLOTS];
  PetscInt64 *chunk_offset, *chunk_count;
  PetscInt nchunk;
  struct _p_EddyFvClosures *closures; /* NULL: none; closures.h */
  PetscBool learned, corrected;       /* some closure acts on face values, on fluxes */
  char least[2][EDDY_MAX_NAME];       /* names of diagnostics */
  PetscInt direct[2];             /* component of u that is this positive component of w, or -1 */
  EddyDisc coarse[EDDY_MAX_LIST]; /* grids of filters, owned: no stepping, fields only */
  double *average;                /* [ncomp][cells] of such a grid: the state averaged to it */
  EddyCoarseVertices vertices;    /* of such a grid, if mapped */
  double *low;   /* [dim] like components of w: given velocity through low faces; NULL: none */
  double flow;   /* factor of it at the time of this stage */
  double *force; /* [ncomp][nz][ny][nx] averages of the forcings at force_time; NULL: none */
  PetscReal force_time;
  PetscBool force_ready;
  PetscInt nmaximum; /* running maxima */
  struct {
    char field[EDDY_MAX_NAME];
    double *value; /* [nz][ny][nx] of this rank, owned */
  } maximum[EDDY_MAX_LIST];
} EddyFv;

static inline EddyFv *EddyFvGet(EddyDisc d) { return (EddyFv *)d->data; }
static inline size_t EddyFvCell(const EddyFv *s, PetscInt i, PetscInt j, PetscInt k)
{
  return ((size_t)k * (size_t)s->n[1] + (size_t)j) * (size_t)s->n[0] + (size_t)i;
}
/* Element of w of cell (i, j, k), component c. */
static inline size_t EddyFvWork(const EddyFv *s, PetscInt c, PetscInt i, PetscInt j, PetscInt k)
{
  return (size_t)((ptrdiff_t)((size_t)c * s->comp + s->origin) + i + j * (ptrdiff_t)s->pitch +
                  k * (ptrdiff_t)s->plane);
}

/* Extent of a ghost layer in direction e, which has lo[e] = 0 and n[e] = 1: the cells of the block, with corners also the ghosts of the
   directions before e. */
static inline void EddyFvLayer(const EddyFv *s, int e, PetscInt lo[3], PetscInt n[3])
{
  for (int q = 0; q < 3; ++q) {
    const PetscInt g = s->corners && q < e ? EDDY_FV_GHOST : 0;
    lo[q] = -g;
    n[q] = q == e ? 1 : s->n[q] + 2 * g;
  }
}
/* First element of a row of low faces in direction e, and of inverse volumes. */
static inline size_t EddyFvFaceRow(const EddyFv *s, int e, PetscInt j, PetscInt k)
{
  return ((size_t)k * (size_t)(s->n[1] + (e == 1)) + (size_t)j) * (size_t)(s->dim + 1) *
         s->mapped->pitch;
}
static inline size_t EddyFvVolumeRow(const EddyFv *s, PetscInt j, PetscInt k)
{
  return ((size_t)k * (size_t)s->n[1] + (size_t)j) * s->mapped->pitch;
}
/* Whole vectors: rows of the tile buffers, of w and of the geometry have room for it; what lies between the rows of w is 1. */
static inline PetscInt EddyFvWhole(PetscInt n) { return (n + 7) / 8 * 8; }

/* Cuts the box over the ranks so that the ghost surface is small; makes the lists of s->halo. Collective. */
PetscErrorCode EddyFvHaloCreate(EddyDisc d);
PetscErrorCode EddyFvHaloDestroy(EddyFv *s);
/* All ghosts of the first ncomp <= nprim components of the primitive state at time t: from neighbours, and beyond the box. Collective. */
PetscErrorCode EddyFvGhosts(EddyDisc d, double t, PetscInt ncomp, double *w);
/* The same in two parts, between which the rows that no rank waits for (EddyFvSendsRow) may still be written. With corners all is done at the end. Ghosts in x from the rank's own
   cells are WrapRow's, for each row while it is in cache. Collective. */
PetscErrorCode EddyFvGhostsBegin(EddyDisc d, PetscInt ncomp, double *w);
PetscErrorCode EddyFvGhostsEnd(EddyDisc d, double t, PetscInt ncomp, double *w);
/* In place of the second part, when the rim of the block is there and corners and x are not wanted: what needs no other rank, then the rest (collective). */
void EddyFvGhostsOwn(EddyDisc d, double t, double *w);
PetscErrorCode EddyFvGhostsOthers(EddyDisc d, double t, double *w);
void EddyFvWrapRow(const EddyFv *s, PetscInt ncomp, double *row);
PetscBool EddyFvSendsRow(const EddyFv *s, PetscInt j, PetscInt k);
/* Ghosts beyond the two faces of the box normal to direction e, after the exchange, on the tangential range [lo, hi) of local cells, which may reach into
   ghosts. lo[e], hi[e] are not looked at. Not collective. */
void EddyFvFillDirection(EddyDisc d, double t, int e, const PetscInt lo[3], const PetscInt hi[3],
                         double *w);
/* The patch that a cell at a face of the box (local indices) looks at, at time t. */
const EddyFvPatch *EddyFvPatchAt(const EddyFv *s, const EddyBox *box, double t, int e, int side,
                                 const PetscInt cell[3]);
/* Reads the boundary conditions. Collective. */
PetscErrorCode EddyFvFacesCreate(EddyDisc d, EddyOptions o);
PetscErrorCode EddyFvFacesDestroy(EddyFv *s);

/* w of a state, with all ghosts, at the time of a stage. Collective. */
PetscErrorCode EddyFvPrimitive(EddyDisc d, const EddyStage *st, const double *u);
/* The same in parts (primitive.c), where s->ahead says so. Create: stencil: neighbours on each side that a reconstruction reads. Begin: the rim; waiting: ghosts of other ranks
   come with End, both collective. Rows: makes rows j0 .. j1 - 1 of plane k, as far as they are of this block; not collective. */
PetscErrorCode EddyFvAheadCreate(EddyDisc d, PetscInt stencil);
PetscErrorCode EddyFvAheadBegin(EddyDisc d, const EddyStage *st, const double *u,
                                PetscBool *waiting);
PetscErrorCode EddyFvAheadEnd(EddyDisc d, const EddyStage *st);
void EddyFvAheadRows(EddyDisc d, const EddyStage *st, const double *u, PetscInt j0, PetscInt j1,
                     PetscInt k);
/* disc_shock_switch, when fluxes and buffers are there; `corners` was set before: cells along a face look along the face, ghosts too. Collective. */
PetscErrorCode EddyFvShockCreate(EddyDisc d, EddyOptions o);
PetscErrorCode EddyFvShockDestroy(EddyFv *s);
/* Softens the fluxes fl, fr of n faces of direction dir between w and the cells before it, l and r being the states on both sides. */
void EddyFvShockSoften(EddyFv *s, EddyPhysics p, int dir, PetscInt n, const double *w,
                       const double *l, const double *r, double *fl, double *fr);
PetscErrorCode EddyFvSweepCreate(EddyDisc d);
/* Reconstruct characteristic variables from now on. */
PetscErrorCode EddyFvSweepWaves(EddyFv *s, PetscInt stencil);
void EddyFvSweepDestroy(EddyFv *s);
PetscErrorCode EddyFvRhs(EddyDisc d, const EddyStage *st, const double *u, double *f,
                         EddyStageKernel kernel, void *kctx);

/* Viscous terms of n cells of a row, added to out: w points to the first cell, `line` counts rows of the tile, `first` is set for its first
   row in y and z. Begin: temperature of all cells, before. */
PetscErrorCode EddyFvViscousCreate(EddyDisc d);
PetscErrorCode EddyFvViscousDestroy(EddyFv *s);
void EddyFvViscousBegin(EddyDisc d);
void EddyFvViscousRow(EddyFv *s, EddyPhysics p, PetscInt n, const double *w, PetscInt line,
                      const PetscBool first[3], double *out, size_t os);

/* The same, and diffusion, on a mapped grid; cell: the first of the row (local indices). */
PetscErrorCode EddyFvMappedViscousCreate(EddyDisc d);
PetscErrorCode EddyFvMappedViscousDestroy(EddyFv *s);
void EddyFvMappedViscousRow(EddyDisc d, const EddyStage *st, PetscInt n, const PetscInt cell[3],
                            PetscInt line, const PetscBool first[3], double *out, size_t os);

/* Factors on a mapped grid; nothing on others. Collective. */
PetscErrorCode EddyFvStretchCreate(EddyDisc d, EddyReconStretched recon);
PetscErrorCode EddyFvStretchDestroy(EddyFv *s);

/* Equilibrium on the grid, from the physics. Collective. Begin: ratios of a state with ghosts. */
PetscErrorCode EddyFvBalanceCreate(EddyDisc d, EddyOptions o);
/* Forces of the equilibrium on a mapped grid, when the fluxes have been chosen; nothing on others. Collective. */
PetscErrorCode EddyFvBalanceForces(EddyDisc d);
void EddyFvBalanceDestroy(EddyFv *s);
void EddyFvBalanceBegin(EddyDisc d);
/* Face values of n cells from w on: from ratios to the state. Row: the source, added to out. */
void EddyFvBalanceFaces(const EddyFv *s, EddyPhysics p, PetscInt n, int dir, const double *w,
                        double *qm, double *qp);
void EddyFvBalanceRow(const EddyFv *s, EddyPhysics p, PetscInt n, const double *w, double *out,
                      size_t os);
/* Face values of n cells from w[0] on into qm and qp (stride ts), in direction dir; not collective. */
void EddyFvReconstruct(const EddyFv *s, EddyPhysics p, PetscInt n, int dir, const double *w,
                       double *qm, double *qp);
/* Rows j0 .. j0 + m - 1 of columns i0 .. i0 + n - 1 of a mapped block, through all of z. */
void EddyFvMappedTile(EddyDisc d, const EddyStage *st, PetscInt i0, PetscInt n, PetscInt j0,
                      PetscInt m, double *f, EddyStageKernel kernel, void *kctx);
/* Largest sum over directions of speed times area over volume in this block. Not collective. */
double EddyFvMappedRate(EddyDisc d, const double *u);
/* Geometry of a mapped grid, after the blocks are known; nothing on a box of equal cells. Collective. Errors: EDDY_ERR_INPUT naming a folded cell. */
PetscErrorCode EddyFvMappedCreate(EddyDisc d, EddyOptions o);
PetscErrorCode EddyFvMappedDestroy(EddyFv *s);
/* Walls that would not slide along themselves. Collective. */
PetscErrorCode EddyFvMappedWalls(EddyDisc d, EddyOptions o);
/* What mapped grids do not offer. */
PetscErrorCode EddyFvMappedCheck(EddyDisc d, EddyOptions o, PetscInt riemann);
/* Area vector of the low face in direction e of a cell (global indices; one past the last cell for the upper end) as length and direction n. */
PetscReal EddyFvUnitArea(const EddyBox *box, int e, const PetscInt face[3], PetscReal n[3]);
/* Where the values of any cell lie, one layer of ghosts beyond the box included (global indices). */
void EddyFvCentre(const EddyBox *box, const PetscInt cell[3], PetscReal x[3]);
/* mapped->border, and the face at the end of the grid line of a cell (local indices, up to EDDY_FV_GHOST outside of the block along the face) in direction e. */
PetscErrorCode EddyFvBordersCreate(EddyDisc d);
const EddyFvBorder *EddyFvBorderAt(const EddyFv *s, int e, int side, const PetscInt cell[3]);
/* Averages of nv functions over a mapped cell (global indices) by m x m x m points in [-1, 1] whose weights add up to 1. */
void EddyFvCellAverage(const EddyBox *box, const PetscInt cell[3], PetscInt m,
                       const PetscReal abscissa[], const PetscReal weight[],
                       void (*value)(void *ctx, const PetscReal x[3], PetscReal v[]), void *ctx,
                       PetscInt nv, PetscReal avg[]);
/* Gradient of one component of w in a cell from its faces (Green-Gauss with means of neighbours). */
void EddyFvMappedGradient(const EddyFv *s, PetscInt c, PetscInt i, PetscInt j, PetscInt k,
                          double g[3]);

/* Given velocity fields: made once; then the component p->face_velocity of face values of n cells from w on. */
PetscErrorCode EddyFvVelocityCreate(EddyDisc d);
void EddyFvVelocityFaces(const EddyFv *s, EddyPhysics p, PetscInt n, int dir, const double *w,
                         double *qm, double *qp);

/* Forcings: what disc_type fv has of them; averages over cells at time t, before the tiles; n cells from `at` on, added to out. */
PetscErrorCode EddyFvForceCreate(EddyDisc d, EddyOptions o);
void EddyFvForceBegin(EddyDisc d, PetscReal t);
void EddyFvForceRow(const EddyFv *s, PetscInt n, size_t at, double *out, size_t os);

/* Average of nc functions over a cell (global indices): four Gauss points per direction, or the centre alone (equal cells). */
typedef void (*EddyFvPoint)(void *ctx, const PetscReal x[3], PetscReal v[]);
void EddyFvBoxAverage(const EddyBox *box, const PetscInt cell[3], PetscBool centre, PetscInt nc,
                      EddyFvPoint at, void *ctx, PetscReal avg[]);
PetscErrorCode EddyFvInitialise(EddyDisc d, EddyInitial ic, double *u);
PetscErrorCode EddyFvLoad(EddyDisc d, const PetscInt n[3], const double *data, double *u);
/* Fields of cells without ghosts; ready: w belongs to u already. Collective. */
PetscErrorCode EddyFvFields(EddyDisc d, PetscInt slot, const EddyStage *st, const double *u,
                            PetscBool ready, PetscInt nfield, const char *const names[],
                            EddyBlock blocks[]);
PetscErrorCode EddyFvGetFields(EddyDisc d, PetscInt slot, const EddyStage *st, const double *u,
                               const EddyFilter *filter, PetscInt nfield, const char *const names[],
                               EddyBlock blocks[]);
/* Refuses filters that are not averages over whole cells. */
PetscErrorCode EddyFvFilterCheck(EddyOptions o, const EddyBox *box);
/* The coarse grid of a filter and the averages of u on it (u NULL: none); both owned by d. Collective. */
PetscErrorCode EddyFvFilter(EddyDisc d, const EddyFilter *filter, const double *u, EddyDisc *coarse,
                            const double **average);
PetscErrorCode EddyFvFilterDestroy(EddyFv *s);
/* A field of a cell; s->w holds the primitive state with ghosts of u. */
typedef struct {
  EddyField field;
  int kind;
} EddyFvValue;
PetscErrorCode EddyFvValueFind(EddyDisc d, const char *name, EddyFvValue *v);
void EddyFvValueAt(EddyDisc d, const EddyFvValue *v, const double *u, PetscInt i, PetscInt j,
                   PetscInt k, double out[]);

/* Running maxima (maxima.c): Create reads statistics_maximum; Add looks at a state whose primitive form is in s->w; Find: index of "max_NAME" or -1. */
PetscErrorCode EddyFvMaximaCreate(EddyDisc d, EddyOptions o);
PetscErrorCode EddyFvMaximaDestroy(EddyFv *s);
PetscErrorCode EddyFvMaximaAdd(EddyDisc d, const double *u);
PetscInt EddyFvMaximaFind(const EddyFv *s, const char *name);
PetscErrorCode EddyFvMaximaSaved(EddyDisc d, PetscInt k, EddySaved *a);
PetscErrorCode EddyFvDiagnostics(EddyDisc d, const EddyStage *st, const double *u, PetscInt max,
                                 const char *names[], double values[], PetscInt *n);
/* Whether every average of this rank's cells is positive where the physics wants it. Not collective. */
PetscBool EddyFvAdmissible(EddyDisc d, const double *u);
PetscErrorCode EddyFvFinite(EddyDisc d, const double *u, PetscBool *ok, char where[], size_t len);
/* The rate without closures, and with what they add to diffusion. Collective. */
PetscErrorCode EddyFvRate(EddyDisc d, const double *u, PetscReal *rate);
PetscErrorCode EddyFvCourant(EddyDisc d, const EddyStage *st, const double *u, PetscReal *rate);
#endif
