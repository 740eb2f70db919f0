#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes with libFuzzer, ASan and UBSan: fuzz.sh [SECONDS] [TARGET...]. The seconds (60 unless given) are shared by the targets:
# all of tests/fuzz unless named. What breaks one is kept in build/fuzz/found, and the exit code is 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly build=build/fuzz input_seconds=10 input_bytes=4096 memory_mb=2048

seconds=60
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  for file in tests/fuzz/*.cpp; do targets+=("$(basename "$file" .cpp)"); done
fi
compiler=$(command -v clang++-14 || command -v clang++) || {
  echo "fuzz.sh: clang++ is missing; scripts/install-packages.sh ci installs it" >&2
  exit 1
}

mkdir -p "$build/found"
if ! { cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" \
  -DPOSTURE_FUZZ=ON -DBUILD_TESTING=OFF && cmake --build "$build" --target "${targets[@]/#/fuzz_}"; } >"$build/build.log" 2>&1; then
  tail -n 30 "$build/build.log" >&2
  exit 1
fi

export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 ASAN_OPTIONS=strict_string_checks=1
share=$((seconds / ${#targets[@]}))
failed=()
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target"
  options=("-max_total_time=$((share > 0 ? share : 1))" "-timeout=$input_seconds" "-rss_limit_mb=$memory_mb" "-max_len=$input_bytes")
  words=tests/fuzz/${target%%_*}.dict
  if [ -f "$words" ]; then options+=("-dict=$words"); fi
  if "$build/tests/fuzz/fuzz_$target" "${options[@]}" -artifact_prefix="$build/found/$target-" -print_final_stats=1 \
    "$build/corpus/$target" "tests/fuzz/corpus/$target" >"$build/$target.log" 2>&1; then
    echo "fuzz.sh: $target: $(sed -n 's/stat::number_of_executed_units: *//p' "$build/$target.log") inputs in $share s, nothing found"
  else
    failed+=("$target")
    grep -E 'ERROR|SUMMARY|Test unit written|runtime error' "$build/$target.log" >&2 || tail -n 20 "$build/$target.log" >&2
  fi
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz.sh: FOUND: ${failed[*]}; the inputs are in $build/found" >&2
  exit 1
fi
