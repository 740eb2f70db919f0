#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/e2e/expect.py: what counts as held and what does not. A runner that cannot fail proves nothing."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import expect  # noqa: E402


def outcome(stdout=b"", stderr=b"", code=0):
    return subprocess.CompletedProcess([], code, stdout, stderr)


class Mismatch(unittest.TestCase):
    def holds(self, expected, actual):
        self.assertIsNone(expect.mismatch(expected, actual))

    def breaks(self, expected, actual):
        self.assertIsNotNone(expect.mismatch(expected, actual))

    def test_maps_by_their_keys(self):
        self.holds({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3})
        self.breaks({"a": {"b": 1}}, {"a": {"b": 2}})
        self.breaks({"a": 1}, {})
        self.breaks({"a": 1}, [1])

    def test_lists_by_having_such_an_element(self):
        self.holds([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1, "b": 0}])
        self.breaks([{"a": 1}], [{"a": 2}])
        self.breaks([1], [])
        self.breaks([1], {"a": 1})

    def test_scalars_equal(self):
        self.holds(None, None)
        self.breaks(True, 1)
        self.breaks("1", 1)

    def test_operators(self):
        self.holds({"$min": 1, "$max": 3}, 2)
        self.breaks({"$min": 1}, 0)
        self.breaks({"$min": 0}, None)
        self.breaks({"$max": 3}, "2")
        self.holds({"$matches": "^v1\\."}, "v1.37.2")
        self.breaks({"$matches": "^v1\\."}, "1.37")
        self.holds({"$size": 0}, [])
        self.breaks({"$size": 0}, [1])
        self.holds({"a": {"$absent": True}}, {})
        self.breaks({"a": {"$absent": True}}, {"a": 1})
        self.breaks({"$typo": 1}, 1)


class Problems(unittest.TestCase):
    def count(self, run, result, earlier=None, files=None):
        with tempfile.TemporaryDirectory() as scratch:
            for name, content in (files or {}).items():
                pathlib.Path(scratch, name).write_bytes(content)
            return len(list(expect.problems(run, result, earlier or {}, pathlib.Path(scratch))))

    def test_exit_code(self):
        self.assertEqual(self.count({}, outcome(code=3)), 1)
        self.assertEqual(self.count({"exit": 3}, outcome(code=3)), 0)

    def test_report(self):
        report = json.dumps({"outcomes": [{"check": "a", "state": "fail"}]}).encode()
        self.assertEqual(self.count({"report": {"outcomes": [{"check": "a"}]}}, outcome(report)), 0)
        self.assertEqual(self.count({"report": {"outcomes": [{"check": "b"}]}}, outcome(report)), 1)
        self.assertEqual(self.count({"report_lacks": {"outcomes": [{"check": "a"}]}}, outcome(report)), 1)
        self.assertEqual(self.count({"report_lacks": {"outcomes": [{"check": "b"}]}}, outcome(report)), 0)
        self.assertEqual(self.count({"report": {}}, outcome(b"Score 12")), 1)

    def test_words(self):
        result = outcome(b"Score", b"one\ntwo\n")
        self.assertEqual(self.count({"stdout": ["Score"], "stderr": ["two"], "stderr_lines": 2}, result), 0)
        self.assertEqual(self.count({"stdout": ["Grade"], "stderr_lacks": ["two"], "stderr_lines": 1}, result), 3)

    def test_same_bytes(self):
        earlier = {"first": outcome(b"a")}
        self.assertEqual(self.count({"same_stdout_as": "first"}, outcome(b"a"), earlier), 0)
        self.assertEqual(self.count({"same_stdout_as": "first"}, outcome(b"b"), earlier), 1)

    def test_leaks(self):
        packed = subprocess.run(["zstd", "-qc"], input=b"a CANARY in a mine", capture_output=True, check=True).stdout
        self.assertEqual(self.count({"nowhere": ["CANARY"]}, outcome(), files={"recording": packed}), 1)
        self.assertEqual(self.count({"nowhere": ["CANARY"]}, outcome(b"CANARY", b"CANARY")), 2)
        self.assertEqual(self.count({"nowhere": ["CANARY"]}, outcome(), files={"recording": b"nothing"}), 0)

    def test_audit(self):
        result = outcome()
        result.audit = [
            {"user": {"username": "me"}, "verb": "list", "requestURI": "/a"},
            {"user": {"username": "other"}, "verb": "delete", "requestURI": "/b"},
        ]
        self.assertEqual(self.count({"audit": {"user": "me", "every": [{"verb": "get"}, {"verb": "list"}], "some": [{"requestURI": "/a"}]}}, result), 0)
        self.assertEqual(self.count({"audit": {"user": "me", "every": [{"verb": "get"}]}}, result), 1)
        self.assertEqual(self.count({"audit": {"user": "me", "some": [{"verb": "delete"}]}}, result), 1)
        self.assertEqual(self.count({"audit": {"user": "nobody"}}, result), 1)
        self.assertEqual(self.count({}, result), 0)


if __name__ == "__main__":
    unittest.main()
