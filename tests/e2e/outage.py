#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real API server that dies, comes back, loses its etcd, or lets our token expire while it is scanned.

usage: outage.py [--program PATH] [--version X] [--built-only] [CASE...]

The report is that of a scan of a server that is well, or names what is missing and knows no more.
"""
import argparse
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
import faults  # noqa: E402
import monotone  # noqa: E402
import run as runner  # noqa: E402

POLICY = runner.HERE / "audit-policy.yaml"
# Seconds. A scan at this rate takes about ten; by then it has read something, and not everything.
RATE, MIDDLE, LIMIT, SECONDS = ["--qps", "6", "--burst", "1"], 4, 15, 100
# The server takes a token that it has seen for ten seconds more.
MIN_REQUESTS = 15
KNOWN = ("forbidden", "not-served")
PERSON = "Mozilla/5.0 (outage.py)"
TOKEN_LIFE, TOKEN_SCAN = 3, ["--qps", "1.2", "--burst", "1"]


class Outage:
    def __init__(self, program, cluster, folder):
        self.program, self.cluster, self.folder = program, cluster, folder
        self.server = cluster.address()
        self.token = (cluster.folder / "kubeconfig" / "sa-token").read_text().strip()
        result = self.finish(self.begin([]))
        runner.must(result, "the scan of a server that is well")
        self.full = faults.comparable(result.stdout, self.server)

    def begin(self, more, row=None):
        file = faults.kubeconfig(self.cluster, self.folder / "kubeconfig", self.server, row or {})
        command = [self.program, *faults.arguments(file, {"args": more})]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(list(map(str, command)), env=faults.environment(self.folder), **streams)

    def finish(self, process):
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise runner.Failure(f"no end within {SECONDS} s") from None
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def control(self, action):
        command = [runner.CLUSTER, action, "--dir", self.cluster.folder, *self.cluster.arguments()]
        runner.must(runner.call(command, timeout=runner.STOP), action)

    def ready(self):
        runner.must(self.cluster.run("wait", "--timeout", "60s", "ready", timeout=runner.RUN), "the server is back")

    def incomplete(self, result):
        """It says what is missing, and knows no more than the full scan."""
        if result.returncode != 3:
            yield f"exit code {result.returncode}, expected 3"
            return
        report = faults.comparable(result.stdout, self.server)
        if not faults.gaps_of(report) - faults.gaps_of(self.full):
            yield "no gap"
        if report["objectsRead"] == 0:
            yield "nothing was read: it went too early"
        yield from monotone.problems(self.full, report)

    def same(self, result):
        if result.returncode != 0:
            yield f"exit code {result.returncode}: {runner.shown(result)}"
        elif (report := faults.comparable(result.stdout, self.server)) != self.full:
            yield f"not the report of a server that is well: {', '.join(faults.differences(self.full, report))}"

    # --- cases
    def reads_only(self):
        """What the server's own audit log says we did."""
        ours = self.audited()
        if len(ours) < MIN_REQUESTS:
            yield f"only {len(ours)} requests in the audit log"
        for line in ours:
            thing = line.get("objectRef", {})
            harmless = line["verb"] in ("get", "list") or (line["verb"], thing.get("resource")) == ("create", "selfsubjectreviews")
            if not harmless or "subresource" in thing:
                yield f"{line['verb']} {line['requestURI']}"
            if not line["userAgent"].startswith("kube-posture/"):
                yield f"user agent {line['userAgent']}"

    def not_indented(self):
        """A server indents what it sends to a user agent that looks like a person's, for a third more bytes."""
        ours = {line["userAgent"] for line in self.audited()}
        if len(ours) != 1:
            yield f"user agents {ours}"
        for agent, expected in [*((agent, False) for agent in ours), (PERSON, True)]:
            request = urllib.request.Request(f"{self.server}/api/v1/namespaces")
            request.add_header("Authorization", f"Bearer {self.token}")
            request.add_header("User-Agent", agent)
            trust = ssl.create_default_context(cafile=self.cluster.folder / "pki" / "ca.crt")
            with urllib.request.urlopen(request, context=trust, timeout=SECONDS) as answer:
                if (b"\n  " in answer.read()) != expected:
                    yield f"an answer to {agent} is {'not ' if expected else ''}indented"

    def audited(self):
        lines = map(json.loads, (self.folder / "audit.log").read_text().splitlines())
        return [line for line in lines if line["user"]["username"].endswith(":testcluster-scanner") and line["userAgent"] != PERSON]

    def killed(self):
        process = self.begin([*RATE, "--timeout", f"{LIMIT}s"])
        time.sleep(MIDDLE)
        self.control("crash")
        result = self.finish(process)
        self.control("revive")
        self.ready()
        yield from self.incomplete(result)

    def restarted(self):
        process = self.begin(RATE)
        time.sleep(MIDDLE)
        self.control("crash")
        self.control("revive")
        result = self.finish(process)
        self.ready()
        if result.returncode == 0:
            yield from self.same(result)
            return
        # A server that just started knows no roles yet, and refuses; all else must have been waited for.
        yield from self.incomplete(result)
        yield from (f"not refused: {gap}" for gap in json.loads(result.stdout or "{}").get("gaps", []) if gap["reason"] not in KNOWN)

    def token_expires(self):
        process = self.begin(TOKEN_SCAN, self.short_lived())
        result = self.finish(process)
        if result.returncode != 1 or result.stdout or b"does not accept the credentials" not in result.stderr:
            yield f"exit code {result.returncode}, expected 1 and one sentence"

    def token_is_renewed(self):
        row = self.short_lived()
        process = self.begin(TOKEN_SCAN, row)
        time.sleep(MIDDLE)
        pathlib.Path(row["token file"]).write_text(self.token)
        yield from self.same(self.finish(process))

    def short_lived(self):
        token = self.cluster.run("token", "--key", self.cluster.folder / "pki" / "sa.key", "--for", f"{TOKEN_LIFE}s", timeout=runner.RUN)
        runner.must(token, "a token")
        file = self.folder / "token"
        file.write_bytes(token.stdout)
        return {"token file": str(file)}

    def without_etcd(self):  # the last one: it does not come back
        process = self.begin([*RATE, "--timeout", f"{LIMIT}s"])
        time.sleep(MIDDLE)
        self.control("starve")
        yield from self.incomplete(self.finish(process))


CASES = {
    "reads-only": Outage.reads_only, "not-indented": Outage.not_indented, "killed": Outage.killed, "restarted": Outage.restarted,
    "token-expires": Outage.token_expires, "token-is-renewed": Outage.token_is_renewed, "without-etcd": Outage.without_etcd,
}  # fmt: skip


def run_cases(program, cluster, folder, names):
    outage, failed = Outage(program, cluster, folder), 0
    for name in names or CASES:
        began = time.monotonic()
        found = list(CASES[name](outage))
        failed += bool(found)
        print(f"{'failed' if found else 'passed':8}{name}  {time.monotonic() - began:.1f} s", flush=True)
        for problem in found[: monotone.MAX_PROBLEMS_SHOWN]:
            print(f"    {problem}")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description="An API server that fails while it is scanned.")
    faults.add_options(parser)
    parser.add_argument("case", nargs="*", choices=[*CASES, []], help="only these")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="posture-outage-") as folder:
        server = {"arguments": [f"--audit-policy-file={POLICY}", f"--audit-log-path={folder}/audit.log"]}

        def act(cluster, _):
            return run_cases(args.program.resolve(), cluster, pathlib.Path(folder), args.case)

        return faults.with_cluster(args, act, server)


if __name__ == "__main__":
    sys.exit(main())
