#!/usr/bin/env bash
# Line coverage of proto/wire by its unit tests together with the fuzz targets' corpora: the committed
# ones, and what ci/fuzz.sh has learnt on this machine. Needs no sanitizers: the replay programs of
# the coverage preset run it.
#
#   ci/fuzz_coverage.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

targets=(address frame identity rendezvous secure_channel)
folder=build/coverage
profiles=$folder/fuzz-profiles
mkdir -p build
cmake --preset coverage >build/coverage-configure.log || {
  cat build/coverage-configure.log
  exit 1
}
cmake --build --preset coverage --parallel 2 --target wire_test "${targets[@]/#/fuzz_}" -- --quiet
rm -rf "$profiles"
export LLVM_PROFILE_FILE=$PWD/$profiles/%p.profraw

"$folder/proto/wire/wire_test" --gtest_brief=1
programs=("$folder/proto/wire/wire_test")
for target in "${targets[@]}"; do
  corpus=("fuzz/seeds/$target")
  for more in "fuzz/regressions/$target" "build/fuzz/corpus/$target"; do
    [ ! -d "$more" ] || corpus+=("$more")
  done
  "$folder/fuzz/fuzz_$target" "${corpus[@]}" | tail -n 1 | sed "s/^/$target: /"
  programs+=(-object "$folder/fuzz/fuzz_$target")
done
llvm-profdata-19 merge -sparse "$profiles"/*.profraw -o "$folder/fuzz.profdata"
llvm-cov-19 report "${programs[@]}" -instr-profile "$folder/fuzz.profdata" -show-region-summary=false \
  -show-branch-summary=false -ignore-filename-regex '_test\.cpp|test_support' proto/wire/*.cpp proto/wire/*.hpp
