#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# The scripts behind docs/closures-a-posteriori.md, at a size that says nothing but shows that they work: a network gone wrong is bounded, counted, or
# ends the run; the ladder makes its table and its figures.
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
"$SOURCE_DIR/examples/study_bad_network.sh" bad 200 >log 2>&1 || fail "study_bad_network.sh"
[ "$(grep -c 'exit code 0' log)" = 3 ] || fail "runs that are guarded end"
grep -q 'strict: exit code 3' log || fail "a strict run stops"
grep -q '1 of 1 snapshots' bad/guarded.log || fail "no snapshot"
grep -qE 'net \(plugin\), [1-9][0-9]{3} bad, .* 200 rejected' log || fail "every step is rejected"
awk '/largest/ { n++; if (!($3 + 0 < 100) || !($5 + 0 < 100) || !($5 + 0 > 0)) exit 1 } END { exit n != 4 }' log || fail "energies"

ladder() { ROWS=18:19 START=96 FINE=80 "$SOURCE_DIR/examples/study_ladder.sh" out "$@" >>log 2>&1 || fail "study_ladder.sh $*"; }
: >log
ladder reference
ladder dns 64
ladder les none gradient
ladder table
grep -qE 'dns_64 +[0-9.]+ +[0-9]' log || fail "no line for 64 points"
[ "$(wc -l <out/ladder.csv)" -ge 4 ] || fail "table of the picture"
[ -s out/ladder.png ] || fail "picture"
echo "studies: three scripts, $SECONDS s"
