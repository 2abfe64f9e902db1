/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures inside the finite-volume right-hand side; shared by closures*.c, the sweep and the fields.

   One evaluation at a state, after w has its ghosts:  derived fields of cells -> ghosts of any depth, with corners -> Apply, guards, into the closure's own block
   (held between its evaluations) -> values of faces with one layer of ghosts, from which the sweep takes rows.

   Targets. A cell owns the face on its high side in each direction; faces of the box that are not periodic are left to the scheme alone.
     flux                [dim][ncomp] added to the numerical flux through the face, or in its place: what leaves one cell enters the next, so sums are kept to rounding.
                         F = F_scheme + b F_closure, or (1 - b) F_scheme + b F_closure, with b = closure_NAME_blend, times 1 - weight where the closure is not trusted
     face_interpolation  [dim][2][S], S 4 or 6: weights of the S cells nearest to the face, added to what the reconstruction of the case gives, for the state on the low and on
                         the high side; the same for all primitive components. They are projected so that polynomials below degree face_order get nothing (1: constants, 2:
                         linear functions, ...), then the face value may be bounded (face_bound).
     eddy_viscosity      [1] nu_t of the cell, where the physics has viscous fluxes: adds rho nu_t to their viscosity (viscous.c); [2]: then the isotropic part of the stress per
                         density, tau_kk / rho, a third of which acts as a pressure
     coefficient         [1] in place of the constant of the next closure in the list that has one
   A value of zero leaves every bit of the scheme as it was.

   Mapped grids: neighbours are those along grid lines. A flux is per unit area, its vector along the axes of the box turned so that axis e of the direction is the normal of the face:
   on a grid of straight lines along the axes, what it is on a box of equal cells. */
#ifndef EDDY_FV_CLOSURES_H
#define EDDY_FV_CLOSURES_H
#include "closures_kernels.h"
#include "fv.h"

/* What this engine adds to a member. Blocks of faces: [q][nz + 2][ny + 2][nx + 2] doubles with one layer of ghosts in the directions of the mesh. */
typedef struct {
  double *ghosted;     /* [1 + nhistory][ncomp] blocks with ghosts */
  unsigned char *flip; /* [ncomp] bit e: changes sign in the mirror of a face normal to e */
  PetscInt nface; /* values of faces: those of `out`, with `replace` then one b per direction */
  double *face, *face_data; /* what the sweep reads; start of its allocation */
  PetscInt stencil;         /* S */
  double basis[3][6];       /* orthonormal polynomials that get nothing */
  PetscBool stale;          /* face does not belong to out */
} EddyFvMember;

typedef struct _p_EddyFvClosures {
  EddyClosureMembers all;
  EddyFvMember *of; /* [all.n] */
  PetscInt nfield;
  const char *name[EDDY_MAX_LIST];
  EddyBlock field[EDDY_MAX_LIST]; /* data is of the last evaluation */
  EddyBlock size; /* of cells of a mapped grid, see EddyClosure; data NULL on a box */
  const EddyFvLearned *kernels;
  double *nut,
      *isotropic; /* sums over closures, laid out like a component of w with one ghost; NULL: none */
  double now,
      most; /* largest of nut of this rank at the last evaluation, and since the last step */
  size_t pitch, plane, block; /* of blocks of faces: row, plane, component */
  PetscReal scale[2];         /* largest state and fastest speed at the start of step scale_step */
  PetscInt64 scale_step;
} EddyFvClosures;

PetscErrorCode EddyFvClosuresCreate(EddyDisc d, EddyOptions o);
PetscErrorCode EddyFvClosuresDestroy(EddyFv *s);
/** Ghosts of any depth in all directions, corners too. Collective.
    flip  [ncomp] as in EddyFvMember
    a     [ncomp][nz + 2 depth][ny + 2 depth][nx + 2 depth], interior given. Beyond a wall the mirror image, beyond other faces of the box that are not
          periodic the value of the nearest cell. */
PetscErrorCode EddyFvClosuresGhosts(EddyDisc d, PetscInt depth, PetscInt ncomp,
                                    const unsigned char flip[], double *a);

/* Evaluates what is due; w is ready. quiet: for an output, nothing is counted and nothing moves on. Collective. */
PetscErrorCode EddyFvClosuresEval(EddyDisc d, const EddyStage *st, const double *u,
                                  PetscBool quiet);
/* Face values qm, qp [nprim] (stride s->ts) of the n cells from w on, which lies in s->w, in direction dir. */
void EddyFvClosuresFace(const EddyFv *s, PetscInt n, int dir, const double *w, double *qm,
                        double *qp);
/* Changes the fluxes fl (and fr, unless it is fl or NULL) [ncomp] (stride s->ts) through the high faces of n cells from w on, in direction dir. g: those faces of a mapped grid (unit
   normal and area, see mapped.h), NULL on a box; vector: first component of momentum, 0 for none. */
void EddyFvClosuresFlux(const EddyFv *s, PetscInt vector, int dir, PetscInt n, const double *w,
                        const double *g, double *fl, double *fr);
/* Largest diffusivity of viscous and flux closures: of the eddy viscosity at the stages of the last step; before the first one, of this state. Collective. */
PetscErrorCode EddyFvClosuresDiffusivity(EddyDisc d, const EddyStage *st, const double *u,
                                         double *nu);
/* Output fields closure_out[_NAME], closure_flag[_NAME], closure_in[_NAME]_K. Collective. */
PetscErrorCode EddyFvClosuresField(EddyDisc d, const EddyStage *st, const double *u,
                                   const char *name, EddyBlock *b, PetscBool *found);
PetscErrorCode EddyFvClosuresVerdict(EddyDisc d, const EddyStage *st, EddyVerdict *v, char why[],
                                     size_t len);
PetscErrorCode EddyFvClosuresCommit(EddyDisc d, const EddyStage *st);
PetscErrorCode EddyFvClosuresSaved(EddyDisc d, PetscInt k, EddySaved *a);
#endif
