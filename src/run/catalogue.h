/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything that is registered, with the options it reads. */
#ifndef EDDY_CATALOGUE_H
#define EDDY_CATALOGUE_H
#include "options.h"

/* One registered thing: room ("physics"), name ("ns2d"), summary, and a table in catalogue mode with the options that it alone
   reads; borrowed. name is NULL for what a room reads whatever the type. */
typedef PetscErrorCode (*EddyCatalogueVisit)(void *ctx, const char *room, const char *name,
                                             const char *summary, EddyOptions table);
/* Visits all rooms in the order of a case; in a room first the types, then what is common to them. Collective. */
PetscErrorCode EddyCatalogueWalk(MPI_Comm comm, EddyCatalogueVisit visit, void *ctx);
#endif
