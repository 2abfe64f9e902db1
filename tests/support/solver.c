/* SPDX-License-Identifier: BSD-3-Clause */
#include "solver.h"
#include <string.h>

static void Load(Solver *s, void (*start)(const PetscReal x[3], PetscReal u[]))
{
  const EddyBox *b = &s->mesh->box;
  const PetscInt n = b->n[0] * b->n[1] * b->n[2];
  double *data;
  CK_PETSC(PetscCalloc1(n * s->p->ncomp, &data));
  for (PetscInt at = 0; at < n; ++at) {
    const PetscInt cell[3] = {at % b->n[0], at / b->n[0] % b->n[1], at / b->n[0] / b->n[1]};
    PetscReal x[3] = {0, 0, 0}, u[EDDY_MAX_COMP] = {0};
    for (int e = 0; e < (int)b->dim; ++e)
      x[e] = b->lower[e] + EddyBoxLength(b, e) * cell[e] / b->n[e];
    start(x, u);
    for (PetscInt c = 0; c < s->p->ncomp; ++c)
      data[c * n + at] = u[c];
  }
  CK_PETSC(s->d->ops->Load(s->d, b->n, data, s->u));
  CK_PETSC(PetscFree(data));
}

static Solver Make(MPI_Comm comm, const char *yaml,
                   void (*start)(const PetscReal x[3], PetscReal u[]), const EddyClosureOps *ops)
{
  Solver s = {.comm = comm, .st = {.seed = 7}};
  s.o = eddy_test_options(comm, yaml);
  CK_PETSC(EddyMeshCreate(comm, s.o, &s.mesh));
  CK_PETSC(EddyPhysicsCreate(comm, s.o, &s.mesh->box, &s.p));
  CK_PETSC(EddyForcingCreateList(comm, s.o, s.p, &s.nforcing, &s.forcing));
  CK_PETSC(EddyClosureCreateList(comm, s.o, &s.nclosure, &s.closure));
  if (ops) {
    CK_PETSC(PetscRealloc((size_t)(s.nclosure + 1) * sizeof *s.closure, &s.closure));
    memmove(s.closure + 1, s.closure, (size_t)s.nclosure++ * sizeof *s.closure);
    CK_PETSC(EddyClosureCreateFromOps(comm, s.o, ops, "c", "closure_c_", &s.closure[0]));
  }
  CK_PETSC(EddyDiscCreate(comm, s.o, &s.mesh->box, s.p, s.nforcing, s.forcing, s.nclosure,
                          s.closure, &s.d));
  CK_PETSC(EddyStepperCreate(s.o, s.d, &s.s));
  CK_PETSC(EddyDiscCreateState(s.d, &s.u));
  if (start)
    Load(&s, start);
  else {
    EddyInitial ic;
    const EddyRandomKey key = {.seed = 7};
    CK_PETSC(EddyInitialCreate(comm, s.o, s.p, &key, &ic));
    CK_PETSC(s.d->ops->Initialise(s.d, ic, s.u));
    CK_PETSC(EddyInitialDestroy(&ic));
  }
  return s;
}

Solver eddy_test_solver(MPI_Comm comm, const char *yaml,
                        void (*start)(const PetscReal x[3], PetscReal u[]))
{
  return Make(comm, yaml, start, NULL);
}
Solver eddy_test_solver_with(MPI_Comm comm, const char *yaml, const EddyClosureOps *ops)
{
  return Make(comm, yaml, NULL, ops);
}

void eddy_test_solver_end(Solver *s)
{
  CK_PETSC(EddyDiscDestroyState(&s->u));
  CK_PETSC(EddyStepperDestroy(&s->s));
  CK_PETSC(EddyDiscDestroy(&s->d));
  CK_PETSC(EddyClosureDestroyList(s->nclosure, &s->closure));
  CK_PETSC(EddyForcingDestroyList(s->nforcing, &s->forcing));
  CK_PETSC(EddyPhysicsDestroy(&s->p));
  CK_PETSC(EddyMeshDestroy(&s->mesh));
  CK_PETSC(EddyOptionsDestroy(&s->o));
}

void eddy_test_advance(Solver *s, PetscReal t_end, PetscInt64 n)
{
  const PetscReal dt = (t_end - s->st.t) / (PetscReal)n;
  for (PetscInt64 i = 0; i < n; ++i)
    CK_PETSC(EddyStepperStep(s->s, &s->st, dt, s->u));
  s->st.t = t_end;
}

PetscInt64 eddy_test_advance_cfl(Solver *s, PetscReal t_end, PetscReal cfl)
{
  PetscInt64 n = 0;
  while (s->st.t < t_end) {
    PetscReal rate;
    CK_PETSC(s->d->ops->Courant(s->d, &s->st, s->u, &rate));
    const PetscReal left = t_end - s->st.t, dt = PetscMin(cfl / rate, left);
    const PetscBool last = (PetscBool)(dt == left);
    CK_PETSC(EddyStepperStep(s->s, &s->st, dt, s->u));
    if (last)
      s->st.t = t_end;
    ++n;
  }
  return n;
}

double *eddy_test_field(Solver *s, const EddyFilter *filter, const char *name, PetscInt *n)
{
  EddyBlock b;
  CK_PETSC(s->d->ops->GetFields(s->d, 0, &s->st, s->u, filter, 1, &name, &b));
  const PetscInt whole = b.n[0] * b.n[1] * b.n[2];
  const double *from = b.data;
  double *all;
  CK_PETSC(PetscCalloc1(b.ncomp * whole, &all));
  for (PetscInt c = 0; c < b.ncomp; ++c)
    for (PetscInt k = b.start[2]; k < b.start[2] + b.count[2]; ++k)
      for (PetscInt j = b.start[1]; j < b.start[1] + b.count[1]; ++j, from += b.count[0])
        for (PetscInt i = 0; i < b.count[0]; ++i)
          all[c * whole + (k * b.n[1] + j) * b.n[0] + b.start[0] + i] = from[i];
  MPI_Allreduce(MPI_IN_PLACE, all, (int)(b.ncomp * whole), MPI_DOUBLE, MPI_SUM, s->comm);
  *n = b.ncomp * whole;
  return all;
}

double eddy_test_diagnostic(Solver *s, const char *name)
{
  const char *names[32];
  double values[32];
  PetscInt n;
  CK_PETSC(s->d->ops->Diagnostics(s->d, &s->st, s->u, 32, names, values, &n));
  for (PetscInt i = 0; i < n; ++i)
    if (!strcmp(names[i], name))
      return values[i];
  ck_abort_msg("no diagnostic %s", name);
  return 0;
}
