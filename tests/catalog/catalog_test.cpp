// SPDX-License-Identifier: Apache-2.0
#include "posture/catalog.h"

#include <catch2/catch.hpp>

#include "base/yaml.h"
#include "catalog/read.h"
#include "posture/error.h"

using namespace posture;

namespace {

const std::string kGood = R"(format: 1
title: Privileged container
control: WL001
severity: critical
why: because
fix: do it
match: workload
each: container
expect: "true"
message: "'m'"
examples: {pass: [{kind: Pod}], fail: [{kind: Pod}]}
)";

Check read(const std::string& text) {
  static std::vector<YamlDocument> documents;
  documents = parse_yaml(text, "x.yaml");
  const YamlDocument& document = documents.front();
  return read_check(document.root(), "x",
                    [&document](Value value) { return "x.yaml:" + std::to_string(document.mark(value).line); });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a check file becomes a check") {
  const Check check = read(kGood);
  CHECK(check.control == "WL001");
  CHECK(check.severity == Severity::critical);
  CHECK(check.matches_workload);
  CHECK(check.match.size() == 8);
  CHECK(check.each.lists == std::vector<std::string>{"containers", "initContainers", "ephemeralContainers"});
}

TEST_CASE("mistakes in a check file are named with file and line") {
  struct Row {
    const char *from, *to, *message;
  };
  const auto row = GENERATE(values<Row>({
      {"format: 1", "format: 2", "x.yaml:1: format: must be 1"},
      {"severity: critical", "severity: huge", "severity must be one of"},
      {"why: because\n", "", "why: is required"},
      {"each: container", "each: pod", "x.yaml:8: each: must be one of"},
      {"match: workload", "match: []", "match: must be"},
      {"fix: do it", "fix: do it\nfoo: bar", "x.yaml:7: foo: is not a known field"},
      {"title: Privileged container", "title: 7", "title: must be text"},
      {"pass: [{kind: Pod}], ", "", "pass: at least one example"},
  }));
  CHECK_THROWS_WITH(read(replaced(kGood, row.from, row.to)), Catch::Contains(row.message));
}

TEST_CASE("kind names read back as written") {
  const auto text = GENERATE(as<std::string>{}, "Pod", "apps/Deployment", "rbac.authorization.k8s.io/Role");
  CHECK(to_string(parse_kind_name(text)) == text);
}

TEST_CASE("the built-in catalogue loads, is sorted and has a digest") {
  const Catalog catalog = builtin_catalog();
  REQUIRE(!catalog.checks.empty());
  CHECK(catalog.digest.size() == 64);
  for (const Check& check : catalog.checks) {
    CHECK(catalog.find(check.id) == &check);
    CHECK(catalog.control(check.control) != nullptr);
  }
}
