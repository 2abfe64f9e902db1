#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# A hundred Kuramoto-Sivashinsky rows: killed half-way and made again, and on 1, 2, 4 ranks, the list of checksums is the same.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mpi() { mpirun --oversubscribe --bind-to none -n "$@"; }
fail() { echo "FAILED: $*"; exit 1; }
cat > set.yaml <<'END'
mesh:     {type: box, n: [64], upper: [32]}
physics:  {type: ks}
initial:  {type: sine_series}
time:     {type: etdrk4, dt: 0.02, end: 20}
filters:  {list: [a], a: {type: sharp, n: [32]}}
output:   {list: [h, f], h: {type: h5, every: 0.5, start: 5}, f: {type: h5, every: 1, filter: [a]}}
ensemble: {rows: 100, seed: 18446744073709551615, shard: 7, vary: {physics_nu2: uniform 0.9 1.1}}
END
"$EDDYLINE" generate set.yaml -output_dir one > one.log
for s in h f_a; do
  (cd one/$s && sha256sum --quiet -c SHA256SUMS) || fail "checksums of one/$s"
  [ "$(wc -l < one/$s/manifest.jsonl)" = 100 ] || fail "manifest of one/$s has not 100 lines"
  [ "$(ls one/$s/data/train/*.hdf5 | wc -l)" = 12 ] || fail "80 train rows in shards of 7 are 12 files"
done
for n in 2 4; do
  mpi $n "$EDDYLINE" generate set.yaml -output_dir n$n > n$n.log
  for s in h f_a; do diff one/$s/SHA256SUMS n$n/$s/SHA256SUMS || fail "$n ranks give other files"; done
done
mpi 4 "$EDDYLINE" generate set.yaml -output_dir pairs -ensemble_ranks_per_row 2 > pairs.log
diff one/h/SHA256SUMS pairs/h/SHA256SUMS || fail "two ranks per row give other files"

# killed, and stopped in order, at any instant
for part in 20 60; do
  signal=$([ $part = 20 ] && echo KILL || echo TERM)
  "$EDDYLINE" generate set.yaml -output_dir killed > killed.log &
  pid=$!
  while [ "$(cat killed/rows/*.jsonl 2> /dev/null | wc -l)" -lt $part ]; do
    kill -0 $pid 2> /dev/null || fail "ended before $part rows were there"
  done
  kill -$signal $pid
  code=0
  wait $pid 2> /dev/null || code=$?
  [ $signal = KILL ] || [ $code = 5 ] || fail "TERM: exit code $code"
  [ "$(cat killed/rows/*.jsonl | wc -l)" -lt 100 ] || fail "was too fast to be killed"
  [ ! -e killed/h/SHA256SUMS ] || fail "checksums of an unfinished set"
done
"$EDDYLINE" generate set.yaml -output_dir killed > killed.log
for s in h f_a; do diff one/$s/SHA256SUMS killed/$s/SHA256SUMS || fail "after a kill the files differ"; done
(cd killed/h && sha256sum --quiet -c SHA256SUMS) || fail "checksums after a kill"
[ -z "$(find killed -name '*.part' -o -name '*.old')" ] || fail "unfinished files are left"

# job arrays: the second job completes the set
"$EDDYLINE" generate set.yaml -output_dir jobs -ensemble_rows 0:55 > jobs.log
[ ! -e jobs/h/SHA256SUMS ] || fail "half a set was published"
"$EDDYLINE" generate set.yaml -output_dir jobs -ensemble_rows 56:99 > jobs.log
diff one/h/SHA256SUMS jobs/h/SHA256SUMS || fail "a job array gives other files"

# the rows of a stored set as starts of another model, and long rows that stop at checkpoints
cat > les.yaml <<'END'
mesh:     {type: box, n: [48], upper: [32]}
physics:  {type: ks}
time:     {type: etdrk4, dt: 0.05, end: 5}
output:   {list: [l], l: {type: h5, every: 0.5, precision: float64}}
ensemble: {from: one/h, split: test}
END
"$EDDYLINE" generate les.yaml > les.log
[ "$(wc -l < les/l/manifest.jsonl)" = 10 ] || fail "the test split has 10 rows"
nu() { grep "\"row\":97," $1 | grep -o '"physics_nu2":[0-9.]*'; }
[ "$(nu one/h/manifest.jsonl)" = "$(nu les/l/manifest.jsonl)" ] || fail "row 97 has another parameter"
"$EDDYLINE" verify les -row 97 | grep -q "1 of 1 rows have the same numbers" || fail "verify of rows from a set"
code=5
for try in 1 2 3 4 5 6 7 8 9; do
  [ $code = 5 ] || break
  code=0
  "$EDDYLINE" generate les.yaml -output_dir steps -time_max_steps $((try * 13)) > les.log 2> err || code=$?
done
[ $code = 0 ] && [ $try -gt 5 ] || fail "continued $try times, exit code $code"
diff les/l/SHA256SUMS steps/l/SHA256SUMS || fail "rows continued from checkpoints differ"

# another case is refused; the rows are what the files say
code=0
"$EDDYLINE" generate set.yaml -output_dir one -time_dt 0.01 2> err || code=$?
[ $code = 2 ] && grep -q time_dt err || fail "a changed case was not refused: $(cat err)"
"$EDDYLINE" verify one/h -row 93 | grep -q "1 of 1 rows have the same numbers" || fail "verify"
"$EDDYLINE" run set.yaml -ensemble_row 93 -output_dir row > row.log
"$EDDYLINE" verify row > /dev/null || fail "verify of a single row"
echo passed
