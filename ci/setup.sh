#!/usr/bin/env bash
# Installs the Debian packages that deskcheck is built and tested with, and the driver of the browser
# that tests the report page. Debian 12 and newer, Ubuntu 24.04. Run it as root or as somebody who may
# use sudo; run it again as often as you like.
#
#   ci/setup.sh          all of it
#   ci/setup.sh build    what the release build needs, no more
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  # to build
  g++ cmake ninja-build ccache mold pkg-config protobuf-compiler python3 git
  # libraries: cmake/DeskcheckDependencies.cmake
  libprotobuf-dev libsodium-dev libsqlite3-dev libgtest-dev libgmock-dev libfmt-dev libcli11-dev
  libpugixml-dev libbenchmark-dev libyaml-cpp-dev libvalijson-dev
  libssl-dev libcurl4-openssl-dev libcjose-dev
  # the Python module, the Debian package
  pybind11-dev python3-dev dpkg-dev file
)
packages_to_test=(
  # the second compiler; what sanitizers, coverage and fuzzers need beside it
  clang-19 libclang-rt-19-dev llvm-19
  # the tests of the Python module, its wheel
  python3-pytest python3-pytest-xdist mypy python3-venv python3-pip python3-setuptools python3-wheel
  # scripts and checks; network namespaces; certificates
  iproute2 util-linux openssl python3-jsonschema python3-yaml clang-format-19 clang-tidy-19
)
case ${1:-all} in
  build) to_test=no ;;
  all)
    to_test=yes
    packages+=("${packages_to_test[@]}")
    ;;
  *)
    echo "setup: no part '$1'; leave it out for everything, or say build" >&2
    exit 2
    ;;
esac

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "setup: packages are missing and this is neither root nor is there sudo; as root run: $*" >&2
    exit 1
  fi
}

candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p'; }

updated=no
update_lists() {
  [ "$updated" = no ] || return 0
  echo "setup: apt-get update"
  as_root apt-get -qq update
  updated=yes
}

# Boost's headers of different releases exclude each other, so 1.81 is asked for by name only where
# the release that everything else on the machine uses is older (Debian 12).
choose_boost() {
  local version
  version=$(candidate libboost-dev)
  if [ -z "$version" ] || [ "$version" = "(none)" ]; then
    update_lists
    version=$(candidate libboost-dev)
  fi
  if dpkg --compare-versions "$version" ge 1.81; then
    packages+=(libboost-dev libboost-json-dev)
  else
    packages+=(libboost1.81-dev libboost-json1.81-dev)
  fi
}

# For the tests of the report page. Where Node.js comes from elsewhere, Debian's would exclude it.
choose_browser() {
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || {
    update_lists
    local name=chromium
    [ "$(candidate chromium)" ] && [ "$(candidate chromium)" != "(none)" ] || name=chromium-browser
    packages+=("$name")
  }
}

# playwright-core in the version of the lock file, into build/browser. It brings no browser.
install_driver() {
  local from=conformance/report/html/test to=build/browser
  if cmp -s "$from/package-lock.json" "$to/node_modules/.installed"; then return; fi
  echo "setup: installing playwright-core into $to"
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$to"
  npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --silent
  cp "$from/package-lock.json" "$to/node_modules/.installed"
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

command -v apt-get >/dev/null || {
  echo "setup: no apt-get here; install by hand what stands for: ${packages[*]} and Boost >= 1.81" >&2
  exit 1
}
choose_boost
[ $to_test = no ] || choose_browser
missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  echo "setup: all ${#packages[@]} packages are installed"
else
  update_lists
  echo "setup: installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "${missing[@]}"
fi
[ $to_test = no ] || install_driver
echo "setup: done"
