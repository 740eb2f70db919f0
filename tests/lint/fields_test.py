#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every field that a shipped check reads is one of the real API server's, and a misspelt one is found.

usage: fields_test.py --program PATH [--version X] [--built-only] [--cluster DIR]
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLUSTER = ROOT / "tests" / "cluster" / "cluster.sh"
CHECKS = [file for file in sorted((ROOT / "checks").glob("*/*.yaml")) if file.parent.name != "frameworks"]
SKIPPED = 77  # what CTest takes as skipped
START, LINT, TTL = 240, 120, 3600  # seconds
# A check, a field of it in which two letters change places, and the kinds that have no such field.
MISSPELT = [
    ("workload/host-port.yaml", "hostPort", "hostPrt"),
    ("workload/privileged-container.yaml", "privileged", "privilegde"),
    ("workload/seccomp-not-set.yaml", "seccompProfile", "seccompProfle"),
    ("workload/host-network.yaml", "hostNetwork", "hostNetwrok"),
    ("network/service-external-ips.yaml", "externalIPs", "externalIps"),
]


def run(command, timeout):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=timeout, check=False)


def misspell(text, field, wrong):
    """In the expressions alone: the examples stay."""
    head, examples = text.split("\nexamples:", 1)
    fields = re.split(r"(?m)^(?=where:|expect:|message:)", head)
    changed = [part.replace(field, wrong) if part.startswith(("where:", "expect:", "message:")) else part for part in fields]
    return "".join(changed) + "\nexamples:" + examples


def lint(program, folder, files):
    return run([program, "checks", "lint", "--kubeconfig", folder / "kubeconfig" / "admin.yaml", *files], LINT)


def compare(program, folder):
    failures = 0
    result = lint(program, folder, CHECKS)
    if result.returncode != 0:
        failures += 1
        print(f"the shipped checks: exit code {result.returncode}\n{result.stdout}{result.stderr}")
    for name, field, wrong in MISSPELT:
        with tempfile.TemporaryDirectory() as place:
            copy = pathlib.Path(place, pathlib.Path(name).name)
            copy.write_text(misspell((ROOT / "checks" / name).read_text(), field, wrong))
            result = lint(program, folder, [copy])
            found = re.search(rf"^{re.escape(str(copy))}:(\d+):(\d+): \w+: there is no field `{wrong}`", result.stdout, re.MULTILINE)
            line, column = (int(found[1]), int(found[2])) if found else (1, 1)
            if result.returncode != 2 or not found or not copy.read_text().splitlines()[line - 1][column - 1 :].startswith(wrong):
                failures += 1
                print(f"{name} with {wrong}: exit code {result.returncode}\n{result.stdout}{result.stderr}")
    print(f"{len(CHECKS)} checks, {len(MISSPELT)} misspelt ones, {failures} failures")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--version", default=os.environ.get("POSTURE_E2E_VERSION"))
    parser.add_argument("--built-only", action="store_true", help="skip where the control plane is not built")
    parser.add_argument("--cluster", type=pathlib.Path, help="folder of a running test cluster instead of a new one")
    options = parser.parse_args()
    if options.cluster:
        return compare(options.program, options.cluster)
    version = options.version or re.search(r"k8s\.io/kubernetes v([\d.]+)$", (CLUSTER.parent / "go.mod").read_text(), re.MULTILINE)[1]
    if options.built_only and not (ROOT / "build" / "cluster" / version / "testcluster").exists():
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        try:
            started = run([CLUSTER, "start", "--dir", folder, "--version", version, "--ttl", TTL], START)
            if started.returncode != 0:
                sys.exit(f"the control plane did not start\n{started.stdout}{started.stderr}")
            return compare(options.program, pathlib.Path(folder))
        finally:
            run([CLUSTER, "stop", "--dir", folder], START)


if __name__ == "__main__":
    sys.exit(main())
