/* SPDX-License-Identifier: BSD-3-Clause */
/* Decaying 2-D turbulence [McWilliams1984]: stream function of random phases with
     |psi_k|^2 = C k^slope / (1 + (k/peak)^4),   slope -1, peak 6 (k in waves per L_x), k < k_max,
   and C such that the energy sum_k k^2 |psi_k|^2 / 2 over these modes is `energy` (0.5). This is
   the formula of the article; the pyqg example draws k^-2 instead (slope: -2). The spectrum is cut
   at k_max (128) so that the energy is the same for every run that resolves the cut; a run that
   does not lacks the energy of the modes it cannot hold. */
#include "initial.h"
#include "reference.h"
#include <math.h>

typedef struct {
  PetscReal energy, peak, slope, k_max, scale;
} Ctx;

/* k^2 |psi_k| / sqrt(C): the modulus of the vorticity. */
static PetscReal Vorticity(EddyInitial ic, const EddyMode *k)
{
  const Ctx *c = ic->ctx;
  const PetscReal shell = EddyReferenceShell(&ic->physics->box, k);
  if (!(k->k2 > 0) || shell >= c->k_max)
    return 0;
  const PetscReal q = shell / c->peak;
  return k->k2 * sqrt(pow(shell, c->slope) / (1 + q * q * q * q));
}

static PetscErrorCode Create(EddyInitial ic, EddyOptions o)
{
  EddyInitialKey key;
  PetscBool catalogue;
  const EddyBox *box = &ic->physics->box;
  Ctx *c = ic->ctx;
  PetscReal sum = 0;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  EddyOptionsCheck(catalogue || ic->flow, o, EddyInitialOption(ic, "type", &key),
                   "mcwilliams is a start for 2-D flows, physics_type %s is not one",
                   ic->physics->ops->name);
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "energy", &key), "energy <|u|^2>/2", "L^2/T^2",
                            .5, 0, PETSC_MAX_REAL, &c->energy));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "peak", &key),
                            "wavenumber where the spectrum turns, in waves per box", "2 pi/L", 6,
                            .1, 1000, &c->peak));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "slope", &key),
                            "power of k in |psi|^2 below the peak", "1", -1, -10, 10, &c->slope));
  PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, "k_max", &key), "cut of the spectrum",
                            "2 pi/L", 128, 2, 1024, &c->k_max));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  const int kx = (int)ceil(c->k_max);
  const int ky = (int)ceil(c->k_max * EddyBoxLength(box, 1) / EddyBoxLength(box, 0));
  for (int i = -kx; i <= kx; ++i) {
    for (int j = -ky; j <= ky; ++j) {
      const EddyMode k = EddyModeMake(box, i, j, 0);
      sum += .5 * PetscSqr(Vorticity(ic, &k)) * k.inv_k2;
    }
  }
  c->scale = sum > 0 ? sqrt(c->energy / sum) : 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Mode(EddyInitial ic, const EddyMode *k, EddyComplex u[])
{
  const Ctx *c = ic->ctx;
  const PetscReal phase = 2 * PETSC_PI * EddyInitialUniform(ic, k, 0).re;
  const PetscReal a = c->scale * Vorticity(ic, k);
  u[ic->comp] = EddyC(a * cos(phase), a * sin(phase));
}

const EddyInitialOps eddy_initial_mcwilliams = {
    .name = "mcwilliams",
    .summary = "decaying 2-D turbulence with random phases",
    .reference = "McWilliams1984",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Mode = Mode,
};
