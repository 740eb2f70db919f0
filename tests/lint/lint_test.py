#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""eval and checks lint as their users call them.

usage: lint_test.py PROGRAM
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = ""
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"},
       "spec": {"hostNetwork": True, "containers": [{"name": "app", "image": "a"}], "initContainers": [{"name": "init", "image": "b"}]}}  # fmt: skip
CHECK = """\
format: 1
title: Pod shares the network of its node
control: WL016
severity: high
why: It does.
fix: Do not.
match: [Pod]
expect: >-
  variables.podSpec.?hostNetwork.orValue(false) != true &&
  object.spec.?hostPID.orValue(false) != true
message: "'pod ' + object.metadata.name + ' shares it'"
examples:
  pass:
    - {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: a}]}}
  fail:
    - {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {hostNetwork: true, containers: [{name: web, image: a}]}}
"""
# A document as the API server hands it out, cut down to what the check reads.
OPENAPI = {"openapi": "3.0.0", "components": {"schemas": {
    "Pod": {"type": "object", "x-kubernetes-group-version-kind": [{"group": "", "kind": "Pod", "version": "v1"}],
            "properties": {"metadata": {"allOf": [{"$ref": "#/components/schemas/Meta"}], "default": {}},
                           "spec": {"allOf": [{"$ref": "#/components/schemas/Spec"}], "default": {}}}},
    "Meta": {"type": "object", "properties": {"name": {"type": "string"}}},
    "Spec": {"type": "object", "properties": {"hostNetwork": {"type": "boolean"}, "hostPID": {"type": "boolean"},
                                              "finalizers": {"type": "array", "items": {"type": "string"}}}}}}}  # fmt: skip


def run(*arguments, stdin=""):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, input=stdin)


class Scan(unittest.TestCase):
    def test_caret_under_a_mistake_in_a_check(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "broken.yaml").write_text(CHECK.replace("variables.podSpec.?hostNetwork", "variables.nothing"))
            result = run("scan", "--demo", "--quiet", "--checks", folder)
        self.assertEqual(result.returncode, 1)
        lines = result.stderr.splitlines()
        self.assertIn("broken.yaml", lines[0])
        self.assertEqual(lines[-1].strip(), "^")
        self.assertNotIn("\\u000A", result.stderr)


class Eval(unittest.TestCase):
    def test_values(self):
        for expression, printed in [
            ("1 + 1 == 2", "true bool"),
            ("[1, 2].map(x, x * 2)", "[2,4] list(int)"),
            ("object.metadata.name", '"web" string (dyn)'),
            ("object.spec.?hostNetwork.orValue(false)", "true bool (dyn)"),
            ("variables.podSpec.hostNetwork == true", "true bool"),
            ("variables.allContainers.map(c, c.name) == ['app', 'init']", "true bool"),
            ("variables.windows", "false bool"),
        ]:
            with self.subTest(expression):
                result = run("eval", expression, "-f", "-", stdin=json.dumps(POD))
                self.assertEqual((result.returncode, result.stdout, result.stderr), (0, printed + "\n", ""))

    def test_cost(self):
        for expression, printed in [
            ("object.metadata.name == 'web'", "cost: 4 of 1000000 units, estimated 2 to 2"),
            ("object.spec.containers.all(c, c.image != '')", "cost: 9 of 1000000 units, estimated 2 or more"),
            ("variables.windows", "cost: 2 of 1000000 units, estimated 2 to 2"),
            ("[1, 2].all(x, x > 0)", "cost: 11 of 1000000 units, estimated 17 to 21"),
        ]:
            with self.subTest(expression):
                result = run("eval", "--cost", expression, "-f", "-", stdin=json.dumps(POD))
                self.assertEqual((result.returncode, result.stdout.splitlines()[1:]), (0, [printed]))

    def test_no_object(self):
        self.assertEqual(run("eval", "2u + 3u").stdout, "5 uint\n")
        result = run("eval", "1 + object.a")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("undeclared reference to 'object'", result.stderr)
        self.assertIn("1 + object.a\n    ^\n", result.stderr)

    def test_errors(self):
        for expression, column in [
            ("object.spec.nothing.more", 12),
            ("object.metadata['labels']", 16),
            ("1 + 1 / 0 == 1", 6),
            ("1 +", 3),
            ("variables.nothing", 9),
            ("(1 / 0 > 0 || true) && 2 % 0 > 1", 25),  # the first failure is absorbed
            ("2 % 0 > 1 || object.kind == 'Service'", 2),  # the second is none
            ("['1', 'x'].map(s, int(s)).size()", 21),
            ("optional.none().value()", 21),
        ]:
            result = run("eval", expression, "-f", "-", stdin=json.dumps(POD))
            self.assertEqual((result.returncode, result.stdout), (1, ""), expression)
            self.assertEqual(result.stderr.splitlines()[1:], [expression, " " * column + "^"])


class Lint(unittest.TestCase):
    def lint(self, text, openapi=False):
        with tempfile.TemporaryDirectory() as folder:
            file, document = pathlib.Path(folder, "mine.yaml"), pathlib.Path(folder, "v1.json")
            file.write_text(text)
            document.write_text(json.dumps(OPENAPI))
            result = run("checks", "lint", file, *(["--openapi", document] if openapi else []))
            return result.returncode, result.stdout.replace(folder + "/", "")

    def test_fine(self):
        self.assertEqual(self.lint(CHECK), (0, ""))
        self.assertEqual(self.lint(CHECK, openapi=True), (0, ""))

    def test_problems(self):
        for before, after, place, words in [
            ("severity: high", "severity: huge", "mine.yaml:1", "severity must be one of"),
            ("title:", "titel:", "mine.yaml:", "title"),
            ("WL016", "WL999", "mine.yaml:3:10:", "no control WL999"),
            ("object.spec.?hostPID", "objekt.spec.?hostPID", "mine.yaml:10:3:", "undeclared reference to 'objekt'"),
            ("'pod ' +", "1 +", "mine.yaml:11:", "message: "),
            ("spec: {hostNetwork: true", "spec: {hostNetwork: false", "mine.yaml:16:7:", "does not fail"),
        ]:
            with self.subTest(after):
                code, printed = self.lint(CHECK.replace(before, after))
                self.assertEqual(code, 2)
                self.assertTrue(printed.startswith(place), printed)
                self.assertIn(words, printed)

    def test_cost(self):
        dear = CHECK.replace("title:", "each: container\ntitle:").replace("match: [Pod]", "match: workload")
        dear = dear.replace("object.spec.?hostPID", "lists.range(600000).size() > 0 && object.spec.?hostPID")
        self.assertEqual(self.lint(dear), (0, ""))
        code, printed = self.lint(dear.replace("containers: [{name: web, image: a}]}}", "containers: [{name: a, image: a}, {name: b, image: b}]}}", 1))
        self.assertEqual(code, 2)
        self.assertRegex(printed, r"^mine.yaml:\d+:7: examples: pass: as a policy this example takes 12000\d\d units, of which an API server allows 1000000")
        big = "lists.range(900000).size() + lists.range(900000).size() > 0"
        code, printed = self.lint(CHECK.replace("object.spec.?hostPID", f"{big} && object.spec.?hostPID"))
        self.assertEqual((code, "takes at least" in printed), (2, False))  # && may never come to it
        self.assertIn("actual cost limit exceeded", printed)
        checks = " && ".join(f"authorizer.path('/{n}').check('get').allowed()" for n in range(3))
        code, printed = self.lint(CHECK.replace("object.spec.?hostPID.orValue(false) != true", f"({checks})"))
        self.assertNotIn("takes at least", printed)
        code, printed = self.lint(CHECK.replace("variables.podSpec.?hostNetwork", "lists.range(2000000).size() > 0 && variables.podSpec.?hostNetwork"))
        self.assertEqual(code, 2)
        self.assertRegex(printed, r"mine.yaml:9:3: expect: takes at least 20000\d\d units, of which an API server allows 1000000")

    def test_fields(self):
        code, printed = self.lint(CHECK.replace("?hostPID", "?hostPIDs"), openapi=True)
        self.assertEqual(code, 2)
        self.assertEqual(printed.splitlines()[0], "mine.yaml:10:16: expect: there is no field `hostPIDs` here in Pod; did you mean `hostPID`?")
        self.assertEqual(printed.splitlines()[2].index("^"), printed.splitlines()[1].index("hostPIDs"))
        code, printed = self.lint(CHECK.replace("metadata.name +", "metadata.nam +"), openapi=True)
        self.assertIn("mine.yaml:11:36: message: there is no field `nam`", printed)
        code, printed = self.lint(CHECK.replace("object.spec.?hostPID.orValue(false) != true", "!('hostPIDs' in object.spec)"), openapi=True)
        self.assertIn("mine.yaml:10:6: expect: there is no field `hostPIDs` here in Pod; did you mean `hostPID`?", printed)
        self.assertEqual(self.lint(CHECK.replace("object.spec.?hostPID.orValue(false) != true", "!('c' in object.spec.?finalizers.orValue([]))"),
                                   openapi=True), (0, ""))

    def test_catalogue_still_lists(self):
        self.assertIn("privileged-container", run("checks").stdout)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
