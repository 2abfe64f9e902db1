# Reads a set made by `eddyline generate` (The Well's layout).   apt install python3-h5py python3-torch python3-onnx
import glob
import hashlib

import h5py
import numpy as np
import torch


def files(path, split):
    found = sorted(glob.glob(f"{path}/data/{split}/*.hdf5"))
    if not found:
        raise SystemExit(f"{path}: no files in data/{split}; is this the directory of one filter, as kolmogorov/set_gauss?")
    return found


def read(path, split, field, step=1):
    """All snapshots of one field, one tensor a row: [frame, channel, x, y], every `step`-th frame.
    Channels are components in axis order; those of a tensor are row by row (xx, xy, yx, yy)."""
    rows = []
    for name in files(path, split):
        with h5py.File(name) as f:
            group = next(g for g in ("t0_fields", "t1_fields", "t2_fields") if field in f[g])
            a = f[group][field][:, ::step]  # [row, frame, x, y, components...]
        a = a.reshape(a.shape[:4] + (-1,))
        rows += [torch.from_numpy(np.ascontiguousarray(np.moveaxis(r, -1, 1))) for r in a]
    return rows


def sha256(path, split="train"):
    """Of the checksums of the files of a split: names the data a network was trained on."""
    h = hashlib.sha256()
    for name in files(path, split):
        with open(name, "rb") as f:
            h.update(hashlib.sha256(f.read()).hexdigest().encode() + b"\n")
    return h.hexdigest()


def correlation(a, b):
    a, b = a.double().flatten(), b.double().flatten()
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (a.norm() * b.norm()))


def error(a, b):
    """|a - b| / |b|: 1 is what predicting nothing gives."""
    return float((a.double() - b.double()).norm() / b.double().norm())
