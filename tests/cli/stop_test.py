#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A scan that is to end early, of a server that would take for ever: stop_test.py PROGRAM."""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
import fake_server  # noqa: E402

PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
PROMISED, STARTING = 1.0, 60  # seconds
SLACK = 10.0  # machines that test are busy; the server here takes minutes


class Stop(unittest.TestCase):
    def start(self, server, *options):
        self.addCleanup(server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "config"
        file.write_text(server.kubeconfig())
        command = [PROGRAM, "scan", "-o", "json", "--kubeconfig", file, *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        return process

    def end(self, process):
        began = time.monotonic()
        out, err = process.communicate(timeout=STARTING)
        self.assertLess(time.monotonic() - began, PROMISED + SLACK)
        return out, err

    def check_report(self, out, reason, codes):
        report = json.loads(out)
        self.assertEqual(report["exitCodes"], codes)
        self.assertEqual(report["exitCode"], codes[-1])
        gaps = {gap["resource"]: gap for gap in report["gaps"]}
        self.assertEqual(gaps["pods"]["reason"], reason)
        unknown = {outcome["check"] for outcome in report["outcomes"] if outcome["state"] == "not-assessed"}
        self.assertIn("privileged-container", unknown)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                server = fake_server.FakeServer(slow=["pods"])
                process = self.start(server)
                server.wait_for("pods", STARTING)
                process.send_signal(number)
                out, err = self.end(process)
                self.assertEqual(process.returncode, 130, err)
                self.assertIn("Interrupted (exit code 130)", err.splitlines()[-1])
                self.check_report(out, "interrupted", [3, 130])

    def test_what_was_known_is_reported(self):
        server = fake_server.FakeServer(slow=["deployments"])
        process = self.start(server)
        server.wait_for("deployments", STARTING)
        server.wait_for("pods", STARTING)
        time.sleep(1)  # the pods arrive meanwhile
        process.send_signal(signal.SIGINT)
        report = json.loads(self.end(process)[0])
        gaps = {gap["resource"]: gap["reason"] for gap in report["gaps"]}
        self.assertEqual(gaps["deployments.apps"], "interrupted")
        self.assertNotIn("pods", gaps)
        states = {outcome["state"] for outcome in report["outcomes"] if outcome["check"] == "privileged-container"}
        self.assertEqual(states, {"fail", "not-assessed"})

    def test_before_anything_was_read(self):
        server = fake_server.FakeServer(slow=["/version"])
        process = self.start(server)
        server.wait_for("/version", STARTING)
        process.send_signal(signal.SIGINT)
        out, err = self.end(process)
        self.assertEqual((process.returncode, out), (130, ""))
        self.assertIn("exit code 130", err.splitlines()[-1])

    def test_time_limit(self):
        process = self.start(fake_server.FakeServer(slow=["pods"]), "--timeout", "2s")
        out, err = process.communicate(timeout=STARTING)
        self.assertEqual(process.returncode, 3, err)
        self.check_report(out, "out-of-time", [3])

    def test_time_limit_before_anything_was_read(self):
        process = self.start(fake_server.FakeServer(slow=["/version"]), "--timeout", "500ms")
        out, err = process.communicate(timeout=STARTING)
        self.assertEqual((process.returncode, out), (1, ""))
        self.assertIn("the time for reading was over", err)

    def test_rubbish(self):
        process = self.start(fake_server.FakeServer(), "--timeout", "soon")
        _, err = process.communicate(timeout=STARTING)
        self.assertEqual(process.returncode, 1)
        self.assertIn("must be a time such as 90s or 5m", err)


if __name__ == "__main__":
    unittest.main()
