/* SPDX-License-Identifier: BSD-3-Clause */
/* Recursive descent to a stack machine:

     comparison := sum [(< | > | <= | >=) sum]         sum    := product {(+ | -) product}
     product    := signed {(* | /) signed}             signed := {+ | -} power
     power      := atom [(^ | **) signed]              atom   := number [power] | name | name(comparison, ...) | (comparison) */
#include "formula.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum { CONSTANT, VARIABLE, ADD, SUB, MUL, DIV, POW, LT, GT, LE, GE, NEG, FUNCTION } Op;

enum { MIN = 13, MAX, ATAN2, IF };
static const struct {
  const char *name;
  int nargs;
  double (*one)(double);
} function[] = {{"sin", 1, sin},          {"cos", 1, cos},
                {"tan", 1, tan},          {"asin", 1, asin},
                {"acos", 1, acos},        {"atan", 1, atan},
                {"sinh", 1, sinh},        {"cosh", 1, cosh},
                {"tanh", 1, tanh},        {"exp", 1, exp},
                {"log", 1, log},          {"sqrt", 1, sqrt},
                {"abs", 1, fabs},         [MIN] = {"min", 2, NULL},
                [MAX] = {"max", 2, NULL}, [ATAN2] = {"atan2", 2, NULL},
                [IF] = {"if", 3, NULL}};
enum { NFUNCTION = sizeof function / sizeof *function };

typedef struct {
  const char *s;
  PetscInt nname, depth, nested;
  const char *const *name;
  EddyFormula *f;
  char *message;
} Reader;

static PetscBool Fail(Reader *r, const char *what)
{
  if (!r->message[0])
    snprintf(r->message, EDDY_FORMULA_TEXT, "%s%s%.40s%s", what, *r->s ? " at '" : " at its end",
             r->s, *r->s ? "'" : "");
  return PETSC_FALSE;
}

/* Appends an instruction that takes `takes` values from the stack and leaves one. */
static PetscBool Emit(Reader *r, int op, double value, int takes)
{
  r->depth += 1 - takes;
  if (r->f->n >= EDDY_FORMULA_CODE || r->depth > EDDY_FORMULA_STACK)
    return Fail(r, "too long");
  r->f->op[r->f->n] = (unsigned char)op;
  r->f->value[r->f->n++] = value;
  return PETSC_TRUE;
}

static char Next(Reader *r)
{
  r->s += strspn(r->s, " \t\n");
  return *r->s;
}

static PetscBool Take(Reader *r, const char *word)
{
  const size_t n = strlen(word);
  (void)Next(r);
  if (strncmp(r->s, word, n))
    return PETSC_FALSE;
  r->s += n;
  return PETSC_TRUE;
}

static PetscBool Comparison(Reader *r);
static PetscBool Power(Reader *r);

static PetscBool Call(Reader *r, int f)
{
  for (int a = 0; a < function[f].nargs; ++a)
    if (!Take(r, a ? "," : "(") || !Comparison(r))
      return Fail(r, "wrong arguments");
  return Take(r, ")") ? Emit(r, FUNCTION + f, 0, function[f].nargs) : Fail(r, "')' is missing");
}

static PetscBool Name(Reader *r)
{
  const size_t n = strspn(r->s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
  const char *word = r->s;
  char known[EDDY_FORMULA_TEXT / 2] = "";
  r->s += n;
  for (PetscInt k = 0; k < r->nname; ++k)
    if (strlen(r->name[k]) == n && !strncmp(r->name[k], word, n))
      return Emit(r, VARIABLE, (double)k, 0);
  if (n == 2 && !strncmp(word, "pi", 2))
    return Emit(r, CONSTANT, PETSC_PI, 0);
  for (int f = 0; f < NFUNCTION; ++f)
    if (strlen(function[f].name) == n && !strncmp(function[f].name, word, n))
      return Call(r, f);
  for (PetscInt k = 0; k < r->nname; ++k)
    snprintf(known + strlen(known), sizeof known - strlen(known), "%s, ", r->name[k]);
  if (!r->message[0])
    snprintf(r->message, EDDY_FORMULA_TEXT,
             "'%.*s' is not known (there are %spi; sin cos tan asin acos atan atan2 sinh cosh tanh "
             "exp log sqrt abs min max if)",
             (int)n, word, known);
  return PETSC_FALSE;
}

static PetscBool Atom(Reader *r)
{
  const char c = Next(r);
  if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)r->s[1]))) {
    char *end;
    const double v = strtod(r->s, &end);
    r->s = end;
    if (!Emit(r, CONSTANT, v, 0))
      return PETSC_FALSE;
    if (!isalpha((unsigned char)Next(r)))
      return PETSC_TRUE;
    return (PetscBool)(Power(r) && Emit(r, MUL, 0, 2));
  }
  if (isalpha((unsigned char)c))
    return Name(r);
  if (!Take(r, "("))
    return Fail(r, "a number, a name or '(' is missing");
  return (PetscBool)(Comparison(r) && (Take(r, ")") || Fail(r, "')' is missing")));
}

static PetscBool Signed(Reader *r)
{
  PetscBool minus = PETSC_FALSE;
  for (char c = Next(r); c == '-' || c == '+'; ++r->s, c = Next(r))
    minus = (PetscBool)(minus != (c == '-'));
  return (PetscBool)(Power(r) && (!minus || Emit(r, NEG, 0, 1)));
}

static PetscBool Power(Reader *r)
{
  if (++r->nested > EDDY_FORMULA_STACK) /* every way down passes here */
    return Fail(r, "nested too deeply");
  if (!Atom(r))
    return PETSC_FALSE;
  --r->nested;
  if (!Take(r, "^") && !Take(r, "**"))
    return PETSC_TRUE;
  ++r->nested;
  if (!Signed(r))
    return PETSC_FALSE;
  --r->nested;
  return Emit(r, POW, 0, 2);
}

static PetscBool Product(Reader *r)
{
  if (!Signed(r))
    return PETSC_FALSE;
  for (char c = Next(r); c == '*' || c == '/'; c = Next(r)) {
    ++r->s;
    if (!Signed(r) || !Emit(r, c == '*' ? MUL : DIV, 0, 2))
      return PETSC_FALSE;
  }
  return PETSC_TRUE;
}

static PetscBool Sum(Reader *r)
{
  if (!Product(r))
    return PETSC_FALSE;
  for (char c = Next(r); c == '+' || c == '-'; c = Next(r)) {
    ++r->s;
    if (!Product(r) || !Emit(r, c == '+' ? ADD : SUB, 0, 2))
      return PETSC_FALSE;
  }
  return PETSC_TRUE;
}

static PetscBool Comparison(Reader *r)
{
  if (!Sum(r))
    return PETSC_FALSE;
  const Op op = Take(r, "<=")   ? LE
                : Take(r, ">=") ? GE
                : Take(r, "<")  ? LT
                : Take(r, ">")  ? GT
                                : CONSTANT;
  return op == CONSTANT ? PETSC_TRUE : (PetscBool)(Sum(r) && Emit(r, op, 0, 2));
}

PetscBool EddyFormulaRead(const char *text, PetscInt n, const char *const name[], EddyFormula *f,
                          char message[EDDY_FORMULA_TEXT])
{
  Reader r = {.s = text, .nname = n, .name = name, .f = f, .message = message};
  message[0] = 0;
  f->n = 0;
  if (!Comparison(&r))
    return PETSC_FALSE;
  return Next(&r) ? Fail(&r, "cannot be read") : PETSC_TRUE;
}

/* a: arguments */
static double Value(int f, const double a[])
{
  if (function[f].one)
    return function[f].one(a[0]);
  if (f == ATAN2)
    return atan2(a[0], a[1]);
  if (f == IF)
    return a[0] != 0 ? a[1] : a[2];
  return (f == MIN) == (a[0] < a[1]) ? a[0] : a[1];
}

/* a: operands */
static double Operate(int op, const double a[])
{
  const double value[] = {[ADD] = a[0] + a[1], [SUB] = a[0] - a[1],
                          [MUL] = a[0] * a[1], [LT] = a[0]<a[1], [GT] = a[0]> a[1],
                          [LE] = a[0] <= a[1], [GE] = a[0] >= a[1],
                          [NEG] = -a[0]};
  return op == DIV ? a[0] / a[1] : op == POW ? pow(a[0], a[1]) : value[op];
}

double EddyFormulaAt(const EddyFormula *f, const double v[])
{
  double stack[EDDY_FORMULA_STACK + 1] = {0}, *top = stack; /* top: first free place */
  for (PetscInt i = 0; i < f->n; ++i) {
    const int op = f->op[i];
    if (op <= VARIABLE) {
      *top++ = op == CONSTANT ? f->value[i] : v[(int)f->value[i]];
      continue;
    }
    const int takes = op >= FUNCTION ? function[op - FUNCTION].nargs : op == NEG ? 1 : 2;
    double *a = top -= takes;
    ++top;
    *a = op >= FUNCTION ? Value(op - FUNCTION, a) : Operate(op, a);
  }
  return stack[0];
}
