#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Long harness: damaged and wrong network files for SECONDS under the address and undefined-behaviour sanitizers, one process. Prints a line a minute, and
# at the end the number of files, how many load and run, the slowest one and the memory.      ci/fuzz.sh [SECONDS, default 3600] [seed, default of the test]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$ROOT"
"$ROOT/ci/setup.sh"
cmake --preset debug >/dev/null
cmake --build --preset debug --target check_onnx_fuzz >/dev/null
export EDDY_ONNX_FUZZ_SECONDS=${1:-3600}
[ -z "${2:-}" ] || export EDDY_ONNX_FUZZ_SEED=$2
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:fast_unwind_on_malloc=0} LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$ROOT/ci/lsan.supp:print_suppressions=0}
exec build/debug/tests/check_onnx_fuzz
