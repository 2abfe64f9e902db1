/* SPDX-License-Identifier: BSD-3-Clause */
#include "closure.h"

#define EDDY_ROW(name) extern const EddyClosureOps eddy_closure_##name;
#include "list.def"
#undef EDDY_ROW

const EddyClosureOps *EddyClosureGetOps(PetscInt k)
{
#define EDDY_ROW(name) &eddy_closure_##name,
  static const EddyClosureOps *const table[] = {
#include "list.def"
  };
#undef EDDY_ROW
  return k < (PetscInt)(sizeof table / sizeof *table) ? table[k] : NULL;
}

const char *const EddyTargetNames[] = {"none",
                                       "subgrid_forcing",
                                       "subgrid_stress",
                                       "eddy_viscosity",
                                       "coefficient",
                                       "flux",
                                       "face_interpolation",
                                       "mode"};

/* every: stage | step | N */
static PetscErrorCode Every(EddyOptions o, const char *prefix, PetscInt *every)
{
  char key[3 * EDDY_MAX_NAME];
  const char *text;
  PetscBool stage, step, catalogue;
  PetscReal n;

  PetscFunctionBeginUser;
  *every = 0;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(PetscSNPrintf(key, sizeof key, "%severy", prefix));
  PetscCall(EddyOptionsString(
      o, key, "when it is evaluated: stage, step, or a number of steps; held in between", "stage",
      &text));
  if (catalogue || !text)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscStrcasecmp(text, "stage", &stage));
  PetscCall(PetscStrcasecmp(text, "step", &step));
  if (stage)
    PetscFunctionReturn(PETSC_SUCCESS);
  *every = 1;
  if (step)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(EddyParseReal(text, &n) && n >= 1 && n == PetscFloorReal(n) && n <= 1e9, o, key,
                   "'%s' is none of stage, step, or a whole number of steps from 1 on", text);
  *every = (PetscInt)n;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The key of an option that belongs to one target, and a line when it is given for another. */
static PetscErrorCode KeyFor(EddyClosure c, EddyOptions o, EddyTarget target, const char *prefix,
                             const char *word, char key[3 * EDDY_MAX_NAME])
{
  const char *given;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(PetscSNPrintf(key, 3 * EDDY_MAX_NAME, "%s%s", prefix, word));
  PetscCall(EddyOptionsGetRaw(o, key, &given));
  EddyOptionsCheck(!given || catalogue || c->target == target, o, key,
                   "is for target %s, closure %s gives %s", EddyTargetNames[target], c->name,
                   EddyTargetNames[c->target]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Options of the targets face_interpolation and flux. */
static PetscErrorCode Face(EddyClosure c, EddyOptions o, const char *prefix)
{
  static const char *const bounds[] = {"none", "neighbours", "mp"}, *const modes[] = {"add",
                                                                                      "replace"};
  const EddyTarget face = EDDY_TARGET_FACE_INTERPOLATION, flux = EDDY_TARGET_FLUX;
  char key[3 * EDDY_MAX_NAME];
  PetscInt mode;

  PetscFunctionBeginUser;
  PetscCall(KeyFor(c, o, face, prefix, "face_order", key));
  PetscCall(EddyOptionsInt(o, key,
                           "learned weights leave polynomials below this degree to the scheme", 2,
                           1, 3, &c->face_order));
  PetscCall(KeyFor(c, o, face, prefix, "face_bound", key));
  PetscCall(EddyOptionsChoice(o, key, "bound of learned face values", bounds, EDDY_NFACE,
                              EDDY_FACE_MP, &c->face_bound));
  PetscCall(KeyFor(c, o, flux, prefix, "mode", key));
  PetscCall(EddyOptionsChoice(o, key, "a flux is added to that of the scheme, or takes its place",
                              modes, 2, 0, &mode));
  c->replace = (PetscBool)(mode == 1);
  PetscCall(KeyFor(c, o, flux, prefix, "blend", key));
  PetscCall(EddyOptionsReal(o, key,
                            "share of the flux that acts; with mode replace the scheme keeps the "
                            "rest",
                            "1", 1, 0, 1, &c->blend));
  PetscCall(KeyFor(c, o, flux, prefix, "diffusivity", key));
  PetscCall(EddyOptionsReal(o, key, "diffusivity that a flux stands for, for the step size (cfl)",
                            "L^2/T", 0, 0, PETSC_MAX_REAL, &c->diffusivity));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureCreateFromOps(MPI_Comm comm, EddyOptions o, const EddyClosureOps *ops,
                                        const char *name, const char *prefix, EddyClosure *closure)
{
  EddyClosure c;

  PetscFunctionBeginUser;
  PetscCall(PetscNew(&c));
  *closure = c;
  c->ops = ops;
  c->comm = comm;
  PetscCall(PetscStrncpy(c->name, name, sizeof c->name));
  c->target = ops->target;
  c->halo = ops->halo;
  c->history_every = 1;
  for (; ops->needs && ops->needs[c->nneed]; ++c->nneed)
    PetscCall(PetscStrncpy(c->need[c->nneed], ops->needs[c->nneed], EDDY_MAX_NAME));
  EddyGuardDefaults(&c->guard, ops->learned);
  PetscCall(Every(o, prefix, &c->every));
  PetscCall(EddyGuardFromOptions(&c->guard, o, prefix));
  if (ops->ctx_size)
    PetscCall(PetscCalloc1(ops->ctx_size, (char **)&c->ctx));
  if (ops->Create)
    PetscCall(ops->Create(c, o, prefix));
  PetscCall(Face(c, o, prefix));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureDestroy(EddyClosure *closure)
{
  EddyClosure c = *closure;

  PetscFunctionBeginUser;
  if (!c)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (c->ops->Destroy)
    PetscCall(c->ops->Destroy(c));
  PetscCall(EddyGuardDestroy(&c->guard));
  PetscCall(PetscFree(c->ctx));
  PetscCall(PetscFree(*closure));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One closure of the list, *c = NULL for one without a target ("none"). */
static PetscErrorCode CreateOne(MPI_Comm comm, EddyOptions o, const char *name, EddyClosure *c)
{
  const char *names[EDDY_MAX_NAME];
  char key[2 * EDDY_MAX_NAME], prefix[2 * EDDY_MAX_NAME];
  PetscInt n = 0, k;

  PetscFunctionBeginUser;
  for (const EddyClosureOps *ops; (ops = EddyClosureGetOps(n)); ++n)
    names[n] = ops->name;
  PetscCall(PetscSNPrintf(prefix, sizeof prefix, "closure_%s_", name));
  PetscCall(PetscSNPrintf(key, sizeof key, "%stype", prefix));
  PetscCall(EddyOptionsChoice(o, key, "kind of closure", names, n, -1, &k));
  PetscCall(EddyClosureCreateFromOps(comm, o, EddyClosureGetOps(k), name, prefix, c));
  if ((*c)->target == EDDY_TARGET_NONE)
    PetscCall(EddyClosureDestroy(c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureSetUp(EddyClosure c, const EddyBox *box, EddySimdLevel level)
{
  PetscFunctionBeginUser;
  c->box = *box;
  c->level = level;
  c->guard.level = level;
  if (c->ops->SetUp)
    PetscCall(c->ops->SetUp(c));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureSum(MPI_Comm comm, const EddyBlock *b, PetscInt nq, const double *row,
                              double sum[])
{
  const PetscInt all = b->n[1] * b->n[2], mine = EddyBlockRows(b);
  double *entry;

  PetscFunctionBeginUser;
  PetscCheck(
      b->count[0] == b->n[0] || !b->count[0], comm, EDDY_ERR_INPUT,
      "a closure that adds over the box needs whole rows on each rank: this box in 1-D runs on "
      "one rank");
  PetscCall(PetscCalloc1(nq * all, &entry));
  for (PetscInt q = 0; q < nq; ++q)
    for (PetscInt j = 0; j < mine; ++j) {
      const PetscInt y = b->start[1] + j % b->count[1], z = b->start[2] + j / b->count[1];
      entry[q * all + z * b->n[1] + y] = row[q * mine + j];
    }
  /* every entry is non-zero on one rank only, so the order of this sum does not matter */
  PetscCallMPI(
      MPI_Allreduce(MPI_IN_PLACE, entry, (PetscMPIInt)(nq * all), MPI_DOUBLE, MPI_SUM, comm));
  for (PetscInt q = 0; q < nq; ++q) {
    sum[q] = 0;
    for (PetscInt j = 0; j < all; ++j)
      sum[q] += entry[q * all + j];
  }
  PetscCall(PetscFree(entry));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscReal EddyClosureDelta(const EddyBox *box, PetscReal cells)
{
  PetscReal volume = 1;
  for (int d = 0; d < (int)box->dim; ++d)
    volume *= EddyBoxLength(box, d) / (PetscReal)box->n[d];
  return cells * PetscPowReal(volume, 1 / (PetscReal)box->dim);
}

PetscErrorCode EddyClosureCreateList(MPI_Comm comm, EddyOptions o, PetscInt *n, EddyClosure **c)
{
  static const char *const types[] = {"list", "none"};
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscInt type, count;

  PetscFunctionBeginUser;
  *n = 0;
  *c = NULL;
  PetscCall(EddyOptionsChoice(o, "closure_type",
                              "list: the closures of closure_list; none: no closure at all", types,
                              2, 0, &type));
  PetscCall(EddyOptionsNames(o, "closure_list", "names of the closures, which are summed",
                             EDDY_MAX_LIST, names, &count));
  if (type == 1 || !count)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscCalloc1(count, c));
  for (PetscInt i = 0; i < count; ++i) {
    PetscCall(CreateOne(comm, o, names[i], &(*c)[*n]));
    if ((*c)[*n])
      ++*n;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureDestroyList(PetscInt n, EddyClosure **c)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; ++i)
    PetscCall(EddyClosureDestroy(&(*c)[i]));
  PetscCall(PetscFree(*c));
  PetscFunctionReturn(PETSC_SUCCESS);
}
