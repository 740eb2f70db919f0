#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scans through a proxy that breaks what the rows of faults.json say, in front of a real API server.

usage: faults.py [--program PATH] [--version X] [--built-only] [ROW...]

README.md says what a row may hold. Unless it expects gaps or another exit code, its report must be, byte for byte, that of
a scan without faults; where it expects gaps, it must have these and no others, and know no more than that scan.
"""
import argparse
import concurrent.futures
import contextlib
import fnmatch
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import monotone  # noqa: E402
import run as runner  # noqa: E402

ROWS = runner.HERE / "faults.json"
NOW = "2026-01-31T12:00:00Z"
ROW_KEYS = {"name", "about", "cases", "tls", "faults", "through", "renew", "args", "exit", "gaps", "differs", "words", "stderr"}
AT_A_TIME, SECONDS, READY_SECONDS = 6, 60, 60


def read_rows():
    rows = json.loads(ROWS.read_text())
    for row in rows:
        runner.check_keys(ROWS, row, ROW_KEYS)
    return rows


# --- the proxy
@contextlib.contextmanager
def fault_proxy(cluster, rows, *options):
    """Its ports by row; it ends with us, and leaves under "fired" how often each fault of each row came to pass."""
    program = cluster.state("PROGRAM")
    command = [program, "faults", "--server", cluster.address(), "--pki", cluster.folder / "pki", "--rows", rows, *options]
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        ports = json.loads(process.stdout.readline())
        try:
            yield ports
        finally:
            process.stdin.close()
            process.wait(timeout=READY_SECONDS)
            ports["fired"] = json.loads(process.stdout.readline())


def kubeconfig(cluster, file, server, row, tunnel=None):
    """The scanner's service account; its token in a file where it is to be read again."""
    token = cluster.folder / "kubeconfig" / "sa-token"
    user = {"token": token.read_text().strip()}
    if renewed := row.get("token file", token if row.get("renew") else None):
        user = {"tokenFile": str(renewed)}
    target = {"server": server, "certificate-authority": str(cluster.folder / "pki" / "ca.crt")}
    if row.get("through"):
        target["proxy-url"] = f"http://127.0.0.1:{tunnel}"
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "faults",
        "clusters": [{"name": "c", "cluster": target}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "faults", "context": {"cluster": "c", "user": "u"}}],
    }  # fmt: skip
    file.write_text(json.dumps(config))
    return file


# --- scans
def arguments(file, row):
    return ["scan", "--kubeconfig", file, "-o", "json", "--include-passed", "--now", NOW, *row.get("args", [])]


def environment(folder):
    kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    return {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **kept}


def scan(program, file, row, folder):
    return runner.call([program, *arguments(file, row)], timeout=SECONDS, env=environment(folder))


def comparable(text, server):
    """The report without the address that it was read from."""
    return json.loads(text.decode().replace(server, "https://server"))


def gaps_of(report):
    return {(gap["resource"], gap["reason"]) for gap in report["gaps"]}


def gap_problems(expected, found):
    """Each gap is expected, and each expectation, a pattern, met."""
    for resource, reason in sorted(found):
        if not any(fnmatch.fnmatch(resource, pattern) and reason == wanted for pattern, wanted in expected.items()):
            yield f"{resource} is a gap, {reason}"
    for pattern, wanted in expected.items():
        if not any(fnmatch.fnmatch(resource, pattern) and reason == wanted for resource, reason in found):
            yield f"{pattern} is no gap, {wanted}"


def report_problems(row, report, full):
    expected, found = row.get("gaps", {}), gaps_of(report) - gaps_of(full)
    if "out-of-time" in expected.values():  # a busy machine may not come to the rest either
        found = {gap for gap in found if gap[1] != "out-of-time" or gap in expected.items()}
    yield from gap_problems(expected, found)
    other = differences(full, report) - set(row.get("differs", []))
    if not expected and other:
        yield f"the report is not that of a scan without faults: {', '.join(sorted(other))}"
    if "-n" not in row.get("args", []):
        yield from monotone.problems(full, report)


def differences(full, report):
    return {key for key in full if full[key] != report.get(key)}


def problems(row, result, server, full):
    stdout, stderr = result.stdout.decode(errors="replace"), result.stderr.decode(errors="replace")
    if result.returncode != row.get("exit", 0):
        yield f"exit code {result.returncode}, expected {row.get('exit', 0)}"
    elif row.get("exit") == 1:
        if stdout or len(stderr.splitlines()) != 1:
            yield "not one sentence and nothing else"
    elif full is not None:
        yield from report_problems(row, comparable(result.stdout, server), full)
    for word in row.get("words", []):
        if word not in stdout:
            yield f"the report lacks {word!r}"
    for word in row.get("stderr", []):
        if word not in stderr:
            yield f"standard error lacks {word!r}"


# --- the loop
def run_row(program, cluster, row, ports, full, folder):
    server = f"https://127.0.0.1:{ports[row['name']]}"
    file = kubeconfig(cluster, folder / f"{ports[row['name']]}.kubeconfig", server, row, ports["tunnel"])
    began = time.monotonic()
    result = scan(program, file, row, folder)
    found = list(problems(row, result, server, full))
    took = time.monotonic() - began
    state = "failed" if found else "passed"
    print(f"{state:8}{row['name']}  {took:.1f} s", flush=True)
    if found:
        details = "\n".join(found[: monotone.MAX_PROBLEMS_SHOWN])
        print(f"    {details}\n    {result.stderr.decode(errors='replace')}", flush=True)
    return not found


def guarded(*row):
    try:
        return run_row(*row)
    except (runner.Failure, ValueError, KeyError) as error:
        print(f"failed  {row[2]['name']}\n    {error!r}", flush=True)
        return False


def full_report(program, cluster, ports, folder):
    """What a scan through the proxy without faults says."""
    server = f"https://127.0.0.1:{ports['none']}"
    result = scan(program, kubeconfig(cluster, folder / "none.kubeconfig", server, {}), {}, folder)
    runner.must(result, "the scan without faults")
    return comparable(result.stdout, server)


def run_rows(program, cluster, rows, chosen, folder):
    file = folder / "rows.json"
    file.write_text(json.dumps(rows))
    with fault_proxy(cluster, file) as ports:
        full = full_report(program, cluster, ports, folder)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            good = list(pool.map(lambda row: guarded(program, cluster, row, ports, full, folder), chosen))
    idle = [row["name"] for row in chosen if 0 in ports["fired"].get(row["name"], [])]
    for name in idle:
        print(f"failed  {name}\n    a fault of this row never came to pass")
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed, {len(idle)} without their faults")
    return 0 if good and all(good) and not idle else 1


def options():
    parser = argparse.ArgumentParser(description="Scans through a proxy that breaks what it is told to.")
    add_options(parser)
    parser.add_argument("row", nargs="*", help="only these")
    return parser.parse_args()


def add_options(parser):
    parser.add_argument("--program", type=pathlib.Path, default=runner.find_program())
    parser.add_argument("--version", default=os.environ.get("POSTURE_E2E_VERSION") or runner.newest_version())
    parser.add_argument("--built-only", action="store_true", help="skip (exit code 77) where the control plane is not built")


def with_cluster(args, act, server=None):
    """The exit code of `act(cluster, folder)` on a cluster that holds the demo's workloads."""
    if args.program is None or not args.program.exists():
        sys.exit("no kube-posture here; build it, or name it with --program")
    signal.signal(signal.SIGTERM, runner.stop_on_signal)
    runner.ensure_control_plane(args.version, args.built_only)
    with tempfile.TemporaryDirectory(prefix="posture-faults-") as scratch:
        folder = pathlib.Path(scratch)
        cluster = runner.Cluster(folder / "cluster", server or {}, args.version)
        try:
            cluster.start()
            cluster.apply(monotone.DEMO, 0, [])
            return act(cluster, folder)
        except runner.Failure as failure:
            print(f"failed  {failure}")
            return 1
        finally:
            cluster.stop()


def main():
    args = options()
    rows = read_rows()
    if unknown := set(args.row) - {row["name"] for row in rows}:
        sys.exit(f"faults.py: no such row: {', '.join(sorted(unknown))}")
    chosen = [row for row in rows if not args.row or row["name"] in args.row]
    return with_cluster(args, lambda cluster, folder: run_rows(args.program.resolve(), cluster, rows, chosen, folder))


if __name__ == "__main__":
    sys.exit(main())
