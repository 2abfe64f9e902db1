#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs what Eddyline needs on Debian 12. Asks for sudo only when something is missing and we are not root.
#   build     compiler, cmake >= 3.25, ninja, pkg-config
#   solver    PETSc (brings BLAS, MUMPS, Hypre, ...), OpenMPI, FFTW (baselines, reports), libyaml, OpenSSL (SHA-256)
#   files     parallel HDF5, jansson (JSON)
#   networks  schema and parser of ONNX files
#   pictures  PLplot with its cairo driver and one font
#   tests     Check, ONNX conformance data, clang-format, clang-tidy, git
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PACKAGES=(build-essential cmake ninja-build pkg-config
  petsc-dev libopenmpi-dev openmpi-bin libfftw3-dev libyaml-dev libssl-dev
  libhdf5-openmpi-dev libjansson-dev
  libonnx-dev protobuf-c-compiler libprotobuf-c-dev
  libplplot-dev plplot-driver-cairo fonts-dejavu-core
  check libonnx-testdata clang-format clang-tidy git)

if [ ! -r /etc/os-release ] || ! grep -q '^VERSION_ID="12"' /etc/os-release || ! grep -q '^ID=debian' /etc/os-release; then
  name=$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null || uname -s)
  die "this is ${name:-an unknown system}; packages are known for Debian 12 only. Install the list in ci/setup.sh by hand, then: cmake --preset release && cmake --build --preset release"
fi

missing=()
for package in "${PACKAGES[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all packages are installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "missing packages (${missing[*]}) and no sudo: ask an administrator to install them"
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
install_missing() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; }

echo "setup: installing ${missing[*]}"
# A fresh image has no package lists, an old one has lists of files that are gone: update, then try once more.
if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || ! install_missing; then
  "${as_root[@]}" apt-get update -q || die "apt-get update failed: is the network there?"
  install_missing || die "apt-get could not install: ${missing[*]}"
fi
echo "setup: done"
