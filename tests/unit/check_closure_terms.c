/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 */
/* What closures do to the right-hand side, against formulas: the work of an eddy viscosity, the stress of known waves, the
   decay by hyperviscosity, the work of random forcing, the dynamic constant, coefficients, held values and history. */
#include "solver.h"
#include "spectral.h"
#include <math.h>
#include <string.h>

static const char head[] = "mesh: {type: box, n: [48, 32], upper: [2pi, pi]}\nphysics: {type: "
                           "ns2d, nu: 1e-3}\ninitial: {type: filtered_noise, peak: 4}\n";

static Solver Make(const char *closures, void (*start)(const PetscReal x[3], PetscReal u[]))
{
  char yaml[1024];
  snprintf(yaml, sizeof yaml, "%s%s\n", head, closures);
  return eddy_test_solver(PETSC_COMM_WORLD, yaml, start);
}

/* Field in space of what the closures add to the right-hand side: the difference with and without. */
static double *Term(Solver *s, PetscInt *n)
{
  double *f[2], *u = s->u;
  Solver plain = Make("", NULL);
  CK_PETSC(EddyDiscCreateState(s->d, &f[0]));
  CK_PETSC(EddyDiscCreateState(s->d, &f[1]));
  CK_PETSC(s->d->ops->Rhs(s->d, &s->st, u, f[0], NULL, NULL));
  CK_PETSC(plain.d->ops->Rhs(plain.d, &s->st, u, f[1], NULL, NULL));
  for (size_t i = 0; i < s->d->size; ++i)
    f[0][i] -= f[1][i];
  s->u = f[0];
  double *field = eddy_test_field(s, NULL, "vorticity", n);
  s->u = u;
  CK_PETSC(EddyDiscDestroyState(&f[0]));
  CK_PETSC(EddyDiscDestroyState(&f[1]));
  eddy_test_solver_end(&plain);
  return field;
}

/* Rate at which the closures change <|u|^2>/2: <psi f>. */
static double Work(Solver *s)
{
  PetscInt n, m;
  double *f = Term(s, &n), *psi = eddy_test_field(s, NULL, "stream_function", &m), sum = 0;
  for (PetscInt i = 0; i < n; ++i)
    sum += psi[i] * f[i] / (double)n;
  CK_PETSC(PetscFree(f));
  CK_PETSC(PetscFree(psi));
  return sum;
}

/* An eddy viscosity takes <2 nu_e S:S> from the energy, to round-off: truncation to the retained modes is a projection. */
START_TEST(eddy_viscosity_takes_energy)
{
  const double delta = sqrt(2 * PETSC_PI / 48 * PETSC_PI / 32), cs = .2, cl = .3;
  PetscInt n, m;
  Solver s = Make("closure: {list: [c], c: {type: smagorinsky, constant: 0.2}}", NULL),
         l = Make("closure: {list: [c], c: {type: leith, constant: 0.3}}", NULL);
  double *S = eddy_test_field(&s, NULL, "strain", &n),
         *g = eddy_test_field(&s, NULL, "vorticity_gradient", &m), expect[2] = {0, 0};
  n /= 4;
  for (PetscInt i = 0; i < n; ++i) {
    double s2 = 0;
    for (int c = 0; c < 4; ++c)
      s2 += S[c * n + i] * S[c * n + i];
    expect[0] -= 2 * pow(cs * delta, 2) * sqrt(2 * s2) * s2 / (double)n;
    expect[1] -= 2 * pow(cl * delta, 3) * hypot(g[i], g[n + i]) * s2 / (double)n;
  }
  const double work[2] = {Work(&s), Work(&l)};
  ck_assert_msg(work[0] < 0 && fabs(work[0] / expect[0] - 1) < 1e-12,
                "smagorinsky takes %g, formula %g", work[0], expect[0]);
  ck_assert_msg(work[1] < 0 && fabs(work[1] / expect[1] - 1) < 1e-12, "leith takes %g, formula %g",
                work[1], expect[1]);
  /* and in a run, every part of the way */
  double before = eddy_test_diagnostic(&s, "energy");
  Solver plain = Make("", NULL);
  eddy_test_advance(&s, .2, 40);
  eddy_test_advance(&plain, .2, 40);
  ck_assert_msg(eddy_test_diagnostic(&s, "energy") < eddy_test_diagnostic(&plain, "energy") &&
                    before > 0,
                "no dissipation in the run");
  eddy_test_solver_end(&plain);
  CK_PETSC(PetscFree(S));
  CK_PETSC(PetscFree(g));
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&l);
}
END_TEST

/* psi = sum a cos(kx x + ky y + phase): few low waves, so that products stay among the retained modes. */
static const struct {
  double kx, ky, a, phase;
} waves[] = {{1, 0, .7, .2}, {2, 2, .4, 1.1}, {1, -4, .25, .5}, {3, 2, .1, 2}};
enum { NWAVE = sizeof waves / sizeof *waves };

/* d^(p+q) psi / dx^p dy^q */
static double Psi(const double x[], int p, int q)
{
  double sum = 0;
  for (int w = 0; w < NWAVE; ++w) {
    const double arg =
        waves[w].kx * x[0] + waves[w].ky * x[1] + waves[w].phase + .5 * PETSC_PI * (p + q);
    sum += waves[w].a * pow(waves[w].kx, p) * pow(waves[w].ky, q) * cos(arg);
  }
  return sum;
}
static void Waves(const PetscReal x[3], PetscReal u[]) { u[0] = -Psi(x, 2, 0) - Psi(x, 0, 2); }

/* The curl of the divergence of A A^T is d_k u_j d_j d_k w in two dimensions: another formula than the closure's. */
START_TEST(gradient_model_of_known_waves)
{
  Solver s = Make("closure: {list: [c], c: {type: gradient, width: 3}}", Waves);
  const double delta2 = 9 * 2 * PETSC_PI / 48 * PETSC_PI / 32;
  PetscInt n;
  double *f = Term(&s, &n), worst = 0, largest = 0;
  for (PetscInt j = 0; j < 32; ++j)
    for (PetscInt i = 0; i < 48; ++i) {
      const double x[2] = {2 * PETSC_PI * (double)i / 48, PETSC_PI * (double)j / 32};
      const double ux = Psi(x, 1, 1), uy = Psi(x, 0, 2), vx = -Psi(x, 2, 0), vy = -Psi(x, 1, 1);
      const double wxx = -Psi(x, 4, 0) - Psi(x, 2, 2), wxy = -Psi(x, 3, 1) - Psi(x, 1, 3),
                   wyy = -Psi(x, 2, 2) - Psi(x, 0, 4);
      const double expect = -delta2 / 12 * (ux * wxx + (uy + vx) * wxy + vy * wyy);
      worst = fmax(worst, fabs(f[j * 48 + i] - expect));
      largest = fmax(largest, fabs(expect));
    }
  ck_assert_msg(largest > 1e-2 && worst < 1e-12 * largest, "off by %g of %g", worst, largest);
  CK_PETSC(PetscFree(f));
  eddy_test_solver_end(&s);
}
END_TEST

/* The same damping by the closure and by the linear operator of the physics. */
START_TEST(hyperviscosity_is_that_of_the_physics)
{
  double e[2];
  static const char *const cases[] = {
      "closure: {list: [c], c: {type: hyperviscosity, nu: 1e-5, order: 2}}\n",
      "physics_hyper_nu: 1e-5\nphysics_hyper_order: 2\n"};
  for (int k = 0; k < 2; ++k) {
    Solver s = Make(cases[k], NULL);
    eddy_test_advance(&s, .5, 200);
    e[k] = eddy_test_diagnostic(&s, "enstrophy");
    eddy_test_solver_end(&s);
  }
  Solver none = Make("", NULL);
  eddy_test_advance(&none, .5, 200);
  const double without = eddy_test_diagnostic(&none, "enstrophy");
  eddy_test_solver_end(&none);
  ck_assert_msg(fabs(e[0] / e[1] - 1) < 1e-8 && without / e[1] - 1 > 1e-4,
                "%.12g against %.12g (%.12g without)", e[0], e[1], without);
}
END_TEST

/* nu_e(k) of the formula on single waves: the term is -nu_e k^2 w mode by mode. */
START_TEST(spectral_viscosity_of_known_waves)
{
  Solver s = Make("closure: {list: [c], c: {type: spectral_viscosity}}", NULL);
  const double *ek;
  PetscInt nk, n, m;
  CK_PETSC(s.d->ops->Spectrum(s.d, s.u, &ek, &nk));
  const double cut = 20, density = ek[20]; /* unit 1; retained 0..15 in x, 2 x 0..10 in y */
  double *f = Term(&s, &n), *w = eddy_test_field(&s, NULL, "vorticity", &m);
  for (int kx = 0; kx < 4; ++kx) { /* projections on cos(kx x + 2 y) and sin */
    const double k2 = kx * kx + 4,
                 nu = .267 * sqrt(density / cut) * (1 + 34.5 * exp(-3.03 * cut / sqrt(k2)));
    double a[2] = {0, 0}, b[2] = {0, 0};
    for (PetscInt j = 0; j < 32; ++j)
      for (PetscInt i = 0; i < 48; ++i) {
        const double arg = kx * 2 * PETSC_PI * (double)i / 48 + 2 * PETSC_PI * (double)j / 32;
        a[0] += f[j * 48 + i] * cos(arg), a[1] += f[j * 48 + i] * sin(arg);
        b[0] += w[j * 48 + i] * cos(arg), b[1] += w[j * 48 + i] * sin(arg);
      }
    for (int q = 0; q < 2; ++q)
      ck_assert_msg(fabs(a[q] + nu * k2 * b[q]) < 1e-10 * (hypot(a[0], a[1]) + 1e-12) + 1e-11,
                    "kx = %d: %g, formula %g", kx, a[q], -nu * k2 * b[q]);
  }
  CK_PETSC(PetscFree(f));
  CK_PETSC(PetscFree(w));
  eddy_test_solver_end(&s);
}
END_TEST

static void Rest(const PetscReal x[3], PetscReal u[]) { u[0] = 0; }

/* From rest, the energy after many short steps is rate t; the spread of a mean over M modes and n steps is 1/sqrt(M n). */
START_TEST(backscatter_works_at_its_rate)
{
  enum { STEPS = 400 };
  Solver s = Make("closure: {list: [c], c: {type: backscatter, rate: 1e-6, k_min: 0.5}}", Rest);
  double mean = 0;
  for (int i = 0; i < STEPS; ++i) {
    CK_PETSC(PetscArrayzero(s.u, s.d->size));
    eddy_test_advance(&s, s.st.t + 1e-3, 1);
    mean += eddy_test_diagnostic(&s, "energy") / 1e-3 / STEPS;
  }
  /* about 230 independent complex modes, so 1e-6 (1 +- 1/300); corners of the ring are cut by the grid, in y at 20, x at 15 */
  ck_assert_msg(mean > .7e-6 && mean < 1.02e-6, "energy input %g, rate 1e-6", mean);
  eddy_test_solver_end(&s);
}
END_TEST

/* A flow whose stress is that of the model gives back the constant: the coefficient does not depend on the scale of the flow,
   and doubling the flow doubles nu_e. Values lie in [0, largest]. */
START_TEST(dynamic_constant_has_the_right_scaling)
{
  static const char *const types[] = {"dynamic_smagorinsky", "dynamic_leith"};
  for (int k = 0; k < 2; ++k)
    for (int local = 0; local < 2; ++local) {
      char yaml[256];
      PetscInt n;
      double *nu[2], worst = 0, largest = 0;
      snprintf(yaml, sizeof yaml, "closure: {list: [c], c: {type: %s, average: %s, clip: false}}",
               types[k], local ? "local" : "global");
      Solver s = Make(yaml, NULL);
      nu[0] = eddy_test_field(&s, NULL, "closure_out", &n);
      for (size_t i = 0; i < s.d->size; ++i)
        s.u[i] *= 2;
      nu[1] = eddy_test_field(&s, NULL, "closure_out", &n);
      for (PetscInt i = 0; i < n; ++i) {
        worst = fmax(worst, fabs(nu[1][i] - 2 * nu[0][i]));
        largest = fmax(largest, fabs(nu[0][i]));
      }
      ck_assert_msg(largest > 1e-6 && worst < 1e-9 * largest, "%s: off by %g of %g", yaml, worst,
                    largest);
      CK_PETSC(PetscFree(nu[0]));
      CK_PETSC(PetscFree(nu[1]));
      eddy_test_solver_end(&s);
    }
}
END_TEST

/* Blocks with one ghost in which the stress of the test filter is that of the model: u = (a x, b y), S = s diag(1, -1) and m are
   uniform, so that L = h^2/3 diag(a^2, b^2), M = 2 h^p (1 - 2^p) m S, and C = <L M>/<M M> has the sign of b^2 - a^2 for s > 0: it
   is positive when the stress opposes the strain. The constant put into b must come back. */
START_TEST(dynamic_procedure_gives_back_the_constant_of_its_own_stress)
{
  static const char *const types[] = {"dynamic_smagorinsky", "dynamic_leith"};
  static const char *const averages[] = {"global", "local", "positive"};
  enum { N = 12, G = N + 2 };
  const double h = 2 * PETSC_PI / N, s = .7, grad = 1.3;
  double *data[3], out[N * N];
  CK_PETSC(PetscCalloc3(2 * G * G, &data[0], 4 * G * G, &data[1], 2 * G * G, &data[2]));
  for (int k = 0; k < 12; ++k) {
    const int leith = k % 2, average = k / 2 % 3;
    const double sign = k < 6 ? 1 : -1, c = sign * .02, m = leith ? grad : 2 * s,
                 p = leith ? 8 : 4; /* 2^p */
    /* L:M = h^2/3 (a^2 - b^2) M_xx = C M:M = 2 C M_xx^2 */
    const double d = leith ? h * h * h : h * h, mxx = 2 * d * (1 - p) * m * s,
                 difference = 6 * c * mxx / (h * h), a = sqrt(1 + fabs(difference)),
                 b = sqrt(a * a - difference);
    char yaml[256];
    snprintf(yaml, sizeof yaml, "closure: {list: [c], c: {type: %s, average: %s, clip: false}}\n",
             types[leith], averages[average]);
    EddyOptions o = eddy_test_options(PETSC_COMM_SELF, yaml);
    const EddyBox box = {.dim = 2, .n = {N, N, 1}, .upper = {2 * PETSC_PI, 2 * PETSC_PI, 1}};
    EddyClosure *list;
    EddyStage stage = {0};
    PetscInt n;
    CK_PETSC(EddyClosureCreateList(PETSC_COMM_SELF, o, &n, &list));
    CK_PETSC(EddyClosureSetUp(list[0], &box, EDDY_SIMD_V2));
    EddyBlock in[3],
        result = {.dim = 2, .ncomp = 1, .n = {N, N, 1}, .count = {N, N, 1}, .data = out};
    for (int q = 0; q < 3; ++q)
      in[q] = (EddyBlock){
          .dim = 2, .ncomp = q == 1 ? 4 : 2, .halo = 1, .count = {N, N, 1}, .data = data[q]};
    for (int j = 0; j < G; ++j)
      for (int i = 0; i < G; ++i) {
        const int at = j * G + i;
        data[0][at] = a * h * i, data[0][G * G + at] = b * h * j;
        data[1][at] = s, data[1][3 * G * G + at] = -s;
        data[2][at] = grad;
      }
    memset(out, 0, sizeof out);
    CK_PETSC(list[0]->ops->Apply(list[0], &stage, in, &result));
    const double expect = average == 2 && c < 0 ? 0 : c * d * m;
    for (int i = 0; i < N * N; ++i)
      ck_assert_msg(fabs(out[i] - expect) < 1e-10 * fabs(c * d * m), "%s: nu_e %g, expected %g",
                    yaml, out[i], expect);
    CK_PETSC(EddyClosureDestroyList(n, &list));
    CK_PETSC(EddyOptionsDestroy(&o));
  }
  CK_PETSC(PetscFree3(data[0], data[1], data[2]));
}
END_TEST

/* A coefficient that varies in space and is negative in places. */
static PetscErrorCode Varies(EddyClosure c, const EddyStage *s, const EddyBlock in[],
                             EddyBlock *out)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < out->count[0] * out->count[1]; ++i)
    out->data[i] += .01 + .02 * in[0].data[i];
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* nu_e = C Delta^2 |S| and C Delta^3 |grad w| with C from the closure before: C_s^2 and C_l^3, not their roots. */
START_TEST(a_coefficient_replaces_the_constant)
{
  static const char *const needs_w[] = {"vorticity", NULL};
  static const EddyClosureOps varies = {.name = "varies",
                                        .summary = "",
                                        .target = EDDY_TARGET_COEFFICIENT,
                                        .needs = needs_w,
                                        .Apply = Varies};
  static const char *const types[] = {"smagorinsky", "leith"};
  const double delta = sqrt(2 * PETSC_PI / 48 * PETSC_PI / 32);
  for (int k = 0; k < 2; ++k) {
    char yaml[512];
    PetscInt n, m;
    snprintf(yaml, sizeof yaml, "%sclosure: {list: [m], m: {type: %s, constant: 0.3}}\n", head,
             types[k]);
    Solver s = eddy_test_solver_with(PETSC_COMM_WORLD, yaml, &varies);
    double *nu = eddy_test_field(&s, NULL, "closure_out_m", &n),
           *w = eddy_test_field(&s, NULL, "vorticity", &m),
           *S = eddy_test_field(&s, NULL, "strain", &m),
           *g = eddy_test_field(&s, NULL, "vorticity_gradient", &m), worst = 0, least = 0,
           largest = 0;
    for (PetscInt i = 0; i < n; ++i) {
      double s2 = 0;
      for (int c = 0; c < 4; ++c)
        s2 += S[c * n + i] * S[c * n + i];
      const double size = k ? pow(delta, 3) * hypot(g[i], g[n + i]) : pow(delta, 2) * sqrt(2 * s2);
      worst = fmax(worst, fabs(nu[i] - (.01 + .02 * w[i]) * size));
      least = fmin(least, nu[i]), largest = fmax(largest, nu[i]);
    }
    ck_assert_msg(worst < 1e-13 * largest && least < -1e-2 * largest, "%s: off by %g of %g, %g",
                  types[k], worst, largest, least);
    CK_PETSC(PetscFree(nu));
    CK_PETSC(PetscFree(w));
    CK_PETSC(PetscFree(S));
    CK_PETSC(PetscFree(g));
    eddy_test_solver_end(&s);
  }
  /* a coefficient for nobody is refused */
  eddy_test_expect_errors(PETSC_TRUE);
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, head);
  EddyMesh mesh;
  EddyPhysics p;
  EddyClosure *one;
  EddyDisc d;
  CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &mesh));
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &mesh->box, &p));
  CK_PETSC(PetscCalloc1(1, &one));
  CK_PETSC(EddyClosureCreateFromOps(PETSC_COMM_WORLD, o, &varies, "c", "closure_c_", &one[0]));
  ck_assert_int_eq(EddyDiscCreate(PETSC_COMM_WORLD, o, &mesh->box, p, 0, NULL, 1, one, &d),
                   EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
  CK_PETSC(EddyClosureDestroyList(1, &one));
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyMeshDestroy(&mesh));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

/* closure_out and the derived fields are the same bits whether asked for on their own or through a filter that keeps all. */
START_TEST(fields_have_the_same_bits_everywhere)
{
  Solver s = Make("closure: {list: [c], c: {type: dynamic_leith}}", NULL), plain = Make("", NULL);
  static const char *const names[] = {"velocity", "strain", "vorticity_gradient", "vorticity",
                                      "q_criterion"};
  const EddyFilter filter = {.kind = EDDY_FILTER_SHARP, .n = {48, 32, 1}};
  EddyFieldBatch batch;
  for (size_t k = 0; k < sizeof names / sizeof *names; ++k) {
    PetscInt n, m;
    double *a = eddy_test_field(&plain, &filter, names[k], &n),
           *b = eddy_test_field(&s, NULL, names[k], &m);
    ck_assert_msg(n == m && !memcmp(a, b, (size_t)n * sizeof *a), "%s", names[k]);
    CK_PETSC(PetscFree(b));
    const EddyField *field;
    double *data;
    EddyFourier F;
    CK_PETSC(EddyFieldBatchCreate(s.d, 5, names, &batch));
    CK_PETSC(EddySpectralCreatePoints(s.d, EddyFieldBatchColumns(batch), &F));
    CK_PETSC(EddyFieldBatchEval(batch, s.d, F, s.u, PETSC_FALSE));
    EddyFieldBatchGet(batch, (PetscInt)k, &field, &data);
    int same = 1;
    for (PetscInt c = 0; c < field->ncomp; ++c)
      same = same && !memcmp(data + (size_t)c * (size_t)((F->y1 - F->y0) * F->nx),
                             a + (size_t)(c * F->ny + F->y0) * (size_t)F->nx,
                             (size_t)((F->y1 - F->y0) * F->nx) * sizeof *a);
    MPI_Allreduce(MPI_IN_PLACE, &same, 1, MPI_INT, MPI_MIN, PETSC_COMM_WORLD);
    ck_assert_msg(same, "%s: what the loop feeds is not what generate stores", names[k]);
    CK_PETSC(PetscFree(a));
    CK_PETSC(EddyFieldBatchDestroy(&batch));
    CK_PETSC(EddyFourierDestroy(&F));
  }
  eddy_test_solver_end(&s);
  eddy_test_solver_end(&plain);
}
END_TEST

START_TEST(closures_are_summed_and_refused)
{
  PetscInt n;
  static const char *const cases[] = {
      "closure: {list: [a, b], a: {type: smagorinsky, constant: 0.1}, b: {type: gradient}}",
      "closure: {list: [a], a: {type: smagorinsky, constant: 0.1}}",
      "closure: {list: [b], b: {type: gradient}}"};
  double *f[3], worst = 0, largest = 0;
  for (int k = 0; k < 3; ++k) {
    Solver s = Make(cases[k], NULL);
    f[k] = Term(&s, &n);
    eddy_test_solver_end(&s);
  }
  for (PetscInt i = 0; i < n; ++i) {
    worst = fmax(worst, fabs(f[0][i] - f[1][i] - f[2][i]));
    largest = fmax(largest, fabs(f[0][i]));
  }
  ck_assert_msg(worst < 1e-11 * largest, "sum off by %g of %g", worst, largest);
  for (int k = 0; k < 3; ++k)
    CK_PETSC(PetscFree(f[k]));
  /* an equation without a momentum equation */
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD,
                                    "mesh: {type: box, n: [32], upper: [2pi]}\nphysics: {type: "
                                    "burgers}\nclosure: {list: [a], a: {type: smagorinsky}}\n");
  EddyMesh mesh;
  EddyPhysics p;
  EddyClosure *list;
  EddyDisc d;
  CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &mesh));
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, o, &mesh->box, &p));
  CK_PETSC(EddyClosureCreateList(PETSC_COMM_WORLD, o, &n, &list));
  eddy_test_expect_errors(PETSC_TRUE);
  ck_assert_int_eq(EddyDiscCreate(PETSC_COMM_WORLD, o, &mesh->box, p, 0, NULL, n, list, &d),
                   EDDY_ERR_INPUT);
  eddy_test_expect_errors(PETSC_FALSE);
  CK_PETSC(EddyClosureDestroyList(n, &list));
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyMeshDestroy(&mesh));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

EDDY_SUITE("closure terms", eddy_viscosity_takes_energy, gradient_model_of_known_waves,
           hyperviscosity_is_that_of_the_physics, spectral_viscosity_of_known_waves,
           backscatter_works_at_its_rate, dynamic_constant_has_the_right_scaling,
           dynamic_procedure_gives_back_the_constant_of_its_own_stress,
           a_coefficient_replaces_the_constant, fields_have_the_same_bits_everywhere,
           closures_are_summed_and_refused)
