#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What standard error shows while a cluster is read: progress_test.py PROGRAM."""
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
import fake_server  # noqa: E402

PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
SECONDS = 120
ERASE = "\r\x1b[K"
LINE = re.compile(r"Reading: [\d,]+ of [\d,]+ lists, [\d,]+ pages?, [\d,]+ objects?, [\d,]+ a second")


class Progress(unittest.TestCase):
    def command(self, server, *options):
        self.addCleanup(server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "config"
        file.write_text(server.kubeconfig())
        return [PROGRAM, *(options or ["scan", "-o", "json"]), "--kubeconfig", file]

    def on_terminal(self, command, environment=None):
        """Standard error as a terminal got it, and standard output."""
        terminal, far_end = pty.openpty()
        variables = os.environ | {"TERM": "xterm"} | (environment or {})
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=far_end, env=variables)
        self.addCleanup(process.kill)
        os.close(far_end)
        out, _ = process.communicate(timeout=SECONDS)  # what comes on the terminal is little
        shown = b""
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the far end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(terminal)
        return shown.decode(), out

    def test_one_line_rewritten_in_place_and_gone_in_the_end(self):
        shown, out = self.on_terminal(self.command(fake_server.FakeServer(slow=["services"], pages=3)))
        json.loads(out)
        pieces = shown.split(ERASE)
        lines = [piece for piece in pieces if piece.startswith("Reading:")]
        self.assertGreater(len(lines), 1, shown)
        for line in lines:
            self.assertRegex(line, LINE)
            self.assertNotIn("\n", line)
            self.assertLess(len(line), 80)
        self.assertNotIn("Reading:", pieces[-1])
        self.assertIn("Read ", pieces[-1])

    def test_how_long_it_will_take_where_the_server_says_how_much_is_to_come(self):
        pages, page_seconds = 90, 0.05
        shown, _ = self.on_terminal(self.command(fake_server.FakeServer(pages=pages, page_seconds=page_seconds)))
        left = [int(seconds) for seconds in re.findall(LINE.pattern + r", about (\d+) s to go", shown)]
        self.assertGreater(len(left), 1, shown)
        self.assertGreaterEqual(left[0], int(pages * page_seconds) - 1)
        self.assertLess(left[-1], left[0])
        self.assertLessEqual(left[-1], 2)
        slow_shown, _ = self.on_terminal(self.command(fake_server.FakeServer(slow=["services"], pages=3)))
        self.assertNotIn("to go", slow_shown)  # nobody knows how many services are to come

    def test_the_recording_shows_it_too(self):
        with tempfile.TemporaryDirectory() as folder:
            server = fake_server.FakeServer(slow=["services"])
            shown, _ = self.on_terminal(self.command(server, "snapshot", "-o", pathlib.Path(folder) / "recording"))
        self.assertIn("Reading:", shown)

    def test_nothing_when_quiet_or_where_a_line_cannot_be_rewritten(self):
        for options, environment in ((["scan", "-o", "json", "-q"], {}), (["scan", "-o", "json"], {"TERM": "dumb"})):
            with self.subTest(options=options, environment=environment):
                shown, _ = self.on_terminal(self.command(fake_server.FakeServer(slow=["services"]), *options), environment)
                self.assertNotIn("Reading:", shown)
                self.assertNotIn("\x1b", shown)

    def test_a_line_every_half_minute_elsewhere(self):
        server = fake_server.FakeServer(slow=["services", "pods"], pages=1000)
        began = time.monotonic()
        result = subprocess.run(self.command(server, "scan", "-o", "json", "--timeout", "32s"), capture_output=True, text=True, timeout=SECONDS)
        self.assertGreater(time.monotonic() - began, 30)
        lines = [line for line in result.stderr.splitlines() if line.startswith("Reading:")]
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertRegex(lines[0], LINE)
        self.assertNotIn("\x1b", result.stderr)

    def test_warnings_of_the_server(self):
        server = fake_server.FakeServer(headers={"Warning": '299 - "v1 Old is \x1b deprecated"'})
        result = subprocess.run(self.command(server), capture_output=True, text=True, timeout=SECONDS)
        warnings = [line for line in result.stderr.splitlines() if line.startswith("Warning from the server:")]
        self.assertEqual(len(warnings), 1, result.stderr)
        self.assertIn("v1 Old is", warnings[0])
        self.assertNotIn("\x1b", warnings[0])
        self.assertNotIn("v1 Old is", result.stdout)


if __name__ == "__main__":
    unittest.main()
