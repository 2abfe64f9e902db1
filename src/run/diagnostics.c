/* SPDX-License-Identifier: BSD-3-Clause */
/* Diagnostics of a run: a line of diagnostics.csv every `diagnostics_every` (and at the first and
   last state), the drift of the invariants, and the time-mean energy spectrum in spectrum.csv.

   Samples are taken at the first step at or after their time; the step is never changed for them.
 */
#include "run_impl.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

PetscErrorCode EddyDiagFromOptions(EddyOptions o, const EddyTimes *t, EddyDiag *g)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReal(o, "diagnostics_every",
                            "time between lines of diagnostics.csv; 0: 1 % of the run", "T", 0, 0,
                            PETSC_MAX_REAL, &g->every));
  PetscCall(EddyOptionsBool(o, "statistics_spectrum", "time-mean energy spectrum in spectrum.csv",
                            PETSC_FALSE, &g->spectrum));
  PetscCall(EddyOptionsReal(o, "statistics_start", "time from which statistics are taken", "T",
                            t->start, -PETSC_MAX_REAL, PETSC_MAX_REAL, &g->spectrum_start));
  PetscCall(EddyOptionsIdle(o, !g->spectrum, "statistics_start"));
  if (g->every <= 0)
    g->every = (t->end - t->start) / 100;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Values(EddyRun r, double value[])
{
  PetscFunctionBeginUser;
  r->diag.n = 0;
  if (r->disc->ops->Diagnostics)
    PetscCall(r->disc->ops->Diagnostics(r->disc, &r->st, r->u, EDDY_MAX_DIAG, r->diag.name, value,
                                        &r->diag.n));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Line(EddyRun r)
{
  EddyDiag *g = &r->diag;
  PetscFunctionBeginUser;
  if (!g->file)
    PetscFunctionReturn(PETSC_SUCCESS);
  fprintf(g->file, "%lld,%.17g,%.17g", (long long)r->st.step, (double)r->st.t, (double)r->st.dt);
  for (PetscInt k = 0; k < g->n; ++k)
    fprintf(g->file, ",%.17g", g->last[k]);
  fprintf(g->file, "\n");
  const int bad = fflush(g->file);
  PetscCheck(!bad, PETSC_COMM_SELF, EDDY_ERR_IO, "diagnostics.csv cannot be written (disk full?)");
  g->bytes = (PetscInt64)ftell(g->file);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SpectrumAdd(EddyRun r)
{
  EddyDiag *g = &r->diag;
  const double *ek;
  PetscInt nk;
  PetscFunctionBeginUser;
  if (!g->spectrum || r->st.t < g->spectrum_start || !r->disc->ops->Spectrum)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(r->disc->ops->Spectrum(r->disc, r->u, &ek, &nk));
  if (!g->ek)
    PetscCall(PetscCalloc1(nk, &g->ek));
  g->nk = nk;
  for (PetscInt k = 0; k < nk; ++k)
    g->ek[k] += ek[k];
  ++g->nsample;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiagOpen(EddyRun r, const char *folder)
{
  EddyDiag *g = &r->diag;
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  r->monitor = PETSC_TRUE;
  if (r->rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(path, sizeof path, "%s/diagnostics.csv", folder);
  if (g->bytes > 0)
    PetscCheck(!truncate(path, (off_t)g->bytes), PETSC_COMM_SELF, EDDY_ERR_IO,
               "%s: cannot be continued at byte %lld", path, (long long)g->bytes);
  g->file = fopen(path, g->bytes > 0 ? "a" : "w");
  PetscCheck(g->file, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiagStart(EddyRun r)
{
  EddyDiag *g = &r->diag;
  PetscFunctionBeginUser;
  PetscCall(Values(r, g->first));
  memcpy(g->last, g->first, sizeof g->last);
  g->next = 1;
  if (r->monitor)
    PetscCall(SpectrumAdd(r));
  if (!g->file)
    PetscFunctionReturn(PETSC_SUCCESS);
  fprintf(g->file, "step,time,dt");
  for (PetscInt k = 0; k < g->n; ++k)
    fprintf(g->file, ",%s", g->name[k]);
  fprintf(g->file, "\n");
  PetscCall(Line(r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiagSample(EddyRun r, PetscBool force)
{
  EddyDiag *g = &r->diag;
  const PetscReal t0 = r->times.start - r->times.spinup;
  const PetscBool due = r->monitor && r->st.t >= t0 + (PetscReal)g->next * g->every * (1 - 1e-12)
                            ? PETSC_TRUE
                            : PETSC_FALSE;
  PetscFunctionBeginUser;
  if (!due && !force)
    PetscFunctionReturn(PETSC_SUCCESS);
  while (r->st.t >= t0 + (PetscReal)g->next * g->every * (1 - 1e-12))
    ++g->next;
  PetscCall(Values(r, g->last));
  if (r->monitor)
    PetscCall(SpectrumAdd(r));
  PetscCall(Line(r));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyDiagFinish(EddyRun r, const char *folder)
{
  EddyDiag *g = &r->diag;
  char path[EDDY_MAX_PATH];
  PetscFunctionBeginUser;
  if (g->file)
    fclose(g->file);
  g->file = NULL;
  if (r->rank || !g->nsample)
    PetscFunctionReturn(PETSC_SUCCESS);
  snprintf(path, sizeof path, "%s/spectrum.csv", folder);
  FILE *f = fopen(path, "w");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be opened for writing", path);
  PetscReal length = 0;
  for (int d = 0; d < (int)r->mesh->box.dim; ++d)
    length = PetscMax(length, EddyBoxLength(&r->mesh->box, d));
  fprintf(f, "k,energy\n");
  for (PetscInt k = 0; k < g->nk; ++k)
    fprintf(f, "%.17g,%.17g\n", (double)(2 * PETSC_PI / length * (PetscReal)k),
            g->ek[k] / (double)g->nsample);
  const int bad = fclose(f);
  PetscCheck(!bad, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot be written", path);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyDiagDrift(EddyRun r, PetscInt *n, const char *name[], double first[], double change[])
{
  const EddyDiag *g = &r->diag;
  const char *const *inv = r->physics->ops->invariants;
  *n = 0;
  for (PetscInt i = 0; inv && inv[i]; ++i) {
    for (PetscInt k = 0; k < g->n && *n < EDDY_MAX_DIAG; ++k) {
      if (strcmp(inv[i], g->name[k]))
        continue;
      name[*n] = inv[i];
      first[*n] = g->first[k];
      change[(*n)++] = g->last[k] - g->first[k];
    }
  }
}
