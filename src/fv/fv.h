/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the finite-volume discretisation; shared by the files of this room only.

   State: cell averages [ncomp][nz][ny][nx] of this rank's block, no ghosts, padded at the end to a multiple of 16. Work array w: the primitive state
   [nprim][nz + 2g][ny + 2g][pitch] with g = 3 ghost cells in the directions of the mesh; interior rows start at 64-byte boundaries. Corners are never filled:
   every direction reads along its own line only.

   Options: disc_reconstruction (muscl | constant | ppm | weno5), disc_limiter (of muscl), disc_riemann, disc_positivity,
   boundary_FACE_type (mesh.h), boundary_FACE_NAME for every primitive NAME of a dirichlet face. */
#ifndef EDDY_FV_H
#define EDDY_FV_H
#include "disc.h"
#include "rows.h"

enum { EDDY_FV_GHOST = 3, EDDY_FV_TILE = 256, EDDY_FV_LINES = 16 };
enum { EDDY_FV_CLOSURE_SLOT = EDDY_MAX_LIST + 1, EDDY_FV_SLOTS };

/* Ghost layers that come from, or interior layers that go to, one rank: count layers from local index `at` on in direction dir. */
typedef struct {
  PetscMPIInt rank, tag;
  PetscInt dir, at, count;
  size_t offset; /* in the buffer [doubles] */
} EddyFvPiece;

/* Periodic neighbours and neighbours of a block; layers of one's own when a direction is not cut. */
typedef struct {
  PetscInt nrecv, nsend, ncopy;
  EddyFvPiece *recv, *send;
  struct {
    PetscInt dir, from, to;
  } * copy;
  double *in, *out;
  MPI_Request *request;
} EddyFvHalo;

typedef struct {
  EddyBoundary type[3][2];
  double value[3][2][EDDY_MAX_COMP]; /* primitive state of dirichlet faces */
} EddyFvFaces;

/* One line of faces as it moves through the block in y or z: what the last row of cells left behind. */
typedef struct {
  double *qm, *qp; /* [nprim][tile] face values of the last row */
  double *lo;      /* [ncomp][tile] flux through its low face, as it enters its own balance */
} EddyFvSlide;

typedef struct {
  PetscMPIInt rank, size;
  PetscInt ncomp, nprim, naux, dim;
  PetscInt ranks[3], coord[3], start[3], n[3]; /* block of this rank */
  PetscInt *cut[3];                            /* [ranks[d] + 1] first cells */
  size_t pitch, plane, comp, origin;           /* of w */
  size_t cells;                                /* of this rank */
  double *w, *aux;                             /* aux: [naux][nz][ny][nx] */
  double inv_dx[3], volume, nu[EDDY_MAX_COMP];
  PetscBool diffusive, positivity;
  double floor
      [EDDY_MAX_COMP]; /* face values of positive components stay above (or above the average) */
  EddyFvHalo halo;
  EddyFvFaces faces;
  const EddyFvRows *rows;
  EddyRecon recon;
  PetscInt reach; /* neighbours that recon uses without a limiter between them and the cell */
  EddyFvFlux flux[3];
  PetscInt lines; /* rows of a tile: all, in 3-D at most EDDY_FV_LINES */
  PetscInt tile;  /* cells of a row that are worked on together */
  size_t ts;      /* row stride of tile buffers */
  double *buffer; /* all tile buffers */
  double *out, *scale, *hl, *hr;
  EddyFvSlide x, y, fresh, *z; /* fresh: of the row just reconstructed */
  double *slot[EDDY_FV_SLOTS];
  size_t slot_size[EDDY_FV_SLOTS];
  PetscInt64 *chunk_offset, *chunk_count;
  PetscInt nchunk;
  char least[2][EDDY_MAX_NAME];       /* names of diagnostics */
  struct _p_EddyFvClosures *closures; /* NULL: none; closures.h */
  PetscBool learned, corrected;       /* some closure acts on face values, on fluxes */
  EddyDisc coarse[EDDY_MAX_LIST];     /* grids of filters, owned: no stepping, fields only */
  double *average;                    /* [ncomp][cells] of such a grid: the state averaged to it */
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

/* Cuts the box over the ranks so that the ghost surface is small; makes the lists of s->halo. Collective. */
PetscErrorCode EddyFvHaloCreate(EddyDisc d);
PetscErrorCode EddyFvHaloDestroy(EddyFv *s);
/* Ghosts of ncomp components of an array laid out like w, from neighbours. Collective. */
PetscErrorCode EddyFvHaloExchange(EddyDisc d, PetscInt ncomp, double *w);
/* Ghosts beyond the box of the primitive state, after the exchange. Not collective. */
void EddyFvFill(EddyDisc d, double *w);
/* Reads the boundary conditions. */
PetscErrorCode EddyFvFacesCreate(EddyDisc d, EddyOptions o);

/* w of a state, with all ghosts. Collective. */
PetscErrorCode EddyFvPrimitive(EddyDisc d, const double *u);
PetscErrorCode EddyFvSweepCreate(EddyDisc d);
void EddyFvSweepDestroy(EddyFv *s);
PetscErrorCode EddyFvRhs(EddyDisc d, const EddyStage *st, const double *u, double *f,
                         EddyStageKernel kernel, void *kctx);

PetscErrorCode EddyFvInitialise(EddyDisc d, EddyInitial ic, double *u);
PetscErrorCode EddyFvLoad(EddyDisc d, const PetscInt n[3], const double *data, double *u);
/* Fields of cells without ghosts; ready: w belongs to u already. Collective. */
PetscErrorCode EddyFvFields(EddyDisc d, PetscInt slot, const double *u, PetscBool ready,
                            PetscInt nfield, const char *const names[], EddyBlock blocks[]);
PetscErrorCode EddyFvGetFields(EddyDisc d, PetscInt slot, const EddyStage *st, const double *u,
                               const EddyFilter *filter, PetscInt nfield, const char *const names[],
                               EddyBlock blocks[]);
/* Refuses filters that are not averages over whole cells. */
PetscErrorCode EddyFvFilterCheck(EddyOptions o, const EddyBox *box);
/* The coarse grid of a filter and the averages of u on it (u NULL: none); both owned by d. Collective. */
PetscErrorCode EddyFvFilter(EddyDisc d, const EddyFilter *filter, const double *u, EddyDisc *coarse,
                            const double **average);
PetscErrorCode EddyFvFilterDestroy(EddyFv *s);
PetscErrorCode EddyFvDiagnostics(EddyDisc d, const EddyStage *st, const double *u, PetscInt max,
                                 const char *names[], double values[], PetscInt *n);
PetscErrorCode EddyFvFinite(EddyDisc d, const double *u, PetscBool *ok, char where[], size_t len);
PetscErrorCode EddyFvCourant(EddyDisc d, const EddyStage *st, const double *u, PetscReal *rate);
#endif
