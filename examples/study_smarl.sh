#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The forced turbulence that learned closures are tuned on, Re 20 000: direct simulation of three flows, large-eddy simulations of 10^5 steps with
# each closure, and the tables of docs/closures-a-posteriori.md.
#
#   examples/study_smarl.sh OUT dns                         the three direct simulations: half an hour on one core
#   examples/study_smarl.sh OUT scheme                      the stepper of these beside the published one, 1 T
#   examples/study_smarl.sh OUT les FLOW N [CLOSURE ...]    simulations on N^2 points, one after another; without names all classical closures
#   examples/study_smarl.sh OUT tables                      everything that is there
#
# FLOW: 4_0 4_20 25_0 (wavenumber of the forcing, beta). CLOSURE: a name of the function `options` below, or that of a file in examples/models.
# Runs that are there are not repeated. EDDYLINE names the program, NICE=10 its priority.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
EDDYLINE=${EDDYLINE:-$here/../build/release/eddyline}
[ $# -ge 2 ] || { sed -n 's/^# \{0,1\}//;3,12p' "$0"; exit 2; }
mkdir -p "$1"
cd "$1"
flows="4_0 4_20 25_0"
classical="none smagorinsky leith dynamic_smagorinsky dynamic_smagorinsky_positive dynamic_smagorinsky_local dynamic_leith_positive dynamic_leith_local \
  gradient spectral_viscosity hyperviscosity smagorinsky_backscatter"

# run DIR OPTIONS: one run, its output in DIR.log, processor seconds in DIR.cpu; a run that fails (exit code 3) is a result
run() {
  local dir=$1 code=0
  shift
  [ ! -e "$dir.cpu" ] || return 0
  rm -rf "$dir"
  TIMEFORMAT=%U
  { time nice -n "${NICE:-0}" "$EDDYLINE" run "$@" -output_dir "$dir" >"$dir.log" 2>&1 || code=$?; } 2>"$dir.time"
  [ $code -eq 0 ] || [ $code -eq 3 ] || { tail -n 3 "$dir.log" >&2; exit $code; }
  mv "$dir.time" "$dir.cpu"
  echo "$dir: exit code $code, $(cat "$dir.cpu") s of processor time"
}

flow() { echo "-physics_forcing_f_k ${1%_*} -physics_beta ${1#*_}"; }

dns() {
  local f path n end more
  for f in $flows; do
    path="-initial_type filtered_noise"
    for n in 128 256; do
      end=$((n == 128 ? 100 : 30))
      read -ra more <<<"$(flow "$f") $path"
      run "spin_${f}_$n" "$here/study/smarl_dns.yaml" "${more[@]}" -mesh_n $n,$n -time_end $end -statistics_start 0 \
        -output_list s -output_s_type h5 -output_s_times $end -output_s_fields vorticity -output_s_precision float64
      path="-initial_type file -initial_path spin_${f}_$n/s.hdf5"
    done
    read -ra more <<<"$(flow "$f") $path"
    run "dns_$f" "$here/study/smarl_dns.yaml" "${more[@]}" -time_end "$(awk -v f="$f" 'BEGIN { print f == "4_0" ? 110 : f == "4_20" ? 80 : 50 }')"
  done
}

# One T on 256^2: the steps of the direct simulations and the published scheme, with its step and half of it, beside ETDRK4 with the published step
scheme() {
  local s steps more
  for s in etdrk4_5e-4 etdrk4_cfl ab2cn_5e-4 ab2cn_2.5e-4; do
    steps="-time_type ${s%_*} -time_dt ${s#*_} -time_cfl 0"
    [ $s != etdrk4_cfl ] || steps=""
    read -ra more <<<"$(flow 4_0) $steps"
    run "scheme_$s" "$here/study/smarl_dns.yaml" "${more[@]}" -mesh_n 256,256 -initial_type file -initial_path spin_4_0_256/s.hdf5 -time_end 1 \
      -statistics_start 0 -output_list s -output_s_type h5 -output_s_every 0.25 -output_s_fields vorticity -output_s_precision float64
  done
  "$EDDYLINE" compare scheme_{etdrk4_5e-4,etdrk4_cfl,ab2cn_5e-4,ab2cn_2.5e-4}/s.hdf5 | sed -n '3,6p'
}

# The options of a closure by its name here
options() {
  case $1 in
    none) echo "-closure_type none" ;;
    smagorinsky) echo "" ;;
    leith) echo "-closure_les_type leith -closure_les_constant 0.17" ;;
    dynamic_smagorinsky | dynamic_leith) echo "-closure_les_type $1" ;;
    dynamic_*_positive | dynamic_*_local) echo "-closure_les_type ${1%_*} -closure_les_average ${1##*_}" ;;
    gradient) echo "-closure_les_type gradient -closure_les_constant 1 -closure_les_width 2" ;;
    spectral_viscosity) echo "-closure_les_type $1" ;;
    hyperviscosity) echo "-closure_les_type hyperviscosity -closure_les_order 4 -closure_les_rate 10" ;;
    smagorinsky_backscatter) echo "-closure_list les,b -closure_b_type backscatter -closure_b_rate 3e-3" ;;
    *) echo "-closure_les_type onnx -closure_les_model $here/models/$1.onnx" ;;
  esac
}

# Waves up to 25 have no place on 64^2 with the 2/3 rule: there the flow is solved by the 3/2 rule (|k| < 32), and its start and
# reference are the states of 128^2
source_of() { [ "$1/$2" = 25_0/64 ] && echo "dns_$1/les_n128.hdf5" || echo "dns_$1/les_n$2.hdf5"; }
dealias() { [ "$1/$2" != 25_0/64 ] || echo "-disc_dealias three_halves"; }

les() {
  local f=$1 n=$2 c more
  shift 2
  mkdir -p "les_${f}_$n"
  read -ra more <<<"$classical"
  [ $# -gt 0 ] || set -- "${more[@]}"
  for c in "$@"; do
    read -ra more <<<"$(flow "$f") $(options "$c") $(dealias "$f" "$n")"
    run "les_${f}_$n/$c" "$here/study/smarl_les.yaml" "${more[@]}" -mesh_n "$n,$n" -initial_path "$(source_of "$f" "$n")"
  done
}

# mean and standard error of energy and enstrophy of a diagnostics.csv from time $2 on, from means over batches of 10 T
batches() {
  awk -F, -v start="$2" '
    NR > 1 && $2 >= start - 1e-9 { b = int(($2 - start) / 10); e[b] += $4; z[b] += $5; n[b]++; last = b }
    END {
      for (b in n) if (n[b] >= 95) { m++; em += e[b] / n[b]; zm += z[b] / n[b]; ee += (e[b] / n[b])^2; zz += (z[b] / n[b])^2 }
      if (m < 2) { print "too short"; exit }
      em /= m; zm /= m
      printf "energy %.3f +- %.3f  enstrophy %.2f +- %.2f  (%d batches of 10 T)\n", em, sqrt((ee / m - em^2) / (m - 1)), zm, sqrt((zz / m - zm^2) / (m - 1)), m
    }' "$1/diagnostics.csv"
}

tables() {
  local f n d runs
  echo "Direct simulations"
  for f in $flows; do
    [ -e "dns_$f.cpu" ] || continue
    printf '  %-6s %s  %s s\n' "$f" "$(batches "dns_$f" 10)" "$(cat "dns_$f.cpu")"
    "$EDDYLINE" compare "dns_$f/full.hdf5" "dns_$f/les_n128.hdf5" "dns_$f/les_n64.hdf5" | sed -n '/^ *set .*kurtosis/,/^$/p'
  done
  for f in $flows; do
    for n in 64 128; do
      [ -d "les_${f}_$n" ] || continue
      printf '\nLarge-eddy simulations of flow %s on %s^2\n' "$f" "$n"
      runs=()
      for d in "les_${f}_$n"/*.cpu; do
        d=${d%.cpu}
        printf '  %-30s %8d steps  %9.4f ms a step  %s\n' "$(basename "$d")" "$(steps "$d")" \
          "$(echo "$(cat "$d.cpu") $(steps "$d")" | awk '{print 1e3 * $1 / $2}')" "$(batches "$d" 20)"
        [ ! -e "$d/h.hdf5" ] || [ "$(steps "$d")" -lt 100000 ] || runs+=("$d/h.hdf5")
      done
      [ ${#runs[@]} -eq 0 ] || "$EDDYLINE" compare "$(source_of "$f" "$n")" "${runs[@]}" -output "compare_${f}_$n" -output_overwrite yes |
        sed -n '/^Each/,$p'
    done
  done
}
steps() { awk -F, 'END { print $1 }' "$1/diagnostics.csv"; }

stage=$2
shift 2
case $stage in
  dns | scheme | les | tables) "$stage" "$@" ;;
  *) echo "unknown stage $stage" >&2; exit 2 ;;
esac
