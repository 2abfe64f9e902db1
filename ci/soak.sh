#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Long harness: `generate` is killed (SIGKILL, every rank) at KILLS random instants, then run again until it is done.
# After each kill every .part file must open with all its counted snapshots; at the end the SHA-256 list must be
# that of an undisturbed run.       ci/soak.sh [KILLS, default 100] [RANKS, default 2] [seed, default 1]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
KILLS=${1:-100}
RANKS=${2:-2}
RANDOM=${3:-1}
CASE=$ROOT/examples/11_ks_set.yaml
EDDYLINE=$ROOT/build/release/eddyline

"$ROOT/ci/setup.sh"
command -v h5dump >/dev/null || die "h5dump is needed to look into unfinished files: apt-get install hdf5-tools"
build release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

generate() { mpirun -n "$RANKS" "$EDDYLINE" generate "$CASE" -output_dir "$1"; }

say "undisturbed run"
start=$(date +%s%N)
generate calm >calm.log 2>&1 || { cat calm.log; die "the undisturbed run failed"; }
span=$((($(date +%s%N) - start) / 1000000))
(cd calm && sha256sum ./*/SHA256SUMS) >sums
echo "$span ms, $(cat calm/*/SHA256SUMS | wc -l) files"

bad=0
for ((kill = 1; kill <= KILLS; ++kill)); do
  rm -rf shaken
  delay=$(((RANDOM * 32768 + RANDOM) % span))
  mpirun -n "$RANKS" "$EDDYLINE" generate "$CASE" -output_dir shaken >shaken.log 2>&1 &
  leader=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  # Collect the processes of this run first, then kill all of them at once.
  tree=$leader
  grow=$leader
  while grow=$(ps -o pid= --ppid "$(tr ' ' ',' <<<"$grow")" | xargs) && [ -n "$grow" ]; do tree="$tree $grow"; done
  # shellcheck disable=SC2086
  kill -KILL $tree 2>/dev/null || true
  wait "$leader" 2>/dev/null || true

  opened=0
  while IFS= read -r file; do
    if ! h5dump -H "$file" >/dev/null 2>&1; then
      echo "kill $kill at $delay ms: $file does not open"
      bad=$((bad + 1))
    fi
    opened=$((opened + 1))
  done < <(find shaken -name '*.part' 2>/dev/null)
  if ! generate shaken >resume.log 2>&1; then
    tail -n 5 resume.log
    echo "kill $kill at $delay ms: the resumed run failed"
    bad=$((bad + 1))
  elif ! (cd shaken && sha256sum --quiet -c ../sums && for f in */SHA256SUMS; do (cd "${f%/*}" && sha256sum --quiet -c SHA256SUMS) || exit 1; done); then
    echo "kill $kill at $delay ms: other bytes than the undisturbed run"
    bad=$((bad + 1))
  fi
  printf 'kill %3d at %6d ms: %d unfinished file(s), %d failure(s) so far\n' "$kill" "$delay" "$opened" "$bad"
done
say "$KILLS kills on $RANKS ranks, $bad failure(s)"
[ "$bad" -eq 0 ]
