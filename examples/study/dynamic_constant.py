#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The coefficient the dynamic procedure finds in filtered states of a direct simulation, by test filter.

    python3 examples/study/dynamic_constant.py OUT/dns_4_0/les_n64.hdf5        (python3-numpy, python3-h5py)

C = <L:M>/<M:M> as in closures/germano.h, written independently, and <max(L:M, 0)>/<M:M>: mean over every 20th snapshot, standard deviation.
The box by Simpson's rule is the filter of the program; py2d takes the sharp one and the positive part.
"""
import sys

import h5py
import numpy as np

w_all = h5py.File(sys.argv[1])["t0_fields/vorticity"][0]
n = w_all.shape[1]
delta = 2 * np.pi / n
k = np.fft.fftfreq(n, 1 / n)
kx, ky = np.meshgrid(k, k, indexing="ij")
k2 = kx**2 + ky**2


def back(a):
    return np.real(np.fft.ifft2(a))


def coefficient(w, test):
    psi = np.fft.fft2(w) / np.where(k2 > 0, k2, 1)
    u, v = back(1j * ky * psi), back(-1j * kx * psi)
    sxx = back(-kx * ky * psi)
    sxy = back((kx**2 - ky**2) / 2 * psi)

    def hat(a):
        return back(test * np.fft.fft2(a))

    def size(xx, xy):
        return 2 * np.sqrt(xx**2 + xy**2)

    m, mh = size(sxx, sxy), size(hat(sxx), hat(sxy))
    mxx = 2 * delta**2 * (hat(m * sxx) - 4 * mh * hat(sxx))
    mxy = 2 * delta**2 * (hat(m * sxy) - 4 * mh * hat(sxy))
    lxx, lyy, lxy = hat(u * u) - hat(u) ** 2, hat(v * v) - hat(v) ** 2, hat(u * v) - hat(u) * hat(v)
    lm, mm = (lxx - lyy) * mxx + 2 * lxy * mxy, 2 * (mxx**2 + mxy**2)
    return lm.mean() / mm.mean(), np.maximum(lm, 0).mean() / mm.mean()


filters = {
    "box of 2 cells, Simpson": (2 + np.cos(kx * delta)) * (2 + np.cos(ky * delta)) / 9,
    "Gaussian of 4 cells": np.exp(-k2 * (4 * delta) ** 2 / 24),
    "sharp, half the waves": (k2 <= (n // 6 + 0.5) ** 2) * 1.0,
}
print("test filter                 all points                positive part")
for name, test in filters.items():
    c = np.array([coefficient(w.astype(float), test) for w in w_all[::20]])
    print(f"{name:26s} {c[:, 0].mean():9.5f} +- {c[:, 0].std():.5f}   {c[:, 1].mean():9.5f} +- {c[:, 1].std():.5f}")
