#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a clone to a scored report: installs what the build needs, builds, and scans a cluster.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly build=$root/build/release answer_seconds=120 server_seconds=3
readonly program=$build/src/kube-posture

usage() {
  cat <<'USAGE'
usage: scripts/quickstart.sh [--yes] [--context NAME]
Installs what the build needs, builds build/release/kube-posture and scans a cluster:
  on a terminal     the current kubeconfig context, after naming it and its server and asking
  otherwise         the bundled demo cluster, a recording (also where there is no context,
                    or nothing answers at its server within 3 seconds)
  --context NAME    that kubeconfig context, without asking
  --yes             install missing packages without asking
Scanning only reads. The exit code is that of the scan (docs/cli.md).
USAGE
}
say() { echo "quickstart: $*" >&2; }
die() { say "$*"; exit 1; }

plan() { # the first line: what is going to happen
  local scan
  if [ -n "$context" ]; then
    scan="scan the kubeconfig context $context"
  elif [ -n "$terminal" ]; then
    scan="name your current kubeconfig context and ask before scanning it"
  else
    scan="scan the bundled demo cluster (no terminal to ask on; --context NAME scans yours)"
  fi
  echo "quickstart: build kube-posture, then $scan."
}

jobs() { # one for each processor, but no more than memory carries
  local kib
  kib=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null || true)
  local by_memory=$((${kib:-8000000} / 800000)) processors
  processors=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
  echo $((by_memory < 1 ? 1 : by_memory < processors ? by_memory : processors))
}

logged() { # WHAT COMMAND...: quiet unless it fails
  local what=$1
  shift
  if ! "$@" >"$build/quickstart.log" 2>&1 </dev/null; then
    tail -n 30 "$build/quickstart.log" >&2
    say "$what failed; its last lines stand above, all of it is in build/release/quickstart.log"
    return 1
  fi
}

build_program() {
  mkdir -p "$build"
  if [ ! -f "$build/build.ninja" ] &&
    ! logged cmake cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF; then
    "$root/scripts/install-packages.sh" --list build >&2
    exit 1
  fi
  if [ ! -x "$program" ]; then say "building; from nothing this takes a few minutes on two processors"; fi
  local make=(cmake --build "$build" --parallel "$(jobs)")
  if [ -t 2 ]; then "${make[@]}" >&2 || die "the build failed, the compiler's words stand above"; else logged "the build" "${make[@]}" || exit 1; fi
  [ -x "$program" ] || die "the build made no build/release/src/kube-posture; remove build/release and try again"
}

answers() { # URL: does anything take a connection there in time?
  local rest=${1#*://} host port
  rest=${rest%%/*}
  host=${rest%:*} port=${rest##*:}
  if [[ ! $port =~ ^[0-9]+$ ]]; then
    host=$rest port=443
    if [[ $1 == http://* ]]; then port=80; fi
  fi
  host=${host#[} host=${host%]}
  # shellcheck disable=SC2016 # the inner shell expands them
  timeout "$server_seconds" bash -c ': <"/dev/tcp/$1/$2"' _ "$host" "$port" 2>/dev/null
}

demo() { # WHY
  echo "Scanning the bundled demo cluster: $1."
  exec "$program" scan --demo
}

scan_current_or_demo() {
  local found current server answer
  [ -n "$terminal" ] || demo "there is no terminal to ask on"
  found=$("$program" context 2>/dev/null) || demo "no kubeconfig context was found"
  current=${found%%$'\t'*} server=${found#*$'\t'}
  answers "$server" || demo "nothing answers at $server, the server of your context $current"
  printf 'Your current kubeconfig context is %s, its server is %s.\nScan it? Scanning only reads. [y = yes, anything else = the demo cluster] ' "$current" "$server"
  read -r -t "$answer_seconds" answer || { echo; demo "no answer within $answer_seconds s"; }
  [[ $answer =~ ^[yY] ]] || demo "as you wished"
  echo "Scanning $current at $server."
  exec "$program" scan --context "$current"
}

yes='' context='' terminal=''
while [ $# -gt 0 ]; do
  case $1 in
    --yes) yes=--yes; shift ;;
    --context) [ $# -gt 1 ] || die "--context needs a name"; context=$2; shift 2 ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 1 ;;
  esac
done
if [ -t 0 ] && [ -t 1 ]; then terminal=1; fi

plan
"$root/scripts/install-packages.sh" $yes build
build_program
if [ -n "$context" ]; then
  echo "Scanning the kubeconfig context $context."
  exec "$program" scan --context "$context"
fi
scan_current_or_demo
