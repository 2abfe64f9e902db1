/* SPDX-License-Identifier: BSD-3-Clause */
/* From the blocks of closures to the right-hand side.

   Stress: in two dimensions a symmetric stress acts through a = (tau_xx - tau_yy)/2 and b = tau_xy alone (the trace is a
   pressure), so it costs one complex pair; force g_x = -(a_x + b_y), g_y = -(b_x - a_y), handed to the physics (Momentum).
   Eddy viscosity: tau = -2 nu_e S with the strain of the present state. Everything is truncated to the retained modes.
   Energy: P = sum over modes of the energy input of the closures of a group, D = that of the linear term, with sign;
   the limiter scales the group so that P <= guard_energy D. */
#include "closure_loop.h"
#include <math.h>
#include <string.h>

/* Adds nu_e, tau or the forcing of member m to its fields: a, b [points], or f [points]. */
static void AddMember(const EddyClosureLoop loop, const EddyClosureMember *m, double *a, double *b,
                      double *f)
{
  const PetscInt n = loop->all.npoint;
  const double *restrict v = m->out.data;
  const double *w = m->fallback_of >= 0 ? loop->all.member[m->fallback_of].weight : NULL;
  if (m->c->target == EDDY_TARGET_SUBGRID_FORCING)
    for (PetscInt x = 0; x < n; ++x)
      f[x] += w ? w[x] * v[x] : v[x];
  else if (m->c->target == EDDY_TARGET_SUBGRID_STRESS)
    for (PetscInt x = 0; x < n; ++x) {
      const double weight = w ? w[x] : 1;
      a[x] += weight * .5 * (v[x] - v[x + 3 * n]);
      b[x] += weight * .5 * (v[x + n] + v[x + 2 * n]);
    }
  else if (m->c->target == EDDY_TARGET_EDDY_VISCOSITY) {
    const EddyField *field;
    double *s;
    EddyFieldBatchGet(loop->batch, 0, &field, &s);
    for (PetscInt x = 0; x < n; ++x) {
      const double nu = w ? w[x] * v[x] : v[x];
      a[x] -= nu * (s[x] - s[x + 3 * n]);
      b[x] -= nu * (s[x + n] + s[x + 2 * n]);
    }
  }
}

PetscErrorCode EddyClosureStressTables(EddyDisc d, EddyClosureLoop loop)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  const size_t n = (size_t)(F->b1 - F->b0) * (size_t)F->My * 16;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(2 * s->ncomp, &loop->table));
  for (PetscInt part = 0; part < 2; ++part) {
    double *t[EDDY_MAX_COMP];
    int used[EDDY_MAX_COMP] = {0};
    for (PetscInt c = 0; c < s->ncomp; ++c)
      PetscCall(PetscCalloc1(n + 1, &t[c]));
    for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
      for (PetscInt m = 0; m < F->My; ++m)
        for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
          const EddyMode k = EddySpectralMode(F, b, m, l);
          const double x = k.k[0], y = k.k[1];
          const EddyComplex g[3] = {{0, part ? -y : -x}, {0, part ? -x : y}, {0, 0}};
          EddyComplex out[EDDY_MAX_COMP] = {{0, 0}};
          d->physics->ops->Momentum(d->physics->ctx, &k, g, out);
          for (PetscInt c = 0; c < s->ncomp; ++c) {
            double *at = t[c] + (size_t)(b * F->My + m) * 16 + (size_t)l;
            at[0] = out[c].re;
            at[8] = out[c].im;
            used[c] |= out[c].re != 0 || out[c].im != 0;
          }
        }
    for (PetscInt c = 0; c < s->ncomp; ++c) {
      if (used[c])
        loop->table[loop->ntable++] = (EddyStressTable){c, part, t[c]};
      else
        PetscCall(PetscFree(t[c]));
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The term of one block from its modes: stress [2][My][2][8] (NULL: none), forcing [My][2][8] (NULL: none). */
static void BlockTerm(EddyDisc d, const EddyClosureLoop loop, PetscInt block, const double *stress,
                      const double *forcing, double *term)
{
  const EddySpectral *s = EddySpectralGet(d);
  const size_t n = (size_t)s->fourier->My * 16;
  double *restrict first = term + (size_t)block * s->block;
  memset(first, 0, s->block * sizeof(double));
  for (PetscInt q = 0; stress && q < loop->ntable; ++q) {
    const double *restrict t = loop->table[q].t + (size_t)block * n;
    const double *restrict v = stress + (size_t)loop->table[q].part * n;
    double *restrict out = term + EddySpectralOffset(s, block, loop->table[q].comp, 0);
    for (size_t m = 0; m < n; m += 16)
      for (size_t l = m; l < m + 8; ++l) {
        out[l] += t[l] * v[l] - t[l + 8] * v[l + 8];
        out[l + 8] += t[l] * v[l + 8] + t[l + 8] * v[l];
      }
  }
  for (size_t i = 0; forcing && i < n; ++i)
    first[i] += forcing[i];
}

/* Modes of target `mode`, one of k and -k is asked for. */
static PetscErrorCode AddModal(EddyDisc d, EddyClosureLoop loop, EddyClosureMember *m,
                               const EddyStage *st, const double *u)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  EddyClosure c = m->c;
  PetscReal unit = PETSC_MAX_REAL, cut = 0;
  PetscFunctionBeginUser;
  for (int i = 0; i < (int)d->box.dim; ++i) {
    const PetscReal k = 2 * PETSC_PI / EddyBoxLength(&d->box, i);
    unit = PetscMin(unit, k);
    cut = PetscMax(cut, k * (PetscReal)((i ? F->Ky : F->Kx) - 1));
  }
  if (c->ops->spectrum && c->ops->Spectrum) {
    const double *ek;
    PetscInt nk;
    PetscCall(d->ops->Spectrum(d, u, &ek, &nk));
    PetscCall(c->ops->Spectrum(c, st, nk, ek, unit));
  }
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
    for (PetscInt row = 0; row < F->My; ++row)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        const EddyMode k = EddySpectralMode(F, b, row, l);
        const PetscBool mirror = (PetscBool)(k.ik[0] == 0 && k.ik[1] < 0);
        if (k.ik[0] == 0 && k.ik[1] == 0)
          continue;
        const double sign = mirror ? -1 : 1;
        const size_t o = EddySpectralOffset(s, b, 0, row) + (size_t)l;
        const EddyClosureMode at = {
            .ik = {k.ik[0], mirror ? -k.ik[1] : k.ik[1], 0}, .k = sqrt(k.k2), .k_cut = cut};
        EddyComplex out = {0, 0};
        c->ops->Mode(c, st, &at, EddyC(u[o], sign * u[o + 8]), &out);
        loop->sum[o] += out.re;
        loop->sum[o + 8] += sign * out.im;
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureEnergyTables(EddyDisc d, EddyClosureLoop loop)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  const EddyPhysicsOps *ops = d->physics->ops;
  int diagonal = 1;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc2(d->size / 2 + 1, &loop->gain, d->size / 2 + 1, &loop->drain));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
    for (PetscInt m = 0; m < F->My; ++m)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        const EddyMode k = EddySpectralMode(F, b, m, l);
        EddyComplex L[EDDY_MAX_COMP];
        ops->Symbol(d->physics->ctx, &k, L);
        for (PetscInt c = 0; c < s->ncomp; ++c)
          for (PetscInt q = 0; q < s->ncomp; ++q) {
            EddyComplex u[EDDY_MAX_COMP] = {{0, 0}}, f[EDDY_MAX_COMP] = {{0, 0}};
            u[c].re = f[q].re = 1;
            const double one = ops->Injection(d->physics->ctx, &k, u, f);
            f[q] = EddyC(0, 1);
            diagonal &= ops->Injection(d->physics->ctx, &k, u, f) == 0 && (q == c || one == 0);
            if (q != c)
              continue;
            const size_t at = EddySpectralOffset(s, b, c, m) / 2 + (size_t)l;
            loop->gain[at] = (k.ik[0] ? 2 : 1) * one;
            loop->drain[at] = -loop->gain[at] * L[c].re;
          }
      }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &diagonal, 1, MPI_INT, MPI_MIN, d->comm));
  PetscCheck(
      diagonal, d->comm, PETSC_ERR_SUP,
      "the energy of physics_type %s is not a sum over components: -closure_NAME_guard_energy "
      "-1 goes without the limiter",
      ops->name);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* sum[0]: energy input by f; sum[1]: what the linear term takes. The same bits on any rank count. Collective. */
static PetscErrorCode Production(EddyDisc d, const EddyClosureLoop loop, const double *u,
                                 const double *f, double sum[2])
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  double *entry;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(2 * F->nblock, &entry));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
    double in[8] = {0}, out[8] = {0};
    for (size_t o = (size_t)b * s->block; o < (size_t)(b + 1) * s->block; o += 16)
      for (size_t l = 0; l < 8; ++l) {
        const double re = u[o + l], im = u[o + 8 + l];
        in[l] += loop->gain[o / 2 + l] * (re * f[o + l] + im * f[o + 8 + l]);
        out[l] += loop->drain[o / 2 + l] * (re * re + im * im);
      }
    for (int l = 0; l < 8; ++l) {
      entry[2 * (F->b0 + b)] += in[l];
      entry[2 * (F->b0 + b) + 1] += out[l];
    }
  }
  if (loop->all.size > 1)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, entry, (PetscMPIInt)(2 * F->nblock), MPI_DOUBLE,
                               MPI_SUM, d->comm));
  sum[0] = sum[1] = 0;
  for (PetscInt b = 0; b < F->nblock; ++b) {
    sum[0] += entry[2 * b];
    sum[1] += entry[2 * b + 1];
  }
  PetscCall(PetscFree(entry));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyClosureScaleTables(EddyDisc d, EddyClosureLoop loop)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  PetscFunctionBeginUser;
  if (!d->physics->ops->Velocity || s->ncomp != 1)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscCalloc2(d->size / 2 + 1, &loop->speed, d->size / 2 + 1, &loop->steep));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
    for (PetscInt m = 0; m < F->My; ++m)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        const EddyMode k = EddySpectralMode(F, b, m, l);
        const EddyComplex one = {1, 0};
        EddyComplex vel[3] = {{0, 0}};
        const size_t at = EddySpectralOffset(s, b, 0, m) / 2 + (size_t)l;
        d->physics->ops->Velocity(d->physics->ctx, &k, &one, vel);
        for (PetscInt i = 0; i < d->box.dim; ++i)
          loop->speed[at] += (k.ik[0] ? 2 : 1) * EddyCDot(vel[i], vel[i]);
        loop->steep[at] = k.k2 * loop->speed[at];
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Mean squares of one block of modes, by the tables. */
static void BlockScales(const EddyClosureLoop loop, size_t from, size_t to, const double *u,
                        double sum[2])
{
  double v[8] = {0}, g[8] = {0};
  for (size_t o = from; o < to; o += 16)
    for (size_t l = 0; l < 8; ++l) {
      const double square = u[o + l] * u[o + l] + u[o + 8 + l] * u[o + 8 + l];
      v[l] += loop->speed[o / 2 + l] * square;
      g[l] += loop->steep[o / 2 + l] * square;
    }
  for (int l = 0; l < 8; ++l) {
    sum[0] += v[l];
    sum[1] += g[l];
  }
}

PetscErrorCode EddyClosureScales(EddyDisc d, const EddyClosureLoop loop, const double *u,
                                 PetscReal *velocity, PetscReal *gradient)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = s->fourier;
  double *entry, sum[2] = {0, 0};
  PetscFunctionBeginUser;
  *velocity = *gradient = 0;
  if (!d->physics->ops->Velocity)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscCalloc1(2 * F->nblock, &entry));
  for (PetscInt b = 0; loop->speed && b < F->b1 - F->b0; ++b)
    BlockScales(loop, (size_t)b * s->block, (size_t)(b + 1) * s->block, u, entry + 2 * (F->b0 + b));
  for (PetscInt b = 0; !loop->speed && b < F->b1 - F->b0; ++b)
    for (PetscInt m = 0; m < F->My; ++m)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        EddyComplex v[EDDY_MAX_COMP], vel[3] = {{0, 0}};
        const EddyMode k = EddySpectralMode(F, b, m, l);
        double square = 0;
        EddySpectralRead(s, u, b, m, l, v);
        d->physics->ops->Velocity(d->physics->ctx, &k, v, vel);
        for (PetscInt i = 0; i < d->box.dim; ++i)
          square += (k.ik[0] ? 2 : 1) * EddyCDot(vel[i], vel[i]);
        entry[2 * (F->b0 + b)] += square;
        entry[2 * (F->b0 + b) + 1] += k.k2 * square;
      }
  if (loop->all.size > 1)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, entry, (PetscMPIInt)(2 * F->nblock), MPI_DOUBLE,
                               MPI_SUM, d->comm));
  for (PetscInt b = 0; b < F->nblock; ++b) {
    sum[0] += entry[2 * b];
    sum[1] += entry[2 * b + 1];
  }
  PetscCall(PetscFree(entry));
  *velocity = sqrt(sum[0]);
  *gradient = sqrt(sum[1]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscInt Group(const EddyClosureMember *m)
{
  return m->c->target == EDDY_TARGET_EDDY_VISCOSITY ? EDDY_GROUP_FRESH : EDDY_GROUP_HELD;
}

/* Scales the term of a group when it feeds too much energy. The factor is kept with the members: a held term keeps its own. */
static PetscErrorCode Limit(EddyDisc d, EddyClosureLoop loop, PetscInt group, const double *u,
                            PetscBool fresh, PetscBool quiet)
{
  PetscReal allowed = PETSC_MAX_REAL;
  double factor = 1, sum[2];
  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < loop->all.n; ++i) {
    const EddyGuard *g = &loop->all.member[i].c->guard;
    if (Group(&loop->all.member[i]) != group || loop->all.member[i].c->target == EDDY_TARGET_MODE)
      continue;
    if (g->on && g->energy >= 0)
      allowed = PetscMin(allowed, g->energy);
  }
  if (allowed == PETSC_MAX_REAL || !loop->gain)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (fresh || group == EDDY_GROUP_FRESH) {
    PetscCall(Production(d, loop, u, loop->term[group], sum));
    const double most = allowed * PetscMax(0, sum[1]);
    if (sum[0] > most)
      factor = most / sum[0];
    for (PetscInt i = 0; i < loop->all.n; ++i) {
      EddyClosureMember *m = &loop->all.member[i];
      if (Group(m) != group)
        continue;
      m->hold = factor;
      if (factor == 1 || quiet || !m->c->guard.on || m->c->guard.energy < 0)
        continue;
      ++m->c->guard.count[EDDY_COUNT_LIMITED];
      if (m->c->guard.strict && !loop->all.why[0])
        PetscCall(PetscSNPrintf(loop->all.why, sizeof loop->all.why,
                                "closure %s feeds energy at %g, allowed are %g (closure_strict)",
                                m->c->name, sum[0], most));
    }
  } else
    for (PetscInt i = 0; i < loop->all.n; ++i)
      if (Group(&loop->all.member[i]) == group)
        factor = loop->all.member[i].hold;
  if (factor != 1)
    for (size_t i = 0; i < d->size; ++i)
      loop->term[group][i] *= factor;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One more field of n components; returns its first component. */
static PetscInt Add(PetscInt *nfield, PetscInt ncomp[], PetscInt n, PetscInt *total)
{
  ncomp[(*nfield)++] = n;
  *total += n;
  return *total - n;
}

PetscErrorCode EddyClosureTerms(EddyDisc d, EddyClosureLoop loop, const EddyStage *st,
                                const double *u, PetscBool fresh, PetscBool quiet)
{
  EddySpectral *s = EddySpectralGet(d);
  const EddyFourier F = loop->fourier;
  const size_t n = (size_t)loop->all.npoint, comp = (size_t)s->fourier->My * 16;
  PetscInt stress[EDDY_NGROUP] = {-1, -1}, forcing = -1, nfield = 0, total = 0, ncomp[3];
  PetscFunctionBeginUser;
  const PetscBool held =
      (PetscBool)((fresh || !loop->term_valid) && (loop->stressed || loop->forced));
  if (held && loop->stressed)
    stress[EDDY_GROUP_HELD] = Add(&nfield, ncomp, 2, &total);
  if (held && loop->forced)
    forcing = Add(&nfield, ncomp, 1, &total);
  if (loop->viscous)
    stress[EDDY_GROUP_FRESH] = Add(&nfield, ncomp, 2, &total);
  if (nfield) {
    memset(loop->points, 0, (size_t)total * n * sizeof(double));
    for (PetscInt i = 0; i < loop->all.n; ++i) {
      const EddyClosureMember *m = &loop->all.member[i];
      const PetscInt g = Group(m), at = stress[g];
      if (g == EDDY_GROUP_HELD && !held)
        continue;
      double *a = at >= 0 ? loop->points + (size_t)at * n : NULL,
             *f = forcing >= 0 ? loop->points + (size_t)forcing * n : NULL;
      AddMember(loop, m, a, a ? a + n : NULL, f);
    }
    PetscCall(EddyFourierFromReal(F, nfield, ncomp, loop->points));
    for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
      for (PetscInt i = 0, c = 0; i < nfield; c += ncomp[i++])
        EddyFourierUnpack(F, b, c, ncomp[i], loop->modes + (size_t)c * comp);
      if (held)
        BlockTerm(d, loop, b, stress[0] >= 0 ? loop->modes + (size_t)stress[0] * comp : NULL,
                  forcing >= 0 ? loop->modes + (size_t)forcing * comp : NULL,
                  loop->term[EDDY_GROUP_HELD]);
      if (loop->viscous)
        BlockTerm(d, loop, b, loop->modes + (size_t)stress[1] * comp, NULL,
                  loop->term[EDDY_GROUP_FRESH]);
    }
  }
  if (loop->stressed || loop->forced) {
    if (held)
      PetscCall(Limit(d, loop, EDDY_GROUP_HELD, u, fresh, quiet));
    PetscCall(PetscArraycpy(loop->sum, loop->term[EDDY_GROUP_HELD], d->size));
  } else
    PetscCall(PetscArrayzero(loop->sum, d->size));
  if (loop->viscous) {
    PetscCall(Limit(d, loop, EDDY_GROUP_FRESH, u, PETSC_TRUE, quiet));
    for (size_t i = 0; i < d->size; ++i)
      loop->sum[i] += loop->term[EDDY_GROUP_FRESH][i];
  }
  for (PetscInt i = 0; i < loop->all.n; ++i)
    if (loop->all.member[i].c->target == EDDY_TARGET_MODE &&
        (loop->all.member[i].fallback_of < 0 || loop->all.suspended))
      PetscCall(AddModal(d, loop, &loop->all.member[i], st, u));
  loop->term_valid = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}
