#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# Wrong settings through the real program: each gives one line "eddyline: FILE:LINE: ..." (or "command line"), exit code 2, nothing else of
# ours, alone and on two ranks.
set -u
: "${EDDYLINE:?the program}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
mpi=(mpirun --oversubscribe --bind-to none -n 2)
failures=0
count=0

cat >good.yaml <<'END'
mesh:
  n: [32, 32]
  upper: [2pi, 2pi]
physics:
  type: ns2d
  nu: 1e-3
  forcing: {list: [f], f: {type: kolmogorov, k: 4}}
initial: {type: filtered_noise, peak: 4}
time: {type: etdrk4, dt: 1e-2, end: 1}
output:
  list: [set]
  set: {type: h5, every: 0.5, fields: [vorticity]}
ensemble: {rows: 4, seed: 909, vary: {physics_drag: uniform 0 0.1}}
END

fail() {
  echo "FAILED: $1"
  [ -f "${2:-err}" ] && sed 's/^/    /' "${2:-err}"
  failures=$((failures + 1))
}

# expect "what the line holds" CASE [-option value ...]
expect() {
  local text=$1
  shift
  timeout 60 "$EDDYLINE" check "$@" >out1 2>err1 &
  local alone=$!
  timeout 60 "${mpi[@]}" "$EDDYLINE" check "$@" >out2 2>err2
  # shellcheck disable=SC2034 # read through ${!code}
  local code2=$?
  wait $alone
  # shellcheck disable=SC2034
  local code1=$?
  for ranks in 1 2; do
    local code=code$ranks
    [ "${!code}" = 2 ] || fail "exit code ${!code} on $ranks ranks: $*" err$ranks
    [ "$(wc -l <err$ranks)" = 1 ] || fail "not one line on $ranks ranks: $*" err$ranks
    grep -qF -- "$text" err$ranks || fail "$ranks ranks do not say '$text': $*" err$ranks
    [ ! -s out$ranks ] || fail "printed something before the error: $*" err$ranks
  done
  count=$((count + 1))
}

# wrong "what the line holds" 's/sed of good.yaml/'
wrong() {
  sed -e "$2" good.yaml >case.yaml
  cmp -s good.yaml case.yaml && fail "the edit '$2' changes nothing"
  expect "eddyline: case.yaml:$1" case.yaml
}

"$EDDYLINE" check good.yaml >out 2>err || fail "good.yaml is refused"
grep -q 'physics_nu  *0.001  *L^2/T .*good.yaml:6' out || fail "the table of check lacks physics_nu"
"${mpi[@]}" "$EDDYLINE" check good.yaml >out 2>err || fail "good.yaml is refused on two ranks"
[ "$(grep -c '^physics_nu ' out)" = 1 ] || fail "the table is not printed once"

# unknown keys and their nearest names
wrong "6: physics_nuu: unknown option; did you mean physics_nu (" '6s/nu:/nuu:/'
wrong "6: physics_vicosity: unknown option; did you mean physics_nu (kinematic viscosity)?" '6s/nu:/vicosity:/'
wrong "12: output_set_everry: unknown option; did you mean output_set_every (" '12s/every/everry/'
wrong "12: output_sett_" '12s/set:/sett:/'
wrong "13: ensemble_vary_physics_darg: no option physics_darg to vary; did you mean physics_drag" '13s/drag/darg/'
# wrong words
wrong "5: physics_type: 'ns3d' is unknown" '5s/ns2d/ns3d/'
wrong "9: time_type: 'etdkr4' is unknown: time stepper; did you mean 'etdrk4'?" '9s/etdrk4/etdkr4/'
wrong "8: initial_type: " '8s/filtered_noise/filterd_noise/'
wrong "7: physics_forcing_f_type: " '7s/kolmogorov/kolmogorow/'
wrong "12: output_set_type: " '12s/h5/hdf/'
wrong "12: output_set_fields: " '12s/vorticity/vortcity/'
# wrong numbers
wrong "6: physics_nu: '1e-2m' is not a number" '6s/1e-3/1e-2m/'
wrong "6: physics_nu: '1e999' does not fit a double" '6s/1e-3/1e999/'
wrong "6: physics_nu: -1 is out of range" '6s/1e-3/-1/'
wrong "13: ensemble_seed: 18446744073709551616 does not fit 64 bits" '13s/909/18446744073709551616/'
wrong "13: ensemble_rows: " '13s/rows: 4/rows: 4.5/'
wrong "13: ensemble_rows: " '13s/rows: 4/rows: 0/'
# wrong lists and boxes
wrong "3: mesh_upper: wrong list length: 3 given, 2 entries expected" '3s/2pi, 2pi/1, 2, 3/'
wrong "2: mesh_n: wrong list length: 4 given" '2s/32, 32/8, 8, 8, 8/'
wrong "2: mesh_n: " '2s/32, 32/32, 22/'
wrong "2: mesh_n: 100000 is out of range" '2s/32, 32/32, 100000/'
wrong "3: mesh_upper: -1 is not above mesh_lower 0" '3s/2pi, 2pi/1, -1/'
# YAML
wrong "7: physics_nu: given twice, first at line 6" '6a\  nu: 2e-3'
wrong "7: physics_Nu: given twice, first at line 6 (keys ignore case)" '6a\  Nu: 2e-3'
wrong "6: physics_nu: the value is missing" '6s/1e-3//'
wrong "3: YAML syntax: " '2s/\]//'
wrong "6: YAML syntax: a tab indents this line" '6s/^  /\t/'
wrong "1: aliases (*x) are not allowed" '1s/mesh:/mesh: *x/;2,3d'
wrong "14: a second YAML document starts here" '$a\---'
wrong "11: output_list: a list of maps" '11s/\[set\]/[{a: 1}]/'
: >empty.yaml
expect "eddyline: empty.yaml:1: the case is empty" empty.yaml
expect "eddyline: nowhere.yaml: the case file cannot be read: No such file or directory" nowhere.yaml
# command line
expect "eddyline: command line: physics_nuu: unknown option; did you mean physics_nu (" good.yaml -physics_nuu 1
expect "eddyline: command line: physics_nu: 'x' is not a number" good.yaml -physics_nu x
expect "eddyline: command line: physics_nu: the value is missing" good.yaml -physics_nu
wrong "11: output_set_type: no output_list says that it is used: give output_list: [set]" '11d'
expect "eddyline: command line: initial_peek: unknown option; did you mean initial_peak (" good.yaml -initial_peek 3
expect "eddyline: command line: initial_vorticity: 'sin(x' is no formula: ')' is missing at its end" good.yaml -initial_type formula -initial_vorticity "sin(x"
expect "eddyline: command line: initial_parameters_list: 'x' cannot be a name of one's own in formulas" good.yaml -initial_type formula -initial_vorticity "x" -initial_parameters_list x -initial_parameters_x 2
expect "eddyline: command line: initial_parameters_list: 'a-b' cannot be a name of one's own in formulas" good.yaml -initial_type formula -initial_vorticity "x" -initial_parameters_list a-b
expect "physics_forcing_f_type: acts on waves up to 11 per box in direction 1, but 32 points with disc_dealias two_thirds keep 10" good.yaml -physics_forcing_f_k 11

timeout 60 "$EDDYLINE" chekc good.yaml >out 2>err
[ $? = 2 ] && grep -qF "did you mean 'check'?" err || fail "unknown verb"
timeout 60 "$EDDYLINE" >out 2>err
[ $? = 2 ] || fail "no verb"
# an error on one rank while the other waits in a collective call
timeout 60 "${mpi[@]}" "$EDDYLINE" info nowhere.hdf5 >out 2>err
[ $? = 2 ] && [ "$(grep -c '^eddyline: nowhere.hdf5: ' err)" = 1 ] || fail "info of a missing file"
# what must pass: PETSc's own options, the command line over the file, a key of another type as a note
"$EDDYLINE" check good.yaml -physics_nu 5e-3 -ts_type rk -ksp_rtol 1e-3 >out 2>err || fail "PETSc's options are refused"
grep -q 'physics_nu  *0.005 .*command line' out || fail "the command line does not win"
"$EDDYLINE" check good.yaml -physics_forcing_f_type ring >out 2>err || fail "a key of another type is refused"
grep -q '^eddyline: note: not used in this case: physics_forcing_f_k (good.yaml:7)' err || fail "no note about an unused key"

cat >gas.yaml <<'END'
mesh: {n: [8, 8]}
physics: {type: euler, point_softening: 0.2}
initial: {type: uniform}
disc: {reconstruction: ppm, limiter: minmod}
time: {type: ssprk3, cfl: 0.4, end: 1}
END
"$EDDYLINE" check gas.yaml >out 2>err
grep -qx 'eddyline: note: not used in this case: physics_point_softening (gas.yaml:2), disc_limiter (gas.yaml:4)' err || fail "no note about a limiter of another reconstruction"

cat >sound.yaml <<'END'
mesh: {n: [8, 8]}
physics:
  type: acoustics
  medium: {type: maze, size: [0.1, 0.2], direction: y}
initial: {type: pulses}
time: {cfl: 0.4, end: 1}
END
"$EDDYLINE" check sound.yaml >out 2>err
grep -qx 'eddyline: note: not used in this case: physics_medium_size (sound.yaml:4), physics_medium_direction (sound.yaml:4)' err || fail "no note about settings of another medium"

echo "$count wrong settings, $failures failures"
[ "$failures" = 0 ]
