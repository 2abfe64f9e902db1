#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# The template of a boundary condition, built outside the tree with pkg-config: it runs, with the same bytes on any number of ranks; a failing one ends
# the run; libraries that do not fit are refused by name.
set -euo pipefail
: "${BUILD_DIR:?run through ctest}" "${SOURCE_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cmake --install "$BUILD_DIR" --prefix "$work/prefix" >log || { cat log; exit 1; }
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name eddyline.pc)")
export PKG_CONFIG_PATH
eddyline="$work/prefix/bin/eddyline"
cp "$SOURCE_DIR/src/fv/face_template.c" .
build() {
  read -ra flags <<<"$(pkg-config --cflags eddyline)"
  gcc -std=c11 -O2 -Wall -Werror -shared -fPIC "$@" "${flags[@]}" -lm
}
build face_template.c -o inlet.so
cat >case.yaml <<'YAML'
mesh:     {type: box, n: [30, 20], lower: [0, -1], upper: [3, 1]}
physics:  {type: euler}
boundary: {xmin: {type: plugin, library: ./inlet.so, arguments: "0.5 0.5"}, xmax: {type: outflow, pressure: 1}, ymin: {type: slip}, ymax: {type: slip}}
initial:  {type: riemann1d, left: [1, 0, 1], right: [1, 0, 1]}
time:     {type: ssprk2, cfl: 0.4, end: 3}
output:   {list: [h, c], h: {type: h5, every: 1.5, fields: [density, velocity], precision: float64}, c: {type: csv, every: 3, fields: [velocity]}}
YAML
"$eddyline" run case.yaml -output_dir one >out 2>&1 || { cat out; exit 1; }
for n in 2 3; do
  mpirun -n "$n" "$eddyline" run case.yaml -output_dir "np$n" >out 2>&1 || { cat out; exit 1; }
  cmp one/h.hdf5 "np$n/h.hdf5" || { echo "$n ranks: other bytes"; exit 1; }
done
# the profile in the first column of cells: 0.5 in the middle, near nothing at the walls, within 0.075 of 0.5 (1 - y^2); a uniform inflow would be off by 0.17
awk -F, -v n=0 '/^#/ { next } !head { for (i = 1; i <= NF; ++i) at[$i] = i; head = 1; next }
  $at["t"] > 2.9 && $at["x"] < 0.1 { y = $at["y"]; u = $at["velocity_x"]; e = u - 0.5 * (1 - y * y); if (e < 0) e = -e; if (e > worst) worst = e; ++n }
  END { printf "inflow: %d cells, farthest from the parabola %.3f of 0.5\n", n, worst; exit !(n == 20 && worst < 0.075) }' one/c.csv ||
  { head -5 one/c.csv; exit 1; }

# the same profile on a mapped grid
"$eddyline" run case.yaml -mesh_type stretched -output_dir mapped >out 2>&1 || { cat out; exit 1; }
paste -d, <(grep -v '^#' one/c.csv) <(grep -v '^#' mapped/c.csv) |
  awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "velocity_x") col[++k] = i; next } { e = $col[1] - $col[2]; if (e * e > 1e-14) bad = 1 } END { exit bad || NR < 100 || k != 2 }' ||
  { echo "the plug-in on a mapped grid gives another flow"; exit 1; }

refused() { # word, then options
  local word=$1 said code=0
  shift
  said=$("$eddyline" run case.yaml -output_dir bad -output_overwrite "$@" 2>&1 >/dev/null) || code=$?
  if [ "$code" != 2 ] || ! grep -q -- "$word" <<<"$said" || [ "$(wc -l <<<"$said")" -gt 2 ]; then
    echo "exit $code, expected a line with '$word': $said"
    exit 1
  fi
}
sed 's/EDDY_FACE_PLUGIN_ABI,/EDDY_FACE_PLUGIN_ABI + 1,/' face_template.c >abi.c && build abi.c -o abi.so
sed 's/eddy_face_plugin_entry(void)/other_name(void)/' face_template.c >symbol.c && build symbol.c -o symbol.so
sed 's/, *.state = state}/}/;s/\.state = state//;s/^static int state/int state/' face_template.c >less.c && build less.c -o less.so
refused "cannot be loaded" -boundary_xmin_library ./missing.so
refused "ABI 2" -boundary_xmin_library ./abi.so
refused "no function eddy_face_plugin_entry" -boundary_xmin_library ./symbol.so
refused "plug-in without state" -boundary_xmin_library ./less.so
refused "does not accept 'fast'" -boundary_xmin_arguments fast
# a plug-in that fails: the end of the run, by name of the cell
sed 's/  return 0;/  return p->t > 1;/' face_template.c >stop.c && build stop.c -o stop.so
code=0
"$eddyline" run case.yaml -boundary_xmin_library ./stop.so -output_dir stop >out 2>&1 || code=$?
if [ "$code" != 3 ] || ! grep -q "in cell (0, 0)" out; then
  cat out
  echo "exit code $code instead of 3"
  exit 1
fi
echo "face plug-in: built outside the tree, same bytes on 1, 2, 3 ranks"
