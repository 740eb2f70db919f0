#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `connect` says while it waits, and at its end: connect_test.py PROGRAM."""
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import fake_server  # noqa: E402

PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
SECONDS = 120


class Connect(unittest.TestCase):
    def command(self, kubeconfig):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "config"
        file.write_text(kubeconfig)
        return [PROGRAM, "connect", "--kubeconfig", file]

    def test_what_is_unclear_is_named_at_the_end(self):
        server = fake_server.FakeServer()  # which does not know who asks
        self.addCleanup(server.close)
        result = subprocess.run(self.command(server.kubeconfig()), capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.splitlines()[-1], "No step failed, but something is unclear: Identity. Next: kube-posture scan")

    def test_steps_show_while_the_next_is_waited_for(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            server = fake_server.FakeServer()
            server.close()
            kubeconfig = server.kubeconfig().replace(f":{server.http.server_port}", f":{silent.getsockname()[1]}")
            with subprocess.Popen(self.command(kubeconfig), stdout=subprocess.PIPE, text=True) as process:
                try:
                    shown = [process.stdout.readline().split()[:2]]
                    while shown[-1] not in ([], ["ok", "Login"]):
                        shown.append(process.stdout.readline().split()[:2])
                    self.assertEqual([shown[0], shown[-1]], [["ok", "Kubeconfig"], ["ok", "Login"]])
                    with self.assertRaises(subprocess.TimeoutExpired):  # it waits for half a minute
                        process.wait(1)
                finally:
                    process.kill()


if __name__ == "__main__":
    unittest.main()
