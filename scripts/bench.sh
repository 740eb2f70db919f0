#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How long a scan of a big cluster takes, next to the bare download of the same lists, and its expressions next to cel-go.
# Starts a throw-away control plane, loads it through its API, measures, ends it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cluster=$root/tests/cluster/cluster.sh
program=$root/build/release/src/kube-posture
readonly lifetime=7200

usage() {
  cat >&2 <<USAGE
usage: bench.sh [--pods N] [--namespaces N] [--runs N] [--program FILE] [--write] [--cel] [--keep | --again DIR | --growth]
10000 pods in 200 namespaces and 7 runs unless given. Builds build/release, and measures its program unless another is named.
--write puts the table into docs/performance.md. --keep leaves the cluster for two hours and says where it is; --again
measures on it once more, and then ends it unless it is to be kept. --cel measures expressions alone. --growth measures 10,000 to 500,000 made-up pods instead.
USAGE
  exit 2
}

end() {
  if [ -n "$keep" ]; then
    echo "scripts/bench.sh: the cluster stays in $dir" >&2
    return
  fi
  "$cluster" stop --dir "$dir/cluster" || true
  rm -rf "$dir"
}

build() {
  cmake -S "$root" -B "$root/build/release" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF >/dev/null
  cmake --build "$root/build/release" --target kube-posture cel_bench null_sink >/dev/null
}

load() {
  dir=$(mktemp -d /tmp/kube-posture-bench.XXXXXX)
  trap end EXIT
  "$cluster" start --dir "$dir/cluster" --ttl $lifetime >/dev/null
  "$cluster" run --dir "$dir/cluster" load -pods "$pods" -namespaces "$namespaces" >"$dir/load"
}

pods=10000 namespaces=200 runs=7 given='' write=() keep='' dir='' growth='' cel=''
while [ $# -gt 0 ]; do
  case $1 in
    --pods) pods=${2:?}; shift 2 ;;
    --namespaces) namespaces=${2:?}; shift 2 ;;
    --runs) runs=${2:?}; shift 2 ;;
    --program) given=${2:?}; shift 2 ;;
    --write) write=(--write "$root/docs/performance.md"); shift ;;
    --keep) keep=1; shift ;;
    --growth) growth=1; shift ;;
    --cel) cel=1; shift ;;
    --again) dir=${2:?}; shift 2 ;;
    *) usage ;;
  esac
done
if [ -z "$(type -P time)" ]; then
  echo "scripts/bench.sh: needs GNU time (package time)" >&2
  exit 1
fi
build
if [ -n "$given" ]; then program=$given; fi
if [ -n "$growth" ]; then
  exec "$root/tests/bench/growth.py" --program "$program" "${write[@]}"
fi
if [ -n "$dir" ]; then trap end EXIT; else load; fi
if [ -z "$given" ]; then # the expressions need programs of this build
  oracle=$(sed -n 's/^PROGRAM=//p' "$dir/cluster/state")
  "$root/tests/bench/cel.py" --ours "$root/build/release/tests/bench/cel_bench" --oracle "$oracle" --program "$program" \
    --catalogue "$root/build/release/src/packed_catalog.cpp" --cluster "$dir/cluster" --runs "$runs" "${write[@]}"
fi
if [ -n "$cel" ]; then exit; fi
c++ -O2 -std=c++20 "$root/tests/bench/download.cpp" -lcurl -lpthread -o "$dir/download"
"$root/tests/bench/measure.py" --program "$program" --download "$dir/download" \
  --null-sink "$root/build/release/tests/bench/null_sink" --cluster "$dir/cluster" \
  --load "$dir/load" --runs "$runs" "${write[@]}"
