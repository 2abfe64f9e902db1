#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# docs/adding.md stays true: its files and rows go into a copy of the source tree, which must build, know the new names, and
# solve the case of the page with the answer that it promises.
set -euo pipefail
: "${SOURCE_DIR:?run through ctest}"
page=$SOURCE_DIR/docs/adding.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/tree"
for entry in CMakeLists.txt CMakePresets.json LICENSE cmake src mesh physics closures io; do
  cp -r "$SOURCE_DIR/$entry" "$work/tree/"
done
mkdir "$work/tree/tests"
: >"$work/tree/tests/CMakeLists.txt"
cd "$work/tree"

# ```LANG PATH starts a file, ```append PATH rows to add.
awk '
  /^```/ {
    if (to != "") { close(to); to = ""; next }
    if ($2 != "") { to = $2; if ($1 != "```append") printf "" > to; print to; next }
    other = !other; next
  }
  to != "" { print >> to }' "$page"

cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release >configure.log 2>&1 || { cat configure.log; exit 1; }
cmake --build build -j2 >build.log 2>&1 || { tail -n 40 build.log; exit 1; }
if grep -n 'warning:' build.log; then echo "the files of docs/adding.md give warnings"; exit 1; fi

eddyline=$work/tree/build/eddyline
"$eddyline" info >info.txt
for name in drift relax range; do
  grep -qw "$name" info.txt || { echo "eddyline info does not know $name"; exit 1; }
done

# energy CASE EXACT: the last energy in the diagnostics of a run.
energy() {
  awk -F, -v exact="$2" 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "energy") c = i; next } { e = $c }
    END { printf "energy %.15g, exact %.15g\n", e, exact; exit !(e - exact < 1e-9 && exact - e < 1e-9) }' "$1/diagnostics.csv"
}
"$eddyline" run drift.yaml
energy drift 0.22047784457454409 # exp(-4e-2 pi)/4
"$eddyline" run relax.yaml
energy relax 0.19665696526663837 # exp(-0.24)/4
[ "$(wc -l <relax/r.txt)" -eq 3 ] || { cat relax/r.txt; echo "relax/r.txt should have three lines"; exit 1; }
