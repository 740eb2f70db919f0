#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records the demo cluster: a throw-away control plane, the manifests of tests/demo, one snapshot, the end.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cluster=$root/tests/cluster/cluster.sh
readonly nodes=3 mesh_seconds=30 settle_seconds=120 quiet_rounds=3 lifetime=1200 now=2026-01-31T12:00:00Z

usage() {
  cat >&2 <<USAGE
usage: record-demo.sh [--output FILE] [--program FILE] [--manifests-only]
FILE is tests/demo/demo.snapshot, recorded by build/release/src/kube-posture or build/dev/src/kube-posture, unless given.
--manifests-only ends once the cluster has settled: do the manifests still work?
USAGE
  exit 2
}
say() { echo "scripts/record-demo.sh: $*" >&2; }
die() { say "$*"; exit 1; }

find_program() {
  local candidate
  for candidate in "$root"/build/{release,dev}/src/kube-posture; do
    if [ -x "$candidate" ]; then echo "$candidate"; return; fi
  done
  die "no kube-posture in build/; build it first, or name it with --program"
}

end() {
  "$cluster" stop --dir "$dir/cluster" || true
  rm -rf "$dir"
}

# The flags that the demo's mirror pod of the API server shows and a real server can have here, too.
start() {
  local client=$dir/cluster/pki/clients/admin
  "$cluster" start --dir "$dir/cluster" --nodes $nodes --ttl $lifetime --apiserver-arg --profiling=false \
    --apiserver-arg --advertise-address=192.0.2.10 \
    --apiserver-arg --enable-admission-plugins=NodeRestriction --apiserver-arg --anonymous-auth=true \
    --apiserver-arg --kubelet-client-certificate="$client.crt" --apiserver-arg --kubelet-client-key="$client.key" \
    --apiserver-arg --service-cluster-ip-range=10.96.0.0/12 \
    --apiserver-arg --service-account-issuer=https://kubernetes.default.svc.cluster.local >/dev/null
  # The context's name is part of every report.
  sed -e 's/^  name: admin$/  name: demo/' -e 's/^current-context: .*/current-context: demo/' \
    "$dir/cluster/kubeconfig/admin.yaml" >"$dir/kubeconfig"
}
run() { "$cluster" run --dir "$dir/cluster" "$@"; }

apply() { # PATH
  local refused
  if ! run apply -f "$1" >"$dir/applied" 2>&1; then
    refused=$(grep -v -e '^created' -e '^configured' -e '^  warning' "$dir/applied" || true)
    die "the API server refuses part of $1: $refused"
  fi
}

# A policy takes effect some time after it was created: from then on a second container of this name is one too many.
wait_for_mesh() {
  local deadline=$((SECONDS + mesh_seconds))
  cat >"$dir/probe.yaml" <<'PROBE'
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: sandbox}
spec: {containers: [{name: mesh-proxy, image: registry.example.com/probe}]}
PROBE
  until [[ $(run apply --dry-run=All -f "$dir/probe.yaml" 2>&1 || true) = *'Duplicate value: "mesh-proxy"'* ]]; do
    [ $SECONDS -lt $deadline ] || die "the sidecar policy has no effect after ${mesh_seconds}s"
    sleep 0.2
  done
}

pods() {
  run get --accept 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' /api/v1/pods |
    grep -o '"name":"[^"]*","generateName\|"name":"[^"]*","namespace' | sort
}

# Settled: every workload has its pods, and no pod comes or goes for some seconds.
settle() {
  local deadline=$((SECONDS + settle_seconds)) before='' after quiet=0
  run wait --timeout ${settle_seconds}s controllers
  while [ $quiet -lt $quiet_rounds ]; do
    [ $SECONDS -lt $deadline ] || die "pods still come and go after ${settle_seconds}s"
    after=$(pods)
    if [ "$before" = "$after" ]; then quiet=$((quiet + 1)); else quiet=0; fi
    before=$after
    sleep 1
  done
}

output=$root/tests/demo/demo.snapshot program='' manifests_only=''
while [ $# -gt 0 ]; do
  case $1 in
    -o | --output) output=${2:?}; shift 2 ;;
    --program) program=${2:?}; shift 2 ;;
    --manifests-only) manifests_only=1; shift ;;
    *) usage ;;
  esac
done
if [ -z "$manifests_only" ]; then program=${program:-$(find_program)}; fi
# A neutral place: the server's flags name it, and the recording keeps them.
dir=$(mktemp -d /tmp/kube-posture-demo.XXXXXX)
trap end EXIT
start
apply "$root/tests/demo/mesh.yaml"
wait_for_mesh
apply "$root/tests/demo/manifests"
settle
say "$(pods | wc -l) pods"
[ -z "$manifests_only" ] || exit 0
"$program" snapshot --quiet --kubeconfig "$dir/kubeconfig" --now $now --output "$dir/snapshot"
chmod 644 "$dir/snapshot"
mv "$dir/snapshot" "$output"
