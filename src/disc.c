/* SPDX-License-Identifier: BSD-3-Clause */
/* Registry of discretisations (src/disc.def) and the states they work on. */
#include "disc.h"
#include <stdlib.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 1 << 21 };

#define EDDY_ROW(name) PetscErrorCode EddyDiscCreate_##name(EddyDisc d, EddyOptions o);
#include "disc.def"
#undef EDDY_ROW

#define EDDY_ROW(name) #name,
static const char *const names[] = {
#include "disc.def"
};
#undef EDDY_ROW

#define EDDY_ROW(name) EddyDiscCreate_##name,
static const EddyDiscCreateFn creators[] = {
#include "disc.def"
};
#undef EDDY_ROW

/* In the order of disc.def: whether a physics has this form, and whether faces of the box may be other than periodic. */
static PetscBool Offered(PetscInt type, EddyPhysics p)
{
  const PetscBool form[] = {p->kernels.ToReal ? PETSC_TRUE : PETSC_FALSE,
                            p->fv.ToPrim ? PETSC_TRUE : PETSC_FALSE};
  return form[type];
}
static const PetscBool periodic_only[] = {PETSC_TRUE, PETSC_FALSE};
static const PetscBool equal_cells_only[] = {PETSC_TRUE, PETSC_FALSE};

static PetscErrorCode CheckPair(EddyOptions o, PetscInt type, const EddyBox *box, EddyPhysics p)
{
  PetscFunctionBeginUser;
  EddyOptionsCheck(Offered(type, p), o, "disc_type",
                   "physics_type %s has no %s form; disc_type %s has", p->ops->name, names[type],
                   names[1 - type]);
  EddyOptionsCheck(!box->mapped || !equal_cells_only[type], o, "mesh_type",
                   "disc_type %s needs equal cells (mesh_type box); mapped grids are for %s",
                   names[type], names[1 - type]);
  for (PetscInt e = 0; e < box->dim; ++e)
    EddyOptionsCheck(box->periodic[e] || !periodic_only[type], o, "disc_type",
                     "%s needs periodic faces, but boundary_%cmin_type is another", names[type],
                     "xyz"[e]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiscCreate(MPI_Comm comm, EddyOptions o, const EddyBox *box, EddyPhysics p,
                              PetscInt nforcing, EddyForcing *forcing, PetscInt nclosure,
                              EddyClosure *closure, EddyDisc *disc)
{
  EddyDisc d;
  PetscInt type;
  PetscBool catalogue;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsChoice(
      o, "disc_type", "discretisation; default: the first that the physics has", names,
      (PetscInt)(sizeof names / sizeof *names), catalogue || Offered(0, p) ? 0 : 1, &type));
  if (!catalogue)
    PetscCall(CheckPair(o, type, box, p));
  PetscCall(PetscNew(&d));
  *disc = d;
  d->comm = comm;
  d->physics = p;
  if (p)
    d->level = p->level;
  if (box)
    d->box = *box;
  d->nforcing = nforcing;
  d->forcing = forcing;
  d->nclosure = nclosure;
  d->closure = closure;
  for (PetscInt i = 0; i < nforcing && !catalogue; ++i)
    EddyOptionsCheck(!forcing[i]->ops->State || !periodic_only[type], o, "physics_forcing_list",
                     "%s is for finite volumes: disc_type fv", forcing[i]->ops->name);
  if (catalogue)
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
      PetscCall(creators[i](d, o));
  else
    PetscCall(creators[type](d, o));
  EddyOptionsCheck(catalogue || !nclosure || d->ops->Commit, o, "closure_list",
                   "disc_type %s does not evaluate closures; -closure_type none switches them off",
                   d->ops->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiscDestroy(EddyDisc *d)
{
  PetscFunctionBeginUser;
  if (!*d)
    PetscFunctionReturn(PETSC_SUCCESS);
  if ((*d)->ops)
    PetscCall((*d)->ops->Destroy(*d));
  PetscCall(PetscFree(*d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiscCreateState(EddyDisc d, double **u)
{
  const size_t bytes = PetscMax(64, d->size * sizeof(double)),
               page = bytes < 2 * LARGE_PAGE ? 64 : LARGE_PAGE,
               whole = (bytes + page - 1) / page * page;
  PetscFunctionBeginUser;
  *u = (double *)aligned_alloc(page, whole);
  PetscCheck(*u, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory: %.3g MB for a state",
             (double)bytes / 1e6);
#ifdef MADV_HUGEPAGE
  if (page == LARGE_PAGE) /* a wish: fewer misses of the page table */
    (void)madvise(*u, whole, MADV_HUGEPAGE);
#endif
  memset(*u, 0, whole);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiscDestroyState(double **u)
{
  PetscFunctionBeginUser;
  free(*u);
  *u = NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}
