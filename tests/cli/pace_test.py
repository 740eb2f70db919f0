#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many requests a scan sends, counted by the server: pace_test.py PROGRAM."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import fake_server  # noqa: E402

PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
SECONDS = 60


class Pace(unittest.TestCase):
    def requests_of(self, exit_code, *options):
        server = fake_server.FakeServer()
        self.addCleanup(server.close)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "config"
            file.write_text(server.kubeconfig())
            result = subprocess.run([PROGRAM, "scan", "--kubeconfig", file, *options], capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(result.returncode, exit_code, result.stderr)
        return len(server.asked)

    def test_burst(self):
        whole = self.requests_of(0, "--qps", "0")
        self.assertGreater(whole, 12)
        self.assertEqual(self.requests_of(3, "--qps", "0.001", "--burst", "12", "--timeout", "5s"), 12)

    def test_rubbish(self):
        self.assertEqual(self.requests_of(1, "--qps", "-1"), 0)
        self.assertEqual(self.requests_of(1, "--burst", "0"), 0)


if __name__ == "__main__":
    unittest.main()
