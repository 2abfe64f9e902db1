/* SPDX-License-Identifier: BSD-3-Clause */
/* Starts from the values of quantities, by their names: the primitive ones of the physics (density, velocity_x, pressure; depth; u) or the components of its
   state where it has no others; `velocity` gives all components at once. Positive quantities are 1 unless given, others 0.

     uniform   a number each
     formula   a formula of x, y, z and of numbers of one's own (initial_parameters_list), each an option that a set may vary; also what faces accept beside
               primitive quantities (temperature of a gas, at its pressure; surface of water). For a further component (initial: {dye: ...}) its `value`. */
#include "formula.h"
#include "initial.h"
#include <string.h>

enum { XYZ = 3 };

typedef struct {
  PetscReal u[EDDY_MAX_COMP]; /* uniform: the state */
  PetscInt surface;           /* given quantity that is no component of the state; 0: none */
  EddyFormula f[EDDY_MAX_COMP], extra[EDDY_MAX_LIST]; /* of primitive quantities, of face_fields */
  PetscReal v[XYZ + EDDY_MAX_LIST];                   /* x, y, z, parameters */
  PetscInt nname;
  char parameter[EDDY_MAX_LIST][EDDY_MAX_NAME];
} Ctx;

static const char what_formula[] = "formula of x, y, z";

static const char *Quantity(EddyPhysics p, PetscInt q)
{
  return p->nprim ? p->prim[q] : p->comp[q];
}

static PetscBool Positive(EddyPhysics p, PetscInt q)
{
  for (PetscInt k = 0; k < p->npositive; ++k)
    if (p->positive[k] == q)
      return PETSC_TRUE;
  return PETSC_FALSE;
}

/* Quantities that may be given by name: those after the components of the state (surface) where the physics completes one from the other. */
static PetscInt Quantities(EddyPhysics p) { return p->ops->Complete ? p->nprim : p->ncomp; }

/* For the catalogue: names of the quantities of every physics, so that others are known to be mistakes. */
static PetscErrorCode Declare(EddyInitial ic, EddyOptions o, const char *what)
{
  EddyInitialKey key;
  EddyOptions none;
  EddyPhysics p;
  const char *text;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsCreate(PETSC_COMM_SELF, &none));
  PetscCall(EddyOptionsSetCatalogue(none, PETSC_TRUE));
  for (PetscInt k = 0; EddyPhysicsGetOps(ic->physics->level, k); ++k) {
    const EddyPhysicsOps *ops = EddyPhysicsGetOps(ic->physics->level, k);
    PetscCall(EddyPhysicsCreateFromOps(ops, ic->physics->level, none, &ic->physics->box, &p));
    for (PetscInt q = 0; q < Quantities(p); ++q)
      if (!strstr(Quantity(p, q), "NAME"))
        PetscCall(
            EddyOptionsString(o, EddyInitialOption(ic, Quantity(p, q), &key), what, NULL, &text));
    for (PetscInt q = 0; ops->face_fields && ops->face_fields[q]; ++q)
      PetscCall(EddyOptionsString(o, EddyInitialOption(ic, ops->face_fields[q], &key), what, NULL,
                                  &text));
    PetscCall(EddyPhysicsDestroy(&p));
  }
  PetscCall(EddyOptionsDestroy(&none));
  PetscCall(EddyOptionsString(o, EddyInitialOption(ic, "velocity", &key), "all its components",
                              NULL, &text));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode UniformCreate(EddyInitial ic, EddyOptions o)
{
  EddyPhysics p = ic->physics;
  EddyInitialKey key;
  PetscReal w[EDDY_MAX_COMP] = {0};
  PetscBool catalogue, velocity = PETSC_FALSE;
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  if (catalogue) {
    PetscCall(Declare(ic, o, "value of this quantity"));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  EddyOptionsCheck(p->fv.ToPrim, o, EddyInitialOption(ic, "type", &key),
                   "uniform needs a physics with a finite-volume form; %s has none", p->ops->name);
  if (p->vector)
    PetscCall(EddyOptionsReals(o, EddyInitialOption(ic, "velocity", &key), "all its components",
                               p->prim_unit[p->vector], p->box.dim, -PETSC_MAX_REAL, PETSC_MAX_REAL,
                               w + p->vector, &velocity));
  for (PetscInt q = 0; q < p->ncomp; ++q) {
    const PetscBool positive = Positive(p, q);
    if (velocity && q >= p->vector && q < p->vector + p->box.dim)
      continue;
    PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, p->prim[q], &key), "value of this quantity",
                              p->prim_unit[q], positive ? 1 : 0,
                              positive ? PETSC_SMALL : -PETSC_MAX_REAL, PETSC_MAX_REAL, &w[q]));
  }
  if (p->ops->ToCons)
    p->ops->ToCons(p->ctx, w, c->u);
  else
    PetscCall(PetscArraycpy(c->u, w, p->ncomp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void UniformPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  for (PetscInt q = 0; q < ic->physics->ncomp; ++q)
    u[q] = c->u[q];
}

/* ---- formulas ---- */

/* What formulas may use: x, y, z, then parameters. */
static void Variables(const Ctx *c, const char *name[XYZ + EDDY_MAX_LIST])
{
  static const char *const xyz[XYZ] = {"x", "y", "z"};
  for (PetscInt k = 0; k < c->nname; ++k)
    name[k] = k < XYZ ? xyz[k] : c->parameter[k - XYZ];
}

static PetscErrorCode Parameters(EddyInitial ic, EddyOptions o)
{
  Ctx *c = ic->ctx;
  EddyInitialKey key;
  const char *name[XYZ + EDDY_MAX_LIST];
  char message[EDDY_FORMULA_TEXT];
  EddyFormula f;
  PetscInt n;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsNames(o, EddyInitialOption(ic, "parameters_list", &key),
                             "names of numbers that formulas use", EDDY_MAX_LIST, c->parameter,
                             &n));
  c->nname = XYZ + n;
  Variables(c, name);
  for (PetscInt k = XYZ; k < c->nname; ++k) /* x, pi, x-y mean something already */
    EddyOptionsCheck(!EddyFormulaRead(name[k], XYZ, name, &f, message) &&
                         EddyFormulaRead(name[k], c->nname, name, &f, message),
                     o, key.text, "'%s' cannot be a name of one's own in formulas", name[k]);
  for (PetscInt k = 0; k < n; ++k) {
    char word[2 * EDDY_MAX_NAME];
    snprintf(word, sizeof word, "parameters_%s", c->parameter[k]);
    PetscCall(EddyOptionsReal(o, EddyInitialOption(ic, word, &key), "number for formulas", "", 0,
                              -PETSC_MAX_REAL, PETSC_MAX_REAL, &c->v[XYZ + k]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Reads text, the value of option key. */
static PetscErrorCode Parse(EddyInitial ic, EddyOptions o, const char *key, const char *text,
                            EddyFormula *f)
{
  const Ctx *c = ic->ctx;
  const char *name[XYZ + EDDY_MAX_LIST];
  char message[EDDY_FORMULA_TEXT];

  PetscFunctionBeginUser;
  Variables(c, name);
  EddyOptionsCheck(EddyFormulaRead(text, c->nname, name, f, message), o, key,
                   "'%s' is no formula: %s", text, message);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The formula given for a word, else fallback; NULL: none. */
static PetscErrorCode Read(EddyInitial ic, EddyOptions o, const char *word, const char *fallback,
                           EddyFormula *f)
{
  EddyInitialKey key;
  const char *text;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsString(o, EddyInitialOption(ic, word, &key), what_formula, fallback, &text));
  if (text)
    PetscCall(Parse(ic, o, key.text, text, f));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* velocity: [formula, formula], in brackets or not; commas between brackets belong to a formula. */
static PetscErrorCode ReadVelocity(EddyInitial ic, EddyOptions o, PetscBool *given)
{
  Ctx *c = ic->ctx;
  EddyPhysics p = ic->physics;
  EddyInitialKey key;
  const char *text;
  char one[EDDY_MAX_PATH];
  PetscInt n = 0;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsString(o, EddyInitialOption(ic, "velocity", &key),
                              "formulas of all its components", NULL, &text));
  *given = text ? PETSC_TRUE : PETSC_FALSE;
  for (const char *s = text; s && *s; ++n) {
    size_t len = 0;
    for (int depth = 0; *s && (*s != ',' || depth); ++s) {
      depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
      if (*s != '[' && *s != ']' && len < sizeof one - 1)
        one[len++] = *s;
    }
    one[len] = 0;
    s += *s == ',';
    if (n < p->box.dim)
      PetscCall(Parse(ic, o, key.text, one, &c->f[p->vector + n]));
  }
  EddyOptionsCheck(!text || n == p->box.dim, o, key.text, "%d formulas given, %d are needed",
                   (int)n, (int)p->box.dim);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode FormulaCreate(EddyInitial ic, EddyOptions o)
{
  EddyPhysics p = ic->physics;
  EddyInitialKey key;
  PetscBool catalogue, velocity = PETSC_FALSE;
  const char *twice = NULL, *first; /* what sets the first quantity too */
  Ctx *c = ic->ctx;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(Parameters(ic, o));
  if (catalogue)
    PetscCall(Declare(ic, o, what_formula));
  if (catalogue || ic->comp) {
    PetscCall(Read(ic, o, "value", "0", &c->f[0]));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (p->vector)
    PetscCall(ReadVelocity(ic, o, &velocity));
  for (PetscInt q = 0; q < Quantities(p); ++q)
    if (!velocity || q < p->vector || q >= p->vector + p->box.dim)
      PetscCall(Read(ic, o, Quantity(p, q),
                     q >= p->ncomp    ? NULL
                     : Positive(p, q) ? "1"
                                      : "0",
                     &c->f[q]));
  for (PetscInt q = p->ncomp; q < Quantities(p); ++q)
    if (c->f[q].n)
      twice = Quantity(p, c->surface = q);
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q) {
    PetscCall(Read(ic, o, p->ops->face_fields[q], NULL, &c->extra[q]));
    if (c->extra[q].n)
      twice = p->ops->face_fields[q];
  }
  PetscCall(EddyOptionsGetRaw(o, EddyInitialOption(ic, Quantity(p, 0), &key), &first));
  EddyOptionsCheck(!twice || !first, o, key.text, "follows from %s: give one of them", twice);
  ic->centre = c->surface ? PETSC_TRUE : PETSC_FALSE; /* like the bed: a level surface is level */
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void FormulaPoint(EddyInitial ic, const PetscReal x[3], PetscReal u[])
{
  const Ctx *c = ic->ctx;
  EddyPhysics p = ic->physics;
  PetscReal v[XYZ + EDDY_MAX_LIST], w[EDDY_MAX_COMP] = {0};

  for (PetscInt k = 0; k < c->nname; ++k)
    v[k] = k < XYZ ? x[k] : c->v[k];
  if (ic->comp) {
    u[ic->comp] = EddyFormulaAt(&c->f[0], v);
    return;
  }
  for (PetscInt q = 0; q < Quantities(p); ++q)
    w[q] = c->f[q].n ? EddyFormulaAt(&c->f[q], v) : 0;
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q)
    if (c->extra[q].n)
      p->ops->FaceSet(p->ctx, q, EddyFormulaAt(&c->extra[q], v), w);
  if (c->surface) {
    PetscReal bed[EDDY_MAX_COMP];
    p->ops->Aux(p->ctx, x, bed);
    w[0] = PetscMax(0, w[c->surface] - bed[0]);
  }
  if (p->ops->ToCons)
    p->ops->ToCons(p->ctx, w, u);
  else
    for (PetscInt q = 0; q < p->ncomp; ++q)
      u[q] = w[q];
}

const EddyInitialOps eddy_initial_uniform = {
    .name = "uniform",
    .summary = "the same state everywhere, by its primitive values (fv)",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .centre = PETSC_TRUE,
    .Create = UniformCreate,
    .Point = UniformPoint,
};
const EddyInitialOps eddy_initial_formula = {
    .name = "formula",
    .summary = "one's own formulas of x, y, z for the quantities of any equation",
    .ctx_size = sizeof(Ctx),
    .whole = PETSC_TRUE,
    .Create = FormulaCreate,
    .Point = FormulaPoint,
};
