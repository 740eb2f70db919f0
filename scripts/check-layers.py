#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tree to docs/architecture.md: one-way layers, libraries in their places, sizes, SPDX lines.

check-layers.py [ROOT] prints one line for each breach, file:line first, and exits 1 where there is any.
"""
import fnmatch
import os
import re
import sys

# The folders of src/ in flow order: a file includes its own folder, base/ and public headers of stages up to its own.
STAGES = ["base", "kubeconfig", "source", "cel", "inventory", "catalog", "analysis", "evaluate", "score", "report", "cli"]
# Public headers that are not named after their stage.
HEADER_STAGE = {
    "value": "base",
    "error": "base",
    "client": "source",
    "contact": "source",
    "gap": "source",
    "lint": "evaluate",
    "policy": "evaluate",
    "cel_access": "cel",
    "cel_cost": "cel",
    "cel_versions": "cel",
    "manifests": "source",
    "permissions": "evaluate",
    "snapshot": "source",
}
# CEL is usable alone.
CEL_HEADERS = {"value", "cel", "cel_access", "cel_cost", "cel_versions"}
# A third-party library's include prefix, and the only files that may name it.
LIBRARIES = {
    "CLI/": ["src/cli/*"],
    "catch2/": ["tests/*"],
    "curl/": ["src/source/client/*", "tests/bench/*"],
    "nlohmann/": ["src/base/*", "src/report/*", "tests/*"],
    "openssl/": ["src/base/sha256*", "src/kubeconfig/*", "src/source/client/*", "tests/*"],
    "re2/": ["src/cel/*"],
    "simdjson": ["src/base/json.cpp"],
    "yaml-cpp/": ["src/base/yaml*"],
    "zstd": ["src/source/snapshot/*", "tests/*"],
}
SYSTEM_HEADER = re.compile(r"^(\w+|(sys|net|netinet|arpa)/\w+\.h|(dirent|fcntl|immintrin|malloc|netdb|poll|pthread|signal|spawn|stdlib|termios|time|unistd)\.h)$")
MAX_PUBLIC_HEADER, MAX_SOURCE = 150, 400
# Agreed exceptions: rule and file, each with its reason.
EXCEPTIONS = {
    # The dialect's whole surface: types, values, environment, program.
    ("size", "include/posture/cel.h"),
}

CODE = (".cpp", ".h", ".go", ".py", ".sh")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
OPEN_END = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b(?!\s*\(#\d+\))")
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(home/(?!nonroot|app\b)\w+/|Users/\w+/|" + "wo" + "rk/(main|shared)|root/(?!\\.))")


def tracked_files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in {".git", "build", "__pycache__", "node_modules"})
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), root)


def is_code(path):
    return path.endswith(CODE) or os.path.basename(path) == "CMakeLists.txt" or path == ".ci/run"


def stage_of(path):
    """The stage whose rules hold for a file, None outside src/ and include/posture/."""
    if path.startswith("include/posture/"):
        return header_stage(path[len("include/posture/"):])
    if path.startswith("src/") and path.count("/") > 1:
        return path.split("/")[1]
    return "cli" if path.startswith("src/") and path.endswith(CODE) else None


def header_stage(name):
    stem = name.removesuffix(".h")
    return HEADER_STAGE.get(stem, stem)


def own_include_breach(path, stage, target):
    folder, _, rest = target.partition("/")
    public = path.startswith("include/")
    if folder == "posture":
        if stage == "cel" and rest.removesuffix(".h") not in CEL_HEADERS:
            return f"cel/ includes {target}, but stands alone: only base/ and {sorted(CEL_HEADERS)}"
        needed = header_stage(rest)
        if needed not in STAGES:
            return f"{target} belongs to no stage; name it in HEADER_STAGE of scripts/check-layers.py"
        if STAGES.index(needed) > STAGES.index(stage):
            return f"{stage}/ includes {target} of the later stage {needed}/"
        return None
    if public:
        return f"a public header includes {target}, which is private"
    if folder in (stage, "base"):
        return None
    if folder in STAGES:
        return f"{stage}/ includes {target}, which is private to {folder}/"
    return f"{target} is not named from the root of src/ or include/"


def system_include_breach(path, target):
    for prefix, places in LIBRARIES.items():
        if target.startswith(prefix):
            if any(fnmatch.fnmatch(path, place) for place in places):
                return None
            return f"<{target}> may be named only in {', '.join(places)}"
    if SYSTEM_HEADER.match(target):
        return None
    return f"<{target}> is neither a standard header nor a library known to scripts/check-layers.py"


def include_breaches(path, lines):
    stage = stage_of(path)
    if stage is not None and stage not in STAGES:
        yield 1, f"src/{stage}/ is not a stage; the flow is {' > '.join(STAGES)}"
        return
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        kind, target = found.groups()
        breach = system_include_breach(path, target) if kind == "<" else stage and own_include_breach(path, stage, target)
        if breach:
            yield number, breach


def size_breaches(path, lines):
    limit = MAX_PUBLIC_HEADER if path.startswith("include/") else MAX_SOURCE if path.startswith("src/") else None
    if limit and len(lines) > limit and ("size", path) not in EXCEPTIONS:
        yield len(lines), f"{len(lines)} lines; {limit} at most"


def text_breaches(path, lines):
    if is_code(path) and not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
        yield 1, "no SPDX line: SPDX-License-Identifier: Apache-2.0"
    for number, line in enumerate(lines, 1):
        if is_code(path) and (found := OPEN_END.search(line)):
            yield number, f"{found.group(1)} without the number of an issue, as in {found.group(1)}(#12)"
        if MACHINE_PATH.search(line):
            yield number, "a path of somebody's machine"


def breaches(root):
    for path in tracked_files(root):
        if not (is_code(path) or path.endswith((".md", ".txt", ".cmake"))):
            continue
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        found = list(text_breaches(path, lines))
        if path.endswith((".cpp", ".h")):
            found += include_breaches(path, lines)
            found += size_breaches(path, lines)
        for number, message in sorted(found):
            yield f"{path}:{number}: {message}"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    count = 0
    for count, breach in enumerate(breaches(root), 1):
        print(breach)
    print(f"check-layers: {count} breaches" if count else "check-layers: the layers hold")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
