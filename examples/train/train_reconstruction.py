# A learned reconstruction for a scalar law in 1-D: cell averages -> weights of six cells on both sides of each face, added to MUSCL. [BarSinai2019, Zhuang2021]
#   eddyline generate reconstruction_burgers.yaml -output_dir burgers
#   python3 train_reconstruction.py burgers/set_coarse --law burgers --seed 0 --out ../models/reconstruction_burgers_s0.onnx
# Trained through the scheme: `--unroll` steps of SSPRK3 with the network at each stage, as the solver takes them, against the averages of a run on 8 times finer cells.
# What the solver does to the weights (projection, bound mp) is done here too.
#   --target flux: one value per face instead, added to the flux of MUSCL and evaluated once per step (closure: {mode: add, every: step} in the solver)
import argparse
import time

import numpy as np
import torch
from torch import nn

import dataset
import export

S = 6


def wrap(x, r):
    """Periodic padding along x of [batch, channel, x, y]."""
    return torch.cat([x[:, :, -r:], x, x[:, :, :r]], 2) if r else x


class Net(nn.Module):
    def __init__(self, width, kernels, scale, out):
        super().__init__()
        sizes = [1] + [width] * (len(kernels) - 1) + [out]
        self.conv = nn.ModuleList(nn.Conv2d(a, b, (k, 1)) for a, b, k in zip(sizes, sizes[1:], kernels))
        self.scale = scale
        with torch.no_grad():  # starts as the scheme it is added to
            self.conv[-1].weight *= 1e-2
            self.conv[-1].bias *= 0

    def forward(self, x):
        x = x if self.scale == 1 else x / self.scale
        for conv in self.conv[:-1]:
            x = torch.relu(conv(wrap(x, conv.kernel_size[0] // 2)))
        return self.conv[-1](wrap(x, self.conv[-1].kernel_size[0] // 2))

    def fold(self):
        """The network to store: Conv and Relu alone."""
        with torch.no_grad():
            self.conv[0].weight /= self.scale
        self.scale = 1.0
        return self


def shift(u, k):
    return torch.roll(u, -k, -1)


def minmod4(a, b, c, d):
    lo, hi = torch.minimum(torch.minimum(a, b), torch.minimum(c, d)), torch.maximum(torch.maximum(a, b), torch.maximum(c, d))
    return lo.clamp(min=0) + hi.clamp(max=0)


def monotone(a, b, c, p, q, v):
    """Bound mp of the value between c and p of a b c | p q."""
    dm, d0, dp = a - 2 * b + c, b - 2 * c + p, c - 2 * p + q
    mp, mm = minmod4(4 * d0 - dp, 4 * dp - d0, d0, dp), minmod4(4 * d0 - dm, 4 * dm - d0, d0, dm)
    upper, middle, large = c + 4 * (c - b), 0.5 * (c + p) - 0.5 * mp, c + 0.5 * (c - b) + 4 / 3 * mm
    low = torch.maximum(torch.minimum(torch.minimum(c, p), middle), torch.minimum(torch.minimum(c, upper), large))
    high = torch.minimum(torch.maximum(torch.maximum(c, p), middle), torch.maximum(torch.maximum(c, upper), large))
    return torch.maximum(low, torch.minimum(high, v))


def hll(law, l, r):
    f = {"advection": lambda u: u, "burgers": lambda u: 0.5 * u * u}[law]
    a, b = (torch.ones_like(l), torch.ones_like(r)) if law == "advection" else (l, r)
    lo, hi = torch.minimum(a, b).clamp(max=0), torch.maximum(a, b).clamp(min=0)
    return (hi * f(l) - lo * f(r) + lo * hi * (r - l)) / (hi - lo + 1e-12)


def scheme(law, dx, u, more):
    """du/dt of averages u [batch, cell] by MUSCL with the slope mc; more: added to the flux through the high faces."""
    a, b = u - shift(u, -1), shift(u, 1) - u
    half = 0.5 * torch.where(a * b > 0, torch.sign(a) * torch.minimum(2 * torch.minimum(a.abs(), b.abs()), 0.5 * (a + b).abs()), torch.zeros_like(u))
    f = hll(law, u + half, shift(u - half, 1)) + more
    return (shift(f, -1) - f) / dx


def tendency(law, net, basis, dx, u):
    """du/dt of averages u [batch, cell] by MUSCL with the slope mc and the weights of the network."""
    a, b = u - shift(u, -1), shift(u, 1) - u
    half = 0.5 * torch.where(a * b > 0, torch.sign(a) * torch.minimum(2 * torch.minimum(a.abs(), b.abs()), 0.5 * (a + b).abs()), torch.zeros_like(u))
    z = net(u[:, None, :, None])[..., 0].reshape(len(u), 2, S, -1)
    z = z - torch.einsum("mk,ml,bslx->bskx", basis, basis, z)
    near = [shift(u, k + 1 - S // 2) for k in range(S)]
    left, right = u + half, shift(u - half, 1)
    left = left + sum(z[:, 0, k] * (near[k] - u) for k in range(S))
    right = right + sum(z[:, 1, k] * (near[k] - shift(u, 1)) for k in range(S))
    left = monotone(near[0], near[1], near[2], near[3], near[4], left)
    right = monotone(near[5], near[4], near[3], near[2], near[1], right)
    f = hll(law, left, right)
    return (shift(f, -1) - f) / dx


def step(f, dt, u):
    a = u + dt * f(u)
    b = 0.75 * u + 0.25 * (a + dt * f(a))
    return u / 3 + 2 / 3 * (b + dt * f(b))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("set", help="directory of one filter")
    p.add_argument("--law", choices=("advection", "burgers"), required=True)
    p.add_argument("--target", choices=("face_interpolation", "flux"), default="face_interpolation")
    p.add_argument("--length", type=float, default=1, help="of the box")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--width", type=int, default=8)
    p.add_argument("--kernels", type=int, nargs="+", default=[5, 3, 1])
    p.add_argument("--order", type=int, default=2, help="closure_NAME_face_order of the runs")
    p.add_argument("--unroll", type=int, default=8)
    p.add_argument("--updates", type=int, default=300)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=1e-2)
    p.add_argument("--dt", type=float, help="between snapshots; default: what the set is made for")
    p.add_argument("--out")
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    dt = a.dt or {"advection": 0.00625, "burgers": 0.003125}[a.law]

    train, valid = (torch.stack(dataset.read(a.set, split, "u"))[:, :, 0].float() for split in ("train", "valid"))
    n, dx = train.shape[-1], a.length / train.shape[-1]
    x = np.vander(np.arange(S) - (S - 1) / 2, a.order, increasing=True)
    basis = torch.from_numpy(np.linalg.qr(x)[0].T.copy()).float()
    flux = a.target == "flux"
    net = Net(a.width, a.kernels, float(train.std()), 1 if flux else 2 * S)

    def run(net, u):
        """The right-hand side in the step that begins at u."""
        if not flux:
            return lambda v: tendency(a.law, net, basis, dx, v)
        held = net(u[:, None, :, None])[:, 0, :, 0]
        return lambda v: scheme(a.law, dx, v, held)

    def error(net, u, k):
        """Mean |u - reference| over k steps from frame 0 of u [row, frame, cell]."""
        total, v = 0, u[:, 0]
        for i in range(k):
            v = step(run(net, v), dt, v)
            total = total + (v - u[:, i + 1]).abs().mean() / k
        return total

    zero = lambda x: torch.zeros(x.shape[0], 1 if flux else 2 * S, x.shape[2], 1, dtype=x.dtype)
    opt = torch.optim.Adam(net.parameters(), lr=a.rate)
    plan = torch.optim.lr_scheduler.OneCycleLR(opt, a.rate, total_steps=a.updates)
    with torch.no_grad():
        base = float(error(zero, valid, 40))
    start, seen = time.process_time(), 0
    for update in range(a.updates):
        row = torch.randint(len(train), (a.batch,))
        first = torch.randint(train.shape[1] - a.unroll, (a.batch,))
        u = train[row[:, None], first[:, None] + torch.arange(a.unroll + 1)]
        loss = error(net, u, a.unroll)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.05)
        opt.step()
        plan.step()
        seen += float(loss.detach())
        if (update + 1) % 100 == 0:
            with torch.no_grad():
                e = float(error(net, valid, 40))
            print(f"update {update + 1:4d}  loss {seen / 100:.3e}  40 steps of the validation rows {e:.3e}, MUSCL {base:.3e}  {time.process_time() - start:.0f} s", flush=True)
            seen = 0
    if a.out:
        final = net.fold()
        sample = train.reshape(-1, 1, n, 1)
        export.write(a.out, final, ["u"], a.target, a.set, sample, dealias=None)
        print("written", a.out, f"{sum(q.numel() for q in final.parameters())} parameters, {time.process_time() - start:.0f} s of one core")


if __name__ == "__main__":
    main()
