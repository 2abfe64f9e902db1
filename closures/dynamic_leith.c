/* SPDX-License-Identifier: BSD-3-Clause */
/* Dynamic Leith model: nu_e = C Delta^3 |grad w|, C from the resolved scales (germano.h).
   Options: closure_NAME_width (cells), average (global | local | positive), clip, largest (0.125 = 0.5^3). */
#include "germano.h"
#include <math.h>

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  PetscFunctionBeginUser;
  PetscCall(EddyGermanoOptions(c->ctx, o, prefix, .125));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Magnitude(PetscInt n, const double *const g[], double m[])
{
  for (PetscInt i = 0; i < n; ++i)
    m[i] = sqrt(g[0][i] * g[0][i] + g[1][i] * g[1][i]);
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  PetscCall(EddyGermanoApply(c, c->ctx, 3, 2, Magnitude, in, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"velocity", "strain", "vorticity_gradient", NULL};
const EddyClosureOps eddy_closure_dynamic_leith = {
    .name = "dynamic_leith",
    .summary = "eddy viscosity C Delta^3 |grad w|, C from the resolved scales",
    .reference = "Germano1991, Leith1996",
    .ctx_size = sizeof(EddyGermano),
    .target = EDDY_TARGET_EDDY_VISCOSITY,
    .halo = 1,
    .needs = needs,
    .Create = Create,
    .SetUp = EddyGermanoSetUp,
    .Apply = Apply,
};
