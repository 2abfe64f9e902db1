#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The main job in small: a training set, a resolution ladder against its finest run, pictures; under five minutes on two cores.
#     ./ci/demo.sh [folder, default ./demo]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
OUT=${1:-$ROOT/demo}
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
RANKS=$(($(nproc --all) < 2 ? 1 : 2))
EDDYLINE=$ROOT/build/release/eddyline
BEGIN=$SECONDS

"$ROOT/ci/setup.sh"
say "build"
build release

# Nothing of the user's own is removed: only the folders that this script makes.
rm -rf "$OUT/set" "$OUT/ladder" "$OUT/pictures" "$OUT/closures" "$OUT/riemann2d" "$OUT/monai"
mkdir -p "$OUT/ladder" "$OUT/pictures" "$OUT/closures"

say "training set: Kolmogorov flow, 16 rows of 256^2, stored through two filters of 64^2 with the exact subgrid forcing"
mpirun -n "$RANKS" "$EDDYLINE" generate "$ROOT/examples/10_training_set.yaml" -mesh_n 256,256 -time_dt 3.5e-3 \
  -filters_sharp_n 64,64 -filters_gauss_n 64,64 -ensemble_rows 16 -output_dir "$OUT/set"

say "resolution ladder: the same four flows on 64, 96, 128, 192 and, for reference, 384 points"
cd "$OUT/ladder"
for n in 384 192 128 96 64; do
  mpirun -n "$RANKS" "$EDDYLINE" generate "$ROOT/examples/12_resolution_ladder.yaml" -mesh_n "$n,$n" -output_dir "n$n"
done

say "compare: how long does each follow the finest?"
"$EDDYLINE" compare n384/h n192/h n128/h n96/h n64/h -output "$OUT/pictures"

say "closures: two flows no network has seen, filtered to 64 points, then simulated on 64 points with each closure inside the solver"
mpirun -n "$RANKS" "$EDDYLINE" generate "$ROOT/examples/train/make_data.yaml" -ensemble_rows 2 -ensemble_seed 77 -ensemble_split 0,0,1 -time_end 12 \
  -output_dir "$OUT/closures/dns"
cd "$ROOT" # the cases name their networks from here
for c in none smagorinsky dynamic_smagorinsky gradient mlp cnn; do
  say "LES with $c"
  mpirun -n "$RANKS" "$EDDYLINE" generate "examples/13_les_$c.yaml" -ensemble_from "$OUT/closures/dns/set_gauss" -time_end 6 -ensemble_shard 1 -output_dir "$OUT/closures/$c" |
    grep -E "set  |shards|failed"
done
cd "$OUT/closures"
"$EDDYLINE" compare dns/set_gauss none/h smagorinsky/h dynamic_smagorinsky/h gradient/h mlp/h cnn/h -split test -output "$OUT/pictures/closures"
cd "$OUT/ladder"

say "gas dynamics: a two-dimensional Riemann problem on $RANKS ranks"
mpirun -n "$RANKS" "$EDDYLINE" run "$ROOT/examples/15_riemann2d.yaml" -output_dir "$OUT/riemann2d" | tail -n 8

say "water: the tsunami of Monai, 1:400, beside the gauges of the wave tank"
cd "$ROOT" # the case names its bed and its wave from here
mpirun -n "$RANKS" "$EDDYLINE" run examples/18_monai.yaml -output_dir "$OUT/monai" | tail -n 8
"$EDDYLINE" compare examples/data/monai_gauges.csv "$OUT/monai/gauges.csv" -output "$OUT/pictures/monai"
cd "$OUT/ladder"

say "pictures"
"$EDDYLINE" plot n384/h/data/test/shard_00000.hdf5 -output "$OUT/pictures/vorticity.png"
"$EDDYLINE" plot "$OUT/set/set_gauss/data/train/shard_00000.hdf5" -field subgrid_forcing -output "$OUT/pictures/subgrid_forcing.png"
ls "$OUT/pictures"

cat <<TEXT

Made in $((SECONDS - BEGIN)) seconds:
$OUT/set holds a training set of sixteen Kolmogorov flows with different viscosities, filtered to the space of a 64 x 64 simulation
by a sharp kernel (set_sharp) and a Gaussian one (set_gauss), with the exact term such a simulation lacks, in the layout of The
Well: train, valid, test, stats.yaml, manifest.jsonl, SHA256SUMS. $OUT/ladder holds four flows at five resolutions, each a set too.
$OUT/pictures holds the pictures and compare.json, the table above. $OUT/closures holds two filtered flows and large-eddy
simulations of them with six closures, two of them networks trained in examples/train; their score is in pictures/closures.
$OUT/riemann2d is gas dynamics by finite volumes; $OUT/monai a tsunami, its gauges beside the measured ones in pictures/monai.
Next: look into the set with python3 examples/read_set.py $OUT/set/set_sharp, make your own, larger or stormier, with
    build/release/eddyline generate examples/10_training_set.yaml -ensemble_rows 100 -physics_drag 0.05 -output_dir mine
see every setting with build/release/eddyline check examples/10_training_set.yaml, and read docs/cases.md.
TEXT
