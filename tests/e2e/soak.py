#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many scans under all faults at random: none crashes, hangs, or passes what it did not read.

usage: soak.py [--scans N] [--seed N] [--first N] [--limit SECONDS] [--program PATH] [--version X] [--built-only]

Each request meets one of the faults of soak.json with the chance it names. A seed gives the same faults each time; scan
number 17 of a seed is `--first 17 --scans 1`. Every second scan asks for gzip. What is read is compared with a scan
without faults, as monotone.py compares.
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import faults  # noqa: E402
import monotone  # noqa: E402
import run as runner  # noqa: E402

ROWS = runner.HERE / "soak.json"
GRACE = 10  # seconds beyond the time for reading, on a busy machine
CODES = {0: "complete", 1: "no report", 3: "incomplete"}
MAX_RSS_MB = 1000  # of a program built with ASan, which keeps what was freed for a while
OPTIONAL = {"cluster", "identity"}  # left empty where the server does not say


def seconds_queued(pid):
    """How long it waited for a processor, which is the machine's business and no hang."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0


def measured(command, folder, limit):
    """Exit code (below zero: a signal), output, seconds, and the largest resident size in MB."""
    out, err = folder / "out", folder / "err"
    began = time.monotonic()
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        streams = {"stdin": subprocess.DEVNULL, "stdout": stdout, "stderr": stderr}
        process = subprocess.Popen(list(map(str, command)), env=faults.environment(folder), **streams)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            seconds = time.monotonic() - began
            if pid:
                break
            if seconds - seconds_queued(process.pid) > limit + GRACE:
                os.kill(process.pid, signal.SIGKILL)
                _, status, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, out.read_bytes(), err.read_text(errors="replace"), seconds, usage.ru_maxrss // 1024


def problems(code, text, error, full, server):
    if code not in CODES:
        yield f"ended with {code}: {error[-runner.SHOWN:]}"
    elif code == 1:
        if text or len(error.splitlines()) != 1:
            yield f"no report, but not one sentence either: {error}"
    else:
        report = faults.comparable(text, server)
        if (report["exitCode"] == 3) != (code == 3):
            yield f"the report says exit code {report['exitCode']}, the process {code}"
        yield from monotone.problems(full, report)
        if code == 0 and (other := faults.differences(full, report) - OPTIONAL):
            yield f"complete, and yet not the report of a scan without faults: {', '.join(sorted(other))}"


class Soak:
    def __init__(self, program, cluster, ports, folder, limit=4):
        self.program, self.cluster, self.ports, self.folder, self.limit = program, cluster, ports, folder, limit
        self.full = faults.full_report(program, cluster, ports, folder)
        self.counts, self.failed, self.rss, self.slowest = collections.Counter(), [], [], 0.0

    def scan(self, number):
        folder = self.folder / f"scan-{number}"
        folder.mkdir()
        server = f"https://127.0.0.1:{self.ports['soak']}/run-{number}"
        row = {"through": number % 2 == 1, "args": ["--timeout", f"{self.limit}s"]}
        file = faults.kubeconfig(self.cluster, folder / "kubeconfig", server, row, self.ports["tunnel"])
        code, text, error, seconds, rss = measured([self.program, *faults.arguments(file, row)], folder, self.limit)
        return number, code, list(problems(code, text, error, self.full, server)), seconds, rss

    def note(self, number, code, found, seconds, rss):
        self.counts[CODES.get(code, "broken")] += 1
        self.rss.append(rss)
        self.slowest = max(self.slowest, seconds)
        if rss > MAX_RSS_MB:
            found.append(f"{rss} MB resident")
        if not found:
            return
        self.failed.append(number)
        details = "\n    ".join(found[: monotone.MAX_PROBLEMS_SHOWN])
        print(f"failed  scan {number}\n    {details}", flush=True)

    def run(self, first, scans):
        with concurrent.futures.ThreadPoolExecutor(faults.AT_A_TIME) as pool:
            for done, result in enumerate(pool.map(self.scan, range(first, first + scans)), 1):
                self.note(*result)
                if done % 100 == 0:
                    print(f"{done} scans, {dict(self.counts)}, {len(self.failed)} failed", flush=True)
        self.rss.sort()
        print(f"{scans} scans: {dict(self.counts)}; slowest {self.slowest:.1f} s; resident MB median {self.rss[scans // 2]}, "
              f"largest {self.rss[-1]}; failed: {self.failed or 'none'}")  # fmt: skip
        return 1 if self.failed else 0


def options():
    parser = argparse.ArgumentParser(description="Many scans under all faults at random.")
    faults.add_options(parser)
    parser.add_argument("--scans", type=int, default=30)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--limit", type=int, default=4, help="seconds for the reading of one scan; more on a busy machine")
    parser.add_argument("--seed", type=int, default=4711)
    return parser.parse_args()


def main():
    args = options()

    def soak(cluster, folder: pathlib.Path):
        with faults.fault_proxy(cluster, ROWS, "--seed", str(args.seed)) as ports:
            return Soak(args.program.resolve(), cluster, ports, folder, args.limit).run(args.first, args.scans)

    return faults.with_cluster(args, soak)


if __name__ == "__main__":
    sys.exit(main())
