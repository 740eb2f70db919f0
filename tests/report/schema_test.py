#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON goldens, and any report named on the command line, against docs/report.schema.json; then broken ones, which it must refuse."""

import copy
import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("schema_test.py needs jsonschema with JSON Schema 2020-12: apt-get install python3-jsonschema")

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "docs" / "report.schema.json"


def strict(schema):
    """The schema, refusing keys it does not name: readers must ignore them, but we must not write them."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        out["additionalProperties"] = False
    return out


def edit(report, path, value):
    """A copy with one place set to `value`, or removed when it is `...`."""
    broken = copy.deepcopy(report)
    place = broken
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return broken


def breakages(report):
    for key in report:
        yield [key], ...
    outcome = ["outcomes", 1]
    for key in report["outcomes"][1]:
        yield outcome + [key], ...
    yield outcome + ["state"], "pass"
    yield outcome + ["fingerprint"], "abc"
    yield outcome + ["extra"], 1
    yield ["score", "value"], 100.5
    yield ["score", "coverage"], "all"
    yield ["schemaVersion"], "2.0.0"
    yield ["gaps", 0, "reason"], "tired"
    yield ["checks", 0, "counts", "fail"], -1
    yield ["frameworks", 0, "requirements", 0, "state"], "passed"


def main():
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(strict(schema))
    faults = []
    reports = sorted((HERE / "golden").glob("*.json")) + [pathlib.Path(each) for each in sys.argv[1:]]
    for path in reports:
        for error in validator.iter_errors(json.loads(path.read_text())):
            faults.append(f"{path.name}: {error.json_path}: {error.message[:200]}")
    company = json.loads((HERE / "golden" / "company.json").read_text())
    broken = list(breakages(company))
    for path, value in broken:
        if validator.is_valid(edit(company, path, value)):
            faults.append(f"accepted although broken: {path} = {value}")
    print("\n".join(faults) or f"{len(reports)} reports valid, {len(broken)} broken ones refused")
    return 1 if faults or not reports else 0


if __name__ == "__main__":
    sys.exit(main())
