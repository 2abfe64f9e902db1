# Run-up around the conical island beside the laboratory: python3 island_runup.py LABORATORY.csv RUN/h.hdf5     (apt install python3-h5py)
# The level of the water in the last cell that was ever wetter than 1 mm on the way to the top, mean of rays within 2 degrees of a direction; the laboratory is the mean
# of both sides. The columns of the laboratory: rad, deg (90 in the lee), cm.
import math, sys
import h5py

STILL, X, Y, FOOT, CREST = 0.32, 12.96, 13.8, 3.6, 1.1  # m: level, centre, radii

lab = {}
for line in open(sys.argv[1]):
    if line[0].isdigit():
        word = line.split(",")
        lab.setdefault(abs(math.remainder(float(word[1]) - 90, 360)), []).append(float(word[2]) / 100)

with h5py.File(sys.argv[2]) as f:
    deepest, bed = (f["t0_fields"][name][0, -1] for name in ("max_depth", "bathymetry"))
    x, y = f["dimensions/x"][:], f["dimensions/y"][:]
dx = float(x[1] - x[0])


def runup(degrees):
    total = 0
    for k in range(-4, 5):
        a, last, r = math.radians(degrees + k / 2), 0, FOOT - 0.2
        while r > CREST:
            i = round((X + r * math.cos(a) - x[0]) / dx)
            j = round((Y + abs(r * math.sin(a)) - y[0]) / dx)
            if deepest[i, j] < 1e-3:
                break
            last, r = deepest[i, j] + bed[i, j] - STILL, r - dx / 10
        total += last / 9
    return total


print("degrees from the lee   run-up [cm]   measured   difference [%]")
both = [(runup(d), sum(v) / len(v), d) for d, v in sorted(lab.items())]
for here, there, d in both:
    print(f"{d:20.1f} {100 * here:13.2f} {100 * there:10.2f} {100 * (here / there - 1):+16.0f}")
off = [abs(here / there - 1) for here, there, _ in both]
low, high = min(b for _, b, _ in both), max(b for _, b, _ in both)
rms = math.sqrt(sum((a - b) ** 2 for a, b, _ in both) / len(both))
print(f"mean difference {100 * sum(off) / len(off):.0f} %, largest {100 * max(off):.0f} %, rms over the range of the laboratory {100 * rms / (high - low):.0f} %, "
      f"highest {100 * (max(a for a, _, _ in both) / high - 1):+.0f} %")
