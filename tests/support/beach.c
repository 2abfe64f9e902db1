/* SPDX-License-Identifier: BSD-3-Clause */
#define _XOPEN_SOURCE 700 /* j0, j1 */
#include "beach.h"
#include <complex.h>
#include <math.h>
#include <stdlib.h>

enum { MODES = 160, POINTS = 1000 };

struct _EddyTestBeach {
  double X0, k[MODES];
  double complex a[MODES]; /* 2 Phi(k) exp(-i k X0) / (J0 - i J1) dk, both signs of k together */
  double guess;            /* lambda of the last point */
  double x[POINTS + 1], eta[POINTS + 1],
      u[POINTS + 1]; /* at equal steps of sigma, 0 to 4 sqrt(2) */
};

EddyTestBeach eddy_test_beach(double H, double X0, double X1)
{
  EddyTestBeach b = malloc(sizeof *b);
  const double pi = 3.14159265358979323846, gamma = sqrt(.75 * H), alpha = pi / (2 * gamma),
               dk = 36 / alpha / MODES;
  b->X0 = X0;
  b->guess = 0;
  for (int q = 0; q < MODES; ++q) {
    const double k = b->k[q] = (q + .5) * dk, phi = 2. / 3 * k / sinh(alpha * k);
    b->a[q] = 4 * phi * dk * cexp(I * k * (X1 - X0)) / (j0(2 * k * X0) - I * j1(2 * k * X0));
  }
  return b;
}
void eddy_test_beach_end(EddyTestBeach b) { free(b); }

/* phi_lambda / 4, u and u_lambda at (sigma, lambda); w0, w1: Bessel functions of sigma, [MODES] */
static void Sum(EddyTestBeach b, const double w0[], const double w1[], double lambda, double *level,
                double *u, double *slope)
{
  double e = 0, v = 0, d = 0;
  for (int q = 0; q < MODES; ++q) {
    const double rate = .5 * b->k[q] * b->X0;
    const double complex z = b->a[q] * cexp(I * rate * lambda);
    e += creal(z) * w0[q];
    v -= cimag(z) * w1[q];
    d -= rate * creal(z) * w1[q];
  }
  *level = e;
  *u = v;
  *slope = d;
}

/* lambda = 2 u - 2 t / X0 by Newton: u_lambda stays below 1/2 until the wave breaks */
static void Point(EddyTestBeach b, double sigma, double t, double *x, double *eta, double *u)
{
  double w0[MODES], w1[MODES], level = 0, slope, lambda = b->guess;
  for (int q = 0; q < MODES; ++q) {
    const double z = .5 * b->k[q] * b->X0;
    w0[q] = j0(z * sigma);
    w1[q] = 4 * (sigma > 1e-9 ? j1(z * sigma) / sigma : .5 * z);
  }
  for (int it = 0; it < 50; ++it) {
    Sum(b, w0, w1, lambda, &level, u, &slope);
    const double step = (2 * (*u - t / b->X0) - lambda) / fmax(.05, 1 - 2 * slope);
    lambda += fmax(-.5, fmin(.5, step));
    if (fabs(step) < 1e-13)
      break;
  }
  b->guess = lambda;
  *eta = level - .5 * *u * *u;
  *x = b->X0 * (sigma * sigma / 16 - *eta);
}

void eddy_test_beach_time(EddyTestBeach b, double t)
{
  b->guess = -2 * t / b->X0;
  for (int k = 0; k <= POINTS; ++k)
    Point(b, 4 * sqrt(2) * k / POINTS, t, &b->x[k], &b->eta[k], &b->u[k]);
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
  double top = -1e9, x, eta, u;
  b->guess = -2 * t0 / b->X0;
  for (int k = 0; k <= 1000; ++k) {
    Point(b, 0, t0 + k * (t1 - t0) / 1000, &x, &eta, &u);
    top = fmax(top, eta);
  }
  return top;
}
