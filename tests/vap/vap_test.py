#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every check that can be an admission policy is one on a real API server: it warns exactly where the scan says fail.

usage: vap_test.py --program PATH --catalogue packed_catalog.cpp [--version X] [--built-only] [--cluster DIR]

Each example object of every check is created with dryRun=All under all policies at once, and scanned as a manifest.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source tree stays clean
import policy  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLUSTER = ROOT / "tests" / "cluster" / "cluster.sh"
SKIPPED = 77  # what CTest takes as skipped
START, APPLY, SCAN, IN_FORCE, TTL = 240, 300, 60, 60, 3600  # seconds
# The server shortens its warnings beyond 4096 bytes in all; those of a request near that prove no absence.
WARNINGS_CUT = 3900
WARNING = re.compile(r"Validation failed for ValidatingAdmissionPolicy '(?P<policy>[^']+)' with binding '[^']+': (?P<message>.*)", re.DOTALL)
CLUSTER_SCOPED = {"Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding"}


def run(command, timeout, stdin=None):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=timeout, check=False, input=stdin)


def must(result, what):
    if result.returncode != 0:
        sys.exit(f"{what}: exit code {result.returncode}\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def read_catalogue(file):
    literals = re.findall(r'R"~catalog~\((.*?)\)~catalog~"', file.read_text(), re.DOTALL)
    return json.loads("".join(literals))["checks"]


class Example:
    def __init__(self, check, outcome, thing):
        self.check, self.outcome, self.thing = check, outcome, thing
        self.warned, self.error, self.cut = {}, {}, False
        self.failed, self.not_assessed = {}, {}


def examples_of(checks):
    for name, check in checks.items():
        for outcome, entries in check["examples"].items():
            for entry in entries:
                if isinstance(entry, dict) and "refused" in entry:
                    continue
                for thing in entry if isinstance(entry, list) else [entry]:
                    if thing["kind"] == "APIServer":
                        continue
                    if thing["kind"] not in CLUSTER_SCOPED:  # as the server fills it in
                        thing["metadata"].setdefault("namespace", "default")
                    yield Example(name, outcome, thing)


class Server:
    def __init__(self, folder):
        self.folder = folder

    def apply(self, things, *options):
        """One line of result for each, in order; the tool reports in its own."""
        with tempfile.TemporaryDirectory() as place:
            for number, thing in enumerate(things):
                pathlib.Path(place, f"{number:04}.json").write_text(json.dumps(thing))
            command = [CLUSTER, "run", "--dir", self.folder, "apply", "-f", place, "-o", "json", "--timeout", f"{APPLY}s", *options]
            result = run(command, APPLY + 10)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        if len(lines) != len(things):
            sys.exit(f"{len(things)} objects, {len(lines)} results\n{result.stderr[-2000:]}")
        return [line for _, line in sorted((pathlib.Path(line["file"]).name, line) for line in lines)]

    def get(self, path):
        return json.loads(must(run([CLUSTER, "run", "--dir", self.folder, "get", path], SCAN), path).split("\n", 1)[1])  # after the status

    def create(self, things, what):
        for thing, line in zip(things, self.apply(things)):
            if line["result"] == "refused":
                sys.exit(f"{what} {thing['metadata']['name']}: {line['message']}")


def surroundings(examples):
    """Namespaces and service accounts that the examples name."""
    namespaces, accounts = {"default"}, set()
    for example in examples:
        namespace = example.thing["metadata"].get("namespace", "default")
        namespaces.add(namespace)
        for account in re.findall(r'"serviceAccountName": "([^"]+)"', json.dumps(example.thing)):
            accounts.add((namespace, account))
    made = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in sorted(namespaces)]
    made += [{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}}
             for namespace, name in sorted(accounts | {(namespace, "default") for namespace in namespaces})]
    return made


def exportable(program, catalogue, server):
    """The checks that this server takes as policies, as the program says."""
    minor = int(re.match(r"\d+", server.get("/version")["minor"])[0])
    listed = json.loads(must(run([program, "checks", "-o", "json"], SCAN), "checks"))
    since = {check["id"]: int(check["policy"]["since"].split(".")[1]) for check in listed if "since" in check["policy"]}
    return {name: check for name, check in catalogue.items() if since.get(name, minor + 1) <= minor}


def put_in_force(server, checks):
    """The last policy and the last binding in force prove all others."""
    sentinel = {"match": "ConfigMap", "expect": "false", "message": "'in force'"}
    all_policies = [policy.policy(name, check) for name, check in checks.items()] + [policy.policy("sentinel", sentinel)]
    server.create(all_policies, "policy")
    server.create([policy.binding(each["metadata"]["name"]) for each in all_policies], "binding")
    probe = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe", "namespace": "default"}}
    end = time.monotonic() + IN_FORCE
    while not server.apply([probe], "--dry-run=All")[0].get("warnings"):
        if time.monotonic() > end:
            sys.exit("the policies did not come into force")
        time.sleep(0.5)


def ask_server(server, examples):
    """Takes out the examples that the server refuses; returns why."""
    refused = []
    for example, line in zip(list(examples), server.apply([e.thing for e in examples], "--dry-run=All", "--validate=Ignore")):
        if line["result"] == "refused":
            refused.append(f"{example.check} {example.outcome}: {line['message']}")
            examples.remove(example)
        warnings = line.get("warnings", [])
        example.cut = sum(map(len, warnings)) > WARNINGS_CUT
        for found in filter(None, map(WARNING.match, warnings)):
            is_error = re.match(r"expression '.*' resulted in error", found["message"], re.DOTALL)
            (example.error if is_error else example.warned)[found["policy"]] = found["message"]
    return refused


def batches(examples):
    """Objects of one name, and those with owners, would meet in one finding: they go apart."""
    made = []
    for example in examples:
        meta = example.thing["metadata"]
        key = (example.thing["kind"], meta.get("namespace"), meta["name"]) if "ownerReferences" not in meta else None
        batch = next((b for b in made if key and key not in b and None not in b), None)
        if batch is None:
            made.append(batch := {})
        batch[key] = example
    return [list(batch.values()) for batch in made]


def ask_program(program, examples):
    for batch in batches(examples):
        with tempfile.TemporaryDirectory() as place:
            for number, example in enumerate(batch):
                pathlib.Path(place, f"{number}.json").write_text(json.dumps(example.thing))
            result = run([program, "scan", "-f", place, "-o", "json", "-q"], SCAN)
        if result.returncode not in (0, 3):
            sys.exit(f"scan: exit code {result.returncode}\n{result.stderr}")
        for outcome in json.loads(result.stdout)["outcomes"]:
            if outcome["source"] is None:  # nothing of these files
                continue
            example = batch[int(pathlib.Path(outcome["source"]["file"]).stem)]
            states = example.failed if outcome["state"] == "fail" else example.not_assessed
            states.setdefault(outcome["check"], []).append(outcome["message"])


def differences(example, exported):
    for check in sorted(exported):
        warned, failed = check in example.warned, check in example.failed
        if warned and not failed or failed and not warned and not example.cut:
            yield check, f"policy {'warns' if warned else 'is silent'}, scan says {'fail' if failed else 'no fail'}"
        if (check in example.error) != (check in example.not_assessed):
            yield check, f"policy: {example.error.get(check)}; scan: {example.not_assessed.get(check)}"
        if warned and failed and not example.cut:
            for message in example.failed[check]:
                if message not in example.warned[check]:
                    yield check, f"policy says '{example.warned[check]}', scan says '{message}'"


def compare(options, folder):
    catalogue = read_catalogue(options.catalogue)
    server = Server(folder)
    exported = exportable(options.program, catalogue, server)
    examples = list(examples_of(catalogue))
    server.apply(surroundings(examples))
    put_in_force(server, exported)
    total = len(examples)
    refused = ask_server(server, examples)
    ask_program(options.program, examples)
    found = 0
    for example in examples:
        for check, what in differences(example, exported):
            found += 1
            print(f"{check}, example of {example.check} ({example.outcome}): {what}\n    {json.dumps(example.thing)}")
    bad = {e.check for e in examples if e.outcome == "fail"}  # a check whose bad examples no server takes cannot warn
    unproven = sorted((bad & set(exported)) - {e.check for e in examples if e.check in e.warned})
    for name in unproven:
        print(f"{name}: no example made its policy warn")
    for line in refused:
        print(f"refused: {line}")
    warned = sum(len(e.warned) for e in examples)
    print(f"{len(exported)} of {len(catalogue)} checks are policies; {len(examples)} of {total} example objects taken, {warned} warnings, "
          f"{sum(e.cut for e in examples)} with cut warnings; {found} differences, {len(unproven)} policies without a warning")
    return 1 if found or unproven or len(examples) < total else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--catalogue", type=pathlib.Path, required=True, help="packed_catalog.cpp of the build")
    parser.add_argument("--version", default=os.environ.get("POSTURE_E2E_VERSION"))
    parser.add_argument("--built-only", action="store_true", help="skip where the control plane is not built")
    parser.add_argument("--cluster", type=pathlib.Path, help="folder of a running test cluster instead of a new one")
    options = parser.parse_args()
    if options.cluster:
        return compare(options, options.cluster)
    version = options.version or re.search(r"k8s\.io/kubernetes v([\d.]+)$", (CLUSTER.parent / "go.mod").read_text(), re.MULTILINE)[1]
    if options.built_only and not (ROOT / "build" / "cluster" / version / "testcluster").exists():
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        try:
            must(run([CLUSTER, "start", "--dir", folder, "--version", version, "--ttl", TTL], START), "the control plane did not start")
            return compare(options, pathlib.Path(folder))
        finally:
            run([CLUSTER, "stop", "--dir", folder], START)


if __name__ == "__main__":
    sys.exit(main())
