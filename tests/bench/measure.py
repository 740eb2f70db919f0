#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times scans of a loaded cluster next to the bare download of the same lists, and writes the table of docs/performance.md.

usage: measure.py --program FILE --download FILE --null-sink FILE --cluster DIR --load FILE [--runs N] [--write FILE]

A round runs every measurement once, one after the other, so that a busy moment of the machine meets all of them; a
figure is the median of its rounds, a ratio the median of the ratios within the rounds, to the faster of two floors: the download, and the
scan's own client whose lists are thrown away. Lists to download are those that a recording by the same program names.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

START_UP_RUNS = 20
PEER_RUNS, PEER_SECONDS = 3, 900
COMMAND_SECONDS = 300
CONNECTIONS = 4
FLOORS = "download", "own client, nothing judged"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


class Run:
    """One run of a command, under GNU time: a process inherits the peak memory of the one that starts it, and time is a small one.

    wall and cpu: seconds, about one millisecond of it time's own; memory: peak in MB; code: exit code; output: what it wrote, if captured.
    """

    def __init__(self, command, capture=False, **variables):
        with tempfile.NamedTemporaryFile() as peak, tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            child = subprocess.Popen(["time", "-q", "-f", "%M", "-o", peak.name, *command], stdout=output if capture else subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, env=os.environ | variables)
            _, status, usage = os.wait4(child.pid, 0)
            self.wall = time.perf_counter() - start
            self.code = child.returncode = os.waitstatus_to_exitcode(status)
            self.cpu = usage.ru_utime + usage.ru_stime
            self.memory = int(peak.read()) * 1024 / 1e6
            output.seek(0)
            self.output = output.read()


def good_run(command, capture=False, **variables):
    run = Run(command, capture, **variables)
    if run.code != 0:
        sys.exit(f"measure.py: {' '.join(map(str, command))}: exit code {run.code}")
    return run


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def state_of(cluster):
    lines = (cluster / "state").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def lists_read(program, kubeconfig):
    """The URL paths of the lists that a scan of the whole catalogue reads."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "recording"
        command = [program, "snapshot", "--quiet", "--kubeconfig", kubeconfig, "-o", file]
        subprocess.run(command, check=True, timeout=COMMAND_SECONDS)
        with subprocess.Popen(["zstd", "-dcq", file], stdout=subprocess.PIPE) as unpacking:
            requests = [json.loads(line)["list"]["resource"] for line in unpacking.stdout if line.startswith(b'{"list":')]
    return [path_of(resource) for resource in requests]


def path_of(resource):
    root = f"/apis/{resource['group']}" if resource["group"] else "/api"
    return f"{root}/{resource['version']}/{resource['name']}"


def commands(options, paths):
    cluster = options.cluster
    pki = cluster / "pki"
    floor = [options.download, state_of(cluster)["SERVER"], pki / "ca.crt", pki / "clients/admin.crt",
             pki / "clients/admin.key", str(CONNECTIONS)]
    scan = [options.program, "scan", "--quiet", "--kubeconfig", kubeconfig_of(cluster)]
    return {
        "download": floor + ["--plain"] + paths,
        "download, gzip": floor + paths,
        "own client, nothing judged": [options.null_sink, kubeconfig_of(cluster)],
        "download, page after page": floor + ["--plain", "--in-turn"] + paths,
        "scan, text": scan,
        "scan, JSON": scan + ["-o", "json"],
        "scan, --parallel 1": scan + ["--parallel", "1"],
    }


def kubeconfig_of(cluster):
    return cluster / "kubeconfig/admin.yaml"


def measure(named_commands, rounds):
    for command in named_commands.values():
        good_run(command)  # the first answers come from a cold server
    results = {name: [] for name in named_commands}
    for _ in range(rounds):
        for name, command in named_commands.items():
            results[name].append(good_run(command))
    return results


def peers(kubeconfig):
    """Runs of the other scanners that are installed, by name: a scan of the cluster's configuration, its result thrown away."""
    scans = {
        "kubescape": ["scan", "--kubeconfig", kubeconfig, "--keep-local", "--format", "json", "--output", "/dev/null"],
        "polaris": ["audit", "--format", "json"],
        "popeye": ["--kubeconfig", kubeconfig, "--all-namespaces", "--out", "json"],
        "trivy": ["kubernetes", "--kubeconfig", kubeconfig, "--scanners", "misconfig", "--disable-node-collector",
                  "--skip-check-update", "--report", "summary", "--timeout", f"{PEER_SECONDS}s"],
    }
    results = {}
    for name, words in scans.items():
        if shutil.which(name) is None:
            continue
        runs = [Run(["timeout", str(PEER_SECONDS), name, *words], KUBECONFIG=str(kubeconfig)) for _ in range(PEER_RUNS)]
        if any(run.code for run in runs):
            print(f"measure.py: {name} is left out: exit code {[run.code for run in runs]}", file=sys.stderr)
        else:
            results[name] = runs
    return results


def start_up(program):
    return {name: [good_run([program, *words]) for _ in range(START_UP_RUNS)] for name, words in
            {"version": ["version"], "checks": ["checks"], "--help": ["--help"], "scan --demo": ["scan", "--demo", "--quiet"]}.items()}


def first_contact(program, kubeconfig):
    """Milliseconds from start to the first byte of a scan at a server that takes connections and says nothing; one per run."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as folder:
        server.settimeout(COMMAND_SECONDS)
        silent = pathlib.Path(folder) / "kubeconfig"
        silent.write_text(re.sub(r"server: .*", f"server: https://127.0.0.1:{server.getsockname()[1]}", kubeconfig.read_text()))
        times = []
        for _ in range(START_UP_RUNS):
            start = time.perf_counter()
            child = subprocess.Popen([program, "scan", "--quiet", "--kubeconfig", silent], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            connection, _ = server.accept()
            connection.settimeout(COMMAND_SECONDS)
            connection.recv(1)
            times.append((time.perf_counter() - start) * 1000)
            child.kill()
            child.wait()
            connection.close()
        return times


def today_and_machine():
    return f"{datetime.date.today().isoformat()}, {machine()}"


def machine():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    system = os.uname()
    return f"{len(models)} cores of {models[0] if models else system.machine}, {memory:.0f} GB, {system.sysname} {system.release.split('-')[0]}"


def ratio(runs, floor):
    return statistics.median(run.wall / base.wall for run, base in zip(runs, floor))


def table(results):
    floor = min((results[name] for name in FLOORS), key=lambda runs: median(runs, "wall"))
    rows = ["| | wall (s) | of the floor | CPU (s) | peak memory (MB) |", "|---|---|---|---|---|"]
    for name, runs in results.items():
        wall = median(runs, "wall")
        spread = f"{min(run.wall for run in runs):.2f}–{max(run.wall for run in runs):.2f}"
        rows.append(f"| {name} | {wall:.2f} ({spread}) | {ratio(runs, floor):.2f}× | {median(runs, 'cpu'):.2f} | {max(run.memory for run in runs):.0f} |")
    return rows


def start_table(results):
    rows = ["| | wall (ms) | peak memory (MB) |", "|---|---|---|"]
    return rows + [f"| `kube-posture {name}` | {median(runs, 'wall') * 1000:.1f} | {median(runs, 'memory'):.0f} |" for name, runs in results.items()]


def text_of(options, paths, results, starts, contacts):
    """What is measured, as it stands between the markers."""
    fetched = json.loads(subprocess.run(commands(options, paths)["download"], capture_output=True, check=True, timeout=COMMAND_SECONDS).stdout)
    load = json.loads(options.load.read_text().splitlines()[-1])
    lines = [f"{today_and_machine()}; Kubernetes {version_of(options)}; medians of {options.runs} rounds.", "",
             f"{load['pods']:,} pods, {load['objects']:,} objects in all; {len(paths)} lists, {fetched['pages']} pages of 500, "
             f"{fetched['bytes'] / 1e6:.0f} MB of JSON. The server shares the cores with its client.", "",
             *table(results), "", f"In brackets the fastest and the slowest round. Other scanners, where they are installed: {PEER_RUNS} runs, after the rounds.", "",
             *start_table(starts), "",
             f"From start to the first byte at the server {statistics.median(contacts):.0f} ms ({min(contacts):.0f}–{max(contacts):.0f})."]
    return "\n".join(lines)


def version_of(options):
    command = [options.program, "scan", "--quiet", "--kubeconfig", kubeconfig_of(options.cluster), "-o", "json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=COMMAND_SECONDS).stdout)["cluster"]["version"]


def write(file, text, begin=BEGIN, end=END):
    content = file.read_text()
    before, rest = content.split(begin, 1)
    after = rest.split(end, 1)[1]
    file.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "download", "null-sink", "cluster", "load"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    paths = lists_read(options.program, kubeconfig_of(options.cluster))
    results = measure(commands(options, paths), options.runs) | peers(kubeconfig_of(options.cluster))
    contacts = first_contact(options.program, kubeconfig_of(options.cluster))
    text = text_of(options, paths, results, start_up(options.program), contacts)
    print(text)
    if options.write:
        write(options.write, text)


if __name__ == "__main__":
    main()
