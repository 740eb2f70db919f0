# SPDX-License-Identifier: Apache-2.0
"""What a scenario's run expects, held against what came; README.md beside it lists the words."""
import json
import re
import subprocess

UNPACK_SECONDS = 60
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def mismatch(expected, actual, path="report"):
    """None where `actual` holds all of `expected`, else where and why not. Lists: each expected element is somewhere."""
    if isinstance(expected, dict) and expected and all(key.startswith("$") for key in expected):
        return operator_mismatch(expected, actual, path)
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{path}: expected a map, got {brief(actual)}"
        for key, value in expected.items():
            if key not in actual and not (isinstance(value, dict) and value.get("$absent")):
                return f"{path}.{key}: missing"
            if problem := mismatch(value, actual.get(key), f"{path}.{key}"):
                return problem
        return None
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return f"{path}: expected a list, got {brief(actual)}"
        for index, value in enumerate(expected):
            if all(mismatch(value, element) for element in actual):
                return f"{path}[{index}]: none of {len(actual)} elements matches {json.dumps(value)}"
        return None
    return None if same(expected, actual) else f"{path}: expected {brief(expected)}, got {brief(actual)}"


def same(expected, actual):
    return expected == actual and isinstance(expected, bool) == isinstance(actual, bool)


def operator_mismatch(expected, actual, path):
    number = isinstance(actual, (int, float)) and not isinstance(actual, bool)
    for operator, value in expected.items():
        if operator == "$matches":
            held = isinstance(actual, str) and re.search(value, actual) is not None
        elif operator == "$min":
            held = number and actual >= value
        elif operator == "$max":
            held = number and actual <= value
        elif operator == "$size":
            held = isinstance(actual, (list, dict)) and len(actual) == value
        elif operator == "$absent":
            held = actual is None
        else:
            return f"{path}: unknown operator {operator}"
        if not held:
            return f"{path}: expected {json.dumps(expected)}, got {brief(actual)}"
    return None


def brief(value):
    text = json.dumps(value)
    return text if len(text) <= 200 else text[:200] + " …"


def report_problems(run, stdout):
    if "report" not in run and "report_lacks" not in run:
        return
    try:
        report = json.loads(stdout)
    except ValueError as error:
        yield f"standard output is not JSON: {error}"
        return
    if problem := mismatch(run.get("report", {}), report):
        yield problem
    for name, unwanted in run.get("report_lacks", {}).items():
        for pattern in unwanted:
            for element in report.get(name, []):
                if mismatch(pattern, element) is None:
                    yield f"report.{name}: {json.dumps(pattern)} must match nothing, but {brief(element)} is there"


def text_problems(run, name, text):
    for word in run.get(name, []):
        if word not in text:
            yield f"{name} lacks {word!r}"
    for word in run.get(f"{name}_lacks", []):
        if word in text:
            yield f"{name} must not hold {word!r}"


def leak_problems(run, result, scratch):
    """Words that no output and no file written by the run may hold."""
    places = {"standard output": result.stdout, "standard error": result.stderr}
    if run.get("nowhere"):
        places |= {file.name: plain_bytes(file) for file in scratch.iterdir() if not file.name.endswith(".kubeconfig")}
    for word in run.get("nowhere", []):
        for place, content in places.items():
            if word.encode() in content:
                yield f"{word!r} stands in {place}"


def audit_problems(run, entries):
    """What the API server says that one user did meanwhile: `every` entry matches a pattern, and `some` entry each pattern."""
    expected = run.get("audit")
    if not expected:
        return
    mine = [entry for entry in entries if entry["user"]["username"] == expected["user"]]
    if not mine:
        yield f"the audit log knows no request of {expected['user']}"
    for entry in mine:
        problems = [mismatch(pattern, entry, "audit") for pattern in expected.get("every", [])]
        if problems and all(problems):
            yield f"{entry['verb']} {entry['requestURI']}: {'; '.join(problems)}"
    for pattern in expected.get("some", []):
        if all(mismatch(pattern, entry) for entry in mine):
            yield f"none of {len(mine)} audited requests matches {json.dumps(pattern)}"


def plain_bytes(file):
    content = file.read_bytes() if file.is_file() else b""
    if not content.startswith(ZSTD_MAGIC):
        return content
    return subprocess.run(["zstd", "-dcq", file], capture_output=True, timeout=UNPACK_SECONDS, check=True).stdout


def problems(run, result, earlier, scratch):
    stdout, stderr = (text.decode(errors="replace") for text in (result.stdout, result.stderr))
    if result.returncode != run.get("exit", 0):
        yield f"exit code {result.returncode}, expected {run.get('exit', 0)}"
    yield from report_problems(run, stdout)
    yield from text_problems(run, "stdout", stdout)
    yield from text_problems(run, "stderr", stderr)
    if "stderr_lines" in run and len(stderr.splitlines()) != run["stderr_lines"]:
        yield f"{len(stderr.splitlines())} lines on standard error, expected {run['stderr_lines']}"
    if "same_stdout_as" in run and result.stdout != earlier[run["same_stdout_as"]].stdout:
        yield f"standard output differs from that of the run {run['same_stdout_as']!r}"
    yield from leak_problems(run, result, scratch)
    yield from audit_problems(run, getattr(result, "audit", []))
