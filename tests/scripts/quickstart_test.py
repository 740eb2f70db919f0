#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/quickstart.sh with everything outside it replaced: packages, compiler, program and terminal."""
import os
import pathlib
import pty
import shutil
import socket
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = "bash cat dirname env getconf grep head id mkdir nproc sed sleep tail timeout touch".split()
SECONDS = 60

CMAKE = """#!/usr/bin/env bash
echo "cmake $*" >>"$CALLS"
[ -z "${BROKEN:-}" ] || { echo "a compiler's complaint"; exit 1; }
if [ "$1" = --build ]; then mkdir -p "$2/src" && cp "$PROGRAM" "$2/src/kube-posture"; else mkdir -p "$4" && touch "$4/build.ninja"; fi
"""
PROGRAM = """#!/usr/bin/env bash
if [ "$1" = context ]; then [ -n "${CONTEXT:-}" ] && printf '%s\\n' "$CONTEXT"; exit; fi
echo "program $*"
exit "${SCAN_EXIT:-0}"
"""
DPKG_QUERY = """#!/usr/bin/env bash
for last; do true; done
[ "$last" != "${MISSING:-}" ] && printf installed
"""
APT_GET = """#!/usr/bin/env bash
echo "apt-get $*" >>"$CALLS"
"""


class Quickstart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "scripts").mkdir()
        for name in ("quickstart.sh", "install-packages.sh"):
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts")
        self.bin = self.root / "bin"
        self.bin.mkdir()
        for tool in [*TOOLS, "cp"]:
            if path := shutil.which(tool):
                (self.bin / tool).symlink_to(path)
        self.stub("cmake", CMAKE)
        self.stub("dpkg-query", DPKG_QUERY)
        self.stub("apt-get", APT_GET)
        (self.root / "program").write_text(PROGRAM)
        (self.root / "program").chmod(0o755)
        self.calls = self.root / "calls"
        self.calls.touch()

    def stub(self, name, text):
        file = self.bin / name
        file.write_text(text)
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def environment(self, **more):
        return {"PATH": str(self.bin), "CALLS": str(self.calls), "PROGRAM": str(self.root / "program"), **more}

    def run_it(self, *arguments, **environment):
        """Without a terminal: exit code, lines of standard output, standard error."""
        command = [self.root / "scripts" / "quickstart.sh", *arguments]
        result = subprocess.run(
            command, env=self.environment(**environment), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
        )
        return result.returncode, result.stdout.splitlines(), result.stderr

    def run_on_terminal(self, answer, **environment):
        """Exit code and everything the terminal showed."""
        ours, theirs = pty.openpty()
        command = [self.root / "scripts" / "quickstart.sh"]
        with subprocess.Popen(command, env=self.environment(**environment), stdin=theirs, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            os.write(ours, answer)
            shown = b""
            while True:
                try:
                    part = os.read(ours, 4096)
                except OSError:  # the other end closed
                    break
                if not part:
                    break
                shown += part
            code = process.wait(timeout=SECONDS)
        os.close(ours)
        return code, shown.decode().replace("\r", "")

    def listening(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        return f"https://127.0.0.1:{server.getsockname()[1]}"

    def test_without_terminal_scans_the_demo_and_says_so_first(self):
        code, lines, _ = self.run_it(CONTEXT="prod\thttps://127.0.0.1:1")
        self.assertEqual(code, 0)
        self.assertIn("demo cluster", lines[0])
        self.assertIn("Scanning the bundled demo cluster", lines[1])
        self.assertEqual(lines[2:], ["program scan --demo"])

    def test_context_is_scanned_without_asking(self):
        code, lines, _ = self.run_it("--context", "prod", SCAN_EXIT="3")
        self.assertEqual(code, 3)
        self.assertIn("prod", lines[0])
        self.assertEqual(lines[-1], "program scan --context prod")

    def test_second_run_builds_and_installs_nothing(self):
        self.run_it()
        self.calls.write_text("")
        self.run_it()
        self.assertEqual(len(self.calls.read_text().splitlines()), 1)  # the build tool, which finds nothing to do
        self.assertIn("cmake --build", self.calls.read_text())

    def test_terminal_names_context_and_server_and_asks(self):
        server = self.listening()
        code, shown = self.run_on_terminal(b"y\n", CONTEXT=f"prod\t{server}")
        self.assertEqual(code, 0)
        self.assertIn("ask before scanning", shown)
        self.assertIn(f"context is prod, its server is {server}", shown)
        self.assertIn("program scan --context prod", shown)

    def test_terminal_no_means_demo(self):
        _, shown = self.run_on_terminal(b"\n", CONTEXT=f"prod\t{self.listening()}")
        self.assertIn("program scan --demo", shown)
        self.assertNotIn("--context prod", shown)

    def test_terminal_without_context_means_demo(self):
        _, shown = self.run_on_terminal(b"")
        self.assertIn("no kubeconfig context was found", shown)
        self.assertIn("program scan --demo", shown)

    def test_terminal_with_a_server_that_is_down_means_demo(self):
        for server in ("https://127.0.0.1:1", "https://[::1]:1/prefix", "https://no-such-host.invalid"):
            _, shown = self.run_on_terminal(b"", CONTEXT=f"prod\t{server}")
            self.assertIn(f"nothing answers at {server}", shown)
            self.assertIn("program scan --demo", shown)

    def test_broken_build_shows_the_compiler(self):
        code, lines, errors = self.run_it(BROKEN="1")
        self.assertEqual(code, 1)
        self.assertIn("a compiler's complaint", errors)
        self.assertIn("cmake failed", errors)
        self.assertEqual(len(lines), 1)

    def test_missing_package_is_installed_without_terminal(self):
        code, _, errors = self.run_it(MISSING="libre2-dev")
        self.assertEqual(code, 0)
        self.assertIn("install --no-install-recommends libre2-dev", self.calls.read_text())
        self.assertIn("libre2-dev", errors)

    def test_missing_package_is_asked_for_on_a_terminal(self):
        code, shown = self.run_on_terminal(b"n\n", MISSING="libre2-dev")
        self.assertEqual(code, 1)
        self.assertIn("apt-get install libre2-dev", shown)
        self.assertNotIn("install", self.calls.read_text())

    def test_other_systems_are_told_what_to_install(self):
        (self.bin / "apt-get").unlink()
        (self.bin / "cmake").unlink()
        code, _, errors = self.run_it()
        self.assertEqual(code, 1)
        for word in ("simdjson", "yaml-cpp", "CMake 3.25", "Missing:", "cmake"):
            self.assertIn(word, errors)

    def test_unknown_option_is_refused(self):
        code, _, errors = self.run_it("--no-such")
        self.assertEqual(code, 1)
        self.assertIn("usage:", errors)


if __name__ == "__main__":
    unittest.main()
