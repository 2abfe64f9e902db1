#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Learned reconstruction against MUSCL, PPM and WENO5, at the same grid and at the same cost; docs/closures-reconstruction.md.
#
#   examples/learned_reconstruction.sh OUT advection|burgers     some minutes of one core; OUT/LAW.csv and the table of it
#
# Rows no network has seen (seed 2027, 16 of them). Errors against averages of WENO5 on 1024 cells, on 64 cells, mean over rows, relative, L1 and L2 at the end.
# Cost: processor time of one step, the least of three measurements of 1000000 steps of 64 cells (100000 with a network), times the steps of a run.
# Networks: net0, net1, ... give weights at every stage (reconstruction_LAW_sSEED.onnx), flux0, ... a flux once per step (flux_LAW_sSEED.onnx), of ../models or of MODELS.
# EDDYLINE names the program, GRIDS the grids of the classical schemes, NETS the networks; ROWS, STEPS and FINE reduce a trial.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
EDDYLINE=${EDDYLINE:-$here/../build/release/eddyline}
[ $# = 2 ] || { sed -n 's/^# \{0,1\}//;3,9p' "$0"; exit 2; }
law=$2
case $law in
  advection) courant=0.4 ;; # dt n
  burgers) courant=0.2 ;;   # |u| is up to 2.3
  *) echo "no law $law: advection or burgers"; exit 2 ;;
esac
mkdir -p "$1/$law"
cd "$1/$law"
GRIDS=${GRIDS:-64 128 256}
ROWS=${ROWS:-16}
STEPS=${STEPS:-1000000}
FINE=${FINE:-1024}
models=${MODELS:-$here/models}
base=$here/train/reconstruction_$law.yaml
export OMP_NUM_THREADS=1
END=0.5

# options NAME N: of a scheme or a network on N cells
options() {
  local net=${1%_*} more="" kind
  echo "-mesh_n $2 -time_cfl 0 -time_dt $(awk -v c=$courant -v n="$2" 'BEGIN { printf "%.17g", c / n }')"
  case $1 in
    net*) kind=reconstruction ;;
    flux*) kind=flux more="-closure_net_every step" ;;
    *) echo "-disc_reconstruction $1"
      return ;;
  esac
  if [ "$1" != "${1%_step}" ]; then more="-closure_net_every step"; fi
  if [ "$1" != "${1%_mixed}" ]; then more="$more -closure_net_precision mixed"; fi
  echo "-disc_reconstruction muscl -closure_list net -closure_net_type onnx -closure_net_model $models/${kind}_${law}_s${net//[a-z]/}.onnx $more"
}

solve() { # NAME N
  # shellcheck disable=SC2046
  [ -e "$1_$2/set_coarse/SHA256SUMS" ] || "$EDDYLINE" generate "$base" $(options "$1" "$2") -ensemble_rows "$ROWS" -ensemble_seed 2027 -ensemble_split 0,0,1 \
    -time_end "$END" -output_set_every 0.1 -output_set_precision float64 -output_dir "$1_$2" >"$1_$2.log" 2>&1 || { cat "$1_$2.log"; exit 1; }
}

seconds() { # processor time of a single run: NAME N STEPS
  TIMEFORMAT=%U
  local dt
  dt=$(awk -v c=$courant -v n="$2" 'BEGIN { printf "%.17g", c / n }')
  # shellcheck disable=SC2046
  { time "$EDDYLINE" run "$base" $(options "$1" "$2") -output_list "" -ensemble_rows 1 -time_end "$(awk -v d="$dt" -v s="$3" 'BEGIN { print d * s }')" \
    -output_dir cost -output_overwrite yes >cost.log 2>&1; } 2>cost.time || { cat cost.log; exit 1; }
  cat cost.time
}

microseconds() { # of a step: NAME N
  local many=$((STEPS * 64 / $2))
  case $1 in net* | flux*) many=$((many / 10)) ;; esac
  for _ in 1 2 3; do echo "$(seconds "$1" "$2" "$((many / 100))") $(seconds "$1" "$2" "$many")"; done |
    awk -v s="$many" '{ if (NR == 1 || $1 < few) few = $1; if (NR == 1 || $2 < all) all = $2 } END { printf "%.2f", (all - few) / (0.99 * s) * 1e6; exit !(all > few) }'
}

solve weno5 "$FINE"
[ -e "../$law.csv" ] || echo "scheme,cells,L2,L1,us_per_step,ms_per_T" >"../$law.csv"
row() { # NAME N; what is there is kept
  if grep "^$1,$2," "../$law.csv"; then return; fi
  solve "$1" "$2"
  local errors cost
  errors=$("$EDDYLINE" compare "weno5_$FINE/set_coarse" "$1_$2/set_coarse" -split test -output "score_$1_$2" -output_overwrite yes |
    awk -v r="$1_$2/set_coarse" '$1 == r && !n++ { print $(NF - 1) "," $NF }')
  cost=$(microseconds "$1" "$2")
  echo "$1,$2,$errors,$cost,$(awk -v u="$cost" -v n="$2" -v c=$courant 'BEGIN { printf "%.3g", u * n / c / 1e3 }')" | tee -a "../$law.csv"
}
for n in $GRIDS; do
  for scheme in muscl ppm weno5; do row $scheme "$n"; done
done
for net in ${NETS:-net0 net1 net2 net0_mixed net0_step flux0 flux1 flux2}; do row "$net" 64; done
