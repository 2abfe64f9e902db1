#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# A trained reconstruction in a run: the same bytes on any number of ranks and after a restart, the sum kept, better than the scheme it is added to; the script of
# docs/closures-reconstruction.md at a size that says nothing; what is refused.
set -euo pipefail
: "${EDDYLINE:?run through ctest}" "${SOURCE_DIR:?}"
export EDDYLINE
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
  cat log
  echo "FAILED $*"
  exit 1
}
expect() { # code, text, command ...
  local want=$1 text=$2 code=0
  shift 2
  "$@" >log 2>&1 || code=$?
  [ $code = "$want" ] || fail "exit code $code instead of $want: $*"
  grep -q -- "$text" log || fail "no '$text'"
}
model=$SOURCE_DIR/examples/models/reconstruction_advection_s0.onnx
cat >r.yaml <<END
mesh:     {type: box, n: [64]}
physics:  {type: advection, velocity: [1]}
initial:  {type: sine_series, number: 10, amplitude: 0.5, k_max: 10}
disc:     {type: fv, reconstruction: muscl}
closure:  {list: [net], net: {type: onnx, model: $model}}
time:     {type: ssprk3, cfl: 0.4, end: 0.25}
output:   {list: [h], h: {type: h5, every: 0.05, precision: float64}}
END
"$EDDYLINE" run r.yaml >log 2>&1 || fail run
grep -q "net (onnx), 0 bad" log || fail "summary"
for ranks in 2 3 4; do
  mpirun -n $ranks "$EDDYLINE" run r.yaml -output_dir ranks >log 2>&1 || fail "$ranks ranks"
  cmp r/h.hdf5 ranks/h.hdf5 || fail "other bytes on $ranks ranks"
  rm -r ranks
done
awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "mean") c = i } NR == 2 { a = $c } END { d = $c - a; print "sum", a, d; exit !(d < 1e-14 && d > -1e-14) }' r/diagnostics.csv ||
  fail "the sum is not kept"
expect 0 "h.hdf5" "$EDDYLINE" run r.yaml -output_dir step -closure_net_every 7
expect 5 "restart auto" mpirun -n 2 "$EDDYLINE" run r.yaml -output_dir part -closure_net_every 7 -time_max_steps 11
expect 0 "h.hdf5" "$EDDYLINE" run r.yaml -output_dir part -closure_net_every 7 -restart auto
cmp step/h.hdf5 part/h.hdf5 || fail "other bytes after a restart"

# closer to averages of a fine run than without
"$EDDYLINE" run r.yaml -output_dir fine -closure_type none -mesh_n 512 -disc_reconstruction weno5 -filters_list c -filters_c_n 64 -output_h_filter c >log 2>&1 || fail fine
"$EDDYLINE" run r.yaml -output_dir none -closure_type none >log 2>&1 || fail none
"$EDDYLINE" compare fine/h_c.hdf5 none/h.hdf5 r/h.hdf5 -output score >log 2>&1 || fail compare
awk '$1 ~ /^(none|r)\/h$/ && !end[$1]++ { e[++n] = $NF } END { print "L1 without and with", e[1], e[2]; exit !(n == 2 && e[2] < 0.5 * e[1]) }' log || fail "errors"

# an eddy viscosity that the step size sees, on a mapped grid: the same steps after a restart
cat >e.yaml <<END
mesh:     {type: wavy, n: [16, 14], upper: [1, 1], amplitude: [0.05, 0.05]}
physics:  {type: compressible_navier_stokes, mu: 1e-4}
initial:  {type: linear_wave, amplitude: 0.3, k: [1, 0], wave: shear}
closure:  {list: [s], s: {type: smagorinsky, constant: 3, isotropic: 0.1, every: 3}}
time:     {type: ssprk2, cfl: 0.3, end: 0.1}
output:   {list: [h], h: {type: h5, every: 0.02, precision: float64}}
END
expect 0 "h.hdf5" "$EDDYLINE" run e.yaml
expect 5 "restart auto" mpirun -n 2 "$EDDYLINE" run e.yaml -output_dir e2 -time_max_steps 10
expect 0 "h.hdf5" mpirun -n 3 "$EDDYLINE" run e.yaml -output_dir e2 -restart auto
cmp e/h.hdf5 e2/h.hdf5 || fail "other bytes after a restart with an eddy viscosity"

expect 2 "face_order" "$EDDYLINE" run r.yaml -output_dir x -closure_net_face_order 4
expect 2 "closure_net_guard_energy.*disc_type fv has no energy budget" "$EDDYLINE" run r.yaml -output_dir x -closure_net_guard_energy 1
expect 2 "closure_net_mode.* is for target flux" "$EDDYLINE" run r.yaml -output_dir x -closure_net_mode replace
expect 2 "face_bound" "$EDDYLINE" run r.yaml -output_dir x -closure_net_face_bound tvd
expect 2 "accepts flux, face_interpolation" "$EDDYLINE" run r.yaml -output_dir x -closure_net_guard_fallback smagorinsky
sed -i 's/\[64\]/[16, 16]/; s/\[1\]/[1, 1]/' r.yaml
expect 2 "gives 12 components, its target face_interpolation has 16 or 24" "$EDDYLINE" run r.yaml -output_dir x
sed -i 's/advection, velocity.*/ns2d}/; s/disc:.*//; s/sine_series.*/zero}/; s/ssprk3/etdrk4/' r.yaml
expect 2 "gives face_interpolation, which physics_type ns2d does not accept" "$EDDYLINE" run r.yaml -output_dir x
[ ! -e x ] || fail "a refused case left files"

GRIDS=64 ROWS=1 STEPS=100000 FINE=256 NETS="net0 flux0" "$SOURCE_DIR/examples/learned_reconstruction.sh" out burgers >log 2>&1 || fail "learned_reconstruction.sh"
[ "$(grep -c '^[a-z0-9_]*,64,0\.[0-9]*,0\.[0-9]*,' out/burgers.csv)" = 5 ] || fail "table: $(cat out/burgers.csv)"
echo passed
