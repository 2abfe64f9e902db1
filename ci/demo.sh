#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The main job in small: a training set, a resolution ladder against its finest run, pictures; under five minutes on two cores.
#     ./ci/demo.sh [folder, default ./demo]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
OUT=${1:-$ROOT/demo}
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
RANKS=$(($(nproc) < 2 ? 1 : 2))
EDDYLINE=$ROOT/build/release/eddyline
BEGIN=$SECONDS

"$ROOT/ci/setup.sh"
say "build"
build release

# Nothing of the user's own is removed: only the folders that this script makes.
rm -rf "$OUT/set" "$OUT/ladder" "$OUT/pictures"
mkdir -p "$OUT/ladder" "$OUT/pictures"

say "training set: Kolmogorov flow, 8 rows of 192^2, stored through two filters with the exact subgrid forcing"
mpirun -n "$RANKS" "$EDDYLINE" generate "$ROOT/examples/10_training_set.yaml" -mesh_n 192,192 -time_dt 4.5e-3 \
  -output_dir "$OUT/set"

say "resolution ladder: the same flow on 64, 96, 128 and, for reference, 256 points"
cd "$OUT/ladder"
for n in 256 128 96 64; do
  mpirun -n "$RANKS" "$EDDYLINE" run "$ROOT/examples/06_kolmogorov.yaml" -mesh_n "$n,$n" \
    -time_dt "$(awk "BEGIN { print 0.9 / $n }")" -time_end 12 -output_list h -output_h_every 0.1 -output_dir "n$n"
done

say "compare: how long does each follow the finest?"
"$EDDYLINE" compare n256 n128 n96 n64 -plot "$OUT/pictures" -json "$OUT/ladder/compare.json"

say "pictures"
"$EDDYLINE" plot n256/h.hdf5 -output "$OUT/pictures/vorticity.png"
"$EDDYLINE" plot "$(find "$OUT/set/sharp32" -name '*.hdf5' | sort | head -n 1)" -field subgrid_forcing -output "$OUT/pictures/subgrid_forcing.png"
ls "$OUT/pictures"

cat <<TEXT

Made in $((SECONDS - BEGIN)) seconds:
$OUT/set holds a training set of eight Kolmogorov flows with different viscosities, filtered to the space of a 32 x 32 simulation
by a sharp and by a Gaussian kernel, with the exact term such a simulation lacks, in the layout of The Well (train, valid, test,
stats.yaml, SHA256SUMS); python3 examples/read_set.py $OUT/set/sharp32 lists it.
$OUT/ladder holds one flow at four resolutions and compare.json, the table above.
$OUT/pictures holds the pictures.
Next: change a number on the command line, for example
    build/release/eddyline generate examples/10_training_set.yaml -ensemble_rows 20 -physics_drag 0.05 -output_dir mine
see every setting with build/release/eddyline check examples/10_training_set.yaml, and read docs/cases.md.
TEXT
