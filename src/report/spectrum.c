/* SPDX-License-Identifier: BSD-3-Clause */
#include "spectrum.h"
#include <fftw3.h>
#include <math.h>

struct _p_EddyModes {
  PetscInt n[3], nc; /* points, stored modes in x */
  double dk[3], width;
  double *real;
  EddyComplex *hat;
  fftw_plan forward, inverse;
};

PetscErrorCode EddyModesCreate(const EddyBox *box, EddyModes *modes)
{
  EddyModes m;
  double longest = 0;

  PetscFunctionBeginUser;
  PetscCall(PetscNew(&m));
  for (int d = 0; d < 3; ++d) {
    m->n[d] = d < box->dim ? box->n[d] : 1;
    m->dk[d] = d < box->dim ? 2 * PETSC_PI / EddyBoxLength(box, d) : 0;
    if (d < box->dim)
      longest = fmax(longest, EddyBoxLength(box, d));
  }
  m->width = 2 * PETSC_PI / longest;
  m->nc = m->n[0] / 2 + 1;
  m->real = fftw_alloc_real((size_t)m->n[0] * m->n[1] * m->n[2]);
  m->hat = (EddyComplex *)fftw_alloc_complex((size_t)m->nc * m->n[1] * m->n[2]);
  PetscCheck(m->real && m->hat, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for a transform");
  const int n[3] = {(int)m->n[2], (int)m->n[1], (int)m->n[0]};
  m->forward = fftw_plan_dft_r2c(3, n, m->real, (fftw_complex *)m->hat, FFTW_ESTIMATE);
  m->inverse = fftw_plan_dft_c2r(3, n, (fftw_complex *)m->hat, m->real, FFTW_ESTIMATE);
  PetscCheck(m->forward && m->inverse, PETSC_COMM_SELF, PETSC_ERR_LIB,
             "FFTW has no plan for %d x %d x %d points", n[2], n[1], n[0]);
  *modes = m;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyModesDestroy(EddyModes *m)
{
  PetscFunctionBeginUser;
  if (!*m)
    PetscFunctionReturn(PETSC_SUCCESS);
  fftw_destroy_plan((*m)->forward);
  fftw_destroy_plan((*m)->inverse);
  fftw_free((*m)->real);
  fftw_free((*m)->hat);
  PetscCall(PetscFree(*m));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscInt EddyModesCount(EddyModes m) { return m->nc * m->n[1] * m->n[2]; }

void EddyModesForward(EddyModes m, const double field[], EddyComplex hat[])
{
  const PetscInt points = m->n[0] * m->n[1] * m->n[2], count = EddyModesCount(m);
  const double s = 1.0 / (double)points;
  for (PetscInt i = 0; i < points; ++i)
    m->real[i] = field[i];
  fftw_execute(m->forward);
  for (PetscInt i = 0; i < count; ++i)
    hat[i] = (EddyComplex){s * m->hat[i].re, s * m->hat[i].im};
}

void EddyModesInverse(EddyModes m, const EddyComplex hat[], double field[])
{
  const PetscInt points = m->n[0] * m->n[1] * m->n[2], count = EddyModesCount(m);
  for (PetscInt i = 0; i < count; ++i)
    m->hat[i] = hat[i];
  fftw_execute(m->inverse);
  for (PetscInt i = 0; i < points; ++i)
    field[i] = m->real[i];
}

/* Signed mode number of index i among n */
static PetscInt Mode(PetscInt i, PetscInt n) { return i <= n / 2 ? i : i - n; }
static PetscInt Index(PetscInt mode, PetscInt n) { return mode < 0 ? mode + n : mode; }

PetscErrorCode EddyModesTruncate(EddyModes from, const EddyComplex a[], EddyModes to,
                                 const PetscInt kmax[3], EddyComplex b[])
{
  PetscFunctionBeginUser;
  for (int d = 0; d < 3; ++d)
    PetscCheck(kmax[d] >= 0 && 2 * kmax[d] < to->n[d] && 2 * kmax[d] < from->n[d], PETSC_COMM_SELF,
               PETSC_ERR_ARG_OUTOFRANGE,
               "modes up to %" PetscInt_FMT " do not fit grids of %" PetscInt_FMT
               " and %" PetscInt_FMT " points",
               kmax[d], from->n[d], to->n[d]);
  PetscCall(PetscArrayzero(b, EddyModesCount(to)));
  for (PetscInt mz = -kmax[2]; mz <= kmax[2]; ++mz)
    for (PetscInt my = -kmax[1]; my <= kmax[1]; ++my) {
      const EddyComplex *row =
          a + (Index(mz, from->n[2]) * from->n[1] + Index(my, from->n[1])) * from->nc;
      PetscCall(PetscArraycpy(b + (Index(mz, to->n[2]) * to->n[1] + Index(my, to->n[1])) * to->nc,
                              row, kmax[0] + 1));
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Times a stored mode counts in the full spectrum */
static double Weight(const struct _p_EddyModes *m, PetscInt i)
{
  return i == 0 || 2 * i == m->n[0] ? 1 : 2;
}

void EddyModesShift(EddyModes m, double s, EddyComplex hat[])
{
  for (PetscInt k = 0; k < m->n[2]; ++k)
    for (PetscInt j = 0; j < m->n[1]; ++j)
      for (PetscInt i = 0; i < m->nc; ++i) {
        const double turns = (double)i / (double)m->n[0] +
                             (double)Mode(j, m->n[1]) / (double)m->n[1] +
                             (double)Mode(k, m->n[2]) / (double)m->n[2];
        const double c = cos(2 * PETSC_PI * s * turns), w = -sin(2 * PETSC_PI * s * turns);
        EddyComplex *h = &hat[(k * m->n[1] + j) * m->nc + i];
        *h = (EddyComplex){h->re * c - h->im * w, h->re * w + h->im * c};
      }
}

/* Mean of a wave of this many turns per spacing over a cell, over its value in the middle. */
static double Mean(double turns)
{
  return turns == 0 ? 1 : sin(PETSC_PI * turns) / (PETSC_PI * turns);
}

void EddyModesToCells(EddyModes m, PetscBool back, EddyComplex hat[])
{
  EddyModesShift(m, back ? .5 : -.5, hat);
  for (PetscInt k = 0; k < m->n[2]; ++k)
    for (PetscInt j = 0; j < m->n[1]; ++j)
      for (PetscInt i = 0; i < m->nc; ++i) {
        const double mean = Mean((double)i / (double)m->n[0]) *
                            Mean((double)Mode(j, m->n[1]) / (double)m->n[1]) *
                            Mean((double)Mode(k, m->n[2]) / (double)m->n[2]);
        EddyComplex *h = &hat[(k * m->n[1] + j) * m->nc + i];
        const double scale = back ? 1 / mean : mean;
        *h = (EddyComplex){scale * h->re, scale * h->im};
      }
}

void EddyModesTail(EddyModes m, const EddyComplex hat[], double tail[3])
{
  double total = 0, beyond[3] = {0, 0, 0};
  for (PetscInt k = 0; k < m->n[2]; ++k)
    for (PetscInt j = 0; j < m->n[1]; ++j)
      for (PetscInt i = 0; i < m->nc; ++i) {
        const PetscInt mode[3] = {i, Mode(j, m->n[1]), Mode(k, m->n[2])};
        const EddyComplex h = hat[(k * m->n[1] + j) * m->nc + i];
        const double p = Weight(m, i) * (h.re * h.re + h.im * h.im);
        if (i || j || k)
          total += p;
        for (int d = 0; d < 3; ++d)
          if (3 * PetscAbsInt(mode[d]) > m->n[d] - 1)
            beyond[d] += p;
      }
  for (int d = 0; d < 3; ++d)
    tail[d] = total > 0 ? beyond[d] / total : 0;
}

PetscInt EddyModesShells(EddyModes m)
{
  double k2 = 0;
  for (int d = 0; d < 3; ++d)
    k2 += pow((double)(m->n[d] / 2) * m->dk[d], 2);
  return (PetscInt)floor(sqrt(k2) / m->width + 0.5) + 1;
}

double EddyModesShellWidth(EddyModes m) { return m->width; }

PetscInt EddyModesWholeShells(EddyModes m)
{
  double least = INFINITY;
  for (int d = 0; d < 3; ++d)
    if (m->n[d] > 1)
      least = fmin(least, (double)((m->n[d] - 1) / 2) * m->dk[d]);
  return isfinite(least) ? (PetscInt)floor(least / m->width + 1e-9) : 0;
}

void EddyModesAddShells(EddyModes m, const EddyComplex hat[], EddyShellKind kind, double factor,
                        double E[])
{
  for (PetscInt k = 0; k < m->n[2]; ++k)
    for (PetscInt j = 0; j < m->n[1]; ++j)
      for (PetscInt i = 0; i < m->nc; ++i) {
        const double kx = (double)i * m->dk[0], ky = (double)Mode(j, m->n[1]) * m->dk[1],
                     kz = (double)Mode(k, m->n[2]) * m->dk[2];
        const double k2 = kx * kx + ky * ky + kz * kz;
        const EddyComplex h = hat[(k * m->n[1] + j) * m->nc + i];
        const double p = 0.5 * factor * Weight(m, i) * (h.re * h.re + h.im * h.im);
        const PetscInt shell = (PetscInt)floor(sqrt(k2) / m->width + 0.5);
        if (kind == EDDY_SHELL_SQUARE)
          E[shell] += p;
        else if (k2 > 0)
          E[shell] += p / k2;
      }
}
