/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Derived fields of the stream function psi = sin(a x) cos(b y) + 0.3 sin(2 a x), against formulas worked out by hand. */
#include "fields/fields.h"
#include "support.h"
#include <math.h>
#include <string.h>

static const double a = 1, b = 2 * PETSC_PI / 4, X = .7, Y = 1.1;

static EddyBox Box(PetscInt dim)
{
  EddyBox box = {
      .dim = dim, .n = {16, dim > 1 ? 16 : 1, 1}, .upper = {2 * PETSC_PI, dim > 1 ? 4 : 1, 1}};
  return box;
}

static EddyPhysics Make(const char *yaml, PetscInt dim, EddyOptions *o)
{
  const EddyBox box = Box(dim);
  EddyPhysics p;
  *o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  CK_PETSC(EddyPhysicsCreate(PETSC_COMM_WORLD, *o, &box, &p));
  return p;
}

/* coefficients of the vorticity of psi */
static EddyComplex State(int i, int j)
{
  const double k2 = a * a * i * i + b * b * j * j;
  if (i == 1 && (j == 1 || j == -1))
    return EddyC(0, -.25 * k2);
  if (i == 2 && j == 0)
    return EddyC(0, -.15 * k2);
  return EddyC(0, 0);
}

/* all components of a field at (X, Y): sums of modes, then the point function */
static void Evaluate(EddyPhysics p, const char *name, double out[9])
{
  EddyField f;
  CK_PETSC(EddyFieldFind(p, NULL, NULL, name, &f));
  for (int c = 0; c < 9; ++c)
    out[c] = 0;
  if (f.ops && f.ops->Point) {
    double in[36];
    PetscInt n = 0;
    for (int s = 0; s < 4 && f.ops->from[s]; ++s) {
      EddyField g;
      double v[9];
      CK_PETSC(EddyFieldFind(p, NULL, NULL, f.ops->from[s], &g));
      Evaluate(p, f.ops->from[s], v);
      for (PetscInt c = 0; c < g.ncomp; ++c)
        in[n++] = v[c];
    }
    f.ops->Point(p->box.dim, in, out);
    return;
  }
  for (int i = 1; i <= 2; ++i)
    for (int j = p->box.dim > 1 ? -1 : 0; j <= (p->box.dim > 1 ? 1 : 0); ++j) {
      const EddyMode k = EddyModeMake(&p->box, i, j, 0);
      EddyComplex u[EDDY_MAX_COMP] = {State(i, p->box.dim > 1 ? j : 1)}, vel[3], z[9] = {{0, 0}};
      if (p->ops->Velocity)
        p->ops->Velocity(p->ctx, &k, u, vel);
      if (f.ops)
        f.ops->Hat(p, &k, u, p->ops->Velocity ? vel : NULL, z);
      else
        z[0] = u[f.comp];
      const double phase = k.k[0] * X + k.k[1] * Y;
      for (PetscInt c = 0; c < f.ncomp; ++c)
        out[c] += 2 * (z[c].re * cos(phase) - z[c].im * sin(phase));
    }
}

static void Expect(EddyPhysics p, const char *name, PetscInt n, const double v[])
{
  double out[9];
  EddyField f;
  CK_PETSC(EddyFieldFind(p, NULL, NULL, name, &f));
  ck_assert_int_eq(f.ncomp, n);
  ck_assert_str_eq(f.name, name);
  ck_assert_uint_gt(strlen(f.unit), 0);
  Evaluate(p, name, out);
  for (PetscInt c = 0; c < n; ++c)
    ck_assert_msg(fabs(out[c] - v[c]) < 1e-13, "%s[%d] is %.15g, by hand %.15g", name, (int)c,
                  out[c], v[c]);
}

START_TEST(fields_of_a_flow)
{
  EddyOptions o;
  EddyPhysics p = Make("physics: {type: ns2d}", 2, &o);
  const double sx = sin(a * X), cx = cos(a * X), sy = sin(b * Y), cy = cos(b * Y),
               s2 = sin(2 * a * X), c2 = cos(2 * a * X);
  /* u = psi_y, v = -psi_x */
  const double u = -b * sx * sy, v = -a * cx * cy - .6 * a * c2;
  const double ux = -a * b * cx * sy, uy = -b * b * sx * cy,
               vx = a * a * sx * cy + 1.2 * a * a * s2, vy = a * b * cx * sy;
  const double omega = vx - uy, wx = (a * a + b * b) * a * cx * cy + 2.4 * a * a * a * c2,
               wy = -(a * a + b * b) * b * sx * sy;
  const double lap = -(a * a + b * b) * (a * a + b * b) * sx * cy - 4.8 * pow(a, 4) * s2;
  const double half = .5 * (uy + vx), strain2 = ux * ux + vy * vy + 2 * half * half;
  const struct {
    const char *name;
    PetscInt n;
    double v[4];
  } table[] = {
      {"vorticity", 1, {omega}},
      {"velocity", 2, {u, v}},
      {"stream_function", 1, {sx * cy + .3 * s2}},
      {"velocity_gradient", 4, {ux, uy, vx, vy}},
      {"strain", 4, {ux, half, half, vy}},
      {"rotation", 4, {0, .5 * (uy - vx), .5 * (vx - uy), 0}},
      {"vorticity_gradient", 2, {wx, wy}},
      {"vorticity_laplacian", 1, {lap}},
      {"speed", 1, {sqrt(u * u + v * v)}},
      {"kinetic_energy", 1, {.5 * (u * u + v * v)}},
      {"enstrophy_density", 1, {.5 * omega * omega}},
      {"palinstrophy_density", 1, {.5 * (wx * wx + wy * wy)}},
      {"strain_magnitude", 1, {sqrt(2 * strain2)}},
      {"q_criterion", 1, {.5 * (.5 * omega * omega - strain2)}},
      {"okubo_weiss", 1, {2 * strain2 - omega * omega}},
      {"gradient", 2, {wx, wy}},
      {"laplacian", 1, {lap}},
      {"gradient_magnitude", 1, {sqrt(wx * wx + wy * wy)}},
  };
  enum { NTABLE = sizeof table / sizeof *table };
  for (int i = 0; i < NTABLE; ++i)
    Expect(p, table[i].name, table[i].n, table[i].v);
  /* every registered field is in the table above */
  for (PetscInt k = 0; EddyFieldGetOps(k); ++k) {
    int found = 0;
    for (int i = 0; i < NTABLE; ++i)
      found += !strcmp(table[i].name, EddyFieldGetOps(k)->name);
    ck_assert_msg(found, "%s is not tested", EddyFieldGetOps(k)->name);
  }
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(fields_of_a_scalar)
{
  EddyOptions o;
  EddyPhysics p = Make("physics: {type: ks}", 1, &o);
  /* the state of this test in 1-D: modes 1 and, with j = 1 and i = 2, nothing */
  const double w = .5 * (a * a + b * b);
  Expect(p, "u", 1, (const double[]){w * sin(a * X)});
  Expect(p, "gradient", 1, (const double[]){w * a * cos(a * X)});
  Expect(p, "laplacian", 1, (const double[]){-w * a * a * sin(a * X)});
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(state_components_come_first)
{
  EddyOptions o;
  EddyPhysics p = Make("physics: {type: ns2d, tracers: [dye, speed]}", 2, &o);
  EddyField f;
  CK_PETSC(EddyFieldFind(p, o, "output_h_fields", "vorticity", &f));
  ck_assert(f.comp == 0 && !f.ops);
  CK_PETSC(EddyFieldFind(p, o, "output_h_fields", "dye", &f));
  ck_assert(f.comp == 1 && !f.ops);
  CK_PETSC(EddyFieldFind(p, o, "output_h_fields", "speed", &f));
  ck_assert(f.comp == 2 && !f.ops && f.ncomp == 1);
  CK_PETSC(EddyFieldFind(p, o, "output_h_fields", "strain", &f));
  ck_assert(f.comp < 0 && f.ops && f.rank == 2 && f.symmetry == EDDY_SYM_SYMMETRIC);
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

START_TEST(find_refuses)
{
  static const char *const bad[] = {"velocity", "vortisity", ""};
  EddyOptions o;
  EddyPhysics p = Make("physics: {type: ks}", 1, &o);
  EddyField f;
  eddy_test_expect_errors(PETSC_TRUE);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    ck_assert_msg(EddyFieldFind(p, o, "output_h_fields", bad[i], &f), "found %s", bad[i]);
    ck_assert(EddyFieldFind(p, NULL, NULL, bad[i], &f));
  }
  eddy_test_expect_errors(PETSC_FALSE);
  CK_PETSC(EddyPhysicsDestroy(&p));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

EDDY_SUITE("fields", fields_of_a_flow, fields_of_a_scalar, state_components_come_first,
           find_refuses)
