#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random CEL expressions over small objects, one JSON question a line, for `testcluster cel` and the differ beside this file.

Usage: generate.py COUNT [SEED]. The same seed gives the same questions.
"""
import json
import random
import sys

OBJECT = {
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web", "a.b/c": "x"}, "annotations": {},
                 "creationTimestamp": None, "generation": 3},
    "spec": {
        "hostNetwork": False, "priority": -7, "weight": 2.5, "big": 9007199254740993, "nul": None,
        "securityContext": {"runAsUser": 0, "sysctls": [{"name": "net.ipv4.ip_forward", "value": "1"}]},
        "containers": [
            {"name": "a", "image": "registry.io/app:1.2", "ports": [{"containerPort": 80}, {"containerPort": 443, "hostPort": 443}],
             "resources": {"limits": {"memory": "64Mi", "cpu": "0.5"}}, "securityContext": {"privileged": True, "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}}},
            {"name": "b", "image": "busybox@sha256:abc", "args": [], "env": [{"name": "PASSWORD", "value": "s"}, {"name": "E"}]},
        ],
        "ips": ["10.0.0.1", "::1", "no"], "nums": [3, 1, 2, 2], "mixed": [1, "a", None, 2.5, True], "reals": [1.5, -0.0, 3.0],
        "text": "héllo wörld", "empty": "", "when": "2024-02-29T12:30:45.5Z", "how": "1h30m", "url": "https://u@ex.com:80/p%20q?a=1&b=2",
        "ver": "1.2.3-rc.1",
    },
}

INTS = ["0", "1", "2", "-1", "3", "7", "100", "9223372036854775807", "-9223372036854775808", "0x10"]
UINTS = ["0u", "1u", "2u", "18446744073709551615u", "7u"]
REALS = ["0.0", "1.0", "-1.5", "2.5", "1e3", "1e308", ".5", "9007199254740993.0"]
STRINGS = ["''", "'a'", "'abc'", "'héllo'", "\"x\\ty\"", "r'\\d+'", "'1'", "'true'", "'10.0.0.1'", "'1Gi'", "'☺'", "'a,b,,c'", "'ALL'", "' x '"]
PATTERNS = ["r'\\d+'", "'^a'", "'l+'", "'(a|b)*'", "'[a-z]+$'", "'('", "''"]
BYTES = ["b''", "b'abc'", "b'\\xff'", "bytes('é')"]
DURATIONS = ["duration('1h')", "duration('90s')", "duration('-1.5s')", "duration('0s')", "duration('1h1m1.000000001s')"]
TIMES = ["timestamp('2024-02-29T12:30:45Z')", "timestamp('1970-01-01T00:00:00Z')", "timestamp('9999-12-31T23:59:59Z')",
         "timestamp('2023-07-01T00:00:00.123456789+02:00')", "timestamp(0)"]
QUANTITIES = ["'0'", "'1'", "'1Gi'", "'100m'", "'1.5'", "'1e3'", "'-2k'", "'0.5Mi'", "'bad'", "'1Ki'", "'1024'", "'12345678901234567890'", "''", "'.5'", "'1.'", "'+3E'", "'3e'"]
ADDRESSES = ["'10.0.0.1'", "'192.168.1.300'", "'::1'", "'fe80::1'", "'2001:DB8::1'", "'224.0.0.1'", "'0.0.0.0'", "'::ffff:1.2.3.4'", "'1.2.3'", "'2001:db8:0:0:1:0:0:1'", "'ff02::1'", "'169.254.1.1'"]
PREFIXES = ["'10.0.0.0/8'", "'10.1.2.3/16'", "'::/0'", "'2001:db8::/32'", "'10.0.0.0/33'", "'1.2.3.4'", "'10.0.0.0/08'"]
URLS = ["'https://example.com:80/a/b?x=1&x=2&y=%20'", "'/path?q'", "'http://[::1]:8080/'", "'example.com'", "'https://u:p@h/p%2Fq'", "''", "'http://a b/'", "'mailto:x@y'", "'http://h/%zz'", "'//h/p'", "'https://h?x=a+b;c&d'"]
VERSIONS = ["'1.2.3'", "'1.2'", "'v1.0.0'", "'1.2.3-alpha.1'", "'1.2.3-alpha.beta+build.1'", "'01.2.3'", "'1.10.0'", "'x'", "''", "'1.2.3-01'"]
FORMATS = ["dns1123Label", "dns1123Subdomain", "dns1035Label", "qualifiedName", "labelValue", "uri", "uuid", "byte", "date", "datetime", "dns1123LabelPrefix", "nope"]
ZONES = ["'UTC'", "'America/New_York'", "'Asia/Kolkata'", "'+02:00'", "'-05:30'", "'Nowhere/X'", "''", "'02:00'"]
PARTS = ["getFullYear", "getMonth", "getDayOfYear", "getDayOfMonth", "getDate", "getDayOfWeek", "getHours", "getMinutes", "getSeconds", "getMilliseconds"]


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.scope = []

    def pick(self, *options):
        return self.r.choice(options)

    def of(self, kind, depth):
        if self.r.random() < 0.03:  # a part of the wrong type now and then
            kind = self.pick("int", "bool", "string", "list", "map", "dyn", "double", "uint", "optional", "null", "bytes", "type")
        if self.scope and self.r.random() < 0.25:
            return self.r.choice(self.scope)
        return getattr(self, kind)(depth)

    def lambda_body(self, kind, depth, names=1):
        variables = self.r.sample(["x", "y", "k", "v", "object"] if self.r.random() < .1 else ["x", "y", "k", "v"], names)
        self.scope += variables
        body = self.of(kind, depth)
        del self.scope[-names:]
        return ", ".join(variables), body

    def dyn(self, d):
        paths = ["object", "object.spec", "object.metadata", "object.metadata.labels", "object.spec.containers", "object.spec.containers[0]",
                 "object.spec.nul", "object.spec.nums", "object.spec.mixed", "object.spec.text", "object.spec.weight", "object.spec.priority",
                 "object.spec.hostNetwork", "object.spec.missing", "object.spec.nul.x", "object.metadata.name", "object.metadata.labels['a.b/c']",
                 "object.spec.containers[1].args", "object.spec.big", "object.spec.securityContext.runAsUser", "object.spec.reals", "object.spec.ips",
                 "object.spec.containers[5]", "object.spec.containers.name", "object.spec.text.x", "object.spec.empty", "object.spec.when"]
        if d <= 0 or self.r.random() < .7:
            return self.r.choice(paths)
        return self.pick(lambda: f"dyn({self.of(self.pick('int', 'uint', 'double', 'string', 'bool', 'list', 'map', 'null', 'bytes', 'time', 'duration'), d - 1)})",
                         lambda: f"{self.of('dyn', d - 1)}.{self.pick('name', 'a', 'spec', 'nul', 'kind')}",
                         lambda: f"{self.of('dyn', d - 1)}[{self.of(self.pick('int', 'string', 'dyn'), d - 1)}]",
                         lambda: f"{self.of('optional', d - 1)}.orValue({self.of(self.pick('int', 'string', 'list', 'dyn'), d - 1)})",
                         lambda: f"{self.of('optional', d - 1)}.value()",
                         lambda: f"({self.of('dyn', d - 1)} + {self.of(self.pick('dyn', 'string', 'list', 'int'), d - 1)})",
                         lambda: f"{self.of('dyn', d - 1)}.{self.pick('sort', 'distinct', 'reverse', 'max', 'sum', 'trim', 'lowerAscii', 'flatten', 'first')}()",
                         lambda: f"({self.of('bool', d - 1)} ? {self.of('dyn', d - 1)} : {self.of('dyn', d - 1)})",
                         lambda: f"({self.of('bool', d - 1)} ? {self.of('dyn', d - 1)} : {self.of('dyn', d - 1)}){self.pick('.name', '.?spec', '[0]')}")()

    def null(self, d):
        return "null"

    def type(self, d):
        return self.pick("int", "string", "type", "list", "map", "null_type", "optional_type", "google.protobuf.Timestamp", f"type({self.of('dyn', d - 1)})")

    def bool(self, d):
        if d <= 0:
            return self.pick("true", "false", "object.spec.hostNetwork", "has(object.spec.nul)", "has(object.spec.missing)")
        k = self.pick("int", "uint", "double", "string", "bytes", "bool", "time", "duration", "list", "map", "dyn", "optional", "type", "quantity")
        same = lambda kind: f"{self.of(kind, d - 1)} {self.pick('==', '!=', '<', '<=', '>', '>=')} {self.of(kind, d - 1)}"
        return self.pick(
            lambda: same(k), lambda: same(self.pick("int", "string", "dyn")),
            lambda: f"{self.of(self.pick('int', 'uint', 'double', 'dyn'), d - 1)} {self.pick('<', '>=', '==')} {self.of(self.pick('int', 'uint', 'double', 'dyn'), d - 1)}",
            lambda: f"({self.of('bool', d - 1)} {self.pick('&&', '||')} {self.of('bool', d - 1)})",
            lambda: f"({self.of('bool', d - 1)} {self.pick('&&', '||')} {self.of('bool', d - 1)} {self.pick('&&', '||')} {self.of('bool', d - 1)})",
            lambda: f"!{self.of('bool', 0)}", lambda: f"({self.of('bool', d - 1)} || true)",
            lambda: f"{self.of('dyn', d - 1)}.{self.pick('contains', 'startsWith', 'includes')}({self.of(self.pick('string', 'dyn'), d - 1)})",
            lambda: f"has({self.of('dyn', d - 1)}.{self.pick('name', 'nul', 'x', 'spec')})",
            lambda: f"{self.of(self.pick('string', 'int', 'dyn'), d - 1)} in {self.of(self.pick('list', 'map', 'dyn'), d - 1)}",
            lambda: "{}.{}({}, {})".format(self.of(self.pick("list", "map", "dyn"), d - 1), self.pick("all", "exists", "exists_one", "existsOne"), *self.lambda_body("bool", d - 1)),
            lambda: "{}.{}({}, {})".format(self.of(self.pick("list", "map", "dyn"), d - 1), self.pick("all", "exists", "existsOne"), *self.lambda_body("bool", d - 1, 2)),
            lambda: f"{self.of('string', d - 1)}.{self.pick('startsWith', 'endsWith', 'contains')}({self.of('string', d - 1)})",
            lambda: f"{self.of('string', d - 1)}.matches({self.r.choice(PATTERNS)})",
            lambda: f"{self.of('optional', d - 1)}.hasValue()",
            lambda: f"sets.{self.pick('contains', 'intersects', 'equivalent')}({self.of('list', d - 1)}, {self.of('list', d - 1)})",
            lambda: f"quantity({self.r.choice(QUANTITIES)}).{self.pick('isLessThan', 'isGreaterThan')}({self.of('quantity', d - 1)})",
            lambda: f"isQuantity({self.r.choice(QUANTITIES)})", lambda: f"quantity({self.r.choice(QUANTITIES)}).isInteger()",
            lambda: f"isIP({self.r.choice(ADDRESSES)})", lambda: f"isCIDR({self.r.choice(PREFIXES)})", lambda: f"isURL({self.r.choice(URLS)})",
            lambda: f"ip({self.r.choice(ADDRESSES)}).{self.pick('isLoopback', 'isUnspecified', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast')}()",
            lambda: f"cidr({self.r.choice(PREFIXES)}).containsIP({self.r.choice(ADDRESSES)})",
            lambda: f"cidr({self.r.choice(PREFIXES)}).containsCIDR({self.r.choice(PREFIXES)})",
            lambda: f"ip.isCanonical({self.r.choice(ADDRESSES)})",
            lambda: f"isSemver({self.r.choice(VERSIONS)}{self.pick('', ', true')})",
            lambda: f"semver({self.r.choice(VERSIONS)}).{self.pick('isLessThan', 'isGreaterThan')}(semver({self.r.choice(VERSIONS)}))",
            lambda: f"format.{self.r.choice(FORMATS)}().validate({self.of('string', d - 1)}).hasValue()",
            lambda: f"{self.of('list', d - 1)}.isSorted()", lambda: f"bool({self.of('string', d - 1)})",
            lambda: f"({self.of('bool', d - 1)} ? {self.of('bool', d - 1)} : {self.of('bool', d - 1)})")()

    def int(self, d):
        if d <= 0:
            return self.r.choice(INTS)
        return self.pick(
            lambda: f"({self.of('int', d - 1)} {self.pick('+', '-', '*', '/', '%')} {self.of(self.pick('int', 'dyn'), d - 1)})",
            lambda: f"-({self.of('int', d - 1)})", lambda: f"size({self.of(self.pick('list', 'string', 'map', 'bytes', 'dyn'), d - 1)})",
            lambda: f"{self.of(self.pick('list', 'string', 'map', 'bytes'), d - 1)}.size()",
            lambda: f"int({self.of(self.pick('double', 'uint', 'string', 'time', 'duration', 'dyn'), d - 1)})",
            lambda: f"{self.of('string', d - 1)}.{self.pick('indexOf', 'lastIndexOf')}({self.of('string', 0)}{self.pick('', ', 1', ', 30', ', -1')})",
            lambda: f"{self.of('list', d - 1)}.{self.pick('indexOf', 'lastIndexOf')}({self.of(self.pick('int', 'dyn'), 0)})",
            lambda: f"{self.of('time', d - 1)}.{self.r.choice(PARTS)}({self.pick('', self.r.choice(ZONES))})",
            lambda: f"{self.of('duration', d - 1)}.{self.r.choice(PARTS[6:])}()",
            lambda: f"{self.of('list', d - 1)}.{self.pick('sum', 'min', 'max')}()",
            lambda: f"quantity({self.r.choice(QUANTITIES)}).{self.pick('asInteger()', 'compareTo(quantity(' + self.r.choice(QUANTITIES) + '))')}",
            lambda: f"sign(quantity({self.r.choice(QUANTITIES)}))", lambda: f"ip({self.r.choice(ADDRESSES)}).family()",
            lambda: f"cidr({self.r.choice(PREFIXES)}).prefixLength()",
            lambda: f"semver({self.r.choice(VERSIONS)}{self.pick('', ', true')}).{self.pick('major()', 'minor()', 'patch()', 'compareTo(semver(' + self.r.choice(VERSIONS) + '))')}",
            lambda: self.r.choice(INTS))()

    def uint(self, d):
        if d <= 0:
            return self.r.choice(UINTS)
        return self.pick(lambda: f"({self.of('uint', d - 1)} {self.pick('+', '-', '*', '/', '%')} {self.of('uint', d - 1)})",
                         lambda: f"uint({self.of(self.pick('int', 'double', 'string'), d - 1)})", lambda: self.r.choice(UINTS))()

    def double(self, d):
        if d <= 0:
            return self.r.choice(REALS)
        return self.pick(lambda: f"({self.of('double', d - 1)} {self.pick('+', '-', '*', '/')} {self.of('double', d - 1)})",
                         lambda: f"double({self.of(self.pick('int', 'uint', 'string'), d - 1)})", lambda: "double('NaN')", lambda: self.r.choice(REALS),
                         lambda: f"quantity({self.r.choice(QUANTITIES)}).asApproximateFloat()")()

    def string(self, d):
        if d <= 0:
            return self.r.choice(STRINGS)
        s = lambda: self.of("string", d - 1)
        return self.pick(
            lambda: f"({s()} + {s()})", lambda: f"string({self.of(self.pick('int', 'uint', 'double', 'bool', 'bytes', 'time', 'duration', 'dyn'), d - 1)})",
            lambda: f"{s()}.charAt({self.of('int', 0)})", lambda: f"{s()}.{self.pick('lowerAscii', 'upperAscii', 'trim')}()",
            lambda: f"{s()}.replace({s()}, {s()}{self.pick('', ', 1', ', -1', ', 0')})", lambda: f"{s()}.substring({self.pick('0', '1', '2', '-1', '9')}{self.pick('', ', 2', ', 1')})",
            lambda: f"{self.of('list', d - 1)}.join({self.pick('', s())})", lambda: f"{s()}.find({self.r.choice(PATTERNS)})", lambda: f"strings.quote({s()})",
            lambda: f"'{self.pick('%s', '%d', '%s-%s', '%x', '%.2f', '%e', '%b', '%o', '%%', '%q', '%X', '%s')}'.format([{', '.join(self.of(self.pick('int', 'string', 'double', 'list', 'map', 'dyn', 'bool', 'time', 'duration', 'bytes'), d - 1) for _ in range(self.pick(1, 1, 2)))}])",
            lambda: f"url({self.r.choice(URLS)}).{self.pick('getScheme', 'getHost', 'getHostname', 'getPort', 'getEscapedPath')}()",
            lambda: f"string({self.pick('ip', 'cidr')}({self.r.choice(ADDRESSES + PREFIXES)}))", lambda: f"string(cidr({self.r.choice(PREFIXES)}).masked())",
            lambda: self.r.choice(STRINGS), lambda: "object.metadata.name", lambda: "object.spec.text")()

    def bytes(self, d):
        if d <= 0:
            return self.r.choice(BYTES)
        return self.pick(lambda: f"({self.of('bytes', d - 1)} + {self.of('bytes', d - 1)})", lambda: f"bytes({self.of('string', d - 1)})", lambda: self.r.choice(BYTES))()

    def time(self, d):
        if d <= 0:
            return self.r.choice(TIMES)
        return self.pick(lambda: f"({self.of('time', d - 1)} {self.pick('+', '-')} {self.of('duration', d - 1)})", lambda: f"timestamp({self.of(self.pick('int', 'string', 'dyn'), d - 1)})",
                         lambda: self.r.choice(TIMES), lambda: "timestamp(object.spec.when)")()

    def duration(self, d):
        if d <= 0:
            return self.r.choice(DURATIONS)
        return self.pick(lambda: f"({self.of('duration', d - 1)} {self.pick('+', '-')} {self.of('duration', d - 1)})", lambda: f"({self.of('time', d - 1)} - {self.of('time', d - 1)})",
                         lambda: self.r.choice(DURATIONS), lambda: "duration(object.spec.how)")()

    def quantity(self, d):
        q = f"quantity({self.r.choice(QUANTITIES)})"
        return q if d <= 0 or self.r.random() < .6 else f"{q}.{self.pick('add', 'sub')}({self.pick(self.of('int', 0), self.of('quantity', d - 1))})"

    def list(self, d):
        if d <= 0:
            return self.pick("[]", "[1, 2, 3]", "['a', 'b']", "[1.5, 2.5]", "object.spec.nums", "object.spec.containers", "[true]", "[[1], [2, 3]]", "[3, 1, 2, 1]")
        kind = self.pick("int", "string", "double", "bool", "list", "dyn", "uint", "optional", "duration")
        lst = lambda: self.of("list", d - 1)
        return self.pick(
            lambda: "[" + ", ".join(self.of(kind, d - 1) for _ in range(self.r.randint(0, 3))) + "]",
            lambda: "[" + ", ".join(self.pick("?" + self.of("optional", d - 1), self.of("dyn", d - 1)) for _ in range(2)) + "]",
            lambda: "{}.filter({}, {})".format(self.of(self.pick("list", "map", "dyn"), d - 1), *self.lambda_body("bool", d - 1)),
            lambda: "{}.map({}, {})".format(self.of(self.pick("list", "map", "dyn"), d - 1), *self.lambda_body(kind, d - 1)),
            lambda: "{}.map({}, {}, {})".format(lst(), *self.lambda_body("bool", d - 1), self.of(kind, d - 1)),
            lambda: "{}.transformList({}, {})".format(self.of(self.pick("list", "map", "dyn"), d - 1), *self.lambda_body(kind, d - 1, 2)),
            lambda: f"({lst()} + {lst()})", lambda: f"{self.of('string', d - 1)}.split({self.of('string', 0)}{self.pick('', ', 2', ', 0', ', -1')})",
            lambda: f"{lst()}.{self.pick('reverse', 'distinct', 'sort', 'flatten')}()", lambda: f"{lst()}.slice({self.pick('0', '1')}, {self.pick('1', '2', '9', '0')})",
            lambda: f"{lst()}.flatten({self.pick('0', '1', '2', '-1')})", lambda: f"lists.range({self.pick('3', '0', '-1')})", lambda: f"{self.of('string', d - 1)}.findAll({self.r.choice(PATTERNS)}{self.pick('', ', 1', ', 0')})",
            lambda: "{}.sortBy({}, {})".format(lst(), *self.lambda_body(kind, d - 1)),
            lambda: f"optional.unwrap([{self.of('optional', d - 1)}, {self.of('optional', d - 1)}])",
            lambda: "object.spec.containers", lambda: "object.spec.nums", lambda: "object.spec.mixed")()

    def map(self, d):
        if d <= 0:
            return self.pick("{}", "{'a': 1, 'b': 2}", "{1: 'x', 2: 'y'}", "object.metadata.labels", "{'k': [1, 2]}", "{true: 1.5}")
        key = self.pick("string", "int", "bool", "uint", "dyn", "double")
        value = self.pick("int", "string", "list", "dyn", "map", "double")
        return self.pick(
            lambda: "{" + ", ".join(f"{self.of(key, 0)}: {self.of(value, d - 1)}" for _ in range(self.r.randint(0, 3))) + "}",
            lambda: "{?" + f"{self.of('string', 0)}: {self.of('optional', d - 1)}, 'z': {self.of('dyn', d - 1)}" + "}",
            lambda: "{}.transformMap({}, {})".format(self.of(self.pick("list", "map"), d - 1), *self.lambda_body(value, d - 1, 2)),
            lambda: "{}.transformMap({}, {}, {})".format(self.of("map", d - 1), *self.lambda_body("bool", d - 1, 2), self.of(value, 0)),
            lambda: "{}.transformMapEntry({}, {{{}: {}}})".format(self.of(self.pick("list", "map"), d - 1), *self.lambda_body(key, d - 1, 2), self.of(value, 0)),
            lambda: f"url({self.r.choice(URLS)}).getQuery()", lambda: "object.metadata.labels", lambda: "object.spec.securityContext")()

    def optional(self, d):
        if d <= 0:
            return self.pick("optional.none()", "optional.of(1)", "object.?spec", "object.spec.?nul", "object.?missing", "object.spec.?nul.x")
        return self.pick(
            lambda: f"{self.of('dyn', d - 1)}.?{self.pick('name', 'nul', 'x', 'spec', 'containers')}", lambda: f"{self.of(self.pick('dyn', 'map', 'optional'), d - 1)}[?{self.of('string', 0)}]",
            lambda: f"{self.of(self.pick('list', 'dyn', 'optional'), d - 1)}[?{self.of('int', 0)}]", lambda: f"{self.of('optional', d - 1)}.{self.pick('name', 'spec', 'nul')}",
            lambda: f"{self.of('optional', d - 1)}.or({self.of('optional', d - 1)})", lambda: f"optional.{self.pick('of', 'ofNonZeroValue')}({self.of(self.pick('int', 'string', 'list', 'dyn', 'map', 'time'), d - 1)})",
            lambda: "{}.optMap({}, {})".format(self.of("optional", d - 1), *self.lambda_body(self.pick("int", "string", "dyn", "bool"), d - 1)),
            lambda: "{}.optFlatMap({}, {})".format(self.of("optional", d - 1), *self.lambda_body("optional", d - 1)),
            lambda: f"{self.of('list', d - 1)}.{self.pick('first', 'last')}()", lambda: f"format.named('{self.r.choice(FORMATS)}')",
            lambda: f"format.{self.r.choice(FORMATS)}().validate({self.of('string', d - 1)})")()


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    generator = Generator(seed)
    kinds = ["bool"] * 6 + ["int", "string", "list", "map", "optional", "dyn", "double", "uint", "time", "duration", "bytes", "type"]
    for _ in range(count):
        expression = generator.of(generator.r.choice(kinds), generator.r.randint(1, 4))
        print(json.dumps({"expr": expression, "object": OBJECT}, ensure_ascii=False))


if __name__ == "__main__":
    main()
