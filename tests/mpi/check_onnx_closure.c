/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* A network that is d/dx alone (tests/reference/ddx.onnx: centred difference on 48 points per 2 pi, made with onnx.helper), on a 48 x 32 grid in the loop: the right axis, sign and
   wrap, by the fast engine and by the interpreter, on any number of ranks. */
#include "solver.h"
#include <math.h>
#include <string.h>

static void Start(const PetscReal x[3], PetscReal u[])
{
  u[0] = sin(3 * x[0]) * cos(2 * x[1]) + cos(x[0]) + .5 * sin(5 * x[1]);
}
/* The difference quotient of Start: each sine keeps its shape and is scaled by sin(k h)/h. */
static double Quotient(double x, double y)
{
  const double h = 2 * PETSC_PI / 48;
  return sin(3 * h) / h * cos(3 * x) * cos(2 * y) - sin(h) / h * sin(x);
}

static double *Term(MPI_Comm comm, const char *engine, PetscInt *n)
{
  char yaml[512];
  double *term, *plain, *u;
  snprintf(yaml, sizeof yaml,
           "mesh: {type: box, n: [48, 32], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: "
           "1e-3}\nclosure: {list: [net], net: {type: onnx, model: %s/ddx.onnx, engine: %s, guard: "
           "{on: false}}}\n",
           EDDY_TEST_REFERENCE, engine);
  Solver s = eddy_test_solver(comm, yaml, Start);
  snprintf(yaml, sizeof yaml,
           "mesh: {type: box, n: [48, 32], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 1e-3}\n");
  Solver without = eddy_test_solver(comm, yaml, Start);
  CK_PETSC(EddyDiscCreateState(s.d, &term));
  CK_PETSC(EddyDiscCreateState(s.d, &plain));
  CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, term, NULL, NULL));
  CK_PETSC(without.d->ops->Rhs(without.d, &without.st, without.u, plain, NULL, NULL));
  for (size_t i = 0; i < s.d->size; ++i)
    term[i] -= plain[i];
  u = without.u;
  without.u = term;
  double *field = eddy_test_field(&without, NULL, "vorticity", n);
  without.u = u;
  CK_PETSC(EddyDiscDestroyState(&term));
  CK_PETSC(EddyDiscDestroyState(&plain));
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&without);
  return field;
}

START_TEST(derivative_along_x)
{
  static const char *const engines[] = {"fast", "reference"};
  for (int e = 0; e < 2; ++e) {
    PetscInt n;
    double *all = Term(PETSC_COMM_WORLD, engines[e], &n),
           *alone = Term(PETSC_COMM_SELF, engines[e], &n), error = 0;
    ck_assert_msg(!memcmp(all, alone, (size_t)n * sizeof(double)),
                  "%s: not the same bits on all ranks", engines[e]);
    for (PetscInt j = 0; j < 32; ++j)
      for (PetscInt i = 0; i < 48; ++i)
        error = fmax(
            error, fabs(all[48 * j + i] - Quotient(2 * PETSC_PI * i / 48, 2 * PETSC_PI * j / 32)));
    ck_assert_msg(error < 1e-13, "%s: difference from the quotient %g", engines[e], error);
    CK_PETSC(PetscFree(all));
    CK_PETSC(PetscFree(alone));
  }
}
END_TEST

EDDY_SUITE("onnx_closure", derivative_along_x)
