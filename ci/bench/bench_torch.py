# SPDX-License-Identifier: BSD-3-Clause
"""The networks of bench_closure.c in libtorch on one thread: lines "CASE.PRECISION.ms", the best over tilings (pointwise nets: 1024,
4096, 16384 cells, or all at once; periodic convolutions: the whole field) and over eager, traced and frozen modules."""
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_grad_enabled(False)


def median(call):
    times = []
    end = time.process_time() + 0.3
    call()
    while len(times) < 5 or (time.process_time() < end and len(times) < 31):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 2]


def forms(net, example):
    traced = torch.jit.trace(net, example)
    return [net, traced, torch.jit.freeze(traced.eval())]


def mlp(activation, dtype):
    layer = []
    for a, b in ((10, 64), (64, 64), (64, 3)):
        layer += [torch.nn.Linear(a, b), activation()]
    net = torch.nn.Sequential(*layer[:-1]).to(dtype).eval()
    x = torch.randn(256 * 256, 10, dtype=dtype)
    best = float("inf")
    for tile in (1024, 4096, 16384, len(x)):
        parts = x.split(tile)
        for f in forms(net, parts[0]):
            best = min(best, median(lambda: [f(p) for p in parts]))
    return best


def cnn(k, dtype):
    layer = []
    for a, b in ((2, 32), (32, 32), (32, 32), (32, 2)):
        layer += [torch.nn.Conv2d(a, b, k, padding=k // 2, padding_mode="circular"), torch.nn.ReLU()]
    net = torch.nn.Sequential(*layer[:-1]).to(dtype).eval()
    x = torch.randn(1, 2, 128, 128, dtype=dtype)
    return min(median(lambda: f(x)) for f in forms(net, x))


for precision, dtype in (("f64", torch.float64), ("f32", torch.float32)):
    for name, run in (("mlp_tanh", lambda: mlp(torch.nn.Tanh, dtype)), ("mlp_relu", lambda: mlp(torch.nn.ReLU, dtype)), ("cnn3", lambda: cnn(3, dtype)), ("cnn5", lambda: cnn(5, dtype))):
        print(f"{name}.{precision}.ms {run() * 1e3:.4f}")
        sys.stdout.flush()
print(f"version {torch.__version__}")
