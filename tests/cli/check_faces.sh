#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# Boundary conditions through the program: a table of values in time, a run whose faces have patches is the same on any number of ranks and
# from its resolved case, and what is refused: exit code 2, one line that says what.
set -euo pipefail
: "${EDDYLINE:?the program}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "FAILED: $*"; exit 1; }
cat >good.yaml <<'YAML'
mesh:     {type: box, n: [32, 16], upper: [2, 1]}
physics:  {type: euler}
boundary:
  xmin: {type: inflow, density: 1, velocity: [0.5, 0], table: {path: wave.csv}}
  xmax: {type: characteristic, density: 1, velocity: [0.5, 0], pressure: 1}
  ymin: {type: slip, list: [jet], jet: {type: inflow, from: 0.5, to: 0.75, density: 2, velocity_y: 0.3, pressure: 1}}
  ymax: {type: no_slip, velocity: [0.5, 0], temperature: {dirichlet: 1}}
initial:  {type: riemann1d, left: [1, 0.5, 1], right: [1, 0.5, 1]}
time:     {type: ssprk2, cfl: 0.4, end: 0.4}
output:   {list: [h], h: {type: h5, every: 0.2, fields: [density, pressure], precision: float64}}
YAML
printf 't, pressure\n0, 1\n0.1, 1.2\n0.5, 1\n' >wave.csv
"$EDDYLINE" run good.yaml -output_dir one >log
"$EDDYLINE" run one/case.yaml -output_dir again >log
cmp one/h.hdf5 again/h.hdf5 || fail "the resolved case gave other bytes"
mpirun -n 3 "$EDDYLINE" run good.yaml -output_dir three >log
cmp one/h.hdf5 three/h.hdf5 || fail "other bytes on three ranks"

count=0
refused() { # words of the line, then options
  local words=$1 code=0
  shift
  "$EDDYLINE" check good.yaml "$@" >log 2>err || code=$?
  if [ "$code" != 2 ] || [ "$(wc -l <err)" != 1 ] || ! grep -qF -- "$words" err; then
    fail "exit code $code, expected one line with '$words' for $*: $(cat err)"
  fi
  count=$((count + 1))
}
refused "boundary_xmin_type: 'inflw' is unknown" -boundary_xmin_type inflw
refused "boundary_xmin_densty: no such field or setting of a face; did you mean 'density'?" -boundary_xmin_densty 1
refused "boundary_ymin_jet_presure: no such field" -boundary_ymin_jet_presure 1
refused "boundary_ymin_other_type: must be given" -boundary_ymin_list jet,other
refused "boundary_ymin_jet_to: the patch ends at 0.1" -boundary_ymin_jet_to 0.1
refused "boundary_ymin_jet_from: wrong list length" -boundary_ymin_jet_from 0.1,0.2
refused "boundary_ymax_velocity: wrong list length" -boundary_ymax_velocity 1
refused "say velocity: [...] instead of velocity_x" -boundary_ymax_velocity_x 1
refused "boundary_xmax_density: density must be positive" -boundary_xmax_density -1
refused "boundary_xmin_velocity_x: also said by velocity" -boundary_xmin_velocity_x 1
refused "boundary_xmax_pressure_neumann: this field of the face has two rules" -boundary_xmax_pressure_neumann 1
refused "boundary_ymin_density_robin: a and b may not" -boundary_ymin_density_robin 1,-1,0
refused "boundary_ymin_density_robin: wrong list length" -boundary_ymin_density_robin 1
refused "mixed needs at least one field" -boundary_ymin_type mixed
refused "a characteristic face takes plain numbers" -boundary_ymin_type characteristic -boundary_ymin_pressure_neumann 0
refused "boundary_ymin_density: must be given: a dirichlet face" -boundary_ymin_type dirichlet
refused "boundary_ymin_library: give the path" -boundary_ymin_type plugin
refused "boundary_ymin_library: cannot be loaded" -boundary_ymin_type plugin -boundary_ymin_library ./none.so
refused "is periodic, but the face opposite" -boundary_xmin_type periodic
refused "a face of a line has no patches" -mesh_n 32 -mesh_upper 1 -boundary_xmin_velocity 1 -boundary_xmax_velocity 1 -boundary_xmin_list a
refused "boundary_xmin_table_path: the file 'none.csv' cannot be read" -boundary_xmin_table_path none.csv
refused "covers times 0 to 0.5, but time_end is 0.7; say table_hold: true" -time_end 0.7
refused "boundary_xmin_pressure: also said by velocity or by the table" -boundary_xmin_pressure 1
bad_table() { # words, text
  printf '%b' "$2" >bad.csv
  refused "$1" -boundary_xmin_table_path bad.csv
}
bad_table "column 2 is 'presure' (allowed: density, velocity_x, velocity_y, pressure, temperature)" 't, presure\n0, 1\n1, 1\n'
bad_table "line 3 of 'bad.csv' is not 2 numbers" 't, pressure\n0, 1\n1, x\n'
bad_table "line 3 of 'bad.csv': times must rise" 't, pressure\n0, 1\n0, 2\n'
bad_table "'bad.csv' has 1 lines of numbers" 't, pressure\n0, 1\n'
bad_table "no header with names of fields" '0, 1\n1, 1\n'
"$EDDYLINE" check good.yaml -time_end 0.7 -boundary_xmin_table_hold >log || fail "a held table"
"$EDDYLINE" check good.yaml -boundary_xmin_table_path bad.csv -boundary_xmin_table_fields pressure -time_end 1 >log || fail "named columns"
echo "faces: same bytes on three ranks and from the resolved case; $count wrong settings refused"
