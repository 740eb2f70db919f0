#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats the C++ sources with clang-format 19, the version whose output the tree holds: format.sh [--check]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  '') how=(-i) ;;
  --check) how=(--dry-run -Werror) ;;
  *) echo "usage: format.sh [--check]" >&2; exit 2 ;;
esac
if ! command -v clang-format-19 >/dev/null; then
  echo "format.sh: clang-format 19 is missing; scripts/install-packages.sh ci installs it" >&2
  exit 1
fi
find include src tests \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 clang-format-19 "${how[@]}"
