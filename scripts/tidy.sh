#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs clang-tidy 19 over src/ and the headers it includes: tidy.sh [BUILD-FOLDER] [FILE-PATTERN]
# The build folder only needs to be configured, not built. Unless one is given, eight files of a folder are read at a time (build/tidy, a
# unity build), which takes a fifth of the time; where names inside such files clash, they are read one by one.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
build=${1:-build/tidy}
pattern=${2:-"^$root/src/|/Unity/"}
export build

if ! command -v clang-tidy-19 >/dev/null; then
  echo "tidy.sh: clang-tidy 19 is missing; scripts/install-packages.sh ci installs it" >&2
  exit 1
fi
configure() { # FOLDER OPTION...
  cmake -S . -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=OFF "${@:2}" >/dev/null
}
if [ ! -f "$build/compile_commands.json" ]; then
  configure "$build" -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8
  configure "$build/single"
fi

tidy() { # FOLDER FILE...
  clang-tidy-19 -p "$1" -quiet --config-file=.clang-tidy -checks=-bugprone-suspicious-include -warnings-as-errors='*' "${@:2}" 2>&1
}
look_at() { # FILE: its findings, and a failure where there are any
  local found members
  if found=$(tidy "$build" "$1"); then return; fi
  mapfile -t members < <(sed -n 's/^#include "\(.*\)"$/\1/p' "$1")
  if [[ $1 == */Unity/* && $found == *'[clang-diagnostic-error'* ]]; then
    if found=$(tidy "$build/single" "${members[@]}"); then return; fi
  fi
  printf '%s\n' "$found"
  return 1
}
export -f tidy look_at

mapfile -t files < <(sed -n 's/^ *"file": "\(.*\)",*$/\1/p' "$build/compile_commands.json" | grep -E "$pattern" | sort -u)
if [ ${#files[@]} = 0 ]; then
  echo "tidy.sh: no file of $build matches $pattern" >&2
  exit 1
fi
# shellcheck disable=SC2016 # the inner shell expands it
if ! printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'look_at "$1"' look_at {} >"$build/tidy.log"; then
  grep -E '(warning|error): ' "$build/tidy.log" | sed "s|^$root/||" | sort -u >&2 || tail -n 20 "$build/tidy.log" >&2
  echo "tidy.sh: the findings stand above; the whole text is in $build/tidy.log" >&2
  exit 1
fi
echo "tidy.sh: nothing found"
