#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks the real Kubernetes environment about the expressions of kubernetes.txt and some generated ones; writes kubernetes.jsonl.

Usage: record.py TESTCLUSTER_BINARY. Run it when expressions are added; the test needs only the result.
"""
import json
import os
import subprocess
import sys

from generate import Generator, OBJECT

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["bool"] * 6 + ["int", "string", "list", "map", "optional", "dyn", "double", "uint", "time", "duration", "bytes", "type"]


def written():
    name = None
    for line in open(os.path.join(HERE, "kubernetes.txt"), encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("@"):
            names = line[1:].split()
        elif line and not line.startswith("#"):
            for name in names:
                yield name, line


def generated(count):
    generator = Generator(42)
    seen = set()
    while len(seen) < count:
        expression = generator.of(generator.r.choice(KINDS), generator.r.randint(1, 3))
        if 30 < len(expression) < 160 and expression not in seen:
            seen.add(expression)
            yield "pod", expression


def ask(binary, questions):
    """One answer per question; cel-go panics on some, which ends the process."""
    answers = []
    while len(answers) < len(questions):
        run = subprocess.run([binary, "cel"], input="\n".join(questions[len(answers):]) + "\n", capture_output=True, text=True)
        answers += [json.loads(line) for line in run.stdout.splitlines() if line]
        if len(answers) < len(questions):
            answers.append({"compile": "cel-go panics"})
    return answers


def main():
    objects = json.load(open(os.path.join(HERE, "kubernetes_objects.json"), encoding="utf-8"))
    objects["pod"] = {"object": OBJECT}
    rows = list(written()) + list(generated(700))
    questions = [json.dumps({"expr": expression, **objects[name]}) for name, expression in rows]
    first, second = ask(sys.argv[1], questions), ask(sys.argv[1], questions)
    with open(os.path.join(HERE, "kubernetes.jsonl"), "w", encoding="utf-8") as out:
        for (name, expression), answer, again in zip(rows, first, second):
            if answer != again:  # the order of a Go map shows
                continue
            answer = {"compile": True} if "compile" in answer else {"error": answer["error"][:200], "type": answer["type"]} if "error" in answer else answer
            print(json.dumps({"on": name, "expr": expression, **answer}, ensure_ascii=False), file=out)
    objects["pod"] = {"object": OBJECT}
    json.dump(objects, open(os.path.join(HERE, "kubernetes_objects.json"), "w", encoding="utf-8"), ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
