# Writes a torch network as an ONNX file that eddyline runs: explicit periodic padding, all scales inside the graph, and metadata
# for the checks (docs/closures.md). Any network of yours: export.write("net.onnx", net, features, target, set, sample).
# Why `wrap` and not padding_mode="circular": torch before 2.0 exports that one wrongly, in silence.
import base64
import os
import re

import numpy as np
import onnx
import torch

import dataset


def wrap(x, r):
    """Periodic padding by r cells along both axes of [batch, channel, x, y]."""
    if r == 0:
        return x
    x = torch.cat([x[:, :, -r:], x, x[:, :, :r]], 2)
    return torch.cat([x[:, :, :, -r:], x, x[:, :, :, :r]], 3)


def text(a):
    """Shape and little-endian doubles in base64: one entry of eddyline.golden."""
    return ",".join(map(str, a.shape)) + " " + base64.b64encode(a.detach().numpy().astype("<f8").tobytes()).decode()


def filter_of(path):
    """Kind, grid and width of the filter a set was stored through, from the card that lies in it."""
    name = os.path.basename(os.path.normpath(path)).split("_")[-1]
    card = "".join(open(os.path.join(path, f)).read() for f in sorted(os.listdir(path)) if f.endswith(".yaml"))
    keys = ((key, re.search(rf"^ *filters_{name}_{key}: (.*)", card, re.M)) for key in ("type", "n", "width"))
    return ", ".join(f"{key}: {found.group(1)}" for key, found in keys if found) or name


def write(path, net, features, target, path_of_set, sample, pointwise=False, opset=13, dealias="two_thirds"):
    """net       channels of `features` in -> components of `target` out, [batch, channel, x, y], or pointwise [cells, channel]
    sample    inputs as in training, [frame, channel, x, y]: their range is what guards compare with, a corner is the golden sample"""
    net = net.float().eval()
    corner = sample[:1, :, :12, :10].contiguous()  # not square: x and y cannot be mixed up unseen
    axes = {0: "batch", 2: "x", 3: "y"}
    if pointwise:
        corner, axes = corner.permute(0, 2, 3, 1).reshape(-1, corner.shape[1])[:64].contiguous(), {0: "cells"}
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    torch.onnx.export(net, corner, path, opset_version=opset, input_names=["features"], output_names=[target], dynamic_axes={"features": axes, target: axes})

    model = onnx.load(path)
    low, high = sample.amin((0, 2, 3)).tolist(), sample.amax((0, 2, 3)).tolist()
    with torch.no_grad():
        golden = text(corner) + " " + text(net.double()(corner.double()))
    props = {
        "eddyline.features": ",".join(features),
        "eddyline.target": target,
        "eddyline.filter": filter_of(path_of_set),
        **({"eddyline.dealias": dealias} if dealias else {}),
        "eddyline.ranges": ",".join(f"{a:.6g}:{b:.6g}" for a, b in zip(low, high)),
        "eddyline.golden": golden,
        "eddyline.train_sha256": dataset.sha256(path_of_set),
    }
    onnx.helper.set_model_props(model, props)
    model.producer_name, model.doc_string = "eddyline examples/train", ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return model
