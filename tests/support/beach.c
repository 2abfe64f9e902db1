/* SPDX-License-Identifier: BSD-3-Clause */
#define _XOPEN_SOURCE 700 /* j0, j1 */
#include "beach.h"
#include <complex.h>
#include <math.h>
#include <stdlib.h>

enum { MODES = 160, POINTS = 1000 };

struct _EddyTestBeach {
  double X0, dk;
  double complex a
      [MODES]; /* 2 Phi(k) exp(-i k X0) / (J0 - i J1) dk at k = (q + 1/2) dk, both signs of k together */
  double w0[POINTS + 1][MODES],
      w1[POINTS + 1][MODES]; /* J0 and 4 J1 / sigma at steps of sigma, 0 to 4 sqrt(2) */
  double x[POINTS + 1], eta[POINTS + 1], u[POINTS + 1]; /* of a time */
};

EddyTestBeach eddy_test_beach(double H, double X0, double X1)
{
  EddyTestBeach b = malloc(sizeof *b);
  const double pi = 3.14159265358979323846, gamma = sqrt(.75 * H), alpha = pi / (2 * gamma);
  b->X0 = X0;
  b->dk = 36 / alpha / MODES;
  for (int q = 0; q < MODES; ++q) {
    const double k = (q + .5) * b->dk, phi = 2. / 3 * k / sinh(alpha * k), z = .5 * k * X0;
    b->a[q] = 4 * phi * b->dk * cexp(I * k * (X1 - X0)) / (j0(2 * k * X0) - I * j1(2 * k * X0));
    for (int p = 0; p <= POINTS; ++p) {
      const double sigma = 4 * sqrt(2) * p / POINTS;
      b->w0[p][q] = j0(z * sigma);
      b->w1[p][q] = 4 * (p ? j1(z * sigma) / sigma : .5 * z);
    }
  }
  return b;
}
void eddy_test_beach_end(EddyTestBeach b) { free(b); }

/* phi_lambda / 4, u and u_lambda at (sigma, lambda) */
static void Sum(const struct _EddyTestBeach *b, int p, double lambda, double *level, double *u,
                double *slope)
{
  const double complex turn = cexp(.5 * I * b->dk * b->X0 * lambda);
  double complex phase = cexp(.25 * I * b->dk * b->X0 * lambda);
  *level = *u = *slope = 0;
  for (int q = 0; q < MODES; ++q, phase *= turn) {
    const double complex z = b->a[q] * phase;
    *level += creal(z) * b->w0[p][q];
    *u -= cimag(z) * b->w1[p][q];
    *slope -= .5 * (q + .5) * b->dk * b->X0 * creal(z) * b->w1[p][q];
  }
}

/* lambda = 2 u - 2 t / X0 by Newton: u_lambda stays below 1/2 until the wave breaks */
static void Point(EddyTestBeach b, int p, double t, double *lambda)
{
  const double sigma = 4 * sqrt(2) * p / POINTS;
  double level = 0, slope;
  for (int it = 0; it < 50; ++it) {
    Sum(b, p, *lambda, &level, &b->u[p], &slope);
    const double step = (2 * (b->u[p] - t / b->X0) - *lambda) / fmax(.05, 1 - 2 * slope);
    *lambda += fmax(-.5, fmin(.5, step));
    if (fabs(step) < 1e-13)
      break;
  }
  b->eta[p] = level - .5 * b->u[p] * b->u[p];
  b->x[p] = b->X0 * (sigma * sigma / 16 - b->eta[p]);
}

void eddy_test_beach_time(EddyTestBeach b, double t)
{
  double lambda = -2 * t / b->X0;
  for (int p = 0; p <= POINTS; ++p)
    Point(b, p, t, &lambda);
}

double eddy_test_beach_shore(EddyTestBeach b) { return b->x[0]; }

int eddy_test_beach_at(EddyTestBeach b, double x, double *eta, double *u)
{
  int low = 0, high = POINTS; /* x rises with sigma before the wave breaks */
  if (x <= b->x[0])
    return 0;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    if (b->x[middle] < x)
      low = middle;
    else
      high = middle;
  }
  const double w = (x - b->x[low]) / (b->x[high] - b->x[low]);
  *eta = b->eta[low] + w * (b->eta[high] - b->eta[low]);
  *u = b->u[low] + w * (b->u[high] - b->u[low]);
  return 1;
}

double eddy_test_beach_runup(EddyTestBeach b, double t0, double t1)
{
  double top = -1e9, lambda = -2 * t0 / b->X0;
  for (int k = 0; k <= 1000; ++k) {
    Point(b, 0, t0 + k * (t1 - t0) / 1000, &lambda);
    top = fmax(top, b->eta[0]);
  }
  return top;
}
