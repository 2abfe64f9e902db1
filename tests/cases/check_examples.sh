#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# Every example and every set is read by `check` without a note about an unused option, and solved at a reduced size.
set -euo pipefail
: "${EDDYLINE:?run through ctest}" "${SOURCE_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
bad=0
fail() {
  echo "FAILED $*"
  bad=$((bad + 1))
}

# The large-eddy simulations start from a set: a tiny one, made as examples/train makes it. Their networks are named from the top of the repository.
ln -s "$SOURCE_DIR/examples" examples
"$EDDYLINE" generate examples/train/make_data.yaml -mesh_n 64,64 -time_end 0.2 -output_set_start 0 -ensemble_rows 2 -ensemble_split 0,0,1 \
  -output_dir kolmogorov >set.log 2>&1 || { cat set.log; fail "examples/train/make_data.yaml"; }

count=0
for case in "$SOURCE_DIR"/examples/*.yaml "$SOURCE_DIR"/examples/study/*.yaml; do
  name=$(basename "$case" .yaml)
  count=$((count + 1))
  start=$SECONDS
  if ! "$EDDYLINE" check "$case" >check.log 2>&1; then
    cat check.log
    fail "check $name"
    continue
  fi
  if grep -i 'note:' check.log; then fail "check $name has notes"; fi
  # Reduced: a coarser grid, the last output time brought forward.
  if grep -q '^ensemble:' "$case"; then
    verb=generate
    reduced=(-ensemble_rows 3)
  else
    verb=run
    reduced=()
  fi
  case $name in
    01_ks) reduced+=(-time_end 10) ;;
    02_burgers) reduced+=(-mesh_n 512 -time_end 0.25 -output_h_times "0,0.25") ;;
    03_kdv) reduced+=(-mesh_n 128 -time_end 0.1 -output_h_times "0,0.1") ;;
    04_allen_cahn) reduced+=(-mesh_n "48,48" -time_end 2 -output_h_every 1 -output_p_every 1) ;;
    05_taylor_green) reduced+=(-mesh_n "24,24" -time_end 1) ;;
    06_kolmogorov) reduced+=(-mesh_n "32,32" -time_end 1 -output_p_every 1) ;;
    07_decaying_turbulence) reduced+=(-mesh_n "48,48" -time_end 1 -output_p_times "0,1") ;;
    08_fno) reduced+=(-mesh_n "32,32" -time_end 1) ;;
    09_smarl) reduced+=(-mesh_n "32,32" -time_end 1) ;;
    10_training_set) reduced+=(-mesh_n "48,48" -time_end 0.4 -output_set_start 0) ;;
    11_ks_set) reduced+=(-mesh_n 64 -time_end 2 -output_set_start 1) ;;
    12_resolution_ladder) reduced+=(-mesh_n "32,32" -time_end 1) ;;
    13_les_*) reduced=(-time_end 0.1) ;;
    15_riemann2d) reduced+=(-mesh_n "40,40" -time_end 0.1) ;;
    22_acoustic_scattering) reduced+=(-mesh_n "40,40" -time_end 0.2 -output_p_every 0.2) ;;
    24_swirl) reduced+=(-mesh_n "40,40" -time_end 0.5) ;;
    23_buckley_leverett) reduced+=(-mesh_n 100 -time_end 0.2) ;;
    17_shear_layers) reduced+=(-mesh_n "32,64" -time_end 0.5) ;;
    25_atmosphere) reduced+=(-mesh_n "32,32" -time_end 0.1) ;;
    26_double_mach) reduced+=(-mesh_n "48,12" -time_end 0.1) ;;
    16_radial_dam) reduced+=(-mesh_n "32,32" -time_end 0.2) ;;
    20_bow_shock) reduced+=(-mesh_n "24,16" -time_end 0.5 -output_flow_every 0.5) ;;
    21_wavy_vortex) reduced+=(-mesh_n "24,24" -time_end 0.5 -output_flow_every 0.5) ;;
    28_rotating_cylinders) reduced+=(-mesh_n "8,24" -time_end 0.5 -output_flow_every 0.5 -output_middle_every 0.5) ;;
    smarl_dns) reduced+=(-mesh_n "144,144" -time_end 0.2 -time_dt 2e-2 -output_full_start 0 -output_full_every 0.2 -output_les_start 0 -output_les_every 0.1 -statistics_start 0) ;;
    smarl_les) reduced+=(-initial_path smarl_dns/les_n64.hdf5 -time_end 10.2 -output_h_start 10 -output_h_every 0.1 -statistics_start 10) ;;
    18_monai) reduced+=(-mesh_n "49,31" -time_end 1 -output_h_times "0,1") ;;
    19_conical_island) reduced+=(-mesh_n "61,40" -time_end 1 -output_h_times "0,1") ;;
    *)
      fail "$name has no reduced size in tests/cases/check_examples.sh"
      continue
      ;;
  esac
  if ! "$EDDYLINE" "$verb" "$case" "${reduced[@]}" -output_dir "$name" -output_overwrite true >run.log 2>&1; then
    cat run.log
    fail "$verb $name"
    continue
  fi
  files=$(find "$name" -name '*.hdf5' | wc -l)
  [ "$files" -gt 0 ] || fail "$name wrote no .hdf5 file"
  [ -z "$(find "$name" -name '*.part')" ] || fail "$name left an unfinished file"
  printf '%-26s %-9s %2d file(s) %3d s\n' "$name" "$verb" "$files" $((SECONDS - start))
done
originals=0
# Sets: three rows on a coarse grid until a tenth of their time, and the loader of the examples reads what was written.
for case in "$SOURCE_DIR"/examples/sets/*.yaml; do
  name=$(basename "$case" .yaml)
  count=$((count + 1))
  if ! "$EDDYLINE" check "$case" >check.log 2>&1; then
    cat check.log
    fail "check $name"
    continue
  fi
  if grep -i 'note:' check.log; then fail "check $name has notes"; fi
  # The size of the original: the options that the head of the file states.
  while IFS= read -r line; do
    options=()
    eval "options=($line)"
    originals=$((originals + 1))
    if ! "$EDDYLINE" check "$case" "${options[@]}" >check.log 2>&1 </dev/null || grep -iq "note:.*command line" check.log; then
      cat check.log
      fail "check $name $line"
    fi
  done < <(sed '/^mesh:/,$d' "$case" | grep -o -- ' -[a-z]\+_.*$')
  dim=$(sed -n 's/^ *n: \[\([^]]*\)\].*/\1/p; s/^mesh:.* n: \[\([^]]*\)\].*/\1/p' "$case" | head -1 | tr -cd , | wc -c)
  coarse=("64" "24,24" "12,12,12")
  end=$(sed -n 's/^ *end: \([0-9.]*\).*/\1/p' "$case" | head -1)
  if ! "$EDDYLINE" generate "$case" -mesh_n "${coarse[$dim]}" -ensemble_rows 3 -time_end "$(awk "BEGIN {print $end / 10}")" \
    -output_set_every "$(awk "BEGIN {print $end / 20}")" -output_dir "$name" >run.log 2>&1; then
    cat run.log
    fail "generate $name"
    continue
  fi
  grep -q 'failed rows *0' run.log || { cat run.log; fail "$name has failed rows"; }
  files=$(find "$name" -name '*.hdf5' | wc -l)
  [ "$files" -gt 0 ] || fail "$name wrote no .hdf5 file"
done
echo "$count examples, $originals commands for original sizes, $bad failure(s)"
[ "$bad" -eq 0 ]
