#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Everything that must hold, from a fresh clone: about sixteen minutes on two cores. Exit 0 only if every step passed.
# Every step runs even if one before it failed (a failed build ends it); the table of steps and ctest's own closing
# lines come last. TIDY_SECONDS bounds clang-tidy (default 200), TIDY_BASE=COMMIT checks only files changed since.
# shellcheck disable=SC2317 # functions are called through step
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$ROOT"
LOGS=build/test-logs
EDDYLINE=build/release/eddyline
DEBUG=build/debug/eddyline
TABLE=()
FAILED=0

# step NAME COMMAND...: runs it with its output in a log; shows the log only on failure.
step() {
  local name=$1 start=$SECONDS result=ok
  shift
  printf '%-34s ' "$name"
  mkdir -p "$LOGS"
  if ! "$@" >"$LOGS/$name.log" 2>&1; then
    result=FAILED
    FAILED=1
  fi
  printf '%-7s %4d s\n' "$result" $((SECONDS - start))
  TABLE+=("$(printf '%-34s %-7s %4d s' "$name" "$result" $((SECONDS - start)))")
  if [ "$result" = FAILED ]; then
    tail -n 60 "$LOGS/$name.log" | sed 's/^/    /'
    return 1
  fi
}

format() {
  git ls-files -- '*.c' '*.h' | xargs -r clang-format --dry-run -Werror
}

# Every key in brackets, such as [Author1999], must be in docs/references.bib.
references() {
  local missing
  missing=$(git grep -hoE '\b[A-Z][A-Za-z]+(18|19|20)[0-9]{2}\b' -- '*.c' '*.h' '*.def' 'examples/*' 'docs/*.md' | grep -v '^SC' | sort -u |
    grep -vxF -f <(sed -nE 's/^@[a-z]+\{([A-Za-z0-9]+),.*/\1/p' docs/references.bib) || true)
  [ -z "$missing" ] || { echo "not in docs/references.bib: $missing"; return 1; }
}

shell_scripts() {
  command -v shellcheck >/dev/null || { echo "shellcheck is not installed: skipped"; return 0; }
  git ls-files -- '*.sh' .ci/run | xargs -r shellcheck -x -S warning
}

# Hot files have three compile commands: the first one is enough. clang lacks gcc's __builtin_shuffle. Files reached after the budget are named, not checked.
tidy() {
  local files deadline=$(($(date +%s) + ${TIDY_SECONDS:-200}))
  mkdir -p build/tidy
  awk '/^\{/ { entry = "" } /^[ {]/ { entry = entry $0 "\n" } /"file":/ { file = $0 }
       /^\}/ && !seen[file]++ { list = list separator entry "}"; separator = ",\n" }
       END { print "[\n" list "\n]" }' build/release/compile_commands.json >build/tidy/compile_commands.json
  if [ -n "${TIDY_BASE:-}" ]; then
    files=$(git diff --name-only --diff-filter=d "$TIDY_BASE" -- 'src/*.c' 'mesh/*.c' 'physics/*.c' 'closures/*.c' 'io/*.c')
  else
    files=$(git ls-files -- 'src/*.c' 'mesh/*.c' 'physics/*.c' 'closures/*.c' 'io/*.c')
  fi
  # shellcheck disable=SC2016 # expanded by the inner shell: $0 deadline, $1 file
  printf '%s' "$files" | xargs -r -P "$JOBS" -n 1 bash -c '
    if [ "$(date +%s)" -ge "$0" ]; then echo "no time left for $1"; exit 0; fi
    clang-tidy --quiet -p build/tidy --extra-arg="-D__builtin_shuffle(a,b,mask)=(a)" "$1" 2>/dev/null' "$deadline"
}

# One short run with leak checking: a trivial MPI program leaks inside its libraries, ci/lsan.supp lists those.
leaks() {
  local out
  out=$(mktemp -d)
  ASAN_OPTIONS=detect_leaks=1:fast_unwind_on_malloc=0 LSAN_OPTIONS=suppressions=$ROOT/ci/lsan.supp:print_suppressions=0 \
    mpirun -n 2 "$DEBUG" run examples/01_ks.yaml -mesh_n 64 -time_end 1 -output_dir "$out/run"
  rm -rf "$out"
}

check_examples_read() {
  local file
  for file in examples/*.yaml; do
    grep -q "^  from:" "$file" && continue # starts from a set that is not there yet
    echo "-- $file"
    "$EDDYLINE" check "$file" || return 1
  done
}

# ctest_part NAME PRESET_DIR ARGS...: keeps the closing lines for the end.
ctest_part() {
  local name=$1 folder=$2
  shift 2
  ctest --test-dir "$folder" -j2 --output-on-failure "$@" >"$LOGS/$name.ctest" 2>&1 || {
    cat "$LOGS/$name.ctest"
    return 1
  }
}
debug_tests() { ctest_part debug build/debug -L fast; }
release_tests() { ctest_part release build/release; }

closing_lines() {
  local name=$1
  [ -f "$LOGS/$name.ctest" ] || return 0
  say "ctest, $name"
  sed -n '/tests passed,/,$p' "$LOGS/$name.ctest"
}

finish() {
  say "steps"
  printf '%s\n' "${TABLE[@]}"
  printf '%-34s %-7s %4d s\n' total "$([ $FAILED -eq 0 ] && echo ok || echo FAILED)" $SECONDS
  closing_lines debug
  closing_lines release
  exit $FAILED
}

"$ROOT/ci/setup.sh" || exit 1
rm -rf "$LOGS"
step format format || true
step layers ./ci/layers.sh || true
step references references || true
step shellcheck shell_scripts || true
step build-release build release || finish
step build-debug build debug || finish
step tests-debug-fast debug_tests || true
step leaks leaks || true
step tests-release-all release_tests || true
step examples-check check_examples_read || true
step clang-tidy tidy || true
finish
