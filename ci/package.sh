#!/usr/bin/env bash
# Builds the Debian package into build/release and prints its path.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash ci/setup.sh build >&2
cmake --preset release >&2
cmake --build --preset release --target deskcheck >&2
cpack -G DEB -B build/release --config build/release/CPackConfig.cmake >&2
ls "$PWD"/build/release/deskcheck_*.deb
