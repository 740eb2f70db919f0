#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the test cluster itself: selftest.sh [--version X] [--nodes N]. Exit code 0: all checks held.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

version=() nodes=0
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=(--version "${2:?}"); shift 2 ;;
    --nodes) nodes=${2:?}; shift 2 ;;
    *) echo "usage: selftest.sh [--version X] [--nodes N]" >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
finish() {
  "$here/cluster.sh" stop --dir "$work/one" || true
  "$here/cluster.sh" stop --dir "$work/two" || true
  rm -rf "$work"
}
trap finish EXIT

failures=0
check() { # WHAT COMMAND...: the command must succeed
  local what=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    echo "ok    $what"
  else
    echo "FAIL  $what"
    sed 's/^/      /' "$work/out"
    failures=$((failures + 1))
  fi
}
program() { "$here/cluster.sh" run --dir "$work/one" "$@"; }
answers() { # KUBECONFIG-NAME PATH STATUS [TEXT]: that HTTP status, and TEXT in the body
  program get --kubeconfig "$work/one/kubeconfig/$1.yaml" "$2" >"$work/answer"
  head -c 300 "$work/answer"
  [ "$(head -n 1 "$work/answer")" = "$3" ] && grep -q -e "${4:-}" "$work/answer"
}
leaves_no_process() { # FILE of lines "name pid birth"
  local name pid born
  while read -r name pid born; do
    # A zombie only waits for its parent's glance.
    if grep -qv '^State:.*Z' <(grep '^State:' "/proc/$pid/status" 2>/dev/null); then
      echo "$name $pid ($born) is left"
      return 1
    fi
  done <"$1"
}
refused() { ! "$@"; }

start_options=()
if [ "$nodes" -gt 0 ]; then start_options+=(--nodes "$nodes"); fi
"$here/build.sh" "${version[@]}" >/dev/null
began=$(date +%s%N)
"$here/cluster.sh" start --dir "$work/one" "${version[@]}" "${start_options[@]}" >/dev/null
echo "started in $((($(date +%s%N) - began) / 1000000)) ms"

pods=/api/v1/pods roles=/apis/rbac.authorization.k8s.io/v1/clusterroles secrets=/api/v1/secrets
check "admin lists pods" answers admin $pods 200
check "admin lists secrets" answers admin $secrets 200
check "viewer lists pods" answers viewer $pods 200
check "viewer is refused roles" answers viewer $roles 403
check "viewer is refused secrets" answers viewer $secrets 403
check "monitor reads metrics" answers monitor /metrics 200
check "monitor is refused pods" answers monitor $pods 403
check "nothing is refused pods" answers nothing $pods 403
check "nothing reads the version" answers nothing /version 200
check "the service account lists pods" answers sa-token $pods 200
check "the service account lists roles" answers sa-token $roles 200
check "the service account is refused secrets" answers sa-token $secrets 403

check "a file of many kinds is applied" program apply -f "$here/testdata/apply.yaml"
check "and again" program apply -f "$here/testdata/apply.yaml"
check "what only creation takes, too" program apply -f "$here/testdata/duplicates.yaml"
check "a custom resource is served" answers admin /apis/testcluster.example.com/v1/namespaces/shop/crontabs/nightly 200
check "a mirror pod is stored, its status too" answers admin /api/v1/namespaces/kube-system/pods/kube-apiserver-cp-1 200 '"phase":"Running"'
check "a typing error is refused" refused program apply -dry-run=All -f "$here/testdata/refused.yaml"
check "a dry run creates the namespace" program apply -dry-run=All -create-namespaces -f "$here/testdata/dry-run.yaml"
check "and stores nothing in it" answers admin /api/v1/namespaces/dry/pods/dry 404
check "cel answers" [ "$(echo '{"expr":"object.n + 1","object":{"n":41}}' | program cel)" = '{"value":{"int":"42"},"type":"int"}' ]
if [ "$nodes" -gt 0 ]; then
  check "workloads get their pods" program wait controllers
fi

check "a second start in the same folder is refused" refused "$here/cluster.sh" start --dir "$work/one" "${version[@]}"
check "a folder of others is refused" refused "$here/cluster.sh" start --dir "$here"
check "another cluster runs beside it" "$here/cluster.sh" start --dir "$work/two" "${version[@]}" --apiserver-arg --authorization-mode=RBAC
check "the first is still up" "$here/cluster.sh" status --dir "$work/one"
check "the second is up" "$here/cluster.sh" status --dir "$work/two"
check "a start that fails says why" grep -q 'no-such-flag' <("$here/cluster.sh" start --dir "$work/three" "${version[@]}" --apiserver-arg --no-such-flag=1 2>&1)

check "a token that ends is taken" test -n "$(program token --key "$work/one/pki/sa.key" --for 30s)"
check "the API server is killed" "$here/cluster.sh" crash --dir "$work/one"
check "and comes back" "$here/cluster.sh" revive --dir "$work/one"
check "with what it knew" program wait ready
check "the same objects" answers admin /api/v1/namespaces/kube-system/pods/kube-apiserver-cp-1 200

cat "$work/one/processes" "$work/two/processes" >"$work/started"
check "the first stops" "$here/cluster.sh" stop --dir "$work/one"
check "the second stops" "$here/cluster.sh" stop --dir "$work/two"
check "stopping again does nothing" "$here/cluster.sh" stop --dir "$work/one"
check "no process is left" leaves_no_process "$work/started"

[ "$failures" = 0 ] || { echo "$failures checks failed"; exit 1; }
echo "all checks held"
