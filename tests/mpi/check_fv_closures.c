/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* Closures in the fluxes of finite volumes: bits on any number of ranks, conservation with arbitrary values, zero leaves the scheme, linear functions are left alone,
   guards, held values, what is refused. */
#include "solver.h"
#include <math.h>
#include <string.h>

typedef struct {
  PetscReal amplitude;
  PetscInt kind, reach;
} Ctx;
enum { WILD, ZERO, BROKEN, LARGE };

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  static const char *const kinds[] = {"wild", "zero", "broken", "large"}, *const targets[] = {
                                                                              "flux",
                                                                              "face_interpolation",
                                                                              "eddy_viscosity"};
  Ctx *x = c->ctx;
  PetscInt target, stencil;
  char key[64];
  PetscFunctionBeginUser;
  snprintf(key, sizeof key, "%skind", prefix);
  PetscCall(EddyOptionsChoice(o, key, "values", kinds, 4, 0, &x->kind));
  snprintf(key, sizeof key, "%starget", prefix);
  PetscCall(EddyOptionsChoice(o, key, "target", targets, 3, 0, &target));
  snprintf(key, sizeof key, "%sstencil", prefix);
  PetscCall(EddyOptionsInt(o, key, "weights", 0, 0, 100, &stencil));
  snprintf(key, sizeof key, "%shalo", prefix);
  PetscCall(EddyOptionsInt(o, key, "ghosts", 2, 0, 50, &c->halo));
  c->target = target == 2 ? EDDY_TARGET_EDDY_VISCOSITY
              : target    ? EDDY_TARGET_FACE_INTERPOLATION
                          : EDDY_TARGET_FLUX;
  snprintf(key, sizeof key, "%shistory", prefix);
  PetscCall(EddyOptionsInt(o, key, "past inputs", 0, 0, 3, &c->nhistory));
  c->history_every = 2;
  x->reach = c->halo;
  snprintf(key, sizeof key, "%samplify", prefix);
  PetscCall(EddyOptionsReal(o, key, "values", "1", 1, 0, 1e6, &x->amplitude));
  x->amplitude *= target == 1 ? .2 : 1e-3;
  c->out_ncomp =
      target == 1 ? stencil : 0; /* times 2 dim, when the box is known: test boxes say it */
  c->nstate = 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Arbitrary smooth numbers of the inputs within reach in all directions of the mesh. */
static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  const Ctx *x = c->ctx;
  const EddyBlock *b = &in[0];
  const PetscInt nx = out->count[0], h = x->reach;
  const ptrdiff_t wide = b->count[0] + 2 * b->halo;
  const ptrdiff_t up = b->dim > 1 ? h * wide : 0;
  PetscFunctionBeginUser;
  for (PetscInt q = 0; q < out->ncomp; ++q)
    for (PetscInt j = 0; j < EddyBlockRows(out); ++j) {
      double *v = EddyBlockRow(out, q, j);
      const double *f = EddyBlockRow(b, 0, j);
      for (PetscInt i = 0; i < nx; ++i) {
        double a = f[i] + 2 * f[i + h] - 3 * f[i - h] + f[i + up + h] - 2 * f[i - up + h];
        for (PetscInt past = 1; past <= c->nhistory; ++past)
          a += (double)past * EddyBlockRow(&in[past], 0, j)[i + h];
        const double r = 7 * a + .37 * (double)(q * q) + 1;
        v[i] += x->kind == ZERO ? 0 : x->amplitude * (r - floor(r) - .5);
        if (x->kind == BROKEN && f[i] > 1)
          v[i] = q % 2 ? NAN : INFINITY;
        if (x->kind == LARGE)
          v[i] *= 1e30;
      }
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* State: how many steps this cell has seen. */
static PetscErrorCode Commit(EddyClosure c, const EddyStage *s)
{
  const size_t n = (size_t)(c->state.count[0] * EddyBlockRows(&c->state));
  PetscFunctionBeginUser;
  for (size_t i = 0; i < n; ++i)
    c->state.data[i] += 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static const char *const scalar[] = {"u", NULL}, *const gas[] = {"density", NULL},
                         *const water[] = {"depth", NULL};
#define OPS(fields) \
  { \
    .name = #fields, .ctx_size = sizeof(Ctx), .target = EDDY_TARGET_FLUX, .needs = fields, \
    .learned = PETSC_TRUE, .Create = Create, .Apply = Apply, .Commit = Commit \
  }
static const EddyClosureOps tables[] = {OPS(scalar), OPS(gas), OPS(water)};

static const struct {
  const char *yaml;
  int dim, gas; /* directions, table */
  const char *kept[5];
} cases[] = {
    {"mesh: {n: [40]}\nphysics: {type: burgers, nu: 0}\ninitial: {type: sine_series}\ndisc: {type: "
     "fv}\ntime: "
     "{type: ssprk3}\n",
     1,
     0,
     {"mean", NULL}},
    {"mesh: {n: [16, 12]}\nphysics: {type: advection, velocity: [1, 0.5]}\ninitial: {type: "
     "grf}\ndisc: {type: fv, reconstruction: weno5}\ntime: {type: ssprk2}\n",
     2,
     0,
     {"mean", NULL}},
    {"mesh: {n: [8, 6, 7]}\nphysics: {type: advection, velocity: [1, 0.5, -0.3], exact_k: [1, 1, "
     "0]}\ninitial: {type: exact}\ndisc: {type: fv, reconstruction: ppm}\ntime: {type: ssprk2}\n",
     3,
     0,
     {"mean", NULL}},
    {"mesh: {n: [24, 18]}\nphysics: {type: euler}\nboundary: {xmin: {type: reflecting}, xmax: "
     "{type: reflecting}, ymin: {type: reflecting}, ymax: {type: reflecting}}\ninitial: {type: "
     "riemann2d, configuration: 4}\ndisc: {reconstruction: weno5}\ntime: {type: ssprk3}\n",
     2,
     1,
     {"mass", "energy", NULL}},
    {"mesh: {n: [300, 5]}\nphysics: {type: euler}\ninitial: {type: linear_wave, amplitude: 0.1, k: "
     "[1, 1]}\ntime: {type: ssprk2}\n",
     2,
     1,
     {"mass", "momentum_x", "momentum_y", "energy", NULL}},
    {"mesh: {n: [21, 13]}\nphysics: {type: shallow_water, bathymetry: {type: gaussian, height: "
     "0.4, "
     "width: 0.15}}\nboundary: {xmin: {type: reflecting}, xmax: {type: outflow}}\ninitial: {type: "
     "lake, surface: 1, bell: 0.3, centre: [0.2, 0.3]}\ntime: {type: ssprk2}\n",
     2,
     2,
     {NULL}},
    {"mesh: {n: [20, 9]}\nphysics: {type: compressible_navier_stokes, mu: 1e-3}\ninitial: {type: "
     "linear_wave, amplitude: "
     "0.1, k: [1, 1], wave: shear, flow: 0.5}\ntime: {type: ssprk2}\n",
     2,
     1,
     {"mass", "momentum_x", "momentum_y", "energy", NULL}},
    {"mesh: {type: wavy, n: [14, 11], upper: [1, 1.2], amplitude: [0.06, 0.05]}\nphysics: {type: "
     "compressible_navier_stokes, mu: 1e-3}\ninitial: {type: "
     "linear_wave, amplitude: "
     "0.1, k: [1, 0], wave: shear, flow: 0.5}\ntime: {type: ssprk2}\n",
     2,
     1,
     {"mass", "momentum_x", "momentum_y", "energy", NULL}},
};
enum { NCASE = sizeof cases / sizeof *cases, VISCOUS = NCASE - 2, MAPPED };

/* options: of the closure, "%d" not used; stencil times sides times directions goes to out_ncomp. */
static Solver Make(MPI_Comm comm, int k, const char *target, int stencil, const char *rest)
{
  char yaml[2048];
  snprintf(yaml, sizeof yaml, "%sclosure: {c: {target: %s, stencil: %d%s}}\n", cases[k].yaml,
           target, stencil, rest);
  return eddy_test_solver_with(comm, yaml, &tables[cases[k].gas]);
}

static int Same(MPI_Comm comm, Solver *a, Solver *b)
{
  int same = 1;
  for (PetscInt c = 0; c < a->p->ncomp; ++c) {
    PetscInt n;
    double *x = eddy_test_field(a, NULL, a->p->comp[c], &n),
           *y = eddy_test_field(b, NULL, b->p->comp[c], &n);
    same = same && !memcmp(x, y, (size_t)n * sizeof *x);
    CK_PETSC(PetscFree(x));
    CK_PETSC(PetscFree(y));
  }
  MPI_Allreduce(MPI_IN_PLACE, &same, 1, MPI_INT, MPI_MIN, comm);
  return same;
}

static const struct {
  const char *target, *rest;
  int stencil;
} kinds[] = {
    {"flux", "", 0},
    {"face_interpolation", ", halo: 1", 4},
    {"face_interpolation", ", face_bound: none, face_order: 3, halo: 9", 6},
    {"face_interpolation", ", face_bound: neighbours, face_order: 1, every: 3", 6},
    {"flux", ", mode: replace, blend: 0.5, every: 2", 0},
    {"face_interpolation",
     ", halo: 3, history: 2, guard: {lower: [-10], upper: [0.9], range: blend, hysteresis: 0.2}",
     4},
    {"eddy_viscosity", "", 0},
};
enum { NKIND = sizeof kinds / sizeof *kinds, REPLACE = 4, WATER = 5 };
/* a viscosity wants a viscous physics; water has two fluxes at a face, which one cannot replace */
static int Offered(int k, int q)
{
  return q < NKIND - 1 ? q != REPLACE || k != WATER : k >= VISCOUS;
}

static void Steps(Solver *s, int n)
{
  for (int i = 0; i < n; ++i)
    CK_PETSC(EddyStepperStep(s->s, &s->st, 5e-4, s->u));
  ck_assert_msg(!s->s->failed[0], "%s", s->s->failed);
}

START_TEST(ranks)
{
  for (int k = 0; k < NCASE; ++k)
    for (int q = 0; q < NKIND; ++q) {
      if (!Offered(k, q))
        continue;
      const int stencil = kinds[q].stencil * 2 * cases[k].dim;
      Solver one = Make(PETSC_COMM_SELF, k, kinds[q].target, stencil, kinds[q].rest),
             all = Make(PETSC_COMM_WORLD, k, kinds[q].target, stencil, kinds[q].rest),
             none = eddy_test_solver(PETSC_COMM_SELF, cases[k].yaml, NULL);
      Steps(&one, 7);
      Steps(&all, 7);
      eddy_test_advance(&none, none.st.t + 7 * 5e-4, 7);
      ck_assert_msg(Same(PETSC_COMM_WORLD, &one, &all), "case %d, %s %d: other bits on more ranks",
                    k, kinds[q].target, kinds[q].stencil);
      ck_assert_msg(!Same(PETSC_COMM_SELF, &one, &none), "case %d, %s: nothing acts", k,
                    kinds[q].target);
      for (int g = 0; g < EDDY_NCOUNT; ++g)
        ck_assert_int_eq(one.closure[0]->guard.count[g], all.closure[0]->guard.count[g]);
      eddy_test_solver_end(&one);
      eddy_test_solver_end(&all);
      eddy_test_solver_end(&none);
    }
}
END_TEST

START_TEST(zero)
{
  for (int k = 0; k < NCASE; ++k)
    for (int q = 0; q < NKIND; ++q) {
      char rest[256];
      if (!Offered(k, q) || q == REPLACE)
        continue;
      snprintf(rest, sizeof rest, "%s, kind: zero", kinds[q].rest);
      Solver s = Make(PETSC_COMM_WORLD, k, kinds[q].target, kinds[q].stencil * 2 * cases[k].dim,
                      rest),
             none = eddy_test_solver(PETSC_COMM_WORLD, cases[k].yaml, NULL);
      Steps(&s, 7);
      Steps(&none, 7);
      ck_assert_msg(Same(PETSC_COMM_WORLD, &s, &none), "case %d, %s: zero changes bits", k,
                    kinds[q].target);
      eddy_test_solver_end(&s);
      eddy_test_solver_end(&none);
    }
}
END_TEST

START_TEST(conservation)
{
  for (int k = 0; k < NCASE; ++k)
    for (int q = 0; q < NKIND; ++q) {
      if (!Offered(k, q))
        continue;
      double before[4];
      Solver s = Make(PETSC_COMM_WORLD, k, kinds[q].target, kinds[q].stencil * 2 * cases[k].dim,
                      kinds[q].rest);
      for (int i = 0; cases[k].kept[i]; ++i)
        before[i] = eddy_test_diagnostic(&s, cases[k].kept[i]);
      Steps(&s, 100);
      for (int i = 0; cases[k].kept[i]; ++i) {
        const double now = eddy_test_diagnostic(&s, cases[k].kept[i]);
        ck_assert_msg(fabs(now - before[i]) <= 1e-14 * (1 + fabs(before[i])),
                      "case %d, %s: %s drifts by %g", k, kinds[q].target, cases[k].kept[i],
                      now - before[i]);
      }
      eddy_test_solver_end(&s);
    }
}
END_TEST

/* ---- accuracy: weights are arbitrary, yet linear functions come out as without them ---- */

static double Middle(int order, const char *bound)
{
  char yaml[512];
  double *f, *g, most = 0;
  snprintf(yaml, sizeof yaml,
           "mesh: {n: [40]}\nphysics: {type: advection}\ninitial: {type: zero}\ndisc: {type: fv, "
           "limiter: none}\ntime: "
           "{type: ssprk3}\n"
           "closure: {c: {target: face_interpolation, stencil: 12, face_order: %d, "
           "face_bound: %s}}\n",
           order, bound);
  Solver s = eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &tables[0]), none;
  yaml[strlen(yaml) - 1] = 0;
  *strstr(yaml, "closure") = 0;
  none = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL);
  for (size_t i = 0; i < s.d->size; ++i)
    none.u[i] = s.u[i];
  CK_PETSC(EddyDiscCreateState(s.d, &f));
  CK_PETSC(EddyDiscCreateState(s.d, &g));
  PetscInt n;
  double *u = eddy_test_field(&s, NULL, "u", &n);
  for (PetscInt i = 0; i < n; ++i)
    u[i] = 3 * (double)i / 40;
  CK_PETSC(s.d->ops->Load(s.d, s.mesh->box.n, u, s.u));
  CK_PETSC(none.d->ops->Load(none.d, none.mesh->box.n, u, none.u));
  CK_PETSC(PetscFree(u));
  CK_PETSC(s.d->ops->Rhs(s.d, &s.st, s.u, f, NULL, NULL));
  CK_PETSC(none.d->ops->Rhs(none.d, &none.st, none.u, g, NULL, NULL));
  Solver a = s, b = none;
  a.u = f;
  b.u = g;
  double *x = eddy_test_field(&a, NULL, "u", &n), *y = eddy_test_field(&b, NULL, "u", &n);
  for (PetscInt i = 5; i < n - 5; ++i)
    most = fmax(most, fabs(x[i] - y[i]));
  CK_PETSC(PetscFree(x));
  CK_PETSC(PetscFree(y));
  CK_PETSC(EddyDiscDestroyState(&f));
  CK_PETSC(EddyDiscDestroyState(&g));
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&none);
  return most;
}

START_TEST(linear)
{
  ck_assert(Middle(1, "none") > 1e-3);
  ck_assert(Middle(2, "none") < 1e-12);
  ck_assert(Middle(3, "none") < 1e-12);
  ck_assert(Middle(2, "mp") < 1e-12);
}
END_TEST

/* ---- guards ---- */

START_TEST(guards)
{
  for (int q = 0; q < 2; ++q) {
    const char *target = q ? "face_interpolation" : "flux";
    const int stencil = q ? 24 : 0;
    char why[256] = "";
    Solver s = Make(PETSC_COMM_WORLD, 3, target, stencil, ", kind: broken");
    Steps(&s, 10);
    PetscBool ok;
    CK_PETSC(s.d->ops->Finite(s.d, s.u, &ok, why, sizeof why));
    ck_assert_msg(ok, "%s", why);
    ck_assert_int_gt(s.closure[0]->guard.count[EDDY_COUNT_BAD], 0);
    ck_assert_int_lt(s.closure[0]->guard.count[EDDY_COUNT_BAD],
                     s.closure[0]->guard.count[EDDY_COUNT_POINTS]);
    eddy_test_solver_end(&s);

    /* beyond the limit everywhere: nothing acts */
    Solver large = Make(PETSC_COMM_WORLD, 3, target, stencil, ", kind: large"),
           none = eddy_test_solver(PETSC_COMM_WORLD, cases[3].yaml, NULL);
    Steps(&large, 3);
    Steps(&none, 3);
    ck_assert_int_gt(large.closure[0]->guard.count[EDDY_COUNT_BAD], 0);
    ck_assert(Same(PETSC_COMM_WORLD, &large, &none));
    eddy_test_solver_end(&large);

    /* a step that is not trusted is taken again without the closure */
    s = Make(PETSC_COMM_WORLD, 3, target, stencil, ", kind: broken, guard: {reject: 0.01}");
    ck_assert(s.d->may_reject);
    Steps(&s, 1);
    ck_assert_int_eq(s.closure[0]->guard.count[EDDY_COUNT_REJECTED], 1);
    eddy_test_solver_end(&none);
    none = eddy_test_solver(PETSC_COMM_WORLD, cases[3].yaml, NULL);
    Steps(&none, 1);
    ck_assert(Same(PETSC_COMM_WORLD, &s, &none));
    eddy_test_solver_end(&s);
    eddy_test_solver_end(&none);

    s = Make(PETSC_COMM_WORLD, 3, target, stencil, ", kind: broken}, strict: true, d: {type: none");
    CK_PETSC(EddyStepperStep(s.s, &s.st, 5e-4, s.u));
    ck_assert_msg(strstr(s.s->failed, "bad"), "'%s'", s.s->failed);
    eddy_test_solver_end(&s);
  }
}
END_TEST

/* What a checkpoint holds goes to another run array by array; both then take the same steps, whose size follows the closures. */
static PetscInt Copy(Solver *a, Solver *b)
{
  PetscInt arrays = 0;
  for (;; ++arrays) {
    EddySaved x, y;
    CK_PETSC(a->d->ops->Saved(a->d, arrays, &x));
    CK_PETSC(b->d->ops->Saved(b->d, arrays, &y));
    ck_assert_int_eq(x.nchunk, y.nchunk);
    if (x.nchunk < 0)
      return arrays;
    ck_assert(!strcmp(x.name, y.name));
    PetscInt64 n = 0;
    for (PetscInt c = 0; c < x.nchunk; ++c)
      n += x.count[c];
    memcpy(y.data, x.data, (size_t)n * sizeof *x.data);
    if (!strcmp(x.name, "closure_c_state"))
      for (PetscInt64 i = 0; i < n; ++i)
        ck_assert_msg(x.data[i] == 6, "%g", x.data[i]);
  }
}

static void CourantSteps(Solver *s, int n)
{
  for (int i = 0; i < n; ++i) {
    PetscReal rate;
    CK_PETSC(s->d->ops->Courant(s->d, &s->st, s->u, &rate));
    CK_PETSC(EddyStepperStep(s->s, &s->st, PetscMin(.2 / rate, 5e-4), s->u));
  }
  ck_assert_msg(!s->s->failed[0], "%s", s->s->failed);
}

START_TEST(saved)
{
  static const struct {
    const char *target, *rest;
    int k, stencil, arrays;
  } at[] = {
      {"flux", ", every: 4", 1, 0, 3},
      {"flux", ", every: 4, mode: replace, guard: {lower: [-10], upper: [0.3], range: blend}", 1, 0,
       4},
      {"face_interpolation", ", every: 4", 1, 24, 3},
      {"face_interpolation",
       ", history: 3, guard: {lower: [-10], upper: [0.3], range: blend, hysteresis: 0.3}", 1, 24,
       4},
      {"eddy_viscosity",
       ", every: 4, amplify: 300, guard: {fallback: smagorinsky, lower: [0.9], upper: [1.05], "
       "range: blend}",
       VISCOUS, 0, 5},
      {"eddy_viscosity", ", history: 1, amplify: 300", VISCOUS, 0, 3},
  };
  for (size_t q = 0; q < sizeof at / sizeof *at; ++q) {
    Solver a = Make(PETSC_COMM_WORLD, at[q].k, at[q].target, at[q].stencil, at[q].rest),
           b = Make(PETSC_COMM_WORLD, at[q].k, at[q].target, at[q].stencil, at[q].rest);
    CourantSteps(&a, 6);
    memcpy(b.u, a.u, a.d->size * sizeof *a.u);
    b.st = a.st;
    ck_assert_int_eq(Copy(&a, &b), at[q].arrays);
    PetscReal rate[2];
    CK_PETSC(a.d->ops->Courant(a.d, &a.st, a.u, &rate[0]));
    CK_PETSC(b.d->ops->Courant(b.d, &b.st, b.u, &rate[1]));
    ck_assert_msg(rate[0] == rate[1], "%s%s: rate %.17g, after a restart %.17g", at[q].target,
                  at[q].rest, (double)rate[0], (double)rate[1]);
    CourantSteps(&a, 5);
    CourantSteps(&b, 5);
    ck_assert_msg(a.st.t == b.st.t, "%s%s: other steps after a restart", at[q].target, at[q].rest);
    ck_assert_msg(Same(PETSC_COMM_WORLD, &a, &b), "%s%s: other bits after a restart", at[q].target,
                  at[q].rest);
    for (int g = 0; g < EDDY_NCOUNT; ++g)
      ck_assert_int_eq(a.closure[0]->guard.count[g], b.closure[0]->guard.count[g]);
    eddy_test_solver_end(&a);
    eddy_test_solver_end(&b);
  }
}
END_TEST

/* A uniform eddy viscosity acts as the same viscosity does; fields of the velocity gradient. */
static PetscErrorCode Uniform(EddyClosure c, const EddyStage *s, const EddyBlock in[],
                              EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < EddyBlockRows(out); ++j)
    for (PetscInt i = 0; i < out->count[0]; ++i)
      EddyBlockRow(out, 0, j)[i] += .01;
  PetscFunctionReturn(PETSC_SUCCESS);
}
static const EddyClosureOps uniform = {
    .name = "uniform", .target = EDDY_TARGET_EDDY_VISCOSITY, .needs = gas, .Apply = Uniform};

static void Shear(const PetscReal x[3], PetscReal u[])
{
  const double v = .1 * sin(2 * PETSC_PI * x[0]);
  u[0] = 1;
  u[1] = 0;
  u[2] = v;
  u[3] = 2.5 + .5 * v * v;
}

static double Amplitude(Solver *s)
{
  PetscInt n;
  double *v = eddy_test_field(s, NULL, "momentum_y", &n), most = 0;
  for (PetscInt i = 0; i < n; ++i)
    most = fmax(most, fabs(v[i]));
  CK_PETSC(PetscFree(v));
  return most;
}

START_TEST(viscosity)
{
  static const char yaml[] =
      "mesh: {n: [32, 4]}\nphysics: {type: compressible_navier_stokes, mu: %g}\n"
      "initial: {type: linear_wave, amplitude: 0.1, wave: shear}\ntime: "
      "{type: ssprk3}\n";
  char with[512], without[512];
  double decay[3];
  PetscInt n;
  snprintf(with, sizeof with, yaml, 1e-3);
  snprintf(without, sizeof without, yaml, 11e-3);
  Solver a = eddy_test_solver_with(PETSC_COMM_WORLD, with, &uniform),
         b = eddy_test_solver(PETSC_COMM_WORLD, without, Shear),
         c = eddy_test_solver(PETSC_COMM_WORLD, with, Shear);
  double *start[4];
  double *w = eddy_test_field(&b, NULL, "vorticity", &n),
         *g = eddy_test_field(&b, NULL, "strain_magnitude", &n);
  for (PetscInt i = 0; i < n; ++i) { /* S_xy alone: |S| = |dv/dx| = |vorticity| */
    const double x = 2 * PETSC_PI / 32, want = .1 * sin(x) * 32 * cos(x * (double)(i % 32));
    ck_assert_msg(fabs(w[i] - want) < 1e-10 && fabs(g[i] - fabs(want)) < 1e-10, "%g %g %g", w[i],
                  g[i], want);
  }
  CK_PETSC(PetscFree(w));
  CK_PETSC(PetscFree(g));
  CK_PETSC(PetscMalloc1(4 * n, &w));
  for (int q = 0; q < 4; ++q) {
    start[q] = eddy_test_field(&b, NULL, b.p->comp[q], &n);
    CK_PETSC(PetscArraycpy(w + q * n, start[q], n));
    CK_PETSC(PetscFree(start[q]));
  }
  CK_PETSC(a.d->ops->Load(a.d, a.mesh->box.n, w, a.u)); /* on rows alone: other blocks */
  CK_PETSC(PetscFree(w));
  eddy_test_advance(&a, .5, 100);
  eddy_test_advance(&b, .5, 100);
  eddy_test_advance(&c, .5, 100);
  decay[0] = Amplitude(&a);
  decay[1] = Amplitude(&b);
  decay[2] = Amplitude(&c);
  ck_assert_msg(fabs(decay[0] / decay[1] - 1) < 1e-3, "%g %g", decay[0], decay[1]);
  ck_assert(decay[2] > 1.1 * decay[0]);
  eddy_test_solver_end(&a);
  eddy_test_solver_end(&b);
  eddy_test_solver_end(&c);
}
END_TEST

/* Classical closures: bits. */
START_TEST(smagorinsky)
{
  static const char *const types[] = {"smagorinsky, constant: 0.3",
                                      "smagorinsky, average: global, constant: 0.3",
                                      "dynamic_smagorinsky, average: local"};
  for (int q = 0; q < 3; ++q) {
    char yaml[1024];
    snprintf(yaml, sizeof yaml, "%sclosure: {list: [s], s: {type: %s}}\n", cases[VISCOUS].yaml,
             types[q]);
    Solver all = eddy_test_solver(PETSC_COMM_WORLD, yaml, NULL),
           one = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL),
           none = eddy_test_solver(PETSC_COMM_WORLD, cases[VISCOUS].yaml, NULL);
    Steps(&all, 20);
    Steps(&one, 20);
    Steps(&none, 20);
    ck_assert_msg(Same(PETSC_COMM_WORLD, &one, &all), "%s: other bits on more ranks", types[q]);
    ck_assert_msg(!Same(PETSC_COMM_WORLD, &none, &all), "%s: nothing acts", types[q]);
    eddy_test_solver_end(&all);
    eddy_test_solver_end(&one);
    eddy_test_solver_end(&none);
  }
}
END_TEST

EDDY_SUITE("fv_closures", viscosity, smagorinsky, ranks, zero, conservation, linear, guards, saved)
