#!/usr/bin/env bash
# From a fresh clone to a verdict: installs what is needed, builds, starts the reference server and
# runs the suite against it over real sockets. Reports are in reports/; the exit code is the suite's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash ci/setup.sh build
cmake --preset release
cmake --build --preset release --target deskcheck
deskcheck=build/release/cli/deskcheck

scratch=$(mktemp -d)
mkfifo "$scratch/ready"
"$deskcheck" serve --port-base 0 --data "$scratch/server" >"$scratch/ready" &
server=$!
clean_up() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -rf "$scratch"
}
trap clean_up EXIT

# One line of JSON, when all ports are open; nothing if the server could not start.
exec 3<"$scratch/ready"
read -r ready <&3 || { echo "demo: the reference server did not start" >&2; exit 4; }
field() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$ready" "$1"; }
echo "demo: reference server on port $(field port_base)"

mkdir -p reports
status=0
key=$(field public_key)
"$deskcheck" run --host 127.0.0.1 --port-base "$(field port_base)" --key "$key" --relay-key "$key" \
  --name "reference server" --html reports/demo.html --json reports/demo.json \
  --junit reports/demo.xml || status=$?
echo "demo: reports/demo.html, demo.json and demo.xml written, exit code $status"
exit "$status"
