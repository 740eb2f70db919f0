#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cases.tsv is whole, and every test that it names exists."""
import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
CASES = 102


def problems(line, rows):
    fields = line.split("\t")
    if len(fields) != 3 or not all(fields):
        yield "not three fields"
        return
    if fields[2].startswith("- "):
        return
    for reference in fields[2].split("; "):
        file, divided, words = reference.partition(": ")
        if file == "faults":
            if words not in rows:
                yield f"no row {words!r} in faults.json"
        elif not divided or not (TESTS / file).is_file():
            yield f"no file {file}"
        elif words not in (TESTS / file).read_text():
            yield f"{file} lacks {words!r}"


def main():
    rows = {row["name"]: row.get("cases", []) for row in json.loads((TESTS / "e2e" / "faults.json").read_text())}
    lines = [line for line in (TESTS / "client" / "cases.tsv").read_text().splitlines() if not line.startswith("#")]
    found = [f"case {line.split()[0]}: {problem}" for line in lines for problem in problems(line, rows)]
    if [line.split("\t")[0] for line in lines] != [str(number) for number in range(1, CASES + 1)]:
        found.append(f"the cases are not 1 to {CASES}, each once")
    found += [f"row {name!r}: no case {case}" for name, cases in rows.items() for case in cases if case not in range(1, CASES + 1)]
    print("\n".join(found) or f"{len(lines)} cases")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
