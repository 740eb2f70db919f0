#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the table of exclusions: exclusions.py --program CEL_TEST --suite VECTORS --folder WORK.

Each vector of exclusions.tsv is asked of Kubernetes' own environment, which must answer otherwise than the vector demands, and our engine
must answer as Kubernetes does. Those that need declarations a policy cannot make are only counted.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

from differ import SKIPPED, newest_oracle
from record import ask

HERE = pathlib.Path(__file__).parent
# A policy declares no container, no functions and no types.
UNDECLARABLE = {"container", "member", "type-parameters"}


def key(vector):
    texts = (json.dumps(vector[name], ensure_ascii=False, separators=(",", ":")) for name in ("expr", "bindings"))
    return "\t".join((vector["section"], *texts))


def excluded(folders):
    """(feature, vector) of every row of the table."""
    lines = (HERE / "exclusions.tsv").read_text(encoding="utf-8").splitlines()
    features = {row.split("\t", 1)[1]: row.split("\t", 1)[0] for row in lines if row and not row.startswith("#")}
    vectors = {}
    for file in sorted(file for folder in folders for file in folder.glob("*.jsonl")):
        for vector in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            vectors.setdefault(key(vector), vector)
    missing = features.keys() - vectors.keys()
    if missing:
        sys.exit(f"FAILED: no vector for {len(missing)} rows of exclusions.tsv, such as {min(missing)}")
    return [(feature, vectors[name]) for name, feature in features.items()]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", required=True, help="the test program of src/cel")
    arguments.add_argument("--suite", required=True, type=pathlib.Path, help="the vectors that suite.py wrote")
    arguments.add_argument("--folder", required=True, type=pathlib.Path, help="where the answers are written")
    arguments.add_argument("--oracle", type=pathlib.Path, default=newest_oracle(), help="the program of tests/cluster/build.sh")
    options = arguments.parse_args()
    if not options.oracle.exists() or not options.suite.is_dir():
        print("NOT RUN: exclusions from the conformance suite: tests/cluster/build.sh or suite.py has not run")
        sys.exit(SKIPPED)
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = excluded([HERE / "conformance", options.suite])
    asked = [vector for feature, vector in rows if feature not in UNDECLARABLE]
    answers = ask(options.oracle, [json.dumps({"expr": vector["expr"], "bindings": vector["bindings"]}) for vector in asked])
    path = options.folder / "exclusions.jsonl"
    pairs = zip(asked, answers, strict=True)
    path.write_text("".join(json.dumps({"vector": vector, "answer": answer}) + "\n" for vector, answer in pairs), encoding="utf-8")
    print(f"{len(rows)} exclusions: {len(asked)} asked of Kubernetes, {len(rows) - len(asked)} that no policy can declare", flush=True)
    run = subprocess.run([options.program, "what the vectors of exclusions.tsv give in Kubernetes"],
                         env={**os.environ, "CEL_EXCLUSIONS": str(path)}, check=False)
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
