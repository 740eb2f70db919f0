# SPDX-License-Identifier: Apache-2.0
"""Vectors of the npm package @bufbuild/cel-spec in the form of conformance/*.jsonl, one file per section."""
import json
import re

PRIMITIVES = {"BOOL": "bool", "INT64": "int", "UINT64": "uint", "DOUBLE": "double", "STRING": "string", "BYTES": "bytes"}
WELL_KNOWN = {"TIMESTAMP": "timestamp", "DURATION": "duration", "ANY": "google.protobuf.Any"}
TIMES = {"google.protobuf.Timestamp": "timestamp", "google.protobuf.Duration": "duration"}
SCALARS = {"boolValue": "bool", "int64Value": "int", "uint64Value": "uint", "doubleValue": "double", "stringValue": "string",
           "bytesValue": "bytes", "typeValue": "type", "nullValue": "null"}
# Names of messages and enumerations in expressions: those of the suite's own files, and any literal T{…} or field of a well-known type.
MESSAGES = re.compile(r"TestAllTypes|NestedEnum|GlobalEnum|Proto2|proto\.|google\.protobuf\.(?!Timestamp|Duration)\w|\b[A-Z]\w*Value\b|"
                      r"\b(?:Any|Struct|Duration|Timestamp)\{")


class Protobuf(Exception):
    """The vector needs a protobuf message."""


def type_text(declared):
    kind, content = next(iter(declared.items()))
    if kind == "primitive":
        return PRIMITIVES[content]
    if kind == "messageType":
        if content in TIMES:
            return TIMES[content]
        raise Protobuf
    if kind == "wellKnown" and content != "ANY":
        return WELL_KNOWN[content]
    if kind == "listType":
        return f"list({type_text(content['elemType'])})"
    if kind == "mapType":
        return f"map({type_text(content['keyType'])}, {type_text(content['valueType'])})"
    if kind == "abstractType":
        return f"{content['name'].removesuffix('_type')}({', '.join(map(type_text, content.get('parameterTypes', [])))})"
    if kind == "type":
        return f"type({type_text(content)})" if content else "type"
    if kind == "typeParam":
        return "param:" + content
    if kind in ("null", "dyn"):
        return kind
    raise Protobuf


def time_text(name, text):
    """Protobuf's JSON of a time, 1970-01-01T00:00:00.5Z or -1.5s, as seconds and nanoseconds."""
    import calendar
    fraction = re.search(r"\.(\d+)", text)
    nanos = int((fraction.group(1) if fraction else "0").ljust(9, "0"))
    whole = re.sub(r"\.\d+", "", text)
    if name == "duration":
        negative = whole.startswith("-")
        return {"s": whole.rstrip("s"), "n": str(-nanos if negative else nanos)}
    parts = [int(part) for part in re.findall(r"\d+", whole)]
    return {"s": str(calendar.timegm((*parts, 0, 0, 0))), "n": str(nanos)}


def tagged(value):
    kind, content = next(iter(value.items()))
    if kind in SCALARS:
        tag = SCALARS[kind]
        if tag == "type" and content in TIMES:
            return {"type": content}
        if tag == "type" and MESSAGES.search(content):
            raise Protobuf
        return {tag: str(content) if tag == "double" else content}
    if kind == "listValue":
        return {"list": [tagged(item) for item in content.get("values", [])]}
    if kind == "mapValue":
        return {"map": [[tagged(entry["key"]), tagged(entry["value"])] for entry in content.get("entries", [])]}
    name = content.get("@type", "").removeprefix("type.googleapis.com/") if kind == "objectValue" else ""
    if name in TIMES:
        return {TIMES[name]: time_text(TIMES[name], content["value"])}
    raise Protobuf


def overload(declared):
    return {"id": declared["overloadId"], "params": [type_text(parameter) for parameter in declared.get("params", [])],
            "result": type_text(declared["resultType"]), "member": declared.get("isInstanceFunction", False)}


def declarations(original):
    env = {}
    for declared in original.get("typeEnv", []):
        if "function" in declared:
            env[declared["name"]] = {"overloads": [overload(each) for each in declared["function"]["overloads"]]}
        else:
            env[declared["name"]] = type_text(declared["ident"]["type"])
    return env


def convert(section, test):
    original = test["original"]
    vector = {"section": section, "name": original.get("name", ""), "expr": original["expr"], "bindings": {}}
    if MESSAGES.search(original["expr"]) or "protobuf" in original.get("container", "") or ".proto" in original.get("container", ""):
        vector["protobuf"] = True
    if "container" in original:
        vector["container"] = original["container"]
    try:
        if "typeEnv" in original:
            vector["env"] = declarations(original)
        vector["bindings"] = {name: tagged(bound["value"]) for name, bound in original.get("bindings", {}).items()}
        expect(vector, original, test)
    except Protobuf:
        vector["protobuf"] = True
        vector.pop("env", None)
        vector.update(bindings={}, check_only=True)
    return vector


def expect(vector, original, test):
    """What the vector demands: a value, an error, or of vectors without one that they compile, to the type that cel-go's checker names."""
    typed = original.get("typedResult", {})
    if "deducedType" in typed:
        vector["type"] = type_text(typed["deducedType"]).replace("optional(", "optional_type(")
    value = original.get("value", typed.get("result"))
    if "evalError" in original:
        vector["error"] = [error["message"] for error in original["evalError"].get("errors", [])]
    elif value is not None and not original.get("checkOnly"):
        vector["value"] = tagged(value)
    elif "error" in test:
        vector["error"] = [test["error"]]
    else:
        vector["check_only"] = True
        vector.setdefault("type", test.get("type"))


def sections(suite, path=()):
    """(names of the suites around it, test) of every test."""
    path += (suite["name"],)
    for test in suite.get("tests", []):
        yield path, test
    for inner in suite.get("suites", []):
        yield from sections(inner, path)


def write(modules, folder):
    """Writes the suites of the package's modules (name to suite) and returns how many vectors they have."""
    files = {}
    for suite in modules.values():
        for path, test in sections(suite):
            path = path[1:] if path[0] == "conformance" else path
            section = "/".join(path).replace("type_deductions", "type_deduction")
            files.setdefault(path[0], []).append(convert(section, test))
    for name, vectors in files.items():
        with open(f"{folder}/{name}.jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(vector, ensure_ascii=False) + "\n" for vector in vectors)
    return sum(map(len, files.values()))
