#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks Kubernetes' own environment and our engine the same generated expressions: differ.py --program CEL_TEST --folder WORK [--count N].

Every answer must be the same: value, type and cost, or both an error, or both a refusal to compile; and the estimate of the cost. What differs becomes a row of kubernetes.txt.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

from generate import Generator, OBJECT
from record import KINDS, recorded

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77


def expressions(count, seed):
    generator = Generator(seed)
    return [("pod", generator.of(generator.r.choice(KINDS), generator.r.randint(1, 4))) for _ in range(count)]


def newest_oracle():
    version = re.search(r"k8s\.io/kubernetes v([\d.]+)$", (ROOT / "tests/cluster/go.mod").read_text(), re.MULTILINE)[1]
    return ROOT / "build/cluster" / version / "testcluster"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", required=True, help="the test program of src/cel")
    arguments.add_argument("--folder", required=True, type=pathlib.Path, help="where the answers are written")
    arguments.add_argument("--oracle", type=pathlib.Path, default=newest_oracle(), help="the program of tests/cluster/build.sh")
    arguments.add_argument("--count", type=int, default=3000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    if not options.oracle.exists():
        print("NOT RUN: generated expressions against Kubernetes' own environment: tests/cluster/build.sh has not built it")
        sys.exit(SKIPPED)
    options.folder.mkdir(parents=True, exist_ok=True)
    answers = options.folder / "answers.jsonl"
    asked = expressions(options.count, options.seed)
    rows = list(recorded(str(options.oracle), asked, {"pod": {"object": OBJECT}}))
    answers.write_text("".join(rows), encoding="utf-8")
    print(f"{options.count} expressions: {len(asked) - len(rows)} that Kubernetes answers one way or the other, {len(rows)} compared",
          flush=True)
    run = subprocess.run([options.program, "a file of answers"], env={**os.environ, "CEL_ANSWERS": str(answers)}, check=False)
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
