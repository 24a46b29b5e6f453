#!/usr/bin/env bash
# Runs the fuzz targets under address and undefined behaviour sanitizers, two side by side, and ends
# with a table: executions, coverage, corpus, what was found.
#
#   ci/fuzz.sh [SECONDS [TARGET...]]    60 seconds for each target, all targets
#
# What a run learns stays in build/fuzz/corpus, so that the next one begins there. Inputs that break
# a property stay in build/fuzz/crashes, with a line that reproduces them. Exit code 1 if there are
# any, 2 for a wrong argument.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || {
  echo "fuzz: '$seconds' is no number of seconds; usage: ci/fuzz.sh [SECONDS [TARGET...]]" >&2
  exit 2
}
shift $(($# > 0 ? 1 : 0))

mkdir -p build
cmake --preset fuzz >build/fuzz-configure.log || {
  cat build/fuzz-configure.log
  exit 1
}
programs=build/fuzz/fuzz
mapfile -t known < <(cut -d ' ' -f 1 "$programs/targets.txt")
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=("${known[@]}")
for target in "${targets[@]}"; do
  [[ " ${known[*]} " == *" $target "* ]] || {
    echo "fuzz: no target '$target'; there are ${known[*]}" >&2
    exit 2
  }
done
cmake --build --preset fuzz --parallel 2 --target "${targets[@]/#/fuzz_}" -- --quiet

# One target for its time; its log is what the table is made of.
fuzz_one() {
  local target=$1 seconds=$2 programs=$3 corpus=build/fuzz/corpus/$1 dictionary=fuzz/dictionaries/$1.dict
  local arguments=(-max_total_time="$seconds" -timeout=25 -report_slow_units=25 -len_control=0 -print_final_stats=1
    -artifact_prefix="build/fuzz/crashes/$target-")
  [ ! -e "$dictionary" ] || arguments+=(-dict="$dictionary")
  mkdir -p "$corpus"
  local committed
  read -ra committed < <(sed -n "s/^$target //p" "$programs/targets.txt")
  "$programs/fuzz_$target" "${arguments[@]}" "$corpus" "${committed[@]}" \
    >"build/fuzz/logs/$target.log" 2>&1 || {
    echo "fuzz: $target found something"
    touch "build/fuzz/logs/$target.failed"
  }
}
export -f fuzz_one
mkdir -p build/fuzz/logs build/fuzz/crashes
rm -f build/fuzz/logs/*.failed
echo "fuzz: ${#targets[@]} targets, $seconds s each, two side by side"
began=$SECONDS
marker=build/fuzz/logs/began
touch "$marker"
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c "fuzz_one {} $seconds $programs"

statistic() { sed -n "s/^stat::$2: *//p" "build/fuzz/logs/$1.log"; }
# The last value of `cov: 123` or `corp: 45/6789b` in libFuzzer's lines.
progress() { grep -o "$2: [0-9]*" "build/fuzz/logs/$1.log" | tail -n 1 | sed 's/.*: //'; }
printf '\n%-18s%14s%12s%10s%8s  %s\n' target executions per-second coverage corpus found
found=0
for target in "${targets[@]}"; do
  mapfile -t crashes < <(find build/fuzz/crashes -name "$target-*" -newer "$marker" | sort)
  found=$((found + ${#crashes[@]}))
  if [ -e "build/fuzz/logs/$target.failed" ] && [ ${#crashes[@]} = 0 ]; then
    found=$((found + 1))
    echo "$target ended without an input that reproduces it:"
    tail -n 5 "build/fuzz/logs/$target.log"
  fi
  printf '%-18s%14s%12s%10s%8s  %s\n' "$target" "$(statistic "$target" number_of_executed_units)" \
    "$(statistic "$target" average_exec_per_sec)" "$(progress "$target" cov)" "$(progress "$target" corp)" "${#crashes[@]}"
  for crash in "${crashes[@]}"; do
    grep -m 1 -E 'property does not hold|ERROR: |runtime error' "build/fuzz/logs/$target.log" | sed 's/^/    /' || true
    echo "    reproduce: $programs/fuzz_$target $crash"
  done
done
echo "took $((SECONDS - began)) s; found $found"
[ "$found" = 0 ]
