#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A list server that makes up its pods as it sends them: what a client needs for N of them, without a cluster of that size.

usage: paged_server.py --pods N       (until its standard input ends)

Prints its URL. Answers the paths that a scan asks for as an API server does: aggregated discovery, lists in chunks with limit
and continue, 404 for the rest. Five pods make a replica set, whose Deployment owns it; all are of a few templates with their own names.
"""
import argparse
import http.server
import json
import sys
import threading
import urllib.parse

PODS_PER_SET, PODS_PER_NAMESPACE, TEMPLATES, MOST_PODS = 5, 100, 60, 1_000_000
KINDS = {
    "": [("namespaces", "Namespace", False), ("pods", "Pod", True), ("replicationcontrollers", "ReplicationController", True),
         ("serviceaccounts", "ServiceAccount", True), ("services", "Service", True)],
    "apps": [("daemonsets", "DaemonSet", True), ("deployments", "Deployment", True), ("replicasets", "ReplicaSet", True), ("statefulsets", "StatefulSet", True)],
    "batch": [("cronjobs", "CronJob", True), ("jobs", "Job", True)],
    "networking.k8s.io": [("networkpolicies", "NetworkPolicy", True)],
    "rbac.authorization.k8s.io": [("clusterrolebindings", "ClusterRoleBinding", False), ("clusterroles", "ClusterRole", False),
                                  ("rolebindings", "RoleBinding", True), ("roles", "Role", True)],
}  # fmt: skip
NAMES = {plural: kind for rows in KINDS.values() for plural, kind, _ in rows}
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def container(name, number):
    return {
        "name": name, "image": f"registry.example.com/shop/{name}-{number:03}:1.{number}.0", "args": ["serve", "--config=/etc/app/config.yaml"],
        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}], "imagePullPolicy": "IfNotPresent",
        "env": [{"name": f"SETTING_{n}", "value": f"value {n} of {name}"} for n in range(12)],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "privileged": number % 8 == 0, "capabilities": {"drop": ["ALL"]}},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 1},
        "volumeMounts": [{"name": "config", "mountPath": "/etc/app"}, {"name": "tmp", "mountPath": "/tmp"}],
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
    }  # fmt: skip


def pod_spec(number):
    return {
        "containers": [container("server", number), container("proxy", number)], "initContainers": [container("migrate", number)],
        "volumes": [{"name": "config", "configMap": {"name": "config", "defaultMode": 420}}, {"name": "tmp", "emptyDir": {}}],
        "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst", "serviceAccountName": "server",
        "automountServiceAccountToken": number % 3 != 0, "securityContext": {"runAsNonRoot": number % 3 == 0}, "schedulerName": "default-scheduler",
    }  # fmt: skip


def metadata(name, labels, owner=None):
    managed = {f"f:field{n}": {f"f:part{m}": {} for m in range(6)} for n in range(12)}
    meta = {
        "name": name, "namespace": "@NS@", "uid": "00000000-0000-4000-8000-@UID@", "resourceVersion": "@UID@",
        "creationTimestamp": "2026-01-05T08:00:00Z", "labels": labels, "annotations": {"checksum/config": "0123456789abcdef" * 4},
        "managedFields": [{"manager": manager, "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": managed}
                          for manager in ("kube-controller-manager", "kubelet")],
    }  # fmt: skip
    if owner:
        reference = {"apiVersion": "apps/v1", "kind": owner[0], "name": owner[1], "uid": "u", "controller": True, "blockOwnerDeletion": True}
        meta["ownerReferences"] = [reference]
    return meta


def replicated(number, name, owner=None):
    labels = {"app": f"app-{number}"}
    template = {"metadata": {"labels": labels}, "spec": pod_spec(number)}
    return {"metadata": metadata(name, labels, owner), "spec": {"replicas": PODS_PER_SET, "selector": {"matchLabels": labels}, "template": template}}


def pod(number):
    status = {"phase": "Running", "podIP": "192.0.2.1", "conditions": [{"type": kind, "status": "True"} for kind in ("Ready", "PodScheduled")]}
    spec = {**pod_spec(number), "nodeName": "node-@SET@"}
    return {"metadata": metadata("app-@SET@-5d4f-@POD@", {"app": f"app-{number}"}, ("ReplicaSet", "app-@SET@-5d4f")), "spec": spec, "status": status}


class Cluster:
    """The texts of N pods and what owns them; an item is made from its index alone."""

    def __init__(self, pods):
        self.counts = {"pods": pods, "replicasets": pods // PODS_PER_SET, "deployments": pods // PODS_PER_SET,
                       "namespaces": pods // PODS_PER_NAMESPACE}  # fmt: skip
        makers = {
            "pods": pod,
            "replicasets": lambda number: replicated(number, "app-@SET@-5d4f", ("Deployment", "app-@SET@")),
            "deployments": lambda number: replicated(number, "app-@SET@"),
            "namespaces": lambda number: {"metadata": {"name": "@NS@", "uid": "@UID@"}},
        }
        self.texts = {kind: [json.dumps(make(number), separators=(",", ":")) for number in range(TEMPLATES)] for kind, make in makers.items()}

    def item(self, kind, index):
        per_set = 1 if kind != "pods" else PODS_PER_SET
        per_namespace = 1 if kind == "namespaces" else PODS_PER_NAMESPACE // PODS_PER_SET * per_set
        group = index // per_set
        text = self.texts[kind][group % TEMPLATES].replace("@NS@", f"ns-{index // per_namespace:05}").replace("@SET@", f"{group:06}")
        return text.replace("@UID@", f"{index:012}").replace("@POD@", f"{index:07}")

    def page(self, kind, start, limit):
        count = self.counts.get(kind, 0)
        end = min(count, start + limit)
        meta = {"resourceVersion": "1"}
        if end < count:
            meta |= {"continue": str(end), "remainingItemCount": count - end}
        items = ",".join(self.item(kind, index) for index in range(start, end))
        return f'"metadata":{json.dumps(meta)},"items":[{items}]'


def discovery(groups):
    def resource(plural, kind, namespaced):
        return {"resource": plural, "responseKind": {"group": "", "version": "v1", "kind": kind}, "verbs": ["get", "list"],
                "scope": "Namespaced" if namespaced else "Cluster", "singularResource": kind.lower()}  # fmt: skip

    items = [{"metadata": {"name": group} if group else {}, "versions": [{"version": "v1", "freshness": "Current", "resources": [resource(*row) for row in KINDS[group]]}]}
             for group in groups]  # fmt: skip
    return json.dumps({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster = None

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        version, _, kind = address.path.removeprefix("/apis/").removeprefix("/api/").rpartition("/")
        if address.path == "/version":
            self.answer(json.dumps({"gitVersion": "v1.37.0"}))
        elif address.path in ("/api", "/apis"):
            self.answer(discovery([group for group in KINDS if bool(group) == (address.path == "/apis")]), AGGREGATED)
        elif kind in NAMES:
            items = self.cluster.page(kind, int(query.get("continue", 0)), int(query["limit"]))
            self.answer(f'{{"kind":"{NAMES[kind]}List","apiVersion":"{version}",{items}}}')
        else:
            self.answer(json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}), status=404)

    do_POST = do_GET

    def answer(self, text, content_type="application/json", status=200):
        body = text.encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pods", type=int, required=True)
    pods = parser.parse_args().pods
    if not 0 < pods <= MOST_PODS:
        sys.exit(f"paged_server.py: --pods must be 1 to {MOST_PODS}")
    Handler.cluster = Cluster(pods)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
