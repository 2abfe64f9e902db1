#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# The template of a closure, built outside the tree with pkg-config: it runs, on any number of ranks with the same bytes, also after
# a restart in the middle of its memory; libraries that do not fit are refused by name.
set -euo pipefail
: "${BUILD_DIR:?run through ctest}" "${SOURCE_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cmake --install "$BUILD_DIR" --prefix "$work/prefix" >log || { cat log; exit 1; }
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name eddyline.pc)")
export PKG_CONFIG_PATH
eddyline="$work/prefix/bin/eddyline"
cp "$SOURCE_DIR/closures/template.c" .
build() {
  read -ra flags <<<"$(pkg-config --cflags eddyline)"
  gcc -std=c11 -O2 -Wall -Werror -shared -fPIC "$@" "${flags[@]}" -lm
}
build template.c -o template.so
cat >case.yaml <<'YAML'
mesh:    {type: box, n: [32, 24], upper: [2pi, 2pi]}
physics: {type: ns2d, nu: 1e-3}
initial: {type: filtered_noise, peak: 4}
closure: {list: [c], c: {type: plugin, library: ./template.so, arguments: "0.2", every: 3}}
time:    {type: etdrk4, dt: 0.01, end: 0.2}
output:  {list: [h], h: {type: h5, every: 0.1, precision: float64, fields: [vorticity, closure_out, closure_flag]}}
YAML
"$eddyline" run case.yaml -output_dir one >out 2>&1 || { cat out; exit 1; }
grep -q "closure  *c (plugin)" out || { cat out; echo "the summary does not name the closure"; exit 1; }
for n in 2 3; do
  mpirun -n "$n" "$eddyline" run case.yaml -output_dir "np$n" >out 2>&1 || { cat out; exit 1; }
  cmp one/h.hdf5 "np$n/h.hdf5" || { echo "$n ranks: other bytes"; exit 1; }
done
# stopped at step 7, where the held viscosity is one step old and the memory has moved, and continued on another number of ranks
code=0
mpirun -n 2 "$eddyline" run case.yaml -output_dir cut -time_max_steps 7 >out 2>&1 || code=$?
[ "$code" = 5 ] || { cat out; echo "exit code $code instead of 5"; exit 1; }
"$eddyline" run case.yaml -output_dir cut -restart auto >out 2>&1 || { cat out; exit 1; }
cmp one/h.hdf5 cut/h.hdf5 || { echo "other bytes after a restart"; exit 1; }
# own state: a memory that follows accepted steps and differs from point to point, cut and continued in the same way
cat >state.c <<'C'
#include "closure_plugin.h"
static int apply(void *self, const EddyPluginStage *s, const EddyPluginBlock *in, const EddyPluginBlock *state, EddyPluginBlock *out)
{
  for (int i = 0; i < out->count[0] * out->count[1]; ++i)
    out->data[i] += 1e-3 * (1 + state->data[i] + .1 * state->data[out->count[0] * out->count[1] + i] * in[0].data[i]);
  return 0;
}
static int commit(void *self, const EddyPluginStage *s, EddyPluginBlock *state)
{
  const int n = state->count[0] * state->count[1];
  for (int i = 0; i < n; ++i) {
    state->data[i] = .8 * state->data[i] + .01 * (i % state->count[0]) + .1 * (s->step % 3);
    state->data[n + i] += .05 * state->data[i];
  }
  return 0;
}
static const char *const needs[] = {"vorticity", 0};
static const EddyPlugin plugin = {.abi = EDDY_PLUGIN_ABI, .name = "state", .target = "eddy_viscosity", .needs = needs, .nstate = 2, .apply = apply, .commit = commit};
const EddyPlugin *eddy_plugin_entry(void) { return &plugin; }
C
build state.c -o state.so
own=(-closure_c_library ./state.so -closure_c_arguments unused -closure_c_every stage)
"$eddyline" run case.yaml "${own[@]}" -output_dir state >out 2>&1 || { cat out; exit 1; }
code=0
mpirun -n 3 "$eddyline" run case.yaml "${own[@]}" -output_dir cutstate -time_max_steps 8 >out 2>&1 || code=$?
[ "$code" = 5 ] || { cat out; echo "exit code $code instead of 5"; exit 1; }
mpirun -n 2 "$eddyline" run case.yaml "${own[@]}" -output_dir cutstate -restart auto >out 2>&1 || { cat out; exit 1; }
cmp state/h.hdf5 cutstate/h.hdf5 || { echo "other bytes after a restart with state"; exit 1; }
# the same for flags with hysteresis: what was flagged at the last step is in the checkpoint
flags=(-closure_c_arguments 0.2 -closure_c_every stage -closure_c_guard_range blend -closure_c_guard_lower="-1,-1,-1,-1" -closure_c_guard_upper "1,1,1,1"
  -closure_c_guard_margin 0 -closure_c_guard_hysteresis 0.2)
"$eddyline" run case.yaml "${flags[@]}" -output_dir flags >out 2>&1 || { cat out; exit 1; }
grep -q "[1-9][0-9]* flagged" out || { cat out; echo "nothing was flagged"; exit 1; }
"$eddyline" run case.yaml "${flags[@]}" -closure_c_guard_hysteresis 0 -output_dir forget >out 2>&1 || { cat out; exit 1; }
cmp -s flags/h.hdf5 forget/h.hdf5 && { echo "hysteresis changes nothing"; exit 1; }
code=0
mpirun -n 2 "$eddyline" run case.yaml "${flags[@]}" -output_dir cutflags -time_max_steps 8 >out 2>&1 || code=$?
[ "$code" = 5 ] || { cat out; echo "exit code $code instead of 5"; exit 1; }
"$eddyline" run case.yaml "${flags[@]}" -output_dir cutflags -restart auto >out 2>&1 || { cat out; exit 1; }
cmp flags/h.hdf5 cutflags/h.hdf5 || { echo "other bytes after a restart with hysteresis"; exit 1; }
# without the closure the flow is another one
"$eddyline" run case.yaml -closure_type none -output_dir none -output_h_fields vorticity >out 2>&1 || { cat out; exit 1; }

# refused: exit code 2, one line that says what
refused() { # word, then options
  local word=$1 said code=0
  shift
  said=$("$eddyline" run case.yaml -output_dir bad -output_overwrite "$@" 2>&1 >/dev/null) || code=$?
  if [ "$code" != 2 ] || ! grep -q -- "$word" <<<"$said" || [ "$(wc -l <<<"$said")" -gt 2 ]; then
    echo "exit $code, expected a line with '$word': $said"
    exit 1
  fi
}
sed 's/EDDY_PLUGIN_ABI,/EDDY_PLUGIN_ABI + 1,/' template.c >abi.c && build abi.c -o abi.so
sed 's/eddy_plugin_entry(void)/other_name(void)/' template.c >symbol.c && build symbol.c -o symbol.so
sed 's/components\[\] = {4}/components[] = {3}/' template.c >shape.c && build shape.c -o shape.so
sed 's/out_ncomp = 1/out_ncomp = 4/' template.c >out.c && build out.c -o out.so
sed 's/"strain", NULL/"strian", NULL/' template.c >field.c && build field.c -o field.so
sed 's/"eddy_viscosity"/"viscosity"/' template.c >target.c && build target.c -o target.so
refused "cannot be loaded" -closure_c_library ./missing.so
refused "ABI 2" -closure_c_library ./abi.so
refused "no function eddy_plugin_entry" -closure_c_library ./symbol.so
refused "3 components of strain, which has 4" -closure_c_library ./shape.so
refused "gives 4 components" -closure_c_library ./out.so
refused "strain" -closure_c_library ./field.so
refused "allowed are subgrid_forcing" -closure_c_library ./target.so
refused "does not accept 'many'" -closure_c_arguments many
# a closure that returns NaN at one point: counted and replaced, or the end of the run under closure_strict
sed 's/me->scale \* .5/(i == 3 \&\& j == 3 ? NAN : 1) * me->scale * .5/' template.c >nan.c && build nan.c -o nan.so
"$eddyline" run case.yaml -closure_c_library ./nan.so -output_dir nan >out 2>&1 || { cat out; exit 1; }
grep -q "c (plugin), [1-9][0-9]* bad" out || { cat out; echo "the summary does not count bad points"; exit 1; }
grep -q "^c,plugin,eddy_viscosity,[0-9]*,[1-9]" nan/closures.csv || { cat nan/closures.csv; exit 1; }
code=0
"$eddyline" run case.yaml -closure_c_library ./nan.so -output_dir strict -closure_strict >out 2>&1 || code=$?
[ "$code" = 3 ] && grep -q "closure c: 1 bad" out || { cat out; echo "exit code $code instead of 3"; exit 1; }
echo "plug-in: built outside the tree, same bytes on 1, 2, 3 ranks and after a restart"
