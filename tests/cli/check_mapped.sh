#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# Mapped grids through the program: files and pictures, the same bytes on other ranks and after a restart, comparison, vertices from a table, what is refused.
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
cat > r.yaml <<'END'
mesh:     {type: annulus, n: [20, 24], inner: 0.5, outer: [2, 1.5], cluster: 1}
physics:  {type: euler}
boundary: {xmin: {type: reflecting}, xmax: {type: outflow}}
initial:  {type: riemann2d, configuration: 6}
disc:     {type: fv}
time:     {type: ssprk2, cfl: 0.4, end: 0.2}
output:   {list: [h, c, p], h: {type: h5, xdmf: true, every: 0.1, fields: [density, velocity, gradient_magnitude], precision: float64}, c: {type: csv, every: 0.1}, p: {type: png, every: 0.2, field: density}}
END
"$EDDYLINE" run r.yaml > log
grep -q "3 of 3 snapshots" log || fail "summary: $(cat log)"
"$EDDYLINE" run r/case.yaml -output_dir again > log
cmp r/h.hdf5 again/h.hdf5 || fail "the resolved case gave other bytes"
mpirun -n 3 "$EDDYLINE" run r.yaml -output_dir ranks > log
expect 5 "restart auto" mpirun -n 2 "$EDDYLINE" run r.yaml -output_dir part -time_max_steps 11
"$EDDYLINE" run r.yaml -output_dir part -restart auto > log
for run in ranks part; do
  for f in h.hdf5 h.xdmf c.csv diagnostics.csv; do cmp r/$f $run/$f || fail "$f of $run differs"; done
done
# a cell of the csv file stands in its ring
awk -F, '!/^#/ && $1 != "row" { r = ($3 / 2) ^ 2 + ($4 / 1.5) ^ 2; if (r > 1 || $3 ^ 2 + $4 ^ 2 < 0.24) bad = 1; n++ } END { exit bad || n != 3 * 480 }' r/c.csv || fail "places of the cells in c.csv"
# the description for ParaView can be made afterwards too
cp r/h.xdmf before.xdmf
rm r/h.xdmf
"$EDDYLINE" xdmf r/h.hdf5
cmp r/h.xdmf before.xdmf || fail "eddyline xdmf gave another text"
expect 2 "no such file" "$EDDYLINE" xdmf nowhere.hdf5
expect 2 "give files" "$EDDYLINE" xdmf
"$EDDYLINE" plot r/h.hdf5 -field density -output d.png > log
[ -s d.png ] && [ -s r/p/frame_00001.png ] || fail "no pictures"
"$EDDYLINE" info r/h.hdf5 > log
"$EDDYLINE" compare r again -field density > log || fail "compare: $(cat log)"
"$EDDYLINE" run r.yaml -output_dir other -mesh_cluster 0.5 > log
expect 2 "different mapped grids" "$EDDYLINE" compare r other -field density
"$EDDYLINE" run r.yaml -output_dir box -mesh_type box -mesh_lower -2,-1.5 -mesh_upper 2,1.5 -boundary_ymin_type outflow -boundary_ymax_type outflow > log
expect 2 "is on a mapped grid" "$EDDYLINE" compare r box -field density
# a stored snapshot starts a run on the same grid only
"$EDDYLINE" run r.yaml -output_dir state -output_list h -output_h_fields density,momentum_x,momentum_y,energy > log
start="-initial_type file -initial_path state/h.hdf5 -initial_frame 2 -time_start 0.2 -time_end 0.21"
"$EDDYLINE" run r.yaml -output_dir more $start > log
expect 2 "cannot start a run of 40 on a mapped grid" "$EDDYLINE" run r.yaml -output_dir fine -mesh_n 40,48 $start

# vertices from a table: the ring again
awk 'BEGIN { print "# x, y"; for (j = 0; j <= 24; ++j) for (i = 0; i <= 20; ++i) { r = 0.5 + 0.075 * i; t = 6.283185307179586 * j / 24; printf "%.17g, %.17g\n", r * cos(t), r * sin(t) } }' > ring.txt
table="-mesh_type table -mesh_file ring.txt -output_list h"
"$EDDYLINE" run r.yaml -output_dir table $table > log
"$EDDYLINE" run r.yaml -output_dir same -mesh_outer 2 -mesh_cluster 0 -output_list h > log
awk -F, 'NR == FNR { last = $0; next } { here = $0 } END { n = split(last, a, ","); split(here, b, ","); for (k = 1; k <= n; ++k) if ((a[k] - b[k]) ^ 2 > 1e-20) exit 1 }' table/diagnostics.csv same/diagnostics.csv || fail "a table of a ring is not the ring"
mpirun -n 2 "$EDDYLINE" run r.yaml -output_dir table2 $table > log
cmp table/h.hdf5 table2/h.hdf5 || fail "a table on two ranks"
# vertices from an HDF5 file: those of a run give the same run again, bit for bit
h5="-mesh_type table -mesh_file r/h.hdf5 -output_list c"
mpirun -n 2 "$EDDYLINE" run r.yaml -output_dir again5 $h5 > log
for f in c.csv diagnostics.csv; do cmp <(grep -v '^#' r/$f) <(grep -v '^#' again5/$f) || fail "$f with vertices of an HDF5 file differs"; done

run() { "$EDDYLINE" run r.yaml -output_dir refused "$@"; }
expect 2 "/mapped/vertices of r/h.hdf5 is 21 x 25 x 2; mesh_n needs 25 x 21 x 2" run $h5 -mesh_n 24,20
expect 2 "is 21 x 25 x 2; mesh_n needs 25 x 21 x 2" run $h5 -mesh_order zyx
expect 2 "r/h.hdf5 has no dataset /grid" run $h5 -mesh_dataset /grid
expect 2 "has no floating-point numbers in dataset /provenance/frames_done" run $h5 -mesh_dataset /provenance/frames_done
expect 2 "none.h5 cannot be opened" run $h5 -mesh_file none.h5
cp ring.txt ring.h5
expect 2 "ring.h5 is not an HDF5 file" run $h5 -mesh_file ring.h5
expect 2 "mesh_file ring.txt is read as text" run $h5 -mesh_file ring.txt -mesh_dataset /grid
head -n 100 ring.txt > short.txt
expect 2 "short.txt has 99 vertices; mesh_n needs 525" run $table -mesh_file short.txt
sed '7s/.*/1 two/' ring.txt > word.txt
expect 2 "line 7 has something that is not a finite number" run $table -mesh_file word.txt
sed '7s/.*/1 2 3/' ring.txt > three.txt
expect 2 "line 7 has another count of numbers" run $table -mesh_file three.txt
sed '50s/.*/-1 -1/' ring.txt > folded.txt
expect 2 "is folded or turned inside out" run $table -mesh_file folded.txt
expect 2 "none.txt cannot be opened" run $table -mesh_file none.txt
expect 2 "its vertices" run -mesh_type table
sed '2s/.*/0.49 0/' ring.txt > gap.txt
expect 2 "first and last face are not the same shape" run $table -mesh_file gap.txt
expect 2 "did you mean 'annulus'" run -mesh_type anulus
expect 2 "does not enclose mesh_inner" run -mesh_outer 0.4
expect 2 "inner and xmax the outer face" run -boundary_xmin_type periodic -boundary_xmax_type periodic
expect 2 "the annulus is a whole turn" run -boundary_ymin_type outflow -boundary_ymax_type outflow
expect 2 "the annulus is not a whole turn" run -mesh_angle 0,pi
expect 2 "folds the grid in direction x" run -mesh_type wavy -mesh_amplitude 0.2,0.2
expect 2 "an annulus has 2 or 3 directions" run -mesh_n 20 -initial_type riemann1d
expect 2 "slide along themselves" run -boundary_xmin_velocity 1,0
expect 2 "slide along themselves" run -boundary_xmin_spin 1 -boundary_xmin_spin_centre 0.1,0
expect 2 "is for walls" run -boundary_xmax_spin 1
expect 2 "belongs to spin" run -boundary_xmin_spin_centre 0,0
expect 2 "averages over cells are for mesh_type box" run -filters_list a -filters_a_n 10,12
expect 2 "needs equal cells" "$EDDYLINE" run r.yaml -output_dir refused -physics_type ns2d -mesh_type wavy -boundary_xmin_type periodic -boundary_xmax_type periodic -disc_type spectral -initial_type zero -time_type etdrk4
expect 2 "sum of waves" run -physics_type advection -boundary_xmin_type outflow -initial_type grf -output_list h -output_h_fields u
# probes: the same bytes on other ranks; a point in the hole
probes="-output_list g -output_g_type probes -output_g_x 1,-0.7,0 -output_g_y 0,-0.8,1.1 -output_g_every 0.1 -output_g_fields density,velocity"
"$EDDYLINE" run r.yaml -output_dir probe $probes > log
mpirun -n 3 "$EDDYLINE" run r.yaml -output_dir probe3 $probes > log
cmp probe/g.csv probe3/g.csv || fail "probes on three ranks"
awk -F, '!/^#/ && !/^t/ { n++; if (NF != 10) bad = 1 } END { exit bad || n != 3 }' probe/g.csv || fail "probes: $(cat probe/g.csv)"
expect 2 "point p2 (0.1, 0.2, 0) is in no cell of the grid" run $probes -output_g_x 1,0.1,0 -output_g_y 0,0.2,1.1
cat r.yaml - > set.yaml <<'END'
ensemble: {rows: 2, seed: 3, vary: {initial_configuration: list 4 6}}
END
"$EDDYLINE" generate set.yaml -output_dir set -output_list h > log
"$EDDYLINE" plot set/h/data/train/shard_00000.hdf5 -field density -row 1 -output row.png > log || fail "a row of a set: $(ls -R set)"
expect 2 "must be the same for all rows of a set" "$EDDYLINE" generate r.yaml -output_dir set2 -output_list h -ensemble_rows 2 -ensemble_vary_mesh_cluster "uniform 0 1"

# Points and averages over cells of one wave: each engine starts from a file of the other, and compare puts both on the same points (averages are sinc(1/32) sinc(2/24) of the
# wave, a forgotten half cell would be 0.26)
cat > s.yaml <<'END'
mesh: {n: [32, 24]}
physics: {type: advection, velocity: [1, 0.5], exact_k: [1, 2]}
initial: {type: exact}
disc: {type: spectral}
time: {type: etdrk4, dt: 0.005, end: 0.01}
output: {list: [h], h: {type: h5, every: 0.01, fields: [u], precision: float64}}
END
fv="-disc_type fv -time_type ssprk3"
"$EDDYLINE" run s.yaml > log
"$EDDYLINE" run s.yaml -output_dir f $fv > log
"$EDDYLINE" run s.yaml -output_dir fs $fv -initial_type file -initial_path s/h.hdf5 -initial_frame 0 > log
"$EDDYLINE" run s.yaml -output_dir sf -initial_type file -initial_path f/h.hdf5 -initial_frame 0 > log
differ() { # REF RUN BOUND
  "$EDDYLINE" compare $1 $2 -field u > log
  awk -v run=$2 -v bound=$3 '$1 == run && !seen { seen = 1; e = $NF } END { exit !(seen && e < bound) }' log || fail "$2 against $1: $(cat log)"
}
differ f fs 1e-10
differ s sf 1e-10
differ s f 0.015
echo passed
