/* SPDX-License-Identifier: BSD-3-Clause */
#include "manufactured.h"
#include <math.h>

PetscErrorCode EddyManufacturedCreate(EddyOptions o, EddyPhysics p, EddyManufactured *m)
{
  const PetscInt dim = p->box.dim;
  PetscInt waves[3] = {1, 1, 1};

  PetscFunctionBeginUser;
  m->physics = p;
  PetscCall(EddyOptionsReal(o, "physics_manufactured_amplitude",
                            "amplitude of the manufactured solution around means of 1 and 1/2",
                            "state", .1, 0, .4, &m->amplitude));
  PetscCall(EddyOptionsInts(o, "physics_manufactured_waves",
                            "waves per box of the manufactured solution", dim, 0, 1000, waves,
                            NULL));
  PetscCall(EddyOptionsReal(o, "physics_manufactured_omega",
                            "frequency of the manufactured solution; 0: steady", "1/T", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &m->omega));
  PetscCall(EddyOptionsReal(o, "physics_manufactured_phase", "its phase at t = 0", "1", 0,
                            -PETSC_MAX_REAL, PETSC_MAX_REAL, &m->phase));
  for (PetscInt d = 0; d < dim; ++d) {
    m->k[d] = 2 * PETSC_PI * (PetscReal)waves[d] / EddyBoxLength(&p->box, (int)d);
    m->lower[d] = p->box.lower[d];
  }
  for (PetscInt q = 0; q < p->ncomp; ++q) {
    m->mean[q] = .5;
    for (PetscInt c = 0; c < p->npositive; ++c)
      if (p->positive[c] == q)
        m->mean[q] = 1;
    for (PetscInt d = 0; d < dim; ++d)
      m->shift[q][d] = .3 + 1.1 * (PetscReal)q + .7 * (PetscReal)d + .4 * (PetscReal)(q * d);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyManufacturedState(const EddyManufactured *m, const PetscReal x[3], PetscReal t,
                           PetscReal u[])
{
  const EddyPhysics p = m->physics;
  PetscReal w[EDDY_MAX_COMP] = {0};
  for (PetscInt q = 0; q < p->ncomp; ++q) {
    PetscReal wave = m->amplitude;
    for (PetscInt d = 0; d < p->box.dim; ++d)
      wave *= sin(m->k[d] * (x[d] - m->lower[d]) + m->shift[q][d] -
                  (d == 0 ? m->omega * t + m->phase : 0));
    w[q] = m->mean[q] + wave;
  }
  if (p->ops->ToCons)
    p->ops->ToCons(p->ctx, w, u);
  else
    for (PetscInt q = 0; q < p->ncomp; ++q)
      u[q] = w[q];
}
