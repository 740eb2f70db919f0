# SPDX-License-Identifier: Apache-2.0
"""An API server of a few objects, over plain HTTP on loopback, that can be slow where a test wants it."""
import collections
import contextlib
import http.server
import json
import threading
import time

# group, plural, kind, namespaced: what the built-in checks read
KINDS = [
    ("", "namespaces", "Namespace", False),
    ("", "pods", "Pod", True),
    ("", "replicationcontrollers", "ReplicationController", True),
    ("", "serviceaccounts", "ServiceAccount", True),
    ("", "services", "Service", True),
    ("apps", "daemonsets", "DaemonSet", True),
    ("apps", "deployments", "Deployment", True),
    ("apps", "replicasets", "ReplicaSet", True),
    ("apps", "statefulsets", "StatefulSet", True),
    ("batch", "cronjobs", "CronJob", True),
    ("batch", "jobs", "Job", True),
    ("networking.k8s.io", "networkpolicies", "NetworkPolicy", True),
    ("rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding", False),
    ("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", False),
    ("rbac.authorization.k8s.io", "rolebindings", "RoleBinding", True),
    ("rbac.authorization.k8s.io", "roles", "Role", True),
]
DRIBBLE_SECONDS = 0.05  # between two bytes


def group_list(core):
    groups = collections.defaultdict(list)
    for group, plural, kind, namespaced in KINDS:
        if (group == "") == core:
            scope = "Namespaced" if namespaced else "Cluster"
            groups[group].append({"resource": plural, "responseKind": {"kind": kind}, "scope": scope, "verbs": ["get", "list"]})
    items = [{"metadata": {"name": name}, "versions": [{"version": "v1", "resources": found}]} for name, found in groups.items()]
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": items}


def pod(name):
    container = {"name": "app", "image": "registry.example/app:1", "securityContext": {"privileged": True}}
    return {"metadata": {"name": name, "namespace": "shop", "uid": name}, "spec": {"containers": [container]}, "status": {"phase": "Running"}}


class FakeServer:
    """`slow` names the plurals whose lists dribble, and "/version" or "/api"; `pages` is how many pages of a pod there are;
    `page_seconds` is how long each of them takes; `headers` are sent with each answer."""

    def __init__(self, slow=(), pages=1, headers=None, page_seconds=0.0):
        self.slow, self.pages, self.headers, self.page_seconds = set(slow), pages, headers or {}, page_seconds
        self.asked = []  # paths with query
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.ending = threading.Event()
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.ending.set()
        self.http.shutdown()
        self.http.server_close()

    def kubeconfig(self, user=None):
        scheme = "https" if user else "http"  # credentials do not go over http; with https nobody answers
        server = f"{scheme}://127.0.0.1:{self.http.server_port}"
        return json.dumps({
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": {"server": server}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
            "users": [{"name": "fake", "user": user or {}}],
        })  # fmt: skip

    def wait_for(self, word, seconds):
        limit = time.monotonic() + seconds
        while not any(word in path for path in self.asked):
            if time.monotonic() > limit:
                raise AssertionError(f"nobody asked for {word}: {self.asked}")
            time.sleep(0.01)

    def answer(self, handler):
        self.asked.append(handler.path)
        path, _, query = handler.path.partition("?")
        place = path.split("/")[-1]
        body, content_type, status = self.body(path, place, query)
        data = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        with contextlib.suppress(OSError):  # whoever has left
            if place in self.slow or path in self.slow:
                self.dribble(handler, data)
            else:
                handler.wfile.write(data)

    def dribble(self, handler, data):
        for byte in data:
            handler.wfile.write(bytes([byte]))
            if self.ending.wait(DRIBBLE_SECONDS):
                return

    def body(self, path, place, query):
        if path in ("/api", "/apis"):
            return group_list(path == "/api"), "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", 200
        if path == "/version":
            return {"gitVersion": "v1.37.0"}, "application/json", 200
        for group, plural, kind, _ in KINDS:
            if place == plural:
                version = f"{group}/v1" if group else "v1"
                return {"kind": f"{kind}List", "apiVersion": version, **self.page(plural, query)}, "application/json", 200
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "message": "not found", "code": 404}
        return status, "application/json", 404

    def page(self, plural, query):
        if plural != "pods":
            return {"metadata": {}, "items": []}
        self.ending.wait(self.page_seconds)
        number = int(query.partition("continue=")[2] or 0)
        metadata = {} if number + 1 >= self.pages else {"continue": str(number + 1), "remainingItemCount": self.pages - number - 1}
        return {"metadata": metadata, "items": [pod(f"p{number}")]}
