#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How time and memory of a scan grow with the cluster, on lists that paged_server.py makes up; writes docs/performance.md.

usage: growth.py --program FILE [--pods N,N,…] [--write FILE]
"""
import argparse
import contextlib
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import measure  # noqa: E402

SERVER = pathlib.Path(__file__).with_name("paged_server.py")
BEGIN, END = "<!-- grown: begin -->", "<!-- grown: end -->"
KUBECONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: pages, cluster: {{server: "{url}"}}}}]
users: [{{name: nobody, user: {{}}}}]
contexts: [{{name: pages, context: {{cluster: pages, user: nobody}}}}]
current-context: pages
"""


@contextlib.contextmanager
def served(pods):
    """The kubeconfig of a cluster of so many pods."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.executable, SERVER, "--pods", str(pods)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            file = pathlib.Path(folder) / "kubeconfig"
            file.write_text(KUBECONFIG.format(url=server.stdout.readline().strip()))
            yield file
        finally:
            server.stdin.close()
            server.wait(timeout=30)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--pods", default="10000,100000,500000")
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    rows = ["| pods | wall (s) | CPU (s) | CPU per 1,000 pods (ms) | peak memory (MB) | bytes per pod more |", "|---|---|---|---|---|---|"]
    before = None
    for pods in map(int, options.pods.split(",")):
        with served(pods) as kubeconfig:
            run = measure.good_run([options.program, "scan", "--quiet", "--kubeconfig", kubeconfig])
        more = f"{(run.memory - before[1]) * 1e6 / (pods - before[0]):,.0f}" if before else ""
        rows.append(f"| {pods:,} | {run.wall:.1f} | {run.cpu:.1f} | {run.cpu * 1e6 / pods:.0f} | {run.memory:.0f} | {more} |")
        print(rows[-1], flush=True)
        before = (pods, run.memory)
    if options.write:
        measure.write(options.write, "\n".join([f"{measure.today_and_machine()}.", "", *rows]), BEGIN, END)


if __name__ == "__main__":
    main()
