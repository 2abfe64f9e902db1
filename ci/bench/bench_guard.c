/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_guard MODEL N [GUARD]: what the guards of a network cost in the 2-D Navier-Stokes right-hand side, with all that are on by default, beside the network's own
   Apply. Right-hand sides with and without guards in turn, four to a step; processor time, medians.
   GUARD: options of the guard as in a case, such as "energy: -1". Prints lines "key value". */
#include "closure.h"
#include "disc.h"
#include "mesh.h"
#include <stdlib.h>
#include <time.h>

enum { REPEATS = 61, STAGES = 4 };
static double Now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
static int Order(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
static double Median(int n, double *t)
{
  qsort(t, (size_t)n, sizeof *t, Order);
  return t[n / 2];
}

/* The table of the closure with a clock around Apply. */
static const EddyClosureOps *inner;
static double spent;
static PetscErrorCode Clocked(EddyClosure c, const EddyStage *s, const EddyBlock in[],
                              EddyBlock *out)
{
  const double t = Now();
  PetscFunctionBeginUser;
  PetscCall(inner->Apply(c, s, in, out));
  spent += Now() - t;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Step(EddyDisc d, EddyStage *st, const double *u, double *f, double *t)
{
  PetscFunctionBeginUser;
  *t = Now();
  for (int k = 0; k < STAGES; ++k)
    PetscCall(d->ops->Rhs(d, st, u, f, NULL, NULL));
  *t = Now() - *t;
  ++st->step;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Run(const char *model, int n, const char *guard)
{
  const EddyRandomKey key = {.seed = 1};
  EddyOptions o;
  EddyMesh m;
  EddyPhysics p;
  EddyClosure *c;
  EddyClosureOps ops;
  EddyDisc d;
  EddyInitial ic;
  EddyStage st = {0};
  PetscInt nc;
  char yaml[1024];
  double *u, *f, extra[REPEATS], apply[REPEATS], with[REPEATS];
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(yaml, sizeof yaml,
                          "mesh: {type: box, n: [%d, %d], upper: [2pi, 2pi]}\nphysics: {type: "
                          "ns2d, nu: 1e-3}\ninitial: {type: filtered_noise}\nclosure: {list: "
                          "[net], net: {type: onnx, model: %s, guard: {%s}}}\n",
                          n, n, model, guard));
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  PetscCall(EddyOptionsInsertText(o, "bench", yaml));
  PetscCall(EddyMeshCreate(PETSC_COMM_WORLD, o, &m));
  PetscCall(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &m->box, &p));
  PetscCall(EddyClosureCreateList(PETSC_COMM_WORLD, o, &nc, &c));
  inner = c[0]->ops;
  ops = *inner;
  ops.Apply = Clocked;
  c[0]->ops = &ops;
  PetscCall(EddyDiscCreate(PETSC_COMM_WORLD, o, &m->box, p, 0, NULL, nc, c, &d));
  PetscCall(EddyInitialCreate(PETSC_COMM_WORLD, o, p, &key, &ic));
  PetscCall(EddyDiscCreateState(d, &u));
  PetscCall(EddyDiscCreateState(d, &f));
  PetscCall(d->ops->Initialise(d, ic, u));
  for (int r = -2; r < REPEATS; ++r) { /* with, without, without, with */
    double t[4], own[4];
    for (int k = 0; k < 4; ++k) {
      c[0]->guard.on = k == 0 || k == 3 ? PETSC_TRUE : PETSC_FALSE;
      spent = 0;
      PetscCall(Step(d, &st, u, f, &t[k]));
      own[k] = spent;
    }
    if (r < 0)
      continue;
    with[r] = .5 * (t[0] + t[3]) / STAGES;
    apply[r] =
        .5 * (own[1] + own[2]) / STAGES; /* guards look at some networks' rows within Apply */
    extra[r] = .5 * (t[0] + t[3] - t[1] - t[2]) / STAGES;
  }
  const double own = Median(REPEATS, apply), more = Median(REPEATS, extra);
  printf("apply_ms %.4f\nguard_ms %.4f\noverhead %.2f\nrhs_ms %.4f\nflagged %.6f\n", own * 1e3,
         more * 1e3, 100 * more / own, Median(REPEATS, with) * 1e3,
         (double)c[0]->guard.count[EDDY_COUNT_FLAGGED] /
             (double)c[0]->guard.count[EDDY_COUNT_POINTS]);
  PetscCall(EddyInitialDestroy(&ic));
  PetscCall(EddyDiscDestroyState(&u));
  PetscCall(EddyDiscDestroyState(&f));
  PetscCall(EddyDiscDestroy(&d));
  c[0]->ops = inner;
  PetscCall(EddyClosureDestroyList(nc, &c));
  PetscCall(EddyPhysicsDestroy(&p));
  PetscCall(EddyMeshDestroy(&m));
  PetscCall(EddyOptionsDestroy(&o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

int main(int argc, char **argv)
{
  if (argc < 3) {
    fprintf(stderr, "usage: bench_guard MODEL.onnx N [GUARD]\n");
    return 2;
  }
  const char *model = argv[1], *guard = argc > 3 ? argv[3] : "margin: 0.1";
  const int n = atoi(argv[2]);
  if (PetscInitialize(&argc, &argv, NULL, NULL))
    return 1;
  if (Run(model, n, guard))
    return 1;
  return PetscFinalize() ? 1 : 0;
}
