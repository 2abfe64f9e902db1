/* SPDX-License-Identifier: BSD-3-Clause */
/* A solver from a few lines of YAML, for tests of the engine: mesh, physics, forcings, closures, discretisation, stepper, state. */
#ifndef EDDY_TEST_SOLVER_H
#define EDDY_TEST_SOLVER_H
#include "stepper.h"
#include "support.h"

typedef struct {
  MPI_Comm comm;
  EddyOptions o;
  EddyMesh mesh;
  EddyPhysics p;
  PetscInt nforcing, nclosure;
  EddyForcing *forcing;
  EddyClosure *closure;
  EddyDisc d;
  EddyStepper s;
  EddyStage st;
  double *u;
} Solver;

/* initial_type is used when `start` is NULL; else start(x, u) gives the state at points. seed 7. */
Solver eddy_test_solver(MPI_Comm comm, const char *yaml,
                        void (*start)(const PetscReal x[3], PetscReal u[]));
/* The same with a closure of an unregistered table, whose options are closure_c_*, before those of closure_list. */
Solver eddy_test_solver_with(MPI_Comm comm, const char *yaml, const EddyClosureOps *ops);
void eddy_test_solver_end(Solver *s);
/* n equal steps to time t_end from s->st.t. */
void eddy_test_advance(Solver *s, PetscReal t_end, PetscInt64 n);
/* Steps of a Courant number to t_end, the last one shortened; how many. */
PetscInt64 eddy_test_advance_cfl(Solver *s, PetscReal t_end, PetscReal cfl);
/* Whole field [ncomp][nz][ny][nx] on every rank, of the run's grid or of a filter; caller frees with PetscFree. */
double *eddy_test_field(Solver *s, const EddyFilter *filter, const char *name, PetscInt *n);
/* Value of a diagnostic by name. */
double eddy_test_diagnostic(Solver *s, const char *name);
#endif
