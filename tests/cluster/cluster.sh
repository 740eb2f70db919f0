#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts, ends and describes a throw-away Kubernetes control plane on loopback. README.md beside it
# says what it hands out.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat >&2 <<USAGE
usage: cluster.sh start  [--dir DIR] [--version X] [--with-controllers] [--nodes N]
                         [--apiserver-arg --FLAG=VALUE]... [--ttl SECONDS]
       cluster.sh stop   [--dir DIR]
       cluster.sh status [--dir DIR]
       cluster.sh crash | starve [--dir DIR]   (kills the API server; ends its etcd alone)
       cluster.sh revive [--dir DIR]           (starts it again, where it was, with what it knew)
       cluster.sh run    [--dir DIR] COMMAND...   (a sub-command of the program, such as apply)
DIR is build/cluster/run unless given. The cluster ends by itself after SECONDS (14400; 0: never).
USAGE
  exit 2
}
say() { echo "tests/cluster/cluster.sh: $*" >&2; }
die() { say "$*"; exit 1; }

readonly setup_seconds=90 stop_seconds=10 start_attempts=3

# --- processes: a line "name pid birth" each; birth tells the process from a later one of its number
birth() { # PID: when it started, in ticks since boot; fails where it is gone or a zombie
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  [ "${stat%% *}" != Z ] && echo "$stat" | cut -d' ' -f20
}
alive() { # PID BIRTH
  [ "$(birth "$1" || true)" = "$2" ]
}
running() { # does any process of the cluster in $dir?
  local name pid born
  [ -f "$dir/processes" ] || return 1
  while read -r name pid born; do
    if alive "$pid" "$born"; then return 0; fi
  done <"$dir/processes"
  return 1
}
launch() { # NAME ARGUMENTS...: a detached process that holds none of our files
  local name=$1 pid
  shift
  TMPDIR=$dir/tmp TESTCLUSTER_TTL=$ttl setsid "$program" "$@" </dev/null >"$dir/log/$name.log" 2>&1 9>&- &
  pid=$!
  echo "$name $pid $(birth $pid || echo gone)" >>"$dir/processes"
  launched=$pid
}
end_all() { # ends, last first, what the file names and nothing else
  local lines=() line name pid born deadline
  if [ -f "$dir/processes" ]; then mapfile -t lines < <(tac "$dir/processes"); fi
  for line in "${lines[@]}"; do
    read -r name pid born <<<"$line"
    alive "$pid" "$born" || continue
    kill -TERM "$pid" 2>/dev/null || true
    deadline=$((SECONDS + stop_seconds))
    while alive "$pid" "$born"; do
      if [ $SECONDS -ge $deadline ]; then
        say "$name ($pid) did not end within ${stop_seconds}s: killed"
        kill -KILL "$pid" 2>/dev/null || true
        deadline=$((SECONDS + stop_seconds))
      fi
      sleep 0.05
    done
  done
  rm -rf "$dir/processes" "$dir/etcd" "$dir/tmp"
}

# --- certificates
sign() { # FILE SUBJECT EXTENSIONS
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "$2" 2>/dev/null |
    openssl x509 -req -CA "$dir/pki/ca.crt" -CAkey "$dir/pki/ca.key" -CAcreateserial -days 30 \
      -extfile <(printf '%b' "$3") -out "$1.crt" 2>/dev/null
}
client() { # NAME SUBJECT
  sign "$dir/pki/clients/$1" "$2" 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n'
}
make_pki() {
  local n
  (
    umask 077
    mkdir -p "$dir/pki/clients"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=testcluster-ca \
      -addext keyUsage=critical,digitalSignature,keyCertSign -keyout "$dir/pki/ca.key" -out "$dir/pki/ca.crt" 2>/dev/null
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/pki/sa.key" 2>/dev/null
    openssl pkey -in "$dir/pki/sa.key" -pubout -out "$dir/pki/sa.pub"
    sign "$dir/pki/server" /CN=kube-apiserver 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc\n'
    client admin /O=system:masters/CN=admin
    client viewer /CN=viewer
    client monitor /CN=monitor
    client nothing /CN=nobody-user
    if [ -n "$controllers" ]; then client controller-manager /CN=system:kube-controller-manager; fi
    if [ "$nodes" -gt 0 ]; then client scheduler /CN=system:kube-scheduler; fi
    for ((n = 1; n <= nodes; n++)); do client "node-$n" "/O=system:nodes/CN=system:node:node-$n"; done
  )
}

# --- components
start_apiserver() { # PORT
  local defaults=(
    --secure-port="$1" --bind-address=127.0.0.1 --advertise-address=192.0.2.1
    --tls-cert-file="$dir/pki/server.crt" --tls-private-key-file="$dir/pki/server.key" --client-ca-file="$dir/pki/ca.crt"
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$dir/pki/sa.pub"
    --service-account-signing-key-file="$dir/pki/sa.key" "--authorization-mode=Node,RBAC"
    --service-cluster-ip-range=10.0.0.0/16 --allow-privileged=true --cert-dir="$dir/pki"
  ) kept=() default given
  for default in "${defaults[@]}"; do
    for given in "${apiserver_args[@]}"; do
      # The given one replaces ours: list flags would otherwise add up.
      if [ "${default%%=*}" = "${given%%=*}" ]; then continue 2; fi
    done
    kept+=("$default")
  done
  launch apiserver apiserver --etcd-dir="$dir/etcd" "${kept[@]}" "${apiserver_args[@]}"
}
start_controllers() {
  launch controller-manager controller-manager --kubeconfig="$dir/kubeconfig/controller-manager.yaml" --leader-elect=false \
    --use-service-account-credentials=true --service-account-private-key-file="$dir/pki/sa.key" \
    --root-ca-file="$dir/pki/ca.crt" --secure-port=0
}
start_nodes() {
  local ports n
  launch scheduler scheduler --kubeconfig="$dir/kubeconfig/scheduler.yaml" --leader-elect=false --secure-port=0
  mapfile -t ports < <("$program" ports "$nodes")
  for ((n = 1; n <= nodes; n++)); do
    launch "node-$n" hollow-node --morph=kubelet --name="node-$n" --kubeconfig="$dir/kubeconfig/node-$n.yaml" \
      --use-host-image-service=false --kubelet-port="${ports[n - 1]}" --kubelet-read-only-port=0
    echo "NODE_${n}_PORT=${ports[n - 1]}" >>"$dir/state"
  done
}

give_up() { # MESSAGE: what the logs say last, then the end
  local log
  say "$*"
  for log in "$dir"/log/*.log; do
    [ -s "$log" ] || continue
    echo "--- $log, last lines" >&2
    tail -n 15 "$log" >&2
  done
  end_all
  exit 1
}

start() {
  local attempt port name pid born conditions=(serviceaccounts)
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  [ -e "$dir/state" ] || [ -z "$(ls -A "$dir")" ] || die "$dir is neither empty nor the folder of an earlier cluster"
  exec 9>>"$dir/state"
  flock -n 9 || die "another start works in $dir"
  if running; then die "a cluster runs in $dir already; stop it first"; fi
  program=$("$here/build.sh" ${version:+--version "$version"}) || exit 1
  rm -rf "$dir"/{pki,kubeconfig,etcd,log,tmp,processes}
  mkdir -p "$dir"/{log,tmp,kubeconfig}
  : >"$dir/state"
  make_pki
  for ((attempt = 1; ; attempt++)); do
    port=$("$program" ports)
    start_apiserver "$port"
    if "$program" setup --dir "$dir" --server "https://127.0.0.1:$port" --pid "$launched" \
      --timeout "${setup_seconds}s" 2>"$dir/log/setup.log"; then break; fi
    if [ $attempt -ge $start_attempts ] || ! grep -q 'address already in use' "$dir/log/apiserver.log"; then
      give_up "the API server did not come up"
    fi
    end_all # another process was quicker to take the port
    mkdir -p "$dir/tmp"
  done
  if [ -n "$controllers" ]; then start_controllers; fi
  if [ "$nodes" -gt 0 ]; then start_nodes; conditions+=("nodes=$nodes"); fi
  "$program" wait --kubeconfig "$dir/kubeconfig/admin.yaml" --timeout "${setup_seconds}s" "${conditions[@]}" 2>"$dir/log/wait.log" ||
    give_up "the components did not come up"
  {
    echo "SERVER=https://127.0.0.1:$port"
    echo "PORT=$port"
    echo "PROGRAM=$program"
    echo "KUBECONFIG=$dir/kubeconfig/admin.yaml"
    while read -r name pid born; do
      name=${name^^}
      echo "${name//-/_}_PID=$pid"
    done <"$dir/processes"
  } >>"$dir/state"
  echo "$dir"
}

status() {
  local name pid born up=1
  [ -f "$dir/processes" ] || { echo "no cluster in $dir"; exit 1; }
  while read -r name pid born; do
    if alive "$pid" "$born"; then echo "$name $pid running"; else echo "$name $pid gone"; up=; fi
  done <"$dir/processes"
  grep '^SERVER=' "$dir/state" || up=
  [ -n "$up" ]
}

send() { # SIGNAL: to the newest API server
  local pid born
  [ -f "$dir/processes" ] || die "no cluster in $dir"
  read -r _ pid born < <(grep '^apiserver ' "$dir/processes" | tail -n 1)
  alive "$pid" "$born" || die "the API server in $dir is gone"
  kill "-$1" "$pid"
}
revive() { # takes the --apiserver-arg of start again
  [ -s "$dir/state" ] || die "no cluster in $dir"
  dir=$(cd "$dir" && pwd)
  program=$(sed -n 's/^PROGRAM=//p' "$dir/state")
  start_apiserver "$(sed -n 's/^PORT=//p' "$dir/state")"
  echo "APISERVER_PID=$launched" >>"$dir/state"
}

run() {
  [ $# -gt 0 ] || usage
  [ -s "$dir/state" ] || die "no cluster in $dir"
  local command=$1
  shift
  program=$(sed -n 's/^PROGRAM=//p' "$dir/state")
  case $command in
    apply | wait | get | load | token) exec "$program" "$command" --kubeconfig "$dir/kubeconfig/admin.yaml" "$@" ;;
    *) exec "$program" "$command" "$@" ;;
  esac
}

[ $# -gt 0 ] || usage
action=$1
shift
dir=$root/build/cluster/run version='' controllers='' nodes=0 apiserver_args=() ttl=14400
while [ $# -gt 0 ]; do
  case $1 in
    --dir) dir=${2:?}; shift 2 ;;
    --version) version=${2:?}; shift 2 ;;
    --with-controllers) controllers=1; shift ;;
    --nodes) nodes=${2:?}; controllers=1; shift 2 ;;
    --apiserver-arg) apiserver_args+=("${2:?}"); shift 2 ;;
    --ttl) ttl=${2:?}; shift 2 ;;
    *) break ;;
  esac
done
if [ "$action" != run ] && [ $# -gt 0 ]; then usage; fi
case $action in
  start) start ;;
  stop) if [ -e "$dir/state" ]; then end_all; fi ;; # `state` marks the folder as ours to clean
  status) status ;;
  crash) send KILL ;;
  starve) send USR1 ;;
  revive) revive ;;
  run) run "$@" ;;
  *) usage ;;
esac
