#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Prints every #include "..." that goes the wrong way between rooms; exit 1 if there is any.
# The table below is the one of docs/architecture.md. A word is a room, or a header that others may include.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$ROOT"

git ls-files --cached --others --exclude-standard -- 'src/*.[ch]' 'mesh/*.[ch]' 'physics/*.[ch]' 'closures/*.[ch]' 'io/*.[ch]' |
  xargs -r grep -Hn '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null |
  awk -v def_files="$(git ls-files --cached --others --exclude-standard -- '*.def' | tr '\n' ' ')" '
  BEGIN {
    contracts = "mesh/mesh.h physics/physics.h closures/closure.h closures/members.h src/disc.h " \
                "physics/initial/initial.h physics/forcing/forcing.h physics/fields/fields.h"
    may["src/base"]         = ""
    may["src/fft"]          = "src/base"
    may["mesh"]             = "src/base src/fft"
    may["physics"]          = "src/base physics/media physics/water"
    may["physics/media"]    = "src/base"
    may["physics/water"]    = "src/base"
    may["physics/initial"]  = "src/base physics/physics.h physics/media physics/verification"
    may["physics/forcing"]  = "src/base physics/physics.h physics/verification"
    may["physics/verification"] = "src/base physics/physics.h"
    may["physics/fields"]   = "src/base physics/physics.h"
    may["closures"]         = "src/base closures/onnx/onnx_model.h closures/onnx/to_net.h closures/onnx/to_graph.h closures/net/net.h closures/net/graph.h"
    may["closures/net"]     = "src/base"
    may["closures/onnx"]    = "src/base closures/net/net.h closures/net/graph.h"
    may["src/disc"]         = "src/base " contracts
    may["src/fv"]           = "src/base src/fft " contracts
    may["src/spectral"]     = "src/base src/fft " contracts
    may["io"]               = "src/base mesh"
    may["src/time"]         = "src/base src/disc.h " contracts
    may["src/report"]       = "src/base io"
    may["src/run"]          = "*"
    may["src"]              = "*"
    # Rows of the tables: one implementation never includes the header of another.
    n = split(def_files, def, " ")
    for (i = 1; i <= n; ++i) {
      while ((getline line < def[i]) > 0)
        if (match(line, /EDDY_ROW\([a-z0-9_]+/)) row[dir(def[i]) "/" substr(line, 10, RLENGTH - 9)] = 1
      close(def[i])
    }
  }
  function dir(path) { sub(/\/[^\/]*$/, "", path); return path }
  function room(path) { return path ~ /^src\/disc\.(c|h|def)$/ ? "src/disc" : dir(path) }
  function exists(path,   l, ok) { ok = (getline l < path) >= 0; close(path); return ok }
  function resolve(from, name,   i, n, where) {
    if (exists(dir(from) "/" name)) return dir(from) "/" name
    n = split("src src/base src/fft src/spectral src/fv src/time src/run src/report mesh physics closures closures/onnx closures/net io", where, " ")
    for (i = 1; i <= n; ++i) if (exists(where[i] "/" name)) return where[i] "/" name
    return ""
  }
  {
    split($0, part, ":"); file = part[1]; number = part[2]
    name = $0; sub(/^[^"]*"/, "", name); sub(/".*/, "", name)
    target = resolve(file, name)
    if (target == "") { printf "%s:%s: \"%s\" is not a header of this project; write <...>\n", file, number, name; bad = 1; next }
    from = room(file); to = room(target)
    if (!(from in may)) { printf "%s:%s: room %s is not in the table of ci/layers.sh\n", file, number, from; bad = 1; next }
    stem = target; sub(/\.[ch]$/, "", stem)
    own = file; sub(/\.[ch]$/, "", own)
    if (stem in row && from == to && own != stem) {
      printf "%s:%s: includes \"%s\", the header of another implementation\n", file, number, name; bad = 1; next
    }
    if (from == to || may[from] == "*") next
    ok = 0
    n = split(may[from], allowed, " ")
    for (i = 1; i <= n; ++i) if (allowed[i] == to || allowed[i] == target) ok = 1
    if (!ok) { printf "%s:%s: %s may not include \"%s\" of %s (allowed: %s)\n", file, number, from, name, to, may[from] == "" ? "nothing of ours" : may[from]; bad = 1 }
  }
  END { if (!bad) print "layers: all includes go the right way"; exit bad }'
