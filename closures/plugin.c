/* SPDX-License-Identifier: BSD-3-Clause */
/* Closure from a shared library (closure_plugin.h).
     library    path                          closure_NAME_library
     arguments  text handed to its create     closure_NAME_arguments */
#include "closure.h"
#include "closure_plugin.h"
#include <dlfcn.h>
#include <string.h>

typedef struct {
  void *handle, *self;
  const EddyPlugin *plugin;
  const char *library, *arguments;
  EddyPluginBlock in[4 * EDDY_MAX_LIST];
  const EddyBlock *shape; /* during Apply */
  EddyClosure closure;
} Ctx;

static PetscErrorCode Target(EddyClosure c, EddyOptions o, const char *key, const EddyPlugin *p)
{
  PetscFunctionBeginUser;
  for (int t = EDDY_TARGET_SUBGRID_FORCING; t < EDDY_TARGET_MODE; ++t)
    if (p->target && !strcmp(p->target, EddyTargetNames[t]))
      c->target = (EddyTarget)t;
  EddyOptionsCheck(c->target != EDDY_TARGET_NONE, o, key,
                   "plug-in %s gives '%s'; allowed are subgrid_forcing, subgrid_stress, "
                   "eddy_viscosity, coefficient, flux, face_interpolation",
                   p->name, p->target ? p->target : "");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Describe(EddyClosure c, EddyOptions o, const char *key, const EddyPlugin *p)
{
  PetscFunctionBeginUser;
  EddyOptionsCheck(p->name && p->apply, o, key, "plug-in without %s", p->name ? "apply" : "name");
  EddyOptionsCheck(p->halo >= 0 && p->halo <= 1024 && p->nhistory >= 0 && p->nhistory <= 3 &&
                       p->nstate >= 0 && p->nstate <= EDDY_MAX_COMP,
                   o, key,
                   "plug-in %s: halo %d, nhistory %d, nstate %d; allowed are 0 to 1024, 0 to 3, 0 "
                   "to %d",
                   p->name, p->halo, p->nhistory, p->nstate, EDDY_MAX_COMP);
  PetscCall(Target(c, o, key, p));
  c->halo = p->halo;
  c->nneed = 0;
  for (; p->needs && p->needs[c->nneed]; ++c->nneed) {
    EddyOptionsCheck(c->nneed < EDDY_MAX_LIST, o, key, "plug-in %s needs more than %d fields",
                     p->name, EDDY_MAX_LIST);
    PetscCall(PetscStrncpy(c->need[c->nneed], p->needs[c->nneed], EDDY_MAX_NAME));
    c->need_ncomp[c->nneed] = p->need_ncomp ? p->need_ncomp[c->nneed] : 0;
  }
  c->out_ncomp = p->out_ncomp;
  c->nhistory = p->nhistory;
  c->history_every = PetscMax(1, p->history_every);
  c->nstate = p->nstate;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Create(EddyClosure c, EddyOptions o, const char *prefix)
{
  Ctx *x = c->ctx;
  char key[3 * EDDY_MAX_NAME], args[3 * EDDY_MAX_NAME];
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(PetscSNPrintf(args, sizeof args, "%sarguments", prefix));
  PetscCall(EddyOptionsString(o, args, "text handed to the plug-in", "", &x->arguments));
  PetscCall(PetscSNPrintf(key, sizeof key, "%slibrary", prefix));
  PetscCall(EddyOptionsString(o, key, "shared library with a closure", NULL, &x->library));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(x->library, o, key, "give the path of a shared library");
  x->handle = dlopen(x->library, RTLD_NOW | RTLD_LOCAL);
  EddyOptionsCheck(x->handle, o, key, "cannot be loaded: %s", dlerror());
  const EddyPlugin *(*get)(void) = NULL;
  void *symbol = dlsym(x->handle, EDDY_PLUGIN_SYMBOL);
  EddyOptionsCheck(symbol, o, key, "%s has no function %s", x->library, EDDY_PLUGIN_SYMBOL);
  memcpy(&get, &symbol, sizeof get); /* ISO C has no cast from object to function pointers */
  x->plugin = get();
  EddyOptionsCheck(x->plugin && x->plugin->abi == EDDY_PLUGIN_ABI, o, key,
                   "%s was built for ABI %d of closure_plugin.h, this program has %d", x->library,
                   x->plugin ? x->plugin->abi : -1, EDDY_PLUGIN_ABI);
  PetscCall(Describe(c, o, key, x->plugin));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SetUp(EddyClosure c)
{
  Ctx *x = c->ctx;
  EddyPluginBox box = {.dim = (int)c->box.dim};

  PetscFunctionBeginUser;
  for (int d = 0; d < 3; ++d) {
    box.n[d] = (int)c->box.n[d];
    box.lower[d] = c->box.lower[d];
    box.upper[d] = c->box.upper[d];
  }
  if (x->self && x->plugin->destroy)
    x->plugin->destroy(x->self);
  x->self = NULL;
  if (!x->plugin->create)
    PetscFunctionReturn(PETSC_SUCCESS);
  x->self = x->plugin->create(x->arguments ? x->arguments : "", &box);
  PetscCheck(x->self, c->comm, EDDY_ERR_INPUT,
             "closure_%s_arguments: plug-in %s does not accept '%s'", c->name, x->plugin->name,
             x->arguments ? x->arguments : "");
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Destroy(EddyClosure c)
{
  Ctx *x = c->ctx;

  PetscFunctionBeginUser;
  if (x->self && x->plugin->destroy)
    x->plugin->destroy(x->self);
  if (x->handle)
    dlclose(x->handle);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static EddyPluginBlock View(const EddyBlock *b)
{
  EddyPluginBlock v = {.dim = (int)b->dim, .ncomp = (int)b->ncomp, .halo = (int)b->halo};
  for (int d = 0; d < 3; ++d) {
    v.n[d] = (int)b->n[d];
    v.start[d] = (int)b->start[d];
    v.count[d] = (int)b->count[d];
  }
  v.data = b->data;
  return v;
}

/* The plug-in cannot return a PETSc error; a failing reduction ends the run by its own handler. */
static void Sum(void *solver, int nq, const double *row, double *sum)
{
  const Ctx *x = solver;
  (void)EddyClosureSum(x->closure->comm, x->shape, nq, row, sum);
}

static EddyPluginStage Stage(Ctx *x, EddyClosure c, const EddyStage *s, const EddyBlock *shape)
{
  x->closure = c;
  x->shape = shape;
  return (EddyPluginStage){.t = s->t,
                           .dt = s->dt,
                           .step = s->step,
                           .stage = (int)s->stage,
                           .seed = s->seed,
                           .row = s->row,
                           .attempt = s->attempt,
                           .sum = Sum,
                           .solver = x};
}

static PetscErrorCode Apply(EddyClosure c, const EddyStage *s, const EddyBlock in[], EddyBlock *out)
{
  Ctx *x = c->ctx;
  const EddyPluginStage stage = Stage(x, c, s, out);
  const EddyPluginBlock state = View(&c->state);
  EddyPluginBlock to = View(out);

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < c->nneed * (1 + c->nhistory); ++i)
    x->in[i] = View(&in[i]);
  const int code = x->plugin->apply(x->self, &stage, x->in, &state, &to);
  PetscCheck(!code, PETSC_COMM_SELF, EDDY_ERR_SOLUTION,
             "closure %s: plug-in %s failed with code %d at step %lld", c->name, x->plugin->name,
             code, (long long)s->step);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Commit(EddyClosure c, const EddyStage *s)
{
  Ctx *x = c->ctx;

  PetscFunctionBeginUser;
  if (!x->plugin->commit)
    PetscFunctionReturn(PETSC_SUCCESS);
  const EddyPluginStage stage = Stage(x, c, s, &c->state);
  EddyPluginBlock state = View(&c->state);
  const int code = x->plugin->commit(x->self, &stage, &state);
  PetscCheck(!code, PETSC_COMM_SELF, EDDY_ERR_SOLUTION,
             "closure %s: plug-in %s failed with code %d after step %lld", c->name, x->plugin->name,
             code, (long long)s->step);
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyClosureOps eddy_closure_plugin = {
    .name = "plugin",
    .summary = "closure from a shared library",
    .ctx_size = sizeof(Ctx),
    .learned = PETSC_TRUE,
    .Create = Create,
    .Destroy = Destroy,
    .SetUp = SetUp,
    .Apply = Apply,
    .Commit = Commit,
};
