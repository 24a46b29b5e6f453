#!/usr/bin/env bash
# Everything that has to hold before a change is taken: installs what is needed, builds with both
# compilers (clang with sanitizers, gcc for release), runs all tests, ends with what failed and
# "N passed, N failed".
#
#   ci/test.sh              lint asan tsan release fuzz
#   ci/test.sh STEP...      some of them; also: gcc (debug), dev (every file compiled on its own), tidy
#                           (clang-tidy over all sources, slow), coverage
#
# Writes into build/ and into ccache's folder only. Exit code 0 if nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=2
tests_at_once=$((jobs + 1))  # some wait for minutes, as the protocol has it
passed=0
failures=()  # a line each
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
export TMPDIR=$PWD/build/tmp  # for compilers and for tests that need a scratch folder
mkdir -p "$TMPDIR"

# check NAME COMMAND... counts one.
check() {
  local name=$1
  shift
  echo "== $name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failures+=("$name")
    echo "== FAILED: $name"
  fi
}

build() {
  local preset=$1 started=$SECONDS
  cmake --preset "$preset" >"build/$preset-configure.log" || {
    cat "build/$preset-configure.log"
    return 1
  }
  cmake --build --preset "$preset" --parallel "$jobs" -- --quiet || return 1
  echo "== built $preset in $((SECONDS - started)) s"
}

# What a failed test printed: from its line in the log to the next line of ctest's own.
said() {
  awk -v test=": $1 ." '/^ *(Start|[0-9]+\/[0-9]+) /{on = index($0, test) && index($0, "***")} on' "$2"
}

# Counts every test of ctest.
run_tests() {
  local preset=$1 log=build/$1-tests.log started=$SECONDS total names name
  ctest --preset "$preset" --parallel "$tests_at_once" 2>&1 | tee "$log" | grep -v -E '^ +(Start|[0-9]+/[0-9]+ .*Passed)' || true
  total=$(sed -n 's/.*tests failed out of \([0-9]*\)$/\1/p' "$log")
  if [ -z "$total" ]; then
    failures+=("ctest of $preset gave no result")
    echo "== FAILED: ctest of $preset gave no result"
    return
  fi
  # The list at the end of what ctest prints: "	  12 - Suite.Name (Timeout)".
  mapfile -t names < <(grep -E '^[[:space:]]+[0-9]+ - ' "$log" | grep -v -E '\((Skipped|Disabled)\)$' | sed 's/^[^-]*- //')
  for name in "${names[@]}"; do
    failures+=("$preset: $name")
    # Once more what it said, at the very end: build servers keep the end of a long log.
    said "${name% (*}" "$log" | tail -n 40 >>build/failed-tests.log
  done
  passed=$((passed + total - ${#names[@]}))
  echo "== tested $preset in $((SECONDS - started)) s"
}

# Every file on its own, so that each has to include what it uses; the other presets compile many at
# once. What clang makes of them is tested with sanitizers.
dev() { check "build dev" build dev; }

build_and_test() {
  check "build $1" build "$1"
  run_tests "$1"
}

sources() { git ls-files '*.cpp' '*.hpp'; }

formatted() { sources | xargs clang-format-19 --dry-run -Werror; }

lint() {
  check "clang-format" formatted
  check "lint of coroutines" python3 ci/lint_coroutines.py
}

# Over the dev build's commands; needs that build, because the generated messages are included.
tidy() {
  check "build dev" build dev
  check "clang-tidy" tidy_sources
}
tidy_sources() {
  git ls-files '*.cpp' | grep -v '^ci/install_test/' |
    xargs -P "$jobs" -n 4 clang-tidy-19 -p build/dev --quiet
}

# What starts threads, and the selftest with two of them.
tsan() {
  build_and_test tsan
  check "selftest with threads" build/tsan/cli/deskcheck selftest --jobs 2 --fault 'answers-e*'
}

release() {
  build_and_test release
  local deskcheck=build/release/cli/deskcheck
  check "deskcheck run --virtual-time" "$deskcheck" run --virtual-time
  check "deskcheck selftest" "$deskcheck" selftest --quick
  check "suite over addresses that are not loopback" in_namespaces "$deskcheck"
}

# The suite without its one case of three minutes; where namespaces cannot be made, the script says so in a line.
in_namespaces() {
  local code=0
  ci/namespaces.sh "$1" --no-colour --budget 100s || code=$?
  [ $code = 0 ] || [ $code = 77 ]
}

# Every planted bug has to be found; then a quarter of a minute of each target.
fuzz() {
  check "build fuzz" build fuzz
  run_tests fuzz
  check "fuzz" ci/fuzz.sh 15
}

coverage() {
  check "build coverage" build coverage
  LLVM_PROFILE_FILE=$PWD/build/coverage/profiles/%p.profraw run_tests coverage
  check "coverage report" report_coverage
}
report_coverage() {
  local programs=(build/coverage/cli/deskcheck) program
  while read -r program; do programs+=(-object "$program"); done < <(find build/coverage -name '*_test' -type f -executable)
  llvm-profdata-19 merge -sparse build/coverage/profiles/*.profraw -o build/coverage/all.profdata &&
    llvm-cov-19 report "${programs[@]}" -instr-profile build/coverage/all.profdata \
      -ignore-filename-regex '(^/usr/|/build/|_test\.cpp$)' | tee build/coverage/report.txt | tail -n 3
}

steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(lint asan tsan release fuzz)
for step in "${steps[@]}"; do
  case $step in
    lint | dev | gcc | asan | tsan | release | fuzz | tidy | coverage) ;;
    *)
      echo "test: no step '$step'; there are lint dev gcc asan tsan release fuzz tidy coverage" >&2
      exit 2
      ;;
  esac
done

bash ci/setup.sh
: >build/failed-tests.log
for step in "${steps[@]}"; do
  case $step in
    gcc | asan) build_and_test "$step" ;;
    *) "$step" ;;
  esac
done
echo "took $((SECONDS / 60)) min $((SECONDS % 60)) s"
tail -n 200 build/failed-tests.log
for failure in "${failures[@]}"; do echo "failed: $failure"; done
echo "$passed passed, ${#failures[@]} failed"
[ ${#failures[@]} = 0 ]
