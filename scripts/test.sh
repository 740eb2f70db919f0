#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need, builds and runs them: unit, data-driven and end-to-end on a real control plane.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

usage() {
  cat <<'USAGE'
usage: scripts/test.sh [--unit-only | --e2e-only] [--version X] [--yes]
  (nothing)     all tests: with ASan and UBSan in build/test, the threaded ones with TSan in build/tsan too,
                and end to end on a control plane built by tests/cluster/build.sh (minutes, the first time)
  --unit-only   no control plane, and nothing that needs one
  --e2e-only    only what needs one
  --version X   Kubernetes version of the control plane (tests/cluster/README.md); the newest unless given
  --yes         install missing packages without asking
USAGE
}
section() { printf '\n=== %4d s  %s\n' "$SECONDS" "$*" >&2; }
loud() { printf '\n*** %s\n' "$@" "" >&2; }

passed=0 failed=0 skipped=0

configure() { # FOLDER SANITIZERS
  cmake -S . -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-Og -g1" -DBUILD_TESTING=ON \
    -DPOSTURE_WERROR=ON -DPOSTURE_SANITIZE="$2" >&2
}

build() { # FOLDER TARGETS...; all of them unless given
  local folder=$1
  shift
  cmake --build "$folder" --parallel "$(nproc)" --target "${@:-all}" >&2
}

count() { # LOG: adds up the closing line of a ctest run
  local bad all passes_over
  read -r bad all < <(sed -n 's/.* \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$1") || { failed=$((failed + 1)); return; }
  passes_over=$(grep -c '\*\*\*Skipped' "$1" || true)
  failed=$((failed + bad))
  skipped=$((skipped + passes_over))
  passed=$((passed + all - bad - passes_over))
}

run_ctest() { # FOLDER OPTIONS...
  local folder=$1
  shift
  ctest --test-dir "$folder" --output-on-failure --no-tests=error --timeout 900 --parallel "$(nproc)" "$@" 2>&1 |
    tee "$folder/ctest.log" || true
  grep -h '^NOT RUN' "$folder/Testing/Temporary/LastTest.log" >&2 || true
  count "$folder/ctest.log"
}

targets_of() { # FOLDER LABEL: the programs behind the tests of that label; the test NAME is the program NAME_test
  ctest --test-dir "$1" -L "$2" --show-only=json-v1 |
    python3 -c 'import json, sys; print("\n".join(test["name"] + "_test" for test in json.load(sys.stdin)["tests"]))'
}

unit_tests() {
  section "unit and data-driven tests (ASan, UBSan)"
  run_ctest build/test -LE e2e
}

threaded_tests() {
  local targets
  section "threaded tests (TSan)"
  configure build/tsan thread
  mapfile -t targets < <(targets_of build/tsan '^threads$')
  build build/tsan "${targets[@]}"
  run_ctest build/tsan -L '^threads$'
}

end_to_end_tests() {
  section "test control plane${version:+, Kubernetes $version}"
  if ! tests/cluster/build.sh ${version:+--version "$version"} >/dev/null; then
    loud "NOT RUN: the end-to-end tests, because the test control plane could not be built (the reason stands above)."
    skipped=$((skipped + 1))
    if [ "${CI:-}" = true ]; then failed=$((failed + 1)); fi
    return
  fi
  section "end-to-end tests"
  export POSTURE_E2E_VERSION=$version
  run_ctest build/test -L '^e2e$'
}

unit=1 e2e=1 version='' yes=''
while [ $# -gt 0 ]; do
  case $1 in
    --unit-only) e2e='' ;;
    --e2e-only) unit='' ;;
    --version) [ $# -gt 1 ] || { usage >&2; exit 2; }; version=$2; shift ;;
    --yes) yes=--yes ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=strict_string_checks=1 TSAN_OPTIONS=second_deadlock_stack=1

section "packages"
scripts/install-packages.sh $yes test
section "build (ASan, UBSan)"
configure build/test address,undefined
if [ -n "$unit" ]; then
  build build/test
  unit_tests
  threaded_tests
else
  build build/test kube-posture cel_test
fi
if [ -n "$e2e" ]; then end_to_end_tests; fi
section "done"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
