# Reads a set made by `eddyline generate`: python3 read_set.py DIR/set_sharp     (apt install python3-h5py)
import glob, sys
import h5py

for path in sorted(glob.glob(sys.argv[1] + "/data/*/*.hdf5")):
    with h5py.File(path) as f:
        print(path, dict(f.attrs)["dataset_name"], {k: v[()] for k, v in f["scalars"].items()})
        for group in ("t0_fields", "t1_fields", "t2_fields"):  # scalars, vectors, tensors: [row, frame, x, y, ...]
            for name, field in f[group].items():
                print(f"  {name:20} {field.shape}  rms {(field[:].astype('f8') ** 2).mean() ** 0.5:.4g}")
