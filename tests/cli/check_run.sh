#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# One run: its files, overwriting only on request, a failed solution (exit code 3) that keeps what was good, wrong settings.
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
cat > ks.yaml <<'END'
mesh:    {type: box, n: [64], upper: [32]}
physics: {type: ks}
initial: {type: sine_series}
time:    {type: etdrk4, dt: 0.07, end: 5}
output:  {list: [h], h: {type: h5, every: 0.5}}
END
"$EDDYLINE" run ks.yaml > log
for f in h.hdf5 diagnostics.csv case.yaml run.log; do [ -s ks/$f ] || fail "no ks/$f"; done
grep -q "11 of 11 snapshots" log || fail "summary: $(cat log)"
[ "$(tail -1 ks/diagnostics.csv | cut -d, -f2)" = 5 ] || fail "the end was not hit exactly"
before=$(sha256sum < ks/h.hdf5)
expect 2 output_overwrite "$EDDYLINE" run ks.yaml
expect 2 complete "$EDDYLINE" run ks.yaml -restart auto
[ "$before" = "$(sha256sum < ks/h.hdf5)" ] || fail "a refused run touched the file"
"$EDDYLINE" run ks.yaml -output_overwrite > log
[ "$before" = "$(sha256sum < ks/h.hdf5)" ] || fail "the same run gave other bytes"
"$EDDYLINE" run ks/case.yaml -output_dir again > log
[ "$before" = "$(sha256sum < again/h.hdf5)" ] || fail "the resolved case gave other bytes"
sed -i 's/, every: 0.5//; s/list: .h./list: [h, c]/; s/}}$/}, c: {type: csv, times: [1, 2.5]}}/' ks.yaml
"$EDDYLINE" run ks.yaml -output_dir last > log
"$EDDYLINE" run last/case.yaml -output_dir last2 > log
cmp last/h.hdf5 last2/h.hdf5 && cmp last/c.csv last2/c.csv || fail "the resolved case with default times gave other bytes"

# explicit steps of a stiff equation blow up (float64: a snapshot may meet values beyond float32 before they are infinite)
expect 3 "is not finite" "$EDDYLINE" run ks.yaml -output_dir nan -time_type ssprk3 -time_dt 1e-2 -output_list h -output_h_every 0.05 -output_h_precision float64
grep -q "step [0-9]*, t = .*u " err || fail "message without place: $(cat err)"
[ -e nan/h.hdf5.part ] && [ ! -e nan/h.hdf5 ] || fail "a failed run keeps its .part and publishes nothing"
! grep -qi nan nan/diagnostics.csv || fail "NaN in diagnostics.csv"
[ "$(wc -l < nan/diagnostics.csv)" -ge 2 ] || fail "nothing was kept"

expect 2 output_h_filter "$EDDYLINE" run ks.yaml -output_dir x -output_h_filter nowhere
expect 2 output_h_fields "$EDDYLINE" run ks.yaml -output_dir x -output_h_fields vortici
expect 2 "exists only through a filter" "$EDDYLINE" run ks.yaml -output_dir x -output_h_fields subgrid_forcing
expect 2 time_end "$EDDYLINE" run ks.yaml -output_dir x -time_end -1
expect 2 time_walltime "$EDDYLINE" run ks.yaml -output_dir x -time_walltime soon
expect 2 "no case file" "$EDDYLINE" run
expect 2 ensemble_vary_physics_nu2 "$EDDYLINE" generate ks.yaml -output_dir x -ensemble_vary_physics_nu2 "uniforme 1 2"
expect 2 physics_nu2 "$EDDYLINE" generate ks.yaml -output_dir x -ensemble_vary_physics_nu22 "uniform 1 2"
expect 2 "must be the same" "$EDDYLINE" generate ks.yaml -output_dir x -ensemble_vary_mesh_n "choice 32 64"
[ ! -e x ] || fail "a refused case left files"
echo passed
