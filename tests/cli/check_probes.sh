#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# Probes and running maxima: values against the formula of the start, the same bytes on any number of ranks and after restarts, in both engines, wrong settings.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "FAILED: $*"; exit 1; }
expect() { # code, text, command ...
  local want=$1 text=$2 code=0
  shift 2
  "$@" > log 2> err || code=$?
  [ $code = "$want" ] || fail "exit code $code instead of $want: $* $(cat err)"
  grep -q -- "$text" err || fail "no '$text' in: $(cat err)"
}
cat > w.yaml <<'END'
mesh:       {n: [40, 30], upper: [4, 3]}
physics:    {type: shallow_water, manning: 0.02, coriolis: 0.1, bathymetry: {type: slope, gradient: [0.25, 0], centre: [3, 0]}}
boundary:   {xmin: {type: reflecting}, xmax: {type: reflecting}, ymin: {type: reflecting}, ymax: {type: reflecting}}
initial:    {type: lake, surface: 0, bell: 0.05, width: 0.2}
disc:       {type: fv}
statistics: {maximum: [depth, surface]}
time:       {type: ssprk2, cfl: 0.4, end: 1}
output:
  list: [h, g]
  h: {type: h5, every: 0.5, fields: [depth, max_depth, max_surface, bathymetry], precision: float64}
  g: {type: probes, every: 0.05, x: [1.037, 2, 0], y: [1.5, 0.033, 3], names: [a, b, corner], fields: [bathymetry, velocity, surface], precision: float64}
END
"$EDDYLINE" run w.yaml > log
[ "$(grep -vc '^#' w/g.csv)" = 22 ] || fail "lines of the probes"
grep -q '^t,a_bathymetry,a_velocity_x,a_velocity_y,a_surface,b_bathymetry' w/g.csv || fail "names: $(grep '^t' w/g.csv)"
# the bed is linear, so between centres it comes out exactly; beyond the outermost centre it is constant
awk -F, '/^[0-9]/ { if (($2 - .25 * (1.037 - 3))^2 > 1e-30 || ($6 + .25)^2 > 1e-30 || ($10 - .25 * (.05 - 3))^2 > 1e-30) exit 1 }' w/g.csv || fail "bed at the probes"
awk -F, '/^[0-9]/ { if ($9 != 0) n++; if ($5 < lo) lo = $5; if ($5 > hi) hi = $5 } END { exit !(n > 10 && lo < -1e-4 && hi > 1e-4) }' w/g.csv || fail "no waves at the probes"
for ranks in 2 3 4; do
  mpirun -n $ranks "$EDDYLINE" run w.yaml -output_dir ranks > log
  for f in g.csv h.hdf5 diagnostics.csv; do cmp w/$f ranks/$f || fail "$f differs on $ranks ranks"; done
  rm -r ranks
done
for level in v2 v3 v4; do # friction and rotation have the same bits on all levels this processor has
  "$EDDYLINE" run w.yaml -output_dir "simd$level" -simd $level > log 2> err || { grep -q "$level" err && continue; fail "$(cat err)"; }
  cmp <(grep -v '^#' w/g.csv) <(grep -v '^#' "simd$level/g.csv") || fail "probes differ with -simd $level"
done
expect 5 "restart auto" mpirun -n 2 "$EDDYLINE" run w.yaml -output_dir part -time_max_steps 17
expect 5 "restart auto" "$EDDYLINE" run w.yaml -output_dir part -restart auto -time_max_steps 13
mpirun -n 3 "$EDDYLINE" run w.yaml -output_dir part -restart auto > log
for f in g.csv h.hdf5 diagnostics.csv; do cmp w/$f part/$f || fail "$f differs after two restarts"; done
# the largest depth is that of some step: not below the stored ones, above them somewhere
"$EDDYLINE" run w.yaml -output_dir c -output_h_type csv > log
awk -F, '/^[0-9]/ { if ($6 < $5) bad++; if ($2 > .4 && $6 > $5 + 1e-3) more++; if ($7 < $6 + $8 - 1e-12) low++ } END { exit !(NR > 1000 && !bad && !low && more > 50) }' c/h.csv || fail "running maxima"

# spectral: values at points of the grid, and periodic around it
cat > b.yaml <<'END'
mesh:    {n: [32], upper: [1]}
physics: {type: burgers, nu: 0.01}
initial: {type: sine}
time:    {type: etdrk4, dt: 0.01, end: 0.02}
output:  {list: [c, g], c: {type: csv, every: 0.01}, g: {type: probes, every: 0.01, x: [0.25, 0.984375], names: [q, r]}}
END
"$EDDYLINE" run b.yaml > log
at() { awk -F, -v t="$1" -v x="$2" '/^[0-9]/ && $2 == t && $3 == x { print $4 }' b/c.csv; }
for t in 0 0.01 0.02; do
  line=$(grep "^$t," b/g.csv)
  [ "$(echo "$line" | cut -d, -f2)" = "$(at "$t" 0.25)" ] || fail "spectral probe at t = $t: $line"
  awk -v a="$(at "$t" 0.96875)" -v b="$(at "$t" 0)" -v c="$(echo "$line" | cut -d, -f3)" 'BEGIN { exit !(((a + b) / 2 - c)^2 < 1e-16) }' || fail "periodic probe: $line"
done

k=0
expect 2 "3 values, but 2 for x" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -output_g_x 1,2
expect 2 "outside of the box" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -output_g_x 1,2,5
expect 2 "2 names for 3 points" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -output_g_names a,b
expect 2 "statistics_maximum" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -statistics_maximum depth
expect 2 "velocity has 2 components" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -statistics_maximum velocity
echo "x,y,z" > bed.csv
expect 2 "bed.csv: no points" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -physics_bathymetry_type file -physics_bathymetry_file bed.csv
printf '0,0,1\n1,0,2\n0,1,3\n1,1,x\n' > bed.csv
expect 2 "bed.csv:4" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -physics_bathymetry_type file -physics_bathymetry_file bed.csv
printf '0,0,1\n1,0,2\n0,1,3\n1,1,3\n' > bed.csv
expect 2 "the mesh reaches from 0 to 4" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -physics_bathymetry_type file -physics_bathymetry_file bed.csv
cp bed.csv b.h5
expect 2 "cannot be read as HDF5" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -physics_bathymetry_type file -physics_bathymetry_file b.h5
printf 'ncols 1e300\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n3 4\n' > bed.asc
expect 2 "must come first" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -physics_bathymetry_type file -physics_bathymetry_file bed.asc
printf 'ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n3\n' > bed.asc
expect 2 "no value in row 2, column 2" "$EDDYLINE" run w.yaml -output_dir "no$((k += 1))" -physics_bathymetry_type file -physics_bathymetry_file bed.asc
