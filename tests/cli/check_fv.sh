#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# Finite volumes through the program: files, restart to the same bytes on other ranks, a set of rows, a solution that fails with its place, wrong settings.
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
mesh:     {type: box, n: [36, 28]}
physics:  {type: euler}
boundary: {xmin: {type: outflow}, xmax: {type: reflecting}, ymin: {type: outflow}, ymax: {type: outflow}}
initial:  {type: riemann2d, configuration: 6}
disc:     {type: fv, reconstruction: weno5}
time:     {type: ssprk3, cfl: 0.4, end: 0.2}
output:   {list: [h, c], h: {type: h5, every: 0.05, fields: [density, velocity, pressure, gradient_magnitude], precision: float64}, c: {type: csv, every: 0.1}}
END
"$EDDYLINE" run r.yaml > log
grep -q "5 of 5 snapshots" log || fail "summary: $(cat log)"
"$EDDYLINE" run r/case.yaml -output_dir again > log
cmp r/h.hdf5 again/h.hdf5 || fail "the resolved case gave other bytes"
for ranks in 2 3 4; do
  mpirun -n $ranks "$EDDYLINE" run r.yaml -output_dir ranks > log
  for f in h.hdf5 c.csv diagnostics.csv; do cmp r/$f ranks/$f || fail "$f differs on $ranks ranks"; done
  rm -r ranks
done

# stopped and continued, on one, two and three ranks
expect 5 "restart auto" mpirun -n 2 "$EDDYLINE" run r.yaml -output_dir part -time_max_steps 11
expect 5 "restart auto" mpirun -n 3 "$EDDYLINE" run r.yaml -output_dir part -restart auto -time_max_steps 9
"$EDDYLINE" run r.yaml -output_dir part -restart auto > log
for f in h.hdf5 c.csv diagnostics.csv; do cmp r/$f part/$f || fail "$f differs after two restarts"; done
# from a stored snapshot, finer and coarser
"$EDDYLINE" run r.yaml -output_dir state -output_list h -output_h_fields density,momentum_x,momentum_y,energy > log
"$EDDYLINE" run r.yaml -output_dir fine -mesh_n 72,56 -initial_type file -initial_path state/h.hdf5 -initial_frame 4 -time_start 0.2 -time_end 0.21 > log
[ "$(sed -n 2p fine/diagnostics.csv | cut -d, -f4)" = "$(tail -n 1 r/diagnostics.csv | cut -d, -f4)" ] || fail "mass of the finer start"

# viscous gas with a scalar under gravity: other ranks, stopped and continued
cat > g.yaml <<'END'
mesh:     {type: box, n: [24, 20], upper: [1, 1]}
physics:  {type: compressible_navier_stokes, mu: 1e-3, prandtl: 0.7, scalars: [dye], gravity: [0, -1], hydrostatic: {type: isentropic}}
boundary: {ymin: {type: reflecting}, ymax: {type: outflow}}
initial:  {type: hydrostatic, amplitude: 0.2, dye: {type: sine, amplitude: 0.4, mean: 0.5}}
time:     {type: ssprk2, cfl: 0.4, end: 0.2}
output:   {list: [h], h: {type: h5, every: 0.1, fields: [density, velocity, dye], precision: float64}}
END
"$EDDYLINE" run g.yaml > log
expect 5 "restart auto" mpirun -n 3 "$EDDYLINE" run g.yaml -output_dir gpart -time_max_steps 7
mpirun -n 2 "$EDDYLINE" run g.yaml -output_dir gpart -restart auto > log
for f in h.hdf5 diagnostics.csv; do cmp g/$f gpart/$f || fail "$f of the gas differs after a restart"; done
expect 2 "physics_hydrostatic_type" "$EDDYLINE" run g.yaml -output_dir x -boundary_ymin_type periodic -boundary_ymax_type periodic
expect 2 "ends inside the box" "$EDDYLINE" run g.yaml -output_dir x -physics_gravity 0,-10
expect 2 "boundary_ymax" "$EDDYLINE" run g.yaml -output_dir x -boundary_ymax_type dirichlet -boundary_ymax_density 1 -boundary_ymax_velocity_x 0 -boundary_ymax_velocity_y 0 -boundary_ymax_pressure 1 -boundary_ymax_dye 0
expect 2 "physics_kappa" "$EDDYLINE" run g.yaml -output_dir x -physics_kappa 1
expect 2 "is taken" "$EDDYLINE" run g.yaml -output_dir x -physics_scalars mach -output_h_fields density

# a set
cat > dam.yaml <<'END'
mesh:     {type: box, n: [24, 24], lower: [-2.5, -2.5], upper: [2.5, 2.5]}
physics:  {type: shallow_water, g: 1}
initial:  {type: dam_break, radius: 0.5}
time:     {type: ssprk2, cfl: 0.4, end: 0.2}
output:   {list: [h], h: {type: h5, every: 0.1}}
ensemble: {rows: 4, seed: 5, vary: {initial_radius: uniform 0.3 0.7}}
END
"$EDDYLINE" generate dam.yaml > log
mpirun -n 2 "$EDDYLINE" generate dam.yaml -output_dir dam2 -ensemble_ranks_per_row 2 > log
cmp dam/h/SHA256SUMS dam2/h/SHA256SUMS || fail "the set differs on two ranks"

# averages over cells: a set on a coarser grid, the same on two ranks
"$EDDYLINE" generate dam.yaml -output_dir dam3 -filters_list a -filters_a_n 8,6 -output_h_filter a > log
mpirun -n 2 "$EDDYLINE" generate dam.yaml -output_dir dam4 -filters_list a -filters_a_n 8,6 -output_h_filter a -ensemble_ranks_per_row 2 > log
cmp dam3/h_a/SHA256SUMS dam4/h_a/SHA256SUMS || fail "the averaged set differs on two ranks"

# too large a step: the place of the first bad cell, what was good is kept
expect 3 "not positive, in cell (" "$EDDYLINE" run r.yaml -output_dir bad -time_cfl 0 -time_dt 0.1 -time_end 2 -output_list h -output_h_every 0.1
grep -Eq 'failed on rank [0-9]+: step [0-9]+, t = [0-9.]+: (density|pressure) is -[0-9.e+-]+, not positive, in cell \([0-9]+, [0-9]+\); averages stay positive up to Courant number 0.167' err ||
  fail "rank, step, time, field, value, cell, advice: $(cat err)"
"$EDDYLINE" info bad/h.hdf5.part > log
grep -Eq ' [1-9][0-9]* of 21 written' log || fail "the good snapshots: $(cat log)"
[ -e bad/h.hdf5.part ] && [ ! -e bad/h.hdf5 ] || fail "a failed run keeps its .part and publishes nothing"

expect 2 disc_riemann "$EDDYLINE" run r.yaml -output_dir x -disc_riemann roee
expect 2 boundary_xmin_type "$EDDYLINE" run r.yaml -output_dir x -boundary_xmin_type wall
expect 2 "is periodic, but" "$EDDYLINE" run r.yaml -output_dir x -boundary_xmin_type periodic
expect 2 boundary_xmin_density "$EDDYLINE" run r.yaml -output_dir x -boundary_xmin_type dirichlet
expect 2 "no spectral form" "$EDDYLINE" run r.yaml -output_dir x -disc_type spectral
expect 2 "box is allowed" "$EDDYLINE" run r.yaml -output_dir x -filters_list a -filters_a_type sharp -filters_a_n 18,14 -output_h_filter a
expect 2 "filters_a_n" "$EDDYLINE" run r.yaml -output_dir x -filters_list a -filters_a_n 18,8 -output_h_filter a
expect 2 "filters_a_width" "$EDDYLINE" run r.yaml -output_dir x -filters_list a -filters_a_n 18,14 -filters_a_width 2 -output_h_filter a
expect 2 "subgrid_forcing" "$EDDYLINE" run r.yaml -output_dir x -filters_list a -filters_a_n 18,14 -output_h_filter a -output_h_fields subgrid_forcing
expect 2 "stream_function" "$EDDYLINE" run r.yaml -output_dir x -output_h_fields stream_function
expect 2 "all its components" "$EDDYLINE" run r.yaml -output_dir x -initial_type sine
expect 2 statistics_spectrum "$EDDYLINE" run r.yaml -output_dir x -statistics_spectrum true
expect 2 initial_configuration "$EDDYLINE" run r.yaml -output_dir x -initial_configuration 20
expect 2 "physics_type euler in disc_type fv does not accept; it accepts flux, face_interpolation" "$EDDYLINE" run r.yaml -output_dir x -closure_list c -closure_c_type smagorinsky
expect 2 "is for target face_interpolation" "$EDDYLINE" run r.yaml -output_dir x -closure_list c -closure_c_type smagorinsky -closure_c_face_order 2
[ ! -e x ] || fail "a refused case left files"
echo passed
