#!/usr/bin/env bash
# Runs a command in a network namespace of its own, which has nothing but loopback: every port is free
# there, whatever runs on this machine. Where namespaces cannot be made it runs without.
#
#   ci/own_network.sh COMMAND [ARGUMENT ...]
set -euo pipefail

: "${1:?usage: ci/own_network.sh COMMAND [ARGUMENT ...]}"
flags=-n
[ "$(id -u)" = 0 ] || flags=-rn # a user becomes root of namespaces of his own
if reason=$(unshare $flags ip link set lo up 2>&1); then
  # shellcheck disable=SC2016
  exec unshare $flags sh -c 'ip link set lo up && exec "$@"' own_network "$@"
fi
echo "own_network: this network is used, whose ports may be taken (${reason%%$'\n'*})" >&2
exec "$@"
