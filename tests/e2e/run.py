#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the scenarios of this folder against real API servers; README.md beside it says what a scenario is.

usage: run.py [--program PATH] [--version X] [--built-only] [--keep] [--list] [SCENARIO...]
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source tree stays clean
import expect  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CLUSTER = ROOT / "tests" / "cluster" / "cluster.sh"
SKIPPED = 77  # what CTest takes as skipped
# Seconds. The cluster ends by itself after TTL, should this program be killed.
START, APPLY, RUN, STOP, BUILD, TTL = 240, 120, 120, 60, 3600, 3600
SHOWN = 2000  # characters of output in a failure
IDENTITIES = {"admin", "viewer", "monitor", "nothing", "sa-token", "down", "none"}
SCENARIO_KEYS = {"about", "server", "minimum_version", "apply_exit", "wait", "runs"}
RUN_KEYS = {
    "name", "identity", "kubeconfig", "args", "stdin", "environment", "exit", "report", "report_lacks",
    "stdout", "stdout_lacks", "stderr", "stderr_lacks", "stderr_lines", "same_stdout_as", "nowhere", "apply_stdout", "audit",
}  # fmt: skip
SERVER_KEYS = {"controllers", "nodes", "arguments", "own"}


class Failure(Exception):
    """What the scenario's author reads: what was expected, what came."""


# --- scenarios
def read_scenario(folder):
    file = folder / "scenario.json"
    try:
        scenario = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise Failure(f"{file}: {error}") from error
    scenario.setdefault("server", {})
    runs = scenario.setdefault("runs", [])
    check_keys(file, scenario, SCENARIO_KEYS)
    check_keys(file, scenario["server"], SERVER_KEYS)
    for run in runs:
        check_keys(file, run, RUN_KEYS)
        if run.setdefault("identity", "admin") not in IDENTITIES:
            raise Failure(f"{file}: unknown identity {run['identity']}; known: {', '.join(sorted(IDENTITIES))}")
    if not runs:
        raise Failure(f"{file}: no runs")
    return scenario


def check_keys(file, value, known):
    if unknown := set(value) - known:
        raise Failure(f"{file}: unknown keys {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")


def version_tuple(text):
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


# --- the control plane
def newest_version():
    return re.search(r"k8s\.io/kubernetes v([\d.]+)$", (CLUSTER.parent / "go.mod").read_text(), re.MULTILINE)[1]


class Cluster:
    def __init__(self, folder, server, version, scenario=None):
        self.folder = folder
        self.scenario = scenario
        self.server = server
        self.version = version

    def start(self):
        command = [CLUSTER, "start", "--dir", self.folder, "--version", self.version, "--ttl", str(TTL)]
        if self.server.get("controllers"):
            command += ["--with-controllers"]
        if self.server.get("nodes"):
            command += ["--nodes", str(self.server["nodes"])]
        must(call([*command, *self.arguments()], timeout=START), "the control plane did not start")
        must(self.run("wait", "--timeout", "60s", "ready", timeout=RUN), "the control plane is not ready")

    def arguments(self):
        places = {"{scenario}": str(self.scenario), "{log}": str(self.folder / "log")}
        arguments = [re.sub(r"\{(scenario|log)\}", lambda found: places[found[0]], argument) for argument in self.server.get("arguments", [])]
        return [word for argument in arguments for word in ("--apiserver-arg", argument)]

    def stop(self):
        call([CLUSTER, "stop", "--dir", self.folder], timeout=STOP)

    def run(self, *arguments, timeout):
        return call([CLUSTER, "run", "--dir", self.folder, *arguments], timeout=timeout)

    def apply(self, folder, expected, wait):
        manifests = folder / "manifests"
        if not manifests.is_dir():
            return
        result = self.run("apply", "-f", manifests, timeout=APPLY)
        if result.returncode != expected:
            raise Failure(f"applying {manifests}: exit code {result.returncode}\n{shown(result)}")
        for condition in wait:
            must(self.run("wait", "--timeout", "60s", condition, timeout=RUN), f"waiting for {condition}")

    def apply_bytes(self, manifests, file):
        file.write_bytes(manifests)
        must(self.run("apply", "-f", file, timeout=APPLY), f"applying {file.name}")

    def state(self, name):
        return re.search(rf"^{name}=(.*)$", (self.folder / "state").read_text(), re.MULTILINE)[1]

    def address(self):
        return self.state("SERVER")

    def audit_lines(self):
        log = self.folder / "log" / "audit.log"
        return log.read_text().splitlines() if log.exists() else []

    def fill_in(self, text):
        """A scenario's own kubeconfig names what only the running server knows."""
        token = (self.folder / "kubeconfig" / "sa-token").read_text().strip()
        for name, value in {"server": self.address(), "pki": str(self.folder / "pki"), "sa-token": token}.items():
            text = text.replace("{" + name + "}", value)
        return text

    def kubeconfig(self, run, folder, scratch):
        if "kubeconfig" in run:
            text = self.fill_in((folder / run["kubeconfig"]).read_text())
        elif run["identity"] == "none":
            return None
        else:
            down = run["identity"] == "down"
            text = (self.folder / "kubeconfig" / f"{'admin' if down else run['identity']}.yaml").read_text()
            if down:  # nothing listens on port 1
                text = text.replace(self.address(), "https://127.0.0.1:1")
        file = scratch / f"{run['identity']}.kubeconfig"
        file.touch(mode=0o600)
        file.write_text(text)
        return file


class Clusters:
    """One for all scenarios that ask for the same server, started when the first of them comes."""

    def __init__(self, folder, version):
        self.folder = folder
        self.version = version
        self.started = {}

    def get(self, scenario, server):
        key = scenario.name if server.get("own") else json.dumps(server, sort_keys=True)
        if key not in self.started:
            cluster = Cluster(self.folder / f"cluster-{len(self.started) + 1}", server, self.version, scenario)
            self.started[key] = cluster  # before the start: a start that breaks is ended, too
            cluster.start()
        return self.started[key]

    def stop(self):
        for cluster in self.started.values():
            cluster.stop()


# --- processes
def call(command, timeout, **options):
    """Ends the whole group of processes when time is up, never anything else."""
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, start_new_session=True, **streams, **options) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException as error:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise Failure(f"no end within {timeout} s: {' '.join(command)}") from None
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def shown(result):
    return (result.stdout + result.stderr).decode(errors="replace")[-SHOWN:]


def must(result, what):
    if result.returncode != 0:
        raise Failure(f"{what}\n{shown(result)}")


# --- running
def execute(run, folder, cluster, program, scratch):
    places = {"{scenario}": str(folder), "{tmp}": str(scratch)}
    arguments = [re.sub(r"\{(scenario|tmp)\}", lambda found: places[found[0]], argument) for argument in run["args"]]
    environment = {"HOME": str(scratch), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    environment |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    environment |= run.get("environment", {})
    if kubeconfig := cluster.kubeconfig(run, folder, scratch):
        environment["KUBECONFIG"] = str(kubeconfig)
    with open(folder / run["stdin"] if "stdin" in run else os.devnull, "rb") as stdin:
        return call([program, *arguments], timeout=RUN, env=environment, cwd=scratch, stdin=stdin)


def run_scenario(folder, scenario, clusters, program):
    cluster = clusters.get(folder, scenario["server"])
    cluster.apply(folder, scenario.get("apply_exit", 0), scenario.get("wait", []))
    earlier = {}
    with tempfile.TemporaryDirectory(prefix="posture-e2e-") as scratch:
        for number, run in enumerate(scenario["runs"], 1):
            before = len(cluster.audit_lines())
            result = execute(run, folder, cluster, program, pathlib.Path(scratch))
            result.audit = [json.loads(line) for line in cluster.audit_lines()[before:]]
            name = run.get("name", str(number))
            earlier[name] = result
            if found := list(expect.problems(run, result, earlier, pathlib.Path(scratch))):
                words = "\n".join(found)
                raise Failure(f"run {name} as {run['identity']}: kube-posture {' '.join(run['args'])}\n{words}\n{shown(result)}")
            if run.get("apply_stdout"):
                cluster.apply_bytes(result.stdout, pathlib.Path(scratch) / f"{name}.yaml")


def run_all(folders, clusters, program, version):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for folder in folders:
        began = time.monotonic()
        try:
            scenario = read_scenario(folder)
            if version_tuple(version) < version_tuple(scenario.get("minimum_version", "0")):
                state, detail = "skipped", f"needs Kubernetes {scenario['minimum_version']}"
            else:
                run_scenario(folder, scenario, clusters, program)
                state, detail = "passed", f"{time.monotonic() - began:.1f} s"
        except Failure as failure:
            state, detail = "failed", "\n    " + str(failure).replace("\n", "\n    ")
        counts[state] += 1
        print(f"{state:8}{folder.name}  {detail}", flush=True)
    print(", ".join(f"{count} {state}" for state, count in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0


def find_program():
    found = [ROOT / "build" / folder / "src" / "kube-posture" for folder in ("test", "dev", "release")]
    return next((path for path in found if path.exists()), None)


def ensure_control_plane(version, built_only):
    if built_only and not (ROOT / "build" / "cluster" / version / "testcluster").exists():
        print(f"NOT RUN: the test control plane {version} is not built; scripts/test.sh builds it")
        sys.exit(SKIPPED)
    must(call([CLUSTER.parent / "build.sh", "--version", version], timeout=BUILD), "the test control plane cannot be built")


def options():
    parser = argparse.ArgumentParser(description="Runs end-to-end scenarios against real API servers.")
    parser.add_argument("--program", type=pathlib.Path, help="the kube-posture to test; a built one unless given")
    parser.add_argument("--version", default=os.environ.get("POSTURE_E2E_VERSION") or newest_version(), help="Kubernetes version of the servers")
    parser.add_argument("--built-only", action="store_true", help="skip (exit code 77) where the control plane is not built")
    parser.add_argument("--keep", action="store_true", help="leave the clusters running and say where they are")
    parser.add_argument("--list", action="store_true", help="print the scenarios and end")
    parser.add_argument("scenario", nargs="*", help="only these")
    return parser.parse_args()


def stop_on_signal(number, _frame):
    raise SystemExit(128 + number)


def main():
    args = options()
    folders = sorted(path.parent for path in HERE.glob("*/scenario.json"))
    if args.list:
        for folder in folders:
            print(f"{folder.name:30} {read_scenario(folder).get('about', '')}")
        return 0
    if unknown := set(args.scenario) - {folder.name for folder in folders}:
        sys.exit(f"run.py: no such scenario: {', '.join(sorted(unknown))}")
    program = args.program or find_program()
    if program is None or not program.exists():
        sys.exit("run.py: no kube-posture here; build it, or name it with --program")
    signal.signal(signal.SIGTERM, stop_on_signal)
    work = pathlib.Path(tempfile.mkdtemp(prefix="posture-clusters-"))
    clusters = Clusters(work, args.version)
    try:
        ensure_control_plane(args.version, args.built_only)
        chosen = [folder for folder in folders if not args.scenario or folder.name in args.scenario]
        return run_all(chosen, clusters, program.resolve(), args.version)
    except Failure as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):  # cleaning up is not to be interrupted; it is bounded
            signal.signal(number, signal.SIG_IGN)
        if args.keep:
            print(f"the clusters stay, for {TTL} s at most: {work}/*; end one with tests/cluster/cluster.sh stop --dir", file=sys.stderr)
        else:
            clusters.stop()
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
