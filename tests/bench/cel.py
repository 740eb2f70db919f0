#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times the catalogue's expressions over a cluster's pods next to cel-go, single-threaded: JSON and evaluation.

usage: cel.py --ours FILE --oracle FILE --program FILE --catalogue FILE --cluster DIR [--runs N] [--write FILE]

The expressions are those of all checks that look at pods and can be admission policies, the variables put in. Both programs read the same files and
must give the same answers. A round runs one after the other; a figure is the median of its rounds, a ratio that of the ratios.
"""
import argparse
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from measure import good_run, kubeconfig_of, today_and_machine, write

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/vap"))
import policy  # noqa: E402
from vap_test import read_catalogue  # noqa: E402

BEGIN, END = "<!-- cel: begin -->", "<!-- cel: end -->"
PAGE, SECONDS = 500, 600
COUNTED_PODS = 200  # for callgrind, which is fifty times slower
# As policy.VARIABLES, for pods alone.
POD = {**policy.VARIABLES, "podSpec": "object.spec", "podMeta": "object.metadata"}


def expressions(program, catalogue):
    listed = json.loads(subprocess.run([program, "checks", "-o", "json"], check=True, capture_output=True, timeout=SECONDS).stdout)
    fit = {check["id"] for check in listed if "since" in check["policy"]}
    for name, check in read_catalogue(catalogue).items():
        if name not in fit or "Pod" not in policy.kinds(check):
            continue
        values = POD | {key: json.dumps(value) for key, value in check.get("params", {}).items()}
        text = policy.wrapped(check)[0]
        while found := re.search(r"\bvariables\.(\w+)", text):
            text = text[:found.start()] + "(" + values[found[1]] + ")" + text[found.end():]
        yield " ".join(text.split())


def pods(oracle, cluster):
    """Every pod as one line of JSON."""
    token = ""
    while True:
        path = f"/api/v1/pods?limit={PAGE}&continue={token}"
        command = [oracle, "get", "--kubeconfig", kubeconfig_of(cluster), path]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS).stdout
        page = json.loads(answer.split("\n", 1)[1])
        for item in page["items"]:
            yield json.dumps({"apiVersion": "v1", "kind": "Pod", **item}, separators=(",", ":"))
        token = page["metadata"].get("continue", "")
        if not token:
            return


def timed(command):
    run = good_run(command, capture=True, GOMAXPROCS="1")
    return json.loads(run.output) | {"memory": run.memory}


def same_answers(ours, theirs):
    for key in ("objects", "expressions", "true", "false", "errors"):
        if ours[key] != theirs[key]:
            sys.exit(f"cel.py: {key}: {ours[key]} here, {theirs[key]} in cel-go")


def instructions(program, files, folder):
    """Instructions that callgrind counts, or None without valgrind."""
    if shutil.which("valgrind") is None:
        return None
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind.out", program, *files]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def per_evaluation(options, texts, objects, folder):
    """(instructions per evaluation, instructions per byte of JSON)."""
    sample, first, none = folder / "sample", folder / "expressions", folder / "none"
    sample.write_text("\n".join(objects[:COUNTED_PODS]) + "\n")
    none.write_text("")
    parsing = instructions(options.ours, [none, sample], folder)
    if parsing is None:
        return None
    both = instructions(options.ours, [first, sample], folder)
    empty = folder / "empty"
    empty.write_text("")
    start = instructions(options.ours, [none, empty], folder)
    compiling = instructions(options.ours, [first, empty], folder) - start
    evaluations = COUNTED_PODS * len(texts)
    return (both - parsing - compiling) / evaluations, (parsing - start) / sample.stat().st_size


def table(ours, theirs, megabytes, counted):
    def middle(runs, key):
        return statistics.median(run[key] for run in runs)

    def ratio(of):
        return statistics.median(of(b) / of(a) for a, b in zip(ours, theirs, strict=True))

    evaluations = ours[0]["objects"] * ours[0]["expressions"]
    rows = [f"{today_and_machine()}; medians of {len(ours)} rounds. {ours[0]['objects']:,} pods ({megabytes:.0f} MB of JSON), "
            f"{ours[0]['expressions']} expressions, {evaluations:,} evaluations; the same answers.", "",
            "| | JSON (s) | JSON (MB/s) | evaluating (s) | per evaluation (µs) | both (s) | peak memory (MB) |", "|---|---|---|---|---|---|---|"]
    for name, runs in (("this engine", ours), ("cel-go", theirs)):
        parse, evaluate = middle(runs, "parse"), middle(runs, "evaluate")
        rows.append(f"| {name} | {parse:.2f} | {megabytes / parse:.0f} | {evaluate:.2f} | {evaluate / evaluations * 1e6:.2f} | "
                    f"{parse + evaluate:.2f} | {middle(runs, 'memory'):.0f} |")
    rows.append(f"| cel-go takes | {ratio(lambda run: run['parse']):.1f}× | | {ratio(lambda run: run['evaluate']):.1f}× | | "
                f"{ratio(lambda run: run['parse'] + run['evaluate']):.1f}× | {ratio(lambda run: run['memory']):.1f}× |")
    if counted:
        rows += ["", f"By callgrind, over {COUNTED_PODS} of the pods: {counted[0]:,.0f} instructions per evaluation, {counted[1]:.1f} per byte of JSON."]
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("ours", "oracle", "program", "catalogue", "cluster"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        texts, objects = list(expressions(options.program, options.catalogue)), list(pods(options.oracle, options.cluster))
        files = [folder / "expressions", folder / "pods"]
        for file, lines in zip(files, (texts, objects), strict=True):
            file.write_text("\n".join(lines) + "\n")
        ours, theirs = [], []
        for _ in range(options.runs):
            ours.append(timed([options.ours, *files]))
            theirs.append(timed([options.oracle, "cel-bench", *files]))
            same_answers(ours[-1], theirs[-1])
        counted = per_evaluation(options, texts, objects, folder)
        text = table(ours, theirs, files[1].stat().st_size / 1e6, counted)
    print(text)
    if options.write:
        write(options.write, text, BEGIN, END)


if __name__ == "__main__":
    main()
