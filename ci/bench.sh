#!/usr/bin/env bash
# Measures the reference server, and the ceilings of this machine, in the same run: docs/benchmark.md.
#
#   ci/bench.sh                       builds the release, three rounds, a table
#   ci/bench.sh --against 'hbbs -p {port} -k {secret}' --against-relay 'hbbr -p {relay} -k {secret}'
#   ci/bench.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case " $* " in
  *" --help "* | *" -h "* | *" --build "*) ;;
  *)
    cmake --preset release >/dev/null
    cmake --build --preset release --target deskcheck deskcheck_bench -- --quiet
    ;;
esac
exec python3 -B bench/run.py "$@"
