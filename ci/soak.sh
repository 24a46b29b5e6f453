#!/usr/bin/env bash
# An hour of the reference server's life, and a verdict: docs/benchmark.md.
#
#   ci/soak.sh                        builds the release, runs for an hour
#   ci/soak.sh --minutes 20 --devices 100000 --json soak.json
#   ci/soak.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case " $* " in
  *" --help "* | *" -h "* | *" --build "*) ;;
  *)
    cmake --preset release >/dev/null
    cmake --build --preset release --target deskcheck deskcheck_bench -- --quiet
    ;;
esac
exec python3 -B bench/soak.py "$@"
