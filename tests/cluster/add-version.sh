#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes versions/VERSION.mod and .sum (or, with --default, go.mod and go.sum): the module file that
# builds the test cluster from Kubernetes VERSION. A maintainer runs it once per version and commits.
set -euo pipefail
cd "$(dirname "$0")"

default=
if [ "${1:-}" = --default ]; then default=1; shift; fi
version=${1:?usage: add-version.sh [--default] VERSION (such as 1.37.2)}
staging="v0.${version#*.}"
upstream=$(cd / && GOFLAGS=-mod=mod go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
test -n "$upstream"

modfile=versions/$version.mod
if [ -n "$default" ]; then modfile=go.mod; fi
rm -f "${modfile%.mod}.sum"
{
  echo "// Kubernetes $version. Written by add-version.sh."
  echo "module kube-posture.test/cluster"
  echo
  grep -E '^go [0-9.]+$' "$upstream"
  echo
  grep -E '^godebug ' "$upstream" || true
  echo
  echo "require k8s.io/kubernetes v$version"
  echo
  # Kubernetes' own file points its parts at local folders; each is published on its own as well,
  # but for the samples.
  echo "replace ("
  sed -n 's#^[[:space:]]*\(k8s.io/[a-z-]*\) => ./staging/.*#\1#p' "$upstream" |
    grep -v "/sample-" | sed "s#.*#\t& => & $staging#"
  echo ")"
} >"$modfile"
nice go mod tidy -modfile="$modfile"
