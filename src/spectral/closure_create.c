/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures of a run are checked against the physics and given their blocks; see closure_loop.h. */
#include "closure_loop.h"
#include <string.h>

static PetscBool Accepts(const EddyPhysicsOps *ops, EddyTarget target)
{
  for (PetscInt i = 0; ops->targets && ops->targets[i]; ++i)
    if (!strcmp(ops->targets[i], EddyTargetNames[target]))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

static PetscErrorCode Check(EddyDisc d, EddyOptions o, EddyClosure c, const char *key)
{
  const EddyPhysicsOps *ops = d->physics->ops;
  char list[512] = "";
  PetscFunctionBeginUser;
  for (PetscInt i = 0; ops->targets && ops->targets[i]; ++i)
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "",
             ops->targets[i]);
  EddyOptionsCheck(Accepts(ops, c->target), o, key,
                   "closure %s gives %s, which physics_type %s does not accept; it accepts %s",
                   c->name, EddyTargetNames[c->target], ops->name, list[0] ? list : "no closures");
  EddyOptionsCheck(c->target == EDDY_TARGET_MODE ? !!c->ops->Mode : !!c->ops->Apply, o, key,
                   "closure %s has no function for its target %s", c->name,
                   EddyTargetNames[c->target]);
  EddyOptionsCheck(c->target != EDDY_TARGET_MODE || !c->every, o, key,
                   "closure %s acts at wavenumbers and is evaluated at each stage: leave out "
                   "closure_%s_every",
                   c->name, c->name);
  const PetscBool tensor = (PetscBool)(c->target == EDDY_TARGET_SUBGRID_STRESS ||
                                       c->target == EDDY_TARGET_EDDY_VISCOSITY);
  EddyOptionsCheck(
      !tensor || (ops->Momentum && d->box.dim == 2), o, key,
      "closure %s gives %s, for which physics_type %s in %d-D has no momentum equation", c->name,
      EddyTargetNames[c->target], ops->name, (int)d->box.dim);
  for (PetscInt i = 0; i < c->nneed; ++i) {
    EddyField f;
    PetscCall(EddyFieldFind(d->physics, o, key, c->need[i], &f));
    EddyOptionsCheck(!c->need_ncomp[i] || c->need_ncomp[i] == f.ncomp, o, key,
                     "closure %s was made for %d components of %s, which has %d", c->name,
                     (int)c->need_ncomp[i], c->need[i], (int)f.ncomp);
  }
  const PetscInt ncomp = c->target == EDDY_TARGET_SUBGRID_STRESS ? d->box.dim * d->box.dim : 1;
  EddyOptionsCheck(!c->out_ncomp || c->out_ncomp == ncomp, o, key,
                   "closure %s gives %d components, its target %s has %d", c->name,
                   (int)c->out_ncomp, EddyTargetNames[c->target], (int)ncomp);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Names of all needed fields without doubles, the strain first when a viscosity wants it. */
static PetscErrorCode Batch(EddyDisc d, EddyClosureLoop loop)
{
  const char *names[3 * EDDY_MAX_LIST * EDDY_MAX_LIST];
  PetscInt n = 0;
  PetscFunctionBeginUser;
  if (loop->viscous)
    names[n++] = "strain";
  for (PetscInt i = 0; i < loop->all.n; ++i) {
    EddyClosureMember *m = &loop->all.member[i];
    for (PetscInt j = 0; j < m->c->nneed; ++j) {
      PetscInt at = 0;
      while (at < n && strcmp(names[at], m->c->need[j]))
        ++at;
      if (at == n)
        names[n++] = m->c->need[j];
      m->need[j] = at;
    }
  }
  PetscCall(EddyFieldBatchCreate(d, n, names, &loop->batch));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static EddyBlock Block(const EddyClosureLoop loop, const EddyField *f, PetscInt halo)
{
  EddyBlock b = loop->all.shape;
  snprintf(b.name, sizeof b.name, "%s", f->name);
  snprintf(b.unit, sizeof b.unit, "%s", f->unit);
  b.rank = f->rank;
  b.ncomp = f->ncomp;
  b.symmetry = f->symmetry;
  b.halo = halo;
  return b;
}

static PetscErrorCode Output(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m)
{
  static const char *const units[] = {"1", "state/T", "L^2/T^2", "L^2/T", "1", "", "", "1"};
  EddyClosure c = m->c;
  PetscFunctionBeginUser;
  m->out = loop->all.shape;
  if (c->target == EDDY_TARGET_SUBGRID_STRESS) {
    m->out.rank = 2;
    m->out.ncomp = d->box.dim * d->box.dim;
    m->out.symmetry = c->guard.symmetric ? EDDY_SYM_SYMMETRIC : EDDY_SYM_NONE;
  }
  PetscCall(PetscStrncpy(m->out.name, EddyTargetNames[c->target], EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(m->out.unit, units[c->target], EDDY_MAX_NAME));
  PetscCall(EddyClosureMembersOutput(&loop->all, m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Inputs(EddyDisc d, EddyClosureLoop loop, PetscInt at)
{
  EddyClosureMember *m = &loop->all.member[at];
  EddyClosure c = m->c;
  const EddyFourier F = loop->fourier;
  const PetscInt slots = 1 + c->nhistory, n = loop->all.npoint;
  const EddyField *f;
  double *data;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(PetscMax(1, slots * c->nneed), &m->in));
  for (PetscInt i = 0; i < c->nneed; ++i) {
    EddyFieldBatchGet(loop->batch, m->need[i], &f, &data);
    for (PetscInt s = 0; s < slots; ++s)
      m->in[s * c->nneed + i] = Block(loop, f, c->halo);
    m->in[i].data = data;
    m->ncomp += f->ncomp;
  }
  PetscCall(Output(d, loop, m));
  if (c->halo) {
    PetscInt *rows;
    PetscCall(PetscMalloc1(F->size + 1, &rows));
    for (int r = 0; r <= F->size; ++r)
      rows[r] = PetscMin(F->ny, 8 * F->group_start[r]);
    PetscCall(EddyHaloCreate(d->comm, d->box.dim, F->nx, F->ny, rows, c->halo, m->ncomp,
                             &loop->halo[at]));
    PetscCall(PetscFree(rows));
  }
  const size_t hy = d->box.dim > 1 ? (size_t)c->halo : 0;
  const size_t wide = (size_t)(F->nx + 2 * c->halo) * ((size_t)(F->y1 - F->y0) + 2 * hy);
  if (c->halo)
    PetscCall(PetscCalloc1((size_t)(slots * m->ncomp) * wide + 1, &loop->ghosted[at]));
  for (PetscInt s = 0, comp = 0; s < slots; ++s)
    for (PetscInt i = 0; i < c->nneed; ++i) {
      EddyBlock *b = &m->in[s * c->nneed + i];
      if (c->halo)
        b->data = loop->ghosted[at] + (size_t)comp * wide;
      else if (s)
        b->data = m->past + (size_t)(comp - m->ncomp) * (size_t)n;
      comp += b->ncomp;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Members(EddyDisc d, EddyOptions o, EddyClosureLoop loop)
{
  PetscFunctionBeginUser;
  PetscCall(EddyClosureMembersCreate(d->comm, d->nclosure, d->closure, NULL, &loop->all));
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    char key[2 * EDDY_MAX_NAME];
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", d->closure[i]->name));
    PetscCall(Check(d, o, d->closure[i], key));
    if (d->closure[i]->guard.reject < 1)
      d->may_reject = PETSC_TRUE;
  }
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    char key[3 * EDDY_MAX_NAME];
    PetscBool made;
    PetscCall(EddyClosureMembersFallback(&loop->all, o, i, key, sizeof key, &made));
    if (made)
      PetscCall(Check(d, o, loop->all.member[loop->all.n - 1].c, key));
  }
  for (PetscInt i = 0; i < loop->all.n; ++i) {
    const EddyTarget t = loop->all.member[i].c->target;
    loop->viscous += t == EDDY_TARGET_EDDY_VISCOSITY;
    loop->stressed += t == EDDY_TARGET_SUBGRID_STRESS;
    loop->forced += t == EDDY_TARGET_SUBGRID_FORCING;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopCreate(EddyDisc d, EddyOptions o, EddyClosureLoop *out)
{
  EddyClosureLoop loop;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&loop));
  *out = loop;
  PetscCall(Members(d, o, loop));
  PetscCall(Batch(d, loop));
  PetscCall(
      EddySpectralCreatePoints(d, PetscMax(5, EddyFieldBatchColumns(loop->batch)), &loop->fourier));
  const EddyFourier F = loop->fourier;
  loop->all.npoint = (F->y1 - F->y0) * F->nx;
  loop->all.shape = (EddyBlock){.dim = d->box.dim,
                                .ncomp = 1,
                                .where = EDDY_WHERE_NODE,
                                .n = {F->nx, F->ny, 1},
                                .start = {0, F->y0, 0},
                                .count = {F->nx, F->y1 - F->y0, 1}};
  double *zero; /* gives the fields their places */
  PetscCall(EddyDiscCreateState(d, &zero));
  PetscCall(EddyFieldBatchEval(loop->batch, d, F, zero, PETSC_FALSE));
  PetscCall(EddyDiscDestroyState(&zero));
  PetscCall(PetscCalloc2(loop->all.n, &loop->halo, loop->all.n, &loop->ghosted));
  for (PetscInt i = 0; i < loop->all.n; ++i) {
    PetscCall(EddyClosureSetUp(loop->all.member[i].c, &d->box, d->level));
    PetscCall(Inputs(d, loop, i));
  }
  PetscCall(EddyClosureMembersCoefficients(&loop->all, o));
  PetscCall(EddyClosureMembersReady(&loop->all));
  PetscCall(PetscCalloc1(6 * (size_t)loop->all.npoint + 1, &loop->points));
  PetscCall(PetscCalloc1(6 * (size_t)F->My * 16, &loop->modes));
  for (int g = 0; g < EDDY_NGROUP; ++g)
    PetscCall(EddyDiscCreateState(d, &loop->term[g]));
  PetscCall(EddyDiscCreateState(d, &loop->sum));
  if (loop->viscous || loop->stressed)
    PetscCall(EddyClosureStressTables(d, loop));
  PetscBool limited = PETSC_FALSE;
  for (PetscInt i = 0; i < loop->all.n; ++i)
    if (loop->all.member[i].c->guard.on && loop->all.member[i].c->guard.energy >= 0)
      limited = PETSC_TRUE;
  if (limited && d->physics->ops->Injection)
    PetscCall(EddyClosureEnergyTables(d, loop));
  PetscCall(EddyClosureScaleTables(d, loop));
  loop->scale_step = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureLoopDestroy(EddyClosureLoop *out)
{
  EddyClosureLoop loop = *out;
  PetscFunctionBeginUser;
  if (!loop)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; loop->halo && i < loop->all.n; ++i) {
    PetscCall(EddyHaloDestroy(&loop->halo[i]));
    PetscCall(PetscFree(loop->ghosted[i]));
  }
  PetscCall(PetscFree2(loop->halo, loop->ghosted));
  PetscCall(EddyClosureMembersDestroy(&loop->all));
  for (int g = 0; g < EDDY_NGROUP; ++g)
    PetscCall(EddyDiscDestroyState(&loop->term[g]));
  PetscCall(EddyDiscDestroyState(&loop->sum));
  for (PetscInt i = 0; i < loop->ntable; ++i)
    PetscCall(PetscFree(loop->table[i].t));
  PetscCall(PetscFree(loop->table));
  PetscCall(PetscFree2(loop->gain, loop->drain));
  PetscCall(PetscFree2(loop->speed, loop->steep));
  PetscCall(PetscFree(loop->points));
  PetscCall(PetscFree(loop->modes));
  PetscCall(EddyFieldBatchDestroy(&loop->batch));
  PetscCall(EddyFourierDestroy(&loop->fourier));
  PetscCall(PetscFree(*out));
  PetscFunctionReturn(PETSC_SUCCESS);
}
