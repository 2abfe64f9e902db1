/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a state is one: finite, and positive where the physics wants it; the place of the first bad cell. */
#include "fv.h"

/* Cells of a row, from i on, and their primitive state in the buffer of the sweep. */
static PetscInt Row(EddyDisc d, const double *u, PetscInt i, PetscInt row)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt n = PetscMin(s->tile, s->n[0] - i);
  const size_t at = (size_t)row * (size_t)s->n[0] + (size_t)i;
  p->fv.ToPrim(p->ctx, n, s->cells, u + at, s->cells, s->aux ? s->aux + at : NULL, s->ts, s->x.qm);
  return n;
}

/* Values of positive component q of a row: of u itself where it is there, since w may be cut off at zero. */
static const double *Positive(EddyDisc d, const double *u, PetscInt q, PetscInt i, PetscInt row)
{
  EddyFv *s = EddyFvGet(d);
  return s->direct[q] >= 0
             ? u + (size_t)s->direct[q] * s->cells + (size_t)row * (size_t)s->n[0] + (size_t)i
             : s->x.qm + (size_t)d->physics->positive[q] * s->ts;
}

PetscBool EddyFvAdmissible(EddyDisc d, const double *u)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  int bad = 0;
  for (PetscInt row = 0; p->npositive && row < s->n[1] * s->n[2]; ++row)
    for (PetscInt i = 0; i < s->n[0]; i += s->tile) {
      const PetscInt n = Row(d, u, i, row);
      for (PetscInt q = 0; q < p->npositive; ++q) {
        const double *v = Positive(d, u, q, i, row), least = p->least[q];
        for (PetscInt l = 0; l < n; ++l)
          bad |= !(v[l] > least);
      }
    }
  return bad ? PETSC_FALSE : PETSC_TRUE;
}

/* First bad value of this rank in the order of the grid: cell * (components + positive ones) + which; its value. */
static PetscInt64 First(EddyDisc d, const double *u, double *value)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt kinds = s->ncomp + p->npositive, *n = d->box.n;
  PetscInt64 first = INT64_MAX;
  for (PetscInt row = 0; row < s->n[1] * s->n[2]; ++row)
    for (PetscInt i = 0; i < s->n[0]; i += s->tile) {
      const PetscInt m = Row(d, u, i, row), j = row % s->n[1], k = row / s->n[1];
      const PetscInt64 cell =
          ((PetscInt64)(s->start[2] + k) * n[1] + s->start[1] + j) * n[0] + s->start[0] + i;
      for (PetscInt c = 0; c < kinds; ++c) {
        const double *v = c < s->ncomp
                              ? u + (size_t)c * s->cells + (size_t)row * (size_t)s->n[0] + (size_t)i
                              : Positive(d, u, c - s->ncomp, i, row);
        for (PetscInt l = 0; l < m; ++l) {
          if (c < s->ncomp ? v[l] - v[l] == 0 : v[l] > p->least[c - s->ncomp])
            continue;
          if ((cell + l) * kinds + c < first) {
            first = (cell + l) * kinds + c;
            *value = v[l];
          }
        }
      }
    }
  return first;
}

/* The first bad cell in the order of the grid, so that it is the same on any number of ranks. */
PetscErrorCode EddyFvFinite(EddyDisc d, const double *u, PetscBool *ok, char where[], size_t len)
{
  EddyFv *s = EddyFvGet(d);
  EddyPhysics p = d->physics;
  const PetscInt *n = d->box.n, kinds = s->ncomp + p->npositive;
  double value = 0;
  PetscInt64 first;
  char what[128], place[96];
  PetscFunctionBeginUser;
  const PetscInt64 mine = First(d, u, &value);
  PetscCallMPI(MPI_Allreduce(&mine, &first, 1, MPIU_INT64, MPI_MIN, d->comm));
  *ok = (PetscBool)(first == INT64_MAX);
  if (*ok)
    PetscFunctionReturn(PETSC_SUCCESS);
  int holder = mine == first ? s->rank : s->size;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &holder, 1, MPI_INT, MPI_MIN, d->comm));
  PetscCallMPI(MPI_Bcast(&value, 1, MPI_DOUBLE, holder, d->comm));
  const PetscInt64 cell = first / kinds;
  const PetscInt c = (PetscInt)(first % kinds);
  const int at[3] = {(int)(cell % n[0]), (int)(cell / n[0] % n[1]), (int)(cell / n[0] / n[1])};
  PetscCall(PetscSNPrintf(place, sizeof place,
                          s->dim == 1   ? "(%d)"
                          : s->dim == 2 ? "(%d, %d)"
                                        : "(%d, %d, %d)",
                          at[0], at[1], at[2]));
  if (c < s->ncomp)
    PetscCall(PetscSNPrintf(what, sizeof what, "%s is not finite", p->comp[c]));
  else
    PetscCall(PetscSNPrintf(what, sizeof what, "%s is %g, not positive,",
                            p->prim[p->positive[c - s->ncomp]], value));
  char advice[96] = "";
  if (c >= s->ncomp && s->kept > 0)
    PetscCall(PetscSNPrintf(advice, sizeof advice,
                            "; averages stay positive up to Courant number %.3g (time_cfl)",
                            s->kept));
  else if (c >= s->ncomp)
    PetscCall(PetscSNPrintf(advice, sizeof advice,
                            "; a smaller step, disc_positivity or disc_riemann hll may help"));
  PetscCall(PetscSNPrintf(where, len, "%s in cell %s, rank %d%s", what, place, holder, advice));
  PetscFunctionReturn(PETSC_SUCCESS);
}
