/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over modes and points that do not depend on the rank count: every block (or row) of the global problem writes its own entry of an array
   that is zero elsewhere, the array is added up over ranks (adding zeros is exact), and the entries are then summed in order. */
#include "spectral.h"

enum { MAX_SUMS = 32 };

static PetscErrorCode OrderedSum(MPI_Comm comm, PetscInt nentry, PetscInt n, double *entry,
                                 double sum[])
{
  PetscFunctionBeginUser;
  PetscCallMPI(
      MPI_Allreduce(MPI_IN_PLACE, entry, (PetscMPIInt)(nentry * n), MPI_DOUBLE, MPI_SUM, comm));
  for (PetscInt q = 0; q < n; ++q) {
    sum[q] = 0;
    for (PetscInt e = 0; e < nentry; ++e)
      sum[q] += entry[e * n + q];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Sums over all modes: the physics' own, then the injection of each steady forcing. A mode with kx > 0 stands for itself and its conjugate. */
static PetscErrorCode ModeSums(EddyDisc d, const double *u, PetscInt n, double sum[])
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  const EddyPhysicsOps *ops = d->physics->ops;
  double *entry;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(F->nblock * n, &entry));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
    for (PetscInt m = 0; m < F->My; ++m)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        EddyComplex v[EDDY_MAX_COMP];
        double out[MAX_SUMS] = {0};
        const EddyMode k = EddySpectralMode(F, b, m, l);
        const double weight = k.ik[0] ? 2 : 1;
        EddySpectralRead(s, u, b, m, l, v);
        if (ops->ModeDiag)
          ops->ModeDiag(d->physics->ctx, &k, v, out);
        for (PetscInt q = 0; q < n; ++q)
          entry[(F->b0 + b) * n + q] += weight * out[q];
      }
  PetscCall(OrderedSum(d->comm, F->nblock, n, entry, sum));
  PetscCall(PetscFree(entry));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Injection(EddyDisc d, const double *u, PetscInt i, double *sum)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  EddyForcing f = d->forcing[i];
  double *entry;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc1(F->nblock, &entry));
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
    for (PetscInt m = 0; m < F->My; ++m)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        EddyComplex v[EDDY_MAX_COMP], a[EDDY_MAX_COMP] = {{0, 0}};
        const EddyMode k = EddySpectralMode(F, b, m, l);
        const PetscBool mirror = (PetscBool)(k.ik[0] == 0 && k.ik[1] < 0);
        const EddyMode half = mirror ? EddyModeMake(&F->box, 0, -k.ik[1], 0) : k;
        f->ops->Amplitude(f, &half, a);
        if (mirror)
          for (PetscInt c = 0; c < s->ncomp; ++c)
            a[c].im = -a[c].im;
        EddySpectralRead(s, u, b, m, l, v);
        entry[F->b0 + b] +=
            (k.ik[0] ? 2 : 1) * d->physics->ops->Injection(d->physics->ctx, &k, v, a);
      }
  PetscCall(OrderedSum(d->comm, F->nblock, 1, entry, sum));
  PetscCall(PetscFree(entry));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Means over the box of functions of the state and its gradient at the points of the transform grid. */
static PetscErrorCode PointSums(EddyDisc d, const double *u, double sum[])
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  const EddyPhysicsOps *ops = d->physics->ops;
  const PetscInt one = 1, dim = d->box.dim, nd = ops->npoint_diag, nc = s->ncomp * (1 + dim);
  const size_t n = (size_t)(F->y1 - F->y0) * (size_t)F->nx;
  double *real, *block, *entry;
  PetscFunctionBeginUser;
  PetscCall(PetscCalloc3(PetscMax(1, (size_t)nc * n), &real, (size_t)F->My * 16, &block, F->ny * nd,
                         &entry));
  for (PetscInt c = 0; c < s->ncomp; ++c)
    for (PetscInt g = 0; g <= dim; ++g) { /* value, then d/dx_g-1 */
      for (PetscInt b = 0; b < F->b1 - F->b0; ++b) {
        for (PetscInt m = 0; m < F->My; ++m)
          for (PetscInt l = 0; l < 8; ++l) {
            EddyComplex v[EDDY_MAX_COMP];
            const EddyMode k = EddySpectralMode(F, b, m, l);
            EddySpectralRead(s, u, b, m, l, v);
            const EddyComplex w = g ? EddyCTimesI(k.k[g - 1], v[c]) : v[c];
            block[16 * m + l] = w.re, block[16 * m + 8 + l] = w.im;
          }
        EddyFourierPack(F, b, 0, 1, block);
      }
      PetscCall(
          EddyFourierToReal(F, 1, &one, real + (size_t)(g ? s->ncomp + c * dim + g - 1 : c) * n));
    }
  for (PetscInt y = F->y0; y < F->y1; ++y)
    for (PetscInt x = 0; x < F->nx; ++x) {
      double a[EDDY_MAX_COMP * 4], out[MAX_SUMS] = {0};
      for (PetscInt c = 0; c < nc; ++c)
        a[c] = real[(size_t)c * n + (size_t)(y - F->y0) * (size_t)F->nx + (size_t)x];
      ops->PointDiag(d->physics->ctx, a, a + s->ncomp, out);
      for (PetscInt q = 0; q < nd; ++q)
        entry[y * nd + q] += out[q];
    }
  PetscCall(OrderedSum(d->comm, F->ny, nd, entry, sum));
  for (PetscInt q = 0; q < nd; ++q)
    sum[q] /= (double)F->nx * (double)F->ny;
  PetscCall(PetscFree3(real, block, entry));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralDiagnostics(EddyDisc d, const EddyStage *st, const double *u,
                                       PetscInt max, const char *names[], double values[],
                                       PetscInt *n)
{
  const EddyPhysicsOps *ops = d->physics->ops;
  double sum[MAX_SUMS];
  PetscInt k = 0;
  PetscFunctionBeginUser;
  if (ops->nmode_diag)
    PetscCall(ModeSums(d, u, ops->nmode_diag, sum));
  for (PetscInt q = 0; q < ops->nmode_diag && k < max; ++q)
    names[k] = ops->mode_diag[q], values[k++] = sum[q];
  if (ops->npoint_diag)
    PetscCall(PointSums(d, u, sum));
  for (PetscInt q = 0; q < ops->npoint_diag && k < max; ++q)
    names[k] = ops->point_diag[q], values[k++] = sum[q];
  if (ops->Injection && d->nforcing && k < max) {
    names[k] = "injection", values[k] = 0;
    for (PetscInt i = 0; i < d->nforcing; ++i)
      if (d->forcing[i]->ops->Amplitude) {
        double one = 0;
        PetscCall(Injection(d, u, i, &one));
        values[k] += one;
      }
    ++k;
  }
  if (d->physics->kernels.Courant && k < max) {
    PetscReal rate;
    PetscCall(d->ops->Courant(d, st, u, &rate));
    names[k] = "courant_rate", values[k++] = rate;
  }
  *n = k;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Shells of width 2 pi / L_max around k = 0, 1, 2, ...: |k| in [j - 1/2, j + 1/2). */
PetscErrorCode EddySpectralSpectrum(EddyDisc d, const double *u, const double **ek, PetscInt *nk)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  const EddyPhysicsOps *ops = d->physics->ops;
  PetscFunctionBeginUser;
  double unit = 2 * PETSC_PI / EddyBoxLength(&d->box, 0), kmax = 0;
  if (d->box.dim > 1)
    unit = PetscMin(unit, 2 * PETSC_PI / EddyBoxLength(&d->box, 1));
  const EddyMode corner = EddyModeMake(&F->box, (int)F->Kx - 1, (int)F->Ky - 1, 0);
  kmax = sqrt(corner.k2);
  const PetscInt shells = (PetscInt)(kmax / unit + 0.5) + 1;
  double *entry;
  PetscCall(PetscCalloc1(F->nblock * shells, &entry));
  if (!s->spectrum)
    PetscCall(PetscMalloc1(shells, &s->spectrum));
  s->nspectrum = shells;
  for (PetscInt b = 0; b < F->b1 - F->b0; ++b)
    for (PetscInt m = 0; m < F->My; ++m)
      for (PetscInt l = 0; l < F->mode[b].lanes; ++l) {
        EddyComplex v[EDDY_MAX_COMP], vel[3];
        const EddyMode k = EddySpectralMode(F, b, m, l);
        double e = 0;
        EddySpectralRead(s, u, b, m, l, v);
        if (ops->Velocity) {
          ops->Velocity(d->physics->ctx, &k, v, vel);
          for (PetscInt i = 0; i < d->box.dim; ++i)
            e += .5 * EddyCDot(vel[i], vel[i]);
        } else
          e = .5 * EddyCDot(v[0], v[0]);
        entry[(F->b0 + b) * shells + PetscMin(shells - 1, (PetscInt)(sqrt(k.k2) / unit + 0.5))] +=
            (k.ik[0] ? 2 : 1) * e;
      }
  PetscCall(OrderedSum(d->comm, F->nblock, shells, entry, s->spectrum));
  PetscCall(PetscFree(entry));
  *ek = s->spectrum;
  *nk = shells;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddySpectralFinite(EddyDisc d, const double *u, PetscBool *ok, char where[],
                                  size_t len)
{
  EddySpectral *s = EddySpectralGet(d);
  EddyFourier F = s->fourier;
  double lane[8] = {0}, sum = 0;
  PetscFunctionBeginUser;
  /* 0 * x is 0 for finite x and NaN otherwise: one pass that vectorises */
  for (size_t i = 0; i < d->size; i += 8)
    for (int l = 0; l < 8; ++l)
      lane[l] += 0 * u[i + (size_t)l];
  for (int l = 0; l < 8; ++l)
    sum += lane[l];
  int bad = !(sum == 0);
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPI_INT, MPI_MAX, d->comm));
  *ok = bad ? PETSC_FALSE : PETSC_TRUE;
  if (!bad)
    PetscFunctionReturn(PETSC_SUCCESS);
  char text[256] = "";
  for (PetscInt b = 0; b < F->b1 - F->b0 && !text[0]; ++b)
    for (PetscInt c = 0; c < s->ncomp && !text[0]; ++c)
      for (PetscInt m = 0; m < F->My && !text[0]; ++m)
        for (PetscInt l = 0; l < 16; ++l) {
          const double x = u[EddySpectralOffset(s, b, c, m) + (size_t)l];
          if (x - x == 0)
            continue;
          PetscCall(PetscSNPrintf(
              text, sizeof text,
              "%s is not finite at mode (%" PetscInt_FMT ", %" PetscInt_FMT "), rank %d",
              d->physics->comp[c], 8 * (F->b0 + b) + l % 8, EddySpectralKy(F, m), F->rank));
          break;
        }
  char *all = NULL;
  if (!F->rank)
    PetscCall(PetscMalloc1(sizeof text * (size_t)F->size, &all));
  PetscCallMPI(MPI_Gather(text, sizeof text, MPI_CHAR, all, sizeof text, MPI_CHAR, 0, d->comm));
  for (int r = 0; !F->rank && r < F->size; ++r)
    if (all[(size_t)r * sizeof text]) {
      PetscCall(PetscStrncpy(where, all + (size_t)r * sizeof text, len));
      break;
    }
  PetscCall(PetscFree(all));
  PetscFunctionReturn(PETSC_SUCCESS);
}
