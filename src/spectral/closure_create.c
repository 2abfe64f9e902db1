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

/* The classical closure that stands in for one that is not trusted; its options are closure_NAME_guard_fallback_*. */
static PetscErrorCode Fallback(EddyDisc d, EddyOptions o, EddyClosureLoop loop, PetscInt of)
{
  EddyClosure main = loop->member[of].c;
  EddyClosureMember *m = &loop->member[loop->n];
  char key[3 * EDDY_MAX_NAME], prefix[3 * EDDY_MAX_NAME], list[512] = "";
  const EddyClosureOps *ops = NULL, *one;
  PetscFunctionBeginUser;
  loop->member[of].fallback = -1;
  if (!main->guard.fallback[0])
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_guard_fallback", main->name));
  PetscCall(PetscSNPrintf(prefix, sizeof prefix, "%s_", key));
  for (PetscInt k = 0; (one = EddyClosureGetOps(k)); ++k) {
    if (one->learned || !one->Apply || one->target == EDDY_TARGET_COEFFICIENT)
      continue;
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", list[0] ? ", " : "",
             one->name);
    if (!strcmp(one->name, main->guard.fallback))
      ops = one;
  }
  EddyOptionsCheck(ops, o, key, "'%s' cannot stand in for a closure; allowed are %s",
                   main->guard.fallback, list);
  EddyOptionsCheck(main->target != EDDY_TARGET_COEFFICIENT && main->target != EDDY_TARGET_MODE, o,
                   key, "a closure of target %s has no fallback", EddyTargetNames[main->target]);
  PetscCall(EddyClosureCreateFromOps(d->comm, o, ops, main->name, prefix, &m->c));
  PetscCall(PetscStrlcat(m->c->name, "_fallback", sizeof m->c->name));
  PetscCall(Check(d, o, m->c, key));
  m->c->every = main->every;
  m->c->guard.strict = PETSC_FALSE;
  m->fallback_of = of;
  m->fallback = -1;
  loop->member[of].fallback = loop->n++;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Target coefficient: the next closure of the list that has a constant. */
static PetscErrorCode Coefficients(EddyDisc d, EddyOptions o, EddyClosureLoop loop)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    EddyClosureMember *m = &loop->member[i];
    PetscInt to = i + 1;
    char key[2 * EDDY_MAX_NAME];
    if (m->c->target != EDDY_TARGET_COEFFICIENT)
      continue;
    while (to < d->nclosure && !loop->member[to].c->ops->coefficient)
      ++to;
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", m->c->name));
    EddyOptionsCheck(
        to < d->nclosure, o, key,
        "closure %s gives a coefficient, but no closure after it in closure_list takes "
        "one (smagorinsky, leith do)",
        m->c->name);
    loop->member[to].c->coefficient = &m->out;
  }
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
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
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
  EddyBlock b = loop->shape;
  snprintf(b.name, sizeof b.name, "%s", f->name);
  snprintf(b.unit, sizeof b.unit, "%s", f->unit);
  b.rank = f->rank;
  b.ncomp = f->ncomp;
  b.symmetry = f->symmetry;
  b.halo = halo;
  return b;
}

static PetscErrorCode Inputs(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m)
{
  EddyClosure c = m->c;
  const EddyFourier F = loop->fourier;
  const PetscInt slots = 1 + c->nhistory, n = loop->npoint;
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
  if (c->nhistory)
    PetscCall(PetscCalloc1((size_t)(slots * m->ncomp) * (size_t)n + 1, &m->past));
  if (c->halo) {
    PetscInt *rows;
    PetscCall(PetscMalloc1(F->size + 1, &rows));
    for (int r = 0; r <= F->size; ++r)
      rows[r] = PetscMin(F->ny, 8 * F->group_start[r]);
    PetscCall(EddyHaloCreate(d->comm, d->box.dim, F->nx, F->ny, rows, c->halo, m->ncomp, &m->halo));
    PetscCall(PetscFree(rows));
  }
  const size_t hy = d->box.dim > 1 ? (size_t)c->halo : 0;
  const size_t wide = (size_t)(F->nx + 2 * c->halo) * ((size_t)(F->y1 - F->y0) + 2 * hy);
  if (c->halo)
    PetscCall(PetscCalloc1((size_t)(slots * m->ncomp) * wide + 1, &m->ghosted));
  for (PetscInt s = 0, comp = 0; s < slots; ++s)
    for (PetscInt i = 0; i < c->nneed; ++i) {
      EddyBlock *b = &m->in[s * c->nneed + i];
      if (c->halo)
        b->data = m->ghosted + (size_t)comp * wide;
      else if (s)
        b->data = m->past + (size_t)(comp - m->ncomp) * (size_t)n;
      comp += b->ncomp;
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Output(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m)
{
  static const char *const units[] = {"1", "state/T", "L^2/T^2", "L^2/T", "1", "", "", "1"};
  EddyClosure c = m->c;
  const size_t n = (size_t)loop->npoint;
  PetscFunctionBeginUser;
  m->out = loop->shape;
  if (c->target == EDDY_TARGET_SUBGRID_STRESS) {
    m->out.rank = 2;
    m->out.ncomp = d->box.dim * d->box.dim;
    m->out.symmetry = c->guard.symmetric ? EDDY_SYM_SYMMETRIC : EDDY_SYM_NONE;
  }
  PetscCall(PetscStrncpy(m->out.name, EddyTargetNames[c->target], EDDY_MAX_NAME));
  PetscCall(PetscStrncpy(m->out.unit, units[c->target], EDDY_MAX_NAME));
  PetscCall(PetscCalloc1((size_t)m->out.ncomp * n + 1, &m->out.data));
  PetscCall(PetscCalloc2(n + 1, &m->weight, n + 1, &m->flag));
  if (c->guard.on && c->guard.hysteresis > 0 && c->guard.range != EDDY_RANGE_OFF)
    PetscCall(PetscCalloc1(n + 1, &m->was));
  if (c->nstate)
    PetscCall(PetscCalloc1((size_t)c->nstate * n + 1, &m->state));
  c->state = loop->shape;
  c->state.ncomp = c->nstate;
  c->state.data = m->state;
  m->hold = 1;
  m->last = m->waiting = -1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Members(EddyDisc d, EddyOptions o, EddyClosureLoop loop)
{
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(2 * d->nclosure, &loop->member));
  loop->n = d->nclosure;
  for (PetscInt i = 0; i < d->nclosure; ++i) {
    char key[2 * EDDY_MAX_NAME];
    loop->member[i].c = d->closure[i];
    loop->member[i].fallback_of = -1;
    PetscCall(PetscSNPrintf(key, sizeof key, "closure_%s_type", d->closure[i]->name));
    PetscCall(Check(d, o, d->closure[i], key));
    if (d->closure[i]->guard.reject < 1)
      d->may_reject = PETSC_TRUE;
  }
  for (PetscInt i = 0; i < d->nclosure; ++i)
    PetscCall(Fallback(d, o, loop, i));
  for (PetscInt i = 0; i < loop->n; ++i) {
    const EddyTarget t = loop->member[i].c->target;
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
  PetscCallMPI(MPI_Comm_rank(d->comm, &loop->rank));
  PetscCallMPI(MPI_Comm_size(d->comm, &loop->size));
  PetscCall(Members(d, o, loop));
  PetscCall(Batch(d, loop));
  PetscCall(
      EddySpectralCreatePoints(d, PetscMax(5, EddyFieldBatchColumns(loop->batch)), &loop->fourier));
  const EddyFourier F = loop->fourier;
  loop->npoint = (F->y1 - F->y0) * F->nx;
  loop->shape = (EddyBlock){.dim = d->box.dim,
                            .ncomp = 1,
                            .where = EDDY_WHERE_NODE,
                            .n = {F->nx, F->ny, 1},
                            .start = {0, F->y0, 0},
                            .count = {F->nx, F->y1 - F->y0, 1}};
  double *zero; /* gives the fields their places */
  PetscCall(EddyDiscCreateState(d, &zero));
  PetscCall(EddyFieldBatchEval(loop->batch, d, F, zero, PETSC_FALSE));
  PetscCall(EddyDiscDestroyState(&zero));
  PetscInt pieces = 9;
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    PetscCall(EddyClosureSetUp(m->c, &d->box, d->level));
    PetscCall(Inputs(d, loop, m));
    PetscCall(Output(d, loop, m));
    pieces = PetscMax(pieces, PetscMax(m->ncomp * m->c->nhistory, m->c->nstate));
  }
  PetscCall(Coefficients(d, o, loop));
  PetscCall(PetscMalloc2(pieces, &loop->offset, pieces, &loop->count));
  for (PetscInt q = 0; q < pieces; ++q) {
    loop->offset[q] = (PetscInt64)q * F->nx * F->ny + (PetscInt64)F->y0 * F->nx;
    loop->count[q] = loop->npoint;
  }
  loop->nmeta = loop->n * (4 + EDDY_NCOUNT);
  loop->meta_count = loop->nmeta;
  PetscCall(PetscCalloc1(loop->nmeta, &loop->meta));
  PetscCall(PetscCalloc1(6 * (size_t)loop->npoint + 1, &loop->points));
  PetscCall(PetscCalloc1(6 * (size_t)F->My * 16, &loop->modes));
  for (int g = 0; g < EDDY_NGROUP; ++g)
    PetscCall(EddyDiscCreateState(d, &loop->term[g]));
  PetscCall(EddyDiscCreateState(d, &loop->sum));
  if (loop->viscous || loop->stressed)
    PetscCall(EddyClosureStressTables(d, loop));
  PetscBool limited = PETSC_FALSE;
  for (PetscInt i = 0; i < loop->n; ++i)
    if (loop->member[i].c->guard.on && loop->member[i].c->guard.energy >= 0)
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
  for (PetscInt i = 0; i < loop->n; ++i) {
    EddyClosureMember *m = &loop->member[i];
    PetscCall(EddyHaloDestroy(&m->halo));
    PetscCall(PetscFree(m->in));
    PetscCall(PetscFree(m->past));
    PetscCall(PetscFree(m->ghosted));
    PetscCall(PetscFree(m->out.data));
    PetscCall(PetscFree2(m->weight, m->flag));
    PetscCall(PetscFree(m->was));
    PetscCall(PetscFree(m->given));
    PetscCall(PetscFree(m->state));
    if (m->fallback_of >= 0)
      PetscCall(EddyClosureDestroy(&m->c));
    else
      m->c->coefficient = NULL;
  }
  for (int g = 0; g < EDDY_NGROUP; ++g)
    PetscCall(EddyDiscDestroyState(&loop->term[g]));
  PetscCall(EddyDiscDestroyState(&loop->sum));
  PetscCall(PetscFree2(loop->offset, loop->count));
  for (PetscInt i = 0; i < loop->ntable; ++i)
    PetscCall(PetscFree(loop->table[i].t));
  PetscCall(PetscFree(loop->table));
  PetscCall(PetscFree2(loop->gain, loop->drain));
  PetscCall(PetscFree2(loop->speed, loop->steep));
  PetscCall(PetscFree(loop->meta));
  PetscCall(PetscFree(loop->points));
  PetscCall(PetscFree(loop->modes));
  PetscCall(EddyFieldBatchDestroy(&loop->batch));
  PetscCall(EddyFourierDestroy(&loop->fourier));
  PetscCall(PetscFree(loop->member));
  PetscCall(PetscFree(*out));
  PetscFunctionReturn(PETSC_SUCCESS);
}
