#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# Published sets through the program: CE-RP and the radial dams have the same checksums undisturbed and after a kill, the loader of the examples reads them,
# and the command for averages of a finer run gives the averages.
set -euo pipefail
: "${EDDYLINE:?run through ctest}" "${SOURCE_DIR:?}"
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"
fail() {
  echo "FAILED: $*"
  exit 1
}
python=
for p in /usr/bin/python3 python3; do
  if [ -z "$python" ] && "$p" -c 'import h5py' 2>/dev/null; then python=$p; fi
done
[ -n "$python" ] || echo "no python3 with h5py: the files are not loaded by examples/read_set.py"

rows() { cat killed/rows/*.jsonl 2>/dev/null | wc -l; }

# name, case, output, field that must be there, options ...: shards of one row, so that there is a half-way
twice() {
  local name=$1 case=$2 out=$3 field=$4
  shift 4
  "$EDDYLINE" generate "$case" "$@" -ensemble_rows 12 -ensemble_shard 1 -output_dir one >one.log 2>&1 || {
    cat one.log
    fail "generate $name"
  }
  grep -q 'failed rows *0' one.log || fail "$name has failed rows"
  [ "$(wc -l <"one/$out/manifest.jsonl")" = 12 ] || fail "$name: 12 rows in the manifest"
  "$EDDYLINE" generate "$case" "$@" -ensemble_rows 12 -ensemble_shard 1 -output_dir killed >killed.log 2>&1 &
  pid=$!
  while [ "$(rows)" -lt 6 ]; do
    kill -0 "$pid" 2>/dev/null || fail "$name ended before 6 rows were there"
  done
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  pid=
  [ "$(rows)" -lt 12 ] || fail "$name was too fast to be killed"
  [ ! -e "killed/$out/SHA256SUMS" ] || fail "$name: checksums of an unfinished set"
  echo "$name: killed after $(rows) of 12 rows"
  "$EDDYLINE" generate "$case" "$@" -ensemble_rows 12 -ensemble_shard 1 -output_dir killed >killed.log 2>&1 || fail "$name: generate after the kill"
  cmp "one/$out/SHA256SUMS" "killed/$out/SHA256SUMS" || fail "$name: other files after a kill"
  (cd "killed/$out" && sha256sum --quiet -c SHA256SUMS) || fail "$name: checksums after a kill"
  [ -z "$(find killed -name '*.part')" ] || fail "$name: unfinished files are left"
  if [ -n "$python" ]; then
    "$python" "$SOURCE_DIR/examples/read_set.py" "killed/$out" >read.log || fail "$name: read_set.py"
    [ "$(grep -c "^ *$field .*(1, .*, 32, 32.*rms" read.log)" = 12 ] || {
      cat read.log
      fail "$name: read_set.py finds $field of 32 x 32 cells in 12 files"
    }
  fi
  rm -r one killed
}
rp=$SOURCE_DIR/examples/sets/pdegym_ce_rp.yaml
twice CE-RP "$rp" set density -mesh_n 32,32
twice dams "$SOURCE_DIR/examples/16_radial_dam.yaml" h depth -mesh_n 32,32

# averages of a finer run, as the head of the case says at 512 and 128 cells
"$EDDYLINE" generate "$rp" -mesh_n 64,64 -filters_list a -filters_a_n 16,16 -output_set_filter a -ensemble_rows 2 -output_dir avg >avg.log 2>&1 ||
  fail "generate with averages: $(cat avg.log)"
"$EDDYLINE" info avg/set_a/data/train/shard_00000.hdf5 >info.log
grep -q '^grid *16 x 16,' info.log || fail "the stored fields are not 16 x 16: $(cat info.log)"
csv=(-mesh_n "64,64" -ensemble_row 1 -output_list c -output_c_type csv -output_c_every 1 -output_c_fields "density,energy")
"$EDDYLINE" run "$rp" "${csv[@]}" -output_dir fine >run.log 2>&1 || fail "run: $(cat run.log)"
"$EDDYLINE" run "$rp" "${csv[@]}" -filters_list a -filters_a_n 16,16 -output_c_filter a -output_dir coarse >run.log 2>&1 || fail "run with averages: $(cat run.log)"
grep -v '^[#r]' fine/c.csv | awk -F, -v OFS=, -v OFMT=%.12g '
  {k = $2 OFS int($3 * 16) OFS int($4 * 16); n[k]++; d[k] += $5; e[k] += $6}
  END {for (k in n) print k, n[k], d[k] / n[k], e[k] / n[k]}' | sort >means
grep -v '^[#r]' coarse/c_a.csv | awk -F, -v OFS=, -v OFMT=%.12g '{print $2, int($3 * 16), int($4 * 16), 16, $5, $6}' | sort >stored
paste -d, means stored | awk -F, '
  function far(a, b) {return a > b ? a - b : b - a}
  $1 != $7 || $2 != $8 || $3 != $9 || $4 != 16 || far($5, $11) > 1e-7 || far($6, $12) > 1e-7 {bad++}
  END {print NR " averages of 16 cells compared, " bad + 0 " differ"; exit NR != 512 || bad > 0}' || fail "the stored fields are not the averages"
echo passed
