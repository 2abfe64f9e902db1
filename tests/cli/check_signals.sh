#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# USR1 to mpirun, TERM to a single process, wall time: checkpoint, exit code 5; -restart auto ends with the same bytes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "FAILED: $*"; exit 1; }
cat > flow.yaml <<'END'
mesh:    {type: box, n: [48, 32], upper: [2pi, 2pi]}
physics: {type: ns2d, nu: 1e-2}
initial: {type: filtered_noise, peak: 4, max_speed: 2}
time:    {type: ab2cn, dt: 0.001, end: 6}
statistics: {spectrum: true}
output:  {list: [h, c], h: {type: h5, every: 0.5}, c: {type: csv, every: 0.25, fields: [vorticity]}}
END
same() { # files of two folders, but for the log
  for f in h.hdf5 c.csv diagnostics.csv spectrum.csv case.yaml; do
    if [ -e whole/$f ]; then cmp whole/$f $1/$f || fail "$1/$f differs after a restart"; fi
  done
  [ ! -e $1/checkpoints ] || fail "checkpoints are left"
}
begun() { # waits until a run is under way
  while [ "$(cat $1/diagnostics.csv 2> /dev/null | wc -l)" -lt 5 ]; do
    kill -0 $2 2> /dev/null || fail "$1 ended early: $(cat err)"
    sleep 0.01
  done
}
"$EDDYLINE" run flow.yaml -output_dir whole > log

"$EDDYLINE" run flow.yaml -output_dir term > log 2> err &
pid=$!
begun term $pid
kill -TERM $pid
code=0
wait $pid || code=$?
[ $code = 5 ] || fail "TERM: exit code $code"
[ -e term/h.hdf5.part ] && ls term/checkpoints/checkpoint_*.h5 > /dev/null || fail "TERM left no checkpoint"
# what the run says comes next, word for word
next=$(sed -n 's/^ *next *eddyline //p' log)
[ -n "$next" ] || fail "no next step: $(cat log)"
eval "\"$EDDYLINE\" $next" > log
same term

mpirun --oversubscribe --bind-to none -n 2 "$EDDYLINE" run flow.yaml -output_dir usr1 > log 2> err &
pid=$!
begun usr1 $pid
kill -USR1 $pid
code=0
wait $pid || code=$?
[ $code = 5 ] || fail "USR1 to mpirun: exit code $code"
mpirun --oversubscribe --bind-to none -n 2 "$EDDYLINE" run flow.yaml -output_dir usr1 -restart auto > log
same usr1

# Ctrl-C: Open MPI takes a while, and ends with a code of its own
mpirun --oversubscribe --bind-to none -n 2 "$EDDYLINE" run flow.yaml -time_end 600 -output_dir int > log 2> err &
pid=$!
begun int $pid
kill -INT $pid
wait $pid && fail "INT to mpirun: exit code 0"
ls int/checkpoints/checkpoint_*.h5 > /dev/null || fail "INT left no checkpoint"

code=0
"$EDDYLINE" run flow.yaml -output_dir wall -time_walltime 00:00:00.001 > log 2> err || code=$?
[ $code = 5 ] || fail "time_walltime: exit code $code"
"$EDDYLINE" run flow.yaml -output_dir wall -checkpoint_every 0.7 -restart auto > log
same wall

code=0
"$EDDYLINE" run flow.yaml -output_dir steps -time_max_steps 1777 > log 2> err || code=$?
[ $code = 5 ] || fail "time_max_steps: exit code $code"
"$EDDYLINE" run flow.yaml -output_dir steps -restart auto > log
same steps
echo passed
