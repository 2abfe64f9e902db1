/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the boundary conditions of faces.h and checks that they make sense for the physics. */
#include "fv.h"
#include <math.h>
#include <string.h>

enum { KEY = 4 * EDDY_MAX_NAME };
static const char *const kind_name[] = {"", "", "_dirichlet", "_neumann", "_robin"};

typedef struct {
  EddyDisc d;
  EddyOptions o;
  int e, side;
  EddyFvPatch *patch;
  PetscInt npatch;
  char patches[EDDY_MAX_LIST][EDDY_MAX_NAME];
} Reader;

static PetscErrorCode Given(EddyOptions o, const char *name, const char *end, char key[KEY],
                            PetscBool *given)
{
  const char *raw;
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, KEY, "%s_%s", name, end));
  PetscCall(EddyOptionsGetRaw(o, key, &raw));
  *given = raw ? PETSC_TRUE : PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Rule of one field: a number, or one of the kinds nested under its name. */
static PetscErrorCode ReadRule(Reader *r, const char *field, const char *unit, EddyFaceRule *rule)
{
  EddyFvPatch *p = r->patch;
  PetscInt found = 0;
  PetscFunctionBeginUser;
  for (int k = EDDY_FACE_BEYOND; k <= EDDY_FACE_ROBIN; ++k) {
    char end[2 * EDDY_MAX_NAME], key[KEY];
    PetscBool given = PETSC_FALSE;
    PetscCall(PetscSNPrintf(end, sizeof end, "%s%s", field, kind_name[k]));
    PetscCall(Given(r->o, p->name, end, key, &given));
    if (!given)
      continue;
    EddyOptionsCheck(!found++, r->o, key, "this field of the face has two rules");
    EddyOptionsCheck(rule->kind == EDDY_FACE_INSIDE, r->o, key,
                     "also said by velocity or by the table of this face");
    rule->kind = (EddyFaceKind)k;
    if (k != EDDY_FACE_ROBIN) {
      PetscCall(EddyOptionsReal(r->o, key,
                                k == EDDY_FACE_BEYOND      ? "value beyond this face"
                                : k == EDDY_FACE_DIRICHLET ? "value at this face"
                                                           : "outward derivative at this face",
                                unit, 0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &rule->value[0]));
      continue;
    }
    PetscCall(EddyOptionsReals(r->o, key, "a, b, c of a u + b du/dn = c at this face", "", 3,
                               -PETSC_MAX_REAL, PETSC_MAX_REAL, rule->value, NULL));
    EddyOptionsCheck(rule->value[0] * rule->value[1] >= 0 &&
                         (rule->value[0] != 0 || rule->value[1] != 0),
                     r->o, key, "a and b may not have opposite signs or both be zero");
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscInt FieldIndex(const Reader *r, const char *name, PetscBool *extra)
{
  EddyPhysics p = r->d->physics;
  *extra = PETSC_FALSE;
  for (PetscInt c = 0; c < p->nprim; ++c)
    if (!strcasecmp(name, p->prim[c]))
      return c;
  *extra = PETSC_TRUE;
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q)
    if (!strcasecmp(name, p->ops->face_fields[q]))
      return q;
  return -1;
}

/* Names that a face of this physics may fix, for messages. */
static PetscErrorCode FieldList(const Reader *r, char list[], size_t len)
{
  EddyPhysics p = r->d->physics;
  PetscFunctionBeginUser;
  list[0] = 0;
  for (PetscInt c = 0; c < p->nprim; ++c) {
    PetscCall(PetscStrlcat(list, c ? ", " : "", len));
    PetscCall(PetscStrlcat(list, p->prim[c], len));
  }
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q) {
    PetscCall(PetscStrlcat(list, ", ", len));
    PetscCall(PetscStrlcat(list, p->ops->face_fields[q], len));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadVelocity(Reader *r)
{
  EddyPhysics p = r->d->physics;
  EddyFvPatch *f = r->patch;
  char key[KEY];
  PetscReal v[3] = {0, 0, 0};
  PetscBool given;
  PetscFunctionBeginUser;
  for (int e = 0; e < 3; ++e)
    f->wall_column[e] = -1;
  PetscCall(Given(r->o, f->name, "velocity", key, &given));
  if (!given || !p->vector)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOptionsReals(r->o, key, "velocity of the wall, or beyond the face", "L/T",
                             p->box.dim, -PETSC_MAX_REAL, PETSC_MAX_REAL, v, NULL));
  for (int e = 0; e < (int)p->box.dim; ++e)
    if (EddyFaceIsWall(f->type))
      f->wall[e] = v[e];
    else
      f->field[p->vector + e] = (EddyFaceRule){EDDY_FACE_BEYOND, {v[e]}, -1};
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A wall that turns about a line along z. */
static PetscErrorCode ReadSpin(Reader *r)
{
  EddyFvPatch *f = r->patch;
  char key[KEY], centre[KEY];
  PetscBool given, placed;
  PetscFunctionBeginUser;
  PetscCall(Given(r->o, f->name, "spin_centre", centre, &placed));
  PetscCall(Given(r->o, f->name, "spin", key, &given));
  EddyOptionsCheck(given || !placed, r->o, centre, "belongs to spin, which is not there");
  if (!given)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscBool round = (PetscBool)(r->d->box.mapped || r->e == 2);
  EddyOptionsCheck(EddyFaceIsWall(f->type) && r->d->physics->vector && r->d->box.dim > 1 && round,
                   r->o, key,
                   "is for walls (no_slip) that turn about z: on mapped grids, and zmin and zmax "
                   "of a box");
  PetscCall(EddyOptionsReal(r->o, key, "angular velocity of the wall about a line along z", "rad/T",
                            0, -PETSC_MAX_REAL, PETSC_MAX_REAL, &f->spin));
  if (placed)
    PetscCall(EddyOptionsReals(r->o, centre, "where that line is", "L", 2, -PETSC_MAX_REAL,
                               PETSC_MAX_REAL, f->spin_centre, NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The table covers the run, or is held. */
static PetscErrorCode CheckTimes(Reader *r, const char *key, PetscBool hold)
{
  static const char *const ends[] = {"time_start", "time_end"};
  const EddyFaceTable *t = &r->patch->table;
  const char *raw;
  PetscFunctionBeginUser;
  for (int q = 0; q < 2 && !hold; ++q) {
    PetscReal time = 0;
    PetscCall(EddyOptionsGetRaw(r->o, ends[q], &raw));
    if (!raw || !EddyParseReal(raw, &time))
      continue;
    EddyOptionsCheck(time >= t->t[0] && time <= t->t[t->n - 1], r->o, key,
                     "covers times %g to %g, but %s is %g; say table_hold: true to keep its ends",
                     t->t[0], t->t[t->n - 1], ends[q], (double)time);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadTable(Reader *r)
{
  EddyPhysics p = r->d->physics;
  EddyFvPatch *f = r->patch;
  char key[KEY], sub[KEY], columns[EDDY_MAX_LIST][EDDY_MAX_NAME], list[512];
  const char *path;
  PetscInt n;
  PetscBool given, hold;
  PetscFunctionBeginUser;
  PetscCall(Given(r->o, f->name, "table_path", key, &given));
  if (!given)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOptionsString(r->o, key, "CSV file t, v1, ...: values beyond this face in time",
                              NULL, &path));
  PetscCall(PetscSNPrintf(sub, sizeof sub, "%s_table_fields", f->name));
  PetscCall(EddyOptionsNames(r->o, sub, "fields in the columns after the first; default: header",
                             EDDY_MAX_LIST, columns, &n));
  PetscCall(PetscSNPrintf(sub, sizeof sub, "%s_table_hold", f->name));
  PetscCall(
      EddyOptionsBool(r->o, sub, "constant outside the times of the table", PETSC_FALSE, &hold));
  PetscCall(EddyFaceTableRead(r->d->comm, r->o, key, path, columns, &n, &f->table));
  PetscCall(CheckTimes(r, key, hold));
  for (PetscInt c = 0; c < n; ++c) {
    PetscBool extra;
    const PetscInt q = FieldIndex(r, columns[c], &extra);
    if (q < 0)
      PetscCall(FieldList(r, list, sizeof list));
    EddyOptionsCheck(q >= 0, r->o, key,
                     "column %d is '%s' (allowed: %s); name them with "
                     "table_fields",
                     (int)c + 2, columns[c], list);
    const PetscInt component = !extra && p->vector ? q - p->vector : -1;
    if (EddyFaceIsWall(f->type) && component >= 0 && component < p->box.dim) {
      f->wall_column[component] = c;
      continue;
    }
    EddyFaceRule *rule = extra ? &f->extra[q] : &f->field[q];
    EddyOptionsCheck(rule->kind == EDDY_FACE_INSIDE, r->o, key, "%s is given twice", columns[c]);
    *rule = (EddyFaceRule){EDDY_FACE_BEYOND, {0}, c};
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A key of this face that nothing reads. */
static PetscErrorCode CheckKeys(Reader *r)
{
  static const char *const words[] = {
      "type",       "list",    "velocity",  "spin", "spin_centre", "table_path", "table_fields",
      "table_hold", "library", "arguments", "from", "to",          "speed"};
  enum { NWORD = sizeof words / sizeof *words };
  EddyPhysics p = r->d->physics;
  char prefix[KEY], list[512];
  const char *key, *names[NWORD + 2 * EDDY_MAX_COMP];
  PetscInt n = 0;
  PetscFunctionBeginUser;
  for (; n < NWORD; ++n)
    names[n] = words[n];
  for (PetscInt c = 0; c < p->nprim; ++c)
    names[n++] = p->prim[c];
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q)
    names[n++] = p->ops->face_fields[q];
  PetscCall(PetscSNPrintf(prefix, sizeof prefix, "%s_", r->patch->name));
  PetscCall(FieldList(r, list, sizeof list));
  for (PetscInt k = 0;; ++k) {
    PetscBool known = PETSC_FALSE;
    PetscCall(EddyOptionsGetKey(r->o, prefix, k, &key));
    if (!key)
      break;
    const char *end = key + strlen(prefix);
    for (PetscInt q = 0; q < r->npatch; ++q) { /* read when its turn comes */
      const size_t len = strlen(r->patches[q]);
      known = (PetscBool)(known || (!strncasecmp(end, r->patches[q], len) && end[len] == '_'));
    }
    for (PetscInt q = 0; q < n; ++q) {
      const size_t len = strlen(names[q]);
      known = (PetscBool)(known || !strcasecmp(end, names[q]));
      for (int kind = EDDY_FACE_DIRICHLET; q >= NWORD && kind <= EDDY_FACE_ROBIN; ++kind)
        known = (PetscBool)(known || (!strncasecmp(end, names[q], len) &&
                                      !strcasecmp(end + len, kind_name[kind])));
    }
    if (known)
      continue;
    const char *near = EddyNearest(end, names, n);
    PetscCall(EddyOptionsError(r->o, key,
                               "no such field or setting of a face%s%s%s (fields: %s; "
                               "each a number or {dirichlet | neumann | robin: ...})",
                               near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "",
                               list));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode CheckWall(Reader *r, const char *type)
{
  EddyPhysics p = r->d->physics;
  PetscFunctionBeginUser;
  if (!EddyFaceIsWall(r->patch->type))
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(p->vector, r->o, "physics_type",
                   "%s has no velocity that a %s face could mirror", p->ops->name,
                   EddyBoundaryNames[r->patch->type]);
  for (int e = 0; e < (int)p->box.dim; ++e)
    EddyOptionsCheck(r->patch->field[p->vector + e].kind == EDDY_FACE_INSIDE, r->o, type,
                     "the velocity of a %s face is its wall's: say velocity: [...] instead of %s",
                     EddyBoundaryNames[r->patch->type], p->prim[p->vector + e]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What a type needs; sets given, fixed, pointwise. */
static PetscErrorCode CheckType(Reader *r, const char *type)
{
  EddyPhysics p = r->d->physics;
  EddyFvPatch *f = r->patch;
  PetscInt count = 0;
  char key[KEY];
  double in[EDDY_MAX_COMP], w[EDDY_MAX_COMP];
  PetscFunctionBeginUser;
  PetscCall(CheckWall(r, type));
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q)
    count += f->extra[q].kind != EDDY_FACE_INSIDE;
  f->pointwise = (PetscBool)(count > 0);
  for (PetscInt c = 0; c < p->nprim; ++c) {
    in[c] = 1;
    w[c] = f->field[c].value[0];
    f->given[c] = (PetscBool)(f->field[c].kind != EDDY_FACE_INSIDE);
    count += f->given[c];
  }
  f->fixed = (PetscBool)(count > 0);
  EddyOptionsCheck(count || (f->type != EDDY_BOUNDARY_INFLOW && f->type != EDDY_BOUNDARY_MIXED &&
                             f->type != EDDY_BOUNDARY_CHARACTERISTIC),
                   r->o, type, "%s needs at least one field, a number or a table",
                   EddyBoundaryNames[f->type]);
  if (f->type == EDDY_BOUNDARY_INFLOW && p->vector) /* no flow along an inlet unless given */
    for (int e = 0; e < (int)p->box.dim; ++e)
      if (e != r->e && !f->given[p->vector + e]) {
        f->field[p->vector + e] = (EddyFaceRule){EDDY_FACE_BEYOND, {0}, -1};
        f->given[p->vector + e] = PETSC_TRUE;
      }
  PetscBool complete[EDDY_MAX_COMP];
  PetscCall(PetscArraycpy(complete, f->given, p->nprim));
  if (p->ops->Complete && f->fixed)
    p->ops->Complete(p->ctx, in, complete, w);
  for (PetscInt c = 0; c < p->nprim && f->type == EDDY_BOUNDARY_DIRICHLET; ++c) {
    PetscCall(PetscSNPrintf(key, sizeof key, "%s_%s", f->name, p->prim[c]));
    EddyOptionsCheck(complete[c], r->o, key,
                     "must be given: a dirichlet face needs every primitive value");
  }
  EddyOptionsCheck(f->type != EDDY_BOUNDARY_CHARACTERISTIC || p->ops->FarField, r->o, type,
                   "%s has no characteristic faces", p->ops->name);
  for (PetscInt c = 0; c < p->nprim && f->type == EDDY_BOUNDARY_CHARACTERISTIC; ++c)
    EddyOptionsCheck(f->field[c].kind <= EDDY_FACE_BEYOND, r->o, type,
                     "a characteristic face takes plain numbers or a table for its far field");
  for (PetscInt q = 0; q < p->npositive; ++q) {
    const EddyFaceRule *rule = &f->field[p->positive[q]];
    PetscCall(PetscSNPrintf(key, sizeof key, "%s_%s", f->name, p->prim[p->positive[q]]));
    EddyOptionsCheck(rule->column >= 0 || rule->value[0] > 0 || rule->kind < EDDY_FACE_BEYOND ||
                         rule->kind > EDDY_FACE_DIRICHLET,
                     r->o, key, "%s must be positive", p->prim[p->positive[q]]);
    if (rule->kind > EDDY_FACE_BEYOND)
      f->pointwise = PETSC_TRUE;
  }
  if ((p->ops->Complete && f->fixed) || f->type == EDDY_BOUNDARY_CHARACTERISTIC ||
      f->type == EDDY_BOUNDARY_PLUGIN)
    f->pointwise = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadPatch(Reader *r)
{
  EddyPhysics p = r->d->physics;
  EddyFvPatch *f = r->patch;
  char type[KEY];
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(type, sizeof type, "%s_type", f->name));
  for (PetscInt c = 0; c < EDDY_MAX_COMP; ++c)
    f->field[c].column = f->extra[c].column = -1;
  if (f->type == EDDY_BOUNDARY_PERIODIC)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(ReadVelocity(r));
  PetscCall(ReadSpin(r));
  PetscCall(ReadTable(r));
  for (PetscInt c = 0; c < p->nprim; ++c)
    PetscCall(ReadRule(r, p->prim[c], p->prim_unit[c], &f->field[c]));
  for (PetscInt q = 0; p->ops->face_fields && p->ops->face_fields[q]; ++q)
    PetscCall(ReadRule(r, p->ops->face_fields[q], "", &f->extra[q]));
  PetscCall(CheckKeys(r));
  PetscCall(CheckType(r, type));
  if (f->type == EDDY_BOUNDARY_PLUGIN)
    PetscCall(
        EddyFacePlugCreate(r->o, f->name, &p->box, r->e, r->side, p->nprim, p->prim, &f->plug));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Where a patch lies. */
static PetscErrorCode ReadPlace(Reader *r)
{
  static const char *const words[] = {"from", "to", "speed"};
  EddyFvPatch *f = r->patch;
  const PetscInt n = r->d->box.dim - 1;
  PetscFunctionBeginUser;
  for (int q = 0; q < 3 && n; ++q) {
    char key[KEY];
    PetscBool given;
    PetscCall(Given(r->o, f->name, words[q], key, &given));
    if (given)
      PetscCall(EddyOptionsReals(
          r->o, key, q < 2 ? "end of the patch along the face" : "speed at which its ends move",
          q < 2 ? "L" : "L/T", n, -PETSC_MAX_REAL, PETSC_MAX_REAL,
          q == 0   ? f->from
          : q == 1 ? f->to
                   : f->speed,
          NULL));
    if (q == 1)
      for (PetscInt a = 0; a < n; ++a)
        EddyOptionsCheck(f->to[a] > f->from[a], r->o, key,
                         "the patch ends at %g, where it does not "
                         "yet begin (%g)",
                         f->to[a], f->from[a]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadFace(EddyDisc d, EddyOptions o, int e, int side)
{
  static const char *const side_name[] = {"min", "max"};
  EddyFvFace *face = &EddyFvGet(d)->faces.face[e][side];
  Reader r = {.d = d, .o = o, .e = e, .side = side};
  char base[EDDY_MAX_NAME], key[KEY];
  EddyBoundary type;
  PetscFunctionBeginUser;
  PetscCall(EddyBoundaryFromOptions(o, e, side, &type));
  PetscCall(PetscSNPrintf(base, sizeof base, "boundary_%c%s", "xyz"[e], side_name[side]));
  if (type != EDDY_BOUNDARY_PERIODIC) {
    PetscBool given;
    PetscCall(Given(o, base, "list", key, &given));
    if (given)
      PetscCall(
          EddyOptionsNames(o, key, "patches of this face", EDDY_MAX_LIST, r.patches, &r.npatch));
    EddyOptionsCheck(!r.npatch || d->box.dim > 1, o, key, "a face of a line has no patches");
  }
  const PetscInt npatch = r.npatch;
  PetscCall(PetscCalloc1(npatch + 1, &face->patch));
  for (PetscInt q = 0; q <= npatch; ++q) {
    EddyFvPatch *f = r.patch = &face->patch[face->n++];
    f->type = type;
    for (int a = 0; a < 2; ++a) {
      f->from[a] = -INFINITY;
      f->to[a] = INFINITY;
    }
    if (!q)
      PetscCall(PetscStrncpy(f->name, base, sizeof f->name));
    else {
      PetscInt k;
      r.npatch = 0;
      PetscCall(PetscSNPrintf(f->name, sizeof f->name, "%s_%s", base, r.patches[q - 1]));
      PetscCall(PetscSNPrintf(key, sizeof key, "%s_type", f->name));
      PetscCall(EddyOptionsChoice(o, key, "what lies beyond this patch of the face",
                                  EddyBoundaryNames + 1, EDDY_BOUNDARY_COUNT - 1, -1, &k));
      f->type = (EddyBoundary)(k + 1);
      PetscCall(ReadPlace(&r));
    }
    PetscCall(ReadPatch(&r));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFvFacesCreate(EddyDisc d, EddyOptions o)
{
  PetscFunctionBeginUser;
  for (int e = 0; e < (int)d->box.dim; ++e)
    for (int side = 0; side < 2; ++side)
      PetscCall(ReadFace(d, o, e, side));
  PetscFunctionReturn(PETSC_SUCCESS);
}
