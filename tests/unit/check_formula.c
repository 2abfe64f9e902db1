/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Formulas: values, what is refused; starts by formulas against starts of the same state, and water that is level. */
#include "formula.h"
#include "solver.h"
#include <math.h>
#include <string.h>

static const char *const names[] = {"x", "y", "a"};

static double At(const char *text, double x, double y)
{
  EddyFormula f;
  char message[EDDY_FORMULA_TEXT];
  const double v[] = {x, y, 10};
  ck_assert_msg(EddyFormulaRead(text, 3, names, &f, message), "%s: %s", text, message);
  return EddyFormulaAt(&f, v);
}

START_TEST(values)
{
  static const struct {
    const char *text;
    double value; /* at x = 2, y = -3, a = 10 */
  } c[] = {{"1", 1},
           {" 1.5e-3 ", 1.5e-3},
           {"2pi", 2 * PETSC_PI},
           {"1/2pi", 1 / (2 * PETSC_PI)},
           {"3x^2", 12},
           {"-x^2", -4},
           {"x^-1", .5},
           {"2**3**2", 512},
           {"x - y - 1", 4},
           {"12/x/3", 2},
           {"a*(x + y)", -10},
           {"--x + +y", -1},
           {"x < 3", 1},
           {"(x >= 2)*(y > 0)", 0},
           {"x <= y", 0},
           {"min(x, y) + max(x, a)", 7},
           {"if(y < 0, x, a)", 2},
           {"if(y > 0, x, if(x > 1, a, 0))", 10},
           {"atan2(0, -1)", PETSC_PI},
           {"abs(y)", 3},
           {"sqrt(x*8)", 4},
           {"sin(pi/2) + cos(0) + exp(0) + log(1) + tanh(0)", 3}};
  for (size_t i = 0; i < sizeof c / sizeof *c; ++i)
    ck_assert_msg(fabs(At(c[i].text, 2, -3) - c[i].value) <= 1e-15 * fabs(c[i].value), "%s is %g",
                  c[i].text, At(c[i].text, 2, -3));
}
END_TEST

START_TEST(refused)
{
  static const struct {
    const char *text, *says;
  } c[] = {{"", "missing at its end"},
           {"1 +", "missing at its end"},
           {"sin x", "wrong arguments"},
           {"min(1)", "wrong arguments"},
           {"min(1, 2, 3)", "')' is missing"},
           {"(1", "')' is missing"},
           {"1)", "cannot be read"},
           {"1 2", "cannot be read"},
           {"b + 1", "'b' is not known (there are x, y, a, pi"},
           {"2q", "'q' is not known"},
           {"1 < 2 < 3", "cannot be read"},
           {"x = 1", "cannot be read"}};
  char message[EDDY_FORMULA_TEXT], text[600] = "";
  EddyFormula f;
  for (size_t i = 0; i < sizeof c / sizeof *c; ++i) {
    ck_assert_msg(!EddyFormulaRead(c[i].text, 3, names, &f, message), "%s is taken", c[i].text);
    ck_assert_msg(strstr(message, c[i].says), "%s: %s", c[i].text, message);
  }
  for (int open = 0; open < 2; ++open) { /* too long, too deep */
    memset(text, open ? '(' : '-', 599);
    for (int i = 0; !open && i < 598; i += 2)
      text[i] = '1';
    ck_assert(!EddyFormulaRead(text, 3, names, &f, message));
    ck_assert_msg(strstr(message, open ? "nested too deeply" : "too long"), "%s", message);
  }
}
END_TEST

/* Largest difference of the states that two starts give. */
static double Apart(const char *head, const char *a, const char *b)
{
  char yaml[1024];
  double worst = 0;
  Solver s[2];
  for (int q = 0; q < 2; ++q) {
    snprintf(yaml, sizeof yaml, "%s\ninitial: {%s}\ntime: {type: ssprk3}\n", head, q ? b : a);
    s[q] = eddy_test_solver(PETSC_COMM_SELF, yaml, NULL);
  }
  ck_assert(s[0].d->size == s[1].d->size);
  for (size_t i = 0; i < s[0].d->size; ++i)
    worst = fmax(worst, fabs(s[0].u[i] - s[1].u[i]));
  for (int q = 0; q < 2; ++q)
    eddy_test_solver_end(&s[q]);
  return worst;
}

START_TEST(starts)
{
  static const char gas[] = "mesh: {n: [24, 8], upper: [2, 1]}\nphysics: {type: euler}";
  static const struct {
    const char *head, *a, *b;
    double most;
  } c[] = {
      {gas, "type: uniform, density: 2, velocity: [0.5, -1], pressure: 3",
       "type: formula, density: 2, velocity_x: 1/2, velocity_y: 0 - 1, pressure: 3", 1e-14},
      {gas, "type: uniform, density: 2, velocity: [0.5, -1], pressure: 3",
       "type: formula, temperature: 3/2, velocity: [0*x + 0.5, -1], pressure: 3", 1e-14},
      {gas, "type: riemann1d, case: sod",
       "type: formula, density: \"if(x < 1, 1, 0.125)\", pressure: \"if(x < 1, 1, 0.1)\"", 1e-14},
      {"mesh: {n: [24, 8], upper: [2, 1]}\nphysics: {type: euler, scalars: [dye]}",
       "type: riemann1d, dye: {type: formula, value: x < 1}",
       "type: formula, parameters: {list: [b], b: 1}, density: \"if(x < b, 1, 0.125)\", pressure: "
       "\"if(x < b, 1, 0.1)\", dye: x < b",
       1e-14},
      {"mesh: {n: [24, 12]}\nphysics: {type: shallow_water, bathymetry: {type: gaussian, height: "
       "1.5}}",
       "type: lake, surface: 1", "type: formula, surface: 1", 0},
      {"mesh: {n: [32], upper: [2pi]}\nphysics: {type: burgers}\ndisc: {type: spectral}",
       "type: sine", "type: formula, u: sin(x)", 1e-14}};
  for (size_t i = 0; i < sizeof c / sizeof *c; ++i)
    ck_assert_msg(Apart(c[i].head, c[i].a, c[i].b) <= c[i].most, "%s: %g", c[i].b,
                  Apart(c[i].head, c[i].a, c[i].b));
  ck_assert(Apart(gas, "type: uniform", "type: formula, density: 1 + 0.1*x") > .01);
}
END_TEST

EDDY_SUITE("formula", values, refused, starts)
