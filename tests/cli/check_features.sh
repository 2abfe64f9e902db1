#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# eddyline features: derived fields of a stored state equal those the run itself stored, to the rounding of one transform; wrong use is one line and exit code 2.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
fail() { echo "FAILED: $*"; exit 1; }

cat >case.yaml <<'CASE'
mesh: {type: box, n: [64, 48], upper: [2pi, 2pi]}
physics: {type: ns2d, nu: 1e-3}
initial: {type: filtered_noise}
time: {type: etdrk4, dt: 5e-3, end: 0.2}
output: {list: [h], h: {type: h5, every: 0.1, precision: float64, fields: [vorticity, velocity]}}
CASE
"$EDDYLINE" run case.yaml >out 2>&1 || fail "run: $(cat out)"
"$EDDYLINE" features case/h.hdf5 -fields velocity,strain -output derived >out 2>&1 || fail "features: $(cat out)"
grep -q '3 snapshots of 2 fields' out || fail "$(cat out)"
"$EDDYLINE" compare case/h.hdf5 derived.hdf5 -field velocity >out 2>&1 || fail "compare: $(cat out)"
awk '$1 == "derived" && $2 == 64 && $4 == 48 && $12 != "" && $12 + 0 < 1e-14 { good = 1 } END { exit !good }' out || fail "velocity differs: $(cat out)"

"$EDDYLINE" features case/h.hdf5 -fields velocty >out 2>err && fail "a misspelt field was taken"
[ "$(wc -l <err)" = 1 ] && grep -q velocity err || fail "misspelt field: $(cat err)"
"$EDDYLINE" features case/h.hdf5 >out 2>err
[ $? = 2 ] || fail "no fields: exit code"
echo ok
