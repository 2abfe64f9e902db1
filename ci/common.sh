# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Sourced by every script of this folder: paths, the environment MPI needs, small helpers.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT
JOBS=${JOBS:-$(nproc --all)}

# OpenMPI: containers run as root, have fewer cores than ranks, and may pin all ranks to core 0.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
export OMPI_MCA_btl_base_warn_component_unused=0
# One rank is one thread, also inside BLAS.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

say() { printf '\n== %s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# build PRESET: configures when needed, then builds; quiet unless it fails.
build() {
  local log
  log=$(mktemp)
  cd "$ROOT"
  if cmake --preset "$1" >"$log" 2>&1 && cmake --build --preset "$1" -j "$JOBS" >>"$log" 2>&1; then
    grep -E 'warning:' "$log" || true
    rm -f "$log"
  else
    cat "$log"
    rm -f "$log"
    return 1
  fi
}
