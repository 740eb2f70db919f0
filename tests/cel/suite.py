#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges the whole conformance suite of CEL, from the npm package @bufbuild/cel-spec: suite.py --program CEL_TEST --folder WORK.

Without npm, or where it cannot fetch the package, it says what was not run: exit code 77, with CI=true a failure.
"""
import argparse
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tarfile

import suite_vectors

PACKAGE, VERSION = "@bufbuild/cel-spec", "0.6.1"
SHA512 = "m0Ac9qA669yxxC0Hy45qGsUZemjImVfxPl6r9jLbkJviEvv3R9hSYyH2ItGRbDguekX6eId0cb62ulNBK97ezg=="
VECTORS = 2765
MODULES = ["conformance", "parsing", "checking", "comprehension"]
FETCH_SECONDS = 180
# Numbers as text: -0 and what a double holds would not survive JSON.
DUMP = """const read = (name) => [name, require(`${process.argv[1]}/${name}.js`).tests];
const text = (_, value) => typeof value !== "number" ? value : Object.is(value, -0) ? "-0.0" : String(value);
console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map(read)), text));"""


class NotRun(Exception):
    """Why the suite could not be had."""


def intact(tarball):
    return tarball.is_file() and base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode() == SHA512


def output_of(command, **options):
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=FETCH_SECONDS, **options).stdout
    except FileNotFoundError as error:
        raise NotRun(f"{command[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise NotRun(f"{command[0]} took more than {FETCH_SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        raise NotRun(f"{command[0]} failed: {error.stderr.strip()[-500:]}") from error


def fetch(folder):
    """The package's tarball, fetched once, checked every time."""
    tarball = folder / f"bufbuild-cel-spec-{VERSION}.tgz"
    if not intact(tarball):
        output_of(["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"], cwd=folder)
    if not intact(tarball):
        sys.exit(f"FAILED: {tarball.name} is not the file that this test was written for (SHA-512 differs)")
    return tarball


def convert(tarball, folder):
    with tarfile.open(tarball) as archive:
        for name in MODULES:
            member = archive.extractfile(f"package/dist/cjs/testdata/{name}.js")
            (folder / f"{name}.js").write_bytes(member.read())
    modules = json.loads(output_of(["node", "-e", DUMP, str(folder), *MODULES]))
    vectors = folder / "vectors"
    vectors.mkdir(exist_ok=True)
    count = suite_vectors.write(modules, vectors)
    if count != VECTORS:
        sys.exit(f"FAILED: {count} vectors instead of {VERSION}'s {VECTORS}")
    return vectors


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--folder", required=True, type=pathlib.Path)
    options = arguments.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    try:
        vectors = convert(fetch(folder), folder)
    except NotRun as reason:
        print(f"NOT RUN: the whole conformance suite of CEL ({PACKAGE} {VERSION}): {reason}")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    run = subprocess.run([options.program, "the whole conformance suite"], env={**os.environ, "CEL_SUITE": str(vectors)}, check=False)
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
