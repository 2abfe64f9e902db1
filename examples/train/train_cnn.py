# A circular CNN: the gradient of the filtered velocity -> subgrid_forcing of the vorticity equation.
#   python3 train_cnn.py kolmogorov/set_gauss --seed 0 --out ../models/cnn_gauss_s0.onnx
# Galilean invariant (it sees gradients alone). The last convolution has kernels whose entries sum to zero and no bias, so on a
# periodic grid the mean of the output is zero by construction: a subgrid term makes no vorticity.
import argparse
import time

import torch
from torch import nn

import dataset
import export


class Cnn(nn.Module):
    def __init__(self, channels, width, kernels, scale_in, scale_out):
        super().__init__()
        sizes = [channels] + [width] * (len(kernels) - 1) + [1]
        self.conv = nn.ModuleList(nn.Conv2d(a, b, k, bias=i < len(kernels) - 1) for i, (a, b, k) in enumerate(zip(sizes, sizes[1:], kernels)))
        self.register_buffer("scale_in", torch.tensor(float(scale_in)))
        self.register_buffer("scale_out", torch.tensor(float(scale_out)))

    def forward(self, x):
        x = x / self.scale_in
        for conv in self.conv[:-1]:
            x = torch.tanh(conv(export.wrap(x, conv.kernel_size[0] // 2)))
        last = self.conv[-1]
        w = last.weight - last.weight.mean((2, 3), keepdim=True)
        return self.scale_out * nn.functional.conv2d(export.wrap(x, last.kernel_size[0] // 2), w)


def finish(net):
    """The network to store: scales and the zero sum folded into the weights, so that only Conv and Tanh are left."""
    out = Cnn(net.conv[0].in_channels, net.conv[0].out_channels, [c.kernel_size[0] for c in net.conv], 1, 1).double()
    with torch.no_grad():
        for a, b in zip(net.double().conv, out.conv):
            b.weight.copy_(a.weight)
            if a.bias is not None:
                b.bias.copy_(a.bias)
        out.conv[0].weight /= net.scale_in
        w = out.conv[-1].weight
        w.copy_((w - w.mean((2, 3), keepdim=True)) * net.scale_out)
    return Folded(out.conv)


class Folded(nn.Module):
    def __init__(self, conv):
        super().__init__()
        self.conv = conv

    def forward(self, x):
        for conv in self.conv[:-1]:
            x = torch.tanh(conv(export.wrap(x, conv.kernel_size[0] // 2)))
        return self.conv[-1](export.wrap(x, self.conv[-1].kernel_size[0] // 2))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("set", help="directory of one filter")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--width", type=int, default=16)
    p.add_argument("--kernels", type=int, nargs="+", default=[5, 3, 3, 3])
    p.add_argument("--epochs", type=int, default=40)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--rate", type=float, default=4e-3)
    p.add_argument("--step", type=int, default=2, help="take every so many frames")
    p.add_argument("--out")
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)

    x, y = (torch.cat(dataset.read(a.set, "train", f, a.step)) for f in ("velocity_gradient", "subgrid_forcing"))
    net = Cnn(x.shape[1], a.width, a.kernels, x.std(), y.std())
    opt = torch.optim.Adam(net.parameters(), lr=a.rate)
    steps = a.epochs * (len(x) // a.batch)
    plan = torch.optim.lr_scheduler.OneCycleLR(opt, a.rate, total_steps=steps)
    start = time.process_time()
    for epoch in range(a.epochs):
        total = 0
        for i in torch.randperm(len(x)).split(a.batch)[: len(x) // a.batch]:
            loss = ((net(x[i]) - y[i]) ** 2).mean() / net.scale_out**2
            opt.zero_grad()
            loss.backward()
            opt.step()
            plan.step()
            total += float(loss.detach()) * len(i) / len(x)
        print(f"epoch {epoch + 1:3d}  loss {total:.5f}  {time.process_time() - start:.0f} s", flush=True)

    final = finish(net)
    for split in ("valid", "test"):
        c, e = [], []
        for gradient, forcing in zip(dataset.read(a.set, split, "velocity_gradient", 5), dataset.read(a.set, split, "subgrid_forcing", 5)):
            with torch.no_grad():
                out = final(gradient.double())
            c.append(dataset.correlation(out, forcing))
            e.append(dataset.error(out, forcing))
        print(f"{split}: correlation by row", *(f"{v:.4f}" for v in c), " relative error", *(f"{v:.4f}" for v in e))
    if a.out:
        export.write(a.out, final, ["velocity_gradient"], "subgrid_forcing", a.set, x)
        print("written", a.out, f"{sum(p.numel() for p in final.parameters())} parameters, {time.process_time() - start:.0f} s of one core")


if __name__ == "__main__":
    main()
