#!/usr/bin/env bash
# Runs the suite from one network namespace against a reference server in another: client and server
# with addresses of their own that are not loopback, for what loopback cannot show.
#
#   ci/namespaces.sh DESKCHECK [FLAG OF deskcheck run ...]     default: the whole suite
#   SERVE='--mask 10.78.0.0/16' ci/namespaces.sh ...           flags for deskcheck serve
#   ONLY=6 ci/namespaces.sh ...                                over IPv6
#
#   server   10.77.0.1, 10.77.0.2, fd77::1       one veth pair      client   10.78.0.0/16, fd78::/64
#
# Needs no root where users may make namespaces. Exit codes: those of deskcheck run; 77, with one line
# that says why, where namespaces cannot be made.
set -euo pipefail

deskcheck=$(realpath "${1:?usage: ci/namespaces.sh DESKCHECK [FLAG ...]}")
shift

skip() {
  echo "namespaces: skipped: $1"
  exit 77
}

if [ -z "${DESKCHECK_INSIDE:-}" ]; then
  command -v ip >/dev/null || skip "there is no 'ip'; ci/setup.sh installs iproute2"
  command -v unshare >/dev/null || skip "there is no 'unshare'; it is part of util-linux"
  flags=-n
  [ "$(id -u)" = 0 ] || flags=-rn # a user becomes root of namespaces of his own
  reason=$(unshare $flags ip link add probe type veth peer name other 2>&1) ||
    skip "this system lets nobody make network namespaces (${reason%%$'\n'*})"
  # No exec: the namespaces go with the processes in them.
  DESKCHECK_INSIDE=1 unshare $flags "$0" "$deskcheck" "$@"
  exit
fi

scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true; rm -rf "$scratch"' EXIT

# The server's side waits until it has its network.
mkfifo "$scratch/go"
# shellcheck disable=SC2086,SC2016
unshare -n bash -c 'read -r _ <"$1"; shift; exec "$@"' wait "$scratch/go" \
  "$deskcheck" serve --bind :: --port-base 21116 --data "$scratch/data" ${SERVE:-} >"$scratch/ready" &
server=$!
own=$(readlink /proc/self/ns/net)
for _ in $(seq 500); do
  [ "$(readlink /proc/$server/ns/net)" = "$own" ] || break
  sleep 0.02
done
inside() { nsenter --target "$server" --net "$@"; }

ip link set lo up
ip link add client type veth peer name server netns "$server"
ip addr add 10.77.0.9/24 dev client
ip addr add fd77::9/64 dev client nodad
ip link set client up
# Every address of these networks is this namespace's own: parties bind whichever they like.
ip route add local 10.78.0.0/16 dev lo
ip route add local fd78::/64 dev lo

inside ip link set lo up
inside ip addr add 10.77.0.1/24 dev server
inside ip addr add 10.77.0.2/24 dev server
inside ip addr add fd77::1/64 dev server nodad
inside ip link set server up
inside ip route add 10.78.0.0/16 via 10.77.0.9
inside ip route add fd78::/64 via fd77::9

echo go >"$scratch/go"
for _ in $(seq 500); do
  [ -s "$scratch/ready" ] && break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.02
done
[ -s "$scratch/ready" ] || { echo "namespaces: the server did not start" >&2; exit 4; }
key=$(cat "$scratch/data/id_ed25519.pub")
full='rendezvous.*,relay.*' # all that the reference server claims

if [ "${ONLY:-4}" = 6 ]; then
  "$deskcheck" run --host fd77::1 --key "$key" --with "$full" "$@"
else
  "$deskcheck" run --host 10.77.0.1 --key "$key" --relay-key "$key" --source-addresses 10.78.0.0/16 \
    --with "$full" "$@"
fi
