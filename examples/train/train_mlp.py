# A pointwise MLP: invariants of the velocity gradient -> subgrid_stress, by a tensor basis.
#   python3 train_mlp.py kolmogorov/set_gauss --seed 0 --out ../models/mlp_gauss_s0.onnx
# In two dimensions a symmetric, trace-free stress made of the velocity gradient A = S + W alone is
#     tau = D^2 (-2 g1 |S| S + g2 (W S - S W)),     g1, g2 functions of S:S and W:W,
# so the network gives two numbers a point and the result turns with the flow, whatever the weights. g1 is a Smagorinsky
# coefficient (squared); g2 = 1/12 with g1 = 0 is Clark's model for a Gaussian filter. The loss is on what the solver feels: the
# curl of the divergence of tau, against the exact subgrid_forcing.
import argparse
import math
import time

import torch
from torch import nn

import dataset
import export


class Mlp(nn.Module):
    """[cells, 4] (xx, xy, yx, yy) -> [cells, 4]"""

    def __init__(self, width, depth, scale, delta):
        super().__init__()
        sizes = [2] + [width] * depth + [2]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.Tanh()]
        self.net = nn.Sequential(*layers[:-1])
        with torch.no_grad():
            self.net[-1].weight *= 0.1  # starts near g = 0
        self.inverse, self.delta2 = 1 / float(scale) ** 2, float(delta) ** 2

    def forward(self, gradient):
        a, s, r = gradient[:, 0:1], 0.5 * (gradient[:, 1:2] + gradient[:, 2:3]), 0.5 * (gradient[:, 1:2] - gradient[:, 2:3])
        p, q = a * a + s * s, r * r
        g = self.net(torch.log(torch.cat([p, q], 1) * self.inverse + 1))
        viscous = -4 * self.delta2 * g[:, 0:1] * torch.sqrt(p + 1e-12)  # |S| = 2 sqrt(p)
        turning = 2 * self.delta2 * g[:, 1:2] * r
        xx, xy = viscous * a + turning * s, viscous * s - turning * a
        return torch.cat([xx, xy, xy, -xx], 1)


def on_grid(net, gradient):
    """[batch, 4, x, y] -> the same shape."""
    b, c, nx, ny = gradient.shape
    return net(gradient.permute(0, 2, 3, 1).reshape(-1, c)).reshape(b, nx, ny, c).permute(0, 3, 1, 2)


class Curl:
    """-curl div of a stress on a box of side 2 pi, on the waves an LES with the 2/3 rule keeps."""

    def __init__(self, n):
        k = torch.fft.fftfreq(n, 1 / n)
        self.kx, self.ky = k[:, None], torch.arange(n // 2 + 1.0)[None, :]
        keep = (n - 1) // 3
        self.mask = (self.kx.abs() <= keep) & (self.ky <= keep)

    def __call__(self, tau):
        t = torch.fft.rfft2(tau)
        fx, fy = self.kx * t[:, 0] + self.ky * t[:, 1], self.kx * t[:, 2] + self.ky * t[:, 3]
        return torch.fft.irfft2(self.mask * (self.kx * fy - self.ky * fx), s=tau.shape[2:])[:, None]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("set", help="directory of one filter")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--width", type=int, default=16)
    p.add_argument("--depth", type=int, default=2)
    p.add_argument("--epochs", type=int, default=20)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--rate", type=float, default=5e-3)
    p.add_argument("--step", type=int, default=2, help="take every so many frames")
    p.add_argument("--cells", type=float, default=2, help="filter width in cells")
    p.add_argument("--out")
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)

    x, y = (torch.cat(dataset.read(a.set, "train", f, a.step)) for f in ("velocity_gradient", "subgrid_forcing"))
    curl, scale = Curl(x.shape[2]), y.std()
    net = Mlp(a.width, a.depth, x.std(), a.cells * 2 * math.pi / x.shape[2])
    opt = torch.optim.Adam(net.parameters(), lr=a.rate)
    plan = torch.optim.lr_scheduler.OneCycleLR(opt, a.rate, total_steps=a.epochs * (len(x) // a.batch))
    start = time.process_time()
    for epoch in range(a.epochs):
        total = 0
        for i in torch.randperm(len(x)).split(a.batch)[: len(x) // a.batch]:
            loss = ((curl(on_grid(net, x[i])) - y[i]) ** 2).mean() / scale**2
            opt.zero_grad()
            loss.backward()
            opt.step()
            plan.step()
            total += float(loss.detach()) * len(i) / len(x)
        print(f"epoch {epoch + 1:3d}  loss {total:.5f}  {time.process_time() - start:.0f} s", flush=True)

    for split in ("valid", "test"):
        c, e, t = [], [], []
        for g, f, s in zip(*(dataset.read(a.set, split, name, 5) for name in ("velocity_gradient", "subgrid_forcing", "subgrid_stress"))):
            with torch.no_grad():
                tau = on_grid(net, g)
            c.append(dataset.correlation(curl(tau), f))
            e.append(dataset.error(curl(tau), f))
            s[:, [0, 3]] -= 0.5 * (s[:, 0] + s[:, 3])[:, None]
            t.append(dataset.correlation(tau, s))
        print(f"{split}: forcing, correlation by row", *(f"{v:.4f}" for v in c), " relative error", *(f"{v:.4f}" for v in e))
        print(f"{split}: trace-free stress, correlation by row", *(f"{v:.4f}" for v in t))
    print("g1, g2 where strain or rotation is 0.1, 1, 4 rms:", [[round(v, 4) for v in net.net(torch.log(torch.tensor([[m, n]]) + 1))[0].tolist()] for m in (0.01, 1, 16) for n in (0.01, 1, 16)])
    if a.out:
        export.write(a.out, net.double(), ["velocity_gradient"], "subgrid_stress", a.set, x, pointwise=True)
        print("written", a.out, f"{sum(p.numel() for p in net.parameters())} parameters, {time.process_time() - start:.0f} s of one core")


if __name__ == "__main__":
    main()
