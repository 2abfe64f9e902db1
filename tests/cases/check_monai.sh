#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# The tsunami of Monai on cells of 5.6 cm against the gauges of the wave tank, and what `compare` says of tables.
set -euo pipefail
: "${EDDYLINE:?run through ctest}" "${SOURCE_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$SOURCE_DIR/examples" examples
fail() { echo "FAILED: $*"; exit 1; }
expect() { # code, text, command ...
  local want=$1 text=$2 code=0
  shift 2
  "$@" >log 2>err || code=$?
  [ $code = "$want" ] || fail "exit code $code instead of $want: $* $(cat err)"
  grep -q -- "$text" err || fail "no '$text' in: $(cat err)"
}
"$EDDYLINE" run examples/18_monai.yaml -mesh_n 98,61 -output_dir m >log 2>&1 || { cat log; fail "run"; }
"$EDDYLINE" compare examples/data/monai_gauges.csv m/gauges.csv -output m/report -json m/score.json | tee table
[ -s m/report/tables.png ] || fail "no picture"
# rms and mean |difference| [m], time of the highest level within 0.45 s (0.25 s on the grid of the example), level within 15 %
awk '$1 ~ /^ch[579]$/ { n++; if ($3 > .0041 || $7 > .0034 || ($11 - $13)^2 > .45^2 || ($12 / $10 - 1)^2 > .15^2) { print "out of bounds: " $0; bad = 1 } }
     END { exit !(n == 3 && !bad) }' table || fail "gauges"
grep -q '"ch9": {"values": 451, "rms": 0.003' m/score.json || fail "json: $(cat m/score.json)"
# run-up in the valley, six experiments: 8 to 10 cm; 7.9 on the grid of the example, 6.3 on this one, where the valley is two cells wide. No depth below zero
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) name[$i] = i; next }
         { h = $name["highest_water"]; top = h > top ? h : top; if ($name["min_depth"] < 0) bad = 1 }
         END { print "run-up " top; exit !(top > .06 && top < .10 && !bad) }' m/diagnostics.csv || fail "run-up"

# a table against itself shifted by a known amount: y = 2 t on both, 0.25 apart; a time axis of its own, a column that is not shared
{ echo "# made"; echo "t,a,other"; for k in 0 1 2 3 4; do echo "$k,$((2 * k)),7"; done; } >ref.csv
{ echo "t,a"; for k in -1 1.5 2.5 4; do awk -v k=$k 'BEGIN { print k "," 2 * k + .25 }'; done; } >run.csv
"$EDDYLINE" compare ref.csv run.csv >table
awk '$1 == "a" { ok = $2 == 5 && ($3 - .25)^2 < 1e-18 && $4 == .0312 && $5 == 0 && ($6 - .25)^2 < 1e-18 && ($7 - .25)^2 < 1e-18 && ($8 - .25)^2 < 1e-18 && $10 == 8 && $11 == 4 } END { exit !ok }' table || fail "$(cat table)"
grep -q other table && fail "a column that only the reference has"
"$EDDYLINE" compare ref.csv run.csv -window 1,3 | awk '$1 == "a" { ok = $2 == 3 && $11 == 3 } END { exit !ok }' || fail "window"
expect 2 "no column in common called b" "$EDDYLINE" compare ref.csv run.csv -field b
printf 't,a\n1,2\n1,3\n' >twice.csv
expect 2 "does not rise" "$EDDYLINE" compare ref.csv twice.csv
printf 't,a\n11,2\n12,3\n' >late.csv
expect 2 "no value of a at a common t" "$EDDYLINE" compare ref.csv late.csv
