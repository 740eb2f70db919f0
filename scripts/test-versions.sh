#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The end-to-end tests on older Kubernetes servers: test-versions.sh [VERSION...]; every version of tests/cluster/versions unless given.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

versions=("$@")
if [ ${#versions[@]} = 0 ]; then
  mapfile -t versions < <(find "$root/tests/cluster/versions" -name '*.mod' -printf '%f\n' | sed 's/\.mod$//' | sort -V)
fi
broken=()
for version in "${versions[@]}"; do
  "$root/scripts/test.sh" --e2e-only --version "$version" || broken+=("$version")
done
if [ ${#broken[@]} -gt 0 ]; then
  echo "test-versions.sh: failed on ${broken[*]}" >&2
  exit 1
fi
echo "test-versions.sh: passed on ${versions[*]}" >&2
