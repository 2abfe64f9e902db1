#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a network gone wrong does to a long run: examples/study/bad_network.c inside 10^5 steps of forced turbulence on 64^2, with the default guards
# (the run goes on, the energy stays bounded, each bad point is counted), without a closure for comparison, under closure_strict (stops at once),
# and with rejection (every step is taken again with a classical closure).
#   examples/study_bad_network.sh OUT [STEPS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
EDDYLINE=${EDDYLINE:-$here/../build/release/eddyline}
[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//;3,7p' "$0"; exit 2; }
mkdir -p "$1"
cd "$1"
steps=${2:-100000}
end=$(awk -v n="$steps" 'BEGIN { print n * 5e-3 }')
${CC:-cc} -std=c11 -O2 -shared -fPIC -I "$here/../closures" "$here/study/bad_network.c" -o bad_network.so -lm
cat >case.yaml <<YAML
mesh:    {type: box, n: [64, 64], upper: [2pi, 2pi]}
physics: {type: ns2d, nu: 1e-3, drag: 0.1, forcing: {list: [f], f: {type: kolmogorov, k: 4}}}
initial: {type: filtered_noise, peak: 4, max_speed: 7}
closure: {list: [net], net: {type: plugin, library: ./bad_network.so}}
time:    {type: ab2cn, dt: 5e-3, end: $end}
output:  {list: [h], h: {type: h5, times: [$end], fields: [vorticity, closure_flag]}}
YAML
try() { # name, options
  local name=$1 code=0
  shift
  "$EDDYLINE" run case.yaml -output_dir "$name" -output_overwrite true "$@" >"$name.log" 2>&1 || code=$?
  echo "$name: exit code $code"
  grep -E "^  (time|steps|closure) |closure net:" "$name.log" || true
  awk -F, 'NR == 1 { for (c = 1; c <= NF; ++c) if ($c == "energy") e = c } NR > 1 { if (NR == 2 || $e > most) most = $e; last = $e }
    END { if (NR > 1) printf "  energy            largest %.3f, last %.3f\n", most, last }' "$name/diagnostics.csv"
}
try none -closure_type none -output_h_fields vorticity
try guarded
try rejected -closure_net_guard_fallback smagorinsky -closure_net_guard_reject 0.001
try strict -closure_strict
