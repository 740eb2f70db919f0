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
PROMISED, STARTING, PLUGIN_LIMIT = 1.0, 60, 60  # seconds
SLACK = 10.0  # machines that test are busy; the server here takes minutes


class Stop(unittest.TestCase):
    def start(self, server, *options, command=("scan", "-o", "json"), user=None):
        self.addCleanup(server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "config"
        file.write_text(server.kubeconfig(user))
        command = [PROGRAM, *command, "--kubeconfig", file, *options]
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
        self.assertNotIn("kube-posture connect", err)  # it would find nothing wrong

    def hanging_plugin(self):
        """A kubeconfig user whose plugin says that it runs, and never answers; and where it says so."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        sign = pathlib.Path(folder.name) / "pid"
        script = f"sleep 300 & echo $$ $! > {sign}.new; mv {sign}.new {sign}; wait"
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script], "interactiveMode": "Never"}}, sign

    def gone(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    def assert_gone(self, pids):
        limit = time.monotonic() + SLACK
        while not all(map(self.gone, pids)) and time.monotonic() < limit:
            time.sleep(0.01)
        self.assertTrue(all(map(self.gone, pids)), pids)

    def test_a_plugin_that_hangs(self):
        for command in (("scan", "-o", "json"), ("snapshot", "-o", "/nowhere/recording")):
            with self.subTest(command[0]):
                user, sign = self.hanging_plugin()
                if command[0] == "snapshot":
                    command = ("snapshot", "-o", str(sign.parent / "recording"))
                process = self.start(fake_server.FakeServer(), command=command, user=user)
                limit = time.monotonic() + STARTING
                while not sign.exists() and time.monotonic() < limit:
                    time.sleep(0.01)
                process.send_signal(signal.SIGINT)
                out, err = self.end(process)
                self.assertEqual((process.returncode, out), (130, ""), err)
                self.assertIn("exit code 130", err.splitlines()[-1])
                self.assert_gone(sign.read_text().split())
                self.assertEqual([file.name for file in sign.parent.iterdir()], ["pid"])

    def test_a_plugin_that_takes_longer_than_there_is_time(self):
        user, _ = self.hanging_plugin()
        process = self.start(fake_server.FakeServer(), "--timeout", "1s", user=user)
        out, err = self.end(process)
        self.assertEqual((process.returncode, out), (1, ""), err)
        self.assertIn("credential plugin sh was ended", err)
        self.assertNotIn("kube-posture connect", err)

    def test_a_plugin_that_never_answers(self):
        """Nobody has to say how long a plugin may take."""
        user, sign = self.hanging_plugin()
        process = self.start(fake_server.FakeServer(), user=user)
        began = time.monotonic()
        out, err = process.communicate(timeout=PLUGIN_LIMIT + STARTING)
        self.assertGreaterEqual(time.monotonic() - began, PLUGIN_LIMIT - 1)  # it began before we looked at the clock
        self.assertEqual((process.returncode, out), (1, ""), err)
        self.assertIn(f"credential plugin sh gave no answer within {PLUGIN_LIMIT} s and was ended", err)
        self.assert_gone(sign.read_text().split())

    def test_a_recording_that_is_out_of_time(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "recording"
            process = self.start(fake_server.FakeServer(slow=["pods"]), "--timeout", "2s", command=("snapshot", "-o", str(file)))
            _, err = self.end(process)
            self.assertEqual(process.returncode, 3, err)
            self.assertRegex(err, r"Incomplete \(exit code 3\): \d reads? refused or broken off")
            scan = subprocess.run([PROGRAM, "scan", "-o", "json", "--snapshot", file], capture_output=True, text=True, timeout=STARTING)
            self.assertEqual(scan.returncode, 3, scan.stderr)
            self.check_report(scan.stdout, "out-of-time", [3])

    def test_an_interrupted_recording_is_none(self):
        with tempfile.TemporaryDirectory() as folder:
            server = fake_server.FakeServer(slow=["pods"])
            process = self.start(server, command=("snapshot", "-o", str(pathlib.Path(folder) / "recording")))
            server.wait_for("pods", STARTING)
            process.send_signal(signal.SIGINT)
            _, err = self.end(process)
            self.assertEqual(process.returncode, 130, err)
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])

    def test_rubbish(self):
        process = self.start(fake_server.FakeServer(), "--timeout", "soon")
        _, err = process.communicate(timeout=STARTING)
        self.assertEqual(process.returncode, 1)
        self.assertIn("must be a time such as 90s or 5m", err)


if __name__ == "__main__":
    unittest.main()
