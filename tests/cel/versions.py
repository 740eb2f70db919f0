#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks Kubernetes' own environment, as each version has it, whether a new policy may hold the expressions of versions.txt.

A new policy is compiled with what the version before knew, so that the server can be rolled back: a server of 1.37 is asked as 1.36.
"""
import json
import pathlib
import subprocess
import sys

from differ import SKIPPED, newest_oracle

OLDEST, NEWEST = 30, 39
ROWS = pathlib.Path(__file__).with_name("versions.txt")


def compiles(oracle, minor, expressions):
    """For each expression whether a new policy of this version may hold it."""
    questions = "".join(json.dumps({"expr": expression, "object": {}}) + "\n" for expression in expressions)
    command = [oracle, "cel", "--new", "--compatibility", f"1.{minor - 1}"]
    run = subprocess.run(command, input=questions, capture_output=True, text=True, check=True, timeout=120)
    return ["compile" not in json.loads(line) for line in run.stdout.splitlines()]


def main():
    oracle = newest_oracle()
    if not oracle.exists():
        print("NOT RUN: versions of functions against Kubernetes' own environments: tests/cluster/build.sh has not built it")
        sys.exit(SKIPPED)
    lines = [line for line in ROWS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = [(int(line[:2]), line[3:]) for line in lines]
    wrong = []
    for minor in range(OLDEST, NEWEST + 1):
        answers = compiles(oracle, minor, [expression for _, expression in rows])
        wrong += [f"1.{minor} {'takes' if taken else 'refuses'} what stands under 1.{first}: {expression}"
                  for (first, expression), taken in zip(rows, answers, strict=True) if taken != (minor >= first)]
    print("\n".join(wrong) or f"{len(rows)} expressions, 1.{OLDEST} to 1.{NEWEST}: as Kubernetes' own environments say")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
