#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records the demo cluster anew and compares its reports with those of the committed recording.

usage: demo_test.py [--built-only] PROGRAM FOLDER      (FOLDER takes the new recording and the reports)
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SKIPPED = 77  # what CTest takes as skipped
RECORDING = HERE / "demo.snapshot"
NOW = "2026-01-31T12:00:00Z"
MAX_BYTES = 300 * 1024
MIN_CANARIES = 40
RECORD_SECONDS = 600
SCAN_SECONDS = 60
CANARY = re.compile(r"CANARY-[a-z-]+")

# What two recordings of the same manifests cannot have in common, and nothing else: the cluster's uid, the port of
# the throw-away server, and the five characters that the API server appends to the names of pods it was not given one for.
VOLATILE = [
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UID"),
    (re.compile(r"https://127\.0\.0\.1:\d+ *"), "https://SERVER "),
    (re.compile(r"-[bcdfghjklmnpqrstvwxz2456789]{5}\b"), "-XXXXX"),
]


def normalised(report):
    for pattern, replacement in VOLATILE:
        report = pattern.sub(replacement, report)
    return report


def report(program, recording, form, folder):
    command = [program, "scan", "--snapshot", recording, "--now", NOW, "-o", form, "--include-passed"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=SCAN_SECONDS, check=False)
    (folder / f"{recording.stem}.{form}").write_text(result.stdout)
    if result.returncode != 0:
        fail(f"{' '.join(map(str, command))}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def content(recording):
    command = ["zstd", "-dcq", recording]
    return subprocess.run(command, capture_output=True, text=True, timeout=SCAN_SECONDS, check=True).stdout


def planted():
    files = [HERE / "mesh.yaml", *sorted((HERE / "manifests").glob("*.yaml"))]
    return {canary for file in files for canary in CANARY.findall(file.read_text())}


def record(program, folder):
    script = ROOT / "scripts" / "record-demo.sh"
    new = folder / "new.snapshot"
    subprocess.run([script, "--program", program, "--output", new], timeout=RECORD_SECONDS, check=True)
    return new


def expect_no_canaries(name, text):
    found = sorted(set(CANARY.findall(text)))
    if found:
        fail(f"{name} holds what may be secret: {', '.join(found)}")


def expect_equal(form, committed, new):
    diff = list(difflib.unified_diff(committed.splitlines(), new.splitlines(), "committed", "recorded now", "", "", 0, ""))
    if diff:
        fail(f"the {form} reports differ; if that is meant, run scripts/record-demo.sh:\n" + "\n".join(diff[:80]))


def fail(message):
    sys.exit(f"demo_test.py: {message}")


def skip_unless_built():
    """The demo is a cluster of the newest version; runs against older ones leave it out."""
    newest = re.search(r"k8s\.io/kubernetes v([\d.]+)$", (ROOT / "tests/cluster/go.mod").read_text(), re.MULTILINE)[1]
    if os.environ.get("POSTURE_E2E_VERSION", newest) not in ("", newest):
        print(f"NOT RUN: the demo is recorded on Kubernetes {newest} only")
        sys.exit(SKIPPED)
    if not (ROOT / "build" / "cluster" / newest / "testcluster").exists():
        print(f"NOT RUN: the test control plane {newest} is not built; scripts/test.sh builds it")
        sys.exit(SKIPPED)


def options():
    parser = argparse.ArgumentParser(description="Records the demo cluster anew and compares the reports.")
    parser.add_argument("--built-only", action="store_true", help="skip (exit code 77) where the control plane is not built")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    return parser.parse_args()


def main():
    args = options()
    if args.built_only:
        skip_unless_built()
    program, folder = args.program.resolve(), args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if len(planted()) < MIN_CANARIES:
        fail(f"only {len(planted())} canaries are planted; at least {MIN_CANARIES} were")
    if RECORDING.stat().st_size > MAX_BYTES:
        fail(f"the recording has {RECORDING.stat().st_size} bytes, more than {MAX_BYTES}")
    recordings = {"committed": RECORDING, "new": record(program, folder)}
    for name, recording in recordings.items():
        expect_no_canaries(f"the {name} recording", content(recording))
    for form in ("text", "json"):
        reports = {name: report(program, recording, form, folder) for name, recording in recordings.items()}
        for name, text in reports.items():
            expect_no_canaries(f"the {form} report of the {name} recording", text)
        expect_equal(form, normalised(reports["committed"]), normalised(reports["new"]))


if __name__ == "__main__":
    main()
