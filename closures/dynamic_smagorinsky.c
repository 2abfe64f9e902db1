/* SPDX-License-Identifier: BSD-3-Clause */
/* Dynamic Smagorinsky model [Germano1991, Lilly1992]: nu_e = C Delta^2 |S|, C from the resolved scales (germano.h).
   Options: closure_NAME_width (cells), average (global | local | positive), clip, largest (0.04 = 0.2^2). */
#include "germano.h"
#include <math.h>

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  PetscFunctionBeginUser;
  PetscCall(EddyGermanoOptions(c->ctx, o, prefix, .04));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* sqrt(2 S:S) */
static void Magnitude(PetscInt n, const double *const s[], double m[])
{
  for (PetscInt i = 0; i < n; ++i)
    m[i] =
        sqrt(2 * (s[0][i] * s[0][i] + s[1][i] * s[1][i] + s[2][i] * s[2][i] + s[3][i] * s[3][i]));
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  PetscFunctionBeginUser;
  PetscCall(EddyGermanoApply(c, c->ctx, 2, 1, Magnitude, in, out));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const needs[] = {"velocity", "strain", NULL};
const EddyClosureOps eddy_closure_dynamic_smagorinsky = {
    .name = "dynamic_smagorinsky",
    .summary = "eddy viscosity C Delta^2 |S|, C from the resolved scales",
    .reference = "Germano1991, Lilly1992",
    .ctx_size = sizeof(EddyGermano),
    .target = EDDY_TARGET_EDDY_VISCOSITY,
    .halo = 1,
    .needs = needs,
    .Create = Create,
    .SetUp = EddyGermanoSetUp,
    .Apply = Apply,
};
