#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# ci/bench.sh [GROUP ...] [--json FILE]: measures, never judges. Groups: spectral2d closure fv io (default: all).
# Prints a table of flat keys beside targets; milliseconds stand beside ratios. Baselines: FFTW patient, the faster of in and out of place.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/common.sh
. ci/common.sh
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
json=
groups=()
while [ $# -gt 0 ]; do
  case $1 in
  --json) json=$2; shift 2 ;;
  spectral2d | closure | fv | io) groups+=("$1"); shift ;;
  *) echo "bench.sh: unknown group $1; groups: spectral2d closure fv io" >&2; exit 2 ;;
  esac
done
[ ${#groups[@]} -gt 0 ] || groups=(spectral2d closure fv io)
cmake --preset release >/dev/null
cmake --build --preset release >/dev/null
bin=build/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=$work/results
: >"$results"

put() { # key value target note
  printf '%s %s\n' "$1" "$2" >>"$results"
  printf '%-38s %10s   %-12s %s\n' "$1" "$2" "${3:-}" "${4:-}"
}
get() { awk -v k="$2" '$1 == k { print $2 }' "$1"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc --all) processors, $(gcc --version | head -n 1)"
$bin/eddyline info | grep -iE 'simd|fftw' || true

spectral2d() {
  local n target two one two_ms
  for n in 256 512 1024 2048; do
    case $n in 256 | 512) target='<= 0.80' ;; 1024) target='<= 0.70' ;; *) target='<= 0.55' ;; esac
    $bin/bench_spectral2d $n 1 >"$work/$n"
    put "spectral2d.rhs_over_fft.$n" "$(get "$work/$n" rhs_over_fft)" "$target" "rhs $(get "$work/$n" rhs_ms) ms; four FFTs out $(get "$work/$n" fft_out_ms), in place $(get "$work/$n" fft_in_ms) ms; bare transforms $(get "$work/$n" bare_over_fft)"
    put "spectral2d.share_transforms.$n" "$(get "$work/$n" share_transforms)" "" "transposes $(get "$work/$n" share_transposes), modes and products $(get "$work/$n" share_modes_products)"
  done
  put spectral2d.etdrk4_over_rhs.512 "$(get "$work/512" etdrk4_over_rhs)" "<= 1.15" "step $(get "$work/512" step_ms) ms"
  for n in 512 1024; do
    : >"$work/speedup"
    for _ in 1 2 3; do
      $bin/bench_spectral2d $n 0 >"$work/one"
      mpirun -n 2 --bind-to core $bin/bench_spectral2d $n 0 >"$work/two"
      one=$(get "$work/one" step_ms)
      two=$(get "$work/two" step_ms)
      awk -v a="$one" -v b="$two" 'BEGIN { print a / b }' >>"$work/speedup"
      two_ms=$two
    done
    put "spectral2d.speedup2.$n" "$(median <"$work/speedup")" ">= 1.7" "ETDRK4 step on two ranks $two_ms ms"
  done
}

# Networks on one core: part of the FMA peak measured between the runs, and times faster than libtorch at its best where Debian's is installed.
closure() {
  local case precision target times
  $bin/bench_closure >"$work/closure"
  /usr/bin/python3 ci/bench/bench_torch.py >"$work/torch" 2>/dev/null || : >"$work/torch"
  echo "libtorch: $(get "$work/torch" version | grep . || echo n/a)"
  for case in mlp_tanh mlp_relu cnn3 cnn5; do
    for precision in f64 f32; do
      case $case.$precision in mlp_tanh.f64) target='>= 0.50' times='>= 4' ;; mlp_tanh.f32) target='>= 0.55' times= ;; mlp_relu.*) target='>= 0.85' times= ;; cnn*.f64) target='>= 0.80' times='>= 10' ;; *) target='>= 0.80' times= ;; esac
      put "closure.$case.$precision.peak_fraction" "$(get "$work/closure" "$case.$precision.peak_fraction")" "$target" "$(get "$work/closure" "$case.$precision.gflops") of $(get "$work/closure" "$case.$precision.peak_gflops") GF/s, $(get "$work/closure" "$case.$precision.ms") ms"
      if [ -s "$work/torch" ]; then
        put "closure.$case.$precision.over_libtorch" "$(awk -v a="$(get "$work/torch" "$case.$precision.ms")" -v b="$(get "$work/closure" "$case.$precision.ms")" 'BEGIN { printf "%.2f", a / b }')" "$times" "libtorch $(get "$work/torch" "$case.$precision.ms") ms"
      else
        printf '%-38s %10s\n' "closure.$case.$precision.over_libtorch" n/a
      fi
    done
  done
  for precision in f64 f32; do
    put "closure.mlp_tanh.$precision.call_us" "$(get "$work/closure" "mlp_tanh.$precision.call_us")" "<= 1" "what 64 cells cost beyond their share of a large block, microseconds"
  done
  local net n
  for net in mlp cnn; do
    for n in 64 256; do
      $bin/bench_guard examples/models/${net}_gauss_s0.onnx $n >"$work/guard"
      put "closure.guard_overhead.$net.$n" "$(get "$work/guard" overhead)" "<= 5 %" "percent of the network's own time; guards $(get "$work/guard" guard_ms) ms, network $(get "$work/guard" apply_ms) ms of a right-hand side of $(get "$work/guard" rhs_ms) ms"
    done
  done
}

# Share of wall time spent in output at one snapshot per 20 steps, from the program's own summary.
io() {
  local n steps
  for n in 256 512 64; do
    steps=$((n == 64 ? 4000 : n == 256 ? 800 : 200))
    cat >"$work/io_$n.yaml" <<CASE
mesh: {type: box, n: [$n, $n], upper: [2pi, 2pi]}
physics: {type: ns2d, nu: 1e-3}
initial: {type: filtered_noise}
time: {type: etdrk4, dt: 1e-3, end: $(awk -v s=$steps 'BEGIN { print s * 1e-3 }')}
output: {list: [h], h: {type: h5, every: 2e-2}}
CASE
    for _ in 1 2 3; do
      $bin/eddyline run "$work/io_$n.yaml" -output_dir "$work/io_$n" -output_overwrite true >"$work/log"
      sed -n 's/.*output share[^0-9]*\([0-9.eE+-]*\).*/\1/p' "$work/log" | tail -n 1
    done >"$work/share"
    put "io.share.$n" "$(median <"$work/share")" "$([ $n = 64 ] && echo '<= 10 %' || echo '<= 1 %')" "percent of wall time, one snapshot per 20 steps, 2-D ${n}^2"
  done
  put io.share "$(awk '$1 == "io.share.256" { print $2 }' "$results")" "<= 1 %" "percent, at 256^2"
}

# Whole steps by finite volumes, cells per second of processor time; Athena++ figures of one core beside the targets.
fv() {
  local key target one two
  $bin/bench_fv >"$work/fv"
  for key in $(sed -n 's/\.zones_per_s .*//p' "$work/fv"); do
    case $key in
    euler2d_256.muscl) target='>= 4.0e7' ;;
    euler2d_512.muscl) target='>= 2.7e7' ;;
    *.mapped | *_waves | *_switch | *_scalars.*) target= ;;
    euler2d_*) target='>= 1e7' ;;
    euler3d_64.muscl) target='>= 2e7' ;;
    euler3d_*) target='>= 5e6' ;;
    *) target= ;;
    esac
    put "fv.$key.zones_per_s" "$(get "$work/fv" "$key.zones_per_s")" "$target" "step $(get "$work/fv" "$key.step_ms") ms, best $(get "$work/fv" "$key.best_zones_per_s"); $(get "$work/fv" "$key.bytes_per_zone") bytes per zone, $(get "$work/fv" "$key.gbytes_per_s") GB/s$(athena "$key")"
    bound "$key"
  done
  put fv.euler2d_256.mapped_over_cartesian "$(awk '$1 == "euler2d_256.mapped.zones_per_s" { m = $2 } $1 == "euler2d_256.muscl.zones_per_s" { c = $2 } END { print m / c }' "$work/fv")" ">= 0.6" "wavy grid over the box, the same scheme"
  put fv.navier_stokes2d_256.mapped_over_cartesian "$(awk '$1 == "navier_stokes2d_256.mapped.zones_per_s" { m = $2 } $1 == "navier_stokes2d_256.muscl.zones_per_s" { c = $2 } END { print m / c }' "$work/fv")" "" "wavy grid over the box, the same scheme"
  put fv.euler3d_64.mapped_over_cartesian "$(awk '$1 == "euler3d_64.mapped.zones_per_s" { m = $2 } $1 == "euler3d_64.muscl.zones_per_s" { c = $2 } END { print m / c }' "$work/fv")" "" "wavy grid over the box, the same scheme"
  one=$(mpirun -n 1 --bind-to core $bin/bench_fv wall | awk '$1 == "euler2d_256.muscl.step_ms" { print $2 }')
  two=$(mpirun -n 2 --bind-to core $bin/bench_fv wall | awk '$1 == "euler2d_256.muscl.step_ms" { print $2 }')
  put fv.speedup2.256 "$(awk -v a="$one" -v b="$two" 'BEGIN { print a / b }')" ">= 1.8" "step on two ranks $two ms, on one $one ms"
}
# Shares of three ceilings measured in the run: a copy between two arrays of the size of the state, FMA, the divider. What is near none of them is bound by instructions that count as no arithmetic (loads, stores,
# selections) and by the nearer caches.
bound() {
  awk -v key="$1" -v copy="$(get "$work/fv" "$1.copy_gbytes_per_s")" -v peak="$(get "$work/fv" fma_gflops)" '
    $1 == key ".gbytes_per_s" { m = 100 * $2 / copy }
    $1 == key ".flops_per_zone" { n = $2 }
    $1 == key ".fma_percent" { f = $2 }
    $1 == key ".divider_percent" { d = $2 }
    END {
      printf "  %.0f %% of a copy (%.3g GB/s)", m, copy
      if (n) printf ", %.0f %% of the FMA peak (%d flops per zone, %.4g GF/s), %.0f %% of the divider", f, n, peak, d
      else printf ", flops not counted"
      what = "memory"; most = m
      if (f > most) { what = "arithmetic"; most = f }
      if (d > most) { what = "the divider"; most = d }
      if (most >= 50) print "; bound by " what
      else print n ? "; none of them binds: loads, stores and selections in the near caches" : ""
    }' "$work/fv"
}
athena() {
  case $1 in
  euler2d_256.muscl) echo '; Athena++ 1.02e7' ;;
  euler2d_512.muscl) echo '; Athena++ 8.3e6' ;;
  euler2d_256.ppm) echo '; Athena++ 1.7e6' ;;
  euler3d_64.muscl) echo '; Athena++ 5.0e6' ;;
  euler3d_64.ppm) echo '; Athena++ 1.07e6' ;;
  esac
}

for group in "${groups[@]}"; do
  echo "== $group"
  $group
done
if [ -n "$json" ]; then
  awk 'BEGIN { print "{" } { printf "%s  \"%s\": %s", (NR > 1 ? ",\n" : ""), $1, $2 } END { print "\n}" }' "$results" >"$json"
fi
