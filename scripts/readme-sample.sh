#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts the first screen of the demo's report, as it is today, into README.md: readme-sample.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${1:-build/release/src/kube-posture}

[ -x "$program" ] || { echo "readme-sample.sh: no program $program; build it or name one" >&2; exit 1; }
screen=$(env -u LC_ALL LANG=C.UTF-8 "$program" scan --demo --quiet --color never | sed '/^──/,$d')
awk -v screen="$screen" '
  /^<!-- The first screen of/ { print; getline; print; print screen; inside = 1; next }
  inside && /^```/ { inside = 0 }
  !inside { print }
' README.md >README.md.new
mv README.md.new README.md
