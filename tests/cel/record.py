#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks the real Kubernetes environment about the expressions of kubernetes.txt and some generated ones; writes kubernetes.jsonl.

Usage: record.py TESTCLUSTER_BINARY. Run it when expressions are added; the test needs only the result.
"""
import json
import os
import re
import subprocess
import sys

from generate import Generator, OBJECT

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ["bool"] * 6 + ["int", "string", "list", "map", "optional", "dyn", "double", "uint", "time", "duration", "bytes", "type"]
MACRO = re.compile(r"\.(?:all|exists|exists_one|existsOne|map|filter|transform\w+|sortBy)\(")
REPEATS = 12  # a map of two keys shows its order with all but one in 4096


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


def without_cost(answer):
    return {name: part for name, part in answer.items() if name != "cost"}


def steady(binary, questions, answers):
    """The answers, None where they are not the same every time. Where a macro runs over a map the order of Go's, a new one each
    time, may show; where it shows in the cost alone, the answer goes without."""
    loops = [at for at, question in enumerate(questions) if MACRO.search(json.loads(question)["expr"])]
    same = list(answers)
    for _ in range(REPEATS):
        for at, answer in zip(loops, ask(binary, [questions[at] for at in loops])):
            if same[at] is None or answer == answers[at]:
                continue
            same[at] = without_cost(answer) if without_cost(answer) == without_cost(answers[at]) else None
    return same


def recorded(binary, rows, objects):
    """(object name, expression) pairs as rows of kubernetes.jsonl, without those that cel-go itself answers one way or the other."""
    questions = [json.dumps({"expr": expression, **objects[name]}) for name, expression in rows]
    answers = ask(binary, questions)
    for (name, expression), answer in zip(rows, steady(binary, questions, answers)):
        if answer is None:
            continue
        if "compile" in answer:
            answer = {"compile": True}
        elif "error" in answer:
            answer["error"] = answer["error"][:200]
        yield json.dumps({"on": name, "expr": expression, **answer}, ensure_ascii=False) + "\n"


def main():
    objects = json.load(open(os.path.join(HERE, "kubernetes_objects.json"), encoding="utf-8"))
    objects["pod"] = {"object": OBJECT}
    with open(os.path.join(HERE, "kubernetes.jsonl"), "w", encoding="utf-8") as out:
        out.writelines(recorded(sys.argv[1], list(written()) + list(generated(700)), objects))
    json.dump(objects, open(os.path.join(HERE, "kubernetes_objects.json"), "w", encoding="utf-8"), ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
