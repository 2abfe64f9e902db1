#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test: slow
# Installs to a scratch prefix; the installed program runs, and a ten-line C program builds with pkg-config and runs.
set -euo pipefail
: "${BUILD_DIR:?run through ctest}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$BUILD_DIR" --prefix "$work/prefix" >"$work/log" || { cat "$work/log"; exit 1; }

version=$("$work/prefix/bin/eddyline" --version)
case "$version" in *"eddyline "[0-9]*) echo "$version" ;; *) echo "--version says: $version"; exit 1 ;; esac

cat >"$work/mine.c" <<'C'
#include <eddy_base.h>
#include <options.h>
int main(int argc, char **argv)
{
  EddyOptions o;
  PetscReal nu = 0;
  if (PetscInitialize(&argc, &argv, NULL, NULL)) return 1;
  if (EddyOptionsCreate(PETSC_COMM_WORLD, &o) || EddyOptionsInsertText(o, "mine", "physics: {nu: pi/2}")) return 1;
  if (EddyOptionsReal(o, "physics_nu", "viscosity", "L^2/T", 1, 0, 10, &nu) || EddyOptionsDestroy(&o)) return 1;
  printf("level %s nu %.6f\n", EddySimdNames[EddySimdDetect()], nu);
  return PetscFinalize() ? 1 : 0;
}
C
found=$(find "$work/prefix" -name eddyline.pc)
[ -n "$found" ] || { echo "no eddyline.pc was installed"; exit 1; }
PKG_CONFIG_PATH=$(dirname "$found")
export PKG_CONFIG_PATH
sanitizers=()
nm -D "$(find "$work/prefix" -name libeddyline.so)" >"$work/symbols"
if grep -q __asan "$work/symbols"; then sanitizers=("-fsanitize=address,undefined"); fi
read -ra flags <<<"$(pkg-config --cflags --libs eddyline)"
gcc -std=gnu11 -Wall -Werror "$work/mine.c" -o "$work/mine" "${sanitizers[@]}" "${flags[@]}"
said=$("$work/mine")
echo "$said"
case "$said" in "level v"[234]" nu 1.570796") ;; *) exit 1 ;; esac
ldd "$work/mine" | grep "$work/prefix" >"$work/used" || { echo "the program does not use the installed library"; exit 1; }
