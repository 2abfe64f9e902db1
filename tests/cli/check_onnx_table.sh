#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: fast
# The conformance table of docs/closures.md is the one that the test program prints.
set -eu
printed=$("$BUILD_DIR/tests/check_onnx" | sed -n '/^operator /,/tests pass in their types/p')
stored=$(sed -n '/^```text conformance/,/^```$/p' "$SOURCE_DIR/docs/closures.md" | sed '1d;$d')
[ -n "$printed" ] || { echo "the test program printed no table"; exit 1; }
diff <(echo "$stored") <(echo "$printed") || { echo "docs/closures.md: replace the table by what build/release/tests/check_onnx prints"; exit 1; }
