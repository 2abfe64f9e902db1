/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Every registered physics with a finite-volume form, in every dimension: solvers are consistent with the flux, mirrored problems give mirrored fluxes, the
   rate bounds the speeds, primitive and conserved state agree, diffusivity agrees with the symbol, all SIMD levels give the same bits. */
#include "fv_kernels.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { N = 37, S = 40, LEVELS = 3 };
/* Plain, and with everything that is optional. */
static const char *const variants[] = {
    "physics: {nu: 0.3, kappa: 0.2}",
    "physics: {nu: 0.3, kappa: 0.2, mu: 0.1, kinematic: true, scalars: "
    "[a, b]}"};
typedef void (*Body)(EddyPhysics p[LEVELS], int levels);

static double Random(void) { return 2. * rand() / RAND_MAX - 1; }

static void ForAll(Body body)
{
  const int levels = (int)EddySimdDetect() + 1;
  const EddyPhysicsOps *ops;
  int seen = 0;
  for (PetscInt k = 0; (ops = EddyPhysicsGetOps(EDDY_SIMD_V2, k / 2)); ++k)
    for (PetscInt dim = ops->dim_min; dim <= ops->dim_max; ++dim) {
      EddyBox box = {.dim = dim, .n = {1, 1, 1}, .upper = {1, 1, 1}};
      EddyPhysics p[LEVELS] = {NULL};
      EddyOptions o[LEVELS];
      for (int d = 0; d < (int)dim; ++d)
        box.n[d] = 16, box.upper[d] = 1 + .5 * d, box.periodic[d] = PETSC_TRUE;
      for (int l = 0; l < levels; ++l) {
        o[l] = eddy_test_options(PETSC_COMM_SELF, variants[k % 2]);
        CK_PETSC(EddyPhysicsCreateFromOps(EddyPhysicsGetOps((EddySimdLevel)l, k / 2),
                                          (EddySimdLevel)l, o[l], &box, &p[l]));
      }
      if (p[0]->fv.ToPrim)
        body(p, levels), ++seen;
      for (int l = 0; l < levels; ++l) {
        CK_PETSC(EddyPhysicsDestroy(&p[l]));
        CK_PETSC(EddyOptionsDestroy(&o[l]));
      }
    }
  ck_assert_int_ge(seen, 16);
}

/* Conserved states of N cells, moderate: positive components around 1. */
static void States(EddyPhysics p, double *u, double *aux, double *w)
{
  for (int i = 0; i < N; ++i) {
    PetscReal a[EDDY_MAX_COMP], b[EDDY_MAX_COMP];
    for (PetscInt c = 0; c < p->nprim; ++c)
      a[c] = Random();
    for (PetscInt q = 0; q < p->npositive; ++q)
      a[p->positive[q]] = 1.2 + a[p->positive[q]];
    PetscReal x[3], field[EDDY_MAX_COMP] = {0};
    for (int d = 0; d < 3; ++d)
      x[d] = .5 * (1 + Random());
    if (p->naux)
      p->ops->Aux(p->ctx, x, field);
    for (PetscInt q = 0; q < p->naux; ++q)
      aux[q * S + i] = field[q] + .1 * Random();
    if (p->ops->ToCons)
      p->ops->ToCons(p->ctx, a, b);
    else
      memcpy(b, a, sizeof b);
    for (PetscInt c = 0; c < p->ncomp; ++c)
      u[c * S + i] = b[c];
  }
  p->fv.ToPrim(p->ctx, N, S, u, S, aux, S, w);
}

static double u[EDDY_MAX_COMP * S], v[EDDY_MAX_COMP * S], aux[EDDY_MAX_COMP * S],
    w[EDDY_MAX_COMP * S], q[EDDY_MAX_COMP * S], fl[EDDY_MAX_COMP * S], fr[EDDY_MAX_COMP * S],
    gl[EDDY_MAX_COMP * S], gr[EDDY_MAX_COMP * S];

static double *RightFlux(EddyPhysics p, double *left, double *right)
{
  return p->fv.two_sided ? right : left;
}

static void ConsistentBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  States(o, u, aux, w);
  for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r)
    for (int d = 0; d < (int)o->box.dim && o->fv.Flux[r][0]; ++d) {
      o->fv.Flux[r][d](o->ctx, N, S, w, w, S, fl, fr);
      for (int i = 0; i < N; ++i) {
        const PetscReal x[3] = {0}, n[3] = {d == 0, d == 1, d == 2};
        PetscReal a[EDDY_MAX_COMP], f[EDDY_MAX_COMP], top = 0;
        PetscReal field[EDDY_MAX_COMP];
        for (PetscInt c = 0; c < o->ncomp; ++c)
          a[c] = u[c * S + i];
        for (PetscInt k = 0; k < o->naux; ++k)
          field[k] = aux[k * S + i];
        o->ops->Flux(o->ctx, x, 0, n, a, field, f);
        for (PetscInt c = 0; c < o->ncomp; ++c)
          top = PetscMax(top, fabs(f[c]));
        for (PetscInt c = 0; c < o->ncomp; ++c)
          ck_assert_msg(fabs(fl[c * S + i] - f[c]) <= 1e-13 * PetscMax(1, top),
                        "%s %d-D, solver %d, direction %d: %.16g, flux %.16g", o->ops->name,
                        (int)o->box.dim, r, d, fl[c * S + i], f[c]);
      }
    }
}
START_TEST(solvers_are_consistent) { ForAll(ConsistentBody); }
END_TEST

/* Velocity across the face reversed and sides exchanged: fluxes are the negative, those of the momentum across the same, in every bit. Scalars have no mirror. */
static void MirrorBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  if (!o->vector)
    return;
  States(o, u, aux, w);
  States(o, v, aux, q);
  for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r)
    for (int d = 0; d < (int)o->box.dim && o->fv.Flux[r][0]; ++d) {
      double wm[EDDY_MAX_COMP * S], qm[EDDY_MAX_COMP * S];
      memcpy(wm, w, sizeof wm);
      memcpy(qm, q, sizeof qm);
      for (int i = 0; i < N; ++i)
        wm[(o->vector + d) * S + i] *= -1, qm[(o->vector + d) * S + i] *= -1;
      o->fv.Flux[r][d](o->ctx, N, S, w, q, S, fl, fr);
      o->fv.Flux[r][d](o->ctx, N, S, qm, wm, S, gl, gr);
      const double *a = fl, *b = RightFlux(o, gl, gr);
      for (PetscInt c = 0; c < o->ncomp; ++c)
        for (int i = 0; i < N; ++i)
          ck_assert_msg(a[c * S + i] == (c == o->vector + d ? 1 : -1) * b[c * S + i],
                        "%s %d-D, solver %d, direction %d, component %d: %.17g %.17g", o->ops->name,
                        (int)o->box.dim, r, d, (int)c, a[c * S + i], b[c * S + i]);
    }
}
START_TEST(mirrors_give_mirrored_bits) { ForAll(MirrorBody); }
END_TEST

/* Spectral radius of the differenced Jacobian, by powers of it on a random vector, against the rate of one direction. */
static void RateBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  double fastest[3] = {0}, most[3] = {0};
  States(o, u, aux, w);
  for (int i = 0; i < N; ++i)
    for (int d = 0; d < (int)o->box.dim; ++d) {
      const PetscReal x[3] = {0}, n[3] = {d == 0, d == 1, d == 2};
      const double inv_dx[3] = {d == 0, d == 1, d == 2};
      double one[EDDY_MAX_COMP], z[EDDY_MAX_COMP], field[EDDY_MAX_COMP], growth = 0;
      for (PetscInt k = 0; k < o->naux; ++k)
        field[k] = aux[k * S + i];
      for (PetscInt c = 0; c < o->nprim; ++c)
        one[c] = w[c * S + i];
      const double rate = o->fv.Rate(o->ctx, 1, 1, one, inv_dx);
      for (PetscInt c = 0; c < o->ncomp; ++c)
        z[c] = Random();
      for (int power = 0; power < 60; ++power) {
        PetscReal a[EDDY_MAX_COMP], b[EDDY_MAX_COMP], f[EDDY_MAX_COMP], g[EDDY_MAX_COMP];
        double norm = 0, h = 1e-6;
        for (PetscInt c = 0; c < o->ncomp; ++c)
          a[c] = u[c * S + i] + h * z[c], b[c] = u[c * S + i] - h * z[c];
        o->ops->Flux(o->ctx, x, 0, n, a, field, f);
        o->ops->Flux(o->ctx, x, 0, n, b, field, g);
        for (PetscInt c = 0; c < o->ncomp; ++c)
          z[c] = (f[c] - g[c]) / (2 * h), norm += z[c] * z[c];
        norm = sqrt(norm);
        if (power >= 20)
          growth += log(norm + 1e-300) / 40; /* mean growth per power: the largest |speed| */
        for (PetscInt c = 0; c < o->ncomp; ++c)
          z[c] /= norm + 1e-300;
      }
      ck_assert_msg(exp(growth) <= rate * 1.03 + 1e-9, "%s: rate %g, speed %g", o->ops->name, rate,
                    exp(growth));
      fastest[d] = fmax(fastest[d], exp(growth));
      most[d] = fmax(most[d], rate);
    }
  for (int d = 0; d < (int)o->box.dim; ++d)
    ck_assert_msg(most[d] <= 20 * fastest[d] + 1e-6, "%s: rate %g is far above the speed %g",
                  o->ops->name, most[d], fastest[d]);
}
START_TEST(rate_bounds_the_speeds) { ForAll(RateBody); }
END_TEST

static void StateBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  States(o, u, aux, w);
  for (int i = 0; i < N && o->ops->ToCons; ++i) {
    PetscReal a[EDDY_MAX_COMP], b[EDDY_MAX_COMP];
    for (PetscInt c = 0; c < o->nprim; ++c)
      a[c] = w[c * S + i];
    o->ops->ToCons(o->ctx, a, b);
    for (PetscInt c = 0; c < o->ncomp; ++c)
      ck_assert_double_eq_tol(b[c], u[c * S + i], 1e-13 * PetscMax(1, fabs(b[c])));
  }
  if (o->ops->Diffuse) {
    PetscReal nu[EDDY_MAX_COMP];
    EddyComplex L[EDDY_MAX_COMP];
    const EddyMode k = EddyModeMake(&o->box, 2, o->box.dim > 1 ? 3 : 0, 0);
    o->ops->Diffuse(o->ctx, nu);
    o->ops->Symbol(o->ctx, &k, L);
    for (PetscInt c = 0; c < o->ncomp; ++c)
      ck_assert(nu[c] > 0 && fabs(L[c].re + nu[c] * k.k2) <= 1e-13 * fabs(L[c].re) && L[c].im == 0);
  }
}
START_TEST(states_and_diffusivities) { ForAll(StateBody); }
END_TEST

static void LevelsBody(EddyPhysics p[LEVELS], int levels)
{
  const double inv_dx[3] = {3, 7, 2};
  States(p[0], v, aux, q);
  States(p[0], u, aux, w);
  for (int l = 1; l < levels; ++l) {
    double *w2 = v;
    p[l]->fv.ToPrim(p[l]->ctx, N, S, u, S, aux, S, w2);
    for (PetscInt c = 0; c < p[0]->nprim; ++c)
      ck_assert(!memcmp(w2 + c * S, w + c * S, N * sizeof(double)));
    ck_assert(p[l]->fv.Rate(p[l]->ctx, N, S, w, inv_dx) ==
              p[0]->fv.Rate(p[0]->ctx, N, S, w, inv_dx));
    for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r)
      for (int d = 0; d < (int)p[0]->box.dim && p[0]->fv.Flux[r][0]; ++d) {
        p[0]->fv.Flux[r][d](p[0]->ctx, N, S, w, q, S, fl, fr);
        p[l]->fv.Flux[r][d](p[l]->ctx, N, S, w, q, S, gl, gr);
        for (PetscInt c = 0; c < p[0]->ncomp; ++c) {
          ck_assert_msg(!memcmp(fl + c * S, gl + c * S, N * sizeof(double)),
                        "%s %d-D: solver %d at level v%d", p[0]->ops->name, (int)p[0]->box.dim, r,
                        l + 2);
          if (p[0]->fv.two_sided)
            ck_assert(!memcmp(fr + c * S, gr + c * S, N * sizeof(double)));
        }
      }
  }
}
START_TEST(levels_give_equal_bits) { ForAll(LevelsBody); }
END_TEST

/* Fluxes through faces normal to an axis are those of that axis times the area; the same bits at every level. `along` is what `at` is with the derivatives along axis d first. */
static void ViscousNormalBody(EddyPhysics p[LEVELS], int levels, int d, const EddyFvFaceRows *along,
                              const double *expected)
{
  const PetscInt dim = p[0]->box.dim;
  double normal[4 * S] = {0}, a[EDDY_MAX_COMP * S], b[EDDY_MAX_COMP * S];
  for (int i = 0; i < S; ++i) {
    normal[d * S + i] = 1;
    normal[dim * S + i] = 1.5;
  }
  p[0]->fv.ViscousNormal(p[0]->ctx, N, along, S, normal, S, a);
  for (int l = 1; l < levels; ++l) {
    p[l]->fv.ViscousNormal(p[l]->ctx, N, along, S, normal, S, b);
    for (PetscInt c = 0; c < p[0]->ncomp; ++c)
      ck_assert(!memcmp(a + c * S, b + c * S, N * sizeof(double)));
  }
  for (PetscInt c = 0; c < p[0]->ncomp; ++c)
    for (int i = 0; i < N; ++i)
      ck_assert_double_eq_tol(a[c * S + i], 1.5 * expected[c * S + i],
                              1e-13 * (1 + fabs(expected[c * S + i])));
}

/* Viscous fluxes: the same bits at every level, an eddy viscosity acts like the molecular one, the diffusivity bounds the symbol of the diffusion. */
static void ViscousBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  const PetscInt dim = o->box.dim;
  enum { ROWS = 3 * EDDY_MAX_COMP };
  double g[ROWS * S], nut[S], h[EDDY_MAX_COMP * S];
  if (!o->fv.Viscous[0])
    return;
  States(o, u, aux, w);
  for (int i = 0; i < ROWS * S; ++i)
    g[i] = Random();
  for (int i = 0; i < S; ++i)
    nut[i] = 1 + .5 * Random();
  const EddyFvFaceRows plain = {S, S, w, g, NULL, NULL}, eddy = {S, S, w, g, nut, NULL};
  for (int d = 0; d < (int)dim; ++d) {
    o->fv.Viscous[d](o->ctx, N, &plain, S, fl);
    o->fv.Viscous[d](o->ctx, N, &eddy, S, fr);
    for (int l = 1; l < levels; ++l) {
      p[l]->fv.Viscous[d](p[l]->ctx, N, &eddy, S, h);
      for (PetscInt c = 0; c < o->ncomp; ++c)
        ck_assert(!memcmp(fr + c * S, h + c * S, N * sizeof(double)));
    }
    double first[ROWS * S];
    memcpy(first, g, sizeof first);
    for (PetscInt q = dim; q < dim + 1 + (o->scalar ? o->nprim - o->scalar : 0); ++q)
      memcpy(first + q * dim * S, g + (q * dim + d) * S, S * sizeof(double));
    ViscousNormalBody(p, levels, d, &(EddyFvFaceRows){S, S, w, first, NULL, NULL}, fl);
    ViscousNormalBody(p, levels, d, &(EddyFvFaceRows){S, S, w, first, nut, NULL}, fr);
    for (int i = 0; i < N; ++i) {
      /* along the face the stress is mu (d_d v + d_v u_d): rho nu_t adds in proportion to mu = 0.1 */
      const int e = (d + 1) % (int)dim;
      const double shear = g[(e * dim + d) * S + i] + g[(d * dim + e) * S + i];
      ck_assert(fl[i] == 0 && fr[i] == 0);
      if (dim > 1)
        ck_assert_double_eq_tol(fr[(1 + e) * S + i] - fl[(1 + e) * S + i], -w[i] * nut[i] * shear,
                                1e-13);
    }
  }
  for (int i = 0; i < N; ++i) {
    /* with the state at rest: largest eigenvalue of flux over gradient, stress and heat */
    double one[EDDY_MAX_COMP * 2] = {0}, f[EDDY_MAX_COMP], most = 0;
    for (PetscInt q = 0; q <= dim; ++q) {
      double grad[ROWS] = {0}, rest[EDDY_MAX_COMP] = {w[i]};
      const EddyFvFaceRows at = {1, 1, rest, grad, NULL, NULL};
      grad[q * dim] = 1;
      o->fv.Viscous[0](o->ctx, 1, &at, 1, f);
      const double heat = q == dim ? 1 : 0;
      for (PetscInt c = 0; c < o->nprim; ++c)
        one[c] = w[c * S + i];
      /* energy per temperature at constant density: rho/(gamma - 1) */
      PetscReal a[EDDY_MAX_COMP], b[EDDY_MAX_COMP], hot[EDDY_MAX_COMP];
      memcpy(hot, one, sizeof hot);
      hot[1 + dim] += w[i];
      o->ops->ToCons(o->ctx, one, a);
      o->ops->ToCons(o->ctx, hot, b);
      most = fmax(most, heat > 0 ? -f[1 + dim] / (b[1 + dim] - a[1 + dim]) : -f[1 + q] / w[i]);
    }
    const double top = o->fv.Diffusivity(o->ctx, 1, 1, one);
    ck_assert_msg(top >= most * (1 - 1e-12) && top <= most * (1 + 1e-12), "%s: %g is not %g",
                  o->ops->name, top, most);
  }
}
START_TEST(viscous_fluxes) { ForAll(ViscousBody); }
END_TEST

/* Waves: there and back gives the state, each of them is an eigenvector of the differenced flux (without a bed), all levels agree. */
static void WavesBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  const PetscInt nw = o->fv.nwave;
  double v[EDDY_MAX_COMP * S], again[EDDY_MAX_COMP * S];
  for (int dir = 0; dir < (int)o->box.dim && nw; ++dir) {
    States(o, u, aux, w);
    for (PetscInt q0 = 0; q0 < nw; ++q0) { /* unit amplitude of wave q0 at cell i: its vector */
      memset(v, 0, sizeof v);
      for (int i = 0; i < N; ++i)
        v[q0 * S + i] = 1;
      memcpy(again, v, sizeof v);
      o->fv.FromWaves[dir](o->ctx, N, S, w, S, v, again);
      for (int i = 1; i < N - 1; ++i) {
        PetscReal a[EDDY_MAX_COMP], b[EDDY_MAX_COMP], ua[EDDY_MAX_COMP], ub[EDDY_MAX_COMP],
            fa[EDDY_MAX_COMP], fb[EDDY_MAX_COMP];
        const PetscReal x[3] = {0}, n[3] = {dir == 0, dir == 1, dir == 2}, h = 1e-6;
        double uu = 0, uf = 0, ff = 0, top = 0;
        for (PetscInt c = 0; c < o->nprim; ++c) {
          const double r = c < nw ? v[c * S + i] - w[c * S + i] : 0;
          a[c] = w[c * S + i] - h * r;
          b[c] = w[c * S + i] + h * r;
          if (c < nw)
            ck_assert(again[c * S + i] == v[c * S + i]);
          top = fmax(top, fabs(r));
        }
        ck_assert(top > .01);
        if (o->naux)
          continue;
        o->ops->ToCons(o->ctx, a, ua);
        o->ops->ToCons(o->ctx, b, ub);
        o->ops->Flux(o->ctx, x, 0, n, ua, NULL, fa);
        o->ops->Flux(o->ctx, x, 0, n, ub, NULL, fb);
        for (PetscInt c = 0; c < o->ncomp; ++c) {
          const double du = (ub[c] - ua[c]) / h, df = (fb[c] - fa[c]) / h;
          uu += du * du;
          uf += du * df;
          ff += df * df;
        }
        /* df = lambda du: what is left of df along du is nothing */
        ck_assert_msg(ff - uf * uf / uu <= 1e-6 * (ff + uu), "%s %d-D, direction %d, wave %d",
                      o->ops->name, (int)o->box.dim, dir, (int)q0);
      }
    }
    for (int reach = 1; reach <= 2; ++reach) { /* differences of neighbours and back */
      static double many[5 * EDDY_MAX_COMP * S], other[5 * EDDY_MAX_COMP * S];
      const PetscInt m = N - 2 * reach;
      const double *at = w + reach;
      o->fv.ToWaves[dir](o->ctx, m, 1, reach, S, at, S, many);
      double *low = many, *high = many + 2 * reach * nw * S;
      for (int l = 1; l < levels; ++l) {
        p[l]->fv.ToWaves[dir](p[l]->ctx, m, 1, reach, S, at, S, other);
        for (PetscInt c = 0; c < (2 * reach + 1) * nw; ++c)
          ck_assert(!memcmp(many + c * S, other + c * S, (size_t)m * sizeof(double)));
      }
      memcpy(other, many, sizeof other);
      for (int l = 1; l < levels; ++l) {
        double *a = v, *b = again;
        memcpy(a, other, (size_t)(nw * S) * sizeof(double));
        memcpy(b, other + 2 * reach * nw * S, (size_t)(nw * S) * sizeof(double));
        p[l]->fv.FromWaves[dir](p[l]->ctx, m, S, at, S, a, b);
        if (l == 1)
          o->fv.FromWaves[dir](o->ctx, m, S, at, S, low, high);
        for (PetscInt c = 0; c < nw; ++c)
          ck_assert(!memcmp(a + c * S, low + c * S, (size_t)m * sizeof(double)) &&
                    !memcmp(b + c * S, high + c * S, (size_t)m * sizeof(double)));
      }
      if (levels == 1)
        o->fv.FromWaves[dir](o->ctx, m, S, at, S, low, high);
      for (PetscInt c = 0; c < nw; ++c)
        for (PetscInt i = 0; i < m; ++i)
          ck_assert_msg(fabs(low[c * S + i] - at[c * S + i - reach]) <= 1e-13 * 20 &&
                            fabs(high[c * S + i] - at[c * S + i + reach]) <= 1e-13 * 20,
                        "%s: there and back", o->ops->name);
    }
  }
}
START_TEST(waves_are_eigenvectors) { ForAll(WavesBody); }
END_TEST

/* Faces of any direction: consistent with the flux along the normal, times the area; along an axis like the solver of that axis; speeds like the rate; equal bits at
   every level. */
static void NormalBody(EddyPhysics p[LEVELS], int levels)
{
  EddyPhysics o = p[0];
  const PetscInt dim = o->box.dim;
  double g[4 * S], speed[2][S];
  States(o, v, aux, q);
  States(o, u, aux, w);
  for (int i = 0; i < N; ++i) {
    double n[3] = {Random(), Random(), Random()}, sum = 0;
    for (PetscInt d = 0; d < dim; ++d) {
      if (i < 2 * dim) /* along axes, both ways */
        n[d] = d == i / 2 ? (i % 2 ? -1 : 1) : 0;
      sum += n[d] * n[d];
    }
    for (PetscInt d = 0; d < dim; ++d)
      g[d * S + i] = n[d] / sqrt(sum);
    g[dim * S + i] = 1.5 + Random();
  }
  for (int r = 0; r < EDDY_RIEMANN_COUNT; ++r) {
    if (!o->fv.FluxNormal[r])
      continue;
    o->fv.FluxNormal[r](o->ctx, N, S, w, w, S, g, S, fl, fr);
    for (int i = 0; i < N; ++i) {
      const PetscReal x[3] = {0}, n[3] = {g[i], dim > 1 ? g[S + i] : 0, dim > 2 ? g[2 * S + i] : 0};
      PetscReal a[EDDY_MAX_COMP], f[EDDY_MAX_COMP];
      for (PetscInt c = 0; c < o->ncomp; ++c)
        a[c] = u[c * S + i];
      o->ops->Flux(o->ctx, x, 0, n, a, NULL, f);
      for (PetscInt c = 0; c < o->ncomp; ++c)
        ck_assert_msg(fabs(fl[c * S + i] - g[dim * S + i] * f[c]) <= 1e-13 * (10 + fabs(f[c])),
                      "%s %d-D, solver %d, face %d, component %d: %.16g, flux %.16g", o->ops->name,
                      (int)dim, r, i, (int)c, fl[c * S + i], g[dim * S + i] * f[c]);
    }
    o->fv.FluxNormal[r](o->ctx, N, S, w, q, S, g, S, fl, fr);
    for (int d = 0; d < (int)dim; ++d) {
      o->fv.Flux[r][d](o->ctx, N, S, w, q, S, gl, gr);
      for (PetscInt c = 0; c < o->ncomp; ++c)
        ck_assert_double_eq_tol(fl[c * S + 2 * d], g[dim * S + 2 * d] * gl[c * S + 2 * d],
                                1e-12 * (1 + fabs(gl[c * S + 2 * d])));
    }
    for (int l = 1; l < levels; ++l) {
      p[l]->fv.FluxNormal[r](p[l]->ctx, N, S, w, q, S, g, S, gl, gr);
      for (PetscInt c = 0; c < o->ncomp; ++c)
        ck_assert(!memcmp(fl + c * S, gl + c * S, N * sizeof(double)));
    }
  }
  for (int l = 0; l < levels; ++l) {
    if (o->fv.Speed)
      p[l]->fv.Speed(p[l]->ctx, N, S, w, speed[l > 0]);
    else if (o->fv.SpeedNormal) {
      for (int i = 0; i < N; ++i)
        for (PetscInt d = 0; d < dim; ++d)
          g[d * S + i] = d == 0;
      p[l]->fv.SpeedNormal(p[l]->ctx, N, S, w, S, g, speed[l > 0]);
    } else
      continue;
    for (int i = 0; i < N && !l; ++i) {
      const double along[3] = {1, 0, 0};
      double one[EDDY_MAX_COMP];
      for (PetscInt c = 0; c < o->nprim; ++c)
        one[c] = w[c * S + i];
      ck_assert_double_eq_tol(speed[0][i], o->fv.Rate(o->ctx, 1, 1, one, along), 1e-14);
    }
    if (l)
      ck_assert(!memcmp(speed[0], speed[1], N * sizeof(double)));
  }
}
START_TEST(faces_of_any_direction) { ForAll(NormalBody); }
END_TEST

EDDY_SUITE("fv_physics", faces_of_any_direction, solvers_are_consistent, mirrors_give_mirrored_bits,
           rate_bounds_the_speeds, states_and_diffusivities, levels_give_equal_bits, viscous_fluxes,
           waves_are_eigenvectors)
