#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Monotone in knowledge, on a real API server: an identity that may read less never gets the better report.

usage: monotone.py [--program PATH] [--version X] [--built-only]

Fills a cluster with the demo's manifests and scans it as one who may read everything that a scan reads, then as others: each
lacks one of these reads, and a chain of them lacks more and more, down to nothing. Of a scan that reads less:

  - what passes, passes in the fuller scan too: no verdict turned to pass;
  - each fail of the fuller scan is still there, or its check is not assessed on that object or in that scope;
  - it finds nothing that the fuller scan did not find;
  - its score's low bound is not higher, nor its high bound lower;
  - `permissions --check` names what it lacks and every check that is worse off.
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import run as runner  # noqa: E402

DEMO = runner.ROOT / "tests" / "demo"
NOW = "2026-01-31T12:00:00Z"
FLAGZ = "/flagz"
GETS = {"/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes": ("discovery.k8s.io", "endpointslices")}
MIN_READS, MAX_PROBLEMS_SHOWN = 10, 10
SECONDS, PROPAGATION_SECONDS, POLL_SECONDS = 120, 30, 0.1
CHAIN_STEP, SEED = 3, 4711
ALWAYS = [{"apiGroups": [""], "resources": ["namespaces"], "resourceNames": ["kube-system"], "verbs": ["get"]}]  # the cluster's uid
RULE = re.compile(r"  - apiGroups: \[(.*)\]\n    resources: \[(.*)\]\n(?:    resourceNames: \[(.*)\]\n)?    verbs: \[(?:list|get)\]\n")
LACK = re.compile(r"^  (?:list|get) (\S+)(?: .*)?$\n((?:^ {6}.*\n)+)", re.MULTILINE)


# --- identities
def rule(read):
    if read == FLAGZ:
        return {"nonResourceURLs": [FLAGZ], "verbs": ["get"]}
    group, resource = read
    return {"apiGroups": [group], "resources": [resource], "verbs": ["get" if read in GETS.values() else "list"]}


def name_of(read):
    return read if read == FLAGZ else ".".join(filter(None, reversed(read)))


def grants(user, reads):
    meta = {"name": f"monotone-{user}"}
    role = {"kind": "ClusterRole", "name": meta["name"], "apiGroup": "rbac.authorization.k8s.io"}
    subject = {"kind": "User", "name": user, "apiGroup": "rbac.authorization.k8s.io"}
    api = "rbac.authorization.k8s.io/v1"
    return [
        {"apiVersion": api, "kind": "ClusterRole", "metadata": meta, "rules": ALWAYS + [rule(read) for read in reads]},
        {"apiVersion": api, "kind": "ClusterRoleBinding", "metadata": meta, "roleRef": role, "subjects": [subject]},
    ]


def openssl(*arguments, **options):
    subprocess.run(["openssl", *map(str, arguments)], check=True, timeout=SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def kubeconfig(cluster, user, folder):
    """A client certificate of the cluster's own authority, and a kubeconfig that names it."""
    pki = cluster.folder / "pki"
    key, request, certificate = (folder / f"{user}.{suffix}" for suffix in ("key", "csr", "crt"))
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-subj", f"/CN={user}", "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", pki / "ca.crt", "-CAkey", pki / "ca.key", "-CAcreateserial", "-days", "2", "-out", certificate)
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "monotone",
        "clusters": [{"name": "c", "cluster": {"server": cluster.address(), "certificate-authority": str(pki / "ca.crt")}}],
        "users": [{"name": "u", "user": {"client-certificate": str(certificate), "client-key": str(key)}}],
        "contexts": [{"name": "monotone", "context": {"cluster": "c", "user": "u"}}],
    }  # fmt: skip
    file = folder / f"{user}.kubeconfig"
    file.write_text(json.dumps(config))
    return file


def grant_all(cluster, identities, folder):
    objects = [item for user, reads in identities.items() for item in grants(user, reads)]
    manifest = folder / "grants.json"
    manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    runner.must(cluster.run("apply", "-f", manifest, timeout=SECONDS), "the roles were not taken")


def wait_for_rights(cluster, file):
    """The API server learns of roles with a delay; the last one it was given comes last."""
    deadline = time.monotonic() + PROPAGATION_SECONDS
    while True:
        answer = cluster.run("get", "--kubeconfig", file, "/api/v1/pods?limit=1", timeout=SECONDS)
        if answer.stdout.startswith(b"200"):
            return
        if time.monotonic() > deadline:
            raise runner.Failure(f"no rights after {PROPAGATION_SECONDS} s: {runner.shown(answer)}")
        time.sleep(POLL_SECONDS)


# --- scans
def execute(program, arguments, codes):
    result = runner.call([program, *arguments], timeout=SECONDS)
    if result.returncode not in codes:
        raise runner.Failure(f"{' '.join(map(str, arguments))}: exit code {result.returncode}\n{runner.shown(result)}")
    return result.stdout


def scan(program, file):
    arguments = ["scan", "--quiet", "--kubeconfig", file, "-o", "json", "--include-passed", "--now", NOW]
    return json.loads(execute(program, arguments, (0, 3)))


def permitted_reads(program):
    """What the role that the program prints allows, the cluster's uid aside: (group, resource)."""
    rules = RULE.findall(execute(program, ["permissions"], (0,)).decode())
    return {(group.strip('"'), name) for group, names, object_name in rules if object_name != "kube-system" for name in names.split(", ")}


def all_reads(program, file, folder):
    """What a recording says was read, which must be what the printed role allows: lists and single objects as (group, resource), and /flagz."""
    recording = folder / "recording"
    execute(program, ["snapshot", "--quiet", "--kubeconfig", file, "-o", recording], (0, 3))
    lines = subprocess.run(["zstd", "-dcq", recording], capture_output=True, check=True, timeout=SECONDS).stdout.splitlines()
    resources = [json.loads(line)["list"]["resource"] for line in lines if line.startswith(b'{"list":')]
    reads = [(resource["group"], resource["name"]) for resource in resources]
    if len(reads) < MIN_READS:
        raise runner.Failure(f"only {len(reads)} lists in the recording; has its format changed?")
    paths = {json.loads(line)["get"]["path"] for line in lines if line.startswith(b'{"get":')}
    if unknown := paths - {FLAGZ} - set(GETS):
        raise runner.Failure(f"reads that this test knows no right for: {unknown}")
    gets = [GETS[path] for path in sorted(paths - {FLAGZ})]
    if difference := permitted_reads(program) ^ {*reads, *gets}:
        raise runner.Failure(f"what is read and what `permissions` prints differ: {sorted(difference)}")
    return [*reads, *gets, FLAGZ]


# --- comparing
def object_key(item):
    thing = item["object"]
    return thing and (thing["apiVersion"].rpartition("/")[0] if thing["apiVersion"] else "", thing["kind"], thing["namespace"], thing["name"])


def with_state(report, state):
    return [outcome for outcome in report["outcomes"] if outcome["state"] == state]


def passes(report):
    return {(item["check"], object_key(item)) for item in report["passed"] if item["state"] == "pass"}


def passed_rows(report):
    """Checks and requirements that pass as a whole."""
    rows = {("check", check["id"]) for check in report["checks"] if check["state"] == "pass"}
    for framework in report["frameworks"]:
        rows |= {(framework["id"], row["id"]) for row in framework["requirements"] if row["state"] == "pass"}
    return rows


def is_open(fail, unknown):
    """Whether one of the outcomes that are not assessed speaks of the fail's check, on its object or in its scope."""
    return any(
        each["check"] == fail["check"]
        and (object_key(each) == object_key(fail) if each["object"] else each["namespace"] in (None, fail["namespace"]))
        for each in unknown
    )


def text_of(fail):
    return f"{fail['check']} on {object_key(fail)} at {(fail['where'] or {}).get('path')}"


def scores(report):
    yield "cluster", report["score"]
    for framework in report["frameworks"]:
        yield framework["id"], framework["score"]


def score_problems(full, less):
    theirs = dict(scores(full))
    for name, score in scores(less):
        if score["low"] > theirs[name]["low"]:
            yield f"low bound of {name} rises from {theirs[name]['low']} to {score['low']}"
        if score["high"] < theirs[name]["high"]:
            yield f"high bound of {name} falls from {theirs[name]['high']} to {score['high']}"


def problems(full, less):
    for check, thing in sorted(passes(less) - passes(full), key=str):
        yield f"passes only with less knowledge: {check} on {thing}"
    for kind, name in sorted(passed_rows(less) - passed_rows(full)):
        yield f"passes as a whole only with less knowledge: {kind} {name}"
    before = {fail["fingerprint"]: fail for fail in with_state(full, "fail")}
    after = {fail["fingerprint"]: fail for fail in with_state(less, "fail")}
    unknown = with_state(less, "not-assessed")
    for fingerprint, fail in before.items():
        if fingerprint not in after and not is_open(fail, unknown):
            yield f"vanishes without a word: {text_of(fail)}"
    for fingerprint, fail in after.items():
        if fingerprint not in before:
            yield f"found only with less knowledge: {text_of(fail)}"
    yield from score_problems(full, less)


def silent(less, missing):
    """A list that was refused must be named as a gap, and make the run incomplete."""
    moot = set(GETS.values()) if FLAGZ in missing else set()  # how many servers there are, when none is known
    lists = [name_of(read) for read in missing if read != FLAGZ and read not in moot]
    named = {gap["resource"] for gap in less["gaps"]}
    for name in lists:
        if name not in named:
            yield f"the refused list of {name} is no gap"
    if lists and less["exitCode"] != 3:
        yield f"exit code {less['exitCode']} although reads were refused"


def check_rows(report):
    return {check["id"]: {key: check[key] for key in check if key != "title"} for check in report["checks"]}


def cost_problems(program, file, full, less, missing):
    """`permissions --check` names exactly what is missing, and every check that is worse off for it."""
    text = execute(program, ["permissions", "--check", "--kubeconfig", file], (3 if missing else 0,)).decode()
    lacks = {name: set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", checks)) for name, checks in LACK.findall(text)}
    if set(lacks) != {name_of(read) for read in missing}:
        yield f"`permissions --check` names {sorted(lacks)}"
    named = set().union(*lacks.values())
    after = check_rows(less)
    for check, row in check_rows(full).items():
        if row != after[check] and check not in named:
            yield f"`permissions --check` does not name {check}, which is worse off"
    if missing not in ([], [FLAGZ]) and not any(outcome["check"] in named for outcome in with_state(less, "not-assessed")):
        yield "no check that `permissions --check` names is not assessed"  # without /flagz, mirror pods may still show the flags


# --- the loop
def chain(reads):
    """Fewer and fewer of them, always the same ones."""
    rest = list(reads)
    random.Random(SEED).shuffle(rest)
    while rest:
        rest = rest[:-CHAIN_STEP]
        yield list(rest)


def cases(reads):
    """(user, reads, the user to compare with)"""
    for number, left_out in enumerate(reads):
        yield f"lacks-{number}", [read for read in reads if read != left_out], "full"
    fuller = "full"
    for number, fewer in enumerate(chain(reads)):
        yield f"chain-{number}", fewer, fuller
        fuller = f"chain-{number}"


def compare_all(program, cluster, folder):
    reads = all_reads(program, cluster.folder / "kubeconfig" / "admin.yaml", folder)
    plan = list(cases(reads))
    identities = {user: granted for user, granted, _ in plan} | {"full": reads}
    grant_all(cluster, identities, folder)
    files = {user: kubeconfig(cluster, user, folder) for user in identities}
    wait_for_rights(cluster, files["full"])
    reports = {"full": scan(program, files["full"])}
    if gaps := [gap for gap in reports["full"]["gaps"] if gap["reason"] != "not-served"]:
        raise runner.Failure(f"the full scan has gaps: {gaps}")
    if found := list(cost_problems(program, files["full"], reports["full"], reports["full"], [])):
        raise runner.Failure(f"the full identity: {found}")
    failed = 0
    for user, granted, fuller in plan:
        missing = [read for read in reads if read not in granted]
        reports[user] = scan(program, files[user])
        found = [*problems(reports[fuller], reports[user]), *silent(reports[user], missing)]
        found += cost_problems(program, files[user], reports["full"], reports[user], missing)
        failed += bool(found)
        print(f"{'failed' if found else 'passed':8}{user} against {fuller}, without {', '.join(map(name_of, missing))}", flush=True)
        for problem in found[:MAX_PROBLEMS_SHOWN]:
            print(f"    {problem}")
        if len(found) > MAX_PROBLEMS_SHOWN:
            print(f"    … and {len(found) - MAX_PROBLEMS_SHOWN} more")
    print(f"{len(plan) - failed} passed, {failed} failed; {len(with_state(reports['full'], 'fail'))} findings in the full scan")
    return 1 if failed else 0


def options():
    parser = argparse.ArgumentParser(description="Monotone in knowledge, on a real API server.")
    parser.add_argument("--program", type=pathlib.Path, default=runner.find_program())
    parser.add_argument("--version", default=os.environ.get("POSTURE_E2E_VERSION") or runner.newest_version())
    parser.add_argument("--built-only", action="store_true", help="skip (exit code 77) where the control plane is not built")
    return parser.parse_args()


def main():
    args = options()
    if args.program is None or not args.program.exists():
        sys.exit("monotone.py: no kube-posture here; build it, or name it with --program")
    runner.ensure_control_plane(args.version, args.built_only)
    with tempfile.TemporaryDirectory(prefix="posture-monotone-") as scratch:
        folder = pathlib.Path(scratch)
        cluster = runner.Cluster(folder / "cluster", {"controllers": True}, args.version)
        try:
            cluster.start()
            cluster.apply(DEMO, 0, ["controllers"])
            return compare_all(args.program.resolve(), cluster, folder)
        except runner.Failure as failure:
            print(f"failed  {failure}")
            return 1
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
