#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Time to accuracy: how long a coarse simulation follows the fine one, and what it costs. Direct simulations on 64^2 to 256^2 and large-eddy
# simulations on 64^2 with each closure, six held-out flows of examples/train, reference 512^2; docs/closures-a-posteriori.md.
#
#   examples/study_ladder.sh OUT reference         start on 256^2 to t = 6, then 10 T on 512^2: a quarter of an hour on one core
#   examples/study_ladder.sh OUT dns [N ...]       the ladder, from the states at t = 6 on N^2
#   examples/study_ladder.sh OUT les [CLOSURE ...] from the filtered states at t = 6 on 64^2
#   examples/study_ladder.sh OUT table             scores and processor times, and pictures
#
# CLOSURE: a name of the function `options` below, or that of a file in examples/models, with _mixed for single-precision products or _step for
# one evaluation a step. One rank, so that processor time is that of one core. EDDYLINE names the program, NICE=10 its priority.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
EDDYLINE=${EDDYLINE:-$here/../build/release/eddyline}
[ $# -ge 2 ] || { sed -n 's/^# \{0,1\}//;3,12p' "$0"; exit 2; }
mkdir -p "$1"
cd "$1"
ROWS=${ROWS:-18:23} # the test split of examples/train/make_data.yaml
FINE=${FINE:-512}
START=${START:-256}
ladder="64 80 96 128 160 192 256"
closures="none smagorinsky leith dynamic_smagorinsky_local dynamic_smagorinsky_positive gradient spectral_viscosity \
  mlp_gauss_s0 mlp_gauss_s1 mlp_gauss_s2 cnn_gauss_s0 cnn_gauss_s1 cnn_gauss_s2 cnn_gauss_s0_step cnn_gauss_s0_mixed"

# make DIR OPTIONS: one set, processor seconds in DIR.cpu
make() {
  local dir=$1
  shift
  [ ! -e "$dir.cpu" ] || return 0
  TIMEFORMAT=%U
  { time nice -n "${NICE:-0}" "$EDDYLINE" generate "$@" -output_dir "$dir" >"$dir.log" 2>&1; } 2>"$dir.time" || { tail -n 3 "$dir.log" "$dir.time"; exit 1; }
  mv "$dir.time" "$dir.cpu"
  echo "$dir: $(cat "$dir.cpu") s of processor time"
}

data=$here/train/make_data.yaml
# steps of 0.64/N: a Courant number of about 0.6 in all runs of the ladder, and the 0.01 of the large-eddy simulations
fine() { echo "-mesh_n $1,$1 -time_cfl 0 -time_dt $(awk -v n="$1" 'BEGIN { print .64 / n }') -ensemble_from start/full -ensemble_split test -time_end 10 \
  -filters_list gauss -output_set_filter gauss -output_set_fields vorticity"; }

reference() {
  make start "$data" -mesh_n "$START,$START" -ensemble_rows "$ROWS" -time_end 6 -output_list full -output_full_type h5 -output_full_times 6 \
    -output_full_fields vorticity -output_full_precision float64
  dns "$FINE"
}

dns() {
  local n more
  read -ra more <<<"$ladder"
  [ $# -gt 0 ] || set -- "${more[@]}"
  for n in "$@"; do
    read -ra more <<<"$(fine "$n")"
    make "dns_$n" "$data" "${more[@]}"
  done
}

options() {
  local name=$1
  case $name in
    none) echo "-closure_type none" ;;
    smagorinsky) echo "" ;;
    leith) echo "-closure_les_type leith -closure_les_constant 0.17" ;;
    dynamic_*_positive | dynamic_*_local) echo "-closure_les_type ${1%_*} -closure_les_average ${1##*_}" ;;
    gradient) echo "-closure_les_type gradient -closure_les_constant 1 -closure_les_width 2" ;;
    spectral_viscosity) echo "-closure_les_type spectral_viscosity" ;;
    *_step) echo "$(options "${name%_step}") -closure_les_every step" ;;
    *_mixed) echo "$(options "${name%_mixed}") -closure_les_precision mixed" ;;
    *) echo "-closure_les_type onnx -closure_les_model $here/models/$name.onnx" ;;
  esac
}

les() {
  local c more
  read -ra more <<<"$closures"
  [ $# -gt 0 ] || set -- "${more[@]}"
  for c in "$@"; do
    read -ra more <<<"$(options "$c")"
    make "les_$c" "$here/13_les_smagorinsky.yaml" "${more[@]}" -ensemble_from "dns_$FINE/set_gauss"
  done
}

# One line per run: name, seconds of processor time per T and flow, correlation times; ladder.csv and ladder.png
table() {
  local name runs=()
  for name in $(names); do
    [ "$name" = "dns_$FINE" ] || runs+=("$(set_of "$name")")
  done
  "$EDDYLINE" compare "dns_$FINE/set_gauss" "${runs[@]}" -split test -match_parameters no -output scores -output_overwrite yes >compare.txt
  cat compare.txt
  echo
  echo "Processor time for 1 T of one flow [s], and correlation times"
  echo "processor time for 1 T [s],direct,classical,network" >ladder.csv
  for name in $(names); do
    awk -v name="$name" -v label="$(set_of "$name")" -v cpu="$(cat "$name.cpu")" -v rows="$(rows)" '
      { sub(/^ +/, "") }
      $1 == label && $3 == "x" && !done {
        done = 1
        t = $6 == ">" ? $7 : $6
        s = cpu / rows / 10
        rest = $0
        sub(/^[^ ]+ +[0-9]+ x [0-9]+ +[0-9]+ +/, "", rest)
        printf "  %-30s %9.4f   %s\n", name, s, rest
        column = name ~ /^dns/ ? 1 : name ~ /cnn|mlp/ ? 3 : 2
        line = s
        for (c = 1; c <= 3; ++c) line = line "," (c == column ? t : "")
        print line >>"ladder.csv"
        if (column > 1) print s ",,," >>"ladder.csv" # no line between these points
      }' compare.txt
  done
  "$EDDYLINE" plot ladder.csv -together "T(0.95) [T]" -log x -output ladder.png
}
# the ladder in the order of its grids, then the closures
names() {
  local f
  for f in dns_*.cpu; do echo "${f%.cpu}"; done | sort -t_ -k2n
  for f in les_*.cpu; do echo "${f%.cpu}"; done
}
set_of() { case $1 in dns_*) echo "$1/set_gauss" ;; *) echo "$1/h" ;; esac }
rows() { grep -c . "dns_$FINE/set_gauss/manifest.jsonl"; }

stage=$2
shift 2
case $stage in
  reference | dns | les | table) "$stage" "$@" ;;
  *) echo "unknown stage $stage" >&2; exit 2 ;;
esac
