/* SPDX-License-Identifier: BSD-3-Clause */
/* Solitary wave of height H on water of depth 1 that runs up a plane beach of slope 1:X0 (g = 1), by the series of [Synolakis1987, sections 2 and 3]: an exact
   solution of the shallow-water equations on the slope, whose wave from the sea is taken linear at the toe x = X0.

   Linear: eta(x, t) = 2 Int Phi(k) J0(2 k sqrt(x X0)) exp(-i k (X0 + t)) / (J0(2 k X0) - i J1(2 k X0)) dk, Phi = 2/3 k csch(pi k / (2 gamma)) exp(i k X1),
   gamma = sqrt(3 H / 4). With the transformation of [CarrierGreenspan1958], sigma = 4 c and lambda = 2 u - 2 t / X0,
     eta = phi_lambda / 4 - u^2 / 2,   u = phi_sigma / sigma,   x = X0 (sigma^2 / 16 - eta),   t = X0 (u - lambda / 2),
   where phi_lambda / 4 is the linear solution at x = X0 sigma^2 / 16, t = -X0 lambda / 2. x runs seawards from the still shore; the crest is at X1 when t = 0.
   The integrals are trapezoidal sums (the integrand is analytic and decays exponentially: they converge faster than any power). */
#ifndef EDDY_TEST_BEACH_H
#define EDDY_TEST_BEACH_H

typedef struct _EddyTestBeach *EddyTestBeach;
EddyTestBeach eddy_test_beach(double H, double X0, double X1);
void eddy_test_beach_end(EddyTestBeach b);
/* Computes the profile of time t, from which the next functions read. */
void eddy_test_beach_time(EddyTestBeach b, double t);
/* Place of the shore; surface and velocity at a place from there to x = 2 X0 (no: it is dry). */
double eddy_test_beach_shore(EddyTestBeach b);
int eddy_test_beach_at(EddyTestBeach b, double x, double *eta, double *u);
/* Highest place the shore reaches between the times; the profile is not that of a time afterwards. */
double eddy_test_beach_runup(EddyTestBeach b, double t0, double t1);
#endif
