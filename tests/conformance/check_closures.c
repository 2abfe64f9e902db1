/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Every registered closure, in the solver: the same bits on all ranks together as on one rank alone, also where ranks have no
   rows; and by itself: Apply adds, leaves its inputs alone, and reads no wider than its halo. */
#include "solver.h"
#include <math.h>
#include <string.h>

/* Closures that need no file, with the options that bring all their branches to work. */
static const char *const options[] = {
    "",
    "average: global",
    "every: step",
    "every: 2",
};

static PetscBool Plain(const EddyClosureOps *ops)
{
  return (PetscBool)(ops->target != EDDY_TARGET_NONE && !ops->learned);
}

static Solver Make(MPI_Comm comm, const char *type, const char *with, const char *n,
                   const char *disc)
{
  char yaml[1024];
  snprintf(yaml, sizeof yaml,
           "mesh: {type: box, n: [%s], upper: [2pi, 2pi]}\n"
           "physics: {type: ns2d, nu: 1e-3, tracers: [dye], forcing: {list: [f], f: {type: "
           "kolmogorov, k: 3}}}\n"
           "initial: {type: filtered_noise, peak: 4}\n"
           "disc: {%s}\n"
           "closure: {list: [c], c: {type: %s%s%s}}\n",
           n, disc, type, with[0] ? ", " : "", with);
  return eddy_test_solver(comm, yaml, NULL);
}

static PetscBool Takes(const char *type, const char *with)
{
  char yaml[256];
  PetscInt n;
  EddyClosure *list;
  if (strncmp(with, "average", 7))
    return PETSC_TRUE;
  snprintf(yaml, sizeof yaml, "closure: {list: [c], c: {type: %s}}", type);
  EddyOptions o = eddy_test_options(PETSC_COMM_SELF, yaml);
  EddyDeclared d;
  PetscBool has = PETSC_FALSE;
  CK_PETSC(EddyClosureCreateList(PETSC_COMM_SELF, o, &n, &list));
  for (PetscInt k = 0; EddyOptionsGetDeclared(o, k, &d); ++k)
    has = has || !strcmp(d.key, "closure_c_average") ? PETSC_TRUE : PETSC_FALSE;
  CK_PETSC(EddyClosureDestroyList(n, &list));
  CK_PETSC(EddyOptionsDestroy(&o));
  return has;
}

static double *Run(MPI_Comm comm, const char *type, const char *with, const char *n,
                   const char *disc, PetscInt *size)
{
  Solver s = Make(comm, type, with, n, disc);
  eddy_test_advance(&s, .03, 3);
  double *w = eddy_test_field(&s, NULL, "vorticity", size);
  eddy_test_solver_end(&s);
  return w;
}

START_TEST(same_bits_on_any_number_of_ranks)
{
  static const char *const grids[][2] = {{"48, 32", "exchange: alltoall"},
                                         {"24, 20", "dealias: three_halves"},
                                         {"16, 16", "dealias: none"}};
  const EddyClosureOps *ops;
  PetscInt tested = 0;
  for (PetscInt k = 0; (ops = EddyClosureGetOps(k)); ++k) {
    if (!Plain(ops))
      continue;
    for (size_t g = 0; g < sizeof grids / sizeof *grids; ++g)
      for (size_t q = 0; q < sizeof options / sizeof *options; ++q) {
        if (!Takes(ops->name, options[q]) || (ops->target == EDDY_TARGET_MODE && q) || (g && q))
          continue;
        PetscInt n, m;
        double *alone = Run(PETSC_COMM_SELF, ops->name, options[q], grids[g][0], grids[g][1], &n);
        double *all = Run(PETSC_COMM_WORLD, ops->name, options[q], grids[g][0], grids[g][1], &m);
        int same = n == m && !memcmp(alone, all, (size_t)n * sizeof *all) && isfinite(alone[0]);
        MPI_Allreduce(MPI_IN_PLACE, &same, 1, MPI_INT, MPI_MIN, PETSC_COMM_WORLD);
        ck_assert_msg(same, "%s {%s} on %s: not the same bits", ops->name, options[q], grids[g][0]);
        CK_PETSC(PetscFree(alone));
        CK_PETSC(PetscFree(all));
        ++tested;
      }
  }
  ck_assert_int_ge(tested, 9);
}
END_TEST

/* A whole field of smooth noise with ghosts: value of component q at integer place (x, y), periodic. */
static double Value(PetscInt q, PetscInt x, PetscInt y, PetscInt nx, PetscInt ny)
{
  const double a = 2 * PETSC_PI * (double)x / (double)nx, b = 2 * PETSC_PI * (double)y / (double)ny;
  return sin(a + q) + .5 * cos(2 * b - .3 * q) + .25 * sin(3 * a + 2 * b + q * q);
}

/* extra: ghosts beyond the halo of the closure, filled with NaN. */
static EddyBlock Input(const char *name, PetscInt ncomp, PetscInt halo, PetscInt extra, PetscInt nx,
                       PetscInt ny, PetscInt seed)
{
  EddyBlock b = {.rank = ncomp == 4 ? 2 : ncomp - 1,
                 .dim = 2,
                 .ncomp = ncomp,
                 .halo = halo + extra,
                 .where = EDDY_WHERE_NODE,
                 .n = {nx, ny, 1},
                 .count = {nx, ny, 1}};
  const PetscInt h = b.halo, wx = nx + 2 * h, wy = ny + 2 * h;
  CK_PETSC(PetscStrncpy(b.name, name, sizeof b.name));
  CK_PETSC(PetscMalloc1(ncomp * wx * wy, &b.data));
  for (PetscInt c = 0; c < ncomp; ++c)
    for (PetscInt j = 0; j < wy; ++j)
      for (PetscInt i = 0; i < wx; ++i) {
        const PetscBool beyond =
            (PetscBool)(i < extra || j < extra || i >= wx - extra || j >= wy - extra);
        b.data[(c * wy + j) * wx + i] = beyond ? NAN : Value(seed + c, i - h, j - h, nx, ny);
      }
  return b;
}

START_TEST(apply_adds_and_stays_inside_its_halo)
{
  enum { NX = 12, NY = 10 };
  const EddyBox box = {.dim = 2,
                       .n = {NX, NY, 1},
                       .upper = {2 * PETSC_PI, 2 * PETSC_PI, 1},
                       .periodic = {PETSC_TRUE, PETSC_TRUE, PETSC_TRUE}};
  const EddyClosureOps *ops;
  for (PetscInt k = 0; (ops = EddyClosureGetOps(k)); ++k) {
    if (!Plain(ops) || !ops->Apply)
      continue;
    EddyOptions o = eddy_test_options(PETSC_COMM_SELF, "closure: {c: {clip: false}}");
    EddyClosure c;
    EddyBlock in[EDDY_MAX_LIST];
    Solver s = Make(PETSC_COMM_SELF, ops->name, "", "16, 16", "type: spectral");
    CK_PETSC(EddyClosureCreateFromOps(PETSC_COMM_SELF, o, ops, "c", "closure_c_", &c));
    CK_PETSC(EddyClosureSetUp(c, &box, EDDY_SIMD_V2));
    const PetscInt ncomp = c->target == EDDY_TARGET_SUBGRID_STRESS ? 4 : 1;
    EddyBlock out = Input("out", ncomp, 0, 0, NX, NY, 40);
    double *before, *first = NULL;
    CK_PETSC(PetscMalloc1(ncomp * NX * NY, &before));
    CK_PETSC(PetscMalloc1(ncomp * NX * NY, &first));
    memcpy(before, out.data, (size_t)(ncomp * NX * NY) * sizeof(double));
    for (int extra = 0; extra < 2; ++extra) {
      double *copy[EDDY_MAX_LIST];
      size_t size[EDDY_MAX_LIST];
      memcpy(out.data, before, (size_t)(ncomp * NX * NY) * sizeof(double));
      for (PetscInt i = 0; i < c->nneed; ++i) {
        EddyField f;
        CK_PETSC(EddyFieldFind(s.p, NULL, NULL, c->need[i], &f));
        in[i] = Input(c->need[i], f.ncomp, c->halo, extra, NX, NY, 7 * i);
        size[i] =
            (size_t)(f.ncomp * (NX + 2 * in[i].halo) * (NY + 2 * in[i].halo)) * sizeof(double);
        CK_PETSC(PetscMalloc(size[i], &copy[i]));
        memcpy(copy[i], in[i].data, size[i]);
      }
      const EddyStage st = {.dt = .01};
      CK_PETSC(ops->Apply(c, &st, in, &out));
      for (PetscInt i = 0; i < c->nneed; ++i) {
        ck_assert_msg(!memcmp(copy[i], in[i].data, size[i]), "%s: inputs changed", ops->name);
        CK_PETSC(PetscFree(copy[i]));
        CK_PETSC(PetscFree(in[i].data));
      }
      if (!extra)
        memcpy(first, out.data, (size_t)(ncomp * NX * NY) * sizeof(double));
    }
    ck_assert_msg(!memcmp(first, out.data, (size_t)(ncomp * NX * NY) * sizeof(double)),
                  "%s: reads beyond its halo of %d", ops->name, (int)c->halo);
    /* the same again from zero: out was before + term */
    double largest = 0, off = 0;
    for (PetscInt i = 0; i < ncomp * NX * NY; ++i)
      largest = fmax(largest, fabs(out.data[i] - before[i]));
    for (PetscInt i = 0; i < c->nneed; ++i) {
      EddyField f;
      CK_PETSC(EddyFieldFind(s.p, NULL, NULL, c->need[i], &f));
      in[i] = Input(c->need[i], f.ncomp, c->halo, 0, NX, NY, 7 * i);
    }
    memset(out.data, 0, (size_t)(ncomp * NX * NY) * sizeof(double));
    const EddyStage st = {.dt = .01};
    CK_PETSC(ops->Apply(c, &st, in, &out));
    for (PetscInt i = 0; i < ncomp * NX * NY; ++i)
      off = fmax(off, fabs(out.data[i] + before[i] - first[i]));
    ck_assert_msg(largest > 0 && off <= 1e-13 * fmax(1, largest), "%s: does not add: %g of %g",
                  ops->name, off, largest);
    for (PetscInt i = 0; i < c->nneed; ++i)
      CK_PETSC(PetscFree(in[i].data));
    CK_PETSC(PetscFree(out.data));
    CK_PETSC(PetscFree(before));
    CK_PETSC(PetscFree(first));
    CK_PETSC(EddyClosureDestroy(&c));
    CK_PETSC(EddyOptionsDestroy(&o));
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* A closure that is there but gives nothing leaves every bit as it was. */
START_TEST(zero_closure_changes_nothing)
{
  static const char *const zeros[] = {"type: smagorinsky, constant: 0",
                                      "type: smagorinsky, constant: 0, average: global, every: 2"};
  PetscInt n, m;
  static const char head[] = "mesh: {type: box, n: [32, 32], upper: [2pi, 2pi]}\nphysics: {type: "
                             "ns2d, nu: 1e-3}\ninitial: {type: filtered_noise, peak: 4}\n";
  for (size_t k = 0; k < sizeof zeros / sizeof *zeros; ++k) {
    char yaml[512];
    snprintf(yaml, sizeof yaml, "%sclosure: {list: [z], z: {%s}}\n", head, zeros[k]);
    Solver a = eddy_test_solver(PETSC_COMM_WORLD, head, NULL),
           b = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
    ck_assert_int_eq(b.nclosure, 1);
    eddy_test_advance(&a, .2, 20);
    eddy_test_advance(&b, .2, 20);
    double *x = eddy_test_field(&a, NULL, "vorticity", &n),
           *y = eddy_test_field(&b, NULL, "vorticity", &m);
    ck_assert_msg(!memcmp(x, y, (size_t)n * sizeof *x), "%s: not the baseline", zeros[k]);
    CK_PETSC(PetscFree(x));
    CK_PETSC(PetscFree(y));
    eddy_test_solver_end(&a);
    eddy_test_solver_end(&b);
  }
}
END_TEST

EDDY_SUITE("closures", same_bits_on_any_number_of_ranks, apply_adds_and_stays_inside_its_halo,
           zero_closure_changes_nothing)
